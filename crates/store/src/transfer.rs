//! What is known against a transfer, out of the views: how its parties stand with the lists, and what the embargo rules say
//! of each line and each end user. Commands and readers ask the same, each at its own place in the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use entente_register::embargo::{
    Policy, PolicyState, Question, RuleFile, RuleSet, Span, in_force, judge_within,
};
use entente_register::screening::{Case, List, Standing, is_settled};
use entente_register::transfer::application::Application;
use entente_register::transfer::check::{CheckFacts, PartyStanding};
use entente_register::transfer::question::questions;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

use crate::assurance::{certificates_at, incidents_at};
use crate::database::{Connection, Value};
use crate::error::Fault;
use crate::guidance::weigh;
use crate::reader::sql;
use crate::view::NO_END;

const DOING: &str = "gathering what is known against a transfer";

/// By what parties are compared with lists: a run of another engine, or at another threshold, clears nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreeningEngine {
    /// Version of the engine.
    pub version: String,
    /// Threshold, in ten-thousandths.
    pub threshold: u32,
}

/// Rules as they were read last, under the hashes of their texts: a text is parsed once, and not for every application.
#[derive(Debug, Default)]
pub(crate) struct KeptRules(Mutex<Option<(RulesKey, Arc<Rules>)>>);

/// Identifier and hash of each text in force.
type RulesKey = Vec<(String, String)>;

/// The rules in force at some place of the ledger.
#[derive(Debug)]
pub(crate) struct Rules {
    /// The rules.
    pub(crate) set: RuleSet,
    /// What tells this set of texts from any other, for people: `18 files, 3f2a1b4c9d0e`.
    pub(crate) edition: String,
}

/// Where in the ledger, and as of which time, is asked.
#[derive(Debug, Clone)]
pub(crate) struct Place<'a> {
    /// The last event that is known.
    pub(crate) horizon: i64,
    /// The day of which lists and policy are.
    pub(crate) as_of: Date,
    /// The days for all of which the rules are asked, the first and the last.
    pub(crate) days: (Date, Date),
    /// The day on which certificates are to carry the transfer.
    pub(crate) carried_on: Date,
    /// By what parties are compared.
    pub(crate) engine: Option<&'a ScreeningEngine>,
}

impl<'a> Place<'a> {
    /// The end of the ledger as a command finds it: for every instant from the day of the act to the end of today, with
    /// certificates that carry the transfer on a day of their own.
    pub(crate) fn of_act(
        horizon: i64,
        today: Date,
        (on, carried_on): (Date, Date),
        engine: Option<&'a ScreeningEngine>,
    ) -> Place<'a> {
        Place { horizon, as_of: today, days: (on.min(today), today), carried_on, engine }
    }
}

/// Gathers what the checks are made of.
pub(crate) async fn check_facts(
    connection: &mut Connection<'_>,
    kept: &KeptRules,
    place: &Place<'_>,
    application: &Application,
) -> Result<CheckFacts, Fault> {
    let (content, end_users) = (&application.content, &application.end_users);
    let named: Vec<&str> = content.named().into_iter().collect();
    let parties = standings(connection, place, &named).await?;
    let rules = rules_at(connection, kept, place.horizon).await?;
    let policy = policy_at(connection, place).await?;
    let listed: BTreeSet<String> = parties
        .iter()
        .filter(|(_, standing)| matches!(standing, PartyStanding::Listed { .. }))
        .map(|(party, _)| party.clone())
        .collect();
    let span = span_of(place.days)?;
    let asked = questions(content, end_users, &listed, (span.from, Timestamp::MAX));
    let judgements = judge_all(&rules.set, &policy, asked, span);
    let users: Vec<&str> = content.end_users().into_iter().collect();
    let mut facts = CheckFacts {
        parties,
        end_users: end_users.clone(),
        certificates: certificates_at(connection, place, &application.number).await?,
        incidents: incidents_at(connection, place, (&application.label, users)).await?,
        judgements,
        rules_edition: rules.edition.clone(),
        ..CheckFacts::default()
    };
    weigh(connection, place, application, &mut facts).await?;
    Ok(facts)
}

/// Judges each question for every instant of a span.
pub(crate) fn judge_all(
    rules: &RuleSet,
    policy: &Policy,
    asked: BTreeMap<(u32, String), Question>,
    span: Span,
) -> BTreeMap<(u32, String), entente_register::embargo::Judgement> {
    // Lines of one kind to one end user are asked alike: each question is judged once.
    let mut judged: Vec<(Question, entente_register::embargo::Judgement)> = Vec::new();
    let mut all = BTreeMap::new();
    for (key, question) in asked {
        let known = judged.iter().find(|(of, _)| *of == question).map(|(_, judgement)| judgement.clone());
        let judgement = known.unwrap_or_else(|| {
            let (_, judgement) = judge_within(rules, policy, &question, span);
            judged.push((question, judgement.clone()));
            judgement
        });
        all.insert(key, judgement);
    }
    all
}

/// From the first instant of a day to the last of another, UTC.
pub(crate) fn span_of((first, last): (Date, Date)) -> Result<Span, Fault> {
    let instant = |day: Date| {
        let start = day.to_zoned_datetime(TimeZone::UTC);
        start.map(|at| at.timestamp()).map_err(|e| Fault::internal(DOING, e.to_string()))
    };
    let after = last.tomorrow().map_err(|e| Fault::internal(DOING, e.to_string()))?;
    Ok(Span { from: instant(first)?, until: instant(after)? })
}

/// How parties stand with the lists.
async fn standings(
    connection: &mut Connection<'_>,
    place: &Place<'_>,
    parties: &[&str],
) -> Result<BTreeMap<String, PartyStanding>, Fault> {
    let at: [Value<'_>; 2] = [place.horizon.into(), place.as_of.to_string().into()];
    let stands = sql::stands("s");
    let sql =
        format!("SELECT s.content FROM screening s WHERE s.kind = 'list' AND {stands} ORDER BY s.number");
    let rows = connection.fetch(DOING, &sql, &at).await?;
    let lists: Vec<List> = rows.iter().map(|row| row.json(DOING, 0)).collect::<Result<_, _>>()?;
    let places: Vec<String> = (0..parties.len()).map(|place| format!("${}", place + 3)).collect();
    let places = places.join(", ");
    let mut values = at.to_vec();
    values.extend(parties.iter().map(|party| Value::from((*party).to_owned())));
    // The day is named so that both statements have the same parameters: a party has none.
    let sql = format!(
        "SELECT p.number, p.known_from FROM party p WHERE p.known_from <= $1 AND $2 >= '' AND p.number IN ({places})"
    );
    let mut since = BTreeMap::new();
    for row in connection.fetch(DOING, &sql, &values).await? {
        since.insert(row.text(0)?, row.int(1)?);
    }
    let sql = format!(
        "SELECT s.content FROM screening s WHERE s.kind = 'case' AND {stands} AND s.party IN ({places}) ORDER BY s.number"
    );
    let rows = connection.fetch(DOING, &sql, &values).await?;
    let cases: Vec<Case> = rows.iter().map(|row| row.json(DOING, 0)).collect::<Result<_, _>>()?;
    let standing = |party: &str| match since.get(party) {
        None => PartyStanding::Unknown { why: format!("Party {party} is not in the register.") },
        Some(since) => standing_of(place, &lists, &cases, (party, *since)),
    };
    Ok(parties.iter().map(|party| ((*party).to_owned(), standing(party))).collect())
}

/// How one party stands, the gravest first.
fn standing_of(
    place: &Place<'_>,
    lists: &[List],
    cases: &[Case],
    (party, since): (&str, i64),
) -> PartyStanding {
    let of_list = |name: &str| {
        let list = lists.iter().find(|list| list.name == name);
        // A list that is not found cannot be told to be advisory.
        list.map_or(Standing::Binding, |list| list.policy.standing)
    };
    let own: Vec<&Case> = cases.iter().filter(|case| case.party == party).collect();
    let is = |case: &&&Case, state: &str, standing: Standing| {
        case.state == state && of_list(&case.list) == standing
    };
    if let Some(case) = own.iter().find(|case| is(case, "confirmed", Standing::Binding)) {
        return PartyStanding::Listed { case: case.number.clone() };
    }
    if let Some(case) = own.iter().find(|case| is(case, "confirmed", Standing::Advisory)) {
        let (number, list) = (&case.number, &case.list);
        return PartyStanding::Unknown {
            why: format!(
                "By case {number} it is an entry of the list {list}, which is advisory: reopen the case and acknowledge it with a reason."
            ),
        };
    }
    if let Some(case) = own.iter().find(|case| !is_settled(case.state, of_list(&case.list))) {
        return PartyStanding::Waits { case: case.number.clone() };
    }
    let Some(engine) = place.engine else {
        return PartyStanding::Unknown { why: "Nothing here compares parties with lists.".to_owned() };
    };
    if lists.is_empty() {
        return PartyStanding::Unknown { why: entente_register::screening::Held::no_list().reason };
    }
    let by = (engine.version.as_str(), engine.threshold);
    if let Some(held) = lists.iter().find_map(|list| list.held_for(place.as_of, by, (party, since))) {
        return PartyStanding::Unknown { why: held.reason };
    }
    let editions: Vec<String> = lists
        .iter()
        .filter_map(|list| list.edition.as_ref().map(|edition| (list, edition)))
        .map(|(list, edition)| {
            let hash: String = edition.content().chars().take(12).collect();
            format!("{} of {} ({hash})", list.name, edition.loaded.document.dated)
        })
        .collect();
    PartyStanding::Clear { editions: editions.join(", ") }
}

/// The rules in force at a place of the ledger.
pub(crate) async fn rules_at(
    connection: &mut Connection<'_>,
    kept: &KeptRules,
    horizon: i64,
) -> Result<Arc<Rules>, Fault> {
    let known =
        format!("FROM embargo e WHERE e.kind <> 'policy' AND {} AND e.valid_to = $2", sql::known("e"));
    let values: [Value<'_>; 2] = [horizon.into(), NO_END.into()];
    let sql = format!("SELECT e.number, e.in_force {known} AND e.in_force IS NOT NULL ORDER BY e.number");
    let mut key = RulesKey::new();
    for row in connection.fetch(DOING, &sql, &values).await? {
        key.push((row.text(0)?, row.text(1)?));
    }
    if let Ok(kept) = kept.0.lock()
        && let Some((of, rules)) = kept.as_ref()
        && *of == key
    {
        return Ok(rules.clone());
    }
    let sql = format!("SELECT e.content {known} ORDER BY e.number");
    let rows = connection.fetch(DOING, &sql, &values).await?;
    let files: Vec<RuleFile> = rows.iter().map(|row| row.json(DOING, 0)).collect::<Result<_, _>>()?;
    let set = rule_set(DOING, &files)?;
    let mut hasher = Sha256::new();
    for (id, content) in &key {
        hasher.update(format!("{id}={content}\n"));
    }
    let hash: String = hex::encode(hasher.finalize()).chars().take(12).collect();
    let edition = match key.len() {
        0 => "no rules in force".to_owned(),
        files => format!("{files} files in force ({hash})"),
    };
    let rules = Arc::new(Rules { set, edition });
    if let Ok(mut kept) = kept.0.lock() {
        *kept = Some((key, rules.clone()));
    }
    Ok(rules)
}

/// The rules of the files in force. Where a text is not read by this program there are none, and nothing can be judged.
pub(crate) fn rule_set(doing: &'static str, files: &[RuleFile]) -> Result<RuleSet, Fault> {
    in_force(files).map_err(|faults| {
        let words: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Fault::damaged(doing, words.join("; "))
    })
}

/// Whose measures bind.
pub(crate) async fn policy_at(connection: &mut Connection<'_>, place: &Place<'_>) -> Result<Policy, Fault> {
    let sql = format!("SELECT e.content FROM embargo e WHERE e.kind = 'policy' AND {}", sql::stands("e"));
    let values: [Value<'_>; 2] = [place.horizon.into(), place.as_of.to_string().into()];
    let row = connection.fetch_optional(DOING, &sql, &values).await?;
    let state: Option<PolicyState> = row.map(|row| row.json(DOING, 0)).transpose()?;
    Ok(PolicyState::policy(state.as_ref()))
}
