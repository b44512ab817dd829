//! What transfers are weighed by: a row for each stretch of days in which a file stands as it does.

use entente_register::ledger::Fact;
use entente_register::transfer::guidance::control_list::ControlList;
use entente_register::transfer::guidance::{Edition, Guidance, GuidanceContent};

use super::NO_END;
use super::buffer::Buffer;
use super::folded::Folded;
use super::{absent, content_of, state_of};
use crate::database::{Connection, Value};
use crate::error::Fault;
use crate::ledger::Recorded;

const DOING: &str = "writing what transfers are weighed by";

/// The tables `guidance` and `control_entry`.
pub(super) struct Guidances {
    rows: Folded,
    entries: Buffer,
}

impl Default for Guidances {
    fn default() -> Guidances {
        Guidances {
            rows: Folded::new(
                DOING,
                ("guidance", "file of guidance"),
                (
                    "kind, label",
                    "territory, party, state, title, due_on, edition, edition_words, counts_until, content",
                ),
                "INSERT INTO guidance (number, valid_from, valid_to, known_from, known_to, kind, label, territory, party, state, title, due_on, edition, edition_words, counts_until, content)",
            ),
            entries: Buffer::inserting(
                DOING,
                "INSERT INTO control_entry (list, edition, family, entry_key, known_from, entry, title, text, is_divided)",
                "",
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
        if let (Fact::GuidanceProposed(proposed), Some(edition)) = (&event.fact, this.editions.last())
            && let GuidanceContent::ControlList(list) = &proposed.content
        {
            self.note_entries(recorded, edition.number, list);
        }
        let content = content_of(DOING, &this)?;
        let shown = this.shown().map(|edition| &edition.content);
        let counts = this.in_force().map(|edition| &edition.content);
        // What was ended counts up to its last day.
        let counting = this.in_force().or(this.editions.iter().rev().find(|edition| edition.ended.is_some()));
        let text = |text: Option<&str>| text.map(str::to_owned);
        let changed = vec![
            text(shown.and_then(|content| content.territory())).into(),
            text(shown.and_then(|content| content.party())).into(),
            this.standing().to_owned().into(),
            shown.map(|content| content.title()).unwrap_or_default().into(),
            counts.and_then(|content| content.due_on()).map(|on| on.to_string()).into(),
            counting.map(|edition| i64::from(edition.number)).into(),
            counting.map(Edition::words).into(),
            counting.map(|edition| edition.ended.map_or(NO_END.to_owned(), |until| until.to_string())).into(),
            content.into(),
        ];
        let kept = [this.kind.word().to_owned().into(), label.into()];
        self.rows.put(connection, recorded, kept, changed).await
    }

    /// The entries of an edition of a control list.
    fn note_entries(&mut self, recorded: &Recorded, edition: u32, list: &ControlList) {
        let mut family = None;
        let mut row = |of: &str, key: String, entry: [&str; 2], text: Option<String>, is_divided: bool| {
            let values: Vec<Value<'static>> = vec![
                recorded.event.subject.key.clone().into(),
                i64::from(edition).into(),
                of.to_owned().into(),
                key.into(),
                recorded.sequence.into(),
                entry[0].to_owned().into(),
                entry[1].to_owned().into(),
                text.into(),
                i64::from(is_divided).into(),
            ];
            self.entries.insert(values);
        };
        for of in list.rows() {
            if family.replace(of.family) != Some(of.family) {
                row(of.family.word(), String::new(), ["", ""], None, false);
            }
            let entry = [of.entry.entry.as_str(), of.entry.title.as_str()];
            row(of.family.word(), of.key, entry, of.entry.text.clone(), of.is_divided);
        }
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.rows.gathered() + self.entries.len()
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.rows.flush(connection).await?;
        self.entries.flush(connection).await
    }
}
