//! How one contract is performed: what is to be reached, what slips, what is claimed, what is done about it, what is
//! owed beside, and what it still asks for before it is completed and closed.

use serde::de::DeserializeOwned;

use entente_register::access::{Reading, may_read};
use entente_register::contract::closure::Condition;
use entente_register::contract::{Claim, ContractTerms};
use entente_register::label::Label;
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::performance::{CorrectivePlan, Milestone, OffsetObligation, Slippage};

use super::{HistoryRow, Reader, sql};
use crate::database::Connection;
use crate::error::{Fault, Outcome};

const DOING: &str = "reading the performance of a contract";

/// What happens under a contract beside its deliveries and payments.
const KINDS: [SubjectKind; 4] =
    [SubjectKind::Milestone, SubjectKind::Slippage, SubjectKind::Corrective, SubjectKind::Offset];

/// Something that stands under a contract, with the version of its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Performed<T> {
    /// As it stands.
    pub state: T,
    /// The subject's version.
    pub version: u32,
}

/// How a contract is performed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractPerformance {
    /// Number of the contract.
    pub contract: String,
    /// Milestones, in the order of the days on which they were reached or are planned.
    pub milestones: Vec<Performed<Milestone>>,
    /// Slippages, the open ones first.
    pub slippages: Vec<Performed<Slippage>>,
    /// Corrective plans, those under way first.
    pub corrective_plans: Vec<Performed<CorrectivePlan>>,
    /// Offset obligations.
    pub offsets: Vec<Performed<OffsetObligation>>,
    /// Claims, in the order of their numbers.
    pub claims: Vec<Claim>,
    /// Windows of claims, warranties, serial numbers.
    pub terms: ContractTerms,
    /// What must hold before it is completed or, once it is completed or terminated, closed; none where neither is
    /// the next step.
    pub conditions: Vec<Condition>,
    /// What has happened to all of these, the latest last, each with its subject.
    pub history: Vec<(String, HistoryRow)>,
    /// The contract's marking, which all of it bears.
    pub label: Label,
}

impl Reader {
    /// How a contract is performed.
    ///
    /// # Errors
    /// `access.read` if the actor may not read contracts; `not_found` for one that is not open to the actor.
    pub async fn contract_performance(&self, number: &str) -> Outcome<ContractPerformance> {
        let extent = self.check(Reading::Contracts)?;
        let mut transaction = self.store.database.read().await?;
        let connection = &mut transaction.connection();
        let absent = || Refusal::not_found("contract", number);
        let contract = self.find_contract(connection, extent, number).await?.ok_or_else(absent)?;
        let mut milestones: Vec<Performed<Milestone>> =
            self.performed(connection, number, SubjectKind::Milestone).await?;
        milestones.sort_by_key(|one| one.state.reached_on.unwrap_or(one.state.planned_on));
        if may_read(&self.actor, Reading::Payments).is_none() {
            for one in &mut milestones {
                one.state.instalment = None;
            }
        }
        let mut slippages: Vec<Performed<Slippage>> =
            self.performed(connection, number, SubjectKind::Slippage).await?;
        slippages.sort_by_key(|one| one.state.state != "open");
        let mut corrective_plans: Vec<Performed<CorrectivePlan>> =
            self.performed(connection, number, SubjectKind::Corrective).await?;
        corrective_plans.sort_by_key(|one| !one.state.is_open());
        let offsets = self.performed(connection, number, SubjectKind::Offset).await?;
        let history = self.history_under(connection, number, &KINDS).await?;
        let folded = self.contract_state(connection, number).await?.ok_or_else(absent)?;
        let mut performance = ContractPerformance {
            contract: number.to_owned(),
            milestones,
            slippages,
            corrective_plans,
            offsets,
            claims: folded.claims.clone(),
            terms: folded.terms.clone(),
            conditions: Vec::new(),
            history,
            label: contract.label,
        };
        performance.conditions = self.conditions(connection, &folded, &performance).await?;
        drop(transaction);
        self.log(format!("performance:{number}"), Some(&performance.label)).await?;
        Ok(performance)
    }

    /// What stands of a kind under a contract, in the order of its numbers.
    async fn performed<T: DeserializeOwned>(
        &self,
        connection: &mut Connection<'_>,
        contract: &str,
        kind: SubjectKind,
    ) -> Result<Vec<Performed<T>>, Fault> {
        let mut parameters = self.parameters();
        let contract = parameters.add(contract.to_owned());
        let word = parameters.add(kind.word());
        let sql = format!(
            "SELECT p.content, {} FROM performance p WHERE p.contract = {contract} AND p.kind = {word} AND {} {} ORDER BY length(p.number), p.number",
            sql::version(kind, "p.number"),
            sql::stands("p"),
            self.labels.filter("p.label"),
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        rows.iter()
            .map(|row| {
                let state = row.json(DOING, 0)?;
                Ok(Performed { state, version: row.version(1)? })
            })
            .collect()
    }
}
