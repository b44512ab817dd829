//! `entente import market FILE` and `entente import indicators FILE`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use entente_register::access::Actor;
use entente_register::command::Command;
use entente_register::market::Series;
use entente_store::{Error, Outcome, Store};
use serde::Serialize;

use crate::cli::{Context, Done};
use crate::formats::short_hash;
use crate::statistic::{Imported, Incoming, Kind, import, read_file, source_of};

const MARKET: &str = "\
Examples:
  entente import market tiv-exports.csv
  entente import market trade-register.csv --source \"SIPRI, downloaded 2025-03-13\"

Which of the two a file is says the file: SIPRI's table of exports (TIV, a column a year), or its trade
register (a row a deal, with what is uncertain in brackets or marked). Give it as it was downloaded, with
the lines above the table. SIPRI's data may not be passed on: they are kept in your register alone.";

const INDICATORS: &str = "\
Examples:
  entente import indicators population.csv
  entente import indicators gdp.csv --indicator gdp_nominal
  entente import indicators API_NY.GDP.MKTP.CD_DS2_en_csv_v2.csv

A file has the columns Country Name, Country Code, Year, Value; or it is the World Bank's own download of
one indicator. The latter names its indicator; in the former, population and gdp_nominal are told by their
figures of 2000, and --indicator says which one it is otherwise.";

const EDITIONS: &str = "\
A file is read whole or refused with the line and column. It is an edition: known from its import on, and
kept beside those before it, so that whoever reads as known before reads the edition before. The edition
in force comes in again without a trace. One that is older, or more than 20 % smaller, needs a reason.";

/// A statistic that is brought in.
#[derive(Debug, Subcommand)]
pub(crate) enum Statistic {
    /// The market, by SIPRI: volume of arms exports by supplier and year, or the trade register
    #[command(after_help = format!("{MARKET}\n\n{EDITIONS}"))]
    Market(Market),
    /// Figures about states, by the World Bank: population, gross domestic product, military expenditure
    #[command(after_help = format!("{INDICATORS}\n\n{EDITIONS}"))]
    Indicators(Indicators),
}

/// What every import of a statistic takes.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The file
    file: PathBuf,
    /// From where it comes [default: the name of the file]
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
    /// Import it though it is older, or much smaller, than the edition in force, for this reason
    #[arg(long, value_name = "REASON")]
    despite: Option<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Market {
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct Indicators {
    /// Which indicator it is, where the file does not say: population, gdp_nominal, gdp_ppp, military_expenditure
    #[arg(long, value_name = "NAME")]
    indicator: Option<String>,
    #[command(flatten)]
    common: Common,
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

#[derive(Debug, Serialize)]
struct ImportedObject {
    series: &'static str,
    edition: String,
    publisher: &'static str,
    basis: &'static str,
    rows: u32,
    first_year: i16,
    last_year: i16,
    generated_on: Option<String>,
    /// `in_force`, or `unchanged` where it was so already.
    outcome: &'static str,
}

pub(super) async fn run(context: &mut Context, statistic: Statistic) -> Done {
    let (kind, common) = match statistic {
        Statistic::Market(market) => (Kind::Market, market.common),
        Statistic::Indicators(indicators) => {
            let indicator = indicators.indicator.as_deref().map(Series::indicator).transpose()?;
            (Kind::Indicators(indicator), indicators.common)
        }
    };
    let bytes = read_file(&common.file)?;
    let source = common.source.unwrap_or_else(|| source_of(&common.file));
    let store = context.open().await?;
    let actor = context.actor(&store).await?;
    let incoming =
        || Incoming { kind, bytes: bytes.clone(), source: source.clone(), despite: common.despite.clone() };
    let done = bring_in(context, &store, &actor, incoming).await;
    store.close().await;
    tell(context, &done?, common.format)
}

/// Brings a file in; an empty register is founded by it, as by its first account.
async fn bring_in(
    context: &mut Context,
    store: &Store,
    actor: &Actor,
    incoming: impl Fn() -> Incoming,
) -> Outcome<Imported> {
    match import(store, actor, incoming()).await {
        Err(Error::Refusal(refusal)) if refusal.code == "ledger.not_founded" => {
            store.execute(actor, Command::Found { purpose: "register".to_owned() }).await?;
            context.out.note("The register was empty and is now founded.");
            import(store, actor, incoming()).await
        }
        done => done,
    }
}

fn tell(context: &mut Context, imported: &Imported, format: Format) -> Done {
    let (series, edition) = (imported.series, &imported.edition);
    let object = ImportedObject {
        series: series.word(),
        edition: edition.content.clone(),
        publisher: series.publisher(),
        basis: series.basis(),
        rows: edition.rows,
        first_year: edition.first_year,
        last_year: edition.last_year,
        generated_on: edition.generated_on.map(|on| on.to_string()),
        outcome: if imported.receipt.is_some() { "in_force" } else { "unchanged" },
    };
    let generated = object.generated_on.clone().unwrap_or_default();
    match format {
        Format::Json => context.out.json(&object),
        Format::Csv => {
            let columns = ["series", "edition", "rows", "first_year", "last_year", "generated_on", "outcome"];
            let cells = vec![
                object.series.to_owned(),
                object.edition,
                object.rows.to_string(),
                object.first_year.to_string(),
                object.last_year.to_string(),
                generated,
                object.outcome.to_owned(),
            ];
            context.out.csv(&columns, [cells])
        }
        Format::Text => {
            let of = if generated.is_empty() { String::new() } else { format!(" of {generated}") };
            let what = format!(
                "{}: edition {}{of} with {} rows, {} to {}",
                object.series,
                short_hash(&object.edition),
                object.rows,
                object.first_year,
                object.last_year
            );
            match imported.receipt {
                Some(_) => {
                    context.out.line(&format!("{what}, is in force."))?;
                    context.out.line(&format!("{}. {}", object.publisher, object.basis))
                }
                None => context.out.line(&format!("{what}, was in force already: nothing is new.")),
            }
        }
    }
}
