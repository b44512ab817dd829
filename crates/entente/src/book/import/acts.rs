//! What happened under contracts in force, in the order in which it was entered: amendments change what later
//! deliveries cost, nothing is delivered under a suspended contract, and what has come does not slip.

use std::collections::HashMap;

use entente_register::book::claim::ClaimRow;
use entente_register::book::course::{SlippageRow, SuspensionRow};
use entente_register::book::offset::CreditRow;
use entente_register::book::row::{Act as Dated, DeliveryRow, LineRow};
use entente_register::book::table::Table;
use entente_register::document::Document;
use entente_register::performance::SlippageEnd;
use entente_store::Outcome;
use jiff::civil::Date;

use super::offset::OffsetSet;
use super::serial::SerialSet;
use super::terms::TermSet;
use super::{Importer, Placed};

/// The rows of which acts are made.
pub(super) struct Acts<'r> {
    pub(super) amendments: &'r [Placed<LineRow>],
    pub(super) deliveries: &'r [Placed<DeliveryRow>],
    pub(super) suspensions: &'r [Placed<SuspensionRow>],
    pub(super) slippages: &'r [Placed<SlippageRow>],
    /// Terms of contracts that are signed and in force.
    pub(super) terms: &'r [TermSet<'r>],
    pub(super) serials: &'r [SerialSet<'r>],
    /// Claims that were there when their contract was completed.
    pub(super) claims: &'r [Placed<ClaimRow>],
    pub(super) offsets: &'r [OffsetSet<'r>],
    pub(super) credits: &'r [Placed<CreditRow>],
}

enum Act<'r> {
    Line(&'r Placed<LineRow>),
    Terms(&'r TermSet<'r>),
    Serials(&'r SerialSet<'r>),
    HandOver(usize, &'r Placed<DeliveryRow>),
    Accept(usize, &'r Placed<DeliveryRow>),
    Return(usize, &'r Placed<DeliveryRow>),
    Slip(&'r Placed<SlippageRow>),
    EndSlippage(&'r Placed<SlippageRow>, &'r Dated<(SlippageEnd, Option<Document>)>),
    Raise(&'r Placed<ClaimRow>),
    Answer(&'r Placed<ClaimRow>),
    Settle(&'r Placed<ClaimRow>),
    Offset(&'r OffsetSet<'r>),
    Credit(&'r Placed<CreditRow>),
    Suspend(&'r Placed<SuspensionRow>),
    Resume(&'r Placed<SuspensionRow>),
}

/// When an act comes: by its place of entry, or else by its day and the sort of act.
pub(super) type Key = (Option<i64>, Date, u8);

/// How keys are made. A file that says the order of entry says it of each row; what lacks it comes by its day.
pub(super) fn keys(
    entries: impl IntoIterator<Item = Option<i64>>,
) -> (bool, impl Fn(Option<i64>, Date, u8) -> Key) {
    let by_entry = entries.into_iter().all(|entry| entry.is_some());
    (by_entry, move |entry: Option<i64>, on, rank| (entry.filter(|_| by_entry), on, rank))
}

/// Suspensions come after all else, where nothing says the order of entry: goods that moved while one lasted were
/// recorded once it was lifted.
const LAST: Date = Date::MAX;

impl<'r> Acts<'r> {
    /// All acts with their keys, unordered.
    fn all(&self) -> Vec<(Key, Act<'r>)> {
        let entries = self.amendments.iter().map(|row| row.value.entry);
        let entries = entries.chain(self.deliveries.iter().map(|row| row.value.entry));
        let entries = entries.chain(self.suspensions.iter().map(|row| row.value.entry));
        let entries = entries.chain(self.slippages.iter().map(|row| row.value.entry));
        let entries = entries.chain(self.terms.iter().map(|set| set.first.value.entry));
        let entries = entries.chain(self.serials.iter().map(|set| set.first.value.entry));
        let entries = entries.chain(self.claims.iter().map(|row| row.value.entry));
        let entries = entries.chain(self.offsets.iter().map(|set| set.first.value.entry));
        let (by_entry, key) = keys(entries.chain(self.credits.iter().map(|row| row.value.entry)));
        let mut acts = Vec::with_capacity(self.amendments.len() + 2 * self.deliveries.len());
        for row in self.amendments {
            acts.push((key(row.value.entry, row.value.agreed_on, 0), Act::Line(row)));
        }
        for set in self.terms {
            acts.push((key(set.first.value.entry, set.first.value.on, 0), Act::Terms(set)));
        }
        // Between the hand-over and the acceptance, which asks for them.
        for set in self.serials {
            acts.push((key(set.first.value.entry, set.first.value.on, 3), Act::Serials(set)));
        }
        for (place, row) in self.deliveries.iter().enumerate() {
            let delivery = &row.value;
            let handed_over_on = delivery.handed_over.on;
            acts.push((key(delivery.entry, handed_over_on, 2), Act::HandOver(place, row)));
            // What is said to have come before the hand-over is judged after it, so that it is refused and not passed over.
            if let Some(accepted) = &delivery.accepted {
                let entry = delivery.accepted_entry.max(delivery.entry);
                acts.push((key(entry, accepted.on.max(handed_over_on), 4), Act::Accept(place, row)));
            }
            if let Some(returned) = &delivery.returned {
                let entry = delivery.returned_entry.max(delivery.entry);
                let rank = if returned.on > handed_over_on { 1 } else { 4 };
                acts.push((key(entry, returned.on.max(handed_over_on), rank), Act::Return(place, row)));
            }
        }
        for row in self.slippages {
            let slippage = &row.value;
            acts.push((key(slippage.entry, slippage.on, 5), Act::Slip(row)));
            if let Some(ended) = slippage.ended.as_ref().filter(|ended| !falls_away(ended)) {
                let entry = slippage.ended_entry.or(slippage.entry);
                acts.push((key(entry, ended.on, 6), Act::EndSlippage(row, ended)));
            }
        }
        // Whether a claim came in its window is told by the terms of its day; the numbers of claims have no gap, so none
        // comes before one that stands above it.
        let mut latest: HashMap<&str, Date> = HashMap::new();
        for row in self.claims {
            let claim = &row.value;
            let latest = latest.entry(claim.contract.as_str()).or_insert(claim.opened_on);
            *latest = claim.opened_on.max(*latest);
            let opened_on = *latest;
            acts.push((key(claim.entry, opened_on, 6), Act::Raise(row)));
            if let Some(answered) = &claim.answered {
                let entry = claim.answered_entry.or(claim.entry);
                acts.push((key(entry, answered.on.max(opened_on), 6), Act::Answer(row)));
            }
            if let Some(settled) = &claim.settled {
                let entry = claim.settled_entry.or(claim.entry);
                acts.push((key(entry, settled.on.max(opened_on), 6), Act::Settle(row)));
            }
        }
        // A share of the contract is of its value on that day.
        for set in self.offsets {
            acts.push((key(set.first.value.entry, set.first.value.on, 8), Act::Offset(set)));
        }
        for row in self.credits {
            acts.push((key(row.value.entry, row.value.on, 9), Act::Credit(row)));
        }
        for row in self.suspensions {
            let day = |on| if by_entry { on } else { LAST };
            let SuspensionRow { suspended, resumed, entry, resumed_entry, .. } = &row.value;
            acts.push((key(*entry, day(suspended.on), 7), Act::Suspend(row)));
            acts.push((key(resumed_entry.or(*entry), day(resumed.on), 7), Act::Resume(row)));
        }
        acts
    }

    /// Slippages that fell away with their contract, which is ended after all that happened under it.
    pub(super) fn fallen(
        &self,
    ) -> impl Iterator<Item = (&'r Placed<SlippageRow>, &'r Dated<(SlippageEnd, Option<Document>)>)> {
        let ended = self.slippages.iter().filter_map(|row| Some((row, row.value.ended.as_ref()?)));
        ended.filter(|(_, ended)| falls_away(ended))
    }
}

fn falls_away(ended: &Dated<(SlippageEnd, Option<Document>)>) -> bool {
    ended.by.0 == SlippageEnd::FellAway
}

impl Importer<'_> {
    /// Carries all acts out, in the order in which they were entered, or else in that of their days.
    pub(super) async fn acts(&mut self, acts: &Acts<'_>) -> Outcome<()> {
        let mut all = acts.all();
        // Of one key, suspensions keep their order in the file, each with its end.
        all.sort_by_key(|(key, _)| *key);
        let mut handed_over = vec![None; acts.deliveries.len()];
        for (_, act) in all {
            match act {
                Act::Line(row) => self.line(row).await?,
                Act::Terms(set) => self.agree_terms(set).await?,
                Act::HandOver(place, row) => {
                    handed_over[place] = self.hand_over(row).await?;
                    if handed_over[place].is_none() {
                        let DeliveryRow { contract, delivery, .. } = &row.value;
                        self.unusable.insert((Table::Deliveries, contract.clone(), delivery.clone()));
                    }
                }
                Act::Serials(set) => self.record_serials(set).await?,
                Act::Accept(place, row) => {
                    let DeliveryRow { contract, delivery, .. } = &row.value;
                    // What is wrong with its serial numbers is said of them.
                    let rests = self.rests_on_fault((Table::Serials, contract, delivery), Table::Deliveries);
                    if !rests
                        && let Some(delivery) = handed_over[place].take()
                        && self.accept(row, &delivery).await?
                    {
                        handed_over[place] = Some(delivery);
                    }
                }
                Act::Return(place, row) => {
                    if handed_over[place].is_some() {
                        self.give_back(row).await?;
                    }
                }
                Act::Slip(row) => self.slip(row).await?,
                Act::EndSlippage(row, ended) => self.end_slippage(row, ended).await?,
                Act::Raise(row) => self.raise_claim(row).await?,
                Act::Answer(row) => self.answer_claim(row).await?,
                Act::Settle(row) => self.settle_claim(row).await?,
                Act::Offset(set) => self.agree_offset(set).await?,
                Act::Credit(row) => self.credit(row).await?,
                Act::Suspend(row) => self.suspend(row).await?,
                Act::Resume(row) => self.resume(row).await?,
            }
        }
        Ok(())
    }
}
