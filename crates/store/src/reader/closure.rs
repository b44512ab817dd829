//! What a contract still asks for before it is completed or closed, as of a day and as it was known.

use entente_register::access::{Reading, may_read};
use entente_register::contract::Contract;
use entente_register::contract::closure::{ClosureFacts, Condition, closing, completion};
use entente_register::contract::delivery::Counting;
use entente_register::contract::serial::is_whole;
use entente_register::ledger::{Event, SubjectKind};
use entente_register::money::Quantity;

use super::performance::ContractPerformance;
use super::{Reader, sql};
use crate::database::Connection;
use crate::error::Fault;

const DOING: &str = "reading what a contract still asks for";

impl Reader {
    /// The state of a contract as of the reader's day, folded from its events at the horizon. Whether it is open to
    /// the actor was asked before.
    pub(super) async fn contract_state(
        &self,
        connection: &mut Connection<'_>,
        number: &str,
    ) -> Result<Option<Contract>, Fault> {
        let subject = SubjectKind::Contract.subject(number);
        Ok(self.fold_contract(&self.events_of(connection, &subject).await?))
    }

    /// The same of events that were read.
    pub(super) fn fold_contract(&self, events: &[Event]) -> Option<Contract> {
        let mut state = None;
        for event in events.iter().filter(|event| event.occurred_on <= self.as_of) {
            if let Some(fact) = &event.fact {
                Contract::apply(&mut state, &event.subject, event.occurred_on, &event.label, fact);
            }
        }
        state
    }

    /// The conditions of the next step of a contract: its completion while it is in force, its closing once it is
    /// completed or terminated.
    pub(super) async fn conditions(
        &self,
        connection: &mut Connection<'_>,
        contract: &Contract,
        performance: &ContractPerformance,
    ) -> Result<Vec<Condition>, Fault> {
        match contract.state {
            "in_force" => {
                let mut facts = ClosureFacts::default();
                self.undelivered(connection, contract, &mut facts).await?;
                Ok(completion(contract, &facts))
            }
            "completed" | "terminated" => {
                let mut facts = open_performance(performance);
                self.owed_in_money(connection, contract, &mut facts).await?;
                self.under_warranty(connection, contract, &mut facts).await?;
                Ok(closing(contract, &facts, self.as_of))
            }
            _ => Ok(Vec::new()),
        }
    }

    async fn undelivered(
        &self,
        connection: &mut Connection<'_>,
        contract: &Contract,
        facts: &mut ClosureFacts,
    ) -> Result<(), Fault> {
        let mut parameters = self.parameters();
        let number = parameters.add(contract.number.clone());
        let counting = parameters.add(Counting::TitlePassed.word());
        let sql = format!(
            "SELECT l.number FROM line l WHERE l.contract = {number} AND {} AND NOT {} ORDER BY l.position",
            sql::stands("l"),
            sql::complete("l.number", &counting, "$2"),
        );
        for row in connection.fetch(DOING, &sql, parameters.values()).await? {
            facts.open_lines.push(row.text(0)?);
        }
        for line in &contract.terms.serialised {
            let mut parameters = self.parameters();
            let line = parameters.add(line.clone());
            let sql = format!(
                "SELECT a.delivery, CAST(SUM(a.quantity) AS BIGINT), CAST((SELECT count(*) FROM serial_number n WHERE n.delivery = a.delivery AND {} AND n.recorded_on <= $2) AS BIGINT) FROM delivery_act a WHERE a.line = {line} AND a.counting = 'title_passed' AND a.known_from <= $1 AND a.act_date <= $2 GROUP BY a.delivery HAVING SUM(a.sign) > 0 ORDER BY length(a.delivery), a.delivery",
                sql::known("n"),
            );
            for row in connection.fetch(DOING, &sql, parameters.values()).await? {
                if !is_whole(usize::try_from(row.int(2)?).unwrap_or(0), Quantity(row.int(1)?)) {
                    facts.without_serials.push(row.text(0)?);
                }
            }
        }
        Ok(())
    }

    /// What is unpaid and what penalties are open, for those who may read payments.
    async fn owed_in_money(
        &self,
        connection: &mut Connection<'_>,
        contract: &Contract,
        facts: &mut ClosureFacts,
    ) -> Result<(), Fault> {
        if may_read(&self.actor, Reading::Payments).is_none() {
            return Ok(());
        }
        let mut parameters = self.parameters();
        let number = parameters.add(contract.number.clone());
        let sql = format!(
            "SELECT i.number FROM instalment i WHERE i.contract = {number} AND {} {} AND i.state = 'scheduled' AND i.amount > (SELECT coalesce(sum(a.amount), 0) FROM allocation a WHERE a.instalment = i.number AND {} AND a.received_on <= $2) ORDER BY length(i.number), i.number",
            sql::stands("i"),
            self.labels.filter("i.label"),
            sql::known("a"),
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        facts.unpaid = Some(rows.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?);
        let sql = format!(
            "SELECT p.number FROM penalty p WHERE p.contract = {number} AND {} {} AND p.state IN ('claimed', 'agreed') ORDER BY length(p.number), p.number",
            sql::stands("p"),
            self.labels.filter("p.label"),
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        facts.penalties = Some(rows.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?);
        Ok(())
    }

    async fn under_warranty(
        &self,
        connection: &mut Connection<'_>,
        contract: &Contract,
        facts: &mut ClosureFacts,
    ) -> Result<(), Fault> {
        if contract.terms.warranties.is_empty() {
            return Ok(());
        }
        let mut parameters = self.parameters();
        let number = parameters.add(contract.number.clone());
        let sql = format!(
            "SELECT a.line, MAX(a.act_date) FROM delivery_act a WHERE a.contract = {number} AND a.counting = 'title_passed' AND a.sign > 0 AND a.known_from <= $1 AND a.act_date <= $2 GROUP BY a.line ORDER BY a.line"
        );
        for row in connection.fetch(DOING, &sql, parameters.values()).await? {
            let ends_on = contract.terms.warranty_ends_on(row.text_ref(0)?, row.date(1)?);
            facts.warranty_until = facts.warranty_until.max(ends_on);
        }
        Ok(())
    }
}

/// What of a contract's performance has no end yet.
fn open_performance(performance: &ContractPerformance) -> ClosureFacts {
    let milestones = performance.milestones.iter().filter(|one| one.state.state == "planned");
    let slippages = performance.slippages.iter().filter(|one| one.state.state == "open");
    let plans = performance.corrective_plans.iter().filter(|one| one.state.is_open());
    let offsets = performance.offsets.iter().filter(|one| one.state.state == "agreed");
    ClosureFacts {
        milestones: milestones.map(|one| one.state.number.clone()).collect(),
        slippages: slippages.map(|one| one.state.number.clone()).collect(),
        corrective_plans: plans.map(|one| one.state.number.clone()).collect(),
        offsets: offsets.map(|one| one.state.number.clone()).collect(),
        ..ClosureFacts::default()
    }
}
