//! The page of a failure: what was refused and what is missing, or the reference of what broke.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use super::frame::{Control, Frame, Part};
use crate::app::App;
use crate::error::Problem;
use crate::parameters::ViewParameters;
use crate::session::Signed;

#[derive(Template)]
#[template(path = "failure.html")]
pub(super) struct FailurePage<'a> {
    pub(super) frame: Frame,
    pub(super) heading: &'static str,
    pub(super) problem: &'a Problem,
}

/// The page of a failure, with the ways on for whoever has signed in. The caller sets the status. Where it is of a page that was looked for with a view that
/// cannot be used, the control stands on it as it was filled in: `asked` is the page's path and what it was asked with.
pub fn failure_page(
    app: &App,
    problem: &Problem,
    signed: Option<&Signed>,
    asked: Option<(&str, &[(String, String)])>,
) -> Response {
    let heading = heading(problem.status);
    // A view that cannot be used is not carried on.
    let view = asked.and_then(|(_, pairs)| ViewParameters::parse(pairs).ok()).unwrap_or_default();
    let frame = match signed {
        Some(signed) => Frame::of(app, signed, &view, Part::None, heading),
        None => Frame::bare(app, heading),
    };
    let control = asked.and_then(|(path, pairs)| Control::refused(problem, path, pairs));
    let page = FailurePage { frame: Frame { control, ..frame }, heading, problem };
    match page.render() {
        Ok(text) => Html(text).into_response(),
        // The words must reach their reader even so.
        Err(_) => problem.detail.clone().into_response(),
    }
}

/// What it is, in calm words.
pub(super) fn heading(status: u16) -> &'static str {
    match status {
        400 | 422 => "This cannot be done as asked",
        401 => "Sign in first",
        403 => "Not open to you",
        404 => "Nothing here",
        405 => "Not in this way",
        409 => "Changed in the meantime",
        413 => "Too large",
        415 => "Not in this form",
        421 => "Not under this name",
        429 => "Too many attempts",
        503 => "Not available at this moment",
        507 => "No room left",
        500.. => "Something broke",
        _ => "Refused",
    }
}
