//! Random commands against one contract: whatever is asked, in whatever order, the sums stay sane.

#![allow(clippy::unwrap_used)] // The permission for tests does not reach their helper functions.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::access::{Actor, Role};
use entente_register::contract::closure::ClosureFacts;
use entente_register::contract::delivery::{Delivery, DeliveryCommand};
use entente_register::contract::line::{Line, LineChange, LineCommand, LineFacts, LineSums, NewLine};
use entente_register::contract::serial::SerialFacts;
use entente_register::contract::{
    Amendment, ClaimKind, ClaimSettlement, Contract, ContractCommand, ContractFacts, ContractParty, MACHINE,
    NewClaim, NewContract, PartyRole, decide, delivery, line,
};
use entente_register::document::Document;
use entente_register::label::{Clearance, Label, Level};
use entente_register::ledger::{Context, Fact, Fallible, NewEvent, SubjectKind};
use entente_register::money::{Currency, Money, Quantity, Unit};
use jiff::civil::{Date, date};
use proptest::prelude::*;

const NUMBER: &str = "O-2012-0001";

/// What is asked; small numbers stand for lines, deliveries and claims, there or not.
#[derive(Debug, Clone)]
enum Ask {
    Sign,
    EnterIntoForce,
    Suspend,
    Resume,
    Complete,
    Terminate,
    Amend { empty: bool },
    OpenClaim,
    SettleClaim(u32),
    Close,
    AddLine { quantity: i64, price: i64, euro: bool, papers: bool },
    AmendLine { line: u32, quantity: Option<i64>, price: Option<i64> },
    HandOver { line: u32, quantity: i64 },
    Accept(usize),
    Return(usize),
    Annul(usize),
}

fn ask() -> impl Strategy<Value = Ask> {
    let quantity =
        || prop_oneof![Just(0), Just(-1000), 1_i64..9_000, Just(1_000_000_000_000), Just(i64::MAX)];
    let price = || prop_oneof![Just(0), Just(-5), 1_i64..100_000, Just(200_000_000_000_000), Just(i64::MAX)];
    prop_oneof![
        2 => Just(Ask::Sign),
        3 => Just(Ask::EnterIntoForce),
        1 => Just(Ask::Suspend),
        2 => Just(Ask::Resume),
        2 => Just(Ask::Complete),
        1 => Just(Ask::Terminate),
        1 => any::<bool>().prop_map(|empty| Ask::Amend { empty }),
        1 => Just(Ask::OpenClaim),
        2 => (0_u32..4).prop_map(Ask::SettleClaim),
        1 => Just(Ask::Close),
        4 => (quantity(), price(), prop::bool::weighted(0.1), any::<bool>())
            .prop_map(|(quantity, price, euro, papers)| Ask::AddLine { quantity, price, euro, papers }),
        3 => (1_u32..5, prop::option::of(quantity()), prop::option::of(price()))
            .prop_map(|(line, quantity, price)| Ask::AmendLine { line, quantity, price }),
        14 => (1_u32..5, quantity()).prop_map(|(line, quantity)| Ask::HandOver { line, quantity }),
        10 => (0_usize..20).prop_map(Ask::Accept),
        3 => (0_usize..20).prop_map(Ask::Return),
        2 => (0_usize..20).prop_map(Ask::Annul),
    ]
}

/// The register of one contract, kept as the store keeps it.
#[derive(Debug, Clone, Default, PartialEq)]
struct Register {
    contract: Option<Contract>,
    lines: BTreeMap<String, (Line, LineSums)>,
    deliveries: Vec<Delivery>,
    last_act: Option<Date>,
}

fn context() -> Context {
    Context {
        actor: Actor {
            account: "officer".into(),
            name: "Officer".into(),
            roles: vec![Role::ContractOfficer],
            clearance: Clearance::full(),
            party: None,
        },
        now: "2012-12-31T12:00:00Z".parse().unwrap(),
        today: date(2012, 12, 31),
    }
}

fn document(on: Date) -> Document {
    Document { title: "A paper".into(), dated: on, content: None }
}

impl Register {
    fn opened() -> Register {
        let mut register = Register::default();
        let parties = [PartyRole::Exporter, PartyRole::EndUser]
            .map(|role| ContractParty { party: "O-P0001".into(), role })
            .to_vec();
        let new = NewContract {
            reference: "P/1".into(),
            title: "Patrol boats".into(),
            partner: "BRA".into(),
            parties,
            currency: Currency::USD,
            label: Label::of(Level::Official),
            on: date(2012, 1, 1),
        };
        let parties = [("O-P0001".to_owned(), Label::of(Level::Official))].into();
        let facts = ContractFacts { partner_exists: true, parties, ..ContractFacts::default() };
        for event in decide(None, NUMBER, &facts, &context(), ContractCommand::Open(new)).unwrap() {
            register.apply(&event);
        }
        register
    }

    fn decide(&self, ask: &Ask, on: Date) -> Fallible<Vec<NewEvent>> {
        let contract = self.contract.as_ref().unwrap();
        let (context, document) = (context(), document(on));
        let open: Vec<String> = self
            .lines
            .iter()
            .filter(|(_, (line, sums))| sums.accepted != line.quantity)
            .map(|(number, _)| number.clone())
            .collect();
        let facts = ContractFacts {
            partner_exists: true,
            parties: BTreeMap::new(),
            lines: self.lines.len(),
            closure: ClosureFacts { open_lines: open, last_act: self.last_act, ..ClosureFacts::default() },
            ..ContractFacts::default()
        };
        let reason = || "For a reason".to_owned();
        let of_contract = |command| decide(Some(contract), NUMBER, &facts, &context, command);
        let of_delivery = |position: &usize, command| match self.deliveries.get(*position) {
            Some(of) => delivery::decide(of, contract, &SerialFacts::default(), &context, command),
            None => Err(entente_register::ledger::Refusal::not_found("delivery", "of that number")),
        };
        let paper = Some(document.clone());
        match ask {
            Ask::Sign => of_contract(ContractCommand::Sign { on, document }),
            Ask::EnterIntoForce => of_contract(ContractCommand::EnterIntoForce { on, document: paper }),
            Ask::Suspend => of_contract(ContractCommand::Suspend { on, reason: reason() }),
            Ask::Resume => of_contract(ContractCommand::Resume { on, document: paper }),
            Ask::Complete => of_contract(ContractCommand::Complete { on, document: paper }),
            Ask::Terminate => {
                of_contract(ContractCommand::Terminate { on, reason: reason(), document: paper })
            }
            Ask::Amend { empty } => {
                let title = (!empty).then(|| "Patrol boats and spares".to_owned());
                let amendment = Amendment { title, parties: None, document };
                of_contract(ContractCommand::Amend { on, amendment, reason: reason() })
            }
            Ask::OpenClaim => of_contract(ContractCommand::OpenClaim(Box::new(NewClaim::of(
                on,
                ClaimKind::Quality,
                "Below pressure",
            )))),
            Ask::SettleClaim(claim) => of_contract(ContractCommand::SettleClaim(Box::new(ClaimSettlement {
                document: paper,
                ..ClaimSettlement::of(*claim, on, "Replaced")
            }))),
            Ask::Close => of_contract(ContractCommand::Close { on, document: paper }),
            Ask::AddLine { quantity, price, euro, papers } => {
                let number = format!("{NUMBER}.{}", self.lines.len() + 1);
                let currency = if *euro { "EUR".parse()? } else { Currency::USD };
                let new = NewLine {
                    reference: None,
                    description: "Patrol boat".into(),
                    quantity: Quantity(*quantity),
                    unit: Unit::Tonne,
                    unit_price: Money::new(*price, currency),
                    category: "ML9.a".into(),
                    manufacturer: None,
                    due_on: date(2012, 9, 30),
                    on,
                    document: paper.filter(|_| *papers),
                };
                let sums = LineSums::default();
                line::decide(
                    None,
                    &sums,
                    contract,
                    &number,
                    &LineFacts::default(),
                    &context,
                    LineCommand::Add(new),
                )
            }
            Ask::AmendLine { line: position, quantity, price } => {
                let number = format!("{NUMBER}.{position}");
                let state = self.lines.get(&number);
                let change = LineChange {
                    quantity: quantity.map(Quantity),
                    unit_price: price.map(|p| Money::new(p, Currency::USD)),
                    due_on: None,
                    basis: None,
                };
                let command = LineCommand::Amend { on, change, document, reason: reason() };
                let sums = state.map(|s| s.1).unwrap_or_default();
                line::decide(
                    state.map(|s| &s.0),
                    &sums,
                    contract,
                    &number,
                    &LineFacts::default(),
                    &context,
                    command,
                )
            }
            Ask::HandOver { line, quantity } => {
                let number = format!("{NUMBER}.{line}");
                let Some((line, sums)) = self.lines.get(&number) else {
                    return Err(entente_register::ledger::Refusal::not_found("line", &number));
                };
                let delivery = format!("{number}.{}", self.deliveries.len() + 1);
                let what = (Quantity(*quantity), on, document);
                delivery::hand_over(contract, line, sums, &delivery, &context, (None, false), what)
            }
            Ask::Accept(of) => of_delivery(of, DeliveryCommand::Accept { on, document }),
            Ask::Return(of) => {
                of_delivery(of, DeliveryCommand::Return { on, reason: reason(), document: paper })
            }
            Ask::Annul(of) => of_delivery(of, DeliveryCommand::Annul { reason: reason() }),
        }
    }

    fn apply(&mut self, event: &NewEvent) {
        // What is folded is what would be read back from the ledger.
        let kind = event.fact.kind();
        let fact = Fact::decode(kind, &event.fact.payload().unwrap()).unwrap();
        assert_eq!(fact, event.fact);
        let (subject, on) = (&event.subject, event.occurred_on);
        match subject.kind {
            SubjectKind::Contract => {
                Contract::apply(&mut self.contract, subject, on, &event.label, &fact);
            }
            SubjectKind::Line => {
                let (state, sums) = self.lines.remove(&subject.key).unzip();
                let mut state = state;
                Line::apply(&mut state, subject, on, &fact);
                self.lines.insert(subject.key.clone(), (state.unwrap(), sums.unwrap_or_default()));
            }
            SubjectKind::Delivery => {
                let position = self.deliveries.iter().position(|d| d.number == subject.key);
                let mut state = position.map(|p| self.deliveries.remove(p));
                Delivery::apply(&mut state, subject, on, &fact);
                let state = state.unwrap();
                self.sum(&state, &fact);
                self.deliveries.insert(position.unwrap_or(self.deliveries.len()), state);
                self.last_act = self.last_act.max(Some(on));
            }
            other => panic!("{other:?}"),
        }
    }

    fn sum(&mut self, delivery: &Delivery, fact: &Fact) {
        let sums = &mut self.lines.get_mut(&delivery.line).unwrap().1;
        sums.deliveries += i64::from(matches!(fact, Fact::DeliveryHandedOver(_)));
        let mut handed_over = |sign: i64| {
            sums.handed_over.0 += sign * delivery.quantity.0;
            sums.handed_over_amount += sign * delivery.amount.minor;
        };
        match fact {
            Fact::DeliveryHandedOver(_) => handed_over(1),
            Fact::DeliveryReturned(_) | Fact::DeliveryAnnulled(_) => handed_over(-1),
            _ => {}
        }
        let accepted = match fact {
            Fact::DeliveryAccepted(_) => 1,
            Fact::DeliveryAnnulled(_) if delivery.accepted_on.is_some() => -1,
            _ => 0,
        };
        sums.accepted.0 += accepted * delivery.quantity.0;
        sums.accepted_amount += accepted * delivery.amount.minor;
    }

    /// What holds of every register, whatever was asked of it.
    fn check(&self) {
        for (number, (line, sums)) in &self.lines {
            assert!(line.quantity.0 > 0 && line.amount.minor >= 0);
            assert!(sums.handed_over <= line.quantity, "{number}: more handed over than ordered");
            assert!(sums.accepted <= sums.handed_over && sums.accepted.0 >= 0);
            assert!(sums.handed_over_amount <= line.amount.minor, "{number}: worth more than its price");
            assert!(sums.accepted_amount <= sums.handed_over_amount && sums.accepted_amount >= 0);
            if sums.handed_over == line.quantity {
                assert_eq!(sums.handed_over_amount, line.amount.minor, "{number}: not the whole price");
            }
            // A line of which nothing is delivered has been paid for nothing.
            assert!(sums.handed_over.0 > 0 || sums.handed_over_amount == 0);
            let standing = || {
                self.deliveries
                    .iter()
                    .filter(|d| d.line == *number && d.state != "returned" && d.state != "annulled")
            };
            assert_eq!(standing().map(|d| d.quantity.0).sum::<i64>(), sums.handed_over.0);
            assert_eq!(standing().map(|d| d.amount.minor).sum::<i64>(), sums.handed_over_amount);
        }
        for delivery in &self.deliveries {
            assert!(delivery.amount.minor >= 0 && delivery.quantity.0 > 0);
            assert!(delivery.accepted_on.is_none_or(|on| on >= delivery.handed_over_on));
            assert!(delivery::MACHINE.states().contains(&delivery.state));
        }
        let numbers: BTreeSet<_> = self.deliveries.iter().map(|d| &d.number).collect();
        assert_eq!(numbers.len(), self.deliveries.len());
        let contract = self.contract.as_ref().unwrap();
        assert!(MACHINE.states().contains(&contract.state));
        if contract.state == "completed" {
            assert!(self.lines.values().all(|(line, sums)| sums.accepted == line.quantity));
        }
        // What was delivered may be claimed about until the contract is closed, and not after.
        if contract.state == "closed" {
            assert!(contract.claims.iter().all(|c| c.settled_on.is_some()));
        }
        if !self.deliveries.is_empty() {
            assert!(contract.in_force_on.is_some(), "nothing is handed over before a contract is in force");
        }
        assert!(contract.claims.iter().zip(1..).all(|(c, n)| c.number() == n));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn sums_stay_sane(asked in prop::collection::vec((ask(), 0_i64..12), 1..120)) {
        let mut register = Register::opened();
        let mut days = 0_i64;
        for (ask, step) in asked {
            // Mostly onward in the year, now and then back, and at last beyond today.
            days += if step < 8 { step } else { -step };
            let on = date(2012, 1, 1).checked_add(jiff::Span::new().days(days.clamp(-30, 400))).unwrap();
            let before = register.clone();
            match register.decide(&ask, on) {
                Ok(events) => {
                    prop_assert!(!events.is_empty());
                    for event in &events {
                        prop_assert!(event.occurred_on <= context().today);
                        register.apply(event);
                    }
                }
                Err(refusal) => {
                    prop_assert!(!refusal.code.is_empty() && !refusal.message.is_empty());
                    prop_assert!(
                        refusal.missing.as_ref().is_some_and(|m| !m.is_empty()),
                        "{} names no missing condition", refusal.code
                    );
                    prop_assert_eq!(&register, &before);
                }
            }
            register.check();
        }
    }
}

/// The random walk is worth nothing if it never gets anywhere.
#[test]
fn a_contract_can_be_carried_out_to_its_end() {
    let mut register = Register::opened();
    let steps = [
        (Ask::AddLine { quantity: 3_000, price: 33_333, euro: false, papers: false }, 1),
        (Ask::Sign, 2),
        (Ask::EnterIntoForce, 3),
        (Ask::HandOver { line: 1, quantity: 1_500 }, 4),
        (Ask::Accept(0), 5),
        (Ask::AmendLine { line: 1, quantity: None, price: Some(50_001) }, 6),
        (Ask::HandOver { line: 1, quantity: 1_500 }, 7),
        (Ask::Return(1), 8),
        (Ask::HandOver { line: 1, quantity: 700 }, 9),
        (Ask::HandOver { line: 1, quantity: 800 }, 9),
        (Ask::Accept(2), 10),
        (Ask::Accept(3), 10),
        (Ask::OpenClaim, 11),
        (Ask::SettleClaim(1), 12),
        (Ask::Complete, 13),
    ];
    for (ask, day) in steps {
        let events = register.decide(&ask, date(2012, 3, day)).unwrap_or_else(|e| panic!("{ask:?}: {e}"));
        events.iter().for_each(|event| register.apply(event));
        register.check();
    }
    assert_eq!(register.contract.as_ref().unwrap().state, "completed");
    // 1.5 × 333.33 = 499.995 → 500.00; 1.5 × 500.01 = 750.015 → 750.02, whatever the parts are rounded to.
    let (line, sums) = &register.lines[&format!("{NUMBER}.1")];
    assert_eq!((line.amount.minor, sums.accepted_amount), (125_002, 125_002));
}

/// A price that nobody agreed for what is owed again is not made up.
#[test]
fn a_delivery_at_an_earlier_price_that_falls_away_leaves_the_price_open() {
    let line = |quantity| Ask::HandOver { line: 1, quantity };
    let price = |price| Ask::AmendLine { line: 1, quantity: None, price: Some(price) };
    for fall_away in [Ask::Return(0), Ask::Annul(0)] {
        let mut register = Register::opened();
        let carry_out = |register: &mut Register, ask: Ask, day| -> Result<(), &'static str> {
            let events = register.decide(&ask, date(2012, 3, day)).map_err(|refusal| refusal.code)?;
            events.iter().for_each(|event| register.apply(event));
            register.check();
            Ok(())
        };
        for ask in [
            Ask::AddLine { quantity: 10_000, price: 10_000, euro: false, papers: false },
            Ask::Sign,
            Ask::EnterIntoForce,
            line(4_000),
            price(20_000),
            line(1_000),
            fall_away,
        ] {
            carry_out(&mut register, ask, 1).unwrap();
        }
        for quantity in [1_000, 9_000] {
            assert_eq!(carry_out(&mut register, line(quantity), 2), Err("delivery.price_open"));
        }
        // The parties say that what is owed again has the new price; then the parts sum to the whole.
        carry_out(&mut register, price(20_000), 3).unwrap();
        for quantity in [1_000, 3_000, 5_000] {
            carry_out(&mut register, line(quantity), 4).unwrap();
        }
        let (line, sums) = &register.lines[&format!("{NUMBER}.1")];
        assert_eq!((line.amount.minor, sums.handed_over_amount), (200_000, 200_000));
        let amounts: Vec<i64> = register.deliveries.iter().skip(2).map(|d| d.amount.minor).collect();
        assert_eq!(amounts, [20_000, 60_000, 100_000]);
    }
}

#[test]
fn nothing_is_handed_over_before_its_line_was_agreed() {
    let mut register = Register::opened();
    for (ask, day) in [
        (Ask::AddLine { quantity: 1_000, price: 100, euro: false, papers: false }, 1),
        (Ask::Sign, 2),
        (Ask::EnterIntoForce, 2),
        (Ask::AddLine { quantity: 1_000, price: 100, euro: false, papers: true }, 9),
    ] {
        let events = register.decide(&ask, date(2012, 3, day)).unwrap();
        events.iter().for_each(|event| register.apply(event));
    }
    let early = register.decide(&Ask::HandOver { line: 2, quantity: 500 }, date(2012, 3, 8)).unwrap_err();
    assert_eq!((early.code, early.field.as_deref()), ("delivery.before_line", Some("on")));
    assert!(register.decide(&Ask::HandOver { line: 2, quantity: 500 }, date(2012, 3, 9)).is_ok());
}
