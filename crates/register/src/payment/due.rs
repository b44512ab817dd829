//! When an instalment is due: on a day, or so many days after something has happened.
//!
//! That is the signature, a milestone, the acceptance of a delivery or of a whole line. Until it has happened
//! the day is not known, and the instalment is not due.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::contract::Contract;
use crate::contract::line::{contract_of, line_of};
use crate::document::text;
use crate::ledger::{Fallible, Refusal, YEARS, check_year};

/// When an instalment is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
pub enum DueRule {
    /// On a day.
    Fixed {
        /// The day.
        on: Date,
    },
    /// After the signature of the contract.
    AfterSignature {
        /// How many days.
        days: u32,
    },
    /// After a milestone.
    AfterMilestone {
        /// What it is called.
        milestone: String,
        /// When it was reached or is to be; absent where nobody knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<Date>,
        /// How many days.
        days: u32,
    },
    /// After the acceptance of a delivery, which may still be to come: its number is `LINE.n`.
    AfterDelivery {
        /// Number of the delivery.
        delivery: String,
        /// How many days.
        days: u32,
    },
    /// After a line is accepted in full.
    AfterLine {
        /// Number of the line.
        line: String,
        /// How many days.
        days: u32,
    },
}

/// The act from which an instalment's days are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueBase<'r> {
    /// This day, where it is known.
    Day(Option<Date>),
    /// The signature of the contract.
    Signature,
    /// The acceptance of the delivery with this number.
    Delivery(&'r str),
    /// The acceptance in full of the line with this number.
    Line(&'r str),
}

/// The longest stretch between an act and a payment: a hundred years.
const MOST_DAYS: u32 = 36_525;

impl DueRule {
    /// The act from which the days are counted.
    pub fn base(&self) -> DueBase<'_> {
        match self {
            DueRule::Fixed { on } => DueBase::Day(Some(*on)),
            DueRule::AfterSignature { .. } => DueBase::Signature,
            DueRule::AfterMilestone { on, .. } => DueBase::Day(*on),
            DueRule::AfterDelivery { delivery, .. } => DueBase::Delivery(delivery),
            DueRule::AfterLine { line, .. } => DueBase::Line(line),
        }
    }

    /// How many days after the act.
    pub fn days(&self) -> u32 {
        match self {
            DueRule::Fixed { .. } => 0,
            DueRule::AfterSignature { days }
            | DueRule::AfterMilestone { days, .. }
            | DueRule::AfterDelivery { days, .. }
            | DueRule::AfterLine { days, .. } => *days,
        }
    }

    /// The day on which it is due, given that of the act.
    pub fn due_on(&self, act: Option<Date>) -> Option<Date> {
        act?.checked_add(i64::from(self.days()).days()).ok().filter(|due| YEARS.contains(&due.year()))
    }

    /// Makes a rule of its parts: the day that is fixed or on which a milestone is reached, the days after an
    /// act, and the act: the milestone's name, or the number of the delivery or line.
    ///
    /// # Errors
    /// `instalment.due`, naming the part that is missing or does not belong to the rule.
    pub fn of_parts(
        rule: &str,
        on: Option<Date>,
        days: Option<u32>,
        after: Option<String>,
    ) -> Fallible<DueRule> {
        let refused = |message: String, field: &str, missing: &str| {
            Refusal::new("instalment.due", message).field(field).missing(missing)
        };
        let (takes_on, takes_after) = match rule.trim() {
            "fixed" => (true, false),
            "after_signature" => (false, false),
            "after_milestone" => (true, true),
            "after_delivery" | "after_line" => (false, true),
            other => {
                return Err(refused(
                    format!("{other:?} is not a rule by which something is due."),
                    "due_rule",
                    "fixed, after_signature, after_milestone, after_delivery or after_line",
                ));
            }
        };
        let fixed = rule.trim() == "fixed";
        if on.is_some() && !takes_on {
            return Err(refused("The rule has no day of its own.".to_owned(), "due_on", "no day"));
        }
        if fixed && (days.is_some() || after.is_some()) {
            let field = if days.is_some() { "due_days" } else { "due_after" };
            return Err(refused("A fixed day is after nothing.".to_owned(), field, "nothing beside the day"));
        }
        let (days, after) = match (days, after) {
            _ if fixed => (0, String::new()),
            (None, _) => {
                return Err(refused(
                    "The rule says no number of days.".to_owned(),
                    "due_days",
                    "a number of days",
                ));
            }
            (Some(_), Some(_)) if !takes_after => {
                return Err(refused("The signature needs no name.".to_owned(), "due_after", "nothing"));
            }
            (Some(_), None) if takes_after => {
                let what = "the milestone’s name, or the number of the delivery or line";
                return Err(refused("The rule does not say after what.".to_owned(), "due_after", what));
            }
            (Some(days), after) => (days, after.unwrap_or_default()),
        };
        Ok(match rule.trim() {
            "after_signature" => DueRule::AfterSignature { days },
            "after_milestone" => DueRule::AfterMilestone { milestone: after, on, days },
            "after_delivery" => DueRule::AfterDelivery { delivery: after, days },
            "after_line" => DueRule::AfterLine { line: after, days },
            _ => DueRule::Fixed {
                on: on.ok_or_else(|| refused("No day is fixed.".to_owned(), "due_on", "the day"))?,
            },
        })
    }

    /// What its act is called: the milestone's name, or the number of the delivery or line.
    pub fn after(&self) -> Option<&str> {
        match self {
            DueRule::AfterMilestone { milestone, .. } => Some(milestone),
            DueRule::AfterDelivery { delivery, .. } => Some(delivery),
            DueRule::AfterLine { line, .. } => Some(line),
            DueRule::Fixed { .. } | DueRule::AfterSignature { .. } => None,
        }
    }

    /// The day that the rule itself names.
    pub fn own_day(&self) -> Option<Date> {
        match self.base() {
            DueBase::Day(day) => day,
            _ => None,
        }
    }

    /// The word in data.
    pub fn word(&self) -> &'static str {
        match self {
            DueRule::Fixed { .. } => "fixed",
            DueRule::AfterSignature { .. } => "after_signature",
            DueRule::AfterMilestone { .. } => "after_milestone",
            DueRule::AfterDelivery { .. } => "after_delivery",
            DueRule::AfterLine { .. } => "after_line",
        }
    }

    /// The rule for people.
    pub fn words(&self) -> String {
        let after = |days: &u32, what: String| match days {
            0 => format!("with {what}"),
            1 => format!("1 day after {what}"),
            days => format!("{days} days after {what}"),
        };
        match self {
            DueRule::Fixed { .. } => "fixed date".to_owned(),
            DueRule::AfterSignature { days } => after(days, "the signature".to_owned()),
            DueRule::AfterMilestone { milestone, days, .. } => {
                after(days, format!("the milestone “{milestone}”"))
            }
            DueRule::AfterDelivery { delivery, days } => {
                after(days, format!("the acceptance of delivery {delivery}"))
            }
            DueRule::AfterLine { line, days } => {
                after(days, format!("the acceptance of line {line} in full"))
            }
        }
    }

    /// The line that it names, or whose delivery it names.
    pub fn line(&self) -> Option<&str> {
        match self {
            DueRule::AfterDelivery { delivery, .. } => Some(line_of(delivery)),
            DueRule::AfterLine { line, .. } => Some(line),
            _ => None,
        }
    }

    pub(super) fn check(&self, contract: &Contract, line_exists: bool) -> Fallible<()> {
        if self.days() > MOST_DAYS {
            return Err(Refusal::new("instalment.days", format!("{} days are too many.", self.days()))
                .field("days")
                .missing(format!("at most {MOST_DAYS} days")));
        }
        match self {
            DueRule::Fixed { on } => check_year("due_on", *on)?,
            DueRule::AfterMilestone { milestone, on, .. } => {
                text("instalment.milestone", "milestone", milestone, 120)?;
                if let Some(on) = on {
                    check_year("due_on", *on)?;
                }
            }
            DueRule::AfterSignature { .. } | DueRule::AfterDelivery { .. } | DueRule::AfterLine { .. } => {}
        }
        let (named, field) = match self {
            DueRule::AfterDelivery { delivery, .. } => (delivery, "delivery"),
            DueRule::AfterLine { line, .. } => (line, "line"),
            _ => return Ok(()),
        };
        let own = named.rsplit_once('.').map_or("", |(_, own)| own);
        let shaped = !own.is_empty() && own.len() < 10 && own.bytes().all(|b| b.is_ascii_digit());
        if !line_exists || !shaped || own.starts_with('0') || contract_of(named) != contract.number {
            return Err(Refusal::not_found(field, named).field(field));
        }
        Ok(())
    }
}
