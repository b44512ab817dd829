//! Figures in words: their links, and how each opens.

use entente_register::brief::{Brief, Conventions, FigureName, Provenance, Sources, Span, provenance};

use entente_register::contract::delivery::Counting;

use crate::parameters::ViewParameters;

/// All figures of a brief, in its order.
pub fn names(brief: &Brief) -> Vec<FigureName> {
    let mut all = FigureName::fixed();
    for row in &brief.by_partner {
        all.push(FigureName::PartnerDelivered(row.code.clone()));
        all.push(FigureName::PartnerPlanned(row.code.clone()));
        all.push(FigureName::PartnerExecution(row.code.clone()));
    }
    for row in &brief.by_group {
        all.push(FigureName::GroupDelivered(row.code.clone()));
        all.push(FigureName::GroupPlanned(row.code.clone()));
        all.push(FigureName::GroupExecution(row.code.clone()));
    }
    all
}

/// How a figure of this brief opens.
pub fn opening(brief: &Brief, name: &FigureName) -> Provenance {
    provenance(name, &|code| {
        brief.by_group.iter().find(|row| row.code == code).map_or_else(Vec::new, |row| row.members.clone())
    })
}

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
    match sources {
        Sources::Acts { span, partners } => {
            let span = match span {
                Span::YearToDate => "from 1 January to the cut-off",
                Span::PreviousYear => "in the whole of the year before",
                Span::PreviousSameDate => "in the year before, to the same month and day",
                Span::TwelveMonths => "in the twelve months to the cut-off",
            };
            format!("deliveries that count by the counting rule {span}{}", of(partners))
        }
        Sources::PlanItems { to_date: false, partners } => {
            format!("items of the plan version{}", of(partners))
        }
        Sources::PlanItems { to_date: true, partners } => {
            format!("items of the plan version dated up to the cut-off{}", of(partners))
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
        Sources::SignedContracts => {
            "contracts signed from 1 January to the cut-off, with their value".to_owned()
        }
    }
}
