//! A claim as a row of a contract's or a delivery's page, and the terms by which it is judged.

use entente_register::contract::{Claim, ContractTerms};
use entente_register::document::Document;
use entente_register::ledger::SubjectKind;

use crate::web::history::{Paper, path};
use crate::web::show;
use crate::web::way::Way;

/// A claim, written for people.
#[derive(Debug, Clone)]
pub(crate) struct ClaimCells {
    pub(crate) number: u32,
    pub(crate) kind: String,
    pub(crate) description: String,
    /// `under warranty`, where it is.
    pub(crate) warranty: bool,
    /// The delivery that it is of, and its page.
    pub(crate) delivery: Option<(String, String)>,
    /// What is claimed: `2 of it`, `1,200.00 USD`.
    pub(crate) wanted: Option<String>,
    pub(crate) opened_on: String,
    /// The end of its window, and whether it was raised after it.
    pub(crate) window: Option<(String, bool)>,
    /// `accepted on 1 Jul 2012`, with what was said.
    pub(crate) answer: Option<(String, String)>,
    pub(crate) settled_on: Option<String>,
    /// How it was settled.
    pub(crate) outcome: Option<String>,
    /// The delivery by which it was replaced, and its page.
    pub(crate) replacement: Option<(String, String)>,
    /// The last paper.
    pub(crate) paper: Option<Paper>,
}

impl ClaimCells {
    /// The claims of a contract.
    pub(crate) fn all(claims: &[Claim], contract: &str, way: &Way) -> Vec<ClaimCells> {
        claims.iter().map(|claim| ClaimCells::of(claim, contract, way)).collect()
    }

    fn of(claim: &Claim, contract: &str, way: &Way) -> ClaimCells {
        let raised = &claim.raised;
        let delivery = |number: &String| (number.clone(), way.to(&path(SubjectKind::Delivery, number)));
        let quantity = raised.quantity.map(|quantity| quantity.to_string());
        let amount = raised.amount.map(|money| format!("{} {}", money.grouped(), money.currency));
        let wanted: Vec<String> = quantity.into_iter().chain(amount).collect();
        let ended = claim.settled.as_ref();
        ClaimCells {
            number: claim.number(),
            kind: show::capital(raised.kind.name()),
            description: raised.description.clone(),
            warranty: raised.warranty,
            delivery: raised.delivery.as_ref().map(delivery),
            wanted: (!wanted.is_empty()).then(|| wanted.join(", ")),
            opened_on: show::day(claim.opened_on),
            window: raised.window_ends_on.zip(claim.is_late()).map(|(day, late)| (show::day(day), late)),
            answer: claim.answered.as_ref().map(|(day, answer)| {
                let word = if answer.accepted { "accepted" } else { "not accepted" };
                (format!("{word} on {}", show::day(*day)), answer.answer.clone())
            }),
            settled_on: claim.settled_on.map(show::day),
            outcome: ended.map(|ended| {
                let way = ended.settlement.map(|one| show::capital(one.name()));
                let money = ended.amount.map(|money| format!("{} {}", money.grouped(), money.currency));
                let all: Vec<String> = way.into_iter().chain(money).chain([ended.outcome.clone()]).collect();
                all.join(": ")
            }),
            replacement: ended.and_then(|ended| ended.delivery.as_ref()).map(delivery),
            paper: last_paper(claim).map(|paper| Paper::of(paper, SubjectKind::Contract, contract, way)),
        }
    }
}

fn last_paper(claim: &Claim) -> Option<&Document> {
    let settled = claim.settled.as_ref().and_then(|ended| ended.document.as_ref());
    let answered = claim.answered.as_ref().and_then(|(_, answer)| answer.document.as_ref());
    settled.or(answered).or(claim.raised.document.as_ref())
}

/// The terms of claims and warranties, a sentence each.
pub(super) fn terms(terms: &ContractTerms) -> Vec<String> {
    let days = |days: u32| show::counted(i64::from(days), "day", "days");
    let mut all: Vec<String> = terms
        .claim_windows
        .iter()
        .map(|window| match window.kind {
            Some(kind) => {
                format!("claims of {}: within {} of the acceptance", kind.name(), days(window.days))
            }
            None => format!("claims: within {} of the acceptance", days(window.days)),
        })
        .collect();
    all.extend(terms.warranties.iter().map(|warranty| {
        let months = show::counted(i64::from(warranty.months), "month", "months");
        match &warranty.line {
            Some(line) => format!("warranty of line {line}: {months} from the acceptance"),
            None => format!("warranty: {months} from the acceptance"),
        }
    }));
    if !terms.serialised.is_empty() {
        all.push(format!("serial numbers are recorded of lines {}", terms.serialised.join(", ")));
    }
    all
}
