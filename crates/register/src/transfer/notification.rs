//! What other states may be told of a transfer that was refused: the goods, where they were to go, to what sort of end user,
//! and by which criteria. Who applied, who was to use them by name, and what was thought inside are in no notification.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::application::{Application, LineDecision};
use super::check::EndUserStanding;
use super::content::TransferKind;
use super::opinion::Criterion;
use crate::label::Clearance;
use crate::ledger::{Fallible, Refusal};
use crate::money::{Quantity, Unit};
use crate::payment::schedule::words;

/// What sort of end user it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndUserClass {
    /// An authority of a recognised government.
    Authority,
    /// Authorised by such a government.
    Authorised,
    /// An operation under a mandate of the United Nations.
    Mission,
    /// Of no government.
    NonState,
    /// Nobody has established who it is.
    NotEstablished,
}

words! { EndUserClass, "a class of end users", "denial.end_user",
    Authority = "authority", "an authority of a state";
    Authorised = "authorised", "authorised by a state";
    Mission = "mission", "an operation under a mandate of the United Nations";
    NonState = "non_state", "of no government";
    NotEstablished = "not_established", "not established";
}

/// A line that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeniedLine {
    /// Its number, from 1.
    pub number: u32,
    /// The goods.
    pub goods: String,
    /// Control-list entry.
    pub category: String,
    /// How much.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// By which criteria.
    pub criteria: BTreeSet<Criterion>,
}

/// What others may be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DenialNotification {
    /// The number under which it is asked about: that of the application.
    pub reference: String,
    /// When two people refused it.
    pub denied_on: Date,
    /// What was to be done.
    pub kind: TransferKind,
    /// The state to which it was to go, ISO 3166-1 alpha-3.
    pub destination: String,
    /// What sort of end users.
    pub end_users: BTreeSet<EndUserClass>,
    /// What was refused.
    pub lines: Vec<DeniedLine>,
}

/// The notification of what was refused of an application, for those who may know of what `audience` may.
///
/// # Errors
/// `denial.not_final` where nothing is refused, or an appeal is heard; `denial.marking` where it is marked above the audience.
pub fn notification(application: &Application, audience: &Clearance) -> Fallible<DenialNotification> {
    let not_final = |why: String| {
        Err(Refusal::new("denial.not_final", why).missing("a decision by two people that refuses a line"))
    };
    let number = &application.number;
    let is_decided = matches!(application.state, "refused" | "granted");
    let Some(decision) = application.decisions.last().filter(|_| is_decided) else {
        return not_final(format!("Nothing of {number} is refused: it is {}.", application.state));
    };
    let refused = (1..).zip(&application.content.lines).zip(&decision.proposal.lines);
    let lines: Vec<DeniedLine> = refused
        .filter_map(|((number, line), decided)| match decided {
            LineDecision::Grant => None,
            LineDecision::Refuse { criteria, .. } => Some(DeniedLine {
                number,
                goods: line.description.clone(),
                category: line.category.clone(),
                quantity: line.quantity,
                unit: line.unit,
                criteria: criteria.clone(),
            }),
        })
        .collect();
    if lines.is_empty() {
        return not_final(format!("Every line of {number} was granted."));
    }
    if !audience.admits(&application.label) {
        return Err(Refusal::new(
            "denial.marking",
            format!("{number} is marked {}, above what these may be told.", application.label),
        )
        .field("audience")
        .missing(format!("an audience that may know of {}", application.label)));
    }
    let class = |user: &str| match application.end_users.get(user).map(|established| &established.standing) {
        Some(EndUserStanding::Authority { .. }) => EndUserClass::Authority,
        Some(EndUserStanding::Authorised { .. }) => EndUserClass::Authorised,
        Some(EndUserStanding::Mission { .. }) => EndUserClass::Mission,
        Some(EndUserStanding::NonState) => EndUserClass::NonState,
        None => EndUserClass::NotEstablished,
    };
    Ok(DenialNotification {
        reference: number.clone(),
        denied_on: decision.on,
        kind: application.content.kind,
        destination: application.content.destination.clone(),
        end_users: application.content.end_users().into_iter().map(class).collect(),
        lines,
    })
}
