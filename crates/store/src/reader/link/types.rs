//! What a reader gives out of the link.

use entente_register::contract::line::contract_of;
use entente_register::label::Label;
use entente_register::transfer::link::{Break, BreakKind, Graph, Row, USUAL_AHEAD};
use jiff::civil::Date;

use crate::reader::Listing;

/// Whether breaks are listed, or what cannot be told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Told {
    /// What is broken.
    #[default]
    Broken,
    /// Of what it cannot be told.
    Untold,
    /// Both.
    Both,
}

impl Told {
    /// All of them.
    pub const ALL: [Told; 3] = [Told::Broken, Told::Untold, Told::Both];

    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            Told::Broken => "broken",
            Told::Untold => "untold",
            Told::Both => "both",
        }
    }
}

/// Which breaks are listed; what is absent narrows nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakFilter {
    /// What is broken.
    pub kind: Option<BreakKind>,
    /// Code of the partner; of a licence without a contract, of the state of destination.
    pub partner: Option<String>,
    /// Number of the contract.
    pub contract: Option<String>,
    /// What is broken, or of what it cannot be told.
    pub told: Told,
    /// Days ahead within which a line that is to be delivered wants a licence.
    pub ahead: u32,
}

impl Default for BreakFilter {
    fn default() -> BreakFilter {
        BreakFilter { kind: None, partner: None, contract: None, told: Told::Broken, ahead: USUAL_AHEAD }
    }
}

/// A break in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakRow {
    /// What is broken.
    pub broken: Break,
    /// The first day on which it stands; none of what a line still owes.
    pub since: Option<Date>,
    /// Number of the contract.
    pub contract: Option<String>,
    /// Code of the partner.
    pub partner: String,
    /// Its name, where it is one; otherwise the code.
    pub partner_name: String,
    /// Number of the holder of the licence.
    pub holder: Option<String>,
    /// Marking.
    pub label: Label,
}

/// Of what the link is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkFocus {
    /// A contract: its lines, without single shipments.
    Contract(String),
    /// A line of a contract.
    Line(String),
    /// A delivery.
    Delivery(String),
    /// An application.
    Application(String),
    /// A licence.
    Licence(String),
    /// A certificate.
    Certificate(String),
    /// An inspection.
    Inspection(String),
}

impl LinkFocus {
    /// The words of all kinds.
    pub const WORDS: [&'static str; 7] =
        ["contract", "line", "delivery", "application", "licence", "certificate", "inspection"];

    /// The word of its kind.
    pub fn word(&self) -> &'static str {
        match self {
            LinkFocus::Contract(_) => "contract",
            LinkFocus::Line(_) => "line",
            LinkFocus::Delivery(_) => "delivery",
            LinkFocus::Application(_) => "application",
            LinkFocus::Licence(_) => "licence",
            LinkFocus::Certificate(_) => "certificate",
            LinkFocus::Inspection(_) => "inspection",
        }
    }

    /// What is of a kind under a number; none where there is no such kind.
    pub fn of(kind: &str, number: &str) -> Option<LinkFocus> {
        let number = number.to_owned();
        Some(match kind {
            "contract" => LinkFocus::Contract(number),
            "line" => LinkFocus::Line(number),
            "delivery" => LinkFocus::Delivery(number),
            "application" => LinkFocus::Application(number),
            "licence" => LinkFocus::Licence(number),
            "certificate" => LinkFocus::Certificate(number),
            "inspection" => LinkFocus::Inspection(number),
            _ => return None,
        })
    }

    /// Its number.
    pub fn number(&self) -> &str {
        match self {
            LinkFocus::Contract(number)
            | LinkFocus::Line(number)
            | LinkFocus::Delivery(number)
            | LinkFocus::Application(number)
            | LinkFocus::Licence(number)
            | LinkFocus::Certificate(number)
            | LinkFocus::Inspection(number) => number,
        }
    }

    /// The contract that it is of, where its number says so.
    pub fn contract(&self) -> Option<&str> {
        match self {
            LinkFocus::Contract(number) | LinkFocus::Line(number) | LinkFocus::Delivery(number) => {
                Some(contract_of(number))
            }
            _ => None,
        }
    }
}

/// The link of something, as of the reader’s day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkView {
    /// All that is linked, of what is open to the actor.
    pub graph: Graph,
    /// The chain as it is read.
    pub rows: Vec<Row>,
    /// The breaks of it, and of what it cannot be told.
    pub breaks: Listing<BreakRow>,
    /// Whether something may be hidden from the actor: then all this is of what is open to it.
    pub partial: bool,
    /// The marking of all of it.
    pub label: Option<Label>,
}
