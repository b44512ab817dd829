//! What breaks at a delivery, and at a write-off.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::node::{DeliveryNode, LicenceNode, Shipped};
use super::{Break, BreakKind, Untold};
use crate::money::{Quantity, Unit};

/// Whether a line in this unit is of a service: nothing here says which services need a licence.
pub fn is_service(unit: Unit) -> bool {
    matches!(unit, Unit::Hour | Unit::Service)
}

/// The days on which something changes for a delivery.
pub fn days_of_delivery<'w>(
    delivery: &DeliveryNode,
    written: impl IntoIterator<Item = &'w Shipped>,
) -> BTreeSet<Date> {
    let mut days: BTreeSet<Date> = BTreeSet::from([delivery.handed_over_on]);
    days.extend(delivery.returned_on);
    for one in written {
        days.insert(one.on);
        days.extend(one.verified.iter().map(|(on, _)| *on));
    }
    days
}

/// What is broken at a delivery on a day: `written` is every write-off that names it.
///
/// A delivery that was returned wants no licence any more; what is written off for it still is a break of the write-off.
pub fn at_delivery<'w>(
    delivery: &DeliveryNode,
    written: impl IntoIterator<Item = &'w Shipped>,
    day: Date,
) -> Vec<Break> {
    let written: Vec<&Shipped> = written.into_iter().filter(|one| one.on <= day).collect();
    let named = |kind: BreakKind| Break {
        delivery: Some(delivery.number.clone()),
        contract_line: Some(delivery.line.clone()),
        ..Break::of(kind, delivery.handed_over_on)
    };
    let mut found = Vec::new();
    let stands = delivery.stands_on(day);
    let standing = if stands { delivery.quantity } else { Quantity::ZERO };
    let sum = |quantities: &mut dyn Iterator<Item = Quantity>| {
        Quantity(quantities.fold(0, |sum, one| sum.saturating_add(one.0)))
    };
    let is_comparable = written.iter().all(|one| one.unit == delivery.unit);
    if stands {
        let total = sum(&mut written.iter().map(|one| one.quantity));
        let quantities = |kind| named(kind).between(delivery.quantity, total, delivery.unit);
        if written.is_empty() {
            let untold = is_service(delivery.unit).then_some(Untold::Service);
            let of = quantities(BreakKind::DeliveredWithoutLicence);
            found.push(Break { untold, ..of });
        } else if !is_comparable {
            let of = quantities(BreakKind::DeliveredMore);
            found.push(Break { untold: Some(Untold::Units), found: None, ..of });
        } else if total < delivery.quantity {
            found.push(quantities(BreakKind::DeliveredMore));
        } else if total > delivery.quantity {
            found.push(quantities(BreakKind::WrittenOffMore));
        }
    }
    let verified = sum(&mut written.iter().map(|one| one.verified_by(day)));
    if is_comparable && verified > standing {
        found.push(named(BreakKind::VerifiedMore).between(standing, verified, delivery.unit));
    }
    found
}

/// The days on which something changes for a write-off: `delivery` is the one that it names, where there is such a one.
pub fn days_of_write_off(shipped: &Shipped, delivery: Option<&DeliveryNode>) -> BTreeSet<Date> {
    let mut days: BTreeSet<Date> = BTreeSet::from([shipped.on]);
    days.extend(shipped.verified.iter().map(|(on, _)| *on));
    days.extend(shipped.due_on.and_then(|on| on.tomorrow().ok()));
    if let Some(delivery) = delivery {
        days.insert(delivery.handed_over_on);
        days.extend(delivery.returned_on);
    }
    days.retain(|day| *day >= shipped.on);
    days
}

/// What is broken at a write-off on a day.
pub fn at_write_off(
    licence: &LicenceNode,
    shipped: &Shipped,
    delivery: Option<&DeliveryNode>,
    day: Date,
) -> Vec<Break> {
    if day < shipped.on {
        return Vec::new();
    }
    let line = licence.lines.iter().find(|line| line.number == shipped.line);
    let contract_line = line.and_then(|line| line.contract_line.clone());
    let named = |kind: BreakKind, on: Date| Break {
        licence: Some(licence.number.clone()),
        licence_line: Some(shipped.line),
        reference: Some(shipped.reference.clone()),
        delivery: shipped.delivery.clone(),
        contract_line: contract_line.clone(),
        ..Break::of(kind, on)
    };
    let counted = |of: Break, found: Quantity| of.between(shipped.quantity, found, shipped.unit);
    let mut found = Vec::new();
    // What a write-off is of that names no delivery, or one that is gone, is told at the write-off.
    let stands = match (&shipped.delivery, delivery) {
        (None, _) => {
            if contract_line.is_some() {
                let of = named(BreakKind::NoDeliveryNamed, shipped.on);
                found.push(counted(of, Quantity::ZERO));
            }
            true
        }
        (Some(_), Some(delivery)) if delivery.stands_on(day) => {
            if contract_line.as_ref() != Some(&delivery.line) {
                found.push(counted(named(BreakKind::OtherLine, shipped.on), Quantity::ZERO));
            }
            true
        }
        (Some(_), _) => {
            found.push(counted(named(BreakKind::NotDelivered, shipped.on), Quantity::ZERO));
            false
        }
    };
    // Nobody can confirm what is not there.
    if let Some(due_on) = shipped.due_on.filter(|due_on| stands && *due_on < day) {
        let verified = shipped.verified_by(day);
        if verified < shipped.quantity {
            found.push(counted(named(BreakKind::VerifiedLess, due_on), verified));
        }
    }
    found
}
