//! `entente brief`: the chair's brief on standard output.

use clap::{Args, ValueEnum};

use entente_register::brief::Brief;
use entente_register::ledger::Refusal;
use entente_store::Fault;

use super::out::Out;
use super::{Context, Done};
use crate::app::Defaults;
use crate::formats::{brief_html, brief_json, brief_text};
use crate::parameters::ViewParameters;

/// How the brief is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal or a printer.
    Text,
    /// For programs.
    Json,
    /// A document to print, to send or to keep.
    Html,
}

const EXAMPLES: &str = "\
Examples:
  entente brief --as-of 2012-09-30 --known-at 2012-10-01T00:00:00Z
  entente brief --as-of 2012-12-31 --plan 2012:3 --format json
  entente brief --counting handed_over
  entente brief --format html > brief.html

A figure that cannot be known is printed as unknown, with the reason.";

/// What `brief` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    view: View,
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Of which day, known when, and by which conventions: what every command takes that reads a brief.
#[derive(Debug, Args)]
pub(crate) struct View {
    /// Cut-off: acts dated after this day do not count [default: today; a demonstration's own day]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Horizon: what was recorded after this instant is not known [default: now]
    #[arg(long, value_name = "INSTANT")]
    known_at: Option<String>,
    /// Which act makes a delivery count: title_passed or handed_over [default: title_passed]
    #[arg(long, value_name = "RULE")]
    counting: Option<String>,
    /// Plan version, for example 2012:3 [default: the latest approved by the cut-off]
    #[arg(long, value_name = "YEAR:VERSION")]
    plan: Option<String>,
    /// Currency of the contracts that are summed [default: USD]
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
}

impl View {
    /// As a page takes it.
    ///
    /// # Errors
    /// A refusal that names the option.
    pub(crate) fn parameters(&self) -> Result<ViewParameters, Refusal> {
        let pairs: Vec<(String, String)> = [
            ("as_of", &self.as_of),
            ("known_at", &self.known_at),
            ("counting", &self.counting),
            ("plan", &self.plan),
            ("currency", &self.currency),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)))
        .collect();
        ViewParameters::parse(&pairs)
    }
}

/// Prints the brief.
pub(crate) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    let view = arguments.view.parameters()?;
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let defaults = Defaults::of(&store).await?;
    let view = view.or(&defaults);
    let reader = store.reader(&actor, view.as_of, view.known_at).await?;
    let brief = reader.brief(&view.options()).await?;
    store.close().await;
    print(&mut context.out, &brief, arguments.format, defaults.demonstration)
}

/// Writes a brief in a format; `demonstration` if its contracts are invented.
pub(crate) fn print(out: &mut Out, brief: &Brief, format: Format, demonstration: bool) -> Done {
    match format {
        Format::Text => {
            let emphasis = out.is_terminal() && std::env::var_os("NO_COLOR").is_none();
            out.print(&brief_text::text(brief, emphasis, demonstration))
        }
        Format::Json => {
            let text = brief_json::text(brief, demonstration)
                .map_err(|e| Fault::internal("writing the brief", e))?;
            out.print(&text)
        }
        Format::Html => out.print(&brief_html::text(brief, demonstration)?),
    }
}
