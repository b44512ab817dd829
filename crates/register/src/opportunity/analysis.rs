//! What opportunities show of themselves: how soon they are answered, how often they are won, and what
//! orders may be expected of those that are open.
//!
//! Conventions. *Days to answer* are the days from receipt to the first version of the offer, or to the
//! refusal to make one, of what was answered in the period; own initiatives are asked by nobody and do not
//! count. The *win rate* is won ÷ (won + lost) of what was decided in the period: by number, and by the value
//! of the last version of the offer, each currency by itself. What was lost without an offer has no value.
//! Goods of several product groups count in each of them by number, and by value with the items of the
//! group. *Expected order intake* is, of what is offered and not decided, the value of the last version × the
//! last estimate of its probability, by the year of the expected signature. It is rounded once a currency:
//! the parts are cut so that they sum to the whole.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{LossCause, OpportunityKind};
use crate::brief::Known;
use crate::money::{Currency, Decimal, Money, Share, divide_rounded};

/// Deadlines within so many days are announced.
pub const DEADLINE_DAYS: i32 = 30;

/// An opportunity as figures see it, as of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Considered {
    /// Number.
    pub number: String,
    /// What it is about.
    pub title: String,
    /// Code of the partner.
    pub partner: String,
    /// How it came about.
    pub kind: OpportunityKind,
    /// State of the machine.
    pub state: String,
    /// When it was received.
    pub received_on: Date,
    /// By when it is to be answered.
    pub deadline: Option<Date>,
    /// When it was first answered.
    pub answered_on: Option<Date>,
    /// When it was won, lost, declined or withdrawn.
    pub ended_on: Option<Date>,
    /// What the last version of the offer sums to.
    pub value: Option<Money>,
    /// The last estimate, whole per cent.
    pub probability: Option<u8>,
    /// When the contract is expected to be signed.
    pub signature_on: Option<Date>,
    /// Why it was lost.
    pub cause: Option<LossCause>,
    /// Product groups of what is asked and offered, each with its part of the value; not gathered for a brief.
    pub groups: Vec<(String, i64)>,
}

impl Considered {
    /// Whether it has not ended.
    pub fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "open" | "offered")
    }

    /// Whether it is to be answered by a day within [`DEADLINE_DAYS`] of one.
    pub fn is_due_soon(&self, as_of: Date) -> bool {
        let until = as_of.checked_add(DEADLINE_DAYS.days()).unwrap_or(Date::MAX);
        self.state == "open" && self.deadline.is_some_and(|deadline| (as_of..=until).contains(&deadline))
    }

    /// Whether it was to be answered before a day, and is not.
    pub fn is_overdue(&self, as_of: Date) -> bool {
        self.state == "open" && self.deadline.is_some_and(|deadline| deadline < as_of)
    }

    /// Whether it was won or lost in a period.
    pub fn is_decided(&self, (from, to): (Date, Date)) -> bool {
        matches!(self.state.as_str(), "won" | "lost")
            && self.ended_on.is_some_and(|on| (from..=to).contains(&on))
    }

    /// Whether it was won.
    pub fn is_won(&self) -> bool {
        self.state == "won"
    }

    /// Days from receipt to the first answer, where it was given in a period and was asked for.
    pub fn days_to_answer(&self, (from, to): (Date, Date)) -> Option<i64> {
        let on = self.answered_on.filter(|on| (from..=to).contains(on))?;
        (self.kind != OpportunityKind::OwnInitiative)
            .then(|| i64::from(on.since(self.received_on).map_or(0, |span| span.get_days())))
    }

    /// What counts of it for expected order intake: the value and the probability.
    pub fn expected(&self) -> Option<(Money, u8)> {
        (self.state == "offered").then_some(())?;
        Some((self.value?, self.probability?))
    }
}

/// Amounts × whole per cents, rounded so that the parts sum to the whole, which is rounded once.
pub fn weigh(parts: impl IntoIterator<Item = (i64, u8)>) -> Vec<i64> {
    let (mut sum, mut before) = (0_i128, 0_i128);
    parts
        .into_iter()
        .map(|(amount, probability)| {
            sum += i128::from(amount) * i128::from(probability);
            let rounded = divide_rounded(sum, 100);
            let part = rounded - before;
            before = rounded;
            i64::try_from(part).unwrap_or(i64::MAX)
        })
        .collect()
}

/// Won and decided value in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueRate {
    /// The currency.
    pub currency: Currency,
    /// Of what was won, minor units.
    pub won: i64,
    /// Of what was won or lost with an offer.
    pub decided: i64,
    /// Won ÷ decided, in per cent.
    pub pct: Known<Decimal>,
}

/// How soon was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// Mean, with one decimal.
    pub mean: Decimal,
    /// Median, with one decimal.
    pub median: Decimal,
}

/// Opportunities of one partner, of one product group, or all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rates {
    /// Code of the partner, or the product group; empty for all.
    pub code: String,
    /// Open now, answered or not.
    pub open: i64,
    /// Won in the period.
    pub won: i64,
    /// Lost in the period.
    pub lost: i64,
    /// Won ÷ (won + lost), in per cent.
    pub win_pct: Known<Decimal>,
    /// The same by value, in order of currency.
    pub by_value: Vec<ValueRate>,
    /// How many were answered in the period.
    pub answers: i64,
    /// How soon.
    pub days: Known<Days>,
}

/// Expected order intake of one currency and year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    /// The currency.
    pub currency: Currency,
    /// The year of the expected signature; none where no day is estimated.
    pub year: Option<i16>,
    /// How many opportunities.
    pub count: i64,
    /// What their last offers sum to.
    pub value: i64,
    /// Of that, expected.
    pub expected: i64,
}

/// All that opportunities show of themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysis {
    /// First and last day of the period.
    pub period: (Date, Date),
    /// All together.
    pub whole: Rates,
    /// By partner, the most decided first.
    pub by_partner: Vec<Rates>,
    /// By product group, the most decided first.
    pub by_product: Vec<Rates>,
    /// Why was lost, in the order of the causes.
    pub causes: Vec<(LossCause, i64)>,
    /// Expected order intake, by currency and year.
    pub intake: Vec<Intake>,
    /// Offered and without an estimate: no part of the expected order intake.
    pub without_estimate: i64,
}

/// Works it out for a period.
pub fn analyse(all: &[Considered], period: (Date, Date)) -> Analysis {
    let matters =
        |one: &&Considered| one.is_open() || one.is_decided(period) || one.days_to_answer(period).is_some();
    let by = |codes: BTreeSet<&str>, of: &dyn Fn(&Considered, &str) -> Option<Option<Money>>| {
        let mut rows: Vec<Rates> = codes
            .into_iter()
            .map(|code| {
                rates(code, all.iter().filter_map(|one| Some((one, of(one, code)?))).collect(), period)
            })
            .collect();
        rows.sort_by(|a, b| {
            (Reverse(a.won + a.lost), Reverse(a.open), &a.code).cmp(&(
                Reverse(b.won + b.lost),
                Reverse(b.open),
                &b.code,
            ))
        });
        rows
    };
    let partners = all.iter().filter(matters).map(|one| one.partner.as_str()).collect();
    let products =
        all.iter().filter(matters).flat_map(|one| &one.groups).map(|(group, _)| group.as_str()).collect();
    let lost = || all.iter().filter(|one| one.is_decided(period) && !one.is_won());
    Analysis {
        period,
        whole: rates("", all.iter().map(|one| (one, one.value)).collect(), period),
        by_partner: by(partners, &|one, code| (one.partner == code).then_some(one.value)),
        by_product: by(products, &|one, code| {
            let (_, amount) = one.groups.iter().find(|(group, _)| group == code)?;
            Some(one.value.map(|value| Money::new(*amount, value.currency)))
        }),
        causes: LossCause::ALL
            .iter()
            .map(|cause| (*cause, count(lost().filter(|one| one.cause == Some(*cause)))))
            .filter(|(_, count)| *count > 0)
            .collect(),
        intake: intake(all),
        without_estimate: count(all.iter().filter(|one| one.state == "offered" && one.probability.is_none())),
    }
}

fn count<T>(some: impl Iterator<Item = T>) -> i64 {
    i64::try_from(some.count()).unwrap_or(i64::MAX)
}

fn pct(part: i64, whole: i64, why: &str) -> Known<Decimal> {
    Share::of(part, whole).map_or_else(|| Known::Unknown(why.to_owned()), |s| Known::Value(s.percent()))
}

/// Why there is no win rate.
pub const NOTHING_DECIDED: &str = "nothing was won or lost in the period";

fn rates(code: &str, of: Vec<(&Considered, Option<Money>)>, period: (Date, Date)) -> Rates {
    let decided = || of.iter().filter(|(one, _)| one.is_decided(period));
    let won = count(decided().filter(|(one, _)| one.is_won()));
    let all = count(decided());
    let mut values: BTreeMap<&str, (Currency, i64, i64)> = BTreeMap::new();
    for (one, value) in decided() {
        let Some(value) = value else { continue };
        let sum = values.entry(value.currency.code()).or_insert((value.currency, 0, 0));
        sum.2 = sum.2.saturating_add(value.minor);
        if one.is_won() {
            sum.1 = sum.1.saturating_add(value.minor);
        }
    }
    let days: Vec<i64> = of.iter().filter_map(|(one, _)| one.days_to_answer(period)).collect();
    Rates {
        code: code.to_owned(),
        open: count(of.iter().filter(|(one, _)| one.is_open())),
        won,
        lost: all - won,
        win_pct: pct(won, all, NOTHING_DECIDED),
        by_value: values
            .into_values()
            .map(|(currency, won, decided)| ValueRate {
                currency,
                won,
                decided,
                pct: pct(won, decided, "nothing was decided that had an offer"),
            })
            .collect(),
        answers: i64::try_from(days.len()).unwrap_or(i64::MAX),
        days: days_of(days),
    }
}

/// Mean and median of days.
pub fn days_of(mut days: Vec<i64>) -> Known<Days> {
    days.sort_unstable();
    let n = days.len();
    let Some(upper) = days.get(n / 2).copied() else {
        return Known::Unknown("nothing was answered in the period".to_owned());
    };
    // An even number has two in the middle; of an odd one the middle stands twice.
    let lower = days.get((n - 1) / 2).copied().unwrap_or(upper);
    let tenths = |part: i128, whole: i128| Decimal {
        scaled: i64::try_from(divide_rounded(part * 10, whole)).unwrap_or(i64::MAX),
        digits: 1,
    };
    let sum: i128 = days.iter().map(|day| i128::from(*day)).sum();
    Known::Value(Days {
        mean: tenths(sum, n as i128),
        median: tenths(i128::from(lower) + i128::from(upper), 2),
    })
}

/// What is expected of what is offered and not decided, by currency and year; those without a year last.
fn intake(all: &[Considered]) -> Vec<Intake> {
    let mut offered: Vec<(&str, Option<i16>, Money, u8)> = all
        .iter()
        .filter_map(|one| {
            let (value, probability) = one.expected()?;
            Some((value.currency.code(), one.signature_on.map(|on| on.year()), value, probability))
        })
        .collect();
    offered.sort_by_key(|(currency, year, ..)| (*currency, year.is_none(), *year));
    let mut rows: Vec<Intake> = Vec::new();
    for same in offered.chunk_by(|a, b| a.0 == b.0) {
        let expected = weigh(same.iter().map(|(_, _, value, probability)| (value.minor, *probability)));
        for ((_, year, value, _), expected) in same.iter().zip(expected) {
            let row = match rows.last_mut().filter(|row| row.currency == value.currency && row.year == *year)
            {
                Some(row) => row,
                None => {
                    let currency = value.currency;
                    rows.push(Intake { currency, year: *year, count: 0, value: 0, expected: 0 });
                    let place = rows.len() - 1;
                    &mut rows[place]
                }
            };
            row.count += 1;
            row.value = row.value.saturating_add(value.minor);
            row.expected = row.expected.saturating_add(expected);
        }
    }
    rows
}
