//! How a party of the register is screened, on its own page.

use entente_register::access::{Reading, may_read};
use entente_store::reader::{PartyScreening, Reader};

use super::held_words;
use super::queue::CaseCells;
use crate::error::Answer;
use crate::screener::{ENGINE, threshold};
use crate::web::visit::Visit;
use crate::web::way::Way;

/// How a party stands.
#[derive(Debug, Clone)]
pub(crate) struct PartyScreeningView {
    /// Whether every list could be asked, and nothing is asked of anybody.
    pub(crate) clear: bool,
    /// How many of its cases wait.
    pub(crate) waiting: usize,
    /// Why nothing clears it, list by list.
    pub(crate) held: Vec<String>,
    pub(crate) cases: Vec<CaseCells>,
    /// The party looked up now, with the words that meet.
    pub(crate) lookup: String,
}

impl PartyScreeningView {
    /// Of a party that is open to the visitor; none for those who may not read screening.
    pub(in crate::web) async fn read(
        visit: &Visit,
        reader: &Reader,
        number: &str,
    ) -> Answer<Option<PartyScreeningView>> {
        if may_read(visit.actor(), Reading::Screening).is_none() {
            return Ok(None);
        }
        let screening = reader.party_screening(number, ENGINE, threshold()).await?;
        Ok(Some(PartyScreeningView::of(&screening, &visit.way())))
    }

    pub(crate) fn of(screening: &PartyScreening, way: &Way) -> PartyScreeningView {
        let party = &screening.party;
        let kind = match party.kind {
            entente_register::party::PartyKind::Person => "person",
            _ => "organisation",
        };
        let asked = [("kind", kind), ("names", party.name.as_str()), ("countries", party.state.as_str())];
        PartyScreeningView {
            clear: screening.is_clear(),
            waiting: screening.cases.iter().filter(|row| !row.settled).count(),
            held: screening.held.iter().map(held_words).collect(),
            cases: screening.cases.iter().map(|row| CaseCells::of(row, way)).collect(),
            lookup: way.with("/screening", &asked),
        }
    }
}
