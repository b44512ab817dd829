//! Rows of opportunities and of what was done about them, read as what they mean.

use jiff::civil::Date;

use super::layout::Fields;
use super::row::{Act, Read, label, paper};
use crate::document::Document;
use crate::label::Label;
use crate::money::{Currency, Money, Quantity, Unit};
use crate::opportunity::{AskedItem, Credit, LossCause, OfferItem, OpportunityKind, Verdict};
use crate::payment::Percent;
use crate::payment::schedule::words;

/// Who is to receive the goods, as a book says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedRecipient {
    /// Name of a party.
    Party(String),
    /// Who, in words.
    Words(String),
}

/// How an opportunity ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It became a contract.
    Won,
    /// Another got it, or nobody.
    Lost,
    /// It was not answered.
    Declined,
    /// It was withdrawn.
    Withdrawn,
}

words! { Ending, "an outcome of an opportunity", "opportunity.outcome",
    Won = "won", "won";
    Lost = "lost", "lost";
    Declined = "declined", "declined";
    Withdrawn = "withdrawn", "withdrawn";
}

/// The outcome of an opportunity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowOutcome {
    /// Won: reference of the contract, and version of the offer.
    Won {
        /// Reference of the contract.
        contract: String,
        /// Version of the offer; the last where none is said.
        offer: Option<u32>,
    },
    /// Lost.
    Lost {
        /// Why.
        cause: LossCause,
        /// To whom.
        competitor: Option<String>,
        /// More about it.
        remark: Option<String>,
    },
    /// Declined, for a reason.
    Declined(String),
    /// Withdrawn, for a reason.
    Withdrawn(String),
}

/// A row of `opportunities`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpportunityRow {
    /// The number that those who ask use.
    pub opportunity: String,
    /// What it is about.
    pub title: String,
    /// The partner state.
    pub partner: String,
    /// How it came about.
    pub kind: OpportunityKind,
    /// Who is to receive the goods.
    pub recipient: NamedRecipient,
    /// Name of the party that offers.
    pub exporter: String,
    /// Who else offers.
    pub competitors: Vec<String>,
    /// When it was received, or begun.
    pub received_on: Date,
    /// By when it is to be answered.
    pub deadline: Option<Date>,
    /// The request or the invitation.
    pub document: Option<Document>,
    /// Marking.
    pub label: Label,
    /// How it ended, and by which paper.
    pub ended: Option<Act<(RowOutcome, Option<Document>)>>,
    /// Place in the order of entry.
    pub entry: Option<i64>,
    /// The same of its end.
    pub ended_entry: Option<i64>,
}

/// A row of `requests`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRow {
    /// Number of the opportunity.
    pub opportunity: String,
    /// What is asked for.
    pub item: AskedItem,
}

/// A row of `deadlines`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineRow {
    /// Number of the opportunity.
    pub opportunity: String,
    /// When it was extended.
    pub on: Date,
    /// The new deadline.
    pub deadline: Date,
    /// The paper that says so.
    pub document: Option<Document>,
    /// Why.
    pub reason: Option<String>,
    /// Place in the order of entry.
    pub entry: Option<i64>,
}

/// A row of `estimates`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EstimateRow {
    /// Number of the opportunity.
    pub opportunity: String,
    /// When.
    pub on: Date,
    /// Whole per cent.
    pub probability: u8,
    /// When a contract is expected to be signed.
    pub signature_on: Option<Date>,
    /// Why.
    pub reason: String,
    /// Place in the order of entry.
    pub entry: Option<i64>,
}

/// A row of `opinions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpinionRow {
    /// Number of the opportunity.
    pub opportunity: String,
    /// When it was asked for, and of whom.
    pub asked: Act<String>,
    /// When it was given, and what it says.
    pub given: Option<Act<(Verdict, Option<String>, Document)>>,
    /// Place in the order of entry.
    pub entry: Option<i64>,
    /// The same of the answer.
    pub given_entry: Option<i64>,
}

/// A row of `offers`: an item of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferRow {
    /// Number of the opportunity.
    pub opportunity: String,
    /// The version, from 1.
    pub version: u32,
    /// What every row of a version says alike.
    pub terms: OfferRowTerms,
    /// What is offered.
    pub item: OfferItem,
    /// Place in the order of entry.
    pub entry: Option<i64>,
}

/// What every row of a version of an offer says alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferRowTerms {
    /// When it was submitted.
    pub on: Date,
    /// The last day on which it binds.
    pub valid_until: Date,
    /// The currency of its prices.
    pub currency: Currency,
    /// Terms in words.
    pub terms: Option<String>,
    /// Credit in numbers.
    pub credit: Option<Credit>,
    /// The offer itself.
    pub document: Document,
}

impl OpportunityRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<OpportunityRow> {
        let opportunity = fields.text("opportunity");
        let title = fields.text("title");
        let partner = fields.text("partner");
        let kind = fields.word("kind");
        let recipient = recipient(&mut fields);
        let exporter = fields.text("exporter");
        let competitors = fields.texts("competitors");
        let received_on = fields.date("received_on");
        let deadline = fields.optional_date("deadline");
        let invitation = fields.optional_text("document");
        let label = label(&mut fields);
        let ended = ended(&mut fields);
        let entry = fields.optional_whole("entry");
        let ended_entry = fields.optional_whole("ended_entry");
        let row = (|| {
            let received_on = received_on?;
            Some(OpportunityRow {
                opportunity: opportunity?,
                title: title?,
                partner: partner?,
                kind: kind?,
                recipient: recipient?,
                exporter: exporter?,
                competitors,
                received_on,
                deadline,
                document: invitation.map(|title| paper(title, received_on)),
                label,
                ended,
                entry,
                ended_entry,
            })
        })();
        fields.finish(row)
    }
}

fn recipient(fields: &mut Fields<'_>) -> Option<NamedRecipient> {
    match (fields.optional_text("recipient"), fields.optional_text("recipient_words")) {
        (Some(party), None) => Some(NamedRecipient::Party(party)),
        (None, Some(words)) => Some(NamedRecipient::Words(words)),
        (None, None) => {
            fields.demand("recipient", "and recipient_words is as well");
            None
        }
        (Some(_), Some(_)) => {
            let refusal = crate::ledger::Refusal::new(
                "book.recipient",
                "The recipient is named as a party, and in words as well.",
            )
            .missing("either recipient or recipient_words");
            fields.refuse("recipient_words", &refusal);
            None
        }
    }
}

fn ended(fields: &mut Fields<'_>) -> Option<Act<(RowOutcome, Option<Document>)>> {
    let outcome = fields.optional_word::<Ending>("outcome");
    let on = fields.optional_date("ended_on");
    let contract = fields.optional_text("contract");
    let offer = fields.optional_whole("offer");
    let cause = fields.optional_word("cause");
    let competitor = fields.optional_text("competitor");
    let reason = fields.optional_text("reason");
    let title = fields.optional_text("ended_document");
    if outcome.is_some() && fields.is_empty("ended_on") {
        fields.demand("ended_on", "but an outcome is given");
    }
    if fields.is_empty("outcome") && ["ended_on", "contract", "cause"].iter().any(|c| !fields.is_empty(c)) {
        fields.demand("outcome", "but more is said of how it ended");
    }
    let mut needed = |column: &str, value: Option<String>| {
        if fields.is_empty(column) {
            fields.demand(column, "but the outcome needs one");
        }
        value
    };
    let outcome = match outcome? {
        Ending::Won => RowOutcome::Won { contract: needed("contract", contract)?, offer },
        Ending::Lost => {
            needed("cause", None::<String>);
            RowOutcome::Lost { cause: cause?, competitor, remark: reason }
        }
        Ending::Declined => RowOutcome::Declined(needed("reason", reason)?),
        Ending::Withdrawn => RowOutcome::Withdrawn(needed("reason", reason)?),
    };
    let on = on?;
    Some(Act { on, by: (outcome, title.map(|title| paper(title, on))) })
}

impl RequestRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<RequestRow> {
        let opportunity = fields.text("opportunity");
        let description = fields.text("description");
        let category = fields.text("category");
        let quantity = fields.number("quantity", Quantity::parse);
        let unit = fields.value("unit", Unit::parse);
        let row = (|| {
            let item = AskedItem {
                description: description?,
                category: category?,
                quantity: quantity?,
                unit: unit?,
            };
            Some(RequestRow { opportunity: opportunity?, item })
        })();
        fields.finish(row)
    }
}

impl DeadlineRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<DeadlineRow> {
        let opportunity = fields.text("opportunity");
        let on = fields.date("extended_on");
        let deadline = fields.date("deadline");
        let title = fields.optional_text("document");
        let reason = fields.optional_text("reason");
        let entry = fields.optional_whole("entry");
        let row = (|| {
            let on = on?;
            Some(DeadlineRow {
                opportunity: opportunity?,
                on,
                deadline: deadline?,
                document: title.map(|title| paper(title, on)),
                reason,
                entry,
            })
        })();
        fields.finish(row)
    }
}

impl EstimateRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<EstimateRow> {
        let opportunity = fields.text("opportunity");
        let on = fields.date("estimated_on");
        let probability = fields.whole("probability");
        let signature_on = fields.optional_date("signature_on");
        let reason = fields.text("reason");
        let entry = fields.optional_whole("entry");
        let row = (|| {
            Some(EstimateRow {
                opportunity: opportunity?,
                on: on?,
                probability: probability?,
                signature_on,
                reason: reason?,
                entry,
            })
        })();
        fields.finish(row)
    }
}

impl OpinionRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<OpinionRow> {
        let opportunity = fields.text("opportunity");
        let asked_on = fields.date("asked_on");
        let asked_of = fields.text("asked_of");
        let given_on = fields.optional_date("given_on");
        let verdict = fields.optional_word("verdict");
        let conditions = fields.optional_text("conditions");
        let title = fields.optional_text("document");
        let answer = ["given_on", "verdict", "document"];
        if answer.iter().any(|column| !fields.is_empty(column)) || conditions.is_some() {
            for column in answer {
                if fields.is_empty(column) {
                    fields.demand(column, "and an answer has given_on, verdict and document");
                }
            }
        }
        let given = (|| {
            let on = given_on?;
            Some(Act { on, by: (verdict?, conditions, paper(title?, on)) })
        })();
        let entry = fields.optional_whole("entry");
        let given_entry = fields.optional_whole("given_entry");
        let row = (|| {
            let asked = Act { on: asked_on?, by: asked_of? };
            Some(OpinionRow { opportunity: opportunity?, asked, given, entry, given_entry })
        })();
        fields.finish(row)
    }
}

impl OfferRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<OfferRow> {
        let opportunity = fields.text("opportunity");
        let version = fields.whole("version");
        let on = fields.date("submitted_on");
        let valid_until = fields.date("valid_until");
        let currency = fields.currency("currency");
        let description = fields.text("description");
        let category = fields.text("category");
        let quantity = fields.number("quantity", Quantity::parse);
        let unit = fields.value("unit", Unit::parse);
        let unit_price = currency.and_then(|currency| {
            fields.number("unit_price", |name, text| Money::parse(name, text, currency))
        });
        let due_on = fields.date("due_on");
        let terms = fields.optional_text("terms");
        let credit = credit(&mut fields);
        let title = fields.text("document");
        let entry = fields.optional_whole("entry");
        let row = (|| {
            let on = on?;
            Some(OfferRow {
                opportunity: opportunity?,
                version: version?,
                terms: OfferRowTerms {
                    on,
                    valid_until: valid_until?,
                    currency: currency?,
                    terms,
                    credit,
                    document: paper(title?, on),
                },
                item: OfferItem {
                    description: description?,
                    category: category?,
                    quantity: quantity?,
                    unit: unit?,
                    unit_price: unit_price?,
                    due_on: due_on?,
                },
                entry,
            })
        })();
        fields.finish(row)
    }
}

fn credit(fields: &mut Fields<'_>) -> Option<Credit> {
    let share = fields.optional_number("credit_pct", Percent::parse);
    let down_payment = fields.optional_number("down_payment_pct", Percent::parse);
    let years = fields.optional_whole("credit_years");
    let interest = fields.optional_number("interest_pct", Percent::parse);
    let all = ["credit_pct", "down_payment_pct", "credit_years", "interest_pct"];
    if all.iter().any(|column| !fields.is_empty(column)) {
        for column in ["credit_pct", "credit_years"] {
            if fields.is_empty(column) {
                fields.demand(column, "and a credit has a share and a number of years");
            }
        }
    }
    Some(Credit { share: share?, down_payment, years: years?, interest })
}
