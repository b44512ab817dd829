//! The demonstration's opportunities: what came before most contracts signed from 2011 on, and what came to
//! nothing or is still open.
//!
//! They are drawn from a source of their own, so that nothing else of the demonstration depends on them.

use entente_register::label::{Label, Level};
use entente_register::money::Unit;
use entente_register::opportunity::{LossCause, OpportunityKind, Verdict};
use jiff::civil::{Date, date};

use super::calendar::{END, Second, add, days_between, workday_before, workday_from};
use super::deal::Deal;
use super::draw::Draw;
use super::goods::FAMILIES;
use super::item::Item;
use super::partner::PARTNERS;
use super::party::{AGENCY, END_USERS, OWN_EXPORTER};
use super::script::{Act, Entry, recorded_of};

/// Contracts signed before this year have no opportunity in the register.
const FIRST_YEAR: i16 = 2011;

/// Opportunities of which no contract came.
const OTHERS: usize = 118;

/// The deadlines that are near on the day that is shown.
const NEAR: [Date; 5] =
    [date(2012, 10, 5), date(2012, 10, 12), date(2012, 10, 17), date(2012, 10, 24), date(2012, 10, 29)];

/// What is asked and offered.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) description: &'static str,
    pub(super) unit: Unit,
    pub(super) category: &'static str,
    pub(super) quantity: i64,
    /// Cents, of the last version of the offer.
    pub(super) unit_price: i64,
    pub(super) due: Date,
}

/// What happens to an opportunity after it was registered.
#[derive(Debug, Clone, Copy)]
pub(super) enum Move {
    /// Per cent, and the expected signature.
    Estimate(u8, Date),
    AskAdvice,
    GiveAdvice(Verdict),
    /// The price in per cent of the last version.
    Offer(i64),
    Extend(Date),
    Win,
    Lose(LossCause),
    Decline,
    Withdraw,
}

/// An opportunity.
#[derive(Debug, Clone)]
pub(super) struct Lead {
    /// The contract that came of it.
    pub(super) deal: Option<usize>,
    /// What it is about.
    pub(super) subject: String,
    pub(super) partner: usize,
    pub(super) label: Label,
    /// Positions of the parties.
    pub(super) exporter: usize,
    pub(super) end_user: usize,
    pub(super) kind: OpportunityKind,
    pub(super) received: Date,
    pub(super) deadline: Option<Date>,
    pub(super) wanted: Vec<Wanted>,
    /// In the order of their days.
    pub(super) moves: Vec<(Date, Move)>,
}

/// All opportunities, in the order of their days.
pub(super) fn leads(draw: &mut Draw, deals: &[Deal]) -> Vec<Lead> {
    let mut all: Vec<Lead> = Vec::new();
    for (d, deal) in deals.iter().enumerate() {
        if let Some(signed) = deal.signed.filter(|on| on.year() >= FIRST_YEAR)
            && draw.chance(62)
        {
            all.push(won(draw, d, deal, signed));
        }
    }
    for _ in 0..OTHERS {
        let received = workday_from(add(date(2010, 6, 1), draw.between(0, 1_230)));
        all.push(other(draw, received, None));
    }
    for deadline in NEAR {
        let received = workday_from(add(deadline, -draw.between(55, 100)));
        all.push(other(draw, received, Some(deadline)));
    }
    all.sort_by_key(|lead| lead.received);
    all
}

fn wanted(item: &Item) -> Wanted {
    Wanted {
        description: item.description,
        unit: item.unit,
        category: item.category,
        quantity: item.quantity,
        unit_price: item.first_price(),
        due: item.due,
    }
}

fn kind(draw: &mut Draw) -> OpportunityKind {
    [OpportunityKind::Request, OpportunityKind::Tender, OpportunityKind::OwnInitiative]
        [draw.weighted(&[50, 38, 12])]
}

/// What came before a contract.
fn won(draw: &mut Draw, d: usize, deal: &Deal, signed: Date) -> Lead {
    let offered = workday_before(add(deal.opened, -draw.between(10, 60)));
    let received = workday_before(add(offered, -draw.between(25, 110)));
    let kind = kind(draw);
    let deadline = workday_from(add(offered, draw.between(0, 25)));
    let mut moves = Vec::new();
    advice(draw, &mut moves, received, offered);
    moves.push((offered, Move::Offer(draw.between(103, 112))));
    let expected = workday_from(add(signed, draw.between(-20, 120)));
    moves.push((offered, Move::Estimate(u8::try_from(draw.between(3, 6) * 10).unwrap_or(0), expected)));
    let second = workday_from(add(deal.opened, draw.between(5, 50))).min(signed);
    moves.push((second, Move::Offer(100)));
    moves.push((
        second,
        Move::Estimate(u8::try_from(draw.between(7, 9) * 10).unwrap_or(0), signed.max(second)),
    ));
    moves.push((signed, Move::Win));
    moves.sort_by_key(|(on, _)| *on);
    Lead {
        deal: Some(d),
        subject: deal.subject.clone(),
        partner: deal.partner,
        label: deal.label.clone(),
        exporter: deal.exporter,
        end_user: deal.end_user,
        kind,
        received,
        deadline: (kind != OpportunityKind::OwnInitiative).then_some(deadline),
        wanted: deal.items.iter().filter(|item| item.added_later.is_none()).map(wanted).collect(),
        moves,
    }
}

/// An advance opinion, for two in three.
fn advice(draw: &mut Draw, moves: &mut Vec<(Date, Move)>, received: Date, answered: Date) {
    if !draw.chance(66) {
        return;
    }
    let span = days_between(received, answered).max(0);
    let asked = add(received, span / 4);
    moves.push((asked, Move::AskAdvice));
    let verdict = if draw.chance(25) { Verdict::Conditional } else { Verdict::Positive };
    moves.push((add(received, span * 3 / 4), Move::GiveAdvice(verdict)));
}

/// An opportunity of which no contract came, or not yet.
fn other(draw: &mut Draw, received: Date, near: Option<Date>) -> Lead {
    let partner = draw.weighted(&PARTNERS.map(|partner| partner.weight + 2));
    let family = draw.pick(&FAMILIES);
    let exporter = if draw.chance(15) { OWN_EXPORTER } else { AGENCY };
    let kind = match near {
        Some(_) => OpportunityKind::Tender,
        None => kind(draw),
    };
    let mut deadline = near.unwrap_or_else(|| workday_from(add(received, draw.between(35, 140))));
    let goods: Vec<Wanted> = family
        .goods
        .iter()
        .take(usize::try_from(draw.between(1, 3)).unwrap_or(1))
        .map(|good| Wanted {
            description: good.description,
            unit: good.unit,
            category: good.category,
            quantity: draw.between(good.quantity.0, good.quantity.1),
            unit_price: draw.between(good.price.0, good.price.1) * 100_000,
            due: workday_from(add(received, draw.between(700, 1_300))),
        })
        .collect();
    let mut moves = Vec::new();
    let first_deadline = deadline;
    if near.is_none() && draw.chance(15) {
        let extended = workday_before(add(deadline, -draw.between(3, 10)));
        deadline = workday_from(add(deadline, draw.between(20, 45)));
        moves.push((extended.max(received), Move::Extend(deadline)));
    }
    // One in seven is answered late, and what is near on the day that is shown only after it.
    let answered = match near {
        Some(deadline) => deadline,
        None => workday_from(add(
            deadline,
            if draw.chance(14) { draw.between(2, 20) } else { -draw.between(0, 20) },
        )),
    };
    let answered = answered.max(add(received, 5));
    advice(draw, &mut moves, received, answered);
    if draw.chance(13) {
        moves.push((answered, Move::Decline));
    } else {
        offered(draw, &mut moves, answered);
    }
    moves.sort_by_key(|(on, _)| *on);
    moves.retain(|(on, _)| *on < END);
    Lead {
        deal: None,
        subject: family.title.to_owned(),
        partner,
        label: Label::of(if draw.chance(12) { Level::Confidential } else { Level::Official }),
        exporter,
        end_user: END_USERS + partner,
        kind,
        received,
        deadline: (kind != OpportunityKind::OwnInitiative
            || moves.iter().any(|(_, one)| matches!(one, Move::Extend(_))))
        .then_some(first_deadline),
        wanted: goods,
        moves,
    }
}

/// An offer, its estimates, and how it ends.
fn offered(draw: &mut Draw, moves: &mut Vec<(Date, Move)>, answered: Date) {
    moves.push((answered, Move::Offer(100)));
    let expected = workday_from(add(answered, draw.between(200, 600)));
    if draw.chance(88) {
        let whole = u8::try_from(draw.between(1, 6) * 10).unwrap_or(0);
        moves.push((answered, Move::Estimate(whole, expected)));
    }
    if draw.chance(35) {
        let again = workday_from(add(answered, draw.between(60, 140)));
        moves.push((again, Move::Offer(draw.between(94, 99))));
        let whole = u8::try_from(draw.between(2, 8) * 10).unwrap_or(0);
        moves.push((again, Move::Estimate(whole, expected.max(again))));
    }
    let ended = workday_from(add(answered, draw.between(150, 560)));
    match draw.weighted(&[78, 10, 12]) {
        0 => {
            const CAUSES: [(LossCause, u64); 8] = [
                (LossCause::Price, 26),
                (LossCause::Terms, 14),
                (LossCause::DeliveryTime, 11),
                (LossCause::Performance, 8),
                (LossCause::Political, 9),
                (LossCause::CompetitorRelation, 12),
                (LossCause::CancelledByRecipient, 11),
                (LossCause::NoDecision, 9),
            ];
            moves.push((ended, Move::Lose(CAUSES[draw.weighted(&CAUSES.map(|(_, weight)| weight))].0)));
        }
        1 => moves.push((ended, Move::Withdraw)),
        _ => {}
    }
}

/// Their acts. `signatures` says when the signature of a contract came into the register.
pub(super) fn entries(
    draw: &mut Draw,
    leads: &[Lead],
    signatures: impl Fn(usize) -> Option<Second>,
) -> Vec<Entry> {
    let mut all = Vec::new();
    for (l, lead) in leads.iter().enumerate() {
        let mut last = recorded_of(draw, lead.received);
        all.push(Entry { recorded: last, on: lead.received, act: Act::RegisterOpportunity(l) });
        for (n, (on, what)) in lead.moves.iter().enumerate() {
            let mut recorded = recorded_of(draw, *on).max(last + 60);
            if let (Move::Win, Some(d)) = (what, lead.deal) {
                let Some(signature) = signatures(d) else { continue };
                recorded = recorded.max(signature + 60);
            }
            last = recorded;
            all.push(Entry { recorded, on: *on, act: Act::MoveOpportunity(l, n) });
        }
    }
    all
}
