//! Re-exports of `entente transfer`, as a list and one by one.

use entente_register::transfer::reexport::{ReexportItem, ReexportProposal};
use entente_store::reader::{ReexportFilter, ReexportView};

use super::list::{Arguments as ListArguments, Format as ListFormat, every};
use super::show::{Arguments as ShowArguments, Format as ShowFormat, Sheet, name_of};
use crate::api::reexport::object::{ReexportObject, ReexportRowObject};
use crate::api::reexport::read::reexport_state;
use crate::cli::{Context, Done};

pub(super) async fn list(context: &mut Context, arguments: &ListArguments) -> Done {
    let filter = ReexportFilter {
        state: arguments.state.as_deref().map(reexport_state).transpose()?,
        destination: arguments.destination.clone(),
        of: None,
        words: arguments.text.clone(),
    };
    let (store, reader) = arguments.view.reader(context).await?;
    let found = every(async |page| reader.reexports(&filter, page).await).await?;
    let rows: Vec<_> = found
        .iter()
        .map(ReexportRowObject::of)
        .filter(|row| arguments.party.as_ref().is_none_or(|party| row.end_user == *party))
        .collect();
    store.close().await;
    match arguments.format {
        ListFormat::Json => context.out.json(&rows),
        ListFormat::Csv => context.out.csv(&COLUMNS, rows.into_iter().map(cells)),
        ListFormat::Text if rows.is_empty() => context.out.line("No re-export answers to this."),
        ListFormat::Text => rows.iter().try_for_each(|row| {
            context.out.line(&format!(
                "{}  {:<10}  {}, {} to {}: {} to {}",
                row.number,
                row.state,
                row.requested_on,
                row.origin,
                row.destination,
                row.title,
                row.end_user_name
            ))
        }),
    }
}

const COLUMNS: [&str; 14] = [
    "number",
    "title",
    "state",
    "authority",
    "authority_name",
    "origin",
    "end_user",
    "end_user_name",
    "destination",
    "licences",
    "requested_on",
    "decided_on",
    "valid_until",
    "label",
];

fn cells(row: ReexportRowObject) -> Vec<String> {
    vec![
        row.number,
        row.title,
        row.state.to_owned(),
        row.authority,
        row.authority_name,
        row.origin,
        row.end_user,
        row.end_user_name,
        row.destination,
        row.licences.join(" "),
        row.requested_on,
        row.decided_on.unwrap_or_default(),
        row.valid_until.unwrap_or_default(),
        row.label,
    ]
}

pub(super) async fn show(context: &mut Context, arguments: &ShowArguments) -> Done {
    let (store, reader) = arguments.view.reader(context).await?;
    let view = reader.reexport(&arguments.number).await?;
    store.close().await;
    match arguments.format {
        ShowFormat::Json => context.out.json(&ReexportObject::of(view)),
        ShowFormat::Text | ShowFormat::Toml => context.out.print(&sheet(&view)),
    }
}

fn sheet(view: &ReexportView) -> String {
    let this = &view.reexport;
    let content = &this.requested.content;
    let party = |number: &str| format!("{number} {}", name_of(&view.parties, number));
    let mut sheet = Sheet::default();
    sheet.line(format!("{}  {}  {}", this.number, this.state, this.label));
    sheet.line(&content.title);
    sheet.line(format!(
        "Asked on {} by {}, {}",
        this.requested_on,
        party(&content.applicant),
        view.origin_name
    ));
    let users: Vec<String> = content.end_users().into_iter().map(party).collect();
    sheet.line(format!("For {}, {}", users.join(", "), view.destination_name));
    sheet.line(format!("Purpose: {}; {}", content.purpose.name(), content.end_use));
    let item = |item: &ReexportItem| format!("{} of line {} of {}", item.quantity, item.line, item.licence);
    sheet.part("What is passed on", this.requested.items.iter().map(item));
    sheet.part("Serial numbers", this.requested.serials.iter().cloned());
    let binding =
        |one: &entente_register::transfer::reexport::Binding| match (&one.certificate, one.undertaken) {
            (Some(of), true) => {
                format!("{}: certificate {of} promises no re-export without consent", one.licence)
            }
            (Some(of), false) => format!("{}: certificate {of} does not promise to ask", one.licence),
            (None, _) => format!("{}: no end-user certificate", one.licence),
        };
    sheet.part("What binds", this.requested.bindings.iter().map(binding));
    sheet.part(
        "On what ground",
        this.ground.iter().map(|(on, by, of)| format!("{on}, by {by}: {}", of.ground)),
    );
    sheet.part(
        "Rights of third parties",
        this.rights.iter().map(|(on, by, of)| format!("{on}, by {by}: {}", of.finding)),
    );
    sheet.checks(&view.checks);
    if let Some((by, proposal)) = &this.proposal {
        sheet.part("Proposed", decided(proposal, &format!("by {by}")));
    }
    if let Some(decision) = &this.decision {
        let by = format!("by {} and {}, {}", decision.proposed_by, decision.countersigned_by, decision.on);
        sheet.part("Decided", decided(&decision.proposal, &by));
    }
    let reports = this.reports.iter().map(|(on, report)| {
        let items: Vec<String> = report.items.iter().map(item).collect();
        format!("{on}: {}", items.join("; "))
    });
    sheet.part("Passed on", reports);
    sheet.history(&view.history);
    sheet.0
}

fn decided(proposal: &ReexportProposal, by: &str) -> Vec<String> {
    let mut lines = vec![match (proposal.consents, proposal.valid_from, proposal.valid_until) {
        (true, Some(from), Some(until)) => format!("Consent from {from} to {until}, {by}"),
        (true, ..) => format!("Consent, {by}"),
        (false, ..) => {
            let criteria: Vec<&str> = proposal.criteria.iter().map(|criterion| criterion.name()).collect();
            format!("Refusal by {}, {by}", criteria.join(", "))
        }
    }];
    lines.push(proposal.reason.clone());
    lines.extend(proposal.conditions.iter().map(|condition| format!("Condition: {condition}")));
    lines
}
