//! `entente screen`: looks parties up on the lists of the register, or on lists that are given as files, and compares
//! pairs of names.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use entente_register::ledger::{Refusal, parse_date, parse_instant};
use entente_screening::compare::compare;
use entente_screening::entity::{Entity, Ready};
use entente_screening::index::Index;
use entente_screening::lists::{self, Form};
use entente_screening::name::{Kind, Name, is_of_organisation};
use entente_screening::score::{Reason, Score, THRESHOLD};
use entente_store::Fault;
use rayon::prelude::*;
use serde::Serialize;

use super::{Context, Done, progress};
use crate::formats::table::harmless;
use crate::screener::edition::{read_within, unread};
use crate::screener::{ENGINE, LOWEST, Lists, Screener, incomparable, parquet};

const EXAMPLES: &str = "\
Examples:
  entente screen parties.csv
  entente screen parties.csv --as-of 2024-09-30 --known-at 2024-10-01T00:00:00Z
  entente screen parties.csv --list un=un_consolidated.xml
  entente screen parties.parquet > answers.jsonl
  entente screen parties.jsonl --list un=un.xml --list ofac=sdn.csv --format csv > hits.csv
  entente screen compare < pairs.csv

Parties are CSV or Parquet, whose columns are properties of FollowTheMoney beside id and schema (for example
id,schema,name,birthDate,nationality; several values with semicolons between, in Parquet also as lists), or a JSON object
a line.
Lists are read whole or not at all: the United Nations' and OFAC's XML, OFAC's sdn.csv, entities of
FollowTheMoney, and CSV of one's own. A party is compared with each list that is named here and with no other;
where none is, with all lists of the register, by the editions in force on the day. Then `held` says why nobody is
cleared by a list that is missing or too old, and `lists` by which editions the answer was given.";

/// What `screen` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
    /// The parties, .csv, .jsonl or .parquet; - for standard input
    #[arg(value_name = "FILE", required = true)]
    file: Option<PathBuf>,
    /// A list: the name that hits bear, and its file; once for each list
    #[arg(long = "list", value_name = "NAME=FILE")]
    lists: Vec<String>,
    /// By the editions in force on this day [default: today]
    #[arg(long, value_name = "DATE", conflicts_with = "lists")]
    as_of: Option<String>,
    /// As the register knew at this instant [default: now]
    #[arg(long, value_name = "INSTANT", conflicts_with = "lists")]
    known_at: Option<String>,
    /// How the answers are written
    #[arg(long, value_enum, default_value = "jsonl")]
    format: Format,
    /// The score from which on a party is shown, from 0.3 to 1; from 0.7 on it is a match
    #[arg(long, value_name = "SCORE", default_value_t = THRESHOLD)]
    threshold: f32,
    /// Hits of a party at most, the best first
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    limit: usize,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Read CSV schema,name1,name2 from standard input and write the rows with their score
    Compare,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A JSON object a party
    Jsonl,
    /// A row a hit, and one for a party without
    Csv,
}

/// What a party met, the best first, and why nobody is cleared by it.
type Met<'a> = (Vec<(&'a Entity, Score)>, Option<&'a str>);

/// Parties that are compared before their answers are written.
const AT_ONCE: usize = 512;

/// The answer for one party.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    id: &'a str,
    results: Vec<Found<'a>>,
    /// Why nobody is cleared by this answer; none where the lists could be asked.
    held: Option<&'a str>,
    /// The editions by which it was given, of lists that the register holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    lists: Option<&'a BTreeMap<String, String>>,
    /// The version of the engine, beside them.
    #[serde(skip_serializing_if = "Option::is_none")]
    engine: Option<&'static str>,
}

/// Where it is looked.
enum Asked {
    Files(Box<Index>),
    Register(Register),
}

/// The lists of the register.
struct Register {
    lists: Lists,
    /// Hashes of the editions by the names of their lists.
    editions: BTreeMap<String, String>,
    /// Why no list that is held clears anybody.
    held: Option<String>,
}

impl Asked {
    /// What scores so much for a party, the best first.
    fn find(&self, party: &Ready, threshold: f32, limit: usize) -> Vec<(&Entity, Score)> {
        match self {
            Asked::Files(index) => {
                let mut hits = index.find(party, threshold);
                hits.truncate(limit);
                hits.into_iter().filter_map(|hit| Some((index.entity(hit.entry)?, hit.score))).collect()
            }
            Asked::Register(register) => {
                let answer = register.lists.search(party, None, threshold, limit);
                answer.found.into_iter().map(|found| (found.entry, found.score)).collect()
            }
        }
    }

    fn held(&self) -> Option<&str> {
        match self {
            Asked::Files(_) => None,
            Asked::Register(register) => register.held.as_deref(),
        }
    }
}

#[derive(Debug, Serialize)]
struct Found<'a> {
    id: &'a str,
    caption: &'a str,
    schema: &'a str,
    score: f32,
    #[serde(rename = "match")]
    is_match: bool,
    datasets: &'a [String],
    explanations: Vec<Reason>,
}

/// Runs `screen`.
pub(super) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    match arguments.what {
        Some(What::Compare) => pairs(context),
        None => screen(context, &arguments).await,
    }
}

async fn screen(context: &mut Context, arguments: &Arguments) -> Done {
    if !(LOWEST..=1.0).contains(&arguments.threshold) {
        return Err(Refusal::new("threshold.range", "The threshold is no score that can be asked for.")
            .field("threshold")
            .missing(format!("a number from {LOWEST} to 1"))
            .into());
    }
    let asked = match arguments.lists.is_empty() {
        false => Asked::Files(Box::new(index(&arguments.lists)?)),
        true => Asked::Register(register(context, arguments).await?),
    };
    let file = arguments.file.clone().unwrap_or_default();
    let bytes = read(&file)?;
    let parties = if parquet::is_parquet(&bytes) {
        parquet::read_parties(bytes)?
    } else {
        lists::read_parties(&bytes).map_err(|fault| unreadable(&file, &fault))?
    };
    let bar = progress::bar("Screening");
    bar.set_length(parties.len() as u64);
    if arguments.format == Format::Csv {
        context.out.line("id,name,list,entry,caption,score,match,held,why")?;
    }
    for some in parties.chunks(AT_ONCE) {
        let answered: Vec<Met<'_>> = some
            .par_iter()
            .map(|party| {
                let ready = Ready::new(party);
                let held = incomparable(&ready).or_else(|| asked.held());
                (asked.find(&ready, arguments.threshold, arguments.limit), held)
            })
            .collect();
        let mut text = String::new();
        for (party, (hits, held)) in some.iter().zip(answered) {
            let answer = answer(&asked, party, hits, held);
            match arguments.format {
                Format::Jsonl => {
                    let line = serde_json::to_string(&answer)
                        .map_err(|e| Fault::internal("writing an answer", e))?;
                    text.push_str(&line);
                    text.push('\n');
                }
                Format::Csv => text.push_str(&rows(party, &answer)?),
            }
        }
        context.out.print(&text)?;
        bar.inc(some.len() as u64);
    }
    bar.finish_and_clear();
    Ok(())
}

/// The lists of the register by the editions in force; which ones is said beside the answers.
async fn register(context: &mut Context, arguments: &Arguments) -> Result<Register, super::Halt> {
    let as_of = arguments.as_of.as_deref().map(|day| parse_date("as_of", day)).transpose()?;
    let known_at = arguments.known_at.as_deref().map(|at| parse_instant("known_at", at)).transpose()?;
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let reader = store.reader(&actor, as_of, known_at).await?;
    let lists = Screener::default().ready(&reader).await?;
    store.close().await;
    context.out.note(&format!("Engine {ENGINE}, as of {}, known at {}", reader.as_of(), reader.known_at()));
    let mut editions = BTreeMap::new();
    for list in &lists.lists {
        if let Some(edition) = &list.row.list.edition {
            context.out.note(&format!("List {}: edition {}", list.row.list.name, edition.content()));
            editions.insert(list.row.list.name.clone(), edition.content().to_owned());
        }
    }
    let reasons: Vec<String> = lists.held(None).into_iter().map(|held| held.reason).collect();
    for reason in &reasons {
        context.out.note(&format!("HELD: {reason}"));
    }
    let held = (!reasons.is_empty()).then(|| reasons.join(" "));
    Ok(Register { lists, editions, held })
}

fn answer<'a>(
    asked: &'a Asked,
    party: &'a Entity,
    hits: Vec<(&'a Entity, Score)>,
    held: Option<&'a str>,
) -> Answer<'a> {
    let results = hits
        .into_iter()
        .map(|(entry, score)| Found {
            id: &entry.id,
            caption: &entry.caption,
            schema: &entry.schema,
            score: (score.score * 1_000.0).round() / 1_000.0,
            is_match: score.score >= THRESHOLD,
            datasets: &entry.datasets,
            explanations: score.reasons,
        })
        .collect();
    let editions = match asked {
        Asked::Files(_) => None,
        Asked::Register(register) => Some(&register.editions),
    };
    Answer { id: &party.id, results, held, engine: editions.map(|_| ENGINE), lists: editions }
}

/// A row a hit, formulas made harmless; one row for a party without.
fn rows(party: &Entity, answer: &Answer<'_>) -> Result<String, Fault> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let fault = |e: csv::Error| Fault::internal("writing a row", e);
    let name = harmless(&party.caption);
    let held = answer.held.unwrap_or_default();
    if answer.results.is_empty() {
        writer.write_record([&harmless(answer.id), &name, "", "", "", "", "no", held, ""]).map_err(fault)?;
    }
    for found in &answer.results {
        let why: Vec<String> = found
            .explanations
            .iter()
            .map(|reason| format!("{} {:+.2}: {}", reason.feature, reason.score, reason.detail))
            .collect();
        writer
            .write_record([
                harmless(answer.id).as_str(),
                &name,
                &harmless(&found.datasets.join(";")),
                &harmless(found.id),
                &harmless(found.caption),
                &format!("{:.3}", found.score),
                if found.is_match { "yes" } else { "no" },
                held,
                &harmless(&why.join(" | ")),
            ])
            .map_err(fault)?;
    }
    let bytes = writer.into_inner().map_err(|e| Fault::internal("writing a row", e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| Fault::internal("writing a row", e))
}

/// The lists as one index, each entry with the name of its list.
fn index(lists: &[String]) -> Result<Index, super::Halt> {
    let mut entries = Vec::new();
    for list in lists {
        let Some((name, file)) =
            list.split_once('=').filter(|(name, file)| !name.is_empty() && !file.is_empty())
        else {
            return Err(Refusal::new("list.malformed", format!("{list:?} names no list."))
                .field("list")
                .missing("NAME=FILE, for example un=un_consolidated.xml")
                .into());
        };
        let file = Path::new(file);
        let bytes = read(file)?;
        let mut edition = Form::of(&bytes).read(&bytes).map_err(|fault| unreadable(file, &fault))?;
        for entry in &mut edition.entries {
            entry.datasets = vec![name.to_owned()];
        }
        entries.append(&mut edition.entries);
    }
    Ok(Index::new(entries))
}

fn read(file: &Path) -> Result<Vec<u8>, super::Halt> {
    if file == Path::new("-") {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(lists::LARGEST).read_to_end(&mut bytes);
        read.map_err(|e| unread(file, &e))?;
        return Ok(bytes);
    }
    Ok(read_within(file, lists::LARGEST, || {
        Refusal::new("file.too_large", format!("{} has more than 4 GiB.", file.display()))
            .field("file")
            .missing("a smaller file")
    })?)
}

fn unreadable(file: &Path, fault: &lists::ListFault) -> Refusal {
    Refusal::new("list.unreadable", format!("{}, {fault}.", file.display()))
        .field("file")
        .missing("a file that is whole; nothing of this one is used")
}

/// Reads pairs of names and writes them with their scores.
fn pairs(context: &mut Context) -> Done {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(std::io::stdin().lock());
    let mut writer = csv::Writer::from_writer(Vec::new());
    let fault = |e: csv::Error| Fault::internal("writing a row", e);
    for (place, record) in reader.records().enumerate() {
        let record = record.map_err(|e| {
            Refusal::new("pairs.unreadable", format!("Standard input is no CSV: {e}."))
                .field("stdin")
                .missing("rows of schema,name1,name2 in UTF-8")
        })?;
        let cell = |place: usize| record.get(place).unwrap_or_default().trim();
        if place == 0 && cell(0).trim_start_matches('\u{feff}').eq_ignore_ascii_case("schema") {
            writer.write_record(record.iter().chain(["score"])).map_err(fault)?;
            continue;
        }
        if record.len() < 3 {
            let line = record.position().map_or(1, |place| place.line());
            return Err(Refusal::new("pairs.columns", format!("Line {line} has {} columns.", record.len()))
                .field("stdin")
                .missing("schema,name1,name2 in every row")
                .into());
        }
        let score = format!("{:.3}", likeness(cell(0), cell(1), cell(2)));
        writer.write_record(record.iter().chain([score.as_str()])).map_err(fault)?;
    }
    let bytes = writer.into_inner().map_err(|e| Fault::internal("writing a row", e.to_string()))?;
    context.out.bytes(&bytes)
}

/// How alike two names are, of what a schema says.
fn likeness(schema: &str, one: &str, other: &str) -> f32 {
    let kinds: &[Kind] = match Kind::of_schema(schema) {
        Kind::Either if is_of_organisation(one) || is_of_organisation(other) => &[Kind::Organisation],
        Kind::Either => &[Kind::Person, Kind::Organisation],
        Kind::Person => &[Kind::Person],
        Kind::Organisation => &[Kind::Organisation],
        Kind::Craft => &[Kind::Craft],
    };
    let of = |kind: &Kind| compare(&Name::new(one, *kind), &Name::new(other, *kind)).score;
    kinds.iter().map(of).fold(0.0, f32::max)
}
