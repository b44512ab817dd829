//! The files of partners and parties: sums that agree with the rows behind them, for whoever may see those.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_register::access::{Actor, Role};
use entente_register::label::{Clearance, Level};
use entente_store::reader::{BookSums, BriefOptions, ContractFilter, ContractSort, DueFilter, Page, Reader};
use entente_testing::{TestDatabase, on_both};
use jiff::civil::date;
use support::history::History;
use support::*;

const PARTNERS: [&str; 2] = ["BRA", "IND"];

/// The sums of a partner, by hand from its rows.
async fn by_hand(reader: &Reader, partner: &str) -> (Vec<(String, i64, i64)>, i64, i64, i64) {
    let filter = ContractFilter { partner: Some(partner.into()), ..ContractFilter::default() };
    let contracts = reader.contracts(&filter, ContractSort::Number, false, Page::first(500)).await.unwrap();
    assert_eq!(contracts.total, contracts.rows.len() as i64);
    let usd = BriefOptions::default().currency;
    let mut states = std::collections::BTreeMap::<String, (i64, i64)>::new();
    for row in contracts.rows.iter().filter(|row| row.amount.currency == usd) {
        let sum = states.entry(row.state.clone()).or_default();
        *sum = (sum.0 + 1, sum.1 + row.amount.minor);
    }
    let open = DueFilter { partner: Some(partner.into()), open: true, ..DueFilter::default() };
    let lines = reader.calendar(&open, Page::first(500)).await.unwrap();
    let lines: Vec<_> = lines.rows.iter().filter(|row| row.amount.currency == usd).collect();
    let overdue = lines.iter().filter(|row| row.due_on <= reader.as_of()).count() as i64;
    let owed = lines.iter().map(|row| row.amount.minor - row.delivered_amount).sum();
    let states = states.into_iter().map(|(state, (number, amount))| (state, number, amount)).collect();
    (states, lines.len() as i64, overdue, owed)
}

fn told(sums: &BookSums) -> (Vec<(String, i64, i64)>, i64, i64, i64) {
    let states = sums.states.iter().map(|one| (one.state.clone(), one.contracts, one.amount)).collect();
    (states, sums.open_lines, sums.overdue_lines, sums.owed)
}

on_both! {
async fn sums_agree_with_the_rows_behind_them(database: TestDatabase) {
    let register = Register::founded(&database).await;
    History::seeded(11).run(&register, 160).await;
    let officer = actor("officer", Role::ContractOfficer, Clearance::of(Level::Official));
    for who in [&register.operator, &officer] {
        for day in [date(2012, 3, 31), date(2012, 9, 30)] {
            let reader = register.store.reader(who, Some(day), None).await.unwrap();
            for partner in PARTNERS {
                let file = reader.partner_file(partner, &BriefOptions::default()).await.unwrap();
                assert_eq!(told(&file.sums), by_hand(&reader, partner).await, "{partner} {day}");
                let years = file.years.unwrap();
                let brief = reader.brief(&BriefOptions::default()).await.unwrap();
                let row = brief.by_partner.iter().find(|row| row.code == partner);
                let this = years.iter().find(|year| year.year == 2012).map_or(0, |year| year.amount);
                assert_eq!(this, row.map_or(0, |row| row.delivered), "{partner} {day}");
            }
        }
    }
    register.store.close().await;
}

async fn a_party_s_file_is_for_those_who_see_the_party(database: TestDatabase) {
    let register = Register::founded(&database).await;
    let contract = register.contract("OFFICIAL").await;
    register.contract("SECRET").await;
    let reader = register.store.reader(&register.operator, None, None).await.unwrap();
    let file = reader.party_file("P-P0001", &BriefOptions::default()).await.unwrap();
    assert_eq!(file.name, "Example Works");
    assert_eq!(file.sums.states.iter().map(|one| one.contracts).sum::<i64>(), 2);
    assert!(file.roles.iter().all(|(_, contracts)| *contracts == 2), "{:?}", file.roles);
    assert_eq!(file.marking.unwrap().to_string(), "SECRET");

    let officer = actor("officer", Role::ContractOfficer, Clearance::of(Level::Official));
    let reader = register.store.reader(&officer, None, None).await.unwrap();
    let file = reader.party_file("P-P0001", &BriefOptions::default()).await.unwrap();
    assert_eq!(file.sums.states.iter().map(|one| one.contracts).sum::<i64>(), 1);

    // Each sees those with whom they share a contract, and whoever they act for.
    let own = |party: &str| Actor {
        party: Some(party.into()),
        ..actor("exporter", Role::Exporter, Clearance::of(Level::Official))
    };
    let reader = register.store.reader(&own("P-P0001"), None, None).await.unwrap();
    let seen = reader.contract(&contract).await.unwrap();
    for party in seen.parties.iter().map(|party| party.party.as_str()) {
        reader.party_file(party, &BriefOptions::default()).await.unwrap();
    }
    let file = reader.partner_file("BRA", &BriefOptions::default()).await.unwrap();
    assert_eq!((file.sums.states.len(), file.years), (1, None));
    let reader = register.store.reader(&own("P-P0009"), None, None).await.unwrap();
    assert_eq!(code(reader.party_file("P-P0001", &BriefOptions::default()).await), "not_found");
    for nobody in ["P-P0099", "", "P\0"] {
        assert_eq!(code(reader.party_file(nobody, &BriefOptions::default()).await), "not_found");
    }
    assert_eq!(code(reader.partner_file("XXX", &BriefOptions::default()).await), "not_found");
    assert!(reader.partner_file("BRA", &BriefOptions::default()).await.unwrap().sums.states.is_empty());
    register.store.close().await;
}
}
