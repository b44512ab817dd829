//! Objects that reads of opportunities give out.

use entente_register::ledger::SubjectKind;
use entente_register::money::{Currency, Decimal, Money};
use entente_register::opportunity::analysis::{Analysis, Days, Rates};
use entente_register::opportunity::{Advice, Credit, Offer, Outcome, Recipient};
use entente_store::reader::{OpportunityRow, OpportunityView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::object::{DocumentObject, HistoryObject, TAGGED};

/// An amount with its currency.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferedAmount {
    /// A decimal string.
    amount: String,
    /// ISO 4217 code.
    currency: &'static str,
}

impl OfferedAmount {
    fn of(money: Money) -> OfferedAmount {
        OfferedAmount { amount: money.decimal(), currency: money.currency.code() }
    }
}

/// An opportunity in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpportunityRowObject {
    number: String,
    title: String,
    partner: String,
    partner_name: String,
    /// `request`, `tender` or `own_initiative`.
    kind: &'static str,
    /// `open`, `offered`, `won`, `lost`, `declined` or `withdrawn`.
    state: String,
    #[schema(format = Date)]
    received_on: String,
    /// By when it is to be answered.
    #[schema(format = Date)]
    deadline: Option<String>,
    /// When it was first answered.
    #[schema(format = Date)]
    answered_on: Option<String>,
    /// When it ended.
    #[schema(format = Date)]
    ended_on: Option<String>,
    /// What the last version of the offer sums to.
    value: Option<OfferedAmount>,
    /// The last estimate, whole per cent.
    probability: Option<u8>,
    /// When the contract is expected to be signed.
    #[schema(format = Date)]
    signature_on: Option<String>,
    /// Number of the contract that came of it.
    contract: Option<String>,
    /// Marking.
    label: String,
}

impl OpportunityRowObject {
    pub(super) fn of(row: &OpportunityRow) -> OpportunityRowObject {
        OpportunityRowObject {
            number: row.number.clone(),
            title: row.title.clone(),
            partner: row.partner.clone(),
            partner_name: row.partner_name.clone(),
            kind: row.kind.word(),
            state: row.state.clone(),
            received_on: row.received_on.to_string(),
            deadline: row.deadline.map(|day| day.to_string()),
            answered_on: row.answered_on.map(|day| day.to_string()),
            ended_on: row.ended_on.map(|day| day.to_string()),
            value: row.value.map(OfferedAmount::of),
            probability: row.probability,
            signature_on: row.signature_on.map(|day| day.to_string()),
            contract: row.contract.clone(),
            label: row.label.to_string(),
        }
    }
}

/// What is asked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AskedItemObject {
    description: String,
    /// Control-list entry.
    category: String,
    quantity: String,
    /// UN/ECE code.
    unit: &'static str,
}

/// What is offered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferItemObject {
    description: String,
    /// Control-list entry.
    category: String,
    quantity: String,
    /// UN/ECE code.
    unit: &'static str,
    unit_price: String,
    #[schema(format = Date)]
    due_on: String,
}

/// Credit that is offered; shares are per cents.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CreditObject {
    share: String,
    down_payment: Option<String>,
    years: u8,
    interest: Option<String>,
}

impl CreditObject {
    fn of(credit: &Credit) -> CreditObject {
        CreditObject {
            share: credit.share.to_string(),
            down_payment: credit.down_payment.map(|share| share.to_string()),
            years: credit.years,
            interest: credit.interest.map(|share| share.to_string()),
        }
    }
}

/// A version of the offer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferObject {
    version: u32,
    #[schema(format = Date)]
    submitted_on: String,
    value: OfferedAmount,
    #[schema(format = Date)]
    valid_until: String,
    terms: Option<String>,
    credit: Option<CreditObject>,
    items: Vec<OfferItemObject>,
    document: DocumentObject,
}

impl OfferObject {
    fn of(offer: &Offer, subject: &str) -> OfferObject {
        let made = &offer.made;
        OfferObject {
            version: made.version,
            submitted_on: offer.submitted_on.to_string(),
            value: OfferedAmount::of(made.amount),
            valid_until: made.valid_until.to_string(),
            terms: made.terms.clone(),
            credit: made.credit.as_ref().map(CreditObject::of),
            items: made
                .items
                .iter()
                .map(|item| OfferItemObject {
                    description: item.description.clone(),
                    category: item.category.clone(),
                    quantity: item.quantity.to_string(),
                    unit: item.unit.code(),
                    unit_price: item.unit_price.decimal(),
                    due_on: item.due_on.to_string(),
                })
                .collect(),
            document: DocumentObject::of(&made.document, subject, TAGGED),
        }
    }
}

/// An estimate.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EstimateObject {
    #[schema(format = Date)]
    on: String,
    /// Whole per cent.
    probability: u8,
    #[schema(format = Date)]
    signature_on: Option<String>,
    reason: String,
}

/// An advance opinion.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AdviceObject {
    asked_of: String,
    #[schema(format = Date)]
    asked_on: String,
    #[schema(format = Date)]
    given_on: Option<String>,
    /// `positive`, `conditional` or `negative`.
    verdict: Option<&'static str>,
    conditions: Option<String>,
    document: Option<DocumentObject>,
}

impl AdviceObject {
    fn of(advice: &Advice, subject: &str) -> AdviceObject {
        AdviceObject {
            asked_of: advice.asked_of.clone(),
            asked_on: advice.asked_on.to_string(),
            given_on: advice.given_on.map(|day| day.to_string()),
            verdict: advice.verdict.map(|verdict| verdict.word()),
            conditions: advice.conditions.clone(),
            document: advice.document.as_ref().map(|paper| DocumentObject::of(paper, subject, TAGGED)),
        }
    }
}

/// An opportunity.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Opportunity")]
pub(crate) struct OpportunityObject {
    number: String,
    /// The number that those who ask use.
    reference: Option<String>,
    title: String,
    partner: String,
    partner_name: String,
    kind: &'static str,
    state: &'static str,
    /// Number of the party that receives the goods.
    recipient_party: Option<String>,
    /// Its name, or the recipient in words.
    recipient: String,
    /// Number of the party that offers.
    exporter: String,
    competitors: Vec<String>,
    #[schema(format = Date)]
    received_on: String,
    #[schema(format = Date)]
    deadline: Option<String>,
    #[schema(format = Date)]
    answered_on: Option<String>,
    #[schema(format = Date)]
    ended_on: Option<String>,
    items: Vec<AskedItemObject>,
    estimates: Vec<EstimateObject>,
    advice: Vec<AdviceObject>,
    offers: Vec<OfferObject>,
    /// Version of the offer that was won.
    won_offer: Option<u32>,
    /// Number of the contract that came of it.
    contract: Option<String>,
    /// Why it was lost.
    cause: Option<&'static str>,
    /// To whom.
    competitor: Option<String>,
    /// Why it was declined or withdrawn, or more about a loss.
    reason: Option<String>,
    label: String,
    /// Version of the subject.
    version: u32,
    history: Vec<HistoryObject>,
}

impl OpportunityObject {
    pub(crate) fn of(view: OpportunityView) -> OpportunityObject {
        let this = view.opportunity;
        let subject = SubjectKind::Opportunity.subject(&this.number).to_string();
        let (recipient_party, recipient) = match &this.recipient {
            Recipient::Party(party) => {
                (Some(party.clone()), view.parties.get(party).unwrap_or(party).clone())
            }
            Recipient::Words(words) => (None, words.clone()),
        };
        let (mut won_offer, mut contract, mut cause, mut competitor, mut reason) =
            (None, None, None, None, None);
        match &this.outcome {
            Some(Outcome::Won { offer, contract: number }) => {
                (won_offer, contract) = (Some(*offer), Some(number.clone()));
            }
            Some(Outcome::Lost { cause: why, competitor: to, remark }) => {
                (cause, competitor, reason) = (Some(why.word()), to.clone(), remark.clone());
            }
            Some(Outcome::Ended { reason: why }) => reason = Some(why.clone()),
            None => {}
        }
        OpportunityObject {
            reference: this.reference.clone(),
            title: this.title.clone(),
            partner: this.partner.clone(),
            partner_name: view.partner_name,
            kind: this.kind.word(),
            state: this.state,
            recipient_party,
            recipient,
            exporter: this.exporter.clone(),
            competitors: this.competitors.clone(),
            received_on: this.received_on.to_string(),
            deadline: this.deadline.map(|day| day.to_string()),
            answered_on: this.answered_on.map(|day| day.to_string()),
            ended_on: this.ended_on.map(|day| day.to_string()),
            items: this
                .items
                .iter()
                .map(|item| AskedItemObject {
                    description: item.description.clone(),
                    category: item.category.clone(),
                    quantity: item.quantity.to_string(),
                    unit: item.unit.code(),
                })
                .collect(),
            estimates: this
                .estimates
                .iter()
                .map(|one| EstimateObject {
                    on: one.on.to_string(),
                    probability: one.probability,
                    signature_on: one.signature_on.map(|day| day.to_string()),
                    reason: one.reason.clone(),
                })
                .collect(),
            advice: this.advice.iter().map(|one| AdviceObject::of(one, &subject)).collect(),
            offers: this.offers.iter().map(|one| OfferObject::of(one, &subject)).collect(),
            won_offer,
            contract,
            cause,
            competitor,
            reason,
            label: this.label.to_string(),
            version: view.version,
            history: HistoryObject::all(view.history, &subject),
            number: this.number,
        }
    }
}

/// Win rate and days to answer of one partner, of one product group, or of all.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RatesObject {
    /// Code of the partner, or the product group; empty for all.
    code: String,
    /// Not ended.
    open: i64,
    /// Won in the period.
    won: i64,
    /// Lost in the period.
    lost: i64,
    /// Won ÷ (won + lost), in per cent; null where nothing was decided.
    #[schema(value_type = Option<f64>)]
    win_pct: Option<Decimal>,
    /// The same by what was offered, in order of currency.
    by_value: Vec<ValueRateObject>,
    /// How many were answered in the period.
    answers: i64,
    /// Days from receipt to the answer, on average; null where nothing was answered.
    #[schema(value_type = Option<f64>)]
    days_mean: Option<Decimal>,
    /// The median of them.
    #[schema(value_type = Option<f64>)]
    days_median: Option<Decimal>,
}

/// Win rate by value.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ValueRateObject {
    currency: &'static str,
    won: String,
    decided: String,
    #[schema(value_type = Option<f64>)]
    win_pct: Option<Decimal>,
}

/// Lost for one cause.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CauseObject {
    cause: &'static str,
    lost: i64,
}

/// Expected order intake of a year.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IntakeObject {
    currency: &'static str,
    /// The year of the expected signature; null where no day is estimated.
    year: Option<i16>,
    opportunities: i64,
    /// What the last offers sum to.
    value: String,
    /// Of that, expected: value × probability, rounded once a currency.
    expected: String,
}

/// What opportunities show of themselves in a period.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Opportunity analysis")]
pub(crate) struct AnalysisObject {
    #[schema(format = Date)]
    from: String,
    #[schema(format = Date)]
    to: String,
    marking: Option<String>,
    whole: RatesObject,
    by_partner: Vec<RatesObject>,
    by_product: Vec<RatesObject>,
    causes: Vec<CauseObject>,
    intake: Vec<IntakeObject>,
    /// Offered and without an estimate: no part of the expected order intake.
    without_estimate: i64,
}

impl AnalysisObject {
    pub(super) fn of(analysis: &Analysis, marking: Option<String>) -> AnalysisObject {
        let amount = |minor: i64, currency: Currency| Money::new(minor, currency).decimal();
        let rates = |row: &Rates| {
            let days: Option<Days> = row.days.value().copied();
            RatesObject {
                code: row.code.clone(),
                open: row.open,
                won: row.won,
                lost: row.lost,
                win_pct: row.win_pct.value().copied(),
                by_value: row
                    .by_value
                    .iter()
                    .map(|one| ValueRateObject {
                        currency: one.currency.code(),
                        won: amount(one.won, one.currency),
                        decided: amount(one.decided, one.currency),
                        win_pct: one.pct.value().copied(),
                    })
                    .collect(),
                answers: row.answers,
                days_mean: days.map(|days| days.mean),
                days_median: days.map(|days| days.median),
            }
        };
        AnalysisObject {
            from: analysis.period.0.to_string(),
            to: analysis.period.1.to_string(),
            marking,
            whole: rates(&analysis.whole),
            by_partner: analysis.by_partner.iter().map(rates).collect(),
            by_product: analysis.by_product.iter().map(rates).collect(),
            causes: analysis
                .causes
                .iter()
                .map(|(cause, lost)| CauseObject { cause: cause.word(), lost: *lost })
                .collect(),
            intake: analysis
                .intake
                .iter()
                .map(|row| IntakeObject {
                    currency: row.currency.code(),
                    year: row.year,
                    opportunities: row.count,
                    value: amount(row.value, row.currency),
                    expected: amount(row.expected, row.currency),
                })
                .collect(),
            without_estimate: analysis.without_estimate,
        }
    }
}
