//! What is written is read back, and what other programs write is read.

use std::io::{Cursor, Write};

use entente_register::book::cell::{self, Cell};
use entente_register::book::table::Table;
use jiff::civil::date;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::*;

const CONTENT: &str = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>";
const RELATED: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A package of these parts.
pub(super) fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook of one sheet with this XML as its data. Style 1 is a date.
fn workbook(properties: &str, data: &str) -> Vec<u8> {
    let relations = |parts: &[(&str, &str)]| {
        let one = |(id, (kind, target)): (usize, &(&str, &str))| {
            format!("<Relationship Id='r{id}' Type='{RELATED}/{kind}' Target='{target}'/>")
        };
        let all: String = parts.iter().enumerate().map(one).collect();
        format!(
            "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{all}</Relationships>"
        )
    };
    package(&[
        ("[Content_Types].xml", CONTENT),
        ("_rels/.rels", &relations(&[("officeDocument", "xl/workbook.xml")])),
        (
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns:r='{RELATED}'>{properties}<sheets><sheet name='lines' sheetId='1' r:id='r0'/></sheets></workbook>"
            ),
        ),
        ("xl/_rels/workbook.xml.rels", &relations(&[("worksheet", "worksheets/sheet1.xml")])),
        (
            "xl/styles.xml",
            "<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>",
        ),
        ("xl/worksheets/sheet1.xml", &format!("<worksheet><sheetData>{data}</sheetData></worksheet>")),
    ])
}

fn open_xlsx(bytes: &[u8]) -> Result<Book, TableError> {
    open_bytes("book.xlsx", bytes, Limits::default())
}

fn all(sheet: &Sheet) -> Vec<RawRow> {
    sheet.rows().collect::<Result<_, _>>().unwrap()
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn number(text: &str) -> Cell {
    Cell::Number(text.to_owned())
}

fn other(text: &str) -> Cell {
    Cell::Other(text.to_owned())
}

/// The table written as both kinds and read back.
fn there_and_back(rows: &[Vec<Out>]) -> [Vec<RawRow>; 2] {
    let names: Vec<String> = (0..rows[0].len()).map(letters).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let write = |writer: &mut dyn TableWriter| {
        writer.header(&names).unwrap();
        rows.iter().for_each(|row| writer.row(row).unwrap());
        writer.finish().unwrap();
    };
    let mut csv = CsvTable::new(Vec::new());
    write(&mut csv);
    let csv = csv.into_inner().unwrap();
    let mut book = XlsxBook::new(date(2012, 9, 30)).unwrap();
    write(&mut book.sheet("lines").unwrap());
    let xlsx = book.into_bytes().unwrap();
    let csv = open_bytes("lines.csv", &csv, Limits::default()).unwrap();
    let xlsx = open_xlsx(&xlsx).unwrap();
    [csv, xlsx].map(|book| all(book.sheet("LINES").unwrap()))
}

/// Whether a cell that was read is what was written.
fn assert_same(written: &Out, read: &Cell) -> Result<(), TestCaseError> {
    let trimmed = |text: &str| match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => text.to_owned(),
    };
    match written {
        Out::Empty => prop_assert_eq!(read, &Cell::Empty),
        Out::Text(written) => prop_assert_eq!(read, &Cell::text(written.as_str())),
        Out::Amount(written) => {
            let read = cell::number("amount", read).map_err(|r| TestCaseError::fail(r.message))?;
            prop_assert_eq!(trimmed(&read), trimmed(written));
        }
        Out::Date(written) => prop_assert_eq!(cell::date("on", read), Ok(*written)),
        Out::Whole(written) => prop_assert_eq!(cell::whole::<i64>("n", read), Ok(*written)),
    }
    Ok(())
}

fn out() -> impl Strategy<Value = Out> {
    prop_oneof![
        Just(Out::Empty),
        any::<String>().prop_map(Out::Text),
        "['=+@\t\r\n,;\" _x0-9A-F-]{0,12}".prop_map(Out::Text),
        (any::<i64>(), 0usize..10).prop_map(|(minor, decimals)| Out::Amount(decimal(minor, decimals))),
        (-99_999_999i64..99_999_999, 0usize..4).prop_map(|(n, d)| Out::Amount(decimal(n, d))),
        (1i16..=9999, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| Out::Date(date(y, m, d))),
        any::<i64>().prop_map(Out::Whole),
    ]
}

fn decimal(minor: i64, decimals: usize) -> String {
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = decimals + 1);
    let (whole, rest) = digits.split_at(digits.len() - decimals);
    let sign = if minor < 0 { "-" } else { "" };
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_written_is_read_back(rows in proptest::collection::vec(proptest::collection::vec(out(), 5), 1..6)) {
        let is_blank = |row: &&Vec<Out>| row.iter().all(|cell| match cell {
            Out::Text(text) => Cell::text(text.as_str()).is_empty(),
            other => *other == Out::Empty,
        });
        for read in there_and_back(&rows) {
            let written: Vec<_> = rows.iter().filter(|row| !is_blank(row)).collect();
            prop_assert_eq!(read.len(), written.len() + 1);
            for (read, written) in read.iter().skip(1).zip(written) {
                for (read, written) in read.cells.iter().zip(written) {
                    assert_same(written, read)?;
                }
            }
        }
    }

    #[test]
    fn an_apostrophe_is_put_and_taken(text in "'{0,3}[=+@a-]?.{0,3}") {
        let safe = harmless(&text);
        prop_assert_eq!(as_meant(&safe), text);
        prop_assert!(!safe.starts_with(FORMULA));
    }

    #[test]
    fn no_bytes_make_reading_fail_otherwise(bytes in proptest::collection::vec(any::<u8>(), 0..300), cut in 0usize..2000) {
        if let Ok(book) = open_bytes("x.csv", &bytes, Limits::default()) {
            let _ = book.sheets()[0].rows().count();
        }
        let mut workbook = template(Table::Lines, Kind::Xlsx).unwrap();
        let at = cut.min(workbook.len());
        for (old, new) in workbook[at..].iter_mut().zip(bytes) {
            *old = new;
        }
        if let Ok(book) = open_xlsx(&workbook) {
            book.sheets().iter().for_each(|sheet| {
                let _ = sheet.rows().count();
            });
        }
    }
}

#[test]
fn columns_have_the_letters_of_a_spreadsheet() {
    let read: Vec<String> = [0, 25, 26, 51, 52, 701, 702, 16_383].into_iter().map(letters).collect();
    assert_eq!(read, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD"]);
}

#[test]
fn amounts_are_numbers_where_they_are_exact() {
    let amounts =
        ["1250000.50", "0.10", "-3", "2.125", "12345678901.23", "90071992547409931.25", "-0.00", "12."];
    let row: Vec<Out> = amounts.iter().map(|amount| Out::Amount((*amount).to_owned())).collect();
    let [csv, xlsx] = there_and_back(&[row]);
    assert_eq!(csv[1].cells, amounts.map(text));
    assert_eq!(
        xlsx[1].cells,
        [
            number("1250000.5"),
            number("0.1"),
            number("-3"),
            number("2.125"),
            number("12345678901.23"),
            text("90071992547409931.25"),
            text("-0.00"),
            text("12."),
        ]
    );
}

#[test]
fn a_workbook_is_the_same_whenever_it_is_written() {
    let write = || {
        let mut book = XlsxBook::new(date(2012, 9, 30)).unwrap();
        for name in ["lines", "plan"] {
            let mut sheet = book.sheet(name).unwrap();
            sheet.header(&["a", "on"]).unwrap();
            sheet.row(&[Out::Text("=1+1".into()), Out::Date(date(2012, 9, 30))]).unwrap();
            sheet.finish().unwrap();
        }
        book.into_bytes().unwrap()
    };
    let first = write();
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    assert_eq!(first, write(), "an entry of a package has a time in steps of two seconds");
}

#[test]
fn a_workbook_holds_texts_and_dates_as_such() {
    let mut book = XlsxBook::new(date(2012, 9, 30)).unwrap();
    let mut sheet = book.sheet("lines").unwrap();
    sheet.header(&["what", "on"]).unwrap();
    sheet.row(&[Out::Text("=1+1".into()), Out::Date(date(2012, 9, 30))]).unwrap();
    let error = sheet.row(&[Out::Text("x".into())]).unwrap_err();
    assert_eq!(error.row, Some(3));
    let error = sheet.row(&[Out::Empty, Out::Text("x".repeat(40_000))]).unwrap_err();
    assert_eq!((error.row, error.column.as_deref()), (Some(3), Some("B")));
    sheet.finish().unwrap();
    assert!(book.sheet("a:b").is_err());
    let bytes = book.into_bytes().unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut part = |name: &str| std::io::read_to_string(zip.by_name(name).unwrap()).unwrap();
    let sheet = part("xl/worksheets/sheet1.xml");
    for expected in
        ["<is><t>=1+1</t></is>", "<v>41182</v>", "state=\"frozen\"", "<autoFilter ref=\"A1:B2\"/>", "<col "]
    {
        assert!(sheet.contains(expected), "{expected} in {sheet}");
    }
    assert!(!sheet.contains("<f>"));
    assert!(part("xl/styles.xml").contains("\"yyyy-mm-dd\""));
    assert!(part("docProps/core.xml").contains("2012-09-30T00:00:00Z"));
}

#[test]
fn what_excel_writes_is_read() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Lines").unwrap();
    let day = |format: &str| Format::new().set_num_format(format);
    let on = ExcelDateTime::from_ymd(2012, 9, 30).unwrap();
    let noon = ExcelDateTime::parse_from_str("2012-09-30T12:00:00").unwrap();
    // A table that begins at the third row and the second column, with a blank row in it.
    for (column, name) in (1u16..).zip(["a", "b", "c", "d", "e", "f"]) {
        sheet.write_string(2, column, name).unwrap();
    }
    for (column, format) in
        (1u16..).zip(["dd.mm.yyyy", "m/d/yy", "[$-409]d-mmm-yy;@", "yyyy\\-mm\\-dd", "mmm yyyy"])
    {
        sheet.write_datetime_with_format(4, column, &on, &day(format)).unwrap();
    }
    sheet.write_datetime_with_format(4, 6, &noon, &day("yyyy-mm-dd hh:mm")).unwrap();
    sheet.write_number(5, 1, 0.1).unwrap();
    sheet.write_number_with_format(5, 2, 1_250_000.5, &day("#,##0.00 [$USD]")).unwrap();
    sheet.write_number(5, 3, 1e-7).unwrap();
    sheet.write_number(5, 4, 1e17).unwrap();
    sheet.write_formula(5, 5, Formula::new("=1+1").set_result("2")).unwrap();
    sheet.write_formula(5, 6, Formula::new("=\"x\"&\"y\"").set_result("xy")).unwrap();
    sheet.write_boolean(6, 1, true).unwrap();
    sheet.write_formula(6, 2, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet
        .write_datetime_with_format(6, 3, ExcelDateTime::from_hms(9, 0, 0).unwrap(), &day("[hh]:mm"))
        .unwrap();
    sheet
        .write_datetime_with_format(6, 4, ExcelDateTime::from_ymd(1900, 2, 1).unwrap(), &day("yyyy-mm-dd"))
        .unwrap();
    sheet.write_string(6, 5, "  a\nb ").unwrap();
    sheet.write_string(6, 6, "'=1").unwrap();
    sheet.write_string(7, 7, "too far").unwrap();
    workbook.add_worksheet().set_name("notes").unwrap().set_hidden(true);
    workbook.add_worksheet().set_name("codes").unwrap().set_very_hidden(true);
    let book = open_xlsx(&workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!(book.sheets().iter().map(Sheet::name).collect::<Vec<_>>(), ["Lines"]);
    let rows: Vec<_> = book.sheets()[0].rows().collect();
    let row = |place, cells: [Cell; 6]| {
        Ok(RawRow { place, cells: std::iter::once(Cell::Empty).chain(cells).collect() })
    };
    let on = || Cell::Date(date(2012, 9, 30));
    assert_eq!(rows[0], row(3, ["a", "b", "c", "d", "e", "f"].map(text)));
    assert_eq!(rows[1], row(5, [on(), on(), on(), on(), on(), other("2012-09-30 12:00:00")]));
    let numbers = [number("0.1"), number("1250000.5"), number("0.0000001"), other("100000000000000000")];
    let [a, b, c, d] = numbers;
    assert_eq!(rows[2], row(6, [a, b, c, d, number("2"), text("xy")]));
    let [a, b, c, d] = [other("TRUE"), other("#DIV/0!"), other("0.375"), other("32")];
    assert_eq!(rows[3], row(7, [a, b, c, d, text("  a\nb "), text("'=1")]));
    let error = rows[4].clone().unwrap_err();
    assert_eq!((error.row, error.column.as_deref()), (Some(8), Some("H")));
    assert_eq!(rows.len(), 5);
}

#[test]
fn what_openpyxl_writes_is_read() {
    // Made by hand with openpyxl 3.1.5: shared strings, days of several formats, a sheet that is hidden.
    let book = open_xlsx(include_bytes!("fixtures/openpyxl.xlsx")).unwrap();
    assert_eq!(book.sheets().iter().map(Sheet::name).collect::<Vec<_>>(), ["lines"]);
    let on = || Cell::Date(date(2012, 9, 30));
    let row = |place, cells: [Cell; 5]| RawRow { place, cells: cells.to_vec() };
    assert_eq!(
        all(&book.sheets()[0]),
        [
            row(1, ["contract", "on", "until", "amount", "open"].map(text)),
            row(
                2,
                [text("P/2012-17"), on(), other("2012-09-30 14:30:00"), number("1250000.5"), other("TRUE")]
            ),
            row(4, [text(" Ünïcode\n'x"), on(), on(), number("0.1"), Cell::Empty]),
            row(5, [text("=1+1"), Cell::Empty, Cell::Empty, number("-3"), other("#N/A")]),
        ]
    );
}

#[test]
fn what_other_programs_write_is_read() {
    // Cells without places, inline strings, days as ISO 8601, days from 1904, self-closed cells.
    let data = "<row><c t='inlineStr'><is><t>a</t></is></c><c t='inlineStr'><is><r><t>b</t></r><r><t>c</t></r></is></c></row>\
        <row r='4'><c r='A4' t='d'><v>2012-09-30</v></c><c r='B4' t='d'><v>2012-09-30T00:00:00Z</v></c></row>\
        <row r='5'><c r='A5' t='d'><v>2012-09-30T08:15:00</v></c><c r='B5' s='1'/></row>\
        <row r='6'><c r='A6' s='1'><v>39720</v></c><c r='B6' t='str'><f>1</f><v>x</v></c></row>\
        <row r='7'><c r='A7'><v>NaN</v></c><c r='B7'><v>-0</v></c></row>";
    let rows = |properties: &str| all(&open_xlsx(&workbook(properties, data)).unwrap().sheets()[0]);
    let on = || Cell::Date(date(2012, 9, 30));
    let row = |place, cells: [Cell; 2]| RawRow { place, cells: cells.to_vec() };
    assert_eq!(
        rows("<workbookPr date1904='1'/>"),
        [
            row(1, [text("a"), text("bc")]),
            row(4, [on(), on()]),
            row(5, [other("2012-09-30T08:15:00"), Cell::Empty]),
            row(6, [on(), text("x")]),
            row(7, [other("NaN"), number("0")]),
        ]
    );
    assert_eq!(rows("")[3].cells[0], Cell::Date(date(2008, 9, 29)));
}

#[test]
fn a_broken_sheet_is_said_after_the_rows_before_it() {
    let good = "<row r='1'><c r='A1'><v>1</v></c></row><row r='2'><c r='A2'><v>2</v></c></row>";
    for (bad, expected) in [
        ("<row r='1'><c r='A1'><v>1</v></c></row>", "its rows are out of order"),
        ("<row r='3'><c r='ZZZZ3'><v>1</v></c></row>", "a cell is beyond the last column"),
        ("<row r='3'><c r='A3' t='s'><v>7</v></c></row>", "string index"),
        ("<row r='3'><c r='A3'><v>1</v", "broken"),
    ] {
        let book = open_xlsx(&workbook("", &format!("{good}{bad}"))).unwrap();
        let rows: Vec<_> = book.sheets()[0].rows().collect();
        assert!(rows[0].is_ok());
        let error = rows.last().unwrap().clone().unwrap_err();
        assert_eq!(error.sheet.as_deref(), Some("lines"));
        assert!(error.reason.contains(expected), "{expected}: {error}");
    }
}

#[test]
fn a_part_is_not_read_beyond_what_it_announces() {
    let row = |n: usize| format!("<row r='{n}'><c r='A{n}'><v>{n}</v></c></row>");
    let data: String = (1..=100_000).map(row).collect();
    let bytes = workbook("", &data);
    let size = u32::try_from(data.len() + "<worksheet><sheetData></sheetData></worksheet>".len()).unwrap();
    let places: Vec<usize> =
        (0..bytes.len() - 4).filter(|&at| bytes[at..at + 4] == size.to_le_bytes()).collect();
    // The part's own head says it, and the directory.
    assert_eq!(places.len(), 2);
    for lying in [&places[..], &places[1..]] {
        let mut bytes = bytes.clone();
        for &at in lying {
            bytes[at..at + 4].copy_from_slice(&40_000u32.to_le_bytes());
        }
        let book = open_xlsx(&bytes).unwrap();
        let rows: Vec<_> = book.sheets()[0].rows().collect();
        assert!(rows.len() < 2_000, "{}", rows.len());
        let error = rows.last().unwrap().clone().unwrap_err();
        assert!(error.reason.contains("larger than its declared"), "{error}");
    }
}

#[test]
fn sheets_can_be_read_in_any_order_and_left() {
    let mut book = XlsxBook::new(date(2012, 9, 30)).unwrap();
    for name in ["lines", "plan"] {
        let mut sheet = book.sheet(name).unwrap();
        sheet.header(&["a"]).unwrap();
        (0..2_000).for_each(|n| sheet.row(&[Out::Whole(n)]).unwrap());
        sheet.finish().unwrap();
    }
    let book = open_xlsx(&book.into_bytes().unwrap()).unwrap();
    let mut lines = book.sheet("lines").unwrap().rows();
    let mut plan = book.sheet("plan").unwrap().rows();
    assert!(lines.next().is_some());
    assert!(plan.next().is_some());
    drop(plan);
    drop(book);
    assert_eq!(lines.last().unwrap().unwrap().place, 2_001);
}

#[test]
fn a_folder_is_a_book() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let open = || open(folder.path(), Limits::default());
    assert!(open().unwrap_err().to_string().contains("the folder has no CSV file"));
    std::fs::write(path("plan.CSV"), "year\n2012\n").unwrap();
    std::fs::write(path("lines.csv"), "line\n1\n").unwrap();
    std::fs::write(path(".~lock.lines.csv"), "x").unwrap();
    std::fs::write(path("README.txt"), "x").unwrap();
    std::fs::create_dir(path("old.csv")).unwrap();
    let book = open().unwrap();
    assert_eq!(book.sheets().iter().map(Sheet::name).collect::<Vec<_>>(), ["lines", "plan"]);
    assert_eq!(all(book.sheet("Plan").unwrap())[1].cells, [text("2012")]);
    std::fs::remove_file(path("plan.CSV")).unwrap();
    assert!(book.sheet("plan").unwrap().rows().next().unwrap().is_err());
    std::fs::write(path("LINES.csv"), "line\n1\n").unwrap();
    assert!(open().unwrap_err().reason.contains("the same name"));
    std::fs::remove_file(path("LINES.csv")).unwrap();
    std::fs::write(path("more.xlsx"), "x").unwrap();
    assert!(open().unwrap_err().reason.contains("this is a workbook"));
    let book = super::open(&path("lines.csv"), Limits::default()).unwrap();
    assert_eq!(all(&book.sheets()[0]).len(), 2);
    std::fs::write(path("book.xlsx"), template(Table::Plan, Kind::Xlsx).unwrap()).unwrap();
    assert_eq!(super::open(&path("book.xlsx"), Limits::default()).unwrap().sheets().len(), 2);
    assert!(super::open(&path("none.csv"), Limits::default()).unwrap_err().reason.contains("cannot be read"));
}

#[test]
fn other_formats_are_refused_with_what_to_do() {
    for name in ["book.xlsm", "book.xls", "book.ods", "book.xlsb", "book", "book.pdf"] {
        let error = open_bytes(name, b"a,b\n", Limits::default()).unwrap_err();
        assert_eq!(error.remedy, "save as .xlsx or CSV UTF-8", "{name}");
    }
    assert!(open_xlsx(b"a,b\n1,2\n").unwrap_err().reason.contains("no workbook"));
    assert!(open_xlsx(&package(&[("a.xml", "<a/>")])).unwrap_err().reason.contains("broken"));
    let limits = Limits { file: 1_000, ..Limits::default() };
    let error = open_bytes("book.xlsx", &[0; 2_000], limits).unwrap_err();
    assert_eq!(
        error.to_string(),
        "book: the workbook has more than 1000 bytes; save its sheets as CSV UTF-8"
    );
}

#[test]
fn templates_are_what_is_read() {
    for table in Table::ALL {
        let names: Vec<Cell> = table.columns().iter().map(|column| text(column.name)).collect();
        let csv = template(table, Kind::Csv).unwrap();
        let csv = open_bytes(&format!("{}.csv", table.word()), &csv, Limits::default()).unwrap();
        let xlsx = open_xlsx(&template(table, Kind::Xlsx).unwrap()).unwrap();
        for book in [&csv, &xlsx] {
            let rows = all(book.sheet(table.word()).unwrap());
            assert_eq!(rows[0].cells, names);
            assert_eq!(rows.len(), 2);
            for (column, read) in table.columns().iter().zip(&rows[1].cells) {
                assert_eq!(read.is_empty(), column.example.is_empty(), "{}", column.name);
            }
        }
        let explained = all(xlsx.sheet(COLUMNS_SHEET).unwrap());
        assert_eq!(explained.len(), table.columns().len() + 1);
        assert_eq!(explained[1].cells[2], text(table.columns()[0].what));
    }
    assert_eq!(template(Table::Plan, Kind::Xlsx).unwrap(), template(Table::Plan, Kind::Xlsx).unwrap());
}

#[test]
#[ignore = "takes seconds; prints how long"]
fn a_hundred_thousand_rows() {
    let started = std::time::Instant::now();
    let mut book = XlsxBook::new(date(2012, 9, 30)).unwrap();
    let mut sheet = book.sheet("lines").unwrap();
    sheet.header(&["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]).unwrap();
    for n in 0..100_000i64 {
        let amount = || Out::Amount(decimal(n * 12_345, 2));
        let name = || Out::Text(format!("Patrol boat {n}"));
        let on = || Out::Date(date(2012, 9, 30));
        sheet
            .row(&[
                name(),
                amount(),
                on(),
                Out::Whole(n),
                Out::Empty,
                name(),
                amount(),
                on(),
                name(),
                Out::Empty,
            ])
            .unwrap();
    }
    sheet.finish().unwrap();
    let bytes = book.into_bytes().unwrap();
    println!("wrote 100,000 rows of 10 columns, {} bytes, in {:?}", bytes.len(), started.elapsed());
    let started = std::time::Instant::now();
    let book = open_xlsx(&bytes).unwrap();
    println!("opened in {:?}", started.elapsed());
    assert_eq!(book.sheets()[0].rows().count(), 100_001);
    println!("read after {:?}", started.elapsed());
}

#[test]
#[ignore = "takes seconds; prints how long"]
fn a_million_rows_of_csv() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lines.csv");
    let mut csv = CsvTable::new(std::io::BufWriter::new(std::fs::File::create(&path).unwrap()));
    csv.header(&["a", "b", "c", "d", "e"]).unwrap();
    let started = std::time::Instant::now();
    for n in 0..1_000_000i64 {
        let name = Out::Text(format!("Patrol boat, {n}"));
        let on = Out::Date(date(2012, 9, 30));
        csv.row(&[name, Out::Amount(decimal(n, 2)), on, Out::Whole(n), Out::Empty]).unwrap();
    }
    csv.finish().unwrap();
    println!("wrote 1,000,000 rows in {:?}", started.elapsed());
    let resident =
        || std::fs::read_to_string("/proc/self/statm").unwrap().split(' ').nth(1).unwrap().to_owned();
    let (started, before) = (std::time::Instant::now(), resident());
    let book = open(&path, Limits::default()).unwrap();
    assert_eq!(book.sheets()[0].rows().count(), 1_000_001);
    println!("read in {:?}; resident pages {before} before, {} after", started.elapsed(), resident());
}
