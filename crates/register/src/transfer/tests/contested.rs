//! What states do not agree about, and terms that are over: on an application nobody passes over them in silence.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::embargo::{Category, Policy, Purpose, RuleSet, judge, united_nations};
use crate::transfer::check::{Check, OnRecord, is_settled};

/// The embargo checks of an application for one line to a government, at an instant.
fn asked(rules: &RuleSet, content: &Content, at: &str) -> Vec<Check> {
    let party = "O-P0002".to_owned();
    let standing = EndUserStanding::Authority { state: content.destination.clone() };
    let users = BTreeMap::from([(party, Established { standing, document: paper() })]);
    let at = at.parse().unwrap();
    let asked = questions(content, &users, &BTreeSet::new(), (at, at));
    let judged = |(key, question)| (key, judge(rules, &Policy::default(), &question));
    let facts = CheckFacts {
        end_users: users,
        judgements: asked.into_iter().map(judged).collect(),
        ..CheckFacts::default()
    };
    run(content, &facts).into_iter().filter(|check| check.kind == CheckKind::Embargo).collect()
}

fn to(state: &str, class: Class, part: bool) -> Content {
    let mut content = content_of_lines(1);
    content.destination = state.to_owned();
    content.lines[0].class = class;
    content.lines[0].part = part;
    content
}

#[track_caller]
fn of_rule<'c>(checks: &'c [Check], rule: &str) -> &'c Check {
    checks.iter().find(|check| check.about == rule).unwrap_or_else(|| panic!("{rule}: {checks:#?}"))
}

#[test]
fn a_claim_passes_once_it_is_on_record_that_it_was_considered() {
    let rules = united_nations().unwrap();
    let tank = to("IRN", Class::Unroca(Category::I), true);
    let checks = asked(&rules, &tank, "2020-11-15T00:00:00Z");
    let claim = of_rule(&checks, "iran-2020-claim");
    assert_eq!((claim.outcome, claim.needs), (CheckOutcome::Record, Some(RecordKind::Consideration)));
    assert!(claim.why.contains("Claim: 1929 (2010)") && claim.why.contains("USA"), "{}", claim.why);
    assert!(checks.iter().all(|check| check.outcome <= CheckOutcome::Record), "{checks:#?}");
    assert!(!is_settled(claim, &OnRecord::new()));
    assert!(is_settled(claim, &OnRecord::from([(claim.key(), RecordKind::Consideration)])));
}

#[test]
fn a_dispute_is_told_with_what_it_is_about_and_opens_nothing() {
    let rules = united_nations().unwrap();
    let tank = to("IRN", Class::Unroca(Category::I), true);
    let checks = asked(&rules, &tank, "2025-10-15T00:00:00Z");
    let again = of_rule(&checks, "iran-2025-1929-8");
    assert_eq!((again.outcome, again.needs), (CheckOutcome::Blocked, None));
    assert!(again.why.contains("Dispute: ") && again.why.contains("CHN, RUS"), "{}", again.why);
    let settled = OnRecord::from([(again.key(), RecordKind::Approval)]);
    assert!(!is_settled(again, &settled));
}

#[test]
fn what_is_exempt_under_a_term_that_is_over_waits_for_a_record_of_it() {
    let rules = united_nations().unwrap();
    let mut radios = to("SSD", Class::OtherArms, false);
    radios.lines[0].non_lethal = Some(true);
    radios.exception = Some(Purpose::PeaceAgreement);
    let before = asked(&rules, &radios, "2026-05-31T12:00:00Z");
    assert!(before.iter().all(|check| check.outcome == CheckOutcome::Pass), "{before:#?}");
    let after = asked(&rules, &radios, "2026-06-15T00:00:00Z");
    let lapsed = of_rule(&after, "south-sudan-2781");
    assert_eq!((lapsed.outcome, lapsed.needs), (CheckOutcome::Record, Some(RecordKind::Consideration)));
    assert!(lapsed.why.contains("Confirm renewal") && lapsed.why.contains("2026-05-31"), "{}", lapsed.why);
    // What it forbids it forbids still.
    let rifles = asked(&rules, &to("SSD", Class::SmallArms, false), "2026-06-15T00:00:00Z");
    assert_eq!(of_rule(&rifles, "south-sudan-2781").outcome, CheckOutcome::Blocked);
}
