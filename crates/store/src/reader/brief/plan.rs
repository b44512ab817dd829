//! The plans of a brief.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};

use entente_register::brief::{PlanFacts, Planned};
use entente_register::contract::plan::PlanVersion;
use entente_register::label::{Label, Level};
use entente_register::ledger::Refusal;

use super::{same_date, small};
use crate::database::Connection;
use crate::error::{Fault, Outcome};
use crate::reader::plan::version;
use crate::reader::{BriefOptions, Reader, sql};

/// A frozen version of a plan.
struct Frozen {
    version: PlanVersion,
    currency: String,
    approved_on: Date,
}

impl Reader {
    /// For each year up to the cut-off's the version in force on its month and day there, with its sums;
    /// and why there is none for the cut-off's own year, if there is none.
    pub(super) async fn choose_plans(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
    ) -> Outcome<(Vec<PlanFacts>, Option<String>)> {
        let year = self.as_of.year();
        let doing = "choosing the plans of a brief";
        let mut frozen: Vec<Frozen> = Vec::new();
        if self.actor.clearance.admits(&Label::of(Level::Official)) {
            let mut parameters = self.parameters();
            let last = parameters.add(i64::from(year));
            // In the order of approval; of two approved on one day, the later recorded stands.
            let sql = format!(
                "SELECT p.year, p.version, p.currency, p.approved_on FROM plan p WHERE {} AND p.state = 'frozen' AND p.approved_on IS NOT NULL AND p.year <= {last} ORDER BY p.approved_on, p.known_from, p.version",
                sql::known("p")
            );
            for row in connection.fetch(doing, &sql, parameters.values()).await? {
                frozen.push(Frozen {
                    version: version(&row)?,
                    currency: row.text(2)?,
                    approved_on: row.date(3)?,
                });
            }
        }
        let currency = options.currency.code();
        let mut chosen: BTreeMap<i16, &Frozen> = BTreeMap::new();
        for plan in frozen.iter().filter(|p| p.currency == currency) {
            if plan.approved_on <= same_date(self.as_of, plan.version.year) {
                chosen.insert(plan.version.year, plan);
            }
        }
        if let Some(asked) = options.plan {
            let refuse = |code, message: String, missing: &str| {
                Refusal::new(code, message).field("plan").missing(missing)
            };
            if asked.year != year {
                let message = format!("Plan {asked} is not of {year}, the year of {}.", self.as_of);
                return Err(
                    refuse("plan.other_year", message, "a plan of the year of the brief’s date").into()
                );
            }
            let Some(plan) = frozen.iter().find(|p| p.version == asked) else {
                let message = format!("There is no approved plan {asked}.");
                return Err(
                    refuse("plan.unknown", message, "a plan version that is approved and known").into()
                );
            };
            if plan.currency != currency {
                let message = format!("Plan {asked} is in {}, the brief in {currency}.", plan.currency);
                return Err(refuse("plan.currency", message, "a plan in the currency of the brief").into());
            }
            chosen.insert(year, plan);
        }
        let missing = (!chosen.contains_key(&year))
            .then(|| format!("no plan for {year} in {currency} was approved by {} and is known", self.as_of));
        let mut plans: BTreeMap<_, _> = chosen
            .values()
            .map(|p| {
                let facts = PlanFacts { version: p.version, approved_on: p.approved_on, items: Vec::new() };
                (p.version, facts)
            })
            .collect();
        for (version, plan) in &mut plans {
            plan.items = self.planned(connection, *version).await?;
        }
        Ok((plans.into_values().collect(), missing))
    }

    /// What a frozen version plans, by month and partner: in the month, and of that up to the cut-off's day
    /// of the year. A frozen version's items are all known since before its approval.
    async fn planned(
        &self,
        connection: &mut Connection<'_>,
        version: PlanVersion,
    ) -> Result<Vec<Planned>, Fault> {
        let doing = "summing a plan";
        let month_of_cut = self.as_of.month();
        let mut parameters = self.parameters();
        let year = parameters.add(i64::from(version.year));
        let number = parameters.add(i64::from(version.version));
        let sql = format!(
            "SELECT CAST(substr(m.planned_month, 6, 2) AS BIGINT), m.partner, CAST(sum(m.amount) AS BIGINT) FROM plan_month m WHERE m.year = {year} AND m.version = {number} {} GROUP BY m.planned_month, m.partner ORDER BY m.planned_month, m.partner",
            self.labels.filter("m.label")
        );
        let mut items = Vec::new();
        for row in connection.fetch_many(doing, &sql, 3, parameters.values()).await? {
            let (month, amount) = (small::<i8>(&row, 0)?, row.int(2)?);
            let to_date = if month < month_of_cut { amount } else { 0 };
            items.push(Planned { month, partner: row.text(1)?, amount, to_date });
        }
        // Of the cut-off's month, the days up to it.
        let from = parameters.add(date(version.year, month_of_cut, 1));
        let to = parameters.add(same_date(self.as_of, version.year));
        let sql = format!(
            "SELECT i.partner, CAST(sum(i.amount) AS BIGINT) FROM plan_item i WHERE i.year = {year} AND i.version = {number} AND i.planned_on BETWEEN {from} AND {to} {} GROUP BY i.partner ORDER BY i.partner",
            self.labels.filter("i.label")
        );
        let mut to_date: BTreeMap<String, i64> = BTreeMap::new();
        for row in connection.fetch(doing, &sql, parameters.values()).await? {
            to_date.insert(row.text(0)?, row.int(1)?);
        }
        for item in items.iter_mut().filter(|item| item.month == month_of_cut) {
            item.to_date = to_date.get(&item.partner).copied().unwrap_or(0);
        }
        Ok(items)
    }
}
