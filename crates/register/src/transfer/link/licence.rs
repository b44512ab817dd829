//! What breaks at a licence, at a line of a contract that is to be delivered, and at an inspection.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::delivery::is_service;
use super::node::{ApplicationNode, CertificateNode, Demanded, InspectionNode, LicenceNode};
use super::{Break, BreakKind, Untold};
use crate::money::{Quantity, Unit};
use crate::transfer::content::TransferRole;

/// The days on which something changes for a licence and its certificates.
pub fn days_of_licence<'c>(
    licence: &LicenceNode,
    certificates: impl IntoIterator<Item = &'c CertificateNode>,
) -> BTreeSet<Date> {
    let mut days: BTreeSet<Date> = licence.states.iter().map(|(from, _)| *from).collect();
    days.insert(licence.issued_on);
    days.extend(licence.valid_until.tomorrow().ok());
    days.extend(licence.shipped.iter().map(|one| one.on));
    for certificate in certificates {
        days.insert(certificate.registered_on);
        days.extend(certificate.expires_on.and_then(|on| on.tomorrow().ok()));
        days.extend(certificate.revoked_on);
        days.extend(certificate.refuted_on);
    }
    days.retain(|day| *day >= licence.issued_on);
    days
}

/// What is broken between a licence and the certificates of its application on a day.
///
/// Of a licence that ended before anything went nothing is wanting. That goods went without a certificate, or under one that
/// is not authentic, stays broken; that one lapsed, or was taken back, matters while something may still go.
pub fn at_licence(
    licence: &LicenceNode,
    application: &ApplicationNode,
    certificates: &[&CertificateNode],
    day: Date,
) -> Vec<Break> {
    let named = |kind: BreakKind, on: Date| Break {
        licence: Some(licence.number.clone()),
        contract_line: licence.lines.iter().find_map(|line| line.contract_line.clone()),
        ..Break::of(kind, on)
    };
    let is_open = licence.is_open_on(day);
    let has_shipped = licence.shipped.iter().any(|one| one.on <= day);
    if day < licence.issued_on || (!is_open && !has_shipped) {
        return Vec::new();
    }
    let known: Vec<&CertificateNode> =
        certificates.iter().copied().filter(|one| one.registered_on <= day).collect();
    let mut found = Vec::new();
    for (user, demanded) in &application.demanded {
        let mut of_user: Vec<&CertificateNode> =
            known.iter().copied().filter(|one| one.end_user == *user).collect();
        // One that was taken back is asked of where no other is in its place.
        if of_user.iter().any(|one| one.revoked_on.is_none_or(|on| on > day)) {
            of_user.retain(|one| one.revoked_on.is_none_or(|on| on > day));
        }
        if of_user.is_empty() && matches!(demanded, Demanded::Needed | Demanded::Unexcused) {
            found.push(named(BreakKind::NoCertificate, licence.issued_on));
        }
        for certificate in of_user {
            let mut of = |kind: BreakKind, on: Option<Date>| {
                let certificate = Some(certificate.number.clone());
                found.extend(on.map(|on| Break { certificate, ..named(kind, on) }));
            };
            let past = |on: Option<Date>| on.filter(|on| *on <= day);
            let refuted = past(certificate.refuted_on);
            let revoked = past(certificate.revoked_on).filter(|_| is_open);
            let lapsed = certificate.expires_on.filter(|on| *on < day && is_open);
            of(BreakKind::CertificateRefuted, refuted);
            of(BreakKind::CertificateRevoked, revoked.filter(|_| refuted.is_none()));
            of(BreakKind::CertificateLapsed, lapsed.filter(|_| refuted.is_none() && revoked.is_none()));
        }
    }
    found.sort();
    found.dedup();
    found.extend(uncovered(licence, application, &known, day, &named));
    found
}

/// Lines of which more was granted than the certificates cover: asked of all end users together, and of all ultimate end
/// users, where each has a certificate.
fn uncovered(
    licence: &LicenceNode,
    application: &ApplicationNode,
    certificates: &[&CertificateNode],
    day: Date,
    named: &impl Fn(BreakKind, Date) -> Break,
) -> Vec<Break> {
    let mut found: BTreeMap<u32, Break> = BTreeMap::new();
    let none = BTreeSet::new();
    for role in [TransferRole::EndUser, TransferRole::UltimateEndUser] {
        let users = application.end_users.get(&role).unwrap_or(&none);
        // A certificate that its issuer disowned is told as such, and not again by what it covers.
        let of_role: Vec<&&CertificateNode> = certificates
            .iter()
            .filter(|one| users.contains(&one.end_user) && !one.is_disowned_by(day))
            .collect();
        let certified: BTreeSet<&str> = of_role.iter().map(|one| one.end_user.as_str()).collect();
        if certified.is_empty() || certified.len() < users.len() {
            continue;
        }
        let mut granted: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        for line in &licence.lines {
            let goods =
                of_role.iter().flat_map(|one| &one.lines).filter(|(category, ..)| *category == line.category);
            let sum = |unit: Unit| {
                let in_unit = goods.clone().filter(move |(_, of, _)| *of == unit);
                in_unit.fold(0_i64, |sum, (_, _, quantity)| sum.saturating_add(quantity.0))
            };
            let is_otherwise = goods.clone().any(|(_, of, _)| *of != line.unit);
            let up_to = granted.entry((&line.category, line.unit.code())).or_default();
            let covered = sum(line.unit).saturating_sub(*up_to).max(0);
            *up_to = up_to.saturating_add(line.quantity.0);
            if line.quantity.0 <= covered {
                continue;
            }
            let of = named(BreakKind::CertificateLess, licence.issued_on).between(
                line.quantity,
                Quantity(covered),
                line.unit,
            );
            let names: Vec<&str> = of_role.iter().map(|one| one.number.as_str()).collect();
            found.entry(line.number).or_insert(Break {
                licence_line: Some(line.number),
                contract_line: line.contract_line.clone(),
                certificate: names.first().map(|name| (*name).to_owned()),
                untold: is_otherwise.then_some(Untold::Units),
                found: (!is_otherwise).then_some(Quantity(covered)),
                ..of
            });
        }
    }
    found.into_values().collect()
}

/// What a line of a contract still owes, and what licences leave for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// Number of the line.
    pub line: String,
    /// How much it owes: nothing under a contract that is not signed, or has ended.
    pub owed: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// By when.
    pub due_on: Date,
    /// How much licences in use leave for it, in its unit.
    pub left: Quantity,
    /// Whether any licence was issued for it.
    pub licensed: bool,
    /// Whether a licence in use for it is counted in another unit.
    pub in_other_unit: bool,
    /// Whether a licence in use for the contract does not say for which line it is.
    pub unnamed: bool,
    /// Whether the exporter is of the partner state.
    pub incoming: bool,
}

impl Cover {
    /// Why it cannot be told whether a licence covers it.
    pub fn untold(&self) -> Option<Untold> {
        if is_service(self.unit) {
            Some(Untold::Service)
        } else if self.incoming {
            Some(Untold::Incoming)
        } else if self.in_other_unit {
            Some(Untold::Units)
        } else if self.unnamed {
            Some(Untold::LineNotNamed)
        } else {
            None
        }
    }

    /// What is broken of it on a day, looking some days ahead.
    pub fn broken_on(&self, day: Date, ahead: u32) -> Option<Break> {
        if self.owed <= self.left {
            return None;
        }
        let until = day.checked_add(jiff::Span::new().days(i64::from(ahead))).unwrap_or(Date::MAX);
        let kind = match self.due_on <= until {
            true => BreakKind::DueWithoutLicence,
            false if self.licensed => BreakKind::LicensedLess,
            false => return None,
        };
        let of = Break::of(kind, self.due_on).between(self.owed, self.left, self.unit);
        Some(Break { contract_line: Some(self.line.clone()), untold: self.untold(), ..of })
    }
}

/// The days on which something changes for an inspection.
pub fn days_of_inspection(inspection: &InspectionNode) -> BTreeSet<Date> {
    inspection.visited_on.into_iter().chain(inspection.closed_on).collect()
}

/// What an inspection found to be broken on a day: its incident is open.
pub fn at_inspection(inspection: &InspectionNode, licence: Option<&LicenceNode>, day: Date) -> Vec<Break> {
    let Some(on) = inspection.visited_on.filter(|on| inspection.incident && *on <= day) else {
        return Vec::new();
    };
    let is_short = inspection.seen < inspection.expected;
    let is_closed = inspection.closed_on.is_some_and(|closed_on| closed_on <= day);
    if is_closed || !(is_short || inspection.refused) {
        return Vec::new();
    }
    let pieces = |count: u32| Quantity::whole(i64::from(count));
    let of = Break::of(BreakKind::InspectedLess, on).between(
        pieces(inspection.expected),
        pieces(inspection.seen),
        Unit::Piece,
    );
    vec![Break {
        inspection: Some(inspection.number.clone()),
        licence: Some(inspection.licence.clone()),
        contract_line: licence
            .and_then(|licence| licence.lines.iter().find_map(|line| line.contract_line.clone())),
        untold: inspection.refused.then_some(Untold::NotSeen),
        found: (!inspection.refused).then_some(pieces(inspection.seen)),
        ..of
    }]
}
