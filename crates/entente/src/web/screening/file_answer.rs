//! What came of a file of parties: its page, and the same as a table and as JSON lines.

use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use entente_register::ledger::Refusal;
use entente_register::screening::{Standing, marking};
use entente_store::reader::Listing;

use super::explain::Explanation;
use super::kept::{FileAnswer, FileHit, FileRow};
use super::{EditionCells, Place, asks, entry_path, score, tabs};
use crate::error::Answer;
use crate::formats::table::Kind;
use crate::screener::{ENGINE, ten_thousandths};
use crate::web::frame::{Frame, Part};
use crate::web::search::Tab;
use crate::web::show;
use crate::web::spreadsheet::{Table, text};
use crate::web::visit::{Pages, Visit};
use crate::web::way::Way;

/// A hit for people.
#[derive(Debug, Clone)]
pub(crate) struct FoundCells {
    pub(crate) caption: String,
    pub(crate) href: String,
    pub(crate) list: String,
    pub(crate) asks: &'static str,
    pub(crate) score: String,
    pub(crate) why: String,
}

/// A party of the file for people.
#[derive(Debug, Clone)]
pub(crate) struct PartyLine {
    pub(crate) place: String,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) hits: Vec<FoundCells>,
    pub(crate) more: bool,
    pub(crate) nothing: bool,
}

/// What came of a file, for people.
#[derive(Debug, Clone)]
pub(crate) struct FileView {
    pub(crate) name: String,
    /// Parties, those with a hit, those that could not be compared.
    pub(crate) parties: String,
    pub(crate) with_hits: String,
    pub(crate) nothing: usize,
    pub(crate) held: Vec<String>,
    pub(crate) editions: Vec<EditionCells>,
    pub(crate) by: String,
    pub(crate) rows: Vec<PartyLine>,
    pub(crate) pages: Pages,
    pub(crate) forms: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "screening/file_answer.html")]
pub(crate) struct FileAnswerPage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) view: FileView,
}

/// The answer of an address, with the ending of its form.
fn kept(visit: &Visit, id: &str) -> Result<Arc<FileAnswer>, Refusal> {
    let found = visit.app.answers.find(&visit.signed, id, visit.app.store.now());
    found.ok_or_else(|| {
        Refusal::not_found("answer", id)
            .missing("the file sent again: an answer is kept for an hour, for the session that asked")
    })
}

/// `GET /screening/file/{id}`, and with `.csv`, `.xlsx` or `.jsonl` behind it as a file.
pub(in crate::web) async fn get(visit: Visit, Path(named): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    // Rights may have been taken meanwhile.
    reader.lists().await?;
    match named.split_once('.') {
        None => {
            let answer = kept(&visit, &named)?;
            let view = view(&answer, &visit);
            crate::web::page(&FileAnswerPage {
                frame: visit
                    .frame(Part::Screening, format!("Parties of {}", answer.name), &reader)
                    .marked(Some(&marking())),
                tabs: tabs(&visit, &reader, Place::File).await?,
                view,
            })
        }
        Some((id, "csv")) => table(kept(&visit, id)?.as_ref(), Kind::Csv).await,
        Some((id, "xlsx")) => table(kept(&visit, id)?.as_ref(), Kind::Xlsx).await,
        Some((id, "jsonl")) => lines(kept(&visit, id)?.as_ref()),
        Some(_) => Err(Refusal::not_found("answer", &named).into()),
    }
}

fn view(answer: &FileAnswer, visit: &Visit) -> FileView {
    let page = visit.page;
    let from = usize::try_from(page.offset).unwrap_or(usize::MAX);
    let way = visit.way();
    let rows: Vec<PartyLine> = answer
        .rows
        .iter()
        .skip(from)
        .take(usize::try_from(page.limit).unwrap_or(50))
        .map(|row| PartyLine::of(row, &way))
        .collect();
    let listing = Listing { rows, total: i64::try_from(answer.rows.len()).unwrap_or(i64::MAX), page };
    let pages = visit.pages(&listing);
    FileView { pages, rows: listing.rows, ..summed(answer, &way) }
}

/// What came of a file without its rows.
pub(crate) fn summed(answer: &FileAnswer, way: &Way) -> FileView {
    let count = |number: usize| show::count(i64::try_from(number).unwrap_or(i64::MAX));
    let to = |form: &str| way.to(&format!("/screening/file/{}.{form}", answer.id));
    FileView {
        name: answer.name.clone(),
        parties: count(answer.rows.len()),
        with_hits: count(answer.rows.iter().filter(|row| !row.hits.is_empty()).count()),
        nothing: answer.rows.iter().filter(|row| row.nothing).count(),
        held: answer.held.clone(),
        editions: answer.editions.clone(),
        by: answer.by.clone(),
        rows: Vec::new(),
        pages: Pages::default(),
        forms: vec![("CSV", to("csv")), ("XLSX", to("xlsx")), ("JSON lines", to("jsonl"))],
    }
}

impl PartyLine {
    pub(crate) fn of(row: &FileRow, way: &Way) -> PartyLine {
        let hits = row.hits.iter().map(|hit| FoundCells {
            caption: hit.caption.clone(),
            href: way.to(&entry_path(&hit.list, &hit.entry)),
            list: hit.list.clone(),
            asks: asks(standing(hit)),
            score: score(i64::from(ten_thousandths(hit.score.score))),
            why: why(hit),
        });
        PartyLine {
            place: show::count(i64::try_from(row.place).unwrap_or(i64::MAX)),
            id: row.id.clone(),
            name: row.name.clone(),
            hits: hits.collect(),
            more: row.more,
            nothing: row.nothing,
        }
    }
}

fn standing(hit: &FileHit) -> Standing {
    if hit.binding { Standing::Binding } else { Standing::Advisory }
}

/// The reasons of a hit in one sentence.
fn why(hit: &FileHit) -> String {
    let explained = Explanation::of(&hit.score);
    let others = explained.weighs.iter().map(|weigh| format!("{} ({})", weigh.says, weigh.by));
    std::iter::once(explained.said.clone())
        .chain(others)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("; ")
}

/// Why the answer clears nobody, or does not clear this party.
fn held(answer: &FileAnswer, row: &FileRow) -> String {
    if row.nothing {
        return "The party has no name and no identifier that could be compared.".to_owned();
    }
    let mut held = answer.held.clone();
    if row.more {
        held.push("There are more hits than these: look the party up by itself.".to_owned());
    }
    held.join(" ")
}

/// A row a hit, and one for a party without.
async fn table(answer: &FileAnswer, kind: Kind) -> Answer {
    let mut rows = Vec::new();
    for row in &answer.rows {
        let own = || vec![text(row.id.clone()), text(row.name.clone())];
        let held = held(answer, row);
        if row.hits.is_empty() {
            let mut cells = own();
            cells.extend(["", "", "", "", "", "no", &held, ""].map(text));
            rows.push(cells);
        }
        for hit in &row.hits {
            let mut cells = own();
            cells.extend([
                text(hit.list.clone()),
                text(standing(hit).word()),
                text(hit.entry.clone()),
                text(hit.caption.clone()),
                text(score(i64::from(ten_thousandths(hit.score.score)))),
                text("yes"),
                text(held.clone()),
                text(why(hit)),
            ]);
            rows.push(cells);
        }
    }
    let columns = &["id", "name", "list", "standing", "entry", "caption", "score", "match", "held", "why"];
    Table { name: "screened", columns, rows }.answer(kind, answer.as_of).await
}

/// A JSON object a party, as `entente screen` writes it.
fn lines(answer: &FileAnswer) -> Answer {
    let mut text = String::new();
    for row in &answer.rows {
        let results: Vec<serde_json::Value> = row
            .hits
            .iter()
            .map(|hit| {
                serde_json::json!({
                    "id": hit.entry,
                    "caption": hit.caption,
                    "score": (hit.score.score * 1_000.0).round() / 1_000.0,
                    "match": true,
                    "datasets": [hit.list],
                    "explanations": hit.score.reasons,
                })
            })
            .collect();
        let held = Some(held(answer, row)).filter(|held| !held.is_empty());
        let line = serde_json::json!({ "id": row.id, "results": results, "held": held, "engine": ENGINE });
        text.push_str(&line.to_string());
        text.push('\n');
    }
    let disposition = format!("attachment; filename=\"screened-{}.jsonl\"", answer.as_of);
    let head = [(CONTENT_TYPE, "application/x-ndjson".to_owned()), (CONTENT_DISPOSITION, disposition)];
    Ok((head, text).into_response())
}
