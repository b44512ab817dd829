//! Names of figures.

use std::fmt;
use std::str::FromStr;

use super::Brief;
use super::forecast::Method;
use super::payment::NO_BANK;
use crate::ledger::Refusal;

/// A figure of the brief, by the path that it has in the brief's JSON.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)] // Each is documented at the field of `Brief` that its path names.
pub enum FigureName {
    Delivered,
    PlanYear,
    PlanToDate,
    ExecutionPct,
    Spi,
    OnTimePct,
    OnTimeYearPct,
    Overdue,
    InForce,
    AsPlanned,
    Behind,
    PreviousDelivered,
    PreviousSameDate,
    PreviousChangePct,
    PlanChangePct,
    Backlog,
    TwelveMonths,
    YearsOfCover,
    Signed,
    BookToBill,
    Forecast(Method),
    /// What the method would have said in an earlier year on the same date.
    BackTest(Method, i16),
    PartnerDelivered(String),
    PartnerPlanned(String),
    PartnerExecution(String),
    PartnerSameDate(String),
    GroupDelivered(String),
    GroupPlanned(String),
    GroupExecution(String),
    GroupSameDate(String),
    /// Of a month, 1 to 12, as all of the four below.
    MonthDelivered(i8),
    MonthPlanned(i8),
    MonthPrevious(i8),
    MonthDeliveredSum(i8),
    MonthPlannedSum(i8),
    /// Of an earlier year, as all of the four below.
    YearDelivered(i16),
    YearSameDate(i16),
    YearPlan(i16),
    YearOutstanding(i16),
    YearSlip(i16),
    Remaining,
    Slip,
    PartnerRemaining(String),
    PartnerSlip(String),
    PaymentsReceived,
    PaymentsOverdue,
    PaymentsReceivable,
    PaymentsOnCredit,
    PartnerReceivable(String),
    BankExposure(String),
    PipelineOpen,
    PipelineDueSoon,
    PipelineOverdue,
    PipelineWinPct,
    PipelineWonValue,
    PipelineDecidedValue,
    PipelineWinValuePct,
    PipelineExpected,
    PartnerOpportunities(String),
}

use FigureName as F;

impl FigureName {
    /// The figures that every brief has: those without a parameter, the forecasts, and those of the months.
    pub fn fixed() -> Vec<FigureName> {
        let mut all = vec![
            F::Delivered,
            F::PlanYear,
            F::PlanToDate,
            F::ExecutionPct,
            F::Spi,
            F::OnTimePct,
            F::OnTimeYearPct,
            F::Overdue,
            F::InForce,
            F::AsPlanned,
            F::Behind,
            F::PreviousDelivered,
            F::PreviousSameDate,
            F::PreviousChangePct,
            F::PlanChangePct,
            F::Backlog,
            F::TwelveMonths,
            F::YearsOfCover,
            F::Signed,
            F::BookToBill,
            F::Remaining,
            F::Slip,
            F::PaymentsReceived,
            F::PaymentsOverdue,
            F::PaymentsReceivable,
            F::PaymentsOnCredit,
            F::PipelineOpen,
            F::PipelineDueSoon,
            F::PipelineOverdue,
            F::PipelineWinPct,
            F::PipelineWonValue,
            F::PipelineDecidedValue,
            F::PipelineWinValuePct,
            F::PipelineExpected,
        ];
        all.extend(Method::ALL.map(F::Forecast));
        for month in 1..=12 {
            all.extend([
                F::MonthDelivered(month),
                F::MonthPlanned(month),
                F::MonthPrevious(month),
                F::MonthDeliveredSum(month),
                F::MonthPlannedSum(month),
            ]);
        }
        all
    }

    /// All figures of a brief, in its order.
    pub fn all(brief: &Brief) -> Vec<FigureName> {
        let mut all = F::fixed();
        for forecast in &brief.forecasts {
            all.extend(forecast.backtests.iter().map(|test| F::BackTest(forecast.method, test.year)));
        }
        for row in &brief.by_partner {
            let families = [F::PartnerDelivered, F::PartnerPlanned, F::PartnerExecution, F::PartnerSameDate];
            all.extend(families.map(|family| family(row.code.clone())));
        }
        for row in &brief.by_group {
            let families = [F::GroupDelivered, F::GroupPlanned, F::GroupExecution, F::GroupSameDate];
            all.extend(families.map(|family| family(row.code.clone())));
        }
        for row in &brief.earlier_years {
            let families = [F::YearDelivered, F::YearSameDate, F::YearPlan, F::YearOutstanding, F::YearSlip];
            all.extend(families.map(|family| family(row.year)));
        }
        for row in &brief.remaining.by_partner {
            all.extend([F::PartnerRemaining, F::PartnerSlip].map(|family| family(row.partner.clone())));
        }
        let money = &brief.payments;
        all.extend(money.by_partner.iter().map(|row| F::PartnerReceivable(row.code.clone())));
        all.extend(money.by_bank.iter().map(|row| F::BankExposure(row.bank.clone())));
        let partners = brief.pipeline.by_partner.iter();
        all.extend(partners.map(|row| F::PartnerOpportunities(row.code.clone())));
        all
    }

    /// The name for people.
    pub fn title(&self) -> String {
        match self {
            F::Delivered => "Delivered in the year to date".to_owned(),
            F::PlanYear => "Plan of the year".to_owned(),
            F::PlanToDate => "Plan to date".to_owned(),
            F::ExecutionPct => "Execution of the year’s plan".to_owned(),
            F::Spi => "Schedule performance (SPI)".to_owned(),
            F::OnTimePct => "Lines delivered on time".to_owned(),
            F::OnTimeYearPct => "Lines delivered on time, due this year".to_owned(),
            F::Overdue => "Overdue".to_owned(),
            F::InForce => "Contracts in force".to_owned(),
            F::AsPlanned => "Contracts executed as planned".to_owned(),
            F::Behind => "Contracts behind".to_owned(),
            F::PreviousDelivered => "Delivered in the previous year".to_owned(),
            F::PreviousSameDate => "Delivered in the previous year to the same date".to_owned(),
            F::PreviousChangePct => "Deliveries against the same date of the previous year".to_owned(),
            F::PlanChangePct => "Plan against the previous year".to_owned(),
            F::Backlog => "Order book".to_owned(),
            F::TwelveMonths => "Delivered in the last twelve months".to_owned(),
            F::YearsOfCover => "Years of cover".to_owned(),
            F::Signed => "New contracts signed in the year to date".to_owned(),
            F::BookToBill => "Book-to-bill".to_owned(),
            F::Forecast(method) => format!("Forecast to year end: {}", method.name()),
            F::BackTest(method, year) => {
                format!("Forecast of {year} as it would have been on the same date: {}", method.name())
            }
            F::PartnerDelivered(code) => format!("Delivered to {code} in the year to date"),
            F::PartnerPlanned(code) => format!("Plan of the year for {code}"),
            F::PartnerExecution(code) => format!("Execution of the plan for {code}"),
            F::PartnerSameDate(code) | F::GroupSameDate(code) => {
                format!("Delivered to {code} in the previous year to the same date")
            }
            F::GroupDelivered(code) => format!("Delivered to {code} in the year to date"),
            F::GroupPlanned(code) => format!("Plan of the year for {code}"),
            F::GroupExecution(code) => format!("Execution of the plan for {code}"),
            F::MonthDelivered(month) => format!("Delivered in {}", month_name(*month)),
            F::MonthPlanned(month) => format!("Planned in {}", month_name(*month)),
            F::MonthPrevious(month) => format!("Delivered in {} of the previous year", month_name(*month)),
            F::MonthDeliveredSum(month) => {
                format!("Delivered from January to the end of {}", month_name(*month))
            }
            F::MonthPlannedSum(month) => format!("Planned from January to the end of {}", month_name(*month)),
            F::YearDelivered(year) => format!("Delivered in {year}"),
            F::YearSameDate(year) => format!("Delivered in {year} to the same date"),
            F::YearPlan(year) => format!("Plan of {year} on the same date"),
            F::YearOutstanding(year) => {
                format!("Owed in {year} on the same date by lines due by the end of {year}")
            }
            F::YearSlip(year) => format!("Lines due in {year} that slipped over its end"),
            F::Remaining => "Still owed by lines due by the year’s end".to_owned(),
            F::Slip => "Lines due in earlier years that slipped over the year’s end".to_owned(),
            F::PartnerRemaining(code) => format!("Still owed to {code} by lines due by the year’s end"),
            F::PartnerSlip(code) => {
                format!("Lines for {code} due in earlier years that slipped over the year’s end")
            }
            F::PaymentsReceived => "Received in the year to date".to_owned(),
            F::PaymentsOverdue => "Instalments overdue".to_owned(),
            F::PaymentsReceivable => "Delivered and unpaid".to_owned(),
            F::PaymentsOnCredit => "Delivered and unpaid, on credit".to_owned(),
            F::PartnerReceivable(code) => format!("Delivered to {code} and unpaid"),
            F::BankExposure(bank) if bank == NO_BANK => {
                "Delivered and unpaid, where no bank is named".to_owned()
            }
            F::BankExposure(bank) => format!("Delivered and unpaid, by the bank {bank}"),
            F::PipelineOpen => "Open opportunities".to_owned(),
            F::PipelineDueSoon => "Opportunities to be answered within thirty days".to_owned(),
            F::PipelineOverdue => "Opportunities unanswered past their deadline".to_owned(),
            F::PipelineWinPct => "Opportunities won, of those decided in the year to date".to_owned(),
            F::PipelineWonValue => "Offered in opportunities won in the year to date".to_owned(),
            F::PipelineDecidedValue => "Offered in opportunities decided in the year to date".to_owned(),
            F::PipelineWinValuePct => {
                "Opportunities won, of those decided in the year to date, by value".to_owned()
            }
            F::PipelineExpected => "Expected order intake".to_owned(),
            F::PartnerOpportunities(code) => format!("Open opportunities with {code}"),
        }
    }
}

/// The name of a month, 1 to 12, for people.
pub fn month_name(month: i8) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    usize::try_from(month - 1).ok().and_then(|place| NAMES.get(place)).copied().unwrap_or("no month")
}

impl fmt::Display for FigureName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            F::Delivered => "deliveries.delivered",
            F::PlanYear => "deliveries.plan_year",
            F::PlanToDate => "deliveries.plan_to_date",
            F::ExecutionPct => "deliveries.execution_pct",
            F::Spi => "deliveries.spi",
            F::OnTimePct => "deliveries.on_time_pct",
            F::OnTimeYearPct => "deliveries.on_time_year_pct",
            F::Overdue => "deliveries.overdue",
            F::InForce => "contracts.in_force",
            F::AsPlanned => "contracts.as_planned",
            F::Behind => "contracts.behind",
            F::PreviousDelivered => "previous_year.delivered",
            F::PreviousSameDate => "previous_year.delivered_same_date",
            F::PreviousChangePct => "previous_year.delivered_change_pct",
            F::PlanChangePct => "previous_year.plan_change_pct",
            F::Backlog => "order_book.backlog",
            F::TwelveMonths => "order_book.delivered_twelve_months",
            F::YearsOfCover => "order_book.years_of_cover",
            F::Signed => "order_book.signed",
            F::BookToBill => "order_book.book_to_bill",
            F::Remaining => "remaining.value",
            F::Slip => "remaining.slip_pct",
            F::Forecast(method) => return write!(f, "forecasts.{}", method.word()),
            F::BackTest(method, year) => return write!(f, "forecasts.{}.{year}", method.word()),
            F::PartnerDelivered(code) => return write!(f, "by_partner.{code}.delivered"),
            F::PartnerPlanned(code) => return write!(f, "by_partner.{code}.planned"),
            F::PartnerExecution(code) => return write!(f, "by_partner.{code}.execution_pct"),
            F::PartnerSameDate(code) => return write!(f, "by_partner.{code}.previous_same_date"),
            F::GroupDelivered(code) => return write!(f, "by_group.{code}.delivered"),
            F::GroupPlanned(code) => return write!(f, "by_group.{code}.planned"),
            F::GroupExecution(code) => return write!(f, "by_group.{code}.execution_pct"),
            F::GroupSameDate(code) => return write!(f, "by_group.{code}.previous_same_date"),
            F::MonthDelivered(month) => return write!(f, "months.{month}.delivered"),
            F::MonthPlanned(month) => return write!(f, "months.{month}.planned"),
            F::MonthPrevious(month) => return write!(f, "months.{month}.previous"),
            F::MonthDeliveredSum(month) => return write!(f, "months.{month}.delivered_sum"),
            F::MonthPlannedSum(month) => return write!(f, "months.{month}.planned_sum"),
            F::YearDelivered(year) => return write!(f, "earlier_years.{year}.delivered"),
            F::YearSameDate(year) => return write!(f, "earlier_years.{year}.delivered_same_date"),
            F::YearPlan(year) => return write!(f, "earlier_years.{year}.plan"),
            F::YearOutstanding(year) => return write!(f, "earlier_years.{year}.outstanding"),
            F::YearSlip(year) => return write!(f, "earlier_years.{year}.slip_pct"),
            F::PartnerRemaining(code) => return write!(f, "remaining.{code}.value"),
            F::PartnerSlip(code) => return write!(f, "remaining.{code}.slip_pct"),
            F::PaymentsReceived => "payments.received",
            F::PaymentsOverdue => "payments.overdue",
            F::PaymentsReceivable => "payments.receivable",
            F::PaymentsOnCredit => "payments.on_credit",
            F::PartnerReceivable(code) => return write!(f, "by_partner.{code}.receivable"),
            F::BankExposure(bank) => return write!(f, "by_bank.{bank}.exposure"),
            F::PipelineOpen => "pipeline.open",
            F::PipelineDueSoon => "pipeline.due_soon",
            F::PipelineOverdue => "pipeline.overdue",
            F::PipelineWinPct => "pipeline.win_pct",
            F::PipelineWonValue => "pipeline.won_value",
            F::PipelineDecidedValue => "pipeline.decided_value",
            F::PipelineWinValuePct => "pipeline.win_value_pct",
            F::PipelineExpected => "pipeline.expected_intake",
            F::PartnerOpportunities(code) => return write!(f, "by_partner.{code}.opportunities"),
        })
    }
}

impl FromStr for FigureName {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<FigureName, Refusal> {
        if let Some(fixed) = FigureName::fixed().into_iter().find(|f| f.to_string() == text) {
            return Ok(fixed);
        }
        let absent = || Refusal::not_found("figure", text);
        let parts: Vec<&str> = text.split('.').collect();
        let [family, code, what] = parts[..] else { return Err(absent()) };
        let name = match family {
            "by_partner" | "by_group" | "by_bank" | "remaining" => of_code(family, code, what),
            "earlier_years" | "forecasts" => of_year(family, code, what),
            _ => None,
        };
        // What is written otherwise than we write it, as `02010`, is another name.
        name.filter(|name| name.to_string() == text).ok_or_else(absent)
    }
}

/// A figure of a partner or of a group.
fn of_code(family: &str, code: &str, what: &str) -> Option<FigureName> {
    // Numbers of parties have a hyphen after their series.
    let may_stand = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-' && family == "by_bank";
    let shaped = (2..=12).contains(&code.len()) && code.bytes().all(may_stand);
    let name: fn(String) -> FigureName = match (family, what) {
        _ if !shaped => return None,
        ("by_partner", "delivered") => F::PartnerDelivered,
        ("by_partner", "planned") => F::PartnerPlanned,
        ("by_partner", "execution_pct") => F::PartnerExecution,
        ("by_partner", "previous_same_date") => F::PartnerSameDate,
        ("by_group", "delivered") => F::GroupDelivered,
        ("by_group", "planned") => F::GroupPlanned,
        ("by_group", "execution_pct") => F::GroupExecution,
        ("by_group", "previous_same_date") => F::GroupSameDate,
        ("remaining", "value") => F::PartnerRemaining,
        ("remaining", "slip_pct") => F::PartnerSlip,
        ("by_partner", "receivable") => F::PartnerReceivable,
        ("by_partner", "opportunities") => F::PartnerOpportunities,
        ("by_bank", "exposure") => F::BankExposure,
        _ => return None,
    };
    Some(name(code.to_owned()))
}

/// A figure of an earlier year, or a forecast as it would have been in one.
fn of_year(family: &str, first: &str, second: &str) -> Option<FigureName> {
    if family == "forecasts" {
        let method = Method::ALL.into_iter().find(|method| method.word() == first)?;
        return Some(F::BackTest(method, second.parse().ok()?));
    }
    let year = first.parse().ok()?;
    Some(match second {
        "delivered" => F::YearDelivered(year),
        "delivered_same_date" => F::YearSameDate(year),
        "plan" => F::YearPlan(year),
        "outstanding" => F::YearOutstanding(year),
        "slip_pct" => F::YearSlip(year),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        let mut all = FigureName::fixed();
        for code in ["BRA", "BRICS"] {
            let families = [
                F::PartnerDelivered,
                F::PartnerPlanned,
                F::PartnerExecution,
                F::PartnerSameDate,
                F::GroupDelivered,
                F::GroupPlanned,
                F::GroupExecution,
                F::PartnerReceivable,
                F::BankExposure,
                F::GroupSameDate,
                F::PartnerRemaining,
                F::PartnerSlip,
            ];
            all.extend(families.map(|family| family(code.to_owned())));
        }
        let families = [F::YearDelivered, F::YearSameDate, F::YearPlan, F::YearOutstanding, F::YearSlip];
        all.extend(families.map(|family| family(2010)));
        all.extend(Method::ALL.map(|method| F::BackTest(method, 2010)));
        for name in all {
            assert_eq!(name.to_string().parse::<FigureName>().unwrap(), name);
            assert!(!name.title().contains("no month"), "{name}");
        }
        for bad in [
            "",
            "deliveries",
            "by_partner.bra.delivered",
            "by_partner.BRA.",
            "by_partner.BRA.delivered.x",
            "months.0.delivered",
            "months.13.planned",
            "months.09.planned",
            "earlier_years.02010.plan",
            "earlier_years.99999.plan",
            "forecasts.guess.2010",
            "forecasts.seasonal.2010.0",
        ] {
            assert!(bad.parse::<FigureName>().is_err(), "{bad}");
        }
    }
}
