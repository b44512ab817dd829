//! Acts of payments: the schedule of a contract, its instalments, receipts and penalties.

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal, SubjectKind};
use entente_register::money::{Currency, Money};
use entente_register::payment::{
    Allocation, Delay, DueRule, InstalmentChange, InstalmentCommand, NewInstalment, NewReceipt,
    PenaltyCommand, PenaltyTerms, Percent, ReceiptCommand, ScheduleCommand, instalment, penalty,
};
use entente_store::reader::{ContractPayments, InstalmentRow, PenaltyRow, ReceiptRow};

use super::Act;
use super::field::{Choices, Field};
use super::filled::Filled;
use super::standing::Standing;
use crate::web::show;

const KINDS: &[(&str, &str)] = &[
    ("advance", "Advance"),
    ("milestone", "Milestone"),
    ("on_delivery", "On delivery"),
    ("deferred_credit", "Deferred credit"),
    ("retention", "Retention"),
];

const RULES: &[(&str, &str)] = &[
    ("fixed", "On a fixed day"),
    ("after_signature", "Days after the signature"),
    ("after_milestone", "Days after a milestone"),
    ("after_delivery", "Days after a delivery"),
    ("after_line", "Days after a line is delivered in full"),
];

const LENDERS: &[(&str, &str)] = &[("bank", "A bank"), ("state", "The state")];

const BASES: &[(&str, &str)] =
    &[("contract_rate", "The rate that the contract fixes"), ("rate_of_the_day", "The rate of the day")];

const LATE: &[(&str, &str)] =
    &[("delivery", "A delivery"), ("line", "A line"), ("instalment", "An instalment")];

const LATE_TERMS: &[(&str, &str)] = &[("delivery", "Delivery"), ("payment", "Payment")];

const PERIODS: &[(&str, &str)] =
    &[("day", "Each day"), ("full_week", "Each full week"), ("started_week", "Each week begun")];

const DUE_ON: Field = Field::day("due_on", "The day")
    .optional()
    .hint("That is fixed, or on which the milestone is or was reached.");
const DUE_DAYS: Field = Field::text("due_days", "Days after it", 5).optional();
const DUE_AFTER: Field = Field::text("due_after", "After what", 100)
    .optional()
    .hint("The milestone’s name, or the number of the delivery or line.");
const BANK: Field = Field::party("bank", "Bank", 60).optional().hint("Number of the party in the register.");
const IN_CURRENCY: &str = "In the contract’s currency.";

const ALLOCATION: &[Field] =
    &[Field::from("instalment", "Instalment", open_instalments), Field::decimal("amount", "Amount")];

pub(super) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::InstalmentSchedule,
        of: Some(SubjectKind::Schedule),
        word: "schedule-instalment",
        name: "Schedule an instalment",
        lede: "What is to be paid, and when.",
        makes_new: true,
        possible: is_open,
        fields: &[
            Field::on("Agreed on"),
            Field::choice("kind", "Kind", KINDS),
            Field::decimal("amount", "Amount").hint(IN_CURRENCY),
            Field::choice("due_rule", "Due", RULES),
            DUE_ON,
            DUE_DAYS,
            DUE_AFTER,
            Field::text("reference", "Number that the contract gives it", 60).optional(),
            Field::choice("lender", "Who gives the credit", LENDERS).optional(),
            BANK,
            Field::text("label", "Marking", 120).optional().hint("The contract’s, where it is left out."),
            Field::paper("Paper behind it").optional(),
        ],
        read: |at, filled| {
            let new = NewInstalment {
                reference: filled.given("reference"),
                kind: filled.read("kind")?,
                amount: filled.money("amount", currency(at)?)?,
                due: due(filled)?,
                lender: filled.read_given("lender")?,
                bank: filled.given("bank"),
                label: filled.read_given("label")?,
                on: filled.on()?,
                document: filled.paper_given()?,
            };
            let command = InstalmentCommand::Schedule(Box::new(new));
            Ok(Command::Instalment { number: at.key(), command })
        },
    },
    Act {
        kind: CommandKind::ReceiptRecord,
        of: Some(SubjectKind::Schedule),
        word: "record-receipt",
        name: "Record a receipt",
        lede: "Money that came in, and which instalments it pays.",
        makes_new: true,
        possible: |_| Ok(()),
        fields: &[
            Field::on("Received on"),
            Field::decimal("amount", "Amount"),
            Field::text("currency", "Currency", 3)
                .starting(|at| currency(at).map(|own| own.code().to_owned()).unwrap_or_default()),
            Field::choice("basis", "Rate, where it is another currency than the contract’s", BASES)
                .optional(),
            Field::text("reference", "Number that others give it", 60).optional(),
            BANK,
            Field::rows("allocations", "Pays", ALLOCATION),
            Field::paper("Advice of the bank"),
        ],
        read: |at, filled| {
            let new = NewReceipt {
                reference: filled.given("reference"),
                on: filled.on()?,
                amount: filled.money("amount", filled.read("currency")?)?,
                basis: filled.read_given("basis")?,
                bank: filled.given("bank"),
                document: filled.paper()?,
                allocations: allocations(at, filled)?,
            };
            let command = ReceiptCommand::Record(Box::new(new));
            Ok(Command::Receipt { number: at.key(), command })
        },
    },
    Act {
        kind: CommandKind::PenaltyClaim,
        of: Some(SubjectKind::Schedule),
        word: "claim-penalty",
        name: "Claim a penalty",
        lede: "For delay. The contract’s terms give its amount.",
        makes_new: true,
        possible: |at| match at.payments().is_some_and(|view| !view.schedule.terms.is_empty()) {
            true => Ok(()),
            false => Err(Refusal::new("penalty.terms", "It is not recorded what delay costs.")
                .missing("the contract’s terms of penalties")),
        },
        fields: &[
            Field::on("Claimed on"),
            Field::choice("late", "What is late", LATE),
            Field::text("number", "Its number", 80),
            Field::decimal("amount", "Amount")
                .optional()
                .hint("What the terms give, where it is left out, and never more."),
            Field::paper("Letter of claim").optional(),
        ],
        read: |at, filled| {
            let number = filled.text("number");
            let delay = match filled.get("late") {
                "delivery" => Delay::Delivery(number),
                "line" => Delay::Line(number),
                "instalment" => Delay::Instalment(number),
                _ => {
                    return Err(Refusal::new("penalty.late", "It is not said what is late.")
                        .field("late")
                        .missing("a delivery, line or instalment"));
                }
            };
            let command = PenaltyCommand::Claim {
                delay,
                on: filled.on()?,
                amount: money_given(at, filled)?,
                document: filled.paper_given()?,
            };
            Ok(Command::Penalty { number: at.key(), command })
        },
    },
    Act {
        kind: CommandKind::ScheduleComplete,
        of: Some(SubjectKind::Schedule),
        word: "complete",
        name: "Declare the schedule complete",
        lede: "All instalments are there: they sum to the contract’s value.",
        makes_new: false,
        possible: is_open,
        fields: &[Field::on("Declared on")],
        read: |at, filled| Ok(whole(at, ScheduleCommand::Complete { on: filled.on()? })),
    },
    Act {
        kind: CommandKind::ScheduleReopen,
        of: Some(SubjectKind::Schedule),
        word: "reopen",
        name: "Open the schedule again",
        lede: "So that instalments can be added and amended.",
        makes_new: false,
        possible: |at| match is_open(at) {
            Ok(()) => Err(Refusal::new("state", "The schedule is open.").missing("a complete schedule")),
            Err(_) => Ok(()),
        },
        fields: &[Field::on("Opened again on"), Field::reason()],
        read: |at, filled| {
            Ok(whole(at, ScheduleCommand::Reopen { on: filled.on()?, reason: filled.text("reason") }))
        },
    },
    Act {
        kind: CommandKind::ScheduleAgreePenalty,
        of: Some(SubjectKind::Schedule),
        word: "penalty-terms",
        name: "Record what delay costs",
        lede: "",
        makes_new: false,
        possible: |_| Ok(()),
        fields: &[
            Field::on("From"),
            Field::choice("late", "What is late", LATE_TERMS),
            Field::decimal("rate_pct", "Per cent of the value"),
            Field::choice("period", "For", PERIODS),
            Field::decimal("cap_pct", "At most, in per cent of the value").optional(),
            Field::paper("Contract or amendment that says so"),
        ],
        read: |at, filled| {
            let share = |name: &str| Percent::parse(name, filled.get(name));
            let terms = PenaltyTerms {
                late: filled.read("late")?,
                rate: share("rate_pct")?,
                period: filled.read("period")?,
                cap: filled.given("cap_pct").map(|_| share("cap_pct")).transpose()?,
                document: filled.paper()?,
            };
            Ok(whole(at, ScheduleCommand::AgreePenalty { on: filled.on()?, terms }))
        },
    },
    Act {
        kind: CommandKind::InstalmentAmend,
        of: Some(SubjectKind::Instalment),
        word: "amend",
        name: "Amend",
        lede: "What is left as it is stays.",
        makes_new: false,
        possible: |at| instalment::MACHINE.next(&at.state, "amend").map(drop),
        fields: &[
            Field::on("Amended on"),
            Field::decimal("amount", "New amount").optional().hint(IN_CURRENCY),
            Field::choice("due_rule", "Due from now on", RULES).optional(),
            DUE_ON,
            DUE_DAYS,
            DUE_AFTER,
            BANK,
            Field::reason(),
            Field::paper("Signed amendment"),
        ],
        read: |at, filled| {
            let command = InstalmentCommand::Amend {
                on: filled.on()?,
                change: InstalmentChange {
                    amount: money_given(at, filled)?,
                    due: filled.given("due_rule").map(|_| due(filled)).transpose()?,
                    bank: filled.given("bank"),
                },
                document: filled.paper()?,
                reason: filled.text("reason"),
            };
            Ok(Command::Instalment { number: at.key(), command })
        },
    },
    Act {
        kind: CommandKind::InstalmentWithdraw,
        of: Some(SubjectKind::Instalment),
        word: "withdraw",
        name: "Withdraw",
        lede: "It is not to be paid any more.",
        makes_new: false,
        possible: |at| instalment::MACHINE.next(&at.state, "withdraw").map(drop),
        fields: &[Field::on("Withdrawn on"), Field::reason()],
        read: |at, filled| {
            let command = InstalmentCommand::Withdraw { on: filled.on()?, reason: filled.text("reason") };
            Ok(Command::Instalment { number: at.key(), command })
        },
    },
    Act {
        kind: CommandKind::InstalmentAnnul,
        of: Some(SubjectKind::Instalment),
        word: "annul",
        name: "Annul",
        lede: ANNULMENT,
        makes_new: false,
        possible: |at| instalment::MACHINE.next(&at.state, "annul").map(drop),
        fields: &[Field::reason()],
        read: |at, filled| {
            let command = InstalmentCommand::Annul { reason: filled.text("reason") };
            Ok(Command::Instalment { number: at.key(), command })
        },
    },
    Act {
        kind: CommandKind::ReceiptAllocate,
        of: Some(SubjectKind::Receipt),
        word: "allocate",
        name: "Allocate",
        lede: "What the receipt has left pays instalments.",
        makes_new: false,
        possible: |at| match at.receipt().is_some_and(|row| row.unallocated() > 0) {
            true => Ok(()),
            false => Err(Refusal::new("receipt.spent", "All of the receipt pays instalments already.")
                .missing("a receipt that has something left")),
        },
        fields: &[Field::rows("allocations", "Pays", ALLOCATION)],
        read: |at, filled| {
            let command = ReceiptCommand::Allocate { allocations: allocations(at, filled)? };
            Ok(Command::Receipt { number: at.key(), command })
        },
    },
    Act {
        kind: CommandKind::ReceiptAnnul,
        of: Some(SubjectKind::Receipt),
        word: "annul",
        name: "Annul",
        lede: ANNULMENT,
        makes_new: false,
        possible: |_| Ok(()),
        fields: &[Field::reason()],
        read: |at, filled| {
            let command = ReceiptCommand::Annul { reason: filled.text("reason") };
            Ok(Command::Receipt { number: at.key(), command })
        },
    },
    Act {
        kind: CommandKind::PenaltyAgree,
        of: Some(SubjectKind::Penalty),
        word: "agree",
        name: "Agree",
        lede: "What is owed of the penalty, up to what the terms give.",
        makes_new: false,
        possible: |at| penalty::MACHINE.next(&at.state, "agree").map(drop),
        fields: &[
            Field::on("Agreed on"),
            Field::decimal("amount", "Amount")
                .hint(IN_CURRENCY)
                .starting(|at| at.penalty().map(|row| row.amount.decimal()).unwrap_or_default()),
            Field::paper("Agreement or award"),
        ],
        read: |at, filled| {
            let command = PenaltyCommand::Agree {
                on: filled.on()?,
                amount: filled.money("amount", currency(at)?)?,
                document: filled.paper()?,
            };
            Ok(Command::Penalty { number: at.key(), command })
        },
    },
    Act {
        kind: CommandKind::PenaltyWaive,
        of: Some(SubjectKind::Penalty),
        word: "waive",
        name: "Waive",
        lede: "",
        makes_new: false,
        possible: |at| penalty::MACHINE.next(&at.state, "waive").map(drop),
        fields: &[Field::on("Waived on"), Field::reason(), Field::paper("Paper that says so").optional()],
        read: |at, filled| {
            let command = PenaltyCommand::Waive {
                on: filled.on()?,
                reason: filled.text("reason"),
                document: filled.paper_given()?,
            };
            Ok(Command::Penalty { number: at.key(), command })
        },
    },
    Act {
        kind: CommandKind::PenaltySettle,
        of: Some(SubjectKind::Penalty),
        word: "settle",
        name: "Settle",
        lede: "It is paid or set off.",
        makes_new: false,
        possible: |at| penalty::MACHINE.next(&at.state, "settle").map(drop),
        fields: &[Field::on("Settled on"), Field::paper("Paper that says so")],
        read: |at, filled| {
            let command = PenaltyCommand::Settle { on: filled.on()?, document: filled.paper()? };
            Ok(Command::Penalty { number: at.key(), command })
        },
    },
    Act {
        kind: CommandKind::PenaltyAnnul,
        of: Some(SubjectKind::Penalty),
        word: "annul",
        name: "Annul",
        lede: ANNULMENT,
        makes_new: false,
        possible: |at| penalty::MACHINE.next(&at.state, "annul").map(drop),
        fields: &[Field::reason()],
        read: |at, filled| {
            let command = PenaltyCommand::Annul { reason: filled.text("reason") };
            Ok(Command::Penalty { number: at.key(), command })
        },
    },
];

const ANNULMENT: &str = "For what was recorded in error. What was known before stays readable as known then, and an annulment cannot be taken back.";

impl Standing {
    fn payments(&self) -> Option<&ContractPayments> {
        if let super::Stands::Payments(view, _) = &self.stands { Some(view) } else { None }
    }

    fn receipt(&self) -> Option<&ReceiptRow> {
        self.payments()?.receipts.iter().find(|row| row.number == self.key())
    }

    fn penalty(&self) -> Option<&PenaltyRow> {
        self.payments()?.penalties.iter().find(|row| row.number == self.key())
    }
}

fn whole(at: &Standing, command: ScheduleCommand) -> Command {
    Command::Schedule { contract: at.key(), command }
}

fn is_open(at: &Standing) -> Fallible<()> {
    match at.payments().is_some_and(|view| view.schedule.complete) {
        true => Err(Refusal::new("state", "The schedule is declared complete.").missing("an open schedule")),
        false => Ok(()),
    }
}

fn currency(at: &Standing) -> Fallible<Currency> {
    at.payments().map(|view| view.currency).ok_or_else(|| Refusal::not_found("contract", &at.key()))
}

fn money_given(at: &Standing, filled: &Filled) -> Fallible<Option<Money>> {
    filled.given("amount").map(|_| filled.money("amount", currency(at)?)).transpose()
}

fn due(filled: &Filled) -> Fallible<DueRule> {
    let days = filled.given("due_days").map(|_| filled.whole("due_days")).transpose()?;
    DueRule::of_parts(filled.get("due_rule"), filled.day_given("due_on")?, days, filled.given("due_after"))
}

fn open_instalments(at: &Standing) -> Choices {
    let rows = at.payments().map(|view| view.instalments.as_slice()).unwrap_or_default();
    let open = rows.iter().filter(|row| row.open() > 0);
    open.map(|row| (row.number.clone(), instalment_words(row))).collect()
}

fn instalment_words(row: &InstalmentRow) -> String {
    let open = show::exact(row.open(), row.amount.currency);
    format!("{}, {}: {open} open", row.number, row.kind.name())
}

fn allocations(at: &Standing, filled: &Filled) -> Fallible<Vec<Allocation>> {
    let currency = currency(at)?;
    let rows = filled.rows("allocations").into_iter().map(|place| {
        let instalment = format!("allocations[{place}].instalment");
        Ok(Allocation {
            instalment: filled.text(&instalment),
            amount: filled.money(&format!("allocations[{place}].amount"), currency)?,
        })
    });
    rows.collect()
}
