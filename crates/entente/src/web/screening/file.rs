//! A file of parties, looked up at once. Nothing of it is written in the register.

use std::sync::Arc;

use askama::Template;
use axum::RequestExt as _;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Request, State};
use axum::http::StatusCode;
use entente_register::ledger::Refusal;
use entente_register::screening::{Standing, marking};
use entente_screening::entity::{Entity, Ready};
use entente_screening::lists::read_parties;
use entente_screening::score::THRESHOLD;
use entente_store::Fault as StoreFault;
use entente_store::reader::Reader;
use rayon::prelude::*;

use super::kept::{FileAnswer, FileHit, FileRow};
use super::lookup::by;
use super::{EditionCells, Place, held_words, tabs};
use crate::app::App;
use crate::error::{Answer, Failure};
use crate::screener::Lists;
use crate::web::file_form;
use crate::web::frame::{Frame, Part};
use crate::web::search::Tab;
use crate::web::show;
use crate::web::sign_in::Fault;
use crate::web::visit::Visit;

/// Bytes of a file at most.
pub(in crate::web) const LARGEST: usize = 4 << 20;

/// Parties of a file at most: what is answered while a person waits.
const MOST_PARTIES: usize = 2_000;

/// Hits of a party that are kept, the best first.
const MOST_HITS: usize = 5;

/// Bytes of a field that is no file.
const FIELD: usize = 1_000;

#[derive(Template)]
#[template(path = "screening/file.html")]
pub(crate) struct FileForm {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) csrf: String,
    pub(crate) most: String,
    pub(crate) largest: usize,
    pub(crate) fault: Option<Fault>,
}

/// `GET /screening/file`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    crate::web::page(&form(&visit, &reader, None).await?)
}

async fn form(visit: &Visit, reader: &Reader, fault: Option<Fault>) -> Answer<FileForm> {
    let title = if fault.is_some() { "Error: a file of parties" } else { "A file of parties" };
    Ok(FileForm {
        tabs: tabs(visit, reader, Place::File).await?,
        frame: visit.frame(Part::Screening, title, reader).marked(Some(&marking())),
        csrf: visit.signed.form_token(),
        most: show::count(MOST_PARTIES as i64),
        largest: LARGEST >> 20,
        fault,
    })
}

/// `POST /screening/file`
pub(in crate::web) async fn post(State(app): State<Arc<App>>, mut request: Request) -> Answer {
    let visit: Visit = request.extract_parts_with_state(&app).await?;
    let reader = visit.reader().await?;
    // Whoever may not read lists is told before anything is read.
    let lists = visit.app.screener.ready(&reader).await?;
    let failure = match answer(&visit, &reader, lists, request).await {
        Ok(answer) => {
            let kept = app.answers.keep(answer);
            return Err(Failure::Elsewhere(visit.way().to(&format!("/screening/file/{}", kept.id))));
        }
        Err(failure) => failure,
    };
    if failure.refusal().is_none_or(|refusal| refusal.code.starts_with("access.")) {
        return Err(failure);
    }
    let fault = Fault::of(&failure, "file");
    crate::web::refused_page(&form(&visit, &reader, fault).await?, &failure)
}

/// Reads the file and looks its parties up.
async fn answer(visit: &Visit, reader: &Reader, lists: Lists, request: Request) -> Answer<FileAnswer> {
    let form = file_form::open(request, &visit.app, "the page").await?;
    let (name, bytes) = receive(visit, form).await?;
    let id = hex::encode(visit.app.entropy.bytes::<16>());
    let at = (visit.app.store.now(), reader.as_of());
    let mut answer = FileAnswer::of(&visit.signed, id, name, at);
    answer.by = by(reader);
    answer.editions = lists.lists.iter().map(|list| EditionCells::of(&list.row, &visit.way())).collect();
    answer.held = lists.held(None).iter().map(held_words).collect();
    let file = answer.name.clone();
    let looking =
        tokio::task::spawn_blocking(move || read(&file, &bytes).map(|parties| rows(&lists, &parties)));
    answer.rows = looking.await.map_err(|e| StoreFault::internal("looking parties up", e))??;
    Ok(answer)
}

/// Values of one party at most: each name is looked for by itself.
const MOST_VALUES: usize = 200;

/// The parties of a file.
fn read(file: &str, bytes: &[u8]) -> Result<Vec<Entity>, Refusal> {
    let parties = read_parties(bytes).map_err(|fault| {
        Refusal::new("screening.unreadable", format!("{file}, {fault}."))
            .field("file")
            .missing("a file that is whole; nothing of this one was looked up")
    })?;
    if parties.is_empty() {
        return Err(Refusal::new("screening.empty", format!("{file} has no party in it."))
            .field("file")
            .missing("a row for each party below the names of the columns"));
    }
    if parties.len() > MOST_PARTIES {
        let count = |number: usize| show::count(i64::try_from(number).unwrap_or(i64::MAX));
        return Err(Refusal::new(
            "screening.too_many",
            format!("{file} has {} parties; a page looks up {}.", count(parties.len()), count(MOST_PARTIES)),
        )
        .field("file")
        .missing("a shorter file, or the command `entente screen FILE`, which takes any number"));
    }
    let values = |party: &&Entity| party.properties.values().map(Vec::len).sum::<usize>() > MOST_VALUES;
    if let Some(party) = parties.iter().find(values) {
        let id: String = party.id.chars().take(60).collect();
        return Err(Refusal::new(
            "screening.values",
            format!("The party {id} of {file} has more than {MOST_VALUES} names and other values."),
        )
        .field("file")
        .missing("fewer values of one party, or the command `entente screen FILE`"));
    }
    Ok(parties)
}

/// Looks parties up, on all cores.
fn rows(lists: &Lists, parties: &[Entity]) -> Vec<FileRow> {
    let mut rows: Vec<FileRow> =
        parties.par_iter().enumerate().map(|(place, party)| row(lists, place, party)).collect();
    let best = |row: &FileRow| row.hits.first().map_or(0.0, |hit| hit.score.score);
    rows.sort_by(|a, b| {
        best(b).total_cmp(&best(a)).then(b.nothing.cmp(&a.nothing)).then(a.place.cmp(&b.place))
    });
    rows
}

fn row(lists: &Lists, place: usize, party: &Entity) -> FileRow {
    let ready = Ready::new(party);
    let answer = lists.search(&ready, None, THRESHOLD, MOST_HITS + 1);
    let hits = answer.found.iter().take(MOST_HITS).map(|found| FileHit {
        list: found.list.row.list.name.clone(),
        binding: found.list.row.list.policy.standing == Standing::Binding,
        entry: found.entry.id.clone(),
        caption: found.entry.caption.clone(),
        score: found.score.clone(),
    });
    FileRow {
        place: place + 1,
        id: party.id.clone(),
        name: if party.caption.is_empty() { party.get("name").join(", ") } else { party.caption.clone() },
        hits: hits.collect(),
        more: answer.found.len() > MOST_HITS,
        nothing: ready.names.is_empty() && ready.identifiers.is_empty(),
    }
}

/// The name of the file and its bytes, behind the token of the session.
async fn receive(visit: &Visit, mut form: Multipart) -> Answer<(String, Vec<u8>)> {
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
                let name: String = field.file_name().unwrap_or_default().chars().take(100).collect();
                let bytes = file_form::bytes(field, LARGEST, broken, too_large).await?;
                if !bytes.is_empty() {
                    return Ok((if name.is_empty() { "The file".to_owned() } else { name }, bytes));
                }
            }
            _ => {}
        }
    }
    visit.signed.check_token(if is_own { &visit.signed.session.csrf } else { "" })?;
    Err(Refusal::new("screening.empty", "The file is empty, or none was chosen.")
        .field("file")
        .missing("a file with parties in it")
        .into())
}

fn too_large() -> Failure {
    let refusal = Refusal::new("body.too_large", format!("The file has more than {} MiB.", LARGEST >> 20))
        .field("file")
        .missing("a smaller file, or the command `entente screen FILE`, which takes larger ones");
    Failure::with_status(StatusCode::PAYLOAD_TOO_LARGE, refusal)
}

fn broken(error: &MultipartError) -> Failure {
    file_form::broken(error, too_large)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_refused_with_its_place_and_its_number() {
        assert!(read("p.csv", b"id,name\n1,A\n2,B,C\n").unwrap_err().message.contains("line 3"));
        assert_eq!(read("p.csv", b"id,name\n").unwrap_err().code, "screening.empty");
        let many = format!("id,name\n{}", "1,Somebody\n".repeat(MOST_PARTIES + 1));
        let refused = read("p.csv", many.as_bytes()).unwrap_err();
        assert!(refused.message.contains("2,001") && refused.missing.unwrap().contains("entente screen"));
    }
}
