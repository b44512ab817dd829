//! Denials: what other states have refused and notified. Whoever would grant what is essentially identical within three
//! years consults the one who refused it first (Common Position 2008/944/CFSP, Article 4).

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::contract::line::check_category;
use crate::document::text;
use crate::ledger::{Context, Fallible, Refusal, check_year};
use crate::partner::check_state_code;
use crate::transfer::check::{Check, CheckKind, CheckOutcome, RecordKind};
use crate::transfer::content::Content;
use crate::transfer::opinion::Criterion;

/// For how many years a denial counts.
pub const YEARS: i32 = 3;

/// A transfer that another state has refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Denial {
    /// The state that refused it, ISO 3166-1 alpha-3.
    pub notified_by: String,
    /// The number that it gave the notification.
    pub reference: String,
    /// When it refused.
    pub denied_on: Date,
    /// When it confirmed last that the refusal stands, where it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewed_on: Option<Date>,
    /// The state to which it was to go.
    pub destination: String,
    /// The end user as it was notified.
    pub end_user: String,
    /// The party of the register that this is, where somebody has established it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// The goods.
    pub goods: String,
    /// Control-list entry; none where none was notified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// By which criteria it was refused.
    pub criteria: BTreeSet<Criterion>,
    /// Why, as it was notified.
    pub grounds: String,
}

impl Denial {
    /// Whether it is whole.
    ///
    /// # Errors
    /// A refusal that names the field.
    pub fn check(&self, context: &Context) -> Fallible<()> {
        check_state_code("notified_by", &self.notified_by)?;
        check_state_code("destination", &self.destination)?;
        text("guidance.reference", "reference", &self.reference, 100)?;
        text("guidance.end_user", "end_user", &self.end_user, 300)?;
        text("guidance.goods", "goods", &self.goods, 1000)?;
        text("guidance.grounds", "grounds", &self.grounds, 4000)?;
        if let Some(category) = &self.category {
            check_category(category)?;
        }
        if self.criteria.is_empty() {
            return Err(Refusal::new(
                "guidance.criteria",
                "A denial names the criteria by which it was made.",
            )
            .field("criteria")
            .missing("at least one criterion"));
        }
        for (field, day) in
            std::iter::once(("denied_on", self.denied_on)).chain(self.renewed_on.map(|on| ("renewed_on", on)))
        {
            check_year(field, day)?;
            context.not_in_future(field, day)?;
        }
        match self.renewed_on.filter(|on| *on < self.denied_on) {
            None => Ok(()),
            Some(on) => {
                Err(Refusal::new("guidance.renewed_on", format!("{on} is before {}.", self.denied_on))
                    .field("renewed_on")
                    .missing(format!("a date from {}", self.denied_on)))
            }
        }
    }

    /// What it is about, in a line.
    pub fn title(&self) -> String {
        format!("{}: {} to {}, {}", self.notified_by, self.goods, self.end_user, self.destination)
    }

    /// The last day on which it counts.
    pub fn until(&self) -> Date {
        let from = self.renewed_on.unwrap_or(self.denied_on);
        from.checked_add(jiff::Span::new().years(YEARS)).unwrap_or(Date::MAX)
    }

    /// Whether it counts on a day.
    pub fn covers(&self, day: Date) -> bool {
        self.denied_on <= day && day <= self.until()
    }
}

/// Whether one control-list entry is the other, or lies within it: `ML4` and `ML4.a`.
pub(in crate::transfer) fn overlaps(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let is_prefix = long.get(..short.len()).is_some_and(|start| start.eq_ignore_ascii_case(short));
    is_prefix && (long.len() == short.len() || long.as_bytes().get(short.len()) == Some(&b'.'))
}

/// A denial as it is known when a transfer is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DenialKnown {
    /// Number of its file, or what it is where the reader may not know of it.
    pub number: String,
    /// Whether the readers of the application may know what it says.
    pub is_open: bool,
    /// What it says.
    pub denial: Denial,
}

/// How a denial meets a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Meeting {
    /// The same goods to the same state, and another end user.
    Alike,
    /// Whether it is the same end user cannot be told.
    Perhaps,
    /// The same goods to the same end user, wherever it is.
    Identical,
}

fn meeting(content: &Content, category: &str, denial: &Denial) -> Option<Meeting> {
    if denial.category.as_deref().is_some_and(|denied| !overlaps(denied, category)) {
        return None;
    }
    let is_named = denial.party.as_deref().map(|party| content.named().contains(party));
    match (is_named, denial.destination == content.destination) {
        (Some(true), _) => Some(Meeting::Identical),
        (None, true) => Some(Meeting::Perhaps),
        (Some(false), true) => Some(Meeting::Alike),
        (_, false) => None,
    }
}

/// What denials stand against a transfer: a row for each line that one meets, and one where none does.
pub(crate) fn denials(content: &Content, known: &[DenialKnown], day: Date) -> Vec<Check> {
    let mut checks = Vec::new();
    for (line, of_line) in (1..).zip(&content.lines) {
        for known in known.iter().filter(|known| known.denial.covers(day)) {
            let denial = &known.denial;
            let Some(meeting) = meeting(content, &of_line.category, denial) else { continue };
            let whose = match meeting {
                Meeting::Identical => "to a party of this transfer".to_owned(),
                Meeting::Perhaps => {
                    "to an end user that nobody has compared with the parties of this transfer".to_owned()
                }
                Meeting::Alike => format!("to another end user in {}", denial.destination),
            };
            let why = match known.is_open {
                true => format!(
                    "{} refused {} {whose}, {}, on {}: {}. It counts until {}.",
                    denial.notified_by,
                    denial.goods,
                    denial.end_user,
                    denial.denied_on,
                    denial.criteria.iter().map(|criterion| criterion.name()).collect::<Vec<_>>().join(", "),
                    denial.until()
                ),
                false => format!("Another state refused such goods {whose}."),
            };
            let (outcome, needs) = match meeting {
                Meeting::Alike => (CheckOutcome::Shown, None),
                Meeting::Perhaps | Meeting::Identical => {
                    (CheckOutcome::Record, Some(RecordKind::Consultation))
                }
            };
            checks.push(Check {
                kind: CheckKind::Denial,
                line: Some(line),
                about: known.number.clone(),
                outcome,
                why,
                source: known.number.clone(),
                edition: if known.is_open { denial.reference.clone() } else { String::new() },
                needs,
            });
        }
    }
    if checks.is_empty() {
        checks.push(Check {
            kind: CheckKind::Denial,
            line: None,
            about: String::new(),
            outcome: CheckOutcome::Pass,
            why: "No denial on file is of what this transfer is.".to_owned(),
            source: "denials of others".to_owned(),
            edition: String::new(),
            needs: None,
        });
    }
    checks
}
