//! A book goes out and comes in again.

#![allow(clippy::unwrap_used)]

use entente::book::{file_of, open_book, open_table, write_csv, write_workbook};
use entente_register::book::table::Table;
use entente_store::reader::{BriefOptions, Page, SlippageFilter};
use jiff::civil::{Date, date};

#[path = "support/register.rs"]
mod register;

use register::{Register, kept, trial};

#[tokio::test]
async fn the_demonstration_goes_out_and_comes_in_with_the_same_figures() {
    let folder = tempfile::tempdir().unwrap();
    let ours = Register::demonstration(&folder).await;
    let rows = ours.book().await;
    // In the register that it came from it is all there, though nothing there has a number from others.
    let head = ours.head().await;
    let again = ours.import(&rows, kept()).await;
    assert!(again.is_clean(), "{}", again.text());
    assert_eq!(ours.head().await, head, "{}", again.text());

    let theirs = Register::founded(&folder, "empty.db").await;

    let trial = theirs.import(&rows, trial()).await;
    assert!(trial.is_clean() && !trial.kept, "{}", trial.text());
    assert_eq!(theirs.head().await, 1, "a trial changes nothing");

    let report = theirs.import(&rows, kept()).await;
    assert!(report.is_clean() && report.kept, "{}", report.text());
    theirs.agrees_with(&ours).await;

    let head = theirs.head().await;
    theirs.clock.set("2014-02-02T09:00:00Z".parse().unwrap());
    let again = theirs.import(&rows, kept()).await;
    assert!(again.is_clean(), "{}", again.text());
    assert_eq!(theirs.head().await, head, "what is in is not brought in again: {}", again.text());
    assert!(again.tables.values().all(|counts| counts.added == 0 && counts.changed == 0), "{}", again.text());
}

#[tokio::test]
async fn csv_and_workbook_bring_the_same_book() {
    let folder = tempfile::tempdir().unwrap();
    let ours = Register::demonstration(&folder).await;
    let rows = ours.book().await;
    let tables = folder.path().join("book");
    std::fs::create_dir(&tables).unwrap();
    for (table, rows) in &rows {
        write_csv(std::fs::File::create(file_of(&tables, *table)).unwrap(), rows).unwrap();
    }
    let workbook = folder.path().join("book.xlsx");
    std::fs::write(&workbook, write_workbook(&rows).unwrap()).unwrap();
    assert_eq!(write_workbook(&rows).unwrap(), std::fs::read(&workbook).unwrap(), "the same bytes each time");

    for (name, book) in [("csv.db", &tables), ("xlsx.db", &workbook)] {
        let theirs = Register::founded(&folder, name).await;
        let report = theirs.import_files(open_book(book).unwrap(), kept()).await;
        assert!(report.is_clean() && report.kept, "{name}: {}", report.text());
        theirs.agrees_with(&ours).await;
    }
}

/// Writes the files of a book.
fn write_book(folder: &std::path::Path, name: &str, files: &[(&str, &str)]) -> std::path::PathBuf {
    let book = folder.join(name);
    std::fs::create_dir(&book).unwrap();
    for (name, text) in files {
        std::fs::write(book.join(format!("{name}.csv")), text).unwrap();
    }
    book
}

#[tokio::test]
async fn what_came_in_the_way_comes_in_by_its_days() {
    let folder = tempfile::tempdir().unwrap();
    let register = with_a_contract(&folder, 10).await;
    let files = [
        (
            "suspensions",
            "contract,suspended_on,reason,resumed_on,resumed_document\nP/1,2012-04-01,Inspection,2012-05-01,Protocol 3\nP/1,2012-06-01,Flood,2012-06-01,\n",
        ),
        (
            "deliveries",
            "contract,line,delivery,quantity,handed_over_on,handed_over_document,accepted_on,accepted_document\nP/1,1,W-1,4,2012-04-15,Waybill,2012-05-20,Certificate\nP/1,1,W-2,6,2013-02-01,Waybill,2013-02-20,Certificate\n",
        ),
        (
            "slippages",
            "contract,line,slippage,reported_on,expected_on,cause,side,description,document,reason,ended_on,end,ended_document\nP/1,1,A,2012-10-01,2013-01-31,production,seller,Late,,,,,\nP/1,1,A,2012-12-01,2013-02-28,supply,seller,,,Later still,2013-02-20,delivered,\n",
        ),
    ];
    let book = write_book(folder.path(), "course", &files);
    let report = register.import_files(open_book(&book).unwrap(), kept()).await;
    assert!(report.is_clean() && report.kept, "{}", report.text());
    let reader = async |day| register.store.reader(&register.actor, Some(day), None).await.unwrap();
    let state = async |day| reader(day).await.contract("O-2012-0001").await.unwrap().row.state;
    assert_eq!(state(date(2012, 4, 15)).await, "suspended");
    assert_eq!(state(date(2012, 5, 1)).await, "in_force");
    let (filter, page) = (SlippageFilter::default(), Page::first(9));
    let slips = reader(date(2013, 2, 1)).await.slippage_rows(&filter, page).await.unwrap().rows;
    assert_eq!(
        (slips.len(), slips[0].slippage.expected_on, slips[0].slippage.revisions),
        (1, date(2013, 2, 28), 1)
    );
    // Once, and only once; and again from the register itself.
    let head = register.head().await;
    for rows in [open_book(&book).unwrap(), register::incoming(&register.book().await)] {
        let again = register.import_files(rows, kept()).await;
        assert!(again.is_clean(), "{}", again.text());
        assert!(again.tables.values().all(|t| t.added == 0 && t.changed == 0), "{}", again.text());
    }
    assert_eq!(register.head().await, head);
    // What differs is said, with its place.
    let faults = [
        (
            "suspensions",
            "contract,suspended_on,reason,resumed_on\nP/1,2012-04-01,Inspection,2012-05-02\nP/1,2012-03-01,Early,2012-03-02\n",
            [(2, "resumed_on"), (3, "suspended_on")],
        ),
        (
            "slippages",
            "contract,line,slippage,reported_on,expected_on,cause,side\nP/1,1,A,2012-10-01,2013-03-31,production,seller\nP/1,1,B,2013-03-01,2013-05-01,production,seller\n",
            [(2, "expected_on"), (3, "description")],
        ),
    ];
    for (name, text, expected) in faults {
        let book = write_book(folder.path(), &format!("faults of {name}"), &[(name, text)]);
        let report = register.import_files(open_book(&book).unwrap(), kept()).await;
        let found: Vec<_> =
            report.problems.iter().map(|(_, p)| (p.row, p.column.clone().unwrap().0)).collect();
        assert_eq!(found, expected.map(|(row, column)| (row, column.to_owned())), "{}", report.text());
    }
    assert_eq!(register.head().await, head, "nothing was kept");
}

#[tokio::test]
async fn opportunities_come_in_move_on_and_become_contracts() {
    let folder = tempfile::tempdir().unwrap();
    let register = with_a_contract(&folder, 10).await;
    let opportunities = |rest: &str| {
        format!(
            "opportunity,title,partner,kind,recipient,recipient_words,exporter,competitors,received_on,deadline,document,marking,outcome,ended_on,contract,offer,cause,competitor,reason,ended_document\nT-1,Radios,BRA,tender,Ministry,,Works,One; Two,2011-02-01,2011-06-30,Invitation,OFFICIAL,{rest}\nT-2,Radars,BRA,own_initiative,,The coast guard,Works,,2012-01-02,,,,lost,2012-03-01,,,price,One,Too dear,\n"
        )
    };
    let files = [
        (
            "requests",
            "opportunity,description,category,quantity,unit\nT-1,Radio,ML11.a,10,piece\nT-2,Radar,ML5.b,2,piece\n",
        ),
        (
            "deadlines",
            "opportunity,extended_on,deadline,document,reason\nT-1,2011-03-01,2011-07-31,Notice 2,\n",
        ),
        (
            "estimates",
            "opportunity,estimated_on,probability,signature_on,reason\nT-1,2011-02-10,40,2012-01-31,Two others\nT-1,2011-05-10,70,2012-01-31,Only one other\n",
        ),
        (
            "opinions",
            "opportunity,asked_on,asked_of,given_on,verdict,conditions,document\nT-1,2011-02-20,Foreign affairs,2011-03-20,conditional,No spares,Letter 3\n",
        ),
        (
            "offers",
            "opportunity,version,submitted_on,valid_until,currency,description,category,quantity,unit,unit_price,due_on,terms,credit_pct,down_payment_pct,credit_years,interest_pct,document\nT-1,1,2011-06-01,2011-12-31,USD,Radio,ML11.a,8,piece,\"1,250.00\",2012-12-31,,60,15,5,2.5,Offer 1\nT-1,1,2011-06-01,2011-12-31,USD,Mast,ML11.a,2,piece,100.00,2012-12-31,,60,15,5,2.5,Offer 1\n",
        ),
    ];
    let first = opportunities(",,,,,,,");
    let with = |first: &str, name: &str| {
        let mut all = files.to_vec();
        all.push(("opportunities", first));
        write_book(folder.path(), name, &all)
    };
    let book = with(&first, "open");
    let report = register.import_files(open_book(&book).unwrap(), kept()).await;
    assert!(report.is_clean() && report.kept, "{}", report.text());
    let reader = async |day| register.store.reader(&register.actor, Some(day), None).await.unwrap();
    let seen = reader(date(2011, 12, 31)).await.opportunity("O-Q2011-0001").await.unwrap().opportunity;
    assert_eq!((seen.reference.as_deref(), seen.deadline), (Some("T-1"), Some(date(2011, 7, 31))));
    assert_eq!((seen.estimates.len(), seen.advice.len(), seen.offers.len()), (2, 1, 1));
    assert_eq!(seen.offers[0].made.amount.minor, 1_020_000);

    // The file moves on: it was won, and became the contract that is there.
    let won = opportunities("won,2012-01-20,P/1,1,,,,Acceptance");
    let book = with(&won, "won");
    let head = register.head().await;
    let report = register.import_files(open_book(&book).unwrap(), kept()).await;
    assert!(report.is_clean() && report.kept, "{}", report.text());
    assert_eq!(register.head().await, head + 1, "{}", report.text());
    let seen = reader(date(2012, 1, 31)).await.opportunity("O-Q2011-0001").await.unwrap().opportunity;
    assert_eq!(seen.contract(), Some("O-2012-0001"));
    for rows in [open_book(&book).unwrap(), register::incoming(&register.book().await)] {
        let again = register.import_files(rows, kept()).await;
        assert!(again.is_clean(), "{}", again.text());
        assert!(again.tables.values().all(|t| t.added == 0 && t.changed == 0), "{}", again.text());
    }
    assert_eq!(register.head().await, head + 1, "once, and only once");

    let faults = [
        (
            "opportunities",
            "opportunity,title,partner,kind,exporter,received_on,recipient,outcome\nT-1,Radars,BRA,tender,Works,2011-02-01,Ministry,\nT-3,Radars,BRA,tender,Works,2012-02-01,Ministry,\nT-4,Radars,BRA,tender,Nobody,2012-02-01,Ministry,\nT-5,Radars,BRA,tender,Works,2012-02-01,,\nT-6,Radars,BRA,tender,Works,2012-02-01,Ministry,lost\n",
            vec![
                (2, "title"),
                (3, "opportunity"),
                (4, "exporter"),
                (5, "recipient"),
                (6, "ended_on"),
                (6, "cause"),
            ],
        ),
        (
            "requests",
            "opportunity,description,category,quantity,unit\nT-1,Radio,ML11.a,11,piece\nT-9,Radio,ML11.a,11,piece\n",
            vec![(2, "description"), (3, "opportunity")],
        ),
        (
            "offers",
            "opportunity,version,submitted_on,valid_until,currency,description,category,quantity,unit,unit_price,due_on,document\nT-1,1,2011-06-02,2011-12-31,USD,Radio,ML11.a,8,piece,1250.00,2012-12-31,Offer 1\n",
            vec![(2, "version")],
        ),
        (
            "estimates",
            "opportunity,estimated_on,probability,reason\nT-1,2012-05-10,70,Late\nT-8,2012-05-10,70,Late\nT-1,2012-05-10,170,Late\n",
            vec![(2, "estimated_on"), (3, "opportunity")],
        ),
    ];
    for (name, text, expected) in faults {
        let book = write_book(folder.path(), &format!("faults of {name}"), &[(name, text)]);
        let report = register.import_files(open_book(&book).unwrap(), kept()).await;
        let found: Vec<_> =
            report.problems.iter().map(|(_, p)| (p.row, p.column.clone().unwrap().0)).collect();
        let expected: Vec<_> = expected.iter().map(|(row, column)| (*row, (*column).to_owned())).collect();
        assert_eq!(found, expected, "{}", report.text());
        assert!(report.problems.iter().all(|(_, p)| !p.reason.is_empty() && !p.remedy.is_empty()));
    }
    assert_eq!(register.head().await, head + 1, "nothing was kept");
}

#[tokio::test]
async fn a_fault_is_said_once_and_not_again_of_all_that_follows() {
    let folder = tempfile::tempdir().unwrap();
    let register = Register::founded(&folder, "faults.db").await;
    let deliveries: String = (0..50)
        .map(|row| format!("P/1,1,W-{row},1,2012-03-01,Waybill,,\nP/2,1,V-{row},1,2012-03-01,Waybill,,\n"))
        .collect();
    let deliveries = format!(
        "contract,line,delivery,quantity,handed_over_on,handed_over_document,accepted_on,accepted_document\n{deliveries}P/3,1,U-1,abc,2012-03-01,Waybill,,\nP/3,1,U-2,11,2012-03-01,Waybill,,\n"
    );
    let contract = |reference: &str, currency: &str, exporter: &str| {
        format!(
            "{reference},Radios,BRA,{currency},2012-01-10,{exporter},Ministry,2012-01-20,Contract,2012-02-01\n"
        )
    };
    let contracts = format!(
        "reference,title,partner,currency,opened_on,exporter,end_user,signed_on,signed_document,in_force_on\n{}{}{}{}",
        contract("P/1", "US$", "Works"),
        contract("P/2", "USD", "Works"),
        contract("P/3", "USD", "Works"),
        contract("P/4", "USD", "Alpha; Beta")
    );
    let line = |contract: &str, quantity: &str| {
        format!("{contract},1,Radio,{quantity},piece,1250.00,ML11.a,2012-12-31,2012-01-10\n")
    };
    let lines = format!(
        "contract,line,description,quantity,unit,unit_price,category,due_on,agreed_on\n{}{}{}",
        line("P/1", "100"),
        line("P/2", "many"),
        line("P/3", "10")
    );
    let files = [
        ("partners", "code,name\nBRA,Brazil\n"),
        (
            "parties",
            "name,kind,state\nWorks,company,RUS\nMinistry,state_authority,BRA\nAlpha,firm,RUS\nBeta,company,RUS\n\"Gamma; Delta\",company,RUS\n\"Two\nlines\",company,RUS\nAfter,firm,RUS\n",
        ),
        ("contracts", contracts.as_str()),
        ("lines", lines.as_str()),
        ("deliveries", deliveries.as_str()),
    ];
    let book = write_book(folder.path(), "faulty", &files);
    let report = register.import_files(open_book(&book).unwrap(), kept()).await;
    let found: Vec<(&str, u64, String)> =
        report.problems.iter().map(|(table, p)| (table.word(), p.row, p.column.clone().unwrap().0)).collect();
    let expected = [
        ("parties", 4, "kind"),
        ("parties", 6, "name"),
        ("parties", 7, "name"),
        // A cell of two lines is one row, as a spreadsheet counts.
        ("parties", 8, "kind"),
        ("contracts", 2, "currency"),
        ("lines", 3, "quantity"),
        ("deliveries", 102, "quantity"),
        ("deliveries", 103, "quantity"),
    ];
    assert_eq!(
        found,
        expected.map(|(table, row, column)| (table, row, column.to_owned())),
        "{}",
        report.text()
    );
    // What a message names is the file’s own number, and none that a kept file would have been given.
    assert!(!report.text().contains("O-2012-0"), "{}", report.text());
    assert_eq!(register.head().await, 1, "nothing was kept");

    // What differs from the register is a fault, whatever it is.
    let register = with_a_contract(&folder, 10).await;
    let files = [
        ("partners", "code,name\nBRA,Brasilia\n"),
        ("parties", "name,kind,state,marking\nWorks,company,RUS,SECRET\nMinistry,company,BRA,\n"),
    ];
    let book = write_book(folder.path(), "other", &files);
    let report = register.import_files(open_book(&book).unwrap(), kept()).await;
    let found: Vec<(&str, u64, String)> =
        report.problems.iter().map(|(table, p)| (table.word(), p.row, p.column.clone().unwrap().0)).collect();
    let expected = [("partners", 2, "name"), ("parties", 2, "marking"), ("parties", 3, "kind")];
    assert_eq!(
        found,
        expected.map(|(table, row, column)| (table, row, column.to_owned())),
        "{}",
        report.text()
    );
}

/// A register with a contract in force, `P/1`, of one line of `pieces`.
async fn with_a_contract(folder: &tempfile::TempDir, pieces: u32) -> Register {
    let register = Register::founded(folder, "one.db").await;
    let book = folder.path().join("first");
    std::fs::create_dir(&book).unwrap();
    let lines = format!(
        "contract,line,description,quantity,unit,unit_price,category,due_on,agreed_on\nP/1,1,Radio,\"{pieces}\",piece,\"1,250.00\",ML11.a,2012-12-31,2012-01-10\n"
    );
    for (name, text) in [
        ("partners", "code,name\nBRA,Brazil\n"),
        ("parties", "name,kind,state\nWorks,company,RUS\nMinistry,state_authority,BRA\n"),
        (
            "contracts",
            "reference,title,partner,currency,opened_on,exporter,end_user,signed_on,signed_document,in_force_on\nP/1,Radios,BRA,USD,2012-01-10,Works,Ministry,2012-01-20,Contract P/1,2012-02-01\n",
        ),
        ("lines", lines.as_str()),
    ] {
        std::fs::write(book.join(format!("{name}.csv")), text).unwrap();
    }
    let report = register.import_files(open_book(&book).unwrap(), kept()).await;
    assert!(report.is_clean() && report.kept, "{}", report.text());
    register
}

#[tokio::test]
async fn twenty_five_faults_in_ten_thousand_rows_are_named_and_nothing_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let register = with_a_contract(&folder, 10_000).await;
    let header =
        "contract,line,delivery,quantity,handed_over_on,handed_over_document,accepted_on,accepted_document";
    let good = |row: usize| format!("P/1,1,W-{row},1,2012-03-01,Waybill {row},2012-03-20,Certificate {row}");
    // The fault of a row, and the column that is named.
    let bad: [(&str, &str); 25] = [
        ("P/1,1,X,0,2012-03-01,Waybill,,", "quantity"),
        ("P/1,1,X,-1,2012-03-01,Waybill,,", "quantity"),
        ("P/1,1,X,one,2012-03-01,Waybill,,", "quantity"),
        ("P/1,1,X,\"1,5\",2012-03-01,Waybill,,", "quantity"),
        ("P/1,1,X,0.0001,2012-03-01,Waybill,,", "quantity"),
        ("P/1,1,X,,2012-03-01,Waybill,,", "quantity"),
        ("P/1,1,X,99999,2012-03-01,Waybill,,", "quantity"),
        ("P/1,1,X,1,2012-02-30,Waybill,,", "handed_over_on"),
        ("P/1,1,X,1,01.03.2012,Waybill,,", "handed_over_on"),
        ("P/1,1,X,1,,Waybill,,", "handed_over_on"),
        ("P/1,1,X,1,2012-01-31,Waybill,,", "handed_over_on"),
        ("P/1,1,X,1,2044-03-01,Waybill,,", "handed_over_on"),
        ("P/1,1,X,1,1812-03-01,Waybill,,", "handed_over_on"),
        ("P/1,1,X,1,2012-03-01,,,", "handed_over_document"),
        ("P/2,1,X,1,2012-03-01,Waybill,,", "contract"),
        (",1,X,1,2012-03-01,Waybill,,", "contract"),
        ("P/1,7,X,1,2012-03-01,Waybill,,", "line"),
        ("P/1,,X,1,2012-03-01,Waybill,,", "line"),
        ("P/1,1,,1,2012-03-01,Waybill,,", "delivery"),
        ("P/1,1,X1,1,2012-03-01,Waybill,2012-02-20,Certificate", "accepted_on"),
        ("P/1,1,X2,1,2012-03-01,Waybill,2012-03-32,Certificate", "accepted_on"),
        ("P/1,1,X3,1,2012-03-01,Waybill,2012-03-20,", "accepted_document"),
        ("P/1,1,X4,1,2012-03-01,Waybill,,Certificate", "accepted_on"),
        ("P/1,1,W-3,2,2012-03-01,Waybill,,", "quantity"),
        ("P/1,1,W-4,1,2012-03-02,Waybill,,", "handed_over_on"),
    ];
    let mut rows = vec![header.to_owned()];
    let mut expected = Vec::new();
    for row in 0..10_000 {
        // The line of the file: one for the header, and lines count from one.
        let line = row as u64 + 2;
        match (row % 400 == 399).then(|| bad[row / 400]) {
            Some((text, column)) => {
                rows.push(text.to_owned());
                expected.push((line, column.to_owned()));
            }
            None => rows.push(good(row)),
        }
    }
    let file = folder.path().join("deliveries.csv");
    std::fs::write(&file, rows.join("\r\n")).unwrap();
    let before = register.head().await;
    let open = || open_table(&file, Table::Deliveries).unwrap();
    let report = register.import_files(open(), kept()).await;
    let found: Vec<_> = report
        .problems
        .iter()
        .map(|(_, problem)| (problem.row, problem.column.clone().unwrap_or_default().0))
        .collect();
    assert_eq!(found, expected, "{}", report.text());
    assert!(report.problems.iter().all(|(_, p)| !p.reason.is_empty() && !p.remedy.is_empty()));
    assert!(!report.kept);
    assert_eq!(register.head().await, before, "nothing was kept");

    let corrected: Vec<String> = std::iter::once(header.to_owned()).chain((0..10_000).map(good)).collect();
    std::fs::write(&file, corrected.join("\n")).unwrap();
    let report = register.import_files(open(), kept()).await;
    assert!(report.is_clean() && report.kept, "{}", report.text());
    assert_eq!(register.head().await, before + 20_000);
    let again = register.import_files(open(), kept()).await;
    assert!(again.is_clean(), "{}", again.text());
    assert_eq!(register.head().await, before + 20_000, "once, and only once");
}

#[tokio::test]
async fn a_row_moves_on_with_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let register = with_a_contract(&folder, 10).await;
    let file = folder.path().join("deliveries.csv");
    let header =
        "contract;line;delivery;quantity;handed_over_on;handed_over_document;accepted_on;accepted_document";
    let mut heads = Vec::new();
    for rest in [";", ";", "2012-03-20;Certificate 1"] {
        std::fs::write(&file, format!("\u{feff}{header}\nP/1;1;W-1;10;2012-03-01;Waybill W-1;{rest}\n"))
            .unwrap();
        let tables = open_table(&file, Table::Deliveries).unwrap();
        let report = register.import_files(tables, kept()).await;
        assert!(report.is_clean(), "{}", report.text());
        heads.push(register.head().await);
    }
    assert_eq!((heads[1] - heads[0], heads[2] - heads[1]), (0, 1));
}

#[tokio::test]
async fn what_is_claimed_under_warranty_comes_in_after_the_completion() {
    let folder = tempfile::tempdir().unwrap();
    let register = with_a_contract(&folder, 10).await;
    let book = folder.path().join("whole");
    std::fs::create_dir(&book).unwrap();
    for (name, text) in [
        (
            "contracts",
            "reference,title,partner,currency,opened_on,exporter,end_user,signed_on,signed_document,in_force_on,completed_on\nP/1,Radios,BRA,USD,2012-01-10,Works,Ministry,2012-01-20,Contract P/1,2012-02-01,2012-04-01\n",
        ),
        (
            "deliveries",
            "contract,line,delivery,quantity,handed_over_on,handed_over_document,accepted_on,accepted_document\nP/1,1,W-1,10,2012-03-01,Waybill W-1,2012-03-20,Certificate 1\n",
        ),
        (
            "claims",
            "contract,claim,kind,description,opened_on,settled_on,outcome\nP/1,1,damage,A bent case,2012-03-21,2012-03-25,Repaired\nP/1,2,quality,Two fell silent,2012-05-01,,\n",
        ),
    ] {
        std::fs::write(book.join(format!("{name}.csv")), text).unwrap();
    }
    let report = register.import_files(open_book(&book).unwrap(), kept()).await;
    assert!(report.is_clean() && report.kept, "{}", report.text());
    // The same again changes nothing.
    let before = register.head().await;
    let report = register.import_files(open_book(&book).unwrap(), kept()).await;
    assert!(report.is_clean(), "{}", report.text());
    assert_eq!(register.head().await, before);
}

/// A book with every sort of payment, as its files say.
fn with_payments(folder: &std::path::Path) -> std::path::PathBuf {
    let book = folder.join("money");
    std::fs::create_dir(&book).unwrap();
    for (name, text) in [
        ("partners", "code,name\nBRA,Brazil\n"),
        (
            "parties",
            "name,kind,state\nWorks,company,RUS\nMinistry,state_authority,BRA\nBanco Um,company,BRA\n",
        ),
        (
            "contracts",
            "reference,title,partner,currency,opened_on,exporter,end_user,signed_on,signed_document,in_force_on\nP/1,Radios,BRA,USD,2012-01-10,Works,Ministry,2012-01-20,Contract P/1,2012-02-01\n",
        ),
        (
            "lines",
            "contract,line,description,quantity,unit,unit_price,category,due_on,agreed_on\nP/1,7,Radio,10,piece,\"1,000.00\",ML11.a,2012-05-31,2012-01-10\n",
        ),
        (
            "deliveries",
            "contract,line,delivery,quantity,handed_over_on,handed_over_document,accepted_on,accepted_document\nP/1,7,W-1,4,2012-05-01,Waybill,2012-05-20,Certificate\n",
        ),
        (
            "rates",
            "rated_on,from,units,to,rate,source,contract\n2012-03-01,EUR,1,USD,1.3320,Central bank,\n2012-01-20,JPY,100,USD,1.25,Clause 9,P/1\n",
        ),
        (
            "instalments",
            "contract,instalment,kind,amount,due_rule,due_on,due_days,due_after,lender,bank,agreed_on,document,reason,withdrawn_on,withdrawn_reason\n\
             P/1,A,advance,\"2,000.00\",after_signature,,30,,,,2012-01-20,,,,\n\
             P/1,D1,on_delivery,3000.00,after_delivery,,10,W-1,,Banco Um,2012-01-20,,,,\n\
             P/1,C,deferred_credit,4000.00,fixed,2013-06-30,,,bank,Banco Um,2012-01-20,Credit agreement,,,\n\
             P/1,C,deferred_credit,4000.00,fixed,2013-12-31,,,bank,Banco Um,2012-06-01,Amendment 1,Agreed,,\n\
             P/1,M,milestone,1000.00,after_milestone,2012-04-01,5,Trials,,,2012-01-20,,,,\n\
             P/1,R,retention,500.00,after_line,,365,7,,,2012-01-20,,,2012-02-01,Not agreed after all\n",
        ),
        (
            "receipts",
            "contract,receipt,received_on,amount,currency,basis,value,bank,document,instalment,allocated\n\
             P/1,TT-1,2012-02-18,2500.00,USD,,,Banco Um,Advice 1,A,2000.00\n\
             P/1,TT-1,2012-02-18,2500.00,USD,,,Banco Um,Advice 1,D1,500.00\n\
             P/1,TT-2,2012-03-01,100.00,EUR,rate_of_the_day,133.20,,Advice 2,M,33.20\n\
             P/1,TT-3,2012-04-02,10000,JPY,contract_rate,,,Advice 3,,\n",
        ),
        (
            "schedules",
            "contract,completed_on,late,rate_pct,period,cap_pct,agreed_on,document\nP/1,2012-02-02,delivery,0.5,full_week,8,2012-01-20,Contract P/1\n",
        ),
        // The terms that were in force when they were claimed are not those of now; amounts follow from their own.
        (
            "penalties",
            "contract,late,of,claimed_on,value,due_on,done_on,rate_pct,period,cap_pct,amount,document,agreed_on,agreed_amount,agreed_document,ended_on,end,ended_document,ended_reason\n\
             P/1,line,7,2012-06-20,\"6,000.00\",2012-05-31,,1,started_week,,180.00,Letter 1,,,,2012-06-25,waived,,Goodwill\n\
             P/1,line,7,2012-07-20,6000.00,2012-05-31,,0.5,full_week,8,210.00,Letter 2,2012-08-10,150.05,Minutes,2012-09-02,settled,Credit note,\n\
             P/1,instalment,C,2014-01-20,4000.00,2013-12-31,,0.1,day,,80.00,,,,,,,,\n",
        ),
    ] {
        std::fs::write(book.join(format!("{name}.csv")), text).unwrap();
    }
    book
}

#[tokio::test]
async fn money_comes_in_goes_out_and_comes_in_again() {
    let folder = tempfile::tempdir().unwrap();
    let ours = Register::founded(&folder, "ours.db").await;
    let files = with_payments(folder.path());
    let report = ours.import_files(open_book(&files).unwrap(), kept()).await;
    assert!(report.is_clean() && report.kept, "{}", report.text());
    let head = ours.head().await;
    let again = ours.import_files(open_book(&files).unwrap(), kept()).await;
    assert!(again.is_clean(), "{}", again.text());
    assert_eq!(ours.head().await, head, "once, and only once: {}", again.text());

    let money = async |register: &Register, as_of: Date| {
        let reader = register.store.reader(&register.actor, Some(as_of), None).await.unwrap();
        let seen = reader.contract_payments("O-2012-0001").await.unwrap();
        let rows: Vec<_> = seen
            .instalments
            .iter()
            .map(|one| (one.reference.clone(), one.amount, one.received, one.due_on, one.state.clone()))
            .collect();
        let receipts: Vec<_> =
            seen.receipts.iter().map(|one| (one.value, one.conversion.clone(), one.unallocated())).collect();
        let penalties: Vec<_> = seen
            .penalties
            .iter()
            .map(|one| (one.claimed_on, one.claim.clone(), one.amount, one.state.clone()))
            .collect();
        let brief = reader.brief(&BriefOptions::default()).await.unwrap();
        ((rows, receipts, penalties), seen.schedule.complete, seen.schedule.terms, brief.payments)
    };
    let ((rows, receipts, penalties), complete, terms, figures) = money(&ours, date(2012, 9, 30)).await;
    assert_eq!((rows.len(), receipts.len(), complete, terms.len()), (5, 3, true, 1));
    let stand: Vec<_> = penalties.iter().map(|one| (one.2.minor, one.3.as_str())).collect();
    assert_eq!(stand, [(18_000, "waived"), (15_005, "settled")]);
    // 2,500.00, 133.20 and 10,000 yen at 1.25 for a hundred; 4,000.00 is delivered.
    assert_eq!((figures.received, figures.receivable), (275_820, 124_180));
    assert_eq!((figures.overdue_instalments, figures.overdue_value), (2, 250_000 + 96_680));

    let workbook = folder.path().join("book.xlsx");
    std::fs::write(&workbook, write_workbook(&ours.book().await).unwrap()).unwrap();
    let theirs = Register::founded(&folder, "theirs.db").await;
    let report = theirs.import_files(open_book(&workbook).unwrap(), kept()).await;
    assert!(report.is_clean() && report.kept, "{}", report.text());
    for as_of in
        [date(2012, 1, 31), date(2012, 3, 31), date(2012, 6, 30), date(2013, 12, 31), date(2014, 1, 31)]
    {
        assert_eq!(money(&ours, as_of).await, money(&theirs, as_of).await, "{as_of}");
    }
    assert_eq!(ours.book().await, theirs.book().await);
    let again = theirs.import_files(open_book(&workbook).unwrap(), kept()).await;
    assert!(
        again.is_clean() && again.tables.values().all(|t| t.added == 0 && t.changed == 0),
        "{}",
        again.text()
    );
}

#[tokio::test]
async fn what_is_wrong_with_money_is_named_by_row_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let register = Register::founded(&folder, "ours.db").await;
    let files = with_payments(folder.path());
    assert!(register.import_files(open_book(&files).unwrap(), kept()).await.kept);
    let head = register.head().await;
    let faults = async |table: Table, rows: &[(&str, &str)]| {
        let header: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
        let mut text = header.join(",");
        for (row, _) in rows {
            text.push('\n');
            text.push_str(row);
        }
        let file = folder.path().join(format!("{}.csv", table.word()));
        std::fs::write(&file, text).unwrap();
        let report = register.import_files(open_table(&file, table).unwrap(), kept()).await;
        let found: Vec<_> = report
            .problems
            .iter()
            .map(|(_, problem)| (problem.row, problem.column.clone().unwrap_or_default().0))
            .collect();
        let expected: Vec<_> =
            rows.iter().enumerate().map(|(at, (_, column))| (at as u64 + 2, (*column).to_owned())).collect();
        assert_eq!(found, expected, "{}", report.text());
        assert!(!report.kept);
        report.text()
    };
    faults(
        Table::Rates,
        &[
            ("2012-03-01,EUR,1,USD,1.5,Central bank,", "rate"),
            ("2012-03-02,EUR,3,USD,1.5,Central bank,", "units"),
            ("2012-03-02,EUR,1,EUR,1,Central bank,", "to"),
            ("2012-03-02,EUR,1,USD,0,Central bank,", "rate"),
            ("2012-03-02,EUR,1,USD,1.3,Clause,P/9", "contract"),
        ],
    )
    .await;
    let text = faults(
        Table::Receipts,
        &[
            ("P/1,TT-9,2012-05-01,9000.00,USD,,,,Advice,D1,2500.01", "allocated"),
            ("P/1,TT-10,2012-05-01,10.00,USD,,,,Advice,D9,1.00", "instalment"),
            ("P/1,TT-11,2012-05-02,10.00,EUR,rate_of_the_day,,,Advice,,", "basis"),
            ("P/1,TT-12,2012-05-02,10.00,EUR,,,,Advice,,", "basis"),
            ("P/1,TT-13,2012-05-02,10.00,USD,,,Banco Dois,Advice,,", "bank"),
            ("P/1,TT-1,2012-05-02,2500.00,USD,,,,Advice 1,,", "received_on"),
            ("P/1,TT-14,2012-03-01,100.00,EUR,rate_of_the_day,133.21,,Advice,,", "value"),
            ("P/1,TT-15,2012-05-02,10.00,USD,,,,Advice,A,", "allocated"),
        ],
    )
    .await;
    assert!(text.contains("No rate of EUR and USD of 2012-05-02 is recorded"), "{text}");
    faults(
        Table::Instalments,
        &[
            ("P/1,X,advance,1.00,after_signature,,,,,,,2012-02-01,,,,", "due_days"),
            ("P/1,X,advance,1.00,some_day,,,,,,,2012-02-01,,,,", "due_rule"),
            ("P/1,X,advance,0,fixed,2012-03-01,,,,,,2012-02-01,,,,", "instalment"),
            ("P/1,X,advance,1.00,after_line,,5,99,,,,2012-02-01,,,,", "due_after"),
            ("P/1,A,advance,2100.00,after_signature,,30,,,,,2012-01-20,,,,", "instalment"),
        ],
    )
    .await;
    let claimed = "P/1,instalment,C,2014-01-20,4000.00,2013-12-31,,0.1,day,,80.00";
    let text = faults(
        Table::Penalties,
        &[
            ("P/1,carriage,7,2013-06-20,60.00,2012-05-31,,1,day,,1.00,,,,,,,,", "late"),
            ("P/1,delivery,W-9,2013-06-20,60.00,2012-05-31,,1,day,,1.00,,,,,,,,", "of"),
            ("P/1,delivery,W-1,2012-05-31,60.00,2012-05-31,,1,day,,1.00,,,,,,,,", "due_on"),
            ("P/1,delivery,W-1,2012-06-20,6000.00,2012-05-31,,1,started_week,,181.00,,,,,,,,", "amount"),
            ("P/1,delivery,W-1,2012-06-21,6000.00,2012-05-31,2012-06-20,1,day,10,600.01,,,,,,,,", "amount"),
            (
                "P/1,delivery,W-1,2012-06-21,1.00,2012-05-19,,1,day,,0.01,,2012-06-22,0.01,,,,,",
                "agreed_document",
            ),
            (
                "P/1,delivery,W-1,2012-06-21,1.00,2012-05-19,,1,day,,0.01,,,,,2012-06-22,settled,,",
                "ended_document",
            ),
            ("P/1,instalment,C,2014-01-25,4000.00,2013-12-31,,0.1,day,,80.00,,,,,,,,", "of"),
            (&format!("{claimed},,2014-01-22,81.00,Minutes,,,,"), "agreed_amount"),
        ],
    )
    .await;
    assert!(text.contains("for the same delay"), "{text}");
    assert_eq!(register.head().await, head, "nothing was kept");
}
