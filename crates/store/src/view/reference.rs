//! The numbers that others give: which contract, line, delivery, instalment or receipt bears one.

use std::collections::HashMap;

use super::buffer::Buffer;
use crate::database::{Connection, Value};
use crate::error::Fault;

/// Within what a reference tells one subject from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope<'s> {
    /// Contracts, of which several may bear one reference.
    Contracts,
    /// Lines of the contract with this number.
    LinesOf(&'s str),
    /// Deliveries of the contract with this number.
    DeliveriesOf(&'s str),
    /// Instalments of the contract with this number.
    InstalmentsOf(&'s str),
    /// Receipts of the contract with this number.
    ReceiptsOf(&'s str),
}

impl Scope<'_> {
    fn word(self) -> String {
        match self {
            Scope::Contracts => "contract".to_owned(),
            Scope::LinesOf(contract) => format!("line {contract}"),
            Scope::DeliveriesOf(contract) => format!("delivery {contract}"),
            Scope::InstalmentsOf(contract) => format!("instalment {contract}"),
            Scope::ReceiptsOf(contract) => format!("receipt {contract}"),
        }
    }
}

/// References remembered at most between writings.
const MOST: usize = 100_000;

/// References looked for by one statement.
const AT_ONCE: usize = 200;

/// The table `external_reference`.
pub(super) struct References {
    /// Numbers of subjects by scope and reference, of those asked for: what is here is all there is.
    known: HashMap<(String, String), Vec<String>>,
    rows: Buffer,
}

impl Default for References {
    fn default() -> References {
        References {
            known: HashMap::new(),
            rows: Buffer::inserting(
                "writing references",
                "INSERT INTO external_reference (scope, reference, subject, known_from)",
                "",
            ),
        }
    }
}

impl References {
    /// Adds the reference of a new subject.
    pub(super) fn add(&mut self, scope: Scope<'_>, reference: &str, subject: &str, sequence: i64) {
        let key = (scope.word(), reference.to_owned());
        if let Some(subjects) = self.known.get_mut(&key) {
            subjects.push(subject.to_owned());
        }
        self.rows.insert(vec![key.0.into(), key.1.into(), subject.to_owned().into(), sequence.into()]);
    }

    /// The subjects with a reference, in the order of their numbers.
    pub(super) async fn find(
        &mut self,
        connection: &mut Connection<'_>,
        scope: Scope<'_>,
        reference: &str,
    ) -> Result<Vec<String>, Fault> {
        let key = (scope.word(), reference.to_owned());
        if !self.known.contains_key(&key) {
            self.load(connection, std::slice::from_ref(&key)).await?;
        }
        Ok(self.known.get(&key).cloned().unwrap_or_default())
    }

    /// Looks for many at once, so that finding them asks the database no more.
    pub(super) async fn prefetch(
        &mut self,
        connection: &mut Connection<'_>,
        wanted: impl Iterator<Item = (Scope<'_>, &str)>,
    ) -> Result<(), Fault> {
        let mut keys: Vec<(String, String)> = wanted
            .map(|(scope, reference)| (scope.word(), reference.to_owned()))
            .filter(|key| !self.known.contains_key(key))
            .collect();
        keys.sort();
        keys.dedup();
        for keys in keys.chunks(AT_ONCE) {
            self.load(connection, keys).await?;
        }
        Ok(())
    }

    async fn load(
        &mut self,
        connection: &mut Connection<'_>,
        keys: &[(String, String)],
    ) -> Result<(), Fault> {
        // What waits to be written is not in the table yet.
        self.rows.flush(connection).await?;
        let mut values: Vec<Value<'_>> = Vec::with_capacity(keys.len() * 2);
        let mut conditions = Vec::with_capacity(keys.len());
        for (scope, reference) in keys {
            values.push(scope.into());
            values.push(reference.into());
            conditions.push(format!("(scope = ${} AND reference = ${})", values.len() - 1, values.len()));
        }
        let sql = format!(
            "SELECT scope, reference, subject FROM external_reference WHERE {} ORDER BY scope, reference, subject",
            conditions.join(" OR ")
        );
        let rows = connection.fetch("looking for references", &sql, &values).await?;
        for key in keys {
            self.known.insert(key.clone(), Vec::new());
        }
        for row in rows {
            self.known.entry((row.text(0)?, row.text(1)?)).or_default().push(row.text(2)?);
        }
        Ok(())
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.rows.len()
    }

    /// Writes what is gathered, and forgets what is known if that is much.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.rows.flush(connection).await?;
        if self.known.len() > MOST {
            self.known.clear();
        }
        Ok(())
    }
}
