//! Milestones: what a contract says is to be reached by a day, and what was reached on which.
//!
//! A milestone may release an instalment that is due so many days after it: what reaches the milestone gives
//! the instalment its day, in the same command and by the rule of instalments.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::delay::DelayReason;
use super::{check_running, days_between, in_order};
use crate::contract::Contract;
use crate::contract::line::contract_of;
use crate::document::{Document, text};
use crate::label::Label;
use crate::ledger::{
    Context, Fact, Fallible, Machine, NewEvent, Occurred, Refusal, StateWord, Subject, SubjectKind,
    Transition, check_year,
};
use crate::payment::schedule::words;
use crate::payment::{DueRule, Instalment, InstalmentChange, InstalmentCommand, InstalmentFacts, instalment};

/// The lifecycle of a milestone. Whether it is overdue is no state of it: the day says so.
pub const MACHINE: Machine = Machine {
    subject: "milestone",
    initial: "planned",
    rows: &[
        Transition::row("planned", "amend", "planned", "another day; the signed document; a reason"),
        Transition::row(
            "planned",
            "forecast",
            "planned",
            "another expected day, not before the forecast; the cause and the side where it is later than agreed; a reason",
        ),
        Transition::row(
            "planned",
            "reach",
            "reached",
            "a signed contract; the document; for the entry into force, the day on which the contract entered into force",
        ),
        Transition::row("planned", "cancel", "cancelled", "a reason"),
        Transition::row("planned", "annul", "annulled", "recorded in error; a reason"),
        Transition::row(
            "reached",
            "annul",
            "annulled",
            "recorded in error; no instalment bears its day; a reason",
        ),
        Transition::row("cancelled", "annul", "annulled", "recorded in error; a reason"),
    ],
};

/// What is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MilestoneKind {
    /// The contract enters into force.
    EntryIntoForce,
    /// The advance has come in.
    AdvanceReceived,
    /// The goods pass their test at the factory.
    FactoryAcceptance,
    /// The first article is accepted.
    FirstArticle,
    /// Those who will use the goods are trained.
    TrainingCompleted,
    /// The warranty ends.
    EndOfWarranty,
    /// Anything else, which its name says.
    Other,
}

words! { MilestoneKind, "a kind of milestone", "milestone.kind",
    EntryIntoForce = "entry_into_force", "entry into force";
    AdvanceReceived = "advance_received", "advance received";
    FactoryAcceptance = "factory_acceptance", "factory acceptance test";
    FirstArticle = "first_article", "first article";
    TrainingCompleted = "training_completed", "training completed";
    EndOfWarranty = "end_of_warranty", "end of warranty";
    Other = "other", "other";
}

/// `milestone.planned.v1`: the event's date is the day on which it was agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MilestonePlanned {
    /// What is reached.
    pub kind: MilestoneKind,
    /// What it is called.
    pub name: String,
    /// The day by which it is to be reached.
    pub planned_on: Date,
    /// The line that it is of, where it is of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The instalment that it releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instalment: Option<String>,
    /// The paper that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `milestone.amended.v1`: the day as it is agreed from the event's date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MilestoneAmended {
    /// The day by which it is to be reached.
    pub planned_on: Date,
    /// The signed amendment.
    pub document: Document,
}

/// `milestone.forecast.v1`, which is read and not written any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MilestoneForecast {
    /// The day on which it is expected to be reached.
    pub expected_on: Date,
}

/// `milestone.forecast.v2`: what is expected on the event's date; what is agreed stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MilestoneExpected {
    /// The day on which it is expected to be reached.
    pub expected_on: Date,
    /// Why it is late, and on whose side, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<DelayReason>,
}

/// `milestone.reached.v1`: the event's date is the day on which it was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MilestoneReached {
    /// The evidence.
    pub document: Document,
}

/// `milestone.cancelled.v1`: the event's reason says why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MilestoneMoved {
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// A new milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: as those of `MilestonePlanned`; `on` is the day on which it was agreed.
pub struct NewMilestone {
    pub on: Date,
    pub kind: MilestoneKind,
    /// What it is called; the name of its kind if absent, which `other` has not.
    pub name: Option<String>,
    pub planned_on: Date,
    pub line: Option<String>,
    pub instalment: Option<String>,
    pub document: Option<Document>,
}

/// A change of a milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: `on` is the day of the change, `document` the paper behind it.
pub enum MilestoneCommand {
    Plan(Box<NewMilestone>),
    Amend { on: Date, planned_on: Date, document: Document, reason: String },
    Forecast { on: Date, expected_on: Date, delay: Option<DelayReason>, reason: String },
    Reach { on: Date, document: Document },
    Cancel { on: Date, reason: String, document: Option<Document> },
    Annul { reason: String },
}

/// What the rule needs to know of the rest of the register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MilestoneFacts {
    /// Whether the line named is there.
    pub line_exists: bool,
    /// The instalment named or released, if it is there.
    pub instalment: Option<Instalment>,
    /// What the rule of instalments asks of it.
    pub of_instalment: InstalmentFacts,
    /// Another milestone that releases the instalment named.
    pub released_by: Option<String>,
}

/// The state of a milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// Number, `CONTRACT.Mn`.
    pub number: String,
    /// What is reached.
    pub kind: MilestoneKind,
    /// What it is called.
    pub name: String,
    /// The day by which it is to be reached, as it is agreed.
    pub planned_on: Date,
    /// The day on which it is expected, where that is another.
    pub expected_on: Option<Date>,
    /// Why it is expected later than agreed, and on whose side.
    #[serde(default)]
    pub delay: Option<DelayReason>,
    /// When it was reached.
    pub reached_on: Option<Date>,
    /// When it was cancelled, and why.
    pub cancelled: Option<(Date, String)>,
    /// The line that it is of.
    pub line: Option<String>,
    /// The instalment that it releases.
    pub instalment: Option<String>,
    /// The evidence once it is reached, else the paper of the last act that named one.
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

impl Milestone {
    /// Folds one fact.
    pub fn apply(
        state: &mut Option<Milestone>,
        subject: &Subject,
        on: Date,
        label: &Label,
        (fact, reason): (&Fact, Option<&str>),
    ) {
        if let Fact::MilestonePlanned(new) = fact {
            *state = Some(Milestone {
                number: subject.key.clone(),
                kind: new.kind,
                name: new.name.clone(),
                planned_on: new.planned_on,
                expected_on: None,
                delay: None,
                reached_on: None,
                cancelled: None,
                line: new.line.clone(),
                instalment: new.instalment.clone(),
                document: new.document.clone(),
                label: label.clone(),
                state: MACHINE.initial,
                last_on: on,
            });
            return;
        }
        let Some(this) = state else { return };
        match fact {
            Fact::MilestoneAmended(amended) => {
                this.planned_on = amended.planned_on;
                // What was expected was so of the day that fell away.
                this.expected_on = None;
                this.delay = None;
                this.document = Some(amended.document.clone());
            }
            Fact::MilestoneForecast(forecast) => {
                this.expected_on = Some(forecast.expected_on).filter(|day| *day != this.planned_on);
            }
            Fact::MilestoneExpected(forecast) => {
                this.expected_on = Some(forecast.expected_on).filter(|day| *day != this.planned_on);
                this.delay = forecast.delay;
            }
            Fact::MilestoneReached(reached) => {
                this.state = "reached";
                this.reached_on = Some(on);
                this.document = Some(reached.document.clone());
            }
            Fact::MilestoneCancelled(moved) => {
                this.state = "cancelled";
                this.cancelled = Some((on, reason.unwrap_or_default().to_owned()));
                if moved.document.is_some() {
                    this.document.clone_from(&moved.document);
                }
            }
            Fact::MilestoneAnnulled(_) => this.state = "annulled",
            _ => return,
        }
        this.last_on = on;
    }

    /// The day on which it is expected: the forecast, and without one the day that is agreed.
    pub fn expected(&self) -> Date {
        self.expected_on.unwrap_or(self.planned_on)
    }

    /// Whether its day has passed and it is not reached.
    pub fn is_overdue(&self, as_of: Date) -> bool {
        self.state == "planned" && self.planned_on < as_of
    }

    /// By how many days it is behind the day that is agreed: as it was reached, or as it stands on a day, by
    /// the forecast where that is later. Below zero where it is ahead; none of one that was cancelled.
    pub fn days_late(&self, as_of: Date) -> Option<i64> {
        let until = match self.state {
            "reached" => self.reached_on?,
            "planned" if self.is_overdue(as_of) => self.expected().max(as_of),
            "planned" => self.expected(),
            _ => return None,
        };
        Some(days_between(self.planned_on, until))
    }
}

/// Decides a change of a milestone. `number` is its number, or the next one for a new milestone. The events
/// are of the milestone, and of the instalment that it releases.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    state: Option<&Milestone>,
    contract: &Contract,
    number: &str,
    facts: &MilestoneFacts,
    context: &Context,
    command: MilestoneCommand,
) -> Fallible<Vec<NewEvent>> {
    let event = |on, fact, reason| NewEvent {
        subject: SubjectKind::Milestone.subject(number),
        occurred_on: on,
        label: contract.label.clone(),
        fact,
        reason,
    };
    check_running(contract)?;
    let (command, this) = match (command, state) {
        (MilestoneCommand::Plan(new), _) => {
            let on = new.on;
            let fact = plan(contract, facts, context, *new)?;
            return Ok(vec![event(on, Fact::MilestonePlanned(fact), None)]);
        }
        (_, None) => return Err(Refusal::not_found("milestone", number)),
        (command, Some(this)) => (command, this),
    };
    let ordered = |on| in_order(context, "milestone.order", ("Milestone", number, this.last_on), on);
    match command {
        // It has returned before; no input reaches this.
        MilestoneCommand::Plan(_) => {
            Err(Refusal::new("state", "The milestone is planned already.").missing("a new milestone"))
        }
        MilestoneCommand::Amend { on, planned_on, document, reason } => {
            MACHINE.next(this.state, "amend")?;
            ordered(on)?;
            text("milestone.reason", "reason", &reason, 1000)?;
            document.check(context)?;
            check_year("planned_on", planned_on)?;
            if planned_on == this.planned_on {
                return Err(Refusal::new("milestone.nothing_amended", "The amendment changes nothing.")
                    .field("planned_on")
                    .missing(format!("another day than {planned_on}")));
            }
            let fact = Fact::MilestoneAmended(MilestoneAmended { planned_on, document });
            Ok(vec![event(on, fact, Some(reason))])
        }
        MilestoneCommand::Forecast { on, expected_on, delay, reason } => {
            MACHINE.next(this.state, "forecast")?;
            ordered(on)?;
            text("milestone.reason", "reason", &reason, 1000)?;
            check_year("expected_on", expected_on)?;
            if expected_on < on {
                return Err(Refusal::new(
                    "milestone.forecast",
                    format!("On {on} nothing is expected on {expected_on}, which has passed."),
                )
                .field("expected_on")
                .missing(format!("a date from {on}")));
            }
            check_delay(this, expected_on, delay)?;
            if expected_on == this.expected() && delay == this.delay {
                return Err(Refusal::new(
                    "milestone.nothing_new",
                    format!("Milestone {number} is expected on {expected_on} already."),
                )
                .field("expected_on")
                .missing(format!("another day than {expected_on}, or another cause or side")));
            }
            let fact = Fact::MilestoneExpected(MilestoneExpected { expected_on, delay });
            Ok(vec![event(on, fact, Some(reason))])
        }
        MilestoneCommand::Reach { on, document } => {
            MACHINE.next(this.state, "reach")?;
            ordered(on)?;
            document.check(context)?;
            check_reached(this, contract, on)?;
            let fact = Fact::MilestoneReached(MilestoneReached { document: document.clone() });
            let mut events = vec![event(on, fact, None)];
            events.extend(release(this, contract, facts, context, (on, document))?);
            Ok(events)
        }
        MilestoneCommand::Cancel { on, reason, document } => {
            MACHINE.next(this.state, "cancel")?;
            ordered(on)?;
            text("milestone.reason", "reason", &reason, 1000)?;
            if let Some(document) = &document {
                document.check(context)?;
            }
            let fact = Fact::MilestoneCancelled(MilestoneMoved { document });
            Ok(vec![event(on, fact, Some(reason))])
        }
        MilestoneCommand::Annul { reason } => {
            MACHINE.next(this.state, "annul")?;
            text("milestone.reason", "reason", &reason, 1000)?;
            check_not_released(this, facts)?;
            Ok(vec![event(context.today, Fact::MilestoneAnnulled(Occurred {}), Some(reason))])
        }
    }
}

fn plan(
    contract: &Contract,
    facts: &MilestoneFacts,
    context: &Context,
    new: NewMilestone,
) -> Fallible<MilestonePlanned> {
    context.not_in_future("on", new.on)?;
    check_year("planned_on", new.planned_on)?;
    let name = match (new.name, new.kind) {
        (None, MilestoneKind::Other) => {
            return Err(Refusal::new("milestone.name", "It is not said what is reached.")
                .field("name")
                .missing("a name, as its kind is other"));
        }
        (None, kind) => {
            let mut name = kind.name().to_owned();
            // The first letter is ASCII, as the names of all kinds are.
            name[..1].make_ascii_uppercase();
            name
        }
        (Some(name), _) => name,
    };
    text("milestone.name", "name", &name, 120)?;
    if let Some(line) = &new.line
        && !(facts.line_exists && contract_of(line) == contract.number)
    {
        return Err(Refusal::not_found("line", line).field("line"));
    }
    if let Some(named) = &new.instalment {
        check_instalment(contract, facts, named)?;
    }
    if let Some(document) = &new.document {
        document.check(context)?;
    }
    Ok(MilestonePlanned {
        kind: new.kind,
        name,
        planned_on: new.planned_on,
        line: new.line,
        instalment: new.instalment,
        document: new.document,
    })
}

fn check_instalment(contract: &Contract, facts: &MilestoneFacts, named: &str) -> Fallible<()> {
    let Some(found) = facts.instalment.as_ref().filter(|_| contract_of(named) == contract.number) else {
        return Err(Refusal::not_found("instalment", named).field("instalment"));
    };
    if found.state != "scheduled" || !matches!(found.due, DueRule::AfterMilestone { .. }) {
        return Err(Refusal::new(
            "milestone.instalment",
            format!("Instalment {named} is {}, due by its rule: {}.", found.state, found.due.words()),
        )
        .field("instalment")
        .missing("a scheduled instalment that is due after a milestone"));
    }
    if let Some(other) = &facts.released_by {
        return Err(Refusal::new(
            "milestone.instalment",
            format!("Milestone {other} releases instalment {named}."),
        )
        .field("instalment")
        .missing("an instalment that no other milestone releases"));
    }
    Ok(())
}

/// What is late has a cause, and what is not has none.
fn check_delay(this: &Milestone, expected_on: Date, delay: Option<DelayReason>) -> Fallible<()> {
    let is_late = expected_on > this.planned_on;
    if is_late == delay.is_some() {
        return Ok(());
    }
    let (message, missing) = if is_late {
        (
            format!("{expected_on} is after the day agreed, {}.", this.planned_on),
            "the cause of the delay, and its side",
        )
    } else {
        (format!("{expected_on} is not after the day agreed, {}.", this.planned_on), "no cause of delay")
    };
    Err(Refusal::new("milestone.delay", message).field("cause").missing(missing))
}

/// What is reached under a contract that is not signed, or against the contract's own day, is a slip of the pen.
fn check_reached(this: &Milestone, contract: &Contract, on: Date) -> Fallible<()> {
    if contract.state == "negotiating" {
        return Err(Refusal::new("state", format!("Contract {} is not signed.", contract.number))
            .missing("a signed contract"));
    }
    if this.kind != MilestoneKind::EntryIntoForce || contract.in_force_on == Some(on) {
        return Ok(());
    }
    let (message, missing) = match contract.in_force_on {
        Some(day) => (
            format!("Contract {} entered into force on {day}, not on {on}.", contract.number),
            format!("the date {day}"),
        ),
        None => (
            format!("Contract {} has not entered into force.", contract.number),
            "the contract’s entry into force, recorded before its milestone".to_owned(),
        ),
    };
    Err(Refusal::new("milestone.entry_into_force", message).field("on").missing(missing))
}

/// Gives the instalment that waits for the milestone its day.
fn release(
    this: &Milestone,
    contract: &Contract,
    facts: &MilestoneFacts,
    context: &Context,
    (on, document): (Date, Document),
) -> Fallible<Vec<NewEvent>> {
    let Some(waiting) = facts.instalment.as_ref().filter(|found| found.state == "scheduled") else {
        return Ok(Vec::new());
    };
    let DueRule::AfterMilestone { milestone, on: day, days } = &waiting.due else { return Ok(Vec::new()) };
    if *day == Some(on) {
        return Ok(Vec::new());
    }
    let due = DueRule::AfterMilestone { milestone: milestone.clone(), on: Some(on), days: *days };
    let command = InstalmentCommand::Amend {
        // It is released once both are there: the milestone, and the instalment as it stands.
        on: on.max(waiting.last_on),
        change: InstalmentChange { due: Some(due), ..InstalmentChange::default() },
        document,
        reason: format!("Milestone {} “{}” reached on {on}", this.number, this.name),
    };
    instalment::decide(Some(waiting), contract, &waiting.number, &facts.of_instalment, context, command)
}

fn check_not_released(this: &Milestone, facts: &MilestoneFacts) -> Fallible<()> {
    let (Some(reached_on), Some(released)) = (this.reached_on, &facts.instalment) else { return Ok(()) };
    if released.state != "scheduled" || released.due.own_day() != Some(reached_on) {
        return Ok(());
    }
    Err(Refusal::new(
        "milestone.released",
        format!("Instalment {} counts its days from {reached_on}, when this was reached.", released.number),
    )
    .missing("the instalment amended first, so that it does not count from that day"))
}
