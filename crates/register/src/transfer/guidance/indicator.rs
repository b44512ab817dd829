//! Indicators: figures about states by those who publish them, beside an assessment and never instead of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::document::text;
use crate::ledger::{Context, Fallible, Refusal, check_year};
use crate::partner::check_state_code;
use crate::payment::schedule::words;

/// Rows at most.
pub const MOST_ROWS: usize = 20_000;

/// What a high value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// A high value speaks for a transfer.
    HigherIsBetter,
    /// A high value speaks against it.
    HigherIsWorse,
}

words! { Direction, "a direction", "guidance.direction",
    HigherIsBetter = "higher_is_better", "higher is better";
    HigherIsWorse = "higher_is_worse", "higher is worse";
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// The state, ISO 3166-1 alpha-3.
    pub state: String,
    /// Of which year.
    pub year: i16,
    /// The value, a decimal as it was published.
    pub value: String,
}

/// Figures about states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Its name in the register: capital letters, digits and hyphens.
    pub name: String,
    /// What it measures.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// What a high value means.
    pub direction: Direction,
    /// The figures.
    pub figures: Vec<Figure>,
}

/// The figure of a state beside those of the others of its year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing<'i> {
    /// The latest figure of the state up to a year.
    pub figure: &'i Figure,
    /// Of how many states there is a figure of that year.
    pub states: usize,
    /// How many of them stand better.
    pub better: usize,
    /// The figure before, where there is one.
    pub before: Option<&'i Figure>,
}

/// The value in billionths, so that figures are compared exactly.
fn billionths(value: &str) -> Option<i128> {
    let (sign, digits) = match value.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, value),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 18 || fraction.len() > 9 || !is_number(whole) || !is_number(fraction)
    {
        return None;
    }
    let whole: i128 = whole.parse().ok()?;
    let padded: i128 = format!("{fraction:0<9}").parse().ok()?;
    Some(sign * (whole * 1_000_000_000 + padded))
}

/// Whether a text may name something in the register.
pub(super) fn check_name(what: &str, name: &str) -> Fallible<()> {
    let is_name = !name.is_empty()
        && name.len() <= 40
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
    if is_name {
        return Ok(());
    }
    Err(Refusal::new("guidance.name", format!("{name:?} is not a name of {what}."))
        .field("name")
        .missing("up to 40 capital letters, digits and hyphens"))
}

impl Indicator {
    /// Whether it is whole.
    ///
    /// # Errors
    /// A refusal that names the field and the row.
    pub fn check(&self, context: &Context) -> Fallible<()> {
        check_name("an indicator", &self.name)?;
        text("guidance.title", "title", &self.title, 200)?;
        text("guidance.publisher", "publisher", &self.publisher, 200)?;
        if self.figures.is_empty() || self.figures.len() > MOST_ROWS {
            return Err(Refusal::new(
                "guidance.figures",
                format!("There are {} figures.", self.figures.len()),
            )
            .field("figures")
            .missing(format!("1 to {MOST_ROWS}")));
        }
        let mut seen = BTreeSet::new();
        for (place, figure) in self.figures.iter().enumerate() {
            let field = |name: &str| format!("figures[{place}].{name}");
            check_state_code(&field("state"), &figure.state)?;
            let first = Date::new(figure.year, 1, 1).unwrap_or(Date::MIN);
            check_year(&field("year"), first)?;
            context.not_in_future(&field("year"), first)?;
            if billionths(&figure.value).is_none() {
                return Err(Refusal::new("guidance.value", format!("{:?} is not a figure.", figure.value))
                    .field(field("value"))
                    .missing("a decimal with up to 18 digits, a point, and up to 9 digits"));
            }
            if !seen.insert((figure.state.as_str(), figure.year)) {
                return Err(Refusal::new(
                    "guidance.figures",
                    format!("There are two figures of {} for {}.", figure.state, figure.year),
                )
                .field(field("state"))
                .missing("one figure of a state for a year"));
            }
        }
        Ok(())
    }

    /// Where a state stands by its latest figure up to a year.
    pub fn standing(&self, state: &str, year: i16) -> Option<Standing<'_>> {
        let own: BTreeMap<i16, &Figure> = self
            .figures
            .iter()
            .filter(|figure| figure.state == state && figure.year <= year)
            .map(|figure| (figure.year, figure))
            .collect();
        let (latest, figure) = own.last_key_value()?;
        let before = own.range(..latest).next_back().map(|(_, figure)| *figure);
        let value = billionths(&figure.value)?;
        let of_year: Vec<i128> = self
            .figures
            .iter()
            .filter(|other| other.year == *latest)
            .filter_map(|other| billionths(&other.value))
            .collect();
        let better = |other: &&i128| match self.direction {
            Direction::HigherIsBetter => **other > value,
            Direction::HigherIsWorse => **other < value,
        };
        Some(Standing {
            figure,
            states: of_year.len(),
            better: of_year.iter().filter(better).count(),
            before,
        })
    }
}
