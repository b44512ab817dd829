//! Contracts with their parties and claims.

use std::collections::HashMap;

use jiff::civil::Date;

use entente_register::contract::{ClaimKind, ContractOpened, ContractParty, state_after};
use entente_register::ledger::Fact;

use super::buffer::{Buffer, Slot};
use super::course::Term;
use super::{END_OF_DAYS, NO_END, STANDING, absent};
use crate::database::{Connection, Value};
use crate::error::Fault;
use crate::ledger::Recorded;

/// The tables `contract`, `contract_party` and `claim`.
pub(super) struct Contracts {
    /// The row of each contract that stands and has no end, of those met so far.
    standing: HashMap<String, Standing>,
    contracts: Buffer,
    parties: Buffer,
    claims: Buffer,
}

/// A row of the table `contract`.
#[derive(Clone)]
struct Standing {
    valid_from: Date,
    known_from: i64,
    version: u32,
    reference: String,
    title: String,
    partner: String,
    currency: String,
    label: i64,
    state: String,
    signed_on: Option<Date>,
    /// When nothing more was owed under it, and whether by termination.
    ended_on: Option<Date>,
    broken_off: bool,
    slot: Option<Slot>,
}

impl Default for Contracts {
    fn default() -> Contracts {
        Contracts {
            standing: HashMap::new(),
            contracts: Buffer::closing(
                "writing contracts",
                "INSERT INTO contract (number, valid_from, valid_to, known_from, known_to, version, reference, title, partner, currency, label, state, signed_on, ended_on, broken_off)",
                4,
                "UPDATE contract SET known_to = $1 WHERE number = $2 AND known_from = $3 AND valid_from = $4",
            ),
            parties: Buffer::inserting(
                "writing parties of contracts",
                "INSERT INTO contract_party (contract, party, role, position, valid_from, valid_to, known_from, known_to)",
                "",
            ),
            claims: Buffer::inserting(
                "writing claims",
                "INSERT INTO claim (contract, claim, kind, description, opened_on, known_from, settled_on, settled_from)",
                "",
            ),
        }
    }
}

impl Contracts {
    /// Opens a contract.
    pub(super) fn open(
        &mut self,
        recorded: &Recorded,
        opened: &ContractOpened,
        label: i64,
    ) -> Result<(), Fault> {
        let number = &recorded.event.subject.key;
        let mut row = Standing {
            valid_from: recorded.event.occurred_on,
            known_from: recorded.sequence,
            version: recorded.version,
            reference: opened.reference.clone(),
            title: opened.title.clone(),
            partner: opened.partner.clone(),
            currency: opened.currency.code().to_owned(),
            label,
            state: entente_register::contract::MACHINE.initial.to_owned(),
            signed_on: None,
            ended_on: None,
            broken_off: false,
            slot: None,
        };
        row.slot = Some(self.contracts.insert(row.values(number, NO_END.into())));
        self.standing.insert(number.clone(), row);
        self.name_parties(recorded, &opened.parties);
        Ok(())
    }

    /// Changes a contract from the event's day on; a claim leaves its days as they are.
    pub(super) async fn change(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
    ) -> Result<(), Fault> {
        let event = &recorded.event;
        let number = &event.subject.key;
        self.load(connection, number).await?;
        let Some(row) = self.standing.get_mut(number) else { return Err(absent("contract", number)) };
        let before = row.clone();
        self.contracts.close(
            before.slot,
            recorded.sequence,
            [number.clone().into(), before.known_from.into(), before.valid_from.into()],
        );
        row.known_from = recorded.sequence;
        row.version = recorded.version;
        let is_claim = matches!(
            event.fact,
            Fact::ClaimOpened(_)
                | Fact::ClaimRaised(_)
                | Fact::ClaimAnswered(_)
                | Fact::ClaimSettled(_)
                | Fact::ClaimEnded(_)
        );
        if !is_claim {
            if event.occurred_on > before.valid_from {
                // What was so before the day stays so, and is known to end on it.
                let ended = Standing { known_from: recorded.sequence, ..before };
                self.contracts.insert(ended.values(number, event.occurred_on.into()));
                row.valid_from = event.occurred_on;
            }
            if let Some(state) = state_after(&event.fact) {
                state.clone_into(&mut row.state);
            }
            if let Fact::ContractSigned(_) = event.fact {
                row.signed_on = Some(event.occurred_on);
            }
            if let Fact::ContractCompleted(_) | Fact::ContractTerminated(_) = event.fact {
                row.ended_on = Some(event.occurred_on);
                row.broken_off = matches!(event.fact, Fact::ContractTerminated(_));
            }
            if let Fact::ContractAmended(amended) = &event.fact
                && let Some(title) = &amended.amendment.title
            {
                row.title.clone_from(title);
            }
        }
        row.slot = Some(self.contracts.insert(row.values(number, NO_END.into())));
        match &event.fact {
            Fact::ContractAmended(amended) => {
                if let Some(parties) = &amended.amendment.parties {
                    self.end_parties(connection, recorded).await?;
                    self.name_parties(recorded, parties);
                }
            }
            Fact::ClaimOpened(claim) => {
                self.open_claim(recorded, claim.claim, claim.kind, &claim.description)
            }
            Fact::ClaimRaised(claim) => {
                self.open_claim(recorded, claim.claim, claim.kind, &claim.description)
            }
            Fact::ClaimSettled(claim) => self.settle_claim(connection, recorded, claim.claim).await?,
            Fact::ClaimEnded(claim) => self.settle_claim(connection, recorded, claim.claim).await?,
            _ => {}
        }
        Ok(())
    }

    fn open_claim(&mut self, recorded: &Recorded, claim: u32, kind: ClaimKind, description: &str) {
        self.claims.insert(vec![
            recorded.event.subject.key.clone().into(),
            i64::from(claim).into(),
            kind.name().into(),
            description.to_owned().into(),
            recorded.event.occurred_on.into(),
            recorded.sequence.into(),
            Value::Text(None),
            Value::Int(None),
        ]);
    }

    async fn settle_claim(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        claim: u32,
    ) -> Result<(), Fault> {
        self.claims.flush(connection).await?;
        connection
            .execute(
                "writing claims",
                "UPDATE claim SET settled_on = $1, settled_from = $2 WHERE contract = $3 AND claim = $4",
                &[
                    recorded.event.occurred_on.into(),
                    recorded.sequence.into(),
                    recorded.event.subject.key.as_str().into(),
                    i64::from(claim).into(),
                ],
            )
            .await?;
        Ok(())
    }

    /// The partner of a contract.
    pub(super) async fn partner(
        &mut self,
        connection: &mut Connection<'_>,
        number: &str,
    ) -> Result<&str, Fault> {
        self.load(connection, number).await?;
        self.standing.get(number).map(|row| row.partner.as_str()).ok_or_else(|| absent("contract", number))
    }

    /// The identifier of a contract's label.
    pub(super) async fn label(
        &mut self,
        connection: &mut Connection<'_>,
        number: &str,
    ) -> Result<i64, Fault> {
        self.load(connection, number).await?;
        self.standing.get(number).map(|row| row.label).ok_or_else(|| absent("contract", number))
    }

    /// From when until when a contract binds; none before it is signed.
    pub(super) async fn term(
        &mut self,
        connection: &mut Connection<'_>,
        number: &str,
    ) -> Result<Option<Term>, Fault> {
        self.load(connection, number).await?;
        let Some(row) = self.standing.get(number) else { return Err(absent("contract", number)) };
        Ok(row.signed_on.map(|signed_on| Term {
            signed_on,
            ended_on: row.ended_on.unwrap_or(*END_OF_DAYS),
            broken_off: row.broken_off,
        }))
    }

    /// Closes the parties that stand and have no end; those of days before the event's are known to end on it.
    async fn end_parties(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
    ) -> Result<(), Fault> {
        self.parties.flush(connection).await?;
        let (number, day) = (&recorded.event.subject.key, recorded.event.occurred_on.to_string());
        let doing = "writing parties of contracts";
        connection
            .execute(
                doing,
                "INSERT INTO contract_party (contract, party, role, position, valid_from, valid_to, known_from, known_to) SELECT contract, party, role, position, valid_from, $1, $2, known_to FROM contract_party WHERE contract = $3 AND known_to = $4 AND valid_to = $5 AND valid_from < $1",
                &[(&day).into(), recorded.sequence.into(), number.into(), STANDING.into(), NO_END.into()],
            )
            .await?;
        connection
            .execute(
                doing,
                "UPDATE contract_party SET known_to = $1 WHERE contract = $2 AND known_to = $3 AND valid_to = $4",
                &[recorded.sequence.into(), number.into(), STANDING.into(), NO_END.into()],
            )
            .await?;
        Ok(())
    }

    fn name_parties(&mut self, recorded: &Recorded, parties: &[ContractParty]) {
        for (position, party) in (1_i64..).zip(parties) {
            self.parties.insert(vec![
                recorded.event.subject.key.clone().into(),
                party.party.clone().into(),
                party.role.word().into(),
                position.into(),
                recorded.event.occurred_on.into(),
                NO_END.into(),
                recorded.sequence.into(),
                STANDING.into(),
            ]);
        }
    }

    async fn load(&mut self, connection: &mut Connection<'_>, number: &str) -> Result<(), Fault> {
        if self.standing.contains_key(number) {
            return Ok(());
        }
        let row = connection
            .fetch_before(
                "reading a contract",
                "SELECT valid_from, known_from, version, reference, title, partner, currency, label, state, signed_on, ended_on, broken_off FROM contract WHERE number = $1 AND known_to = $2 AND valid_to = $3",
                &[number.into(), STANDING.into(), NO_END.into()],
            )
            .await?
            .pop()
            .ok_or_else(|| absent("contract", number))?;
        let standing = Standing {
            valid_from: row.date(0)?,
            known_from: row.int(1)?,
            version: row.version(2)?,
            reference: row.text(3)?,
            title: row.text(4)?,
            partner: row.text(5)?,
            currency: row.text(6)?,
            label: row.int(7)?,
            state: row.text(8)?,
            signed_on: row.optional_date(9)?,
            ended_on: row.optional_date(10)?,
            broken_off: row.int(11)? != 0,
            slot: None,
        };
        self.standing.insert(number.to_owned(), standing);
        Ok(())
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.contracts.len() + self.parties.len() + self.claims.len()
    }

    /// How many contracts are remembered.
    pub(super) fn remembered(&self) -> usize {
        self.standing.len()
    }

    /// Forgets them; nothing may be gathered.
    pub(super) fn forget(&mut self) {
        self.standing.clear();
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.contracts.flush(connection).await?;
        self.parties.flush(connection).await?;
        self.claims.flush(connection).await
    }
}

impl Standing {
    fn values(&self, number: &str, valid_to: Value<'static>) -> Vec<Value<'static>> {
        vec![
            number.to_owned().into(),
            self.valid_from.into(),
            valid_to,
            self.known_from.into(),
            STANDING.into(),
            i64::from(self.version).into(),
            self.reference.clone().into(),
            self.title.clone().into(),
            self.partner.clone().into(),
            self.currency.clone().into(),
            self.label.into(),
            self.state.clone().into(),
            self.signed_on.map(|on| on.to_string()).into(),
            self.ended_on.map(|on| on.to_string()).into(),
            i64::from(self.broken_off).into(),
        ]
    }
}
