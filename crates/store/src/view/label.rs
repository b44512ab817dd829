//! Labels: few, each with an identifier, so that a reader's labels are a small set.

use std::collections::HashMap;

use entente_register::label::Label;

use super::buffer::Buffer;
use crate::database::Connection;
use crate::error::Fault;

/// The table `label`.
pub(super) struct Labels {
    known: Option<HashMap<Label, i64>>,
    rows: Buffer,
}

impl Default for Labels {
    fn default() -> Labels {
        Labels { known: None, rows: Buffer::inserting("writing labels", "INSERT INTO label (id, text)", "") }
    }
}

impl Labels {
    /// The identifier of a label; a new one gets the next.
    pub(super) async fn id(&mut self, connection: &mut Connection<'_>, label: &Label) -> Result<i64, Fault> {
        self.load(connection).await?;
        let known = self.known.get_or_insert_with(HashMap::new);
        if let Some(id) = known.get(label) {
            return Ok(*id);
        }
        let id = known.values().max().copied().unwrap_or(0) + 1;
        known.insert(label.clone(), id);
        self.rows.insert(vec![id.into(), label.to_string().into()]);
        Ok(id)
    }

    async fn load(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        if self.known.is_some() {
            return Ok(());
        }
        let mut known = HashMap::new();
        for row in connection.fetch_before("reading labels", "SELECT id, text FROM label", &[]).await? {
            let text = row.text_ref(1)?;
            let label: Label = text.parse().map_err(|e| Fault::damaged("reading labels", e))?;
            known.insert(label, row.int(0)?);
        }
        self.known = Some(known);
        Ok(())
    }

    /// The label with an identifier.
    pub(super) async fn of(&mut self, connection: &mut Connection<'_>, id: i64) -> Result<Label, Fault> {
        // Whoever asks for one has the others read.
        self.load(connection).await?;
        let known = self.known.iter().flatten().find(|(_, known)| **known == id);
        let label = known.map(|(label, _)| label.clone());
        label.ok_or_else(|| Fault::damaged("reading labels", format!("there is no label {id}")))
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.rows.flush(connection).await
    }
}
