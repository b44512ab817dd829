//! Lines by the day on which they are due: what the calendar and the timeline show.

use entente_register::access::{Extent, Reading};
use entente_register::label::Label;
use entente_register::money::{Money, Quantity, Unit};
use jiff::civil::Date;

use super::contract::currency;
use super::line::unit;
use super::sql::{self, Parameters};
use super::{Listing, Page, Reader};
use crate::database::Row;
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;

const DOING: &str = "reading lines by their dates";

/// Which lines are listed; what is absent narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DueFilter {
    /// Due on this day or later.
    pub from: Option<Date>,
    /// Due on this day or earlier.
    pub to: Option<Date>,
    /// Code of the partner.
    pub partner: Option<String>,
    /// Number of the party that makes the goods.
    pub manufacturer: Option<String>,
    /// Numbers of contracts.
    pub contracts: Option<Vec<String>>,
    /// Only lines that still owe something.
    pub open: bool,
}

/// How a line stands on the reader's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DueState {
    /// Its day has passed, and something is still owed.
    Overdue,
    /// Something is still owed, and its day is to come.
    Open,
    /// Delivered in full, by the reader's counting rule.
    Delivered,
    /// Its contract has ended before it was delivered in full.
    Ended,
}

impl DueState {
    /// All states.
    pub const ALL: [DueState; 4] = [DueState::Overdue, DueState::Open, DueState::Delivered, DueState::Ended];

    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            DueState::Overdue => "overdue",
            DueState::Open => "open",
            DueState::Delivered => "delivered",
            DueState::Ended => "ended",
        }
    }
}

/// A line of a signed contract with its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueLine {
    /// Number.
    pub line: String,
    /// Number of the contract.
    pub contract: String,
    /// What the contract is about.
    pub title: String,
    /// Code of the partner.
    pub partner: String,
    /// Its name.
    pub partner_name: String,
    /// The goods.
    pub description: String,
    /// The contractual date.
    pub due_on: Date,
    /// When its contract was signed.
    pub signed_on: Date,
    /// When it was delivered in full.
    pub completed_on: Option<Date>,
    /// How much.
    pub quantity: Quantity,
    /// In what unit.
    pub unit: Unit,
    /// Delivered of it by the reader's counting rule.
    pub delivered: Quantity,
    /// Value of the line.
    pub amount: Money,
    /// Delivered of it, in minor units of the same currency.
    pub delivered_amount: i64,
    /// How it stands.
    pub state: DueState,
    /// Marking of its contract.
    pub label: Label,
}

/// How many lines are due in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueMonth {
    /// Its first day.
    pub month: Date,
    /// Lines due in it.
    pub lines: i64,
    /// Of these, not delivered in full on the reader's day.
    pub open: i64,
}

impl Reader {
    /// Lines under signed contracts by the day on which they are due.
    ///
    /// # Errors
    /// `access.read` if the actor may not read contracts.
    pub async fn calendar(&self, filter: &DueFilter, page: Page) -> Outcome<Listing<DueLine>> {
        let extent = self.check(Reading::Contracts)?;
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let counting = parameters.add(self.counting.word());
        let condition = self.due(filter, extent, &counting, &mut parameters);
        let sql = format!(
            "SELECT CAST(count(*) AS BIGINT) FROM line l JOIN contract c ON c.number = l.contract WHERE {condition}"
        );
        let total = connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sum = |column: &str| sql::delivered(column, "l.number", self.counting, &counting, "$2");
        let sql = format!(
            "SELECT l.number, l.contract, c.title, l.partner, p.name, l.description, l.due_on, c.signed_on, (SELECT min(d.completed_on) FROM line_completion d WHERE d.line = l.number AND d.counting = {counting} AND {} AND d.completed_on <= $2 AND d.reopened_on > $2), l.quantity, l.unit, {}, l.currency, l.amount, {}, c.state, c.label FROM line l JOIN contract c ON c.number = l.contract LEFT JOIN partner p ON p.code = l.partner AND p.known_from <= $1 WHERE {condition} ORDER BY l.due_on, l.contract, l.position, l.number LIMIT {limit} OFFSET {offset}",
            sql::known("d"),
            sum("quantity"),
            sum("amount"),
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(16)).collect::<Result<Vec<_>, _>>()?)?;
        let rows = rows.iter().map(|row| self.due_line(row)).collect::<Result<_, Fault>>()?;
        drop(transaction);
        self.log("calendar", label.as_ref()).await?;
        Ok(Listing { rows, total, page })
    }

    /// How many lines are due in each month, of those with any.
    ///
    /// # Errors
    /// `access.read` if the actor may not read contracts.
    pub async fn calendar_months(&self, filter: &DueFilter) -> Outcome<Vec<DueMonth>> {
        let extent = self.check(Reading::Contracts)?;
        let mut transaction = self.store.database.read().await?;
        let mut parameters = self.parameters();
        let counting = parameters.add(self.counting.word());
        let condition = self.due(filter, extent, &counting, &mut parameters);
        let complete = sql::complete("l.number", &counting, "$2");
        let sql = format!(
            "SELECT substr(l.due_on, 1, 7) || '-01', CAST(count(*) AS BIGINT), CAST(sum(CASE WHEN {complete} THEN 0 ELSE 1 END) AS BIGINT) FROM line l JOIN contract c ON c.number = l.contract WHERE {condition} GROUP BY substr(l.due_on, 1, 7) ORDER BY substr(l.due_on, 1, 7)"
        );
        let rows = transaction.connection().fetch(DOING, &sql, parameters.values()).await?;
        Ok(rows
            .iter()
            .map(|row| Ok(DueMonth { month: row.date(0)?, lines: row.int(1)?, open: row.int(2)? }))
            .collect::<Result<_, Fault>>()?)
    }

    /// The condition on lines `l` under signed contracts `c`.
    pub(super) fn due(
        &self,
        filter: &DueFilter,
        extent: Extent,
        counting: &str,
        parameters: &mut Parameters<'_>,
    ) -> String {
        let named = [&filter.partner, &filter.manufacturer];
        if named.into_iter().flatten().any(|key| !is_possible(key)) {
            return "1 = 0".to_owned();
        }
        let mut condition = format!(
            "{} AND {} AND c.signed_on IS NOT NULL",
            sql::stands("l"),
            self.open_contracts(extent, parameters)
        );
        if let Some(from) = filter.from {
            condition.push_str(&format!(" AND l.due_on >= {}", parameters.add(from)));
        }
        if let Some(to) = filter.to {
            condition.push_str(&format!(" AND l.due_on <= {}", parameters.add(to)));
        }
        if let Some(partner) = &filter.partner {
            condition.push_str(&format!(" AND l.partner = {}", parameters.add(partner.clone())));
        }
        if let Some(manufacturer) = &filter.manufacturer {
            condition.push_str(&format!(" AND l.manufacturer = {}", parameters.add(manufacturer.clone())));
        }
        if let Some(contracts) = &filter.contracts {
            let list = parameters.list(contracts.iter().filter(|number| is_possible(number)).cloned());
            condition.push_str(&format!(" AND l.contract IN {list}"));
        }
        if filter.open {
            condition.push_str(&format!(
                " AND {} AND NOT {}",
                sql::owing("c"),
                sql::complete("l.number", counting, "$2")
            ));
        }
        condition
    }

    fn due_line(&self, row: &Row) -> Result<DueLine, Fault> {
        let partner = row.text(3)?;
        let (due_on, completed_on) = (row.date(6)?, row.optional_date(8)?);
        let owing = sql::is_owing(row.text_ref(15)?);
        let state = match completed_on {
            Some(_) => DueState::Delivered,
            None if !owing => DueState::Ended,
            None if due_on <= self.as_of => DueState::Overdue,
            None => DueState::Open,
        };
        Ok(DueLine {
            line: row.text(0)?,
            contract: row.text(1)?,
            title: row.text(2)?,
            partner_name: row.optional_text(4)?.unwrap_or_else(|| partner.clone()),
            partner,
            description: row.text(5)?,
            due_on,
            signed_on: row.date(7)?,
            completed_on,
            quantity: Quantity(row.int(9)?),
            unit: unit(row, 10)?,
            delivered: Quantity(row.int(11)?),
            amount: Money::new(row.int(13)?, currency(row, 12)?),
            delivered_amount: row.int(14)?,
            state,
            label: self.labels.get(row.int(16)?)?.clone(),
        })
    }
}
