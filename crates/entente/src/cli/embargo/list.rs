//! `entente embargo list`: the rules, or those in force on a day.

use std::collections::BTreeSet;

use clap::{Args, ValueEnum};
use entente_register::embargo::{Activity, Certainty, Exception, Rule, RuleSet, Span, Timing};
use entente_register::ledger::{parse_date, parse_instant};
use jiff::Timestamp;
use serde::Serialize;

use super::register::of_register;
use super::{Rules, Source, listed};
use crate::cli::{Context, Done};
use crate::embargo::{ALL_THAT_STANDS, check_state, day_of};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only rules in force on this day, UTC, and those whose end on it is not certain
    #[arg(long, visible_alias = "as-of", value_name = "DATE")]
    on: Option<String>,
    /// As known at this instant [default: everything on file]; of a register, by the rules that it held then
    #[arg(long, value_name = "INSTANT")]
    known_at: Option<String>,
    /// Only rules of regimes about this state, ISO 3166-1 alpha-3
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    #[command(flatten)]
    rules: Rules,
    /// How the list is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For programs
    Json,
    /// For a spreadsheet
    Csv,
}

/// A rule with what is its regime's and its body's, and where the day lies.
#[derive(Debug, Serialize)]
struct Row<'r> {
    body: &'r str,
    regime_name: &'r str,
    /// `in_force`; `confirm_renewal` where its term has ended; `confirm_end` where it has ended and that is not certain,
    /// so that it still holds transfers up; none where no day was asked for.
    standing: Option<&'static str>,
    /// What else is to be known of the regime.
    regime_note: &'r str,
    /// As it was known.
    #[serde(flatten)]
    rule: Rule,
}

pub(super) async fn run(context: &mut Context, arguments: &Arguments) -> Done {
    let on = arguments.on.as_deref().map(|day| parse_date("on", day)).transpose()?;
    let known_at = arguments.known_at.as_deref().map(|at| parse_instant("known_at", at)).transpose()?;
    if let Some(state) = &arguments.state {
        check_state("state", state)?;
    }
    let (rules, known_at) = if arguments.rules.source(context) == Source::Register {
        let (store, reader) = of_register(context, on, known_at).await?;
        let held = reader.embargo_rules().await?;
        store.close().await;
        if held.rules.rules.is_empty() {
            context.out.note("No rules are in force in this register: every question is held until two people have brought some into force.");
        }
        (held.rules, Some(ALL_THAT_STANDS))
    } else {
        context.no_account("embargo")?;
        (arguments.rules.read(context)?, known_at)
    };
    let day = on.map(|day| day_of("on", day)).transpose()?;
    let rows = rows(&rules, day, known_at.unwrap_or(Timestamp::MAX), arguments.state.as_deref());
    match arguments.format {
        Format::Json => context.out.json(&rows),
        Format::Csv => context.out.csv(&COLUMNS, rows.iter().map(cells)),
        Format::Text => context.out.print(&text(&rows)),
    }
}

fn rows<'r>(rules: &'r RuleSet, day: Option<Span>, known_at: Timestamp, state: Option<&str>) -> Vec<Row<'r>> {
    let mut rows = Vec::new();
    for rule in &rules.rules {
        let (Some(regime), Some(body)) = (rules.regimes.get(&rule.regime), rules.body_of(rule)) else {
            continue;
        };
        // The state of a target is one of its regime's.
        if rule.known_from > known_at || !state.is_none_or(|state| regime.states.contains(state)) {
            continue;
        }
        let timing = day.map(|day| rule.timing_within(day, known_at));
        if timing.is_some_and(|timing| !timing.bears()) {
            continue;
        }
        rows.push(Row {
            body: &body.id,
            regime_name: &regime.name,
            standing: timing.map(Timing::word),
            regime_note: &regime.note,
            rule: rule.as_known(known_at),
        });
    }
    rows
}

/// The last instant at which a rule is to hold, or its term, in words.
fn until(rule: &Rule) -> String {
    match (&rule.ends, &rule.term) {
        (Some(ending), _) => format!("up to {}", ending.at),
        (None, Some(term)) => format!("term to {}", term.last_day),
        (None, None) => "open".to_owned(),
    }
}

/// An exception with its times, where they are not the rule's, and with its certainty where it opens nothing.
fn excepted(rule: &Rule, exception: &Exception) -> String {
    let mut text = exception.kind.word().to_owned();
    if exception.valid_from != rule.valid_from {
        text.push_str(&format!(", from {}", exception.valid_from));
    }
    if let Some(end) = exception.valid_to {
        text.push_str(&format!(", up to {end}"));
    }
    if exception.certainty != Certainty::High {
        text.push_str(&format!(", certainty {}", exception.certainty.word()));
    }
    format!("{text}: {}", exception.words)
}

fn text(rows: &[Row<'_>]) -> String {
    let mut text = String::new();
    let mut regime = "";
    for row in rows {
        let rule = &row.rule;
        if rule.regime != regime {
            let gap = if regime.is_empty() { "" } else { "\n" };
            text.push_str(&format!("{gap}{} ({})\n", row.regime_name, row.body));
            if !row.regime_note.is_empty() {
                text.push_str(&format!("  {}\n", row.regime_note));
            }
            regime = &rule.regime;
        }
        text.push_str(&format!(
            "  {}  {}: {} {} {}: {}\n    from {}, {}; certainty {}",
            rule.id,
            rule.citation(),
            rule.effect.word(),
            rule.direction.word(),
            rule.target.words(),
            rule.items.words(),
            rule.valid_from,
            until(rule),
            rule.certainty.word(),
        ));
        match row.standing {
            Some("confirm_renewal") => text.push_str("; RENEWAL TO BE CONFIRMED"),
            Some("confirm_end") => text.push_str("; END TO BE CONFIRMED, HOLDS"),
            _ => {}
        }
        if !rule.disputed_by.is_empty() {
            text.push_str(&format!("; disputed by {}", listed(&rule.disputed_by)));
        }
        if rule.is_claim() {
            text.push_str(&format!("; claimed by {} alone", listed(&rule.claimed_by)));
        }
        text.push('\n');
        for exception in &rule.exceptions {
            text.push_str(&format!("    {}\n", excepted(rule, exception)));
        }
    }
    if rows.is_empty() {
        text.push_str("No rule on file answers to this.\n");
    }
    text
}

/// Columns of the list for a spreadsheet.
const COLUMNS: [&str; 22] = [
    "body",
    "regime",
    "rule",
    "resolution",
    "paragraph",
    "effect",
    "target",
    "direction",
    "items",
    "activities",
    "activities_unconfirmed",
    "exceptions",
    "valid_from",
    "known_from",
    "ended",
    "term_end",
    "standing",
    "disputed_by",
    "claimed_by",
    "certainty",
    "source",
    "verified_on",
];

fn cells(row: &Row<'_>) -> Vec<String> {
    let rule = &row.rule;
    let words = |activities: &BTreeSet<Activity>| {
        activities.iter().map(|activity| activity.word()).collect::<Vec<_>>().join(", ")
    };
    let exceptions: Vec<String> = rule.exceptions.iter().map(|one| excepted(rule, one)).collect();
    vec![
        row.body.to_owned(),
        rule.regime.clone(),
        rule.id.clone(),
        rule.resolution.clone(),
        rule.paragraph.clone().unwrap_or_default(),
        rule.effect.word().to_owned(),
        rule.target.words(),
        rule.direction.word().to_owned(),
        rule.items.words(),
        words(&rule.activities),
        words(&rule.activities_unconfirmed),
        exceptions.join("; "),
        rule.valid_from.to_string(),
        rule.known_from.to_string(),
        rule.ends.as_ref().map(|ending| ending.at.to_string()).unwrap_or_default(),
        rule.term.map(|term| term.last_day.to_string()).unwrap_or_default(),
        row.standing.unwrap_or_default().to_owned(),
        listed(&rule.disputed_by),
        listed(&rule.claimed_by),
        rule.certainty.word().to_owned(),
        rule.source.clone(),
        rule.verified_on.to_string(),
    ]
}
