//! The groups of states that come with the program, as data: `data/groups`, one file a group.
//!
//! They are read where a register has no group of that code, and what is read so says it; `entente group load` makes
//! them facts of a register.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::{Certainty, Change, Group, Membership, MembershipSet, PartnerCommand, check_state_code};
use crate::ledger::{Fallible, Refusal};

/// The files, each with its name.
const FILES: [(&str, &str); 10] = [
    ("asean.toml", include_str!("../../data/groups/asean.toml")),
    ("brics.toml", include_str!("../../data/groups/brics.toml")),
    ("cis.toml", include_str!("../../data/groups/cis.toml")),
    ("csto.toml", include_str!("../../data/groups/csto.toml")),
    ("eaeu.toml", include_str!("../../data/groups/eaeu.toml")),
    ("eu.toml", include_str!("../../data/groups/eu.toml")),
    ("gcc.toml", include_str!("../../data/groups/gcc.toml")),
    ("mercosur.toml", include_str!("../../data/groups/mercosur.toml")),
    ("nato.toml", include_str!("../../data/groups/nato.toml")),
    ("sco.toml", include_str!("../../data/groups/sco.toml")),
];

/// A group that comes with the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShippedGroup {
    /// Its code, `BRICS`.
    pub code: String,
    /// Its name in English.
    pub name: String,
    /// Its name in Russian.
    pub name_ru: String,
    /// What is to be known of the file.
    pub note: String,
    /// The last day of which the file knows: nothing after it was looked at.
    pub covers_to: Date,
    /// What it says of states, by day and then by code.
    pub changes: Vec<(Date, MembershipSet)>,
}

impl ShippedGroup {
    /// As a register would hold it.
    pub fn group(&self) -> Group {
        let mut group = Group { registered: true, ..Group::default() };
        for (on, set) in &self.changes {
            group.note(&set.state, set.change(*on));
        }
        group
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WholeFile {
    code: String,
    name: String,
    name_ru: String,
    note: String,
    covers_to: String,
    source: String,
    change: Vec<WrittenChange>,
}

/// States that came to stand in the same way on the same day.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenChange {
    on: String,
    states: Vec<String>,
    membership: Membership,
    certainty: Certainty,
    source: Option<String>,
    note: Option<String>,
}

/// The codes of all of them, in order.
pub fn codes() -> impl Iterator<Item = String> {
    FILES.iter().map(|(name, _)| name.trim_end_matches(".toml").to_uppercase())
}

/// A group by its code; none where none of that code comes with the program.
///
/// # Errors
/// `group.file`, which a test shows no file of the program to give.
pub fn find(code: &str) -> Fallible<Option<ShippedGroup>> {
    let asked = code.to_lowercase();
    let file = FILES.iter().find(|(name, _)| name.strip_suffix(".toml") == Some(asked.as_str()));
    file.map(|(name, text)| read(name, text)).transpose()
}

/// The commands that make a group of the program one of a register, or bring the one that it has up to it.
///
/// # Errors
/// `group.differs` where the register says otherwise of a state: what its officers recorded stands, and nothing is loaded.
pub fn loading(shipped: &ShippedGroup, held: Option<&Group>) -> Fallible<Vec<PartnerCommand>> {
    let mut commands = Vec::new();
    let nobody = Group::default();
    let held = held.unwrap_or(&nobody);
    if !held.registered {
        commands
            .push(PartnerCommand::RegisterGroup { code: shipped.code.clone(), name: shipped.name.clone() });
    }
    let group = shipped.group();
    for (state, own) in &held.members {
        let said = group.members.get(state).map(Vec::as_slice).unwrap_or_default();
        let same = |own: &Change, said: &Change| (own.on, own.membership) == (said.on, said.membership);
        if own.len() > said.len() || !own.iter().zip(said).all(|(own, said)| same(own, said)) {
            return Err(Refusal::new(
                "group.differs",
                format!("The register says otherwise of {state} in {} than the program does.", shipped.code),
            )
            .field("group")
            .missing("a register that has recorded nothing else of this group; what it holds stands"));
        }
    }
    let mut passed: BTreeMap<&str, usize> = BTreeMap::new();
    for (on, set) in &shipped.changes {
        let passed = passed.entry(&set.state).or_default();
        *passed += 1;
        if *passed > held.members.get(&set.state).map_or(0, Vec::len) {
            commands.push(PartnerCommand::SetMembership {
                group: shipped.code.clone(),
                on: *on,
                set: set.clone(),
            });
        }
    }
    Ok(commands)
}

/// Reads a file.
///
/// # Errors
/// `group.file`, naming what is wrong.
pub fn read(name: &str, text: &str) -> Fallible<ShippedGroup> {
    let wrong = |why: String| {
        Refusal::new("group.file", format!("{name}: {why}"))
            .field("file")
            .missing("a file of a group that is whole")
    };
    let file: WholeFile = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
    let day = |text: &str| text.parse::<Date>().map_err(|_| wrong(format!("{text:?} is no day")));
    let covers_to = day(&file.covers_to)?;
    let mut changes = Vec::new();
    for change in &file.change {
        let on = day(&change.on)?;
        if on > covers_to {
            return Err(wrong(format!("{on} is after {covers_to}, up to which the file was looked at")));
        }
        for state in &change.states {
            check_state_code("state", state)?;
            if rust_iso3166::from_alpha3(state).is_none() {
                return Err(wrong(format!("{state} is no code of ISO 3166-1")));
            }
            changes.push((
                on,
                MembershipSet {
                    state: state.clone(),
                    membership: change.membership,
                    source: change.source.clone().unwrap_or_else(|| file.source.clone()),
                    certainty: change.certainty,
                    note: change.note.clone(),
                },
            ));
        }
    }
    changes
        .sort_by(|(left_on, left), (right_on, right)| (left_on, &left.state).cmp(&(right_on, &right.state)));
    let mut seen = Group::default();
    for (on, set) in &changes {
        if seen.membership(&set.state, *on) == set.membership {
            return Err(wrong(format!("{} stands so already on {on}", set.state)));
        }
        if seen.members.get(&set.state).and_then(|all| all.last()).is_some_and(|last: &Change| last.on >= *on)
        {
            return Err(wrong(format!("{} changes twice on {on}", set.state)));
        }
        seen.note(&set.state, set.change(*on));
    }
    Ok(ShippedGroup {
        code: file.code,
        name: file.name,
        name_ru: file.name_ru,
        note: file.note,
        covers_to,
        changes,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn members(code: &str, on: Date) -> Vec<String> {
        let group = find(code).unwrap().unwrap().group();
        group.members_on(on).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn every_file_is_whole_and_has_the_code_of_its_name() {
        for code in codes() {
            let group = find(&code).unwrap().unwrap();
            assert_eq!(group.code, code);
            assert!(!group.changes.is_empty() && !group.name_ru.is_empty() && !group.note.is_empty());
            assert!(!members(&code, group.covers_to).is_empty());
        }
        assert_eq!(find("ATLANTIS").unwrap(), None);
        assert_eq!(find("brics").unwrap().unwrap().code, "BRICS");
    }

    #[test]
    fn brics_grows_by_its_days() {
        assert_eq!(members("BRICS", date(2009, 6, 15)), [""; 0]);
        assert_eq!(members("BRICS", date(2009, 12, 31)), ["BRA", "CHN", "IND", "RUS"]);
        assert_eq!(members("BRICS", date(2012, 12, 31)), ["BRA", "CHN", "IND", "RUS", "ZAF"]);
        assert_eq!(members("BRICS", date(2024, 1, 1)).len(), 9);
        assert_eq!(members("BRICS", date(2025, 1, 1)).len(), 10);
        let group = find("BRICS").unwrap().unwrap().group();
        assert_eq!(group.membership("SAU", date(2025, 1, 1)), Membership::Invited);
        assert_eq!(group.membership("BLR", date(2025, 1, 1)), Membership::Partner);
    }

    #[test]
    fn members_leave_and_are_suspended() {
        assert!(members("CIS", date(2009, 8, 17)).contains(&"GEO".to_owned()));
        assert!(!members("CIS", date(2009, 8, 18)).contains(&"GEO".to_owned()));
        assert!(!members("CIS", date(2012, 1, 1)).contains(&"TKM".to_owned()), "an associate since 2005");
        assert_eq!(members("CSTO", date(2012, 1, 1)).len(), 7);
        assert_eq!(members("CSTO", date(2013, 1, 1)).len(), 6);
        let mercosur = find("MERCOSUR").unwrap().unwrap().group();
        assert_eq!(mercosur.membership("PRY", date(2012, 9, 30)), Membership::Suspended);
        assert_eq!(mercosur.membership("PRY", date(2014, 1, 1)), Membership::Member);
        assert_eq!(members("EU", date(2012, 9, 30)).len(), 27);
        assert_eq!(members("EU", date(2020, 2, 1)).len(), 27);
        assert_eq!(members("NATO", date(2012, 9, 30)).len(), 28);
        assert_eq!(members("NATO", date(2024, 12, 31)).len(), 32);
        assert_eq!(members("ASEAN", date(2012, 9, 30)).len(), 10);
        assert_eq!(members("GCC", date(2012, 9, 30)).len(), 6);
        assert_eq!(members("SCO", date(2024, 12, 31)).len(), 10);
        assert_eq!(members("EAEU", date(2024, 12, 31)).len(), 5);
    }

    #[test]
    fn a_group_is_loaded_once_and_never_over_what_officers_recorded() {
        let shipped = find("CSTO").unwrap().unwrap();
        let all = loading(&shipped, None).unwrap();
        assert_eq!(all.len(), 1 + shipped.changes.len());
        assert!(matches!(all[0], PartnerCommand::RegisterGroup { .. }));
        let mut held = shipped.group();
        assert_eq!(loading(&shipped, Some(&held)).unwrap(), []);
        // Recorded by hand, with the same days, and not to the end.
        held.members.get_mut("UZB").unwrap().truncate(1);
        held.members.get_mut("UZB").unwrap()[0].ground = None;
        held.members.remove("ARM");
        let rest = loading(&shipped, Some(&held)).unwrap();
        let states: Vec<&str> = rest
            .iter()
            .filter_map(|command| match command {
                PartnerCommand::SetMembership { set, .. } => Some(set.state.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(states, ["ARM", "UZB", "UZB"]);
        held.note("BRA", Change::plain(date(2012, 1, 1), Membership::Observer));
        assert_eq!(loading(&shipped, Some(&held)).unwrap_err().code, "group.differs");
    }

    #[test]
    fn a_file_that_contradicts_itself_is_refused() {
        let head = "code = \"X\"\nname = \"X\"\nname_ru = \"X\"\nnote = \"n\"\ncovers_to = \"2020-01-01\"\nsource = \"s\"\n";
        let change = |on: &str, state: &str, membership: &str| {
            format!(
                "[[change]]\non = \"{on}\"\nstates = [\"{state}\"]\nmembership = \"{membership}\"\ncertainty = \"high\"\n"
            )
        };
        let refused = |body: &str| read("x.toml", &format!("{head}{body}")).unwrap_err().message;
        let once = change("2010-01-01", "BRA", "member");
        assert!(read("x.toml", &format!("{head}{once}")).is_ok());
        assert!(refused(&format!("{once}{once}")).contains("stands so already"));
        assert!(refused(&format!("{once}{}", change("2010-01-01", "BRA", "suspended"))).contains("twice"));
        assert!(refused(&change("2021-01-01", "BRA", "member")).contains("after 2020-01-01"));
        assert!(refused(&change("2010-01-01", "XXX", "member")).contains("ISO 3166-1"));
        assert!(refused("colour = 1").contains("x.toml"));
    }
}
