//! A book of files that comes in once, goes out each way, and comes in again as the same.

use std::path::{Path, PathBuf};

use entente::book::{Options, file_of, ocds, open_book, write_csv, write_workbook};

use crate::export::package;
use crate::register::{Register, kept};

/// A folder of CSV files: each table with its text.
pub(crate) fn write(folder: &Path, name: &str, files: &[(&str, &str)]) -> PathBuf {
    let book = folder.join(name);
    std::fs::create_dir(&book).unwrap();
    for (name, text) in files {
        std::fs::write(book.join(format!("{name}.csv")), text).unwrap();
    }
    book
}

/// Brings a book in, and again, which changes nothing.
pub(crate) async fn comes_in_once(register: &Register, book: &Path) {
    let report = register.import_files(open_book(book).unwrap(), kept()).await;
    assert!(report.is_clean() && report.kept, "{}", report.text());
    let head = register.head().await;
    let again = register.import_files(open_book(book).unwrap(), kept()).await;
    assert!(again.is_clean(), "{}", again.text());
    assert_eq!(register.head().await, head, "once, and only once: {}", again.text());
}

/// Gives a book out as CSV, as a workbook and as OCDS, and brings each into an empty register, twice: the registers, each
/// with its name, all of whose figures are the same.
pub(crate) async fn each_way(folder: &tempfile::TempDir, ours: &Register) -> Vec<(&'static str, Register)> {
    let rows = ours.book().await;
    let tables = folder.path().join("csv");
    std::fs::create_dir(&tables).unwrap();
    for (table, rows) in &rows {
        write_csv(std::fs::File::create(file_of(&tables, *table)).unwrap(), rows).unwrap();
    }
    let workbook = folder.path().join("book.xlsx");
    std::fs::write(&workbook, write_workbook(&rows).unwrap()).unwrap();
    let json = folder.path().join("book.json");
    std::fs::write(&json, package(ours, &ours.actor, false).await.unwrap()).unwrap();
    let open = |from: &Path| match from.extension().is_some_and(|end| end == "json") {
        true => ocds::open(from, ocds::Reading::default()).unwrap().tables,
        false => open_book(from).unwrap(),
    };
    let mut all = Vec::new();
    for (name, from) in [("csv.db", &tables), ("xlsx.db", &workbook), ("ocds.db", &json)] {
        let theirs = Register::founded(folder, name).await;
        // A package tells the kinds of parties by their roles.
        let options = || Options { kinds_are_told: name == "ocds.db", ..kept() };
        let report = theirs.import_files(open(from), options()).await;
        assert!(report.is_clean() && report.kept, "{name}: {}", report.text());
        theirs.agrees_with(ours).await;
        let head = theirs.head().await;
        let again = theirs.import_files(open(from), options()).await;
        assert!(again.is_clean(), "{name}: {}", again.text());
        assert_eq!(theirs.head().await, head, "{name}: {}", again.text());
        all.push((name, theirs));
    }
    all
}
