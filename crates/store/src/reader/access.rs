//! What an actor may read: rights by role, and the markings within the clearance.
//!
//! The lattice of markings is worked out here, once a reader; SQL only ever sees a
//! set of label identifiers.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::access::{Actor, Extent, READ_RIGHTS, Reading, may_read};
use entente_register::label::{Clearance, Label};
use entente_register::ledger::{Fallible, Refusal};

use crate::database::Connection;
use crate::error::Fault;

/// The labels that the ledger has named, and which of them the actor may see.
#[derive(Debug)]
pub(super) struct Labels {
    all: BTreeMap<i64, Label>,
    allowed: BTreeSet<i64>,
}

impl Labels {
    /// Reads all labels and asks the clearance of each. They are few.
    pub(super) async fn load(
        connection: &mut Connection<'_>,
        clearance: &Clearance,
    ) -> Result<Labels, Fault> {
        let doing = "reading the labels";
        let mut labels = Labels { all: BTreeMap::new(), allowed: BTreeSet::new() };
        for row in connection.fetch(doing, "SELECT id, text FROM label ORDER BY id", &[]).await? {
            let id = row.int(0)?;
            let label: Label =
                row.text_ref(1)?.parse().map_err(|e: Refusal| Fault::damaged(doing, e.message))?;
            if clearance.admits(&label) {
                labels.allowed.insert(id);
            }
            labels.all.insert(id, label);
        }
        Ok(labels)
    }

    /// `AND column IN (…)`, or nothing where the actor may see every label that there is.
    ///
    /// The identifiers are integers of the register's own table and stand in the text itself.
    pub(super) fn filter(&self, column: &str) -> String {
        if self.allowed.len() == self.all.len() {
            return String::new();
        }
        if self.allowed.is_empty() {
            return "AND 1 = 0".to_owned();
        }
        let ids: Vec<String> = self.allowed.iter().map(i64::to_string).collect();
        format!("AND {column} IN ({})", ids.join(", "))
    }

    /// `AND …`: the column names no marking, or one that the actor may not see.
    pub(super) fn unless(&self, column: &str) -> String {
        if self.allowed.is_empty() {
            return String::new();
        }
        if self.allowed.len() == self.all.len() {
            return format!("AND {column} IS NULL");
        }
        let ids: Vec<String> = self.allowed.iter().map(i64::to_string).collect();
        format!("AND ({column} IS NULL OR {column} NOT IN ({}))", ids.join(", "))
    }

    /// Whether the register has markings that the reader may not see.
    pub(super) fn hides_any(&self) -> bool {
        self.allowed.len() != self.all.len()
    }

    /// The label with this identifier.
    pub(super) fn get(&self, id: i64) -> Result<&Label, Fault> {
        self.all.get(&id).ok_or_else(|| Fault::damaged("reading a label", format!("there is no label {id}")))
    }

    /// The join of all labels that the actor may see; none where there are none.
    pub(super) fn join_of_allowed(&self) -> Result<Option<Label>, Fault> {
        self.join(self.allowed.iter().copied())
    }

    /// The join of the labels with these identifiers; none of none.
    pub(super) fn join(&self, ids: impl IntoIterator<Item = i64>) -> Result<Option<Label>, Fault> {
        let mut joined: Option<Label> = None;
        for id in ids.into_iter().collect::<BTreeSet<i64>>() {
            joined = join(joined, self.get(id)?);
        }
        Ok(joined)
    }
}

/// The join of what is so far and one more label.
pub(super) fn join(so_far: Option<Label>, label: &Label) -> Option<Label> {
    Some(so_far.map_or_else(|| label.clone(), |joined| joined.join(label)))
}

/// How far the actor may read.
///
/// # Errors
/// `access.read`, naming the roles that may.
pub(super) fn check(actor: &Actor, reading: Reading) -> Fallible<Extent> {
    may_read(actor, reading).ok_or_else(|| {
        let roles = READ_RIGHTS.iter().find(|row| row.0 == reading).map_or(&[][..], |row| row.1);
        let names: Vec<&str> = roles.iter().map(|(role, _)| role.name()).collect();
        Refusal::new("access.read", format!("{} may not read this ({}).", actor.name, reading.word()))
            .missing(format!("one of the roles {}", names.join(", ")))
    })
}
