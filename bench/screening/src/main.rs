//! Measures how fast the screening is.
//!
//! `README.md` says how to run it and what each number means.

// A program for measuring: it writes its table to standard output.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod generate;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::Parser;
use entente_screening::entity::{Entity, Ready};
use entente_screening::index::Index;
use entente_screening::lists::Form;
use entente_screening::score::{THRESHOLD, score};
use rayon::prelude::*;
use serde::Serialize;

/// Measures how fast the screening is.
#[derive(Debug, Parser)]
struct Arguments {
    /// The folder of the test data; what needs it is left out where it is absent
    #[arg(long, env = "ENTENTE_TEST_DATA", default_value = "../shared/data")]
    data: PathBuf,
    /// Entries of the biggest generated list
    #[arg(long, default_value_t = 1_000_000)]
    entries: u64,
    /// Queries of each generated list
    #[arg(long, default_value_t = 2_000)]
    queries: u64,
    /// Only compare all pairs of these persons, a CSV file with full_name, date_of_birth and nationality
    #[arg(long)]
    pairs: Option<PathBuf>,
    /// Leave out the 50,000 parties
    #[arg(long)]
    no_parties: bool,
    /// Also write the results as JSON to this file
    #[arg(long)]
    json: Option<PathBuf>,
}

/// A measured number.
#[derive(Debug, Serialize)]
struct Line {
    what: String,
    value: f64,
    unit: &'static str,
}

#[derive(Default)]
struct Lines(Vec<Line>);

impl Lines {
    fn add(&mut self, what: impl Into<String>, value: f64, unit: &'static str) {
        let what = what.into();
        println!("| {what} | {value:.3} | {unit} |");
        self.0.push(Line { what, value, unit });
    }
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut lines = Lines::default();
    println!("| what | value | unit |\n|---|---|---|");
    if let Some(file) = &arguments.pairs {
        pairs(file, &mut lines)?;
    } else {
        let list = arguments.data.join("un/un_consolidated_2025-04-19.xml");
        match std::fs::read(&list) {
            Ok(bytes) => listed(&bytes, &arguments.data, &mut lines)?,
            Err(_) => eprintln!("skipped: {} is not in the test data (ENTENTE_TEST_DATA)", list.display()),
        }
        let mut entries = 1_000;
        while entries <= arguments.entries {
            generated(entries, arguments.queries, &mut lines);
            entries *= 10;
        }
        if !arguments.no_parties {
            parties(&mut lines);
        }
    }
    if let Some(file) = arguments.json {
        std::fs::write(file, serde_json::to_vec_pretty(&lines.0)?)?;
    }
    Ok(())
}

/// All pairs of some persons, each made ready once, on one core.
fn pairs(file: &Path, lines: &mut Lines) -> Result<()> {
    let persons = persons(file, usize::MAX)?;
    let begun = worked();
    let ready: Vec<Ready> = persons.iter().map(Ready::new).collect();
    let mut hits = 0_u64;
    for own in &ready {
        for other in &ready {
            hits += u64::from(score(own, other).score >= THRESHOLD);
        }
    }
    let seconds = worked() - begun;
    let all = (ready.len() * ready.len()) as f64;
    lines.add("pairs, with every reason written", all / seconds, "a second");
    lines.add("pairs at the threshold", hits as f64, "pairs");
    let begun = worked();
    let mut hits = 0_u64;
    for own in &ready {
        for other in &ready {
            hits += u64::from(entente_screening::score::score_from(own, other, THRESHOLD).is_some());
        }
    }
    lines.add("pairs, reasons of hits alone", all / (worked() - begun), "a second");
    lines.add("hits of these", hits as f64, "pairs");
    Ok(())
}

fn persons(file: &Path, most: usize) -> Result<Vec<Entity>> {
    let mut reader = csv::Reader::from_path(file).with_context(|| file.display().to_string())?;
    let rows: Vec<std::collections::BTreeMap<String, String>> =
        reader.deserialize().collect::<Result<_, _>>()?;
    let person = |(place, row): (usize, &std::collections::BTreeMap<String, String>)| {
        let mut person = Entity::new(place.to_string(), "Person");
        for (column, property) in
            [("full_name", "name"), ("date_of_birth", "birthDate"), ("nationality", "nationality")]
        {
            person.add(property, row.get(column).map_or("", String::as_str));
        }
        person
    };
    Ok(rows.iter().take(most).enumerate().map(person).collect())
}

/// The list of the United Nations.
fn listed(bytes: &[u8], data: &Path, lines: &mut Lines) -> Result<()> {
    let begun = at_work();
    let edition = Form::Un.read(bytes)?;
    lines.add("UN list: reading the XML", at_work().saturating_sub(begun).as_secs_f64() * 1e3, "ms");
    let begun = at_work();
    let index = Index::new(edition.entries);
    lines.add("UN list: index", at_work().saturating_sub(begun).as_secs_f64() * 1e3, "ms");
    for (what, file) in [
        ("altered names of listed persons", "names/un-positives-treated.csv"),
        ("strangers in many scripts", "names/negatives-global-1000.csv"),
    ] {
        let Ok(persons) = persons(&data.join(file), usize::MAX) else { continue };
        let ready: Vec<Ready> = persons.iter().map(Ready::new).collect();
        times(&format!("UN list: {what}"), &index, &ready, lines);
    }
    Ok(())
}

/// How long each query takes by the time that the thread is at work, the best of three times, so that other work on the
/// machine counts less; and the first time, when the index remembers of the list's words only what queries before asked.
fn times(what: &str, index: &Index, queries: &[Ready], lines: &mut Lines) {
    let mut best = vec![Duration::MAX; queries.len()];
    let mut first = Vec::with_capacity(queries.len());
    let mut compared = 0;
    let mut hits = 0;
    for round in 0..3 {
        for (query, best) in queries.iter().zip(&mut best) {
            let begun = at_work();
            let found = index.find(query, THRESHOLD);
            let time = at_work().saturating_sub(begun);
            *best = time.min(*best);
            if round == 0 {
                first.push(time);
                hits += found.len();
                compared += index.compared(query, THRESHOLD);
            }
        }
    }
    let whole: Duration = best.iter().sum();
    let first_whole: Duration = first.iter().sum();
    best.sort_unstable();
    first.sort_unstable();
    let at =
        |all: &[Duration], share: f64| all[((all.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e6;
    lines.add(format!("{what}: median"), at(&best, 0.5), "µs");
    lines.add(format!("{what}: p99"), at(&best, 0.99), "µs");
    lines.add(format!("{what}: median of the first time"), at(&first, 0.5), "µs");
    lines.add(format!("{what}: p99 of the first time"), at(&first, 0.99), "µs");
    lines.add(format!("{what}: on one core"), queries.len() as f64 / whole.as_secs_f64(), "queries a second");
    let a_second = queries.len() as f64 / first_whole.as_secs_f64();
    lines.add(format!("{what}: the first time on one core"), a_second, "queries a second");
    lines.add(format!("{what}: compared a query"), compared as f64 / queries.len() as f64, "entries");
    lines.add(format!("{what}: hits a query"), hits as f64 / queries.len() as f64, "entries");
}

/// A generated list.
fn generated(entries: u64, queries: u64, lines: &mut Lines) {
    let list: Vec<Entity> = (0..entries).map(generate::entity).collect();
    let before = memory();
    let begun = at_work();
    let index = Index::new(list);
    lines.add(format!("{entries} entries: index"), at_work().saturating_sub(begun).as_secs_f64(), "s");
    if let (Some((held, _)), Some((now, most))) = (before, memory()) {
        lines.add(format!("{entries} entries: memory of the list"), held / 1e6, "MB");
        lines.add(format!("{entries} entries: memory with the index"), now / 1e6, "MB");
        lines.add(format!("{entries} entries: memory at most"), most / 1e6, "MB");
    }
    let ready: Vec<Ready> =
        (0..queries).map(|number| Ready::new(&generate::query(number, entries))).collect();
    times(&format!("{entries} entries"), &index, &ready, lines);
}

/// Fifty thousand parties against thirty thousand names, on all cores.
fn parties(lines: &mut Lines) {
    let begun = Instant::now();
    let index = Index::new((0..30_000).map(generate::entity).collect());
    let hits: usize = (0..50_000_u64)
        .into_par_iter()
        .map(|number| index.find(&Ready::new(&generate::query(number, 30_000)), THRESHOLD).len())
        .sum();
    lines.add("50,000 parties against 30,000 names", begun.elapsed().as_secs_f64(), "s");
    lines.add("50,000 parties against 30,000 names: hits", hits as f64, "entries");
}

/// Seconds that this process was at work on a processor, or that passed, where the system does not say.
fn worked() -> f64 {
    static BEGUN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let begun = BEGUN.get_or_init(Instant::now);
    let said = std::fs::read_to_string("/proc/self/schedstat").ok();
    let nanoseconds = said.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| begun.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// How long this thread was at work on a processor so far, or that time that passed, where the system does not say.
fn at_work() -> Duration {
    #[cfg(unix)]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
    }
    #[cfg(not(unix))]
    {
        static BEGUN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
        BEGUN.get_or_init(Instant::now).elapsed()
    }
}

/// Bytes that this process holds now, and held at most, where the system says so.
fn memory() -> Option<(f64, f64)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let of = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? * 1024.0)
    };
    Some((of("VmRSS:")?, of("VmHWM:")?))
}
