//! What transfers are weighed by, out of the views. Commands and readers ask the same, each at its own place in the ledger.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::label::Label;
use entente_register::ledger::Refusal;
use entente_register::partner::Membership;
use entente_register::transfer::application::Application;
use entente_register::transfer::check::{CheckFacts, EndUserStanding, Established};
use entente_register::transfer::guidance::agency::Agency;
use entente_register::transfer::guidance::control_list::{ControlKnown, Family, KnownEntry, keys};
use entente_register::transfer::guidance::denial::DenialKnown;
use entente_register::transfer::guidance::quota::{Quota, QuotaKnown};
use entente_register::transfer::guidance::recognition::RecognitionKnown;
use entente_register::transfer::guidance::routing::{Routed, RoutedCase};
use entente_register::transfer::guidance::standing::StandingKnown;
use entente_register::transfer::guidance::{Edition, Guidance, GuidanceContent};
use entente_register::transfer::licence::Licence;

use crate::database::{Connection, Value};
use crate::error::Fault;
use crate::reader::sql;
use crate::transfer::Place;

const DOING: &str = "gathering what transfers are weighed by";

/// Files by a condition on rows `g`, as they stand.
async fn files(
    connection: &mut Connection<'_>,
    place: &Place<'_>,
    condition: &str,
    values: Vec<Value<'_>>,
) -> Result<Vec<Guidance>, Fault> {
    let mut all: Vec<Value<'_>> = vec![place.horizon.into(), place.as_of.to_string().into()];
    all.extend(values);
    let sql = format!(
        "SELECT g.content FROM guidance g WHERE {condition} AND {} ORDER BY g.number",
        sql::stands("g")
    );
    let rows = connection.fetch(DOING, &sql, &all).await?;
    rows.iter().map(|row| row.json(DOING, 0)).collect()
}

/// The states and groups by which a destination is assessed: itself, and the groups that it is a member of on the day.
pub(crate) async fn territories(
    connection: &mut Connection<'_>,
    place: &Place<'_>,
    destination: &str,
) -> Result<Vec<String>, Fault> {
    let sql = "SELECT c.code, c.membership FROM group_change c WHERE c.known_from <= $1 AND c.changed_on <= $2 AND c.state = $3 ORDER BY c.code, c.changed_on, c.known_from";
    let values: [Value<'_>; 3] =
        [place.horizon.into(), place.as_of.to_string().into(), destination.to_owned().into()];
    let mut member: BTreeMap<String, bool> = BTreeMap::new();
    for row in connection.fetch(DOING, sql, &values).await? {
        let membership: Membership =
            row.text_ref(1)?.parse().map_err(|refusal: Refusal| Fault::damaged(DOING, refusal.message))?;
        member.insert(row.text(0)?, membership.is_member());
    }
    let groups = member.into_iter().filter(|(_, is)| *is).map(|(code, _)| code);
    Ok(std::iter::once(destination.to_owned()).chain(groups).collect())
}

/// Adds what transfers are weighed by to what is known against one.
pub(crate) async fn weigh(
    connection: &mut Connection<'_>,
    place: &Place<'_>,
    application: &Application,
    facts: &mut CheckFacts,
) -> Result<(), Fault> {
    let (content, day) = (&application.content, place.as_of);
    facts.day = day;
    let territories = territories(connection, place, &content.destination).await?;
    let parties: Vec<&str> = content.named().into_iter().collect();
    let list = |from: usize, count: usize| {
        let places: Vec<String> = (0..count).map(|place| format!("${}", from + place)).collect();
        places.join(", ")
    };
    let states = recognised_states(application);
    let condition = format!(
        "((g.kind = 'recognition' AND g.territory IN ({})) OR (g.kind IN ('standing_assessment', 'denial', 'quota') AND g.territory IN ({})) OR (g.kind = 'denial' AND g.party IN ({})))",
        list(3, states.len()),
        list(3 + states.len(), territories.len()),
        list(3 + states.len() + territories.len(), parties.len())
    );
    let values = states.iter().chain(&territories).map(|territory| Value::from(territory.clone()));
    let values = values.chain(parties.iter().map(|party| Value::from((*party).to_owned()))).collect();
    let mut hidden = 0_usize;
    for file in files(connection, place, &condition, values).await? {
        let Some(edition) = file.on(day) else { continue };
        let is_open = application.label.dominates(&file.label);
        let number = number_to(&file, &application.label, &mut hidden);
        match edition.content.clone() {
            GuidanceContent::StandingAssessment(assessment) => {
                let edition = edition_words(edition, is_open);
                facts.standing.push(StandingKnown { number, edition, is_open, assessment });
            }
            GuidanceContent::Denial(denial) => facts.denials.push(DenialKnown { number, is_open, denial }),
            GuidanceContent::Quota(quota) => {
                let taken = taken(connection, place, &quota, &application.number).await?;
                let edition = edition_words(edition, is_open);
                facts.quotas.push(QuotaKnown { number, edition, is_open, quota, taken });
            }
            GuidanceContent::Recognition(recognition) => {
                let edition = edition_words(edition, is_open);
                let known = RecognitionKnown { number, edition, is_open, recognition };
                facts.recognition.insert(known.recognition.state.clone(), known);
            }
            _ => {}
        }
    }
    facts.controls = controls(connection, place, application).await?;
    Ok(())
}

/// The states whose authorities the end users are, or who have authorised them; the destination where nobody is established.
fn recognised_states(application: &Application) -> Vec<String> {
    let of = |established: &Established| match &established.standing {
        EndUserStanding::Authority { state } | EndUserStanding::Authorised { state } => Some(state.clone()),
        EndUserStanding::Mission { .. } | EndUserStanding::NonState => None,
    };
    let mut states: BTreeSet<String> = application.end_users.values().filter_map(of).collect();
    states.insert(application.content.destination.clone());
    states.into_iter().collect()
}

/// Control lists in force, with the entries within which the lines of an application lie.
async fn controls(
    connection: &mut Connection<'_>,
    place: &Place<'_>,
    application: &Application,
) -> Result<Vec<ControlKnown>, Fault> {
    let mut wanted: BTreeSet<String> =
        application.content.lines.iter().flat_map(|line| keys(&line.category)).collect();
    // Of which families a list has entries stands without a key.
    wanted.insert(String::new());
    let places: Vec<String> = (0..wanted.len()).map(|place| format!("${}", place + 3)).collect();
    let sql = format!(
        "SELECT g.number, g.edition_words, l.text, e.family, e.entry_key, e.entry, e.title, e.is_divided FROM guidance g JOIN label l ON l.id = g.label JOIN control_entry e ON e.list = g.number AND e.edition = g.edition WHERE g.kind = 'control_list' AND g.counts_until >= $2 AND e.family IN ('{}', '{}') AND e.entry_key IN ({}) AND {} ORDER BY g.number, e.family, e.entry_key",
        Family::Munitions.word(),
        Family::DualUse.word(),
        places.join(", "),
        sql::stands("g")
    );
    let mut values: Vec<Value<'_>> = vec![place.horizon.into(), place.as_of.to_string().into()];
    values.extend(wanted.into_iter().map(Value::from));
    let mut known: Vec<ControlKnown> = Vec::new();
    let mut number = None;
    let mut hidden = 0_usize;
    for row in connection.fetch(DOING, &sql, &values).await? {
        let damaged = |error: entente_register::ledger::Refusal| Fault::damaged(DOING, error.message);
        let of = row.text(0)?;
        if number.as_ref() != Some(&of) {
            let label: Label = row.text_ref(2)?.parse().map_err(damaged)?;
            let is_open = application.label.dominates(&label);
            let named = match is_open {
                true => of.clone(),
                false => {
                    hidden += 1;
                    format!("a control list that is marked higher ({hidden})")
                }
            };
            known.push(ControlKnown {
                number: named,
                edition: if is_open { row.optional_text(1)?.unwrap_or_default() } else { String::new() },
                is_open,
                families: BTreeSet::new(),
                entries: BTreeMap::new(),
            });
            number = Some(of);
        }
        let Some(list) = known.last_mut() else { continue };
        match row.text(4)? {
            key if key.is_empty() => {
                list.families.insert(row.text_ref(3)?.parse().map_err(damaged)?);
            }
            key => {
                let entry =
                    KnownEntry { entry: row.text(5)?, title: row.text(6)?, is_divided: row.int(7)? != 0 };
                list.entries.insert(key, entry);
            }
        }
    }
    Ok(known)
}

/// The number by which a file is named to the readers of an application: of those marked higher only that there are some,
/// each told from the others.
fn number_to(file: &Guidance, label: &Label, hidden: &mut usize) -> String {
    if label.dominates(&file.label) {
        return file.number.clone();
    }
    *hidden += 1;
    format!("{} ({hidden})", file.words_to(label))
}

fn edition_words(edition: &Edition, is_open: bool) -> String {
    if is_open { edition.words() } else { String::new() }
}

/// What the licences of others take of a quota.
async fn taken(
    connection: &mut Connection<'_>,
    place: &Place<'_>,
    quota: &Quota,
    application: &str,
) -> Result<Result<i64, String>, Fault> {
    let sql = format!(
        "SELECT t.content FROM transfer t WHERE t.kind = 'licence' AND t.destination = $3 AND t.decided_on >= $4 AND t.decided_on <= $5 AND t.application <> $6 AND {} ORDER BY t.number",
        sql::stands("t")
    );
    let values: [Value<'_>; 6] = [
        place.horizon.into(),
        place.as_of.to_string().into(),
        quota.destination.clone().into(),
        quota.from.to_string().into(),
        quota.until.to_string().into(),
        application.to_owned().into(),
    ];
    let rows = connection.fetch(DOING, &sql, &values).await?;
    let licences: Vec<Licence> = rows.iter().map(|row| row.json(DOING, 0)).collect::<Result<_, _>>()?;
    Ok(quota.taken(&licences, place.as_of))
}

/// What the routing rules in force say of an application: all of them, whatever their marking.
pub(crate) async fn routed_at(
    connection: &mut Connection<'_>,
    place: &Place<'_>,
    application: &Application,
) -> Result<Routed, Fault> {
    let mut all = Routed::default();
    let Some(case) = RoutedCase::of(&application.content) else { return Ok(all) };
    for file in files(connection, place, "g.kind = 'routing'", Vec::new()).await? {
        let content = file.on(place.as_of).map(|edition| &edition.content);
        let Some(GuidanceContent::Routing(routing)) = content else { continue };
        let routed = routing.route(&case);
        for (agency, rules) in routed.agencies {
            all.agencies.entry(agency).or_default().extend(rules);
        }
        for (flag, rules) in routed.flags {
            all.flags.entry(flag).or_default().extend(rules);
        }
    }
    Ok(all)
}

/// How agencies are consulted, by party, of those of which that is in force.
pub(crate) async fn agencies_at(
    connection: &mut Connection<'_>,
    place: &Place<'_>,
    agencies: &BTreeSet<String>,
) -> Result<BTreeMap<String, Agency>, Fault> {
    let mut known = BTreeMap::new();
    if agencies.is_empty() {
        return Ok(known);
    }
    let places: Vec<String> = (0..agencies.len()).map(|place| format!("${}", place + 3)).collect();
    let condition = format!("g.kind = 'agency' AND g.party IN ({})", places.join(", "));
    let values = agencies.iter().map(|agency| Value::from(agency.clone())).collect();
    for file in files(connection, place, &condition, values).await? {
        let content = file.on(place.as_of).map(|edition| edition.content.clone());
        if let Some(GuidanceContent::Agency(agency)) = content {
            known.insert(agency.party.clone(), agency);
        }
    }
    Ok(known)
}
