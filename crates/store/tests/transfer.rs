//! Transfers in the register: what is checked against the lists and rules that are in force, what each reader sees, what
//! is written off, and what an audit finds afterwards.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;

use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::embargo::UNITED_NATIONS;
use entente_register::label::{Clearance, Level};
use entente_register::screening::{CaseCommand, Found, Hit};
use entente_register::transfer::application::ApplicationCommand as A;
use entente_register::transfer::check::CheckOutcome;
use entente_register::transfer::content::Content;
use entente_register::transfer::licence::LicenceCommand as L;
use entente_register::transfer::opinion::{Opinion, Stance};
use entente_store::reader::{ApplicationFilter, LicenceFilter, Page, ViolationKnown};
use entente_store::{Request, VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use jiff::civil::Date;
use support::transfer::*;
use support::*;

on_both! {
async fn an_application_becomes_a_licence_by_two_people_and_is_drawn_down_to_the_last_piece(database: TestDatabase) {
    let register = ready(&database).await;
    let (on, people) = (day(TODAY), people());
    let number = assessed(&register, "BRA").await;
    assert_eq!(number, "O-T2026-0001");
    apply(&register, &people.officer, &number, A::Propose { on, proposal: proposal() }).await.unwrap();
    // Who proposes does not sign, whatever the roles.
    let both = Actor { roles: vec![Role::LicensingOfficer, Role::Countersigner], ..people.officer.clone() };
    assert_eq!(code(apply(&register, &both, &number, A::Countersign { on }).await), "transfer.two_people");
    assert_eq!(code(apply(&register, &people.exporter, &number, A::Countersign { on }).await), "access.role");
    assert_eq!(code(apply(&register, &register.operator, &number, A::Countersign { on }).await), "access.role");
    // An edit takes the proposal back, with all that was said of what it changes.
    let content = Content { title: "Field radios, second lot".into(), ..content("BRA") };
    let revise = A::Revise { on, content: Box::new(content), reason: "A second lot".into() };
    apply(&register, &people.exporter, &number, revise).await.unwrap();
    assert_eq!(code(apply(&register, &people.countersigner, &number, A::Countersign { on }).await), "state");
    let opinion = Opinion { agency: "P-P0003".into(), lines: vec![Stance::Approve], document: None };
    apply(&register, &people.agency, &number, A::GiveOpinion { on, opinion }).await.unwrap();
    apply(&register, &people.officer, &number, A::Assess { on, assessment: assessment() }).await.unwrap();
    apply(&register, &people.officer, &number, A::Propose { on, proposal: proposal() }).await.unwrap();
    let signed = apply(&register, &people.countersigner, &number, A::Countersign { on }).await.unwrap();
    assert_eq!(signed.subject.to_string(), "application:O-T2026-0001");
    let reader = register.store.reader(&people.customs, Some(on), None).await.unwrap();
    let view = reader.licence("O-L2026-0001").await.unwrap();
    assert_eq!(view.licence.issued.application, number);
    assert!(view.checks.unwrap().iter().all(|check| check.outcome <= CheckOutcome::Shown));
    // Customs reads licences and no applications.
    assert_eq!(code(reader.application(&number).await), "access.read");

    let first = write_off(&register, "O-L2026-0001", on, shipment("D-1", 60)).await.unwrap();
    let again = write_off(&register, "O-L2026-0001", on, shipment("D-1", 60)).await.unwrap();
    assert_eq!((again.version, again.sequence), (first.version, first.sequence), "a replay changes nothing");
    assert_eq!(code(write_off(&register, "O-L2026-0001", on, shipment("D-1", 61)).await), "licence.reference");
    assert_eq!(code(write_off(&register, "O-L2026-0001", on, shipment("D-2", 41)).await), "licence.over_quantity");
    write_off(&register, "O-L2026-0001", on, shipment("D-3", 40)).await.unwrap();
    let reader = register.store.reader(&people.exporter, Some(on), None).await.unwrap();
    let rows = reader.licences(&LicenceFilter::default(), Page::first(10)).await.unwrap().rows;
    assert_eq!(rows[0].licence.word_on(on), "exhausted");
    assert!(register.store.verify(&VerifyOptions::default(), silent()).await.unwrap().first_bad.is_none());
}

async fn of_two_shipments_at_once_that_are_too_much_together_one_is_written_off(database: TestDatabase) {
    let register = ready(&database).await;
    let (_, number) = granted(&register).await;
    let on = day(TODAY);
    let (one, other) = tokio::join!(
        write_off(&register, &number, on, shipment("D-1", 60)),
        write_off(&register, &number, on, shipment("D-2", 60)),
    );
    let refused: Vec<&str> = [one, other].into_iter().filter(Result::is_err).map(code).collect();
    assert_eq!(refused, ["licence.over_quantity"]);
}

async fn what_is_thought_of_an_application_inside_no_applicant_sees(database: TestDatabase) {
    let register = ready(&database).await;
    let (on, people) = (day(TODAY), people());
    let number = assessed(&register, "BRA").await;
    apply(&register, &people.officer, &number, A::Propose { on, proposal: proposal() }).await.unwrap();
    let of = async |actor: &Actor| {
        let reader = register.store.reader(actor, Some(on), None).await.unwrap();
        let view = reader.application(&number).await;
        let rows = reader.applications(&ApplicationFilter::default(), Page::first(10)).await;
        (view, rows)
    };
    let (view, rows) = of(&people.exporter).await;
    let view = view.unwrap();
    let text = format!("{view:?} {rows:?}");
    for hidden in ["INTERNAL", "PROPOSED", "proposed", "officer", "agency", "P-P0003", "Letter", "ML11.a:"] {
        assert!(!text.contains(hidden), "{hidden} in {text}");
    }
    assert!(view.checks.is_none());
    assert_eq!(view.history.len(), 2);
    let (view, _) = of(&people.agency).await;
    let text = format!("{:?}", view.unwrap());
    assert!(text.contains("P-P0003") && !text.contains("INTERNAL") && !text.contains("PROPOSED"), "{text}");
    // Of the business of others nothing is there at all.
    let stranger = Actor { party: Some("P-P0002".into()), ..people.exporter.clone() };
    let (view, rows) = of(&stranger).await;
    assert_eq!((code(view), rows.unwrap().total), ("not_found", 0));
    let unasked = Actor { party: Some("P-P0002".into()), ..people.agency.clone() };
    let (view, rows) = of(&unasked).await;
    assert_eq!((code(view), rows.unwrap().total), ("not_found", 0));
    let apart = Actor { clearance: Clearance::of(Level::Public), ..people.officer.clone() };
    assert_eq!(code(of(&apart).await.0), "not_found");
    let revise = A::Revise { on, content: Box::new(content("BRA")), reason: "Mine".into() };
    assert_eq!(code(apply(&register, &stranger, &number, revise).await), "not_found");
    // What is said for an agency, its own account says, or a paper.
    let opinion = Opinion { agency: "P-P0003".into(), lines: vec![Stance::Approve], document: None };
    assert_eq!(
        code(apply(&register, &people.officer, &number, A::GiveOpinion { on, opinion }).await),
        "transfer.agency"
    );
    // Nor applies anybody for others.
    let other = Content { applicant: "P-P0002".into(), ..content("BRA") };
    assert_eq!(code(draft(&register, &people.exporter, other).await), "transfer.applicant");
}

async fn nothing_goes_against_a_rule_a_list_that_is_out_or_a_party_that_is_listed(database: TestDatabase) {
    let register = ready(&database).await;
    let (on, people) = (day(TODAY), people());
    let forbidden = assessed(&register, "PRK").await;
    let refused = refusal(apply(&register, &people.officer, &forbidden, A::Propose { on, proposal: proposal() }).await);
    // The source of the rule is of medium certainty: it cannot be told, and so it does not pass.
    assert_eq!(refused.code, "transfer.held");
    assert!(refused.message.contains("1718"), "{}", refused.message);
    let (_, number) = granted(&register).await;
    let proposed = assessed(&register, "BRA").await;
    apply(&register, &people.officer, &proposed, A::Propose { on, proposal: proposal() }).await.unwrap();

    // An old list clears nobody: neither before a signature nor before a shipment.
    register.clock.set(instant("2026-06-29T12:00:00Z"));
    let later = day("2026-06-29");
    let signed = apply(&register, &people.countersigner, &proposed, A::Countersign { on: later }).await;
    assert_eq!(code(signed), "transfer.held");
    assert_eq!(code(write_off(&register, &number, later, shipment("D-1", 1)).await), "transfer.held");
    load(&register, "the next edition", "2026-06-29").await;
    write_off(&register, &number, later, shipment("D-1", 1)).await.unwrap();

    // A party that may be listed holds, one that is blocks; the licence that was granted stops with it.
    let found = Found {
        party: "P-P0002".into(),
        entry: "QDe.001".into(),
        hit: Hit {
            edition: String::new(),
            engine: ENGINE.into(),
            score: 8_800,
            reasons: Vec::new(),
            caption: "EXAMPLE".into(),
            party_content: "1".repeat(64),
            entry_content: "2".repeat(64),
        },
    };
    load_with(&register, "a third edition", "2026-06-29", vec![found]).await;
    let held = refusal(write_off(&register, &number, later, shipment("D-2", 1)).await);
    assert_eq!(held.code, "transfer.held");
    assert!(held.message.contains("P-P0002.H1"), "{}", held.message);
    let confirm = CaseCommand::Confirm { reason: "The same works".into() };
    does(&register, &people.officer, Command::Case { number: "P-P0002.H1".into(), command: confirm }).await.unwrap();
    assert_eq!(code(write_off(&register, &number, later, shipment("D-2", 1)).await), "transfer.blocked");
    let signed = apply(&register, &people.countersigner, &proposed, A::Countersign { on: later }).await;
    assert_eq!(code(signed), "transfer.blocked");
}

async fn a_rule_that_becomes_known_later_is_found_by_the_audit_and_not_laid_to_those_who_could_not_know(database: TestDatabase) {
    let register = ready(&database).await;
    let (application, number) = granted(&register).await;
    let auditor = actor("auditor", Role::Auditor, Clearance::full());
    let audit = async || {
        let reader = register.store.reader(&auditor, Some(day(TODAY)), None).await.unwrap();
        reader.audit_transfers(&|_| {}).await.unwrap()
    };
    let before = audit().await;
    assert_eq!((before.licences, before.violations.len()), (1, 0));
    let text = UNITED_NATIONS.iter().find(|text| text.text.contains("\"PRK\"")).unwrap();
    confirmed(&register, text.name, &text.text.replace("\"PRK\"", "\"BRA\"").replace("certainty = \"medium\"", "certainty = \"high\"")).await;
    let after = audit().await;
    assert!(!after.violations.is_empty());
    let known: BTreeSet<ViolationKnown> = after.violations.iter().map(|one| one.known).collect();
    assert_eq!(known, BTreeSet::from([ViolationKnown::Now]));
    let one = &after.violations[0];
    assert_eq!((&one.licence, &one.application), (&number, &application));
    assert!(after.violations.iter().any(|one| one.check.outcome == CheckOutcome::Blocked));
    // No more goes under it.
    assert_eq!(code(write_off(&register, &number, day(TODAY), shipment("D-1", 1)).await), "transfer.blocked");
    // As it was known before, nothing stands against it.
    let exporter = register.store.reader(&people().exporter, None, None).await.unwrap();
    assert_eq!(code(exporter.audit_transfers(&|_| {}).await), "access.read");
}

async fn a_list_is_of_its_horizon_and_day_page_by_page(database: TestDatabase) {
    let register = ready(&database).await;
    let people = people();
    let mut instants = vec![instant("2026-06-15T12:00:00Z")];
    for (place, submitted) in [(1, Some("2026-06-20")), (2, None), (3, Some("2026-06-17")), (4, Some("2026-06-17"))] {
        let number = draft(&register, &people.exporter, content("BRA")).await.unwrap().subject.key;
        assert_eq!(number, format!("O-T2026-000{place}"));
        instants.push(instant(&format!("2026-06-{:02}T12:00:00Z", 20 + 2 * place)));
        register.clock.set(instants[place]);
        if let Some(on) = submitted {
            apply(&register, &people.exporter, &number, A::Submit { on: day(on) }).await.unwrap();
        }
    }
    let withdraw = A::Withdraw { on: day("2026-06-28"), reason: "Not wanted".into() };
    apply(&register, &people.exporter, "O-T2026-0003", withdraw).await.unwrap();
    instants.push(instant("2026-06-30T12:00:00Z"));
    register.clock.set(instants[5]);
    let rank = |state: &str| ["proposed", "open", "draft"].iter().position(|of| *of == state).unwrap_or(3);
    let mut seen = BTreeSet::new();
    for known_at in instants.iter().copied().map(Some).chain([None]) {
        for as_of in ["2026-06-14", TODAY, "2026-06-17", "2026-06-19", "2026-06-28", "2026-07-01"] {
            let reader = register.store.reader(&people.officer, Some(day(as_of)), known_at).await.unwrap();
            let mut expected = Vec::new();
            for place in 1..=4 {
                let Ok(view) = reader.application(&format!("O-T2026-000{place}")).await else { continue };
                expected.push((view.application.number.clone(), view.application.state.to_owned()));
            }
            let mut rows = Vec::new();
            for place in 0.. {
                let page = Page { limit: 2, offset: 2 * place };
                let found = reader.applications(&ApplicationFilter::default(), page).await.unwrap();
                assert_eq!(found.total, expected.len() as i64, "{known_at:?} {as_of}");
                if found.rows.is_empty() {
                    break;
                }
                rows.extend(found.rows);
            }
            let order = |row: &entente_store::reader::ApplicationRow| {
                (rank(&row.state), row.submitted_on.unwrap_or(Date::MAX), row.number.clone())
            };
            assert!(rows.is_sorted_by_key(order), "{known_at:?} {as_of}");
            let mut listed: Vec<_> = rows.into_iter().map(|row| (row.number, row.state)).collect();
            listed.sort();
            assert_eq!(listed, expected, "{known_at:?} {as_of}");
            seen.insert(expected);
        }
    }
    assert!(seen.len() > 6, "the list changed: {}", seen.len());
}

async fn views_of_transfers_are_the_same_when_rebuilt_and_a_version_that_was_passed_is_a_conflict(database: TestDatabase) {
    let register = ready(&database).await;
    let (number, of) = granted(&register).await;
    write_off(&register, &of, day(TODAY), shipment("D-1", 60)).await.unwrap();
    let read = async || {
        let reader = register.store.reader(&register.operator, Some(day(TODAY)), None).await.unwrap();
        (reader.application(&number).await.unwrap(), reader.licence(&of).await.unwrap())
    };
    let before = read().await;
    register.store.rebuild(silent()).await.unwrap();
    assert_eq!(read().await, before);
    let stale = Request {
        command: Command::Licence {
            number: of.clone(),
            command: L::Suspend { on: day(TODAY), reason: "Findings".into() },
        },
        expected_version: Some(1),
        idempotency_key: None,
    };
    assert_eq!(code(Box::pin(register.store.execute(&people().officer, stale)).await), "conflict");
}
}
