//! How some of the demonstration's contracts fare beside their deliveries: what they say of claims and warranties, which
//! lines slip and what is done about it, which items are known by serial numbers, what is owed to the buyer's economy.
//!
//! It is worked out from what else happens, and nothing else of the demonstration depends on it.

use std::collections::BTreeMap;

use entente_register::access::Role;
use entente_register::label::{Label, Level};
use entente_register::money::Unit;
use jiff::civil::Date;

use super::calendar::{END, SHOWN_ON, Second, add, days_between, workday_before, workday_from};
use super::deal::{Deal, Fate};
use super::item::Item;
use super::party::{MAKERS, OWN_EXPORTER};
use super::script::{Act, Attempt, Entry, Shipment};

/// Contracts signed before this year say nothing of it in the register.
const FIRST_YEAR: i16 = 2011;

/// Days before a line is due on which it is told that it slips.
const WARNING: i64 = 25;

/// A line that comes at least so many days late slips.
const LATE: i64 = 20;

/// A line that slips: a contract has one at most, and a plan about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slip {
    /// Position of the line.
    pub(super) item: usize,
    /// When it is reported.
    pub(super) reported: Date,
    /// When it is expected.
    pub(super) expected: Date,
    /// When it was delivered in full.
    pub(super) delivered: Option<Date>,
}

/// The line of a contract that slips.
pub(super) fn slip(deal: &Deal) -> Option<Slip> {
    let signed = deal.signed.filter(|signed| signed.year() >= FIRST_YEAR)?;
    let in_force = deal.in_force.filter(|_| deal.fate == Fate::Runs)?;
    let slips = |item: usize, of: &Item| {
        let reported = workday_from(add(of.due, -WARNING)).max(workday_from(add(in_force, 20)));
        let delivered = delivered(of);
        let plain =
            of.amended.is_none() && of.added_later.is_none() && reported < of.due && signed < reported;
        let expected = workday_from(delivered.unwrap_or(add(of.due, 75)));
        let late = days_between(of.due, expected) >= LATE && reported < END;
        (plain && late).then_some(Slip { item, reported, expected, delivered })
    };
    deal.items.iter().enumerate().find_map(|(item, of)| slips(item, of))
}

/// Who reports on a contract by themselves: the accounts of an exporter and of a maker are cleared for what is
/// official and released to all.
pub(super) fn reporter(deal: &Deal) -> Option<Role> {
    if deal.label != Label::of(Level::Official) {
        return None;
    }
    if deal.exporter == OWN_EXPORTER {
        return Some(Role::Exporter);
    }
    (deal.maker == MAKERS.start).then_some(Role::Manufacturer)
}

/// A line of which it is reported shortly before the day that is shown that it slips, and which no officer has
/// answered yet.
pub(super) fn waits(deal: &Deal) -> Option<Slip> {
    let reported = workday_before(add(SHOWN_ON, -3));
    let in_force = deal.in_force.filter(|day| *day < reported && deal.fate == Fate::Runs)?;
    if reporter(deal).is_none() || slip(deal).is_some() || deal.completed.is_some_and(|day| day <= reported) {
        return None;
    }
    let open = |item: &Item| {
        item.amended.is_none()
            && item.added_later.is_none()
            && item.due > reported
            && delivered(item).is_none_or(|day| day > reported)
            && in_force < item.due
    };
    let (item, of) = deal.items.iter().enumerate().find(|(_, item)| open(item))?;
    Some(Slip { item, reported, expected: workday_from(add(of.due, 60)), delivered: None })
}

/// When all of a line was accepted.
fn delivered(item: &Item) -> Option<Date> {
    let days: Option<Vec<Date>> = item.batches.iter().map(|batch| batch.accepted).collect();
    days?.into_iter().max()
}

/// Whether a contract says within which days claims are raised, and how long its warranty runs.
pub(super) fn has_terms(deal: &Deal) -> bool {
    deal.signed.is_some_and(|signed| signed.year() >= FIRST_YEAR)
}

/// Whether something is owed to the buyer's economy: of large contracts, every sixth.
pub(super) fn has_offset(d: usize, deal: &Deal) -> bool {
    d.is_multiple_of(6)
        && has_terms(deal)
        && deal.in_force.is_some()
        && deal.fate == Fate::Runs
        && deal.items.len() > 3
}

/// Whether the items of a shipment are known by their serial numbers: few and dear ones.
fn has_serials(deal: &Deal, of: Shipment) -> bool {
    let item = &deal.items[of.1];
    item.unit == Unit::Piece && item.unit_price >= 1_000_000_000 && item.batches[of.2].quantity <= 12
}

/// The acts of all of these, each after what it needs.
pub(super) fn entries(deals: &[Deal], before: &[Entry]) -> Vec<Entry> {
    let mut times: BTreeMap<usize, Times> = BTreeMap::new();
    let mut all = Vec::new();
    for entry in before {
        match entry.act {
            Act::Sign(d) => times.entry(d).or_default().signed = Some(entry.recorded),
            Act::EnterIntoForce(d) => times.entry(d).or_default().in_force = Some(entry.recorded),
            Act::Accept(of, Attempt::Good) => {
                let last = &mut times.entry(of.0).or_default().accepted;
                last.entry(of.1).and_modify(|at| *at = entry.recorded.max(*at)).or_insert(entry.recorded);
                if entry.on.year() >= FIRST_YEAR && has_serials(&deals[of.0], of) {
                    let act = Act::RecordSerials(of);
                    all.push(Entry { recorded: entry.recorded + 30, on: entry.on, act });
                }
            }
            _ => {}
        }
    }
    for (d, times) in &times {
        of_deal(*d, &deals[*d], times, &mut all);
    }
    all
}

/// When what the acts need came into the register.
#[derive(Default)]
struct Times {
    signed: Option<Second>,
    in_force: Option<Second>,
    /// The last acceptance of each line.
    accepted: BTreeMap<usize, Second>,
}

fn of_deal(d: usize, deal: &Deal, times: &Times, all: &mut Vec<Entry>) {
    const DAY: Second = 86_400;
    let mut note = |recorded: Second, on: Date, act: Act| {
        all.push(Entry { recorded, on, act });
        recorded
    };
    if let (Some(signed), Some(on)) = (times.signed, deal.signed)
        && has_terms(deal)
    {
        note(signed - 30, on, Act::AgreeTerms(d));
    }
    let (Some(in_force), Some(day)) = (times.in_force, deal.in_force) else { return };
    if has_offset(d, deal) {
        let agreed = note(in_force + 45, day, Act::AgreeOffset(d));
        for (after, act) in [(120, Act::ClaimOffset(d)), (170, Act::AcceptOffset(d))] {
            let on = workday_from(add(day, after));
            if on < END {
                note((agreed + after * DAY).max(noon(on) + 45), on, act);
            }
        }
    }
    if let Some(reported) = waits(deal) {
        note(noon(reported.reported).max(in_force + 60), reported.reported, Act::FileReport(d));
    }
    let Some(slip) = slip(deal) else { return };
    if reporter(deal).is_some() {
        note((noon(slip.reported) - 3_600).max(in_force + 50), slip.reported, Act::FileReport(d));
    }
    let reported = note(noon(slip.reported).max(in_force + 60), slip.reported, Act::ReportSlippage(d));
    let proposed = workday_from(add(slip.reported, 5));
    let approved = workday_from(add(proposed, 4));
    if approved >= END {
        return;
    }
    let made = note(noon(proposed).max(reported + 60), proposed, Act::ProposeCorrective(d));
    let taken = note(noon(approved).max(made + 60), approved, Act::ApproveCorrective(d));
    let (Some(delivered), Some(last)) = (slip.delivered, times.accepted.get(&slip.item)) else { return };
    let ended = workday_from(add(delivered, 3)).max(approved);
    if ended < END {
        note(noon(ended).max(last + 90).max(taken + 60), ended, Act::EndSlippage(d));
    }
}

/// The middle of a day on which an act comes into the register by itself.
fn noon(day: Date) -> Second {
    super::calendar::at(day, 12 * 3_600)
}
