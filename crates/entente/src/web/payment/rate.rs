//! The table of exchange rates.

use askama::Template;
use entente_register::ledger::{Refusal, parse_date};
use entente_store::reader::RateFilter;

use super::RateCells;
use crate::error::Answer;
use crate::web::act::Offers;
use crate::web::frame::{Frame, Part};
use crate::web::visit::{Pages, Visit};

#[derive(Template)]
#[template(path = "payment/rates.html")]
pub(crate) struct RatesPage {
    pub(crate) frame: Frame,
    pub(crate) rows: Vec<RateCells>,
    pub(crate) pages: Pages,
    pub(crate) offers: Offers,
}

/// How the table is narrowed.
pub(super) fn filter(visit: &Visit) -> Answer<RateFilter> {
    Ok(RateFilter {
        currency: visit
            .parameter("of")
            .map(|code| code.parse().map_err(|refusal: Refusal| refusal.field("of")))
            .transpose()?,
        on: visit.parameter("on").map(|on| parse_date("on", on)).transpose()?,
    })
}

/// `GET /rates?of=…&on=…`
pub(crate) async fn get(visit: Visit) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let found = reader.rates(&filter, visit.page).await?;
    let way = visit.way();
    crate::web::page(&RatesPage {
        frame: visit.frame(Part::Payments, "Exchange rates", &reader),
        rows: found.rows.iter().map(|row| RateCells::of(row, &way)).collect(),
        pages: visit.pages(&found),
        offers: Offers::new(&visit, &["record-rate"]),
    })
}
