//! Rows of the tables of money, read as what they mean.

use jiff::civil::Date;

use super::layout::Fields;
use super::row::{Act, Read, dated, paper};
use crate::document::Document;
use crate::label::Label;
use crate::money::{Currency, Money};
use crate::payment::{
    ExchangeRate, InstalmentKind, Late, Lender, PenaltyTerms, Percent, Period, Rate, RateBasis,
};

/// A row of `rates`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateRow {
    /// The day for which it holds.
    pub on: Date,
    /// As it is quoted.
    pub quoted: ExchangeRate,
    /// Who publishes it, or the clause that fixes it.
    pub source: String,
    /// Reference of the contract that fixes it.
    pub contract: Option<String>,
}

/// A row of `instalments`: the instalment as it is from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalmentRow {
    /// Reference of the contract.
    pub contract: String,
    /// Number of the instalment in the contract.
    pub instalment: String,
    /// What is paid for.
    pub kind: InstalmentKind,
    /// How much as decimal text: its currency is the contract's.
    pub amount: String,
    /// The word of the rule by which it is due.
    pub due_rule: String,
    /// The day that the rule names.
    pub due_on: Option<Date>,
    /// Days after the act.
    pub due_days: Option<u32>,
    /// The milestone's name, or the number of the delivery or line.
    pub due_after: Option<String>,
    /// Who gives the credit.
    pub lender: Option<Lender>,
    /// Name of the bank.
    pub bank: Option<String>,
    /// Marking; the contract's where none is said.
    pub label: Option<Label>,
    /// From when it is so.
    pub agreed_on: Date,
    /// The paper behind it.
    pub document: Option<Document>,
    /// Why it was amended.
    pub reason: Option<String>,
    /// Withdrawal, and why.
    pub withdrawn: Option<Act<String>>,
}

/// A row of `receipts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRow {
    /// Reference of the contract.
    pub contract: String,
    /// Number of the receipt.
    pub receipt: String,
    /// When the money came in.
    pub on: Date,
    /// How much.
    pub amount: Money,
    /// Which rate.
    pub basis: Option<RateBasis>,
    /// Its value in the contract's currency, as decimal text.
    pub value: Option<String>,
    /// Name of the bank.
    pub bank: Option<String>,
    /// The bank's advice.
    pub document: Document,
    /// Number of an instalment that it pays, and how much as decimal text.
    pub pays: Option<(String, String)>,
}

/// A row of `schedules`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleRow {
    /// Reference of the contract.
    pub contract: String,
    /// When the schedule was declared complete.
    pub completed_on: Option<Date>,
    /// What delay costs, and from when.
    pub terms: Option<(Date, PenaltyTerms)>,
}

impl RateRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<RateRow> {
        let on = fields.date("rated_on");
        let from = fields.currency("from");
        let units = fields.optional_whole("units").unwrap_or(1);
        let to = fields.currency("to");
        let rate = fields.number("rate", Rate::parse);
        let source = fields.text("source");
        let contract = fields.optional_text("contract");
        let row = (|| {
            let quoted = ExchangeRate { from: from?, units, to: to?, rate: rate? };
            Some(RateRow { on: on?, quoted, source: source?, contract })
        })();
        fields.finish(row)
    }
}

impl InstalmentRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<InstalmentRow> {
        let (contract, instalment) = (fields.text("contract"), fields.text("instalment"));
        let kind = fields.value("kind", |name, text| {
            text.parse::<InstalmentKind>().map_err(|refusal| refusal.field(name))
        });
        let amount = fields.number("amount", |_, text| Ok(text.to_owned()));
        let due_rule = fields.text("due_rule");
        let due_on = fields.optional_date("due_on");
        let due_days = fields.optional_whole("due_days");
        let due_after = fields.optional_text("due_after");
        let lender = fields
            .optional("lender", |name, text| text.parse::<Lender>().map_err(|refusal| refusal.field(name)));
        let bank = fields.optional_text("bank");
        let label = fields
            .optional("marking", |name, text| text.parse::<Label>().map_err(|refusal| refusal.field(name)));
        let agreed_on = fields.date("agreed_on");
        let title = fields.optional_text("document");
        let reason = fields.optional_text("reason");
        let withdrawn = dated(&mut fields, "withdrawn_on", "withdrawn_reason");
        let row = (|| {
            Some(InstalmentRow {
                contract: contract?,
                instalment: instalment?,
                kind: kind?,
                amount: amount?,
                due_rule: due_rule?,
                due_on,
                due_days,
                due_after,
                lender,
                bank,
                label,
                agreed_on: agreed_on?,
                document: title.map(|title| paper(title, agreed_on.unwrap_or_default())),
                reason,
                withdrawn,
            })
        })();
        fields.finish(row)
    }
}

impl ReceiptRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<ReceiptRow> {
        let (contract, receipt) = (fields.text("contract"), fields.text("receipt"));
        let on = fields.date("received_on");
        let currency = fields.currency("currency");
        let amount = fields.number("amount", |_, text| Ok(text.to_owned()));
        let amount = currency.zip(amount).and_then(|(currency, text): (Currency, String)| {
            Money::parse("amount", &text, currency).map_err(|refusal| fields.refuse("amount", &refusal)).ok()
        });
        let basis = fields
            .optional("basis", |name, text| text.parse::<RateBasis>().map_err(|refusal| refusal.field(name)));
        let value = fields.optional_number("value", |_, text| Ok(text.to_owned()));
        let bank = fields.optional_text("bank");
        let document = fields.text("document");
        let instalment = fields.optional_text("instalment");
        let allocated = fields.optional_number("allocated", |_, text| Ok(text.to_owned()));
        if instalment.is_some() && fields.is_empty("allocated") {
            fields.demand("allocated", "but an instalment is given");
        }
        if allocated.is_some() && fields.is_empty("instalment") {
            fields.demand("instalment", "but allocated is given");
        }
        let row = (|| {
            let on = on?;
            Some(ReceiptRow {
                contract: contract?,
                receipt: receipt?,
                on,
                amount: amount?,
                basis,
                value,
                bank,
                document: paper(document?, on),
                pays: instalment.zip(allocated),
            })
        })();
        fields.finish(row)
    }
}

impl ScheduleRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<ScheduleRow> {
        let contract = fields.text("contract");
        let completed_on = fields.optional_date("completed_on");
        let late =
            fields.optional("late", |name, text| text.parse::<Late>().map_err(|refusal| refusal.field(name)));
        let rate = fields.optional_number("rate_pct", Percent::parse);
        let period = fields
            .optional("period", |name, text| text.parse::<Period>().map_err(|refusal| refusal.field(name)));
        let cap = fields.optional_number("cap_pct", Percent::parse);
        let agreed = dated(&mut fields, "agreed_on", "document");
        let named = ["late", "rate_pct", "period", "agreed_on"];
        if named.iter().any(|name| !fields.is_empty(name)) || !fields.is_empty("cap_pct") {
            for name in named {
                if fields.is_empty(name) {
                    fields.demand(name, "and what delay costs needs late, rate_pct, period and agreed_on");
                }
            }
        }
        let terms = (|| {
            let agreed = agreed?;
            let document = paper(agreed.by, agreed.on);
            Some((agreed.on, PenaltyTerms { late: late?, rate: rate?, period: period?, cap, document }))
        })();
        fields.finish(contract.map(|contract| ScheduleRow { contract, completed_on, terms }))
    }
}
