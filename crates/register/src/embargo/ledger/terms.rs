//! Terms that have ended, or will soon: what is to be confirmed.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::embargo::rule::{AfterTerm, RuleSet, Timing};

/// The longest time ahead for which terms are asked, in days.
pub const LONGEST_WITHIN: u32 = 3_660;

/// A term of a rule that still applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenTerm {
    /// The rule.
    pub rule: String,
    /// Its regime.
    pub regime: String,
    /// The regime’s name.
    pub regime_name: String,
    /// The body.
    pub body: String,
    /// The resolution with its paragraph, as it is cited.
    pub citation: String,
    /// The last day for which it was decided.
    pub last_day: Date,
    /// Whether it is over: the rule applies as on that day, and renewal is to be confirmed.
    pub over: bool,
    /// What holds once it is over and nothing is recorded.
    pub after: AfterTerm,
}

/// The terms that are over, or end within some days, as known at an instant: of rules in force of which no end is known.
/// Those over come first, then by their last day.
pub fn open_terms(rules: &RuleSet, at: Timestamp, known_at: Timestamp, within_days: u32) -> Vec<OpenTerm> {
    let ahead = SignedDuration::from_hours(24 * i64::from(within_days.min(LONGEST_WITHIN)));
    let until = at.saturating_add(ahead).unwrap_or(Timestamp::MAX);
    let mut terms = Vec::new();
    for rule in &rules.rules {
        let Some(term) = rule.term else { continue };
        let over = match rule.timing(at, known_at) {
            Timing::Lapsed(_) => true,
            Timing::InForce => false,
            Timing::NotKnown | Timing::NotYet | Timing::Ended(_) => continue,
        };
        // What ends before its term ends does not ask what comes after.
        let ends = rule.ends.as_ref().filter(|ending| ending.known_from <= known_at);
        if ends.is_some_and(|ending| ending.at <= term.until) || (!over && term.until > until) {
            continue;
        }
        let regime = rules.regimes.get(&rule.regime);
        terms.push(OpenTerm {
            rule: rule.id.clone(),
            regime: rule.regime.clone(),
            regime_name: regime.map(|regime| regime.name.clone()).unwrap_or_default(),
            body: regime.map(|regime| regime.body.clone()).unwrap_or_default(),
            citation: rule.citation(),
            last_day: term.last_day,
            over,
            after: term.after,
        });
    }
    terms.sort_by(|one, other| (one.last_day, &one.rule).cmp(&(other.last_day, &other.rule)));
    terms
}
