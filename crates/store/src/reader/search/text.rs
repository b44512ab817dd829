//! What is found by its words.

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use entente_register::label::Label;
use entente_register::ledger::{Refusal, Subject};
use entente_register::search::{Query, SearchField, SearchKind, Sought, number, words};

use super::{DOING, FoundKind, FoundRow, FoundText, MOST_FOUND};
use crate::database::Connection;
use crate::error::Fault;
use crate::reader::access::join;
use crate::reader::sql::{self, Parameters};
use crate::reader::{Page, Reader};

/// Texts that bear a word, counted no further: it is a common one.
const MANY: i64 = 10_000;

/// Results whose texts are rather read than their other words looked up.
const FEW: usize = 300;

/// A result that bears some of the words.
struct Candidate {
    /// The identifier of its first text.
    result: i64,
    kind: SearchKind,
    name: String,
    /// A text of it that bears a word.
    text: i64,
    /// The fields that bear a word, a bit each.
    fields: u32,
    /// The words that are borne, a bit each.
    words: u32,
    exact: bool,
}

impl Candidate {
    /// What of two results stands first: an exact number, more fields, the name, what was recorded first.
    fn order(&self) -> impl Ord + use<'_> {
        (Reverse(self.exact), Reverse(self.fields.count_ones()), &self.name, self.result)
    }

    /// What its texts say of it; none where they do not bear all words.
    fn read(mut self, query: &Query, texts: &[Text]) -> Option<Candidate> {
        for text in texts {
            let words = words(&text.text);
            for (place, sought) in query.words().iter().enumerate() {
                if words.iter().any(|word| sought.fits(word)) {
                    self.words |= 1 << place;
                    self.fields |= 1 << text.field as u32;
                    self.exact |= text.field.is_number() && number(&text.text) == query.number();
                }
            }
        }
        (self.words == (1 << query.words().len()) - 1).then_some(self)
    }
}

/// A text of a result.
struct Text {
    subject: String,
    name: String,
    partner: Option<String>,
    field: SearchField,
    text: String,
    content: Option<String>,
    label: Option<Label>,
}

impl Reader {
    /// What bears all words, by kind: how many, and the rows of the page of each kind asked for.
    pub(super) async fn search_texts(
        &self,
        connection: &mut Connection<'_>,
        query: &Query,
        asked: &(dyn Fn(SearchKind) -> bool + Sync),
        page: Page,
    ) -> Result<BTreeMap<SearchKind, FoundKind>, Fault> {
        let mut by_kind: BTreeMap<SearchKind, Vec<Candidate>> = BTreeMap::new();
        for candidate in self.candidates(connection, query).await? {
            by_kind.entry(candidate.kind).or_default().push(candidate);
        }
        let place = |n: i64| usize::try_from(n.min(MOST_FOUND)).unwrap_or(0);
        let (first, last) = (place(page.offset), place(page.offset + page.limit));
        let mut found = BTreeMap::new();
        let mut shown: Vec<Candidate> = Vec::new();
        for (kind, mut candidates) in by_kind {
            let total = i64::try_from(candidates.len()).unwrap_or(i64::MAX);
            found.insert(kind, FoundKind::counted(kind, total));
            if !asked(kind) {
                continue;
            }
            if candidates.len() > last {
                // Of thousands most are never shown, and need no order among themselves.
                candidates.select_nth_unstable_by(last, |a, b| a.order().cmp(&b.order()));
                candidates.truncate(last);
            }
            candidates.sort_by(|a, b| a.order().cmp(&b.order()));
            shown.extend(candidates.into_iter().skip(first));
        }
        let mut texts = self.texts_of(connection, &shown).await?;
        for candidate in shown {
            let of = texts.remove(&candidate.result).unwrap_or_default();
            if let Some(kind) = found.get_mut(&candidate.kind) {
                kind.rows.push(describe(query, candidate.exact, &of)?);
            }
        }
        Ok(found)
    }

    /// What is open to the actor and bears all words.
    ///
    /// The rarest word is looked up first, then the next, until few bear them all: the texts of those are read and
    /// searched for the others. What bears a word is put together here, not by the database, which takes twice the
    /// time to group it.
    async fn candidates(
        &self,
        connection: &mut Connection<'_>,
        query: &Query,
    ) -> Result<Vec<Candidate>, Fault> {
        let mut words = Vec::new();
        for (place, sought) in query.words().iter().enumerate() {
            // One alone is the rarest.
            let many = if query.words().len() > 1 { bearers(connection, sought).await? } else { 0 };
            words.push((many, place, sought));
        }
        words.sort_by_key(|word| (word.0, word.1));
        let mut found: HashMap<i64, Candidate> = HashMap::new();
        for (looked_up, (_, place, sought)) in words.iter().enumerate() {
            if looked_up > 0 && found.len() <= FEW {
                let few: Vec<Candidate> = found.into_values().collect();
                let texts = self.texts_of(connection, &few).await?;
                let read = |candidate: Candidate| {
                    let of = texts.get(&candidate.result).map_or(&[][..], Vec::as_slice);
                    candidate.read(query, of)
                };
                return Ok(few.into_iter().filter_map(read).collect());
            }
            self.look_up(connection, query, (*place, sought), &mut found, looked_up == 0).await?;
            found.retain(|_, candidate| candidate.words & (1 << place) != 0);
        }
        Ok(found.into_values().collect())
    }

    /// Looks a word up and notes which results bear it; those that are not among what was found, if they may be new.
    async fn look_up(
        &self,
        connection: &mut Connection<'_>,
        query: &Query,
        (place, sought): (usize, &Sought),
        found: &mut HashMap<i64, Candidate>,
        new: bool,
    ) -> Result<(), Fault> {
        let mut parameters = self.parameters();
        let open = self.open_texts(&mut parameters);
        let range = range(sought, &mut parameters);
        let number = parameters.add(query.number().to_owned());
        let sql = format!(
            "SELECT t.result, t.kind, t.name, t.id, t.field, CAST(CASE WHEN t.whole = {number} THEN 1 ELSE 0 END AS BIGINT) FROM search_word w JOIN search_text t ON t.id = w.text WHERE {range} AND {open}"
        );
        for row in connection.fetch_many(DOING, &sql, 6, parameters.values()).await? {
            let result = row.int(0)?;
            let candidate = match found.entry(result) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(_) if !new => continue,
                Entry::Vacant(entry) => entry.insert(Candidate {
                    result,
                    kind: word(row.text_ref(1)?)?,
                    name: row.text(2)?,
                    text: row.int(3)?,
                    fields: 0,
                    words: 0,
                    exact: false,
                }),
            };
            let field: SearchField = word(row.text_ref(4)?)?;
            candidate.fields |= 1 << field as u32;
            candidate.words |= 1 << place;
            candidate.exact |= row.int(5)? == 1;
        }
        Ok(())
    }

    /// The texts of results that are open to the actor, by result, in their order.
    async fn texts_of(
        &self,
        connection: &mut Connection<'_>,
        of: &[Candidate],
    ) -> Result<HashMap<i64, Vec<Text>>, Fault> {
        let mut texts: HashMap<i64, Vec<Text>> = HashMap::new();
        for of in of.chunks(sql::LISTED) {
            let mut parameters = self.parameters();
            let open = self.open_texts(&mut parameters);
            let ids = parameters.list(of.iter().map(|candidate| candidate.text));
            let sql = format!(
                "SELECT t.result, t.subject, t.name, t.partner, t.field, t.text, t.content, t.label, t.own_label FROM search_text t WHERE t.subject IN (SELECT s.subject FROM search_text s WHERE s.id IN {ids}) AND {open} ORDER BY t.id"
            );
            for row in connection.fetch(DOING, &sql, parameters.values()).await? {
                let mut label = None;
                for column in [7, 8] {
                    if !row.is_null(column) {
                        label = join(label, self.labels.get(row.int(column)?)?);
                    }
                }
                texts.entry(row.int(0)?).or_default().push(Text {
                    subject: row.text(1)?,
                    name: row.text(2)?,
                    partner: row.optional_text(3)?,
                    field: word(row.text_ref(4)?)?,
                    text: row.text(5)?,
                    content: row.optional_text(6)?,
                    label,
                });
            }
        }
        Ok(texts)
    }
}

/// How many texts bear a word, whosever they are: as far as it matters.
async fn bearers(connection: &mut Connection<'_>, sought: &Sought) -> Result<i64, Fault> {
    let mut parameters = Parameters::none();
    let range = range(sought, &mut parameters);
    let sql = format!(
        "SELECT CAST(count(*) AS BIGINT) FROM (SELECT w.text FROM search_word w WHERE {range} LIMIT {MANY}) c"
    );
    connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)
}

/// The condition on words `w`.
fn range(sought: &Sought, parameters: &mut Parameters<'_>) -> String {
    let word = parameters.add(sought.word.clone());
    if sought.begins {
        format!("w.word >= {word} AND w.word < {}", parameters.add(sought.end()))
    } else {
        format!("w.word = {word}")
    }
}

/// A stored word of a kind or field, or a subject.
fn word<T: std::str::FromStr<Err = Refusal>>(text: &str) -> Result<T, Fault> {
    text.parse().map_err(|e: Refusal| Fault::damaged(DOING, e.message))
}

/// A result with what of it was sought.
fn describe(query: &Query, exact: bool, texts: &[Text]) -> Result<FoundRow, Fault> {
    let first = texts.first().ok_or_else(|| Fault::damaged(DOING, "a result has no text"))?;
    let subject: Subject = word(&first.subject)?;
    let mut row = FoundRow {
        name: query.mark(&first.name),
        number: query.mark(&subject.key),
        partner: first.partner.clone().map(|code| (code.clone(), query.mark(&code))),
        texts: Vec::new(),
        exact,
        content: first.content.clone(),
        label: None,
        subject,
    };
    for text in texts {
        let pieces = query.mark(&text.text);
        let is_found = pieces.iter().any(|piece| piece.found);
        match text.field {
            SearchField::Number | SearchField::Name => {}
            SearchField::Partner => {
                if let Some((_, name)) = &mut row.partner {
                    *name = pieces;
                }
            }
            field if is_found => row.texts.push(FoundText { field, text: pieces }),
            _ => continue,
        }
        // What does not stand on the page tells nothing of itself, nor does its marking.
        if let Some(label) = &text.label {
            row.label = join(row.label, label);
        }
    }
    Ok(row)
}
