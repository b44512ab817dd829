//! Offset obligations of a contract: agreed, amended, planned for, claimed, reviewed, discharged.
//!
//! As what else is carried out under a contract, they stand on its page: which one is meant is chosen in the form.

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal, SubjectKind};
use entente_register::money::{Currency, Money};
use entente_register::payment::Percent;
use entente_register::performance::{
    Multiplier, OffsetAmended, OffsetCommand, OffsetObligation, OffsetPhase, OffsetTerms, Thousandths,
    Transaction,
};
use entente_store::reader::Performed;

use super::Act;
use super::field::{Choices, Field};
use super::filled::Filled;
use super::performance::{chosen, is_open, one_of};
use super::standing::Standing;

const KINDS: &[(&str, &str)] = &[
    ("subcontract", "Subcontract"),
    ("co_production", "Co-production"),
    ("licensed_production", "Licensed production"),
    ("technology_transfer", "Technology transfer"),
    ("training", "Training"),
    ("investment", "Investment"),
    ("credit", "Credit"),
    ("purchase", "Purchase"),
    ("other", "Other"),
];

const OBLIGATION: Field = Field::from("obligation", "Obligation", running);
const CLAIM: Field = Field::from("claim", "Claim", under_review);
const KIND: Field = Field::choice("kind", "Kind", KINDS);
const DESCRIPTION: Field = Field::text("description", "What is done, and for whom", 500);
const VALUE: Field = Field::decimal("value", "Value").hint("In the contract’s currency.");

const MULTIPLIERS: Field = Field::rows(
    "multipliers",
    "Kind that counts",
    &[KIND, Field::decimal("factor", "Its value counts times")],
);
const PHASES: Field = Field::rows(
    "phases",
    "Phase",
    &[Field::day("by", "By"), Field::decimal("share", "Per cent of the whole, from the beginning")],
);

pub(super) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::OffsetAgree,
        of: Some(SubjectKind::Contract),
        word: "agree-offset",
        name: "Agree on an offset obligation",
        lede: "What is owed to the buyer’s economy beside the goods. The last phase is the whole.",
        makes_new: true,
        possible: is_open,
        fields: &[
            Field::on("Agreed on"),
            Field::text("title", "What it is called", 200),
            Field::decimal("required", "Credit that is owed").hint("In the contract’s currency."),
            Field::decimal("percent", "Share of the contract, per cent")
                .optional()
                .hint("Where it was agreed as one; it must give the same amount."),
            MULTIPLIERS,
            PHASES,
            Field::decimal("penalty", "What a shortfall costs, per cent of it").optional(),
            Field::paper("The agreement"),
        ],
        read: |at, filled| {
            let terms = OffsetTerms {
                title: filled.text("title"),
                required: filled.money("required", currency(at))?,
                percent: thousandths_given(filled, "percent")?,
                multipliers: multipliers(filled)?,
                phases: phases(filled)?,
                penalty: filled.given("penalty").map(|text| Percent::parse("penalty", &text)).transpose()?,
                document: filled.paper()?,
            };
            Ok(Command::Offset {
                number: at.key(),
                command: OffsetCommand::Agree { on: filled.on()?, terms },
            })
        },
    },
    Act {
        kind: CommandKind::OffsetAmend,
        of: Some(SubjectKind::Contract),
        word: "amend-offset",
        name: "Amend an offset obligation",
        lede: "What is left empty stays. Kinds and phases are given whole. Credit that was claimed stays as it was reckoned.",
        makes_new: true,
        possible: |at| one_of(at, running, "offset obligation"),
        fields: &[
            OBLIGATION,
            Field::on("Amended on"),
            Field::decimal("required", "Credit that is owed").optional(),
            MULTIPLIERS.optional(),
            PHASES.optional(),
            Field::reason(),
            Field::paper("Signed amendment"),
        ],
        read: |at, filled| {
            let amendment = OffsetAmended {
                required: filled
                    .given("required")
                    .map(|_| filled.money("required", currency(at)))
                    .transpose()?,
                multipliers: Some(multipliers(filled)?).filter(|rows| !rows.is_empty()),
                phases: Some(phases(filled)?).filter(|rows| !rows.is_empty()),
                document: filled.paper()?,
            };
            let reason = filled.text("reason");
            about(at, filled, OffsetCommand::Amend { on: filled.on()?, amendment, reason })
        },
    },
    Act {
        kind: CommandKind::OffsetPlan,
        of: Some(SubjectKind::Contract),
        word: "plan-offset",
        name: "Plan an offset transaction",
        lede: "What is expected. It is forecast, and never counts as credit.",
        makes_new: true,
        possible: |at| one_of(at, running, "offset obligation"),
        fields: &[
            OBLIGATION,
            Field::on("Planned on"),
            KIND,
            DESCRIPTION,
            Field::day("expected_on", "Expected on"),
            VALUE,
        ],
        read: |at, filled| {
            let command = OffsetCommand::Plan {
                on: filled.on()?,
                expected_on: filled.day("expected_on")?,
                transaction: transaction(at, filled)?,
            };
            about(at, filled, command)
        },
    },
    Act {
        kind: CommandKind::OffsetPlan,
        of: Some(SubjectKind::Contract),
        word: "drop-offset-plan",
        name: "Drop a planned offset transaction",
        lede: "It is no longer expected.",
        makes_new: true,
        possible: |at| one_of(at, planned, "planned transaction"),
        fields: &[
            Field::from("plan", "Planned transaction", planned),
            Field::on("Dropped on"),
            Field::reason(),
        ],
        read: |at, filled| {
            let (number, plan) = part(at, filled, "plan")?;
            let command = OffsetCommand::DropPlan { on: filled.on()?, plan, reason: filled.text("reason") };
            Ok(Command::Offset { number, command })
        },
    },
    Act {
        kind: CommandKind::OffsetClaim,
        of: Some(SubjectKind::Contract),
        word: "claim-offset",
        name: "Claim offset credit",
        lede: "Its value times the multiplier of its kind. It counts once another person has accepted it.",
        makes_new: true,
        possible: |at| one_of(at, running, "offset obligation"),
        fields: &[
            OBLIGATION,
            Field::on("Claimed on"),
            KIND,
            DESCRIPTION,
            Field::day("performed_on", "Done on"),
            VALUE,
            Field::from("plan", "It carries out", planned).optional(),
            Field::paper("Evidence"),
        ],
        read: |at, filled| {
            let plan = filled.given("plan").map(|_| part(at, filled, "plan")).transpose()?;
            let number = chosen(at, filled, "obligation")?;
            if let Some((of, _)) = plan.as_ref().filter(|(of, _)| *of != number) {
                return Err(Refusal::new("offset.plan", format!("It was planned for obligation {of}."))
                    .field("plan")
                    .missing(format!("a transaction that was planned for {number}, or none")));
            }
            let command = OffsetCommand::Claim {
                on: filled.on()?,
                performed_on: filled.day("performed_on")?,
                transaction: transaction(at, filled)?,
                plan: plan.map(|(_, plan)| plan),
                document: filled.paper()?,
            };
            Ok(Command::Offset { number, command })
        },
    },
    Act {
        kind: CommandKind::OffsetReview,
        of: Some(SubjectKind::Contract),
        word: "accept-offset",
        name: "Accept offset credit",
        lede: "By another person than the one who claimed it.",
        makes_new: true,
        possible: |at| one_of(at, under_review, "claim of offset credit"),
        fields: &[
            CLAIM,
            Field::on("Accepted on"),
            Field::decimal("credit", "Credit that is accepted")
                .optional()
                .hint("All that was claimed, where it is left out; never more."),
            Field::paper("The buyer’s acceptance"),
        ],
        read: |at, filled| {
            let (number, claim) = part(at, filled, "claim")?;
            let command = OffsetCommand::Accept {
                on: filled.on()?,
                claim,
                credit: filled.given("credit").map(|_| filled.money("credit", currency(at))).transpose()?,
                document: filled.paper()?,
            };
            Ok(Command::Offset { number, command })
        },
    },
    Act {
        kind: CommandKind::OffsetReview,
        of: Some(SubjectKind::Contract),
        word: "reject-offset",
        name: "Reject offset credit",
        lede: "By another person than the one who claimed it.",
        makes_new: true,
        possible: |at| one_of(at, under_review, "claim of offset credit"),
        fields: &[
            CLAIM,
            Field::on("Rejected on"),
            Field::reason(),
            Field::paper("Paper that says so").optional(),
        ],
        read: |at, filled| {
            let (number, claim) = part(at, filled, "claim")?;
            let command = OffsetCommand::Reject {
                on: filled.on()?,
                claim,
                reason: filled.text("reason"),
                document: filled.paper_given()?,
            };
            Ok(Command::Offset { number, command })
        },
    },
    Act {
        kind: CommandKind::OffsetEnd,
        of: Some(SubjectKind::Contract),
        word: "discharge-offset",
        name: "Discharge an offset obligation",
        lede: "All that is owed is accepted, and no claim is under review.",
        makes_new: true,
        possible: |at| one_of(at, running, "offset obligation"),
        fields: &[OBLIGATION, Field::on("Discharged on"), Field::paper("The buyer’s discharge")],
        read: |at, filled| {
            about(at, filled, OffsetCommand::Discharge { on: filled.on()?, document: filled.paper()? })
        },
    },
    Act {
        kind: CommandKind::OffsetEnd,
        of: Some(SubjectKind::Contract),
        word: "release-offset",
        name: "Release from an offset obligation",
        lede: "The buyer asks for no more of it.",
        makes_new: true,
        possible: |at| one_of(at, running, "offset obligation"),
        fields: &[OBLIGATION, Field::on("Released on"), Field::reason(), Field::paper("Signed document")],
        read: |at, filled| {
            let reason = filled.text("reason");
            about(at, filled, OffsetCommand::Release { on: filled.on()?, reason, document: filled.paper()? })
        },
    },
    Act {
        kind: CommandKind::OffsetAnnul,
        of: Some(SubjectKind::Contract),
        word: "annul-offset",
        name: "Annul an offset obligation",
        lede: "It was recorded in error, and no credit is accepted.",
        makes_new: true,
        possible: |at| one_of(at, running, "offset obligation"),
        fields: &[OBLIGATION, Field::reason()],
        read: |at, filled| about(at, filled, OffsetCommand::Annul { reason: filled.text("reason") }),
    },
];

/// A change of the obligation that was chosen.
fn about(at: &Standing, filled: &Filled, command: OffsetCommand) -> Fallible<Command> {
    Ok(Command::Offset { number: chosen(at, filled, "obligation")?, command })
}

fn currency(at: &Standing) -> Currency {
    at.contract().map_or(Currency::USD, |view| view.row.amount.currency)
}

fn transaction(at: &Standing, filled: &Filled) -> Fallible<Transaction> {
    let value: Money = filled.money("value", currency(at))?;
    Ok(Transaction { kind: filled.read("kind")?, description: filled.text("description"), value })
}

fn thousandths_given(filled: &Filled, name: &str) -> Fallible<Option<Thousandths>> {
    filled.given(name).map(|text| Thousandths::parse(name, &text)).transpose()
}

fn multipliers(filled: &Filled) -> Fallible<Vec<Multiplier>> {
    let row = |place: usize| {
        let factor = format!("multipliers[{place}].factor");
        Ok(Multiplier {
            kind: filled.read(&format!("multipliers[{place}].kind"))?,
            factor: Thousandths::parse(&factor, filled.get(&factor))?,
        })
    };
    filled.rows("multipliers").into_iter().map(row).collect()
}

fn phases(filled: &Filled) -> Fallible<Vec<OffsetPhase>> {
    let row = |place: usize| {
        let share = format!("phases[{place}].share");
        Ok(OffsetPhase {
            by: filled.day(&format!("phases[{place}].by"))?,
            share: Percent::parse(&share, filled.get(&share))?,
        })
    };
    filled.rows("phases").into_iter().map(row).collect()
}

/// The obligations of a contract that are not ended.
fn obligations(at: &Standing) -> impl Iterator<Item = &OffsetObligation> {
    let of: &[Performed<OffsetObligation>] =
        at.performance.as_ref().map(|performance| performance.offsets.as_slice()).unwrap_or_default();
    of.iter().map(|one| &one.state).filter(|one| one.state == "agreed")
}

fn running(at: &Standing) -> Choices {
    obligations(at).map(|one| (one.number.clone(), format!("{}: {}", one.number, one.terms.title))).collect()
}

/// What of the obligations is numbered, as `OBLIGATION/NUMBER`.
fn numbered<'a>(one: &'a OffsetObligation, (place, words): (usize, &'a str)) -> (String, String) {
    (format!("{}/{}", one.number, place + 1), format!("{}, {}: {words}", one.number, place + 1))
}

fn planned(at: &Standing) -> Choices {
    let of = |one| {
        let open = |(_, plan): &(usize, &entente_register::performance::PlannedOffset)| {
            plan.claim.is_none() && plan.dropped.is_none()
        };
        let one: &OffsetObligation = one;
        one.plans
            .iter()
            .enumerate()
            .filter(open)
            .map(move |(place, plan)| numbered(one, (place, &plan.description)))
    };
    obligations(at).flat_map(of).collect()
}

fn under_review(at: &Standing) -> Choices {
    let of = |one| {
        let one: &OffsetObligation = one;
        one.claims
            .iter()
            .enumerate()
            .filter(|(_, claim)| claim.review.is_none())
            .map(move |(place, claim)| numbered(one, (place, &claim.description)))
    };
    obligations(at).flat_map(of).collect()
}

/// The obligation and the number of what was chosen of it.
fn part(at: &Standing, filled: &Filled, field: &str) -> Fallible<(String, u32)> {
    let text = filled.text(field);
    let absent = || Refusal::not_found(field, &text).field(field);
    let (number, place) = text.rsplit_once('/').ok_or_else(absent)?;
    let place = place.parse().map_err(|_| absent())?;
    if obligations(at).any(|one| one.number == number) {
        Ok((number.to_owned(), place))
    } else {
        Err(absent())
    }
}
