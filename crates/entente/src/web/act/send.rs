//! A form that is sent: its fields read part by part, and the file of its paper kept under its hash.

use axum::extract::Multipart;
use axum::extract::multipart::{Field as Part, MultipartError};
use axum::http::StatusCode;
use entente_register::ledger::Refusal;

use super::Act;
use super::field::Kind;
use super::filled::{Filled, field_of};
use crate::app::App;
use crate::error::{Answer, Failure};
use crate::session::Signed;
use crate::web::file_form;

/// Bytes of a field that is no file, and fields of a form, at most.
const FIELD: usize = 8_000;
const FIELDS: usize = 5_000;

/// What came with a form.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub(super) filled: Filled,
    /// The version that was seen.
    pub(super) seen: Option<u32>,
    /// The key by which it is carried out once.
    pub(super) once: String,
    /// Whether only more rows are asked for.
    pub(super) more: bool,
    /// Why its file was not kept.
    pub(super) fault: Option<Failure>,
}

/// Reads a form whose first field is the token of the session: nothing of a file is kept before it is known
/// whose it is, and that its sender may do the act.
pub(super) async fn receive(app: &App, signed: &Signed, act: &Act, mut form: Multipart) -> Answer<Sent> {
    let mut sent = Sent::default();
    let mut is_own = false;
    let mut count = 0;
    while let Some(part) = form.next_field().await.map_err(|e| broken(&e))? {
        count += 1;
        if count > FIELDS {
            return Err(too_large().into());
        }
        let name = part.name().unwrap_or_default().to_owned();
        if name == "csrf" {
            signed.check_token(&text(part).await?)?;
            is_own = true;
            continue;
        }
        if !is_own {
            signed.check_token("")?;
        }
        match name.as_str() {
            "seen" => sent.seen = text(part).await?.parse().ok(),
            "once" => sent.once = text(part).await?,
            "more" => sent.more = true,
            "document.file" => keep(app, signed, act, part, &mut sent).await?,
            // A file that is sent is meant, whatever was chosen beside it.
            "document.content" if sent.filled.given("document.content").is_some() => {}
            _ => sent.filled.add(&name, &text_within(part, largest(act, &name)).await?),
        }
    }
    if !is_own {
        signed.check_token("")?;
    }
    Ok(sent)
}

async fn keep(app: &App, signed: &Signed, act: &Act, part: Part<'_>, sent: &mut Sent) -> Answer<()> {
    let name = part.file_name().unwrap_or_default().to_owned();
    let kind = part.content_type().unwrap_or_default().to_owned();
    let bytes = part.bytes().await.map_err(|e| broken(&e))?;
    if name.is_empty() && bytes.is_empty() {
        return Ok(());
    }
    entente_register::access::may_command(signed.actor(), act.kind)?;
    match app.store.keep_document(signed.actor(), &kind, bytes.into()).await {
        Ok(content) => {
            sent.filled.set("document.content", &content);
            sent.filled.set("document.name", &name.chars().take(100).collect::<String>());
        }
        Err(error) => match Failure::from(error) {
            // The other fields are read first, so that they stand in the form again.
            failure if failure.refusal().is_some() => sent.fault = Some(failure),
            failure => return Err(failure),
        },
    }
    Ok(())
}

/// Bytes of a field of this name at most.
fn largest(act: &Act, name: &str) -> usize {
    let own = act.fields.iter().find(|field| field.name == field_of(name)).map(|field| field.kind);
    match own {
        Some(Kind::Whole(most)) => most,
        _ => FIELD,
    }
}

async fn text(part: Part<'_>) -> Answer<String> {
    text_within(part, FIELD).await
}

async fn text_within(part: Part<'_>, most: usize) -> Answer<String> {
    let bytes = file_form::bytes(part, most, broken, || too_large().into()).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn too_large() -> Refusal {
    Refusal::new("body.too_large", "The form, or a field of it, is larger than is taken here.")
        .missing("the form as the page sends it")
}

fn broken(error: &MultipartError) -> Failure {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let refusal = Refusal::new("body.too_large", "The file is larger than is taken here.")
            .field("document")
            .missing("a file of at most 20 MiB");
        return Failure::with_status(StatusCode::PAYLOAD_TOO_LARGE, refusal);
    }
    Failure::with_status(
        StatusCode::BAD_REQUEST,
        Refusal::new("form.malformed", "The form broke off, or cannot be read.")
            .missing("the form sent again"),
    )
}
