//! The pages of embargo rules.
//!
//! | address | what |
//! |---|---|
//! | `/embargo` | what is in force on a day, what is uncertain, disputed or to be confirmed, and what waits |
//! | `/embargo/{id}` | a regime or a body: its rules, its editions, and what happened to it |
//! | `/embargo/{id}/editions/{number}` | the text of an edition |
//! | `/embargo-check` | one question, answered rule by rule |
//! | `/policies/embargo.binding` | whose measures bind, and how that was decided |
//!
//! What is proposed and confirmed are forms of [`super::act`].

pub(in crate::web) mod check;
pub(in crate::web) mod file;
pub(in crate::web) mod overview;
pub(in crate::web) mod policy;
#[cfg(test)]
pub(crate) mod sample;

use std::collections::BTreeSet;

use entente_register::embargo::{
    Certainty, Edition, EditionAct, Exception, PolicyProposed, Rule, RuleSet, Span, Timing,
};
use jiff::Timestamp;

use super::show;

/// The words of a text that stand between commas or spaces.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split([',', ' ', '\n']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The bodies of a policy, the Security Council among them.
pub(crate) fn bodies(policy: &PolicyProposed) -> String {
    list(&policy.binding)
}

fn list(words: &BTreeSet<String>) -> String {
    words.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// Who did something and when, for people: `anna, 26 Sep 2024`.
fn told(act: &EditionAct) -> String {
    format!("{}, {}", act.by, show::day(act.on))
}

/// An edition for people.
#[derive(Debug, Clone)]
pub(crate) struct EditionCells {
    pub(crate) number: u32,
    pub(crate) href: String,
    pub(crate) hash: String,
    pub(crate) state: String,
    pub(crate) rules: String,
    pub(crate) proposed: String,
    pub(crate) reason: String,
    /// Who confirmed, rejected or withdrew it; empty where nobody did.
    pub(crate) decided: String,
    pub(crate) decided_because: String,
}

impl EditionCells {
    fn of(id: &str, edition: &Edition, way: &super::way::Way) -> EditionCells {
        let decision = edition.decision.as_ref();
        EditionCells {
            number: edition.number,
            href: way.to(&format!("/embargo/{id}/editions/{}", edition.number)),
            hash: crate::formats::short_hash(&edition.proposed.content).to_owned(),
            state: show::capital(&edition.state.replace('_', " ")),
            rules: show::count(i64::try_from(edition.proposed.rules.len()).unwrap_or(i64::MAX)),
            proposed: told(&edition.proposal),
            reason: edition.proposal.reason.clone().unwrap_or_default(),
            decided: decision.map(told).unwrap_or_default(),
            decided_because: decision.and_then(|act| act.reason.clone()).unwrap_or_default(),
        }
    }
}

/// A rule for people.
#[derive(Debug, Clone)]
pub(crate) struct RuleCells {
    pub(crate) id: String,
    pub(crate) citation: String,
    /// `Forbids what goes to the territory of LBY`
    pub(crate) what: String,
    pub(crate) items: String,
    pub(crate) activities: String,
    pub(crate) from: String,
    pub(crate) until: String,
    /// How it stands on the day: `in force`, `confirm renewal`, `end to be confirmed`, `not yet`, `ended`.
    pub(crate) standing: &'static str,
    /// What must be said of it beside: that it is uncertain, disputed, claimed, or to be confirmed.
    pub(crate) marks: Vec<String>,
    pub(crate) exceptions: Vec<String>,
    pub(crate) note: String,
    pub(crate) source: String,
    pub(crate) certainty: &'static str,
    pub(crate) verified_on: String,
}

/// How a rule stands within a day, in words.
fn standing(timing: Timing) -> &'static str {
    match timing {
        Timing::InForce => "in force",
        Timing::Lapsed(_) => "confirm renewal",
        Timing::Ended(Certainty::High) => "ended",
        Timing::Ended(_) => "end to be confirmed",
        Timing::NotYet | Timing::NotKnown => "not yet",
    }
}

/// What must be said of a rule.
fn marks(rule: &Rule, timing: Timing) -> Vec<String> {
    let mut marks = Vec::new();
    if let Timing::Lapsed(last_day) = timing {
        marks.push(format!(
            "Confirm renewal: its term ended on {}, and it applies as on that day",
            show::day(last_day)
        ));
    }
    if timing == Timing::Ended(Certainty::Medium) || timing == Timing::Ended(Certainty::Low) {
        marks.push("That it has ended is not certain: it holds".to_owned());
    } else if rule.certainty != Certainty::High {
        marks.push(format!("Uncertain ({}): it holds what it concerns", rule.certainty.word()));
    }
    if !rule.disputed_by.is_empty() {
        marks.push(format!("Disputed by {}", list(&rule.disputed_by)));
    }
    if rule.is_claim() {
        marks.push(format!("Claimed by {} alone", list(&rule.claimed_by)));
    }
    marks
}

/// An exception in words, with what is not the rule’s own.
fn excepted(rule: &Rule, exception: &Exception) -> String {
    let mut text = show::capital(exception.kind.word());
    if exception.valid_from != rule.valid_from {
        text.push_str(&format!(", from {}", show::instant(exception.valid_from)));
    }
    if let Some(end) = exception.valid_to {
        text.push_str(&format!(", up to {}", show::instant(end)));
    }
    if exception.certainty != Certainty::High {
        text.push_str(&format!(", uncertain ({})", exception.certainty.word()));
    }
    format!("{text}: {}", exception.words)
}

impl RuleCells {
    fn of(rule: &Rule, day: Span, known_at: Timestamp) -> RuleCells {
        let timing = rule.timing_within(day, known_at);
        let rule = &rule.as_known(known_at);
        let activities: Vec<&str> = rule.activities.iter().map(|activity| activity.word()).collect();
        let unconfirmed: Vec<&str> =
            rule.activities_unconfirmed.iter().map(|activity| activity.word()).collect();
        let mut activities = activities.join(", ");
        if !unconfirmed.is_empty() {
            activities.push_str(&format!("; not confirmed: {}", unconfirmed.join(", ")));
        }
        RuleCells {
            id: rule.id.clone(),
            citation: rule.citation(),
            what: format!(
                "{} {} {}",
                show::capital(rule.effect.word()),
                rule.direction.word(),
                rule.target.words()
            ),
            items: rule.items.words(),
            activities,
            from: show::instant(rule.valid_from),
            until: match (&rule.ends, &rule.term) {
                (Some(ending), _) => format!("{}, by {}", show::instant(ending.at), ending.resolution),
                (None, Some(term)) => format!("term to {}", show::day(term.last_day)),
                (None, None) => "open".to_owned(),
            },
            standing: standing(timing),
            marks: marks(rule, timing),
            exceptions: rule.exceptions.iter().map(|exception| excepted(rule, exception)).collect(),
            note: rule.note.clone(),
            source: rule.source.clone(),
            certainty: rule.certainty.word(),
            verified_on: show::day(rule.verified_on),
        }
    }
}

/// The name of what a file is about: that of its text in force, or its identifier.
fn name_of(rules: &RuleSet, id: &str) -> String {
    let regime = rules.regimes.get(id).map(|regime| regime.name.clone());
    regime.or_else(|| rules.bodies.get(id).map(|body| body.name.clone())).unwrap_or_else(|| id.to_owned())
}
