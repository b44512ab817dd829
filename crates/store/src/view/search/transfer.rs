//! The texts of applications, licences and certificates.

use entente_register::access::Reading;
use entente_register::ledger::Subject;
use entente_register::search::{SearchField as F, SearchKind};
use entente_register::transfer::certificate::CertificateContent;
use entente_register::transfer::content::{Content, TransferParty};
use entente_register::transfer::licence::LicenceIssued;

use super::Text;
use super::gather::Texts;
use crate::database::Connection;
use crate::error::Fault;
use crate::ledger::Recorded;
use crate::view::Views;

/// What such a thing is found by besides its number and name.
struct Named<'n> {
    kind: SearchKind,
    reading: Reading,
    title: &'n str,
    /// Whose own it is.
    own: &'n str,
    destination: &'n str,
    parties: Vec<&'n str>,
    /// Goods, each with its control-list entry.
    goods: Vec<(&'n str, &'n str)>,
    /// The number that others give it.
    reference: Option<&'n str>,
}

fn parties<'n>(own: &'n str, others: &'n [TransferParty]) -> Vec<&'n str> {
    std::iter::once(own).chain(others.iter().map(|party| party.party.as_str())).collect()
}

impl Views {
    /// The texts of an application as it is drafted or revised.
    pub(super) async fn words_of_application(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        content: &Content,
    ) -> Result<Vec<Text>, Fault> {
        let named = Named {
            kind: SearchKind::Application,
            reading: Reading::Applications,
            title: &content.title,
            own: &content.applicant,
            destination: &content.destination,
            parties: parties(&content.applicant, &content.parties),
            goods: content
                .lines
                .iter()
                .map(|line| (line.description.as_str(), line.category.as_str()))
                .collect(),
            reference: content.contract.as_deref(),
        };
        self.of_transfer(connection, recorded, named).await
    }

    /// The texts of a licence.
    pub(super) async fn words_of_licence(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        issued: &LicenceIssued,
    ) -> Result<Vec<Text>, Fault> {
        let named = Named {
            kind: SearchKind::Licence,
            reading: Reading::Licences,
            title: issued.lines.first().map(|line| line.description.as_str()).unwrap_or_default(),
            own: &issued.holder,
            destination: &issued.destination,
            parties: parties(&issued.holder, &issued.parties),
            goods: issued
                .lines
                .iter()
                .map(|line| (line.description.as_str(), line.category.as_str()))
                .collect(),
            reference: Some(&issued.application),
        };
        self.of_transfer(connection, recorded, named).await
    }

    /// The texts of a certificate.
    pub(super) async fn words_of_certificate(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        content: &CertificateContent,
    ) -> Result<Vec<Text>, Fault> {
        let named = Named {
            kind: SearchKind::Certificate,
            reading: Reading::Certificates,
            title: &content.document.title,
            own: &content.exporter,
            destination: &content.destination,
            parties: content.named().into_iter().collect(),
            goods: content
                .lines
                .iter()
                .map(|line| (line.description.as_str(), line.category.as_str()))
                .collect(),
            reference: Some(&content.register_number),
        };
        self.of_transfer(connection, recorded, named).await
    }

    async fn of_transfer(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        of: Named<'_>,
    ) -> Result<Vec<Text>, Fault> {
        let subject: &Subject = &recorded.event.subject;
        let label = Some(self.labels.id(connection, &recorded.event.label).await?);
        let name = Text {
            label,
            own_label: label,
            reading: of.reading.word().to_owned(),
            scope: of.own.to_owned(),
            partner: Some(of.destination.to_owned()),
            ..Text::named(of.kind, subject.to_string(), of.title)
        };
        let mut texts = Texts(vec![name.with(F::Number, subject.key.as_str()), name.clone()]);
        if let Some(reference) = of.reference {
            texts.push(name.with(F::Reference, reference));
        }
        // A destination need not be a partner: then it is found by its code.
        let destination = self.search.state(connection, of.destination).await?;
        texts.push(name.with(F::Partner, destination.unwrap_or_else(|| of.destination.to_owned())));
        for party in of.parties {
            texts.push(name.marked(F::Party, self.search.party(connection, party).await?));
        }
        for (description, category) in of.goods {
            texts.push(name.with(F::Product, description));
            texts.push(name.with(F::Category, category));
        }
        Ok(texts.0)
    }
}
