//! Parties as a Parquet file: what is read of it, and that a damaged one is refused.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::sync::Arc;

use entente::screener::parquet::{is_parquet, read_parties};
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use support::{done, entente};

const SCHEMA: &str = "message parties {
    optional binary id (UTF8);
    optional binary schema (UTF8);
    required binary name (UTF8);
    optional int32 birthDate (DATE);
    optional group alias (LIST) { repeated group list { optional binary element (UTF8); } }
}";

fn texts(texts: &[&str]) -> Vec<ByteArray> {
    texts.iter().map(|text| ByteArray::from(*text)).collect()
}

/// Two parties: one with all that there is, one with a name alone.
fn file(compression: Compression) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = |values: &[&str], levels: Option<&[i16]>, repeated: Option<&[i16]>| {
        let mut column = group.next_column().unwrap().unwrap();
        if values == ["day"] {
            // 24 March 1965, in days from 1970.
            column.typed::<Int32Type>().write_batch(&[-1744], levels, repeated).unwrap();
        } else {
            column.typed::<ByteArrayType>().write_batch(&texts(values), levels, repeated).unwrap();
        }
        column.close().unwrap();
    };
    column(&["p-1"], Some(&[1, 0]), None);
    column(&["Person"], Some(&[1, 0]), None);
    column(&["Muhammad Saleh Example", "Desert Falcon;Falcon of the Desert"], None, None);
    column(&["day"], Some(&[1, 0]), None);
    column(&["Мухаммед Салех Пример", "Abu Saleh"], Some(&[3, 3, 0]), Some(&[0, 1, 0]));
    group.close().unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn parties_are_read_by_their_columns_whatever_they_are_packed_with() {
    let zstd = Compression::ZSTD(ZstdLevel::default());
    for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY, zstd, Compression::LZ4_RAW] {
        let bytes = file(compression);
        assert!(is_parquet(&bytes));
        let parties = read_parties(bytes).unwrap();
        let [one, other] = parties.as_slice() else { panic!("{parties:?}") };
        assert_eq!((one.id.as_str(), one.schema.as_str()), ("p-1", "Person"));
        assert_eq!(one.get("name"), ["Muhammad Saleh Example"]);
        assert_eq!(one.get("birthDate"), ["1965-03-24"]);
        assert_eq!(one.get("alias"), ["Мухаммед Салех Пример", "Abu Saleh"]);
        assert_eq!((other.id.as_str(), other.schema.as_str()), ("row-2", "LegalEntity"));
        assert_eq!(other.get("name"), ["Desert Falcon", "Falcon of the Desert"]);
        assert!(other.get("birthDate").is_empty());
    }
}

#[test]
fn a_damaged_file_is_refused_and_breaks_nothing() {
    let whole = file(Compression::SNAPPY);
    assert_eq!(read_parties(b"PAR1".to_vec()).unwrap_err().code, "parties.parquet");
    for length in (4..whole.len()).step_by(37) {
        assert_eq!(read_parties(whole[..length].to_vec()).unwrap_err().code, "parties.parquet");
    }
    for place in (4..whole.len()).step_by(3) {
        let mut wrong = whole.clone();
        wrong[place] ^= 0x55;
        // What cannot be told from a whole file is read; all else is refused.
        if let Err(refusal) = read_parties(wrong) {
            assert_eq!(refusal.code, "parties.parquet");
        }
    }
}

#[test]
fn the_program_screens_a_file_of_this_kind() {
    let database = entente_testing::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let (list, parties) = (folder.path().join("own.csv"), folder.path().join("parties.parquet"));
    std::fs::write(&list, "id,schema,name\nx1,Person,Muhammad Saleh Example\n").unwrap();
    std::fs::write(&parties, file(Compression::SNAPPY)).unwrap();
    let list = format!("own={}", list.display());
    let answered = done(&entente(&database, &["screen", parties.to_str().unwrap(), "--list", &list]));
    let answers: Vec<serde_json::Value> =
        answered.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&answers[0]["id"], &answers[0]["results"][0]["id"]), (&"p-1".into(), &"x1".into()));
    assert_eq!((&answers[1]["id"], &answers[1]["results"]), (&"row-2".into(), &serde_json::json!([])));
}
