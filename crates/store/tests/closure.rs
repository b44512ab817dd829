//! A contract from its terms to its closing: serial numbers, claims, slippages, corrective plans, offsets.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::line::{LineChange, LineCommand};
use entente_register::contract::{
    ClaimKind, ClaimSettlement, ClaimWindow, ContractCommand, ContractTerms, NewClaim, Settlement, Warranty,
};
use entente_register::label::{Clearance, Level};
use entente_register::money::Quantity;
use entente_register::payment::Percent;
use entente_register::performance::{
    CorrectiveCommand, DelayCause, DelayReason, DelaySide, Multiplier, NewAction, OffsetCommand, OffsetKind,
    OffsetPhase, OffsetTerms, SlippageCommand, SlippageEnd, Thousandths, Transaction,
};
use entente_register::search::{Query, SearchKind};
use entente_store::reader::{ContractPerformance, Page, SlippageFilter};
use entente_store::{Outcome, Receipt, VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use jiff::civil::{Date, date};
use support::*;

async fn of(register: &Register, contract: &str, command: ContractCommand) -> Outcome<Receipt> {
    register.run(Command::Contract { number: Some(contract.into()), command }).await
}

async fn deliver(register: &Register, number: &str, command: DeliveryCommand) -> Outcome<Receipt> {
    register.run(Command::Delivery { number: Some(number.into()), command }).await
}

async fn read(register: &Register, by: &Actor, as_of: Date, contract: &str) -> ContractPerformance {
    let reader = register.store.reader(by, Some(as_of), None).await.unwrap();
    Box::pin(reader.contract_performance(contract)).await.unwrap()
}

fn unmet(view: &ContractPerformance) -> Vec<&'static str> {
    view.conditions.iter().filter(|one| one.open.is_some()).map(|one| one.code).collect()
}

async fn sound(register: &Register) {
    let options = VerifyOptions { deep: true, ..VerifyOptions::default() };
    let verified = register.store.verify(&options, silent()).await.unwrap();
    assert!(verified.ok(), "{verified:?}");
}

/// Another officer: what one person proposes or claims, another approves or accepts.
fn second() -> Actor {
    actor("second", Role::ContractOfficer, Clearance::full())
}

async fn as_second(register: &Register, command: Command) -> Outcome<Receipt> {
    Box::pin(register.store.execute(&second(), command)).await
}

fn late() -> DelayReason {
    DelayReason { cause: DelayCause::Production, side: DelaySide::Seller }
}

on_both! {
async fn a_contract_is_carried_out_and_closed(database: TestDatabase) {
    let register = Register::founded(&database).await;
    let contract = register.contract("OFFICIAL").await;
    let line = format!("{contract}.1");
    let terms = ContractTerms {
        claim_windows: vec![ClaimWindow { kind: None, days: 60 }],
        warranties: vec![Warranty { line: None, months: 2 }],
        serialised: vec![line.clone()],
        document: Some(paper("Annex 5")),
    };
    let agree = ContractCommand::AgreeTerms { on: date(2012, 2, 5), terms, reason: "annex 5".into() };
    of(&register, &contract, agree).await.unwrap();

    // A line slips, and a plan is made about it.
    let report = SlippageCommand::Report {
        on: date(2012, 2, 6),
        line: line.clone(),
        expected_on: date(2013, 2, 1),
        delay: late(),
        description: "the hull is not welded".into(),
        document: None,
    };
    let slippage = |number: &str, command| Command::Slippage { number: number.to_owned(), command };
    let slip = register.run(slippage(&contract, report.clone())).await.unwrap().subject.key;
    assert_eq!(slip, format!("{contract}.S1"));
    assert_eq!(code(register.run(slippage(&contract, report)).await), "slippage.open");
    let reader = register.store.reader(&register.chair, Some(date(2012, 2, 6)), None).await.unwrap();
    let all = reader.slippages(&SlippageFilter::default(), Page::first(50)).await.unwrap();
    assert_eq!((all.total, all.sums.len(), all.sums[0].slippages), (1, 1, 1));
    assert_eq!(all.rows[0].owed.minor, all.sums[0].owed);
    let buyer = SlippageFilter { side: Some(DelaySide::Buyer), ..SlippageFilter::default() };
    assert_eq!(reader.slippages(&buyer, Page::first(50)).await.unwrap().total, 0);
    let official = actor("official", Role::Customs, Clearance::of(Level::Official));
    let seen = register.store.reader(&official, Some(date(2012, 2, 6)), None).await.unwrap();
    assert_eq!(seen.slippages(&SlippageFilter::default(), Page::first(50)).await.unwrap().total, 1);
    let propose = |about: &str| CorrectiveCommand::Propose {
        on: date(2012, 2, 7),
        about: Some(about.to_owned()),
        claim: None,
        goal: "the hull by spring".into(),
        actions: vec![NewAction {
            what: "a second shift".into(),
            responsible: "Yard 5".into(),
            due_on: date(2012, 3, 1),
        }],
        document: None,
    };
    let corrective = |number: &str, command| Command::Corrective { number: number.to_owned(), command };
    let absent = corrective(&contract, propose(&format!("slippage:{contract}.S9")));
    assert_eq!(code(register.run(absent).await), "not_found");
    let plan = corrective(&contract, propose(&format!("slippage:{slip}")));
    let plan = register.run(plan).await.unwrap().subject.key;
    let approve = || CorrectiveCommand::Approve { on: date(2012, 2, 8), document: None };
    assert_eq!(code(register.run(corrective(&plan, approve())).await), "corrective.two_persons");
    as_second(&register, corrective(&plan, approve())).await.unwrap();
    let finish = CorrectiveCommand::FinishAction {
        on: date(2012, 2, 20),
        action: 1,
        result: "two shifts work".into(),
        document: Some(paper("Report")),
    };
    register.run(corrective(&plan, finish)).await.unwrap();

    // Goods that are known by their serial numbers are not accepted without.
    let hand_over = |pieces| DeliveryCommand::HandOver {
        line: line.clone(),
        reference: None,
        quantity: Quantity::whole(pieces),
        on: date(2012, 3, 1),
        document: paper("Waybill"),
    };
    let over = async |pieces| {
        let command = Command::Delivery { number: None, command: hand_over(pieces) };
        register.run(command).await.unwrap().subject.key
    };
    let (first, other) = (over(2).await, over(8).await);
    let accept = || DeliveryCommand::Accept { on: date(2012, 3, 10), document: paper("Certificate") };
    assert_eq!(code(deliver(&register, &first, accept()).await), "delivery.serials");
    let serials = |numbers: &[&str]| DeliveryCommand::RecordSerials {
        on: date(2012, 3, 2),
        serials: numbers.iter().map(|number| (*number).to_owned()).collect(),
        document: None,
        reason: None,
    };
    deliver(&register, &first, serials(&["PB-1", "PB-2"])).await.unwrap();
    assert_eq!(code(deliver(&register, &other, serials(&["pb-2"])).await), "serial.taken");
    deliver(&register, &first, accept()).await.unwrap();
    let reader = register.store.reader(&register.chair, Some(date(2012, 3, 10)), None).await.unwrap();
    let view = reader.delivery(&first).await.unwrap();
    assert_eq!((view.serials.len(), view.warranty_ends_on), (2, Some(date(2012, 5, 10))));
    let found = reader.search(&Query::parse("pb-2").unwrap(), &[SearchKind::Delivery], Page::first(10)).await.unwrap();
    let rows = |kind| found.kinds.iter().find(|one| one.kind == kind).map_or(0, |one| one.rows.len());
    assert_eq!(rows(SearchKind::Delivery), 1, "an item is found by its serial number");

    // What was returned frees its numbers.
    let back = DeliveryCommand::Return { on: date(2012, 3, 11), reason: "rust".into(), document: None };
    deliver(&register, &other, back).await.unwrap();
    let rest = over(8).await;
    let all: Vec<String> = (3..=10).map(|n| format!("PB-{n}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    deliver(&register, &rest, serials(&all)).await.unwrap();
    deliver(&register, &rest, accept()).await.unwrap();

    // A claim within its window, by the delivery that it names.
    let new = NewClaim {
        delivery: Some(first.clone()),
        quantity: Some(Quantity::whole(1)),
        ..NewClaim::of(date(2012, 5, 10), ClaimKind::Damage, "a bent shaft")
    };
    let nowhere = NewClaim { delivery: Some(format!("{line}.99")), ..new.clone() };
    assert_eq!(code(of(&register, &contract, ContractCommand::OpenClaim(Box::new(nowhere))).await), "not_found");
    of(&register, &contract, ContractCommand::OpenClaim(Box::new(new))).await.unwrap();
    let reader = register.store.reader(&register.chair, Some(date(2012, 5, 10)), None).await.unwrap();
    assert_eq!(reader.delivery(&first).await.unwrap().claims[0].is_late(), Some(true));
    let complete = || ContractCommand::Complete { on: date(2012, 6, 2), document: None };
    assert_eq!(code(of(&register, &contract, complete()).await), "contract.open_claim");
    let view = read(&register, &register.chair, date(2012, 6, 1), &contract).await;
    assert_eq!(unmet(&view), ["contract.open_claim"]);
    let settle = ClaimSettlement {
        settlement: Some(Settlement::Repaired),
        ..ClaimSettlement::of(1, date(2012, 6, 1), "mended on site")
    };
    of(&register, &contract, ContractCommand::SettleClaim(Box::new(settle))).await.unwrap();
    of(&register, &contract, complete()).await.unwrap();

    // What the buyer's economy is owed, in the contract's own money.
    let offset = |number: &str, command| Command::Offset { number: number.to_owned(), command };
    let value = reader.contract(&contract).await.unwrap().row.amount;
    let terms = OffsetTerms {
        title: "Industrial participation".into(),
        required: value,
        percent: Some(Thousandths::parse("percent", "100").unwrap()),
        multipliers: vec![Multiplier {
            kind: OffsetKind::Training,
            factor: Thousandths::parse("factor", "2").unwrap(),
        }],
        phases: vec![OffsetPhase { by: date(2012, 8, 1), share: Percent::parse("share", "100").unwrap() }],
        penalty: None,
        document: paper("Offset agreement"),
    };
    let agreed = register.run(offset(&contract, OffsetCommand::Agree { on: date(2012, 6, 3), terms })).await;
    let owed = agreed.unwrap().subject.key;
    let claim = OffsetCommand::Claim {
        on: date(2012, 7, 1),
        performed_on: date(2012, 6, 20),
        transaction: Transaction {
            kind: OffsetKind::Training,
            description: "welders trained".into(),
            value: entente_register::money::Money::new(value.minor / 2, value.currency),
        },
        plan: None,
        document: paper("Act"),
    };
    register.run(offset(&owed, claim)).await.unwrap();
    let take = || OffsetCommand::Accept {
        on: date(2012, 7, 10),
        claim: 1,
        credit: None,
        document: paper("Letter"),
    };
    assert_eq!(code(register.run(offset(&owed, take())).await), "offset.two_persons");
    as_second(&register, offset(&owed, take())).await.unwrap();

    // Each thing that is open stands in the way of the closing by itself.
    let close = |on| ContractCommand::Close { on, document: Some(paper("Act of closing")) };
    let mut left = vec![
        "contract.open_slippages",
        "contract.open_corrective_plans",
        "contract.open_offsets",
    ];
    let view = read(&register, &register.chair, date(2012, 8, 1), &contract).await;
    assert_eq!(unmet(&view), left);
    let ends = [
        slippage(&slip, SlippageCommand::End {
            on: date(2012, 7, 20),
            end: SlippageEnd::Delivered,
            document: None,
        }),
        corrective(&plan, CorrectiveCommand::Close {
            on: date(2012, 7, 20),
            effective: true,
            outcome: "all came in time".into(),
            document: None,
        }),
        offset(&owed, OffsetCommand::Discharge { on: date(2012, 7, 20), document: paper("Discharge") }),
    ];
    for end in ends {
        assert_eq!(code(of(&register, &contract, close(date(2012, 8, 1))).await), left.remove(0));
        register.run(end).await.unwrap();
    }
    let view = read(&register, &register.chair, date(2012, 6, 5), &contract).await;
    assert!(unmet(&view).contains(&"contract.open_slippages"), "as of a day before they ended");
    of(&register, &contract, close(date(2012, 8, 1))).await.unwrap();
    let reader = register.store.reader(&register.chair, Some(date(2012, 9, 1)), None).await.unwrap();
    let row = reader.contract(&contract).await.unwrap().row;
    assert_eq!((row.state.as_str(), row.delivered, row.overdue_lines), ("closed", row.amount.minor, 0));
    let again = LineCommand::Amend {
        on: date(2012, 9, 1),
        change: LineChange { due_on: Some(date(2014, 1, 1)), ..LineChange::default() },
        document: paper("Amendment"),
        reason: "late".into(),
    };
    assert_eq!(code(register.run(Command::Line { number: line, command: again }).await), "state");

    let before = read(&register, &register.chair, date(2012, 9, 30), &contract).await;
    register.store.rebuild(silent()).await.unwrap();
    assert_eq!(read(&register, &register.chair, date(2012, 9, 30), &contract).await, before);
    sound(&register).await;
    register.store.close().await;
}
}
