//! Which goods a measure is about, and what is known of the goods of a transfer.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::fit::Fit;
use super::word::worded;

worded! {
    /// The seven categories of the United Nations Register of Conventional Arms.
    ///
    /// Category VII leaves out ground-to-air missiles other than man-portable ones: a long-range surface-to-air system
    /// is in none of the seven, and so [`Class::OtherArms`].
    Category, "embargo.category", "category" {
        /// Battle tanks.
        I = "I",
        /// Armoured combat vehicles.
        II = "II",
        /// Large-calibre artillery systems.
        III = "III",
        /// Combat aircraft and unmanned combat aerial vehicles.
        IV = "IV",
        /// Attack helicopters.
        V = "V",
        /// Warships.
        VI = "VI",
        /// Missiles and missile launchers, and man-portable air-defence systems.
        VII = "VII",
    }
}

/// What goods are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// In one of the seven categories of the Register.
    Unroca(Category),
    /// Small arms, light weapons and their ammunition.
    SmallArms,
    /// Arms and military equipment outside the seven categories that are no small arms.
    OtherArms,
    /// On a list of dual-use goods, and no arms.
    DualUse,
    /// Neither arms nor dual-use.
    Uncontrolled,
    /// Not classified.
    Unknown,
}

impl Class {
    /// Whether goods of this class are arms or related materiel; none where it is not known.
    pub fn is_arms(self) -> Option<bool> {
        match self {
            Class::Unroca(_) | Class::SmallArms | Class::OtherArms => Some(true),
            Class::DualUse | Class::Uncontrolled => Some(false),
            Class::Unknown => None,
        }
    }

    /// The words: a category's number, or the class.
    pub fn word(self) -> &'static str {
        match self {
            Class::Unroca(category) => category.word(),
            Class::SmallArms => "small-arms",
            Class::OtherArms => "other-arms",
            Class::DualUse => "dual-use",
            Class::Uncontrolled => "uncontrolled",
            Class::Unknown => "unknown",
        }
    }

    /// Every class.
    pub fn all() -> impl Iterator<Item = Class> {
        let categories = Category::ALL.iter().copied().map(Class::Unroca);
        categories.chain([
            Class::SmallArms,
            Class::OtherArms,
            Class::DualUse,
            Class::Uncontrolled,
            Class::Unknown,
        ])
    }
}

/// The goods, technology or what a service is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What it is.
    pub class: Class,
    /// Whether it is a part of such an item, and not the item.
    pub part: bool,
    /// Whether it is non-lethal; none where nobody has said: see [`Item::is_non_lethal`].
    pub non_lethal: Option<bool>,
    /// The entries of control lists under which it was classified; none where it was classified under no list.
    pub entries: Option<BTreeSet<String>>,
}

impl Item {
    /// Whether it is non-lethal: as somebody has said, or not where it is a weapon by its class; none where that leaves
    /// it open, as it does of parts and of other military equipment, and where what was said speaks against the class.
    pub fn is_non_lethal(&self) -> Option<bool> {
        let is_weapon = !self.part && matches!(self.class, Class::Unroca(_) | Class::SmallArms);
        match (self.non_lethal, is_weapon) {
            (Some(true), true) => None,
            (None, true) => Some(false),
            (said, _) => said,
        }
    }

    /// In words: the class, and whether it is a part.
    pub fn words(&self) -> String {
        let of = if self.part { "a part of " } else { "" };
        match self.class {
            Class::Unroca(category) => format!("{of}UNROCA category {}", category.word()),
            Class::SmallArms => format!("{of}small arms, light weapons or their ammunition"),
            Class::OtherArms => format!("{of}arms outside the seven UNROCA categories"),
            Class::DualUse => format!("{of}dual-use goods"),
            Class::Uncontrolled => format!("{of}goods that no list controls"),
            Class::Unknown => format!("{of}goods that are not classified"),
        }
    }
}

/// Which goods a measure is about: all that any of its parts names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ItemScope {
    /// Arms and related materiel of all types.
    pub all_arms: bool,
    /// These categories of the Register.
    pub unroca: BTreeSet<Category>,
    /// Small arms, light weapons and their ammunition.
    pub small_arms: bool,
    /// Dual-use goods, whatever their entry.
    pub dual_use: bool,
    /// Entries of control lists, and all below them: `ML4` is also about `ML4.b`.
    pub entries: BTreeSet<String>,
    /// Also parts and related materiel of these.
    pub parts: bool,
}

impl ItemScope {
    /// In words, for a list.
    pub fn words(&self) -> String {
        let mut named = Vec::new();
        if self.all_arms {
            named.push("all arms".to_owned());
        }
        if !self.unroca.is_empty() {
            let categories: Vec<&str> = self.unroca.iter().map(|category| category.word()).collect();
            named.push(format!("UNROCA {}", categories.join(", ")));
        }
        if self.small_arms {
            named.push("small arms".to_owned());
        }
        if self.dual_use {
            named.push("dual-use goods".to_owned());
        }
        named.extend(self.entries.iter().cloned());
        let parts = if self.parts { ", with parts" } else { "" };
        format!("{}{parts}", named.join(", "))
    }

    /// Whether nothing is named.
    pub fn is_empty(&self) -> bool {
        !self.all_arms
            && self.unroca.is_empty()
            && !self.small_arms
            && !self.dual_use
            && self.entries.is_empty()
    }

    /// Whether arms are left out that a measure on all arms would be about.
    pub fn is_narrow(&self) -> bool {
        !(self.all_arms && self.parts)
    }

    /// Whether the goods are in scope.
    pub fn fit(&self, item: &Item) -> Fit {
        if self.is_empty() {
            return Fit::No;
        }
        let by_class = if item.part && !self.parts {
            Fit::No
        } else {
            match item.class {
                Class::Unknown => {
                    let asked = self.all_arms || self.small_arms || self.dual_use || !self.unroca.is_empty();
                    if asked { Fit::unknown("item", "what the goods are") } else { Fit::No }
                }
                Class::Unroca(category) => Fit::of(self.all_arms || self.unroca.contains(&category)),
                Class::SmallArms => Fit::of(self.all_arms || self.small_arms),
                Class::OtherArms => Fit::of(self.all_arms),
                Class::DualUse => Fit::of(self.dual_use),
                Class::Uncontrolled => Fit::No,
            }
        };
        by_class.or(self.by_entry(item))
    }

    fn by_entry(&self, item: &Item) -> Fit {
        if self.entries.is_empty() {
            return Fit::No;
        }
        let Some(entries) = &item.entries else {
            let named: Vec<&str> = self.entries.iter().map(String::as_str).collect();
            return Fit::unknown("entries", format!("whether the goods stand under {}", named.join(", ")));
        };
        let any = |fits: fn(&str, &str) -> bool| {
            entries.iter().any(|entry| self.entries.iter().any(|named| fits(entry, named)))
        };
        if any(is_below) {
            return Fit::Yes;
        }
        if any(|entry, named| is_below(named, entry)) {
            return Fit::unknown("entries", "under which part of the entry the goods stand");
        }
        Fit::No
    }
}

/// Whether an entry is another or stands below it, however it is written.
fn is_below(entry: &str, named: &str) -> bool {
    let plain = |entry: &str| entry.trim().to_uppercase();
    plain(entry).strip_prefix(&plain(named)).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(class: Class) -> Item {
        Item { class, part: false, non_lethal: None, entries: None }
    }

    #[test]
    fn a_part_is_in_scope_where_parts_are() {
        let tanks = ItemScope { unroca: BTreeSet::from([Category::I]), ..ItemScope::default() };
        let part = Item { part: true, ..item(Class::Unroca(Category::I)) };
        assert_eq!(tanks.fit(&part), Fit::No);
        assert_eq!(ItemScope { parts: true, ..tanks.clone() }.fit(&part), Fit::Yes);
        assert_eq!(tanks.fit(&item(Class::Unroca(Category::I))), Fit::Yes);
        assert_eq!(tanks.fit(&item(Class::OtherArms)), Fit::No);
    }

    #[test]
    fn what_is_not_classified_is_neither_in_nor_out() {
        let arms = ItemScope { all_arms: true, parts: true, ..ItemScope::default() };
        assert!(matches!(arms.fit(&item(Class::Unknown)), Fit::Unknown(_)));
        assert_eq!(arms.fit(&item(Class::Uncontrolled)), Fit::No);
        assert_eq!(ItemScope::default().fit(&item(Class::Unknown)), Fit::No);
    }

    #[test]
    fn a_weapon_is_lethal_and_no_word_makes_it_otherwise() {
        let rifle = item(Class::SmallArms);
        assert_eq!(rifle.is_non_lethal(), Some(false));
        assert_eq!(Item { part: true, ..rifle.clone() }.is_non_lethal(), None);
        assert_eq!(Item { non_lethal: Some(true), ..rifle.clone() }.is_non_lethal(), None);
        assert_eq!(Item { non_lethal: Some(true), part: true, ..rifle }.is_non_lethal(), Some(true));
        assert_eq!(item(Class::OtherArms).is_non_lethal(), None);
        assert_eq!(item(Class::Unknown).is_non_lethal(), None);
    }

    #[test]
    fn an_entry_is_met_by_what_stands_below_it() {
        let scope = ItemScope { entries: BTreeSet::from(["ML4".to_owned()]), ..ItemScope::default() };
        let under = |entry: &str| Item {
            entries: Some(BTreeSet::from([entry.to_owned()])),
            ..item(Class::Unroca(Category::VII))
        };
        assert_eq!(scope.fit(&under("ML4.b")), Fit::Yes);
        assert_eq!(scope.fit(&under("ML4")), Fit::Yes);
        assert_eq!(scope.fit(&under(" ml4.B")), Fit::Yes);
        assert_eq!(scope.fit(&under("ML40")), Fit::No);
        let part = ItemScope { entries: BTreeSet::from(["ML4.b".to_owned()]), ..ItemScope::default() };
        assert_eq!(part.fit(&under("ML4.a")), Fit::No);
        assert!(matches!(part.fit(&under("ML4")), Fit::Unknown(_)));
        assert!(matches!(scope.fit(&item(Class::Unroca(Category::VII))), Fit::Unknown(_)));
    }
}
