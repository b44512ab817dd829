//! The stated figures: prices are fitted until the acceptances of each period sum to them, to the cent.
//!
//! Of a demonstration only the totals are publicly stated ones; every contract
//! behind them is invented. First the prices of each year's lines are scaled to
//! bring the year near its figure, then those of the lines that fall into one
//! period alone, and what is then left, some tens of millions, is the price of
//! one line of spare parts in the period.

use entente_register::money::{Currency, Unit};
use jiff::civil::{Date, date};

use super::calendar::{SHOWN_ON, add};
use super::deal::{Deal, negotiated};
use super::draw::Draw;
use super::item::{Batch, Item};
use super::partner::PARTNERS;
use super::party::AGENCY;

/// A million dollars in cents.
const MILLION: i64 = 100_000_000;

/// Accepted by the end of September and after it, in each year. Publicly stated
/// are the sums of 2011 and 2012 and the first nine months of 2012; the other
/// sums are made up to go with them. The first part of 2012 holds the acceptance
/// that was recorded late.
pub(super) const ACCEPTED: [(i16, [i64; 2]); 5] = [
    (2009, [5_860 * MILLION, 2_950 * MILLION]),
    (2010, [7_190 * MILLION, 3_230 * MILLION]),
    (2011, [9_020 * MILLION, 4_180 * MILLION]),
    (2012, [10_700 * MILLION + LATE, 4_460 * MILLION - LATE]),
    (2013, [10_870 * MILLION, 4_830 * MILLION]),
];

/// The acceptance of 15 September 2012 that came into the register on 20 October.
pub(super) const LATE: i64 = MILLION;

/// What the fitted prices leave for the line of spare parts of each period.
const MARGIN: i64 = 24 * MILLION;

/// The part of a year into which an acceptance falls: its position in [`ACCEPTED`], and which part.
fn period(on: Date) -> Option<(usize, usize)> {
    let year = ACCEPTED.iter().position(|(year, _)| *year == on.year())?;
    Some((year, usize::from(on > date(on.year(), SHOWN_ON.month(), SHOWN_ON.day()))))
}

/// Adds what the stated figures need, and fits the prices.
pub(super) fn balance(draw: &mut Draw, deals: &mut Vec<Deal>) {
    deals.push(recorded_late(draw));
    deals.push(over_the_year(draw));
    deals.extend(in_euro(draw));
    fit_years(deals);
    fit_periods(deals);
    for (position, (year, _)) in ACCEPTED.iter().enumerate() {
        let mut parts = spare_parts(draw, *year);
        for part in 0..2 {
            let sum: i64 = accepted(deals, (position, part)).sum();
            parts.items[part].unit_price = ACCEPTED[position].1[part] - sum;
        }
        deals.push(parts);
    }
}

/// Values of the acceptances in a period, in cents; dollars only.
fn accepted(deals: &[Deal], of: (usize, usize)) -> impl Iterator<Item = i64> {
    deals
        .iter()
        .filter(|deal| deal.currency == Currency::USD)
        .flat_map(|deal| &deal.items)
        .flat_map(move |item| item.batches.iter().map(move |batch| (item, batch)))
        .filter(move |(_, batch)| batch.accepted.and_then(period) == Some(of))
        .map(|(item, batch)| batch.quantity * item.unit_price)
}

/// The price times a fraction, in whole hundreds of dollars, rounded down.
fn scaled(price: i64, part: i64, whole: i64) -> i64 {
    let exact = i128::from(price) * i128::from(part) / i128::from(whole.max(1));
    i64::try_from(exact / 10_000).unwrap_or(0).max(1) * 10_000
}

/// Lines whose price may be fitted.
fn fitted(deals: &mut [Deal]) -> impl Iterator<Item = &mut Item> {
    deals
        .iter_mut()
        .filter(|deal| deal.currency == Currency::USD)
        .flat_map(|deal| &mut deal.items)
        .filter(|item| !item.fixed_price)
}

/// The year of a line: of its first acceptance, else that in which it is due.
fn year(item: &Item) -> i16 {
    item.batches.iter().filter_map(|b| b.accepted).min().unwrap_or(item.due).year()
}

/// Brings each year near its figure. Lines of later years go as the last one does.
fn fit_years(deals: &mut [Deal]) {
    let factors: Vec<(i64, i64)> = ACCEPTED
        .iter()
        .enumerate()
        .map(|(position, (_, parts))| {
            let sum = (0..2).flat_map(|part| accepted(deals, (position, part))).sum();
            (parts.iter().sum(), sum)
        })
        .collect();
    for item in fitted(deals) {
        let position = usize::try_from(year(item) - ACCEPTED[0].0).unwrap_or(0).min(ACCEPTED.len() - 1);
        let (part, whole) = factors[position];
        item.unit_price = scaled(item.unit_price, part, whole);
    }
}

/// Brings each period within [`MARGIN`] of its figure, by the lines that fall into it alone.
fn fit_periods(deals: &mut [Deal]) {
    for (position, (_, parts)) in ACCEPTED.iter().enumerate() {
        for (part, target) in parts.iter().enumerate() {
            let of = (position, part);
            let all: i64 = accepted(deals, of).sum();
            let alone = |item: &Item| {
                let mut periods = item.batches.iter().filter_map(|b| b.accepted).map(period).peekable();
                periods.peek().is_some() && periods.all(|p| p == Some(of))
            };
            let lone: i64 = fitted(deals)
                .filter(|item| alone(item))
                .flat_map(|item| {
                    item.batches
                        .iter()
                        .filter(|b| b.accepted.is_some())
                        .map(|b| b.quantity * item.unit_price)
                        .collect::<Vec<_>>()
                })
                .sum();
            let wanted = target - MARGIN - (all - lone);
            for item in fitted(deals).filter(|item| alone(item)) {
                item.unit_price = scaled(item.unit_price, wanted, lone);
            }
        }
    }
}

/// A contract for which everything but the lines is set.
fn deal(draw: &mut Draw, partner: &str, subject: &str, signed: Date) -> Deal {
    let mut deal = negotiated(draw, add(signed, -120));
    deal.with(PARTNERS.iter().position(|p| p.code == partner).unwrap_or(0));
    deal.exporter = AGENCY;
    deal.subject = subject.to_owned();
    deal.label = entente_register::label::Label::of(entente_register::label::Level::Official);
    deal.signed = Some(signed);
    deal.in_force = Some(add(signed, 30));
    deal
}

/// A line of one shipment.
fn one(
    (description, unit, category): (&'static str, Unit, &'static str),
    (quantity, unit_price): (i64, i64),
    due: Date,
    (handed_over, accepted): (Date, Date),
) -> Item {
    Item {
        description,
        unit,
        category,
        quantity,
        unit_price,
        due,
        amended: None,
        added_later: None,
        fixed_price: true,
        batches: vec![Batch {
            planned: due,
            quantity,
            handed_over: Some(handed_over),
            accepted: Some(accepted),
            recorded_on: None,
            mishap: None,
        }],
    }
}

/// Accepted on 15 September 2012, and known only on 20 October.
fn recorded_late(draw: &mut Draw) -> Deal {
    let mut deal = deal(draw, "VNM", "seats for training simulators", date(2011, 10, 4));
    let on = date(2012, 9, 15);
    let mut item = one(
        ("Seat for a training simulator", Unit::Piece, "ML14"),
        (4, LATE / 4),
        date(2012, 9, 25),
        (date(2012, 9, 3), on),
    );
    for batch in &mut item.batches {
        batch.planned = date(2012, 9, 14);
        batch.recorded_on = Some(date(2012, 10, 20));
    }
    deal.items.push(item);
    deal
}

/// Handed over on 31 December 2012 and accepted on 9 January 2013: the counting rule decides the year.
fn over_the_year(draw: &mut Draw) -> Deal {
    let mut deal = deal(draw, "IND", "coastal radar stations", date(2010, 11, 16));
    let acts = (date(2012, 12, 31), date(2013, 1, 9));
    deal.items.extend([
        one(("Coastal radar station", Unit::Piece, "ML5.b"), (9, 14 * MILLION), date(2013, 1, 31), acts),
        one(
            ("Power supply on a trailer", Unit::Piece, "ML17"),
            (9, 3 * MILLION / 2),
            date(2013, 1, 31),
            acts,
        ),
        one(
            ("Set of spare parts for radar stations", Unit::Set, "ML5.b"),
            (6, 715 * MILLION / 100),
            date(2013, 1, 31),
            acts,
        ),
    ]);
    deal
}

/// Contracts in another currency, which the figures in dollars leave out and name.
fn in_euro(draw: &mut Draw) -> Vec<Deal> {
    let euro: Option<Currency> = "EUR".parse().ok();
    let acts = |year, month| (date(year, month, 4), date(year, month, 18));
    let good = ("Thermal imager with mounting", Unit::Piece, "6A003.b");
    [("ARE", date(2010, 3, 9), 64_000), ("KWT", date(2011, 5, 17), 71_500), ("MAR", date(2011, 9, 6), 58_000)]
        .into_iter()
        .map(|(partner, signed, price)| {
            let mut deal = deal(draw, partner, "optical and thermal instruments", signed);
            deal.currency = euro.unwrap_or(deal.currency);
            let year = signed.year() + 1;
            deal.items.extend([
                one(good, (40, price * 100), date(year, 6, 29), acts(year, 6)),
                one(good, (60, price * 100), date(year, 11, 30), acts(year, 11)),
            ]);
            deal
        })
        .collect()
}

/// Spare parts by the year, one line before the end of September and one after it.
fn spare_parts(draw: &mut Draw, year: i16) -> Deal {
    let partner = *draw.pick(&["IND", "DZA", "VNM", "MYS", "KAZ"]);
    let mut deal = deal(draw, partner, "spare parts by the year", date(year - 1, 7, 14));
    let good = ("Spare parts and tools by list", Unit::Set, "ML10.a");
    let acts = |month| (date(year, month, 5), date(year, month, 19));
    deal.items.extend([
        one(good, (1, 0), date(year, 6, 30), acts(6)),
        one(good, (1, 0), date(year, 11, 30), acts(11)),
    ]);
    deal
}
