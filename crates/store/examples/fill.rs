//! Fills a register with contracts, lines and deliveries in batches, and prints after each batch what
//! it has recorded. The crash test kills it; by hand it measures appending:
//!
//! ```text
//! cargo run --release -p entente-store --example fill -- sqlite:/tmp/fill.db 10000 50
//! ```
//!
//! Arguments: database, number of contracts (each with ten lines of ten deliveries, handed over and
//! accepted: 213 events), and contracts a batch.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a tool of the tests")]

use std::time::Instant;

use entente_register::access::Actor;
use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::line::{LineCommand, NewLine};
use entente_register::contract::{ContractCommand, ContractParty, NewContract, PartyRole};
use entente_register::document::Document;
use entente_register::label::{Clearance, Label, Level};
use entente_register::ledger::Refusal;
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::partner::PartnerCommand;
use entente_register::party::{NewParty, PartyKind};
use entente_store::{Batch, Error, Store, StoreOptions};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};

const PARTNERS: [&str; 6] = ["BRA", "CHN", "DZA", "IND", "VNM", "ZAF"];

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().unwrap();
    let contracts: usize = arguments.next().unwrap().parse().unwrap();
    let at_once: usize = arguments.next().unwrap().parse().unwrap();
    let store = Store::open(&url.parse().unwrap(), StoreOptions::system().unwrap()).await.unwrap();
    let operator = Actor::operator(Clearance::full());
    found(&store, &operator).await;

    let start = Instant::now();
    let mut done = 0;
    while done < contracts {
        let began = Instant::now();
        let mut batch = store.batch().await.unwrap();
        let size = at_once.min(contracts - done);
        let mut last = 0;
        for position in 0..size {
            last = contract(&mut batch, &operator, done + position).await;
        }
        batch.commit().await.unwrap();
        done += size;
        let rate = size as f64 * 213.0 / began.elapsed().as_secs_f64();
        println!("{last} events, {rate:.0} a second in this batch");
    }
    let rate = contracts as f64 * 213.0 / start.elapsed().as_secs_f64();
    println!("{rate:.0} events a second over all");
    store.close().await;
}

/// Founds the register, if that is not done yet.
async fn found(store: &Store, operator: &Actor) {
    match store.execute(operator, Command::Found { purpose: "demonstration".into() }).await {
        Err(Error::Refusal(Refusal { code: "ledger.founded", .. })) => return,
        founded => founded.unwrap(),
    };
    let mut batch = store.batch().await.unwrap();
    for code in PARTNERS {
        let partner = PartnerCommand::Register { code: code.into(), name: code.into() };
        batch.execute(operator, Command::Partner(partner)).await.unwrap();
    }
    for name in ["Example Works", "Ministry of Defence"] {
        let party = NewParty {
            name: name.into(),
            kind: PartyKind::Company,
            state: "RUS".into(),
            label: Label::of(Level::Official),
        };
        batch.execute(operator, Command::Party(party)).await.unwrap();
    }
    batch.commit().await.unwrap();
}

fn paper(title: &str, dated: Date) -> Document {
    Document { title: title.into(), dated, content: None }
}

/// One contract with everything under it. Gives the last sequence.
async fn contract(batch: &mut Batch, operator: &Actor, place: usize) -> i64 {
    let begin = date(2009, 1, 5) + i64::try_from(place % 900).unwrap().days();
    let new = NewContract {
        reference: format!("P/{place}"),
        title: format!("Contract {place} for patrol boats and their spares"),
        partner: PARTNERS[place % PARTNERS.len()].into(),
        parties: vec![
            ContractParty { party: "O-P0001".into(), role: PartyRole::Exporter },
            ContractParty { party: "O-P0002".into(), role: PartyRole::EndUser },
        ],
        currency: Currency::USD,
        label: Label::of(Level::Official),
        on: begin,
    };
    let open = Command::Contract { number: None, command: ContractCommand::Open(new) };
    let number = batch.execute(operator, open).await.unwrap().subject.key;
    let mut lines = Vec::new();
    for item in 1..=10 {
        let line = NewLine {
            reference: None,
            description: format!("Item {item}"),
            quantity: Quantity::whole(100),
            unit: Unit::Piece,
            unit_price: Money::new(125_000 + item, Currency::USD),
            category: "ML9.a".into(),
            manufacturer: None,
            due_on: begin + 400.days(),
            on: begin,
            document: None,
        };
        let add = Command::Line { number: number.clone(), command: LineCommand::Add(line) };
        lines.push(batch.execute(operator, add).await.unwrap().subject.key);
    }
    for command in [
        ContractCommand::Sign { on: begin, document: paper("Contract", begin) },
        ContractCommand::EnterIntoForce { on: begin + 10.days(), document: None },
    ] {
        batch.execute(operator, Command::Contract { number: Some(number.clone()), command }).await.unwrap();
    }
    let mut last = 0;
    for part in 0..10 {
        for line in &lines {
            let on = begin + (30 + part * 40).days();
            let hand_over = DeliveryCommand::HandOver {
                line: line.clone(),
                reference: None,
                quantity: Quantity::whole(10),
                on,
                document: paper("Bill of lading", on),
            };
            let command = Command::Delivery { number: None, command: hand_over };
            let delivery = batch.execute(operator, command).await.unwrap().subject.key;
            let on = on + 12.days();
            let accept = DeliveryCommand::Accept { on, document: paper("Acceptance certificate", on) };
            let command = Command::Delivery { number: Some(delivery), command: accept };
            last = batch.execute(operator, command).await.unwrap().sequence;
        }
    }
    last
}
