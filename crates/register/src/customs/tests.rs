//! The files of the exchange and the rules of its runs.

use proptest::prelude::*;

use super::discrepancy::{Discrepancy, DiscrepancyCommand, Settlement, decide};
use super::exchange::{Exchange, clear};
use super::format::{
    ANSWER, END, FileKind, HEAD, LICENCE, LINE, OUTCOME, USAGE, read_licence_reply, read_usage_data, sealed,
};
use super::run::*;
use super::told;
use crate::access::{Actor, Role};
use crate::document::Document;
use crate::label::{Clearance, Label, Level};
use crate::ledger::{Context, Fact, Refusal, SubjectKind};

const AT: &str = "2026-06-15T12:00:00Z";

fn context(account: &str, level: Level) -> Context {
    Context {
        actor: Actor {
            account: account.into(),
            name: account.into(),
            roles: vec![Role::LicensingOfficer],
            clearance: Clearance::of(level),
            party: None,
        },
        now: AT.parse().unwrap(),
        today: "2026-06-15".parse().unwrap(),
    }
}

fn paper() -> Document {
    Document { title: "Order 7".into(), dated: "2026-06-15".parse().unwrap(), content: None }
}

fn cells(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn usage_row(declaration: &str, quantity: &str) -> Vec<String> {
    cells(&[
        "usage",
        "O-L2026-0001",
        "1",
        declaration,
        "1",
        "2026-06-15",
        quantity,
        "C62",
        "600.00",
        "USD",
        "",
    ])
}

fn usage(rows: &[Vec<String>]) -> String {
    sealed(FileKind::UsageData, 1, AT, rows)
}

#[test]
fn what_is_written_is_read_back_to_the_letter() {
    let file = read_usage_data(&usage(&[usage_row("D-1", "60"), usage_row("D, \"2\"", "45")])).unwrap();
    assert_eq!((file.run, file.made_at.as_str(), file.rows.len()), (1, AT, 2));
    assert_eq!((file.rows[0].row, file.rows[1].row), (2, 3));
    assert_eq!(file.rows[1].reference(), "D, \"2\"/1");
    assert_eq!(file.rows[0].quantity.to_string(), "60");
    assert_eq!(file.rows[0].value.to_string(), "600.00 USD");
    // A mark before the first letter, and the line ends of another system, are no slips.
    let marked = format!("\u{feff}{}", usage(&[]));
    assert_eq!(read_usage_data(&marked).unwrap().rows.len(), 0);
    let reply = [cells(&["licence", "O-L2026-0001", "accepted", "", ""])];
    let reply = sealed(FileKind::LicenceReply, 4, AT, &reply);
    assert_eq!(read_licence_reply(&reply).unwrap().rows[0].rejected, None);
}

#[test]
fn a_slip_is_refused_with_its_place() {
    let with = |column: usize, cell: &str| {
        let mut row = usage_row("D-2", "45");
        row[column] = cell.to_owned();
        read_usage_data(&usage(&[usage_row("D-1", "60"), row])).unwrap_err()
    };
    for (column, cell, words) in [
        (0, "use", "Line 3, column 1 (record)"),
        (1, "", "Line 3, column 2 (licence): The field is empty"),
        (1, " O-L1", "blanks around it"),
        (2, "0", "Line 3, column 3 (line)"),
        (2, "one", "no whole number"),
        (4, "01", "Line 3, column 5 (item)"),
        (5, "15.06.2026", "Line 3, column 6 (day): \"15.06.2026\" is not a date"),
        (5, "1212-01-01", "Line 3, column 6 (day)"),
        (6, "-1", "Line 3, column 7 (quantity)"),
        (6, "1,5", "Line 3, column 7 (quantity)"),
        (7, "crates", "Line 3, column 8 (unit)"),
        (8, "1e9", "Line 3, column 9 (value)"),
        (9, "XXX1", "Line 3, column 10 (currency)"),
        (3, "D-1", "Declaration D-1/1 is named twice for licence O-L2026-0001"),
    ] {
        let refusal = with(column, cell);
        assert_eq!(refusal.code, "customs.malformed", "{cell}");
        assert_eq!(refusal.field.as_deref(), Some("file"));
        assert!(refusal.message.contains(words), "{words} in {}", refusal.message);
        assert!(refusal.missing.is_some_and(|missing| !missing.is_empty()), "{cell}");
    }
    let short = read_usage_data(&usage(&[cells(&["usage", "O-L2026-0001"])])).unwrap_err();
    assert!(short.message.contains("Line 2: the record has 2 columns"), "{}", short.message);
}

#[test]
fn a_file_that_is_not_whole_is_refused() {
    let whole = usage(&[usage_row("D-1", "60")]);
    let code = |text: &str| read_usage_data(text).unwrap_err().code;
    assert_eq!(code(""), "customs.trailer");
    assert_eq!(code(&whole[..whole.len() - 40]), "customs.trailer");
    assert_eq!(code(&format!("{whole}more\n")), "customs.trailer");
    assert_eq!(code(&whole.replace("60", "61")), "customs.hash");
    assert_eq!(code(&"x".repeat(super::format::MOST_BYTES + 1)), "customs.too_large");
    assert_eq!(read_licence_reply(&whole).unwrap_err().code, "customs.malformed");
    // A row that was taken out together with its hash is missed by its count.
    let mut lines: Vec<&str> = usage_lines(&whole);
    lines.remove(1);
    let text = resealed(&lines, 1);
    assert_eq!(code(&text), "customs.count");
    let version = whole.replace("file,1,", "file,2,");
    assert!(read_usage_data(&resealed(&usage_lines(&version), 1)).unwrap_err().message.contains("version"));
    let many: Vec<Vec<String>> =
        (0..=super::format::MOST_ROWS).map(|at| usage_row(&format!("D-{at}"), "1")).collect();
    assert_eq!(code(&usage(&many)), "customs.too_large");
}

/// The lines of a file before its trailer.
fn usage_lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.pop();
    lines
}

/// Lines with a trailer that says so many rows, and the hash that they have.
fn resealed(lines: &[&str], records: usize) -> String {
    use sha2::{Digest as _, Sha256};
    let covered: String = lines.iter().map(|line| format!("{line}\n")).collect();
    format!("{covered}end,{records},{}\n", hex::encode(Sha256::digest(covered.as_bytes())))
}

#[test]
fn the_numbers_of_runs_have_no_holes() {
    assert_eq!(check_sequence(2, None, 3, "a"), Ok(false));
    assert_eq!(check_sequence(2, Some("a"), 2, "a"), Ok(true));
    assert_eq!(check_sequence(2, Some("a"), 2, "b").unwrap_err().code, "customs.run_used");
    let hole = check_sequence(2, None, 5, "a").unwrap_err();
    assert_eq!(hole.code, "customs.run_awaited");
    assert!(hole.message.contains("run 3 is awaited"), "{}", hole.message);
}

#[test]
fn customs_are_told_up_to_a_marking_and_whoever_said_so_sends_nothing() {
    let mut exchange = Exchange::default();
    let official = Label::of(Level::Official);
    let secret = Label::of(Level::Secret);
    assert!(exchange.admits(&official) && !exchange.admits(&secret));
    let chair = context("chair", Level::Secret);
    let given = |marking: &Label| (("A joint operation".to_owned()), paper(), marking.clone());
    let (reason, document, marking) = given(&secret);
    let on = chair.today;
    let low = context("low", Level::Official);
    let refused = clear(&exchange, &low, (on, marking.clone()), (reason.clone(), document.clone()));
    assert_eq!(refused.unwrap_err().code, "label.above_clearance");
    let events = clear(&exchange, &chair, (on, marking), (reason, document)).unwrap();
    exchange.apply(on, "chair", &events[0].fact);
    assert!(exchange.admits(&secret));
    let (reason, document, marking) = given(&secret);
    let again = clear(&exchange, &chair, (on, marking), (reason, document));
    assert_eq!(again.unwrap_err().code, "customs.marking");
    assert_eq!(check_export(&exchange, &chair).unwrap_err().code, "customs.two_people");
    assert_eq!(check_export(&exchange, &low).unwrap_err().code, "customs.clearance");
    assert!(check_export(&exchange, &context("other", Level::Secret)).is_ok());
}

fn sent() -> CustomsRun {
    let facts = ExportFacts {
        exchange: Exchange::default(),
        run: 1,
        span: (0, 10),
        licences: vec!["O-L2026-0001".into(), "O-L2026-0002".into()],
        text: "text".into(),
        made_at: AT.into(),
    };
    let events = export(facts, &context("officer", Level::Official)).unwrap();
    let mut run = None;
    for event in &events {
        CustomsRun::apply(
            &mut run,
            &event.subject,
            event.occurred_on,
            ("officer", &event.label),
            &event.fact,
        );
    }
    run.unwrap()
}

fn reply(rows: &[Vec<String>]) -> String {
    sealed(FileKind::LicenceReply, 1, AT, rows)
}

#[test]
fn every_licence_of_a_run_is_answered_once_and_what_is_rejected_is_a_discrepancy() {
    let run = sent();
    let by = context("customs", Level::Official);
    let accepted = |number| cells(&["licence", number, "accepted", "", ""]);
    let rejected = cells(&["licence", "O-L2026-0002", "rejected", "C12", "The trader is not known"]);
    let exchange = Exchange::default();
    let numbers = [("O-D2026-0001".to_owned(), Label::of(Level::Official))];
    let answers = |text: &str| {
        let file = read_licence_reply(text).unwrap();
        answer(&run, &exchange, &by, (&file, text), &numbers)
    };
    let short = answers(&reply(&[accepted("O-L2026-0001")])).unwrap_err();
    assert!(short.message.contains("no answer to O-L2026-0002"), "{}", short.message);
    let strange = answers(&reply(&[accepted("O-L2026-0001"), accepted("O-L2026-0009")])).unwrap_err();
    assert!(strange.message.contains("O-L2026-0009 does not stand in run 1"), "{}", strange.message);
    let events = answers(&reply(&[accepted("O-L2026-0001"), rejected])).unwrap();
    let Fact::CustomsRunAnswered(answered) = &events[1].fact else { panic!("{events:?}") };
    assert_eq!((answered.accepted, answered.rejected.len()), (1, 1));
    assert_eq!(events[0].subject, SubjectKind::Discrepancy.subject("O-D2026-0001"));
    let mut after = Some(run.clone());
    CustomsRun::apply(&mut after, &events[1].subject, by.today, ("customs", &run.label), &events[1].fact);
    let after = after.unwrap();
    assert_eq!((after.state, after.taken()), ("answered", Some((1, 1))));
    let again = reply(&[accepted("O-L2026-0001"), accepted("O-L2026-0002")]);
    let file = read_licence_reply(&again).unwrap();
    assert_eq!(answer(&after, &exchange, &by, (&file, &again), &[]).unwrap_err().code, "state");
}

#[test]
fn nothing_is_recorded_as_written_off_that_does_not_stand() {
    let text = usage(&[usage_row("D-1", "60")]);
    let file = read_usage_data(&text).unwrap();
    let by = context("customs", Level::Official);
    let facts = |verdicts| UsageFacts {
        exchange: Exchange::default(),
        verdicts,
        licences: std::collections::BTreeMap::new(),
    };
    for verdicts in [vec![], vec![Verdict::Accepted], vec![Verdict::OnRecord]] {
        let refused = receive(&facts(verdicts), &by, (&file, &text)).unwrap_err();
        assert_eq!(refused.code, "customs.unjudged");
    }
    let refusal = Refusal::new("transfer.blocked", "INTERNAL WORDS");
    let label = Label::of(Level::Official);
    let verdicts = vec![Verdict::Refused(refusal, ("O-D2026-0001".into(), label))];
    let (events, reply) = receive(&facts(verdicts), &by, (&file, &text)).unwrap();
    assert_eq!(events.len(), 2);
    assert!(reply.contains("rejected,licence.held") && !reply.contains("INTERNAL"), "{reply}");
    assert!(matches!(&events[0].fact, Fact::DiscrepancyOpened(opened) if opened.words == "INTERNAL WORDS"));
}

#[test]
fn a_discrepancy_is_closed_once_with_reason_and_paper() {
    let text = usage(&[usage_row("D-1", "60")]);
    let file = read_usage_data(&text).unwrap();
    let by = context("officer", Level::Official);
    let label = Label::of(Level::Official);
    let refusal = Refusal::new("licence.over_quantity", "5 too many");
    let facts = UsageFacts {
        exchange: Exchange::default(),
        verdicts: vec![Verdict::Refused(refusal, ("O-D2026-0001".into(), label.clone()))],
        licences: std::collections::BTreeMap::new(),
    };
    let (events, _) = receive(&facts, &by, (&file, &text)).unwrap();
    let mut state = None;
    let opened = &events[0];
    Discrepancy::apply(&mut state, &opened.subject, by.today, ("officer", &label), (&opened.fact, None));
    let this = state.clone().unwrap();
    let close = |reason: &str, settlement: Option<Settlement>| DiscrepancyCommand::Close {
        on: by.today,
        reason: reason.into(),
        document: paper(),
        settlement,
    };
    assert_eq!(decide(&this, None, &by, close("", None)).unwrap_err().code, "discrepancy.reason");
    let named = Settlement { licence: "O-L2026-0002".into(), reference: "D-1/1".into() };
    assert_eq!(decide(&this, None, &by, close("New licence", Some(named))).unwrap_err().code, "not_found");
    let closed = decide(&this, None, &by, close("The goods came back", None)).unwrap();
    let fact = (&closed[0].fact, closed[0].reason.as_deref());
    Discrepancy::apply(&mut state, &closed[0].subject, by.today, ("officer", &label), fact);
    let this = state.unwrap();
    assert_eq!(
        (this.state, this.closing.as_ref().map(|closing| closing.reason.as_str())),
        ("closed", Some("The goods came back"))
    );
    assert_eq!(decide(&this, None, &by, close("Again", None)).unwrap_err().code, "state");
}

#[test]
fn what_is_thought_inside_is_told_to_nobody() {
    assert_eq!(told("licence.over_quantity", "words"), ("licence.over_quantity", "words"));
    for code in ["transfer.blocked", "transfer.held", "licence.stopped"] {
        let (code, words) = told(code, "INTERNAL");
        assert_eq!(code, "licence.held");
        assert!(!words.contains("INTERNAL"));
    }
}

/// The columns of the format are those that its description has, in their order.
#[test]
fn the_description_of_the_format_names_every_column() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/customs-exchange.md");
    let text = std::fs::read_to_string(path).unwrap();
    for columns in [HEAD.as_slice(), &END, &LICENCE, &LINE, &ANSWER, &USAGE, &OUTCOME] {
        let row = format!("`{}`", columns.join(","));
        assert!(text.contains(&row), "{row}");
    }
}

fn field() -> impl Strategy<Value = String> {
    "[A-Za-z0-9 ,\"'/=+-]{1,20}".prop_map(|text| format!("x{}x", text.trim()))
}

proptest! {
    /// Whatever comes, reading ends with a file or a refusal that names what is missing.
    #[test]
    fn reading_never_breaks(text in ".{0,200}", rows in proptest::collection::vec(
        proptest::collection::vec(".{0,12}", 0..13), 0..6)) {
        let _ = read_usage_data(&text);
        let _ = read_licence_reply(&text);
        for kind in [FileKind::UsageData, FileKind::LicenceReply] {
            let text = sealed(kind, 1, AT, &rows);
            for refusal in [read_usage_data(&text).err(), read_licence_reply(&text).err()].into_iter().flatten() {
                prop_assert!(refusal.missing.is_some());
            }
        }
    }

    /// Fields come back as they went, whatever commas and quotation marks stand in them.
    #[test]
    fn fields_come_back_as_they_went(declarations in proptest::collection::btree_set(field(), 0..20)) {
        let rows: Vec<Vec<String>> = declarations.iter().map(|one| usage_row(one, "1")).collect();
        let file = read_usage_data(&usage(&rows)).unwrap();
        let read: Vec<String> = file.rows.into_iter().map(|row| row.declaration).collect();
        prop_assert_eq!(read, declarations.into_iter().collect::<Vec<_>>());
    }

    /// No change of a single byte passes.
    #[test]
    fn a_changed_byte_is_found(at in 0usize..400, byte in 32u8..127) {
        let whole = usage(&[usage_row("D-1", "60"), usage_row("D-2", "45")]);
        let at = at % whole.len();
        let mut bytes = whole.clone().into_bytes();
        prop_assume!(bytes[at] != byte);
        bytes[at] = byte;
        let changed = String::from_utf8(bytes).unwrap();
        prop_assert!(read_usage_data(&changed).is_err(), "{}", changed);
    }
}
