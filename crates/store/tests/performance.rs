//! Milestones of a contract: planned, forecast, reached or not, and what they release.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::label::{Clearance, Level};
use entente_register::payment::{DueRule, InstalmentCommand, InstalmentKind, NewInstalment};
use entente_register::performance::{
    DelayCause, DelayReason, DelaySide, Milestone, MilestoneCommand, MilestoneKind, NewMilestone,
};
use entente_store::reader::ContractPerformance;
use entente_store::{Outcome, Receipt, VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use jiff::civil::{Date, date};
use support::*;

fn milestone(kind: MilestoneKind, planned_on: Date) -> NewMilestone {
    NewMilestone {
        on: date(2012, 1, 20),
        kind,
        name: None,
        planned_on,
        line: None,
        instalment: None,
        document: None,
    }
}

async fn plan(register: &Register, contract: &str, new: NewMilestone) -> Outcome<Receipt> {
    let command = MilestoneCommand::Plan(Box::new(new));
    register.run(Command::Milestone { number: contract.into(), command }).await
}

async fn act(register: &Register, number: &str, command: MilestoneCommand) -> Outcome<Receipt> {
    register.run(Command::Milestone { number: number.into(), command }).await
}

fn reach(on: Date) -> MilestoneCommand {
    MilestoneCommand::Reach { on, document: paper("Protocol") }
}

async fn read(register: &Register, by: &Actor, as_of: Date, contract: &str) -> Outcome<ContractPerformance> {
    register.store.reader(by, Some(as_of), None).await.unwrap().contract_performance(contract).await
}

async fn milestones(register: &Register, as_of: Date, contract: &str) -> Vec<Milestone> {
    let view = read(register, &register.chair, as_of, contract).await.unwrap();
    view.milestones.into_iter().map(|one| one.state).collect()
}

/// An instalment of 500.00 USD that is due 30 days after a milestone.
async fn waiting(register: &Register, contract: &str) -> String {
    let new = NewInstalment {
        reference: None,
        kind: InstalmentKind::Milestone,
        amount: usd(500),
        due: DueRule::AfterMilestone { milestone: "Factory acceptance test".into(), on: None, days: 30 },
        lender: None,
        bank: None,
        label: None,
        on: date(2012, 1, 20),
        document: None,
    };
    let command = InstalmentCommand::Schedule(Box::new(new));
    register.run(Command::Instalment { number: contract.into(), command }).await.unwrap().subject.key
}

async fn sound(register: &Register) {
    let options = VerifyOptions { deep: true, ..VerifyOptions::default() };
    let verified = register.store.verify(&options, silent()).await.unwrap();
    assert!(verified.ok(), "{verified:?}");
}

on_both! {
async fn a_milestone_is_planned_forecast_and_reached_and_releases_its_instalment(database: TestDatabase) {
    let register = Register::founded(&database).await;
    let contract = register.contract("OFFICIAL").await;
    let instalment = waiting(&register, &contract).await;
    let test = NewMilestone {
        line: Some(format!("{contract}.1")),
        instalment: Some(instalment.clone()),
        ..milestone(MilestoneKind::FactoryAcceptance, date(2012, 5, 31))
    };
    let made = plan(&register, &contract, test.clone()).await.unwrap();
    assert_eq!(made.subject.to_string(), format!("milestone:{contract}.M1"));
    let number = made.subject.key;
    // What is named must be there, be of this contract, and be released by one milestone only.
    let refused = async |new| {
        let refusal = refusal(plan(&register, &contract, new).await);
        (refusal.code, refusal.field.unwrap_or_default())
    };
    let taken = ("milestone.instalment", "instalment".to_owned());
    assert_eq!(refused(test.clone()).await, taken);
    let line = NewMilestone { line: Some(format!("{contract}.7")), instalment: None, ..test.clone() };
    assert_eq!(refused(line).await, ("not_found", "line".to_owned()));
    let absent = NewMilestone { instalment: Some(format!("{contract}.I9")), ..test.clone() };
    assert_eq!(refused(absent).await, ("not_found", "instalment".to_owned()));
    let other = register.contract("OFFICIAL").await;
    let elsewhere = NewMilestone { line: None, ..test.clone() };
    assert_eq!(code(plan(&register, &other, elsewhere).await), "not_found");

    let forecast = MilestoneCommand::Forecast {
        on: date(2012, 5, 2),
        expected_on: date(2012, 8, 1),
        delay: Some(DelayReason { cause: DelayCause::Supply, side: DelaySide::Seller }),
        reason: "engines".into(),
    };
    act(&register, &number, forecast).await.unwrap();
    let before = milestones(&register, date(2012, 5, 1), &contract).await;
    assert_eq!((before[0].expected_on, before[0].days_late(date(2012, 5, 1))), (None, Some(0)));
    let then = milestones(&register, date(2012, 6, 15), &contract).await;
    assert!(then[0].is_overdue(date(2012, 6, 15)));
    assert_eq!(then[0].days_late(date(2012, 6, 15)), Some(62));

    act(&register, &number, reach(date(2012, 7, 2))).await.unwrap();
    let reached = milestones(&register, date(2012, 7, 2), &contract).await;
    assert_eq!((reached[0].state, reached[0].reached_on), ("reached", Some(date(2012, 7, 2))));
    let payments = async |as_of| {
        let reader = register.store.reader(&register.chair, Some(as_of), None).await.unwrap();
        reader.contract_payments(&contract).await.unwrap().instalments[0].due_on
    };
    assert_eq!(payments(date(2012, 7, 1)).await, None);
    assert_eq!(payments(date(2012, 7, 2)).await, Some(date(2012, 8, 1)));
    assert_eq!(code(act(&register, &number, reach(date(2012, 7, 3))).await), "state");
    let annul = || MilestoneCommand::Annul { reason: "recorded in error".into() };
    assert_eq!(code(act(&register, &number, annul()).await), "milestone.released");

    // The history is told with its subject, and an instalment that is released tells of it.
    let view = read(&register, &register.chair, date(2012, 9, 30), &contract).await.unwrap();
    let what: Vec<_> = view.history.iter().map(|(subject, row)| (subject.as_str(), row.what.as_str())).collect();
    let own = format!("milestone:{contract}.M1");
    assert_eq!(
        what,
        [(&*own, "milestone planned"), (&*own, "milestone forecast"), (&*own, "milestone reached")]
    );
    let reader = register.store.reader(&register.chair, None, None).await.unwrap();
    let payments = reader.contract_payments(&contract).await.unwrap();
    let amended = payments.history.iter().find(|(_, row)| row.what == "instalment amended").unwrap();
    assert!(amended.1.reason.as_deref().unwrap().contains(&number));
    sound(&register).await;
    register.store.close().await;
}
}

on_both! {
async fn what_is_cancelled_stays_and_what_is_annulled_never_was(database: TestDatabase) {
    let register = Register::founded(&database).await;
    let contract = register.contract("OFFICIAL").await;
    for day in [date(2012, 6, 30), date(2012, 3, 31)] {
        plan(&register, &contract, milestone(MilestoneKind::FirstArticle, day)).await.unwrap();
    }
    let numbers = async |as_of| -> Vec<String> {
        milestones(&register, as_of, &contract).await.into_iter().map(|one| one.number).collect()
    };
    // In the order of their days, not of their numbers.
    let (first, second) = (format!("{contract}.M1"), format!("{contract}.M2"));
    assert_eq!(numbers(date(2012, 2, 1)).await, [second.clone(), first.clone()]);
    assert!(numbers(date(2012, 1, 19)).await.is_empty());
    let cancel = MilestoneCommand::Cancel {
        on: date(2012, 5, 2),
        reason: "the contract was amended".into(),
        document: None,
    };
    act(&register, &first, cancel).await.unwrap();
    let all = milestones(&register, date(2012, 9, 30), &contract).await;
    assert_eq!((all[1].state, all[1].is_overdue(date(2012, 9, 30))), ("cancelled", false));
    register.clock.set(instant("2012-09-30T13:00:00Z"));
    act(&register, &second, MilestoneCommand::Annul { reason: "of another contract".into() }).await.unwrap();
    assert_eq!(numbers(date(2012, 9, 30)).await, [first.as_str()]);
    // As it was known before, it was there.
    let known = Some(instant("2012-09-30T12:30:00Z"));
    let reader = register.store.reader(&register.chair, Some(date(2012, 9, 30)), known).await.unwrap();
    assert_eq!(reader.contract_performance(&contract).await.unwrap().milestones.len(), 2);
    // What was annulled leaves its number behind.
    let next = plan(&register, &contract, milestone(MilestoneKind::FirstArticle, date(2012, 12, 1))).await;
    assert_eq!(next.unwrap().subject.key, format!("{contract}.M3"));
    let before = read(&register, &register.chair, date(2012, 9, 30), &contract).await.unwrap();
    register.store.rebuild(silent()).await.unwrap();
    assert_eq!(read(&register, &register.chair, date(2012, 9, 30), &contract).await.unwrap(), before);
    sound(&register).await;
    register.store.close().await;
}
}

on_both! {
async fn who_may_not_see_the_contract_sees_no_milestone_of_it(database: TestDatabase) {
    let register = Register::founded(&database).await;
    let contract = register.contract("SECRET").await;
    let instalment = waiting(&register, &contract).await;
    let test = NewMilestone {
        instalment: Some(instalment.clone()),
        ..milestone(MilestoneKind::FactoryAcceptance, date(2012, 5, 31))
    };
    let number = plan(&register, &contract, test).await.unwrap().subject.key;
    let as_of = date(2012, 9, 30);
    let official = actor("official", Role::ContractOfficer, Clearance::of(Level::Official));
    assert_eq!(code(read(&register, &official, as_of, &contract).await), "not_found");
    let command = Command::Milestone { number: number.clone(), command: reach(date(2012, 7, 2)) };
    let absent = refusal(register.store.execute(&official, command).await);
    let nowhere = Command::Milestone { number: format!("{contract}.M8"), command: reach(date(2012, 7, 2)) };
    let nobody = refusal(register.store.execute(&official, nowhere).await);
    assert_eq!((absent.code, nobody.code), ("not_found", "not_found"));
    assert_eq!(absent.message.replace("M1", "M8"), nobody.message);
    // Customs reads contracts and no money: the instalment is not named.
    let customs = actor("customs", Role::Customs, Clearance::full());
    let seen = read(&register, &customs, as_of, &contract).await.unwrap();
    assert_eq!((seen.milestones.len(), &seen.milestones[0].state.instalment), (1, &None));
    assert_eq!(seen.label, label("SECRET"));
    let chair = read(&register, &register.chair, as_of, &contract).await.unwrap();
    assert_eq!(chair.milestones[0].state.instalment, Some(instalment));
    // A manufacturer sees its own business.
    let works = |party: &str| Actor {
        party: Some(party.into()),
        ..actor("works", Role::Manufacturer, Clearance::full())
    };
    assert_eq!(code(read(&register, &works("P-P0009"), as_of, &contract).await), "not_found");
    assert_eq!(read(&register, &works("P-P0001"), as_of, &contract).await.unwrap().milestones.len(), 1);
    let command = Command::Milestone { number, command: reach(date(2012, 7, 2)) };
    assert_eq!(code(register.store.execute(&customs, command).await), "access.role");
    sound(&register).await;
    register.store.close().await;
}
}
