//! The rank of exporters by volume: of one year, of several years together, and over time.
//!
//! The figures are exact; a share is rounded once, when it is shown. Exporters with the same figure have the same rank,
//! and the next one the rank that it would have had without the tie. An exporter without a figure in the whole period
//! has no rank: its publisher has identified nothing, which is no figure of nought.

use std::collections::BTreeMap;

use serde::Serialize;

use super::exact::Exact;
use super::file::{Figure, Whose};
use crate::ledger::{Fallible, Refusal};
use crate::money::Decimal;

/// Years of a period at most.
const MOST_YEARS: i16 = 200;

/// What of a period is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The sum of its years.
    #[default]
    Total,
    /// What a year comes to on average. Arms go in few and large deliveries: single years say little.
    Average,
}

/// Years from the first to the last, both of them counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Period {
    /// The first year.
    pub from: i16,
    /// The last year.
    pub to: i16,
}

impl Period {
    /// A period.
    ///
    /// # Errors
    /// `period.order` or `period.too_long`, naming the field.
    pub fn of(from: i16, to: i16) -> Fallible<Period> {
        if from > to {
            return Err(Refusal::new(
                "period.order",
                format!("The period from {from} to {to} ends before it begins."),
            )
            .field("to")
            .missing(format!("a year from {from}")));
        }
        if i32::from(to) - i32::from(from) >= i32::from(MOST_YEARS) {
            return Err(Refusal::new(
                "period.too_long",
                format!("The period from {from} to {to} is too long."),
            )
            .field("to")
            .missing(format!("at most {MOST_YEARS} years")));
        }
        Ok(Period { from, to })
    }

    /// How many years it has.
    pub fn years(self) -> u32 {
        u32::try_from(i32::from(self.to) - i32::from(self.from) + 1).unwrap_or(0)
    }

    /// Whether it holds a year.
    pub fn holds(self, year: i16) -> bool {
        (self.from..=self.to).contains(&year)
    }
}

/// Of what the shares are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WorldBasis {
    /// The total of the world that the same edition publishes.
    Published,
}

/// An exporter with its rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// From 1; the same for the same figure.
    pub rank: u32,
    /// As its publisher names it.
    pub exporter: String,
    /// The sum or the average of the period.
    pub value: Exact,
    /// Per cent of the world; none where the world's figure is nought.
    pub share: Option<Decimal>,
    /// In how many years of the period it has a figure.
    pub years: u32,
}

/// Exporters of a period by rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranking {
    /// Which years.
    pub period: Period,
    /// What is compared.
    pub measure: Measure,
    /// The figure of the whole world, by the same measure.
    pub world: Exact,
    /// Of what the shares are.
    pub world_basis: WorldBasis,
    /// By rank, and by name within it.
    pub rows: Vec<Ranked>,
}

impl Ranking {
    /// An exporter.
    pub fn find(&self, exporter: &str) -> Option<&Ranked> {
        self.rows.iter().find(|row| row.exporter == exporter)
    }
}

/// Why nothing can be said of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown(pub String);

/// Ranks the exporters of a period.
///
/// # Errors
/// [`Unknown`] if the edition lacks a year of it: a period with a hole has no sum.
pub fn rank(figures: &[Figure], period: Period, measure: Measure) -> Result<Ranking, Unknown> {
    let mut sums: BTreeMap<&str, (Exact, u32)> = BTreeMap::new();
    let mut world: BTreeMap<i16, Exact> = BTreeMap::new();
    let beyond = || Unknown("The figures are too large to be summed.".to_owned());
    for figure in figures.iter().filter(|figure| period.holds(figure.year)) {
        if figure.whose == Whose::World {
            world.insert(figure.year, figure.value);
            continue;
        }
        let (sum, years) = sums.entry(&figure.name).or_insert((Exact::ZERO, 0));
        *sum = sum.plus(figure.value).ok_or_else(beyond)?;
        *years += 1;
    }
    let missing: Vec<String> = (period.from..=period.to)
        .filter(|year| !world.contains_key(year))
        .map(|year| year.to_string())
        .collect();
    if let Some(first) = missing.first() {
        let more = match missing.len() {
            1 => String::new(),
            count => format!(" nor of {} other years of the period", count - 1),
        };
        return Err(Unknown(format!("The edition holds no figure of {first}{more}.")));
    }
    let total = Exact::sum(world.into_values()).ok_or_else(beyond)?;
    let mut sums: Vec<(&str, Exact, u32)> =
        sums.into_iter().map(|(name, (sum, years))| (name, sum, years)).collect();
    // The names stand in order, and a stable sort keeps them so among those with the same figure.
    sums.sort_by_key(|(_, sum, _)| std::cmp::Reverse(*sum));
    let shown = |value: Exact| match measure {
        Measure::Total => value,
        Measure::Average => value.divided(period.years(), 1).unwrap_or(value),
    };
    let mut rows: Vec<Ranked> = Vec::with_capacity(sums.len());
    let mut before: Option<(Exact, u32)> = None;
    for (position, (name, sum, years)) in (1_u32..).zip(sums) {
        let rank = before.filter(|(value, _)| *value == sum).map_or(position, |(_, rank)| rank);
        before = Some((sum, rank));
        rows.push(Ranked {
            rank,
            exporter: name.to_owned(),
            value: shown(sum),
            share: sum.percent_of(total),
            years,
        });
    }
    Ok(Ranking { period, measure, world: shown(total), world_basis: WorldBasis::Published, rows })
}

/// An exporter over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// As its publisher names it.
    pub exporter: String,
    /// Of each year: how it stands by the years that end with it; none where it has no rank, or nothing is known.
    pub points: Vec<(i16, Option<Ranked>)>,
}

/// How exporters stand over time: of each year of a period by the window of years that ends with it.
pub fn courses(figures: &[Figure], exporters: &[String], period: Period, window: i16) -> Vec<Course> {
    let mut courses: Vec<Course> =
        exporters.iter().map(|name| Course { exporter: name.clone(), points: Vec::new() }).collect();
    for year in period.from..=period.to {
        let measure = if window > 1 { Measure::Average } else { Measure::Total };
        let ranking = Period::of(year.saturating_sub(window.max(1) - 1), year)
            .ok()
            .and_then(|period| rank(figures, period, measure).ok());
        for course in &mut courses {
            let found = ranking.as_ref().and_then(|ranking| ranking.find(&course.exporter)).cloned();
            course.points.push((year, found));
        }
    }
    courses
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn figure(name: &str, year: i16, value: i64) -> Figure {
        let whose = if name == "World" { Whose::World } else { Whose::Exporter };
        Figure { whose, code: String::new(), name: name.to_owned(), year, value: Exact::whole(value) }
    }

    fn ranks(ranking: &Ranking) -> Vec<(u32, &str, String)> {
        ranking.rows.iter().map(|row| (row.rank, row.exporter.as_str(), row.value.to_string())).collect()
    }

    #[test]
    fn equals_share_a_rank_and_the_next_one_waits() {
        let figures = [
            figure("B", 2010, 30),
            figure("A", 2010, 30),
            figure("C", 2010, 20),
            figure("D", 2010, 0),
            figure("E", 2009, 5),
            figure("World", 2010, 81),
        ];
        let ranking = rank(&figures, Period::of(2010, 2010).unwrap(), Measure::Total).unwrap();
        let expected = [(1, "A", "30"), (1, "B", "30"), (3, "C", "20"), (4, "D", "0")]
            .map(|(r, n, v)| (r, n, v.to_owned()));
        assert_eq!(ranks(&ranking), expected);
        // Of the published total, which its own rounding makes 81.
        assert_eq!(ranking.rows[0].share.unwrap().to_string(), "37.0");
        assert_eq!(ranking.find("E"), None, "no figure is no nought");
    }

    #[test]
    fn a_period_with_a_hole_is_not_known() {
        let figures = [figure("A", 2010, 1), figure("World", 2010, 1), figure("A", 2011, 1)];
        let asked = |from, to| rank(&figures, Period::of(from, to).unwrap(), Measure::Total);
        assert!(asked(2010, 2010).is_ok());
        assert_eq!(asked(2010, 2011).unwrap_err().0, "The edition holds no figure of 2011.");
        assert!(asked(1990, 2010).unwrap_err().0.contains("1990 nor of 19 other years"));
        assert_eq!(Period::of(2012, 2008).unwrap_err().code, "period.order");
        assert_eq!(Period::of(i16::MIN, i16::MAX).unwrap_err().code, "period.too_long");
    }

    #[test]
    fn an_average_keeps_the_order_of_the_sums() {
        let figures =
            [figure("A", 2010, 2), figure("A", 2011, 1), figure("World", 2010, 2), figure("World", 2011, 1)];
        let ranking = rank(&figures, Period::of(2010, 2011).unwrap(), Measure::Average).unwrap();
        assert_eq!(ranks(&ranking), [(1, "A", "1.5".to_owned())]);
        assert_eq!((ranking.world.to_string(), ranking.rows[0].years), ("1.5".to_owned(), 2));
        let course = courses(&figures, &["A".to_owned(), "Z".to_owned()], Period::of(2010, 2012).unwrap(), 2);
        let known: Vec<bool> = course[0].points.iter().map(|(_, point)| point.is_some()).collect();
        assert_eq!(known, [false, true, false], "2009 and 2012 are not held");
        assert!(course[1].points.iter().all(|(_, point)| point.is_none()));
    }

    proptest! {
        #[test]
        fn ranks_follow_the_values(values in prop::collection::vec(0_i64..30, 1..30)) {
            let mut figures: Vec<Figure> =
                values.iter().enumerate().map(|(n, value)| figure(&format!("E{n:02}"), 2010, *value)).collect();
            let total: i64 = values.iter().sum();
            figures.push(figure("World", 2010, total));
            let ranking = rank(&figures, Period::of(2010, 2010).unwrap(), Measure::Total).unwrap();
            prop_assert_eq!(ranking.rows.len(), values.len());
            for row in &ranking.rows {
                let better = ranking.rows.iter().filter(|other| other.value > row.value).count();
                prop_assert_eq!(row.rank as usize, better + 1);
            }
            let sum = Exact::sum(ranking.rows.iter().map(|row| row.value)).unwrap();
            prop_assert_eq!(sum, Exact::whole(total));
        }
    }
}
