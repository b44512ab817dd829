//! What a reader gives out of transfers.

use std::collections::BTreeMap;

use entente_register::label::Label;
use entente_register::transfer::application::Application;
use entente_register::transfer::check::{Check, OnRecord};
use entente_register::transfer::ledger::Sight;
use entente_register::transfer::licence::Licence;
use jiff::civil::Date;

use crate::reader::HistoryRow;

/// Which applications are listed; what is absent narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApplicationFilter {
    /// State of the machine; `running` for all that wait for somebody.
    pub state: Option<String>,
    /// Number of the applicant.
    pub applicant: Option<String>,
    /// State of destination, ISO 3166-1 alpha-3.
    pub destination: Option<String>,
    /// Words of the title, or of the number.
    pub words: Option<String>,
}

/// An application in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationRow {
    /// Number.
    pub number: String,
    /// What it is about.
    pub title: String,
    /// Number of the applicant.
    pub applicant: String,
    /// Its name.
    pub applicant_name: String,
    /// State of destination.
    pub destination: String,
    /// Its name, where it is a partner; otherwise its code.
    pub destination_name: String,
    /// State, as the reader sees it.
    pub state: String,
    /// When it was submitted.
    pub submitted_on: Option<Date>,
    /// When it was decided last.
    pub decided_on: Option<Date>,
    /// By when the next opinion is to be given; none where the reader is not told of opinions.
    pub due_on: Option<Date>,
    /// Marking.
    pub label: Label,
}

/// An application by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationView {
    /// As it is seen: an applicant sees nothing of what is thought of it inside.
    pub application: Application,
    /// How much of it is seen.
    pub sight: Sight,
    /// The checks as they are on the reader’s day, while it waits for a decision; none where they are not shown.
    pub checks: Option<Vec<Check>>,
    /// Names of the parties, by number.
    pub parties: BTreeMap<String, String>,
    /// The name of the destination, where it is a partner; otherwise its code.
    pub destination_name: String,
    /// The advance opinion that it rests on, if the actor sees that.
    pub opined: Option<OpinedView>,
    /// What has happened to it, the latest last, as far as it is seen.
    pub history: Vec<HistoryRow>,
    /// Version of the subject.
    pub version: u32,
}

/// An advance opinion on which an application rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpinedView {
    /// Number of the application by which it was given.
    pub number: String,
    /// When.
    pub on: Date,
    /// Up to which day it binds.
    pub until: Date,
    /// In what the application goes beyond it, in words: of that nothing was said.
    pub beyond: Vec<&'static str>,
}

/// Which licences are listed; what is absent narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LicenceFilter {
    /// State of the machine, or `expired`, by the reader’s day.
    pub state: Option<String>,
    /// Number of the holder.
    pub holder: Option<String>,
    /// State of destination, ISO 3166-1 alpha-3.
    pub destination: Option<String>,
    /// Where the verification of a delivery stands by the reader’s day: `overdue`, `remind`, or `open` for any that is not
    /// verified whole.
    pub verification: Option<String>,
    /// Words of the first line, or of the number.
    pub words: Option<String>,
}

/// A licence in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenceRow {
    /// As it stands.
    pub licence: Licence,
    /// Name of the holder.
    pub holder_name: String,
    /// The name of the destination, where it is a partner; otherwise its code.
    pub destination_name: String,
}

/// A licence by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenceView {
    /// As it stands.
    pub licence: Licence,
    /// What the gate before a shipment would find on the reader’s day; none where the reader is not told.
    pub checks: Option<Vec<Check>>,
    /// What is on record of them, by the key of the check; nothing where the reader is not told of checks.
    pub on_record: OnRecord,
    /// By line, the line of a contract that it fulfils.
    pub contract_lines: BTreeMap<u32, String>,
    /// Names of the parties, by number.
    pub parties: BTreeMap<String, String>,
    /// The name of the destination, where it is a partner; otherwise its code.
    pub destination_name: String,
    /// What has happened to it, the latest last.
    pub history: Vec<HistoryRow>,
    /// Version of the subject.
    pub version: u32,
}

/// An application for what a contract is about, with its licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferLink {
    /// Number of the application.
    pub application: String,
    /// What it is about.
    pub title: String,
    /// Its state, as the reader sees it.
    pub state: String,
    /// Number of the licence, where one was issued.
    pub licence: Option<String>,
    /// Marking, which may be higher than that of the contract.
    pub label: Label,
}
