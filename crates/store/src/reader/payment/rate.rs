//! The table of exchange rates.

use jiff::civil::Date;

use entente_register::access::{Extent, Reading};
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::money::Currency;
use entente_register::payment::{ExchangeRate, Rate};

use super::RateRow;
use crate::database::Row;
use crate::error::{Fault, Outcome};
use crate::reader::contract::currency;
use crate::reader::sql;
use crate::reader::{Listing, Page, Reader};

/// How the table of rates is narrowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RateFilter {
    /// Only rates of this currency.
    pub currency: Option<Currency>,
    /// Only rates of this day.
    pub on: Option<Date>,
}

/// The columns of [`rate_row`].
pub(super) fn columns() -> String {
    format!(
        "x.number, x.rated_on, x.from_currency, x.units, x.to_currency, x.rate, x.source, x.contract, {}",
        sql::version(SubjectKind::Rate, "x.number")
    )
}

impl Reader {
    /// Exchange rates up to the reader's day, the latest first.
    ///
    /// # Errors
    /// `access.read` if the actor may not read payments.
    pub async fn rates(&self, filter: &RateFilter, page: Page) -> Outcome<Listing<RateRow>> {
        let extent = self.check(Reading::Payments)?;
        let page = page.bounded();
        let doing = "listing exchange rates";
        let mut parameters = self.parameters();
        let mut condition =
            format!("{} AND x.rated_on <= $2 {}", sql::known("x"), self.labels.filter("x.label"));
        if extent == Extent::Own {
            let open = self.open_contracts(extent, &mut parameters);
            condition.push_str(&format!(
                " AND (x.contract IS NULL OR x.contract IN (SELECT c.number FROM contract c WHERE {open}))"
            ));
        }
        if let Some(currency) = filter.currency {
            let currency = parameters.add(currency.code());
            condition.push_str(&format!(" AND (x.from_currency = {currency} OR x.to_currency = {currency})"));
        }
        if let Some(on) = filter.on {
            let on = parameters.add(on);
            condition.push_str(&format!(" AND x.rated_on = {on}"));
        }
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM exchange_rate x WHERE {condition}");
        let total = connection.fetch_one(doing, &sql, parameters.values()).await?.int(0)?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT {}, x.label FROM exchange_rate x WHERE {condition} ORDER BY x.rated_on DESC, x.number LIMIT {limit} OFFSET {offset}",
            columns()
        );
        let found = connection.fetch(doing, &sql, parameters.values()).await?;
        drop(transaction);
        let label = self.labels.join(found.iter().map(|row| row.int(9)).collect::<Result<Vec<_>, _>>()?)?;
        self.log("rates", label.as_ref()).await?;
        let rows = found.iter().map(rate_row).collect::<Result<_, _>>()?;
        Ok(Listing { rows, total, page })
    }
}

/// A row with [`columns`].
pub(super) fn rate_row(row: &Row) -> Result<RateRow, Fault> {
    let doing = "reading an exchange rate";
    let rate =
        Rate::parse("rate", row.text_ref(5)?).map_err(|e: Refusal| Fault::damaged(doing, e.message))?;
    let units = u32::try_from(row.int(3)?).map_err(|e| Fault::damaged(doing, e))?;
    Ok(RateRow {
        number: row.text(0)?,
        on: row.date(1)?,
        quoted: ExchangeRate { from: currency(row, 2)?, units, to: currency(row, 4)?, rate },
        source: row.text(6)?,
        contract: row.optional_text(7)?,
        version: row.version(8)?,
    })
}
