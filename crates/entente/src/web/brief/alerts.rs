//! The alerts of the brief, and what of transfers wants attention: the first of each kind, or all of one kind by pages and
//! for spreadsheets.

use askama::Template;
use entente_register::access::{Extent, Reading, may_read};
use entente_register::brief::{Alert, AlertKind};
use entente_register::money::Money;
use entente_register::transfer::notice::NoticeKind;
use entente_store::reader::{Listing, Page, Reader};

use super::alert::{self, AlertSection, KINDS};
use super::notice::{self, NoticeSection};
use crate::api::transfer::notice::NOTICE_COLUMNS;
use crate::error::Answer;
use crate::formats::table::Kind;
use crate::web::frame::{Frame, Part};
use crate::web::page;
use crate::web::spreadsheet::{Table, amount, day, every, text, ways};
use crate::web::visit::{Pages, Visit, one_of};

/// Alerts of each kind where all kinds are shown.
const FIRST: usize = 10;

#[derive(Template)]
#[template(path = "brief/alerts.html")]
pub(crate) struct AlertsPage {
    pub(crate) frame: Frame,
    /// Whether the reader reads the brief, under which the page stands.
    pub(crate) under_brief: bool,
    pub(crate) sections: Vec<AlertSection>,
    pub(crate) notices: Vec<NoticeSection>,
    pub(crate) kinds: Vec<(String, String, bool)>,
    /// Of one kind: the pages of its list, and the forms and addresses of it for spreadsheets.
    pub(crate) list: Option<(Pages, Vec<(&'static str, String)>)>,
}

/// A kind of either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Alert(AlertKind),
    Notice(NoticeKind),
}

/// The kind that the address asks for; none for all.
fn asked(visit: &Visit) -> Answer<Option<Asked>> {
    let alerts = KINDS.map(|kind| (kind.word(), Some(Asked::Alert(kind))));
    let notices = NoticeKind::ALL.iter().map(|kind| (kind.word(), Some(Asked::Notice(*kind))));
    let kinds: Vec<_> = alerts.into_iter().chain(notices).collect();
    one_of("kind", visit.parameter("kind"), &kinds, None)
}

/// `GET /alerts?kind=…&offset=…`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let asked = asked(&visit)?;
    let reader = visit.reader().await?;
    let counts = reader.notice_counts().await?;
    // Whoever judges transfers reads no brief, and is told what of them wants attention all the same.
    let is_of_transfers = !matches!(asked, Some(Asked::Alert(_))) && !counts.is_empty();
    let reads_brief = may_read(visit.actor(), Reading::Brief) == Some(Extent::All);
    let brief = match is_of_transfers && !reads_brief {
        true => None,
        false => Some(reader.brief(&visit.view.options()).await?),
    };
    let way = visit.way();
    let mut kinds = vec![("All".to_owned(), way.to("/alerts"), asked.is_none())];
    for kind in KINDS.into_iter().filter(|_| brief.is_some()) {
        let href = way.with("/alerts", &[("kind", kind.word())]);
        kinds.push((alert::title(kind), href, asked == Some(Asked::Alert(kind))));
    }
    for kind in counts.iter().map(|count| count.kind) {
        let href = way.with("/alerts", &[("kind", kind.word())]);
        kinds.push((notice::title(kind), href, asked == Some(Asked::Notice(kind))));
    }
    let (mut sections, mut notices, mut list) = (Vec::new(), Vec::new(), None);
    let tables = |word: &str| ways(|ending| way.with(&format!("/alerts.{ending}"), &[("kind", word)]));
    match asked {
        None => {
            sections = brief.iter().flat_map(|brief| alert::sections(brief, &way, FIRST)).collect();
            let first = Page::first(i64::try_from(FIRST).unwrap_or(i64::MAX));
            for kind in counts.iter().filter(|count| count.count > 0).map(|count| count.kind) {
                let found = reader.notices(kind, first).await?;
                notices.push(notice::section(kind, (&found.rows, found.total), false, &way));
            }
        }
        Some(Asked::Alert(kind)) => {
            let place = |number: i64| usize::try_from(number).unwrap_or(0);
            let shown = (place(visit.page.offset), place(visit.page.limit));
            if let Some(brief) = &brief {
                let section = AlertSection { further: 0, ..alert::section(brief, kind, &way, shown) };
                let rows = vec![(); section.rows.len()];
                let pages = visit.pages(&Listing { rows, total: section.total, page: visit.page });
                sections.push(section);
                list = Some((pages, tables(kind.word())));
            }
        }
        Some(Asked::Notice(kind)) => {
            let found = reader.notices(kind, visit.page).await?;
            notices.push(notice::section(kind, (&found.rows, found.total), true, &way));
            list = Some((visit.pages(&found), tables(kind.word())));
        }
    }
    let part = if brief.is_some() { Part::Brief } else { Part::Transfers };
    let marking = brief.as_ref().and_then(|brief| brief.marking.as_ref());
    let frame = visit.frame(part, "Alerts", &reader).marked(marking);
    page(&AlertsPage { frame, under_brief: brief.is_some(), sections, notices, kinds, list })
}

/// Columns of the alerts for a spreadsheet.
const COLUMNS: &[&str] =
    &["kind", "contract", "line", "instalment", "partner", "title", "due_on", "owed", "currency", "reason"];

/// `GET /alerts.csv?kind=…` and `.xlsx`: all alerts, or all of a kind.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let asked = match asked(&visit)? {
        None => None,
        Some(Asked::Alert(kind)) => Some(kind),
        Some(Asked::Notice(of)) => return export_notices(&visit.reader().await?, of, kind).await,
    };
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

/// What of transfers wants attention, of a kind.
async fn export_notices(reader: &Reader, of: NoticeKind, kind: Kind) -> Answer {
    let rows = every(("notices", "a kind"), |page| reader.notices(of, page)).await?;
    let rows = rows.into_iter().map(notice::cells).collect();
    Table { name: "notices", columns: &NOTICE_COLUMNS, rows }.answer(kind, reader.as_of()).await
}
