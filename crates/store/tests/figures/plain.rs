//! Every figure of a brief once more, by the plainest arithmetic over what the events alone give: nothing here is
//! shared with the program's own way from facts to figures.

use std::collections::BTreeSet;

use entente_register::brief::{Facts, FigureName, Method};
use entente_store::reader::FigureValue;
use jiff::civil::{Date, date};

/// A figure as a plain reckoner writes it; what cannot be known is none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Plain {
    Money(Option<i64>),
    /// The digits of a percentage with one decimal, or of a ratio with two.
    Number(Option<i64>),
    Count(i64, Option<i64>),
}

impl Plain {
    /// What the program says, without its reasons and units.
    pub(crate) fn said(value: &FigureValue) -> Plain {
        match value {
            FigureValue::Money(known) => Plain::Money(known.value().copied()),
            FigureValue::Number(known, _) => Plain::Number(known.value().map(|decimal| decimal.scaled)),
            FigureValue::Count(count, _, value) => Plain::Count(*count, *value),
        }
    }
}

use FigureName as F;
use Plain::{Count, Money, Number};

/// Half away from zero.
fn rounded(numerator: i128, denominator: i128) -> i64 {
    let doubled = 2 * numerator.abs() + denominator;
    i64::try_from(numerator.signum() * (doubled / (2 * denominator))).unwrap()
}

fn percent(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| rounded(i128::from(part) * 1_000, i128::from(whole)))
}

fn ratio(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| rounded(i128::from(part) * 100, i128::from(whole)))
}

/// What a brief says, worked out by hand.
pub(crate) struct Reckoner<'f> {
    facts: &'f Facts,
    as_of: Date,
    year: i16,
}

impl<'f> Reckoner<'f> {
    pub(crate) fn of(facts: &'f Facts) -> Reckoner<'f> {
        let as_of = facts.conventions.as_of;
        Reckoner { facts, as_of, year: as_of.year() }
    }

    fn whole(&self, year: i16, of: impl Fn(&str) -> bool) -> i64 {
        self.facts.delivered.iter().filter(|d| d.year == year && of(&d.partner)).map(|d| d.amount).sum()
    }

    fn to_date(&self, year: i16, of: impl Fn(&str) -> bool) -> i64 {
        self.facts.delivered.iter().filter(|d| d.year == year && of(&d.partner)).map(|d| d.to_date).sum()
    }

    /// Planned in a year in these months for these partners.
    fn planned(&self, year: i16, months: impl Fn(i8) -> bool, of: impl Fn(&str) -> bool) -> Option<i64> {
        if year == self.year && self.facts.plan_missing.is_some() {
            return None;
        }
        let plan = self.facts.plans.iter().find(|plan| plan.version.year == year)?;
        Some(plan.items.iter().filter(|i| months(i.month) && of(&i.partner)).map(|i| i.amount).sum())
    }

    /// Months of the year of which something can be known.
    fn is_known(&self, month: i8) -> bool {
        let recorded = jiff::tz::TimeZone::UTC.to_datetime(self.facts.conventions.known_at).date();
        let some = self.facts.delivered.iter().any(|d| (d.year, d.month) == (self.year, month));
        month <= self.as_of.month() && (some || (self.year, month) <= (recorded.year(), recorded.month()))
    }

    fn due(&self) -> impl Iterator<Item = &entente_register::brief::OpenLine> {
        self.facts.open_lines.iter().filter(|line| line.due_on <= self.as_of)
    }

    /// Lines due in the years before one, and those of them that slipped.
    fn slips(&self, before: i16, of: impl Fn(&str) -> bool) -> (i64, i64) {
        let slips = self.facts.slips.iter().filter(|s| s.year < before && of(&s.partner));
        slips.fold((0, 0), |sum, slip| (sum.0 + slip.due, sum.1 + slip.slipped))
    }

    /// Partners with what their lines due by a year's end owe on the brief's day in that year.
    fn outstanding(&self, year: i16) -> Vec<(String, i64)> {
        let mut rows: Vec<(String, i64)> = if year == self.year {
            let lines = self.facts.open_lines.iter().filter(|l| l.due_on <= date(year, 12, 31));
            lines.map(|l| (l.partner.clone(), l.amount - l.delivered)).collect()
        } else {
            let rows = self.facts.outstanding.iter().filter(|o| o.year == year);
            rows.map(|o| (o.partner.clone(), o.amount)).collect()
        };
        rows.sort();
        let partners: BTreeSet<String> = rows.iter().map(|row| row.0.clone()).collect();
        let sum = |partner: &String| rows.iter().filter(|row| row.0 == *partner).map(|row| row.1).sum();
        partners.iter().map(|partner| (partner.clone(), sum(partner))).collect()
    }

    fn says(&self, method: Method, year: i16) -> Option<i64> {
        let delivered = self.to_date(year, |_| true);
        match method {
            Method::RunRate => {
                let day = Date::new(year, self.as_of.month(), self.as_of.day()).unwrap_or(date(year, 2, 28));
                let (gone, all) = (day.day_of_year(), day.days_in_year());
                (delivered > 0).then(|| rounded(i128::from(delivered) * i128::from(all), i128::from(gone)))
            }
            Method::Seasonal => {
                let before = self.facts.delivered.iter().filter(|d| d.year < year);
                let sums = before.fold((0, 0), |sum, d| (sum.0 + d.to_date, sum.1 + d.amount));
                (delivered > 0 && sums.0 > 0)
                    .then(|| rounded(i128::from(delivered) * i128::from(sums.1), i128::from(sums.0)))
            }
            Method::Plan => self.planned(year, |_| true, |_| true),
            Method::BottomUp => {
                let all = self.slips(year, |_| true);
                let kept = |(partner, owed): (String, i64)| {
                    let own = self.slips(year, |p| p == partner);
                    let (due, slipped) = if own.0 >= 10 { own } else { all };
                    rounded(i128::from(owed) * i128::from(due - slipped), i128::from(due))
                };
                (all.0 > 0).then(|| delivered + self.outstanding(year).into_iter().map(kept).sum::<i64>())
            }
        }
    }

    /// The value of a figure; none for money in and out, which these histories do not know.
    pub(crate) fn value(&self, name: &FigureName) -> Option<Plain> {
        let (year, last) = (self.year, self.year - 1);
        let all = |_: &str| true;
        let delivered = self.to_date(year, all);
        let plan = self.planned(year, |_| true, all);
        let plan_to_date = plan.and_then(|_| {
            let plan = self.facts.plans.iter().find(|plan| plan.version.year == year)?;
            Some(plan.items.iter().map(|item| item.to_date).sum::<i64>())
        });
        let backlog: i64 = self.facts.open_lines.iter().map(|l| l.amount - l.delivered).sum();
        let on_time = |this_year: bool| {
            let counts = self.facts.line_counts.iter().filter(|c| !this_year || c.year == year);
            counts.fold((0, 0), |sum, count| (sum.0 + count.on_time, sum.1 + count.due))
        };
        let in_force = || self.facts.contracts.iter().filter(|c| c.state == "in_force");
        let behind = in_force()
            .filter(|c| c.open_claims > 0 || self.due().any(|line| line.contract == c.contract))
            .count() as i64;
        let group = |code: &str| {
            let group = self.facts.groups.iter().find(|group| group.code == code).unwrap();
            move |partner: &str| group.members.iter().any(|member| member == partner)
        };
        let execution =
            |of: &dyn Fn(&str) -> bool| percent(self.to_date(year, of), self.planned(year, |_| true, of)?);
        let this_month = |month: i8, sum: bool| {
            self.is_known(month).then(|| {
                let rows = self.facts.delivered.iter().filter(|d| d.year == year);
                rows.filter(|d| d.month == month || sum && d.month < month).map(|d| d.to_date).sum::<i64>()
            })
        };
        Some(match name {
            F::Delivered => Money(Some(delivered)),
            F::PlanYear => Money(plan),
            F::PlanToDate => Money(plan_to_date),
            F::ExecutionPct => Number(plan.and_then(|plan| percent(delivered, plan))),
            F::Spi => Number(plan_to_date.and_then(|plan| ratio(delivered, plan))),
            F::OnTimePct => Number(percent(on_time(false).0, on_time(false).1)),
            F::OnTimeYearPct => Number(percent(on_time(true).0, on_time(true).1)),
            F::Overdue => {
                Count(self.due().count() as i64, Some(self.due().map(|l| l.amount - l.delivered).sum()))
            }
            F::InForce => Count(in_force().count() as i64, None),
            F::AsPlanned => Count(in_force().count() as i64 - behind, None),
            F::Behind => Count(behind, None),
            F::PreviousDelivered => Money(Some(self.whole(last, all))),
            F::PreviousSameDate => Money(Some(self.to_date(last, all))),
            F::PreviousChangePct => {
                let then = self.to_date(last, all);
                Number(percent(delivered - then, then))
            }
            F::PlanChangePct => {
                let then = self.whole(last, all);
                Number(plan.and_then(|plan| percent(plan - then, then)))
            }
            F::Backlog => Money(Some(backlog)),
            F::TwelveMonths => Money(Some(self.facts.delivered_twelve_months)),
            F::YearsOfCover => Number(ratio(backlog, self.facts.delivered_twelve_months)),
            F::Signed => Money(Some(self.facts.signed)),
            F::BookToBill => Number(ratio(self.facts.signed, delivered)),
            F::Forecast(method) => Money(self.says(*method, year).map(|said| said.max(delivered))),
            F::BackTest(method, of) => Money(self.says(*method, *of)),
            F::PartnerDelivered(code) => Money(Some(self.to_date(year, |p| p == code))),
            F::PartnerPlanned(code) => Money(self.planned(year, |_| true, |p| p == code)),
            F::PartnerExecution(code) => Number(execution(&|p| p == code)),
            F::PartnerSameDate(code) => Money(Some(self.to_date(last, |p| p == code))),
            F::GroupDelivered(code) => Money(Some(self.to_date(year, group(code)))),
            F::GroupPlanned(code) => Money(self.planned(year, |_| true, group(code))),
            F::GroupExecution(code) => Number(execution(&group(code))),
            F::GroupSameDate(code) => Money(Some(self.to_date(last, group(code)))),
            F::MonthDelivered(month) => Money(this_month(*month, false)),
            F::MonthDeliveredSum(month) => Money(this_month(*month, true)),
            F::MonthPlanned(month) => Money(self.planned(year, |m| m == *month, all)),
            F::MonthPlannedSum(month) => Money(self.planned(year, |m| m <= *month, all)),
            F::MonthPrevious(month) => {
                let rows = self.facts.delivered.iter().filter(|d| (d.year, d.month) == (last, *month));
                Money(Some(rows.map(|d| d.amount).sum()))
            }
            F::YearDelivered(of) => Money(Some(self.whole(*of, all))),
            F::YearSameDate(of) => Money(Some(self.to_date(*of, all))),
            F::YearPlan(of) => Money(self.planned(*of, |_| true, all)),
            F::YearOutstanding(of) => Money(Some(self.outstanding(*of).iter().map(|row| row.1).sum())),
            F::YearSlip(of) => {
                let slips = self.facts.slips.iter().filter(|slip| slip.year == *of);
                let sum = slips.fold((0, 0), |sum, slip| (sum.0 + slip.due, sum.1 + slip.slipped));
                Number(percent(sum.1, sum.0))
            }
            F::Remaining => Money(Some(self.outstanding(year).iter().map(|row| row.1).sum())),
            F::Slip => {
                let (due, slipped) = self.slips(year, all);
                Number(percent(slipped, due))
            }
            F::PartnerRemaining(code) => {
                Money(self.outstanding(year).into_iter().find(|row| row.0 == *code).map(|row| row.1))
            }
            F::PartnerSlip(code) => {
                let (due, slipped) = self.slips(year, |p| p == code);
                Number(percent(slipped, due))
            }
            _ => return None,
        })
    }
}
