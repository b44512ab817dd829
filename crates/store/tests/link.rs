//! The link from the contract to the inspection, and the breaks in it, in the register.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;

use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::contract::ContractCommand;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::line::{LineCommand, NewLine};
use entente_register::label::{Clearance, Level};
use entente_register::money::{Quantity, Unit};
use entente_register::transfer::certificate::{Authenticity, CertificateCommand as K, Channel};
use entente_register::transfer::content::Content;
use entente_register::transfer::inspection::{InspectionCommand, NewInspection, NewVisit, VisitOutcome};
use entente_register::transfer::licence::{LicenceCommand as L, WriteOff};
use entente_register::transfer::link::{Break, BreakKind, RowKind, USUAL_AHEAD, Untold};
use entente_store::reader::{BreakFilter, LinkFocus, Page, Reader, Told};
use entente_store::{VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use support::transfer::*;
use support::*;

/// The day by which what went on [`TODAY`] is to be verified, and the one after.
const DUE: &str = "2026-09-13";
const AFTER: &str = "2026-09-14";

async fn reader(register: &Register, by: &Actor, as_of: &str) -> Reader {
    register.store.reader(by, Some(day(as_of)), None).await.unwrap()
}

fn auditor() -> Actor {
    actor("auditor", Role::Auditor, Clearance::full())
}

fn both() -> BreakFilter {
    BreakFilter { told: Told::Both, ..BreakFilter::default() }
}

async fn listed(register: &Register, by: &Actor, as_of: &str, filter: &BreakFilter) -> Vec<Break> {
    let reader = reader(register, by, as_of).await;
    let listing = reader.breaks(filter, Page::first(100)).await.unwrap();
    assert_eq!(listing.total, i64::try_from(listing.rows.len()).unwrap());
    listing.rows.into_iter().map(|row| row.broken).collect()
}

async fn kinds(register: &Register, by: &Actor, as_of: &str) -> Vec<BreakKind> {
    listed(register, by, as_of, &BreakFilter::default()).await.into_iter().map(|of| of.kind).collect()
}

/// A contract in force with a line of so many pieces.
async fn line_of(register: &Register, new: NewLine, marking: &str) -> String {
    let contract = register.run(open(marking)).await.unwrap().subject.key;
    let added = Command::Line { number: contract.clone(), command: LineCommand::Add(new) };
    let line = register.run(added).await.unwrap().subject.key;
    for command in [
        ContractCommand::Sign { on: day("2012-01-15"), document: paper("Contract") },
        ContractCommand::EnterIntoForce { on: day("2012-02-01"), document: None },
    ] {
        register.run(Command::Contract { number: Some(contract.clone()), command }).await.unwrap();
    }
    line
}

fn pieces(count: i64) -> NewLine {
    NewLine { quantity: Quantity::whole(count), unit_price: usd(10), ..ten_pieces() }
}

/// What is applied for of a line of a contract.
fn wanted(line: &str, count: i64) -> Content {
    let contract = line.split('.').next().unwrap().to_owned();
    let mut wanted = Content { contract: Some(contract), ..content("BRA") };
    wanted.lines[0].contract_line = Some(line.to_owned());
    wanted.lines[0].quantity = Quantity::whole(count);
    wanted
}

async fn licensed(register: &Register, line: &str, count: i64) -> String {
    granted_of(register, &people(), wanted(line, count), "OFFICIAL").await.1
}

fn written(reference: &str, count: i64, delivery: &str) -> WriteOff {
    WriteOff { delivery: Some(delivery.into()), ..shipment(reference, count) }
}

async fn hand_over(register: &Register, line: &str, count: i64) -> String {
    register.hand_over(line, count, day(TODAY)).await.unwrap().subject.key
}

async fn verify(register: &Register, number: &str, reference: &str, count: i64) {
    let verify = L::Verify {
        on: day(TODAY),
        reference: reference.into(),
        quantity: Quantity::whole(count),
        document: paper("Delivery verification"),
    };
    licence(register, &people().officer, number, verify).await.unwrap();
}

/// A whole chain of twenty-four pieces, of which twenty-two are verified: line, licence, delivery.
async fn chain(register: &Register) -> (String, String, String) {
    let line = line_of(register, pieces(24), "OFFICIAL").await;
    let number = licensed(register, &line, 24).await;
    let delivery = hand_over(register, &line, 24).await;
    write_off(register, &number, day(TODAY), written("D-1", 24, &delivery)).await.unwrap();
    verify(register, &number, "D-1", 22).await;
    (line, number, delivery)
}

/// The list of breaks is that of the graph, on every day that is asked of.
async fn agrees(register: &Register, by: &Actor, line: &str, days: &[&str]) {
    for as_of in days {
        let reader = reader(register, by, as_of).await;
        let view = reader.link(&LinkFocus::Line(line.to_owned())).await.unwrap();
        let of_graph: BTreeSet<Break> = view.graph.breaks(day(as_of), USUAL_AHEAD).into_iter().collect();
        let contract = line.split('.').next().map(str::to_owned);
        let listed = listed(register, by, as_of, &BreakFilter { contract, ..both() }).await;
        let listed: BTreeSet<Break> = listed.into_iter().collect();
        assert_eq!(listed, of_graph, "{line} as of {as_of}");
    }
}

async fn verify_deep(register: &Register) {
    let options = VerifyOptions { deep: true, ..Default::default() };
    let found = register.store.verify(&options, silent()).await.unwrap();
    assert_eq!(found.first_bad, None);
}

on_both! {
async fn what_was_verified_less_than_delivered_is_the_one_break_once_its_day_has_passed(database: TestDatabase) {
    let register = ready(&database).await;
    let (line, number, delivery) = chain(&register).await;
    let officer = people().officer;
    assert_eq!(kinds(&register, &officer, DUE).await, []);
    let found = listed(&register, &officer, AFTER, &both()).await;
    assert_eq!(found.len(), 1, "{found:?}");
    let one = &found[0];
    assert_eq!((one.kind, one.difference()), (BreakKind::VerifiedLess, Some(Quantity::whole(2))));
    assert_eq!((one.licence.as_deref(), one.reference.as_deref()), (Some(number.as_str()), Some("D-1")));
    assert!(one.words().contains("Of 24 pieces that went by write-off D-1"), "{}", one.words());
    agrees(&register, &officer, &line, &["2012-03-01", "2026-06-14", TODAY, DUE, AFTER, "2027-06-15"]).await;

    // It is told wherever the chain is shown, which is one chain everywhere.
    let reader_ = reader(&register, &officer, AFTER).await;
    let contract = line.split('.').next().unwrap().to_owned();
    for focus in [
        LinkFocus::Contract(contract.clone()),
        LinkFocus::Line(line.clone()),
        LinkFocus::Delivery(delivery.clone()),
        LinkFocus::Licence(number.clone()),
        LinkFocus::Application("O-T2026-0001".into()),
        LinkFocus::Certificate("O-E2026-0001".into()),
    ] {
        let view = reader_.link(&focus).await.unwrap();
        assert_eq!(view.breaks.total, 1, "{focus:?}");
        let of_line = view.rows.iter().find(|row| row.kind == RowKind::Line).unwrap();
        let whole = Some(Quantity::whole(24));
        assert_eq!((of_line.sums.contracted, of_line.sums.licensed), (whole, whole), "{focus:?}");
        assert_eq!((of_line.sums.written_off, of_line.sums.delivered), (whole, whole), "{focus:?}");
        assert_eq!(of_line.sums.verified, Some(Quantity::whole(22)), "{focus:?}");
        let shown: BTreeSet<&str> = view.rows.iter().map(|row| row.number.as_str()).collect();
        for wanted in [line.as_str(), "O-T2026-0001", "O-E2026-0001", number.as_str()] {
            assert!(shown.contains(wanted), "{focus:?}: {wanted} in {shown:?}");
        }
        let shipped = view.rows.iter().any(|row| row.kind == RowKind::WriteOff);
        assert_eq!(shipped, !matches!(focus, LinkFocus::Contract(_)), "{focus:?}");
        // This officer is not cleared for everything.
        assert!(view.partial);
    }
    assert_eq!(code(reader_.link(&LinkFocus::Line("O-2012-9999.1".into())).await), "not_found");
    assert!(!reader(&register, &auditor(), AFTER).await.sees_part_of_chain());

    // What is mended is broken no more, and what was known before stays so.
    let before = register.store.reader(&auditor(), Some(day(AFTER)), None).await.unwrap();
    register.clock.set(instant("2026-06-16T12:00:00Z"));
    verify(&register, &number, "D-1", 2).await;
    assert_eq!(kinds(&register, &officer, AFTER).await, []);
    assert_eq!(before.breaks(&both(), Page::first(10)).await.unwrap().total, 1);
    let then = register.store.reader(&auditor(), Some(day(AFTER)), Some(instant("2026-06-15T23:00:00Z"))).await.unwrap();
    assert_eq!(then.breaks(&both(), Page::first(10)).await.unwrap().total, 1);
    assert_eq!(then.link(&LinkFocus::Line(line.clone())).await.unwrap().graph.breaks(day(AFTER), 90).len(), 1);
    verify_deep(&register).await;
}

async fn a_delivery_wants_a_write_off_that_names_it_and_is_of_as_much(database: TestDatabase) {
    let register = ready(&database).await;
    let line = line_of(&register, pieces(24), "OFFICIAL").await;
    let officer = people().officer;
    let filter = |kind| BreakFilter { kind: Some(kind), ..BreakFilter::default() };
    let delivery = hand_over(&register, &line, 24).await;
    let found = listed(&register, &officer, TODAY, &BreakFilter::default()).await;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].kind, found[0].delivery.as_deref()), (BreakKind::DeliveredWithoutLicence, Some(delivery.as_str())));
    assert_eq!(kinds(&register, &officer, "2026-06-14").await, [BreakKind::DueWithoutLicence]);
    let number = licensed(&register, &line, 24).await;
    write_off(&register, &number, day(TODAY), written("D-1", 20, &delivery)).await.unwrap();
    let found = listed(&register, &officer, TODAY, &filter(BreakKind::DeliveredMore)).await;
    assert_eq!(found.iter().map(Break::difference).collect::<Vec<_>>(), [Some(Quantity::whole(4))]);
    assert_eq!(listed(&register, &officer, TODAY, &filter(BreakKind::DeliveredWithoutLicence)).await, []);
    // What is written off without a delivery is told as that.
    write_off(&register, &number, day(TODAY), shipment("D-2", 4)).await.unwrap();
    assert_eq!(kinds(&register, &officer, TODAY).await, [BreakKind::DeliveredMore, BreakKind::NoDeliveryNamed]);
    agrees(&register, &officer, &line, &["2026-06-14", TODAY, AFTER]).await;
    for (reference, reason) in [("D-2", "Wrong line"), ("D-1", "Wrong quantity")] {
        let correct = L::Correct { on: day(TODAY), reference: reference.into(), reason: reason.into() };
        licence(&register, &people().customs, &number, correct).await.unwrap();
    }
    assert_eq!(kinds(&register, &officer, TODAY).await, [BreakKind::DeliveredWithoutLicence]);
    write_off(&register, &number, day(TODAY), written("D-3", 24, &delivery)).await.unwrap();
    assert_eq!(kinds(&register, &officer, TODAY).await, []);
    // One that was recorded in error is not there, and what was written off for it hangs in the air.
    let annul = DeliveryCommand::Annul { reason: "Recorded in error".into() };
    register.run(Command::Delivery { number: Some(delivery.clone()), command: annul }).await.unwrap();
    // The licence is used up, so that nothing covers the line that owes all of it again.
    assert_eq!(kinds(&register, &officer, TODAY).await, [BreakKind::NotDelivered, BreakKind::DueWithoutLicence]);
    agrees(&register, &officer, &line, &["2026-06-14", TODAY, AFTER]).await;
    verify_deep(&register).await;
}

async fn a_returned_delivery_is_verified_more_than_it_stands(database: TestDatabase) {
    let register = ready(&database).await;
    let (line, _, delivery) = chain(&register).await;
    let back = DeliveryCommand::Return { on: day(TODAY), reason: "Refused".into(), document: None };
    register.run(Command::Delivery { number: Some(delivery), command: back }).await.unwrap();
    let found = kinds(&register, &people().officer, AFTER).await;
    assert_eq!(found, [BreakKind::VerifiedMore, BreakKind::NotDelivered, BreakKind::DueWithoutLicence]);
    agrees(&register, &people().officer, &line, &[TODAY, AFTER]).await;
}

async fn a_line_that_is_due_wants_a_licence_in_use_that_leaves_enough(database: TestDatabase) {
    let register = ready(&database).await;
    let officer = people().officer;
    let later = NewLine { due_on: day("2026-12-31"), ..pieces(30) };
    let line = line_of(&register, later, "OFFICIAL").await;
    // Too far off to be wanted yet; nearer, it is.
    assert_eq!(kinds(&register, &officer, TODAY).await, []);
    let ahead = BreakFilter { ahead: 365, ..BreakFilter::default() };
    assert_eq!(listed(&register, &officer, TODAY, &ahead).await[0].kind, BreakKind::DueWithoutLicence);
    let refused = reader(&register, &officer, TODAY).await;
    assert_eq!(code(refused.breaks(&BreakFilter { ahead: 5_000, ..BreakFilter::default() }, Page::first(1)).await), "breaks.ahead");
    let number = licensed(&register, &line, 24).await;
    let found = listed(&register, &officer, TODAY, &BreakFilter::default()).await;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].kind, found[0].difference()), (BreakKind::LicensedLess, Some(Quantity::whole(6))));
    assert_eq!(kinds(&register, &officer, "2026-10-15").await, [BreakKind::DueWithoutLicence]);
    agrees(&register, &officer, &line, &[TODAY, "2026-10-15", "2027-07-01"]).await;
    // What is suspended covers nothing.
    let suspend = L::Suspend { on: day(TODAY), reason: "Asked".into() };
    licence(&register, &officer, &number, suspend).await.unwrap();
    assert_eq!(listed(&register, &officer, TODAY, &BreakFilter::default()).await[0].difference(), Some(Quantity::whole(30)));
    agrees(&register, &officer, &line, &[TODAY]).await;
    // A licence for the contract that names no line may be for this one.
    let mut unnamed = wanted(&line, 10);
    unnamed.lines[0].contract_line = None;
    granted_of(&register, &people(), unnamed, "OFFICIAL").await;
    assert_eq!(kinds(&register, &officer, TODAY).await, []);
    let found = listed(&register, &officer, TODAY, &BreakFilter { told: Told::Untold, ..BreakFilter::default() }).await;
    assert_eq!((found[0].kind, found[0].untold), (BreakKind::LicensedLess, Some(Untold::LineNotNamed)));
    hand_over(&register, &line, 3).await;
    let found = listed(&register, &officer, TODAY, &both()).await;
    assert_eq!((found[0].kind, found[0].untold), (BreakKind::DeliveredWithoutLicence, Some(Untold::LineNotNamed)));
    agrees(&register, &officer, &line, &[TODAY, AFTER]).await;
}

async fn of_services_and_other_units_it_cannot_be_told(database: TestDatabase) {
    let register = ready(&database).await;
    let officer = people().officer;
    let training = NewLine { unit: Unit::Hour, due_on: day("2026-07-01"), ..pieces(40) };
    let line = line_of(&register, training, "OFFICIAL").await;
    assert_eq!(kinds(&register, &officer, TODAY).await, []);
    hand_over(&register, &line, 10).await;
    let found = listed(&register, &officer, TODAY, &both()).await;
    assert!(found.iter().all(|one| one.untold == Some(Untold::Service)), "{found:?}");
    assert_eq!(found.iter().map(|one| one.kind).collect::<Vec<_>>(), [BreakKind::DeliveredWithoutLicence, BreakKind::DueWithoutLicence]);
    agrees(&register, &officer, &line, &[TODAY]).await;
    let weighed = NewLine { unit: Unit::Kilogram, due_on: day("2026-07-01"), ..pieces(40) };
    let line = line_of(&register, weighed, "OFFICIAL").await;
    let number = licensed(&register, &line, 24).await;
    let delivery = hand_over(&register, &line, 10).await;
    write_off(&register, &number, day(TODAY), written("D-1", 10, &delivery)).await.unwrap();
    let contract = line.split('.').next().map(str::to_owned);
    let found = listed(&register, &officer, TODAY, &BreakFilter { contract, ..both() }).await;
    assert!(found.iter().all(|one| one.untold == Some(Untold::Units)), "{found:?}");
    assert_eq!(found.len(), 2, "{found:?}");
    agrees(&register, &officer, &line, &[TODAY]).await;
}

async fn certificates_that_lapse_or_are_disowned_break_what_may_still_go(database: TestDatabase) {
    let register = ready(&database).await;
    let officer = people().officer;
    let line = line_of(&register, NewLine { due_on: day("2026-12-31"), ..pieces(24) }, "OFFICIAL").await;
    let number = licensed(&register, &line, 24).await;
    assert_eq!(kinds(&register, &officer, TODAY).await, []);
    let certificate = "O-E2026-0001";
    // Its licence ends before the certificate does.
    assert_eq!(kinds(&register, &officer, "2028-06-01").await, [BreakKind::DueWithoutLicence]);
    let ask = K::Ask { on: day(TODAY), channel: Channel::Issuer, to: "Office".into(), document: paper("Letter") };
    let answer = K::Answer { on: day(TODAY), inquiry: 2, answer: Authenticity::NotAuthentic, document: paper("Answer") };
    for command in [ask, answer] {
        certificate_act(&register, certificate, command).await.unwrap();
    }
    let found = listed(&register, &officer, TODAY, &BreakFilter::default()).await;
    assert_eq!((found[0].kind, found[0].certificate.as_deref()), (BreakKind::CertificateRefuted, Some(certificate)));
    agrees(&register, &officer, &line, &["2026-06-14", TODAY, AFTER, "2028-06-01"]).await;
    // What its issuer said of it is told to nobody outside.
    assert_eq!(kinds(&register, &people().exporter, TODAY).await, []);
    let revoke = K::Revoke { on: day(TODAY), reason: "Taken back".into(), document: paper("Note") };
    certificate_act(&register, certificate, revoke).await.unwrap();
    assert_eq!(kinds(&register, &officer, TODAY).await, [BreakKind::CertificateRefuted]);
    agrees(&register, &officer, &line, &[TODAY, AFTER, "2028-06-01"]).await;
    // Once the licence is taken back and nothing went, there is nothing to be mended of it.
    let revoke = L::Revoke { on: day(TODAY), reason: "Forged".into() };
    licence(&register, &people().countersigner, &number, revoke).await.unwrap();
    // All of the line is wanting now, and it is due in half a year.
    assert_eq!(kinds(&register, &officer, TODAY).await, [BreakKind::LicensedLess]);
    verify_deep(&register).await;
}

async fn an_inspection_that_finds_less_is_a_break_while_its_incident_is_open(database: TestDatabase) {
    let register = ready(&database).await;
    let (line, number, delivery) = chain(&register).await;
    let officer = people().officer;
    let serials: Vec<String> = (1..=24).map(|place| format!("M-{place:04}")).collect();
    let record = DeliveryCommand::RecordSerials { on: day(TODAY), serials: serials.clone(), document: None, reason: None };
    register.run(Command::Delivery { number: Some(delivery), command: record }).await.unwrap();
    let new = NewInspection {
        on: day(TODAY),
        licence: number.clone(),
        end_user: "P-P0002".into(),
        visit_on: day(TODAY),
        reason: "The first that go there".into(),
    };
    let inspection = does(&register, &officer, Command::Inspect(new)).await.unwrap().subject.key;
    let visit = InspectionCommand::Visit(NewVisit {
        on: day(TODAY),
        outcome: VisitOutcome::Unfavourable,
        seen: serials[..22].to_vec(),
        accounted: Vec::new(),
        findings: "In the depot".into(),
        document: paper("Report"),
    });
    let act = |command| Command::Inspection { number: inspection.clone(), command };
    does(&register, &officer, act(visit)).await.unwrap();
    let found = listed(&register, &officer, TODAY, &BreakFilter::default()).await;
    assert_eq!((found[0].kind, found[0].difference()), (BreakKind::InspectedLess, Some(Quantity::whole(2))));
    agrees(&register, &officer, &line, &[TODAY, AFTER]).await;
    let view = reader(&register, &officer, TODAY).await.link(&LinkFocus::Inspection(inspection.clone())).await.unwrap();
    assert_eq!(view.rows.iter().find(|row| row.kind == RowKind::Line).unwrap().sums.inspected, Some((22, 24)));
    assert_eq!(view.breaks.total, 1);
    assert_eq!(kinds(&register, &people().exporter, TODAY).await, []);
    let close = InspectionCommand::Close { on: day(TODAY), reason: "Shown".into(), document: paper("Report") };
    does(&register, &people().countersigner, act(close)).await.unwrap();
    assert_eq!(kinds(&register, &officer, TODAY).await, []);
    agrees(&register, &officer, &line, &[TODAY, AFTER]).await;
    verify_deep(&register).await;
}

async fn an_exporter_sees_the_breaks_of_its_own_business_and_no_others(database: TestDatabase) {
    let register = ready(&database).await;
    let (line, number, delivery) = chain(&register).await;
    let own = people().exporter;
    assert_eq!(kinds(&register, &own, AFTER).await, [BreakKind::VerifiedLess]);
    agrees(&register, &own, &line, &[TODAY, AFTER]).await;
    let view = reader(&register, &own, AFTER).await.link(&LinkFocus::Licence(number.clone())).await.unwrap();
    let text = format!("{view:?}");
    for hidden in ["officer", "INTERNAL", "PROPOSED", "EMBASSY"] {
        assert!(!text.contains(hidden), "{hidden}");
    }
    let other = Actor { party: Some("P-P0003".into()), ..own.clone() };
    assert_eq!(listed(&register, &other, AFTER, &both()).await, []);
    let of_other = reader(&register, &other, AFTER).await;
    for focus in [LinkFocus::Line(line.clone()), LinkFocus::Delivery(delivery), LinkFocus::Licence(number)] {
        assert_eq!(code(of_other.link(&focus).await), "not_found", "{focus:?}");
    }
    // Whoever reads contracts and no licences is told nothing of the chain.
    let agency = reader(&register, &people().agency, AFTER).await;
    assert_eq!(code(agency.breaks(&both(), Page::first(1)).await), "access.read");
    assert_eq!(code(agency.link(&LinkFocus::Line(line)).await), "access.read");
}

/// Whoever may not see a licence reads as if it were not there: nothing betrays that it is.
async fn a_licence_of_a_higher_marking_is_not_there_for_whoever_may_not_see_it(database: TestDatabase) {
    let register = ready(&database).await;
    let cleared = people_cleared_for(Level::Secret);
    let line = line_of(&register, pieces(24), "OFFICIAL").await;
    let delivery = hand_over(&register, &line, 24).await;
    let open = people().officer;
    let before = listed(&register, &open, AFTER, &both()).await;
    let (_, number) = granted_of(&register, &cleared, wanted(&line, 24), "SECRET").await;
    let write = L::WriteOff { on: day(TODAY), written: written("D-1", 24, &delivery) };
    licence(&register, &cleared.customs, &number, write).await.unwrap();
    assert_eq!(listed(&register, &open, AFTER, &both()).await, before);
    assert_eq!(before.iter().map(|one| one.kind).collect::<Vec<_>>(), [BreakKind::DeliveredWithoutLicence]);
    let view = reader(&register, &open, AFTER).await.link(&LinkFocus::Delivery(delivery.clone())).await.unwrap();
    assert!(view.partial && !format!("{view:?}").contains(&number));
    assert_eq!(kinds(&register, &cleared.officer, TODAY).await, []);
    assert_eq!(kinds(&register, &cleared.officer, AFTER).await, [BreakKind::VerifiedLess]);
    agrees(&register, &open, &line, &[TODAY, AFTER]).await;
    agrees(&register, &cleared.officer, &line, &[TODAY, AFTER]).await;
    let apart = Actor { clearance: Clearance::of(Level::Public), ..open };
    assert_eq!(listed(&register, &apart, AFTER, &both()).await, []);
    verify_deep(&register).await;
}

/// What is left under a licence of a higher marking is marked as it is, though the line is not.
async fn what_a_line_owes_bears_the_marking_of_the_licences_that_are_counted(database: TestDatabase) {
    let register = ready(&database).await;
    let cleared = people_cleared_for(Level::Secret);
    let line = line_of(&register, NewLine { due_on: day("2026-07-01"), ..pieces(30) }, "OFFICIAL").await;
    granted_of(&register, &cleared, wanted(&line, 24), "SECRET").await;
    for (by, left, marking) in [(&people().officer, 0, "OFFICIAL"), (&cleared.officer, 24, "SECRET")] {
        let found = reader(&register, by, TODAY).await.breaks(&both(), Page::first(10)).await.unwrap();
        let row = &found.rows[0];
        assert_eq!((row.broken.kind, row.broken.found), (BreakKind::DueWithoutLicence, Some(Quantity::whole(left))));
        assert_eq!(row.label, label(marking));
    }
}

async fn a_page_of_breaks_goes_on_where_the_one_before_ended(database: TestDatabase) {
    let register = ready(&database).await;
    let line = line_of(&register, pieces(24), "OFFICIAL").await;
    for _ in 0..7 {
        hand_over(&register, &line, 2).await;
    }
    let reader = reader(&register, &people().officer, TODAY).await;
    let whole = reader.breaks(&both(), Page::first(100)).await.unwrap();
    // What the line still owes is wanting too.
    assert_eq!((whole.total, whole.rows.len()), (8, 8));
    let mut paged = Vec::new();
    for offset in [0, 3, 6] {
        let page = reader.breaks(&both(), Page { offset, limit: 3 }).await.unwrap();
        assert_eq!(page.total, 8);
        paged.extend(page.rows);
    }
    assert_eq!(paged, whole.rows);
    for (partner, total) in [("BRA", 8), ("IND", 0), ("\0", 0)] {
        let filter = BreakFilter { partner: Some(partner.into()), ..both() };
        assert_eq!(reader.breaks(&filter, Page::first(10)).await.unwrap().total, total);
    }
}
}
