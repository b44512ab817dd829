//! What lines owe, and which were delivered in time: passes over the courses of lines.

use std::collections::BTreeMap;

use jiff::civil::date;

use entente_register::brief::{LineCount, OpenLine, Outstanding, Slip};
use entente_register::contract::line::contract_of;

use super::{same_date, small};
use crate::database::{Connection, Row};
use crate::error::Fault;
use crate::reader::sql::{self, Parameters};
use crate::reader::{BriefOptions, Reader};

/// As a row `x` of the courses of lines says, the line is delivered in full, and was by its date.
pub(in crate::reader) const ON_TIME: &str =
    "x.full_on <= $2 AND x.reopened_on > $2 AND x.full_on <= x.due_on";

impl Reader {
    /// Rows of the courses of lines that stand at the horizon. What stands still and what has ceased
    /// to stand since lie apart, so the rows come in the order of the lines' dates within each.
    async fn courses(
        &self,
        connection: &mut Connection<'_>,
        doing: &str,
        columns: usize,
        parameters: &Parameters<'_>,
        select: impl Fn(&str) -> String,
    ) -> Result<Vec<Row>, Fault> {
        let mut rows = Vec::new();
        for stretch in sql::STRETCHES {
            rows.extend(connection.fetch_many(doing, &select(stretch), columns, parameters.values()).await?);
        }
        Ok(rows)
    }

    /// The condition on rows `x` of the courses of lines that figures are of.
    pub(in crate::reader) fn course(
        &self,
        parameters: &mut Parameters<'_>,
        options: &BriefOptions,
    ) -> String {
        format!(
            "x.counting = {} AND x.currency = {} {}",
            parameters.add(options.counting.word()),
            parameters.add(options.currency.code()),
            self.labels.filter("x.label")
        )
    }

    /// Lines that owe something as of the cut-off. The states of their contracts are left open.
    pub(super) async fn open_lines(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
    ) -> Result<Vec<OpenLine>, Fault> {
        let mut parameters = self.parameters();
        let course = self.course(&mut parameters, options);
        let counting = parameters.add(options.counting.word());
        let select = |stretch: &str| {
            format!(
                "SELECT x.line, x.partner, l.description, x.due_on, x.amount, {} FROM line_course x JOIN line l ON l.number = x.line AND {} WHERE {course} AND {stretch} AND {} AND x.ended_on > $2 AND NOT {} ORDER BY x.due_on, x.line",
                sql::delivered("amount", "x.line", options.counting, &counting, "$2"),
                sql::stands("l"),
                sql::under_contract("$2"),
                sql::full("$2"),
            )
        };
        let rows = self.courses(connection, "reading open lines", 6, &parameters, select).await?;
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
                contract_state: String::new(),
                contract,
                line,
            });
        }
        lines.sort_by(|a, b| a.line.cmp(&b.line));
        Ok(lines)
    }

    /// Lines due by the cut-off, and those of them delivered in full in time, by year.
    pub(super) async fn line_counts(
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
        for row in self.courses(connection, "counting lines due", 3, &parameters, select).await? {
            let year = small(&row, 0)?;
            let count = counts.entry(year).or_insert(LineCount { year, due: 0, on_time: 0 });
            count.due += row.int(1)?;
            count.on_time += row.int(2)?;
        }
        Ok(counts.into_values().collect())
    }

    /// The condition on rows `x` of the courses of lines due by the cut-off: signed for, and not broken off.
    pub(in crate::reader) fn due_lines(
        &self,
        parameters: &mut Parameters<'_>,
        options: &BriefOptions,
    ) -> String {
        format!(
            "{} AND x.due_on <= $2 AND {} AND (x.broken_off = 0 OR x.ended_on > $2)",
            self.course(parameters, options),
            sql::under_contract("$2"),
        )
    }

    /// What lines due by the end of earlier years owed on the cut-off's month and day in them.
    pub(super) async fn outstanding(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
        years: &[i16],
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
                    sql::delivered("amount", "x.line", options.counting, &counting, &day),
                    sql::under_contract(&day),
                    sql::full(&day),
                )
            };
            for row in
                self.courses(connection, "summing what was outstanding", 2, &parameters, select).await?
            {
                *sums.entry((*year, row.text(0)?)).or_default() += row.int(1)?;
            }
        }
        Ok(sums.into_iter().map(|((year, partner), amount)| Outstanding { year, partner, amount }).collect())
    }

    /// Lines due in earlier years, and those of them that slipped over the year's end.
    pub(super) async fn slips(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
        years: &[i16],
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
            for row in self.courses(connection, "counting lines that slipped", 3, &parameters, select).await?
            {
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
}
