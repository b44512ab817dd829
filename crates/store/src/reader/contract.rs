//! Contracts: the list and the page.

use std::collections::BTreeMap;

use entente_register::access::{Extent, Reading};
use entente_register::contract::delivery::Counting;
use entente_register::label::Label;
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::money::{Currency, Money};

use super::sql::{self, Parameters};
use super::{ContractFilter, ContractRow, ContractSort, ContractView, Listing, Page, PartyRow, Reader};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;
use crate::view::{NO_END, STANDING};

/// A contract in a list with the identifier of its label.
pub(super) type Labelled = (ContractRow, i64);

const COLUMNS: &str =
    "c.number, c.reference, c.title, c.partner, p.name, c.state, c.signed_on, c.label, c.currency";
const FROM: &str = "FROM contract c LEFT JOIN partner p ON p.code = c.partner AND p.known_from <= $1";

impl Reader {
    /// Contracts.
    ///
    /// # Errors
    /// `access.read` if the actor may not read contracts.
    pub async fn contracts(
        &self,
        filter: &ContractFilter,
        sort: ContractSort,
        descending: bool,
        page: Page,
    ) -> Outcome<Listing<ContractRow>> {
        let extent = self.check(Reading::Contracts)?;
        let page = page.bounded();
        let doing = "listing contracts";
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();

        let mut parameters = self.parameters();
        let mut condition = self.open_contracts(extent, &mut parameters);
        narrow(filter, self.counting, &mut condition, &mut parameters);
        let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM contract c WHERE {condition}");
        let total = connection.fetch_one(doing, &sql, parameters.values()).await?.int(0)?;

        let direction = if descending { "DESC" } else { "ASC" };
        let order = match sort {
            ContractSort::Number => format!("c.number {direction}"),
            ContractSort::Partner => format!("c.partner {direction}, c.number {direction}"),
            // An absent day is the first on both databases by this and not by their habits.
            ContractSort::SignedOn => {
                format!("coalesce(c.signed_on, '') {direction}, c.number {direction}")
            }
            ContractSort::Amount => format!(
                "(SELECT coalesce(sum(l.amount), 0) FROM line l WHERE l.contract = c.number AND {}) {direction}, c.number {direction}",
                sql::stands("l")
            ),
        };
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT {COLUMNS} {FROM} WHERE {condition} ORDER BY {order} LIMIT {limit} OFFSET {offset}"
        );
        let rows = connection.fetch(doing, &sql, parameters.values()).await?;
        let mut rows = rows.iter().map(|row| self.contract_row(row)).collect::<Result<Vec<_>, _>>()?;
        self.add_sums(&mut connection, &mut rows).await?;
        let label = self.labels.join(rows.iter().map(|row| row.1))?;
        drop(transaction);
        // One row for the list: the page as a whole is what was read.
        self.log("contracts", label.as_ref()).await?;
        Ok(Listing { rows: rows.into_iter().map(|row| row.0).collect(), total, page })
    }

    /// A contract's page.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn contract(&self, number: &str) -> Outcome<ContractView> {
        let extent = self.check(Reading::Contracts)?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let row = self
            .find_contract(&mut connection, extent, number)
            .await?
            .ok_or_else(|| Refusal::not_found("contract", number))?;
        let subject = SubjectKind::Contract.subject(number);
        let events = self.events_of(&mut connection, &subject).await?;
        let (parties, of_parties) = self.parties_of(&mut connection, number).await?;
        let view = ContractView {
            version: self.version_of(&mut connection, &subject).await?,
            parties,
            lines: self.lines_of(&mut connection, number).await?,
            claims: self.fold_contract(&events).map(|state| state.claims).unwrap_or_default(),
            history: self.history(&events),
            row,
        };
        drop(transaction);
        let label = of_parties.map_or_else(|| view.row.label.clone(), |label| view.row.label.join(&label));
        self.log(subject.to_string(), Some(&label)).await?;
        Ok(view)
    }

    /// The condition on contracts `c` that are open to the actor as of the reader's day at its horizon.
    pub(super) fn open_contracts(&self, extent: Extent, parameters: &mut Parameters<'_>) -> String {
        let mut condition = format!("{} {}", sql::stands("c"), self.labels.filter("c.label"));
        if extent == Extent::Own {
            condition.push_str(&format!(" AND c.number IN ({})", self.own_contracts(parameters)));
        }
        condition
    }

    /// The numbers of the contracts in which the actor's own party is named, whatever their markings.
    pub(super) fn own_contracts(&self, parameters: &mut Parameters<'_>) -> String {
        // Need to know is today's, as every right is, whatever the horizon and the day of the reading.
        // Without a party of one's own nothing is one's own.
        let party = parameters.add(self.actor.party.clone());
        format!(
            "SELECT o.contract FROM contract_party o WHERE o.party = {party} AND o.known_to = {STANDING} AND o.valid_to = '{NO_END}'"
        )
    }

    /// A contract that is open to the actor, with its sums.
    pub(super) async fn find_contract(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        number: &str,
    ) -> Result<Option<ContractRow>, Fault> {
        if !is_possible(number) {
            return Ok(None);
        }
        let mut parameters = self.parameters();
        let condition = self.open_contracts(extent, &mut parameters);
        let number = parameters.add(number.to_owned());
        let sql = format!("SELECT {COLUMNS} {FROM} WHERE {condition} AND c.number = {number}");
        let Some(row) = connection.fetch_optional("reading a contract", &sql, parameters.values()).await?
        else {
            return Ok(None);
        };
        let mut rows = vec![self.contract_row(&row)?];
        self.add_sums(connection, &mut rows).await?;
        Ok(rows.pop().map(|row| row.0))
    }

    fn contract_row(&self, row: &Row) -> Result<Labelled, Fault> {
        let partner = row.text(3)?;
        let label = row.int(7)?;
        Ok((
            ContractRow {
                number: row.text(0)?,
                reference: row.text(1)?,
                title: row.text(2)?,
                partner_name: row.optional_text(4)?.unwrap_or_else(|| partner.clone()),
                partner,
                state: row.text(5)?,
                signed_on: row.optional_date(6)?,
                label: self.labels.get(label)?.clone(),
                amount: Money::new(0, currency(row, 8)?),
                lines: 0,
                counting: self.counting,
                delivered: 0,
                overdue_lines: 0,
            },
            label,
        ))
    }

    /// Fills in what the lines of the contracts sum to.
    async fn add_sums(
        &self,
        connection: &mut Connection<'_>,
        contracts: &mut [Labelled],
    ) -> Result<(), Fault> {
        if contracts.is_empty() {
            return Ok(());
        }
        let doing = "summing the lines of contracts";
        let mut parameters = self.parameters();
        let counting = parameters.add(self.counting.word());
        let numbers = parameters.list(contracts.iter().map(|c| c.0.number.clone()));
        let overdue = format!("l.due_on <= $2 AND NOT {}", sql::complete("l.number", &counting, "$2"));
        let sql = format!(
            "SELECT l.contract, CAST(count(*) AS BIGINT), CAST(sum(l.amount) AS BIGINT), CAST(sum(CASE WHEN {overdue} THEN 1 ELSE 0 END) AS BIGINT), CAST(sum({}) AS BIGINT) FROM line l WHERE l.contract IN {numbers} AND {} GROUP BY l.contract ORDER BY l.contract",
            sql::delivered("amount", "l.number", self.counting, &counting, "$2"),
            sql::stands("l"),
        );
        let rows = connection.fetch(doing, &sql, parameters.values()).await?;
        let mut sums = BTreeMap::new();
        for row in &rows {
            sums.insert(row.text(0)?, (row.int(1)?, row.int(2)?, row.int(3)?, row.int(4)?));
        }
        for (contract, _) in contracts {
            let Some((lines, amount, overdue, delivered)) = sums.get(&contract.number).copied() else {
                continue;
            };
            contract.lines = lines;
            contract.amount.minor = amount;
            contract.delivered = delivered;
            if sql::is_owing(&contract.state) {
                contract.overdue_lines = overdue;
            }
        }
        Ok(())
    }

    /// The parties that the actor may see, with the join of their labels. One marked above its contract is
    /// not named any more; where an older one is, its number alone would tell of it.
    async fn parties_of(
        &self,
        connection: &mut Connection<'_>,
        contract: &str,
    ) -> Result<(Vec<PartyRow>, Option<Label>), Fault> {
        let mut parameters = self.parameters();
        let contract = parameters.add(contract.to_owned());
        let sql = format!(
            "SELECT cp.role, cp.party, p.name, p.state, p.label FROM contract_party cp JOIN party p ON p.number = cp.party AND p.known_from <= $1 WHERE cp.contract = {contract} AND {} {} ORDER BY cp.position",
            sql::stands("cp"),
            self.labels.filter("p.label")
        );
        let rows = connection.fetch("reading the parties of a contract", &sql, parameters.values()).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(4)).collect::<Result<Vec<_>, _>>()?)?;
        let rows = rows
            .iter()
            .map(|row| {
                Ok(PartyRow {
                    role: row.text(0)?,
                    party: row.text(1)?,
                    name: row.optional_text(2)?,
                    state: row.optional_text(3)?,
                })
            })
            .collect::<Result<_, Fault>>()?;
        Ok((rows, label))
    }
}

/// Adds a filter's conditions; `counting` says when a line is delivered in full.
fn narrow(
    filter: &ContractFilter,
    counting: Counting,
    condition: &mut String,
    parameters: &mut Parameters<'_>,
) {
    let asked = [&filter.partner, &filter.state];
    if asked.into_iter().flatten().any(|text| text.contains('\0')) {
        // No stored text holds a zero byte, and PostgreSQL takes none.
        condition.push_str(" AND 1 = 0");
        return;
    }
    if let Some(text) = &filter.text {
        parameters.narrow_to_words(text, &["c.number", "c.reference", "c.title"], condition);
    }
    if let Some(partner) = &filter.partner {
        let partner = parameters.add(partner.clone());
        condition.push_str(&format!(" AND c.partner = {partner}"));
    }
    if let Some(state) = &filter.state {
        let state = parameters.add(state.clone());
        condition.push_str(&format!(" AND c.state = {state}"));
    }
    if let Some(overdue) = filter.overdue {
        let counting = parameters.add(counting.word());
        let not = if overdue { "" } else { "NOT " };
        condition.push_str(&format!(
            " AND {not}({} AND EXISTS (SELECT 1 FROM line l WHERE l.contract = c.number AND {} AND l.due_on <= $2 AND NOT {}))",
            sql::owing("c"),
            sql::stands("l"),
            sql::complete("l.number", &counting, "$2"),
        ));
    }
}

/// A stored currency code.
pub(super) fn currency(row: &Row, column: usize) -> Result<Currency, Fault> {
    row.text_ref(column)?.parse().map_err(|e: Refusal| Fault::damaged("reading a currency", e.message))
}
