//! Claims against a contract, its terms of claims, and its closing.

use entente_register::access::CommandKind;
use entente_register::contract::{
    ClaimAnswered, ClaimSettlement, ClaimWindow, ContractCommand, ContractTerms, MACHINE, NewClaim, Warranty,
};
use entente_register::ledger::{Fallible, Refusal, SubjectKind};
use entente_register::money::{Currency, Money};

use super::Act;
use super::contract::{about, is_changeable};
use super::field::{Choices, Field};
use super::filled::Filled;
use super::performance::lines;
use super::standing::Standing;

const CLAIMS: &[(&str, &str)] = &[
    ("shortage", "Shortage: fewer than invoiced"),
    ("overage", "Overage: more than ordered"),
    ("damage", "Damage in transit"),
    ("wrong_item", "Wrong item"),
    ("quality", "Quality: below what was agreed"),
    ("documentation", "Documentation missing or wrong"),
];

const SETTLEMENTS: &[(&str, &str)] = &[
    ("replaced", "Replaced: what was wanting or wrong came"),
    ("repaired", "Repaired"),
    ("credited", "Credited: money was given back"),
    ("rejected", "Rejected: the seller did not owe it"),
    ("withdrawn", "Withdrawn by the recipient"),
];

pub(super) const YES: &[(&str, &str)] = &[("yes", "Yes"), ("no", "No")];

pub(super) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::ClaimOpen,
        of: Some(SubjectKind::Contract),
        word: "open-claim",
        name: "Open a claim",
        lede: "A claim of the recipient. It is recorded however late it comes; as long as it is open, the contract is neither completed nor closed.",
        makes_new: false,
        possible: |at| match at.state.as_str() {
            "closed" => {
                Err(Refusal::new("state", "The contract is closed.").missing("a contract that is not closed"))
            }
            _ => Ok(()),
        },
        fields: &[
            Field::on("Raised on"),
            Field::choice("kind", "What is claimed", CLAIMS),
            Field::long("description", "In words"),
            Field::choice("warranty", "Under warranty", YES).optional(),
            Field::text("delivery", "Delivery", 60)
                .optional()
                .hint("Number of the delivery that it is of: by it the window of the claim is known."),
            Field::decimal("quantity", "Quantity of it").optional(),
            Field::decimal("amount", "Money asked for").optional().hint("In the contract’s currency."),
            Field::paper("Report of the recipient").optional(),
        ],
        read: |at, filled| {
            let new = NewClaim {
                warranty: filled.get("warranty") == "yes",
                delivery: filled.given("delivery"),
                quantity: filled.given("quantity").map(|_| filled.quantity("quantity")).transpose()?,
                amount: money(at, filled)?,
                document: filled.paper_given()?,
                ..NewClaim::of(filled.on()?, filled.read("kind")?, filled.text("description"))
            };
            Ok(about(at, ContractCommand::OpenClaim(Box::new(new))))
        },
    },
    Act {
        kind: CommandKind::ClaimAnswer,
        of: Some(SubjectKind::Contract),
        word: "answer-claim",
        name: "Answer a claim",
        lede: "What the seller says. The claim stays open until it is settled.",
        makes_new: false,
        possible: has_open_claim,
        fields: &[
            Field::from("claim", "Claim", open_claims),
            Field::on("Answered on"),
            Field::choice("accepted", "Whether the seller accepts it", YES),
            Field::long("answer", "What the seller says"),
            Field::paper("Paper behind it").optional(),
        ],
        read: |at, filled| {
            let answer = ClaimAnswered {
                claim: filled.whole("claim")?,
                accepted: filled.get("accepted") == "yes",
                answer: filled.text("answer"),
                document: filled.paper_given()?,
            };
            Ok(about(at, ContractCommand::AnswerClaim { on: filled.on()?, answer }))
        },
    },
    Act {
        kind: CommandKind::ClaimSettle,
        of: Some(SubjectKind::Contract),
        word: "settle-claim",
        name: "Settle a claim",
        lede: "",
        makes_new: false,
        possible: has_open_claim,
        fields: &[
            Field::from("claim", "Claim", open_claims),
            Field::on("Settled on"),
            Field::choice("settlement", "How", SETTLEMENTS).optional(),
            Field::long("outcome", "In words"),
            Field::decimal("amount", "Money credited").optional().hint("In the contract’s currency."),
            Field::text("delivery", "Delivery by which it was replaced", 60).optional(),
            Field::paper("Paper behind it").optional(),
        ],
        read: |at, filled| {
            let given = ClaimSettlement {
                settlement: filled.read_given("settlement")?,
                amount: money(at, filled)?,
                delivery: filled.given("delivery"),
                document: filled.paper_given()?,
                ..ClaimSettlement::of(filled.whole("claim")?, filled.on()?, filled.text("outcome"))
            };
            Ok(about(at, ContractCommand::SettleClaim(Box::new(given))))
        },
    },
    Act {
        kind: CommandKind::ContractAgreeTerms,
        of: Some(SubjectKind::Contract),
        word: "agree-terms",
        name: "Agree on claims, warranty and serial numbers",
        lede: "In place of the terms agreed before.",
        makes_new: false,
        possible: is_changeable,
        fields: &[
            Field::on("Agreed on"),
            Field::decimal("days", "Days within which claims are raised")
                .optional()
                .hint("After the acceptance of the delivery."),
            Field::decimal("months", "Months of warranty")
                .optional()
                .hint("After the acceptance of the delivery."),
            Field::text("serialised", "Lines with serial numbers", 400)
                .optional()
                .hint("Numbers of lines, with commas between them: nothing of them is accepted without."),
            Field::rows(
                "claim_windows",
                "Other days for one sort of claims",
                &[Field::choice("kind", "Sort of claims", CLAIMS), Field::decimal("days", "Days")],
            )
            .optional(),
            Field::rows(
                "warranties",
                "Another warranty of one line",
                &[Field::from("line", "Line", lines), Field::decimal("months", "Months")],
            )
            .optional(),
            Field::reason(),
            Field::paper("Paper that says so").optional(),
        ],
        read: |at, filled| {
            let days = filled.given("days").map(|_| filled.whole("days")).transpose()?;
            let months = filled.given("months").map(|_| filled.whole("months")).transpose()?;
            let window = |place: usize| {
                Ok(ClaimWindow {
                    kind: Some(filled.read(&format!("claim_windows[{place}].kind"))?),
                    days: filled.whole(&format!("claim_windows[{place}].days"))?,
                })
            };
            let warranty = |place: usize| {
                Ok(Warranty {
                    line: Some(filled.text(&format!("warranties[{place}].line"))),
                    months: filled.whole(&format!("warranties[{place}].months"))?,
                })
            };
            let windows: Vec<ClaimWindow> =
                filled.rows("claim_windows").into_iter().map(window).collect::<Fallible<_>>()?;
            let warranties: Vec<Warranty> =
                filled.rows("warranties").into_iter().map(warranty).collect::<Fallible<_>>()?;
            let terms = ContractTerms {
                // Those of one sort first, so that a refusal names the row of the form.
                claim_windows: windows
                    .into_iter()
                    .chain(days.map(|days| ClaimWindow { kind: None, days }))
                    .collect(),
                warranties: warranties
                    .into_iter()
                    .chain(months.map(|months| Warranty { line: None, months }))
                    .collect(),
                serialised: listed(filled.get("serialised")),
                document: filled.paper_given()?,
            };
            let command =
                ContractCommand::AgreeTerms { on: filled.on()?, terms, reason: filled.text("reason") };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::ContractClose,
        of: Some(SubjectKind::Contract),
        word: "close",
        name: "Close",
        lede: "Nothing is owed by anybody any more. It cannot be taken back.",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "close").map(drop),
        fields: &[Field::on("Closed on"), Field::paper("Act of closing").optional()],
        read: |at, filled| {
            let command = ContractCommand::Close { on: filled.on()?, document: filled.paper_given()? };
            Ok(about(at, command))
        },
    },
];

/// What stands between commas or on lines of their own.
pub(super) fn listed(text: &str) -> Vec<String> {
    text.split([',', '\n']).map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
}

fn money(at: &Standing, filled: &Filled) -> Fallible<Option<Money>> {
    let currency = at.contract().map_or(Currency::USD, |view| view.row.amount.currency);
    filled.given("amount").map(|_| filled.money("amount", currency)).transpose()
}

fn has_open_claim(at: &Standing) -> Fallible<()> {
    if open_claims(at).is_empty() {
        return Err(Refusal::new("claim.settled", "No claim is open.").missing("an open claim"));
    }
    Ok(())
}

fn open_claims(at: &Standing) -> Choices {
    let claims = at.contract().map(|view| view.claims.as_slice()).unwrap_or_default();
    claims
        .iter()
        .filter(|claim| claim.settled_on.is_none())
        .map(|claim| {
            let words =
                format!("{}: {}, {}", claim.number(), claim.raised.kind.name(), claim.raised.description);
            (claim.number().to_string(), words)
        })
        .collect()
}
