//! Penalties for delay: worked out as the contract says, claimed, and agreed, waived or settled.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::schedule::{Late, PenaltyTerms, Percent, Period, Schedule};
use super::{check_positive, check_state};
use crate::contract::Contract;
use crate::document::{Document, text};
use crate::label::Label;
use crate::ledger::{Context, Fact, Fallible, Machine, NewEvent, Refusal, Subject, SubjectKind, Transition};
use crate::money::{Money, check_amount, divide_half_even};

/// The lifecycle of a penalty.
pub const MACHINE: Machine = Machine {
    subject: "penalty",
    initial: "claimed",
    rows: &[
        Transition::row("claimed", "agree", "agreed", "an amount up to what the terms give; the document"),
        Transition::row("claimed", "waive", "waived", "a date not before the claim; a reason"),
        Transition::row("agreed", "waive", "waived", "a date not before the agreement; a reason"),
        Transition::row("agreed", "settle", "settled", "a date not before the agreement; the document"),
        Transition::row("claimed", "annul", "annulled", "recorded in error; a reason"),
        Transition::row("agreed", "annul", "annulled", "recorded in error; a reason"),
    ],
};

/// What is late, by its number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delay {
    /// A delivery that was accepted after its line's date, or still is not.
    Delivery(String),
    /// What a line still owes after its date.
    Line(String),
    /// What an instalment has open after its day.
    Instalment(String),
}

impl Delay {
    /// Goods or money.
    pub fn late(&self) -> Late {
        match self {
            Delay::Delivery(_) | Delay::Line(_) => Late::Delivery,
            Delay::Instalment(_) => Late::Payment,
        }
    }

    /// The kind and number of what is late.
    pub fn subject(&self) -> Subject {
        match self {
            Delay::Delivery(number) => SubjectKind::Delivery.subject(number),
            Delay::Line(number) => SubjectKind::Line.subject(number),
            Delay::Instalment(number) => SubjectKind::Instalment.subject(number),
        }
    }
}

/// `penalty.claimed.v1`, which states how the amount came about, so that it can be read by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PenaltyClaimed {
    /// What is late.
    pub delay: Delay,
    /// Its value.
    pub value: Money,
    /// When it was due.
    pub due_on: Date,
    /// When it came; absent while it has not, and then the delay runs to the day of the claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_on: Option<Date>,
    /// Days of delay.
    pub days: u32,
    /// How many periods they count.
    pub periods: u32,
    /// The share of the value for one period.
    pub rate: Percent,
    /// The period.
    pub period: Period,
    /// The share of the value that is not exceeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Percent>,
    /// What the terms give.
    pub proposed: Money,
    /// What is claimed.
    pub amount: Money,
    /// The letter of claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `penalty.agreed.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PenaltyAgreed {
    /// What is owed.
    pub amount: Money,
    /// The agreement or award.
    pub document: Document,
}

/// `penalty.waived.v1` and `penalty.settled.v1`: the event's date is the day of the change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PenaltyMoved {
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// A change of a penalty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: `on` is the day of the change, `document` the paper behind it.
pub enum PenaltyCommand {
    /// Claims one: what the terms give, or less.
    Claim {
        delay: Delay,
        on: Date,
        amount: Option<Money>,
        document: Option<Document>,
    },
    /// Claims one as it was reckoned when it was claimed elsewhere: for books that are brought in.
    CarryOver(Box<PenaltyCarried>),
    Agree {
        on: Date,
        amount: Money,
        document: Document,
    },
    Waive {
        on: Date,
        reason: String,
        document: Option<Document>,
    },
    Settle {
        on: Date,
        document: Document,
    },
    Annul {
        reason: String,
    },
}

/// A penalty with what it was reckoned by. What the register knows today, of what came later or of other terms, does
/// not judge a claim that was made before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: as those of `PenaltyClaimed`; `on` is the day of the claim.
pub struct PenaltyCarried {
    pub delay: Delay,
    pub on: Date,
    pub value: Money,
    pub due_on: Date,
    pub done_on: Option<Date>,
    pub rate: Percent,
    pub period: Period,
    pub cap: Option<Percent>,
    pub amount: Money,
    pub document: Option<Document>,
}

/// What is late, as the register knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelayFacts {
    /// What is late is worth this, in minor units of the contract's currency.
    pub value: i64,
    /// When it was due; absent where its rule gives no day yet.
    pub due_on: Option<Date>,
    /// When it came.
    pub done_on: Option<Date>,
    /// Marking.
    pub label: Label,
}

/// What the rules need to know of the rest of the register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PenaltyFacts {
    /// The schedule of the contract, with its terms.
    pub schedule: Schedule,
    /// What is late, if the register holds it and the actor may see it.
    pub delay: Option<DelayFacts>,
    /// A penalty for the same delay that is neither waived nor annulled.
    pub standing: Option<String>,
}

/// The state of a penalty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Penalty {
    /// Number, `CONTRACT.Pn`.
    pub number: String,
    /// What is late.
    pub delay: Delay,
    /// What the terms give.
    pub proposed: Money,
    /// What is claimed, and once that is agreed, what is owed.
    pub amount: Money,
    /// Marking.
    pub label: Label,
    /// State of [`MACHINE`].
    pub state: &'static str,
    /// The day of its last change.
    pub last_on: Date,
}

impl Penalty {
    /// Folds one fact.
    pub fn apply(state: &mut Option<Penalty>, subject: &Subject, on: Date, label: &Label, fact: &Fact) {
        if let Fact::PenaltyClaimed(claimed) = fact {
            *state = Some(Penalty {
                number: subject.key.clone(),
                delay: claimed.delay.clone(),
                proposed: claimed.proposed,
                amount: claimed.amount,
                label: label.clone(),
                state: MACHINE.initial,
                last_on: on,
            });
        }
        let (Some(penalty), Some(to)) = (state, state_after(fact)) else { return };
        penalty.state = to;
        penalty.last_on = on;
        if let Fact::PenaltyAgreed(agreed) = fact {
            penalty.amount = agreed.amount;
        }
    }
}

/// The state into which a fact takes a penalty.
pub fn state_after(fact: &Fact) -> Option<&'static str> {
    Some(match fact {
        Fact::PenaltyClaimed(_) => "claimed",
        Fact::PenaltyAgreed(_) => "agreed",
        Fact::PenaltyWaived(_) => "waived",
        Fact::PenaltySettled(_) => "settled",
        Fact::PenaltyAnnulled(_) => "annulled",
        _ => return None,
    })
}

/// What the terms give for a delay: value × share × periods, and no more than the cap, rounded once to the
/// minor unit, half to the even neighbour.
///
/// # Errors
/// `amount.too_large`.
pub fn propose(terms: &PenaltyTerms, value: i64, days: u32) -> Fallible<i64> {
    reckon((terms.rate, terms.period, terms.cap), value, days)
}

fn reckon((rate, period, cap): (Percent, Period, Option<Percent>), value: i64, days: u32) -> Fallible<i64> {
    let periods = i128::from(period.count(days));
    let share = rate.scaled() * periods;
    let share = cap.map_or(share, |cap| share.min(cap.scaled()));
    let minor = divide_half_even(i128::from(value) * share, Percent::WHOLE);
    let minor = i64::try_from(minor).unwrap_or(i64::MAX);
    check_amount("amount", minor)?;
    Ok(minor)
}

/// Decides a change of a penalty. `number` is its number, or the next one for a new claim.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    state: Option<&Penalty>,
    contract: &Contract,
    number: &str,
    facts: &PenaltyFacts,
    context: &Context,
    command: PenaltyCommand,
) -> Fallible<Vec<NewEvent>> {
    let event = |on, label: &Label, fact, reason| {
        Ok(vec![NewEvent {
            subject: SubjectKind::Penalty.subject(number),
            occurred_on: on,
            label: label.clone(),
            fact,
            reason,
        }])
    };
    let penalty = match (command, state) {
        (PenaltyCommand::Claim { delay, on, amount, document }, _) => {
            let (fact, label) = claim(contract, facts, context, (delay, on, amount, document))?;
            return event(on, &label, Fact::PenaltyClaimed(fact), None);
        }
        (PenaltyCommand::CarryOver(carried), _) => {
            let (fact, label) = carry_over(contract, facts, context, *carried)?;
            return event(fact.0, &label, Fact::PenaltyClaimed(fact.1), None);
        }
        (_, None) => return Err(Refusal::not_found("penalty", number)),
        (command, Some(penalty)) => (command, penalty),
    };
    let (command, penalty) = penalty;
    let label = &penalty.label;
    match command {
        // It has returned before; no input reaches this.
        PenaltyCommand::Claim { .. } | PenaltyCommand::CarryOver(_) => {
            Err(Refusal::new("state", "The penalty is claimed already.").missing("a new penalty"))
        }
        PenaltyCommand::Agree { on, amount, document } => {
            MACHINE.next(penalty.state, "agree")?;
            in_order(penalty, context, on)?;
            document.check(context)?;
            within(&amount, &penalty.proposed)?;
            event(on, label, Fact::PenaltyAgreed(PenaltyAgreed { amount, document }), None)
        }
        PenaltyCommand::Waive { on, reason, document } => {
            MACHINE.next(penalty.state, "waive")?;
            in_order(penalty, context, on)?;
            text("penalty.reason", "reason", &reason, 1000)?;
            if let Some(document) = &document {
                document.check(context)?;
            }
            event(on, label, Fact::PenaltyWaived(PenaltyMoved { document }), Some(reason))
        }
        PenaltyCommand::Settle { on, document } => {
            MACHINE.next(penalty.state, "settle")?;
            in_order(penalty, context, on)?;
            document.check(context)?;
            event(on, label, Fact::PenaltySettled(PenaltyMoved { document: Some(document) }), None)
        }
        PenaltyCommand::Annul { reason } => {
            MACHINE.next(penalty.state, "annul")?;
            text("penalty.reason", "reason", &reason, 1000)?;
            event(context.today, label, Fact::PenaltyAnnulled(crate::ledger::Occurred {}), Some(reason))
        }
    }
}

/// What a claim says of a delay.
type Asked = (Delay, Date, Option<Money>, Option<Document>);

fn claim(
    contract: &Contract,
    facts: &PenaltyFacts,
    context: &Context,
    (delay, on, amount, document): Asked,
) -> Fallible<(PenaltyClaimed, Label)> {
    let of = late_thing(contract, facts, context, (&delay, on))?;
    let subject = delay.subject();
    let late = delay.late();
    let Some(terms) = facts.schedule.terms.get(&late) else {
        return Err(Refusal::new(
            "penalty.terms",
            format!("What delay of {} costs is not recorded of contract {}.", late.name(), contract.number),
        )
        .missing(format!("the contract’s terms for delay of {}", late.name())));
    };
    none_stands(facts)?;
    let due_on = of.due_on.ok_or_else(|| {
        Refusal::new("penalty.no_date", format!("When {} is due is not known.", subject.key))
            .field("delay")
            .missing("a day from which delay is counted")
    })?;
    let end = of.done_on.unwrap_or(on);
    let days = u32::try_from((end - due_on).get_days()).unwrap_or(0);
    if days == 0 || of.value <= 0 {
        return Err(Refusal::new(
            "penalty.not_late",
            format!("By {end} nothing of {} is late; it was due on {due_on}.", subject.key),
        )
        .field("delay")
        .missing("something that came after its day, or has not come"));
    }
    if on < end {
        return Err(Refusal::new("penalty.order", format!("The delay ended on {end}, after {on}."))
            .field("on")
            .missing(format!("a date from {end}")));
    }
    let proposed = Money::new(propose(terms, of.value, days)?, contract.currency);
    if proposed.minor == 0 {
        return Err(Refusal::new("penalty.nothing", format!("{days} days of delay cost nothing yet."))
            .field("delay")
            .missing(format!("a delay of at least one period ({})", terms.period.name())));
    }
    let amount = amount.unwrap_or(proposed);
    within(&amount, &proposed)?;
    if let Some(document) = &document {
        document.check(context)?;
    }
    let fact = PenaltyClaimed {
        delay,
        value: Money::new(of.value, contract.currency),
        due_on,
        done_on: of.done_on,
        days,
        periods: terms.period.count(days),
        rate: terms.rate,
        period: terms.period,
        cap: terms.cap,
        proposed,
        amount,
        document,
    };
    Ok((fact, contract.label.join(&of.label)))
}

/// A claim as it was reckoned when it was made: it is checked against what it says itself.
fn carry_over(
    contract: &Contract,
    facts: &PenaltyFacts,
    context: &Context,
    carried: PenaltyCarried,
) -> Fallible<((Date, PenaltyClaimed), Label)> {
    let PenaltyCarried { delay, on, value, due_on, done_on, rate, period, cap, amount, document } = carried;
    let of = late_thing(contract, facts, context, (&delay, on))?;
    none_stands(facts)?;
    check_positive("value", &value, contract.currency)?;
    let end = done_on.unwrap_or(on);
    let days = u32::try_from((end - due_on).get_days()).unwrap_or(0);
    if days == 0 {
        return Err(Refusal::new(
            "penalty.not_late",
            format!("It was due on {due_on}, and late by {end} it was not."),
        )
        .field("due_on")
        .missing(format!("a date before {end}")));
    }
    if on < end {
        return Err(Refusal::new("penalty.order", format!("The delay ended on {end}, after {on}."))
            .field("on")
            .missing(format!("a date from {end}")));
    }
    let proposed = Money::new(reckon((rate, period, cap), value.minor, days)?, contract.currency);
    within(&amount, &proposed)?;
    if let Some(document) = &document {
        document.check(context)?;
    }
    let periods = period.count(days);
    let fact = PenaltyClaimed {
        delay,
        value,
        due_on,
        done_on,
        days,
        periods,
        rate,
        period,
        cap,
        proposed,
        amount,
        document,
    };
    Ok(((on, fact), contract.label.join(&of.label)))
}

/// What is late, if a penalty can be claimed for it at all on a day.
fn late_thing<'f>(
    contract: &Contract,
    facts: &'f PenaltyFacts,
    context: &Context,
    (delay, on): (&Delay, Date),
) -> Fallible<&'f DelayFacts> {
    context.not_in_future("on", on)?;
    check_state(
        contract,
        &["in_force", "suspended", "completed", "terminated"],
        "a contract that has entered into force",
    )?;
    let subject = delay.subject();
    let found = facts.delay.as_ref();
    found.ok_or_else(|| Refusal::not_found(subject.kind.word(), &subject.key).field("delay"))
}

fn none_stands(facts: &PenaltyFacts) -> Fallible<()> {
    let Some(standing) = &facts.standing else { return Ok(()) };
    Err(Refusal::new("penalty.standing", format!("Penalty {standing} is for the same delay."))
        .field("delay")
        .missing("a delay for which no penalty stands"))
}

fn within(amount: &Money, proposed: &Money) -> Fallible<()> {
    check_positive("amount", amount, proposed.currency)?;
    if amount.minor <= proposed.minor {
        return Ok(());
    }
    Err(Refusal::new("penalty.beyond_terms", format!("The terms give {proposed}, less than {amount}."))
        .field("amount")
        .missing(format!("an amount of at most {proposed}")))
}

fn in_order(penalty: &Penalty, context: &Context, on: Date) -> Fallible<()> {
    context.not_in_future("on", on)?;
    if on >= penalty.last_on {
        return Ok(());
    }
    Err(Refusal::new(
        "penalty.order",
        format!("Penalty {} changed last on {}; {on} is before it.", penalty.number, penalty.last_on),
    )
    .field("on")
    .missing(format!("a date from {}", penalty.last_on)))
}
