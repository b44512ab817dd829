//! `entente transfer list`: the applications, the licences, the end-user certificates, the inspections, or the re-exports.

use clap::{Args, ValueEnum};
use entente_register::money::group;
use entente_store::Outcome;
use entente_store::reader::{ApplicationFilter, LicenceFilter, Listing, Page};

use super::{View, assured, guidance, reexport};
use crate::api::transfer::licence_object::LicenceRowObject;
use crate::api::transfer::object::ApplicationRowObject;
use crate::api::transfer::read::{application_state, licence_state, verification_word};
use crate::cli::{Context, Done};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Licences, and not applications
    #[arg(long, conflicts_with_all = ["certificates", "inspections", "guidance", "reexports"])]
    licences: bool,
    /// End-user certificates
    #[arg(long, conflicts_with_all = ["inspections", "guidance", "reexports"])]
    certificates: bool,
    /// Inspections after shipment
    #[arg(long, conflicts_with_all = ["guidance", "reexports"])]
    inspections: bool,
    /// Requests of recipients to re-export, with what was consented to
    #[arg(long, conflicts_with = "guidance")]
    reexports: bool,
    /// What transfers are weighed by: standing assessments, denials of others, quotas, figures, agencies, routing
    #[arg(long)]
    guidance: bool,
    /// Only of this state: of applications draft, open, proposed, granted, refused, withdrawn, discarded, or running for
    /// all that wait; of licences issued, suspended, revoked, closed or expired; of certificates registered, bound, voided,
    /// revoked, or asked for those of which an answer is awaited; of inspections planned, favourable, unable, incident,
    /// closed or cancelled; of re-exports requested, proposed, consented, refused, withdrawn, closed, revoked or running; of
    /// guidance waiting, in_force, ended, or due for those whose day has come
    #[arg(long, value_name = "STATE")]
    pub(super) state: Option<String>,
    /// Only of this applicant or holder; of certificates and inspections, this end user
    #[arg(long, value_name = "NUMBER", conflicts_with = "guidance")]
    pub(super) party: Option<String>,
    /// Only to this state, ISO 3166-1 alpha-3; of applications, licences and re-exports
    #[arg(long, value_name = "STATE", conflicts_with_all = ["certificates", "inspections", "guidance"])]
    pub(super) destination: Option<String>,
    /// Only licences with a delivery to be verified: overdue, remind within 30 days, or open for any
    #[arg(long, value_name = "STANDING", requires = "licences")]
    verification: Option<String>,
    /// Words of the title, or a part of the number
    #[arg(long, value_name = "WORDS", conflicts_with = "inspections")]
    pub(super) text: Option<String>,
    #[command(flatten)]
    pub(super) view: View,
    /// How the list is written
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a terminal
    Text,
    /// For programs
    Json,
    /// For a spreadsheet
    Csv,
}

pub(super) async fn run(context: &mut Context, arguments: &Arguments) -> Done {
    if arguments.guidance {
        return guidance::list(context, arguments).await;
    }
    match (arguments.licences, arguments.certificates, arguments.inspections) {
        _ if arguments.reexports => reexport::list(context, arguments).await,
        (true, ..) => licences(context, arguments).await,
        (_, true, _) => assured::certificates(context, arguments).await,
        (.., true) => assured::inspections(context, arguments).await,
        _ => applications(context, arguments).await,
    }
}

/// All rows of a list, page by page.
pub(in crate::cli) async fn every<T>(read: impl AsyncFn(Page) -> Outcome<Listing<T>>) -> Outcome<Vec<T>> {
    let mut rows = Vec::new();
    let mut page = Page::first(Page::MOST);
    loop {
        let found = read(page).await?;
        rows.extend(found.rows);
        page.offset += page.limit;
        if page.offset >= found.total {
            return Ok(rows);
        }
    }
}

async fn applications(context: &mut Context, arguments: &Arguments) -> Done {
    let filter = ApplicationFilter {
        state: arguments.state.as_deref().map(application_state).transpose()?,
        applicant: arguments.party.clone(),
        destination: arguments.destination.clone(),
        words: arguments.text.clone(),
    };
    let (store, reader) = arguments.view.reader(context).await?;
    let found = every(async |page| reader.applications(&filter, page).await).await?;
    let rows: Vec<_> = found.iter().map(ApplicationRowObject::of).collect();
    store.close().await;
    match arguments.format {
        Format::Json => context.out.json(&rows),
        Format::Csv => context.out.csv(&APPLICATION_COLUMNS, rows.into_iter().map(application_cells)),
        Format::Text if rows.is_empty() => context.out.line("No application answers to this."),
        Format::Text => rows.iter().try_for_each(|row| context.out.line(&application_line(row))),
    }
}

async fn licences(context: &mut Context, arguments: &Arguments) -> Done {
    let filter = LicenceFilter {
        state: arguments.state.as_deref().map(licence_state).transpose()?,
        holder: arguments.party.clone(),
        destination: arguments.destination.clone(),
        verification: arguments.verification.as_deref().map(verification_word).transpose()?,
        words: arguments.text.clone(),
    };
    let (store, reader) = arguments.view.reader(context).await?;
    let found = every(async |page| reader.licences(&filter, page).await).await?;
    let rows: Vec<_> = found.iter().map(|row| LicenceRowObject::of(row, reader.as_of())).collect();
    store.close().await;
    match arguments.format {
        Format::Json => context.out.json(&rows),
        Format::Csv => context.out.csv(&LICENCE_COLUMNS, rows.into_iter().map(licence_cells)),
        Format::Text if rows.is_empty() => context.out.line("No licence answers to this."),
        Format::Text => rows.iter().try_for_each(|row| context.out.line(&licence_line(row))),
    }
}

fn application_line(row: &ApplicationRowObject) -> String {
    let when = match (&row.decided_on, &row.submitted_on) {
        (Some(day), _) => format!("decided on {day}"),
        (None, Some(day)) => format!("submitted on {day}"),
        (None, None) => "not submitted".to_owned(),
    };
    let due = row.due_on.as_ref().map(|day| format!(", opinion due on {day}")).unwrap_or_default();
    format!(
        "{}  {:<9}  {}, {}: {} ({when}{due})",
        row.number, row.state, row.applicant_name, row.destination_name, row.title
    )
}

fn licence_line(row: &LicenceRowObject) -> String {
    let due = row.verification_due_on.as_ref();
    let due = due.map(|day| format!("; delivery to be verified by {day}")).unwrap_or_default();
    format!(
        "{}  {:<13}  {}, {}: {}; {} to {}; {} of {} {} left{due}",
        row.number,
        row.standing.replace('_', " "),
        row.holder_name,
        row.destination_name,
        row.title,
        row.valid_from,
        row.valid_until,
        group(&row.value_left),
        group(&row.value),
        row.currency
    )
}

const APPLICATION_COLUMNS: [&str; 11] = [
    "number",
    "title",
    "applicant",
    "applicant_name",
    "destination",
    "destination_name",
    "state",
    "submitted_on",
    "decided_on",
    "due_on",
    "label",
];

fn application_cells(row: ApplicationRowObject) -> Vec<String> {
    vec![
        row.number,
        row.title,
        row.applicant,
        row.applicant_name,
        row.destination,
        row.destination_name,
        row.state,
        row.submitted_on.unwrap_or_default(),
        row.decided_on.unwrap_or_default(),
        row.due_on.unwrap_or_default(),
        row.label,
    ]
}

const LICENCE_COLUMNS: [&str; 17] = [
    "number",
    "application",
    "kind",
    "title",
    "holder",
    "holder_name",
    "destination",
    "destination_name",
    "state",
    "standing",
    "issued_on",
    "valid_from",
    "valid_until",
    "currency",
    "value",
    "value_left",
    "verification_due_on",
];

fn licence_cells(row: LicenceRowObject) -> Vec<String> {
    vec![
        row.number,
        row.application,
        row.kind.to_owned(),
        row.title,
        row.holder,
        row.holder_name,
        row.destination,
        row.destination_name,
        row.state.to_owned(),
        row.standing.to_owned(),
        row.issued_on,
        row.valid_from,
        row.valid_until,
        row.currency.to_owned(),
        row.value,
        row.value_left,
        row.verification_due_on.unwrap_or_default(),
    ]
}
