//! Acts of a contract: opened, amended, moved from state to state, its lines.

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::contract::line::{LineCommand, NewLine};
use entente_register::contract::{
    Amendment, ContractCommand, ContractParty, MACHINE, NewContract, PartyRole, has_ended,
};
use entente_register::ledger::{Fallible, Refusal, SubjectKind};
use entente_register::money::Unit;

use super::Act;
use super::field::{Choices, Field};
use super::filled::Filled;
use super::standing::Standing;

const EXPORTER: Field = Field::party("exporter", "Exporter", 200)
    .hint("Number of the party in the register; of several, with commas between them.")
    .starting(|at| parties_as(at, PartyRole::Exporter));
const END_USER: Field =
    Field::party("end_user", "End user", 200).starting(|at| parties_as(at, PartyRole::EndUser));
const CONSIGNEE: Field = Field::party("consignee", "Consignee", 200)
    .optional()
    .starting(|at| parties_as(at, PartyRole::Consignee));
const BROKER: Field =
    Field::party("broker", "Broker", 200).optional().starting(|at| parties_as(at, PartyRole::Broker));
const CARRIER: Field =
    Field::party("carrier", "Carrier", 200).optional().starting(|at| parties_as(at, PartyRole::Carrier));
const MANUFACTURER: Field = Field::party("manufacturer", "Manufacturer", 200)
    .optional()
    .starting(|at| parties_as(at, PartyRole::Manufacturer));
const BANK: Field =
    Field::party("bank", "Bank", 200).optional().starting(|at| parties_as(at, PartyRole::Bank));

pub(super) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::ContractOpen,
        of: None,
        word: "open-contract",
        name: "Open a contract",
        lede: "A contract under negotiation. Its lines are added next; it counts once it is signed.",
        makes_new: true,
        possible: |_| Ok(()),
        fields: &[
            Field::text("title", "What it is about", 200),
            Field::text("reference", "The number that the parties use", 80),
            Field::from("partner", "Partner", Standing::partners),
            Field::text("currency", "Currency of all its prices", 3)
                .hint("ISO 4217 code.")
                .starting(|_| "USD".to_owned()),
            Field::text("label", "Marking", 120)
                .hint("OFFICIAL or SECRET//AVIATION, for example.")
                .starting(|_| "OFFICIAL".to_owned()),
            Field::on("Negotiated since"),
            EXPORTER,
            END_USER,
            CONSIGNEE,
            BROKER,
            CARRIER,
            MANUFACTURER,
            BANK,
        ],
        read: |_, filled| {
            let new = NewContract {
                reference: filled.text("reference"),
                title: filled.text("title"),
                partner: filled.text("partner"),
                parties: parties(filled),
                currency: filled.read("currency")?,
                label: filled.read("label")?,
                on: filled.on()?,
            };
            Ok(Command::Contract { number: None, command: ContractCommand::Open(new) })
        },
    },
    Act {
        kind: CommandKind::LineAdd,
        of: Some(SubjectKind::Contract),
        word: "add-line",
        name: "Add a line",
        lede: "What is sold, with its price and its day.",
        makes_new: true,
        possible: is_changeable,
        fields: &[
            Field::text("description", "What is sold", 300),
            Field::text("category", "Control-list entry", 20).hint("ML10.a or 9A012, for example."),
            Field::decimal("quantity", "Quantity"),
            Field::from("unit", "Unit", units).starting(|_| "C62".to_owned()),
            Field::decimal("unit_price", "Price of one unit").hint("In the contract’s currency."),
            Field::day("due_on", "Due in full by"),
            Field::on("Agreed on"),
            Field::text("reference", "Number that the contract gives it", 60).optional(),
            Field::party("manufacturer", "Manufacturer", 60)
                .optional()
                .hint("Number of the party in the register."),
            Field::paper("Amendment that adds it").optional().hint("Needed once the contract is signed."),
        ],
        read: |at, filled| {
            let currency = at.contract().map(|view| view.row.amount.currency);
            let currency = currency.ok_or_else(|| Refusal::not_found("contract", &at.key()))?;
            let new = NewLine {
                reference: filled.given("reference"),
                description: filled.text("description"),
                quantity: filled.quantity("quantity")?,
                unit: filled.unit("unit")?,
                unit_price: filled.money("unit_price", currency)?,
                category: filled.text("category"),
                manufacturer: filled.given("manufacturer"),
                due_on: filled.day("due_on")?,
                on: filled.on()?,
                document: filled.paper_given()?,
            };
            Ok(Command::Line { number: at.key(), command: LineCommand::Add(new) })
        },
    },
    Act {
        kind: CommandKind::ContractSign,
        of: Some(SubjectKind::Contract),
        word: "sign",
        name: "Sign",
        lede: "",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "sign").map(drop),
        fields: &[Field::on("Signed on"), Field::paper("Signed contract")],
        read: |at, filled| {
            Ok(about(at, ContractCommand::Sign { on: filled.on()?, document: filled.paper()? }))
        },
    },
    Act {
        kind: CommandKind::ContractEnterIntoForce,
        of: Some(SubjectKind::Contract),
        word: "enter-into-force",
        name: "Enter into force",
        lede: "",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "enter_into_force").map(drop),
        fields: &[Field::on("In force from"), Field::paper("Paper that says so").optional()],
        read: |at, filled| {
            let command =
                ContractCommand::EnterIntoForce { on: filled.on()?, document: filled.paper_given()? };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::ContractAmend,
        of: Some(SubjectKind::Contract),
        word: "amend",
        name: "Amend title or parties",
        lede: "What is left as it is stays. Lines are amended on their own pages.",
        makes_new: false,
        possible: is_changeable,
        fields: &[
            Field::on("Amended on"),
            Field::text("title", "Title", 200)
                .starting(|at| at.contract().map(|view| view.row.title.clone()).unwrap_or_default()),
            EXPORTER,
            END_USER,
            CONSIGNEE,
            BROKER,
            CARRIER,
            MANUFACTURER,
            BANK,
            Field::reason(),
            Field::paper("Signed amendment"),
        ],
        read: |at, filled| {
            let title = filled.text("title");
            let named = parties(filled);
            let amendment = Amendment {
                title: Some(title).filter(|new| at.contract().is_none_or(|view| view.row.title != *new)),
                parties: Some(named).filter(|new| !same_parties(at, new)),
                document: filled.paper()?,
            };
            let command =
                ContractCommand::Amend { on: filled.on()?, amendment, reason: filled.text("reason") };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::ContractSuspend,
        of: Some(SubjectKind::Contract),
        word: "suspend",
        name: "Suspend",
        lede: "Nothing is handed over under it until it is resumed.",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "suspend").map(drop),
        fields: &[Field::on("Suspended from"), Field::reason()],
        read: |at, filled| {
            let command = ContractCommand::Suspend { on: filled.on()?, reason: filled.text("reason") };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::ContractResume,
        of: Some(SubjectKind::Contract),
        word: "resume",
        name: "Resume",
        lede: "",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "resume").map(drop),
        fields: &[Field::on("In force again from"), Field::paper("Paper that says so").optional()],
        read: |at, filled| {
            let command = ContractCommand::Resume { on: filled.on()?, document: filled.paper_given()? };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::ContractComplete,
        of: Some(SubjectKind::Contract),
        word: "complete",
        name: "Complete",
        lede: "Every line is accepted in full and no claim is open. It cannot be taken back.",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "complete").map(drop),
        fields: &[Field::on("Completed on"), Field::paper("Paper that says so").optional()],
        read: |at, filled| {
            let command = ContractCommand::Complete { on: filled.on()?, document: filled.paper_given()? };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::ContractTerminate,
        of: Some(SubjectKind::Contract),
        word: "terminate",
        name: "Terminate",
        lede: "The contract ends before its end, and nothing is owed under it any more. It cannot be taken back.",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "terminate").map(drop),
        fields: &[Field::on("Terminated on"), Field::reason(), Field::paper("Paper that says so").optional()],
        read: |at, filled| {
            let command = ContractCommand::Terminate {
                on: filled.on()?,
                reason: filled.text("reason"),
                document: filled.paper_given()?,
            };
            Ok(about(at, command))
        },
    },
];

pub(super) fn about(at: &Standing, command: ContractCommand) -> Command {
    Command::Contract { number: Some(at.key()), command }
}

/// Whether anything of a contract can still be changed.
pub(super) fn changeable(number: &str, state: &str) -> Fallible<()> {
    if has_ended(state) {
        return Err(Refusal::new("state", format!("Contract {number} is {state}."))
            .missing("a contract that is not completed, terminated or closed"));
    }
    Ok(())
}

pub(super) fn is_changeable(at: &Standing) -> Fallible<()> {
    changeable(&at.key(), &at.state)
}

fn parties_as(at: &Standing, role: PartyRole) -> String {
    let Some(view) = at.contract() else { return String::new() };
    let own = view.parties.iter().filter(|party| is_role(&party.role, role));
    own.map(|party| party.party.as_str()).collect::<Vec<_>>().join(", ")
}

/// Roles of parties are shown in words.
fn is_role(shown: &str, role: PartyRole) -> bool {
    shown.replace(' ', "_") == role.word()
}

/// The parties of the form, role by role.
fn parties(filled: &Filled) -> Vec<ContractParty> {
    let mut named = Vec::new();
    for role in PartyRole::ALL {
        for party in filled.get(role.word()).split(',').map(str::trim).filter(|party| !party.is_empty()) {
            named.push(ContractParty { party: party.to_owned(), role });
        }
    }
    named
}

fn same_parties(at: &Standing, new: &[ContractParty]) -> bool {
    let Some(view) = at.contract() else { return false };
    view.parties.len() == new.len()
        && new.iter().all(|one| {
            view.parties.iter().any(|party| party.party == one.party && is_role(&party.role, one.role))
        })
}

pub(super) fn units(_: &Standing) -> Choices {
    Unit::ALL.iter().map(|unit| (unit.code().to_owned(), unit.name().to_owned())).collect()
}
