//! Reads.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::contract::MACHINE;
use entente_register::contract::plan::PlanVersion;
use entente_register::ledger::{Fallible, Refusal, Subject, SubjectKind};
use entente_store::Outcome;
use entente_store::reader::{ContractFilter, ContractSort, Page, Reader};
use serde_json::Value;

use super::assurance::certificate_object::CertificateObject;
use super::assurance::inspection_object::InspectionObject;
use super::customs::object::DiscrepancyObject;
use super::guidance::object::GuidanceObject;
use super::json::{Asked, List, Rows, View, Whole};
use super::object::{
    AccountObject, ContractObject, ContractRowObject, DeliveryObject, EventObject, FigureObject, GroupObject,
    LineObject, PartnerObject, PlanObject, PlanRowObject, ReadObject,
};
use super::opportunity::object::OpportunityObject;
use super::reexport::object::ReexportObject;
use super::transfer::licence_object::LicenceObject;
use super::transfer::object::ApplicationObject;
use crate::app::App;
use crate::error::{Answer, Failure};
use crate::formats::brief_json::{BriefDocument, document};
use crate::session::Caller;

/// The chair's brief.
#[utoipa::path(get, path = "/brief", tag = "brief", params(View), responses((status = 200, description = "The brief", body = BriefDocument)))]
pub(crate) async fn read_brief(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let brief = caller.reader(&app, &asked.view).await?.brief(&asked.view.options()).await?;
    asked.answer(&document(&brief, app.defaults.demonstration))
}

/// A figure of the brief, opened to its rows or to the figures that it is worked out from.
#[utoipa::path(
    get, path = "/figures/{name}", tag = "brief",
    params(("name" = String, Path, description = "Name of the figure, as in `figures` of the brief", example = "deliveries.delivered"), View, Rows),
    responses((status = 200, description = "The figure", body = FigureObject))
)]
pub(crate) async fn open_figure(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let reader = caller.reader(&app, &asked.view).await?;
    let figure = reader.figure(&asked.view.options(), &name.parse()?, asked.page).await?;
    asked.answer(&FigureObject::of(figure))
}

/// Contracts.
#[utoipa::path(
    get, path = "/contracts", tag = "contracts",
    params(
        View, Rows,
        ("text" = Option<String>, Query, description = "Words in number, reference or title"),
        ("partner" = Option<String>, Query, description = "Code of the partner"),
        ("state" = Option<String>, Query, description = "State, for example in_force"),
        ("overdue" = Option<bool>, Query, description = "Only those with (or without) an overdue line"),
        ("sort" = Option<String>, Query, description = "number, partner, signed_on or amount; with a minus before it, from the largest"),
    ),
    responses((status = 200, description = "A page of contracts", body = List<ContractRowObject>))
)]
pub(crate) async fn list_contracts(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["text", "partner", "state", "overdue", "sort", "offset", "limit"])?;
    let (sort, descending) = sort_of(asked.other("sort")?)?;
    let owned = |name: &str| asked.other(name).map(|v| v.map(str::to_owned));
    let filter = ContractFilter {
        text: owned("text")?,
        partner: owned("partner")?,
        state: asked.other("state")?.map(state_of).transpose()?,
        overdue: yes_or_no("overdue", asked.other("overdue")?)?,
    };
    let reader = caller.reader(&app, &asked.view).await?;
    let found = reader.contracts(&filter, sort, descending, asked.page).await?;
    asked.list(found.map(|row| ContractRowObject::of(&row)))
}

fn sort_of(text: Option<&str>) -> Fallible<(ContractSort, bool)> {
    let text = text.unwrap_or("number");
    let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
    let sort = match name {
        "number" => ContractSort::Number,
        "partner" => ContractSort::Partner,
        "signed_on" => ContractSort::SignedOn,
        "amount" => ContractSort::Amount,
        _ => {
            return Err(Refusal::new(
                "parameter.malformed",
                format!("Contracts are not sorted by {name:?}."),
            )
            .field("sort")
            .missing("number, partner, signed_on or amount, with a minus before it for descending"));
        }
    };
    Ok((sort, descending))
}

fn state_of(text: &str) -> Fallible<String> {
    let states = MACHINE.states();
    if states.contains(&text) {
        return Ok(text.to_owned());
    }
    Err(Refusal::new("parameter.malformed", format!("No contract has the state {text:?}."))
        .field("state")
        .missing(format!("one of {}", states.join(", "))))
}

pub(super) fn yes_or_no(name: &str, text: Option<&str>) -> Fallible<Option<bool>> {
    match text {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(other) => Err(Refusal::new("parameter.malformed", format!("{name} cannot be {other:?}."))
            .field(name)
            .missing("true or false")),
    }
}

/// A contract with its parties, lines, claims and history.
#[utoipa::path(
    get, path = "/contracts/{number}", tag = "contracts",
    params(("number" = String, Path, description = "Number of the contract", example = "O-2012-0015"), View),
    responses((status = 200, description = "The contract", body = ContractObject))
)]
pub(crate) async fn read_contract(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    read_subject(&app, &caller, &asked, &SubjectKind::Contract.subject(number)).await
}

/// A line with its deliveries and history.
#[utoipa::path(
    get, path = "/lines/{number}", tag = "contracts",
    params(("number" = String, Path, description = "Number of the line", example = "O-2012-0015.2"), View, Rows),
    responses((status = 200, description = "The line", body = LineObject))
)]
pub(crate) async fn read_line(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let view = caller.reader(&app, &asked.view).await?.line(&number, asked.page).await?;
    asked.answer(&LineObject::of(view))
}

/// A delivery with its acts, each with its document.
#[utoipa::path(
    get, path = "/deliveries/{number}", tag = "contracts",
    params(("number" = String, Path, description = "Number of the delivery", example = "O-2012-0015.2.7"), View),
    responses((status = 200, description = "The delivery", body = DeliveryObject))
)]
pub(crate) async fn read_delivery(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    read_subject(&app, &caller, &asked, &SubjectKind::Delivery.subject(number)).await
}

/// The plan versions of all years, the latest first.
#[utoipa::path(get, path = "/plans", tag = "plans", params(View), responses((status = 200, description = "The versions", body = Whole<PlanRowObject>)))]
pub(crate) async fn list_plans(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let plans = caller.reader(&app, &asked.view).await?.plans().await?;
    asked.whole(plans.iter().map(PlanRowObject::of).collect())
}

/// A plan version with its items.
#[utoipa::path(
    get, path = "/plans/{year}/{version}", tag = "plans",
    params(("year" = i16, Path, description = "Calendar year"), ("version" = u32, Path, description = "Version, from 1"), View, Rows),
    responses((status = 200, description = "The version", body = PlanObject))
)]
pub(crate) async fn read_plan(
    State(app): State<Arc<App>>,
    Path((year, version)): Path<(String, String)>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let version = plan_version(&year, &version)?;
    let view = caller.reader(&app, &asked.view).await?.plan(version, asked.page).await?;
    asked.answer(&PlanObject::of(view))
}

/// The version that a path names; what is no version is a version that does not exist.
pub(crate) fn plan_version(year: &str, version: &str) -> Result<PlanVersion, Failure> {
    format!("{year}:{version}")
        .parse()
        .map_err(|_| Refusal::not_found("plan version", &format!("{year}:{version}")).into())
}

/// Partner states.
#[utoipa::path(get, path = "/partners", tag = "partners", params(View), responses((status = 200, description = "The partners, by code", body = Whole<PartnerObject>)))]
pub(crate) async fn list_partners(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let partners = caller.reader(&app, &asked.view).await?.partners().await?;
    asked.whole(partners.into_iter().map(|(code, name)| PartnerObject { code, name }).collect())
}

/// Groups of states with their dated membership.
#[utoipa::path(get, path = "/groups", tag = "partners", params(View), responses((status = 200, description = "The groups, by code", body = Whole<GroupObject>)))]
pub(crate) async fn list_groups(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let reader = caller.reader(&app, &asked.view).await?;
    let groups = reader.groups().await?;
    asked.whole(groups.into_iter().map(|group| GroupObject::of(group, reader.as_of())).collect())
}

/// Accounts, for those who manage or audit them.
#[utoipa::path(get, path = "/accounts", tag = "accounts", responses((status = 200, description = "The accounts, by name", body = Whole<AccountObject>)))]
pub(crate) async fn list_accounts(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let accounts = caller.reader(&app, &asked.view).await?.accounts().await?;
    asked.whole(accounts.iter().map(AccountObject::of).collect())
}

/// Events of the ledger, the latest first; for auditors.
#[utoipa::path(get, path = "/ledger/events", tag = "ledger", params(View, Rows), responses((status = 200, description = "A page of events", body = List<EventObject>)))]
pub(crate) async fn list_events(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let events = caller.reader(&app, &asked.view).await?.events(asked.page).await?;
    asked.list(events.map(EventObject::of))
}

/// The log of reads of marked material, the latest first; for auditors.
#[utoipa::path(get, path = "/ledger/reads", tag = "ledger", params(Rows), responses((status = 200, description = "A page of reads", body = List<ReadObject>)))]
pub(crate) async fn list_reads(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    // It is no view of the register: it is read whole, as it stands.
    asked.no_view()?;
    let reads = caller.reader(&app, &asked.view).await?.read_log(asked.page).await?;
    asked.list(reads.map(ReadObject::of))
}

async fn read_subject(app: &App, caller: &Caller, asked: &Asked, subject: &Subject) -> Answer {
    asked.only(&[])?;
    let reader = caller.reader(app, &asked.view).await?;
    asked.answer(&representation(&reader, subject).await?.0)
}

/// A subject as it is shown without paging, with its version: what an `If-Match` is checked against.
///
/// # Errors
/// `not_found`, also where it is not open to the reader.
pub(crate) async fn representation(reader: &Reader, subject: &Subject) -> Outcome<(Shown, u32)> {
    let page = Page::first(50);
    let not_found = || Refusal::not_found(subject.kind.word(), &subject.key);
    Ok(match subject.kind {
        SubjectKind::Contract => {
            let view = reader.contract(&subject.key).await?;
            let version = view.version;
            (Shown::Contract(Box::new(ContractObject::of(view))), version)
        }
        SubjectKind::Line => {
            let view = reader.line(&subject.key, page).await?;
            let version = view.line.version;
            (Shown::Line(Box::new(LineObject::of(view))), version)
        }
        SubjectKind::Delivery => {
            let view = reader.delivery(&subject.key).await?;
            let version = view.version;
            (Shown::Delivery(Box::new(DeliveryObject::of(view))), version)
        }
        SubjectKind::Plan => {
            let version = PlanVersion::from_key(&subject.key).ok_or_else(not_found)?;
            let view = reader.plan(version, page).await?;
            let version = view.version;
            (Shown::Plan(Box::new(PlanObject::of(view))), version)
        }
        SubjectKind::Opportunity => {
            let view = reader.opportunity(&subject.key).await?;
            let version = view.version;
            (Shown::Opportunity(Box::new(OpportunityObject::of(view))), version)
        }
        SubjectKind::Application => {
            let view = reader.application(&subject.key).await?;
            let version = view.version;
            (Shown::Application(Box::new(ApplicationObject::of(view, reader.as_of()))), version)
        }
        SubjectKind::Licence => {
            let view = reader.licence(&subject.key).await?;
            let version = view.version;
            (Shown::Licence(Box::new(LicenceObject::of(view, reader.as_of()))), version)
        }
        SubjectKind::Certificate => {
            let view = reader.certificate(&subject.key).await?;
            let version = view.version;
            (Shown::Certificate(Box::new(CertificateObject::of(view))), version)
        }
        SubjectKind::Inspection => {
            let view = reader.inspection(&subject.key).await?;
            let version = view.version;
            (Shown::Inspection(Box::new(InspectionObject::of(view))), version)
        }
        SubjectKind::Guidance => {
            let view = reader.guidance(&subject.key).await?;
            let version = view.version;
            (Shown::Guidance(Box::new(GuidanceObject::of(view))), version)
        }
        SubjectKind::Discrepancy => {
            let view = reader.discrepancy(&subject.key).await?;
            let version = view.version;
            (Shown::Discrepancy(Box::new(DiscrepancyObject::of(view))), version)
        }
        SubjectKind::Reexport => {
            let view = reader.reexport(&subject.key).await?;
            let version = view.version;
            (Shown::Reexport(Box::new(ReexportObject::of(view))), version)
        }
        _ => return Err(not_found().into()),
    })
}

/// A subject with a place of its own.
#[derive(serde::Serialize)]
#[serde(untagged)]
pub(crate) enum Shown {
    /// A contract.
    Contract(Box<ContractObject>),
    /// A line.
    Line(Box<LineObject>),
    /// A delivery.
    Delivery(Box<DeliveryObject>),
    /// A plan version.
    Plan(Box<PlanObject>),
    /// An opportunity.
    Opportunity(Box<OpportunityObject>),
    /// An application for a transfer.
    Application(Box<ApplicationObject>),
    /// A licence.
    Licence(Box<LicenceObject>),
    /// An end-user certificate.
    Certificate(Box<CertificateObject>),
    /// An inspection.
    Inspection(Box<InspectionObject>),
    /// What transfers are weighed by.
    Guidance(Box<GuidanceObject>),
    /// A discrepancy with customs.
    Discrepancy(Box<DiscrepancyObject>),
    /// A re-export.
    Reexport(Box<ReexportObject>),
}

/// A payload is canonical JSON of the ledger; where it cannot be read it is shown as nothing.
pub(crate) fn payload(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}
