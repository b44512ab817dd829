//! A question on what may be transferred to whom, as it is asked on the command line, on a page and by a program.

use std::collections::BTreeSet;

use entente_register::embargo::{
    Activity, Area, Class, EditionKind, EndUser, Item, Judgement, Purpose, Question, RuleFile, RuleSet, Span,
};
use entente_register::ledger::{Fallible, Refusal, parse_date, parse_instant};
use entente_store::Outcome;
use entente_store::reader::{EmbargoRules, Reader};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// The words of end users, that of one who is not known among them.
pub(crate) const END_USERS: [&str; 6] =
    ["government", "armed_group", "private", "listed", "mission", "unknown"];

/// When the rules of a register count as known. Its horizon has chosen the editions, and all that stands in them is known
/// to it.
pub(crate) const ALL_THAT_STANDS: Timestamp = Timestamp::MAX;

/// What is asked, in words. Where a word is a choice, a hyphen is as good as an underscore.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The state that the goods go to.
    pub(crate) to: String,
    /// The state that they leave.
    pub(crate) from: Option<String>,
    /// The class of the goods.
    pub(crate) item: String,
    /// Whether they are a part of such an item.
    pub(crate) part: bool,
    /// Entries of control lists.
    pub(crate) entries: Vec<String>,
    /// Whether they are non-lethal.
    pub(crate) non_lethal: Option<bool>,
    /// Who uses them; not known where it is empty.
    pub(crate) end_user: String,
    /// The mission, where the end user is one.
    pub(crate) mission: Option<String>,
    /// The regime on whose list the end user stands.
    pub(crate) listed_by: Option<String>,
    /// What is done; supply where it is empty.
    pub(crate) activity: String,
    /// The area that they go to.
    pub(crate) area: Option<String>,
    /// Areas that they do not go to.
    pub(crate) outside: Vec<String>,
    /// What they are for.
    pub(crate) purpose: Option<String>,
    /// Whether the government of the destination has authorised it.
    pub(crate) authorised: Option<bool>,
}

impl Asked {
    /// The question for an instant, as known at another.
    ///
    /// # Errors
    /// `state.unknown`, `embargo.*`, naming the field.
    pub(crate) fn question(&self, at: Timestamp, known_at: Timestamp) -> Fallible<Question> {
        check_state("to", &self.to)?;
        let names = self.area.iter().chain(&self.outside).chain(&self.entries).chain(&self.mission);
        for name in names {
            if name.trim().is_empty() || name.chars().any(char::is_control) {
                return Err(Refusal::new("embargo.name", format!("{name:?} is no name."))
                    .field("area, outside, entry or mission")
                    .missing("words on one line"));
            }
        }
        if let Some(from) = &self.from {
            check_state("from", from)?;
        }
        let class = Class::all().find(|class| class.word() == self.item).ok_or_else(|| {
            let words: Vec<&str> = Class::all().map(|class| class.word()).collect();
            Refusal::new("embargo.item", format!("{:?} is no class of goods.", self.item))
                .field("item")
                .missing(format!("one of {}", words.join(", ")))
        })?;
        let activity = match self.activity.as_str() {
            "" => Activity::Supply,
            word => word.parse()?,
        };
        let purpose =
            self.purpose.as_ref().map(|word| word.replace('-', "_").parse::<Purpose>()).transpose()?;
        Ok(Question {
            item: Item {
                class,
                part: self.part,
                non_lethal: self.non_lethal,
                entries: (!self.entries.is_empty()).then(|| self.entries.iter().cloned().collect()),
            },
            activity,
            from: self.from.clone(),
            to: self.to.clone(),
            end_user: self.end_user()?,
            area: match (&self.area, self.outside.is_empty()) {
                (Some(name), _) => Area::In(name.clone()),
                (None, false) => Area::Outside(self.outside.iter().cloned().collect()),
                (None, true) => Area::Unknown,
            },
            purpose,
            authorised: self.authorised,
            at,
            known_at,
        })
    }

    /// The end user; what says more of another kind than was named is refused and not passed over.
    fn end_user(&self) -> Fallible<EndUser> {
        let word = self.end_user.replace('-', "_");
        let stray = |field: &str, kind: &str| {
            let spaced = field.replace('_', " ");
            Refusal::new("embargo.end_user", format!("“{spaced}” is of an end user that is {kind}."))
                .field(field)
                .missing(format!("the end user {kind}, or no “{spaced}”"))
        };
        if self.mission.is_some() && word != "mission" {
            return Err(stray("mission", "mission"));
        }
        if self.listed_by.is_some() && word != "listed" {
            return Err(stray("listed_by", "listed"));
        }
        Ok(match word.as_str() {
            "government" => EndUser::Government,
            "armed_group" => EndUser::ArmedGroup,
            "private" => EndUser::Private,
            "listed" => EndUser::Listed { regime: self.listed_by.clone() },
            "mission" => EndUser::Mission { name: self.mission.clone() },
            "unknown" | "" => EndUser::Unknown,
            _ => {
                return Err(Refusal::new("embargo.end_user", format!("{:?} is no end user.", self.end_user))
                    .field("end_user")
                    .missing(format!("one of {}", END_USERS.join(", "))));
            }
        })
    }
}

/// Refuses a regime that is not on file as the one on whose list the end user stands.
///
/// # Errors
/// `embargo.regime`.
pub(crate) fn check_listed_by(rules: &RuleSet, question: &Question) -> Fallible<()> {
    if let EndUser::Listed { regime: Some(regime) } = &question.end_user
        && !rules.regimes.contains_key(regime)
    {
        let known: Vec<&str> = rules.regimes.keys().map(String::as_str).collect();
        return Err(Refusal::new("embargo.regime", format!("There is no regime {regime:?} on file."))
            .field("listed_by")
            .missing(format!("one of {}", known.join(", "))));
    }
    Ok(())
}

/// Refuses what is the code of no state.
///
/// # Errors
/// `state.unknown`.
pub(crate) fn check_state(field: &str, code: &str) -> Fallible<()> {
    if rust_iso3166::from_alpha3(code).is_some() {
        return Ok(());
    }
    Err(Refusal::new("state.unknown", format!("{code:?} is the code of no state."))
        .field(field)
        .missing("an ISO 3166-1 code of three capital letters, for example BRA"))
}

/// The instants that are asked about: one, or those of a day in UTC.
///
/// # Errors
/// As [`parse_date`] and [`parse_instant`].
pub(crate) fn span_of(at: &str) -> Fallible<Span> {
    let text = at.trim();
    if text.len() <= 10 {
        return day_of("at", parse_date("at", text)?);
    }
    let from = parse_instant("at", text)?;
    let until = from.checked_add(SignedDuration::from_nanos(1)).map_err(|_| out_of_range("at"))?;
    Ok(Span { from, until })
}

/// A day in UTC.
///
/// # Errors
/// `date.range`.
pub(crate) fn day_of(field: &str, day: Date) -> Fallible<Span> {
    let start = |day: Date| day.to_zoned_datetime(TimeZone::UTC).ok().map(|at| at.timestamp());
    let (Some(from), Some(until)) = (start(day), day.tomorrow().ok().and_then(start)) else {
        return Err(out_of_range(field));
    };
    Ok(Span { from, until })
}

/// The day in UTC on which a span begins.
pub(crate) fn first_day(span: Span) -> Date {
    TimeZone::UTC.to_datetime(span.from).date()
}

fn out_of_range(field: &str) -> Refusal {
    Refusal::new("date.range", "The time lies beyond what can be reckoned with.")
        .field(field)
        .missing("a time of this era")
}

/// A question that a register has answered.
#[derive(Debug, Clone)]
pub(crate) struct Answered {
    /// What was asked; `at` is the first instant of the gravest answer.
    pub(crate) question: Question,
    /// What is said.
    pub(crate) judgement: Judgement,
    /// By which rules and which policy.
    pub(crate) held: EmbargoRules,
    /// By what was known: the reader’s own.
    pub(crate) known_at: Timestamp,
}

impl Answered {
    /// Asks the rules that were in force by what the reader knows, and gives the gravest answer of a span.
    ///
    /// # Errors
    /// As [`Asked::question`] and [`Reader::embargo_rules`].
    pub(crate) async fn by(reader: &Reader, asked: &Asked, span: Span) -> Outcome<Answered> {
        let question = asked.question(span.from, ALL_THAT_STANDS)?;
        let held = reader.embargo_rules().await?;
        check_listed_by(&held.rules, &question)?;
        let (at, judgement) = held.judge_within(&question, span);
        Ok(Answered { question: Question { at, ..question }, judgement, held, known_at: reader.known_at() })
    }

    /// The files on which the answer rests: of the bodies that bind, and of the regimes of its findings.
    pub(crate) fn files(&self) -> impl Iterator<Item = &RuleFile> {
        let regimes: BTreeSet<&str> =
            self.judgement.findings.iter().map(|finding| finding.regime.as_str()).collect();
        let policy = &self.held.policy;
        self.held.files.iter().filter(move |file| match file.kind {
            EditionKind::Body => policy.binds(&file.id),
            EditionKind::Regime => regimes.contains(file.id.as_str()),
        })
    }
}

/// Files in the order in which they are confirmed: bodies before their regimes.
pub(crate) fn bodies_first(files: &mut [RuleFile]) {
    files.sort_by(|one, other| (one.kind, &one.id).cmp(&(other.kind, &other.id)));
}
