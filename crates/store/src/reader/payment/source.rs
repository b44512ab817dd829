//! The rows behind figures of money.

use entente_register::access::Extent;
use entente_register::brief::{Facts, exposures};
use entente_register::document::Document;

use crate::database::Connection;
use crate::error::Fault;
use crate::reader::plan::count_and_sum;
use crate::reader::{BriefOptions, Listing, Page, Reader, SourceRow};

/// Rows behind a figure, and the sum of all of them.
type Rows = (Listing<SourceRow>, i64);

impl Reader {
    /// Receipts of the year to date, at their value.
    pub(in crate::reader) async fn receipt_rows(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
        page: Page,
    ) -> Result<Rows, Fault> {
        let doing = "reading the receipts behind a figure";
        let mut parameters = self.parameters();
        let condition = self.receipts_to_date(Extent::All, &mut parameters, options);
        let select = format!(
            "r.value AS amount FROM receipt r JOIN contract c ON c.number = r.contract WHERE {condition}"
        );
        let (total, sum) = count_and_sum(connection, doing, &select, &parameters).await?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT r.number, r.contract, r.partner, r.received_on, r.value, r.paid_currency, r.amount, r.conversion, r.document, c.title FROM receipt r JOIN contract c ON c.number = r.contract WHERE {condition} ORDER BY r.received_on, r.number LIMIT {limit} OFFSET {offset}"
        );
        let rows = connection.fetch(doing, &sql, parameters.values()).await?;
        let rows = rows
            .iter()
            .map(|row| {
                let document: Document = row.json(doing, 8)?;
                Ok(SourceRow {
                    number: row.text(0)?,
                    kind: "receipt",
                    contract: row.text(1)?,
                    partner: row.text(2)?,
                    date: row.optional_date(3)?,
                    title: row.text(9)?,
                    amount: row.int(4)?,
                    note: super::contract::note(row, (5, 6, 7))?,
                    plan: None,
                    document: Some(document),
                })
            })
            .collect::<Result<_, Fault>>()?;
        Ok((Listing { rows, total, page }, sum))
    }
}

/// Instalments whose day has come, with what is open of each.
pub(in crate::reader) fn overdue_rows(facts: &Facts, page: Page) -> Rows {
    let as_of = facts.conventions.as_of;
    let mut overdue: Vec<_> =
        facts.payments.instalments.iter().filter(|instalment| instalment.is_overdue(as_of)).collect();
    overdue.sort_by(|a, b| (a.due_on, &a.instalment).cmp(&(b.due_on, &b.instalment)));
    let rows = overdue
        .into_iter()
        .map(|one| SourceRow {
            number: one.instalment.clone(),
            kind: "instalment",
            contract: one.contract.clone(),
            partner: one.partner.clone(),
            date: one.due_on,
            title: one.kind.name().to_owned(),
            amount: one.open(),
            note: one.due.clone(),
            plan: None,
            document: None,
        })
        .collect();
    cut(rows, page)
}

/// Contracts with what is delivered and unpaid.
pub(in crate::reader) fn receivable_rows(facts: &Facts, partner: Option<&str>, page: Page) -> Rows {
    let rows = facts
        .payments
        .contracts
        .iter()
        .filter(|one| one.receivable() > 0 && partner.is_none_or(|partner| one.partner == partner))
        .map(|one| SourceRow {
            number: one.contract.clone(),
            kind: "contract",
            contract: one.contract.clone(),
            partner: one.partner.clone(),
            date: None,
            title: one.title.clone(),
            amount: one.receivable(),
            note: one.state.replace('_', " "),
            plan: None,
            document: None,
        })
        .collect();
    cut(rows, page)
}

/// What is delivered and unpaid, laid over the open instalments.
pub(in crate::reader) fn exposure_rows(
    facts: &Facts,
    (bank, credit_only): (Option<&str>, bool),
    page: Page,
) -> Rows {
    let rows = exposures(&facts.payments)
        .into_iter()
        .filter(|one| bank.is_none_or(|bank| one.bank() == bank) && (!credit_only || one.is_on_credit()))
        .map(|one| SourceRow {
            number: one
                .instalment
                .map_or_else(|| one.contract.contract.clone(), |instalment| instalment.instalment.clone()),
            kind: if one.instalment.is_some() { "instalment" } else { "contract" },
            contract: one.contract.contract.clone(),
            partner: one.contract.partner.clone(),
            date: one.instalment.and_then(|instalment| instalment.due_on),
            title: one.contract.title.clone(),
            amount: one.amount,
            note: one.instalment.map_or("on no instalment", |instalment| instalment.kind.name()).to_owned(),
            plan: None,
            document: None,
        })
        .collect();
    cut(rows, page)
}

/// The rows of a page, with the number and the sum of all.
fn cut(rows: Vec<SourceRow>, page: Page) -> Rows {
    let sum = rows.iter().map(|row| row.amount).sum();
    (Listing::of(rows, page), sum)
}
