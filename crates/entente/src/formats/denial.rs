//! The notification of a denial, as text, as rows and as an object.

use entente_register::label::{Label, Level};
use entente_register::transfer::notification::{DenialNotification, DeniedLine};
use serde::Serialize;
use utoipa::ToSchema;

use crate::formats::table::Out;

/// A line that was refused.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeniedLineObject {
    /// Its number, from 1.
    pub line: u32,
    /// The goods.
    pub goods: String,
    /// Control-list entry.
    pub category: String,
    /// A decimal string.
    pub quantity: String,
    /// UN/ECE code of the unit.
    pub unit: &'static str,
    /// By which criteria.
    pub criteria: Vec<&'static str>,
}

/// What other states may be told of what was refused.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DenialNotificationObject {
    /// The number under which it is asked about.
    pub reference: String,
    /// When it was refused.
    #[schema(format = Date)]
    pub denied_on: String,
    /// `export`, `import`, `transit`, `brokering`, `temporary`, `technology` or `service`.
    pub kind: &'static str,
    /// The state to which it was to go, ISO 3166-1 alpha-3.
    pub destination: String,
    /// `authority`, `authorised`, `mission`, `non_state` or `not_established`, of each end user.
    pub end_users: Vec<&'static str>,
    /// What was refused.
    pub lines: Vec<DeniedLineObject>,
    /// Up to which marking it is told.
    pub audience: String,
}

impl DenialNotificationObject {
    /// Of a notification that is told up to a marking.
    pub fn of(told: &DenialNotification, audience: Level) -> DenialNotificationObject {
        let line = |line: &DeniedLine| DeniedLineObject {
            line: line.number,
            goods: line.goods.clone(),
            category: line.category.clone(),
            quantity: line.quantity.to_string(),
            unit: line.unit.code(),
            criteria: line.criteria.iter().map(|criterion| criterion.word()).collect(),
        };
        DenialNotificationObject {
            reference: told.reference.clone(),
            denied_on: told.denied_on.to_string(),
            kind: told.kind.word(),
            destination: told.destination.clone(),
            end_users: told.end_users.iter().map(|class| class.word()).collect(),
            lines: told.lines.iter().map(line).collect(),
            audience: Label::of(audience).to_string(),
        }
    }
}

/// Columns of its rows, one for each line.
pub const COLUMNS: [&str; 10] = [
    "reference",
    "denied_on",
    "kind",
    "destination",
    "end_users",
    "line",
    "goods",
    "category",
    "quantity",
    "criteria",
];

/// Its rows.
pub fn rows(told: &DenialNotification) -> Vec<Vec<String>> {
    let joined = |words: Vec<&str>| words.join("; ");
    let of_all = [
        told.reference.clone(),
        told.denied_on.to_string(),
        told.kind.word().to_owned(),
        told.destination.clone(),
        joined(told.end_users.iter().map(|class| class.word()).collect()),
    ];
    let row = |line: &DeniedLine| {
        let own = [
            line.number.to_string(),
            line.goods.clone(),
            line.category.clone(),
            format!("{} {}", line.quantity, line.unit.code()),
            joined(line.criteria.iter().map(|criterion| criterion.word()).collect()),
        ];
        of_all.iter().cloned().chain(own).collect()
    };
    told.lines.iter().map(row).collect()
}

/// The same for a spreadsheet.
pub fn cells(told: &DenialNotification) -> Vec<Vec<Out>> {
    rows(told).into_iter().map(|row| row.into_iter().map(Out::Text).collect()).collect()
}

/// The notification as a text that can be sent as it is.
pub fn text(told: &DenialNotification, audience: Level) -> String {
    let end_users: Vec<&str> = told.end_users.iter().map(|class| class.name()).collect();
    let mut text = format!("Notification of a denial\nTold up to {}\n\n", Label::of(audience));
    for (name, value) in [
        ("Reference", told.reference.clone()),
        ("Denied on", told.denied_on.to_string()),
        ("Transfer", told.kind.name().to_owned()),
        ("Destination", told.destination.clone()),
        ("End user", end_users.join("; ")),
    ] {
        text.push_str(&format!("{name:<12} {value}\n"));
    }
    for line in &told.lines {
        let criteria: Vec<&str> = line.criteria.iter().map(|criterion| criterion.name()).collect();
        let (quantity, unit) = (line.quantity, line.unit.name());
        text.push_str(&format!(
            "\nLine {}\n  Goods      {}\n  Category   {}\n  Quantity   {quantity} ({unit})\n  Refused by {}\n",
            line.number,
            line.goods,
            line.category,
            criteria.join("; ")
        ));
    }
    text
}
