//! The chair's brief: gathering what its figures are worked out from.
//!
//! Sums of deliveries come from the views by month and by day, never from a scan
//! of acts; what lines owe is summed over the lines that still owe something.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};

use entente_register::access::{Extent, Reading};
use entente_register::brief::{
    Brief, Conventions, Delivered, Facts, GroupFacts, LineCount, OpenLine, Outstanding, PlanFacts, Planned,
    Slip, StateCount, compute,
};
use entente_register::contract::line::contract_of;
use entente_register::label::{Label, Level};
use entente_register::ledger::Refusal;
use entente_register::partner::Group;

use super::contract::currency;
use super::plan::version;
use super::sql::{self, Parameters};
use super::{BriefOptions, Reader};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::ledger::Head;

/// Facts of a brief, and the label of all that they were gathered from.
pub(super) struct Gathered {
    pub(super) facts: Facts,
    pub(super) label: Option<Label>,
}

/// A frozen version of a plan.
struct Frozen {
    version: entente_register::contract::plan::PlanVersion,
    currency: String,
    approved_on: Date,
}

impl Reader {
    /// The chair's brief.
    ///
    /// # Errors
    /// `access.read` if the actor may not read the brief; `plan.*` if the plan asked for cannot be used.
    pub async fn brief(&self, options: &BriefOptions) -> Outcome<Brief> {
        let mut transaction = self.store.database.read().await?;
        let gathered = self.gather(&mut transaction.connection(), options).await?;
        drop(transaction);
        let brief = compute(&gathered.facts);
        self.log("brief", gathered.label.as_ref()).await?;
        Ok(brief)
    }

    /// Gathers the facts of a brief.
    pub(super) async fn gather(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
    ) -> Outcome<Gathered> {
        if self.check(Reading::Brief)? != Extent::All {
            // A brief of one party's business is not a brief: its sums know partners, not parties.
            return Err(Refusal::new("access.read", "The brief is of all contracts.")
                .missing("a right to read the brief as a whole")
                .into());
        }
        let year = self.as_of.year();
        let (plans, plan_missing) = self.choose_plans(connection, options).await?;
        let (other_currencies, label) = self.survey(connection, options).await?;
        let delivered = self.delivered(connection, options).await?;
        let line_counts = self.line_counts(connection, options).await?;
        let earlier: BTreeSet<i16> = delivered
            .iter()
            .map(|d| d.year)
            .chain(line_counts.iter().map(|c| c.year))
            .filter(|y| *y < year)
            .collect();
        let (signed_count, signed) = self.signed(connection, options).await?;
        let contracts = self.states(connection, options).await?;
        let in_year = |y: i16| delivered.iter().filter(move |d| d.year == y);
        let delivered_twelve_months = in_year(year).map(|d| d.to_date).sum::<i64>()
            + in_year(year - 1).map(|d| d.amount - d.to_date).sum::<i64>();
        let facts = Facts {
            conventions: Conventions {
                as_of: self.as_of,
                known_at: self.known_at,
                counting: options.counting,
                plan: options.plan,
                currency: options.currency,
                scope: self.actor.clearance.scope(),
                other_currencies,
            },
            delivered_twelve_months,
            plans,
            plan_missing,
            open_lines: self.open_lines(connection, options, &contracts).await?,
            outstanding: self.outstanding(connection, options, &earlier).await?,
            slips: self.slips(connection, options, &earlier).await?,
            contracts,
            signed,
            signed_count,
            partners: self.select_partners(connection).await?.into_iter().collect(),
            groups: self
                .select_groups(connection)
                .await?
                .into_iter()
                .map(|(code, name, group)| GroupFacts { code, name, members: members(&group, self.as_of) })
                .collect(),
            delivered,
            line_counts,
        };
        Ok(Gathered { facts, label })
    }

    /// The currencies of other contracts, and the join of the labels of all that are open to the actor.
    async fn survey(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
    ) -> Result<(Vec<entente_register::money::Currency>, Option<Label>), Fault> {
        let parameters = self.parameters();
        let sql = format!(
            "SELECT DISTINCT c.currency, c.label FROM contract c WHERE {} {} ORDER BY c.currency, c.label",
            sql::stands("c"),
            self.labels.filter("c.label")
        );
        let rows = connection.fetch("surveying the contracts", &sql, parameters.values()).await?;
        let (mut currencies, mut labels) = (BTreeSet::new(), Vec::new());
        for row in &rows {
            currencies.insert(currency(row, 0)?);
            labels.push(row.int(1)?);
        }
        currencies.remove(&options.currency);
        Ok((currencies.into_iter().collect(), self.labels.join(labels)?))
    }

    /// For each year up to the cut-off's the version in force on its month and day there, with its sums;
    /// and why there is none for the cut-off's own year, if there is none.
    async fn choose_plans(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
    ) -> Outcome<(Vec<PlanFacts>, Option<String>)> {
        let year = self.as_of.year();
        let doing = "choosing the plans of a brief";
        let mut frozen: Vec<Frozen> = Vec::new();
        if self.actor.clearance.admits(&Label::of(Level::Official)) {
            let mut parameters = self.parameters();
            let last = parameters.add(i64::from(year));
            // In the order of approval; of two approved on one day, the later recorded stands.
            let sql = format!(
                "SELECT p.year, p.version, p.currency, p.approved_on FROM plan p WHERE {} AND p.state = 'frozen' AND p.approved_on IS NOT NULL AND p.year <= {last} ORDER BY p.approved_on, p.known_from, p.version",
                sql::known("p")
            );
            for row in connection.fetch(doing, &sql, parameters.values()).await? {
                frozen.push(Frozen {
                    version: version(&row)?,
                    currency: row.text(2)?,
                    approved_on: row.date(3)?,
                });
            }
        }
        let currency = options.currency.code();
        let mut chosen: BTreeMap<i16, &Frozen> = BTreeMap::new();
        for plan in frozen.iter().filter(|p| p.currency == currency) {
            if plan.approved_on <= same_date(self.as_of, plan.version.year) {
                chosen.insert(plan.version.year, plan);
            }
        }
        if let Some(asked) = options.plan {
            let refuse = |code, message: String, missing: &str| {
                Refusal::new(code, message).field("plan").missing(missing)
            };
            if asked.year != year {
                let message = format!("Plan {asked} is not of {year}, the year of {}.", self.as_of);
                return Err(
                    refuse("plan.other_year", message, "a plan of the year of the brief’s date").into()
                );
            }
            let Some(plan) = frozen.iter().find(|p| p.version == asked) else {
                let message = format!("There is no approved plan {asked}.");
                return Err(
                    refuse("plan.unknown", message, "a plan version that is approved and known").into()
                );
            };
            if plan.currency != currency {
                let message = format!("Plan {asked} is in {}, the brief in {currency}.", plan.currency);
                return Err(refuse("plan.currency", message, "a plan in the currency of the brief").into());
            }
            chosen.insert(year, plan);
        }
        let missing = (!chosen.contains_key(&year))
            .then(|| format!("no plan for {year} in {currency} was approved by {} and is known", self.as_of));
        let mut plans: BTreeMap<_, _> = chosen
            .values()
            .map(|p| {
                let facts = PlanFacts { version: p.version, approved_on: p.approved_on, items: Vec::new() };
                (p.version, facts)
            })
            .collect();
        if !plans.is_empty() {
            let mut parameters = self.parameters();
            let day = parameters.add(month_day(self.as_of));
            let versions: Vec<String> = plans
                .keys()
                .map(|v| {
                    format!(
                        "(i.year = {} AND i.version = {})",
                        parameters.add(i64::from(v.year)),
                        parameters.add(i64::from(v.version))
                    )
                })
                .collect();
            let sql = format!(
                "SELECT i.year, i.version, CAST(substr(i.planned_on, 6, 2) AS BIGINT) AS month, i.partner, CAST(sum(i.amount) AS BIGINT), CAST(sum(CASE WHEN substr(i.planned_on, 6, 5) <= {day} THEN i.amount ELSE 0 END) AS BIGINT) FROM plan_item i WHERE ({}) AND i.known_from <= $1 {} GROUP BY i.year, i.version, month, i.partner ORDER BY i.year, i.version, month, i.partner",
                versions.join(" OR "),
                self.labels.filter("i.label")
            );
            for row in connection.fetch(doing, &sql, parameters.values()).await? {
                if let Some(plan) = plans.get_mut(&version(&row)?) {
                    plan.items.push(Planned {
                        month: small(&row, 2)?,
                        partner: row.text(3)?,
                        amount: row.int(4)?,
                        to_date: row.int(5)?,
                    });
                }
            }
        }
        Ok((plans.into_values().collect(), missing))
    }

    /// Deliveries by year, month and partner up to the cut-off.
    async fn delivered(
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
        let mut first = year;
        for row in connection.fetch(doing, &sql, parameters.values()).await? {
            let month: i8 = small(&row, 1)?;
            let to_date = i64::from(month < self.as_of.month());
            add(&row, 1, to_date, 1)?;
            first = first.min(small(&row, 0)?);
        }

        // The cut-off's month, from its first day to the cut-off, in every year.
        let mut parameters = self.parameters();
        let base = self.base(&mut parameters, options);
        let before = parameters.add(cut.before.clone());
        let stretches: Vec<String> = (first..=year)
            .map(|y| {
                let to = same_date(self.as_of, y);
                let from = date(y, self.as_of.month(), 1);
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
        for row in connection.fetch(doing, &sql, parameters.values()).await? {
            // The whole of the month is known already of the years before.
            add(&row, i64::from(small::<i16>(&row, 0)? == year), 1, 1)?;
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
            "{}, CASE WHEN substr(d.act_date, 6, 5) <= {day} THEN 1 ELSE 0 END AS to_date FROM delivery_act d WHERE d.known_from > {after} AND d.known_from <= {up_to} AND d.counting || '' = {counting} AND d.currency = {currency} AND d.act_date <= $2 AND d.recorded_day < {until} {} GROUP BY year, month, d.partner, to_date ORDER BY year, month, d.partner, to_date",
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

    /// Rows of the courses of lines that stand at the horizon. What stands still and what has ceased
    /// to stand since lie apart, so the rows come in the order of the lines' dates within each.
    async fn courses(
        &self,
        connection: &mut Connection<'_>,
        doing: &str,
        parameters: &Parameters<'_>,
        select: impl Fn(&str) -> String,
    ) -> Result<Vec<Row>, Fault> {
        let mut rows = Vec::new();
        for stretch in sql::STRETCHES {
            rows.extend(connection.fetch(doing, &select(stretch), parameters.values()).await?);
        }
        Ok(rows)
    }

    /// The condition on rows `x` of the courses of lines that figures are of.
    fn course(&self, parameters: &mut Parameters<'_>, options: &BriefOptions) -> String {
        format!(
            "x.counting = {} AND x.currency = {} {}",
            parameters.add(options.counting.word()),
            parameters.add(options.currency.code()),
            self.labels.filter("x.label")
        )
    }

    /// Lines that owe something as of the cut-off.
    async fn open_lines(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
        contracts: &[StateCount],
    ) -> Result<Vec<OpenLine>, Fault> {
        let mut parameters = self.parameters();
        let course = self.course(&mut parameters, options);
        let counting = parameters.add(options.counting.word());
        let select = |stretch: &str| {
            format!(
                "SELECT x.line, x.partner, l.description, x.due_on, x.amount, {} FROM line_course x JOIN line l ON l.number = x.line AND {} WHERE {course} AND {stretch} AND {} AND x.ended_on > $2 AND NOT {} ORDER BY x.due_on, x.line",
                sql::delivered("amount", "x.line", &counting, "$2"),
                sql::stands("l"),
                sql::under_contract("$2"),
                sql::full("$2"),
            )
        };
        let rows = self.courses(connection, "reading open lines", &parameters, select).await?;
        let states: BTreeMap<&str, &str> =
            contracts.iter().map(|c| (c.contract.as_str(), c.state.as_str())).collect();
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            let line = row.text(0)?;
            let contract = contract_of(&line).to_owned();
            lines.push(OpenLine {
                partner: row.text(1)?,
                description: row.text(2)?,
                due_on: row.date(3)?,
                amount: row.int(4)?,
                delivered: row.int(5)?,
                // A contract that owes and is neither in force nor suspended is signed.
                contract_state: states.get(contract.as_str()).copied().unwrap_or("signed").to_owned(),
                contract,
                line,
            });
        }
        lines.sort_by(|a, b| a.line.cmp(&b.line));
        Ok(lines)
    }

    /// Lines due by the cut-off, and those of them delivered in full in time, by year.
    async fn line_counts(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
    ) -> Result<Vec<LineCount>, Fault> {
        let mut parameters = self.parameters();
        let due = self.due_lines(&mut parameters, options);
        // By day in SQL, which is the order of the rows, and by year here.
        let select = |stretch: &str| {
            format!(
                "SELECT CAST(substr(x.due_on, 1, 4) AS BIGINT), CAST(count(*) AS BIGINT), CAST(sum(CASE WHEN {ON_TIME} THEN 1 ELSE 0 END) AS BIGINT) FROM line_course x WHERE {due} AND {stretch} GROUP BY x.due_on ORDER BY x.due_on"
            )
        };
        let mut counts: BTreeMap<i16, LineCount> = BTreeMap::new();
        for row in self.courses(connection, "counting lines due", &parameters, select).await? {
            let year = small(&row, 0)?;
            let count = counts.entry(year).or_insert(LineCount { year, due: 0, on_time: 0 });
            count.due += row.int(1)?;
            count.on_time += row.int(2)?;
        }
        Ok(counts.into_values().collect())
    }

    /// The condition on rows `x` of the courses of lines due by the cut-off: signed for, and not broken off.
    pub(super) fn due_lines(&self, parameters: &mut Parameters<'_>, options: &BriefOptions) -> String {
        format!(
            "{} AND x.due_on <= $2 AND {} AND (x.broken_off = 0 OR x.ended_on > $2)",
            self.course(parameters, options),
            sql::under_contract("$2"),
        )
    }

    /// What lines due by the end of earlier years owed on the cut-off's month and day in them.
    async fn outstanding(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
        years: &BTreeSet<i16>,
    ) -> Result<Vec<Outstanding>, Fault> {
        let mut sums: BTreeMap<(i16, String), i64> = BTreeMap::new();
        for year in years {
            let mut parameters = self.parameters();
            let course = self.course(&mut parameters, options);
            let counting = parameters.add(options.counting.word());
            let day = parameters.add(same_date(self.as_of, *year));
            let end = parameters.add(date(*year, 12, 31));
            let select = |stretch: &str| {
                format!(
                    "SELECT x.partner, CAST(sum(x.amount - {}) AS BIGINT) FROM line_course x WHERE {course} AND {stretch} AND x.due_on <= {end} AND {} AND x.ended_on > {day} AND NOT {} GROUP BY x.partner ORDER BY x.partner",
                    sql::delivered("amount", "x.line", &counting, &day),
                    sql::under_contract(&day),
                    sql::full(&day),
                )
            };
            for row in self.courses(connection, "summing what was outstanding", &parameters, select).await? {
                *sums.entry((*year, row.text(0)?)).or_default() += row.int(1)?;
            }
        }
        Ok(sums.into_iter().map(|((year, partner), amount)| Outstanding { year, partner, amount }).collect())
    }

    /// Lines due in earlier years, and those of them that slipped over the year's end.
    async fn slips(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
        years: &BTreeSet<i16>,
    ) -> Result<Vec<Slip>, Fault> {
        let mut counts: BTreeMap<(i16, String), (i64, i64)> = BTreeMap::new();
        for year in years {
            let mut parameters = self.parameters();
            let course = self.course(&mut parameters, options);
            let start = parameters.add(date(*year, 1, 1));
            let end = parameters.add(date(*year, 12, 31));
            let select = |stretch: &str| {
                format!(
                    "SELECT x.partner, CAST(count(*) AS BIGINT), CAST(sum(CASE WHEN {} THEN 0 ELSE 1 END) AS BIGINT) FROM line_course x WHERE {course} AND {stretch} AND x.due_on BETWEEN {start} AND {end} AND {} AND (x.broken_off = 0 OR x.ended_on > {end}) GROUP BY x.partner ORDER BY x.partner",
                    sql::full(&end),
                    sql::under_contract(&end),
                )
            };
            for row in self.courses(connection, "counting lines that slipped", &parameters, select).await? {
                let count = counts.entry((*year, row.text(0)?)).or_default();
                count.0 += row.int(1)?;
                count.1 += row.int(2)?;
            }
        }
        Ok(counts
            .into_iter()
            .map(|((year, partner), (due, slipped))| Slip { year, partner, due, slipped })
            .collect())
    }

    /// Contracts in force or suspended, with their open claims.
    async fn states(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
    ) -> Result<Vec<StateCount>, Fault> {
        let mut parameters = self.parameters();
        let currency = parameters.add(options.currency.code());
        let sql = format!(
            "SELECT c.number, c.partner, c.title, c.state, CAST((SELECT count(*) FROM claim k WHERE k.contract = c.number AND k.known_from <= $1 AND k.opened_on <= $2 AND NOT (k.settled_from IS NOT NULL AND k.settled_from <= $1 AND k.settled_on <= $2)) AS BIGINT) FROM contract c WHERE {} AND c.state IN ('in_force', 'suspended') AND c.currency = {currency} {} ORDER BY c.number",
            sql::stands("c"),
            self.labels.filter("c.label"),
        );
        let rows = connection.fetch("reading contracts in force", &sql, parameters.values()).await?;
        rows.iter()
            .map(|row| {
                Ok(StateCount {
                    contract: row.text(0)?,
                    partner: row.text(1)?,
                    title: row.text(2)?,
                    state: row.text(3)?,
                    open_claims: row.int(4)?,
                })
            })
            .collect()
    }

    /// Contracts signed in the year to date: how many, and the value of their lines.
    async fn signed(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
    ) -> Result<(i64, i64), Fault> {
        let mut parameters = self.parameters();
        let condition = self.signed_contracts(&mut parameters, options);
        let sql = format!(
            "SELECT CAST(count(*) AS BIGINT), CAST(coalesce(sum(s.amount), 0) AS BIGINT) FROM (SELECT {} AS amount FROM contract c WHERE {condition}) s",
            value_of_lines("c.number")
        );
        let row = connection.fetch_one("summing contracts signed", &sql, parameters.values()).await?;
        Ok((row.int(0)?, row.int(1)?))
    }

    /// The condition on contracts `c` signed in the year to date.
    pub(super) fn signed_contracts(&self, parameters: &mut Parameters<'_>, options: &BriefOptions) -> String {
        let start = parameters.add(date(self.as_of.year(), 1, 1));
        let currency = parameters.add(options.currency.code());
        format!(
            "{} AND c.signed_on BETWEEN {start} AND $2 AND c.currency = {currency} {}",
            sql::stands("c"),
            self.labels.filter("c.label")
        )
    }
}

/// Sums by year, month and partner: amount, amount to date, count, count to date.
type MonthSums = BTreeMap<(i16, i8, String), [i64; 4]>;

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

/// The value of a contract's lines as of the reader's day.
pub(super) fn value_of_lines(contract: &str) -> String {
    format!(
        "CAST(coalesce((SELECT sum(l.amount) FROM line l WHERE l.contract = {contract} AND {}), 0) AS BIGINT)",
        sql::stands("l")
    )
}

/// As a row `x` of the courses of lines says, the line is delivered in full, and was by its date.
pub(super) const ON_TIME: &str = "x.full_on <= $2 AND x.reopened_on > $2 AND x.full_on <= x.due_on";

/// The cut-off's month and day in a year; 28 February stands for 29 February where there is none.
pub(super) fn same_date(as_of: Date, year: i16) -> Date {
    Date::new(year, as_of.month(), as_of.day()).unwrap_or(date(year, 2, 28))
}

/// Month and day, `MM-DD`: texts of these compare as days of a year do.
pub(super) fn month_day(date: Date) -> String {
    date.to_string().chars().skip(5).collect()
}

/// The states that are members of the group on a day, in order.
pub(super) fn members(group: &Group, on: Date) -> Vec<String> {
    group
        .members
        .iter()
        .filter(|(_, changes)| {
            changes.iter().rev().find(|(day, _)| *day <= on).is_some_and(|(_, is_member)| *is_member)
        })
        .map(|(state, _)| state.clone())
        .collect()
}

/// A small integer.
fn small<T: TryFrom<i64>>(row: &Row, column: usize) -> Result<T, Fault>
where
    T::Error: std::fmt::Display,
{
    let int = row.int(column)?;
    T::try_from(int).map_err(|e| Fault::damaged(format!("reading the number {int}"), e))
}
