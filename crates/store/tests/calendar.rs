//! Lines by the day on which they are due.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_register::access::{Actor, Role};
use entente_register::label::{Clearance, Level};
use entente_register::money::Quantity;
use entente_store::reader::{DueFilter, DueState, Page};
use entente_testing::{TestDatabase, on_both};
use jiff::civil::date;
use support::*;

on_both! {
async fn a_line_stands_in_the_calendar_as_it_stands_on_the_day(database: TestDatabase) {
    let register = Register::founded(&database).await;
    // Each has one line of ten pieces, due on 2012-06-30.
    let whole = register.contract("OFFICIAL").await;
    let part = register.contract("SECRET").await;
    for (contract, pieces) in [(&whole, 10), (&part, 4)] {
        let handed = register.hand_over(&format!("{contract}.1"), pieces, date(2012, 5, 2)).await.unwrap();
        register.accept(&handed.subject.key, date(2012, 5, 20)).await.unwrap();
    }
    let year = DueFilter { from: Some(date(2012, 1, 1)), to: Some(date(2012, 12, 31)), ..DueFilter::default() };
    let on = async |day| register.store.reader(&register.operator, Some(day), None).await.unwrap();
    let states = async |day, filter: &DueFilter| {
        let found = on(day).await.calendar(filter, Page::first(10)).await.unwrap();
        assert_eq!(found.total, found.rows.len() as i64);
        found.rows.iter().map(|row| (row.state, row.delivered)).collect::<Vec<_>>()
    };
    let (none, four, ten) = (Quantity(0), Quantity::whole(4), Quantity::whole(10));
    assert_eq!(states(date(2012, 5, 1), &year).await, [(DueState::Open, none), (DueState::Open, none)]);
    assert_eq!(states(date(2012, 6, 1), &year).await, [(DueState::Delivered, ten), (DueState::Open, four)]);
    assert_eq!(states(date(2012, 6, 30), &year).await, [(DueState::Delivered, ten), (DueState::Overdue, four)]);
    let open = DueFilter { open: true, ..DueFilter::default() };
    assert_eq!(states(date(2012, 6, 30), &open).await, [(DueState::Overdue, four)]);
    for other in [
        DueFilter { to: Some(date(2012, 6, 29)), ..DueFilter::default() },
        DueFilter { from: Some(date(2012, 7, 1)), ..DueFilter::default() },
        DueFilter { partner: Some("IND".into()), ..DueFilter::default() },
        DueFilter { manufacturer: Some("P-P0002".into()), ..DueFilter::default() },
        DueFilter { contracts: Some(vec![]), ..DueFilter::default() },
        DueFilter { partner: Some("B\0RA".into()), ..DueFilter::default() },
    ] {
        assert_eq!(states(date(2012, 6, 30), &other).await, [], "{other:?}");
    }
    let contracts = DueFilter { contracts: Some(vec![part.clone()]), ..DueFilter::default() };
    assert_eq!(states(date(2012, 6, 30), &contracts).await, [(DueState::Overdue, four)]);

    let months = on(date(2012, 6, 30)).await.calendar_months(&year).await.unwrap();
    let found: Vec<_> = months.iter().map(|one| (one.month, one.lines, one.open)).collect();
    assert_eq!(found, [(date(2012, 6, 1), 2, 1)]);
    // Before the signature there is nothing to be due.
    assert_eq!(states(date(2012, 1, 1), &year).await, []);

    // Whoever is not cleared sees and counts the others alone; without a part in a contract, none.
    let officer = actor("officer", Role::ContractOfficer, Clearance::of(Level::Official));
    let reader = register.store.reader(&officer, Some(date(2012, 6, 30)), None).await.unwrap();
    let seen = reader.calendar(&year, Page::first(10)).await.unwrap();
    assert_eq!((seen.total, seen.rows[0].contract.as_str()), (1, whole.as_str()));
    assert_eq!(reader.calendar_months(&year).await.unwrap()[0].lines, 1);
    let stranger =
        Actor { party: Some("P-P0009".into()), ..actor("maker", Role::Manufacturer, Clearance::full()) };
    let reader = register.store.reader(&stranger, Some(date(2012, 6, 30)), None).await.unwrap();
    assert_eq!(reader.calendar(&year, Page::first(10)).await.unwrap().total, 0);
    assert_eq!(reader.calendar_months(&year).await.unwrap(), []);
    let nobody = actor("administrator", Role::Administrator, Clearance::full());
    let reader = register.store.reader(&nobody, None, None).await.unwrap();
    assert_eq!(code(reader.calendar(&year, Page::first(1)).await), "access.read");
    assert_eq!(code(reader.calendar_months(&year).await), "access.read");
    register.store.close().await;
}
}
