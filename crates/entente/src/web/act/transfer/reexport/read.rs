//! What the forms of re-exports start with, and how what was filled in is read.

use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal, SubjectKind};
use entente_register::money::Quantity;
use entente_register::transfer::check::Check;
use entente_register::transfer::content::{StatedPurpose, TransferParty};
use entente_register::transfer::reexport::{
    MACHINE, NewReexport, Reexport, ReexportCommand, ReexportItem, ReexportProposal,
};
use entente_store::reader::ReexportView;

use super::super::{asking_of, criteria};
use crate::web::act::field::Choices;
use crate::web::act::filled::Filled;
use crate::web::act::standing::{Standing, Stands, papers};
use crate::web::line::counted;
use crate::web::show;

pub(super) fn view(at: &Standing) -> Option<&ReexportView> {
    if let Stands::Reexport(view, _) = &at.stands { Some(view) } else { None }
}

pub(super) fn reexport(at: &Standing) -> Option<&Reexport> {
    view(at).map(|view| &view.reexport)
}

pub(super) fn about(at: &Standing, command: ReexportCommand) -> Command {
    Command::Reexport { number: at.key(), command }
}

pub(super) fn may(at: &Standing, step: &str) -> Fallible<()> {
    MACHINE.next(&at.state, step).map(drop)
}

/// Whether another person than whoever looks proposed the decision.
pub(super) fn another(at: &Standing) -> Fallible<()> {
    match &at.stands {
        Stands::Reexport(view, account) => view.reexport.check_another(account),
        _ => Ok(()),
    }
}

pub(super) fn checks(at: &Standing) -> &[Check] {
    view(at).map(|view| view.checks.as_slice()).unwrap_or_default()
}

/// Checks that ask for a record, those that have none first.
pub(super) fn asking(at: &Standing) -> Choices {
    reexport(at).map(|this| asking_of(checks(at), &this.on_record)).unwrap_or_default()
}

/// End users of the request, those that are not established first.
pub(super) fn end_users(at: &Standing) -> Choices {
    let Some(view) = view(at) else { return Vec::new() };
    let this = &view.reexport;
    let mut users: Vec<&str> = this.requested.content.end_users().into_iter().collect();
    users.sort_by_key(|party| this.end_users.contains_key(*party));
    let named = |party: &str| match view.parties.get(party) {
        Some(name) => format!("{name} ({party})"),
        None => party.to_owned(),
    };
    users.into_iter().map(|party| (party.to_owned(), named(party))).collect()
}

/// A line of a licence, and what it is in words.
pub(super) type OfLine = (String, u32, String);

/// Lines of a licence of which something went.
fn delivered_lines(at: &Standing) -> Vec<OfLine> {
    let Stands::Licence(view, _) = &at.stands else { return Vec::new() };
    let this = &view.licence;
    let went = |line: u32| this.written_off.values().any(|(_, written)| written.line == line);
    let lines = this.issued.lines.iter().filter(|line| went(line.number));
    lines
        .map(|line| {
            let left = this.left(line.number).map_or(line.quantity, |left| left.quantity);
            let gone = counted(Quantity(line.quantity.0.saturating_sub(left.0)), line.unit);
            let words = format!("Line {}: {}, {gone} went", line.number, line.description);
            (this.number.clone(), line.number, words)
        })
        .collect()
}

/// Lines of a consent, with what is left of each.
pub(super) fn consented_lines(at: &Standing) -> Vec<OfLine> {
    let Some(this) = reexport(at) else { return Vec::new() };
    let reported = this.reported();
    let sums = entente_register::transfer::reexport::sums(&this.requested.items);
    sums.into_iter()
        .map(|((licence, line), quantity)| {
            let gone = reported.get(&(licence.clone(), line)).copied().unwrap_or_default();
            let left = Quantity(quantity.0.saturating_sub(gone.0));
            let words = format!("Licence {licence}, line {line}: {left} of {quantity} left");
            (licence, line, words)
        })
        .collect()
}

/// The key of each in the names of fields, and what it is.
fn keyed(lines: Vec<OfLine>) -> Choices {
    lines.into_iter().enumerate().map(|(place, (.., words))| (format!("[{place}]"), words)).collect()
}

pub(super) fn delivered(at: &Standing) -> Choices {
    keyed(delivered_lines(at))
}

pub(super) fn consented(at: &Standing) -> Choices {
    keyed(consented_lines(at))
}

/// The lines of which a quantity was filled in.
pub(super) fn items(filled: &Filled, lines: Vec<OfLine>) -> Fallible<Vec<ReexportItem>> {
    let mut items = Vec::new();
    for (place, (licence, line, _)) in lines.into_iter().enumerate() {
        let field = format!("items[{place}].quantity");
        if filled.given(&field).is_some() {
            items.push(ReexportItem { licence, line, quantity: filled.quantity(&field)? });
        }
    }
    if items.is_empty() {
        return Err(Refusal::new("reexport.items", "No quantity was filled in.")
            .field("items[0].quantity")
            .missing("how much of a line is passed on"));
    }
    Ok(items)
}

pub(super) fn request(at: &Standing, filled: &Filled) -> Fallible<NewReexport> {
    let serials =
        filled.get("serials").split([',', ';', '\n']).map(str::trim).filter(|serial| !serial.is_empty());
    let parties = filled.rows("parties").into_iter().map(|place| {
        let field = |name: &str| format!("parties[{place}].{name}");
        Ok(TransferParty { role: filled.read(&field("role"))?, party: filled.text(&field("party")) })
    });
    Ok(NewReexport {
        on: filled.on()?,
        label: filled.read("label")?,
        title: filled.text("title"),
        authority: filled.text("authority"),
        items: items(filled, delivered_lines(at))?,
        serials: serials.map(str::to_owned).collect(),
        end_user: filled.text("end_user"),
        parties: parties.collect::<Fallible<_>>()?,
        destination: filled.text("destination").to_uppercase(),
        purpose: filled.read::<StatedPurpose>("purpose")?,
        end_use: filled.text("end_use"),
        document: filled.paper()?,
    })
}

pub(super) fn proposal(filled: &Filled) -> Fallible<ReexportProposal> {
    let consents = match filled.get("decision") {
        "consent" => true,
        "refuse" => false,
        _ => {
            return Err(Refusal::new("reexport.decision", "What is decided was not said.")
                .field("decision")
                .missing("consent or refuse"));
        }
    };
    let conditions =
        filled.rows("conditions").into_iter().map(|place| filled.text(&format!("conditions[{place}].text")));
    let conditions: Vec<String> = conditions.collect();
    let (mut valid_from, valid_until) = (filled.day_given("valid_from")?, filled.day_given("valid_until")?);
    // The form starts with a first day of validity; a refusal has none.
    if !consents && valid_until.is_none() && conditions.is_empty() {
        valid_from = None;
    }
    let criteria = criteria(filled, "criteria")?;
    Ok(ReexportProposal {
        consents,
        valid_from,
        valid_until,
        conditions,
        criteria,
        reason: filled.text("reason"),
    })
}

/// A re-export: what is asked for, and what is proposed.
pub(in crate::web::act) fn of_reexport(view: &ReexportView, new: Standing) -> Standing {
    let this = &view.reexport;
    let content = &this.requested.content;
    let name = |party: &str| view.parties.get(party).cloned().unwrap_or_else(|| party.to_owned());
    let user = content.end_users().into_iter().next().unwrap_or_default();
    let mut facts = vec![
        ("Re-export", content.title.clone()),
        ("State", show::capital(this.state)),
        ("From", view.origin_name.clone()),
        ("To", format!("{}, {}", name(user), view.destination_name)),
    ];
    if let Some((by, proposal)) = &this.proposal {
        let what = if proposal.consents { "Consent" } else { "Refusal" };
        facts.push(("Proposed", what.to_owned()));
        facts.push(("Proposed by", format!("{by}: {}", proposal.reason)));
    }
    Standing {
        subject: Some(SubjectKind::Reexport.subject(&this.number)),
        state: this.state.to_owned(),
        version: view.version,
        label: Some(this.label.clone()),
        facts,
        papers: papers(&view.history),
        ..new
    }
}
