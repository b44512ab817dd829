//! Searching everything that the caller may see.

use std::sync::Arc;

use axum::extract::State;
use entente_register::search::{Piece, Query, SearchKind};
use entente_store::reader::{Found, FoundKind, FoundRow};
use serde::Serialize;
use utoipa::ToSchema;

use super::body::at;
use super::change::place_of;
use super::json::{Asked, Rows, View};
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// What a search has found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundObject {
    /// What was searched for.
    q: String,
    /// The kinds that the caller may search, in one order.
    kinds: Vec<FoundKindObject>,
    /// The join of the markings of the rows that are given; null where none is.
    label: Option<String>,
}

/// What was found of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundKindObject {
    /// `contract`, `line`, `delivery`, `opportunity`, `payment`, `document`, `partner` or `party`.
    kind: &'static str,
    /// How many there are, 200 at most.
    total: i64,
    /// Whether there are more than that.
    more: bool,
    /// The rows of the page, if the kind was asked for: an exact number first, then by the number of fields that bear
    /// a word, then by name.
    rows: Vec<FoundRowObject>,
}

/// Something that was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundRowObject {
    /// Its number; of a document, that of what names it.
    number: String,
    /// What it is about: `contract:O-2012-0015`.
    subject: String,
    /// Its name or title.
    name: String,
    /// Code of its partner.
    partner: Option<String>,
    /// Whether its number is the whole of what was searched for.
    exact: bool,
    /// The fields that bear a word, with what of them does.
    matched: Vec<MatchObject>,
    /// Marking; absent of partners.
    label: Option<String>,
    /// Where it opens; null of a paper that is held outside the register.
    link: Option<String>,
}

/// A text that bears a word.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatchObject {
    /// `number`, `name`, `partner`, `reference`, `party`, `customer`, `product` or `category`.
    field: &'static str,
    /// The whole text.
    text: String,
    /// What of it bears a word, in its order.
    found: Vec<String>,
}

impl MatchObject {
    fn of(field: &'static str, pieces: &[Piece]) -> Option<MatchObject> {
        let found: Vec<String> = pieces.iter().filter(|piece| piece.found).map(|p| p.text.clone()).collect();
        (!found.is_empty()).then(|| MatchObject { field, text: whole(pieces), found })
    }
}

fn whole(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

impl FoundRowObject {
    fn of(kind: SearchKind, row: &FoundRow, query: &str) -> FoundRowObject {
        let link = match kind {
            // A paper that is held outside the register has no address.
            SearchKind::Document => {
                row.content.as_ref().map(|c| format!("/api/v1/documents/{}/{c}{query}", row.subject))
            }
            SearchKind::Partner => Some(format!("/api/v1/partners/{}{query}", row.subject.key)),
            SearchKind::Party => Some(format!("/api/v1/parties/{}{query}", row.subject.key)),
            _ => place_of(&row.subject).map(|place| format!("{place}{query}")),
        };
        let named = [("number", Some(&row.number)), ("name", Some(&row.name))];
        let partner = [("partner", row.partner.as_ref().map(|(_, name)| name))];
        let own =
            named.into_iter().chain(partner).filter_map(|(field, pieces)| MatchObject::of(field, pieces?));
        let others = row.texts.iter().filter_map(|text| MatchObject::of(text.field.word(), &text.text));
        FoundRowObject {
            number: row.subject.key.clone(),
            subject: row.subject.to_string(),
            name: whole(&row.name),
            partner: row.partner.as_ref().map(|(code, _)| code.clone()),
            exact: row.exact,
            matched: own.chain(others).collect(),
            label: row.label.as_ref().map(ToString::to_string),
            link,
        }
    }
}

impl FoundObject {
    fn of(asked: &str, found: &Found, query: &str) -> FoundObject {
        let kind = |kind: &FoundKind| FoundKindObject {
            kind: kind.kind.word(),
            total: kind.total,
            more: kind.more,
            rows: kind.rows.iter().map(|row| FoundRowObject::of(kind.kind, row, query)).collect(),
        };
        FoundObject {
            q: asked.to_owned(),
            kinds: found.kinds.iter().map(kind).collect(),
            label: found.label.as_ref().map(ToString::to_string),
        }
    }
}

/// What bears all words, of all that the caller may see.
#[utoipa::path(get, path = "/search", tag = "search", params(View, Rows, ("q" = String, Query, description = "Words, numbers or parts of them; the last may be the beginning of a word. At most eight, of 200 characters together", example = "patrol boats"), ("kind" = Option<String>, Query, description = "Rows of this kind alone; of the others only how many there are")), responses((status = 200, description = "What was found, by kind: of each a page of rows", body = FoundObject)))]
pub(crate) async fn search(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["q", "kind"])?;
    let kind: Option<SearchKind> = at("kind", asked.other("kind")?.map(str::parse).transpose())?;
    let query = Query::parse(asked.other("q")?.unwrap_or_default())?;
    let reader = caller.reader(&app, &asked.view).await?;
    let found = reader.search(&query, kind.as_slice(), asked.page).await?;
    asked.answer(&FoundObject::of(query.typed(), &found, &asked.view.query()))
}
