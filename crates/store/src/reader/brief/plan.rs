//! The plans of a brief.

use std::collections::BTreeMap;

use jiff::civil::Date;

use entente_register::brief::{PlanFacts, Planned};
use entente_register::contract::plan::PlanVersion;
use entente_register::label::{Label, Level};
use entente_register::ledger::Refusal;

use super::{month_day, same_date, small};
use crate::database::Connection;
use crate::error::Outcome;
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
        if !plans.is_empty() {
            let mut parameters = self.parameters();
            let day = parameters.add(month_day(self.as_of));
            let versions: Vec<String> = plans
                .keys()
                .map(|v| {
                    format!(
                        "(i.year = {} AND i.version = {})",
                        parameters.add(i64::from(v.year)),
                        parameters.add(i64::from(v.version))
                    )
                })
                .collect();
            let sql = format!(
                "SELECT i.year, i.version, CAST(substr(i.planned_on, 6, 2) AS BIGINT) AS month, i.partner, CAST(sum(i.amount) AS BIGINT), CAST(sum(CASE WHEN substr(i.planned_on, 6, 5) <= {day} THEN i.amount ELSE 0 END) AS BIGINT) FROM plan_item i WHERE ({}) AND i.known_from <= $1 {} GROUP BY i.year, i.version, month, i.partner ORDER BY i.year, i.version, month, i.partner",
                versions.join(" OR "),
                self.labels.filter("i.label")
            );
            for row in connection.fetch(doing, &sql, parameters.values()).await? {
                if let Some(plan) = plans.get_mut(&version(&row)?) {
                    plan.items.push(Planned {
                        month: small(&row, 2)?,
                        partner: row.text(3)?,
                        amount: row.int(4)?,
                        to_date: row.int(5)?,
                    });
                }
            }
        }
        Ok((plans.into_values().collect(), missing))
    }
}
