//! What is asked: a transfer with what is known of it, and the policy by which it is judged.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;

use super::rule::{Activity, SECURITY_COUNCIL};
use super::scope::Item;
use super::word::worded;

/// Who is to use the goods.
///
/// That a party stands on a list is found by screening and told here: nobody but [`EndUser::Listed`] is taken to be
/// listed, and of an armed group it is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum EndUser {
    /// Forces, police or another authority of the government of the state that the goods go to. The forces of another
    /// state there are none.
    Government,
    /// An armed group that serves no government, and what it controls, a company included.
    ArmedGroup,
    /// A company or person that is of no government and that no armed group controls.
    Private,
    /// Named on a list of those under measures.
    Listed {
        /// The regime whose list it is, by its identifier; none where it is not known.
        regime: Option<String>,
    },
    /// An operation that the United Nations authorise, or the United Nations themselves.
    Mission {
        /// Its name, for example `MONUSCO`; none where it is not known.
        name: Option<String>,
    },
    /// Not known.
    Unknown,
}

impl EndUser {
    /// The words of those that are known, which conditions of exceptions may name.
    pub const KNOWN: [&'static str; 5] = ["government", "armed_group", "private", "listed", "mission"];

    /// The word in data, as conditions of exceptions name it.
    pub fn word(&self) -> &'static str {
        match self {
            EndUser::Government => "government",
            EndUser::ArmedGroup => "armed_group",
            EndUser::Private => "private",
            EndUser::Listed { .. } => "listed",
            EndUser::Mission { .. } => "mission",
            EndUser::Unknown => "unknown",
        }
    }
}

/// Where in the state of destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "name")]
pub enum Area {
    /// Not known.
    Unknown,
    /// In this area, by the name that the rule gives it.
    In(String),
    /// Outside these areas, established and not assumed.
    Outside(BTreeSet<String>),
}

worded! {
    /// What the goods are for, where an exception asks.
    Purpose, "embargo.purpose", "purpose" {
        /// Humanitarian or protective use, and no other.
        HumanitarianOrProtective = "humanitarian_or_protective",
        /// Personal use of those who work there for the United Nations, the media, aid or development.
        PersonalProtection = "personal_protection",
        /// Building up the security institutions of the state.
        SecuritySector = "security_sector",
        /// Disarmament of those who fought.
        Disarmament = "disarmament",
        /// Carrying out a peace agreement.
        PeaceAgreement = "peace_agreement",
        /// Guarding premises and persons.
        Guarding = "guarding",
        /// Any other.
        Other = "other",
    }
}

/// A transfer, with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// The goods, or what the service is about.
    pub item: Item,
    /// What is done.
    pub activity: Activity,
    /// The state that they leave, ISO 3166-1 alpha-3; none for the territory of the authority that asks, which is taken
    /// to be under no measure. Of transit and brokering none is not known.
    pub from: Option<String>,
    /// The state that they go to, ISO 3166-1 alpha-3.
    pub to: String,
    /// Who is to use them.
    pub end_user: EndUser,
    /// Where.
    pub area: Area,
    /// What for; none where nobody has said.
    pub purpose: Option<Purpose>,
    /// Whether the government of the destination has authorised it; none where nobody has said.
    pub authorised: Option<bool>,
    /// The instant of the transfer.
    pub at: Timestamp,
    /// The instant whose knowledge of the rules is used.
    pub known_at: Timestamp,
}

/// By which bodies, and how, a commission judges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// Bodies whose measures bind beside those of the Security Council, which always do.
    pub also_binding: BTreeSet<String>,
    /// Whether arms that a measure against the state leaves out by its items are held for the national order.
    pub hold_beyond_scope: bool,
    /// Whether measures bind that some states only claim to be in force.
    pub claims_bind: bool,
}

impl Default for Policy {
    /// The Security Council alone; arms beyond the scope of a measure are held; claims are shown and do not bind.
    fn default() -> Policy {
        Policy { also_binding: BTreeSet::new(), hold_beyond_scope: true, claims_bind: false }
    }
}

impl Policy {
    /// Whether the measures of a body bind.
    pub fn binds(&self, body: &str) -> bool {
        body == SECURITY_COUNCIL || self.also_binding.contains(body)
    }

    /// The bodies whose measures bind, the Security Council first.
    pub fn binding(&self) -> impl Iterator<Item = &str> {
        let others = self.also_binding.iter().map(String::as_str);
        std::iter::once(SECURITY_COUNCIL).chain(others.filter(|body| *body != SECURITY_COUNCIL))
    }
}
