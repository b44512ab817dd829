//! Names of figures, and how each opens.

use std::fmt;
use std::str::FromStr;

use super::forecast::Method;
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
    PartnerDelivered(String),
    PartnerPlanned(String),
    PartnerExecution(String),
    GroupDelivered(String),
    GroupPlanned(String),
    GroupExecution(String),
}

use FigureName as F;

impl FigureName {
    /// The figures without a parameter, and the forecasts.
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
        ];
        all.extend(Method::ALL.map(F::Forecast));
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
            F::PartnerDelivered(code) => format!("Delivered to {code} in the year to date"),
            F::PartnerPlanned(code) => format!("Plan of the year for {code}"),
            F::PartnerExecution(code) => format!("Execution of the plan for {code}"),
            F::GroupDelivered(code) => format!("Delivered to {code} in the year to date"),
            F::GroupPlanned(code) => format!("Plan of the year for {code}"),
            F::GroupExecution(code) => format!("Execution of the plan for {code}"),
        }
    }
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
            F::Forecast(method) => return write!(f, "forecasts.{}", method.word()),
            F::PartnerDelivered(code) => return write!(f, "by_partner.{code}.delivered"),
            F::PartnerPlanned(code) => return write!(f, "by_partner.{code}.planned"),
            F::PartnerExecution(code) => return write!(f, "by_partner.{code}.execution_pct"),
            F::GroupDelivered(code) => return write!(f, "by_group.{code}.delivered"),
            F::GroupPlanned(code) => return write!(f, "by_group.{code}.planned"),
            F::GroupExecution(code) => return write!(f, "by_group.{code}.execution_pct"),
        })
    }
}

impl FromStr for FigureName {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<FigureName, Refusal> {
        if let Some(fixed) = FigureName::fixed().into_iter().find(|f| f.to_string() == text) {
            return Ok(fixed);
        }
        let parts: Vec<&str> = text.split('.').collect();
        let [family, code, what] = parts[..] else {
            return Err(Refusal::not_found("figure", text));
        };
        let shaped = (2..=12).contains(&code.len())
            && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let code = code.to_owned();
        match (family, what) {
            _ if !shaped => Err(Refusal::not_found("figure", text)),
            ("by_partner", "delivered") => Ok(F::PartnerDelivered(code)),
            ("by_partner", "planned") => Ok(F::PartnerPlanned(code)),
            ("by_partner", "execution_pct") => Ok(F::PartnerExecution(code)),
            ("by_group", "delivered") => Ok(F::GroupDelivered(code)),
            ("by_group", "planned") => Ok(F::GroupPlanned(code)),
            ("by_group", "execution_pct") => Ok(F::GroupExecution(code)),
            _ => Err(Refusal::not_found("figure", text)),
        }
    }
}

/// Rows of the register behind a figure. Their amounts sum to it, or their number is it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sources {
    /// Acts of delivery by the counting rule, dated in the span of the named part of the year.
    Acts {
        /// Which span.
        span: Span,
        /// Only these partners; none for all.
        partners: Option<Vec<String>>,
    },
    /// Items of the plan version.
    PlanItems {
        /// Only up to the cut-off.
        to_date: bool,
        /// Only these partners; none for all.
        partners: Option<Vec<String>>,
    },
    /// Lines past their date and not delivered in full; the value still owed.
    OverdueLines,
    /// Lines not delivered in full; the value still owed.
    OpenLines,
    /// Lines due by the cut-off, each marked on time or late.
    DueLines {
        /// Only those due in the year to date.
        year_only: bool,
    },
    /// Contracts in force, each marked as planned or behind; `behind` selects one sort.
    Contracts {
        /// None for all in force.
        behind: Option<bool>,
    },
    /// Contracts signed in the year to date, with their value.
    SignedContracts,
}

/// A span of days up to the cut-off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// 1 January to the cut-off.
    YearToDate,
    /// The whole year before.
    PreviousYear,
    /// The year before, to the same month and day.
    PreviousSameDate,
    /// The twelve months to the cut-off.
    TwelveMonths,
}

/// A figure used in working out another.
pub type Operand = FigureName;

/// How a figure opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provenance {
    /// Into rows.
    Rows(Sources),
    /// Into other figures, by a rule stated in words.
    Formula {
        /// The rule.
        words: String,
        /// The figures.
        operands: Vec<Operand>,
    },
}

/// How a figure opens. `group_members` gives the members of a group on the cut-off's day.
pub fn provenance(name: &FigureName, group_members: &dyn Fn(&str) -> Vec<String>) -> Provenance {
    let acts = |span, partners| Provenance::Rows(Sources::Acts { span, partners });
    let formula =
        |words: &str, operands: Vec<FigureName>| Provenance::Formula { words: words.to_owned(), operands };
    match name {
        F::Delivered => acts(Span::YearToDate, None),
        F::PlanYear => Provenance::Rows(Sources::PlanItems { to_date: false, partners: None }),
        F::PlanToDate => Provenance::Rows(Sources::PlanItems { to_date: true, partners: None }),
        F::ExecutionPct => {
            formula("delivered ÷ plan of the year, in per cent", vec![F::Delivered, F::PlanYear])
        }
        F::Spi => formula("delivered ÷ plan to date", vec![F::Delivered, F::PlanToDate]),
        F::OnTimePct => Provenance::Rows(Sources::DueLines { year_only: false }),
        F::OnTimeYearPct => Provenance::Rows(Sources::DueLines { year_only: true }),
        F::Overdue => Provenance::Rows(Sources::OverdueLines),
        F::InForce => Provenance::Rows(Sources::Contracts { behind: None }),
        F::AsPlanned => Provenance::Rows(Sources::Contracts { behind: Some(false) }),
        F::Behind => Provenance::Rows(Sources::Contracts { behind: Some(true) }),
        F::PreviousDelivered => acts(Span::PreviousYear, None),
        F::PreviousSameDate => acts(Span::PreviousSameDate, None),
        F::PreviousChangePct => formula(
            "delivered ÷ delivered to the same date of the previous year − 1, in per cent",
            vec![F::Delivered, F::PreviousSameDate],
        ),
        F::PlanChangePct => formula(
            "plan of the year ÷ delivered in the previous year − 1, in per cent",
            vec![F::PlanYear, F::PreviousDelivered],
        ),
        F::Backlog => Provenance::Rows(Sources::OpenLines),
        F::TwelveMonths => acts(Span::TwelveMonths, None),
        F::YearsOfCover => {
            formula("order book ÷ delivered in the last twelve months", vec![F::Backlog, F::TwelveMonths])
        }
        F::Signed => Provenance::Rows(Sources::SignedContracts),
        F::BookToBill => formula(
            "new contracts signed ÷ delivered, both in the year to date",
            vec![F::Signed, F::Delivered],
        ),
        F::Forecast(method) => formula(method.rule(), method.operands()),
        F::PartnerDelivered(code) => acts(Span::YearToDate, Some(vec![code.clone()])),
        F::PartnerPlanned(code) => {
            Provenance::Rows(Sources::PlanItems { to_date: false, partners: Some(vec![code.clone()]) })
        }
        F::PartnerExecution(code) => formula(
            "delivered ÷ plan of the year, in per cent",
            vec![F::PartnerDelivered(code.clone()), F::PartnerPlanned(code.clone())],
        ),
        F::GroupDelivered(code) => acts(Span::YearToDate, Some(group_members(code))),
        F::GroupPlanned(code) => {
            Provenance::Rows(Sources::PlanItems { to_date: false, partners: Some(group_members(code)) })
        }
        F::GroupExecution(code) => formula(
            "delivered ÷ plan of the year, in per cent",
            vec![F::GroupDelivered(code.clone()), F::GroupPlanned(code.clone())],
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back_and_opens() {
        let mut all = FigureName::fixed();
        for code in ["BRA", "BRICS"] {
            all.extend([
                F::PartnerDelivered(code.into()),
                F::PartnerPlanned(code.into()),
                F::PartnerExecution(code.into()),
                F::GroupDelivered(code.into()),
                F::GroupPlanned(code.into()),
                F::GroupExecution(code.into()),
            ]);
        }
        for name in all {
            assert_eq!(name.to_string().parse::<FigureName>().unwrap(), name);
            // Every figure opens to rows, at most through one formula.
            if let Provenance::Formula { operands, .. } = provenance(&name, &|_| vec!["BRA".into()]) {
                assert!(!operands.is_empty());
                for operand in operands {
                    assert!(matches!(provenance(&operand, &|_| vec![]), Provenance::Rows(_)), "{operand}");
                }
            }
        }
        for bad in
            ["", "deliveries", "by_partner.bra.delivered", "by_partner.BRA.", "by_partner.BRA.delivered.x"]
        {
            assert!(bad.parse::<FigureName>().is_err(), "{bad}");
        }
    }
}
