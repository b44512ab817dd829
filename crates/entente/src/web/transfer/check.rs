//! Checks for people: the gravest first, each with its outcome in words and by a shape.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::transfer::check::{Check, CheckKind, CheckOutcome, OnRecord, is_settled};

use super::{Links, Named};
use crate::web::show;

/// A check in the table.
#[derive(Debug, Clone)]
pub(crate) struct CheckCells {
    /// `passed`, `shown`, `to be recorded`, `recorded`, `held`, `blocked`.
    pub(crate) outcome: String,
    /// The shape that stands for it.
    pub(crate) shape: &'static str,
    pub(crate) kind: String,
    /// `line 2`; empty where it is about the whole.
    pub(crate) line: String,
    pub(crate) about: Named,
    pub(crate) why: String,
    pub(crate) source: Named,
    pub(crate) edition: String,
    /// What is to be on record, or is; empty where nothing is asked.
    pub(crate) record: String,
}

/// The table of checks.
#[derive(Debug, Clone)]
pub(crate) struct ChecksView {
    pub(crate) rows: Vec<CheckCells>,
    /// `2 blocked, 1 held; 7 passed`.
    pub(crate) sums: String,
    /// How many stand against it.
    pub(crate) against: usize,
}

/// Checks in the order in which they weigh: what stands against the transfer first, the gravest of it before the rest.
pub(in crate::web) fn sorted<'c>(checks: &'c [Check], on_record: &OnRecord) -> Vec<&'c Check> {
    let mut sorted: Vec<&Check> = checks.iter().collect();
    sorted.sort_by_key(|check| {
        (is_settled(check, on_record), std::cmp::Reverse(check.outcome), check.kind, check.line)
    });
    sorted
}

/// The words of an outcome, with what is on record.
pub(in crate::web) fn outcome(check: &Check, on_record: &OnRecord) -> &'static str {
    match check.outcome {
        CheckOutcome::Record if is_settled(check, on_record) => "recorded",
        outcome => outcome.name(),
    }
}

impl ChecksView {
    /// Of checks as they are, with the names of parties.
    pub(in crate::web) fn of(
        checks: &[Check],
        on_record: &OnRecord,
        names: &BTreeMap<String, String>,
        links: &Links,
    ) -> ChecksView {
        let mut counts: BTreeMap<(bool, std::cmp::Reverse<CheckOutcome>), (&str, usize)> = BTreeMap::new();
        for check in checks {
            let key = (is_settled(check, on_record), std::cmp::Reverse(check.outcome));
            counts.entry(key).or_insert((outcome(check, on_record), 0)).1 += 1;
        }
        let said = |settled: bool| {
            let of = counts.iter().filter(|((own, _), _)| *own == settled);
            of.map(|(_, (word, count))| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
        };
        let sums = [said(false), said(true)].into_iter().filter(|part| !part.is_empty());
        ChecksView {
            rows: sorted(checks, on_record)
                .into_iter()
                .map(|check| cells(check, on_record, names, links))
                .collect(),
            sums: sums.collect::<Vec<_>>().join("; "),
            against: checks.iter().filter(|check| !is_settled(check, on_record)).count(),
        }
    }

    /// Lines that are not among those of a licence are left out.
    pub(in crate::web) fn within(checks: &[Check], lines: &BTreeSet<u32>) -> Vec<Check> {
        checks.iter().filter(|check| check.line.is_none_or(|line| lines.contains(&line))).cloned().collect()
    }
}

fn cells(check: &Check, on_record: &OnRecord, names: &BTreeMap<String, String>, links: &Links) -> CheckCells {
    let is_of_party = match check.kind {
        CheckKind::Screening | CheckKind::EndUser | CheckKind::Incident => true,
        // Of a line it is about all certificates together.
        CheckKind::Certificate => check.line.is_none(),
        _ => false,
    };
    let about = match check.kind {
        _ if is_of_party => Named::party(&check.about, names, links),
        CheckKind::Purpose | CheckKind::Certificate => {
            Named { name: show::word(&check.about), ..Named::default() }
        }
        _ => Named::number(&check.about, None),
    };
    // A case stands as the edition by which a party was judged.
    let is_case = check.source == "case";
    CheckCells {
        outcome: show::capital(outcome(check, on_record)),
        shape: match check.outcome {
            CheckOutcome::Record if is_settled(check, on_record) => "recorded",
            outcome => outcome.word(),
        },
        kind: show::capital(check.kind.name()),
        line: check.line.map(|line| format!("line {line}")).unwrap_or_default(),
        about,
        why: check.why.clone(),
        source: match is_case {
            true => Named {
                name: "case".to_owned(),
                number: check.edition.clone(),
                href: links.case(&check.edition),
            },
            false => Named { name: check.source.clone(), ..Named::default() },
        },
        edition: if is_case { String::new() } else { check.edition.clone() },
        record: match (check.needs, on_record.get(&check.key())) {
            (Some(_), Some(held)) => format!("on record: {}", held.name()),
            (Some(needed), None) => format!("{} to be recorded", needed.name()),
            (None, _) => String::new(),
        },
    }
}
