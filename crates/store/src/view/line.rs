//! Lines with their sums, and when each was delivered in full.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use entente_register::contract::delivery::Counting;
use entente_register::contract::line::{LineAdded, LineAmended, LineSums, contract_of};
use entente_register::ledger::Fact;
use entente_register::money::Quantity;

use super::buffer::{Buffer, Slot};
use super::delivery::Act;
use super::{END_OF_DAYS, NO_END, STANDING, absent};
use crate::database::{Connection, Row, Value};
use crate::error::Fault;
use crate::ledger::Recorded;

/// The tables `line`, `line_sum` and `line_completion`.
pub(super) struct Lines {
    /// The lines met so far.
    standing: HashMap<String, Line>,
    /// The sequence of the last event that the views know of.
    applied: i64,
    /// Lines whose sums wait to be written.
    changed: BTreeSet<String>,
    /// Lines whose completions changed, whose courses wait to be found anew.
    moved: BTreeSet<String>,
    lines: Buffer,
    sums: Buffer,
    completions: Buffer,
}

/// A line as the views hold it.
pub(super) struct Line {
    /// Code of the partner.
    pub(super) partner: String,
    /// Currency of its prices.
    pub(super) currency: String,
    /// Identifier of its label.
    pub(super) label: i64,
    row: Standing,
    /// What was ordered from which day, as known now.
    slices: Vec<Slice>,
    sums: Sums,
    /// Per counting rule, in the order of [`Counting::ALL`].
    counted: [Counted; 2],
    /// The sequence up to which acts and completions stand in the tables and not here, until they are needed.
    loaded_at: Option<i64>,
    /// Whether it was added since these views were begun.
    is_new: bool,
}

/// What was ordered from a day until the next one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slice {
    /// The day.
    pub(super) from: Date,
    /// How much, in thousandths.
    pub(super) quantity: i64,
    /// Price of all.
    pub(super) amount: i64,
    /// Contractual date.
    pub(super) due_on: Date,
}

/// The row of the table `line` that stands and has no end.
#[derive(Clone)]
struct Standing {
    valid_from: Date,
    known_from: i64,
    version: u32,
    position: i64,
    description: String,
    quantity: i64,
    unit: String,
    unit_price: i64,
    amount: i64,
    category: String,
    manufacturer: Option<String>,
    due_on: Date,
    slot: Option<Slot>,
}

/// The row of the table `line_sum`.
#[derive(Default)]
struct Sums {
    deliveries: i64,
    handed_over: i64,
    handed_over_amount: i64,
    accepted: i64,
    accepted_amount: i64,
    returned: i64,
    /// Per counting rule, in the order of [`Counting::ALL`].
    order: [Order; 2],
}

/// In which order the acts by one rule were recorded.
#[derive(Clone, Copy)]
struct Order {
    /// The greatest day of an act.
    last: Option<Date>,
    /// Whether none was ever recorded after one of a later day.
    is_kept: bool,
}

impl Default for Order {
    fn default() -> Order {
        Order { last: None, is_kept: true }
    }
}

impl Order {
    fn note(&mut self, on: Date) {
        self.is_kept &= self.last.is_none_or(|last| last <= on);
        self.last = self.last.max(Some(on));
    }
}

/// What counts by one rule.
#[derive(Default)]
struct Counted {
    /// Quantity by day; without what stood in the tables when the line was loaded, until that is needed.
    by_day: BTreeMap<Date, i64>,
    /// The rows of `line_completion` that stand.
    completions: Vec<Completion>,
}

/// A time in which a line was delivered in full.
#[derive(Clone, Copy)]
struct Completion {
    from: Date,
    to: Date,
    known_from: i64,
    slot: Option<Slot>,
}

impl Default for Lines {
    fn default() -> Lines {
        Lines {
            standing: HashMap::new(),
            applied: 0,
            changed: BTreeSet::new(),
            moved: BTreeSet::new(),
            lines: Buffer::closing(
                "writing lines",
                "INSERT INTO line (number, valid_from, valid_to, known_from, known_to, version, contract, position, partner, currency, label, description, quantity, unit, unit_price, amount, category, manufacturer, due_on)",
                4,
                "UPDATE line SET known_to = $1 WHERE number = $2 AND known_from = $3 AND valid_from = $4",
            ),
            sums: Buffer::inserting(
                "writing sums of lines",
                "INSERT INTO line_sum (line, deliveries, handed_over, handed_over_amount, accepted, accepted_amount, returned, handed_over_last, handed_over_in_order, accepted_last, accepted_in_order)",
                "ON CONFLICT (line) DO UPDATE SET deliveries = excluded.deliveries, handed_over = excluded.handed_over, handed_over_amount = excluded.handed_over_amount, accepted = excluded.accepted, accepted_amount = excluded.accepted_amount, returned = excluded.returned, handed_over_last = excluded.handed_over_last, handed_over_in_order = excluded.handed_over_in_order, accepted_last = excluded.accepted_last, accepted_in_order = excluded.accepted_in_order",
            ),
            completions: Buffer::closing(
                "writing completions of lines",
                "INSERT INTO line_completion (line, counting, completed_on, reopened_on, known_from, known_to)",
                5,
                "UPDATE line_completion SET known_to = $1 WHERE line = $2 AND counting = $3 AND known_from = $4 AND completed_on = $5",
            ),
        }
    }
}

impl Lines {
    /// Notes that the views know of all events up to this one.
    pub(super) fn note(&mut self, sequence: i64) {
        self.applied = sequence;
    }

    /// Adds a line.
    pub(super) fn add(
        &mut self,
        recorded: &Recorded,
        added: &LineAdded,
        position: i64,
        partner: String,
        label: i64,
    ) -> Result<(), Fault> {
        let number = &recorded.event.subject.key;
        let mut line = Line {
            partner,
            currency: added.unit_price.currency.code().to_owned(),
            label,
            row: Standing {
                valid_from: recorded.event.occurred_on,
                known_from: recorded.sequence,
                version: recorded.version,
                position,
                description: added.description.clone(),
                quantity: added.quantity.0,
                unit: added.unit.code().to_owned(),
                unit_price: added.unit_price.minor,
                amount: added.amount.minor,
                category: added.category.clone(),
                manufacturer: added.manufacturer.clone(),
                due_on: added.due_on,
                slot: None,
            },
            slices: vec![Slice {
                from: recorded.event.occurred_on,
                quantity: added.quantity.0,
                amount: added.amount.minor,
                due_on: added.due_on,
            }],
            sums: Sums::default(),
            counted: Default::default(),
            loaded_at: None,
            is_new: true,
        };
        line.row.slot = Some(self.lines.insert(line.values(number, &line.row, NO_END.into())));
        self.standing.insert(number.clone(), line);
        self.changed.insert(number.clone());
        Ok(())
    }

    /// Amends a line from the event's day on.
    pub(super) async fn amend(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        amended: &LineAmended,
    ) -> Result<(), Fault> {
        let number = &recorded.event.subject.key;
        let on = recorded.event.occurred_on;
        self.load(connection, number).await?;
        let Some(line) = self.standing.get_mut(number) else { return Err(absent("line", number)) };
        let before = line.row.clone();
        self.lines.close(
            before.slot,
            recorded.sequence,
            [number.clone().into(), before.known_from.into(), before.valid_from.into()],
        );
        if on > before.valid_from {
            // What was so before the day stays so, and is known to end on it.
            let ended = Standing { known_from: recorded.sequence, ..before };
            self.lines.insert(line.values(number, &ended, on.into()));
            line.row.valid_from = on;
        } else {
            line.slices.pop();
        }
        line.slices.push(Slice {
            from: line.row.valid_from,
            quantity: amended.quantity.0,
            amount: amended.amount.minor,
            due_on: amended.due_on,
        });
        line.row.known_from = recorded.sequence;
        line.row.version = recorded.version;
        line.row.quantity = amended.quantity.0;
        line.row.unit_price = amended.unit_price.minor;
        line.row.amount = amended.amount.minor;
        line.row.due_on = amended.due_on;
        line.row.slot = Some(self.lines.insert(line.values(number, &line.row, NO_END.into())));
        for counting in Counting::ALL {
            self.complete(connection, number, counting, recorded.sequence).await?;
        }
        Ok(())
    }

    /// Adds acts of one event to the sums of their line, and finds anew when it was delivered in full.
    pub(super) async fn count(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        acts: &[Act<'_>],
    ) -> Result<(), Fault> {
        for act in acts {
            self.load(connection, act.line).await?;
            let Some(line) = self.standing.get_mut(act.line) else { return Err(absent("line", act.line)) };
            let sums = &mut line.sums;
            if let Fact::DeliveryHandedOver(_) = recorded.event.fact {
                sums.deliveries += 1;
            }
            match act.counting {
                Counting::HandedOver => {
                    sums.handed_over += act.quantity;
                    sums.handed_over_amount += act.amount;
                    if act.act == "returned" {
                        sums.returned -= act.quantity;
                    }
                }
                Counting::TitlePassed => {
                    sums.accepted += act.quantity;
                    sums.accepted_amount += act.amount;
                }
            }
            sums.order[place(act.counting)].note(act.on);
            *line.counted[place(act.counting)].by_day.entry(act.on).or_default() += act.quantity;
            // At its highest the line ever held no more than this, so that most acts need no look at the others.
            let highest = match act.counting {
                Counting::HandedOver => line.sums.handed_over + line.sums.returned,
                Counting::TitlePassed => line.sums.accepted,
            };
            let least = line.slices.iter().map(|slice| slice.quantity).min().unwrap_or(i64::MAX);
            if !self.changed.contains(act.line) {
                self.changed.insert(act.line.to_owned());
            }
            if act.sign < 0 || highest >= least {
                self.complete(connection, act.line, act.counting, recorded.sequence).await?;
            }
        }
        Ok(())
    }

    /// A line.
    pub(super) async fn get(
        &mut self,
        connection: &mut Connection<'_>,
        number: &str,
    ) -> Result<&Line, Fault> {
        self.load(connection, number).await?;
        self.standing.get(number).ok_or_else(|| absent("line", number))
    }

    /// The lines whose completions have changed since this was asked last.
    pub(super) fn take_moved(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.moved)
    }

    /// A line with all that counts for it.
    pub(super) async fn get_counted(
        &mut self,
        connection: &mut Connection<'_>,
        number: &str,
    ) -> Result<&Line, Fault> {
        self.load(connection, number).await?;
        let Some(line) = self.standing.get_mut(number) else { return Err(absent("line", number)) };
        line.load_counted(connection, number).await?;
        Ok(line)
    }

    /// Finds when a line was delivered in full, and changes the rows that say otherwise.
    async fn complete(
        &mut self,
        connection: &mut Connection<'_>,
        number: &str,
        counting: Counting,
        sequence: i64,
    ) -> Result<(), Fault> {
        let Some(line) = self.standing.get_mut(number) else { return Err(absent("line", number)) };
        line.load_counted(connection, number).await?;
        let ordered: Vec<(Date, i64)> =
            line.slices.iter().map(|slice| (slice.from, slice.quantity)).collect();
        let counted = &mut line.counted[place(counting)];
        let found = times_in_full(&counted.by_day, &ordered);
        let (kept, closed): (Vec<Completion>, Vec<Completion>) =
            counted.completions.drain(..).partition(|c| found.contains(&(c.from, c.to)));
        if !closed.is_empty() || found.len() > kept.len() {
            self.moved.insert(number.to_owned());
        }
        for completion in closed {
            self.completions.close(
                completion.slot,
                sequence,
                [
                    number.to_owned().into(),
                    counting.word().into(),
                    completion.known_from.into(),
                    completion.from.into(),
                ],
            );
        }
        counted.completions = kept;
        for (from, to) in found {
            if counted.completions.iter().any(|c| (c.from, c.to) == (from, to)) {
                continue;
            }
            let slot = self.completions.insert(vec![
                number.to_owned().into(),
                counting.word().into(),
                from.into(),
                to.into(),
                sequence.into(),
                STANDING.into(),
            ]);
            counted.completions.push(Completion { from, to, known_from: sequence, slot: Some(slot) });
        }
        Ok(())
    }

    async fn load(&mut self, connection: &mut Connection<'_>, number: &str) -> Result<(), Fault> {
        if self.standing.contains_key(number) {
            return Ok(());
        }
        let rows = connection
            .fetch_before(
                "reading a line",
                "SELECT l.valid_from, l.known_from, l.version, l.position, l.partner, l.currency, l.label, l.description, l.quantity, l.unit, l.unit_price, l.amount, l.category, l.manufacturer, l.due_on, s.deliveries, s.handed_over, s.handed_over_amount, s.accepted, s.accepted_amount, s.returned, s.handed_over_last, s.handed_over_in_order, s.accepted_last, s.accepted_in_order FROM line l JOIN line_sum s ON s.line = l.number WHERE l.number = $1 AND l.known_to = $2 ORDER BY l.valid_from",
                &[number.into(), STANDING.into()],
            )
            .await?;
        let mut slices = Vec::with_capacity(rows.len());
        for row in &rows {
            slices.push(Slice {
                from: row.date(0)?,
                quantity: row.int(8)?,
                amount: row.int(11)?,
                due_on: row.date(14)?,
            });
        }
        let row = rows.last().ok_or_else(|| absent("line", number))?;
        let line = Line {
            partner: row.text(4)?,
            currency: row.text(5)?,
            label: row.int(6)?,
            row: Standing {
                valid_from: row.date(0)?,
                known_from: row.int(1)?,
                version: row.version(2)?,
                position: row.int(3)?,
                description: row.text(7)?,
                quantity: row.int(8)?,
                unit: row.text(9)?,
                unit_price: row.int(10)?,
                amount: row.int(11)?,
                category: row.text(12)?,
                manufacturer: row.optional_text(13)?,
                due_on: row.date(14)?,
                slot: None,
            },
            slices,
            sums: Sums {
                deliveries: row.int(15)?,
                handed_over: row.int(16)?,
                handed_over_amount: row.int(17)?,
                accepted: row.int(18)?,
                accepted_amount: row.int(19)?,
                returned: row.int(20)?,
                order: [order(row, 23)?, order(row, 21)?],
            },
            counted: Default::default(),
            loaded_at: Some(self.applied),
            is_new: false,
        };
        self.standing.insert(number.to_owned(), line);
        Ok(())
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.lines.len() + self.changed.len() + self.completions.len()
    }

    /// How many lines are remembered.
    pub(super) fn remembered(&self) -> usize {
        self.standing.len()
    }

    /// Forgets them; nothing may be gathered.
    pub(super) fn forget(&mut self) {
        self.standing.clear();
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        for number in std::mem::take(&mut self.changed) {
            let Some(line) = self.standing.get(&number) else { continue };
            let sums = &line.sums;
            let [accepted, handed_over] = sums.order;
            self.sums.insert(vec![
                number.into(),
                sums.deliveries.into(),
                sums.handed_over.into(),
                sums.handed_over_amount.into(),
                sums.accepted.into(),
                sums.accepted_amount.into(),
                sums.returned.into(),
                handed_over.last.map(|day| day.to_string()).into(),
                i64::from(handed_over.is_kept).into(),
                accepted.last.map(|day| day.to_string()).into(),
                i64::from(accepted.is_kept).into(),
            ]);
        }
        self.lines.flush(connection).await?;
        self.sums.flush(connection).await?;
        self.completions.flush(connection).await
    }
}

impl Line {
    /// The code of its unit, which is never changed.
    pub(super) fn unit(&self) -> &str {
        &self.row.unit
    }

    /// What was ordered from which day.
    pub(super) fn slices(&self) -> &[Slice] {
        &self.slices
    }

    /// When it was delivered in full: from a day up to, without, another.
    pub(super) fn times_in_full(&self, counting: Counting) -> Vec<(Date, Date)> {
        let mut times: Vec<(Date, Date)> =
            self.counted[place(counting)].completions.iter().map(|c| (c.from, c.to)).collect();
        times.sort();
        times
    }

    /// Whether it was added since these views were begun.
    pub(super) fn is_new(&self) -> bool {
        self.is_new
    }

    /// Its present sums.
    pub(super) fn sums(&self) -> LineSums {
        LineSums {
            deliveries: self.sums.deliveries,
            handed_over: Quantity(self.sums.handed_over),
            handed_over_amount: self.sums.handed_over_amount,
            accepted: Quantity(self.sums.accepted),
            accepted_amount: self.sums.accepted_amount,
        }
    }

    /// Quantity and amount of all that counts by a rule.
    pub(super) fn total(&self, counting: Counting) -> (i64, i64) {
        match counting {
            Counting::HandedOver => (self.sums.handed_over, self.sums.handed_over_amount),
            Counting::TitlePassed => (self.sums.accepted, self.sums.accepted_amount),
        }
    }

    /// Reads what stood in the tables when the line was loaded, once, and adds it to what came since.
    async fn load_counted(&mut self, connection: &mut Connection<'_>, number: &str) -> Result<(), Fault> {
        let Some(sequence) = self.loaded_at.take() else { return Ok(()) };
        for counting in Counting::ALL {
            let counted = &mut self.counted[place(counting)];
            let acts = connection
                .fetch_before(
                    "reading the acts of a line",
                    "SELECT act_date, CAST(SUM(quantity) AS BIGINT) FROM delivery_act WHERE line = $1 AND counting = $2 AND known_from <= $3 GROUP BY act_date",
                    &[number.into(), counting.word().into(), sequence.into()],
                )
                .await?;
            for row in acts {
                *counted.by_day.entry(row.date(0)?).or_default() += row.int(1)?;
            }
            let completions = connection
                .fetch_before(
                    "reading the completions of a line",
                    "SELECT completed_on, reopened_on, known_from FROM line_completion WHERE line = $1 AND counting = $2 AND known_to = $3 ORDER BY completed_on",
                    &[number.into(), counting.word().into(), STANDING.into()],
                )
                .await?;
            for row in completions {
                counted.completions.push(Completion {
                    from: row.date(0)?,
                    to: row.date(1)?,
                    known_from: row.int(2)?,
                    slot: None,
                });
            }
        }
        Ok(())
    }

    fn values(&self, number: &str, row: &Standing, valid_to: Value<'static>) -> Vec<Value<'static>> {
        vec![
            number.to_owned().into(),
            row.valid_from.into(),
            valid_to,
            row.known_from.into(),
            STANDING.into(),
            i64::from(row.version).into(),
            contract_of(number).to_owned().into(),
            row.position.into(),
            self.partner.clone().into(),
            self.currency.clone().into(),
            self.label.into(),
            row.description.clone().into(),
            row.quantity.into(),
            row.unit.clone().into(),
            row.unit_price.into(),
            row.amount.into(),
            row.category.clone().into(),
            row.manufacturer.clone().into(),
            row.due_on.into(),
        ]
    }
}

/// The order of acts as two columns of `line_sum` say it.
fn order(row: &Row, column: usize) -> Result<Order, Fault> {
    let last = row
        .optional_text(column)?
        .map(|day| day.parse().map_err(|e| Fault::damaged("reading a line", e)))
        .transpose()?;
    Ok(Order { last, is_kept: row.int(column + 1)? != 0 })
}

fn place(counting: Counting) -> usize {
    match counting {
        Counting::TitlePassed => 0,
        Counting::HandedOver => 1,
    }
}

/// When what was delivered reached what was ordered: from a day up to, without, another.
///
/// `ordered` says from which day which quantity; the first holds for the days before it too,
/// because an act may be dated before the line was agreed.
fn times_in_full(by_day: &BTreeMap<Date, i64>, ordered: &[(Date, i64)]) -> Vec<(Date, Date)> {
    let mut days: BTreeSet<Date> = by_day.keys().copied().collect();
    days.extend(ordered.iter().skip(1).map(|(from, _)| *from));
    let mut times = Vec::new();
    let mut since = None;
    let mut delivered = 0;
    let mut needed = ordered.first().map_or(i64::MAX, |(_, quantity)| *quantity);
    let mut amendments = ordered.iter().skip(1).peekable();
    for day in days {
        delivered += by_day.get(&day).copied().unwrap_or(0);
        while let Some((_, quantity)) = amendments.next_if(|(from, _)| *from <= day) {
            needed = *quantity;
        }
        match (since, delivered >= needed) {
            (None, true) => since = Some(day),
            (Some(from), false) => {
                times.push((from, day));
                since = None;
            }
            _ => {}
        }
    }
    times.extend(since.map(|from| (from, *END_OF_DAYS)));
    times
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_line_is_full_while_what_is_delivered_reaches_what_is_ordered() {
        let day = |d| date(2012, 1, d);
        let by_day: BTreeMap<Date, i64> = [(day(3), 4), (day(5), 6), (day(9), -6), (day(20), 6)].into();
        assert_eq!(times_in_full(&by_day, &[(day(1), 10)]), [(day(5), day(9)), (day(20), *END_OF_DAYS)]);
        // More is ordered on the 7th, less again on the 12th.
        assert_eq!(
            times_in_full(&by_day, &[(day(1), 10), (day(7), 11), (day(12), 4)]),
            [(day(5), day(7)), (day(12), *END_OF_DAYS)]
        );
        assert_eq!(times_in_full(&by_day, &[(day(1), 11)]), []);
        // An act before the line was agreed counts on its own day.
        assert_eq!(times_in_full(&by_day, &[(day(10), 4)]), [(day(3), *END_OF_DAYS)]);
    }
}
