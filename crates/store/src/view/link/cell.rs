//! Which cells an event touches, and what is broken in each from then on.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::label::Label;
use entente_register::ledger::Fact;
use entente_register::transfer::inspection::Inspection;
use entente_register::transfer::licence::LicenceIssued;
use entente_register::transfer::link::delivery::{
    at_delivery, at_write_off, days_of_delivery, days_of_write_off,
};
use entente_register::transfer::link::licence::{
    at_inspection, at_licence, days_of_inspection, days_of_licence,
};
use entente_register::transfer::link::{CertificateNode, DeliveryNode, InspectionNode, Shipped, stretches};

use super::gather::Licensed;
use super::told::ways;
use super::{Broken, DOING, Of};
use crate::database::{Connection, Value};
use crate::error::Fault;
use crate::ledger::Recorded;
use crate::view::{NO_END, STANDING, Views};

impl Views {
    /// Works out anew what an event breaks or mends. The other views know of it already.
    pub(in crate::view) async fn link(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
    ) -> Result<(), Fault> {
        let key = recorded.event.subject.key.as_str();
        match &recorded.event.fact {
            // What no write-off names is found by its absence, and kept nowhere: of a million deliveries a year that were
            // written in one file each would be a row.
            Fact::DeliveryReturned(_) | Fact::DeliveryAnnulled(_) => {
                if !self.was_named(connection, key).await? {
                    return Ok(());
                }
                let licences = self.link_delivery(connection, recorded, key, BTreeMap::new()).await?;
                for (licensed, references) in licences {
                    for reference in references {
                        self.link_write_off(connection, recorded, &licensed, &reference).await?;
                    }
                }
                Ok(())
            }
            Fact::LicenceIssued(issued) => {
                let Some(licensed) = self.licensed(connection, key).await? else { return Ok(()) };
                self.note_lines(connection, recorded, issued, &licensed).await?;
                self.link_licence(connection, recorded, &licensed).await
            }
            // Whether its certificates were asked for stands in the decision, which may be recorded after the licence.
            Fact::ApplicationGranted(granted) => {
                let Some(licensed) = self.licensed(connection, &granted.licence).await? else {
                    return Ok(());
                };
                self.link_licence(connection, recorded, &licensed).await
            }
            Fact::LicenceWrittenOff(written) => {
                self.links.written.insert(vec![
                    key.to_owned().into(),
                    written.reference.clone().into(),
                    recorded.sequence.into(),
                    STANDING.into(),
                    i64::from(written.line).into(),
                    recorded.event.occurred_on.into(),
                    written.quantity.0.into(),
                    written.delivery.clone().into(),
                ]);
                self.link_shipment(connection, recorded, &written.reference, written.delivery.clone()).await
            }
            Fact::LicenceCorrected(corrected) => {
                self.links.written.flush(connection).await?;
                let reference = corrected.reference.as_str();
                let sql =
                    "SELECT delivery FROM write_off WHERE licence = $1 AND reference = $2 AND known_to = $3";
                let values: [Value<'_>; 3] = [key.into(), reference.into(), STANDING.into()];
                let row = connection.fetch_optional(DOING, sql, &values).await?;
                let delivery = row.map(|row| row.optional_text(0)).transpose()?.flatten();
                let values = [key.to_owned().into(), reference.to_owned().into(), STANDING.into()];
                self.links.written.close(None, recorded.sequence, values);
                self.link_shipment(connection, recorded, reference, delivery).await
            }
            Fact::LicenceDeliveryVerified(verified) => {
                let Some(licensed) = self.licensed(connection, key).await? else { return Ok(()) };
                self.link_write_off(connection, recorded, &licensed, &verified.reference).await?;
                let shipped = licensed.node.shipped.iter().find(|one| one.reference == verified.reference);
                if let Some(delivery) = shipped.and_then(|one| one.delivery.clone()) {
                    let known = BTreeMap::from([(key.to_owned(), licensed)]);
                    self.link_delivery(connection, recorded, &delivery, known).await?;
                }
                Ok(())
            }
            Fact::LicenceSuspended(_)
            | Fact::LicenceStopped(_)
            | Fact::LicenceReopened(_)
            | Fact::LicenceReinstated(_)
            | Fact::LicenceRevoked(_)
            | Fact::LicenceClosed(_) => {
                let Some(licensed) = self.licensed(connection, key).await? else { return Ok(()) };
                self.link_licence(connection, recorded, &licensed).await
            }
            Fact::CertificateAuthenticityAnswered(_)
            | Fact::CertificateBound(_)
            | Fact::CertificateReleased(_)
            | Fact::CertificateVoided(_)
            | Fact::CertificateRevoked(_) => self.link_certificate(connection, recorded).await,
            Fact::InspectionVisited(_) | Fact::InspectionCancelled(_) | Fact::InspectionClosed(_) => {
                self.link_inspection(connection, recorded).await
            }
            _ => Ok(()),
        }
    }

    /// Notes the lines of a licence that is issued.
    async fn note_lines(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        issued: &LicenceIssued,
        licensed: &Licensed,
    ) -> Result<(), Fault> {
        let label = self.labels.id(connection, &recorded.event.label).await?;
        for line in &licensed.node.lines {
            self.links.lines.insert(vec![
                recorded.event.subject.key.clone().into(),
                i64::from(line.number).into(),
                recorded.sequence.into(),
                licensed.node.contract.clone().into(),
                line.contract_line.clone().into(),
                line.quantity.0.into(),
                line.unit.code().to_owned().into(),
                label.into(),
                issued.holder.clone().into(),
            ]);
        }
        Ok(())
    }

    /// A write-off that was recorded or taken back, with its delivery and its licence.
    async fn link_shipment(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        reference: &str,
        delivery: Option<String>,
    ) -> Result<(), Fault> {
        let key = recorded.event.subject.key.as_str();
        let Some(licensed) = self.licensed(connection, key).await? else { return Ok(()) };
        self.link_write_off(connection, recorded, &licensed, reference).await?;
        // What went matters for the certificates once: that something did, and that nothing is left.
        if licensed.licence.written_off.len() < 2
            || licensed.licence.is_exhausted()
            || is_taken_back(recorded)
        {
            self.link_licence(connection, recorded, &licensed).await?;
        }
        if let Some(delivery) = delivery {
            let known = BTreeMap::from([(key.to_owned(), licensed)]);
            self.link_delivery(connection, recorded, &delivery, known).await?;
        }
        Ok(())
    }

    /// The cell of a delivery. Gives the licences of which write-offs name it, with their references; `known` are those
    /// that are read already.
    async fn link_delivery(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        number: &str,
        mut known: BTreeMap<String, Licensed>,
    ) -> Result<Vec<(Licensed, Vec<String>)>, Fault> {
        let delivery = self.delivery_node(connection, number).await?;
        let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (licence, reference) in self.naming(connection, number).await? {
            named.entry(licence).or_default().push(reference);
        }
        let mut licences = Vec::new();
        let mut written = Vec::new();
        for (licence, references) in named {
            let licensed = match known.remove(&licence) {
                Some(licensed) => Some(licensed),
                None => self.licensed(connection, &licence).await?,
            };
            let Some(licensed) = licensed else { continue };
            let own = licensed.node.shipped.iter().filter(|one| references.contains(&one.reference));
            let (label, holder) = (&licensed.licence.label, &licensed.licence.issued.holder);
            written.extend(own.map(|one| (label.clone(), holder.clone(), one.clone())));
            licences.push((licensed, references));
        }
        self.put_delivery(connection, recorded, number, delivery, written).await?;
        Ok(licences)
    }

    async fn put_delivery(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        number: &str,
        delivery: Option<DeliveryNode>,
        written: Vec<(Label, String, Shipped)>,
    ) -> Result<(), Fault> {
        let cell = format!("delivery:{number}");
        let Some(delivery) = delivery else {
            return self.links.put(connection, recorded, cell, BTreeSet::new(), &Of::default()).await;
        };
        let (base, of) = self.of_delivery(connection, &delivery).await?;
        let mut broken = BTreeSet::new();
        for way in ways(&base, written.iter().map(|(label, ..)| label)) {
            let seen: Vec<_> = written.iter().filter(|(label, ..)| way.sees(label)).collect();
            let shipped = || seen.iter().map(|(_, _, one)| one);
            let days = days_of_delivery(&delivery, shipped());
            let told = self.told_to(connection, &way.label, way.unless.as_ref()).await?;
            // What is of several holders is nobody’s own.
            let mut holders: BTreeSet<&String> = seen.iter().map(|(_, holder, _)| holder).collect();
            let holder =
                holders.pop_first().map(|one| if holders.is_empty() { one.clone() } else { String::new() });
            for stretch in stretches(&days, |day| at_delivery(&delivery, shipped(), day)) {
                // A delivery of which no write-off is known on the day is nobody’s but its contract’s.
                broken.insert(Broken::of(stretch, told, holder.clone()));
            }
        }
        self.links.put(connection, recorded, cell, broken, &of).await
    }

    /// The cell of a write-off.
    async fn link_write_off(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        licensed: &Licensed,
        reference: &str,
    ) -> Result<(), Fault> {
        let node = &licensed.node;
        let cell = format!("write_off:{}:{reference}", node.number);
        let Some(shipped) = node.shipped.iter().find(|one| one.reference == reference) else {
            return self.links.put(connection, recorded, cell, BTreeSet::new(), &Of::default()).await;
        };
        let delivery = match &shipped.delivery {
            Some(delivery) => self.delivery_node(connection, delivery).await?,
            None => None,
        };
        let of = self.of_licence(connection, licensed).await?;
        let told = self.told_to(connection, &licensed.licence.label, None).await?;
        let days = days_of_write_off(shipped, delivery.as_ref());
        let found = stretches(&days, |day| at_write_off(node, shipped, delivery.as_ref(), day));
        let broken = found.into_iter().map(|one| Broken::of(one, told, of.holder.clone())).collect();
        self.links.put(connection, recorded, cell, broken, &of).await
    }

    /// The cell of a licence with its certificates.
    async fn link_licence(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        licensed: &Licensed,
    ) -> Result<(), Fault> {
        let Some(application) = &licensed.application else { return Ok(()) };
        let node = &licensed.node;
        let certificates = self.certificates_of(connection, &node.application).await?;
        let of = self.of_licence(connection, licensed).await?;
        let mut broken = BTreeSet::new();
        for way in ways(&licensed.licence.label, certificates.iter().map(|(label, _)| label)) {
            let seen: Vec<&CertificateNode> =
                certificates.iter().filter(|(label, _)| way.sees(label)).map(|(_, one)| one).collect();
            let days = days_of_licence(node, seen.iter().copied());
            let told = self.told_to(connection, &way.label, way.unless.as_ref()).await?;
            let found = stretches(&days, |day| at_licence(node, application, &seen, day));
            broken.extend(found.into_iter().map(|one| Broken::of(one, told, of.holder.clone())));
        }
        let cell = format!("licence:{}", node.number);
        self.links.put(connection, recorded, cell, broken, &of).await
    }

    /// The licence of the application that a certificate serves.
    async fn link_certificate(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
    ) -> Result<(), Fault> {
        self.assurances.flush(connection).await?;
        self.transfers.flush(connection).await?;
        let number = recorded.event.subject.key.as_str();
        let sql = "SELECT t.number FROM assurance a JOIN transfer t ON t.application = a.application AND t.kind = 'licence' AND t.known_to = $2 AND t.valid_to = $3 WHERE a.number = $1 AND a.kind = 'certificate' AND a.known_to = $2 AND a.valid_to = $3 ORDER BY t.number";
        let values: [Value<'_>; 3] = [number.into(), STANDING.into(), NO_END.into()];
        for row in connection.fetch(DOING, sql, &values).await? {
            if let Some(licensed) = self.licensed(connection, row.text_ref(0)?).await? {
                self.link_licence(connection, recorded, &licensed).await?;
            }
        }
        Ok(())
    }

    /// The cell of an inspection.
    async fn link_inspection(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
    ) -> Result<(), Fault> {
        self.assurances.flush(connection).await?;
        let number = recorded.event.subject.key.as_str();
        let sql = "SELECT content FROM assurance WHERE number = $1 AND kind = 'inspection' AND known_to = $2 AND valid_to = $3";
        let values: [Value<'_>; 3] = [number.into(), STANDING.into(), NO_END.into()];
        let Some(row) = connection.fetch_optional(DOING, sql, &values).await? else { return Ok(()) };
        let inspection: Inspection = row.json(DOING, 0)?;
        let licensed = self.licensed(connection, &inspection.planned.licence).await?;
        let of = match &licensed {
            Some(licensed) => self.of_licence(connection, licensed).await?,
            None => Of::default(),
        };
        let told = self.told_to(connection, &inspection.label, None).await?;
        let mut broken = BTreeSet::new();
        if let Some(node) = InspectionNode::of(&inspection) {
            let licence = licensed.as_ref().map(|licensed| &licensed.node);
            let found = stretches(&days_of_inspection(&node), |day| at_inspection(&node, licence, day));
            broken.extend(found.into_iter().map(|one| Broken::of(one, told, of.holder.clone())));
        }
        self.links.put(connection, recorded, format!("inspection:{number}"), broken, &of).await
    }

    /// The identifiers of the markings by which something is told.
    async fn told_to(
        &mut self,
        connection: &mut Connection<'_>,
        label: &Label,
        unless: Option<&Label>,
    ) -> Result<(i64, Option<i64>), Fault> {
        let label = self.labels.id(connection, label).await?;
        let unless = match unless {
            Some(unless) => Some(self.labels.id(connection, unless).await?),
            None => None,
        };
        Ok((label, unless))
    }
}

/// Whether an event takes a write-off back: something may be left again.
fn is_taken_back(recorded: &Recorded) -> bool {
    matches!(recorded.event.fact, Fact::LicenceCorrected(_))
}
