//! What was decided before of goods like those of an application.

use entente_store::reader::{PrecedentRow, PrecedentsView as Found};

use super::{Links, Named};
use crate::formats::table::{Kind, Out};
use crate::web::show;
use crate::web::spreadsheet::text;

/// An earlier decision.
#[derive(Debug, Clone)]
pub(crate) struct PrecedentCells {
    pub(crate) application: Named,
    pub(crate) title: String,
    pub(crate) destination: String,
    pub(crate) nearness: String,
    pub(crate) on: String,
    pub(crate) outcome: String,
    pub(crate) shape: &'static str,
    pub(crate) licence: Option<Named>,
    /// By which criteria it was refused, or on how many conditions it was granted.
    pub(crate) further: String,
}

/// The precedents of an application.
#[derive(Debug, Clone, Default)]
pub(crate) struct PrecedentsView {
    /// How many there are and what came of them, in words.
    pub(crate) sums: String,
    pub(crate) rows: Vec<PrecedentCells>,
}

fn further(row: &PrecedentRow) -> String {
    let criteria: Vec<&str> = row.criteria.iter().map(|one| one.name()).collect();
    let conditions = match row.conditions {
        0 => String::new(),
        many => {
            let many = i64::try_from(many).unwrap_or(i64::MAX);
            format!("on {}", show::counted(many, "condition", "conditions"))
        }
    };
    [criteria.join("; "), conditions].into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>().join(", ")
}

impl PrecedentsView {
    pub(crate) fn of(found: &Found, links: &Links) -> PrecedentsView {
        use entente_register::transfer::precedent::Outcome;
        let outcomes = found.outcomes.iter().map(|(outcome, many)| format!("{many} {}", outcome.name()));
        let outcomes = outcomes.collect::<Vec<_>>().join(", ");
        let more = if found.is_more { "; older ones were not looked at" } else { "" };
        let shown = match found.rows.len() < found.total {
            true => format!("; the nearest {}", found.rows.len()),
            false => String::new(),
        };
        let row = |row: &PrecedentRow| PrecedentCells {
            application: Named::number(
                &row.precedent.application,
                links.application(&row.precedent.application),
            ),
            title: row.title.clone(),
            destination: row.destination.clone(),
            nearness: show::capital(row.precedent.nearness.name()),
            on: show::day(row.precedent.on),
            outcome: show::capital(row.precedent.outcome.name()),
            shape: match row.precedent.outcome {
                Outcome::Granted => "pass",
                Outcome::Partly => "record",
                Outcome::Refused => "blocked",
            },
            licence: row.licence.as_ref().map(|number| Named::number(number, links.licence(number))),
            further: further(row),
        };
        PrecedentsView {
            sums: match found.total {
                0 => String::new(),
                _ => format!("{outcomes}{shown}{more}"),
            },
            rows: found.rows.iter().map(row).collect(),
        }
    }
}

/// The columns of the table for spreadsheets.
const COLUMNS: [&str; 8] =
    ["application", "title", "destination", "nearness", "decided_on", "outcome", "licence", "further"];

/// `GET /applications/{number}/precedents.csv` and `.xlsx`
pub(in crate::web) async fn export(
    visit: crate::web::visit::Visit,
    axum::extract::Path(number): axum::extract::Path<String>,
    kind: Kind,
) -> crate::error::Answer {
    let reader = visit.reader().await?;
    let found = reader.precedents(&reader.application(&number).await?).await?;
    let row = |row: &PrecedentRow| {
        vec![
            text(&row.precedent.application),
            text(&row.title),
            text(&row.destination),
            text(row.precedent.nearness.word()),
            Out::Date(row.precedent.on),
            text(row.precedent.outcome.word()),
            text(row.licence.clone().unwrap_or_default()),
            text(further(row)),
        ]
    };
    let table = crate::web::spreadsheet::Table {
        name: "precedents",
        columns: &COLUMNS,
        rows: found.rows.iter().map(row).collect(),
    };
    table.answer(kind, reader.as_of()).await
}
