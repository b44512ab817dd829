//! The demonstration without a database: its steps, summed.

use std::collections::BTreeMap;

use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::line::LineCommand;
use entente_register::contract::plan::PlanCommand;
use entente_register::contract::{ContractCommand, line};
use entente_register::label::Level;
use entente_register::money::{Currency, Quantity};
use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::{Step, steps};

/// A million dollars in cents.
const MILLION: i64 = 100_000_000;

struct Delivery {
    amount: i64,
    dollars: bool,
    handed_over: Date,
    accepted: Option<(Date, Timestamp)>,
    gone: bool,
}

/// What the steps come to, reckoned by itself.
#[derive(Default)]
struct Sums {
    contracts: BTreeMap<String, (Currency, bool, String)>,
    labels: BTreeMap<String, usize>,
    prices: BTreeMap<String, i64>,
    /// Prices by what is sold.
    goods: BTreeMap<String, Vec<i64>>,
    deliveries: BTreeMap<String, Delivery>,
    plans: BTreeMap<String, (i64, Option<(Date, Timestamp)>)>,
    papers: usize,
    commands: BTreeMap<&'static str, usize>,
    texts: Vec<String>,
}

fn sums() -> Sums {
    let mut sums = Sums::default();
    let mut now = Timestamp::UNIX_EPOCH;
    for step in steps() {
        match step {
            Step::At(at) => {
                assert!(at >= now, "the clock goes back");
                now = at;
            }
            Step::KeepDocument { bytes, .. } => {
                sums.papers += 1;
                sums.texts.push(String::from_utf8(bytes).unwrap());
            }
            Step::KeepList { .. } | Step::Screen { .. } => {}
            Step::Execute { request, subject, .. } => {
                *sums.commands.entry(request.command.kind().word()).or_default() += 1;
                let Some(subject) = subject else { continue };
                sums.take(request.command, &subject.key, now);
            }
        }
    }
    sums
}

impl Sums {
    fn take(&mut self, command: Command, key: &str, now: Timestamp) {
        match command {
            Command::Contract { command: ContractCommand::Open(new), .. } => {
                *self.labels.entry(new.label.to_string()).or_default() += 1;
                let marked = new.label.level > Level::Official;
                self.contracts.insert(key.to_owned(), (new.currency, marked, new.title));
            }
            Command::Line { command: LineCommand::Add(new), .. } => {
                self.goods.entry(new.description).or_default().push(new.unit_price.minor);
                self.prices.insert(key.to_owned(), new.unit_price.minor);
            }
            Command::Line { command: LineCommand::Amend { change, .. }, .. } => {
                if let Some(price) = change.unit_price {
                    self.prices.insert(key.to_owned(), price.minor);
                }
            }
            Command::Delivery { command, .. } => match command {
                DeliveryCommand::HandOver { line: number, quantity, on, .. } => {
                    let Quantity(thousandths) = quantity;
                    let delivery = Delivery {
                        amount: thousandths / 1000 * self.prices[&number],
                        dollars: self.contracts[line::contract_of(&number)].0 == Currency::USD,
                        handed_over: on,
                        accepted: None,
                        gone: false,
                    };
                    assert!(self.deliveries.insert(key.to_owned(), delivery).is_none());
                }
                DeliveryCommand::Accept { on, .. } => {
                    self.deliveries.get_mut(key).unwrap().accepted = Some((on, now));
                }
                DeliveryCommand::RecordSerials { .. } => {}
                DeliveryCommand::Return { .. } | DeliveryCommand::Annul { .. } => {
                    self.deliveries.get_mut(key).unwrap().gone = true;
                }
            },
            Command::Plan { command, .. } => {
                let plan = self.plans.entry(key.to_owned()).or_default();
                match command {
                    PlanCommand::AddItems { items } => {
                        plan.0 += items
                            .iter()
                            .map(|item| item.amount.replace('.', "").parse::<i64>().unwrap())
                            .sum::<i64>();
                    }
                    PlanCommand::Approve { on, .. } => plan.1 = Some((on, now)),
                    PlanCommand::Draft { .. }
                    | PlanCommand::Propose { .. }
                    | PlanCommand::Agree { .. }
                    | PlanCommand::Object { .. }
                    | PlanCommand::Return { .. }
                    | PlanCommand::Discard => {}
                }
            }
            _ => {}
        }
    }

    /// Accepted in dollars in a span of days, as known at an instant.
    fn accepted(&self, from: Date, to: Date, known: &str) -> i64 {
        let known: Timestamp = known.parse().unwrap();
        self.deliveries
            .values()
            .filter(|d| d.dollars && !d.gone)
            .filter(|d| d.accepted.is_some_and(|(on, at)| on >= from && on <= to && at <= known))
            .map(|d| d.amount)
            .sum()
    }

    fn accepted_in(&self, year: i16) -> i64 {
        self.accepted(date(year, 1, 1), date(year, 12, 31), "2099-01-01T00:00:00Z")
    }
}

#[test]
fn the_totals_are_the_stated_ones() {
    let sums = sums();
    assert_eq!(sums.accepted_in(2011), 13_200 * MILLION);
    assert_eq!(sums.accepted_in(2012), 15_160 * MILLION);
    let nine_months = |known| sums.accepted(date(2012, 1, 1), date(2012, 9, 30), known);
    assert_eq!(nine_months("2012-10-01T00:00:00Z"), 10_700 * MILLION);
    assert_eq!(nine_months("2012-10-19T23:59:59Z"), 10_700 * MILLION);
    assert_eq!(nine_months("2012-11-01T00:00:00Z"), 10_701 * MILLION);
    assert_eq!(sums.accepted(date(2012, 1, 1), date(2012, 12, 31), "2013-06-01T00:00:00Z"), 15_160 * MILLION);
    // All of 2011 was known long before.
    assert_eq!(sums.accepted(date(2011, 1, 1), date(2011, 12, 31), "2012-10-01T00:00:00Z"), 13_200 * MILLION);
    assert_eq!([2009, 2010, 2013].map(|year| sums.accepted_in(year) / MILLION), [8_810, 10_420, 15_700]);
}

#[test]
fn the_plans_are_the_stated_ones() {
    let sums = sums();
    let plan = |key: &str| (sums.plans[key].0 / MILLION, sums.plans[key].1.map(|(on, _)| on));
    assert_eq!(plan("2012.1"), (13_400, Some(date(2011, 12, 20))));
    assert_eq!(plan("2012.2"), (13_480, Some(date(2012, 3, 27))));
    assert_eq!(plan("2012.3"), (13_560, Some(date(2012, 6, 26))));
    assert_eq!(plan("2012.4"), (14_100, Some(date(2012, 11, 20))));
    assert_eq!(sums.plans["2012.4"].1.unwrap().1.to_string(), "2012-11-20T15:00:00Z");
    for (year, versions) in super::plan::VERSIONS {
        for ((_, approved, sum), number) in versions.iter().zip(1..) {
            let (planned, approval) = &sums.plans[&format!("{year}.{number}")];
            assert_eq!(*planned, sum * MILLION, "plan {year}:{number}");
            assert_eq!(approval.is_some(), *approved);
        }
    }
}

#[test]
fn goods_go_over_the_year_and_are_counted_once_under_each_rule() {
    let sums = sums();
    let over: Vec<&Delivery> = sums
        .deliveries
        .values()
        .filter(|d| d.handed_over == date(2012, 12, 31))
        .filter(|d| d.accepted.is_some_and(|(on, _)| on == date(2013, 1, 9)))
        .collect();
    assert!(over.len() >= 3);
    assert!(over.iter().map(|d| d.amount).sum::<i64>() > 100 * MILLION);
}

#[test]
fn its_size_and_texture_are_those_of_a_real_register() {
    let sums = sums();
    let near = |what: &str, least: usize, most: usize| {
        let found = sums.commands.get(what).copied().unwrap_or_default();
        assert!((least..=most).contains(&found), "{what}: {found}");
    };
    near("contract.open", 290, 320);
    near("line.add", 1_100, 1_300);
    near("delivery.hand_over", 4_700, 5_300);
    near("delivery.accept", 4_600, 5_300);
    near("delivery.return", 8, 40);
    near("delivery.annul", 5, 30);
    near("line.amend", 40, 250);
    near("contract.amend", 8, 60);
    near("contract.suspend", 5, 10);
    near("contract.terminate", 5, 10);
    near("contract.complete", 60, 200);
    near("claim.open", 25, 90);
    near("claim.settle", 20, 85);
    near("plan.discard", 1, 1);
    near("partner.register", 30, 30);
    let marked = sums.contracts.values().filter(|c| c.1).count();
    assert!((20..=80).contains(&marked), "{marked} marked contracts");
    for label in ["CONFIDENTIAL", "SECRET//AVIATION", "OFFICIAL//REL BRA"] {
        assert!(sums.labels.contains_key(label), "no contract is marked {label}: {:?}", sums.labels);
    }
    // Prices stay near those of the catalogue.
    assert!(sums.prices.values().all(|price| *price > 0));
    assert!(sums.papers >= sums.commands["delivery.hand_over"] + sums.commands["delivery.accept"]);
}

#[test]
fn everything_says_that_it_is_invented() {
    let sums = sums();
    assert!(sums.texts.iter().all(|text| text.starts_with("DEMONSTRATION: invented\n")));
    assert!(sums.contracts.values().all(|(_, _, title)| title.starts_with("Demonstration: ")));
    insta::assert_snapshot!(sums.texts.iter().find(|t| t.contains("ACCEPTANCE CERTIFICATE")).unwrap());
}

#[test]
fn the_steps_are_the_same_every_time() {
    assert_eq!(format!("{:?}", steps()), format!("{:?}", steps()));
}

/// Not a check: what the demonstration looks like, for whoever changes it.
#[test]
#[ignore = "prints; run with --ignored --nocapture"]
fn what_it_looks_like() {
    let sums = sums();
    println!("{:#?}\n{:#?}", sums.commands, sums.labels);
    for year in 2009..=2013 {
        let part = |from, to| sums.accepted(from, to, "2099-01-01T00:00:00Z") / MILLION;
        let months: Vec<i64> =
            (1..=12).map(|m| part(date(year, m, 1), date(year, m, 1).last_of_month())).collect();
        println!("{year}: {months:?}");
    }
    for (good, prices) in &sums.goods {
        let (least, most) = (prices.iter().min(), prices.iter().max());
        println!("{good}: {} to {} thousand", least.unwrap() / 100_000, most.unwrap() / 100_000);
    }
    for (key, (sum, approved)) in &sums.plans {
        println!("plan {key}: {} {approved:?}", sum / MILLION);
    }
}
