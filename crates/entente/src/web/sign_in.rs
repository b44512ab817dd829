//! Signing in and out.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::HeaderName;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::frame::Frame;
use super::{page, refused_page};
use crate::app::App;
use crate::error::{Answer, Failure};
use crate::session::{
    FromWhere, MaybeSigned, PlainForm, SignedForm, closing_cookie, opening_cookie, percent,
    place_after_sign_in,
};

/// What went wrong with a form, shown above it and beside its field.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) missing: String,
    /// The field's identifier on the page.
    pub(crate) field: &'static str,
}

impl Fault {
    /// Of a refusal; anything else is not for the form.
    pub(crate) fn of(failure: &Failure, field: &'static str) -> Option<Fault> {
        let refusal = failure.refusal()?;
        Some(Fault {
            message: refusal.message.clone(),
            missing: refusal.missing.clone().unwrap_or_default(),
            field,
        })
    }
}

#[derive(Template)]
#[template(path = "sign_in.html")]
pub(super) struct SignInPage {
    pub(super) frame: Frame,
    pub(super) account: String,
    pub(super) next: String,
    pub(super) fault: Option<Fault>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Next {
    pub(super) next: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct SignIn {
    account: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// `GET /sign-in`
pub(super) async fn get(
    State(app): State<Arc<App>>,
    MaybeSigned(signed): MaybeSigned,
    Query(next): Query<Next>,
) -> Answer {
    let next = place_after_sign_in(next.next.as_deref());
    if signed.is_some() {
        return Err(Failure::Elsewhere(next));
    }
    page(&SignInPage { frame: Frame::bare(&app, "Sign in"), account: String::new(), next, fault: None })
}

/// `POST /sign-in`
pub(super) async fn post(
    State(app): State<Arc<App>>,
    FromWhere(origin): FromWhere,
    PlainForm(form): PlainForm<SignIn>,
) -> Answer {
    let next = place_after_sign_in((!form.next.is_empty()).then_some(form.next.as_str()));
    match app.store.sign_in(&form.account, &form.password, &origin).await {
        Ok((token, session)) => {
            // The place stays known on the way over the page where the password is changed first.
            let next = match next.as_str() {
                "/" if session.must_change => "/me/password".to_owned(),
                next if session.must_change => format!("/me/password?next={}", percent(next)),
                next => next.to_owned(),
            };
            sent_on(&next, opening_cookie(&app, &token)?)
        }
        Err(error) => {
            let failure = Failure::from(error);
            let Some(fault) = Fault::of(&failure, "account") else { return Err(failure) };
            let frame = Frame::bare(&app, "Error: sign in");
            refused_page(&SignInPage { frame, account: form.account, next, fault: Some(fault) }, &failure)
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

/// `POST /sign-out`
pub(super) async fn out(State(app): State<Arc<App>>, form: SignedForm<Nothing>) -> Answer {
    app.store.sign_out(&form.signed.token).await?;
    let mut response = sent_on("/sign-in", closing_cookie(&app)?)?;
    // What the browser kept of the pages goes as well.
    response
        .headers_mut()
        .insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));
    Ok(response)
}

/// To another page, with a cookie set.
pub(super) fn sent_on(to: &str, cookie: HeaderValue) -> Answer<Response> {
    let place = HeaderValue::from_str(to).unwrap_or_else(|_| HeaderValue::from_static("/"));
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(LOCATION, place);
    response.headers_mut().insert(SET_COOKIE, cookie);
    Ok(response)
}
