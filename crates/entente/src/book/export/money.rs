//! Giving out the money of a book: rates, instalments, receipts, penalties, and what is said of schedules as a whole.

use std::collections::{BTreeMap, HashMap};

use entente_register::book::cell::Cell;
use entente_register::document::Document;
use entente_register::ledger::Fact;
use entente_register::money::Money;
use entente_register::payment::{
    Delay, DueRule, InstalmentScheduled, PenaltyClaimed, PenaltyTerms, RateRecorded, ReceiptRecorded,
};
use jiff::civil::Date;

use super::{Entered, day, number, optional, own, text, title};

/// What the events of payments fold into.
#[derive(Default)]
pub(super) struct Payments {
    rates: BTreeMap<String, (Date, RateRecorded)>,
    instalments: BTreeMap<String, Instalment>,
    receipts: BTreeMap<String, Receipt>,
    schedules: BTreeMap<String, Schedule>,
    penalties: BTreeMap<String, Penalty>,
}

struct Penalty {
    entry: i64,
    on: Date,
    claimed: PenaltyClaimed,
    agreed: Option<(Date, Money, Document)>,
    /// When and how it ended, by which paper, and why it was waived.
    ended: Option<(Date, &'static str, Option<Document>, String)>,
}

struct Instalment {
    entry: i64,
    scheduled: InstalmentScheduled,
    label: String,
    terms: Vec<Terms>,
    withdrawn: Option<(Date, String)>,
}

/// An instalment as it is from a day on.
struct Terms {
    on: Date,
    amount: Money,
    due: DueRule,
    bank: Option<String>,
    document: Option<Document>,
    reason: String,
}

struct Receipt {
    entry: i64,
    on: Date,
    recorded: ReceiptRecorded,
}

#[derive(Default)]
struct Schedule {
    terms: Vec<(Date, PenaltyTerms)>,
    completed_on: Option<Date>,
}

/// What of the rest of the book the rows name.
pub(super) struct Names<'b> {
    /// The reference of the contract of a number.
    pub(super) contract: &'b dyn Fn(&str) -> Cell,
    /// The marking of the contract of a number.
    pub(super) label: &'b dyn Fn(&str) -> Option<&'b str>,
    /// The number in the book of a line.
    pub(super) line: &'b dyn Fn(&str) -> String,
    /// The number in the book of a delivery.
    pub(super) delivery: &'b dyn Fn(&str) -> String,
    /// Names of parties by number.
    pub(super) parties: &'b HashMap<String, String>,
}

impl Payments {
    /// Folds an event of a payment.
    pub(super) fn apply(&mut self, key: &str, event: &Entered<'_>, fact: Fact) {
        let (entry, on) = (event.entry, event.on);
        match fact {
            Fact::RateRecorded(rate) => {
                self.rates.insert(key.to_owned(), (on, rate));
            }
            Fact::RateCorrected(corrected) => {
                if let Some((_, rate)) = self.rates.get_mut(key) {
                    rate.quoted = corrected.quoted;
                    rate.source = corrected.source;
                }
            }
            Fact::InstalmentScheduled(scheduled) => {
                let terms = Terms {
                    on,
                    amount: scheduled.amount,
                    due: scheduled.due.clone(),
                    bank: scheduled.bank.clone(),
                    document: scheduled.document.clone(),
                    reason: String::new(),
                };
                let instalment = Instalment {
                    entry,
                    scheduled,
                    label: event.label.to_owned(),
                    terms: vec![terms],
                    withdrawn: None,
                };
                self.instalments.insert(key.to_owned(), instalment);
            }
            Fact::InstalmentAmended(amended) => {
                if let Some(instalment) = self.instalments.get_mut(key) {
                    instalment.terms.push(Terms {
                        on,
                        amount: amended.amount,
                        due: amended.due,
                        bank: amended.bank,
                        document: Some(amended.document),
                        reason: event.reason.to_owned(),
                    });
                }
            }
            Fact::InstalmentWithdrawn(_) => {
                if let Some(instalment) = self.instalments.get_mut(key) {
                    instalment.withdrawn = Some((on, event.reason.to_owned()));
                }
            }
            // What was recorded in error is not given out.
            Fact::InstalmentAnnulled(_) => {
                self.instalments.remove(key);
            }
            Fact::ReceiptRecorded(recorded) => {
                self.receipts.insert(key.to_owned(), Receipt { entry, on, recorded });
            }
            Fact::ReceiptAllocated(more) => {
                if let Some(receipt) = self.receipts.get_mut(key) {
                    receipt.recorded.allocations.extend(more.allocations);
                }
            }
            Fact::ReceiptAnnulled(_) => {
                self.receipts.remove(key);
            }
            Fact::PenaltyClaimed(claimed) => {
                let penalty = Penalty { entry, on, claimed, agreed: None, ended: None };
                self.penalties.insert(key.to_owned(), penalty);
            }
            Fact::PenaltyAgreed(agreed) => {
                if let Some(penalty) = self.penalties.get_mut(key) {
                    penalty.agreed = Some((on, agreed.amount, agreed.document));
                }
            }
            Fact::PenaltySettled(moved) => {
                self.end_penalty(key, (on, "settled", moved.document, String::new()))
            }
            Fact::PenaltyWaived(moved) => {
                self.end_penalty(key, (on, "waived", moved.document, event.reason.to_owned()));
            }
            Fact::PenaltyAnnulled(_) => {
                self.penalties.remove(key);
            }
            Fact::ScheduleCompleted(_) => {
                self.schedules.entry(key.to_owned()).or_default().completed_on = Some(on);
            }
            Fact::ScheduleReopened(_) => {
                self.schedules.entry(key.to_owned()).or_default().completed_on = None;
            }
            Fact::SchedulePenaltyAgreed(terms) => {
                let schedule = self.schedules.entry(key.to_owned()).or_default();
                schedule.terms.retain(|(_, known)| known.late != terms.late);
                schedule.terms.push((on, terms));
            }
            _ => {}
        }
    }

    fn end_penalty(&mut self, key: &str, ended: (Date, &'static str, Option<Document>, String)) {
        if let Some(penalty) = self.penalties.get_mut(key) {
            penalty.ended = Some(ended);
        }
    }

    /// The number in the book of an instalment that a milestone releases, as far as it waits for it or counts from the
    /// day on which it was reached: one that was withdrawn or has another day since is not released again.
    pub(super) fn released(&self, instalment: &str, reached_on: Option<Date>) -> Option<String> {
        let known = self.instalments.get(instalment).filter(|one| one.withdrawn.is_none())?;
        let DueRule::AfterMilestone { on, .. } = &known.terms.last()?.due else { return None };
        let is_so = reached_on.is_none() || *on == reached_on;
        is_so.then(|| referenced(instalment, known.scheduled.reference.as_deref()))
    }

    /// Rows of `penalties`, in the order of their entry.
    pub(super) fn penalties(&self, names: &Names<'_>) -> Vec<Vec<Cell>> {
        let mut all: Vec<_> = self.penalties.iter().collect();
        all.sort_by_key(|(_, penalty)| penalty.entry);
        let row = |(key, penalty): (&String, &Penalty)| {
            let Penalty { claimed, agreed, ended, .. } = penalty;
            let of = match &claimed.delay {
                Delay::Delivery(delivery) => (names.delivery)(delivery),
                Delay::Line(line) => (names.line)(line),
                Delay::Instalment(instalment) => {
                    let known = self.instalments.get(instalment);
                    referenced(instalment, known.and_then(|one| one.scheduled.reference.as_deref()))
                }
            };
            vec![
                (names.contract)(key),
                text(claimed.delay.subject().kind.word()),
                text(of),
                Cell::Date(penalty.on),
                number(claimed.value.decimal()),
                Cell::Date(claimed.due_on),
                day(claimed.done_on),
                number(claimed.rate),
                text(claimed.period.word()),
                claimed.cap.map_or(Cell::Empty, number),
                number(claimed.amount.decimal()),
                title(claimed.document.as_ref()),
                day(agreed.as_ref().map(|agreed| agreed.0)),
                agreed.as_ref().map_or(Cell::Empty, |agreed| number(agreed.1.decimal())),
                title(agreed.as_ref().map(|agreed| &agreed.2)),
                day(ended.as_ref().map(|ended| ended.0)),
                optional(ended.as_ref().map(|ended| ended.1)),
                title(ended.as_ref().and_then(|ended| ended.2.as_ref())),
                ended.as_ref().map_or(Cell::Empty, |ended| text(&ended.3)),
            ]
        };
        all.into_iter().map(row).collect()
    }

    /// Rows of `rates`.
    pub(super) fn rates(&self, names: &Names<'_>) -> Vec<Vec<Cell>> {
        self.rates
            .values()
            .map(|(on, rate)| {
                vec![
                    Cell::Date(*on),
                    text(rate.quoted.from.code()),
                    number(rate.quoted.units),
                    text(rate.quoted.to.code()),
                    number(rate.quoted.rate),
                    text(&rate.source),
                    rate.contract.as_ref().map_or(Cell::Empty, |contract| (names.contract)(contract)),
                ]
            })
            .collect()
    }

    /// Rows of `instalments`, in the order of their entry.
    pub(super) fn instalments(&self, names: &Names<'_>) -> Vec<Vec<Cell>> {
        let mut all: Vec<_> = self.instalments.iter().collect();
        all.sort_by_key(|(_, instalment)| instalment.entry);
        let mut rows = Vec::new();
        for (key, instalment) in all {
            for (place, terms) in instalment.terms.iter().enumerate() {
                let is_last = place + 1 == instalment.terms.len();
                let withdrawn = instalment.withdrawn.as_ref().filter(|_| is_last);
                let after = terms.due.after().map(|after| match &terms.due {
                    DueRule::AfterLine { line, .. } => (names.line)(line),
                    DueRule::AfterDelivery { delivery, .. } => (names.delivery)(delivery),
                    _ => after.to_owned(),
                });
                let is_fixed = matches!(terms.due, DueRule::Fixed { .. });
                let is_marked = (names.label)(key) != Some(instalment.label.as_str());
                rows.push(vec![
                    (names.contract)(key),
                    text(referenced(key, instalment.scheduled.reference.as_deref())),
                    text(instalment.scheduled.kind.word()),
                    number(terms.amount.decimal()),
                    text(terms.due.word()),
                    day(terms.due.own_day()),
                    if is_fixed { Cell::Empty } else { number(terms.due.days()) },
                    optional(after),
                    optional(instalment.scheduled.lender.map(|lender| lender.word())),
                    bank(terms.bank.as_ref(), names),
                    optional(is_marked.then_some(instalment.label.as_str())),
                    Cell::Date(terms.on),
                    title(terms.document.as_ref()),
                    text(&terms.reason),
                    day(withdrawn.map(|withdrawn| withdrawn.0)),
                    optional(withdrawn.map(|withdrawn| withdrawn.1.as_str())),
                ]);
            }
        }
        rows
    }

    /// Rows of `receipts`, in the order of their entry.
    pub(super) fn receipts(&self, names: &Names<'_>) -> Vec<Vec<Cell>> {
        let mut all: Vec<_> = self.receipts.iter().collect();
        all.sort_by_key(|(_, receipt)| receipt.entry);
        let mut rows = Vec::new();
        for (key, receipt) in all {
            let recorded = &receipt.recorded;
            let conversion = recorded.conversion.as_ref();
            let base = vec![
                (names.contract)(key),
                text(referenced(key, recorded.reference.as_deref())),
                Cell::Date(receipt.on),
                number(recorded.amount.decimal()),
                text(recorded.amount.currency.code()),
                optional(conversion.map(|conversion| conversion.basis.word())),
                conversion.map_or(Cell::Empty, |_| number(recorded.value.decimal())),
                bank(recorded.bank.as_ref(), names),
                title(Some(&recorded.document)),
            ];
            let mut pays: BTreeMap<&str, Money> = BTreeMap::new();
            for one in &recorded.allocations {
                let sum = pays.entry(&one.instalment).or_insert(Money::new(0, one.amount.currency));
                sum.minor = sum.minor.saturating_add(one.amount.minor);
            }
            if pays.is_empty() {
                rows.push([base.clone(), vec![Cell::Empty; 2]].concat());
            }
            for (instalment, amount) in pays {
                let reference =
                    self.instalments.get(instalment).and_then(|one| one.scheduled.reference.as_deref());
                let pays = vec![text(referenced(instalment, reference)), number(amount.decimal())];
                rows.push([base.clone(), pays].concat());
            }
        }
        rows
    }

    /// Rows of `schedules`.
    pub(super) fn schedules(&self, names: &Names<'_>) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for (contract, schedule) in &self.schedules {
            let mut completed_on = schedule.completed_on;
            for (on, terms) in &schedule.terms {
                rows.push(vec![
                    (names.contract)(contract),
                    day(completed_on.take()),
                    text(terms.late.word()),
                    number(terms.rate),
                    text(terms.period.word()),
                    terms.cap.map_or(Cell::Empty, number),
                    Cell::Date(*on),
                    title(Some(&terms.document)),
                ]);
            }
            if let Some(on) = completed_on {
                let mut row = vec![(names.contract)(contract), Cell::Date(on)];
                row.extend(vec![Cell::Empty; 6]);
                rows.push(row);
            }
        }
        rows
    }
}

/// What tells an instalment or a receipt from its others: the number that others give, or the end of its own.
fn referenced(key: &str, reference: Option<&str>) -> String {
    reference.unwrap_or_else(|| own(key)).to_owned()
}

fn bank(party: Option<&String>, names: &Names<'_>) -> Cell {
    optional(party.and_then(|party| names.parties.get(party)).map(String::as_str))
}
