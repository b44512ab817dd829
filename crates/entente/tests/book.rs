//! A book goes out and comes in again.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use entente::book::{
    Incoming, Options, Report, Rows, export, file_of, import, open_book, open_table, write_csv,
    write_workbook,
};
use entente::formats::table::RawRow;
use entente_register::access::{Actor, Role};
use entente_register::book::table::Table;
use entente_register::brief::Brief;
use entente_register::command::Command;
use entente_register::contract::delivery::Counting;
use entente_register::label::Clearance;
use entente_store::reader::BriefOptions;
use entente_store::{DatabaseUrl, Entropy, ManualClock, Store, StoreOptions};
use jiff::civil::{Date, date};

struct Register {
    store: Store,
    clock: Arc<ManualClock>,
    actor: Actor,
}

impl Register {
    /// An empty register on a day after all that the demonstration tells of.
    async fn empty(folder: &tempfile::TempDir, name: &str) -> Register {
        let url: DatabaseUrl = format!("sqlite:{}", folder.path().join(name).display()).parse().unwrap();
        let clock = Arc::new(ManualClock::at("2014-02-01T09:00:00Z".parse().unwrap()));
        let options = StoreOptions { clock: clock.clone(), entropy: Arc::new(Entropy::seeded(7)) };
        let store = Store::open(&url, options).await.unwrap();
        Register { store, clock, actor: Actor::operator(Clearance::full()) }
    }

    async fn founded(folder: &tempfile::TempDir, name: &str) -> Register {
        let register = Register::empty(folder, name).await;
        let found = Command::Found { purpose: "register".into() };
        register.store.execute(&register.actor, found).await.unwrap();
        register
    }

    async fn demonstration(folder: &tempfile::TempDir) -> Register {
        let register = Register::empty(folder, "demonstration.db").await;
        entente::demo::make(register.store.url(), &mut |_, _| {}).await.unwrap();
        register
    }

    async fn brief(&self, as_of: Date, counting: Counting) -> Brief {
        let reader = self.store.reader(&self.actor, Some(as_of), None).await.unwrap();
        reader.brief(&BriefOptions { counting, ..BriefOptions::default() }).await.unwrap()
    }

    async fn book(&self) -> Rows {
        let reader = self.store.reader(&self.actor, None, None).await.unwrap();
        export(&reader, &|_| {}).await.unwrap()
    }

    async fn import(&self, rows: &Rows, options: Options) -> Report {
        import(&self.store, &self.actor, incoming(rows), options, &|_| {}).await.unwrap()
    }

    async fn import_files(&self, tables: Vec<Incoming<'static>>, options: Options) -> Report {
        import(&self.store, &self.actor, tables, options, &|_| {}).await.unwrap()
    }

    /// Asserts that the figures are those of another register.
    async fn agrees_with(&self, other: &Register) {
        for (as_of, counting) in [
            (date(2012, 9, 30), Counting::TitlePassed),
            (date(2012, 12, 31), Counting::TitlePassed),
            (date(2012, 12, 31), Counting::HandedOver),
            (date(2013, 12, 31), Counting::TitlePassed),
        ] {
            let (a, b) = (other.brief(as_of, counting).await, self.brief(as_of, counting).await);
            assert_eq!(a.deliveries, b.deliveries, "{as_of}");
            assert_eq!(a.order_book, b.order_book, "{as_of}");
            assert_eq!(a.forecasts, b.forecasts, "{as_of}");
            assert_eq!(a.previous_year, b.previous_year, "{as_of}");
        }
        let now = date(2014, 1, 31);
        let (a, b) =
            (other.brief(now, Counting::TitlePassed).await, self.brief(now, Counting::TitlePassed).await);
        assert_eq!(a.contracts, b.contracts);
    }

    async fn head(&self) -> i64 {
        let reader = self.store.reader(&self.actor, None, None).await.unwrap();
        reader.events(entente_store::reader::Page::first(1)).await.unwrap().total
    }
}

/// Plans are approved by another than whoever brings them in.
fn kept() -> Options {
    let chair = Actor {
        account: "chair".into(),
        name: "Chair".into(),
        roles: vec![Role::Chair],
        clearance: Clearance::full(),
        party: None,
    };
    Options { is_trial: false, approver: Some(chair) }
}

fn trial() -> Options {
    Options { is_trial: true, ..kept() }
}

fn incoming(rows: &Rows) -> Vec<Incoming<'static>> {
    rows.iter()
        .map(|(table, rows)| {
            let rows: Vec<_> = rows
                .iter()
                .enumerate()
                .map(|(place, cells)| Ok(RawRow { place: place as u64 + 1, cells: cells.clone() }))
                .collect();
            Incoming { table: *table, rows: Box::new(rows.into_iter()) }
        })
        .collect()
}

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
