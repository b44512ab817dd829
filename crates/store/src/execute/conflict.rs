//! What has happened to a subject since its reader saw it.

use entente_register::access::{Actor, Extent, Reading, may_read};
use entente_register::ledger::{Fact, Refusal, Subject, SubjectKind};
use entente_register::transfer::ledger::{AUTHORITY, Sight};

use super::Batch;
use crate::error::Outcome;
use crate::ledger::{EVENT_COLUMNS, decode_event};

/// Changes that a refusal names at most.
const NAMED: usize = 5;

/// Characters of what a change says at most.
const LONGEST: usize = 300;

/// How much of what others did to a subject is told.
#[derive(Clone, Copy)]
enum Telling {
    /// What was done, what was said in it, and by whom.
    All,
    /// That something was done, and by whom.
    Words,
    /// What happened to an application, as far as it is seen so.
    Seen(Sight),
    /// That something was done to a licence, by nobody named.
    Unnamed,
}

/// A fact in words, with what it says.
fn told(fact: &Fact) -> String {
    let payload = fact.payload().ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let mut said = Vec::new();
    if let Some(payload) = &payload {
        members("", payload, &mut said);
    }
    let words = fact.words();
    if said.is_empty() {
        return words;
    }
    let mut said = said.join(", ");
    if let Some((end, _)) = said.char_indices().nth(LONGEST) {
        said.truncate(end);
        said.push('…');
    }
    format!("{words} ({said})")
}

/// What a payload says, a member at a time, each by the name that it stands under.
fn members(name: &str, value: &serde_json::Value, said: &mut Vec<String>) {
    use serde_json::Value;
    match value {
        // A paper has a title and a date, as what it is behind may have.
        Value::Object(own) if name == "document" => {
            own.iter().for_each(|(part, value)| members(&format!("document {part}"), value, said));
        }
        Value::Object(own) => own.iter().for_each(|(name, value)| members(name, value, said)),
        Value::Array(own) => own.iter().for_each(|value| members(name, value, said)),
        Value::Null => {}
        Value::String(text) => said.push(format!("{} “{text}”", name.replace('_', " "))),
        other => said.push(format!("{} {other}", name.replace('_', " "))),
    }
}

impl Batch {
    /// How much of what happened to a subject is told: of an application and its licence no more than is read of them,
    /// of all else what was said to those who see all contracts.
    async fn telling(&mut self, actor: &Actor, subject: &str) -> Outcome<Telling> {
        let subject: Option<Subject> = subject.parse().ok();
        let kind = subject.as_ref().map(|subject| subject.kind);
        let outside = match subject {
            Some(subject) if subject.kind == SubjectKind::Application => {
                match self.sight_of(actor, &subject.key).await? {
                    Some(Sight::Whole) => return Ok(Telling::All),
                    // What is not open is not reached by a command either.
                    sight => return Ok(Telling::Seen(sight.unwrap_or(Sight::Applicant))),
                }
            }
            Some(subject) if subject.kind == SubjectKind::Licence => {
                may_read(actor, Reading::Licences) != Some(Extent::All)
            }
            _ => false,
        };
        if let Some(SubjectKind::CustomsRun | SubjectKind::Discrepancy) = kind {
            // Customs are not told in other words what is thought of their files inside.
            let all = may_read(actor, Reading::Customs) == Some(Extent::All);
            return Ok(if all { Telling::All } else { Telling::Words });
        }
        if outside {
            return Ok(Telling::Unnamed);
        }
        // Who sees its own business alone is told that something was done, and not what others said in it.
        let sees_all = may_read(actor, Reading::Contracts) == Some(Extent::All);
        Ok(if sees_all { Telling::All } else { Telling::Words })
    }

    /// Adds to a conflict what has changed since the version that the caller saw: what, by whom and when, as far as
    /// the caller may know of it.
    pub(super) async fn tell_changes(&mut self, actor: &Actor, refusal: Refusal) -> Outcome<Refusal> {
        let Some((subject, seen)) = refusal.seen.as_deref().cloned() else { return Ok(refusal) };
        let sql = format!(
            "SELECT {EVENT_COLUMNS} FROM event WHERE subject = $1 AND version > $2 ORDER BY version LIMIT {}",
            NAMED + 1
        );
        let values = [subject.as_str().into(), i64::from(seen).into()];
        let rows = {
            let mut connection = self.transaction.connection();
            connection.fetch("reading what has changed", &sql, &values).await?
        };
        let telling = self.telling(actor, &subject).await?;
        let mut changes = Vec::new();
        for row in rows.iter().take(NAMED) {
            let event = decode_event(row)?.event;
            if !actor.clearance.admits(&event.label) {
                continue;
            }
            let what =
                |say: fn(&Fact) -> String| event.fact.as_ref().map_or_else(|| "erased".to_owned(), say);
            let (what, by) = match (telling, &event.fact) {
                (Telling::All, _) => (what(told), event.actor.as_str()),
                (Telling::Words, _) => (what(Fact::words), event.actor.as_str()),
                (Telling::Unnamed, _) => (what(Fact::words), AUTHORITY),
                (Telling::Seen(sight), Some(fact)) if sight.admits(fact, actor.party.as_deref()) => {
                    (fact.words(), if sight.names_actor(fact) { &*event.actor } else { AUTHORITY })
                }
                (Telling::Seen(_), _) => continue,
            };
            changes.push(format!("version {}, {what}, by {by} at {}", event.version, event.recorded_at));
        }
        if changes.is_empty() {
            return Ok(refusal);
        }
        if rows.len() > NAMED {
            changes.push("and more".to_owned());
        }
        let message = format!("{} Since then: {}.", refusal.message, changes.join("; "));
        Ok(Refusal { message, ..refusal })
    }
}
