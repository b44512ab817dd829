//! The demonstration as a sequence of acts in the order in which they came into the register.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};

use super::calendar::{Second, add, at, recorded, workday_from};
use super::course;
use super::deal::{Deal, Fate};
use super::draw::Draw;
use super::embargo;
use super::exchange;
use super::guidance;
use super::item::{Batch, Mishap};
use super::money::{self, Schedule};
use super::opportunity::{self, Lead};
use super::partner::changes;
use super::performance::{self, Goal};
use super::plan::{PROPOSED, Version};
use super::screening;
use super::transfer;

/// The day on which the register was founded.
pub(super) const FOUNDED: Date = date(2006, 1, 10);

/// Items of a plan that are added at once.
pub(super) const PLAN_ITEMS: usize = 250;

/// Positions of a contract, of its line and of a shipment of the line.
pub(super) type Shipment = (usize, usize, usize);

/// What happens. Numbers are positions: of a contract, its line, its claim; of a plan version.
#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    /// A state joins a group or leaves it.
    Membership(usize),
    Open(usize),
    AddLine(usize, usize),
    Sign(usize),
    EnterIntoForce(usize),
    AmendContract(usize),
    AmendLine(usize, usize),
    Suspend(usize),
    Resume(usize),
    Terminate(usize),
    Complete(usize),
    OpenClaim(usize, usize),
    SettleClaim(usize, usize),
    HandOver(Shipment, Attempt),
    Accept(Shipment, Attempt),
    Return(Shipment),
    Annul(Shipment),
    DraftPlan(usize),
    /// With the position of the first item.
    AddPlanItems(usize, usize),
    ApprovePlan(usize),
    DiscardPlan(usize),
    ProposePlan(usize),
    /// A plan version, and a maker of what it plans.
    AgreeToPlan(usize, usize),
    ObjectToPlan(usize, usize),
    /// An instalment of a contract.
    ScheduleInstalment(usize, usize),
    CompleteSchedule(usize),
    /// A receipt of a contract.
    Receive(usize, usize),
    RegisterOpportunity(usize),
    /// An opportunity, and what happens to it.
    MoveOpportunity(usize, usize),
    /// As of the day of the act.
    PublishForecasts,
    /// A milestone of a contract.
    PlanMilestone(usize, usize),
    /// A milestone of a contract, and what happens to it.
    MoveMilestone(usize, usize, usize),
    /// The serial numbers of a shipment.
    RecordSerials(Shipment),
    AgreeTerms(usize),
    /// That a line slips, by an exporter or a maker.
    FileReport(usize),
    ReportSlippage(usize),
    EndSlippage(usize),
    /// A corrective plan about the slippage of a contract.
    ProposeCorrective(usize),
    ApproveCorrective(usize),
    AgreeOffset(usize),
    ClaimOffset(usize),
    AcceptOffset(usize),
    /// What happens to lists of those under measures, and to cases.
    Screening(usize),
    /// What happens to embargo rules.
    Embargo(usize),
    /// What happens to applications for transfers, and to licences.
    Transfer(usize),
    /// What happens to what transfers are weighed by.
    Guidance(usize),
    /// What is exchanged with customs, and what recipients pass on.
    Exchange(usize),
}

/// Which try of a shipment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Attempt {
    /// One that comes back, or that was recorded in error.
    Failed,
    /// The one that counts.
    Good,
}

/// An act with its day, and when it came into the register.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// When it was recorded.
    pub(super) recorded: Second,
    /// When it was done.
    pub(super) on: Date,
    /// What.
    pub(super) act: Act,
}

/// Acts as they are gathered.
struct Log<'a> {
    draw: &'a mut Draw,
    entries: Vec<Entry>,
}

impl Log<'_> {
    /// Notes an act of a day, which comes into the register some days later, and
    /// after what it needs. Gives when.
    fn note(&mut self, on: Date, after: Second, act: Act) -> Second {
        let recorded = recorded(self.draw, on).max(after + 60);
        self.note_at(recorded, on, act)
    }

    /// Notes an act with its time of recording.
    fn note_at(&mut self, recorded: Second, on: Date, act: Act) -> Second {
        self.entries.push(Entry { recorded, on, act });
        recorded
    }
}

/// When an act of a day comes into the register.
pub(super) fn recorded_of(draw: &mut Draw, on: Date) -> Second {
    recorded(draw, on)
}

/// All acts, in the order of their recording. `purse` is the source from which those of money are drawn.
pub(super) fn entries(
    draw: &mut Draw,
    purse: &mut Draw,
    deals: &[Deal],
    versions: &[Version],
    schedules: &[Schedule],
) -> Vec<Entry> {
    let mut log = Log { draw, entries: Vec::new() };
    for (position, change) in changes().into_iter().enumerate() {
        let recorded = recorded(log.draw, change.on.max(FOUNDED));
        log.note_at(recorded, change.on, Act::Membership(position));
    }
    for (d, deal) in deals.iter().enumerate() {
        life(&mut log, d, deal);
        claims(&mut log, d, deal);
        for (i, item) in deal.items.iter().enumerate() {
            if let Some(amended) = item.amended {
                log.note(amended.on(), 0, Act::AmendLine(d, i));
            }
            for (b, batch) in item.batches.iter().enumerate() {
                shipment(&mut log, (d, i, b), batch);
            }
        }
    }
    for (v, version) in versions.iter().enumerate() {
        plan(&mut log, v, version, deals);
    }
    let mut entries = log.entries;
    let signatures = signatures(&entries);
    entries.extend(money::entries(purse, schedules, deals, |d| signatures.get(&d).copied()));
    // Stable: acts recorded in the same second stay in the order of their making.
    entries.sort_by_key(|entry| entry.recorded);
    entries
}

/// The same with the acts of opportunities among them, which are drawn from `chances`.
pub(super) fn with_opportunities(mut entries: Vec<Entry>, chances: &mut Draw, leads: &[Lead]) -> Vec<Entry> {
    let signatures = signatures(&entries);
    entries.extend(opportunity::entries(chances, leads, |d| signatures.get(&d).copied()));
    entries.sort_by_key(|entry| entry.recorded);
    entries
}

/// Years in which forecasts are published. Deliveries began in the year before: in its March no method says anything.
const FORECAST_YEARS: std::ops::RangeInclusive<i16> = 2009..=2013;

/// The same with the publication of forecasts: of the end of each of the first three quarters, a week after it.
pub(super) fn with_forecasts(mut entries: Vec<Entry>) -> Vec<Entry> {
    for year in FORECAST_YEARS {
        for on in [date(year, 3, 31), date(year, 6, 30), date(year, 9, 30)] {
            let recorded = at(workday_from(add(on, 7)), 10 * 3_600);
            entries.push(Entry { recorded, on, act: Act::PublishForecasts });
        }
    }
    entries.sort_by_key(|entry| entry.recorded);
    entries
}

/// The same with the acts of milestones among them, which are drawn from `draw`, and what else happens to contracts.
pub(super) fn with_performance(
    mut entries: Vec<Entry>,
    draw: &mut Draw,
    goals: &[Vec<Goal>],
    deals: &[Deal],
) -> Vec<Entry> {
    let mut before: BTreeMap<usize, (Second, Second)> =
        signatures(&entries).into_iter().map(|(d, signed)| (d, (signed, signed))).collect();
    for entry in &entries {
        if let Act::EnterIntoForce(d) = entry.act
            && let Some(times) = before.get_mut(&d)
        {
            times.1 = entry.recorded;
        }
    }
    entries.extend(performance::entries(draw, goals, deals, &before));
    let beside = course::entries(deals, &entries);
    entries.extend(beside);
    entries.sort_by_key(|entry| entry.recorded);
    entries
}

/// The same with the acts of lists and cases among them, those of embargo rules, and those of transfers.
pub(super) fn with_screening(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.extend(screening::entries());
    entries.extend(embargo::entries());
    entries.extend(transfer::entries());
    entries.extend(guidance::entries());
    entries.extend(exchange::entries());
    entries.sort_by_key(|entry| entry.recorded);
    entries
}

/// When the signature of each contract came into the register.
fn signatures(entries: &[Entry]) -> BTreeMap<usize, Second> {
    entries
        .iter()
        .filter_map(|entry| match entry.act {
            Act::Sign(d) => Some((d, entry.recorded)),
            _ => None,
        })
        .collect()
}

/// A contract from its opening to its end, with its lines.
fn life(log: &mut Log<'_>, d: usize, deal: &Deal) {
    let mut last = log.note(deal.opened, 0, Act::Open(d));
    for (i, item) in deal.items.iter().enumerate() {
        match item.added_later {
            None => last = log.note(add(deal.opened, 15), last, Act::AddLine(d, i)),
            Some(on) => {
                log.note(on, 0, Act::AddLine(d, i));
            }
        }
    }
    let mut moved = |on: Option<Date>, act| {
        if let Some(on) = on {
            last = log.note(on, last, act);
        }
    };
    moved(deal.signed, Act::Sign(d));
    moved(deal.in_force, Act::EnterIntoForce(d));
    moved(deal.amended, Act::AmendContract(d));
    match deal.fate {
        Fate::Runs => {}
        Fate::Suspended(from, to) => {
            moved(Some(from), Act::Suspend(d));
            moved(to, Act::Resume(d));
        }
        Fate::Terminated(on) => moved(Some(on), Act::Terminate(d)),
    }
    moved(deal.completed, Act::Complete(d));
}

/// Claims, which have their numbers by the order of their recording.
fn claims(log: &mut Log<'_>, d: usize, deal: &Deal) {
    let mut last = 0;
    for (c, complaint) in deal.complaints.iter().enumerate() {
        last = log.note(complaint.opened, last, Act::OpenClaim(d, c));
        if let Some(on) = complaint.settled {
            log.note(on, last, Act::SettleClaim(d, c));
        }
    }
}

fn shipment(log: &mut Log<'_>, of: Shipment, batch: &Batch) {
    match batch.mishap {
        Some(Mishap::Returned { handed_over, returned }) => {
            let last = log.note(handed_over, 0, Act::HandOver(of, Attempt::Failed));
            log.note(returned, last, Act::Return(of));
        }
        Some(Mishap::Annulled { handed_over, accepted, annulled }) => {
            let mut last = log.note(handed_over, 0, Act::HandOver(of, Attempt::Failed));
            if let Some(on) = accepted {
                last = log.note(on, last, Act::Accept(of, Attempt::Failed));
            }
            // An annulment is of the day on which it is recorded.
            log.note_at(at(annulled, 12 * 3_600).max(last + 60), annulled, Act::Annul(of));
        }
        None => {}
    }
    let Some(on) = batch.handed_over else { return };
    let handed_over = log.note(on, 0, Act::HandOver(of, Attempt::Good));
    if let Some(on) = batch.accepted {
        let after = batch.recorded_on.map_or(handed_over, |day| at(day, 10 * 3_600));
        log.note(on, after, Act::Accept(of, Attempt::Good));
    }
}

/// A plan version: drafted in a day, approved or given up some days later. Both
/// are acts of the register itself, of the day on which they are recorded.
fn plan(log: &mut Log<'_>, v: usize, version: &Version, deals: &[Deal]) {
    let mut last = log.note_at(at(version.drafted, 9 * 3_600), version.drafted, Act::DraftPlan(v));
    for first in (0..version.items.len()).step_by(PLAN_ITEMS) {
        last = log.note_at(last + 1_800, version.drafted, Act::AddPlanItems(v, first));
    }
    if version.version == PROPOSED {
        propose(log, v, version, deals);
    }
    let (on, act) = match version.approved {
        Some(on) => (on, Act::ApprovePlan(v)),
        None => (workday_from(add(version.drafted, 9)), Act::DiscardPlan(v)),
    };
    log.note_at(at(on, 15 * 3_600), on, act);
}

/// A version is proposed the day after it was drafted. The first of the manufacturers objects and is won over; the
/// others agree at once.
fn propose(log: &mut Log<'_>, v: usize, version: &Version, deals: &[Deal]) {
    let proposed = workday_from(add(version.drafted, 1));
    let mut last = log.note_at(at(proposed, 9 * 3_600), proposed, Act::ProposePlan(v));
    let answered = workday_from(add(proposed, 1));
    let agreed = workday_from(add(answered, 3));
    for (place, maker) in version.makers(deals).into_iter().enumerate() {
        last = match place {
            0 => {
                log.note_at(at(agreed, 11 * 3_600), agreed, Act::AgreeToPlan(v, maker));
                log.note_at(at(answered, 10 * 3_600).max(last + 60), answered, Act::ObjectToPlan(v, maker))
            }
            _ => log.note_at(at(answered, 10 * 3_600).max(last + 60), answered, Act::AgreeToPlan(v, maker)),
        };
    }
}
