//! A rule: one measure of one resolution, with its times.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::exception::Exception;
use super::fit::Fit;
use super::scope::ItemScope;
use super::target::Target;
use super::word::worded;
use crate::ledger::{Fallible, Refusal};

/// The Security Council of the United Nations, whose measures bind every member (Charter, Article 25).
pub const SECURITY_COUNCIL: &str = "UNSC";

worded! {
    /// How certain it is that a record says what is the case.
    Certainty, "embargo.certainty", "certainty" {
        /// To be confirmed.
        Low = "low",
        /// General knowledge, or supported in part.
        Medium = "medium",
        /// Supported by the source that is named.
        High = "high",
    }
}

worded! {
    /// Which way a measure is about, seen from its target.
    Direction, "embargo.direction", "direction" {
        /// What goes to the target.
        To = "to",
        /// What leaves it.
        From = "from",
        /// Both.
        Both = "both",
    }
}

worded! {
    /// What is done.
    Activity, "embargo.activity", "activity" {
        /// Sale, supply, transfer.
        Supply = "supply",
        /// Bringing a transfer between others about.
        Brokering = "brokering",
        /// Training, technical assistance and other services.
        Training = "training",
        /// Paying for it.
        Finance = "finance",
        /// Passage through one’s own territory.
        Transit = "transit",
    }
}

worded! {
    /// What a measure does.
    Effect, "embargo.effect", "effect" {
        /// Forbids.
        Prohibit = "prohibit",
        /// Calls for vigilance, or lays down a condition: it passes only with a recorded consideration.
        Vigilance = "vigilance",
    }
}

worded! {
    /// What holds of arms that a prohibition leaves out by its items.
    LeftOut, "embargo.left_out", "left_out" {
        /// The national order decides on them.
        Held = "held",
        /// The measure is no partial embargo on arms: that it leaves some out says nothing.
        Open = "open",
    }
}

worded! {
    /// What holds once a term has ended and nothing is recorded.
    AfterTerm, "embargo.after_term", "after" {
        /// The rule applies as on its last day, and renewal is to be confirmed.
        Confirm = "confirm",
        /// The rule has ended by its own words.
        Ends = "ends",
    }
}

/// A stretch of time, without its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Span {
    /// First instant.
    pub from: Timestamp,
    /// First instant after.
    pub until: Timestamp,
}

impl Span {
    /// Whether an instant lies in it.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    /// In words.
    pub fn words(&self) -> String {
        format!("{} up to {}", self.from, self.until)
    }
}

/// Who decides measures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Body {
    /// Identifier, for example `UNSC`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The span within which every measure of this body against any state is on file.
    pub covers: Span,
    /// The regimes that together are those measures, by their identifiers: while one of them is not there, nothing is
    /// covered. None where the file does not say.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub regimes: BTreeSet<String>,
    /// Where that stands.
    pub source: String,
    /// The day on which the record was compared with its source.
    pub verified_on: Date,
}

/// A set of measures of one body on one matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Regime {
    /// Identifier, for example `iran`.
    pub id: String,
    /// The body.
    pub body: String,
    /// Name for people.
    pub name: String,
    /// The states that it is about; none where it is about persons anywhere.
    pub states: BTreeSet<String>,
    /// The span within which every measure of the body against these states is on file, where it is another than the
    /// body’s. It widens the body’s and never narrows it.
    pub covers: Option<Span>,
    /// What else is to be known.
    pub note: String,
}

/// How and when a rule ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ending {
    /// First instant at which the rule holds no more.
    pub at: Timestamp,
    /// Instant from which the end was known: whoever judged before it did not know of it.
    pub known_from: Timestamp,
    /// By which resolution.
    pub resolution: String,
    /// By which paragraph; none where it is not on file.
    pub paragraph: Option<String>,
    /// How certain the end is. After an end that is not, the rule still holds transfers up.
    pub certainty: Certainty,
}

/// A term: the civil day at the seat of the body up to which a measure was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Term {
    /// Its last day.
    pub last_day: Date,
    /// First instant after that day, at the seat of the body.
    pub until: Timestamp,
    /// What holds then.
    pub after: AfterTerm,
}

/// One measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Identifier, for example `iran-1929-8`.
    pub id: String,
    /// The regime.
    pub regime: String,
    /// The resolution or other act, for example `1929 (2010)`.
    pub resolution: String,
    /// The paragraph; none where it is not on file.
    pub paragraph: Option<String>,
    /// What it does.
    pub effect: Effect,
    /// Against whom.
    pub target: Target,
    /// Which way.
    pub direction: Direction,
    /// Of what goods.
    pub items: ItemScope,
    /// What holds of arms that the items leave out.
    pub left_out: LeftOut,
    /// Of which activities.
    pub activities: BTreeSet<Activity>,
    /// Activities that the source leaves open: whether the rule is about them cannot be told, so that they hold.
    pub activities_unconfirmed: BTreeSet<Activity>,
    /// What it lets through.
    pub exceptions: Vec<Exception>,
    /// In words, what may still open what it blocks, for example a case that the committee approves; decides nothing.
    pub otherwise: Option<String>,
    /// First instant at which it holds.
    pub valid_from: Timestamp,
    /// Instant from which it was known.
    pub known_from: Timestamp,
    /// How it ended, if it did.
    pub ends: Option<Ending>,
    /// The term for which it was decided, if it was.
    pub term: Option<Term>,
    /// States that dispute that it is in force.
    pub disputed_by: BTreeSet<String>,
    /// States that alone claim that it is in force; where any do, it binds only by policy.
    pub claimed_by: BTreeSet<String>,
    /// What else is to be known.
    pub note: String,
    /// Where it stands.
    pub source: String,
    /// How certain the record is.
    pub certainty: Certainty,
    /// The day on which the record was compared with its source.
    pub verified_on: Date,
}

/// Where an instant lies in the time of a rule, by what was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// The rule was not known.
    NotKnown,
    /// It holds later.
    NotYet,
    /// It holds.
    InForce,
    /// Its term ended on this day, and nothing is recorded of what came after.
    Lapsed(Date),
    /// It holds no more, with how certain that is.
    Ended(Certainty),
}

impl Timing {
    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            Timing::InForce => "in_force",
            Timing::Lapsed(_) => "confirm_renewal",
            Timing::Ended(Certainty::High) => "ended",
            Timing::Ended(_) => "confirm_end",
            Timing::NotYet | Timing::NotKnown => "not_yet",
        }
    }

    /// Whether a rule bears on what is asked: what has ended without certainty holds still.
    pub fn bears(self) -> bool {
        !matches!(self, Timing::Ended(Certainty::High) | Timing::NotYet | Timing::NotKnown)
    }
}

impl Rule {
    /// Where an instant lies, as known at another.
    pub fn timing(&self, at: Timestamp, known_at: Timestamp) -> Timing {
        if self.known_from > known_at {
            return Timing::NotKnown;
        }
        if at < self.valid_from {
            return Timing::NotYet;
        }
        if let Some(ending) = &self.ends
            && ending.known_from <= known_at
            && ending.at <= at
        {
            return Timing::Ended(ending.certainty);
        }
        match &self.term {
            Some(term) if term.until <= at => match term.after {
                AfterTerm::Confirm => Timing::Lapsed(term.last_day),
                AfterTerm::Ends => Timing::Ended(self.certainty),
            },
            _ => Timing::InForce,
        }
    }

    /// The rule as it was known at an instant: without an end and without exceptions that were not.
    #[must_use]
    pub fn as_known(&self, known_at: Timestamp) -> Rule {
        let mut rule = self.clone();
        rule.ends = rule.ends.filter(|ending| ending.known_from <= known_at);
        rule.exceptions.retain(|exception| exception.known_from <= known_at);
        rule
    }

    /// Whether the rule holds on an instant as known at another, with or without a renewal to be confirmed.
    pub fn is_in_force(&self, at: Timestamp, known_at: Timestamp) -> bool {
        matches!(self.timing(at, known_at), Timing::InForce | Timing::Lapsed(_))
    }

    /// Where a stretch of time lies: in force if the rule is so at any instant of it.
    pub fn timing_within(&self, span: Span, known_at: Timestamp) -> Timing {
        let at = span.from.max(self.valid_from);
        self.timing(if at < span.until { at } else { span.from }, known_at)
    }

    /// The instants at which what the rule says may change.
    pub fn boundaries(&self) -> impl Iterator<Item = Timestamp> {
        let exceptions = self.exceptions.iter().flat_map(|e| [Some(e.valid_from), e.valid_to]);
        let own = [Some(self.valid_from), self.ends.as_ref().map(|e| e.at), self.term.map(|term| term.until)];
        own.into_iter().chain(exceptions).flatten()
    }

    /// Whether it is one that some states only claim to be in force.
    pub fn is_claim(&self) -> bool {
        !self.claimed_by.is_empty()
    }

    /// Whether it is about an activity: what its source leaves open cannot be told.
    pub fn fit(&self, activity: Activity) -> Fit {
        if self.activities_unconfirmed.contains(&activity) {
            let what = format!("whether rule {} is about {}", self.id, activity.word());
            return Fit::unknown("activity", what);
        }
        Fit::of(self.activities.contains(&activity))
    }

    /// The resolution with its paragraph, as it is cited.
    pub fn citation(&self) -> String {
        cited(&self.resolution, self.paragraph.as_deref())
    }
}

/// A resolution with its paragraph, or with the word that it is not on file.
pub(super) fn cited(resolution: &str, paragraph: Option<&str>) -> String {
    match paragraph {
        Some(paragraph) => format!("{resolution}, paragraph {paragraph}"),
        None => format!("{resolution}, paragraph not on file"),
    }
}

/// Rules that were checked against each other, with the bodies and regimes that they belong to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RuleSet {
    /// By their identifiers.
    pub bodies: BTreeMap<String, Body>,
    /// By their identifiers.
    pub regimes: BTreeMap<String, Regime>,
    /// In the order of their files.
    pub rules: Vec<Rule>,
}

impl RuleSet {
    /// The body of a rule’s regime.
    pub fn body_of(&self, rule: &Rule) -> Option<&Body> {
        self.bodies.get(&self.regimes.get(&rule.regime)?.body)
    }

    /// The regimes that a body names and whose rules are not on file.
    pub fn missing_of<'r>(&'r self, body: &'r Body) -> impl Iterator<Item = &'r str> {
        body.regimes.iter().filter(|id| !self.regimes.contains_key(*id)).map(String::as_str)
    }

    /// Whether every measure of a body against a state is on file for an instant.
    pub fn covers(&self, body: &Body, state: &str, at: Timestamp) -> bool {
        self.spans(body, state).any(|span| span.contains(at))
    }

    /// The spans for which every measure of a body against a state is on file: the body’s, and those of its regimes.
    pub fn spans(&self, body: &Body, state: &str) -> impl Iterator<Item = Span> {
        let about = |regime: &&Regime| regime.body == body.id && regime.states.contains(state);
        let by_regime = self.regimes.values().filter(about).filter_map(|regime| regime.covers);
        std::iter::once(body.covers).chain(by_regime)
    }

    /// The instants at which an answer may change: those of the rules, and those at which the span begins and ends that
    /// they cover.
    pub fn boundaries(&self) -> impl Iterator<Item = Timestamp> {
        let bodies = self.bodies.values().map(|body| body.covers);
        let spans = bodies.chain(self.regimes.values().filter_map(|regime| regime.covers));
        let rules = self.rules.iter().flat_map(Rule::boundaries);
        spans.flat_map(|span| [span.from, span.until]).chain(rules)
    }

    /// These rules with those of another set. A regime that the other has of the same body takes the place of the own
    /// one, with all its rules; every other regime stays.
    ///
    /// # Errors
    /// `embargo.identifier` if the other gives a regime or a rule the identifier of one that stays: it would take it away
    /// from the body or the regime that it is of.
    pub fn with(mut self, other: RuleSet) -> Fallible<RuleSet> {
        let is_replaced =
            |own: &Regime| other.regimes.get(&own.id).is_some_and(|regime| regime.body == own.body);
        let gone: BTreeSet<String> =
            self.regimes.values().filter(|own| is_replaced(own)).map(|own| own.id.clone()).collect();
        self.rules.retain(|rule| !gone.contains(&rule.regime));
        self.regimes.retain(|id, _| !gone.contains(id));
        let regime = other.regimes.keys().find(|id| self.regimes.contains_key(*id));
        let taken = |rule: &&Rule| self.rules.iter().any(|own| own.id == rule.id);
        let rule = other.rules.iter().find(taken).map(|rule| &rule.id);
        if let Some(id) = regime.or(rule) {
            return Err(Refusal::new(
                "embargo.identifier",
                format!("{id:?} is a regime of another body, or a rule of another regime."),
            )
            .field("id")
            .missing("an identifier of its own, for example with the body before it"));
        }
        self.bodies.extend(other.bodies);
        self.regimes.extend(other.regimes);
        self.rules.extend(other.rules);
        Ok(self)
    }
}
