//! The demonstration's accounts: one a role, each named after it.

use entente_register::access::{Actor, Role};
use entente_register::label::{Clearance, Level};

/// The account of the machine's operator, which founds the register and opens the others.
pub(super) fn operator() -> Actor {
    Actor::operator(Clearance::full())
}

/// The account of a role.
pub(super) fn of(accounts: &[Actor], role: Role) -> Actor {
    accounts.iter().find(|a| a.roles.contains(&role)).cloned().unwrap_or_else(operator)
}

/// All accounts, in the order of the roles. `own_exporter`, `maker` and `council` are the
/// numbers of the parties for which three of them act.
pub(super) fn accounts(own_exporter: &str, maker: &str, council: &str) -> Vec<Actor> {
    let person = |account: &str, name: &str, role, clearance| Actor {
        account: account.to_owned(),
        name: format!("{name} (demonstration)"),
        roles: vec![role],
        clearance,
        party: None,
    };
    let to = Clearance::of;
    let within = |level, compartments: &[&str]| Clearance {
        compartments: compartments.iter().map(|c| (*c).to_owned()).collect(),
        ..Clearance::of(level)
    };
    let all = &["AVIATION", "NAVY"];
    vec![
        person("chair", "Chair", Role::Chair, Clearance::full()),
        person("member", "Member", Role::Member, to(Level::Confidential)),
        person(
            "foreign.member",
            "Member for Brazil",
            Role::ForeignMember,
            Clearance { foreign_state: Some("BRA".to_owned()), ..to(Level::Official) },
        ),
        person("secretary", "Secretary", Role::Secretary, within(Level::Secret, all)),
        person("contract.officer", "Contract officer", Role::ContractOfficer, within(Level::Secret, all)),
        person("licensing.officer", "Licensing officer", Role::LicensingOfficer, to(Level::Secret)),
        person("countersigner", "Countersigner", Role::Countersigner, to(Level::Secret)),
        Actor {
            party: Some(council.to_owned()),
            ..person(
                "agency",
                "Consulted agency",
                Role::ConsultedAgency,
                within(Level::Secret, &["AVIATION"]),
            )
        },
        person("treaty.officer", "Treaty officer", Role::TreatyOfficer, to(Level::Confidential)),
        person("editor", "Editor", Role::Editor, to(Level::Official)),
        person("content.approver", "Content approver", Role::ContentApprover, to(Level::Confidential)),
        person("release.authority", "Release authority", Role::ReleaseAuthority, to(Level::Confidential)),
        Actor {
            party: Some(own_exporter.to_owned()),
            ..person("exporter", "Exporter", Role::Exporter, to(Level::Official))
        },
        Actor {
            party: Some(maker.to_owned()),
            ..person("manufacturer", "Manufacturer", Role::Manufacturer, to(Level::Official))
        },
        person("customs", "Customs", Role::Customs, to(Level::Official)),
        person("auditor", "Auditor", Role::Auditor, within(Level::Secret, all)),
        person("administrator", "Administrator", Role::Administrator, to(Level::Official)),
    ]
}
