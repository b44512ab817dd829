//! Money in and out: schedules, instalments, receipts with what they pay, penalties, rates.
//!
//! They are few beside deliveries. What is new is gathered; what changes is written at once, from the row
//! that stands.

use entente_register::contract::line::contract_of;
use entente_register::document::Document;
use entente_register::ledger::{CanonicalError, Fact, canonical};
use entente_register::payment::{
    Allocation, DueBase, DueRule, InstalmentScheduled, PenaltyClaimed, RateRecorded, ReceiptRecorded, penalty,
};
use serde::Serialize;

use super::buffer::Buffer;
use super::{NO_END, STANDING, absent};
use crate::database::{Connection, Value};
use crate::error::Fault;
use crate::ledger::Recorded;

/// What every row of a payment bears of its contract.
pub(super) struct Of<'a> {
    /// Code of the contract's partner.
    pub(super) partner: &'a str,
    /// Identifier of the event's label.
    pub(super) label: i64,
}

/// The tables `schedule_state`, `instalment`, `receipt`, `allocation`, `penalty` and `exchange_rate`.
pub(super) struct Payments {
    schedules: Buffer,
    instalments: Buffer,
    receipts: Buffer,
    allocations: Buffer,
    penalties: Buffer,
    rates: Buffer,
}

const DOING: &str = "writing payments";

/// Columns of `instalment` between those of time and those that an amendment changes.
const INSTALMENT: &str = "contract, partner, currency, label, reference, kind, lender";
/// Columns of `instalment` that an amendment changes.
const AMENDED: &str = "bank, amount, state, due, base, base_on, base_number, base_line";
/// Columns of `penalty` after those of time, but for the last two.
const PENALTY: &str = "contract, partner, currency, label, delay, claimed_on, claim";

impl Default for Payments {
    fn default() -> Payments {
        let buffer = |insert| Buffer::inserting(DOING, insert, "");
        Payments {
            schedules: buffer(
                "INSERT INTO schedule_state (contract, known_from, declared_on, complete, label)",
            ),
            instalments: buffer(
                "INSERT INTO instalment (number, valid_from, valid_to, known_from, known_to, contract, partner, currency, label, reference, kind, lender, bank, amount, state, due, base, base_on, base_number, base_line)",
            ),
            receipts: buffer(
                "INSERT INTO receipt (number, known_from, known_to, contract, partner, label, reference, received_on, currency, value, paid_currency, amount, bank, conversion, document)",
            ),
            allocations: buffer(
                "INSERT INTO allocation (receipt, instalment, known_from, known_to, received_on, amount)",
            ),
            penalties: buffer(
                "INSERT INTO penalty (number, valid_from, valid_to, known_from, known_to, contract, partner, currency, label, delay, claimed_on, claim, amount, state)",
            ),
            rates: buffer(
                "INSERT INTO exchange_rate (number, known_from, known_to, rated_on, from_currency, units, to_currency, rate, source, contract, label)",
            ),
        }
    }
}

impl Payments {
    /// Changes the tables by one event of a schedule, an instalment, a receipt, a penalty or a rate.
    pub(super) async fn apply(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        of: Of<'_>,
    ) -> Result<(), Fault> {
        match &recorded.event.fact {
            Fact::ScheduleCompleted(_) | Fact::ScheduleReopened(_) => {
                let complete = matches!(recorded.event.fact, Fact::ScheduleCompleted(_));
                self.schedules.insert(vec![
                    recorded.event.subject.key.clone().into(),
                    recorded.sequence.into(),
                    recorded.event.occurred_on.into(),
                    i64::from(complete).into(),
                    of.label.into(),
                ]);
                Ok(())
            }
            Fact::InstalmentScheduled(scheduled) => self.schedule(recorded, scheduled, &of),
            Fact::InstalmentAmended(amended) => {
                let mut values =
                    vec![amended.bank.clone().into(), amended.amount.minor.into(), "scheduled".into()];
                values.extend(due(&amended.due)?);
                self.instalments.flush(connection).await?;
                change(connection, recorded, ("instalment", INSTALMENT, AMENDED), values).await
            }
            Fact::InstalmentWithdrawn(_) => {
                self.instalments.flush(connection).await?;
                let columns = "bank, amount, due, base, base_on, base_number, base_line";
                let kept = format!("{INSTALMENT}, {columns}");
                let table = ("instalment", kept.as_str(), "state");
                change(connection, recorded, table, vec!["withdrawn".into()]).await
            }
            Fact::InstalmentAnnulled(_) => {
                self.instalments.flush(connection).await?;
                take_back(connection, recorded, "instalment").await
            }
            Fact::ReceiptRecorded(receipt) => self.receive(recorded, receipt, &of),
            Fact::ReceiptAllocated(more) => {
                self.allocate(recorded, &more.allocations);
                Ok(())
            }
            Fact::ReceiptAnnulled(_) => {
                self.receipts.flush(connection).await?;
                self.allocations.flush(connection).await?;
                let number = recorded.event.subject.key.as_str();
                for sql in [
                    "UPDATE receipt SET known_to = $1 WHERE number = $2",
                    "UPDATE allocation SET known_to = $1 WHERE receipt = $2 AND known_to = 9223372036854775807",
                ] {
                    connection.execute(DOING, sql, &[recorded.sequence.into(), number.into()]).await?;
                }
                Ok(())
            }
            Fact::PenaltyClaimed(claimed) => self.claim(recorded, claimed, &of),
            Fact::PenaltyAnnulled(_) => {
                self.penalties.flush(connection).await?;
                take_back(connection, recorded, "penalty").await
            }
            Fact::PenaltyAgreed(_) | Fact::PenaltyWaived(_) | Fact::PenaltySettled(_) => {
                self.penalties.flush(connection).await?;
                let state = penalty::state_after(&recorded.event.fact).unwrap_or(penalty::MACHINE.initial);
                if let Fact::PenaltyAgreed(agreed) = &recorded.event.fact {
                    let values = vec![agreed.amount.minor.into(), state.into()];
                    return change(connection, recorded, ("penalty", PENALTY, "amount, state"), values).await;
                }
                let kept = format!("{PENALTY}, amount");
                change(connection, recorded, ("penalty", &kept, "state"), vec![state.into()]).await
            }
            Fact::RateRecorded(rate) => {
                self.rate(recorded, rate, of.label);
                Ok(())
            }
            Fact::RateCorrected(corrected) => self.correct(connection, recorded, corrected, of.label).await,
            _ => Ok(()),
        }
    }

    fn schedule(
        &mut self,
        recorded: &Recorded,
        scheduled: &InstalmentScheduled,
        of: &Of<'_>,
    ) -> Result<(), Fault> {
        let mut row = lasting(recorded);
        row.extend([
            contract_of(&recorded.event.subject.key).to_owned().into(),
            of.partner.to_owned().into(),
            scheduled.amount.currency.code().into(),
            of.label.into(),
            scheduled.reference.clone().into(),
            scheduled.kind.word().into(),
            scheduled.lender.map(|lender| lender.word()).into(),
            scheduled.bank.clone().into(),
            scheduled.amount.minor.into(),
            "scheduled".into(),
        ]);
        row.extend(due(&scheduled.due)?);
        self.instalments.insert(row);
        Ok(())
    }

    fn receive(&mut self, recorded: &Recorded, receipt: &ReceiptRecorded, of: &Of<'_>) -> Result<(), Fault> {
        let number = &recorded.event.subject.key;
        self.receipts.insert(vec![
            number.clone().into(),
            recorded.sequence.into(),
            STANDING.into(),
            contract_of(number).to_owned().into(),
            of.partner.to_owned().into(),
            of.label.into(),
            receipt.reference.clone().into(),
            recorded.event.occurred_on.into(),
            receipt.value.currency.code().into(),
            receipt.value.minor.into(),
            receipt.amount.currency.code().into(),
            receipt.amount.minor.into(),
            receipt.bank.clone().into(),
            receipt.conversion.as_ref().map(json).transpose()?.into(),
            json::<Document>(&receipt.document)?.into(),
        ]);
        self.allocate(recorded, &receipt.allocations);
        Ok(())
    }

    fn allocate(&mut self, recorded: &Recorded, allocations: &[Allocation]) {
        for allocation in allocations {
            self.allocations.insert(vec![
                recorded.event.subject.key.clone().into(),
                allocation.instalment.clone().into(),
                recorded.sequence.into(),
                STANDING.into(),
                // An allocation is of the day on which the money came in.
                recorded.event.occurred_on.into(),
                allocation.amount.minor.into(),
            ]);
        }
    }

    fn claim(&mut self, recorded: &Recorded, claimed: &PenaltyClaimed, of: &Of<'_>) -> Result<(), Fault> {
        let mut row = lasting(recorded);
        row.extend([
            contract_of(&recorded.event.subject.key).to_owned().into(),
            of.partner.to_owned().into(),
            claimed.amount.currency.code().into(),
            of.label.into(),
            claimed.delay.subject().to_string().into(),
            recorded.event.occurred_on.into(),
            json(claimed)?.into(),
            claimed.amount.minor.into(),
            "claimed".into(),
        ]);
        self.penalties.insert(row);
        Ok(())
    }

    fn rate(&mut self, recorded: &Recorded, rate: &RateRecorded, label: i64) {
        self.rates.insert(vec![
            recorded.event.subject.key.clone().into(),
            recorded.sequence.into(),
            STANDING.into(),
            recorded.event.occurred_on.into(),
            rate.quoted.from.code().into(),
            i64::from(rate.quoted.units).into(),
            rate.quoted.to.code().into(),
            rate.quoted.rate.to_string().into(),
            rate.source.clone().into(),
            rate.contract.clone().into(),
            label.into(),
        ]);
    }

    async fn correct(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        corrected: &entente_register::payment::RateCorrected,
        label: i64,
    ) -> Result<(), Fault> {
        self.rates.flush(connection).await?;
        let number = recorded.event.subject.key.as_str();
        let standing = connection
            .fetch_optional(
                DOING,
                "SELECT contract FROM exchange_rate WHERE number = $1 AND known_to = $2",
                &[number.into(), STANDING.into()],
            )
            .await?
            .ok_or_else(|| absent("rate", number))?;
        connection
            .execute(
                DOING,
                "UPDATE exchange_rate SET known_to = $1 WHERE number = $2 AND known_to = $3",
                &[recorded.sequence.into(), number.into(), STANDING.into()],
            )
            .await?;
        let rate = RateRecorded {
            quoted: corrected.quoted,
            source: corrected.source.clone(),
            contract: standing.optional_text(0)?,
            document: None,
        };
        self.rate(recorded, &rate, label);
        Ok(())
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.schedules.len()
            + self.instalments.len()
            + self.receipts.len()
            + self.allocations.len()
            + self.penalties.len()
            + self.rates.len()
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.schedules.flush(connection).await?;
        self.instalments.flush(connection).await?;
        self.receipts.flush(connection).await?;
        self.allocations.flush(connection).await?;
        self.penalties.flush(connection).await?;
        self.rates.flush(connection).await
    }
}

/// The key and the times of a row that stands from the event's day on.
pub(super) fn lasting(recorded: &Recorded) -> Vec<Value<'static>> {
    vec![
        recorded.event.subject.key.clone().into(),
        recorded.event.occurred_on.into(),
        NO_END.into(),
        recorded.sequence.into(),
        STANDING.into(),
    ]
}

/// The columns of a due rule: its JSON, and from what its days are counted.
fn due(rule: &DueRule) -> Result<[Value<'static>; 5], Fault> {
    let (base, on, number) = match rule.base() {
        DueBase::Day(on) => ("day", on, None),
        DueBase::Signature => ("signature", None, None),
        DueBase::Delivery(number) => ("delivery", None, Some(number)),
        DueBase::Line(number) => ("line", None, Some(number)),
    };
    Ok([
        json(rule)?.into(),
        base.into(),
        on.map(|on| on.to_string()).into(),
        number.map(str::to_owned).into(),
        rule.line().map(str::to_owned).into(),
    ])
}

fn json<T: Serialize>(value: &T) -> Result<String, Fault> {
    let bytes = canonical(value).map_err(|e: CanonicalError| Fault::internal(DOING, e))?;
    String::from_utf8(bytes).map_err(|e| Fault::internal(DOING, e))
}

/// Changes some columns of a subject from the event's day on: what was so before the day stays so, and is
/// known to end on it. A change that is told late ends also what followed its day, for what stands has it all.
pub(super) async fn change(
    connection: &mut Connection<'_>,
    recorded: &Recorded,
    (table, kept, changed): (&str, &str, &str),
    values: Vec<Value<'static>>,
) -> Result<(), Fault> {
    let number = recorded.event.subject.key.as_str();
    let day = recorded.event.occurred_on.to_string();
    let times = "number, valid_from, valid_to, known_from, known_to";
    // The days before the change, of all that reaches over it.
    let sql = format!(
        "INSERT INTO {table} ({times}, {kept}, {changed}) SELECT number, valid_from, $1, CAST($4 AS BIGINT), known_to, {kept}, {changed} FROM {table} WHERE number = $2 AND known_to = $3 AND valid_to > $1 AND valid_from < $1"
    );
    let ended = [day.clone().into(), number.into(), STANDING.into(), recorded.sequence.into()];
    connection.execute(DOING, &sql, &ended).await?;
    // The day of the change and after it.
    let places: Vec<String> = (6..6 + values.len()).map(|at| format!("${at}")).collect();
    let sql = format!(
        "INSERT INTO {table} ({times}, {kept}, {changed}) SELECT number, $1, valid_to, CAST($5 AS BIGINT), known_to, {kept}, {} FROM {table} WHERE number = $2 AND known_to = $3 AND valid_to = $4 AND known_from < $5",
        places.join(", ")
    );
    let mut changed =
        vec![day.clone().into(), number.into(), STANDING.into(), NO_END.into(), recorded.sequence.into()];
    changed.extend(values);
    connection.execute(DOING, &sql, &changed).await?;
    let sql = format!(
        "UPDATE {table} SET known_to = $1 WHERE number = $2 AND known_to = $3 AND valid_to > $4 AND known_from < $1"
    );
    let closed = [recorded.sequence.into(), number.into(), STANDING.into(), day.into()];
    connection.execute(DOING, &sql, &closed).await?;
    Ok(())
}

/// What was recorded in error never was, as known from now on.
pub(super) async fn take_back(
    connection: &mut Connection<'_>,
    recorded: &Recorded,
    table: &str,
) -> Result<(), Fault> {
    let sql = format!("UPDATE {table} SET known_to = $1 WHERE number = $2 AND known_to = $3");
    let values = [recorded.sequence.into(), recorded.event.subject.key.as_str().into(), STANDING.into()];
    connection.execute(DOING, &sql, &values).await?;
    Ok(())
}
