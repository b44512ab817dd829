//! The pages: server-rendered, complete without JavaScript, each a pure view of what the store gives.
//!
//! A handler takes a [`visit::Visit`] (who, with which view), calls one thing of
//! the reader, and renders a template. It asks nobody's role: the reader refuses, and
//! the navigation in [`frame`] shows what the table of rights allows. Every link is
//! made by a [`way::Way`], so that the whole site obeys the view that the URL holds.

mod account;
mod act;
mod asset;
pub(crate) mod brief;
mod calendar;
mod comparison;
mod contract;
mod contract_table;
mod customs;
mod delivery;
mod document;
mod embargo;
pub(crate) mod execution_report;
mod failure;
mod figure;
mod file_form;
mod forecast;
mod frame;
mod group;
mod history;
pub(crate) mod import;
mod ledger;
mod line;
mod market;
mod me;
mod opportunity;
mod partner;
mod payment;
mod performance;
mod plan;
mod plan_table;
mod proposal;
mod report;
mod saved;
pub(crate) mod screening;
mod search;
mod show;
mod sign_in;
mod spreadsheet;
mod tables;
mod transfer;
mod visit;
mod way;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod templates;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use entente_store::{Fault, LARGEST_DOCUMENT, LARGEST_LIST};

use crate::app::App;
use crate::error::{Answer, Failure};

pub use failure::failure_page;

/// Bytes of the form around a file that is sent.
const FORM: usize = 64 << 10;

/// All pages and their files.
pub fn router(app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
        .merge(tables::router())
        .route("/", get(brief::home))
        .route("/alerts", get(brief::alerts::get))
        .route("/execution-report", get(execution_report::get))
        .route("/execution-report.pdf", get(execution_report::pdf))
        .route("/figures/{name}", get(figure::get))
        .route("/contracts", get(contract::list))
        .route("/contracts/{number}", get(contract::get))
        .route("/contracts/{number}/payments", get(payment::of_contract))
        .route("/payments", get(payment::all))
        .route("/rates", get(payment::rates))
        .route("/lines/{number}", get(line::get))
        .route("/deliveries/{number}", get(delivery::get))
        .route("/reports", get(report::list))
        .route("/reports/{number}", get(report::get))
        .route("/slippages", get(performance::list::get))
        .route("/opportunities", get(opportunity::list::list))
        .route("/opportunities/analysis", get(opportunity::analysis::get))
        .route("/opportunities/{number}", get(opportunity::page::get))
        .route("/applications", get(transfer::list::get))
        .route("/applications/{number}", get(transfer::application::get))
        .route("/annual-reports", get(transfer::annual::get))
        .route("/applications/{number}/judged-again", get(transfer::judged::get))
        .route("/applications/{number}/file.zip", get(transfer::judged::file))
        .route("/applications/{number}/denial", get(transfer::denial::get))
        .route("/applications/{number}/denial.txt", get(transfer::denial::as_text))
        .route("/applications/{number}/denial.json", get(transfer::denial::as_json))
        .route("/breaks", get(transfer::breaks::get))
        .route("/classification", get(transfer::classification::get))
        .route("/licences", get(transfer::licences::get))
        .route("/licences/{number}", get(transfer::licence::get))
        .route("/certificates", get(transfer::certificates::get))
        .route("/certificates/{number}", get(transfer::certificate::get))
        .route("/specimens", get(transfer::specimens::list))
        .route("/specimens/{number}", get(transfer::specimens::get))
        .route("/guidance", get(transfer::guidance::list))
        .route("/guidance/{number}", get(transfer::guidance::get))
        .route("/inspections", get(transfer::inspections::list))
        .route("/inspections/{number}", get(transfer::inspections::get))
        .route("/reexports", get(transfer::reexports::list))
        .route("/reexports/{number}", get(transfer::reexport::get))
        .route("/customs", get(customs::get))
        .route(
            "/customs/usage",
            get(customs::file::get_usage)
                .merge(post(customs::file::post_usage).layer(body(customs::file::LARGEST))),
        )
        .route(
            "/customs/usage/try",
            get(customs::file::get_usage)
                .merge(post(customs::file::try_usage).layer(body(customs::file::LARGEST))),
        )
        .route(
            "/customs/reply",
            get(customs::file::get_reply)
                .merge(post(customs::file::post_reply).layer(body(customs::file::LARGEST))),
        )
        .route("/customs-runs/{number}", get(customs::run::get))
        .route("/customs-runs/{number}/file", get(customs::run::file))
        .route("/customs-runs/{number}/reply", get(customs::run::reply))
        .route("/discrepancies", get(customs::discrepancies::list))
        .route("/discrepancies/{number}", get(customs::discrepancies::get))
        .route("/calendar", get(calendar::month::get))
        .route("/calendar.ics", get(calendar::feed::get))
        .route("/timeline", get(calendar::timeline::get))
        .route("/market", get(market::get))
        .route("/market/deals", get(market::deals::get))
        .route("/groups", get(group::list))
        .route("/groups/{code}", get(group::get))
        .route("/partners", get(partner::list::get))
        .route("/partners/{code}", get(partner::file::get))
        .route("/parties", get(partner::parties::get))
        .route("/parties/{number}", get(partner::party::get))
        .route("/forecasts", get(forecast::record::get).post(forecast::record::publish))
        .route("/forecasts/{number}", get(forecast::page::get))
        .route("/search", get(search::get))
        .route("/plans", get(plan::list))
        .route("/plans/{version}", get(plan::get).post(proposal::step))
        .route("/plans/{version}/compare", get(comparison::compare))
        .route("/plans/{version}/slip", get(comparison::what_if))
        .route("/{subjects}/{number}/documents/{content}", get(document::get))
        .route("/{subjects}/{number}/documents/{content}/file", get(document::file))
        .route("/acts/{act}", get(act::get_new).merge(with_paper(post(act::post_new))))
        .route("/{subjects}/{number}/acts/{act}", get(act::get).merge(with_paper(post(act::post))))
        .route("/acts/{subjects}/{act}", get(act::bulk::get).merge(with_paper(post(act::bulk::post))))
        .route("/acts/{subjects}/{act}/done", get(act::bulk::done))
        .route("/screening", get(screening::lookup::get))
        .route(
            "/screening/file",
            get(screening::file::get)
                .merge(post(screening::file::post).layer(body(screening::file::LARGEST))),
        )
        .route("/screening/file/{answer}", get(screening::file_answer::get))
        .route("/cases", get(screening::queue::get))
        .route("/cases/{number}", get(screening::case::get))
        .route("/lists", get(screening::lists::get))
        .route("/lists/{name}", get(screening::list::get))
        .route("/lists/{name}/entries", get(screening::list::entries))
        .route("/lists/{name}/entries/{entry}", get(screening::entry::get))
        .route("/lists/{name}/changes", get(screening::changes::get))
        .route(
            "/acts/load-list",
            get(screening::load::get_new).merge(post(screening::load::post_new).layer(body(LARGEST_LIST))),
        )
        .route(
            "/lists/{name}/acts/load",
            get(screening::load::get).merge(post(screening::load::post).layer(body(LARGEST_LIST))),
        )
        .route("/embargo", get(embargo::overview::get))
        .route("/embargo-check", get(embargo::check::get))
        .route("/embargo/{id}", get(embargo::file::get))
        .route("/embargo/{id}/editions/{number}", get(embargo::file::edition))
        .route("/policies/{key}", get(embargo::policy::get))
        .route("/import", get(import::choose))
        .route(
            "/import",
            post(import::send).layer(DefaultBodyLimit::max(
                usize::try_from(app.config.import_limit).unwrap_or(usize::MAX).saturating_add(FORM),
            )),
        )
        .route("/import/templates/{name}", get(import::give_template))
        .route("/import/{id}", get(import::get).post(import::act))
        .route("/import/{id}/faults.csv", get(import::faults))
        .route("/accounts", get(account::list))
        .route("/ledger", get(ledger::events))
        .route("/ledger/reads", get(ledger::reads))
        .route("/sign-in", get(sign_in::get).post(sign_in::post))
        .route("/sign-out", post(sign_in::out))
        .route("/me", get(me::get))
        .route("/me/password", get(me::password).post(me::change_password))
        .route("/me/sessions", post(me::end_session))
        .route("/me/views", get(saved::get).post(saved::save))
        .route("/me/views/forget", post(saved::forget))
        .route("/me/keys", post(me::open_key))
        .route("/me/keys/close", post(me::close_key))
        .route("/assets/{name}", get(asset::get))
        .route("/favicon.ico", get(asset::icon))
}

/// The form of an act may bring the paper behind it.
fn with_paper(route: MethodRouter<Arc<App>>) -> MethodRouter<Arc<App>> {
    route.layer(body(LARGEST_DOCUMENT))
}

/// The largest body of a form with a file of so many bytes.
fn body(file: usize) -> DefaultBodyLimit {
    DefaultBodyLimit::max(file.saturating_add(FORM))
}

/// A rendered page.
fn page(template: &impl Template) -> Answer {
    Ok(Html(rendered(template)?).into_response())
}

fn rendered(template: &impl Template) -> Result<String, Failure> {
    template.render().map_err(|e| Fault::internal("rendering a page", e).into())
}

/// A rendered page that shows a refusal in place, with its status.
fn refused_page(template: &impl Template, failure: &Failure) -> Answer<Response> {
    let mut response = page(template)?;
    if let Failure::Refused { status, .. } = failure {
        *response.status_mut() = *status;
    }
    Ok(response)
}
