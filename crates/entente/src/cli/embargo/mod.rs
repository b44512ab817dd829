//! `entente embargo`: rules on what may be transferred to whom: asked and listed, of a register or of files; and in a
//! register proposed, confirmed by another person, rejected and withdrawn.

mod check;
mod list;
mod policy;
mod propose;
mod register;
mod review;
mod status;
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

  entente --database sqlite:register.db embargo propose --shipped
  entente --database sqlite:register.db embargo pending
  entente --database sqlite:register.db --as n.orlova embargo confirm --all
  entente --database sqlite:register.db embargo check --to SSD --item II --end-user government --as-of 2026-06-15
  entente embargo propose south_sudan.toml --reason \"2781 (2025) was renewed by 2830 (2026)\"
  entente embargo policy propose --binding UNSC --binding EU --reason \"Decision 14 of the commission\"

The measures of the United Nations are a part of the program, each with its source and with how certain the record is.
Whatever is not certain holds: a rule that nobody has confirmed, a fact that is not given and on which the answer turns,
a date that the rules do not cover, goods that an embargo leaves to the national order. What some states dispute or
claim is shown.

`list` and `check` answer from the register that --database names, or that is configured where --register is given:
by the editions that two people have brought into force there, and by its policy. Without one, or with --shipped or
--rules, they answer from the program and from files, which bind nobody. Nothing is in force in a new register, and every
question is held until the files of a body are proposed and confirmed. What became of a term that has ended is recorded by
proposing the next edition of its file.

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
    /// Propose editions of rule files for the register; another person confirms them
    Propose(propose::Arguments),
    /// Confirm editions that another person proposed: they come into force
    Confirm(review::Confirm),
    /// Reject an edition that another person proposed
    Reject(review::Refuse),
    /// Withdraw an edition that one proposed oneself
    Withdraw(review::Refuse),
    /// Say what waits for a second person
    Pending(status::Pending),
    /// Say what is in force, whose measures bind, and which terms have ended or soon will
    Status(status::Status),
    /// Write the text of an edition
    Show(status::Show),
    /// Say whose measures bind, and change it by two people
    Policy(policy::Arguments),
}

/// The rules that are asked.
#[derive(Debug, Args)]
struct Rules {
    /// A file of rules beside those of the program; a regime of the same body and name takes the place of the
    /// program's, with all its rules. Repeat it for several
    #[arg(long = "rules", value_name = "FILE", conflicts_with_all = ["register", "shipped"])]
    files: Vec<PathBuf>,
    /// The rules in force in the register that is configured, where --database does not name it
    #[arg(long, conflicts_with = "shipped")]
    register: bool,
    /// The rules of the program, though --database names a register
    #[arg(long)]
    shipped: bool,
}

/// Whose rules are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// Those of the program and of files.
    Program,
    /// Those in force in a register.
    Register,
}

/// Largest file of rules, in bytes.
const LARGEST: u64 = 4 << 20;

/// Runs `embargo`.
pub(super) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    match arguments.verb {
        Verb::List(arguments) => list::run(context, &arguments).await,
        Verb::Check(arguments) => check::run(context, &arguments).await,
        Verb::Validate(arguments) => {
            context.no_account("embargo")?;
            validate::run(context, &arguments)
        }
        Verb::Propose(arguments) => propose::run(context, &arguments).await,
        Verb::Confirm(arguments) => review::confirm(context, arguments).await,
        Verb::Reject(arguments) => review::reject(context, arguments).await,
        Verb::Withdraw(arguments) => review::withdraw(context, arguments).await,
        Verb::Pending(arguments) => status::pending(context, &arguments).await,
        Verb::Status(arguments) => status::status(context, &arguments).await,
        Verb::Show(arguments) => status::show(context, &arguments).await,
        Verb::Policy(arguments) => policy::run(context, arguments).await,
    }
}

impl Rules {
    /// Whose rules are meant.
    fn source(&self, context: &Context) -> Source {
        let own = self.shipped || !self.files.is_empty();
        if self.register || (context.database_named && !own) { Source::Register } else { Source::Program }
    }

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
