//! A list of those under measures: its policy, and the editions of it that came into force.

use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::run::{ListScreened, Run};
use crate::document::{Document, text};
use crate::label::{Label, Level};
use crate::ledger::{Context, Fact, Fallible, NewEvent, Refusal, Subject, SubjectKind, check_year};

/// Days for which an edition may be relied on where no policy says otherwise. A week: the United Nations ask states
/// to act without delay, and a list that nobody looked at for longer is not looked after.
pub const DEFAULT_MAX_AGE: u32 = 7;

/// The longest maximum age of a policy, in days.
pub const LONGEST_MAX_AGE: u32 = 3_660;

/// Longest name of a list, in characters.
const LONGEST_NAME: usize = 32;

/// What a hit on a list asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Two people clear a hit, or nobody deals with the party.
    Binding,
    /// A hit is shown, and acknowledged by one person with a reason.
    Advisory,
}

impl Standing {
    /// Both.
    pub const ALL: [Standing; 2] = [Standing::Binding, Standing::Advisory];

    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Binding => "binding",
            Standing::Advisory => "advisory",
        }
    }
}

impl FromStr for Standing {
    type Err = Refusal;

    fn from_str(word: &str) -> Result<Standing, Refusal> {
        Standing::ALL.into_iter().find(|standing| standing.word() == word).ok_or_else(|| {
            Refusal::new("list.standing", format!("{word:?} is no standing of a list."))
                .field("standing")
                .missing("binding or advisory")
        })
    }
}

/// What is asked of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListPolicy {
    /// What a hit asks for.
    pub standing: Standing,
    /// Days after which an edition that was not seen to be current again clears nobody.
    pub max_age_days: u32,
}

impl Default for ListPolicy {
    /// Binding, with [`DEFAULT_MAX_AGE`].
    fn default() -> ListPolicy {
        ListPolicy { standing: Standing::Binding, max_age_days: DEFAULT_MAX_AGE }
    }
}

/// `list.policy_set.v1`: the event's reason says why.
pub type ListPolicySet = ListPolicy;

/// `list.source_set.v1`: from which address the list is fetched; the event's reason says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSourceSet {
    /// The address, `https://…`; none for the publisher's own, where the program knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// `list.edition_loaded.v1`: from this event on the edition is in force. The event's reason says why it was loaded in
/// spite of what spoke against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditionLoaded {
    /// The bytes, by their hash; dated as the list is, or on the day of loading where it bears no date.
    pub document: Document,
    /// In which form it was read: `un`, `csv`.
    pub form: String,
    /// The date that the publisher gave it, where it bears one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated: Option<Date>,
    /// The last day of which it is known that this was the publisher's latest edition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_on: Option<Date>,
    /// How many entries it has.
    pub entries: u32,
    /// From where it came: an address, or the name of a file.
    pub source: String,
}

/// `list.edition_confirmed.v1`: the publisher's latest edition is still the one in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditionConfirmed {
    /// The hash of the edition in force.
    pub content: String,
    /// On which day it was still the latest.
    pub current_on: Date,
    /// From where that is known.
    pub source: String,
}

/// `list.edition_refused.v1`: what the publisher gave as its latest edition was refused. The one in force is not the latest
/// then, or something is wrong at the source: it stays what it is, and clears nobody until another comes into force or it
/// is confirmed to be the latest. The event's reason says why it was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditionRefused {
    /// The hash of the edition that stays in force.
    pub content: String,
    /// How many entries the refused one has.
    pub entries: u32,
    /// From where it came.
    pub source: String,
}

/// An edition that was read whole, to come into force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewEdition {
    /// The hash of its bytes, which the register holds.
    pub content: String,
    /// In which form it was read.
    pub form: String,
    /// The date that the publisher gave it.
    pub dated: Option<Date>,
    /// The last day of which it is known that it was the latest.
    pub current_on: Option<Date>,
    /// How many entries it has.
    pub entries: u32,
    /// From where it came.
    pub source: String,
    /// Why it is to come into force though it is much smaller, or older, than the one in force.
    pub despite: Option<String>,
    /// The hash of the edition that was in force when this one was looked at, empty where none was: where another came
    /// into force since, nothing is done. None to not ask.
    pub seen: Option<String>,
}

/// A change of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: as those of the facts.
pub enum ListCommand {
    SetPolicy {
        policy: ListPolicy,
        reason: String,
    },
    SetSource {
        address: Option<String>,
        reason: String,
    },
    Load(NewEdition),
    /// What the publisher gave was refused; why, in words.
    Refuse {
        refused: EditionRefused,
        reason: String,
    },
    Screen(Box<Run>),
}

/// An edition in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionInForce {
    /// What was loaded; `current_on` is that of the last confirmation.
    pub loaded: EditionLoaded,
    /// On which day it came into force.
    pub loaded_on: Date,
    /// By whom.
    pub loaded_by: String,
}

impl EditionInForce {
    /// The hash of its bytes.
    pub fn content(&self) -> &str {
        self.loaded.document.content.as_deref().unwrap_or_default()
    }
}

/// The state of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// Its name, `un`.
    pub name: String,
    /// Its policy: what was set, or the default.
    pub policy: ListPolicy,
    /// Since when, and why; none where nobody set it.
    pub policy_set: Option<(Date, String)>,
    /// The address from which it is fetched, where one was set beside the publisher's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The edition in force.
    pub edition: Option<EditionInForce>,
    /// What its publisher gave since and was refused, with its day and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<(Date, EditionRefused, String)>,
    /// The last run, and its day.
    pub screened: Option<(Date, ListScreened)>,
    /// The day of its last change.
    pub last_on: Date,
}

/// Why a list clears nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Held {
    /// `missing`, `undated`, `stale` or `refused`.
    pub code: &'static str,
    /// In words: which list, why, and what to do.
    pub reason: String,
}

impl List {
    /// Folds one fact.
    pub fn apply(
        state: &mut Option<List>,
        subject: &Subject,
        on: Date,
        actor: &str,
        (fact, reason): (&Fact, Option<&str>),
    ) {
        let list = state.get_or_insert_with(|| List {
            name: subject.key.clone(),
            policy: ListPolicy::default(),
            policy_set: None,
            source: None,
            edition: None,
            refused: None,
            screened: None,
            last_on: on,
        });
        match fact {
            Fact::ListPolicySet(policy) => {
                list.policy = *policy;
                list.policy_set = Some((on, reason.unwrap_or_default().to_owned()));
            }
            Fact::ListSourceSet(source) => list.source.clone_from(&source.address),
            Fact::ListEditionLoaded(loaded) => {
                list.refused = None;
                list.edition = Some(EditionInForce {
                    loaded: loaded.clone(),
                    loaded_on: on,
                    loaded_by: actor.to_owned(),
                });
            }
            Fact::ListEditionRefused(refused) => {
                list.refused = Some((on, refused.clone(), reason.unwrap_or_default().to_owned()));
            }
            Fact::ListEditionConfirmed(confirmed) => {
                list.refused = None;
                if let Some(edition) = &mut list.edition {
                    edition.loaded.current_on = Some(confirmed.current_on);
                }
            }
            Fact::ListScreened(run) => list.screened = Some((on, run.clone())),
            _ => return,
        }
        list.last_on = on;
    }

    /// Why the list clears nobody on a day; none where it may be relied on.
    pub fn held(&self, on: Date) -> Option<Held> {
        let name = &self.name;
        let Some(edition) = &self.edition else {
            return Some(Held::missing(name));
        };
        if let Some((day, refused, why)) = &self.refused {
            return Some(Held {
                code: "refused",
                reason: format!(
                    "What {} gave of the list {name} on {day} was refused: {why} The edition in force stays, and clears nobody until another comes into force: bring it up to date with `entente lists update {name}`, or load the edition with the reason for it.",
                    refused.source
                ),
            });
        }
        let Some(current_on) = edition.loaded.current_on else {
            return Some(Held {
                code: "undated",
                reason: format!(
                    "It is not known of which day the edition of the list {name} in force is: load it again with --dated and the day on which it was the publisher’s latest."
                ),
            });
        };
        let (age, most) = (i64::from((on - current_on).get_days()), i64::from(self.policy.max_age_days));
        (age > most).then(|| Held {
            code: "stale",
            reason: format!(
                "The list {name} was last known to be current on {current_on}, {age} days ago; its policy allows {most}: bring it up to date with `entente lists update {name}`, or load the latest edition with `entente lists load --list {name} FILE`."
            ),
        })
    }

    /// Why the list does not clear a party that stands in the ledger since an entry: no edition can be relied on, or the last run
    /// by this engine did not reach it. None where it does, as far as there is no case.
    pub fn held_for(
        &self,
        on: Date,
        (engine, threshold): (&str, u32),
        (party, since): (&str, i64),
    ) -> Option<Held> {
        if let Some(held) = self.held(on) {
            return Some(held);
        }
        let is_reached = self.screened_through(engine, threshold).is_some_and(|through| through >= since);
        (!is_reached).then(|| Held {
            code: "not_screened",
            reason: format!(
                "Party {party} is still to be compared with the edition of the list {} in force: `entente lists rescreen`, or the server does it shortly.",
                self.name
            ),
        })
    }

    /// Whether the last run went over the edition in force by this engine: then every party up to its sequence was
    /// compared with all that the list says.
    pub fn screened_through(&self, engine: &str, threshold: u32) -> Option<i64> {
        let (_, run) = self.screened.as_ref()?;
        let content = self.edition.as_ref()?.content();
        (run.edition == content && run.engine == engine && run.threshold == threshold).then_some(run.through)
    }
}

impl Held {
    /// No edition of a list is in force.
    pub fn missing(name: &str) -> Held {
        Held {
            code: "missing",
            reason: format!(
                "No edition of the list {name} is in force: load one with `entente lists load --list {name} FILE`."
            ),
        }
    }

    /// The register has no list at all.
    pub fn no_list() -> Held {
        Held {
            code: "missing",
            reason: "The register has no list: load one with `entente lists load --list NAME FILE`."
                .to_owned(),
        }
    }
}

/// The marking of lists and runs. What is published is no secret; which lists a commission asks is for official use.
pub fn marking() -> Label {
    Label::of(Level::Official)
}

/// Refuses what is no name of a list.
///
/// # Errors
/// `list.name`.
pub fn check_name(name: &str) -> Fallible<()> {
    let shaped = name.len() <= LONGEST_NAME
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
    if shaped {
        return Ok(());
    }
    Err(Refusal::new("list.name", format!("{name:?} is no name of a list.")).field("list").missing(format!(
        "a small letter, and up to {} small letters, digits, - and _ after it, for example un",
        LONGEST_NAME - 1
    )))
}

/// Refuses what is no address from which a list may be fetched. What is said in the ledger is read by many: a password in
/// an address is none any more.
///
/// # Errors
/// `list.address`.
pub fn check_address(address: &str) -> Fallible<()> {
    let authority =
        address.strip_prefix("https://").map(|rest| rest.split(['/', '?', '#']).next().unwrap_or(rest));
    let shaped = authority.is_some_and(|authority| {
        !authority.is_empty()
            && authority
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']'))
    });
    if shaped && address.len() <= 500 && address.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(());
    }
    let message = "This is no address from which a list may be fetched.";
    Err(Refusal::new("list.address", message)
        .field("address")
        .missing("an address of at most 500 characters that begins with https:// and names no account"))
}

/// Decides a change of policy, of the source, or an edition. A run has its own rule.
///
/// # Errors
/// A refusal that names the missing condition; what was in force stays so.
pub fn decide(
    state: Option<&List>,
    name: &str,
    context: &Context,
    command: ListCommand,
) -> Fallible<Vec<NewEvent>> {
    check_name(name)?;
    in_order(state, name, context)?;
    match command {
        ListCommand::SetPolicy { policy, reason } => {
            text("list.reason", "reason", &reason, 1000)?;
            if !(1..=LONGEST_MAX_AGE).contains(&policy.max_age_days) {
                return Err(Refusal::new(
                    "list.max_age",
                    format!("An edition cannot be relied on for {} days.", policy.max_age_days),
                )
                .field("max_age")
                .missing(format!("from 1 to {LONGEST_MAX_AGE} days")));
            }
            if state.is_some_and(|list| list.policy_set.is_some() && list.policy == policy) {
                return Err(Refusal::new(
                    "list.same_policy",
                    format!("This is the policy of {name} already."),
                )
                .missing("another policy"));
            }
            event(name, context, Fact::ListPolicySet(policy), Some(reason))
        }
        ListCommand::SetSource { address, reason } => {
            text("list.reason", "reason", &reason, 1000)?;
            if let Some(address) = &address {
                check_address(address)?;
            }
            if state.and_then(|list| list.source.as_ref()) == address.as_ref() {
                return Err(Refusal::new(
                    "list.same_source",
                    format!("{name} is fetched from there already."),
                )
                .field("address")
                .missing("another address"));
            }
            event(name, context, Fact::ListSourceSet(ListSourceSet { address }), Some(reason))
        }
        ListCommand::Load(new) => load(state, name, context, new),
        ListCommand::Refuse { refused, reason } => {
            text("list.source", "source", &refused.source, 500)?;
            text("list.reason", "reason", &reason, 1000)?;
            let held = state.and_then(|list| list.edition.as_ref());
            if held.is_none_or(|held| held.content() != refused.content) {
                return Err(Refusal::new(
                    "list.other_edition",
                    format!("Another edition of {name} is in force than the one that stays."),
                )
                .missing("the edition in force"));
            }
            if state.and_then(|list| list.refused.as_ref()).is_some_and(|(_, known, _)| *known == refused) {
                return Err(Refusal::new("list.same_refusal", "That it was refused is on record already.")
                    .missing("another edition of the publisher"));
            }
            event(name, context, Fact::ListEditionRefused(refused), Some(reason))
        }
        // No input reaches this: the store gives runs to their rule.
        ListCommand::Screen(_) => Err(Refusal::new("list.run", "A run is decided by itself.")),
    }
}

fn load(state: Option<&List>, name: &str, context: &Context, new: NewEdition) -> Fallible<Vec<NewEvent>> {
    text("list.source", "source", &new.source, 500)?;
    for (field, day) in [("dated", new.dated), ("dated", new.current_on)] {
        if let Some(day) = day {
            check_year(field, day)?;
            context.not_in_future(field, day)?;
        }
    }
    if new.entries == 0 {
        return Err(Refusal::new("list.empty", format!("This edition of {name} has no entry."))
            .field("file")
            .missing("an edition with entries; what was in force stays so"));
    }
    if let Some(despite) = &new.despite {
        text("list.despite", "despite", despite, 1000)?;
    }
    let held = state.and_then(|list| list.edition.as_ref());
    if new.seen.as_deref().is_some_and(|seen| seen != held.map_or("", EditionInForce::content)) {
        return Err(Refusal::new(
            "list.other_edition",
            format!("Another edition of {name} came into force meanwhile."),
        )
        .field("file")
        .missing("a look at what this one changes of it; nothing was done"));
    }
    if let Some(held) = held {
        if held.content() == new.content {
            let is_doubted = state.is_some_and(|list| list.refused.is_some());
            return confirm(name, held, is_doubted, context, new);
        }
        compare(name, held, &new)?;
    }
    let dated = new.dated.unwrap_or(context.today);
    let document = Document { title: format!("List {name}, {dated}"), dated, content: Some(new.content) };
    document.check(context)?;
    let loaded = EditionLoaded {
        document,
        form: new.form,
        dated: new.dated,
        current_on: new.current_on,
        entries: new.entries,
        source: new.source,
    };
    event(name, context, Fact::ListEditionLoaded(loaded), new.despite)
}

/// Refuses an edition that is much smaller, or older, than the one in force, unless a reason is given.
fn compare(name: &str, held: &EditionInForce, new: &NewEdition) -> Fallible<()> {
    if new.despite.is_some() {
        return Ok(());
    }
    let before = held.loaded.entries;
    if u64::from(new.entries) * 5 < u64::from(before) * 4 {
        return Err(Refusal::new(
            "list.shrunk",
            format!(
                "This edition of {name} has {} entries, more than 20 % fewer than the {before} of the one in force.",
                new.entries
            ),
        )
        .field("file")
        .missing("a whole edition, or the reason for loading it nevertheless; what was in force stays so"));
    }
    if let (Some(dated), Some(before)) = (new.dated, held.loaded.dated)
        && dated < before
    {
        return Err(Refusal::new(
            "list.older",
            format!("This edition of {name} is of {dated}; the one in force is of {before}."),
        )
        .field("file")
        .missing(
            "a later edition, or the reason for loading this one nevertheless; what was in force stays so",
        ));
    }
    Ok(())
}

/// The edition in force once more: that it is still the latest is news where the day is, or where something else was refused
/// since.
fn confirm(
    name: &str,
    held: &EditionInForce,
    is_doubted: bool,
    context: &Context,
    new: NewEdition,
) -> Fallible<Vec<NewEvent>> {
    let is_news =
        |day: Date| held.loaded.current_on.is_none_or(|before| before < day || (is_doubted && before == day));
    match new.current_on {
        Some(day) if is_news(day) => {
            let confirmed = EditionConfirmed { content: new.content, current_on: day, source: new.source };
            event(name, context, Fact::ListEditionConfirmed(confirmed), None)
        }
        _ => {
            Err(Refusal::new("list.same_edition", format!("This is the edition of {name} that is in force."))
                .field("file")
                .missing("another edition; nothing was changed"))
        }
    }
}

/// Refuses a change on a day before that of the last one: the clock went back.
pub(super) fn in_order(state: Option<&List>, name: &str, context: &Context) -> Fallible<()> {
    let Some(list) = state else { return Ok(()) };
    crate::performance::in_order(context, "list.order", ("List", name, list.last_on), context.today)
}

pub(super) fn event(
    name: &str,
    context: &Context,
    fact: Fact,
    reason: Option<String>,
) -> Fallible<Vec<NewEvent>> {
    let subject = SubjectKind::List.subject(name);
    Ok(vec![NewEvent { subject, occurred_on: context.today, label: marking(), fact, reason }])
}
