//! What needs the chair's attention.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::compute::{is_due, owed};
use super::facts::{Facts, OpenLine, StateCount};
use super::payment::UnpaidInstalment;
use super::{ALERT_DAYS, Alert, AlertKind};
use crate::money::Share;

/// All alerts: by kind, then the most valuable first, then by number.
pub(super) fn alerts(facts: &Facts) -> Vec<Alert> {
    let as_of = facts.conventions.as_of;
    let mut lines: BTreeMap<&str, Lines> = BTreeMap::new();
    for line in &facts.open_lines {
        let of_contract = lines.entry(&line.contract).or_default();
        of_contract.overdue += i64::from(is_due(line, as_of));
        of_contract.owed = of_contract.owed.saturating_add(owed(line));
    }
    let at_risk = facts.contracts.iter().filter_map(|c| of_contract(c, lines.get(c.contract.as_str())));
    let unpaid = facts.payments.instalments.iter().filter_map(|one| of_instalment(one, as_of));
    let mut all: Vec<Alert> = facts
        .open_lines
        .iter()
        .filter_map(|line| of_line(line, as_of))
        .chain(at_risk)
        .chain(unpaid)
        .collect();
    all.sort_by(|a, b| {
        (a.kind, Reverse(a.value), &a.contract, &a.line, &a.instalment).cmp(&(
            b.kind,
            Reverse(b.value),
            &b.contract,
            &b.line,
            &b.instalment,
        ))
    });
    all
}

fn of_line(line: &OpenLine, as_of: Date) -> Option<Alert> {
    let days = (line.due_on - as_of).get_days();
    let (kind, reason) = if is_due(line, as_of) {
        let since = since(-days);
        (AlertKind::Overdue, format!("due {since}, {}", so_far(line)))
    } else if days <= ALERT_DAYS {
        let ahead = if days == 1 { "tomorrow".to_owned() } else { format!("in {days} days") };
        (AlertKind::DueSoon, format!("due {ahead}, {}", so_far(line)))
    } else {
        return None;
    };
    let reason = match line.contract_state.as_str() {
        "in_force" => reason,
        state => format!("{reason}; the contract is {}", state.replace('_', " ")),
    };
    Some(Alert {
        kind,
        contract: line.contract.clone(),
        line: Some(line.line.clone()),
        instalment: None,
        partner: line.partner.clone(),
        title: line.description.clone(),
        due_on: Some(line.due_on),
        value: owed(line),
        reason,
    })
}

fn since(days: i32) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "1 day ago".to_owned(),
        days => format!("{days} days ago"),
    }
}

fn of_instalment(instalment: &UnpaidInstalment, as_of: Date) -> Option<Alert> {
    let due_on = instalment.due_on.filter(|_| instalment.is_overdue(as_of))?;
    let received = match Share::of(instalment.received, instalment.amount) {
        Some(share) if instalment.received > 0 => format!("{} % received", share.percent()),
        _ => "nothing received".to_owned(),
    };
    Some(Alert {
        kind: AlertKind::InstalmentOverdue,
        contract: instalment.contract.clone(),
        line: None,
        instalment: Some(instalment.instalment.clone()),
        partner: instalment.partner.clone(),
        title: format!("Instalment: {}", instalment.kind.name()),
        due_on: Some(due_on),
        value: instalment.open(),
        reason: format!("due {}, {received}", since((as_of - due_on).get_days())),
    })
}

fn so_far(line: &OpenLine) -> String {
    match Share::of(line.delivered, line.amount) {
        Some(share) if line.delivered > 0 => format!("{} % delivered", share.percent()),
        _ => "nothing delivered".to_owned(),
    }
}

/// Lines of one contract that are not delivered in full.
#[derive(Default)]
struct Lines {
    overdue: i64,
    owed: i64,
}

fn of_contract(contract: &StateCount, lines: Option<&Lines>) -> Option<Alert> {
    let mut reasons = Vec::new();
    match contract.state.as_str() {
        "suspended" => reasons.push("suspended".to_owned()),
        "in_force" => {}
        _ => return None,
    }
    if let Some(lines) = lines.filter(|l| l.overdue > 0) {
        reasons.push(counted(lines.overdue, "overdue line"));
    }
    if contract.open_claims > 0 {
        reasons.push(counted(contract.open_claims, "open claim"));
    }
    if contract.slippages > 0 {
        reasons.push(counted(contract.slippages, "slipping line"));
    }
    (!reasons.is_empty()).then(|| Alert {
        kind: AlertKind::AtRisk,
        contract: contract.contract.clone(),
        line: None,
        instalment: None,
        partner: contract.partner.clone(),
        title: contract.title.clone(),
        due_on: None,
        value: lines.map_or(0, |l| l.owed),
        reason: reasons.join(", "),
    })
}

fn counted(number: i64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
