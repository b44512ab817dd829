//! Acts on the pages: one mechanism for the form of every change.
//!
//! An [`Act`] is described once, in the file of its subject: who may do it (as the table of rights
//! names it), when it is possible (as the state machine says), which fields it has, and how they are
//! read as a command. From this the pages offer it, the form is drawn, and what is sent is carried
//! out; so a new act is a new row of a table, and a new subject is a file beside the others and a
//! case of [`standing::Standing`].
//!
//! [`bulk`] does one act on many subjects of a list.
//!
//! A form holds the version of its subject that was seen, so that what another has changed meanwhile
//! is refused with what changed; and a key of its own, so that what is sent twice is carried out once.
//! Acts are of the present, whatever view their page was reached from.

pub(crate) mod bulk;
mod claim;
mod contract;
mod customs;
mod delivery;
mod embargo;
mod field;
mod filled;
mod form;
mod line;
mod offset;
mod opportunity;
mod page;
mod payment;
mod performance;
mod register;
mod report;
mod screening;
mod send;
mod standing;
mod transfer;

#[cfg(test)]
pub(crate) mod sample;

use entente_register::access::{Actor, CommandKind, may_command};
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Subject, SubjectKind};
use entente_store::reader::{ContractPayments, ContractPerformance, ContractView, Reader};

use super::history;
use super::show;
use super::visit::Visit;
use super::way::Way;
use crate::parameters::ViewParameters;
use field::{Field, Kind};
use filled::Filled;
use standing::Standing;

pub(super) use page::{get, get_new, post, post_new, present};
pub(crate) use standing::Stands;
pub(in crate::web) use transfer::guidance::week;

/// One act, described once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Act {
    /// As what it stands in the table of rights.
    kind: CommandKind,
    /// On whose page it is offered; none for what is made out of nothing.
    of: Option<SubjectKind>,
    /// Its word in addresses.
    word: &'static str,
    /// Its name, on the link, above the form and on its button.
    name: &'static str,
    /// What it does, and what cannot be taken back, above the form; may be empty.
    lede: &'static str,
    /// Whether it makes a subject that nobody has seen a version of.
    makes_new: bool,
    /// Whether the subject is in a state that allows it; the refusal says in which it would be.
    possible: fn(&Standing) -> Fallible<()>,
    /// What is filled in.
    fields: &'static [Field],
    /// What was filled in, as a command.
    read: fn(&Standing, &Filled) -> Fallible<Command>,
}

/// All acts, by subject in the order in which pages offer them.
const ACTS: [&[Act]; 22] = [
    line::ACTS,
    delivery::ACTS,
    contract::ACTS,
    payment::ACTS,
    opportunity::ACTS,
    claim::ACTS,
    performance::ACTS,
    offset::ACTS,
    report::ACTS,
    register::ACTS,
    screening::ACTS,
    embargo::ACTS,
    transfer::DECIDING,
    transfer::WEIGHING,
    transfer::APPLYING,
    transfer::LICENCE,
    transfer::CERTIFICATE,
    transfer::SPECIMEN,
    transfer::INSPECTION,
    transfer::GUIDANCE,
    transfer::REEXPORT,
    customs::ACTS,
];

/// All acts.
fn all() -> impl Iterator<Item = &'static Act> {
    ACTS.into_iter().flatten()
}

/// The act of a subject with a word.
fn named(of: Option<SubjectKind>, word: &str) -> Option<&'static Act> {
    all().find(|act| act.of == of && act.word == word)
}

/// An act that is offered.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    pub(crate) name: &'static str,
    pub(crate) href: String,
}

/// What a page offers to do: the acts that the reader's roles give and the subject's state allows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Offers {
    pub(crate) acts: Vec<Offer>,
    /// Where a page that shows another day can be seen as it stands today, for those who may act then.
    pub(crate) today: Option<String>,
    /// What is offered on parts of the subject, each under its name.
    pub(crate) parts: Vec<(String, Vec<Offer>)>,
}

impl Offers {
    /// Of the page of a subject.
    pub(crate) fn of(visit: &Visit, reader: &Reader, stands: Stands) -> Offers {
        Offers::standing(visit, reader, &Standing::of(stands, visit.app.store.today()))
    }

    /// Of the page of a contract: those on how it is carried out stand by themselves.
    pub(crate) fn of_contract(
        visit: &Visit,
        reader: &Reader,
        view: &ContractView,
        performance: &ContractPerformance,
    ) -> Offers {
        let stands = Stands::Contract(Box::new(view.clone()));
        let mut standing = Standing::of(stands, visit.app.store.today());
        standing.performance = Some(Box::new(performance.clone()));
        let mut offers = Offers::standing(visit, reader, &standing);
        let carrying: Vec<&str> = performance::ACTS.iter().chain(offset::ACTS).map(|act| act.name).collect();
        let (carried, acts): (Vec<Offer>, Vec<Offer>) =
            offers.acts.into_iter().partition(|offer| carrying.contains(&offer.name));
        offers.acts = acts;
        if !carried.is_empty() {
            offers.parts.push(("How it is carried out".to_owned(), carried));
        }
        offers
    }

    fn standing(visit: &Visit, reader: &Reader, standing: &Standing) -> Offers {
        let Some(subject) = standing.subject.clone() else { return Offers::default() };
        if !all().any(|act| act.of == Some(subject.kind) && act.is_given(visit.actor())) {
            return Offers::default();
        }
        if !is_present(visit, reader) {
            let today = today(visit).to(&history::path(subject.kind, &subject.key));
            return Offers { today: Some(today), ..Offers::default() };
        }
        let place = history::paper_path(subject.kind, &subject.key);
        let acts = all()
            .filter(|act| act.of == Some(subject.kind) && act.is_given(visit.actor()))
            .filter(|act| (act.possible)(standing).is_ok())
            .map(|act| Offer { name: act.name, href: visit.way().to(&format!("{place}/acts/{}", act.word)) })
            .collect();
        Offers { acts, ..Offers::default() }
    }

    /// Of the page of a contract's money: of the schedule, and of each of its parts.
    pub(crate) fn of_payments(visit: &Visit, reader: &Reader, view: &ContractPayments) -> Offers {
        let of =
            |subject: Subject| Offers::of(visit, reader, Stands::Payments(Box::new(view.clone()), subject));
        let mut offers = of(SubjectKind::Schedule.subject(&view.contract));
        if offers.acts.is_empty() {
            return offers;
        }
        let numbers = (view.instalments.iter().map(|row| (SubjectKind::Instalment, &row.number)))
            .chain(view.receipts.iter().map(|row| (SubjectKind::Receipt, &row.number)))
            .chain(view.penalties.iter().map(|row| (SubjectKind::Penalty, &row.number)));
        for (kind, number) in numbers {
            let acts = of(kind.subject(number)).acts;
            if !acts.is_empty() {
                offers.parts.push((format!("{} {number}", show::capital(kind.word())), acts));
            }
        }
        offers
    }

    /// What a list offers to make new, of those with one of these words.
    pub(crate) fn new(visit: &Visit, words: &[&str]) -> Offers {
        let acts = all()
            .filter(|act| act.of.is_none() && words.contains(&act.word) && act.is_given(visit.actor()))
            .map(|act| Offer { name: act.name, href: visit.way().to(&format!("/acts/{}", act.word)) })
            .collect();
        Offers { acts, ..Offers::default() }
    }
}

impl Act {
    /// Whether a field of it is the number of a party.
    fn names_party(&self) -> bool {
        let is_party = |field: &Field| matches!(field.kind, Kind::Party(_));
        self.fields.iter().any(|field| is_party(field) || field.kind.parts().iter().any(is_party))
    }

    fn is_given(&self, actor: &Actor) -> bool {
        may_command(actor, self.kind).is_ok()
    }
}

/// Whether a page shows what is known now of today: acts are decided on nothing else.
fn is_present(visit: &Visit, reader: &Reader) -> bool {
    let view = visit.view.or(&visit.app.defaults);
    view.known_at.is_none() && reader.as_of() == visit.app.store.today()
}

/// The ways of the same view as it is today.
fn today(visit: &Visit) -> Way {
    let today = visit.app.store.today();
    // Where today is what is shown anyway, links need not name it.
    let as_of = visit.app.defaults.as_of.map(|_| today);
    Way::of(&ViewParameters { as_of, known_at: None, plan: None, ..visit.view })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_act_has_its_own_address_and_its_fields_their_own_names() {
        let mut places = BTreeSet::new();
        for act in all() {
            assert!(places.insert((act.of.map(SubjectKind::word), act.word)), "{}", act.word);
            assert!(act.word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", act.word);
            let mut names = BTreeSet::new();
            for field in act.fields {
                assert!(names.insert(field.name), "{}: {}", act.word, field.name);
                // The form says these of itself.
                assert!(!matches!(field.name, "csrf" | "seen" | "once" | "more"), "{}", act.word);
            }
            // What makes something out of nothing has no version to compare.
            assert!(act.makes_new || act.of.is_some(), "{}", act.word);
        }
    }
}
