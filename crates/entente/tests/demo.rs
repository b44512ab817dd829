//! The demonstration built into a register, and the brief on it.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // The permission for tests does not reach their helper functions.

use std::collections::BTreeMap;

use entente::demo::{self, SHOWN_AT, SHOWN_ON, Step};
use entente_register::access::Actor;
use entente_register::brief::{Brief, FigureName, Known, Method};
use entente_register::command::Command;
use entente_register::contract::ContractCommand;
use entente_register::contract::delivery::{Counting, DeliveryCommand};
use entente_register::contract::line::contract_of;
use entente_register::label::Clearance;
use entente_register::money::{Currency, Money};
use entente_store::reader::{BriefOptions, Page};
use entente_store::{DatabaseUrl, Store, StoreOptions};
use jiff::civil::{Date, date};

fn operator() -> Actor {
    Actor::operator(Clearance::full())
}

async fn built(folder: &tempfile::TempDir, name: &str) -> Store {
    let url: DatabaseUrl = format!("sqlite:{}", folder.path().join(name).display()).parse().unwrap();
    let started = std::time::Instant::now();
    let mut told = 0;
    assert!(demo::make(&url, &mut |_, _| told += 1).await.unwrap());
    assert!(told > 10);
    println!("built in {:.1} s", started.elapsed().as_secs_f64());
    Store::open(&url, StoreOptions::system().unwrap()).await.unwrap()
}

async fn last_hash(store: &Store) -> (i64, String) {
    let reader = store.reader(&operator(), None, None).await.unwrap();
    let events = reader.events(Page::first(1)).await.unwrap();
    (events.total, events.rows[0].hash.clone())
}

async fn brief(store: &Store, as_of: Date, known_at: &str, options: &BriefOptions) -> Brief {
    let reader = store.reader(&operator(), Some(as_of), Some(known_at.parse().unwrap())).await.unwrap();
    reader.brief(options).await.unwrap()
}

fn shown(amount: i64) -> String {
    Money::new(amount, Currency::USD).decimal()
}

fn known<T: Clone + std::fmt::Debug>(value: &Known<T>) -> T {
    value.value().cloned().unwrap_or_else(|| panic!("unknown: {value:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_built_alike_twice_and_gives_the_stated_figures() {
    let folder = tempfile::tempdir().unwrap();
    let store = built(&folder, "one.db").await;
    let again = built(&folder, "two.db").await;
    assert_eq!(last_hash(&store).await, last_hash(&again).await);
    again.close().await;

    for (name, value) in
        [("demonstration", "true"), ("default_as_of", "2012-09-30"), ("default_known_at", SHOWN_AT)]
    {
        assert_eq!(store.setting(name).await.unwrap().as_deref(), Some(value));
    }
    // A demonstration that is there is left as it is.
    let before = last_hash(&store).await;
    assert!(!demo::make(store.url(), &mut |_, _| ()).await.unwrap());
    assert_eq!(last_hash(&store).await, before);

    stated_figures(&store).await;
    texture(&store).await;
    counting_rules(&store).await;
    store.close().await;
}

async fn stated_figures(store: &Store) {
    let usual = BriefOptions::default();
    let shown_brief = brief(store, SHOWN_ON, SHOWN_AT, &usual).await;
    let deliveries = &shown_brief.deliveries;
    assert_eq!(shown(deliveries.delivered), "10700000000.00");
    assert_eq!(shown(known(&deliveries.plan_year)), "13560000000.00");
    assert_eq!(known(&shown_brief.plan).to_string(), "2012:3");
    assert_eq!(known(&deliveries.execution_pct).to_string(), "78.9");
    assert_eq!(shown(shown_brief.previous_year.delivered), "13200000000.00");
    assert_eq!(known(&shown_brief.previous_year.plan_change_pct).to_string(), "2.7");
    let run_rate = &shown_brief.forecasts[0];
    assert_eq!(run_rate.method, Method::RunRate);
    assert_eq!(shown(known(&run_rate.mid)), "14292700729.93");
    // The later plan does not change it, although it is known by then.
    let later = brief(store, SHOWN_ON, "2013-06-01T00:00:00Z", &usual).await;
    assert_eq!(known(&later.plan).to_string(), "2012:3");

    let november = brief(store, SHOWN_ON, "2012-11-01T00:00:00Z", &usual).await;
    assert_eq!(shown(november.deliveries.delivered), "10701000000.00");

    let year_end = date(2012, 12, 31);
    let whole = brief(store, year_end, "2013-06-01T00:00:00Z", &usual).await;
    assert_eq!(shown(whole.deliveries.delivered), "15160000000.00");
    assert_eq!(known(&whole.plan).to_string(), "2012:4");
    let third = BriefOptions { plan: Some("2012:3".parse().unwrap()), ..usual };
    let against_third = brief(store, year_end, "2013-06-01T00:00:00Z", &third).await;
    assert_eq!(known(&against_third.deliveries.execution_pct).to_string(), "111.8");

    // Every figure opens to rows that sum to it.
    let reader = store.reader(&operator(), Some(SHOWN_ON), Some(SHOWN_AT.parse().unwrap())).await.unwrap();
    for (name, value) in [
        (FigureName::Delivered, deliveries.delivered),
        (FigureName::PlanYear, known(&deliveries.plan_year)),
        (FigureName::PreviousDelivered, shown_brief.previous_year.delivered),
        (FigureName::PreviousSameDate, shown_brief.previous_year.delivered_same_date),
        (FigureName::Overdue, deliveries.overdue_value),
        (FigureName::Backlog, shown_brief.order_book.backlog),
        (FigureName::Signed, shown_brief.order_book.signed),
    ] {
        let opened = reader.figure(&usual, &name, Page::first(5)).await.unwrap();
        assert_eq!(opened.sources_sum, value, "{name}");
        assert!(opened.sources.total > 0, "{name}");
    }
}

/// The figures beside the stated ones are such as a chair would believe.
async fn texture(store: &Store) {
    let brief = brief(store, SHOWN_ON, SHOWN_AT, &BriefOptions::default()).await;
    let tenths = |value: &Known<entente_register::money::Decimal>| known(value).scaled;
    assert!((80..=120).contains(&tenths(&brief.deliveries.spi)), "{:?}", brief.deliveries.spi);
    assert!((700..=950).contains(&tenths(&brief.deliveries.on_time_pct)));
    assert!((5..=60).contains(&brief.deliveries.overdue_lines), "{}", brief.deliveries.overdue_lines);
    let contracts = &brief.contracts;
    assert!(contracts.behind >= 5 && contracts.as_planned > contracts.behind, "{contracts:?}");
    assert!((100..=400).contains(&tenths(&brief.order_book.years_of_cover)));
    assert!(brief.by_partner.len() >= 27, "{}", brief.by_partner.len());
    let members: BTreeMap<&str, &Vec<String>> =
        brief.by_group.iter().map(|g| (g.code.as_str(), &g.members)).collect();
    assert_eq!(*members["BRICS"], ["BRA", "CHN", "IND", "RUS", "ZAF"]);
    assert!(members["CIS"].contains(&"KAZ".to_owned()) && !members["CIS"].contains(&"GEO".to_owned()));
    assert_eq!(brief.conventions.other_currencies.len(), 1);
    for method in [Method::RunRate, Method::Plan] {
        let forecast = brief.forecasts.iter().find(|f| f.method == method).unwrap();
        assert_eq!(forecast.backtests.len(), 3, "{method:?}");
        assert!(forecast.interval.value().is_some());
    }
    for method in [Method::Seasonal, Method::BottomUp] {
        let forecast = brief.forecasts.iter().find(|f| f.method == method).unwrap();
        assert!(forecast.mid.value().is_some() && forecast.interval.reason().is_some(), "{method:?}");
    }
    // In 2009, before South Africa joined.
    let early = store.reader(&operator(), Some(date(2009, 12, 31)), None).await.unwrap();
    let early = early.brief(&BriefOptions::default()).await.unwrap();
    let brics = early.by_group.iter().find(|g| g.code == "BRICS").unwrap();
    assert_eq!(brics.members, ["BRA", "CHN", "IND", "RUS"]);
}

/// Whatever the counting rule, no delivery is counted twice or never; goods of the year's last day move years.
async fn counting_rules(store: &Store) {
    let known = "2020-01-01T00:00:00Z";
    let mut of_year: BTreeMap<(Counting, i16), i64> = BTreeMap::new();
    for counting in Counting::ALL {
        for year in 2008..=2014 {
            let options = BriefOptions { counting, ..BriefOptions::default() };
            let brief = brief(store, date(year, 12, 31), known, &options).await;
            of_year.insert((counting, year), brief.deliveries.delivered);
        }
    }
    let total = |counting| of_year.iter().filter(|(k, _)| k.0 == counting).map(|(_, v)| v).sum::<i64>();
    let (passed, handed) = (total(Counting::TitlePassed), total(Counting::HandedOver));
    // What is handed over and not accepted by the end is all that the two sums differ by.
    let options = |counting| BriefOptions { counting, ..BriefOptions::default() };
    let backlog = |counting| async move {
        brief(store, date(2014, 12, 31), known, &options(counting)).await.order_book.backlog
    };
    let in_transit = backlog(Counting::TitlePassed).await - backlog(Counting::HandedOver).await;
    assert!(in_transit > 0);
    assert_eq!(handed - passed, in_transit);
    let handed_2012 = of_year[&(Counting::HandedOver, 2012)];
    assert_ne!(handed_2012, of_year[&(Counting::TitlePassed, 2012)]);

    // Each delivery that stands is counted once under each rule, and one that was
    // returned or annulled not at all: a return takes back what the hand-over counted.
    let mut found: BTreeMap<String, BTreeMap<(Counting, i16), i64>> = BTreeMap::new();
    for counting in Counting::ALL {
        for year in 2009..=2013 {
            let reader = store
                .reader(&operator(), Some(date(year, 12, 31)), Some(known.parse().unwrap()))
                .await
                .unwrap();
            let mut page = Page::first(500);
            loop {
                let opened = reader.figure(&options(counting), &FigureName::Delivered, page).await.unwrap();
                for row in &opened.sources.rows {
                    *found.entry(row.number.clone()).or_default().entry((counting, year)).or_default() +=
                        row.amount.signum();
                }
                page.offset += page.limit;
                if page.offset >= opened.sources.total {
                    break;
                }
            }
        }
    }
    let times = |at: &BTreeMap<(Counting, i16), i64>, counting| -> i64 {
        at.iter().filter(|((c, _), _)| *c == counting).map(|(_, n)| n).sum()
    };
    let (mut moved, mut accepted) = (0, 0);
    for (number, at) in &found {
        let (passed, handed) = (times(at, Counting::TitlePassed), times(at, Counting::HandedOver));
        assert!((0..=1).contains(&handed) && (0..=handed).contains(&passed), "{number}: {at:?}");
        accepted += passed;
        let year_of = |counting| at.iter().find(|((c, _), n)| *c == counting && **n == 1).map(|(k, _)| k.1);
        moved += i32::from(
            (year_of(Counting::TitlePassed), year_of(Counting::HandedOver)) == (Some(2013), Some(2012)),
        );
    }
    assert!(moved >= 3, "{moved} deliveries move years");
    assert_eq!(accepted, standing_acceptances());
}

/// Acceptances in dollars that the steps ask for, without those that are annulled.
fn standing_acceptances() -> i64 {
    let mut standing: BTreeMap<String, bool> = BTreeMap::new();
    let mut euro = Vec::new();
    for step in demo::steps() {
        let Step::Execute { request, subject: Some(subject), .. } = step else { continue };
        match request.command {
            Command::Contract { command: ContractCommand::Open(new), .. }
                if new.currency != Currency::USD =>
            {
                euro.push(subject.key);
            }
            Command::Delivery { command: DeliveryCommand::Accept { .. }, .. } => {
                standing.insert(subject.key, true);
            }
            Command::Delivery { command: DeliveryCommand::Annul { .. }, .. } => {
                standing.remove(&subject.key);
            }
            _ => {}
        }
    }
    standing.retain(|number, _| !euro.iter().any(|contract| contract == contract_of(number)));
    standing.len() as i64
}
