//! `entente transfer show`: one application, licence, certificate, inspection or re-export.

use clap::{Args, ValueEnum};
use entente_register::ledger::Refusal;
use entente_register::money::{Money, group};
use entente_register::transfer::application::{Decision, LineDecision, Proposal};
use entente_register::transfer::check::Check;
use entente_register::transfer::content::TransferParty;
use entente_register::transfer::opinion::Stance;
use entente_store::reader::{ApplicationView, HistoryRow, LicenceView};
use jiff::civil::Date;

use super::{View, assured, guidance, reexport};
use crate::api::transfer::licence_object::LicenceObject;
use crate::api::transfer::object::ApplicationObject;
use crate::cli::{Context, Done};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Number of the application, licence, certificate, inspection, re-export or file of guidance
    #[arg(value_name = "NUMBER")]
    pub(super) number: String,
    #[command(flatten)]
    pub(super) view: View,
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a terminal
    Text,
    /// For programs: what the JSON API gives
    Json,
    /// Of guidance: the file that it would be
    Toml,
}

pub(super) async fn run(context: &mut Context, arguments: &Arguments) -> Done {
    // The last part but one says what a number is of: O-T2026-0001 of an application, O-L2026-0001 of a licence.
    if guidance::is_number(&arguments.number) {
        return guidance::show(context, arguments).await;
    }
    if arguments.format == Format::Toml {
        return Err(Refusal::new("format", "Only guidance is written as TOML.")
            .field("format")
            .missing("text or json, or the number of a file of guidance")
            .into());
    }
    let series = arguments.number.rsplit('-').nth(1).and_then(|series| series.chars().next());
    match series {
        Some('E') => return assured::certificate(context, arguments).await,
        Some('I') => return assured::inspection(context, arguments).await,
        Some('X') => return reexport::show(context, arguments).await,
        _ => {}
    }
    let (store, reader) = arguments.view.reader(context).await?;
    let as_of = reader.as_of();
    if series == Some('L') {
        let view = reader.licence(&arguments.number).await?;
        store.close().await;
        return match arguments.format {
            Format::Json => context.out.json(&LicenceObject::of(view, as_of)),
            Format::Text | Format::Toml => context.out.print(&licence(&view, as_of)),
        };
    }
    let view = reader.application(&arguments.number).await?;
    store.close().await;
    match arguments.format {
        Format::Json => context.out.json(&ApplicationObject::of(view, as_of)),
        Format::Text | Format::Toml => context.out.print(&application(&view, as_of)),
    }
}

/// Text in parts, each with its heading.
#[derive(Default)]
pub(super) struct Sheet(pub(super) String);

impl Sheet {
    pub(super) fn line(&mut self, words: impl AsRef<str>) {
        self.0.push_str(words.as_ref());
        self.0.push('\n');
    }

    /// A heading with its rows; nothing where there are none.
    pub(super) fn part(&mut self, heading: &str, rows: impl IntoIterator<Item = String>) {
        let mut rows = rows.into_iter().peekable();
        if rows.peek().is_some() {
            self.line(format!("\n{heading}"));
        }
        rows.for_each(|row| self.line(format!("  {row}")));
    }

    fn parties(&mut self, parties: &[TransferParty], names: &std::collections::BTreeMap<String, String>) {
        let one = |party: &TransferParty| {
            format!("{}: {} {}", party.role.name(), party.party, name_of(names, &party.party))
        };
        self.part("Parties", parties.iter().map(one));
    }

    pub(super) fn checks(&mut self, checks: &[Check]) {
        let one = |check: &Check| {
            let source = if check.source.is_empty() { String::new() } else { format!(" ({})", check.source) };
            let (kind, outcome) = (check.kind.name(), check.outcome.name());
            format!("{outcome}: {kind}, {}: {}{source}", check.words(), check.why)
        };
        self.part("Checks", checks.iter().map(one));
    }

    pub(super) fn history(&mut self, rows: &[HistoryRow]) {
        let one = |row: &HistoryRow| {
            let reason = row.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
            format!("{}  {}, by {}{reason}", row.occurred_on, row.what, row.actor)
        };
        self.part("History", rows.iter().map(one));
    }
}

pub(super) fn name_of<'n>(names: &'n std::collections::BTreeMap<String, String>, party: &str) -> &'n str {
    names.get(party).map_or("", String::as_str)
}

fn application(view: &ApplicationView, as_of: Date) -> String {
    let this = &view.application;
    let content = &this.content;
    let mut sheet = Sheet::default();
    sheet.line(format!("{}  {}  {}", this.number, this.state, this.label));
    sheet.line(format!("{}: {} to {}", content.title, content.kind.name(), view.destination_name));
    if !content.request.is_licence() {
        sheet.line(format!("Sought: {}", content.request.name()));
    }
    if let Some(opined) = &view.opined {
        let beyond = match opined.beyond.is_empty() {
            true => String::new(),
            false => format!("; it goes beyond it in {}", opined.beyond.join(", ")),
        };
        sheet.line(format!(
            "Rests on advance opinion {} of {}, which binds until {}{beyond}",
            opined.number, opined.on, opined.until
        ));
    }
    sheet.line(format!("Applicant {} {}", content.applicant, name_of(&view.parties, &content.applicant)));
    sheet.line(format!("For {}: {}", content.purpose.name(), content.end_use));
    if let Some(contract) = &content.contract {
        sheet.line(format!("Under contract {contract}"));
    }
    if let Some(day) = this.submitted_on {
        sheet.line(format!(
            "Submitted on {day}, revised {} times; {} days used",
            this.revision,
            this.days_used(as_of)
        ));
    }
    sheet.parties(&content.parties, &view.parties);
    let line = |(number, line): (u32, &entente_register::transfer::content::TransferLine)| {
        format!(
            "{number}  {} {} {} at {}, {} ({})",
            line.quantity,
            line.unit.counted(line.quantity),
            line.description,
            line.unit_price,
            line.category,
            line.class.word()
        )
    };
    sheet.part("Lines", (1..).zip(&content.lines).map(line));
    let questions = this.questions.iter().map(|question| {
        let answer = match &question.answered {
            Some((on, text)) => format!("{on}: {text}"),
            None => "NO ANSWER".to_owned(),
        };
        format!("{}  {}: {} {answer}", question.number, question.asked_on, question.text)
    });
    sheet.part("Questions", questions);
    sheet.checks(view.checks.as_deref().unwrap_or_default());
    let opinions = this.consulted.iter().map(|(agency, consulted)| {
        let said = match &consulted.opinion {
            None => format!("awaited by {}", consulted.due_on),
            Some(opinion) => opinion.lines.iter().map(stance).collect::<Vec<_>>().join("; "),
        };
        format!("{agency} {}: {said}", name_of(&view.parties, agency))
    });
    sheet.part("Opinions", opinions);
    if let Some((by, assessment)) = &this.assessment {
        let weighed = assessment.weighed.iter().map(|(criterion, weighed)| {
            format!("{}: risk {}: {}", criterion.name(), weighed.risk.name(), weighed.evidence)
        });
        let conclusion = std::iter::once(assessment.conclusion.clone());
        sheet.part(&format!("Assessment, by {by}"), weighed.chain(conclusion));
    }
    if let Some((by, proposal)) = &this.proposal {
        sheet.part(&format!("Proposed by {by}, waits for another person"), proposed(proposal));
    }
    for decision in &this.decisions {
        sheet.part(&format!("Decided on {}{}", decision.on, signed(decision)), decided(decision));
    }
    sheet.history(&view.history);
    sheet.0
}

fn stance(stance: &Stance) -> String {
    match stance {
        Stance::Approve => "approves".to_owned(),
        Stance::Proviso { condition } => format!("on condition: {condition}"),
        Stance::Refuse { reason, .. } => format!("REFUSES: {reason}"),
    }
}

fn proposed(proposal: &Proposal) -> Vec<String> {
    let mut rows: Vec<String> = (1..)
        .zip(&proposal.lines)
        .map(|(number, line)| match line {
            LineDecision::Grant => format!("line {number}: granted"),
            LineDecision::Refuse { reason, .. } => format!("line {number}: refused: {reason}"),
        })
        .collect();
    if let (Some(from), Some(until)) = (proposal.valid_from, proposal.valid_until) {
        rows.push(format!("valid from {from} to {until}"));
    }
    rows.extend(proposal.conditions.iter().map(|condition| format!("on condition: {}", condition.text)));
    rows.push(proposal.reason.clone());
    rows
}

/// Who signed; nothing where the reader is not told.
fn signed(decision: &Decision) -> String {
    match decision.countersigned_by.is_empty() {
        true => String::new(),
        false => {
            format!(": proposed by {}, countersigned by {}", decision.proposed_by, decision.countersigned_by)
        }
    }
}

fn decided(decision: &Decision) -> Vec<String> {
    let mut rows = proposed(&decision.proposal);
    rows.extend(decision.licence.iter().map(|licence| format!("licence {licence}")));
    rows
}

fn licence(view: &LicenceView, as_of: Date) -> String {
    let this = &view.licence;
    let issued = &this.issued;
    let money = |minor| Money::new(minor, issued.currency).grouped();
    let mut sheet = Sheet::default();
    sheet.line(format!("{}  {}  {}", this.number, this.word_on(as_of).replace('_', " "), this.label));
    sheet.line(format!(
        "{} to {}, of application {}",
        issued.kind.name(),
        view.destination_name,
        issued.application
    ));
    sheet.line(format!("Holder {} {}", issued.holder, name_of(&view.parties, &issued.holder)));
    sheet.line(format!(
        "Issued on {}, valid from {} to {}",
        this.issued_on, issued.valid_from, issued.valid_until
    ));
    sheet.parties(&issued.parties, &view.parties);
    let lines = issued.lines.iter().filter_map(|line| {
        let left = this.left(line.number)?;
        Some(format!(
            "{}  {}, {}: {} of {} {} left, {} of {} {}",
            line.number,
            line.description,
            line.category,
            group(&left.quantity.to_string()),
            group(&line.quantity.to_string()),
            line.unit.counted(line.quantity),
            money(left.value),
            money(line.value.minor),
            issued.currency
        ))
    });
    sheet.part("Lines", lines);
    let conditions = issued.conditions.iter().map(|condition| {
        let due = condition.due_on.map_or("before the first shipment".to_owned(), |day| format!("by {day}"));
        let met = this.met.get(&condition.number).map_or("NOT MET".to_owned(), |day| format!("met on {day}"));
        format!("{}  {} ({due}): {met}", condition.number, condition.text)
    });
    sheet.part("Conditions", conditions);
    let written = this.written_off.values().map(|(on, one)| {
        format!(
            "{on}  {}: {} of line {}, {} {}",
            one.reference,
            one.quantity,
            one.line,
            money(one.value.minor),
            issued.currency
        )
    });
    sheet.part("Written off", written);
    let verifications = this.verifications().into_iter().map(|one| {
        format!(
            "by {}  {}: {} of {} confirmed, {}",
            one.due_on,
            one.reference,
            one.verified,
            one.quantity,
            one.standing_on(as_of).name()
        )
    });
    sheet.part("Deliveries to be verified", verifications);
    sheet.part("Stopped", this.stops.iter().map(entente_register::transfer::licence::Stop::words));
    sheet
        .part("Re-opened", this.reopenings.iter().map(entente_register::transfer::licence::Reopening::words));
    sheet.checks(view.checks.as_deref().unwrap_or_default());
    sheet.history(&view.history);
    sheet.0
}
