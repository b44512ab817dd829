//! Partner states, and groups of states.

use std::collections::BTreeMap;

use entente_register::access::Reading;
use entente_register::ledger::Refusal;
use entente_register::partner::{Certainty, Change, Ground, Group};

use super::{Reader, sql};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};

impl Reader {
    /// Partner states by code, with their name.
    ///
    /// # Errors
    /// `access.read` if the actor may not read partners.
    pub async fn partners(&self) -> Outcome<Vec<(String, String)>> {
        self.check(Reading::Partners)?;
        let mut transaction = self.store.database.read().await?;
        Ok(self.select_partners(&mut transaction.connection()).await?)
    }

    /// Groups by code: name and dated membership.
    ///
    /// # Errors
    /// `access.read` if the actor may not read partners.
    pub async fn groups(&self) -> Outcome<Vec<(String, String, Group)>> {
        self.check(Reading::Partners)?;
        let mut transaction = self.store.database.read().await?;
        Ok(self.select_groups(&mut transaction.connection()).await?)
    }

    /// Names of the parties with these numbers, of those that the actor may see.
    pub(super) async fn party_names<'n>(
        &self,
        connection: &mut Connection<'_>,
        numbers: impl IntoIterator<Item = &'n str>,
    ) -> Result<BTreeMap<String, String>, Fault> {
        let numbers: Vec<&str> = numbers.into_iter().collect();
        let mut names = BTreeMap::new();
        for some in numbers.chunks(sql::LISTED) {
            let mut parameters = self.parameters();
            let list = parameters.list(some.iter().map(|number| (*number).to_owned()));
            let sql = format!(
                "SELECT p.number, p.name FROM party p WHERE p.number IN {list} AND p.known_from <= $1 {} ORDER BY p.number",
                self.labels.filter("p.label")
            );
            for row in connection.fetch("reading parties", &sql, parameters.values()).await? {
                names.insert(row.text(0)?, row.text(1)?);
            }
        }
        Ok(names)
    }

    pub(super) async fn select_partners(
        &self,
        connection: &mut Connection<'_>,
    ) -> Result<Vec<(String, String)>, Fault> {
        let sql = "SELECT code, name FROM partner WHERE known_from <= $1 ORDER BY code";
        let rows = connection.fetch("reading partners", sql, &[self.horizon.sequence.into()]).await?;
        rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
    }

    /// The name of a partner; the code where it is none.
    pub(super) async fn partner_name(
        &self,
        connection: &mut Connection<'_>,
        code: &str,
    ) -> Result<String, Fault> {
        let names = self.select_partners(connection).await?;
        let name = names.into_iter().find(|(known, _)| known == code);
        Ok(name.map_or_else(|| code.to_owned(), |(_, name)| name))
    }

    pub(super) async fn select_groups(
        &self,
        connection: &mut Connection<'_>,
    ) -> Result<Vec<(String, String, Group)>, Fault> {
        let doing = "reading groups";
        let horizon = [self.horizon.sequence.into()];
        let sql = "SELECT code, state, changed_on, membership, source, certainty, note FROM group_change WHERE known_from <= $1 ORDER BY code, state, changed_on, known_from";
        let mut members: BTreeMap<String, Group> = BTreeMap::new();
        for row in connection.fetch(doing, sql, &horizon).await? {
            members.entry(row.text(0)?).or_default().note(row.text_ref(1)?, change(&row)?);
        }
        let sql = "SELECT code, name FROM partner_group WHERE known_from <= $1 ORDER BY code";
        let rows = connection.fetch(doing, sql, &horizon).await?;
        rows.iter()
            .map(|row| {
                let code = row.text(0)?;
                let mut group = members.remove(&code).unwrap_or_default();
                group.registered = true;
                Ok((code, row.text(1)?, group))
            })
            .collect()
    }
}

/// A change of a group from the columns that begin with its day.
fn change(row: &Row) -> Result<Change, Fault> {
    let damaged = |refusal: Refusal| Fault::damaged("reading groups", refusal.message);
    let certainty =
        row.optional_text(5)?.map(|word| word.parse::<Certainty>()).transpose().map_err(damaged)?;
    Ok(Change {
        on: row.date(2)?,
        membership: row.text_ref(3)?.parse().map_err(damaged)?,
        ground: match (row.optional_text(4)?, certainty) {
            (Some(source), Some(certainty)) => {
                Some(Ground { source, certainty, note: row.optional_text(6)? })
            }
            _ => None,
        },
    })
}
