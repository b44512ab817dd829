//! End-user certificates: what carries a transfer, and what stands against one.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::check::{Known, Other, certificates};
use super::*;
use crate::access::Actor;
use crate::label::{Clearance, Level};
use crate::ledger::{Context, Refusal, SubjectKind};
use crate::money::{Currency, Money, Quantity, Unit};
use crate::transfer::check::{Check, CheckOutcome, RecordKind};
use crate::transfer::content::{
    Content, StatedPurpose, TransferKind, TransferLine, TransferParty, TransferRole,
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

#[test]
fn what_is_whole_authentic_and_used_once_carries_a_transfer() {
    let (outcome, why) = gravest(&export(&[60, 40]), good(100));
    assert_eq!(outcome, CheckOutcome::Pass, "{why}");
}

/// Scenario 13: the same number twice, a signature of nobody who may sign.
#[test]
fn a_forged_or_reused_certificate_blocks_and_says_why() {
    // The same number of the same issuer, written another way, in another application, with other goods.
    let second = CertificateContent {
        register_number: "EUC 2012-17".into(),
        document: Document { content: Some("b".repeat(64)), ..paper() },
        ..content(500)
    };
    let first = good(100).certificate;
    let reused = Known {
        certificate: bound("O-E2012-0002", second.clone(), "O-T2012-0002"),
        others: vec![Other { certificate: first.clone(), earlier: true }],
        ..good(100)
    };
    let (outcome, why) = gravest(&export(&[100]), reused);
    assert_eq!(outcome, CheckOutcome::Blocked);
    for words in ["used before, by certificate O-E2012-0001", "O-T2012-0001", "the goods", "the paper"] {
        assert!(why.contains(words), "{words} in {why}");
    }
    // The one before is held until it is told which of both is true.
    let other = Other { certificate: bound("O-E2012-0002", second, "O-T2012-0002"), earlier: false };
    let (outcome, why) = gravest(&export(&[100]), Known { others: vec![other.clone()], ..good(100) });
    assert_eq!(outcome, CheckOutcome::Hold);
    assert!(why.contains("handed in again, as certificate O-E2012-0002"), "{why}");
    // Once the other is voided as a slip, or its issuer disowns it, this one stands.
    let mut voided = other.clone();
    voided.certificate.state = "voided";
    let mut disowned = other;
    disowned.certificate.inquiries[0].answered.as_mut().unwrap().1.answer = Authenticity::NotAuthentic;
    for other in [voided, disowned] {
        let (outcome, why) = gravest(&export(&[100]), Known { others: vec![other], ..good(100) });
        assert_eq!(outcome, CheckOutcome::Pass, "{why}");
    }
    // One paper under two numbers.
    let renumbered = CertificateContent { register_number: "EUC/2012/18".into(), ..content(100) };
    let other = Other { certificate: first, earlier: true };
    let known = Known {
        certificate: bound("O-E2012-0003", renumbered, "O-T2012-0001"),
        others: vec![other],
        ..good(100)
    };
    let (outcome, why) = gravest(&export(&[100]), known);
    assert_eq!(outcome, CheckOutcome::Blocked);
    assert!(why.contains("The same paper was handed in as certificate O-E2012-0001"), "{why}");
    // Somebody else’s signature.
    let forged = CertificateContent { signatory: "Nobody".into(), ..content(100) };
    let known = Known { certificate: bound("O-E2012-0004", forged, "O-T2012-0001"), ..good(100) };
    let (outcome, why) = gravest(&export(&[100]), known);
    assert_eq!(outcome, CheckOutcome::Blocked);
    assert!(why.contains("Nobody, Director, who is not among the specimen signatures of O-P0008"), "{why}");
}

#[test]
fn what_a_certificate_lacks_is_said_in_words() {
    let of = |change: fn(&mut CertificateContent)| {
        let mut said = content(100);
        change(&mut said);
        Known { certificate: bound("O-E2012-0001", said, "O-T2012-0001"), ..good(100) }
    };
    let cases: [(Known, CheckOutcome, &str); 13] = [
        (of(|said| said.expires_on = Some(date(2012, 8, 31))), CheckOutcome::Hold, "expired on 2012-08-31"),
        (of(|said| said.sealed = false), CheckOutcome::Hold, "no seal"),
        (
            of(|said| {
                said.undertakings.remove(&Undertaking::NoReexport);
            }),
            CheckOutcome::Hold,
            "no re-export",
        ),
        (of(|said| said.undertakings.clear()), CheckOutcome::Hold, "verification on the spot"),
        (of(|said| said.destination = "ARG".into()), CheckOutcome::Hold, "for ARG"),
        (of(|said| said.state = Some("ARG".into())), CheckOutcome::Hold, "issued by ARG"),
        (
            of(|said| said.position = "Adviser".into()),
            CheckOutcome::Hold,
            "specimen of 2012-06-01 is as director",
        ),
        (of(|said| said.issued_on = date(2010, 6, 1)), CheckOutcome::Blocked, "not in force on 2010-06-01"),
        (of(|said| said.lines[0].quantity = Quantity::whole(99)), CheckOutcome::Blocked, "99 certified"),
        (of(|said| said.lines[0].category = "ML5.b".into()), CheckOutcome::Blocked, "No goods of ML11.a"),
        (
            of(|said| said.lines[0].value = Some(Money::new(1, Currency::USD))),
            CheckOutcome::Blocked,
            "worth more",
        ),
        (Known { specimens: None, ..good(100) }, CheckOutcome::Hold, "No specimen signatures of O-P0008"),
        (Known { on: date(2014, 6, 1), ..good(100) }, CheckOutcome::Hold, "expired on 2014-05-31"),
    ];
    for (known, wanted, words) in cases {
        let (outcome, why) = gravest(&export(&[100]), known);
        assert_eq!(outcome, wanted, "{words}: {why}");
        assert!(why.contains(words), "{words} in {why}");
    }
}

#[test]
fn whoever_issued_it_is_asked_and_what_it_disowned_stays_disowned() {
    let known = |desk: &Desk| Known { certificate: desk.0.clone().unwrap(), ..good(100) };
    let mut desk = Desk::registered("O-E2012-0001", content(100));
    let why = |desk: &Desk| gravest(&export(&[100]), known(desk));
    assert!(why(&desk).1.contains("was not asked"));
    desk.asks();
    assert!(why(&desk).1.contains("asked on 2012-06-21, and is not answered"));
    let again =
        CertificateCommand::Ask { on: TODAY, channel: Channel::Issuer, to: "Them".into(), document: paper() };
    assert_eq!(desk.does(&CertificateFacts::default(), again.clone()).unwrap_err().code, "certificate.asked");
    desk.answers(Authenticity::Unknown);
    assert!(why(&desk).1.contains("cannot be told"));
    desk.does(&CertificateFacts::default(), again.clone()).unwrap();
    let answer = CertificateCommand::Answer {
        on: TODAY,
        inquiry: 2,
        answer: Authenticity::NotAuthentic,
        document: paper(),
    };
    desk.does(&CertificateFacts::default(), answer).unwrap();
    let (outcome, words) = why(&desk);
    assert_eq!(outcome, CheckOutcome::Blocked);
    assert!(words.contains("By the answer of 2012-09-01 it is not authentic"), "{words}");
    // Nobody asks until another answer comes, and nobody voids it, which would free its number.
    let void = CertificateCommand::Void { on: TODAY, reason: "A slip".into() };
    for command in [again, void] {
        let refusal = desk.does(&CertificateFacts::default(), command).unwrap_err();
        assert_eq!(refusal.code, "certificate.not_authentic");
    }
}

#[test]
fn one_certificate_serves_one_application() {
    let mut desk = Desk(Some(bound("O-E2012-0001", content(100), "O-T2012-0001")));
    let facts = |application: BoundTo| CertificateFacts {
        application: Some(application),
        ..CertificateFacts::default()
    };
    let bind = || CertificateCommand::Bind { on: TODAY, application: "O-T2012-0002".into() };
    let refusal = desk.does(&facts(bound_to()), bind()).unwrap_err();
    assert_eq!(refusal.code, "certificate.one_use");
    assert!(refusal.message.contains("O-T2012-0001"), "{}", refusal.message);
    // What was granted has used it; what was not gives it back.
    let release = || CertificateCommand::Release { on: TODAY, reason: "Withdrawn".into() };
    let granted = BoundTo { state: "granted", is_granted: true, ..bound_to() };
    assert_eq!(desk.does(&facts(granted), release()).unwrap_err().code, "certificate.used");
    let void = CertificateCommand::Void { on: TODAY, reason: "A slip".into() };
    assert_eq!(desk.does(&facts(bound_to()), void).unwrap_err().code, "state");
    desk.does(&facts(bound_to()), release()).unwrap();
    let mut others = [
        (BoundTo { state: "granted", ..bound_to() }, "certificate.application"),
        (BoundTo { applicant: "O-P0004".into(), ..bound_to() }, "certificate.exporter"),
        (BoundTo { end_users: BTreeSet::new(), ..bound_to() }, "certificate.end_user"),
        (BoundTo { label: Label::of(Level::Public), ..bound_to() }, "certificate.marking"),
        (
            BoundTo {
                certificates: BTreeMap::from([("O-P0002".into(), "O-E2012-0009".into())]),
                ..bound_to()
            },
            "certificate.other",
        ),
    ]
    .into_iter();
    assert!(
        others.all(|(application, code)| desk.does(&facts(application), bind()).unwrap_err().code == code)
    );
    assert_eq!(desk.does(&CertificateFacts::default(), bind()).unwrap_err().code, "not_found");
    desk.does(&facts(bound_to()), bind()).unwrap();
    assert_eq!(desk.0.unwrap().application.as_deref(), Some("O-T2012-0002"));
}

#[test]
fn no_arms_leave_without_a_certificate_and_what_may_go_without_one_says_so() {
    use crate::embargo::Class::{DualUse, OtherArms, Uncontrolled, Unknown};
    for (kind, class, outcome) in [
        (TransferKind::Export, OtherArms, CheckOutcome::Hold),
        (TransferKind::Export, DualUse, CheckOutcome::Hold),
        (TransferKind::Export, Unknown, CheckOutcome::Hold),
        (TransferKind::Export, Uncontrolled, CheckOutcome::Record),
        (TransferKind::Brokering, OtherArms, CheckOutcome::Hold),
        (TransferKind::Technology, OtherArms, CheckOutcome::Hold),
        (TransferKind::Temporary, OtherArms, CheckOutcome::Record),
        (TransferKind::Transit, OtherArms, CheckOutcome::Record),
        (TransferKind::Service, OtherArms, CheckOutcome::Record),
        (TransferKind::Import, OtherArms, CheckOutcome::Pass),
    ] {
        let checks = certificates(&applied(kind, class, &[1]), &BTreeMap::new());
        let [check] = checks.as_slice() else { panic!("{checks:?}") };
        assert_eq!(check.outcome, outcome, "{kind:?} {class:?}");
        assert_eq!(check.needs, (outcome == CheckOutcome::Record).then_some(RecordKind::Consideration));
    }
    // One that is bound is looked at, whatever might have gone without it.
    let temporary = applied(TransferKind::Temporary, OtherArms, &[1]);
    let (outcome, _) = gravest(&temporary, Known { specimens: None, ..good(100) });
    assert_eq!(outcome, CheckOutcome::Hold);
}

#[test]
fn two_people_file_a_specimen() {
    let mut state = None;
    let filed = NewSpecimen {
        signatory: "Ana Souza".into(),
        position: "Minister".into(),
        valid_from: date(2012, 1, 1),
        valid_until: None,
        document: paper(),
    };
    file(&mut state, "one", SpecimenCommand::Propose { on: TODAY, specimen: filed.clone() }).unwrap();
    let confirm = SpecimenCommand::Confirm { on: TODAY, specimen: 1 };
    assert_eq!(file(&mut state, "one", confirm.clone()).unwrap_err().code, "transfer.two_people");
    let known = |state: &Option<Specimens>| {
        let said =
            CertificateContent { signatory: "Ana Souza".into(), position: "Minister".into(), ..content(100) };
        let certificate = bound("O-E2012-0001", said, "O-T2012-0001");
        gravest(&export(&[100]), Known { certificate, specimens: state.clone(), ..good(100) })
    };
    assert!(known(&state).1.contains("waits for a second person"));
    file(&mut state, "two", confirm).unwrap();
    assert_eq!(known(&state).0, CheckOutcome::Pass);
    let end = SpecimenCommand::End {
        on: TODAY,
        specimen: 1,
        until: date(2012, 5, 31),
        reason: "Left".into(),
        document: paper(),
    };
    file(&mut state, "one", end).unwrap();
    assert_eq!(known(&state).0, CheckOutcome::Blocked);
    let early = NewSpecimen { valid_until: Some(date(2011, 1, 1)), ..filed };
    let refusal =
        file(&mut state, "one", SpecimenCommand::Propose { on: TODAY, specimen: early }).unwrap_err();
    assert_eq!(refusal.code, "specimen.validity");
    assert_eq!(state.unwrap().waiting().count(), 0);
}

#[test]
fn an_exporter_is_not_told_what_is_asked_about_its_certificate() {
    let seen = good(100).certificate.seen_by_exporter();
    assert!(seen.inquiries.is_empty());
    let text = serde_json::to_string(&seen).unwrap();
    assert!(!text.contains("Embassy"), "{text}");
    assert_eq!(serde_json::from_str::<Certificate>(&text).unwrap(), seen);
}

#[test]
fn a_certificate_names_only_what_its_readers_may_know_of() {
    let said = content(100);
    let new = |said: &CertificateContent| NewCertificate {
        on: TODAY,
        label: official(),
        content: Box::new(said.clone()),
    };
    let all: BTreeMap<String, Label> =
        said.named().into_iter().map(|party| (party.to_owned(), official())).collect();
    for (party, field) in [("O-P0008", "issuer"), ("O-P0002", "end_user"), ("O-P0001", "exporter")] {
        let mut less = all.clone();
        less.remove(party);
        let facts = CertificateFacts { parties: less, application: None };
        let refusal = register("O-E2012-0001", &facts, &by("officer"), new(&said)).unwrap_err();
        assert_eq!((refusal.code, refusal.field.as_deref()), ("not_found", Some(field)));
        let mut higher = all.clone();
        higher.insert(party.to_owned(), Label::of(Level::Secret));
        let facts = CertificateFacts { parties: higher, application: None };
        let refusal = register("O-E2012-0001", &facts, &by("officer"), new(&said)).unwrap_err();
        assert_eq!((refusal.code, refusal.field.as_deref()), ("certificate.marking", Some(field)));
    }
    let facts = CertificateFacts { parties: all, application: None };
    for (said, code) in [
        (CertificateContent { register_number: "—".into(), ..said.clone() }, "certificate.register_number"),
        (CertificateContent { lines: Vec::new(), ..said.clone() }, "certificate.lines"),
        (CertificateContent { expires_on: Some(date(2012, 5, 1)), ..said.clone() }, "certificate.expiry"),
        (CertificateContent { issued_on: date(2012, 9, 2), ..said.clone() }, "date.in_future"),
    ] {
        let refusal = register("O-E2012-0001", &facts, &by("officer"), new(&said)).unwrap_err();
        assert_eq!(refusal.code, code);
    }
    let events = register("O-E2012-0001", &facts, &by("officer"), new(&said)).unwrap();
    assert_eq!(events[0].subject, SubjectKind::Certificate.subject("O-E2012-0001"));
}

/// How a certificate is spoilt: any of these alone keeps it from carrying a transfer.
#[derive(Debug, Clone, Copy)]
enum Spoilt {
    Unsealed,
    Expired,
    Unsigned,
    NoSpecimens,
    NotAsked,
    Refuted,
    Short,
    Undertaking(usize),
    Reused,
    OtherState,
}

fn spoilt() -> impl Strategy<Value = Spoilt> {
    prop_oneof![
        Just(Spoilt::Unsealed),
        Just(Spoilt::Expired),
        Just(Spoilt::Unsigned),
        Just(Spoilt::NoSpecimens),
        Just(Spoilt::NotAsked),
        Just(Spoilt::Refuted),
        Just(Spoilt::Short),
        (0..Undertaking::NEEDED.len()).prop_map(Spoilt::Undertaking),
        Just(Spoilt::Reused),
        Just(Spoilt::OtherState),
    ]
}

proptest! {
    /// Whatever is spoilt of a certificate, it carries nothing; and what is spoilt besides never makes it better.
    #[test]
    fn nothing_that_is_spoilt_carries_a_transfer(all in prop::collection::vec(spoilt(), 1..5), pieces in 1..200_i64) {
        let content = export(&[pieces]);
        prop_assert_eq!(gravest(&content, good(pieces)).0, CheckOutcome::Pass);
        let mut known = good(pieces);
        let mut before = CheckOutcome::Pass;
        for one in all {
            let other = Known::clone(&known).certificate;
            let said = &mut known.certificate.content;
            match one {
                Spoilt::Unsealed => said.sealed = false,
                Spoilt::Expired => said.expires_on = Some(date(2012, 7, 1)),
                Spoilt::Unsigned => said.signatory = "Nobody".into(),
                Spoilt::NoSpecimens => known.specimens = None,
                Spoilt::NotAsked => known.certificate.inquiries.clear(),
                Spoilt::Refuted => {
                    for inquiry in &mut known.certificate.inquiries {
                        inquiry.answered.as_mut().unwrap().1.answer = Authenticity::NotAuthentic;
                    }
                }
                Spoilt::Short => said.lines[0].quantity = Quantity(pieces * 1000 - 1),
                Spoilt::Undertaking(place) => {
                    said.undertakings.remove(&Undertaking::NEEDED[place]);
                }
                Spoilt::Reused => known.others.push(Other { certificate: other, earlier: true }),
                Spoilt::OtherState => said.destination = "ARG".into(),
            }
            // Taking the specimens away, or the answers, can turn what was forbidden into what cannot be told.
            let (outcome, why) = gravest(&content, known.clone());
            prop_assert!(outcome >= CheckOutcome::Hold, "{:?}: {}", one, why);
            if !matches!(one, Spoilt::NoSpecimens | Spoilt::NotAsked) {
                prop_assert!(outcome >= before, "{:?}: {}", one, why);
            }
            before = outcome;
        }
    }
}
