//! Giving out what stands beside the prices and days of contracts: their terms, and the serial numbers of deliveries.

use entente_register::book::cell::Cell;
use entente_register::book::terms::Term;
use entente_register::contract::ContractTerms;
use entente_register::contract::serial::SerialsRecorded;
use entente_register::ledger::Fact;
use jiff::civil::Date;

use super::money::Names;
use super::{Entered, number, optional, text, title};

/// What the events of these fold into.
#[derive(Default)]
pub(super) struct Beside {
    terms: Vec<Agreed>,
    serials: Vec<Recorded>,
}

/// The terms of a contract as they were agreed on a day.
struct Agreed {
    contract: String,
    entry: i64,
    on: Date,
    reason: String,
    terms: ContractTerms,
}

/// The serial numbers of a delivery as they were recorded on a day.
struct Recorded {
    delivery: String,
    entry: i64,
    on: Date,
    reason: String,
    recorded: SerialsRecorded,
}

impl Beside {
    /// Folds an event of a contract or a delivery.
    pub(super) fn note(&mut self, key: &str, event: &Entered<'_>, fact: &Fact) {
        let (entry, on, reason) = (event.entry, event.on, event.reason.to_owned());
        match fact {
            Fact::ContractTermsAgreed(terms) => {
                let (contract, terms) = (key.to_owned(), terms.clone());
                self.terms.push(Agreed { contract, entry, on, reason, terms });
            }
            Fact::DeliverySerialsRecorded(recorded) => {
                let (delivery, recorded) = (key.to_owned(), recorded.clone());
                self.serials.push(Recorded { delivery, entry, on, reason, recorded });
            }
            // What was recorded in error is not given out.
            Fact::DeliveryAnnulled(_) => self.serials.retain(|one| one.delivery != key),
            _ => {}
        }
    }

    /// Rows of `serials`, in the order of their entry.
    pub(super) fn serials(&self, names: &Names<'_>) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for one in &self.serials {
            for serial in &one.recorded.serials {
                rows.push(vec![
                    (names.contract)(&one.delivery),
                    text((names.delivery)(&one.delivery)),
                    Cell::Date(one.on),
                    text(serial),
                    title(one.recorded.document.as_ref()),
                    text(&one.reason),
                    number(one.entry),
                ]);
            }
        }
        rows
    }

    /// Rows of `terms`, in the order of their entry.
    pub(super) fn terms(&self, names: &Names<'_>) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for agreed in &self.terms {
            let windows = agreed.terms.claim_windows.iter();
            let windows = windows.map(|window| Term::ClaimWindow(window.kind, window.days));
            let warranties = agreed.terms.warranties.iter();
            let warranties = warranties
                .map(|one| Term::Warranty(one.line.as_deref().map(|line| (names.line)(line)), one.months));
            let serialised = agreed.terms.serialised.iter();
            let serialised = serialised.map(|line| Term::SerialNumbers((names.line)(line)));
            let mut all: Vec<Option<Term>> = windows.chain(warranties).chain(serialised).map(Some).collect();
            if all.is_empty() {
                // What was agreed before fell away, which is told as well.
                all.push(None);
            }
            for term in all {
                let (of, length) = match &term {
                    Some(Term::ClaimWindow(kind, days)) => (kind.map(|kind| kind.word()), Some(*days)),
                    Some(Term::Warranty(line, months)) => (line.as_deref(), Some(*months)),
                    Some(Term::SerialNumbers(line)) => (Some(line.as_str()), None),
                    None => (None, None),
                };
                rows.push(vec![
                    (names.contract)(&agreed.contract),
                    Cell::Date(agreed.on),
                    optional(term.as_ref().map(Term::word)),
                    optional(of),
                    length.map_or(Cell::Empty, number),
                    text(&agreed.reason),
                    title(agreed.terms.document.as_ref()),
                    number(agreed.entry),
                ]);
            }
        }
        rows
    }
}
