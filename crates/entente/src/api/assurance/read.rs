//! Reads of certificates and inspections.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::ledger::Fallible;
use entente_register::transfer::{certificate, inspection};
use entente_store::reader::{CertificateFilter, InspectionFilter, Listing};

use super::certificate_object::{CertificateObject, CertificateRowObject};
use super::inspection_object::{InspectionObject, InspectionRowObject};
use crate::api::body::state_of;
use crate::api::json::{Asked, List, Rows, View};
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// The state of a filter of certificates: one of the machine, or `asked`.
pub(crate) fn certificate_state(state: &str) -> Fallible<String> {
    state_of(&certificate::MACHINE, "a certificate", &["asked"], state)
}

/// The state of a filter of inspections.
pub(crate) fn inspection_state(state: &str) -> Fallible<String> {
    state_of(&inspection::MACHINE, "an inspection", &[], state)
}

/// End-user certificates: those of which an answer is awaited first, then those that serve nothing yet. An exporter sees its
/// own, without what is asked about them.
#[utoipa::path(get, path = "/certificates", tag = "transfers", params(View, Rows, ("state" = Option<String>, Query, description = "Only this state; `asked` for those of which an answer is awaited"), ("issuer" = Option<String>, Query, description = "Only of this issuing authority"), ("end_user" = Option<String>, Query, description = "Only of this end user"), ("application" = Option<String>, Query, description = "Only those that serve this application"), ("text" = Option<String>, Query, description = "A part of the issuer’s number, or of the register’s")), responses((status = 200, description = "A page of certificates", body = List<CertificateRowObject>)))]
pub(crate) async fn list_certificates(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["state", "issuer", "end_user", "application", "text"])?;
    let given = |name: &str| asked.other(name).map(|value| value.map(str::to_owned));
    let filter = CertificateFilter {
        state: asked.other("state")?.map(certificate_state).transpose()?,
        issuer: given("issuer")?,
        end_user: given("end_user")?,
        application: given("application")?,
        words: given("text")?,
    };
    let found = caller.reader(&app, &asked.view).await?.certificates(&filter, asked.page).await?;
    let rows = found.rows.iter().map(CertificateRowObject::of).collect();
    asked.list(Listing { rows, total: found.total, page: found.page })
}

/// A certificate: what it says, what its issuer says of it, and what stands against it.
#[utoipa::path(get, path = "/certificates/{number}", tag = "transfers", params(("number" = String, Path, description = "Number of the certificate", example = "O-E2026-0001"), View), responses((status = 200, description = "The certificate", body = CertificateObject)))]
pub(crate) async fn read_certificate(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let reader = caller.reader(&app, &asked.view).await?;
    asked.answer(&CertificateObject::of(reader.certificate(&number).await?))
}

/// Inspections after shipment: open incidents first, then those that are planned, the nearest day first.
#[utoipa::path(get, path = "/inspections", tag = "transfers", params(View, Rows, ("state" = Option<String>, Query, description = "Only this state"), ("licence" = Option<String>, Query, description = "Only of what went under this licence"), ("end_user" = Option<String>, Query, description = "Only at this end user")), responses((status = 200, description = "A page of inspections", body = List<InspectionRowObject>)))]
pub(crate) async fn list_inspections(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["state", "licence", "end_user"])?;
    let given = |name: &str| asked.other(name).map(|value| value.map(str::to_owned));
    let filter = InspectionFilter {
        state: asked.other("state")?.map(inspection_state).transpose()?,
        licence: given("licence")?,
        end_user: given("end_user")?,
    };
    let found = caller.reader(&app, &asked.view).await?.inspections(&filter, asked.page).await?;
    let rows = found.rows.iter().map(InspectionRowObject::of).collect();
    asked.list(Listing { rows, total: found.total, page: found.page })
}

/// An inspection: what was to be seen, what was seen, and what follows.
#[utoipa::path(get, path = "/inspections/{number}", tag = "transfers", params(("number" = String, Path, description = "Number of the inspection", example = "O-I2026-0001"), View), responses((status = 200, description = "The inspection", body = InspectionObject)))]
pub(crate) async fn read_inspection(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let reader = caller.reader(&app, &asked.view).await?;
    asked.answer(&InspectionObject::of(reader.inspection(&number).await?))
}
