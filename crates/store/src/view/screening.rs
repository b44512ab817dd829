//! Lists of those under measures, their editions, and cases: a row for each stretch of days in which one stands as it
//! does.

use serde::Serialize;

use entente_register::ledger::{Fact, SubjectKind};
use entente_register::screening::{Case, List};

use super::buffer::Buffer;
use super::folded::Folded;
use super::{absent, content_of, state_of};
use crate::database::Connection;
use crate::error::Fault;
use crate::ledger::Recorded;

const DOING: &str = "writing lists and cases";

/// The tables `screening` and `list_edition`.
pub(super) struct Screenings {
    rows: Folded,
    editions: Buffer,
}

impl Default for Screenings {
    fn default() -> Screenings {
        Screenings {
            rows: Folded::new(
                DOING,
                ("screening", "list or case"),
                ("kind, list, party, entry, label", "state, score, content"),
                "INSERT INTO screening (number, valid_from, valid_to, known_from, known_to, kind, list, party, entry, label, state, score, content)",
            ),
            editions: Buffer::inserting(
                DOING,
                "INSERT INTO list_edition (list, known_from, content, loaded_on, label, whole)",
                "",
            ),
        }
    }
}

/// What a folded state leaves in the columns of a row.
struct Columns {
    list: String,
    /// Of a case: the party and the entry.
    pair: Option<(String, String)>,
    state: &'static str,
    score: Option<i64>,
    content: String,
}

impl Screenings {
    /// Changes the tables by one event of a list or a case.
    pub(super) async fn apply(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        label: i64,
    ) -> Result<(), Fault> {
        let event = &recorded.event;
        let key = event.subject.key.as_str();
        let before = self.rows.before(connection, recorded).await?;
        let what = (&event.fact, event.reason.as_deref());
        let columns = match event.subject.kind {
            SubjectKind::List => {
                let mut state: Option<List> =
                    before.as_deref().map(|content| state_of(DOING, content)).transpose()?;
                List::apply(&mut state, &event.subject, event.occurred_on, &recorded.actor, what);
                let list = state.ok_or_else(|| absent("list", key))?;
                if let (Fact::ListEditionLoaded(_), Some(edition)) = (&event.fact, &list.edition) {
                    self.editions.insert(vec![
                        key.to_owned().into(),
                        recorded.sequence.into(),
                        edition.content().to_owned().into(),
                        event.occurred_on.into(),
                        label.into(),
                        whole(edition)?.into(),
                    ]);
                }
                Columns {
                    list: list.name.clone(),
                    pair: None,
                    state: list.policy.standing.word(),
                    score: None,
                    content: whole(&list)?,
                }
            }
            _ => {
                let mut state: Option<Case> =
                    before.as_deref().map(|content| state_of(DOING, content)).transpose()?;
                let by = (recorded.actor.as_str(), &event.label);
                Case::apply(&mut state, &event.subject, event.occurred_on, by, what);
                let case = state.ok_or_else(|| absent("case", key))?;
                Columns {
                    list: case.list.clone(),
                    pair: Some((case.party.clone(), case.entry.clone())),
                    state: case.state,
                    score: Some(i64::from(case.hit.score)),
                    content: whole(&case)?,
                }
            }
        };
        let (party, entry) = columns.pair.unzip();
        let kept =
            [event.subject.kind.word().into(), columns.list.into(), party.into(), entry.into(), label.into()];
        let changed = vec![columns.state.into(), columns.score.into(), columns.content.into()];
        self.rows.put(connection, recorded, kept, changed).await
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.rows.gathered() + self.editions.len()
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.rows.flush(connection).await?;
        self.editions.flush(connection).await
    }
}

fn whole<T: Serialize>(of: &T) -> Result<String, Fault> {
    content_of(DOING, of)
}
