//! Documents: the bytes behind a fact.

use entente_register::access::{CommandKind, Extent, Reading, may_command};
use entente_register::contract::line::contract_of;
use entente_register::label::Label;
use entente_register::ledger::{Event, Fact, Refusal, Subject, SubjectKind};

use super::{DocumentContent, Reader};
use crate::database::Connection;
use crate::document::is_content;
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;

impl Reader {
    /// A document of a contract, line, plan, delivery or payment by its content hash.
    ///
    /// # Errors
    /// `not_found` where the subject is not open to the actor, or has no such document at the horizon.
    pub async fn document(&self, subject: &Subject, content: &str) -> Outcome<DocumentContent> {
        let reading = match subject.kind {
            SubjectKind::Plan => Reading::Plans,
            SubjectKind::Schedule
            | SubjectKind::Instalment
            | SubjectKind::Receipt
            | SubjectKind::Penalty
            | SubjectKind::Rate => Reading::Payments,
            SubjectKind::Opportunity => Reading::Opportunities,
            SubjectKind::List => Reading::Screening,
            SubjectKind::Statistic => Reading::Partners,
            SubjectKind::Application => Reading::Applications,
            SubjectKind::Licence => Reading::Licences,
            SubjectKind::Certificate => Reading::Certificates,
            SubjectKind::Specimens | SubjectKind::Inspection => Reading::Inspections,
            SubjectKind::Guidance => Reading::Guidance,
            SubjectKind::Exchange | SubjectKind::CustomsRun | SubjectKind::Discrepancy => Reading::Customs,
            SubjectKind::Reexport => Reading::Reexports,
            _ => Reading::Contracts,
        };
        self.check(reading)?;
        let absent = || Refusal::not_found("document", content);
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let (label, events) = self.open_subject(&mut connection, subject).await?.ok_or_else(absent)?;
        let named = |event: &Event| {
            let documents = event.fact.as_ref().map(Fact::documents).unwrap_or_default();
            let document = documents.into_iter().find(|held| held.content.as_deref() == Some(content))?;
            Some((document.clone(), event.label.clone()))
        };
        let (document, event_label) = events.iter().find_map(named).ok_or_else(absent)?;
        let kept = content_bytes("reading a document", &mut connection, content).await?;
        let (media_type, bytes) = kept.ok_or_else(absent)?;
        let document = DocumentContent { document, media_type, bytes, label: label.join(&event_label) };
        drop(transaction);
        self.log(format!("{subject}#{content}"), Some(&document.label)).await?;
        Ok(document)
    }

    /// The bytes that the actor gave as an edition of a list, whether it came into force or not.
    ///
    /// # Errors
    /// `access.role` if the actor may load no list; `not_found` where the actor gave none of this hash.
    pub async fn given_list(&self, content: &str) -> Outcome<Vec<u8>> {
        may_command(&self.actor, CommandKind::ListLoad)?;
        let absent = || Refusal::not_found("file", content);
        if !is_possible(content) {
            return Err(absent().into());
        }
        let doing = "reading an edition that was given";
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let sql = "SELECT content FROM document_giver WHERE content = $1 AND account = $2";
        let values = [content.into(), self.actor.account.as_str().into()];
        connection.fetch_optional(doing, sql, &values).await?.ok_or_else(absent)?;
        let kept = content_bytes(doing, &mut connection, content).await?;
        Ok(kept.ok_or_else(absent)?.1)
    }

    /// The label and events of a subject with documents, if it is open to the actor.
    async fn open_subject(
        &self,
        connection: &mut Connection<'_>,
        subject: &Subject,
    ) -> Outcome<Option<(Label, Vec<Event>)>> {
        let key = subject.key.as_str();
        let contract = match subject.kind {
            SubjectKind::Contract => {
                self.find_contract(connection, self.check(Reading::Contracts)?, key).await?
            }
            SubjectKind::Milestone
            | SubjectKind::Slippage
            | SubjectKind::Corrective
            | SubjectKind::Offset => {
                let extent = self.check(Reading::Contracts)?;
                self.find_contract(connection, extent, contract_of(key)).await?
            }
            SubjectKind::Report => {
                let extent = self.check(Reading::Contracts)?;
                let Some(found) = self.find_report(connection, extent, key).await? else { return Ok(None) };
                return Ok(Some((found.report.label, self.events_of(connection, subject).await?)));
            }
            SubjectKind::List => {
                if !self.sees_list(connection, subject).await? {
                    return Ok(None);
                }
                let events = self.events_of(connection, subject).await?;
                return Ok(Some((entente_register::screening::marking(), events)));
            }
            SubjectKind::Statistic => {
                let events = self.events_of(connection, subject).await?;
                let label = events.first().map(|event| event.label.clone());
                return Ok(label
                    .filter(|label| self.actor.clearance.admits(label))
                    .map(|label| (label, events)));
            }
            SubjectKind::Line => {
                self.find_line(connection, self.check(Reading::Contracts)?, key).await?.map(|found| found.0)
            }
            SubjectKind::Delivery => {
                let Some((delivery, events)) = self.find_delivery(connection, key).await? else {
                    return Ok(None);
                };
                let extent = self.check(Reading::Contracts)?;
                let found = self.find_line(connection, extent, &delivery.line).await?;
                return Ok(found.map(|(contract, _)| (contract.label, events)));
            }
            SubjectKind::Opportunity => {
                let extent = self.check(Reading::Opportunities)?;
                let Some(found) = self.find_opportunity(connection, extent, key).await? else {
                    return Ok(None);
                };
                return Ok(Some((found.label, self.events_of(connection, subject).await?)));
            }
            SubjectKind::Application => {
                let Some((application, sight)) = self.find_application(connection, key).await? else {
                    return Ok(None);
                };
                let mut events = self.events_of(connection, subject).await?;
                self.keep_seen(&mut events, sight);
                return Ok(Some((application.label, events)));
            }
            SubjectKind::Licence => {
                let Some(licence) = self.find_licence(connection, key).await? else { return Ok(None) };
                return Ok(Some((licence.label, self.events_of(connection, subject).await?)));
            }
            SubjectKind::Certificate => {
                let extent = self.check(Reading::Certificates)?;
                let Some((certificate, _)) = self.find_certificate(connection, extent, key).await? else {
                    return Ok(None);
                };
                let mut events = self.events_of(connection, subject).await?;
                if extent == Extent::Own {
                    events.retain(|event| matches!(event.fact, Some(Fact::CertificateRegistered(_))));
                }
                return Ok(Some((certificate.label, events)));
            }
            SubjectKind::Specimens => {
                let Some(specimens) = self.find_specimens(connection, key).await? else { return Ok(None) };
                return Ok(Some((specimens.label, self.events_of(connection, subject).await?)));
            }
            SubjectKind::Guidance => {
                let Some(file) = self.find_guidance(connection, key).await? else { return Ok(None) };
                return Ok(Some((file.label, self.events_of(connection, subject).await?)));
            }
            SubjectKind::Inspection => {
                let Some(inspection) = self.find_inspection(connection, key).await? else { return Ok(None) };
                return Ok(Some((inspection.label, self.events_of(connection, subject).await?)));
            }
            SubjectKind::Reexport => {
                let Some(reexport) = self.find_reexport(connection, key).await? else { return Ok(None) };
                return Ok(Some((reexport.label, self.events_of(connection, subject).await?)));
            }
            SubjectKind::Exchange | SubjectKind::CustomsRun | SubjectKind::Discrepancy => {
                return self.open_customs(connection, subject).await;
            }
            SubjectKind::Plan => {
                let extent = self.check(Reading::Plans)?;
                let Some((_, label)) = self.find_plan(connection, extent, key).await? else {
                    return Ok(None);
                };
                let mut events = self.events_of(connection, subject).await?;
                if extent == Extent::Own {
                    events.retain(|event| self.is_own_answer(event));
                }
                return Ok(Some((label, events)));
            }
            SubjectKind::Schedule | SubjectKind::Instalment | SubjectKind::Receipt | SubjectKind::Penalty => {
                let extent = self.check(Reading::Payments)?;
                self.find_contract(connection, extent, contract_of(key)).await?
            }
            SubjectKind::Rate if contract_of(key) == key => {
                // The events that may be seen are all there is to say of a published rate.
                let events = self.events_of(connection, subject).await?;
                return Ok(events.first().map(|first| first.label.clone()).map(|label| (label, events)));
            }
            SubjectKind::Rate => {
                let extent = self.check(Reading::Payments)?;
                self.find_contract(connection, extent, contract_of(key)).await?
            }
            _ => None,
        };
        let Some(contract) = contract else { return Ok(None) };
        Ok(Some((contract.label, self.events_of(connection, subject).await?)))
    }
}

/// The bytes that the register keeps under a hash, with their media type.
pub(super) async fn content_bytes(
    doing: &'static str,
    connection: &mut Connection<'_>,
    content: &str,
) -> Result<Option<(String, Vec<u8>)>, Fault> {
    let sql = "SELECT media_type, bytes FROM document_content WHERE content = $1";
    let Some(row) = connection.fetch_optional(doing, sql, &[content.into()]).await? else { return Ok(None) };
    let bytes = row.bytes(1)?;
    if is_content(content, &bytes) {
        return Ok(Some((row.text(0)?, bytes)));
    }
    // Better no paper than another one in its place.
    Err(Fault::damaged(doing, format!("the document {content} is not what was kept")))
}
