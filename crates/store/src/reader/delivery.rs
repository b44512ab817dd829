//! Deliveries: the page of one.

use entente_register::access::Reading;
use entente_register::contract::delivery::Delivery;
use entente_register::ledger::{Event, Refusal, SubjectKind};

use super::history::is_annulment;
use super::{DeliveryRow, DeliveryView, Reader};
use crate::database::Connection;
use crate::error::{Fault, Outcome};

impl Reader {
    /// A delivery's page.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn delivery(&self, number: &str) -> Outcome<DeliveryView> {
        let extent = self.check(Reading::Contracts)?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let absent = || Refusal::not_found("delivery", number);
        let (delivery, events) = self.find_delivery(&mut connection, number).await?.ok_or_else(absent)?;
        let (contract, line) =
            self.find_line(&mut connection, extent, &delivery.line).await?.ok_or_else(absent)?;
        let subject = SubjectKind::Delivery.subject(number);
        let agreed = self.contract_state(&mut connection, &contract.number).await?;
        let accepted_on = delivery.accepted_on.filter(|_| delivery.state == "accepted");
        let view = DeliveryView {
            delivery: DeliveryRow {
                number: delivery.number,
                state: delivery.state.to_owned(),
                quantity: delivery.quantity,
                amount: delivery.amount,
                handed_over_on: delivery.handed_over_on,
                accepted_on,
            },
            warranty_ends_on: agreed
                .as_ref()
                .zip(accepted_on)
                .and_then(|(agreed, day)| agreed.terms.warranty_ends_on(&delivery.line, day)),
            claims: agreed
                .map(|agreed| agreed.claims)
                .unwrap_or_default()
                .into_iter()
                .filter(|claim| claim.raised.delivery.as_deref() == Some(number))
                .collect(),
            serials: delivery.serials,
            line,
            contract,
            history: self.history(&events),
            version: self.version_of(&mut connection, &subject).await?,
        };
        drop(transaction);
        self.log(subject.to_string(), Some(&view.contract.label)).await?;
        Ok(view)
    }

    /// A delivery whose marking the actor may see, as of the reader's day, with its events at the horizon.
    /// It has few events.
    pub(super) async fn find_delivery(
        &self,
        connection: &mut Connection<'_>,
        number: &str,
    ) -> Result<Option<(Delivery, Vec<Event>)>, Fault> {
        let subject = SubjectKind::Delivery.subject(number);
        let events = self.events_of(connection, &subject).await?;
        let mut delivery = None;
        for event in events.iter().filter(|e| e.occurred_on <= self.as_of || is_annulment(e)) {
            if let Some(fact) = &event.fact {
                Delivery::apply(&mut delivery, &event.subject, event.occurred_on, fact);
            }
        }
        Ok(delivery.map(|delivery| (delivery, events)))
    }
}
