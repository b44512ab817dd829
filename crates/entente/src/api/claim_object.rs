//! Claims as reads give them out.

use entente_register::contract::Claim;
use entente_register::ledger::SubjectKind;
use serde::Serialize;
use utoipa::ToSchema;

use super::object::{DocumentObject, TAGGED};
use super::payment::Amount;

/// A claim against a contract.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClaimObject {
    /// Number within the contract.
    claim: u32,
    /// What is claimed.
    kind: String,
    /// In words.
    description: String,
    /// When it was raised.
    #[schema(format = Date)]
    opened_on: String,
    /// Whether it is raised under warranty.
    warranty: bool,
    /// Number of the delivery that it is of.
    delivery: Option<String>,
    /// How much of it, a decimal string.
    quantity: Option<String>,
    /// What is asked for in money.
    amount: Option<Amount>,
    /// The last day of its window, where one is known.
    #[schema(format = Date)]
    window_ends_on: Option<String>,
    /// Whether it was raised after its window, where one is known.
    late: Option<bool>,
    /// The recipient’s report.
    document: Option<DocumentObject>,
    /// What the seller said last.
    answer: Option<ClaimAnswerObject>,
    /// When it was settled.
    #[schema(format = Date)]
    settled_on: Option<String>,
    /// How it was settled.
    settlement: Option<ClaimSettlementObject>,
}

/// What the seller said to a claim.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClaimAnswerObject {
    /// The day of the answer.
    #[schema(format = Date)]
    on: String,
    /// Whether the claim is accepted.
    accepted: bool,
    /// What was said.
    answer: String,
    /// The paper behind it.
    document: Option<DocumentObject>,
}

/// How a claim was settled.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClaimSettlementObject {
    /// `replaced`, `repaired`, `credited`, `rejected` or `withdrawn`, where it is one of these.
    settlement: Option<&'static str>,
    /// How, in words.
    outcome: String,
    /// What was credited.
    amount: Option<Amount>,
    /// Number of the delivery by which it was replaced.
    delivery: Option<String>,
    /// The paper behind it.
    document: Option<DocumentObject>,
}

impl ClaimObject {
    pub(super) fn all(claims: &[Claim], contract: &str) -> Vec<ClaimObject> {
        let subject = SubjectKind::Contract.subject(contract).to_string();
        let paper = |document: &Option<entente_register::document::Document>| {
            document.as_ref().map(|paper| DocumentObject::of(paper, &subject, TAGGED))
        };
        claims
            .iter()
            .map(|claim| ClaimObject {
                claim: claim.number(),
                kind: claim.raised.kind.name().to_owned(),
                description: claim.raised.description.clone(),
                opened_on: claim.opened_on.to_string(),
                warranty: claim.raised.warranty,
                delivery: claim.raised.delivery.clone(),
                quantity: claim.raised.quantity.map(|quantity| quantity.to_string()),
                amount: claim.raised.amount.map(Amount::of),
                window_ends_on: claim.raised.window_ends_on.map(|day| day.to_string()),
                late: claim.is_late(),
                document: paper(&claim.raised.document),
                answer: claim.answered.as_ref().map(|(day, answer)| ClaimAnswerObject {
                    on: day.to_string(),
                    accepted: answer.accepted,
                    answer: answer.answer.clone(),
                    document: paper(&answer.document),
                }),
                settled_on: claim.settled_on.map(|day| day.to_string()),
                settlement: claim.settled.as_ref().map(|ended| ClaimSettlementObject {
                    settlement: ended.settlement.map(|one| one.word()),
                    outcome: ended.outcome.clone(),
                    amount: ended.amount.map(Amount::of),
                    delivery: ended.delivery.clone(),
                    document: paper(&ended.document),
                }),
            })
            .collect()
    }
}
