//! Guidance: editions by two people, and what each kind says of a transfer.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::agency::{Agency, Calendar};
use super::denial::{Denial, DenialKnown, overlaps};
use super::indicator::{Direction, Figure, Indicator};
use super::quota::{Limit, Quota, QuotaKnown};
use super::routing::{Routed, RoutedCase, Routing};
use super::standing::{OF_TERRITORY, StandingAssessment, StandingKnown};
use super::{Guidance, GuidanceCommand as G, GuidanceContent, GuidanceFacts, NewGuidance, decide, open};
use crate::access::Actor;
use crate::document::Document;
use crate::label::{Clearance, Label, Level};
use crate::ledger::{Context, Fact, Refusal, SubjectKind, check_machine};
use crate::money::{Quantity, Unit};
use crate::transfer::application::{DecisionFacts, Risk, Weighed};
use crate::transfer::opinion::Criterion;

const TODAY: Date = date(2012, 9, 1);

pub(crate) fn by(account: &str) -> Context {
    Context {
        actor: Actor {
            account: account.to_owned(),
            name: account.to_owned(),
            roles: Vec::new(),
            clearance: Clearance::full(),
            party: None,
        },
        now: "2012-09-01T09:00:00Z".parse().unwrap(),
        today: TODAY,
    }
}

fn marking() -> Label {
    Label::of(Level::Official)
}

fn paper() -> Document {
    Document { title: "Paper 1".into(), dated: date(2012, 1, 2), content: None }
}

fn assessed(risk: Risk) -> StandingAssessment {
    let weighed = Weighed { risk, evidence: "Report 3".into(), mitigation: None };
    StandingAssessment {
        territory: "BRA".into(),
        summary: "As the reports say".into(),
        review_by: date(2013, 9, 1),
        weighed: OF_TERRITORY.iter().map(|criterion| (*criterion, weighed.clone())).collect(),
    }
}

fn denial() -> Denial {
    Denial {
        notified_by: "FRA".into(),
        reference: "FR/2011/7".into(),
        denied_on: date(2011, 3, 4),
        renewed_on: None,
        destination: "BRA".into(),
        end_user: "Signal troops".into(),
        party: None,
        goods: "Radios".into(),
        category: Some("ML11".into()),
        criteria: BTreeSet::from([Criterion::Diversion]),
        grounds: "They may be passed on".into(),
    }
}

fn piece() -> Unit {
    Unit::parse("unit", "piece").unwrap()
}

fn quota(pieces: i64) -> Quota {
    Quota {
        destination: "BRA".into(),
        category: Some("ML11".into()),
        from: date(2012, 1, 1),
        until: date(2012, 12, 31),
        basis: "Decision 4".into(),
        limit: Limit::Quantity { quantity: Quantity::whole(pieces), unit: piece() },
    }
}

fn agency() -> Agency {
    Agency {
        party: "Defence".into(),
        answer_days: 5,
        confirms: true,
        calendar: Calendar {
            weekend: BTreeSet::from([6, 7]),
            covers_until: date(2012, 12, 31),
            holidays: BTreeMap::from([(date(2012, 9, 7), "Independence Day".to_owned())]),
        },
    }
}

/// Weighs a decision as the words say: `taken` are the pieces that others take of a quota of 300.
pub(crate) fn guide(
    facts: &mut DecisionFacts,
    risk: Option<Risk>,
    is_denied: bool,
    taken: Option<i64>,
    routed: Option<&str>,
    confirms: bool,
) {
    facts.checks.standing.extend(risk.map(|risk| StandingKnown {
        number: "O-SA-BRA".into(),
        edition: "1".into(),
        is_open: true,
        assessment: assessed(risk),
    }));
    if is_denied {
        let number = "O-N2012-0001".into();
        facts.checks.denials.push(DenialKnown { number, is_open: true, denial: denial() });
    }
    facts.checks.quotas.extend(taken.map(|taken| QuotaKnown {
        number: "O-K2012-0001".into(),
        edition: "1".into(),
        is_open: true,
        quota: quota(300),
        taken: Ok(taken * 1000),
    }));
    facts.routed.agencies.extend(routed.map(|agency| (agency.to_owned(), vec!["always".to_owned()])));
    for party in ["Defence", "Foreign affairs", "Interior"] {
        facts.agencies.insert(party.into(), Agency { party: party.into(), confirms, ..agency() });
    }
}

fn content(kind: GuidanceContent) -> Box<GuidanceContent> {
    Box::new(kind)
}

/// A file with its events folded.
#[derive(Default)]
struct File(Option<Guidance>);

impl File {
    fn does(&mut self, context: &Context, facts: &GuidanceFacts, command: G) -> Result<usize, Refusal> {
        let events = match (&self.0, command) {
            (None, G::Propose { on, content, document }) => {
                let new = NewGuidance { on, label: marking(), content, document };
                open("O-SA-BRA", facts, context, new)?
            }
            (Some(this), command) => decide(this, facts, context, command)?,
            (None, _) => return Ok(0),
        };
        let count = events.len();
        for event in events {
            if event.subject.kind == SubjectKind::Guidance {
                let by = (context.actor.account.as_str(), &event.label);
                Guidance::apply(&mut self.0, &event.subject, event.occurred_on, by, &event.fact);
            } else {
                assert!(matches!(event.fact, Fact::LicenceReopened(_)));
            }
        }
        Ok(count)
    }

    fn this(&self) -> &Guidance {
        self.0.as_ref().unwrap()
    }
}

fn propose(assessment: StandingAssessment) -> G {
    G::Propose {
        on: TODAY,
        content: content(GuidanceContent::StandingAssessment(assessment)),
        document: paper(),
    }
}

#[test]
fn the_machine_is_sound() {
    check_machine(&super::MACHINE);
}

#[test]
fn an_edition_binds_once_another_person_has_confirmed_it() {
    let mut file = File::default();
    let facts = GuidanceFacts::default();
    file.does(&by("one"), &facts, propose(assessed(Risk::Low))).unwrap();
    assert!(file.this().on(TODAY).is_none());
    let confirm = G::Confirm { on: TODAY, edition: 1 };
    assert_eq!(file.does(&by("one"), &facts, confirm.clone()).unwrap_err().code, "transfer.two_people");
    assert_eq!(
        file.does(&by("one"), &facts, propose(assessed(Risk::None))).unwrap_err().code,
        "guidance.waiting"
    );
    file.does(&by("two"), &facts, confirm).unwrap();
    assert_eq!(file.this().on(TODAY).unwrap().number, 1);
    file.does(&by("one"), &facts, propose(assessed(Risk::Medium))).unwrap();
    assert_eq!(file.this().on(TODAY).unwrap().number, 1);
    file.does(&by("two"), &facts, G::Confirm { on: TODAY, edition: 2 }).unwrap();
    assert_eq!(file.this().on(TODAY).unwrap().number, 2);
    assert_eq!(file.this().get(1).unwrap().state, "replaced");
    let end = |until| G::End { on: TODAY, edition: 2, until, reason: "Over".into(), document: paper() };
    assert_eq!(file.does(&by("one"), &facts, end(TODAY)).unwrap_err().code, "transfer.two_people");
    assert_eq!(file.does(&by("two"), &facts, end(date(2012, 8, 31))).unwrap_err().code, "guidance.until");
    file.does(&by("two"), &facts, end(date(2012, 10, 1))).unwrap();
    assert!(file.this().on(date(2012, 10, 1)).is_some());
    assert!(file.this().on(date(2012, 10, 2)).is_none());
}

#[test]
fn a_denial_warns_as_soon_as_it_is_filed_and_for_three_years() {
    let denied = denial();
    assert!(!denied.covers(date(2011, 3, 3)));
    assert!(denied.covers(date(2014, 3, 4)));
    assert!(!denied.covers(date(2014, 3, 5)));
    let renewed = Denial { renewed_on: Some(date(2012, 8, 1)), ..denied.clone() };
    assert!(renewed.covers(date(2015, 8, 1)));
    let mut file = File::default();
    let filed =
        G::Propose { on: TODAY, content: content(GuidanceContent::Denial(denied)), document: paper() };
    file.does(&by("one"), &GuidanceFacts::default(), filed).unwrap();
    assert!(file.this().on(TODAY).is_some());
}

#[test]
fn an_entry_overlaps_what_lies_within_it_and_nothing_that_begins_alike() {
    assert!(overlaps("ML4", "ML4.a") && overlaps("ML4.a", "ML4") && overlaps("ML4.a", "ML4.a"));
    assert!(!overlaps("ML1", "ML10") && !overlaps("ML4.a", "ML4.b") && !overlaps("ML4.a", "ML4.ab"));
}

#[test]
fn an_agency_answers_within_its_own_working_days() {
    // Saturday 1 September; the 7th is a holiday: 3, 4, 5, 6, 10.
    assert_eq!(agency().due_on(TODAY).unwrap(), date(2012, 9, 10));
    let beyond = agency().due_on(date(2012, 12, 28)).unwrap_err();
    assert_eq!((beyond.code, beyond.field.as_deref()), ("guidance.calendar", Some("due_on")));
}

const ROUTING: &str = r#"
guidance = "routing"

[[rules]]
id = "always"
title = "Foreign affairs are asked about every transfer"
agencies = ["O-P0005"]

[[rules]]
id = "aircraft"
title = "Defence is asked about aircraft of a million and more"
agencies = ["O-P0006"]
flags = ["aircraft"]
[rules.when]
categories = ["ML10"]
value_from = { amount = "1000000.00", currency = "USD" }

[[tests]]
title = "Radios"
agencies = ["O-P0005"]
[tests.case]
kind = "export"
destination = "BRA"
categories = ["ML11.a"]
purpose = "defence"
value = { amount = "5000000.00", currency = "USD" }

[[tests]]
title = "Aircraft in another currency"
agencies = ["O-P0005", "O-P0006"]
flags = ["aircraft"]
[tests.case]
kind = "export"
destination = "BRA"
categories = ["ML10.a"]
purpose = "defence"
value = { amount = "1.00", currency = "EUR" }
"#;

fn routing(text: &str) -> Routing {
    match GuidanceContent::parse(text).unwrap() {
        GuidanceContent::Routing(routing) => routing,
        other => panic!("{other:?}"),
    }
}

#[test]
fn routing_rules_are_refused_where_their_own_tests_fail() {
    routing(ROUTING).check().unwrap();
    let failing = ROUTING.replace(r#"agencies = ["O-P0005", "O-P0006"]"#, r#"agencies = ["O-P0005"]"#);
    let refusal = routing(&failing).check().unwrap_err();
    assert_eq!(refusal.code, "guidance.test");
    assert!(refusal.message.contains("Aircraft in another currency"), "{}", refusal.message);
    let mut unreached = routing(ROUTING);
    unreached.tests.pop();
    assert!(unreached.check().unwrap_err().message.contains("aircraft"));
    let text = GuidanceContent::Routing(routing(ROUTING)).text();
    assert_eq!(routing(&text), routing(ROUTING));
}

#[test]
fn a_text_that_is_none_is_refused_with_its_place() {
    let refusal = GuidanceContent::parse("guidance = \"routing\"\nrules = 3\n").unwrap_err();
    assert_eq!((refusal.code, refusal.field.as_deref()), ("guidance.file", Some("text")));
    let refusal = GuidanceContent::parse("guidance = \"routing\"\nrules = [\n").unwrap_err();
    assert!(refusal.message.starts_with("line "), "{}", refusal.message);
}

#[test]
fn an_indicator_tells_where_a_state_stands() {
    let figure = |state: &str, year, value: &str| Figure { state: state.into(), year, value: value.into() };
    let indicator = Indicator {
        name: "PEACE".into(),
        title: "Peacefulness".into(),
        publisher: "An institute".into(),
        direction: Direction::HigherIsWorse,
        figures: vec![
            figure("BRA", 2010, "2.048"),
            figure("BRA", 2011, "2.04"),
            figure("NZL", 2011, "1.279"),
            figure("SOM", 2011, "3.379"),
        ],
    };
    indicator.check(&by("one")).unwrap();
    let standing = indicator.standing("BRA", 2012).unwrap();
    assert_eq!((standing.figure.year, standing.better, standing.states), (2011, 1, 3));
    assert_eq!(standing.before.unwrap().value, "2.048");
    assert_eq!(indicator.standing("BRA", 2009), None);
    let twice =
        Indicator { figures: vec![figure("BRA", 2010, "1"), figure("BRA", 2010, "2")], ..indicator.clone() };
    assert_eq!(twice.check(&by("one")).unwrap_err().code, "guidance.figures");
    let words = Indicator { figures: vec![figure("BRA", 2010, "1e5")], ..indicator };
    assert_eq!(words.check(&by("one")).unwrap_err().field.as_deref(), Some("figures[0].value"));
}

fn risk() -> impl Strategy<Value = Risk> {
    prop_oneof![
        Just(Risk::None),
        Just(Risk::Low),
        Just(Risk::Medium),
        Just(Risk::High),
        Just(Risk::Overriding)
    ]
}

proptest! {
    /// Whoever acts in whatever order, nothing counts that two people have not confirmed, and no more than one edition does.
    #[test]
    fn no_one_person_puts_an_assessment_in_force(steps in prop::collection::vec((0..5_u8, 0..2_u8, 1..5_u32, risk()), 1..40)) {
        let mut file = File::default();
        let facts = GuidanceFacts::default();
        for (what, who, edition, risk) in steps {
            let context = by(if who == 0 { "one" } else { "two" });
            let command = match what {
                0 => propose(assessed(risk)),
                1 => G::Confirm { on: TODAY, edition },
                2 => G::Reject { on: TODAY, edition, reason: "No".into() },
                3 => G::Withdraw { on: TODAY, edition },
                _ => G::End { on: TODAY, edition, until: TODAY, reason: "Over".into(), document: paper() },
            };
            let _ = file.does(&context, &facts, command);
            if let Some(this) = &file.0 {
                prop_assert!(this.editions.iter().filter(|one| one.state == "in_force").count() <= 1);
                for one in this.editions.iter().filter(|one| one.counts_on(TODAY)) {
                    let (_, confirmed_by) = one.confirmed.clone().unwrap();
                    prop_assert_ne!(confirmed_by, one.proposed_by.clone());
                }
                let text = serde_json::to_string(this).unwrap();
                prop_assert_eq!(&serde_json::from_str::<Guidance>(&text).unwrap(), this);
            }
        }
    }

    /// What is worse is worse by the criteria that say so, and by no others.
    #[test]
    fn worse_is_what_is_worse(before in prop::collection::vec(risk(), 6), after in prop::collection::vec(risk(), 6)) {
        let with = |risks: &[Risk]| {
            let mut standing = assessed(Risk::None);
            for (weighed, risk) in standing.weighed.values_mut().zip(risks) {
                weighed.risk = *risk;
            }
            standing
        };
        let (was, is) = (with(&before), with(&after));
        let worse = is.worse_than(Some(&was));
        for (criterion, weighed) in &is.weighed {
            prop_assert_eq!(worse.contains(criterion), weighed.risk > was.weighed[criterion].risk);
        }
        prop_assert!(is.worse_than(Some(&is)).is_empty());
    }

    /// Working days are counted one by one: neither a weekend nor a holiday is one, and a day more is never earlier.
    #[test]
    fn working_days_are_days_of_work(days in 1..60_u32, offset in 0..30_i64) {
        let calendar = agency().calendar;
        let from = TODAY.checked_add(jiff::Span::new().days(offset)).unwrap();
        let due = calendar.after(from, days).unwrap();
        prop_assert!(calendar.works_on(due));
        let mut counted = 0;
        let mut day = from;
        while day < due {
            day = day.tomorrow().unwrap();
            counted += u32::from(calendar.works_on(day));
        }
        prop_assert_eq!(counted, days);
    }

    /// One rule more never takes an agency away.
    #[test]
    fn a_rule_more_asks_nobody_less(drop in 0..2_usize, category in "ML(10|11)(\\.a)?", minor in 0..300_000_000_i64) {
        let all = routing(ROUTING);
        let mut fewer = all.clone();
        fewer.rules.remove(drop);
        let case = RoutedCase {
            categories: BTreeSet::from([category]),
            value: crate::money::Money::new(minor, crate::money::Currency::USD),
            ..all.tests[0].case.clone()
        };
        let of = |routed: Routed| routed.agencies.into_keys().collect::<BTreeSet<_>>();
        prop_assert!(of(all.route(&case)).is_superset(&of(fewer.route(&case))));
    }
}

/// What the guide shows can be proposed as it stands there.
#[test]
fn the_guide_shows_texts_that_are_read() {
    let guide = include_str!("../../../../../docs/guidance.md");
    let texts: Vec<&str> =
        guide.split("```toml\n").skip(1).filter_map(|part| part.split("```").next()).collect();
    assert_eq!(texts.len(), 8);
    for text in texts {
        let content = GuidanceContent::parse(text).unwrap_or_else(|refusal| panic!("{refusal:?}\n{text}"));
        if let GuidanceContent::Routing(routing) = &content {
            routing.check().unwrap();
        }
        assert_eq!(GuidanceContent::parse(&content.text()).unwrap(), content);
    }
}
