//! Quotas: how much may be granted to a state within a time. What was granted and not given back counts, and of what was
//! revoked, closed or has expired what went.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::denial::overlaps;
use crate::contract::line::check_category;
use crate::document::text;
use crate::ledger::{Context, Fallible, Refusal, check_year};
use crate::money::{Money, Quantity, Unit};
use crate::partner::check_state_code;
use crate::transfer::check::{Check, CheckKind, CheckOutcome};
use crate::transfer::content::Content;
use crate::transfer::licence::Licence;

/// The most that may be granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "of", deny_unknown_fields)]
pub enum Limit {
    /// So many.
    Quantity {
        /// How many.
        quantity: Quantity,
        /// In which unit.
        unit: Unit,
    },
    /// Worth so much.
    Value {
        /// How much.
        value: Money,
    },
}

impl Limit {
    /// The limit for people.
    pub fn words(&self) -> String {
        match self {
            Limit::Quantity { quantity, unit } => format!("{quantity} {}", unit.counted(*quantity)),
            Limit::Value { value } => value.to_string(),
        }
    }

    fn amount(&self) -> i64 {
        match self {
            Limit::Quantity { quantity, .. } => quantity.0,
            Limit::Value { value } => value.minor,
        }
    }

    fn of(&self, amount: i64) -> String {
        match *self {
            Limit::Quantity { unit, .. } => {
                let quantity = Quantity(amount);
                format!("{quantity} {}", unit.counted(quantity))
            }
            Limit::Value { value } => Money::new(amount, value.currency).to_string(),
        }
    }

    /// What of an amount it measures; none where it measures in another unit or currency.
    fn measure(&self, quantity: Quantity, unit: Unit, value: Money) -> Option<i64> {
        match self {
            Limit::Quantity { unit: of, .. } => (*of == unit).then_some(quantity.0),
            Limit::Value { value: of } => (of.currency == value.currency).then_some(value.minor),
        }
    }
}

/// How much may be granted to a state within a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// The state, ISO 3166-1 alpha-3.
    pub destination: String,
    /// Control-list entry; none for all goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The first day: licences that are issued from then on count.
    pub from: Date,
    /// The last one.
    pub until: Date,
    /// On what ground.
    pub basis: String,
    /// The most that may be granted.
    pub limit: Limit,
}

impl Quota {
    /// Whether it is whole.
    ///
    /// # Errors
    /// A refusal that names the field.
    pub fn check(&self, _context: &Context) -> Fallible<()> {
        check_state_code("destination", &self.destination)?;
        if let Some(category) = &self.category {
            check_category(category)?;
        }
        text("guidance.basis", "basis", &self.basis, 1000)?;
        check_year("from", self.from)?;
        check_year("until", self.until)?;
        if self.until < self.from {
            return Err(Refusal::new("guidance.until", format!("{} is before {}.", self.until, self.from))
                .field("until")
                .missing(format!("a date from {}", self.from)));
        }
        match self.limit {
            Limit::Quantity { quantity, unit } => unit.check_whole("limit", quantity),
            Limit::Value { value } if value.minor >= 0 => Ok(()),
            Limit::Value { value } => Err(Refusal::new("guidance.limit", format!("{value} is below zero."))
                .field("limit")
                .missing("a value of zero or more")),
        }
    }

    /// What it is about, in a line.
    pub fn title(&self) -> String {
        let what = self.category.as_deref().unwrap_or("all goods");
        format!("{}: {} of {what}, {} to {}", self.destination, self.limit.words(), self.from, self.until)
    }

    fn is_of(&self, category: &str) -> bool {
        // What is only known to be ML4 may be ML4.a: it counts.
        self.category.as_deref().is_none_or(|of| overlaps(of, category))
    }

    /// What licences take of it; none where one of them is measured otherwise.
    ///
    /// # Errors
    /// The number of the licence that cannot be measured.
    pub fn taken(&self, licences: &[Licence], day: Date) -> Result<i64, String> {
        let mut taken = 0_i64;
        for licence in licences {
            if licence.issued_on < self.from || licence.issued_on > self.until {
                continue;
            }
            let stands = matches!(licence.state, "issued" | "suspended") && licence.issued.valid_until >= day;
            for line in licence.issued.lines.iter().filter(|line| self.is_of(&line.category)) {
                let (quantity, value) = match (stands, licence.left(line.number)) {
                    (true, _) | (false, None) => (line.quantity, line.value),
                    (false, Some(left)) => (
                        Quantity(line.quantity.0.saturating_sub(left.quantity.0)),
                        Money::new(line.value.minor.saturating_sub(left.value), line.value.currency),
                    ),
                };
                if quantity == Quantity::ZERO {
                    continue;
                }
                let measured = self.limit.measure(quantity, line.unit, value);
                taken = taken.saturating_add(measured.ok_or_else(|| licence.number.clone())?);
            }
        }
        Ok(taken)
    }
}

/// A quota as it is known when a transfer is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaKnown {
    /// Number of its file, or what it is where the reader may not know of it.
    pub number: String,
    /// Which edition.
    pub edition: String,
    /// Whether the readers of the application may know what it says.
    pub is_open: bool,
    /// What it says.
    pub quota: Quota,
    /// What other licences take of it, in its own measure; the number of one that is measured otherwise.
    pub taken: Result<i64, String>,
}

/// Whether a transfer stays within the quotas: a row for each quota and line that it is of, and one where none is.
pub(crate) fn quotas(content: &Content, known: &[QuotaKnown], day: Date) -> Vec<Check> {
    let check = |line, about: &str, outcome, why: String, edition: &str| Check {
        kind: CheckKind::Quota,
        line,
        about: about.to_owned(),
        outcome,
        why,
        source: if about.is_empty() { "quotas".to_owned() } else { about.to_owned() },
        edition: edition.to_owned(),
        needs: None,
    };
    let mut checks = Vec::new();
    for known in known {
        let quota = &known.quota;
        if quota.destination != content.destination || day < quota.from || day > quota.until {
            continue;
        }
        let mut asked = 0_i64;
        for (number, line) in (1..).zip(&content.lines) {
            if !quota.is_of(&line.category) {
                continue;
            }
            let mut row = |outcome, why| {
                checks.push(check(Some(number), &known.number, outcome, why, &known.edition));
            };
            let value = line.value().ok().map(|minor| Money::new(minor, line.unit_price.currency));
            let measured = value.and_then(|value| quota.limit.measure(line.quantity, line.unit, value));
            let (Some(measured), Ok(taken)) = (measured, &known.taken) else {
                let what = match &known.taken {
                    Err(licence) if known.is_open => format!("licence {licence} is"),
                    Err(_) => "a licence is".to_owned(),
                    Ok(_) => "the line is".to_owned(),
                };
                row(
                    CheckOutcome::Hold,
                    format!("What is left of the quota cannot be told: {what} measured otherwise than it."),
                );
                continue;
            };
            asked = asked.saturating_add(measured);
            let with = taken.saturating_add(asked);
            let is_within = with <= quota.limit.amount();
            let why = match (known.is_open, is_within) {
                (true, _) => format!(
                    "Of {} {} are granted to others, and with this line it would be {}.",
                    quota.limit.words(),
                    quota.limit.of(*taken),
                    quota.limit.of(with)
                ),
                (false, true) => "It stays within the quota.".to_owned(),
                (false, false) => "It goes beyond the quota.".to_owned(),
            };
            row(if is_within { CheckOutcome::Pass } else { CheckOutcome::Hold }, why);
        }
    }
    if checks.is_empty() {
        let why = format!("No quota limits what goes to {}.", content.destination);
        checks.push(check(None, "", CheckOutcome::Pass, why, ""));
    }
    checks
}
