//! Re-export consent: the state that received goods asks to pass them to a third state, or to another end user.
//!
//! The goods went under licences, and no more of them can be passed on than was delivered and was not consented to before.
//! What was undertaken binds: a certificate that promised no re-export without consent, or else the ground on which consent is
//! asked for, which an officer records. The same checks are made as of an application, with the recipient state as the origin.
//! One person proposes and another signs; then the recipient reports what it passed on.

mod decide;
mod request;
#[cfg(test)]
mod tests;

pub use decide::{ReexportCommand, ReexportFacts, decide};
pub use request::{Delivered, DeliveredLines, NewReexport, RequestFacts, request};

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::another_person;
use super::application::Application;
use super::check::{Check, CheckFacts, CheckKind, Established, OnRecord, RecordKind, incident, run};
use super::content::Content;
use super::opinion::Criterion;
use crate::document::Document;
use crate::label::Label;
use crate::ledger::{Fact, Fallible, Machine, StateWord, Subject, Transition};
use crate::money::Quantity;

const VOIDS: &str = "takes the proposal back";

/// The lifecycle of a request for consent.
pub const MACHINE: Machine = Machine {
    subject: "re-export",
    initial: "requested",
    rows: &[
        Transition::row(
            "requested",
            "ground",
            "requested",
            "why consent is asked for, where nothing was undertaken; the paper",
        ),
        Transition::row("requested", "establish", "requested", "an end user of the request; the paper"),
        Transition::row("requested", "record", "requested", "a check that asks for it; the paper"),
        Transition::row(
            "requested",
            "consider_rights",
            "requested",
            "what rights of third parties there are; the paper",
        ),
        Transition::row(
            "requested",
            "propose",
            "proposed",
            "to consent: no more than was delivered and is left; bound, or on a ground; rights considered; no check stands against it",
        ),
        Transition::row("requested", "withdraw", "withdrawn", "a reason"),
        Transition::row("proposed", "ground", "requested", VOIDS),
        Transition::row("proposed", "establish", "requested", VOIDS),
        Transition::row("proposed", "record", "requested", VOIDS),
        Transition::row("proposed", "consider_rights", "requested", VOIDS),
        Transition::row(
            "proposed",
            "return",
            "requested",
            "another person than the one who proposed; a reason",
        ),
        Transition::row(
            "proposed",
            "consent",
            "consented",
            "another person than the one who proposed; all that consent rests on, asked again",
        ),
        Transition::row("proposed", "refuse", "refused", "another person than the one who proposed"),
        Transition::row("proposed", "withdraw", "withdrawn", "a reason"),
        Transition::row(
            "consented",
            "report",
            "consented",
            "within its days; no more than was consented to; the paper",
        ),
        Transition::row("consented", "close", "closed", "a reason: nothing more is passed on under it"),
        Transition::row("consented", "revoke", "revoked", "a reason"),
    ],
};

/// What is passed on of a line of a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReexportItem {
    /// Number of the licence under which it was delivered.
    pub licence: String,
    /// Number of its line.
    pub line: u32,
    /// How much.
    pub quantity: Quantity,
}

/// What was undertaken when goods of a licence were delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Binding {
    /// Number of the licence.
    pub licence: String,
    /// Number of the certificate of its end user; none where it had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// Whether that certificate promises no re-export without consent.
    pub undertaken: bool,
}

/// `reexport.requested.v1`: what is asked for. Its lines are those of the items, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReexportRequested {
    /// What is passed on.
    pub items: Vec<ReexportItem>,
    /// Serial numbers, where they are known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<String>,
    /// What binds, by licence.
    pub bindings: Vec<Binding>,
    /// The parties that hold the goods: the end users of the licences.
    pub holders: Vec<String>,
    /// The transfer as checks are asked of it: who asks as its applicant, the recipient state as its origin.
    pub content: Content,
    /// The request.
    pub document: Document,
}

/// `reexport.ground_recorded.v1`: on what ground consent is asked for, where no certificate promised to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroundRecorded {
    /// The ground: a clause of a contract, an agreement, the law of the recipient.
    pub ground: String,
    /// The paper that shows it.
    pub document: Document,
}

/// `reexport.recorded.v1`: the approval, notification or consideration that a check asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReexportRecorded {
    /// Key of the check.
    pub check: String,
    /// What is recorded.
    pub kind: RecordKind,
    /// The number under which it is filed.
    pub reference: String,
    /// The paper.
    pub document: Document,
    /// Why it may be passed on all the same, where another state refused the same and was consulted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// `reexport.end_user_established.v1`: who an end user is, by which paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewUserEstablished {
    /// Number of the party.
    pub party: String,
    /// Who it is.
    pub established: Established,
}

/// `reexport.rights_considered.v1`: rights of third parties in the goods, such as patents and limits of a licence to produce.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RightsConsidered {
    /// What was found.
    pub finding: String,
    /// The paper that shows it.
    pub document: Document,
}

/// `reexport.proposed.v1`: consent or refusal, as one person proposes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReexportProposal {
    /// Whether it is consented to.
    pub consents: bool,
    /// The first day on which the goods may be passed on, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// The last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// On what conditions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// By which criteria it is refused, where it is.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub criteria: BTreeSet<Criterion>,
    /// Why.
    pub reason: String,
}

/// `reexport.consented.v1`: two people consent; the checks on which it rests stand with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReexportConsented {
    /// The checks.
    pub checks: Vec<Check>,
}

/// `reexport.reported.v1`: what the recipient passed on, on the event’s date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReexportReported {
    /// What.
    pub items: Vec<ReexportItem>,
    /// The report.
    pub document: Document,
}

/// A decision that was signed by two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReexportDecision {
    /// What was proposed.
    pub proposal: ReexportProposal,
    /// Who proposed it.
    pub proposed_by: String,
    /// Who countersigned.
    pub countersigned_by: String,
    /// When.
    pub on: Date,
    /// The checks on which it rests.
    pub checks: Vec<Check>,
}

/// The state of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reexport {
    /// Its number.
    pub number: String,
    /// Who may know of it.
    pub label: Label,
    /// What is asked for.
    pub requested: ReexportRequested,
    /// When it was asked for.
    pub requested_on: Date,
    /// State of [`MACHINE`].
    #[serde(deserialize_with = "state_of")]
    pub state: StateWord,
    /// On what ground, where an officer recorded one: when, by whom, and which.
    pub ground: Option<(Date, String, GroundRecorded)>,
    /// End users that were established, by party.
    pub end_users: BTreeMap<String, Established>,
    /// What is on record, by the key of the check.
    pub on_record: OnRecord,
    /// What was found of rights of third parties: when, by whom, and what.
    pub rights: Option<(Date, String, RightsConsidered)>,
    /// The proposal that waits for a second person, and by whom.
    pub proposal: Option<(String, ReexportProposal)>,
    /// The decision.
    pub decision: Option<ReexportDecision>,
    /// What was passed on, as the recipient reported it.
    pub reports: Vec<(Date, ReexportReported)>,
    /// Why it was withdrawn, closed or revoked.
    pub ended: Option<(Date, String)>,
    /// The day of its last change.
    pub last_on: Date,
}

fn state_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    MACHINE.read_state(deserializer)
}

impl Reexport {
    /// Folds one event: `by` is the account that acted.
    pub fn apply(
        state: &mut Option<Reexport>,
        subject: &Subject,
        on: Date,
        (by, label): (&str, &Label),
        (fact, reason): (&Fact, Option<&str>),
    ) {
        if let Fact::ReexportRequested(requested) = fact {
            *state = Some(Reexport {
                number: subject.key.clone(),
                label: label.clone(),
                requested: requested.clone(),
                requested_on: on,
                state: MACHINE.initial,
                ground: None,
                end_users: BTreeMap::new(),
                on_record: OnRecord::new(),
                rights: None,
                proposal: None,
                decision: None,
                reports: Vec::new(),
                ended: None,
                last_on: on,
            });
            return;
        }
        let Some(this) = state else { return };
        let Some(step) = step(fact) else { return };
        if let Ok(next) = MACHINE.next(this.state, step) {
            this.state = next;
        }
        let proposal = this.proposal.take();
        let by = by.to_owned();
        match fact {
            Fact::ReexportGroundRecorded(ground) => this.ground = Some((on, by, ground.clone())),
            Fact::ReexportEndUserEstablished(user) => {
                this.end_users.insert(user.party.clone(), user.established.clone());
            }
            Fact::ReexportRecorded(recorded) => {
                this.on_record.insert(recorded.check.clone(), recorded.kind);
            }
            Fact::ReexportRightsConsidered(rights) => this.rights = Some((on, by, rights.clone())),
            Fact::ReexportProposed(proposed) => this.proposal = Some((by, proposed.clone())),
            Fact::ReexportConsented(consented) => this.signed(proposal, by, on, &consented.checks),
            Fact::ReexportRefused(_) => this.signed(proposal, by, on, &[]),
            Fact::ReexportReported(reported) => this.reports.push((on, reported.clone())),
            Fact::ReexportWithdrawn(_) | Fact::ReexportClosed(_) | Fact::ReexportRevoked(_) => {
                this.ended = Some((on, reason.unwrap_or_default().to_owned()));
            }
            _ => {}
        }
        // What was passed on is told of late: the order of what is done about the request itself is kept.
        if !matches!(fact, Fact::ReexportReported(_)) {
            this.last_on = on;
        }
    }

    fn signed(
        &mut self,
        proposal: Option<(String, ReexportProposal)>,
        by: String,
        on: Date,
        checks: &[Check],
    ) {
        let Some((proposed_by, proposal)) = proposal else { return };
        let checks = checks.to_vec();
        self.decision = Some(ReexportDecision { proposal, proposed_by, countersigned_by: by, on, checks });
    }

    /// Whether an account may sign, or return, what is proposed: it is another’s.
    ///
    /// # Errors
    /// `transfer.two_people`.
    pub fn check_another(&self, account: &str) -> Fallible<()> {
        match &self.proposal {
            Some((by, _)) => another_person(by, account, "You proposed the decision yourself."),
            None => Ok(()),
        }
    }

    /// Licences of which nothing promises that consent is asked for.
    pub fn unbound(&self) -> Vec<&str> {
        let bound: BTreeSet<&str> = self
            .requested
            .bindings
            .iter()
            .filter(|binding| binding.undertaken)
            .map(|binding| binding.licence.as_str())
            .collect();
        let all: BTreeSet<&str> = self.requested.items.iter().map(|item| item.licence.as_str()).collect();
        all.difference(&bound).copied().collect()
    }

    /// As an application of which what is known is asked: of its parties, its lines and its end users.
    pub fn as_application(&self) -> Application {
        Application {
            number: self.number.clone(),
            label: self.label.clone(),
            content: self.requested.content.clone(),
            revision: 0,
            state: "open",
            submitted_on: Some(self.requested_on),
            questions: Vec::new(),
            end_users: self.end_users.clone(),
            on_record: self.on_record.clone(),
            consulted: BTreeMap::new(),
            assessment: None,
            proposal: None,
            decisions: Vec::new(),
            last_on: self.last_on,
        }
    }

    /// How much was reported, by licence and line.
    pub fn reported(&self) -> Sums {
        sums(self.reports.iter().flat_map(|(_, report)| &report.items))
    }

    /// How much of what was delivered it takes, by licence and line: all that was consented to, until it is closed or revoked;
    /// then what was passed on under it.
    pub fn takes(&self) -> Sums {
        match self.state {
            "consented" => sums(&self.requested.items),
            _ => self.reported(),
        }
    }

    /// The checks, as they are by what is known: those of an application, without an end-user certificate, which the state
    /// that passes goods on asks for itself; and whether something was found at those who hold the goods.
    pub fn checks(&self, facts: &CheckFacts) -> Vec<Check> {
        let facts = CheckFacts { end_users: self.end_users.clone(), ..facts.clone() };
        let mut checks = run(&self.requested.content, &facts);
        // A quota is of what is granted from here.
        checks.retain(|check| !matches!(check.kind, CheckKind::Certificate | CheckKind::Quota));
        let users = self.requested.content.end_users();
        let holders = self.requested.holders.iter().filter(|holder| !users.contains(holder.as_str()));
        checks.extend(holders.map(|holder| incident(holder, facts.incidents.get(holder))));
        checks
    }
}

/// Quantities by licence and line.
pub type Sums = BTreeMap<(String, u32), Quantity>;

/// The sums of items.
pub fn sums<'i>(items: impl IntoIterator<Item = &'i ReexportItem>) -> Sums {
    let mut sums = Sums::new();
    for item in items {
        let sum = sums.entry((item.licence.clone(), item.line)).or_insert(Quantity::ZERO);
        *sum = Quantity(sum.0.saturating_add(item.quantity.0));
    }
    sums
}

/// The step of the machine that a fact is.
fn step(fact: &Fact) -> Option<&'static str> {
    Some(match fact {
        Fact::ReexportGroundRecorded(_) => "ground",
        Fact::ReexportEndUserEstablished(_) => "establish",
        Fact::ReexportRecorded(_) => "record",
        Fact::ReexportRightsConsidered(_) => "consider_rights",
        Fact::ReexportProposed(_) => "propose",
        Fact::ReexportReturned(_) => "return",
        Fact::ReexportConsented(_) => "consent",
        Fact::ReexportRefused(_) => "refuse",
        Fact::ReexportReported(_) => "report",
        Fact::ReexportWithdrawn(_) => "withdraw",
        Fact::ReexportClosed(_) => "close",
        Fact::ReexportRevoked(_) => "revoke",
        _ => return None,
    })
}
