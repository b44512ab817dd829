//! What transfers are weighed by: a row for each stretch of days in which a file stands as it does.

use entente_register::transfer::guidance::Guidance;

use super::folded::Folded;
use super::{absent, content_of, state_of};
use crate::database::Connection;
use crate::error::Fault;
use crate::ledger::Recorded;

const DOING: &str = "writing what transfers are weighed by";

/// The table `guidance`.
pub(super) struct Guidances {
    rows: Folded,
}

impl Default for Guidances {
    fn default() -> Guidances {
        Guidances {
            rows: Folded::new(
                DOING,
                ("guidance", "file of guidance"),
                ("kind, label", "territory, party, state, title, due_on, content"),
                "INSERT INTO guidance (number, valid_from, valid_to, known_from, known_to, kind, label, territory, party, state, title, due_on, content)",
            ),
        }
    }
}

impl Guidances {
    /// Changes the table by one event of a file.
    pub(super) async fn apply(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        label: i64,
    ) -> Result<(), Fault> {
        let event = &recorded.event;
        let before = self.rows.before(connection, recorded).await?;
        let mut state: Option<Guidance> =
            before.as_deref().map(|content| state_of(DOING, content)).transpose()?;
        let by = (recorded.actor.as_str(), &event.label);
        Guidance::apply(&mut state, &event.subject, event.occurred_on, by, &event.fact);
        let this = state.ok_or_else(|| absent("guidance", &event.subject.key))?;
        let content = content_of(DOING, &this)?;
        let shown = this.shown().map(|edition| &edition.content);
        let counts = this.in_force().map(|edition| &edition.content);
        let text = |text: Option<&str>| text.map(str::to_owned);
        let changed = vec![
            text(shown.and_then(|content| content.territory())).into(),
            text(shown.and_then(|content| content.party())).into(),
            this.standing().to_owned().into(),
            shown.map(|content| content.title()).unwrap_or_default().into(),
            counts.and_then(|content| content.due_on()).map(|on| on.to_string()).into(),
            content.into(),
        ];
        let kept = [this.kind.word().to_owned().into(), label.into()];
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
