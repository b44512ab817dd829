//! Lines behind a figure.

use jiff::civil::date;

use entente_register::brief::{Facts, OpenLine, is_due, owed};
use entente_register::contract::line::contract_of;

use super::Rows;
use crate::database::{Connection, Row};
use crate::error::Fault;
use crate::reader::brief::{ON_TIME, same_date};
use crate::reader::plan::count_and_sum;
use crate::reader::sql::{self, Parameters};
use crate::reader::{BriefOptions, Listing, Page, Reader, SourceRow};

/// What is asked of the courses of lines: `x` is a row of one.
struct Asked {
    doing: &'static str,
    condition: String,
    /// The part of the figure that a row is.
    amount: String,
    /// The word on a row.
    note: String,
}

impl Reader {
    /// Lines due by the cut-off, each on time or late.
    pub(super) async fn due_rows(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
        year_only: bool,
        page: Page,
    ) -> Result<Rows, Fault> {
        let mut parameters = self.parameters();
        let mut condition = self.due_lines(&mut parameters, options);
        if year_only {
            let start = parameters.add(date(self.as_of.year(), 1, 1));
            condition.push_str(&format!(" AND x.due_on >= {start}"));
        }
        let asked = Asked {
            doing: "reading the lines due",
            condition,
            amount: "x.amount".to_owned(),
            note: format!(
                "CASE WHEN {ON_TIME} THEN 'on time' WHEN {} THEN 'late' ELSE 'overdue' END",
                sql::full("$2")
            ),
        };
        self.course_rows(connection, parameters, asked, page).await
    }

    /// Lines due in earlier years, each delivered in full by its year's end or slipped over it.
    pub(super) async fn slipped_rows(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
        years: impl Iterator<Item = i16>,
        partner: Option<&str>,
        page: Page,
    ) -> Result<Rows, Fault> {
        // The last day of the year in which the line was due.
        const END: &str = "(substr(x.due_on, 1, 4) || '-12-31')";
        let mut parameters = self.parameters();
        let course = self.course(&mut parameters, options);
        let years = parameters.list(years.map(|year| year.to_string()));
        let mut condition = format!(
            "{course} AND substr(x.due_on, 1, 4) IN {years} AND {} AND (x.broken_off = 0 OR x.ended_on > {END})",
            sql::under_contract(END)
        );
        if let Some(partner) = partner {
            condition.push_str(&format!(" AND x.partner = {}", parameters.add(partner.to_owned())));
        }
        let asked = Asked {
            doing: "reading the lines that slipped",
            condition,
            amount: "x.amount".to_owned(),
            note: format!("CASE WHEN {} THEN 'in its year' ELSE 'slipped' END", sql::full(END)),
        };
        self.course_rows(connection, parameters, asked, page).await
    }

    /// Lines due by the end of an earlier year that owed something on the cut-off's month and day in it.
    pub(super) async fn outstanding_rows(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
        year: i16,
        page: Page,
    ) -> Result<Rows, Fault> {
        let mut parameters = self.parameters();
        let course = self.course(&mut parameters, options);
        let counting = parameters.add(options.counting.word());
        let day = parameters.add(same_date(self.as_of, year));
        let end = parameters.add(date(year, 12, 31));
        let asked = Asked {
            doing: "reading what was outstanding",
            condition: format!(
                "{course} AND x.due_on <= {end} AND {} AND x.ended_on > {day} AND NOT {}",
                sql::under_contract(&day),
                sql::full(&day),
            ),
            amount: format!(
                "(x.amount - {})",
                sql::delivered("amount", "x.line", options.counting, &counting, &day)
            ),
            note: format!("CASE WHEN x.due_on <= {day} THEN 'overdue' ELSE '' END"),
        };
        self.course_rows(connection, parameters, asked, page).await
    }

    /// Rows of the courses of lines that stand at the horizon, in the order of the lines' dates.
    async fn course_rows(
        &self,
        connection: &mut Connection<'_>,
        mut parameters: Parameters<'_>,
        asked: Asked,
        page: Page,
    ) -> Result<Rows, Fault> {
        let Asked { doing, condition, amount, note } = asked;
        let lines = format!("line_course x WHERE {condition} AND x.known_to > $1 AND x.known_from <= $1");
        let select = format!("{amount} AS amount FROM {lines}");
        let (total, sum) = count_and_sum(connection, doing, &select, &parameters).await?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT y.line, y.partner, y.due_on, y.amount, l.description, y.note FROM (SELECT x.line, x.partner, x.due_on, {amount} AS amount, {note} AS note FROM {lines} ORDER BY x.due_on, x.line LIMIT {limit} OFFSET {offset}) y LEFT JOIN line l ON l.number = y.line AND {} ORDER BY y.due_on, y.line",
            sql::stands("l"),
        );
        let rows = connection.fetch(doing, &sql, parameters.values()).await?;
        let rows = rows.iter().map(row).collect::<Result<_, Fault>>()?;
        Ok((Listing { rows, total, page }, sum))
    }
}

fn row(row: &Row) -> Result<SourceRow, Fault> {
    let number = row.text(0)?;
    Ok(SourceRow {
        kind: "line",
        contract: contract_of(&number).to_owned(),
        number,
        partner: row.text(1)?,
        date: row.optional_date(2)?,
        title: row.optional_text(4)?.unwrap_or_default(),
        amount: row.int(3)?,
        note: row.text(5)?,
        plan: None,
        document: None,
    })
}

/// Open lines as rows: what each still owes.
pub(super) fn open_rows(facts: &Facts, page: Page, wanted: impl Fn(&OpenLine) -> bool) -> Rows {
    let lines: Vec<&OpenLine> = facts.open_lines.iter().filter(|line| wanted(line)).collect();
    let as_of = facts.conventions.as_of;
    let sum = lines.iter().map(|line| owed(line)).sum();
    let listing = Listing::of(lines, page).map(|line| SourceRow {
        number: line.line.clone(),
        kind: "line",
        contract: line.contract.clone(),
        partner: line.partner.clone(),
        date: Some(line.due_on),
        title: line.description.clone(),
        amount: owed(line),
        note: if is_due(line, as_of) { "overdue".to_owned() } else { String::new() },
        plan: None,
        document: None,
    });
    (listing, sum)
}
