//! The state machines of payment are sound; shares and rates are exact.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::document::Document;
use crate::ledger::check_machine;

#[test]
fn every_state_is_reached_something_ends_and_every_refusal_names_its_condition() {
    for machine in [&instalment::MACHINE, &receipt::MACHINE, &penalty::MACHINE] {
        check_machine(machine);
    }
}

fn currency(code: &str) -> Currency {
    code.parse().unwrap()
}

fn rate(units: u32, from: &str, to: &str, rate: &str) -> ExchangeRate {
    ExchangeRate { from: currency(from), units, to: currency(to), rate: Rate::parse("rate", rate).unwrap() }
}

#[test]
fn amounts_are_turned_into_another_currency_and_rounded_half_even() {
    let euro = rate(1, "EUR", "USD", "1.25");
    let convert = |rate: &ExchangeRate, minor, code: &str| {
        let money = rate.convert(Money::new(minor, currency(code))).unwrap();
        (money.minor, money.currency.code())
    };
    assert_eq!(convert(&euro, 100, "EUR"), (125, "USD"));
    // 2 cents × 1.25 = 2.5: to the even neighbour; 6 × 1.25 = 7.5 too.
    assert_eq!(convert(&euro, 2, "EUR"), (2, "USD"));
    assert_eq!(convert(&euro, 6, "EUR"), (8, "USD"));
    // The other way round it is the exact inverse, not a rounded one.
    assert_eq!(convert(&rate(1, "EUR", "USD", "3"), 100_000_000_000, "USD"), (33_333_333_333, "EUR"));
    // Minor units differ: the yen has none.
    assert_eq!(convert(&rate(100, "JPY", "USD", "1.28"), 1_000, "JPY"), (1_280, "USD"));
    assert_eq!(convert(&rate(100, "JPY", "USD", "1.28"), 1_280, "USD"), (1_000, "JPY"));
    assert_eq!(euro.convert(Money::new(1, currency("GBP"))).unwrap_err().code, "rate.pair");
    let dear = rate(1, "EUR", "USD", "10000000");
    assert_eq!(
        dear.convert(Money::new(1_000_000_000_000_000, currency("EUR"))).unwrap_err().code,
        "amount.too_large"
    );
}

fn terms(share: &str, period: Period, cap: Option<&str>) -> PenaltyTerms {
    PenaltyTerms {
        late: Late::Delivery,
        rate: Percent::parse("rate", share).unwrap(),
        period,
        cap: cap.map(|cap| Percent::parse("cap", cap).unwrap()),
        document: Document { title: "Contract".into(), dated: date(2012, 1, 1), content: None },
    }
}

#[test]
fn a_penalty_is_value_times_share_times_periods_up_to_the_cap() {
    let propose = |terms: &PenaltyTerms, value, days| penalty::propose(terms, value, days).unwrap();
    let daily = terms("0.05", Period::Day, Some("8"));
    assert_eq!(propose(&daily, 100_000_000, 10), 500_000);
    assert_eq!(propose(&daily, 100_000_000, 1_000), 8_000_000);
    let weekly = terms("0.5", Period::FullWeek, None);
    assert_eq!(
        [6, 7, 13, 14].map(|days| propose(&weekly, 100_000_000, days)),
        [0, 500_000, 500_000, 1_000_000]
    );
    let begun = terms("0.5", Period::StartedWeek, None);
    assert_eq!([1, 7, 8].map(|days| propose(&begun, 100_000_000, days)), [500_000, 500_000, 1_000_000]);
}

#[test]
fn a_due_day_is_counted_from_its_act_and_unknown_before_it() {
    let rule = DueRule::AfterDelivery { delivery: "O-2012-0001.2.3".into(), days: 30 };
    assert_eq!(rule.due_on(Some(date(2012, 1, 31))), Some(date(2012, 3, 1)));
    assert_eq!(rule.due_on(None), None);
    assert_eq!(rule.line(), Some("O-2012-0001.2"));
    // A day beyond the years of a register is no day.
    assert_eq!(DueRule::AfterSignature { days: 36_525 }.due_on(Some(date(2999, 1, 1))), None);
}

proptest! {
    #[test]
    fn rates_and_shares_read_back(scaled in 1_i64..1_000_000_000_000_000) {
        let text = crate::money::decimal(scaled, 8);
        let rate = Rate::parse("rate", &text).unwrap();
        prop_assert_eq!(Rate::parse("rate", &rate.to_string()).unwrap(), rate);
        let share = crate::money::decimal(scaled % 100_000_000 + 1, 6);
        let percent = Percent::parse("percent", &share).unwrap();
        prop_assert_eq!(Percent::parse("percent", &percent.to_string()).unwrap(), percent);
    }

    /// A conversion is the nearest amount, and there and back again loses no more than the roundings do.
    #[test]
    fn a_conversion_there_and_back_stays_near(minor in 1_i64..1_000_000_000_000, scaled in 1_000_000_i64..10_000_000_000) {
        let quoted = ExchangeRate {
            from: currency("EUR"),
            units: 1,
            to: currency("USD"),
            rate: Rate::parse("rate", &crate::money::decimal(scaled, 8)).unwrap(),
        };
        let there = quoted.convert(Money::new(minor, currency("EUR"))).unwrap();
        let twice = 2 * (i128::from(there.minor) * 100_000_000 - i128::from(minor) * i128::from(scaled)).abs();
        prop_assert!(twice <= 100_000_000);
        let back = quoted.convert(there).unwrap();
        // Half a minor unit there is 1 / (2 × rate) of one back, and half a unit more is rounded.
        let bound = 50_000_000 / scaled + 2;
        prop_assert!((back.minor - minor).abs() <= bound, "{} {} {}", minor, there.minor, back.minor);
    }

    #[test]
    fn a_penalty_grows_with_delay_and_never_beyond_the_cap(value in 1_i64..1_000_000_000_000_000, days in 0_u32..4_000) {
        let terms = terms("0.033", Period::Day, Some("7.5"));
        let (now, later) = (penalty::propose(&terms, value, days).unwrap(), penalty::propose(&terms, value, days + 1).unwrap());
        prop_assert!(now <= later);
        prop_assert!(i128::from(later) * 1_000 <= i128::from(value) * 75 + 500);
    }
}
