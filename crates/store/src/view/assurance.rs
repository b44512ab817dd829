//! Certificates, specimen signatures, inspections and re-exports: a row for each stretch of days in which one stands as it does.

use std::collections::BTreeSet;

use entente_register::ledger::{Fact, SubjectKind};
use entente_register::transfer::certificate::Certificate;
use entente_register::transfer::inspection::Inspection;
use entente_register::transfer::reexport::Reexport;
use entente_register::transfer::specimen::Specimens;

use super::buffer::Buffer;
use super::folded::Folded;
use super::{absent, content_of, state_of};
use crate::database::{Connection, Value};
use crate::error::Fault;
use crate::ledger::Recorded;

const DOING: &str = "writing certificates, specimens, inspections and re-exports";

/// The table `assurance`, the end users of licences, and what re-exports are about.
pub(super) struct Assurances {
    rows: Folded,
    end_users: Buffer,
    links: Buffer,
}

impl Default for Assurances {
    fn default() -> Assurances {
        Assurances {
            rows: Folded::new(
                DOING,
                ("assurance", "certificate, specimen file, inspection or re-export"),
                (
                    "kind, label, party, issuer, register_key, document, end_user, licence, registered",
                    "application, state, title, waiting, doubted, due_on, content",
                ),
                "INSERT INTO assurance (number, valid_from, valid_to, known_from, known_to, kind, label, party, issuer, register_key, document, end_user, licence, registered, application, state, title, waiting, doubted, due_on, content)",
            ),
            end_users: Buffer::inserting(
                DOING,
                "INSERT INTO licence_end_user (number, end_user, known_from)",
                "",
            ),
            links: Buffer::inserting(
                DOING,
                "INSERT INTO reexport_link (number, about, known_from)",
                "ON CONFLICT (number, about) DO NOTHING",
            ),
        }
    }
}

/// What a subject keeps, and what changes of it.
struct Row {
    party: Option<String>,
    issuer: Option<String>,
    register_key: Option<String>,
    document: Option<String>,
    end_user: Option<String>,
    licence: Option<String>,
    application: Option<String>,
    state: String,
    title: String,
    /// How many parts of it wait for somebody: inquiries for an answer, specimens for a second person.
    waiting: usize,
    /// Whether it is a certificate in doubt.
    doubted: bool,
    due_on: Option<String>,
    content: String,
}

impl Row {
    fn of_certificate(certificate: Certificate) -> Result<Row, Fault> {
        let content = content_of(DOING, &certificate)?;
        let waiting = usize::from(certificate.awaited().is_some());
        let doubted = certificate.is_doubted();
        let said = certificate.content;
        Ok(Row {
            register_key: Some(said.key()),
            party: Some(said.exporter),
            issuer: Some(said.issuer),
            document: said.document.content,
            end_user: Some(said.end_user),
            licence: None,
            application: certificate.application,
            state: certificate.state.to_owned(),
            title: said.register_number,
            waiting,
            doubted,
            due_on: said.expires_on.map(|on| on.to_string()),
            content,
        })
    }

    fn of_specimens(specimens: &Specimens) -> Result<Row, Fault> {
        let waiting = specimens.waiting().count();
        Ok(Row {
            party: None,
            issuer: Some(specimens.authority.clone()),
            register_key: None,
            document: None,
            end_user: None,
            licence: None,
            application: None,
            state: if waiting == 0 { "settled" } else { "waiting" }.to_owned(),
            title: String::new(),
            waiting,
            doubted: false,
            due_on: None,
            content: content_of(DOING, specimens)?,
        })
    }

    fn of_inspection(inspection: Inspection) -> Result<Row, Fault> {
        let content = content_of(DOING, &inspection)?;
        let is_waiting = matches!(inspection.state, "planned" | "incident");
        let is_planned = inspection.state == "planned";
        let due_on = is_planned.then(|| inspection.planned.visit_on.to_string());
        Ok(Row {
            party: None,
            issuer: None,
            register_key: None,
            document: None,
            end_user: Some(inspection.planned.end_user),
            licence: Some(inspection.planned.licence),
            application: None,
            state: inspection.state.to_owned(),
            title: inspection.reason,
            waiting: usize::from(is_waiting),
            doubted: false,
            due_on,
            content,
        })
    }

    fn of_reexport(reexport: Reexport) -> Result<Row, Fault> {
        let content = content_of(DOING, &reexport)?;
        let is_waiting = matches!(reexport.state, "requested" | "proposed");
        let decision = reexport.decision.filter(|_| reexport.state == "consented");
        let due_on = decision.and_then(|decision| decision.proposal.valid_until);
        let said = reexport.requested.content;
        let end_user = said.end_users().into_iter().next().map(str::to_owned);
        Ok(Row {
            party: None,
            issuer: Some(said.applicant),
            register_key: Some(said.destination),
            document: reexport.requested.document.content,
            end_user,
            licence: None,
            application: None,
            state: reexport.state.to_owned(),
            title: said.title,
            waiting: usize::from(is_waiting),
            doubted: false,
            due_on: due_on.map(|on| on.to_string()),
            content,
        })
    }
}

impl Assurances {
    /// Changes the table by one event of a certificate, of specimens or of an inspection.
    pub(super) async fn apply(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        label: i64,
    ) -> Result<(), Fault> {
        let event = &recorded.event;
        let subject = &event.subject;
        let before = self.rows.before(connection, recorded).await?;
        let before = before.as_deref();
        let on = event.occurred_on;
        let by = (recorded.actor.as_str(), &event.label);
        let gone = || absent(subject.kind.word(), &subject.key);
        let row = match subject.kind {
            SubjectKind::Certificate => {
                let mut state: Option<Certificate> =
                    before.map(|content| state_of(DOING, content)).transpose()?;
                Certificate::apply(&mut state, subject, on, &event.label, &event.fact);
                Row::of_certificate(state.ok_or_else(gone)?)?
            }
            SubjectKind::Specimens => {
                let mut state: Option<Specimens> =
                    before.map(|content| state_of(DOING, content)).transpose()?;
                Specimens::apply(&mut state, subject, on, by, &event.fact);
                Row::of_specimens(&state.ok_or_else(gone)?)?
            }
            SubjectKind::Reexport => {
                let mut state: Option<Reexport> =
                    before.map(|content| state_of(DOING, content)).transpose()?;
                Reexport::apply(&mut state, subject, on, by, (&event.fact, event.reason.as_deref()));
                self.note_links(recorded);
                Row::of_reexport(state.ok_or_else(gone)?)?
            }
            _ => {
                let mut state: Option<Inspection> =
                    before.map(|content| state_of(DOING, content)).transpose()?;
                Inspection::apply(&mut state, subject, on, by, (&event.fact, event.reason.as_deref()));
                Row::of_inspection(state.ok_or_else(gone)?)?
            }
        };
        let kept: [Value<'static>; 9] = [
            subject.kind.word().into(),
            label.into(),
            row.party.into(),
            row.issuer.into(),
            row.register_key.into(),
            row.document.into(),
            row.end_user.into(),
            row.licence.into(),
            recorded.sequence.into(),
        ];
        let changed = vec![
            row.application.into(),
            row.state.into(),
            row.title.into(),
            i64::try_from(row.waiting).unwrap_or(i64::MAX).into(),
            i64::from(row.doubted).into(),
            row.due_on.into(),
            row.content.into(),
        ];
        self.rows.put(connection, recorded, kept, changed).await
    }

    /// Notes what a re-export is about.
    fn note_links(&mut self, recorded: &Recorded) {
        let Fact::ReexportRequested(requested) = &recorded.event.fact else { return };
        let licences = requested.items.iter().map(|item| &item.licence);
        let certificates = requested.bindings.iter().filter_map(|binding| binding.certificate.as_ref());
        let all: BTreeSet<&String> = licences.chain(certificates).collect();
        for of in all {
            self.links.insert(vec![
                recorded.event.subject.key.clone().into(),
                of.clone().into(),
                recorded.sequence.into(),
            ]);
        }
    }

    /// Notes the end users of a licence that is issued.
    pub(super) fn note_end_users<'u>(
        &mut self,
        recorded: &Recorded,
        end_users: impl IntoIterator<Item = &'u str>,
    ) {
        for end_user in end_users {
            self.end_users.insert(vec![
                recorded.event.subject.key.clone().into(),
                end_user.to_owned().into(),
                recorded.sequence.into(),
            ]);
        }
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.rows.gathered() + self.end_users.len() + self.links.len()
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.rows.flush(connection).await?;
        self.end_users.flush(connection).await?;
        self.links.flush(connection).await
    }
}
