//! A book goes out and comes in again.

#![allow(clippy::unwrap_used)]

use entente::book::{file_of, open_book, open_table, write_csv, write_workbook};
use entente_register::book::table::Table;

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
