//! What a reader gives out of opportunities.

use std::collections::BTreeMap;

use jiff::civil::Date;

use entente_register::label::Label;
use entente_register::money::Money;
use entente_register::opportunity::{Opportunity, OpportunityKind};

use crate::reader::HistoryRow;

/// Which opportunities are listed; what is absent narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpportunityFilter {
    /// State of the machine; `running` for all that have not ended.
    pub state: Option<String>,
    /// Code of the partner.
    pub partner: Option<String>,
    /// How it came about.
    pub kind: Option<OpportunityKind>,
    /// Words of the title, or the beginning of the number.
    pub words: Option<String>,
}

/// An opportunity in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpportunityRow {
    /// Number.
    pub number: String,
    /// What it is about.
    pub title: String,
    /// Code of the partner.
    pub partner: String,
    /// Its name.
    pub partner_name: String,
    /// How it came about.
    pub kind: OpportunityKind,
    /// State of the machine.
    pub state: String,
    /// When it was received, or begun.
    pub received_on: Date,
    /// By when it is to be answered.
    pub deadline: Option<Date>,
    /// When it was first answered.
    pub answered_on: Option<Date>,
    /// When it ended.
    pub ended_on: Option<Date>,
    /// What the last version of the offer sums to.
    pub value: Option<Money>,
    /// The last estimate, whole per cent.
    pub probability: Option<u8>,
    /// When the contract is expected to be signed.
    pub signature_on: Option<Date>,
    /// Number of the contract that came of it.
    pub contract: Option<String>,
    /// Marking.
    pub label: Label,
}

/// The page of an opportunity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpportunityView {
    /// As it stands on the reader's day.
    pub opportunity: Opportunity,
    /// Name of the partner.
    pub partner_name: String,
    /// Names of the parties that it names, of those that the reader may see.
    pub parties: BTreeMap<String, String>,
    /// Version of the subject at the horizon.
    pub version: u32,
    /// What has happened.
    pub history: Vec<HistoryRow>,
}
