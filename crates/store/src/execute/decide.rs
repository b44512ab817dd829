//! What the rule of each command is given: the subject's state, and the facts of the rest of the register.

use entente_register::access::{AccountCommand, Actor, Extent, Reading, may_read};
use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::line::{LineCommand, LineFacts, LineSums, contract_of};
use entente_register::contract::serial::SerialFacts;
use entente_register::contract::{self, Contract, ContractCommand, ContractFacts, delivery, line};
use entente_register::label::Label;
use entente_register::ledger::{Context, NewEvent, Refusal, Subject, SubjectKind, check_founded, found};
use entente_register::partner::{self, Group, PartnerCommand};
use entente_register::{access, party};

use super::states::is_possible;
use super::{Batch, Receipt};
use crate::error::{Error, Fault, Outcome};
use crate::view::{Scope, contract_series, line_series, party_series};

/// What a rule decided, and about which subject.
pub(super) struct Decided {
    /// The subject; a new one with the number that it gets.
    pub(super) subject: Subject,
    /// The events.
    pub(super) events: Vec<NewEvent>,
    /// What was recorded earlier, where nothing is to be done because it stands already.
    pub(super) stands: Option<Receipt>,
}

impl Batch {
    /// Decides a command. Nothing is written, and no number is used up.
    pub(super) async fn decide(
        &mut self,
        context: &Context,
        command: Command,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let founded = self.appender.head().sequence > 0;
        if let Command::Found { purpose } = command {
            let events = found(context, founded, purpose)?;
            return decided(events);
        }
        check_founded(founded)?;
        match command {
            Command::Found { .. } => Ok(Decided {
                subject: SubjectKind::Ledger.subject("register"),
                events: Vec::new(),
                stands: None,
            }),
            Command::Account { account, command } => self.account(context, account, command, expected).await,
            Command::Partner(command) => self.partner(context, command, expected).await,
            Command::Party(new) => {
                let series = party_series(&new.label);
                let next = self.next(&series).await?;
                let subject = SubjectKind::Party.subject(format!("{series}{next:04}"));
                self.begin(&subject, expected)?;
                decided(party::register(context, &subject.key, new)?)
            }
            Command::Contract { number, command } => self.contract(context, number, command, expected).await,
            Command::Line { number, command } => self.line(context, number, command, expected).await,
            Command::Plan { version, command } => self.plan(context, version, command, expected).await,
            Command::Delivery { number, command } => self.delivery(context, number, command, expected).await,
            Command::Schedule { contract, command } => {
                self.schedule(context, contract, command, expected).await
            }
            Command::Instalment { number, command } => {
                self.instalment(context, number, command, expected).await
            }
            Command::Receipt { number, command } => self.receipt(context, number, command, expected).await,
            Command::Penalty { number, command } => self.penalty(context, number, command, expected).await,
            Command::Rate { number, command } => self.rate(context, number, command, expected).await,
            Command::Opportunity { number, command } => {
                self.opportunity(context, number, command, expected).await
            }
            Command::Forecast(command) => self.forecast(context, command, expected).await,
            Command::Milestone { number, command } => {
                self.milestone(context, number, command, expected).await
            }
            Command::Slippage { number, command } => self.slippage(context, number, command, expected).await,
            Command::Corrective { number, command } => {
                self.corrective(context, number, command, expected).await
            }
            Command::Report { number, command } => self.report(context, number, command, expected).await,
            Command::Offset { number, command } => self.offset(context, number, command, expected).await,
            Command::List { name, command } => self.list(context, name, command, expected).await,
            Command::Case { number, command } => self.case(context, number, command, expected).await,
            Command::Embargo { id, command } => self.embargo(context, id, command, expected).await,
            Command::Policy(command) => self.policy(context, command, expected).await,
            // Boxed: they are the largest, and all others would bear their size.
            Command::Draft(new) => Box::pin(self.draft(context, new, expected)).await,
            Command::Application { number, command } => {
                Box::pin(self.application(context, number, command, expected)).await
            }
            Command::Licence { number, command } => {
                Box::pin(self.licence(context, number, command, expected)).await
            }
            Command::Certify(new) => Box::pin(self.certify(context, new, expected)).await,
            Command::Certificate { number, command } => {
                Box::pin(self.certificate(context, number, command, expected)).await
            }
            Command::Specimens { authority, command } => {
                Box::pin(self.specimens(context, authority, command, expected)).await
            }
            Command::Guide(new) => Box::pin(self.guide(context, new, expected)).await,
            Command::Guidance { number, command } => {
                Box::pin(self.guidance(context, number, command, expected)).await
            }
            Command::Inspect(new) => Box::pin(self.inspect(context, new, expected)).await,
            Command::Inspection { number, command } => {
                Box::pin(self.inspection(context, number, command, expected)).await
            }
            Command::AskReexport(new) => Box::pin(self.ask_reexport(context, new, expected)).await,
            Command::Reexport { number, command } => {
                Box::pin(self.reexport(context, number, command, expected)).await
            }
            Command::Customs(command) => Box::pin(self.customs(context, command, expected)).await,
            Command::Discrepancy { number, command } => {
                Box::pin(self.discrepancy(context, number, command, expected)).await
            }
            Command::Statistic { series, command } => {
                self.statistic(context, series, command, expected).await
            }
        }
    }

    async fn account(
        &mut self,
        context: &Context,
        account: String,
        command: AccountCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let subject = SubjectKind::Account.subject(account);
        self.load(&subject).await?;
        self.check_version(&subject, expected)?;
        if let AccountCommand::Open(new) = &command
            && let Some(party) = &new.party
            && self.find_party(&context.actor, party).await?.is_none()
        {
            return Err(Refusal::not_found("party", party).field("party").into());
        }
        let state = self.states.account(&subject.key);
        decided(access::decide(state, &subject.key, context, command)?)
    }

    async fn partner(
        &mut self,
        context: &Context,
        command: PartnerCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let subject = match &command {
            PartnerCommand::Register { code, .. } => SubjectKind::Partner.subject(code),
            PartnerCommand::RegisterGroup { code: group, .. }
            | PartnerCommand::Admit { group, .. }
            | PartnerCommand::Leave { group, .. }
            | PartnerCommand::SetMembership { group, .. } => SubjectKind::Group.subject(group),
        };
        self.load(&subject).await?;
        self.check_version(&subject, expected)?;
        let exists = self.states.version(&subject) > 0;
        let unregistered = Group::default();
        let group = self.states.group(&subject.key).unwrap_or(&unregistered);
        decided(partner::decide(group, exists, context, command)?)
    }

    async fn contract(
        &mut self,
        context: &Context,
        number: Option<String>,
        command: ContractCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let mut facts = ContractFacts::default();
        let subject = match (&command, number) {
            (ContractCommand::Open(new), None) => {
                let partner = SubjectKind::Partner.subject(&new.partner);
                self.load(&partner).await?;
                facts.partner_exists = self.states.version(&partner) > 0;
                let series = contract_series(&new.label, new.on.year());
                let next = self.next(&series).await?;
                let subject = SubjectKind::Contract.subject(format!("{series}-{next:04}"));
                self.begin(&subject, expected)?;
                subject
            }
            (ContractCommand::Open(_), Some(_)) => {
                return Err(Refusal::new("command.number", "A new contract is given its number.")
                    .field("number")
                    .missing("no number")
                    .into());
            }
            (_, None) => return Err(number_missing("contract").into()),
            (_, Some(number)) => {
                let subject = SubjectKind::Contract.subject(number);
                self.load(&subject).await?;
                if !self.sees_contract(&context.actor, &subject.key) {
                    return Err(Refusal::not_found("contract", &subject.key).into());
                }
                self.check_version(&subject, expected)?;
                subject
            }
        };
        let parties = match &command {
            ContractCommand::Open(new) => new.parties.as_slice(),
            ContractCommand::Amend { amendment, .. } => amendment.parties.as_deref().unwrap_or_default(),
            _ => &[],
        };
        for named in parties {
            if let Some(label) = self.find_party(&context.actor, &named.party).await? {
                facts.parties.insert(named.party.clone(), label);
            }
        }
        match &command {
            ContractCommand::Sign { .. } => {
                let lines = self.last(&line_series(&subject.key)).await?;
                facts.lines = usize::try_from(lines).unwrap_or(0);
            }
            ContractCommand::Complete { .. } => self.completion(&subject.key, &mut facts.closure).await?,
            ContractCommand::Close { .. } => self.closing(&subject.key, &mut facts.closure).await?,
            ContractCommand::AgreeTerms { terms, .. } => {
                facts.named_lines = self.named_lines(&subject.key, terms).await?;
            }
            ContractCommand::OpenClaim(new) => {
                facts.delivery = self.named_delivery(&subject.key, new.delivery.as_deref()).await?;
            }
            ContractCommand::SettleClaim(given) => {
                facts.delivery = self.named_delivery(&subject.key, given.delivery.as_deref()).await?;
            }
            _ => {}
        }
        let state = self.states.contract(&subject.key);
        decided(contract::decide(state, &subject.key, &facts, context, command)?)
    }

    async fn line(
        &mut self,
        context: &Context,
        number: String,
        command: LineCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let contract = contract_of(&number).to_owned();
        self.load(&SubjectKind::Contract.subject(&contract)).await?;
        let (subject, sums) = match &command {
            LineCommand::Add(_) => {
                if number != contract || !self.sees_contract(&context.actor, &contract) {
                    return Err(Refusal::not_found("contract", &number).into());
                }
                let next = self.next(&line_series(&contract)).await?;
                let subject = SubjectKind::Line.subject(format!("{contract}.{next}"));
                self.begin(&subject, expected)?;
                (subject, LineSums::default())
            }
            LineCommand::Amend { .. } => {
                let subject = SubjectKind::Line.subject(number);
                self.find_line(&context.actor, &subject.key).await?;
                self.check_version(&subject, expected)?;
                let sums = self.sums(&subject.key).await?;
                (subject, sums)
            }
        };
        let mut facts = LineFacts::default();
        if let LineCommand::Add(new) = &command {
            if let Some(party) = &new.manufacturer {
                facts.manufacturer = self.find_party(&context.actor, party).await?;
            }
            facts.reference_taken =
                self.is_taken(Scope::LinesOf(&contract), new.reference.as_deref()).await?;
        }
        let state = self.states.line(&subject.key);
        let contract = self.open_contract(&contract)?;
        decided(line::decide(state, &sums, contract, &subject.key, &facts, context, command)?)
    }

    async fn delivery(
        &mut self,
        context: &Context,
        number: Option<String>,
        command: DeliveryCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        match (command, number) {
            (DeliveryCommand::HandOver { line, reference, quantity, on, document }, None) => {
                if let Err(error) = self.find_line(&context.actor, &line).await {
                    return Err(match error {
                        Error::Refusal(refusal) => refusal.field("line").into(),
                        fault => fault,
                    });
                }
                let sums = self.sums(&line).await?;
                let taken =
                    self.is_taken(Scope::DeliveriesOf(contract_of(&line)), reference.as_deref()).await?;
                let subject = SubjectKind::Delivery.subject(format!("{line}.{}", sums.deliveries + 1));
                self.begin(&subject, expected)?;
                let contract = self.open_contract(contract_of(&line))?;
                let state = self.states.line(&line).ok_or_else(|| Refusal::not_found("line", &line))?;
                decided(delivery::hand_over(
                    contract,
                    state,
                    &sums,
                    &subject.key,
                    context,
                    (reference, taken),
                    (quantity, on, document),
                )?)
            }
            (DeliveryCommand::HandOver { .. }, Some(_)) => {
                Err(Refusal::new("command.number", "A new delivery is given its number.")
                    .field("number")
                    .missing("no number")
                    .into())
            }
            (_, None) => Err(number_missing("delivery").into()),
            (command, Some(number)) => {
                let subject = SubjectKind::Delivery.subject(number);
                let contract = contract_of(&subject.key).to_owned();
                self.load(&SubjectKind::Contract.subject(&contract)).await?;
                self.load(&subject).await?;
                let not_found = || Refusal::not_found("delivery", &subject.key);
                if !self.sees_contract(&context.actor, &contract) {
                    return Err(not_found().into());
                }
                if self.states.delivery(&subject.key).is_none() {
                    return Err(not_found().into());
                }
                self.check_version(&subject, expected)?;
                let mut facts = SerialFacts::default();
                if let DeliveryCommand::RecordSerials { serials, .. } = &command {
                    facts = self.serial_facts(&subject.key, serials).await?;
                }
                let state = self.states.delivery(&subject.key).ok_or_else(not_found)?;
                decided(delivery::decide(state, self.open_contract(&contract)?, &facts, context, command)?)
            }
        }
    }

    /// Loads a subject's state.
    pub(super) async fn load(&mut self, subject: &Subject) -> Outcome<()> {
        self.states.load(&mut self.transaction.connection(), subject).await?;
        Ok(())
    }

    /// Begins a new subject, which no number was given to before.
    pub(super) fn begin(&mut self, subject: &Subject, expected: Option<u32>) -> Outcome<()> {
        self.states.note_new(subject);
        self.check_version(subject, expected)
    }

    pub(super) fn check_version(&self, subject: &Subject, expected: Option<u32>) -> Outcome<()> {
        let found = self.states.version(subject);
        match expected {
            Some(expected) if expected != found => Err(Refusal::conflict(subject, expected, found).into()),
            _ => Ok(()),
        }
    }

    /// Loads a line and its contract; answers alike for a line that is not there and one that is not open to the actor.
    pub(super) async fn find_line(&mut self, actor: &Actor, number: &str) -> Outcome<()> {
        let contract = contract_of(number).to_owned();
        self.load(&SubjectKind::Contract.subject(&contract)).await?;
        self.load(&SubjectKind::Line.subject(number)).await?;
        if self.states.line(number).is_some() && self.sees_contract(actor, &contract) {
            return Ok(());
        }
        Err(Refusal::not_found("line", number).into())
    }

    /// A contract that was loaded and is open to the actor.
    pub(super) fn open_contract(&self, number: &str) -> Outcome<&Contract> {
        Ok(self.states.contract(number).ok_or_else(|| Refusal::not_found("contract", number))?)
    }

    /// Whether a contract is open to the actor.
    pub(super) async fn sees_named_contract(&mut self, actor: &Actor, number: &str) -> Outcome<bool> {
        self.load(&SubjectKind::Contract.subject(number)).await?;
        Ok(self.sees_contract(actor, number))
    }

    /// Whether a contract that was loaded is open to the actor: by its label, and by need to know.
    pub(super) fn sees_contract(&self, actor: &Actor, number: &str) -> bool {
        let Some(contract) = self.states.contract(number) else { return false };
        let extent = match may_read(actor, Reading::Contracts) {
            None => false,
            Some(Extent::All) => true,
            Some(Extent::Own) => {
                actor.party.as_ref().is_some_and(|own| contract.parties.iter().any(|p| p.party == *own))
            }
        };
        extent && actor.clearance.admits(&contract.label)
    }

    /// The label of a party that the register holds and the actor may see.
    pub(super) async fn find_party(&mut self, actor: &Actor, number: &str) -> Outcome<Option<Label>> {
        let subject = SubjectKind::Party.subject(number);
        let known = self.states.load(&mut self.transaction.connection(), &subject).await?;
        Ok(known.label().filter(|label| actor.clearance.admits(label)).cloned())
    }

    pub(super) async fn sums(&mut self, line: &str) -> Outcome<LineSums> {
        Ok(self.views.line_sums(&mut self.transaction.connection(), line).await?)
    }

    pub(super) async fn is_taken(&mut self, scope: Scope<'_>, reference: Option<&str>) -> Outcome<bool> {
        // What is no reference is refused by the rule.
        let Some(reference) = reference.filter(|reference| is_possible(reference)) else { return Ok(false) };
        Ok(match scope {
            Scope::Contracts | Scope::Opportunities => false,
            Scope::LinesOf(contract) => self.line_referenced(contract, reference).await?.is_some(),
            Scope::DeliveriesOf(contract) => self.delivery_referenced(contract, reference).await?.is_some(),
            Scope::InstalmentsOf(_) | Scope::ReceiptsOf(_) => {
                self.payment_referenced(scope, reference).await?.is_some()
            }
        })
    }

    pub(super) async fn last(&mut self, series: &str) -> Outcome<i64> {
        Ok(self.views.last_number(&mut self.transaction.connection(), series).await?)
    }

    pub(super) async fn next(&mut self, series: &str) -> Outcome<i64> {
        Ok(self.last(series).await? + 1)
    }
}

pub(super) fn decided(events: Vec<NewEvent>) -> Outcome<Decided> {
    let subject = events.first().map(|event| event.subject.clone()).ok_or_else(|| {
        Fault::internal("deciding a command", "the rule gave neither an event nor a refusal")
    })?;
    Ok(Decided { subject, events, stands: None })
}

pub(super) fn number_missing(what: &str) -> Refusal {
    Refusal::new("command.number", format!("It is not said which {what} is to be changed."))
        .field("number")
        .missing(format!("the number of a {what}"))
}
