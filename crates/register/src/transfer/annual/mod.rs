//! Annual reports of transfers: what the Arms Trade Treaty asks for (Article 13, paragraph 3), what the United Nations
//! Register of Conventional Arms asks for, and tables by control list and destination as states of the European Union
//! publish them (Common Position 2008/944/CFSP, Article 8).
//!
//! Conventions. *Authorised* is what the licences of the year granted, whatever became of them; *actual* is what was
//! written off in the year, by the day of the write-off: the two are never added up. The Register is of actual transfers
//! alone. Goods are placed by the class of their line: categories I to VII are those of the Register, VIII small arms
//! and light weapons. Parts (Article 4) and ammunition (Article 3; entry ML3) are in no category. What has no class
//! cannot be placed, and is listed as that. Only what leaves for good, and what comes in, is in a table; all else is
//! listed beside it with the reason. A row that is marked above the audience of the report is withheld: it is counted,
//! and nothing else is said of it.

mod place;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use super::content::{Content, TransferKind};
use super::licence::Licence;
use super::opinion::Criterion;
use crate::label::{Clearance, Label};
use crate::ledger::{Fallible, Refusal};
use crate::money::{Currency, Money, Quantity, Unit};
use crate::payment::schedule::words;

pub use place::{Outside, Placed, place};

/// The first year of a report.
const FIRST: i16 = 1990;

/// To whom it is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// The secretariat of the Arms Trade Treaty.
    ArmsTradeTreaty,
    /// The United Nations Register of Conventional Arms.
    RegisterOfArms,
    /// The tables of the Common Position.
    CommonPosition,
}

words! { ReportKind, "an annual report", "transfer.report",
    ArmsTradeTreaty = "arms-trade-treaty", "Arms Trade Treaty";
    RegisterOfArms = "register-of-arms", "Register of Conventional Arms";
    CommonPosition = "common-position", "Common Position";
}

/// On what a row rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Granted by licences of the year.
    Authorised,
    /// Written off in the year.
    Actual,
    /// Refused in the year.
    Refused,
}

words! { Basis, "a basis", "transfer.basis",
    Authorised = "authorised", "authorised";
    Actual = "actual", "actual";
    Refused = "refused", "refused";
}

/// Which way the goods go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Out.
    Export,
    /// In.
    Import,
}

words! { Direction, "a direction", "transfer.direction",
    Export = "export", "exports";
    Import = "import", "imports";
}

/// A licence with what was applied for.
#[derive(Debug, Clone)]
pub struct Licensed {
    /// As it stands.
    pub licence: Licence,
    /// What its application says.
    pub content: Content,
}

/// An application that was refused, whole or in some lines.
#[derive(Debug, Clone)]
pub struct RefusedLines {
    /// Its number.
    pub application: String,
    /// The day of the decision.
    pub on: Date,
    /// Who may know of it.
    pub label: Label,
    /// What was applied for.
    pub content: Content,
    /// The lines that were refused, each by its number with the criteria.
    pub lines: Vec<(u32, BTreeSet<Criterion>)>,
}

/// Where a row comes from: a licence, with the reference of a write-off of it; or an application that was refused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Number of the licence, or of the application.
    pub number: String,
    /// Number of the line.
    pub line: u32,
    /// The write-off, of what is actual.
    pub reference: Option<String>,
}

impl fmt::Display for Source {
    /// The number with its line, and the write-off after them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.line)?;
        self.reference.as_ref().map_or(Ok(()), |reference| write!(f, " {reference}"))
    }
}

/// What tells a row from all others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Exports or imports.
    pub direction: Direction,
    /// I to VIII; of the Common Position the entry of the control list without its parts, `ML11`.
    pub category: Placed,
    /// The final importing state, or the exporting one; ISO 3166-1 alpha-3.
    pub state: String,
    /// States on the way.
    pub via: Vec<String>,
    /// On what it rests.
    pub basis: Basis,
    /// Code of the unit; empty where quantities are not told.
    pub unit: &'static str,
    /// Whether it is withheld from the audience.
    pub withheld: bool,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What tells it from all others.
    pub key: Key,
    /// How much; none where quantities are not told.
    pub quantity: Option<Quantity>,
    /// What it is worth, by currency: amounts are converted nowhere.
    pub values: Vec<Money>,
    /// Licences, or applications that were refused.
    pub licences: usize,
    /// Of these licences, those that were revoked since.
    pub revoked: usize,
    /// What the goods are, as the lines say.
    pub descriptions: BTreeSet<String>,
    /// By which criteria it was refused.
    pub criteria: BTreeSet<Criterion>,
    /// Where it comes from.
    pub sources: BTreeSet<Source>,
}

/// Something of the year that is in no table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Beside {
    /// Why.
    pub why: Outside,
    /// Where it comes from.
    pub source: Source,
    /// What it is.
    pub description: String,
    /// Whether it is withheld from the audience.
    pub withheld: bool,
}

/// A report of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnualReport {
    /// To whom.
    pub kind: ReportKind,
    /// Of which year.
    pub year: i16,
    /// The last day that is in it: that of the year, or an earlier one while the year goes on.
    pub until: Date,
    /// By when it is to be sent: 31 May of the year after.
    pub due_on: Date,
    /// Whether there are markings in the register that whoever makes it may not see: then it is a part, and never nil.
    pub is_partial: bool,
    /// All rows, those that are withheld among them.
    pub rows: Vec<Row>,
    /// What is in no table.
    pub beside: Vec<Beside>,
}

impl AnnualReport {
    /// Whether the year is over.
    pub fn is_whole(&self) -> bool {
        self.until == last_day(self.year)
    }

    /// The rows of a table that the audience is told of.
    pub fn told(&self, direction: Direction) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.key.direction == direction && !row.key.withheld)
    }

    /// How many rows of a table are withheld.
    pub fn withheld(&self, direction: Direction) -> usize {
        self.rows.iter().filter(|row| row.key.direction == direction && row.key.withheld).count()
    }

    /// Whether a table has nothing in it, also nothing that is withheld: then a nil report is made.
    pub fn is_nil(&self, direction: Direction) -> bool {
        !self.is_partial && !self.rows.iter().any(|row| row.key.direction == direction)
    }

    /// What cannot be placed: lines without a class, which keep the report from being true.
    pub fn unplaced(&self) -> usize {
        self.beside.iter().filter(|one| one.why == Outside::Unclassified).count()
    }
}

/// The last day of a year.
fn last_day(year: i16) -> Date {
    date(year, 12, 31)
}

/// The days of a year that a report as of a day is of.
///
/// # Errors
/// `transfer.report_year` for a year that has not begun, or that no report is made of.
pub fn days(year: i16, as_of: Date) -> Fallible<(Date, Date)> {
    if !(FIRST..=as_of.year()).contains(&year) {
        return Err(Refusal::new(
            "transfer.report_year",
            format!("There is no report of {year} on {as_of}."),
        )
        .field("year")
        .missing(format!("a year from {FIRST} to {}", as_of.year())));
    }
    Ok((date(year, 1, 1), last_day(year).min(as_of)))
}

/// Makes a report of a year, as of a day, for an audience that may see what is marked up to a clearance. Of licences and
/// refusals those of other years may be among what is given.
///
/// # Errors
/// As [`days`].
pub fn report(
    kind: ReportKind,
    year: i16,
    as_of: Date,
    audience: &Clearance,
    licences: &[Licensed],
    refusals: &[RefusedLines],
) -> Fallible<AnnualReport> {
    let (from, until) = days(year, as_of)?;
    let mut tables = Tables { kind, audience, rows: BTreeMap::new(), beside: BTreeSet::new() };
    let is_in = |day: Date| (from..=until).contains(&day);
    for one in licences {
        if is_in(one.licence.issued_on) && kind != ReportKind::RegisterOfArms {
            tables.authorise(one);
        }
        tables.carry_out(one, &is_in);
    }
    if kind == ReportKind::CommonPosition {
        refusals.iter().filter(|one| is_in(one.on)).for_each(|one| tables.refuse(one));
    }
    let due_on = date(year.saturating_add(1), 5, 31);
    let beside = tables.beside.into_iter().collect();
    let rows = tables.rows.into_iter().map(|(key, sum)| sum.row(key)).collect();
    Ok(AnnualReport { kind, year, until, due_on, is_partial: false, rows, beside })
}

/// What a row sums up.
#[derive(Debug, Default)]
struct Sum {
    quantity: i64,
    values: BTreeMap<&'static str, (Currency, i64)>,
    numbers: BTreeSet<String>,
    revoked: BTreeSet<String>,
    descriptions: BTreeSet<String>,
    criteria: BTreeSet<Criterion>,
    sources: BTreeSet<Source>,
}

impl Sum {
    fn row(self, key: Key) -> Row {
        Row {
            quantity: (!key.unit.is_empty()).then_some(Quantity(self.quantity)),
            values: self.values.into_values().map(|(currency, minor)| Money::new(minor, currency)).collect(),
            licences: self.numbers.len(),
            revoked: self.revoked.len(),
            descriptions: self.descriptions,
            criteria: self.criteria,
            sources: self.sources,
            key,
        }
    }
}

/// One amount that goes into a row.
struct Part<'p> {
    content: &'p Content,
    label: &'p Label,
    line: u32,
    basis: Basis,
    measure: Option<(Quantity, Unit)>,
    value: Option<Money>,
    source: Source,
    is_revoked: bool,
    criteria: Option<&'p BTreeSet<Criterion>>,
}

struct Tables<'t> {
    kind: ReportKind,
    audience: &'t Clearance,
    rows: BTreeMap<Key, Sum>,
    beside: BTreeSet<Beside>,
}

impl Tables<'_> {
    fn authorise(&mut self, one: &Licensed) {
        for line in &one.licence.issued.lines {
            self.add(&Part {
                content: &one.content,
                label: &one.licence.label,
                line: line.number,
                basis: Basis::Authorised,
                measure: Some((line.quantity, line.unit)),
                value: Some(line.value),
                source: Source { number: one.licence.number.clone(), line: line.number, reference: None },
                is_revoked: one.licence.state == "revoked",
                criteria: None,
            });
        }
    }

    fn carry_out(&mut self, one: &Licensed, is_in: &dyn Fn(Date) -> bool) {
        for (_, written) in one.licence.written_off.values().filter(|(on, _)| is_in(*on)) {
            let granted = one.licence.issued.lines.iter().find(|line| line.number == written.line);
            self.add(&Part {
                content: &one.content,
                label: &one.licence.label,
                line: written.line,
                basis: Basis::Actual,
                measure: granted.map(|granted| (written.quantity, granted.unit)),
                value: Some(written.value),
                source: Source {
                    number: one.licence.number.clone(),
                    line: written.line,
                    reference: Some(written.reference.clone()),
                },
                is_revoked: false,
                criteria: None,
            });
        }
    }

    fn refuse(&mut self, one: &RefusedLines) {
        for (line, criteria) in &one.lines {
            self.add(&Part {
                content: &one.content,
                label: &one.label,
                line: *line,
                basis: Basis::Refused,
                measure: None,
                value: None,
                source: Source { number: one.application.clone(), line: *line, reference: None },
                is_revoked: false,
                criteria: Some(criteria),
            });
        }
    }

    fn add(&mut self, part: &Part<'_>) {
        let content = part.content;
        let place_of_line = usize::try_from(part.line).ok().and_then(|line| line.checked_sub(1));
        let line = place_of_line.and_then(|place| content.lines.get(place));
        let withheld = !self.audience.admits(part.label);
        let description = line.map(|line| line.description.clone()).unwrap_or_default();
        let category = match place(self.kind, content.kind, line) {
            Ok(category) => category,
            Err(why) => {
                self.beside.insert(Beside { why, source: part.source.clone(), description, withheld });
                return;
            }
        };
        let (direction, state) = match content.kind {
            TransferKind::Import => (Direction::Import, content.origin.clone().unwrap_or_default()),
            _ => (Direction::Export, content.destination.clone()),
        };
        let is_by_unit = self.kind != ReportKind::CommonPosition;
        let measure = part.measure.filter(|_| is_by_unit);
        let via = if is_by_unit { content.route.clone() } else { Vec::new() };
        let unit = measure.map_or("", |(_, unit)| unit.code());
        let key = Key { direction, category, state, via, basis: part.basis, unit, withheld };
        let sum = self.rows.entry(key).or_default();
        sum.quantity = sum.quantity.saturating_add(measure.map_or(0, |(quantity, _)| quantity.0));
        if let Some(value) = part.value {
            let of = sum.values.entry(value.currency.code()).or_insert((value.currency, 0));
            of.1 = of.1.saturating_add(value.minor);
        }
        sum.numbers.insert(part.source.number.clone());
        if part.is_revoked {
            sum.revoked.insert(part.source.number.clone());
        }
        sum.descriptions.insert(description);
        sum.criteria.extend(part.criteria.into_iter().flatten().copied());
        sum.sources.insert(part.source.clone());
    }
}
