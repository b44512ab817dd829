//! What the rule of an opportunity is given.

use entente_register::access::{Actor, Extent, Reading, may_read};
use entente_register::ledger::{Context, Refusal, SubjectKind};
use entente_register::opportunity::{
    Opportunity, OpportunityCommand, OpportunityFacts, Recipient, ToContract, decide,
};

use super::Batch;
use super::decide::{Decided, number_missing};
use crate::error::Outcome;
use crate::view::{contract_series, opportunity_series};

impl Batch {
    pub(super) async fn opportunity(
        &mut self,
        context: &Context,
        number: Option<String>,
        command: OpportunityCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let actor = &context.actor;
        let mut facts = OpportunityFacts::default();
        let subject = match (&command, number) {
            (OpportunityCommand::Register(new), None) => {
                self.note_partner(&mut facts, &new.partner).await?;
                let mut named = vec![new.exporter.as_str()];
                if let Recipient::Party(party) = &new.recipient {
                    named.push(party);
                }
                self.note_parties(actor, &mut facts, &named).await?;
                let series = opportunity_series(&new.label, new.on.year());
                let next = self.next(&series).await?;
                let subject = SubjectKind::Opportunity.subject(format!("{series}-{next:04}"));
                self.begin(&subject, expected)?;
                subject
            }
            (OpportunityCommand::Register(_), Some(_)) => {
                return Err(Refusal::new("command.number", "A new opportunity is given its number.")
                    .field("number")
                    .missing("no number")
                    .into());
            }
            (_, None) => return Err(number_missing("opportunity").into()),
            (_, Some(number)) => {
                let subject = SubjectKind::Opportunity.subject(number);
                if !self.sees_opportunity(actor, &subject.key).await? {
                    return Err(Refusal::not_found("opportunity", &subject.key).into());
                }
                self.check_version(&subject, expected)?;
                subject
            }
        };
        if let OpportunityCommand::Win { on, contract, .. } = &command
            && let Some(state) = self.states.opportunity(&subject.key).cloned()
        {
            match contract {
                ToContract::Existing(contract) => {
                    if self.sees_named_contract(actor, contract).await? {
                        facts.existing = self.states.contract(contract).cloned();
                    }
                }
                ToContract::New(new) => {
                    self.note_contract(context, &mut facts, &state, new.end_user.as_deref()).await?;
                    let series = contract_series(&state.label, on.year());
                    let next = self.next(&series).await?;
                    facts.contract_number = format!("{series}-{next:04}");
                }
            }
        }
        let state = self.states.opportunity(&subject.key);
        let events = decide(state, &subject.key, &facts, context, command)?;
        for event in events.iter().filter(|event| event.subject != subject) {
            // A contract and its lines that come of it are new, and were given no number before.
            self.begin(&event.subject, None)?;
        }
        Ok(Decided { subject, events, stands: None })
    }

    /// What the rule of a contract asks of one that comes of an opportunity.
    async fn note_contract(
        &mut self,
        context: &Context,
        facts: &mut OpportunityFacts,
        state: &Opportunity,
        end_user: Option<&str>,
    ) -> Outcome<()> {
        self.note_partner(facts, &state.partner).await?;
        let mut named = vec![state.exporter.as_str()];
        if let Recipient::Party(party) = &state.recipient {
            named.push(party);
        }
        named.extend(end_user);
        self.note_parties(&context.actor, facts, &named).await
    }

    async fn note_partner(&mut self, facts: &mut OpportunityFacts, code: &str) -> Outcome<()> {
        facts.contract.partner_exists = self.has_partner(code).await?;
        Ok(())
    }

    async fn note_parties(
        &mut self,
        actor: &Actor,
        facts: &mut OpportunityFacts,
        parties: &[&str],
    ) -> Outcome<()> {
        for party in parties {
            if let Some(label) = self.find_party(actor, party).await? {
                facts.contract.parties.insert((*party).to_owned(), label);
            }
        }
        Ok(())
    }

    /// Whether an opportunity is open to the actor: by its label, and by need to know.
    pub(super) async fn sees_opportunity(&mut self, actor: &Actor, number: &str) -> Outcome<bool> {
        self.load(&SubjectKind::Opportunity.subject(number)).await?;
        let Some(state) = self.states.opportunity(number) else { return Ok(false) };
        let extent = match may_read(actor, Reading::Opportunities) {
            None => false,
            Some(Extent::All) => true,
            Some(Extent::Own) => actor.party.as_ref() == Some(&state.exporter),
        };
        Ok(extent && actor.clearance.admits(&state.label))
    }

    /// An opportunity as it stands.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn opportunity_state(&mut self, actor: &Actor, number: &str) -> Outcome<Option<&Opportunity>> {
        if !self.sees_opportunity(actor, number).await? {
            return Ok(None);
        }
        Ok(self.states.opportunity(number))
    }
}
