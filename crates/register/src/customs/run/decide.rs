//! What is recorded of a file that goes out or comes in.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use super::{
    CustomsRun, Direction, LicenceRejected, MACHINE, RowJudged, RowOutcome, RunAnswered, RunContent,
    RunExported, UsageReceived,
};
use crate::customs::discrepancy::{DiscrepancyOpened, Origin};
use crate::customs::exchange::Exchange;
use crate::customs::format::{Action, ReplyFile, UsageFile, UsageRow, usage_reply};
use crate::document::Document;
use crate::label::Label;
use crate::ledger::{Context, Fact, Fallible, NewEvent, Refusal, SubjectKind, instant_text};
use crate::money::Quantity;
use crate::transfer::licence::{Licence, WriteOff};

/// A file of the exchange as a document, under its hash.
fn paper(title: String, context: &Context, text: &str) -> Document {
    Document { title, dated: context.today, content: Some(hex::encode(Sha256::digest(text.as_bytes()))) }
}

/// What a run out is made of.
#[derive(Debug, Clone)]
pub struct ExportFacts {
    /// Up to which marking customs are told.
    pub exchange: Exchange,
    /// Number of the run.
    pub run: u32,
    /// What was recorded after this entry is told, up to the other.
    pub span: (i64, i64),
    /// Numbers of the licences in it.
    pub licences: Vec<String>,
    /// The file.
    pub text: String,
    /// When it was made, as it says.
    pub made_at: String,
}

/// What customs are to do about a licence.
pub fn action(licence: &Licence, is_new: bool) -> Action {
    match licence.state {
        "suspended" => Action::Stop,
        "revoked" | "closed" => Action::End,
        _ if is_new => Action::New,
        _ => Action::Update,
    }
}

/// Records a run of licence data.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn export(facts: ExportFacts, context: &Context) -> Fallible<Vec<NewEvent>> {
    check_export(&facts.exchange, context)?;
    let file = paper(format!("Licence data, run {}", facts.run), context, &facts.text);
    let exported = RunExported {
        run: facts.run,
        made_at: facts.made_at,
        from: facts.span.0,
        until: facts.span.1,
        marking: facts.exchange.marking.clone(),
        licences: facts.licences,
        file,
    };
    Ok(vec![NewEvent {
        subject: SubjectKind::CustomsRun.subject(Direction::Out.key(facts.run)),
        occurred_on: context.today,
        label: facts.exchange.marking,
        fact: Fact::CustomsRunExported(exported),
        reason: None,
    }])
}

/// Whether an actor may send what customs are told: whoever widened it sends nothing.
///
/// # Errors
/// `customs.clearance` or `customs.two_people`.
pub fn check_export(exchange: &Exchange, context: &Context) -> Fallible<()> {
    exchange.check_actor(context)?;
    match &exchange.cleared {
        Some((_, by)) if *by == context.actor.account => {
            Err(Refusal::new("customs.two_people", "You said yourself up to which marking customs are told.")
                .missing("another person: one says what customs are told, and another sends it"))
        }
        _ => Ok(()),
    }
}

/// Whether a file was brought in before, by its number and hash. The numbers have no holes.
///
/// # Errors
/// `customs.run_used` for another file under a number that was used, `customs.run_awaited` for one that leaves a hole.
pub fn check_sequence(last: u32, recorded: Option<&str>, run: u32, content: &str) -> Fallible<bool> {
    let awaited = last.saturating_add(1);
    match recorded {
        Some(hash) if hash == content => Ok(true),
        Some(hash) => Err(Refusal::new(
            "customs.run_used",
            format!("Run {run} came as another file, with the hash {hash}; this one has {content}."),
        )
        .field("file")
        .missing(format!("run {awaited}; what was said wrongly is said anew under a number of its own"))),
        None if run == awaited => Ok(false),
        None => {
            Err(Refusal::new("customs.run_awaited", format!("Run {run} came, and run {awaited} is awaited."))
                .field("file")
                .missing(format!("the file of run {awaited}")))
        }
    }
}

/// Records what customs answer to a run. `discrepancies` gives each rejected licence, in the order of the file, its number
/// and marking.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn answer(
    this: &CustomsRun,
    exchange: &Exchange,
    context: &Context,
    (file, text): (&ReplyFile, &str),
    discrepancies: &[(String, Label)],
) -> Fallible<Vec<NewEvent>> {
    exchange.check_actor(context)?;
    let RunContent::Out(exported, _) = &this.content else {
        return Err(Refusal::not_found("run", &this.key));
    };
    MACHINE.next(this.state, "answer")?;
    check_answers(exported, file)?;
    let document = paper(format!("Licence reply, run {}", exported.run), context, text);
    let mut opened = Vec::new();
    let mut rejected = Vec::new();
    let mut numbers = discrepancies.iter();
    for row in &file.rows {
        let (Some((code, words)), Some((number, label))) =
            (&row.rejected, row.rejected.as_ref().and_then(|_| numbers.next()))
        else {
            continue;
        };
        let (code, words) = (code.clone(), words.clone());
        rejected.push(LicenceRejected {
            licence: row.licence.clone(),
            code: code.clone(),
            words: words.clone(),
            discrepancy: number.clone(),
        });
        let found = DiscrepancyOpened {
            origin: Origin::Reply,
            run: exported.run,
            row: row.row,
            licence: row.licence.clone(),
            shipment: None,
            code,
            words,
        };
        opened.push(found.event(context.today, number, label));
    }
    let accepted = file.rows.len().saturating_sub(rejected.len());
    let answered = RunAnswered {
        made_at: file.made_at.clone(),
        accepted: u32::try_from(accepted).unwrap_or(u32::MAX),
        rejected,
        file: document,
    };
    // The run comes last: what is asked by a key is answered by the last event.
    opened.push(NewEvent {
        subject: SubjectKind::CustomsRun.subject(&this.key),
        occurred_on: context.today,
        label: this.label.clone(),
        fact: Fact::CustomsRunAnswered(answered),
        reason: None,
    });
    Ok(opened)
}

/// Every licence of the run is answered, and no other.
fn check_answers(exported: &RunExported, file: &ReplyFile) -> Fallible<()> {
    let sent: BTreeSet<&str> = exported.licences.iter().map(String::as_str).collect();
    if let Some(row) = file.rows.iter().find(|row| !sent.contains(row.licence.as_str())) {
        return Err(Refusal::new(
            "customs.answer",
            format!("Line {}: licence {} does not stand in run {}.", row.row, row.licence, exported.run),
        )
        .field("file")
        .missing("answers to the licences of the run alone"));
    }
    let answered: BTreeSet<&str> = file.rows.iter().map(|row| row.licence.as_str()).collect();
    let open: Vec<&str> = sent.difference(&answered).copied().collect();
    if open.is_empty() {
        return Ok(());
    }
    let named = open.iter().take(10).copied().collect::<Vec<_>>().join(", ");
    let more = if open.len() > 10 { format!(" and {} more", open.len() - 10) } else { String::new() };
    Err(Refusal::new("customs.answer", format!("Run {} has no answer to {named}{more}.", exported.run))
        .field("file")
        .missing("an answer to every licence of the run"))
}

/// The write-off that a row asks for. Where the same shipment is on record under another paper, it is that one.
///
/// # Errors
/// `customs.unit` where the licence counts the line otherwise.
pub fn write_off(row: &UsageRow, licence: &Licence) -> Fallible<WriteOff> {
    if let Some(line) = licence.issued.lines.iter().find(|line| line.number == row.line)
        && line.unit != row.unit
    {
        return Err(Refusal::new(
            "customs.unit",
            format!(
                "Line {} of licence {} is counted in {}, and {} are said.",
                row.line,
                licence.number,
                line.unit.counted(Quantity::ZERO),
                row.unit.counted(Quantity::ZERO)
            ),
        )
        .field("unit")
        .missing("the unit of the licence"));
    }
    let reference = row.reference();
    if let Some((on, held)) = licence.written_off.get(&reference) {
        let is_same = *on == row.on
            && (held.line, held.quantity, held.value) == (row.line, row.quantity, row.value)
            && (row.delivery.is_none() || held.delivery == row.delivery);
        if is_same {
            return Ok(held.clone());
        }
    }
    Ok(WriteOff {
        line: row.line,
        quantity: row.quantity,
        value: row.value,
        delivery: row.delivery.clone(),
        document: Document {
            title: format!("Customs declaration {reference}"),
            dated: row.on,
            // The file tells of others’ shipments too, and the holder may open the papers of its licence.
            content: None,
        },
        reference,
    })
}

/// What came of a row when its write-off was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It was written off.
    Accepted,
    /// It was written off before.
    OnRecord,
    /// It was refused; the discrepancy bears this number and marking.
    Refused(Refusal, (String, Label)),
}

/// What is recorded of a run of usage data.
#[derive(Debug, Clone)]
pub struct UsageFacts {
    /// Up to which marking customs are told.
    pub exchange: Exchange,
    /// What came of each row, in the order of the file.
    pub verdicts: Vec<Verdict>,
    /// The licences that its rows name, as they stand now, by number.
    pub licences: BTreeMap<String, Licence>,
}

/// Records a run of usage data, with what came of each row, and gives the text of the reply. What is said to be written off
/// stands in its licence.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn receive(
    facts: &UsageFacts,
    context: &Context,
    (file, text): (&UsageFile, &str),
) -> Fallible<(Vec<NewEvent>, String)> {
    facts.exchange.check_actor(context)?;
    if facts.verdicts.len() != file.rows.len() {
        return Err(unjudged("not every row was judged"));
    }
    let mut rows = Vec::with_capacity(file.rows.len());
    let mut opened = Vec::new();
    for (row, verdict) in file.rows.iter().zip(&facts.verdicts) {
        let stands = facts
            .licences
            .get(&row.licence)
            .and_then(|licence| licence.written_off.get(&row.reference()))
            .is_some_and(|(on, held)| {
                *on == row.on && (held.line, held.quantity) == (row.line, row.quantity)
            });
        let outcome = match verdict {
            Verdict::Accepted if stands => RowOutcome::Accepted,
            Verdict::OnRecord if stands => RowOutcome::OnRecord,
            Verdict::Refused(refusal, (number, label)) => {
                let found = DiscrepancyOpened::of_usage(file.run, row, refusal);
                opened.push(found.event(context.today, number, label));
                RowOutcome::Refused {
                    code: refusal.code.to_owned(),
                    words: refusal.message.clone(),
                    discrepancy: number.clone(),
                }
            }
            _ => return Err(unjudged("what is said to be written off does not stand")),
        };
        rows.push(RowJudged {
            row: row.row,
            licence: row.licence.clone(),
            line: row.line,
            reference: row.reference(),
            on: row.on,
            quantity: row.quantity,
            unit: row.unit,
            value: row.value,
            delivery: row.delivery.clone(),
            outcome,
        });
    }
    let reply = usage_reply(file.run, &instant_text(context.now), &rows);
    let received = UsageReceived {
        run: file.run,
        made_at: file.made_at.clone(),
        rows,
        file: paper(format!("Usage data, run {}", file.run), context, text),
        reply: paper(format!("Usage reply, run {}", file.run), context, &reply),
    };
    opened.push(NewEvent {
        subject: SubjectKind::CustomsRun.subject(Direction::In.key(file.run)),
        occurred_on: context.today,
        label: facts.exchange.marking.clone(),
        fact: Fact::CustomsRunReceived(received),
        reason: None,
    });
    Ok((opened, reply))
}

fn unjudged(why: &str) -> Refusal {
    Refusal::new("customs.unjudged", format!("The run cannot be recorded: {why}."))
        .missing("the rows judged by the rules of their licences")
}
