//! Views of pages that a person has saved: the list, and the form that saves one.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use entente_store::SavedView;
use serde::Deserialize;

use super::frame::{Frame, Part};
use super::sign_in::Fault;
use super::visit::Visit;
use super::way::Way;
use super::{page, refused_page};
use crate::app::App;
use crate::error::{Answer, Failure};
use crate::parameters::ViewParameters;
use crate::session::{Signed, SignedForm, place_after_sign_in};

#[derive(Template)]
#[template(path = "me/views.html")]
pub(crate) struct SavedViewsPage {
    pub(crate) frame: Frame,
    pub(crate) csrf: String,
    pub(crate) views: Vec<SavedView>,
    /// The page that is to be saved; empty where none is.
    pub(crate) path: String,
    pub(crate) name: String,
    pub(crate) fault: Option<Fault>,
}

async fn views_page(
    app: &App,
    signed: &Signed,
    view: &ViewParameters,
    (path, name): (&str, &str),
    fault: Option<Fault>,
) -> Answer<SavedViewsPage> {
    let title = if fault.is_some() { "Error: saved views" } else { "Saved views" };
    Ok(SavedViewsPage {
        frame: Frame::of(app, signed, view, Part::Me, title),
        csrf: signed.form_token(),
        views: app.store.saved_views(&signed.actor().account).await?,
        path: path.to_owned(),
        name: name.to_owned(),
        fault,
    })
}

/// `GET /me/views`, with the `path` of a page that is to be saved
pub(super) async fn get(visit: Visit) -> Answer {
    let path = visit.parameter("path").map(|path| place_after_sign_in(Some(path))).unwrap_or_default();
    page(&views_page(&visit.app, &visit.signed, &visit.view, (&path, ""), None).await?)
}

#[derive(Debug, Deserialize)]
pub(super) struct Save {
    name: String,
    path: String,
}

/// `POST /me/views`
pub(super) async fn save(
    State(app): State<Arc<App>>,
    view: ViewParameters,
    SignedForm { signed, form }: SignedForm<Save>,
) -> Answer {
    let path = place_after_sign_in(Some(&form.path));
    let failure = match app.store.save_view(&signed.actor().account, &form.name, &path).await {
        Ok(()) => return Err(Failure::Elsewhere(Way::of(&view).to("/me/views"))),
        Err(error) => Failure::from(error),
    };
    let Some(fault) = Fault::of(&failure, "view-name") else { return Err(failure) };
    let shown = views_page(&app, &signed, &view, (&path, &form.name), Some(fault)).await?;
    refused_page(&shown, &failure)
}

#[derive(Debug, Deserialize)]
pub(super) struct Forget {
    name: String,
}

/// `POST /me/views/forget`
pub(super) async fn forget(
    State(app): State<Arc<App>>,
    view: ViewParameters,
    SignedForm { signed, form }: SignedForm<Forget>,
) -> Answer {
    app.store.forget_view(&signed.actor().account, &form.name).await?;
    Err(Failure::Elsewhere(Way::of(&view).to("/me/views")))
}
