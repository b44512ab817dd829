//! Exchange rates: facts of a pair of currencies on a day, with their source.
//!
//! A rate is quoted one way round, as its source publishes it, and counts both ways: the other way is its
//! exact inverse, so that nothing is rounded twice. One rate stands for a pair and a day; a contract may fix
//! one of its own.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::contract::Contract;
use crate::document::{Document, text};
use crate::label::{Label, Level};
use crate::ledger::{Context, Fact, Fallible, NewEvent, Refusal, Subject, SubjectKind};
use crate::money::{Currency, Money, check_amount, decimal, divide_half_even, parse_scaled};

/// Decimals that a rate has at most.
const DIGITS: u32 = 8;

/// The largest rate, scaled: ten million.
const MOST: i64 = 1_000_000_000_000_000;

/// Units for which a rate may be quoted, as central banks do: for one, ten, a hundred and so on.
const UNITS: [u32; 7] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/// How many units of one currency, in hundred-millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate(i64);

impl Rate {
    /// Reads a decimal string above zero with up to eight decimals.
    ///
    /// # Errors
    /// `rate.malformed`, `rate.too_precise`, `rate.too_large` or `rate.not_positive`, naming the field.
    pub fn parse(field: &str, text: &str) -> Fallible<Rate> {
        let scaled = parse_scaled(field, text, DIGITS, "rate", MOST)?;
        if scaled > 0 {
            return Ok(Rate(scaled));
        }
        Err(Refusal::new("rate.not_positive", format!("The rate {text} is not above zero."))
            .field(field)
            .missing("a rate above zero"))
    }
}

impl fmt::Display for Rate {
    /// Without needless zeros: `1.2905`, `31`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = decimal(self.0, DIGITS);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Rate, D::Error> {
        Rate::parse("rate", &String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// A rate as it is quoted: `units` of `from` are `rate` of `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeRate {
    /// The currency that is priced.
    pub from: Currency,
    /// For how many units of it: 1, 10, 100 and so on.
    pub units: u32,
    /// The currency of the price.
    pub to: Currency,
    /// The price.
    pub rate: Rate,
}

impl ExchangeRate {
    /// Turns an amount of either currency into the other: exactly, and rounded once to the minor unit, half
    /// to the even neighbour.
    ///
    /// # Errors
    /// `rate.pair` if the amount is of neither; `amount.too_large`.
    pub fn convert(&self, amount: Money) -> Fallible<Money> {
        let scale = |digits: u32| 10_i128.pow(digits);
        let minor = i128::from(amount.minor);
        let (from, to) = (scale(self.from.digits()), scale(self.to.digits()));
        let quoted = i128::from(self.rate.0);
        let unit = i128::from(self.units) * scale(DIGITS);
        // At most 10^15 minor units, 10^15 of a rate, 10^14 of units and 10^4 of decimals: below 10^38.
        let (exact, divisor, currency) = if amount.currency == self.from {
            (minor * quoted * to, unit * from, self.to)
        } else if amount.currency == self.to {
            (minor * unit * from, quoted * to, self.from)
        } else {
            return Err(Refusal::new(
                "rate.pair",
                format!("The rate is of {} and {}, the amount in {}.", self.from, self.to, amount.currency),
            )
            .missing("a rate of the amount’s currency"));
        };
        let minor = i64::try_from(divide_half_even(exact, divisor)).unwrap_or(i64::MAX);
        check_amount("amount", minor)?;
        Ok(Money::new(minor, currency))
    }
}

impl fmt::Display for ExchangeRate {
    /// `1 EUR = 1.2905 USD`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} = {} {}", self.units, self.from, self.rate, self.to)
    }
}

/// `rate.recorded.v1`: the event's date is the day for which the rate holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateRecorded {
    /// As quoted.
    pub quoted: ExchangeRate,
    /// Who publishes it, or the clause that fixes it.
    pub source: String,
    /// The contract that fixes it; none for a rate of the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `rate.corrected.v1`: what was recorded is restated. Receipts that stated the old rate keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateCorrected {
    /// As quoted.
    pub quoted: ExchangeRate,
    /// Who publishes it, or the clause that fixes it.
    pub source: String,
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// A change of the table of rates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: as those of `RateRecorded`; `on` is the day for which the rate holds.
pub enum RateCommand {
    Record {
        quoted: ExchangeRate,
        on: Date,
        source: String,
        contract: Option<String>,
        document: Option<Document>,
    },
    Correct {
        quoted: ExchangeRate,
        source: String,
        document: Option<Document>,
        reason: String,
    },
}

/// A rate as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateState {
    /// Its key in the ledger.
    pub number: String,
    /// As quoted.
    pub quoted: ExchangeRate,
    /// The day for which it holds; of a contract's rate, the day on which it was agreed.
    pub on: Date,
    /// Who publishes it, or the clause that fixes it.
    pub source: String,
    /// The contract that fixes it.
    pub contract: Option<String>,
    /// Marking.
    pub label: Label,
}

impl RateState {
    /// Folds one fact.
    pub fn apply(state: &mut Option<RateState>, subject: &Subject, on: Date, label: &Label, fact: &Fact) {
        match (fact, state) {
            (Fact::RateRecorded(recorded), state) => {
                *state = Some(RateState {
                    number: subject.key.clone(),
                    quoted: recorded.quoted,
                    on,
                    source: recorded.source.clone(),
                    contract: recorded.contract.clone(),
                    label: label.clone(),
                });
            }
            (Fact::RateCorrected(corrected), Some(rate)) => {
                rate.quoted = corrected.quoted;
                rate.source.clone_from(&corrected.source);
            }
            _ => {}
        }
    }
}

/// The pair, in the order of the alphabet: `EUR-USD` whichever way round a rate is quoted.
fn pair(one: Currency, other: Currency) -> String {
    let (first, second) = if one <= other { (one, other) } else { (other, one) };
    format!("{first}-{second}")
}

/// The key of the rate of a day: `EUR-USD-2012-05-14`.
pub fn day_key(one: Currency, other: Currency, on: Date) -> String {
    format!("{}-{on}", pair(one, other))
}

/// The key of the rate that a contract fixes: `O-2012-0015.EUR-USD`.
pub fn contract_key(contract: &str, one: Currency, other: Currency) -> String {
    format!("{contract}.{}", pair(one, other))
}

/// Decides a change of a rate. `contract` is the one that fixes it, open to the actor.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    state: Option<&RateState>,
    contract: Option<&Contract>,
    number: &str,
    context: &Context,
    command: RateCommand,
) -> Fallible<Vec<NewEvent>> {
    let event = |on, label: Label, fact, reason| {
        Ok(vec![NewEvent {
            subject: SubjectKind::Rate.subject(number),
            occurred_on: on,
            label,
            fact,
            reason,
        }])
    };
    match (command, state) {
        (RateCommand::Record { quoted, on, source, contract: of, document }, None) => {
            context.not_in_future("on", on)?;
            check(&quoted, &source, document.as_ref(), context)?;
            let label = match contract {
                Some(contract) => {
                    if contract.currency != quoted.from && contract.currency != quoted.to {
                        return Err(Refusal::new(
                            "rate.pair",
                            format!("Contract {} is in {}.", contract.number, contract.currency),
                        )
                        .field("to")
                        .missing(format!("a rate of {}", contract.currency)));
                    }
                    contract.label.clone()
                }
                // What is published is public.
                None => Label::of(Level::Public),
            };
            event(
                on,
                label,
                Fact::RateRecorded(RateRecorded { quoted, source, contract: of, document }),
                None,
            )
        }
        (RateCommand::Record { .. }, Some(rate)) => Err(Refusal::new(
            "rate.recorded",
            format!("The rate {} is recorded already: {}.", rate.number, rate.quoted),
        )
        .field("rate")
        .missing("a correction with its reason, if it is wrong")),
        (RateCommand::Correct { .. }, None) => Err(Refusal::not_found("rate", number)),
        (RateCommand::Correct { quoted, source, document, reason }, Some(rate)) => {
            check(&quoted, &source, document.as_ref(), context)?;
            text("rate.reason", "reason", &reason, 1000)?;
            if pair(quoted.from, quoted.to) != pair(rate.quoted.from, rate.quoted.to) {
                return Err(Refusal::new(
                    "rate.pair",
                    format!("The rate {number} is not of {} and {}.", quoted.from, quoted.to),
                )
                .field("from")
                .missing(format!("a rate of {} and {}", rate.quoted.from, rate.quoted.to)));
            }
            if quoted == rate.quoted && source == rate.source {
                return Err(Refusal::new("rate.nothing_corrected", "The correction changes nothing.")
                    .missing("another rate or source"));
            }
            let fact = Fact::RateCorrected(RateCorrected { quoted, source, document });
            event(rate.on, rate.label.clone(), fact, Some(reason))
        }
    }
}

fn check(
    quoted: &ExchangeRate,
    source: &str,
    document: Option<&Document>,
    context: &Context,
) -> Fallible<()> {
    if quoted.from == quoted.to {
        return Err(Refusal::new("rate.pair", format!("A rate of {} to itself is no rate.", quoted.from))
            .field("to")
            .missing("two currencies"));
    }
    if !UNITS.contains(&quoted.units) {
        return Err(Refusal::new("rate.units", format!("A rate is not quoted for {} units.", quoted.units))
            .field("units")
            .missing("1, 10, 100 and so on, up to 1,000,000"));
    }
    text("rate.source", "source", source, 200)?;
    document.map_or(Ok(()), |document| document.check(context))
}
