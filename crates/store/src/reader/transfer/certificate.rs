//! The register of end-user certificates, and the page of one.

use std::collections::BTreeSet;

use entente_register::access::{Extent, Reading};
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::transfer::certificate::Certificate;
use entente_register::transfer::certificate::check::{Known, against_itself};
use entente_register::transfer::ledger::AUTHORITY;

use super::{CertificateFilter, CertificateRow, CertificateView, SharedCertificate};
use crate::assurance::known_of;
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;
use crate::reader::sql::{self, Parameters};
use crate::reader::{Listing, Page, Reader};

const DOING: &str = "reading certificates";

/// Columns of a row of the register.
const COLUMNS: &str = "a.content, i.name, u.name, x.name, a.label";

/// Where they come from.
const TABLES: &str = "FROM assurance a LEFT JOIN party i ON i.number = a.issuer AND i.known_from <= $1 LEFT JOIN party u ON u.number = a.end_user AND u.known_from <= $1 LEFT JOIN party x ON x.number = a.party AND x.known_from <= $1";

impl Reader {
    /// Certificates: those of which an answer is awaited first, then those that serve nothing yet, then the others, the
    /// last registered first.
    ///
    /// # Errors
    /// `access.read` if the actor may not read certificates.
    pub async fn certificates(
        &self,
        filter: &CertificateFilter,
        page: Page,
    ) -> Outcome<Listing<CertificateRow>> {
        let extent = self.check(Reading::Certificates)?;
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let mut condition = self.open_certificates(extent, &mut parameters);
        match (filter.state.as_deref(), extent) {
            (Some("asked"), Extent::All) => condition.push_str(" AND a.waiting > 0"),
            _ => parameters.narrow(&mut condition, [("a.state", &filter.state)]),
        }
        parameters.narrow(
            &mut condition,
            [
                ("a.issuer", &filter.issuer),
                ("a.end_user", &filter.end_user),
                ("a.application", &filter.application),
            ],
        );
        if let Some(words) = &filter.words {
            parameters.narrow_to_words(words, &["a.title", "a.number"], &mut condition);
        }
        let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM assurance a WHERE {condition}");
        let total = connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        // That an answer is awaited is not told by the order to those who are not told of it.
        let waiting = if extent == Extent::All { "CASE WHEN a.waiting > 0 THEN 0 ELSE 1 END, " } else { "" };
        let sql = format!(
            "SELECT {COLUMNS} {TABLES} WHERE {condition} ORDER BY {waiting}CASE a.state WHEN 'registered' THEN 0 WHEN 'bound' THEN 1 ELSE 2 END, a.registered DESC, a.number LIMIT {limit} OFFSET {offset}"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(4)).collect::<Result<Vec<_>, _>>()?)?;
        let rows = rows.iter().map(|row| certificate_row(extent, row)).collect::<Result<_, Fault>>()?;
        drop(transaction);
        self.log("certificates", label.as_ref()).await?;
        Ok(Listing { rows, total, page })
    }

    /// The certificates that serve an application, of those open to the actor.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn certificates_of(&self, application: &str) -> Outcome<Vec<CertificateRow>> {
        let Ok(extent) = self.check(Reading::Certificates) else { return Ok(Vec::new()) };
        if !is_possible(application) {
            return Ok(Vec::new());
        }
        let mut transaction = self.store.database.read().await?;
        let mut parameters = self.parameters();
        let condition = self.open_certificates(extent, &mut parameters);
        let application = parameters.add(application.to_owned());
        let sql = format!(
            "SELECT {COLUMNS} {TABLES} WHERE {condition} AND a.application = {application} ORDER BY a.number"
        );
        let rows = transaction.connection().fetch(DOING, &sql, parameters.values()).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(4)).collect::<Result<Vec<_>, _>>()?)?;
        let found = rows.iter().map(|row| certificate_row(extent, row)).collect::<Result<_, Fault>>()?;
        drop(transaction);
        if label.is_some() {
            self.log("certificates", label.as_ref()).await?;
        }
        Ok(found)
    }

    /// A certificate’s page.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn certificate(&self, number: &str) -> Outcome<CertificateView> {
        let extent = self.check(Reading::Certificates)?;
        let absent = || Refusal::not_found("certificate", number);
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let (certificate, registered) =
            self.find_certificate(&mut connection, extent, number).await?.ok_or_else(absent)?;
        let subject = SubjectKind::Certificate.subject(number);
        let mut events = self.events_of(&mut connection, &subject).await?;
        if extent == Extent::Own {
            events.retain(|event| event.fact.as_ref().is_some_and(Certificate::admits_exporter));
        }
        let mut history = self.history(&events);
        if extent == Extent::Own {
            // Why it was released, voided or taken back is thought of it inside.
            for row in &mut history {
                AUTHORITY.clone_into(&mut row.actor);
                row.reason = None;
                row.document = row.document.take().filter(|paper| *paper == certificate.content.document);
            }
        }
        // What stands against it is thought of it inside.
        let (against, shared, specimens) = match extent {
            Extent::Own => (None, Vec::new(), None),
            Extent::All => {
                let known = known_of(&mut connection, &self.place(), certificate.clone(), registered).await?;
                let against = against_itself(&known);
                let Known { specimens, others, .. } = known;
                let shared = others
                    .into_iter()
                    .filter(|other| self.actor.clearance.admits(&other.certificate.label))
                    .map(|other| SharedCertificate {
                        differs: certificate.content.differences(&other.certificate.content),
                        earlier: other.earlier,
                        certificate: other.certificate,
                    })
                    .collect();
                (Some(against), shared, specimens)
            }
        };
        let mut named: BTreeSet<String> =
            certificate.content.named().into_iter().map(str::to_owned).collect();
        named.extend(shared.iter().map(|one| one.certificate.content.end_user.clone()));
        let destination = certificate.content.destination.clone();
        let view = CertificateView {
            parties: self.party_names(&mut connection, named.iter().map(String::as_str)).await?,
            destination_name: self.partner_name(&mut connection, &destination).await?,
            version: self.version_of(&mut connection, &subject).await?,
            certificate: seen(extent, certificate),
            against,
            shared,
            specimens,
            history,
        };
        drop(transaction);
        self.log(subject.to_string(), Some(&view.certificate.label)).await?;
        Ok(view)
    }

    /// A certificate as it stands on the reader’s day, if it is open to the actor, and the entry by which it came.
    pub(in crate::reader) async fn find_certificate(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        number: &str,
    ) -> Outcome<Option<(Certificate, i64)>> {
        if !is_possible(number) {
            return Ok(None);
        }
        let mut parameters = self.parameters();
        let condition = self.open_certificates(extent, &mut parameters);
        let number = parameters.add(number.to_owned());
        let sql = format!(
            "SELECT a.content, a.registered FROM assurance a WHERE a.number = {number} AND {condition}"
        );
        let row = connection.fetch_optional(DOING, &sql, parameters.values()).await?;
        Ok(row.map(|row| Ok::<_, Fault>((row.json(DOING, 0)?, row.int(1)?))).transpose()?)
    }

    /// The condition on certificates `a` that are open to the actor as of the reader’s day at its horizon.
    pub(in crate::reader) fn open_certificates(
        &self,
        extent: Extent,
        parameters: &mut Parameters<'_>,
    ) -> String {
        let mut condition =
            format!("a.kind = 'certificate' AND {} {}", sql::stands("a"), self.labels.filter("a.label"));
        if extent == Extent::Own {
            let own = parameters.add(self.actor.party.clone().unwrap_or_default());
            condition.push_str(&format!(" AND a.party = {own}"));
        }
        condition
    }
}

fn certificate_row(extent: Extent, row: &Row) -> Result<CertificateRow, Fault> {
    let certificate = seen(extent, row.json(DOING, 0)?);
    let said = &certificate.content;
    Ok(CertificateRow {
        issuer_name: row.optional_text(1)?.unwrap_or_else(|| said.issuer.clone()),
        end_user_name: row.optional_text(2)?.unwrap_or_else(|| said.end_user.clone()),
        exporter_name: row.optional_text(3)?.unwrap_or_else(|| said.exporter.clone()),
        certificate,
    })
}

fn seen(extent: Extent, certificate: Certificate) -> Certificate {
    match extent {
        Extent::All => certificate,
        Extent::Own => certificate.seen_by_exporter(),
    }
}
