//! The parties of the register: who can be named in contracts.

use entente_register::access::{Extent, Reading};
use entente_register::label::Label;
use entente_register::ledger::Refusal;
use entente_register::party::PartyKind;

use super::access::join;
use super::sql::{self, Parameters};
use super::{Listing, Page, Reader};
use crate::database::Row;
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;

const DOING: &str = "reading parties";

/// Which parties are listed; what is absent narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartyFilter {
    /// Words of its name or number.
    pub text: Option<String>,
    /// What sort of party.
    pub kind: Option<PartyKind>,
    /// State of establishment, ISO 3166-1 alpha-3.
    pub state: Option<String>,
}

/// A party of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredParty {
    /// Number.
    pub number: String,
    /// Full name.
    pub name: String,
    /// What sort of party.
    pub kind: PartyKind,
    /// State of establishment, ISO 3166-1 alpha-3.
    pub state: String,
    /// Contracts in which it stands, of those open to the reader on the day.
    pub contracts: i64,
    /// Marking.
    pub label: Label,
}

impl Reader {
    /// Parties by name. Who sees only their own business sees the parties to it, and no others.
    ///
    /// # Errors
    /// `access.read` if the actor may not read contracts.
    pub async fn parties(&self, filter: &PartyFilter, page: Page) -> Outcome<Listing<RegisteredParty>> {
        let extent = self.check(Reading::Contracts)?;
        let page = page.bounded();
        let mut parameters = self.parameters();
        let (mut condition, named) = self.open_parties(extent, &mut parameters);
        narrow(filter, &mut condition, &mut parameters);
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM party p WHERE {condition}");
        let total = connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT p.number, p.name, p.kind, p.state, p.label, (SELECT CAST(count(DISTINCT q.contract) AS BIGINT) {named}) FROM party p WHERE {condition} ORDER BY p.name, p.number LIMIT {limit} OFFSET {offset}"
        );
        let found = connection.fetch(DOING, &sql, parameters.values()).await?;
        drop(transaction);
        let label = self.labels.join(found.iter().map(|row| row.int(4)).collect::<Result<Vec<_>, _>>()?)?;
        self.log("parties", label.as_ref()).await?;
        let rows = found.iter().map(|row| self.registered_party(row)).collect::<Result<_, Fault>>()?;
        Ok(Listing { rows, total, page })
    }

    /// Numbers and names of the first parties by name, as a page of a marking suggests them: of so many, those that are
    /// marked no higher.
    ///
    /// # Errors
    /// `access.read` if the actor may not read contracts.
    pub async fn suggested_parties(&self, most: &Label, limit: i64) -> Outcome<Vec<(String, String)>> {
        let extent = self.check(Reading::Contracts)?;
        let mut parameters = self.parameters();
        let (condition, _) = self.open_parties(extent, &mut parameters);
        let limit = parameters.add(Page::first(limit).bounded().limit);
        let sql = format!(
            "SELECT p.number, p.name, p.label FROM party p WHERE {condition} ORDER BY p.name, p.number LIMIT {limit}"
        );
        let mut transaction = self.store.database.read().await?;
        let found = transaction.connection().fetch(DOING, &sql, parameters.values()).await?;
        drop(transaction);
        let mut suggested = Vec::new();
        let mut label = None;
        for row in &found {
            let own = self.labels.get(row.int(2)?)?;
            if most.dominates(own) {
                label = join(label, own);
                suggested.push((row.text(0)?, row.text(1)?));
            }
        }
        self.log("parties", label.as_ref()).await?;
        Ok(suggested)
    }

    /// The condition on parties `p` that are open to the actor, and the contracts in which each stands, of those that are.
    fn open_parties(&self, extent: Extent, parameters: &mut Parameters<'_>) -> (String, String) {
        let mut condition = format!("p.known_from <= $1 {}", self.labels.filter("p.label"));
        let open = self.open_contracts(extent, parameters);
        let named = format!(
            "FROM contract_party q JOIN contract c ON c.number = q.contract WHERE q.party = p.number AND {} AND {open}",
            sql::stands("q")
        );
        if extent == Extent::Own {
            let own = parameters.add(self.actor.party.clone());
            condition.push_str(&format!(" AND (p.number = {own} OR EXISTS (SELECT 1 {named}))"));
        }
        (condition, named)
    }

    fn registered_party(&self, row: &Row) -> Result<RegisteredParty, Fault> {
        Ok(RegisteredParty {
            number: row.text(0)?,
            name: row.text(1)?,
            kind: party_kind(row, 2)?,
            state: row.text(3)?,
            contracts: row.int(5)?,
            label: self.labels.get(row.int(4)?)?.clone(),
        })
    }
}

/// A column as the sort of party that it names.
pub(super) fn party_kind(row: &Row, column: usize) -> Result<PartyKind, Fault> {
    row.text_ref(column)?.parse().map_err(|e: Refusal| Fault::damaged(DOING, e.message))
}

fn narrow(filter: &PartyFilter, condition: &mut String, parameters: &mut Parameters<'_>) {
    if let Some(text) = &filter.text {
        parameters.narrow_to_words(text, &["p.number", "p.name"], condition);
    }
    if let Some(kind) = filter.kind {
        condition.push_str(&format!(" AND p.kind = {}", parameters.add(kind.word())));
    }
    match filter.state.as_deref() {
        None => {}
        Some(state) if is_possible(state) => {
            condition.push_str(&format!(" AND p.state = {}", parameters.add(state.to_owned())));
        }
        Some(_) => condition.push_str(" AND 1 = 0"),
    }
}
