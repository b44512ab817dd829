//! What the rules of payments are given: schedule, instalments, receipts, penalties and rates.

mod facts;

use entente_register::contract::line::contract_of;
use entente_register::ledger::{Context, Refusal, SubjectKind};
use entente_register::payment::{
    InstalmentCommand, InstalmentFacts, OpenInstalment, PenaltyCommand, PenaltyFacts, RateBasis, RateCommand,
    ReceiptCommand, ReceiptFacts, ScheduleCommand, instalment, penalty, rate, receipt, schedule,
};

use super::Batch;
use super::decide::{Decided, decided, number_missing};
use crate::error::Outcome;
use crate::view::Scope;

impl Batch {
    pub(super) async fn schedule(
        &mut self,
        context: &Context,
        contract: String,
        command: ScheduleCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        self.see_contract(&context.actor, &contract).await?;
        let subject = SubjectKind::Schedule.subject(&contract);
        self.load(&subject).await?;
        self.check_version(&subject, expected)?;
        let facts = self.scheduled(&context.actor, &contract).await?;
        let state = self.schedule_of(&contract).await?;
        let contract = self.open_contract(&contract)?;
        decided(schedule::decide(&state, contract, &facts, context, command)?)
    }

    pub(super) async fn instalment(
        &mut self,
        context: &Context,
        number: String,
        command: InstalmentCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let of = contract_of(&number).to_owned();
        let mut facts = InstalmentFacts::default();
        let (subject, bank, due, reference) = match &command {
            InstalmentCommand::Schedule(new) => {
                self.see_new(&context.actor, &number).await?;
                let contract = self.open_contract(&of)?;
                let label = instalment::label_of(contract, new.label.as_ref())?;
                let subject = self.next_payment(SubjectKind::Instalment, &of, &label, 'I', expected).await?;
                (subject, new.bank.as_deref(), Some(&new.due), new.reference.as_deref())
            }
            other => {
                let subject = SubjectKind::Instalment.subject(number);
                self.find_payment(&context.actor, &subject).await?;
                self.check_version(&subject, expected)?;
                facts.received = self.received(&subject.key).await?;
                match other {
                    InstalmentCommand::Amend { change, .. } => {
                        (subject, change.bank.as_deref(), change.due.as_ref(), None)
                    }
                    _ => (subject, None, None, None),
                }
            }
        };
        if let Some(bank) = bank {
            facts.bank = self.find_party(&context.actor, bank).await?;
        }
        if let Some(line) = due.and_then(|due| due.line()).filter(|line| contract_of(line) == of) {
            self.load(&SubjectKind::Line.subject(line)).await?;
            facts.line_exists = self.states.line(line).is_some();
        }
        facts.reference_taken = self.is_taken(Scope::InstalmentsOf(&of), reference).await?;
        facts.schedule = self.schedule_of(&of).await?;
        let state = self.states.instalment(&subject.key);
        decided(instalment::decide(state, self.open_contract(&of)?, &subject.key, &facts, context, command)?)
    }

    pub(super) async fn receipt(
        &mut self,
        context: &Context,
        number: String,
        command: ReceiptCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let of = contract_of(&number).to_owned();
        let mut facts = ReceiptFacts::default();
        let subject = match &command {
            ReceiptCommand::Record(_) => {
                self.see_new(&context.actor, &number).await?;
                None
            }
            _ => {
                let subject = SubjectKind::Receipt.subject(number);
                self.find_payment(&context.actor, &subject).await?;
                self.check_version(&subject, expected)?;
                Some(subject)
            }
        };
        for allocation in command.allocations() {
            let named = SubjectKind::Instalment.subject(&allocation.instalment);
            if contract_of(&named.key) != of || !self.sees_payment(&context.actor, &named).await? {
                continue;
            }
            let received = self.received(&named.key).await?;
            if let Some(instalment) = self.states.instalment(&named.key) {
                let open = OpenInstalment { instalment: instalment.clone(), received };
                facts.instalments.insert(named.key, open);
            }
        }
        if let ReceiptCommand::Record(new) = &command {
            if let Some(bank) = &new.bank {
                facts.bank = self.find_party(&context.actor, bank).await?;
            }
            let own = self.open_contract(&of)?.currency;
            if let Some(basis) = new.basis {
                let key = match basis {
                    RateBasis::ContractRate => rate::contract_key(&of, new.amount.currency, own),
                    RateBasis::RateOfTheDay => rate::day_key(new.amount.currency, own, new.on),
                };
                self.load(&SubjectKind::Rate.subject(&key)).await?;
                facts.rate =
                    self.states.rate(&key).filter(|r| context.actor.clearance.admits(&r.label)).cloned();
            }
            facts.reference_taken = self.is_taken(Scope::ReceiptsOf(&of), new.reference.as_deref()).await?;
            facts.signed_on = self.signed_on(&of).await?;
        }
        let subject = match (subject, &command) {
            (Some(subject), _) => subject,
            (None, command) => {
                let label = receipt::label_of(self.open_contract(&of)?, &facts, command.allocations())?;
                self.next_payment(SubjectKind::Receipt, &of, &label, 'R', expected).await?
            }
        };
        let state = self.states.receipt(&subject.key);
        decided(receipt::decide(state, self.open_contract(&of)?, &subject.key, &facts, context, command)?)
    }

    pub(super) async fn penalty(
        &mut self,
        context: &Context,
        number: String,
        command: PenaltyCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let of = contract_of(&number).to_owned();
        let mut facts = PenaltyFacts::default();
        let claimed = match &command {
            PenaltyCommand::Claim { delay, .. } => Some(delay),
            PenaltyCommand::CarryOver(carried) => Some(&carried.delay),
            _ => None,
        };
        let subject = match claimed {
            Some(delay) => {
                self.see_new(&context.actor, &number).await?;
                facts.delay = self.delay(&context.actor, &of, delay).await?;
                facts.standing = self.standing_penalty(delay).await?;
                facts.schedule = self.schedule_of(&of).await?;
                let contract = self.open_contract(&of)?;
                let label = facts
                    .delay
                    .as_ref()
                    .map_or_else(|| contract.label.clone(), |delay| contract.label.join(&delay.label));
                self.next_payment(SubjectKind::Penalty, &of, &label, 'P', expected).await?
            }
            None => {
                let subject = SubjectKind::Penalty.subject(number);
                self.find_payment(&context.actor, &subject).await?;
                self.check_version(&subject, expected)?;
                subject
            }
        };
        let state = self.states.penalty(&subject.key);
        decided(penalty::decide(state, self.open_contract(&of)?, &subject.key, &facts, context, command)?)
    }

    pub(super) async fn rate(
        &mut self,
        context: &Context,
        number: Option<String>,
        command: RateCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let subject = match (&command, number) {
            (RateCommand::Record { quoted, on, contract, .. }, None) => {
                let key = match contract {
                    Some(contract) => {
                        if !self.sees_named_contract(&context.actor, contract).await? {
                            return Err(Refusal::not_found("contract", contract).field("contract").into());
                        }
                        rate::contract_key(contract, quoted.from, quoted.to)
                    }
                    None => rate::day_key(quoted.from, quoted.to, *on),
                };
                let subject = SubjectKind::Rate.subject(key);
                self.load(&subject).await?;
                subject
            }
            (RateCommand::Record { .. }, Some(_)) => {
                return Err(Refusal::new("command.number", "A new rate is given its number.")
                    .field("number")
                    .missing("no number")
                    .into());
            }
            (RateCommand::Correct { .. }, None) => return Err(number_missing("rate").into()),
            (RateCommand::Correct { .. }, Some(number)) => {
                let subject = SubjectKind::Rate.subject(number);
                if !self.sees_payment(&context.actor, &subject).await? {
                    return Err(Refusal::not_found("rate", &subject.key).into());
                }
                subject
            }
        };
        self.check_version(&subject, expected)?;
        let contract = match &command {
            RateCommand::Record { contract: Some(contract), .. } => Some(self.open_contract(contract)?),
            _ => None,
        };
        let state = self.states.rate(&subject.key);
        decided(rate::decide(state, contract, &subject.key, context, command)?)
    }
}
