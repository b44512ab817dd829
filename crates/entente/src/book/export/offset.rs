//! Giving out offset obligations: what was agreed, a whole from a day on, and what was done under them, an act a row.

use std::collections::BTreeMap;

use entente_register::book::cell::Cell;
use entente_register::document::Document;
use entente_register::ledger::Fact;
use entente_register::money::Money;
use entente_register::performance::{OffsetKind, OffsetTerms};
use jiff::civil::Date;

use super::money::Names;
use super::{Entered, day, number, optional, own, said, text, title};

/// What the events of offset obligations fold into.
#[derive(Default)]
pub(super) struct Offsets {
    obligations: BTreeMap<String, Obligation>,
}

struct Obligation {
    /// What was agreed, and amended: day, place in the order of entry, the whole, why.
    agreed: Vec<(Date, i64, OffsetTerms, String)>,
    acts: Vec<Act>,
}

/// What was done under an obligation.
struct Act {
    on: Date,
    entry: i64,
    word: &'static str,
    number: Option<u32>,
    dealt: Option<Dealt>,
    plan: Option<u32>,
    credit: Option<Money>,
    document: Option<Document>,
    reason: String,
}

struct Dealt {
    kind: OffsetKind,
    description: String,
    value: Money,
    performed_on: Date,
}

impl Offsets {
    /// Folds an event of an offset obligation.
    pub(super) fn apply(&mut self, key: &str, event: &Entered<'_>, fact: Fact) {
        let mut act = Act {
            on: event.on,
            entry: event.entry,
            word: "planned",
            number: None,
            dealt: None,
            plan: None,
            credit: None,
            document: None,
            reason: event.reason.to_owned(),
        };
        match fact {
            Fact::OffsetAgreed(terms) => {
                let agreed = vec![(event.on, event.entry, terms, String::new())];
                self.obligations.insert(key.to_owned(), Obligation { agreed, acts: Vec::new() });
                return;
            }
            Fact::OffsetAmended(amended) => {
                let Some(obligation) = self.obligations.get_mut(key) else { return };
                let Some((_, _, mut terms, _)) = obligation.agreed.last().cloned() else { return };
                terms.amend(&amended);
                terms.document = amended.document;
                obligation.agreed.push((event.on, event.entry, terms, event.reason.to_owned()));
                return;
            }
            // What was recorded in error is not given out.
            Fact::OffsetAnnulled(_) => {
                self.obligations.remove(key);
                return;
            }
            Fact::OffsetPlanned(new) => {
                act.number = Some(new.plan);
                act.dealt = Some(Dealt {
                    kind: new.kind,
                    description: new.description,
                    value: new.value,
                    performed_on: new.expected_on,
                });
            }
            Fact::OffsetPlanDropped(dropped) => {
                act.word = "dropped";
                act.number = Some(dropped.plan);
            }
            Fact::OffsetClaimed(new) => {
                act.word = "claimed";
                act.number = Some(new.claim);
                act.plan = new.plan;
                act.document = Some(new.document);
                act.dealt = Some(Dealt {
                    kind: new.kind,
                    description: new.description,
                    value: new.value,
                    performed_on: new.performed_on,
                });
            }
            Fact::OffsetAccepted(accepted) => {
                act.word = "accepted";
                act.number = Some(accepted.claim);
                act.credit = Some(accepted.credit);
                act.document = Some(accepted.document);
            }
            Fact::OffsetRejected(rejected) => {
                act.word = "rejected";
                act.number = Some(rejected.claim);
                act.document = rejected.document;
            }
            Fact::OffsetDischarged(ended) => {
                act.word = "discharged";
                act.document = Some(ended.document);
            }
            Fact::OffsetReleased(ended) => {
                act.word = "released";
                act.document = Some(ended.document);
            }
            _ => return,
        }
        if let Some(obligation) = self.obligations.get_mut(key) {
            obligation.acts.push(act);
        }
    }

    fn in_order(&self) -> Vec<(&String, &Obligation)> {
        let mut all: Vec<_> = self.obligations.iter().collect();
        all.sort_by_key(|(_, obligation)| obligation.agreed.first().map(|agreed| agreed.1));
        all
    }

    /// Rows of `offsets`, in the order of their entry, each followed by its amendments.
    pub(super) fn obligations(&self, names: &Names<'_>) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for (key, obligation) in self.in_order() {
            for (on, entry, terms, reason) in &obligation.agreed {
                // A row says a kind that counts and a day by which something is owed, as far as there are such.
                for place in 0..terms.multipliers.len().max(terms.phases.len()) {
                    let (one, phase) = (terms.multipliers.get(place), terms.phases.get(place));
                    let mut row = vec![
                        (names.contract)(key),
                        text(own(key)),
                        Cell::Date(*on),
                        text(&terms.title),
                        number(terms.required.decimal()),
                        terms.percent.map_or(Cell::Empty, number),
                        terms.penalty.map_or(Cell::Empty, number),
                    ];
                    row.push(optional(one.map(|one| one.kind.word())));
                    row.push(one.map_or(Cell::Empty, |one| number(one.factor)));
                    row.push(day(phase.map(|phase| phase.by)));
                    row.push(phase.map_or(Cell::Empty, |phase| number(phase.share)));
                    row.push(title(Some(&terms.document)));
                    row.push(said(reason));
                    row.push(number(entry));
                    rows.push(row);
                }
            }
        }
        rows
    }

    /// Rows of `credits`, obligation by obligation, in the order of their entry.
    pub(super) fn credits(&self, names: &Names<'_>) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for (key, obligation) in self.in_order() {
            for act in &obligation.acts {
                let dealt = act.dealt.as_ref();
                rows.push(vec![
                    (names.contract)(key),
                    text(own(key)),
                    text(act.word),
                    Cell::Date(act.on),
                    act.number.map_or(Cell::Empty, number),
                    optional(dealt.map(|dealt| dealt.kind.word())),
                    optional(dealt.map(|dealt| dealt.description.as_str())),
                    dealt.map_or(Cell::Empty, |dealt| number(dealt.value.decimal())),
                    day(dealt.map(|dealt| dealt.performed_on)),
                    act.plan.map_or(Cell::Empty, number),
                    act.credit.map_or(Cell::Empty, |credit| number(credit.decimal())),
                    title(act.document.as_ref()),
                    said(&act.reason),
                    number(act.entry),
                ]);
            }
        }
        rows
    }
}
