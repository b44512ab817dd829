//! `entente embargo`: rules on what may be transferred to whom, listed, asked and checked. No register is read: the
//! rules are those that are a part of the program, and those of files that are named.

mod check;
mod list;
mod validate;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use entente_register::embargo::{FileFault, RuleSet, Text, read, united_nations};
use entente_register::ledger::Refusal;
use entente_store::Fault;

use super::{Context, Done, Halt};
use crate::screener::edition::read_within;

const EXAMPLES: &str = "\
Examples:
  entente embargo list --on 2012-09-30
  entente embargo list --state IRN --format csv
  entente embargo check --to IRN --item I --part --end-user government --at 2010-09-15
  entente embargo check --to LBY --item other-arms --non-lethal --end-user government \\
      --purpose humanitarian-or-protective --at 2011-03-10 --format json
  entente embargo check --to COD --item small-arms --end-user armed-group --at 2025-08-01
  entente embargo check --to SDN --item II --end-user government --outside Darfur --at 2024-01-01T00:00:00Z
  entente embargo validate body.toml iran.toml

The measures of the United Nations are a part of the program, each with its source and with how certain the record is.
Whatever is not certain holds: a rule that nobody has confirmed, a fact that is not given and on which the answer turns,
a date that the rules do not cover, goods that an embargo leaves to the national order. What some states dispute or
claim is shown. Nothing here is bound into an application or into the ledger.

A transfer that is judged ends with status 0 whatever the answer: a program reads `outcome`.";

/// What `embargo` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the rules, or those in force on a day
    List(list::Arguments),
    /// Judge a transfer, with every rule that bears on it
    Check(Box<check::Arguments>),
    /// Check files of rules, and say every fault with its line and column
    Validate(validate::Arguments),
}

/// The rules that are asked.
#[derive(Debug, Args)]
struct Rules {
    /// A file of rules beside those of the program; a regime of the same body and name takes the place of the
    /// program's, with all its rules. Repeat it for several
    #[arg(long = "rules", value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Largest file of rules, in bytes.
const LARGEST: u64 = 4 << 20;

/// Runs `embargo`.
pub(super) fn run(context: &mut Context, arguments: Arguments) -> Done {
    context.no_account("embargo")?;
    match arguments.verb {
        Verb::List(arguments) => list::run(context, &arguments),
        Verb::Check(arguments) => check::run(context, &arguments),
        Verb::Validate(arguments) => validate::run(context, &arguments),
    }
}

impl Rules {
    /// The rules of the program with those of the files.
    fn read(&self, context: &mut Context) -> Result<RuleSet, Halt> {
        let own = united_nations()
            .map_err(|faults| Fault::internal("reading the program's rules", list_of(&faults)))?;
        if self.files.is_empty() {
            return Ok(own);
        }
        match read_files(&self.files)? {
            Ok(others) => own.with(others).map_err(Halt::from),
            Err(faults) => {
                for fault in &faults {
                    context.out.refused(&Refusal::from(fault.clone()));
                }
                Err(Halt::Faulty)
            }
        }
    }
}

/// Files as one set, or their faults.
fn read_files(files: &[PathBuf]) -> Result<Result<RuleSet, Vec<FileFault>>, Halt> {
    let mut texts = Vec::new();
    for file in files {
        texts.push((file.display().to_string(), text_of(file)?));
    }
    let texts: Vec<Text<'_>> = texts.iter().map(|(name, text)| Text { name, text }).collect();
    Ok(read(&texts))
}

fn text_of(file: &Path) -> Result<String, Refusal> {
    let bytes = read_within(file, LARGEST, || {
        Refusal::new("embargo.too_large", format!("{} has more than {} MiB.", file.display(), LARGEST >> 20))
            .field("file")
            .missing("a smaller file")
    })?;
    String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        Refusal::new("embargo.encoding", format!("{} is not UTF-8 from byte {at} on.", file.display()))
            .field("file")
            .missing("text in UTF-8")
    })
}

fn list_of(faults: &[FileFault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Refuses what is the code of no state.
fn check_state(field: &str, code: &str) -> Result<(), Refusal> {
    if rust_iso3166::from_alpha3(code).is_some() {
        return Ok(());
    }
    Err(Refusal::new("state.unknown", format!("{code:?} is the code of no state."))
        .field(field)
        .missing("an ISO 3166-1 code of three capital letters, for example BRA"))
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For programs
    Json,
}

/// Words in a row.
fn listed(words: &BTreeSet<String>) -> String {
    words.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}
