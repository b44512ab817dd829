//! Goods and how they are classified: control lists in editions and what they say of an application, what was decided before
//! of goods like these, and finding all of it by words.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;

use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::label::{Clearance, Level};
use entente_register::search::Query;
use entente_register::transfer::application::{ApplicationCommand as A, LineDecision, Proposal};
use entente_register::transfer::check::{CheckKind, CheckOutcome};
use entente_register::transfer::guidance::control_list::{ControlEntry, ControlList};
use entente_register::transfer::guidance::{GuidanceCommand as G, GuidanceContent, NewGuidance};
use entente_register::transfer::opinion::Criterion;
use entente_register::transfer::precedent::{Nearness, Outcome as Came};
use entente_store::reader::{Page, Reader};
use entente_store::silent;
use entente_testing::{TestDatabase, on_both};
use support::transfer::*;
use support::*;

fn treaty_officer() -> Actor {
    actor("treaty-officer", Role::TreatyOfficer, Clearance::of(Level::Secret))
}

fn control_list(entries: &[(&str, &str)]) -> Box<GuidanceContent> {
    let entries = entries.iter().map(|(entry, title)| ControlEntry {
        entry: (*entry).to_owned(),
        title: (*title).to_owned(),
        text: Some(format!("{title}, and parts of it")),
    });
    Box::new(GuidanceContent::ControlList(ControlList {
        name: "NATIONAL".into(),
        title: "National control list".into(),
        publisher: "The commission".into(),
        applies_from: day("2026-01-01"),
        entries: entries.collect(),
    }))
}

async fn filed(register: &Register, content: Box<GuidanceContent>, marking: &str) -> String {
    let new = NewGuidance { on: day(TODAY), label: label(marking), content, document: paper("Order 1") };
    let number = does(register, &treaty_officer(), Command::Guide(new)).await.unwrap().subject.key;
    confirm(register, &number, 1).await;
    number
}

async fn confirm(register: &Register, number: &str, edition: u32) {
    let by = people_cleared_for(Level::Secret).countersigner;
    let command = G::Confirm { on: day(TODAY), edition };
    does(register, &by, Command::Guidance { number: number.into(), command }).await.unwrap();
}

async fn reader(register: &Register, by: &Actor) -> Reader {
    register.store.reader(by, Some(day(TODAY)), None).await.unwrap()
}

/// What the control lists say of an application, as the officer reads it.
async fn controls(register: &Register, number: &str) -> Vec<(CheckOutcome, String, String)> {
    let view = reader(register, &people().officer).await.application(number).await.unwrap();
    let checks = view.checks.unwrap().into_iter().filter(|check| check.kind == CheckKind::ControlList);
    checks.map(|check| (check.outcome, check.why, format!("{} {}", check.source, check.edition))).collect()
}

async fn found(register: &Register, by: &Actor, words: &str) -> Vec<String> {
    let found = reader(register, by).await.search(&Query::parse(words).unwrap(), &[], Page::first(50)).await;
    let kinds = found.unwrap().kinds.into_iter().flat_map(|kind| kind.rows);
    kinds
        .map(|row| row.subject.key)
        .filter(|key| key.contains("-T2") || key.contains("-L2") || key.contains("-E2"))
        .collect()
}

/// The rows of what this is about, as they stand in the database.
async fn rows(database: &TestDatabase) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for sql in [
        "SELECT list, CAST(edition AS TEXT), family, entry_key, CAST(known_from AS TEXT), entry, title, coalesce(text, ''), CAST(is_divided AS TEXT) FROM control_entry ORDER BY list, edition, family, entry_key",
        "SELECT application, CAST(known_from AS TEXT), category, end_user, decided_on, destination, head, CAST(is_granted AS TEXT), CAST(is_refused AS TEXT) FROM precedent ORDER BY application, known_from, category, end_user",
        "SELECT CAST(id AS TEXT), subject, field, text, scope, CAST(known_from AS TEXT), CAST(known_to AS TEXT) FROM search_text ORDER BY id",
        "SELECT number, CAST(known_from AS TEXT), coalesce(edition_words, ''), coalesce(counts_until, '') FROM guidance ORDER BY number, known_from",
    ] {
        rows.extend(database.query(sql).await);
    }
    rows
}

on_both! {
async fn a_line_is_compared_with_the_edition_in_force(database: TestDatabase) {
    let register = ready(&database).await;
    let number = assessed(&register, "BRA").await;
    assert_eq!(controls(&register, &number).await[0].0, CheckOutcome::Shown, "no list is on file");
    let list = filed(&register, control_list(&[("ML5", "Fire control"), ("ML11", "Electronics")]), "OFFICIAL").await;
    assert_eq!(list, "O-CL-NATIONAL");
    let pass = (CheckOutcome::Pass, "It is within ML11: Electronics".to_owned(), format!("{list} 1 of {TODAY}"));
    assert_eq!(controls(&register, &number).await, std::slice::from_ref(&pass));
    // An edition that waits for a second person changes nothing; once it is confirmed, what it leaves out holds.
    let content = control_list(&[("ML5", "Fire control"), ("ML11", "Electronics"), ("ML11.b", "Jammers")]);
    let propose = G::Propose { on: day(TODAY), content, document: paper("Order 2") };
    let command = Command::Guidance { number: list.clone(), command: propose };
    does(&register, &treaty_officer(), command).await.unwrap();
    assert_eq!(controls(&register, &number).await, [pass]);
    confirm(&register, &list, 2).await;
    let held = &controls(&register, &number).await[0];
    assert_eq!(held.0, CheckOutcome::Hold, "{}", held.1);
    let propose = A::Propose { on: day(TODAY), proposal: proposal() };
    let refused = refusal(apply(&register, &people().officer, &number, propose).await);
    assert_eq!(refused.code, "transfer.held", "{}", refused.message);
    // A list that fewer may know of weighs without being told.
    let secret = filed(&register, control_list(&[("ML11.a", "SECRET TITLE")]), "SECRET").await;
    assert_eq!(secret, "S-CL-NATIONAL");
    let told = &controls(&register, &number).await[0];
    assert_eq!(told.0, CheckOutcome::Pass);
    assert!(!told.1.contains("SECRET TITLE") && !told.2.contains("S-CL"), "{told:?}");
    let before = rows(&database).await;
    register.store.rebuild(silent()).await.unwrap();
    assert_eq!(rows(&database).await, before, "a rebuild gives the same rows");
}

async fn words_suggest_entries_and_how_such_goods_were_classified(database: TestDatabase) {
    let register = ready(&database).await;
    granted(&register).await;
    assessed(&register, "BRA").await;
    filed(&register, control_list(&[("ML5", "Fire control"), ("ML11", "Electronic equipment, radio sets")]), "OFFICIAL").await;
    filed(&register, control_list(&[("ML6", "SECRET RADIO")]), "SECRET").await;
    let asked = Query::parse("radio").unwrap();
    let view = reader(&register, &people().officer).await.classify(&asked).await.unwrap();
    let entries: Vec<&str> = view.suggested.iter().map(|one| one.listed.entry.as_str()).collect();
    assert_eq!(entries, ["ML11"]);
    assert_eq!(view.lists.len(), 1);
    let before = &view.classified[0];
    assert_eq!((before.category.as_str(), before.applications, before.granted), ("ML11.a", 2, 1));
    // Others are told of their own applications alone.
    let stranger = Actor { party: Some("P-P0004".into()), ..people().exporter };
    let view = reader(&register, &stranger).await.classify(&asked).await.unwrap();
    assert_eq!((view.suggested.len(), view.classified.len()), (1, 0));
    let view = reader(&register, &people().exporter).await.classify(&asked).await.unwrap();
    assert_eq!(view.classified[0].applications, 2);
    let customs = reader(&register, &people().customs).await.classify(&asked).await;
    assert_eq!(code(customs), "access.read");
}

async fn what_was_decided_before_of_such_goods_stands_beside(database: TestDatabase) {
    let register = ready(&database).await;
    let (first, licence) = granted(&register).await;
    let refused = assessed(&register, "BRA").await;
    let criteria = BTreeSet::from([Criterion::Diversion]);
    let refuse = Proposal {
        lines: vec![LineDecision::Refuse { criteria: criteria.clone(), reason: "They would not stay there".into() }],
        valid_from: None,
        valid_until: None,
        ..proposal()
    };
    apply(&register, &people().officer, &refused, A::Propose { on: day(TODAY), proposal: refuse }).await.unwrap();
    apply(&register, &people().countersigner, &refused, A::Countersign { on: day(TODAY) }).await.unwrap();
    let people = people();
    let mut content = content("BRA");
    content.lines[0].category = "ML11".into();
    let number = draft(&register, &people.exporter, content).await.unwrap().subject.key;
    apply(&register, &people.exporter, &number, A::Submit { on: day(TODAY) }).await.unwrap();
    let of = |by: Actor| {
        let (register, number) = (&register, number.clone());
        async move {
            let reader = reader(register, &by).await;
            let view = reader.application(&number).await.unwrap();
            reader.precedents(&view).await.unwrap()
        }
    };
    let view = of(people.officer.clone()).await;
    assert_eq!((view.total, view.is_more), (2, false));
    assert_eq!((view.outcomes[&Came::Granted], view.outcomes[&Came::Refused]), (1, 1));
    let row = |of: &str| view.rows.iter().find(|row| row.precedent.application == of).unwrap();
    assert_eq!(row(&first).precedent.nearness, Nearness::UserEntry);
    assert_eq!(row(&first).licence.as_ref(), Some(&licence));
    assert_eq!((row(&refused).precedent.outcome, &row(&refused).criteria), (Came::Refused, &criteria));
    // What others were told is not the applicant’s.
    assert_eq!(of(people.exporter.clone()).await.total, 0);
}

async fn applications_licences_and_certificates_are_found_by_whoever_may_read_them(database: TestDatabase) {
    let register = ready(&database).await;
    let (application, licence) = granted(&register).await;
    let People { exporter, officer, agency, customs, .. } = people();
    let all = [application.as_str(), licence.as_str(), "O-E2026-0001"];
    assert_eq!(found(&register, &officer, "radio").await, all, "by their goods");
    assert_eq!(found(&register, &officer, "ml11.a bra").await, all, "by the entry and the state");
    assert_eq!(found(&register, &officer, &licence).await[0], licence, "by the number");
    assert_eq!(found(&register, &officer, &format!("euc {application}")).await, ["O-E2026-0001"], "by the issuer’s number");
    assert_eq!(found(&register, &exporter, "radio").await, all);
    assert_eq!(found(&register, &agency, "radio").await, [application.as_str()], "what it was asked about");
    assert_eq!(found(&register, &customs, "radio").await, [licence.as_str()]);
    let stranger = Actor { party: Some("P-P0004".into()), ..exporter.clone() };
    assert!(found(&register, &stranger, "radio").await.is_empty());
    let unasked = Actor { party: Some("P-P0004".into()), ..agency };
    assert!(found(&register, &unasked, "radio").await.is_empty());
    // A revision is found by what it says now; another marking is found by nobody below it.
    let number = draft(&register, &exporter, content("BRA")).await.unwrap().subject.key;
    let mut content = content("BRA");
    content.title = "Signal lamps".into();
    content.lines[0].description = "Lamp L-2".into();
    let revise = A::Revise { on: day(TODAY), content: Box::new(content.clone()), reason: "Other goods".into() };
    apply(&register, &exporter, &number, revise).await.unwrap();
    assert_eq!(found(&register, &officer, "radio").await, all);
    assert_eq!(found(&register, &officer, "lamp l-2").await, [number.as_str()]);
    let secret = people_cleared_for(Level::Secret);
    content.title = "Quiet lamps".into();
    let (hidden, _) = granted_of(&register, &secret, content, "SECRET").await;
    assert!(found(&register, &officer, "quiet").await.is_empty());
    assert_eq!(found(&register, &secret.officer, "quiet").await, [hidden.as_str()]);
    let before = rows(&database).await;
    register.store.rebuild(silent()).await.unwrap();
    assert_eq!(rows(&database).await, before, "a rebuild gives the same rows");
}
}
