//! Two briefs for the golden tests of the formats: one with figures of every sort, one of an empty register.
#![allow(clippy::inconsistent_digit_grouping, reason = "the last two digits are cents")]

use entente_register::brief::{
    Brief, Conventions, Delivered, Facts, GroupFacts, LineCount, OpenLine, Outstanding, PaymentFacts,
    PlanFacts, Planned, Slip, StateCount, compute,
};
use entente_register::contract::delivery::Counting;
use entente_register::contract::plan::PlanVersion;
use entente_register::money::Currency;
use jiff::civil::date;

fn conventions() -> Conventions {
    Conventions {
        as_of: date(2012, 9, 30),
        known_at: "2012-10-01T00:00:00Z".parse().unwrap(),
        counting: Counting::TitlePassed,
        plan: None,
        currency: Currency::USD,
        scope: "all contracts".to_owned(),
        other_currencies: vec!["EUR".parse().unwrap()],
    }
}

/// A register that holds nothing.
pub(crate) fn nothing() -> Brief {
    compute(&Facts {
        conventions: Conventions { other_currencies: Vec::new(), ..conventions() },
        ..facts(&[])
    })
}

/// The year to its end, as it was known three months before.
pub(crate) fn past_the_horizon() -> Brief {
    compute(&Facts {
        conventions: Conventions { as_of: date(2012, 12, 31), ..conventions() },
        ..facts(&[(2011, 13_200_000_000_00), (2012, 10_700_000_000_00)])
    })
}

/// Four years of deliveries to two partners.
pub(crate) fn brief() -> Brief {
    let amounts = [
        (2009, 7_400_000_000_00),
        (2010, 10_000_000_000_00),
        (2011, 13_200_000_000_00),
        (2012, 10_700_000_000_00),
    ];
    let mut facts = facts(&amounts);
    facts.plans = vec![PlanFacts {
        version: PlanVersion { year: 2012, version: 3 },
        approved_on: date(2012, 6, 1),
        items: (1..=12)
            .flat_map(|month| {
                [("IND", 800_000_000_00), ("VNM", 330_000_000_00)].map(|(partner, amount)| Planned {
                    month,
                    partner: partner.to_owned(),
                    amount,
                    to_date: if month <= 9 { amount } else { 0 },
                })
            })
            .collect(),
    }];
    facts.open_lines = vec![
        open("O-2011-0007.1", "IND", "Patrol boats", date(2012, 8, 15), 250_000_000_00, 100_000_000_00),
        open("O-2012-0015.2", "VNM", "Radar stations with training", date(2012, 11, 30), 90_000_000_00, 0),
        open("O-2012-0015.3", "VNM", "Spare parts", date(2013, 6, 30), 41_500_000_50, 0),
    ];
    facts.line_counts =
        vec![LineCount { year: 2011, due: 40, on_time: 33 }, LineCount { year: 2012, due: 30, on_time: 27 }];
    facts.outstanding = vec![
        Outstanding { year: 2010, partner: "IND".to_owned(), amount: 3_000_000_000_00 },
        Outstanding { year: 2011, partner: "IND".to_owned(), amount: 2_000_000_000_00 },
    ];
    facts.slips = vec![
        Slip { year: 2010, partner: "IND".to_owned(), due: 20, slipped: 2 },
        Slip { year: 2011, partner: "VNM".to_owned(), due: 20, slipped: 4 },
    ];
    facts.contracts = vec![
        state("O-2011-0007", "IND", "Boats", "in_force", 1),
        state("O-2012-0015", "VNM", "Radars", "in_force", 0),
        state("O-2012-0020", "VNM", "Engines", "suspended", 0),
    ];
    compute(&facts)
}

fn facts(years: &[(i16, i64)]) -> Facts {
    let delivered = years
        .iter()
        .flat_map(|(year, amount)| {
            let months = if *year == 2012 { 9 } else { 12 };
            (1..=months).flat_map(move |month| {
                [("IND", 3, 5), ("VNM", 2, 5)].map(|(partner, part, whole)| {
                    let amount = amount / i64::from(months) * part / whole;
                    Delivered {
                        year: *year,
                        month,
                        partner: partner.to_owned(),
                        amount,
                        to_date: if month <= 9 { amount } else { 0 },
                        count: 20,
                        count_to_date: if month <= 9 { 20 } else { 0 },
                    }
                })
            })
        })
        .collect();
    Facts {
        conventions: conventions(),
        delivered,
        delivered_twelve_months: years.last().map_or(0, |y| y.1 + 3_000_000_000_00),
        plans: Vec::new(),
        plan_missing: None,
        open_lines: Vec::new(),
        line_counts: Vec::new(),
        outstanding: Vec::new(),
        slips: Vec::new(),
        contracts: Vec::new(),
        signed: years.len() as i64 * 3_100_000_000_00,
        signed_count: years.len() as i64,
        partners: [("IND", "India"), ("VNM", "Viet Nam")]
            .map(|(code, name)| (code.to_owned(), name.to_owned()))
            .into(),
        groups: vec![GroupFacts {
            code: "BRICS".to_owned(),
            name: "BRICS".to_owned(),
            members: vec!["BRA".to_owned(), "IND".to_owned()],
        }],
        payments: PaymentFacts::default(),
        opportunities: Vec::new(),
    }
}

fn open(
    line: &str,
    partner: &str,
    what: &str,
    due_on: jiff::civil::Date,
    amount: i64,
    delivered: i64,
) -> OpenLine {
    OpenLine {
        line: line.to_owned(),
        contract: line.split('.').next().unwrap_or_default().to_owned(),
        partner: partner.to_owned(),
        description: what.to_owned(),
        due_on,
        amount,
        delivered,
        contract_state: "in_force".to_owned(),
    }
}

fn state(contract: &str, partner: &str, title: &str, state: &str, open_claims: i64) -> StateCount {
    StateCount {
        contract: contract.to_owned(),
        partner: partner.to_owned(),
        title: title.to_owned(),
        state: state.to_owned(),
        open_claims,
        slippages: 0,
    }
}
