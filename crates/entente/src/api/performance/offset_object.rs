//! Offset obligations as reads give them out.

use entente_register::ledger::SubjectKind;
use entente_register::money::{Currency, Money};
use entente_register::performance::{OffsetObligation, Review};
use entente_store::reader::Performed;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::object::{DocumentObject, TAGGED};
use crate::api::payment::Amount;

/// An offset obligation as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OffsetObject {
    /// Number.
    number: String,
    /// `agreed`, `discharged` or `released`.
    state: &'static str,
    /// What it is called.
    title: String,
    /// When it was agreed.
    #[schema(format = Date)]
    agreed_on: String,
    /// The credit that is owed.
    required: Amount,
    /// The share of the contract’s value that this is, in per cent, where it was agreed as one.
    percent: Option<String>,
    /// What a shortfall costs, in per cent of it.
    penalty: Option<String>,
    /// The kinds that count, and how.
    multipliers: Vec<OffsetMultiplierObject>,
    /// How it stands against each of its phases.
    phases: Vec<OffsetPhaseObject>,
    /// The credit accepted so far.
    accepted: Amount,
    /// Whether the day of a phase has passed and credit is wanting.
    missed: bool,
    /// Planned transactions.
    planned: Vec<PlannedOffsetObject>,
    /// Claims of credit.
    claims: Vec<OffsetClaimObject>,
    /// When it was discharged or released.
    #[schema(format = Date)]
    ended_on: Option<String>,
    /// Why it was released.
    released_because: Option<String>,
    /// The last paper.
    document: DocumentObject,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
}

/// By what the value of a transaction of a kind is multiplied.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OffsetMultiplierObject {
    /// The kind.
    kind: &'static str,
    /// The factor, a decimal string.
    factor: String,
}

/// How an obligation stands against one of its phases.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OffsetPhaseObject {
    /// By when.
    #[schema(format = Date)]
    by: String,
    /// Which share of the whole, in per cent.
    share: String,
    /// What is owed by then, from the beginning.
    required: Amount,
    /// Credit accepted of what was performed by then.
    accepted: Amount,
    /// Credit under review of what was performed by then.
    under_review: Amount,
    /// Credit of what is planned by then and not claimed.
    planned: Amount,
    /// What is wanting if nothing but what is accepted counts.
    shortfall: Amount,
    /// What will be wanting if all that is under review is accepted and all that is planned comes.
    expected_shortfall: Amount,
}

/// A planned transaction.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlannedOffsetObject {
    /// Number within the obligation.
    plan: u32,
    /// Its kind.
    kind: &'static str,
    /// What is to be done, and for whom.
    description: String,
    /// When it is expected.
    #[schema(format = Date)]
    expected_on: String,
    /// Its expected value.
    value: Amount,
    /// The credit that this would give.
    credit: Amount,
    /// Number of the claim that carries it out.
    claim: Option<u32>,
    /// When it was dropped.
    #[schema(format = Date)]
    dropped_on: Option<String>,
    /// Why it was dropped.
    dropped_because: Option<String>,
}

/// A claim of credit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OffsetClaimObject {
    /// Number within the obligation.
    claim: u32,
    /// `under_review`, `accepted` or `rejected`.
    state: &'static str,
    /// Its kind.
    kind: &'static str,
    /// What was done, and for whom.
    description: String,
    /// The day on which it was done.
    #[schema(format = Date)]
    performed_on: String,
    /// Its value.
    value: Amount,
    /// The credit that is claimed.
    credit: Amount,
    /// The credit that was accepted.
    accepted: Option<Amount>,
    /// When it was reviewed.
    #[schema(format = Date)]
    reviewed_on: Option<String>,
    /// Why it was rejected.
    rejected_because: Option<String>,
    /// The evidence.
    document: DocumentObject,
}

impl OffsetObject {
    pub(super) fn of(one: Performed<OffsetObligation>, as_of: Date) -> OffsetObject {
        let Performed { state, version } = one;
        let subject = SubjectKind::Offset.subject(&state.number).to_string();
        let currency = state.terms.required.currency;
        OffsetObject {
            state: state.state,
            title: state.terms.title.clone(),
            agreed_on: state.agreed_on.to_string(),
            required: Amount::of(state.terms.required),
            percent: state.terms.percent.map(|share| share.to_string()),
            penalty: state.terms.penalty.map(|share| share.to_string()),
            multipliers: state
                .terms
                .multipliers
                .iter()
                .map(|one| OffsetMultiplierObject { kind: one.kind.word(), factor: one.factor.to_string() })
                .collect(),
            phases: phases(&state, currency),
            accepted: amount(state.accepted(), currency),
            missed: state.missed(as_of).is_some(),
            planned: planned(&state),
            claims: claims(&state, &subject),
            ended_on: state.ended.as_ref().map(|(day, _)| day.to_string()),
            released_because: state.ended.as_ref().and_then(|(_, why)| why.clone()),
            document: DocumentObject::of(&state.document, &subject, TAGGED),
            number: state.number,
            version,
        }
    }
}

fn amount(minor: i64, currency: Currency) -> Amount {
    Amount::of(Money::new(minor, currency))
}

fn phases(state: &OffsetObligation, currency: Currency) -> Vec<OffsetPhaseObject> {
    state
        .outlook()
        .into_iter()
        .zip(&state.terms.phases)
        .map(|(outlook, phase)| OffsetPhaseObject {
            by: outlook.by.to_string(),
            share: phase.share.to_string(),
            required: amount(outlook.required, currency),
            accepted: amount(outlook.accepted, currency),
            under_review: amount(outlook.under_review, currency),
            planned: amount(outlook.planned, currency),
            shortfall: amount(outlook.shortfall(), currency),
            expected_shortfall: amount(outlook.expected_shortfall(), currency),
        })
        .collect()
}

fn planned(state: &OffsetObligation) -> Vec<PlannedOffsetObject> {
    (1..)
        .zip(&state.plans)
        .map(|(plan, one)| PlannedOffsetObject {
            plan,
            kind: one.kind.word(),
            description: one.description.clone(),
            expected_on: one.expected_on.to_string(),
            value: Amount::of(one.value),
            credit: Amount::of(one.credit),
            claim: one.claim,
            dropped_on: one.dropped.as_ref().map(|(day, _)| day.to_string()),
            dropped_because: one.dropped.as_ref().map(|(_, why)| why.clone()),
        })
        .collect()
}

fn claims(state: &OffsetObligation, subject: &str) -> Vec<OffsetClaimObject> {
    (1..)
        .zip(&state.claims)
        .map(|(claim, one)| {
            let (word, day, accepted, why) = match &one.review {
                None => ("under_review", None, None, None),
                Some(Review::Accepted(day, credit)) => ("accepted", Some(*day), Some(*credit), None),
                Some(Review::Rejected(day, why)) => ("rejected", Some(*day), None, Some(why.clone())),
            };
            OffsetClaimObject {
                claim,
                state: word,
                kind: one.kind.word(),
                description: one.description.clone(),
                performed_on: one.performed_on.to_string(),
                value: Amount::of(one.value),
                credit: Amount::of(one.credit),
                accepted: accepted.map(Amount::of),
                reviewed_on: day.map(|day| day.to_string()),
                rejected_because: why,
                document: DocumentObject::of(&one.document, subject, TAGGED),
            }
        })
        .collect()
}
