//! What needs attention, by kind.

use entente_register::brief::{ALERT_DAYS, Alert, AlertKind, Brief, FigureName};
use entente_register::ledger::SubjectKind;
use entente_register::money::Currency;

use crate::web::history::path;
use crate::web::show;
use crate::web::way::Way;

/// One alert.
#[derive(Debug, Clone)]
pub(crate) struct AlertRow {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) partner: String,
    pub(crate) title: String,
    /// Empty where it is about a whole contract.
    pub(crate) due: String,
    pub(crate) value: String,
    pub(crate) reason: String,
}

/// The alerts of one kind.
#[derive(Debug, Clone)]
pub(crate) struct AlertSection {
    /// The word in the address.
    pub(crate) word: &'static str,
    pub(crate) title: String,
    /// How many in all.
    pub(crate) total: i64,
    /// The same in words, and what they owe.
    pub(crate) sum: String,
    pub(crate) rows: Vec<AlertRow>,
    /// To all of them, where not all are shown.
    pub(crate) all: Option<String>,
    /// How many are not shown.
    pub(crate) further: usize,
    /// The figure behind them; empty where there is none.
    pub(crate) figure: String,
    /// What they are about.
    pub(crate) of: &'static str,
    /// Whether it has a day on which it is due.
    pub(crate) dated: bool,
}

pub(super) const KINDS: [AlertKind; 4] =
    [AlertKind::Overdue, AlertKind::DueSoon, AlertKind::AtRisk, AlertKind::InstalmentOverdue];

/// The alerts by kind, at most so many of each.
pub(crate) fn sections(brief: &Brief, way: &Way, most: usize) -> Vec<AlertSection> {
    KINDS.into_iter().map(|kind| section(brief, kind, way, (0, most))).collect()
}

/// The alerts of a kind, the most valuable first.
pub(super) fn of_kind(brief: &Brief, kind: AlertKind) -> Vec<&Alert> {
    brief.alerts.iter().filter(|alert| alert.kind == kind).collect()
}

/// The alerts of a kind: so many are left out, and so many follow at most.
pub(super) fn section(
    brief: &Brief,
    kind: AlertKind,
    way: &Way,
    (skipped, most): (usize, usize),
) -> AlertSection {
    let currency = brief.conventions.currency;
    let alerts = of_kind(brief, kind);
    let total = alerts.len();
    let owed: i64 = alerts.iter().map(|alert| alert.value).sum();
    let number = i64::try_from(total).unwrap_or(i64::MAX);
    let things = match kind {
        AlertKind::Overdue | AlertKind::DueSoon => show::counted(number, "line", "lines"),
        AlertKind::AtRisk => show::counted(number, "contract", "contracts"),
        AlertKind::InstalmentOverdue => show::counted(number, "instalment", "instalments"),
    };
    AlertSection {
        word: kind.word(),
        title: title(kind),
        total: number,
        sum: if total == 0 {
            "None.".to_owned()
        } else {
            format!("{things}, owing {} {currency}", show::exact(owed, currency))
        },
        rows: alerts.iter().skip(skipped).take(most).map(|alert| row(alert, currency, way)).collect(),
        all: (total > most).then(|| way.with("/alerts", &[("kind", kind.word())])),
        further: total.saturating_sub(skipped.saturating_add(most)),
        figure: match kind {
            AlertKind::Overdue => way.to(&format!("/figures/{}", FigureName::Overdue)),
            // Behind are those in force alone; what is at risk may be suspended, or under a claim.
            AlertKind::AtRisk => way.with("/alerts", &[("kind", kind.word())]),
            AlertKind::InstalmentOverdue => way.to(&format!("/figures/{}", FigureName::PaymentsOverdue)),
            AlertKind::DueSoon => String::new(),
        },
        of: match kind {
            AlertKind::Overdue | AlertKind::DueSoon => "Line",
            AlertKind::AtRisk => "Contract",
            AlertKind::InstalmentOverdue => "Instalment",
        },
        dated: kind != AlertKind::AtRisk,
    }
}

pub(super) fn title(kind: AlertKind) -> String {
    match kind {
        AlertKind::Overdue => "Overdue lines".to_owned(),
        AlertKind::DueSoon => format!("Lines due within {ALERT_DAYS} days"),
        AlertKind::AtRisk => "Contracts at risk".to_owned(),
        AlertKind::InstalmentOverdue => "Instalments overdue".to_owned(),
    }
}

fn row(alert: &Alert, currency: Currency, way: &Way) -> AlertRow {
    let (number, path) = match (&alert.line, &alert.instalment) {
        (Some(line), _) => (line.clone(), format!("/lines/{line}")),
        (None, Some(instalment)) => (instalment.clone(), path(SubjectKind::Instalment, instalment)),
        (None, None) => (alert.contract.clone(), format!("/contracts/{}", alert.contract)),
    };
    AlertRow {
        number,
        href: way.to(&path),
        partner: alert.partner.clone(),
        title: alert.title.clone(),
        due: alert.due_on.map(show::day).unwrap_or_default(),
        value: show::exact(alert.value, currency),
        reason: alert.reason.clone(),
    }
}
