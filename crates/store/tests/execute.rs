//! The path of every change: numbers, rights, refusals, versions, repeated requests, batches.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_register::access::{AccountCommand, NewAccount, Role};
use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::line::{LineChange, LineCommand, NewLine};
use entente_register::contract::plan::{PlanCommand, PlanVersion};
use entente_register::contract::{Amendment, ContractCommand, NewContract};
use entente_register::document::Document;
use entente_register::label::{Clearance, Level};
use entente_register::ledger::parse_date;
use entente_register::money::{Currency, Money, Quantity};
use entente_register::partner::PartnerCommand;
use entente_store::{Entropy, Request, Store, StoreOptions};
use entente_testing::{TestDatabase, on_both};
use jiff::civil::date;
use support::*;

fn deliver(number: &str, command: DeliveryCommand) -> Command {
    Command::Delivery { number: Some(number.into()), command }
}

fn change(number: &str, command: ContractCommand) -> Command {
    Command::Contract { number: Some(number.into()), command }
}

on_both! {
    async fn subjects_are_numbered_in_the_series_of_their_marking(database: TestDatabase) {
        let register = Register::founded(&database).await;
        assert_eq!(register.contract("OFFICIAL").await, "O-2012-0001");
        assert_eq!(register.contract("SECRET").await, "S-2012-0001");
        assert_eq!(register.contract("OFFICIAL").await, "O-2012-0002");
        let line = register
            .run(Command::Line {
                number: "O-2012-0002".into(),
                command: LineCommand::Add(NewLine { document: Some(paper("Amendment")), ..ten_pieces() }),
            })
            .await
            .unwrap();
        assert_eq!(line.subject.to_string(), "line:O-2012-0002.2");
        let first = register.hand_over("O-2012-0002.2", 4, date(2012, 3, 1)).await.unwrap();
        assert_eq!(first.subject.key, "O-2012-0002.2.1");
        // An annulled delivery keeps its number.
        let annul = DeliveryCommand::Annul { reason: "typed twice".into() };
        register.run(deliver("O-2012-0002.2.1", annul)).await.unwrap();
        let second = register.hand_over("O-2012-0002.2", 10, date(2012, 3, 1)).await.unwrap();
        assert_eq!(second.subject.key, "O-2012-0002.2.2");
        let party = register.run(Command::Party(party("Third", "IND", "OFFICIAL"))).await.unwrap();
        assert_eq!(party.subject.key, "O-P0001");
        assert_eq!(register.plan("O-2012-0001.1").await.to_string(), "2012:1");
        assert_eq!(register.plan("O-2012-0001.1").await.to_string(), "2012:2");
    }

    async fn a_register_begins_with_its_founding_and_has_one(database: TestDatabase) {
        let register = Register::empty(&database).await;
        assert_eq!(code(register.run(Command::Party(party("X", "RUS", "OFFICIAL"))).await), "ledger.not_founded");
        assert_eq!(code(register.run(Command::Found { purpose: "x".into() }).await), "ledger.purpose");
        let founded = register.run(Command::Found { purpose: "register".into() }).await.unwrap();
        assert_eq!((founded.sequence, founded.version), (1, 1));
        assert_eq!(code(register.run(Command::Found { purpose: "register".into() }).await), "ledger.founded");
    }

    async fn bad_input_is_refused_and_nothing_is_written(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let contract = register.contract("OFFICIAL").await;
        let line = format!("{contract}.1");
        let delivery = register.hand_over(&line, 4, date(2012, 3, 10)).await.unwrap().subject.key;
        let frozen = register.plan(&line).await;
        let approve = PlanCommand::Approve { on: date(2012, 2, 1), document: paper("Decision"), reason: None };
        let approve = Command::Plan { version: Some(frozen), command: approve };
        let last = register.store.execute(&register.chair, approve).await.unwrap();

        let add = |new: NewLine| Command::Line {
            number: contract.clone(),
            command: LineCommand::Add(NewLine { document: Some(paper("Amendment")), ..new }),
        };
        let amend = |change: LineChange| Command::Line {
            number: line.clone(),
            command: LineCommand::Amend {
                on: date(2012, 4, 1),
                change,
                document: paper("Amendment"),
                reason: "agreed".into(),
            },
        };
        let hand_over = |line: &str, quantity, on, document| Command::Delivery {
            number: None,
            command: DeliveryCommand::HandOver { line: line.into(), reference: None, quantity, on, document },
        };
        let pieces = Quantity::whole;
        let march = date(2012, 3, 10);
        let accept = |on| DeliveryCommand::Accept { on, document: paper("Certificate") };
        let nowhere = Document { content: Some("a".repeat(64)), ..paper("Lost") };
        let misnamed = Document { content: Some("A".repeat(64)), ..paper("Lost") };
        let named_contract = |new: NewContract| Command::Contract {
            number: None,
            command: ContractCommand::Open(new),
        };
        let mut unknown_party = new_contract("OFFICIAL");
        unknown_party.parties[0].party = "O-P0099".into();
        let mut alone = new_contract("OFFICIAL");
        alone.parties.pop();
        let cases: Vec<(Command, &str)> = vec![
            (add(NewLine { quantity: Quantity(-1000), ..ten_pieces() }), "quantity.not_positive"),
            (add(NewLine { quantity: Quantity(0), ..ten_pieces() }), "quantity.not_positive"),
            (add(NewLine { unit_price: Money::new(100, "EUR".parse().unwrap()), ..ten_pieces() }), "line.currency"),
            (add(NewLine { unit_price: usd(-1), ..ten_pieces() }), "line.price"),
            (add(NewLine { unit_price: usd(9_000_000_000_000), ..ten_pieces() }), "amount.too_large"),
            (add(NewLine { category: "X".into(), ..ten_pieces() }), "line.category"),
            (add(NewLine { manufacturer: Some("O-P0099".into()), ..ten_pieces() }), "not_found"),
            (add(NewLine { reference: None, description: "\u{0}".into(), ..ten_pieces() }), "line.description"),
            (amend(LineChange { quantity: Some(pieces(3)), ..Default::default() }), "line.below_delivered"),
            (amend(LineChange::default()), "line.nothing_amended"),
            (hand_over(&line, pieces(7), march, paper("W")), "delivery.beyond_line"),
            (hand_over(&line, Quantity(-1), march, paper("W")), "quantity.not_positive"),
            (hand_over(&line, pieces(1), date(2012, 1, 31), paper("W")), "delivery.before_force"),
            (hand_over(&line, pieces(1), date(2012, 10, 1), paper("W")), "date.in_future"),
            (hand_over(&line, pieces(1), march, paper(" ")), "document.title"),
            (hand_over(&line, pieces(1), march, nowhere), "document.not_held"),
            (hand_over(&line, pieces(1), march, misnamed), "document.content"),
            (hand_over("O-2012-0099.1", pieces(1), march, paper("W")), "not_found"),
            (hand_over("", pieces(1), march, paper("W")), "not_found"),
            (hand_over("O-2012\u{0}-0001.1", pieces(1), march, paper("W")), "not_found"),
            (deliver(&delivery, accept(date(2012, 3, 9))), "delivery.order"),
            (deliver(&delivery, accept(date(2013, 3, 9))), "date.in_future"),
            (deliver(&format!("{line}.9"), accept(march)), "not_found"),
            (deliver("x", accept(march)), "not_found"),
            (Command::Delivery { number: None, command: accept(march) }, "command.number"),
            (named_contract(NewContract { partner: "XXX".into(), ..new_contract("OFFICIAL") }), "not_found"),
            (named_contract(unknown_party), "not_found"),
            (named_contract(alone), "contract.parties"),
            (named_contract(NewContract { on: date(2013, 1, 1), ..new_contract("OFFICIAL") }), "date.in_future"),
            (change(&contract, ContractCommand::Open(new_contract("OFFICIAL"))), "command.number"),
            (change(&contract, ContractCommand::Sign { on: march, document: paper("S") }), "state"),
            (change("O-2012-0099", ContractCommand::Suspend { on: march, reason: "x".into() }), "not_found"),
            (change(&contract, ContractCommand::Suspend { on: date(2012, 1, 31), reason: "x".into() }), "contract.order"),
            (change(&contract, ContractCommand::Complete { on: march, document: None }), "contract.open_lines"),
            (plan_items(frozen, &line), "plan.frozen"),
            (plan_items(PlanVersion { year: 2012, version: 9 }, &line), "not_found"),
            (Command::Plan { version: Some(frozen), command: PlanCommand::Discard }, "plan.frozen"),
            (Command::Partner(PartnerCommand::Register { code: "BRA".into(), name: "Brazil".into() }), "partner.exists"),
            (
                Command::Partner(PartnerCommand::Admit { group: "CIS".into(), state: "BRA".into(), on: march }),
                "not_found",
            ),
            (
                Command::Account {
                    account: "x.y".into(),
                    command: AccountCommand::Open(NewAccount {
                        account: "x.y".into(),
                        name: "X".into(),
                        roles: vec![Role::Exporter],
                        clearance: Clearance::of(Level::Official),
                        party: Some("O-P0099".into()),
                    }),
                },
                "not_found",
            ),
        ];
        for (command, expected) in cases {
            let asked = format!("{command:?}");
            assert_eq!(code(register.run(command).await), expected, "{asked}");
        }
        // What cannot even be put into a command.
        assert_eq!("USX".parse::<Currency>().unwrap_err().code, "currency.unknown");
        assert_eq!(parse_date("on", "2012-02-30").unwrap_err().code, "date.does_not_exist");
        assert_eq!(Quantity::parse("quantity", "-4").unwrap_err().code, "quantity.not_positive");

        let next = register.hand_over(&line, 1, march).await.unwrap();
        assert_eq!(next.sequence, last.sequence + 1, "a refusal has written an event");
        assert_eq!(next.subject.key, format!("{line}.2"), "a refusal has used up a number");
    }

    async fn a_plan_is_approved_by_another_person_in_order(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let line = format!("{}.1", register.contract("OFFICIAL").await);
        let version = register.plan(&line).await;
        let approve = |version, on| Command::Plan {
            version: Some(version),
            command: PlanCommand::Approve { on, document: paper("Decision"), reason: None },
        };
        assert_eq!(code(register.run(approve(version, date(2012, 2, 1))).await), "access.role");
        let mut drafter = register.operator.clone();
        drafter.roles.push(Role::Chair);
        let own = register.store.execute(&drafter, approve(version, date(2012, 2, 1))).await;
        assert_eq!(code(own), "plan.own_draft");
        register.store.execute(&register.chair, approve(version, date(2012, 2, 1))).await.unwrap();
        let second = register.plan(&line).await;
        let early = register.store.execute(&register.chair, approve(second, date(2012, 1, 31))).await;
        assert_eq!(code(early), "plan.order");
    }

    async fn what_is_not_open_to_the_actor_is_as_good_as_absent(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let secret = register.contract("SECRET//NAVY").await;
        let delivery = register.hand_over(&format!("{secret}.1"), 1, date(2012, 3, 1)).await.unwrap();
        let hidden_party = register.run(Command::Party(party("Hidden", "IND", "SECRET"))).await.unwrap();
        let officer = actor("officer", Role::ContractOfficer, Clearance::of(Level::Confidential));
        let suspend = || ContractCommand::Suspend { on: date(2012, 5, 1), reason: "x".into() };
        let accept = || DeliveryCommand::Accept { on: date(2012, 5, 1), document: paper("C") };
        let pairs = [
            (change(&secret, suspend()), change("Q-2012-0001", suspend()), secret.clone(), "Q-2012-0001"),
            (
                deliver(&delivery.subject.key, accept()),
                deliver("Q-2012-0001.1.1", accept()),
                delivery.subject.key.clone(),
                "Q-2012-0001.1.1",
            ),
            (
                Command::Line { number: secret.clone(), command: LineCommand::Add(ten_pieces()) },
                Command::Line { number: "Q-2012-0001".into(), command: LineCommand::Add(ten_pieces()) },
                secret.clone(),
                "Q-2012-0001",
            ),
        ];
        for (there, absent, number, other) in pairs {
            let mut one = refusal(register.store.execute(&officer, there).await);
            let two = refusal(register.store.execute(&officer, absent).await);
            one.message = one.message.replace(&number, other);
            assert_eq!(one, two);
            assert_eq!(two.code, "not_found");
        }
        let mut named = new_contract("OFFICIAL");
        named.parties[0].party = hidden_party.subject.key;
        let named = Command::Contract { number: None, command: ContractCommand::Open(named) };
        assert_eq!(code(register.store.execute(&officer, named).await), "not_found");
        let above = register.store.execute(&officer, open("SECRET")).await;
        assert_eq!(code(above), "label.above_clearance");
        // The series of another marking shows no gap.
        let own = register.store.execute(&officer, open("CONFIDENTIAL")).await.unwrap();
        assert_eq!(own.subject.key, "C-2012-0001");
    }

    async fn a_contract_names_no_party_that_its_readers_may_not_know(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let contract = register.contract("OFFICIAL").await;
        let hidden = register.run(Command::Party(party("Hidden Works", "RUS", "SECRET"))).await.unwrap().subject.key;
        let naming = |marking: &str| {
            let mut new = new_contract(marking);
            new.parties[0].party = hidden.clone();
            new
        };
        for marking in ["PUBLIC", "OFFICIAL", "CONFIDENTIAL", "SECRET//REL BRA"] {
            let open = Command::Contract { number: None, command: ContractCommand::Open(naming(marking)) };
            let refused = refusal(register.run(open).await);
            assert_eq!((refused.code, refused.field.as_deref()), ("contract.party_marking", Some("parties")), "{marking}");
            assert!(refused.missing.is_some());
        }
        let amendment = Amendment { title: None, parties: Some(naming("OFFICIAL").parties), document: paper("A") };
        let amend = ContractCommand::Amend { on: date(2012, 5, 1), amendment, reason: "agreed".into() };
        assert_eq!(code(register.run(change(&contract, amend)).await), "contract.party_marking");
        let line = NewLine { manufacturer: Some(hidden.clone()), document: Some(paper("A")), ..ten_pieces() };
        let add = |number: &str| Command::Line { number: number.into(), command: LineCommand::Add(line.clone()) };
        let refused = refusal(register.run(add(&contract)).await);
        assert_eq!((refused.code, refused.field.as_deref()), ("line.party_marking", Some("manufacturer")));
        for marking in ["SECRET", "SECRET//NAVY"] {
            let open = Command::Contract { number: None, command: ContractCommand::Open(naming(marking)) };
            let number = register.run(open).await.unwrap().subject.key;
            register.run(add(&number)).await.unwrap();
        }
    }

    async fn a_right_is_asked_for_before_anything_else(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let auditor = actor("auditor", Role::Auditor, Clearance::full());
        for command in [open("OFFICIAL"), change("nothing", ContractCommand::Suspend { on: date(2012, 1, 1), reason: "x".into() })] {
            assert_eq!(code(register.store.execute(&auditor, command).await), "access.role");
        }
    }

    async fn a_version_that_was_not_seen_is_a_conflict(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let contract = register.contract("OFFICIAL").await;
        let amend = |title: &str, expected| Request {
            command: change(
                &contract,
                ContractCommand::Amend {
                    on: date(2012, 5, 1),
                    amendment: Amendment { title: Some(title.into()), parties: None, document: paper("A") },
                    reason: "agreed".into(),
                },
            ),
            expected_version: expected,
            idempotency_key: None,
        };
        let store = &register.store;
        let done = store.execute(&register.operator, amend("Boats", Some(3))).await.unwrap();
        assert_eq!(done.version, 4);
        assert_eq!(code(store.execute(&register.operator, amend("Ships", Some(3))).await), "conflict");
        let new = Request { expected_version: Some(1), ..Request::from(open("OFFICIAL")) };
        assert_eq!(code(store.execute(&register.operator, new).await), "conflict");
        let new = Request { expected_version: Some(0), ..Request::from(open("OFFICIAL")) };
        assert!(store.execute(&register.operator, new).await.is_ok());
    }

    async fn a_repeated_request_is_answered_once(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let line = format!("{}.1", register.contract("OFFICIAL").await);
        let keyed = |command, key: &str| Request {
            command,
            expected_version: None,
            idempotency_key: Some(key.into()),
        };
        let hand_over = || Command::Delivery {
            number: None,
            command: DeliveryCommand::HandOver {
                line: line.clone(),
                reference: None, quantity: Quantity::whole(6),
                on: date(2012, 3, 1),
                document: paper("W"),
            },
        };
        let store = &register.store;
        let first = store.execute(&register.operator, keyed(hand_over(), "import-7/1")).await.unwrap();
        let again = store.execute(&register.operator, keyed(hand_over(), "import-7/1")).await.unwrap();
        assert!(!first.repeated && again.repeated);
        assert_eq!((first.subject, first.sequence, first.version, first.recorded_at),
            (again.subject, again.sequence, again.version, again.recorded_at));
        let other = store.execute(&register.operator, keyed(open("OFFICIAL"), "import-7/1")).await;
        assert_eq!(code(other), "idempotency.reused");
        // The same command on another thing, with other content, or on another state is another request.
        let smaller = Command::Delivery {
            number: None,
            command: DeliveryCommand::HandOver {
                line: line.clone(), reference: None, quantity: Quantity::whole(1), on: date(2012, 3, 1), document: paper("W"),
            },
        };
        assert_eq!(code(store.execute(&register.operator, keyed(smaller, "import-7/1")).await), "idempotency.reused");
        let seen = Request { expected_version: Some(0), ..keyed(hand_over(), "import-7/1") };
        assert_eq!(code(store.execute(&register.operator, seen).await), "idempotency.reused");
        // Another actor's key is another key; so the rule decides, and six of ten are gone.
        let mut second = register.operator.clone();
        second.account = "operator-2".into();
        assert_eq!(code(store.execute(&second, keyed(hand_over(), "import-7/1")).await), "delivery.beyond_line");
        for bad in ["", "a b", "ключ", &"x".repeat(201)] {
            assert_eq!(code(store.execute(&register.operator, keyed(hand_over(), bad)).await), "idempotency.malformed");
        }
        // Also within a batch, before anything is written to the database.
        let mut batch = store.batch().await.unwrap();
        let one = batch.execute(&register.operator, keyed(open("OFFICIAL"), "b")).await.unwrap();
        let two = batch.execute(&register.operator, keyed(open("OFFICIAL"), "b")).await.unwrap();
        assert_eq!(one.subject, two.subject);
        assert!(two.repeated);
        let other = batch.execute(&register.operator, keyed(open("SECRET"), "b")).await;
        assert_eq!(code(other), "idempotency.reused");
    }

    async fn a_batch_is_kept_whole_or_not_at_all(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let mut batch = register.store.batch().await.unwrap();
        let lost = batch.execute(&register.operator, open("OFFICIAL")).await.unwrap();
        let lost_hash = batch.keep_document("application/pdf", b"%PDF lost").await.unwrap();
        drop(batch);

        let mut batch = register.store.batch().await.unwrap();
        let held = batch.keep_document("application/pdf; charset=binary", b"%PDF kept").await.unwrap();
        assert_eq!(held, batch.keep_document("application/pdf", b"%PDF kept").await.unwrap());
        let contract = batch.execute(&register.operator, open("OFFICIAL")).await.unwrap();
        assert_eq!(contract.sequence, lost.sequence);
        // A refusal in the middle leaves the batch usable.
        let sign = |document| change(&contract.subject.key, ContractCommand::Sign { on: date(2012, 1, 15), document });
        assert_eq!(code(batch.execute(&register.operator, sign(paper("S"))).await), "contract.no_line");
        let add = Command::Line { number: contract.subject.key.clone(), command: LineCommand::Add(ten_pieces()) };
        batch.execute(&register.operator, add).await.unwrap();
        let gone = Document { content: Some(lost_hash), ..paper("S") };
        assert_eq!(code(batch.execute(&register.operator, sign(gone)).await), "document.not_held");
        let signed = batch
            .execute(&register.operator, sign(Document { content: Some(held), ..paper("S") }))
            .await
            .unwrap();
        assert_eq!((signed.version, signed.sequence), (2, contract.sequence + 2));
        for (media_type, bytes, expected) in [
            ("text/html", b"<script>".as_slice(), "document.media_type"),
            ("image/svg+xml", b"<svg>", "document.media_type"),
            ("application/pdf", b"", "document.empty"),
            ("application/pdf", &vec![0; 20 * 1024 * 1024 + 1], "document.too_large"),
        ] {
            assert_eq!(code(batch.keep_document(media_type, bytes).await), expected);
        }
        batch.commit().await.unwrap();
        let next = register.run(open("OFFICIAL")).await.unwrap();
        assert_eq!((next.subject.key.as_str(), next.sequence), ("O-2012-0002", signed.sequence + 1));
    }

    async fn a_contract_is_completed_when_everything_is(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let contract = register.contract("OFFICIAL").await;
        let delivery = register.hand_over(&format!("{contract}.1"), 10, date(2012, 3, 1)).await.unwrap();
        let complete = |on| change(&contract, ContractCommand::Complete { on, document: None });
        assert_eq!(code(register.run(complete(date(2012, 4, 1))).await), "contract.open_lines");
        register.accept(&delivery.subject.key, date(2012, 4, 2)).await.unwrap();
        assert_eq!(code(register.run(complete(date(2012, 4, 1))).await), "contract.order");
        register.run(complete(date(2012, 4, 2))).await.unwrap();
        let annul = DeliveryCommand::Annul { reason: "x".into() };
        assert_eq!(code(register.run(deliver(&delivery.subject.key, annul)).await), "state");
    }

    async fn recorded_time_never_goes_back(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let one = register.run(open("OFFICIAL")).await.unwrap();
        register.clock.set(instant("2012-09-30T11:00:00Z"));
        let two = register.run(open("OFFICIAL")).await.unwrap();
        assert_eq!(two.recorded_at.as_microsecond(), one.recorded_at.as_microsecond() + 1);
    }

    async fn a_newer_database_is_refused(database: TestDatabase) {
        Register::founded(&database).await.store.close().await;
        database.tamper("UPDATE setting SET value = '999' WHERE name = 'schema_version'").await;
        let options = StoreOptions {
            clock: std::sync::Arc::new(entente_store::SystemClock),
            entropy: std::sync::Arc::new(Entropy::seeded(1)),
        };
        let opened = Store::open(&database.url().parse().unwrap(), options).await;
        assert_eq!(code(opened.map(|_| ())), "database.newer");
    }

    async fn writers_that_wait_leave_room_for_readers(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let secret = register.contract("SECRET").await;
        let batch = register.store.batch().await.unwrap();
        let mut waiting = Vec::new();
        for _ in 0..20 {
            let (store, operator) = (register.store.clone(), register.operator.clone());
            waiting.push(tokio::spawn(async move { store.execute(&operator, open("OFFICIAL")).await }));
        }
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let read = async {
            let reader = register.store.reader(&register.operator, None, None).await.unwrap();
            assert_eq!(reader.partners().await.unwrap().len(), 2);
            // On SQLite there is one writer, and what is marked waits for it to be logged.
            if database.is_postgres() {
                reader.contract(&secret).await.unwrap();
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(3), read).await.unwrap();
        drop(batch);
        for writer in waiting {
            writer.await.unwrap().unwrap();
        }
    }

    async fn writers_take_turns(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let mut writers = Vec::new();
        for _ in 0..8 {
            let (store, operator) = (register.store.clone(), register.operator.clone());
            writers.push(tokio::spawn(async move {
                let mut sequences = Vec::new();
                for _ in 0..5 {
                    sequences.push(store.execute(&operator, open("OFFICIAL")).await.unwrap().sequence);
                }
                sequences
            }));
        }
        let mut sequences = Vec::new();
        for writer in writers {
            sequences.extend(writer.await.unwrap());
        }
        sequences.sort_unstable();
        let first = sequences[0];
        assert!(sequences.iter().zip(first..).all(|(a, b)| *a == b));
        assert_eq!(sequences.len(), 40);
    }
}
