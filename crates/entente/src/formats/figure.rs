//! Figures in words: their links, and how each opens.

use entente_register::brief::{
    Conventions, FigureName, NO_BANK, OpportunityPart, PlanPart, Sources, Span, month_name,
};
use entente_register::contract::delivery::Counting;

use crate::parameters::ViewParameters;

/// The view that shows the same to every reader who may see it, whenever it is asked for.
pub fn pinned(conventions: &Conventions) -> ViewParameters {
    ViewParameters {
        as_of: Some(conventions.as_of),
        known_at: Some(conventions.known_at),
        counting: Some(conventions.counting),
        plan: conventions.plan,
        currency: Some(conventions.currency),
    }
}

/// The view of a contract, line, delivery or document that stands behind a figure: it has neither plan nor
/// currency to choose, and the counting rule is said where it is not the usual one.
pub fn pinned_subject(conventions: &Conventions) -> ViewParameters {
    ViewParameters {
        counting: Some(conventions.counting).filter(|rule| *rule != Counting::TitlePassed),
        plan: None,
        currency: None,
        ..pinned(conventions)
    }
}

/// Where a figure opens in the JSON API.
pub fn api_link(conventions: &Conventions, name: &FigureName) -> String {
    format!("/api/v1/figures/{name}{}", pinned(conventions).query())
}

/// Rows in words: what is summed or counted.
pub fn words(sources: &Sources) -> String {
    let of = |partners: &Option<Vec<String>>| match partners {
        None => String::new(),
        Some(list) if list.is_empty() => ", of no partner".to_owned(),
        Some(list) => format!(", of {}", list.join(", ")),
    };
    let of_one =
        |partner: &Option<String>| partner.as_ref().map_or_else(String::new, |p| format!(", of {p}"));
    match sources {
        Sources::Acts { span, partners } => {
            let span = match span {
                Span::YearToDate => "from 1 January to the cut-off".to_owned(),
                Span::PreviousYear => "in the whole of the year before".to_owned(),
                Span::PreviousSameDate => "in the year before, to the same month and day".to_owned(),
                Span::TwelveMonths => "in the twelve months to the cut-off".to_owned(),
                Span::Month(month) => format!("in {}, up to the cut-off", month_name(*month)),
                Span::ToMonth(month) => {
                    format!("from 1 January to the end of {}, up to the cut-off", month_name(*month))
                }
                Span::PreviousMonth(month) => format!("in {} of the year before", month_name(*month)),
                Span::Year(year) => format!("in the whole of {year}"),
                Span::YearSameDate(year) => format!("in {year}, to the same month and day"),
            };
            format!("deliveries that count by the counting rule {span}{}", of(partners))
        }
        Sources::PlanItems { year, part, partners } => {
            let part = match part {
                PlanPart::Whole => String::new(),
                PlanPart::ToDate => " dated up to the cut-off".to_owned(),
                PlanPart::Month(month) => format!(" dated in {}", month_name(*month)),
                PlanPart::ToMonth(month) => format!(" dated up to the end of {}", month_name(*month)),
            };
            let plan = match year {
                Some(year) => format!("the plan of {year} as it stood on the same month and day"),
                None => "the plan version".to_owned(),
            };
            format!("items of {plan}{part}{}", of(partners))
        }
        Sources::RemainingLines { partner } => format!(
            "lines of contracts signed and not ended, due by the end of the year, with the value that they still owe{}",
            of_one(partner)
        ),
        Sources::OutstandingLines { year } => format!(
            "lines due by the end of {year} and not delivered in full on the same month and day of it, with the value that they owed then"
        ),
        Sources::SlippedLines { year, partner } => {
            let year = year.map_or_else(|| "earlier years".to_owned(), |year| year.to_string());
            format!(
                "lines due in {year}: not delivered in full by the end of the year in which they were due ÷ all{}",
                of_one(partner)
            )
        }
        Sources::OverdueLines => {
            "lines due by the cut-off and not delivered in full, with the value that they still owe"
                .to_owned()
        }
        Sources::OpenLines => {
            "lines of contracts signed and not ended, with the value that they still owe".to_owned()
        }
        Sources::DueLines { year_only: false } => {
            "lines due by the cut-off: delivered in full by their contractual date ÷ all".to_owned()
        }
        Sources::DueLines { year_only: true } => {
            "lines due in the year to date: delivered in full by their contractual date ÷ all".to_owned()
        }
        Sources::Contracts { behind: None } => "contracts in force".to_owned(),
        Sources::Contracts { behind: Some(false) } => {
            "contracts in force without an overdue line and without an open claim".to_owned()
        }
        Sources::Contracts { behind: Some(true) } => {
            "contracts in force with an overdue line or an open claim".to_owned()
        }
        Sources::Opportunities { part, partner } => {
            let part = match part {
                OpportunityPart::Open => "opportunities that have not ended",
                OpportunityPart::DueSoon => "opportunities to be answered within thirty days of the cut-off",
                OpportunityPart::Overdue => "opportunities unanswered past their deadline",
                OpportunityPart::Decided => {
                    "opportunities won or lost from 1 January to the cut-off: won ÷ all"
                }
                OpportunityPart::WonValue => {
                    "opportunities won from 1 January to the cut-off, with the last offer"
                }
                OpportunityPart::DecidedValue => {
                    "opportunities won or lost from 1 January to the cut-off, with the last offer"
                }
                OpportunityPart::Expected => {
                    "opportunities offered and not decided, also those whose offer has lapsed: the last offer × the last estimate of its probability, rounded so that the parts sum to the whole"
                }
            };
            format!("{part}{}", of_one(partner))
        }
        Sources::Receipts => {
            "receipts from 1 January to the cut-off, at their value in the contract’s currency".to_owned()
        }
        Sources::OverdueInstalments => {
            "instalments whose day has come by the cut-off, with what is open of them".to_owned()
        }
        Sources::Receivables { partner } => format!(
            "contracts with a payment schedule or a receipt: delivered by the counting rule less received, where that is above zero{}",
            of(&partner.clone().map(|partner| vec![partner]))
        ),
        Sources::Exposures { bank, credit_only } => format!(
            "what is delivered and unpaid, laid over the open instalments of each contract in the order in which they fall due{}{}",
            if *credit_only { ", on instalments on credit" } else { "" },
            match bank.as_deref() {
                None => String::new(),
                Some(NO_BANK) => ", where no bank is named".to_owned(),
                Some(bank) => format!(", where the bank is {bank}"),
            }
        ),
        Sources::SignedContracts => {
            "contracts signed from 1 January to the cut-off, with their value".to_owned()
        }
    }
}
