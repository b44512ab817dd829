//! Inspections after shipment, and what follows for licences.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::access::Actor;
use crate::label::{Clearance, Level};
use crate::ledger::{Context, NewEvent, Refusal};
use crate::money::{Currency, Money, Quantity, Unit};
use crate::transfer::content::{TransferKind, TransferParty, TransferRole};
use crate::transfer::licence::{
    GateFacts, Incident, Licence, LicenceCommand, LicenceFact, LicenceIssued, LicenceLine, WriteOff,
    decide as decide_licence,
};

const TODAY: Date = date(2012, 12, 1);

fn by(account: &str) -> Context {
    Context {
        actor: Actor {
            account: account.to_owned(),
            name: account.to_owned(),
            roles: Vec::new(),
            clearance: Clearance::full(),
            party: None,
        },
        now: "2012-12-01T09:00:00Z".parse().unwrap(),
        today: TODAY,
    }
}

fn paper() -> Document {
    Document { title: "Report 1".into(), dated: date(2012, 9, 2), content: None }
}

fn serials(count: usize) -> Vec<String> {
    (1..=count).map(|place| format!("A-{place:03}")).collect()
}

fn licence(number: &str, label: Label, end_user: &str) -> Licence {
    let issued = LicenceIssued {
        application: number.replace('L', "T"),
        kind: TransferKind::Export,
        holder: "O-P0001".into(),
        destination: "BRA".into(),
        parties: vec![TransferParty { role: TransferRole::EndUser, party: end_user.into() }],
        currency: Currency::USD,
        lines: vec![LicenceLine {
            number: 1,
            description: "Missile".into(),
            category: "ML4.a".into(),
            quantity: Quantity::whole(100),
            unit: Unit::Piece,
            value: Money::new(100_000, Currency::USD),
        }],
        valid_from: date(2012, 7, 1),
        valid_until: date(2013, 6, 30),
        conditions: Vec::new(),
        verification_days: None,
    };
    let mut state = None;
    let mut apply = |on, fact| Licence::apply(&mut state, number, on, ("officer", &label), &fact);
    apply(date(2012, 7, 1), LicenceFact::Issued(issued));
    apply(date(2012, 9, 1), LicenceFact::WrittenOff(shipment("D-1", 24)));
    state.unwrap()
}

fn shipment(reference: &str, pieces: i64) -> WriteOff {
    WriteOff {
        reference: reference.into(),
        line: 1,
        quantity: Quantity::whole(pieces),
        value: Money::new(pieces * 1_000, Currency::USD),
        delivery: None,
        document: paper(),
    }
}

fn official() -> Label {
    Label::of(Level::Official)
}

fn planned() -> Inspection {
    let of = licence("O-L2012-0001", official(), "O-P0002");
    let new = NewInspection {
        on: date(2012, 10, 1),
        licence: of.number.clone(),
        end_user: "O-P0002".into(),
        visit_on: date(2012, 11, 5),
        reason: "First delivery of missiles to this end user".into(),
    };
    let events = plan("O-I2012-0001", (&of, Some("O-E2012-0001".into())), &by("officer"), new).unwrap();
    let mut state = None;
    for event in &events {
        fold(&mut state, "officer", event);
    }
    state.unwrap()
}

fn fold(state: &mut Option<Inspection>, account: &str, event: &NewEvent) {
    let said = (&event.fact, event.reason.as_deref());
    Inspection::apply(state, &event.subject, event.occurred_on, (account, &event.label), said);
}

fn visit(outcome: VisitOutcome, seen: Vec<String>) -> NewVisit {
    NewVisit {
        on: date(2012, 11, 6),
        outcome,
        seen,
        accounted: Vec::new(),
        findings: "Seen in the depot".into(),
        document: paper(),
    }
}

fn does(
    inspection: &Inspection,
    facts: &InspectionFacts,
    command: InspectionCommand,
) -> Result<(Inspection, Vec<NewEvent>), Refusal> {
    let events = decide(inspection, facts, &by("officer"), command)?;
    let mut state = Some(inspection.clone());
    for event in events.iter().filter(|event| event.subject.key == inspection.number) {
        fold(&mut state, "officer", event);
    }
    Ok((state.unwrap(), events))
}

fn stop(licences: &[Licence], events: &[NewEvent]) -> Vec<Licence> {
    let mut all: BTreeMap<String, Option<Licence>> =
        licences.iter().map(|one| (one.number.clone(), Some(one.clone()))).collect();
    for event in events {
        if let Some(state) = all.get_mut(&event.subject.key) {
            Licence::fold(state, &event.subject, event.occurred_on, ("officer", &event.label), &event.fact);
        }
    }
    all.into_values().flatten().collect()
}

/// Scenario 15: twenty-four went, twenty-two are there.
#[test]
fn missing_serial_numbers_are_an_incident_that_stops_every_open_licence_of_the_end_user() {
    let licences = vec![
        licence("O-L2012-0001", official(), "O-P0002"),
        licence("O-L2012-0007", official(), "O-P0002"),
        licence("P-L2012-0001", Label::of(Level::Public), "O-P0002"),
    ];
    let facts = InspectionFacts { expected: serials(24), licences: licences.clone() };
    let seen = || serials(24).into_iter().filter(|one| one != "A-007" && one != "A-019").collect::<Vec<_>>();
    // Nobody calls it favourable.
    let favourable = InspectionCommand::Visit(visit(VisitOutcome::Favourable, seen()));
    let refusal = does(&planned(), &facts, favourable).unwrap_err();
    assert_eq!(refusal.code, "inspection.missing");
    assert!(refusal.message.contains("Of 24 serial numbers 22 were seen"), "{}", refusal.message);
    assert!(refusal.message.contains("A-007, A-019"), "{}", refusal.message);
    let unfavourable = InspectionCommand::Visit(visit(VisitOutcome::Unfavourable, seen()));
    let (inspection, events) = does(&planned(), &facts, unfavourable).unwrap();
    assert_eq!((inspection.state, events.len()), ("incident", 4));
    assert!(inspection.words().contains("of 24 serial numbers 22 were seen and 2 are missing: A-007, A-019"));
    for stopped in stop(&licences, &events) {
        assert_eq!(stopped.state, "suspended", "{}", stopped.number);
        let write_off = LicenceCommand::WriteOff { on: TODAY, written: shipment("D-2", 1) };
        let refusal = decide_licence(&stopped, &GateFacts::default(), &by("customs"), write_off).unwrap_err();
        assert_eq!(refusal.code, "licence.stopped");
        // What is marked lower names no inspection that is marked higher.
        let is_named = refusal.message.contains("inspection O-I2012-0001 found an incident at O-P0002");
        assert_eq!(is_named, stopped.number.starts_with('O'), "{}", refusal.message);
    }
}

#[test]
fn an_officer_closes_the_incident_and_another_person_lets_the_licence_go_on() {
    let of = licence("O-L2012-0001", official(), "O-P0002");
    let facts = InspectionFacts { expected: serials(24), licences: vec![of.clone()] };
    let visit = InspectionCommand::Visit(visit(VisitOutcome::AccessRefused, Vec::new()));
    let (inspection, events) = does(&planned(), &facts, visit).unwrap();
    assert_eq!(inspection.state, "incident");
    let stopped = stop(&[of], &events).remove(0);
    let reinstate = |account: &str, closed: Option<&str>| {
        let incident = Incident {
            inspection: Some("O-I2012-0001".into()),
            end_user: "O-P0002".into(),
            closed: closed.map(|by| (TODAY, by.to_owned())),
        };
        let facts = GateFacts { incidents: vec![incident], ..GateFacts::default() };
        let command = LicenceCommand::Reinstate { on: TODAY, reason: "Shown since".into() };
        decide_licence(&stopped, &facts, &by(account), command)
    };
    let code = |account, closed| reinstate(account, closed).unwrap_err();
    let open = code("second", None);
    assert_eq!(open.code, "licence.incident");
    assert!(open.message.contains("inspection O-I2012-0001 at O-P0002"), "{}", open.message);
    assert_eq!(code("second", Some("second")).code, "transfer.two_people");
    // Nor lifts it whoever recorded the visit.
    assert_eq!(code("officer", Some("third")).code, "transfer.two_people");
    reinstate("second", Some("officer")).unwrap();
    // Whoever had suspended it before the incident does not lift it either.
    let mut suspended = Some(licence("O-L2012-0001", official(), "O-P0002"));
    let apply = |state: &mut Option<Licence>, by: &str, fact| {
        Licence::apply(state, "O-L2012-0001", TODAY, (by, &official()), &fact);
    };
    apply(&mut suspended, "first", LicenceFact::Suspended);
    let found = LicenceFact::Stopped { inspection: None, end_user: "O-P0002".into() };
    apply(&mut suspended, "officer", found);
    let suspended = suspended.unwrap();
    for (account, is_another) in [("first", false), ("officer", false), ("second", true)] {
        assert_eq!(suspended.check_another(account).is_ok(), is_another, "{account}");
    }
    let close =
        InspectionCommand::Close { on: TODAY, reason: "Shown on 30 November".into(), document: paper() };
    let (closed, _) = does(&inspection, &InspectionFacts::default(), close).unwrap();
    assert_eq!(closed.state, "closed");
    assert_eq!(closed.closed.unwrap().by, "officer");
}

#[test]
fn what_became_of_an_item_is_accounted_for_by_its_paper() {
    let facts = InspectionFacts {
        expected: serials(3),
        licences: vec![licence("O-L2012-0001", official(), "O-P0002")],
    };
    let accounted = |serial: &str| Accounted {
        serial: serial.into(),
        how: "Fired in an exercise".into(),
        document: paper(),
    };
    let mut report = visit(VisitOutcome::Favourable, vec!["a-001".into(), " A-002 ".into()]);
    report.accounted = vec![accounted("A-003")];
    let (inspection, events) = does(&planned(), &facts, InspectionCommand::Visit(report.clone())).unwrap();
    assert_eq!((inspection.state, events.len()), ("favourable", 1));
    let strange = NewVisit { accounted: vec![accounted("B-001")], ..report.clone() };
    let refusal = does(&planned(), &facts, InspectionCommand::Visit(strange)).unwrap_err();
    assert_eq!((refusal.code, refusal.field.as_deref()), ("inspection.serial", Some("accounted")));
    let twice = NewVisit { accounted: vec![accounted("A-002")], ..report };
    assert_eq!(
        does(&planned(), &facts, InspectionCommand::Visit(twice)).unwrap_err().code,
        "inspection.serial"
    );
    // What could not be seen is neither found nor missing, and stops nothing.
    let unable = visit(VisitOutcome::Unable, Vec::new());
    let (inspection, events) = does(&planned(), &facts, InspectionCommand::Visit(unable)).unwrap();
    assert_eq!((inspection.state, events.len()), ("unable", 1));
    let seen = visit(VisitOutcome::Unable, serials(1));
    assert_eq!(does(&planned(), &facts, InspectionCommand::Visit(seen)).unwrap_err().code, "inspection.seen");
    let cancel = InspectionCommand::Cancel { on: TODAY, reason: "The road is closed".into() };
    assert_eq!(does(&planned(), &facts, cancel).unwrap().0.state, "cancelled");
}

#[test]
fn what_is_inspected_went_and_its_end_user_is_named() {
    let of = licence("O-L2012-0001", official(), "O-P0002");
    let new = || NewInspection {
        on: TODAY,
        licence: of.number.clone(),
        end_user: "O-P0002".into(),
        visit_on: date(2013, 1, 10),
        reason: "By lot".into(),
    };
    let code = |of: &Licence, new| plan("O-I2012-0002", (of, None), &by("officer"), new).unwrap_err().code;
    assert_eq!(code(&of, NewInspection { end_user: "O-P0003".into(), ..new() }), "inspection.end_user");
    assert_eq!(code(&of, NewInspection { visit_on: date(2012, 1, 1), ..new() }), "inspection.visit_on");
    assert_eq!(code(&of, NewInspection { reason: " ".into(), ..new() }), "inspection.reason");
    let mut nothing = of.clone();
    nothing.written_off.clear();
    assert_eq!(code(&nothing, new()), "inspection.nothing_went");
    plan("O-I2012-0002", (&of, None), &by("officer"), new()).unwrap();
}

#[test]
fn a_delivery_is_verified_by_its_day_and_a_licence_closed_once_all_are() {
    use crate::transfer::licence::VerificationStanding as Standing;
    let of = licence("O-L2012-0001", official(), "O-P0002");
    let due = date(2012, 11, 30);
    let one = &of.verifications()[0];
    assert_eq!((one.due_on, one.open()), (due, Quantity::whole(24)));
    for (day, standing) in [
        (date(2012, 10, 30), Standing::Awaited),
        (date(2012, 10, 31), Standing::Remind),
        (due, Standing::Remind),
        (date(2012, 12, 1), Standing::Overdue),
    ] {
        assert_eq!(one.standing_on(day), standing, "{day}");
    }
    let close = || LicenceCommand::Close { on: TODAY, reason: "Given back".into() };
    let facts = GateFacts::default();
    let refusal = decide_licence(&of, &facts, &by("officer"), close()).unwrap_err();
    assert_eq!(refusal.code, "licence.unverified");
    assert!(refusal.message.contains("D-1 of 2012-09-01 (24 of 24)"), "{}", refusal.message);
    let verify = |reference: &str, pieces, on| LicenceCommand::Verify {
        on,
        reference: reference.into(),
        quantity: Quantity::whole(pieces),
        document: paper(),
    };
    let mut state = Some(of);
    let mut does = |command| -> Result<(), Refusal> {
        for one in decide_licence(state.as_ref().unwrap(), &facts, &by("officer"), command)? {
            Licence::apply(&mut state, "O-L2012-0001", one.on, ("officer", &official()), &one.fact);
        }
        Ok(())
    };
    assert_eq!(does(verify("D-2", 1, TODAY)).unwrap_err().code, "licence.reference");
    assert_eq!(does(verify("D-1", 25, TODAY)).unwrap_err().code, "licence.verified");
    assert_eq!(does(verify("D-1", 1, date(2012, 8, 1))).unwrap_err().code, "licence.verified");
    does(verify("D-1", 20, date(2012, 10, 1))).unwrap();
    assert_eq!(does(verify("D-1", 5, TODAY)).unwrap_err().code, "licence.verified");
    assert_eq!(does(close()).unwrap_err().code, "licence.unverified");
    does(verify("D-1", 4, TODAY)).unwrap();
    does(close()).unwrap();
}

proptest! {
    /// Whatever is seen, said and accounted for: licences go on only where nothing is missing, and exactly there where it
    /// is no incident.
    #[test]
    fn nothing_missing_is_ever_passed_over(
        count in 0..12_usize,
        seen in prop::collection::btree_set(0..15_usize, 0..15),
        lost in prop::collection::btree_set(0..12_usize, 0..4),
        outcome in prop::sample::select(VisitOutcome::ALL),
    ) {
        let expected = serials(count);
        let name = |place: &usize| format!("A-{:03}", place + 1);
        let lost: Vec<Accounted> = lost
            .iter()
            .filter(|place| **place < count && !seen.contains(place))
            .map(|place| Accounted { serial: name(place), how: "Fired".into(), document: paper() })
            .collect();
        let report = NewVisit { accounted: lost.clone(), ..visit(outcome, seen.iter().map(name).collect()) };
        let facts = InspectionFacts { expected, licences: vec![licence("O-L2012-0001", official(), "O-P0002")] };
        let missing = (0..count).filter(|place| !seen.contains(place) && !lost.iter().any(|one| one.serial == name(place))).count();
        if let Ok((inspection, events)) = does(&planned(), &facts, InspectionCommand::Visit(report)) {
            let visited = inspection.visit.clone().unwrap().visited;
            let is_incident = inspection.state == "incident";
            prop_assert_eq!(events.len() == 2, is_incident);
            match outcome {
                VisitOutcome::Favourable => prop_assert!(missing == 0 && !is_incident),
                VisitOutcome::Unfavourable | VisitOutcome::AccessRefused => prop_assert!(is_incident),
                VisitOutcome::Unable => prop_assert!(!is_incident && visited.seen.is_empty()),
            }
            if outcome == VisitOutcome::Unfavourable {
                prop_assert_eq!(visited.missing().len(), missing);
            }
        } else {
            let is_seen = !seen.is_empty() || !lost.is_empty();
            let is_contradiction = match outcome {
                VisitOutcome::Favourable => missing > 0,
                VisitOutcome::Unfavourable => false,
                VisitOutcome::Unable | VisitOutcome::AccessRefused => is_seen,
            };
            prop_assert!(is_contradiction);
        }
    }
}
