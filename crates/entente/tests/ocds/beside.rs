//! What stands beside prices and days, terms and serial numbers, goes out and comes in with the same figures.

use std::path::{Path, PathBuf};

use entente::book::{gather, open_book};
use entente_register::book::table::Table;
use jiff::civil::{Date, date};

use crate::each_way::{comes_in_once, each_way, write};
use crate::register::{Register, kept};

/// Terms that were agreed before the signature and changed later, and serial numbers that were recorded twice.
fn files(folder: &Path) -> PathBuf {
    write(
        folder,
        "files",
        &[
            ("partners", "code,name\nBRA,Brazil\n"),
            ("parties", "name,kind,state\nWorks,company,RUS\nMinistry,state_authority,BRA\n"),
            (
                "contracts",
                "reference,title,partner,currency,opened_on,exporter,end_user,signed_on,signed_document,in_force_on\nP/1,Radios,BRA,USD,2012-01-10,Works,Ministry,2012-01-20,Contract P/1,2012-02-01\n",
            ),
            (
                "lines",
                "contract,line,description,quantity,unit,unit_price,category,due_on,agreed_on\nP/1,7,Radio,10,piece,1000.00,ML11.a,2012-12-31,2012-01-10\n",
            ),
            (
                "terms",
                "contract,agreed_on,term,of,length,reason,document\n\
                 P/1,2012-01-15,claim_window,,365,General conditions,\n\
                 P/1,2012-01-15,claim_window,shortage,90,General conditions,\n\
                 P/1,2012-01-15,warranty,,18,General conditions,\n\
                 P/1,2012-01-25,warranty,,12,A word before it began,Protocol 1\n\
                 P/1,2012-03-01,warranty,,12,Agreed,Addendum 1\n\
                 P/1,2012-03-01,warranty,7,24,Agreed,Addendum 1\n\
                 P/1,2012-03-01,serial_numbers,7,,Agreed,Addendum 1\n",
            ),
            (
                "deliveries",
                "contract,line,delivery,quantity,handed_over_on,handed_over_document,accepted_on,accepted_document\nP/1,7,W-1,2,2012-05-01,Waybill,2012-05-20,Certificate\n",
            ),
            (
                "serials",
                "contract,delivery,recorded_on,serial,document,reason\n\
                 P/1,W-1,2012-05-02,R-001,List,\n\
                 P/1,W-1,2012-05-02,R-002,List,\n\
                 P/1,W-1,2012-06-01,R-001,Protocol,One was misread\n\
                 P/1,W-1,2012-06-01,007,Protocol,One was misread\n",
            ),
        ],
    )
}

/// The serial numbers of the delivery, and when its warranty ends, on a day.
async fn figures(register: &Register, as_of: Date) -> (Vec<String>, Option<Date>) {
    let reader = register.store.reader(&register.actor, Some(as_of), None).await.unwrap();
    let seen = reader.delivery("O-2012-0001.1.1").await.unwrap();
    (seen.serials, seen.warranty_ends_on)
}

#[tokio::test]
async fn terms_and_serial_numbers_go_out_and_come_in_each_way() {
    let folder = tempfile::tempdir().unwrap();
    let ours = Register::founded(&folder, "ours.db").await;
    let book = files(folder.path());
    comes_in_once(&ours, &book).await;
    let (serials, ends_on) = figures(&ours, date(2013, 12, 31)).await;
    assert_eq!((serials.join(" "), ends_on), ("R-001 007".to_owned(), Some(date(2014, 5, 20))));

    for (name, theirs) in each_way(&folder, &ours).await {
        for as_of in [date(2012, 5, 20), date(2012, 5, 31), date(2012, 6, 1), date(2014, 1, 31)] {
            assert_eq!(figures(&theirs, as_of).await, figures(&ours, as_of).await, "{name}, {as_of}");
        }
    }
    // To the public goes none of it.
    let reader = ours.store.reader(&ours.actor.limited_to_public(), None, None).await.unwrap();
    let public = gather(&reader, &|_| {}).await.unwrap();
    assert!([Table::Terms, Table::Serials].iter().all(|table| public.rows[table].len() == 1));
}

#[tokio::test]
async fn what_is_wrong_with_terms_and_serial_numbers_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let register = Register::founded(&folder, "ours.db").await;
    let report = register.import_files(open_book(&files(folder.path())).unwrap(), kept()).await;
    assert!(report.is_clean() && report.kept, "{}", report.text());
    let head = register.head().await;
    let terms = "contract,agreed_on,term,of,length,reason,document\n";
    let serials = "contract,delivery,recorded_on,serial,reason\n";
    let deliveries = "contract,line,delivery,quantity,handed_over_on,handed_over_document,accepted_on,accepted_document\nP/1,7,W-2,1,2012-07-01,Waybill,2012-07-20,Certificate\n";
    /// A table, its cells, and what is expected of it.
    type Case<'a> = (&'a str, &'a [(&'a str, String)], &'a [(&'a str, u64, &'a str)]);
    let cases: [Case<'_>; 7] = [
        (
            "line",
            &[("terms", format!("{terms}P/1,2012-08-01,warranty,9,12,So,Addendum 2\n"))],
            &[("terms", 2, "of")],
        ),
        (
            "paper",
            &[("terms", format!("{terms}P/1,2012-08-01,warranty,,6,So,\n"))],
            &[("terms", 2, "document")],
        ),
        (
            "other",
            &[("terms", format!("{terms}P/1,2012-03-01,warranty,,6,So,Addendum 1\n"))],
            &[("terms", 2, "agreed_on")],
        ),
        (
            "unknown",
            &[("serials", format!("{serials}P/1,W-9,2012-08-01,R-009,\n"))],
            &[("serials", 2, "delivery")],
        ),
        (
            "differs",
            &[("serials", format!("{serials}P/1,W-1,2012-06-01,R-001,So\n"))],
            &[("serials", 2, "recorded_on")],
        ),
        ("none", &[("deliveries", deliveries.to_owned())], &[("deliveries", 2, "accepted_on")]),
        // Its acceptance rests on them, and is not judged.
        (
            "taken",
            &[
                ("deliveries", deliveries.to_owned()),
                ("serials", format!("{serials}P/1,W-2,2012-07-02,r-001,\n")),
            ],
            &[("serials", 2, "serial")],
        ),
    ];
    for (name, files, expected) in cases {
        let files: Vec<_> = files.iter().map(|(table, text)| (*table, text.as_str())).collect();
        let book = write(folder.path(), name, &files);
        let report = register.import_files(open_book(&book).unwrap(), kept()).await;
        let found: Vec<_> = report
            .problems
            .iter()
            .map(|(table, problem)| (table.word(), problem.row, problem.column.clone().unwrap_or_default().0))
            .collect();
        let expected: Vec<_> =
            expected.iter().map(|(table, row, column)| (*table, *row, (*column).to_owned())).collect();
        assert_eq!(found, expected, "{name}: {}", report.text());
        assert!(report.problems.iter().all(|(_, p)| !p.reason.is_empty() && !p.remedy.is_empty()));
    }
    assert_eq!(register.head().await, head, "nothing was kept");
}
