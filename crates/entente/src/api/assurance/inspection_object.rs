//! Objects that reads of inspections give out.

use entente_register::ledger::SubjectKind;
use entente_register::transfer::inspection::Inspection;
use entente_store::reader::{InspectionRow, InspectionView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::object::{DocumentObject, HistoryObject, TAGGED};

/// An inspection in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InspectionRowObject {
    pub(crate) number: String,
    /// Number of the licence under which the goods went.
    pub(crate) licence: String,
    /// Number of the party that uses them.
    pub(crate) end_user: String,
    pub(crate) end_user_name: String,
    /// `planned`, `favourable`, `unable`, `incident`, `closed` or `cancelled`.
    pub(crate) state: &'static str,
    /// Why this one was chosen.
    pub(crate) reason: String,
    /// The day for which the visit is, or was, planned.
    #[schema(format = Date)]
    pub(crate) visit_on: String,
    /// The day of the visit.
    #[schema(format = Date)]
    pub(crate) visited_on: Option<String>,
    /// Marking.
    pub(crate) label: String,
}

impl InspectionRowObject {
    pub(crate) fn of(row: &InspectionRow) -> InspectionRowObject {
        InspectionRowObject::named(&row.inspection, &row.end_user_name)
    }

    fn named(this: &Inspection, end_user: &str) -> InspectionRowObject {
        InspectionRowObject {
            number: this.number.clone(),
            licence: this.planned.licence.clone(),
            end_user: this.planned.end_user.clone(),
            end_user_name: end_user.to_owned(),
            state: this.state,
            reason: this.reason.clone(),
            visit_on: this.planned.visit_on.to_string(),
            visited_on: this.visit.as_ref().map(|visit| visit.on.to_string()),
            label: this.label.to_string(),
        }
    }
}

/// What became of an item that is not there any more.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountedObject {
    serial: String,
    how: String,
    document: DocumentObject,
}

/// What a visit found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VisitObject {
    #[schema(format = Date)]
    on: String,
    /// Account that recorded it.
    by: String,
    /// `favourable`, `unfavourable`, `unable` or `access_refused`.
    outcome: &'static str,
    /// Serial numbers that were seen.
    seen: Vec<String>,
    /// What became of others.
    accounted: Vec<AccountedObject>,
    /// Neither seen nor accounted for.
    missing: Vec<String>,
    /// Seen, and of nothing that went under the licence.
    strange: Vec<String>,
    findings: String,
    /// The report.
    document: DocumentObject,
}

/// How an incident was closed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClosingObject {
    #[schema(format = Date)]
    on: String,
    /// Account that closed it.
    by: String,
    reason: String,
    document: DocumentObject,
}

/// An inspection.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Inspection")]
pub(crate) struct InspectionObject {
    #[serde(flatten)]
    row: InspectionRowObject,
    /// Number of the certificate by which it may be done.
    certificate: Option<String>,
    #[schema(format = Date)]
    planned_on: String,
    /// Serial numbers of what went under the licence.
    expected: Vec<String>,
    visit: Option<VisitObject>,
    closed: Option<ClosingObject>,
    /// Licences that it stopped and that are stopped still, of those open to the caller.
    stopped_licences: Vec<String>,
    /// What has happened to it, the latest last.
    history: Vec<HistoryObject>,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
}

impl InspectionObject {
    pub(crate) fn of(view: InspectionView) -> InspectionObject {
        let this = &view.inspection;
        let subject = SubjectKind::Inspection.subject(&this.number).to_string();
        let end_user = view.parties.get(&this.planned.end_user).unwrap_or(&this.planned.end_user);
        let paper = |document| DocumentObject::of(document, &subject, TAGGED);
        let owned = |all: Vec<&str>| all.into_iter().map(str::to_owned).collect();
        let visit = this.visit.as_ref().map(|visit| VisitObject {
            on: visit.on.to_string(),
            by: visit.by.clone(),
            outcome: visit.visited.outcome.word(),
            seen: visit.visited.seen.clone(),
            accounted: visit
                .visited
                .accounted
                .iter()
                .map(|one| AccountedObject {
                    serial: one.serial.clone(),
                    how: one.how.clone(),
                    document: paper(&one.document),
                })
                .collect(),
            missing: owned(visit.visited.missing()),
            strange: owned(visit.visited.strange()),
            findings: visit.visited.findings.clone(),
            document: paper(&visit.visited.document),
        });
        let closed = this.closed.as_ref().map(|closed| ClosingObject {
            on: closed.on.to_string(),
            by: closed.by.clone(),
            reason: closed.reason.clone(),
            document: paper(&closed.document),
        });
        InspectionObject {
            row: InspectionRowObject::named(this, end_user),
            certificate: this.planned.certificate.clone(),
            planned_on: this.planned_on.to_string(),
            visit,
            closed,
            history: HistoryObject::all(view.history, &subject),
            version: view.version,
            expected: view.expected,
            stopped_licences: view.stopped,
        }
    }
}
