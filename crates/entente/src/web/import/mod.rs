//! Bringing files in: choosing one, seeing what would become of it, and importing the very same bytes.
//!
//! | address | what |
//! |---|---|
//! | `/import` | what can be brought in, templates to fill, one's own files that wait; a file is sent here |
//! | `/import/templates/{name}` | an empty table to fill |
//! | `/import/{id}` | how it stands with a file: under way, the preview, the faults, or what was imported |
//! | `/import/{id}/faults.csv` | its faults as a table |

#[cfg(test)]
pub(crate) mod sample;
mod upload;
mod view;

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use entente_register::ledger::Refusal;
use serde::Deserialize;

use super::frame::{Frame, Part};
use super::sign_in::Fault;
use super::way::Way;
use super::{page, refused_page};
use crate::app::App;
use crate::book::{What, ocds, refused};
use crate::error::{Answer, Failure};
use crate::formats::table::{Kind, template, workbook_template};
use crate::importing::{Purpose, Stage, begin, offered};
use crate::parameters::ViewParameters;
use crate::session::{Signed, SignedForm};

pub(super) use upload::send;
pub(crate) use view::{Offer, PreviewView, WaitingFile};

/// How long a request waits for the end of a trial or an import before it shows how far it is.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// How often the page of one that is under way asks again, in seconds.
const EVERY: u32 = 2;

#[derive(Template)]
#[template(path = "import/choose.html")]
pub(super) struct ChoosePage {
    pub(super) frame: Frame,
    pub(super) csrf: String,
    pub(super) offers: Vec<Offer>,
    /// The largest file, in MiB.
    pub(super) most: u64,
    pub(super) category: String,
    pub(super) waiting: Vec<WaitingFile>,
    pub(super) fault: Option<Fault>,
}

#[derive(Template)]
#[template(path = "import/file.html")]
pub(super) struct FilePage {
    pub(super) frame: Frame,
    pub(super) csrf: String,
    pub(super) file: WaitingFile,
    pub(super) preview: PreviewView,
}

/// The page on which a file is chosen.
pub(super) fn choose_page(
    app: &App,
    signed: &Signed,
    view: &ViewParameters,
    (chosen, category): (Option<What>, &str),
    fault: Option<Fault>,
) -> Answer<ChoosePage> {
    let whats = offered(signed.actor());
    if whats.is_empty() {
        // Whoever may bring nothing in is told who may.
        What::Contracts.check(signed.actor())?;
    }
    let way = Way::of(view);
    let title = if fault.is_some() { "Error: import" } else { "Import" };
    Ok(ChoosePage {
        frame: Frame::of(app, signed, view, Part::Contracts, title),
        csrf: signed.form_token(),
        offers: whats.into_iter().map(|what| Offer::of(what, chosen == Some(what))).collect(),
        most: app.config.import_limit >> 20,
        category: category.to_owned(),
        waiting: app.imports.of(signed).iter().map(|entry| WaitingFile::of(entry, &way)).collect(),
        fault,
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    what: String,
}

/// `GET /import`
pub(super) async fn choose(
    State(app): State<Arc<App>>,
    signed: Signed,
    view: ViewParameters,
    axum::extract::Query(chosen): axum::extract::Query<Chosen>,
) -> Answer {
    app.imports.forget_old(app.store.now()).await;
    page(&choose_page(&app, &signed, &view, (What::named(&chosen.what), ""), None)?)
}

/// `GET /import/templates/{name}`: `contracts.csv`, `contracts.xlsx`, `ocds.json`.
pub(super) async fn give_template(_: Signed, Path(name): Path<String>) -> Answer {
    let unknown = || Refusal::not_found("template", &name);
    let (word, ending) = name.rsplit_once('.').ok_or_else(unknown)?;
    let what = What::named(word).ok_or_else(unknown)?;
    let (bytes, kind) = match (what, what.table(), ending) {
        (What::Ocds, _, "json") => (ocds::template()?, "application/json"),
        (_, Some(table), "csv") => {
            (template(table, Kind::Csv).map_err(|e| refused(&e))?, "text/csv; charset=utf-8")
        }
        (_, Some(table), "xlsx") => {
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            (template(table, Kind::Xlsx).map_err(|e| refused(&e))?, kind)
        }
        (What::Book | What::Payments | What::Pipeline, _, "xlsx") => {
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            (workbook_template(&what.tables()).map_err(|e| refused(&e))?, kind)
        }
        _ => return Err(unknown().into()),
    };
    let headers =
        [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))];
    Ok((headers, bytes).into_response())
}

/// `GET /import/{id}`
pub(super) async fn get(
    State(app): State<Arc<App>>,
    signed: Signed,
    view: ViewParameters,
    Path(id): Path<String>,
) -> Answer {
    let entry = app.imports.find(&signed, &id, app.store.now()).await?;
    let stage = entry.stage();
    let preview = PreviewView::of(&entry, &stage);
    let mut frame = Frame::of(&app, &signed, &view, Part::Contracts, preview.title());
    if !stage.is_still() {
        frame.refresh = Some(EVERY);
    }
    page(&FilePage {
        frame,
        csrf: signed.form_token(),
        file: WaitingFile::of(&entry, &Way::of(&view)),
        preview,
    })
}

/// `GET /import/{id}/faults.csv`
pub(super) async fn faults(State(app): State<Arc<App>>, signed: Signed, Path(id): Path<String>) -> Answer {
    let entry = app.imports.find(&signed, &id, app.store.now()).await?;
    let Stage::Done(done) = entry.stage() else {
        return Err(Refusal::not_found("table of faults", &id).into());
    };
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"faults.csv\""),
    ];
    Ok((headers, view::faults(&done.report).map_err(|e| refused(&e))?).into_response())
}

#[derive(Debug, Deserialize)]
pub(super) struct Act {
    act: String,
    /// The hash of what was seen.
    #[serde(default)]
    content: String,
}

/// `POST /import/{id}`: imports what was seen, tries it again, or discards it.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    view: ViewParameters,
    Path(id): Path<String>,
    SignedForm { signed, form }: SignedForm<Act>,
) -> Answer {
    let entry = app.imports.find(&signed, &id, app.store.now()).await?;
    let way = Way::of(&view);
    match form.act.as_str() {
        "import" => {
            entry.kept.what().check(signed.actor())?;
            let seen = match entry.stage() {
                Stage::Done(done) => done.report.is_clean() && form.content == entry.kept.content(),
                // Sent twice, or by going back: the page says how it stands.
                Stage::Waiting(Purpose::Import) | Stage::Running(Purpose::Import) => true,
                _ => false,
            };
            if !seen {
                return Err(Refusal::new(
                    "import.not_seen",
                    "Only what was seen without a fault is imported.",
                )
                .missing("a preview of this file without faults")
                .into());
            }
            begin(&app, &entry, signed.actor(), Purpose::Import);
            entry.wait(PATIENCE).await;
        }
        "again" => {
            entry.kept.what().check(signed.actor())?;
            begin(&app, &entry, signed.actor(), Purpose::Trial);
            entry.wait(PATIENCE).await;
        }
        "discard" => {
            app.imports.discard(&entry).await?;
            return Err(Failure::Elsewhere(way.to("/import")));
        }
        other => {
            return Err(Refusal::new("parameter.unknown", format!("act cannot be {other:?}."))
                .field("act")
                .missing("one of import, again, discard")
                .into());
        }
    }
    Err(Failure::Elsewhere(way.to(&format!("/import/{id}"))))
}

/// The page of choosing again, with what is wrong beside its field.
pub(super) fn refused_choice(
    app: &App,
    signed: &Signed,
    view: &ViewParameters,
    chosen: (Option<What>, &str),
    failure: Failure,
) -> Answer {
    let field = match failure.refusal().and_then(|refusal| refusal.field.as_deref()) {
        Some("what") => "what",
        Some("category") => "category",
        _ => "file",
    };
    let Some(fault) = Fault::of(&failure, field) else { return Err(failure) };
    refused_page(&choose_page(app, signed, view, chosen, Some(fault))?, &failure)
}
