//! Recognition: of which state a government is recognised, from when, and by what it is shown. An end user is lawful as an
//! authority of a recognised government; where that is not known, it holds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::document::text;
use crate::ledger::{Context, Fallible, Refusal, check_year};
use crate::partner::check_state_code;
use crate::payment::schedule::words;
use crate::transfer::check::{Check, CheckKind, CheckOutcome, EndUserStanding, Established};

/// Stretches at most.
const MOST_STRETCHES: usize = 100;

/// Whether a government of a state is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecognitionStatus {
    /// It is.
    Recognised,
    /// Several claim to be it, and none is chosen.
    Disputed,
    /// None is.
    None,
}

words! { RecognitionStatus, "a status of recognition", "guidance.recognition",
    Recognised = "recognised", "recognised";
    Disputed = "disputed", "disputed";
    None = "none", "none";
}

/// How it stands over some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// The first day.
    pub from: Date,
    /// The last one; none where it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// How it stands.
    pub status: RecognitionStatus,
    /// The government that is recognised, or those that claim to be it.
    pub government: String,
    /// By what it is shown: the act of recognition, or the report.
    pub source: String,
}

impl Stretch {
    fn covers(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// The recognition of the government of a state, over the days that the file covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recognition {
    /// The state, ISO 3166-1 alpha-3.
    pub state: String,
    /// Stretches in their order. A day in none of them is not known.
    pub stretches: Vec<Stretch>,
}

impl Recognition {
    /// Whether it is whole.
    ///
    /// # Errors
    /// A refusal that names the field and the stretch.
    pub fn check(&self, _context: &Context) -> Fallible<()> {
        check_state_code("state", &self.state)?;
        if self.stretches.is_empty() || self.stretches.len() > MOST_STRETCHES {
            return Err(Refusal::new(
                "guidance.stretches",
                format!("There are {} stretches.", self.stretches.len()),
            )
            .field("stretches")
            .missing(format!("1 to {MOST_STRETCHES}")));
        }
        let mut before: Option<&Stretch> = None;
        for (place, stretch) in self.stretches.iter().enumerate() {
            let at = |name: &str| format!("stretches[{place}].{name}");
            check_year(&at("from"), stretch.from)?;
            text("guidance.government", &at("government"), &stretch.government, 300)?;
            text("guidance.source", &at("source"), &stretch.source, 500)?;
            if let Some(until) = stretch.until {
                check_year(&at("until"), until)?;
                if until < stretch.from {
                    return Err(Refusal::new(
                        "guidance.until",
                        format!("{until} is before {}.", stretch.from),
                    )
                    .field(at("until"))
                    .missing(format!("a date from {}", stretch.from)));
                }
            }
            if let Some(before) = before
                && before.until.is_none_or(|until| stretch.from <= until)
            {
                return Err(Refusal::new(
                    "guidance.stretches",
                    format!("The stretch from {} goes on beyond {}.", before.from, stretch.from),
                )
                .field(at("from"))
                .missing("stretches in their order, each ended before the next begins"));
            }
            before = Some(stretch);
        }
        Ok(())
    }

    /// How it stands on a day; none where the file does not cover it.
    pub fn on(&self, day: Date) -> Option<&Stretch> {
        self.stretches.iter().find(|stretch| stretch.covers(day))
    }
}

/// A file of recognition as it is known when a transfer is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecognitionKnown {
    /// Number of its file, or what it is where the reader may not know of it.
    pub number: String,
    /// Which edition.
    pub edition: String,
    /// Whether the readers of the application may know what it says.
    pub is_open: bool,
    /// What it says.
    pub recognition: Recognition,
}

/// What is known of the government of a state on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// What follows for an authority of it.
    pub outcome: CheckOutcome,
    /// Why, in words.
    pub why: String,
    /// By what.
    pub source: String,
    /// By which edition of it.
    pub edition: String,
}

/// Whether a government of a state is recognised on a day: by the register’s own file where it has one, otherwise by who is
/// seated at the United Nations.
pub fn recognised(state: &str, day: Date, own: Option<&RecognitionKnown>) -> Recognised {
    let Some(known) = own else { return seated(state, day) };
    let (outcome, why) = match known.recognition.on(day) {
        None => (CheckOutcome::Hold, format!("Nothing of its government is on file for {day}")),
        Some(stretch) => {
            let why = match stretch.status {
                RecognitionStatus::Recognised => {
                    format!("Its government is recognised since {}", stretch.from)
                }
                RecognitionStatus::Disputed => format!("Its government is disputed since {}", stretch.from),
                RecognitionStatus::None => {
                    format!("No government of it is recognised since {}", stretch.from)
                }
            };
            let outcome = match stretch.status {
                RecognitionStatus::Recognised => CheckOutcome::Pass,
                RecognitionStatus::Disputed => CheckOutcome::Hold,
                RecognitionStatus::None => CheckOutcome::Blocked,
            };
            (outcome, if known.is_open { format!("{why}: {}", stretch.government) } else { why })
        }
    };
    let why = format!("{}.", why.trim_end_matches('.'));
    Recognised { outcome, why, source: known.number.clone(), edition: known.edition.clone() }
}

/// Whether a government of each state is recognised whose authorities the end users are, or who has authorised them.
pub(crate) fn recognition(
    end_users: &[(&str, Option<&Established>)],
    known: &BTreeMap<String, RecognitionKnown>,
    day: Date,
) -> Vec<Check> {
    let state = |established: &&Established| match &established.standing {
        EndUserStanding::Authority { state } | EndUserStanding::Authorised { state } => Some(state.clone()),
        EndUserStanding::Mission { .. } | EndUserStanding::NonState => None,
    };
    let states: BTreeSet<String> =
        end_users.iter().filter_map(|(_, established)| established.as_ref().and_then(state)).collect();
    states
        .into_iter()
        .map(|state| {
            let found = recognised(&state, day, known.get(&state));
            Check {
                kind: CheckKind::Recognition,
                line: None,
                about: state,
                outcome: found.outcome,
                why: found.why,
                source: found.source,
                edition: found.edition,
                needs: None,
            }
        })
        .collect()
}

/// The file that came with the program.
const UNITED_NATIONS: &str = include_str!("../../../data/recognition/united-nations.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Baseline {
    source: String,
    certainty: String,
    #[serde(deserialize_with = "day_of")]
    verified_on: Date,
    admitted: Vec<Admitted>,
    contested: Vec<Contested>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Admitted {
    #[serde(deserialize_with = "day_of")]
    on: Date,
    states: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contested {
    state: String,
    #[serde(deserialize_with = "day_of")]
    from: Date,
    #[serde(default, deserialize_with = "day_given")]
    until: Option<Date>,
    why: String,
    source: String,
    certainty: String,
}

fn day_of<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let value = toml::value::Datetime::deserialize(deserializer)?;
    value.to_string().parse().map_err(serde::de::Error::custom)
}

fn day_given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    day_of(deserializer).map(Some)
}

/// Days of admission by state, and what is contested.
struct Seats {
    baseline: Baseline,
    admitted: BTreeMap<String, Date>,
}

/// A file that could not be read would leave nobody recognised, and hold everything; a test reads it.
static SEATS: LazyLock<Seats> = LazyLock::new(|| {
    let baseline: Baseline = toml::from_str(UNITED_NATIONS).unwrap_or_default();
    let admitted = baseline
        .admitted
        .iter()
        .flat_map(|one| one.states.iter().map(|state| (state.clone(), one.on)))
        .collect();
    Seats { baseline, admitted }
});

/// By who is seated at the United Nations.
fn seated(state: &str, day: Date) -> Recognised {
    let seats = &*SEATS;
    let baseline = &seats.baseline;
    let contested = baseline
        .contested
        .iter()
        .find(|one| one.state == state && one.from <= day && one.until.is_none_or(|until| day <= until));
    if let Some(contested) = contested {
        return Recognised {
            outcome: CheckOutcome::Hold,
            why: format!("Its government is disputed: {}", contested.why),
            source: contested.source.clone(),
            edition: format!("certainty {}", contested.certainty),
        };
    }
    let (outcome, why) = match seats.admitted.get(state).filter(|on| **on <= day) {
        Some(on) => (
            CheckOutcome::Pass,
            format!("Its government is seated at the United Nations, which admitted it on {on}."),
        ),
        None => (
            CheckOutcome::Hold,
            format!(
                "It was no member of the United Nations on {day}, and nothing of its government is on file."
            ),
        ),
    };
    let edition = format!("verified {}, certainty {}", baseline.verified_on, baseline.certainty);
    Recognised { outcome, why, source: baseline.source.clone(), edition }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date;

    use super::super::tests::by;
    use super::*;

    #[test]
    fn the_file_of_the_united_nations_is_read_and_names_each_state_once() {
        let baseline: Baseline = toml::from_str(UNITED_NATIONS).unwrap();
        let states: Vec<&String> = baseline.admitted.iter().flat_map(|one| &one.states).collect();
        assert_eq!(states.len(), 193);
        assert_eq!(SEATS.admitted.len(), 193);
        let days: Vec<Date> = baseline.admitted.iter().map(|one| one.on).collect();
        assert!(days.is_sorted());
        for state in states {
            check_state_code("state", state).unwrap();
        }
        for contested in &baseline.contested {
            assert!(SEATS.admitted.contains_key(&contested.state));
        }
    }

    #[test]
    fn whoever_is_seated_is_recognised_from_the_day_of_admission() {
        let outcome = |state: &str, day| recognised(state, day, None).outcome;
        assert_eq!(outcome("SSD", date(2011, 7, 14)), CheckOutcome::Pass);
        assert_eq!(outcome("SSD", date(2011, 7, 13)), CheckOutcome::Hold);
        assert_eq!(outcome("AFG", date(2020, 1, 1)), CheckOutcome::Pass);
        assert_eq!(outcome("AFG", date(2026, 1, 1)), CheckOutcome::Hold);
        assert_eq!(outcome("XKX", date(2026, 1, 1)), CheckOutcome::Hold, "what is not known holds");
    }

    fn stretch(from: Date, until: Option<Date>, status: RecognitionStatus) -> Stretch {
        Stretch { from, until, status, government: "The council".into(), source: "Note 1".into() }
    }

    #[test]
    fn the_register_s_own_file_goes_before_and_a_day_outside_it_holds() {
        let recognition = Recognition {
            state: "LBY".into(),
            stretches: vec![
                stretch(date(2011, 2, 17), Some(date(2011, 8, 31)), RecognitionStatus::Disputed),
                stretch(date(2011, 9, 1), Some(date(2012, 12, 31)), RecognitionStatus::Recognised),
                stretch(date(2013, 1, 1), None, RecognitionStatus::None),
            ],
        };
        recognition.check(&by("l.officer")).unwrap();
        let known = |is_open| RecognitionKnown {
            number: "O-RG-LBY".into(),
            edition: "1 of 2012-01-01".into(),
            is_open,
            recognition: recognition.clone(),
        };
        for (day, outcome) in [
            (date(2011, 2, 16), CheckOutcome::Hold),
            (date(2011, 8, 31), CheckOutcome::Hold),
            (date(2011, 9, 1), CheckOutcome::Pass),
            (date(2013, 1, 1), CheckOutcome::Blocked),
        ] {
            let found = recognised("LBY", day, Some(&known(true)));
            assert_eq!(found.outcome, outcome, "{day}: {}", found.why);
            assert!(!recognised("LBY", day, Some(&known(false))).why.contains("council"));
        }
    }

    #[test]
    fn stretches_that_overlap_are_refused_with_their_place() {
        let overlapping = Recognition {
            state: "LBY".into(),
            stretches: vec![
                stretch(date(2011, 2, 17), None, RecognitionStatus::Disputed),
                stretch(date(2011, 9, 1), None, RecognitionStatus::Recognised),
            ],
        };
        let refusal = overlapping.check(&by("l.officer")).unwrap_err();
        assert_eq!(refusal.field.as_deref(), Some("stretches[1].from"));
    }
}
