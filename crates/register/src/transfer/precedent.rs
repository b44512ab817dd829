//! Precedents: what was decided before of goods like these, for the same end user or the same state. They stand beside an
//! assessment and decide nothing.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::application::{Decision, LineDecision};
use super::content::Content;
use super::guidance::denial::overlaps;
use crate::payment::schedule::words;

/// How near an earlier decision is, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nearness {
    /// The same control-list entry for the same end user.
    UserEntry,
    /// The same head of the control list for the same end user: `ML10` of `ML10.a` and `ML10.c`.
    UserHead,
    /// The same entry for another end user in the same state.
    StateEntry,
    /// The same head for another end user in the same state.
    StateHead,
    /// Other goods for the same end user.
    User,
}

words! { Nearness, "how near a precedent is", "precedent.nearness",
    UserEntry = "user_entry", "same entry, same end user";
    UserHead = "user_head", "like goods, same end user";
    StateEntry = "state_entry", "same entry, same state";
    StateHead = "state_head", "like goods, same state";
    User = "user", "other goods, same end user";
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// All that is near was granted.
    Granted,
    /// Some of it was granted, and some refused.
    Partly,
    /// All that is near was refused.
    Refused,
}

words! { Outcome, "an outcome of a precedent", "precedent.outcome",
    Granted = "granted", "granted";
    Partly = "partly", "granted in part";
    Refused = "refused", "refused";
}

/// What an earlier decision said of goods of one entry for one end user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decided {
    /// Number of the application.
    pub application: String,
    /// When it was decided.
    pub on: Date,
    /// State of destination.
    pub destination: String,
    /// Number of the party that uses the goods.
    pub end_user: String,
    /// Control-list entry.
    pub category: String,
    /// Whether a line of it was granted.
    pub is_granted: bool,
    /// Whether a line of it was refused.
    pub is_refused: bool,
}

/// An earlier decision that is near.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precedent {
    /// How near.
    pub nearness: Nearness,
    /// When it was decided.
    pub on: Date,
    /// Number of the application.
    pub application: String,
    /// What came of what is near in it.
    pub outcome: Outcome,
}

/// The head of an entry: `ML10` of `ML10.a`.
pub fn head(category: &str) -> &str {
    category.split_once('.').map_or(category, |(head, _)| head)
}

/// What a decision says by entry and end user, once each.
pub fn decided(number: &str, content: &Content, decision: &Decision) -> Vec<Decided> {
    let mut by: BTreeMap<(&str, &str), (bool, bool)> = BTreeMap::new();
    let users = content.end_users();
    for (line, of) in content.lines.iter().zip(&decision.proposal.lines) {
        for user in &users {
            let said = by.entry((line.category.as_str(), user)).or_default();
            match of {
                LineDecision::Grant => said.0 = true,
                LineDecision::Refuse { .. } => said.1 = true,
            }
        }
    }
    by.into_iter()
        .map(|((category, end_user), (is_granted, is_refused))| Decided {
            application: number.to_owned(),
            on: decision.on,
            destination: content.destination.clone(),
            end_user: end_user.to_owned(),
            category: category.to_owned(),
            is_granted,
            is_refused,
        })
        .collect()
}

/// How near something that was decided is to an application; none where it is not.
fn nearness(content: &Content, decided: &Decided) -> Option<Nearness> {
    let is_user = content.end_users().contains(decided.end_user.as_str());
    let is_state = content.destination == decided.destination;
    let of_line = |category: &str| {
        let is_entry = overlaps(category, &decided.category);
        let is_head = head(category).eq_ignore_ascii_case(head(&decided.category));
        match (is_user, is_state) {
            (true, _) if is_entry => Some(Nearness::UserEntry),
            (true, _) if is_head => Some(Nearness::UserHead),
            (true, _) => Some(Nearness::User),
            (false, true) if is_entry => Some(Nearness::StateEntry),
            (false, true) if is_head => Some(Nearness::StateHead),
            _ => None,
        }
    };
    content.lines.iter().filter_map(|line| of_line(&line.category)).min()
}

/// The precedents of an application: each earlier decision once, by what of it is nearest, the nearest first and of those the
/// last decided.
pub fn precedents(content: &Content, decided: &[Decided]) -> Vec<Precedent> {
    let mut by: BTreeMap<&str, (Nearness, Date, bool, bool)> = BTreeMap::new();
    for one in decided {
        let Some(near) = nearness(content, one) else { continue };
        let of = (near, one.on, one.is_granted, one.is_refused);
        by.entry(&one.application)
            .and_modify(|held| match near.cmp(&held.0) {
                std::cmp::Ordering::Less => *held = of,
                std::cmp::Ordering::Equal => {
                    held.2 |= one.is_granted;
                    held.3 |= one.is_refused;
                }
                std::cmp::Ordering::Greater => {}
            })
            .or_insert(of);
    }
    let mut found: Vec<Precedent> = by
        .into_iter()
        .map(|(application, (nearness, on, is_granted, is_refused))| Precedent {
            nearness,
            on,
            application: application.to_owned(),
            outcome: match (is_granted, is_refused) {
                (true, true) => Outcome::Partly,
                (true, false) => Outcome::Granted,
                _ => Outcome::Refused,
            },
        })
        .collect();
    found.sort_by(|a, b| {
        (a.nearness, std::cmp::Reverse(a.on), &a.application).cmp(&(
            b.nearness,
            std::cmp::Reverse(b.on),
            &b.application,
        ))
    });
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::transfer::tests::content_of_lines;

    fn row(
        application: &str,
        day: i8,
        category: &str,
        (user, state): (&str, &str),
        granted: bool,
    ) -> Decided {
        Decided {
            application: application.to_owned(),
            on: date(2011, 5, day),
            destination: state.to_owned(),
            end_user: user.to_owned(),
            category: category.to_owned(),
            is_granted: granted,
            is_refused: !granted,
        }
    }

    #[test]
    fn the_nearest_comes_first_and_each_decision_once() {
        let mut content = content_of_lines(1);
        content.lines[0].category = "ML10.a".to_owned();
        let user = content.end_users().into_iter().next().unwrap().to_owned();
        let state = content.destination.clone();
        let (own, there) = ((user.as_str(), state.as_str()), ("O-P0777", state.as_str()));
        let rows = [
            row("far", 1, "ML10.a", ("O-P0777", "ZZZ"), true),
            row("goods", 9, "ML1", own, true),
            row("head", 2, "ML10.c", own, false),
            row("entry", 3, "ML10.a", own, true),
            row("entry", 3, "ML1", own, false),
            row("later", 4, "ML10", own, true),
            row("both", 5, "ML10.a", there, true),
            row("both", 5, "ML10.a.1", there, false),
            row("state", 6, "ML10.c", there, false),
        ];
        let found: Vec<(String, Nearness, Outcome)> = precedents(&content, &rows)
            .into_iter()
            .map(|one| (one.application, one.nearness, one.outcome))
            .collect();
        assert_eq!(
            found,
            [
                ("later".to_owned(), Nearness::UserEntry, Outcome::Granted),
                ("entry".to_owned(), Nearness::UserEntry, Outcome::Granted),
                ("head".to_owned(), Nearness::UserHead, Outcome::Refused),
                ("both".to_owned(), Nearness::StateEntry, Outcome::Partly),
                ("state".to_owned(), Nearness::StateHead, Outcome::Refused),
                ("goods".to_owned(), Nearness::User, Outcome::Granted),
            ]
        );
    }
}
