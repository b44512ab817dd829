//! Objects that reads of re-exports give out.

use entente_register::ledger::SubjectKind;
use entente_register::transfer::reexport::{Reexport, ReexportItem, ReexportProposal};
use entente_store::reader::{ReexportRow, ReexportView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::object::{DocumentObject, HistoryObject, TAGGED};
use crate::api::transfer::judge::EndUserIs;
use crate::api::transfer::judged_object::CheckObject;

/// A re-export in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReexportRowObject {
    pub(crate) number: String,
    pub(crate) title: String,
    /// `requested`, `proposed`, `consented`, `refused`, `withdrawn`, `closed` or `revoked`.
    pub(crate) state: &'static str,
    /// Number of the party that asks.
    pub(crate) authority: String,
    pub(crate) authority_name: String,
    /// The state that received the goods.
    pub(crate) origin: String,
    /// Number of the party that is to use them.
    pub(crate) end_user: String,
    pub(crate) end_user_name: String,
    /// The state that they go to.
    pub(crate) destination: String,
    /// Numbers of the licences, each once.
    pub(crate) licences: Vec<String>,
    #[schema(format = Date)]
    pub(crate) requested_on: String,
    #[schema(format = Date)]
    pub(crate) decided_on: Option<String>,
    /// The last day of the consent.
    #[schema(format = Date)]
    pub(crate) valid_until: Option<String>,
    /// Marking.
    pub(crate) label: String,
}

impl ReexportRowObject {
    pub(crate) fn of(row: &ReexportRow) -> ReexportRowObject {
        ReexportRowObject::named(&row.reexport, &row.authority_name, &row.end_user_name)
    }

    fn named(this: &Reexport, authority: &str, end_user: &str) -> ReexportRowObject {
        let content = &this.requested.content;
        let mut licences: Vec<String> =
            this.requested.items.iter().map(|item| item.licence.clone()).collect();
        licences.sort();
        licences.dedup();
        let decision = this.decision.as_ref();
        ReexportRowObject {
            number: this.number.clone(),
            title: content.title.clone(),
            state: this.state,
            authority: content.applicant.clone(),
            authority_name: authority.to_owned(),
            origin: content.origin.clone().unwrap_or_default(),
            end_user: content.end_users().into_iter().next().unwrap_or_default().to_owned(),
            end_user_name: end_user.to_owned(),
            destination: content.destination.clone(),
            licences,
            requested_on: this.requested_on.to_string(),
            decided_on: decision.map(|decision| decision.on.to_string()),
            valid_until: decision.and_then(|of| of.proposal.valid_until).map(|on| on.to_string()),
            label: this.label.to_string(),
        }
    }
}

/// What is passed on of a line of a licence.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReexportItemObject {
    licence: String,
    line: u32,
    quantity: String,
}

impl ReexportItemObject {
    fn all(items: &[ReexportItem]) -> Vec<ReexportItemObject> {
        let item = |item: &ReexportItem| ReexportItemObject {
            licence: item.licence.clone(),
            line: item.line,
            quantity: item.quantity.to_string(),
        };
        items.iter().map(item).collect()
    }
}

/// What was delivered of a line, and what consents take of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReexportLineObject {
    licence: String,
    line: u32,
    /// How much is asked for.
    requested: String,
    /// How much was reported to have been passed on.
    reported: String,
    /// How much went under the licence; absent where the licence is not open to the caller.
    written_off: Option<String>,
    /// How much of it counts as received.
    received: Option<String>,
    /// How much other consents take, of those open to the caller.
    taken: Option<String>,
}

/// What was undertaken when the goods were delivered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BindingObject {
    licence: String,
    /// Number of the end-user certificate; null where there was none.
    certificate: Option<String>,
    /// Whether it promises no re-export without consent.
    undertaken: bool,
}

/// Something recorded by an officer, with its paper.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReexportRecordObject {
    #[schema(format = Date)]
    on: String,
    /// Account that recorded it.
    by: String,
    text: String,
    document: DocumentObject,
}

/// An end user that was established.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewUserObject {
    party: String,
    standing: EndUserIs,
    document: DocumentObject,
}

/// What is proposed or was decided.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReexportProposalObject {
    proposed_by: String,
    /// Who signed, and when; null of a proposal that waits.
    countersigned_by: Option<String>,
    #[schema(format = Date)]
    on: Option<String>,
    consents: bool,
    #[schema(format = Date)]
    valid_from: Option<String>,
    #[schema(format = Date)]
    valid_until: Option<String>,
    conditions: Vec<String>,
    /// Of a refusal: by which criteria.
    criteria: Vec<&'static str>,
    reason: String,
}

impl ReexportProposalObject {
    fn of(by: &str, proposal: &ReexportProposal, signed: Option<(&str, String)>) -> ReexportProposalObject {
        let (countersigned_by, on) = match signed {
            Some((by, on)) => (Some(by.to_owned()), Some(on)),
            None => (None, None),
        };
        ReexportProposalObject {
            proposed_by: by.to_owned(),
            countersigned_by,
            on,
            consents: proposal.consents,
            valid_from: proposal.valid_from.map(|day| day.to_string()),
            valid_until: proposal.valid_until.map(|day| day.to_string()),
            conditions: proposal.conditions.clone(),
            criteria: proposal.criteria.iter().map(|criterion| criterion.word()).collect(),
            reason: proposal.reason.clone(),
        }
    }
}

/// What the recipient passed on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReexportReportObject {
    #[schema(format = Date)]
    on: String,
    items: Vec<ReexportItemObject>,
    document: DocumentObject,
}

/// A re-export.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Reexport")]
pub(crate) struct ReexportObject {
    #[serde(flatten)]
    row: ReexportRowObject,
    /// `defence`, `mandated_operation`, `police`, `civil` or `other`.
    purpose: &'static str,
    end_use: String,
    items: Vec<ReexportItemObject>,
    lines: Vec<ReexportLineObject>,
    serials: Vec<String>,
    bindings: Vec<BindingObject>,
    /// Licences of which nothing promises that consent is asked for.
    unbound: Vec<String>,
    /// On what ground consent is asked for, where an officer recorded one.
    ground: Option<ReexportRecordObject>,
    end_users: Vec<NewUserObject>,
    /// What was found of rights of third parties.
    rights: Option<ReexportRecordObject>,
    /// What stands against it, while a decision waits; else what the decision rests on.
    checks: Vec<CheckObject>,
    /// The proposal that waits for a second person.
    proposal: Option<ReexportProposalObject>,
    decision: Option<ReexportProposalObject>,
    reports: Vec<ReexportReportObject>,
    /// Why it was withdrawn, closed or revoked.
    ended_reason: Option<String>,
    /// The request.
    document: DocumentObject,
    /// What has happened to it, the latest last.
    history: Vec<HistoryObject>,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
}

impl ReexportObject {
    pub(crate) fn of(view: ReexportView) -> ReexportObject {
        let this = &view.reexport;
        let requested = &this.requested;
        let subject = SubjectKind::Reexport.subject(&this.number).to_string();
        let paper = |document| DocumentObject::of(document, &subject, TAGGED);
        let name = |party: &str| view.parties.get(party).cloned().unwrap_or_else(|| party.to_owned());
        let user = requested.content.end_users().into_iter().next().unwrap_or_default();
        let (asked, reported) =
            (entente_register::transfer::reexport::sums(&requested.items), this.reported());
        let lines = view.lines.iter().map(|line| {
            let key = (line.licence.clone(), line.line);
            let of = |sums: &entente_register::transfer::reexport::Sums| {
                sums.get(&key).copied().unwrap_or_default().to_string()
            };
            let delivered = line.delivered.as_ref();
            ReexportLineObject {
                licence: line.licence.clone(),
                line: line.line,
                requested: of(&asked),
                reported: of(&reported),
                written_off: delivered.map(|delivered| delivered.written_off.to_string()),
                received: delivered.map(|delivered| delivered.received.to_string()),
                taken: delivered.map(|delivered| delivered.taken.to_string()),
            }
        });
        let end_users = this.end_users.iter().map(|(party, established)| NewUserObject {
            party: party.clone(),
            standing: EndUserIs::of(established.standing.clone()),
            document: paper(&established.document),
        });
        let reports = this.reports.iter().map(|(on, report)| ReexportReportObject {
            on: on.to_string(),
            items: ReexportItemObject::all(&report.items),
            document: paper(&report.document),
        });
        let bindings = requested.bindings.iter().map(|binding| BindingObject {
            licence: binding.licence.clone(),
            certificate: binding.certificate.clone(),
            undertaken: binding.undertaken,
        });
        let record = |on: &jiff::civil::Date, by: &String, text: &String, document| ReexportRecordObject {
            on: on.to_string(),
            by: by.clone(),
            text: text.clone(),
            document: paper(document),
        };
        ReexportObject {
            row: ReexportRowObject::named(this, &name(&requested.content.applicant), &name(user)),
            purpose: requested.content.purpose.word(),
            end_use: requested.content.end_use.clone(),
            items: ReexportItemObject::all(&requested.items),
            lines: lines.collect(),
            serials: requested.serials.clone(),
            bindings: bindings.collect(),
            unbound: this.unbound().into_iter().map(str::to_owned).collect(),
            ground: this.ground.as_ref().map(|(on, by, of)| record(on, by, &of.ground, &of.document)),
            end_users: end_users.collect(),
            rights: this.rights.as_ref().map(|(on, by, of)| record(on, by, &of.finding, &of.document)),
            checks: view.checks.iter().map(|check| CheckObject::of(check, Some(&this.on_record))).collect(),
            proposal: this
                .proposal
                .as_ref()
                .map(|(by, proposal)| ReexportProposalObject::of(by, proposal, None)),
            decision: this.decision.as_ref().map(|of| {
                let signed = (of.countersigned_by.as_str(), of.on.to_string());
                ReexportProposalObject::of(&of.proposed_by, &of.proposal, Some(signed))
            }),
            reports: reports.collect(),
            ended_reason: this.ended.as_ref().map(|(_, reason)| reason.clone()),
            document: paper(&requested.document),
            version: view.version,
            history: HistoryObject::all(view.history, &subject),
        }
    }
}
