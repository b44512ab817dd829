//! What happened to a subject, each act with its document.

use entente_register::contract::line::contract_of;
use entente_register::document::Document;
use entente_register::ledger::{Subject, SubjectKind};
use entente_store::reader::HistoryRow;

use super::show;
use super::way::Way;

/// A document, and where it opens.
#[derive(Debug, Clone)]
pub(crate) struct Paper {
    pub(crate) title: String,
    pub(crate) dated: String,
    /// None where the paper is held outside the register.
    pub(crate) href: Option<String>,
}

impl Paper {
    /// A document of a subject.
    pub(crate) fn of(document: &Document, kind: SubjectKind, key: &str, way: &Way) -> Paper {
        Paper {
            title: document.title.clone(),
            dated: show::day(document.dated),
            href: document
                .content
                .as_ref()
                .map(|content| way.to(&format!("{}/documents/{content}", paper_path(kind, key)))),
        }
    }
}

/// The page of a subject.
pub(crate) fn path(kind: SubjectKind, key: &str) -> String {
    match kind {
        SubjectKind::Contract => format!("/contracts/{key}"),
        SubjectKind::Line => format!("/lines/{key}"),
        SubjectKind::Delivery => format!("/deliveries/{key}"),
        SubjectKind::Plan => format!("/plans/{}", key.replace('.', ":")),
        SubjectKind::Schedule | SubjectKind::Instalment | SubjectKind::Receipt | SubjectKind::Penalty => {
            format!("/contracts/{}/payments", contract_of(key))
        }
        SubjectKind::Milestone | SubjectKind::Slippage | SubjectKind::Corrective | SubjectKind::Offset => {
            format!("/contracts/{}", contract_of(key))
        }
        SubjectKind::Report => format!("/reports/{key}"),
        SubjectKind::Rate => "/rates".to_owned(),
        SubjectKind::Opportunity => format!("/opportunities/{key}"),
        SubjectKind::Forecast => format!("/forecasts/{key}"),
        SubjectKind::Party => format!("/parties/{key}"),
        SubjectKind::Partner => format!("/partners/{key}"),
        SubjectKind::Group => format!("/groups/{key}"),
        SubjectKind::Statistic => "/market".to_owned(),
        SubjectKind::List => format!("/lists/{key}"),
        SubjectKind::Case => format!("/cases/{key}"),
        SubjectKind::Embargo => format!("/embargo/{key}"),
        SubjectKind::Policy => format!("/policies/{key}"),
        SubjectKind::Application => format!("/applications/{key}"),
        SubjectKind::Licence => format!("/licences/{key}"),
        SubjectKind::Certificate => format!("/certificates/{key}"),
        SubjectKind::Specimens => format!("/specimens/{key}"),
        SubjectKind::Inspection => format!("/inspections/{key}"),
        SubjectKind::Guidance => format!("/guidance/{key}"),
        SubjectKind::Exchange => "/customs".to_owned(),
        SubjectKind::CustomsRun => format!("/customs-runs/{key}"),
        SubjectKind::Discrepancy => format!("/discrepancies/{key}"),
        SubjectKind::Reexport => format!("/reexports/{key}"),
        _ => "/".to_owned(),
    }
}

/// Under which path the papers of a subject stand: those of a contract share a page, and each has papers of its own.
pub(crate) fn paper_path(kind: SubjectKind, key: &str) -> String {
    match SHARED.iter().find(|(_, of)| *of == kind) {
        Some((word, _)) => format!("/{word}/{key}"),
        None => path(kind, key),
    }
}

/// The words under which the papers of what shares a page stand: of what belongs to a contract, of the exchange with
/// customs, and of statistics.
const SHARED: [(&str, SubjectKind); 11] = [
    ("schedules", SubjectKind::Schedule),
    ("instalments", SubjectKind::Instalment),
    ("receipts", SubjectKind::Receipt),
    ("penalties", SubjectKind::Penalty),
    ("rates", SubjectKind::Rate),
    ("milestones", SubjectKind::Milestone),
    ("slippages", SubjectKind::Slippage),
    ("corrective-plans", SubjectKind::Corrective),
    ("offsets", SubjectKind::Offset),
    ("exchanges", SubjectKind::Exchange),
    ("statistics", SubjectKind::Statistic),
];

/// The subject of a page's path, `contracts` and a number.
pub(crate) fn subject(word: &str, number: &str) -> Option<Subject> {
    let kind = match word {
        "contracts" => SubjectKind::Contract,
        "lines" => SubjectKind::Line,
        "deliveries" => SubjectKind::Delivery,
        "opportunities" => SubjectKind::Opportunity,
        "reports" => SubjectKind::Report,
        "lists" => SubjectKind::List,
        "cases" => SubjectKind::Case,
        "embargo" => SubjectKind::Embargo,
        "policies" => SubjectKind::Policy,
        "applications" => SubjectKind::Application,
        "licences" => SubjectKind::Licence,
        "certificates" => SubjectKind::Certificate,
        "specimens" => SubjectKind::Specimens,
        "inspections" => SubjectKind::Inspection,
        "guidance" => SubjectKind::Guidance,
        "customs-runs" => SubjectKind::CustomsRun,
        "discrepancies" => SubjectKind::Discrepancy,
        "reexports" => SubjectKind::Reexport,
        "groups" => SubjectKind::Group,
        "plans" => return Some(SubjectKind::Plan.subject(number.replace(':', "."))),
        word => SHARED.iter().find(|(own, _)| *own == word)?.1,
    };
    Some(kind.subject(number))
}

/// One act.
#[derive(Debug, Clone)]
pub(crate) struct Act {
    pub(crate) what: String,
    pub(crate) on: String,
    pub(crate) recorded: String,
    pub(crate) actor: String,
    pub(crate) reason: Option<String>,
    pub(crate) paper: Option<Paper>,
    /// `no. 17, hash 3f9c…`, for those who may read the ledger.
    pub(crate) entry: Option<String>,
}

/// The acts of a subject.
pub(crate) fn acts(rows: &[HistoryRow], kind: SubjectKind, key: &str, way: &Way) -> Vec<Act> {
    rows.iter()
        .map(|row| Act {
            what: show::capital(&row.what),
            on: show::day(row.occurred_on),
            recorded: show::instant(row.recorded_at),
            actor: row.actor.clone(),
            reason: row.reason.clone(),
            paper: row.document.as_ref().map(|document| Paper::of(document, kind, key, way)),
            entry: row.entry.as_ref().map(|entry| {
                format!("no. {}, {}…", entry.sequence, entry.hash.chars().take(12).collect::<String>())
            }),
        })
        .collect()
}

/// An act of something that belongs to a contract, among others: which of them is said with it.
pub(crate) fn acts_of(row: &HistoryRow, subject: &Subject, way: &Way) -> Option<Act> {
    let act = acts(std::slice::from_ref(row), subject.kind, &subject.key, way).into_iter().next()?;
    let own = subject.key.strip_prefix(contract_of(&subject.key)).unwrap_or_default();
    let own = own.trim_start_matches('.');
    let what = if own.is_empty() { act.what.clone() } else { format!("{}: {own}", act.what) };
    Some(Act { what, ..act })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_and_its_subject_belong_together() {
        for text in [
            "contract:O-2012-0015",
            "line:O-2012-0015.2",
            "delivery:O-2012-0015.2.7",
            "plan:2012.3",
            "list:un",
            "case:O-P0001.H1",
            "embargo:iran",
            "policy:embargo.binding",
            "application:O-T2012-0001",
            "licence:O-L2012-0001",
            "certificate:O-E2012-0001",
            "specimens:O-P0003",
            "inspection:O-I2012-0001",
            "guidance:O-SA-BRA",
            "customs_run:OUT-7",
            "discrepancy:O-D2012-0001",
            "reexport:O-X2012-0001",
            "group:BRICS",
        ] {
            let own: Subject = text.parse().unwrap();
            let path = path(own.kind, &own.key);
            let (word, number) = path.trim_start_matches('/').split_once('/').unwrap();
            assert_eq!(subject(word, number), Some(own));
        }
        assert_eq!(subject("accounts", "a"), None);
    }
}
