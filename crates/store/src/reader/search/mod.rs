//! Searching everything that the reader may see, by words.

mod broad;
mod delivery;
mod text;

use entente_register::access::{Actor, Extent, Reading, Role, may_read};
use entente_register::label::Label;
use entente_register::ledger::Subject;
use entente_register::search::{Piece, Query, SearchField, SearchKind};

use super::access::join;
use super::sql::{self, Parameters};
use super::{Page, Reader};
use crate::error::Outcome;

const DOING: &str = "searching";

/// Results of a kind that are counted and given at most: who has more is better served by one more word.
pub const MOST_FOUND: i64 = 200;

/// By which right each kind is found; documents by that of what names them.
const READINGS: [(Reading, &[SearchKind]); 8] = [
    (
        Reading::Contracts,
        &[
            SearchKind::Contract,
            SearchKind::Line,
            SearchKind::Delivery,
            SearchKind::Document,
            SearchKind::Party,
        ],
    ),
    (Reading::Payments, &[SearchKind::Payment, SearchKind::Document]),
    (Reading::Opportunities, &[SearchKind::Opportunity, SearchKind::Document]),
    (Reading::Plans, &[SearchKind::Document]),
    (Reading::Partners, &[SearchKind::Partner]),
    (Reading::Applications, &[SearchKind::Application]),
    (Reading::Licences, &[SearchKind::Licence]),
    (Reading::Certificates, &[SearchKind::Certificate]),
];

/// The kinds that an actor may search, in their order; none where there is nothing to search.
pub fn searched(actor: &Actor) -> Vec<SearchKind> {
    let open = |kind: &SearchKind| {
        READINGS.iter().any(|(reading, kinds)| kinds.contains(kind) && may_read(actor, *reading).is_some())
    };
    SearchKind::ALL.iter().copied().filter(open).collect()
}

/// What a search has found, by kind: all kinds that the actor may search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// In the order of the kinds.
    pub kinds: Vec<FoundKind>,
    /// The join of the markings of what is given.
    pub label: Option<Label>,
}

/// What was found of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundKind {
    /// The kind.
    pub kind: SearchKind,
    /// How many there are, [`MOST_FOUND`] at most.
    pub total: i64,
    /// Whether there are more than that.
    pub more: bool,
    /// Those of the page, if the kind was asked for: an exact number first, then by the number of fields that bear
    /// a word, then by name, and of one name in the order in which they were recorded. Of words that a thousand texts
    /// of the kind or more bear each, what was recorded last comes first after an exact number.
    pub rows: Vec<FoundRow>,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRow {
    /// What it is about; of a document, what names it.
    pub subject: Subject,
    /// Its name.
    pub name: Vec<Piece>,
    /// Its number, or that of what names it.
    pub number: Vec<Piece>,
    /// Code and name of its partner, if it has one.
    pub partner: Option<(String, Vec<Piece>)>,
    /// What else bears a word.
    pub texts: Vec<FoundText>,
    /// Whether its number is the whole of what was typed.
    pub exact: bool,
    /// The hash of a document whose bytes the register holds.
    pub content: Option<String>,
    /// Its marking; absent of partners.
    pub label: Option<Label>,
}

/// A text that bears a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundText {
    /// Where it stands.
    pub field: SearchField,
    /// Itself, in stretches.
    pub text: Vec<Piece>,
}

impl Reader {
    /// What bears all words of a search, of all that is open to the actor: as it stands on the reader's day, as
    /// known at its horizon. Of each kind asked for (of all, if none is) a page of rows, of all kinds how many.
    ///
    /// # Errors
    /// `access.read` if there is nothing that the actor may search.
    pub async fn search(&self, query: &Query, kinds: &[SearchKind], page: Page) -> Outcome<Found> {
        let open = searched(&self.actor);
        if open.is_empty() {
            self.check(Reading::Partners)?;
        }
        let asked = |kind: SearchKind| kinds.is_empty() || kinds.contains(&kind);
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let texts: Vec<SearchKind> =
            open.iter().copied().filter(|kind| *kind != SearchKind::Delivery).collect();
        let mut found = self.search_texts(&mut connection, query, (&texts, &asked), page).await?;
        if open.contains(&SearchKind::Delivery) {
            let deliveries =
                self.search_deliveries(&mut connection, query, asked(SearchKind::Delivery), page).await?;
            found.insert(SearchKind::Delivery, deliveries);
        }
        let kinds: Vec<FoundKind> = open
            .into_iter()
            .map(|kind| found.remove(&kind).unwrap_or_else(|| FoundKind::none(kind)))
            .collect();
        drop(transaction);
        let labels = kinds.iter().flat_map(|kind| &kind.rows).filter_map(|row| row.label.as_ref());
        let label = labels.fold(None, join);
        self.log("search", label.as_ref()).await?;
        Ok(Found { kinds, label })
    }

    /// The condition on texts `t` that are open to the actor as of the reader's day at its horizon.
    fn open_texts(&self, parameters: &mut Parameters<'_>) -> String {
        let mut rights = Vec::new();
        for (reading, _) in READINGS {
            let Some(extent) = may_read(&self.actor, reading) else { continue };
            let mut right = format!("t.reading = '{}'", reading.word());
            if reading != Reading::Partners {
                // What must be open for it to be, and itself.
                right.push_str(&format!(
                    " {} {}",
                    self.labels.filter("t.label"),
                    self.labels.filter("t.own_label")
                ));
            }
            if extent == Extent::Own {
                right.push_str(&format!(" AND ({})", self.own_texts(reading, parameters)));
            }
            rights.push(format!("({right})"));
        }
        format!("{} AND ({})", sql::stands("t"), rights.join(" OR "))
    }

    /// The condition on texts `t` that are of the actor's own.
    fn own_texts(&self, reading: Reading, parameters: &mut Parameters<'_>) -> String {
        match reading {
            Reading::Opportunities => {
                format!("t.scope = {}", parameters.add(self.actor.party.clone().unwrap_or_default()))
            }
            // What is of no contract is published.
            Reading::Payments => {
                format!("t.scope = '' OR t.scope IN ({})", self.own_contracts(parameters))
            }
            Reading::Contracts => {
                // A party is known to itself, and to whom a contract is open that names it.
                let open = self.open_contracts(Extent::Own, parameters);
                let own = parameters.add(self.actor.party.clone());
                format!(
                    "t.kind <> 'party' AND t.scope IN ({}) OR t.kind = 'party' AND (t.scope = {own} OR t.scope IN (SELECT q.party FROM contract_party q JOIN contract c ON c.number = q.contract WHERE {open} AND {}))",
                    self.own_contracts(parameters),
                    sql::stands("q")
                )
            }
            Reading::Applications => {
                let own = parameters.add(self.actor.party.clone().unwrap_or_default());
                let mut ways = vec!["1 = 0".to_owned()];
                if self.actor.roles.contains(&Role::Exporter) {
                    ways.push(format!("t.scope = {own}"));
                }
                if self.actor.roles.contains(&Role::ConsultedAgency) {
                    ways.push(format!(
                        "t.subject IN (SELECT 'application:' || g.number FROM transfer_agency g WHERE g.agency = {own} AND g.known_from <= $1)"
                    ));
                }
                // The party is a parameter whichever way is taken.
                format!("{own} <> '' AND ({})", ways.join(" OR "))
            }
            Reading::Licences | Reading::Certificates => {
                let own = parameters.add(self.actor.party.clone().unwrap_or_default());
                format!("{own} <> '' AND t.scope = {own}")
            }
            _ => "1 = 0".to_owned(),
        }
    }
}

impl FoundKind {
    fn none(kind: SearchKind) -> FoundKind {
        FoundKind { kind, total: 0, more: false, rows: Vec::new() }
    }

    fn counted(kind: SearchKind, total: i64) -> FoundKind {
        FoundKind { total: total.min(MOST_FOUND), more: total > MOST_FOUND, ..FoundKind::none(kind) }
    }
}
