//! Reports: who files, on what, and what is asked for before one becomes a fact.

use jiff::civil::date;

use super::*;
use crate::access::{Actor, Role};
use crate::contract::{ContractParty, ContractTerms};
use crate::label::{Clearance, Level};
use crate::ledger::check_machine;
use crate::money::{Currency, Quantity};

const NUMBER: &str = "O-2012-0001.N1";
const MAKER: &str = "O-P0003";

#[test]
fn the_machine_is_sound() {
    check_machine(&MACHINE);
}

fn context() -> Context {
    let actor = Actor {
        account: "works".into(),
        name: "Works".into(),
        roles: vec![Role::Manufacturer],
        clearance: Clearance::full(),
        party: Some(MAKER.into()),
    };
    Context { actor, now: "2012-12-31T12:00:00Z".parse().unwrap(), today: date(2012, 12, 31) }
}

fn contract(state: &'static str) -> Contract {
    let party = |party: &str, role| ContractParty { party: party.into(), role };
    Contract {
        number: "O-2012-0001".into(),
        partner: "BRA".into(),
        parties: vec![party(MAKER, PartyRole::Manufacturer), party("O-P0004", PartyRole::EndUser)],
        title: "Patrol boats".into(),
        currency: Currency::USD,
        label: Label::of(Level::Official),
        state,
        in_force_on: None,
        last_on: date(2012, 1, 1),
        suspensions: Vec::new(),
        claims: Vec::new(),
        terms: ContractTerms::default(),
    }
}

fn paper() -> Document {
    Document { title: "Waybill 4".into(), dated: date(2012, 6, 1), content: None }
}

fn filed(line: &str) -> ReportFiled {
    let reported = Reported::HandedOver {
        on: date(2012, 6, 1),
        line: line.into(),
        quantity: Quantity::whole(2),
        reference: None,
    };
    ReportFiled { party: MAKER.into(), reported, note: None, document: None }
}

fn ask(contract: &Contract, exists: bool, new: ReportFiled) -> Fallible<Vec<NewEvent>> {
    file(contract, NUMBER, exists, &context(), (date(2012, 6, 2), new))
}

fn report(new: ReportFiled) -> Report {
    let mut state = None;
    for event in ask(&contract("in_force"), true, new).unwrap() {
        let what = (&event.fact, event.reason.as_deref());
        Report::apply(&mut state, &event.subject, event.occurred_on, &event.label, what);
    }
    state.unwrap()
}

#[test]
fn only_who_exports_or_makes_the_goods_reports_on_them() {
    let of = contract("in_force");
    let line = "O-2012-0001.1";
    assert!(ask(&of, true, filed(line)).is_ok());
    let code = |of: &Contract, exists, new| {
        let refusal = ask(of, exists, new).unwrap_err();
        assert!(refusal.missing.is_some(), "{}", refusal.message);
        refusal.code
    };
    let user = ReportFiled { party: "O-P0004".into(), ..filed(line) };
    assert_eq!(code(&of, true, user), "report.party");
    assert_eq!(code(&of, false, filed(line)), "not_found");
    assert_eq!(code(&of, true, filed("O-2012-0002.1")), "not_found");
    assert_eq!(code(&contract("negotiating"), true, filed(line)), "state");
    let later = Reported::Accepted { on: date(2013, 1, 1), delivery: "O-2012-0001.1.1".into() };
    assert_eq!(code(&of, true, ReportFiled { reported: later, ..filed(line) }), "date.in_future");
}

#[test]
fn a_report_is_accepted_on_evidence_and_becomes_the_act_that_it_reports() {
    let bare = report(filed("O-2012-0001.1"));
    let on = date(2012, 6, 5);
    let refusal = evidence(&bare, false, &context(), on, None).unwrap_err();
    assert_eq!((refusal.code, refusal.field.as_deref()), ("report.evidence", Some("document")));
    assert_eq!(evidence(&bare, false, &context(), on, Some(paper())).unwrap(), paper());
    let own = Document { title: "Our own copy".into(), ..paper() };
    let shown = report(ReportFiled { document: Some(paper()), ..filed("O-2012-0001.1") });
    assert_eq!(evidence(&shown, false, &context(), on, None).unwrap(), paper());
    assert_eq!(
        evidence(&shown, false, &context(), on, Some(own.clone())).unwrap(),
        own,
        "the officer’s goes before"
    );
    assert_eq!(evidence(&shown, false, &context(), date(2012, 6, 1), None).unwrap_err().code, "report.order");
    let crate::command::Command::Delivery { number: None, command } = shown.filed.reported.act(paper())
    else {
        panic!("{:?}", shown.filed.reported)
    };
    assert_eq!(
        command,
        crate::contract::delivery::DeliveryCommand::HandOver {
            line: "O-2012-0001.1".into(),
            reference: None,
            quantity: Quantity::whole(2),
            on: date(2012, 6, 1),
            document: paper(),
        }
    );
    let recorded = SubjectKind::Delivery.subject("O-2012-0001.1.1");
    assert_eq!(evidence(&shown, true, &context(), on, None).unwrap_err().code, "report.two_sides");
    let of = contract("in_force");
    let mut state = Some(shown);
    for event in accept(state.as_ref().unwrap(), &of, on, &recorded, paper()).unwrap() {
        Report::apply(&mut state, &event.subject, on, &event.label, (&event.fact, None));
    }
    let done = state.unwrap();
    assert_eq!((done.state, done.recorded.as_deref()), ("accepted", Some("delivery:O-2012-0001.1.1")));
    assert_eq!(evidence(&done, false, &context(), on, None).unwrap_err().code, "state");
    let kept = serde_json::to_string(&done).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&kept).unwrap(), done);
}

#[test]
fn who_filed_withdraws_and_the_officer_returns_with_a_reason() {
    let one = report(filed("O-2012-0001.1"));
    let of = contract("in_force");
    let withdraw = || ReportCommand::Withdraw { on: date(2012, 6, 3), reason: "twice".into() };
    assert_eq!(end(&one, &of, false, &context(), withdraw()).unwrap_err().code, "not_found");
    assert!(end(&one, &of, true, &context(), withdraw()).is_ok());
    let give_back = |reason: &str| ReportCommand::Return { on: date(2012, 6, 3), reason: reason.into() };
    assert_eq!(end(&one, &of, false, &context(), give_back(" ")).unwrap_err().code, "report.reason");
    let mut state = Some(one);
    for event in end(state.as_ref().unwrap(), &of, false, &context(), give_back("no waybill")).unwrap() {
        let what = (&event.fact, event.reason.as_deref());
        Report::apply(&mut state, &event.subject, event.occurred_on, &event.label, what);
    }
    let one = state.unwrap();
    assert_eq!((one.state, one.ended.as_ref().unwrap().1.as_str()), ("returned", "no waybill"));
    assert_eq!(end(&one, &of, true, &context(), withdraw()).unwrap_err().code, "state");
}
