//! Acts of a licence: what goes is written off, conditions are met, and it is stopped, taken up again or ended.

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal, SubjectKind};
use entente_register::money::Quantity;
use entente_register::transfer::licence::{Licence, LicenceCommand, MACHINE, WriteOff};

use super::super::Act;
use super::super::field::{Choices, Field};
use super::super::standing::{Standing, Stands};
use super::{only, some};
use crate::web::line::counted;
use crate::web::show;

const OF: Option<SubjectKind> = Some(SubjectKind::Licence);

pub(in crate::web::act) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::LicenceWriteOff,
        of: OF,
        word: "write-off",
        name: "Write off a shipment",
        lede: "Everything is asked again before goods go. The same shipment sent again under its reference changes nothing.",
        makes_new: false,
        possible: |at| {
            may(at, "write_off")?;
            some(&lines_left(at), "Nothing is left of any line.", "a licence of which something is left")
        },
        fields: &[
            Field::on("Shipped on"),
            Field::text("reference", "Reference", 100)
                .hint("What tells it from all others: the number of the customs declaration, with its item."),
            Field::from("line", "Line", lines_left).starting(|at| only(&lines_left(at))),
            Field::decimal("quantity", "Quantity"),
            Field::decimal("value", "Value").hint("In the licence’s currency."),
            Field::text("delivery", "Delivery", 60).optional().hint("Its number in the register."),
            Field::paper("The declaration"),
        ],
        read: |at, filled| {
            let on = filled.on()?;
            let value = match licence(at) {
                Some(this) => filled.money("value", this.issued.currency)?,
                None => return Err(Refusal::not_found("licence", &at.key())),
            };
            let written = WriteOff {
                reference: filled.text("reference"),
                line: filled.whole("line")?,
                quantity: filled.quantity("quantity")?,
                value,
                delivery: filled.given("delivery"),
                document: filled.paper()?,
            };
            Ok(about(at, LicenceCommand::WriteOff { on, written }))
        },
    },
    Act {
        kind: CommandKind::LicenceCorrect,
        of: OF,
        word: "correct",
        name: "Take a write-off back",
        lede: "It was recorded in error: what it took is left again, and its reference is not used a second time.",
        makes_new: false,
        possible: |at| {
            may(at, "correct")?;
            some(&written(at), "No write-off stands.", "a write-off that stands")
        },
        fields: &[
            Field::from("reference", "Write-off", written).starting(|at| only(&written(at))),
            Field::on("Taken back on"),
            Field::reason(),
        ],
        read: |at, filled| {
            let command = LicenceCommand::Correct {
                on: filled.on()?,
                reference: filled.text("reference"),
                reason: filled.text("reason"),
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::LicenceMeet,
        of: OF,
        word: "meet",
        name: "Record that a condition is met",
        lede: "",
        makes_new: false,
        possible: |at| {
            may(at, "meet")?;
            some(&unmet(at), "No condition is left to meet.", "a condition that is not met")
        },
        fields: &[
            Field::from("condition", "Condition", unmet).starting(|at| only(&unmet(at))),
            Field::on("Met on"),
            Field::paper("The paper that shows it"),
        ],
        read: |at, filled| {
            let command = LicenceCommand::Meet {
                on: filled.on()?,
                condition: filled.whole("condition")?,
                document: filled.paper()?,
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::LicenceVerify,
        of: OF,
        word: "verify",
        name: "Record a delivery verification",
        lede: "What the end user confirms to have received, whole or in part.",
        makes_new: false,
        possible: |at| {
            may(at, "verify")?;
            some(&unverified(at), "Every delivery is verified.", "a delivery that is not verified whole")
        },
        fields: &[
            Field::from("reference", "Shipment", unverified).starting(|at| only(&unverified(at))),
            Field::on("Confirmed on"),
            Field::decimal("quantity", "Quantity"),
            Field::paper("The delivery verification"),
        ],
        read: |at, filled| {
            let command = LicenceCommand::Verify {
                on: filled.on()?,
                reference: filled.text("reference"),
                quantity: filled.quantity("quantity")?,
                document: filled.paper()?,
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::LicenceSuspend,
        of: OF,
        word: "suspend",
        name: "Suspend",
        lede: "Nothing goes until another person takes the suspension back.",
        makes_new: false,
        possible: |at| may(at, "suspend"),
        fields: &[Field::on("Suspended on"), Field::reason()],
        read: |at, filled| {
            let reason = filled.text("reason");
            Ok(about(at, LicenceCommand::Suspend { on: filled.on()?, reason }))
        },
    },
    Act {
        kind: CommandKind::LicenceReinstate,
        of: OF,
        word: "reinstate",
        name: "Reinstate",
        lede: "Another person suspended it. Where an inspection stopped it, the incident is closed first, and not by you.",
        makes_new: false,
        possible: |at| {
            may(at, "reinstate")?;
            another(at)
        },
        fields: &[Field::on("Reinstated on"), Field::reason()],
        read: |at, filled| {
            let reason = filled.text("reason");
            Ok(about(at, LicenceCommand::Reinstate { on: filled.on()?, reason }))
        },
    },
    Act {
        kind: CommandKind::LicenceRevoke,
        of: OF,
        word: "revoke",
        name: "Revoke",
        lede: "Nothing goes any more. It cannot be taken back.",
        makes_new: false,
        possible: |at| may(at, "revoke"),
        fields: &[Field::on("Revoked on"), Field::reason()],
        read: |at, filled| {
            let reason = filled.text("reason");
            Ok(about(at, LicenceCommand::Revoke { on: filled.on()?, reason }))
        },
    },
    Act {
        kind: CommandKind::LicenceClose,
        of: OF,
        word: "close",
        name: "Close",
        lede: "It was given back, or is used up and accounted for. Nothing of it changes any more.",
        makes_new: false,
        possible: |at| may(at, "close"),
        fields: &[Field::on("Closed on"), Field::reason()],
        read: |at, filled| {
            let reason = filled.text("reason");
            Ok(about(at, LicenceCommand::Close { on: filled.on()?, reason }))
        },
    },
];

fn licence(at: &Standing) -> Option<&Licence> {
    if let Stands::Licence(view, _) = &at.stands { Some(&view.licence) } else { None }
}

fn about(at: &Standing, command: LicenceCommand) -> Command {
    Command::Licence { number: at.key(), command }
}

fn may(at: &Standing, step: &str) -> Fallible<()> {
    MACHINE.next(&at.state, step).map(drop)
}

/// Whether another person than whoever looks suspended it.
fn another(at: &Standing) -> Fallible<()> {
    match &at.stands {
        Stands::Licence(view, account) => view.licence.check_another(account),
        _ => Ok(()),
    }
}

/// Lines of which something is left, with how much.
fn lines_left(at: &Standing) -> Choices {
    let Some(this) = licence(at) else { return Vec::new() };
    let lines = this.issued.lines.iter().filter_map(|line| {
        let left = this.left(line.number).filter(|left| left.quantity != Quantity::ZERO)?;
        let value = show::exact(left.value, this.issued.currency);
        let words = format!(
            "{}. {}: {} left, {value} {}",
            line.number,
            line.description,
            counted(left.quantity, line.unit),
            this.issued.currency
        );
        Some((line.number.to_string(), words))
    });
    lines.collect()
}

/// Write-offs that stand, the last first.
fn written(at: &Standing) -> Choices {
    let Some(this) = licence(at) else { return Vec::new() };
    let mut written: Vec<_> = this.written_off.values().collect();
    written.sort_by(|(on, one), (other_on, other)| (other_on, &other.reference).cmp(&(on, &one.reference)));
    let words = |on, one: &WriteOff| {
        format!("{} of {}: {} of line {}", one.reference, show::day(on), one.quantity, one.line)
    };
    written.into_iter().map(|(on, one)| (one.reference.clone(), words(*on, one))).collect()
}

/// Shipments that are not verified whole, the nearest day first.
fn unverified(at: &Standing) -> Choices {
    let Some(this) = licence(at) else { return Vec::new() };
    let open = this.verifications().into_iter().filter(|one| one.open() > Quantity::ZERO);
    open.map(|one| {
        let words = format!(
            "{} of {}: {} to be confirmed by {}",
            one.reference,
            show::day(one.shipped_on),
            counted(one.open(), one.unit),
            show::day(one.due_on)
        );
        (one.reference, words)
    })
    .collect()
}

/// Conditions that are not met.
fn unmet(at: &Standing) -> Choices {
    let Some(this) = licence(at) else { return Vec::new() };
    let left = this.issued.conditions.iter().filter(|one| !this.met.contains_key(&one.number));
    left.map(|one| (one.number.to_string(), format!("{}. {}", one.number, one.text))).collect()
}
