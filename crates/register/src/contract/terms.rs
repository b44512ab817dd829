//! What a contract says beside its prices and days: within which days claims are raised, how long its warranty
//! runs, and of which lines each item is known by its serial number.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::claim::ClaimKind;
use super::delivery::Delivery;
use super::line::contract_of;
use crate::document::Document;
use crate::ledger::{Context, Fallible, Refusal};

/// Longest window of claims, in days, and longest warranty, in months: thirty years.
pub(crate) const MOST_DAYS: u32 = 10_950;
pub(crate) const MOST_MONTHS: u32 = 360;

/// The days within which claims of one kind are raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimWindow {
    /// Of which claims; of all others, where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ClaimKind>,
    /// Days after the acceptance of the delivery.
    pub days: u32,
}

/// How long what a line delivers is under warranty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warranty {
    /// Of which line; of all others, where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// Months after the acceptance of the delivery.
    pub months: u32,
}

/// `contract.terms_agreed.v1`: the terms as a whole, from the event's date on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractTerms {
    /// Within which days claims are raised.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claim_windows: Vec<ClaimWindow>,
    /// How long the warranty runs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warranties: Vec<Warranty>,
    /// Lines of which each item is known by its serial number: none is accepted without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serialised: Vec<String>,
    /// The contract, its annex or a signed amendment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

impl ContractTerms {
    /// The days within which a claim of a kind is raised.
    pub fn claim_days(&self, kind: ClaimKind) -> Option<u32> {
        let of = |wanted: Option<ClaimKind>| self.claim_windows.iter().find(|window| window.kind == wanted);
        of(Some(kind)).or_else(|| of(None)).map(|window| window.days)
    }

    /// The months for which what a line delivers is under warranty.
    pub fn warranty_months(&self, line: &str) -> Option<u32> {
        let of = |wanted: Option<&str>| self.warranties.iter().find(|one| one.line.as_deref() == wanted);
        of(Some(line)).or_else(|| of(None)).map(|warranty| warranty.months)
    }

    /// The last day of the warranty of what a line delivered and was accepted on a day.
    pub fn warranty_ends_on(&self, line: &str, accepted_on: Date) -> Option<Date> {
        accepted_on.checked_add(i64::from(self.warranty_months(line)?).months()).ok()
    }

    /// The last day on which a claim on a delivery is within its window; none where nothing is agreed, or the
    /// delivery is not accepted and no window has begun.
    pub fn window_of(&self, kind: ClaimKind, warranty: bool, of: &Delivery) -> Option<Date> {
        let accepted_on = of.accepted_on?;
        if warranty {
            return self.warranty_ends_on(&of.line, accepted_on);
        }
        accepted_on.checked_add(i64::from(self.claim_days(kind)?).days()).ok()
    }

    /// Whether each item of a line is known by its serial number.
    pub fn is_serialised(&self, line: &str) -> bool {
        self.serialised.iter().any(|named| named == line)
    }

    /// Checks new terms of a contract. `lines` are those named that are there, with whether they are counted in
    /// pieces.
    pub(super) fn check(
        &self,
        contract: &str,
        lines: &[(String, bool)],
        signed: bool,
        context: &Context,
    ) -> Fallible<()> {
        match &self.document {
            Some(document) => document.check(context)?,
            None if signed => {
                return Err(Refusal::new("contract.terms", format!("Contract {contract} is signed."))
                    .field("document")
                    .missing("the signed paper that says so"));
            }
            None => {}
        }
        let refused = |field: String, message: String, missing: String| {
            Err(Refusal::new("contract.terms", message).field(field).missing(missing))
        };
        for (place, window) in self.claim_windows.iter().enumerate() {
            if !(1..=MOST_DAYS).contains(&window.days) {
                let message = format!("A window of {} days is none.", window.days);
                let field = format!("claim_windows[{place}].days");
                return refused(field, message, format!("from 1 to {MOST_DAYS} days"));
            }
            if self.claim_windows[..place].iter().any(|before| before.kind == window.kind) {
                let message = "The same claims have two windows.".to_owned();
                return refused(format!("claim_windows[{place}].kind"), message, "each kind once".to_owned());
            }
        }
        for (place, warranty) in self.warranties.iter().enumerate() {
            if !(1..=MOST_MONTHS).contains(&warranty.months) {
                let message = format!("A warranty of {} months is none.", warranty.months);
                let field = format!("warranties[{place}].months");
                return refused(field, message, format!("from 1 to {MOST_MONTHS} months"));
            }
            if self.warranties[..place].iter().any(|before| before.line == warranty.line) {
                let message = "The same line has two warranties.".to_owned();
                return refused(format!("warranties[{place}].line"), message, "each line once".to_owned());
            }
        }
        let named = self.warranties.iter().filter_map(|warranty| warranty.line.as_ref());
        let serialised = self.serialised.iter();
        for (line, by_piece) in named.map(|line| (line, false)).chain(serialised.map(|line| (line, true))) {
            let found = lines.iter().find(|(number, _)| number == line);
            let Some((_, counts)) = found.filter(|_| contract_of(line) == contract) else {
                let field = if by_piece { "serialised" } else { "warranties" };
                return Err(Refusal::not_found("line", line).field(field));
            };
            if by_piece && !counts {
                let message = format!("Line {line} is not counted in pieces.");
                return refused(
                    "serialised".to_owned(),
                    message,
                    "lines that are counted in pieces".to_owned(),
                );
            }
        }
        Ok(())
    }
}
