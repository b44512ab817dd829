//! The register whose rules are asked, and on what an answer of it rests.

use entente_register::embargo::RuleFile;
use entente_store::Store;
use entente_store::reader::Reader;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::cli::{Context, Halt};
use crate::embargo::Answered;
use crate::formats::short_hash;

/// Opens the register that is configured, and reads it as whoever acts.
pub(super) async fn of_register(
    context: &Context,
    as_of: Option<Date>,
    known_at: Option<Timestamp>,
) -> Result<(Store, Reader), Halt> {
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let reader = store.reader(&actor, as_of, known_at).await?;
    Ok((store, reader))
}

/// An edition in force on which an answer rests.
#[derive(Debug, Serialize)]
struct InForce {
    id: String,
    edition: u32,
    content: String,
    proposed_by: String,
    confirmed_by: String,
    confirmed_on: String,
}

/// What an answer of a register rests on, and what waits there.
#[derive(Debug, Serialize)]
pub(super) struct Standing {
    editions: Vec<InForce>,
    /// Files of which an edition waits for a second person, and does not bind.
    waiting: Vec<String>,
}

impl Standing {
    pub(super) fn of(answered: &Answered) -> Standing {
        Standing {
            editions: answered.files().filter_map(in_force).collect(),
            waiting: answered.held.waiting().map(|file| file.id.clone()).collect(),
        }
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        if !self.editions.is_empty() {
            text.push_str("\nBy the editions in force of:\n");
        }
        for edition in &self.editions {
            text.push_str(&format!(
                "  - {}, edition {} ({}), proposed by {}, confirmed by {} on {}\n",
                edition.id,
                edition.edition,
                short_hash(&edition.content),
                edition.proposed_by,
                edition.confirmed_by,
                edition.confirmed_on
            ));
        }
        if !self.waiting.is_empty() {
            text.push_str(&format!(
                "\nWaits for a second person, and does not bind: {}\n",
                self.waiting.join(", ")
            ));
        }
        text
    }
}

fn in_force(file: &RuleFile) -> Option<InForce> {
    let edition = file.in_force.as_ref()?;
    let decision = edition.decision.as_ref();
    Some(InForce {
        id: file.id.clone(),
        edition: edition.number,
        content: edition.proposed.content.clone(),
        proposed_by: edition.proposal.by.clone(),
        confirmed_by: decision.map(|act| act.by.clone()).unwrap_or_default(),
        confirmed_on: decision.map(|act| act.on.to_string()).unwrap_or_default(),
    })
}
