//! Markings: who may know of a subject.
//!
//! A label is (level, compartments, releasable-to). Labels form a lattice: a
//! reader may see what the reader's clearance dominates, and what is derived from
//! several sources carries their join.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ledger::Refusal;

/// How sensitive a subject is. The names printed are configuration; the order is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Open to everyone.
    Public,
    /// For official use.
    Official,
    /// Confidential.
    Confidential,
    /// Secret.
    Secret,
    /// Top secret.
    TopSecret,
}

impl Level {
    /// From the lowest to the highest.
    pub const ALL: [Level; 5] =
        [Level::Public, Level::Official, Level::Confidential, Level::Secret, Level::TopSecret];

    /// The word in a written label.
    pub fn word(self) -> &'static str {
        match self {
            Level::Public => "PUBLIC",
            Level::Official => "OFFICIAL",
            Level::Confidential => "CONFIDENTIAL",
            Level::Secret => "SECRET",
            Level::TopSecret => "TOP SECRET",
        }
    }

    /// The first letter of the numbers given to subjects of this level.
    pub fn series(self) -> &'static str {
        match self {
            Level::Public => "P",
            Level::Official => "O",
            Level::Confidential => "C",
            Level::Secret => "S",
            Level::TopSecret => "T",
        }
    }
}

/// To which foreign states a subject may be released. The home state always may.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Releasable {
    /// Only to these (ISO 3166-1 alpha-3); to none, if empty.
    Only(BTreeSet<String>),
    /// To every state.
    Everyone,
}

impl Releasable {
    fn within(&self, other: &Releasable) -> bool {
        match (self, other) {
            (_, Releasable::Everyone) => true,
            (Releasable::Everyone, Releasable::Only(_)) => false,
            (Releasable::Only(a), Releasable::Only(b)) => a.is_subset(b),
        }
    }
}

/// A marking.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label {
    /// Sensitivity.
    pub level: Level,
    /// Need-to-know groups, upper-case words.
    pub compartments: BTreeSet<String>,
    /// Foreign states to which it may be released.
    pub releasable: Releasable,
}

/// What a person may see.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Clearance {
    /// Highest level.
    pub level: Level,
    /// Compartments to which the person is admitted.
    pub compartments: BTreeSet<String>,
    /// Admitted to every compartment: only the commission's own machine operator and chair are.
    pub all_compartments: bool,
    /// The foreign state that the person serves (ISO 3166-1 alpha-3); none for the home state.
    pub foreign_state: Option<String>,
}

impl Label {
    /// A label of a level, with no compartment: public is releasable to everyone, all else to nobody abroad.
    pub fn of(level: Level) -> Label {
        Label {
            level,
            compartments: BTreeSet::new(),
            releasable: match level {
                Level::Public => Releasable::Everyone,
                _ => Releasable::Only(BTreeSet::new()),
            },
        }
    }

    /// Whether every reader of `self` may also read `other`: level at least, compartments a superset, releasable a subset.
    pub fn dominates(&self, other: &Label) -> bool {
        self.level >= other.level
            && self.compartments.is_superset(&other.compartments)
            && self.releasable.within(&other.releasable)
    }

    /// The label of what is derived from both.
    #[must_use]
    pub fn join(&self, other: &Label) -> Label {
        Label {
            level: self.level.max(other.level),
            compartments: self.compartments.union(&other.compartments).cloned().collect(),
            releasable: match (&self.releasable, &other.releasable) {
                (Releasable::Everyone, r) | (r, Releasable::Everyone) => r.clone(),
                (Releasable::Only(a), Releasable::Only(b)) => {
                    Releasable::Only(a.intersection(b).cloned().collect())
                }
            },
        }
    }

    /// Whether reading it is logged: everything above official, and every compartment.
    pub fn is_marked(&self) -> bool {
        self.level > Level::Official || !self.compartments.is_empty()
    }

    /// The prefix of the number series of this marking. Each marking has its own
    /// series, so that no gap in one tells of a subject in another.
    pub fn series(&self) -> String {
        let plain = Label::of(self.level) == *self;
        if plain {
            return self.level.series().to_owned();
        }
        // Three letters from the label's own text: stable, and telling nothing by their order.
        let digest = <sha2::Sha256 as sha2::Digest>::digest(self.to_string().as_bytes());
        let letters: String = digest[..3]
            .iter()
            .map(|b| char::from(b"ABCDEFGHJKLMNPQRSTUVWXYZ"[usize::from(*b) % 24]))
            .collect();
        format!("{}{letters}", self.level.series())
    }
}

impl Clearance {
    /// A clearance to a level in the home state, with no compartment.
    pub fn of(level: Level) -> Clearance {
        Clearance { level, compartments: BTreeSet::new(), all_compartments: false, foreign_state: None }
    }

    /// Full clearance.
    pub fn full() -> Clearance {
        Clearance { all_compartments: true, ..Clearance::of(Level::TopSecret) }
    }

    /// Whether the person may see what is so labelled.
    pub fn admits(&self, label: &Label) -> bool {
        self.level >= label.level
            && (self.all_compartments || self.compartments.is_superset(&label.compartments))
            && match (&self.foreign_state, &label.releasable) {
                (None, _) | (_, Releasable::Everyone) => true,
                (Some(state), Releasable::Only(states)) => states.contains(state),
            }
    }

    /// Whether nothing can be hidden from the person.
    pub fn is_full(&self) -> bool {
        self.level == Level::TopSecret && self.all_compartments && self.foreign_state.is_none()
    }

    /// What figures that the person is shown are figures of. It depends on the
    /// clearance alone, never on what exists above it.
    pub fn scope(&self) -> String {
        if self.is_full() {
            return "all contracts".to_owned();
        }
        let mut text = format!("contracts marked up to {}", self.level.word());
        if !self.compartments.is_empty() {
            let list: Vec<&str> = self.compartments.iter().map(String::as_str).collect();
            text.push_str(&format!(" in {}", list.join(", ")));
        }
        if let Some(state) = &self.foreign_state {
            text.push_str(&format!(", releasable to {state}"));
        }
        text
    }
}

impl fmt::Display for Label {
    /// `SECRET//AVIATION,NAVY//REL BRA,IND`; `REL ALL` where a level above public is releasable to everyone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.level.word())?;
        if !self.compartments.is_empty() {
            let list: Vec<&str> = self.compartments.iter().map(String::as_str).collect();
            write!(f, "//{}", list.join(","))?;
        }
        match &self.releasable {
            Releasable::Everyone if self.level == Level::Public => Ok(()),
            Releasable::Everyone => f.write_str("//REL ALL"),
            Releasable::Only(states) if states.is_empty() && self.level != Level::Public => Ok(()),
            Releasable::Only(states) => {
                let list: Vec<&str> = states.iter().map(String::as_str).collect();
                write!(f, "//REL {}", if list.is_empty() { "NONE".to_owned() } else { list.join(",") })
            }
        }
    }
}

impl FromStr for Label {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Label, Refusal> {
        let bad = |why: &str| {
            Refusal::new("label.malformed", format!("{text:?} is not a marking: {why}."))
                .field("label")
                .missing("a marking such as OFFICIAL, SECRET//AVIATION or CONFIDENTIAL//REL BRA,IND")
        };
        let mut parts = text.trim().split("//");
        let word = parts.next().unwrap_or_default().trim();
        let level = Level::ALL
            .into_iter()
            .find(|l| l.word().eq_ignore_ascii_case(word))
            .ok_or_else(|| bad("the level is not known"))?;
        let mut label = Label::of(level);
        let mut seen_release = false;
        for part in parts {
            if seen_release {
                return Err(bad("nothing stands after the release states"));
            }
            if let Some(states) = part.strip_prefix("REL ") {
                seen_release = true;
                label.releasable = match states.trim() {
                    "ALL" => Releasable::Everyone,
                    "NONE" => Releasable::Only(BTreeSet::new()),
                    list => Releasable::Only(
                        list.split(',')
                            .map(|s| {
                                let s = s.trim();
                                (s.len() == 3 && s.bytes().all(|b| b.is_ascii_uppercase()))
                                    .then(|| s.to_owned())
                                    .ok_or_else(|| bad("states are three capital letters"))
                            })
                            .collect::<Result<_, _>>()?,
                    ),
                };
            } else {
                if !label.compartments.is_empty() {
                    return Err(bad("compartments stand once, separated by commas"));
                }
                label.compartments = part
                    .split(',')
                    .map(|s| {
                        let s = s.trim();
                        ((1..=32).contains(&s.len())
                            && s.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-'))
                        .then(|| s.to_owned())
                        .ok_or_else(|| bad("compartments are words of capital letters"))
                    })
                    .collect::<Result<_, _>>()?;
            }
        }
        Ok(label)
    }
}

impl Serialize for Label {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Label, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn label() -> impl Strategy<Value = Label> {
        (
            0usize..5,
            prop::collection::btree_set(prop::sample::select(vec!["AVIATION", "NAVY", "SPACE"]), 0..3),
            prop::option::of(prop::collection::btree_set(
                prop::sample::select(vec!["BRA", "IND", "VNM"]),
                0..3,
            )),
        )
            .prop_map(|(level, compartments, releasable)| Label {
                level: Level::ALL[level],
                compartments: compartments.into_iter().map(str::to_owned).collect(),
                releasable: match releasable {
                    None => Releasable::Everyone,
                    Some(set) => Releasable::Only(set.into_iter().map(str::to_owned).collect()),
                },
            })
    }

    fn clearance() -> impl Strategy<Value = Clearance> {
        (label(), any::<bool>(), prop::option::of(prop::sample::select(vec!["BRA", "IND"]))).prop_map(
            |(l, all, state)| Clearance {
                level: l.level,
                compartments: l.compartments,
                all_compartments: all,
                foreign_state: state.map(str::to_owned),
            },
        )
    }

    proptest! {
        #[test]
        fn dominance_is_a_partial_order(a in label(), b in label(), c in label()) {
            prop_assert!(a.dominates(&a));
            if a.dominates(&b) && b.dominates(&a) {
                prop_assert_eq!(&a, &b);
            }
            if a.dominates(&b) && b.dominates(&c) {
                prop_assert!(a.dominates(&c));
            }
        }

        #[test]
        fn the_join_is_the_least_upper_bound(a in label(), b in label(), c in label()) {
            let join = a.join(&b);
            prop_assert!(join.dominates(&a) && join.dominates(&b));
            prop_assert_eq!(&join, &b.join(&a));
            prop_assert_eq!(a.join(&a), a.clone());
            prop_assert_eq!(a.join(&b).join(&c), a.join(&b.join(&c)));
            if c.dominates(&a) && c.dominates(&b) {
                prop_assert!(c.dominates(&join));
            }
        }

        #[test]
        fn who_may_see_the_join_may_see_both(a in label(), b in label(), who in clearance()) {
            prop_assert_eq!(who.admits(&a.join(&b)), who.admits(&a) && who.admits(&b));
        }

        #[test]
        fn a_label_reads_back(a in label()) {
            prop_assert_eq!(a.to_string().parse::<Label>().unwrap(), a);
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".*") {
            let _ = text.parse::<Label>();
        }
    }

    #[test]
    fn a_foreign_member_sees_only_what_is_released_to_that_state() {
        let who = Clearance { foreign_state: Some("BRA".into()), ..Clearance::of(Level::Secret) };
        assert!(who.admits(&"PUBLIC".parse().unwrap()));
        assert!(who.admits(&"OFFICIAL//REL BRA,IND".parse().unwrap()));
        assert!(!who.admits(&"OFFICIAL//REL IND".parse().unwrap()));
        assert!(!who.admits(&"OFFICIAL".parse().unwrap()));
    }

    #[test]
    fn each_marking_has_its_own_series() {
        let plain: Label = "SECRET".parse().unwrap();
        let navy: Label = "SECRET//NAVY".parse().unwrap();
        assert_eq!(plain.series(), "S");
        assert_ne!(navy.series(), plain.series());
        assert!(navy.series().starts_with('S'));
    }
}
