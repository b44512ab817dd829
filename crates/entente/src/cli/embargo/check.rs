//! `entente embargo check`: one transfer, judged.

use std::collections::BTreeSet;
use std::str::FromStr;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use entente_register::embargo::{
    Activity, Area, Bearing, Class, EndUser, Finding, Item, Judgement, Policy, Purpose, Question, Span,
    judge_within,
};
use entente_register::ledger::{Refusal, parse_date, parse_instant};
use entente_store::Fault;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{Format, Rules, check_state, listed};
use crate::cli::{Context, Done};

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
    #[arg(long, value_name = "INSTANT|DATE")]
    at: String,
    /// As known at this instant [default: everything on file]
    #[arg(long, value_name = "INSTANT")]
    known_at: Option<String>,
    /// A body whose measures bind beside the Security Council's; repeat it for several
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

impl PurposeOption {
    fn purpose(self) -> Purpose {
        match self {
            PurposeOption::HumanitarianOrProtective => Purpose::HumanitarianOrProtective,
            PurposeOption::PersonalProtection => Purpose::PersonalProtection,
            PurposeOption::SecuritySector => Purpose::SecuritySector,
            PurposeOption::Disarmament => Purpose::Disarmament,
            PurposeOption::PeaceAgreement => Purpose::PeaceAgreement,
            PurposeOption::Guarding => Purpose::Guarding,
            PurposeOption::Other => Purpose::Other,
        }
    }
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
}

pub(super) fn run(context: &mut Context, arguments: &Arguments) -> Done {
    let span = span_of(&arguments.at)?;
    let question = question(arguments, span.from)?;
    let policy = Policy {
        also_binding: arguments.also_binding.iter().cloned().collect(),
        hold_beyond_scope: !arguments.without_national_order,
        claims_bind: arguments.claims_bind,
    };
    let rules = arguments.rules.read(context)?;
    if let EndUser::Listed { regime: Some(regime) } = &question.end_user
        && !rules.regimes.contains_key(regime)
    {
        let known: Vec<&str> = rules.regimes.keys().map(String::as_str).collect();
        return Err(Refusal::new("embargo.regime", format!("There is no regime {regime:?} on file."))
            .field("listed_by")
            .missing(format!("one of {}", known.join(", ")))
            .into());
    }
    let (at, judgement) = judge_within(&rules, &policy, &question, span);
    let question = Question { at, ..question };
    match arguments.format {
        Format::Json => {
            let missing = judgement.missing();
            let answer = Answer { judgement: &judgement, missing, question: &question, policy: &policy };
            let mut answer =
                serde_json::to_value(answer).map_err(|e| Fault::internal("writing an answer", e))?;
            if question.known_at == Timestamp::MAX {
                answer["question"]["known_at"] = serde_json::Value::Null;
            }
            context.out.json(&answer)
        }
        Format::Text => context.out.print(&text(&question, &judgement)),
    }
}

/// The instants that are asked about: one, or those of a day.
fn span_of(at: &str) -> Result<Span, Refusal> {
    let text = at.trim();
    if text.len() <= 10 {
        return day_of("at", parse_date("at", text)?);
    }
    let from = parse_instant("at", text)?;
    let until = from.checked_add(SignedDuration::from_nanos(1)).map_err(|_| out_of_range("at"))?;
    Ok(Span { from, until })
}

/// A day in UTC.
pub(super) fn day_of(field: &str, day: Date) -> Result<Span, Refusal> {
    let start = |day: Date| day.to_zoned_datetime(TimeZone::UTC).ok().map(|at| at.timestamp());
    let (Some(from), Some(until)) = (start(day), day.tomorrow().ok().and_then(start)) else {
        return Err(out_of_range(field));
    };
    Ok(Span { from, until })
}

fn out_of_range(field: &str) -> Refusal {
    Refusal::new("date.range", "The time lies beyond what can be reckoned with.")
        .field(field)
        .missing("a time of this era")
}

fn question(arguments: &Arguments, at: Timestamp) -> Result<Question, Refusal> {
    check_state("to", &arguments.to)?;
    for name in
        arguments.area.iter().chain(&arguments.outside).chain(&arguments.entries).chain(&arguments.mission)
    {
        if name.trim().is_empty() || name.chars().any(char::is_control) {
            return Err(Refusal::new("embargo.name", format!("{name:?} is no name."))
                .field("area, outside, entry or mission")
                .missing("words on one line"));
        }
    }
    if let Some(from) = &arguments.from {
        check_state("from", from)?;
    }
    let class = Class::all().find(|class| class.word() == arguments.item).unwrap_or(Class::Unknown);
    let known_at = arguments.known_at.as_deref().map(|at| parse_instant("known_at", at)).transpose()?;
    Ok(Question {
        item: Item {
            class,
            part: arguments.part,
            non_lethal: either(arguments.non_lethal, arguments.lethal),
            entries: (!arguments.entries.is_empty()).then(|| arguments.entries.iter().cloned().collect()),
        },
        activity: Activity::from_str(&arguments.activity)?,
        from: arguments.from.clone(),
        to: arguments.to.clone(),
        end_user: end_user(arguments)?,
        area: match (&arguments.area, arguments.outside.is_empty()) {
            (Some(name), _) => Area::In(name.clone()),
            (None, false) => Area::Outside(arguments.outside.iter().cloned().collect()),
            (None, true) => Area::Unknown,
        },
        purpose: arguments.purpose.map(PurposeOption::purpose),
        authorised: either(arguments.authorised, arguments.not_authorised),
        at,
        known_at: known_at.unwrap_or(Timestamp::MAX),
    })
}

fn either(yes: bool, no: bool) -> Option<bool> {
    if yes { Some(true) } else { no.then_some(false) }
}

/// The end user; what says more of another kind than was named is refused and not passed over.
fn end_user(arguments: &Arguments) -> Result<EndUser, Refusal> {
    let of = arguments.end_user;
    let stray = |field: &str, kind: &str| {
        Refusal::new("embargo.end_user", format!("--{field} is of an end user that is {kind}."))
            .field(field.replace('-', "_"))
            .missing(format!("--end-user {kind}, or no --{field}"))
    };
    if arguments.mission.is_some() && of != EndUserOption::Mission {
        return Err(stray("mission", "mission"));
    }
    if arguments.listed_by.is_some() && of != EndUserOption::Listed {
        return Err(stray("listed-by", "listed"));
    }
    Ok(match of {
        EndUserOption::Government => EndUser::Government,
        EndUserOption::ArmedGroup => EndUser::ArmedGroup,
        EndUserOption::Private => EndUser::Private,
        EndUserOption::Listed => EndUser::Listed { regime: arguments.listed_by.clone() },
        EndUserOption::Mission => EndUser::Mission { name: arguments.mission.clone() },
        EndUserOption::Unknown => EndUser::Unknown,
    })
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
