//! Exporting the ledger: every event as a line of JSON, its payload embedded as it is stored.

use entente_register::access::{Actor, Reading, may_read};
use entente_register::ledger::Refusal;

use super::EVENT_COLUMNS;
use super::rebuild::{AT_ONCE, Progress};
use crate::database::{Cell, Row};
use crate::error::{Fault, FaultKind, Outcome};
use crate::store::Store;

impl Store {
    /// Writes all events in order to `sink`, one JSON object a line, and gives how many.
    ///
    /// An export holds every payload, whatever its marking: it is for those who may read the ledger
    /// and from whom nothing is hidden.
    ///
    /// # Errors
    /// `access.read` if the actor may not; a fault if an event cannot be read, or the sink takes no more.
    pub async fn export(
        &self,
        actor: &Actor,
        sink: &mut (dyn FnMut(&[u8]) -> std::io::Result<()> + Send),
        progress: Progress,
    ) -> Outcome<i64> {
        if may_read(actor, Reading::Ledger).is_none() || !actor.clearance.is_full() {
            return Err(Refusal::new("access.read", "You may not export the ledger.")
                .missing("a role that reads the ledger, and full clearance")
                .into());
        }
        let mut transaction = self.database.read().await?;
        let mut connection = transaction.connection();
        let last = super::Head::read(&mut connection).await?.sequence;
        let sql = format!("SELECT {EVENT_COLUMNS} FROM event WHERE sequence > $1 ORDER BY sequence LIMIT $2");
        let mut done = 0;
        let mut count = 0;
        loop {
            let rows = connection.fetch("reading events", &sql, &[done.into(), AT_ONCE.into()]).await?;
            let Some(end) = rows.last() else { return Ok(count) };
            done = end.int(0)?;
            let mut lines = Vec::with_capacity(rows.len() * 800);
            for row in &rows {
                write_line(row, &mut lines)?;
                count += 1;
            }
            sink(&lines).map_err(|e| Fault {
                kind: match e.kind() {
                    std::io::ErrorKind::StorageFull => FaultKind::DiskFull,
                    _ => FaultKind::Internal,
                },
                doing: "writing the export".to_owned(),
                cause: e.to_string(),
            })?;
            progress(done, last);
        }
    }
}

/// One event; keys in the order of the table.
fn write_line(row: &Row, out: &mut Vec<u8>) -> Result<(), Fault> {
    let damaged = |column: &str| Fault::damaged("exporting an event", format!("{column} cannot be read"));
    for (position, column) in EVENT_COLUMNS.split(", ").enumerate() {
        out.extend_from_slice(if position == 0 { b"{\"" } else { b",\"" });
        out.extend_from_slice(column.as_bytes());
        out.extend_from_slice(b"\":");
        match row.cell(position) {
            Cell::Null => out.extend_from_slice(b"null"),
            Cell::Int(int) => out.extend_from_slice(int.to_string().as_bytes()),
            Cell::Bytes(bytes) => {
                out.push(b'"');
                out.extend_from_slice(hex::encode(bytes).as_bytes());
                out.push(b'"');
            }
            Cell::Text(bytes) if column == "payload" => {
                // As it is: but what is no JSON, or has a line break, would break the file.
                let sound = serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok();
                if !sound || bytes.contains(&b'\n') {
                    return Err(damaged(column));
                }
                out.extend_from_slice(bytes);
            }
            Cell::Text(bytes) => {
                let text = std::str::from_utf8(bytes).map_err(|_| damaged(column))?;
                serde_json::to_writer(&mut *out, text).map_err(|_| damaged(column))?;
            }
            Cell::Other => return Err(damaged(column)),
        }
    }
    out.extend_from_slice(b"}\n");
    Ok(())
}
