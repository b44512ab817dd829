//! What the rules of guidance are given, and what applications are given of it.

use std::collections::BTreeSet;

use entente_register::access::{Actor, Reading, may_read};
use entente_register::ledger::{Context, Refusal, SubjectKind};
use entente_register::transfer::application::Application;
use entente_register::transfer::guidance::{
    GuidanceCommand, GuidanceContent, GuidanceFacts, NewGuidance, decide, named, open,
};
use entente_register::transfer::ledger::ApplicationFacts;
use entente_register::transfer::licence::Licence;

use super::Batch;
use super::decide::{Decided, decided};
use super::states::is_possible;
use crate::database::Value;
use crate::error::{Fault, Outcome};
use crate::guidance::{agencies_at, routed_at};
use crate::transfer::Place;
use crate::view::{NO_END, guidance_series};

const DOING: &str = "gathering what transfers are weighed by";

impl Batch {
    pub(super) async fn guide(
        &mut self,
        context: &Context,
        new: NewGuidance,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let number = match (new.content.number(&new.label), new.content.kind().series()) {
            (Some(number), _) => number,
            (None, letter) => {
                let series = guidance_series(&new.label, letter.unwrap_or_default(), new.on.year());
                format!("{series}-{:04}", self.next(&series).await?)
            }
        };
        let subject = SubjectKind::Guidance.subject(number);
        if new.content.number(&new.label).is_some() {
            if !is_possible(&subject.key) {
                return Err(Refusal::new("guidance.number", "What it is about gives no number.")
                    .field("guidance")
                    .missing("a name without unusual characters")
                    .into());
            }
            self.load(&subject).await?;
            // Only who is cleared for the marking may propose under it, and so may know that there is one.
            if context.actor.clearance.admits(&new.label) && self.states.guidance(&subject.key).is_some() {
                return Err(Refusal::new(
                    "guidance.exists",
                    format!("There is a file {} already.", subject.key),
                )
                .missing("another edition of that file")
                .into());
            }
            self.check_version(&subject, expected)?;
        } else {
            self.begin(&subject, expected)?;
        }
        let facts = self.guidance_facts(&context.actor, &new.content).await?;
        decided(open(&subject.key, &facts, context, new)?)
    }

    pub(super) async fn guidance(
        &mut self,
        context: &Context,
        number: String,
        command: GuidanceCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let subject = SubjectKind::Guidance.subject(number);
        let absent = || Refusal::not_found("guidance", &subject.key);
        if !self.sees_guidance(&context.actor, &subject.key).await? {
            return Err(absent().into());
        }
        self.check_version(&subject, expected)?;
        let this = self.states.guidance(&subject.key).cloned().ok_or_else(absent)?;
        let facts = match &command {
            GuidanceCommand::Propose { content, .. } => self.guidance_facts(&context.actor, content).await?,
            GuidanceCommand::Confirm { edition, .. } => {
                let mut facts = GuidanceFacts::default();
                let content = this.get(*edition).map(|edition| &edition.content);
                if let Some(GuidanceContent::StandingAssessment(standing)) = content {
                    facts.licences = self.licences_to(context, &standing.territory).await?;
                }
                facts
            }
            _ => GuidanceFacts::default(),
        };
        let events = decide(&this, &facts, context, command)?;
        Ok(Decided { subject, events, stands: None })
    }

    async fn guidance_facts(&mut self, actor: &Actor, content: &GuidanceContent) -> Outcome<GuidanceFacts> {
        let mut facts = GuidanceFacts::default();
        let parties: BTreeSet<&str> = named(content).into_iter().map(|(_, party)| party).collect();
        for party in parties.into_iter().filter(|party| is_possible(party)) {
            if let Some(label) = self.find_party(actor, party).await? {
                facts.parties.insert(party.to_owned(), label);
            }
        }
        if let GuidanceContent::StandingAssessment(standing) = content
            && is_possible(&standing.territory)
        {
            self.load(&SubjectKind::Group.subject(&standing.territory)).await?;
            facts.is_group = self.states.group(&standing.territory).is_some_and(|group| group.registered);
        }
        Ok(facts)
    }

    /// Every licence to a state, or to one that is a member of a group today, that can still be drawn down or is suspended,
    /// whoever may read of it.
    async fn licences_to(&mut self, context: &Context, territory: &str) -> Outcome<Vec<Licence>> {
        self.load(&SubjectKind::Group.subject(territory)).await?;
        let mut states: BTreeSet<String> = self
            .states
            .group(territory)
            .map(|group| {
                let members = group.members.keys().filter(|state| group.has(state, context.today));
                members.cloned().collect()
            })
            .unwrap_or_default();
        states.insert(territory.to_owned());
        self.flush().await?;
        let mut licences = Vec::new();
        for state in states {
            let sql = "SELECT t.number FROM transfer t WHERE t.kind = 'licence' AND t.destination = $1 AND t.known_to = $2 AND t.valid_to = $3 AND t.state IN ('issued', 'suspended') ORDER BY t.number";
            let values: [Value<'_>; 3] = [state.into(), i64::MAX.into(), NO_END.into()];
            let rows = self.transaction.connection().fetch(DOING, sql, &values).await?;
            let numbers = rows.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, Fault>>()?;
            for number in numbers {
                self.load(&SubjectKind::Licence.subject(&number)).await?;
                licences.extend(self.states.licence(&number).cloned());
            }
        }
        Ok(licences)
    }

    /// What the routing rules say of an application, and how the agencies are consulted that it or `asked` names.
    pub(super) async fn guided(
        &mut self,
        context: &Context,
        application: &Application,
        asked: Option<&str>,
        facts: &mut ApplicationFacts,
    ) -> Outcome<()> {
        let (horizon, today) = (self.appender.head().sequence, context.today);
        let place = Place::of_act(horizon, today, (today, today), None);
        let mut connection = self.transaction.connection();
        self.views.flush(&mut connection).await?;
        let routed = routed_at(&mut connection, &place, application).await?;
        let agencies: BTreeSet<String> =
            routed.agencies.keys().cloned().chain(asked.map(str::to_owned)).collect();
        facts.decision.agencies = agencies_at(&mut connection, &place, &agencies).await?;
        for agency in agencies.iter().filter(|agency| is_possible(agency)) {
            if let Some(label) = self.find_party(&context.actor, agency).await? {
                facts.named.parties.insert(agency.clone(), label);
            }
        }
        facts.decision.routed = routed;
        Ok(())
    }

    /// Whether a file of guidance is open to the actor.
    pub(super) async fn sees_guidance(&mut self, actor: &Actor, number: &str) -> Outcome<bool> {
        if !is_possible(number) || may_read(actor, Reading::Guidance).is_none() {
            return Ok(false);
        }
        self.load(&SubjectKind::Guidance.subject(number)).await?;
        Ok(self.states.guidance(number).is_some_and(|state| actor.clearance.admits(&state.label)))
    }
}
