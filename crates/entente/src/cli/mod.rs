//! The command line: noun first, verb second.
//!
//! Results stand on standard output, talk on standard error. The exit status is 0
//! for done, 1 for a fault, 2 for what was refused or could not be read. To add a
//! command, write `cli/NAME.rs` with an `Arguments` and a `run`, and name it in
//! [`Command`] and in [`Command::run`].

mod backup;
pub mod brief;
mod customs;
mod demo;
mod embargo;
mod execution_report;
mod export;
mod group;
mod import;
mod ledger;
mod lists;
mod market;
mod migrate;
pub mod out;
mod progress;
mod record;
mod screen;
mod serve;
mod transfer;
mod user;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use entente_register::access::Actor;
use entente_register::ledger::Refusal;
use entente_store::{Error, Fault, Outcome, Store, StoreOptions};
use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat, Overrides};
use out::Out;

/// One ledger for a national commission for military-technical cooperation:
/// contracts, plans and deliveries, each figure opened down to its documents.
#[derive(Debug, Parser)]
#[command(name = "entente", version, propagate_version = true, max_term_width = 100, after_help = EXAMPLES)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  entente demo                           A demonstration, on http://127.0.0.1:8080
  entente brief --as-of 2012-09-30       The chair's brief as of a day
  entente brief --format json            The same for programs
  entente execution-report --output report.pdf   The year's report, to print and to keep
  entente --database sqlite:register.db serve
                                         Pages and JSON API on http://127.0.0.1:8080

Exit status: 0 done, 1 something broke, 2 refused or bad input.
Configuration: flags stand over the environment, the environment over the file.";

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Everywhere")]
struct Common {
    /// Where the register is kept: sqlite:PATH or postgres://USER@HOST/NAME
    /// [default: entente.db in the folder for data of programs]
    #[arg(long, global = true, env = "ENTENTE_DATABASE", hide_env_values = true, value_name = "URL")]
    database: Option<String>,
    /// Read and write as this account, instead of as the operator of this machine; not for demo, serve,
    /// record, migrate and restore, nor for embargo rules of no register, which act as nobody
    #[arg(long = "as", global = true, value_name = "NAME")]
    account: Option<String>,
    /// Configuration file, TOML
    #[arg(long, global = true, env = "ENTENTE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// How log lines are written to standard error
    #[arg(long, global = true, env = "ENTENTE_LOG_FORMAT", value_enum, value_name = "FORMAT")]
    log_format: Option<LogFormat>,
    /// What is logged, for example `info` or `warn,entente=debug`
    #[arg(long, global = true, env = "ENTENTE_LOG", value_name = "FILTER")]
    log: Option<String>,
}

/// What a command that serves takes beside.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Listening {
    /// Address on which to serve [default: 127.0.0.1:8080]
    #[arg(long, env = "ENTENTE_LISTEN", value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// The address that people type; with https the cookie is bound to it and HSTS is sent
    #[arg(long, env = "ENTENTE_PUBLIC_ADDRESS", value_name = "URL")]
    public_address: Option<String>,
    /// Token that opens /metrics to others than this machine
    #[arg(long, env = "ENTENTE_METRICS_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    metrics_token: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show a demonstration: invented contracts, publicly stated totals
    Demo(demo::Arguments),
    /// Serve the pages and the JSON API
    Serve(serve::Arguments),
    /// Print the chair's brief
    Brief(brief::Arguments),
    /// Write the year's report as PDF or as HTML for print
    ExecutionReport(execution_report::Arguments),
    /// Bring a book in, whole or a table of it, from CSV, XLSX or OCDS, all or nothing; or a statistic
    Import(import::Arguments),
    /// Give a book out, whole or a table of it, as CSV, XLSX or OCDS
    Export(export::Arguments),
    /// Look parties up on lists of those under measures, and say why
    Screen(screen::Arguments),
    /// Load, compare and keep the lists of those under measures, and screen the parties against them
    Lists(lists::Arguments),
    /// Judge a transfer by the rules on what may go to whom, and bring rules into force by two people
    Embargo(embargo::Arguments),
    /// List and show applications and licences, and judge every licence again
    Transfer(transfer::Arguments),
    /// Exchange files with customs: licences out, write-offs in, and what neither side took
    Customs(customs::Arguments),
    /// Rank exporters by volume, follow them over time, and list deals
    Market(market::Arguments),
    /// Show groups of states: who is a member when, and which part of the world they are
    Group(group::Arguments),
    /// Read the public page of a session: who said what, and where something was left out; no register is read
    Record(record::Arguments),
    /// Verify, rebuild, export or sign the ledger
    Ledger(ledger::Arguments),
    /// Make the register's schema, or bring an older one up to this program
    Migrate(migrate::Arguments),
    /// Save the whole register in one file, while others work
    Backup(backup::Save),
    /// Put a backup back into an empty database of either kind
    Restore(backup::Restore),
    /// Open, change, close and list accounts of persons
    User(user::Arguments),
}

impl Command {
    async fn run(self, context: &mut Context) -> Done {
        match self {
            Command::Demo(arguments) => demo::run(context, arguments).await,
            Command::Serve(arguments) => serve::run(context, arguments).await,
            Command::Brief(arguments) => brief::run(context, arguments).await,
            Command::ExecutionReport(arguments) => execution_report::run(context, arguments).await,
            Command::Import(arguments) => import::run(context, arguments).await,
            Command::Export(arguments) => export::run(context, arguments).await,
            Command::Screen(arguments) => screen::run(context, arguments).await,
            Command::Lists(arguments) => lists::run(context, arguments).await,
            Command::Embargo(arguments) => embargo::run(context, arguments).await,
            Command::Transfer(arguments) => transfer::run(context, arguments).await,
            Command::Customs(arguments) => customs::run(context, arguments).await,
            Command::Market(arguments) => market::run(context, arguments).await,
            Command::Group(arguments) => group::run(context, arguments).await,
            Command::Record(arguments) => record::run(context, arguments),
            Command::Ledger(arguments) => ledger::run(context, arguments).await,
            Command::Migrate(arguments) => migrate::run(context, arguments).await,
            Command::Backup(arguments) => backup::save(context, arguments).await,
            Command::Restore(arguments) => backup::restore(context, arguments).await,
            Command::User(arguments) => user::run(context, arguments).await,
        }
    }

    fn listening(&self) -> Listening {
        match self {
            Command::Demo(arguments) => arguments.listening.clone(),
            Command::Serve(arguments) => arguments.listening.clone(),
            _ => Listening::default(),
        }
    }

    /// What is logged if nobody says.
    fn log(&self) -> &'static str {
        match self {
            Command::Serve(_) => "info,sqlx=warn",
            _ => "warn",
        }
    }
}

/// What a command works with.
pub struct Context {
    /// The configuration in force.
    pub config: Config,
    /// Whether a database was named, by flag or environment.
    pub database_named: bool,
    /// The account named by `--as`.
    pub account: Option<String>,
    /// Standard output and standard error.
    pub out: Out,
}

impl Context {
    /// Opens the register that is configured.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open(&self) -> Outcome<Store> {
        let (bar, progress) = rebuilding();
        let store = Store::open_telling(&self.config.database, StoreOptions::system()?, progress).await;
        bar.finish_and_clear();
        Ok(store?.screened_by(crate::screener::engine()))
    }

    /// Opens the register that is configured, and makes none where there is none.
    ///
    /// # Errors
    /// As [`Store::open_existing`].
    pub async fn open_existing(&self) -> Outcome<Store> {
        let (bar, progress) = rebuilding();
        let store = Store::open_existing(&self.config.database, StoreOptions::system()?, progress).await;
        bar.finish_and_clear();
        Ok(store?.screened_by(crate::screener::engine()))
    }

    /// Refuses `--as` for a command that acts as nobody: it must not seem to have bound it.
    ///
    /// # Errors
    /// `account.not_used`.
    pub fn no_account(&self, command: &str) -> Result<(), Refusal> {
        if self.account.is_none() {
            return Ok(());
        }
        Err(Refusal::new("account.not_used", format!("`{command}` acts as no account."))
            .field("as")
            .missing(format!("`{command}` without --as")))
    }

    /// Who acts: the account of `--as`, or the operator of this machine.
    ///
    /// # Errors
    /// `not_found` if there is no such account that is open.
    pub async fn actor(&self, store: &Store) -> Outcome<Actor> {
        match self.account.as_deref() {
            None | Some("operator") => Ok(Actor::operator(self.config.operator.clone())),
            Some(name) => store.actor(name).await,
        }
    }
}

/// The bar that shows how far the views of an earlier version are rebuilt.
fn rebuilding() -> (indicatif::ProgressBar, entente_store::Progress) {
    let bar = progress::bar("Rebuilding the views of an earlier version");
    let moved = bar.clone();
    let progress = Arc::new(move |done: i64, all: i64| {
        moved.set_length(all.try_into().unwrap_or(0));
        moved.set_position(done.try_into().unwrap_or(0));
    });
    (bar, progress)
}

/// Why a command ended before its end.
#[derive(Debug)]
pub enum Halt {
    /// Refused: exit status 2.
    Refused(Refusal),
    /// Broke: exit status 1.
    Broke(Fault),
    /// The result is told and is no success, for example a ledger that does not verify: exit status 1.
    NotSound,
    /// What was given is at fault, and the report says where: exit status 2.
    Faulty,
    /// Whoever reads standard output has closed it: nothing is left to do.
    Closed,
}

/// How a command ends.
pub type Done = Result<(), Halt>;

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Halt {
        Halt::Refused(refusal)
    }
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Halt {
        Halt::Broke(fault)
    }
}

impl From<Error> for Halt {
    fn from(error: Error) -> Halt {
        match error {
            Error::Refusal(refusal) => refusal.into(),
            Error::Fault(fault) => fault.into(),
        }
    }
}

/// Reads the command line, does what it says, and gives the exit status.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let mut out = Out::of_process();
    let ended = start(arguments, &mut out);
    match ended {
        Ok(()) | Err(Halt::Closed) => ExitCode::SUCCESS,
        Err(Halt::NotSound) => ExitCode::FAILURE,
        Err(Halt::Faulty) => ExitCode::from(2),
        Err(Halt::Refused(refusal)) => {
            out.refused(&refusal);
            ExitCode::from(2)
        }
        Err(Halt::Broke(fault)) => {
            out.note(&format!("entente: {fault}"));
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: Arguments, out: &mut Out) -> Done {
    let listening = arguments.command.listening();
    let database_named = arguments.common.database.is_some();
    let config = Config::load(Overrides {
        config: arguments.common.config,
        database: arguments.common.database,
        listen: listening.listen,
        public_address: listening.public_address,
        log_format: arguments.common.log_format,
        log: arguments.common.log,
        metrics_token: listening.metrics_token,
    })?;
    log(&config, arguments.command.log())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Fault::internal("starting the program's threads", e))?;
    let mut context = Context { config, database_named, account: arguments.common.account, out: out.clone() };
    runtime.block_on(arguments.command.run(&mut context))
}

fn log(config: &Config, default: &str) -> Result<(), Refusal> {
    let filter = config.log.as_deref().unwrap_or(default);
    let filter = EnvFilter::try_new(filter).map_err(|e| {
        Refusal::new("config.log", format!("{filter:?} is not a filter of log lines: {e}."))
            .field("log")
            .missing("a level such as info, or warn,entente=debug")
    })?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A subscriber that is set already is a test's own.
    let _ = match config.log_format {
        LogFormat::Text => lines.with_ansi(out::errors_are_terminal()).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(true).try_init(),
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_help_names_every_command_and_hides_secrets() {
        let help = Arguments::command().render_long_help().to_string();
        for command in Arguments::command().get_subcommands() {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            assert!(help.contains(command.get_name()));
        }
        assert!(help.contains("Exit status"));
    }
}
