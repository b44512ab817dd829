//! What the register is kept by: partner states and groups of them, parties, exchange rates.

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::ledger::Fallible;
use entente_register::partner::PartnerCommand;
use entente_register::party::NewParty;
use entente_register::payment::{ExchangeRate, Rate, RateCommand};

use super::Act;
use super::field::Field;
use super::filled::Filled;
use super::standing::Standing;

const KINDS: &[(&str, &str)] =
    &[("state_authority", "State authority"), ("company", "Company"), ("person", "Person")];

const UNITS: &[(&str, &str)] = &[
    ("1", "1"),
    ("10", "10"),
    ("100", "100"),
    ("1000", "1,000"),
    ("10000", "10,000"),
    ("100000", "100,000"),
    ("1000000", "1,000,000"),
];

const STATE_CODE: &str = "ISO 3166-1, three capital letters: BRA.";
const GROUP: Field = Field::text("group", "Group", 12).hint("Its code.");
const STATE: Field = Field::from("state", "State", Standing::partners);

/// What of the register is made out of nothing and belongs to no list of its own.
pub(super) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::PartyRegister,
        of: None,
        word: "register-party",
        name: "Register a party",
        lede: "An authority, a company or a person that contracts name. It is given the next number of its marking.",
        makes_new: true,
        possible: |_| Ok(()),
        fields: &[
            Field::text("name", "Full name", 200),
            Field::choice("kind", "What it is", KINDS),
            Field::text("state", "State in which it is established", 3).hint(STATE_CODE),
            Field::text("label", "Marking", 120).starting(|_| "OFFICIAL".to_owned()),
        ],
        read: |_, filled| {
            Ok(Command::Party(NewParty {
                name: filled.text("name"),
                kind: filled.read("kind")?,
                state: filled.text("state"),
                label: filled.read("label")?,
            }))
        },
    },
    Act {
        kind: CommandKind::PartnerRegister,
        of: None,
        word: "register-partner",
        name: "Register a partner",
        lede: "A state with which there is, was or may be cooperation.",
        makes_new: true,
        possible: |_| Ok(()),
        fields: &[Field::text("code", "Code", 3).hint(STATE_CODE), Field::text("name", "Name", 200)],
        read: |_, filled| {
            Ok(Command::Partner(PartnerCommand::Register {
                code: filled.text("code"),
                name: filled.text("name"),
            }))
        },
    },
    Act {
        kind: CommandKind::GroupChange,
        of: None,
        word: "register-group",
        name: "Register a group of states",
        lede: "",
        makes_new: true,
        possible: |_| Ok(()),
        fields: &[
            Field::text("code", "Code", 12).hint("Capital letters: BRICS."),
            Field::text("name", "Name", 200),
        ],
        read: |_, filled| {
            Ok(Command::Partner(PartnerCommand::RegisterGroup {
                code: filled.text("code"),
                name: filled.text("name"),
            }))
        },
    },
    Act {
        kind: CommandKind::GroupChange,
        of: None,
        word: "admit-to-group",
        name: "Admit a state to a group",
        lede: "Figures of a group use its membership on their day.",
        makes_new: true,
        possible: |_| Ok(()),
        fields: &[GROUP, STATE, Field::on("Member from")],
        read: |_, filled| {
            Ok(Command::Partner(PartnerCommand::Admit {
                group: filled.text("group"),
                state: filled.text("state"),
                on: filled.on()?,
            }))
        },
    },
    Act {
        kind: CommandKind::GroupChange,
        of: None,
        word: "leave-group",
        name: "Record that a state left a group",
        lede: "",
        makes_new: true,
        possible: |_| Ok(()),
        fields: &[GROUP, STATE, Field::on("No longer a member from")],
        read: |_, filled| {
            Ok(Command::Partner(PartnerCommand::Leave {
                group: filled.text("group"),
                state: filled.text("state"),
                on: filled.on()?,
            }))
        },
    },
    Act {
        kind: CommandKind::RateRecord,
        of: None,
        word: "record-rate",
        name: "Record an exchange rate",
        lede: "Of a day as its source publishes it, or as a contract fixes it.",
        makes_new: true,
        possible: |_| Ok(()),
        fields: &[
            Field::on("Holds for the day")
                .hint("Of a rate that a contract fixes, the day on which it was agreed."),
            FOR_UNITS,
            FROM,
            RATE,
            TO,
            SOURCE,
            Field::text("contract", "Contract that fixes it", 60)
                .optional()
                .hint("Its number; none for a rate of the day."),
            Field::paper("Paper behind it").optional(),
        ],
        read: |_, filled| {
            let command = RateCommand::Record {
                quoted: quoted(filled)?,
                on: filled.on()?,
                source: filled.text("source"),
                contract: filled.given("contract"),
                document: filled.paper_given()?,
            };
            Ok(Command::Rate { number: None, command })
        },
    },
];

const FOR_UNITS: Field = Field::choice("units", "For how many units", UNITS).starting(|_| "1".to_owned());
const FROM: Field = Field::text("from", "Of the currency", 3).hint("ISO 4217 code.");
const RATE: Field = Field::decimal("rate", "Price").hint("Up to eight decimals.");
const TO: Field = Field::text("to", "In the currency", 3).hint("ISO 4217 code.");
const SOURCE: Field = Field::text("source", "Who publishes it, or the clause that fixes it", 200);

fn quoted(filled: &Filled) -> Fallible<ExchangeRate> {
    Ok(ExchangeRate {
        from: filled.read("from")?,
        units: filled.whole("units")?,
        to: filled.read("to")?,
        rate: Rate::parse("rate", filled.get("rate"))?,
    })
}
