//! Milestones: the machine is sound, days are counted, instalments are released, and slips of the pen refused.

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::milestone::{MACHINE, decide};
use super::*;

mod corrective;
mod offset;
mod slippage;

use crate::access::{Actor, Role};
use crate::contract::{Contract, ContractMoved, ContractOpened};
use crate::document::Document;
use crate::label::{Clearance, Label, Level};
use crate::ledger::{Fact, NewEvent, SubjectKind, check_machine};
use crate::money::{Currency, Money};
use crate::payment::{DueRule, Instalment, InstalmentKind, InstalmentScheduled};

const NUMBER: &str = "O-2012-0001.M1";

#[test]
fn the_machines_are_sound() {
    for machine in [&MACHINE, &super::slippage::MACHINE, &super::corrective::MACHINE, &super::offset::MACHINE]
    {
        check_machine(machine);
    }
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

fn official() -> Label {
    Label::of(Level::Official)
}

fn paper() -> Document {
    Document { title: "Protocol".into(), dated: date(2012, 1, 2), content: None }
}

/// A contract that was signed and, where a day is given, has entered into force.
fn contract(signed: bool, in_force_on: Option<Date>) -> Contract {
    let subject = SubjectKind::Contract.subject("O-2012-0001");
    let opened = Fact::ContractOpened(ContractOpened {
        reference: "P/1".into(),
        title: "Patrol boats".into(),
        partner: "BRA".into(),
        parties: vec![],
        currency: Currency::USD,
    });
    let mut state = None;
    Contract::apply(&mut state, &subject, date(2012, 1, 1), &official(), &opened);
    let moved = ContractMoved::default;
    if signed {
        let fact = Fact::ContractSigned(moved());
        Contract::apply(&mut state, &subject, date(2012, 1, 15), &official(), &fact);
    }
    if let Some(day) = in_force_on {
        Contract::apply(&mut state, &subject, day, &official(), &Fact::ContractEnteredIntoForce(moved()));
    }
    state.unwrap()
}

fn instalment(due: DueRule) -> Instalment {
    let scheduled = Fact::InstalmentScheduled(InstalmentScheduled {
        reference: None,
        kind: InstalmentKind::Milestone,
        amount: Money::new(10_000, Currency::USD),
        due,
        lender: None,
        bank: None,
        document: None,
    });
    let mut state = None;
    let subject = SubjectKind::Instalment.subject("O-2012-0001.I1");
    Instalment::apply(&mut state, &subject, date(2012, 3, 1), &official(), &scheduled);
    state.unwrap()
}

fn new(kind: MilestoneKind) -> NewMilestone {
    NewMilestone {
        on: date(2012, 1, 20),
        kind,
        name: None,
        planned_on: date(2012, 6, 30),
        line: None,
        instalment: None,
        document: None,
    }
}

fn plan(new: NewMilestone) -> MilestoneCommand {
    MilestoneCommand::Plan(Box::new(new))
}

fn reach(on: Date) -> MilestoneCommand {
    MilestoneCommand::Reach { on, document: paper() }
}

fn forecast(on: Date, expected_on: Date) -> MilestoneCommand {
    let delay = (expected_on > date(2012, 6, 30)).then_some(late());
    MilestoneCommand::Forecast { on, expected_on, delay, reason: "the engines come late".into() }
}

fn late() -> DelayReason {
    DelayReason { cause: DelayCause::Supply, side: DelaySide::Seller }
}

fn fold(state: &mut Option<Milestone>, events: &[NewEvent]) {
    for event in events.iter().filter(|event| event.subject.kind == SubjectKind::Milestone) {
        let what = (&event.fact, event.reason.as_deref());
        Milestone::apply(state, &event.subject, event.occurred_on, &event.label, what);
    }
}

fn ask(
    state: Option<&Milestone>,
    contract: &Contract,
    facts: &MilestoneFacts,
    command: MilestoneCommand,
) -> Fallible<Vec<NewEvent>> {
    decide(state, contract, NUMBER, facts, &context(), command)
}

fn planned(new: NewMilestone, facts: &MilestoneFacts) -> Milestone {
    let mut state = None;
    let contract = contract(true, None);
    fold(&mut state, &ask(None, &contract, facts, plan(new)).unwrap());
    state.unwrap()
}

#[test]
fn days_are_counted_from_the_day_that_is_agreed() {
    let one = planned(new(MilestoneKind::FirstArticle), &MilestoneFacts::default());
    assert_eq!(one.name, "First article");
    assert!(!one.is_overdue(date(2012, 6, 30)), "on the day itself it may still be reached");
    assert!(one.is_overdue(date(2012, 7, 1)));
    assert_eq!(one.days_late(date(2012, 3, 1)), Some(0));
    assert_eq!(one.days_late(date(2012, 7, 10)), Some(10));
    let mut state = Some(one.clone());
    let asked = forecast(date(2012, 5, 1), date(2012, 8, 29));
    fold(&mut state, &ask(Some(&one), &contract(true, None), &MilestoneFacts::default(), asked).unwrap());
    let one = state.unwrap();
    // The forecast counts until it is itself behind the day.
    assert_eq!(one.days_late(date(2012, 5, 2)), Some(60));
    assert_eq!(one.days_late(date(2012, 7, 10)), Some(60));
    assert_eq!(one.days_late(date(2012, 9, 8)), Some(70));
    let mut state = Some(one.clone());
    let asked = reach(date(2012, 6, 20));
    fold(&mut state, &ask(Some(&one), &contract(true, None), &MilestoneFacts::default(), asked).unwrap());
    let one = state.unwrap();
    assert_eq!((one.state, one.days_late(date(2012, 12, 1))), ("reached", Some(-10)));
    assert!(!one.is_overdue(date(2012, 12, 1)));
}

#[test]
fn what_is_reached_gives_the_instalment_its_day() {
    let after = |on| DueRule::AfterMilestone { milestone: "Test".into(), on, days: 30 };
    let mut facts = MilestoneFacts { instalment: Some(instalment(after(None))), ..Default::default() };
    let named =
        NewMilestone { instalment: Some("O-2012-0001.I1".into()), ..new(MilestoneKind::FactoryAcceptance) };
    let one = planned(named.clone(), &facts);
    let contract = contract(true, None);
    let events = ask(Some(&one), &contract, &facts, reach(date(2012, 6, 1))).unwrap();
    assert_eq!(events.len(), 2);
    let Fact::InstalmentAmended(amended) = &events[1].fact else { panic!("{:?}", events[1]) };
    assert_eq!(amended.due.due_on(amended.due.own_day()), Some(date(2012, 7, 1)));
    assert_eq!((&amended.document, amended.amount.minor), (&paper(), 10_000));
    // What was agreed of the instalment later than the milestone was reached is not overtaken.
    let events = ask(Some(&one), &contract, &facts, reach(date(2012, 2, 1))).unwrap();
    assert_eq!((events[0].occurred_on, events[1].occurred_on), (date(2012, 2, 1), date(2012, 3, 1)));

    let mut reached = Some(one.clone());
    fold(&mut reached, &ask(Some(&one), &contract, &facts, reach(date(2012, 6, 1))).unwrap());
    facts.instalment = Some(instalment(after(Some(date(2012, 6, 1)))));
    let annul = || MilestoneCommand::Annul { reason: "another contract’s".into() };
    let refusal = ask(reached.as_ref(), &contract, &facts, annul()).unwrap_err();
    assert_eq!(refusal.code, "milestone.released");
    facts.instalment = Some(instalment(after(None)));
    assert_eq!(ask(reached.as_ref(), &contract, &facts, annul()).unwrap().len(), 1);

    // Only what waits for a milestone can be released, by one.
    facts.released_by = Some("O-2012-0001.M2".into());
    let code = |facts: &MilestoneFacts| ask(None, &contract, facts, plan(named.clone())).unwrap_err().code;
    assert_eq!(code(&facts), "milestone.instalment");
    facts.released_by = None;
    facts.instalment = Some(instalment(DueRule::Fixed { on: date(2012, 6, 1) }));
    assert_eq!(code(&facts), "milestone.instalment");
    facts.instalment = None;
    assert_eq!(code(&facts), "not_found");
}

#[test]
fn slips_of_the_pen_are_refused_and_say_what_is_missing() {
    let facts = MilestoneFacts::default();
    let signed = contract(true, None);
    let of = |one: &Milestone, contract: &Contract, command| {
        let refusal = ask(Some(one), contract, &facts, command).unwrap_err();
        assert!(refusal.missing.is_some_and(|missing| missing.len() > 5), "{}", refusal.message);
        refusal.code
    };
    let one = planned(new(MilestoneKind::FirstArticle), &facts);
    assert_eq!(of(&one, &contract(false, None), reach(date(2012, 6, 1))), "state");
    assert_eq!(of(&one, &signed, reach(date(2012, 1, 19))), "milestone.order");
    assert_eq!(of(&one, &signed, reach(date(2013, 1, 1))), "date.in_future");
    assert_eq!(of(&one, &signed, forecast(date(2012, 5, 1), date(2012, 4, 30))), "milestone.forecast");
    assert_eq!(of(&one, &signed, forecast(date(2012, 5, 1), date(2012, 6, 30))), "milestone.nothing_new");
    let without = |expected_on, delay| MilestoneCommand::Forecast {
        on: date(2012, 5, 1),
        expected_on,
        delay,
        reason: "the engines come late".into(),
    };
    assert_eq!(of(&one, &signed, without(date(2012, 8, 1), None)), "milestone.delay");
    assert_eq!(of(&one, &signed, without(date(2012, 6, 1), Some(late()))), "milestone.delay");
    let amend = MilestoneCommand::Amend {
        on: date(2012, 5, 1),
        planned_on: date(2012, 6, 30),
        document: paper(),
        reason: "agreed".into(),
    };
    assert_eq!(of(&one, &signed, amend), "milestone.nothing_amended");
    let force = planned(new(MilestoneKind::EntryIntoForce), &facts);
    assert_eq!(of(&force, &signed, reach(date(2012, 6, 1))), "milestone.entry_into_force");
    let in_force = contract(true, Some(date(2012, 6, 2)));
    assert_eq!(of(&force, &in_force, reach(date(2012, 6, 1))), "milestone.entry_into_force");
    assert!(ask(Some(&force), &in_force, &facts, reach(date(2012, 6, 2))).is_ok());
    let other = ask(None, &signed, &facts, plan(new(MilestoneKind::Other))).unwrap_err();
    assert_eq!((other.code, other.field.as_deref()), ("milestone.name", Some("name")));
    let lined = NewMilestone { line: Some("O-2012-0002.1".into()), ..new(MilestoneKind::FirstArticle) };
    let exists = MilestoneFacts { line_exists: true, ..facts.clone() };
    assert_eq!(ask(None, &signed, &exists, plan(lined)).unwrap_err().code, "not_found");
}

proptest! {
    /// Whatever is asked in whatever order: days never run backwards, nothing leaves an end but an annulment,
    /// and the state that is kept is the state that is read back.
    #[test]
    fn the_fold_stays_sane(asked in prop::collection::vec((0_u8..5, 0_i16..330, 0_i16..700), 1..30)) {
        let contract = contract(true, None);
        let facts = MilestoneFacts::default();
        let day = |after: i16| date(2012, 1, 20).checked_add(jiff::ToSpan::days(i64::from(after))).unwrap();
        let mut state = None;
        fold(&mut state, &ask(None, &contract, &facts, plan(new(MilestoneKind::TrainingCompleted))).unwrap());
        for (what, on, other) in asked {
            let (on, other) = (day(on), day(other));
            let reason = || "a reason".to_owned();
            let command = match what {
                0 => MilestoneCommand::Amend { on, planned_on: other, document: paper(), reason: reason() },
                1 => forecast(on, other),
                2 => reach(on),
                3 => MilestoneCommand::Cancel { on, reason: reason(), document: None },
                _ => MilestoneCommand::Annul { reason: reason() },
            };
            let before = state.clone().unwrap();
            match ask(Some(&before), &contract, &facts, command) {
                Ok(events) => fold(&mut state, &events),
                Err(refusal) => prop_assert!(refusal.missing.is_some()),
            }
            let after = state.as_ref().unwrap();
            prop_assert!(after.last_on >= before.last_on);
            prop_assert!(before.state == "planned" || after.state == before.state || after.state == "annulled");
            prop_assert_eq!(after.reached_on.is_some(), after.state == "reached" || before.reached_on.is_some());
            let text = serde_json::to_string(after).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Milestone>(&text).unwrap(), after);
        }
    }
}
