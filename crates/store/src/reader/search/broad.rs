//! Words that very much bears: the first of it, without looking at all of it.
//!
//! A word of every contract tells none from another, and nobody reads past [`MOST_FOUND`]. So what bears such words is
//! looked at from the end, what was recorded last first, until there is enough: what is found costs the same in a
//! register of any length.

use std::collections::HashSet;

use entente_register::search::{Query, SearchKind};

use super::text::{Bearer, Candidate, Spread, range};
use super::{DOING, MOST_FOUND};
use crate::database::Connection;
use crate::error::Fault;
use crate::reader::Reader;
use crate::reader::sql::Parameters;

/// Texts that are looked at in one go.
const PART: usize = 300;

/// Results that are read in search of all words before they are looked up word by word instead: each is common, and
/// hardly anything bears them together.
const MOST_READ: usize = 2_400;

impl Reader {
    /// What of a kind is open to the actor and bears all words, each of which much bears: more than [`MOST_FOUND`], if
    /// there is so much. What has the whole as its number is first, then what was recorded last; where a word is only
    /// begun, the last of the words that begin so is first.
    pub(super) async fn broad(
        &self,
        connection: &mut Connection<'_>,
        query: &Query,
        spread: &Spread,
    ) -> Result<Vec<Candidate>, Fault> {
        let (kind, bearers) = spread;
        let rarest = query.words().iter().zip(bearers).min_by_key(|(_, many)| **many);
        let Some((sought, _)) = rarest else { return Ok(Vec::new()) };
        let mut met = HashSet::new();
        let mut found = Vec::new();
        for bearer in self.whole(connection, query, *kind).await? {
            if met.insert(bearer.result) {
                found.push(Candidate::new(*kind, bearer));
            }
        }
        let enough = usize::try_from(MOST_FOUND).unwrap_or(usize::MAX);
        let mut last: Option<(String, i64)> = None;
        let mut read = 0;
        while found.len() <= enough {
            if read > MOST_READ {
                return self.narrow(connection, query, spread).await;
            }
            let words = |parameters: &mut Parameters<'_>| {
                let mut words = range(*kind, sought, parameters);
                if let Some((word, text)) = last.take() {
                    let (word, text) = (parameters.add(word), parameters.add(text));
                    words.push_str(&format!(" AND (w.word, w.text) < ({word}, {text})"));
                }
                (words, format!("ORDER BY w.word DESC, w.text DESC LIMIT {PART}"))
            };
            let part = self.bearers(connection, query, words).await?;
            let is_end = part.len() < PART;
            last = part.last().map(|bearer| (bearer.word.clone(), bearer.text));
            let mut new = Vec::new();
            for bearer in part {
                if met.insert(bearer.result) {
                    new.push(Candidate::new(*kind, bearer));
                }
            }
            read += new.len();
            if query.words().len() > 1 {
                new = self.bearing_all(connection, query, new).await?;
            }
            found.append(&mut new);
            if is_end {
                break;
            }
        }
        Ok(found)
    }

    /// Texts that are open to the actor and are, as a number, the whole of what is sought: so they bear all its words.
    async fn whole(
        &self,
        connection: &mut Connection<'_>,
        query: &Query,
        kind: SearchKind,
    ) -> Result<Vec<Bearer>, Fault> {
        let mut parameters = self.parameters();
        let open = self.open_texts(&mut parameters);
        let (number, kind) = (parameters.add(query.number().to_owned()), parameters.add(kind.word()));
        let sql = format!(
            "SELECT t.result, t.name, t.id, t.field, CAST(1 AS BIGINT), t.whole FROM search_text t WHERE t.whole = {number} AND t.kind = {kind} AND {open} ORDER BY t.id DESC LIMIT {PART}"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        rows.iter().map(Bearer::read).collect()
    }
}
