//! Standing assessments: the risk of a state or region by itself, dated and reviewed on a schedule. One that worsens
//! re-opens every open licence that it touches.
//!
//! The criteria are those of Common Position 2008/944/CFSP, Article 2, that a territory carries whatever goes there.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::document::text;
use crate::ledger::{Context, Fallible, Refusal, check_year};
use crate::transfer::application::{Risk, Weighed};
use crate::transfer::check::{Check, CheckKind, CheckOutcome, RecordKind};
use crate::transfer::opinion::Criterion;

/// The criteria by which a territory is assessed.
pub const OF_TERRITORY: [Criterion; 6] = [
    Criterion::HumanRights,
    Criterion::InternalSituation,
    Criterion::RegionalPeace,
    Criterion::BuyerBehaviour,
    Criterion::Diversion,
    Criterion::Development,
];

/// The longest time between two reviews, in years.
const LONGEST_YEARS: i32 = 2;

/// The risk of a state or region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandingAssessment {
    /// A state by ISO 3166-1 alpha-3, or the code of a group of states.
    pub territory: String,
    /// What follows, in words.
    pub summary: String,
    /// By when it is to be looked at again.
    pub review_by: Date,
    /// Each criterion of [`OF_TERRITORY`].
    pub weighed: BTreeMap<Criterion, Weighed>,
}

impl StandingAssessment {
    /// Whether it is whole.
    ///
    /// # Errors
    /// A refusal that names the field.
    pub fn check(&self, context: &Context, on: Date) -> Fallible<()> {
        text("guidance.territory", "territory", &self.territory, 20)?;
        text("guidance.summary", "summary", &self.summary, 4000)?;
        check_year("review_by", self.review_by)?;
        let longest = on.checked_add(jiff::Span::new().years(LONGEST_YEARS)).unwrap_or(Date::MAX);
        if self.review_by <= context.today || self.review_by > longest {
            return Err(Refusal::new(
                "guidance.review_by",
                format!("{} is not between tomorrow and {longest}.", self.review_by),
            )
            .field("review_by")
            .missing(format!("a date after {} and up to {longest}", context.today)));
        }
        for criterion in OF_TERRITORY {
            let field = format!("weighed.{}", criterion.word());
            let Some(weighed) = self.weighed.get(&criterion) else {
                return Err(Refusal::new(
                    "guidance.criterion",
                    format!("Not weighed: {}.", criterion.name()),
                )
                .field(field)
                .missing("each criterion of a territory weighed, with its evidence"));
            };
            text("guidance.evidence", &field, &weighed.evidence, 4000)?;
            if let Some(mitigation) = &weighed.mitigation {
                text("guidance.mitigation", &field, mitigation, 2000)?;
            }
        }
        match self.weighed.keys().find(|criterion| !OF_TERRITORY.contains(criterion)) {
            None => Ok(()),
            Some(other) => Err(Refusal::new(
                "guidance.criterion",
                format!(
                    "A territory is not assessed by {}: it is weighed with each application.",
                    other.name()
                ),
            )
            .field(format!("weighed.{}", other.word()))
            .missing("the criteria of a territory alone")),
        }
    }

    /// The greatest risk that it finds.
    pub fn risk(&self) -> Risk {
        self.weighed.values().map(|weighed| weighed.risk).max().unwrap_or(Risk::Overriding)
    }

    /// By which criteria it is worse than the one before; where there was none, by those of which it finds a high risk.
    pub fn worse_than(&self, before: Option<&StandingAssessment>) -> BTreeSet<Criterion> {
        let worse = |(criterion, weighed): &(&Criterion, &Weighed)| {
            let was = before.and_then(|before| before.weighed.get(criterion)).map(|weighed| weighed.risk);
            weighed.risk > was.unwrap_or(Risk::Medium)
        };
        self.weighed.iter().filter(worse).map(|(criterion, _)| *criterion).collect()
    }
}

/// A standing assessment as it is known when a transfer is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingKnown {
    /// Number of its file, or what it is where the reader may not know of it.
    pub number: String,
    /// Which edition.
    pub edition: String,
    /// Whether the readers of the application may know what it says.
    pub is_open: bool,
    /// What it says.
    pub assessment: StandingAssessment,
}

/// What standing assessments say of a destination: one row each, and one where there is none.
pub(crate) fn destination(state: &str, known: &[StandingKnown], day: Date) -> Vec<Check> {
    let check = |about: &str, outcome, why, source: &str, edition: &str, needs| Check {
        kind: CheckKind::Destination,
        line: None,
        about: about.to_owned(),
        outcome,
        why,
        source: source.to_owned(),
        edition: edition.to_owned(),
        needs,
    };
    if known.is_empty() {
        // The transfer is assessed by all criteria in any case: that there is nothing to lean on is shown.
        let why = format!("There is no standing assessment of {state}, nor of a region of it.");
        return vec![check(state, CheckOutcome::Shown, why, "standing assessments", "", None)];
    }
    known
        .iter()
        .map(|known| {
            let assessed = &known.assessment;
            let risk = assessed.risk();
            let greatest: Vec<&str> = assessed
                .weighed
                .iter()
                .filter(|(_, weighed)| weighed.risk == risk)
                .map(|(criterion, _)| criterion.name())
                .collect();
            let said = match risk {
                Risk::None => "It finds no risk.".to_owned(),
                _ => format!("The risk is {}: {}.", risk.name(), greatest.join(", ")),
            };
            let is_overdue = assessed.review_by < day;
            let (outcome, needs) = match risk {
                Risk::Overriding => (CheckOutcome::Blocked, None),
                Risk::High => (CheckOutcome::Record, Some(RecordKind::Consideration)),
                _ if is_overdue => (CheckOutcome::Record, Some(RecordKind::Consideration)),
                _ => (CheckOutcome::Pass, None),
            };
            let why = match is_overdue {
                _ if !known.is_open => format!("What follows: {}.", outcome.name()),
                true => format!("{said} It was to be reviewed by {}.", assessed.review_by),
                false => said,
            };
            check(&assessed.territory, outcome, why, &known.number, &known.edition, needs)
        })
        .collect()
}
