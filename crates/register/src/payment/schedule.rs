//! The payment schedule of a contract: whether it is complete, and what delay costs.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::check_state;
use crate::contract::Contract;
use crate::document::{Document, text};
use crate::label::Label;
use crate::ledger::{Context, Fact, Fallible, NewEvent, Refusal, SubjectKind};
use crate::money::{Money, decimal, parse_scaled};

/// Decimals of a per cent that a share has at most.
const DIGITS: u32 = 6;

/// A share in millionths of a per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(i64);

impl Percent {
    /// What is multiplied by a share is divided by this.
    pub const WHOLE: i128 = 100 * 10_i128.pow(DIGITS);

    /// Reads a decimal string above zero and up to 100, with up to six decimals.
    ///
    /// # Errors
    /// `percent.malformed`, `percent.too_precise`, `percent.too_large` or `percent.not_positive`.
    pub fn parse(field: &str, text: &str) -> Fallible<Percent> {
        let scaled = parse_scaled(field, text, DIGITS, "percent", 100 * 10_i64.pow(DIGITS))?;
        if scaled > 0 {
            return Ok(Percent(scaled));
        }
        Err(Refusal::new("percent.not_positive", format!("{text} % is not above zero."))
            .field(field)
            .missing("a per cent above zero"))
    }

    /// The share, scaled by [`Percent::WHOLE`].
    pub fn scaled(self) -> i128 {
        i128::from(self.0)
    }
}

impl fmt::Display for Percent {
    /// Without needless zeros and without the sign: `0.1`, `8`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = decimal(self.0, DIGITS);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Percent, D::Error> {
        Percent::parse("percent", &String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

macro_rules! words {
    ($type:ident, $what:literal, $code:literal, $($variant:ident = $word:literal, $name:literal;)*) => {
        impl $type {
            /// All of them.
            pub const ALL: &'static [$type] = &[$($type::$variant),*];

            /// The word in data.
            pub fn word(self) -> &'static str {
                match self { $($type::$variant => $word,)* }
            }

            /// The words for people.
            pub fn name(self) -> &'static str {
                match self { $($type::$variant => $name,)* }
            }
        }

        impl ::std::str::FromStr for $type {
            type Err = $crate::ledger::Refusal;
            fn from_str(text: &str) -> Result<$type, $crate::ledger::Refusal> {
                let asked = text.trim();
                $type::ALL
                    .iter()
                    .copied()
                    .find(|one| one.word() == asked || one.name().eq_ignore_ascii_case(asked))
                    .ok_or_else(|| {
                        let words: Vec<&str> = $type::ALL.iter().map(|one| one.word()).collect();
                        $crate::ledger::Refusal::new($code, format!("{text:?} is not {}.", $what))
                            .missing(format!("one of {}", words.join(", ")))
                    })
            }
        }
    };
}
pub(crate) use words;

/// What is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Late {
    /// Goods: the recipient claims.
    Delivery,
    /// Money: the exporter claims.
    Payment,
}

words! { Late, "something that can be late", "penalty.late",
    Delivery = "delivery", "delivery";
    Payment = "payment", "payment";
}

/// For which stretch of delay the share is owed once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// Each day.
    Day,
    /// Each week that is full.
    FullWeek,
    /// Each week that has begun.
    StartedWeek,
}

words! { Period, "a stretch of delay", "penalty.period",
    Day = "day", "each day";
    FullWeek = "full_week", "each full week";
    StartedWeek = "started_week", "each week begun";
}

impl Period {
    /// How many of them a delay of so many days counts.
    pub fn count(self, days: u32) -> u32 {
        match self {
            Period::Day => days,
            Period::FullWeek => days / 7,
            Period::StartedWeek => days.div_ceil(7),
        }
    }
}

/// `schedule.penalty_agreed.v1`: what delay costs, as the contract says from the event's date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PenaltyTerms {
    /// What is late.
    pub late: Late,
    /// The share of the value for one period.
    pub rate: Percent,
    /// The period.
    pub period: Period,
    /// The share of the value that all periods together do not exceed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Percent>,
    /// The contract or amendment that says so.
    pub document: Document,
}

/// `schedule.completed.v1`: the instalments are all there is, and sum to the contract's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleCompleted {
    /// How many instalments.
    pub instalments: u32,
    /// Their sum, which is the contract's value.
    pub amount: Money,
}

/// A change of a contract's schedule as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: `on` is the day of the change.
pub enum ScheduleCommand {
    /// Declares that all instalments are there.
    Complete { on: Date },
    /// Takes that back, so that instalments can be changed.
    Reopen { on: Date, reason: String },
    /// Records what delay costs.
    AgreePenalty { on: Date, terms: PenaltyTerms },
}

/// What the rules need to know of the rest of the register.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScheduleFacts {
    /// How many instalments stand that the actor may see.
    pub instalments: u32,
    /// Their sum in minor units.
    pub scheduled: i64,
    /// The join of their labels.
    pub label: Option<Label>,
    /// The value of the contract's lines in minor units.
    pub value: i64,
}

/// The state of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schedule {
    /// Whether it was declared complete.
    pub complete: bool,
    /// The day of the last declaration.
    pub last_on: Option<Date>,
    /// What delay costs, by what is late.
    pub terms: BTreeMap<Late, PenaltyTerms>,
}

impl Schedule {
    /// Folds one fact.
    pub fn apply(&mut self, on: Date, fact: &Fact) {
        match fact {
            Fact::ScheduleCompleted(_) | Fact::ScheduleReopened(_) => {
                self.complete = matches!(fact, Fact::ScheduleCompleted(_));
                self.last_on = Some(on);
            }
            Fact::SchedulePenaltyAgreed(terms) => {
                self.terms.insert(terms.late, terms.clone());
            }
            _ => {}
        }
    }
}

/// Decides a change of a contract's schedule.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    state: &Schedule,
    contract: &Contract,
    facts: &ScheduleFacts,
    context: &Context,
    command: ScheduleCommand,
) -> Fallible<Vec<NewEvent>> {
    let event = |on, label: Label, fact, reason| {
        Ok(vec![NewEvent {
            subject: SubjectKind::Schedule.subject(contract.number.clone()),
            occurred_on: on,
            label,
            fact,
            reason,
        }])
    };
    let label = &contract.label;
    // Whoever reads that the schedule is complete reads of all that it holds.
    let of_all = facts.label.as_ref().map_or_else(|| label.clone(), |all| label.join(all));
    match command {
        ScheduleCommand::Complete { on } => {
            in_order(state, context, on)?;
            check_state(
                contract,
                &["signed", "in_force", "suspended", "completed"],
                "a contract that is signed and not terminated",
            )?;
            if state.complete {
                return Err(Refusal::new("schedule.complete", "The schedule is complete already.")
                    .missing("a schedule that is open"));
            }
            let (scheduled, value) =
                (Money::new(facts.scheduled, contract.currency), Money::new(facts.value, contract.currency));
            if scheduled != value {
                let differ = Money::new(scheduled.minor - value.minor, contract.currency);
                return Err(Refusal::new(
                    "schedule.mismatch",
                    format!(
                        "The instalments of contract {} sum to {scheduled}, its lines to {value}: {differ}.",
                        contract.number
                    ),
                )
                .missing("instalments that sum to the contract’s value"));
            }
            let fact = ScheduleCompleted { instalments: facts.instalments, amount: scheduled };
            event(on, of_all, Fact::ScheduleCompleted(fact), None)
        }
        ScheduleCommand::Reopen { on, reason } => {
            in_order(state, context, on)?;
            text("schedule.reason", "reason", &reason, 1000)?;
            if !state.complete {
                return Err(Refusal::new("schedule.open", "The schedule is open.")
                    .missing("a schedule that was declared complete"));
            }
            event(on, of_all, Fact::ScheduleReopened(crate::ledger::Occurred {}), Some(reason))
        }
        ScheduleCommand::AgreePenalty { on, terms } => {
            context.not_in_future("on", on)?;
            terms.document.check(context)?;
            if terms.cap.is_some_and(|cap| cap < terms.rate) {
                return Err(Refusal::new("penalty.cap", "The cap is below the share of one period.")
                    .field("cap")
                    .missing("a cap of at least the share of one period"));
            }
            event(on, label.clone(), Fact::SchedulePenaltyAgreed(terms), None)
        }
    }
}

fn in_order(state: &Schedule, context: &Context, on: Date) -> Fallible<()> {
    context.not_in_future("on", on)?;
    match state.last_on.filter(|last| on < *last) {
        None => Ok(()),
        Some(last) => Err(Refusal::new(
            "schedule.order",
            format!("The schedule changed last on {last}; {on} is before it."),
        )
        .field("on")
        .missing(format!("a date from {last}"))),
    }
}

/// Refuses a change of the instalments of a schedule that was declared complete.
pub(super) fn check_open(state: &Schedule, contract: &Contract) -> Fallible<()> {
    if !state.complete {
        return Ok(());
    }
    Err(Refusal::new(
        "schedule.complete",
        format!("The payment schedule of contract {} was declared complete.", contract.number),
    )
    .missing("a schedule that is opened again, with the reason"))
}
