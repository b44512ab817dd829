//! What is asked of the embargo rules: about each line, and each end user. Nothing is assumed that nobody has established.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::check::{EndUserStanding, Established};
use super::content::Content;
use crate::embargo::{Area, EndUser, Item, Question};

/// The questions, by the number of the line and the party: as of one instant, by the rules known at another.
///
/// `listed` are the parties that were confirmed to be entries of a list.
pub fn questions(
    content: &Content,
    end_users: &BTreeMap<String, Established>,
    listed: &BTreeSet<String>,
    (at, known_at): (Timestamp, Timestamp),
) -> BTreeMap<(u32, String), Question> {
    let users = content.end_users();
    let mut questions = BTreeMap::new();
    for (number, line) in (1..).zip(&content.lines) {
        for user in &users {
            let standing = end_users.get(*user).map(|established| &established.standing);
            let (end_user, authorised) = match listed.contains(*user) {
                true => (EndUser::Listed { regime: None }, None),
                false => who(standing, &content.destination),
            };
            let item = Item {
                class: line.class,
                part: line.part,
                non_lethal: line.non_lethal,
                entries: Some(BTreeSet::from([line.category.clone()])),
            };
            let question = Question {
                item,
                activity: content.kind.activity(),
                from: content.origin.clone(),
                to: content.destination.clone(),
                end_user,
                area: Area::Unknown,
                purpose: content.exception,
                authorised,
                at,
                known_at,
            };
            questions.insert((number, (*user).to_owned()), question);
        }
    }
    questions
}

/// Who an end user is to the rules, and whether the government of the destination has authorised the transfer. An
/// authority of another state is no government there.
fn who(standing: Option<&EndUserStanding>, destination: &str) -> (EndUser, Option<bool>) {
    match standing {
        Some(EndUserStanding::Authority { state }) if state == destination => {
            (EndUser::Government, Some(true))
        }
        Some(EndUserStanding::Authorised { state }) if state == destination => (EndUser::Private, Some(true)),
        Some(EndUserStanding::Mission { name }) => (EndUser::Mission { name: Some(name.clone()) }, None),
        Some(EndUserStanding::NonState) => (EndUser::ArmedGroup, Some(false)),
        Some(EndUserStanding::Authority { .. } | EndUserStanding::Authorised { .. }) | None => {
            (EndUser::Unknown, None)
        }
    }
}
