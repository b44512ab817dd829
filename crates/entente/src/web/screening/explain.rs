//! Why a party may be an entry, so that an officer can sign it: which word met which, and what raised or lowered the
//! score.

use entente_register::screening::{Hit, HitReason};
use entente_screening::score::{Score, Told};

use super::{score, signed};
use crate::screener::{reasons, ten_thousandths, threshold};

/// Words that met, or words of one side alone.
#[derive(Debug, Clone)]
pub(crate) struct WordCells {
    pub(crate) query: String,
    pub(crate) entry: String,
    pub(crate) how: &'static str,
    /// How alike; empty of what met nothing.
    pub(crate) like: String,
    pub(crate) weight: String,
}

/// What else is known of both.
#[derive(Debug, Clone)]
pub(crate) struct WeighCells {
    pub(crate) what: &'static str,
    pub(crate) says: String,
    pub(crate) query: String,
    pub(crate) entry: String,
    pub(crate) by: String,
    pub(crate) lowers: bool,
}

/// An explanation of a score.
#[derive(Debug, Clone, Default)]
pub(crate) struct Explanation {
    pub(crate) score: String,
    /// The two names that say most, and how alike they are; none where an identifier alone met.
    pub(crate) names: Option<(String, String, String)>,
    pub(crate) words: Vec<WordCells>,
    /// The same in a sentence, with what the words do not show.
    pub(crate) said: String,
    pub(crate) weighs: Vec<WeighCells>,
    /// How the sum was held at a bound; empty where it was not.
    pub(crate) bound: &'static str,
}

impl Explanation {
    /// Of a search.
    pub(crate) fn of(found: &Score) -> Explanation {
        let words = found.reasons.iter().find(|reason| reason.feature == "name");
        let words = words.map(|reason| reason.words.as_slice()).unwrap_or_default();
        made(ten_thousandths(found.score), &reasons(found), words)
    }

    /// Of a case. `again` is the same pair compared now: its words are shown where it says the very same.
    pub(crate) fn of_hit(hit: &Hit, again: Option<&Score>) -> Explanation {
        let total = i32::try_from(hit.score).unwrap_or(i32::MAX);
        let same = again.filter(|again| reasons(again) == hit.reasons);
        let name = same.and_then(|again| again.reasons.iter().find(|reason| reason.feature == "name"));
        made(total, &hit.reasons, name.map(|name| name.words.as_slice()).unwrap_or_default())
    }
}

fn made(total: i32, reasons: &[HitReason], words: &[Told]) -> Explanation {
    let name = reasons.iter().find(|reason| reason.feature == "name");
    let others: Vec<&HitReason> = reasons.iter().filter(|reason| reason.feature != "name").collect();
    let identified = others.iter().any(|reason| reason.feature == "identifier");
    let sum = name.map_or(0, |name| name.score) + others.iter().map(|reason| reason.score).sum::<i32>();
    let least = i32::try_from(threshold()).unwrap_or(i32::MAX);
    let bound = if identified {
        "An identifier that both have makes the score 0.95 at least."
    } else if total == least && sum < least {
        "What speaks against it lowers the score, and does not take it below the threshold: by a slip of the pen nobody escapes."
    } else if total == 10_000 && sum > 10_000 {
        "No score is above 1."
    } else {
        ""
    };
    Explanation {
        score: score(i64::from(total)),
        names: name.map(|name| (name.query.clone(), name.candidate.clone(), score(i64::from(name.score)))),
        words: words.iter().map(word).collect(),
        said: name.map(|name| name.detail.clone()).unwrap_or_default(),
        weighs: others.into_iter().map(weigh).collect(),
        bound,
    }
}

fn word(told: &Told) -> WordCells {
    let met = !told.how.starts_with("only_");
    WordCells {
        query: told.query.clone(),
        entry: told.candidate.clone(),
        how: match told.how {
            "same" => "written alike",
            "number" => "the same number",
            "spelling" => "spelled alike",
            "transliteration" => "the same in another script",
            "cut" => "written together or apart",
            "initial" => "its first letter",
            "nickname" => "short for it",
            "acronym" => "its first letters",
            "only_query" => "only in what is looked for",
            _ => "only on the list",
        },
        like: if met { score(i64::from(ten_thousandths(told.like))) } else { String::new() },
        weight: format!("{:.2}", told.weight),
    }
}

fn weigh(reason: &HitReason) -> WeighCells {
    let identifier = reason.feature == "identifier";
    // Codes of countries stand in capitals, as people write them.
    let shown = |value: &str| match reason.feature.as_str() {
        "country" => value.to_uppercase(),
        _ => value.to_owned(),
    };
    WeighCells {
        what: match reason.feature.as_str() {
            "birth_date" => "Birth",
            "country" => "Country",
            "gender" => "Gender",
            "identifier" => "Identifier",
            _ => "Other",
        },
        says: reason.detail.clone(),
        query: shown(&reason.query),
        entry: shown(&reason.candidate),
        by: if identifier { "0.95 at least".to_owned() } else { signed(reason.score) },
        lowers: reason.score < 0,
    }
}

#[cfg(test)]
mod tests {
    use entente_screening::entity::{Entity, Ready};
    use entente_screening::score::score as compared;

    use super::*;

    fn person(name: &str, birth: &str, country: &str) -> Entity {
        let mut person = Entity::new("1", "Person");
        for (property, value) in [("name", name), ("birthDate", birth), ("nationality", country)] {
            person.add(property, value);
        }
        person
    }

    #[test]
    fn words_of_two_scripts_are_shown_beside_each_other() {
        let query = Ready::new(&person("Мухаммед Салех", "1965-03-24", "ye"));
        let entry = Ready::new(&person("MOHAMMED SALEH", "1966-03-24", "ir"));
        let found = compared(&query, &entry);
        let explained = Explanation::of(&found);
        assert_eq!(explained.words.len(), 2, "{explained:?}");
        assert!(explained.words.iter().any(|word| word.query == "Салех" && word.entry == "SALEH"));
        assert!(explained.words.iter().all(|word| word.how == "the same in another script"));
        assert!(explained.weighs.iter().all(|weigh| weigh.lowers), "{explained:?}");
        assert_eq!(explained.weighs.len(), 2);

        // A case that says what is found now has its words; one that says something else has its sentence alone.
        let mut hit = Hit {
            edition: String::new(),
            engine: String::new(),
            score: 7_500,
            reasons: reasons(&found),
            caption: String::new(),
            party_content: String::new(),
            entry_content: String::new(),
        };
        assert_eq!(Explanation::of_hit(&hit, Some(&found)).words.len(), 2);
        hit.reasons[0].score -= 1;
        let other = Explanation::of_hit(&hit, Some(&found));
        assert!(other.words.is_empty() && other.said == found.reasons[0].detail);
    }

    #[test]
    fn what_holds_a_score_at_the_threshold_is_said() {
        let reason = |feature: &str, score: i32| HitReason {
            feature: feature.to_owned(),
            score,
            detail: String::new(),
            query: String::new(),
            candidate: String::new(),
        };
        let explained = made(7_000, &[reason("name", 7_200), reason("country", -800)], &[]);
        assert!(explained.bound.contains("threshold") && explained.score == "0.700");
        assert_eq!(made(6_400, &[reason("name", 7_200), reason("country", -800)], &[]).bound, "");
        assert!(made(9_500, &[reason("identifier", 9_500)], &[]).names.is_none());
    }
}
