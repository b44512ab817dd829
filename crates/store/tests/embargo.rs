//! Embargo rules in the register: what binds by what was known, who brings it into force, and what is read of any day.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;

use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::embargo::{
    Activity, Area, Class, EditionCommand, EndUser, Item, Judgement, NewRuleFile, Outcome as Answer,
    PolicyCommand, PolicyProposed, Question, Span, UNITED_NATIONS, about,
};
use entente_register::label::{Clearance, Level};
use entente_store::reader::Reader;
use entente_store::{Outcome, Receipt, Request, VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use support::*;

fn officer(name: &str) -> Actor {
    actor(name, Role::LicensingOfficer, Clearance::full())
}

async fn change(register: &Register, by: &Actor, id: &str, command: EditionCommand) -> Outcome<Receipt> {
    Box::pin(register.store.execute(by, Command::Embargo { id: id.into(), command })).await
}

async fn propose(register: &Register, by: &Actor, file: &str, text: &str) -> Outcome<Receipt> {
    let id = about(file, text)?.id;
    let new = NewRuleFile { file: file.into(), text: text.into(), reason: "As it was published".into() };
    change(register, by, &id, EditionCommand::Propose(new)).await
}

async fn confirm(register: &Register, by: &Actor, id: &str) -> Outcome<Receipt> {
    change(register, by, id, EditionCommand::Confirm { content: None, reason: None }).await
}

/// Proposes and confirms what came with the program.
async fn shipped(register: &Register) {
    for text in UNITED_NATIONS {
        let receipt = propose(register, &register.operator, text.name, text.text).await.unwrap();
        confirm(register, &officer("boris"), &receipt.subject.key).await.unwrap();
    }
}

async fn reader(register: &Register, as_of: &str, known_at: Option<&str>) -> Reader {
    register.store.reader(&register.operator, Some(day(as_of)), known_at.map(instant)).await.unwrap()
}

/// What is said on the reader's day of armoured vehicles for the government of a state.
async fn asked(reader: &Reader, to: &str) -> Judgement {
    let held = reader.embargo_rules().await.unwrap();
    let question = Question {
        item: Item { class: Class::all().nth(1).unwrap(), part: false, entries: None, non_lethal: None },
        activity: Activity::Supply,
        from: None,
        to: to.into(),
        end_user: EndUser::Government,
        area: Area::Unknown,
        purpose: None,
        authorised: None,
        at: reader.as_of_instant(),
        known_at: reader.known_at(),
    };
    let until = question.at.checked_add(jiff::SignedDuration::from_hours(24)).unwrap();
    held.judge_within(&question, Span { from: question.at, until }).1
}

on_both! {
async fn nothing_binds_and_nothing_passes_before_two_people_have_said_so(database: TestDatabase) {
    let register = Register::founded(&database).await;
    register.clock.set(instant("2026-06-15T12:00:00Z"));
    let (anna, boris) = (officer("anna"), officer("boris"));
    let held = asked(&reader(&register, "2026-06-15", None).await, "BRA").await;
    assert_eq!((held.outcome, held.holds[0].code), (Answer::Hold, "no_rules"));

    let receipt = propose(&register, &anna, "body.toml", UNITED_NATIONS[0].text).await.unwrap();
    assert_eq!(receipt.subject.to_string(), "embargo:UNSC");
    assert_eq!(code(confirm(&register, &anna, "UNSC").await), "embargo.two_people");
    // Whoever keeps the machine proposes and confirms nothing; who may not read, knows of nothing.
    assert_eq!(code(confirm(&register, &register.operator, "UNSC").await), "access.role");
    let exporter = actor("ivan", Role::Exporter, Clearance::full());
    assert_eq!(code(propose(&register, &exporter, "body.toml", UNITED_NATIONS[0].text).await), "access.role");
    let limited = actor("vera", Role::LicensingOfficer, Clearance::of(Level::Public));
    assert_eq!(code(confirm(&register, &limited, "UNSC").await), "not_found");
    let narrow = register.store.reader(&limited, None, None).await.unwrap();
    assert!(narrow.rule_files().await.unwrap().is_empty());
    assert_eq!(code(narrow.rule_file("UNSC").await), "not_found");
    assert_eq!(code(register.store.reader(&exporter, None, None).await.unwrap().embargo_rules().await), "access.read");
    // Of another version than the one that was seen, nothing is confirmed.
    let stale = Request {
        command: Command::Embargo {
            id: "UNSC".into(),
            command: EditionCommand::Confirm { content: None, reason: None },
        },
        expected_version: Some(0),
        idempotency_key: None,
    };
    assert_eq!(code(Box::pin(register.store.execute(&boris, stale)).await), "conflict");

    let now = reader(&register, "2026-06-15", None).await;
    assert_eq!(now.waiting_rule_files().await.unwrap().len(), 1);
    assert_eq!(asked(&now, "BRA").await.holds[0].code, "no_rules");
    confirm(&register, &boris, "UNSC").await.unwrap();
    let now = reader(&register, "2026-06-15", None).await;
    assert!(now.waiting_rule_files().await.unwrap().is_empty());
    let holds: BTreeSet<&str> = asked(&now, "BRA").await.holds.iter().map(|hold| hold.code).collect();
    assert_eq!(holds, BTreeSet::from(["regime_missing"]));

    let refused = refusal(propose(&register, &anna, "libya.toml", "[[regime]]\nid = \"libya\"\n").await);
    assert_eq!(refused.code, "embargo.file");
    assert!(refused.message.starts_with("libya.toml, line 1, column 1"), "{}", refused.message);
}

async fn a_question_is_answered_by_the_editions_that_were_known(database: TestDatabase) {
    let register = Register::founded(&database).await;
    register.clock.set(instant("2026-06-15T12:00:00Z"));
    shipped(&register).await;
    let now = reader(&register, "2026-06-15", None).await;
    assert_eq!(asked(&now, "BRA").await.outcome, Answer::Pass);
    assert_eq!(asked(&now, "SSD").await.outcome, Answer::Blocked);
    // Years before the register, by the days that the rules bear.
    assert_eq!(asked(&reader(&register, "2010-09-15", None).await, "IRN").await.outcome, Answer::Blocked);
    assert_eq!(asked(&reader(&register, "2009-06-01", None).await, "IRN").await.outcome, Answer::Vigilance);
    // What nobody knew binds nobody, and then nothing passes.
    let before = reader(&register, "2026-06-15", Some("2026-06-15T11:00:00Z")).await;
    assert_eq!(asked(&before, "BRA").await.holds[0].code, "no_rules");
    assert!(before.rule_files().await.unwrap().is_empty());

    // Confirmed before its first day, a rule binds on that day, though nothing was recorded since.
    let late = "[[regime]]\nid = \"late\"\nbody = \"UNSC\"\nname = \"Late\"\nstates = [\"BRA\"]\n\n[[rule]]\nid = \"late-1\"\nregime = \"late\"\nresolution = \"1\"\neffect = \"prohibit\"\ntarget = { kind = \"territory\", state = \"BRA\" }\ndirection = \"to\"\nitems = { all_arms = true, parts = true }\nactivities = [\"supply\"]\nvalid_from = 2026-06-25\nsource = \"Source\"\ncertainty = \"high\"\nverified_on = 2026-06-15\n";
    propose(&register, &officer("anna"), "late.toml", late).await.unwrap();
    confirm(&register, &officer("boris"), "late").await.unwrap();
    assert_eq!(asked(&reader(&register, "2026-06-20", None).await, "BRA").await.outcome, Answer::Pass);
    assert_eq!(asked(&reader(&register, "2026-06-28", None).await, "BRA").await.outcome, Answer::Blocked);

    // The term that is over, until an edition says what became of it.
    let rules = now.embargo_rules().await.unwrap().rules;
    let over = |terms: Vec<entente_register::embargo::OpenTerm>| -> Vec<String> {
        terms.into_iter().filter(|term| term.over).map(|term| term.rule).collect()
    };
    assert_eq!(over(now.open_terms(&rules, 30)), ["south-sudan-2781"]);
    assert!(now.open_terms(&rules, 30).iter().any(|term| term.rule.starts_with("drc") && !term.over));
    register.clock.set(instant("2026-06-20T12:00:00Z"));
    let text = UNITED_NATIONS.iter().find(|text| text.name == "south_sudan.toml").unwrap().text;
    let renewed = text.replace("last_day = 2026-05-31", "last_day = 2027-05-31");
    propose(&register, &officer("anna"), "south_sudan.toml", &renewed).await.unwrap();
    confirm(&register, &officer("boris"), "south-sudan").await.unwrap();
    let later = reader(&register, "2026-06-20", None).await;
    assert_eq!(over(later.open_terms(&later.embargo_rules().await.unwrap().rules, 0)), Vec::<String>::new());
    // As of the day before it was recorded, by what is known now, and by what was known then.
    let then = reader(&register, "2026-06-15", None).await;
    assert_eq!(over(then.open_terms(&then.embargo_rules().await.unwrap().rules, 0)), Vec::<String>::new());
    let known = reader(&register, "2026-06-20", Some("2026-06-19T00:00:00Z")).await;
    assert_eq!(over(known.open_terms(&known.embargo_rules().await.unwrap().rules, 0)), ["south-sudan-2781"]);

    let view = later.rule_file("south-sudan").await.unwrap();
    assert_eq!(view.version, 4);
    let stood: Vec<(u32, &str)> = view.editions.iter().map(|edition| (edition.number, edition.state)).collect();
    assert_eq!(stood, [(2, "in_force"), (1, "replaced")]);
    assert_eq!((view.editions[0].proposal.by.as_str(), view.editions[0].decision.as_ref().unwrap().by.as_str()), ("anna", "boris"));
    assert_eq!(view.history.len(), 4);
    let found = register.store.verify(&VerifyOptions { deep: true, ..Default::default() }, silent()).await.unwrap();
    assert!(found.ok(), "{found:?}");
}

async fn whose_measures_bind_is_a_decision_of_a_day(database: TestDatabase) {
    let register = Register::founded(&database).await;
    register.clock.set(instant("2026-06-15T12:00:00Z"));
    shipped(&register).await;
    let (anna, boris) = (officer("anna"), officer("boris"));
    let run = async |by: &Actor, command: PolicyCommand| Box::pin(register.store.execute(by, Command::Policy(command))).await;
    let policy = |claims_bind| PolicyProposed { claims_bind, ..PolicyProposed::default() };
    let propose = |policy| PolicyCommand::Propose { policy, reason: "Decision 14 of the commission".into() };
    let none = PolicyProposed { binding: BTreeSet::new(), ..PolicyProposed::default() };
    assert_eq!(code(run(&anna, propose(none)).await), "policy.security_council");
    assert_eq!(code(run(&register.operator, propose(policy(true))).await), "access.role");
    run(&anna, propose(policy(true))).await.unwrap();
    assert_eq!(code(run(&anna, PolicyCommand::Confirm { reason: None }).await), "policy.two_people");
    assert!(!reader(&register, "2026-06-15", None).await.embargo_rules().await.unwrap().policy.claims_bind);
    register.clock.set(instant("2026-06-18T12:00:00Z"));
    run(&boris, PolicyCommand::Confirm { reason: None }).await.unwrap();
    assert!(reader(&register, "2026-06-18", None).await.embargo_rules().await.unwrap().policy.claims_bind);
    let before = reader(&register, "2026-06-17", None).await;
    assert!(!before.embargo_rules().await.unwrap().policy.claims_bind);
    let known = reader(&register, "2026-06-18", Some("2026-06-17T00:00:00Z")).await;
    assert!(!known.embargo_rules().await.unwrap().policy.claims_bind);
    let view = reader(&register, "2026-06-18", None).await.embargo_policy().await.unwrap();
    assert_eq!((view.version, view.history.len()), (2, 2));
    let found = register.store.verify(&VerifyOptions { deep: true, ..Default::default() }, silent()).await.unwrap();
    assert!(found.ok(), "{found:?}");
}
}
