//! What may be done about a certificate and about who may sign one.

use super::*;

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
        (BoundTo { state: "refused", ..bound_to() }, "certificate.application"),
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
    // Nor is one lengthened again by one person.
    file(
        &mut state,
        "one",
        SpecimenCommand::Propose {
            on: TODAY,
            specimen: NewSpecimen { valid_until: Some(TODAY), ..filed.clone() },
        },
    )
    .unwrap();
    file(&mut state, "two", SpecimenCommand::Confirm { on: TODAY, specimen: 2 }).unwrap();
    let longer = SpecimenCommand::End {
        on: TODAY,
        specimen: 2,
        until: date(2013, 1, 1),
        reason: "Stays".into(),
        document: paper(),
    };
    assert_eq!(file(&mut state, "one", longer).unwrap_err().code, "specimen.validity");
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
