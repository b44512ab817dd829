//! Giving out what came in the way of contracts: suspensions that were lifted, and slippages.

use std::collections::BTreeMap;

use entente_register::book::cell::Cell;
use entente_register::document::Document;
use entente_register::ledger::Fact;
use entente_register::performance::{DelayReason, SlippageEnd};
use jiff::civil::Date;

use super::money::Names;
use super::{Entered, day, number, optional, own, text, title};

/// What the events of suspensions and slippages fold into.
#[derive(Default)]
pub(super) struct Course {
    suspensions: Vec<Suspension>,
    slippages: BTreeMap<String, Slippage>,
}

struct Suspension {
    contract: String,
    entry: i64,
    on: Date,
    reason: String,
    resumed: Option<(Date, Option<Document>, i64)>,
}

struct Slippage {
    line: String,
    description: String,
    states: Vec<State>,
    ended: Option<(Date, SlippageEnd, Option<Document>, i64)>,
}

/// A slippage as it is from a day on.
struct State {
    entry: i64,
    on: Date,
    expected_on: Date,
    delay: DelayReason,
    document: Option<Document>,
    reason: String,
}

impl Course {
    /// Folds an event of a suspension, which the contract's row is told of as well.
    pub(super) fn note(&mut self, key: &str, event: &Entered<'_>, fact: &Fact) {
        match fact {
            Fact::ContractSuspended(_) => self.suspensions.push(Suspension {
                contract: key.to_owned(),
                entry: event.entry,
                on: event.on,
                reason: event.reason.to_owned(),
                resumed: None,
            }),
            Fact::ContractResumed(resumed) => {
                let open = self.suspensions.iter_mut().rev().find(|one| one.contract == key);
                if let Some(open) = open {
                    open.resumed = Some((event.on, resumed.document.clone(), event.entry));
                }
            }
            _ => {}
        }
    }

    /// Folds an event of a slippage.
    pub(super) fn apply(&mut self, key: &str, event: &Entered<'_>, fact: Fact) {
        let (entry, on, reason) = (event.entry, event.on, event.reason.to_owned());
        match fact {
            Fact::SlippageReported(new) => {
                let (expected_on, delay) = (new.expected_on, new.delay);
                let state = State { entry, on, expected_on, delay, document: new.document, reason };
                let slippage = Slippage {
                    line: new.line,
                    description: new.description,
                    states: vec![state],
                    ended: None,
                };
                self.slippages.insert(key.to_owned(), slippage);
            }
            Fact::SlippageRevised(new) => {
                if let Some(slippage) = self.slippages.get_mut(key) {
                    let (expected_on, delay) = (new.expected_on, new.delay);
                    slippage.states.push(State {
                        entry,
                        on,
                        expected_on,
                        delay,
                        document: new.document,
                        reason,
                    });
                }
            }
            Fact::SlippageEnded(ended) => {
                if let Some(slippage) = self.slippages.get_mut(key) {
                    slippage.ended = Some((on, ended.end, ended.document, entry));
                }
            }
            // What was recorded in error is not given out.
            Fact::SlippageAnnulled(_) => {
                self.slippages.remove(key);
            }
            _ => {}
        }
    }

    /// Rows of `suspensions`, in the order of their entry.
    pub(super) fn suspensions(&self, names: &Names<'_>) -> Vec<Vec<Cell>> {
        let lifted = self.suspensions.iter().filter_map(|one| Some((one, one.resumed.as_ref()?)));
        lifted
            .map(|(one, (resumed_on, document, resumed_entry))| {
                vec![
                    (names.contract)(&one.contract),
                    Cell::Date(one.on),
                    text(&one.reason),
                    Cell::Date(*resumed_on),
                    title(document.as_ref()),
                    number(one.entry),
                    number(resumed_entry),
                ]
            })
            .collect()
    }

    /// Rows of `slippages`, in the order of their entry, each followed by its revisions.
    pub(super) fn slippages(&self, names: &Names<'_>) -> Vec<Vec<Cell>> {
        let mut all: Vec<_> = self.slippages.iter().collect();
        all.sort_by_key(|(_, slippage)| slippage.states.first().map(|state| state.entry));
        let mut rows = Vec::new();
        for (key, slippage) in all {
            let own = own(key);
            for (place, state) in slippage.states.iter().enumerate() {
                let is_last = place + 1 == slippage.states.len();
                let ended = slippage.ended.as_ref().filter(|_| is_last);
                rows.push(vec![
                    (names.contract)(key),
                    text((names.line)(&slippage.line)),
                    text(own),
                    Cell::Date(state.on),
                    Cell::Date(state.expected_on),
                    text(state.delay.cause.word()),
                    text(state.delay.side.word()),
                    text(&slippage.description),
                    title(state.document.as_ref()),
                    text(&state.reason),
                    day(ended.map(|ended| ended.0)),
                    optional(ended.map(|ended| ended.1.word())),
                    title(ended.and_then(|ended| ended.2.as_ref())),
                    number(state.entry),
                    ended.map_or(Cell::Empty, |ended| number(ended.3)),
                ]);
            }
        }
        rows
    }
}
