//! The JSON API, version 1, under `/api/v1`.
//!
//! Every handler reads its input, calls one thing of the store, and writes what it
//! got. Reads and their objects stand in [`read`] and [`object`]; changes are one
//! POST a command, with the body types beside them. `openapi.json` is made from
//! the handlers.

mod account;
pub(crate) mod assurance;
mod body;
mod calendar;
mod change;
mod claim;
mod claim_object;
mod comparison;
mod contract;
pub(crate) mod customs;
mod delivery;
mod document;
mod embargo;
mod file;
mod forecast;
pub(crate) mod guidance;
mod json;
pub(crate) mod market;
mod me;
mod object;
mod opportunity;
mod partner;
mod payment;
mod performance;
mod plan;
mod proposal;
mod read;
pub(crate) mod reexport;
mod report;
mod screening;
mod search;
pub(crate) mod transfer;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse as _;
use axum::routing::get;
use axum::{Router, response::Response};
use utoipa::OpenApi as _;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Content, OpenApi, Ref, ResponseBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use json::body;
pub(crate) use opportunity::read::period as opportunity_period;

use crate::app::App;
use crate::error::Problem;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Entente",
        description = "Contracts, plans, deliveries and the chair's brief of a national commission for \
            military-technical cooperation. Every read takes `as_of` and `known_at`: what was true on a day, \
            as the register knew it at an instant. What may not be seen answers exactly as what does not exist.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(Problem)),
    tags(
        (name = "brief", description = "The chair's brief and its figures, opened to their sources"),
        (name = "contracts", description = "Contracts, lines and deliveries"),
        (name = "documents", description = "The papers behind the facts, by content hash"),
        (name = "plans", description = "Yearly delivery plans in frozen versions"),
        (name = "opportunities", description = "What may become a contract: requests, tenders, offers"),
        (name = "forecasts", description = "Published forecasts, and the record of the methods"),
        (name = "payments", description = "Money in and out: schedules, receipts, penalties, exchange rates"),
        (name = "performance", description = "What is to be reached under a contract, what slips, what is done about it, what is owed beside"),
        (name = "reports", description = "What exporters and manufacturers report on their own contracts"),
        (name = "embargo", description = "Rules on what may be transferred to whom, by two people, and a transfer judged by them"),
        (name = "transfers", description = "Applications for transfers, decided by two people, licences with what is written off of them, end-user certificates, and inspections after shipment"),
        (name = "reexports", description = "Requests of recipient states to pass on what was delivered, consented to by two people"),
        (name = "customs", description = "Files that go to customs and come from them, in runs without holes, and discrepancies"),
        (name = "screening", description = "Lists of those under measures, cases of parties that may be entries of them, and how a party stands"),
        (name = "partners", description = "Partner states, groups of states, parties"),
        (name = "market", description = "Statistics that others publish, by edition, and the rank of exporters by volume"),
        (name = "accounts", description = "Accounts of persons"),
        (name = "me", description = "The account that asks"),
        (name = "search", description = "Everything that the caller may see, by words and numbers"),
        (name = "ledger", description = "The ledger itself, for auditors"),
    )
)]
struct Description;

/// Bodies of documents may be larger than commands; the store says exactly how large.
const DOCUMENT_LIMIT: usize = 21 << 20;

fn parts() -> (Router<Arc<App>>, OpenApi) {
    let (router, mut description) = OpenApiRouter::with_openapi(Description::openapi())
        .nest(
            "/api/v1",
            OpenApiRouter::new()
                .routes(routes!(read::read_brief))
                .routes(routes!(read::open_figure))
                .routes(routes!(read::list_contracts, contract::open_contract))
                .routes(routes!(read::read_contract))
                .routes(routes!(contract::amend_contract))
                .routes(routes!(contract::sign_contract))
                .routes(routes!(contract::bring_contract_into_force))
                .routes(routes!(contract::suspend_contract))
                .routes(routes!(contract::resume_contract))
                .routes(routes!(contract::complete_contract))
                .routes(routes!(contract::terminate_contract))
                .routes(routes!(claim::close_contract))
                .routes(routes!(claim::agree_terms))
                .routes(routes!(claim::open_claim))
                .routes(routes!(claim::answer_claim))
                .routes(routes!(claim::settle_claim))
                .routes(routes!(contract::add_line))
                .routes(routes!(read::read_line))
                .routes(routes!(contract::amend_line))
                .routes(routes!(delivery::hand_over_delivery))
                .routes(routes!(read::read_delivery))
                .routes(routes!(delivery::accept_delivery))
                .routes(routes!(delivery::return_delivery))
                .routes(routes!(delivery::annul_delivery))
                .routes(routes!(delivery::record_serials))
                .routes(routes!(
                    opportunity::read::list_opportunities,
                    opportunity::offer::register_opportunity
                ))
                .routes(routes!(file::read_partner))
                .routes(routes!(file::read_party))
                .routes(routes!(screening::list_lists))
                .routes(routes!(screening::read_list))
                .routes(routes!(screening::set_list_policy))
                .routes(routes!(screening::list_cases))
                .routes(routes!(screening::read_case))
                .routes(routes!(screening::decide_case))
                .routes(routes!(screening::read_party_screening))
                .routes(routes!(embargo::embargo_status))
                .routes(routes!(embargo::read_rule_file))
                .routes(routes!(embargo::check_embargo))
                .routes(routes!(embargo::propose_rules))
                .routes(routes!(embargo::decide_rules))
                .routes(routes!(embargo::policy::read_embargo_policy))
                .routes(routes!(embargo::policy::propose_embargo_policy))
                .routes(routes!(embargo::policy::decide_embargo_policy))
                .routes(routes!(calendar::list_calendar))
                .routes(routes!(forecast::list_forecasts, forecast::publish_forecast))
                .routes(routes!(forecast::read_forecast))
                .routes(routes!(forecast::read_forecast_record))
                .routes(routes!(opportunity::read::read_opportunity))
                .routes(routes!(opportunity::read::analyse_opportunities))
                .routes(routes!(opportunity::offer::submit_offer))
                .routes(routes!(opportunity::act::extend_deadline))
                .routes(routes!(opportunity::act::estimate_opportunity))
                .routes(routes!(opportunity::act::ask_advice))
                .routes(routes!(opportunity::act::give_advice))
                .routes(routes!(opportunity::act::win_opportunity))
                .routes(routes!(opportunity::act::lose_opportunity))
                .routes(routes!(opportunity::act::decline_opportunity))
                .routes(routes!(opportunity::act::withdraw_opportunity))
                .routes(routes!(payment::read::read_payments))
                .routes(routes!(payment::read::read_contract_payments))
                .routes(routes!(payment::schedule::complete_schedule))
                .routes(routes!(payment::schedule::reopen_schedule))
                .routes(routes!(payment::schedule::agree_penalty))
                .routes(routes!(payment::schedule::schedule_instalment))
                .routes(routes!(payment::schedule::amend_instalment))
                .routes(routes!(payment::schedule::withdraw_instalment))
                .routes(routes!(payment::schedule::annul_instalment))
                .routes(routes!(payment::receipt::record_receipt))
                .routes(routes!(payment::receipt::allocate_receipt))
                .routes(routes!(payment::receipt::annul_receipt))
                .routes(routes!(payment::penalty::claim_penalty))
                .routes(routes!(payment::penalty::agree_on_penalty))
                .routes(routes!(payment::penalty::waive_penalty))
                .routes(routes!(payment::penalty::settle_penalty))
                .routes(routes!(payment::penalty::annul_penalty))
                .routes(routes!(payment::read::list_rates, payment::receipt::record_rate))
                .routes(routes!(payment::receipt::correct_rate))
                .merge(performance::routes())
                .merge(transfer::routes())
                .merge(assurance::routes())
                .merge(guidance::routes())
                .merge(customs::routes())
                .merge(reexport::routes())
                .merge(market::routes())
                .routes(routes!(report::list_reports))
                .routes(routes!(report::read_report))
                .routes(routes!(report::file_report))
                .routes(routes!(report::accept_report))
                .routes(routes!(report::return_report))
                .routes(routes!(report::withdraw_report))
                .routes(routes!(read::list_plans, plan::draft_plan))
                .routes(routes!(read::read_plan))
                .routes(routes!(comparison::compare_plans))
                .routes(routes!(comparison::slip_plan))
                .routes(routes!(plan::add_plan_items))
                .routes(routes!(proposal::propose_plan))
                .routes(routes!(proposal::agree_plan))
                .routes(routes!(proposal::object_to_plan))
                .routes(routes!(proposal::return_plan))
                .routes(routes!(plan::approve_plan))
                .routes(routes!(plan::discard_plan))
                .routes(routes!(read::list_partners, partner::register_partner))
                .routes(routes!(read::list_groups, partner::register_group))
                .routes(routes!(partner::admit_member))
                .routes(routes!(partner::release_member))
                .routes(routes!(partner::list_parties, partner::register_party))
                .routes(routes!(read::list_accounts, account::open_account))
                .routes(routes!(account::grant_role))
                .routes(routes!(account::withdraw_role))
                .routes(routes!(account::set_clearance))
                .routes(routes!(account::disable_account))
                .routes(routes!(account::enable_account))
                .routes(routes!(account::reset_password))
                .routes(routes!(me::read_me))
                .routes(routes!(me::list_keys, me::open_key))
                .routes(routes!(me::close_key))
                .routes(routes!(read::list_events))
                .routes(routes!(read::list_reads))
                .routes(routes!(search::search))
                .routes(routes!(document::read_document))
                .merge(
                    OpenApiRouter::new()
                        .routes(routes!(document::keep_document))
                        .layer(DefaultBodyLimit::max(DOCUMENT_LIMIT)),
                ),
        )
        .split_for_parts();
    finish(&mut description);
    (router, description)
}

/// Everything under `/api/v1`.
pub fn router(_app: &Arc<App>) -> Router<Arc<App>> {
    let (router, description) = parts();
    // A description that is made of the program's own types always serialises.
    let text: Arc<str> = description.to_pretty_json().unwrap_or_default().into();
    router.route(
        "/api/v1/openapi.json",
        get(move || {
            let text = text.clone();
            async move { describe(&text) }
        }),
    )
}

fn describe(text: &str) -> Response {
    ([(CONTENT_TYPE, "application/json")], text.to_owned()).into_response()
}

/// What all operations have in common: who may ask, and how a failure looks.
fn finish(description: &mut OpenApi) {
    let components = description.components.get_or_insert_default();
    components.add_security_scheme(
        "key",
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some("A key opened on the page /me or by POST /api/v1/me/keys"))
                .build(),
        ),
    );
    components.add_security_scheme(
        "session",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            "entente",
            "The session of the pages (__Host-entente over https). Changes carry its token, which GET \
             /api/v1/me tells, in the header X-CSRF-Token.",
        ))),
    );
    let none: [&str; 0] = [];
    description.security =
        Some(vec![SecurityRequirement::new("key", none), SecurityRequirement::new("session", none)]);
    let failure = ResponseBuilder::new()
        .description("Refused, or broken: RFC 9457")
        .content("application/problem+json", Content::new(Some(Ref::from_schema_name("Problem"))))
        .build();
    for item in description.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.post, &mut item.delete].into_iter().flatten() {
            operation.responses.responses.insert("default".to_owned(), failure.clone().into());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    fn description() -> Value {
        serde_json::from_str(&parts().1.to_json().unwrap()).unwrap()
    }

    #[test]
    fn the_description_is_reviewed() {
        insta::assert_snapshot!(parts().1.to_pretty_json().unwrap());
    }

    #[test]
    fn the_description_is_sound() {
        let description = description();
        assert_eq!(description["openapi"], "3.1.0");
        let mut names = BTreeSet::new();
        for (path, item) in description["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let name = operation["operationId"].as_str().unwrap();
                assert!(names.insert(name.to_owned()), "{name} stands twice");
                let declared: BTreeSet<&str> = operation["parameters"]
                    .as_array()
                    .map(|all| {
                        all.iter().filter(|p| p["in"] == "path").filter_map(|p| p["name"].as_str()).collect()
                    })
                    .unwrap_or_default();
                let used: BTreeSet<&str> =
                    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
                assert_eq!(declared, used, "{method} {path}");
                assert!(operation["responses"]["default"].is_object());
                assert!(operation["tags"].as_array().is_some_and(|t| t.len() == 1), "{method} {path}");
            }
        }
        let mut references = Vec::new();
        collect(&description, &mut references);
        for reference in references {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(description.pointer(pointer).is_some(), "{reference}");
        }
    }

    fn collect(value: &Value, into: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    into.push(reference.clone());
                }
                map.values().for_each(|v| collect(v, into));
            }
            Value::Array(list) => list.iter().for_each(|v| collect(v, into)),
            _ => {}
        }
    }
}
