//! Samples of a contract's performance for the tests of the pages.

use entente_register::contract::closure::Condition;
use entente_register::contract::{ClaimWindow, ContractTerms, Warranty};
use entente_register::ledger::SubjectKind;
use entente_register::money::{Currency, Money};
use entente_register::payment::Percent;
use entente_register::performance::{
    Action, CorrectivePlan, DelayCause, DelayReason, DelaySide, Milestone, MilestoneKind, Multiplier,
    OffsetClaim, OffsetKind, OffsetObligation, OffsetPhase, OffsetTerms, PlannedOffset, Review, Slippage,
    SlippageEnd, Thousandths,
};
use entente_store::reader::{ContractPerformance, Performed, SlippageRow, SlippageSum};

use crate::web::sample::{HOSTILE, claims, contract, day, label, paper};

const NUMBER: &str = "O-2012-0015";

fn milestone(place: u32, state: &'static str) -> Performed<Milestone> {
    let state = Milestone {
        number: format!("{NUMBER}.M{place}"),
        kind: MilestoneKind::FactoryAcceptance,
        name: if place == 1 { "Factory acceptance test".to_owned() } else { HOSTILE.to_owned() },
        planned_on: day("2012-08-31"),
        delay: (state == "planned")
            .then_some(DelayReason { cause: DelayCause::Supply, side: DelaySide::Seller }),
        expected_on: (state == "planned").then(|| day("2012-11-15")),
        reached_on: (state == "reached").then(|| day("2012-08-20")),
        cancelled: (state == "cancelled").then(|| (day("2012-07-01"), HOSTILE.to_owned())),
        line: (place == 1).then(|| format!("{NUMBER}.1")),
        instalment: (place == 1).then(|| format!("{NUMBER}.I2")),
        document: Some(paper()),
        label: label(),
        state,
        last_on: day("2012-09-01"),
    };
    Performed { state, version: 2 }
}

/// A contract with one of everything.
pub(crate) fn performance() -> ContractPerformance {
    let history = contract()
        .history
        .into_iter()
        .map(|row| (SubjectKind::Milestone.subject(format!("{NUMBER}.M1")).to_string(), row));
    ContractPerformance {
        contract: NUMBER.to_owned(),
        milestones: vec![milestone(1, "planned"), milestone(2, "reached"), milestone(3, "cancelled")],
        slippages: vec![slippage(1, None), slippage(2, Some(SlippageEnd::Delivered))],
        corrective_plans: vec![corrective(1, "approved"), corrective(2, "closed")],
        offsets: vec![offset()],
        claims: claims(),
        terms: ContractTerms {
            claim_windows: vec![ClaimWindow { kind: None, days: 365 }],
            warranties: vec![Warranty { line: None, months: 24 }],
            serialised: vec![format!("{NUMBER}.1")],
            document: Some(paper()),
        },
        conditions: vec![
            Condition {
                code: "contract.open_lines",
                words: "every line accepted in full",
                open: Some(HOSTILE.to_owned()),
            },
            Condition { code: "contract.open_claim", words: "every claim settled", open: None },
        ],
        history: history.collect(),
        label: label(),
    }
}

fn slippage(place: u32, end: Option<SlippageEnd>) -> Performed<Slippage> {
    let state = Slippage {
        number: format!("{NUMBER}.S{place}"),
        line: format!("{NUMBER}.1"),
        reported_on: day("2012-05-02"),
        due_on: day("2012-06-30"),
        first_expected_on: day("2012-08-15"),
        expected_on: day("2012-09-15"),
        delay: DelayReason { cause: DelayCause::BuyerInput, side: DelaySide::Buyer },
        description: HOSTILE.to_owned(),
        revisions: 1,
        ended: end.map(|end| (day("2012-09-12"), end)),
        document: Some(paper()),
        label: label(),
        state: if end.is_some() { "ended" } else { "open" },
        last_on: day("2012-09-12"),
    };
    Performed { state, version: 2 }
}

/// The same in the list of all contracts.
pub(crate) fn slippage_rows() -> Vec<SlippageRow> {
    [slippage(1, None), slippage(2, Some(SlippageEnd::Delivered))]
        .map(|one| SlippageRow {
            slippage: one.state,
            contract: NUMBER.to_owned(),
            title: HOSTILE.to_owned(),
            partner: "BRA".to_owned(),
            partner_name: HOSTILE.to_owned(),
            description: HOSTILE.to_owned(),
            owed: Money::new(1_000_000, Currency::USD),
        })
        .to_vec()
}

/// What they sum to.
pub(crate) fn slippage_sums() -> Vec<SlippageSum> {
    vec![SlippageSum {
        delay: DelayReason { cause: DelayCause::BuyerInput, side: DelaySide::Buyer },
        currency: Currency::USD,
        slippages: 2,
        days: 154,
        owed: 2_000_000,
    }]
}

fn corrective(place: u32, state: &'static str) -> Performed<CorrectivePlan> {
    let action = |finished: bool, dropped: bool| Action {
        what: HOSTILE.to_owned(),
        responsible: HOSTILE.to_owned(),
        first_due_on: day("2012-06-30"),
        due_on: day("2012-07-31"),
        finished: finished.then(|| (day("2012-07-20"), HOSTILE.to_owned())),
        document: finished.then(paper),
        dropped: dropped.then(|| (day("2012-07-21"), HOSTILE.to_owned())),
    };
    let state = CorrectivePlan {
        number: format!("{NUMBER}.C{place}"),
        about: format!("slippage:{NUMBER}.S1"),
        claim: Some(1),
        goal: HOSTILE.to_owned(),
        actions: vec![action(true, false), action(false, true), action(false, false)],
        proposed: (day("2012-05-05"), "officer".to_owned()),
        approved_on: Some(day("2012-05-10")),
        closed: (state == "closed").then(|| (day("2012-10-20"), true, HOSTILE.to_owned())),
        withdrawn: None,
        document: Some(paper()),
        label: label(),
        state,
        last_on: day("2012-10-20"),
    };
    Performed { state, version: 4 }
}

fn offset() -> Performed<OffsetObligation> {
    let money = |minor| Money::new(minor, Currency::USD);
    let claim = |review| OffsetClaim {
        kind: OffsetKind::TechnologyTransfer,
        description: HOSTILE.to_owned(),
        performed_on: day("2012-06-28"),
        value: money(10_000_000),
        credit: money(25_000_000),
        plan: Some(1),
        claimed_by: "officer".to_owned(),
        document: paper(),
        review,
    };
    let phase = |by, share| OffsetPhase { by: day(by), share: Percent::parse("share", share).unwrap() };
    let state = OffsetObligation {
        number: format!("{NUMBER}.O1"),
        terms: OffsetTerms {
            title: HOSTILE.to_owned(),
            required: money(120_000_000),
            percent: Some(Thousandths::parse("percent", "120").unwrap()),
            multipliers: vec![Multiplier {
                kind: OffsetKind::TechnologyTransfer,
                factor: Thousandths::parse("factor", "2.5").unwrap(),
            }],
            phases: vec![phase("2012-07-31", "40"), phase("2014-12-31", "100")],
            penalty: None,
            document: paper(),
        },
        agreed_on: day("2012-01-05"),
        plans: vec![PlannedOffset {
            kind: OffsetKind::Training,
            description: HOSTILE.to_owned(),
            expected_on: day("2013-06-30"),
            value: money(1_000_000),
            credit: money(5_000_000),
            claim: None,
            dropped: None,
        }],
        claims: vec![
            claim(None),
            claim(Some(Review::Accepted(day("2012-09-01"), money(20_000_000)))),
            claim(Some(Review::Rejected(day("2012-09-02"), HOSTILE.to_owned()))),
        ],
        ended: None,
        document: paper(),
        label: label(),
        state: "agreed",
        last_on: day("2012-09-02"),
    };
    Performed { state, version: 5 }
}
