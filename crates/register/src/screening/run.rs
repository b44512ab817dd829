//! A run: all parties of the register were compared with an edition of a list.
//!
//! A run is one event, and the cases that it opens, renews, lets lapse or withdraws stand beside it in the same
//! command. It says which edition, by which engine, at which threshold, and up to which entry of the ledger the
//! parties were compared. How many parties or hits there were it does not say: that would tell everyone who may know
//! of lists about parties that only some may know of.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::case::{Case, CaseClosed, CaseOpened, CaseRenewed, Hit};
use super::list::{List, event, in_order};
use crate::label::Label;
use crate::ledger::{Context, Fact, Fallible, NewEvent, Refusal, SubjectKind};

/// Scores are whole ten-thousandths; this is a score of one.
const WHOLE: u32 = 10_000;

/// `list.screened.v1`: every party that was registered up to `through` was compared with all entries of the edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListScreened {
    /// The hash of the edition.
    pub edition: String,
    /// The version of the engine.
    pub engine: String,
    /// From which score on there is a case, in ten-thousandths.
    pub threshold: u32,
    /// The last entry of the ledger whose parties were compared.
    pub through: i64,
    /// The edition of the run before, where only what has changed since was compared with the parties of that run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// How many entries were compared with every party.
    pub compared: u32,
}

/// What a run found. The run itself is done outside the register's lock, and checked against what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// What is recorded of it.
    pub screened: ListScreened,
    /// Pairs that score at the threshold or above.
    pub found: Vec<Found>,
    /// What came of the cases of the list that had not been withdrawn.
    pub judged: Vec<Judged>,
}

/// A party that may be an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Number of the party.
    pub party: String,
    /// Identifier of the entry.
    pub entry: String,
    /// How alike, and why.
    pub hit: Hit,
}

/// What a run says of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// Number of the case.
    pub case: String,
    /// What came of it.
    pub verdict: Verdict,
}

/// What a run says of the pair of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Verdict {
    /// It is a hit still.
    Stands(Hit),
    /// It scores below the threshold now.
    Below(Hit),
    /// The entry is no longer on the list.
    Removed,
}

/// What the rule of a run needs to know of the rest of the register.
#[derive(Debug, Clone, Default)]
pub struct RunFacts {
    /// The parties named by what was found: label, and the last number of a case of theirs.
    pub parties: BTreeMap<String, (Label, i64)>,
    /// Cases of the list that are not withdrawn: party and entry.
    pub live: BTreeSet<(String, String)>,
    /// The cases named, by number.
    pub cases: BTreeMap<String, Case>,
    /// The last entry of the ledger.
    pub head: i64,
}

/// Decides a run with all that comes of it.
///
/// # Errors
/// `list.run` where the register has moved on since: the run is to be done again.
pub fn decide(
    state: Option<&List>,
    name: &str,
    facts: &RunFacts,
    context: &Context,
    run: Run,
) -> Fallible<Vec<NewEvent>> {
    let Some(list) = state else { return Err(Refusal::not_found("list", name)) };
    in_order(state, name, context)?;
    let screened = &run.screened;
    let outdated = |why: &str| {
        Err(Refusal::new("list.run", format!("The run over the list {name} is of no use: {why}."))
            .missing("a run over the edition in force"))
    };
    if list.edition.as_ref().is_none_or(|edition| edition.content() != screened.edition) {
        return outdated("another edition is in force");
    }
    // Whoever does not see a party has not compared it, and the run says that all were.
    if !context.actor.clearance.is_full() {
        return Err(Refusal::new(
            "list.run_clearance",
            format!("{} does not see every party.", context.actor.name),
        )
        .missing("a run by whoever is cleared for everything"));
    }
    let before = list.screened.as_ref().map(|(_, run)| run);
    if before.is_some_and(|before| screened.through < before.through) || screened.through > facts.head {
        return outdated("it is not of the register as it stands");
    }
    // Only what has changed was compared: the run before must be the one that it goes on from.
    if let Some(since) = &screened.since
        && before.is_none_or(|before| {
            before.edition != *since
                || before.engine != screened.engine
                || before.threshold != screened.threshold
        })
    {
        return outdated("another run came between");
    }
    if screened.threshold == 0 || screened.threshold > WHOLE {
        return outdated("its threshold is no score");
    }
    let mut events = event(name, context, Fact::ListScreened(run.screened.clone()), None)?;
    let mut last: BTreeMap<&str, i64> = BTreeMap::new();
    let mut seen = facts.live.clone();
    for found in &run.found {
        let Some((label, cases)) = facts.parties.get(&found.party) else {
            return outdated("it names a party that is not there");
        };
        if !seen.insert((found.party.clone(), found.entry.clone())) {
            continue;
        }
        let number = last.entry(found.party.as_str()).or_insert(*cases);
        *number += 1;
        let subject = SubjectKind::Case.subject(format!("{}.H{number}", found.party));
        let opened = CaseOpened {
            party: found.party.clone(),
            list: name.to_owned(),
            entry: found.entry.clone(),
            hit: found.hit.clone(),
        };
        events.push(NewEvent {
            subject,
            occurred_on: context.today,
            label: label.clone(),
            fact: Fact::CaseOpened(opened),
            reason: None,
        });
    }
    for judged in run.judged {
        let Some(case) = facts.cases.get(&judged.case).filter(|case| case.list == name) else { continue };
        if let Some((fact, reason)) = judge(case, judged.verdict, &run.screened.edition) {
            events.push(NewEvent {
                subject: SubjectKind::Case.subject(&case.number),
                occurred_on: context.today,
                label: case.label.clone(),
                fact,
                reason: Some(reason),
            });
        }
    }
    Ok(events)
}

/// What a run changes of a case; nothing where neither side says anything else than before.
fn judge(case: &Case, verdict: Verdict, edition: &str) -> Option<(Fact, String)> {
    if case.state == "withdrawn" {
        return None;
    }
    let closed = || Fact::CaseWithdrawn(CaseClosed { edition: edition.to_owned() });
    let hit = match verdict {
        Verdict::Removed => {
            return Some((
                closed(),
                format!("The entry {} is no longer on the list {}.", case.entry, case.list),
            ));
        }
        Verdict::Below(hit) => {
            // What a person has confirmed or passed on stays with people.
            if !matches!(case.state, "confirmed" | "escalated") {
                let reason = format!(
                    "The score is {} now, below the threshold: {}.",
                    percent(hit.score),
                    what_changed(case, &hit).unwrap_or("names are compared in another way")
                );
                return Some((closed(), reason));
            }
            hit
        }
        Verdict::Stands(hit) => hit,
    };
    let reason = what_changed(case, &hit)?.to_owned();
    let renewed = CaseRenewed { hit };
    Some(match case.state {
        "clearance_proposed" | "cleared" | "acknowledged" => {
            (Fact::CaseLapsed(renewed), format!("Decided on what is no longer so: {reason}."))
        }
        _ => (Fact::CaseRenewed(renewed), format!("To be looked at anew: {reason}.")),
    })
}

/// Which side says something else than it did when the case was last looked at.
fn what_changed(case: &Case, hit: &Hit) -> Option<&'static str> {
    match (case.hit.party_content != hit.party_content, case.hit.entry_content != hit.entry_content) {
        (true, true) => Some("the party and the entry have changed"),
        (true, false) => Some("the party has changed"),
        (false, true) => Some("the entry has changed"),
        (false, false) => None,
    }
}

fn percent(score: u32) -> String {
    format!("{}.{:02} %", score / 100, score % 100)
}
