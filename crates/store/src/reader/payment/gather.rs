//! Gathering what the figures of money are worked out from.
//!
//! What was delivered under a contract is summed only where it is not paid in full: of the others nothing
//! is receivable. So the work grows with what is open, not with what the register holds.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use entente_register::access::{Extent, Reading};
use entente_register::brief::{
    ALERT_DAYS, ContractMoney, Conventions, Facts, PaymentFacts, UnpaidInstalment, payments,
};
use entente_register::ledger::Refusal;
use entente_register::money::Currency;
use entente_register::payment::{DueRule, InstalmentKind};

use super::PaymentsView;
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::reader::sql::{self, Parameters};
use crate::reader::{BriefOptions, Page, Reader};

const DOING: &str = "gathering payments";

impl Reader {
    /// What came in, what is overdue and what is owed for what was delivered, in one currency.
    ///
    /// # Errors
    /// `access.read` if the actor may not read payments.
    pub async fn payments(&self, options: &BriefOptions, page: Page) -> Outcome<PaymentsView> {
        let extent = self.check(Reading::Payments)?;
        let mut transaction = self.store.database.read().await?;
        let connection = &mut transaction.connection();
        let money = self.gather_payments(connection, extent, options).await?;
        let (currencies, marking) = self.survey_payments(connection, extent).await?;
        let penalties = self.open_penalties(connection, extent, options.currency, page.bounded()).await?;
        let mut facts = self.facts_of_money(options, &currencies);
        facts.partners = self.select_partners(connection).await?.into_iter().collect();
        facts.payments = money;
        drop(transaction);
        let figures = payments(&facts);
        let PaymentFacts { contracts, instalments, .. } = facts.payments;
        let soon = self.as_of.checked_add(i64::from(ALERT_DAYS).days()).unwrap_or(Date::MAX);
        let mut overdue = Vec::new();
        let mut coming = Vec::new();
        for instalment in instalments {
            match instalment.due_on {
                Some(due_on) if due_on <= self.as_of => overdue.push(instalment),
                Some(due_on) if due_on <= soon => coming.push(instalment),
                _ => {}
            }
        }
        for list in [&mut overdue, &mut coming] {
            list.sort_by(|a, b| (a.due_on, &a.instalment).cmp(&(b.due_on, &b.instalment)));
        }
        self.log("payments", marking.as_ref()).await?;
        Ok(PaymentsView {
            conventions: facts.conventions,
            figures,
            currencies,
            contracts,
            overdue,
            coming,
            penalties,
            marking,
        })
    }

    /// Facts that hold nothing but what figures of money need.
    fn facts_of_money(&self, options: &BriefOptions, currencies: &[Currency]) -> Facts {
        Facts {
            conventions: Conventions {
                as_of: self.as_of,
                known_at: self.known_at,
                counting: options.counting,
                plan: None,
                currency: options.currency,
                scope: self.scope(),
                other_currencies: currencies.iter().copied().filter(|c| *c != options.currency).collect(),
            },
            delivered: Vec::new(),
            delivered_twelve_months: 0,
            plans: Vec::new(),
            plan_missing: None,
            open_lines: Vec::new(),
            line_counts: Vec::new(),
            outstanding: Vec::new(),
            slips: Vec::new(),
            contracts: Vec::new(),
            signed: 0,
            signed_count: 0,
            partners: BTreeMap::new(),
            groups: Vec::new(),
            payments: PaymentFacts::default(),
            opportunities: Vec::new(),
        }
    }

    /// What the figures of money are worked out from.
    pub(in crate::reader) async fn gather_payments(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        options: &BriefOptions,
    ) -> Outcome<PaymentFacts> {
        let (receipts, received) = self.received_to_date(connection, extent, options).await?;
        let contracts = self.money_of_contracts(connection, extent, options).await?;
        if contracts.is_empty() {
            return Ok(PaymentFacts::default());
        }
        let instalments = self.unpaid(connection, extent, options).await?;
        let named: BTreeSet<&str> = instalments.iter().filter_map(|one| one.bank.as_deref()).collect();
        let banks = self.party_names(connection, named).await?;
        Ok(PaymentFacts { received, receipts, contracts, instalments, banks })
    }

    /// The condition on receipts `r`, under contracts `c`, of the year to date.
    pub(super) fn receipts_to_date(
        &self,
        extent: Extent,
        parameters: &mut Parameters<'_>,
        options: &BriefOptions,
    ) -> String {
        let start = parameters.add(date(self.as_of.year(), 1, 1));
        let currency = parameters.add(options.currency.code());
        format!(
            "r.currency = {currency} AND r.received_on BETWEEN {start} AND $2 AND {} {} AND {}",
            sql::known("r"),
            self.labels.filter("r.label"),
            self.open_contracts(extent, parameters)
        )
    }

    async fn received_to_date(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        options: &BriefOptions,
    ) -> Result<(i64, i64), Fault> {
        let mut parameters = self.parameters();
        let condition = self.receipts_to_date(extent, &mut parameters, options);
        let sql = format!(
            "SELECT CAST(count(*) AS BIGINT), CAST(coalesce(sum(r.value), 0) AS BIGINT) FROM receipt r JOIN contract c ON c.number = r.contract WHERE {condition}"
        );
        let row = connection.fetch_one(DOING, &sql, parameters.values()).await?;
        Ok((row.int(0)?, row.int(1)?))
    }

    async fn money_of_contracts(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        options: &BriefOptions,
    ) -> Result<Vec<ContractMoney>, Fault> {
        let mut parameters = self.parameters();
        let currency = parameters.add(options.currency.code());
        let open = self.open_contracts(extent, &mut parameters);
        let (instalments, receipts) = (self.standing_instalments(), self.standing_receipts());
        let sum = |column: &str, from: &str, condition: &str| {
            format!("CAST(coalesce((SELECT sum({column}) FROM {from} WHERE {condition}), 0) AS BIGINT)")
        };
        let sql = format!(
            "SELECT c.number, c.partner, c.title, c.state, {}, {}, {}, {} FROM contract c WHERE {open} AND c.currency = {currency} AND c.signed_on IS NOT NULL AND c.number IN (SELECT i.contract FROM instalment i WHERE i.currency = {currency} AND {instalments} UNION SELECT r.contract FROM receipt r WHERE r.currency = {currency} AND {receipts}) ORDER BY c.number",
            sum("l.amount", "line l", &format!("l.contract = c.number AND {}", sql::stands("l"))),
            sum(
                "i.amount",
                "instalment i",
                &format!("i.contract = c.number AND i.state = 'scheduled' AND {instalments}")
            ),
            sum("r.value", "receipt r", &format!("r.contract = c.number AND {receipts}")),
            self.is_complete("c.number"),
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let mut contracts = rows
            .iter()
            .map(|row| {
                Ok(ContractMoney {
                    contract: row.text(0)?,
                    partner: row.text(1)?,
                    title: row.text(2)?,
                    state: row.text(3)?,
                    value: row.int(4)?,
                    scheduled: row.int(5)?,
                    received: row.int(6)?,
                    complete: row.int(7)? == 1,
                    delivered: 0,
                })
            })
            .collect::<Result<Vec<_>, Fault>>()?;
        self.add_delivered(connection, options, &mut contracts).await?;
        Ok(contracts)
    }

    /// Fills in what was delivered under contracts that are not paid in full.
    async fn add_delivered(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
        contracts: &mut [ContractMoney],
    ) -> Result<(), Fault> {
        let unpaid: Vec<String> =
            contracts.iter().filter(|c| c.received < c.value).map(|c| c.contract.clone()).collect();
        let mut delivered = BTreeMap::new();
        for some in unpaid.chunks(sql::LISTED) {
            let mut parameters = self.parameters();
            let counting = parameters.add(options.counting.word());
            let numbers = parameters.list(some.iter().cloned());
            let sql = format!(
                "SELECT l.contract, CAST(sum({}) AS BIGINT) FROM line l WHERE l.contract IN {numbers} AND {} GROUP BY l.contract ORDER BY l.contract",
                sql::delivered("amount", "l.number", options.counting, &counting, "$2"),
                sql::stands("l"),
            );
            for row in connection.fetch(DOING, &sql, parameters.values()).await? {
                delivered.insert(row.text(0)?, row.int(1)?);
            }
        }
        for contract in contracts {
            contract.delivered = delivered.get(&contract.contract).copied().unwrap_or(0);
        }
        Ok(())
    }

    /// Instalments of which something is open, under contracts that bind.
    async fn unpaid(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        options: &BriefOptions,
    ) -> Result<Vec<UnpaidInstalment>, Fault> {
        let mut parameters = self.parameters();
        let currency = parameters.add(options.currency.code());
        let open = self.open_contracts(extent, &mut parameters);
        let sql = format!(
            "SELECT x.* FROM (SELECT i.number, i.contract, i.partner, i.kind, i.amount, {RECEIVED} AS received, i.due, {} AS act, i.bank FROM instalment i JOIN contract c ON c.number = i.contract WHERE i.currency = {currency} AND i.state = 'scheduled' AND {} AND {open} AND c.signed_on IS NOT NULL AND c.state <> 'terminated') x WHERE x.received < x.amount ORDER BY x.number",
            act(),
            self.standing_instalments(),
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        rows.iter()
            .map(|row| {
                let (rule, due_on) = due(row, 6, 7)?;
                Ok(UnpaidInstalment {
                    instalment: row.text(0)?,
                    contract: row.text(1)?,
                    partner: row.text(2)?,
                    kind: kind(row, 3)?,
                    amount: row.int(4)?,
                    received: row.int(5)?,
                    due_on,
                    due: rule.words(),
                    bank: row.optional_text(8)?,
                })
            })
            .collect()
    }

    /// The currencies of all contracts that are open to the actor, and the join of the labels of these and of
    /// their payments.
    async fn survey_payments(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
    ) -> Result<(Vec<Currency>, Option<entente_register::label::Label>), Fault> {
        let mut parameters = self.parameters();
        let open = self.open_contracts(extent, &mut parameters);
        let sql = format!(
            "SELECT DISTINCT c.currency, c.label FROM contract c WHERE {open} UNION SELECT DISTINCT c.currency, i.label FROM contract c JOIN instalment i ON i.contract = c.number AND {} WHERE {open} ORDER BY 1, 2",
            self.standing_instalments(),
        );
        let rows = connection.fetch("surveying the payments", &sql, parameters.values()).await?;
        let (mut currencies, mut labels) = (BTreeSet::new(), Vec::new());
        for row in &rows {
            currencies.insert(crate::reader::contract::currency(row, 0)?);
            labels.push(row.int(1)?);
        }
        Ok((currencies.into_iter().collect(), self.labels.join(labels)?))
    }

    /// The condition on instalments `i` that stand and may be seen, withdrawn ones among them.
    pub(super) fn standing_instalments(&self) -> String {
        format!("{} {}", sql::stands("i"), self.labels.filter("i.label"))
    }

    /// The condition on receipts `r` that stand and may be seen.
    pub(super) fn standing_receipts(&self) -> String {
        format!("{} AND r.received_on <= $2 {}", sql::known("r"), self.labels.filter("r.label"))
    }

    /// 1 where the schedule of a contract is declared complete, as far as the actor may see.
    pub(super) fn is_complete(&self, contract: &str) -> String {
        format!(
            "CAST(coalesce((SELECT s.complete FROM schedule_state s WHERE s.contract = {contract} AND s.known_from <= $1 AND s.declared_on <= $2 {} ORDER BY s.known_from DESC LIMIT 1), 0) AS BIGINT)",
            self.labels.filter("s.label")
        )
    }
}

/// What is received for instalment `i`. Its receipts bear the same label as itself.
pub(super) const RECEIVED: &str = "CAST(coalesce((SELECT sum(a.amount) FROM allocation a WHERE a.instalment = i.number AND a.known_from <= $1 AND a.known_to > $1 AND a.received_on <= $2), 0) AS BIGINT)";

/// The day of the act from which the days of instalment `i` under contract `c` are counted.
pub(super) fn act() -> String {
    format!(
        "CASE i.base WHEN 'signature' THEN c.signed_on WHEN 'delivery' THEN (SELECT a.act_date FROM delivery_act a WHERE a.line = i.base_line AND a.counting = 'title_passed' AND a.delivery = i.base_number AND a.act_date <= $2 AND a.known_from <= $1 GROUP BY a.act_date HAVING sum(a.sign) > 0 ORDER BY a.act_date LIMIT 1) WHEN 'line' THEN (SELECT d.completed_on FROM line_completion d WHERE d.line = i.base_number AND d.counting = 'title_passed' AND {} AND d.completed_on <= $2 AND d.reopened_on > $2 ORDER BY d.completed_on LIMIT 1) ELSE i.base_on END",
        sql::known("d")
    )
}

/// The due rule in a column, and the day that it gives with the act in another.
pub(super) fn due(row: &Row, rule: usize, act: usize) -> Result<(DueRule, Option<Date>), Fault> {
    let rule: DueRule = row.json("reading a due rule", rule)?;
    let due_on = rule.due_on(row.optional_date(act)?);
    Ok((rule, due_on))
}

/// A stored kind of instalment.
pub(super) fn kind(row: &Row, column: usize) -> Result<InstalmentKind, Fault> {
    row.text_ref(column)?
        .parse()
        .map_err(|e: Refusal| Fault::damaged("reading a kind of instalment", e.message))
}
