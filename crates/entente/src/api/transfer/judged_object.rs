//! What is thought of an application inside, and what was decided of it, as reads give it out.

use entente_register::transfer::application::{Assessment, Decision, Proposal};
use entente_register::transfer::check::{Check, OnRecord, is_settled};
use entente_register::transfer::ledger::Sight;
use serde::Serialize;
use utoipa::ToSchema;

use super::judge::{DecidedLine, ProposedCondition};
use super::opinion::StanceOnLine;
use crate::api::object::DocumentObject;

/// What is on record for a check.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OnRecordObject {
    /// Key of the check.
    pub(super) check: String,
    /// `consideration`, `notification` or `approval`.
    pub(super) kind: &'static str,
}

/// A check.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckObject {
    /// What tells it from the others, whatever came of it.
    pub(crate) key: String,
    /// `screening`, `embargo`, `end_user`, `purpose` or `signatures`.
    pub(crate) kind: &'static str,
    /// Number of the line; null where it is about the whole.
    pub(crate) line: Option<u32>,
    /// Number of a party, the purpose, or the rule.
    pub(crate) about: String,
    /// `pass`, `shown`, `record`, `hold` or `blocked`.
    pub(crate) outcome: &'static str,
    pub(crate) why: String,
    /// A list, a resolution with its paragraph, a paper.
    pub(crate) source: String,
    pub(crate) edition: String,
    /// What is to be on record for it to pass: `consideration`, `notification` or `approval`.
    pub(crate) needs: Option<&'static str>,
    /// Whether nothing of it stands against the transfer any more; left out where what is on record is not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    settled: Option<bool>,
}

impl CheckObject {
    pub(crate) fn of(check: &Check, on_record: Option<&OnRecord>) -> CheckObject {
        CheckObject {
            key: check.key(),
            kind: check.kind.word(),
            line: check.line,
            about: check.about.clone(),
            outcome: check.outcome.word(),
            why: check.why.clone(),
            source: check.source.clone(),
            edition: check.edition.clone(),
            needs: check.needs.map(|needed| needed.word()),
            settled: on_record.map(|on_record| is_settled(check, on_record)),
        }
    }

    pub(super) fn all(checks: &[Check], on_record: Option<&OnRecord>) -> Vec<CheckObject> {
        checks.iter().map(|check| CheckObject::of(check, on_record)).collect()
    }
}

/// What an agency said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpinionObject {
    /// On each line, in their order.
    pub(super) lines: Vec<StanceOnLine>,
    /// The paper.
    pub(super) document: Option<DocumentObject>,
}

/// An agency that was asked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConsultedObject {
    /// Number of its party.
    pub(super) agency: String,
    pub(super) name: Option<String>,
    #[schema(format = Date)]
    pub(super) asked_on: String,
    /// By when it is to answer.
    #[schema(format = Date)]
    pub(super) due_on: String,
    /// Null while it is awaited.
    pub(super) opinion: Option<OpinionObject>,
    /// Whether a second person of it confirms what one says, before it counts.
    pub(super) confirms: bool,
    /// Whether what it said waits for that second person.
    pub(super) waits: bool,
}

/// How one criterion was weighed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WeighedObject {
    criterion: &'static str,
    /// Its name for people.
    name: &'static str,
    /// `none`, `low`, `medium`, `high` or `overriding`.
    risk: &'static str,
    evidence: String,
    mitigation: Option<String>,
}

/// The assessment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssessmentObject {
    /// Account that weighed it.
    by: String,
    weighed: Vec<WeighedObject>,
    conclusion: String,
}

impl AssessmentObject {
    pub(super) fn of((by, assessment): (String, Assessment)) -> AssessmentObject {
        let weighed = assessment.weighed.into_iter().map(|(criterion, weighed)| WeighedObject {
            criterion: criterion.word(),
            name: criterion.name(),
            risk: weighed.risk.word(),
            evidence: weighed.evidence,
            mitigation: weighed.mitigation,
        });
        AssessmentObject { by, weighed: weighed.collect(), conclusion: assessment.conclusion }
    }
}

/// What is proposed, or was decided.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProposalObject {
    /// Account that proposed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    proposed_by: Option<String>,
    /// Of each line, in their order.
    lines: Vec<DecidedLine>,
    #[schema(format = Date)]
    valid_from: Option<String>,
    #[schema(format = Date)]
    valid_until: Option<String>,
    conditions: Vec<ProposedCondition>,
    /// Days after a shipment within which its delivery is to be verified; left out for the usual ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    verification_days: Option<u32>,
    /// By which rule disagreements of agencies are resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'static str>,
    reason: String,
}

impl ProposalObject {
    pub(super) fn of(by: String, proposal: Proposal, sight: Sight) -> ProposalObject {
        ProposalObject {
            proposed_by: named(by),
            lines: proposal.lines.into_iter().map(DecidedLine::of).collect(),
            valid_from: proposal.valid_from.map(|day| day.to_string()),
            valid_until: proposal.valid_until.map(|day| day.to_string()),
            conditions: proposal.conditions.into_iter().map(ProposedCondition::of).collect(),
            verification_days: proposal.verification_days,
            // That the chair decided would tell an applicant that agencies disagreed.
            rule: (sight != Sight::Applicant).then(|| proposal.rule.word()),
            reason: proposal.reason,
        }
    }
}

/// A decision that two people signed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DecisionObject {
    #[serde(flatten)]
    proposal: ProposalObject,
    /// Account that countersigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    countersigned_by: Option<String>,
    #[schema(format = Date)]
    on: String,
    /// Number of the licence, where any line was granted.
    licence: Option<String>,
    /// The checks on which it rests.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    checks: Vec<CheckObject>,
}

impl DecisionObject {
    pub(super) fn of(decision: Decision, on_record: &OnRecord, sight: Sight) -> DecisionObject {
        DecisionObject {
            countersigned_by: named(decision.countersigned_by),
            on: decision.on.to_string(),
            licence: decision.licence,
            checks: CheckObject::all(&decision.checks, Some(on_record)),
            proposal: ProposalObject::of(decision.proposed_by, decision.proposal, sight),
        }
    }
}

/// A name, unless it was taken out.
fn named(account: String) -> Option<String> {
    Some(account).filter(|account| !account.is_empty())
}
