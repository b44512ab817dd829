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

impl Serialize for Clearance {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        WrittenClearance::from(self).serialize(serializer)
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
        (AccountCommand::Grant(role), Some(a)) => {
            check_role(role, "role", &a.actor.clearance, a.actor.party.as_deref())?;
            Fact::AccountRoleGranted(RoleChanged { role })
        }
        (AccountCommand::Withdraw(role), Some(a)) if !a.actor.roles.contains(&role) => {
            return Err(Refusal::new("account.lacks_role", format!("{key} does not hold the role {role}."))
                .field("role")
                .missing("a role that the person holds"));
        }
        (AccountCommand::Withdraw(role), Some(_)) => Fact::AccountRoleWithdrawn(RoleChanged { role }),
        (AccountCommand::SetClearance(c), Some(a)) => {
            if let Some(state) = &c.foreign_state {
                check_state_code("foreign_state", state)?;
            }
            for role in &a.actor.roles {
                check_state_served(*role, &c)?;
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
    for (position, role) in new.roles.iter().enumerate() {
        if new.roles[..position].contains(role) {
            return Err(Refusal::new("account.has_role", format!("The role {role} is named twice."))
                .field("roles")
                .missing("each role once"));
        }
        check_role(*role, "roles", &new.clearance, new.party.as_deref())?;
    }
    Ok(Fact::AccountOpened(AccountOpened {
        name: new.name,
        roles: new.roles,
        clearance: (&new.clearance).into(),
        party: new.party,
    }))
}

/// What a role asks of the account that holds it, whether it is given at the opening or later.
fn check_role(role: Role, field: &str, clearance: &Clearance, party: Option<&str>) -> Fallible<()> {
    match role {
        // The operator is whoever sits at the machine, and the public nobody: neither signs in.
        Role::Operator | Role::Public => {
            Err(Refusal::new("account.role", format!("The role {role} is not given to a person."))
                .field(field)
                .missing("a role of a person"))
        }
        Role::Exporter | Role::Manufacturer if party.is_none() => {
            Err(Refusal::new("account.party", "An exporter or manufacturer acts for a party.")
                .field("party")
                .missing("the number of the party"))
        }
        _ => check_state_served(role, clearance),
    }
}

/// A foreign member reads what may be released to a state. Without the state the clearance would be one
/// of the home state, to which everything may be released.
fn check_state_served(role: Role, clearance: &Clearance) -> Fallible<()> {
    if role == Role::ForeignMember && clearance.foreign_state.is_none() {
        return Err(Refusal::new("account.foreign_state", "A foreign member serves a foreign state.")
            .field("foreign_state")
            .missing("the state's code"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn context() -> Context {
        Context {
            actor: Actor::operator(Clearance::full()),
            now: "2012-09-30T12:00:00Z".parse().unwrap(),
            today: date(2012, 9, 30),
        }
    }

    fn account(roles: &[Role], foreign_state: Option<&str>, party: Option<&str>) -> NewAccount {
        NewAccount {
            account: "a.silva".into(),
            name: "A. Silva".into(),
            roles: roles.to_vec(),
            clearance: clearance(foreign_state),
            party: party.map(str::to_owned),
        }
    }

    fn clearance(foreign_state: Option<&str>) -> Clearance {
        Clearance { foreign_state: foreign_state.map(str::to_owned), ..Clearance::of(Level::Official) }
    }

    /// The account after these commands, or the first refusal.
    fn after(new: NewAccount, commands: Vec<AccountCommand>) -> Fallible<Account> {
        let mut state = None;
        let key = new.account.clone();
        for command in std::iter::once(AccountCommand::Open(new)).chain(commands) {
            for event in decide(state.as_ref(), &key, &context(), command)? {
                Account::apply(&mut state, &key, &event.fact);
            }
        }
        Ok(state.unwrap())
    }

    #[test]
    fn a_foreign_member_serves_a_state_for_as_long_as_the_role_is_held() {
        use AccountCommand::{Grant, SetClearance, Withdraw};
        let home = || account(&[Role::Editor], None, None);
        let foreign = || account(&[Role::ForeignMember], Some("BRA"), None);
        for (new, commands) in [
            (home(), vec![Grant(Role::ForeignMember)]),
            (foreign(), vec![SetClearance(clearance(None))]),
            (account(&[Role::ForeignMember], None, None), vec![]),
        ] {
            let refused = after(new, commands).unwrap_err();
            assert_eq!(refused.code, "account.foreign_state");
            assert!(refused.missing.is_some());
        }
        for (new, commands) in [
            (home(), vec![SetClearance(clearance(Some("BRA"))), Grant(Role::ForeignMember)]),
            (foreign(), vec![SetClearance(clearance(Some("IND")))]),
            (foreign(), vec![Withdraw(Role::ForeignMember), SetClearance(clearance(None))]),
        ] {
            after(new, commands).unwrap();
        }
    }

    #[test]
    fn an_exporter_or_manufacturer_acts_for_a_party() {
        for role in [Role::Exporter, Role::Manufacturer] {
            let granted = vec![AccountCommand::Grant(role)];
            let refused = after(account(&[Role::Editor], None, None), granted.clone()).unwrap_err();
            assert_eq!(refused.code, "account.party");
            after(account(&[Role::Editor], None, Some("O-P0001")), granted).unwrap();
            assert_eq!(after(account(&[role], None, None), vec![]).unwrap_err().code, "account.party");
        }
    }

    #[test]
    fn no_role_of_the_machine_and_none_twice_however_it_is_given() {
        for role in [Role::Operator, Role::Public] {
            assert_eq!(after(account(&[role], None, None), vec![]).unwrap_err().code, "account.role");
            let granted = after(account(&[], None, None), vec![AccountCommand::Grant(role)]);
            assert_eq!(granted.unwrap_err().code, "account.role");
        }
        let twice = after(account(&[Role::Editor, Role::Chair, Role::Editor], None, None), vec![]);
        assert_eq!(twice.unwrap_err().code, "account.has_role");
    }
}
