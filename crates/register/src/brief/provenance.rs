//! How each figure opens: into rows of the register, or by one formula into figures that do.

use super::forecast::Method;
use super::{Brief, FigureName, MEASURED_BY_ALL};

use FigureName as F;

/// Rows of the register behind a figure. Their amounts sum to it, or their number is it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sources {
    /// Acts of delivery by the counting rule, dated in the span.
    Acts {
        /// Which span.
        span: Span,
        /// Only these partners; none for all.
        partners: Option<Vec<String>>,
    },
    /// Items of a plan version.
    PlanItems {
        /// The plan of this earlier year, as it stood on the same date; none for the brief's plan.
        year: Option<i16>,
        /// Which of them.
        part: PlanPart,
        /// Only these partners; none for all.
        partners: Option<Vec<String>>,
    },
    /// Lines past their date and not delivered in full; the value still owed.
    OverdueLines,
    /// Lines not delivered in full; the value still owed.
    OpenLines,
    /// Of these, those due by the end of the brief's year.
    RemainingLines {
        /// Only this partner; none for all.
        partner: Option<String>,
    },
    /// Lines due by the end of an earlier year and not delivered in full on the same date of it; the
    /// value owed then.
    OutstandingLines {
        /// The year.
        year: i16,
    },
    /// Lines due by the cut-off, each marked on time or late.
    DueLines {
        /// Only those due in the year to date.
        year_only: bool,
    },
    /// Lines due in earlier years, each marked as delivered in full by its year's end or slipped over it.
    SlippedLines {
        /// Only those due in this year; none for all earlier years.
        year: Option<i16>,
        /// Only this partner; none for all.
        partner: Option<String>,
    },
    /// Contracts in force, each marked as planned or behind; `behind` selects one sort.
    Contracts {
        /// None for all in force.
        behind: Option<bool>,
    },
    /// Contracts signed in the year to date, with their value.
    SignedContracts,
    /// Receipts of the year to date, at their value in the contract's currency.
    Receipts,
    /// Instalments whose day has come, with what is open of them.
    OverdueInstalments,
    /// Contracts with what is delivered and unpaid.
    Receivables {
        /// Only this partner; none for all.
        partner: Option<String>,
    },
    /// What is delivered and unpaid, laid over the open instalments.
    Exposures {
        /// Only this bank, or [`super::NO_BANK`]; none for all.
        bank: Option<String>,
        /// Only instalments on credit.
        credit_only: bool,
    },
    /// Opportunities, with what was offered last in the brief's currency.
    Opportunities {
        /// Which of them.
        part: OpportunityPart,
        /// Only this partner; none for all.
        partner: Option<String>,
    },
}

/// A part of the opportunities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpportunityPart {
    /// Not ended.
    Open,
    /// To be answered within thirty days.
    DueSoon,
    /// Unanswered past their deadline.
    Overdue,
    /// Won or lost in the year to date, each marked as such.
    Decided,
    /// Won in it, and offered in the brief's currency.
    WonValue,
    /// Won or lost in it, and offered in the brief's currency.
    DecidedValue,
    /// Offered in the brief's currency, not decided, and estimated: the value × the probability.
    Expected,
}

/// A span of days, none of them after the cut-off. Years are calendar years.
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
    /// A month of the cut-off's year, 1 to 12.
    Month(i8),
    /// 1 January to the end of a month of the cut-off's year.
    ToMonth(i8),
    /// A month of the year before, the whole of it.
    PreviousMonth(i8),
    /// A whole earlier year.
    Year(i16),
    /// An earlier year, to the same month and day.
    YearSameDate(i16),
}

/// A part of a year's plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanPart {
    /// All of it.
    Whole,
    /// What is planned up to the cut-off's month and day.
    ToDate,
    /// What is planned in a month, 1 to 12.
    Month(i8),
    /// What is planned from January to the end of a month.
    ToMonth(i8),
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

/// How a figure of a brief opens.
pub fn provenance(name: &FigureName, brief: &Brief) -> Provenance {
    let acts = |span, partners| Provenance::Rows(Sources::Acts { span, partners });
    let plan = |part, partners| Provenance::Rows(Sources::PlanItems { year: None, part, partners });
    let opportunities = |part, partner| Provenance::Rows(Sources::Opportunities { part, partner });
    let members = |code: &str| {
        let row = brief.by_group.iter().find(|row| row.code == code);
        Some(row.map_or_else(Vec::new, |row| row.members.clone()))
    };
    let one = |code: &String| Some(vec![code.clone()]);
    let formula =
        |words: &str, operands: Vec<FigureName>| Provenance::Formula { words: words.to_owned(), operands };
    let execution =
        |delivered, planned| formula("delivered ÷ plan of the year, in per cent", vec![delivered, planned]);
    match name {
        F::Delivered => acts(Span::YearToDate, None),
        F::PlanYear => plan(PlanPart::Whole, None),
        F::PlanToDate => plan(PlanPart::ToDate, None),
        F::ExecutionPct => execution(F::Delivered, F::PlanYear),
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
        F::PaymentsReceived => Provenance::Rows(Sources::Receipts),
        F::PaymentsOverdue => Provenance::Rows(Sources::OverdueInstalments),
        F::PaymentsReceivable => Provenance::Rows(Sources::Receivables { partner: None }),
        F::PaymentsOnCredit => Provenance::Rows(Sources::Exposures { bank: None, credit_only: true }),
        F::PartnerReceivable(code) => Provenance::Rows(Sources::Receivables { partner: Some(code.clone()) }),
        F::BankExposure(bank) => {
            Provenance::Rows(Sources::Exposures { bank: Some(bank.clone()), credit_only: false })
        }
        F::PipelineOpen => opportunities(OpportunityPart::Open, None),
        F::PipelineDueSoon => opportunities(OpportunityPart::DueSoon, None),
        F::PipelineOverdue => opportunities(OpportunityPart::Overdue, None),
        F::PipelineWinPct => opportunities(OpportunityPart::Decided, None),
        F::PipelineWonValue => opportunities(OpportunityPart::WonValue, None),
        F::PipelineDecidedValue => opportunities(OpportunityPart::DecidedValue, None),
        F::PipelineWinValuePct => formula(
            "offered in opportunities won ÷ offered in all that were decided, both in the year to date, in per cent",
            vec![F::PipelineWonValue, F::PipelineDecidedValue],
        ),
        F::PipelineExpected => opportunities(OpportunityPart::Expected, None),
        F::PartnerOpportunities(code) => opportunities(OpportunityPart::Open, Some(code.clone())),
        F::BookToBill => formula(
            "new contracts signed ÷ delivered, both in the year to date",
            vec![F::Signed, F::Delivered],
        ),
        F::Forecast(method) => Provenance::Formula {
            words: method.rule_on(brief.conventions.as_of),
            operands: forecast_operands(*method, brief),
        },
        F::BackTest(method, year) => formula(method.rule(), back_test_operands(*method, *year, brief)),
        F::PartnerDelivered(code) => acts(Span::YearToDate, one(code)),
        F::PartnerPlanned(code) => plan(PlanPart::Whole, one(code)),
        F::PartnerExecution(code) => {
            execution(F::PartnerDelivered(code.clone()), F::PartnerPlanned(code.clone()))
        }
        F::PartnerSameDate(code) => acts(Span::PreviousSameDate, one(code)),
        F::GroupDelivered(code) => acts(Span::YearToDate, members(code)),
        F::GroupPlanned(code) => plan(PlanPart::Whole, members(code)),
        F::GroupExecution(code) => execution(F::GroupDelivered(code.clone()), F::GroupPlanned(code.clone())),
        F::GroupSameDate(code) => acts(Span::PreviousSameDate, members(code)),
        F::MonthDelivered(month) => acts(Span::Month(*month), None),
        F::MonthPlanned(month) => plan(PlanPart::Month(*month), None),
        F::MonthPrevious(month) => acts(Span::PreviousMonth(*month), None),
        F::MonthDeliveredSum(month) => acts(Span::ToMonth(*month), None),
        F::MonthPlannedSum(month) => plan(PlanPart::ToMonth(*month), None),
        F::YearDelivered(year) => acts(Span::Year(*year), None),
        F::YearSameDate(year) => acts(Span::YearSameDate(*year), None),
        F::YearPlan(year) => {
            Provenance::Rows(Sources::PlanItems { year: Some(*year), part: PlanPart::Whole, partners: None })
        }
        F::YearOutstanding(year) => Provenance::Rows(Sources::OutstandingLines { year: *year }),
        F::YearSlip(year) => Provenance::Rows(Sources::SlippedLines { year: Some(*year), partner: None }),
        F::Remaining => Provenance::Rows(Sources::RemainingLines { partner: None }),
        F::Slip => Provenance::Rows(Sources::SlippedLines { year: None, partner: None }),
        F::PartnerRemaining(code) => {
            Provenance::Rows(Sources::RemainingLines { partner: Some(code.clone()) })
        }
        F::PartnerSlip(code) => {
            Provenance::Rows(Sources::SlippedLines { year: None, partner: Some(code.clone()) })
        }
    }
}

/// The figures that a forecast is worked out from.
fn forecast_operands(method: Method, brief: &Brief) -> Vec<FigureName> {
    match method {
        Method::RunRate => vec![F::Delivered],
        Method::Plan => vec![F::PlanYear, F::Delivered],
        Method::Seasonal => {
            let years = brief.earlier_years.iter();
            [F::Delivered]
                .into_iter()
                .chain(years.flat_map(|row| [F::YearSameDate(row.year), F::YearDelivered(row.year)]))
                .collect()
        }
        Method::BottomUp => {
            let mut operands = vec![F::Delivered];
            for row in &brief.remaining.by_partner {
                operands.push(F::PartnerRemaining(row.partner.clone()));
                if row.measured_by != MEASURED_BY_ALL {
                    operands.push(F::PartnerSlip(row.partner.clone()));
                }
            }
            operands.push(F::Slip);
            operands
        }
    }
}

/// The figures that a forecast of an earlier year would have been worked out from.
fn back_test_operands(method: Method, year: i16, brief: &Brief) -> Vec<FigureName> {
    let before = brief.earlier_years.iter().map(|row| row.year).filter(|earlier| *earlier < year);
    let mut operands = vec![F::YearSameDate(year)];
    match method {
        Method::RunRate => {}
        Method::Plan => operands = vec![F::YearPlan(year)],
        Method::Seasonal => {
            operands.extend(before.flat_map(|earlier| [F::YearSameDate(earlier), F::YearDelivered(earlier)]));
        }
        Method::BottomUp => {
            operands.push(F::YearOutstanding(year));
            operands.extend(before.map(F::YearSlip));
        }
    }
    operands
}
