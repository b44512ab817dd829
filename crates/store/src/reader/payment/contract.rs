//! The money of one contract: schedule, instalments, receipts, penalties.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::access::{Extent, Reading};
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::money::{Currency, Money, decimal};
use entente_register::payment::{Conversion, Lender};

use super::gather::{RECEIVED, act, due, kind};
use super::rate::{columns, rate_row};
use super::{ContractPayments, InstalmentRow, PenaltyRow, RateRow, ReceiptPart, ReceiptRow, ScheduleRow};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::reader::contract::currency;
use crate::reader::sql;
use crate::reader::{Listing, Page, Reader};

const DOING: &str = "reading the payments of a contract";

impl Reader {
    /// The money of a contract: its schedule, what came in, penalties.
    ///
    /// # Errors
    /// `access.read` if the actor may not read payments; `not_found` for a contract that is not open to the
    /// actor.
    pub async fn contract_payments(&self, number: &str) -> Outcome<ContractPayments> {
        let extent = self.check(Reading::Payments)?;
        let mut transaction = self.store.database.read().await?;
        let connection = &mut transaction.connection();
        let contract = self
            .find_contract(connection, extent, number)
            .await?
            .ok_or_else(|| Refusal::not_found("contract", number))?;
        let own = contract.amount.currency;
        let mut instalments = self.instalments_of(connection, number, own).await?;
        instalments.sort_by(|a, b| {
            (a.due_on.is_none(), a.due_on, &a.number).cmp(&(b.due_on.is_none(), b.due_on, &b.number))
        });
        let receipts = self.receipts_of(connection, number, own).await?;
        let penalties = self.penalties_of(connection, number).await?;
        let rates = self.rates_of(connection, number).await?;
        let mut schedule = self.schedule_of(connection, number).await?;
        schedule.value = contract.amount.minor;
        let standing = || instalments.iter().filter(|one| one.state == "scheduled");
        schedule.scheduled = standing().map(|one| one.amount.minor).sum();
        schedule.received = receipts.iter().map(|one| one.value.minor).sum();
        schedule.overdue = standing().filter(|one| one.is_overdue(self.as_of)).map(InstalmentRow::open).sum();
        let mut label = contract.label.clone();
        let labels = instalments
            .iter()
            .map(|one| &one.label)
            .chain(receipts.iter().map(|one| &one.label))
            .chain(penalties.iter().map(|one| &one.label));
        for one in labels {
            label = label.join(one);
        }
        let kinds =
            [SubjectKind::Schedule, SubjectKind::Instalment, SubjectKind::Receipt, SubjectKind::Penalty];
        let history = self.history_under(connection, number, &kinds).await?;
        drop(transaction);
        self.log(format!("payments:{number}"), Some(&label)).await?;
        Ok(ContractPayments {
            contract: number.to_owned(),
            currency: own,
            schedule,
            instalments,
            receipts,
            penalties,
            rates,
            history,
            label,
        })
    }

    async fn instalments_of(
        &self,
        connection: &mut Connection<'_>,
        contract: &str,
        own: Currency,
    ) -> Result<Vec<InstalmentRow>, Fault> {
        let mut parameters = self.parameters();
        let contract = parameters.add(contract.to_owned());
        let sql = format!(
            "SELECT i.number, i.reference, i.kind, i.lender, i.bank, i.amount, {RECEIVED}, i.due, {}, i.state, i.label, {} FROM instalment i JOIN contract c ON c.number = i.contract AND {} WHERE i.contract = {contract} AND {} ORDER BY i.number",
            act(),
            sql::version(SubjectKind::Instalment, "i.number"),
            sql::stands("c"),
            self.standing_instalments(),
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let banks = self.banks_in(connection, &rows, 4).await?;
        rows.iter()
            .map(|row| {
                let (rule, due_on) = due(row, 7, 8)?;
                let lender = row
                    .optional_text(3)?
                    .map(|word| word.parse::<Lender>())
                    .transpose()
                    .map_err(|e| Fault::damaged(DOING, e.message))?;
                Ok(InstalmentRow {
                    number: row.text(0)?,
                    reference: row.optional_text(1)?,
                    kind: kind(row, 2)?,
                    lender,
                    bank: bank(row, 4, &banks)?,
                    amount: Money::new(row.int(5)?, own),
                    received: row.int(6)?,
                    due: rule,
                    due_on,
                    state: row.text(9)?,
                    label: self.labels.get(row.int(10)?)?.clone(),
                    version: row.version(11)?,
                })
            })
            .collect()
    }

    async fn receipts_of(
        &self,
        connection: &mut Connection<'_>,
        contract: &str,
        own: Currency,
    ) -> Result<Vec<ReceiptRow>, Fault> {
        let mut parameters = self.parameters();
        let number = parameters.add(contract.to_owned());
        let condition = format!("r.contract = {number} AND {}", self.standing_receipts());
        let sql = format!(
            "SELECT a.receipt, a.instalment, CAST(sum(a.amount) AS BIGINT) FROM allocation a JOIN receipt r ON r.number = a.receipt WHERE {condition} AND {} GROUP BY a.receipt, a.instalment ORDER BY a.receipt, a.instalment",
            sql::known("a")
        );
        let mut parts: BTreeMap<String, Vec<ReceiptPart>> = BTreeMap::new();
        for row in connection.fetch(DOING, &sql, parameters.values()).await? {
            let part = ReceiptPart { instalment: row.text(1)?, amount: row.int(2)? };
            parts.entry(row.text(0)?).or_default().push(part);
        }
        let sql = format!(
            "SELECT r.number, r.reference, r.received_on, r.paid_currency, r.amount, r.value, r.conversion, r.bank, r.document, r.label, {} FROM receipt r WHERE {condition} ORDER BY r.received_on, r.number",
            sql::version(SubjectKind::Receipt, "r.number"),
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let banks = self.banks_in(connection, &rows, 7).await?;
        rows.iter()
            .map(|row| {
                let number = row.text(0)?;
                Ok(ReceiptRow {
                    parts: parts.remove(&number).unwrap_or_default(),
                    number,
                    reference: row.optional_text(1)?,
                    received_on: row.date(2)?,
                    amount: Money::new(row.int(4)?, currency(row, 3)?),
                    value: Money::new(row.int(5)?, own),
                    conversion: conversion(row, 6)?,
                    bank: bank(row, 7, &banks)?,
                    document: row.json(DOING, 8)?,
                    label: self.labels.get(row.int(9)?)?.clone(),
                    version: row.version(10)?,
                })
            })
            .collect()
    }

    async fn penalties_of(
        &self,
        connection: &mut Connection<'_>,
        contract: &str,
    ) -> Result<Vec<PenaltyRow>, Fault> {
        let mut parameters = self.parameters();
        let contract = parameters.add(contract.to_owned());
        let sql = format!(
            "SELECT {} FROM penalty k WHERE k.contract = {contract} AND {} {} ORDER BY k.claimed_on, k.number",
            penalty_columns(),
            sql::stands("k"),
            self.labels.filter("k.label"),
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        rows.iter().map(|row| self.penalty_row(row)).collect()
    }

    /// Penalties in a currency that are claimed or agreed.
    pub(super) async fn open_penalties(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        own: Currency,
        page: Page,
    ) -> Result<Listing<PenaltyRow>, Fault> {
        let mut parameters = self.parameters();
        let own = parameters.add(own.code());
        let open = self.open_contracts(extent, &mut parameters);
        let condition = format!(
            "FROM penalty k JOIN contract c ON c.number = k.contract WHERE k.currency = {own} AND k.state IN ('claimed', 'agreed') AND {} {} AND {open}",
            sql::stands("k"),
            self.labels.filter("k.label"),
        );
        let sql = format!("SELECT CAST(count(*) AS BIGINT) {condition}");
        let total = connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT {} {condition} ORDER BY k.claimed_on, k.number LIMIT {limit} OFFSET {offset}",
            penalty_columns()
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let rows = rows.iter().map(|row| self.penalty_row(row)).collect::<Result<_, _>>()?;
        Ok(Listing { rows, total, page })
    }

    fn penalty_row(&self, row: &Row) -> Result<PenaltyRow, Fault> {
        Ok(PenaltyRow {
            number: row.text(0)?,
            contract: row.text(1)?,
            partner: row.text(2)?,
            claimed_on: row.date(3)?,
            claim: row.json(DOING, 4)?,
            amount: Money::new(row.int(5)?, currency(row, 6)?),
            state: row.text(7)?,
            label: self.labels.get(row.int(8)?)?.clone(),
            version: row.version(9)?,
        })
    }

    async fn rates_of(&self, connection: &mut Connection<'_>, contract: &str) -> Result<Vec<RateRow>, Fault> {
        let mut parameters = self.parameters();
        let contract = parameters.add(contract.to_owned());
        let sql = format!(
            "SELECT {} FROM exchange_rate x WHERE x.contract = {contract} AND {} AND x.rated_on <= $2 {} ORDER BY x.number",
            columns(),
            sql::known("x"),
            self.labels.filter("x.label"),
        );
        connection.fetch(DOING, &sql, parameters.values()).await?.iter().map(rate_row).collect()
    }

    /// The schedule as a whole, without its sums.
    async fn schedule_of(
        &self,
        connection: &mut Connection<'_>,
        contract: &str,
    ) -> Result<ScheduleRow, Fault> {
        let subject = SubjectKind::Schedule.subject(contract);
        let events = self.events_of(connection, &subject).await?;
        let mut state = entente_register::payment::Schedule::default();
        for event in events.iter().filter(|event| event.occurred_on <= self.as_of) {
            if let Some(fact) = &event.fact {
                state.apply(event.occurred_on, fact);
            }
        }
        Ok(ScheduleRow {
            complete: state.complete,
            declared_on: state.last_on,
            value: 0,
            scheduled: 0,
            received: 0,
            overdue: 0,
            terms: state.terms.into_values().collect(),
            version: self.version_of(connection, &subject).await?,
        })
    }

    async fn banks_in(
        &self,
        connection: &mut Connection<'_>,
        rows: &[Row],
        column: usize,
    ) -> Result<BTreeMap<String, String>, Fault> {
        let numbers: BTreeSet<String> =
            rows.iter().filter_map(|row| row.optional_text(column).transpose()).collect::<Result<_, _>>()?;
        self.party_names(connection, numbers.iter().map(String::as_str)).await
    }
}

fn penalty_columns() -> String {
    format!(
        "k.number, k.contract, k.partner, k.claimed_on, k.claim, k.amount, k.currency, k.state, k.label, {}",
        sql::version(SubjectKind::Penalty, "k.number")
    )
}

/// Number and name of a bank; its number alone where the name may not be seen.
fn bank(
    row: &Row,
    column: usize,
    names: &BTreeMap<String, String>,
) -> Result<Option<(String, String)>, Fault> {
    Ok(row.optional_text(column)?.map(|number| {
        let name = names.get(&number).cloned().unwrap_or_default();
        (number, name)
    }))
}

fn conversion(row: &Row, column: usize) -> Result<Option<Conversion>, Fault> {
    row.optional_text(column)?
        .map(|text| serde_json::from_str(&text).map_err(|e| Fault::damaged(DOING, e)))
        .transpose()
}

/// A word on a receipt in another currency: what came in, and at which rate; nothing in the contract's own.
/// The columns are those of the currency and the amount that came in, and of the conversion.
pub(super) fn note(row: &Row, (paid, amount, how): (usize, usize, usize)) -> Result<String, Fault> {
    let Some(conversion) = conversion(row, how)? else { return Ok(String::new()) };
    let paid = currency(row, paid)?;
    Ok(format!(
        "{paid} {} at {} ({}, {})",
        decimal(row.int(amount)?, paid.digits()),
        conversion.quoted,
        conversion.basis.name(),
        conversion.dated
    ))
}
