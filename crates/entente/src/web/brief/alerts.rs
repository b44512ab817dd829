//! The alerts of the brief: the first of each kind, or all of one kind by pages and for spreadsheets.

use askama::Template;
use entente_register::brief::{Alert, AlertKind};
use entente_register::money::Money;
use entente_store::reader::Listing;

use super::alert::{self, AlertSection, KINDS};
use crate::error::Answer;
use crate::formats::table::Kind;
use crate::web::frame::{Frame, Part};
use crate::web::page;
use crate::web::spreadsheet::{Table, amount, day, text, ways};
use crate::web::visit::{Pages, Visit, one_of};

/// Alerts of each kind where all kinds are shown.
const FIRST: usize = 10;

#[derive(Template)]
#[template(path = "brief/alerts.html")]
pub(crate) struct AlertsPage {
    pub(crate) frame: Frame,
    pub(crate) sections: Vec<AlertSection>,
    pub(crate) kinds: Vec<(String, String, bool)>,
    /// Of one kind: the pages of its list, and the forms and addresses of it for spreadsheets.
    pub(crate) list: Option<(Pages, Vec<(&'static str, String)>)>,
}

/// The kind that the address asks for; none for all.
fn asked(visit: &Visit) -> Answer<Option<AlertKind>> {
    let kinds = KINDS.map(|kind| (kind.word(), Some(kind)));
    one_of("kind", visit.parameter("kind"), &kinds, None)
}

/// `GET /alerts?kind=…&offset=…`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let asked = asked(&visit)?;
    let reader = visit.reader().await?;
    let brief = reader.brief(&visit.view.options()).await?;
    let way = visit.way();
    let mut kinds = vec![("All".to_owned(), way.to("/alerts"), asked.is_none())];
    for kind in KINDS {
        let href = way.with("/alerts", &[("kind", kind.word())]);
        kinds.push((alert::title(kind), href, asked == Some(kind)));
    }
    let (sections, list) = match asked {
        None => (alert::sections(&brief, &way, FIRST), None),
        Some(kind) => {
            let place = |number: i64| usize::try_from(number).unwrap_or(0);
            let shown = (place(visit.page.offset), place(visit.page.limit));
            let section = AlertSection { further: 0, ..alert::section(&brief, kind, &way, shown) };
            let rows = vec![(); section.rows.len()];
            let pages = visit.pages(&Listing { rows, total: section.total, page: visit.page });
            let tables = ways(|ending| way.with(&format!("/alerts.{ending}"), &[("kind", kind.word())]));
            (vec![section], Some((pages, tables)))
        }
    };
    let frame = visit.frame(Part::Brief, "Alerts", &reader).marked(brief.marking.as_ref());
    page(&AlertsPage { frame, sections, kinds, list })
}

/// Columns of the alerts for a spreadsheet.
const COLUMNS: &[&str] =
    &["kind", "contract", "line", "instalment", "partner", "title", "due_on", "owed", "currency", "reason"];

/// `GET /alerts.csv?kind=…` and `.xlsx`: all alerts, or all of a kind.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let asked = asked(&visit)?;
    let reader = visit.reader().await?;
    let brief = reader.brief(&visit.view.options()).await?;
    let currency = brief.conventions.currency;
    let kinds = KINDS.into_iter().filter(|kind| asked.is_none_or(|asked| asked == *kind));
    let rows = kinds.flat_map(|kind| alert::of_kind(&brief, kind)).map(|alert| {
        let Alert { contract, line, instalment, partner, title, reason, .. } = alert;
        vec![
            text(alert.kind.word()),
            text(contract),
            text(line.as_deref().unwrap_or_default()),
            text(instalment.as_deref().unwrap_or_default()),
            text(partner),
            text(title),
            day(alert.due_on),
            amount(Money::new(alert.value, currency)),
            text(currency.code()),
            text(reason),
        ]
    });
    Table { name: "alerts", columns: COLUMNS, rows: rows.collect() }.answer(kind, reader.as_of()).await
}
