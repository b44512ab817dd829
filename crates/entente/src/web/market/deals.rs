//! Deals of the trade register.

use askama::Template;
use entente_register::market::file::Deal;
use entente_register::market::{EditionInForce, Series};
use entente_store::reader::DealFilter;

use crate::api::market::object::DealObject;
use crate::api::market::read::year;
use crate::error::Answer;
use crate::formats::table::Kind;
use crate::web::frame::{Frame, Part};
use crate::web::spreadsheet::{Table, every, text, ways};
use crate::web::visit::{Pages, Visit};

/// A deal in the list; what is uncertain stands in brackets, as its publisher prints it.
#[derive(Debug, Clone)]
pub(crate) struct DealCells {
    pub(crate) supplier: String,
    pub(crate) recipient: String,
    pub(crate) ordered: String,
    pub(crate) number: String,
    pub(crate) designation: String,
    pub(crate) description: String,
    pub(crate) delivered: String,
    pub(crate) years: String,
    pub(crate) status: String,
    pub(crate) comments: String,
    pub(crate) tiv: String,
}

impl DealCells {
    pub(crate) fn of(deal: Deal) -> DealCells {
        let mut cells = DealObject::of(deal).cells().into_iter();
        let mut next = || cells.next().unwrap_or_default();
        let (recipient, supplier, ordered, number) = (next(), next(), next(), next());
        let (designation, description, delivered, years) = (next(), next(), next(), next());
        let (status, comments, _, _, tiv) = (next(), next(), next(), next(), next());
        DealCells {
            supplier,
            recipient,
            ordered,
            number,
            designation,
            description,
            delivered,
            years,
            status,
            comments,
            tiv,
        }
    }
}

#[derive(Template)]
#[template(path = "market/deals.html")]
pub(crate) struct DealsPage {
    pub(crate) frame: Frame,
    pub(crate) filter: DealForm,
    pub(crate) basis: &'static str,
    pub(crate) terms: &'static str,
    /// Empty where none was known.
    pub(crate) citation: String,
    pub(crate) rows: Vec<DealCells>,
    pub(crate) pages: Pages,
    pub(crate) tables: Vec<(&'static str, String)>,
}

/// The fields of the form.
#[derive(Debug, Clone, Default)]
pub(crate) struct DealForm {
    pub(crate) supplier: String,
    pub(crate) recipient: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) hidden: Vec<(String, String)>,
    /// The list without a filter; none where there is none.
    pub(crate) clear: Option<String>,
}

fn filter(visit: &Visit) -> Answer<DealFilter> {
    let asked = |name: &str| visit.parameter(name).map(|text| year(name, text)).transpose();
    Ok(DealFilter {
        supplier: visit.parameter("supplier").map(str::to_owned),
        recipient: visit.parameter("recipient").map(str::to_owned),
        from: asked("from")?,
        to: asked("to")?,
    })
}

/// `GET /market/deals`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let view = reader.market_deals(&filter, visit.page).await?;
    let (way, own) = (visit.way(), visit.narrowing());
    let given = |name: &str| visit.parameter(name).unwrap_or_default().to_owned();
    crate::web::page(&DealsPage {
        frame: visit.frame(Part::Market, "Deals of the trade register", &reader),
        filter: DealForm {
            supplier: given("supplier"),
            recipient: given("recipient"),
            from: given("from"),
            to: given("to"),
            hidden: visit.hidden(),
            clear: (!own.is_empty()).then(|| way.to("/market/deals")),
        },
        basis: Series::TradeRegister.basis(),
        terms: Series::TradeRegister.terms(),
        citation: view.edition.as_ref().map(EditionInForce::citation).unwrap_or_default(),
        pages: visit.pages(&view.deals),
        rows: view.deals.rows.into_iter().map(DealCells::of).collect(),
        tables: ways(|ending| way.with(&format!("/market/deals.{ending}"), &own)),
    })
}

/// `GET /market/deals.csv` and `.xlsx`
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let read = async |page| Ok(reader.market_deals(&filter, page).await?.deals);
    let deals = every(("deals", "supplier, recipient or years"), &read).await?;
    let rows = deals.into_iter().map(|deal| DealObject::of(deal).cells().into_iter().map(text).collect());
    Table { name: "deals", columns: &DealObject::COLUMNS, rows: rows.collect() }
        .answer(kind, reader.as_of())
        .await
}
