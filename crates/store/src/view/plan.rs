//! Plan versions, their items, and what manufacturers answered.

use std::collections::{BTreeMap, HashMap};

use entente_register::contract::line::contract_of;
use entente_register::contract::plan::{PlanAnswer, PlanItem, PlanPlace, PlanVersion};
use entente_register::document::Document;
use entente_register::ledger::Fact;
use entente_register::money::{Currency, Money};
use serde::{Deserialize, Serialize};

use super::buffer::{Buffer, Slot};
use super::line::Line;
use super::series::Series;
use super::{STANDING, absent, content_of};
use crate::database::{Connection, Value};
use crate::error::Fault;
use crate::ledger::Recorded;

/// The acts of a proposal that are no answers, as they stand in `plan_act`.
pub(crate) const PROPOSED: &str = "proposed";
pub(crate) const RETURNED: &str = "returned";

/// What an act of a proposal says beside what stands in columns, as the JSON of its row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ActContent {
    /// What is objected to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) items: Vec<PlanPlace>,
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) document: Option<Document>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
}

/// The tables `plan`, `plan_item`, `plan_act` and `plan_month`.
pub(super) struct Plans {
    standing: HashMap<PlanVersion, Standing>,
    plans: Buffer,
    items: Buffer,
    acts: Buffer,
    /// Sums that wait to be added, by version, month, partner and label.
    months: BTreeMap<(PlanVersion, String, String, i64), i64>,
}

/// The row of the table `plan` that stands.
struct Standing {
    known_from: i64,
    subject_version: u32,
    currency: Currency,
    state: String,
    approved_on: Option<String>,
    items: i64,
    slot: Option<Slot>,
}

impl Default for Plans {
    fn default() -> Plans {
        Plans {
            standing: HashMap::new(),
            plans: Buffer::closing(
                "writing plans",
                "INSERT INTO plan (year, version, known_from, known_to, subject_version, currency, state, approved_on)",
                3,
                "UPDATE plan SET known_to = $1 WHERE year = $2 AND version = $3 AND known_from = $4",
            ),
            items: Buffer::inserting(
                "writing items of plans",
                "INSERT INTO plan_item (year, version, position, known_from, line, contract, partner, label, planned_on, amount)",
                "",
            ),
            acts: Buffer::inserting(
                "writing acts of plans",
                "INSERT INTO plan_act (year, version, position, known_from, act_date, act, state, label, manufacturer, content)",
                "",
            ),
            months: BTreeMap::new(),
        }
    }
}

impl Plans {
    /// Changes a plan version by one event; its items are added by [`Plans::add_item`].
    pub(super) async fn apply(
        &mut self,
        connection: &mut Connection<'_>,
        series: &mut Series,
        recorded: &Recorded,
    ) -> Result<(), Fault> {
        let version = version_of(recorded)?;
        if let Fact::PlanDrafted(drafted) = &recorded.event.fact {
            series.note_plan(version.year, version.version);
            let mut row = Standing {
                known_from: recorded.sequence,
                subject_version: recorded.version,
                currency: drafted.currency,
                state: entente_register::contract::plan::MACHINE.initial.to_owned(),
                approved_on: None,
                items: 0,
                slot: None,
            };
            row.slot = Some(self.plans.insert(row.values(version)));
            self.standing.insert(version, row);
            return Ok(());
        }
        self.load(connection, version).await?;
        let Some(row) = self.standing.get_mut(&version) else {
            return Err(absent("plan version", &version.to_string()));
        };
        let key: [Value<'static>; 3] =
            [i64::from(version.year).into(), i64::from(version.version).into(), row.known_from.into()];
        self.plans.close(row.slot, recorded.sequence, key);
        row.known_from = recorded.sequence;
        row.subject_version = recorded.version;
        match &recorded.event.fact {
            Fact::PlanApproved(_) | Fact::PlanProposalApproved(_) => {
                "frozen".clone_into(&mut row.state);
                row.approved_on = Some(recorded.event.occurred_on.to_string());
            }
            Fact::PlanProposed(_) => "proposed".clone_into(&mut row.state),
            Fact::PlanReturned(_) => {
                entente_register::contract::plan::MACHINE.initial.clone_into(&mut row.state);
            }
            Fact::PlanDiscarded(_) => "discarded".clone_into(&mut row.state),
            _ => {}
        }
        row.slot = Some(self.plans.insert(row.values(version)));
        Ok(())
    }

    /// Adds what becomes of a proposal.
    pub(super) fn act(&mut self, recorded: &Recorded, label: i64) -> Result<(), Fault> {
        let event = &recorded.event;
        let version = version_of(recorded)?;
        let (act, state, manufacturer, items) = match &event.fact {
            Fact::PlanProposed(_) => (PROPOSED, "proposed", None, Vec::new()),
            Fact::PlanAgreed(agreed) => {
                (PlanAnswer::Agreed.word(), "proposed", Some(&agreed.manufacturer), Vec::new())
            }
            Fact::PlanObjected(objected) => {
                let items = objected.items.clone();
                (PlanAnswer::Objected.word(), "proposed", Some(&objected.manufacturer), items)
            }
            _ => (RETURNED, entente_register::contract::plan::MACHINE.initial, None, Vec::new()),
        };
        let content =
            ActContent { items, document: event.fact.document().cloned(), reason: event.reason.clone() };
        self.acts.insert(vec![
            i64::from(version.year).into(),
            i64::from(version.version).into(),
            i64::from(recorded.version).into(),
            recorded.sequence.into(),
            event.occurred_on.into(),
            act.into(),
            state.into(),
            label.into(),
            manufacturer.cloned().into(),
            content_of("writing acts of plans", &content)?.into(),
        ]);
        Ok(())
    }

    /// Adds an item of a line.
    pub(super) async fn add_item(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        item: &PlanItem,
        line: &Line,
    ) -> Result<(), Fault> {
        let version = version_of(recorded)?;
        self.load(connection, version).await?;
        let Some(row) = self.standing.get_mut(&version) else {
            return Err(absent("plan version", &version.to_string()));
        };
        row.items += 1;
        let amount = Money::parse("amount", &item.amount, row.currency)
            .map_err(|e| Fault::damaged("updating the views", e.message))?;
        let month = item.planned_on.to_string().chars().take(7).collect();
        *self.months.entry((version, month, line.partner.clone(), line.label)).or_default() += amount.minor;
        self.items.insert(vec![
            i64::from(version.year).into(),
            i64::from(version.version).into(),
            row.items.into(),
            recorded.sequence.into(),
            item.line.clone().into(),
            contract_of(&item.line).to_owned().into(),
            line.partner.clone().into(),
            line.label.into(),
            item.planned_on.into(),
            amount.minor.into(),
        ]);
        Ok(())
    }

    async fn load(&mut self, connection: &mut Connection<'_>, version: PlanVersion) -> Result<(), Fault> {
        if self.standing.contains_key(&version) {
            return Ok(());
        }
        let row = connection
            .fetch_optional(
                "reading a plan",
                "SELECT known_from, subject_version, currency, state, approved_on, CAST((SELECT count(*) FROM plan_item i WHERE i.year = p.year AND i.version = p.version) AS BIGINT) FROM plan p WHERE year = $1 AND version = $2 AND known_to = $3",
                &[i64::from(version.year).into(), i64::from(version.version).into(), STANDING.into()],
            )
            .await?
            .ok_or_else(|| absent("plan version", &version.to_string()))?;
        let standing = Standing {
            known_from: row.int(0)?,
            subject_version: row.version(1)?,
            currency: row.text_ref(2)?.parse().map_err(|e| Fault::damaged("reading a plan", e))?,
            state: row.text(3)?,
            approved_on: row.optional_text(4)?,
            items: row.int(5)?,
            slot: None,
        };
        self.standing.insert(version, standing);
        Ok(())
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.plans.len() + self.items.len() + self.acts.len()
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.plans.flush(connection).await?;
        self.items.flush(connection).await?;
        self.acts.flush(connection).await?;
        let months = std::mem::take(&mut self.months)
            .into_iter()
            .map(|((version, month, partner, label), amount)| {
                vec![
                    i64::from(version.year).into(),
                    i64::from(version.version).into(),
                    month.into(),
                    partner.into(),
                    label.into(),
                    amount.into(),
                ]
            })
            .collect();
        connection
            .insert_later(
                "writing sums of plans by month",
                "INSERT INTO plan_month (year, version, planned_month, partner, label, amount)",
                "ON CONFLICT (year, version, planned_month, partner, label) DO UPDATE SET amount = plan_month.amount + excluded.amount",
                6,
                months,
            )
            .await
    }
}

impl Standing {
    fn values(&self, version: PlanVersion) -> Vec<Value<'static>> {
        vec![
            i64::from(version.year).into(),
            i64::from(version.version).into(),
            self.known_from.into(),
            STANDING.into(),
            i64::from(self.subject_version).into(),
            self.currency.code().into(),
            self.state.clone().into(),
            self.approved_on.clone().into(),
        ]
    }
}

fn version_of(recorded: &Recorded) -> Result<PlanVersion, Fault> {
    let key = &recorded.event.subject.key;
    PlanVersion::from_key(key)
        .ok_or_else(|| Fault::damaged("updating the views", format!("{key} is no plan version")))
}
