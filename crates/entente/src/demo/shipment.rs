//! How the demonstration's lines are shipped: planned, mostly on time, sometimes late.

use jiff::civil::{Date, date};

use super::calendar::{END, add, days_between, workday_before, workday_from};
use super::deal::{Deal, seen_between, standstill};
use super::draw::Draw;
use super::item::{Batch, Mishap};
use super::partner::PARTNERS;

/// Shipments of a line, from one: of a hundred.
const BATCHES: [u64; 10] = [4, 8, 11, 14, 16, 15, 12, 10, 6, 4];

/// Nothing is shipped before the years that are shown.
const FIRST: Date = date(2009, 1, 26);

/// Plans and carries out the shipments of a contract.
pub(super) fn carry_out(draw: &mut Draw, deal: &mut Deal) {
    let late = PARTNERS[deal.partner].late;
    let start = deal.in_force.unwrap_or(deal.opened);
    for position in 0..deal.items.len() {
        let item = &deal.items[position];
        let mut batches = plan(draw, start, item.due, item.quantity);
        if deal.in_force.is_some() {
            let due = item.due;
            ship(draw, deal, start, due, late, &mut batches);
        }
        deal.items[position].batches = batches;
    }
}

/// The plan of a line's shipments up to its contractual date, mostly within its calendar year.
fn plan(draw: &mut Draw, start: Date, due: Date, quantity: i64) -> Vec<Batch> {
    let wanted = i64::try_from(draw.weighted(&BATCHES)).unwrap_or(0) + 1;
    let count = wanted.min(quantity);
    // What is due in the last quarter goes out in it, and most of it late.
    let span = if due.month() >= 10 && draw.chance(85) { draw.between(6, 40) } else { draw.between(25, 160) };
    let mut first = add(due, -span);
    if draw.chance(82) {
        first = first.max(date(due.year(), 1, 21));
    }
    first = first.max(add(start, 70)).max(FIRST).min(add(due, -2));
    // Not all shipments of a line are alike: what is left over goes with the first ones.
    let (each, over) = (quantity / count, quantity % count);
    (1..=count)
        .map(|n| {
            let planned = add(first, days_between(first, due) * n / count);
            Batch {
                planned: workday_before(planned).max(workday_from(add(start, 60))).max(FIRST),
                quantity: each + i64::from(n <= over),
                handed_over: None,
                accepted: None,
                recorded_on: None,
                mishap: None,
            }
        })
        .collect()
}

/// What came of the plan.
fn ship(draw: &mut Draw, deal: &Deal, in_force: Date, due: Date, late: u64, batches: &mut [Batch]) {
    let count = batches.len();
    // A late line keeps its first shipments and loses time with the last.
    let first_late = if draw.chance(late) { count - count.div_ceil(2).min(count) } else { count };
    let delay = match draw.weighted(&[45, 35, 20]) {
        0 => draw.between(8, 50),
        1 => draw.between(50, 150),
        _ => draw.between(150, 330),
    };
    for (position, batch) in batches.iter_mut().enumerate() {
        let mut accepted = if position >= first_late {
            let after = batch.planned.max(add(due, position as i64 - count as i64));
            workday_from(add(after, delay))
        } else {
            workday_before(add(batch.planned, -draw.between(0, 5)))
        };
        let mut handed_over = workday_before(add(accepted, -draw.between(4, 20)));
        let soonest = workday_from(add(in_force, 32));
        if handed_over < soonest {
            handed_over = soonest;
            accepted = accepted.max(workday_from(add(handed_over, 4)));
        }
        if let Some((_, to)) = standstill(deal.fate).filter(|(from, _)| handed_over >= *from) {
            match to {
                Some(to) if handed_over < to => {
                    let waited = workday_from(add(to, draw.between(0, 25)));
                    accepted = workday_from(add(accepted, days_between(handed_over, waited)));
                    handed_over = waited;
                }
                Some(_) => {}
                None => continue,
            }
        }
        if handed_over >= add(END, -6) {
            continue;
        }
        batch.handed_over = Some(handed_over);
        batch.accepted = Some(accepted).filter(|on| *on <= END);
        batch.mishap = mishap(draw, deal, in_force, handed_over);
    }
}

/// Now and then a shipment comes back, or is recorded in error and annulled, before it goes well.
fn mishap(draw: &mut Draw, deal: &Deal, in_force: Date, handed_over: Date) -> Option<Mishap> {
    let before = workday_before(add(handed_over, -draw.between(45, 60)));
    let clear = standstill(deal.fate).is_none_or(|(from, _)| handed_over < from);
    if !draw.chance(1) || !clear || before < add(in_force, 32) {
        return None;
    }
    if draw.chance(60) {
        return Some(Mishap::Returned {
            handed_over: before,
            returned: workday_from(add(before, draw.between(9, 22))),
        });
    }
    let annulled = workday_from(add(before, 26));
    (!seen_between(before, annulled)).then(|| Mishap::Annulled {
        handed_over: before,
        accepted: draw.chance(50).then(|| workday_from(add(before, 4))),
        annulled,
    })
}
