//! The page of a run: what it holds, what came of each row, and its files.

use askama::Template;
use axum::extract::Path;
use entente_register::customs::run::{CustomsRun, RowJudged, RowOutcome, RunContent};
use entente_register::ledger::SubjectKind;
use entente_store::reader::{Listing, Page, RunView};

use super::what;
use crate::api::customs::read::given;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::frame::{Frame, Part};
use crate::web::history::{Act, acts};
use crate::web::line::counted;
use crate::web::show;
use crate::web::spreadsheet::{Table, amount, optional, text};
use crate::web::transfer::{Links, Named};
use crate::web::visit::{Pages, Visit};
use crate::web::way::Way;

/// A row of usage data, and what became of it.
#[derive(Debug, Clone)]
pub(crate) struct RowCells {
    pub(crate) row: String,
    pub(crate) licence: Named,
    pub(crate) line: String,
    pub(crate) reference: String,
    pub(crate) on: String,
    pub(crate) quantity: String,
    pub(crate) value: String,
    pub(crate) delivery: Option<Named>,
    /// `pass` or `blocked`, as checks are drawn.
    pub(crate) shape: &'static str,
    pub(crate) result: &'static str,
    pub(crate) why: String,
    pub(crate) discrepancy: Option<Named>,
}

impl RowCells {
    pub(crate) fn of(row: &RowJudged, links: &Links, way: &Way) -> RowCells {
        let (shape, result, why, discrepancy) = match &row.outcome {
            RowOutcome::Accepted => ("pass", "Written off", String::new(), None),
            RowOutcome::OnRecord => ("pass", "On record before", String::new(), None),
            RowOutcome::Refused { words, discrepancy, .. } => {
                let href = way.to(&format!("/discrepancies/{discrepancy}"));
                let named = Named { name: String::new(), number: discrepancy.clone(), href: Some(href) };
                ("blocked", "Refused", words.clone(), Some(named))
            }
        };
        // What was answered as not there is named, and opens nothing.
        let is_there = !matches!(&row.outcome, RowOutcome::Refused { code, .. } if code == "not_found");
        RowCells {
            row: row.row.to_string(),
            licence: named(&row.licence, is_there.then(|| links.licence(&row.licence)).flatten()),
            line: row.line.to_string(),
            reference: row.reference.clone(),
            on: show::day(row.on),
            quantity: counted(row.quantity, row.unit),
            value: row.value.to_string(),
            delivery: row
                .delivery
                .as_ref()
                .map(|number| named(number, is_there.then(|| links.delivery(number)).flatten())),
            shape,
            result,
            why,
            discrepancy,
        }
    }
}

fn named(number: &str, href: Option<String>) -> Named {
    Named { name: String::new(), number: number.to_owned(), href }
}

/// A licence that customs did not take.
#[derive(Debug, Clone)]
pub(crate) struct RejectedCells {
    pub(crate) licence: Named,
    pub(crate) code: String,
    pub(crate) why: String,
    pub(crate) discrepancy: Named,
}

/// Everything on the page of a run.
#[derive(Debug, Clone)]
pub(crate) struct RunPageView {
    pub(crate) key: String,
    pub(crate) what: &'static str,
    pub(crate) state: String,
    pub(crate) state_word: &'static str,
    pub(crate) on: String,
    pub(crate) by: String,
    pub(crate) made_at: String,
    pub(crate) hash: String,
    pub(crate) file: String,
    pub(crate) reply: Option<String>,
    pub(crate) sums: String,
    /// Up to which marking customs were told, of a run out.
    pub(crate) marking: String,
    pub(crate) licences: Vec<Named>,
    pub(crate) rejected: Vec<RejectedCells>,
    pub(crate) withheld: Option<Vec<(Named, String)>>,
    pub(crate) rows: Vec<RowCells>,
    pub(crate) is_usage: bool,
    pub(crate) history: Vec<Act>,
}

#[derive(Template)]
#[template(path = "customs/run.html")]
pub(crate) struct RunPage {
    pub(crate) frame: Frame,
    pub(crate) view: RunPageView,
    pub(crate) pages: Pages,
    /// Whether the file was brought in before, and changed nothing.
    pub(crate) again: bool,
}

/// The part of a list that a page shows.
fn part<T: Clone>(all: &[T], page: Page) -> Listing<T> {
    let place = |number: i64| usize::try_from(number).unwrap_or(0);
    let rows = all.iter().skip(place(page.offset)).take(place(page.limit)).cloned().collect();
    Listing { rows, total: i64::try_from(all.len()).unwrap_or(i64::MAX), page }
}

/// `GET /customs-runs/{key}`
pub(in crate::web) async fn get(visit: Visit, Path(key): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.customs_run(&key).await?;
    let way = visit.way();
    let links = Links::of(visit.actor(), &way);
    let withheld = found.withheld.iter().flatten();
    let label = withheld.fold(found.run.label.clone(), |label, one| label.join(&one.label));
    let pages = match &found.run.content {
        RunContent::Out(exported, _) => visit.pages(&part(&exported.licences, visit.page)),
        RunContent::In(received) => visit.pages(&part(&received.rows, visit.page)),
    };
    crate::web::page(&RunPage {
        frame: visit.frame(Part::Transfers, format!("Run {key}"), &reader).marked(Some(&label)),
        view: view(&found, visit.page, &links, &way),
        pages,
        again: visit.parameter("again").is_some(),
    })
}

/// Writes it for people.
pub(crate) fn view(found: &RunView, page: Page, links: &Links, way: &Way) -> RunPageView {
    let run = &found.run;
    let path = format!("/customs-runs/{}", run.key);
    let discrepancy = |number: &str| named(number, Some(way.to(&format!("/discrepancies/{number}"))));
    let (mut licences, mut rejected, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    let (made_at, marking) = match &run.content {
        RunContent::Out(exported, answer) => {
            let licence = |number: String| {
                let href = links.licence(&number);
                named(&number, href)
            };
            licences.extend(part(&exported.licences, page).rows.into_iter().map(licence));
            let of = answer.iter().flat_map(|(_, answer)| &answer.rejected);
            rejected.extend(of.map(|one| RejectedCells {
                licence: named(&one.licence, links.licence(&one.licence)),
                code: one.code.clone(),
                why: one.words.clone(),
                discrepancy: discrepancy(&one.discrepancy),
            }));
            (exported.made_at.clone(), exported.marking.to_string())
        }
        RunContent::In(received) => {
            rows.extend(part(&received.rows, page).rows.iter().map(|row| RowCells::of(row, links, way)));
            (received.made_at.clone(), String::new())
        }
    };
    RunPageView {
        key: run.key.clone(),
        what: what(run.direction().word()),
        state: show::capital(run.state),
        state_word: run.state,
        on: show::day(run.on),
        by: run.by.clone(),
        made_at,
        hash: run.file().content.clone().unwrap_or_default(),
        file: way.to(&format!("{path}/file")),
        reply: run.reply().map(|_| way.to(&format!("{path}/reply"))),
        sums: sums(run),
        marking,
        licences,
        rejected,
        withheld: found.withheld.as_ref().map(|all| {
            let cells = |one: &entente_store::reader::Withheld| {
                (named(&one.licence, links.licence(&one.licence)), one.label.to_string())
            };
            all.iter().map(cells).collect()
        }),
        rows,
        is_usage: matches!(run.content, RunContent::In(_)),
        history: acts(&found.history, SubjectKind::CustomsRun, &run.key, way),
    }
}

/// `2 rows: 1 accepted, 1 rejected`.
pub(super) fn sums(run: &CustomsRun) -> String {
    let count = |many: usize| i64::try_from(many).unwrap_or(i64::MAX);
    let (one, many) = match run.content {
        RunContent::Out(..) => ("licence", "licences"),
        RunContent::In(_) => ("row", "rows"),
    };
    let holds = show::counted(count(run.holds()), one, many);
    match run.taken() {
        None => format!("{holds}, not answered by customs yet"),
        Some((accepted, rejected)) => format!(
            "{holds}: {} accepted, {} rejected",
            show::count(count(accepted)),
            show::count(count(rejected))
        ),
    }
}

/// `GET /customs-runs/{key}/file`
pub(in crate::web) async fn file(visit: Visit, Path(key): Path<String>) -> Answer {
    Ok(given(&key, "file", visit.reader().await?.customs_file(&key, false).await?))
}

/// `GET /customs-runs/{key}/reply`
pub(in crate::web) async fn reply(visit: Visit, Path(key): Path<String>) -> Answer {
    Ok(given(&key, "reply", visit.reader().await?.customs_file(&key, true).await?))
}

const COLUMNS: &[&str] = &[
    "row",
    "licence",
    "line",
    "reference",
    "on",
    "quantity",
    "unit",
    "value",
    "currency",
    "delivery",
    "result",
    "code",
    "text",
    "discrepancy",
];

/// `GET /customs-runs/{key}/rows.csv` and `.xlsx`: rows of a run in, or licences of a run out with what customs answered.
pub(in crate::web) async fn export(visit: Visit, Path(key): Path<String>, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let run = reader.customs_run(&key).await?.run;
    let rows = match &run.content {
        RunContent::In(received) => received.rows.iter().map(usage_row).collect(),
        RunContent::Out(exported, answer) => {
            let rejected = answer.iter().flat_map(|(_, answer)| &answer.rejected);
            let rejected: std::collections::BTreeMap<&str, _> =
                rejected.map(|one| (one.licence.as_str(), one)).collect();
            let row = |number: &String| {
                let found = rejected.get(number.as_str());
                let result = match (answer, found) {
                    (None, _) => Out::Empty,
                    (Some(_), None) => text("accepted"),
                    (Some(_), Some(_)) => text("rejected"),
                };
                let mut row = vec![Out::Empty, text(number)];
                row.extend((0..8).map(|_| Out::Empty));
                row.extend([
                    result,
                    optional(found.map(|one| &one.code)),
                    optional(found.map(|one| &one.words)),
                    optional(found.map(|one| &one.discrepancy)),
                ]);
                row
            };
            exported.licences.iter().map(row).collect()
        }
    };
    let table = Table { name: "customs-run", columns: COLUMNS, rows };
    table.answer(kind, reader.as_of()).await
}

fn usage_row(row: &RowJudged) -> Vec<Out> {
    let (result, refused) = match &row.outcome {
        RowOutcome::Accepted => ("accepted", None),
        RowOutcome::OnRecord => ("on_record", None),
        RowOutcome::Refused { code, words, discrepancy } => ("rejected", Some((code, words, discrepancy))),
    };
    vec![
        Out::Whole(row.row.into()),
        text(&row.licence),
        Out::Whole(row.line.into()),
        text(&row.reference),
        Out::Date(row.on),
        Out::Amount(row.quantity.to_string()),
        text(row.unit.code()),
        amount(row.value),
        text(row.value.currency.code()),
        optional(row.delivery.as_ref()),
        text(result),
        optional(refused.map(|(code, ..)| code)),
        optional(refused.map(|(_, words, _)| words)),
        optional(refused.map(|(.., discrepancy)| discrepancy)),
    ]
}
