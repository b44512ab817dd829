//! Finding a control-list entry for goods that are described in words.

use askama::Template;
use entente_register::search::{MOST_CHARACTERS, Piece, Query};
use entente_store::reader::ClassifyView;

use super::{Links, Named, Place, tabs};
use crate::error::{Answer, Failure};
use crate::web::embargo::check::class_name;
use crate::web::frame::{Frame, Part};
use crate::web::search::Tab;
use crate::web::show;
use crate::web::sign_in::Fault;
use crate::web::visit::Visit;
use crate::web::way::Way;
use crate::web::{page, refused_page};

/// An entry that bears the words.
#[derive(Debug, Clone)]
pub(crate) struct SuggestedCells {
    pub(crate) entry: String,
    pub(crate) title: Vec<Piece>,
    pub(crate) text: Vec<Piece>,
    pub(crate) list: String,
    pub(crate) edition: String,
}

/// How such goods were classified before.
#[derive(Debug, Clone)]
pub(crate) struct ClassifiedCells {
    pub(crate) category: String,
    pub(crate) class: String,
    pub(crate) applications: String,
    pub(crate) granted: String,
    pub(crate) last: Named,
    pub(crate) last_on: String,
    pub(crate) words: Vec<Piece>,
}

/// What is suggested.
#[derive(Debug, Clone, Default)]
pub(crate) struct ClassificationView {
    /// Whether a control list is in force.
    pub(crate) listed: bool,
    pub(crate) suggested: Vec<SuggestedCells>,
    pub(crate) classified: Vec<ClassifiedCells>,
}

#[derive(Template)]
#[template(path = "transfer/classification.html")]
pub(crate) struct ClassificationPage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) typed: String,
    pub(crate) most: usize,
    pub(crate) hidden: Vec<(String, String)>,
    /// None before anything was asked.
    pub(crate) view: Option<ClassificationView>,
    pub(crate) fault: Option<Fault>,
}

impl ClassificationView {
    pub(crate) fn of(found: &ClassifyView, query: &Query, links: &Links) -> ClassificationView {
        let count = |many: usize| show::count(i64::try_from(many).unwrap_or(i64::MAX));
        ClassificationView {
            listed: !found.lists.is_empty(),
            suggested: found
                .suggested
                .iter()
                .map(|one| SuggestedCells {
                    entry: one.listed.entry.clone(),
                    title: query.mark(&one.listed.title),
                    text: one.listed.text.as_deref().map(|text| query.mark(text)).unwrap_or_default(),
                    list: one.listed.list.clone(),
                    edition: one.listed.edition.clone(),
                })
                .collect(),
            classified: found
                .classified
                .iter()
                .map(|one| {
                    let (number, on, words) = &one.last;
                    ClassifiedCells {
                        category: one.category.clone(),
                        class: class_name(one.class),
                        applications: count(one.applications),
                        granted: count(one.granted),
                        last: Named::number(number, links.application(number)),
                        last_on: show::day(*on),
                        words: query.mark(words),
                    }
                })
                .collect(),
        }
    }
}

/// `GET /classification`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let typed = visit.parameter("q").unwrap_or_default().to_owned();
    let way: Way = visit.way();
    let blank = |frame| ClassificationPage {
        frame,
        tabs: tabs(visit.actor(), &way, Place::Classification),
        typed: typed.clone(),
        most: MOST_CHARACTERS,
        hidden: visit.hidden(),
        view: None,
        fault: None,
    };
    let frame = visit.frame(Part::Transfers, "Classification", &reader);
    if typed.is_empty() {
        // Whoever may not read applications is told so before anything is typed.
        reader.may_classify()?;
        return page(&blank(frame));
    }
    let query = match Query::parse(&typed) {
        Ok(query) => query,
        Err(refusal) => {
            let failure = Failure::from(refusal);
            let fault = Fault::of(&failure, "classify-q");
            return refused_page(&ClassificationPage { fault, ..blank(frame) }, &failure);
        }
    };
    let found = reader.classify(&query).await?;
    let links = Links::of(visit.actor(), &way);
    let view = ClassificationView::of(&found, &query, &links);
    let frame = frame.marked(found.label.as_ref());
    page(&ClassificationPage { view: Some(view), ..blank(frame) })
}
