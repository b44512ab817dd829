//! What agencies are asked, and what they say.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::ledger::{Fallible, parse_date};
use entente_register::transfer::application::ApplicationCommand;
use entente_register::transfer::opinion::{Opinion, Stance};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act::about;
use super::judge::{criteria_words, read_criteria};
use crate::api::body::{Paper, on, paper};
use crate::api::change::{Change, Headers, ReceiptObject};
use crate::api::json::Json;
use crate::app::App;
use crate::error::Answer;

/// An agency that is consulted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskOpinion {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// Number of the agency’s party.
    agency: String,
    /// By when it is to answer; by its own calendar, where no day is said.
    #[schema(format = Date)]
    #[serde(default)]
    due_on: Option<String>,
}

/// Asks an agency for its opinion; it sees the application from then on.
#[utoipa::path(post, path = "/applications/{number}/opinions/ask", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), Headers), request_body = AskOpinion, responses((status = 200, description = "Asked", body = ReceiptObject)))]
pub(crate) async fn ask_opinion(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<AskOpinion>,
) -> Answer {
    let command = ApplicationCommand::AskOpinion {
        on: on(&body.on)?,
        agency: body.agency,
        due_on: body.due_on.as_deref().map(|day| parse_date("due_on", day)).transpose()?,
    };
    change.carry_out(&app, about(number, command)).await
}

/// A day.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RouteApplication {
    /// The day.
    #[schema(format = Date)]
    on: String,
}

/// Asks every agency that the routing rules name and that was not asked, each by its own calendar.
#[utoipa::path(post, path = "/applications/{number}/opinions/route", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), Headers), request_body = RouteApplication, responses((status = 200, description = "Asked", body = ReceiptObject)))]
pub(crate) async fn route_application(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<RouteApplication>,
) -> Answer {
    change.carry_out(&app, about(number, ApplicationCommand::Route { on: on(&body.on)? })).await
}

/// An agency whose opinion is confirmed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmOpinion {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// Number of the agency’s party.
    agency: String,
}

/// Confirms the opinion that another person of one’s own agency gave.
#[utoipa::path(post, path = "/applications/{number}/opinions/confirm", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), Headers), request_body = ConfirmOpinion, responses((status = 200, description = "Confirmed", body = ReceiptObject)))]
pub(crate) async fn confirm_opinion(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<ConfirmOpinion>,
) -> Answer {
    let command = ApplicationCommand::ConfirmOpinion { on: on(&body.on)?, agency: body.agency };
    change.carry_out(&app, about(number, command)).await
}

/// What an agency says of a line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "stance", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum StanceOnLine {
    /// Nothing stands against it.
    Approve,
    /// It may be granted on a condition.
    Proviso {
        /// The condition.
        condition: String,
    },
    /// It is to be refused.
    Refuse {
        /// By which criteria.
        criteria: Vec<String>,
        /// Why.
        reason: String,
    },
}

impl StanceOnLine {
    fn read(self, place: usize) -> Fallible<Stance> {
        Ok(match self {
            StanceOnLine::Approve => Stance::Approve,
            StanceOnLine::Proviso { condition } => Stance::Proviso { condition },
            StanceOnLine::Refuse { criteria, reason } => {
                Stance::Refuse { criteria: read_criteria(place, criteria)?, reason }
            }
        })
    }

    pub(super) fn of(stance: Stance) -> StanceOnLine {
        match stance {
            Stance::Approve => StanceOnLine::Approve,
            Stance::Proviso { condition } => StanceOnLine::Proviso { condition },
            Stance::Refuse { criteria, reason } => {
                StanceOnLine::Refuse { criteria: criteria_words(&criteria), reason }
            }
        }
    }
}

/// An opinion: a stance on every line.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GiveOpinion {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// Number of the agency’s party.
    agency: String,
    /// On each line, in their order.
    lines: Vec<StanceOnLine>,
    /// The paper; a licensing officer records an opinion by it.
    #[serde(default)]
    document: Option<Paper>,
}

/// Gives the opinion of an agency that was asked; the last one holds.
#[utoipa::path(post, path = "/applications/{number}/opinions", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), Headers), request_body = GiveOpinion, responses((status = 200, description = "Given", body = ReceiptObject)))]
pub(crate) async fn give_opinion(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<GiveOpinion>,
) -> Answer {
    let lines = body.lines.into_iter().enumerate().map(|(place, stance)| stance.read(place));
    let opinion = Opinion {
        agency: body.agency,
        lines: lines.collect::<Fallible<_>>()?,
        document: paper(body.document)?,
    };
    let command = ApplicationCommand::GiveOpinion { on: on(&body.on)?, opinion };
    change.carry_out(&app, about(number, command)).await
}
