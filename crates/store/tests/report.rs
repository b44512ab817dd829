//! Reports: filed on one's own contracts alone, no fact before they are accepted, and then the act itself or nothing.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::{ContractCommand, ContractParty, NewContract, PartyRole};
use entente_register::label::Clearance;
use entente_register::money::Quantity;
use entente_register::report::{ReportCommand, Reported};
use entente_store::reader::{Page, ReportFilter};
use entente_store::{Outcome, Receipt, VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use jiff::civil::date;
use support::*;

const MAKER: &str = "P-P0001";

fn works(party: &str) -> Actor {
    Actor { party: Some(party.into()), ..actor("works", Role::Manufacturer, Clearance::full()) }
}

fn officer() -> Actor {
    actor("officer", Role::ContractOfficer, Clearance::full())
}

async fn by(register: &Register, actor: &Actor, number: &str, command: ReportCommand) -> Outcome<Receipt> {
    let command = Command::Report { number: number.into(), command };
    Box::pin(register.store.execute(actor, command)).await
}

fn handed_over(line: &str, pieces: i64) -> ReportCommand {
    ReportCommand::File {
        on: date(2012, 3, 2),
        reported: Reported::HandedOver {
            on: date(2012, 3, 1),
            line: line.into(),
            quantity: Quantity::whole(pieces),
            reference: Some("WB-7".into()),
        },
        note: Some("the second lot follows".into()),
        document: Some(paper("Waybill 7")),
    }
}

fn accept() -> ReportCommand {
    ReportCommand::Accept { on: date(2012, 3, 5), document: None }
}

/// A contract in force in which the maker is named.
async fn contract(register: &Register) -> String {
    let mut new: NewContract = new_contract("OFFICIAL");
    new.parties.push(ContractParty { party: MAKER.into(), role: PartyRole::Manufacturer });
    let open = Command::Contract { number: None, command: ContractCommand::Open(new) };
    let number = register.run(open).await.unwrap().subject.key;
    let line = entente_register::contract::line::LineCommand::Add(ten_pieces());
    register.run(Command::Line { number: number.clone(), command: line }).await.unwrap();
    for command in [
        ContractCommand::Sign { on: date(2012, 1, 15), document: paper("Contract") },
        ContractCommand::EnterIntoForce { on: date(2012, 2, 1), document: None },
    ] {
        register.run(Command::Contract { number: Some(number.clone()), command }).await.unwrap();
    }
    number
}

on_both! {
async fn a_report_is_no_fact_before_it_is_accepted_and_then_the_act_itself(database: TestDatabase) {
    let register = Register::founded(&database).await;
    let contract = contract(&register).await;
    let line = format!("{contract}.1");
    let maker = works(MAKER);
    let delivered = async || {
        let reader = register.store.reader(&register.chair, Some(date(2012, 9, 30)), None).await.unwrap();
        Box::pin(reader.line(&line, Page::first(10))).await.unwrap().deliveries.total
    };
    let first = by(&register, &maker, &contract, handed_over(&line, 4)).await.unwrap().subject.key;
    assert_eq!(first, format!("{contract}.N1"));
    assert_eq!(delivered().await, 0, "no figure knows of a report");
    // Who may not record acts may not accept reports, and the maker does not accept its own.
    assert_eq!(code(by(&register, &maker, &first, accept()).await), "access.role");
    let direct = Command::Delivery {
        number: None,
        command: DeliveryCommand::HandOver {
            line: line.clone(),
            reference: None,
            quantity: Quantity::whole(1),
            on: date(2012, 3, 1),
            document: paper("Waybill"),
        },
    };
    assert_eq!(code(register.store.execute(&maker, direct).await), "access.role");

    by(&register, &officer(), &first, accept()).await.unwrap();
    assert_eq!(delivered().await, 1);
    let reader = register.store.reader(&maker, Some(date(2012, 9, 30)), None).await.unwrap();
    let view = reader.report(&first).await.unwrap();
    let recorded = format!("delivery:{line}.1");
    assert_eq!((view.row.report.state, view.row.report.recorded.as_deref()), ("accepted", Some(&*recorded)));
    let delivery = Box::pin(reader.delivery(&format!("{line}.1"))).await.unwrap();
    assert_eq!(delivery.history[0].actor, "officer", "the act is the officer's");
    assert_eq!(delivery.history[0].document.as_ref().unwrap().title, "Waybill 7");
    assert_eq!(code(by(&register, &officer(), &first, accept()).await), "state");

    // What the act's own rule refuses leaves both as they were.
    let many = by(&register, &maker, &contract, handed_over(&line, 9)).await.unwrap().subject.key;
    let refused = refusal(by(&register, &officer(), &many, accept()).await);
    assert_eq!((refused.code, refused.field.as_deref()), ("reference.taken", Some("reported.reference")));
    assert_eq!(delivered().await, 1);
    let back = ReportCommand::Return { on: date(2012, 3, 6), reason: "nine are more than are owed".into() };
    by(&register, &officer(), &many, back).await.unwrap();

    // A delivery that is there is accepted by a report, and its serial numbers recorded.
    let file = |reported| ReportCommand::File {
        on: date(2012, 3, 12),
        reported,
        note: None,
        document: None,
    };
    let delivery = format!("{line}.1");
    let serials = Reported::Serials {
        on: date(2012, 3, 2),
        delivery: delivery.clone(),
        serials: vec!["A1".into(), "A2".into()],
    };
    let listed = by(&register, &maker, &contract, file(serials)).await.unwrap().subject.key;
    assert_eq!(code(by(&register, &officer(), &listed, accept()).await), "report.order");
    let shown = ReportCommand::Accept { on: date(2012, 3, 13), document: Some(paper("Packing list")) };
    let bare = ReportCommand::Accept { on: date(2012, 3, 13), document: None };
    assert_eq!(code(by(&register, &officer(), &listed, bare).await), "report.evidence");
    by(&register, &officer(), &listed, shown).await.unwrap();
    let reader = register.store.reader(&register.chair, Some(date(2012, 9, 30)), None).await.unwrap();
    assert_eq!(Box::pin(reader.delivery(&delivery)).await.unwrap().serials, ["A1", "A2"]);

    // Another party sees nothing of it, the officer all of it, in the order in which it waits.
    let waiting = file(Reported::Accepted { on: date(2012, 3, 10), delivery: delivery.clone() });
    let last = by(&register, &maker, &contract, waiting).await.unwrap().subject.key;
    let list = async |actor: &Actor| {
        let reader = register.store.reader(actor, Some(date(2012, 9, 30)), None).await.unwrap();
        let found = reader.reports(&ReportFilter::default(), Page::first(10)).await.unwrap();
        found.rows.into_iter().map(|row| (row.report.number, row.report.state)).collect::<Vec<_>>()
    };
    let all = list(&officer()).await;
    assert_eq!((all.len(), &all[0]), (4, &(last.clone(), "filed")));
    assert_eq!(list(&maker).await.len(), 4);
    let exporter = Actor { party: Some("P-P0002".into()), ..actor("seller", Role::Exporter, Clearance::full()) };
    assert!(list(&exporter).await.is_empty());
    let withdraw = || ReportCommand::Withdraw { on: date(2012, 3, 14), reason: "by mistake".into() };
    let nobody = refusal(by(&register, &works("P-P0009"), &last, withdraw()).await);
    let absent = refusal(by(&register, &works("P-P0009"), &format!("{contract}.N9"), withdraw()).await);
    assert_eq!((nobody.code, nobody.message.replace("N4", "N9")), ("not_found", absent.message));
    by(&register, &maker, &last, withdraw()).await.unwrap();
    assert_eq!(code(by(&register, &works("P-P0009"), &contract, handed_over(&line, 1)).await), "not_found");
    let before = list(&officer()).await;
    register.store.rebuild(silent()).await.unwrap();
    assert_eq!(list(&officer()).await, before);
    let options = VerifyOptions { deep: true, ..VerifyOptions::default() };
    assert!(register.store.verify(&options, silent()).await.unwrap().ok());
    register.store.close().await;
}
}
