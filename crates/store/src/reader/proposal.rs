//! What became of a proposed plan: who makes what stands in it, what each answered, and how the year's plan
//! changed from one approved version to the next.

use std::collections::BTreeMap;

use jiff::civil::Date;

use entente_register::access::Extent;
use entente_register::contract::plan::{PlanAnswer, PlanVersion};
use entente_register::contract::stability::{Course, Months, course};
use entente_register::ledger::{Event, Fact};

use super::plan::version;
use super::sql::{self, Parameters};
use super::{HistoryRow, MakerAnswer, MakerRow, PlanRow, Reader};
use crate::database::Connection;
use crate::error::Fault;
use crate::view::{ActContent, PROPOSED, RETURNED};

/// When a version was proposed, and each manufacturer's last answer to that.
type Answers = (Option<Date>, BTreeMap<String, MakerAnswer>);

impl Reader {
    /// The condition on items `i` of plans that are of the actor's own making, where it sees no others.
    pub(super) fn own_items(&self, extent: Extent, parameters: &mut Parameters<'_>) -> String {
        match extent {
            Extent::All => String::new(),
            Extent::Own => {
                // Who makes a line is said once, when it is added. Without a party of one's own nothing is one's own.
                let own = parameters.add(self.actor.party.clone());
                format!(
                    " AND EXISTS (SELECT 1 FROM line o WHERE o.number = i.line AND o.manufacturer = {own})"
                )
            }
        }
    }

    /// Whether an event is the answer of the actor's own party to a proposal.
    pub(super) fn is_own_answer(&self, event: &Event) -> bool {
        let by = match &event.fact {
            Some(Fact::PlanAgreed(agreed)) => Some(&agreed.manufacturer),
            Some(Fact::PlanObjected(objected)) => Some(&objected.manufacturer),
            _ => None,
        };
        by.is_some() && by == self.actor.party.as_ref()
    }

    /// What happened to a version: to a manufacturer, what became of the proposal and what it answered itself.
    /// Why others did what they did is not its business.
    pub(super) fn plan_history(&self, extent: Extent, events: &[Event]) -> Vec<HistoryRow> {
        if extent == Extent::All {
            return self.history(events);
        }
        let mut history = Vec::new();
        for event in events {
            let is_own = self.is_own_answer(event);
            let is_open = matches!(
                event.fact,
                Some(
                    Fact::PlanProposed(_)
                        | Fact::PlanReturned(_)
                        | Fact::PlanApproved(_)
                        | Fact::PlanProposalApproved(_)
                )
            );
            if !is_own && !is_open {
                continue;
            }
            let rows = self.history(std::slice::from_ref(event)).into_iter();
            history.extend(rows.map(|row| match is_own {
                true => row,
                false => HistoryRow { reason: None, document: None, ..row },
            }));
        }
        history
    }

    /// When a version was proposed as of the reader's day, and who makes what stands in it, each with its answer.
    pub(super) async fn makers(
        &self,
        connection: &mut Connection<'_>,
        (version, extent): (PlanVersion, Extent),
    ) -> Result<(Option<Date>, Vec<MakerRow>), Fault> {
        let mut parameters = self.parameters();
        let year = parameters.add(i64::from(version.year));
        let number = parameters.add(i64::from(version.version));
        let own = self.own_items(extent, &mut parameters);
        // Who makes a line is the same in all its rows.
        let sql = format!(
            "SELECT x.maker, CAST(count(*) AS BIGINT), CAST(sum(x.amount) AS BIGINT) FROM (SELECT coalesce((SELECT max(l.manufacturer) FROM line l WHERE l.number = i.line AND l.known_from <= $1), '') AS maker, i.amount FROM plan_item i WHERE i.year = {year} AND i.version = {number} AND i.known_from <= $1 {} {own}) x GROUP BY x.maker ORDER BY x.maker",
            self.labels.filter("i.label"),
        );
        let rows = connection.fetch("reading who makes what is planned", &sql, parameters.values()).await?;
        let (proposed_on, mut answers) = self.answers(connection, version).await?;
        let mut makers = Vec::with_capacity(rows.len());
        for row in &rows {
            let number = row.text(0)?;
            makers.push(MakerRow {
                answer: answers.remove(&number),
                number: Some(number).filter(|number| !number.is_empty()),
                name: None,
                items: row.int(1)?,
                amount: row.int(2)?,
            });
        }
        let numbers = makers.iter().filter_map(|maker| maker.number.as_deref());
        let mut names = self.party_names(connection, numbers).await?;
        for maker in &mut makers {
            maker.name = maker.number.as_ref().and_then(|number| names.remove(number));
        }
        Ok((proposed_on, makers))
    }

    /// What was answered to the last proposal of a version as of the reader's day.
    async fn answers(&self, connection: &mut Connection<'_>, version: PlanVersion) -> Result<Answers, Fault> {
        let doing = "reading the answers to a plan";
        let mut parameters = self.parameters();
        let year = parameters.add(i64::from(version.year));
        let number = parameters.add(i64::from(version.version));
        let (proposed, returned) = (parameters.add(PROPOSED), parameters.add(RETURNED));
        // That a version was proposed is official, as that it exists.
        let sql = format!(
            "SELECT a.act, a.act_date, a.manufacturer, a.content FROM plan_act a WHERE a.year = {year} AND a.version = {number} AND a.known_from <= $1 AND a.act_date <= $2 AND (a.act IN ({proposed}, {returned}) OR (1 = 1 {})) ORDER BY a.position",
            self.labels.filter("a.label"),
        );
        let (mut proposed_on, mut answers) = (None, BTreeMap::new());
        for row in connection.fetch(doing, &sql, parameters.values()).await? {
            let answer = match row.text_ref(0)? {
                PROPOSED => {
                    (proposed_on, answers) = (Some(row.date(1)?), BTreeMap::new());
                    continue;
                }
                RETURNED => {
                    (proposed_on, answers) = (None, BTreeMap::new());
                    continue;
                }
                word if word == PlanAnswer::Agreed.word() => PlanAnswer::Agreed,
                _ => PlanAnswer::Objected,
            };
            let content: ActContent = row.json(doing, 3)?;
            let ActContent { items, document, reason } = content;
            let answer = MakerAnswer { answer, on: row.date(1)?, items, document, reason };
            answers.insert(row.text(2)?, answer);
        }
        Ok((proposed_on, answers))
    }

    /// How a year's plan changed from one version in force to the next, in the currency of one of them, up to the
    /// reader's day; of the items that the reader may see.
    pub(super) async fn course_of_plan(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        plan: &PlanRow,
    ) -> Result<Course, Fault> {
        let doing = "reading how a plan changed";
        let mut parameters = self.parameters();
        let year = parameters.add(i64::from(plan.version.year));
        let currency = parameters.add(plan.amount.currency.code());
        // In the order in which they came into force, as a brief has it.
        let sql = format!(
            "SELECT p.year, p.version FROM plan p WHERE {} AND p.year = {year} AND p.currency = {currency} AND p.state = 'frozen' AND p.approved_on <= $2 ORDER BY p.approved_on, p.known_from, p.version",
            sql::known("p")
        );
        let rows = connection.fetch(doing, &sql, parameters.values()).await?;
        let mut versions =
            rows.iter().map(|row| Ok((version(row)?, Months::new()))).collect::<Result<Vec<_>, Fault>>()?;
        if versions.len() < 2 {
            return Ok(Course::default());
        }
        let mut parameters = self.parameters();
        let year = parameters.add(i64::from(plan.version.year));
        let list = parameters.list(versions.iter().map(|(version, _)| i64::from(version.version)));
        let own = self.own_items(extent, &mut parameters);
        let sql = format!(
            "SELECT i.year, i.version, i.line, CAST(substr(i.planned_on, 6, 2) AS BIGINT), CAST(sum(i.amount) AS BIGINT) FROM plan_item i WHERE i.year = {year} AND i.version IN {list} AND i.known_from <= $1 {} {own} GROUP BY i.year, i.version, i.line, substr(i.planned_on, 6, 2) ORDER BY i.year, i.version, i.line, substr(i.planned_on, 6, 2)",
            self.labels.filter("i.label"),
        );
        for row in connection.fetch_many(doing, &sql, 5, parameters.values()).await? {
            let version = version(&row)?;
            let month = i8::try_from(row.int(3)?).map_err(|e| Fault::damaged(doing, e))?;
            if let Some((_, months)) = versions.iter_mut().find(|(one, _)| *one == version) {
                months.insert((row.text(2)?, month), row.int(4)?);
            }
        }
        Ok(course(&versions))
    }
}
