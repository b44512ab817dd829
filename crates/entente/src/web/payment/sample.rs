//! Sample money, for the test that renders every template.

use entente_register::brief::{BankMoney, ContractMoney, NO_BANK, PartnerMoney, Payments, UnpaidInstalment};
use entente_register::document::Document;
use entente_register::money::{Currency, Money};
use entente_register::payment::{
    Conversion, Delay, DueRule, ExchangeRate, InstalmentKind, Late, Lender, PenaltyClaimed, PenaltyTerms,
    Percent, Period, Rate, RateBasis,
};
use entente_store::reader::{
    ContractPayments, InstalmentRow, Listing, Page, PaymentsView, PenaltyRow, RateRow, ReceiptPart,
    ReceiptRow, ScheduleRow,
};

use crate::web::sample::{self, HOSTILE, day};

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn quoted() -> ExchangeRate {
    ExchangeRate {
        from: "EUR".parse().unwrap(),
        units: 1,
        to: Currency::USD,
        rate: Rate::parse("rate", "1.2905").unwrap(),
    }
}

fn paper() -> Document {
    Document { title: HOSTILE.to_owned(), dated: day("2012-05-14"), content: Some("ab".repeat(32)) }
}

pub(crate) fn rate() -> RateRow {
    RateRow {
        number: "O-2012-0015.EUR-USD".to_owned(),
        on: day("2012-05-14"),
        quoted: quoted(),
        source: HOSTILE.to_owned(),
        contract: Some("O-2012-0015".to_owned()),
        version: 1,
    }
}

fn penalty() -> PenaltyRow {
    PenaltyRow {
        number: "O-2012-0015.P1".to_owned(),
        contract: "O-2012-0015".to_owned(),
        partner: "BRA".to_owned(),
        claim: PenaltyClaimed {
            delay: Delay::Delivery("O-2012-0015.2.7".to_owned()),
            value: usd(100_000_000),
            due_on: day("2012-05-31"),
            done_on: Some(day("2012-06-17")),
            days: 17,
            periods: 2,
            rate: Percent::parse("rate", "0.5").unwrap(),
            period: Period::FullWeek,
            cap: Some(Percent::parse("cap", "8").unwrap()),
            proposed: usd(1_000_000),
            amount: usd(1_000_000),
            document: None,
        },
        claimed_on: day("2012-07-01"),
        amount: usd(900_000),
        state: "agreed".to_owned(),
        label: sample::label(),
        version: 2,
    }
}

pub(crate) fn contract() -> ContractPayments {
    let instalment = |number: &str, due: DueRule, due_on: Option<&str>| InstalmentRow {
        number: number.to_owned(),
        reference: Some(HOSTILE.to_owned()),
        kind: InstalmentKind::DeferredCredit,
        lender: Some(Lender::Bank),
        bank: Some(("O-P0007".to_owned(), HOSTILE.to_owned())),
        amount: usd(500_000_000),
        received: 100_000_000,
        due,
        due_on: due_on.map(day),
        state: "scheduled".to_owned(),
        label: sample::label(),
        version: 1,
    };
    let milestone = DueRule::AfterMilestone { milestone: HOSTILE.to_owned(), on: None, days: 30 };
    ContractPayments {
        contract: "O-2012-0015".to_owned(),
        currency: Currency::USD,
        schedule: ScheduleRow {
            complete: true,
            declared_on: Some(day("2012-02-01")),
            value: 1_000_000_000,
            scheduled: 900_000_000,
            received: 129_050_000,
            overdue: 400_000_000,
            terms: vec![PenaltyTerms {
                late: Late::Delivery,
                rate: Percent::parse("rate", "0.5").unwrap(),
                period: Period::FullWeek,
                cap: None,
                document: paper(),
            }],
            version: 2,
        },
        instalments: vec![
            instalment("O-2012-0015.I1", DueRule::Fixed { on: day("2012-06-30") }, Some("2012-06-30")),
            instalment("O-2012-0015.I2", milestone, None),
        ],
        receipts: vec![ReceiptRow {
            number: "O-2012-0015.R1".to_owned(),
            reference: Some(HOSTILE.to_owned()),
            received_on: day("2012-05-14"),
            amount: Money::new(100_000_000, "EUR".parse().unwrap()),
            value: usd(129_050_000),
            conversion: Some(Conversion {
                basis: RateBasis::RateOfTheDay,
                quoted: quoted(),
                dated: day("2012-05-14"),
                source: HOSTILE.to_owned(),
                rate: "EUR-USD-2012-05-14".to_owned(),
            }),
            bank: Some(("O-P0007".to_owned(), HOSTILE.to_owned())),
            parts: vec![ReceiptPart { instalment: "O-2012-0015.I1".to_owned(), amount: 100_000_000 }],
            document: paper(),
            label: sample::label(),
            version: 1,
        }],
        penalties: vec![penalty()],
        rates: vec![rate()],
        history: sample::contract()
            .history
            .into_iter()
            .map(|row| ("receipt:O-2012-0015.R1".to_owned(), row))
            .collect(),
        label: sample::label(),
    }
}

pub(crate) fn payments() -> PaymentsView {
    let conventions = sample::brief().conventions;
    let unpaid = UnpaidInstalment {
        instalment: "O-2012-0015.I1".to_owned(),
        contract: "O-2012-0015".to_owned(),
        partner: "BRA".to_owned(),
        kind: InstalmentKind::OnDelivery,
        amount: 500_000_000,
        received: 100_000_000,
        due_on: Some(day("2012-06-30")),
        due: HOSTILE.to_owned(),
        bank: None,
    };
    let bank = |bank: &str| BankMoney {
        bank: bank.to_owned(),
        name: HOSTILE.to_owned(),
        exposure: 200_000_000,
        on_credit: 0,
    };
    PaymentsView {
        currencies: vec!["EUR".parse().unwrap(), Currency::USD],
        figures: Payments {
            received: 129_050_000,
            receipts: 1,
            overdue_instalments: 1,
            overdue_value: 400_000_000,
            receivable: 400_000_000,
            on_credit: 0,
            by_partner: vec![PartnerMoney {
                code: "BRA".to_owned(),
                name: HOSTILE.to_owned(),
                receivable: 400_000_000,
                on_credit: 0,
                overdue: 400_000_000,
            }],
            by_bank: vec![bank("O-P0007"), bank(NO_BANK)],
            contracts: 1,
        },
        conventions,
        contracts: vec![ContractMoney {
            contract: "O-2012-0015".to_owned(),
            partner: "BRA".to_owned(),
            title: HOSTILE.to_owned(),
            state: "in_force".to_owned(),
            value: 1_000_000_000,
            scheduled: 900_000_000,
            complete: false,
            delivered: 529_050_000,
            received: 129_050_000,
        }],
        overdue: vec![unpaid.clone()],
        coming: vec![unpaid],
        penalties: Listing { rows: vec![penalty()], total: 1, page: Page::first(50) },
        marking: Some(sample::label()),
    }
}
