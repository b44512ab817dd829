//! What an offset obligation says: how much is owed, how transactions count, and by when.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::document::{Document, text};
use crate::ledger::{Context, Fallible, Refusal, check_year};
use crate::money::{Currency, Money, check_amount, decimal, divide_rounded, parse_scaled};
use crate::payment::Percent;
use crate::payment::schedule::words;

/// Decimals of a multiplier and of a share of the contract.
const DIGITS: u32 = 3;
/// The greatest multiplier, and the greatest share in per cent.
const MOST: i64 = 1000;

/// A factor in thousandths: `7`, `2.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Thousandths(i64);

impl Thousandths {
    /// Reads a decimal string above zero and up to 1000, with up to three decimals.
    ///
    /// # Errors
    /// `factor.malformed`, `factor.too_precise`, `factor.too_large` or `factor.not_positive`.
    pub fn parse(field: &str, text: &str) -> Fallible<Thousandths> {
        let scaled = parse_scaled(field, text, DIGITS, "factor", MOST * 10_i64.pow(DIGITS))?;
        if scaled > 0 {
            return Ok(Thousandths(scaled));
        }
        Err(Refusal::new("factor.not_positive", format!("{text} is not above zero."))
            .field(field)
            .missing("a number above zero"))
    }

    /// An amount times this, over `divisor`, to the nearest minor unit.
    fn of(self, minor: i64, divisor: i128) -> Fallible<i64> {
        let whole = i128::from(minor) * i128::from(self.0);
        let minor = i64::try_from(divide_rounded(whole, divisor * 1000)).unwrap_or(i64::MAX);
        check_amount("value", minor)?;
        Ok(minor)
    }
}

impl fmt::Display for Thousandths {
    /// Without needless zeros.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = decimal(self.0, DIGITS);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Serialize for Thousandths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Thousandths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Thousandths, D::Error> {
        Thousandths::parse("factor", &String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// How a transaction serves the buyer's economy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OffsetKind {
    /// Work given to makers of the buyer's state.
    Subcontract,
    /// Made together.
    CoProduction,
    /// Made there under licence.
    LicensedProduction,
    /// Know-how handed over.
    TechnologyTransfer,
    /// People trained.
    Training,
    /// Money invested.
    Investment,
    /// Credit given or its terms eased.
    Credit,
    /// Goods or services bought there.
    Purchase,
    /// Anything else, which its words say.
    Other,
}

words! { OffsetKind, "a kind of offset", "offset.kind",
    Subcontract = "subcontract", "subcontract";
    CoProduction = "co_production", "co-production";
    LicensedProduction = "licensed_production", "licensed production";
    TechnologyTransfer = "technology_transfer", "technology transfer";
    Training = "training", "training";
    Investment = "investment", "investment";
    Credit = "credit", "credit";
    Purchase = "purchase", "purchase";
    Other = "other", "other";
}

/// By what the value of a transaction of a kind is multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Multiplier {
    /// The kind.
    pub kind: OffsetKind,
    /// The factor.
    pub factor: Thousandths,
}

/// What is owed by a day, as a share of the whole from the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OffsetPhase {
    /// By when.
    pub by: Date,
    /// Which share of the whole, from the beginning.
    pub share: Percent,
}

/// `offset.agreed.v1`: the event's date is the day on which it was agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OffsetTerms {
    /// What it is called.
    pub title: String,
    /// The credit that is owed.
    pub required: Money,
    /// The share of the contract's value that this is, in per cent, where it was agreed as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Thousandths>,
    /// The kinds that count, and how.
    pub multipliers: Vec<Multiplier>,
    /// What is owed by when; the last phase is the whole.
    pub phases: Vec<OffsetPhase>,
    /// What a shortfall costs, in per cent of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub penalty: Option<Percent>,
    /// The agreement.
    pub document: Document,
}

/// `offset.amended.v1`: what is absent stays. Credit that was claimed or accepted stays as it was reckoned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OffsetAmended {
    /// The credit that is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<Money>,
    /// The kinds that count, and how, whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multipliers: Option<Vec<Multiplier>>,
    /// What is owed by when, whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phases: Option<Vec<OffsetPhase>>,
    /// The signed amendment.
    pub document: Document,
}

impl OffsetTerms {
    /// The credit of a transaction.
    ///
    /// # Errors
    /// `offset.kind` where the obligation names no multiplier for its kind.
    pub fn credit(&self, kind: OffsetKind, value: Money) -> Fallible<Money> {
        let Some(named) = self.multipliers.iter().find(|named| named.kind == kind) else {
            let kinds: Vec<&str> = self.multipliers.iter().map(|named| named.kind.word()).collect();
            return Err(Refusal::new(
                "offset.kind",
                format!("The obligation does not count {}.", kind.name()),
            )
            .field("kind")
            .missing(format!("one of {}", kinds.join(", "))));
        };
        Ok(Money::new(named.factor.of(value.minor, 1)?, value.currency))
    }

    /// Folds an amendment: what it does not say stays, and the paper of what was agreed first.
    pub fn amend(&mut self, amended: &OffsetAmended) {
        if let Some(required) = amended.required {
            self.required = required;
            self.percent = None;
        }
        if let Some(phases) = &amended.phases {
            self.phases.clone_from(phases);
        }
        if let Some(multipliers) = &amended.multipliers {
            self.multipliers.clone_from(multipliers);
        }
    }

    /// By when all of it is owed.
    pub fn due_on(&self) -> Option<Date> {
        self.phases.last().map(|phase| phase.by)
    }
}

impl OffsetAmended {
    /// Checks an amendment against what it amends.
    pub(super) fn check(&self, terms: &OffsetTerms, agreed_on: Date, context: &Context) -> Fallible<()> {
        self.document.check(context)?;
        if self.required.is_none() && self.multipliers.is_none() && self.phases.is_none() {
            return Err(Refusal::new("offset.nothing_amended", "The amendment changes nothing.")
                .missing("another amount, other multipliers or other phases"));
        }
        if let Some(required) = self.required {
            check_required(required, terms.required.currency)?;
        }
        if let Some(multipliers) = &self.multipliers {
            check_multipliers(multipliers)?;
        }
        self.phases.as_ref().map_or(Ok(()), |phases| check_phases(phases, agreed_on))
    }
}

/// Checks what is agreed of a contract of a currency and value; a share of the contract gives the amount.
pub(super) fn check_terms(
    terms: OffsetTerms,
    (currency, value): (Currency, i64),
    on: Date,
    context: &Context,
) -> Fallible<OffsetTerms> {
    text("offset.title", "title", &terms.title, 200)?;
    terms.document.check(context)?;
    check_required(terms.required, currency)?;
    if let Some(percent) = terms.percent {
        let share = Money::new(percent.of(value, 100)?, currency);
        if share != terms.required {
            return Err(Refusal::new(
                "offset.percent",
                format!(
                    "{percent} % of the contract, {}, is {share}, not {}.",
                    Money::new(value, currency),
                    terms.required
                ),
            )
            .field("required")
            .missing(format!("the amount {}, or no share", share.decimal())));
        }
    }
    check_multipliers(&terms.multipliers)?;
    check_phases(&terms.phases, on)?;
    Ok(terms)
}

fn check_required(required: Money, currency: Currency) -> Fallible<()> {
    if required.currency == currency && required.minor > 0 {
        return check_amount("required", required.minor);
    }
    Err(Refusal::new("offset.required", format!("{required} cannot be owed under the contract."))
        .field("required")
        .missing(format!("an amount above zero in {currency}, the contract’s currency")))
}

fn check_multipliers(multipliers: &[Multiplier]) -> Fallible<()> {
    let twice = multipliers
        .iter()
        .enumerate()
        .find(|(place, named)| multipliers[..*place].iter().any(|other| other.kind == named.kind));
    if let Some((place, named)) = twice {
        return Err(Refusal::new("offset.multipliers", format!("{} is named twice.", named.kind.name()))
            .field(format!("multipliers[{place}].kind"))
            .missing("each kind once"));
    }
    if multipliers.is_empty() {
        return Err(Refusal::new("offset.multipliers", "It is not said what counts.")
            .field("multipliers")
            .missing("at least one kind with its multiplier"));
    }
    Ok(())
}

fn check_phases(phases: &[OffsetPhase], on: Date) -> Fallible<()> {
    let refused = |place: usize, message: String, missing: &str| {
        Err(Refusal::new("offset.phases", message).field(format!("phases[{place}]")).missing(missing))
    };
    let mut before: Option<&OffsetPhase> = None;
    for (place, phase) in phases.iter().enumerate() {
        check_year("phases", phase.by)?;
        if phase.by < on {
            return refused(place, format!("{} is before the agreement, {on}.", phase.by), "a later day");
        }
        if before.is_some_and(|before| before.by >= phase.by || before.share >= phase.share) {
            return refused(
                place,
                format!("By {} not more is owed than before.", phase.by),
                "phases in the order of their days, each with more of the whole than the one before it",
            );
        }
        before = Some(phase);
    }
    if before.is_some_and(|last| last.share.scaled() == Percent::WHOLE) {
        return Ok(());
    }
    refused(
        phases.len().saturating_sub(1),
        "The phases do not come to the whole.".to_owned(),
        "a last phase of 100 per cent",
    )
}
