//! Two versions of a year's plan beside each other, and what a slip would do to one.
//!
//! Nothing here is recorded: a comparison reads two frozen schedules, and a slip is worked out on a copy.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Span;
use jiff::civil::Date;

use super::stability::Stability;
use crate::ledger::{Fallible, Refusal};
use crate::money::Share;

/// A planned delivery, as a comparison needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheduled {
    /// Number of the line.
    pub line: String,
    /// Number of the contract.
    pub contract: String,
    /// Code of the partner.
    pub partner: String,
    /// Number of the party that makes it, if it is known.
    pub manufacturer: Option<String>,
    /// The day by which it is planned.
    pub planned_on: Date,
    /// Planned value in minor units.
    pub amount: i64,
}

/// What a later schedule makes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It was not planned before.
    Added,
    /// It is not planned any more.
    Removed,
    /// The same value on other days.
    Moved,
    /// Other values on the same days.
    Revalued,
    /// Other values on other days.
    Rescheduled,
}

impl ChangeKind {
    /// The word that stands in data.
    pub fn word(self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
            ChangeKind::Moved => "moved",
            ChangeKind::Revalued => "revalued",
            ChangeKind::Rescheduled => "rescheduled",
        }
    }
}

/// What is planned of a line: value by day.
pub type Schedule = BTreeMap<Date, i64>;

/// A line that two schedules plan otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChange {
    /// Number of the line.
    pub line: String,
    /// Number of the contract.
    pub contract: String,
    /// Code of the partner.
    pub partner: String,
    /// In what way.
    pub kind: ChangeKind,
    /// What was planned.
    pub earlier: Schedule,
    /// What is planned.
    pub later: Schedule,
}

impl LineChange {
    /// By how much the planned value changes.
    pub fn difference(&self) -> i64 {
        total(&self.later).saturating_sub(total(&self.earlier))
    }
}

/// Sum of a schedule.
pub fn total(schedule: &Schedule) -> i64 {
    schedule.values().fold(0, |sum, amount| sum.saturating_add(*amount))
}

/// Two sums beside each other, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pair {
    /// By the earlier schedule.
    pub earlier: i64,
    /// By the later one.
    pub later: i64,
}

impl Pair {
    /// By how much the later is more.
    pub fn difference(self) -> i64 {
        self.later.saturating_sub(self.earlier)
    }
}

/// Two schedules of one year beside each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Sums of the year.
    pub year: Pair,
    /// Sums by month, January first.
    pub months: [Pair; 12],
    /// Sums by partner, by code.
    pub partners: BTreeMap<String, Pair>,
    /// Lines that are planned otherwise, the greatest difference in value first, then by number.
    pub changes: Vec<LineChange>,
    /// Lines that are planned alike.
    pub alike: usize,
    /// Value that both plan for the same line in the same month.
    pub kept: i64,
    /// Value that is planned still, and past the year: of a slip.
    pub beyond: i64,
}

impl Comparison {
    /// Plan stability from the one to the other, as [`Stability`] defines it.
    pub fn stability(&self) -> Option<Share> {
        let Pair { earlier, later } = self.year;
        // What leaves the year is moved and not given up: a greater slip is never the steadier plan.
        Stability { kept: self.kept, earlier, later: later.saturating_add(self.beyond) }.share()
    }
}

/// A schedule beside what a slip makes of it.
pub fn compare_slip(schedule: &[Scheduled], slip: &Slip) -> Comparison {
    let comparison = compare(schedule, &slip.of(schedule));
    let Pair { earlier, later } = comparison.year;
    Comparison { beyond: earlier.saturating_sub(later), ..comparison }
}

/// Compares two schedules of one year.
pub fn compare(earlier: &[Scheduled], later: &[Scheduled]) -> Comparison {
    let mut comparison = Comparison {
        year: Pair::default(),
        months: [Pair::default(); 12],
        partners: BTreeMap::new(),
        changes: Vec::new(),
        alike: 0,
        kept: 0,
        beyond: 0,
    };
    let mut lines: BTreeMap<&str, (&Scheduled, Schedule, Schedule)> = BTreeMap::new();
    for (items, is_later) in [(earlier, false), (later, true)] {
        for item in items {
            let (_, before, after) =
                lines.entry(&item.line).or_insert_with(|| (item, Schedule::new(), Schedule::new()));
            let schedule = if is_later { after } else { before };
            let on_day = schedule.entry(item.planned_on).or_default();
            *on_day = on_day.saturating_add(item.amount);
            let month = usize::try_from(item.planned_on.month() - 1).unwrap_or(0);
            let by_partner = comparison.partners.entry(item.partner.clone()).or_default();
            for pair in [&mut comparison.year, &mut comparison.months[month], by_partner] {
                let sum = if is_later { &mut pair.later } else { &mut pair.earlier };
                *sum = sum.saturating_add(item.amount);
            }
        }
    }
    for (line, (item, earlier, later)) in lines {
        comparison.kept = comparison.kept.saturating_add(kept(&earlier, &later));
        let Some(kind) = kind(&earlier, &later) else {
            comparison.alike += 1;
            continue;
        };
        comparison.changes.push(LineChange {
            line: line.to_owned(),
            contract: item.contract.clone(),
            partner: item.partner.clone(),
            kind,
            earlier,
            later,
        });
    }
    let weight = |change: &LineChange| {
        // A line that moved changes no sum, but all its value.
        match change.kind {
            ChangeKind::Moved => total(&change.later),
            _ => change.difference().saturating_abs(),
        }
    };
    comparison.changes.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a.line.cmp(&b.line)));
    comparison
}

fn kind(earlier: &Schedule, later: &Schedule) -> Option<ChangeKind> {
    if earlier == later {
        return None;
    }
    Some(if earlier.is_empty() {
        ChangeKind::Added
    } else if later.is_empty() {
        ChangeKind::Removed
    } else if total(earlier) == total(later) {
        ChangeKind::Moved
    } else if earlier.keys().eq(later.keys()) {
        ChangeKind::Revalued
    } else {
        ChangeKind::Rescheduled
    })
}

/// Value that two schedules of a line plan for the same months.
fn kept(earlier: &Schedule, later: &Schedule) -> i64 {
    let by_month = |schedule: &Schedule| {
        let mut months: BTreeMap<(i16, i8), i64> = BTreeMap::new();
        for (day, amount) in schedule {
            let sum = months.entry((day.year(), day.month())).or_default();
            *sum = sum.saturating_add(*amount);
        }
        months
    };
    let later = by_month(later);
    by_month(earlier)
        .iter()
        .map(|(month, amount)| (*amount).min(later.get(month).copied().unwrap_or(0)))
        .fold(0, i64::saturating_add)
}

/// What slips in a what-if.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slipping {
    /// All that goes to a partner, by its code.
    Partner(String),
    /// All that a party makes, by its number.
    Manufacturer(String),
}

/// A what-if: what is planned after a day comes so many months later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// What slips.
    pub what: Slipping,
    /// By how many months: 1 to 12.
    pub months: i8,
    /// What is planned up to this day does not slip any more.
    pub after: Date,
}

impl Slip {
    /// A slip by so many months.
    ///
    /// # Errors
    /// `slip.months` where the number is not 1 to 12.
    pub fn new(what: Slipping, months: i8, after: Date) -> Fallible<Slip> {
        if !(1..=12).contains(&months) {
            return Err(Refusal::new(
                "slip.months",
                format!("A slip of {months} months cannot be worked out."),
            )
            .field("months")
            .missing("a number of months from 1 to 12"));
        }
        Ok(Slip { what, months, after })
    }

    /// Refuses a slip of what the plan has nothing of: its answer would be that nothing changes.
    ///
    /// # Errors
    /// `slip.what`.
    pub fn check(&self, schedule: &[Scheduled]) -> Fallible<()> {
        if schedule.iter().any(|item| self.is_of(item)) {
            return Ok(());
        }
        let (what, missing) = match &self.what {
            Slipping::Partner(code) => (format!("goes to {code}"), "a partner to which the plan delivers"),
            Slipping::Manufacturer(number) => {
                (format!("is made by {number}"), "a party that makes what is planned")
            }
        };
        Err(Refusal::new("slip.what", format!("Nothing of the plan {what}.")).field("what").missing(missing))
    }

    fn is_of(&self, item: &Scheduled) -> bool {
        match &self.what {
            Slipping::Partner(code) => item.partner == *code,
            Slipping::Manufacturer(number) => item.manufacturer.as_ref() == Some(number),
        }
    }

    /// The schedule after the slip: what comes past the year's end is not in it any more. A month's last day
    /// stands for a day that the month does not have.
    pub fn of(&self, schedule: &[Scheduled]) -> Vec<Scheduled> {
        schedule
            .iter()
            .filter_map(|item| {
                if item.planned_on <= self.after || !self.is_of(item) {
                    return Some(item.clone());
                }
                let to = item.planned_on.checked_add(Span::new().months(self.months)).ok()?;
                (to.year() == item.planned_on.year()).then(|| Scheduled { planned_on: to, ..item.clone() })
            })
            .collect()
    }
}

/// The parties that make what a schedule plans, by number.
pub fn manufacturers(schedule: &[Scheduled]) -> BTreeSet<&str> {
    schedule.iter().filter_map(|item| item.manufacturer.as_deref()).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn item(line: &str, partner: &str, on: Date, amount: i64) -> Scheduled {
        Scheduled {
            line: line.into(),
            contract: "O-2012-0001".into(),
            partner: partner.into(),
            manufacturer: Some("O-P-0001".into()),
            planned_on: on,
            amount,
        }
    }

    #[test]
    fn each_kind_of_change_is_told() {
        let earlier = [
            item("1", "BRA", date(2012, 3, 1), 100),
            item("2", "BRA", date(2012, 3, 1), 100),
            item("3", "IND", date(2012, 3, 1), 100),
            item("4", "IND", date(2012, 3, 1), 100),
            item("5", "IND", date(2012, 3, 1), 100),
        ];
        let later = [
            item("1", "BRA", date(2012, 3, 1), 100),
            item("2", "BRA", date(2012, 5, 1), 60),
            item("2", "BRA", date(2012, 3, 1), 40),
            item("3", "IND", date(2012, 3, 1), 130),
            item("4", "IND", date(2012, 3, 15), 90),
            item("6", "IND", date(2012, 12, 31), 7),
        ];
        let comparison = compare(&earlier, &later);
        let kinds: Vec<_> = comparison.changes.iter().map(|c| (c.line.as_str(), c.kind)).collect();
        use ChangeKind::*;
        assert_eq!(kinds, [("2", Moved), ("5", Removed), ("3", Revalued), ("4", Rescheduled), ("6", Added)]);
        assert_eq!(comparison.alike, 1);
        assert_eq!(comparison.year, Pair { earlier: 500, later: 427 });
        assert_eq!(comparison.months[2], Pair { earlier: 500, later: 360 });
        assert_eq!(comparison.months[11], Pair { earlier: 0, later: 7 });
        assert_eq!(comparison.partners["IND"], Pair { earlier: 300, later: 227 });
        // 100 of line 1, 40 of 2, 100 of 3, 90 of 4, none of 5.
        assert_eq!(comparison.kept, 330);
        // Twice 330 of 927.
        assert_eq!(comparison.stability().unwrap().percent().to_string(), "71.2");
        assert_eq!(compare(&[], &later).stability().unwrap().percent().to_string(), "0.0");
        assert_eq!(compare(&[], &[]).stability(), None);
    }

    #[test]
    fn a_slip_moves_what_is_still_to_come_and_loses_what_leaves_the_year() {
        let plan = [
            item("1", "BRA", date(2012, 8, 31), 10),
            item("2", "BRA", date(2012, 9, 30), 20),
            item("3", "BRA", date(2012, 10, 31), 30),
            item("4", "BRA", date(2012, 11, 1), 40),
            item("5", "IND", date(2012, 10, 31), 50),
        ];
        let slip = Slip::new(Slipping::Partner("BRA".into()), 1, date(2012, 9, 30)).unwrap();
        let after = slip.of(&plan);
        assert_eq!(after[2].planned_on, date(2012, 11, 30), "November has no 31st");
        assert_eq!(after[4].planned_on, date(2012, 10, 31), "India does not slip");
        let slip = Slip::new(Slipping::Partner("BRA".into()), 2, date(2012, 9, 30)).unwrap();
        let comparison = compare(&plan, &slip.of(&plan));
        assert_eq!(comparison.year, Pair { earlier: 150, later: 110 });
        let kinds: Vec<_> = comparison.changes.iter().map(|c| (c.line.as_str(), c.kind)).collect();
        assert_eq!(kinds, [("4", ChangeKind::Removed), ("3", ChangeKind::Moved)]);
        // 10, 20 and 50 stay where they are; of two years both have 150, whatever year it falls into.
        let of = |months| {
            let slip = Slip::new(Slipping::Partner("BRA".into()), months, date(2012, 9, 30)).unwrap();
            compare_slip(&plan, &slip).stability().unwrap().percent().to_string()
        };
        assert_eq!([of(1), of(2), of(12)], ["53.3", "53.3", "53.3"]);
        for months in [0, 13, -1] {
            assert_eq!(
                Slip::new(Slipping::Partner("BRA".into()), months, date(2012, 9, 30)).unwrap_err().code,
                "slip.months"
            );
        }
    }

    fn schedules() -> impl Strategy<Value = Vec<Scheduled>> {
        let one = (0..5_u8, prop::sample::select(vec!["BRA", "IND"]), 1..=12_i8, 1..=28_i8, 1..1_000_i64);
        prop::collection::vec(one, 0..20).prop_map(|items| {
            items
                .into_iter()
                // A line goes to one partner.
                .map(|(line, _, month, day, amount)| {
                    let partner = if line % 2 == 0 { "BRA" } else { "IND" };
                    item(&line.to_string(), partner, date(2012, month, day), amount)
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn sums_of_months_partners_and_changes_are_the_year(a in schedules(), b in schedules()) {
            let comparison = compare(&a, &b);
            let sum = |items: &[Scheduled]| items.iter().map(|i| i.amount).sum::<i64>();
            prop_assert_eq!(comparison.year, Pair { earlier: sum(&a), later: sum(&b) });
            for part in [comparison.months.to_vec(), comparison.partners.values().copied().collect()] {
                prop_assert_eq!(part.iter().map(|p| p.earlier).sum::<i64>(), comparison.year.earlier);
                prop_assert_eq!(part.iter().map(|p| p.later).sum::<i64>(), comparison.year.later);
            }
            let changed = comparison.changes.iter().map(LineChange::difference).sum::<i64>();
            prop_assert_eq!(changed, comparison.year.difference());
            prop_assert!(comparison.kept <= comparison.year.earlier.min(comparison.year.later));
        }

        #[test]
        fn a_plan_compared_with_itself_is_all_stable(a in schedules()) {
            let comparison = compare(&a, &a);
            prop_assert!(comparison.changes.is_empty());
            prop_assert_eq!(comparison.kept, comparison.year.earlier);
        }

        #[test]
        fn compared_the_other_way_round_differences_change_their_sign(a in schedules(), b in schedules()) {
            let (there, back) = (compare(&a, &b), compare(&b, &a));
            prop_assert_eq!(there.year.difference(), -back.year.difference());
            prop_assert_eq!(there.kept, back.kept);
            prop_assert_eq!(there.changes.len(), back.changes.len());
        }

        #[test]
        fn a_slip_plans_nothing_more_and_nothing_earlier(a in schedules(), months in 1..=12_i8) {
            let slip = Slip::new(Slipping::Manufacturer("O-P-0001".into()), months, date(2012, 6, 30)).unwrap();
            let after = slip.of(&a);
            prop_assert!(after.len() <= a.len());
            let before_the_day = |items: &[Scheduled]| {
                items.iter().filter(|i| i.planned_on <= slip.after).map(|i| i.amount).sum::<i64>()
            };
            prop_assert_eq!(before_the_day(&a), before_the_day(&after));
        }
    }
}
