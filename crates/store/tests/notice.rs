//! What of transfers wants attention, in the register: each count with the rows behind it, as of any day and as known then,
//! and nothing of what is marked higher than the reader may know of.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::document::Document;
use entente_register::label::{Clearance, Level};
use entente_register::transfer::application::{ApplicationCommand as A, Risk, Weighed};
use entente_register::transfer::certificate::{Authenticity, CertificateCommand as K};
use entente_register::transfer::guidance::standing::{OF_TERRITORY, StandingAssessment};
use entente_register::transfer::guidance::{GuidanceCommand, GuidanceContent, NewGuidance};
use entente_register::transfer::licence::LicenceCommand as L;
use entente_register::transfer::notice::{Notice, NoticeKind};
use entente_store::reader::{Page, Reader};
use entente_store::{VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use support::transfer::*;
use support::*;

async fn reader(register: &Register, by: &Actor, as_of: &str) -> Reader {
    register.store.reader(by, Some(day(as_of)), None).await.unwrap()
}

/// The kinds of which there are any, each with its number; the rows behind each are as many.
async fn counted(reader: &Reader) -> BTreeMap<&'static str, i64> {
    let mut counts = BTreeMap::new();
    for one in reader.notice_counts().await.unwrap() {
        let found = reader.notices(one.kind, Page::first(500)).await.unwrap();
        assert_eq!(
            (found.total, i64::try_from(found.rows.len()).unwrap()),
            (one.count, one.count),
            "{one:?}"
        );
        assert!(found.rows.iter().all(|row| row.kind == one.kind && !row.why.is_empty()), "{found:?}");
        if one.count > 0 {
            counts.insert(one.kind.word(), one.count);
        }
    }
    counts
}

async fn rows(reader: &Reader, kind: NoticeKind) -> Vec<Notice> {
    reader.notices(kind, Page::first(50)).await.unwrap().rows
}

fn assessment_to_review(on: &str) -> GuidanceContent {
    let low = Weighed { risk: Risk::Low, evidence: "Reports".into(), mitigation: None };
    GuidanceContent::StandingAssessment(StandingAssessment {
        territory: "BRA".into(),
        weighed: OF_TERRITORY.iter().map(|criterion| (*criterion, low.clone())).collect(),
        summary: "Quiet".into(),
        review_by: day(on),
    })
}

on_both! {
async fn each_kind_is_counted_from_its_day_on_with_its_rows(database: TestDatabase) {
    let register = ready(&database).await;
    let people = people();
    let officer = &people.officer;
    // The term of one regime of those that came with the program is over.
    assert_eq!(counted(&reader(&register, officer, TODAY).await).await, BTreeMap::from([("term_to_confirm", 1)]));
    let term = rows(&reader(&register, officer, TODAY).await, NoticeKind::TermToConfirm).await.remove(0);
    assert_eq!((term.number.as_str(), term.state.as_deref(), term.due_on), ("south-sudan", Some("SSD"), Some(day("2026-05-31"))));
    assert!(term.why.starts_with("The term ended 15 days ago"), "{term:?}");
    // A week after it was last seen to be current, the list clears nobody.
    assert_eq!(counted(&reader(&register, officer, "2026-06-23").await).await["list_held"], 1);

    let (application, number) = granted(&register).await;
    write_off(&register, &number, day(TODAY), shipment("D-1", 40)).await.unwrap();
    let late = rows(&reader(&register, officer, "2026-09-14").await, NoticeKind::VerificationOverdue).await;
    assert_eq!((late.len(), late[0].number.as_str(), late[0].state.as_deref()), (1, number.as_str(), Some("BRA")));
    assert_eq!(late[0].why, "was to be verified 1 day ago");
    assert!(!counted(&reader(&register, officer, "2026-09-13").await).await.contains_key("verification_overdue"));
    // With goods left, from thirty days before its last day to that day.
    for (as_of, count) in [("2027-05-14", None), ("2027-05-15", Some(&1)), ("2027-06-14", Some(&1)), ("2027-06-15", None)] {
        assert_eq!(counted(&reader(&register, officer, as_of).await).await.get("licence_expiring"), count, "{as_of}");
    }
    write_off(&register, &number, day(TODAY), shipment("D-2", 60)).await.unwrap();
    assert_eq!(counted(&reader(&register, officer, "2027-06-01").await).await.get("licence_expiring"), None);

    let before = register.store.now();
    register.clock.set(instant("2026-06-15T13:00:00Z"));
    licence(&register, officer, &number, L::Suspend { on: day(TODAY), reason: "Serials differ".into() }).await.unwrap();
    let now = reader(&register, officer, TODAY).await;
    assert_eq!(counted(&now).await["licence_suspended"], 1);
    assert_eq!(rows(&now, NoticeKind::LicenceSuspended).await[0].why, "suspended by an officer");
    let then = register.store.reader(officer, Some(day(TODAY)), Some(before)).await.unwrap();
    assert!(!counted(&then).await.contains_key("licence_suspended"), "it was not known then");

    // A certificate is in doubt from when it is asked about until its issuer calls it authentic.
    let certificate = certify(&register, certificate("EUC 77")).await;
    let ask = || K::Ask {
        on: day(TODAY),
        channel: entente_register::transfer::certificate::Channel::TheirEmbassy,
        to: "EMBASSY".into(),
        document: Document { title: "Note".into(), dated: day(TODAY), content: None },
    };
    certificate_act(&register, &certificate, ask()).await.unwrap();
    let doubted = rows(&reader(&register, officer, TODAY).await, NoticeKind::CertificateInDoubt).await;
    assert_eq!((doubted.len(), doubted[0].title.as_str()), (1, "EUC 77"));
    assert_eq!(doubted[0].why, "its issuer was asked today and has not answered");
    let answer = |answer| K::Answer { on: day(TODAY), inquiry: 1, answer, document: paper("Answer") };
    certificate_act(&register, &certificate, answer(Authenticity::Unknown)).await.unwrap();
    let doubted = rows(&reader(&register, officer, TODAY).await, NoticeKind::CertificateInDoubt).await;
    assert_eq!(doubted[0].why, "its issuer cannot tell whether it is authentic");
    // One that is disowned serves nothing any more: there is nothing left to be done about it.
    certificate_act(&register, &certificate, ask()).await.unwrap();
    let disowned = K::Answer { on: day(TODAY), inquiry: 2, answer: Authenticity::NotAuthentic, document: paper("Answer") };
    certificate_act(&register, &certificate, disowned).await.unwrap();
    assert!(!counted(&reader(&register, officer, TODAY).await).await.contains_key("certificate_in_doubt"));

    // An opinion that is not given by its day, and an assessment that is not reviewed by its own.
    let waiting = draft(&register, &people.exporter, content("BRA")).await.unwrap().subject.key;
    apply(&register, &people.exporter, &waiting, A::Submit { on: day(TODAY) }).await.unwrap();
    let asked = A::AskOpinion { on: day(TODAY), agency: "P-P0003".into(), due_on: Some(day("2026-07-01")) };
    apply(&register, officer, &waiting, asked).await.unwrap();
    assert!(!counted(&reader(&register, officer, "2026-07-01").await).await.contains_key("opinion_overdue"));
    let overdue = rows(&reader(&register, officer, "2026-07-03").await, NoticeKind::OpinionOverdue).await;
    assert_eq!((overdue.len(), overdue[0].number.as_str(), overdue[0].why.as_str()), (1, waiting.as_str(), "an opinion was due 2 days ago"));
    assert_ne!(overdue[0].number, application);
    let treaties = actor("treaty-officer", Role::TreatyOfficer, Clearance::of(Level::Secret));
    let (content, document) = (Box::new(assessment_to_review("2027-01-01")), paper("Report"));
    let new = NewGuidance { on: day(TODAY), label: label("OFFICIAL"), content, document };
    let file = does(&register, &treaties, Command::Guide(new)).await.unwrap().subject.key;
    assert!(!counted(&reader(&register, officer, "2027-01-02").await).await.contains_key("review_overdue"), "it is not in force");
    let confirm = GuidanceCommand::Confirm { on: day(TODAY), edition: 1 };
    let confirm = Command::Guidance { number: file.clone(), command: confirm };
    does(&register, &people.countersigner, confirm).await.unwrap();
    assert_eq!(rows(&reader(&register, officer, "2027-01-02").await, NoticeKind::ReviewOverdue).await[0].number, file);

    // The report of the year before, from ninety days before its day.
    let due = rows(&reader(&register, officer, "2027-04-01").await, NoticeKind::AnnualReportDue).await;
    assert_eq!((due[0].number.as_str(), due[0].why.as_str()), ("2026", "due in 60 days"));

    // A rebuild gives the same, and the ledger is sound.
    let days = [TODAY, "2026-07-03", "2026-09-14", "2027-01-02", "2027-04-01"];
    let mut all = Vec::new();
    for as_of in days {
        all.push(counted(&reader(&register, officer, as_of).await).await);
    }
    register.store.rebuild(silent()).await.unwrap();
    for (as_of, counts) in days.iter().zip(all) {
        assert_eq!(counted(&reader(&register, officer, as_of).await).await, counts, "{as_of}");
    }
    assert!(register.store.verify(&VerifyOptions::default(), silent()).await.unwrap().first_bad.is_none());
}

async fn nothing_is_counted_of_what_the_reader_may_not_know_of(database: TestDatabase) {
    let register = ready(&database).await;
    let (officer, secret) = (people().officer, people_cleared_for(Level::Secret));
    let (_, open) = granted(&register).await;
    let (_, hidden) = granted_of(&register, &secret, content("BRA"), "SECRET").await;
    for number in [&open, &hidden] {
        let stop = L::Suspend { on: day(TODAY), reason: "Looked at".into() };
        licence(&register, &secret.officer, number, stop).await.unwrap();
    }
    let suspended = async |by: &Actor| -> BTreeSet<String> {
        let found = rows(&reader(&register, by, TODAY).await, NoticeKind::LicenceSuspended).await;
        found.into_iter().map(|notice| notice.number).collect()
    };
    assert_eq!(suspended(&officer).await, BTreeSet::from([open.clone()]));
    assert_eq!(suspended(&secret.officer).await, BTreeSet::from([open, hidden]));
    assert_eq!(counted(&reader(&register, &officer, TODAY).await).await["licence_suspended"], 1);
    // Whoever reads its own business alone counts nothing of the whole.
    let exporter = reader(&register, &people().exporter, TODAY).await;
    assert!(exporter.notice_counts().await.unwrap().is_empty());
    assert_eq!(code(exporter.notices(NoticeKind::LicenceSuspended, Page::first(1)).await), "access.read");
    let agency = reader(&register, &people().agency, TODAY).await;
    assert_eq!(code(agency.notices(NoticeKind::OpinionOverdue, Page::first(1)).await), "access.read");
}
}
