//! Files of embargo rules, and the policy that says whose measures bind: a row for each stretch of days in which one
//! stands as it does.

use entente_register::embargo::{PolicyState, RuleFile};
use entente_register::ledger::SubjectKind;

use super::folded::Folded;
use super::{absent, content_of, state_of};
use crate::database::Connection;
use crate::error::Fault;
use crate::ledger::Recorded;

const DOING: &str = "writing embargo rules";

/// The table `embargo`.
pub(super) struct Embargoes {
    rows: Folded,
}

impl Default for Embargoes {
    fn default() -> Embargoes {
        Embargoes {
            rows: Folded::new(
                DOING,
                ("embargo", "rule file or policy"),
                ("kind, label", "state, in_force, content"),
                "INSERT INTO embargo (number, valid_from, valid_to, known_from, known_to, kind, label, state, in_force, content)",
            ),
        }
    }
}

impl Embargoes {
    /// Changes the table by one event of a rule file or of the policy.
    pub(super) async fn apply(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        label: i64,
    ) -> Result<(), Fault> {
        let event = &recorded.event;
        let key = event.subject.key.as_str();
        let before = self.rows.before(connection, recorded).await?;
        let before = before.as_deref();
        let what = (&event.fact, event.reason.as_deref());
        let (kind, state, in_force, content) = match event.subject.kind {
            SubjectKind::Policy => {
                let mut state: Option<PolicyState> =
                    before.map(|content| state_of(DOING, content)).transpose()?;
                PolicyState::apply(&mut state, &event.subject, event.occurred_on, &recorded.actor, what);
                let policy = state.ok_or_else(|| absent("policy", key))?;
                ("policy", policy.latest.state, None, content_of(DOING, &policy)?)
            }
            _ => {
                let mut state: Option<RuleFile> =
                    before.map(|content| state_of(DOING, content)).transpose()?;
                RuleFile::apply(&mut state, &event.subject, event.occurred_on, &recorded.actor, what);
                let file = state.ok_or_else(|| absent("rule file", key))?;
                let in_force = file.in_force.as_ref().map(|edition| edition.proposed.content.clone());
                (file.kind.word(), file.latest.state, in_force, content_of(DOING, &file)?)
            }
        };
        let (kept, changed) =
            ([kind.into(), label.into()], vec![state.into(), in_force.into(), content.into()]);
        self.rows.put(connection, recorded, kept, changed).await
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.rows.gathered()
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.rows.flush(connection).await
    }
}
