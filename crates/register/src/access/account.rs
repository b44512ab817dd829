//! The account of a person. Secrets are not facts: passwords and sessions stand
//! in tables of their own, and the ledger says only that an account was opened,
//! changed, closed or given a new password.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Actor, Role};
use crate::document::text;
use crate::label::{Clearance, Label, Level, Releasable};
use crate::ledger::{Context, Fact, Fallible, NewEvent, Refusal, SubjectKind};
use crate::partner::check_state_code;

/// A clearance in its written form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenClearance {
    /// A label: level and compartments.
    pub label: Label,
    /// Admitted to every compartment.
    pub all_compartments: bool,
    /// Foreign state served, ISO 3166-1 alpha-3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign_state: Option<String>,
}

impl From<&Clearance> for WrittenClearance {
    fn from(c: &Clearance) -> WrittenClearance {
        WrittenClearance {
            label: Label {
                level: c.level,
                compartments: c.compartments.clone(),
                releasable: match c.level {
                    Level::Public => Releasable::Everyone,
                    _ => Releasable::Only(BTreeSet::new()),
                },
            },
            all_compartments: c.all_compartments,
            foreign_state: c.foreign_state.clone(),
        }
    }
}

impl From<WrittenClearance> for Clearance {
    fn from(w: WrittenClearance) -> Clearance {
        Clearance {
            level: w.label.level,
            compartments: w.label.compartments,
            all_compartments: w.all_compartments,
            foreign_state: w.foreign_state,
        }
    }
}

/// Opens an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// Sign-in name: 2 to 40 lower-case letters, digits, dots and hyphens.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// First roles.
    pub roles: Vec<Role>,
    /// What the person may see.
    pub clearance: Clearance,
    /// The party that the person acts for.
    pub party: Option<String>,
}

/// `account.opened.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountOpened {
    /// The person's name.
    pub name: String,
    /// First roles.
    pub roles: Vec<Role>,
    /// What the person may see.
    pub clearance: WrittenClearance,
    /// The party that the person acts for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
}

/// `account.role_granted.v1` and `account.role_withdrawn.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleChanged {
    /// The role.
    pub role: Role,
}

/// `account.clearance_set.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClearanceSet {
    /// The new clearance.
    pub clearance: WrittenClearance,
}

/// A change of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountCommand {
    /// Opens it.
    Open(NewAccount),
    /// Gives a role.
    Grant(Role),
    /// Takes a role.
    Withdraw(Role),
    /// Sets what the person may see.
    SetClearance(Clearance),
    /// Closes it until it is enabled again.
    Disable,
    /// Opens it again.
    Enable,
    /// Records that a new one-time password was given. The password itself is no fact.
    ResetPassword,
}

/// The state of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// As an actor, with today's roles.
    pub actor: Actor,
    /// Whether it is closed.
    pub disabled: bool,
}

impl Account {
    /// Folds one fact.
    pub fn apply(state: &mut Option<Account>, key: &str, fact: &Fact) {
        match (fact, state) {
            (Fact::AccountOpened(opened), state) => {
                *state = Some(Account {
                    actor: Actor {
                        account: key.to_owned(),
                        name: opened.name.clone(),
                        roles: opened.roles.clone(),
                        clearance: opened.clearance.clone().into(),
                        party: opened.party.clone(),
                    },
                    disabled: false,
                });
            }
            (Fact::AccountRoleGranted(r), Some(a)) => a.actor.roles.push(r.role),
            (Fact::AccountRoleWithdrawn(r), Some(a)) => a.actor.roles.retain(|x| *x != r.role),
            (Fact::AccountClearanceSet(c), Some(a)) => a.actor.clearance = c.clearance.clone().into(),
            (Fact::AccountDisabled(_), Some(a)) => a.disabled = true,
            (Fact::AccountEnabled(_), Some(a)) => a.disabled = false,
            _ => {}
        }
    }
}

/// Decides a change of the account with this sign-in name.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    state: Option<&Account>,
    key: &str,
    context: &Context,
    command: AccountCommand,
) -> Fallible<Vec<NewEvent>> {
    if context.actor.account == key {
        return Err(Refusal::new("account.own", "Nobody changes the rights of their own account.")
            .missing("another administrator"));
    }
    let fact = match (command, state) {
        (AccountCommand::Open(_), Some(_)) => {
            return Err(Refusal::new("account.exists", format!("The account {key} exists already."))
                .field("account")
                .missing("a sign-in name that is not in use"));
        }
        (AccountCommand::Open(new), None) => open(key, new)?,
        (_, None) => return Err(Refusal::not_found("account", key).field("account")),
        (AccountCommand::Grant(role), Some(a)) if a.actor.roles.contains(&role) => {
            return Err(Refusal::new("account.has_role", format!("{key} holds the role {role} already."))
                .field("role")
                .missing("a role that the person does not hold"));
        }
        (AccountCommand::Grant(role), Some(_)) if matches!(role, Role::Operator | Role::Public) => {
            return Err(Refusal::new("account.role", format!("The role {role} is not given to a person."))
                .field("role")
                .missing("a role of a person"));
        }
        (AccountCommand::Grant(role), Some(_)) => Fact::AccountRoleGranted(RoleChanged { role }),
        (AccountCommand::Withdraw(role), Some(a)) if !a.actor.roles.contains(&role) => {
            return Err(Refusal::new("account.lacks_role", format!("{key} does not hold the role {role}."))
                .field("role")
                .missing("a role that the person holds"));
        }
        (AccountCommand::Withdraw(role), Some(_)) => Fact::AccountRoleWithdrawn(RoleChanged { role }),
        (AccountCommand::SetClearance(c), Some(_)) => {
            if let Some(state) = &c.foreign_state {
                check_state_code("foreign_state", state)?;
            }
            Fact::AccountClearanceSet(ClearanceSet { clearance: (&c).into() })
        }
        (AccountCommand::Disable, Some(a)) if a.disabled => {
            return Err(Refusal::new("account.disabled", format!("The account {key} is disabled already."))
                .missing("an account that is open"));
        }
        (AccountCommand::Disable, Some(_)) => Fact::AccountDisabled(Default::default()),
        (AccountCommand::Enable, Some(a)) if !a.disabled => {
            return Err(Refusal::new("account.enabled", format!("The account {key} is open already."))
                .missing("an account that is disabled"));
        }
        (AccountCommand::Enable, Some(_)) => Fact::AccountEnabled(Default::default()),
        (AccountCommand::ResetPassword, Some(_)) => Fact::AccountPasswordReset(Default::default()),
    };
    Ok(vec![NewEvent {
        subject: SubjectKind::Account.subject(key),
        occurred_on: context.today,
        label: Label::of(Level::Official),
        fact,
        reason: None,
    }])
}

fn open(key: &str, new: NewAccount) -> Fallible<Fact> {
    let shaped = (2..=40).contains(&key.len())
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-');
    if !shaped || matches!(key, "public" | "system" | "operator") {
        return Err(Refusal::new("account.name", format!("{key:?} is not a sign-in name."))
            .field("account")
            .missing(
                "2 to 40 lower-case letters, digits, dots and hyphens, other than “public”, “system” and “operator”",
            ));
    }
    text("account.person", "name", &new.name, 100)?;
    if let Some(state) = &new.clearance.foreign_state {
        check_state_code("foreign_state", state)?;
    }
    if new.roles.iter().any(|r| matches!(r, Role::Exporter | Role::Manufacturer)) && new.party.is_none() {
        return Err(Refusal::new("account.party", "An exporter or manufacturer acts for a party.")
            .field("party")
            .missing("the number of the party"));
    }
    if new.roles.contains(&Role::ForeignMember) && new.clearance.foreign_state.is_none() {
        return Err(Refusal::new("account.foreign_state", "A foreign member serves a foreign state.")
            .field("foreign_state")
            .missing("the state's code"));
    }
    Ok(Fact::AccountOpened(AccountOpened {
        name: new.name,
        roles: new.roles,
        clearance: (&new.clearance).into(),
        party: new.party,
    }))
}
