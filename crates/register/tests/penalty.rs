//! A penalty that is carried over is judged by what it says itself, and by nothing that the register knows today.
#![allow(clippy::unwrap_used)] // A test’s helpers are tests too.

use entente_register::access::{Actor, Role};
use entente_register::contract::{Contract, ContractTerms};
use entente_register::document::Document;
use entente_register::label::{Clearance, Label, Level};
use entente_register::ledger::{Context, Fact, Fallible};
use entente_register::money::{Currency, Money};
use entente_register::payment::penalty::decide;
use entente_register::payment::{
    Delay, DelayFacts, Late, PenaltyCarried, PenaltyClaimed, PenaltyCommand, PenaltyFacts, PenaltyTerms,
    Percent, Period, Schedule,
};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

const NUMBER: &str = "O-2012-0001";
const DUE: Date = date(2012, 5, 31);

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
        terms: ContractTerms::default(),
    }
}

fn percent(text: &str) -> Percent {
    Percent::parse("rate", text).unwrap()
}

/// What the register knows of a late line, and what its contract says of delay.
fn facts(
    value: i64,
    done_on: Option<Date>,
    (rate, period, cap): (&str, Period, Option<&str>),
) -> PenaltyFacts {
    let document = Document { title: "Contract".into(), dated: date(2012, 1, 1), content: None };
    let (rate, cap) = (percent(rate), cap.map(percent));
    let mut schedule = Schedule::default();
    schedule.terms.insert(Late::Delivery, PenaltyTerms { late: Late::Delivery, rate, period, cap, document });
    let label = Label::of(Level::Secret);
    PenaltyFacts {
        schedule,
        delay: Some(DelayFacts { value, due_on: Some(DUE), done_on, label }),
        standing: None,
    }
}

fn delay() -> Delay {
    Delay::Line(format!("{NUMBER}.1"))
}

fn carried(minor: i64) -> PenaltyCarried {
    PenaltyCarried {
        delay: delay(),
        on: date(2012, 7, 20),
        value: Money::new(600_000, Currency::USD),
        due_on: DUE,
        done_on: None,
        rate: percent("0.5"),
        period: Period::FullWeek,
        cap: Some(percent("8")),
        amount: Money::new(minor, Currency::USD),
        document: None,
    }
}

fn decided(contract: &Contract, facts: &PenaltyFacts, command: PenaltyCommand) -> Fallible<PenaltyClaimed> {
    let actor = Actor {
        account: "officer".into(),
        name: "Officer".into(),
        roles: vec![Role::ContractOfficer],
        clearance: Clearance::full(),
        party: None,
    };
    let context = Context { actor, now: "2016-01-01T12:00:00Z".parse().unwrap(), today: date(2016, 1, 1) };
    let events = decide(None, contract, &format!("{NUMBER}.P1"), facts, &context, command)?;
    assert_eq!(events[0].label, Label::of(Level::Secret), "it bears the marking of what is late");
    match &events[0].fact {
        Fact::PenaltyClaimed(claimed) => Ok(claimed.clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_carried_over_is_not_judged_by_what_came_later() {
    // Since then the line came, is worth another sum, and the terms were taken back.
    let mut later = facts(1, Some(date(2012, 6, 1)), ("0.01", Period::Day, None));
    later.schedule = Schedule::default();
    for state in ["in_force", "suspended", "completed", "terminated"] {
        let command = PenaltyCommand::CarryOver(Box::new(carried(21_000)));
        let claimed = decided(&contract(state), &later, command).unwrap();
        // Seven full weeks at half a per cent of 6,000.00.
        assert_eq!((claimed.days, claimed.periods, claimed.proposed.minor), (50, 7, 21_000));
    }
}

#[test]
fn what_does_not_follow_from_itself_is_refused_with_its_field() {
    let known = facts(600_000, None, ("0.5", Period::FullWeek, None));
    let refused = |change: &dyn Fn(&mut PenaltyCarried), facts: &PenaltyFacts| {
        let mut carried = carried(21_000);
        change(&mut carried);
        let command = PenaltyCommand::CarryOver(Box::new(carried));
        let refusal = decided(&contract("in_force"), facts, command).unwrap_err();
        assert!(refusal.missing.is_some(), "{refusal:?}");
        (refusal.code, refusal.field.unwrap_or_default())
    };
    let of = |code: &'static str, field: &str| (code, field.to_owned());
    assert_eq!(refused(&|c| c.amount.minor += 1, &known), of("penalty.beyond_terms", "amount"));
    assert_eq!(
        refused(&|c| c.amount.currency = "EUR".parse().unwrap(), &known),
        of("payment.currency", "amount")
    );
    assert_eq!(refused(&|c| c.value.minor = 0, &known), of("payment.amount", "value"));
    assert_eq!(refused(&|c| c.due_on = c.on, &known), of("penalty.not_late", "due_on"));
    assert_eq!(refused(&|c| c.done_on = Some(date(2012, 7, 21)), &known), of("penalty.order", "on"));
    assert_eq!(refused(&|c| c.on = date(2016, 1, 2), &known), of("date.in_future", "on"));
    let standing = PenaltyFacts { standing: Some(format!("{NUMBER}.P1")), ..known.clone() };
    assert_eq!(refused(&|_| {}, &standing), of("penalty.standing", "delay"));
    let nothing = PenaltyFacts { delay: None, ..known };
    assert_eq!(refused(&|_| {}, &nothing).1, "delay");
    for state in ["negotiating", "signed"] {
        let command = PenaltyCommand::CarryOver(Box::new(carried(21_000)));
        assert!(decided(&contract(state), &standing, command).is_err());
    }
}

proptest! {
    /// Whatever was claimed by the rule comes over as the very same fact.
    #[test]
    fn a_claim_comes_over_as_it_was_made(
        value in 1_i64..1_000_000_000_000,
        late in 1_i64..900,
        waited in 0_i64..200,
        came: bool,
        scaled in 1_i64..5_000_000,
        period in prop::sample::select(vec![Period::Day, Period::FullWeek, Period::StartedWeek]),
        cap in prop::option::of(prop::sample::select(vec!["5", "8", "12.5"])),
    ) {
        let done = DUE + late.days();
        let on = done + waited.days();
        let rate = format!("{}.{:06}", scaled / 1_000_000, scaled % 1_000_000);
        let known = facts(value, came.then_some(done), (&rate, period, cap));
        let claim = PenaltyCommand::Claim { delay: delay(), on, amount: None, document: None };
        // What costs nothing yet is refused; the rest comes over.
        if let Ok(claimed) = decided(&contract("in_force"), &known, claim) {
            let carried = PenaltyCarried {
                delay: delay(),
                on,
                value: claimed.value,
                due_on: claimed.due_on,
                done_on: claimed.done_on,
                rate: claimed.rate,
                period: claimed.period,
                cap: claimed.cap,
                amount: claimed.amount,
                document: None,
            };
            let command = PenaltyCommand::CarryOver(Box::new(carried));
            prop_assert_eq!(decided(&contract("completed"), &known, command).unwrap(), claimed);
        }
    }
}
