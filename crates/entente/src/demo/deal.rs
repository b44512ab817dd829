//! The demonstration's contracts as they come about: who, what, when, and how each ends.

use entente_register::label::{Label, Level, Releasable};
use entente_register::money::Currency;
use jiff::civil::{Date, date};

use super::calendar::{END, SHOWN_ON, add, workday_before, workday_from};
use super::draw::Draw;
use super::goods::{FAMILIES, Family, Good};
use super::item::{Amended, Item};
use super::partner::PARTNERS;
use super::party::{AGENCY, CARRIERS, END_USERS, MAKERS, OWN_EXPORTER};
use super::shipment;

/// How a contract goes on once it is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is carried out, and completed where everything was accepted in time.
    Runs,
    /// It stands still from a day, until another if one is known.
    Suspended(Date, Option<Date>),
    /// It is ended early.
    Terminated(Date),
}

/// A claim of the recipient.
#[derive(Debug, Clone)]
pub(super) struct Complaint {
    /// What sort, by position in [`super::document::COMPLAINTS`].
    pub(super) sort: usize,
    /// When it was raised.
    pub(super) opened: Date,
    /// When it was settled.
    pub(super) settled: Option<Date>,
}

/// A contract.
#[derive(Debug, Clone)]
pub(super) struct Deal {
    /// Position of its partner.
    pub(super) partner: usize,
    /// What it is about, for its title.
    pub(super) subject: String,
    /// Marking.
    pub(super) label: Label,
    /// Currency.
    pub(super) currency: Currency,
    /// Position of the exporter among the parties.
    pub(super) exporter: usize,
    /// Positions of maker and carrier.
    pub(super) maker: usize,
    /// Position of the carrier.
    pub(super) carrier: usize,
    /// Position of the end user.
    pub(super) end_user: usize,
    /// When negotiation began.
    pub(super) opened: Date,
    /// When it was signed.
    pub(super) signed: Option<Date>,
    /// When it entered into force.
    pub(super) in_force: Option<Date>,
    /// How it goes on.
    pub(super) fate: Fate,
    /// When its title or parties were amended.
    pub(super) amended: Option<Date>,
    /// When it was completed.
    pub(super) completed: Option<Date>,
    /// Its lines.
    pub(super) items: Vec<Item>,
    /// Its claims.
    pub(super) complaints: Vec<Complaint>,
}

impl Deal {
    /// Makes it a contract with that partner.
    pub(super) fn with(&mut self, partner: usize) {
        self.partner = partner;
        self.end_user = END_USERS + partner;
        if let Releasable::Only(states) = &mut self.label.releasable
            && !states.is_empty()
        {
            *states = [PARTNERS[partner].code.to_owned()].into();
        }
    }
}

/// Contracts signed in each year, then those still under negotiation.
const SIGNED: [(i16, usize); 7] =
    [(2007, 46), (2008, 54), (2009, 44), (2010, 48), (2011, 50), (2012, 34), (2013, 12)];
const NEGOTIATED: usize = 8;

/// Lines due in the year of signature, the next, and so on: of a hundred.
const DUE_AFTER: [u64; 5] = [6, 36, 32, 18, 8];

/// Lines due in each month: the last quarter is heavy.
const DUE_MONTH: [u64; 12] = [3, 4, 8, 6, 7, 11, 6, 7, 12, 9, 11, 16];

/// Lines of a contract, from one: of a hundred.
const LINES: [u64; 7] = [4, 14, 21, 22, 17, 13, 9];

/// The contracts, but for those that the stated figures need (see [`super::balance`]).
pub(super) fn deals(draw: &mut Draw) -> Vec<Deal> {
    let mut all = Vec::new();
    for (year, count) in SIGNED {
        for _ in 0..count {
            let last = if year == END.year() { 300 } else { 364 };
            let signed = workday_before(add(date(year, 1, 4), draw.between(0, last - 4)));
            let mut deal = signed_deal(draw, signed);
            // Every partner has its contracts, however little falls to it otherwise.
            if all.len() % 4 == 0 {
                deal.with((all.len() / 4) % PARTNERS.len());
            }
            all.push(deal);
        }
    }
    for position in 0..NEGOTIATED {
        // Half of them were under negotiation on the day that is shown.
        let opened = if position % 2 == 0 { date(2012, 3, 5) } else { date(2013, 2, 4) };
        let opened = workday_from(add(opened, draw.between(0, 150)));
        let mut deal = negotiated(draw, opened);
        let due = workday_from(add(opened, draw.between(900, 1_400)));
        deal.items = (0..draw.between(1, 3)).map(|n| item(draw, &deal, n, due)).collect();
        all.push(deal);
    }
    turns(draw, &mut all);
    for deal in &mut all {
        shipment::carry_out(draw, deal);
        amendments(draw, deal);
        complaints(draw, deal);
        complete(draw, deal);
    }
    all
}

fn family(draw: &mut Draw) -> &'static Family {
    draw.pick(&FAMILIES)
}

/// A contract under negotiation, without lines.
pub(super) fn negotiated(draw: &mut Draw, opened: Date) -> Deal {
    let partner = draw.weighted(&PARTNERS.map(|p| p.weight));
    let family = family(draw);
    let exporter = if draw.chance(12) { OWN_EXPORTER } else { AGENCY };
    let makers: Vec<usize> = MAKERS.collect();
    let carriers: Vec<usize> = CARRIERS.collect();
    Deal {
        partner,
        subject: family.title.to_owned(),
        label: marking(draw, PARTNERS[partner].code, family.compartment),
        currency: Currency::USD,
        exporter,
        maker: *draw.pick(&makers),
        carrier: *draw.pick(&carriers),
        end_user: END_USERS + partner,
        opened,
        signed: None,
        in_force: None,
        fate: Fate::Runs,
        amended: None,
        completed: None,
        items: Vec::new(),
        complaints: Vec::new(),
    }
}

/// Most contracts are for official use, some of them released to their partner; a few are marked higher.
fn marking(draw: &mut Draw, partner: &str, compartment: Option<&str>) -> Label {
    let with = |level, compartment: Option<&str>| {
        let mut label = Label::of(level);
        label.compartments.extend(compartment.map(str::to_owned));
        label
    };
    match draw.weighted(&[82, 9, 3, 6]) {
        0 if matches!(partner, "BRA" | "IND") && draw.chance(if partner == "BRA" { 75 } else { 20 }) => {
            let mut label = Label::of(Level::Official);
            label.releasable = Releasable::Only([partner.to_owned()].into());
            label
        }
        0 => Label::of(Level::Official),
        1 => Label::of(Level::Confidential),
        2 => Label::of(Level::Secret),
        _ => match compartment {
            Some("NAVY") => with(Level::Confidential, compartment),
            Some(_) => with(Level::Secret, compartment),
            None => Label::of(Level::Confidential),
        },
    }
}

fn signed_deal(draw: &mut Draw, signed: Date) -> Deal {
    let opened = workday_before(add(signed, -draw.between(70, 300)));
    let mut deal = negotiated(draw, opened);
    let in_force = workday_from(add(signed, draw.between(15, 90)));
    deal.signed = Some(signed);
    deal.in_force = (in_force < END).then_some(in_force);
    let lines = draw.weighted(&LINES) as i64 + 1;
    deal.items = (0..lines)
        .map(|n| {
            let due = due(draw, signed, in_force);
            item(draw, &deal, n, due)
        })
        .collect();
    deal
}

/// A contractual date after the contract's entry into force. Deliveries are shown from 2009 on.
fn due(draw: &mut Draw, signed: Date, in_force: Date) -> Date {
    let years = i16::try_from(draw.weighted(&DUE_AFTER)).unwrap_or(0);
    let year = (signed.year() + years).max(2009);
    let month = i8::try_from(draw.weighted(&DUE_MONTH)).unwrap_or(0) + 1;
    let day = workday_before(add(date(year, month, 1), draw.between(4, 27)));
    let soonest = add(in_force, 130).max(date(2009, 2, 16));
    if day >= soonest { day } else { workday_before(add(soonest, draw.between(0, 200))) }
}

/// The first line orders the principal goods, the others what goes with them.
pub(super) fn item(draw: &mut Draw, deal: &Deal, position: i64, due: Date) -> Item {
    let family = FAMILIES.iter().find(|f| f.title == deal.subject).unwrap_or(&FAMILIES[0]);
    let good: &Good = if position == 0 { &family.goods[0] } else { draw.pick(&family.goods[1..]) };
    let quantity = draw.between(good.quantity.0, good.quantity.1) * size(due) / 100;
    Item {
        description: good.description,
        unit: good.unit,
        category: good.category,
        quantity: quantity.max(1),
        // Whole hundreds of dollars, in cents.
        unit_price: draw.between(good.price.0, good.price.1) * 100_000,
        due,
        amended: None,
        added_later: None,
        fixed_price: false,
        batches: Vec::new(),
    }
}

/// How large the orders of a year are, in per cent, so that prices need little fitting.
fn size(due: Date) -> i64 {
    match due.year() {
        ..=2009 => 78,
        2010 => 132,
        2011 => 154,
        2012 => 146,
        _ => 215,
    }
}

/// Some contracts are suspended or terminated, a few of those under the demonstration's eyes on the day that is shown.
fn turns(draw: &mut Draw, all: &mut [Deal]) {
    let suspended = [
        (date(2010, 5, 17), Some(date(2010, 11, 8))),
        (date(2011, 3, 14), Some(date(2011, 9, 19))),
        (date(2012, 2, 20), Some(date(2012, 6, 25))),
        (date(2012, 4, 16), Some(date(2012, 11, 12))),
        (date(2012, 6, 4), Some(date(2013, 1, 21))),
        (date(2012, 7, 23), None),
        (date(2011, 11, 7), None),
    ];
    for (from, to) in suspended {
        choose(draw, all, from, Fate::Suspended(from, to));
    }
    for on in [
        date(2010, 9, 6),
        date(2011, 6, 20),
        date(2011, 12, 12),
        date(2012, 5, 21),
        date(2012, 8, 27),
        date(2013, 4, 8),
    ] {
        choose(draw, all, on, Fate::Terminated(on));
    }
}

/// Gives the fate to a contract that was well under way on that day.
fn choose(draw: &mut Draw, all: &mut [Deal], on: Date, fate: Fate) {
    let under_way: Vec<usize> = (0..all.len())
        .filter(|i| {
            let deal = &all[*i];
            deal.fate == Fate::Runs
                && deal.in_force.is_some_and(|start| start < add(on, -150))
                && deal.items.iter().any(|item| item.due > add(on, -40) && item.due < add(on, 400))
        })
        .collect();
    if !under_way.is_empty() {
        all[*draw.pick(&under_way)].fate = fate;
    }
}

/// Amendments lie between entry into force and the first hand-over, of contracts that run their course.
fn amendments(draw: &mut Draw, deal: &mut Deal) {
    let Some(in_force) = deal.in_force.filter(|_| deal.fate == Fate::Runs) else { return };
    if draw.chance(8) {
        deal.amended = Some(workday_from(add(in_force, draw.between(30, 90)))).filter(|on| *on < END);
    }
    for position in 0..deal.items.len() {
        let item = &mut deal.items[position];
        let Some(first) = item.first_hand_over() else { continue };
        let (from, to) = (add(in_force, 20), add(first, -45));
        if from >= to || !draw.chance(14) {
            continue;
        }
        let on = workday_from(add(from, draw.between(0, super::calendar::days_between(from, to).min(200))));
        if position > 0 && draw.chance(25) {
            item.added_later = Some(on);
            continue;
        }
        item.amended = Some(match draw.weighted(&[60, 25, 15]) {
            0 => Amended::Due { on, before: workday_before(add(item.due, -draw.between(45, 160))) },
            1 => Amended::Quantity { on, before: (item.quantity - draw.between(1, 4)).max(1) },
            _ => Amended::Price { on, percent_before: draw.between(92, 104) },
        });
    }
}

/// One contract in six has a claim; a few are never settled.
fn complaints(draw: &mut Draw, deal: &mut Deal) {
    let accepted: Vec<Date> = deal.items.iter().flat_map(|i| &i.batches).filter_map(|b| b.accepted).collect();
    if accepted.is_empty() || matches!(deal.fate, Fate::Terminated(_)) || !draw.chance(17) {
        return;
    }
    for _ in 0..draw.between(1, 2) {
        let opened = workday_from(add(*draw.pick(&accepted), draw.between(4, 35)));
        let settled = workday_from(add(opened, draw.between(25, 170)));
        // Old quarrels do not stay open for ever; young ones may.
        let never = draw.chance(22) && opened > date(2012, 1, 1);
        if opened < END {
            deal.complaints.push(Complaint {
                sort: usize::try_from(draw.between(0, 5)).unwrap_or(0),
                opened,
                settled: Some(settled).filter(|on| *on < END && !never),
            });
        }
    }
    deal.complaints.sort_by_key(|c| c.opened);
}

/// A contract is completed some weeks after the last of it was accepted, if no claim is open.
fn complete(draw: &mut Draw, deal: &mut Deal) {
    if deal.in_force.is_none() || matches!(deal.fate, Fate::Terminated(_) | Fate::Suspended(_, None)) {
        return;
    }
    let accepted: Option<Vec<Date>> =
        deal.items.iter().flat_map(|i| &i.batches).map(|b| b.accepted).collect();
    let settled: Option<Vec<Date>> = deal.complaints.iter().map(|c| c.settled).collect();
    let (Some(accepted), Some(settled)) = (accepted, settled) else { return };
    let Some(last) = accepted.into_iter().chain(settled).chain(deal.amended).max() else { return };
    let on = workday_from(add(last, draw.between(25, 70)));
    if on < END && !draw.chance(6) {
        deal.completed = Some(on);
    }
}

/// Whether the contract was signed, and so belongs in plans drafted from that day on.
pub(super) fn signed_by(deal: &Deal, day: Date) -> bool {
    deal.signed.is_some_and(|signed| add(signed, 14) <= day)
        && !matches!(deal.fate, Fate::Terminated(on) if on <= day)
}

/// Days on which a hand-over would fall into a standstill, or shortly before it, when
/// it could not be recorded any more; and the first day after it.
pub(super) fn standstill(fate: Fate) -> Option<(Date, Option<Date>)> {
    match fate {
        Fate::Runs => None,
        Fate::Suspended(from, to) => Some((add(from, -14), to.map(|to| add(to, 16)))),
        Fate::Terminated(on) => Some((add(on, -14), None)),
    }
}

/// Whether a mistake recorded on a day and taken back sixteen days later would
/// be seen in one of the stated figures.
pub(super) fn seen_between(from: Date, to: Date) -> bool {
    from.year() != to.year() || (from <= SHOWN_ON && to > SHOWN_ON)
}
