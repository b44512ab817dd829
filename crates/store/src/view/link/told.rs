//! To whom a break is told, where what it follows from is marked in several ways.
//!
//! Whoever may not see a licence reads as if it were not there: a delivery that went under it has no licence then. So a cell
//! has rows for each way in which it may be seen: for those who may see one marking, and not another.

use std::collections::BTreeSet;

use entente_register::label::Label;

/// Markings beside that of the cell at most, for which each way of seeing is told apart.
const MOST: usize = 4;

/// One way in which a cell may be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    /// Those who see it so may see this.
    pub(super) label: Label,
    /// And not this.
    pub(super) unless: Option<Label>,
    seen: Vec<Label>,
}

impl Way {
    /// Whether what bears a marking is seen so.
    pub(super) fn sees(&self, label: &Label) -> bool {
        self.label.dominates(label) || self.seen.contains(label)
    }
}

/// The ways in which a cell with a marking may be seen that follows from others with theirs.
///
/// Where several markings that do not contain each other are hidden at once, no single one says so: those who see it so are
/// told nothing.
pub(super) fn ways<'l>(base: &Label, others: impl IntoIterator<Item = &'l Label>) -> Vec<Way> {
    let others: BTreeSet<&Label> = others.into_iter().filter(|other| !base.dominates(other)).collect();
    let others: Vec<Label> = others.into_iter().cloned().collect();
    let with = |label: &Label| base.join(label);
    let all = || Way {
        label: others.iter().fold(base.clone(), |so_far, one| so_far.join(one)),
        unless: None,
        seen: others.clone(),
    };
    if others.is_empty() || others.len() > MOST {
        return vec![all()];
    }
    let mut found = Vec::new();
    for chosen in 0_u32..(1 << others.len()) {
        let is_in = |place: usize| chosen & (1 << place) != 0;
        let seen: Vec<Label> = others
            .iter()
            .enumerate()
            .filter(|(place, _)| is_in(*place))
            .map(|(_, one)| one.clone())
            .collect();
        let label = seen.iter().fold(base.clone(), |so_far, one| so_far.join(one));
        let hidden: Vec<&Label> =
            others.iter().enumerate().filter(|(place, _)| !is_in(*place)).map(|(_, one)| one).collect();
        // Whoever sees the one sees the other: there is nobody who sees it so.
        if hidden.iter().any(|one| label.dominates(one)) {
            continue;
        }
        let least: Vec<&&Label> = hidden
            .iter()
            .filter(|one| !hidden.iter().any(|other| other != *one && with(one).dominates(other)))
            .collect();
        match least.as_slice() {
            [] => found.push(Way { label, unless: None, seen }),
            [one] => found.push(Way { label, unless: Some((**one).clone()), seen }),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use entente_register::label::Clearance;

    use super::*;

    fn label(text: &str) -> Label {
        text.parse().unwrap()
    }

    #[test]
    fn each_reader_is_told_in_one_way_at_most_and_sees_what_it_may() {
        let base = label("OFFICIAL");
        let sets = [
            vec![],
            vec!["OFFICIAL"],
            vec!["SECRET"],
            vec!["SECRET", "TOP SECRET"],
            vec!["SECRET//EXPORT", "TOP SECRET"],
            vec!["SECRET", "SECRET//EXPORT", "TOP SECRET//EXPORT"],
        ];
        let readers = ["PUBLIC", "OFFICIAL", "SECRET", "TOP SECRET", "SECRET//EXPORT", "TOP SECRET//EXPORT"];
        for set in sets {
            let labels: Vec<Label> = set.iter().map(|text| label(text)).collect();
            let ways = ways(&base, &labels);
            for reader in readers {
                let clearance = of(reader);
                let told: Vec<&Way> = ways
                    .iter()
                    .filter(|way| {
                        clearance.admits(&way.label)
                            && way.unless.as_ref().is_none_or(|unless| !clearance.admits(unless))
                    })
                    .collect();
                assert!(told.len() <= 1, "{set:?} {reader} {told:?}");
                for way in told {
                    for one in &labels {
                        assert_eq!(way.sees(one), clearance.admits(one), "{set:?} {reader} {one}");
                    }
                }
                // Along a chain of markings everybody is told who may see the cell.
                if labels.len() < 2 || labels.windows(2).all(|pair| pair[1].dominates(&pair[0])) {
                    let is_told = ways.iter().any(|way| {
                        clearance.admits(&way.label)
                            && way.unless.as_ref().is_none_or(|unless| !clearance.admits(unless))
                    });
                    assert_eq!(is_told, clearance.admits(&base), "{set:?} {reader}");
                }
            }
        }
    }

    fn of(text: &str) -> Clearance {
        let label = label(text);
        Clearance { level: label.level, compartments: label.compartments, ..Clearance::of(label.level) }
    }
}
