//! `entente embargo check`: one transfer, judged.

use std::collections::BTreeSet;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use entente_register::embargo::{Activity, Bearing, Finding, Judgement, Policy, Question, judge_within};
use entente_register::ledger::{Refusal, parse_instant};
use entente_store::Fault;
use jiff::Timestamp;
use serde::Serialize;

use super::register::{Standing, of_register};
use super::{Format, Rules, Source, listed};
use crate::cli::{Context, Done};
use crate::embargo::{Answered, Asked, check_listed_by, first_day, span_of};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// State that the goods go to, ISO 3166-1 alpha-3
    #[arg(long, value_name = "STATE")]
    to: String,
    /// State that they leave [default: one's own territory, taken to be under no measure; of transit and brokering, not
    /// known]
    #[arg(long, value_name = "STATE")]
    from: Option<String>,
    /// What the goods are: a category of the UN Register, or a class
    #[arg(long, value_name = "CLASS", value_parser = PossibleValuesParser::new(CLASSES))]
    item: String,
    /// They are a part of such an item
    #[arg(long)]
    part: bool,
    /// An entry of a control list under which they were classified, for example ML4.b; repeat it for several
    #[arg(long = "entry", value_name = "ENTRY")]
    entries: Vec<String>,
    /// They are non-lethal
    #[arg(long, conflicts_with = "lethal")]
    non_lethal: bool,
    /// They are lethal; without either, a weapon of the categories or a small arm is, and of others it is not known
    #[arg(long)]
    lethal: bool,
    /// Who uses them
    #[arg(long, value_enum, value_name = "KIND")]
    end_user: EndUserOption,
    /// The mission, where the end user is one, for example MONUSCO
    #[arg(long, value_name = "NAME")]
    mission: Option<String>,
    /// The regime on whose list the end user stands, for example al-qaida
    #[arg(long, value_name = "REGIME")]
    listed_by: Option<String>,
    /// What is done
    #[arg(long, value_name = "ACTIVITY", default_value = "supply", value_parser = PossibleValuesParser::new(Activity::WORDS))]
    activity: String,
    /// The area that they go to, by the name that rules give it
    #[arg(long, value_name = "NAME", conflicts_with = "outside")]
    area: Option<String>,
    /// An area that they do not go to; repeat it for several. Without either, it is not known
    #[arg(long, value_name = "NAME")]
    outside: Vec<String>,
    /// What they are for; without it, it is not known
    #[arg(long, value_enum, value_name = "PURPOSE")]
    purpose: Option<PurposeOption>,
    /// The government of the destination has authorised it
    #[arg(long, conflicts_with = "not_authorised")]
    authorised: bool,
    /// It has not; without either, it is not known
    #[arg(long)]
    not_authorised: bool,
    /// When: an instant, or a day in UTC, of which the gravest answer is given
    #[arg(long, visible_alias = "as-of", value_name = "INSTANT|DATE")]
    at: String,
    /// As known at this instant [default: everything on file]; of a register, by the rules that it held then
    #[arg(long, value_name = "INSTANT")]
    known_at: Option<String>,
    /// A body whose measures bind beside the Security Council's; repeat it for several. Of a register its policy says so
    #[arg(long, value_name = "BODY")]
    also_binding: Vec<String>,
    /// Measures bind that some states only claim to be in force
    #[arg(long)]
    claims_bind: bool,
    /// Arms that an embargo leaves out are not held for the national order
    #[arg(long)]
    without_national_order: bool,
    #[command(flatten)]
    rules: Rules,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

const CLASSES: [&str; 12] = [
    "I",
    "II",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "small-arms",
    "other-arms",
    "dual-use",
    "uncontrolled",
    "unknown",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EndUserOption {
    /// Forces, police or another authority of the government of the state that they go to
    Government,
    /// An armed group that serves no government, and what it controls, a company included
    ArmedGroup,
    /// A company or person that is of no government and that no armed group controls
    Private,
    /// On a list of those under measures (--listed-by)
    Listed,
    /// An operation that the United Nations authorise (--mission)
    Mission,
    /// Not known
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PurposeOption {
    HumanitarianOrProtective,
    PersonalProtection,
    SecuritySector,
    Disarmament,
    PeaceAgreement,
    Guarding,
    Other,
}

/// The answer with what was asked.
#[derive(Debug, Serialize)]
struct Answer<'q> {
    #[serde(flatten)]
    judgement: &'q Judgement,
    /// What is missing, once each.
    missing: BTreeSet<String>,
    /// What was asked; `at` is the instant of the answer, and `known_at` null where everything on file was asked.
    question: &'q Question,
    policy: &'q Policy,
    /// Of a register: the editions on which the answer rests, and what waits for a second person.
    #[serde(skip_serializing_if = "Option::is_none")]
    register: Option<&'q Standing>,
}

pub(super) async fn run(context: &mut Context, arguments: &Arguments) -> Done {
    let span = span_of(&arguments.at)?;
    let asked = asked(arguments);
    let known_at = arguments.known_at.as_deref().map(|at| parse_instant("known_at", at)).transpose()?;
    if arguments.rules.source(context) == Source::Register {
        no_policy(arguments)?;
        // What cannot be asked of any register is refused before one is opened.
        asked.question(span.from, Timestamp::MAX)?;
        let (store, reader) = of_register(context, Some(first_day(span)), known_at).await?;
        let answered = Answered::by(&reader, &asked, span).await?;
        store.close().await;
        let standing = Standing::of(&answered);
        let Answered { question, judgement, held, known_at } = &answered;
        // As it is told: by what the register knew.
        let question = &Question { known_at: *known_at, ..question.clone() };
        return tell(context, arguments.format, (question, &held.policy, judgement), Some(&standing));
    }
    context.no_account("embargo")?;
    let question = asked.question(span.from, known_at.unwrap_or(Timestamp::MAX))?;
    let policy = Policy {
        also_binding: arguments.also_binding.iter().cloned().collect(),
        hold_beyond_scope: !arguments.without_national_order,
        claims_bind: arguments.claims_bind,
    };
    let rules = arguments.rules.read(context)?;
    check_listed_by(&rules, &question)?;
    let (at, judgement) = judge_within(&rules, &policy, &question, span);
    tell(context, arguments.format, (&Question { at, ..question }, &policy, &judgement), None)
}

/// Says what is judged.
fn tell(
    context: &mut Context,
    format: Format,
    (question, policy, judgement): (&Question, &Policy, &Judgement),
    register: Option<&Standing>,
) -> Done {
    match format {
        Format::Json => {
            let answer = Answer { judgement, missing: judgement.missing(), question, policy, register };
            let mut answer =
                serde_json::to_value(answer).map_err(|e| Fault::internal("writing an answer", e))?;
            if question.known_at == Timestamp::MAX {
                answer["question"]["known_at"] = serde_json::Value::Null;
            }
            context.out.json(&answer)
        }
        Format::Text => {
            context.out.print(&text(question, judgement))?;
            register.map_or(Ok(()), |register| context.out.print(&register.text()))
        }
    }
}

/// Whose measures bind in a register, two people have decided, and no flag.
fn no_policy(arguments: &Arguments) -> Result<(), Refusal> {
    let flags = [
        ("also_binding", !arguments.also_binding.is_empty()),
        ("claims_bind", arguments.claims_bind),
        ("without_national_order", arguments.without_national_order),
    ];
    let Some((name, _)) = flags.into_iter().find(|(_, given)| *given) else { return Ok(()) };
    Err(Refusal::new("embargo.policy", "Of a register its own policy says whose measures bind.")
        .field(name)
        .missing("no flag of a policy; `entente embargo policy propose` changes the register’s"))
}

fn asked(arguments: &Arguments) -> Asked {
    let word = |value: &dyn Fn() -> Option<clap::builder::PossibleValue>| {
        value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    };
    Asked {
        to: arguments.to.clone(),
        from: arguments.from.clone(),
        item: arguments.item.clone(),
        part: arguments.part,
        entries: arguments.entries.clone(),
        non_lethal: either(arguments.non_lethal, arguments.lethal),
        end_user: word(&|| arguments.end_user.to_possible_value()),
        mission: arguments.mission.clone(),
        listed_by: arguments.listed_by.clone(),
        activity: arguments.activity.clone(),
        area: arguments.area.clone(),
        outside: arguments.outside.clone(),
        purpose: arguments.purpose.map(|purpose| word(&|| purpose.to_possible_value())),
        authorised: either(arguments.authorised, arguments.not_authorised),
    }
}

fn either(yes: bool, no: bool) -> Option<bool> {
    if yes { Some(true) } else { no.then_some(false) }
}

fn text(question: &Question, judgement: &Judgement) -> String {
    let from = question.from.as_ref().map(|from| format!(" from {from}")).unwrap_or_default();
    let known = if question.known_at == Timestamp::MAX {
        "by everything on file".to_owned()
    } else {
        format!("as known at {}", question.known_at)
    };
    let mut text = format!(
        "{}\n{} of {}{from} to {}, end user {}, at {}, {known}\n",
        judgement.outcome.word().to_uppercase(),
        question.activity.word(),
        question.item.words(),
        question.to,
        question.end_user.word(),
        question.at,
    );
    for hold in &judgement.holds {
        text.push_str(&format!("\nhold: {}\n  missing    {}\n", hold.why, hold.missing));
    }
    for finding in &judgement.findings {
        text.push_str(&one(finding));
    }
    if judgement.findings.is_empty() && judgement.holds.is_empty() {
        text.push_str("\nNo rule on file bears on it.\n");
    }
    if !judgement.notes.is_empty() {
        text.push_str("\nTo be known beside:\n");
        for note in &judgement.notes {
            text.push_str(&format!("  - {note}\n"));
        }
    }
    if !judgement.to_record.is_empty() {
        text.push_str("\nTo be recorded before anyone decides:\n");
        for what in &judgement.to_record {
            text.push_str(&format!("  - {what}\n"));
        }
    }
    text
}

fn one(finding: &Finding) -> String {
    let mut text = format!("\n{}: {}", finding.outcome.word(), finding.why);
    if finding.bearing != Bearing::Binding {
        text.push_str(&format!(" ({}, decides nothing)", finding.bearing.word()));
    }
    text.push_str(&format!("\n  rule       {} {}, {}\n", finding.body, finding.citation(), finding.rule));
    let mut line = |name: &str, what: &str| text.push_str(&format!("  {name:<10} {what}\n"));
    if let Some(opened) = &finding.opening {
        line("exception", &format!("{}: {} ({})", opened.kind.word(), opened.words, opened.citation));
        if let Some(by) = &opened.by {
            line("by", by);
        }
        if let Some(days) = opened.days {
            line("days", &format!("{days}{}", if opened.working_days { ", working days" } else { "" }));
        }
    }
    for fact in &finding.missing {
        line("missing", &fact.what);
    }
    if let Some(last_day) = finding.confirm_renewal {
        line("term", &format!("ended on {last_day}; renewal to be confirmed, applies as on that day"));
    }
    for (name, states) in [("disputed", &finding.disputed_by), ("claimed", &finding.claimed_by)] {
        if !states.is_empty() {
            line(name, &format!("by {}", listed(states)));
        }
    }
    if let Some(otherwise) = &finding.otherwise {
        line("otherwise", otherwise);
    }
    if !finding.note.is_empty() {
        line("note", &finding.note);
    }
    line("certainty", finding.certainty.word());
    line("source", &format!("{} (compared {})", finding.source, finding.verified_on));
    text
}
