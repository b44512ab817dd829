//! `entente transfer alerts`: what of transfers wants attention.

use clap::Args;
use entente_register::transfer::notice::NoticeKind;

use super::View;
use super::list::{Format, every};
use crate::api::transfer::notice::{NOTICE_COLUMNS, NoticeCountObject, NoticeObject};
use crate::cli::{Context, Done};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What is behind the count of this kind, for example licence_suspended or term_to_confirm
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    #[command(flatten)]
    view: View,
    /// How the list is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(super) async fn run(context: &mut Context, arguments: &Arguments) -> Done {
    let kind: Option<NoticeKind> = arguments.kind.as_deref().map(str::parse).transpose()?;
    let (store, reader) = arguments.view.reader(context).await?;
    let Some(kind) = kind else {
        let counts = reader.notice_counts().await?.into_iter().map(NoticeCountObject::of);
        let rows: Vec<NoticeCountObject> = counts.collect();
        store.close().await;
        return match arguments.format {
            Format::Json => context.out.json(&rows),
            Format::Csv => {
                let cells = |row: &NoticeCountObject| vec![row.kind.to_owned(), row.count.to_string()];
                context.out.csv(&["kind", "count"], rows.iter().map(cells))
            }
            Format::Text => rows.iter().try_for_each(|row| {
                context.out.line(&format!("{:>6}  {:<22}  {}", row.count, row.kind, row.name))
            }),
        };
    };
    let found = every(async |page| reader.notices(kind, page).await).await?;
    let rows: Vec<NoticeObject> = found.into_iter().map(NoticeObject::of).collect();
    store.close().await;
    match arguments.format {
        Format::Json => context.out.json(&rows),
        Format::Csv => context.out.csv(&NOTICE_COLUMNS, rows.into_iter().map(cells)),
        Format::Text if rows.is_empty() => context.out.line("Nothing of this wants attention."),
        Format::Text => rows
            .iter()
            .try_for_each(|row| context.out.line(&format!("{:<18}  {}: {}", row.number, row.title, row.why))),
    }
}

fn cells(row: NoticeObject) -> Vec<String> {
    vec![
        row.kind.to_owned(),
        row.number,
        row.state.unwrap_or_default(),
        row.title,
        row.due_on.unwrap_or_default(),
        row.why,
    ]
}
