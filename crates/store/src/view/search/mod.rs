//! What is searched: the texts of subjects, and their words.
//!
//! A text is a row for each stretch of days in which it stands, as any other view; it is closed and a new one
//! opened only where the text changes, which is rarely. Deliveries have none: they are a hundred to each line, and
//! found by their numbers.

mod gather;
mod transfer;

use std::collections::HashMap;

use jiff::civil::Date;

use entente_register::search::{SearchField, SearchKind, number, words};

use super::buffer::Buffer;
use super::{NO_END, STANDING, absent};
use crate::database::{Connection, Row, Value};
use crate::error::Fault;

const DOING: &str = "writing what is searched";

/// The columns of a text as it stands, in the order in which [`Standing::read`] reads them.
const COLUMNS: &str = "id, valid_from, kind, subject, item, name, partner, field, text, label, own_label, reading, scope, content, result";

/// Texts of one event at most, as their identifiers have room for. No rule lets an event have more than some hundreds.
const MOST_OF_EVENT: i64 = 1 << 20;

/// The tables `search_text` and `search_word`.
pub(super) struct Search {
    texts: Buffer,
    words: Buffer,
    /// Names of partners, of those met so far.
    partners: HashMap<String, String>,
    /// Names and labels of parties, of those met so far.
    parties: HashMap<String, (String, i64)>,
    /// The event whose texts are written, and how many it has.
    event: (i64, i64),
}

/// A text of what can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Text {
    kind: SearchKind,
    subject: String,
    item: i64,
    name: String,
    partner: Option<String>,
    field: SearchField,
    text: String,
    label: Option<i64>,
    own_label: Option<i64>,
    reading: String,
    scope: String,
    content: Option<String>,
}

/// A text as its row stands.
struct Standing {
    id: i64,
    result: i64,
    valid_from: Date,
    text: Text,
}

impl Default for Search {
    fn default() -> Search {
        Search {
            texts: Buffer::inserting(
                DOING,
                "INSERT INTO search_text (id, result, kind, subject, item, name, partner, field, text, whole, label, own_label, reading, scope, content, valid_from, valid_to, known_from, known_to)",
                "",
            ),
            words: Buffer::inserting(DOING, "INSERT INTO search_word (kind, word, text)", ""),
            partners: HashMap::new(),
            parties: HashMap::new(),
            event: (0, 0),
        }
    }
}

impl Search {
    /// Adds the texts of a new result, which stand from a day on.
    fn add(&mut self, sequence: i64, from: Date, texts: impl IntoIterator<Item = Text>) -> Result<(), Fault> {
        let mut result = None;
        for text in texts {
            result = Some(self.insert(sequence, &text, result, (from, NO_END.into()))?);
        }
        Ok(())
    }

    /// Adds a text with its words. Gives the identifier of its result; where none is given, it is the first of one.
    fn insert(
        &mut self,
        sequence: i64,
        text: &Text,
        result: Option<i64>,
        (from, to): (Date, Value<'static>),
    ) -> Result<i64, Fault> {
        if self.event.0 != sequence {
            self.event = (sequence, 0);
        }
        let place = self.event.1;
        self.event.1 += 1;
        // So a rebuilt row has the number of the one before, and nobody has to ask which was the last.
        let id = sequence
            .checked_mul(MOST_OF_EVENT)
            .filter(|_| place < MOST_OF_EVENT)
            .and_then(|first| first.checked_add(place))
            .ok_or_else(|| Fault::internal(DOING, format!("event {sequence} has too many texts")))?;
        self.texts.insert(vec![
            id.into(),
            result.unwrap_or(id).into(),
            text.kind.word().into(),
            text.subject.clone().into(),
            text.item.into(),
            text.name.clone().into(),
            text.partner.clone().into(),
            text.field.word().into(),
            text.text.clone().into(),
            text.field.is_number().then(|| number(&text.text)).into(),
            text.label.into(),
            text.own_label.into(),
            text.reading.clone().into(),
            text.scope.clone().into(),
            text.content.clone().into(),
            from.into(),
            to,
            sequence.into(),
            STANDING.into(),
        ]);
        for word in words(&text.text) {
            self.words.insert(vec![text.kind.word().into(), word.into(), id.into()]);
        }
        Ok(result.unwrap_or(id))
    }

    /// Changes the texts of what was found so far under a kind and subject, from a day on: what was so before the
    /// day stays so, and is known to end on it.
    async fn change(
        &mut self,
        connection: &mut Connection<'_>,
        sequence: i64,
        (kind, subject): (SearchKind, &str),
        on: Date,
        with: impl FnOnce(Vec<Text>) -> Vec<Text>,
    ) -> Result<(), Fault> {
        self.flush(connection).await?;
        let sql = format!(
            "SELECT {COLUMNS} FROM search_text WHERE subject = $1 AND kind = $2 AND item = 0 AND known_to = $3 AND valid_to = $4 ORDER BY id"
        );
        let values = [subject.into(), kind.word().into(), STANDING.into(), NO_END.into()];
        let rows = connection.fetch(DOING, &sql, &values).await?;
        let standing = rows.iter().map(Standing::read).collect::<Result<Vec<_>, Fault>>()?;
        let first = standing.first().ok_or_else(|| absent("text of", subject))?;
        let from = on.max(first.valid_from);
        let before: Vec<Text> = standing.iter().map(|row| row.text.clone()).collect();
        let after = with(before.clone());
        for row in standing.iter().filter(|row| !after.contains(&row.text)) {
            let sql = "UPDATE search_text SET known_to = $1 WHERE id = $2";
            connection.execute(DOING, sql, &[sequence.into(), row.id.into()]).await?;
            if row.valid_from < from {
                self.insert(sequence, &row.text, Some(row.result), (row.valid_from, from.into()))?;
            }
        }
        for text in after.iter().filter(|text| !before.contains(text)) {
            self.insert(sequence, text, Some(first.result), (from, NO_END.into()))?;
        }
        Ok(())
    }

    /// Takes back all texts of a subject: it never was, as known from here on.
    async fn take_back(
        &mut self,
        connection: &mut Connection<'_>,
        sequence: i64,
        subject: &str,
    ) -> Result<(), Fault> {
        self.flush(connection).await?;
        let sql = "UPDATE search_text SET known_to = $1 WHERE subject = $2 AND known_to = $3";
        connection.execute(DOING, sql, &[sequence.into(), subject.into(), STANDING.into()]).await?;
        Ok(())
    }

    /// A partner as texts name it: `Brazil (BRA)`.
    async fn partner(&mut self, connection: &mut Connection<'_>, code: &str) -> Result<String, Fault> {
        self.state(connection, code).await?.ok_or_else(|| absent("partner", code))
    }

    /// A state as texts name it, if it is a partner.
    async fn state(&mut self, connection: &mut Connection<'_>, code: &str) -> Result<Option<String>, Fault> {
        if !self.partners.contains_key(code) {
            let sql = "SELECT name FROM partner WHERE code = $1";
            match connection.fetch_before(DOING, sql, &[code.into()]).await?.pop() {
                Some(row) => self.partners.insert(code.to_owned(), row.text(0)?),
                None => return Ok(None),
            };
        }
        let name = self.partners.get(code).map_or(code, String::as_str);
        Ok(Some(format!("{name} ({code})")))
    }

    /// A party as texts name it, `Example Works (O-P0001)`, and the identifier of its label.
    async fn party(&mut self, connection: &mut Connection<'_>, number: &str) -> Result<(String, i64), Fault> {
        if !self.parties.contains_key(number) {
            let sql = "SELECT name, label FROM party WHERE number = $1";
            let row = connection.fetch_before(DOING, sql, &[number.into()]).await?.pop();
            let row = row.ok_or_else(|| absent("party", number))?;
            self.parties.insert(number.to_owned(), (row.text(0)?, row.int(1)?));
        }
        let (name, label) = self.parties.get(number).ok_or_else(|| absent("party", number))?;
        Ok((format!("{name} ({number})"), *label))
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.texts.len() + self.words.len()
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.texts.flush(connection).await?;
        self.words.flush(connection).await
    }
}

impl Standing {
    /// A row of [`COLUMNS`].
    fn read(row: &Row) -> Result<Standing, Fault> {
        let kind: SearchKind = row.text_ref(2)?.parse().map_err(|e| Fault::damaged(DOING, e))?;
        let field: SearchField = row.text_ref(7)?.parse().map_err(|e| Fault::damaged(DOING, e))?;
        let label = |column| if row.is_null(column) { Ok(None) } else { row.int(column).map(Some) };
        Ok(Standing {
            id: row.int(0)?,
            result: row.int(14)?,
            valid_from: row.date(1)?,
            text: Text {
                kind,
                subject: row.text(3)?,
                item: row.int(4)?,
                name: row.text(5)?,
                partner: row.optional_text(6)?,
                field,
                text: row.text(8)?,
                label: label(9)?,
                own_label: label(10)?,
                reading: row.text(11)?,
                scope: row.text(12)?,
                content: row.optional_text(13)?,
            },
        })
    }
}
