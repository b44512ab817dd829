//! Plans between draft and approval: what is proposed is answered by those who make it, and approved by another person.

#![allow(clippy::unwrap_used)] // The permission for tests does not reach their helper functions.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::access::{Actor, Role};
use entente_register::contract::plan::{
    MACHINE, Plan, PlanAnswer, PlanCommand, PlanFacts, PlanItem, PlanPlace, PlanVersion, decide,
};
use entente_register::document::Document;
use entente_register::label::{Clearance, Label, Level};
use entente_register::ledger::{Context, Fact, Fallible, NewEvent};
use entente_register::money::Currency;
use jiff::civil::{Date, date};
use proptest::prelude::*;

const VERSION: PlanVersion = PlanVersion { year: 2012, version: 3 };
const MAKERS: [&str; 2] = ["O-P0003", "O-P0009"];

fn actor(account: &str, role: Role, party: Option<&str>) -> Actor {
    Actor {
        account: account.into(),
        name: account.into(),
        roles: vec![role],
        clearance: Clearance::full(),
        party: party.map(Into::into),
    }
}

fn officer() -> Actor {
    actor("officer", Role::ContractOfficer, None)
}

fn chair() -> Actor {
    actor("chair", Role::Chair, None)
}

fn paper() -> Document {
    Document { title: "A letter".into(), dated: date(2012, 3, 1), content: None }
}

fn place(line: usize, month: i8) -> PlanPlace {
    PlanPlace { line: format!("O-2012-0001.{line}"), planned_on: date(2012, month, 1) }
}

/// A version as the store keeps it. The odd line is the first maker's, the second line the second's, the others nobody's.
#[derive(Default)]
struct Draft {
    plan: Option<Plan>,
    items: Vec<PlanPlace>,
    previous: Option<Date>,
}

impl Draft {
    /// Drafted by the officer, with an item of each maker.
    fn filled() -> Draft {
        let mut draft = Draft::default();
        draft.give(&officer(), PlanCommand::Draft { year: 2012, currency: Currency::USD }).unwrap();
        draft.give(&officer(), add(&[place(1, 5), place(2, 6)])).unwrap();
        draft
    }

    fn proposed() -> Draft {
        let mut draft = Draft::filled();
        draft.give(&officer(), PlanCommand::Propose { on: date(2012, 3, 2), document: None }).unwrap();
        draft
    }

    fn facts(&self) -> PlanFacts {
        let mut facts = PlanFacts { previous_approval: self.previous, ..PlanFacts::default() };
        for line in 1..5 {
            let label = Label::of(Level::Official);
            facts.lines.insert(format!("O-2012-0001.{line}"), (label, Currency::USD));
        }
        for item in &self.items {
            let maker = match item.line.as_bytes().last() {
                Some(b'1') => MAKERS[0],
                Some(b'2') => MAKERS[1],
                _ => continue,
            };
            let empty = || (BTreeSet::new(), Label::of(Level::Official));
            facts.makers.entry(maker.to_owned()).or_insert_with(empty).0.insert(item.clone());
        }
        facts
    }

    fn give(&mut self, actor: &Actor, command: PlanCommand) -> Fallible<Vec<NewEvent>> {
        let context = Context {
            actor: actor.clone(),
            now: "2012-03-31T12:00:00Z".parse().unwrap(),
            today: date(2012, 3, 31),
        };
        let events = decide(self.plan.as_ref(), VERSION, &self.facts(), &context, command)?;
        for event in &events {
            // As it is stored and read back.
            let fact = Fact::decode(event.fact.kind(), &event.fact.payload().unwrap()).unwrap();
            assert_eq!(fact, event.fact);
            let by = (actor.account.as_str(), &event.label);
            Plan::apply(&mut self.plan, &event.subject, event.occurred_on, by, &fact);
            if let Fact::PlanItemsAdded(added) = fact {
                let places =
                    added.items.into_iter().map(|i| PlanPlace { line: i.line, planned_on: i.planned_on });
                self.items.extend(places);
            }
        }
        Ok(events)
    }

    fn refused(&mut self, actor: &Actor, command: PlanCommand) -> (String, Option<String>) {
        let refusal = self.give(actor, command).unwrap_err();
        assert!(refusal.missing.is_some(), "{refusal:?}");
        (refusal.code.to_string(), refusal.field)
    }

    fn plan(&self) -> &Plan {
        self.plan.as_ref().unwrap()
    }
}

fn add(places: &[PlanPlace]) -> PlanCommand {
    let item =
        |p: &PlanPlace| PlanItem { line: p.line.clone(), planned_on: p.planned_on, amount: "10.00".into() };
    PlanCommand::AddItems { items: places.iter().map(item).collect() }
}

fn agree(maker: &str, day: i8) -> PlanCommand {
    PlanCommand::Agree { manufacturer: maker.into(), on: date(2012, 3, day), document: paper() }
}

fn object(maker: &str, items: &[PlanPlace], day: i8) -> PlanCommand {
    PlanCommand::Object {
        manufacturer: maker.into(),
        items: items.to_vec(),
        on: date(2012, 3, day),
        document: None,
        reason: "the engines come late".into(),
    }
}

fn approve(day: i8, reason: Option<&str>) -> PlanCommand {
    PlanCommand::Approve { on: date(2012, 3, day), document: paper(), reason: reason.map(Into::into) }
}

fn is(code: &str, field: Option<&str>) -> (String, Option<String>) {
    (code.into(), field.map(Into::into))
}

#[test]
fn a_draft_is_approved_as_before_and_nobody_is_said_to_have_been_asked() {
    let mut draft = Draft::filled();
    assert_eq!(
        draft.refused(&chair(), approve(20, Some("in a hurry"))),
        is("plan.not_proposed", Some("reason"))
    );
    let events = draft.give(&chair(), approve(20, None)).unwrap();
    assert_eq!(events[0].fact.kind(), "plan.approved.v1");
    assert_eq!(draft.plan().state, "frozen");
}

#[test]
fn a_proposal_that_all_agree_to_is_approved_and_the_event_says_so() {
    let mut draft = Draft::proposed();
    assert_eq!(draft.plan().state, "proposed");
    assert_eq!(draft.plan().answering(None), MAKERS);
    assert_eq!(draft.refused(&officer(), add(&[place(1, 8)])), is("state", None));
    draft.give(&officer(), agree(MAKERS[0], 5)).unwrap();
    assert_eq!(
        draft.refused(&officer(), agree(MAKERS[0], 6)),
        is("plan.agreed_already", Some("manufacturer"))
    );
    assert_eq!(draft.refused(&chair(), approve(20, None)), is("plan.not_agreed", Some("reason")));
    draft.give(&officer(), agree(MAKERS[1], 8)).unwrap();
    assert_eq!(draft.refused(&chair(), approve(7, None)), is("plan.before_proposal", Some("on")));
    assert_eq!(
        draft.refused(&actor("officer", Role::Chair, None), approve(20, None)),
        is("plan.own_draft", None)
    );
    let events = draft.give(&chair(), approve(20, None)).unwrap();
    let Fact::PlanProposalApproved(approved) = &events[0].fact else { panic!("{events:?}") };
    assert!(approved.objecting.is_empty() && approved.unanswered.is_empty());
    assert_eq!(draft.refused(&officer(), object(MAKERS[0], &[], 21)), is("plan.frozen", None));
}

#[test]
fn a_reason_goes_over_an_objection_and_who_had_not_agreed_is_recorded() {
    let mut draft = Draft::proposed();
    draft.give(&officer(), object(MAKERS[1], &[place(2, 6)], 5)).unwrap();
    assert_eq!(draft.refused(&chair(), approve(20, None)).0, "plan.not_agreed");
    assert_eq!(draft.refused(&chair(), approve(20, Some(" "))), is("plan.reason", Some("reason")));
    let events = draft.give(&chair(), approve(20, Some("the state needs them"))).unwrap();
    let Fact::PlanProposalApproved(approved) = &events[0].fact else { panic!("{events:?}") };
    assert_eq!(
        (approved.objecting.as_slice(), approved.unanswered.as_slice()),
        (&[MAKERS[1].to_owned()][..], &[MAKERS[0].to_owned()][..])
    );
    assert_eq!(events[0].reason.as_deref(), Some("the state needs them"));
}

#[test]
fn an_objection_names_what_the_manufacturer_makes_and_can_be_taken_back() {
    let mut draft = Draft::proposed();
    assert_eq!(
        draft.refused(&officer(), object(MAKERS[1], &[place(1, 5)], 5)),
        is("plan.not_made", Some("items"))
    );
    assert_eq!(
        draft.refused(&officer(), object(MAKERS[1], &[place(2, 7)], 5)),
        is("plan.not_made", Some("items"))
    );
    assert_eq!(draft.refused(&officer(), object(MAKERS[1], &[], 1)), is("plan.before_proposal", Some("on")));
    assert_eq!(
        draft.refused(&officer(), object("O-P0001", &[], 5)),
        is("plan.not_asked", Some("manufacturer"))
    );
    draft.give(&officer(), object(MAKERS[1], &[place(2, 6), place(2, 6)], 5)).unwrap();
    assert_eq!(draft.plan().answering(Some(PlanAnswer::Objected)), [MAKERS[1]]);
    draft.give(&officer(), agree(MAKERS[1], 6)).unwrap();
    assert_eq!(draft.plan().answering(Some(PlanAnswer::Agreed)), [MAKERS[1]]);
}

#[test]
fn a_manufacturer_answers_for_itself_alone() {
    let mut draft = Draft::proposed();
    let own = actor("plant", Role::Manufacturer, Some(MAKERS[0]));
    assert_eq!(draft.refused(&own, agree(MAKERS[1], 5)), is("plan.not_own", Some("manufacturer")));
    let nobody = actor("plant", Role::Manufacturer, None);
    assert_eq!(draft.refused(&nobody, agree(MAKERS[0], 5)), is("plan.not_own", Some("manufacturer")));
    draft.give(&own, agree(MAKERS[0], 5)).unwrap();
}

#[test]
fn what_is_returned_is_a_draft_again_and_is_asked_about_anew() {
    let mut draft = Draft::proposed();
    draft.give(&officer(), agree(MAKERS[0], 5)).unwrap();
    let back = |day, reason: &str| PlanCommand::Return { on: date(2012, 3, day), reason: reason.into() };
    assert_eq!(draft.refused(&officer(), back(6, "")), is("plan.reason", Some("reason")));
    assert_eq!(draft.refused(&officer(), back(4, "more to come")), is("plan.before_proposal", Some("on")));
    draft.give(&officer(), back(6, "more to come")).unwrap();
    assert_eq!(draft.plan().state, "draft");
    assert_eq!(draft.refused(&officer(), agree(MAKERS[1], 7)), is("state", None));
    draft.give(&officer(), add(&[place(1, 9)])).unwrap();
    draft.give(&officer(), PlanCommand::Propose { on: date(2012, 3, 8), document: Some(paper()) }).unwrap();
    assert_eq!(draft.plan().answers, MAKERS.map(|maker| (maker.to_owned(), None)).into());
}

#[test]
fn a_place_reads_back_and_nothing_else_is_read() {
    let one = place(1, 5);
    assert_eq!(one.to_string().parse::<PlanPlace>().unwrap(), one);
    for bad in ["", "O-2012-0001.1", "2012-05-01", "O-2012-0001.1 May", "O-2012-0001.1 2012-05-01 x"] {
        assert_eq!(bad.parse::<PlanPlace>().unwrap_err().code, "plan.place", "{bad}");
    }
}

#[derive(Debug, Clone)]
enum Ask {
    Add(usize, i8),
    Propose(i8),
    Agree(usize, i8),
    Object(usize, i8),
    Return(i8),
    Approve(i8, bool),
    Discard,
}

fn ask() -> impl Strategy<Value = Ask> {
    let day = || 1_i8..31;
    prop_oneof![
        3 => (1_usize..5, 1_i8..=12).prop_map(|(line, month)| Ask::Add(line, month)),
        3 => day().prop_map(Ask::Propose),
        4 => (0_usize..2, day()).prop_map(|(maker, day)| Ask::Agree(maker, day)),
        2 => (0_usize..2, day()).prop_map(|(maker, day)| Ask::Object(maker, day)),
        1 => day().prop_map(Ask::Return),
        2 => (day(), any::<bool>()).prop_map(|(day, over)| Ask::Approve(day, over)),
        1 => Just(Ask::Discard),
    ]
}

proptest! {
    /// Whatever is asked in whatever order: the state is one of the machine and moves as it draws, a proposed version
    /// holds what it held when it was proposed, and what was approved without an agreement has its reason.
    #[test]
    fn no_version_is_frozen_over_a_manufacturer_without_a_reason(asks in prop::collection::vec(ask(), 0..40)) {
        let mut draft = Draft::default();
        draft.give(&officer(), PlanCommand::Draft { year: 2012, currency: Currency::USD }).unwrap();
        let mut answers: BTreeMap<String, Option<PlanAnswer>> = BTreeMap::new();
        for ask in asks {
            let before = draft.plan().clone();
            let (actor, command, step) = match ask {
                Ask::Add(line, month) => (officer(), add(&[place(line, month)]), "add_items"),
                Ask::Propose(day) => {
                    (officer(), PlanCommand::Propose { on: date(2012, 3, day), document: None }, "propose")
                }
                Ask::Agree(maker, day) => (officer(), agree(MAKERS[maker], day), "agree"),
                Ask::Object(maker, day) => (officer(), object(MAKERS[maker], &[], day), "object"),
                Ask::Return(day) => {
                    (officer(), PlanCommand::Return { on: date(2012, 3, day), reason: "x".into() }, "return")
                }
                Ask::Approve(day, over) => (chair(), approve(day, over.then_some("over them")), "approve"),
                Ask::Discard => (officer(), PlanCommand::Discard, "discard"),
            };
            let drawn = MACHINE.rows.iter().find(|row| row.from == before.state && row.step == step);
            match draft.give(&actor, command) {
                Err(refusal) => {
                    prop_assert!(refusal.missing.is_some());
                    prop_assert_eq!(draft.plan(), &before);
                }
                Ok(events) => {
                    prop_assert_eq!(events.len(), 1);
                    prop_assert_eq!(draft.plan().state, drawn.unwrap().to);
                    match &events[0].fact {
                        Fact::PlanProposed(proposed) => {
                            answers = proposed.manufacturers.iter().map(|maker| (maker.clone(), None)).collect();
                        }
                        Fact::PlanAgreed(agreed) => {
                            answers.insert(agreed.manufacturer.clone(), Some(PlanAnswer::Agreed));
                        }
                        Fact::PlanObjected(objected) => {
                            answers.insert(objected.manufacturer.clone(), Some(PlanAnswer::Objected));
                        }
                        Fact::PlanReturned(_) => answers.clear(),
                        Fact::PlanProposalApproved(approved) => {
                            let without = |answer| {
                                let of = answers.iter().filter(move |(_, last)| **last == answer);
                                of.map(|(maker, _)| maker.clone()).collect::<Vec<_>>()
                            };
                            prop_assert_eq!(&approved.objecting, &without(Some(PlanAnswer::Objected)));
                            prop_assert_eq!(&approved.unanswered, &without(None));
                            let all = approved.objecting.is_empty() && approved.unanswered.is_empty();
                            prop_assert!(all || events[0].reason.is_some());
                        }
                        Fact::PlanApproved(_) => prop_assert!(before.proposed_on.is_none()),
                        Fact::PlanItemsAdded(_) => prop_assert_eq!(before.state, "draft"),
                        _ => {}
                    }
                    prop_assert_eq!(draft.plan().state == "frozen" || draft.plan().state == "discarded" || draft.plan().answers == answers, true);
                }
            }
        }
    }
}
