//! Delivery plans: the versions, and the page of one with its items.
//!
//! That a version exists is official. Its items bear the markings of their lines;
//! a reader sees those within the clearance, and their sum. A manufacturer sees of a version that was proposed
//! or approved what it makes itself.

use std::collections::BTreeMap;

use entente_register::access::{Extent, Reading};
use entente_register::contract::plan::{MACHINE, PlanVersion};
use entente_register::document::Document;
use entente_register::label::{Label, Level};
use entente_register::ledger::{Fact, Refusal, SubjectKind};
use entente_register::money::Money;

use super::access::join;
use super::contract::currency;
use super::sql::{self, Parameters};
use super::{Listing, Page, PlanRow, PlanView, Reader, SourceRow};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};

impl Reader {
    /// The plan versions of all years, the latest year first, then the latest version.
    ///
    /// # Errors
    /// `access.read` if the actor may not read plans.
    pub async fn plans(&self) -> Outcome<Vec<PlanRow>> {
        let extent = self.check(Reading::Plans)?;
        let mut transaction = self.store.database.read().await?;
        let found = self.select_plans(&mut transaction.connection(), extent, None).await?;
        drop(transaction);
        let mut label = None;
        for (_, items) in found.iter().filter(|(_, items)| items.is_marked()) {
            label = join(label, items);
        }
        self.log("plans", label.as_ref()).await?;
        Ok(found.into_iter().map(|(row, _)| row).collect())
    }

    /// A plan version's page.
    ///
    /// # Errors
    /// `not_found` if there is none at the horizon.
    pub async fn plan(&self, version: PlanVersion, page: Page) -> Outcome<PlanView> {
        let extent = self.check(Reading::Plans)?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let (row, label) = self
            .find_plan(&mut connection, extent, &version.key())
            .await?
            .ok_or_else(|| Refusal::not_found("plan version", &version.to_string()))?;
        let subject = SubjectKind::Plan.subject(version.key());
        let events = self.events_of(&mut connection, &subject).await?;
        let all = ("01-01".to_owned(), "12-31".to_owned());
        let of = (version, extent);
        let (items, _) = self.plan_items(&mut connection, of, &all, None, page.bounded()).await?;
        let (proposed_on, makers) = self.makers(&mut connection, of).await?;
        let view = PlanView {
            others: self.other_versions(&mut connection, extent, &row).await?,
            version: self.version_of(&mut connection, &subject).await?,
            items,
            proposed_on,
            makers,
            course: self.course_of_plan(&mut connection, extent, &row).await?,
            history: self.plan_history(extent, &events),
            row,
        };
        drop(transaction);
        self.log(subject.to_string(), Some(&label)).await?;
        Ok(view)
    }

    /// The other versions of a plan's year in its currency, the latest first. That a version exists is official.
    async fn other_versions(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        plan: &PlanRow,
    ) -> Result<Vec<PlanVersion>, Fault> {
        if extent == Extent::Own {
            let found = self.select_plans(connection, extent, None).await?;
            let is_other = |row: &PlanRow| {
                row.version.year == plan.version.year
                    && row.version != plan.version
                    && row.amount.currency == plan.amount.currency
            };
            return Ok(found
                .into_iter()
                .filter(|(row, _)| is_other(row))
                .map(|(row, _)| row.version)
                .collect());
        }
        let mut parameters = self.parameters();
        let year = parameters.add(i64::from(plan.version.year));
        let number = parameters.add(i64::from(plan.version.version));
        let currency = parameters.add(plan.amount.currency.code());
        let sql = format!(
            "SELECT p.year, p.version FROM plan p WHERE {} AND p.year = {year} AND p.version <> {number} AND p.currency = {currency} ORDER BY p.version DESC",
            sql::known("p")
        );
        let rows = connection.fetch("reading plans", &sql, parameters.values()).await?;
        rows.iter().map(version).collect()
    }

    /// A plan version by the key of its subject, with the join of the labels of the items that the actor may see.
    pub(super) async fn find_plan(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        key: &str,
    ) -> Result<Option<(PlanRow, Label)>, Fault> {
        match PlanVersion::from_key(key) {
            Some(version) => Ok(self.select_plans(connection, extent, Some(version)).await?.pop()),
            None => Ok(None),
        }
    }

    async fn select_plans(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        only: Option<PlanVersion>,
    ) -> Result<Vec<(PlanRow, Label)>, Fault> {
        let doing = "reading plans";
        let official = Label::of(Level::Official);
        if !self.actor.clearance.admits(&official) {
            return Ok(Vec::new());
        }
        let (mut parameters, mut item_parameters) = (self.parameters(), self.parameters());
        let mut condition = sql::known("p");
        let mut of_items = String::from("i.known_from <= $1");
        if let Some(only) = only {
            let named = |parameters: &mut Parameters<'_>, alias: &str| {
                let year = parameters.add(i64::from(only.year));
                let version = parameters.add(i64::from(only.version));
                format!(" AND {alias}.year = {year} AND {alias}.version = {version}")
            };
            condition.push_str(&named(&mut parameters, "p"));
            of_items.push_str(&named(&mut item_parameters, "i"));
        }
        of_items.push_str(&self.own_items(extent, &mut item_parameters));
        let sql = format!(
            "SELECT i.year, i.version, i.label, CAST(count(*) AS BIGINT), CAST(sum(i.amount) AS BIGINT) FROM plan_item i WHERE {of_items} {} GROUP BY i.year, i.version, i.label ORDER BY i.year, i.version, i.label",
            self.labels.filter("i.label")
        );
        let mut items: BTreeMap<PlanVersion, (i64, i64, Label)> = BTreeMap::new();
        for row in connection.fetch(doing, &sql, item_parameters.values()).await? {
            let sum = items.entry(version(&row)?).or_insert_with(|| (0, 0, official.clone()));
            sum.0 += row.int(3)?;
            sum.1 += row.int(4)?;
            sum.2 = sum.2.join(self.labels.get(row.int(2)?)?);
        }
        // Not approved on the reader's day, a version stood as the last act up to that day left it.
        let sql = format!(
            "SELECT p.year, p.version, p.currency, CASE WHEN p.state = 'discarded' OR p.approved_on <= $2 THEN p.state ELSE coalesce((SELECT a.state FROM plan_act a WHERE a.year = p.year AND a.version = p.version AND a.known_from <= $1 AND a.act_date <= $2 ORDER BY a.position DESC LIMIT 1), 'draft') END, CASE WHEN p.approved_on <= $2 THEN p.approved_on END FROM plan p WHERE {condition} ORDER BY p.year DESC, p.version DESC"
        );
        let mut found = Vec::new();
        for row in &connection.fetch(doing, &sql, parameters.values()).await? {
            let (version, state) = (version(row)?, row.text(3)?);
            let own = items.remove(&version);
            // To a manufacturer neither a draft is open, nor a version in which it has no part.
            if extent == Extent::Own && (state == MACHINE.initial || own.is_none()) {
                continue;
            }
            let (items, amount, label) = own.unwrap_or_else(|| (0, 0, official.clone()));
            let row = PlanRow {
                version,
                state,
                approved_on: row.optional_date(4)?,
                amount: Money::new(amount, currency(row, 2)?),
                items,
                label: label.clone(),
            };
            found.push((row, label));
        }
        Ok(found)
    }

    /// Items of a plan version in its order, each with the decision that approved the version, and the sum of
    /// all of them: between two days of the year (`MM-DD`, both counted), and of some partners only, where
    /// that is asked.
    pub(super) async fn plan_items(
        &self,
        connection: &mut Connection<'_>,
        (version, extent): (PlanVersion, Extent),
        (from, to): &(String, String),
        partners: Option<&[String]>,
        page: Page,
    ) -> Result<(Listing<SourceRow>, i64), Fault> {
        let doing = "reading the items of a plan";
        let mut parameters = self.parameters();
        let mut condition = format!(
            "i.year = {} AND i.version = {} AND i.known_from <= $1 {}",
            parameters.add(i64::from(version.year)),
            parameters.add(i64::from(version.version)),
            self.labels.filter("i.label")
        );
        condition.push_str(&self.own_items(extent, &mut parameters));
        condition.push_str(&format!(
            " AND substr(i.planned_on, 6, 5) BETWEEN {} AND {}",
            parameters.add(from.clone()),
            parameters.add(to.clone())
        ));
        if let Some(partners) = partners {
            condition.push_str(&format!(" AND i.partner IN {}", parameters.list(partners.iter().cloned())));
        }
        let (total, sum) = count_and_sum(
            connection,
            doing,
            &format!("i.amount FROM plan_item i WHERE {condition}"),
            &parameters,
        )
        .await?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT i.line, i.contract, i.partner, i.planned_on, i.amount, l.description FROM plan_item i LEFT JOIN line l ON l.number = i.line AND {} WHERE {condition} ORDER BY i.position LIMIT {limit} OFFSET {offset}",
            sql::stands("l")
        );
        let rows = connection.fetch(doing, &sql, parameters.values()).await?;
        let decision = match extent {
            Extent::All => self.decision_on(connection, version).await?,
            Extent::Own => None,
        };
        let rows = rows
            .iter()
            .map(|row| {
                Ok(SourceRow {
                    number: row.text(0)?,
                    kind: "line",
                    contract: row.text(1)?,
                    partner: row.text(2)?,
                    date: row.optional_date(3)?,
                    title: row.optional_text(5)?.unwrap_or_default(),
                    amount: row.int(4)?,
                    note: String::new(),
                    plan: Some(version),
                    document: decision.clone(),
                })
            })
            .collect::<Result<_, Fault>>()?;
        Ok((Listing { rows, total, page }, sum))
    }

    /// The decision that approved a plan version, as known at the horizon; none for a draft.
    async fn decision_on(
        &self,
        connection: &mut Connection<'_>,
        version: PlanVersion,
    ) -> Result<Option<Document>, Fault> {
        let doing = "reading the decision on a plan";
        let subject = SubjectKind::Plan.subject(version.key());
        // Only this event: those of its items are long.
        let sql = "SELECT e.kind, e.payload FROM event e WHERE e.subject = $1 AND e.kind IN ($2, $3) AND e.sequence <= $4 ORDER BY e.version";
        let values = [
            subject.to_string().into(),
            "plan.approved.v1".into(),
            "plan.proposal_approved.v1".into(),
            self.horizon.sequence.into(),
        ];
        let Some(row) = connection.fetch_optional(doing, sql, &values).await? else { return Ok(None) };
        let Some(payload) = row.optional_text(1)? else { return Ok(None) };
        let fact =
            Fact::decode(row.text_ref(0)?, payload.as_bytes()).map_err(|e| Fault::damaged(doing, e))?;
        Ok(fact.document().cloned())
    }
}

/// How many rows, and the sum of their amounts. `select` goes on behind `SELECT`, the amount first.
pub(super) async fn count_and_sum(
    connection: &mut Connection<'_>,
    doing: &str,
    select: &str,
    parameters: &Parameters<'_>,
) -> Result<(i64, i64), Fault> {
    let sql = format!(
        "SELECT CAST(count(*) AS BIGINT), CAST(coalesce(sum(x.amount), 0) AS BIGINT) FROM (SELECT {select}) x"
    );
    let row = connection.fetch_one(doing, &sql, parameters.values()).await?;
    Ok((row.int(0)?, row.int(1)?))
}

/// The version in the first two columns.
pub(super) fn version(row: &Row) -> Result<PlanVersion, Fault> {
    let year = row.int(0)?;
    let year =
        i16::try_from(year).map_err(|e| Fault::damaged(format!("reading the year {year} of a plan"), e))?;
    Ok(PlanVersion { year, version: row.version(1)? })
}
