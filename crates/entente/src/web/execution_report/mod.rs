//! The year's report: the brief as the paper of a session, as a page made for print and as PDF.

mod attention;
mod section;
mod source;
mod view;

#[cfg(test)]
pub(crate) use view::Column;
pub(crate) use view::{Cell, Chart, Kind, Piece, ReportView, Table, view};

use view::title;

use askama::Template;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use entente_register::brief::Brief;
use entente_store::Fault;

use super::frame::{Frame, Part};
use super::page;
use super::visit::Visit;
use super::way::Way;
use crate::error::Answer;
use crate::formats::report_pdf;

#[derive(Template)]
#[template(path = "execution_report/page.html")]
pub(super) struct ReportPage {
    pub(super) frame: Frame,
    pub(super) report: ReportView,
    pub(super) pdf_href: String,
}

/// The report as a document that stands by itself: its style within, nothing to follow.
#[derive(Template)]
#[template(path = "execution_report/document.html")]
pub(crate) struct ReportDocument {
    report: ReportView,
    demonstration: bool,
    sheet: &'static str,
    /// On paper there is no other form to go to.
    pdf_href: String,
}

impl ReportDocument {
    /// Of a brief; `demonstration` if its contracts are invented.
    pub(crate) fn of(brief: &Brief, demonstration: bool) -> ReportDocument {
        let report = on_paper(brief);
        ReportDocument { report, demonstration, sheet: super::asset::SHEET, pdf_href: String::new() }
    }
}

/// As it stands on paper, where nothing can be followed.
pub(crate) fn on_paper(brief: &Brief) -> ReportView {
    view(brief, &Way::paper())
}

/// `GET /execution-report`: the report of the year to the day as of which is read.
pub(super) async fn get(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let brief = reader.brief(&visit.view.options()).await?;
    let plans = reader.plans().await?;
    let way = visit.way();
    page(&ReportPage {
        frame: visit
            .frame_with(Part::Brief, title(&brief), &reader, Some(&plans))
            .marked(brief.marking.as_ref()),
        report: view(&brief, &way),
        pdf_href: way.to("/execution-report.pdf"),
    })
}

/// `GET /execution-report.pdf`: the same, to be kept with the papers of the session.
pub(super) async fn pdf(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let brief = reader.brief(&visit.view.options()).await?;
    let (as_of, demonstration) = (brief.conventions.as_of, visit.app.defaults.demonstration);
    // Setting it takes a while: no other visitor waits for it.
    let bytes = tokio::task::spawn_blocking(move || report_pdf::bytes(&brief, demonstration))
        .await
        .map_err(|e| Fault::internal("setting the report", e))??;
    let disposition = format!("attachment; filename=\"report-{as_of}.pdf\"");
    let head = [(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, disposition)];
    Ok((head, bytes).into_response())
}
