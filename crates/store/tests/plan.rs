//! Plans between draft and approval, as the store keeps and shows them: proposed, answered, returned, approved; what a
//! manufacturer sees of them; and how stable a year's plan is.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::contract::line::{LineCommand, NewLine};
use entente_register::contract::plan::{PlanAnswer, PlanCommand, PlanItem, PlanPlace, PlanVersion};
use entente_register::label::{Clearance, Level};
use entente_register::money::Currency;
use entente_store::reader::{Page, PlanRow, PlanView, Reader};
use entente_store::{Outcome, Receipt, VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use jiff::civil::{Date, date};
use support::*;

/// The makers of the lines: of the first contract's second and third line, the third of a secret contract too.
const BOATS: &str = "P-P0003";
const ENGINES: &str = "P-P0004";

/// A register with lines of two makers, one of nobody, and a secret one.
struct Yard {
    register: Register,
    boats: String,
    engines: String,
    nobody: String,
    secret: String,
}

impl Yard {
    async fn of(database: &TestDatabase) -> Yard {
        let register = Register::founded(database).await;
        for name in ["Boats", "Engines"] {
            register.run(Command::Party(party(name, "RUS", "PUBLIC"))).await.unwrap();
        }
        let line = async |marking: &str, maker: &str| {
            let contract = register.run(open(marking)).await.unwrap().subject.key;
            let new = NewLine { manufacturer: Some(maker.into()), ..ten_pieces() };
            let command = Command::Line { number: contract, command: LineCommand::Add(new) };
            register.run(command).await.unwrap().subject.key
        };
        let boats = line("OFFICIAL", BOATS).await;
        let engines = line("OFFICIAL", ENGINES).await;
        let secret = line("SECRET", ENGINES).await;
        let nobody = format!("{}.1", register.contract("OFFICIAL").await);
        Yard { register, boats, engines, nobody, secret }
    }

    async fn give(&self, version: PlanVersion, command: PlanCommand) -> Outcome<Receipt> {
        self.by(&self.register.operator, version, command).await
    }

    async fn by(&self, actor: &Actor, version: PlanVersion, command: PlanCommand) -> Outcome<Receipt> {
        let command = Command::Plan { version: Some(version), command };
        self.register.store.execute(actor, command).await
    }

    async fn approve(&self, version: PlanVersion, on: Date, reason: Option<&str>) -> Outcome<Receipt> {
        let reason = reason.map(Into::into);
        let command = PlanCommand::Approve { on, document: paper("Decision"), reason };
        self.by(&self.register.chair.clone(), version, command).await
    }

    /// A draft with items of lines: line, month, units.
    async fn draft(&self, items: &[(&str, i8, i64)]) -> PlanVersion {
        let draft = PlanCommand::Draft { year: 2012, currency: Currency::USD };
        let command = Command::Plan { version: None, command: draft };
        let key = self.register.run(command).await.unwrap().subject.key;
        let version = PlanVersion::from_key(&key).unwrap();
        let items = items
            .iter()
            .map(|(line, month, units)| PlanItem {
                line: (*line).to_owned(),
                planned_on: date(2012, *month, 15),
                amount: usd(*units).decimal(),
            })
            .collect();
        self.give(version, PlanCommand::AddItems { items }).await.unwrap();
        version
    }

    fn maker(&self, party: &str, level: Level) -> Actor {
        Actor { party: Some(party.into()), ..actor("maker", Role::Manufacturer, Clearance::of(level)) }
    }

    async fn reader(&self, actor: &Actor, as_of: &str) -> Reader {
        self.register.store.reader(actor, Some(day(as_of)), None).await.unwrap()
    }

    async fn page(&self, version: PlanVersion, as_of: &str) -> PlanView {
        let reader = self.reader(&self.register.operator, as_of).await;
        reader.plan(version, Page::first(10)).await.unwrap()
    }
}

fn propose(day: i8) -> PlanCommand {
    PlanCommand::Propose { on: date(2012, 2, day), document: None }
}

fn agree(maker: &str, day: i8) -> PlanCommand {
    PlanCommand::Agree { manufacturer: maker.into(), on: date(2012, 2, day), document: paper("Letter") }
}

fn object(maker: &str, items: Vec<PlanPlace>, day: i8) -> PlanCommand {
    PlanCommand::Object {
        manufacturer: maker.into(),
        items,
        on: date(2012, 2, day),
        document: None,
        reason: "late".into(),
    }
}

/// Number, items, units and answer of each maker.
fn made(view: &PlanView) -> Vec<(&str, i64, i64, Option<PlanAnswer>)> {
    view.makers
        .iter()
        .map(|maker| {
            let answer = maker.answer.as_ref().map(|answer| answer.answer);
            (maker.number.as_deref().unwrap_or_default(), maker.items, maker.amount / 100, answer)
        })
        .collect()
}

async fn verify_deep(register: &Register) {
    let options = VerifyOptions { deep: true, ..Default::default() };
    assert_eq!(register.store.verify(&options, silent()).await.unwrap().first_bad, None);
}

on_both! {
    async fn a_proposal_is_answered_and_shown_as_it_stood_on_each_day(database: TestDatabase) {
        let yard = Yard::of(&database).await;
        let items = [(&*yard.boats, 5, 100), (&*yard.boats, 6, 50), (&*yard.engines, 5, 30), (&*yard.nobody, 7, 20)];
        let version = yard.draft(&items).await;
        yard.give(version, propose(3)).await.unwrap();
        let late = PlanItem { line: yard.boats.clone(), planned_on: date(2012, 8, 1), amount: "1.00".into() };
        assert_eq!(code(yard.give(version, PlanCommand::AddItems { items: vec![late] }).await), "state");
        assert_eq!(code(yard.give(version, agree("P-P0001", 4)).await), "plan.not_asked");
        assert_eq!(code(yard.give(version, agree("\u{0}", 4)).await), "plan.not_asked");
        let place = |line: &str, month| PlanPlace { line: line.to_owned(), planned_on: date(2012, month, 15) };
        let foreign = object(ENGINES, vec![place(&yard.boats, 5)], 5);
        assert_eq!(code(yard.give(version, foreign).await), "plan.not_made");
        yard.give(version, object(ENGINES, vec![place(&yard.engines, 5)], 5)).await.unwrap();
        yard.give(version, agree(BOATS, 7)).await.unwrap();
        assert_eq!(code(yard.approve(version, date(2012, 2, 20), None).await), "plan.not_agreed");
        yard.give(version, agree(ENGINES, 10)).await.unwrap();
        yard.approve(version, date(2012, 2, 20), None).await.unwrap();

        use PlanAnswer::{Agreed, Objected};
        let with = |boats, engines| vec![("", 1, 20, None), (BOATS, 2, 150, boats), (ENGINES, 1, 30, engines)];
        for (on, state, proposed, boats, engines) in [
            ("2012-02-02", "draft", false, None, None),
            ("2012-02-03", "proposed", true, None, None),
            ("2012-02-05", "proposed", true, None, Some(Objected)),
            ("2012-02-09", "proposed", true, Some(Agreed), Some(Objected)),
            ("2012-02-10", "proposed", true, Some(Agreed), Some(Agreed)),
            ("2012-02-20", "frozen", true, Some(Agreed), Some(Agreed)),
        ] {
            let view = yard.page(version, on).await;
            assert_eq!((view.row.state.as_str(), view.proposed_on.is_some()), (state, proposed), "{on}");
            assert_eq!(made(&view), with(boats, engines), "{on}");
        }
        let objected = yard.page(version, "2012-02-05").await.makers.remove(2);
        assert_eq!(objected.name.as_deref(), Some("Engines"));
        let answer = objected.answer.unwrap();
        assert_eq!((answer.items, answer.reason.as_deref()), (vec![place(&yard.engines, 5)], Some("late")));
        let agreed = yard.page(version, "2012-02-20").await.makers.remove(2).answer.unwrap();
        assert_eq!((agreed.document.map(|paper| paper.title).as_deref(), agreed.on), (Some("Letter"), date(2012, 2, 10)));
        // The decision stands behind the items, as with a plan that was approved as a draft.
        let items = yard.page(version, "2012-09-30").await.items.rows;
        assert!(items.iter().all(|item| item.document.as_ref().unwrap().title == "Decision"));
        let brief = yard.reader(&yard.register.operator, "2012-09-30").await;
        let brief = brief.brief(&Default::default()).await.unwrap();
        assert_eq!(brief.plan.value(), Some(&version));
        verify_deep(&yard.register).await;
    }

    async fn what_is_returned_is_a_draft_and_its_answers_are_gone(database: TestDatabase) {
        let yard = Yard::of(&database).await;
        let version = yard.draft(&[(&yard.boats, 5, 100)]).await;
        yard.give(version, propose(3)).await.unwrap();
        yard.give(version, agree(BOATS, 4)).await.unwrap();
        let back = PlanCommand::Return { on: date(2012, 2, 6), reason: "more to come".into() };
        assert_eq!(code(yard.by(&yard.register.chair, version, back.clone()).await), "access.role");
        yard.give(version, back).await.unwrap();
        let view = yard.page(version, "2012-02-06").await;
        assert_eq!((view.row.state.as_str(), view.proposed_on, made(&view)), ("draft", None, vec![(BOATS, 1, 100, None)]));
        let more = PlanItem { line: yard.engines.clone(), planned_on: date(2012, 8, 1), amount: "1.00".into() };
        yard.give(version, PlanCommand::AddItems { items: vec![more] }).await.unwrap();
        yard.give(version, propose(8)).await.unwrap();
        let view = yard.page(version, "2012-02-08").await;
        assert_eq!(made(&view), [(BOATS, 1, 100, None), (ENGINES, 1, 1, None)]);
        yard.give(version, object(ENGINES, vec![], 9)).await.unwrap();
        yard.approve(version, date(2012, 2, 10), Some("the state needs them")).await.unwrap();
        let view = yard.page(version, "2012-02-10").await;
        assert_eq!(view.row.state, "frozen");
        assert_eq!(view.history.last().unwrap().reason.as_deref(), Some("the state needs them"));
        // Nothing of it is lost where the views are built anew.
        yard.register.store.rebuild(silent()).await.unwrap();
        assert_eq!(yard.page(version, "2012-02-10").await, view);
        verify_deep(&yard.register).await;
    }

    async fn a_manufacturer_sees_and_answers_what_it_makes_itself(database: TestDatabase) {
        let yard = Yard::of(&database).await;
        let items = [(&*yard.boats, 5, 100), (&*yard.engines, 5, 30), (&*yard.secret, 6, 40), (&*yard.nobody, 7, 20)];
        let version = yard.draft(&items).await;
        let boats = yard.maker(BOATS, Level::Official);
        let list = async |who: &Actor| {
            let rows = yard.reader(who, "2012-02-10").await.plans().await.unwrap();
            rows.into_iter().map(|row: PlanRow| (row.state, row.items, row.amount.minor / 100)).collect::<Vec<_>>()
        };
        // A draft is not its business.
        assert_eq!(list(&boats).await, []);
        assert_eq!(code(yard.by(&boats, version, agree(BOATS, 4)).await), "not_found");
        yard.give(version, propose(3)).await.unwrap();
        yard.give(version, object(ENGINES, vec![], 4)).await.unwrap();
        assert_eq!(list(&boats).await, [("proposed".to_owned(), 1, 100)]);
        let reader = yard.reader(&boats, "2012-02-10").await;
        let view = reader.plan(version, Page::first(10)).await.unwrap();
        assert_eq!(made(&view), [(BOATS, 1, 100, None)]);
        assert_eq!(view.items.rows.iter().map(|row| row.number.as_str()).collect::<Vec<_>>(), [&yard.boats]);
        // The act bears the marking of all that was proposed.
        assert_eq!(view.history, []);
        assert!(view.proposed_on.is_some());
        let compared = reader.compare_plans(version, version, Page::first(10)).await.unwrap();
        assert_eq!(compared.comparison.year.earlier, 10_000);
        assert_eq!(compared.manufacturers.keys().collect::<Vec<_>>(), [BOATS]);
        // For itself alone, and nothing but its answer.
        assert_eq!(code(yard.by(&boats, version, agree(ENGINES, 5)).await), "plan.not_own");
        assert_eq!(code(yard.by(&boats, version, PlanCommand::Discard).await), "access.role");
        yard.by(&boats, version, agree(BOATS, 5)).await.unwrap();
        let view = yard.reader(&boats, "2012-02-10").await.plan(version, Page::first(10)).await.unwrap();
        assert_eq!(made(&view), [(BOATS, 1, 100, Some(PlanAnswer::Agreed))]);
        // Who may not see all that its party makes does not answer for it, and sees no more than the clearance admits.
        let engines = yard.maker(ENGINES, Level::Official);
        assert_eq!(list(&engines).await, [("proposed".to_owned(), 1, 30)]);
        assert_eq!(code(yard.by(&engines, version, agree(ENGINES, 6)).await), "not_found");
        let cleared = yard.maker(ENGINES, Level::Secret);
        assert_eq!(list(&cleared).await, [("proposed".to_owned(), 2, 70)]);
        yard.by(&cleared, version, agree(ENGINES, 6)).await.unwrap();
        // A party that makes nothing in it, and an account without a party, see nothing of it.
        for other in [yard.maker("P-P0001", Level::Secret), Actor { party: None, ..cleared.clone() }] {
            assert_eq!(list(&other).await, []);
            assert_eq!(code(yard.reader(&other, "2012-02-10").await.plan(version, Page::first(1)).await), "not_found");
            assert_eq!(code(yard.by(&other, version, agree(BOATS, 6)).await), "not_found");
        }
        yard.approve(version, date(2012, 2, 10), None).await.unwrap();
        let view = yard.reader(&cleared, "2012-02-10").await.plan(version, Page::first(10)).await.unwrap();
        let history: Vec<_> = view.history.iter().map(|row| (row.what.as_str(), row.document.is_some())).collect();
        assert_eq!(history, [("plan proposed", false), ("plan objected", false), ("plan agreed", true), ("plan proposal approved", false)]);
        assert!(view.items.rows.iter().all(|row| row.document.is_none()));
    }

    async fn the_stability_of_a_year_goes_from_version_to_version(database: TestDatabase) {
        let yard = Yard::of(&database).await;
        let first = yard.draft(&[(&yard.boats, 5, 60), (&yard.boats, 5, 40), (&yard.engines, 6, 100), (&yard.secret, 6, 50)]).await;
        yard.approve(first, date(2012, 2, 1), None).await.unwrap();
        assert_eq!(yard.page(first, "2012-09-30").await.course.whole, None);
        // One line moves by a month.
        let second = yard.draft(&[(&yard.boats, 6, 100), (&yard.engines, 6, 100), (&yard.secret, 6, 50)]).await;
        yard.approve(second, date(2012, 3, 1), None).await.unwrap();
        // Never in force: not a step.
        let given_up = yard.draft(&[(&yard.boats, 1, 1)]).await;
        yard.give(given_up, PlanCommand::Discard).await.unwrap();
        // It moves back.
        let third = yard.draft(&[(&yard.boats, 5, 100), (&yard.engines, 6, 100), (&yard.secret, 6, 50)]).await;
        yard.approve(third, date(2012, 4, 1), None).await.unwrap();
        let steps = |view: &PlanView| {
            let all = view.course.steps.iter().chain(&view.course.whole);
            all.map(|step| {
                let share = step.stability.share().unwrap().percent().to_string();
                (step.from.version, step.to.version, share)
            })
            .collect::<Vec<_>>()
        };
        let found = steps(&yard.page(second, "2012-09-30").await);
        let is = |from, to, share: &str| (from, to, share.to_owned());
        assert_eq!(found, [is(1, 2, "60.0"), is(2, 4, "60.0"), is(1, 4, "100.0")]);
        assert_eq!(steps(&yard.page(third, "2012-03-31").await), [is(1, 2, "60.0"), is(1, 2, "60.0")]);
        // As the comparison of the two has it.
        let reader = yard.reader(&yard.register.operator, "2012-09-30").await;
        let compared = reader.compare_plans(first, second, Page::first(10)).await.unwrap();
        assert_eq!(compared.comparison.stability().unwrap().percent().to_string(), "60.0");
        // Of what the reader may see.
        let member = actor("member", Role::Member, Clearance::of(Level::Official));
        let view = yard.reader(&member, "2012-09-30").await.plan(third, Page::first(10)).await.unwrap();
        assert_eq!(steps(&view), [is(1, 2, "50.0"), is(2, 4, "50.0"), is(1, 4, "100.0")]);
        let engines = yard.reader(&yard.maker(ENGINES, Level::Official), "2012-09-30").await;
        let view = engines.plan(third, Page::first(10)).await.unwrap();
        assert_eq!(steps(&view), [is(1, 2, "100.0"), is(2, 4, "100.0"), is(1, 4, "100.0")]);
    }
}
