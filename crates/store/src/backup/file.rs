//! The file: gzip over a line of text, rows, and a digest.
//!
//! ```text
//! entente backup 1\n
//! {"schema":2,"events":…,"head":"…","made_at":"…","document_bytes":…,"tables":[{"name":"event","columns":[…],"rows":…},…]}\n
//! row*            one byte 1, one byte for the table's place in the list, then each column
//! end             one byte 0, then SHA-256 of every byte before it (32 bytes)
//! ```
//!
//! A column is one byte for its type (0 absent, 1 text, 2 integer, 3 bytes) and,
//! where it is not absent, its content: an integer as eight bytes, big end first;
//! text and bytes as four bytes of length, big end first, and then themselves.
//! So the first lines can be read with `zcat FILE | head -2`, and `gzip -t` tests it.
//!
//! The digest finds a file that was cut or damaged. It is no signature: who can
//! write the file can compute it. Against that stand the chain and its checkpoints.

use std::io::{self, BufRead, BufReader, Read, Write};

use entente_register::ledger::Fallible;
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::malformed;
use super::table::{TABLES, Table, Type};
use crate::database::Value;

/// The first line.
const MAGIC: &str = "entente backup 1";

/// The longest line of text.
const MAX_LINE: u64 = 64 * 1024;

/// The longest single value, with room above the largest document.
const MAX_VALUE: u32 = 256 * 1024 * 1024;

/// How much may come out of a file of a given size beside its documents: what is hashed does not compress,
/// so a register stays far below, and a file made to fill a disk or a day stands far above. Documents may
/// compress to nothing, as a scan of an empty page does; the header announces how many bytes they have.
pub(super) fn most_content(file_size: u64) -> u64 {
    file_size.saturating_mul(250).saturating_add(1 << 30)
}

/// The second line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    /// The schema's version.
    pub(super) schema: i64,
    /// Events.
    pub(super) events: i64,
    /// Hash of the last event, hexadecimal.
    pub(super) head: String,
    /// When it was made.
    pub(super) made_at: String,
    /// Bytes of all documents; files of version 1 do not say it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) document_bytes: u64,
    /// The tables in their order.
    pub(super) tables: Vec<HeaderTable>,
}

/// A table as the header names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeaderTable {
    /// Its name.
    pub(super) name: String,
    /// Its columns.
    pub(super) columns: Vec<String>,
    /// How many rows follow.
    pub(super) rows: u64,
}

// The form that serde asks for.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

impl HeaderTable {
    /// A table of a version of the schema, with so many rows.
    pub(super) fn of(table: &Table, version: i64, rows: u64) -> HeaderTable {
        HeaderTable {
            name: table.name.to_owned(),
            columns: table.columns_in(version).iter().map(|column| column.0.to_owned()).collect(),
            rows,
        }
    }
}

impl Header {
    /// Rows of all tables.
    pub(super) fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    fn check(&self) -> Fallible<()> {
        let same = self.tables.len() == Table::of_version(self.schema).count()
            && self
                .tables
                .iter()
                .zip(Table::of_version(self.schema))
                .all(|(theirs, ours)| *theirs == HeaderTable::of(ours, self.schema, theirs.rows));
        if same { Ok(()) } else { Err(malformed("its tables are not those of its schema's version")) }
    }
}

/// The bytes of one row.
pub(super) fn encode_row(out: &mut Vec<u8>, table: usize, values: &[Value<'_>]) -> io::Result<()> {
    let tag = |n: usize| u8::try_from(n).map_err(io::Error::other);
    out.extend([1, tag(table)?]);
    for value in values {
        let (kind, bytes): (u8, &[u8]) = match value {
            Value::Text(Some(text)) => (1, text.as_bytes()),
            Value::Bytes(Some(bytes)) => (3, bytes),
            Value::Int(Some(int)) => {
                out.push(2);
                out.extend(int.to_be_bytes());
                continue;
            }
            Value::Text(None) | Value::Bytes(None) | Value::Int(None) => {
                out.push(0);
                continue;
            }
        };
        let length = u32::try_from(bytes.len()).ok().filter(|length| *length <= MAX_VALUE);
        out.push(kind);
        out.extend(length.ok_or_else(|| io::Error::other("a value is too long"))?.to_be_bytes());
        out.extend(bytes);
    }
    Ok(())
}

/// Writes a backup.
pub(super) struct Writer<W: Write> {
    gzip: GzEncoder<Counted<W>>,
    digest: Sha256,
    content: u64,
    document_bytes: u64,
}

/// Counts what goes through.
struct Counted<W> {
    inner: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Write> Writer<W> {
    /// Begins with the header.
    pub(super) fn begin(out: W, header: &Header) -> io::Result<Writer<W>> {
        let gzip = GzEncoder::new(Counted { inner: out, bytes: 0 }, Compression::new(4));
        let document_bytes = header.document_bytes;
        let mut writer = Writer { gzip, digest: Sha256::new(), content: 0, document_bytes };
        let header = serde_json::to_string(header).map_err(io::Error::other)?;
        writer.write(format!("{MAGIC}\n{header}\n").as_bytes())?;
        Ok(writer)
    }

    /// Adds encoded rows.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.digest.update(bytes);
        self.content += bytes.len() as u64;
        self.gzip.write_all(bytes)
    }

    /// Ends with the digest, and gives back what was written to and how much.
    pub(super) fn finish(mut self) -> io::Result<(W, u64)> {
        let digest = self.digest.finalize();
        self.gzip.write_all(&[0])?;
        self.gzip.write_all(&digest)?;
        let mut counted = self.gzip.finish()?;
        counted.flush()?;
        if self.content > most_content(counted.bytes).saturating_add(self.document_bytes) {
            // Better no backup than one that will be refused when it is needed.
            return Err(io::Error::other("the content compresses so far that the file would be refused"));
        }
        Ok((counted.inner, counted.bytes))
    }
}

/// A row as it stands in the file.
#[derive(Debug)]
pub(super) struct StoredRow {
    /// The table's place in [`TABLES`].
    pub(super) table: usize,
    /// Its values.
    pub(super) values: Vec<Value<'static>>,
}

/// Reads a backup. Its memory is bounded by the longest value, whatever the file says.
pub(super) struct Reader<R: Read> {
    gzip: BufReader<GzDecoder<BufReader<R>>>,
    digest: Sha256,
    content: u64,
    most: u64,
    header: Header,
    /// Rows read, by table.
    seen: Vec<u64>,
}

/// Why reading stopped: the file's fault, or the disk's.
#[derive(Debug)]
pub(super) enum ReadError {
    Refused(entente_register::ledger::Refusal),
    Io(io::Error),
}

impl From<entente_register::ledger::Refusal> for ReadError {
    fn from(refusal: entente_register::ledger::Refusal) -> ReadError {
        ReadError::Refused(refusal)
    }
}

impl From<io::Error> for ReadError {
    /// What the decoder cannot read is the file's fault.
    fn from(error: io::Error) -> ReadError {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => malformed("it ends too early").into(),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                malformed("it is not compressed as a backup is, or damaged").into()
            }
            _ => ReadError::Io(error),
        }
    }
}

impl<R: Read> Reader<R> {
    /// Reads the header of a file, out of which no more than `most` bytes may come beside documents.
    pub(super) fn begin(file: R, most: u64) -> Result<Reader<R>, ReadError> {
        let gzip = BufReader::new(GzDecoder::new(BufReader::new(file)));
        let header = Header {
            schema: 0,
            events: 0,
            head: String::new(),
            made_at: String::new(),
            document_bytes: 0,
            tables: vec![],
        };
        let mut reader =
            Reader { gzip, digest: Sha256::new(), content: 0, most, header, seen: vec![0; TABLES.len()] };
        match reader.line()?.as_str() {
            MAGIC => {}
            line if line.starts_with("entente backup ") => {
                return Err(entente_register::ledger::Refusal::new(
                    "backup.newer",
                    "The backup is of a form that this program does not know.",
                )
                .field("file")
                .missing("a newer version of Entente")
                .into());
            }
            _ => return Err(malformed("it does not begin as a backup does").into()),
        }
        let line = reader.line()?;
        let version: serde_json::Value =
            serde_json::from_str(&line).map_err(|_| malformed("its second line cannot be read"))?;
        let schema = version.get("schema").and_then(serde_json::Value::as_i64).unwrap_or(0);
        if schema > crate::schema::VERSION {
            return Err(entente_register::ledger::Refusal::new(
                "backup.newer",
                format!(
                    "The backup has schema version {schema}; this program knows versions up to {}.",
                    crate::schema::VERSION
                ),
            )
            .field("file")
            .missing("a newer version of Entente")
            .into());
        }
        reader.header =
            serde_json::from_str(&line).map_err(|_| malformed("its second line cannot be read"))?;
        if schema < 1 {
            return Err(malformed(format!("there was never a schema version {schema}")).into());
        }
        reader.header.check()?;
        reader.most = reader.most.saturating_add(reader.header.document_bytes);
        Ok(reader)
    }

    /// The header.
    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// The next row; none once the end was read and the digest and the counts were right.
    pub(super) fn next(&mut self) -> Result<Option<StoredRow>, ReadError> {
        let [mark] = self.raw()?;
        if mark == 0 {
            return self.end().map(|()| None);
        }
        self.take(&[mark])?;
        let [place] = self.fixed()?;
        let table = TABLES.get(usize::from(place)).filter(|_| mark == 1);
        let table = table.filter(|_| usize::from(place) < self.header.tables.len());
        let table = table.ok_or_else(|| malformed("a row is of no table"))?;
        let there = table.columns_in(self.header.schema);
        let mut values = there
            .iter()
            .map(|(_, column_type)| self.value(*column_type))
            .collect::<Result<Vec<_>, ReadError>>()?;
        // What a later version added is absent.
        values.extend(table.columns[there.len()..].iter().map(|(_, column_type)| column_type.absent()));
        let seen = &mut self.seen[usize::from(place)];
        *seen += 1;
        if *seen > self.header.tables[usize::from(place)].rows {
            return Err(malformed("it has more rows than its header says").into());
        }
        Ok(Some(StoredRow { table: usize::from(place), values }))
    }

    fn end(&mut self) -> Result<(), ReadError> {
        let expected: [u8; 32] = self.digest.clone().finalize().into();
        if self.raw::<32>()? != expected {
            return Err(malformed("its digest is not that of its content").into());
        }
        if self.header.tables.iter().zip(&self.seen).any(|(table, seen)| table.rows != *seen) {
            return Err(malformed("it has fewer rows than its header says").into());
        }
        let mut rest = [0; 1];
        // Reading to the end also tests gzip's own sum; then nothing stands behind it.
        if self.gzip.read(&mut rest)? != 0 || self.gzip.get_mut().get_mut().read(&mut rest)? != 0 {
            return Err(malformed("something stands behind its end").into());
        }
        Ok(())
    }

    fn value(&mut self, column_type: Type) -> Result<Value<'static>, ReadError> {
        let [kind] = self.fixed()?;
        match (kind, column_type) {
            (0, column_type) => Ok(column_type.absent()),
            (1, Type::Text) => {
                let text = String::from_utf8(self.counted()?).map_err(|_| malformed("a text is no UTF-8"))?;
                if text.contains('\0') {
                    return Err(malformed("a text holds a zero byte").into());
                }
                Ok(Value::Text(Some(text.into())))
            }
            (2, Type::Int) => Ok(Value::Int(Some(i64::from_be_bytes(self.fixed()?)))),
            (3, Type::Bytes) => Ok(Value::Bytes(Some(self.counted()?.into()))),
            _ => Err(malformed("a value is not of its column's type").into()),
        }
    }

    /// Bytes with their length before them. Memory grows with what is there, not with what is announced.
    fn counted(&mut self) -> Result<Vec<u8>, ReadError> {
        let length = u32::from_be_bytes(self.fixed()?);
        if length > MAX_VALUE {
            return Err(malformed("a value is longer than any can be").into());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(length.min(64 * 1024)).unwrap_or(0));
        (&mut self.gzip).take(u64::from(length)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != u64::from(length) {
            return Err(malformed("it ends too early").into());
        }
        self.take(&bytes)?;
        Ok(bytes)
    }

    fn line(&mut self) -> Result<String, ReadError> {
        let mut bytes = Vec::new();
        (&mut self.gzip).take(MAX_LINE).read_until(b'\n', &mut bytes)?;
        self.take(&bytes)?;
        match bytes.pop() {
            Some(b'\n') => String::from_utf8(bytes).map_err(|_| malformed("a line is no text").into()),
            _ => Err(malformed("it does not begin as a backup does").into()),
        }
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], ReadError> {
        let bytes = self.raw()?;
        self.take(&bytes)?;
        Ok(bytes)
    }

    fn raw<const N: usize>(&mut self) -> Result<[u8; N], ReadError> {
        let mut bytes = [0; N];
        self.gzip.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Takes bytes into the digest, and counts them.
    fn take(&mut self, bytes: &[u8]) -> Result<(), ReadError> {
        self.digest.update(bytes);
        self.content += bytes.len() as u64;
        if self.content > self.most {
            return Err(malformed("far more comes out of it than a register of its size holds").into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn header(settings: u64) -> Header {
        let rows = |name| if name == "setting" { settings } else { 0 };
        Header {
            schema: crate::schema::VERSION,
            events: 0,
            head: "0".repeat(64),
            made_at: "2026-03-02T09:00:00.000000Z".to_owned(),
            document_bytes: 0,
            tables: TABLES
                .iter()
                .map(|table| HeaderTable::of(table, crate::schema::VERSION, rows(table.name)))
                .collect(),
        }
    }

    fn sample(settings: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = Writer::begin(Vec::new(), &header(settings.len() as u64)).unwrap();
        for (name, value) in settings {
            let mut row = Vec::new();
            encode_row(&mut row, 0, &[(*name).into(), (*value).into()]).unwrap();
            writer.write(&row).unwrap();
        }
        writer.finish().unwrap().0
    }

    fn read(bytes: &[u8]) -> Result<Vec<String>, String> {
        let refused = |e| match e {
            ReadError::Refused(refusal) => refusal.message,
            ReadError::Io(error) => panic!("{error}"),
        };
        let mut reader = Reader::begin(bytes, 1 << 20).map_err(refused)?;
        let mut rows = Vec::new();
        while let Some(row) = reader.next().map_err(refused)? {
            assert_eq!(row.table, 0);
            rows.push(format!("{:?}", row.values));
        }
        Ok(rows)
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(read(&sample(&[("a", "1"), ("b", "")])).unwrap().len(), 2);
    }

    #[test]
    fn what_an_earlier_version_wrote_is_read() {
        let tables: Vec<HeaderTable> =
            Table::of_version(1).map(|t| HeaderTable::of(t, 1, u64::from(t.name == "checkpoint"))).collect();
        assert_eq!((tables.len(), tables[3].columns.len()), (8, 5));
        let header = Header { schema: 1, tables, ..header(0) };
        let mut writer = Writer::begin(Vec::new(), &header).unwrap();
        let mut row = Vec::new();
        let bytes = || Value::from(vec![7_u8; 32]);
        encode_row(&mut row, 3, &[4.into(), "2012".into(), bytes(), bytes(), bytes()]).unwrap();
        writer.write(&row).unwrap();
        let whole = writer.finish().unwrap().0;
        let mut reader = Reader::begin(whole.as_slice(), 1 << 20).unwrap();
        let row = reader.next().unwrap().unwrap();
        assert_eq!((row.table, row.values.len()), (3, 7));
        assert!(matches!(row.values[5..], [Value::Int(None), Value::Bytes(None)]));
        assert!(reader.next().unwrap().is_none());
        // A row of a table that its version does not have is of no table.
        let mut writer = Writer::begin(Vec::new(), &header).unwrap();
        writer.write(&[1, 8, 0, 0]).unwrap();
        let whole = writer.finish().unwrap().0;
        let mut reader = Reader::begin(whole.as_slice(), 1 << 20).unwrap();
        assert!(reader.next().is_err());
    }

    /// Many empty scans compress to next to nothing: what the header announces of documents may come out.
    #[test]
    fn documents_may_compress_as_far_as_they_do() {
        let place = u8::try_from(TABLES.iter().position(|t| t.name == "document_content").unwrap()).unwrap();
        let read = |announced: u64| {
            let mut header = header(0);
            header.document_bytes = announced;
            header.tables[usize::from(place)].rows = 1;
            let mut writer = Writer::begin(Vec::new(), &header).unwrap();
            let mut row = Vec::new();
            let size = 4_i64 << 20;
            let bytes = Value::from(vec![0_u8; 4 << 20]);
            encode_row(&mut row, usize::from(place), &["a".into(), "b".into(), size.into(), bytes]).unwrap();
            writer.write(&row).unwrap();
            let whole = writer.finish().unwrap().0;
            let mut reader = Reader::begin(whole.as_slice(), 1 << 20).map_err(|_| ())?;
            while reader.next().map_err(|_| ())?.is_some() {}
            Ok::<(), ()>(())
        };
        assert!(read(4 << 20).is_ok());
        assert!(read(1 << 20).is_err());
    }

    #[test]
    fn every_cut_is_found() {
        let whole = sample(&[("a", "1"), ("b", "2")]);
        for length in 0..whole.len() {
            assert!(read(&whole[..length]).is_err(), "cut to {length} of {}", whole.len());
        }
        let mut longer = whole.clone();
        longer.push(0);
        assert!(read(&longer).is_err());
        assert!(read(&[whole.clone(), whole].concat()).is_err());
    }

    #[test]
    fn an_altered_byte_is_found_or_alters_nothing() {
        let whole = sample(&[("a", "1"), ("b", "2")]);
        let rows = read(&whole).unwrap();
        let mut unfound = 0;
        for (place, bit) in (0..whole.len()).flat_map(|place| (0..8).map(move |bit| (place, bit))) {
            let mut altered = whole.clone();
            altered[place] ^= 1 << bit;
            if let Ok(read) = read(&altered) {
                // Gzip's own header and tables have bits that say nothing of the content.
                assert_eq!(read, rows, "byte {place} of {}", whole.len());
                unfound += 1;
            }
        }
        assert!(unfound < whole.len() / 2, "{unfound} bits");
    }

    fn compressed(content: &[u8]) -> Vec<u8> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::new(9));
        gzip.write_all(content).unwrap();
        gzip.finish().unwrap()
    }

    #[test]
    fn what_is_no_backup_is_told() {
        for bytes in [&b""[..], b"a text", b"\x1f\x8b", &compressed(b"a text\n"), &compressed(b"")] {
            assert!(read(bytes).unwrap_err().starts_with("This is not a whole backup"));
        }
        let newer = compressed(b"entente backup 2\n");
        assert!(read(&newer).unwrap_err().contains("does not know"));
        let newer = compressed(b"entente backup 1\n{\"schema\":999,\"more\":1}\n");
        assert!(read(&newer).unwrap_err().contains("schema version 999"));
    }

    #[test]
    fn a_file_that_swells_is_refused_without_swelling() {
        let line = serde_json::to_string(&header(u64::MAX)).unwrap();
        let mut content = format!("entente backup 1\n{line}\n").into_bytes();
        // A value larger than all that may come out, announced and there.
        content.extend([1, 0, 1]);
        content.extend((4u32 << 20).to_be_bytes());
        content.resize(content.len() + (4 << 20), b'0');
        assert!(read(&compressed(&content)).unwrap_err().contains("far more"));
        // Many small rows.
        let mut content = format!("entente backup 1\n{line}\n").into_bytes();
        for _ in 0..200_000 {
            content.extend([1, 0, 0, 0]);
        }
        let rows = read(&compressed(&content)).unwrap_err();
        assert!(rows.contains("too early"), "{rows}");
        for _ in 0..200_000 {
            content.extend([1, 0, 0, 0]);
        }
        assert!(read(&compressed(&content)).unwrap_err().contains("far more"));
        // A length that is announced and not there costs no memory.
        let mut short = format!("entente backup 1\n{line}\n").into_bytes();
        short.extend([1, 0, 1]);
        short.extend(MAX_VALUE.to_be_bytes());
        assert!(read(&compressed(&short)).unwrap_err().contains("too early"));
        let mut long = short[..short.len() - 4].to_vec();
        long.extend(u32::MAX.to_be_bytes());
        assert!(read(&compressed(&long)).unwrap_err().contains("longer than any"));
        assert!(most_content(1_000) < (1 << 30) + 1_000_000 && most_content(u64::MAX) == u64::MAX);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&bytes);
            let mut content = sample(&[]);
            content.extend(&bytes);
            let _ = read(&content);
            let line = serde_json::to_string(&header(1)).unwrap();
            let mut inner = format!("entente backup 1\n{line}\n").into_bytes();
            inner.extend(&bytes);
            let _ = read(&compressed(&inner));
        }
    }
}
