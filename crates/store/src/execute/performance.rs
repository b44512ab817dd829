//! What the rules of a contract's performance are given.

use entente_register::access::Actor;
use entente_register::contract::line::contract_of;
use entente_register::ledger::{Context, Refusal, Subject, SubjectKind};
use entente_register::performance::{
    CorrectiveCommand, CorrectiveFacts, MilestoneCommand, MilestoneFacts, OffsetCommand, OffsetFacts,
    SlippageCommand, SlippageFacts, corrective, milestone, offset, slippage,
};

use super::Batch;
use super::decide::{Decided, decided};
use crate::error::Outcome;
use crate::view::{NO_END, STANDING};

impl Batch {
    pub(super) async fn milestone(
        &mut self,
        context: &Context,
        number: String,
        command: MilestoneCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let of = contract_of(&number).to_owned();
        let mut facts = MilestoneFacts::default();
        let (subject, instalment) = match &command {
            MilestoneCommand::Plan(new) => {
                self.see_new(&context.actor, &number).await?;
                if let Some(line) = new.line.as_deref().filter(|line| contract_of(line) == of) {
                    self.load(&SubjectKind::Line.subject(line)).await?;
                    facts.line_exists = self.states.line(line).is_some();
                }
                if let Some(instalment) = &new.instalment {
                    let about = SubjectKind::Instalment.subject(instalment);
                    facts.released_by = self.performing(SubjectKind::Milestone, &about, "cancelled").await?;
                }
                (
                    self.next_performed(SubjectKind::Milestone, &of, 'M', expected).await?,
                    new.instalment.clone(),
                )
            }
            _ => {
                let subject = SubjectKind::Milestone.subject(number);
                self.find_performed(&context.actor, &subject, expected).await?;
                let named = self.states.milestone(&subject.key).and_then(|state| state.instalment.clone());
                (subject, named)
            }
        };
        // An instalment of another contract is not there for this one.
        if let Some(instalment) = instalment.filter(|instalment| contract_of(instalment) == of) {
            let named = SubjectKind::Instalment.subject(instalment);
            if self.sees_payment(&context.actor, &named).await? {
                facts.of_instalment.received = self.received(&named.key).await?;
                facts.of_instalment.schedule = self.schedule_of(&of).await?;
                facts.instalment = self.states.instalment(&named.key).cloned();
            }
        }
        let state = self.states.milestone(&subject.key);
        let contract = self.open_contract(&of)?;
        let events = milestone::decide(state, contract, &subject.key, &facts, context, command)?;
        Ok(Decided { subject, events, stands: None })
    }

    pub(super) async fn slippage(
        &mut self,
        context: &Context,
        number: String,
        command: SlippageCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let of = contract_of(&number).to_owned();
        let mut facts = SlippageFacts::default();
        let (subject, line) = match &command {
            SlippageCommand::Report { line, .. } => {
                self.see_new(&context.actor, &number).await?;
                let subject = self.next_performed(SubjectKind::Slippage, &of, 'S', expected).await?;
                (subject, Some(line.clone()))
            }
            _ => {
                let subject = SubjectKind::Slippage.subject(number);
                self.find_performed(&context.actor, &subject, expected).await?;
                let line = self.states.slippage(&subject.key).map(|state| state.line.clone());
                (subject, line)
            }
        };
        if let Some(line) = line.filter(|line| contract_of(line) == of) {
            let about = SubjectKind::Line.subject(&line);
            self.load(&about).await?;
            facts.line = self.states.line(&line).cloned();
            if let Some(quantity) = facts.line.as_ref().map(|line| line.quantity) {
                facts.delivered = self.sums(&line).await?.accepted >= quantity;
                facts.open = self.performing(SubjectKind::Slippage, &about, "ended").await?;
            }
        }
        let state = self.states.slippage(&subject.key);
        let contract = self.open_contract(&of)?;
        let events = slippage::decide(state, contract, &subject.key, &facts, context, command)?;
        decided(events)
    }

    pub(super) async fn corrective(
        &mut self,
        context: &Context,
        number: String,
        command: CorrectiveCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let of = contract_of(&number).to_owned();
        let mut facts = CorrectiveFacts::default();
        let subject = match &command {
            CorrectiveCommand::Propose { about, .. } => {
                self.see_new(&context.actor, &number).await?;
                // What is no subject, or is of another contract, is refused by the rule.
                let about = about.as_ref().and_then(|about| about.parse::<Subject>().ok());
                if let Some(about) = about
                    .filter(|about| contract_of(&about.key) == of && super::states::is_possible(&about.key))
                {
                    self.load(&about).await?;
                    facts.about_exists = self.states.version(&about) > 0;
                }
                self.next_performed(SubjectKind::Corrective, &of, 'C', expected).await?
            }
            _ => {
                let subject = SubjectKind::Corrective.subject(number);
                self.find_performed(&context.actor, &subject, expected).await?;
                subject
            }
        };
        let state = self.states.corrective(&subject.key);
        let contract = self.open_contract(&of)?;
        decided(corrective::decide(state, contract, &subject.key, &facts, context, command)?)
    }

    pub(super) async fn offset(
        &mut self,
        context: &Context,
        number: String,
        command: OffsetCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let of = contract_of(&number).to_owned();
        let mut facts = OffsetFacts::default();
        let subject = match &command {
            OffsetCommand::Agree { .. } => {
                self.see_new(&context.actor, &number).await?;
                facts.value = self.value_of(&of).await?;
                self.next_performed(SubjectKind::Offset, &of, 'O', expected).await?
            }
            _ => {
                let subject = SubjectKind::Offset.subject(number);
                self.find_performed(&context.actor, &subject, expected).await?;
                subject
            }
        };
        let state = self.states.offset(&subject.key);
        let contract = self.open_contract(&of)?;
        decided(offset::decide(state, contract, &subject.key, facts, context, command)?)
    }

    /// The number of what is new under a contract: everything of its performance bears its marking.
    pub(in crate::execute) async fn next_performed(
        &mut self,
        kind: SubjectKind,
        contract: &str,
        letter: char,
        expected: Option<u32>,
    ) -> Outcome<Subject> {
        let label = self.open_contract(contract)?.label.clone();
        self.next_payment(kind, contract, &label, letter, expected).await
    }

    /// Loads what is there and open to the actor, and checks the version that was seen.
    pub(in crate::execute) async fn find_performed(
        &mut self,
        actor: &Actor,
        subject: &Subject,
        expected: Option<u32>,
    ) -> Outcome<()> {
        if !self.sees_performed(actor, subject).await? {
            return Err(Refusal::not_found(subject.kind.word(), &subject.key).into());
        }
        self.check_version(subject, expected)
    }

    /// Whether something of a contract's performance is there and open to the actor, as its contract is.
    pub(in crate::execute) async fn sees_performed(
        &mut self,
        actor: &Actor,
        subject: &Subject,
    ) -> Outcome<bool> {
        self.load(subject).await?;
        let there = self.states.version(subject) > 0;
        Ok(there && self.sees_named_contract(actor, contract_of(&subject.key)).await?)
    }

    /// What stands of a kind and is about a subject, and is not in a state; of several, the one with the latest day.
    async fn performing(
        &mut self,
        kind: SubjectKind,
        about: &Subject,
        not: &'static str,
    ) -> Outcome<Option<String>> {
        if !super::states::is_possible(&about.key) {
            return Ok(None);
        }
        let mut connection = self.transaction.connection();
        self.views.flush(&mut connection).await?;
        let row = connection
            .fetch_optional(
                "reading the performance of a contract",
                "SELECT p.number FROM performance p WHERE p.about = $1 AND p.kind = $2 AND p.known_to = $3 AND p.valid_to = $4 AND p.state <> $5 ORDER BY p.valid_from DESC, p.number DESC LIMIT 1",
                &[about.to_string().into(), kind.word().into(), STANDING.into(), NO_END.into(), not.into()],
            )
            .await?;
        Ok(row.map(|row| row.text(0)).transpose()?)
    }
}
