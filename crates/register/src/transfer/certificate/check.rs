//! What stands against a transfer because of its end-user certificate: that there is none, that it is no good, or that it
//! was used before.
//!
//! Nothing is judged here. A number that its issuer gave once and that is handed in twice blocks; so does a signature of
//! nobody who may sign, a paper that differs from the one before, and goods that it does not cover.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Authenticity, AuthenticityStanding, Certificate, Undertaking};
use crate::embargo::Class;
use crate::money::Quantity;
use crate::transfer::check::{Check, CheckKind, CheckOutcome, RecordKind};
use crate::transfer::content::{Content, TransferKind, TransferRole};
use crate::transfer::specimen::{SignatoryStanding, Specimens};

/// Another certificate under the same number of the same issuer, or of the same paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// The certificate.
    pub certificate: Certificate,
    /// Whether it was registered before.
    pub earlier: bool,
}

/// What is known of the certificate of an end user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The day on which it is to carry the transfer.
    pub on: Date,
    /// The certificate.
    pub certificate: Certificate,
    /// The specimen signatures of its issuer, where there are any.
    pub specimens: Option<Specimens>,
    /// Others that are the same in what no two may share.
    pub others: Vec<Other>,
}

/// Whether a transfer goes without a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::transfer) enum Demand {
    /// It does not.
    Needed,
    /// It does once somebody has recorded why.
    Considered,
    /// It is for this state to certify.
    None,
}

/// Goods go to an end user under its certificate. Goods that come back or pass through, services, and what is neither arms
/// nor dual-use may go without, and then it stands on record why: no arms leave without a certificate and without a word.
pub(in crate::transfer) fn demand(content: &Content) -> Demand {
    match content.kind {
        TransferKind::Import => Demand::None,
        TransferKind::Temporary | TransferKind::Transit | TransferKind::Service => Demand::Considered,
        TransferKind::Export | TransferKind::Brokering | TransferKind::Technology => {
            match content.lines.iter().all(|line| line.class == Class::Uncontrolled) {
                true => Demand::Considered,
                false => Demand::Needed,
            }
        }
    }
}

/// The checks of the certificates of all end users, and of what they cover.
pub fn certificates(content: &Content, known: &BTreeMap<String, Known>) -> Vec<Check> {
    let mut checks: Vec<Check> = content
        .end_users()
        .into_iter()
        .map(|user| match known.get(user) {
            Some(known) => of_known(content, user, known),
            None => of_none(content, user),
        })
        .collect();
    checks.extend(covered(content, known));
    checks
}

fn of_none(content: &Content, user: &str) -> Check {
    let kind = content.kind.name();
    let (outcome, needs, why) = match demand(content) {
        Demand::Needed => (
            CheckOutcome::Hold,
            None,
            "No end-user certificate of it is bound to the application: one is to be registered and bound."
                .to_owned(),
        ),
        Demand::Considered => (
            CheckOutcome::Record,
            Some(RecordKind::Consideration),
            format!(
                "No end-user certificate of it is bound to the application. This {kind} goes without one once it is on record why."
            ),
        ),
        Demand::None => (
            CheckOutcome::Pass,
            None,
            format!("An {kind} needs no certificate of another state: this one certifies."),
        ),
    };
    check(user, None, outcome, (why, "end-user certificate".to_owned(), String::new()), needs)
}

fn of_known(content: &Content, user: &str, known: &Known) -> Check {
    let Known { certificate, .. } = known;
    let mut found = against(content, user, known);
    let source = format!(
        "certificate {}, number {} of {}",
        certificate.number, certificate.content.register_number, certificate.content.issuer
    );
    let edition = certificate.content.issued_on.to_string();
    if found.is_empty() {
        let why = "It is authentic by its issuer’s word, signed by who may sign, and used for this alone.";
        return check(user, None, CheckOutcome::Pass, (why.to_owned(), source, edition), None);
    }
    // The gravest first; those of one gravity as they were found.
    found.sort_by_key(|(outcome, _)| std::cmp::Reverse(*outcome));
    let outcome = found.first().map_or(CheckOutcome::Hold, |(outcome, _)| *outcome);
    let words: Vec<String> = found.into_iter().map(|(_, why)| why).collect();
    check(user, None, outcome, (words.join(" "), source, edition), None)
}

/// All that stands against a certificate for a transfer.
fn against(content: &Content, user: &str, known: &Known) -> Vec<(CheckOutcome, String)> {
    let said = &known.certificate.content;
    let mut found = against_itself(known);
    let mut hold = |why: String| found.push((CheckOutcome::Hold, why));
    if said.end_user != user {
        hold(format!("It is of {}.", said.end_user));
    }
    if said.destination != content.destination {
        hold(format!("It is for {}, and the goods go to {}.", said.destination, content.destination));
    }
    if let Some(state) = said.state.as_ref().filter(|state| **state != content.destination) {
        hold(format!("It was issued by {state}, and the goods go to {}.", content.destination));
    }
    found
}

/// All that stands against a certificate, whatever it is to carry.
pub fn against_itself(known: &Known) -> Vec<(CheckOutcome, String)> {
    let Known { on, certificate, specimens, others } = known;
    let said = &certificate.content;
    let mut found = Vec::new();
    let mut blocks = |why: String| found.push((CheckOutcome::Blocked, why));
    if certificate.state == "revoked" {
        blocks("Its issuer took it back.".to_owned());
    }
    let mut holds = Vec::new();
    for other in others.iter().filter(|other| counts(&other.certificate, certificate)) {
        match reused(certificate, other) {
            (CheckOutcome::Blocked, why) => blocks(why),
            held => holds.push(held),
        }
    }
    let signed = format!("{}, {}", said.signatory, said.position);
    match specimens.as_ref().map(|all| all.standing_of(&said.signatory, &said.position, said.issued_on)) {
        None | Some(SignatoryStanding::NoneOnFile) => holds.push((
            CheckOutcome::Hold,
            format!(
                "No specimen signatures of {} are on file, by which that of {signed} could be told.",
                said.issuer
            ),
        )),
        Some(SignatoryStanding::InForce) => {}
        Some(SignatoryStanding::Proposed) => holds.push((
            CheckOutcome::Hold,
            format!("The specimen of {signed} waits for a second person to confirm it."),
        )),
        Some(SignatoryStanding::OtherPosition(positions)) => holds.push((
            CheckOutcome::Hold,
            format!("It is signed by {signed}, whose specimen of {} is as {positions}.", said.issued_on),
        )),
        Some(SignatoryStanding::OutOfForce) => {
            blocks(format!(
                "It is signed by {signed}, whose specimen was not in force on {}.",
                said.issued_on
            ));
        }
        Some(SignatoryStanding::Unknown) => blocks(format!(
            "It is signed by {signed}, who is not among the specimen signatures of {}.",
            said.issuer
        )),
    }
    match certificate.authenticity() {
        AuthenticityStanding::Answered(Authenticity::Authentic, _) => {}
        AuthenticityStanding::Answered(Authenticity::NotAuthentic, on) => {
            blocks(format!("By the answer of {on} it is not authentic."));
        }
        AuthenticityStanding::Answered(Authenticity::Unknown, on) => holds.push((
            CheckOutcome::Hold,
            format!(
                "By the answer of {on} it cannot be told whether it is authentic: ask again, another way."
            ),
        )),
        AuthenticityStanding::Asked(on) => holds.push((
            CheckOutcome::Hold,
            format!("Whether it is authentic was asked on {on}, and is not answered."),
        )),
        AuthenticityStanding::NotAsked => holds.push((
            CheckOutcome::Hold,
            "Whether it is authentic was not asked of its issuer or of an embassy.".to_owned(),
        )),
    }
    let mut hold = |why: String| holds.push((CheckOutcome::Hold, why));
    if let Some(until) = said.expires_on.filter(|until| until < on) {
        hold(format!("It expired on {until}."));
    }
    if said.issued_on > *on {
        hold(format!("It was issued on {}, after {on}.", said.issued_on));
    }
    if !said.sealed {
        hold("It bears no seal of its issuer.".to_owned());
    }
    let missing: Vec<&str> = Undertaking::NEEDED
        .iter()
        .filter(|needed| !said.undertakings.contains(needed))
        .map(|needed| needed.name())
        .collect();
    if !missing.is_empty() {
        hold(format!("It does not undertake: {}.", missing.join("; ")));
    }
    found.extend(holds);
    found
}

/// Whether a number or a paper counts as used by another certificate: not by one that was recorded in error. A forged paper
/// that bears the number of a true one does not take it away; the forged paper itself stays what it is.
fn counts(other: &Certificate, this: &Certificate) -> bool {
    other.state != "voided" && (!is_refuted(other) || is_same_paper(other, this))
}

/// Whether its issuer disowned it.
fn is_refuted(this: &Certificate) -> bool {
    matches!(this.authenticity(), AuthenticityStanding::Answered(Authenticity::NotAuthentic, _))
}

fn is_same_paper(one: &Certificate, other: &Certificate) -> bool {
    let (one, other) = (&one.content.document.content, &other.content.document.content);
    one.is_some() && one == other
}

/// What another certificate says of this one: a number is used once, and a paper is of one number.
fn reused(this: &Certificate, other: &Other) -> (CheckOutcome, String) {
    let Other { certificate, earlier } = other;
    // Who reads of this one need not be told of one that is marked higher.
    let named = match this.label.dominates(&certificate.label) {
        true => format!("certificate {}", certificate.number),
        false => "another certificate".to_owned(),
    };
    let serves = match (&certificate.application, this.label.dominates(&certificate.label)) {
        (Some(application), true) => format!(", which serves application {application}"),
        _ => String::new(),
    };
    if is_refuted(certificate) {
        return (CheckOutcome::Blocked, format!("Its paper is that of {named}, which is not authentic."));
    }
    let is_same_number =
        certificate.content.issuer == this.content.issuer && certificate.content.key() == this.content.key();
    if !is_same_number {
        return (
            CheckOutcome::Blocked,
            format!(
                "The same paper was handed in as {named}, number {}: one of both was altered.",
                certificate.content.register_number
            ),
        );
    }
    let number = &this.content.register_number;
    let differences = this.content.differences(&certificate.content);
    let altered = match differences.as_slice() {
        [] => String::new(),
        differences => format!(" Altered: {}.", differences.join(", ")),
    };
    match earlier {
        true => {
            (CheckOutcome::Blocked, format!("Number {number} was used before, by {named}{serves}.{altered}"))
        }
        false => (
            CheckOutcome::Hold,
            format!(
                "Number {number} was handed in again, as {named}: it stands once that one is voided as recorded in error, or answered not to be authentic.{altered}"
            ),
        ),
    }
}

/// Which lines the certificates do not cover: asked of all end users together, and of all ultimate end users, where each
/// of them has a certificate. (Where one has none, that is said already.)
fn covered(content: &Content, known: &BTreeMap<String, Known>) -> Vec<Check> {
    let mut checks = Vec::new();
    for role in [TransferRole::EndUser, TransferRole::UltimateEndUser] {
        let users: BTreeSet<&str> = content.in_role(role).collect();
        let of_role: Vec<&Certificate> =
            users.iter().filter_map(|user| known.get(*user)).map(|known| &known.certificate).collect();
        if of_role.is_empty() || of_role.len() < users.len() {
            continue;
        }
        let goods = || of_role.iter().flat_map(|certificate| &certificate.content.lines);
        let names: Vec<&str> = of_role.iter().map(|certificate| certificate.number.as_str()).collect();
        let names = names.join(", ");
        let mut asked: BTreeMap<(&str, &str), (i64, i64)> = BTreeMap::new();
        for (number, line) in (1..).zip(&content.lines) {
            let of_kind = || goods().filter(|of| of.category == line.category && of.unit == line.unit);
            let certified: i64 = of_kind().fold(0, |sum, of| sum.saturating_add(of.quantity.0));
            let (quantity, worth) = asked.entry((&line.category, line.unit.code())).or_default();
            *quantity = quantity.saturating_add(line.quantity.0);
            *worth = worth.saturating_add(line.value().unwrap_or(i64::MAX));
            let valued = of_kind().map(|of| of.value).collect::<Option<Vec<_>>>();
            // What a certificate says in another currency, or does not say, bounds nothing.
            let bound = valued.filter(|all| all.iter().all(|one| one.currency == line.unit_price.currency));
            let bound = bound.map(|all| all.iter().fold(0_i64, |sum, one| sum.saturating_add(one.minor)));
            let why = if certified == 0 {
                format!("No goods of {} are certified by {names}.", line.category)
            } else if *quantity > certified {
                let (wanted, certified) = (Quantity(*quantity), Quantity(certified));
                format!(
                    "Of {} {wanted} are applied for up to this line, and {certified} certified by {names}.",
                    line.category
                )
            } else if bound.is_some_and(|bound| *worth > bound) {
                format!("What is applied for of {} is worth more than {names} certifies.", line.category)
            } else {
                continue;
            };
            let source = ("end-user certificate".to_owned(), String::new());
            checks.push(check(
                role.word(),
                Some(number),
                CheckOutcome::Blocked,
                (why, source.0, source.1),
                None,
            ));
        }
    }
    checks
}

fn check(
    about: &str,
    line: Option<u32>,
    outcome: CheckOutcome,
    (why, source, edition): (String, String, String),
    needs: Option<RecordKind>,
) -> Check {
    Check {
        kind: CheckKind::Certificate,
        line,
        about: about.to_owned(),
        outcome,
        why,
        source,
        edition,
        needs,
    }
}
