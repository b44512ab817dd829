//! What an import has done, or what is wrong with its files.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use entente_register::book::layout::Problem;
use entente_register::book::table::Table;
use serde::Serialize;

use super::ocds::Aside;

/// What became of the rows of a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Rows read.
    pub rows: u64,
    /// Rows that added something new.
    pub added: u64,
    /// Rows of something known that has moved on.
    pub changed: u64,
    /// Rows that the register held already.
    pub unchanged: u64,
    /// Rows that rest on a row that is at fault, and were not judged.
    pub not_judged: u64,
}

/// Problems kept; those beyond are counted only.
const MOST: usize = 1_000;

/// What an import has done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Whether the changes were kept.
    pub kept: bool,
    /// Whether it was a trial.
    pub is_trial: bool,
    /// By table.
    pub tables: BTreeMap<Table, Counts>,
    /// What is wrong, in the order of the rows within each table.
    pub problems: Vec<(Table, Problem)>,
    /// How many more problems there are than are kept.
    pub more: u64,
    /// What a package says that the register has no place for.
    pub aside: Vec<Aside>,
}

#[derive(Serialize)]
struct Written<'r> {
    kept: bool,
    dry_run: bool,
    tables: Vec<WrittenTable>,
    problems: Vec<WrittenProblem<'r>>,
    more_problems: u64,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    left_aside: &'r [Aside],
}

#[derive(Serialize)]
struct WrittenTable {
    table: &'static str,
    #[serde(flatten)]
    counts: Counts,
}

#[derive(Serialize)]
struct WrittenProblem<'r> {
    table: &'static str,
    row: u64,
    column: Option<&'r str>,
    letter: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'r str>,
    value: &'r str,
    reason: &'r str,
    remedy: &'r str,
}

impl Report {
    /// How much is wrong so far.
    pub(super) fn faults(&self) -> u64 {
        self.problems.len() as u64 + self.more
    }

    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty() && self.more == 0
    }

    /// Adds problems.
    pub(super) fn add(&mut self, table: Table, problems: impl IntoIterator<Item = Problem>) {
        for problem in problems {
            if self.problems.len() < MOST {
                self.problems.push((table, problem));
            } else {
                self.more += 1;
            }
        }
    }

    /// The counts of a table.
    pub(super) fn counts(&mut self, table: Table) -> &mut Counts {
        self.tables.entry(table).or_default()
    }

    /// As JSON.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn json(&self) -> serde_json::Result<String> {
        let problems = self.problems.iter().map(|(table, problem)| WrittenProblem {
            table: table.word(),
            row: problem.row,
            column: problem.column.as_ref().map(|(name, _)| name.as_str()),
            letter: problem.column.as_ref().map(|(_, letter)| letter.as_str()).filter(|l| !l.is_empty()),
            pointer: problem.pointer.as_deref(),
            value: &problem.value,
            reason: &problem.reason,
            remedy: &problem.remedy,
        });
        let written = Written {
            kept: self.kept,
            dry_run: self.is_trial,
            tables: self
                .tables
                .iter()
                .map(|(table, counts)| WrittenTable { table: table.word(), counts: *counts })
                .collect(),
            problems: problems.collect(),
            more_problems: self.more,
            left_aside: &self.aside,
        };
        Ok(serde_json::to_string_pretty(&written)? + "\n")
    }

    /// As text for a terminal.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let mut line = |line: String| {
            let _ = writeln!(text, "{line}");
        };
        for (table, problem) in &self.problems {
            let place = match &problem.column {
                Some((name, letter)) if letter.is_empty() => format!("column {name}"),
                Some((name, letter)) => format!("column {name} ({letter}{})", problem.row),
                None => "the row".to_owned(),
            };
            let value = match problem.value.is_empty() {
                true => String::new(),
                false => format!(" {:?}", problem.value),
            };
            line(match &problem.pointer {
                Some(pointer) => format!("{}, {pointer}{value}", table.word()),
                None => format!("{}, row {}, {place}{value}", table.word(), problem.row),
            });
            line(format!("  {}", problem.reason));
            line(format!("  Needed: {}", problem.remedy));
        }
        if self.more > 0 {
            line(format!("and {} more.", self.more));
        }
        if !self.problems.is_empty() {
            line(String::new());
        }
        for aside in &self.aside {
            let more = if aside.count > 1 { format!(" and {} more", aside.count - 1) } else { String::new() };
            line(format!("Left aside: {}{more}", aside.pointer));
            line(format!("  {}", aside.reason));
        }
        if !self.aside.is_empty() {
            line(String::new());
        }
        for (table, counts) in &self.tables {
            let mut words = format!(
                "{}: {} rows, {} new, {} changed, {} as they were",
                table.word(),
                counts.rows,
                counts.added,
                counts.changed,
                counts.unchanged
            );
            if counts.not_judged > 0 {
                let _ = write!(
                    words,
                    ", {} not judged, because a row they rest on is at fault",
                    counts.not_judged
                );
            }
            line(words);
        }
        let faults = self.problems.len() as u64 + self.more;
        line(match (self.is_clean(), self.is_trial, self.kept) {
            (false, _, _) if faults == 1 => "1 fault. Nothing was changed.".to_owned(),
            (false, _, _) => format!("{faults} faults. Nothing was changed."),
            (true, true, _) => "Without a fault. This was a trial: nothing was changed.".to_owned(),
            (true, false, true) => "Done.".to_owned(),
            (true, false, false) => "Nothing was changed.".to_owned(),
        });
        text
    }
}
