//! Two versions of a plan beside each other, and a version as a slip would leave it.

use std::collections::BTreeMap;

use entente_register::access::{Extent, Reading};
use entente_register::contract::comparison::{
    Comparison, LineChange, Scheduled, Slip, compare, compare_slip, manufacturers,
};
use entente_register::contract::plan::PlanVersion;
use entente_register::label::Label;
use entente_register::ledger::{Refusal, SubjectKind};

use super::{Listing, Page, PlanRow, Reader, sql};
use crate::database::Connection;
use crate::error::{Fault, Outcome};

/// Two schedules of a year beside each other, of the items that the reader may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedPlans {
    /// The version that is compared.
    pub earlier: PlanRow,
    /// The version that it is compared with; none where it is compared with itself after a slip.
    pub later: Option<PlanRow>,
    /// Their sums. The lines that changed stand in `changes`.
    pub comparison: Comparison,
    /// A page of the lines that are planned otherwise, each with what it is.
    pub changes: Listing<(LineChange, String)>,
    /// The parties that make what the first version plans, with their names, of those that the reader may see.
    pub manufacturers: BTreeMap<String, String>,
    /// The join of the markings of all items that were read.
    pub label: Label,
}

impl Reader {
    /// Two versions of one year's plan beside each other.
    ///
    /// # Errors
    /// `not_found` for a version that is not there at the horizon; `plan.other_year` and `plan.currency` for two that
    /// cannot be compared.
    pub async fn compare_plans(
        &self,
        earlier: PlanVersion,
        later: PlanVersion,
        page: Page,
    ) -> Outcome<ComparedPlans> {
        let extent = self.check(Reading::Plans)?;
        if earlier.year != later.year {
            let message = format!("Plan {later} is of another year than plan {earlier}.");
            return Err(Refusal::new("plan.other_year", message)
                .field("with")
                .missing("two versions of one year’s plan")
                .into());
        }
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let (first, first_items) = self.schedule(&mut connection, extent, earlier).await?;
        let (second, second_items) = self.schedule(&mut connection, extent, later).await?;
        if first.amount.currency != second.amount.currency {
            let message = format!(
                "Plan {earlier} is in {}, plan {later} in {}.",
                first.amount.currency, second.amount.currency
            );
            return Err(Refusal::new("plan.currency", message)
                .field("with")
                .missing("two versions in one currency")
                .into());
        }
        let comparison = compare(&first_items, &second_items);
        let compared =
            self.compared(&mut connection, (first, Some(second)), &first_items, comparison, page).await?;
        drop(transaction);
        self.log(format!("plan:{} plan:{}", earlier.key(), later.key()), Some(&compared.label)).await?;
        Ok(compared)
    }

    /// A version as a slip would leave it, beside what it is. Nothing is recorded.
    ///
    /// # Errors
    /// `not_found` if there is no such version at the horizon.
    pub async fn slip_plan(
        &self,
        version: PlanVersion,
        slip: Option<&Slip>,
        page: Page,
    ) -> Outcome<ComparedPlans> {
        let extent = self.check(Reading::Plans)?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let (row, items) = self.schedule(&mut connection, extent, version).await?;
        if let Some(slip) = slip {
            slip.check(&items)?;
        }
        let comparison = match slip {
            Some(slip) => compare_slip(&items, slip),
            None => compare(&items, &items),
        };
        let compared = self.compared(&mut connection, (row, None), &items, comparison, page).await?;
        drop(transaction);
        self.log(SubjectKind::Plan.subject(version.key()).to_string(), Some(&compared.label)).await?;
        Ok(compared)
    }

    /// A version and its items, those that the reader may see.
    async fn schedule(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        version: PlanVersion,
    ) -> Outcome<(PlanRow, Vec<Scheduled>)> {
        let (row, _) = self
            .find_plan(connection, extent, &version.key())
            .await?
            .ok_or_else(|| Refusal::not_found("plan version", &version.to_string()))?;
        let mut parameters = self.parameters();
        let year = parameters.add(i64::from(version.year));
        let number = parameters.add(i64::from(version.version));
        let own = self.own_items(extent, &mut parameters);
        let sql = format!(
            "SELECT i.line, i.contract, i.partner, l.manufacturer, i.planned_on, i.amount FROM plan_item i LEFT JOIN line l ON l.number = i.line AND {} WHERE i.year = {year} AND i.version = {number} AND i.known_from <= $1 {} {own} ORDER BY i.position",
            sql::stands("l"),
            self.labels.filter("i.label"),
        );
        let rows = connection.fetch_many("reading the items of a plan", &sql, 6, parameters.values()).await?;
        let items = rows
            .iter()
            .map(|row| {
                Ok(Scheduled {
                    line: row.text(0)?,
                    contract: row.text(1)?,
                    partner: row.text(2)?,
                    manufacturer: row.optional_text(3)?,
                    planned_on: row.date(4)?,
                    amount: row.int(5)?,
                })
            })
            .collect::<Result<_, Fault>>()?;
        Ok((row, items))
    }

    async fn compared(
        &self,
        connection: &mut Connection<'_>,
        (earlier, later): (PlanRow, Option<PlanRow>),
        items: &[Scheduled],
        mut comparison: Comparison,
        page: Page,
    ) -> Result<ComparedPlans, Fault> {
        let changes = Listing::of(std::mem::take(&mut comparison.changes), page.bounded());
        let mut parameters = self.parameters();
        let numbers = parameters.list(changes.rows.iter().map(|change| change.line.clone()));
        let sql = format!(
            "SELECT l.number, l.description FROM line l WHERE l.number IN {numbers} AND {} ORDER BY l.number",
            sql::stands("l"),
        );
        let mut titles = BTreeMap::new();
        for row in connection.fetch("reading what lines are", &sql, parameters.values()).await? {
            titles.insert(row.text(0)?, row.text(1)?);
        }
        let changes = changes.map(|change| {
            let title = titles.remove(&change.line).unwrap_or_default();
            (change, title)
        });
        let label = match &later {
            Some(later) => earlier.label.join(&later.label),
            None => earlier.label.clone(),
        };
        Ok(ComparedPlans {
            manufacturers: self.party_names(connection, manufacturers(items)).await?,
            earlier,
            later,
            comparison,
            changes,
            label,
        })
    }
}
