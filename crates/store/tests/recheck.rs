//! What is open, checked again after something has changed: here, whose government is recognised.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::label::{Clearance, Level};
use entente_register::transfer::check::{Check, CheckKind, CheckOutcome};
use entente_register::transfer::guidance::recognition::{Recognition, RecognitionStatus, Stretch};
use entente_register::transfer::guidance::{GuidanceCommand as G, GuidanceContent, NewGuidance};
use entente_store::reader::{Reader, Recheck, Rechecked};
use entente_testing::{TestDatabase, on_both};
use support::transfer::*;
use support::*;

fn recognised(status: RecognitionStatus) -> Box<GuidanceContent> {
    let stretch = Stretch {
        from: day("2026-06-01"),
        until: None,
        status,
        government: "THE COUNCIL".into(),
        source: "Note 7".into(),
    };
    Box::new(GuidanceContent::Recognition(Recognition { state: "BRA".into(), stretches: vec![stretch] }))
}

async fn reader(register: &Register, by: &Actor) -> Reader {
    register.store.reader(by, Some(day(TODAY)), None).await.unwrap()
}

async fn recheck(register: &Register, of: Rechecked) -> Recheck {
    reader(register, &people().officer).await.recheck(of, &|_| {}).await.unwrap()
}

async fn of_government(register: &Register, number: &str) -> Vec<Check> {
    let view = reader(register, &people().officer).await.application(number).await.unwrap();
    view.checks.unwrap().into_iter().filter(|check| check.kind == CheckKind::Recognition).collect()
}

on_both! {
async fn a_government_that_is_recognised_no_more_stops_what_is_open(database: TestDatabase) {
    let register = ready(&database).await;
    let (application, licence) = granted(&register).await;
    let waiting = assessed(&register, "BRA").await;
    let found = &of_government(&register, &waiting).await[0];
    assert_eq!((found.outcome, found.about.as_str()), (CheckOutcome::Pass, "BRA"));
    assert!(found.why.contains("seated at the United Nations"), "{}", found.why);
    assert_eq!(recheck(&register, Rechecked::Licences).await, Recheck { checked: 1, rows: Vec::new() });

    let new = NewGuidance {
        on: day(TODAY),
        label: label("SECRET"),
        content: recognised(RecognitionStatus::Disputed),
        document: paper("Note 7"),
    };
    let proposer = actor("treaty-officer", Role::TreatyOfficer, Clearance::of(Level::Secret));
    let file = does(&register, &proposer, Command::Guide(new)).await.unwrap().subject.key;
    assert_eq!(file, "S-RG-BRA");
    assert!(recheck(&register, Rechecked::Licences).await.rows.is_empty(), "it waits for a second person");
    let confirm = Command::Guidance { number: file, command: G::Confirm { on: day(TODAY), edition: 1 } };
    does(&register, &people_cleared_for(Level::Secret).countersigner, confirm).await.unwrap();

    let found = recheck(&register, Rechecked::Licences).await;
    assert_eq!((found.checked, found.rows.len()), (1, 1));
    let row = &found.rows[0];
    assert_eq!((row.application.as_str(), row.licence.as_deref()), (application.as_str(), Some(licence.as_str())));
    let [check] = row.checks.as_slice() else { panic!("{:?}", row.checks) };
    assert_eq!((check.kind, check.outcome), (CheckKind::Recognition, CheckOutcome::Hold));
    // What is marked higher weighs, and is not told.
    assert!(!check.why.contains("COUNCIL") && !check.source.contains("S-RG"), "{check:?}");
    let refused = refusal(write_off(&register, &licence, day(TODAY), shipment("D-1", 10)).await);
    assert_eq!(refused.code, "transfer.held", "{}", refused.message);
    let all = recheck(&register, Rechecked::All).await;
    assert_eq!((all.checked, all.rows.len()), (2, 2));
    let exporter = reader(&register, &people().exporter).await.recheck(Rechecked::All, &|_| {}).await;
    assert_eq!(code(exporter), "access.read");
}
}
