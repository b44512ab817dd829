//! The policy in the ledger: whose measures bind.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::decide::two_people;
use super::edition::{EditionAct, EditionKind, ROWS, RuleFile};
use crate::document::text;
use crate::embargo::question::Policy;
use crate::embargo::rule::SECURITY_COUNCIL;
use crate::ledger::{
    Context, Fact, Fallible, Machine, NewEvent, Occurred, Refusal, StateWord, Subject, SubjectKind,
};
use crate::screening::marking;

/// The key of the one policy. No rule file can have it: an identifier holds no full stop.
pub const POLICY_KEY: &str = "embargo.binding";

/// The lifecycle of a change of the policy.
pub const MACHINE: Machine = Machine { subject: "policy", initial: "proposed", rows: ROWS };

/// `policy.proposed.v1`: a policy that comes into force once another person confirms it. The event’s reason says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyProposed {
    /// The bodies whose measures bind, the Security Council among them; those of every other are shown.
    pub binding: BTreeSet<String>,
    /// Whether measures bind that some states only claim to be in force.
    pub claims_bind: bool,
    /// Whether arms that a measure against the state leaves out by its items are held for the national order.
    pub hold_beyond_scope: bool,
}

impl Default for PolicyProposed {
    /// What holds where nobody has said otherwise: as [`Policy::default`].
    fn default() -> PolicyProposed {
        let Policy { hold_beyond_scope, claims_bind, .. } = Policy::default();
        PolicyProposed {
            binding: BTreeSet::from([SECURITY_COUNCIL.to_owned()]),
            claims_bind,
            hold_beyond_scope,
        }
    }
}

/// What is asked of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Each is a step of the machine; the reason is kept with the event.
pub enum PolicyCommand {
    Propose {
        policy: PolicyProposed,
        reason: String,
    },
    /// The second person’s word.
    Confirm {
        reason: Option<String>,
    },
    Reject {
        reason: String,
    },
    Withdraw {
        reason: String,
    },
}

/// A policy that was proposed, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyChange {
    /// What was proposed.
    pub policy: PolicyProposed,
    /// By whom, when and why.
    pub proposal: EditionAct,
    /// What the second person, or the proposer, said.
    pub decision: Option<EditionAct>,
    /// State of [`MACHINE`].
    #[serde(deserialize_with = "state_of")]
    pub state: StateWord,
}

fn state_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    MACHINE.read_state(deserializer)
}

/// The state of the policy: the fold of its events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyState {
    /// What was confirmed last; none where nothing was, so that the default holds.
    pub in_force: Option<PolicyChange>,
    /// What was proposed last.
    pub latest: PolicyChange,
    /// The day of its last change.
    pub last_on: Date,
}

impl PolicyState {
    /// Folds one fact.
    pub fn apply(
        state: &mut Option<PolicyState>,
        _subject: &Subject,
        on: Date,
        actor: &str,
        (fact, reason): (&Fact, Option<&str>),
    ) {
        let act = EditionAct { by: actor.to_owned(), on, reason: reason.map(str::to_owned) };
        if let Fact::PolicyProposed(policy) = fact {
            let latest = PolicyChange {
                policy: policy.clone(),
                proposal: act,
                decision: None,
                state: MACHINE.initial,
            };
            let in_force = state.take().and_then(|before| before.in_force);
            *state = Some(PolicyState { in_force, latest, last_on: on });
            return;
        }
        let Some(this) = state else { return };
        let after = match fact {
            Fact::PolicyConfirmed(_) => "in_force",
            Fact::PolicyRejected(_) => "rejected",
            Fact::PolicyWithdrawn(_) => "withdrawn",
            _ => return,
        };
        this.latest.state = after;
        this.latest.decision = Some(act);
        if after == "in_force" {
            this.in_force = Some(this.latest.clone());
        }
        this.last_on = on;
    }

    /// The change that waits for a second person, if one does.
    pub fn waiting(&self) -> Option<&PolicyChange> {
        Some(&self.latest).filter(|change| change.state == MACHINE.initial)
    }

    /// The policy by which questions are judged: what was confirmed last, or the default.
    pub fn policy(state: Option<&PolicyState>) -> Policy {
        let held = state.and_then(|state| state.in_force.as_ref()).map(|change| change.policy.clone());
        let PolicyProposed { mut binding, claims_bind, hold_beyond_scope } = held.unwrap_or_default();
        binding.remove(SECURITY_COUNCIL);
        Policy { also_binding: binding, hold_beyond_scope, claims_bind }
    }
}

/// Whether somebody may take a step of [`MACHINE`] now.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn check_step(state: &PolicyState, account: &str, step: &'static str) -> Fallible<()> {
    MACHINE.next(state.latest.state, step)?;
    two_people("policy.two_people", "this change of the policy", &state.latest.proposal, account, step)
}

/// Decides a change of the policy. `files` are the rule files of the register, by identifier.
///
/// # Errors
/// A refusal that names the missing condition; what was in force stays so.
pub fn decide(
    state: Option<&PolicyState>,
    files: &BTreeMap<String, RuleFile>,
    context: &Context,
    command: PolicyCommand,
) -> Fallible<Vec<NewEvent>> {
    if let Some(state) = state {
        let last = ("Policy", POLICY_KEY, state.last_on);
        crate::performance::in_order(context, "policy.order", last, context.today)?;
    }
    if let PolicyCommand::Propose { policy, reason } = command {
        text("policy.reason", "reason", &reason, 1000)?;
        if state.is_some_and(|state| state.waiting().is_some()) {
            return Err(Refusal::new("policy.waits", "A change of the policy waits already.")
                .missing("the confirmation, rejection or withdrawal of that change"));
        }
        let held = state.and_then(|state| state.in_force.as_ref()).map(|change| change.policy.clone());
        if held.unwrap_or_default() == policy {
            return Err(Refusal::new("policy.same", "This is the policy in force.").missing("another policy"));
        }
        check_binding(&policy, files)?;
        return event(context, Fact::PolicyProposed(policy), Some(reason));
    }
    let state = state.ok_or_else(|| Refusal::not_found("policy", POLICY_KEY))?;
    let account = &context.actor.account;
    let (step, reason, fact) = match command {
        // Answered above.
        PolicyCommand::Propose { .. } => return Ok(Vec::new()),
        PolicyCommand::Confirm { reason } => ("confirm", reason, Fact::PolicyConfirmed(Occurred {})),
        PolicyCommand::Reject { reason } => ("reject", Some(reason), Fact::PolicyRejected(Occurred {})),
        PolicyCommand::Withdraw { reason } => ("withdraw", Some(reason), Fact::PolicyWithdrawn(Occurred {})),
    };
    check_step(state, account, step)?;
    if let Some(reason) = &reason {
        text("policy.reason", "reason", reason, 1000)?;
    }
    if step == "confirm" {
        check_binding(&state.latest.policy, files)?;
    }
    event(context, fact, reason)
}

/// Refuses a policy by which the Security Council does not bind, or that names a body without a file in force: its
/// measures are on file nowhere, and every question would be held.
fn check_binding(policy: &PolicyProposed, files: &BTreeMap<String, RuleFile>) -> Fallible<()> {
    if !policy.binding.contains(SECURITY_COUNCIL) {
        return Err(Refusal::new(
            "policy.security_council",
            "The measures of the Security Council bind every member of the United Nations, by Article 25 of the Charter.",
        )
        .field("binding")
        .missing(format!("{SECURITY_COUNCIL} among the bodies whose measures bind")));
    }
    let is_body = |id: &str| {
        files.get(id).is_some_and(|file| file.kind == EditionKind::Body && file.in_force.is_some())
    };
    if let Some(body) = policy.binding.iter().find(|id| *id != SECURITY_COUNCIL && !is_body(id)) {
        return Err(Refusal::new("policy.body", format!("No file of a body {body:?} is in force."))
            .field("binding")
            .missing("bodies whose files are in force"));
    }
    Ok(())
}

fn event(context: &Context, fact: Fact, reason: Option<String>) -> Fallible<Vec<NewEvent>> {
    let subject = SubjectKind::Policy.subject(POLICY_KEY);
    Ok(vec![NewEvent { subject, occurred_on: context.today, label: marking(), fact, reason }])
}
