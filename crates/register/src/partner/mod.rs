//! Partner states, and groups of states with dated membership.
//!
//! How a state stands to a group changes by day: it joins, is suspended, leaves, observes. [`shipped`] holds the groups
//! that come with the program; [`share`] says which part of the world a group is.

mod membership;
pub mod share;
pub mod shipped;

pub use membership::{Certainty, Change, Ground, Membership, MembershipSet};

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::document::text;
use crate::label::{Label, Level};
use crate::ledger::{Context, Fact, Fallible, NewEvent, Refusal, SubjectKind, check_year};

/// `partner.registered.v1`: the key is the ISO 3166-1 alpha-3 code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerRegistered {
    /// Name for people.
    pub name: String,
}

/// `group.registered.v1`: the key is the group's code, for example `BRICS`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupRegistered {
    /// Name for people.
    pub name: String,
}

/// `group.member_admitted.v1` and `group.member_left.v1`; the event's date is the day of the change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupMember {
    /// The state, ISO 3166-1 alpha-3; it need not be a partner.
    pub state: String,
}

/// A change of partners or groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step", deny_unknown_fields)]
pub enum PartnerCommand {
    /// Registers a partner state.
    Register {
        /// ISO 3166-1 alpha-3.
        code: String,
        /// Name for people.
        name: String,
    },
    /// Registers a group of states.
    RegisterGroup {
        /// Short code, capital letters.
        code: String,
        /// Name for people.
        name: String,
    },
    /// A state joins a group.
    Admit {
        /// The group.
        group: String,
        /// The state.
        state: String,
        /// First day of membership.
        on: Date,
    },
    /// A state leaves a group.
    Leave {
        /// The group.
        group: String,
        /// The state.
        state: String,
        /// First day without membership.
        on: Date,
    },
    /// A state stands to a group as it did not before, by a source that is named.
    SetMembership {
        /// The group.
        group: String,
        /// First day on which it stands so.
        on: Date,
        /// The state, how it stands, and by which source.
        set: MembershipSet,
    },
}

/// What the register holds of a group: for each state, the days on which it came to stand otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// Whether the group is registered.
    pub registered: bool,
    /// State → its changes, in order.
    pub members: BTreeMap<String, Vec<Change>>,
}

impl Group {
    /// Folds one fact.
    pub fn apply(&mut self, occurred_on: Date, fact: &Fact) {
        match fact {
            Fact::GroupRegistered(_) => self.registered = true,
            Fact::GroupMemberAdmitted(m) => {
                self.note(&m.state, Change::plain(occurred_on, Membership::Member));
            }
            Fact::GroupMemberLeft(m) => self.note(&m.state, Change::plain(occurred_on, Membership::Outside)),
            Fact::GroupMembershipSet(set) => self.note(&set.state, set.change(occurred_on)),
            _ => {}
        }
    }

    /// Notes a change of a state, after those that it has.
    pub fn note(&mut self, state: &str, change: Change) {
        self.members.entry(state.to_owned()).or_default().push(change);
    }

    /// The change of a state that counts on a day.
    pub fn change(&self, state: &str, on: Date) -> Option<&Change> {
        self.members.get(state)?.iter().rev().find(|change| change.on <= on)
    }

    /// How a state stands on a day.
    pub fn membership(&self, state: &str, on: Date) -> Membership {
        self.change(state, on).map_or(Membership::Outside, |change| change.membership)
    }

    /// The members on a day, those that are suspended among them, by code.
    pub fn members_on(&self, on: Date) -> Vec<&str> {
        self.members.keys().map(String::as_str).filter(|state| self.has(state, on)).collect()
    }

    /// Whether the state is a member on a day, though it may be suspended.
    pub fn has(&self, state: &str, on: Date) -> bool {
        self.membership(state, on).is_member()
    }

    /// How the state stands at the end of what is recorded.
    fn last(&self, state: &str) -> Membership {
        let last = self.members.get(state).and_then(|changes| changes.last());
        last.map_or(Membership::Outside, |change| change.membership)
    }
}

/// Refuses what is not three capital letters (ISO 3166-1 alpha-3).
///
/// # Errors
/// `state.malformed`, naming the field.
pub fn check_state_code(field: &str, code: &str) -> Fallible<()> {
    if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(());
    }
    Err(Refusal::new("state.malformed", format!("{code:?} is not a state code."))
        .field(field)
        .missing("an ISO 3166-1 code of three capital letters, for example BRA"))
}

/// Decides a change of partners or groups.
///
/// `exists` says whether the partner that is to be registered is there already.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    group: &Group,
    exists: bool,
    context: &Context,
    command: PartnerCommand,
) -> Fallible<Vec<NewEvent>> {
    let public = Label::of(Level::Public);
    let event = |subject, occurred_on, fact| {
        Ok(vec![NewEvent { subject, occurred_on, label: public.clone(), fact, reason: None }])
    };
    match command {
        PartnerCommand::Register { code, name } => {
            check_state_code("code", &code)?;
            text("partner.name", "name", &name, 100)?;
            if exists {
                return Err(Refusal::new(
                    "partner.exists",
                    format!("The partner {code} is registered already."),
                )
                .field("code")
                .missing("a state that is not yet a partner"));
            }
            event(
                SubjectKind::Partner.subject(code),
                context.today,
                Fact::PartnerRegistered(PartnerRegistered { name }),
            )
        }
        PartnerCommand::RegisterGroup { code, name } => {
            let shaped = (2..=12).contains(&code.len())
                && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
            if !shaped {
                return Err(Refusal::new("group.code", format!("{code:?} is not a group code."))
                    .field("code")
                    .missing("two to twelve capital letters or digits"));
            }
            text("group.name", "name", &name, 100)?;
            if group.registered {
                return Err(Refusal::new("group.exists", format!("The group {code} is registered already."))
                    .field("code")
                    .missing("a code that is not in use"));
            }
            event(
                SubjectKind::Group.subject(code),
                context.today,
                Fact::GroupRegistered(GroupRegistered { name }),
            )
        }
        PartnerCommand::Admit { group: code, state, on } => {
            check_member(group, &code, &state, on)?;
            if group.last(&state).is_member() {
                return Err(Refusal::new("group.member", format!("{state} is a member of {code} already."))
                    .field("state")
                    .missing("a state that is not a member"));
            }
            event(SubjectKind::Group.subject(code), on, Fact::GroupMemberAdmitted(GroupMember { state }))
        }
        PartnerCommand::Leave { group: code, state, on } => {
            check_member(group, &code, &state, on)?;
            if !group.last(&state).is_member() {
                return Err(Refusal::new("group.no_member", format!("{state} is not a member of {code}."))
                    .field("state")
                    .missing("a member"));
            }
            event(SubjectKind::Group.subject(code), on, Fact::GroupMemberLeft(GroupMember { state }))
        }
        PartnerCommand::SetMembership { group: code, on, set } => {
            check_member(group, &code, &set.state, on)?;
            text("group.source", "source", &set.source, 500)?;
            if let Some(note) = &set.note {
                text("group.note", "note", note, 1000)?;
            }
            if group.last(&set.state) == set.membership {
                let (state, stands) = (&set.state, set.membership.name());
                return Err(Refusal::new("group.same", format!("{state} is {stands} to {code} already."))
                    .field("membership")
                    .missing("another way in which it stands to the group"));
            }
            event(SubjectKind::Group.subject(code), on, Fact::GroupMembershipSet(set))
        }
    }
}

fn check_member(group: &Group, code: &str, state: &str, on: Date) -> Fallible<()> {
    check_state_code("state", state)?;
    // A membership may be agreed for a day to come.
    check_year("on", on)?;
    if !group.registered {
        return Err(Refusal::not_found("group", code).field("group"));
    }
    match group.members.get(state).and_then(|changes| changes.last()) {
        Some(Change { on: last, .. }) if *last >= on => Err(Refusal::new(
            "group.order",
            format!("A change of {state} on {last} is on record; {on} is not after it."),
        )
        .field("on")
        .missing(format!("a day after {last}"))),
        _ => Ok(()),
    }
}
