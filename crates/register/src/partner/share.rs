//! Which part of the world a group of states is: the sum of its members' figures of one year, of the world's own figure
//! in the same edition.
//!
//! Regions and income groups of the publisher are never counted. A member without a figure is named, and the share is
//! then the least that it can be.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Certainty, Group, Membership};
use crate::market::Exact;
use crate::market::file::{Figure, Whose};
use crate::money::Decimal;

/// The day on which membership is read for the figures of a year, where no day is asked for: its last.
pub fn membership_day(year: i16) -> Date {
    // Every year of a statistic is one of the calendar's.
    Date::new(year, 12, 31).unwrap_or(Date::MAX)
}

/// A member with its figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberFigure {
    /// ISO 3166-1 alpha-3.
    pub state: String,
    /// As the publisher of the figure names it; its code where it does not.
    pub name: String,
    /// How it stands to the group.
    pub membership: Membership,
    /// Since when.
    pub since: Date,
    /// How far the source of its membership carries, where one is named.
    pub certainty: Option<Certainty>,
    /// Its figure; none where the edition has none.
    pub value: Option<Exact>,
    /// Per cent of the world.
    pub share: Option<Decimal>,
}

/// The share of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupShare {
    /// Of which year the figures are.
    pub year: i16,
    /// On which day membership is read.
    pub members_on: Date,
    /// The members, by code.
    pub members: Vec<MemberFigure>,
    /// How many of them have a figure.
    pub with_figure: usize,
    /// What the figures sum to; none where no member has one.
    pub sum: Option<Exact>,
    /// The figure of the world in the same edition.
    pub world: Option<Exact>,
    /// Per cent of the world, rounded once; none where it cannot be known.
    pub share: Option<Decimal>,
    /// Why it cannot be known.
    pub unknown: Option<String>,
}

impl GroupShare {
    /// Whether every member has a figure: then the share is that of the group, and otherwise the least that it can be.
    pub fn is_complete(&self) -> bool {
        self.with_figure == self.members.len()
    }
}

/// Works out the share of a group in a year.
pub fn share_of(group: &Group, members_on: Date, year: i16, figures: &[Figure]) -> GroupShare {
    let countries: BTreeMap<&str, &Figure> = figures
        .iter()
        .filter(|figure| figure.year == year && figure.whose == Whose::Country)
        .map(|figure| (figure.code.as_str(), figure))
        .collect();
    let world = figures.iter().find(|figure| figure.year == year && figure.whose == Whose::World);
    let world = world.map(|figure| figure.value);
    let members: Vec<MemberFigure> = group
        .members
        .keys()
        .filter_map(|state| {
            let change = group.change(state, members_on).filter(|change| change.membership.is_member())?;
            let figure = countries.get(state.as_str());
            let value = figure.map(|figure| figure.value);
            Some(MemberFigure {
                state: state.clone(),
                name: figure.map_or_else(|| state.clone(), |figure| figure.name.clone()),
                membership: change.membership,
                since: change.on,
                certainty: change.certainty(),
                value,
                share: value.zip(world).and_then(|(value, world)| value.percent_of(world)),
            })
        })
        .collect();
    let values: Vec<Exact> = members.iter().filter_map(|member| member.value).collect();
    let with_figure = values.len();
    let sum = if values.is_empty() { None } else { Exact::sum(values) };
    let share = sum.zip(world).and_then(|(sum, world)| sum.percent_of(world));
    let unknown = match (members.is_empty(), with_figure, world, share) {
        (true, ..) => Some(format!("The group had no member on {members_on}.")),
        (_, _, None, _) => Some(format!("The edition holds no figure of the world for {year}.")),
        (_, 0, ..) => Some(format!("The edition holds no figure of any member for {year}.")),
        (_, _, _, None) => Some("The world’s figure is nought, or the figures are too large.".to_owned()),
        _ => None,
    };
    GroupShare { year, members_on, members, with_figure, sum, world, share, unknown }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::partner::Change;

    fn figure(whose: Whose, code: &str, value: i64) -> Figure {
        Figure { whose, code: code.into(), name: code.into(), year: 2012, value: Exact::whole(value) }
    }

    fn group() -> Group {
        let mut group = Group { registered: true, ..Group::default() };
        group.note("BRA", Change::plain(date(2009, 6, 16), Membership::Member));
        group.note("ZAF", Change::plain(date(2011, 4, 14), Membership::Member));
        group.note("EGY", Change::plain(date(2024, 1, 1), Membership::Member));
        group.note("VNM", Change::plain(date(2010, 1, 1), Membership::Observer));
        group.note("ZAF", Change::plain(date(2012, 12, 1), Membership::Suspended));
        group
    }

    #[test]
    fn members_of_the_day_are_summed_and_nobody_else() {
        let figures = [
            figure(Whose::Country, "BRA", 20),
            figure(Whose::Country, "ZAF", 5),
            figure(Whose::Country, "EGY", 10),
            figure(Whose::Country, "VNM", 10),
            // A region that bears the code of no state is never a member, whatever it is called.
            figure(Whose::Aggregate, "BRA", 900),
            figure(Whose::World, "WLD", 60),
        ];
        let then = share_of(&group(), membership_day(2012), 2012, &figures);
        assert_eq!(then.share.unwrap().to_string(), "41.7");
        assert_eq!((then.with_figure, then.members.len(), then.is_complete()), (2, 2, true));
        assert_eq!(then.members[1].membership, Membership::Suspended);
        let later = share_of(&group(), date(2025, 1, 1), 2012, &figures);
        assert_eq!((later.share.unwrap().to_string(), later.members.len()), ("58.3".to_owned(), 3));
        let before = share_of(&group(), date(2009, 6, 15), 2012, &figures);
        assert_eq!((before.share, before.unknown.is_some()), (None, true));
    }

    #[test]
    fn what_is_not_known_is_no_nought() {
        let without = [figure(Whose::Country, "BRA", 20), figure(Whose::World, "WLD", 60)];
        let share = share_of(&group(), membership_day(2012), 2012, &without);
        assert_eq!((share.with_figure, share.is_complete()), (1, false));
        assert_eq!(share.share.unwrap().to_string(), "33.3");
        let no_world = share_of(&group(), membership_day(2012), 2012, &without[..1]);
        assert_eq!(no_world.share, None);
        assert!(no_world.unknown.unwrap().contains("the world"));
        let other_year = share_of(&group(), membership_day(2012), 2013, &without);
        assert!(other_year.share.is_none() && other_year.sum.is_none());
    }
}
