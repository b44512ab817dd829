//! Lines: those of a contract, and the page of one with its deliveries.

use std::collections::BTreeMap;

use entente_register::access::{Extent, Reading};
use entente_register::contract::delivery::Counting;
use entente_register::contract::line::contract_of;
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::money::{Money, Quantity, Unit};

use super::contract::currency;
use super::sql;
use super::{ContractRow, DeliveryRow, LineRow, LineView, Listing, Page, Reader};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;

impl Reader {
    /// A line's page.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn line(&self, number: &str, page: Page) -> Outcome<LineView> {
        let extent = self.check(Reading::Contracts)?;
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let (contract, line) = self
            .find_line(&mut connection, extent, number)
            .await?
            .ok_or_else(|| Refusal::not_found("line", number))?;
        let subject = SubjectKind::Line.subject(number);
        let deliveries = self.deliveries_of(&mut connection, &line, page).await?;
        let events = self.events_of(&mut connection, &subject).await?;
        let view = LineView { line, contract, deliveries, history: self.history(&events) };
        drop(transaction);
        self.log(subject.to_string(), Some(&view.contract.label)).await?;
        Ok(view)
    }

    /// A line that is open to the actor, with its contract.
    pub(super) async fn find_line(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        number: &str,
    ) -> Result<Option<(ContractRow, LineRow)>, Fault> {
        if !is_possible(number) {
            return Ok(None);
        }
        let Some(contract) = self.find_contract(connection, extent, contract_of(number)).await? else {
            return Ok(None);
        };
        let line = self.select_lines(connection, "number", number).await?.pop();
        Ok(line.map(|line| (contract, line)))
    }

    /// The lines of a contract, in its order.
    pub(super) async fn lines_of(
        &self,
        connection: &mut Connection<'_>,
        contract: &str,
    ) -> Result<Vec<LineRow>, Fault> {
        self.select_lines(connection, "contract", contract).await
    }

    async fn select_lines(
        &self,
        connection: &mut Connection<'_>,
        column: &str,
        value: &str,
    ) -> Result<Vec<LineRow>, Fault> {
        let doing = "reading lines";
        let mut parameters = self.parameters();
        let condition = format!("l.{column} = {} AND {}", parameters.add(value.to_owned()), sql::stands("l"));

        let accepted = parameters.add(Counting::TitlePassed.word());
        let handed_over = parameters.add(Counting::HandedOver.word());
        let rule = |counting: Counting| match counting {
            Counting::TitlePassed => accepted.as_str(),
            Counting::HandedOver => handed_over.as_str(),
        };
        let sum = |column: &str, counting: Counting| {
            sql::delivered(column, "l.number", counting, rule(counting), "$2")
        };
        let sql = format!(
            "SELECT l.number, l.description, l.quantity, l.unit, l.unit_price, l.amount, l.currency, l.category, l.due_on, (SELECT min(d.completed_on) FROM line_completion d WHERE d.line = l.number AND d.counting = {} AND {} AND d.completed_on <= $2 AND d.reopened_on > $2), {}, {}, {}, {}, {} FROM line l WHERE {condition} ORDER BY l.position, l.number",
            rule(self.counting),
            sql::known("d"),
            sql::version(SubjectKind::Line, "l.number"),
            sum("quantity", Counting::HandedOver),
            sum("quantity", Counting::TitlePassed),
            sum("amount", Counting::TitlePassed),
            sum("amount", self.counting),
        );
        let rows = connection.fetch(doing, &sql, parameters.values()).await?;
        rows.iter()
            .map(|row| {
                let currency = currency(row, 6)?;
                Ok(LineRow {
                    description: row.text(1)?,
                    quantity: Quantity(row.int(2)?),
                    unit: unit(row, 3)?,
                    unit_price: Money::new(row.int(4)?, currency),
                    amount: Money::new(row.int(5)?, currency),
                    category: row.text(7)?,
                    due_on: row.date(8)?,
                    handed_over: Quantity(row.int(11)?),
                    accepted: Quantity(row.int(12)?),
                    accepted_amount: row.int(13)?,
                    counting: self.counting,
                    delivered_amount: row.int(14)?,
                    completed_on: row.optional_date(9)?,
                    version: row.version(10)?,
                    number: row.text(0)?,
                })
            })
            .collect()
    }

    /// A page of a line's deliveries, in the order of hand-over.
    async fn deliveries_of(
        &self,
        connection: &mut Connection<'_>,
        line: &LineRow,
        page: Page,
    ) -> Result<Listing<DeliveryRow>, Fault> {
        let doing = "listing the deliveries of a line";
        let mut parameters = self.parameters();
        let name = parameters.add(line.number.clone());
        let handed_over = parameters.add(Counting::HandedOver.word());
        let condition = format!(
            "a.line = {name} AND a.counting = {handed_over} AND a.sign = 1 AND a.act_date <= $2 AND a.known_from <= $1"
        );
        let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM delivery_act a WHERE {condition}");
        let total = connection.fetch_one(doing, &sql, parameters.values()).await?.int(0)?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT a.delivery, a.quantity, a.amount, a.act_date FROM delivery_act a WHERE {condition} ORDER BY a.act_date, a.known_from LIMIT {limit} OFFSET {offset}"
        );
        let mut rows = Vec::new();
        for row in connection.fetch(doing, &sql, parameters.values()).await? {
            rows.push(DeliveryRow {
                number: row.text(0)?,
                state: "handed_over".to_owned(),
                quantity: Quantity(row.int(1)?),
                amount: Money::new(row.int(2)?, line.amount.currency),
                handed_over_on: row.date(3)?,
                accepted_on: None,
            });
        }

        // What happened to them afterwards. An annulment bears the day of the act that falls away.
        let mut parameters = self.parameters();
        let name = parameters.add(line.number.clone());
        let numbers = parameters.list(rows.iter().map(|d| d.number.clone()));
        let sql = format!(
            "SELECT a.delivery, a.act, a.act_date FROM delivery_act a WHERE a.line = {name} AND a.delivery IN {numbers} AND a.act <> 'handed_over' AND a.act_date <= $2 AND a.known_from <= $1 ORDER BY a.known_from, a.counting"
        );
        let mut acts: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for row in connection.fetch(doing, &sql, parameters.values()).await? {
            acts.entry(row.text(0)?).or_default().push(row);
        }
        for delivery in &mut rows {
            for act in acts.get(&delivery.number).into_iter().flatten() {
                match act.text_ref(1)? {
                    "accepted" => {
                        delivery.accepted_on = Some(act.date(2)?);
                        delivery.state = "accepted".to_owned();
                    }
                    "annulled" => {
                        delivery.accepted_on = None;
                        delivery.state = "annulled".to_owned();
                    }
                    other => other.clone_into(&mut delivery.state),
                }
            }
        }
        Ok(Listing { rows, total, page })
    }
}

/// A stored unit.
pub(super) fn unit(row: &Row, column: usize) -> Result<Unit, Fault> {
    Unit::parse("unit", row.text_ref(column)?)
        .map_err(|e: Refusal| Fault::damaged("reading a unit", e.message))
}
