//! Random commands against the money of one contract: whatever is asked, in whatever order, the sums stay sane.

#![allow(clippy::unwrap_used)] // The permission for tests does not reach their helper functions.

use std::collections::BTreeMap;

use entente_register::access::{Actor, Role};
use entente_register::contract::Contract;
use entente_register::document::Document;
use entente_register::label::{Clearance, Label, Level};
use entente_register::ledger::{Context, Fact, Fallible, NewEvent, SubjectKind};
use entente_register::money::{Currency, Money};
use entente_register::payment::{
    Allocation, DueRule, Instalment, InstalmentChange, InstalmentCommand, InstalmentFacts, InstalmentKind,
    NewInstalment, NewReceipt, OpenInstalment, Receipt, ReceiptCommand, ReceiptFacts, Schedule,
    ScheduleCommand, ScheduleFacts, instalment, receipt, schedule,
};
use jiff::civil::{Date, date};
use proptest::prelude::*;

const NUMBER: &str = "O-2012-0001";

/// The value of the contract in cents.
const VALUE: i64 = 1_000;

/// What is asked; small numbers stand for instalments and receipts, there or not.
#[derive(Debug, Clone)]
enum Ask {
    Schedule { amount: i64, secret: bool },
    Amend { instalment: usize, amount: i64 },
    Withdraw(usize),
    AnnulInstalment(usize),
    Complete,
    Reopen,
    Receive { amount: i64, pays: Vec<(usize, i64)> },
    Allocate { receipt: usize, pays: Vec<(usize, i64)> },
    AnnulReceipt(usize),
}

fn ask() -> impl Strategy<Value = Ask> {
    let amount = || prop_oneof![Just(0), Just(-5), 1_i64..600, Just(VALUE), Just(i64::MAX)];
    let pays = || prop::collection::vec((0_usize..6, amount()), 0..3);
    prop_oneof![
        6 => (amount(), prop::bool::weighted(0.15)).prop_map(|(amount, secret)| Ask::Schedule { amount, secret }),
        3 => (0_usize..6, amount()).prop_map(|(instalment, amount)| Ask::Amend { instalment, amount }),
        1 => (0_usize..6).prop_map(Ask::Withdraw),
        1 => (0_usize..6).prop_map(Ask::AnnulInstalment),
        2 => Just(Ask::Complete),
        1 => Just(Ask::Reopen),
        6 => (amount(), pays()).prop_map(|(amount, pays)| Ask::Receive { amount, pays }),
        3 => (0_usize..6, pays()).prop_map(|(receipt, pays)| Ask::Allocate { receipt, pays }),
        2 => (0_usize..6).prop_map(Ask::AnnulReceipt),
    ]
}

fn label() -> Label {
    Label::of(Level::Official)
}

fn contract() -> Contract {
    Contract {
        number: NUMBER.into(),
        partner: "BRA".into(),
        parties: Vec::new(),
        title: "Patrol boats".into(),
        currency: Currency::USD,
        label: label(),
        state: "in_force",
        in_force_on: Some(date(2012, 2, 1)),
        last_on: date(2012, 2, 1),
        suspensions: Vec::new(),
        claims: Vec::new(),
        terms: Default::default(),
    }
}

fn context() -> Context {
    let actor = Actor {
        account: "officer".into(),
        name: "Officer".into(),
        roles: vec![Role::ContractOfficer],
        clearance: Clearance::full(),
        party: None,
    };
    Context { actor, now: "2012-09-30T12:00:00Z".parse().unwrap(), today: date(2012, 9, 30) }
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn paper() -> Document {
    Document { title: "Paper".into(), dated: date(2012, 3, 1), content: None }
}

const ON: Date = date(2012, 3, 1);

/// The money of one contract, kept as the store keeps it.
#[derive(Debug, Default)]
struct Register {
    schedule: Schedule,
    instalments: Vec<Instalment>,
    receipts: Vec<Receipt>,
}

impl Register {
    fn received(&self, instalment: &str) -> i64 {
        let standing = self.receipts.iter().filter(|receipt| receipt.state == "recorded");
        let parts = standing.flat_map(|receipt| &receipt.allocations);
        parts.filter(|part| part.instalment == instalment).map(|part| part.amount.minor).sum()
    }

    fn scheduled(&self) -> impl Iterator<Item = &Instalment> {
        self.instalments.iter().filter(|one| one.state == "scheduled")
    }

    fn number(&self, position: usize) -> String {
        self.instalments.get(position).map_or_else(|| format!("{NUMBER}.I99"), |one| one.number.clone())
    }

    fn allocations(&self, pays: &[(usize, i64)]) -> Vec<Allocation> {
        pays.iter()
            .map(|(position, minor)| Allocation { instalment: self.number(*position), amount: usd(*minor) })
            .collect()
    }

    fn receipt_facts(&self) -> ReceiptFacts {
        let instalments: BTreeMap<_, _> = self
            .instalments
            .iter()
            .map(|one| {
                let open = OpenInstalment { instalment: one.clone(), received: self.received(&one.number) };
                (one.number.clone(), open)
            })
            .collect();
        ReceiptFacts { instalments, signed_on: Some(date(2012, 1, 15)), ..ReceiptFacts::default() }
    }

    fn on_instalment(&self, position: Option<usize>, command: InstalmentCommand) -> Fallible<Vec<NewEvent>> {
        let next = format!("{NUMBER}.I{}", self.instalments.len() + 1);
        let number = position.map_or(next, |position| self.number(position));
        let facts = InstalmentFacts {
            schedule: self.schedule.clone(),
            received: self.received(&number),
            ..InstalmentFacts::default()
        };
        let state = position.and_then(|position| self.instalments.get(position));
        instalment::decide(state, &contract(), &number, &facts, &context(), command)
    }

    fn on_receipt(&self, position: Option<usize>, command: ReceiptCommand) -> Fallible<Vec<NewEvent>> {
        let next = format!("{NUMBER}.R{}", self.receipts.len() + 1);
        let state = position.and_then(|position| self.receipts.get(position));
        let number = state.map_or(next, |one| one.number.clone());
        if position.is_some() && state.is_none() {
            return receipt::decide(None, &contract(), &number, &self.receipt_facts(), &context(), command);
        }
        receipt::decide(state, &contract(), &number, &self.receipt_facts(), &context(), command)
    }

    fn decide(&self, ask: &Ask) -> Fallible<Vec<NewEvent>> {
        let reason = || "agreed".to_owned();
        match ask {
            Ask::Schedule { amount, secret } => {
                let new = NewInstalment {
                    reference: None,
                    kind: InstalmentKind::Advance,
                    amount: usd(*amount),
                    due: DueRule::AfterSignature { days: 30 },
                    lender: None,
                    bank: None,
                    label: secret.then(|| Label::of(Level::Secret)),
                    on: ON,
                    document: None,
                };
                self.on_instalment(None, InstalmentCommand::Schedule(Box::new(new)))
            }
            Ask::Amend { instalment, amount } => {
                let change = InstalmentChange { amount: Some(usd(*amount)), ..InstalmentChange::default() };
                let command =
                    InstalmentCommand::Amend { on: ON, change, document: paper(), reason: reason() };
                self.on_instalment(Some(*instalment), command)
            }
            Ask::Withdraw(position) => {
                self.on_instalment(Some(*position), InstalmentCommand::Withdraw { on: ON, reason: reason() })
            }
            Ask::AnnulInstalment(position) => {
                self.on_instalment(Some(*position), InstalmentCommand::Annul { reason: reason() })
            }
            Ask::Complete | Ask::Reopen => {
                let facts = ScheduleFacts {
                    instalments: u32::try_from(self.scheduled().count()).unwrap(),
                    scheduled: self.scheduled().map(|one| one.amount.minor).sum(),
                    label: self.scheduled().map(|one| one.label.clone()).reduce(|a, b| a.join(&b)),
                    value: VALUE,
                };
                let command = match ask {
                    Ask::Complete => ScheduleCommand::Complete { on: ON },
                    _ => ScheduleCommand::Reopen { on: ON, reason: reason() },
                };
                schedule::decide(&self.schedule, &contract(), &facts, &context(), command)
            }
            Ask::Receive { amount, pays } => {
                let new = NewReceipt {
                    reference: None,
                    on: ON,
                    amount: usd(*amount),
                    basis: None,
                    bank: None,
                    document: paper(),
                    allocations: self.allocations(pays),
                };
                self.on_receipt(None, ReceiptCommand::Record(Box::new(new)))
            }
            Ask::Allocate { receipt, pays } => {
                let allocations = self.allocations(pays);
                self.on_receipt(Some(*receipt), ReceiptCommand::Allocate { allocations })
            }
            Ask::AnnulReceipt(position) => {
                self.on_receipt(Some(*position), ReceiptCommand::Annul { reason: reason() })
            }
        }
    }

    /// Folds an event, read back from its bytes as a later program reads it.
    fn apply(&mut self, event: &NewEvent) {
        let fact = Fact::decode(event.fact.kind(), &event.fact.payload().unwrap()).unwrap();
        assert_eq!(fact, event.fact);
        let (subject, on) = (&event.subject, event.occurred_on);
        match subject.kind {
            SubjectKind::Schedule => self.schedule.apply(on, &fact),
            SubjectKind::Instalment => {
                let place = self.instalments.iter().position(|one| one.number == subject.key);
                let mut state = place.map(|place| self.instalments[place].clone());
                Instalment::apply(&mut state, subject, on, &event.label, &fact);
                match place {
                    Some(place) => self.instalments[place] = state.unwrap(),
                    None => self.instalments.push(state.unwrap()),
                }
            }
            _ => {
                let place = self.receipts.iter().position(|one| one.number == subject.key);
                let mut state = place.map(|place| self.receipts[place].clone());
                Receipt::apply(&mut state, subject, on, &event.label, &fact);
                match place {
                    Some(place) => self.receipts[place] = state.unwrap(),
                    None => self.receipts.push(state.unwrap()),
                }
            }
        }
    }

    fn check(&self) {
        for one in &self.instalments {
            let received = self.received(&one.number);
            assert!((0..=one.amount.minor).contains(&received), "{}: {received}", one.number);
            assert!(one.state == "scheduled" || received == 0, "{} is {} and paid", one.number, one.state);
            assert!(one.label.dominates(&label()));
        }
        for one in &self.receipts {
            assert!((0..=one.value.minor).contains(&one.unallocated()), "{}", one.number);
            for part in &one.allocations {
                let paid = self.instalments.iter().find(|i| i.number == part.instalment).unwrap();
                assert_eq!(paid.label, one.label, "{} pays what is marked otherwise", one.number);
            }
        }
        if self.schedule.complete {
            assert_eq!(self.scheduled().map(|one| one.amount.minor).sum::<i64>(), VALUE);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_asked_the_sums_stay_sane(asks in prop::collection::vec(ask(), 1..60)) {
        let mut register = Register::default();
        for ask in &asks {
            match register.decide(ask) {
                Ok(events) => {
                    prop_assert!(!events.is_empty());
                    for event in &events {
                        register.apply(event);
                    }
                    register.check();
                }
                Err(refusal) => {
                    prop_assert!(refusal.missing.as_ref().is_some_and(|m| m.len() > 5), "{ask:?}: {refusal:?}");
                }
            }
        }
    }
}

/// What the random histories reach, so that none of them passes by doing nothing.
#[test]
fn a_schedule_is_filled_completed_and_paid() {
    let mut register = Register::default();
    for ask in [
        Ask::Schedule { amount: 400, secret: false },
        Ask::Schedule { amount: 600, secret: false },
        Ask::Complete,
        Ask::Receive { amount: 700, pays: vec![(0, 400), (1, 200)] },
        Ask::Allocate { receipt: 0, pays: vec![(1, 100)] },
        Ask::Receive { amount: 300, pays: vec![(1, 300)] },
    ] {
        for event in register.decide(&ask).unwrap() {
            register.apply(&event);
        }
        register.check();
    }
    assert_eq!(register.receipts.iter().map(Receipt::unallocated).collect::<Vec<_>>(), [0, 0]);
    let code = |ask: &Ask| register.decide(ask).unwrap_err().code;
    assert_eq!(code(&Ask::Receive { amount: 1, pays: vec![(0, 1)] }), "receipt.beyond_instalment");
    assert_eq!(code(&Ask::Amend { instalment: 0, amount: 300 }), "schedule.complete");
    assert_eq!(code(&Ask::AnnulReceipt(7)), "not_found");
}
