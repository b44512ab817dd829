//! End-user certificates: a desk at which they lie, and what is known of one against which nothing stands.

#![allow(clippy::unwrap_used)]

mod acts;
mod against;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};

use super::check::{Known, Other, certificates};
use super::*;
use crate::access::Actor;
use crate::label::{Clearance, Level};
use crate::ledger::{Context, Refusal, SubjectKind};
use crate::money::{Currency, Money, Quantity, Unit};
use crate::transfer::check::{Check, CheckOutcome, RecordKind};
use crate::transfer::content::{
    Content, Request, StatedPurpose, TransferKind, TransferLine, TransferParty, TransferRole,
};
use crate::transfer::specimen::{self, NewSpecimen, SpecimenCommand, Specimens};

const TODAY: Date = date(2012, 9, 1);

fn by(account: &str) -> Context {
    Context {
        actor: Actor {
            account: account.to_owned(),
            name: account.to_owned(),
            roles: Vec::new(),
            clearance: Clearance::full(),
            party: None,
        },
        now: "2012-09-01T09:00:00Z".parse().unwrap(),
        today: TODAY,
    }
}

fn official() -> Label {
    Label::of(Level::Official)
}

fn paper() -> Document {
    Document { title: "Paper 1".into(), dated: date(2012, 1, 2), content: None }
}

/// A certificate of the end user of the tests of transfers, for so many pieces of its only category.
pub(in crate::transfer) fn content(pieces: i64) -> CertificateContent {
    CertificateContent {
        issuer: "O-P0008".into(),
        state: Some("BRA".into()),
        register_number: "EUC/2012/17".into(),
        issued_on: date(2012, 6, 1),
        expires_on: Some(date(2014, 5, 31)),
        exporter: "O-P0001".into(),
        end_user: "O-P0002".into(),
        destination: "BRA".into(),
        intermediaries: Vec::new(),
        contract_number: Some("B/2012/4".into()),
        lines: vec![CertificateLine {
            description: "Radio".into(),
            category: "ML11.a".into(),
            quantity: Quantity::whole(pieces),
            unit: Unit::Piece,
            value: Some(Money::new(pieces * 1_000, Currency::USD)),
        }],
        end_use: "Signals of the brigade".into(),
        undertakings: Undertaking::NEEDED.into_iter().collect(),
        signatory: "João Silva".into(),
        position: "Director".into(),
        sealed: true,
        document: Document { content: Some("a".repeat(64)), ..paper() },
    }
}

/// The specimens of its issuer: its signatory may sign from 2011 until 2013.
pub(in crate::transfer) fn specimens() -> Specimens {
    let mut state = None;
    let filed = NewSpecimen {
        signatory: "Joao SILVA".into(),
        position: "director".into(),
        valid_from: date(2011, 1, 1),
        valid_until: Some(date(2013, 12, 31)),
        document: paper(),
    };
    file(&mut state, "first", SpecimenCommand::Propose { on: date(2012, 1, 9), specimen: filed }).unwrap();
    file(&mut state, "second", SpecimenCommand::Confirm { on: date(2012, 1, 9), specimen: 1 }).unwrap();
    state.unwrap()
}

fn file(state: &mut Option<Specimens>, account: &str, command: SpecimenCommand) -> Result<(), Refusal> {
    let label = official();
    for event in specimen::decide(state.as_ref(), ("O-P0008", &label), &by(account), command)? {
        Specimens::apply(state, &event.subject, event.occurred_on, (account, &event.label), &event.fact);
    }
    Ok(())
}

/// A desk at which one certificate lies.
struct Desk(Option<Certificate>);

impl Desk {
    fn registered(number: &str, content: CertificateContent) -> Desk {
        let named = content.named().into_iter().map(|party| (party.to_owned(), official())).collect();
        let facts = CertificateFacts { parties: named, application: None };
        let new = NewCertificate { on: date(2012, 6, 20), label: official(), content: Box::new(content) };
        let mut desk = Desk(None);
        desk.fold(register(number, &facts, &by("officer"), new).unwrap());
        desk
    }

    fn fold(&mut self, events: Vec<crate::ledger::NewEvent>) {
        for event in events {
            Certificate::apply(&mut self.0, &event.subject, event.occurred_on, &event.label, &event.fact);
        }
    }

    fn does(&mut self, facts: &CertificateFacts, command: CertificateCommand) -> Result<(), Refusal> {
        let events = decide(self.0.as_ref().unwrap(), facts, &by("officer"), command)?;
        self.fold(events);
        Ok(())
    }

    fn asks(&mut self) {
        let command = CertificateCommand::Ask {
            on: date(2012, 6, 21),
            channel: Channel::TheirEmbassy,
            to: "Embassy".into(),
            document: paper(),
        };
        self.does(&CertificateFacts::default(), command).unwrap();
    }

    fn answers(&mut self, answer: Authenticity) {
        let inquiry = u32::try_from(self.0.as_ref().unwrap().inquiries.len()).unwrap();
        let command = CertificateCommand::Answer { on: date(2012, 7, 2), inquiry, answer, document: paper() };
        self.does(&CertificateFacts::default(), command).unwrap();
    }
}

fn bound_to() -> BoundTo {
    BoundTo {
        state: "open",
        label: official(),
        applicant: "O-P0001".into(),
        end_users: BTreeSet::from(["O-P0002".to_owned()]),
        certificates: BTreeMap::new(),
        is_granted: false,
    }
}

fn bound(number: &str, content: CertificateContent, application: &str) -> Certificate {
    let mut desk = Desk::registered(number, content);
    desk.asks();
    desk.answers(Authenticity::Authentic);
    let facts = CertificateFacts { application: Some(bound_to()), ..CertificateFacts::default() };
    let bind = CertificateCommand::Bind { on: date(2012, 7, 3), application: application.into() };
    desk.does(&facts, bind).unwrap();
    desk.0.unwrap()
}

/// What is known of a certificate against which nothing stands.
pub(in crate::transfer) fn good(pieces: i64) -> Known {
    Known {
        on: TODAY,
        certificate: bound("O-E2012-0001", content(pieces), "O-T2012-0001"),
        specimens: Some(specimens()),
        others: Vec::new(),
    }
}

fn applied(kind: TransferKind, class: crate::embargo::Class, pieces: &[i64]) -> Content {
    let line = |pieces: &i64| TransferLine {
        description: "Radio".into(),
        category: "ML11.a".into(),
        class,
        part: false,
        non_lethal: None,
        quantity: Quantity::whole(*pieces),
        unit: Unit::Piece,
        unit_price: Money::new(1_000, Currency::USD),
        contract_line: None,
    };
    Content {
        request: Request::Licence,
        advance_opinion: None,
        kind,
        title: "Radios".into(),
        applicant: "O-P0001".into(),
        origin: None,
        destination: "BRA".into(),
        route: Vec::new(),
        parties: vec![TransferParty { role: TransferRole::EndUser, party: "O-P0002".into() }],
        lines: pieces.iter().map(line).collect(),
        purpose: StatedPurpose::Defence,
        end_use: "Signals".into(),
        exception: None,
        contract: None,
        return_by: None,
        documents: Vec::new(),
    }
}

fn export(pieces: &[i64]) -> Content {
    applied(TransferKind::Export, crate::embargo::Class::OtherArms, pieces)
}

fn checks(content: &Content, known: Known) -> Vec<Check> {
    certificates(content, &BTreeMap::from([("O-P0002".to_owned(), known)]))
}

fn gravest(content: &Content, known: Known) -> (CheckOutcome, String) {
    let all = checks(content, known);
    let words: Vec<String> = all.iter().map(|check| check.why.clone()).collect();
    (all.iter().map(|check| check.outcome).max().unwrap(), words.join(" "))
}
