//! The chair's brief: the home page, and its alerts.

mod alert;
pub(super) mod alerts;
pub(crate) mod course;
mod forecast;
mod notice;
mod pipeline;
pub(super) mod table;
mod view;

pub(crate) use alert::{AlertSection, sections};
#[cfg(test)]
pub(crate) use alerts::AlertsPage;
pub(crate) use forecast::{Noted, short_name};
pub(crate) use notice::title as notice_title;
#[cfg(test)]
pub(crate) use notice::{NoticeRow, NoticeSection, sums};
pub(crate) use view::{Block, BriefView, Convention, Shown, Writer, view};

use askama::Template;
use entente_register::access::{Reading, may_read};
use entente_register::brief::Brief;

use super::frame::{Frame, Part, first_part};
use super::page;
use super::visit::Visit;
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

/// `GET /`: the brief, or for those who may not read it the first page that they may.
pub(super) async fn home(visit: Visit) -> Answer {
    if may_read(visit.actor(), Reading::Brief).is_none() {
        return Err(Failure::Elsewhere(visit.way().to(first_part(visit.actor()))));
    }
    let reader = visit.reader().await?;
    let brief = reader.brief(&visit.view.options()).await?;
    let plans = reader.plans().await?;
    let notices = notice::sums(&reader.notice_counts().await?, &visit.way());
    page(&BriefPage {
        frame: visit
            .frame_with(Part::Brief, "The chair’s brief", &reader, Some(&plans))
            .marked(brief.marking.as_ref()),
        brief: BriefView { notices, ..view(&brief, &visit.way()) },
    })
}
