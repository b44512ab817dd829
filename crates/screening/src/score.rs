//! From two entities to a score with its reasons.
//!
//! The name decides. What else is known raises or lowers it a little; a slip in a date of birth lowers a hit and
//! never takes it below the threshold, because a listed party must not escape by a wrong digit.

use serde::Serialize;

use crate::compare::{Likeness, Note, Why, compare};
use crate::date::Agreement;
use crate::entity::{Ready, ReadyName};
use crate::name::Kind;

/// From which score on two entities are a match.
pub const THRESHOLD: f32 = 0.7;

/// What else is known raises the score of a name by so much at most: a birth and a country.
const RAISED: f32 = 0.07;

/// By how much it does at most where births may agree, and countries.
pub(crate) fn raises(births: bool, countries: bool) -> f32 {
    (if births { told_by_birth(Agreement::Day) } else { 0.0 })
        + if countries { told_by_countries(true) } else { 0.0 }
}

/// What births say.
fn told_by_birth(agreement: Agreement) -> f32 {
    match agreement {
        Agreement::Day => 0.05,
        Agreement::Near => 0.03,
        Agreement::Slip => -0.04,
        Agreement::Years => -0.12,
        Agreement::Far => -0.25,
    }
}

/// What countries say, whether one is in common or none.
fn told_by_countries(same: bool) -> f32 {
    if same { 0.02 } else { -0.08 }
}

/// What else is known takes a hit below the threshold from here on.
const CONTRADICTS: f32 = -0.25;

/// What the names of two entities must score at least for a hit, where no identifier is the same: by how their births
/// agree, if both have some, and whether they may have a country in common, if both have some.
///
/// The sum is the one that [`weigh`] makes, in its order and without the gender, which only lowers it: rounding keeps
/// the order of sums, so what is weighed is no more. A score below [`THRESHOLD`] is never kept at it, and one above is
/// kept only where the sum is more than [`CONTRADICTS`]; otherwise a hit scores the names and the sum together.
pub(crate) fn named_at_least(threshold: f32, births: Option<Agreement>, countries: Option<bool>) -> f32 {
    let mut sum = 0.0;
    sum += births.map_or(0.0, told_by_birth);
    sum += countries.map_or(0.0, told_by_countries);
    let kept = sum > CONTRADICTS && threshold <= THRESHOLD;
    if kept { THRESHOLD.min(threshold - sum) } else { threshold - sum }
}

/// What raised or lowered a score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// Which: `name`, `birth_date`, `country`, `identifier`, `gender`, `weak_alias`.
    pub feature: &'static str,
    /// By how much; of the name, the likeness itself.
    pub score: f32,
    /// In words.
    pub detail: String,
    /// The query's value.
    pub query: String,
    /// The entry's value.
    pub candidate: String,
    /// Of a name: word by word what met and what did not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<Told>,
}

/// Words of two names that met, or words of one that met none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Told {
    /// Words of the query, as they were written; empty if only the entry has some.
    pub query: String,
    /// Words of the entry, as they were written; empty if only the query has some.
    pub candidate: String,
    /// How they met: `same`, `number`, `spelling`, `transliteration`, `cut`, `initial`, `nickname`, `acronym`; or
    /// `only_query`, `only_candidate`.
    pub how: &'static str,
    /// How alike they are, from 0 to 1; 0 of words that met none.
    pub like: f32,
    /// How much they count in the name.
    pub weight: f32,
}

/// How alike two entities are, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// From 0 to 1.
    pub score: f32,
    /// The reasons, the name first.
    pub reasons: Vec<Reason>,
}

/// The pair of names that says most.
struct Best<'r> {
    score: f32,
    likeness: Likeness,
    own: &'r ReadyName,
    other: &'r ReadyName,
}

/// Which names are compared, by their places: a name of the query and one of the entry.
pub(crate) type Asked<'a> = &'a dyn Fn(usize, usize) -> bool;

fn best<'r>(query: &'r Ready, entry: &'r Ready, asked: Asked<'_>) -> Option<Best<'r>> {
    let mut best: Option<Best<'r>> = None;
    for (place, own) in query.names.iter().enumerate() {
        for (of_entry, other) in entry.names.iter().enumerate() {
            if !asked(place, of_entry) {
                continue;
            }
            // What may be either has both names: one as a person's is never compared with one as an organisation's.
            let mixed = own.name.kind != other.name.kind;
            if mixed && (own.name.kind == Kind::Person || other.name.kind == Kind::Person) {
                continue;
            }
            let likeness = compare(&own.name, &other.name);
            // A weak alias is a hint: it counts in full where it is met in full, and less where it is only like.
            let score =
                if other.weak && likeness.score < 0.98 { likeness.score * 0.92 } else { likeness.score };
            if score > best.as_ref().map_or(0.0, |best| best.score) {
                best = Some(Best { score, likeness, own, other });
            }
        }
    }
    best
}

/// Compares an entity that is looked for with one of a list.
pub fn score(query: &Ready, entry: &Ready) -> Score {
    score_from(query, entry, 0.0).unwrap_or(Score { score: 0.0, reasons: Vec::new() })
}

/// The same, where nobody asks for the reasons of a score below `threshold`: none then.
pub fn score_from(query: &Ready, entry: &Ready, threshold: f32) -> Option<Score> {
    score_among(query, entry, threshold, &|_, _| true)
}

/// The same, where it is known that no other names than those asked for can reach the threshold.
pub(crate) fn score_among(query: &Ready, entry: &Ready, threshold: f32, asked: Asked<'_>) -> Option<Score> {
    if !query.kind.meets(entry.kind) {
        return None;
    }
    let same = query.identifiers.iter().find(|own| entry.identifiers.contains(own));
    let best = best(query, entry, asked);
    let named = best.as_ref().map_or(0.0, |best| best.score);
    // What else is known raises a score by so much at most.
    if same.is_none() && (named <= 0.0 || named + RAISED < threshold) {
        return None;
    }
    let mut total = named;
    let mut reasons = Vec::new();
    if let Some(best) = &best {
        reasons.push(Reason {
            feature: "name",
            score: best.score,
            detail: in_words(&best.likeness, best.own, best.other),
            query: best.own.name.text.clone(),
            candidate: best.other.name.text.clone(),
            words: as_data(&best.likeness, best.own, best.other),
        });
    }
    if let Some(identifier) = same {
        total = total.max(0.95);
        reasons.push(Reason {
            feature: "identifier",
            score: 0.95,
            detail: "the same identifier".to_owned(),
            query: identifier.clone(),
            candidate: identifier.clone(),
            words: Vec::new(),
        });
    } else {
        let weighed = weigh(query, entry, &mut reasons);
        // Only what flatly contradicts may take a hit below the threshold.
        let floor = if total >= THRESHOLD && weighed > CONTRADICTS { THRESHOLD } else { 0.0 };
        total = (total + weighed).clamp(floor, 1.0);
    }
    (total >= threshold).then_some(Score { score: total, reasons })
}

/// What birth, country and gender say.
fn weigh(query: &Ready, entry: &Ready, reasons: &mut Vec<Reason>) -> f32 {
    let mut sum = 0.0;
    let mut note = |feature, score: f32, detail: &str, query: String, candidate: String| {
        sum += score;
        reasons.push(Reason {
            feature,
            score,
            detail: detail.to_owned(),
            query,
            candidate,
            words: Vec::new(),
        });
    };
    let pairs = query.births.iter().flat_map(|own| entry.births.iter().map(move |other| (own, other)));
    if let Some((agreement, own, other)) =
        pairs.map(|(a, b)| (a.agrees(*b), a, b)).min_by_key(|(agreement, ..)| *agreement)
    {
        let detail = match agreement {
            Agreement::Day => "the same day of birth",
            Agreement::Near => "the same birth, as far as both are known",
            Agreement::Slip => "births one slip of the pen apart",
            Agreement::Years => "births some years apart",
            Agreement::Far => "births far apart",
        };
        note("birth_date", told_by_birth(agreement), detail, shown(own), shown(other));
    }
    if !query.countries.is_empty() && !entry.countries.is_empty() {
        let same = query.countries.iter().any(|own| entry.countries.contains(own));
        let detail = if same { "a country in common" } else { "no country in common" };
        note(
            "country",
            told_by_countries(same),
            detail,
            query.countries.join(", "),
            entry.countries.join(", "),
        );
    }
    if let (Some(own), Some(other)) = (&query.gender, &entry.gender)
        && own != other
    {
        note("gender", -0.1, "another gender", own.clone(), other.clone());
    }
    sum
}

fn shown(date: &crate::date::PartialDate) -> String {
    let mut text = date.year.to_string();
    if date.last_year != date.year {
        text.push_str(&format!("-{}", date.last_year));
    }
    if let Some(month) = date.month {
        text.push_str(&format!("-{month:02}"));
    }
    if let Some(day) = date.day {
        text.push_str(&format!("-{day:02}"));
    }
    text
}

fn written(parts: &[crate::name::Part]) -> String {
    parts.iter().map(|part| part.written.as_str()).collect::<Vec<_>>().join(" ")
}

/// Which words met, and which did not, as data.
fn as_data(likeness: &Likeness, own: &ReadyName, other: &ReadyName) -> Vec<Told> {
    let mut told: Vec<Told> = likeness
        .pairs
        .iter()
        .map(|pair| Told {
            query: written(&own.name.parts[pair.query.clone()]),
            candidate: written(&other.name.parts[pair.entry.clone()]),
            how: match pair.why {
                Why::Same => "same",
                Why::Number => "number",
                Why::Spelling => "spelling",
                Why::Transliteration => "transliteration",
                Why::Cut => "cut",
                Why::Initial => "initial",
                Why::Nickname => "nickname",
                Why::Acronym => "acronym",
            },
            like: pair.like,
            weight: pair.weight,
        })
        .collect();
    for (place, part) in own.name.parts.iter().enumerate() {
        if !likeness.pairs.iter().any(|pair| pair.query.contains(&place)) {
            let (query, candidate) = (part.written.clone(), String::new());
            told.push(Told { query, candidate, how: "only_query", like: 0.0, weight: part.weight });
        }
    }
    for (place, part) in other.name.parts.iter().enumerate() {
        if !likeness.pairs.iter().any(|pair| pair.entry.contains(&place)) {
            let (query, candidate) = (String::new(), part.written.clone());
            told.push(Told { query, candidate, how: "only_candidate", like: 0.0, weight: part.weight });
        }
    }
    told
}

/// Which words met, in words.
fn in_words(likeness: &Likeness, own: &ReadyName, other: &ReadyName) -> String {
    let mut said: Vec<String> = Vec::new();
    for pair in &likeness.pairs {
        let (a, b) =
            (written(&own.name.parts[pair.query.clone()]), written(&other.name.parts[pair.entry.clone()]));
        said.push(match pair.why {
            Why::Same | Why::Number => format!("{a} = {b}"),
            why => {
                let how = match why {
                    Why::Spelling => "spelled alike",
                    Why::Transliteration => "in another script",
                    Why::Cut => "written together or apart",
                    Why::Initial => "initial",
                    Why::Nickname => "short name",
                    _ => "first letters",
                };
                format!("{a} ≈ {b} ({how}, {:.0} %)", pair.like * 100.0)
            }
        });
    }
    let left = |name: &crate::name::Name, met: &dyn Fn(usize) -> bool| -> Vec<String> {
        name.parts.iter().enumerate().filter(|(i, _)| !met(*i)).map(|(_, p)| p.written.clone()).collect()
    };
    let alone = left(&own.name, &|i| likeness.pairs.iter().any(|p| p.query.contains(&i)));
    if !alone.is_empty() {
        said.push(format!("only in the query: {}", alone.join(" ")));
    }
    let alone = left(&other.name, &|i| likeness.pairs.iter().any(|p| p.entry.contains(&i)));
    if !alone.is_empty() {
        said.push(format!("only on the list: {}", alone.join(" ")));
    }
    for note in &likeness.notes {
        match note {
            Note::FormsDiffer => said.push("the legal forms differ".to_owned()),
            Note::NumbersDiffer => said.push("the numbers differ".to_owned()),
            Note::Thin => said.push("one word alone met".to_owned()),
            Note::GivenDiffer => said.push("the given names differ".to_owned()),
            Note::OnlyCommon => said.push("only words that many names have met".to_owned()),
            Note::PlacesDiffer => said.push("given and family name changed places".to_owned()),
            Note::Contradiction | Note::QuerySaysMore | Note::EntrySaysMore => {}
        }
    }
    if other.weak {
        said.push("the list calls this name a weak alias".to_owned());
    }
    said.join("; ")
}
