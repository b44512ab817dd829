//! The exchange of files with customs, in the register: runs without holes, write-offs that are judged one by one, and
//! discrepancies.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::customs::CustomsCommand;
use entente_register::customs::discrepancy::{DiscrepancyCommand, Settlement};
use entente_register::customs::format::{FileKind, sealed};
use entente_register::customs::run::{Direction, RowOutcome, RunContent};
use entente_register::label::{Clearance, Level};
use entente_register::ledger::Subject;
use entente_register::money::Quantity;
use entente_register::transfer::licence::LicenceCommand as L;
use entente_store::reader::{DiscrepancyFilter, Page, Reader, RunFilter};
use entente_store::{Outcome, Receipt, VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use support::transfer::*;
use support::*;

async fn reader(register: &Register, by: &Actor) -> Reader {
    register.store.reader(by, Some(day(TODAY)), None).await.unwrap()
}

async fn customs(register: &Register, by: &Actor, command: CustomsCommand) -> Outcome<Receipt> {
    does(register, by, Command::Customs(command)).await
}

fn row(licence: &str, declaration: &str, pieces: i64) -> Vec<String> {
    let (quantity, value) = (pieces.to_string(), format!("{}.00", pieces * 10));
    let cells = ["usage", licence, "1", declaration, "1", TODAY, &quantity, "C62", &value, "USD", ""];
    cells.map(str::to_owned).to_vec()
}

fn usage(run: u32, rows: &[Vec<String>]) -> CustomsCommand {
    CustomsCommand::Usage { file: sealed(FileKind::UsageData, run, "2026-06-15T11:00:00Z", rows) }
}

fn answered(licence: &str, rejected: Option<(&str, &str)>) -> Vec<String> {
    let (result, code, text) = match rejected {
        None => ("accepted", "", ""),
        Some((code, text)) => ("rejected", code, text),
    };
    ["licence", licence, result, code, text].map(str::to_owned).to_vec()
}

fn reply(run: u32, rows: &[Vec<String>]) -> CustomsCommand {
    CustomsCommand::Reply { file: sealed(FileKind::LicenceReply, run, "2026-06-15T13:00:00Z", rows) }
}

async fn left(register: &Register, licence: &str) -> Quantity {
    let view =
        reader(register, &people_cleared_for(Level::Secret).officer).await.licence(licence).await.unwrap();
    view.licence.left(1).unwrap().quantity
}

/// A file of a run, as whoever reads it fetches it.
async fn file(register: &Register, by: &Actor, key: &str, is_reply: bool) -> String {
    let document = reader(register, by).await.customs_file(key, is_reply).await.unwrap();
    String::from_utf8(document.bytes).unwrap()
}

/// Another officer than the one who examines.
fn second_officer(level: Level) -> Actor {
    actor("second-officer", Role::LicensingOfficer, Clearance::of(level))
}

on_both! {
/// Scenario 10: a licence of a hundred, a file with sixty and forty-five.
async fn a_file_that_takes_more_than_is_left_opens_a_discrepancy_and_changes_nothing_when_it_comes_again(database: TestDatabase) {
    let register = ready(&database).await;
    let (_, number) = granted(&register).await;
    let people = people();
    let command = usage(1, &[row(&number, "D-1", 60), row(&number, "D-2", 45)]);
    // Tried, it is judged and not kept.
    let (_, tried) = register.store.try_customs(&people.customs, command.clone()).await.unwrap();
    assert_eq!(tried.taken(), Some((1, 1)));
    assert_eq!(left(&register, &number).await, Quantity::whole(100));

    let receipt = customs(&register, &people.customs, command.clone()).await.unwrap();
    assert_eq!((receipt.subject.to_string().as_str(), receipt.repeated), ("customs_run:IN-1", false));
    assert_eq!(left(&register, &number).await, Quantity::whole(40));
    let all = reader(&register, &people.officer).await;
    let found = all.discrepancies(&DiscrepancyFilter::default(), Page::first(10)).await.unwrap();
    let [one] = found.rows.as_slice() else { panic!("{found:?}") };
    let opened = &one.discrepancy.opened;
    assert_eq!((one.discrepancy.number.as_str(), opened.code.as_str()), ("O-D2026-0001", "licence.over_quantity"));
    assert!(opened.words.contains("45 would be 5 too many"), "{}", opened.words);
    let reply = file(&register, &people.customs, "IN-1", true).await;
    assert!(reply.contains(&format!("usage,2,{number},1,D-1,1,accepted,,\n")), "{reply}");
    assert!(reply.contains("5 too many"), "{reply}");

    // The same file again changes nothing, and it is said so; another under its number is refused, and so is a hole.
    let before = register.store.verify(&VerifyOptions::default(), silent()).await.unwrap();
    let again = customs(&register, &people.officer, command).await.unwrap();
    assert_eq!((again.repeated, again.sequence), (true, receipt.sequence));
    let other = usage(1, &[row(&number, "D-9", 1)]);
    assert_eq!(code(customs(&register, &people.customs, other).await), "customs.run_used");
    let hole = refusal(customs(&register, &people.customs, usage(3, &[])).await);
    assert_eq!(hole.code, "customs.run_awaited");
    assert!(hole.message.contains("run 2 is awaited"), "{}", hole.message);
    let after = register.store.verify(&VerifyOptions::default(), silent()).await.unwrap();
    assert_eq!(after.events, before.events);
    assert_eq!(left(&register, &number).await, Quantity::whole(40));

    // A row that stood before is accepted in another run and changes nothing.
    customs(&register, &people.customs, usage(2, &[row(&number, "D-1", 60)])).await.unwrap();
    assert_eq!(left(&register, &number).await, Quantity::whole(40));
    let run = all_of(&register, "IN-2").await;
    assert!(matches!(&run, RunContent::In(received) if received.rows[0].outcome == RowOutcome::OnRecord));

    // An officer closes it: by the write-off that was recorded afterwards.
    let close = |settlement| Command::Discrepancy {
        number: "O-D2026-0001".into(),
        command: DiscrepancyCommand::Close { on: day(TODAY), reason: "A licence for the rest".into(), document: paper("Letter"), settlement },
    };
    let settled = |reference: &str| Some(Settlement { licence: number.clone(), reference: reference.into() });
    assert_eq!(code(does(&register, &people.customs, close(None)).await), "access.role");
    assert_eq!(code(does(&register, &people.officer, close(settled("D-7/1"))).await), "licence.reference");
    does(&register, &people.officer, close(settled("D-1/1"))).await.unwrap();
    assert_eq!(code(does(&register, &people.officer, close(None)).await), "state");
    let open = DiscrepancyFilter { state: Some("open".into()), ..DiscrepancyFilter::default() };
    assert_eq!(reader(&register, &people.officer).await.discrepancies(&open, Page::first(10)).await.unwrap().total, 0);
}

/// Sixty by a file and sixty by hand, of a hundred, at the same time.
async fn of_two_that_take_more_than_is_there_exactly_one_is_accepted(database: TestDatabase) {
    let register = ready(&database).await;
    let (_, number) = granted(&register).await;
    let people = people();
    let by_file = register.store.execute(&people.customs, Command::Customs(usage(1, &[row(&number, "D-1", 60)])));
    let by_hand = L::WriteOff { on: day(TODAY), written: shipment("D-2/1", 60) };
    let by_hand = register.store.execute(&people.customs, Command::Licence { number: number.clone(), command: by_hand });
    let (filed, recorded) = tokio::join!(Box::pin(by_file), Box::pin(by_hand));
    filed.unwrap();
    let RunContent::In(received) = all_of(&register, "IN-1").await else { panic!("no run") };
    match recorded {
        Ok(_) => assert_eq!(received.accepted(), 0),
        Err(error) => {
            assert_eq!(code(Err::<(), _>(error)), "licence.over_quantity");
            assert_eq!(received.accepted(), 1);
        }
    }
    assert_eq!(left(&register, &number).await, Quantity::whole(40));
    // Two files under one number, at the same time: one is taken, and the other is told that the number was used.
    let (first, second) = (usage(2, &[row(&number, "D-3", 1)]), usage(2, &[row(&number, "D-4", 1)]));
    let first = register.store.execute(&people.customs, Command::Customs(first));
    let second = register.store.execute(&people.customs, Command::Customs(second));
    let (first, second) = tokio::join!(Box::pin(first), Box::pin(second));
    let refused: Vec<&str> = [first, second].into_iter().filter_map(|done| done.err().map(|e| code(Err::<(), _>(e)))).collect();
    assert_eq!(refused, ["customs.run_used"]);
    assert_eq!(left(&register, &number).await, Quantity::whole(39));
}

/// Every row is judged by the licence’s own rule, and what is thought inside leaves in no reply.
async fn rows_are_refused_by_the_rules_of_their_licences(database: TestDatabase) {
    let register = ready(&database).await;
    let (_, number) = granted(&register).await;
    let people = people();
    let with = |column: usize, cell: &str, declaration: &str| {
        let mut row = row(&number, declaration, 1);
        row[column] = cell.to_owned();
        row
    };
    let rows = [
        with(1, "O-L2026-0099", "D-1"),
        with(2, "7", "D-2"),
        with(5, "2026-06-14", "D-3"),
        with(7, "KGM", "D-4"),
        with(9, "EUR", "D-5"),
        with(10, "O-2026-0001.1.1", "D-6"),
        row(&number, "D-7", 10),
    ];
    customs(&register, &people.customs, usage(1, &rows)).await.unwrap();
    let RunContent::In(received) = all_of(&register, "IN-1").await else { panic!("no run") };
    let codes: Vec<&str> = received.rows.iter().map(|row| match &row.outcome {
        RowOutcome::Refused { code, .. } => code.as_str(),
        _ => "",
    }).collect();
    assert_eq!(codes, ["not_found", "licence.line", "licence.validity", "customs.unit", "licence.over_value", "not_found", ""]);
    // A list that says nothing any more holds every shipment: the reply says no more than that.
    register.clock.set(instant("2026-07-15T12:00:00Z"));
    let mut held = row(&number, "D-8", 1);
    held[5] = "2026-07-15".into();
    customs(&register, &people.customs, usage(2, &[held])).await.unwrap();
    let of = |by: Actor| { let register = &register; async move {
        let reader = register.store.reader(&by, Some(day("2026-07-15")), None).await.unwrap();
        let RunContent::In(received) = reader.customs_run("IN-2").await.unwrap().run.content else { panic!("no run") };
        let RowOutcome::Refused { code, words, .. } = received.rows[0].outcome.clone() else { panic!("not held") };
        (code, words)
    }};
    assert_eq!(of(people.officer.clone()).await.0, "transfer.held");
    let (told, words) = of(people.customs.clone()).await;
    assert_eq!(told, "licence.held");
    assert!(words.contains("licensing authority"), "{words}");
    let reader = register.store.reader(&people.customs, Some(day("2026-07-15")), None).await.unwrap();
    let found = reader.discrepancies(&DiscrepancyFilter { licence: Some(number.clone()), ..DiscrepancyFilter::default() }, Page::first(20)).await.unwrap();
    assert!(found.rows.iter().all(|row| !row.discrepancy.opened.code.starts_with("transfer.")));
    // Who applies sees nothing of it.
    let own = register.store.reader(&people.exporter, None, None).await.unwrap();
    assert_eq!(code(own.customs_runs(&RunFilter::default(), Page::first(10)).await), "access.read");
    assert_eq!(code(own.discrepancy("O-D2026-0001").await), "access.read");
    assert_eq!(code(customs(&register, &people.exporter, usage(3, &[])).await), "access.role");
}

async fn licences_go_out_in_runs_and_the_same_run_is_the_same_to_the_byte(database: TestDatabase) {
    let register = ready(&database).await;
    let (_, first) = granted(&register).await;
    let people = people();
    assert_eq!(code(customs(&register, &people.customs, CustomsCommand::Export).await), "access.role");
    let sent = customs(&register, &people.officer, CustomsCommand::Export).await.unwrap();
    assert_eq!(sent.subject.to_string(), "customs_run:OUT-1");
    let text = file(&register, &people.customs, "OUT-1", false).await;
    assert!(text.starts_with("file,1,licence_data,1,2026-06-15T12:00:00.000000Z,2\n"), "{text}");
    assert!(text.contains(&format!("licence,{first},new,export,P-P0001,")), "{text}");
    assert!(text.contains(&format!("line,{first},1,ML11.a,Radio R-1,C62,100,100,1000.00,1000.00\n")), "{text}");

    // What was used, stopped and issued since, and nothing else.
    write_off(&register, &first, day(TODAY), shipment("D-1", 60)).await.unwrap();
    let (_, second) = granted(&register).await;
    customs(&register, &people.officer, CustomsCommand::Export).await.unwrap();
    let text = file(&register, &people.customs, "OUT-2", false).await;
    assert!(text.contains(&format!("licence,{first},update,")) && text.contains(",C62,100,40,1000.00,400.00"), "{text}");
    assert!(text.contains(&format!("licence,{second},new,")), "{text}");
    licence(&register, &people.officer, &first, L::Suspend { on: day(TODAY), reason: "A question".into() }).await.unwrap();
    licence(&register, &people.countersigner, &second, L::Revoke { on: day(TODAY), reason: "Not needed".into() }).await.unwrap();
    customs(&register, &people.officer, CustomsCommand::Export).await.unwrap();
    let text = file(&register, &people.customs, "OUT-3", false).await;
    assert!(text.contains(&format!("licence,{first},stop,")) && text.contains(&format!("licence,{second},end,")), "{text}");
    customs(&register, &people.officer, CustomsCommand::Export).await.unwrap();
    let nil = file(&register, &people.customs, "OUT-4", false).await;
    assert!(nil.lines().next().unwrap().ends_with(",0"), "{nil}");
    assert_eq!(file(&register, &people.officer, "OUT-3", false).await, text);

    // Customs answer every licence of a run; what they do not take is a discrepancy.
    assert_eq!(code(customs(&register, &people.customs, reply(9, &[])).await), "customs.run_unknown");
    assert_eq!(code(customs(&register, &people.customs, reply(3, &[answered(&first, None)])).await), "customs.answer");
    let answer = reply(3, &[answered(&first, None), answered(&second, Some(("C12", "Not known here")))]);
    customs(&register, &people.customs, answer.clone()).await.unwrap();
    assert!(customs(&register, &people.officer, answer).await.unwrap().repeated);
    let other = reply(3, &[answered(&first, None), answered(&second, None)]);
    assert_eq!(code(customs(&register, &people.customs, other).await), "customs.run_used");
    let all = reader(&register, &people.officer).await;
    let found = all.discrepancies(&DiscrepancyFilter::default(), Page::first(10)).await.unwrap();
    assert_eq!(found.rows[0].discrepancy.opened.words, "Not known here");
    let view = all.customs().await.unwrap();
    assert_eq!((view.last_out, view.last_in, view.unanswered, view.open), (4, 0, 3, 1));
    let sent = RunFilter { direction: Some("out".into()), state: Some("sent".into()) };
    let runs = all.customs_runs(&sent, Page::first(10)).await.unwrap();
    let keys: Vec<&str> = runs.rows.iter().map(|row| row.key.as_str()).collect();
    assert_eq!(keys, ["OUT-4", "OUT-2", "OUT-1"]);
    assert_eq!(all.transfer_tasks().await.unwrap().discrepancies, 1);
}

/// What is marked higher than customs are told does not leave, and is not there for a file that names it.
async fn what_is_marked_higher_than_customs_are_told_does_not_leave(database: TestDatabase) {
    let register = ready(&database).await;
    let (_, open) = granted(&register).await;
    let high = people_cleared_for(Level::Secret);
    let (_, marked) = granted_of(&register, &high, content("BRA"), "SECRET").await;
    let low = people();
    customs(&register, &low.officer, CustomsCommand::Export).await.unwrap();
    let text = file(&register, &low.customs, "OUT-1", false).await;
    assert!(text.contains(&open) && !text.contains(&marked), "{text}");
    // Whoever may know of it is told what was withheld; others see nothing of it, and customs are told nothing at all.
    let withheld = async |by: &Actor| reader(&register, by).await.customs_run("OUT-1").await.unwrap().withheld;
    assert_eq!(withheld(&high.officer).await.unwrap().iter().map(|one| one.licence.as_str()).collect::<Vec<_>>(), [marked.as_str()]);
    assert_eq!(withheld(&low.officer).await.unwrap(), []);
    assert_eq!(withheld(&low.customs).await, None);
    customs(&register, &high.customs, usage(1, &[row(&marked, "D-1", 1)])).await.unwrap();
    let RunContent::In(received) = all_of(&register, "IN-1").await else { panic!("no run") };
    let RowOutcome::Refused { code: refused, words, .. } = &received.rows[0].outcome else { panic!("written off") };
    assert_eq!((refused.as_str(), words.as_str()), ("not_found", format!("There is no licence {marked}.").as_str()));
    assert_eq!(left(&register, &marked).await, Quantity::whole(100));

    // Told more, they are told at once of what they were not told before; and not by whoever said so.
    let chair = actor("chair", Role::Countersigner, Clearance::of(Level::Secret));
    let clear = CustomsCommand::Clear { on: day(TODAY), marking: label("SECRET"), reason: "A joint operation".into(), document: paper("Order 7") };
    assert_eq!(code(customs(&register, &low.countersigner, clear.clone()).await), "label.above_clearance");
    assert_eq!(code(customs(&register, &high.officer, clear.clone()).await), "access.role");
    customs(&register, &chair, clear).await.unwrap();
    assert_eq!(code(customs(&register, &low.officer, CustomsCommand::Export).await), "customs.clearance");
    assert_eq!(code(customs(&register, &low.customs, usage(2, &[])).await), "customs.clearance");
    let both = Actor { roles: vec![Role::LicensingOfficer, Role::Countersigner], ..chair.clone() };
    assert_eq!(code(customs(&register, &both, CustomsCommand::Export).await), "customs.two_people");
    customs(&register, &second_officer(Level::Secret), CustomsCommand::Export).await.unwrap();
    let text = file(&register, &high.officer, "OUT-2", false).await;
    assert!(text.contains(&format!("licence,{marked},new,")) && !text.contains(&open), "{text}");
    // The run bears the marking of what customs are told.
    let runs = reader(&register, &low.officer).await.customs_runs(&RunFilter::default(), Page::first(10)).await.unwrap();
    assert!(runs.rows.iter().all(|run| run.key != "OUT-2"));
    assert_eq!(code(reader(&register, &low.officer).await.customs_run("OUT-2").await), "not_found");
    customs(&register, &high.customs, usage(2, &[row(&marked, "D-1", 1)])).await.unwrap();
    assert_eq!(left(&register, &marked).await, Quantity::whole(99));
}

async fn views_of_the_exchange_are_the_same_when_rebuilt(database: TestDatabase) {
    let register = ready(&database).await;
    let (_, number) = granted(&register).await;
    let people = people();
    customs(&register, &people.officer, CustomsCommand::Export).await.unwrap();
    customs(&register, &people.customs, reply(1, &[answered(&number, Some(("C1", "No")))])).await.unwrap();
    customs(&register, &people.customs, usage(1, &[row(&number, "D-1", 60), row(&number, "D-2", 45)])).await.unwrap();
    let close = DiscrepancyCommand::Close { on: day(TODAY), reason: "Sent again".into(), document: paper("Letter"), settlement: None };
    does(&register, &people.officer, Command::Discrepancy { number: "O-D2026-0001".into(), command: close }).await.unwrap();
    let read = async || {
        let reader = reader(&register, &people.officer).await;
        (
            reader.customs().await.unwrap(),
            reader.customs_runs(&RunFilter::default(), Page::first(10)).await.unwrap(),
            reader.discrepancies(&DiscrepancyFilter::default(), Page::first(10)).await.unwrap(),
            reader.customs_run("IN-1").await.unwrap(),
            reader.discrepancy("O-D2026-0001").await.unwrap(),
        )
    };
    let before = read().await;
    register.store.rebuild(silent()).await.unwrap();
    assert_eq!(read().await, before);
    // Numbers go on where they were.
    customs(&register, &people.customs, usage(2, &[row(&number, "D-3", 45)])).await.unwrap();
    assert_eq!(read().await.2.total, 3);
    let paper: Subject = "discrepancy:O-D2026-0001".parse().unwrap();
    assert_eq!(code(reader(&register, &people.officer).await.document(&paper, "none").await), "not_found");
}
}

async fn all_of(register: &Register, key: &str) -> RunContent {
    assert!(key.starts_with(Direction::In.series()) || key.starts_with(Direction::Out.series()));
    let officer = people_cleared_for(Level::Secret).officer;
    register.store.reader(&officer, None, None).await.unwrap().customs_run(key).await.unwrap().run.content
}
