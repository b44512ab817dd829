//! Documents: which subjects name them.

use super::buffer::Buffer;
use crate::database::Connection;
use crate::error::Fault;
use crate::ledger::Recorded;

/// The table `document_use`.
pub(super) struct Documents {
    rows: Buffer,
}

impl Default for Documents {
    fn default() -> Documents {
        Documents {
            rows: Buffer::inserting(
                "writing the uses of documents",
                "INSERT INTO document_use (content, subject)",
                "ON CONFLICT (content, subject) DO NOTHING",
            ),
        }
    }
}

impl Documents {
    /// Notes the documents that an event names, where the register holds their bytes.
    pub(super) fn note(&mut self, recorded: &Recorded) {
        let event = &recorded.event;
        for content in event.fact.documents().into_iter().filter_map(|document| document.content.as_ref()) {
            self.rows.insert(vec![content.clone().into(), event.subject.to_string().into()]);
        }
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.rows.len()
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.rows.flush(connection).await
    }
}
