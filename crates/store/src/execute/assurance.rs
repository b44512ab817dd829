//! What the rules of certificates, specimen signatures and inspections are given.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::access::{Actor, Extent, Reading, may_read};
use entente_register::ledger::{Context, Refusal, SubjectKind};
use entente_register::transfer::certificate::{
    BoundTo, Certificate, CertificateCommand, CertificateFacts, NewCertificate, decide as decide_certificate,
    register,
};
use entente_register::transfer::inspection::{
    Inspection, InspectionCommand, InspectionFacts, NewInspection, decide as decide_inspection, plan,
};
use entente_register::transfer::ledger::Sight;
use entente_register::transfer::licence::{Incident, Licence};
use entente_register::transfer::specimen::{SpecimenCommand, decide as decide_specimens};

use super::Batch;
use super::decide::{Decided, decided};
use super::states::is_possible;
use crate::database::Value;
use crate::error::Outcome;
use crate::view::{NO_END, certificate_series, inspection_series};

const DOING: &str = "gathering certificates and inspections";

impl Batch {
    pub(super) async fn certify(
        &mut self,
        context: &Context,
        new: NewCertificate,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let series = certificate_series(&new.label, new.on.year());
        let next = self.next(&series).await?;
        let subject = SubjectKind::Certificate.subject(format!("{series}-{next:04}"));
        self.begin(&subject, expected)?;
        let mut facts = CertificateFacts::default();
        let named: Vec<String> = new.content.named().into_iter().map(str::to_owned).collect();
        for party in named.into_iter().filter(|party| is_possible(party)) {
            if let Some(label) = self.find_party(&context.actor, &party).await? {
                facts.parties.insert(party, label);
            }
        }
        decided(register(&subject.key, &facts, context, new)?)
    }

    pub(super) async fn certificate(
        &mut self,
        context: &Context,
        number: String,
        command: CertificateCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let subject = SubjectKind::Certificate.subject(number);
        let absent = || Refusal::not_found("certificate", &subject.key);
        if !self.sees_certificate(&context.actor, &subject.key).await? {
            return Err(absent().into());
        }
        self.check_version(&subject, expected)?;
        let this = self.states.certificate(&subject.key).cloned().ok_or_else(absent)?;
        let application = match (&command, &this.application) {
            (CertificateCommand::Bind { application, .. }, _) => {
                self.bound_to(&context.actor, application, false).await?
            }
            // What it serves is asked about also where the actor may not see it.
            (CertificateCommand::Release { .. }, Some(application)) => {
                self.bound_to(&context.actor, application, true).await?
            }
            _ => None,
        };
        let facts = CertificateFacts { application, ..CertificateFacts::default() };
        decided(decide_certificate(&this, &facts, context, command)?)
    }

    /// The application that a certificate serves, or is to serve.
    async fn bound_to(
        &mut self,
        actor: &Actor,
        application: &str,
        whoever: bool,
    ) -> Outcome<Option<BoundTo>> {
        if !is_possible(application) {
            return Ok(None);
        }
        let sight = self.sight_of(actor, application).await?;
        if sight != Some(Sight::Whole) && !whoever {
            return Ok(None);
        }
        let Some(state) = self.states.application(application) else { return Ok(None) };
        let mut bound = BoundTo {
            state: state.state,
            label: state.label.clone(),
            applicant: state.content.applicant.clone(),
            end_users: state.content.end_users().into_iter().map(str::to_owned).collect(),
            certificates: BTreeMap::new(),
            is_granted: state.decisions.iter().any(|decision| decision.licence.is_some()),
        };
        let values: [Value<'_>; 3] = [application.into(), NO_END.into(), i64::MAX.into()];
        let sql = "SELECT a.content FROM assurance a WHERE a.kind = 'certificate' AND a.application = $1 AND a.state = 'bound' AND a.valid_to = $2 AND a.known_to = $3 ORDER BY a.number";
        for certificate in self.assurances::<Certificate>(sql, &values).await? {
            bound.certificates.insert(certificate.content.end_user, certificate.number);
        }
        Ok(Some(bound))
    }

    pub(super) async fn specimens(
        &mut self,
        context: &Context,
        authority: String,
        command: SpecimenCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let absent = || Refusal::not_found("party", &authority).field("authority");
        if !is_possible(&authority) {
            return Err(absent().into());
        }
        let label = self.find_party(&context.actor, &authority).await?.ok_or_else(absent)?;
        let subject = SubjectKind::Specimens.subject(&authority);
        self.load(&subject).await?;
        self.check_version(&subject, expected)?;
        let state = self.states.specimens(&authority);
        decided(decide_specimens(state, (&authority, &label), context, command)?)
    }

    pub(super) async fn inspect(
        &mut self,
        context: &Context,
        new: NewInspection,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let absent = || Refusal::not_found("licence", &new.licence).field("licence");
        if !is_possible(&new.licence) || !self.sees_licence(&context.actor, &new.licence).await? {
            return Err(absent().into());
        }
        let licence = self.states.licence(&new.licence).cloned().ok_or_else(absent)?;
        let series = inspection_series(&licence.label, new.on.year());
        let next = self.next(&series).await?;
        let subject = SubjectKind::Inspection.subject(format!("{series}-{next:04}"));
        self.begin(&subject, expected)?;
        let bound = self.bound_to(&context.actor, &licence.issued.application, true).await?;
        let certificate = bound.and_then(|bound| bound.certificates.get(&new.end_user).cloned());
        decided(plan(&subject.key, (&licence, certificate), context, new)?)
    }

    pub(super) async fn inspection(
        &mut self,
        context: &Context,
        number: String,
        command: InspectionCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let subject = SubjectKind::Inspection.subject(number);
        let absent = || Refusal::not_found("inspection", &subject.key);
        if !self.sees_inspection(&context.actor, &subject.key).await? {
            return Err(absent().into());
        }
        self.check_version(&subject, expected)?;
        let this = self.states.inspection(&subject.key).cloned().ok_or_else(absent)?;
        let mut facts = InspectionFacts::default();
        if let InspectionCommand::Visit(_) = &command {
            facts.expected = self.serials_under(&this.planned.licence).await?;
            facts.licences = self.licences_of(&this.planned.end_user).await?;
        }
        let events = decide_inspection(&this, &facts, context, command)?;
        Ok(Decided { subject, events, stands: None })
    }

    /// Serial numbers of what went under a licence and was not returned.
    async fn serials_under(&mut self, licence: &str) -> Outcome<Vec<String>> {
        self.load(&SubjectKind::Licence.subject(licence)).await?;
        let written =
            self.states.licence(licence).into_iter().flat_map(|licence| licence.written_off.values());
        let deliveries: BTreeSet<String> =
            written.filter_map(|(_, written)| written.delivery.clone()).collect();
        let mut serials = Vec::new();
        for delivery in deliveries {
            self.load(&SubjectKind::Delivery.subject(&delivery)).await?;
            let there = self.states.delivery(&delivery);
            let there = there.filter(|delivery| !matches!(delivery.state, "returned" | "annulled"));
            serials.extend(there.into_iter().flat_map(|delivery| delivery.serials.clone()));
        }
        Ok(serials)
    }

    /// Every licence that names an end user and is neither revoked nor closed, whoever may read of it: what an inspection
    /// finds stops all of them.
    async fn licences_of(&mut self, end_user: &str) -> Outcome<Vec<Licence>> {
        self.flush().await?;
        let sql = "SELECT u.number FROM licence_end_user u JOIN transfer t ON t.number = u.number AND t.known_to = $2 AND t.valid_to = $3 WHERE u.end_user = $1 AND t.state IN ('issued', 'suspended') ORDER BY u.number";
        let values: [Value<'_>; 3] = [end_user.into(), i64::MAX.into(), NO_END.into()];
        let rows = self.transaction.connection().fetch(DOING, sql, &values).await?;
        let mut licences = Vec::new();
        for row in &rows {
            let number = row.text(0)?;
            self.load(&SubjectKind::Licence.subject(&number)).await?;
            licences.extend(self.states.licence(&number).cloned());
        }
        Ok(licences)
    }

    /// What inspections found at the end users of a licence, closed or not.
    pub(super) async fn incidents_of(&mut self, licence: &Licence) -> Outcome<Vec<Incident>> {
        let users: Vec<&str> = licence.issued.end_users().into_iter().collect();
        let places: Vec<String> = (0..users.len()).map(|place| format!("${}", place + 3)).collect();
        let mut values: Vec<Value<'_>> = vec![NO_END.into(), i64::MAX.into()];
        values.extend(users.iter().map(|user| Value::from((*user).to_owned())));
        let sql = format!(
            "SELECT a.content FROM assurance a WHERE a.kind = 'inspection' AND a.state IN ('incident', 'closed') AND a.valid_to = $1 AND a.known_to = $2 AND a.end_user IN ({}) ORDER BY a.number",
            places.join(", ")
        );
        let found = self.assurances::<Inspection>(&sql, &values).await?;
        let incident = |inspection: Inspection| Incident {
            inspection: licence.label.dominates(&inspection.label).then_some(inspection.number),
            end_user: inspection.planned.end_user,
            closed: inspection.closed.map(|closed| (closed.on, closed.by)),
        };
        Ok(found.into_iter().map(incident).collect())
    }

    /// States out of the view, as what this batch has done so far leaves them.
    pub(super) async fn assurances<T: serde::de::DeserializeOwned>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
    ) -> Outcome<Vec<T>> {
        self.flush().await?;
        let rows = self.transaction.connection().fetch(DOING, sql, values).await?;
        rows.iter().map(|row| Ok(row.json(DOING, 0)?)).collect()
    }

    /// Whether a certificate is open to the actor: by its label, and by need to know.
    pub(super) async fn sees_certificate(&mut self, actor: &Actor, number: &str) -> Outcome<bool> {
        if !is_possible(number) {
            return Ok(false);
        }
        self.load(&SubjectKind::Certificate.subject(number)).await?;
        let Some(state) = self.states.certificate(number) else { return Ok(false) };
        let extent = match may_read(actor, Reading::Certificates) {
            None => false,
            Some(Extent::All) => true,
            Some(Extent::Own) => actor.party.as_ref() == Some(&state.content.exporter),
        };
        Ok(extent && actor.clearance.admits(&state.label))
    }

    /// Whether a paper of a certificate is open to the actor: its exporter is shown the certificate alone.
    pub(super) async fn sees_paper_of_certificate(
        &mut self,
        actor: &Actor,
        number: &str,
        content: &str,
    ) -> Outcome<bool> {
        if !self.sees_certificate(actor, number).await? {
            return Ok(false);
        }
        let own = may_read(actor, Reading::Certificates) == Some(Extent::Own);
        let said =
            self.states.certificate(number).and_then(|state| state.content.document.content.as_deref());
        Ok(!own || said == Some(content))
    }

    /// Whether an inspection is open to the actor.
    pub(super) async fn sees_inspection(&mut self, actor: &Actor, number: &str) -> Outcome<bool> {
        if !is_possible(number) || may_read(actor, Reading::Inspections).is_none() {
            return Ok(false);
        }
        self.load(&SubjectKind::Inspection.subject(number)).await?;
        Ok(self.states.inspection(number).is_some_and(|state| actor.clearance.admits(&state.label)))
    }

    /// Whether the specimens of an authority are open to the actor.
    pub(super) async fn sees_specimens(&mut self, actor: &Actor, authority: &str) -> Outcome<bool> {
        if !is_possible(authority) || may_read(actor, Reading::Inspections).is_none() {
            return Ok(false);
        }
        Ok(self.find_party(actor, authority).await?.is_some())
    }
}
