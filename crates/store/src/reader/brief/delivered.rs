//! What was delivered, from the sums by month and by day, corrected to the horizon.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;

use entente_register::brief::Delivered;

use super::{month_day, same_date, small};
use crate::database::{Connection, Row};
use crate::error::Fault;
use crate::ledger::Head;
use crate::reader::sql::Parameters;
use crate::reader::{BriefOptions, Reader};

/// Sums by year, month and partner: amount, amount to date, count, count to date.
type MonthSums = BTreeMap<(i16, i8, String), [i64; 4]>;

/// Stretches of days in one query: SQLite joins 500 selects at most.
const STRETCHES: usize = 200;

fn by_month(sums: MonthSums) -> Vec<Delivered> {
    sums.into_iter()
        .filter(|(_, sums)| *sums != [0; 4])
        .map(|((year, month, partner), [amount, to_date, count, count_to_date])| Delivered {
            year,
            month,
            partner,
            amount,
            to_date,
            count,
            count_to_date,
        })
        .collect()
}

impl Reader {
    /// Deliveries by year, month and partner up to the cut-off.
    pub(super) async fn delivered(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
    ) -> Result<Vec<Delivered>, Fault> {
        let doing = "summing deliveries";
        let cut = self.horizon.cut();
        let year = self.as_of.year();
        let this_month = self.as_of.to_string().chars().take(7).collect::<String>();
        let mut sums = MonthSums::new();
        let mut add = |row: &Row, whole: i64, to_date: i64, sign: i64| -> Result<(), Fault> {
            let (amount, count) = (sign * row.int(3)?, sign * row.int(4)?);
            let sum = sums.entry((small(row, 0)?, small(row, 1)?, row.text(2)?)).or_default();
            for (place, part) in
                [(0, whole * amount), (1, to_date * amount), (2, whole * count), (3, to_date * count)]
            {
                sum[place] += part;
            }
            Ok(())
        };
        let select = |month: &str, day_sums: &str| {
            format!(
                "SELECT CAST(substr({month}, 1, 4) AS BIGINT) AS year, CAST(substr({month}, 6, 2) AS BIGINT) AS month, d.partner, {day_sums}"
            )
        };
        const SUMS: &str = "CAST(sum(d.amount) AS BIGINT), CAST(sum(d.deliveries) AS BIGINT)";
        const GROUP: &str = "GROUP BY year, month, d.partner ORDER BY year, month, d.partner";

        // Whole months before the cut-off's.
        let mut parameters = self.parameters();
        let base = self.base(&mut parameters, options);
        let (before, last) = (parameters.add(cut.before.clone()), parameters.add(this_month));
        let sql = format!(
            "{} FROM delivery_month d WHERE {base} AND d.act_month < {last} AND d.recorded_month < {before} {} {GROUP}",
            select("d.act_month", SUMS),
            self.labels.filter("d.label"),
        );
        // Only a year with an act in the cut-off's month has a stretch of days to ask for.
        let mut years = BTreeSet::from([year]);
        for row in connection.fetch_many(doing, &sql, 5, parameters.values()).await? {
            let month: i8 = small(&row, 1)?;
            let to_date = i64::from(month < self.as_of.month());
            add(&row, 1, to_date, 1)?;
            if month == self.as_of.month() {
                years.insert(small(&row, 0)?);
            }
        }

        // The cut-off's month, from its first day to the cut-off, in each of these years; so many in one
        // query as both databases take.
        let years: Vec<i16> = years.into_iter().collect();
        for years in years.chunks(STRETCHES) {
            let mut parameters = self.parameters();
            let base = self.base(&mut parameters, options);
            let before = parameters.add(cut.before.clone());
            let stretches: Vec<String> = years
                .iter()
                .map(|y| {
                    let to = same_date(self.as_of, *y);
                    let from = date(*y, self.as_of.month(), 1);
                    format!("d.act_date BETWEEN {} AND {}", parameters.add(from), parameters.add(to))
                })
                .map(|stretch| {
                    format!(
                        "{} FROM delivery_day d WHERE {base} AND {stretch} AND d.recorded_day < {before} {} GROUP BY year, month, d.partner",
                        select("d.act_date", SUMS),
                        self.labels.filter("d.label"),
                    )
                })
                .collect();
            let sql = format!("{} ORDER BY 1, 2, 3", stretches.join(" UNION ALL "));
            for row in connection.fetch_many(doing, &sql, 5, parameters.values()).await? {
                // The whole of the month is known already of the years before.
                add(&row, i64::from(small::<i16>(&row, 0)? == year), 1, 1)?;
            }
        }

        // What was recorded between the cut and the horizon: by far the most often nothing.
        if cut.after >= cut.up_to.min(Head::read(connection).await?.sequence) {
            return Ok(by_month(sums));
        }
        // The stretch of sequences is the way to these rows; the rule is written so that no index goes by it.
        let mut parameters = self.parameters();
        let counting = parameters.add(options.counting.word());
        let currency = parameters.add(options.currency.code());
        let (after, up_to, until) =
            (parameters.add(cut.after), parameters.add(cut.up_to), parameters.add(cut.until.clone()));
        let day = parameters.add(month_day(self.as_of));
        let sql = format!(
            "{}, CAST(CASE WHEN substr(d.act_date, 6, 5) <= {day} THEN 1 ELSE 0 END AS BIGINT) AS to_date FROM delivery_act d WHERE d.known_from > {after} AND d.known_from <= {up_to} AND d.counting || '' = {counting} AND d.currency = {currency} AND d.act_date <= $2 AND d.recorded_day < {until} {} GROUP BY year, month, d.partner, to_date ORDER BY year, month, d.partner, to_date",
            select("d.act_date", "CAST(sum(d.amount) AS BIGINT), CAST(sum(d.sign) AS BIGINT)"),
            self.labels.filter("d.label"),
        );
        for row in connection.fetch(doing, &sql, parameters.values()).await? {
            add(&row, 1, row.int(5)?, cut.sign)?;
        }

        Ok(by_month(sums))
    }

    fn base(&self, parameters: &mut Parameters<'_>, options: &BriefOptions) -> String {
        format!(
            "d.counting = {} AND d.currency = {}",
            parameters.add(options.counting.word()),
            parameters.add(options.currency.code())
        )
    }

    /// The years with an act on record, at whatever horizon.
    pub(super) async fn act_years(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
    ) -> Result<Vec<i16>, Fault> {
        let mut parameters = self.parameters();
        let base = self.base(&mut parameters, options);
        let sql = format!(
            "SELECT DISTINCT CAST(substr(d.act_month, 1, 4) AS BIGINT) AS year FROM delivery_month d WHERE {base} ORDER BY year"
        );
        let rows = connection.fetch("finding the years of acts", &sql, parameters.values()).await?;
        rows.iter().map(|row| small(row, 0)).collect()
    }
}
