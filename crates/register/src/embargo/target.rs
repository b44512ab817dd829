//! Whom or what a measure is against.

use serde::{Deserialize, Serialize};

use super::fit::Fit;
use super::question::{Area, EndUser, Question};
use super::rule::Direction;

/// Whom or what a measure is against. States are ISO 3166-1 alpha-3.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Target {
    /// Everyone in a state’s territory.
    Territory {
        /// The state.
        state: String,
    },
    /// The government of a state.
    Government {
        /// The state.
        state: String,
    },
    /// Those in a state who fight for no government.
    NonGovernmentForces {
        /// The state.
        state: String,
        /// Whether also every other entity and individual that is of no government.
        #[serde(default)]
        all_non_government: bool,
    },
    /// Those on the list of the rule’s regime, and those who act for them.
    Listed {
        /// The state in which they are; none for anywhere.
        #[serde(default)]
        state: Option<String>,
    },
    /// Everyone in an area of a state.
    Area {
        /// The state.
        state: String,
        /// The area, by name.
        area: String,
    },
}

impl Target {
    /// The state, where there is one.
    pub fn state(&self) -> Option<&str> {
        match self {
            Target::Territory { state }
            | Target::Government { state }
            | Target::NonGovernmentForces { state, .. }
            | Target::Area { state, .. } => Some(state),
            Target::Listed { state } => state.as_deref(),
        }
    }

    /// In words that follow “against”.
    pub fn words(&self) -> String {
        match self {
            Target::Territory { state } => format!("the territory of {state}"),
            Target::Government { state } => format!("the government of {state}"),
            Target::NonGovernmentForces { state, all_non_government: false } => {
                format!("non-government forces in {state}")
            }
            Target::NonGovernmentForces { state, all_non_government: true } => {
                format!("all that is of no government in {state}")
            }
            Target::Listed { state: None } => "those on its list, anywhere".to_owned(),
            Target::Listed { state: Some(state) } => format!("those on its list, in {state}"),
            Target::Area { state, area } => format!("{area}, in {state}"),
        }
    }

    /// Whether the measure is about this way between these states, whoever stands at its end.
    ///
    /// A list that holds anywhere is about a way if its end may be listed, as an armed group may be.
    pub fn concerns(&self, direction: Direction, question: &Question) -> bool {
        match self.state() {
            Some(state) => is_to(state, direction, question) || is_from(state, direction, question),
            None => {
                matches!(question.end_user, EndUser::Listed { .. } | EndUser::ArmedGroup | EndUser::Unknown)
            }
        }
    }

    /// Whether the transfer is one with the target. Of what leaves a state nobody asks who sends it: the state is
    /// enough.
    pub fn fit(&self, regime: &str, direction: Direction, question: &Question) -> Fit {
        if !self.concerns(direction, question) {
            return Fit::No;
        }
        if let Some(state) = self.state()
            && is_from(state, direction, question)
        {
            return Fit::Yes;
        }
        let end_user = &question.end_user;
        let unknown = || Fit::unknown("end_user", "who the end user is");
        match self {
            Target::Territory { .. } => Fit::Yes,
            Target::Government { .. } => match end_user {
                EndUser::Unknown => unknown(),
                other => Fit::of(*other == EndUser::Government),
            },
            Target::NonGovernmentForces { all_non_government, .. } => match end_user {
                EndUser::Unknown => unknown(),
                EndUser::Private | EndUser::Mission { .. } => Fit::of(*all_non_government),
                // Who is listed in such a state is no authority of it.
                EndUser::ArmedGroup | EndUser::Listed { .. } => Fit::Yes,
                EndUser::Government => Fit::No,
            },
            Target::Listed { .. } => match end_user {
                EndUser::Unknown | EndUser::ArmedGroup => {
                    Fit::unknown("end_user", "whether the end user is listed")
                }
                EndUser::Listed { regime: Some(named) } => Fit::of(named == regime),
                EndUser::Listed { regime: None } => {
                    Fit::unknown("end_user", "on which list the end user stands")
                }
                _ => Fit::No,
            },
            Target::Area { area, .. } => in_area(area, &question.area),
        }
    }
}

/// A place is in an area where it bears the area’s name, and out of it only where somebody has said so: whether another
/// name lies in it is not guessed.
pub(super) fn in_area(area: &str, place: &Area) -> Fit {
    let same = |name: &String| name.to_lowercase() == area.to_lowercase();
    match place {
        Area::In(name) if same(name) => Fit::Yes,
        Area::Outside(names) if names.iter().any(same) => Fit::No,
        Area::In(name) => Fit::unknown("area", format!("whether {name} lies in {area}")),
        Area::Outside(_) | Area::Unknown => Fit::unknown("area", format!("whether it goes to {area}")),
    }
}

fn is_to(state: &str, direction: Direction, question: &Question) -> bool {
    direction != Direction::From && question.to == state
}

fn is_from(state: &str, direction: Direction, question: &Question) -> bool {
    direction != Direction::To && question.from.as_deref() == Some(state)
}
