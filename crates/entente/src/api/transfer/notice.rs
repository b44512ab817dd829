//! What of transfers wants attention: how much of each kind, and what is behind each count.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::transfer::notice::{Notice, NoticeKind};
use entente_store::reader::NoticeCount;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::json::{Asked, List, Rows, View, Whole};
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// How much of a kind wants attention.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticeCountObject {
    /// The kind, for example `licence_suspended`.
    pub(crate) kind: &'static str,
    /// The same for people.
    pub(crate) name: &'static str,
    /// How many, of what is open to you.
    pub(crate) count: i64,
}

impl NoticeCountObject {
    pub(crate) fn of(count: NoticeCount) -> NoticeCountObject {
        NoticeCountObject { kind: count.kind.word(), name: count.kind.name(), count: count.count }
    }
}

/// One thing that wants attention.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticeObject {
    pub(crate) kind: &'static str,
    /// Number of the licence, application, certificate, inspection, discrepancy or standing assessment; name of the list,
    /// identifier of the regime, year of the report.
    pub(crate) number: String,
    pub(crate) title: String,
    /// The state that it concerns, ISO 3166-1 alpha-3.
    pub(crate) state: Option<String>,
    /// The day that is over or comes.
    #[schema(format = Date)]
    pub(crate) due_on: Option<String>,
    /// Why, in words.
    pub(crate) why: String,
}

/// Columns of a list for spreadsheets.
pub(crate) const NOTICE_COLUMNS: [&str; 6] = ["kind", "number", "state", "title", "due_on", "why"];

impl NoticeObject {
    pub(crate) fn of(notice: Notice) -> NoticeObject {
        NoticeObject {
            kind: notice.kind.word(),
            number: notice.number,
            title: notice.title,
            state: notice.state,
            due_on: notice.due_on.map(|on| on.to_string()),
            why: notice.why,
        }
    }
}

/// How much of each kind wants attention, of the kinds of which you read everything that is open to you.
#[utoipa::path(get, path = "/notices", tag = "transfers", params(View), responses((status = 200, description = "A count for each kind", body = Whole<NoticeCountObject>)))]
pub(crate) async fn count_notices(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let counts = caller.reader(&app, &asked.view).await?.notice_counts().await?;
    asked.whole(counts.into_iter().map(NoticeCountObject::of).collect())
}

/// What of a kind wants attention, the longest overdue first.
#[utoipa::path(get, path = "/notices/{kind}", tag = "transfers", params(("kind" = String, Path, description = "The kind", example = "licence_suspended"), View, Rows), responses((status = 200, description = "A page of what wants attention", body = List<NoticeObject>)))]
pub(crate) async fn list_notices(
    State(app): State<Arc<App>>,
    Path(kind): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let kind: NoticeKind = kind.parse()?;
    let found = caller.reader(&app, &asked.view).await?.notices(kind, asked.page).await?;
    asked.list(found.map(NoticeObject::of))
}
