//! A file that is sent: its form read part by part, its bytes straight to the disk.

use std::sync::Arc;

use axum::RequestExt as _;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{Multipart, Request, State};
use axum::http::StatusCode;
use entente_register::ledger::Refusal;

use super::{PATIENCE, refused_choice};
use crate::app::App;
use crate::book::What;
use crate::error::{Answer, Failure};
use crate::importing::{Entry, Purpose, begin};
use crate::parameters::ViewParameters;
use crate::session::Signed;
use crate::web::file_form;
use crate::web::way::Way;

/// Bytes of a field that is no file, at most.
const FIELD: usize = 1_000;

/// What was filled in beside the file.
#[derive(Debug, Default)]
struct Filled {
    what: Option<What>,
    category: String,
}

/// `POST /import`
pub(crate) async fn send(State(app): State<Arc<App>>, mut request: Request) -> Answer {
    let signed: Signed = request.extract_parts_with_state(&app).await?;
    let view: ViewParameters = request.extract_parts_with_state(&app).await?;
    let form = file_form::open(request, &app, "the page of imports").await?;
    let mut filled = Filled::default();
    match receive(&app, &signed, form, &mut filled).await {
        Ok(entry) => {
            begin(&app, &entry, signed.actor(), Purpose::Trial);
            entry.wait(PATIENCE).await;
            let place = Way::of(&view).to(&format!("/import/{}", entry.kept.id()));
            Err(Failure::Elsewhere(place))
        }
        Err(failure) if failure.refusal().is_some_and(|r| !r.code.starts_with("access.")) => {
            refused_choice(&app, &signed, &view, (filled.what, &filled.category), failure)
        }
        Err(failure) => Err(failure),
    }
}

/// The parts of the form, in the order in which the page sends them: nothing is kept of a file before it is
/// known whose it is and what.
async fn receive(
    app: &Arc<App>,
    signed: &Signed,
    mut form: Multipart,
    filled: &mut Filled,
) -> Answer<Arc<Entry>> {
    let mut is_own = false;
    while let Some(mut field) = form.next_field().await.map_err(|e| broken(app, &e))? {
        match field.name().unwrap_or_default() {
            "csrf" => {
                signed.check_token(&text(app, field).await?)?;
                is_own = true;
            }
            "what" => {
                let word = text(app, field).await?;
                let what = What::named(&word).ok_or_else(|| {
                    Refusal::new("import.what", "It is not said what the file holds.")
                        .field("what")
                        .missing("one of those that the page offers")
                })?;
                filled.what = Some(what);
            }
            "category" => filled.category = text(app, field).await?.trim().to_owned(),
            "file" => {
                if !is_own {
                    signed.check_token("")?;
                }
                let what = filled.what.ok_or_else(|| {
                    Refusal::new("import.what", "It is not said what the file holds.")
                        .field("what")
                        .missing("one of those that the page offers, before the file")
                })?;
                what.check(signed.actor())?;
                let name = field.file_name().unwrap_or_default().to_owned();
                check_ending(what, &name)?;
                let (id, now) = (hex::encode(app.entropy.bytes::<16>()), app.store.now());
                let mut receiving = app.imports.receive(signed, (what, &name), id, now).await?;
                while let Some(piece) = field.chunk().await.map_err(|e| broken(app, &e))? {
                    receiving.write(&piece, app.config.import_limit).await?;
                }
                let category = Some(filled.category.clone()).filter(|category| !category.is_empty());
                let kept = receiving.finish(category).await?;
                return Ok(app.imports.take(kept, now));
            }
            _ => {}
        }
    }
    Err(Refusal::new("import.empty", "The file is empty, or none was chosen.")
        .field("file")
        .missing("a file with rows in it")
        .into())
}

/// Refuses by its name what cannot be what it is said to be, before it is sent.
fn check_ending(what: What, name: &str) -> Result<(), Refusal> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let known: &[&str] = match what {
        What::Ocds => &["json"],
        What::Book | What::Payments => &["xlsx"],
        _ => &["csv", "xlsx"],
    };
    if name.is_empty() || known.contains(&ending.as_str()) {
        // Without a name nothing was chosen, which is said when no byte comes.
        return Ok(());
    }
    let known: Vec<String> = known.iter().map(|ending| format!(".{ending}")).collect();
    Err(Refusal::new("import.sort", format!("{} cannot be read from {name:?}.", what.name()))
        .field("file")
        .missing(format!("a file whose name ends in {}", known.join(" or "))))
}

async fn text(app: &App, field: Field<'_>) -> Answer<String> {
    file_form::text(field, FIELD, |error| broken(app, error)).await
}

fn broken(app: &App, error: &MultipartError) -> Failure {
    file_form::broken(error, || {
        let refusal = crate::importing::too_large(app.config.import_limit);
        Failure::with_status(StatusCode::PAYLOAD_TOO_LARGE, refusal)
    })
}
