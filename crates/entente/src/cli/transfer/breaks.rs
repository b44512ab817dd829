//! `entente transfer breaks`: where the chain from the contract to the inspection breaks.

use clap::Args;
use entente_register::transfer::link::USUAL_AHEAD;
use entente_store::reader::BreakFilter;

use super::View;
use super::list::{Format, every};
use crate::api::transfer::link::{break_kind, told_word};
use crate::api::transfer::link_object::{BREAK_COLUMNS, BreakObject};
use crate::cli::{Context, Done};
use crate::parameters::days_ahead;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only this kind, for example delivered_without_licence, verified_less_than_delivered or due_without_licence
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Only of this partner, ISO 3166-1 alpha-3
    #[arg(long, value_name = "CODE")]
    partner: Option<String>,
    /// Only of this contract
    #[arg(long, value_name = "NUMBER")]
    contract: Option<String>,
    /// What is broken, of what it cannot be told, or both
    #[arg(long, value_name = "broken|untold|both", default_value = "broken")]
    told: String,
    /// Days ahead within which a line that is to be delivered wants a licence
    #[arg(long, value_name = "DAYS", default_value_t = USUAL_AHEAD)]
    ahead: u32,
    #[command(flatten)]
    view: View,
    /// How the list is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(super) async fn run(context: &mut Context, arguments: &Arguments) -> Done {
    let ahead = arguments.ahead.to_string();
    let filter = BreakFilter {
        kind: arguments.kind.as_deref().map(break_kind).transpose()?,
        partner: arguments.partner.clone(),
        contract: arguments.contract.clone(),
        told: told_word(&arguments.told)?,
        ahead: days_ahead(Some(&ahead))?.unwrap_or(USUAL_AHEAD),
    };
    let (store, reader) = arguments.view.reader(context).await?;
    let found = every(async |page| reader.breaks(&filter, page).await).await?;
    let part = reader.sees_part_of_chain();
    let rows: Vec<_> = found.iter().map(BreakObject::of).collect();
    store.close().await;
    match arguments.format {
        Format::Json => context.out.json(&rows),
        Format::Csv => context.out.csv(&BREAK_COLUMNS, rows.into_iter().map(cells)),
        Format::Text if rows.is_empty() => {
            let of = if part { ", of what is open to you" } else { "" };
            context.out.line(&format!("No break answers to this{of}."))
        }
        Format::Text => rows.iter().try_for_each(|row| {
            let at = format!("{} {}", row.mended_at.kind, row.mended_at.number);
            context.out.line(&format!("{at:<32}  {}", row.words))
        }),
    }
}

fn cells(row: BreakObject) -> Vec<String> {
    vec![
        row.kind.to_owned(),
        row.untold.unwrap_or_default().to_owned(),
        row.words,
        row.mended_at.kind.to_owned(),
        row.mended_at.number,
        row.contract.unwrap_or_default(),
        row.contract_line.unwrap_or_default(),
        row.delivery.unwrap_or_default(),
        row.licence.unwrap_or_default(),
        row.licence_line.map(|line| line.to_string()).unwrap_or_default(),
        row.write_off.unwrap_or_default(),
        row.certificate.unwrap_or_default(),
        row.inspection.unwrap_or_default(),
        row.holder.unwrap_or_default(),
        row.partner,
        row.partner_name,
        row.wanted.unwrap_or_default(),
        row.found.unwrap_or_default(),
        row.difference.unwrap_or_default(),
        row.unit.unwrap_or_default(),
        row.on,
        row.since.unwrap_or_default(),
        row.label,
    ]
}
