//! `entente transfer audit`: every licence that was issued, judged again.

use clap::{Args, ValueEnum};
use entente_register::ledger::parse_instant;
use entente_register::money::group;
use entente_store::reader::{TransferAudit, Violation, ViolationKnown};
use serde::Serialize;

use crate::api::transfer::judged_object::CheckObject;
use crate::cli::{Context, Done, Halt, progress};

const STATUS: &str = "\
Exit status: 0 where nothing stood against any licence by what was known when it was signed, 1 where something did, 2 where
the audit was refused. What is known only now is printed, and changes no status.";

#[derive(Debug, Args)]
#[command(after_help = STATUS)]
pub(super) struct Arguments {
    /// Judge what the register knew at this instant, which then is `now` [default: now]
    #[arg(long, value_name = "INSTANT")]
    known_at: Option<String>,
    /// How the finding is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// For a spreadsheet, a violation a row
    Csv,
}

/// What was found.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    /// Whether nothing stood against any licence by what was known then.
    ok: bool,
    /// Licences that were judged.
    licences: u64,
    violations: Vec<Row<'a>>,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    licence: &'a str,
    application: &'a str,
    decided_on: String,
    /// `then` or `now`.
    known: &'static str,
    check: CheckObject,
}

impl Row<'_> {
    fn of(violation: &Violation) -> Row<'_> {
        Row {
            licence: &violation.licence,
            application: &violation.application,
            decided_on: violation.decided_on.to_string(),
            known: violation.known.word(),
            check: CheckObject::of(&violation.check, None),
        }
    }
}

pub(super) async fn run(context: &mut Context, arguments: &Arguments) -> Done {
    let known_at = arguments.known_at.as_deref().map(|at| parse_instant("known_at", at)).transpose()?;
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let reader = store.reader(&actor, None, known_at).await?;
    let count = progress::counter("Licences judged");
    let audited = reader.audit_transfers(&|done| count.set_position(done)).await;
    count.finish_and_clear();
    let audit = audited?;
    store.close().await;
    let ok = is_sound(&audit);
    let rows = || audit.violations.iter().map(Row::of);
    let heard = match arguments.format {
        Format::Json => {
            context.out.json(&Answer { ok, licences: audit.licences, violations: rows().collect() })
        }
        Format::Csv => context.out.csv(&COLUMNS, rows().map(cells)),
        Format::Text => context.out.print(&text(&audit)),
    };
    // What was found is the exit status as well, whether or not anybody reads the words.
    if !ok {
        return Err(Halt::NotSound);
    }
    heard
}

/// Whether nothing stood against any licence by what was known when it was signed.
fn is_sound(audit: &TransferAudit) -> bool {
    known(audit, ViolationKnown::Then).next().is_none()
}

fn known(audit: &TransferAudit, known: ViolationKnown) -> impl Iterator<Item = &Violation> {
    audit.violations.iter().filter(move |violation| violation.known == known)
}

fn text(audit: &TransferAudit) -> String {
    let licences = group(&audit.licences.to_string());
    let mut text = format!("Licences judged: {licences}\n");
    for (of, words) in [
        (ViolationKnown::Then, "By what was known when it was signed"),
        (ViolationKnown::Now, "By what is known now"),
    ] {
        let mut found = known(audit, of).peekable();
        if found.peek().is_none() {
            text.push_str(&format!("\n{words}, nothing stood against any licence.\n"));
            continue;
        }
        text.push_str(&format!("\n{words}, this stood against a licence:\n"));
        for violation in found {
            text.push_str(&line(violation));
        }
    }
    text
}

fn line(violation: &Violation) -> String {
    let check = &violation.check;
    let by = [check.source.as_str(), check.edition.as_str()];
    let by: Vec<&str> = by.into_iter().filter(|words| !words.is_empty()).collect();
    let by = if by.is_empty() { String::new() } else { format!("\n    by {}", by.join("; ")) };
    format!(
        "  {} of {} ({}): {}, {}: {}. {}{by}\n",
        violation.licence,
        violation.decided_on,
        violation.application,
        check.kind.name(),
        check.words(),
        check.outcome.name(),
        check.why
    )
}

const COLUMNS: [&str; 11] = [
    "licence",
    "application",
    "decided_on",
    "known",
    "check",
    "line",
    "about",
    "outcome",
    "why",
    "source",
    "edition",
];

fn cells(row: Row<'_>) -> Vec<String> {
    vec![
        row.licence.to_owned(),
        row.application.to_owned(),
        row.decided_on,
        row.known.to_owned(),
        row.check.kind.to_owned(),
        row.check.line.map(|line| line.to_string()).unwrap_or_default(),
        row.check.about,
        row.check.outcome.to_owned(),
        row.check.why,
        row.check.source,
        row.check.edition,
    ]
}

#[cfg(test)]
mod tests {
    use entente_register::transfer::check::{Check, CheckKind, CheckOutcome};
    use jiff::civil::date;

    use super::*;

    fn audited(known: ViolationKnown) -> TransferAudit {
        let check = Check {
            kind: CheckKind::Embargo,
            line: Some(1),
            about: "south-sudan-2781".into(),
            outcome: CheckOutcome::Blocked,
            why: "Arms to South Sudan are forbidden.".into(),
            source: "2781 (2025)".into(),
            edition: "18 files in force (3f2a1b4c9d0e)".into(),
            needs: None,
        };
        let violation = Violation {
            licence: "O-L2026-0001".into(),
            application: "O-T2026-0001".into(),
            decided_on: date(2026, 6, 15),
            known,
            check,
        };
        TransferAudit { licences: 1200, violations: vec![violation] }
    }

    #[test]
    fn what_was_known_then_is_what_counts() {
        assert!(is_sound(&TransferAudit::default()));
        assert!(is_sound(&audited(ViolationKnown::Now)));
        assert!(!is_sound(&audited(ViolationKnown::Then)));
        insta::assert_snapshot!(text(&audited(ViolationKnown::Then)), @"
        Licences judged: 1,200

        By what was known when it was signed, this stood against a licence:
          O-L2026-0001 of 2026-06-15 (O-T2026-0001): embargo rules, line 1, south-sudan-2781: blocked. Arms to South Sudan are forbidden.
            by 2781 (2025); 18 files in force (3f2a1b4c9d0e)

        By what is known now, nothing stood against any licence.
        ");
    }
}
