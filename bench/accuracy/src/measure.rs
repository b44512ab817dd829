//! The measurements, each of one set.

use std::collections::BTreeMap;

use anyhow::Result;
use entente_screening::entity::{Entity, Ready};
use entente_screening::index::Index;
use entente_screening::lists::Form;
use entente_screening::score::{THRESHOLD, score};
use serde::Serialize;

use crate::data::{Data, named, script};
use crate::stats::{Half, Share, half, hash};

/// Pairs that people have judged.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub(crate) struct Judged {
    /// One party, and found so.
    pub(crate) found: usize,
    /// Two parties, and taken for one.
    pub(crate) wrong: usize,
    /// One party, and not found.
    pub(crate) missed: usize,
    /// Two parties, and told apart.
    pub(crate) apart: usize,
}

impl Judged {
    fn count(&mut self, same: bool, found: bool) {
        *match (same, found) {
            (true, true) => &mut self.found,
            (true, false) => &mut self.missed,
            (false, true) => &mut self.wrong,
            (false, false) => &mut self.apart,
        } += 1;
    }

    /// Precision, recall, F1.
    pub(crate) fn shares(self) -> (f64, f64, f64) {
        let found = self.found as f64;
        let part = |all: usize| if all == 0 { 0.0 } else { found / all as f64 };
        let twice = 2 * self.found + self.wrong + self.missed;
        let f1 = if twice == 0 { 0.0 } else { 2.0 * found / twice as f64 };
        (part(self.found + self.wrong), part(self.found + self.missed), f1)
    }
}

/// How names in one script found their form in another among a thousand others.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub(crate) struct Found {
    /// At the threshold.
    pub(crate) found: Share,
    /// And nothing scored more.
    pub(crate) first: Share,
    /// Others at the threshold, all queries together.
    pub(crate) others: usize,
}

/// Everything.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) checks: BTreeMap<String, Judged>,
    pub(crate) listed: BTreeMap<String, Share>,
    pub(crate) listed_among: BTreeMap<String, Found>,
    pub(crate) strangers: BTreeMap<String, Share>,
    pub(crate) scripts: BTreeMap<String, Found>,
    pub(crate) index: Share,
}

/// Whether rows of one half are shown one by one where they fail.
pub(crate) type Show = Option<Half>;

/// The labelled pairs.
pub(crate) fn checks(data: &Data, report: &mut Report, show: Show) -> Result<()> {
    for check in data.checks()? {
        let (own, other) = (&check.query, &check.candidate);
        let text = format!("{:?}|{:?}", own.properties, other.properties);
        let half = half(&text);
        let scored = score(&Ready::new(own), &Ready::new(other)).score;
        let found = scored >= THRESHOLD;
        let (a, b) = (first(own), first(other));
        let kind = if own.schema == "Person" { "persons" } else { "organisations and craft" };
        let scripts = if script(&a) == script(&b) { "one script" } else { "two scripts" };
        let group =
            ["whole".to_owned(), format!("{half:?}").to_lowercase(), kind.to_owned(), scripts.to_owned()];
        for group in group {
            report.checks.entry(group).or_default().count(check.same, found);
        }
        if show == Some(half) && found != check.same {
            println!("checks {scored:.3} {} {a} / {b}", if check.same { "missed" } else { "wrong" });
        }
    }
    Ok(())
}

fn first(entity: &Entity) -> String {
    entity.names().next().map_or_else(String::new, |(name, _)| name.to_owned())
}

/// Listed persons under altered names, and strangers, against the list of the United Nations.
pub(crate) fn listed(data: &Data, report: &mut Report, show: Show) -> Result<()> {
    let list = data.bytes("un/un_consolidated_2025-04-19.xml")?;
    let index = Index::new(Form::Un.read(&list)?.entries);
    for with_birth in [false, true] {
        let what = if with_birth { "with birth and nationality" } else { "by name alone" };
        let clean = data.persons("names/un-positives-untreated.csv", with_birth)?;
        let altered = data.persons("names/un-positives-treated.csv", with_birth)?;
        let all = Index::new(clean.clone());
        for (place, (clean, altered)) in clean.iter().zip(&altered).enumerate() {
            let (own, other) = (first(altered), first(clean));
            let half = half(&format!("{own}|{other}"));
            let ready = Ready::new(altered);
            let hits = all.find(&ready, THRESHOLD);
            let found = hits.iter().any(|hit| hit.entry == place);
            let best = hits.first().is_some_and(|hit| {
                hit.score.score
                    > hits.iter().find(|hit| hit.entry == place).map_or(0.0, |hit| hit.score.score) + 1e-6
            });
            let others = hits.iter().filter(|hit| hit.entry != place).count();
            let changed = own != other;
            let birth = clean.get("birthDate") != altered.get("birthDate");
            let difference = difference(&own, &other);
            let mut groups = vec![format!("{what}: all")];
            if changed {
                groups.push(format!("{what}: name altered"));
                groups.push(format!("{what}: name altered, {}", format!("{half:?}").to_lowercase()));
                groups.push(format!("{what}: {difference}"));
            }
            if birth {
                groups.push(format!("{what}: birth altered"));
            }
            for group in groups {
                report.listed.entry(group).or_default().count(found);
            }
            let among = report.listed_among.entry(what.to_owned()).or_default();
            among.found.count(found);
            among.first.count(found && !best);
            among.others += others;
            if show == Some(half) && (!found || others > 0) {
                let scored = score(&ready, &Ready::new(clean)).score;
                println!(
                    "listed {scored:.3} {own} / {other}: others {}",
                    hits.iter()
                        .filter(|hit| hit.entry != place)
                        .map(|hit| format!("{} {:.2}", hit.score.reasons[0].candidate, hit.score.score))
                        .collect::<Vec<_>>()
                        .join(" | ")
                );
            }
            let whole = index.find(&ready, THRESHOLD);
            if place % 5 == 0 {
                report.index.count(whole == index.find_by_force(&ready, THRESHOLD));
            }
            if show == Some(half) && whole.len() > 1 {
                println!("whole list, {what}: {own} / {other}");
                for hit in &whole {
                    let name = &hit.score.reasons[0];
                    println!(
                        "  {:.3} {} ({:.3}): {}",
                        hit.score.score, name.candidate, name.score, name.detail
                    );
                }
            }
            let among = report.listed_among.entry(format!("{what}, on the whole list")).or_default();
            among.found.count(!whole.is_empty());
            among.first.count(!whole.is_empty());
            among.others += whole.len().saturating_sub(1);
        }
        for (place, person) in data.persons("names/negatives-global-1000.csv", with_birth)?.iter().enumerate()
        {
            let ready = Ready::new(person);
            let hits = index.find(&ready, THRESHOLD);
            let name = first(person);
            for group in [format!("{what}: all"), format!("{what}: {}", script(&name))] {
                report.strangers.entry(group).or_default().count(!hits.is_empty());
            }
            if place % 5 == 0 {
                report.index.count(hits == index.find_by_force(&ready, THRESHOLD));
            }
            if show == Some(half(&name)) {
                for hit in &hits {
                    println!("stranger {:.3} {name}: {}", hit.score.score, hit.score.reasons[0].detail);
                }
            }
        }
    }
    Ok(())
}

/// What was done to a name, seen from outside.
fn difference(one: &str, other: &str) -> &'static str {
    let words = |text: &str| -> Vec<String> {
        let mut words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        words.sort();
        words
    };
    let (a, b) = (words(one), words(other));
    let only = |a: &[String], b: &[String]| a.iter().filter(|word| !b.contains(word)).count();
    match (only(&a, &b), only(&b, &a)) {
        (0, 0) => "signs, case or order of words",
        (_, 0) => "words added",
        (0, _) => "words left out",
        _ if a.concat().len() == b.concat().len() && a.len() != b.len() => "words cut otherwise",
        (1, 1) => "one word spelled otherwise",
        _ => "several words spelled otherwise",
    }
}

/// Others among which a name is looked for.
const AMONG: usize = 1_000;

/// Of so many names one is also compared with all.
const FORCED: usize = 20;

/// Names in two scripts: each looked for among a thousand others of the same set.
fn among(
    rows: &[(String, String)],
    index_equal: &mut crate::stats::Share,
    show: Option<(&str, usize)>,
) -> Found {
    let mut found = Found::default();
    let mut shown = 0;
    for block in rows.chunks(AMONG + 1) {
        // A last block is filled up from the front: every name has as many others.
        let short = (AMONG + 1).saturating_sub(block.len()).min(rows.len() - block.len());
        let list: Vec<&(String, String)> = block.iter().chain(&rows[..short]).collect();
        let index = Index::new(list.iter().map(|(latin, _)| named(latin, latin)).collect());
        for (place, (latin, own)) in block.iter().enumerate() {
            let ready = Ready::new(&named("", own));
            let hits = index.find(&ready, THRESHOLD);
            if place % FORCED == 0 {
                index_equal.count(hits == index.find_by_force(&ready, THRESHOLD));
            }
            let is_own = |entry: usize| list.get(entry).is_some_and(|(other, _)| other == latin);
            let score = hits.iter().find(|hit| is_own(hit.entry)).map(|hit| hit.score.score);
            let best = hits.first().map(|hit| hit.score.score);
            found.found.count(score.is_some());
            found.first.count(score.is_some() && score == best);
            found.others += hits.iter().filter(|hit| !is_own(hit.entry)).count();
            if let Some((name, most)) = show
                && score.is_none()
                && shown < most
            {
                shown += 1;
                let scored = entente_screening::score::score(
                    &Ready::new(&named("", own)),
                    &Ready::new(&named("", latin)),
                );
                let words: Vec<String> =
                    entente_screening::text::words(own).into_iter().map(|word| word.latin).collect();
                println!("{name} {:.3} {own} ({}) / {latin}", scored.score, words.join(" "));
            }
        }
    }
    found
}

/// Names in other scripts.
pub(crate) fn scripts(data: &Data, report: &mut Report, show: Show, most: usize) -> Result<()> {
    for language in ["russian", "arabic", "chinese"] {
        let mut rows = data.words(language)?;
        rows.sort_by_key(|(latin, own)| (hash(&format!("{own} {latin}")), latin.clone()));
        for part in [Half::Train, Half::Test] {
            let rows: Vec<_> =
                rows.iter().filter(|(latin, own)| half(&format!("{latin}|{own}")) == part).cloned().collect();
            let show = (show == Some(part)).then_some((language, most));
            let name = format!("{language}, {}", format!("{part:?}").to_lowercase());
            let found = among(&rows, &mut report.index, show);
            report.scripts.insert(name, found);
        }
    }
    let mut groups: BTreeMap<&str, Vec<(String, String)>> = BTreeMap::new();
    for file in ["names/common-forenames-by-country.csv", "names/common-surnames-by-country.csv"] {
        for (_, local, latin) in data.common(file)? {
            if script(&local) != "Latin" || local != latin {
                groups.entry(script(&local)).or_default().push((latin, local));
            }
        }
    }
    let latin: Vec<(String, String)> = groups.get("Latin").cloned().unwrap_or_default();
    for (name, rows) in groups {
        // Few names: the rest of the thousand are names written in Latin letters.
        let mut all = rows.clone();
        all.extend(latin.iter().take(AMONG.saturating_sub(rows.len())).cloned());
        let show = (show.is_some()).then_some((name, most));
        let mut found = Found::default();
        let list = Index::new(all.iter().map(|(latin, _)| named(latin, latin)).collect());
        let mut shown = 0;
        for (latin, own) in &rows {
            let hits = list.find(&Ready::new(&named("", own)), THRESHOLD);
            let is_own = |entry: usize| all.get(entry).is_some_and(|(other, _)| other == latin);
            let score = hits.iter().find(|hit| is_own(hit.entry)).map(|hit| hit.score.score);
            found.found.count(score.is_some());
            found.first.count(score.is_some() && score == hits.first().map(|hit| hit.score.score));
            found.others += hits.iter().filter(|hit| !is_own(hit.entry)).count();
            if let Some((name, most)) = show
                && score.is_none()
                && half(own) == Half::Train
                && shown < most
            {
                shown += 1;
                println!("common {name} {own} / {latin}");
            }
        }
        report.scripts.insert(format!("common names, {name}"), found);
    }
    Ok(())
}
