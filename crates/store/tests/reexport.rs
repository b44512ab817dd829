//! Re-export consent, in the register: what binds, how much there is, and two people.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_register::access::Actor;
use entente_register::command::Command;
use entente_register::label::Level;
use entente_register::money::Quantity;
use entente_register::transfer::certificate::CertificateCommand as K;
use entente_register::transfer::check::{CheckKind, EndUserStanding};
use entente_register::transfer::content::StatedPurpose;
use entente_register::transfer::inspection::{InspectionCommand, NewInspection, NewVisit, VisitOutcome};
use entente_register::transfer::licence::LicenceCommand as L;
use entente_register::transfer::opinion::Criterion;
use entente_register::transfer::reexport::{
    NewReexport, ReexportCommand as X, ReexportItem, ReexportProposal,
};
use entente_store::reader::{Page, Reader, ReexportFilter};
use entente_store::{Outcome, Receipt, silent};
use entente_testing::{TestDatabase, on_both};
use support::transfer::*;
use support::*;

async fn reader(register: &Register, by: &Actor) -> Reader {
    register.store.reader(by, Some(day(TODAY)), None).await.unwrap()
}

/// A licence for a hundred radios to Brazil, of which so many went and were confirmed to be there; and the party of another
/// state that is to have them.
async fn delivered(register: &Register, pieces: i64) -> (String, String) {
    let (_, number) = granted(register).await;
    write_off(register, &number, day(TODAY), shipment("D-1", pieces)).await.unwrap();
    let quantity = Quantity::whole(pieces);
    let verify = L::Verify { on: day(TODAY), reference: "D-1".into(), quantity, document: paper("Receipt") };
    licence(register, &people().officer, &number, verify).await.unwrap();
    let party =
        register.run(Command::Party(party("Ministry of Defence of India", "IND", "PUBLIC"))).await.unwrap();
    load(register, "another edition", TODAY).await;
    (number, party.subject.key)
}

fn item(licence: &str, pieces: i64) -> ReexportItem {
    ReexportItem { licence: licence.into(), line: 1, quantity: Quantity::whole(pieces) }
}

fn new(licence: &str, pieces: i64, end_user: &str, destination: &str) -> NewReexport {
    NewReexport {
        on: day(TODAY),
        label: label("OFFICIAL"),
        title: "Radios to a third state".into(),
        authority: ISSUER.into(),
        items: vec![item(licence, pieces)],
        serials: Vec::new(),
        end_user: end_user.into(),
        parties: Vec::new(),
        destination: destination.into(),
        purpose: StatedPurpose::Defence,
        end_use: "For the signal troops there".into(),
        document: paper("Note"),
    }
}

async fn ask(register: &Register, new: NewReexport) -> Outcome<Receipt> {
    does(register, &people().officer, Command::AskReexport(new)).await
}

async fn acts(register: &Register, by: &Actor, number: &str, command: X) -> Outcome<Receipt> {
    does(register, by, Command::Reexport { number: number.into(), command }).await
}

fn consent() -> X {
    X::Propose {
        on: day(TODAY),
        proposal: ReexportProposal {
            consents: true,
            valid_from: Some(day(TODAY)),
            valid_until: Some(day("2027-06-14")),
            conditions: vec!["No further re-export".into()],
            criteria: Default::default(),
            reason: "Nothing stands against it".into(),
        },
    }
}

/// All that consent rests on, up to the proposal.
async fn examined(register: &Register, number: &str, end_user: &str, state: &str) {
    let on = day(TODAY);
    let standing = EndUserStanding::Authority { state: state.into() };
    for command in [
        X::Establish { on, party: end_user.into(), standing, document: paper("Letter") },
        X::ConsiderRights { on, finding: "No patents there".into(), document: paper("Opinion") },
    ] {
        acts(register, &people().officer, number, command).await.unwrap();
    }
}

on_both! {
/// Scenario 14: what was undertaken, the measures of today, and the rights of others.
async fn consent_rests_on_what_was_delivered_on_what_binds_and_on_two_people(database: TestDatabase) {
    let register = ready(&database).await;
    let (licence, user) = delivered(&register, 60).await;
    let people = people();
    let over = refusal(ask(&register, new(&licence, 61, &user, "IND")).await);
    assert_eq!((over.code, over.field.as_deref()), ("reexport.over_delivered", Some("items[0].quantity")));
    let number = ask(&register, new(&licence, 40, &user, "IND")).await.unwrap().subject.key;
    assert_eq!(number, "O-X2026-0001");
    let view = reader(&register, &people.officer).await.reexport(&number).await.unwrap();
    let binding = &view.reexport.requested.bindings[0];
    assert_eq!((binding.certificate.as_deref(), binding.undertaken), (Some("O-E2026-0001"), true));
    assert_eq!(view.reexport.requested.content.origin.as_deref(), Some("BRA"));
    assert!(view.checks.iter().any(|check| check.kind == CheckKind::Embargo));
    assert!(view.checks.iter().all(|check| check.kind != CheckKind::Certificate));

    assert_eq!(code(acts(&register, &people.officer, &number, consent()).await), "reexport.rights");
    examined(&register, &number, &user, "IND").await;
    acts(&register, &people.officer, &number, consent()).await.unwrap();
    let sign = X::Countersign { on: day(TODAY) };
    assert_eq!(code(acts(&register, &people.officer, &number, sign.clone()).await), "access.role");
    acts(&register, &people.countersigner, &number, sign.clone()).await.unwrap();

    // Twenty are left; a second request for more is told so when it is proposed, and at the signature.
    let second = ask(&register, new(&licence, 30, &user, "IND")).await;
    assert_eq!(code(second), "reexport.over_delivered");
    let second = ask(&register, new(&licence, 20, &user, "IND")).await.unwrap().subject.key;
    let third = ask(&register, new(&licence, 20, &user, "IND")).await.unwrap().subject.key;
    for number in [&second, &third] {
        examined(&register, number, &user, "IND").await;
        acts(&register, &people.officer, number, consent()).await.unwrap();
    }
    acts(&register, &people.countersigner, &second, sign.clone()).await.unwrap();
    let refused = refusal(acts(&register, &people.countersigner, &third, sign.clone()).await);
    assert_eq!(refused.code, "reexport.over_delivered");
    assert!(refused.message.contains("60 of it are consented to already"), "{}", refused.message);

    // The recipient reports what it passed on; closed, the rest is there again.
    let report = |pieces| X::Report { on: day(TODAY), items: vec![item(&licence, pieces)], document: paper("Report") };
    acts(&register, &people.officer, &number, report(30)).await.unwrap();
    assert_eq!(code(acts(&register, &people.officer, &number, report(11)).await), "reexport.over_consented");
    acts(&register, &people.officer, &number, X::Close { on: day(TODAY), reason: "Done".into() }).await.unwrap();
    let refused = refusal(acts(&register, &people.countersigner, &third, sign.clone()).await);
    assert!(refused.message.contains("50 of it are consented to already"), "{}", refused.message);
    let less = ask(&register, new(&licence, 10, &user, "IND")).await.unwrap().subject.key;
    examined(&register, &less, &user, "IND").await;
    acts(&register, &people.officer, &less, consent()).await.unwrap();
    acts(&register, &people.countersigner, &less, sign).await.unwrap();

    let all = reader(&register, &people.officer).await;
    let of = all.reexports_of(&licence).await.unwrap();
    assert_eq!(of.len(), 4);
    assert_eq!(all.reexports_of("O-E2026-0001").await.unwrap().len(), 4);
    let waiting = ReexportFilter { state: Some("running".into()), ..ReexportFilter::default() };
    let waiting = all.reexports(&waiting, Page::first(10)).await.unwrap();
    assert_eq!((waiting.total, waiting.rows[0].reexport.number.as_str()), (1, third.as_str()));
    assert_eq!(all.transfer_tasks().await.unwrap().reexports, 1);
    assert_eq!(all.reexport(&number).await.unwrap().lines[0].delivered.unwrap().taken, Quantity::whole(30));
    // An exporter, customs and agencies see nothing of it.
    for by in [&people.exporter, &people.customs, &people.agency] {
        let own = reader(&register, by).await;
        assert_eq!(code(own.reexport(&number).await), "access.read");
        assert!(own.reexports_of(&licence).await.unwrap().is_empty());
    }
    let views = async || {
        let reader = reader(&register, &people.officer).await;
        (reader.reexports(&ReexportFilter::default(), Page::first(10)).await.unwrap(), reader.reexport(&number).await.unwrap())
    };
    let before = views().await;
    register.store.rebuild(silent()).await.unwrap();
    assert_eq!(views().await, before);
}

/// What the rules of today forbid, what is not established, and what was found at those who hold the goods.
async fn nothing_is_consented_to_against_a_measure_or_an_incident(database: TestDatabase) {
    let register = ready(&database).await;
    let (licence, _) = delivered(&register, 60).await;
    let people = people();
    let user = register.run(Command::Party(party("Ministry in Pyongyang", "PRK", "PUBLIC"))).await.unwrap().subject.key;
    load(&register, "a third edition", TODAY).await;
    let number = ask(&register, new(&licence, 10, &user, "PRK")).await.unwrap().subject.key;
    examined(&register, &number, &user, "PRK").await;
    let refused = refusal(acts(&register, &people.officer, &number, consent()).await);
    // The record of these measures is not certain to the letter: it holds, and nothing passes.
    assert_eq!(refused.code, "transfer.held", "{}", refused.message);
    assert!(refused.message.contains("dprk-1874"), "{}", refused.message);
    let refuse = X::Propose {
        on: day(TODAY),
        proposal: ReexportProposal {
            consents: false,
            valid_from: None,
            valid_until: None,
            conditions: Vec::new(),
            criteria: [Criterion::Obligations].into(),
            reason: "Measures of the Security Council".into(),
        },
    };
    acts(&register, &people.officer, &number, refuse).await.unwrap();
    acts(&register, &people.countersigner, &number, X::Countersign { on: day(TODAY) }).await.unwrap();
    assert_eq!(reader(&register, &people.officer).await.reexport(&number).await.unwrap().reexport.state, "refused");

    // Without its certificate nothing binds, and it is held until a ground is on record.
    let (number, held) = {
        let number = ask(&register, new(&licence, 10, "P-P0003", "RUS")).await.unwrap().subject.key;
        examined(&register, &number, "P-P0003", "RUS").await;
        let plan = NewInspection {
            on: day(TODAY),
            licence: licence.clone(),
            end_user: "P-P0002".into(),
            visit_on: day(TODAY),
            reason: "A question".into(),
        };
        let inspection = does(&register, &people.officer, Command::Inspect(plan)).await.unwrap().subject.key;
        let visit = InspectionCommand::Visit(NewVisit {
            on: day(TODAY),
            outcome: VisitOutcome::AccessRefused,
            seen: Vec::new(),
            accounted: Vec::new(),
            findings: "Nobody was let in".into(),
            document: paper("Report"),
        });
        does(&register, &people.officer, Command::Inspection { number: inspection, command: visit }).await.unwrap();
        (number.clone(), refusal(acts(&register, &people.officer, &number, consent()).await))
    };
    assert_eq!(held.code, "transfer.held", "{}", held.message);
    assert!(held.message.contains("found an incident"), "{}", held.message);
    assert_eq!(code(acts(&register, &people.officer, &number, X::Ground { on: day(TODAY), ground: "Clause".into(), document: paper("Contract") }).await), "reexport.bound");
}

/// What was delivered under a licence without a certificate that binds waits for the ground on which consent is asked for.
async fn where_nothing_was_undertaken_a_ground_is_recorded(database: TestDatabase) {
    let register = ready(&database).await;
    let (licence, user) = delivered(&register, 60).await;
    let people = people();
    let void = K::Revoke { on: day(TODAY), reason: "Taken back".into(), document: paper("Letter") };
    certificate_act(&register, "O-E2026-0001", void).await.unwrap();
    let number = ask(&register, new(&licence, 10, &user, "IND")).await.unwrap().subject.key;
    examined(&register, &number, &user, "IND").await;
    assert_eq!(code(acts(&register, &people.officer, &number, consent()).await), "reexport.unbound");
    let ground = X::Ground { on: day(TODAY), ground: "Clause 7".into(), document: paper("Contract") };
    acts(&register, &people.officer, &number, ground).await.unwrap();
    acts(&register, &people.officer, &number, consent()).await.unwrap();
    // Whoever may not know of the licence cannot ask about it, nor may a lower marking tell of a higher one.
    let high = people_cleared_for(Level::Secret);
    let secret = NewReexport { label: label("SECRET"), ..new(&licence, 1, &user, "IND") };
    let secret = does(&register, &high.officer, Command::AskReexport(secret)).await.unwrap().subject.key;
    assert!(secret.starts_with("S-X2026-"), "{secret}");
    assert_eq!(code(reader(&register, &people.officer).await.reexport(&secret).await), "not_found");
    assert_eq!(code(acts(&register, &people.officer, &secret, X::Withdraw { on: day(TODAY), reason: "x".into() }).await), "not_found");
}
}
