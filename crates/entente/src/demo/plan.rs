//! The demonstration's delivery plans: each year's versions, drafted from the shipments
//! that are planned, and cut to the version's stated sum.

use std::collections::BTreeSet;

use entente_register::contract::plan::PlanVersion;
use entente_register::money::Currency;
use jiff::civil::{Date, date};

use super::calendar::{add, workday_before};
use super::deal::{Deal, signed_by};
use super::draw::Draw;

/// A million dollars in cents.
const MILLION: i64 = 100_000_000;

/// One version of a year's plan.
pub(super) struct Version {
    /// Which.
    pub(super) version: PlanVersion,
    /// When it was drafted.
    pub(super) drafted: Date,
    /// When it was approved; none where the draft was given up.
    pub(super) approved: Option<Date>,
    /// What it plans, in the order of the contracts.
    pub(super) items: Vec<Planned>,
}

/// The version that is proposed to the manufacturers before it is approved.
pub(super) const PROPOSED: PlanVersion = PlanVersion { year: 2012, version: 3 };

impl Version {
    /// The makers of what it plans, by their positions among the parties.
    pub(super) fn makers(&self, deals: &[Deal]) -> BTreeSet<usize> {
        self.items.iter().map(|item| deals[item.line.0].maker).collect()
    }
}

/// One planned delivery.
pub(super) struct Planned {
    /// Position of the contract and of its line.
    pub(super) line: (usize, usize),
    /// The day by which it is planned.
    pub(super) on: Date,
    /// Its value, in cents.
    pub(super) amount: i64,
}

/// The day of a version's approval, whether it was approved, and its sum in millions of dollars.
type Stated = (Date, bool, i64);

/// The versions of each year. Stated are the last two of 2012: version 3, the plan
/// as it stood in the autumn, and version 4 of 20 November.
pub(super) const VERSIONS: [(i16, &[Stated]); 5] = [
    (2009, &[(date(2008, 12, 18), true, 8_300), (date(2009, 6, 25), true, 8_450)]),
    (
        2010,
        &[
            (date(2009, 12, 17), true, 9_300),
            (date(2010, 3, 30), false, 9_410),
            (date(2010, 7, 1), true, 9_540),
        ],
    ),
    (
        2011,
        &[
            (date(2010, 12, 21), true, 12_060),
            (date(2011, 5, 17), true, 12_300),
            (date(2011, 9, 8), true, 12_480),
        ],
    ),
    (
        2012,
        &[
            (date(2011, 12, 20), true, 13_400),
            (date(2012, 3, 27), true, 13_480),
            (date(2012, 6, 26), true, 13_560),
            (date(2012, 11, 20), true, 14_100),
        ],
    ),
    (
        2013,
        &[
            (date(2012, 12, 18), true, 13_900),
            (date(2013, 5, 21), true, 14_350),
            (date(2013, 9, 17), true, 14_800),
        ],
    ),
];

/// All versions, in the order of their years.
pub(super) fn versions(draw: &mut Draw, deals: &[Deal]) -> Vec<Version> {
    let mut all = Vec::new();
    for (year, versions) in VERSIONS {
        for ((day, approved, sum), number) in versions.iter().zip(1..) {
            let drafted = workday_before(add(*day, -draw.between(9, 16)));
            all.push(Version {
                version: PlanVersion { year, version: number },
                drafted,
                approved: approved.then_some(*day),
                items: items(draw, deals, year, drafted, sum * MILLION),
            });
        }
    }
    all
}

/// What is planned for the year, up to the sum. What is due in the last quarter
/// and what is only carried over is left out first: it is the least certain.
fn items(draw: &mut Draw, deals: &[Deal], year: i16, drafted: Date, sum: i64) -> Vec<Planned> {
    let mut lines: Vec<(bool, i64, Vec<Planned>)> = Vec::new();
    for (d, deal) in deals.iter().enumerate() {
        if deal.currency != Currency::USD || !signed_by(deal, drafted) {
            continue;
        }
        for (i, item) in deal.items.iter().enumerate() {
            if item.added_later.is_some_and(|on| add(on, 14) > drafted) {
                continue;
            }
            let planned = of_line(deal, (d, i), year);
            let late = planned.iter().any(|p| p.on.month() >= 10);
            if !planned.is_empty() {
                lines.push((late, draw.between(0, 1_000_000), planned));
            }
        }
    }
    lines.sort_by_key(|(late, order, planned)| (*late, *order, planned[0].line));
    let mut left = sum;
    let mut items: Vec<Planned> = Vec::new();
    for mut planned in lines.into_iter().flat_map(|(_, _, planned)| planned) {
        planned.amount = planned.amount.min(left);
        left -= planned.amount;
        if planned.amount > 0 {
            items.push(planned);
        }
    }
    items.sort_by_key(|p| (p.line, p.on));
    items
}

/// The shipments of a line that are planned for the year, and those of the year
/// before that did not come about in it: one item a month.
fn of_line(deal: &Deal, line: (usize, usize), year: i16) -> Vec<Planned> {
    let item = &deal.items[line.1];
    let mut planned: Vec<Planned> = Vec::new();
    for batch in &item.batches {
        let carried = batch.planned.year() == year - 1 && batch.accepted.is_none_or(|on| on.year() >= year);
        let on = match carried {
            true => date(year, 3, 30),
            false => batch.planned,
        };
        if on.year() != year {
            continue;
        }
        let amount = batch.quantity * item.unit_price;
        match planned.iter_mut().find(|p| p.on.month() == on.month()) {
            Some(same) => {
                same.on = same.on.max(on);
                same.amount += amount;
            }
            None => planned.push(Planned { line, on, amount }),
        }
    }
    planned
}
