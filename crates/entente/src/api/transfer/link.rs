//! Reads of the link from the contract to the inspection, and of the breaks in it.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::ledger::{Fallible, Refusal};
use entente_register::transfer::link::{BreakKind, USUAL_AHEAD};
use entente_store::reader::{BreakFilter, LinkFocus, Listing, Told};

use super::link_object::{BreakObject, LinkObject};
use crate::api::json::{Asked, List, Rows, View};
use crate::app::App;
use crate::error::Answer;
use crate::parameters::days_ahead;
use crate::session::Caller;

/// A kind of breaks by its word.
pub(crate) fn break_kind(word: &str) -> Fallible<BreakKind> {
    word.parse::<BreakKind>().map_err(|refusal| refusal.field("kind"))
}

/// Whether breaks are asked for, or what cannot be told.
pub(crate) fn told_word(word: &str) -> Fallible<Told> {
    Told::ALL.into_iter().find(|told| told.word() == word).ok_or_else(|| {
        Refusal::new("parameter.unknown", format!("told cannot be {word:?}."))
            .field("told")
            .missing("broken, untold or both")
    })
}

/// Breaks in the chain from the contract to the inspection, by what is broken, then by contract. An exporter sees those of its
/// own business.
#[utoipa::path(get, path = "/breaks", tag = "transfers", params(View, Rows, ("kind" = Option<String>, Query, description = "Only this kind, for example `verified_less_than_delivered`"), ("partner" = Option<String>, Query, description = "Only of this partner, by its code"), ("contract" = Option<String>, Query, description = "Only of this contract"), ("told" = Option<String>, Query, description = "`broken` if absent; `untold` for what cannot be told, or `both`"), ("ahead" = Option<u32>, Query, description = "Days ahead within which a line that is to be delivered wants a licence, 90 if absent")), responses((status = 200, description = "A page of breaks", body = List<BreakObject>)))]
pub(crate) async fn list_breaks(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["kind", "partner", "contract", "told", "ahead"])?;
    let filter = BreakFilter {
        kind: asked.other("kind")?.map(break_kind).transpose()?,
        partner: asked.other("partner")?.map(str::to_owned),
        contract: asked.other("contract")?.map(str::to_owned),
        told: asked.other("told")?.map(told_word).transpose()?.unwrap_or_default(),
        ahead: days_ahead(asked.other("ahead")?)?.unwrap_or(USUAL_AHEAD),
    };
    let found = caller.reader(&app, &asked.view).await?.breaks(&filter, asked.page).await?;
    let rows = found.rows.iter().map(BreakObject::of).collect();
    asked.list(Listing { rows, total: found.total, page: found.page })
}

/// All that hangs together with a contract, a line, a delivery, an application, a licence, a certificate or an inspection, with
/// the quantities from one to the next, and what is broken of it.
#[utoipa::path(get, path = "/links/{kind}/{number}", tag = "transfers", params(("kind" = String, Path, description = "`contract`, `line`, `delivery`, `application`, `licence`, `certificate` or `inspection`", example = "licence"), ("number" = String, Path, description = "Its number", example = "O-L2026-0001"), View), responses((status = 200, description = "The link", body = LinkObject)))]
pub(crate) async fn read_link(
    State(app): State<Arc<App>>,
    Path((kind, number)): Path<(String, String)>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let focus = LinkFocus::of(&kind, &number).ok_or_else(|| {
        Refusal::new("parameter.unknown", format!("Nothing is linked by the kind {kind:?}."))
            .field("kind")
            .missing(format!("one of {}", LinkFocus::WORDS.join(", ")))
    })?;
    let reader = caller.reader(&app, &asked.view).await?;
    asked.answer(&LinkObject::of(&focus, reader.link(&focus).await?, reader.as_of()))
}
