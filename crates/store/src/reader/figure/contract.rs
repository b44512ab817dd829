//! Contracts behind a figure.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::brief::{Facts, is_due};
use entente_register::ledger::Fact;

use super::Rows;
use crate::database::Connection;
use crate::error::Fault;
use crate::reader::brief::value_of_lines;
use crate::reader::plan::count_and_sum;
use crate::reader::{BriefOptions, Listing, Page, Reader, SourceRow, sql};

impl Reader {
    /// Contracts in force, with the value of their lines and what keeps one from being as planned.
    pub(super) async fn contract_rows(
        &self,
        connection: &mut Connection<'_>,
        facts: &Facts,
        behind: Option<bool>,
        page: Page,
    ) -> Result<Rows, Fault> {
        let overdue: BTreeSet<&str> = facts
            .open_lines
            .iter()
            .filter(|line| is_due(line, self.as_of))
            .map(|line| line.contract.as_str())
            .collect();
        let mut all = Vec::new();
        for contract in facts.contracts.iter().filter(|c| c.state == "in_force") {
            let mut reasons = Vec::new();
            if overdue.contains(contract.contract.as_str()) {
                reasons.push("overdue line");
            }
            if contract.open_claims > 0 {
                reasons.push("open claim");
            }
            if behind.is_none_or(|wanted| wanted != reasons.is_empty()) {
                all.push((
                    contract,
                    if reasons.is_empty() { "as planned".to_owned() } else { reasons.join(", ") },
                ));
            }
        }
        let values =
            self.values_of_contracts(connection, all.iter().map(|(c, _)| c.contract.as_str())).await?;
        let sum = values.values().sum();
        let mut listing = Listing::of(all, page).map(|(contract, note)| SourceRow {
            number: contract.contract.clone(),
            kind: "contract",
            contract: contract.contract.clone(),
            partner: contract.partner.clone(),
            date: None,
            title: contract.title.clone(),
            amount: values.get(&contract.contract).copied().unwrap_or(0),
            note,
            plan: None,
            document: None,
        });
        self.add_documents(connection, &mut listing.rows, "contract.entered_into_force.v1").await?;
        Ok((listing, sum))
    }

    /// The value of the lines of these contracts.
    async fn values_of_contracts<'c>(
        &self,
        connection: &mut Connection<'_>,
        contracts: impl Iterator<Item = &'c str>,
    ) -> Result<BTreeMap<String, i64>, Fault> {
        let mut values = BTreeMap::new();
        let numbers: Vec<String> = contracts.map(str::to_owned).collect();
        for some in numbers.chunks(sql::LISTED) {
            let mut parameters = self.parameters();
            let list = parameters.list(some.iter().cloned());
            let sql = format!(
                "SELECT l.contract, CAST(sum(l.amount) AS BIGINT) FROM line l WHERE l.contract IN {list} AND {} GROUP BY l.contract ORDER BY l.contract",
                sql::stands("l")
            );
            for row in connection.fetch("summing the lines of contracts", &sql, parameters.values()).await? {
                values.insert(row.text(0)?, row.int(1)?);
            }
        }
        Ok(values)
    }

    /// Contracts signed in the year to date, with their value and the signed paper.
    pub(super) async fn signed_rows(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
        page: Page,
    ) -> Result<Rows, Fault> {
        let doing = "reading contracts signed";
        let mut parameters = self.parameters();
        let condition = self.signed_contracts(&mut parameters, options);
        let value = value_of_lines("c.number");
        let select = format!("{value} AS amount FROM contract c WHERE {condition}");
        let (total, sum) = count_and_sum(connection, doing, &select, &parameters).await?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT c.number, c.partner, c.signed_on, c.title, {value}, c.state FROM contract c WHERE {condition} ORDER BY c.signed_on, c.number LIMIT {limit} OFFSET {offset}"
        );
        let rows = connection.fetch(doing, &sql, parameters.values()).await?;
        let mut rows = rows
            .iter()
            .map(|row| {
                let number = row.text(0)?;
                Ok(SourceRow {
                    kind: "contract",
                    contract: number.clone(),
                    number,
                    partner: row.text(1)?,
                    date: row.optional_date(2)?,
                    title: row.text(3)?,
                    amount: row.int(4)?,
                    note: row.text(5)?.replace('_', " "),
                    plan: None,
                    document: None,
                })
            })
            .collect::<Result<Vec<_>, Fault>>()?;
        self.add_documents(connection, &mut rows, "contract.signed.v1").await?;
        Ok((Listing { rows, total, page }, sum))
    }

    /// Adds to the contracts of a page the paper of their first event of a kind, and its day where none is said.
    async fn add_documents(
        &self,
        connection: &mut Connection<'_>,
        rows: &mut [SourceRow],
        kind: &str,
    ) -> Result<(), Fault> {
        if rows.is_empty() {
            return Ok(());
        }
        let doing = "reading the papers of contracts";
        let mut parameters = self.parameters();
        let kind = parameters.add(kind);
        let subjects = parameters.list(rows.iter().map(|row| format!("contract:{}", row.number)));
        let sql = format!(
            "SELECT e.subject, e.kind, e.payload, e.occurred_on FROM event e WHERE e.subject IN {subjects} AND e.kind = {kind} AND e.sequence <= $1 AND e.occurred_on <= $2 ORDER BY e.subject, e.version DESC"
        );
        let mut papers = BTreeMap::new();
        for row in connection.fetch(doing, &sql, parameters.values()).await? {
            let document = match row.optional_text(2)? {
                None => None,
                Some(payload) => Fact::decode(row.text_ref(1)?, payload.as_bytes())
                    .map_err(|e| Fault::damaged(doing, e))?
                    .document()
                    .cloned(),
            };
            papers.insert(row.text(0)?, (document, row.date(3)?));
        }
        for row in rows {
            if let Some((document, on)) = papers.remove(&format!("contract:{}", row.number)) {
                row.document = document;
                row.date = row.date.or(Some(on));
            }
        }
        Ok(())
    }
}
