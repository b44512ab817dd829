//! A small register for the tests of the store.

#![allow(dead_code)] // Each test binary uses its part.

pub(crate) mod history;
pub(crate) mod transfer;

use std::sync::Arc;

use entente_register::access::AccountCommand;
use entente_register::access::{Actor, NewAccount, Role};
use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::line::{LineCommand, NewLine};
use entente_register::contract::plan::{PlanCommand, PlanItem, PlanVersion};
use entente_register::contract::{ContractCommand, ContractParty, NewContract, PartyRole};
use entente_register::document::Document;
use entente_register::label::{Clearance, Label, Level};
use entente_register::ledger::Refusal;
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::partner::PartnerCommand;
use entente_register::party::{NewParty, PartyKind};
use entente_store::{Entropy, Error, ManualClock, Outcome, Receipt, Store, StoreOptions};
use entente_testing::TestDatabase;
use jiff::Timestamp;
use jiff::civil::{Date, date};

/// A store with a clock that the test sets.
pub(crate) struct Register {
    pub(crate) store: Store,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) operator: Actor,
    pub(crate) chair: Actor,
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn paper(title: &str) -> Document {
    Document { title: title.to_owned(), dated: date(2012, 1, 1), content: None }
}

pub(crate) fn usd(units: i64) -> Money {
    Money::new(units * 100, Currency::USD)
}

pub(crate) fn label(text: &str) -> Label {
    text.parse().unwrap()
}

/// An actor that stands in no ledger: rights are asked of the actor given.
pub(crate) fn actor(account: &str, role: Role, clearance: Clearance) -> Actor {
    Actor { account: account.into(), name: account.into(), roles: vec![role], clearance, party: None }
}

/// The code of the refusal; anything else fails the test.
#[track_caller]
pub(crate) fn code<T: std::fmt::Debug>(outcome: Outcome<T>) -> &'static str {
    refusal(outcome).code
}

#[track_caller]
pub(crate) fn refusal<T: std::fmt::Debug>(outcome: Outcome<T>) -> Refusal {
    match outcome {
        Err(Error::Refusal(refusal)) => refusal,
        other => panic!("a refusal was expected, not {other:?}"),
    }
}

impl Register {
    /// A register that is not founded.
    pub(crate) async fn empty(database: &TestDatabase) -> Register {
        Register::open(database.url()).await
    }

    /// A register as it is.
    pub(crate) async fn open(url: &str) -> Register {
        let clock = Arc::new(ManualClock::at(instant("2012-09-30T12:00:00Z")));
        let options = StoreOptions { clock: clock.clone(), entropy: Arc::new(Entropy::seeded(1)) };
        let store = Store::open(&url.parse().unwrap(), options).await.unwrap();
        let operator = Actor::operator(Clearance::full());
        let chair = actor("chair", Role::Chair, Clearance::full());
        Register { store, clock, operator, chair }
    }

    /// A register with two partners, two parties, and an account.
    pub(crate) async fn founded(database: &TestDatabase) -> Register {
        let register = Register::empty(database).await;
        register.found().await;
        register
    }

    /// Founds the register with two partners, two parties, and an account.
    pub(crate) async fn found(&self) {
        let register = self;
        register.run(Command::Found { purpose: "register".into() }).await.unwrap();
        for (code, name) in [("BRA", "Brazil"), ("IND", "India")] {
            let command = PartnerCommand::Register { code: code.into(), name: name.into() };
            register.run(Command::Partner(command)).await.unwrap();
        }
        let group = PartnerCommand::RegisterGroup { code: "BRICS".into(), name: "BRICS".into() };
        register.run(Command::Partner(group)).await.unwrap();
        let admit =
            PartnerCommand::Admit { group: "BRICS".into(), state: "BRA".into(), on: date(2009, 6, 16) };
        register.run(Command::Partner(admit)).await.unwrap();
        // Public, so that contracts of every marking may name them.
        for (name, state) in [("Example Works", "RUS"), ("Ministry of Defence", "BRA")] {
            register.run(Command::Party(party(name, state, "PUBLIC"))).await.unwrap();
        }
        let account = NewAccount {
            account: "m.ivanova".into(),
            name: "M. Ivanova".into(),
            roles: vec![Role::Secretary],
            clearance: Clearance::of(Level::Secret),
            party: None,
        };
        let open = AccountCommand::Open(account);
        register.run(Command::Account { account: "m.ivanova".into(), command: open }).await.unwrap();
    }

    pub(crate) async fn run(&self, command: Command) -> Outcome<Receipt> {
        // Boxed: without optimisation, a test that runs many would not fit on its stack.
        Box::pin(self.store.execute(&self.operator, command)).await
    }

    /// A contract in force from 2012-02-01 with one line of ten pieces at 100.00 USD, due on 2012-06-30.
    pub(crate) async fn contract(&self, marking: &str) -> String {
        let number = self.run(open(marking)).await.unwrap().subject.key;
        self.run(Command::Line { number: number.clone(), command: LineCommand::Add(ten_pieces()) })
            .await
            .unwrap();
        for command in [
            ContractCommand::Sign { on: date(2012, 1, 15), document: paper("Contract") },
            ContractCommand::EnterIntoForce { on: date(2012, 2, 1), document: None },
        ] {
            self.run(Command::Contract { number: Some(number.clone()), command }).await.unwrap();
        }
        number
    }

    pub(crate) async fn hand_over(&self, line: &str, pieces: i64, on: Date) -> Outcome<Receipt> {
        self.run(Command::Delivery {
            number: None,
            command: DeliveryCommand::HandOver {
                line: line.into(),
                reference: None,
                quantity: Quantity::whole(pieces),
                on,
                document: paper("Waybill"),
            },
        })
        .await
    }

    pub(crate) async fn accept(&self, delivery: &str, on: Date) -> Outcome<Receipt> {
        let command = DeliveryCommand::Accept { on, document: paper("Certificate") };
        self.run(Command::Delivery { number: Some(delivery.into()), command }).await
    }

    /// A plan version with one item of a line, not yet approved.
    pub(crate) async fn plan(&self, line: &str) -> PlanVersion {
        let command = PlanCommand::Draft { year: 2012, currency: Currency::USD };
        let key = self.run(Command::Plan { version: None, command }).await.unwrap().subject.key;
        let version = PlanVersion::from_key(&key).unwrap();
        self.run(plan_items(version, line)).await.unwrap();
        version
    }
}

pub(crate) fn plan_items(version: PlanVersion, line: &str) -> Command {
    let item = PlanItem { line: line.into(), planned_on: date(2012, 5, 31), amount: "500.00".into() };
    Command::Plan { version: Some(version), command: PlanCommand::AddItems { items: vec![item] } }
}

pub(crate) fn party(name: &str, state: &str, marking: &str) -> NewParty {
    NewParty { name: name.into(), kind: PartyKind::Company, state: state.into(), label: label(marking) }
}

pub(crate) fn new_contract(marking: &str) -> NewContract {
    NewContract {
        reference: "P/1".into(),
        title: "Patrol boats".into(),
        partner: "BRA".into(),
        parties: vec![
            ContractParty { party: "P-P0001".into(), role: PartyRole::Exporter },
            ContractParty { party: "P-P0002".into(), role: PartyRole::EndUser },
        ],
        currency: Currency::USD,
        label: label(marking),
        on: date(2012, 1, 10),
    }
}

pub(crate) fn open(marking: &str) -> Command {
    Command::Contract { number: None, command: ContractCommand::Open(new_contract(marking)) }
}

pub(crate) fn ten_pieces() -> NewLine {
    NewLine {
        reference: None,
        description: "Patrol boat".into(),
        quantity: Quantity::whole(10),
        unit: Unit::Piece,
        unit_price: usd(100),
        category: "ML9.a".into(),
        manufacturer: None,
        due_on: date(2012, 6, 30),
        on: date(2012, 1, 10),
        document: None,
    }
}
