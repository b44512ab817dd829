//! What a contract says of claims, warranties and serial numbers, and what it asks for before it is completed and
//! closed.
#![allow(clippy::unwrap_used)] // A test’s helpers are tests too.

use entente_register::access::{Actor, Role};
use entente_register::contract::closure::{ClosureFacts, closing, completion};
use entente_register::contract::delivery::{self, Delivery, DeliveryCommand};
use entente_register::contract::serial::SerialFacts;
use entente_register::contract::{
    ClaimAnswered, ClaimKind, ClaimSettlement, ClaimWindow, Contract, ContractCommand, ContractFacts,
    ContractTerms, NewClaim, Settlement, Warranty, decide,
};
use entente_register::document::Document;
use entente_register::label::{Clearance, Label, Level};
use entente_register::ledger::{Context, Fallible, NewEvent};
use entente_register::money::{Currency, Money, Quantity, Unit};
use jiff::civil::{Date, date};

const NUMBER: &str = "O-2012-0001";

fn context() -> Context {
    let actor = Actor {
        account: "officer".into(),
        name: "Officer".into(),
        roles: vec![Role::ContractOfficer],
        clearance: Clearance::full(),
        party: None,
    };
    Context { actor, now: "2016-01-01T12:00:00Z".parse().unwrap(), today: date(2016, 1, 1) }
}

fn paper() -> Document {
    Document { title: "Annex 5".into(), dated: date(2012, 1, 2), content: None }
}

fn contract(state: &'static str) -> Contract {
    Contract {
        number: NUMBER.into(),
        partner: "BRA".into(),
        parties: Vec::new(),
        title: "Patrol boats".into(),
        currency: Currency::USD,
        label: Label::of(Level::Official),
        state,
        in_force_on: Some(date(2012, 2, 1)),
        last_on: date(2012, 2, 1),
        suspensions: Vec::new(),
        claims: Vec::new(),
        terms: ContractTerms {
            claim_windows: vec![
                ClaimWindow { kind: None, days: 365 },
                ClaimWindow { kind: Some(ClaimKind::Shortage), days: 60 },
            ],
            warranties: vec![
                Warranty { line: None, months: 24 },
                Warranty { line: Some(format!("{NUMBER}.2")), months: 1 },
            ],
            serialised: vec![format!("{NUMBER}.1")],
            document: None,
        },
    }
}

fn delivered(line: u32, accepted_on: Option<Date>) -> Delivery {
    Delivery {
        number: format!("{NUMBER}.{line}.1"),
        reference: None,
        line: format!("{NUMBER}.{line}"),
        quantity: Quantity::whole(3),
        amount: Money::new(300, Currency::USD),
        state: if accepted_on.is_some() { "accepted" } else { "handed_over" },
        handed_over_on: date(2012, 3, 1),
        accepted_on,
        serials: Vec::new(),
        serials_on: None,
    }
}

fn ask(contract: &Contract, facts: &ContractFacts, command: ContractCommand) -> Fallible<Vec<NewEvent>> {
    decide(Some(contract), NUMBER, facts, &context(), command)
}

/// Asks, and folds what was decided.
fn done(contract: &mut Contract, facts: &ContractFacts, command: ContractCommand) {
    let events = ask(contract, facts, command).unwrap();
    let mut state = Some(contract.clone());
    for event in events {
        Contract::apply(&mut state, &event.subject, event.occurred_on, &event.label, &event.fact);
    }
    *contract = state.unwrap();
}

fn with(delivery: Delivery) -> ContractFacts {
    ContractFacts { delivery: Some(delivery), ..ContractFacts::default() }
}

fn claim(kind: ClaimKind, on: Date, delivery: &str) -> NewClaim {
    NewClaim { delivery: Some(delivery.into()), ..NewClaim::of(on, kind, "two pieces short") }
}

fn raise(new: NewClaim) -> ContractCommand {
    ContractCommand::OpenClaim(Box::new(new))
}

fn settle(given: ClaimSettlement) -> ContractCommand {
    ContractCommand::SettleClaim(Box::new(given))
}

#[test]
fn a_claim_is_recorded_however_late_and_says_so() {
    let mut of = contract("in_force");
    let accepted = with(delivered(1, Some(date(2012, 3, 10))));
    let number = format!("{NUMBER}.1.1");
    done(&mut of, &accepted, raise(claim(ClaimKind::Shortage, date(2012, 5, 9), &number)));
    done(&mut of, &accepted, raise(claim(ClaimKind::Shortage, date(2012, 5, 10), &number)));
    done(&mut of, &accepted, raise(claim(ClaimKind::Damage, date(2013, 3, 10), &number)));
    let warranty = NewClaim { warranty: true, ..claim(ClaimKind::Quality, date(2014, 3, 10), &number) };
    done(&mut of, &accepted, raise(warranty));
    let known: Vec<_> = of.claims.iter().map(|one| (one.raised.window_ends_on, one.is_late())).collect();
    assert_eq!(
        known,
        [
            (Some(date(2012, 5, 9)), Some(false)),
            (Some(date(2012, 5, 9)), Some(true)),
            (Some(date(2013, 3, 10)), Some(false)),
            (Some(date(2014, 3, 10)), Some(false)),
        ]
    );
    // No window has begun before the acceptance, and none is known without the delivery.
    let open = with(delivered(1, None));
    done(&mut of, &open, raise(claim(ClaimKind::Damage, date(2012, 3, 5), &number)));
    done(&mut of, &open, raise(NewClaim::of(date(2012, 3, 5), ClaimKind::Damage, "a crate")));
    assert!(of.claims[4..].iter().all(|one| one.is_late().is_none()));
    // A warranty runs on after the contract is completed; nothing is claimed once it is closed.
    of.state = "completed";
    assert!(ask(&of, &accepted, raise(claim(ClaimKind::Damage, date(2013, 1, 1), &number))).is_ok());
    of.state = "closed";
    let refused = ask(&of, &accepted, raise(claim(ClaimKind::Damage, date(2013, 1, 1), &number)));
    assert_eq!(refused.unwrap_err().code, "state");
}

#[test]
fn what_is_claimed_and_settled_is_exact() {
    let mut of = contract("in_force");
    let facts = with(delivered(1, Some(date(2012, 3, 10))));
    let number = format!("{NUMBER}.1.1");
    let code = |of: &Contract, facts: &ContractFacts, command| {
        let refusal = ask(of, facts, command).unwrap_err();
        assert!(refusal.missing.is_some(), "{}", refusal.message);
        refusal.code
    };
    let new = || claim(ClaimKind::Shortage, date(2012, 4, 1), &number);
    let many = NewClaim { quantity: Some(Quantity::whole(4)), ..new() };
    assert_eq!(code(&of, &facts, raise(many.clone())), "claim.quantity");
    assert!(ask(&of, &facts, raise(NewClaim { kind: ClaimKind::Overage, ..many })).is_ok());
    let nowhere = NewClaim { quantity: Some(Quantity::whole(1)), delivery: None, ..new() };
    assert_eq!(code(&of, &facts, raise(nowhere)), "claim.delivery");
    let euro = NewClaim { amount: Some(Money::new(5, "EUR".parse().unwrap())), ..new() };
    assert_eq!(code(&of, &facts, raise(euro)), "claim.amount");
    assert_eq!(code(&of, &ContractFacts::default(), raise(new())), "not_found");
    assert_eq!(code(&of, &facts, raise(NewClaim { on: date(2012, 2, 20), ..new() })), "claim.delivery");
    let early = NewClaim { warranty: true, ..new() };
    assert_eq!(code(&of, &with(delivered(1, None)), raise(early)), "claim.warranty");

    done(&mut of, &facts, raise(new()));
    let answer = |on, accepted| ContractCommand::AnswerClaim {
        on,
        answer: ClaimAnswered { claim: 1, accepted, answer: "they come".into(), document: None },
    };
    assert_eq!(code(&of, &facts, answer(date(2012, 3, 31), true)), "claim.order");
    done(&mut of, &facts, answer(date(2012, 4, 10), true));
    let given = || ClaimSettlement::of(1, date(2012, 5, 1), "as agreed");
    let before = ClaimSettlement { on: date(2012, 4, 9), ..given() };
    assert_eq!(code(&of, &facts, settle(before)), "claim.order");
    let credited = ClaimSettlement { settlement: Some(Settlement::Credited), ..given() };
    assert_eq!(code(&of, &facts, settle(credited.clone())), "claim.credit");
    let odd = ClaimSettlement { amount: Some(Money::new(5, Currency::USD)), ..given() };
    assert_eq!(code(&of, &facts, settle(odd)), "claim.credit");
    let replaced = ClaimSettlement { delivery: Some(number.clone()), ..given() };
    assert_eq!(code(&of, &facts, settle(replaced)), "claim.replacement");
    let amount = Some(Money::new(100, Currency::USD));
    done(&mut of, &facts, settle(ClaimSettlement { amount, ..credited }));
    assert_eq!(of.claims[0].settled.as_ref().unwrap().amount, amount);
    assert_eq!(code(&of, &facts, settle(given())), "claim.settled");
    assert_eq!(code(&of, &facts, answer(date(2012, 6, 1), false)), "claim.settled");
}

#[test]
fn serial_numbers_are_one_to_an_item_and_asked_for_before_acceptance() {
    let of = contract("in_force");
    let one = delivered(1, None);
    let facts = SerialFacts { unit: Some(Unit::Piece), taken: None };
    let ask = |delivery: &Delivery, facts: &SerialFacts, command| {
        delivery::decide(delivery, &of, facts, &context(), command)
    };
    let record = |serials: &[&str], reason: Option<&str>| DeliveryCommand::RecordSerials {
        on: date(2012, 3, 5),
        serials: serials.iter().map(|serial| (*serial).to_owned()).collect(),
        document: None,
        reason: reason.map(str::to_owned),
    };
    let accept = || DeliveryCommand::Accept { on: date(2012, 3, 10), document: paper() };
    assert_eq!(ask(&one, &facts, accept()).unwrap_err().code, "delivery.serials");
    let code = |facts: &SerialFacts, serials: &[&str]| {
        let refusal = ask(&one, facts, record(serials, None)).unwrap_err();
        (refusal.code, refusal.field.unwrap_or_default())
    };
    assert_eq!(code(&facts, &[]), ("serial.count", "serials".into()));
    assert_eq!(code(&facts, &["1", "2", "3", "4"]), ("serial.count", "serials".into()));
    assert_eq!(code(&facts, &["pb-1", " PB-1 "]), ("serial.twice", "serials[1]".into()));
    assert_eq!(code(&facts, &["1", ""]), ("serial.text", "serials[1]".into()));
    assert_eq!(code(&facts, &["1\n2"]), ("serial.text", "serials[0]".into()));
    let taken = SerialFacts { taken: Some(("1".into(), format!("{NUMBER}.1.2"))), ..facts.clone() };
    assert_eq!(code(&taken, &["1"]).0, "serial.taken");
    assert_eq!(code(&SerialFacts { unit: Some(Unit::Tonne), taken: None }, &["1"]).0, "serial.unit");

    let fold = |events: Vec<NewEvent>, delivery: &Delivery| {
        let mut state = Some(delivery.clone());
        for event in events {
            Delivery::apply(&mut state, &event.subject, event.occurred_on, &event.fact);
        }
        state.unwrap()
    };
    let some = fold(ask(&one, &facts, record(&["PB-1", " PB-2"], None)).unwrap(), &one);
    assert_eq!(some.serials, ["PB-1", "PB-2"]);
    assert_eq!(ask(&some, &facts, accept()).unwrap_err().code, "delivery.serials");
    let again = ask(&some, &facts, record(&["PB-1", "PB-2", "PB-3"], None)).unwrap_err();
    assert_eq!(again.code, "delivery.reason");
    let all = fold(ask(&some, &facts, record(&["PB-1", "PB-2", "PB-3"], Some("one more"))).unwrap(), &some);
    assert!(ask(&all, &facts, accept()).is_ok());
    assert!(ask(&delivered(2, None), &facts, accept()).is_ok(), "no serial numbers are asked for of line 2");
}

#[test]
fn terms_are_agreed_as_a_whole() {
    let of = contract("in_force");
    let lines = |number: &str, counts| ContractFacts {
        named_lines: vec![(format!("{NUMBER}.{number}"), counts)],
        ..ContractFacts::default()
    };
    let agree =
        |terms| ContractCommand::AgreeTerms { on: date(2012, 4, 1), terms, reason: "amendment 2".into() };
    let good = || ContractTerms { document: Some(paper()), ..ContractTerms::default() };
    let code = |facts: &ContractFacts, terms| {
        let refusal = ask(&of, facts, agree(terms)).unwrap_err();
        (refusal.code, refusal.field.unwrap_or_default())
    };
    let none = ContractFacts::default();
    assert_eq!(code(&none, ContractTerms::default()), ("contract.terms", "document".into()));
    let long = ContractTerms { warranties: vec![Warranty { line: None, months: 361 }], ..good() };
    assert_eq!(code(&none, long), ("contract.terms", "warranties[0].months".into()));
    let twice = ContractTerms { claim_windows: vec![ClaimWindow { kind: None, days: 9 }; 2], ..good() };
    assert_eq!(code(&none, twice), ("contract.terms", "claim_windows[1].kind".into()));
    let serialised = || ContractTerms { serialised: vec![format!("{NUMBER}.2")], ..good() };
    assert_eq!(code(&none, serialised()).0, "not_found");
    assert_eq!(code(&lines("2", false), serialised()), ("contract.terms", "serialised".into()));
    assert!(ask(&of, &lines("2", true), agree(serialised())).is_ok());
    let same = ContractTerms { document: Some(paper()), ..of.terms.clone() };
    let all = ContractFacts {
        named_lines: vec![(format!("{NUMBER}.1"), true), (format!("{NUMBER}.2"), true)],
        ..ContractFacts::default()
    };
    assert_eq!(code(&all, same).0, "contract.nothing_amended");
    let ended = contract("completed");
    assert_eq!(ask(&ended, &lines("2", true), agree(serialised())).unwrap_err().code, "state");
}

#[test]
fn every_condition_stands_in_the_way_by_itself() {
    let of = contract("in_force");
    let close = ContractCommand::Close { on: date(2015, 6, 1), document: None };
    assert_eq!(ask(&of, &ContractFacts::default(), close.clone()).unwrap_err().code, "state");
    let complete = ContractCommand::Complete { on: date(2012, 6, 1), document: None };
    let open = |closure: ClosureFacts| ContractFacts { closure, ..ContractFacts::default() };
    let some = || vec![format!("{NUMBER}.1")];
    for (facts, code) in [
        (ClosureFacts { open_lines: some(), ..ClosureFacts::default() }, "contract.open_lines"),
        (ClosureFacts { without_serials: some(), ..ClosureFacts::default() }, "contract.serials"),
        (ClosureFacts { last_act: Some(date(2012, 6, 2)), ..ClosureFacts::default() }, "contract.order"),
    ] {
        let unmet = completion(&of, &facts).iter().filter(|one| one.open.is_some()).count();
        assert_eq!(unmet, usize::from(code != "contract.order"));
        assert_eq!(ask(&of, &open(facts), complete.clone()).unwrap_err().code, code);
    }
    assert!(ask(&of, &ContractFacts::default(), complete).is_ok());

    for state in ["completed", "terminated"] {
        let mut of = contract(state);
        let code = |of: &Contract, closure| ask(of, &open(closure), close.clone()).unwrap_err().code;
        for (facts, expected) in [
            (ClosureFacts { milestones: some(), ..ClosureFacts::default() }, "contract.open_milestones"),
            (ClosureFacts { slippages: some(), ..ClosureFacts::default() }, "contract.open_slippages"),
            (
                ClosureFacts { corrective_plans: some(), ..ClosureFacts::default() },
                "contract.open_corrective_plans",
            ),
            (ClosureFacts { offsets: some(), ..ClosureFacts::default() }, "contract.open_offsets"),
            (ClosureFacts { unpaid: Some(some()), ..ClosureFacts::default() }, "contract.unpaid"),
            (ClosureFacts { penalties: Some(some()), ..ClosureFacts::default() }, "contract.open_penalties"),
            (
                ClosureFacts { warranty_until: Some(date(2015, 6, 1)), ..ClosureFacts::default() },
                "contract.warranty",
            ),
        ] {
            let unmet: Vec<_> = closing(&of, &facts, date(2015, 6, 1))
                .into_iter()
                .filter(|one| one.open.is_some())
                .map(|one| one.code)
                .collect();
            assert_eq!(unmet, [expected]);
            assert_eq!(code(&of, facts), expected);
        }
        let over = ClosureFacts { warranty_until: Some(date(2015, 5, 31)), ..ClosureFacts::default() };
        assert!(ask(&of, &open(over), close.clone()).is_ok());
        done(
            &mut of,
            &ContractFacts::default(),
            raise(NewClaim::of(date(2013, 1, 1), ClaimKind::Damage, "x")),
        );
        assert_eq!(code(&of, ClosureFacts::default()), "contract.open_claim");
        done(&mut of, &ContractFacts::default(), settle(ClaimSettlement::of(1, date(2013, 2, 1), "mended")));
        done(&mut of, &ContractFacts::default(), close.clone());
        assert_eq!(of.state, "closed");
        assert_eq!(code(&of, ClosureFacts::default()), "state");
    }
}
