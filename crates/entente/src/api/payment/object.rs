//! Objects that reads of money give out.

use entente_register::brief::{ContractMoney, FigureName, UnpaidInstalment};
use entente_register::money::Currency;
use entente_register::payment::{Conversion, DueRule, PenaltyTerms};
use entente_store::reader::{ContractPayments, InstalmentRow, PaymentsView, PenaltyRow, RateRow, ReceiptRow};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::Amount;
use crate::api::object::{DocumentObject, SubjectHistoryObject, TAGGED, decimal};
use crate::formats::figure::api_link;
use crate::formats::payment::PaymentsFigures;

/// Money of all contracts that are open to the reader, in one currency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Payments")]
pub(crate) struct PaymentsObject {
    /// What came in after this day, or was delivered after it, does not count.
    #[schema(format = Date)]
    as_of: String,
    /// What was recorded after this instant is not known.
    #[schema(format = DateTime)]
    known_at: String,
    /// Which act makes a delivery count.
    counting: &'static str,
    /// The currency of all amounts: that of the contracts. Others have a reading of their own.
    currency: &'static str,
    /// Currencies of other contracts.
    other_currencies: Vec<&'static str>,
    /// Of which contracts.
    scope: String,
    /// The join of the markings of all of it.
    marking: Option<String>,
    /// The figures.
    figures: PaymentsFigures,
    /// Where each figure opens, by its name, for those who may read the brief.
    links: std::collections::BTreeMap<String, String>,
    /// Contracts with a payment schedule or a receipt.
    contracts: Vec<ContractMoneyObject>,
    /// Instalments whose day has come and of which something is open.
    overdue: Vec<UnpaidObject>,
    /// Those that fall due within ninety days.
    coming: Vec<UnpaidObject>,
    /// Penalties that are claimed or agreed: this page of them.
    penalties: Vec<PenaltyObject>,
    /// Of these in all.
    penalties_total: i64,
}

/// Money of one contract.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContractMoneyObject {
    contract: String,
    partner: String,
    title: String,
    state: String,
    /// The value of its lines.
    value: String,
    /// What its instalments sum to.
    scheduled: String,
    /// Whether its schedule was declared complete.
    complete: bool,
    /// What came in.
    received: String,
    /// Delivered and unpaid.
    receivable: String,
}

/// An instalment of which something is open.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnpaidObject {
    instalment: String,
    contract: String,
    partner: String,
    kind: &'static str,
    #[schema(format = Date)]
    due_on: Option<String>,
    /// When it is due, in words.
    due: String,
    amount: String,
    received: String,
    open: String,
    bank: Option<String>,
}

impl PaymentsObject {
    pub(super) fn of(view: &PaymentsView) -> PaymentsObject {
        let conventions = &view.conventions;
        let currency = conventions.currency;
        let mut names = vec![
            FigureName::PaymentsReceived,
            FigureName::PaymentsOverdue,
            FigureName::PaymentsReceivable,
            FigureName::PaymentsOnCredit,
        ];
        names.extend(
            view.figures.by_partner.iter().map(|row| FigureName::PartnerReceivable(row.code.clone())),
        );
        names.extend(view.figures.by_bank.iter().map(|row| FigureName::BankExposure(row.bank.clone())));
        PaymentsObject {
            as_of: conventions.as_of.to_string(),
            known_at: conventions.known_at.to_string(),
            counting: conventions.counting.word(),
            currency: currency.code(),
            other_currencies: conventions.other_currencies.iter().map(|c| c.code()).collect(),
            scope: conventions.scope.clone(),
            marking: view.marking.as_ref().map(ToString::to_string),
            figures: PaymentsFigures::of(&view.figures, currency),
            links: names.iter().map(|name| (name.to_string(), api_link(conventions, name))).collect(),
            contracts: view.contracts.iter().map(|one| contract_money(one, currency)).collect(),
            overdue: view.overdue.iter().map(|one| unpaid(one, currency)).collect(),
            coming: view.coming.iter().map(|one| unpaid(one, currency)).collect(),
            penalties: view.penalties.rows.iter().map(PenaltyObject::of).collect(),
            penalties_total: view.penalties.total,
        }
    }
}

fn contract_money(one: &ContractMoney, currency: Currency) -> ContractMoneyObject {
    ContractMoneyObject {
        contract: one.contract.clone(),
        partner: one.partner.clone(),
        title: one.title.clone(),
        state: one.state.clone(),
        value: decimal(one.value, currency),
        scheduled: decimal(one.scheduled, currency),
        complete: one.complete,
        received: decimal(one.received, currency),
        receivable: decimal(one.receivable(), currency),
    }
}

fn unpaid(one: &UnpaidInstalment, currency: Currency) -> UnpaidObject {
    UnpaidObject {
        instalment: one.instalment.clone(),
        contract: one.contract.clone(),
        partner: one.partner.clone(),
        kind: one.kind.word(),
        due_on: one.due_on.map(|on| on.to_string()),
        due: one.due.clone(),
        amount: decimal(one.amount, currency),
        received: decimal(one.received, currency),
        open: decimal(one.open(), currency),
        bank: one.bank.clone(),
    }
}

/// The money of a contract.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "ContractPayments")]
pub(crate) struct ContractPaymentsObject {
    /// Number of the contract.
    contract: String,
    /// The currency of all amounts, but for what came in in another.
    currency: &'static str,
    /// The join of the markings of all that is shown.
    label: String,
    /// The schedule as a whole.
    schedule: ScheduleObject,
    /// Instalments in the order in which they fall due.
    instalments: Vec<InstalmentObject>,
    /// Receipts in the order of their days.
    receipts: Vec<ReceiptMoneyObject>,
    /// Penalties for delay.
    penalties: Vec<PenaltyObject>,
    /// The exchange rates that the contract fixes.
    rates: Vec<RateObject>,
    /// What has happened to all of these.
    history: Vec<SubjectHistoryObject>,
}

/// The payment schedule of a contract as a whole.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScheduleObject {
    /// Whether it was declared complete.
    complete: bool,
    /// The day of the last declaration.
    #[schema(format = Date)]
    declared_on: Option<String>,
    /// The value of the contract's lines.
    value: String,
    /// What the instalments sum to.
    scheduled: String,
    /// Instalments less value: what is scheduled too much, or with a minus not yet.
    difference: String,
    /// What came in.
    received: String,
    /// Open of instalments whose day has come.
    overdue: String,
    /// What delay costs.
    penalty_terms: Vec<TermsObject>,
    /// The version for Expected-Version.
    version: u32,
}

/// What delay costs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TermsObject {
    late: &'static str,
    rate_pct: String,
    period: &'static str,
    cap_pct: Option<String>,
    document: DocumentObject,
}

/// When an instalment is due.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DueObject {
    rule: &'static str,
    #[schema(format = Date)]
    on: Option<String>,
    days: Option<u32>,
    after: Option<String>,
    /// The rule for people.
    words: String,
}

/// An instalment as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InstalmentObject {
    number: String,
    reference: Option<String>,
    kind: &'static str,
    lender: Option<&'static str>,
    bank: Option<BankObject>,
    due: DueObject,
    /// The day on which it is due; null while its rule gives none.
    #[schema(format = Date)]
    due_on: Option<String>,
    amount: String,
    received: String,
    open: String,
    /// Whether its day has come and something of it is open.
    overdue: bool,
    state: String,
    label: String,
    version: u32,
}

/// A party that pays, lends or guarantees as a bank.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BankObject {
    party: String,
    name: String,
}

fn bank(given: Option<(String, String)>) -> Option<BankObject> {
    given.map(|(party, name)| BankObject { party, name })
}

/// Money that has come in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReceiptMoneyObject {
    number: String,
    reference: Option<String>,
    #[schema(format = Date)]
    received_on: String,
    /// What came in.
    amount: Amount,
    /// What it is worth in the contract's currency.
    value: String,
    /// How the one became the other.
    conversion: Option<ConversionObject>,
    bank: Option<BankObject>,
    /// What it pays.
    allocations: Vec<PartObject>,
    /// What pays no instalment yet.
    unallocated: String,
    document: DocumentObject,
    label: String,
    version: u32,
}

/// What of a receipt pays an instalment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartObject {
    instalment: String,
    amount: String,
}

/// At which rate an amount was counted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConversionObject {
    basis: &'static str,
    from: &'static str,
    units: u32,
    to: &'static str,
    rate: String,
    #[schema(format = Date)]
    dated: String,
    source: String,
    /// Key of the rate.
    number: String,
}

fn conversion(given: &Conversion) -> ConversionObject {
    ConversionObject {
        basis: given.basis.word(),
        from: given.quoted.from.code(),
        units: given.quoted.units,
        to: given.quoted.to.code(),
        rate: given.quoted.rate.to_string(),
        dated: given.dated.to_string(),
        source: given.source.clone(),
        number: given.rate.clone(),
    }
}

/// A penalty for delay.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PenaltyObject {
    number: String,
    contract: String,
    partner: String,
    /// What is late, `KIND:NUMBER`.
    delay: String,
    /// What is late is worth this.
    value: Amount,
    #[schema(format = Date)]
    due_on: String,
    #[schema(format = Date)]
    done_on: Option<String>,
    days: u32,
    periods: u32,
    rate_pct: String,
    period: &'static str,
    cap_pct: Option<String>,
    /// What the contract's terms give.
    proposed: String,
    /// What is claimed, and once that is agreed, what is owed.
    amount: String,
    #[schema(format = Date)]
    claimed_on: String,
    state: String,
    label: String,
    version: u32,
}

impl PenaltyObject {
    fn of(row: &PenaltyRow) -> PenaltyObject {
        let claim = &row.claim;
        PenaltyObject {
            number: row.number.clone(),
            contract: row.contract.clone(),
            partner: row.partner.clone(),
            delay: claim.delay.subject().to_string(),
            value: Amount::of(claim.value),
            due_on: claim.due_on.to_string(),
            done_on: claim.done_on.map(|on| on.to_string()),
            days: claim.days,
            periods: claim.periods,
            rate_pct: claim.rate.to_string(),
            period: claim.period.word(),
            cap_pct: claim.cap.map(|cap| cap.to_string()),
            proposed: claim.proposed.decimal(),
            amount: row.amount.decimal(),
            claimed_on: row.claimed_on.to_string(),
            state: row.state.clone(),
            label: row.label.to_string(),
            version: row.version,
        }
    }
}

/// An exchange rate: `units` of `from` are `rate` of `to`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RateObject {
    /// Its key.
    number: String,
    /// The day for which it holds.
    #[schema(format = Date)]
    on: String,
    from: &'static str,
    units: u32,
    to: &'static str,
    rate: String,
    /// Who publishes it, or the clause that fixes it.
    source: String,
    /// The contract that fixes it.
    contract: Option<String>,
    version: u32,
}

impl RateObject {
    pub(super) fn of(row: &RateRow) -> RateObject {
        RateObject {
            number: row.number.clone(),
            on: row.on.to_string(),
            from: row.quoted.from.code(),
            units: row.quoted.units,
            to: row.quoted.to.code(),
            rate: row.quoted.rate.to_string(),
            source: row.source.clone(),
            contract: row.contract.clone(),
            version: row.version,
        }
    }
}

impl ContractPaymentsObject {
    pub(super) fn of(view: ContractPayments, as_of: Date) -> ContractPaymentsObject {
        let own = view.currency;
        let schedule = &view.schedule;
        ContractPaymentsObject {
            currency: own.code(),
            label: view.label.to_string(),
            schedule: ScheduleObject {
                complete: schedule.complete,
                declared_on: schedule.declared_on.map(|on| on.to_string()),
                value: decimal(schedule.value, own),
                scheduled: decimal(schedule.scheduled, own),
                difference: decimal(schedule.scheduled.saturating_sub(schedule.value), own),
                received: decimal(schedule.received, own),
                overdue: decimal(schedule.overdue, own),
                penalty_terms: schedule.terms.iter().map(|one| terms(one, &view.contract)).collect(),
                version: schedule.version,
            },
            instalments: view.instalments.into_iter().map(|one| instalment(one, own, as_of)).collect(),
            receipts: view.receipts.into_iter().map(|one| receipt(one, own)).collect(),
            penalties: view.penalties.iter().map(PenaltyObject::of).collect(),
            rates: view.rates.iter().map(RateObject::of).collect(),
            history: SubjectHistoryObject::all(view.history),
            contract: view.contract,
        }
    }
}

fn terms(given: &PenaltyTerms, contract: &str) -> TermsObject {
    TermsObject {
        late: given.late.word(),
        rate_pct: given.rate.to_string(),
        period: given.period.word(),
        cap_pct: given.cap.map(|cap| cap.to_string()),
        document: DocumentObject::of(&given.document, &format!("schedule:{contract}"), TAGGED),
    }
}

fn due(rule: &DueRule) -> DueObject {
    DueObject {
        rule: rule.word(),
        on: rule.own_day().map(|on| on.to_string()),
        days: (rule.word() != "fixed").then(|| rule.days()),
        after: rule.after().map(str::to_owned),
        words: rule.words(),
    }
}

fn instalment(row: InstalmentRow, own: Currency, as_of: Date) -> InstalmentObject {
    InstalmentObject {
        overdue: row.is_overdue(as_of),
        open: decimal(row.open(), own),
        kind: row.kind.word(),
        lender: row.lender.map(|lender| lender.word()),
        bank: bank(row.bank),
        due: due(&row.due),
        due_on: row.due_on.map(|on| on.to_string()),
        amount: row.amount.decimal(),
        received: decimal(row.received, own),
        state: row.state,
        label: row.label.to_string(),
        version: row.version,
        number: row.number,
        reference: row.reference,
    }
}

fn receipt(row: ReceiptRow, own: Currency) -> ReceiptMoneyObject {
    ReceiptMoneyObject {
        unallocated: decimal(row.unallocated(), own),
        received_on: row.received_on.to_string(),
        amount: Amount::of(row.amount),
        value: row.value.decimal(),
        conversion: row.conversion.as_ref().map(conversion),
        bank: bank(row.bank),
        allocations: row
            .parts
            .into_iter()
            .map(|part| PartObject { instalment: part.instalment, amount: decimal(part.amount, own) })
            .collect(),
        document: DocumentObject::of(&row.document, &format!("receipt:{}", row.number), TAGGED),
        label: row.label.to_string(),
        version: row.version,
        number: row.number,
        reference: row.reference,
    }
}
