//! Acts of what transfers are weighed by: proposed by one person, confirmed or rejected by another, ended.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::label::Label;
use entente_register::ledger::{Fallible, Refusal, SubjectKind};
use entente_register::money::{Currency, Quantity};
use entente_register::transfer::application::Weighed;
use entente_register::transfer::guidance::agency::{Agency, Calendar};
use entente_register::transfer::guidance::control_list::ControlList;
use entente_register::transfer::guidance::denial::Denial;
use entente_register::transfer::guidance::indicator::{Figure, Indicator};
use entente_register::transfer::guidance::quota::{Limit, Quota};
use entente_register::transfer::guidance::recognition::{Recognition, Stretch};
use entente_register::transfer::guidance::standing::{OF_TERRITORY, StandingAssessment};
use entente_register::transfer::guidance::{
    Guidance, GuidanceCommand, GuidanceContent, GuidanceKind, NewGuidance,
};

use super::super::Act;
use super::super::field::{Choices, Field};
use super::super::filled::Filled;
use super::super::standing::{Standing, Stands};
use super::{CRITERIA, criteria, only, some, typed};
use crate::web::show;

const OF: Option<SubjectKind> = Some(SubjectKind::Guidance);

const BY_TWO: &str = "It counts once another person has confirmed it.";
const AT_ONCE: &str = "It counts as soon as it is filed.";

const RISKS: &[(&str, &str)] = &[
    ("none", "None found"),
    ("low", "Low"),
    ("medium", "Medium"),
    ("high", "High: every transfer asks for a recorded consideration"),
    ("overriding", "Overriding: nothing goes there"),
];

const WEIGHED: &[Field] = &[
    Field::choice("risk", "Risk", RISKS),
    Field::prose("evidence", "By what evidence", 4000),
    Field::prose("mitigation", "What lessens it", 2000).optional(),
];

const STATUSES: &[(&str, &str)] = &[
    ("recognised", "Recognised: an authority of it is lawful"),
    ("disputed", "Disputed: nothing passes"),
    ("none", "None is recognised: nothing goes to any"),
];

const STRETCH: &[Field] = &[
    Field::day("from", "From"),
    Field::day("until", "Until").optional(),
    Field::choice("status", "Government", STATUSES),
    Field::text("government", "Which government, or who claims to be it", 300),
    Field::text("source", "By what it is shown", 500),
];

const YES_NO: &[(&str, &str)] = &[("no", "No"), ("yes", "Yes")];

const DIRECTIONS: &[(&str, &str)] =
    &[("higher_is_worse", "A high value speaks against"), ("higher_is_better", "A high value speaks for")];

const MARKING: Field = Field::text("label", "Marking", 120)
    .hint("OFFICIAL, unless it says what fewer may know.")
    .starting(|_| "OFFICIAL".to_owned());

const TERRITORY: Field = Field::text("territory", "State or region", 20)
    .hint("Three letters of a state, or the code of a group of states.");
const SUMMARY: Field =
    Field::prose("summary", "What follows", 4000).starting(|at| of_standing(at, |of| of.summary.clone()));
const REVIEW_BY: Field = Field::day("review_by", "To be reviewed by").hint("Two years at most.");
const EACH: Field = Field::each("weighed", "Criterion", criteria_of, WEIGHED).filled(weighed);

const NOTIFIED_BY: Field = Field::text("notified_by", "Notified by", 3)
    .hint("Three letters of the state.")
    .starting(|at| of_denial(at, |of| of.notified_by.clone()));
const REFERENCE: Field =
    Field::text("reference", "Its number", 100).starting(|at| of_denial(at, |of| of.reference.clone()));
const DENIED_ON: Field =
    Field::day("denied_on", "Refused on").starting(|at| of_denial(at, |of| of.denied_on.to_string()));
const RENEWED_ON: Field = Field::day("renewed_on", "Confirmed again on")
    .optional()
    .hint("A denial counts for three years from the day on which it was made or confirmed last.")
    .starting(|at| of_denial(at, |of| of.renewed_on.map(|on| on.to_string()).unwrap_or_default()));
const DESTINATION: Field = Field::text("destination", "Destination", 3)
    .hint("Three letters of the state.")
    .starting(|at| match content(at) {
        Some(GuidanceContent::Denial(of)) => of.destination.clone(),
        Some(GuidanceContent::Quota(of)) => of.destination.clone(),
        _ => String::new(),
    });
const END_USER: Field = Field::text("end_user", "End user, as notified", 300)
    .starting(|at| of_denial(at, |of| of.end_user.clone()));
const PARTY: Field = Field::party("party", "Party of the register", 60)
    .optional()
    .hint("Where somebody has established that it is this one.")
    .starting(|at| of_denial(at, |of| of.party.clone().unwrap_or_default()));
const GOODS: Field = Field::prose("goods", "Goods", 1000).starting(|at| of_denial(at, |of| of.goods.clone()));
const CATEGORY: Field = Field::text("category", "Control-list entry", 30)
    .optional()
    .hint("ML10.a or 9A012; none for all, or where none is known.")
    .starting(|at| match content(at) {
        Some(GuidanceContent::Denial(of)) => of.category.clone().unwrap_or_default(),
        Some(GuidanceContent::Quota(of)) => of.category.clone().unwrap_or_default(),
        _ => String::new(),
    });
const BY_CRITERIA: Field = Field::text("criteria", "Criteria", 200)
    .hint(CRITERIA)
    .starting(|at| of_denial(at, |of| typed(&of.criteria)));
const GROUNDS: Field = Field::prose("grounds", "Grounds, as notified", 4000)
    .starting(|at| of_denial(at, |of| of.grounds.clone()));

const FROM: Field = Field::day("from", "From").starting(|at| of_quota(at, |of| of.from.to_string()));
const UNTIL: Field = Field::day("until", "Until").starting(|at| of_quota(at, |of| of.until.to_string()));
const BASIS: Field =
    Field::long("basis", "On what ground").starting(|at| of_quota(at, |of| of.basis.clone()));
const LIMIT: Field = Field::decimal("limit", "At most").starting(|at| {
    of_quota(at, |of| match of.limit {
        Limit::Quantity { quantity, .. } => quantity.to_string(),
        Limit::Value { value } => value.decimal(),
    })
});
const MEASURE: Field = Field::text("measure", "Of", 20)
    .hint("A unit, such as piece, or a currency, such as USD.")
    .starting(|at| {
        of_quota(at, |of| match of.limit {
            Limit::Quantity { unit, .. } => unit.name().to_owned(),
            Limit::Value { value } => value.currency.code().to_owned(),
        })
    });

const AGENCY: Field = Field::party("party", "Agency", 60).hint("Number of its party.");
const ANSWER_DAYS: Field = Field::text("answer_days", "Answers within", 3)
    .hint("Working days.")
    .starting(|at| of_agency(at, |of| of.answer_days.to_string()));
const CONFIRMS: Field = Field::choice("confirms", "A second person confirms its opinions", YES_NO)
    .starting(|at| of_agency(at, |of| if of.confirms { "yes" } else { "no" }.to_owned()));
const WEEKEND: Field = Field::text("weekend", "Days of the week without work", 60)
    .hint("Saturday, Sunday.")
    .starting(|at| match content(at) {
        Some(GuidanceContent::Agency(of)) => week(&of.calendar.weekend),
        _ => week(&BTreeSet::from([6, 7])),
    });
const COVERS_UNTIL: Field = Field::day("calendar.covers_until", "Holidays are on file up to")
    .starting(|at| of_agency(at, |of| of.calendar.covers_until.to_string()));
const HOLIDAYS: Field = Field::prose("calendar.holidays", "Holidays", 60_000)
    .optional()
    .hint("One a line: 2012-09-07 Independence Day.")
    .starting(|at| {
        of_agency(at, |of| {
            let lines = of.calendar.holidays.iter().map(|(day, name)| format!("{day} {name}"));
            lines.collect::<Vec<_>>().join("\n")
        })
    });

const RULES: Field = Field::whole("text", "Rules with their tests", 400_000)
    .hint("A text as docs/guidance.md describes it. An edition that fails one of its own tests is refused.")
    .starting(|at| match content(at) {
        Some(routing @ GuidanceContent::Routing(_)) => routing.text(),
        _ => String::new(),
    });

const NAME: Field = Field::text("name", "Name", 40).hint("Capital letters, digits and hyphens.");
const TITLE: Field =
    Field::text("title", "What it measures", 200).starting(|at| of_indicator(at, |of| of.title.clone()));
const PUBLISHER: Field =
    Field::text("publisher", "Publisher", 200).starting(|at| of_indicator(at, |of| of.publisher.clone()));
const DIRECTION: Field = Field::choice("direction", "A high value", DIRECTIONS)
    .starting(|at| of_indicator(at, |of| of.direction.word().to_owned()));
const FIGURES: Field = Field::whole("figures", "Figures", 900_000)
    .hint("One a line: state, year and value with commas between them: BRA,2011,2.04.");

const LIST_TITLE: Field =
    Field::text("title", "What it is called", 200).starting(|at| of_control_list(at, |of| of.title.clone()));
const LIST_PUBLISHER: Field =
    Field::text("publisher", "Publisher", 200).starting(|at| of_control_list(at, |of| of.publisher.clone()));
const APPLIES_FROM: Field = Field::day("applies_from", "This edition applies from");
const ENTRIES: Field = Field::whole("entries", "Entries", 900_000).hint(
    "One a line: entry, title and text with commas between them: ML10.a,Combat aircraft. Or a whole table with a heading.",
);

const STATE: Field = Field::text("state", "State", 3).hint("Three letters of the state.");
const STRETCHES: Field = Field::rows("stretches", "Stretch of days", STRETCH).filled(stretches);

const PAPER: Field = Field::paper("The paper that it rests on");

/// A first edition, of a kind.
macro_rules! first {
    ($word:literal, $name:literal, $lede:expr, $read:ident, [$($field:expr),* $(,)?]) => {
        Act {
            kind: CommandKind::GuidancePropose,
            of: None,
            word: $word,
            name: $name,
            lede: $lede,
            makes_new: true,
            possible: |_| Ok(()),
            fields: &[Field::on("Dated"), MARKING, $($field,)* PAPER],
            read: |at, filled| new(filled, $read(at, filled)?),
        }
    };
}

/// Another edition, of a kind.
macro_rules! next {
    ($kind:ident, $word:literal, $name:literal, $lede:expr, $read:ident, [$($field:expr),* $(,)?]) => {
        Act {
            kind: CommandKind::GuidancePropose,
            of: OF,
            word: $word,
            name: $name,
            lede: $lede,
            makes_new: false,
            possible: |at| is_of(at, GuidanceKind::$kind),
            fields: &[Field::on("Dated"), $($field,)* PAPER],
            read: |at, filled| {
                let (on, content, document) = (filled.on()?, Box::new($read(at, filled)?), filled.paper()?);
                Ok(about(at, GuidanceCommand::Propose { on, content, document }))
            },
        }
    };
}

pub(in crate::web::act) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::GuidanceReview,
        of: OF,
        word: "confirm",
        name: "Confirm the edition",
        lede: "It replaces the one before. A standing assessment that is worse suspends every open licence that it touches, until another person has looked at each again.",
        makes_new: false,
        possible: waits_for_another,
        fields: &[
            Field::from("edition", "Edition", waiting).starting(|at| only(&waiting(at))),
            Field::on("Confirmed on"),
        ],
        read: |at, filled| {
            let edition = filled.whole("edition")?;
            Ok(about(at, GuidanceCommand::Confirm { on: filled.on()?, edition }))
        },
    },
    Act {
        kind: CommandKind::GuidanceReview,
        of: OF,
        word: "reject",
        name: "Reject the edition",
        lede: "It does not count.",
        makes_new: false,
        possible: waits_for_another,
        fields: &[
            Field::from("edition", "Edition", waiting).starting(|at| only(&waiting(at))),
            Field::on("Rejected on"),
            Field::reason(),
        ],
        read: |at, filled| {
            let edition = filled.whole("edition")?;
            let reason = filled.text("reason");
            Ok(about(at, GuidanceCommand::Reject { on: filled.on()?, edition, reason }))
        },
    },
    Act {
        kind: CommandKind::GuidancePropose,
        of: OF,
        word: "withdraw",
        name: "Withdraw the edition",
        lede: "What you proposed does not count.",
        makes_new: false,
        possible: |at| some(&own_waiting(at), "No edition of yours waits.", "an edition that you proposed"),
        fields: &[
            Field::from("edition", "Edition", own_waiting).starting(|at| only(&own_waiting(at))),
            Field::on("Withdrawn on"),
        ],
        read: |at, filled| {
            let edition = filled.whole("edition")?;
            Ok(about(at, GuidanceCommand::Withdraw { on: filled.on()?, edition }))
        },
    },
    next!(StandingAssessment, "review", "Assess anew", BY_TWO, standing, [EACH, SUMMARY, REVIEW_BY]),
    next!(
        Denial,
        "renew",
        "Renew or correct",
        AT_ONCE,
        denial,
        [
            NOTIFIED_BY,
            REFERENCE,
            DENIED_ON,
            RENEWED_ON,
            DESTINATION,
            END_USER,
            PARTY,
            GOODS,
            CATEGORY,
            BY_CRITERIA,
            GROUNDS
        ]
    ),
    next!(
        Quota,
        "change",
        "Change the quota",
        BY_TWO,
        quota,
        [DESTINATION, CATEGORY, FROM, UNTIL, LIMIT, MEASURE, BASIS]
    ),
    next!(
        Agency,
        "set",
        "Change how it is consulted",
        BY_TWO,
        agency,
        [ANSWER_DAYS, CONFIRMS, WEEKEND, COVERS_UNTIL, HOLIDAYS]
    ),
    next!(Routing, "rule", "Change the rules", BY_TWO, routing, [RULES]),
    next!(
        Indicator,
        "load",
        "Load another edition",
        AT_ONCE,
        indicator,
        [TITLE, PUBLISHER, DIRECTION, FIGURES]
    ),
    next!(Recognition, "recognise", "Change the recognition", BY_TWO, recognition, [STRETCHES]),
    next!(
        ControlList,
        "relist",
        "File another edition",
        BY_TWO,
        control_list,
        [LIST_TITLE, LIST_PUBLISHER, APPLIES_FROM, ENTRIES]
    ),
    Act {
        kind: CommandKind::GuidanceEnd,
        of: OF,
        word: "end",
        name: "End it",
        lede: "The last day on which it counts. What was judged by it was judged by it.",
        makes_new: false,
        possible: |at| some(&in_force(at), "Nothing is in force.", "an edition in force"),
        fields: &[
            Field::from("edition", "Edition", in_force).starting(|at| only(&in_force(at))),
            Field::on("Recorded on"),
            Field::day("until", "Its last day"),
            Field::reason(),
            Field::paper("The paper"),
        ],
        read: |at, filled| {
            let command = GuidanceCommand::End {
                on: filled.on()?,
                edition: filled.whole("edition")?,
                until: filled.day("until")?,
                reason: filled.text("reason"),
                document: filled.paper()?,
            };
            Ok(about(at, command))
        },
    },
    first!(
        "assess-territory",
        "Assess a state or region",
        BY_TWO,
        standing,
        [TERRITORY, EACH, SUMMARY, REVIEW_BY]
    ),
    first!(
        "file-denial",
        "File a denial of another state",
        AT_ONCE,
        denial,
        [
            NOTIFIED_BY,
            REFERENCE,
            DENIED_ON,
            RENEWED_ON,
            DESTINATION,
            END_USER,
            PARTY,
            GOODS,
            CATEGORY,
            BY_CRITERIA,
            GROUNDS
        ]
    ),
    first!(
        "set-quota",
        "Set a quota",
        BY_TWO,
        quota,
        [DESTINATION, CATEGORY, FROM, UNTIL, LIMIT, MEASURE, BASIS]
    ),
    first!(
        "set-agency",
        "Say how an agency is consulted",
        BY_TWO,
        agency,
        [AGENCY, ANSWER_DAYS, CONFIRMS, WEEKEND, COVERS_UNTIL, HOLIDAYS]
    ),
    first!("set-routing", "Say who is consulted about what", BY_TWO, routing, [RULES]),
    first!(
        "load-indicator",
        "Load an indicator",
        AT_ONCE,
        indicator,
        [NAME, TITLE, PUBLISHER, DIRECTION, FIGURES]
    ),
    first!(
        "recognise-government",
        "Say whose government is recognised",
        BY_TWO,
        recognition,
        [STATE, STRETCHES]
    ),
    first!(
        "file-control-list",
        "File a control list",
        BY_TWO,
        control_list,
        [NAME, LIST_TITLE, LIST_PUBLISHER, APPLIES_FROM, ENTRIES]
    ),
];

fn file(at: &Standing) -> Option<(&Guidance, &str)> {
    if let Stands::Guidance(view, account) = &at.stands { Some((&view.file, account)) } else { None }
}

/// What stands of the file that is changed; none of a new one.
fn content(at: &Standing) -> Option<&GuidanceContent> {
    file(at).and_then(|(file, _)| file.shown()).map(|edition| &edition.content)
}

fn of_standing(at: &Standing, part: fn(&StandingAssessment) -> String) -> String {
    if let Some(GuidanceContent::StandingAssessment(of)) = content(at) { part(of) } else { String::new() }
}

fn of_denial(at: &Standing, part: fn(&Denial) -> String) -> String {
    if let Some(GuidanceContent::Denial(of)) = content(at) { part(of) } else { String::new() }
}

fn of_quota(at: &Standing, part: fn(&Quota) -> String) -> String {
    if let Some(GuidanceContent::Quota(of)) = content(at) { part(of) } else { String::new() }
}

fn of_agency(at: &Standing, part: fn(&Agency) -> String) -> String {
    if let Some(GuidanceContent::Agency(of)) = content(at) { part(of) } else { String::new() }
}

fn of_indicator(at: &Standing, part: fn(&Indicator) -> String) -> String {
    if let Some(GuidanceContent::Indicator(of)) = content(at) { part(of) } else { String::new() }
}

fn of_control_list(at: &Standing, part: fn(&ControlList) -> String) -> String {
    if let Some(GuidanceContent::ControlList(of)) = content(at) { part(of) } else { String::new() }
}

fn about(at: &Standing, command: GuidanceCommand) -> Command {
    Command::Guidance { number: at.key(), command }
}

fn new(filled: &Filled, content: GuidanceContent) -> Fallible<Command> {
    let label: Label = filled.read("label")?;
    let (on, document) = (filled.on()?, filled.paper()?);
    Ok(Command::Guide(NewGuidance { on, label, content: Box::new(content), document }))
}

/// Whether the file is of a kind, and no edition of it waits.
fn is_of(at: &Standing, kind: GuidanceKind) -> Fallible<()> {
    match file(at) {
        Some((file, _)) if file.kind != kind => {
            Err(Refusal::new("guidance.kind", format!("It is a {}.", file.kind.name()))
                .missing(format!("a {}", kind.name())))
        }
        Some((file, _)) if file.waiting().is_some() => {
            Err(Refusal::new("guidance.waiting", "An edition waits for a second person.")
                .missing("that edition confirmed, rejected or withdrawn"))
        }
        _ => Ok(()),
    }
}

fn editions(
    at: &Standing,
    is: impl Fn(&entente_register::transfer::guidance::Edition, &str) -> bool,
) -> Choices {
    let Some((file, account)) = file(at) else { return Vec::new() };
    file.editions
        .iter()
        .filter(|edition| is(edition, account))
        .map(|edition| {
            let words = format!(
                "{} of {}, by {}",
                edition.number,
                show::day(edition.proposed_on),
                edition.proposed_by
            );
            (edition.number.to_string(), words)
        })
        .collect()
}

/// Those that wait and that another person proposed.
fn waiting(at: &Standing) -> Choices {
    editions(at, |edition, account| edition.state == "proposed" && edition.proposed_by != account)
}

fn own_waiting(at: &Standing) -> Choices {
    editions(at, |edition, account| edition.state == "proposed" && edition.proposed_by == account)
}

fn in_force(at: &Standing) -> Choices {
    editions(at, |edition, _| edition.state == "in_force")
}

fn waits_for_another(at: &Standing) -> Fallible<()> {
    if !waiting(at).is_empty() {
        return Ok(());
    }
    Err(match own_waiting(at).is_empty() {
        true => Refusal::new("guidance.edition", "No edition waits.").missing("an edition that waits"),
        false => Refusal::new("transfer.two_people", "You proposed the edition yourself.")
            .missing("another person: two people stand behind it"),
    })
}

/// The criteria of a territory: the key of each in the names of fields, and its name.
fn criteria_of(_: &Standing) -> Choices {
    OF_TERRITORY.iter().map(|one| (format!(".{}", one.word()), show::capital(one.name()))).collect()
}

/// What was weighed before, which is changed and not written again.
fn weighed(at: &Standing) -> Choices {
    let Some(GuidanceContent::StandingAssessment(standing)) = content(at) else { return Vec::new() };
    let mut started = Vec::new();
    for (criterion, one) in &standing.weighed {
        let field = |name: &str| format!("weighed.{}.{name}", criterion.word());
        started.push((field("risk"), one.risk.word().to_owned()));
        started.push((field("evidence"), one.evidence.clone()));
        started.push((field("mitigation"), one.mitigation.clone().unwrap_or_default()));
    }
    started
}

fn standing(at: &Standing, filled: &Filled) -> Fallible<GuidanceContent> {
    let mut weighed = BTreeMap::new();
    for criterion in OF_TERRITORY {
        let field = |name: &str| format!("weighed.{}.{name}", criterion.word());
        let one = Weighed {
            risk: filled.read(&field("risk"))?,
            evidence: filled.text(&field("evidence")),
            mitigation: filled.given(&field("mitigation")),
        };
        weighed.insert(criterion, one);
    }
    let territory = match content(at) {
        Some(GuidanceContent::StandingAssessment(of)) => of.territory.clone(),
        _ => filled.text("territory").to_uppercase(),
    };
    let (summary, review_by) = (filled.text("summary"), filled.day("review_by")?);
    Ok(GuidanceContent::StandingAssessment(StandingAssessment { territory, summary, review_by, weighed }))
}

fn denial(_: &Standing, filled: &Filled) -> Fallible<GuidanceContent> {
    Ok(GuidanceContent::Denial(Denial {
        notified_by: filled.text("notified_by").to_uppercase(),
        reference: filled.text("reference"),
        denied_on: filled.day("denied_on")?,
        renewed_on: filled.day_given("renewed_on")?,
        destination: filled.text("destination").to_uppercase(),
        end_user: filled.text("end_user"),
        party: filled.given("party"),
        goods: filled.text("goods"),
        category: filled.given("category"),
        criteria: criteria(filled, "criteria")?,
        grounds: filled.text("grounds"),
    }))
}

fn quota(_: &Standing, filled: &Filled) -> Fallible<GuidanceContent> {
    let measure = filled.text("measure");
    // A unit is tried first: no unit is written as three capital letters that are a currency.
    let limit = match entente_register::money::Unit::parse("measure", &measure) {
        Ok(unit) => Limit::Quantity { quantity: Quantity::parse("limit", filled.get("limit"))?, unit },
        Err(_) => match measure.to_uppercase().parse::<Currency>() {
            Ok(currency) => Limit::Value { value: filled.money("limit", currency)? },
            Err(_) => {
                return Err(Refusal::new(
                    "guidance.measure",
                    format!("{measure:?} is neither a unit nor a currency."),
                )
                .field("measure")
                .missing("a unit such as piece, or a currency such as USD"));
            }
        },
    };
    Ok(GuidanceContent::Quota(Quota {
        destination: filled.text("destination").to_uppercase(),
        category: filled.given("category"),
        from: filled.day("from")?,
        until: filled.day("until")?,
        basis: filled.text("basis"),
        limit,
    }))
}

const WEEK: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Days of the week by their names.
pub(in crate::web) fn week(days: &BTreeSet<i8>) -> String {
    let names = (1_i8..).zip(WEEK).filter(|(day, _)| days.contains(day)).map(|(_, name)| name);
    names.collect::<Vec<_>>().join(", ")
}

fn agency(at: &Standing, filled: &Filled) -> Fallible<GuidanceContent> {
    let party = match content(at) {
        Some(GuidanceContent::Agency(of)) => of.party.clone(),
        _ => filled.text("party"),
    };
    let mut weekend = BTreeSet::new();
    for word in filled.get("weekend").split([',', ';']).map(str::trim).filter(|word| !word.is_empty()) {
        let found = (1_i8..).zip(WEEK).find(|(_, name)| name.eq_ignore_ascii_case(word));
        let (day, _) = found.ok_or_else(|| {
            Refusal::new("guidance.weekend", format!("{word:?} is no day of the week."))
                .field("weekend")
                .missing(format!("days among {}", WEEK.join(", ")))
        })?;
        weekend.insert(day);
    }
    let mut holidays = BTreeMap::new();
    for (place, line) in (1..).zip(filled.get("calendar.holidays").lines()) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let (day, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let day = entente_register::ledger::parse_date("calendar.holidays", day).map_err(|refusal| {
            let message = format!("Line {place}: {}", refusal.message);
            Refusal { message, ..refusal }
        })?;
        if holidays.insert(day, name.trim().to_owned()).is_some() {
            return Err(Refusal::new("guidance.holidays", format!("Line {place}: {day} is named twice."))
                .field("calendar.holidays")
                .missing("each holiday once"));
        }
    }
    let calendar = Calendar { weekend, covers_until: filled.day("calendar.covers_until")?, holidays };
    let (answer_days, confirms) = (filled.whole("answer_days")?, filled.get("confirms") == "yes");
    Ok(GuidanceContent::Agency(Agency { party, answer_days, confirms, calendar }))
}

fn routing(_: &Standing, filled: &Filled) -> Fallible<GuidanceContent> {
    match GuidanceContent::parse(filled.get("text"))? {
        routing @ GuidanceContent::Routing(_) => Ok(routing),
        other => Err(Refusal::new("guidance.kind", format!("It is a {}.", other.kind().name()))
            .field("text")
            .missing("a text that begins with guidance = \"routing\"")),
    }
}

fn indicator(at: &Standing, filled: &Filled) -> Fallible<GuidanceContent> {
    let name = match content(at) {
        Some(GuidanceContent::Indicator(of)) => of.name.clone(),
        _ => filled.text("name").to_uppercase(),
    };
    Ok(GuidanceContent::Indicator(Indicator {
        name,
        title: filled.text("title"),
        publisher: filled.text("publisher"),
        direction: filled.read("direction")?,
        figures: figures(filled.get("figures"))?,
    }))
}

/// Stretches as they stand, which are changed and not written again.
fn stretches(at: &Standing) -> Choices {
    let Some(GuidanceContent::Recognition(of)) = content(at) else { return Vec::new() };
    let mut started = Vec::new();
    for (place, stretch) in of.stretches.iter().enumerate() {
        let field = |name: &str| format!("stretches[{place}].{name}");
        started.push((field("from"), stretch.from.to_string()));
        started.push((field("until"), stretch.until.map(|until| until.to_string()).unwrap_or_default()));
        started.push((field("status"), stretch.status.word().to_owned()));
        started.push((field("government"), stretch.government.clone()));
        started.push((field("source"), stretch.source.clone()));
    }
    started
}

fn recognition(at: &Standing, filled: &Filled) -> Fallible<GuidanceContent> {
    let state = match content(at) {
        Some(GuidanceContent::Recognition(of)) => of.state.clone(),
        _ => filled.text("state").to_uppercase(),
    };
    let is_typed = |place: &usize| {
        ["from", "government", "source"]
            .iter()
            .any(|name| !filled.get(&format!("stretches[{place}].{name}")).is_empty())
    };
    let stretches = filled.rows("stretches").into_iter().filter(is_typed).map(|place| {
        let field = |name: &str| format!("stretches[{place}].{name}");
        Ok(Stretch {
            from: filled.day(&field("from"))?,
            until: filled.day_given(&field("until"))?,
            status: filled.read(&field("status"))?,
            government: filled.text(&field("government")),
            source: filled.text(&field("source")),
        })
    });
    Ok(GuidanceContent::Recognition(Recognition { state, stretches: stretches.collect::<Fallible<_>>()? }))
}

fn control_list(at: &Standing, filled: &Filled) -> Fallible<GuidanceContent> {
    let name = match content(at) {
        Some(GuidanceContent::ControlList(of)) => of.name.clone(),
        _ => filled.text("name").to_uppercase(),
    };
    Ok(GuidanceContent::ControlList(ControlList {
        name,
        title: filled.text("title"),
        publisher: filled.text("publisher"),
        applies_from: filled.day("applies_from")?,
        entries: crate::formats::control_list::read(filled.get("entries"))?.entries,
    }))
}

/// Figures as they are typed, or pasted out of a table.
pub(super) fn figures(text: &str) -> Fallible<Vec<Figure>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut figures = Vec::new();
    for (place, row) in (1_usize..).zip(reader.records()) {
        let wrong = |message: String, missing: &str| {
            Refusal::new("guidance.figures", format!("Row {place}: {message}"))
                .field("figures")
                .missing(missing)
        };
        let row = row.map_err(|error| wrong(error.to_string(), "rows of state, year and value"))?;
        let cell = |at: usize| row.get(at).unwrap_or_default();
        if place == 1 && cell(0).eq_ignore_ascii_case("state") {
            continue;
        }
        if row.len() != 3 {
            return Err(wrong(format!("it has {} columns.", row.len()), "state, year and value"));
        }
        let year = cell(1)
            .parse()
            .map_err(|_| wrong(format!("column 2, {:?} is no year.", cell(1)), "a year of four digits"))?;
        figures.push(Figure { state: cell(0).to_uppercase(), year, value: cell(2).to_owned() });
    }
    Ok(figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_rows_and_refused_with_their_place() {
        let read = figures("state,year,value\nBRA,2011,2.04\n nzl , 2011 , 1.279\n").unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!((read[1].state.as_str(), read[1].year), ("NZL", 2011));
        for (text, place) in [("BRA,2011", "Row 1"), ("BRA,2011,1\nBRA,then,2", "Row 2: column 2")] {
            let refusal = figures(text).unwrap_err();
            assert!(refusal.message.starts_with(place), "{}", refusal.message);
        }
    }
}
