//! An edition of a list: sent, seen with what it changes, and brought into force once confirmed.

use std::sync::Arc;

use askama::Template;
use axum::RequestExt as _;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{Multipart, Path, Request, State};
use axum::http::StatusCode;
use entente_register::access::{CommandKind, may_command};
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal, parse_date};
use entente_register::screening::{ListCommand, check_name, marking};
use entente_screening::lists::delta::delta;
use entente_store::reader::Reader;
use entente_store::{Error, Fault as StoreFault, LARGEST_LIST};

use super::changes::DeltaView;
use super::lists::form;
use crate::app::App;
use crate::error::{Answer, Failure};
use crate::formats::short_hash;
use crate::screener::edition::{Incoming, Prepared, load, prepare};
use crate::screener::entries;
use crate::web::act::present;
use crate::web::file_form;
use crate::web::frame::{Frame, Part};
use crate::web::show;
use crate::web::sign_in::Fault;
use crate::web::visit::Visit;

/// Bytes of a field that is no file.
const FIELD: usize = 4_000;

/// What was filled in.
#[derive(Debug, Default)]
struct Sent {
    list: String,
    dated: String,
    despite: String,
    /// The name of the file, and where it came from.
    source: String,
    bytes: Vec<u8>,
    /// The hash of a file that was sent before.
    content: String,
    /// Whether it is to come into force now.
    confirmed: bool,
    is_own: bool,
    /// The edition that was in force when the preview was drawn.
    seen: Option<String>,
}

/// An edition that was read.
#[derive(Debug, Clone)]
pub(crate) struct PreparedView {
    pub(crate) content: String,
    pub(crate) hash: String,
    pub(crate) source: String,
    pub(crate) form: String,
    pub(crate) dated: String,
    pub(crate) current_on: String,
    pub(crate) entries: String,
    /// The hash of the edition in force; empty where none is.
    pub(crate) seen: String,
    /// What it changes of the edition in force; none where none is.
    pub(crate) delta: Option<DeltaView>,
    /// Whether it is the edition in force already.
    pub(crate) same: bool,
    /// Whether nothing would come of loading it.
    pub(crate) nothing: bool,
}

#[derive(Template)]
#[template(path = "screening/load.html")]
pub(crate) struct LoadPage {
    pub(crate) frame: Frame,
    /// The list; empty where a new one is named.
    pub(crate) list: String,
    pub(crate) typed: String,
    pub(crate) dated: String,
    pub(crate) despite: String,
    pub(crate) action: String,
    pub(crate) csrf: String,
    pub(crate) back: (String, String),
    pub(crate) most: usize,
    pub(crate) prepared: Option<PreparedView>,
    pub(crate) fault: Option<Fault>,
}

/// `GET /acts/load-list`
pub(in crate::web) async fn get_new(visit: Visit) -> Answer {
    drawn(&visit, "", &Sent::default(), None, None).await
}

/// `GET /lists/{name}/acts/load`
pub(in crate::web) async fn get(visit: Visit, Path(name): Path<String>) -> Answer {
    drawn(&visit, &name, &Sent::default(), None, None).await
}

/// `POST /acts/load-list`
pub(in crate::web) async fn post_new(State(app): State<Arc<App>>, request: Request) -> Answer {
    take(app, String::new(), request).await
}

/// `POST /lists/{name}/acts/load`
pub(in crate::web) async fn post(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    request: Request,
) -> Answer {
    take(app, name, request).await
}

async fn take(app: Arc<App>, list: String, mut request: Request) -> Answer {
    let visit: Visit = request.extract_parts_with_state(&app).await?;
    may_command(visit.actor(), CommandKind::ListLoad)?;
    let form = file_form::open(request, &app, "the page").await?;
    let mut sent = Sent { list: list.clone(), ..Sent::default() };
    let failure = match carry_out(&visit, &list, &mut sent, form).await {
        Ok(None) => {
            let place = visit.way().to(&format!("/lists/{}", sent.list));
            return Err(Failure::Elsewhere(place));
        }
        Ok(Some(prepared)) => return drawn(&visit, &list, &sent, Some(prepared), None).await,
        Err(failure) => failure,
    };
    let shown = failure.refusal().is_some_and(|refusal| !refusal.code.starts_with("access."));
    if !shown || failure.refusal().is_some_and(Refusal::is_not_found) {
        return Err(failure);
    }
    drawn(&visit, &list, &sent, None, Some(failure)).await
}

/// Reads the form; where it is confirmed, brings the edition into force, and else reads it and says what it would do.
async fn carry_out(visit: &Visit, list: &str, sent: &mut Sent, form: Multipart) -> Answer<Option<Prepared>> {
    receive(visit, list, sent, form).await?;
    let (store, actor) = (&visit.app.store, visit.actor());
    let incoming = incoming(visit, sent).await?;
    if sent.confirmed {
        load(store, actor, incoming).await?;
        return Ok(None);
    }
    let prepared = prepare(store, actor, incoming).await?;
    sent.content.clone_from(&prepared.new.content);
    Ok(Some(prepared))
}

/// What is to be read: the file that was sent, or one that was sent before.
async fn incoming(visit: &Visit, sent: &mut Sent) -> Answer<Incoming> {
    check_name(&sent.list)?;
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let current_on = given(&sent.dated).map(|day| parse_date("dated", &day)).transpose()?;
    let bytes = match (sent.bytes.is_empty(), sent.content.is_empty()) {
        (false, _) => std::mem::take(&mut sent.bytes),
        (true, false) => present(visit).await?.given_list(&sent.content).await?,
        (true, true) => {
            return Err(Refusal::new("list.no_file", "The file is empty, or none was chosen.")
                .field("file")
                .missing("the file of an edition")
                .into());
        }
    };
    let source = if sent.source.is_empty() { "a file".to_owned() } else { sent.source.clone() };
    Ok(Incoming {
        list: sent.list.clone(),
        bytes,
        source,
        current_on,
        despite: given(&sent.despite),
        seen: sent.seen.clone(),
    })
}

/// What the rule would say of it now; nothing is written.
async fn tried(visit: &Visit, prepared: &Prepared) -> Answer<Fallible<()>> {
    let mut batch = visit.app.store.batch().await?;
    let command =
        Command::List { name: prepared.list.clone(), command: ListCommand::Load(prepared.new.clone()) };
    let done = batch.execute(visit.actor(), command).await;
    batch.give_up().await;
    match done {
        Ok(_) => Ok(Ok(())),
        Err(Error::Refusal(refusal)) => Ok(Err(refusal)),
        Err(Error::Fault(fault)) => Err(fault.into()),
    }
}

async fn drawn(
    visit: &Visit,
    list: &str,
    sent: &Sent,
    prepared: Option<Prepared>,
    failure: Option<Failure>,
) -> Answer {
    may_command(visit.actor(), CommandKind::ListLoad)?;
    let reader = present(visit).await?;
    if !list.is_empty() {
        reader.list(list, entente_store::reader::Page::first(1)).await?;
    }
    let mut failure = failure;
    let mut view = None;
    if let Some(prepared) = prepared {
        let said = tried(visit, &prepared).await?;
        let nothing = said.as_ref().is_err_and(|refusal| refusal.code == "list.same_edition");
        if let (Err(refusal), false) = (said, nothing) {
            failure = Some(refusal.into());
        }
        view = Some(PreparedView { nothing, ..preview(&reader, prepared).await? });
    }
    let way = visit.way();
    let (path, back) = match list {
        "" => ("/acts/load-list".to_owned(), (way.to("/lists"), "Lists".to_owned())),
        name => {
            let own = format!("/lists/{name}");
            (format!("{own}/acts/load"), (way.to(&own), format!("List {name}")))
        }
    };
    let title = if failure.is_some() { "Error: load an edition" } else { "Load an edition" };
    let fault = failure.as_ref().and_then(|failure| {
        let field = match failure.refusal().map(|refusal| (refusal.code, refusal.field.as_deref())) {
            Some(("list.shrunk" | "list.older" | "list.despite", _)) => "despite",
            Some((_, Some("dated"))) => "dated",
            Some((_, Some("list"))) => "list",
            _ => "file",
        };
        Fault::of(failure, field)
    });
    let page = LoadPage {
        frame: visit.frame_now(Part::Screening, title).marked(Some(&marking())),
        list: list.to_owned(),
        typed: sent.list.clone(),
        dated: sent.dated.clone(),
        despite: sent.despite.clone(),
        action: way.to(&path),
        csrf: visit.signed.form_token(),
        back,
        most: LARGEST_LIST >> 20,
        prepared: view,
        fault,
    };
    match &failure {
        Some(failure) => crate::web::refused_page(&page, failure),
        None => crate::web::page(&page),
    }
}

/// What an edition is, and what it changes.
async fn preview(reader: &Reader, prepared: Prepared) -> Answer<PreparedView> {
    let lists = reader.lists().await?;
    let in_force = lists
        .into_iter()
        .find(|row| row.list.name == prepared.list)
        .and_then(|row| row.list.edition)
        .map(|edition| edition.content().to_owned());
    let seen = in_force.clone();
    let Prepared { list, entries: newer, new } = prepared;
    let same = in_force.as_ref() == Some(&new.content);
    let delta = match in_force.filter(|_| !same) {
        None => None,
        Some(content) => {
            let older = entries(reader, &list, &content).await?;
            let comparing = tokio::task::spawn_blocking(move || DeltaView::of(&delta(&older, &newer), None));
            Some(comparing.await.map_err(|e| StoreFault::internal("comparing two editions", e))?)
        }
    };
    Ok(PreparedView {
        hash: short_hash(&new.content).to_owned(),
        content: new.content,
        seen: seen.unwrap_or_default(),
        source: new.source,
        form: form(&new.form),
        dated: new.dated.map(show::day).unwrap_or_default(),
        current_on: new.current_on.map(show::day).unwrap_or_default(),
        entries: show::count(i64::from(new.entries)),
        delta,
        same,
        nothing: false,
    })
}

/// The parts of the form, in the order in which the page sends them.
async fn receive(visit: &Visit, list: &str, sent: &mut Sent, mut form: Multipart) -> Answer<()> {
    while let Some(field) = form.next_field().await.map_err(|e| broken(&e))? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "csrf" {
            visit.signed.check_token(&text(field).await?)?;
            sent.is_own = true;
            continue;
        }
        if !sent.is_own {
            visit.signed.check_token("")?;
        }
        match name.as_str() {
            "list" if list.is_empty() => sent.list = text(field).await?,
            "dated" => sent.dated = text(field).await?,
            "despite" => sent.despite = text(field).await?,
            "content" => sent.content = text(field).await?,
            "seen" => sent.seen = Some(text(field).await?),
            "source" => sent.source = text(field).await?.chars().take(200).collect(),
            "step" => sent.confirmed = text(field).await? == "load",
            "file" => file(field, sent).await?,
            _ => {}
        }
    }
    if !sent.is_own {
        visit.signed.check_token("")?;
    }
    Ok(())
}

async fn file(mut field: Field<'_>, sent: &mut Sent) -> Answer<()> {
    let name: String = field.file_name().unwrap_or_default().chars().take(200).collect();
    while let Some(piece) = field.chunk().await.map_err(|e| broken(&e))? {
        sent.bytes.extend_from_slice(&piece);
        if sent.bytes.len() > LARGEST_LIST {
            return Err(too_large());
        }
    }
    if !name.is_empty() {
        sent.source = name;
    }
    Ok(())
}

async fn text(field: Field<'_>) -> Answer<String> {
    let text = file_form::text(field, FIELD, broken).await?;
    Ok(text.replace("\r\n", "\n").trim().to_owned())
}

fn too_large() -> Failure {
    let refusal =
        Refusal::new("list.too_large", format!("The file has more than {} MiB.", LARGEST_LIST >> 20))
            .field("file")
            .missing("a smaller file");
    Failure::with_status(StatusCode::PAYLOAD_TOO_LARGE, refusal)
}

fn broken(error: &MultipartError) -> Failure {
    file_form::broken(error, too_large)
}
