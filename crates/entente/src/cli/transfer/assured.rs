//! Certificates and inspections of `entente transfer`, as lists and one by one.

use entente_register::transfer::certificate::{AuthenticityStanding, Undertaking};
use entente_store::reader::{CertificateFilter, CertificateView, InspectionFilter, InspectionView};

use super::list::{Arguments as ListArguments, Format as ListFormat, every};
use super::show::{Arguments as ShowArguments, Format as ShowFormat, Sheet, name_of};
use crate::api::assurance::certificate_object::{CertificateObject, CertificateRowObject};
use crate::api::assurance::inspection_object::{InspectionObject, InspectionRowObject};
use crate::api::assurance::read::{certificate_state, inspection_state};
use crate::cli::{Context, Done};

pub(super) async fn certificates(context: &mut Context, arguments: &ListArguments) -> Done {
    let filter = CertificateFilter {
        state: arguments.state.as_deref().map(certificate_state).transpose()?,
        end_user: arguments.party.clone(),
        words: arguments.text.clone(),
        ..CertificateFilter::default()
    };
    let (store, reader) = arguments.view.reader(context).await?;
    let found = every(async |page| reader.certificates(&filter, page).await).await?;
    let rows: Vec<_> = found.iter().map(CertificateRowObject::of).collect();
    store.close().await;
    match arguments.format {
        ListFormat::Json => context.out.json(&rows),
        ListFormat::Csv => context.out.csv(&CERTIFICATE_COLUMNS, rows.into_iter().map(certificate_cells)),
        ListFormat::Text if rows.is_empty() => context.out.line("No certificate answers to this."),
        ListFormat::Text => rows.iter().try_for_each(|row| context.out.line(&certificate_line(row))),
    }
}

pub(super) async fn inspections(context: &mut Context, arguments: &ListArguments) -> Done {
    let filter = InspectionFilter {
        state: arguments.state.as_deref().map(inspection_state).transpose()?,
        end_user: arguments.party.clone(),
        licence: None,
    };
    let (store, reader) = arguments.view.reader(context).await?;
    let found = every(async |page| reader.inspections(&filter, page).await).await?;
    let rows: Vec<_> = found.iter().map(InspectionRowObject::of).collect();
    store.close().await;
    match arguments.format {
        ListFormat::Json => context.out.json(&rows),
        ListFormat::Csv => context.out.csv(&INSPECTION_COLUMNS, rows.into_iter().map(inspection_cells)),
        ListFormat::Text if rows.is_empty() => context.out.line("No inspection answers to this."),
        ListFormat::Text => rows.iter().try_for_each(|row| context.out.line(&inspection_line(row))),
    }
}

fn certificate_line(row: &CertificateRowObject) -> String {
    let serves = match &row.application {
        Some(application) => format!("serves {application}"),
        None => "serves nothing".to_owned(),
    };
    let until = row.expires_on.as_ref().map(|day| format!(" to {day}")).unwrap_or_default();
    format!(
        "{}  {:<10}  {} of {}, {}{until}: {}; {serves}",
        row.number, row.state, row.register_number, row.issuer_name, row.issued_on, row.end_user_name
    )
}

fn inspection_line(row: &InspectionRowObject) -> String {
    let when = match &row.visited_on {
        Some(day) => format!("visited on {day}"),
        None => format!("visit on {}", row.visit_on),
    };
    format!(
        "{}  {:<10}  {} of licence {}, {when}: {}",
        row.number, row.state, row.end_user_name, row.licence, row.reason
    )
}

const CERTIFICATE_COLUMNS: [&str; 15] = [
    "number",
    "issuer",
    "issuer_name",
    "register_number",
    "issued_on",
    "expires_on",
    "exporter",
    "exporter_name",
    "end_user",
    "end_user_name",
    "destination",
    "state",
    "application",
    "registered_on",
    "label",
];

fn certificate_cells(row: CertificateRowObject) -> Vec<String> {
    vec![
        row.number,
        row.issuer,
        row.issuer_name,
        row.register_number,
        row.issued_on,
        row.expires_on.unwrap_or_default(),
        row.exporter,
        row.exporter_name,
        row.end_user,
        row.end_user_name,
        row.destination,
        row.state.to_owned(),
        row.application.unwrap_or_default(),
        row.registered_on,
        row.label,
    ]
}

const INSPECTION_COLUMNS: [&str; 9] =
    ["number", "licence", "end_user", "end_user_name", "state", "reason", "visit_on", "visited_on", "label"];

fn inspection_cells(row: InspectionRowObject) -> Vec<String> {
    vec![
        row.number,
        row.licence,
        row.end_user,
        row.end_user_name,
        row.state.to_owned(),
        row.reason,
        row.visit_on,
        row.visited_on.unwrap_or_default(),
        row.label,
    ]
}

pub(super) async fn certificate(context: &mut Context, arguments: &ShowArguments) -> Done {
    let (store, reader) = arguments.view.reader(context).await?;
    let view = reader.certificate(&arguments.number).await?;
    store.close().await;
    match arguments.format {
        ShowFormat::Json => context.out.json(&CertificateObject::of(view)),
        ShowFormat::Text | ShowFormat::Toml => context.out.print(&certificate_sheet(&view)),
    }
}

pub(super) async fn inspection(context: &mut Context, arguments: &ShowArguments) -> Done {
    let (store, reader) = arguments.view.reader(context).await?;
    let view = reader.inspection(&arguments.number).await?;
    store.close().await;
    match arguments.format {
        ShowFormat::Json => context.out.json(&InspectionObject::of(view)),
        ShowFormat::Text | ShowFormat::Toml => context.out.print(&inspection_sheet(&view)),
    }
}

fn certificate_sheet(view: &CertificateView) -> String {
    let this = &view.certificate;
    let said = &this.content;
    let party = |number: &str| format!("{number} {}", name_of(&view.parties, number));
    let mut sheet = Sheet::default();
    sheet.line(format!("{}  {}  {}", this.number, this.state, this.label));
    sheet.line(format!("Number {} of {}", said.register_number, party(&said.issuer)));
    let until = said.expires_on.map(|day| format!(", until {day}")).unwrap_or_default();
    sheet.line(format!(
        "Issued on {}{until}, signed by {}, {}",
        said.issued_on, said.signatory, said.position
    ));
    sheet.line(format!("Exporter {}", party(&said.exporter)));
    sheet.line(format!("End user {}, {}", party(&said.end_user), view.destination_name));
    sheet.line(format!("For: {}", said.end_use));
    sheet.line(match &this.application {
        Some(application) => format!("Serves application {application}"),
        None => "Serves no application".to_owned(),
    });
    let lines = said.lines.iter().map(|line| {
        let worth = line.value.map(|value| format!(", worth {value}")).unwrap_or_default();
        let unit = line.unit.counted(line.quantity);
        format!("{} {unit} {}, {}{worth}", line.quantity, line.description, line.category)
    });
    sheet.part("Goods", lines);
    sheet.part("Undertakings", said.undertakings.iter().map(|one| Undertaking::name(*one).to_owned()));
    if let Some(against) = &view.against {
        let said = match this.authenticity() {
            AuthenticityStanding::NotAsked => "nobody was asked".to_owned(),
            AuthenticityStanding::Asked(on) => format!("asked on {on}, not answered"),
            AuthenticityStanding::Answered(answer, on) => format!("{}, by the answer of {on}", answer.name()),
        };
        sheet.part("Authenticity", [said]);
        let against = against.iter().map(|(outcome, why)| format!("{}: {why}", outcome.name()));
        sheet.part("Against it", against);
    }
    sheet.history(&view.history);
    sheet.0
}

fn inspection_sheet(view: &InspectionView) -> String {
    let this = &view.inspection;
    let planned = &this.planned;
    let mut sheet = Sheet::default();
    sheet.line(format!("{}  {}  {}", this.number, this.state, this.label));
    sheet.line(format!("Of what went under licence {}", planned.licence));
    sheet.line(format!("At {} {}", planned.end_user, name_of(&view.parties, &planned.end_user)));
    sheet.line(format!("Planned on {} for {}: {}", this.planned_on, planned.visit_on, this.reason));
    if let Some(visit) = &this.visit {
        let visited = &visit.visited;
        sheet.line(format!("Visited on {}: {}", visit.on, visited.words()));
        sheet.part("Findings", [visited.findings.clone()]);
        sheet.part("Missing", visited.missing().into_iter().map(str::to_owned));
        sheet.part("Seen", visited.seen.iter().cloned());
        let accounted = visited.accounted.iter().map(|one| format!("{}: {}", one.serial, one.how));
        sheet.part("Accounted for", accounted);
    } else {
        sheet.part("To be seen", view.expected.iter().cloned());
    }
    sheet.part("Licences stopped", view.stopped.iter().cloned());
    sheet.history(&view.history);
    sheet.0
}
