//! What the rules of the exchange with customs are given; and how a file of write-offs is judged: row by row, each by the
//! command that writes it off, on the one path of every change.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entente_register::access::{Actor, Extent, Reading, may_command, may_read};
use entente_register::command::Command;
use entente_register::customs::CustomsCommand;
use entente_register::customs::discrepancy::{DiscrepancyCommand, decide as decide_discrepancy};
use entente_register::customs::exchange::{EXCHANGE, Exchange, clear};
use entente_register::customs::format::{
    Action, UsageRow, licence_data, read_licence_reply, read_usage_data,
};
use entente_register::customs::run::{
    CustomsRun, Direction, ExportFacts, RunContent, UsageFacts, Verdict, action, answer, check_export,
    check_sequence, export, receive, write_off,
};
use entente_register::label::Label;
use entente_register::ledger::{Context, Refusal, Subject, SubjectKind, instant_text};
use entente_register::transfer::licence::{Licence, LicenceCommand};

use super::decide::{Decided, decided};
use super::states::is_possible;
use super::{Batch, Receipt, Request};
use crate::database::Value;
use crate::error::{Error, Fault, Outcome};
use crate::ledger::{EVENT_COLUMNS, decode_event};
use crate::store::Store;
use crate::view::discrepancy_series;

const DOING: &str = "exchanging files with customs";

impl Store {
    /// What would become of a file that customs send: all of it is judged, and nothing is kept.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn try_customs(
        &self,
        actor: &Actor,
        command: CustomsCommand,
    ) -> Outcome<(Receipt, CustomsRun)> {
        let command = Command::Customs(command);
        may_command(actor, command.kind())?;
        let mut batch = self.batch().await?;
        let tried = batch.execute(actor, command).await.and_then(|receipt| {
            let absent = || Refusal::not_found("run", &receipt.subject.key);
            let run = batch.states.customs_run(&receipt.subject.key).cloned().ok_or_else(absent)?;
            let whole = may_read(actor, Reading::Customs) == Some(Extent::All);
            Ok((receipt, if whole { run } else { run.outside() }))
        });
        batch.give_up().await;
        tried
    }
}

impl Batch {
    pub(super) async fn customs(
        &mut self,
        context: &Context,
        command: CustomsCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let exchange = self.exchange().await?;
        match command {
            CustomsCommand::Clear { on, marking, reason, document } => {
                self.check_version(&SubjectKind::Exchange.subject(EXCHANGE), expected)?;
                decided(clear(&exchange, context, (on, marking), (reason, document))?)
            }
            CustomsCommand::Export => self.customs_export(context, exchange, expected).await,
            CustomsCommand::Reply { file } => self.customs_reply(context, &exchange, &file, expected).await,
            CustomsCommand::Usage { file } => self.customs_usage(context, exchange, &file, expected).await,
        }
    }

    /// Up to which marking customs are told.
    async fn exchange(&mut self) -> Outcome<Exchange> {
        self.load(&SubjectKind::Exchange.subject(EXCHANGE)).await?;
        Ok(self.states.exchange().cloned().unwrap_or_default())
    }

    /// A run, by its key.
    async fn customs_run(&mut self, key: &str) -> Outcome<Option<CustomsRun>> {
        self.load(&SubjectKind::CustomsRun.subject(key)).await?;
        Ok(self.states.customs_run(key).cloned())
    }

    /// The number of the last run in a direction, 0 for none.
    async fn last_run(&mut self, direction: Direction) -> Outcome<u32> {
        let last = self.last(direction.series()).await?;
        Ok(u32::try_from(last).map_err(|e| Fault::damaged(DOING, e))?)
    }

    async fn customs_export(
        &mut self,
        context: &Context,
        exchange: Exchange,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        check_export(&exchange, context)?;
        let last = self.last_run(Direction::Out).await?;
        let former = match last {
            0 => None,
            last => self.customs_run(&Direction::Out.key(last)).await?,
        };
        let (from, told) = match former.map(|run| run.content) {
            Some(RunContent::Out(exported, _)) => (exported.until, Some(exported.marking)),
            _ => (0, None),
        };
        let span = (from, self.appender.head().sequence);
        let licences = self.licences_since(span, &exchange, told.as_ref()).await?;
        let run = last + 1;
        let subject = SubjectKind::CustomsRun.subject(Direction::Out.key(run));
        self.begin(&subject, expected)?;
        let made_at = instant_text(context.now);
        let text = licence_data(run, &made_at, &licences);
        let numbers = licences.into_iter().map(|(licence, ..)| licence.number).collect();
        let facts = ExportFacts { exchange, run, span, licences: numbers, text: text.clone(), made_at };
        let events = export(facts, context)?;
        self.keep("text/csv", text.as_bytes()).await?;
        decided(events)
    }

    /// Licences of which something was recorded since a run, and, where customs are told of more than by that run, those
    /// that they were not told of: each with what they are to do and the name of its holder.
    async fn licences_since(
        &mut self,
        (from, until): (i64, i64),
        exchange: &Exchange,
        told: Option<&Label>,
    ) -> Outcome<Vec<(Licence, Action, String)>> {
        self.flush().await?;
        let changed = "SELECT DISTINCT subject FROM event WHERE sequence > $1 AND sequence <= $2 AND kind LIKE 'licence.%' AND kind <> 'licence.delivery_verified.v1' ORDER BY subject";
        let changed = self.subjects(changed, &[from.into(), until.into()]).await?;
        let issued = "SELECT DISTINCT subject FROM event WHERE sequence > $1 AND sequence <= $2 AND kind = 'licence.issued.v1' ORDER BY subject";
        let issued = self.subjects(issued, &[from.into(), until.into()]).await?;
        let mut all: BTreeSet<Subject> = changed.iter().cloned().collect();
        let is_wider = told.is_some_and(|told| *told != exchange.marking);
        if is_wider {
            let earlier = "SELECT DISTINCT subject FROM event WHERE sequence <= $1 AND kind = 'licence.issued.v1' ORDER BY subject";
            all.extend(self.subjects(earlier, &[from.into()]).await?);
        }
        {
            let mut connection = self.transaction.connection();
            self.states
                .load_many(&mut connection, SubjectKind::Licence, all.iter().cloned().collect())
                .await?;
        }
        let mut names: HashMap<String, String> = HashMap::new();
        let mut licences = Vec::new();
        for subject in all {
            let Some(licence) = self.states.licence(&subject.key).filter(|of| exchange.admits(&of.label))
            else {
                continue;
            };
            let licence = licence.clone();
            let was_withheld = told.is_some_and(|told| !told.dominates(&licence.label));
            let is_open = matches!(licence.state, "issued" | "suspended");
            let is_told = changed.contains(&subject) || (was_withheld && is_open);
            if !is_told {
                continue;
            }
            let holder = &licence.issued.holder;
            let name = match names.get(holder) {
                Some(name) => name.clone(),
                None => {
                    let sql = "SELECT name FROM party WHERE number = $1";
                    let values = [holder.as_str().into()];
                    let row = self.transaction.connection().fetch_optional(DOING, sql, &values).await?;
                    let name = row.map(|row| row.text(0)).transpose()?.unwrap_or_default();
                    names.insert(holder.clone(), name.clone());
                    name
                }
            };
            let what = action(&licence, was_withheld || issued.contains(&subject));
            licences.push((licence, what, name));
        }
        Ok(licences)
    }

    /// The subjects that a query finds.
    async fn subjects(&mut self, sql: &str, values: &[Value<'_>]) -> Outcome<BTreeSet<Subject>> {
        let rows = self.transaction.connection().fetch(DOING, sql, values).await?;
        let subject = |text: &str| text.parse().map_err(|e: Refusal| Fault::damaged(DOING, e.message));
        Ok(rows.iter().map(|row| subject(row.text_ref(0)?)).collect::<Result<_, Fault>>()?)
    }

    async fn customs_reply(
        &mut self,
        context: &Context,
        exchange: &Exchange,
        text: &str,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        exchange.check_actor(context)?;
        let file = read_licence_reply(text)?;
        let subject = SubjectKind::CustomsRun.subject(Direction::Out.key(file.run));
        let run = self.customs_run(&subject.key).await?;
        let run = run.filter(|run| context.actor.clearance.admits(&run.label));
        let Some(run) = run else {
            let last = self.last_run(Direction::Out).await?;
            let sent = if last == 0 { "none was".to_owned() } else { format!("the last is {last}") };
            return Err(Refusal::new(
                "customs.run_unknown",
                format!("No run {} was sent: {sent}.", file.run),
            )
            .field("file")
            .missing("a reply to a run that was sent")
            .into());
        };
        if let RunContent::Out(_, Some((_, answered))) = &run.content {
            let recorded = answered.file.content.as_deref().unwrap_or_default();
            // Whichever run is awaited, this one was answered.
            check_sequence(file.run, Some(recorded), file.run, &file.content)?;
            let stands = self.receipt_of(&subject, "customs_run.answered.v1").await?;
            return Ok(Decided { subject, events: Vec::new(), stands });
        }
        self.check_version(&subject, expected)?;
        let mut numbers = Numbers::default();
        let mut discrepancies = Vec::new();
        for row in file.rows.iter().filter(|row| row.rejected.is_some()) {
            self.load(&SubjectKind::Licence.subject(&row.licence)).await?;
            let label = self.states.licence(&row.licence).map(|licence| licence.label.clone());
            let label = label.filter(|label| exchange.admits(label)).unwrap_or_else(|| run.label.clone());
            discrepancies.push(self.discrepancy_number(&mut numbers, context, label).await?);
        }
        let events = answer(&run, exchange, context, (&file, text), &discrepancies)?;
        self.keep("text/csv", text.as_bytes()).await?;
        Ok(Decided { subject, events, stands: None })
    }

    async fn customs_usage(
        &mut self,
        context: &Context,
        exchange: Exchange,
        text: &str,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        exchange.check_actor(context)?;
        let file = read_usage_data(text)?;
        let subject = SubjectKind::CustomsRun.subject(Direction::In.key(file.run));
        let last = self.last_run(Direction::In).await?;
        let recorded = self.customs_run(&subject.key).await?;
        let recorded = recorded.as_ref().and_then(|run| run.file().content.as_deref());
        if check_sequence(last, recorded, file.run, &file.content)? {
            let stands = self.receipt_of(&subject, "customs_run.received.v1").await?;
            return Ok(Decided { subject, events: Vec::new(), stands });
        }
        self.begin(&subject, expected)?;
        self.keep("text/csv", text.as_bytes()).await?;
        let mut numbers = Numbers::default();
        let mut verdicts = Vec::with_capacity(file.rows.len());
        let mut named = BTreeSet::new();
        for row in &file.rows {
            verdicts.push(match self.judge(context, &exchange, row).await? {
                Judged::Stands { repeated: true } => Verdict::OnRecord,
                Judged::Stands { repeated: false } => Verdict::Accepted,
                Judged::Refused(refusal, label) => {
                    Verdict::Refused(refusal, self.discrepancy_number(&mut numbers, context, label).await?)
                }
            });
            named.insert(row.licence.as_str());
        }
        let open = |number: &str| Some((number.to_owned(), self.states.licence(number)?.clone()));
        let licences: BTreeMap<String, Licence> = named.into_iter().filter_map(open).collect();
        let facts = UsageFacts { exchange, verdicts, licences };
        // Rows are written off already: nothing may be refused any more, and what is wrong is a fault of the program.
        let broken = |refusal: Refusal| Fault::internal(DOING, refusal.message);
        let (events, reply) = receive(&facts, context, (&file, text)).map_err(broken)?;
        match self.keep("text/csv", reply.as_bytes()).await {
            Err(Error::Refusal(refusal)) => return Err(broken(refusal).into()),
            kept => drop(kept?),
        }
        Ok(Decided { subject, events, stands: None })
    }

    /// Asks for the write-off of a row, by the command that everybody gives.
    async fn judge(&mut self, context: &Context, exchange: &Exchange, row: &UsageRow) -> Outcome<Judged> {
        let number = row.licence.as_str();
        let is_seen = is_possible(number) && self.sees_licence(&context.actor, number).await?;
        let licence = self.states.licence(number).filter(|of| is_seen && exchange.admits(&of.label));
        let Some(licence) = licence else {
            // What customs are not told of is answered as what is not there.
            let refusal = Refusal::not_found("licence", number);
            return Ok(Judged::Refused(refusal, exchange.marking.clone()));
        };
        let label = licence.label.clone();
        let written = match write_off(row, licence) {
            Ok(written) => written,
            Err(refusal) => return Ok(Judged::Refused(refusal, label)),
        };
        let command = LicenceCommand::WriteOff { on: row.on, written };
        let asked = Request::from(Command::Licence { number: number.to_owned(), command });
        match self.carry_out_within(&context.actor, asked).await {
            Ok(receipt) => Ok(Judged::Stands { repeated: receipt.repeated }),
            Err(Error::Refusal(refusal)) => Ok(Judged::Refused(refusal, label)),
            Err(fault) => Err(fault),
        }
    }

    /// The number and marking of the next discrepancy; several of one file have numbers one after the other.
    async fn discrepancy_number(
        &mut self,
        numbers: &mut Numbers,
        context: &Context,
        label: Label,
    ) -> Outcome<(String, Label)> {
        let series = discrepancy_series(&label, context.today.year());
        let last = match numbers.get(&series) {
            Some(last) => *last,
            None => self.last(&series).await?,
        };
        let number = format!("{series}-{:04}", last + 1);
        numbers.insert(series, last + 1);
        self.begin(&SubjectKind::Discrepancy.subject(&number), None)?;
        Ok((number, label))
    }

    /// The receipt of what was recorded of a run.
    async fn receipt_of(&mut self, subject: &Subject, kind: &str) -> Outcome<Option<Receipt>> {
        self.flush().await?;
        let sql = format!(
            "SELECT {EVENT_COLUMNS} FROM event WHERE subject = $1 AND kind = $2 ORDER BY version LIMIT 1"
        );
        let values: [Value<'_>; 2] = [subject.to_string().into(), kind.into()];
        let row = self.transaction.connection().fetch_optional(DOING, &sql, &values).await?;
        let Some(row) = row else { return Ok(None) };
        let event = decode_event(&row)?.event;
        Ok(Some(Receipt {
            subject: subject.clone(),
            version: event.version,
            sequence: event.sequence,
            recorded_at: event.recorded_at,
            repeated: true,
        }))
    }

    pub(super) async fn discrepancy(
        &mut self,
        context: &Context,
        number: String,
        command: DiscrepancyCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let subject = SubjectKind::Discrepancy.subject(number);
        let absent = || Refusal::not_found("discrepancy", &subject.key);
        if !self.sees_customs(&context.actor, &subject).await? {
            return Err(absent().into());
        }
        self.check_version(&subject, expected)?;
        let this = self.states.discrepancy(&subject.key).cloned().ok_or_else(absent)?;
        let DiscrepancyCommand::Close { settlement, .. } = &command;
        let mut settled = None;
        if let Some(settlement) = settlement
            && is_possible(&settlement.licence)
            && self.sees_licence(&context.actor, &settlement.licence).await?
        {
            settled = self.states.licence(&settlement.licence).cloned();
        }
        decided(decide_discrepancy(&this, settled.as_ref(), context, command)?)
    }

    /// Whether a run, a discrepancy or the exchange itself is open to the actor.
    pub(super) async fn sees_customs(&mut self, actor: &Actor, subject: &Subject) -> Outcome<bool> {
        if !is_possible(&subject.key) || may_read(actor, Reading::Customs).is_none() {
            return Ok(false);
        }
        self.load(subject).await?;
        let label = match subject.kind {
            SubjectKind::CustomsRun => self.states.customs_run(&subject.key).map(|run| &run.label),
            SubjectKind::Discrepancy => self.states.discrepancy(&subject.key).map(|of| &of.label),
            _ => {
                let whole = may_read(actor, Reading::Customs) == Some(Extent::All);
                return Ok(whole && self.states.exchange().is_some());
            }
        };
        Ok(label.is_some_and(|label| actor.clearance.admits(label)))
    }
}

/// The last number given in each series while a file is judged.
type Numbers = HashMap<String, i64>;

/// What came of a row.
enum Judged {
    /// It is written off: now, or before.
    Stands { repeated: bool },
    /// It was refused; the discrepancy bears the marking.
    Refused(Refusal, Label),
}
