//! Slippages of all contracts: which lines are expected later than agreed, why, on whose side, and what that sums to.

use std::collections::BTreeMap;

use entente_register::access::Reading;
use entente_register::label::Label;
use entente_register::ledger::SubjectKind;
use entente_register::money::{Currency, Money};
use entente_register::performance::{DelayCause, DelayReason, DelaySide, Slippage};

use super::contract::currency;
use super::{Page, Reader, sql};
use crate::error::{Fault, Outcome};

const DOING: &str = "reading slippages";

/// Slippages read at most: more than any portfolio has open.
const MOST: i64 = 20_000;

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

impl Reader {
    /// Slippages under contracts that the actor may see.
    ///
    /// # Errors
    /// `access.read` if the actor may not read contracts.
    pub async fn slippages(&self, filter: &SlippageFilter, page: Page) -> Outcome<Slippages> {
        let extent = self.check(Reading::Contracts)?;
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let contracts = self.open_contracts(extent, &mut parameters);
        let kind = parameters.add(SubjectKind::Slippage.word());
        let counting = parameters.add(self.counting.word());
        let most = parameters.add(MOST);
        // By the contract that each belongs to: what a reader may see is asked once, of contracts.
        let sql = format!(
            "SELECT p.content, c.number, c.title, c.partner, n.name, l.description, c.currency, l.amount, {}, p.label FROM performance p JOIN contract c ON c.number = p.contract JOIN line l ON l.number = substr(p.about, 6) LEFT JOIN partner n ON n.code = c.partner AND n.known_from <= $1 WHERE p.kind = {kind} AND {} AND {} AND {contracts} ORDER BY p.number LIMIT {most}",
            sql::delivered("amount", "l.number", self.counting, &counting, "$2"),
            sql::stands("p"),
            sql::stands("l"),
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let mut found = Vec::new();
        let mut labels = Vec::new();
        for row in &rows {
            let slippage: Slippage =
                serde_json::from_str(row.text_ref(0)?).map_err(|e| Fault::damaged(DOING, e))?;
            let partner = row.text(3)?;
            if !filter.fits(&slippage, &partner) {
                continue;
            }
            labels.push(row.int(9)?);
            found.push(SlippageRow {
                slippage,
                contract: row.text(1)?,
                title: row.text(2)?,
                partner_name: row.optional_text(4)?.unwrap_or_else(|| partner.clone()),
                partner,
                description: row.text(5)?,
                owed: Money::new(row.int(7)? - row.int(8)?, currency(row, 6)?),
            });
        }
        drop(transaction);
        let label = self.labels.join(labels)?;
        let sums = sums(&found);
        found.sort_by(|a, b| {
            let key = |row: &SlippageRow| (row.slippage.state != "open", -row.slippage.days());
            key(a).cmp(&key(b)).then_with(|| a.slippage.number.cmp(&b.slippage.number))
        });
        let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
        let place = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
        let rows = found.into_iter().skip(place(page.offset)).take(place(page.limit)).collect();
        self.log("slippages", label.as_ref()).await?;
        Ok(Slippages { rows, total, page, sums, label })
    }
}

impl SlippageFilter {
    fn fits(&self, slippage: &Slippage, partner: &str) -> bool {
        self.state.as_deref().is_none_or(|state| state == slippage.state)
            && self.cause.is_none_or(|cause| cause == slippage.delay.cause)
            && self.side.is_none_or(|side| side == slippage.delay.side)
            && self.partner.as_deref().is_none_or(|wanted| wanted == partner)
    }
}

fn sums(rows: &[SlippageRow]) -> Vec<SlippageSum> {
    let mut by: BTreeMap<(DelayReason, &str), SlippageSum> = BTreeMap::new();
    for row in rows {
        let (delay, currency) = (row.slippage.delay, row.owed.currency);
        let sum = by.entry((delay, currency.code())).or_insert(SlippageSum {
            delay,
            currency,
            slippages: 0,
            days: 0,
            owed: 0,
        });
        sum.slippages += 1;
        sum.days = sum.days.saturating_add(row.slippage.days());
        sum.owed = sum.owed.saturating_add(row.owed.minor);
    }
    let mut all: Vec<SlippageSum> = by.into_values().collect();
    // Stable: reasons that hold back the same stand in the order of their codes.
    all.sort_by_key(|sum| (sum.currency.code(), std::cmp::Reverse((sum.slippages, sum.owed))));
    all
}
