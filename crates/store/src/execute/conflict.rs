//! What has happened to a subject since its reader saw it.

use entente_register::access::{Actor, Extent, Reading, may_read};
use entente_register::ledger::{Fact, Refusal};

use super::Batch;
use crate::error::Fault;
use crate::ledger::{EVENT_COLUMNS, decode_event};

/// Changes that a refusal names at most.
const NAMED: usize = 5;

/// Characters of what a change says at most.
const LONGEST: usize = 300;

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
    /// Adds to a conflict what has changed since the version that the caller saw: what, by whom and when, as far as
    /// the caller may know of it.
    pub(super) async fn tell_changes(&mut self, actor: &Actor, refusal: Refusal) -> Result<Refusal, Fault> {
        let Some((subject, seen)) = refusal.seen.as_deref().cloned() else { return Ok(refusal) };
        let sql = format!(
            "SELECT {EVENT_COLUMNS} FROM event WHERE subject = $1 AND version > $2 ORDER BY version LIMIT {}",
            NAMED + 1
        );
        let values = [subject.as_str().into(), i64::from(seen).into()];
        let mut connection = self.transaction.connection();
        let rows = connection.fetch("reading what has changed", &sql, &values).await?;
        // Who sees its own business alone is told that something was done, and not what others said in it.
        let sees_all = may_read(actor, Reading::Contracts) == Some(Extent::All);
        let mut changes = Vec::new();
        for row in rows.iter().take(NAMED) {
            let event = decode_event(row)?.event;
            if !actor.clearance.admits(&event.label) {
                continue;
            }
            let say = if sees_all { told } else { Fact::words };
            let what = event.fact.as_ref().map_or_else(|| "erased".to_owned(), say);
            changes.push(format!(
                "version {}, {what}, by {} at {}",
                event.version, event.actor, event.recorded_at
            ));
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
