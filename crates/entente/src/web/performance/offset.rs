//! An offset obligation as a part of the contract's page.

use entente_register::ledger::SubjectKind;
use entente_register::performance::{OffsetObligation, Review};
use jiff::civil::Date;

use super::milestone::place;
use crate::web::history::Paper;
use crate::web::show;
use crate::web::way::Way;

/// An offset obligation, written for people; amounts are in its currency.
#[derive(Debug, Clone)]
pub(crate) struct OffsetCells {
    /// Its place under the contract, `O1`.
    pub(crate) place: String,
    pub(crate) title: String,
    pub(crate) required: String,
    pub(crate) accepted: String,
    pub(crate) currency: String,
    /// `120 % of the contract`, where it was agreed so.
    pub(crate) percent: Option<String>,
    /// `subcontract × 1, training × 5`.
    pub(crate) multipliers: String,
    /// `agreed on 1 Jul 2012`.
    pub(crate) course: String,
    /// Why it was released.
    pub(crate) reason: Option<String>,
    pub(crate) phases: Vec<PhaseCells>,
    pub(crate) transactions: Vec<TransactionCells>,
    pub(crate) paper: Option<Paper>,
}

/// How it stands against a phase.
#[derive(Debug, Clone)]
pub(crate) struct PhaseCells {
    pub(crate) by: String,
    /// `40 %`.
    pub(crate) share: String,
    pub(crate) required: String,
    pub(crate) accepted: String,
    pub(crate) under_review: String,
    pub(crate) planned: String,
    /// What will be wanting, by what is known; empty where nothing.
    pub(crate) wanting: String,
    /// Whether its day has passed and credit is wanting.
    pub(crate) missed: bool,
}

/// A claim of credit, or a plan of one.
#[derive(Debug, Clone)]
pub(crate) struct TransactionCells {
    /// `claim 2`, `planned 1`.
    pub(crate) what: String,
    pub(crate) kind: String,
    pub(crate) description: String,
    pub(crate) day: String,
    pub(crate) value: String,
    pub(crate) credit: String,
    /// `accepted 900,000.00 on 1 Jul 2012`, `under review`, `planned`.
    pub(crate) course: String,
    pub(crate) reason: Option<String>,
    pub(crate) paper: Option<Paper>,
}

impl OffsetCells {
    pub(super) fn of(one: &OffsetObligation, as_of: Date, way: &Way) -> OffsetCells {
        let currency = one.terms.required.currency;
        let exact = |minor: i64| show::exact(minor, currency);
        let course = match (&one.ended, one.state) {
            (Some((day, _)), state) => format!("{state} on {}", show::day(*day)),
            (None, _) => format!("agreed on {}", show::day(one.agreed_on)),
        };
        let running = one.state == "agreed";
        OffsetCells {
            place: place(&one.number),
            title: one.terms.title.clone(),
            required: exact(one.terms.required.minor),
            accepted: exact(one.accepted()),
            currency: currency.to_string(),
            percent: one.terms.percent.map(|share| format!("{share}{}% of the contract", show::THIN)),
            multipliers: one
                .terms
                .multipliers
                .iter()
                .map(|named| format!("{} × {}", named.kind.name(), named.factor))
                .collect::<Vec<_>>()
                .join(", "),
            course,
            reason: one.ended.as_ref().and_then(|(_, why)| why.clone()),
            phases: one
                .outlook()
                .iter()
                .zip(&one.terms.phases)
                .map(|(outlook, phase)| {
                    let past = outlook.by < as_of;
                    let wanting = if past { outlook.shortfall() } else { outlook.expected_shortfall() };
                    PhaseCells {
                        by: show::day(outlook.by),
                        share: format!("{}{}%", phase.share, show::THIN),
                        required: exact(outlook.required),
                        accepted: exact(outlook.accepted),
                        under_review: exact(outlook.under_review),
                        planned: exact(outlook.planned),
                        wanting: if running && wanting > 0 { exact(wanting) } else { String::new() },
                        missed: running && past && wanting > 0,
                    }
                })
                .collect(),
            transactions: claims(one, way).chain(plans(one)).collect(),
            paper: Some(Paper::of(&one.document, SubjectKind::Offset, &one.number, way)),
        }
    }
}

fn claims<'a>(one: &'a OffsetObligation, way: &'a Way) -> impl Iterator<Item = TransactionCells> + 'a {
    (1..).zip(&one.claims).map(move |(number, claim): (u32, _)| {
        let (course, reason) = match &claim.review {
            None => ("under review".to_owned(), None),
            Some(Review::Accepted(day, credit)) => {
                let credit = show::exact(credit.minor, credit.currency);
                (format!("accepted {credit} on {}", show::day(*day)), None)
            }
            Some(Review::Rejected(day, why)) => {
                (format!("rejected on {}", show::day(*day)), Some(why.clone()))
            }
        };
        TransactionCells {
            what: format!("Claim {number}"),
            kind: claim.kind.name().to_owned(),
            description: claim.description.clone(),
            day: show::day(claim.performed_on),
            value: show::exact(claim.value.minor, claim.value.currency),
            credit: show::exact(claim.credit.minor, claim.credit.currency),
            course,
            reason,
            paper: Some(Paper::of(&claim.document, SubjectKind::Offset, &one.number, way)),
        }
    })
}

/// What is planned and not claimed: what is claimed stands among the claims.
fn plans(one: &OffsetObligation) -> impl Iterator<Item = TransactionCells> + '_ {
    (1..).zip(&one.plans).filter(|(_, plan)| plan.claim.is_none()).map(|(number, plan): (u32, _)| {
        TransactionCells {
            what: format!("Planned {number}"),
            kind: plan.kind.name().to_owned(),
            description: plan.description.clone(),
            day: show::day(plan.expected_on),
            value: show::exact(plan.value.minor, plan.value.currency),
            credit: show::exact(plan.credit.minor, plan.credit.currency),
            course: plan
                .dropped
                .as_ref()
                .map_or_else(|| "planned".to_owned(), |(day, _)| format!("dropped on {}", show::day(*day))),
            reason: plan.dropped.as_ref().map(|(_, why)| why.clone()),
            paper: None,
        }
    })
}
