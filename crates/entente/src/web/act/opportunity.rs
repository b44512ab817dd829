//! Acts of an opportunity, from its registration to the contract that comes of it.

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal, SubjectKind};
use entente_register::money::Currency;
use entente_register::opportunity::{
    AskedItem, ContractFromOffer, Credit, MACHINE, NewOffer, NewOpportunity, OfferItem, Opportunity,
    OpportunityCommand, Recipient, ToContract,
};
use entente_register::payment::Percent;

use super::Act;
use super::contract::units;
use super::field::{Choices, Field};
use super::filled::Filled;
use super::standing::Standing;

const KINDS: &[(&str, &str)] =
    &[("request", "Request"), ("tender", "Tender"), ("own_initiative", "Own initiative")];

const VERDICTS: &[(&str, &str)] =
    &[("positive", "Positive"), ("conditional", "Conditional"), ("negative", "Negative")];

const CAUSES: &[(&str, &str)] = &[
    ("price", "Price"),
    ("terms", "Terms of payment or credit"),
    ("delivery_time", "Time of delivery"),
    ("performance", "What the goods can do"),
    ("political", "A decision above the trade"),
    ("competitor_relation", "A competitor’s relation to the recipient"),
    ("cancelled_by_recipient", "The recipient gave the purchase up"),
    ("no_decision", "The recipient came to no decision"),
];

const ASKED: &[Field] = &[
    Field::text("description", "What", 300),
    Field::text("category", "Control-list entry", 20),
    Field::decimal("quantity", "Quantity"),
    Field::from("unit", "Unit", units),
];

const OFFERED: &[Field] = &[
    Field::text("description", "What", 300),
    Field::text("category", "Control-list entry", 20),
    Field::decimal("quantity", "Quantity"),
    Field::from("unit", "Unit", units),
    Field::decimal("unit_price", "Price of one unit"),
    Field::day("due_on", "Delivered in full by"),
];

pub(super) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::OpportunityRegister,
        of: None,
        word: "register-opportunity",
        name: "Register an opportunity",
        lede: "A request, a tender or an own initiative that may become a contract.",
        makes_new: true,
        possible: |_| Ok(()),
        fields: &[
            Field::text("title", "What it is about", 200),
            Field::text("reference", "Number that those who ask use", 80)
                .optional()
                .hint("Of the tender or the request. A book that is brought in knows the opportunity by it."),
            Field::choice("kind", "How it came about", KINDS),
            Field::from("partner", "Partner", Standing::partners),
            Field::on("Received on"),
            Field::day("deadline", "To be answered by")
                .optional()
                .hint("May be left out of an own initiative."),
            Field::party("recipient", "Recipient", 60)
                .optional()
                .hint("Number of the party in the register."),
            Field::text("recipient_words", "Recipient in words", 200)
                .optional()
                .hint("Where the register has no party for it yet."),
            Field::party("exporter", "Exporter", 60).hint("Number of the party in the register."),
            Field::text("competitors", "Competitors", 400).optional().hint("With commas between them."),
            Field::text("label", "Marking", 120).starting(|_| "OFFICIAL".to_owned()),
            Field::rows("items", "Item", ASKED),
            Field::paper("Request or invitation").optional(),
        ],
        read: |_, filled| {
            let recipient = match (filled.given("recipient"), filled.given("recipient_words")) {
                (Some(party), None) => Recipient::Party(party),
                (None, Some(words)) => Recipient::Words(words),
                _ => {
                    return Err(Refusal::new(
                        "opportunity.recipient",
                        "The recipient is a party or is named in words.",
                    )
                    .field("recipient")
                    .missing("either the number of a party or words"));
                }
            };
            let items = filled.rows("items").into_iter().map(|place| {
                let field = |name: &str| format!("items[{place}].{name}");
                Ok(AskedItem {
                    description: filled.text(&field("description")),
                    category: filled.text(&field("category")),
                    quantity: filled.quantity(&field("quantity"))?,
                    unit: filled.unit(&field("unit"))?,
                })
            });
            let competitors = filled.get("competitors").split(',').map(str::trim);
            let new = NewOpportunity {
                on: filled.on()?,
                reference: filled.given("reference"),
                title: filled.text("title"),
                partner: filled.text("partner"),
                kind: filled.read("kind")?,
                recipient,
                exporter: filled.text("exporter"),
                items: items.collect::<Fallible<_>>()?,
                competitors: competitors.filter(|name| !name.is_empty()).map(str::to_owned).collect(),
                deadline: filled.day_given("deadline")?,
                label: filled.read("label")?,
                document: filled.paper_given()?,
            };
            let command = OpportunityCommand::Register(Box::new(new));
            Ok(Command::Opportunity { number: None, command })
        },
    },
    Act {
        kind: CommandKind::OpportunityEstimate,
        of: Some(SubjectKind::Opportunity),
        word: "estimate",
        name: "Estimate",
        lede: "The probability that a contract is signed. Earlier estimates stay.",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "estimate").map(drop),
        fields: &[
            Field::on("Estimated on"),
            Field::text("probability", "Probability, whole per cent", 3),
            Field::day("signature_on", "Signature expected on").optional(),
            Field::reason(),
        ],
        read: |at, filled| {
            let command = OpportunityCommand::Estimate {
                on: filled.on()?,
                probability: filled.whole("probability")?,
                signature_on: filled.day_given("signature_on")?,
                reason: filled.text("reason"),
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::OpportunityExtend,
        of: Some(SubjectKind::Opportunity),
        word: "extend",
        name: "Extend the deadline",
        lede: "",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "extend").map(drop),
        fields: &[
            Field::on("Extended on"),
            Field::day("deadline", "New deadline"),
            Field::reason().optional(),
            Field::paper("Paper that says so").optional(),
        ],
        read: |at, filled| {
            let command = OpportunityCommand::Extend {
                on: filled.on()?,
                deadline: filled.day("deadline")?,
                reason: filled.given("reason"),
                document: filled.paper_given()?,
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::OpportunityAskAdvice,
        of: Some(SubjectKind::Opportunity),
        word: "ask-opinion",
        name: "Ask for an advance opinion",
        lede: "",
        makes_new: false,
        possible: |at| match is_awaited(at) {
            true => Err(Refusal::new("opportunity.advice", "An advance opinion is awaited already.")
                .missing("the opinion that was asked for")),
            false => MACHINE.next(&at.state, "ask_advice").map(drop),
        },
        fields: &[Field::on("Asked on"), Field::text("asked_of", "Of whom", 200)],
        read: |at, filled| {
            let command =
                OpportunityCommand::AskAdvice { on: filled.on()?, asked_of: filled.text("asked_of") };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::OpportunityGiveAdvice,
        of: Some(SubjectKind::Opportunity),
        word: "give-opinion",
        name: "Record the advance opinion",
        lede: "",
        makes_new: false,
        possible: |at| match is_awaited(at) {
            true => MACHINE.next(&at.state, "give_advice").map(drop),
            false => Err(Refusal::new("opportunity.advice", "No advance opinion is awaited.")
                .missing("an advance opinion that was asked for")),
        },
        fields: &[
            Field::on("Given on"),
            Field::choice("verdict", "Opinion", VERDICTS),
            Field::long("conditions", "Conditions").optional(),
            Field::paper("The opinion"),
        ],
        read: |at, filled| {
            let command = OpportunityCommand::GiveAdvice {
                on: filled.on()?,
                verdict: filled.read("verdict")?,
                conditions: filled.given("conditions"),
                document: filled.paper()?,
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::OpportunityOffer,
        of: Some(SubjectKind::Opportunity),
        word: "offer",
        name: "Submit an offer",
        lede: "The next version of the offer. Its items become the lines of a contract that comes of it.",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "offer").map(drop),
        fields: &[
            Field::on("Submitted on"),
            Field::day("valid_until", "Binds until"),
            Field::text("currency", "Currency of all prices", 3).starting(|_| "USD".to_owned()),
            Field::rows("items", "Item", OFFERED),
            Field::long("terms", "Terms of payment and credit, in words").optional(),
            Field::decimal("credit.share", "Share on credit, per cent").optional(),
            Field::decimal("credit.down_payment", "Share that is paid down, per cent").optional(),
            Field::text("credit.years", "Years of repayment", 3).optional(),
            Field::decimal("credit.interest", "Interest a year, per cent").optional(),
            Field::paper("The offer"),
        ],
        read: |at, filled| {
            let currency: Currency = filled.read("currency")?;
            let items = filled.rows("items").into_iter().map(|place| {
                let field = |name: &str| format!("items[{place}].{name}");
                Ok(OfferItem {
                    description: filled.text(&field("description")),
                    category: filled.text(&field("category")),
                    quantity: filled.quantity(&field("quantity"))?,
                    unit: filled.unit(&field("unit"))?,
                    unit_price: filled.money(&field("unit_price"), currency)?,
                    due_on: filled.day(&field("due_on"))?,
                })
            });
            let new = NewOffer {
                on: filled.on()?,
                currency,
                items: items.collect::<Fallible<_>>()?,
                valid_until: filled.day("valid_until")?,
                terms: filled.given("terms"),
                credit: credit(filled)?,
                document: filled.paper()?,
            };
            Ok(about(at, OpportunityCommand::Offer(Box::new(new))))
        },
    },
    Act {
        kind: CommandKind::OpportunityWin,
        of: Some(SubjectKind::Opportunity),
        word: "win",
        name: "Won: it becomes a contract",
        lede: "A contract that the register holds, or a new one with a line for each item of the offer.",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "win").map(drop),
        fields: &[
            Field::on("Won on"),
            Field::from("offer", "Version of the offer", versions)
                .optional()
                .hint("The last, where none is chosen."),
            Field::text("reference", "New contract: the number that the parties use", 80).optional(),
            Field::text("title", "New contract: title", 200)
                .optional()
                .hint("That of the opportunity, where it is left out."),
            Field::text("end_user", "New contract: end user", 60)
                .optional()
                .hint("Number of the party; the recipient, where it is left out."),
            Field::text("contract", "Or the number of a contract that the register holds", 60).optional(),
            Field::paper("Acceptance of the offer").optional(),
        ],
        read: |at, filled| {
            let contract = match (filled.given("contract"), filled.given("reference")) {
                (Some(number), None) => ToContract::Existing(number),
                (None, Some(reference)) => ToContract::New(ContractFromOffer {
                    reference,
                    title: filled.given("title"),
                    end_user: filled.given("end_user"),
                }),
                _ => {
                    return Err(Refusal::new("opportunity.contract", "A contract is there, or is opened.")
                        .field("reference")
                        .missing("either the number of a contract or what a new one needs"));
                }
            };
            let command = OpportunityCommand::Win {
                on: filled.on()?,
                offer: filled.given("offer").map(|_| filled.whole("offer")).transpose()?,
                contract,
                document: filled.paper_given()?,
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::OpportunityLose,
        of: Some(SubjectKind::Opportunity),
        word: "lose",
        name: "Lost",
        lede: "",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "lose").map(drop),
        fields: &[
            Field::on("Lost on"),
            Field::choice("cause", "Cause", CAUSES),
            Field::text("competitor", "To whom", 200).optional(),
            Field::long("remark", "More about it").optional(),
            Field::paper("Paper that says so").optional(),
        ],
        read: |at, filled| {
            let command = OpportunityCommand::Lose {
                on: filled.on()?,
                cause: filled.read("cause")?,
                competitor: filled.given("competitor"),
                remark: filled.given("remark"),
                document: filled.paper_given()?,
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::OpportunityDecline,
        of: Some(SubjectKind::Opportunity),
        word: "decline",
        name: "Decline",
        lede: "No offer is made.",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "decline").map(drop),
        fields: &[Field::on("Declined on"), Field::reason(), Field::paper("Paper that says so").optional()],
        read: |at, filled| {
            let command = OpportunityCommand::Decline {
                on: filled.on()?,
                reason: filled.text("reason"),
                document: filled.paper_given()?,
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::OpportunityWithdraw,
        of: Some(SubjectKind::Opportunity),
        word: "withdraw",
        name: "Withdraw",
        lede: "",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "withdraw").map(drop),
        fields: &[Field::on("Withdrawn on"), Field::reason(), Field::paper("Paper that says so").optional()],
        read: |at, filled| {
            let command = OpportunityCommand::Withdraw {
                on: filled.on()?,
                reason: filled.text("reason"),
                document: filled.paper_given()?,
            };
            Ok(about(at, command))
        },
    },
];

fn about(at: &Standing, command: OpportunityCommand) -> Command {
    Command::Opportunity { number: Some(at.key()), command }
}

fn opportunity(at: &Standing) -> Option<&Opportunity> {
    if let super::Stands::Opportunity(view) = &at.stands { Some(&view.opportunity) } else { None }
}

fn is_awaited(at: &Standing) -> bool {
    opportunity(at).is_some_and(|this| this.advice.last().is_some_and(|advice| advice.given_on.is_none()))
}

fn versions(at: &Standing) -> Choices {
    let offers = opportunity(at).map(|this| this.offers.as_slice()).unwrap_or_default();
    (1..=offers.len()).map(|version| (version.to_string(), format!("Version {version}"))).collect()
}

fn credit(filled: &Filled) -> Fallible<Option<Credit>> {
    let names = ["credit.share", "credit.down_payment", "credit.years", "credit.interest"];
    if names.iter().all(|name| filled.get(name).is_empty()) {
        return Ok(None);
    }
    let share = |name: &str| Percent::parse(name, filled.get(name));
    let given = |name: &str| filled.given(name).map(|_| share(name)).transpose();
    Ok(Some(Credit {
        share: share("credit.share")?,
        down_payment: given("credit.down_payment")?,
        years: filled.whole("credit.years")?,
        interest: given("credit.interest")?,
    }))
}
