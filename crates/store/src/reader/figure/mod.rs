//! Figures opened: the rows that sum to one, or the figures that it is worked out from.

mod contract;
mod line;
mod value;

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use entente_register::access::Extent;
use entente_register::brief::{
    Facts, FigureName, Known, PlanPart, Provenance, Sources, Span, is_due, provenance,
};
use entente_register::contract::plan::PlanVersion;
use entente_register::document::Document;
use entente_register::ledger::Refusal;

use super::brief::{month_day, same_date};
use super::opportunity::opportunity_rows;
use super::payment::{exposure_rows, overdue_rows, receivable_rows};
use super::plan::count_and_sum;
use super::{BriefOptions, FigureValue, Listing, OpenedFigure, Page, Reader, SourceRow, sql};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use line::open_rows;

/// Rows behind a figure, and the sum of all of them.
type Rows = (Listing<SourceRow>, i64);

impl Reader {
    /// A figure of the brief, opened to its rows or to the figures that it is worked out from.
    ///
    /// # Errors
    /// As [`Reader::brief`]; `not_found` for a figure that the brief does not have.
    pub async fn figure(
        &self,
        options: &BriefOptions,
        name: &FigureName,
        page: Page,
    ) -> Outcome<OpenedFigure> {
        let page = page.bounded();
        let computed = self.computed(options).await?;
        let (facts, brief) = (&computed.facts, &computed.brief);
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let absent = || Refusal::not_found("figure", &name.to_string());
        let value = value::value(facts, brief, name).ok_or_else(absent)?;
        let provenance = provenance(name, brief);
        let mut operands = Vec::new();
        let (sources, sources_sum) = match &provenance {
            // What is not known is made of nothing, also where rows of a part of it are.
            Provenance::Rows(_) if matches!(value, FigureValue::Money(Known::Unknown(_))) => {
                (Listing { rows: Vec::new(), total: 0, page }, 0)
            }
            Provenance::Rows(rows) => {
                self.sources(&mut connection, options, (facts, &brief.plan), rows, page).await?
            }
            Provenance::Formula { operands: names, .. } => {
                for operand in names {
                    if let Some(value) = value::value(facts, brief, operand) {
                        operands.push((operand.clone(), value));
                    }
                }
                (Listing { rows: Vec::new(), total: 0, page }, 0)
            }
        };
        drop(transaction);
        self.log(format!("figure:{name}"), brief.marking.as_ref()).await?;
        Ok(OpenedFigure {
            name: name.clone(),
            conventions: brief.conventions.clone(),
            marking: brief.marking.clone(),
            plan: brief.plan.clone(),
            value,
            provenance,
            operands,
            sources,
            sources_sum,
        })
    }

    async fn sources(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
        (facts, plan): (&Facts, &Known<PlanVersion>),
        sources: &Sources,
        page: Page,
    ) -> Result<Rows, Fault> {
        match sources {
            Sources::Acts { span, partners } => {
                self.acts(connection, options, *span, partners.as_deref(), page).await
            }
            Sources::PlanItems { year, part, partners } => {
                let version = match year {
                    None => plan.value(),
                    Some(year) => facts.plans.iter().map(|p| &p.version).find(|p| p.year == *year),
                };
                match version {
                    Some(version) => {
                        let days = plan_days(*part, self.as_of);
                        // A figure is of all that is within the clearance, as its brief is.
                        let of = (*version, Extent::All);
                        self.plan_items(connection, of, &days, partners.as_deref(), page).await
                    }
                    None => Ok((Listing { rows: Vec::new(), total: 0, page }, 0)),
                }
            }
            Sources::OverdueLines => Ok(open_rows(facts, page, |line| is_due(line, self.as_of))),
            Sources::OpenLines => Ok(open_rows(facts, page, |_| true)),
            Sources::RemainingLines { partner } => Ok(open_rows(facts, page, |line| {
                line.due_on.year() <= self.as_of.year() && partner.as_ref().is_none_or(|p| *p == line.partner)
            })),
            Sources::OutstandingLines { year } => {
                self.outstanding_rows(connection, options, *year, page).await
            }
            Sources::DueLines { year_only } => self.due_rows(connection, options, *year_only, page).await,
            Sources::SlippedLines { year, partner } => {
                let years: BTreeSet<i16> = facts.slips.iter().map(|slip| slip.year).collect();
                let years = years.into_iter().filter(|y| year.is_none_or(|year| year == *y));
                self.slipped_rows(connection, options, years, partner.as_deref(), page).await
            }
            Sources::Contracts { behind } => self.contract_rows(connection, facts, *behind, page).await,
            Sources::SignedContracts => self.signed_rows(connection, options, page).await,
            Sources::Receipts => self.receipt_rows(connection, options, page).await,
            Sources::OverdueInstalments => Ok(overdue_rows(facts, page)),
            Sources::Receivables { partner } => Ok(receivable_rows(facts, partner.as_deref(), page)),
            Sources::Exposures { bank, credit_only } => {
                Ok(exposure_rows(facts, (bank.as_deref(), *credit_only), page))
            }
            Sources::Opportunities { part, partner } => {
                Ok(opportunity_rows(facts, *part, partner.as_deref(), page))
            }
        }
    }

    /// Acts that count by the rule within a span of days.
    async fn acts(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
        span: Span,
        partners: Option<&[String]>,
        page: Page,
    ) -> Result<Rows, Fault> {
        let doing = "reading the acts behind a figure";
        let mut parameters = self.parameters();
        let (from, to) = days(span, self.as_of);
        let (from, to) = (parameters.add(from), parameters.add(to));
        let counting = parameters.add(options.counting.word());
        let currency = parameters.add(options.currency.code());
        let mut condition = format!(
            "a.counting = {counting} AND a.act_date BETWEEN {from} AND {to} AND a.known_from <= $1 AND a.currency = {currency} {}",
            self.labels.filter("a.label")
        );
        if let Some(partners) = partners {
            condition.push_str(&format!(" AND a.partner IN {}", parameters.list(partners.iter().cloned())));
        }
        let select = format!("a.amount FROM delivery_act a WHERE {condition}");
        let (total, sum) = count_and_sum(connection, doing, &select, &parameters).await?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT a.delivery, a.contract, a.partner, a.act_date, a.amount, a.act, a.sign, a.document, l.description FROM delivery_act a LEFT JOIN line l ON l.number = a.line AND {} WHERE {condition} ORDER BY a.act_date, a.known_from LIMIT {limit} OFFSET {offset}",
            sql::stands("l")
        );
        let rows = connection.fetch(doing, &sql, parameters.values()).await?;
        let rows = rows
            .iter()
            .map(|row| {
                Ok(SourceRow {
                    number: row.text(0)?,
                    kind: "delivery",
                    contract: row.text(1)?,
                    partner: row.text(2)?,
                    date: row.optional_date(3)?,
                    title: row.optional_text(8)?.unwrap_or_default(),
                    amount: row.int(4)?,
                    // An act that falls away stands beside the one that it takes back.
                    note: if row.int(6)? < 0 { row.text(5)? } else { String::new() },
                    plan: None,
                    document: document(row, 7)?,
                })
            })
            .collect::<Result<_, Fault>>()?;
        Ok((Listing { rows, total, page }, sum))
    }
}

/// The days of a span, both counted.
fn days(span: Span, as_of: Date) -> (Date, Date) {
    let year = as_of.year();
    let before = year - 1;
    match span {
        Span::YearToDate => (date(year, 1, 1), as_of),
        Span::PreviousYear => (date(before, 1, 1), date(before, 12, 31)),
        Span::PreviousSameDate => (date(before, 1, 1), same_date(as_of, before)),
        // The day after the same date of the year before; dates end long after any year of a register.
        Span::TwelveMonths => {
            let same = same_date(as_of, before);
            (same.checked_add(1.day()).unwrap_or(same), as_of)
        }
        Span::Month(month) => (day(year, month, 1), end_of(year, month).min(as_of)),
        Span::ToMonth(month) => (date(year, 1, 1), end_of(year, month).min(as_of)),
        Span::PreviousMonth(month) => (day(before, month, 1), end_of(before, month)),
        Span::Year(year) => (day(year, 1, 1), day(year, 12, 31)),
        Span::YearSameDate(year) => (day(year, 1, 1), same_date(as_of, year)),
    }
}

/// The day, or the last of all days where there is none.
fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap_or(Date::MAX)
}

fn end_of(year: i16, month: i8) -> Date {
    day(year, month, 1).last_of_month()
}

/// The first and the last day of a part of a plan within its year, `MM-DD`.
fn plan_days(part: PlanPart, as_of: Date) -> (String, String) {
    let (from, to) = match part {
        PlanPart::Whole => (1, "12-31".to_owned()),
        PlanPart::ToDate => (1, month_day(as_of)),
        PlanPart::Month(month) => (month, format!("{month:02}-31")),
        PlanPart::ToMonth(month) => (1, format!("{month:02}-31")),
    };
    (format!("{from:02}-01"), to)
}

/// A stored document.
fn document(row: &Row, column: usize) -> Result<Option<Document>, Fault> {
    row.optional_text(column)?
        .map(|text| serde_json::from_str(&text).map_err(|e| Fault::damaged("reading a document’s title", e)))
        .transpose()
}
