//! The slow half of verifying: events are decoded, written again and folded, and the views compared
//! with what a rebuild would give.
//!
//! The rebuilt views stand in a temporary database, so that the register is only read.

use std::collections::{BTreeMap, HashMap};

use entente_register::ledger::{Event, Fact, Subject};

use super::rebuild::{AT_ONCE, Progress, recorded};
use super::verify::Bad;
use super::{EVENT_COLUMNS, decode_event};
use crate::database::{Cell, Connection, Database, Row};
use crate::document::content_of;
use crate::error::{Fault, FaultKind};
use crate::schema::{self, VIEWS};
use crate::view::Views;

/// Decodes and folds every event up to `last`, and compares the views. Gives the first that is bad.
pub(super) async fn look(
    connection: &mut Connection<'_>,
    last: i64,
    progress: &Progress,
) -> Result<Option<Bad>, Fault> {
    let rebuilt = Database::temporary().await?;
    let mut transaction = rebuilt.write().await?;
    let mut beside = transaction.connection();
    schema::create(&mut beside).await?;
    let mut views = Views::at(0);
    let mut folded = Folded::default();
    let mut done = 0;
    let sql = format!("SELECT {EVENT_COLUMNS} FROM event WHERE sequence > $1 ORDER BY sequence LIMIT $2");
    while done < last {
        let rows = connection.fetch("reading events", &sql, &[done.into(), AT_ONCE.into()]).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let sequence = row.int(0)?;
            if let Err(fault) = fold(&mut folded, &mut views, (connection, &mut beside), row).await? {
                return Ok(Some(Bad { sequence, fault }));
            }
            done = sequence;
        }
        progress(done, last);
    }
    views.flush(&mut beside).await?;
    if let Some(bad) = documents(connection, &folded.documents, last).await? {
        return Ok(Some(bad));
    }
    for (view, key) in VIEWS {
        if let Some(fault) = compare(connection, &mut beside, view, key).await? {
            return Ok(Some(Bad { sequence: last, fault }));
        }
    }
    Ok(None)
}

/// Compares the documents with their names. Gives the first event whose document is altered or not held;
/// one that is altered and that no event names is told of the last event.
async fn documents(
    connection: &mut Connection<'_>,
    named: &BTreeMap<String, i64>,
    last: i64,
) -> Result<Option<Bad>, Fault> {
    let mut missing = named.clone();
    let mut altered: BTreeMap<i64, String> = BTreeMap::new();
    let sql = "SELECT content, bytes FROM document_content ORDER BY content";
    connection
        .for_each("reading documents", sql, &[], |row| {
            let sound = match (row.cell(0), row.cell(1)) {
                (Cell::Text(content), Cell::Bytes(bytes)) => content_of(bytes).as_bytes() == content,
                _ => false,
            };
            let content = row.text(0).unwrap_or_default();
            missing.remove(&content);
            if !sound {
                altered.entry(named.get(&content).copied().unwrap_or(last)).or_insert(content);
            }
            Ok(())
        })
        .await?;
    let altered = altered
        .into_iter()
        .map(|(sequence, content)| (sequence, format!("the document {content} is not what was kept")));
    let missing = missing.into_iter().map(|(content, sequence)| {
        (sequence, format!("the document {content}, which the event names, is not held"))
    });
    let first = altered.chain(missing).min();
    Ok(first.map(|(sequence, fault)| Bad { sequence, fault }))
}

/// What the fold has seen.
#[derive(Default)]
struct Folded {
    /// Content hashes of documents, each with the first event that names it.
    documents: BTreeMap<String, i64>,
    versions: HashMap<Subject, u32>,
    recorded_at: Option<jiff::Timestamp>,
}

/// Copies a document from which rows of views are read to where they are built.
async fn lend(
    connection: &mut Connection<'_>,
    beside: &mut Connection<'_>,
    fact: &Fact,
) -> Result<(), Fault> {
    const DOING: &str = "reading the bytes of a statistic";
    let Fact::StatisticImported(imported) = fact else { return Ok(()) };
    let content = imported.document.content.as_deref().unwrap_or_default();
    let sql = "SELECT media_type, size, bytes FROM document_content WHERE content = $1";
    // What is not held is found when the view is built.
    let Some(row) = connection.fetch_optional(DOING, sql, &[content.into()]).await? else { return Ok(()) };
    let sql = "INSERT INTO document_content (content, media_type, size, bytes) VALUES ($1, $2, $3, $4) ON CONFLICT (content) DO NOTHING";
    let bytes = row.bytes(2)?;
    let values = [content.into(), row.text(0)?.into(), row.int(1)?.into(), bytes.as_slice().into()];
    beside.execute(DOING, sql, &values).await?;
    Ok(())
}

/// Folds one event; in words what is wrong with it, if something is.
async fn fold(
    folded: &mut Folded,
    views: &mut Views,
    (connection, beside): (&mut Connection<'_>, &mut Connection<'_>),
    row: &Row,
) -> Result<Result<(), String>, Fault> {
    let stored = match decode_event(row) {
        Ok(stored) => stored,
        Err(fault) => return Ok(Err(format!("the event cannot be read: {}", fault.cause))),
    };
    if let Err(fault) = check(folded, &stored.event, &stored.kind, row.cell(12)) {
        return Ok(Err(fault));
    }
    let Some(recorded) = recorded(stored) else { return Ok(Ok(())) };
    lend(connection, beside, &recorded.event.fact).await?;
    match views.apply(beside, &recorded).await {
        Ok(()) => Ok(Ok(())),
        // The event speaks of what no event before it made.
        Err(fault) if fault.kind == FaultKind::Damaged => {
            Ok(Err(format!("the event does not follow from those before it: {}", fault.cause)))
        }
        Err(fault) => Err(fault),
    }
}

fn check(folded: &mut Folded, event: &Event, kind: &str, payload: Cell<'_>) -> Result<(), String> {
    if let Some(fact) = &event.fact {
        for content in fact.documents().into_iter().filter_map(|document| document.content.as_ref()) {
            folded.documents.entry(content.clone()).or_insert(event.sequence);
        }
        let again = fact.payload().map_err(|e| format!("the payload cannot be written again: {e}"))?;
        if payload != Cell::Text(&again) {
            return Err(format!("the payload is not the canonical form of a {kind}"));
        }
    }
    if folded.recorded_at.is_some_and(|before| before >= event.recorded_at) {
        return Err("the event is not recorded after the one before it".to_owned());
    }
    folded.recorded_at = Some(event.recorded_at);
    let version = folded.versions.entry(event.subject.clone()).or_default();
    *version += 1;
    if *version != event.version {
        return Err(format!("the event is version {} of its subject, {version} was next", event.version));
    }
    Ok(())
}

/// Rows compared at once.
const ROWS: i64 = 20_000;

/// In words where two databases differ in a view, if they do.
async fn compare(
    one: &mut Connection<'_>,
    other: &mut Connection<'_>,
    view: &str,
    key: &str,
) -> Result<Option<String>, Fault> {
    // Rows after the last one seen, by the key: a page costs the same wherever it lies.
    let width = key.split(", ").count();
    let marks: Vec<String> = (1..=width).map(|n| format!("${n}")).collect();
    let limit = width + 1;
    let first = format!("SELECT {key}, v.* FROM {view} v ORDER BY {key} LIMIT $1");
    let next = format!(
        "SELECT {key}, v.* FROM {view} v WHERE ({key}) > ({}) ORDER BY {key} LIMIT ${limit}",
        marks.join(", ")
    );
    let mut values: Vec<crate::database::Value<'static>> = vec![ROWS.into()];
    let mut sql = &first;
    loop {
        let ours = one.fetch("reading a view", sql, &values).await?;
        let theirs = other.fetch("reading a rebuilt view", sql, &values).await?;
        for (position, row) in ours.iter().enumerate() {
            let same = theirs.get(position).is_some_and(|rebuilt| {
                row.width() == rebuilt.width() && (0..row.width()).all(|c| row.cell(c) == rebuilt.cell(c))
            });
            if !same {
                return Ok(Some(format!(
                    "the view {view} differs from its rebuild at row {}",
                    name(row, width)
                )));
            }
        }
        if let Some(row) = theirs.get(ours.len()) {
            return Ok(Some(format!("the view {view} lacks row {}", name(row, width))));
        }
        let Some(last) = ours.last() else { return Ok(None) };
        values = (0..width).map(|column| own(last.cell(column))).collect();
        values.push(ROWS.into());
        sql = &next;
    }
}

/// A row by its key.
fn name(row: &Row, width: usize) -> String {
    let parts: Vec<String> = (0..width)
        .map(|column| match row.cell(column) {
            Cell::Int(int) => int.to_string(),
            Cell::Text(text) | Cell::Bytes(text) => String::from_utf8_lossy(text).into_owned(),
            Cell::Null | Cell::Other => "?".to_owned(),
        })
        .collect();
    parts.join(" ")
}

fn own(cell: Cell<'_>) -> crate::database::Value<'static> {
    match cell {
        Cell::Int(int) => int.into(),
        Cell::Bytes(bytes) => bytes.to_vec().into(),
        Cell::Text(text) => String::from_utf8_lossy(text).into_owned().into(),
        Cell::Null | Cell::Other => crate::database::Value::Text(None),
    }
}
