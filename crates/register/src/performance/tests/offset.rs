//! Offset obligations: credit is exact, is accepted by another person, and what is wanting is reckoned by phases.

use super::*;
use crate::payment::Percent;
use crate::performance::offset::decide;

const NUMBER: &str = "O-2012-0001.O1";

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn phase(by: Date, share: &str) -> OffsetPhase {
    OffsetPhase { by, share: Percent::parse("share", share).unwrap() }
}

fn factor(text: &str) -> Thousandths {
    Thousandths::parse("factor", text).unwrap()
}

fn terms() -> OffsetTerms {
    OffsetTerms {
        title: "Industrial participation".into(),
        required: usd(120_000),
        percent: Some(factor("120")),
        multipliers: vec![
            Multiplier { kind: OffsetKind::Subcontract, factor: factor("1") },
            Multiplier { kind: OffsetKind::TechnologyTransfer, factor: factor("2.5") },
        ],
        phases: vec![phase(date(2012, 6, 30), "40"), phase(date(2014, 12, 31), "100")],
        penalty: None,
        document: paper(),
    }
}

fn by(account: &str) -> Context {
    let mut context = context();
    context.actor.account = account.into();
    context
}

fn ask(
    state: Option<&OffsetObligation>,
    context: &Context,
    command: OffsetCommand,
) -> Fallible<Vec<NewEvent>> {
    decide(state, &contract(true, None), NUMBER, OffsetFacts { value: 100_000 }, context, command)
}

fn fold(state: &mut Option<OffsetObligation>, events: &[NewEvent]) {
    for event in events {
        let what = (&event.fact, event.reason.as_deref());
        OffsetObligation::apply(state, &event.subject, event.occurred_on, &event.label, what);
    }
}

fn agreed() -> OffsetObligation {
    let mut state = None;
    let command = OffsetCommand::Agree { on: date(2012, 1, 20), terms: terms() };
    fold(&mut state, &ask(None, &context(), command).unwrap());
    state.unwrap()
}

fn transaction(kind: OffsetKind, minor: i64) -> Transaction {
    Transaction { kind, description: "Drawings of the gearbox".into(), value: usd(minor) }
}

fn claim(kind: OffsetKind, minor: i64, performed_on: Date, plan: Option<u32>) -> OffsetCommand {
    OffsetCommand::Claim {
        on: performed_on,
        performed_on,
        transaction: transaction(kind, minor),
        plan,
        document: paper(),
    }
}

fn accept(on: Date, claim: u32, credit: Option<i64>) -> OffsetCommand {
    OffsetCommand::Accept { on, claim, credit: credit.map(usd), document: paper() }
}

#[test]
fn credit_is_the_value_times_its_multiplier_and_counts_once_accepted() {
    let mut state = Some(agreed());
    let step = |state: &mut Option<OffsetObligation>, who: &str, command| {
        let events = ask(state.as_ref(), &by(who), command).unwrap();
        fold(state, &events);
    };
    let plan = OffsetCommand::Plan {
        on: date(2012, 2, 1),
        expected_on: date(2012, 5, 1),
        transaction: transaction(OffsetKind::TechnologyTransfer, 10_001),
    };
    step(&mut state, "first", plan);
    let outlook = state.as_ref().unwrap().outlook();
    assert_eq!((outlook[0].required, outlook[0].planned), (48_000, 25_003), "10 001 × 2.5 = 25 002.5");
    assert_eq!((outlook[0].shortfall(), outlook[0].expected_shortfall()), (48_000, 22_997));

    let done = claim(OffsetKind::TechnologyTransfer, 10_001, date(2012, 5, 10), Some(1));
    step(&mut state, "first", done);
    let outlook = state.as_ref().unwrap().outlook();
    assert_eq!((outlook[0].planned, outlook[0].under_review, outlook[0].accepted), (0, 25_003, 0));
    let refused = |state: &Option<OffsetObligation>, who: &str, command| {
        let refusal = ask(state.as_ref(), &by(who), command).unwrap_err();
        assert!(refusal.missing.is_some(), "{}", refusal.message);
        refusal.code
    };
    assert_eq!(refused(&state, "first", accept(date(2012, 6, 1), 1, None)), "offset.two_persons");
    assert_eq!(refused(&state, "second", accept(date(2012, 6, 1), 1, Some(25_004))), "offset.credit");
    step(&mut state, "second", accept(date(2012, 6, 1), 1, Some(20_000)));
    assert_eq!(refused(&state, "second", accept(date(2012, 6, 2), 1, None)), "offset.reviewed");
    let one = state.clone().unwrap();
    assert_eq!(one.accepted(), 20_000);
    assert_eq!(one.missed(date(2012, 6, 30)), None, "on its day a phase is not over");
    assert_eq!(one.missed(date(2012, 7, 1)).unwrap().shortfall(), 28_000);

    let discharge = || OffsetCommand::Discharge { on: date(2012, 12, 1), document: paper() };
    assert_eq!(refused(&state, "second", discharge()), "offset.shortfall");
    step(&mut state, "first", claim(OffsetKind::Subcontract, 100_000, date(2012, 8, 1), None));
    assert_eq!(refused(&state, "second", discharge()), "offset.under_review");
    step(&mut state, "second", accept(date(2012, 9, 1), 2, None));
    step(&mut state, "second", discharge());
    let one = state.clone().unwrap();
    assert_eq!((one.state, one.missed(date(2013, 1, 1))), ("discharged", None));
    assert_eq!(refused(&state, "first", claim(OffsetKind::Subcontract, 1, date(2012, 12, 2), None)), "state");
    let kept = serde_json::to_string(&one).unwrap();
    assert_eq!(serde_json::from_str::<OffsetObligation>(&kept).unwrap(), one);
}

#[test]
fn a_rejected_claim_gives_its_plan_back() {
    let mut state = Some(agreed());
    let plan = OffsetCommand::Plan {
        on: date(2012, 2, 1),
        expected_on: date(2012, 5, 1),
        transaction: transaction(OffsetKind::Subcontract, 500),
    };
    let events = ask(state.as_ref(), &by("first"), plan).unwrap();
    fold(&mut state, &events);
    let done = || claim(OffsetKind::Subcontract, 500, date(2012, 5, 1), Some(1));
    let events = ask(state.as_ref(), &by("first"), done()).unwrap();
    fold(&mut state, &events);
    assert_eq!(ask(state.as_ref(), &by("first"), done()).unwrap_err().code, "offset.plan_open");
    let reject =
        OffsetCommand::Reject { on: date(2012, 5, 2), claim: 1, reason: "no invoice".into(), document: None };
    let events = ask(state.as_ref(), &by("second"), reject).unwrap();
    fold(&mut state, &events);
    assert_eq!(state.as_ref().unwrap().outlook()[0].planned, 500);
    assert!(ask(state.as_ref(), &by("first"), done_later()).is_ok());

    fn done_later() -> OffsetCommand {
        claim(OffsetKind::Subcontract, 500, date(2012, 6, 1), Some(1))
    }
}

#[test]
fn terms_are_whole_and_exact() {
    let code = |terms: OffsetTerms| {
        let refusal =
            ask(None, &context(), OffsetCommand::Agree { on: date(2012, 1, 20), terms }).unwrap_err();
        (refusal.code, refusal.field.unwrap_or_default())
    };
    let share = OffsetTerms { required: usd(119_999), ..terms() };
    assert_eq!(code(share), ("offset.percent", "required".into()));
    let euro = OffsetTerms { required: Money::new(120_000, "EUR".parse().unwrap()), ..terms() };
    assert_eq!(code(euro), ("offset.required", "required".into()));
    let twice = vec![terms().multipliers[0]; 2];
    assert_eq!(
        code(OffsetTerms { multipliers: twice, ..terms() }),
        ("offset.multipliers", "multipliers[1].kind".into())
    );
    let part = vec![phase(date(2012, 6, 30), "40"), phase(date(2014, 12, 31), "99.9")];
    assert_eq!(code(OffsetTerms { phases: part, ..terms() }).0, "offset.phases");
    let back = vec![phase(date(2014, 12, 31), "40"), phase(date(2012, 6, 30), "100")];
    assert_eq!(code(OffsetTerms { phases: back, ..terms() }), ("offset.phases", "phases[1]".into()));
    assert_eq!(code(OffsetTerms { phases: vec![], ..terms() }).0, "offset.phases");
    let other = ask(Some(&agreed()), &context(), claim(OffsetKind::Training, 1, date(2012, 5, 1), None));
    assert_eq!(other.unwrap_err().code, "offset.kind");
}

proptest! {
    /// Whatever is claimed, accepted, rejected and planned: credit is never more than was claimed, the phases’
    /// sums grow with their days, and what is expected to be wanting is never more than what is wanting now.
    #[test]
    fn what_is_wanting_is_never_below_zero_and_never_above_what_is_owed(
        asked in prop::collection::vec((0_u8..5, 1_i64..60_000, 1_u32..6, 0_i16..320), 1..25)
    ) {
        let mut state = Some(agreed());
        let mut day = date(2012, 1, 20);
        for (what, minor, number, after) in asked {
            day = day.max(date(2012, 1, 20).checked_add(jiff::ToSpan::days(i64::from(after))).unwrap());
            let (who, command) = match what {
                0 => ("first", claim(OffsetKind::TechnologyTransfer, minor, day, None)),
                1 => ("first", claim(OffsetKind::Subcontract, minor, day, Some(number))),
                2 => ("second", accept(day, number, (minor % 2 == 0).then_some(minor))),
                3 => ("second", OffsetCommand::Reject { on: day, claim: number, reason: "no".into(), document: None }),
                _ => ("first", OffsetCommand::Plan { on: day, expected_on: day, transaction: transaction(OffsetKind::Subcontract, minor) }),
            };
            match ask(state.as_ref(), &by(who), command) {
                Ok(events) => fold(&mut state, &events),
                Err(refusal) => prop_assert!(refusal.missing.is_some()),
            }
            let one = state.as_ref().unwrap();
            let claimed: i64 = one.claims.iter().map(|claim| claim.credit.minor).sum();
            prop_assert!(one.accepted() >= 0 && one.accepted() <= claimed);
            let outlook = one.outlook();
            prop_assert_eq!(outlook.last().unwrap().required, one.terms.required.minor);
            for pair in outlook.windows(2) {
                prop_assert!(pair[0].required <= pair[1].required && pair[0].accepted <= pair[1].accepted);
            }
            for phase in outlook {
                prop_assert!((0..=phase.required).contains(&phase.shortfall()));
                prop_assert!((0..=phase.shortfall()).contains(&phase.expected_shortfall()));
            }
        }
    }
}
