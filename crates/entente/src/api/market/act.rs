//! Importing statistics, and saying how states stand to groups.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use entente_register::command::Command;
use entente_register::market::StatisticCommand;
use entente_register::partner::{MembershipSet, PartnerCommand};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::body::{at, on};
use crate::api::change::{Change, Headers, NewHeaders, ReceiptObject};
use crate::api::json::{Asked, Json, body};
use crate::app::App;
use crate::error::Answer;
use crate::statistic::{Incoming, Kind, prepare};

/// Imports an edition of a statistic: the file as its publisher gives it, taken whole or refused with line and column. The
/// edition that is in force is refused as `statistic.same_edition`, and nothing is changed.
#[utoipa::path(
    post, path = "/statistics", tag = "market",
    params(
        ("kind" = String, Query, description = "`market`: SIPRI’s table of exports or its trade register; `indicators`: a file of the World Bank"),
        ("indicator" = Option<String>, Query, description = "Which indicator, where the file does not say it"),
        ("source" = Option<String>, Query, description = "From where the file comes"),
        ("despite" = Option<String>, Query, description = "Why it is imported though it is older, or much smaller, than the one in force"),
        NewHeaders
    ),
    request_body(content = String, content_type = "text/csv", description = "The file; at most 20 MiB"),
    responses((status = 200, description = "In force", body = ReceiptObject))
)]
pub(crate) async fn import_statistic(
    State(app): State<Arc<App>>,
    change: Change,
    asked: Asked,
    request: Request,
) -> Answer {
    asked.only(&["kind", "indicator", "source", "despite"])?;
    asked.no_view()?;
    let incoming = Incoming {
        kind: Kind::of(asked.other("kind")?.unwrap_or_default(), asked.other("indicator")?)?,
        bytes: body(request, &app).await?.into(),
        source: asked.other("source")?.unwrap_or("JSON API").to_owned(),
        despite: asked.other("despite")?.map(str::to_owned),
    };
    let (series, edition) = prepare(&app.store, change.actor(), incoming).await?;
    let command = StatisticCommand::Import(edition);
    change.carry_out(&app, Command::Statistic { series, command }).await
}

/// How a state stands to a group from a day on, and by which source.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MembershipBody {
    /// The state, ISO 3166-1 alpha-3.
    state: String,
    /// First day on which it stands so.
    #[schema(format = Date)]
    on: String,
    /// `member`, `suspended`, `observer`, `partner`, `invited` or `outside`.
    membership: String,
    /// Where it is said.
    source: String,
    /// `high`, `medium` or `low`: how far the source carries it.
    certainty: String,
    /// What is to be known beside.
    #[serde(default)]
    note: Option<String>,
}

/// Records how a state stands to a group: a member, suspended, an observer, a partner, invited, or outside.
#[utoipa::path(post, path = "/groups/{code}/memberships", tag = "partners", params(("code" = String, Path, description = "Code of the group"), Headers), request_body = MembershipBody, responses((status = 200, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn set_membership(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    change: Change,
    Json(body): Json<MembershipBody>,
) -> Answer {
    let set = MembershipSet {
        state: body.state,
        membership: at("membership", body.membership.parse())?,
        source: body.source,
        certainty: at("certainty", body.certainty.parse())?,
        note: body.note,
    };
    let command = PartnerCommand::SetMembership { group: code, on: on(&body.on)?, set };
    change.carry_out(&app, Command::Partner(command)).await
}
