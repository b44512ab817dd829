//! Acts of the exchange with customs: up to which marking they are told, the next run to them, and a discrepancy closed.

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::customs::CustomsCommand;
use entente_register::customs::discrepancy::{DiscrepancyCommand, MACHINE, Settlement};
use entente_register::customs::exchange::EXCHANGE;
use entente_register::ledger::SubjectKind;
use entente_store::reader::{CustomsView, DiscrepancyView};

use super::Act;
use super::field::Field;
use super::standing::{Standing, Stands, papers};
use crate::web::line::counted;
use crate::web::show;

const EXCHANGED: Option<SubjectKind> = Some(SubjectKind::Exchange);

pub(super) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::CustomsExport,
        of: EXCHANGED,
        word: "send",
        name: "Send the next run of licence data",
        lede: "Licences that are new, changed, stopped or at an end since the last run. The run is recorded, and its file stands on its page.",
        makes_new: true,
        possible: |_| Ok(()),
        fields: &[],
        read: |_, _| Ok(Command::Customs(CustomsCommand::Export)),
    },
    Act {
        kind: CommandKind::CustomsClear,
        of: EXCHANGED,
        word: "marking",
        name: "Say up to which marking customs are told",
        lede: "What is marked higher leaves in no file. Whoever says so sends nothing: another person does.",
        makes_new: false,
        possible: |_| Ok(()),
        fields: &[
            Field::on("Decided on"),
            Field::text("marking", "Highest marking", 200).starting(marking).hint(
                "For example OFFICIAL, or CONFIDENTIAL. Licences that are within it and were withheld stand in the next run.",
            ),
            Field::reason(),
            Field::paper("The paper by which it was decided"),
        ],
        read: |_, filled| {
            Ok(Command::Customs(CustomsCommand::Clear {
                on: filled.on()?,
                marking: filled.read("marking")?,
                reason: filled.text("reason"),
                document: filled.paper()?,
            }))
        },
    },
    Act {
        kind: CommandKind::DiscrepancyClose,
        of: Some(SubjectKind::Discrepancy),
        word: "close",
        name: "Close the discrepancy",
        lede: "With the write-off that was recorded afterwards, where there was one, for example under a licence for the rest.",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "close").map(drop),
        fields: &[
            Field::on("Closed on"),
            Field::long("reason", "How it was dealt with"),
            Field::text("licence", "Licence of the write-off", 100).optional(),
            Field::text("reference", "Reference of the write-off", 100).optional().starting(reference),
            Field::paper("The paper that shows it"),
        ],
        read: |at, filled| {
            let licence = filled.given("licence");
            // The reference starts as that of the shipment, and means nothing without a licence.
            let reference = filled.given("reference").filter(|_| licence.is_some());
            let command = DiscrepancyCommand::Close {
                on: filled.on()?,
                reason: filled.text("reason"),
                document: filled.paper()?,
                settlement: Settlement::of(licence, reference)?,
            };
            Ok(Command::Discrepancy { number: at.key(), command })
        },
    },
];

fn marking(at: &Standing) -> String {
    let Stands::Customs(view) = &at.stands else { return String::new() };
    view.exchange.as_ref().map(|exchange| exchange.marking.to_string()).unwrap_or_default()
}

fn reference(at: &Standing) -> String {
    let Stands::Discrepancy(view) = &at.stands else { return String::new() };
    let shipment = view.discrepancy.opened.shipment.as_ref();
    shipment.map(|shipment| shipment.reference.clone()).unwrap_or_default()
}

/// The exchange: up to which marking customs are told, and which run is next.
pub(super) fn of_exchange(view: &CustomsView, new: Standing) -> Standing {
    let mut facts = vec![("Next run to customs", show::count(view.last_out.saturating_add(1)))];
    if let Some(exchange) = &view.exchange {
        facts.push(("Customs are told up to", exchange.marking.to_string()));
    }
    Standing {
        subject: Some(SubjectKind::Exchange.subject(EXCHANGE)),
        version: view.version,
        facts,
        papers: papers(&view.history),
        ..new
    }
}

/// A discrepancy: what customs say, and why it was not taken.
pub(super) fn of_discrepancy(view: &DiscrepancyView, new: Standing) -> Standing {
    let this = &view.discrepancy;
    let mut facts = vec![
        ("Licence", this.opened.licence.clone()),
        ("Why", this.opened.words.clone()),
        ("State", show::capital(this.state)),
    ];
    if let Some(shipment) = &this.opened.shipment {
        let quantity = counted(shipment.quantity, shipment.unit);
        facts.push((
            "Customs say",
            format!("{quantity} on {}, declaration {}", show::day(shipment.on), shipment.reference),
        ));
    }
    Standing {
        subject: Some(SubjectKind::Discrepancy.subject(&this.number)),
        state: this.state.to_owned(),
        version: view.version,
        label: Some(this.label.clone()),
        facts,
        papers: papers(&view.history),
        ..new
    }
}
