//! What is found by its words.

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use entente_register::label::Label;
use entente_register::ledger::{Refusal, Subject};
use entente_register::search::{Query, SearchField, SearchKind, Sought, number, words};

use super::{DOING, FoundKind, FoundRow, FoundText, MOST_FOUND};
use crate::database::{Connection, Row};
use crate::error::Fault;
use crate::reader::access::join;
use crate::reader::sql::{self, Parameters};
use crate::reader::{Page, Reader};

/// Texts of a kind that bear a word, counted no further: it is a common one.
const MANY: i64 = 1_000;

/// Results whose texts are rather read than their other words looked up.
const FEW: usize = 300;

/// A result that bears some of the words.
pub(super) struct Candidate {
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
    /// Of which no word is known yet to be borne.
    pub(super) fn new(kind: SearchKind, bearer: Bearer) -> Candidate {
        let Bearer { result, name, text, exact, .. } = bearer;
        Candidate { result, kind, name, text, fields: 0, words: 0, exact }
    }

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

/// A text that bears a word, as it is found by it.
pub(super) struct Bearer {
    /// The identifier of the first text of its result.
    pub(super) result: i64,
    name: String,
    /// Its own identifier.
    pub(super) text: i64,
    field: SearchField,
    exact: bool,
    /// The word that it is found by.
    pub(super) word: String,
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

/// Where the words of a search are looked up: in a kind, of which so many texts bear each word.
pub(super) type Spread = (SearchKind, Vec<i64>);

impl Reader {
    /// What bears all words, by kind of those that are open: how many, and the rows of the page of each that is asked
    /// for.
    pub(in crate::reader) async fn search_texts(
        &self,
        connection: &mut Connection<'_>,
        query: &Query,
        (open, asked): (&[SearchKind], &(dyn Fn(SearchKind) -> bool + Sync)),
        page: Page,
    ) -> Result<BTreeMap<SearchKind, FoundKind>, Fault> {
        let place = |n: i64| usize::try_from(n.min(MOST_FOUND)).unwrap_or(0);
        let (first, last) = (place(page.offset), place(page.offset + page.limit));
        let mut found = BTreeMap::new();
        let mut shown: Vec<Candidate> = Vec::new();
        for spread in spread(connection, query, open).await? {
            let kind = spread.0;
            let candidates = match spread.1.iter().min() {
                None | Some(0) => continue,
                Some(rarest) if *rarest < MANY => self.narrow(connection, query, &spread).await?,
                Some(_) => self.broad(connection, query, &spread).await?,
            };
            let total = i64::try_from(candidates.len()).unwrap_or(i64::MAX);
            found.insert(kind, FoundKind::counted(kind, total));
            if asked(kind) {
                shown.extend(candidates.into_iter().take(last).skip(first));
            }
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

    /// All of a kind that is open to the actor and bears all words, in their order.
    ///
    /// The rarest word is looked up first, then the next, until few bear them all: the texts of those are read and
    /// searched for the others. What bears a word is put together here, not by the database, which takes twice the
    /// time to group it.
    pub(super) async fn narrow(
        &self,
        connection: &mut Connection<'_>,
        query: &Query,
        (kind, bearers): &Spread,
    ) -> Result<Vec<Candidate>, Fault> {
        let mut words: Vec<(&i64, usize, &Sought)> = bearers
            .iter()
            .zip(0..)
            .zip(query.words())
            .map(|((many, place), word)| (many, place, word))
            .collect();
        words.sort_by_key(|word| (word.0, word.1));
        let mut found: HashMap<i64, Candidate> = HashMap::new();
        for (looked_up, (_, place, sought)) in words.into_iter().enumerate() {
            if looked_up > 0 && found.len() <= FEW {
                let few = found.into_values().collect();
                return Ok(ordered(self.bearing_all(connection, query, few).await?));
            }
            let words = |parameters: &mut Parameters<'_>| (range(*kind, sought, parameters), String::new());
            for bearer in self.bearers(connection, query, words).await? {
                let (field, exact) = (bearer.field, bearer.exact);
                let candidate = match found.entry(bearer.result) {
                    Entry::Occupied(entry) => entry.into_mut(),
                    Entry::Vacant(_) if looked_up > 0 => continue,
                    Entry::Vacant(entry) => entry.insert(Candidate::new(*kind, bearer)),
                };
                candidate.fields |= 1 << field as u32;
                candidate.words |= 1 << place;
                candidate.exact |= exact;
            }
            found.retain(|_, candidate| candidate.words & (1 << place) != 0);
        }
        Ok(ordered(found.into_values().collect()))
    }

    /// The texts that are open to the actor and bear a word, by a condition on words `w`, and in the order that goes
    /// with it.
    pub(super) async fn bearers(
        &self,
        connection: &mut Connection<'_>,
        query: &Query,
        words: impl FnOnce(&mut Parameters<'_>) -> (String, String),
    ) -> Result<Vec<Bearer>, Fault> {
        let mut parameters = self.parameters();
        let open = self.open_texts(&mut parameters);
        let number = parameters.add(query.number().to_owned());
        let (words, order) = words(&mut parameters);
        let sql = format!(
            "SELECT t.result, t.name, t.id, t.field, CAST(CASE WHEN t.whole = {number} THEN 1 ELSE 0 END AS BIGINT), w.word FROM search_word w JOIN search_text t ON t.id = w.text WHERE {words} AND {open} {order}"
        );
        let rows = connection.fetch_many(DOING, &sql, 6, parameters.values()).await?;
        rows.iter().map(Bearer::read).collect()
    }

    /// Those of some results that bear all words, by what their texts say.
    pub(super) async fn bearing_all(
        &self,
        connection: &mut Connection<'_>,
        query: &Query,
        some: Vec<Candidate>,
    ) -> Result<Vec<Candidate>, Fault> {
        let texts = self.texts_of(connection, &some).await?;
        let read = |candidate: Candidate| {
            let of = texts.get(&candidate.result).map_or(&[][..], Vec::as_slice);
            candidate.read(query, of)
        };
        Ok(some.into_iter().filter_map(read).collect())
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

fn ordered(mut found: Vec<Candidate>) -> Vec<Candidate> {
    found.sort_by(|a, b| a.order().cmp(&b.order()));
    found
}

impl Bearer {
    /// A row of [`Reader::bearers`].
    pub(super) fn read(row: &Row) -> Result<Bearer, Fault> {
        Ok(Bearer {
            result: row.int(0)?,
            name: row.text(1)?,
            text: row.int(2)?,
            field: word(row.text_ref(3)?)?,
            exact: row.int(4)? == 1,
            word: row.text(5)?,
        })
    }
}

/// How many texts of each kind bear each word, whosever they are: as far as it matters.
async fn spread(
    connection: &mut Connection<'_>,
    query: &Query,
    kinds: &[SearchKind],
) -> Result<Vec<Spread>, Fault> {
    let mut parameters = Parameters::none();
    let mut counts = Vec::new();
    for kind in kinds {
        for sought in query.words() {
            let range = range(*kind, sought, &mut parameters);
            counts.push(format!(
                "SELECT CAST({} AS BIGINT) AS place, CAST(count(*) AS BIGINT) FROM (SELECT w.text FROM search_word w WHERE {range} LIMIT {MANY}) c",
                counts.len()
            ));
        }
    }
    if counts.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("{} ORDER BY place", counts.join(" UNION ALL "));
    let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
    let many = rows.iter().map(|row| row.int(1)).collect::<Result<Vec<i64>, Fault>>()?;
    Ok(kinds.iter().copied().zip(many.chunks(query.words().len()).map(<[i64]>::to_vec)).collect())
}

/// The condition on words `w` of a kind.
pub(super) fn range(kind: SearchKind, sought: &Sought, parameters: &mut Parameters<'_>) -> String {
    let (kind, word) = (parameters.add(kind.word()), parameters.add(sought.word.clone()));
    if sought.begins {
        format!("w.kind = {kind} AND w.word >= {word} AND w.word < {}", parameters.add(sought.end()))
    } else {
        format!("w.kind = {kind} AND w.word = {word}")
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
