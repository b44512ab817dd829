//! Corrective plans: what is done about a slippage, a claim, a late milestone or a whole contract, by whom and by
//! when, and whether it helped.
//!
//! Another person than the one who proposed it approves it. It closes once each of its actions is done or dropped.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::{check_running, in_order};
use crate::contract::Contract;
use crate::contract::line::contract_of;
use crate::document::{Document, text};
use crate::label::Label;
use crate::ledger::{
    Context, Fact, Fallible, Machine, NewEvent, Occurred, Refusal, StateWord, Subject, SubjectKind,
    Transition, check_year,
};

/// Most actions of one plan: more is a project, and has a plan of its own.
pub const MOST_ACTIONS: usize = 50;

/// The lifecycle of a corrective plan.
pub const MACHINE: Machine = Machine {
    subject: "corrective plan",
    initial: "proposed",
    rows: &[
        Transition::row("proposed", "approve", "approved", "another person than the one who proposed it"),
        Transition::row("proposed", "withdraw", "withdrawn", "a reason"),
        Transition::row(
            "approved",
            "finish_action",
            "approved",
            "an action that is open; the day; the paper or words that show it",
        ),
        Transition::row(
            "approved",
            "move_action",
            "approved",
            "an action that is open; another day; a reason",
        ),
        Transition::row("approved", "drop_action", "approved", "an action that is open; a reason"),
        Transition::row("approved", "close", "closed", "every action done or dropped; whether it helped"),
        Transition::row("approved", "withdraw", "withdrawn", "a reason"),
        Transition::row("proposed", "annul", "annulled", "recorded in error; a reason"),
        Transition::row("approved", "annul", "annulled", "recorded in error; a reason"),
        Transition::row("closed", "annul", "annulled", "recorded in error; a reason"),
        Transition::row("withdrawn", "annul", "annulled", "recorded in error; a reason"),
    ],
};

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAction {
    /// What.
    pub what: String,
    /// Who answers for it, in words: a post or a body.
    pub responsible: String,
    /// By when.
    pub due_on: Date,
}

/// `corrective.proposed.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectiveProposed {
    /// What it is about, `KIND:NUMBER`: a slippage, a milestone, a line, or the contract itself.
    pub about: String,
    /// The claim that it is about, by its number within the contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<u32>,
    /// What is to be reached.
    pub goal: String,
    /// What is to be done, numbered from 1 in this order.
    pub actions: Vec<NewAction>,
    /// The account that proposed it: another one approves.
    pub proposed_by: String,
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `corrective.approved.v1`, `corrective.withdrawn.v1`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectiveMoved {
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `corrective.action_finished.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionFinished {
    /// Number within the plan.
    pub action: u32,
    /// What shows it.
    pub result: String,
    /// The paper that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `corrective.action_moved.v1`: the event's reason says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionMoved {
    /// Number within the plan.
    pub action: u32,
    /// By when it is to be done.
    pub due_on: Date,
}

/// `corrective.action_dropped.v1`: the event's reason says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionDropped {
    /// Number within the plan.
    pub action: u32,
}

/// `corrective.closed.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectiveClosed {
    /// Whether what it was about is mended.
    pub effective: bool,
    /// How that is known.
    pub outcome: String,
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// A change of a corrective plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: as those of the facts; `on` is the day of the change.
pub enum CorrectiveCommand {
    Propose {
        on: Date,
        /// What it is about; the contract itself if absent.
        about: Option<String>,
        claim: Option<u32>,
        goal: String,
        actions: Vec<NewAction>,
        document: Option<Document>,
    },
    Approve {
        on: Date,
        document: Option<Document>,
    },
    FinishAction {
        on: Date,
        action: u32,
        result: String,
        document: Option<Document>,
    },
    MoveAction {
        on: Date,
        action: u32,
        due_on: Date,
        reason: String,
    },
    DropAction {
        on: Date,
        action: u32,
        reason: String,
    },
    Close {
        on: Date,
        effective: bool,
        outcome: String,
        document: Option<Document>,
    },
    Withdraw {
        on: Date,
        reason: String,
        document: Option<Document>,
    },
    Annul {
        reason: String,
    },
}

/// What the rule needs to know of the rest of the register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CorrectiveFacts {
    /// Whether what it is to be about is there, under the contract.
    pub about_exists: bool,
}

/// An action as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What.
    pub what: String,
    /// Who answers for it.
    pub responsible: String,
    /// The day that was agreed first.
    pub first_due_on: Date,
    /// By when.
    pub due_on: Date,
    /// When it was done, and what shows it.
    pub finished: Option<(Date, String)>,
    /// The paper that shows it.
    pub document: Option<Document>,
    /// When it was dropped, and why.
    pub dropped: Option<(Date, String)>,
}

impl Action {
    /// Whether it is still to be done.
    pub fn is_open(&self) -> bool {
        self.finished.is_none() && self.dropped.is_none()
    }

    /// Whether its day has passed and it is still to be done.
    pub fn is_overdue(&self, as_of: Date) -> bool {
        self.is_open() && self.due_on < as_of
    }
}

/// The state of a corrective plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectivePlan {
    /// Number, `CONTRACT.Cn`.
    pub number: String,
    /// What it is about, `KIND:NUMBER`.
    pub about: String,
    /// The claim that it is about.
    pub claim: Option<u32>,
    /// What is to be reached.
    pub goal: String,
    /// What is to be done, numbered from 1.
    pub actions: Vec<Action>,
    /// When it was proposed, and by whose account.
    pub proposed: (Date, String),
    /// When it was approved.
    pub approved_on: Option<Date>,
    /// When it was closed, whether it helped, and how that is known.
    pub closed: Option<(Date, bool, String)>,
    /// When it was withdrawn, and why.
    pub withdrawn: Option<(Date, String)>,
    /// The last paper.
    pub document: Option<Document>,
    /// Marking.
    pub label: Label,
    /// State of [`MACHINE`].
    #[serde(deserialize_with = "state_of")]
    pub state: StateWord,
    /// The day of its last change.
    pub last_on: Date,
}

fn state_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    MACHINE.read_state(deserializer)
}

impl CorrectivePlan {
    /// Folds one fact.
    pub fn apply(
        state: &mut Option<CorrectivePlan>,
        subject: &Subject,
        on: Date,
        label: &Label,
        (fact, reason): (&Fact, Option<&str>),
    ) {
        if let Fact::CorrectiveProposed(new) = fact {
            *state = Some(CorrectivePlan {
                number: subject.key.clone(),
                about: new.about.clone(),
                claim: new.claim,
                goal: new.goal.clone(),
                actions: new.actions.iter().map(open).collect(),
                proposed: (on, new.proposed_by.clone()),
                approved_on: None,
                closed: None,
                withdrawn: None,
                document: new.document.clone(),
                label: label.clone(),
                state: MACHINE.initial,
                last_on: on,
            });
            return;
        }
        let Some(this) = state else { return };
        let because = || (on, reason.unwrap_or_default().to_owned());
        match fact {
            Fact::CorrectiveApproved(moved) => {
                this.state = "approved";
                this.approved_on = Some(on);
                this.keep(moved.document.as_ref());
            }
            Fact::CorrectiveActionFinished(finished) => {
                if let Some(action) = this.action_mut(finished.action) {
                    action.finished = Some((on, finished.result.clone()));
                    action.document.clone_from(&finished.document);
                }
            }
            Fact::CorrectiveActionMoved(moved) => {
                if let Some(action) = this.action_mut(moved.action) {
                    action.due_on = moved.due_on;
                }
            }
            Fact::CorrectiveActionDropped(dropped) => {
                if let Some(action) = this.action_mut(dropped.action) {
                    action.dropped = Some(because());
                }
            }
            Fact::CorrectiveClosed(closed) => {
                this.state = "closed";
                this.closed = Some((on, closed.effective, closed.outcome.clone()));
                this.keep(closed.document.as_ref());
            }
            Fact::CorrectiveWithdrawn(moved) => {
                this.state = "withdrawn";
                this.withdrawn = Some(because());
                this.keep(moved.document.as_ref());
            }
            Fact::CorrectiveAnnulled(_) => this.state = "annulled",
            _ => return,
        }
        this.last_on = on;
    }

    /// An action by its number.
    pub fn action(&self, number: u32) -> Option<&Action> {
        self.actions.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    fn action_mut(&mut self, number: u32) -> Option<&mut Action> {
        self.actions.get_mut(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    fn keep(&mut self, document: Option<&Document>) {
        if document.is_some() {
            self.document = document.cloned();
        }
    }

    /// Whether it is still under way.
    pub fn is_open(&self) -> bool {
        matches!(self.state, "proposed" | "approved")
    }

    /// How many actions are to be done and their day has passed.
    pub fn overdue(&self, as_of: Date) -> usize {
        if !self.is_open() {
            return 0;
        }
        self.actions.iter().filter(|action| action.is_overdue(as_of)).count()
    }
}

fn open(new: &NewAction) -> Action {
    Action {
        what: new.what.clone(),
        responsible: new.responsible.clone(),
        first_due_on: new.due_on,
        due_on: new.due_on,
        finished: None,
        document: None,
        dropped: None,
    }
}

/// Decides a change of a corrective plan. `number` is its number, or the next one for a new plan.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    state: Option<&CorrectivePlan>,
    contract: &Contract,
    number: &str,
    facts: &CorrectiveFacts,
    context: &Context,
    command: CorrectiveCommand,
) -> Fallible<Vec<NewEvent>> {
    let event = |on, fact, reason| {
        Ok(vec![NewEvent {
            subject: SubjectKind::Corrective.subject(number),
            occurred_on: on,
            label: contract.label.clone(),
            fact,
            reason,
        }])
    };
    let paper = |document: &Option<Document>| document.as_ref().map_or(Ok(()), |paper| paper.check(context));
    let because = |reason: &str| text("corrective.reason", "reason", reason, 1000);
    let (command, this) = match (command, state) {
        (CorrectiveCommand::Propose { on, about, claim, goal, actions, document }, _) => {
            check_running(contract)?;
            context.not_in_future("on", on)?;
            text("corrective.goal", "goal", &goal, 1000)?;
            paper(&document)?;
            check_actions(&actions, on)?;
            let about = about.unwrap_or_else(|| SubjectKind::Contract.subject(&contract.number).to_string());
            check_about(contract, facts, &about, claim)?;
            let proposed_by = context.actor.account.clone();
            let new = CorrectiveProposed { about, claim, goal, actions, proposed_by, document };
            return event(on, Fact::CorrectiveProposed(new), None);
        }
        (_, None) => return Err(Refusal::not_found("corrective plan", number)),
        (command, Some(this)) => (command, this),
    };
    let ordered = |on| in_order(context, "corrective.order", ("Corrective plan", number, this.last_on), on);
    match command {
        // It has returned before; no input reaches this.
        CorrectiveCommand::Propose { .. } => {
            Err(Refusal::new("state", "The plan is proposed already.").missing("a new corrective plan"))
        }
        CorrectiveCommand::Approve { on, document } => {
            MACHINE.next(this.state, "approve")?;
            ordered(on)?;
            paper(&document)?;
            if this.proposed.1 == context.actor.account {
                return Err(Refusal::new(
                    "corrective.two_persons",
                    format!("{} proposed the plan.", context.actor.name),
                )
                .missing("the approval of another person"));
            }
            event(on, Fact::CorrectiveApproved(CorrectiveMoved { document }), None)
        }
        CorrectiveCommand::FinishAction { on, action, result, document } => {
            MACHINE.next(this.state, "finish_action")?;
            ordered(on)?;
            open_action(this, action)?;
            text("corrective.result", "result", &result, 1000)?;
            paper(&document)?;
            event(on, Fact::CorrectiveActionFinished(ActionFinished { action, result, document }), None)
        }
        CorrectiveCommand::MoveAction { on, action, due_on, reason } => {
            MACHINE.next(this.state, "move_action")?;
            ordered(on)?;
            let stands = open_action(this, action)?;
            because(&reason)?;
            check_year("due_on", due_on)?;
            if due_on == stands.due_on {
                return Err(Refusal::new(
                    "corrective.nothing_moved",
                    format!("Action {action} is due by {due_on}."),
                )
                .field("due_on")
                .missing(format!("another day than {due_on}")));
            }
            event(on, Fact::CorrectiveActionMoved(ActionMoved { action, due_on }), Some(reason))
        }
        CorrectiveCommand::DropAction { on, action, reason } => {
            MACHINE.next(this.state, "drop_action")?;
            ordered(on)?;
            open_action(this, action)?;
            because(&reason)?;
            event(on, Fact::CorrectiveActionDropped(ActionDropped { action }), Some(reason))
        }
        CorrectiveCommand::Close { on, effective, outcome, document } => {
            MACHINE.next(this.state, "close")?;
            ordered(on)?;
            text("corrective.outcome", "outcome", &outcome, 1000)?;
            paper(&document)?;
            let left: Vec<String> = (1..)
                .zip(&this.actions)
                .filter(|(_, action)| action.is_open())
                .map(|(place, _): (u32, _)| place.to_string())
                .collect();
            if !left.is_empty() {
                return Err(Refusal::new(
                    "corrective.open_actions",
                    format!("Actions still to be done: {}.", left.join(", ")),
                )
                .missing("every action done, or dropped with a reason"));
            }
            event(on, Fact::CorrectiveClosed(CorrectiveClosed { effective, outcome, document }), None)
        }
        CorrectiveCommand::Withdraw { on, reason, document } => {
            MACHINE.next(this.state, "withdraw")?;
            ordered(on)?;
            because(&reason)?;
            paper(&document)?;
            event(on, Fact::CorrectiveWithdrawn(CorrectiveMoved { document }), Some(reason))
        }
        CorrectiveCommand::Annul { reason } => {
            MACHINE.next(this.state, "annul")?;
            because(&reason)?;
            event(context.today, Fact::CorrectiveAnnulled(Occurred {}), Some(reason))
        }
    }
}

fn check_actions(actions: &[NewAction], on: Date) -> Fallible<()> {
    if actions.is_empty() || actions.len() > MOST_ACTIONS {
        return Err(Refusal::new("corrective.actions", format!("The plan has {} actions.", actions.len()))
            .field("actions")
            .missing(format!("from one to {MOST_ACTIONS} actions")));
    }
    for (place, action) in actions.iter().enumerate() {
        let at = |refusal: Refusal, own: &str| Refusal {
            field: Some(format!("actions[{place}].{own}")),
            ..refusal
        };
        text("corrective.action", "what", &action.what, 500).map_err(|refusal| at(refusal, "what"))?;
        text("corrective.action", "responsible", &action.responsible, 200)
            .map_err(|refusal| at(refusal, "responsible"))?;
        check_year("due_on", action.due_on).map_err(|refusal| at(refusal, "due_on"))?;
        if action.due_on < on {
            let refusal = Refusal::new(
                "corrective.action",
                format!("Action {} is due by {}, before the plan’s own day, {on}.", place + 1, action.due_on),
            )
            .missing(format!("a date from {on}"));
            return Err(at(refusal, "due_on"));
        }
    }
    Ok(())
}

/// What a plan can be about belongs to the contract that it is of.
fn check_about(
    contract: &Contract,
    facts: &CorrectiveFacts,
    about: &str,
    claim: Option<u32>,
) -> Fallible<()> {
    if let Some(claim) = claim
        && !contract.claims.iter().any(|found| found.number() == claim)
    {
        return Err(
            Refusal::not_found("claim", &format!("{}, claim {claim}", contract.number)).field("claim")
        );
    }
    let subject: Subject = about.parse().map_err(|refusal: Refusal| {
        refusal.field("about").missing("a slippage, milestone or line, for example slippage:O-2012-0001.S1")
    })?;
    let of = match subject.kind {
        SubjectKind::Contract => subject.key.as_str(),
        SubjectKind::Slippage | SubjectKind::Milestone | SubjectKind::Line => contract_of(&subject.key),
        _ => {
            return Err(Refusal::new(
                "corrective.about",
                format!("A corrective plan is not about a {}.", subject.kind.word()),
            )
            .field("about")
            .missing("a slippage, a milestone, a line or the contract"));
        }
    };
    if of == contract.number && (subject.kind == SubjectKind::Contract || facts.about_exists) {
        return Ok(());
    }
    Err(Refusal::not_found(subject.kind.word(), &subject.key).field("about"))
}

fn open_action(this: &CorrectivePlan, number: u32) -> Fallible<&Action> {
    let Some(action) = this.action(number) else {
        return Err(Refusal::not_found("action", &format!("{number} of corrective plan {}", this.number))
            .field("action"));
    };
    if !action.is_open() {
        return Err(Refusal::new("corrective.action_open", format!("Action {number} is done or dropped."))
            .field("action")
            .missing("an action that is still to be done"));
    }
    Ok(action)
}
