//! Samples of a contract's performance for the tests of the pages.

use entente_register::ledger::SubjectKind;
use entente_register::performance::{Milestone, MilestoneKind};
use entente_store::reader::{ContractPerformance, Performed};

use crate::web::sample::{HOSTILE, contract, day, label, paper};

const NUMBER: &str = "O-2012-0015";

fn milestone(place: u32, state: &'static str) -> Performed<Milestone> {
    let state = Milestone {
        number: format!("{NUMBER}.M{place}"),
        kind: MilestoneKind::FactoryAcceptance,
        name: if place == 1 { "Factory acceptance test".to_owned() } else { HOSTILE.to_owned() },
        planned_on: day("2012-08-31"),
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
        history: history.collect(),
        label: label(),
    }
}
