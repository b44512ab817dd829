//! Partner states, groups, and parties: rows that are added and never changed.

use entente_register::ledger::Fact;
use entente_register::partner::{Change, Membership};
use entente_register::party::PartyRegistered;

use super::buffer::Buffer;
use crate::database::Connection;
use crate::error::Fault;
use crate::ledger::Recorded;

/// The tables `partner`, `partner_group`, `group_change` and `party`.
pub(super) struct Partners {
    partners: Buffer,
    groups: Buffer,
    changes: Buffer,
    parties: Buffer,
}

impl Default for Partners {
    fn default() -> Partners {
        Partners {
            partners: Buffer::inserting(
                "writing partners",
                "INSERT INTO partner (code, name, known_from)",
                "",
            ),
            groups: Buffer::inserting(
                "writing groups",
                "INSERT INTO partner_group (code, name, known_from)",
                "",
            ),
            changes: Buffer::inserting(
                "writing groups",
                "INSERT INTO group_change (code, state, changed_on, membership, source, certainty, note, known_from)",
                "",
            ),
            parties: Buffer::inserting(
                "writing parties",
                "INSERT INTO party (number, name, kind, state, label, known_from)",
                "",
            ),
        }
    }
}

impl Partners {
    /// Registers a partner or group, or changes a group's members.
    pub(super) fn apply(&mut self, recorded: &Recorded) {
        let event = &recorded.event;
        let key = event.subject.key.clone();
        let mut member = |state: &str, change: &Change| {
            let ground = change.ground.as_ref();
            self.changes.insert(vec![
                key.clone().into(),
                state.to_owned().into(),
                change.on.into(),
                change.membership.word().into(),
                ground.map(|ground| ground.source.clone()).into(),
                ground.map(|ground| ground.certainty.word()).into(),
                ground.and_then(|ground| ground.note.clone()).into(),
                recorded.sequence.into(),
            ]);
        };
        let on = event.occurred_on;
        match &event.fact {
            Fact::GroupMemberAdmitted(one) => member(&one.state, &Change::plain(on, Membership::Member)),
            Fact::GroupMemberLeft(one) => member(&one.state, &Change::plain(on, Membership::Outside)),
            Fact::GroupMembershipSet(set) => member(&set.state, &set.change(on)),
            Fact::PartnerRegistered(partner) => {
                let row = vec![key.into(), partner.name.clone().into(), recorded.sequence.into()];
                self.partners.insert(row);
            }
            Fact::GroupRegistered(group) => {
                let row = vec![key.into(), group.name.clone().into(), recorded.sequence.into()];
                self.groups.insert(row);
            }
            _ => {}
        }
    }

    /// Registers a party.
    pub(super) fn register_party(&mut self, recorded: &Recorded, party: &PartyRegistered, label: i64) {
        self.parties.insert(vec![
            recorded.event.subject.key.clone().into(),
            party.name.clone().into(),
            party.kind.word().into(),
            party.state.clone().into(),
            label.into(),
            recorded.sequence.into(),
        ]);
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.partners.flush(connection).await?;
        self.groups.flush(connection).await?;
        self.changes.flush(connection).await?;
        self.parties.flush(connection).await
    }
}
