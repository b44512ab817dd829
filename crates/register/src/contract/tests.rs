//! The state machines of contracts and payments: sound, and drawn in the documentation as they are.

use std::fmt::Write as _;
use std::path::Path;

use crate::contract::{MACHINE as CONTRACT, delivery, plan};
use crate::ledger::{Machine, check_machine, mermaid};
use crate::payment::{instalment, penalty, receipt};

const MACHINES: [&Machine; 24] = [
    &CONTRACT,
    &plan::MACHINE,
    &delivery::MACHINE,
    &instalment::MACHINE,
    &receipt::MACHINE,
    &penalty::MACHINE,
    &crate::opportunity::MACHINE,
    &crate::performance::milestone::MACHINE,
    &crate::performance::slippage::MACHINE,
    &crate::performance::corrective::MACHINE,
    &crate::performance::offset::MACHINE,
    &crate::report::MACHINE,
    &crate::screening::MACHINE,
    &crate::embargo::MACHINE,
    &crate::embargo::POLICY_MACHINE,
    &crate::transfer::application::MACHINE,
    &crate::transfer::licence::MACHINE,
    &crate::transfer::certificate::MACHINE,
    &crate::transfer::specimen::MACHINE,
    &crate::transfer::guidance::MACHINE,
    &crate::transfer::inspection::MACHINE,
    &crate::transfer::reexport::MACHINE,
    &crate::customs::run::MACHINE,
    &crate::customs::discrepancy::MACHINE,
];

#[test]
fn every_state_is_reached_something_ends_and_every_refusal_names_its_condition() {
    for machine in MACHINES {
        check_machine(machine);
    }
}

#[test]
fn every_state_that_a_contract_fact_leads_to_is_in_its_machine() {
    let fixture = include_str!("../../tests/payloads.txt");
    let mut reached = vec![];
    for (kind, payload) in fixture.lines().filter_map(|l| l.split_once(' ')) {
        let fact = crate::ledger::Fact::decode(kind, payload.as_bytes()).unwrap();
        reached.extend(super::agreement::state_after(&fact));
    }
    reached.sort_unstable();
    reached.dedup();
    let mut states = CONTRACT.states();
    states.sort_unstable();
    assert_eq!(reached, states);
}

/// `docs/state-machines.md` is written from the tables. With `ENTENTE_BLESS=1` in
/// the environment this test writes it anew; otherwise it fails where they differ.
#[test]
fn the_documentation_draws_the_machines_as_they_are() {
    let mut text = String::from(
        "# State machines\n\n\
         Written from the tables in `crates/register/src/contract/`, `payment/`, `opportunity/`, `performance/`, `report/`, `screening/`, `embargo/` and `transfer/` by a test of the crate; do not edit it by hand.\n\
         After a change of a table: `ENTENTE_BLESS=1 cargo test -p entente-register the_documentation`.\n\n\
         A step that is not drawn is refused, and the refusal names the states from which it is possible.\n\
         A step that is drawn is refused where its condition does not hold.\n",
    );
    for machine in MACHINES {
        let name = machine.subject;
        let mut title = name.to_owned();
        title[..1].make_ascii_uppercase();
        // Writing to a String cannot fail.
        let _ = write!(text, "\n## {title}\n\n```mermaid\n{}```\n\n", mermaid(machine));
        text.push_str("| from | step | to | condition |\n|---|---|---|---|\n");
        for row in machine.rows {
            let spaced = |word: &str| word.replace('_', " ");
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                spaced(row.from),
                spaced(row.step),
                spaced(row.to),
                row.condition
            );
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/state-machines.md");
    if std::env::var_os("ENTENTE_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "docs/state-machines.md differs from the tables; bless it with ENTENTE_BLESS=1");
}
