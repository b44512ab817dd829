//! Transfers from the draft to the last write-off.

#![allow(clippy::unwrap_used)]

mod contested;
mod denied;
mod request;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::application::{
    Application, ApplicationCommand as A, ApplicationFact, Assessment, Condition, DecisionFacts,
    LineDecision, Proposal, Risk, Weighed, decide,
};
use super::certificate::tests::good;
use super::check::{
    CheckFacts, CheckKind, CheckOutcome, EndUserStanding, Established, PartyStanding, RecordKind, run,
};
use super::content::{
    Content, Request, StatedPurpose, TransferKind, TransferLine, TransferParty, TransferRole,
};
use super::guidance::tests::guide;
use super::licence::{
    GateFacts, Licence, LicenceCommand as L, LicenceFact, WriteOff, decide as decide_licence,
};
use super::opinion::{Criterion, DisagreementRule, Opinion, Stance};
use super::question::questions;
use crate::access::{Actor, Role};
use crate::document::Document;
use crate::embargo::{Area, Class, EndUser, Judgement, Outcome, Question};
use crate::label::{Clearance, Label, Level};
use crate::ledger::{Context, Refusal, check_machine};
use crate::money::{Currency, Money, Quantity, Unit};

const TODAY: Date = date(2012, 9, 1);

fn by(account: &str, roles: &[Role]) -> Context {
    Context {
        actor: Actor {
            account: account.to_owned(),
            name: account.to_owned(),
            roles: roles.to_vec(),
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

fn officer() -> Context {
    by("officer", &[])
}

fn paper() -> Document {
    Document { title: "Paper 1".into(), dated: date(2012, 1, 2), content: None }
}

fn line(units: i64) -> TransferLine {
    TransferLine {
        description: "Radio".into(),
        category: "ML11.a".into(),
        class: Class::OtherArms,
        part: false,
        non_lethal: None,
        quantity: Quantity::whole(units),
        unit: Unit::parse("unit", "piece").unwrap(),
        unit_price: Money::new(1_000, Currency::USD),
        contract_line: None,
    }
}

pub(crate) fn content_of_lines(lines: usize) -> Content {
    Content {
        request: Request::Licence,
        advance_opinion: None,
        kind: TransferKind::Export,
        title: "Radios".into(),
        applicant: "O-P0001".into(),
        origin: None,
        destination: "BRA".into(),
        route: vec!["ZAF".into()],
        parties: vec![
            TransferParty { role: TransferRole::EndUser, party: "O-P0002".into() },
            TransferParty { role: TransferRole::Carrier, party: "O-P0003".into() },
        ],
        lines: vec![line(100); lines],
        purpose: StatedPurpose::Defence,
        end_use: "For the signal troops".into(),
        exception: None,
        contract: None,
        return_by: None,
        documents: Vec::new(),
    }
}

fn judged(outcome: Outcome) -> Judgement {
    Judgement { outcome, findings: Vec::new(), holds: Vec::new(), notes: Vec::new(), to_record: Vec::new() }
}

/// What the rules say of each line, in their order.
fn of_lines(outcomes: Vec<Outcome>) -> BTreeMap<(u32, String), Judgement> {
    (1..).zip(outcomes).map(|(line, outcome)| ((line, "O-P0002".to_owned()), judged(outcome))).collect()
}

/// Pieces of so many lines.
fn pieces(lines: usize) -> i64 {
    i64::try_from(lines).unwrap() * 100
}

/// Facts against which nothing stands.
fn clear(lines: usize) -> DecisionFacts {
    let standing = || PartyStanding::Clear { editions: "united-nations of 2012-08-31".into() };
    let parties = ["O-P0001", "O-P0002", "O-P0003"];
    DecisionFacts {
        checks: CheckFacts {
            parties: parties.into_iter().map(|party| (party.to_owned(), standing())).collect(),
            end_users: BTreeMap::new(),
            certificates: BTreeMap::from([("O-P0002".to_owned(), good(pieces(lines)))]),
            incidents: BTreeMap::new(),
            day: TODAY,
            judgements: of_lines(vec![Outcome::Pass; lines]),
            rules_edition: "of 2012-08-30".into(),
            ..CheckFacts::default()
        },
        licence: "O-L2012-0001".into(),
        ..DecisionFacts::default()
    }
}

fn opinion(agency: &str, stances: Vec<Stance>) -> Opinion {
    Opinion { agency: agency.into(), lines: stances, document: None }
}

fn refusing() -> Stance {
    Stance::Refuse { criteria: BTreeSet::from([Criterion::Diversion]), reason: "It may be passed on".into() }
}

fn assessment(risk: Risk) -> Assessment {
    let weighed = Weighed { risk, evidence: "Report 3".into(), mitigation: None };
    Assessment {
        weighed: Criterion::ALL.iter().map(|criterion| (*criterion, weighed.clone())).collect(),
        conclusion: "It may go".into(),
    }
}

fn proposal(lines: Vec<LineDecision>) -> Proposal {
    let grants = lines.contains(&LineDecision::Grant);
    Proposal {
        lines,
        valid_from: grants.then_some(TODAY),
        valid_until: grants.then_some(date(2013, 8, 31)),
        conditions: Vec::new(),
        verification_days: None,
        rule: DisagreementRule::Strictest,
        reason: "As the agencies say".into(),
    }
}

fn refused_line() -> LineDecision {
    LineDecision::Refuse { criteria: BTreeSet::from([Criterion::Diversion]), reason: "Diversion".into() }
}

/// An application with whatever was issued on it.
#[derive(Default)]
struct Desk {
    application: Option<Application>,
    licence: Option<Licence>,
}

impl Desk {
    fn does(&mut self, facts: &DecisionFacts, context: &Context, command: A) -> Result<(), Refusal> {
        let outcome = decide(self.application.as_ref(), facts, context, command)?;
        let by = context.actor.account.as_str();
        for decided in outcome.application {
            Application::apply(
                &mut self.application,
                "O-T2012-0001",
                decided.on,
                (by, &marking()),
                &decided.fact,
            );
        }
        if let Some(decided) = outcome.licence {
            Licence::apply(&mut self.licence, &facts.licence, decided.on, (by, &marking()), &decided.fact);
        }
        Ok(())
    }

    fn write_off(&mut self, gate: &GateFacts, on: Date, written: WriteOff) -> Result<usize, Refusal> {
        let licence = self.licence.as_ref().unwrap();
        let decided = decide_licence(licence, gate, &officer(), L::WriteOff { on, written })?;
        for one in &decided {
            Licence::apply(&mut self.licence, "O-L2012-0001", one.on, ("officer", &marking()), &one.fact);
        }
        Ok(decided.len())
    }

    fn state(&self) -> &'static str {
        self.application.as_ref().unwrap().state
    }

    /// Submitted, its end user established, one agency asked.
    fn submitted(lines: usize) -> Desk {
        let mut desk = Desk::default();
        let facts = clear(lines);
        let does = |desk: &mut Desk, command| desk.does(&facts, &officer(), command).unwrap();
        does(&mut desk, A::Draft { on: TODAY, content: Box::new(content_of_lines(lines)) });
        does(&mut desk, A::Submit { on: TODAY });
        let standing = EndUserStanding::Authority { state: "BRA".into() };
        does(&mut desk, A::Establish { on: TODAY, party: "O-P0002".into(), standing, document: paper() });
        does(
            &mut desk,
            A::AskOpinion { on: TODAY, agency: "Defence".into(), due_on: Some(date(2012, 9, 20)) },
        );
        desk
    }

    /// The same, with what a decision needs.
    fn ready(lines: usize) -> Desk {
        let mut desk = Desk::submitted(lines);
        let facts = clear(lines);
        let opinion = opinion("Defence", vec![Stance::Approve; lines]);
        desk.does(&facts, &officer(), A::GiveOpinion { on: TODAY, opinion }).unwrap();
        desk.does(&facts, &officer(), A::Assess { on: TODAY, assessment: assessment(Risk::Low) }).unwrap();
        desk
    }

    fn granted(lines: usize) -> Desk {
        let mut desk = Desk::ready(lines);
        let facts = clear(lines);
        let proposal = proposal(vec![LineDecision::Grant; lines]);
        desk.does(&facts, &officer(), A::Propose { on: TODAY, proposal }).unwrap();
        desk.does(&facts, &by("second", &[]), A::Countersign { on: TODAY }).unwrap();
        desk
    }
}

fn gate(lines: usize) -> GateFacts {
    let desk = Desk::ready(lines);
    let application = desk.application.unwrap();
    let facts = CheckFacts { end_users: application.end_users, ..clear(lines).checks };
    GateFacts { checks: run(&application.content, &facts), ..GateFacts::default() }
}

fn shipment(reference: &str, units: i64) -> WriteOff {
    WriteOff {
        reference: reference.into(),
        line: 1,
        quantity: Quantity::whole(units),
        value: Money::new(units * 1_000, Currency::USD),
        delivery: None,
        document: paper(),
    }
}

#[test]
fn two_people_grant_and_the_licence_is_what_was_applied_for() {
    let mut desk = Desk::ready(2);
    let facts = clear(2);
    let mut wanted = proposal(vec![LineDecision::Grant, refused_line()]);
    wanted.conditions = vec![Condition { text: "A delivery verification".into(), due_on: None }];
    desk.does(&facts, &officer(), A::Propose { on: TODAY, proposal: wanted }).unwrap();
    let refusal = desk.does(&facts, &officer(), A::Countersign { on: TODAY }).unwrap_err();
    assert_eq!(refusal.code, "transfer.two_people");
    desk.does(&facts, &by("second", &[]), A::Countersign { on: TODAY }).unwrap();
    assert_eq!(desk.state(), "granted");
    let licence = desk.licence.as_ref().unwrap();
    assert_eq!(licence.issued.lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1]);
    assert_eq!(licence.left(1).map(|left| left.value), Some(100_000));
    // The condition comes before the first shipment.
    let refusal = desk.write_off(&gate(2), TODAY, shipment("D-1", 1)).unwrap_err();
    assert_eq!(refusal.code, "licence.condition");
    let decision = &desk.application.as_ref().unwrap().decisions[0];
    assert_eq!((decision.proposed_by.as_str(), decision.countersigned_by.as_str()), ("officer", "second"));
    assert!(!decision.checks.is_empty());
}

#[test]
fn an_edit_takes_the_proposal_and_the_signature_back() {
    let facts = clear(1);
    let grant = || proposal(vec![LineDecision::Grant]);
    let edits: [A; 4] = [
        A::Revise { on: TODAY, content: Box::new(content_of_lines(1)), reason: "Another carrier".into() },
        A::Ask { on: TODAY, text: "Which troops?".into() },
        A::GiveOpinion { on: TODAY, opinion: opinion("Defence", vec![Stance::Approve]) },
        A::Assess { on: TODAY, assessment: assessment(Risk::Medium) },
    ];
    for edit in edits {
        let mut desk = Desk::ready(1);
        desk.does(&facts, &officer(), A::Propose { on: TODAY, proposal: grant() }).unwrap();
        assert_eq!(desk.state(), "proposed");
        desk.does(&facts, &officer(), edit.clone()).unwrap();
        assert_eq!(desk.state(), "open", "{edit:?}");
        let refusal = desk.does(&facts, &by("second", &[]), A::Countersign { on: TODAY }).unwrap_err();
        assert_eq!(refusal.code, "state", "{edit:?}");
    }
}

#[test]
fn what_changes_before_the_signature_is_seen_by_it() {
    for (change, code) in [
        ("listed", "transfer.blocked"),
        ("waits", "transfer.held"),
        ("embargo", "transfer.blocked"),
        ("no rules", "transfer.held"),
        ("approval", "transfer.record"),
        ("outage", "transfer.held"),
        ("no certificate", "transfer.held"),
        ("forged", "transfer.blocked"),
        ("incident", "transfer.held"),
    ] {
        let mut desk = Desk::ready(1);
        let facts = clear(1);
        let grant = proposal(vec![LineDecision::Grant]);
        desk.does(&facts, &officer(), A::Propose { on: TODAY, proposal: grant }).unwrap();
        let mut now = facts.clone();
        let mut stands = |standing| now.checks.parties.insert("O-P0003".into(), standing);
        match change {
            "listed" => drop(stands(PartyStanding::Listed { case: "C-1".into() })),
            "waits" => drop(stands(PartyStanding::Waits { case: "C-1".into() })),
            "outage" => drop(stands(PartyStanding::Unknown { why: "The list is too old.".into() })),
            "no certificate" => now.checks.certificates.clear(),
            "forged" => {
                let known = now.checks.certificates.get_mut("O-P0002").unwrap();
                known.certificate.content.signatory = "Nobody".into();
            }
            "incident" => {
                let found = vec!["Inspection O-I2012-0001 of 2012-08-30: access was refused.".to_owned()];
                now.checks.incidents.insert("O-P0002".into(), found);
            }
            "embargo" => now.checks.judgements = of_lines(vec![Outcome::Blocked]),
            "approval" => now.checks.judgements = of_lines(vec![Outcome::Approve]),
            _ => now.checks.judgements.clear(),
        }
        let refusal = desk.does(&now, &by("second", &[]), A::Countersign { on: TODAY }).unwrap_err();
        assert_eq!(refusal.code, code, "{change}: {refusal:?}");
        assert_eq!((desk.state(), desk.licence.is_none()), ("proposed", true));
        // And a shipment under a licence that was granted before.
        let mut desk = Desk::granted(1);
        let application = desk.application.clone().unwrap();
        let seen = CheckFacts { end_users: application.end_users.clone(), ..now.checks };
        let gate = GateFacts { checks: run(&application.content, &seen), ..GateFacts::default() };
        let refusal = desk.write_off(&gate, TODAY, shipment("D-1", 1)).unwrap_err();
        assert_eq!(refusal.code, code, "{change}: {refusal:?}");
    }
}

#[test]
fn what_was_granted_before_certificates_were_asked_for_goes_as_it_was_granted() {
    let mut application = Desk::granted(1).application.unwrap();
    application.content.kind = TransferKind::Service;
    let mut facts = CheckFacts { end_users: application.end_users.clone(), ..clear(1).checks };
    facts.certificates.clear();
    let of_certificate = |application: &Application| {
        let checks = application.gate_checks(&facts);
        checks.into_iter().filter(|check| check.kind == CheckKind::Certificate).collect::<Vec<_>>()
    };
    assert_eq!(of_certificate(&application)[0].outcome, CheckOutcome::Record);
    for decision in &mut application.decisions {
        decision.checks.retain(|check| check.kind != CheckKind::Certificate);
    }
    assert!(of_certificate(&application).is_empty());
    // An export waits for its certificate all the same, which can be bound to what was granted.
    application.content.kind = TransferKind::Export;
    assert_eq!(of_certificate(&application)[0].outcome, CheckOutcome::Hold);
}

#[test]
fn a_measure_that_asks_for_approval_opens_by_its_record_alone() {
    let mut desk = Desk::ready(1);
    let mut facts = clear(1);
    facts.checks.judgements = of_lines(vec![Outcome::Approve]);
    let grant = || proposal(vec![LineDecision::Grant]);
    let asked = A::Propose { on: TODAY, proposal: grant() };
    assert_eq!(desk.does(&facts, &officer(), asked.clone()).unwrap_err().code, "transfer.record");
    let record = |check: &str, kind| A::Record {
        on: TODAY,
        check: check.into(),
        kind,
        reference: "SC/2012/44".into(),
        document: paper(),
        reason: None,
    };
    let refusal = desk.does(&facts, &officer(), record("embargo:1:", RecordKind::Notification)).unwrap_err();
    assert_eq!(refusal.code, "transfer.record");
    let refusal =
        desk.does(&facts, &officer(), record("screening:O-P0002", RecordKind::Approval)).unwrap_err();
    assert_eq!(refusal.code, "transfer.check");
    desk.does(&facts, &officer(), record("embargo:1:", RecordKind::Approval)).unwrap();
    desk.does(&facts, &officer(), asked).unwrap();
    assert_eq!(desk.state(), "proposed");
}

#[test]
fn agencies_that_disagree_are_resolved_by_a_named_rule() {
    let facts = clear(1);
    let mut desk = Desk::submitted(1);
    let ask = A::AskOpinion { on: TODAY, agency: "Foreign affairs".into(), due_on: Some(date(2012, 9, 20)) };
    desk.does(&facts, &officer(), ask).unwrap();
    desk.does(&facts, &officer(), A::Assess { on: TODAY, assessment: assessment(Risk::Medium) }).unwrap();
    let approve = A::GiveOpinion { on: TODAY, opinion: opinion("Defence", vec![Stance::Approve]) };
    desk.does(&facts, &officer(), approve).unwrap();
    let mut grant = proposal(vec![LineDecision::Grant]);
    let refusal =
        desk.does(&facts, &officer(), A::Propose { on: TODAY, proposal: grant.clone() }).unwrap_err();
    assert_eq!(refusal.code, "transfer.opinion_awaited");
    let refuse = A::GiveOpinion { on: TODAY, opinion: opinion("Foreign affairs", vec![refusing()]) };
    desk.does(&facts, &officer(), refuse).unwrap();
    let refusal =
        desk.does(&facts, &officer(), A::Propose { on: TODAY, proposal: grant.clone() }).unwrap_err();
    assert_eq!(refusal.code, "transfer.refused_by_agency");
    grant.rule = DisagreementRule::Chair;
    desk.does(&facts, &officer(), A::Propose { on: TODAY, proposal: grant }).unwrap();
    let refusal = desk.does(&facts, &by("second", &[]), A::Countersign { on: TODAY }).unwrap_err();
    assert_eq!(refusal.code, "transfer.chair");
    desk.does(&facts, &by("chair", &[Role::Chair]), A::Countersign { on: TODAY }).unwrap();
    assert_eq!(desk.state(), "granted");
}

#[test]
fn a_refusal_is_signed_by_two_and_appealed_as_a_decision_of_its_own() {
    let facts = clear(1);
    let mut desk = Desk::submitted(1);
    let refuse = A::GiveOpinion { on: TODAY, opinion: opinion("Defence", vec![refusing()]) };
    desk.does(&facts, &officer(), refuse).unwrap();
    let refused = proposal(vec![refused_line()]);
    desk.does(&facts, &officer(), A::Propose { on: TODAY, proposal: refused }).unwrap();
    desk.does(&facts, &by("second", &[]), A::Countersign { on: TODAY }).unwrap();
    assert_eq!((desk.state(), desk.licence.is_none()), ("refused", true));
    let appeal = A::Appeal { on: TODAY, reason: "New undertakings".into(), document: Some(paper()) };
    desk.does(&facts, &officer(), appeal).unwrap();
    // What was said of it before is said anew.
    let grant = proposal(vec![LineDecision::Grant]);
    let refusal =
        desk.does(&facts, &officer(), A::Propose { on: TODAY, proposal: grant.clone() }).unwrap_err();
    assert_eq!(refusal.code, "transfer.opinion_awaited");
    let approve = A::GiveOpinion { on: TODAY, opinion: opinion("Defence", vec![Stance::Approve]) };
    desk.does(&facts, &officer(), approve).unwrap();
    desk.does(&facts, &officer(), A::Assess { on: TODAY, assessment: assessment(Risk::Low) }).unwrap();
    desk.does(&facts, &officer(), A::Propose { on: TODAY, proposal: grant }).unwrap();
    desk.does(&facts, &by("second", &[]), A::Countersign { on: TODAY }).unwrap();
    let application = desk.application.unwrap();
    assert_eq!(
        application.decisions.iter().map(|one| one.licence.is_some()).collect::<Vec<_>>(),
        [false, true]
    );
}

#[test]
fn who_is_no_lawful_end_user_gets_nothing() {
    for (standing, code) in [
        (Some(EndUserStanding::NonState), "transfer.blocked"),
        (Some(EndUserStanding::Authority { state: "ARG".into() }), "transfer.held"),
        (None, "transfer.held"),
    ] {
        let mut desk = Desk::ready(1);
        let application = desk.application.as_mut().unwrap();
        application.end_users.clear();
        let facts = clear(1);
        if let Some(standing) = standing {
            let party = "O-P0002".to_owned();
            let establish = A::Establish { on: TODAY, party, standing, document: paper() };
            desk.does(&facts, &officer(), establish).unwrap();
        }
        let grant = proposal(vec![LineDecision::Grant]);
        let refusal = desk.does(&facts, &officer(), A::Propose { on: TODAY, proposal: grant }).unwrap_err();
        assert_eq!(refusal.code, code, "{refusal:?}");
    }
}

#[test]
fn what_is_missing_from_an_application_is_named() {
    type Edit = fn(&mut Content);
    let edits: [(Edit, &str); 9] = [
        (|c| c.parties.clear(), "parties"),
        (|c| c.lines.clear(), "lines"),
        (|c| c.destination = "XX".into(), "destination"),
        (|c| c.kind = TransferKind::Temporary, "return_by"),
        (|c| c.return_by = Some(date(2013, 1, 1)), "return_by"),
        (|c| c.kind = TransferKind::Transit, "origin"),
        (|c| c.kind = TransferKind::Brokering, "parties"),
        (|c| c.lines[0].quantity = Quantity(500), "lines[0].quantity"),
        (|c| c.end_use = String::new(), "end_use"),
    ];
    for (edit, field) in edits {
        let mut content = content_of_lines(1);
        edit(&mut content);
        let mut desk = Desk::default();
        let facts = clear(1);
        desk.does(&facts, &officer(), A::Draft { on: TODAY, content: Box::new(content) }).unwrap();
        let refusal = desk.does(&facts, &officer(), A::Submit { on: TODAY }).unwrap_err();
        assert_eq!(refusal.field.as_deref(), Some(field), "{refusal:?}");
        assert!(refusal.missing.is_some());
    }
}

#[test]
fn the_rules_are_asked_who_it_is_and_nothing_is_assumed() {
    let at = "2012-09-01T09:00:00Z".parse().unwrap();
    let mut content = content_of_lines(2);
    content.lines[1].non_lethal = Some(true);
    let ask = |content: &Content, standing: Option<EndUserStanding>, listed: &[&str]| {
        let users = standing
            .map(|standing| ("O-P0002".to_owned(), Established { standing, document: paper() }))
            .into_iter()
            .collect();
        questions(content, &users, &listed.iter().map(|party| (*party).to_owned()).collect(), (at, at))
    };
    let of = |asked: &BTreeMap<(u32, String), Question>, party: &str| {
        let question = &asked[&(1, party.to_owned())];
        (question.end_user.clone(), question.authorised)
    };
    let asked = ask(&content, None, &[]);
    assert_eq!((asked.len(), of(&asked, "O-P0002")), (2, (EndUser::Unknown, None)));
    let second = &asked[&(2, "O-P0002".to_owned())];
    assert_eq!((&second.area, second.item.non_lethal), (&Area::Unknown, Some(true)));
    let authority = |state: &str| Some(EndUserStanding::Authority { state: state.into() });
    assert_eq!(of(&ask(&content, authority("BRA"), &[]), "O-P0002"), (EndUser::Government, Some(true)));
    // An authority of another state is no government there.
    assert_eq!(of(&ask(&content, authority("ARG"), &[]), "O-P0002"), (EndUser::Unknown, None));
    let authorised = Some(EndUserStanding::Authorised { state: "BRA".into() });
    assert_eq!(of(&ask(&content, authorised, &[]), "O-P0002"), (EndUser::Private, Some(true)));
    // Each end user is asked about: a measure against one of two is one against the transfer.
    content.parties.push(TransferParty { role: TransferRole::UltimateEndUser, party: "O-P0004".into() });
    let asked = ask(&content, authority("BRA"), &["O-P0004"]);
    assert_eq!(asked.len(), 4);
    assert_eq!(of(&asked, "O-P0004"), (EndUser::Listed { regime: None }, None));
    assert_eq!(of(&asked, "O-P0002").0, EndUser::Government);
}

#[test]
fn what_stands_against_one_of_two_end_users_stands_against_the_transfer() {
    let mut content = content_of_lines(1);
    content.parties.push(TransferParty { role: TransferRole::UltimateEndUser, party: "O-P0004".into() });
    let mut facts = clear(1).checks;
    let outcomes = |facts: &CheckFacts| -> Vec<CheckOutcome> {
        let checks = run(&content, facts);
        checks.iter().filter(|check| check.kind == CheckKind::Embargo).map(|check| check.outcome).collect()
    };
    // Of the second nothing was asked.
    assert_eq!(outcomes(&facts), [CheckOutcome::Hold]);
    facts.judgements.insert((1, "O-P0004".into()), judged(Outcome::Blocked));
    assert_eq!(outcomes(&facts), [CheckOutcome::Blocked]);
    facts.judgements.insert((1, "O-P0004".into()), judged(Outcome::Pass));
    assert_eq!(outcomes(&facts), [CheckOutcome::Pass]);
}

#[test]
fn the_machines_are_sound() {
    check_machine(&super::application::MACHINE);
    check_machine(&super::licence::MACHINE);
}

#[test]
fn a_question_stops_the_clock() {
    let mut state = None;
    let mut apply =
        |on, fact| Application::apply(&mut state, "O-T2012-0001", on, ("officer", &marking()), &fact);
    apply(date(2012, 8, 1), ApplicationFact::Drafted(content_of_lines(1)));
    apply(date(2012, 8, 1), ApplicationFact::Submitted);
    apply(date(2012, 8, 5), ApplicationFact::Asked { text: "Which?".into() });
    let answered =
        |question| ApplicationFact::Answered { question, text: "These.".into(), documents: vec![] };
    apply(date(2012, 8, 15), answered(1));
    let application = state.unwrap();
    let days = |day| application.days_used(day);
    assert_eq!((days(date(2012, 8, 5)), days(date(2012, 8, 15)), days(date(2012, 8, 20))), (4, 4, 9));
}

#[test]
fn more_than_is_left_is_refused_and_a_replay_changes_nothing() {
    let mut desk = Desk::granted(1);
    let gate = gate(1);
    assert_eq!(desk.write_off(&gate, TODAY, shipment("D-1", 60)).unwrap(), 1);
    let refusal = desk.write_off(&gate, TODAY, shipment("D-2", 45)).unwrap_err();
    assert_eq!(refusal.code, "licence.over_quantity");
    assert!(
        refusal.message.contains("40 pieces are left") && refusal.message.contains("5 too many"),
        "{refusal:?}"
    );
    assert_eq!(desk.write_off(&gate, TODAY, shipment("D-1", 60)).unwrap(), 0, "the same again");
    assert_eq!(desk.write_off(&gate, TODAY, shipment("D-1", 59)).unwrap_err().code, "licence.reference");
    let correct = L::Correct { on: TODAY, reference: "D-1".into(), reason: "Typed wrong".into() };
    let decided = decide_licence(desk.licence.as_ref().unwrap(), &gate, &officer(), correct).unwrap();
    Licence::apply(&mut desk.licence, "O-L2012-0001", TODAY, ("officer", &marking()), &decided[0].fact);
    // A replay of what was taken back does not bring it in again.
    assert_eq!(desk.write_off(&gate, TODAY, shipment("D-1", 60)).unwrap_err().code, "licence.reference");
    assert_eq!(desk.write_off(&gate, TODAY, shipment("D-3", 100)).unwrap(), 1);
    assert_eq!(desk.licence.as_ref().unwrap().word_on(TODAY), "exhausted");
}

#[test]
fn a_licence_that_is_suspended_expired_or_revoked_lets_nothing_go() {
    let gate = gate(1);
    let mut desk = Desk::granted(1);
    let late = desk.write_off(&gate, date(2012, 8, 31), shipment("D-1", 1)).unwrap_err();
    assert_eq!(late.code, "licence.validity");
    let change = |desk: &mut Desk, context: &Context, command| {
        let decided = decide_licence(desk.licence.as_ref().unwrap(), &gate, context, command)?;
        for one in decided {
            let by = context.actor.account.as_str();
            Licence::apply(&mut desk.licence, "O-L2012-0001", one.on, (by, &marking()), &one.fact);
        }
        Ok::<_, Refusal>(())
    };
    let reason = || "An inspection found 98 of 100".to_owned();
    change(&mut desk, &officer(), L::Suspend { on: TODAY, reason: reason() }).unwrap();
    assert_eq!(desk.write_off(&gate, TODAY, shipment("D-1", 1)).unwrap_err().code, "state");
    let refusal = change(&mut desk, &officer(), L::Reinstate { on: TODAY, reason: reason() }).unwrap_err();
    assert_eq!(refusal.code, "transfer.two_people");
    change(&mut desk, &by("second", &[]), L::Reinstate { on: TODAY, reason: reason() }).unwrap();
    assert_eq!(desk.write_off(&gate, TODAY, shipment("D-1", 1)).unwrap(), 1);
    // Without checks made now nothing goes.
    let none = GateFacts::default();
    assert_eq!(desk.write_off(&none, TODAY, shipment("D-2", 1)).unwrap_err().code, "transfer.held");
    change(&mut desk, &officer(), L::Revoke { on: TODAY, reason: reason() }).unwrap();
    assert_eq!(desk.write_off(&gate, TODAY, shipment("D-2", 1)).unwrap_err().code, "state");
}

/// What may be done next, drawn at random.
fn commands() -> impl Strategy<Value = (A, bool)> {
    let stance = prop_oneof![3 => Just(Stance::Approve), 1 => Just(refusing())];
    let decision = prop_oneof![6 => Just(LineDecision::Grant), 1 => Just(refused_line())];
    let rule = prop_oneof![Just(DisagreementRule::Strictest), Just(DisagreementRule::Chair)];
    let agency = prop_oneof![Just("Defence"), Just("Foreign affairs")];
    let risk = prop_oneof![5 => Just(Risk::Low), 1 => Just(Risk::Overriding)];
    let standing = prop_oneof![
        4 => Just(EndUserStanding::Authority { state: "BRA".into() }),
        1 => Just(EndUserStanding::NonState),
        1 => Just(EndUserStanding::Authorised { state: "ARG".into() }),
    ];
    let kind = prop_oneof![
        Just(RecordKind::Consideration),
        Just(RecordKind::Notification),
        Just(RecordKind::Approval)
    ];
    let guided =
        prop_oneof![Just("denial:1:O-N2012-0001"), Just("denial:2:O-N2012-0001"), Just("destination:BRA")];
    let consulting = prop_oneof![2 => Just(RecordKind::Consultation), 1 => kind.clone()];
    let command = prop_oneof![
        1 => Just(A::Submit { on: TODAY }),
        1 => Just(A::Revise { on: TODAY, content: Box::new(content_of_lines(2)), reason: "Again".into() }),
        1 => Just(A::Ask { on: TODAY, text: "Why?".into() }),
        2 => (1..4_u32).prop_map(|question| A::Answer { on: TODAY, question, text: "So.".into(), documents: vec![] }),
        3 => standing.prop_map(|standing| A::Establish { on: TODAY, party: "O-P0002".into(), standing, document: paper() }),
        3 => (1..3_u32, kind).prop_map(|(line, kind)| A::Record { on: TODAY, check: format!("embargo:{line}:"), kind, reference: "1".into(), document: paper(), reason: None }),
        2 => (guided, consulting).prop_map(|(check, kind)| A::Record { on: TODAY, check: check.into(), kind, reference: "2".into(), document: paper(), reason: Some("The grounds are gone".into()) }),
        1 => Just(A::Route { on: TODAY }),
        1 => agency.clone().prop_map(|agency| A::ConfirmOpinion { on: TODAY, agency: agency.into() }),
        2 => agency.clone().prop_map(|agency| A::AskOpinion { on: TODAY, agency: agency.into(), due_on: Some(TODAY) }),
        4 => (agency, prop::collection::vec(stance, 2)).prop_map(|(agency, lines)| A::GiveOpinion { on: TODAY, opinion: opinion(agency, lines) }),
        3 => risk.prop_map(|risk| A::Assess { on: TODAY, assessment: assessment(risk) }),
        12 => (prop::collection::vec(decision, 2), rule).prop_map(|(lines, rule)| A::Propose { on: TODAY, proposal: Proposal { rule, ..proposal(lines) } }),
        1 => Just(A::Return { on: TODAY, reason: "No".into() }),
        14 => Just(A::Countersign { on: TODAY }),
        1 => Just(A::Appeal { on: TODAY, reason: "Please".into(), document: None }),
    ];
    (command, any::<bool>())
}

/// What is known, drawn at random: mostly nothing stands against it.
fn knowledge() -> impl Strategy<Value = DecisionFacts> {
    let outcome = prop_oneof![
        16 => Just(Outcome::Pass),
        1 => Just(Outcome::Vigilance),
        1 => Just(Outcome::Notify),
        1 => Just(Outcome::Approve),
        1 => Just(Outcome::Hold),
        1 => Just(Outcome::Blocked),
    ];
    let standing = prop_oneof![
        16 => Just(None),
        1 => Just(Some(PartyStanding::Waits { case: "C-1".into() })),
        1 => Just(Some(PartyStanding::Listed { case: "C-1".into() })),
        1 => Just(Some(PartyStanding::Unknown { why: "The list is missing.".into() })),
    ];
    // Whether the certificate is there, and whether it is whole; whether an incident is open.
    let assured = prop_oneof![
        12 => Just((true, true, false)),
        1 => Just((false, true, false)),
        1 => Just((true, false, false)),
        1 => Just((true, true, true)),
    ];
    // The risk of the destination, whether the same was refused elsewhere, what others take of a quota of 300, whether
    // the routing rules name another agency, and whether the agencies confirm what one person says.
    let guided = (
        prop_oneof![8 => Just(None), 2 => Just(Some(Risk::Low)), 1 => Just(Some(Risk::High)), 1 => Just(Some(Risk::Overriding))],
        prop_oneof![6 => Just(false), 1 => Just(true)],
        prop_oneof![6 => Just(None), 1 => Just(Some(100)), 1 => Just(Some(101))],
        prop_oneof![8 => Just(false), 1 => Just(true)],
        prop_oneof![4 => Just(false), 1 => Just(true)],
    );
    (prop::collection::vec(outcome, 0..=2), standing, assured, guided).prop_map(
        |(outcomes, standing, assured, guided)| {
            let mut facts = clear(2);
            let (risk, is_denied, taken, is_routed, confirms) = guided;
            guide(&mut facts, risk, is_denied, taken, is_routed.then_some("Interior"), confirms);
            let (is_there, is_whole, is_incident) = assured;
            if !is_there {
                facts.checks.certificates.clear();
            }
            for known in facts.checks.certificates.values_mut() {
                known.certificate.content.sealed = is_whole;
            }
            if is_incident {
                facts.checks.incidents.insert("O-P0002".into(), vec!["Inspection O-I2012-0001.".into()]);
            }
            // A rule that was not asked is as likely as one that holds.
            facts.checks.judgements = match outcomes.len() {
                0 => of_lines(vec![Outcome::Pass; 2]),
                _ => of_lines(outcomes),
            };
            if let Some(standing) = standing {
                facts.checks.parties.insert("O-P0003".into(), standing);
            }
            facts
        },
    )
}

impl DecisionFacts {
    fn decision_agencies(&self) -> impl Iterator<Item = &String> {
        self.routed.agencies.keys()
    }
}

/// By which record an answer of the rules opens; none for one that no record opens.
fn opens(outcome: Outcome) -> Option<&'static [RecordKind]> {
    Some(match outcome {
        Outcome::Pass => &[],
        Outcome::Vigilance => &[RecordKind::Consideration, RecordKind::Notification, RecordKind::Approval],
        Outcome::Notify => &[RecordKind::Notification, RecordKind::Approval],
        Outcome::Approve => &[RecordKind::Approval],
        Outcome::Hold | Outcome::Blocked => return None,
    })
}

/// No sequence of commands, whoever gives them and whatever is known at each, issues a licence that breaks a rule in
/// force, rests on a party that is not clear, or on one person.
#[test]
fn nothing_is_ever_granted_against_a_rule() {
    let grants = std::cell::Cell::new(0_u32);
    let mut runner = TestRunner::new(ProptestConfig::with_cases(2_600));
    // Some begin where little is missing: from nothing, chance seldom finds all that a licence needs.
    let all = (0..3_u8, prop::collection::vec((commands(), knowledge()), 1..40));
    let ran = runner.run(&all, |(begin, steps)| {
        let mut desk = match begin {
            0 => Desk::submitted(2),
            _ => Desk::ready(2),
        };
        if begin == 2 {
            let grant = proposal(vec![LineDecision::Grant; 2]);
            desk.does(&clear(2), &officer(), A::Propose { on: TODAY, proposal: grant }).unwrap();
        }
        let chair = by("chair", &[Role::Chair]);
        for ((command, is_chair), facts) in steps {
            let before = desk.application.clone().unwrap();
            let context = if is_chair { chair.clone() } else { officer() };
            let done = desk.does(&facts, &context, command).is_ok();
            let Some(licence) = desk.licence.take() else { continue };
            prop_assert!(done);
            grants.set(grants.get() + 1);
            let (proposed_by, proposal) = before.proposal.clone().unwrap();
            prop_assert_ne!(proposed_by, context.actor.account.clone());
            let are_clear =
                facts.checks.parties.values().all(|one| matches!(one, PartyStanding::Clear { .. }));
            prop_assert!(are_clear);
            let known = facts.checks.certificates.get("O-P0002");
            prop_assert!(known.is_some_and(|known| known.certificate.content.sealed));
            prop_assert!(facts.checks.incidents.is_empty());
            let of_destination = facts.checks.standing.first().map(|known| known.assessment.risk());
            prop_assert_ne!(of_destination, Some(Risk::Overriding));
            if of_destination == Some(Risk::High) {
                let held = before.on_record.get("destination:BRA");
                prop_assert!(held.is_some_and(|held| *held != RecordKind::Consultation));
            }
            prop_assert!(facts.decision_agencies().all(|agency| before.consulted.contains_key(agency)));
            prop_assert!(before.consulted.values().all(|consulted| consulted.waits.is_none()));
            let granted: i64 = licence.issued.lines.iter().map(|line| line.quantity.0 / 1000).sum();
            if let Some(known) = facts.checks.quotas.first() {
                prop_assert!(known.taken.clone().unwrap() / 1000 + granted <= 300);
            }
            let user = before.end_users.get("O-P0002").map(|one| one.standing.clone());
            prop_assert_eq!(user, Some(EndUserStanding::Authority { state: "BRA".into() }));
            prop_assert!(before.questions.iter().all(|question| question.answered.is_some()));
            for line in &licence.issued.lines {
                if !facts.checks.denials.is_empty() {
                    let held = before.on_record.get(&format!("denial:{}:O-N2012-0001", line.number));
                    prop_assert_eq!(held, Some(&RecordKind::Consultation));
                }
                let place = usize::try_from(line.number).unwrap() - 1;
                prop_assert_eq!(&proposal.lines[place], &LineDecision::Grant);
                let outcome = facts
                    .checks
                    .judgements
                    .get(&(line.number, "O-P0002".to_owned()))
                    .map(|judgement| judgement.outcome);
                let records = outcome.and_then(opens);
                let held = before.on_record.get(&format!("embargo:{}:", line.number));
                let is_open = records
                    .is_some_and(|kinds| kinds.is_empty() || held.is_some_and(|kind| kinds.contains(kind)));
                prop_assert!(is_open, "{:?} by {:?}", outcome, held);
                let stances: Vec<_> = before
                    .consulted
                    .values()
                    .map(|one| one.opinion.as_ref().unwrap().lines[place].clone())
                    .collect();
                prop_assert!(stances.contains(&Stance::Approve));
                let is_refused = stances.iter().any(|stance| matches!(stance, Stance::Refuse { .. }));
                prop_assert!(!is_refused || (proposal.rule == DisagreementRule::Chair && is_chair));
            }
            let (_, assessment) = before.assessment.unwrap();
            prop_assert!(assessment.weighed.values().all(|one| one.risk != Risk::Overriding));
        }
        Ok(())
    });
    ran.unwrap();
    // What is never granted proves nothing.
    assert!(grants.get() > 100, "{} licences", grants.get());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is written off, corrected and sent again, no more has gone than was granted, and what is left is exact.
    #[test]
    fn no_more_is_written_off_than_was_granted(
        steps in prop::collection::vec((0..6_u32, 1..60_i64, any::<bool>(), any::<bool>()), 1..40)
    ) {
        let mut desk = Desk::granted(1);
        let gate = gate(1);
        let mut gone: BTreeMap<String, i64> = BTreeMap::new();
        let mut back: BTreeSet<String> = BTreeSet::new();
        for (number, units, corrects, whole) in steps {
            let reference = format!("D-{number}");
            if corrects {
                let command = L::Correct { on: TODAY, reference: reference.clone(), reason: "Wrong".into() };
                let decided = decide_licence(desk.licence.as_ref().unwrap(), &gate, &officer(), command);
                prop_assert_eq!(decided.is_ok(), gone.contains_key(&reference));
                for one in decided.into_iter().flatten() {
                    Licence::apply(&mut desk.licence, "O-L2012-0001", one.on, ("officer", &marking()), &one.fact);
                    gone.remove(&reference);
                    back.insert(reference.clone());
                }
                continue;
            }
            let written = shipment(&reference, if whole { units } else { 100 });
            let units = written.quantity.0 / 1000;
            let sum: i64 = gone.values().sum();
            let fits = !back.contains(&reference) && !gone.contains_key(&reference) && sum + units <= 100;
            let is_replay = gone.get(&reference) == Some(&units);
            match desk.write_off(&gate, TODAY, written) {
                Ok(1) => {
                    prop_assert!(fits);
                    gone.insert(reference, units);
                }
                Ok(_) => prop_assert!(is_replay),
                Err(_) => prop_assert!(!fits && !is_replay),
            }
            let left = desk.licence.as_ref().unwrap().left(1).unwrap();
            prop_assert_eq!(left.quantity, Quantity::whole(100 - gone.values().sum::<i64>()));
            prop_assert_eq!(left.value, 100_000 - 1_000 * gone.values().sum::<i64>());
        }
    }

    /// A check is settled by facts and by records, and never by leaving something out.
    #[test]
    fn what_is_not_known_holds(facts in knowledge(), drop_party in any::<bool>(), drop_rules in any::<bool>()) {
        let application = Desk::ready(2).application.unwrap();
        let with = CheckFacts { end_users: application.end_users.clone(), ..facts.checks };
        let gravest = |facts: &CheckFacts| run(&application.content, facts).iter().map(|check| check.outcome).max().unwrap();
        let mut less = with.clone();
        if drop_party {
            less.parties.remove("O-P0002");
        }
        if drop_rules {
            less.judgements.pop_last();
        }
        if drop_party || drop_rules {
            prop_assert!(gravest(&less) >= CheckOutcome::Hold);
        }
        prop_assert_eq!(run(&application.content, &with), run(&application.content, &with));
    }
}

#[test]
fn facts_are_read_back_as_they_were_written() {
    let desk = Desk::granted(2);
    let application = desk.application.unwrap();
    let text = serde_json::to_string(&application).unwrap();
    assert_eq!(serde_json::from_str::<Application>(&text).unwrap(), application);
    let licence = desk.licence.unwrap();
    let fact = LicenceFact::Issued(licence.issued.clone());
    assert_eq!(serde_json::from_str::<LicenceFact>(&serde_json::to_string(&fact).unwrap()).unwrap(), fact);
    assert_eq!(serde_json::from_str::<Licence>(&serde_json::to_string(&licence).unwrap()).unwrap(), licence);
}
