//! The values of figures, as a brief holds them.

use entente_register::brief::{Brief, Facts, FigureName, Known};

use crate::reader::FigureValue;

use FigureName as F;

/// The value of a figure of the brief; none if the brief has no such figure.
pub(super) fn value(facts: &Facts, brief: &Brief, name: &FigureName) -> Option<FigureValue> {
    let money = |minor: i64| FigureValue::Money(Known::Value(minor));
    let partner = |code: &String| brief.by_partner.iter().find(|row| row.code == *code);
    let group = |code: &String| brief.by_group.iter().find(|row| row.code == *code);
    let month = |number: &i8| brief.months.iter().find(|row| row.month == *number);
    let year = |number: &i16| brief.earlier_years.iter().find(|row| row.year == *number);
    let remaining = |code: &String| brief.remaining.by_partner.iter().find(|row| row.partner == *code);
    let (deliveries, previous, orders) = (&brief.deliveries, &brief.previous_year, &brief.order_book);
    Some(match name {
        F::Delivered => money(deliveries.delivered),
        F::PlanYear => FigureValue::Money(deliveries.plan_year.clone()),
        F::PlanToDate => FigureValue::Money(deliveries.plan_to_date.clone()),
        F::ExecutionPct => FigureValue::Number(deliveries.execution_pct.clone(), "%"),
        F::Spi => FigureValue::Number(deliveries.spi.clone(), ""),
        F::OnTimePct => FigureValue::Number(deliveries.on_time_pct.clone(), "%"),
        F::OnTimeYearPct => FigureValue::Number(deliveries.on_time_year_pct.clone(), "%"),
        F::Overdue => FigureValue::Count(deliveries.overdue_lines, "lines", Some(deliveries.overdue_value)),
        F::InForce => FigureValue::Count(brief.contracts.in_force, "contracts", None),
        F::AsPlanned => FigureValue::Count(brief.contracts.as_planned, "contracts", None),
        F::Behind => FigureValue::Count(brief.contracts.behind, "contracts", None),
        F::PreviousDelivered => money(previous.delivered),
        F::PreviousSameDate => money(previous.delivered_same_date),
        F::PreviousChangePct => FigureValue::Number(previous.delivered_change_pct.clone(), "%"),
        F::PlanChangePct => FigureValue::Number(previous.plan_change_pct.clone(), "%"),
        F::Backlog => money(orders.backlog),
        F::TwelveMonths => money(facts.delivered_twelve_months),
        F::YearsOfCover => FigureValue::Number(orders.years_of_cover.clone(), ""),
        F::Signed => money(orders.signed),
        F::BookToBill => FigureValue::Number(orders.book_to_bill.clone(), ""),
        F::Forecast(method) => {
            FigureValue::Money(brief.forecasts.iter().find(|f| f.method == *method)?.mid.clone())
        }
        F::PartnerDelivered(code) => money(partner(code)?.delivered),
        F::PartnerPlanned(code) => FigureValue::Money(partner(code)?.planned.clone()),
        F::PartnerExecution(code) => FigureValue::Number(partner(code)?.execution_pct.clone(), "%"),
        F::PartnerSameDate(code) => money(partner(code)?.previous_same_date),
        F::PaymentsReceived => money(brief.payments.received),
        F::PaymentsOverdue => FigureValue::Count(
            brief.payments.overdue_instalments,
            "instalments",
            Some(brief.payments.overdue_value),
        ),
        F::PaymentsReceivable => money(brief.payments.receivable),
        F::PaymentsOnCredit => money(brief.payments.on_credit),
        F::PartnerReceivable(code) => {
            money(brief.payments.by_partner.iter().find(|row| row.code == *code)?.receivable)
        }
        F::BankExposure(bank) => money(brief.payments.by_bank.iter().find(|row| row.bank == *bank)?.exposure),
        F::PipelineOpen => FigureValue::Count(brief.pipeline.open, "opportunities", None),
        F::PipelineDueSoon => FigureValue::Count(brief.pipeline.due_soon, "opportunities", None),
        F::PipelineOverdue => FigureValue::Count(brief.pipeline.overdue, "opportunities", None),
        F::PipelineWinPct => FigureValue::Number(brief.pipeline.win_pct.clone(), "%"),
        F::PipelineWonValue => money(brief.pipeline.won_value),
        F::PipelineDecidedValue => money(brief.pipeline.decided_value),
        F::PipelineWinValuePct => FigureValue::Number(brief.pipeline.win_value_pct.clone(), "%"),
        F::PipelineExpected => money(brief.pipeline.expected_intake),
        F::PartnerOpportunities(code) => {
            let row = brief.pipeline.by_partner.iter().find(|row| row.code == *code)?;
            FigureValue::Count(row.open, "opportunities", None)
        }
        F::GroupDelivered(code) => money(group(code)?.delivered),
        F::GroupPlanned(code) => FigureValue::Money(group(code)?.planned.clone()),
        F::GroupExecution(code) => FigureValue::Number(group(code)?.execution_pct.clone(), "%"),
        F::GroupSameDate(code) => money(group(code)?.previous_same_date),
        F::BackTest(method, year) => {
            let forecast = brief.forecasts.iter().find(|f| f.method == *method)?;
            money(forecast.backtests.iter().find(|test| test.year == *year)?.forecast)
        }
        F::MonthDelivered(number) => FigureValue::Money(delivered_in(brief, month(number)?.delivered)),
        F::MonthPlanned(number) => FigureValue::Money(month(number)?.planned.clone()),
        F::MonthPrevious(number) => money(month(number)?.previous),
        F::MonthDeliveredSum(number) => FigureValue::Money(delivered_in(brief, month(number)?.delivered_sum)),
        F::MonthPlannedSum(number) => FigureValue::Money(month(number)?.planned_sum.clone()),
        F::YearDelivered(number) => money(year(number)?.delivered),
        F::YearSameDate(number) => money(year(number)?.delivered_same_date),
        F::YearPlan(number) => FigureValue::Money(year(number)?.plan.clone()),
        F::YearOutstanding(number) => money(year(number)?.outstanding),
        F::YearSlip(number) => FigureValue::Number(year(number)?.slip_pct.clone(), "%"),
        F::Remaining => money(brief.remaining.value),
        F::Slip => FigureValue::Number(brief.remaining.slip_pct.clone(), "%"),
        F::PartnerRemaining(code) => money(remaining(code)?.value),
        F::PartnerSlip(code) => FigureValue::Number(remaining(code)?.slip_pct.clone(), "%"),
    })
}

/// What was delivered in a month, or why that is not known.
fn delivered_in(brief: &Brief, amount: Option<i64>) -> Known<i64> {
    amount.map_or_else(
        || {
            let conventions = &brief.conventions;
            let day = conventions.known_until().unwrap_or(conventions.as_of);
            Known::Unknown(match conventions.known_until() {
                Some(_) => format!("what happened after {day} is not known"),
                None => format!("the month lies after {day}"),
            })
        },
        Known::Value,
    )
}
