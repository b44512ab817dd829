//! What all changes have in common: who, once only, and on which state.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::{CONTENT_TYPE, IF_MATCH, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use entente_register::access::{AccountCommand, Actor, Reading, may_read};
use entente_register::command::Command;
use entente_register::contract::line::{LineCommand, contract_of};
use entente_register::customs::CustomsCommand;
use entente_register::ledger::{Refusal, Subject, SubjectKind};
use entente_register::partner::PartnerCommand;
use entente_store::reader::Reader;
use entente_store::{Error, Outcome, Receipt, Request};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::json::{represent, same_tag};
use super::read;
use crate::app::App;
use crate::error::{Answer, Failure};
use crate::parameters::{ViewParameters, query_pairs};
use crate::session::Caller;

/// The headers of a request that makes something new.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "a description; `Change` reads them")]
pub(crate) struct NewHeaders {
    /// The caller's own key: the same key is carried out once and answered alike.
    #[param(rename = "Idempotency-Key")]
    idempotency_key: Option<String>,
}

/// The headers of every change of what is there.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "a description; `Change` reads them")]
pub(crate) struct Headers {
    /// The caller's own key: the same key is carried out once and answered alike.
    #[param(rename = "Idempotency-Key")]
    idempotency_key: Option<String>,
    /// The version of the subject that the caller has seen; a later one is a conflict (409). Not beside If-Match.
    #[param(rename = "Expected-Version")]
    expected_version: Option<u32>,
    /// The ETag of the subject that the caller has seen; another one is refused (412). A read of a part (offset or
    /// limit) has none.
    #[param(rename = "If-Match")]
    if_match: Option<String>,
}

/// A change that is asked for, before its command is known.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    caller: Caller,
    view: ViewParameters,
    idempotency_key: Option<String>,
    expected_version: Option<u32>,
    if_match: Option<String>,
}

impl FromRequestParts<Arc<App>> for Change {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Change, Failure> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let view = ViewParameters::parse(&query_pairs(parts)?)?;
        let header = |name: &str| -> Result<Option<String>, Refusal> {
            let Some(value) = parts.headers.get(name) else { return Ok(None) };
            value.to_str().map(|text| Some(text.trim().to_owned())).map_err(|_| {
                Refusal::new("header.malformed", format!("The header {name} cannot be read."))
                    .field(name)
                    .missing("printable ASCII")
            })
        };
        let expected_version = header("expected-version")?
            .map(|text| {
                text.parse().map_err(|_| {
                    Refusal::new("header.malformed", "The expected version is no whole number.")
                        .field("expected_version")
                        .missing("the version that the subject had when you read it")
                })
            })
            .transpose()?;
        let if_match = header(IF_MATCH.as_str())?;
        if if_match.is_some() && expected_version.is_some() {
            return Err(Refusal::new(
                "precondition.twice",
                "The request names a tag and a version, and they may not agree.",
            )
            .field("expected_version")
            .missing("either If-Match or Expected-Version")
            .into());
        }
        Ok(Change {
            caller,
            view,
            // The header is a structured string by its draft, a bare one by custom.
            idempotency_key: header("idempotency-key")?.map(|key| key.trim_matches('"').to_owned()),
            expected_version,
            if_match,
        })
    }
}

/// What was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReceiptObject {
    /// The subject that changed, `KIND:NUMBER`.
    #[schema(examples("contract:O-2012-0015"))]
    subject: String,
    /// Its number, code or name.
    number: String,
    /// Its version now.
    version: u32,
    /// When it was recorded.
    #[schema(format = DateTime)]
    recorded_at: String,
    /// Whether the answer is that of an earlier request with the same key.
    repeated: bool,
    /// Place in the ledger, for those who may read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<i64>,
    /// The one-time password that was given with it; it is not shown again.
    #[serde(skip_serializing_if = "Option::is_none")]
    one_time_password: Option<String>,
}

impl Change {
    /// Who asks.
    pub(crate) fn actor(&self) -> &Actor {
        &self.caller.actor
    }

    /// Reads the present, as whoever asks sees it.
    pub(crate) async fn reader(&self, app: &App) -> Outcome<Reader> {
        let reader = app.store.reader(&self.caller.actor, None, None).await?;
        Ok(reader.from_source(&self.caller.source).counting_by(self.view.options().counting))
    }

    /// Carries the command out and answers with its receipt.
    pub(crate) async fn carry_out(self, app: &App, command: Command) -> Answer {
        let request = self.request(app, command).await?;
        let done = app.store.execute(&self.caller.actor, request).await;
        let receipt = done.map_err(|error| self.failure(error))?;
        answer(&self.caller.actor, &receipt, None)
    }

    /// Carries the command out; a new account, or one that is reset, gets a one-time password.
    pub(crate) async fn carry_out_with_password(self, app: &App, command: Command) -> Answer {
        let request = self.request(app, command).await?;
        let done = app.store.execute_giving_password(&self.caller.actor, request).await;
        let (receipt, password) = done.map_err(|error| self.failure(error))?;
        answer(&self.caller.actor, &receipt, password)
    }

    async fn request(&self, app: &App, command: Command) -> Result<Request, Failure> {
        let given = self.if_match.is_some() || self.expected_version.is_some_and(|version| version > 0);
        if given && makes_new(&command) {
            let field = if self.if_match.is_some() { "if_match" } else { "expected_version" };
            return Err(Refusal::new(
                "precondition.not_possible",
                "This request makes something new, of which nobody has seen a version.",
            )
            .field(field)
            .missing("neither If-Match nor Expected-Version; an Idempotency-Key keeps a repeated request from being carried out twice")
            .into());
        }
        let expected_version = match (&self.if_match, subject_of(&command)) {
            (Some(tags), Some(subject)) => Some(self.matched_version(app, tags, &subject).await?),
            (Some(_), None) => {
                return Err(Refusal::new(
                    "precondition.not_possible",
                    "This request names no subject with an ETag.",
                )
                .field("if_match")
                .missing("no If-Match here; Expected-Version serves instead")
                .into());
            }
            (None, _) => self.expected_version,
        };
        Ok(Request { command, expected_version, idempotency_key: self.idempotency_key.clone() })
    }

    fn failure(&self, error: Error) -> Failure {
        match error {
            Error::Refusal(refusal) if refusal.code == "conflict" && self.if_match.is_some() => {
                Failure::with_status(StatusCode::PRECONDITION_FAILED, refusal)
            }
            error => error.into(),
        }
    }

    /// The version of the representation that the caller has seen. The store then
    /// checks it once more under its lock, so nothing can slip in between.
    ///
    /// A change is of the present. A tag read in the view of the request, which in a demonstration is an old
    /// one, is as good, as long as nothing has changed since: the version says so.
    async fn matched_version(&self, app: &App, tags: &str, subject: &Subject) -> Result<u32, Failure> {
        let present = self.reader(app).await?;
        let matches = |value: &read::Shown| -> Result<bool, Failure> {
            let (_, own) = represent(value)?;
            Ok(tags.trim() == "*" || tags.split(',').any(|tag| same_tag(tag, &own)))
        };
        let (value, version) = read::representation(&present, subject).await?;
        if matches(&value)? {
            return Ok(version);
        }
        let reader = self.caller.reader(app, &self.view).await?;
        match read::representation(&reader, subject).await {
            Ok((value, version)) if matches(&value)? => return Ok(version),
            // It was not known then; the present has been compared already.
            Err(Error::Refusal(refusal)) if refusal.is_not_found() => {}
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        Err(Failure::with_status(
            StatusCode::PRECONDITION_FAILED,
            Refusal::new("precondition.failed", "The subject is not what you have seen.")
                .field("if_match")
                .missing(format!(
                    "a fresh reading of the subject as it stands, as_of={}; nothing was written",
                    app.store.today()
                )),
        ))
    }
}

/// Whether a command makes a subject that is not there before it.
fn makes_new(command: &Command) -> bool {
    match command {
        Command::Found { .. }
        | Command::Party(_)
        | Command::Forecast(_)
        | Command::Draft(_)
        | Command::Certify(_)
        | Command::Guide(_)
        | Command::Inspect(_)
        | Command::AskReexport(_)
        | Command::Customs(CustomsCommand::Export | CustomsCommand::Usage { .. }) => true,
        Command::Account { command, .. } => matches!(command, AccountCommand::Open(_)),
        Command::Partner(command) => {
            matches!(command, PartnerCommand::Register { .. } | PartnerCommand::RegisterGroup { .. })
        }
        Command::Contract { number, .. } => number.is_none(),
        Command::Line { command, .. } => matches!(command, LineCommand::Add(_)),
        Command::Delivery { number, .. } => number.is_none(),
        Command::Plan { version, .. } => version.is_none(),
        Command::Rate { number, .. } => number.is_none(),
        Command::Opportunity { number, .. } => number.is_none(),
        // These name the contract for what is new; the store compares the version it gives.
        Command::Schedule { .. }
        | Command::Instalment { .. }
        | Command::Receipt { .. }
        | Command::Penalty { .. }
        | Command::Milestone { .. }
        | Command::Slippage { .. }
        | Command::Corrective { .. }
        | Command::Offset { .. }
        | Command::Report { .. }
        | Command::List { .. }
        | Command::Case { .. }
        | Command::Embargo { .. }
        | Command::Guidance { .. }
        | Command::Policy(_)
        | Command::Application { .. }
        | Command::Licence { .. }
        | Command::Certificate { .. }
        | Command::Specimens { .. }
        | Command::Inspection { .. }
        | Command::Customs(CustomsCommand::Clear { .. } | CustomsCommand::Reply { .. })
        | Command::Discrepancy { .. }
        | Command::Reexport { .. }
        | Command::Statistic { .. } => false,
    }
}

/// The subject of a command, where it has a representation of its own.
fn subject_of(command: &Command) -> Option<Subject> {
    match command {
        Command::Contract { number: Some(number), .. } => Some(SubjectKind::Contract.subject(number)),
        Command::Line { number, command: LineCommand::Amend { .. } } => {
            Some(SubjectKind::Line.subject(number))
        }
        Command::Delivery { number: Some(number), .. } => Some(SubjectKind::Delivery.subject(number)),
        Command::Opportunity { number: Some(number), .. } => Some(SubjectKind::Opportunity.subject(number)),
        Command::Application { number, .. } => Some(SubjectKind::Application.subject(number)),
        Command::Licence { number, .. } => Some(SubjectKind::Licence.subject(number)),
        Command::Certificate { number, .. } => Some(SubjectKind::Certificate.subject(number)),
        Command::Inspection { number, .. } => Some(SubjectKind::Inspection.subject(number)),
        Command::Discrepancy { number, .. } => Some(SubjectKind::Discrepancy.subject(number)),
        Command::Reexport { number, .. } => Some(SubjectKind::Reexport.subject(number)),
        Command::Plan { version: Some(version), .. } => Some(SubjectKind::Plan.subject(version.key())),
        _ => None,
    }
}

/// Where a subject is read, if it has a place of its own.
pub(super) fn place_of(subject: &Subject) -> Option<String> {
    let key = &subject.key;
    Some(match subject.kind {
        SubjectKind::Contract => format!("/api/v1/contracts/{key}"),
        SubjectKind::Line => format!("/api/v1/lines/{key}"),
        SubjectKind::Delivery => format!("/api/v1/deliveries/{key}"),
        SubjectKind::Plan => format!("/api/v1/plans/{}", key.replacen('.', "/", 1)),
        SubjectKind::Schedule | SubjectKind::Instalment | SubjectKind::Receipt | SubjectKind::Penalty => {
            format!("/api/v1/contracts/{}/payments", contract_of(key))
        }
        SubjectKind::Milestone | SubjectKind::Slippage | SubjectKind::Corrective | SubjectKind::Offset => {
            format!("/api/v1/contracts/{}/performance", contract_of(key))
        }
        SubjectKind::Report => format!("/api/v1/reports/{key}"),
        SubjectKind::List => format!("/api/v1/lists/{key}"),
        SubjectKind::Case => format!("/api/v1/cases/{key}"),
        SubjectKind::Embargo => format!("/api/v1/embargo/{key}"),
        SubjectKind::Policy => "/api/v1/embargo-policy".to_owned(),
        SubjectKind::Application => format!("/api/v1/applications/{key}"),
        SubjectKind::Licence => format!("/api/v1/licences/{key}"),
        SubjectKind::Certificate => format!("/api/v1/certificates/{key}"),
        SubjectKind::Specimens => format!("/api/v1/specimens/{key}"),
        SubjectKind::Inspection => format!("/api/v1/inspections/{key}"),
        SubjectKind::Guidance => format!("/api/v1/guidance/{key}"),
        SubjectKind::Exchange => "/api/v1/customs".to_owned(),
        SubjectKind::CustomsRun => format!("/api/v1/customs/runs/{key}"),
        SubjectKind::Discrepancy => format!("/api/v1/discrepancies/{key}"),
        SubjectKind::Reexport => format!("/api/v1/reexports/{key}"),
        SubjectKind::Rate => "/api/v1/rates".to_owned(),
        SubjectKind::Opportunity => format!("/api/v1/opportunities/{key}"),
        SubjectKind::Forecast => format!("/api/v1/forecasts/{key}"),
        SubjectKind::Partner => "/api/v1/partners".to_owned(),
        SubjectKind::Group => format!("/api/v1/groups/{key}"),
        SubjectKind::Statistic => "/api/v1/statistics".to_owned(),
        SubjectKind::Account => "/api/v1/accounts".to_owned(),
        SubjectKind::Party | SubjectKind::Ledger => return None,
    })
}

fn answer(actor: &Actor, receipt: &Receipt, one_time_password: Option<String>) -> Answer<Response> {
    let object = ReceiptObject {
        subject: receipt.subject.to_string(),
        number: receipt.subject.key.clone(),
        version: receipt.version,
        recorded_at: receipt.recorded_at.to_string(),
        repeated: receipt.repeated,
        sequence: may_read(actor, Reading::Ledger).map(|_| receipt.sequence),
        one_time_password,
    };
    let (body, _) = represent(&object)?;
    let new = receipt.version == 1;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = (status, [(CONTENT_TYPE, "application/json")], body).into_response();
    if let Some(place) = place_of(&receipt.subject).filter(|_| new)
        && let Ok(value) = HeaderValue::from_str(&place)
    {
        response.headers_mut().insert(LOCATION, value);
    }
    Ok(response)
}
