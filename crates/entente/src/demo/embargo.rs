//! The demonstration’s embargo rules: the measures of the United Nations as they come with the program, proposed by one
//! person and confirmed by another; and a change of one file that still waits. The rules themselves are not invented.

use entente_register::access::Role;
use entente_register::command::Command;
use entente_register::embargo::{EditionCommand, NewRuleFile, UNITED_NATIONS, about};
use entente_register::ledger::Fallible;
use jiff::civil::{Date, date};

use super::calendar::at;
use super::script::{Act, Entry};

/// The file of which an edition waits.
const WAITS: &str = "cote_divoire.toml";

/// Who acts, and the commands, each with the identifier of its file.
type Acts = (Role, Vec<(String, Command)>);

/// What happens to rule files.
#[derive(Debug, Clone, Copy)]
pub(super) enum Turn {
    /// All are proposed.
    Propose,
    /// All are confirmed.
    Confirm,
    /// An edition of one is proposed, and waits.
    ProposeOne,
}

const TURNS: [(Date, i64, Turn, Role); 3] = [
    (date(2012, 6, 19), 10, Turn::Propose, Role::TreatyOfficer),
    (date(2012, 6, 22), 11, Turn::Confirm, Role::Countersigner),
    (date(2012, 9, 27), 15, Turn::ProposeOne, Role::LicensingOfficer),
];

/// When each comes into the register.
pub(super) fn entries() -> Vec<Entry> {
    let entry = |(place, (on, hour, ..)): (usize, &(Date, i64, Turn, Role))| Entry {
        recorded: at(*on, hour * 3_600 + 1),
        on: *on,
        act: Act::Embargo(place),
    };
    TURNS.iter().enumerate().map(entry).collect()
}

/// Who acts then, and the commands, each with the identifier of its file: a body before its regimes.
///
/// # Errors
/// If a file of the program is at fault, which a test shows that none is.
pub(super) fn turn(place: usize) -> Fallible<Option<Acts>> {
    let Some((_, _, turn, role)) = TURNS.get(place) else { return Ok(None) };
    let mut commands = Vec::new();
    for file in UNITED_NATIONS {
        let id = about(file.name, file.text)?.id;
        let propose = |text: String, reason: &str| {
            EditionCommand::Propose(NewRuleFile {
                file: file.name.to_owned(),
                text,
                reason: reason.to_owned(),
            })
        };
        let command = match turn {
            Turn::Propose => propose(
                file.text.to_owned(),
                "The measures of the United Nations as they come with the program (demonstration)",
            ),
            Turn::Confirm => EditionCommand::Confirm { content: None, reason: None },
            Turn::ProposeOne if file.name == WAITS => propose(
                format!("{}\n# Compared with the resolution once more (demonstration).\n", file.text),
                "The note of the comparison is added (demonstration)",
            ),
            Turn::ProposeOne => continue,
        };
        commands.push((id.clone(), Command::Embargo { id, command }));
    }
    Ok(Some((*role, commands)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_program_is_proposed_and_confirmed_and_one_change_waits() {
        let turns: Vec<Acts> = (0..TURNS.len()).map(|place| turn(place).unwrap().unwrap()).collect();
        let counts: Vec<usize> = turns.iter().map(|(_, commands)| commands.len()).collect();
        assert_eq!(counts, [UNITED_NATIONS.len(), UNITED_NATIONS.len(), 1]);
        assert_ne!(turns[0].0, turns[1].0, "two people");
        assert_eq!(turns[0].1[0].0, "UNSC", "the body comes first");
        assert!(turn(TURNS.len()).unwrap().is_none());
    }
}
