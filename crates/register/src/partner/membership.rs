//! How a state stands to a group of states, since when, and by which source.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::payment::schedule::words;

/// How a state stands to a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Membership {
    /// A member.
    Member,
    /// A member whose rights rest; it is counted as one, and shown as what it is.
    Suspended,
    /// An observer, or an associate: no member.
    Observer,
    /// A partner of the group, by its own word: no member.
    Partner,
    /// Invited, and not joined.
    Invited,
    /// Nothing to it, or nothing any more.
    Outside,
}

words! { Membership, "a way in which a state stands to a group", "group.membership",
    Member = "member", "a member";
    Suspended = "suspended", "a suspended member";
    Observer = "observer", "an observer";
    Partner = "partner", "a partner";
    Invited = "invited", "invited";
    Outside = "outside", "outside";
}

impl Membership {
    /// Whether it is counted as a member.
    pub fn is_member(self) -> bool {
        matches!(self, Membership::Member | Membership::Suspended)
    }
}

/// How far a source carries what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// The source says it, with its day.
    High,
    /// General knowledge, or a day that the source gives less exactly.
    Medium,
    /// To be confirmed.
    Low,
}

words! { Certainty, "a certainty", "group.certainty",
    High = "high", "high";
    Medium = "medium", "medium";
    Low = "low", "low";
}

/// `group.membership_set.v1`; the event's date is the first day on which the state stands so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MembershipSet {
    /// The state, ISO 3166-1 alpha-3; it need not be a partner.
    pub state: String,
    /// How it stands from that day.
    pub membership: Membership,
    /// Where it is said.
    pub source: String,
    /// How far the source carries it.
    pub certainty: Certainty,
    /// What is to be known beside, such as how a day was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl MembershipSet {
    /// The change that it makes on a day.
    pub fn change(&self, on: Date) -> Change {
        let ground =
            Ground { source: self.source.clone(), certainty: self.certainty, note: self.note.clone() };
        Change { on, membership: self.membership, ground: Some(ground) }
    }
}

/// Why a change is believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// Where it is said.
    pub source: String,
    /// How far the source carries it.
    pub certainty: Certainty,
    /// What is to be known beside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A change of how a state stands to a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The first day on which it stands so.
    pub on: Date,
    /// How it stands.
    pub membership: Membership,
    /// Why that is believed; none where a person said so without a source.
    pub ground: Option<Ground>,
}

impl Change {
    /// A change by somebody's word.
    pub fn plain(on: Date, membership: Membership) -> Change {
        Change { on, membership, ground: None }
    }

    /// The certainty, where a source is named.
    pub fn certainty(&self) -> Option<Certainty> {
        self.ground.as_ref().map(|ground| ground.certainty)
    }
}
