//! The chair's brief: the home page, and the list of all its alerts.

mod alert;
pub(crate) mod course;
mod forecast;
mod pipeline;
mod view;

pub(crate) use alert::{AlertSection, sections};
pub(crate) use forecast::{Noted, short_name};
pub(crate) use view::{Block, BriefView, Convention, Shown, Writer, view};

use askama::Template;
use axum::response::Response;
use entente_register::access::{Reading, may_read};
use entente_register::brief::Brief;

use super::frame::{Frame, Part, first_part};
use super::page;
use super::visit::{Visit, one_of};
use super::way::Way;
use crate::error::{Answer, Failure};

#[derive(Template)]
#[template(path = "brief/page.html")]
pub(super) struct BriefPage {
    pub(super) frame: Frame,
    pub(super) brief: BriefView,
}

/// The brief as a document that stands by itself: its style within, nothing to follow.
#[derive(Template)]
#[template(path = "brief/document.html")]
pub(crate) struct BriefDocument {
    brief: BriefView,
    demonstration: bool,
    sheet: &'static str,
}

impl BriefDocument {
    /// Of a brief; `demonstration` if its contracts are invented.
    pub(crate) fn of(brief: &Brief, demonstration: bool) -> BriefDocument {
        BriefDocument { brief: view(brief, &Way::paper()), demonstration, sheet: super::asset::SHEET }
    }
}

#[derive(Template)]
#[template(path = "brief/alerts.html")]
pub(super) struct AlertsPage {
    pub(super) frame: Frame,
    pub(super) sections: Vec<AlertSection>,
    pub(super) kinds: Vec<(String, String, bool)>,
}

/// `GET /`: the brief, or for those who may not read it the first page that they may.
pub(super) async fn home(visit: Visit) -> Answer {
    if may_read(visit.actor(), Reading::Brief).is_none() {
        return Err(Failure::Elsewhere(visit.way().to(first_part(visit.actor()))));
    }
    let reader = visit.reader().await?;
    let brief = reader.brief(&visit.view.options()).await?;
    let plans = reader.plans().await?;
    page(&BriefPage {
        frame: visit
            .frame_with(Part::Brief, "The chair’s brief", &reader, Some(&plans))
            .marked(brief.marking.as_ref()),
        brief: view(&brief, &visit.way()),
    })
}

/// `GET /alerts?kind=…`: all alerts, or all of one kind.
pub(super) async fn alerts(visit: Visit) -> Answer<Response> {
    let kinds = [
        ("overdue", "overdue"),
        ("due_soon", "due_soon"),
        ("at_risk", "at_risk"),
        ("instalment_overdue", "instalment_overdue"),
    ];
    let kind = one_of("kind", visit.parameter("kind"), &kinds, "")?;
    let reader = visit.reader().await?;
    let brief = reader.brief(&visit.view.options()).await?;
    let way = visit.way();
    let mut sections = alert::sections(&brief, &way, usize::MAX);
    let mut links = vec![("All".to_owned(), way.to("/alerts"), kind.is_empty())];
    for section in &sections {
        let href = way.with("/alerts", &[("kind", section.word)]);
        links.push((section.title.clone(), href, kind == section.word));
    }
    sections.retain(|section| kind.is_empty() || section.word == kind);
    let frame = visit.frame(Part::Brief, "Alerts", &reader).marked(brief.marking.as_ref());
    page(&AlertsPage { frame, sections, kinds: links })
}
