//! What opportunities show of themselves, worked by hand and against the plainest way.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::analysis::{Considered, analyse, days_of, weigh};
use super::{LossCause, MACHINE, OpportunityKind};
use crate::ledger::check_machine;
use crate::money::{Currency, Money, divide_rounded};

#[test]
fn the_machine_is_sound() {
    check_machine(&MACHINE);
}

fn considered() -> impl Strategy<Value = Considered> {
    let state = prop::sample::select(vec!["open", "offered", "won", "lost", "declined", "withdrawn"]);
    let partner = prop::sample::select(vec!["BRA", "IND", "VNM"]);
    let currency = prop::sample::select(vec![Currency::USD, "EUR".parse().unwrap()]);
    let kind = prop::sample::select(OpportunityKind::ALL.to_vec());
    (state, partner, currency, kind, 0_i64..400, 0_i64..200, 0_i64..=100, 0_i64..10_000_000_000, 0_i64..3)
        .prop_map(|(state, partner, currency, kind, received, later, probability, amount, year)| {
            let day = |after: i64| date(2012, 1, 1).checked_add(after.days()).unwrap();
            let ended = !matches!(state, "open" | "offered");
            Considered {
                number: String::new(),
                title: String::new(),
                partner: partner.into(),
                kind,
                state: state.into(),
                received_on: day(received),
                deadline: Some(day(received + 60)),
                answered_on: (state != "open").then(|| day(received + later)),
                ended_on: ended.then(|| day(received + later + 30)),
                value: (state != "open" && amount % 5 > 0).then(|| Money::new(amount, currency)),
                probability: (probability % 3 > 0).then_some(probability as u8),
                signature_on: (year > 0).then(|| date(2012 + year as i16, 6, 30)),
                cause: (state == "lost").then_some(LossCause::Price),
                groups: vec![("ML9".into(), amount / 3), ("ML4".into(), amount - amount / 3)],
            }
        })
}

#[test]
fn days_by_hand() {
    let days = |days: &[i64]| {
        let days = *days_of(days.to_vec()).value().unwrap();
        (days.mean.to_string(), days.median.to_string())
    };
    assert_eq!(days(&[10]), ("10.0".into(), "10.0".into()));
    assert_eq!(days(&[30, 10, 20, 41]), ("25.3".into(), "25.0".into()));
    assert_eq!(days(&[1, 2, 2, 90]), ("23.8".into(), "2.0".into()));
    assert!(days_of(Vec::new()).reason().is_some());
}

#[test]
fn what_is_expected_is_rounded_once() {
    // 0.5 + 0.5 + 0.5 is 1.5, and rounded 2: not three times 1.
    assert_eq!(weigh([(1, 50), (1, 50), (1, 50)]), [1, 0, 1]);
    assert_eq!(weigh([(i64::MAX / 100, 100), (0, 33)]), [i64::MAX / 100, 0]);
    assert!(weigh([]).is_empty());
}

proptest! {
    #[test]
    fn the_parts_sum_to_the_whole(all in prop::collection::vec(considered(), 0..40), from in 0_i64..400) {
        let period: (Date, Date) = (date(2012, 1, 1).checked_add(from.days()).unwrap(), date(2013, 6, 30));
        let analysis = analyse(&all, period);
        let sum = |of: &dyn Fn(&super::analysis::Rates) -> i64| analysis.by_partner.iter().map(of).sum::<i64>();
        let whole = &analysis.whole;
        prop_assert_eq!(sum(&|row| row.open), whole.open);
        prop_assert_eq!(sum(&|row| row.won), whole.won);
        prop_assert_eq!(sum(&|row| row.lost), whole.lost);
        prop_assert_eq!(sum(&|row| row.answers), whole.answers);
        prop_assert_eq!(whole.win_pct.value().is_some(), whole.won + whole.lost > 0);
        prop_assert_eq!(analysis.causes.iter().map(|(_, n)| n).sum::<i64>(), whole.lost);
        for value in &whole.by_value {
            prop_assert!(0 <= value.won && value.won <= value.decided);
            for rows in [&analysis.by_partner, &analysis.by_product] {
                let parts = rows.iter().flat_map(|row| &row.by_value).filter(|v| v.currency == value.currency);
                prop_assert_eq!(parts.map(|v| v.decided).sum::<i64>(), value.decided);
            }
        }
        // The expected order intake: the whole of a currency is rounded once, and the years sum to it.
        for currency in [Currency::USD, "EUR".parse().unwrap()] {
            let exact: i128 = all
                .iter()
                .filter(|one| one.state == "offered")
                .filter_map(|one| Some((one.value.filter(|v| v.currency == currency)?, one.probability?)))
                .map(|(value, probability)| i128::from(value.minor) * i128::from(probability))
                .sum();
            let rows = analysis.intake.iter().filter(|row| row.currency == currency);
            prop_assert_eq!(i128::from(rows.map(|row| row.expected).sum::<i64>()), divide_rounded(exact, 100));
        }
    }
}
