//! A decision judged again, and the full file of an application.

use askama::Template;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use entente_register::transfer::check::OnRecord;
use entente_store::Fault;
use entente_store::reader::JudgedAgain;

use super::Links;
use super::check::ChecksView;
use crate::error::Answer;
use crate::formats::case_file::archive;
use crate::web::frame::{Frame, Part};
use crate::web::show;
use crate::web::visit::Visit;

/// Everything on the page of a decision that is judged again.
#[derive(Debug, Clone)]
pub(crate) struct JudgedView {
    pub(crate) application: String,
    pub(crate) licence: String,
    pub(crate) licence_href: String,
    pub(crate) application_href: String,
    pub(crate) decided_on: String,
    pub(crate) proposed_by: String,
    pub(crate) signed_by: String,
    pub(crate) entry: i64,
    pub(crate) rules_then: String,
    pub(crate) rules_now: String,
    /// What stands against it; none where nothing does.
    pub(crate) then: Option<ChecksView>,
    pub(crate) now: Option<ChecksView>,
    /// As they were when it was signed.
    pub(crate) signed: ChecksView,
}

#[derive(Template)]
#[template(path = "transfer/judged.html")]
pub(crate) struct JudgedPage {
    pub(crate) frame: Frame,
    pub(crate) view: JudgedView,
}

/// `GET /applications/{number}/judged-again`
pub(in crate::web) async fn get(visit: Visit, Path(number): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let judged = reader.judge_again(&number).await?;
    let frame = visit
        .frame(Part::Transfers, format!("Decision on {number}, judged again"), &reader)
        .marked(Some(&judged.label));
    let way = visit.way();
    let links = Links::of(visit.actor(), &way);
    crate::web::page(&JudgedPage { frame, view: view(&number, &judged, &links, &way) })
}

/// Writes it for people.
pub(crate) fn view(
    number: &str,
    judged: &JudgedAgain,
    links: &Links,
    way: &crate::web::way::Way,
) -> JudgedView {
    let names = std::collections::BTreeMap::new();
    let checks = |all: &[entente_register::transfer::check::Check]| {
        ChecksView::of(all, &OnRecord::new(), &names, links)
    };
    let some = |all: &[entente_register::transfer::check::Check]| (!all.is_empty()).then(|| checks(all));
    let decision = &judged.decision;
    let licence = decision.licence.clone().unwrap_or_default();
    JudgedView {
        application: number.to_owned(),
        application_href: way.to(&format!("/applications/{number}")),
        licence_href: way.to(&format!("/licences/{licence}")),
        licence,
        decided_on: show::day(decision.on),
        proposed_by: decision.proposed_by.clone(),
        signed_by: decision.countersigned_by.clone(),
        entry: judged.sequence,
        rules_then: judged.editions.0.clone(),
        rules_now: judged.editions.1.clone(),
        then: some(&judged.then),
        now: some(&judged.now),
        signed: checks(&decision.checks),
    }
}

/// `GET /applications/{number}/file.zip`
pub(in crate::web) async fn file(visit: Visit, Path(number): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let case = reader.case_file(&number).await?;
    let (as_of, known_to) = (reader.as_of(), reader.known_to());
    let bytes = tokio::task::spawn_blocking(move || archive(case, as_of, known_to))
        .await
        .map_err(|error| Fault::internal("writing the full file of an application", error.to_string()))??;
    let name = format!("{number}.zip");
    let headers = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}
