//! The numbers that others give: which contract, line, delivery, instalment or receipt bears one.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher as _;

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
    /// Opportunities, of which several may bear one reference.
    Opportunities,
}

impl Scope<'_> {
    fn word(self) -> String {
        match self {
            Scope::Contracts => "contract".to_owned(),
            Scope::LinesOf(contract) => format!("line {contract}"),
            Scope::DeliveriesOf(contract) => format!("delivery {contract}"),
            Scope::InstalmentsOf(contract) => format!("instalment {contract}"),
            Scope::ReceiptsOf(contract) => format!("receipt {contract}"),
            Scope::Opportunities => "opportunity".to_owned(),
        }
    }
}

/// References remembered at most between writings.
const MOST: usize = 100_000;

/// References written by one transaction of which it is remembered that they were.
const MOST_WRITTEN: usize = 4_000_000;

/// References looked for by one statement.
const AT_ONCE: usize = 200;

/// The table `external_reference`.
pub(super) struct References {
    /// Numbers of subjects by scope and reference, of those asked for: what is here is all there is.
    known: HashMap<(String, String), Vec<String>>,
    written: Written,
    rows: Buffer,
}

/// Which references this transaction has written: of all others, the table says what it said before.
#[derive(Default)]
struct Written {
    /// By their hashes. That two are alike costs a reading, and no more.
    hashes: HashSet<u64>,
    hasher: std::hash::RandomState,
    /// More than are remembered.
    too_many: bool,
}

impl Written {
    fn note(&mut self, key: &(String, String)) {
        self.too_many |= self.hashes.len() >= MOST_WRITTEN;
        if !self.too_many {
            self.hashes.insert(self.hasher.hash_one(key));
        }
    }

    fn may_hold(&self, key: &(String, String)) -> bool {
        self.too_many || self.hashes.contains(&self.hasher.hash_one(key))
    }
}

impl Default for References {
    fn default() -> References {
        References {
            known: HashMap::new(),
            written: Written::default(),
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
        self.written.note(&key);
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
        let (written, others): (Vec<_>, Vec<_>) =
            keys.into_iter().partition(|key| self.written.may_hold(key));
        for keys in others.chunks(AT_ONCE).chain(written.chunks(AT_ONCE)) {
            self.load(connection, keys).await?;
        }
        Ok(())
    }

    async fn load(
        &mut self,
        connection: &mut Connection<'_>,
        keys: &[(String, String)],
    ) -> Result<(), Fault> {
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
        let doing = "looking for references";
        let rows = if keys.iter().any(|key| self.written.may_hold(key)) {
            // What waits to be written is not in the table yet.
            self.rows.flush(connection).await?;
            connection.fetch(doing, &sql, &values).await?
        } else {
            connection.fetch_before(doing, &sql, &values).await?
        };
        for key in keys {
            self.known.insert(key.clone(), Vec::new());
        }
        for row in rows {
            self.known.entry((row.text(0)?, row.text(1)?)).or_default().push(row.text(2)?);
        }
        Ok(())
    }

    /// What was written is committed: all of it can be read again.
    pub(super) fn committed(&mut self) {
        self.written = Written::default();
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
