//! The demonstration's parties: an agency, makers, carriers, a bank and end users, all invented.

use entente_register::label::Label;
use entente_register::party::{NewParty, PartyKind};

use super::partner::PARTNERS;

/// Where each party of a kind stands in [`parties`].
pub(super) const AGENCY: usize = 0;
/// A maker with the right to export its own goods; an account acts for it.
pub(super) const OWN_EXPORTER: usize = 1;
/// The makers.
pub(super) const MAKERS: std::ops::Range<usize> = 2..12;
/// The carriers.
pub(super) const CARRIERS: std::ops::Range<usize> = 12..16;
/// The bank that guarantees.
pub(super) const BANK: usize = 16;
/// The end users: one a partner, in the partners' order.
pub(super) const END_USERS: usize = 17;
/// An authority that gives opinions on transfers; an account acts for it. It comes last, after the end users.
pub(super) const CONTROL_COUNCIL: usize = END_USERS + PARTNERS.len();

const HOME: &str = "RUS";

/// All parties, in the order of their registration.
pub(super) fn parties() -> Vec<NewParty> {
    let company = |name: &str| NewParty {
        name: format!("{name} (demonstration)"),
        kind: PartyKind::Company,
        state: HOME.to_owned(),
        label: public(),
    };
    let mut all = vec![
        NewParty { kind: PartyKind::StateAuthority, ..company("State Export Agency") },
        company("Northern Instrument Works"),
    ];
    all.extend(
        [
            "Volga Helicopter Works",
            "Ural Aircraft Works",
            "Neva Shipyard",
            "Central Radar Works",
            "Southern Vehicle Works",
            "Eastern Engine Works",
            "Signal Radio Works",
            "Meridian Optical Works",
            "Horizon Drone Works",
            "General Overhaul Works",
        ]
        .map(company),
    );
    all.extend(["Baltic Carriage", "Pacific Shipping", "Transit Rail", "Heavy Lift Air Cargo"].map(company));
    all.push(company("Bank of Trade Guarantees"));
    all.extend(PARTNERS.iter().map(|partner| NewParty {
        name: format!("Ministry of Defence of {} (demonstration)", partner.name),
        kind: PartyKind::StateAuthority,
        state: partner.code.to_owned(),
        label: released_to(partner.code),
    }));
    all.push(NewParty { kind: PartyKind::StateAuthority, ..company("Technical Control Council") });
    all
}

/// Open to everyone.
fn public() -> Label {
    Label::of(entente_register::label::Level::Public)
}

/// For official use, and for that state.
pub(super) fn released_to(state: &str) -> Label {
    let mut label = Label::of(entente_register::label::Level::Official);
    label.releasable = entente_register::label::Releasable::Only([state.to_owned()].into());
    label
}
