//! The policy of embargo rules: whose measures bind.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use entente_register::command::Command;
use entente_register::embargo::{POLICY_KEY, PolicyChange, PolicyCommand, PolicyProposed};
use entente_register::ledger::SubjectKind;
use entente_store::reader::PolicyView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::no_act;
use crate::api::change::{Change, Headers, ReceiptObject};
use crate::api::json::{Asked, Json, View};
use crate::api::object::HistoryObject;
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// Whose measures bind.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmbargoBindingObject {
    /// Bodies, `UNSC` among them always.
    binding: BTreeSet<String>,
    /// Whether measures bind that some states only claim to be in force.
    claims_bind: bool,
    /// Whether arms that a measure leaves out by its items are held for the national order.
    hold_beyond_scope: bool,
}

impl EmbargoBindingObject {
    fn of(policy: PolicyProposed) -> EmbargoBindingObject {
        let PolicyProposed { binding, claims_bind, hold_beyond_scope } = policy;
        EmbargoBindingObject { binding, claims_bind, hold_beyond_scope }
    }
}

/// The policy that says whose measures bind.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "EmbargoPolicy")]
pub(crate) struct EmbargoPolicyObject {
    /// What is in force; the default where nobody has decided otherwise.
    policy: EmbargoBindingObject,
    /// The account that proposed what is in force.
    proposed_by: Option<String>,
    /// The account that confirmed it.
    confirmed_by: Option<String>,
    /// What waits for a second person.
    waiting: Option<EmbargoBindingObject>,
    /// The account that proposed what waits.
    waiting_by: Option<String>,
    /// What has happened to it.
    history: Vec<HistoryObject>,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
}

impl EmbargoPolicyObject {
    fn of(view: PolicyView) -> EmbargoPolicyObject {
        let in_force = view.state.as_ref().and_then(|state| state.in_force.clone());
        let waiting = view.state.as_ref().and_then(|state| state.waiting().cloned());
        let by = |change: &Option<PolicyChange>| change.as_ref().map(|change| change.proposal.by.clone());
        let confirmed = in_force.as_ref().and_then(|change| change.decision.as_ref());
        EmbargoPolicyObject {
            proposed_by: by(&in_force),
            confirmed_by: confirmed.map(|act| act.by.clone()),
            waiting_by: by(&waiting),
            policy: EmbargoBindingObject::of(in_force.map(|change| change.policy).unwrap_or_default()),
            waiting: waiting.map(|change| EmbargoBindingObject::of(change.policy)),
            history: HistoryObject::all(view.history, &SubjectKind::Policy.subject(POLICY_KEY).to_string()),
            version: view.version,
        }
    }
}

/// Whose measures bind, and how that was decided.
#[utoipa::path(get, path = "/embargo-policy", tag = "embargo", params(View), responses((status = 200, description = "The policy", body = EmbargoPolicyObject)))]
pub(crate) async fn read_embargo_policy(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let view = caller.reader(&app, &asked.view).await?.embargo_policy().await?;
    asked.answer(&EmbargoPolicyObject::of(view))
}

/// A policy to propose.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposeEmbargoPolicy {
    /// What is to hold.
    policy: EmbargoBindingObject,
    /// Why: the decision by which it is so.
    reason: String,
}

/// Proposes whose measures bind. It holds once another person confirms it.
#[utoipa::path(post, path = "/embargo-policy/propose", tag = "embargo", params(Headers), request_body = ProposeEmbargoPolicy, responses((status = 200, description = "Proposed", body = ReceiptObject)))]
pub(crate) async fn propose_embargo_policy(
    State(app): State<Arc<App>>,
    change: Change,
    Json(body): Json<ProposeEmbargoPolicy>,
) -> Answer {
    let EmbargoBindingObject { binding, claims_bind, hold_beyond_scope } = body.policy;
    let policy = PolicyProposed { binding, claims_bind, hold_beyond_scope };
    change.carry_out(&app, Command::Policy(PolicyCommand::Propose { policy, reason: body.reason })).await
}

/// What a person says of a policy that waits.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecideEmbargoPolicy {
    /// `confirm` or `reject` what another person proposed, or `withdraw` what one proposed oneself.
    act: String,
    /// Why; of `confirm`, where there is more to say than was proposed.
    #[serde(default)]
    reason: Option<String>,
}

/// Decides about a policy that waits. Two people bring one into force.
#[utoipa::path(post, path = "/embargo-policy/decide", tag = "embargo", params(Headers), request_body = DecideEmbargoPolicy, responses((status = 200, description = "Decided", body = ReceiptObject)))]
pub(crate) async fn decide_embargo_policy(
    State(app): State<Arc<App>>,
    change: Change,
    Json(body): Json<DecideEmbargoPolicy>,
) -> Answer {
    let reason = body.reason.clone().unwrap_or_default();
    let command = match body.act.as_str() {
        "confirm" => PolicyCommand::Confirm { reason: body.reason },
        "reject" => PolicyCommand::Reject { reason },
        "withdraw" => PolicyCommand::Withdraw { reason },
        other => return Err(no_act(other).into()),
    };
    change.carry_out(&app, Command::Policy(command)).await
}
