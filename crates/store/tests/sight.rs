//! Who sees what: an object that is not open answers exactly as one that does not exist, and what
//! is marked is logged before it leaves.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;

use entente_register::access::{Actor, Reading, Role, may_read};
use entente_register::brief::FigureName;
use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::plan::PlanVersion;
use entente_register::contract::{Amendment, ContractCommand, ContractParty, PartyRole};
use entente_register::document::Document;
use entente_register::label::{Clearance, Level};
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::money::Quantity;
use entente_store::reader::{BriefOptions, ContractFilter, ContractSort, Listing, Page, Reader};
use entente_store::{Error, Outcome};
use entente_testing::TestDatabase;
use jiff::civil::date;
use support::{Register, actor, code, day, new_contract, paper, party};

const MARKINGS: [&str; 6] =
    ["PUBLIC", "OFFICIAL", "OFFICIAL//REL BRA", "CONFIDENTIAL", "SECRET", "SECRET//NAVY"];

async fn reader(register: &Register, actor: &Actor) -> Reader {
    register.store.reader(actor, Some(day("2012-09-30")), None).await.unwrap()
}

fn clearances() -> Vec<Clearance> {
    let navy = Clearance { compartments: ["NAVY".to_owned()].into(), ..Clearance::of(Level::Secret) };
    let brazil = Clearance { foreign_state: Some("BRA".into()), ..Clearance::of(Level::Secret) };
    let mut all: Vec<Clearance> = Level::ALL.map(Clearance::of).into();
    all.extend([navy, brazil, Clearance::full()]);
    all
}

/// What is answered, as text, with the number asked for taken out.
fn answer<T: std::fmt::Debug>(outcome: Outcome<T>, number: &str) -> String {
    match outcome {
        Ok(_) => "open".to_owned(),
        Err(Error::Refusal(refusal)) => {
            format!("{refusal:?} {}", serde_json::to_string(&refusal).unwrap()).replace(number, "…")
        }
        Err(Error::Fault(fault)) => panic!("{fault}"),
    }
}

async fn numbers(reader: &Reader) -> Vec<String> {
    let list: Listing<_> = reader
        .contracts(&ContractFilter::default(), ContractSort::Number, false, Page::first(500))
        .await
        .unwrap();
    assert_eq!(list.total, list.rows.len() as i64);
    list.rows.into_iter().map(|row| row.number).collect()
}

/// A contract with a delivery whose waybill is held, and the waybill's hash.
async fn with_delivery(register: &Register, marking: &str) -> (String, String, String) {
    let number = register.contract(marking).await;
    let mut batch = register.store.batch().await.unwrap();
    let bytes = format!("Waybill of {number}");
    let content = batch.keep_document("text/plain", bytes.as_bytes()).await.unwrap();
    let document = Document { content: Some(content.clone()), ..paper("Waybill") };
    let command = DeliveryCommand::HandOver {
        line: format!("{number}.1"),
        reference: None,
        quantity: Quantity::whole(4),
        on: date(2012, 5, 1),
        document,
    };
    let receipt =
        batch.execute(&register.operator, Command::Delivery { number: None, command }).await.unwrap();
    batch.commit().await.unwrap();
    (number, receipt.subject.key, content)
}

entente_testing::on_both! {
    async fn what_is_not_open_answers_as_what_does_not_exist(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let mut made = Vec::new();
        for marking in MARKINGS {
            made.push((support::label(marking), with_delivery(&register, marking).await));
        }
        let absent = "O-2011-0999".to_owned();
        let readers = Role::ALL.iter().filter(|role| {
            // Exporters and manufacturers see their own alone: another test.
            !matches!(role, Role::Exporter | Role::Manufacturer)
        });
        for role in readers {
            // Every clearance with one role, and with the others one that some of the markings are above.
            let all = if *role == Role::Chair { clearances() } else { vec![Clearance::of(Level::Confidential)] };
            for clearance in all {
                let who = actor("reader", *role, clearance.clone());
                let reader = reader(&register, &who).await;
                if may_read(&who, Reading::Contracts).is_none() {
                    for number in [&made[0].1.0, &absent] {
                        assert_eq!(code(reader.contract(number).await), "access.read");
                        assert_eq!(code(reader.line(&format!("{number}.1"), Page::first(5)).await), "access.read");
                        assert_eq!(code(reader.delivery(&format!("{number}.1.1")).await), "access.read");
                    }
                    continue;
                }
                let mut open = Vec::new();
                for (label, (number, delivery, content)) in &made {
                    let (line, subject) =
                        (format!("{number}.1"), SubjectKind::Delivery.subject(delivery.clone()));
                    let nothing = SubjectKind::Delivery.subject(format!("{absent}.1.1"));
                    let answers = [
                        (answer(reader.contract(number).await, number), answer(reader.contract(&absent).await, &absent)),
                        (answer(reader.line(&line, Page::first(5)).await, number), answer(reader.line(&format!("{absent}.1"), Page::first(5)).await, &absent)),
                        (answer(reader.delivery(delivery).await, number), answer(reader.delivery(&format!("{absent}.1.1")).await, &absent)),
                        (answer(reader.document(&subject, content).await, number), answer(reader.document(&nothing, content).await, &absent)),
                    ];
                    let admitted = clearance.admits(label);
                    for (this, absent) in answers {
                        if admitted {
                            assert_eq!(this, "open", "{role} {clearance:?} {label}");
                        } else {
                            assert_eq!(this, absent, "{role} {clearance:?} {label}");
                        }
                    }
                    if admitted {
                        open.push(number.clone());
                    }
                }
                open.sort();
                assert_eq!(numbers(&reader).await, open, "{role} {clearance:?}");
            }
        }
    }

    async fn no_list_and_no_total_changes_by_what_is_not_open(database: TestDatabase) {
        let register = Register::founded(&database).await;
        register.contract("OFFICIAL").await;
        let line = "O-2012-0001.1";
        let version = register.plan(line).await;
        let chair = actor("chair", Role::Chair, Clearance::of(Level::Official));
        let secret = with_delivery(&register, "SECRET//NAVY").await.0;
        let before = reader(&register, &chair).await;
        let options = BriefOptions::default();
        let brief = before.brief(&options).await.unwrap();
        let delivery = register.hand_over(&format!("{secret}.1"), 3, date(2012, 5, 2)).await.unwrap();
        register.accept(&delivery.subject.key, date(2012, 5, 3)).await.unwrap();
        register.run(support::plan_items(version, &format!("{secret}.1"))).await.unwrap();
        with_delivery(&register, "CONFIDENTIAL").await;

        let after = reader(&register, &chair).await;
        let mut later = after.brief(&options).await.unwrap();
        later.conventions.known_at = brief.conventions.known_at;
        assert_eq!(brief, later);
        assert_eq!(numbers(&after).await, ["O-2012-0001"]);
        let plan = after.plan(version, Page::first(10)).await.unwrap();
        assert_eq!((plan.items.total, plan.row.items, plan.row.amount.minor), (1, 1, 50_000));
        assert_eq!(before.plans().await.unwrap(), after.plans().await.unwrap());
        // The event that named the secret line is as secret as it.
        assert_eq!(plan.history.len(), 2);
        for name in FigureName::fixed() {
            for row in after.figure(&options, &name, Page::first(50)).await.unwrap().sources.rows {
                assert!(row.contract.starts_with('O'), "{name}: {row:?}");
            }
        }
        // Numbers of a marking follow each other without a gap.
        assert_eq!(register.contract("OFFICIAL").await, "O-2012-0002");
    }

    async fn an_exporter_sees_only_contracts_that_name_it(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let named = register.contract("OFFICIAL").await;
        register.run(Command::Party(party("Other Works", "RUS", "PUBLIC"))).await.unwrap();
        let mut others = new_contract("OFFICIAL");
        others.parties[0].party = "P-P0003".into();
        let other = register
            .run(Command::Contract { number: None, command: ContractCommand::Open(others) })
            .await
            .unwrap()
            .subject
            .key;
        for role in [Role::Exporter, Role::Manufacturer] {
            let mut who = actor("works", role, Clearance::of(Level::Confidential));
            let none = reader(&register, &who).await;
            assert!(numbers(&none).await.is_empty(), "without a party of one's own");
            assert_eq!(code(none.contract(&named).await), "not_found");
            who.party = Some("P-P0001".into());
            let own = reader(&register, &who).await;
            assert_eq!(numbers(&own).await, std::slice::from_ref(&named));
            assert!(own.contract(&named).await.is_ok());
            assert!(own.line(&format!("{named}.1"), Page::first(5)).await.is_ok());
            assert_eq!(answer(own.contract(&other).await, &other), answer(own.contract("O-2012-0999").await, "O-2012-0999"));
            assert_eq!(code(own.brief(&BriefOptions::default()).await), "access.read");
            let version = PlanVersion { year: 2012, version: 1 };
            let plan = own.plan(version, Page::first(5)).await;
            if role == Role::Manufacturer {
                // A maker answers for its own part of a plan that is proposed: of others it reads nothing.
                assert_eq!((own.plans().await.unwrap().len(), code(plan)), (0, "not_found"));
            } else {
                assert_eq!((code(own.plans().await), code(plan)), ("access.read", "access.read"));
            }
        }
        // Need to know is today's, as every right is: a reading of the past shows no more, and no less.
        let mut who = actor("works", Role::Exporter, Clearance::of(Level::Confidential));
        who.party = Some("P-P0003".into());
        let before = support::instant("2012-09-30T13:00:00Z");
        register.clock.set(support::instant("2012-10-02T00:00:00Z"));
        let parties = vec![
            ContractParty { party: "P-P0003".into(), role: PartyRole::Exporter },
            ContractParty { party: "P-P0002".into(), role: PartyRole::EndUser },
        ];
        let amendment = Amendment { title: None, parties: Some(parties), document: paper("Novation") };
        let command = ContractCommand::Amend { on: date(2012, 10, 1), amendment, reason: "Novation".into() };
        register.run(Command::Contract { number: Some(named.clone()), command }).await.unwrap();
        let mut former = who.clone();
        former.party = Some("P-P0001".into());
        for (as_of, known_at) in [(None, None), (None, Some(before)), (Some(day("2012-09-30")), None)] {
            let now = register.store.reader(&who, as_of, known_at).await.unwrap();
            assert_eq!(numbers(&now).await, [named.clone(), other.clone()]);
            assert!(now.contract(&named).await.is_ok());
            let gone = register.store.reader(&former, as_of, known_at).await.unwrap();
            assert!(numbers(&gone).await.is_empty(), "whoever has left a contract reads it no more");
            assert_eq!(code(gone.contract(&named).await), "not_found");
        }
    }

    async fn a_missing_right_names_the_roles_that_have_it(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let administrator = actor("admin", Role::Administrator, Clearance::full());
        let reader = reader(&register, &administrator).await;
        assert_eq!(reader.accounts().await.unwrap().len(), 1);
        let refusals: Vec<Refusal> = vec![
            support::refusal(reader.brief(&BriefOptions::default()).await),
            support::refusal(reader.contracts(&ContractFilter::default(), ContractSort::Number, false, Page::first(5)).await),
            support::refusal(reader.partners().await),
            support::refusal(reader.groups().await),
            support::refusal(reader.events(Page::first(5)).await),
            support::refusal(reader.read_log(Page::first(5)).await),
        ];
        for refusal in &refusals {
            assert_eq!(refusal.code, "access.read");
        }
        assert!(refusals[0].missing.as_ref().unwrap().contains("Chair of the commission"));
    }

    /// None is named above its contract any more; a ledger of before that may hold one.
    async fn parties_above_the_clearance_are_not_there(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let number = register.contract("OFFICIAL").await;
        let low = actor("low", Role::Member, Clearance::of(Level::Official));
        let high = actor("high", Role::Member, Clearance::of(Level::Secret));
        let all = reader(&register, &low).await.contract(&number).await.unwrap().parties;
        assert_eq!(all.len(), 2);
        database.tamper("INSERT INTO label (id, text) VALUES (99, 'SECRET')").await;
        database.tamper("UPDATE party SET label = 99 WHERE number = 'P-P0001'").await;
        let view = reader(&register, &low).await.contract(&number).await.unwrap();
        assert_eq!(view.parties, all[1..]);
        // Places and hashes are for those who read the ledger.
        assert!(view.history.iter().all(|row| row.entry.is_none()));
        // Who sees it has read what is marked, and it is logged.
        let auditor = actor("auditor", Role::Auditor, Clearance::full());
        let logged = async || reader(&register, &auditor).await.read_log(Page::first(5)).await.unwrap().total;
        assert_eq!(logged().await, 0);
        assert_eq!(reader(&register, &high).await.contract(&number).await.unwrap().parties, all);
        assert_eq!(logged().await, 1);
    }

    async fn parties_are_as_of_the_day(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let number = register.contract("OFFICIAL").await;
        let before = support::instant("2012-09-30T13:00:00Z");
        register.clock.set(support::instant("2012-10-02T00:00:00Z"));
        let amend = async |on, first: &str| {
            let mut parties = new_contract("OFFICIAL").parties;
            parties[0].party = first.into();
            let amendment = Amendment { title: None, parties: Some(parties), document: paper("Novation") };
            let command = ContractCommand::Amend { on, amendment, reason: "Novation".into() };
            register.run(Command::Contract { number: Some(number.clone()), command }).await.unwrap();
        };
        register.run(Command::Party(party("Other Works", "RUS", "PUBLIC"))).await.unwrap();
        register.run(Command::Party(party("Third Works", "RUS", "PUBLIC"))).await.unwrap();
        amend(date(2012, 5, 1), "P-P0003").await;
        amend(date(2012, 5, 1), "P-P0004").await;
        amend(date(2012, 8, 1), "P-P0001").await;
        for (as_of, known_at, expected) in [
            ("2012-04-30", None, "P-P0001"),
            ("2012-05-01", None, "P-P0004"),
            ("2012-07-31", None, "P-P0004"),
            ("2012-08-01", None, "P-P0001"),
            ("2012-05-01", Some(before), "P-P0001"),
        ] {
            let reader = register.store.reader(&register.operator, Some(day(as_of)), known_at).await.unwrap();
            let parties = reader.contract(&number).await.unwrap().parties;
            let named: Vec<&str> = parties.iter().map(|p| p.party.as_str()).collect();
            assert_eq!(named, [expected, "P-P0002"], "{as_of} {known_at:?}");
        }
    }

    async fn what_no_number_can_be_is_answered_as_what_does_not_exist(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let number = register.contract("OFFICIAL").await;
        let reader = reader(&register, &register.operator).await;
        for tail in ["\0", ".\0", ".1\0", ".1.\0", &".1".repeat(2_000)] {
            let bad = format!("{number}{tail}");
            assert_eq!(code(reader.contract(&bad).await), "not_found", "{bad:?}");
            assert_eq!(code(reader.line(&bad, Page::first(5)).await), "not_found", "{bad:?}");
            assert_eq!(code(reader.delivery(&bad).await), "not_found", "{bad:?}");
            for kind in [SubjectKind::Contract, SubjectKind::Line, SubjectKind::Delivery, SubjectKind::Plan] {
                let refused = reader.document(&kind.subject(bad.clone()), "a\0b").await;
                assert_eq!(code(refused.map(|d| d.bytes)), "not_found", "{bad:?}");
            }
        }
        let zero = || Some("a\0b".to_owned());
        for filter in [
            ContractFilter { text: zero(), ..ContractFilter::default() },
            ContractFilter { partner: zero(), ..ContractFilter::default() },
            ContractFilter { state: zero(), ..ContractFilter::default() },
        ] {
            let list = reader.contracts(&filter, ContractSort::Number, false, Page::first(5)).await.unwrap();
            assert_eq!(list.total, 0);
        }
    }

    async fn a_document_is_not_opened_by_its_hash(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let (secret, _, content) = with_delivery(&register, "SECRET").await;
        let open = register.contract("OFFICIAL").await;
        let officer = |account: &str, level| actor(account, Role::ContractOfficer, Clearance::of(level));
        let name = |content: &str| Command::Delivery {
            number: None,
            command: DeliveryCommand::HandOver {
                line: format!("{open}.1"),
                reference: None,
                quantity: Quantity::whole(1),
                on: date(2012, 5, 1),
                document: Document { content: Some(content.to_owned()), ..paper("Waybill") },
            },
        };
        let store = &register.store;
        let low = officer("low", Level::Official);
        // The same answer where there is such a document and where there is none.
        let there = support::refusal(store.execute(&low, name(&content)).await);
        let absent = support::refusal(store.execute(&low, name(&"0".repeat(64))).await);
        assert_eq!((there.code, &there), ("document.not_held", &absent));
        // Whoever sees where it is named may name it; so may whoever has its bytes.
        store.execute(&officer("high", Level::Secret), name(&content)).await.unwrap();
        // Now a contract that is open to all names it.
        store.execute(&low, name(&content)).await.unwrap();

        let other = "Another paper";
        let kept = store.keep_document(&officer("clerk", Level::Secret), "text/plain", other.into()).await.unwrap();
        assert_eq!(code(store.execute(&low, name(&kept)).await), "document.not_held");
        assert_eq!(store.keep_document(&low, "text/plain", other.into()).await.unwrap(), kept);
        store.execute(&low, name(&kept)).await.unwrap();

        // The log of reads says which document it was to those alone who may see it.
        let delivery = SubjectKind::Delivery.subject(format!("{secret}.1.1"));
        let high = officer("high", Level::Secret);
        reader(&register, &high).await.document(&delivery, &content).await.unwrap();
        let what = async |level| {
            let auditor = actor("auditor", Role::Auditor, Clearance::of(level));
            reader(&register, &auditor).await.read_log(Page::first(1)).await.unwrap().rows.remove(0).what
        };
        assert_eq!(what(Level::Confidential).await, delivery.to_string());
        assert_eq!(what(Level::Secret).await, format!("{delivery}#{content}"));
    }

    async fn reads_of_marked_material_are_logged_in_a_chain(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let (secret, delivery, content) = with_delivery(&register, "SECRET").await;
        let open = register.contract("OFFICIAL").await;
        let officer = actor("officer", Role::ContractOfficer, Clearance::full());
        let reader = reader(&register, &officer).await.from_source("192.0.2.7");
        reader.contract(&open).await.unwrap();
        reader.contract(&secret).await.unwrap();
        reader.line(&format!("{secret}.1"), Page::first(5)).await.unwrap();
        reader.delivery(&delivery).await.unwrap();
        let subject = SubjectKind::Delivery.subject(delivery.clone());
        assert_eq!(reader.document(&subject, &content).await.unwrap().bytes, format!("Waybill of {secret}").as_bytes());
        numbers(&reader).await;
        reader.brief(&BriefOptions::default()).await.unwrap();
        reader.figure(&BriefOptions::default(), &FigureName::Backlog, Page::first(5)).await.unwrap();
        let refused = actor("low", Role::Member, Clearance::of(Level::Official));
        assert_eq!(code(self::reader(&register, &refused).await.contract(&secret).await), "not_found");

        let auditor = actor("auditor", Role::Auditor, Clearance::of(Level::Official));
        let log = self::reader(&register, &auditor).await.read_log(Page::first(50)).await.unwrap();
        let what: Vec<&str> = log.rows.iter().rev().map(|row| row.what.as_str()).collect();
        // Which of its documents was read is marked above this auditor.
        let read = format!("delivery:{delivery}");
        assert_eq!(what, [
            &format!("contract:{secret}"), &format!("line:{secret}.1"), &read, &read, "contracts", "brief", "figure:order_book.backlog",
        ]);
        assert!(log.rows.iter().all(|row| row.account == "officer" && row.source == "192.0.2.7" && row.label == support::label("SECRET")));
        assert_eq!(log.total, 7);

        // An auditor without the clearance reads the ledger's order, but not what is marked above it.
        let events = self::reader(&register, &auditor).await.events(Page::first(500)).await.unwrap();
        assert!(events.rows.iter().any(|event| event.payload.is_none()));
        assert!(events.rows.iter().all(|event| event.payload.is_none() == (event.label == support::label("SECRET"))));

        // Many at once: each read has its row, and the chain holds.
        let mut reads = Vec::new();
        for _ in 0..40 {
            let (store, officer, secret) = (register.store.clone(), officer.clone(), secret.clone());
            reads.push(tokio::spawn(async move {
                store.reader(&officer, None, None).await.unwrap().contract(&secret).await.unwrap();
            }));
        }
        for read in reads {
            read.await.unwrap();
        }
        assert_eq!(register.store.verify_read_log().await.unwrap(), None);
        let log = self::reader(&register, &auditor).await.read_log(Page::first(500)).await.unwrap();
        assert_eq!(log.total, 47);
        assert_eq!(log.rows.iter().map(|row| row.sequence).collect::<BTreeSet<_>>().len(), 47);

        database.tamper("UPDATE read_log SET account = 'nobody' WHERE sequence = 5").await;
        assert_eq!(register.store.verify_read_log().await.unwrap(), Some(5));
        database.tamper("UPDATE read_log SET account = 'officer' WHERE sequence = 5").await;
        assert_eq!(register.store.verify_read_log().await.unwrap(), None);
        database.tamper("DELETE FROM read_log WHERE sequence = 9").await;
        assert_eq!(register.store.verify_read_log().await.unwrap(), Some(9));
    }

    async fn a_page_does_not_leave_without_its_row(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let secret = register.contract("SECRET").await;
        database.tamper("DROP TABLE read_log").await;
        let reader = reader(&register, &register.operator).await;
        assert!(matches!(reader.contract(&secret).await, Err(Error::Fault(_))));
        assert!(matches!(reader.brief(&BriefOptions::default()).await, Err(Error::Fault(_))));
    }
}
