//! Claims of the recipient against a contract. An open claim keeps a contract from being as planned.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::document::Document;

/// What is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// Fewer than invoiced.
    Shortage,
    /// More than ordered.
    Overage,
    /// Damaged in transit.
    Damage,
    /// Not what was ordered.
    WrongItem,
    /// Below the agreed quality.
    Quality,
    /// Papers missing or wrong.
    Documentation,
}

impl ClaimKind {
    /// All kinds.
    pub const ALL: [ClaimKind; 6] = [
        ClaimKind::Shortage,
        ClaimKind::Overage,
        ClaimKind::Damage,
        ClaimKind::WrongItem,
        ClaimKind::Quality,
        ClaimKind::Documentation,
    ];

    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            ClaimKind::WrongItem => "wrong_item",
            other => other.name(),
        }
    }

    /// The word for people.
    pub fn name(self) -> &'static str {
        match self {
            ClaimKind::Shortage => "shortage",
            ClaimKind::Overage => "overage",
            ClaimKind::Damage => "damage",
            ClaimKind::WrongItem => "wrong item",
            ClaimKind::Quality => "quality",
            ClaimKind::Documentation => "documentation",
        }
    }
}

/// `claim.opened.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimOpened {
    /// Number within the contract, from 1.
    pub claim: u32,
    /// What is claimed.
    pub kind: ClaimKind,
    /// In words.
    pub description: String,
}

/// `claim.settled.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimSettled {
    /// Number within the contract.
    pub claim: u32,
    /// How it was settled.
    pub outcome: String,
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// A claim as the contract's state holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Number within the contract.
    pub number: u32,
    /// What is claimed.
    pub kind: ClaimKind,
    /// In words.
    pub description: String,
    /// When it was raised.
    pub opened_on: Date,
    /// When it was settled.
    pub settled_on: Option<Date>,
}
