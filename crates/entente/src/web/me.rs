//! The person's own page: who one is, where one is signed in, the password, keys for programs.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use entente_register::access::{Actor, Reading, may_read};
use entente_store::{ApiKeyRow, SessionRow};
use serde::Deserialize;

use super::account::clearance;
use super::frame::{Frame, Part};
use super::show;
use super::sign_in::{Fault, Next, sent_on};
use super::visit::Visit;
use super::way::Way;
use super::{page, refused_page};
use crate::app::App;
use crate::error::{Answer, Failure};
use crate::parameters::ViewParameters;
use crate::session::{Signed, SignedForm, opening_cookie, place_after_sign_in};

/// An open session.
#[derive(Debug, Clone)]
pub(crate) struct SessionCells {
    pub(crate) id: String,
    pub(crate) opened_at: String,
    pub(crate) seen_at: String,
    pub(crate) address: String,
    pub(crate) agent: String,
    pub(crate) current: bool,
}

impl SessionCells {
    pub(crate) fn of(row: &SessionRow) -> SessionCells {
        SessionCells {
            id: row.id.clone(),
            opened_at: show::instant(row.opened_at),
            seen_at: show::instant(row.seen_at),
            address: row.origin.address.clone(),
            agent: row.origin.agent.clone(),
            current: row.current,
        }
    }
}

/// A key of a program.
#[derive(Debug, Clone)]
pub(crate) struct KeyCells {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) opened_at: String,
    pub(crate) expires_at: String,
}

impl KeyCells {
    pub(crate) fn of(row: &ApiKeyRow) -> KeyCells {
        KeyCells {
            id: row.id.clone(),
            name: row.name.clone(),
            opened_at: show::instant(row.opened_at),
            expires_at: show::instant(row.expires_at),
        }
    }
}

/// Who one is.
#[derive(Debug, Clone)]
pub(crate) struct Own {
    pub(crate) name: String,
    pub(crate) account: String,
    pub(crate) roles: Vec<&'static str>,
    pub(crate) clearance: String,
    pub(crate) reads: Vec<&'static str>,
}

impl Own {
    pub(crate) fn of(actor: &Actor) -> Own {
        Own {
            name: actor.name.clone(),
            account: actor.account.clone(),
            roles: actor.roles.iter().map(|role| role.name()).collect(),
            clearance: clearance(&actor.clearance),
            reads: Reading::ALL
                .into_iter()
                .filter(|reading| may_read(actor, *reading).is_some())
                .map(Reading::word)
                .collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "me/page.html")]
pub(super) struct MePage {
    pub(super) frame: Frame,
    pub(super) own: Own,
    pub(super) csrf: String,
    pub(super) sessions: Vec<SessionCells>,
    pub(super) keys: Vec<KeyCells>,
    /// A key that was just opened; shown this once.
    pub(super) new_key: Option<String>,
    pub(super) key_name: String,
    pub(super) fault: Option<Fault>,
    pub(super) password_href: String,
}

#[derive(Template)]
#[template(path = "me/password.html")]
pub(super) struct PasswordPage {
    pub(super) frame: Frame,
    pub(super) account: String,
    pub(super) csrf: String,
    /// Whether nothing else can be done before.
    pub(super) forced: bool,
    /// How many characters a password has at least.
    pub(super) least: usize,
    /// Where the person wanted to go before; empty for nowhere.
    pub(super) next: String,
    pub(super) fault: Option<Fault>,
}

/// `GET /me`
pub(super) async fn get(visit: Visit) -> Answer {
    page(&me_page(&visit.app, &visit.signed, &visit.view).await?)
}

async fn me_page(app: &App, signed: &Signed, view: &ViewParameters) -> Answer<MePage> {
    let account = &signed.actor().account;
    let frame = Frame::of(app, signed, view, Part::Me, "Your page");
    Ok(MePage {
        password_href: frame.way.to("/me/password"),
        own: Own::of(signed.actor()),
        csrf: signed.form_token(),
        sessions: app.store.sessions(account, &signed.token).await?.iter().map(SessionCells::of).collect(),
        keys: app.store.api_keys(account).await?.iter().map(KeyCells::of).collect(),
        new_key: None,
        key_name: String::new(),
        fault: None,
        frame,
    })
}

fn password_page(
    app: &App,
    signed: &Signed,
    (view, next): (&ViewParameters, &str),
    title: &str,
    fault: Option<Fault>,
) -> PasswordPage {
    PasswordPage {
        least: entente_store::PASSWORD_MIN_LENGTH,
        frame: Frame::of(app, signed, view, Part::Me, title),
        next: next.to_owned(),
        account: signed.actor().account.clone(),
        csrf: signed.form_token(),
        forced: signed.session.must_change,
        fault,
    }
}

/// `GET /me/password`
pub(super) async fn password(
    State(app): State<Arc<App>>,
    signed: Signed,
    view: ViewParameters,
    Query(next): Query<Next>,
) -> Answer {
    let next = next.next.map(|next| place_after_sign_in(Some(&next))).unwrap_or_default();
    page(&password_page(&app, &signed, (&view, &next), "Change your password", None))
}

#[derive(Debug, Deserialize)]
pub(super) struct ChangePassword {
    old: String,
    new: String,
    again: String,
    #[serde(default)]
    next: String,
}

/// `POST /me/password`
pub(super) async fn change_password(
    State(app): State<Arc<App>>,
    view: ViewParameters,
    SignedForm { signed, form }: SignedForm<ChangePassword>,
) -> Answer {
    let failure = if form.new == form.again {
        match app.store.change_password(&signed.token, &form.old, &form.new).await {
            Ok((token, _)) => {
                let way = Way::of(&view);
                let next = match form.next.as_str() {
                    "" if signed.session.must_change => way.to("/"),
                    "" => way.to("/me"),
                    next => place_after_sign_in(Some(next)),
                };
                return sent_on(&next, opening_cookie(&app, &token)?);
            }
            Err(error) => Failure::from(error),
        }
    } else {
        entente_register::ledger::Refusal::new("password.again", "The two new passwords differ.")
            .missing("the same password twice")
            .into()
    };
    let field = match failure.refusal().map(|refusal| refusal.code) {
        Some("password.again") => "again",
        Some(code) if code.starts_with("password.") => "new",
        _ => "old",
    };
    let Some(mut fault) = Fault::of(&failure, field) else { return Err(failure) };
    if field == "old" && failure.refusal().is_some_and(|refusal| refusal.code == "access.sign_in") {
        fault.message = "The present password is not right.".to_owned();
        fault.missing = "the password with which you signed in".to_owned();
    }
    let title = "Error: change your password";
    refused_page(&password_page(&app, &signed, (&view, &form.next), title, Some(fault)), &failure)
}

#[derive(Debug, Deserialize)]
pub(super) struct Named {
    id: String,
}

/// `POST /me/sessions`: ends one of the person's sessions.
pub(super) async fn end_session(
    State(app): State<Arc<App>>,
    view: ViewParameters,
    SignedForm { signed, form }: SignedForm<Named>,
) -> Answer {
    app.store.end_session(&signed.actor().account, &form.id).await?;
    Err(Failure::Elsewhere(Way::of(&view).to("/me")))
}

#[derive(Debug, Deserialize)]
pub(super) struct NewKey {
    name: String,
    days: String,
}

/// `POST /me/keys`: opens a key and shows it, this once.
pub(super) async fn open_key(
    State(app): State<Arc<App>>,
    view: ViewParameters,
    SignedForm { signed, form }: SignedForm<NewKey>,
) -> Answer {
    // A term that is no number is no term, and is refused as such.
    let days = form.days.trim().parse().unwrap_or(0);
    let opened = app.store.open_api_key(&signed.actor().account, form.name.trim(), days).await;
    let mut me = me_page(&app, &signed, &view).await?;
    match opened {
        Ok(key) => {
            me.new_key = Some(key);
            page(&me)
        }
        Err(error) => {
            let failure = Failure::from(error);
            let field = match failure.refusal().and_then(|refusal| refusal.field.as_deref()) {
                Some("days") => "days",
                _ => "key-name",
            };
            let Some(fault) = Fault::of(&failure, field) else { return Err(failure) };
            me.fault = Some(fault);
            me.key_name = form.name;
            me.frame.title = "Error: your page".to_owned();
            refused_page(&me, &failure)
        }
    }
}

/// `POST /me/keys/close`
pub(super) async fn close_key(
    State(app): State<Arc<App>>,
    view: ViewParameters,
    SignedForm { signed, form }: SignedForm<Named>,
) -> Answer {
    app.store.close_api_key(&signed.actor().account, &form.id).await?;
    Err(Failure::Elsewhere(Way::of(&view).to("/me")))
}
