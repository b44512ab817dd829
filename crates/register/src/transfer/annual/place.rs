//! In which category goods are, or why they are in none.

use super::super::content::{TransferKind, TransferLine};
use super::ReportKind;
use crate::embargo::{Category, Class};
use crate::payment::schedule::words;
use serde::{Deserialize, Serialize};

/// The category of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Placed {
    /// I to VII, of the Register and of Article 2, paragraph 1 of the treaty.
    Category(Category),
    /// VIII of the treaty: small arms and light weapons; the Register asks for them in a table of their own.
    SmallArms,
    /// An entry of the control list without its parts.
    Entry(String),
}

impl Placed {
    /// As it stands in the table.
    pub fn word(&self) -> &str {
        match self {
            Placed::Category(category) => category.word(),
            Placed::SmallArms => "VIII",
            Placed::Entry(entry) => entry,
        }
    }

    /// What it is, in words; empty for an entry of the control list.
    pub fn name(&self) -> &'static str {
        match self {
            Placed::Category(category) => match category {
                Category::I => "battle tanks",
                Category::II => "armoured combat vehicles",
                Category::III => "large-calibre artillery systems",
                Category::IV => "combat aircraft",
                Category::V => "attack helicopters",
                Category::VI => "warships",
                Category::VII => "missiles and missile launchers",
            },
            Placed::SmallArms => "small arms and light weapons",
            Placed::Entry(_) => "",
        }
    }
}

/// Why something is in no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outside {
    /// Its line has no class: nobody can say where it belongs.
    Unclassified,
    /// It does not leave for good, and does not come in.
    OtherTransfer,
    /// A part of such an item.
    Part,
    /// Ammunition.
    Ammunition,
    /// Arms of no category.
    OtherArms,
    /// No arms.
    NoArms,
}

words! { Outside, "a reason", "transfer.outside",
    Unclassified = "unclassified", "not classified, so that it cannot be placed";
    OtherTransfer = "other_transfer", "transit, brokering, temporary, technology or service";
    Part = "part", "a part or component (Article 4)";
    Ammunition = "ammunition", "ammunition (Article 3)";
    OtherArms = "other_arms", "arms of no category";
    NoArms = "no_arms", "no arms";
}

/// Where goods of a line belong.
///
/// # Errors
/// Why they belong in no table.
pub fn place(report: ReportKind, kind: TransferKind, line: Option<&TransferLine>) -> Result<Placed, Outside> {
    let line = line.ok_or(Outside::Unclassified)?;
    if !matches!(kind, TransferKind::Export | TransferKind::Import) {
        return Err(Outside::OtherTransfer);
    }
    if report == ReportKind::CommonPosition {
        let entry = line.category.split('.').next().unwrap_or_default();
        return match line.class {
            Class::Unknown => Err(Outside::Unclassified),
            _ if entry.starts_with("ML") => Ok(Placed::Entry(entry.to_owned())),
            Class::DualUse | Class::Uncontrolled => Err(Outside::NoArms),
            _ => Err(Outside::OtherArms),
        };
    }
    let is_ammunition = line.category == "ML3" || line.category.starts_with("ML3.");
    match line.class {
        Class::Unknown => Err(Outside::Unclassified),
        Class::DualUse | Class::Uncontrolled => Err(Outside::NoArms),
        Class::OtherArms => Err(if is_ammunition { Outside::Ammunition } else { Outside::OtherArms }),
        _ if line.part => Err(Outside::Part),
        Class::SmallArms if is_ammunition => Err(Outside::Ammunition),
        Class::SmallArms => Ok(Placed::SmallArms),
        Class::Unroca(category) => Ok(Placed::Category(category)),
    }
}
