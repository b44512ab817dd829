//! Parties as a Parquet file: columns as those of CSV, several values in lists or with semicolons between.

use std::panic::{AssertUnwindSafe, catch_unwind};

use axum::body::Bytes;
use entente_register::ledger::{Fallible, Refusal};
use entente_screening::entity::Entity;
use entente_screening::lists::party;
use jiff::Span;
use jiff::civil::{Date, date};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::{Field, Row};

/// How a Parquet file begins.
const MAGIC: &[u8] = b"PAR1";

/// Bytes of all columns, unpacked as the file itself says, beyond which it is not read.
const LARGEST: i64 = 4 << 30;

/// Rows beyond which a file is not read.
const MOST_ROWS: i64 = 20_000_000;

/// Columns beyond which a file is not read.
const MOST_COLUMNS: usize = 1_000;

/// Whether some bytes are a Parquet file.
pub fn is_parquet(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Reads parties.
///
/// # Errors
/// `parties.parquet`, with the row and the column where a value is at fault.
pub fn read_parties(bytes: Vec<u8>) -> Fallible<Vec<Entity>> {
    // The reader of damaged files is another's: what it does not foresee is a refusal, too.
    let read = catch_unwind(AssertUnwindSafe(|| read(Bytes::from(bytes))));
    read.unwrap_or_else(|_| Err(refuse("The file is damaged.".to_owned())))
}

fn refuse(message: String) -> Refusal {
    Refusal::new("parties.parquet", message)
        .field("file")
        .missing("a whole Parquet file whose columns are properties of FollowTheMoney, beside id and schema")
}

fn damaged(error: &ParquetError) -> Refusal {
    refuse(format!("The Parquet file cannot be read: {error}."))
}

fn read(bytes: Bytes) -> Fallible<Vec<Entity>> {
    let reader = SerializedFileReader::new(bytes).map_err(|error| damaged(&error))?;
    let metadata = reader.metadata();
    let size =
        metadata.row_groups().iter().fold(0_i64, |sum, group| sum.saturating_add(group.total_byte_size()));
    let rows = metadata.file_metadata().num_rows();
    let columns = metadata.file_metadata().schema().get_fields().len();
    if size > LARGEST || rows > MOST_ROWS || columns > MOST_COLUMNS {
        return Err(refuse(format!("The file has {rows} rows of {columns} columns, {size} bytes in all.")));
    }
    let named = metadata
        .file_metadata()
        .schema()
        .get_fields()
        .iter()
        .any(|column| matches!(column.name(), "name" | "lastName"));
    if !named {
        return Err(refuse("No column is called name.".to_owned()));
    }
    let mut parties = Vec::new();
    for (number, row) in (1_u64..).zip(reader.get_row_iter(None).map_err(|error| damaged(&error))?) {
        let row = row.map_err(|error| damaged(&error))?;
        let entity = entity(number, &row).map_err(|reason| refuse(format!("Row {number}: {reason}.")))?;
        parties.push(entity);
    }
    Ok(parties)
}

fn entity(number: u64, row: &Row) -> Result<Entity, String> {
    let mut cells: Vec<(&str, Vec<String>)> = Vec::new();
    for (column, value) in row.get_column_iter() {
        let mut values = Vec::new();
        add(value, &mut values).map_err(|what| format!("column {column} holds {what}"))?;
        cells.push((column, values));
    }
    party(number, cells)
}

/// The texts of a value.
fn add(value: &Field, values: &mut Vec<String>) -> Result<(), String> {
    values.push(match value {
        Field::Null => return Ok(()),
        Field::ListInternal(list) => return list.elements().iter().try_for_each(|one| add(one, values)),
        Field::Str(text) => text.clone(),
        Field::Bytes(bytes) => {
            let text = std::str::from_utf8(bytes.data());
            text.map_err(|_| "bytes that are not UTF-8".to_owned())?.to_owned()
        }
        Field::Bool(yes) => yes.to_string(),
        Field::Byte(number) => number.to_string(),
        Field::Short(number) => number.to_string(),
        Field::Int(number) => number.to_string(),
        Field::Long(number) => number.to_string(),
        Field::UByte(number) => number.to_string(),
        Field::UShort(number) => number.to_string(),
        Field::UInt(number) => number.to_string(),
        Field::ULong(number) => number.to_string(),
        Field::Date(days) => day(i64::from(*days))?.to_string(),
        Field::TimestampMillis(instant) => day(instant.div_euclid(86_400_000))?.to_string(),
        Field::TimestampMicros(instant) => day(instant.div_euclid(86_400_000_000))?.to_string(),
        // A column of years in which one is missing becomes one of fractions in many programs.
        Field::Float(number) if number.fract() == 0.0 => format!("{number:.0}"),
        Field::Double(number) if number.fract() == 0.0 => format!("{number:.0}"),
        Field::Float(number) if number.is_nan() => return Ok(()),
        Field::Double(number) if number.is_nan() => return Ok(()),
        other => return Err(format!("{other}, which is no text, whole number, day or list of these")),
    });
    Ok(())
}

fn day(since_1970: i64) -> Result<Date, String> {
    let span = Span::new().try_days(since_1970);
    let day = span.and_then(|span| date(1970, 1, 1).checked_add(span));
    day.map_err(|_| "a day that there is not".to_owned())
}
