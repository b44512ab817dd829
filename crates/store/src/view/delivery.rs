//! Acts of delivery, each a signed row, and their sums by day and by month.

use std::collections::BTreeMap;

use jiff::civil::Date;

use entente_register::contract::delivery::Counting;
use entente_register::contract::line::contract_of;
use entente_register::document::Document;
use entente_register::ledger::{Fact, NewEvent, canonical};

use super::buffer::Buffer;
use super::line::Line;
use crate::database::{Connection, Value};
use crate::error::Fault;
use crate::ledger::Recorded;

/// What an event of a delivery counts for by one counting rule.
pub(super) struct Act<'e> {
    /// The rule by which it counts.
    pub(super) counting: Counting,
    /// `handed_over`, `accepted`, `returned` or `annulled`.
    pub(super) act: &'static str,
    /// The day for which it counts.
    pub(super) on: Date,
    /// Number of the line.
    pub(super) line: &'e str,
    /// 1, or −1 where an act falls away.
    pub(super) sign: i64,
    /// Thousandths, with the sign.
    pub(super) quantity: i64,
    /// Minor units, with the sign.
    pub(super) amount: i64,
    document: Option<&'e Document>,
}

/// What an event of a delivery counts for.
///
/// Goods that are returned cease to count on the day of their return. What was
/// recorded in error never was: its acts are taken back on their own days.
pub(super) fn acts(event: &NewEvent) -> Vec<Act<'_>> {
    let on = event.occurred_on;
    match &event.fact {
        Fact::DeliveryHandedOver(d) => vec![Act {
            counting: Counting::HandedOver,
            act: "handed_over",
            on,
            line: &d.line,
            sign: 1,
            quantity: d.quantity.0,
            amount: d.amount.minor,
            document: Some(&d.document),
        }],
        Fact::DeliveryAccepted(d) => vec![Act {
            counting: Counting::TitlePassed,
            act: "accepted",
            on,
            line: &d.line,
            sign: 1,
            quantity: d.quantity.0,
            amount: d.amount.minor,
            document: Some(&d.document),
        }],
        Fact::DeliveryReturned(d) => vec![Act {
            counting: Counting::HandedOver,
            act: "returned",
            on,
            line: &d.line,
            sign: -1,
            quantity: -d.quantity.0,
            amount: -d.amount.minor,
            document: d.document.as_ref(),
        }],
        Fact::DeliveryAnnulled(d) => {
            let annulled = |counting, on| Act {
                counting,
                act: "annulled",
                on,
                line: &d.line,
                sign: -1,
                quantity: -d.quantity.0,
                amount: -d.amount.minor,
                document: None,
            };
            let mut acts = vec![annulled(Counting::HandedOver, d.handed_over_on)];
            acts.extend(d.accepted_on.map(|on| annulled(Counting::TitlePassed, on)));
            acts
        }
        _ => Vec::new(),
    }
}

/// By what deliveries are summed: counting rule, currency, day or month of the act, partner, label, day or month of recording.
type SumKey = (&'static str, String, String, String, i64, String);

/// The tables `delivery_act`, `delivery_day` and `delivery_month`.
pub(super) struct Deliveries {
    acts: Buffer,
    days: BTreeMap<SumKey, (i64, i64)>,
    months: BTreeMap<SumKey, (i64, i64)>,
}

impl Default for Deliveries {
    fn default() -> Deliveries {
        Deliveries {
            acts: Buffer::inserting(
                "writing acts of delivery",
                "INSERT INTO delivery_act (known_from, counting, act, act_date, recorded_day, delivery, line, contract, partner, currency, label, sign, quantity, amount, total_quantity, total_amount, document, content)",
                "",
            ),
            days: BTreeMap::new(),
            months: BTreeMap::new(),
        }
    }
}

impl Deliveries {
    /// Records an act. The line has counted it already.
    pub(super) fn record(&mut self, recorded: &Recorded, act: &Act<'_>, line: &Line) -> Result<(), Fault> {
        let day = recorded.recorded_at.get(..10).unwrap_or_default();
        let on = act.on.to_string();
        let document = act
            .document
            .map(canonical)
            .transpose()
            .map_err(|e| Fault::internal("writing acts of delivery", e))?
            .map(String::from_utf8)
            .transpose()
            .map_err(|e| Fault::internal("writing acts of delivery", e))?;
        let (total_quantity, total_amount) = line.total(act.counting);
        self.acts.insert(vec![
            recorded.sequence.into(),
            act.counting.word().into(),
            act.act.into(),
            on.clone().into(),
            day.to_owned().into(),
            recorded.event.subject.key.clone().into(),
            act.line.to_owned().into(),
            contract_of(act.line).to_owned().into(),
            line.partner.clone().into(),
            line.currency.clone().into(),
            line.label.into(),
            act.sign.into(),
            act.quantity.into(),
            act.amount.into(),
            total_quantity.into(),
            total_amount.into(),
            document.into(),
            act.document.and_then(|d| d.content.clone()).into(),
        ]);
        for (sums, length) in [(&mut self.days, 10), (&mut self.months, 7)] {
            let cut = |text: &str| text.get(..length).unwrap_or_default().to_owned();
            let key = (
                act.counting.word(),
                line.currency.clone(),
                cut(&on),
                line.partner.clone(),
                line.label,
                cut(day),
            );
            let (amount, deliveries) = sums.entry(key).or_default();
            *amount += act.amount;
            *deliveries += act.sign;
        }
        Ok(())
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.acts.len()
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.acts.flush(connection).await?;
        let rows = |sums: BTreeMap<SumKey, (i64, i64)>| -> Vec<Vec<Value<'static>>> {
            sums.into_iter()
                .map(|((counting, currency, on, partner, label, recorded), (amount, deliveries))| {
                    vec![
                        counting.into(),
                        currency.into(),
                        on.into(),
                        partner.into(),
                        label.into(),
                        recorded.into(),
                        amount.into(),
                        deliveries.into(),
                    ]
                })
                .collect()
        };
        let days = rows(std::mem::take(&mut self.days));
        connection
            .insert_later(
                "writing sums by day",
                "INSERT INTO delivery_day (counting, currency, act_date, partner, label, recorded_day, amount, deliveries)",
                "ON CONFLICT (counting, currency, act_date, partner, label, recorded_day) DO UPDATE SET amount = delivery_day.amount + excluded.amount, deliveries = delivery_day.deliveries + excluded.deliveries",
                8,
                days,
            )
            .await?;
        let months = rows(std::mem::take(&mut self.months));
        connection
            .insert_later(
                "writing sums by month",
                "INSERT INTO delivery_month (counting, currency, act_month, partner, label, recorded_month, amount, deliveries)",
                "ON CONFLICT (counting, currency, act_month, partner, label, recorded_month) DO UPDATE SET amount = delivery_month.amount + excluded.amount, deliveries = delivery_month.deliveries + excluded.deliveries",
                8,
                months,
            )
            .await
    }
}
