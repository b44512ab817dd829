//! Plan stability: how much of a plan a later version of it leaves where it was.
//!
//! A version is taken as its value by line and month. Stability is
//! `1 − Σ|later − earlier| ÷ Σ(earlier + later)` over all lines and months: one less the change between the two as a
//! part of the most by which two plans of their values can differ. It is the similarity of Bray and Curtis, the
//! change of quantities by which the instability of rolling schedules is measured, made a share: 100 % where both
//! plan the same value for every line and month, 0 % where they have none in common, and the same whichever of them
//! comes first. As the difference of two amounts is their sum less twice the lesser, it is also twice the value that
//! is kept, divided by the value of both; so it is worked out, in integers.

use std::collections::BTreeMap;

use super::plan::PlanVersion;
use crate::money::Share;

/// What a version plans: value in minor units by line and month.
pub type Months = BTreeMap<(String, i8), i64>;

/// What is alike in two versions, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stability {
    /// Value that both plan for the same line in the same month.
    pub kept: i64,
    /// Value of the earlier version.
    pub earlier: i64,
    /// Value of the later version.
    pub later: i64,
}

impl Stability {
    /// Of two versions.
    pub fn of(earlier: &Months, later: &Months) -> Stability {
        let sum = |months: &Months| months.values().fold(0, |sum: i64, amount| sum.saturating_add(*amount));
        let kept = earlier
            .iter()
            .map(|(place, amount)| (*amount).min(later.get(place).copied().unwrap_or(0)))
            .fold(0, i64::saturating_add);
        Stability { kept, earlier: sum(earlier), later: sum(later) }
    }

    /// Twice what is kept ÷ the value of both; none where neither plans anything.
    pub fn share(self) -> Option<Share> {
        // What is kept is no more than either, so the doubled part is no more than the whole.
        Share::of(self.kept.saturating_mul(2), self.earlier.saturating_add(self.later))
    }
}

/// The stability of a year's plan from one version to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The earlier version.
    pub from: PlanVersion,
    /// The later version.
    pub to: PlanVersion,
    /// What is alike in them.
    pub stability: Stability,
}

/// The steps of a year's plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Course {
    /// From each version to the next, in the order of approval.
    pub steps: Vec<Step>,
    /// From the first to the last; none where there are fewer than two.
    pub whole: Option<Step>,
}

/// The steps between the versions of a year's plan, which come in the order of their approval.
pub fn course(versions: &[(PlanVersion, Months)]) -> Course {
    let step = |(from, earlier): &(PlanVersion, Months), (to, later): &(PlanVersion, Months)| Step {
        from: *from,
        to: *to,
        stability: Stability::of(earlier, later),
    };
    let whole = match versions {
        [first, .., last] => Some(step(first, last)),
        _ => None,
    };
    Course { steps: versions.windows(2).map(|pair| step(&pair[0], &pair[1])).collect(), whole }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn months(values: &[(&str, i8, i64)]) -> Months {
        values.iter().map(|(line, month, amount)| (((*line).to_owned(), *month), *amount)).collect()
    }

    fn percent(earlier: &Months, later: &Months) -> Option<String> {
        Stability::of(earlier, later).share().map(|share| share.percent().to_string())
    }

    #[test]
    fn what_moves_grows_or_falls_away_is_no_more_where_it_was() {
        let plan = months(&[("1", 3, 60), ("1", 6, 40), ("2", 6, 100)]);
        let moved = months(&[("1", 3, 60), ("1", 7, 40), ("2", 6, 100)]);
        // |−40| + |40| of 400.
        assert_eq!(percent(&plan, &moved).as_deref(), Some("80.0"));
        let grown = months(&[("1", 3, 60), ("1", 6, 40), ("2", 6, 300)]);
        // 200 of 600.
        assert_eq!(percent(&plan, &grown).as_deref(), Some("66.7"));
        let other = months(&[("3", 3, 200)]);
        assert_eq!(percent(&plan, &other).as_deref(), Some("0.0"));
        assert_eq!(percent(&plan, &Months::new()).as_deref(), Some("0.0"));
        assert_eq!(percent(&Months::new(), &Months::new()), None);
    }

    #[test]
    fn a_course_goes_from_version_to_version_and_from_the_first_to_the_last() {
        let version = |version| PlanVersion { year: 2012, version };
        let one = |month| months(&[("1", month, 10)]);
        assert_eq!(course(&[(version(1), one(1))]), Course::default());
        let all = course(&[(version(1), one(1)), (version(2), one(2)), (version(4), one(1))]);
        let kept: Vec<_> =
            all.steps.iter().map(|s| (s.from.version, s.to.version, s.stability.kept)).collect();
        assert_eq!(kept, [(1, 2, 0), (2, 4, 0)]);
        let whole = all.whole.unwrap();
        assert_eq!((whole.from.version, whole.to.version, whole.stability.kept), (1, 4, 10));
    }

    fn any_months() -> impl Strategy<Value = Months> {
        let one = (0..6_u8, 1..=12_i8, prop_oneof![1..1_000_i64, Just(900_000_000_000_000)]);
        prop::collection::vec(one, 0..30)
            .prop_map(|all| all.into_iter().map(|(line, month, v)| ((line.to_string(), month), v)).collect())
    }

    proptest! {
        #[test]
        fn it_is_a_share_the_same_from_both_sides_and_whole_only_of_the_same(a in any_months(), b in any_months()) {
            let there = Stability::of(&a, &b);
            let back = Stability::of(&b, &a);
            prop_assert_eq!(there.share(), back.share());
            let Some(share) = there.share() else {
                prop_assert!(a.is_empty() && b.is_empty());
                return Ok(());
            };
            prop_assert!((0..=share.whole).contains(&share.part));
            prop_assert_eq!(share.part == share.whole, a == b);
            prop_assert_eq!(share.part == 0, a.keys().all(|place| !b.contains_key(place)));
        }

        /// The definition in words, worked out the long way.
        #[test]
        fn it_is_one_less_the_change_over_the_most_that_can_change(a in any_months(), b in any_months()) {
            let mut places: Vec<_> = a.keys().chain(b.keys()).collect();
            places.sort();
            places.dedup();
            let of = |months: &Months, place| i128::from(months.get(place).copied().unwrap_or(0));
            let change: i128 = places.iter().map(|place| (of(&a, place) - of(&b, place)).abs()).sum();
            let most: i128 = places.iter().map(|place| of(&a, place) + of(&b, place)).sum();
            let found = Stability::of(&a, &b).share();
            prop_assert_eq!(found.is_none(), most == 0);
            if let Some(share) = found {
                prop_assert_eq!((i128::from(share.part), i128::from(share.whole)), (most - change, most));
            }
        }

        #[test]
        fn a_version_is_all_stable_against_itself(a in any_months()) {
            let share = Stability::of(&a, &a).share();
            prop_assert!(share.is_none_or(|share| share.percent().to_string() == "100.0"));
        }
    }
}
