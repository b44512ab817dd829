//! Slippages: what slips is due earlier than it is expected, has a cause, and ends as the register knows it did.

use jiff::ToSpan as _;

use super::*;
use crate::contract::line::Line;
use crate::money::{Quantity, Unit};
use crate::performance::slippage::decide;

const NUMBER: &str = "O-2012-0001.S1";
const LINE: &str = "O-2012-0001.1";

fn line(due_on: Date) -> Line {
    Line {
        number: LINE.into(),
        reference: None,
        quantity: Quantity::whole(4),
        unit: Unit::Piece,
        unit_price: Money::new(100, Currency::USD),
        amount: Money::new(400, Currency::USD),
        due_on,
        added_on: date(2012, 1, 10),
        last_on: date(2012, 1, 10),
    }
}

fn facts() -> SlippageFacts {
    SlippageFacts { line: Some(line(date(2012, 6, 30))), delivered: false, open: None }
}

fn report(on: Date, expected_on: Date) -> SlippageCommand {
    let line = LINE.to_owned();
    let description = "the hull is not welded".to_owned();
    SlippageCommand::Report { on, line, expected_on, delay: late(), description, document: None }
}

fn ask(state: Option<&Slippage>, facts: &SlippageFacts, command: SlippageCommand) -> Fallible<Vec<NewEvent>> {
    decide(state, &contract(true, Some(date(2012, 2, 1))), NUMBER, facts, &context(), command)
}

fn fold(state: &mut Option<Slippage>, events: &[NewEvent]) {
    for event in events {
        Slippage::apply(state, &event.subject, event.occurred_on, &event.label, &event.fact);
    }
}

fn reported() -> Slippage {
    let mut state = None;
    fold(&mut state, &ask(None, &facts(), report(date(2012, 5, 1), date(2012, 8, 29))).unwrap());
    state.unwrap()
}

fn revise(on: Date, expected_on: Option<Date>, delay: Option<DelayReason>) -> SlippageCommand {
    SlippageCommand::Revise { on, expected_on, delay, reason: "tests".into(), document: None }
}

#[test]
fn a_slippage_restates_what_was_agreed_and_counts_its_days() {
    let one = reported();
    assert_eq!((one.due_on, one.days(), one.state), (date(2012, 6, 30), 60, "open"));
    let mut state = Some(one.clone());
    let side = DelayReason { cause: DelayCause::Acceptance, side: DelaySide::Buyer };
    fold(&mut state, &ask(Some(&one), &facts(), revise(date(2012, 6, 1), None, Some(side))).unwrap());
    let one = state.clone().unwrap();
    assert_eq!((one.expected_on, one.delay, one.revisions), (date(2012, 8, 29), side, 1));
    let later = revise(date(2012, 7, 1), Some(date(2012, 10, 1)), None);
    fold(&mut state, &ask(Some(&one), &facts(), later).unwrap());
    let one = state.unwrap();
    assert_eq!((one.first_expected_on, one.expected_on), (date(2012, 8, 29), date(2012, 10, 1)));
}

#[test]
fn it_ends_as_the_register_knows_that_it_did() {
    let one = reported();
    let end = |end| SlippageCommand::End { on: date(2012, 9, 1), end, document: None };
    let code = |facts: &SlippageFacts, how| ask(Some(&one), facts, end(how)).unwrap_err().code;
    let open = facts();
    assert_eq!(code(&open, SlippageEnd::Delivered), "slippage.end");
    assert_eq!(code(&open, SlippageEnd::DateAmended), "slippage.end");
    assert_eq!(code(&open, SlippageEnd::FellAway), "slippage.end");
    assert!(ask(Some(&one), &open, end(SlippageEnd::MadeGood)).is_ok());
    let delivered = SlippageFacts { delivered: true, ..facts() };
    assert_eq!(code(&delivered, SlippageEnd::MadeGood), "slippage.end");
    assert!(ask(Some(&one), &delivered, end(SlippageEnd::Delivered)).is_ok());
    let amended = SlippageFacts { line: Some(line(date(2012, 9, 30))), ..facts() };
    let events = ask(Some(&one), &amended, end(SlippageEnd::DateAmended)).unwrap();
    let mut state = Some(one.clone());
    fold(&mut state, &events);
    let one = state.unwrap();
    assert_eq!((one.state, one.ended), ("ended", Some((date(2012, 9, 1), SlippageEnd::DateAmended))));
    assert_eq!(ask(Some(&one), &amended, end(SlippageEnd::MadeGood)).unwrap_err().code, "state");
}

#[test]
fn slips_of_the_pen_are_refused() {
    let code = |facts: &SlippageFacts, command| {
        let refusal = ask(None, facts, command).unwrap_err();
        assert!(refusal.missing.is_some(), "{}", refusal.message);
        refusal.code
    };
    let good = || report(date(2012, 5, 1), date(2012, 8, 29));
    assert_eq!(code(&SlippageFacts::default(), good()), "not_found");
    assert_eq!(code(&SlippageFacts { delivered: true, ..facts() }, good()), "slippage.delivered");
    let open = SlippageFacts { open: Some("O-2012-0001.S9".into()), ..facts() };
    assert_eq!(code(&open, good()), "slippage.open");
    assert_eq!(code(&facts(), report(date(2012, 5, 1), date(2012, 6, 30))), "slippage.expected");
    assert_eq!(code(&facts(), report(date(2012, 8, 1), date(2012, 7, 15))), "slippage.expected");
    assert_eq!(code(&facts(), report(date(2012, 1, 9), date(2012, 8, 1))), "slippage.before_line");
    let one = reported();
    let same = revise(date(2012, 5, 2), Some(one.expected_on), Some(one.delay));
    assert_eq!(ask(Some(&one), &facts(), same).unwrap_err().code, "slippage.nothing_new");
    let early = revise(date(2012, 4, 1), Some(date(2012, 9, 1)), None);
    assert_eq!(ask(Some(&one), &facts(), early).unwrap_err().code, "slippage.order");
}

proptest! {
    /// Whatever is asked: it is expected after it was due, and what is kept reads back as it was.
    #[test]
    fn the_fold_stays_sane(asked in prop::collection::vec((0_u8..4, 0_i64..240, 0_i64..500), 1..20)) {
        let day = |after: i64| date(2012, 5, 1).checked_add(after.days()).unwrap();
        let mut state = Some(reported());
        for (what, on, other) in asked {
            let before = state.clone().unwrap();
            let command = match what {
                0 | 1 => revise(day(on), Some(day(other)), None),
                2 => SlippageCommand::End { on: day(on), end: SlippageEnd::MadeGood, document: None },
                _ => SlippageCommand::Annul { reason: "in error".into() },
            };
            match ask(Some(&before), &facts(), command) {
                Ok(events) => fold(&mut state, &events),
                Err(refusal) => prop_assert!(refusal.missing.is_some()),
            }
            let after = state.as_ref().unwrap();
            prop_assert!(after.days() > 0);
            prop_assert_eq!(after.ended.is_some(), after.state == "ended" || before.ended.is_some());
            let kept = serde_json::to_string(after).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Slippage>(&kept).unwrap(), after);
        }
    }
}
