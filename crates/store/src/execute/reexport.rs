//! What the rules of re-export consent are given.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::access::{Actor, Reading, may_read};
use entente_register::ledger::{Context, Refusal, SubjectKind};
use entente_register::transfer::certificate::{Certificate, Undertaking};
use entente_register::transfer::reexport::{
    Binding, Delivered, NewReexport, Reexport, ReexportCommand, ReexportFacts, ReexportItem, RequestFacts,
    decide as decide_reexport, request,
};
use jiff::civil::Date;

use super::Batch;
use super::decide::{Decided, decided};
use super::states::is_possible;
use crate::assurance::reexport_facts;
use crate::database::Value;
use crate::error::Outcome;
use crate::transfer::Place;
use crate::view::{NO_END, reexport_series};

impl Batch {
    pub(super) async fn ask_reexport(
        &mut self,
        context: &Context,
        new: NewReexport,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let series = reexport_series(&new.label, new.on.year());
        let next = self.next(&series).await?;
        let subject = SubjectKind::Reexport.subject(format!("{series}-{next:04}"));
        self.begin(&subject, expected)?;
        let mut facts = RequestFacts::default();
        let named =
            [&new.authority, &new.end_user].into_iter().chain(new.parties.iter().map(|one| &one.party));
        let named: BTreeSet<String> = named.cloned().collect();
        for party in named.into_iter().filter(|party| is_possible(party)) {
            if let Some(label) = self.find_party(&context.actor, &party).await? {
                facts.parties.insert(party, label);
            }
        }
        let licences: BTreeSet<String> = new.items.iter().map(|item| item.licence.clone()).collect();
        for number in licences.into_iter().filter(|number| is_possible(number)) {
            if !self.sees_licence(&context.actor, &number).await? {
                continue;
            }
            let Some(licence) = self.states.licence(&number).cloned() else { continue };
            let application = licence.issued.application.clone();
            self.load(&SubjectKind::Application.subject(&application)).await?;
            let applied = self.states.application(&application);
            let lines = applied.map(|applied| applied.content.lines.clone()).unwrap_or_default();
            let holders: BTreeSet<String> =
                licence.issued.end_users().into_iter().map(str::to_owned).collect();
            facts.bindings.extend(self.bindings(&number, &application, &holders).await?);
            facts.licences.insert(number, (licence, lines));
        }
        facts.delivered = self.delivered(&new.items, &subject.key).await?;
        decided(request(&subject.key, &facts, context, new)?)
    }

    /// What binds whoever uses the goods of a licence: the certificates that serve its application.
    async fn bindings(
        &mut self,
        licence: &str,
        application: &str,
        holders: &BTreeSet<String>,
    ) -> Outcome<Vec<Binding>> {
        let values: [Value<'_>; 3] = [application.into(), NO_END.into(), i64::MAX.into()];
        let sql = "SELECT a.content FROM assurance a WHERE a.kind = 'certificate' AND a.application = $1 AND a.state = 'bound' AND a.valid_to = $2 AND a.known_to = $3 ORDER BY a.number";
        let found = self.assurances::<Certificate>(sql, &values).await?;
        let of = |certificate: Certificate| Binding {
            licence: licence.to_owned(),
            undertaken: certificate.content.undertakings.contains(&Undertaking::NoReexport),
            certificate: Some(certificate.number),
        };
        let held = found.into_iter().filter(|one| holders.contains(&one.content.end_user));
        let bindings: Vec<Binding> = held.map(of).collect();
        if bindings.is_empty() {
            return Ok(vec![Binding { licence: licence.to_owned(), certificate: None, undertaken: false }]);
        }
        Ok(bindings)
    }

    /// What was delivered of lines, and what consents other than one take of it, whoever may read of them.
    async fn delivered(
        &mut self,
        items: &[ReexportItem],
        but: &str,
    ) -> Outcome<BTreeMap<(String, u32), Delivered>> {
        let mut delivered = BTreeMap::new();
        let licences: BTreeSet<&str> = items.iter().map(|item| item.licence.as_str()).collect();
        let mut others: BTreeMap<String, Reexport> = BTreeMap::new();
        for licence in licences.into_iter().filter(|licence| is_possible(licence)) {
            self.load(&SubjectKind::Licence.subject(licence)).await?;
            let sql = "SELECT a.content FROM reexport_link l JOIN assurance a ON a.number = l.number AND a.kind = 'reexport' AND a.valid_to = $2 AND a.known_to = $3 WHERE l.about = $1 ORDER BY a.number";
            let values: [Value<'_>; 3] = [licence.into(), NO_END.into(), i64::MAX.into()];
            for other in self.assurances::<Reexport>(sql, &values).await? {
                others.insert(other.number.clone(), other);
            }
        }
        for item in items {
            let Some(licence) = self.states.licence(&item.licence) else { continue };
            delivered.insert((item.licence.clone(), item.line), Delivered::of(licence, item.line));
        }
        for other in others.values().filter(|other| other.number != but) {
            for (line, quantity) in other.takes() {
                if let Some(of_line) = delivered.get_mut(&line) {
                    of_line.taken.0 = of_line.taken.0.saturating_add(quantity.0);
                }
            }
        }
        Ok(delivered)
    }

    pub(super) async fn reexport(
        &mut self,
        context: &Context,
        number: String,
        command: ReexportCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let subject = SubjectKind::Reexport.subject(number);
        let absent = || Refusal::not_found("re-export", &subject.key);
        if !self.sees_reexport(&context.actor, &subject.key).await? {
            return Err(absent().into());
        }
        self.check_version(&subject, expected)?;
        let this = self.states.reexport(&subject.key).cloned().ok_or_else(absent)?;
        let mut facts = ReexportFacts::default();
        match &command {
            ReexportCommand::Record { on, .. } => facts.checks = self.against(context, &this, *on).await?,
            ReexportCommand::Propose { on, .. } | ReexportCommand::Countersign { on } => {
                facts.checks = self.against(context, &this, *on).await?;
                facts.delivered = self.delivered(&this.requested.items, &this.number).await?;
            }
            _ => {}
        }
        decided(decide_reexport(&this, &facts, context, command)?)
    }

    /// What is known against a re-export now, for every instant from the day of the act to the end of today.
    async fn against(
        &mut self,
        context: &Context,
        this: &Reexport,
        on: Date,
    ) -> Outcome<entente_register::transfer::check::CheckFacts> {
        let horizon = self.appender.head().sequence;
        let place = Place::of_act(horizon, context.today, (on, on), self.store.engine.as_deref());
        let mut connection = self.transaction.connection();
        // What this batch has done so far is part of what stands.
        self.views.flush(&mut connection).await?;
        let rules = &self.store.rules;
        // Boxed: what it holds while it waits would lie on the stack of every command.
        Ok(Box::pin(reexport_facts(&mut connection, rules, &place, this)).await?)
    }

    /// Whether a re-export is open to the actor.
    pub(super) async fn sees_reexport(&mut self, actor: &Actor, number: &str) -> Outcome<bool> {
        if !is_possible(number) || may_read(actor, Reading::Reexports).is_none() {
            return Ok(false);
        }
        self.load(&SubjectKind::Reexport.subject(number)).await?;
        Ok(self.states.reexport(number).is_some_and(|state| actor.clearance.admits(&state.label)))
    }
}
