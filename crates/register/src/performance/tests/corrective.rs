//! Corrective plans: two persons, actions that are done or dropped, and what a plan can be about.

use super::*;
use crate::performance::corrective::decide;

const NUMBER: &str = "O-2012-0001.C1";

fn action(due_on: Date) -> NewAction {
    NewAction { what: "A second shift".into(), responsible: "Yard 5".into(), due_on }
}

fn propose(about: Option<&str>, actions: Vec<NewAction>) -> CorrectiveCommand {
    CorrectiveCommand::Propose {
        on: date(2012, 5, 5),
        about: about.map(str::to_owned),
        claim: None,
        goal: "the hull by September".into(),
        actions,
        document: None,
    }
}

fn by(account: &str) -> Context {
    let mut context = context();
    context.actor.account = account.into();
    context
}

fn ask(
    state: Option<&CorrectivePlan>,
    about_exists: bool,
    context: &Context,
    command: CorrectiveCommand,
) -> Fallible<Vec<NewEvent>> {
    let facts = CorrectiveFacts { about_exists };
    decide(state, &contract(true, None), NUMBER, &facts, context, command)
}

fn fold(state: &mut Option<CorrectivePlan>, events: &[NewEvent]) {
    for event in events {
        let what = (&event.fact, event.reason.as_deref());
        CorrectivePlan::apply(state, &event.subject, event.occurred_on, &event.label, what);
    }
}

#[test]
fn a_plan_runs_from_its_proposal_to_its_close() {
    let mut state = None;
    let actions = vec![action(date(2012, 6, 30)), action(date(2012, 7, 31))];
    let new = propose(Some("slippage:O-2012-0001.S1"), actions);
    fold(&mut state, &ask(None, true, &by("first"), new).unwrap());
    let approve = || CorrectiveCommand::Approve { on: date(2012, 5, 10), document: None };
    let refusal = ask(state.as_ref(), true, &by("first"), approve()).unwrap_err();
    assert_eq!(refusal.code, "corrective.two_persons");
    let finish = |action| CorrectiveCommand::FinishAction {
        on: date(2012, 7, 1),
        action,
        result: "it works".into(),
        document: Some(paper()),
    };
    assert_eq!(ask(state.as_ref(), true, &by("second"), finish(1)).unwrap_err().code, "state");
    let events = ask(state.as_ref(), true, &by("second"), approve()).unwrap();
    fold(&mut state, &events);
    let one = state.clone().unwrap();
    assert_eq!((one.state, one.overdue(date(2012, 7, 5))), ("approved", 1));
    fold(&mut state, &ask(Some(&one), true, &by("first"), finish(1)).unwrap());
    let one = state.clone().unwrap();
    assert_eq!(one.overdue(date(2012, 7, 5)), 0);
    assert_eq!(ask(Some(&one), true, &by("first"), finish(1)).unwrap_err().code, "corrective.action_open");
    assert_eq!(ask(Some(&one), true, &by("first"), finish(3)).unwrap_err().code, "not_found");
    let close = || CorrectiveCommand::Close {
        on: date(2012, 9, 1),
        effective: true,
        outcome: "the hull is welded".into(),
        document: None,
    };
    let refusal = ask(Some(&one), true, &by("first"), close()).unwrap_err();
    assert_eq!(refusal.code, "corrective.open_actions");
    assert!(refusal.message.contains('2'), "{}", refusal.message);
    let moved = CorrectiveCommand::MoveAction {
        on: date(2012, 7, 2),
        action: 2,
        due_on: date(2012, 8, 31),
        reason: "steel".into(),
    };
    fold(&mut state, &ask(Some(&one), true, &by("first"), moved).unwrap());
    let dropped =
        CorrectiveCommand::DropAction { on: date(2012, 8, 1), action: 2, reason: "not needed".into() };
    let one = state.clone().unwrap();
    assert_eq!((one.actions[1].first_due_on, one.actions[1].due_on), (date(2012, 7, 31), date(2012, 8, 31)));
    fold(&mut state, &ask(Some(&one), true, &by("first"), dropped).unwrap());
    let events = ask(state.as_ref(), true, &by("first"), close()).unwrap();
    fold(&mut state, &events);
    let one = state.unwrap();
    assert_eq!((one.state, one.is_open()), ("closed", false));
    let kept = serde_json::to_string(&one).unwrap();
    assert_eq!(serde_json::from_str::<CorrectivePlan>(&kept).unwrap(), one);
}

#[test]
fn a_plan_is_about_something_of_its_contract() {
    let code = |about: Option<&str>, exists| {
        let actions = vec![action(date(2012, 6, 30))];
        ask(None, exists, &context(), propose(about, actions)).map_err(|refusal| refusal.code)
    };
    assert!(code(None, false).is_ok(), "the contract itself is there");
    assert_eq!(code(Some("slippage:O-2012-0001.S1"), false).unwrap_err(), "not_found");
    assert_eq!(code(Some("slippage:O-2012-0002.S1"), true).unwrap_err(), "not_found");
    assert_eq!(code(Some("account:chair"), true).unwrap_err(), "corrective.about");
    assert_eq!(code(Some("the yard"), true).unwrap_err(), "subject.malformed");
    assert!(code(Some("line:O-2012-0001.1"), true).is_ok());
}

#[test]
fn actions_are_said_in_full() {
    let field = |actions| {
        let refusal = ask(None, true, &context(), propose(None, actions)).unwrap_err();
        (refusal.code, refusal.field.unwrap_or_default())
    };
    assert_eq!(field(vec![]), ("corrective.actions", "actions".to_owned()));
    let early = vec![action(date(2012, 6, 1)), action(date(2012, 5, 4))];
    assert_eq!(field(early), ("corrective.action", "actions[1].due_on".to_owned()));
    let nobody = NewAction { responsible: " ".into(), ..action(date(2012, 6, 1)) };
    assert_eq!(field(vec![nobody]), ("corrective.action", "actions[0].responsible".to_owned()));
}
