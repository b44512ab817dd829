//! The demonstration's lists of those under measures, invented like all else of it: a binding list in two editions, an
//! advisory one, the runs over them, and what people decided about the hits.

use std::sync::Arc;

use entente_register::access::Role;
use entente_register::command::Command;
use entente_register::screening::{CaseCommand, ListCommand, ListPolicy, NewEdition, Run, Standing};
use entente_screening::index::Index;
use entente_store::Fault;
use entente_store::reader::ScreenedParty;
use jiff::civil::{Date, date};
use sha2::{Digest as _, Sha256};

use super::calendar::at;
use super::party::parties;
use super::script::{Act, Entry};
use crate::screener::{edition, first_run};

/// The binding list, and the advisory one.
const NATIONAL: &str = "national";
const PRESS: &str = "press";

const HEAD: &str =
    "id,schema,name,alias,weakAlias,birthDate,nationality,country,registrationNumber,program,notes";

/// What stands in both editions of the binding list.
const STAYS: &str = "\
N-001,Company,Southern Vehicles Works (demonstration),SVW (demonstration),,,,AE,AE-114577,Decision 7/2011,Invented for the demonstration
N-002,Company,Transit Rail (demonstration),,,,,CY,HE 220145,Decision 7/2011,Invented for the demonstration
N-004,Vessel,Morning Heron (demonstration),,,,,,,Decision 2/2012,Invented for the demonstration
";

/// What the first edition says of two entries, and the second.
const FIRST: &str = "\
N-003,Person,Mohamed Saleh (demonstration),محمد صالح,Abu Example (demonstration),1965,YE,,,Decision 2/2012,Invented for the demonstration
N-005,Company,Quiet Harbour Trading (demonstration),,,,,CY,HE 220300,Decision 2/2012,Invented for the demonstration
";
const SECOND: &str = "\
N-003,Person,Mohamed Saleh (demonstration),محمد صالح,Abu Example (demonstration),1965-03-24,YE,,,Decision 2/2012,Invented for the demonstration
N-006,Company,Horizon Drones Works (demonstration),Хорайзн Дрон (demonstration),,,,,,Decision 9/2012,Invented for the demonstration
";
const ADVISORY: &str = "\
P-01,Company,Pacific Shipping Lines (demonstration),,,,,SG,,,Named in a newspaper that is invented like it
";

/// What happens, in order.
#[derive(Debug, Clone, Copy)]
pub(super) enum Turn {
    /// A list, what a hit on it asks for, and for how many days an edition may be relied on.
    Policy(&'static str, Standing, u32),
    /// A list and its entries.
    Load(&'static str, &'static [&'static str]),
    /// A list is gone over in that edition.
    Screen(&'static str, &'static [&'static str]),
    /// Name of a party, who decides, and what.
    Decide(&'static str, Role, Word),
}

/// What is decided.
#[derive(Debug, Clone, Copy)]
pub(super) enum Word {
    Propose(&'static str),
    Clear,
    Escalate(&'static str),
    Acknowledge(&'static str),
}

const TURNS: [(Date, i64, Turn); 12] = [
    (date(2012, 6, 18), 9, Turn::Policy(NATIONAL, Standing::Binding, 30)),
    (date(2012, 6, 18), 10, Turn::Load(NATIONAL, &[STAYS, FIRST])),
    (date(2012, 6, 18), 11, Turn::Screen(NATIONAL, &[STAYS, FIRST])),
    (
        date(2012, 6, 20),
        10,
        Turn::Decide(
            "Transit Rail",
            Role::LicensingOfficer,
            Word::Propose(
                "Another firm of the same name: ours is of another state, and its register has no such number",
            ),
        ),
    ),
    (date(2012, 6, 21), 15, Turn::Decide("Transit Rail", Role::Countersigner, Word::Clear)),
    (date(2012, 9, 17), 9, Turn::Policy(PRESS, Standing::Advisory, 90)),
    (date(2012, 9, 17), 10, Turn::Load(PRESS, &[ADVISORY])),
    (date(2012, 9, 17), 11, Turn::Screen(PRESS, &[ADVISORY])),
    (
        date(2012, 9, 19),
        10,
        Turn::Decide(
            "Pacific Shipping",
            Role::ContractOfficer,
            Word::Acknowledge("The article is about a line of another state, which ours never chartered"),
        ),
    ),
    (date(2012, 9, 24), 9, Turn::Load(NATIONAL, &[STAYS, SECOND])),
    (date(2012, 9, 24), 10, Turn::Screen(NATIONAL, &[STAYS, SECOND])),
    (
        date(2012, 9, 26),
        11,
        Turn::Decide(
            "Horizon Drone Works",
            Role::LicensingOfficer,
            Word::Escalate("The decision names no state and no number; its author is asked"),
        ),
    ),
];

/// When each comes into the register.
pub(super) fn entries() -> Vec<Entry> {
    let entry = |(place, (on, hour, _)): (usize, &(Date, i64, Turn))| Entry {
        recorded: at(*on, hour * 3_600),
        on: *on,
        act: Act::Screening(place),
    };
    TURNS.iter().enumerate().map(entry).collect()
}

/// What happens then.
pub(super) fn turn(place: usize) -> Option<(Date, Turn)> {
    TURNS.get(place).map(|(on, _, turn)| (*on, *turn))
}

/// The bytes of an edition.
pub(super) fn bytes(parts: &[&str]) -> Vec<u8> {
    format!("{HEAD}\n{}", parts.concat()).into_bytes()
}

/// The hash under which they are kept.
pub(super) fn content(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The command by which an edition comes into force.
pub(super) fn load(list: &str, bytes: &[u8], on: Date) -> Command {
    let text = String::from_utf8_lossy(bytes);
    let new = NewEdition {
        seen: None,
        content: content(bytes),
        form: "csv".to_owned(),
        dated: None,
        current_on: Some(on),
        entries: u32::try_from(text.lines().count().saturating_sub(1)).unwrap_or(u32::MAX),
        source: format!("{list}.csv (demonstration)"),
        despite: None,
    };
    Command::List { name: list.to_owned(), command: ListCommand::Load(new) }
}

/// The command by which a policy is set.
pub(super) fn policy(list: &str, standing: Standing, max_age_days: u32) -> Command {
    let policy = ListPolicy { standing, max_age_days };
    let reason = "Decision of the commission (demonstration)".to_owned();
    Command::List { name: list.to_owned(), command: ListCommand::SetPolicy { policy, reason } }
}

/// The command by which something is decided about a case.
pub(super) fn decide(number: &str, word: Word) -> Command {
    let command = match word {
        Word::Propose(reason) => CaseCommand::Propose { reason: reason.to_owned() },
        Word::Clear => CaseCommand::Clear { reason: None },
        Word::Escalate(reason) => CaseCommand::Escalate { reason: reason.to_owned() },
        Word::Acknowledge(reason) => CaseCommand::Acknowledge { reason: reason.to_owned() },
    };
    Command::Case { number: number.to_owned(), command }
}

/// Number of the case of a party, each of which has one at most.
pub(super) fn case_of(name: &str, numbers: &[String]) -> String {
    let named = format!("{name} (demonstration)");
    let place = parties().iter().position(|party| party.name == named);
    let party = place.and_then(|place| numbers.get(place)).cloned().unwrap_or_default();
    format!("{party}.H1")
}

/// The run over an edition as the program does it: every party with every entry.
///
/// # Errors
/// A fault if the edition cannot be read: it is written here.
pub(super) fn run(bytes: &[u8], numbers: &[String], through: i64) -> Result<Run, Fault> {
    let read = edition::read("the list of the demonstration", bytes);
    let entries =
        read.map_err(|refusal| Fault::internal("building the demonstration", refusal.message))?.entries;
    let screened = parties().into_iter().zip(numbers).map(|(party, number)| ScreenedParty {
        number: number.clone(),
        name: party.name,
        kind: party.kind,
        state: party.state,
        sequence: 0,
    });
    Ok(first_run(&content(bytes), through, Arc::new(Index::new(entries)), screened.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_says_that_it_is_invented_and_the_parties_meet_those_that_they_are_to_meet() {
        let numbers: Vec<String> = (0..parties().len()).map(|place| format!("X-P{place}")).collect();
        let met = |parts: &[&str]| -> Vec<(String, String)> {
            let text = bytes(parts);
            for line in String::from_utf8(text.clone()).unwrap().lines().skip(1) {
                assert!(
                    line.contains("(demonstration)") && line.to_lowercase().contains("invented"),
                    "{line}"
                );
            }
            let found = run(&text, &numbers, 1).unwrap().found;
            let name = |number: &str| {
                parties()[number.trim_start_matches("X-P").parse::<usize>().unwrap()].name.clone()
            };
            found.iter().map(|found| (name(&found.party), found.entry.clone())).collect()
        };
        let named = |name: &str, entry: &str| (format!("{name} (demonstration)"), entry.to_owned());
        assert_eq!(
            met(&[STAYS, FIRST]),
            [named("Southern Vehicle Works", "N-001"), named("Transit Rail", "N-002")]
        );
        let later = met(&[STAYS, SECOND]);
        assert!(later.contains(&named("Horizon Drone Works", "N-006")) && later.len() == 3, "{later:?}");
        assert_eq!(met(&[ADVISORY]), [named("Pacific Shipping", "P-01")]);
        assert!(case_of("Transit Rail", &numbers).ends_with(".H1"));
    }
}
