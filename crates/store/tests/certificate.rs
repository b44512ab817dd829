//! End-user certificates, delivery verification and inspections after shipment, in the register.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::contract::ContractCommand;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::line::{LineCommand, NewLine};
use entente_register::document::Document;
use entente_register::label::{Clearance, Level};
use entente_register::ledger::SubjectKind;
use entente_register::money::Quantity;
use entente_register::transfer::application::ApplicationCommand as A;
use entente_register::transfer::certificate::{
    Authenticity, CertificateCommand as K, CertificateContent, CertificateLine, Channel,
};
use entente_register::transfer::check::{CheckKind, CheckOutcome};
use entente_register::transfer::content::Content;
use entente_register::transfer::inspection::{InspectionCommand, NewInspection, NewVisit, VisitOutcome};
use entente_register::transfer::licence::{LicenceCommand as L, WriteOff};
use entente_register::transfer::specimen::SpecimenCommand;
use entente_store::reader::{
    CertificateFilter, InspectionFilter, LicenceFilter, Page, Reader, TransferTasks,
};
use entente_store::{Outcome, Receipt, Request, VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use support::transfer::*;
use support::*;

async fn reader(register: &Register, by: &Actor) -> Reader {
    register.store.reader(by, Some(day(TODAY)), None).await.unwrap()
}

async fn propose(register: &Register, application: &str) -> Outcome<Receipt> {
    let command = A::Propose { on: day(TODAY), proposal: proposal() };
    apply(register, &people().officer, application, command).await
}

async fn bind(register: &Register, certificate: &str, application: &str) -> Outcome<Receipt> {
    certificate_act(register, certificate, K::Bind { on: day(TODAY), application: application.into() }).await
}

/// An application to Brazil, with all that a decision needs but a certificate.
async fn uncertified(register: &Register) -> String {
    let number = assessed(register, "BRA").await;
    let reader = reader(register, &people().officer).await;
    for row in reader.certificates_of(&number).await.unwrap() {
        let release = K::Release { on: day(TODAY), reason: "For the test".into() };
        certificate_act(register, &row.certificate.number, release).await.unwrap();
    }
    number
}

async fn inspect(register: &Register, command: Command) -> Outcome<Receipt> {
    does(register, &people().officer, command).await
}

/// An inspection of a licence: its number.
async fn planned(register: &Register, licence: &str) -> String {
    let new = NewInspection {
        on: day(TODAY),
        licence: licence.into(),
        end_user: "P-P0002".into(),
        visit_on: day("2026-06-15"),
        reason: "The first missiles that go there".into(),
    };
    inspect(register, Command::Inspect(new)).await.unwrap().subject.key
}

fn visit(outcome: VisitOutcome, seen: Vec<String>) -> InspectionCommand {
    InspectionCommand::Visit(NewVisit {
        on: day(TODAY),
        outcome,
        seen,
        accounted: Vec::new(),
        findings: "FINDINGS IN THE DEPOT".into(),
        document: paper("Report"),
    })
}

fn serials() -> Vec<String> {
    (1..=24).map(|place| format!("M-{place:04}")).collect()
}

/// A licence for a line of a contract of which twenty-four pieces went, by a delivery with their serial numbers.
async fn delivered(register: &Register) -> String {
    let contract = register.run(open("OFFICIAL")).await.unwrap().subject.key;
    let new = NewLine { quantity: Quantity::whole(24), unit_price: usd(10), ..ten_pieces() };
    let added = Command::Line { number: contract.clone(), command: LineCommand::Add(new) };
    let line = register.run(added).await.unwrap().subject.key;
    for command in [
        ContractCommand::Sign { on: day("2012-01-15"), document: paper("Contract") },
        ContractCommand::EnterIntoForce { on: day("2012-02-01"), document: None },
    ] {
        register.run(Command::Contract { number: Some(contract.clone()), command }).await.unwrap();
    }
    let delivery = register.hand_over(&line, 24, day(TODAY)).await.unwrap().subject.key;
    let record =
        DeliveryCommand::RecordSerials { on: day(TODAY), serials: serials(), document: None, reason: None };
    register.run(Command::Delivery { number: Some(delivery.clone()), command: record }).await.unwrap();
    let mut wanted = Content { contract: Some(contract), ..content("BRA") };
    wanted.lines[0].contract_line = Some(line);
    let (_, number) = granted_of(register, &people(), wanted, "OFFICIAL").await;
    let written = WriteOff { delivery: Some(delivery), ..shipment("D-1", 24) };
    write_off(register, &number, day(TODAY), written).await.unwrap();
    number
}

on_both! {
/// Scenario 13, first half: a number that its issuer gave once is handed in twice.
async fn a_certificate_that_was_used_blocks_the_application_that_it_is_handed_in_for_again(database: TestDatabase) {
    let register = ready(&database).await;
    let (first, _) = granted(&register).await;
    let second = uncertified(&register).await;
    let refused = refusal(propose(&register, &second).await);
    assert_eq!(refused.code, "transfer.held");
    assert!(refused.message.contains("No end-user certificate of it is bound"), "{}", refused.message);
    // The same certificate serves no other application.
    let reader_ = reader(&register, &people().officer).await;
    let used = reader_.certificates_of(&first).await.unwrap()[0].certificate.number.clone();
    let refused = refusal(bind(&register, &used, &second).await);
    assert_eq!(refused.code, "certificate.one_use");
    assert!(refused.message.contains(&first), "{}", refused.message);
    let release = K::Release { on: day(TODAY), reason: "Mine".into() };
    assert_eq!(code(certificate_act(&register, &used, release).await), "certificate.used");
    // Its number, in another spelling and on another paper, is told to be used.
    let altered = CertificateContent {
        lines: certificate("x").lines.into_iter().map(|line| CertificateLine { quantity: Quantity::whole(900), ..line }).collect(),
        ..certificate(&format!("euc/{first}"))
    };
    let forged = certify(&register, altered).await;
    answered(&register, &forged, Authenticity::Authentic).await;
    bind(&register, &forged, &second).await.unwrap();
    let refused = refusal(propose(&register, &second).await);
    assert_eq!(refused.code, "transfer.blocked");
    for words in [used.as_str(), first.as_str(), "was used before", "Altered: the goods"] {
        assert!(refused.message.contains(words), "{words} in {}", refused.message);
    }
    // Both are shown beside each other.
    let reader_ = reader(&register, &people().officer).await;
    let view = reader_.certificate(&forged).await.unwrap();
    assert_eq!(view.shared.len(), 1);
    assert!(view.shared[0].earlier && view.shared[0].differs.contains(&"the goods"));
    assert!(view.against.unwrap().iter().any(|(outcome, _)| *outcome == CheckOutcome::Blocked));
    // And the licence that was granted stops until it is told which is true.
    let stopped = refusal(write_off(&register, "O-L2026-0001", day(TODAY), shipment("D-9", 1)).await);
    assert_eq!(stopped.code, "transfer.held");
    assert!(stopped.message.contains(&forged), "{}", stopped.message);
}

/// Scenario 13, second half: a signature of nobody who may sign, and the inquiry that is on record.
async fn a_certificate_that_nobody_may_have_signed_blocks_and_its_issuer_is_asked(database: TestDatabase) {
    let register = ready(&database).await;
    let number = uncertified(&register).await;
    let forged = certify(&register, CertificateContent { signatory: "Nobody".into(), ..certificate("EUC 77") }).await;
    bind(&register, &forged, &number).await.unwrap();
    let refused = refusal(propose(&register, &number).await);
    assert_eq!(refused.code, "transfer.blocked");
    assert!(refused.message.contains("not among the specimen signatures of P-P0004"), "{}", refused.message);
    assert!(refused.message.contains("was not asked"), "{}", refused.message);
    answered(&register, &forged, Authenticity::NotAuthentic).await;
    let refused = refusal(propose(&register, &number).await);
    assert!(refused.message.contains("By the answer of 2026-06-15 it is not authentic"), "{}", refused.message);
    let view = reader(&register, &people().officer).await.certificate(&forged).await.unwrap();
    let words: Vec<&str> = view.history.iter().map(|row| row.what.as_str()).collect();
    assert_eq!(words.len(), 4, "{words:?}");
    assert_eq!(view.certificate.inquiries[0].asked.to, "EMBASSY OF BRAZIL");
    // Once somebody else may sign, those before may still not have.
    sign(&register, "Nobody").await;
    assert_eq!(code(propose(&register, &number).await), "transfer.blocked");
    // A true one in its place carries it.
    let release = K::Release { on: day(TODAY), reason: "Forged".into() };
    certificate_act(&register, &forged, release).await.unwrap();
    let genuine = certify(&register, certificate("EUC 78")).await;
    answered(&register, &genuine, Authenticity::Authentic).await;
    bind(&register, &genuine, &number).await.unwrap();
    propose(&register, &number).await.unwrap();
    // What comes to be known before the second signature is seen by it.
    let revoke = K::Revoke { on: day(TODAY), reason: "Taken back".into(), document: paper("Verbal note") };
    certificate_act(&register, &genuine, revoke).await.unwrap();
    let signed = apply(&register, &people().countersigner, &number, A::Countersign { on: day(TODAY) }).await;
    assert_eq!(code(signed), "transfer.blocked");
}

async fn two_people_file_a_specimen_and_whoever_may_not_files_none(database: TestDatabase) {
    let register = ready(&database).await;
    let people = people();
    let command = |command| Command::Specimens { authority: ISSUER.into(), command };
    let end = || SpecimenCommand::End { on: day(TODAY), specimen: 1, until: day("2026-05-01"), reason: "Left".into(), document: paper("Note") };
    assert_eq!(code(does(&register, &people.exporter, command(end())).await), "access.role");
    assert_eq!(code(does(&register, &people.customs, command(end())).await), "access.role");
    let (_, licence) = granted(&register).await;
    does(&register, &people.officer, command(end())).await.unwrap();
    // The certificate was signed on 4 May: nothing goes under it.
    let refused = refusal(write_off(&register, &licence, day(TODAY), shipment("D-1", 1)).await);
    assert_eq!(refused.code, "transfer.blocked");
    assert!(refused.message.contains("not in force on 2026-05-04"), "{}", refused.message);
    let elsewhere = Command::Specimens { authority: "P-P0099".into(), command: end() };
    assert_eq!(code(does(&register, &people.officer, elsewhere).await), "not_found");
    let confirm = SpecimenCommand::Confirm { on: day(TODAY), specimen: 9 };
    assert_eq!(code(does(&register, &people.officer, command(confirm)).await), "specimen.number");
}

async fn an_exporter_sees_its_own_certificates_and_nothing_of_what_is_asked_about_them(database: TestDatabase) {
    let register = ready(&database).await;
    let people = people();
    let (application, _) = granted(&register).await;
    let own = reader(&register, &people.exporter).await;
    let rows = own.certificates(&CertificateFilter::default(), Page::first(10)).await.unwrap();
    assert_eq!(rows.total, 1);
    let number = rows.rows[0].certificate.number.clone();
    assert_eq!(number, "O-E2026-0001");
    let view = own.certificate(&number).await.unwrap();
    assert_eq!(view.certificate.application.as_deref(), Some(application.as_str()));
    let text = format!("{rows:?} {view:?} {:?}", own.certificates_of(&application).await.unwrap());
    for hidden in ["EMBASSY", "Verbal note", "Answer of", "officer", "authenticity"] {
        assert!(!text.contains(hidden), "{hidden} in {text}");
    }
    assert!(view.against.is_none() && view.specimens.is_none());
    let asked = CertificateFilter { state: Some("asked".into()), ..CertificateFilter::default() };
    assert_eq!(own.certificates(&asked, Page::first(10)).await.unwrap().total, 0);
    // Of those of others, nothing is there; nor of specimens and inspections.
    let stranger = Actor { party: Some("P-P0002".into()), ..people.exporter.clone() };
    let of_others = reader(&register, &stranger).await;
    assert_eq!(code(of_others.certificate(&number).await), "not_found");
    assert_eq!(of_others.certificates(&CertificateFilter::default(), Page::first(10)).await.unwrap().total, 0);
    assert_eq!(code(own.specimens(ISSUER).await), "access.read");
    assert_eq!(code(own.inspections(&InspectionFilter::default(), Page::first(10)).await), "access.read");
    let apart = Actor { clearance: Clearance::of(Level::Public), ..people.officer.clone() };
    assert_eq!(code(reader(&register, &apart).await.certificate(&number).await), "not_found");
    let void = K::Void { on: day(TODAY), reason: "Mine".into() };
    let asked = Command::Certificate { number: number.clone(), command: void.clone() };
    assert_eq!(code(does(&register, &people.exporter, asked).await), "access.role");
    let asked = Command::Certificate { number, command: void };
    assert_eq!(code(does(&register, &apart, asked).await), "not_found");
}

async fn the_papers_of_a_certificate_are_open_as_it_is(database: TestDatabase) {
    let register = ready(&database).await;
    let people = people();
    let keep = async |text: &str| {
        let bytes = text.as_bytes().to_vec();
        register.store.keep_document(&people.officer, "text/plain", bytes).await.unwrap()
    };
    let (said, letter) = (keep("the certificate").await, keep("the letter").await);
    let with = |content: &str| Document { content: Some(content.into()), ..paper("Paper") };
    let number = certify(&register, CertificateContent { document: with(&said), ..certificate("EUC 1") }).await;
    let ask = K::Ask {
        on: day(TODAY),
        channel: Channel::Issuer,
        to: "Office".into(),
        document: with(&letter),
    };
    certificate_act(&register, &number, ask).await.unwrap();
    let subject = SubjectKind::Certificate.subject(&number);
    let own = reader(&register, &people.exporter).await;
    assert_eq!(own.document(&subject, &said).await.unwrap().bytes, b"the certificate");
    assert_eq!(code(own.document(&subject, &letter).await), "not_found");
    let officer = reader(&register, &people.officer).await;
    assert_eq!(officer.document(&subject, &letter).await.unwrap().bytes, b"the letter");
    // The same paper under another number was altered.
    let again = certify(&register, CertificateContent { document: with(&said), ..certificate("EUC 2") }).await;
    let view = reader(&register, &people.officer).await.certificate(&again).await.unwrap();
    assert!(view.against.unwrap().iter().any(|(_, why)| why.contains("The same paper was handed in")));
}

/// Scenario 15: twenty-four went, their receipt is confirmed late, twenty-two of them are there.
async fn what_was_delivered_is_verified_by_its_day_and_what_is_missing_stops_every_licence(database: TestDatabase) {
    let register = ready(&database).await;
    let people = people();
    let number = delivered(&register).await;
    let (_, other) = granted(&register).await;
    let listed = async |as_of: &str, verification: &str| {
        let reader = register.store.reader(&people.officer, Some(day(as_of)), None).await.unwrap();
        let filter = LicenceFilter { verification: Some(verification.into()), ..LicenceFilter::default() };
        let rows = reader.licences(&filter, Page::first(10)).await.unwrap().rows;
        rows.into_iter().map(|row| row.licence.number).collect::<Vec<_>>()
    };
    // Counted for those who read all of it, and for nobody else.
    let tasks = async |by: &Actor, as_of: &str| {
        let reader = register.store.reader(by, Some(day(as_of)), None).await.unwrap();
        reader.transfer_tasks().await.unwrap()
    };
    for (as_of, counted) in [(TODAY, (0, 0)), ("2026-08-14", (0, 1)), ("2026-09-14", (1, 0))] {
        let tasks = tasks(&people.officer, as_of).await;
        assert_eq!((tasks.overdue, tasks.remind), counted, "{as_of}");
    }
    assert_eq!(tasks(&people.exporter, "2026-09-14").await, TransferTasks::default());
    // Due ninety days after 15 June; one is reminded thirty days before.
    assert!(listed(TODAY, "remind").await.is_empty());
    assert_eq!(listed(TODAY, "open").await, [number.as_str()]);
    assert_eq!(listed("2026-08-14", "remind").await, [number.as_str()]);
    assert!(listed("2026-09-13", "overdue").await.is_empty());
    assert_eq!(listed("2026-09-14", "overdue").await, [number.as_str()]);
    let verify = |pieces| L::Verify { on: day(TODAY), reference: "D-1".into(), quantity: Quantity::whole(pieces), document: paper("Delivery verification") };
    assert_eq!(code(licence(&register, &people.customs, &number, verify(24)).await), "access.role");
    assert_eq!(code(licence(&register, &people.officer, &number, verify(25)).await), "licence.verified");
    licence(&register, &people.officer, &number, verify(24)).await.unwrap();
    assert!(listed("2026-09-14", "overdue").await.is_empty());

    let inspection = planned(&register, &number).await;
    assert_eq!(inspection, "O-I2026-0001");
    let seen: Vec<String> = serials().into_iter().filter(|one| one != "M-0007" && one != "M-0019").collect();
    let command = |command| Command::Inspection { number: inspection.clone(), command };
    let refused = refusal(inspect(&register, command(visit(VisitOutcome::Favourable, seen.clone()))).await);
    assert_eq!(refused.code, "inspection.missing");
    assert!(refused.message.contains("Of 24 serial numbers 22 were seen"), "{}", refused.message);
    let keyed = || Request {
        command: command(visit(VisitOutcome::Unfavourable, seen.clone())),
        expected_version: None,
        idempotency_key: Some("visit-1".into()),
    };
    let found = Box::pin(register.store.execute(&people.officer, keyed())).await.unwrap();
    assert_eq!(found.subject.to_string(), "inspection:O-I2026-0001");
    let again = Box::pin(register.store.execute(&people.officer, keyed())).await.unwrap();
    assert!(again.repeated && again.subject == found.subject);
    for licence in [&number, &other] {
        let refused = refusal(write_off(&register, licence, day(TODAY), shipment("D-2", 1)).await);
        assert_eq!(refused.code, "licence.stopped");
        assert!(refused.message.contains("inspection O-I2026-0001 found an incident at P-P0002"), "{}", refused.message);
    }
    let waiting = tasks(&people.officer, TODAY).await;
    assert_eq!((waiting.incidents, waiting.planned, waiting.asked, waiting.specimens), (1, 0, 0, 0));
    let view = reader(&register, &people.officer).await.inspection(&inspection).await.unwrap();
    assert_eq!((view.inspection.state, view.stopped.len(), view.expected.len()), ("incident", 2, 24));
    // Nor is anything granted to that end user.
    let next = assessed(&register, "BRA").await;
    let refused = refusal(propose(&register, &next).await);
    assert_eq!(refused.code, "transfer.held");
    assert!(refused.message.contains("Inspection O-I2026-0001 of 2026-06-15 found an incident"), "{}", refused.message);
    assert!(!refused.message.contains("M-0007") && !refused.message.contains("FINDINGS"));
    // Its holder is told that it is suspended, and not by whose inspection.
    let view = reader(&register, &people.exporter).await.licence(&number).await.unwrap();
    assert_eq!(view.licence.state, "suspended");
    assert!(!format!("{view:?}").contains("O-I2026"));

    let lift = |number: &str| (number.to_owned(), L::Reinstate { on: day(TODAY), reason: "Shown since".into() });
    let (of, command_) = lift(&number);
    let refused = refusal(licence(&register, &people.countersigner, &of, command_).await);
    assert_eq!(refused.code, "licence.incident");
    let close = || InspectionCommand::Close { on: day(TODAY), reason: "Both were shown".into(), document: paper("Second report") };
    does(&register, &people.countersigner, command(close())).await.unwrap();
    // Neither who closed it lifts the suspension, nor who found it.
    for by in [&people.countersigner, &people.officer] {
        let (of, command) = lift(&number);
        assert_eq!(code(licence(&register, by, &of, command).await), "transfer.two_people");
    }
    let third = actor("third", Role::LicensingOfficer, Clearance::of(Level::Official));
    for number in [&number, &other] {
        let (of, command) = lift(number);
        licence(&register, &third, &of, command).await.unwrap();
        write_off(&register, number, day(TODAY), shipment("D-2", 1)).await.unwrap();
    }
    propose(&register, &next).await.unwrap();
    assert!(register.store.verify(&VerifyOptions::default(), silent()).await.unwrap().first_bad.is_none());
}

async fn licences_of_a_higher_marking_stop_as_well_and_tell_nobody(database: TestDatabase) {
    let register = ready(&database).await;
    let number = delivered(&register).await;
    // The officer who records the visit may not see the other one.
    let cleared = people_cleared_for(Level::Secret);
    let (_, secret) = granted_of(&register, &cleared, content("BRA"), "SECRET").await;
    let inspection = planned(&register, &number).await;
    let command = Command::Inspection { number: inspection.clone(), command: visit(VisitOutcome::AccessRefused, Vec::new()) };
    inspect(&register, command).await.unwrap();
    let view = reader(&register, &people().officer).await.inspection(&inspection).await.unwrap();
    assert_eq!(view.stopped, [number]);
    let view = reader(&register, &cleared.officer).await.licence(&secret).await.unwrap();
    assert_eq!(view.licence.state, "suspended");
    assert_eq!(view.licence.stops[0].inspection.as_deref(), Some(inspection.as_str()));
    assert_eq!(code(reader(&register, &people().officer).await.licence(&secret).await), "not_found");
}

async fn views_of_certificates_and_inspections_are_the_same_when_rebuilt(database: TestDatabase) {
    let register = ready(&database).await;
    let number = delivered(&register).await;
    let inspection = planned(&register, &number).await;
    let command = Command::Inspection { number: inspection.clone(), command: visit(VisitOutcome::AccessRefused, Vec::new()) };
    inspect(&register, command).await.unwrap();
    let read = async || {
        let reader = reader(&register, &register.operator).await;
        let application = reader.application("O-T2026-0001").await.unwrap();
        (
            reader.certificate("O-E2026-0001").await.unwrap(),
            reader.inspection(&inspection).await.unwrap(),
            reader.specimens(ISSUER).await.unwrap(),
            reader.licence(&number).await.unwrap(),
            application,
        )
    };
    let before = read().await;
    let kinds: Vec<CheckKind> = before.3.checks.iter().flatten().map(|check| check.kind).collect();
    assert!(kinds.contains(&CheckKind::Certificate) && kinds.contains(&CheckKind::Incident));
    register.store.rebuild(silent()).await.unwrap();
    assert_eq!(read().await, before);
    let stale = Request {
        command: Command::Inspection { number: inspection, command: InspectionCommand::Close { on: day(TODAY), reason: "Seen".into(), document: paper("Report") } },
        expected_version: Some(1),
        idempotency_key: None,
    };
    assert_eq!(code(Box::pin(register.store.execute(&people().officer, stale)).await), "conflict");
}
}
