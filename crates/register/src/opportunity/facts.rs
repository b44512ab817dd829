//! What events of opportunities carry.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{AskedItem, LossCause, OpportunityKind, Recipient, Verdict};
use crate::document::Document;

/// `opportunity.registered.v1`: the event's date is the day on which it was received, or begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpportunityRegistered {
    /// The number that those who ask use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// What it is about.
    pub title: String,
    /// Code of the partner.
    pub partner: String,
    /// How it came about.
    pub kind: OpportunityKind,
    /// Who is to receive the goods.
    pub recipient: Recipient,
    /// Number of the party that offers.
    pub exporter: String,
    /// What is asked.
    pub items: Vec<AskedItem>,
    /// Who else offers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub competitors: Vec<String>,
    /// By when it is to be answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Date>,
    /// The request or the invitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `opportunity.deadline_extended.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineExtended {
    /// The new deadline.
    pub deadline: Date,
    /// The paper that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `opportunity.estimated.v1`: the event's reason says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpportunityEstimated {
    /// Whole per cent, 0 to 100.
    pub probability: u8,
    /// When the contract is expected to be signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature_on: Option<Date>,
}

/// `opportunity.advice_asked.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdviceAsked {
    /// Of whom, in words.
    pub asked_of: String,
}

/// `opportunity.advice_given.v1`: the answer to the opinion that was asked last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdviceGiven {
    /// What it says.
    pub verdict: Verdict,
    /// On what conditions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<String>,
    /// The paper.
    pub document: Document,
}

/// `opportunity.won.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpportunityWon {
    /// By which version of the offer.
    pub offer: u32,
    /// Number of the contract.
    pub contract: String,
    /// The acceptance of the offer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `opportunity.lost.v1`: the event's reason says more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpportunityLost {
    /// Why.
    pub cause: LossCause,
    /// To whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competitor: Option<String>,
    /// The paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `opportunity.declined.v1`, `opportunity.withdrawn.v1`: the event's reason says why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpportunityMoved {
    /// The paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}
