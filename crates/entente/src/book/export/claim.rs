//! Giving out claims: a row each, with the last answer and the settlement.

use std::collections::BTreeMap;

use entente_register::book::cell::Cell;
use entente_register::contract::{ClaimAnswered, ClaimEnded, ClaimRaised};
use entente_register::ledger::Fact;
use jiff::civil::Date;

use super::money::Names;
use super::{Entered, day, number, optional, text, title};

/// What the events of claims fold into, by the number of the contract.
#[derive(Default)]
pub(super) struct Claims {
    contracts: BTreeMap<String, Vec<Claim>>,
}

/// An act with its day and its place in the order of entry.
type At<T> = (Date, i64, T);

struct Claim {
    raised: At<ClaimRaised>,
    answered: Option<At<ClaimAnswered>>,
    settled: Option<At<ClaimEnded>>,
}

impl Claims {
    /// Folds an event of a contract.
    pub(super) fn note(&mut self, key: &str, event: &Entered<'_>, fact: &Fact) {
        let (on, entry) = (event.on, event.entry);
        match fact {
            Fact::ClaimOpened(old) => self.raise(key, (on, entry, old.clone().into())),
            Fact::ClaimRaised(raised) => self.raise(key, (on, entry, raised.clone())),
            Fact::ClaimAnswered(answered) => {
                if let Some(claim) = self.find(key, answered.claim) {
                    claim.answered = Some((on, entry, answered.clone()));
                }
            }
            Fact::ClaimSettled(old) => self.settle(key, (on, entry, old.clone().into())),
            Fact::ClaimEnded(ended) => self.settle(key, (on, entry, ended.clone())),
            _ => {}
        }
    }

    fn raise(&mut self, contract: &str, raised: At<ClaimRaised>) {
        let claims = self.contracts.entry(contract.to_owned()).or_default();
        claims.push(Claim { raised, answered: None, settled: None });
    }

    fn settle(&mut self, contract: &str, ended: At<ClaimEnded>) {
        if let Some(claim) = self.find(contract, ended.2.claim) {
            claim.settled = Some(ended);
        }
    }

    fn find(&mut self, contract: &str, number: u32) -> Option<&mut Claim> {
        self.contracts.get_mut(contract)?.iter_mut().find(|claim| claim.raised.2.claim == number)
    }

    /// Rows of `claims` of a contract, in the order of their numbers.
    pub(super) fn rows(&self, contract: &str, names: &Names<'_>) -> Vec<Vec<Cell>> {
        let claims = self.contracts.get(contract).map(Vec::as_slice).unwrap_or_default();
        claims.iter().map(|claim| claim.row(contract, names)).collect()
    }
}

impl Claim {
    fn row(&self, contract: &str, names: &Names<'_>) -> Vec<Cell> {
        let (opened_on, entry, raised) = &self.raised;
        let delivery = |number: Option<&String>| optional(number.map(|number| (names.delivery)(number)));
        let yes = |is_so: bool| text(if is_so { "yes" } else { "no" });
        let answer = self.answered.as_ref().map(|(_, _, answer)| answer);
        let end = self.settled.as_ref().map(|(_, _, end)| end);
        let money = |money: Option<entente_register::money::Money>| {
            money.map_or(Cell::Empty, |money| number(money.decimal()))
        };
        vec![
            (names.contract)(contract),
            number(raised.claim),
            text(raised.kind.word()),
            text(&raised.description),
            Cell::Date(*opened_on),
            if raised.warranty { yes(true) } else { Cell::Empty },
            delivery(raised.delivery.as_ref()),
            raised.quantity.map_or(Cell::Empty, number),
            money(raised.amount),
            title(raised.document.as_ref()),
            day(self.answered.as_ref().map(|answered| answered.0)),
            answer.map_or(Cell::Empty, |answer| yes(answer.accepted)),
            optional(answer.map(|answer| answer.answer.as_str())),
            title(answer.and_then(|answer| answer.document.as_ref())),
            day(self.settled.as_ref().map(|settled| settled.0)),
            optional(end.and_then(|end| end.settlement).map(|settlement| settlement.word())),
            optional(end.map(|end| end.outcome.as_str())),
            money(end.and_then(|end| end.amount)),
            delivery(end.and_then(|end| end.delivery.as_ref())),
            title(end.and_then(|end| end.document.as_ref())),
            number(entry),
            self.answered.as_ref().map_or(Cell::Empty, |answered| number(answered.1)),
            self.settled.as_ref().map_or(Cell::Empty, |settled| number(settled.1)),
        ]
    }
}
