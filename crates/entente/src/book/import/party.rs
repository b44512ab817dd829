//! Partner states and parties of a book.

use entente_register::book::row::{GroupRow, PartnerRow, PartyRow};
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::label::{Label, Level};
use entente_register::ledger::Refusal;
use entente_register::partner::PartnerCommand;
use entente_register::party::NewParty;
use entente_store::Outcome;

use super::{Importer, Placed};

impl Importer<'_> {
    /// Registers a partner state, unless it is registered.
    pub(super) async fn partner(&mut self, row: Placed<PartnerRow>) -> Outcome<()> {
        let PartnerRow { code, name } = row.value.clone();
        if let Some(held) = self.batch.partner_name(&code).await? {
            if held == name {
                self.report.counts(Table::Partners).unchanged += 1;
            } else {
                self.differs(Table::Partners, &row, "name", format!("{code} is {held}"), "the same name");
            }
            return Ok(());
        }
        let command = Command::Partner(PartnerCommand::Register { code, name });
        let column = |field: &str| if field == "name" { "name" } else { "code" };
        if self.execute(Table::Partners, &row, command, column).await?.is_some() {
            self.report.counts(Table::Partners).added += 1;
        } else {
            self.unusable.insert((Table::Partners, row.value.code, String::new()));
        }
        Ok(())
    }

    /// Registers a group and a membership, unless they are registered.
    pub(super) async fn group(&mut self, row: &Placed<GroupRow>) -> Outcome<()> {
        let GroupRow { code, name, member } = row.value.clone();
        let column = |field: &str| match field {
            "name" => "name",
            "state" => "state",
            "on" => "admitted_on",
            _ => "code",
        };
        let mut is_new = false;
        if self.batch.group_state(&code).await?.is_none() {
            let command = PartnerCommand::RegisterGroup { code: code.clone(), name };
            if self.execute(Table::Groups, row, Command::Partner(command), column).await?.is_none() {
                return Ok(());
            }
            is_new = true;
        }
        if let Some((state, admitted_on, left_on)) = member {
            let changes =
                self.batch.group_state(&code).await?.and_then(|group| group.members.get(&state).cloned());
            let changes = changes.unwrap_or_default();
            let on_record = |on, is_member| {
                changes.iter().any(|change| change.on == on && change.membership.is_member() == is_member)
            };
            if !on_record(admitted_on, true) {
                let command =
                    PartnerCommand::Admit { group: code.clone(), state: state.clone(), on: admitted_on };
                if self.execute(Table::Groups, row, Command::Partner(command), column).await?.is_none() {
                    return Ok(());
                }
                is_new = true;
            }
            if let Some(on) = left_on.filter(|on| !on_record(*on, false)) {
                let command = PartnerCommand::Leave { group: code, state, on };
                let column = |field: &str| if field == "on" { "left_on" } else { "state" };
                if self.execute(Table::Groups, row, Command::Partner(command), column).await?.is_none() {
                    return Ok(());
                }
                is_new = true;
            }
        }
        let counts = self.report.counts(Table::Groups);
        if is_new {
            counts.added += 1
        } else {
            counts.unchanged += 1
        }
        Ok(())
    }

    /// Registers a party, unless one of its name and state is registered.
    pub(super) async fn party(&mut self, row: Placed<PartyRow>) -> Outcome<()> {
        let PartyRow { name, kind, state, label } = row.value.clone();
        let held = self.batch.parties_named(self.actor, &name, Some(&state)).await?;
        if let Some(number) = held.first() {
            let held = self.batch.party_terms(self.actor, number).await?;
            let mut agrees = true;
            if let Some((held_kind, held_label)) = held {
                for (column, is_same, says) in [
                    // What sort of party one is, packages of others do not say: it was told by its roles.
                    ("kind", self.kinds_are_told || held_kind == kind, held_kind.word().to_owned()),
                    (
                        "marking",
                        label.as_ref().is_none_or(|label| held_label == *label),
                        held_label.to_string(),
                    ),
                ] {
                    if !is_same {
                        let says = format!("party {number} has this name, and is {says}");
                        self.differs(Table::Parties, &row, column, says, "the same as the register has");
                        agrees = false;
                    }
                }
            }
            self.report.counts(Table::Parties).unchanged += u64::from(agrees);
            return Ok(());
        }
        let label = label.unwrap_or_else(|| Label::of(Level::Official));
        let command = Command::Party(NewParty { name: name.clone(), kind, state, label });
        let column = |field: &str| match field {
            "state" => "state",
            "label" => "marking",
            _ => "name",
        };
        if self.execute(Table::Parties, &row, command, column).await?.is_some() {
            self.parties.remove(&name);
            self.report.counts(Table::Parties).added += 1;
        } else {
            self.unusable.insert((Table::Parties, name, String::new()));
        }
        Ok(())
    }

    /// The number of the party with a name; what stands in the way is a problem of the row.
    pub(super) async fn find_party<T>(
        &mut self,
        table: Table,
        row: &Placed<T>,
        column: &str,
        name: &str,
    ) -> Outcome<Option<String>> {
        if self.rests_on_fault((Table::Parties, name, ""), table) {
            return Ok(None);
        }
        if !self.parties.contains_key(name) {
            let found = self.batch.parties_named(self.actor, name, None).await?;
            self.parties.insert(name.to_owned(), found);
        }
        let refusal = match self.parties.get(name).map(Vec::as_slice) {
            Some([number]) => return Ok(Some(number.clone())),
            Some([]) | None => Refusal::new("book.party", format!("There is no party named {name:?}."))
                .missing("the full name of a party that the register or this book has"),
            Some(several) => Refusal::new(
                "book.party",
                format!("Several parties are named {name:?}: {}.", several.join(", ")),
            )
            .missing("a name that one party alone bears"),
        };
        self.refuse(table, row, column, &refusal);
        Ok(None)
    }
}
