//! Reads of applications and licences.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::ledger::{Fallible, Refusal};
use entente_register::transfer::{application, licence};
use entente_store::reader::{ApplicationFilter, LicenceFilter, Listing};

use super::licence_object::{LicenceObject, LicenceRowObject};
use super::object::{ApplicationObject, ApplicationRowObject};
use crate::api::body::state_of;
use crate::api::json::{Asked, List, Rows, View};
use crate::app::App;
use crate::error::Answer;
use crate::formats::case_file::JudgedObject;
use crate::session::Caller;

/// The state of a filter of applications: one of the machine, or `running`.
pub(crate) fn application_state(state: &str) -> Fallible<String> {
    state_of(&application::MACHINE, "an application", &["running"], state)
}

/// The state of a filter of licences: one of the machine, or `expired`.
pub(crate) fn licence_state(state: &str) -> Fallible<String> {
    state_of(&licence::MACHINE, "a licence", &["expired"], state)
}

/// The word of a filter of deliveries to be verified.
pub(crate) fn verification_word(word: &str) -> Fallible<String> {
    if ["overdue", "remind", "open"].contains(&word) {
        return Ok(word.to_owned());
    }
    Err(Refusal::new("parameter.unknown", format!("{word:?} is no standing of a verification."))
        .field("verification")
        .missing("overdue, remind or open"))
}

/// Applications: those that wait for a second signature first, then those that wait for a decision, the oldest before the
/// others. An applicant sees its own, an agency those that it was asked about.
#[utoipa::path(get, path = "/applications", tag = "transfers", params(View, Rows, ("state" = Option<String>, Query, description = "Only this state; `running` for all that wait for somebody"), ("applicant" = Option<String>, Query, description = "Only of this party"), ("destination" = Option<String>, Query, description = "Only to this state, ISO 3166-1 alpha-3"), ("text" = Option<String>, Query, description = "Words of the title, or a part of the number")), responses((status = 200, description = "A page of applications", body = List<ApplicationRowObject>)))]
pub(crate) async fn list_applications(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["state", "applicant", "destination", "text"])?;
    let filter = ApplicationFilter {
        state: asked.other("state")?.map(application_state).transpose()?,
        applicant: asked.other("applicant")?.map(str::to_owned),
        destination: asked.other("destination")?.map(str::to_owned),
        words: asked.other("text")?.map(str::to_owned),
    };
    let found = caller.reader(&app, &asked.view).await?.applications(&filter, asked.page).await?;
    let rows = found.rows.iter().map(ApplicationRowObject::of).collect();
    asked.list(Listing { rows, total: found.total, page: found.page })
}

/// An application with its questions, checks, opinions, assessment, proposal and decisions, as far as they are open to
/// the caller.
#[utoipa::path(get, path = "/applications/{number}", tag = "transfers", params(("number" = String, Path, description = "Number of the application", example = "O-T2026-0001"), View), responses((status = 200, description = "The application", body = ApplicationObject)))]
pub(crate) async fn read_application(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let reader = caller.reader(&app, &asked.view).await?;
    asked.answer(&ApplicationObject::of(reader.application(&number).await?, reader.as_of()))
}

/// Licences: those in use first, the nearest end before the others. A holder sees its own.
#[utoipa::path(get, path = "/licences", tag = "transfers", params(View, Rows, ("state" = Option<String>, Query, description = "Only this state; `expired` for those whose last day is over"), ("holder" = Option<String>, Query, description = "Only of this party"), ("destination" = Option<String>, Query, description = "Only to this state, ISO 3166-1 alpha-3"), ("verification" = Option<String>, Query, description = "Only those with a delivery to be verified: `overdue`, `remind` within 30 days, or `open` for any"), ("text" = Option<String>, Query, description = "Words of the first line, or a part of the number")), responses((status = 200, description = "A page of licences", body = List<LicenceRowObject>)))]
pub(crate) async fn list_licences(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["state", "holder", "destination", "verification", "text"])?;
    let filter = LicenceFilter {
        state: asked.other("state")?.map(licence_state).transpose()?,
        holder: asked.other("holder")?.map(str::to_owned),
        destination: asked.other("destination")?.map(str::to_owned),
        verification: asked.other("verification")?.map(verification_word).transpose()?,
        words: asked.other("text")?.map(str::to_owned),
    };
    let reader = caller.reader(&app, &asked.view).await?;
    let found = reader.licences(&filter, asked.page).await?;
    let rows = found.rows.iter().map(|row| LicenceRowObject::of(row, reader.as_of())).collect();
    asked.list(Listing { rows, total: found.total, page: found.page })
}

/// A licence: of each line what was granted, what is written off and what is left; its conditions and write-offs.
#[utoipa::path(get, path = "/licences/{number}", tag = "transfers", params(("number" = String, Path, description = "Number of the licence", example = "O-L2026-0001"), View), responses((status = 200, description = "The licence", body = LicenceObject)))]
pub(crate) async fn read_licence(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let reader = caller.reader(&app, &asked.view).await?;
    asked.answer(&LicenceObject::of(reader.licence(&number).await?, reader.as_of()))
}

/// The decision on an application, judged again: by the rules in force on its day, as they were known when it was signed and as
/// they are known now.
#[utoipa::path(get, path = "/applications/{number}/judged-again", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), View), responses((status = 200, description = "What stands against it", body = JudgedObject)))]
pub(crate) async fn judge_again(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let reader = caller.reader(&app, &asked.view).await?;
    asked.answer(&JudgedObject::of(&reader.judge_again(&number).await?))
}
