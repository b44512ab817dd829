//! One opportunity, and what all of them show of themselves, for spreadsheets.

use axum::extract::Path;
use entente_register::money::{Quantity, Unit};
use entente_register::opportunity::analysis::{Analysis, Rates};
use entente_register::opportunity::{Opportunity, Outcome};

use super::analysis::period;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::spreadsheet::{Table, amount, day, known, minor, optional, text, yes};
use crate::web::visit::Visit;

/// A table of an opportunity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum OfOne {
    /// What is asked.
    Items,
    /// What was offered, item by item, of every version.
    Offers,
    /// Estimates of its probability.
    Estimates,
    /// Advance opinions.
    Opinions,
}

/// `GET /opportunities/{number}/items.csv` and the like.
pub(in crate::web) async fn of_one(visit: Visit, number: Path<String>, of: OfOne, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let this = reader.opportunity(&number).await?.opportunity;
    let table = match of {
        OfOne::Items => items(&this),
        OfOne::Offers => offers(&this),
        OfOne::Estimates => estimates(&this),
        OfOne::Opinions => opinions(&this),
    };
    table.answer(kind, reader.as_of()).await
}

fn quantity(quantity: Quantity, unit: Unit) -> [Out; 2] {
    [Out::Amount(quantity.to_string()), text(unit.code())]
}

fn items(this: &Opportunity) -> Table {
    let rows = this.items.iter().map(|item| {
        let [quantity, unit] = quantity(item.quantity, item.unit);
        vec![text(&this.number), text(&item.description), text(&item.category), quantity, unit]
    });
    Table {
        name: "items",
        columns: &["opportunity", "description", "category", "quantity", "unit"],
        rows: rows.collect(),
    }
}

fn offers(this: &Opportunity) -> Table {
    let won = match &this.outcome {
        Some(Outcome::Won { offer, .. }) => Some(*offer),
        _ => None,
    };
    let rows = this.offers.iter().flat_map(|offer| {
        let made = &offer.made;
        let currency = made.amount.currency;
        made.items.iter().map(move |item| {
            let [quantity, unit] = quantity(item.quantity, item.unit);
            vec![
                text(&this.number),
                Out::Whole(i64::from(made.version)),
                Out::Date(offer.submitted_on),
                Out::Date(made.valid_until),
                yes(won == Some(made.version)),
                text(&item.description),
                text(&item.category),
                quantity,
                unit,
                amount(item.unit_price),
                item.amount().map_or(Out::Empty, |value| minor(value, currency)),
                text(currency.code()),
                Out::Date(item.due_on),
            ]
        })
    });
    Table {
        name: "offers",
        columns: &[
            "opportunity",
            "version",
            "submitted_on",
            "valid_until",
            "won",
            "description",
            "category",
            "quantity",
            "unit",
            "unit_price",
            "amount",
            "currency",
            "delivery_by",
        ],
        rows: rows.collect(),
    }
}

fn estimates(this: &Opportunity) -> Table {
    let rows = this.estimates.iter().rev().map(|one| {
        vec![
            text(&this.number),
            Out::Date(one.on),
            Out::Whole(i64::from(one.probability)),
            day(one.signature_on),
            text(&one.reason),
        ]
    });
    Table {
        name: "estimates",
        columns: &["opportunity", "on", "probability_pct", "signature_expected_on", "reason"],
        rows: rows.collect(),
    }
}

fn opinions(this: &Opportunity) -> Table {
    let rows = this.advice.iter().map(|one| {
        vec![
            text(&this.number),
            text(&one.asked_of),
            Out::Date(one.asked_on),
            day(one.given_on),
            optional(one.verdict.map(|verdict| verdict.name())),
            optional(one.conditions.as_deref()),
        ]
    });
    Table {
        name: "opinions",
        columns: &["opportunity", "asked_of", "asked_on", "given_on", "opinion", "conditions"],
        rows: rows.collect(),
    }
}

/// A table of the analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum OfAnalysis {
    /// Expected order intake.
    Intake,
    /// Rates by partner.
    Partners,
    /// Rates by product group.
    Products,
}

/// `GET /opportunities/analysis/intake.csv` and the like, of the period of the page.
pub(in crate::web) async fn of_analysis(visit: Visit, of: OfAnalysis, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let (analysis, _) = reader.opportunity_analysis(period(&visit, reader.as_of())?).await?;
    let table = match of {
        OfAnalysis::Intake => intake(&analysis),
        OfAnalysis::Partners => {
            let names = reader.partners().await?;
            let name = |code: &str| names.iter().find(|(own, _)| own == code).map(|(_, name)| name.clone());
            rates("win-rate-by-partner", &analysis, &analysis.by_partner, name)
        }
        OfAnalysis::Products => rates("win-rate-by-product", &analysis, &analysis.by_product, |_| None),
    };
    table.answer(kind, reader.as_of()).await
}

/// What is offered and not decided; the year is empty where no day of signature is expected.
fn intake(analysis: &Analysis) -> Table {
    let rows = analysis.intake.iter().map(|row| {
        vec![
            row.year.map_or(Out::Empty, |year| Out::Whole(i64::from(year))),
            text(row.currency.code()),
            Out::Whole(row.count),
            minor(row.value, row.currency),
            minor(row.expected, row.currency),
        ]
    });
    Table {
        name: "expected-intake",
        columns: &["year", "currency", "opportunities", "offered", "expected"],
        rows: rows.collect(),
    }
}

fn rates(
    name: &'static str,
    analysis: &Analysis,
    rows: &[Rates],
    named: impl Fn(&str) -> Option<String>,
) -> Table {
    let (from, to) = analysis.period;
    let rows = rows.iter().map(|row| {
        let by_value: Vec<String> = row
            .by_value
            .iter()
            .filter_map(|one| Some(format!("{} {}", one.currency, one.pct.value()?)))
            .collect();
        let days = row.days.value();
        vec![
            text(&row.code),
            optional(named(&row.code)),
            Out::Date(from),
            Out::Date(to),
            Out::Whole(row.open),
            Out::Whole(row.won),
            Out::Whole(row.lost),
            known(&row.win_pct),
            text(by_value.join(", ")),
            Out::Whole(row.answers),
            days.map_or(Out::Empty, |days| Out::Amount(days.mean.to_string())),
            days.map_or(Out::Empty, |days| Out::Amount(days.median.to_string())),
        ]
    });
    Table {
        name,
        columns: &[
            "code",
            "name",
            "from",
            "to",
            "open",
            "won",
            "lost",
            "win_pct",
            "win_pct_by_value",
            "answers",
            "mean_days",
            "median_days",
        ],
        rows: rows.collect(),
    }
}
