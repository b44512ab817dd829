//! The demonstration's money: payment schedules of the contracts signed from 2011 on, and what came in for them.
//!
//! It is drawn from a source of its own, so that nothing else of the demonstration depends on it.

use entente_register::payment::{InstalmentKind, Lender};
use jiff::civil::Date;

use super::calendar::{END, Second, add, workday_from};
use super::deal::Deal;
use super::draw::Draw;
use super::item::{Amended, Item};
use super::script::{Act, Entry, recorded_of};

/// Contracts signed before this year have no schedule in the register.
const FIRST_YEAR: i16 = 2011;

/// Lines from which on a contract is paid partly on the bank's credit: those that name the bank as a party.
const WITH_BANK: usize = 5;

/// After what an instalment is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// So many days after the signature.
    Signature(u32),
    /// So many days after the line is accepted in full.
    Line(usize, u32),
    /// On that day.
    Day(Date),
}

/// An instalment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instalment {
    pub(super) kind: InstalmentKind,
    /// Cents.
    pub(super) amount: i64,
    pub(super) after: After,
    /// Who lends, where it is on credit.
    pub(super) lender: Option<Lender>,
}

/// Money that came in for one instalment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Receipt {
    /// Position of the instalment.
    pub(super) instalment: usize,
    pub(super) on: Date,
    /// Cents.
    pub(super) amount: i64,
}

/// The money of a contract; nothing of one without a schedule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Schedule {
    pub(super) instalments: Vec<Instalment>,
    pub(super) receipts: Vec<Receipt>,
    /// Whether the instalments are the contract's value for good.
    pub(super) complete: bool,
}

/// The money of each contract, in their order.
pub(super) fn schedules(draw: &mut Draw, deals: &[Deal]) -> Vec<Schedule> {
    deals.iter().map(|deal| schedule(draw, deal)).collect()
}

/// What a line cost when the contract was signed.
fn first_amount(item: &Item) -> i64 {
    let quantity = match item.amended {
        Some(Amended::Quantity { before, .. }) => before,
        _ => item.quantity,
    };
    quantity.saturating_mul(item.first_price())
}

fn schedule(draw: &mut Draw, deal: &Deal) -> Schedule {
    let (Some(signed), Some(_)) = (deal.signed, deal.in_force) else { return Schedule::default() };
    if signed.year() < FIRST_YEAR {
        return Schedule::default();
    }
    let mut made = Schedule::default();
    let lines: Vec<(usize, &Item)> =
        deal.items.iter().enumerate().filter(|(_, item)| item.added_later.is_none()).collect();
    let total: i64 = lines.iter().map(|(_, item)| first_amount(item)).sum();
    let on_credit = deal.items.len() >= WITH_BANK;
    let share = if on_credit { 55 } else { 75 };
    let mut add_one = |kind, amount, after, lender| {
        made.instalments.push(Instalment { kind, amount, after, lender });
        amount
    };
    let mut left = total;
    left -= add_one(InstalmentKind::Advance, part(total, 15), After::Signature(30), None);
    for (place, item) in &lines {
        let amount = part(first_amount(item), share);
        left -= add_one(InstalmentKind::OnDelivery, amount, After::Line(*place, 45), None);
    }
    if on_credit {
        let day = workday_from(add(signed, 1_096));
        let amount = part(total, 20);
        left -= add_one(InstalmentKind::DeferredCredit, amount, After::Day(day), Some(Lender::Bank));
    }
    if let Some((last, _)) = lines.last() {
        add_one(InstalmentKind::Retention, left, After::Line(*last, 365), None);
    }
    made.complete = deal.items.iter().all(|item| item.added_later.is_none() && !reprices(item.amended));
    receipts(draw, deal, signed, &mut made);
    made
}

/// Whether an amendment changes what the line costs.
fn reprices(amended: Option<Amended>) -> bool {
    matches!(amended, Some(Amended::Quantity { .. } | Amended::Price { .. }))
}

/// A part of an amount in whole dollars.
fn part(amount: i64, percent: i64) -> i64 {
    amount / 10_000 * percent * 100
}

/// The day on which a line was accepted in full, if it was.
fn accepted_on(item: &Item) -> Option<Date> {
    item.batches.iter().map(|batch| batch.accepted).collect::<Option<Vec<_>>>()?.into_iter().max()
}

fn receipts(draw: &mut Draw, deal: &Deal, signed: Date, made: &mut Schedule) {
    for (place, instalment) in made.instalments.iter().enumerate() {
        let act = match instalment.after {
            After::Signature(days) => Some(add(signed, i64::from(days))),
            After::Line(line, days) => accepted_on(&deal.items[line]).map(|on| add(on, i64::from(days))),
            After::Day(day) => Some(day),
        };
        // Drawn whether it is needed or not, so that one contract's course moves no other's.
        let (late, comes, whole) = (draw.between(-12, 40), draw.chance(88), draw.chance(90));
        let Some(due) = act.filter(|_| comes) else { continue };
        let on = workday_from(add(due, late).max(add(signed, 5)));
        if on > END || instalment.amount <= 0 {
            continue;
        }
        let amount = if whole { instalment.amount } else { part(instalment.amount, 60) };
        if amount > 0 {
            made.receipts.push(Receipt { instalment: place, on, amount });
        }
    }
}

/// The acts of money, each after what it needs.
pub(super) fn entries(
    draw: &mut Draw,
    schedules: &[Schedule],
    deals: &[Deal],
    signatures: impl Fn(usize) -> Option<Second>,
) -> Vec<Entry> {
    let mut all = Vec::new();
    for (d, schedule) in schedules.iter().enumerate() {
        let (Some(mut last), Some(on)) = (signatures(d), deals[d].signed) else { continue };
        if schedule.instalments.is_empty() {
            continue;
        }
        for n in 0..schedule.instalments.len() {
            last += 60;
            all.push(Entry { recorded: last, on, act: Act::ScheduleInstalment(d, n) });
        }
        if schedule.complete {
            last += 60;
            all.push(Entry { recorded: last, on, act: Act::CompleteSchedule(d) });
        }
        for (n, receipt) in schedule.receipts.iter().enumerate() {
            let recorded = recorded_of(draw, receipt.on).max(last + 60);
            all.push(Entry { recorded, on: receipt.on, act: Act::Receive(d, n) });
        }
    }
    all
}
