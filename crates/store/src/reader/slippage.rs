//! Slippages of all contracts: which lines are expected later than agreed, why, on whose side, and what that sums to.

use std::collections::BTreeMap;

use entente_register::access::{Extent, Reading};
use entente_register::label::Label;
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::money::{Currency, Money};
use entente_register::performance::{DelayCause, DelayReason, DelaySide, Slippage};

use super::contract::currency;
use super::{Listing, Page, Reader, sql};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};

const DOING: &str = "reading slippages";

/// Which slippages are listed; what is absent narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SlippageFilter {
    /// `open` or `ended`.
    pub state: Option<String>,
    /// The cause.
    pub cause: Option<DelayCause>,
    /// On whose side it lies.
    pub side: Option<DelaySide>,
    /// Code of the partner.
    pub partner: Option<String>,
}

/// A slippage in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlippageRow {
    /// The slippage.
    pub slippage: Slippage,
    /// Number of the contract.
    pub contract: String,
    /// What the contract is about.
    pub title: String,
    /// Code of the partner.
    pub partner: String,
    /// Its name.
    pub partner_name: String,
    /// The goods of the line.
    pub description: String,
    /// What the line still owes by the reader’s counting rule.
    pub owed: Money,
}

/// What slippages of one reason sum to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlippageSum {
    /// Why, and on whose side.
    pub delay: DelayReason,
    /// In which currency the contracts are.
    pub currency: Currency,
    /// How many.
    pub slippages: i64,
    /// Days by which they are late, together.
    pub days: i64,
    /// What their lines still owe, in minor units.
    pub owed: i64,
}

/// Slippages, and what they sum to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slippages {
    /// Those of the page: the open ones first, the latest by most days before the others.
    pub rows: Vec<SlippageRow>,
    /// How many there are.
    pub total: i64,
    /// The page.
    pub page: Page,
    /// What all of them sum to by reason, those that hold back most before the others.
    pub sums: Vec<SlippageSum>,
    /// The join of the markings of all of them.
    pub label: Option<Label>,
}

/// What a row of the list is read from.
const COLUMNS: &str = "p.content, c.number, c.title, c.partner, n.name, l.description, c.currency";

/// The open ones first, the latest by most days before the others.
const ORDER: &str = "CASE WHEN p.state = 'open' THEN 0 ELSE 1 END, p.days DESC, p.number";

impl Reader {
    /// Slippages under contracts that the actor may see, and what all of them sum to.
    ///
    /// # Errors
    /// `access.read` if the actor may not read contracts.
    pub async fn slippages(&self, filter: &SlippageFilter, page: Page) -> Outcome<Slippages> {
        let extent = self.check(Reading::Contracts)?;
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let (sums, label) = self.slippage_sums(&mut connection, extent, filter).await?;
        let (rows, _) = self.slippages_of_page(&mut connection, extent, filter, page).await?;
        drop(transaction);
        self.log("slippages", label.as_ref()).await?;
        let total = sums.iter().map(|sum| sum.slippages).sum();
        Ok(Slippages { rows, total, page, sums, label })
    }

    /// The same rows without what they sum to: for who reads page after page.
    ///
    /// # Errors
    /// `access.read` if the actor may not read contracts.
    pub async fn slippage_rows(&self, filter: &SlippageFilter, page: Page) -> Outcome<Listing<SlippageRow>> {
        let extent = self.check(Reading::Contracts)?;
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let from = self.slippages_from(extent, filter, &mut parameters);
        let sql = format!("SELECT CAST(count(*) AS BIGINT) {from}");
        let total = connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?;
        let (rows, label) = self.slippages_of_page(&mut connection, extent, filter, page).await?;
        drop(transaction);
        self.log("slippages", label.as_ref()).await?;
        Ok(Listing { rows, total, page })
    }

    /// The rows of a page, and the join of their markings.
    async fn slippages_of_page(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        filter: &SlippageFilter,
        page: Page,
    ) -> Result<(Vec<SlippageRow>, Option<Label>), Fault> {
        let mut parameters = self.parameters();
        let from = self.slippages_from(extent, filter, &mut parameters);
        let owed = self.owed_by_line(&mut parameters);
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT {COLUMNS}, {owed}, p.label {from} ORDER BY {ORDER} LIMIT {limit} OFFSET {offset}"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(8)).collect::<Result<Vec<_>, _>>()?)?;
        Ok((rows.iter().map(slippage_row).collect::<Result<_, _>>()?, label))
    }

    /// What all of them sum to by reason, and the join of their markings.
    async fn slippage_sums(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        filter: &SlippageFilter,
    ) -> Result<(Vec<SlippageSum>, Option<Label>), Fault> {
        let mut parameters = self.parameters();
        let from = self.slippages_from(extent, filter, &mut parameters);
        let owed = self.owed_by_line(&mut parameters);
        let sql = format!(
            "SELECT s.currency, s.cause, s.side, s.label, CAST(count(*) AS BIGINT), CAST(sum(s.days) AS BIGINT), CAST(sum(s.owed) AS BIGINT) FROM (SELECT c.currency, p.cause, p.side, p.label, p.days, {owed} AS owed {from}) s GROUP BY s.currency, s.cause, s.side, s.label"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let mut labels = Vec::new();
        let mut by: BTreeMap<(DelayReason, &str), SlippageSum> = BTreeMap::new();
        for row in &rows {
            let currency = currency(row, 0)?;
            let damaged = |refusal: Refusal| Fault::damaged(DOING, refusal);
            let delay = DelayReason {
                cause: row.text_ref(1)?.parse().map_err(damaged)?,
                side: row.text_ref(2)?.parse().map_err(damaged)?,
            };
            labels.push(row.int(3)?);
            let sum = by.entry((delay, currency.code())).or_insert(SlippageSum {
                delay,
                currency,
                slippages: 0,
                days: 0,
                owed: 0,
            });
            sum.slippages += row.int(4)?;
            sum.days = sum.days.saturating_add(row.int(5)?);
            sum.owed = sum.owed.saturating_add(row.int(6)?);
        }
        let mut sums: Vec<SlippageSum> = by.into_values().collect();
        // Stable: reasons that hold back the same stand in the order of their codes.
        sums.sort_by_key(|sum| (sum.currency.code(), std::cmp::Reverse((sum.slippages, sum.owed))));
        Ok((sums, self.labels.join(labels)?))
    }

    /// What line `l` still owes by the reader's counting rule.
    fn owed_by_line(&self, parameters: &mut sql::Parameters<'_>) -> String {
        let counting = parameters.add(self.counting.word());
        format!("l.amount - {}", sql::delivered("amount", "l.number", self.counting, &counting, "$2"))
    }

    /// The tables and the condition: slippages `p` of lines `l` under contracts `c` with partners `n`. What a reader
    /// may see is asked once, of contracts.
    fn slippages_from(
        &self,
        extent: Extent,
        filter: &SlippageFilter,
        parameters: &mut sql::Parameters<'_>,
    ) -> String {
        let contracts = self.open_contracts(extent, parameters);
        let kind = parameters.add(SubjectKind::Slippage.word());
        let mut from = format!(
            "FROM performance p JOIN contract c ON c.number = p.contract JOIN line l ON l.number = substr(p.about, 6) LEFT JOIN partner n ON n.code = c.partner AND n.known_from <= $1 WHERE p.kind = {kind} AND {} AND {} AND {contracts}",
            sql::stands("p"),
            sql::stands("l"),
        );
        let cause = filter.cause.map(|cause| cause.word().to_owned());
        let side = filter.side.map(|side| side.word().to_owned());
        let asked = [
            ("p.state", &filter.state),
            ("p.cause", &cause),
            ("p.side", &side),
            ("c.partner", &filter.partner),
        ];
        parameters.narrow(&mut from, asked);
        from
    }
}

fn slippage_row(row: &Row) -> Result<SlippageRow, Fault> {
    let partner = row.text(3)?;
    Ok(SlippageRow {
        slippage: row.json(DOING, 0)?,
        contract: row.text(1)?,
        title: row.text(2)?,
        partner_name: row.optional_text(4)?.unwrap_or_else(|| partner.clone()),
        partner,
        description: row.text(5)?,
        owed: Money::new(row.int(7)?, currency(row, 6)?),
    })
}
