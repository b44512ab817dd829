//! Searching everything that the reader may see: the box at the head of every page, and what it finds.

use askama::Template;
use entente_register::access::Actor;
use entente_register::ledger::Refusal;
use entente_register::search::{MOST_CHARACTERS, Piece, Query, SearchKind};
use entente_store::reader::{Found, FoundKind, FoundRow, Listing, MOST_FOUND, Page, searched};

use super::frame::{Frame, Part};
use super::history::{paper_path, path};
use super::show;
use super::sign_in::Fault;
use super::visit::{Pages, Visit, one_of};
use super::way::Way;
use super::{page, refused_page};
use crate::error::{Answer, Failure};

/// Results of each kind where all kinds stand on one page.
const OF_EACH: i64 = 5;

/// The box at the head of a page.
#[derive(Debug, Clone)]
pub(crate) struct SearchBox {
    /// As it was typed.
    pub(crate) typed: String,
    pub(crate) most: usize,
    /// The view, which the results obey too.
    pub(crate) hidden: Vec<(&'static str, String)>,
}

impl SearchBox {
    /// The box of someone who has signed in; none for whom there is nothing to search.
    pub(crate) fn of(actor: &Actor, hidden: Vec<(&'static str, String)>) -> Option<SearchBox> {
        let some = !searched(actor).is_empty();
        some.then(|| SearchBox { typed: String::new(), most: MOST_CHARACTERS, hidden })
    }
}

/// A result.
#[derive(Debug, Clone)]
pub(crate) struct ResultCells {
    pub(crate) href: String,
    pub(crate) name: Vec<Piece>,
    pub(crate) number: Vec<Piece>,
    /// What the number is of, where it is not the result's own.
    pub(crate) of: &'static str,
    pub(crate) partner: Vec<Piece>,
    pub(crate) label: String,
    /// What else bears a word: the field, and its text.
    pub(crate) texts: Vec<(String, Vec<Piece>)>,
}

impl ResultCells {
    pub(crate) fn of(kind: SearchKind, row: &FoundRow, way: &Way) -> ResultCells {
        let (of, key) = (row.subject.kind, row.subject.key.as_str());
        let href = match kind {
            SearchKind::Partner => way.to(&format!("/partners/{key}")),
            SearchKind::Party => way.to(&format!("/parties/{key}")),
            SearchKind::Document => match &row.content {
                Some(content) => way.to(&format!("{}/documents/{content}", paper_path(of, key))),
                None => way.to(&path(of, key)),
            },
            _ => way.to(&path(of, key)),
        };
        // A partner's name says it already, with its code.
        let partner = row.partner.clone().filter(|_| kind != SearchKind::Partner);
        ResultCells {
            href,
            name: row.name.clone(),
            number: row.number.clone(),
            of: if kind == SearchKind::Document { of.word() } else { "" },
            partner: partner.map(|(_, name)| name).unwrap_or_default(),
            label: row.label.as_ref().map(ToString::to_string).unwrap_or_default(),
            texts: row
                .texts
                .iter()
                .map(|text| (show::capital(text.field.name()), text.text.clone()))
                .collect(),
        }
    }
}

/// The results of a kind.
#[derive(Debug, Clone)]
pub(crate) struct ResultGroup {
    pub(crate) word: &'static str,
    pub(crate) title: String,
    pub(crate) rows: Vec<ResultCells>,
    /// To all of them, where not all are shown: the words and the address.
    pub(crate) all: Option<(String, String)>,
}

/// A kind among the tabs.
#[derive(Debug, Clone)]
pub(crate) struct Tab {
    pub(crate) name: String,
    pub(crate) count: String,
    /// None where there is nothing of it.
    pub(crate) href: Option<String>,
    pub(crate) current: bool,
}

#[derive(Template)]
#[template(path = "search.html")]
pub(crate) struct SearchPage {
    pub(crate) frame: Frame,
    pub(crate) typed: String,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) groups: Vec<ResultGroup>,
    /// Where one kind alone is shown.
    pub(crate) pages: Option<Pages>,
    /// Whether there are more than are counted of what is shown.
    pub(crate) more: bool,
    /// What can be searched, where nothing was.
    pub(crate) kinds: Vec<&'static str>,
    pub(crate) fault: Option<Fault>,
}

/// `GET /search`
pub(super) async fn get(visit: Visit) -> Answer {
    let words: Vec<(&'static str, Option<SearchKind>)> =
        SearchKind::ALL.iter().map(|kind| (kind.word(), Some(*kind))).collect();
    let kind = one_of("kind", visit.parameter("kind"), &words, None)?;
    let reader = visit.reader().await?;
    let typed = visit.parameter("q").unwrap_or_default();
    let mut frame = visit.frame(Part::Search, title(typed), &reader);
    if let Some(search) = &mut frame.search {
        typed.clone_into(&mut search.typed);
    }
    if typed.is_empty() {
        return page(&SearchPage::empty(frame, reader.actor()));
    }
    let query = match Query::parse(typed) {
        Ok(query) => query,
        Err(refusal) => return refused(SearchPage::empty(frame, reader.actor()), typed, refusal),
    };
    let asked = kind.map_or(Page::first(OF_EACH), |_| visit.page);
    let found = reader.search(&query, kind.as_slice(), asked).await?;
    let frame = frame.marked(found.label.as_ref());
    page(&SearchPage {
        pages: pages(&visit, &found, kind),
        ..results(frame, typed, &found, kind, &visit.way())
    })
}

fn title(typed: &str) -> String {
    if typed.is_empty() { "Search".to_owned() } else { format!("Search: {typed}") }
}

fn refused(page: SearchPage, typed: &str, refusal: Refusal) -> Answer {
    let failure = Failure::from(refusal);
    let page = SearchPage { typed: typed.to_owned(), fault: Fault::of(&failure, "search-q"), ..page };
    refused_page(&page, &failure)
}

impl SearchPage {
    fn empty(frame: Frame, actor: &Actor) -> SearchPage {
        SearchPage {
            frame,
            typed: String::new(),
            tabs: Vec::new(),
            groups: Vec::new(),
            pages: None,
            more: false,
            kinds: searched(actor).into_iter().map(says).collect(),
            fault: None,
        }
    }
}

/// By what a kind is found.
fn says(kind: SearchKind) -> &'static str {
    match kind {
        SearchKind::Contract => "contracts by number, reference, title, partner and parties",
        SearchKind::Line => "lines by number, reference, designation, partner and control-list entry",
        SearchKind::Delivery => "deliveries by their whole number or reference",
        SearchKind::Opportunity => {
            "opportunities by number, reference, title, partner, customer, party and products"
        }
        SearchKind::Payment => "instalments, receipts and penalties by number, reference, partner and kind",
        SearchKind::Document => {
            "documents by their title, but for those of deliveries, and by the number of what they stand behind"
        }
        SearchKind::Partner => "partners by name and code",
        SearchKind::Party => "parties by name and number",
        SearchKind::Application => {
            "applications by number, title, goods, control-list entry, destination, parties and contract"
        }
        SearchKind::Licence => {
            "licences by number, goods, control-list entry, destination, parties and application"
        }
        SearchKind::Certificate => {
            "end-user certificates by number, the issuer’s number, goods, destination and parties"
        }
    }
}

fn count(kind: &FoundKind) -> String {
    if kind.more { format!("more than {}", show::count(MOST_FOUND)) } else { show::count(kind.total) }
}

/// The ways on within one kind.
fn pages(visit: &Visit, found: &Found, kind: Option<SearchKind>) -> Option<Pages> {
    let kind = found.kinds.iter().find(|own| Some(own.kind) == kind)?;
    let rows = vec![(); kind.rows.len()];
    let mut pages = visit.pages(&Listing { rows, total: kind.total, page: visit.page });
    if kind.more {
        pages.place = pages.place.replace(" of ", " of more than ");
    }
    Some(pages)
}

pub(crate) fn results(
    frame: Frame,
    typed: &str,
    found: &Found,
    only: Option<SearchKind>,
    way: &Way,
) -> SearchPage {
    let to = |kind: Option<SearchKind>| {
        way.with("/search", &[("q", typed), ("kind", kind.map_or("", SearchKind::word))])
    };
    let mut tabs = vec![Tab {
        name: "All".to_owned(),
        count: String::new(),
        href: Some(to(None)),
        current: only.is_none(),
    }];
    tabs.extend(found.kinds.iter().map(|kind| Tab {
        name: show::capital(kind.kind.name()),
        count: count(kind),
        href: (kind.total > 0 || only == Some(kind.kind)).then(|| to(Some(kind.kind))),
        current: only == Some(kind.kind),
    }));
    let groups: Vec<ResultGroup> = found
        .kinds
        .iter()
        .filter(|kind| !kind.rows.is_empty())
        .map(|kind| {
            let shown = i64::try_from(kind.rows.len()).unwrap_or(i64::MAX);
            ResultGroup {
                word: kind.kind.word(),
                title: show::capital(kind.kind.name()),
                rows: kind.rows.iter().map(|row| ResultCells::of(kind.kind, row, way)).collect(),
                all: (only.is_none() && shown < kind.total).then(|| {
                    let words = if kind.more { count(kind) } else { format!("all {}", count(kind)) };
                    (format!("{} {}", show::capital(&words), kind.kind.name()), to(Some(kind.kind)))
                }),
            }
        })
        .collect();
    SearchPage {
        more: only.is_some() && found.kinds.iter().any(|kind| only == Some(kind.kind) && kind.more),
        kinds: if groups.is_empty() {
            found.kinds.iter().map(|kind| says(kind.kind)).collect()
        } else {
            Vec::new()
        },
        frame,
        typed: typed.to_owned(),
        tabs,
        groups,
        pages: None,
        fault: None,
    }
}
