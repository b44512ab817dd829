//! What transfers are weighed by, in the register: denials of others, standing assessments that re-open licences, quotas,
//! and agencies that are named by rules and answer by their own calendars.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::label::{Clearance, Level};
use entente_register::money::{Quantity, Unit};
use entente_register::partner::PartnerCommand;
use entente_register::transfer::application::{ApplicationCommand as A, Risk, Weighed};
use entente_register::transfer::check::{CheckKind, CheckOutcome, RecordKind};
use entente_register::transfer::guidance::agency::{Agency, Calendar};
use entente_register::transfer::guidance::denial::Denial;
use entente_register::transfer::guidance::indicator::{Direction, Figure, Indicator};
use entente_register::transfer::guidance::quota::{Limit, Quota};
use entente_register::transfer::guidance::standing::{OF_TERRITORY, StandingAssessment};
use entente_register::transfer::guidance::{
    GuidanceCommand as G, GuidanceContent, GuidanceKind, NewGuidance,
};
use entente_register::transfer::licence::LicenceCommand as L;
use entente_register::transfer::opinion::{Criterion, Opinion, Stance};
use entente_store::reader::{GuidanceFilter, Page, Reader};
use entente_store::{Outcome, Receipt, VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use support::transfer::*;
use support::*;

fn treaty_officer() -> Actor {
    actor("treaty-officer", Role::TreatyOfficer, Clearance::of(Level::Secret))
}

async fn open_marked(register: &Register, content: GuidanceContent, marking: &str) -> Outcome<Receipt> {
    let (content, document) = (Box::new(content), paper("Report"));
    let new = NewGuidance { on: day(TODAY), label: label(marking), content, document };
    does(register, &treaty_officer(), Command::Guide(new)).await
}

async fn open(register: &Register, content: GuidanceContent) -> String {
    open_marked(register, content, "OFFICIAL").await.unwrap().subject.key
}

async fn change(register: &Register, by: &Actor, number: &str, command: G) -> Outcome<Receipt> {
    does(register, by, Command::Guidance { number: number.into(), command }).await
}

fn confirm(edition: u32) -> G {
    G::Confirm { on: day(TODAY), edition }
}

/// A file in force: proposed by the treaty officer, confirmed by the countersigner.
async fn in_force(register: &Register, content: GuidanceContent) -> String {
    let number = open(register, content).await;
    change(register, &people().countersigner, &number, confirm(1)).await.unwrap();
    number
}

fn assessed_at(territory: &str, risk: Risk) -> GuidanceContent {
    let weighed = Weighed { risk: Risk::Low, evidence: "REPORT OF THE EMBASSY".into(), mitigation: None };
    let mut weighed: BTreeMap<Criterion, Weighed> =
        OF_TERRITORY.iter().map(|criterion| (*criterion, weighed.clone())).collect();
    weighed.get_mut(&Criterion::InternalSituation).unwrap().risk = risk;
    GuidanceContent::StandingAssessment(StandingAssessment {
        territory: territory.into(),
        summary: "As the embassy reports".into(),
        review_by: day("2027-06-15"),
        weighed,
    })
}

fn denial(party: Option<&str>) -> GuidanceContent {
    GuidanceContent::Denial(Denial {
        notified_by: "FRA".into(),
        reference: "FR/2024/7".into(),
        denied_on: day("2024-06-15"),
        renewed_on: None,
        destination: "BRA".into(),
        end_user: "Signal troops".into(),
        party: party.map(str::to_owned),
        goods: "Field radios".into(),
        category: Some("ML11".into()),
        criteria: [Criterion::Diversion].into(),
        grounds: "GROUNDS OF OTHERS".into(),
    })
}

fn quota(pieces: i64) -> GuidanceContent {
    GuidanceContent::Quota(Quota {
        destination: "BRA".into(),
        category: Some("ML11".into()),
        from: day("2026-01-01"),
        until: day("2026-12-31"),
        basis: "Decision 4/2026".into(),
        limit: Limit::Quantity { quantity: Quantity::whole(pieces), unit: Unit::Piece },
    })
}

async fn propose(register: &Register, number: &str) -> Outcome<Receipt> {
    let command = A::Propose { on: day(TODAY), proposal: proposal() };
    apply(register, &people().officer, number, command).await
}

fn record(check: String, kind: RecordKind, reason: Option<&str>) -> A {
    A::Record {
        on: day(TODAY),
        check,
        kind,
        reference: "FR/2026/1".into(),
        document: paper("Letter"),
        reason: reason.map(str::to_owned),
    }
}

async fn as_of(register: &Register, by: &Actor, on: &str) -> Reader {
    register.store.reader(by, Some(day(on)), None).await.unwrap()
}

/// The rows of the view, whole.
async fn rows(database: &TestDatabase) -> Vec<Vec<String>> {
    database
        .query("SELECT number, valid_from, valid_to, CAST(known_from AS TEXT), CAST(known_to AS TEXT), kind, coalesce(territory, ''), coalesce(party, ''), state, title, coalesce(due_on, ''), content FROM guidance ORDER BY number, known_from, valid_from")
        .await
}

on_both! {
/// Scenario 12.
async fn what_another_state_refused_is_granted_once_it_was_consulted(database: TestDatabase) {
    let register = ready(&database).await;
    let officer = people().officer;
    let number = assessed(&register, "BRA").await;
    let denial_number = open(&register, denial(None)).await;
    assert_eq!(denial_number, "O-N2026-0001");
    let refused = refusal(propose(&register, &number).await);
    assert_eq!(refused.code, "transfer.record");
    assert!(refused.message.contains("FRA refused Field radios"), "{}", refused.message);
    let check = format!("denial:1:{denial_number}");
    let approval = record(check.clone(), RecordKind::Approval, Some("It may"));
    assert_eq!(code(apply(&register, &officer, &number, approval).await), "transfer.record");
    let silent_one = record(check.clone(), RecordKind::Consultation, None);
    assert_eq!(code(apply(&register, &officer, &number, silent_one).await), "transfer.reason");
    let consulted = record(check, RecordKind::Consultation, Some("The grounds are gone"));
    apply(&register, &officer, &number, consulted).await.unwrap();
    propose(&register, &number).await.unwrap();
    apply(&register, &people().countersigner, &number, A::Countersign { on: day(TODAY) }).await.unwrap();
    // An agency is not told of what others have refused.
    let reader = as_of(&register, &people().agency, TODAY).await;
    let view = reader.application(&number).await.unwrap();
    let text = format!("{view:?}");
    assert!(!text.contains("FRA") && !text.contains("O-N2026"), "{text}");
    // Three years after it was made it counts no more, unless it is confirmed again.
    let reader = as_of(&register, &people().officer, "2027-06-16").await;
    let checks = reader.licence("O-L2026-0001").await.unwrap().checks.unwrap();
    let of_denial: Vec<_> = checks.iter().filter(|check| check.kind == CheckKind::Denial).collect();
    assert_eq!(of_denial.len(), 1);
    assert_eq!(of_denial[0].outcome, CheckOutcome::Pass);
    // Nobody who filed it takes it back alone.
    let end = |by| {
        let command = G::End { on: day(TODAY), edition: 1, until: day(TODAY), reason: "Withdrawn".into(), document: paper("Note") };
        let (register, number) = (&register, denial_number.clone());
        async move { change(register, &by, &number, command).await }
    };
    let both = Actor { roles: vec![Role::TreatyOfficer, Role::Countersigner], ..treaty_officer() };
    assert_eq!(code(end(both).await), "transfer.two_people");
    assert_eq!(code(end(people().officer).await), "access.role");
    end(people().countersigner).await.unwrap();
    let before = rows(&database).await;
    register.store.rebuild(silent()).await.unwrap();
    assert_eq!(rows(&database).await, before, "a rebuild gives the same rows");
}

async fn an_assessment_that_worsens_reopens_every_open_licence_that_it_touches(database: TestDatabase) {
    let register = ready(&database).await;
    let (on, people) = (day(TODAY), people());
    for command in [
        PartnerCommand::RegisterGroup { code: "SOUTH".into(), name: "The south".into() },
        PartnerCommand::Admit { group: "SOUTH".into(), state: "BRA".into(), on: day("2026-01-01") },
    ] {
        register.run(Command::Partner(command)).await.unwrap();
    }
    let file = in_force(&register, assessed_at("SOUTH", Risk::Low)).await;
    assert_eq!(file, "O-SA-SOUTH");
    let (number, licence_number) = granted(&register).await;
    write_off(&register, &licence_number, on, shipment("D-1", 10)).await.unwrap();
    let worse = |risk| G::Propose { on, content: Box::new(assessed_at("SOUTH", risk)), document: paper("Report 2") };
    change(&register, &treaty_officer(), &file, worse(Risk::Medium)).await.unwrap();
    // Until another person confirms it, it is a proposal.
    write_off(&register, &licence_number, on, shipment("D-2", 10)).await.unwrap();
    assert_eq!(code(change(&register, &treaty_officer(), &file, confirm(2)).await), "transfer.two_people");
    change(&register, &people.countersigner, &file, confirm(2)).await.unwrap();
    let refused = refusal(write_off(&register, &licence_number, on, shipment("D-3", 10)).await);
    assert_eq!(refused.code, "licence.reopened");
    assert!(refused.message.contains("SOUTH is worse than it was by edition 2 of O-SA-SOUTH"), "{}", refused.message);
    assert!(refused.message.contains("criterion 3"), "{}", refused.message);
    // Its holder is told that nothing goes, and not what was thought.
    let reader = as_of(&register, &people.exporter, TODAY).await;
    let text = format!("{:?}", reader.licence(&licence_number).await.unwrap());
    assert!(!text.contains("O-SA-SOUTH") && !text.contains("InternalSituation"), "{text}");
    assert_eq!(code(reader.guidance(&file).await), "access.read");
    let lift = || L::Reinstate { on, reason: "Looked at again".into() };
    assert_eq!(code(licence(&register, &people.countersigner, &licence_number, lift()).await), "transfer.two_people");
    licence(&register, &people.officer, &licence_number, lift()).await.unwrap();
    write_off(&register, &licence_number, on, shipment("D-3", 10)).await.unwrap();
    // A high risk asks for a recorded consideration before anything goes, also of what was granted.
    change(&register, &treaty_officer(), &file, worse(Risk::High)).await.unwrap();
    change(&register, &people.countersigner, &file, confirm(3)).await.unwrap();
    licence(&register, &people.officer, &licence_number, lift()).await.unwrap();
    let refused = refusal(write_off(&register, &licence_number, on, shipment("D-4", 10)).await);
    assert_eq!(refused.code, "transfer.record");
    let considered = record("destination:SOUTH".into(), RecordKind::Consideration, None);
    apply(&register, &people.officer, &number, considered).await.unwrap();
    write_off(&register, &licence_number, on, shipment("D-4", 10)).await.unwrap();
    // What is better re-opens nothing; what is overriding blocks.
    change(&register, &treaty_officer(), &file, worse(Risk::Low)).await.unwrap();
    change(&register, &people.countersigner, &file, confirm(4)).await.unwrap();
    write_off(&register, &licence_number, on, shipment("D-5", 10)).await.unwrap();
    in_force(&register, assessed_at("BRA", Risk::Overriding)).await;
    licence(&register, &people.officer, &licence_number, lift()).await.unwrap();
    assert_eq!(code(write_off(&register, &licence_number, on, shipment("D-6", 10)).await), "transfer.blocked");
    // As of a day before, none of it was known.
    let reader = as_of(&register, &people.officer, "2026-06-14").await;
    assert_eq!(code(reader.guidance(&file).await), "not_found");
    let before = rows(&database).await;
    register.store.rebuild(silent()).await.unwrap();
    assert_eq!(rows(&database).await, before, "a rebuild gives the same rows");
    assert!(register.store.verify(&VerifyOptions::default(), silent()).await.unwrap().first_bad.is_none());
}

async fn no_more_is_granted_than_a_quota_allows(database: TestDatabase) {
    let register = ready(&database).await;
    let on = day(TODAY);
    let file = in_force(&register, quota(150)).await;
    assert_eq!(file, "O-K2026-0001");
    let (_, first) = granted(&register).await;
    write_off(&register, &first, on, shipment("D-1", 40)).await.unwrap();
    let second = assessed(&register, "BRA").await;
    let refused = refusal(propose(&register, &second).await);
    assert_eq!(refused.code, "transfer.held");
    assert!(refused.message.contains("Of 150 pieces 100 pieces are granted to others, and with this line it would be 200 pieces"), "{}", refused.message);
    // What was given back counts with what went.
    licence(&register, &people().countersigner, &first, L::Revoke { on, reason: "Given back".into() }).await.unwrap();
    propose(&register, &second).await.unwrap();
    let less = G::Propose { on, content: Box::new(quota(139)), document: paper("Decision 5") };
    change(&register, &treaty_officer(), &file, less).await.unwrap();
    change(&register, &people().countersigner, &file, confirm(2)).await.unwrap();
    let sign = A::Countersign { on };
    assert_eq!(code(apply(&register, &people().countersigner, &second, sign.clone()).await), "transfer.held");
    let more = G::Propose { on, content: Box::new(quota(140)), document: paper("Decision 6") };
    change(&register, &treaty_officer(), &file, more).await.unwrap();
    change(&register, &people().countersigner, &file, confirm(3)).await.unwrap();
    apply(&register, &people().countersigner, &second, sign).await.unwrap();
}

async fn agencies_are_asked_by_rules_answer_by_their_calendar_and_confirm_what_one_says(database: TestDatabase) {
    let register = ready(&database).await;
    let (on, people) = (day(TODAY), people());
    let routing = GuidanceContent::parse(ROUTING).unwrap();
    let file = in_force(&register, routing).await;
    assert_eq!(file, "O-ROUTING");
    let number = assessed(&register, "BRA").await;
    // P-P0003 was asked; the rules name another as well.
    let refused = refusal(propose(&register, &number).await);
    assert_eq!(refused.code, "transfer.route");
    assert!(refused.message.contains("P-P0004 (imports)"), "{}", refused.message);
    let route = A::Route { on };
    assert_eq!(code(apply(&register, &people.officer, &number, route.clone()).await), "transfer.due");
    let agency = GuidanceContent::Agency(Agency {
        party: "P-P0004".into(),
        answer_days: 3,
        confirms: true,
        calendar: Calendar {
            weekend: BTreeSet::from([6, 7]),
            covers_until: day("2026-12-31"),
            holidays: BTreeMap::from([(day("2026-06-17"), "A holiday".into())]),
        },
    });
    in_force(&register, agency).await;
    apply(&register, &people.officer, &number, route.clone()).await.unwrap();
    assert_eq!(code(apply(&register, &people.officer, &number, route).await), "transfer.route");
    let view = as_of(&register, &people.officer, TODAY).await.application(&number).await.unwrap();
    // Monday the 15th; the 17th is a holiday: 16, 18, 19.
    assert_eq!(view.application.consulted["P-P0004"].due_on, day("2026-06-19"));
    let one = Actor { party: Some("P-P0004".into()), account: "one".into(), ..people.agency.clone() };
    let other = Actor { account: "other".into(), ..one.clone() };
    let opinion = Opinion { agency: "P-P0004".into(), lines: vec![Stance::Approve], document: None };
    apply(&register, &one, &number, A::GiveOpinion { on, opinion }).await.unwrap();
    assert_eq!(code(propose(&register, &number).await), "transfer.opinion_awaited");
    let stand_behind = A::ConfirmOpinion { on, agency: "P-P0004".into() };
    assert_eq!(code(apply(&register, &one, &number, stand_behind.clone()).await), "transfer.two_people");
    assert_eq!(code(apply(&register, &people.agency, &number, stand_behind.clone()).await), "transfer.agency");
    assert_eq!(code(apply(&register, &people.officer, &number, stand_behind.clone()).await), "access.role");
    apply(&register, &other, &number, stand_behind).await.unwrap();
    propose(&register, &number).await.unwrap();
    apply(&register, &people.countersigner, &number, A::Countersign { on }).await.unwrap();
}

async fn what_is_marked_higher_weighs_and_is_not_told(database: TestDatabase) {
    let register = ready(&database).await;
    let number = assessed(&register, "BRA").await;
    open_marked(&register, denial(Some("P-P0002")), "SECRET").await.unwrap();
    let officer = people().officer;
    let refused = refusal(propose(&register, &number).await);
    assert_eq!(refused.code, "transfer.record");
    assert!(!refused.message.contains("FRA") && !refused.message.contains("S-N2026"), "{}", refused.message);
    let reader = as_of(&register, &officer, TODAY).await;
    let all = reader.guidance_files(&GuidanceFilter::default(), Page::first(10)).await.unwrap();
    assert_eq!(all.total, 0);
    assert_eq!(code(reader.guidance("S-N2026-0001").await), "not_found");
    let end = G::Withdraw { on: day(TODAY), edition: 1 };
    assert_eq!(code(change(&register, &officer, "S-N2026-0001", end).await), "not_found");
    let reader = as_of(&register, &treaty_officer(), TODAY).await;
    assert_eq!(reader.guidance("S-N2026-0001").await.unwrap().file.kind, GuidanceKind::Denial);
}

async fn figures_stand_beside_an_assessment_and_decide_nothing(database: TestDatabase) {
    let register = ready(&database).await;
    let number = assessed(&register, "BRA").await;
    let figure = |state: &str, value: &str| Figure { state: state.into(), year: 2025, value: value.into() };
    let indicator = GuidanceContent::Indicator(Indicator {
        name: "PEACE".into(),
        title: "Peacefulness".into(),
        publisher: "An institute".into(),
        direction: Direction::HigherIsWorse,
        figures: vec![figure("BRA", "2.1"), figure("NZL", "1.3"), figure("SOM", "3.3")],
    });
    assert_eq!(open(&register, indicator.clone()).await, "O-IN-PEACE");
    assert_eq!(code(open_marked(&register, indicator, "OFFICIAL").await), "guidance.exists");
    let reader = as_of(&register, &people().officer, TODAY).await;
    let view = reader.application(&number).await.unwrap();
    let beside = reader.beside_assessment(&view).await.unwrap();
    let row = &beside.indicators[0];
    assert_eq!((row.better, row.states, row.value.as_str()), (1, 3, "2.1"));
    let reader = as_of(&register, &people().exporter, TODAY).await;
    let view = reader.application(&number).await.unwrap();
    assert!(reader.beside_assessment(&view).await.unwrap().indicators.is_empty());
    propose(&register, &number).await.unwrap();
}
}

const ROUTING: &str = r#"
guidance = "routing"

[[rules]]
id = "always"
title = "One is asked about every transfer"
agencies = ["P-P0003"]

[[rules]]
id = "imports"
title = "Another about radios"
agencies = ["P-P0004"]
when = { categories = ["ML11"] }

[[tests]]
title = "Radios"
agencies = ["P-P0003", "P-P0004"]
case = { kind = "export", destination = "BRA", categories = ["ML11.a"], purpose = "defence", value = { amount = "1.00", currency = "USD" } }
"#;
