//! What stands of a contract's payments, and who may see it.

use entente_register::access::Actor;
use entente_register::contract::delivery::Delivery;
use entente_register::contract::line::contract_of;
use entente_register::label::Label;
use entente_register::ledger::{Refusal, Subject, SubjectKind};
use entente_register::payment::{Delay, DelayFacts, DueBase, Instalment, Schedule, ScheduleFacts};
use jiff::civil::Date;

use super::Batch;
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;
use crate::view::{NO_END, STANDING, Scope, payment_series};

const DOING: &str = "reading the payments of a contract";

impl Batch {
    /// Loads a contract that is open to the actor.
    pub(super) async fn see_contract(&mut self, actor: &Actor, number: &str) -> Outcome<()> {
        if self.sees_named_contract(actor, number).await? {
            return Ok(());
        }
        Err(Refusal::not_found("contract", number).into())
    }

    /// Loads the contract to which something is added: the number is its own.
    pub(in crate::execute) async fn see_new(&mut self, actor: &Actor, number: &str) -> Outcome<()> {
        if contract_of(number) != number {
            return Err(Refusal::not_found("contract", number).into());
        }
        self.see_contract(actor, number).await
    }

    /// A subject of a contract's payments that is open to the actor: its contract is, and its own marking.
    pub(in crate::execute) async fn sees_payment(
        &mut self,
        actor: &Actor,
        subject: &Subject,
    ) -> Outcome<bool> {
        self.load(subject).await?;
        let key = subject.key.as_str();
        let label = match subject.kind {
            SubjectKind::Instalment => self.states.instalment(key).map(|state| &state.label),
            SubjectKind::Receipt => self.states.receipt(key).map(|state| &state.label),
            SubjectKind::Penalty => self.states.penalty(key).map(|state| &state.label),
            SubjectKind::Rate => self.states.rate(key).map(|state| &state.label),
            _ => None,
        };
        let Some(label) = label else { return Ok(false) };
        if !actor.clearance.admits(label) {
            return Ok(false);
        }
        let contract = match subject.kind {
            SubjectKind::Rate => self.states.rate(key).and_then(|rate| rate.contract.clone()),
            _ => Some(contract_of(key).to_owned()),
        };
        match contract {
            Some(contract) => self.sees_named_contract(actor, &contract).await,
            None => Ok(true),
        }
    }

    pub(super) async fn find_payment(&mut self, actor: &Actor, subject: &Subject) -> Outcome<()> {
        if self.sees_payment(actor, subject).await? {
            return Ok(());
        }
        Err(Refusal::not_found(subject.kind.word(), &subject.key).into())
    }

    /// The next number of a contract's instalments, receipts, penalties or milestones of a marking.
    pub(in crate::execute) async fn next_payment(
        &mut self,
        kind: SubjectKind,
        contract: &str,
        label: &Label,
        letter: char,
        expected: Option<u32>,
    ) -> Outcome<Subject> {
        let series = payment_series(contract, &self.open_contract(contract)?.label, label, letter);
        let next = self.next(&series).await?;
        let subject = kind.subject(format!("{series}{next}"));
        self.begin(&subject, expected)?;
        Ok(subject)
    }

    /// The instalment or receipt of a contract that bears a reference. One without bears the end of its
    /// number, `I3`.
    pub(in crate::execute) async fn payment_referenced(
        &mut self,
        scope: Scope<'_>,
        reference: &str,
    ) -> Outcome<Option<String>> {
        let (contract, kind) = match scope {
            Scope::InstalmentsOf(contract) => (contract, SubjectKind::Instalment),
            Scope::ReceiptsOf(contract) => (contract, SubjectKind::Receipt),
            _ => return Ok(None),
        };
        let mut connection = self.transaction.connection();
        let found = self.views.referenced(&mut connection, scope, reference).await?.into_iter().next();
        if found.is_some() || !reference.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Ok(found);
        }
        let subject = kind.subject(format!("{contract}.{reference}"));
        self.load(&subject).await?;
        let own = match kind {
            SubjectKind::Instalment => {
                self.states.instalment(&subject.key).is_some_and(|state| state.reference.is_none())
            }
            _ => self.states.receipt(&subject.key).is_some_and(|state| state.reference.is_none()),
        };
        Ok(own.then_some(subject.key))
    }

    /// The schedule of a contract; an open one where nothing was said of it.
    pub(in crate::execute) async fn schedule_of(&mut self, contract: &str) -> Outcome<Schedule> {
        self.load(&SubjectKind::Schedule.subject(contract)).await?;
        Ok(self.states.schedule(contract).cloned().unwrap_or_default())
    }

    /// What is received for an instalment, in minor units.
    pub(in crate::execute) async fn received(&mut self, instalment: &str) -> Outcome<i64> {
        self.sum(
            "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM allocation WHERE instalment = $1 AND known_to = $2",
            instalment,
        )
        .await
    }

    pub(super) async fn sum(&mut self, sql: &str, key: &str) -> Outcome<i64> {
        let mut connection = self.transaction.connection();
        self.views.flush(&mut connection).await?;
        Ok(connection.fetch_one(DOING, sql, &[key.into(), STANDING.into()]).await?.int(0)?)
    }

    /// The value of a contract: what its lines sum to, in minor units.
    pub(in crate::execute) async fn value_of(&mut self, contract: &str) -> Outcome<i64> {
        self.sum(
            "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM line WHERE contract = $1 AND known_to = $2 AND valid_to = '9999-12-31'",
            contract,
        )
        .await
    }

    /// What the instalments of a contract that the actor may see sum to, and what its lines do.
    pub(super) async fn scheduled(&mut self, actor: &Actor, contract: &str) -> Outcome<ScheduleFacts> {
        let value = self.value_of(contract).await?;
        let mut facts = ScheduleFacts { value, ..ScheduleFacts::default() };
        let rows = self
            .transaction
            .connection()
            .fetch(
                DOING,
                "SELECT number FROM instalment WHERE contract = $1 AND known_to = $2 AND valid_to = $3 AND state = 'scheduled' ORDER BY number",
                &[contract.into(), STANDING.into(), NO_END.into()],
            )
            .await?;
        for row in rows {
            let number = row.text(0)?;
            self.load(&SubjectKind::Instalment.subject(&number)).await?;
            let Some(instalment) = self.states.instalment(&number) else { continue };
            if actor.clearance.admits(&instalment.label) {
                facts.instalments += 1;
                facts.scheduled = facts.scheduled.saturating_add(instalment.amount.minor);
                facts.label = Some(match &facts.label {
                    Some(label) => label.join(&instalment.label),
                    None => instalment.label.clone(),
                });
            }
        }
        Ok(facts)
    }

    pub(super) async fn signed_on(&mut self, contract: &str) -> Outcome<Option<Date>> {
        let mut connection = self.transaction.connection();
        self.views.flush(&mut connection).await?;
        let row = connection
            .fetch_optional(
                DOING,
                "SELECT signed_on FROM contract WHERE number = $1 AND known_to = $2 AND valid_to = $3",
                &[contract.into(), STANDING.into(), NO_END.into()],
            )
            .await?;
        Ok(row.map(|row| row.optional_date(0)).transpose()?.flatten())
    }

    /// What is late, if it is of the contract and open to the actor, which the contract is.
    pub(super) async fn delay(
        &mut self,
        actor: &Actor,
        contract: &str,
        delay: &Delay,
    ) -> Outcome<Option<DelayFacts>> {
        let subject = delay.subject();
        if !is_possible(&subject.key) || contract_of(&subject.key) != contract {
            return Ok(None);
        }
        self.load(&subject).await?;
        let label = self.open_contract(contract)?.label.clone();
        match delay {
            Delay::Delivery(number) => {
                let Some(delivery) = self.states.delivery(number).cloned() else { return Ok(None) };
                if matches!(delivery.state, "annulled" | "returned") {
                    return Ok(None);
                }
                self.load(&SubjectKind::Line.subject(&delivery.line)).await?;
                let due_on = self.states.line(&delivery.line).map(|line| line.due_on);
                let done_on = accepted_on(&delivery);
                Ok(Some(DelayFacts { value: delivery.amount.minor, due_on, done_on, label }))
            }
            Delay::Line(number) => {
                let Some(line) = self.states.line(number).cloned() else { return Ok(None) };
                let value = line.amount.minor - self.sums(number).await?.accepted_amount;
                Ok(Some(DelayFacts { value, due_on: Some(line.due_on), done_on: None, label }))
            }
            Delay::Instalment(number) => {
                if !self.sees_payment(actor, &subject).await? {
                    return Ok(None);
                }
                let Some(instalment) = self.states.instalment(number).cloned() else { return Ok(None) };
                if instalment.state != "scheduled" {
                    return Ok(None);
                }
                let value = instalment.amount.minor - self.received(number).await?;
                let due_on = self.due_on(&instalment).await?;
                let label = instalment.label;
                Ok(Some(DelayFacts { value, due_on, done_on: None, label }))
            }
        }
    }

    /// The day on which an instalment is due, as far as it is known now.
    pub(super) async fn due_on(&mut self, instalment: &Instalment) -> Outcome<Option<Date>> {
        let act = match instalment.due.base() {
            DueBase::Day(day) => day,
            DueBase::Signature => self.signed_on(contract_of(&instalment.number)).await?,
            DueBase::Delivery(number) => {
                self.load(&SubjectKind::Delivery.subject(number)).await?;
                self.states.delivery(number).and_then(accepted_on)
            }
            DueBase::Line(number) => {
                let mut connection = self.transaction.connection();
                self.views.flush(&mut connection).await?;
                let row = connection
                    .fetch_optional(
                        DOING,
                        "SELECT completed_on FROM line_completion WHERE line = $1 AND counting = 'title_passed' AND known_to = $2 AND reopened_on = $3 ORDER BY completed_on LIMIT 1",
                        &[number.into(), STANDING.into(), NO_END.into()],
                    )
                    .await?;
                row.map(|row| row.date(0)).transpose()?
            }
        };
        Ok(instalment.due.due_on(act))
    }

    pub(super) async fn standing_penalty(&mut self, delay: &Delay) -> Result<Option<String>, Fault> {
        let subject = delay.subject();
        if !is_possible(&subject.key) {
            return Ok(None);
        }
        let mut connection = self.transaction.connection();
        self.views.flush(&mut connection).await?;
        let row = connection
            .fetch_optional(
                DOING,
                "SELECT number FROM penalty WHERE delay = $1 AND known_to = $2 AND valid_to = $3 AND state <> 'waived' ORDER BY number LIMIT 1",
                &[subject.to_string().into(), STANDING.into(), NO_END.into()],
            )
            .await?;
        row.map(|row| row.text(0)).transpose()
    }
}

/// The day of a delivery's acceptance, if that stands.
fn accepted_on(delivery: &Delivery) -> Option<Date> {
    delivery.accepted_on.filter(|_| delivery.state == "accepted")
}
