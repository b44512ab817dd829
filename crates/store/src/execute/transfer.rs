//! What the rules of applications and licences are given.

use entente_register::access::{Actor, Extent, Reading, may_read};
use entente_register::contract::line::contract_of;
use entente_register::ledger::{Context, Fact, Refusal, Subject, SubjectKind};
use entente_register::transfer::application::{Application, ApplicationCommand};
use entente_register::transfer::check::CheckFacts;
use entente_register::transfer::content::Content;
use entente_register::transfer::ledger::{
    ApplicationFacts, LicenceFacts, NewApplication, RegisterFacts, Sight, decide_application, decide_licence,
    draft_application,
};
use entente_register::transfer::licence::{GateFacts, LicenceCommand};
use jiff::civil::Date;

use super::decide::{Decided, decided};
use super::states::is_possible;
use super::{Batch, Receipt};
use crate::error::{Fault, Outcome};
use crate::ledger::{EVENT_COLUMNS, decode_event};
use crate::transfer::{Place, check_facts};
use crate::view::{application_series, licence_series};

impl Batch {
    pub(super) async fn draft(
        &mut self,
        context: &Context,
        new: NewApplication,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let series = application_series(&new.label, new.on.year());
        let next = self.next(&series).await?;
        let subject = SubjectKind::Application.subject(format!("{series}-{next:04}"));
        self.begin(&subject, expected)?;
        let named = self.named_in(&context.actor, &new.content).await?;
        let facts = ApplicationFacts { named, ..ApplicationFacts::default() };
        decided(draft_application(&subject.key, &facts, context, new)?)
    }

    pub(super) async fn application(
        &mut self,
        context: &Context,
        number: String,
        command: ApplicationCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let subject = SubjectKind::Application.subject(number);
        let absent = || Refusal::not_found("application", &subject.key);
        let sight = self.sight_of(&context.actor, &subject.key).await?.ok_or_else(absent)?;
        self.check_version(&subject, expected)?;
        let this = self.states.application(&subject.key).cloned().ok_or_else(absent)?;
        let mut facts = ApplicationFacts::default();
        match &command {
            ApplicationCommand::Revise { content, .. } => {
                facts.named = self.named_in(&context.actor, content).await?;
            }
            ApplicationCommand::Submit { .. } => {
                facts.named = self.named_in(&context.actor, &this.content).await?;
            }
            ApplicationCommand::AskOpinion { agency, .. } => {
                self.guided(context, &this, Some(agency), &mut facts).await?;
            }
            ApplicationCommand::Route { .. } => self.guided(context, &this, None, &mut facts).await?,
            ApplicationCommand::Record { on, .. } => {
                facts.decision.checks = self.known_against(context, &this, (*on, context.today)).await?;
            }
            ApplicationCommand::Propose { on, .. } => {
                facts.decision.checks = self.known_against(context, &this, (*on, context.today)).await?;
                self.guided(context, &this, None, &mut facts).await?;
            }
            ApplicationCommand::Countersign { on } => {
                facts.decision.checks = self.known_against(context, &this, (*on, context.today)).await?;
                self.guided(context, &this, None, &mut facts).await?;
                let series = licence_series(&this.label, on.year());
                let next = self.next(&series).await?;
                facts.decision.licence = format!("{series}-{next:04}");
            }
            _ => {}
        }
        let events = match decide_application(&this, &facts, context, command.clone()) {
            // A refusal tells no more of the state than a reading does.
            Err(refusal) if sight != Sight::Whole => {
                let seen = sight.seen(this, context.actor.party.as_deref());
                let told = decide_application(&seen, &facts, context, command).err();
                return Err(told.unwrap_or(refusal).into());
            }
            decided => decided?,
        };
        for event in events.iter().filter(|event| event.subject != subject) {
            // The licence that comes of it is new, and was given no number before.
            self.begin(&event.subject, None)?;
        }
        Ok(Decided { subject, events, stands: None })
    }

    pub(super) async fn licence(
        &mut self,
        context: &Context,
        number: String,
        command: LicenceCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let subject = SubjectKind::Licence.subject(number);
        let absent = || Refusal::not_found("licence", &subject.key);
        if !self.sees_licence(&context.actor, &subject.key).await? {
            return Err(absent().into());
        }
        self.check_version(&subject, expected)?;
        let this = self.states.licence(&subject.key).cloned().ok_or_else(absent)?;
        let mut facts = LicenceFacts::default();
        if let LicenceCommand::WriteOff { on, written } = &command {
            self.load(&SubjectKind::Application.subject(&this.issued.application)).await?;
            if let Some(application) = self.states.application(&this.issued.application).cloned() {
                // Goods went on their day, under a certificate that was in force then.
                let known = self.known_against(context, &application, (*on, *on)).await?;
                facts.gate = GateFacts {
                    checks: application.gate_checks(&known),
                    on_record: application.on_record.clone(),
                    ..GateFacts::default()
                };
                facts.contract_lines = (1..)
                    .zip(&application.content.lines)
                    .filter_map(|(line, of)| Some((line, of.contract_line.clone()?)))
                    .collect();
            }
            if let Some(delivery) = written.delivery.as_deref().filter(|delivery| is_possible(delivery)) {
                self.load(&SubjectKind::Delivery.subject(delivery)).await?;
                let line = self.states.delivery(delivery).map(|delivery| delivery.line.clone());
                if let Some(line) = line
                    && self.sees_named_contract(&context.actor, contract_of(&line)).await?
                {
                    facts.delivered_line = Some(line);
                }
            }
        }
        if let LicenceCommand::Reinstate { .. } = &command {
            facts.gate.incidents = self.incidents_of(&this).await?;
        }
        let reference = match &command {
            LicenceCommand::WriteOff { written, .. } => Some(written.reference.clone()),
            _ => None,
        };
        let events = decide_licence(&this, &facts, context, command)?;
        // A write-off that is on record already changes nothing, and is answered as it was the first time.
        let stands = match reference.filter(|_| events.is_empty()) {
            Some(reference) => self.find_write_off(&subject, &reference).await?,
            None => None,
        };
        Ok(Decided { subject, events, stands })
    }

    /// The receipt of the write-off of a licence that stands under a reference.
    async fn find_write_off(&mut self, subject: &Subject, reference: &str) -> Result<Option<Receipt>, Fault> {
        self.flush().await?;
        let sql = format!(
            "SELECT {EVENT_COLUMNS} FROM event WHERE subject = $1 AND kind = 'licence.written_off.v1' ORDER BY version DESC"
        );
        let mut connection = self.transaction.connection();
        let rows = connection.fetch("looking for a write-off", &sql, &[subject.to_string().into()]).await?;
        for row in rows {
            let event = decode_event(&row)?.event;
            if matches!(&event.fact, Some(Fact::LicenceWrittenOff(written)) if written.reference == reference)
            {
                return Ok(Some(Receipt {
                    subject: subject.clone(),
                    version: event.version,
                    sequence: event.sequence,
                    recorded_at: event.recorded_at,
                    repeated: true,
                }));
            }
        }
        Ok(None)
    }

    /// What stands in the register of all that an application names, as far as it is open to the actor.
    async fn named_in(&mut self, actor: &Actor, content: &Content) -> Outcome<RegisterFacts> {
        let mut facts = RegisterFacts::default();
        let named: Vec<String> = content.named().into_iter().map(str::to_owned).collect();
        for party in named.iter().filter(|party| is_possible(party)) {
            if let Some(label) = self.find_party(actor, party).await? {
                facts.parties.insert(party.clone(), label);
            }
        }
        if let Some(contract) = content.contract.as_deref().filter(|contract| is_possible(contract))
            && self.sees_named_contract(actor, contract).await?
        {
            facts.contract = self.states.contract(contract).map(|contract| contract.label.clone());
            for line in content.lines.iter().filter_map(|line| line.contract_line.as_deref()) {
                if is_possible(line) {
                    self.load(&SubjectKind::Line.subject(line)).await?;
                    if self.states.line(line).is_some() {
                        facts.lines.insert(line.to_owned());
                    }
                }
            }
        }
        if let Some(opined) = content.advance_opinion.as_deref().filter(|opined| is_possible(opined))
            && self.sight_of(actor, opined).await?.is_some()
        {
            facts.advance_opinion = self.states.application(opined).cloned();
        }
        Ok(facts)
    }

    /// What is known against a transfer now, for every instant from the day of the act to the end of today; certificates
    /// carry it on a day of their own.
    async fn known_against(
        &mut self,
        context: &Context,
        application: &Application,
        (on, carried_on): (Date, Date),
    ) -> Outcome<CheckFacts> {
        let horizon = self.appender.head().sequence;
        let place = Place::of_act(horizon, context.today, (on, carried_on), self.store.engine.as_deref());
        let mut connection = self.transaction.connection();
        // What this batch has done so far is part of what stands.
        self.views.flush(&mut connection).await?;
        let rules = &self.store.rules;
        // Boxed: what it holds while it waits would lie on the stack of every command.
        Ok(Box::pin(check_facts(&mut connection, rules, &place, application)).await?)
    }

    /// How much of an application is open to the actor; none where it is not there, or nothing of it is.
    pub(super) async fn sight_of(&mut self, actor: &Actor, number: &str) -> Outcome<Option<Sight>> {
        self.load(&SubjectKind::Application.subject(number)).await?;
        let Some(state) = self.states.application(number) else { return Ok(None) };
        if !actor.clearance.admits(&state.label) {
            return Ok(None);
        }
        Ok(match may_read(actor, Reading::Applications) {
            None => None,
            Some(Extent::All) => Some(Sight::Whole),
            Some(Extent::Own) => Sight::of_own(state, actor),
        })
    }

    /// Whether a licence is open to the actor: by its label, and by need to know.
    pub(super) async fn sees_licence(&mut self, actor: &Actor, number: &str) -> Outcome<bool> {
        self.load(&SubjectKind::Licence.subject(number)).await?;
        let Some(state) = self.states.licence(number) else { return Ok(false) };
        let extent = match may_read(actor, Reading::Licences) {
            None => false,
            Some(Extent::All) => true,
            Some(Extent::Own) => actor.party.as_ref() == Some(&state.issued.holder),
        };
        Ok(extent && actor.clearance.admits(&state.label))
    }

    /// Whether a paper of an application is open to the actor: an applicant is shown none that came from inside.
    pub(super) async fn sees_paper_of_application(
        &mut self,
        actor: &Actor,
        number: &str,
        content: &str,
    ) -> Outcome<bool> {
        let sight = match self.sight_of(actor, number).await? {
            None => return Ok(false),
            Some(Sight::Whole) => return Ok(true),
            Some(sight) => sight,
        };
        let sql = format!("SELECT {EVENT_COLUMNS} FROM event WHERE subject = $1 ORDER BY version");
        let values = [SubjectKind::Application.subject(number).to_string().into()];
        let mut connection = self.transaction.connection();
        for row in connection.fetch("reading the papers of an application", &sql, &values).await? {
            let event = decode_event(&row)?.event;
            let Some(fact) = &event.fact else { continue };
            let names = |fact: &Fact| {
                fact.documents().iter().any(|document| document.content.as_deref() == Some(content))
            };
            if names(fact) && sight.admits(fact, actor.party.as_deref()) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
