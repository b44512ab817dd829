//! `entente transfer`: applications, licences, certificates, inspections, re-exports and guidance, the breaks between them,
//! what wants attention, and the audit of every licence that was issued.

mod alerts;
mod annual;
mod assured;
mod audit;
mod breaks;
mod classify;
mod denial;
mod file;
mod guidance;
pub(super) mod list;
mod recheck;
mod reexport;
mod show;

use clap::{Args, Subcommand};
use entente_register::ledger::{parse_date, parse_instant};
use entente_store::Store;
use entente_store::reader::Reader;

use super::{Context, Done, Halt};

const EXAMPLES: &str = "\
Examples:
  entente transfer list                             Applications, those that wait for somebody first
  entente transfer list --state running --format csv
  entente transfer list --licences --destination IND --as-of 2026-06-30
  entente transfer list --licences --verification overdue
  entente transfer list --certificates --state asked   Certificates whose issuer has not answered
  entente transfer list --inspections --state incident
  entente transfer show O-T2026-0001                An application: its checks, opinions and decisions
  entente transfer show O-L2026-0001                A licence: what was granted, written off and is left
  entente transfer list --reexports --state running    Requests to re-export that wait for a decision
  entente transfer show O-X2026-0001                A request to re-export: what binds, its checks and its decision
  entente transfer report arms-trade-treaty 2026 --audience OFFICIAL --format csv
  entente transfer denial O-T2026-0002 --audience OFFICIAL   What other states may be told of a refusal
  entente transfer show O-E2026-0001                A certificate; O-I2026-0001 an inspection
  entente transfer list --guidance --state due      Standing assessments to review, denials that lapse
  entente transfer guidance --help                  Routing rules, calendars, quotas and others as files
  entente --as i.auditor transfer file O-T2026-0001    Its full file, as O-T2026-0001.zip
  entente transfer breaks --kind verified_less_than_delivered
  entente transfer breaks --partner IND --ahead 180 --format csv
  entente transfer classify night vision sight      Control-list entries, and how such goods were classified
  entente transfer precedents O-T2026-0001          What was decided before of goods like these
  entente transfer recheck                          Open licences, checked again after a list or a rule has changed
  entente transfer alerts                           What wants attention, counted
  entente transfer alerts --kind licence_suspended --format csv
  entente transfer audit                            Every licence, judged again
  entente --as i.auditor transfer audit --format json

`audit` judges every decision that granted something by the rules in force on its day, twice: as they were known then, and
as they are known now. It ends with status 0 where nothing stood against a licence by what was known then, and with
status 1 where something did. What is known only now is printed and changes no status: nobody could have known it.";

/// What `transfer` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List applications, licences, certificates, inspections, re-exports or guidance
    List(list::Arguments),
    /// Show an application, a licence, a certificate, an inspection, a re-export or guidance, by its number
    Show(show::Arguments),
    /// Report a year’s transfers: Arms Trade Treaty, Register of Conventional Arms, Common Position
    Report(annual::Arguments),
    /// What other states may be told of what was refused: goods, destination, sort of end user, criteria
    Denial(denial::Arguments),
    /// Write the full file of an application: what was said, decided and done, its papers and its events
    File(file::Arguments),
    /// What transfers are weighed by: check a file, propose it, confirm it
    Guidance(guidance::Arguments),
    /// Suggest control-list entries for goods in words, and show how such goods were classified before
    Classify(classify::Classify),
    /// Show what was decided before of goods like those of an application
    Precedents(classify::Precedents),
    /// List where contract, licence, certificate, delivery and verification do not hang together
    Breaks(breaks::Arguments),
    /// Check every open licence again by what is known now: lists, rules and parties may have changed
    Recheck(recheck::Arguments),
    /// Count what wants attention, and list what is behind each count
    Alerts(alerts::Arguments),
    /// Judge every licence again by the rules in force on its day, as known then and as known now
    Audit(audit::Arguments),
}

/// Of which day, and known when.
#[derive(Debug, Args)]
pub(super) struct View {
    /// As of this day [default: today]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// As known at this instant [default: now]
    #[arg(long, value_name = "INSTANT")]
    known_at: Option<String>,
}

impl View {
    /// Opens the register that is configured, and reads it as whoever acts.
    pub(super) async fn reader(&self, context: &Context) -> Result<(Store, Reader), Halt> {
        let as_of = self.as_of.as_deref().map(|day| parse_date("as_of", day)).transpose()?;
        let known_at = self.known_at.as_deref().map(|at| parse_instant("known_at", at)).transpose()?;
        let store = context.open_existing().await?;
        let actor = context.actor(&store).await?;
        let reader = store.reader(&actor, as_of, known_at).await?;
        Ok((store, reader))
    }
}

/// Runs `transfer`.
pub(super) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    match arguments.verb {
        Verb::List(arguments) => list::run(context, &arguments).await,
        Verb::Show(arguments) => show::run(context, &arguments).await,
        Verb::Report(arguments) => annual::run(context, &arguments).await,
        Verb::Denial(arguments) => denial::run(context, &arguments).await,
        Verb::File(arguments) => file::run(context, &arguments).await,
        Verb::Guidance(arguments) => guidance::run(context, arguments).await,
        Verb::Classify(arguments) => classify::classify(context, &arguments).await,
        Verb::Precedents(arguments) => classify::precedents(context, &arguments).await,
        Verb::Breaks(arguments) => breaks::run(context, &arguments).await,
        Verb::Recheck(arguments) => recheck::run(context, &arguments).await,
        Verb::Alerts(arguments) => alerts::run(context, &arguments).await,
        Verb::Audit(arguments) => audit::run(context, &arguments).await,
    }
}
