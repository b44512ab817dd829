//! Red flags of diversion: what of an application is to be looked at twice. None of them decides anything; each is weighed
//! with the risk of diversion (Common Position 2008/944/CFSP, Article 2, criterion 7; Arms Trade Treaty, Article 11).

use std::collections::BTreeMap;

use super::application::{Application, Risk};
use super::check::EndUserStanding;
use super::content::{TransferKind, TransferRole};
use super::guidance::standing::StandingAssessment;
use super::opinion::Criterion;

/// What is to be looked at twice, in a sentence.
pub type RedFlag = String;

/// The red flags of an application: `named` are the names of parties, `standing` the assessments of its destination.
pub fn red_flags<'s>(
    application: &Application,
    named: &BTreeMap<String, String>,
    standing: impl IntoIterator<Item = &'s StandingAssessment>,
) -> Vec<RedFlag> {
    let content = &application.content;
    let name = |party: &str| named.get(party).cloned().unwrap_or_else(|| party.to_owned());
    let users = content.end_users();
    let mut flags = Vec::new();
    for party in content.in_role(TransferRole::Consignee).filter(|party| !users.contains(party)) {
        flags.push(format!("The goods are consigned to {}, who does not use them.", name(party)));
    }
    for party in content.in_role(TransferRole::Broker) {
        flags.push(format!("{} brings it about as a broker.", name(party)));
    }
    if let [first, ..] = content.route.as_slice() {
        let on_the_way = content.route.len();
        flags.push(match on_the_way {
            1 => format!("The goods go by way of {first}."),
            _ => format!("The goods go by way of {on_the_way} other states: {}.", content.route.join(", ")),
        });
    }
    let goods_leave = matches!(content.kind, TransferKind::Export | TransferKind::Temporary);
    if goods_leave && content.contract.is_none() {
        flags.push("No contract is named that it fulfils.".to_owned());
    }
    if content.in_role(TransferRole::UltimateEndUser).next().is_some() {
        flags.push("The goods are built into something that another uses.".to_owned());
    }
    for party in &users {
        match application.end_users.get(*party).map(|established| &established.standing) {
            Some(EndUserStanding::Authorised { state }) => {
                flags.push(format!("{} is no authority itself: {state} has authorised it.", name(party)));
            }
            Some(EndUserStanding::Authority { state }) if *state != content.destination => {
                flags.push(format!(
                    "{} is of {state}, and the goods go to {}.",
                    name(party),
                    content.destination
                ));
            }
            _ => {}
        }
    }
    for assessment in standing {
        let risk = assessment.weighed.get(&Criterion::Diversion).map(|weighed| weighed.risk);
        if let Some(risk) = risk.filter(|risk| *risk >= Risk::Medium) {
            flags.push(format!(
                "The standing assessment of {} finds a {} risk of diversion.",
                assessment.territory,
                risk.name()
            ));
        }
    }
    flags
}
