//! Several people at the same moment: what one of them gets, and what the others are told.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::{Amendment, ContractCommand};
use entente_store::Request;
use entente_testing::{TestDatabase, on_both};
use jiff::civil::date;
use support::*;

/// People who ask at the same moment.
const PEOPLE: usize = 12;

on_both! {
    async fn of_two_officers_the_second_is_told_what_the_first_changed(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let contract = register.contract("OFFICIAL").await;
        let asked = (0..PEOPLE).map(|officer| {
            let command = ContractCommand::Amend {
                on: date(2012, 5, 1),
                amendment: Amendment { title: Some(format!("Boats {officer}")), parties: None, document: paper("A") },
                reason: "agreed".into(),
            };
            let command = Command::Contract { number: Some(contract.clone()), command };
            let request = Request { command, expected_version: Some(3), idempotency_key: None };
            let (store, operator) = (register.store.clone(), register.operator.clone());
            tokio::spawn(async move { store.execute(&operator, request).await })
        });
        let mut done = 0;
        for asked in asked.collect::<Vec<_>>() {
            match asked.await.unwrap() {
                Ok(receipt) => {
                    assert_eq!(receipt.version, 4);
                    done += 1;
                }
                refused => {
                    let refusal = refusal(refused);
                    assert_eq!(refusal.code, "conflict");
                    let since = "you saw version 3, it is now at version 4. Since then: version 4, contract amended (";
                    // What was changed, and by whom.
                    for said in [since, "title “Boats ", "document title “A”", "), by operator at "] {
                        assert!(refusal.message.contains(said), "{said}: {}", refusal.message);
                    }
                }
            }
        }
        assert_eq!(done, 1);
    }

    async fn the_last_pieces_of_a_line_are_handed_over_and_accepted_once(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let contract = register.contract("OFFICIAL").await;
        let line = format!("{contract}.1");
        register.hand_over(&line, 7, date(2012, 3, 1)).await.unwrap();
        // Three of ten are left, and each asks for all three.
        let asked = (0..PEOPLE).map(|_| {
            let hand_over = Command::Delivery {
                number: None,
                command: DeliveryCommand::HandOver {
                    line: line.clone(),
                    reference: None,
                    quantity: entente_register::money::Quantity::whole(3),
                    on: date(2012, 3, 2),
                    document: paper("Waybill"),
                },
            };
            let (store, operator) = (register.store.clone(), register.operator.clone());
            tokio::spawn(async move { store.execute(&operator, hand_over).await })
        });
        let mut handed_over = Vec::new();
        for asked in asked.collect::<Vec<_>>() {
            match asked.await.unwrap() {
                Ok(receipt) => handed_over.push(receipt.subject.key),
                refused => assert_eq!(code(refused), "delivery.beyond_line"),
            }
        }
        let [delivery] = handed_over.as_slice() else { panic!("{handed_over:?}") };
        let asked = (0..PEOPLE).map(|_| {
            let accept = Command::Delivery {
                number: Some(delivery.clone()),
                command: DeliveryCommand::Accept { on: date(2012, 3, 5), document: paper("Acceptance") },
            };
            let (store, operator) = (register.store.clone(), register.operator.clone());
            tokio::spawn(async move { store.execute(&operator, accept).await })
        });
        let mut accepted = 0;
        for asked in asked.collect::<Vec<_>>() {
            match asked.await.unwrap() {
                Ok(_) => accepted += 1,
                refused => assert_eq!(code(refused), "state"),
            }
        }
        assert_eq!(accepted, 1);
    }
}
