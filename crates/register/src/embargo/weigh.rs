//! What one rule says to one question.

use std::collections::BTreeSet;

use super::exception::{Exception, Opening};
use super::fit::{Fit, Missing};
use super::judgement::{Bearing, Finding, Hold, Opened, Outcome};
use super::question::{Policy, Question};
use super::rule::{Certainty, Effect, LeftOut, Rule, RuleSet, Timing, cited};

/// What a rule comes to.
struct Weighed<'r> {
    outcome: Outcome,
    why: String,
    opening: Option<&'r Exception>,
    missing: BTreeSet<Missing>,
}

impl Weighed<'_> {
    fn new(outcome: Outcome, why: impl Into<String>) -> Self {
        Weighed { outcome, why: why.into(), opening: None, missing: BTreeSet::new() }
    }
}

/// What a rule says; nothing where it does not bear on the question.
pub(super) fn finding(rules: &RuleSet, policy: &Policy, rule: &Rule, question: &Question) -> Option<Finding> {
    let regime = rules.regimes.get(&rule.regime)?;
    let timing = rule.timing(question.at, question.known_at);
    let weighed = weigh(rule, timing, question)?;
    let bearing = match () {
        () if !policy.binds(&regime.body) => Bearing::Advisory,
        () if rule.is_claim() && !policy.claims_bind => Bearing::Claimed,
        () => Bearing::Binding,
    };
    Some(Finding {
        rule: rule.id.clone(),
        regime: rule.regime.clone(),
        body: regime.body.clone(),
        resolution: rule.resolution.clone(),
        paragraph: rule.paragraph.clone(),
        bearing,
        outcome: weighed.outcome,
        why: weighed.why,
        opening: weighed.opening.map(opened),
        missing: weighed.missing,
        confirm_renewal: match timing {
            Timing::Lapsed(last_day) => Some(last_day),
            _ => None,
        },
        disputed_by: rule.disputed_by.clone(),
        claimed_by: rule.claimed_by.clone(),
        certainty: rule.certainty,
        otherwise: rule.otherwise.clone().filter(|_| weighed.outcome >= Outcome::Hold),
        note: rule.note.clone(),
        source: rule.source.clone(),
        verified_on: rule.verified_on,
    })
}

fn opened(exception: &Exception) -> Opened {
    Opened {
        kind: exception.kind,
        by: exception.by.clone(),
        days: exception.days,
        working_days: exception.working_days,
        citation: cited(&exception.resolution, exception.paragraph.as_deref()),
        words: exception.words.clone(),
    }
}

/// Whether the transfer is one that the rule is about.
fn applies(rule: &Rule, question: &Question) -> Fit {
    rule.fit(question.activity)
        .and(rule.target.fit(&rule.regime, rule.direction, question))
        .and(rule.items.fit(&question.item))
}

fn weigh<'r>(rule: &'r Rule, timing: Timing, question: &Question) -> Option<Weighed<'r>> {
    if !rule.target.concerns(rule.direction, question) {
        return None;
    }
    // A claim is shown where it would bear, and nowhere else: it is no measure whose limits could be in doubt.
    let bears = matches!(timing, Timing::InForce | Timing::Lapsed(_)) && applies(rule, question) != Fit::No;
    if rule.is_claim() && !bears {
        return None;
    }
    let unconfirmed = |why: String, what: &str| Weighed {
        missing: confirmation(format!("confirmation of when rule {} {what}", rule.id)),
        ..Weighed::new(Outcome::Hold, why)
    };
    match timing {
        Timing::NotKnown => None,
        Timing::NotYet if rule.certainty == Certainty::High => None,
        // A rule that has ended for certain is gone, however uncertain it was while it held.
        Timing::Ended(Certainty::High) => None,
        Timing::NotYet => Some(unconfirmed("When the measure began is not certain".to_owned(), "began")),
        Timing::Ended(of) => {
            let why = format!("That the measure has ended is on file with {} certainty only", of.word());
            Some(unconfirmed(why, "ended"))
        }
        Timing::InForce | Timing::Lapsed(_) => in_force(rule, question),
    }
}

fn confirmation(what: String) -> BTreeSet<Missing> {
    BTreeSet::from([Missing::new("certainty", what)])
}

fn in_force<'r>(rule: &'r Rule, question: &Question) -> Option<Weighed<'r>> {
    let applies = applies(rule, question);
    if rule.certainty != Certainty::High {
        // Nothing is let through by a record that may be wrong, not even what it says that it is not about.
        let weighed = match applies {
            Fit::No => None,
            _ => Some(by_effect(rule, &applies, question)),
        };
        let would = match &weighed {
            Some(weighed) => format!("as it stands it would say “{}”", weighed.outcome.word()),
            None => "as it stands it would not be about this".to_owned(),
        };
        let why = format!("The record is of {} certainty: {would}", rule.certainty.word());
        let missing = confirmation(format!("confirmation of rule {}", rule.id));
        let beside = weighed.map(|weighed| weighed.missing).unwrap_or_default();
        return Some(Weighed {
            missing: missing.into_iter().chain(beside).collect(),
            ..Weighed::new(Outcome::Hold, why)
        });
    }
    (applies != Fit::No).then(|| by_effect(rule, &applies, question))
}

/// What a rule says that is about the transfer, or may be.
fn by_effect<'r>(rule: &'r Rule, applies: &Fit, question: &Question) -> Weighed<'r> {
    let weighed = match rule.effect {
        Effect::Vigilance => Weighed::new(
            Outcome::Vigilance,
            format!("Vigilance is called for against {}", rule.target.words()),
        ),
        Effect::Prohibit => prohibited(rule, question),
    };
    let Fit::Unknown(missing) = applies else { return weighed };
    if weighed.outcome == Outcome::Pass {
        return weighed;
    }
    let why = format!("Whether the measure against {} is about it cannot be told", rule.target.words());
    Weighed {
        outcome: Outcome::Hold,
        why,
        opening: weighed.opening,
        missing: missing.iter().cloned().chain(weighed.missing).collect(),
    }
}

/// What a prohibition comes to once its exceptions are heard. One that is certain and met opens; one that may be met
/// holds, because the answer turns on it; where there is neither, it is blocked.
fn prohibited<'r>(rule: &'r Rule, question: &Question) -> Weighed<'r> {
    let mut open: Option<&Exception> = None;
    let mut missing = BTreeSet::new();
    for exception in rule.exceptions.iter().filter(|e| e.is_in_force(question.at, question.known_at)) {
        match exception.when.fit(question) {
            Fit::No => {}
            Fit::Yes if exception.certainty == Certainty::High => {
                if open.is_none_or(|wider| exception.kind < wider.kind) {
                    open = Some(exception);
                }
            }
            Fit::Yes => {
                let of = cited(&exception.resolution, exception.paragraph.as_deref());
                missing.insert(Missing::new("certainty", format!("confirmation of the exception of {of}")));
            }
            Fit::Unknown(facts) => missing.extend(facts),
        }
    }
    let against = rule.target.words();
    if let Some(exception) = open {
        let (outcome, words) = match exception.kind {
            Opening::Exempt => (Outcome::Pass, "is exempt"),
            Opening::Notify => (Outcome::Notify, "is open once notified"),
            Opening::Approve => (Outcome::Approve, "is open once approved"),
        };
        let why = format!("Of the measure against {against} this {words}");
        return Weighed { opening: Some(exception), ..Weighed::new(outcome, why) };
    }
    if missing.is_empty() {
        return Weighed::new(
            Outcome::Blocked,
            format!("The measure is against {against}, and no exception is met"),
        );
    }
    let why = format!("The measure is against {against}, and whether an exception is met cannot be told");
    Weighed { missing, ..Weighed::new(Outcome::Hold, why) }
}

/// Arms that a binding prohibition against the state leaves out by its items alone, or may: no measure forbids them, and
/// the national order decides.
pub(super) fn beyond_scope(rule: &Rule, question: &Question) -> Option<Hold> {
    // Goods that nobody has classified may be arms.
    let is_arms = question.item.class.is_arms() != Some(false);
    let in_scope = rule.items.fit(&question.item);
    let on_the_way = rule.fit(question.activity) != Fit::No
        && rule.target.fit(&rule.regime, rule.direction, question) != Fit::No
        && rule.is_in_force(question.at, question.known_at);
    // A measure on dual-use goods or on entries of a list alone leaves no arms out.
    let on_arms = !rule.items.unroca.is_empty() || rule.items.small_arms || rule.items.all_arms;
    let partial = rule.left_out == LeftOut::Held && on_arms && rule.items.is_narrow();
    let leaves = rule.effect == Effect::Prohibit && partial && in_scope != Fit::Yes;
    let verb = if in_scope == Fit::No { "leaves" } else { "may leave" };
    (leaves && is_arms && on_the_way).then(|| Hold {
        code: "beyond_scope",
        why: format!(
            "{} {verb} {} out: its items are {}. What it leaves out it does not forbid, and does not decide",
            rule.citation(),
            question.item.words(),
            rule.items.words()
        ),
        missing: "a decision by the national order".to_owned(),
    })
}
