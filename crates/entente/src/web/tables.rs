//! The addresses of the tables for spreadsheets: a list, or a section of a page, each as CSV and as a workbook.

use std::sync::Arc;

use axum::Router;
use axum::routing::{MethodRouter, get};

use super::brief::table::Of as OfBrief;
use super::comparison::Of as OfComparison;
use super::group::OfGroup;
use super::opportunity::table::{OfAnalysis, OfOne};
use super::partner::table::{OfPartner, OfParty};
use super::payment::table::{OfAll, OfContract};
use super::performance::table::Of as OfPerformance;
use super::transfer::certificate::OfCertificate;
use super::transfer::reexport::OfReexport;
use super::transfer::table::{OfApplication, OfLicence};
use super::{
    account, brief, calendar, comparison, contract, contract_table, customs, figure, forecast, group, ledger,
    market, opportunity, partner, payment, performance, plan, plan_table, report, screening, transfer,
};
use crate::app::App;
use crate::formats::table::Kind;

/// Gives a table in a form.
type Give = fn(Kind) -> MethodRouter<Arc<App>>;

/// Every table by its address, without the ending.
const TABLES: &[(&str, Give)] = &[
    ("/alerts", |kind| get(move |visit| brief::alerts::export(visit, kind))),
    ("/brief/forecasts", |kind| get(move |visit| brief::table::export(visit, OfBrief::Forecasts, kind))),
    ("/brief/months", |kind| get(move |visit| brief::table::export(visit, OfBrief::Months, kind))),
    ("/brief/partners", |kind| get(move |visit| brief::table::export(visit, OfBrief::Partners, kind))),
    ("/brief/groups", |kind| get(move |visit| brief::table::export(visit, OfBrief::Groups, kind))),
    ("/brief/pipeline", |kind| get(move |visit| brief::table::export(visit, OfBrief::Pipeline, kind))),
    ("/brief/deadlines", |kind| get(move |visit| brief::table::export(visit, OfBrief::Deadlines, kind))),
    ("/figures/{name}/rows", |kind| get(move |visit, of| figure::export(visit, of, kind))),
    ("/figures/{name}/operands", |kind| get(move |visit, of| figure::export_operands(visit, of, kind))),
    ("/contracts", |kind| get(move |visit| contract::export(visit, kind))),
    ("/contracts/{number}/lines", |kind| get(move |visit, of| contract_table::lines(visit, of, kind))),
    ("/contracts/{number}/deliveries", |kind| {
        get(move |visit, of| contract_table::deliveries_of_contract(visit, of, kind))
    }),
    ("/contracts/{number}/parties", |kind| get(move |visit, of| contract_table::parties(visit, of, kind))),
    ("/contracts/{number}/instalments", |kind| {
        get(move |visit, of| payment::table::of_contract(visit, of, OfContract::Instalments, kind))
    }),
    ("/contracts/{number}/receipts", |kind| {
        get(move |visit, of| payment::table::of_contract(visit, of, OfContract::Receipts, kind))
    }),
    ("/contracts/{number}/allocations", |kind| {
        get(move |visit, of| payment::table::of_contract(visit, of, OfContract::Allocations, kind))
    }),
    ("/contracts/{number}/penalties", |kind| {
        get(move |visit, of| payment::table::of_contract(visit, of, OfContract::Penalties, kind))
    }),
    ("/contracts/{number}/rates", |kind| {
        get(move |visit, of| payment::table::of_contract(visit, of, OfContract::Rates, kind))
    }),
    ("/contracts/{number}/slippages", |kind| {
        get(move |visit, of| performance::table::export(visit, of, OfPerformance::Slippages, kind))
    }),
    ("/contracts/{number}/milestones", |kind| {
        get(move |visit, of| performance::table::export(visit, of, OfPerformance::Milestones, kind))
    }),
    ("/contracts/{number}/claims", |kind| {
        get(move |visit, of| performance::table::export(visit, of, OfPerformance::Claims, kind))
    }),
    ("/contracts/{number}/corrective-actions", |kind| {
        get(move |visit, of| performance::table::export(visit, of, OfPerformance::Actions, kind))
    }),
    ("/contracts/{number}/offset-phases", |kind| {
        get(move |visit, of| performance::table::export(visit, of, OfPerformance::Phases, kind))
    }),
    ("/contracts/{number}/offset-transactions", |kind| {
        get(move |visit, of| performance::table::export(visit, of, OfPerformance::Transactions, kind))
    }),
    ("/contracts/{number}/conditions", |kind| {
        get(move |visit, of| performance::table::export(visit, of, OfPerformance::Conditions, kind))
    }),
    ("/contracts/{number}/transfers", |kind| {
        get(move |visit, of| transfer::table::of_contract(visit, of, kind))
    }),
    ("/lines/{number}/deliveries", |kind| {
        get(move |visit, of| contract_table::deliveries_of_line(visit, of, kind))
    }),
    ("/deliveries/{number}/claims", |kind| {
        get(move |visit, of| performance::table::claims_of_delivery(visit, of, kind))
    }),
    ("/payments/overdue", |kind| get(move |visit| payment::table::of_all(visit, OfAll::Overdue, kind))),
    ("/payments/coming", |kind| get(move |visit| payment::table::of_all(visit, OfAll::Coming, kind))),
    ("/payments/partners", |kind| get(move |visit| payment::table::of_all(visit, OfAll::Partners, kind))),
    ("/payments/banks", |kind| get(move |visit| payment::table::of_all(visit, OfAll::Banks, kind))),
    ("/payments/penalties", |kind| get(move |visit| payment::table::of_all(visit, OfAll::Penalties, kind))),
    ("/payments/schedules", |kind| get(move |visit| payment::table::of_all(visit, OfAll::Schedules, kind))),
    ("/payments/contracts", |kind| get(move |visit| payment::table::of_all(visit, OfAll::Contracts, kind))),
    ("/rates", |kind| get(move |visit| payment::table::of_rates(visit, kind))),
    ("/reports", |kind| get(move |visit| report::export(visit, kind))),
    ("/slippages", |kind| get(move |visit| performance::list::export(visit, kind))),
    ("/slippages/sums", |kind| get(move |visit| performance::list::export_sums(visit, kind))),
    ("/opportunities", |kind| get(move |visit| opportunity::list::export(visit, kind))),
    ("/opportunities/analysis/intake", |kind| {
        get(move |visit| opportunity::table::of_analysis(visit, OfAnalysis::Intake, kind))
    }),
    ("/opportunities/analysis/partners", |kind| {
        get(move |visit| opportunity::table::of_analysis(visit, OfAnalysis::Partners, kind))
    }),
    ("/opportunities/analysis/products", |kind| {
        get(move |visit| opportunity::table::of_analysis(visit, OfAnalysis::Products, kind))
    }),
    ("/opportunities/{number}/items", |kind| {
        get(move |visit, of| opportunity::table::of_one(visit, of, OfOne::Items, kind))
    }),
    ("/opportunities/{number}/offers", |kind| {
        get(move |visit, of| opportunity::table::of_one(visit, of, OfOne::Offers, kind))
    }),
    ("/opportunities/{number}/estimates", |kind| {
        get(move |visit, of| opportunity::table::of_one(visit, of, OfOne::Estimates, kind))
    }),
    ("/opportunities/{number}/opinions", |kind| {
        get(move |visit, of| opportunity::table::of_one(visit, of, OfOne::Opinions, kind))
    }),
    ("/applications", |kind| get(move |visit| transfer::list::export(visit, kind))),
    ("/applications/{number}/lines", |kind| {
        get(move |visit, of| transfer::table::of_application(visit, of, OfApplication::Lines, kind))
    }),
    ("/applications/{number}/parties", |kind| {
        get(move |visit, of| transfer::table::of_application(visit, of, OfApplication::Parties, kind))
    }),
    ("/applications/{number}/checks", |kind| {
        get(move |visit, of| transfer::table::of_application(visit, of, OfApplication::Checks, kind))
    }),
    ("/applications/{number}/opinions", |kind| {
        get(move |visit, of| transfer::table::of_application(visit, of, OfApplication::Opinions, kind))
    }),
    ("/applications/{number}/assessment", |kind| {
        get(move |visit, of| transfer::table::of_application(visit, of, OfApplication::Assessment, kind))
    }),
    ("/applications/{number}/decisions", |kind| {
        get(move |visit, of| transfer::table::of_application(visit, of, OfApplication::Decisions, kind))
    }),
    ("/applications/{number}/grounds", |kind| {
        get(move |visit, of| transfer::table::of_application(visit, of, OfApplication::Grounds, kind))
    }),
    ("/applications/{number}/precedents", |kind| {
        get(move |visit, of| transfer::precedents::export(visit, of, kind))
    }),
    ("/breaks", |kind| get(move |visit| transfer::breaks::export(visit, kind))),
    ("/contracts/{number}/link", |kind| {
        get(move |visit, of| transfer::link::export(visit, of, "contract", kind))
    }),
    ("/lines/{number}/link", |kind| get(move |visit, of| transfer::link::export(visit, of, "line", kind))),
    ("/deliveries/{number}/link", |kind| {
        get(move |visit, of| transfer::link::export(visit, of, "delivery", kind))
    }),
    ("/applications/{number}/denial", |kind| get(move |visit, of| transfer::denial::export(visit, of, kind))),
    ("/applications/{number}/link", |kind| {
        get(move |visit, of| transfer::link::export(visit, of, "application", kind))
    }),
    ("/licences/{number}/link", |kind| {
        get(move |visit, of| transfer::link::export(visit, of, "licence", kind))
    }),
    ("/certificates/{number}/link", |kind| {
        get(move |visit, of| transfer::link::export(visit, of, "certificate", kind))
    }),
    ("/inspections/{number}/link", |kind| {
        get(move |visit, of| transfer::link::export(visit, of, "inspection", kind))
    }),
    ("/annual-reports", |kind| get(move |visit| transfer::annual::export(visit, kind))),
    ("/licences", |kind| get(move |visit| transfer::licences::export(visit, kind))),
    ("/licences/{number}/verifications", |kind| {
        get(move |visit, of| transfer::table::of_licence(visit, of, OfLicence::Verifications, kind))
    }),
    ("/certificates", |kind| get(move |visit| transfer::certificates::export(visit, kind))),
    ("/certificates/{number}/lines", |kind| {
        get(move |visit, of| transfer::certificate::export(visit, of, OfCertificate::Lines, kind))
    }),
    ("/certificates/{number}/inquiries", |kind| {
        get(move |visit, of| transfer::certificate::export(visit, of, OfCertificate::Inquiries, kind))
    }),
    ("/specimens", |kind| get(move |visit| transfer::specimens::export_all(visit, kind))),
    ("/specimens/{number}/specimens", |kind| {
        get(move |visit, of| transfer::specimens::export(visit, of, kind))
    }),
    ("/guidance", |kind| get(move |visit| transfer::guidance::export(visit, kind))),
    ("/guidance/{number}/editions", |kind| {
        get(move |visit, of| transfer::guidance::export_editions(visit, of, kind))
    }),
    ("/guidance/{number}/content", |kind| {
        get(move |visit, of| transfer::guidance::export_content(visit, of, kind))
    }),
    ("/inspections", |kind| get(move |visit| transfer::inspections::export(visit, kind))),
    ("/reexports", |kind| get(move |visit| transfer::reexports::export(visit, kind))),
    ("/reexports/{number}/lines", |kind| {
        get(move |visit, of| transfer::reexport::of_one(visit, of, OfReexport::Lines, kind))
    }),
    ("/reexports/{number}/checks", |kind| {
        get(move |visit, of| transfer::reexport::of_one(visit, of, OfReexport::Checks, kind))
    }),
    ("/reexports/{number}/reports", |kind| {
        get(move |visit, of| transfer::reexport::of_one(visit, of, OfReexport::Reports, kind))
    }),
    ("/customs", |kind| get(move |visit| customs::export(visit, kind))),
    ("/customs-runs/{number}/rows", |kind| get(move |visit, of| customs::run::export(visit, of, kind))),
    ("/discrepancies", |kind| get(move |visit| customs::discrepancies::export(visit, kind))),
    ("/licences/{number}/lines", |kind| {
        get(move |visit, of| transfer::table::of_licence(visit, of, OfLicence::Lines, kind))
    }),
    ("/licences/{number}/conditions", |kind| {
        get(move |visit, of| transfer::table::of_licence(visit, of, OfLicence::Conditions, kind))
    }),
    ("/licences/{number}/write-offs", |kind| {
        get(move |visit, of| transfer::table::of_licence(visit, of, OfLicence::WriteOffs, kind))
    }),
    ("/licences/{number}/checks", |kind| {
        get(move |visit, of| transfer::table::of_licence(visit, of, OfLicence::Checks, kind))
    }),
    ("/calendar", |kind| get(move |visit| calendar::month::export(visit, kind))),
    ("/timeline", |kind| get(move |visit| calendar::timeline::export(visit, kind))),
    ("/market", |kind| get(move |visit| market::export(visit, kind))),
    ("/market/courses", |kind| get(move |visit| market::export_courses(visit, kind))),
    ("/market/editions", |kind| get(move |visit| market::export_editions(visit, kind))),
    ("/market/deals", |kind| get(move |visit| market::deals::export(visit, kind))),
    ("/groups", |kind| get(move |visit| group::export_list(visit, kind))),
    ("/groups/{code}/states", |kind| get(move |visit, of| group::export(visit, of, OfGroup::States, kind))),
    ("/groups/{code}/members", |kind| get(move |visit, of| group::export(visit, of, OfGroup::Members, kind))),
    ("/groups/{code}/shares", |kind| get(move |visit, of| group::export(visit, of, OfGroup::Shares, kind))),
    ("/partners", |kind| get(move |visit| partner::list::export(visit, kind))),
    ("/partners/groups", |kind| get(move |visit| partner::list::export_groups(visit, kind))),
    ("/partners/{code}/contracts", |kind| {
        get(move |visit, of| partner::table::of_partner(visit, of, OfPartner::Contracts, kind))
    }),
    ("/partners/{code}/years", |kind| {
        get(move |visit, of| partner::table::of_partner(visit, of, OfPartner::Years, kind))
    }),
    ("/partners/{code}/due", |kind| {
        get(move |visit, of| partner::table::of_partner(visit, of, OfPartner::Due, kind))
    }),
    ("/partners/{code}/opportunities", |kind| {
        get(move |visit, of| partner::table::of_partner(visit, of, OfPartner::Opportunities, kind))
    }),
    ("/parties", |kind| get(move |visit| partner::parties::export(visit, kind))),
    ("/parties/{number}/contracts", |kind| {
        get(move |visit, of| partner::table::of_party(visit, of, OfParty::Contracts, kind))
    }),
    ("/parties/{number}/due", |kind| {
        get(move |visit, of| partner::table::of_party(visit, of, OfParty::Due, kind))
    }),
    ("/forecasts", |kind| get(move |visit| forecast::table::published(visit, kind))),
    ("/forecasts/methods", |kind| get(move |visit| forecast::table::methods(visit, kind))),
    ("/forecasts/{number}/methods", |kind| get(move |visit, of| forecast::table::of_one(visit, of, kind))),
    ("/plans", |kind| get(move |visit| plan::export_list(visit, kind))),
    ("/plans/{version}/items", |kind| get(move |visit, of| plan::export(visit, of, kind))),
    ("/plans/{version}/manufacturers", |kind| {
        get(move |visit, of| plan_table::manufacturers(visit, of, kind))
    }),
    ("/plans/{version}/stability", |kind| get(move |visit, of| plan_table::stability(visit, of, kind))),
    ("/plans/{version}/compare/changes", |kind| {
        get(move |visit, of| comparison::export_compared(visit, of, OfComparison::Changes, kind))
    }),
    ("/plans/{version}/compare/months", |kind| {
        get(move |visit, of| comparison::export_compared(visit, of, OfComparison::Months, kind))
    }),
    ("/plans/{version}/compare/partners", |kind| {
        get(move |visit, of| comparison::export_compared(visit, of, OfComparison::Partners, kind))
    }),
    ("/plans/{version}/slip/changes", |kind| {
        get(move |visit, of| comparison::export_slipped(visit, of, OfComparison::Changes, kind))
    }),
    ("/plans/{version}/slip/months", |kind| {
        get(move |visit, of| comparison::export_slipped(visit, of, OfComparison::Months, kind))
    }),
    ("/plans/{version}/slip/partners", |kind| {
        get(move |visit, of| comparison::export_slipped(visit, of, OfComparison::Partners, kind))
    }),
    ("/cases", |kind| get(move |visit| screening::queue::export(visit, kind))),
    ("/lists", |kind| get(move |visit| screening::table::lists(visit, kind))),
    ("/lists/{name}/editions", |kind| get(move |visit, of| screening::table::editions(visit, of, kind))),
    ("/lists/{name}/entries", |kind| get(move |visit, of| screening::table::entries(visit, of, kind))),
    ("/lists/{name}/changes", |kind| get(move |visit, of| screening::changes::export(visit, of, kind))),
    ("/accounts", |kind| get(move |visit| account::export(visit, kind))),
    ("/ledger", |kind| get(move |visit| ledger::export_events(visit, kind))),
    ("/ledger/reads", |kind| get(move |visit| ledger::export_reads(visit, kind))),
];

/// Both addresses of every table.
pub(super) fn router() -> Router<Arc<App>> {
    TABLES.iter().fold(Router::new(), |router, (path, give)| {
        router.route(&format!("{path}.csv"), give(Kind::Csv)).route(&format!("{path}.xlsx"), give(Kind::Xlsx))
    })
}
