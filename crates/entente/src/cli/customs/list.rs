//! Runs and discrepancies, as lists and one by one.

use clap::{Args, ValueEnum};
use entente_register::customs::run::RunContent;
use entente_store::reader::{DiscrepancyFilter, RunFilter};

use super::View;
use super::bring::told;
use crate::api::customs::object::{
    CustomsRunObject, CustomsRunRowObject, DISCREPANCY_COLUMNS, DiscrepancyRowObject,
};
use crate::api::customs::read::{direction, discrepancy_state, run_state};
use crate::cli::transfer::list::every;
use crate::cli::{Context, Done};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For programs
    Json,
    /// For a spreadsheet
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ShowFormat {
    /// For a terminal
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Args)]
pub(super) struct Runs {
    /// Only runs out (licence data) or in (usage data)
    #[arg(long, value_name = "DIRECTION")]
    direction: Option<String>,
    /// Only of this state: sent or answered of runs out, judged of runs in
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    #[command(flatten)]
    view: View,
    /// How the list is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// Key of the run, such as OUT-7 or IN-3
    run: String,
    #[command(flatten)]
    view: View,
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    format: ShowFormat,
}

#[derive(Debug, Args)]
pub(super) struct Discrepancies {
    /// Only of this state: open or closed
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// Only about this licence, by its number as customs wrote it
    #[arg(long, value_name = "NUMBER")]
    licence: Option<String>,
    #[command(flatten)]
    view: View,
    /// How the list is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

const RUN_COLUMNS: [&str; 10] =
    ["key", "direction", "run", "on", "by", "state", "holds", "accepted", "rejected", "label"];

pub(super) async fn runs(context: &mut Context, arguments: &Runs) -> Done {
    let filter = RunFilter {
        direction: arguments.direction.as_deref().map(direction).transpose()?,
        state: arguments.state.as_deref().map(run_state).transpose()?,
    };
    let (store, reader) = arguments.view.reader(context).await?;
    let found = every(async |page| reader.customs_runs(&filter, page).await).await?;
    let rows: Vec<_> = found.iter().map(CustomsRunRowObject::of).collect();
    store.close().await;
    let count = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    match arguments.format {
        Format::Json => context.out.json(&rows),
        Format::Csv => context.out.csv(
            &RUN_COLUMNS,
            rows.into_iter().map(|row| {
                vec![
                    row.key,
                    row.direction,
                    row.run.to_string(),
                    row.on,
                    row.by,
                    row.state,
                    row.holds.to_string(),
                    count(row.accepted),
                    count(row.rejected),
                    row.label,
                ]
            }),
        ),
        Format::Text if rows.is_empty() => context.out.line("No run answers to this."),
        Format::Text => rows.iter().try_for_each(|row| {
            let came = match (row.accepted, row.rejected) {
                (Some(accepted), Some(rejected)) => format!("{accepted} accepted, {rejected} rejected"),
                _ => "not answered".to_owned(),
            };
            context
                .out
                .line(&format!("{:<8}  {:<8}  {}  {} in it, {came}", row.key, row.state, row.on, row.holds))
        }),
    }
}

pub(super) async fn show(context: &mut Context, arguments: &Show) -> Done {
    let (store, reader) = arguments.view.reader(context).await?;
    let view = reader.customs_run(&arguments.run).await?;
    store.close().await;
    if arguments.format == ShowFormat::Json {
        return context.out.json(&CustomsRunObject::of(view));
    }
    let run = &view.run;
    context.out.line(&format!("{}  {}  {}", run.key, run.state, run.label))?;
    let file = run.file();
    context.out.line(&format!("{}, {}", file.title, file.content.as_deref().unwrap_or_default()))?;
    let RunContent::Out(exported, answer) = &run.content else {
        return told(run).iter().try_for_each(|line| context.out.line(line));
    };
    context.out.line(&format!("Customs were told up to {}", exported.marking))?;
    context.out.line(&format!("{} licences: {}", exported.licences.len(), exported.licences.join(", ")))?;
    if let Some(withheld) = view.withheld.as_ref().filter(|withheld| !withheld.is_empty()) {
        let named: Vec<String> =
            withheld.iter().map(|one| format!("{} ({})", one.licence, one.label)).collect();
        context.out.line(&format!("{} withheld: {}", withheld.len(), named.join(", ")))?;
    }
    match answer {
        None => context.out.line("Not answered by customs"),
        Some((on, answer)) => {
            context.out.line(&format!(
                "Answered on {on}: {} accepted, {} rejected",
                answer.accepted,
                answer.rejected.len()
            ))?;
            answer.rejected.iter().try_for_each(|one| {
                let words = format!("  {}: {}, {} [{}]", one.licence, one.discrepancy, one.words, one.code);
                context.out.line(&words)
            })
        }
    }
}

fn discrepancy_cells(row: DiscrepancyRowObject) -> Vec<String> {
    vec![
        row.number,
        row.state.to_owned(),
        row.origin.to_owned(),
        row.run.to_string(),
        row.row.to_string(),
        row.licence,
        row.line.map(|line| line.to_string()).unwrap_or_default(),
        row.reference.unwrap_or_default(),
        row.shipped_on.unwrap_or_default(),
        row.quantity.unwrap_or_default(),
        row.unit.unwrap_or_default().to_owned(),
        row.value.unwrap_or_default(),
        row.currency.unwrap_or_default().to_owned(),
        row.code,
        row.text,
        row.opened_on,
        row.closed_on.unwrap_or_default(),
        row.label,
    ]
}

pub(super) async fn discrepancies(context: &mut Context, arguments: &Discrepancies) -> Done {
    let filter = DiscrepancyFilter {
        state: arguments.state.as_deref().map(discrepancy_state).transpose()?,
        licence: arguments.licence.clone(),
    };
    let (store, reader) = arguments.view.reader(context).await?;
    let found = every(async |page| reader.discrepancies(&filter, page).await).await?;
    let rows: Vec<_> = found.iter().map(|row| DiscrepancyRowObject::of(&row.discrepancy)).collect();
    store.close().await;
    match arguments.format {
        Format::Json => context.out.json(&rows),
        Format::Csv => context.out.csv(&DISCREPANCY_COLUMNS, rows.into_iter().map(discrepancy_cells)),
        Format::Text if rows.is_empty() => context.out.line("No discrepancy answers to this."),
        Format::Text => rows.iter().try_for_each(|row| {
            let of = row.reference.as_ref().map(|reference| format!(", {reference}")).unwrap_or_default();
            context.out.line(&format!(
                "{}  {:<6}  {}  {}{of}: {}",
                row.number, row.state, row.opened_on, row.licence, row.text
            ))
        }),
    }
}
