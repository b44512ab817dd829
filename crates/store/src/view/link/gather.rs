//! What a cell follows from, out of the other views, as known at the event.

use entente_register::contract::line::{contract_of, line_of};
use entente_register::label::Label;
use entente_register::money::{Quantity, Unit};
use entente_register::transfer::application::Application;
use entente_register::transfer::certificate::Certificate;
use entente_register::transfer::licence::Licence;
use entente_register::transfer::link::{ApplicationNode, CertificateNode, DeliveryNode, LicenceNode};

use super::{DOING, Of};
use crate::database::{Connection, Value};
use crate::error::Fault;
use crate::view::{NO_END, STANDING, Views};

/// A licence with what of its application the chain needs.
pub(super) struct Licensed {
    pub(super) licence: Licence,
    pub(super) node: LicenceNode,
    /// None where its payload is erased.
    pub(super) application: Option<ApplicationNode>,
}

impl Views {
    /// A delivery that was handed over; none of one that was recorded in error.
    pub(super) async fn delivery_node(
        &mut self,
        connection: &mut Connection<'_>,
        number: &str,
    ) -> Result<Option<DeliveryNode>, Fault> {
        self.deliveries.flush(connection).await?;
        let sql = "SELECT act, act_date, quantity, line FROM delivery_act WHERE line = $2 AND counting = 'handed_over' AND delivery = $1 ORDER BY known_from";
        let mut node: Option<DeliveryNode> = None;
        for row in connection.fetch(DOING, sql, &[number.into(), line_of(number).into()]).await? {
            match row.text_ref(0)? {
                "handed_over" => {
                    let line = row.text(3)?;
                    let unit = self.unit_of(connection, &line).await?;
                    node = Some(DeliveryNode {
                        number: number.to_owned(),
                        line,
                        quantity: Quantity(row.int(2)?),
                        unit,
                        handed_over_on: row.date(1)?,
                        returned_on: None,
                    });
                }
                "returned" => {
                    if let Some(node) = &mut node {
                        node.returned_on = Some(row.date(1)?);
                    }
                }
                _ => node = None,
            }
        }
        Ok(node)
    }

    /// The unit of a line.
    pub(super) async fn unit_of(
        &mut self,
        connection: &mut Connection<'_>,
        line: &str,
    ) -> Result<Unit, Fault> {
        let line = self.lines.get(connection, line).await?;
        Unit::parse("unit", line.unit()).map_err(|refusal| Fault::damaged(DOING, refusal.message))
    }

    /// A licence as all of it is known.
    pub(super) async fn licensed(
        &mut self,
        connection: &mut Connection<'_>,
        number: &str,
    ) -> Result<Option<Licensed>, Fault> {
        self.transfers.flush(connection).await?;
        let Some(licence) = latest::<Licence>(connection, "licence", number).await? else { return Ok(None) };
        let application =
            latest::<Application>(connection, "application", &licence.issued.application).await?;
        let application = application.as_ref().map(ApplicationNode::of);
        let sql =
            "SELECT valid_from, state FROM transfer WHERE number = $1 AND known_to = $2 ORDER BY valid_from";
        let values: [Value<'_>; 2] = [number.into(), STANDING.into()];
        let mut states = Vec::new();
        for row in connection.fetch(DOING, sql, &values).await? {
            states.push((row.date(0)?, row.text(1)?));
        }
        states.dedup_by(|next, before| next.1 == before.1);
        let node = LicenceNode::of(&licence, application.as_ref(), states);
        Ok(Some(Licensed { licence, node, application }))
    }

    /// The certificates that serve an application, or did until they were taken back, each with its marking.
    pub(super) async fn certificates_of(
        &mut self,
        connection: &mut Connection<'_>,
        application: &str,
    ) -> Result<Vec<(Label, CertificateNode)>, Fault> {
        self.assurances.flush(connection).await?;
        let sql = "SELECT content FROM assurance WHERE kind = 'certificate' AND application = $1 AND known_to = $2 AND valid_to = $3 ORDER BY number";
        let values: [Value<'_>; 3] = [application.into(), STANDING.into(), NO_END.into()];
        let mut found = Vec::new();
        for row in connection.fetch(DOING, sql, &values).await? {
            let certificate: Certificate = row.json(DOING, 0)?;
            found.extend(CertificateNode::of(&certificate).map(|node| (certificate.label, node)));
        }
        Ok(found)
    }

    /// The write-offs that name a delivery: licence and reference.
    pub(super) async fn naming(
        &mut self,
        connection: &mut Connection<'_>,
        delivery: &str,
    ) -> Result<Vec<(String, String)>, Fault> {
        self.links.written.flush(connection).await?;
        let sql = "SELECT licence, reference FROM write_off WHERE delivery = $1 AND known_to = $2 ORDER BY licence, reference";
        let values: [Value<'_>; 2] = [delivery.into(), STANDING.into()];
        let rows = connection.fetch(DOING, sql, &values).await?;
        rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
    }

    /// Whether a write-off ever named a delivery.
    pub(super) async fn was_named(
        &mut self,
        connection: &mut Connection<'_>,
        delivery: &str,
    ) -> Result<bool, Fault> {
        self.links.written.flush(connection).await?;
        let sql = "SELECT CAST(count(*) AS BIGINT) FROM write_off WHERE delivery = $1";
        Ok(connection.fetch_one(DOING, sql, &[delivery.into()]).await?.int(0)? > 0)
    }

    /// Of which contract, partner and holder a licence is: without a contract, the partner is the state of destination.
    pub(super) async fn of_licence(
        &mut self,
        connection: &mut Connection<'_>,
        licensed: &Licensed,
    ) -> Result<Of, Fault> {
        let issued = &licensed.licence.issued;
        let holder = Some(issued.holder.clone());
        let Some(contract) = licensed.node.contract.clone() else {
            return Ok(Of { partner: issued.destination.clone(), contract: String::new(), holder });
        };
        let partner = self.contracts.partner(connection, &contract).await?.to_owned();
        Ok(Of { partner, contract, holder })
    }

    /// The marking and the partner of a delivery’s contract.
    pub(super) async fn of_delivery(
        &mut self,
        connection: &mut Connection<'_>,
        delivery: &DeliveryNode,
    ) -> Result<(Label, Of), Fault> {
        let contract = contract_of(&delivery.line).to_owned();
        let label = self.contracts.label(connection, &contract).await?;
        let label = self.labels.of(connection, label).await?;
        let partner = self.contracts.partner(connection, &contract).await?.to_owned();
        Ok((label, Of { partner, contract, holder: None }))
    }
}

/// An application or a licence as all of it is known.
async fn latest<T: serde::de::DeserializeOwned>(
    connection: &mut Connection<'_>,
    kind: &str,
    number: &str,
) -> Result<Option<T>, Fault> {
    let sql =
        "SELECT content FROM transfer WHERE number = $1 AND kind = $2 AND known_to = $3 AND valid_to = $4";
    let values: [Value<'_>; 4] = [number.into(), kind.into(), STANDING.into(), NO_END.into()];
    let row = connection.fetch_optional(DOING, sql, &values).await?;
    row.map(|row| row.json(DOING, 0)).transpose()
}
