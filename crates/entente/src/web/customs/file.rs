//! A file of customs, tried and brought in. Tried, it is judged as a whole and nothing of it is kept.

use std::sync::Arc;

use askama::Template;
use axum::RequestExt as _;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Request, State};
use axum::http::StatusCode;
use entente_register::access::{CommandKind, may_command};
use entente_register::command::Command;
use entente_register::customs::CustomsCommand;
use entente_register::customs::format::{MOST_BYTES, MOST_ROWS, text_of};
use entente_register::customs::run::{CustomsRun, RunContent};
use entente_register::ledger::Refusal;

use super::run::{RowCells, sums};
use crate::app::App;
use crate::error::{Answer, Failure};
use crate::web::file_form;
use crate::web::frame::{Frame, Part};
use crate::web::history;
use crate::web::search::Tab;
use crate::web::show;
use crate::web::sign_in::Fault;
use crate::web::transfer::{Links, Place, tabs};
use crate::web::visit::Visit;

/// Bytes of a file at most.
pub(in crate::web) const LARGEST: usize = MOST_BYTES;

/// Bytes of a field that is no file.
const FIELD: usize = 1_000;

/// Rows of a file that was tried, shown at most: those that would be refused first.
const SHOWN: usize = 200;

/// Which file is brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    Usage,
    Reply,
}

impl Of {
    fn path(self) -> &'static str {
        match self {
            Of::Usage => "/customs/usage",
            Of::Reply => "/customs/reply",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Of::Usage => "Bring in usage data",
            Of::Reply => "Bring in a licence reply",
        }
    }

    fn kind(self) -> CommandKind {
        match self {
            Of::Usage => CommandKind::CustomsUsage,
            Of::Reply => CommandKind::CustomsReply,
        }
    }

    fn command(self, file: String) -> CustomsCommand {
        match self {
            Of::Usage => CustomsCommand::Usage { file },
            Of::Reply => CustomsCommand::Reply { file },
        }
    }
}

/// What would become of a file.
#[derive(Debug, Clone)]
pub(crate) struct TriedCells {
    pub(crate) key: String,
    pub(crate) sums: String,
    /// Whether it was brought in before, and nothing would change.
    pub(crate) again: bool,
    pub(crate) rows: Vec<RowCells>,
    pub(crate) more: String,
}

#[derive(Template)]
#[template(path = "customs/file.html")]
pub(crate) struct CustomsFilePage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) title: &'static str,
    pub(crate) is_usage: bool,
    pub(crate) action: String,
    /// Where the file is tried, of usage data.
    pub(crate) trying: String,
    pub(crate) csrf: String,
    /// The run that is awaited, of usage data.
    pub(crate) awaited: String,
    pub(crate) largest: usize,
    pub(crate) most: String,
    pub(crate) fault: Option<Fault>,
    pub(crate) tried: Option<TriedCells>,
}

/// `GET /customs/usage`
pub(in crate::web) async fn get_usage(visit: Visit) -> Answer {
    get(&visit, Of::Usage).await
}

/// `GET /customs/reply`
pub(in crate::web) async fn get_reply(visit: Visit) -> Answer {
    get(&visit, Of::Reply).await
}

async fn get(visit: &Visit, of: Of) -> Answer {
    may_command(visit.actor(), of.kind())?;
    crate::web::page(&form(visit, of, None, None).await?)
}

async fn form(
    visit: &Visit,
    of: Of,
    fault: Option<Fault>,
    tried: Option<TriedCells>,
) -> Answer<CustomsFilePage> {
    let reader = crate::web::act::present(visit).await?;
    let last = reader.customs().await?.last_in;
    let title = match &fault {
        Some(_) => format!("Error: {}", of.title()),
        None => of.title().to_owned(),
    };
    let way = visit.way();
    Ok(CustomsFilePage {
        frame: visit.frame_now(Part::Transfers, title),
        tabs: tabs(visit.actor(), &way, Place::Customs),
        title: of.title(),
        is_usage: of == Of::Usage,
        action: way.to(of.path()),
        trying: way.to("/customs/usage/try"),
        csrf: visit.signed.form_token(),
        awaited: show::count(last.saturating_add(1)),
        largest: LARGEST >> 20,
        most: show::count(i64::try_from(MOST_ROWS).unwrap_or(i64::MAX)),
        fault,
        tried,
    })
}

/// `POST /customs/usage`
pub(in crate::web) async fn post_usage(State(app): State<Arc<App>>, request: Request) -> Answer {
    post(app, request, Of::Usage).await
}

/// `POST /customs/reply`
pub(in crate::web) async fn post_reply(State(app): State<Arc<App>>, request: Request) -> Answer {
    post(app, request, Of::Reply).await
}

async fn post(app: Arc<App>, mut request: Request, of: Of) -> Answer {
    let visit: Visit = request.extract_parts_with_state(&app).await?;
    // Whoever may not is told before anything is read.
    may_command(visit.actor(), of.kind())?;
    let done = async {
        let file = receive(&visit, file_form::open(request, &visit.app, "the page").await?).await?;
        let command = Command::Customs(of.command(file));
        Ok::<_, Failure>(visit.app.store.execute(visit.actor(), command).await?)
    };
    match done.await {
        Ok(receipt) => {
            let place = history::path(receipt.subject.kind, &receipt.subject.key);
            let again: &[(&str, &str)] = if receipt.repeated { &[("again", "1")] } else { &[] };
            Err(Failure::Elsewhere(visit.way().with(&place, again)))
        }
        Err(failure) => refused(&visit, of, failure).await,
    }
}

/// `POST /customs/usage/try`
pub(in crate::web) async fn try_usage(State(app): State<Arc<App>>, mut request: Request) -> Answer {
    let visit: Visit = request.extract_parts_with_state(&app).await?;
    may_command(visit.actor(), Of::Usage.kind())?;
    let done = async {
        let file = receive(&visit, file_form::open(request, &visit.app, "the page").await?).await?;
        Ok::<_, Failure>(visit.app.store.try_customs(visit.actor(), Of::Usage.command(file)).await?)
    };
    match done.await {
        Ok((receipt, run)) => {
            let way = visit.way();
            let links = Links::of(visit.actor(), &way);
            let tried = tried(&run, receipt.repeated, &links, &way);
            crate::web::page(&form(&visit, Of::Usage, None, Some(tried)).await?)
        }
        Err(failure) => refused(&visit, Of::Usage, failure).await,
    }
}

/// What would become of it, for people: what would be refused first.
pub(crate) fn tried(run: &CustomsRun, again: bool, links: &Links, way: &crate::web::way::Way) -> TriedCells {
    let mut rows: Vec<RowCells> = match &run.content {
        RunContent::In(received) => received.rows.iter().map(|row| RowCells::of(row, links, way)).collect(),
        RunContent::Out(..) => Vec::new(),
    };
    if !again {
        // No discrepancy is there yet that could be opened.
        rows.iter_mut().for_each(|row| row.discrepancy = None);
    }
    rows.sort_by_key(|row| row.shape == "pass");
    let more = rows.len().saturating_sub(SHOWN);
    rows.truncate(SHOWN);
    TriedCells {
        key: run.key.clone(),
        sums: sums(run),
        again,
        rows,
        more: match more {
            0 => String::new(),
            more => show::counted(i64::try_from(more).unwrap_or(i64::MAX), "row more", "rows more"),
        },
    }
}

/// The form again, with what is wrong beside its field.
async fn refused(visit: &Visit, of: Of, failure: Failure) -> Answer {
    if failure.refusal().is_none_or(|refusal| refusal.code.starts_with("access.")) {
        return Err(failure);
    }
    let fault = Fault::of(&failure, "file");
    crate::web::refused_page(&form(visit, of, fault, None).await?, &failure)
}

/// The text of the file, behind the token of the session.
async fn receive(visit: &Visit, mut form: Multipart) -> Answer<String> {
    let mut is_own = false;
    while let Some(field) = form.next_field().await.map_err(|e| broken(&e))? {
        match field.name().unwrap_or_default() {
            "csrf" => {
                visit.signed.check_token(&file_form::text(field, FIELD, broken).await?)?;
                is_own = true;
            }
            "file" => {
                if !is_own {
                    visit.signed.check_token("")?;
                }
                let bytes = file_form::bytes(field, LARGEST, broken, too_large).await?;
                if !bytes.is_empty() {
                    return Ok(text_of(bytes)?);
                }
            }
            _ => {}
        }
    }
    visit.signed.check_token(if is_own { &visit.signed.session.csrf } else { "" })?;
    Err(Refusal::new("customs.empty", "The file is empty, or none was chosen.")
        .field("file")
        .missing("the file as customs wrote it")
        .into())
}

fn too_large() -> Failure {
    let refusal = Refusal::new("body.too_large", format!("The file has more than {} MiB.", LARGEST >> 20))
        .field("file")
        .missing("a smaller file; more in another run");
    Failure::with_status(StatusCode::PAYLOAD_TOO_LARGE, refusal)
}

fn broken(error: &MultipartError) -> Failure {
    file_form::broken(error, too_large)
}
