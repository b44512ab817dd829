//! A figure, opened: its value, its conventions, and the rows or figures that it is made of.

use askama::Template;
use axum::extract::Path;
use entente_register::brief::{FigureName, Known, Provenance};
use entente_register::ledger::SubjectKind;
use entente_register::money::{Currency, Money};
use entente_store::reader::{FigureValue, OpenedFigure, Page, SourceRow};

use super::frame::{Frame, Part};
use super::history::{Paper, path};
use super::page;
use super::show::{self, Cell};
use super::spreadsheet::{Table, amount, day, every, known, minor, optional, text, ways};
use super::visit::{Pages, Visit};
use super::way::Way;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};

/// A value with its unit.
#[derive(Debug, Clone)]
pub(crate) struct Value {
    pub(crate) cell: Cell,
    pub(crate) unit: String,
    /// Exact to the minor unit, where `cell` is rounded.
    pub(crate) exact: String,
}

/// A figure that another is worked out from.
#[derive(Debug, Clone)]
pub(crate) struct OperandView {
    pub(crate) title: String,
    pub(crate) href: String,
    pub(crate) value: Value,
}

/// A row behind the figure.
#[derive(Debug, Clone)]
pub(crate) struct SourceView {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) contract: String,
    pub(crate) contract_href: String,
    pub(crate) partner: String,
    pub(crate) date: String,
    pub(crate) title: String,
    pub(crate) amount: String,
    pub(crate) note: String,
    /// The plan version that it is an item of, and its page.
    pub(crate) plan: Option<(String, String)>,
    pub(crate) paper: Option<Paper>,
}

/// Whether the rows make up the figure, in words.
#[derive(Debug, Clone)]
pub(crate) struct Sum {
    pub(crate) total: String,
    pub(crate) words: String,
    pub(crate) holds: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct FigureView {
    pub(crate) title: String,
    pub(crate) name: String,
    pub(crate) value: Value,
    pub(crate) conventions: Vec<(&'static str, String)>,
    /// The plan that it is read against, where one is approved: its version and its page.
    pub(crate) plan: Option<(String, String)>,
    /// The rule, where it is worked out.
    pub(crate) rule: String,
    pub(crate) operands: Vec<OperandView>,
    pub(crate) of_rows: bool,
    pub(crate) rows: Vec<SourceView>,
    pub(crate) sum: Sum,
    pub(crate) currency: String,
}

#[derive(Template)]
#[template(path = "figure.html")]
pub(super) struct FigurePage {
    pub(super) frame: Frame,
    pub(super) figure: FigureView,
    pub(super) pages: Pages,
    /// The rows for spreadsheets: form and address.
    pub(super) tables: Vec<(&'static str, String)>,
    pub(super) brief_href: String,
}

/// `GET /figures/{name}`
pub(super) async fn get(visit: Visit, Path(name): Path<String>) -> Answer {
    let name: FigureName = name.parse()?;
    let reader = visit.reader().await?;
    let opened = reader.figure(&visit.view.options(), &name, visit.page).await?;
    let plans = reader.plans().await?;
    let way = visit.way();
    page(&FigurePage {
        frame: visit
            .frame_with(Part::Brief, name.title(), &reader, Some(&plans))
            .marked(opened.marking.as_ref()),
        pages: visit.pages(&opened.sources),
        tables: ways(|ending| way.to(&format!("/figures/{name}/rows.{ending}"))),
        figure: view(&opened, &way),
        brief_href: way.to("/"),
    })
}

/// Columns of the rows behind a figure for a spreadsheet.
const COLUMNS: &[&str] =
    &["number", "kind", "contract", "partner", "date", "title", "amount", "currency", "note", "plan"];

/// `GET /figures/{name}/rows.csv` and `.xlsx`: every row behind a figure.
pub(super) async fn export(visit: Visit, Path(name): Path<String>, kind: Kind) -> Answer {
    let name: FigureName = name.parse()?;
    let reader = visit.reader().await?;
    let options = visit.view.options();
    let (read, name) = (&reader, &name);
    let sources = |page| async move { Ok(read.figure(&options, name, page).await?.sources) };
    let rows = every(("rows", "another figure that is a part of it"), sources).await?;
    let rows = rows
        .iter()
        .map(|row| {
            vec![
                text(&row.number),
                text(row.kind),
                text(&row.contract),
                text(&row.partner),
                day(row.date),
                text(&row.title),
                amount(Money::new(row.amount, options.currency)),
                text(options.currency.code()),
                text(&row.note),
                row.plan.map_or(Out::Empty, |plan| text(plan.to_string())),
            ]
        })
        .collect();
    Table { name: "figure", columns: COLUMNS, rows }.answer(kind, reader.as_of()).await
}

/// `GET /figures/{name}/operands.csv` and `.xlsx`: the figures that one is worked out from.
pub(super) async fn export_operands(visit: Visit, Path(name): Path<String>, kind: Kind) -> Answer {
    let name: FigureName = name.parse()?;
    let reader = visit.reader().await?;
    let options = visit.view.options();
    let opened = reader.figure(&options, &name, Page::first(1)).await?;
    let currency = opened.conventions.currency;
    let rows = opened.operands.iter().map(|(name, value)| {
        let [value, unit, owing, reason] = match value {
            FigureValue::Money(money) => [
                money.value().map_or(Out::Empty, |value| minor(*value, currency)),
                text(currency.code()),
                Out::Empty,
                optional(money.reason()),
            ],
            FigureValue::Number(number, unit) => {
                [known(number), text(*unit), Out::Empty, optional(number.reason())]
            }
            FigureValue::Count(count, things, owed) => [
                Out::Whole(*count),
                text(*things),
                owed.map_or(Out::Empty, |owed| minor(owed, currency)),
                Out::Empty,
            ],
        };
        vec![text(name.to_string()), text(name.title()), value, unit, owing, text(currency.code()), reason]
    });
    let columns = &["figure", "title", "value", "unit", "owing", "currency", "not_known"];
    Table { name: "operands", columns, rows: rows.collect() }.answer(kind, reader.as_of()).await
}

/// Writes it for people.
pub(crate) fn view(opened: &OpenedFigure, way: &Way) -> FigureView {
    let conventions = &opened.conventions;
    let currency = conventions.currency;
    let (rule, of_rows) = match &opened.provenance {
        Provenance::Rows(_) => (String::new(), true),
        Provenance::Formula { words, .. } => (words.clone(), false),
    };
    let mut written = vec![
        ("Counted", show::word(conventions.counting.name())),
        ("Currency", format!("{currency}, at contract price")),
        ("Cut-off", show::full_day(conventions.as_of)),
        ("As known on", show::long_instant(conventions.known_at)),
        ("Of", conventions.scope.clone()),
    ];
    let plan = match &opened.plan {
        Known::Value(plan) => Some((
            format!("{}, version {}", plan.year, plan.version),
            way.to(&path(SubjectKind::Plan, &plan.to_string())),
        )),
        Known::Unknown(reason) => {
            written.push(("Plan", reason.clone()));
            None
        }
    };
    written.extend(conventions.caution().map(|caution| ("Not known", caution)));
    FigureView {
        title: opened.name.title(),
        name: opened.name.to_string(),
        value: value(&opened.value, currency),
        conventions: written,
        plan,
        rule,
        operands: opened
            .operands
            .iter()
            .map(|(name, operand)| OperandView {
                title: name.title(),
                href: way.to(&format!("/figures/{name}")),
                value: value(operand, currency),
            })
            .collect(),
        of_rows,
        rows: opened.sources.rows.iter().map(|row| source(row, currency, way)).collect(),
        sum: sum(opened),
        currency: currency.code().to_owned(),
    }
}

fn value(value: &FigureValue, currency: Currency) -> Value {
    let plain = |cell: Cell, unit: &str| Value { cell, unit: unit.to_owned(), exact: String::new() };
    match value {
        FigureValue::Money(Known::Value(minor)) => {
            let (number, unit) = show::headline(*minor, currency);
            Value {
                cell: Cell::of(number),
                unit,
                exact: format!("{} {currency}", show::exact(*minor, currency)),
            }
        }
        FigureValue::Money(unknown) => plain(Cell::known(unknown, |_| String::new()), ""),
        FigureValue::Number(number, "%") => plain(Cell::known(number, show::percent), ""),
        FigureValue::Number(number, unit) => plain(Cell::known(number, show::ratio), unit),
        FigureValue::Count(number, things, owed) => Value {
            exact: owed
                .map(|minor| format!("owing {} {currency}", show::exact(minor, currency)))
                .unwrap_or_default(),
            ..plain(Cell::of(show::count(*number)), things)
        },
    }
}

fn sum(opened: &OpenedFigure) -> Sum {
    let currency = opened.conventions.currency;
    let total = show::exact(opened.sources_sum, currency);
    let rows = show::counted(opened.sources.total, "row", "rows");
    let (words, holds) = match &opened.value {
        FigureValue::Money(Known::Value(minor)) => {
            let equal = *minor == opened.sources_sum;
            (format!("The amounts of all {rows} sum to {total} {currency}"), equal)
        }
        FigureValue::Count(number, _, owed) => {
            let equal = *number == opened.sources.total && owed.is_none_or(|owed| owed == opened.sources_sum);
            let owing = owed.map(|_| format!(", with {total} {currency}")).unwrap_or_default();
            (format!("All {rows} are counted{owing}"), equal)
        }
        _ => (format!("Worked out over all {rows}"), true),
    };
    let words = match (&opened.value, holds) {
        (FigureValue::Number(..) | FigureValue::Money(Known::Unknown(_)), _) => format!("{words}."),
        (_, true) => format!("{words}: equal to the figure."),
        (_, false) => format!("{words}: this is not the figure. Tell those who run this register."),
    };
    Sum { total, words, holds }
}

fn source(row: &SourceRow, currency: Currency, way: &Way) -> SourceView {
    let kind = match row.kind {
        "delivery" => SubjectKind::Delivery,
        "line" => SubjectKind::Line,
        "receipt" => SubjectKind::Receipt,
        "instalment" => SubjectKind::Instalment,
        "opportunity" => SubjectKind::Opportunity,
        _ => SubjectKind::Contract,
    };
    SourceView {
        number: row.number.clone(),
        href: way.to(&path(kind, &row.number)),
        contract: row.contract.clone(),
        contract_href: way.to(&path(SubjectKind::Contract, &row.contract)),
        partner: row.partner.clone(),
        date: row.date.map(show::day).unwrap_or_default(),
        title: row.title.clone(),
        amount: show::exact(row.amount, currency),
        note: show::word(&row.note),
        plan: row.plan.map(|plan| {
            (
                format!("plan {}, version {}", plan.year, plan.version),
                way.to(&path(SubjectKind::Plan, &plan.to_string())),
            )
        }),
        paper: row.document.as_ref().map(|document| match row.plan {
            Some(plan) => Paper::of(document, SubjectKind::Plan, &plan.key(), way),
            None => Paper::of(document, kind, &row.number, way),
        }),
    }
}

impl SourceView {
    /// The items of a plan have the same rows.
    pub(crate) fn of(row: &SourceRow, currency: Currency, way: &Way) -> SourceView {
        source(row, currency, way)
    }
}
