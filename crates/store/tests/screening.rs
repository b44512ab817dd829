//! Lists, runs and cases: what is in force on a day, who decides about a hit, and that nobody learns of a party that
//! is not open to them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::label::{Clearance, Level};
use entente_register::ledger::SubjectKind;
use entente_register::screening::{
    CaseCommand, Found, Hit, Judged, ListCommand, ListPolicy, ListScreened, NewEdition, Run, Standing,
    Verdict,
};
use entente_store::reader::{CaseFilter, CaseOrder, Page, Reader};
use entente_store::{Outcome, Receipt, VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use support::*;

const ENGINE: &str = "1";
const THRESHOLD: u32 = 7_000;

fn officer(name: &str) -> Actor {
    actor(name, Role::LicensingOfficer, Clearance::full())
}

async fn list(register: &Register, command: ListCommand) -> Outcome<Receipt> {
    register.run(Command::List { name: "un".into(), command }).await
}

async fn load(register: &Register, text: &str, entries: u32, on: &str) -> Outcome<String> {
    let content =
        register.store.keep_list(&register.operator, "application/xml", text.as_bytes().to_vec()).await?;
    let dated = Some(day(on));
    let new = NewEdition {
        seen: None,
        content: content.clone(),
        form: "un".into(),
        dated,
        current_on: dated,
        entries,
        source: "un.xml".into(),
        despite: None,
    };
    list(register, ListCommand::Load(new)).await?;
    Ok(content)
}

fn hit(edition: &str, entry_content: char) -> Hit {
    Hit {
        edition: edition.into(),
        engine: ENGINE.into(),
        score: 8_800,
        reasons: Vec::new(),
        caption: "EXAMPLE WORKS".into(),
        party_content: "1".repeat(64),
        entry_content: entry_content.to_string().repeat(64),
    }
}

fn run(edition: &str, through: i64, found: Vec<Found>, judged: Vec<Judged>) -> ListCommand {
    let screened = ListScreened {
        edition: edition.into(),
        engine: ENGINE.into(),
        threshold: THRESHOLD,
        through,
        since: None,
        compared: 10,
    };
    ListCommand::Screen(Box::new(Run { screened, found, judged }))
}

async fn reader(register: &Register, actor: &Actor, as_of: &str) -> Reader {
    register.store.reader(actor, Some(day(as_of)), None).await.unwrap()
}

async fn case(register: &Register, by: &Actor, number: &str, command: CaseCommand) -> Outcome<Receipt> {
    Box::pin(register.store.execute(by, Command::Case { number: number.into(), command })).await
}

fn because() -> String {
    "Another house of the same name".into()
}

on_both! {
async fn an_edition_stays_in_force_until_a_better_one_and_can_be_read_of_any_day(database: TestDatabase) {
    let register = Register::founded(&database).await;
    let first = load(&register, "<first/>", 1_000, "2012-09-28").await.unwrap();
    register.clock.set(instant("2012-10-02T12:00:00Z"));
    assert_eq!(code(load(&register, "<small/>", 700, "2012-10-01").await), "list.shrunk");
    assert_eq!(code(load(&register, "<first/>", 1_000, "2012-09-28").await), "list.same_edition");
    let second = load(&register, "<second/>", 1_010, "2012-10-01").await.unwrap();
    let policy = ListPolicy { standing: Standing::Advisory, max_age_days: 3 };
    list(&register, ListCommand::SetPolicy { policy, reason: "A trial".into() }).await.unwrap();

    let now = reader(&register, &register.operator, "2012-10-02").await;
    let lists = now.lists().await.unwrap();
    assert_eq!((lists.len(), lists[0].list.edition.as_ref().unwrap().content()), (1, second.as_str()));
    assert_eq!(lists[0].held, None);
    let view = now.list("un", Page::first(10)).await.unwrap();
    assert_eq!((view.version, view.editions.len(), view.history.rows[0].what.as_str()), (3, 2, "list policy set"));
    assert_eq!(now.edition_bytes("un", &first).await.unwrap(), b"<first/>");
    assert_eq!(now.edition("un", &second[..8]).await.unwrap().content, second);
    assert_eq!(code(now.edition("un", "zz").await), "not_found");
    let paper = now.document(&SubjectKind::List.subject("un"), &first).await.unwrap();
    assert_eq!(paper.media_type, "application/xml");

    // Of the day before, and when it is out of date.
    let before = reader(&register, &register.operator, "2012-10-01").await.lists().await.unwrap();
    assert_eq!(before[0].list.edition.as_ref().unwrap().content(), first);
    assert_eq!(before[0].list.policy, ListPolicy::default());
    let later = reader(&register, &register.operator, "2012-10-05").await.lists().await.unwrap();
    assert_eq!(later[0].held.as_ref().unwrap().code, "stale");
    let earlier = reader(&register, &register.operator, "2012-09-29").await.lists().await.unwrap();
    assert!(earlier.is_empty());
    let known = instant("2012-10-01T00:00:00Z");
    let known = register.store.reader(&register.operator, Some(day("2012-10-02")), Some(known)).await.unwrap();
    assert_eq!(known.lists().await.unwrap()[0].list.edition.as_ref().unwrap().content(), first);

    // Exporters and administrators read no lists, and load none.
    for role in [Role::Exporter, Role::Administrator] {
        let other = actor("other", role, Clearance::full());
        assert_eq!(code(reader(&register, &other, "2012-10-02").await.lists().await), "access.read");
        assert_eq!(code(register.store.keep_list(&other, "text/csv", b"id".to_vec()).await), "access.role");
    }
    let found = register.store.verify(&VerifyOptions { deep: true, ..Default::default() }, silent()).await.unwrap();
    assert!(found.ok(), "{found:?}");
}

async fn a_hit_is_cleared_by_two_people_and_the_clearance_lapses_with_the_entry(database: TestDatabase) {
    let register = Register::founded(&database).await;
    let edition = load(&register, "<first/>", 10, "2012-09-30").await.unwrap();
    let (anna, boris) = (officer("anna"), officer("boris"));
    let screening = async |party: &str| {
        let reader = reader(&register, &anna, "2012-09-30").await;
        Box::pin(reader.party_screening(party, ENGINE, THRESHOLD)).await
    };
    let before = screening("P-P0001").await.unwrap();
    assert_eq!((before.held[0].code, before.is_clear()), ("not_screened", false));

    let through = reader(&register, &register.operator, "2012-09-30").await.through();
    let found = || vec![Found { party: "P-P0001".into(), entry: "un-7".into(), hit: hit(&edition, '1') }];
    list(&register, run(&edition, through, found(), vec![])).await.unwrap();
    assert!(screening("P-P0002").await.unwrap().is_clear());
    let hit_by = screening("P-P0001").await.unwrap();
    assert_eq!((hit_by.held.len(), hit_by.cases.len(), hit_by.is_clear()), (0, 1, false));
    let number = "P-P0001.H1";
    assert_eq!(hit_by.cases[0].case.number, number);
    // Once more, and there is still one case.
    list(&register, run(&edition, through, found(), vec![])).await.unwrap();
    assert_eq!(screening("P-P0001").await.unwrap().cases.len(), 1);

    let propose = || CaseCommand::Propose { reason: because() };
    assert_eq!(code(case(&register, &register.operator.clone(), number, propose()).await), "access.role");
    case(&register, &anna, number, propose()).await.unwrap();
    assert_eq!(code(case(&register, &anna, number, CaseCommand::Clear { reason: None }).await), "case.two_people");
    case(&register, &boris, number, CaseCommand::Clear { reason: None }).await.unwrap();
    assert!(screening("P-P0001").await.unwrap().is_clear());
    let view = reader(&register, &anna, "2012-09-30").await.case(number).await.unwrap();
    let acts: Vec<(&str, &str)> =
        view.history.iter().map(|row| (row.what.as_str(), row.actor.as_str())).collect();
    assert_eq!(
        acts,
        [("case opened", "operator"), ("case clearance proposed", "anna"), ("case cleared", "boris")]
    );

    // A new edition in which the entry says the same, and one in which it does not.
    let second = load(&register, "<second/>", 10, "2012-09-30").await.unwrap();
    assert_eq!(screening("P-P0001").await.unwrap().held[0].code, "not_screened");
    let judged = |content| vec![Judged { case: number.into(), verdict: Verdict::Stands(hit(&second, content)) }];
    assert_eq!(code(list(&register, run(&edition, through, vec![], vec![])).await), "list.run");
    list(&register, run(&second, through, vec![], judged('1'))).await.unwrap();
    assert!(screening("P-P0001").await.unwrap().is_clear());
    list(&register, run(&second, through, vec![], judged('2'))).await.unwrap();
    let lapsed = screening("P-P0001").await.unwrap();
    assert_eq!((lapsed.cases[0].case.state, lapsed.is_clear()), ("open", false));

    // A party that came after the run is not yet clear.
    let new = register.run(Command::Party(party("Later Works", "RUS", "PUBLIC"))).await.unwrap().subject.key;
    assert_eq!(screening(&new).await.unwrap().held[0].code, "not_screened");

    // The entry goes: the case is withdrawn, and what comes later is another case.
    let gone = vec![Judged { case: number.into(), verdict: Verdict::Removed }];
    list(&register, run(&second, through, vec![], gone)).await.unwrap();
    list(&register, run(&second, through, found(), vec![])).await.unwrap();
    let reader = reader(&register, &anna, "2012-09-30").await;
    let all = reader.cases(&CaseFilter::default(), Page::first(10)).await.unwrap();
    let numbers: Vec<(&str, &str)> =
        all.rows.iter().map(|row| (row.case.number.as_str(), row.case.state)).collect();
    assert_eq!(numbers, [("P-P0001.H2", "open"), ("P-P0001.H1", "withdrawn")]);
    let waiting = CaseFilter { waiting: true, list: Some("un".into()), ..CaseFilter::default() };
    assert_eq!(reader.cases(&waiting, Page::first(10)).await.unwrap().total, 1);
    // As they are worked off, and counted.
    let queue = |entry: &str| CaseFilter {
        entry: Some(entry.into()),
        order: CaseOrder::Queue,
        ..CaseFilter::default()
    };
    let worked = reader.cases(&queue("un-7"), Page::first(10)).await.unwrap();
    assert_eq!(worked.rows.iter().map(|row| row.case.number.as_str()).collect::<Vec<_>>(), ["P-P0001.H2", "P-P0001.H1"]);
    assert_eq!(reader.cases(&queue("un-8"), Page::first(10)).await.unwrap().total, 0);
    let counts = reader.case_counts(&CaseFilter { waiting: true, ..queue("un-7") }).await.unwrap();
    let counted: Vec<(&str, bool, i64)> =
        counts.iter().map(|count| (count.state.as_str(), count.settled, count.cases)).collect();
    assert_eq!(counted, [("open", false, 1), ("withdrawn", true, 1)]);
    let parties = ["P-P0001".to_owned(), "P-P0002".to_owned()];
    assert_eq!(reader.waiting_cases(&parties).await.unwrap(), [("P-P0001".to_owned(), 1)].into());
    assert!(reader.waiting_cases(&[]).await.unwrap().is_empty());
    let same = |reader: Reader| async move { reader.live_cases("un").await.unwrap().len() };
    assert_eq!(same(reader).await, 1);

    let tables = "SELECT number, valid_from, CAST(known_from AS TEXT), CAST(known_to AS TEXT), state, content FROM screening ORDER BY number, known_from, valid_from";
    let before = database.query(tables).await;
    register.store.rebuild(silent()).await.unwrap();
    assert_eq!(database.query(tables).await, before, "a rebuild gives the same rows");
    let found = register.store.verify(&VerifyOptions { deep: true, ..Default::default() }, silent()).await.unwrap();
    assert!(found.ok(), "{found:?}");
}

async fn a_case_is_as_secret_as_its_party(database: TestDatabase) {
    let register = Register::founded(&database).await;
    let edition = load(&register, "<first/>", 10, "2012-09-30").await.unwrap();
    let secret = register.run(Command::Party(party("Hidden Works", "RUS", "SECRET"))).await.unwrap();
    let found = vec![Found { party: secret.subject.key.clone(), entry: "un-7".into(), hit: hit(&edition, '1') }];
    list(&register, run(&edition, secret.sequence, found, vec![])).await.unwrap();
    let cleared = actor("a", Role::LicensingOfficer, Clearance::of(Level::Secret));
    let other = actor("b", Role::LicensingOfficer, Clearance::of(Level::Confidential));
    let number = format!("{}.H1", secret.subject.key);
    let seen = reader(&register, &cleared, "2012-09-30").await;
    assert_eq!(seen.case(&number).await.unwrap().row.party_name, "Hidden Works");
    let unseen = reader(&register, &other, "2012-09-30").await;
    assert_eq!(code(unseen.case(&number).await), "not_found");
    assert_eq!(unseen.cases(&CaseFilter::default(), Page::first(10)).await.unwrap().total, 0);
    assert_eq!(code(Box::pin(unseen.party_screening(&secret.subject.key, ENGINE, THRESHOLD)).await), "not_found");
    assert_eq!(seen.case_counts(&CaseFilter::default()).await.unwrap()[0].cases, 1);
    assert!(unseen.case_counts(&CaseFilter::default()).await.unwrap().is_empty());
    assert!(unseen.waiting_cases(std::slice::from_ref(&secret.subject.key)).await.unwrap().is_empty());
    // An edition that was given is read again by whoever gave it, and by nobody else.
    let own = reader(&register, &register.operator, "2012-09-30").await;
    assert_eq!(own.given_list(&edition).await.unwrap(), b"<first/>");
    assert_eq!(code(own.given_list(&"0".repeat(64)).await), "not_found");
    assert_eq!(code(own.given_list("\0").await), "not_found");
    assert_eq!(code(seen.given_list(&edition).await), "not_found");
    let customs = actor("c", Role::Customs, Clearance::full());
    let customs = reader(&register, &customs, "2012-09-30").await;
    assert_eq!(code(customs.given_list(&edition).await), "access.role");
    let propose = CaseCommand::Propose { reason: because() };
    assert_eq!(code(case(&register, &other, &number, propose).await), "not_found");
    // A run says nothing of how many parties or hits there were.
    let view = unseen.list("un", Page::first(10)).await.unwrap();
    let told = serde_json::to_string(&view.row.list.screened.unwrap().1).unwrap();
    assert!(!told.contains("Hidden") && !told.contains(&secret.subject.key), "{told}");
    let limited = Actor { clearance: Clearance::of(Level::Secret), ..register.operator.clone() };
    let again = Command::List { name: "un".into(), command: run(&edition, secret.sequence, vec![], vec![]) };
    assert_eq!(code(register.store.execute(&limited, again).await), "list.run_clearance");
}
}
