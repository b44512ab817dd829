//! Offset obligations: what a seller owes the buyer's economy beside the goods, what was done for it, what of that
//! was accepted, and what will be wanting.
//!
//! The credit of a transaction is its value times the multiplier that the obligation names for its kind. It counts
//! once another person than the one who claimed it has accepted it. What is planned is a forecast and never counts
//! as credit.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::offset_terms::check_terms;
use super::{check_running, in_order};
use crate::contract::Contract;
use crate::document::{Document, text};
use crate::label::Label;
use crate::ledger::{
    Context, Fact, Fallible, Machine, NewEvent, Occurred, Refusal, StateWord, Subject, SubjectKind,
    Transition, check_year,
};
use crate::money::{Money, divide_rounded};

pub use super::offset_terms::{Multiplier, OffsetAmended, OffsetKind, OffsetPhase, OffsetTerms, Thousandths};

/// The lifecycle of an offset obligation.
pub const MACHINE: Machine = Machine {
    subject: "offset obligation",
    initial: "agreed",
    rows: &[
        Transition::row("agreed", "amend", "agreed", "the signed document; a reason"),
        Transition::row("agreed", "plan", "agreed", "a kind that the obligation names; a day to come"),
        Transition::row(
            "agreed",
            "drop_plan",
            "agreed",
            "a planned transaction that is not claimed; a reason",
        ),
        Transition::row("agreed", "claim", "agreed", "a kind that the obligation names; the evidence"),
        Transition::row(
            "agreed",
            "accept",
            "agreed",
            "a claim under review; another person than the one who claimed it; no more than was claimed; the paper",
        ),
        Transition::row(
            "agreed",
            "reject",
            "agreed",
            "a claim under review; another person than the one who claimed it; a reason",
        ),
        Transition::row(
            "agreed",
            "discharge",
            "discharged",
            "accepted credit of at least what is owed; no claim under review; the paper",
        ),
        Transition::row("agreed", "release", "released", "the signed document; a reason"),
        Transition::row("agreed", "annul", "annulled", "recorded in error; no credit accepted; a reason"),
    ],
};

/// `offset.planned.v1`: a transaction that is expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OffsetPlanned {
    /// Number within the obligation, from 1; claims are counted on their own.
    pub plan: u32,
    /// Its kind.
    pub kind: OffsetKind,
    /// What is to be done, and for whom.
    pub description: String,
    /// When it is expected.
    pub expected_on: Date,
    /// Its expected value.
    pub value: Money,
    /// The credit that this would give.
    pub credit: Money,
}

/// `offset.plan_dropped.v1`: the event's reason says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OffsetPlanDropped {
    /// Number of the planned transaction.
    pub plan: u32,
}

/// `offset.claimed.v1`: the event's date is the day of the claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OffsetClaimed {
    /// Number within the obligation, from 1.
    pub claim: u32,
    /// Its kind.
    pub kind: OffsetKind,
    /// What was done, and for whom.
    pub description: String,
    /// The day on which it was done.
    pub performed_on: Date,
    /// Its value.
    pub value: Money,
    /// The credit that is claimed: its value times the multiplier of its kind.
    pub credit: Money,
    /// The planned transaction that it carries out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<u32>,
    /// The account that claimed it: another one accepts.
    pub claimed_by: String,
    /// The evidence.
    pub document: Document,
}

/// `offset.accepted.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OffsetAccepted {
    /// Number of the claim.
    pub claim: u32,
    /// The credit that is accepted: all that was claimed, or less.
    pub credit: Money,
    /// The buyer's acceptance.
    pub document: Document,
}

/// `offset.rejected.v1`: the event's reason says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OffsetRejected {
    /// Number of the claim.
    pub claim: u32,
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `offset.discharged.v1`, `offset.released.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OffsetEnded {
    /// The paper behind it.
    pub document: Document,
}

/// A transaction that is planned or claimed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: as those of `OffsetClaimed`.
pub struct Transaction {
    pub kind: OffsetKind,
    pub description: String,
    pub value: Money,
}

/// A change of an offset obligation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: `on` is the day of the change, `document` the paper behind it.
pub enum OffsetCommand {
    Agree {
        on: Date,
        terms: OffsetTerms,
    },
    Amend {
        on: Date,
        amendment: OffsetAmended,
        reason: String,
    },
    Plan {
        on: Date,
        expected_on: Date,
        transaction: Transaction,
    },
    DropPlan {
        on: Date,
        plan: u32,
        reason: String,
    },
    Claim {
        on: Date,
        performed_on: Date,
        transaction: Transaction,
        plan: Option<u32>,
        document: Document,
    },
    /// Without a credit, all that was claimed.
    Accept {
        on: Date,
        claim: u32,
        credit: Option<Money>,
        document: Document,
    },
    Reject {
        on: Date,
        claim: u32,
        reason: String,
        document: Option<Document>,
    },
    Discharge {
        on: Date,
        document: Document,
    },
    Release {
        on: Date,
        reason: String,
        document: Document,
    },
    Annul {
        reason: String,
    },
}

/// What the rule needs to know of the rest of the register.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OffsetFacts {
    /// The value of the contract as it stands, the sum of its lines, in minor units.
    pub value: i64,
}

/// A planned transaction as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // Fields: as those of `OffsetPlanned`.
pub struct PlannedOffset {
    pub kind: OffsetKind,
    pub description: String,
    pub expected_on: Date,
    pub value: Money,
    pub credit: Money,
    /// The claim that carries it out.
    pub claim: Option<u32>,
    /// When it was dropped, and why.
    pub dropped: Option<(Date, String)>,
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Accepted on a day, with a credit.
    Accepted(Date, Money),
    /// Rejected on a day, and why.
    Rejected(Date, String),
}

/// A claim as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // Fields: as those of `OffsetClaimed`.
pub struct OffsetClaim {
    pub kind: OffsetKind,
    pub description: String,
    pub performed_on: Date,
    pub value: Money,
    pub credit: Money,
    pub plan: Option<u32>,
    pub claimed_by: String,
    pub document: Document,
    /// What became of it; none while it is under review.
    pub review: Option<Review>,
}

/// The state of an offset obligation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OffsetObligation {
    /// Number, `CONTRACT.On`.
    pub number: String,
    /// What is owed, how it is counted, and by when.
    pub terms: OffsetTerms,
    /// When it was agreed.
    pub agreed_on: Date,
    /// Planned transactions, numbered from 1.
    pub plans: Vec<PlannedOffset>,
    /// Claims, numbered from 1.
    pub claims: Vec<OffsetClaim>,
    /// When it was discharged or released; and why it was released.
    pub ended: Option<(Date, Option<String>)>,
    /// The last paper.
    pub document: Document,
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

/// How an obligation stands against one of its phases, in minor units of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhaseOutlook {
    /// By when.
    pub by: Date,
    /// What is owed by then, from the beginning.
    pub required: i64,
    /// Credit accepted: of all transactions performed by then.
    pub accepted: i64,
    /// Credit claimed and under review, of transactions performed by then.
    pub under_review: i64,
    /// Credit of planned transactions that are expected by then and not claimed.
    pub planned: i64,
}

impl PhaseOutlook {
    /// What is wanting if nothing but what is accepted counts.
    pub fn shortfall(&self) -> i64 {
        (self.required - self.accepted).max(0)
    }

    /// What will be wanting if all that is claimed is accepted and all that is planned comes: the forecast.
    pub fn expected_shortfall(&self) -> i64 {
        (self.required - self.accepted - self.under_review - self.planned).max(0)
    }
}

impl OffsetObligation {
    /// Folds one fact.
    pub fn apply(
        state: &mut Option<OffsetObligation>,
        subject: &Subject,
        on: Date,
        label: &Label,
        (fact, reason): (&Fact, Option<&str>),
    ) {
        if let Fact::OffsetAgreed(terms) = fact {
            *state = Some(OffsetObligation {
                number: subject.key.clone(),
                terms: terms.clone(),
                agreed_on: on,
                plans: Vec::new(),
                claims: Vec::new(),
                ended: None,
                document: terms.document.clone(),
                label: label.clone(),
                state: MACHINE.initial,
                last_on: on,
            });
            return;
        }
        let Some(this) = state else { return };
        let reason = || reason.unwrap_or_default().to_owned();
        match fact {
            Fact::OffsetAmended(amended) => this.amend(amended),
            Fact::OffsetPlanned(new) => this.plans.push(PlannedOffset {
                kind: new.kind,
                description: new.description.clone(),
                expected_on: new.expected_on,
                value: new.value,
                credit: new.credit,
                claim: None,
                dropped: None,
            }),
            Fact::OffsetPlanDropped(dropped) => {
                if let Some(plan) = nth_mut(&mut this.plans, dropped.plan) {
                    plan.dropped = Some((on, reason()));
                }
            }
            Fact::OffsetClaimed(new) => this.claim(new),
            Fact::OffsetAccepted(accepted) => {
                if let Some(claim) = nth_mut(&mut this.claims, accepted.claim) {
                    claim.review = Some(Review::Accepted(on, accepted.credit));
                }
            }
            Fact::OffsetRejected(rejected) => {
                if let Some(claim) = nth_mut(&mut this.claims, rejected.claim) {
                    claim.review = Some(Review::Rejected(on, reason()));
                    // What it was to carry out is still to be carried out.
                    let plan = claim.plan.and_then(|plan| nth_mut(&mut this.plans, plan));
                    if let Some(plan) = plan {
                        plan.claim = None;
                    }
                }
            }
            Fact::OffsetDischarged(ended) => {
                this.state = "discharged";
                this.ended = Some((on, None));
                this.document = ended.document.clone();
            }
            Fact::OffsetReleased(ended) => {
                this.state = "released";
                this.ended = Some((on, Some(reason())));
                this.document = ended.document.clone();
            }
            Fact::OffsetAnnulled(_) => this.state = "annulled",
            _ => return,
        }
        this.last_on = on;
    }

    fn amend(&mut self, amended: &OffsetAmended) {
        self.terms.amend(amended);
        self.document = amended.document.clone();
    }

    fn claim(&mut self, new: &OffsetClaimed) {
        if let Some(plan) = new.plan.and_then(|plan| nth_mut(&mut self.plans, plan)) {
            plan.claim = Some(new.claim);
        }
        self.claims.push(OffsetClaim {
            kind: new.kind,
            description: new.description.clone(),
            performed_on: new.performed_on,
            value: new.value,
            credit: new.credit,
            plan: new.plan,
            claimed_by: new.claimed_by.clone(),
            document: new.document.clone(),
            review: None,
        });
    }

    /// The credit accepted so far, in minor units.
    pub fn accepted(&self) -> i64 {
        self.claims.iter().filter_map(accepted).sum()
    }

    /// How it stands against each of its phases, in the order of their days.
    pub fn outlook(&self) -> Vec<PhaseOutlook> {
        let required = i128::from(self.terms.required.minor);
        self.terms
            .phases
            .iter()
            .map(|phase| {
                let performed = || self.claims.iter().filter(|claim| claim.performed_on <= phase.by);
                let due = divide_rounded(required * phase.share.scaled(), crate::payment::Percent::WHOLE);
                PhaseOutlook {
                    by: phase.by,
                    required: i64::try_from(due).unwrap_or(i64::MAX),
                    accepted: performed().filter_map(accepted).sum(),
                    under_review: performed()
                        .filter(|claim| claim.review.is_none())
                        .map(|claim| claim.credit.minor)
                        .sum(),
                    planned: self
                        .plans
                        .iter()
                        .filter(|plan| plan.is_open() && plan.expected_on <= phase.by)
                        .map(|plan| plan.credit.minor)
                        .sum(),
                }
            })
            .collect()
    }

    /// The first phase whose day has passed and whose credit is wanting.
    pub fn missed(&self, as_of: Date) -> Option<PhaseOutlook> {
        if self.state != "agreed" {
            return None;
        }
        self.outlook().into_iter().find(|phase| phase.by < as_of && phase.shortfall() > 0)
    }
}

impl PlannedOffset {
    /// Whether it is still expected.
    pub fn is_open(&self) -> bool {
        self.claim.is_none() && self.dropped.is_none()
    }
}

fn accepted(claim: &OffsetClaim) -> Option<i64> {
    match claim.review {
        Some(Review::Accepted(_, credit)) => Some(credit.minor),
        _ => None,
    }
}

fn nth<T>(items: &[T], number: u32) -> Option<&T> {
    items.get(usize::try_from(number.checked_sub(1)?).ok()?)
}

fn nth_mut<T>(items: &mut [T], number: u32) -> Option<&mut T> {
    items.get_mut(usize::try_from(number.checked_sub(1)?).ok()?)
}

/// Decides a change of an offset obligation. `number` is its number, or the next one for a new obligation.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    state: Option<&OffsetObligation>,
    contract: &Contract,
    number: &str,
    facts: OffsetFacts,
    context: &Context,
    command: OffsetCommand,
) -> Fallible<Vec<NewEvent>> {
    let event = |on, fact, reason| {
        Ok(vec![NewEvent {
            subject: SubjectKind::Offset.subject(number),
            occurred_on: on,
            label: contract.label.clone(),
            fact,
            reason,
        }])
    };
    let because = |reason: &str| text("offset.reason", "reason", reason, 1000);
    let (command, this) = match (command, state) {
        (OffsetCommand::Agree { on, terms }, _) => {
            check_running(contract)?;
            context.not_in_future("on", on)?;
            let terms = check_terms(terms, (contract.currency, facts.value), on, context)?;
            return event(on, Fact::OffsetAgreed(terms), None);
        }
        (_, None) => return Err(Refusal::not_found("offset obligation", number)),
        (command, Some(this)) => (command, this),
    };
    MACHINE.next(this.state, step(&command))?;
    let ordered = |on| in_order(context, "offset.order", ("Offset obligation", number, this.last_on), on);
    match command {
        // It has returned before; no input reaches this.
        OffsetCommand::Agree { .. } => {
            Err(Refusal::new("state", "The obligation is agreed already.").missing("a new offset obligation"))
        }
        OffsetCommand::Amend { on, amendment, reason } => {
            ordered(on)?;
            because(&reason)?;
            amendment.check(&this.terms, this.agreed_on, context)?;
            event(on, Fact::OffsetAmended(amendment), Some(reason))
        }
        OffsetCommand::Plan { on, expected_on, transaction } => {
            ordered(on)?;
            check_year("expected_on", expected_on)?;
            if expected_on < on {
                return Err(Refusal::new(
                    "offset.expected",
                    format!("On {on} nothing is expected on {expected_on}, which has passed."),
                )
                .field("expected_on")
                .missing(format!("a date from {on}")));
            }
            let credit = check_transaction(this, &transaction)?;
            let Transaction { kind, description, value } = transaction;
            let plan = next(&this.plans);
            let fact = OffsetPlanned { plan, kind, description, expected_on, value, credit };
            event(on, Fact::OffsetPlanned(fact), None)
        }
        OffsetCommand::DropPlan { on, plan, reason } => {
            ordered(on)?;
            because(&reason)?;
            open_plan(this, plan)?;
            event(on, Fact::OffsetPlanDropped(OffsetPlanDropped { plan }), Some(reason))
        }
        OffsetCommand::Claim { on, performed_on, transaction, plan, document } => {
            ordered(on)?;
            document.check(context)?;
            if performed_on < this.agreed_on || performed_on > on {
                return Err(Refusal::new(
                    "offset.performed",
                    format!(
                        "Nothing claimed on {on} was performed on {performed_on} for an obligation of {}.",
                        this.agreed_on
                    ),
                )
                .field("performed_on")
                .missing(format!("a date from {} to {on}", this.agreed_on)));
            }
            if let Some(plan) = plan {
                open_plan(this, plan)?;
            }
            let credit = check_transaction(this, &transaction)?;
            let Transaction { kind, description, value } = transaction;
            let claim = next(&this.claims);
            let claimed_by = context.actor.account.clone();
            let fact = OffsetClaimed {
                claim,
                kind,
                description,
                performed_on,
                value,
                credit,
                plan,
                claimed_by,
                document,
            };
            event(on, Fact::OffsetClaimed(fact), None)
        }
        OffsetCommand::Accept { on, claim, credit, document } => {
            let claimed = under_review(this, claim, context)?;
            ordered(on)?;
            document.check(context)?;
            let credit = credit.unwrap_or(claimed.credit);
            if credit.currency != claimed.credit.currency
                || credit.minor <= 0
                || credit.minor > claimed.credit.minor
            {
                return Err(Refusal::new(
                    "offset.credit",
                    format!("{credit} is not accepted of {} that was claimed.", claimed.credit),
                )
                .field("credit")
                .missing(format!("an amount above zero and up to {}", claimed.credit)));
            }
            event(on, Fact::OffsetAccepted(OffsetAccepted { claim, credit, document }), None)
        }
        OffsetCommand::Reject { on, claim, reason, document } => {
            under_review(this, claim, context)?;
            ordered(on)?;
            because(&reason)?;
            if let Some(document) = &document {
                document.check(context)?;
            }
            event(on, Fact::OffsetRejected(OffsetRejected { claim, document }), Some(reason))
        }
        OffsetCommand::Discharge { on, document } => {
            ordered(on)?;
            document.check(context)?;
            check_discharged(this)?;
            event(on, Fact::OffsetDischarged(OffsetEnded { document }), None)
        }
        OffsetCommand::Release { on, reason, document } => {
            ordered(on)?;
            because(&reason)?;
            document.check(context)?;
            event(on, Fact::OffsetReleased(OffsetEnded { document }), Some(reason))
        }
        OffsetCommand::Annul { reason } => {
            because(&reason)?;
            if this.accepted() > 0 {
                return Err(Refusal::new(
                    "offset.accepted",
                    format!("Credit was accepted under offset obligation {number}."),
                )
                .missing("its discharge or release"));
            }
            event(context.today, Fact::OffsetAnnulled(Occurred {}), Some(reason))
        }
    }
}

/// The step of the table that a command is.
fn step(command: &OffsetCommand) -> &'static str {
    match command {
        // A new one is no step; no input reaches this.
        OffsetCommand::Agree { .. } | OffsetCommand::Amend { .. } => "amend",
        OffsetCommand::Plan { .. } => "plan",
        OffsetCommand::DropPlan { .. } => "drop_plan",
        OffsetCommand::Claim { .. } => "claim",
        OffsetCommand::Accept { .. } => "accept",
        OffsetCommand::Reject { .. } => "reject",
        OffsetCommand::Discharge { .. } => "discharge",
        OffsetCommand::Release { .. } => "release",
        OffsetCommand::Annul { .. } => "annul",
    }
}

fn next<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX).saturating_add(1)
}

/// The credit of a transaction that the obligation names a multiplier for.
fn check_transaction(this: &OffsetObligation, transaction: &Transaction) -> Fallible<Money> {
    text("offset.description", "description", &transaction.description, 1000)?;
    let currency = this.terms.required.currency;
    if transaction.value.currency != currency || transaction.value.minor <= 0 {
        return Err(Refusal::new(
            "offset.value",
            format!("{} is no value of a transaction.", transaction.value),
        )
        .field("value")
        .missing(format!("an amount above zero in {currency}, the currency of the obligation")));
    }
    this.terms.credit(transaction.kind, transaction.value)
}

fn open_plan(this: &OffsetObligation, number: u32) -> Fallible<()> {
    let Some(plan) = nth(&this.plans, number) else {
        return Err(
            Refusal::not_found("planned transaction", &format!("{number} of {}", this.number)).field("plan")
        );
    };
    if !plan.is_open() {
        return Err(Refusal::new(
            "offset.plan_open",
            format!("Planned transaction {number} is claimed or dropped."),
        )
        .field("plan")
        .missing("a planned transaction that is neither claimed nor dropped"));
    }
    Ok(())
}

/// A claim that waits for its review by another person than the one who made it.
fn under_review<'a>(this: &'a OffsetObligation, number: u32, context: &Context) -> Fallible<&'a OffsetClaim> {
    let Some(claim) = nth(&this.claims, number) else {
        return Err(
            Refusal::not_found("offset claim", &format!("{number} of {}", this.number)).field("claim")
        );
    };
    if claim.review.is_some() {
        return Err(Refusal::new("offset.reviewed", format!("Claim {number} is accepted or rejected."))
            .field("claim")
            .missing("a claim under review"));
    }
    if claim.claimed_by == context.actor.account {
        return Err(Refusal::new("offset.two_persons", format!("{} made the claim.", context.actor.name))
            .missing("the review of another person"));
    }
    Ok(claim)
}

fn check_discharged(this: &OffsetObligation) -> Fallible<()> {
    if let Some(place) = this.claims.iter().position(|claim| claim.review.is_none()) {
        return Err(Refusal::new("offset.under_review", format!("Claim {} is under review.", place + 1))
            .missing("every claim accepted or rejected"));
    }
    let wanting = this.terms.required.minor - this.accepted();
    if wanting > 0 {
        let wanting = Money::new(wanting, this.terms.required.currency);
        return Err(Refusal::new("offset.shortfall", format!("{wanting} of the credit owed is wanting."))
            .missing("accepted credit of all that is owed, or the buyer’s release"));
    }
    Ok(())
}
