//! Persons, roles and rights.
//!
//! Rights are two tables: role × command ([`COMMAND_RIGHTS`]) and role × subject
//! ([`READ_RIGHTS`]). The store asks them once, on the one path of every command
//! and of every reader; no page and no handler does.

mod account;
mod role;

pub use account::{
    Account, AccountCommand, AccountOpened, ClearanceSet, NewAccount, RoleChanged, WrittenClearance, decide,
};
pub use role::{
    COMMAND_RIGHTS, CommandKind, Extent, READ_RIGHTS, Reading, Role, WITH_PAPERS, may_command,
    may_keep_paper, may_read,
};

use crate::label::Clearance;

/// Who acts: a person's account with its roles and clearance of today.
///
/// Labels and rights are always today's, whatever the known-at of a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Key of the account, the sign-in name.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// The roles held today.
    pub roles: Vec<Role>,
    /// What the person may see today.
    pub clearance: Clearance,
    /// The party whose business the person may see, for exporters and manufacturers.
    pub party: Option<String>,
}

impl Actor {
    /// The machine's operator: acts for the command line when no account is named.
    pub fn operator(clearance: Clearance) -> Actor {
        Actor {
            account: "operator".to_owned(),
            name: "Operator of this machine".to_owned(),
            roles: vec![Role::Operator],
            clearance,
            party: None,
        }
    }

    /// The same person, seeing no more than everyone may: for what is made to be published.
    #[must_use]
    pub fn limited_to_public(&self) -> Actor {
        Actor { clearance: Clearance::of(crate::label::Level::Public), ..self.clone() }
    }

    /// Someone who has not signed in.
    pub fn public() -> Actor {
        Actor {
            account: "public".to_owned(),
            name: "Public".to_owned(),
            roles: vec![Role::Public],
            clearance: Clearance::of(crate::label::Level::Public),
            party: None,
        }
    }
}
