//! One question, judged by a set of rules and a policy.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::exception::Opening;
use super::judgement::{Bearing, Finding, Hold, Judgement, Outcome};
use super::question::{Policy, Question};
use super::rule::{Activity, Regime, RuleSet, Span};
use super::weigh::{beyond_scope, finding};

/// Judges a question.
///
/// The outcome is the gravest of what the binding rules say and of the reasons to hold beside them, so that a rule more
/// never loosens an answer. What does not bind is among the findings, and in what is to be recorded, and changes nothing.
pub fn judge(rules: &RuleSet, policy: &Policy, question: &Question) -> Judgement {
    let mut holds = coverage(rules, policy, question);
    let mut findings = Vec::new();
    for rule in &rules.rules {
        findings.extend(finding(rules, policy, rule, question));
        let binds = rules.body_of(rule).is_some_and(|body| policy.binds(&body.id));
        let counts = binds && (policy.claims_bind || !rule.is_claim());
        if policy.hold_beyond_scope && counts {
            holds.extend(beyond_scope(rule, question));
        }
    }
    let binding = findings.iter().filter(|finding| finding.bearing == Bearing::Binding);
    let held = holds.iter().map(|_| Outcome::Hold);
    let outcome = binding.map(|finding| finding.outcome).chain(held).max().unwrap_or(Outcome::Pass);
    let to_record = findings.iter().flat_map(recorded).collect();
    Judgement {
        outcome,
        findings,
        holds: holds.into_iter().collect(),
        notes: notes(rules, question),
        to_record,
    }
}

/// What regimes about these states say beside their rules.
fn notes(rules: &RuleSet, question: &Question) -> Vec<String> {
    let states = || question.from.iter().chain([&question.to]);
    let about = |regime: &&Regime| states().any(|state| regime.states.contains(state));
    let with_note = rules.regimes.values().filter(about).filter(|regime| !regime.note.is_empty());
    with_note.map(|regime| format!("{}: {}", regime.name, regime.note)).collect()
}

/// Judges a question for every instant of a stretch of time, and gives the gravest answer with its first instant.
///
/// Between two instants at which a rule, an exception or a span begins or ends an answer does not change, so that these
/// are all that need be asked.
pub fn judge_within(
    rules: &RuleSet,
    policy: &Policy,
    question: &Question,
    span: Span,
) -> (Timestamp, Judgement) {
    let inside = rules.boundaries().filter(|at| span.from < *at && *at < span.until);
    let instants: BTreeSet<Timestamp> = inside.collect();
    let judged = |at: Timestamp| (at, judge(rules, policy, &Question { at, ..question.clone() }));
    let mut gravest = judged(span.from);
    for at in instants {
        let next = judged(at);
        if next.1.outcome > gravest.1.outcome {
            gravest = next;
        }
    }
    gravest
}

/// Why it cannot be told whether every measure is on file, for each body that binds.
fn coverage(rules: &RuleSet, policy: &Policy, question: &Question) -> BTreeSet<Hold> {
    let mut holds = BTreeSet::new();
    if question.from.is_none() && matches!(question.activity, Activity::Transit | Activity::Brokering) {
        // What passes through, or is brought about between others, does not leave one’s own territory.
        holds.insert(Hold {
            code: "no_origin",
            why: format!("For {} nobody has said which state the goods leave", question.activity.word()),
            missing: "the state that they leave".to_owned(),
        });
    }
    for id in policy.binding() {
        let Some(body) = rules.bodies.get(id) else {
            holds.insert(Hold {
                code: "no_rules",
                why: format!("The measures of {id} bind and none of its rules are on file"),
                missing: format!("a file with the rules of {id}"),
            });
            continue;
        };
        for regime in rules.missing_of(body) {
            // Which states it is about is not known either.
            holds.insert(Hold {
                code: "regime_missing",
                why: format!(
                    "The regime {regime} is one of those of {} and its rules are not on file",
                    body.name
                ),
                missing: format!("the rules of {regime}"),
            });
        }
        let states = question.from.iter().chain([&question.to]);
        for state in states.filter(|state| !rules.covers(body, state, question.at)) {
            holds.insert(Hold {
                code: "not_covered",
                why: format!(
                    "{} lies outside the span for which the measures of {} against {state} are on file ({})",
                    question.at,
                    body.name,
                    rules.spans(body, state).map(|span| span.words()).collect::<Vec<_>>().join(", and ")
                ),
                missing: format!("rules of {id} that cover {}", question.at),
            });
        }
    }
    holds
}

/// What one finding asks to be recorded before anyone decides.
fn recorded(finding: &Finding) -> Vec<String> {
    let of = format!("{} ({})", finding.citation(), finding.rule);
    let mut words = Vec::new();
    if finding.bearing == Bearing::Binding {
        if finding.outcome == Outcome::Vigilance {
            words.push(format!("Consideration of the vigilance that {of} calls for"));
        }
        if let Some(opening) = &finding.opening {
            let by = opening.by.as_deref().unwrap_or("the body");
            match opening.kind {
                Opening::Exempt => {}
                Opening::Notify => {
                    words.push(format!("Notification to {by} by {}, with its date", opening.citation))
                }
                Opening::Approve => {
                    words.push(format!("Approval of {by} by {}, with its number", opening.citation))
                }
            }
        }
    }
    words.extend(contested(finding));
    words
}

/// What of a finding nobody may pass over in silence, whatever it comes to: that its term is over, that states contest that
/// it is in force, or that some alone claim that it is.
pub fn contested(finding: &Finding) -> Vec<String> {
    let of = format!("{} ({})", finding.citation(), finding.rule);
    let mut words = Vec::new();
    if let Some(last_day) = finding.confirm_renewal {
        words.push(format!(
            "Confirm renewal: the term of {of} ended on {last_day}, what came after is not on file, and it applies as on that day"
        ));
    }
    let by = |states: &BTreeSet<String>| states.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    if !finding.disputed_by.is_empty() {
        words.push(format!("Dispute: that {of} is in force is contested by {}", by(&finding.disputed_by)));
    }
    if !finding.claimed_by.is_empty() {
        words.push(format!("Claim: {of} is in force by the claim of {} alone", by(&finding.claimed_by)));
    }
    words
}
