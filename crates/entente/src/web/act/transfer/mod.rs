//! Acts of applications and licences: drafted, asked about, judged by agencies, weighed, decided by two, written off; of
//! certificates, of who may sign them, of inspections and of re-exports.

mod applying;
mod certificate;
mod content;
mod deciding;
pub(crate) mod guidance;
mod inspection;
mod licence;
mod reexport;
mod specimen;
mod standing;
mod weighing;

pub(super) use applying::ACTS as APPLYING;
pub(super) use certificate::ACTS as CERTIFICATE;
pub(super) use deciding::ACTS as DECIDING;
pub(super) use guidance::ACTS as GUIDANCE;
pub(super) use inspection::ACTS as INSPECTION;
pub(super) use licence::ACTS as LICENCE;
pub(super) use reexport::{ACTS as REEXPORT, of_reexport};
pub(super) use specimen::ACTS as SPECIMEN;
pub(super) use standing::{
    of_application, of_certificate, of_guidance, of_inspection, of_licence, of_specimens,
};
pub(super) use weighing::ACTS as WEIGHING;

use std::collections::BTreeSet;

use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal, SubjectKind};
use entente_register::transfer::application::{Application, ApplicationCommand, MACHINE};
use entente_register::transfer::check::{Check, OnRecord, RecordKind, is_settled};
use entente_register::transfer::opinion::Criterion;
use entente_store::reader::ApplicationView;

use super::field::Choices;
use super::filled::Filled;
use super::standing::{Standing, Stands};
use crate::web::line::counted;
use crate::web::show;

const OF: Option<SubjectKind> = Some(SubjectKind::Application);

/// How criteria are named in a field.
const CRITERIA: &str = "Where it is refused: article 6, article 7, or 1 to 8, with commas between them.";

fn view(at: &Standing) -> Option<(&ApplicationView, &str)> {
    if let Stands::Application(view, account) = &at.stands { Some((view, account)) } else { None }
}

fn application(at: &Standing) -> Option<&Application> {
    view(at).map(|(view, _)| &view.application)
}

fn about(at: &Standing, command: ApplicationCommand) -> Command {
    Command::Application { number: at.key(), command }
}

/// Whether the state of the application allows a step.
fn may(at: &Standing, step: &str) -> Fallible<()> {
    MACHINE.next(&at.state, step).map(drop)
}

/// A refusal where nothing is there to choose from.
fn some(choices: &Choices, message: &str, missing: &str) -> Fallible<()> {
    match choices.is_empty() {
        false => Ok(()),
        true => Err(Refusal::new("transfer.nothing", message).missing(missing)),
    }
}

/// What can be put on record for a check.
const RECORDS: &[(&str, &str)] = &[
    ("consideration", "Consideration: it was weighed"),
    ("notification", "Notification: whoever is to be told was told"),
    ("approval", "Approval: whoever is to approve has approved"),
    ("consultation", "Consultation: the state that refused the same was consulted"),
];

/// Checks that ask for a record, those that have none first.
fn asking_of(checks: &[Check], on_record: &OnRecord) -> Choices {
    let mut asking: Vec<&Check> = checks.iter().filter(|check| check.needs.is_some()).collect();
    asking.sort_by_key(|check| is_settled(check, on_record));
    let words = |check: &Check| {
        let needs = check.needs.map(|needs| needs.name()).unwrap_or_default();
        let done = if is_settled(check, on_record) { "; recorded" } else { "" };
        let source = if check.source.is_empty() { String::new() } else { format!(" ({})", check.source) };
        format!("{}: {}{source}: {needs}{done}", show::capital(check.kind.name()), check.words())
    };
    asking.into_iter().map(|check| (check.key(), words(check))).collect()
}

/// What is recorded: what was chosen, else what the check asks for.
fn kind_of(filled: &Filled, checks: &[Check], check: &str) -> Fallible<RecordKind> {
    let needed = checks.iter().find(|one| one.key() == check).and_then(|one| one.needs);
    match (filled.read_given("kind")?, needed) {
        (Some(kind), _) => Ok(kind),
        (None, Some(needed)) => Ok(needed),
        (None, None) => filled.read("kind"),
    }
}

/// The only choice, where there is no other.
fn only(choices: &Choices) -> String {
    match choices.as_slice() {
        [(value, _)] => value.clone(),
        _ => String::new(),
    }
}

/// A party by its name, with its number.
fn named(view: &ApplicationView, party: &str) -> String {
    match view.parties.get(party) {
        Some(name) => format!("{name} ({party})"),
        None => party.to_owned(),
    }
}

/// The lines of an application: the key of each in the names of fields, and what it is.
fn lines(at: &Standing) -> Choices {
    let lines = application(at).map(|this| this.content.lines.as_slice()).unwrap_or_default();
    let line = |(place, line): (usize, &entente_register::transfer::content::TransferLine)| {
        let words =
            format!("Line {}: {}, {}", place + 1, line.description, counted(line.quantity, line.unit));
        (format!("[{place}]"), words)
    };
    lines.iter().enumerate().map(line).collect()
}

/// Criteria as they are typed: by number, by article or by word.
fn criteria(filled: &Filled, name: &str) -> Fallible<BTreeSet<Criterion>> {
    let words = filled.get(name).split([',', ';']).map(str::trim).filter(|word| !word.is_empty());
    words.map(|word| criterion(name, word)).collect()
}

fn criterion(name: &str, word: &str) -> Fallible<Criterion> {
    let plain = word.to_lowercase().replace([' ', '-'], "_");
    let number = plain.strip_prefix("criterion_").unwrap_or(&plain);
    // The two articles stand before the eight criteria.
    let by_number =
        number.parse::<usize>().ok().and_then(|number| Criterion::ALL.get(number.checked_add(1)?));
    let by_number = by_number.filter(|_| number != "0");
    match by_number.or_else(|| Criterion::ALL.iter().find(|one| one.word() == plain)) {
        Some(criterion) => Ok(*criterion),
        None => Err(Refusal::new("transfer.criteria", format!("{word:?} is no criterion."))
            .field(name)
            .missing(format!("{}, or a number from 1 to 8", known()))),
    }
}

fn known() -> String {
    Criterion::ALL.iter().map(|one| show::word(one.word())).collect::<Vec<_>>().join(", ")
}

/// Criteria as they are typed.
fn typed(criteria: &BTreeSet<Criterion>) -> String {
    criteria.iter().map(|one| show::word(one.word())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn criteria_are_typed_by_number_by_article_or_by_word() {
        let mut filled = Filled::default();
        filled.add("criteria", "article 6, 1; Criterion 8, human rights, ");
        let read = criteria(&filled, "criteria").unwrap();
        let expected =
            [Criterion::Article6, Criterion::Obligations, Criterion::HumanRights, Criterion::Development];
        assert_eq!(read, expected.into());
        for wrong in ["0", "9", "article 8", "luck"] {
            filled.set("criteria", wrong);
            let refusal = criteria(&filled, "criteria").unwrap_err();
            assert_eq!(refusal.field.as_deref(), Some("criteria"), "{wrong}");
        }
        filled.set("criteria", &typed(&expected.into()));
        assert_eq!(criteria(&filled, "criteria").unwrap(), expected.into());
    }
}
