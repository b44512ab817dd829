//! What an edition of guidance says, for people and as rows.

use std::collections::BTreeMap;

use entente_register::transfer::guidance::control_list::{ControlEntry, ControlList};
use entente_register::transfer::guidance::routing::{RoutedCase, When};
use entente_register::transfer::guidance::{GuidanceContent, agency::Agency, routing::Routing};

use super::Links;
use crate::formats::table::Out;
use crate::web::act::week;
use crate::web::show;
use crate::web::spreadsheet::text;

/// Rows that a page shows of a long table; all of them stand in its export.
const MOST: usize = 200;

/// A table of what an edition says.
#[derive(Debug, Clone)]
pub(crate) struct ContentTable {
    pub(crate) caption: String,
    pub(crate) columns: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// What an edition says.
#[derive(Debug, Clone, Default)]
pub(crate) struct ContentView {
    /// Name and value; a long one takes the whole width.
    pub(crate) facts: Vec<(&'static str, String, bool)>,
    pub(crate) tables: Vec<ContentTable>,
}

fn listed<'a>(words: impl IntoIterator<Item = &'a String>) -> String {
    words.into_iter().cloned().collect::<Vec<_>>().join(", ")
}

impl ContentView {
    /// Writes it for people: `names` are those of parties.
    pub(crate) fn of(
        content: &GuidanceContent,
        names: &BTreeMap<String, String>,
        _links: &Links,
    ) -> ContentView {
        let name = |party: &String| match names.get(party) {
            Some(name) => format!("{name} ({party})"),
            None => party.clone(),
        };
        match content {
            GuidanceContent::StandingAssessment(of) => ContentView {
                facts: vec![
                    ("Risk", show::capital(of.risk().name()), false),
                    ("To be reviewed by", show::day(of.review_by), false),
                    ("What follows", of.summary.clone(), true),
                ],
                tables: vec![ContentTable {
                    caption: "Each criterion by itself".to_owned(),
                    columns: vec!["Criterion", "Risk", "Evidence", "What lessens it"],
                    rows: of
                        .weighed
                        .iter()
                        .map(|(criterion, weighed)| {
                            vec![
                                show::capital(criterion.name()),
                                show::capital(weighed.risk.name()),
                                weighed.evidence.clone(),
                                weighed.mitigation.clone().unwrap_or_default(),
                            ]
                        })
                        .collect(),
                }],
            },
            GuidanceContent::Denial(of) => ContentView {
                facts: vec![
                    ("Notified by", of.notified_by.clone(), false),
                    ("Its number", of.reference.clone(), false),
                    ("Refused on", show::day(of.denied_on), false),
                    ("Confirmed again on", of.renewed_on.map(show::day).unwrap_or_default(), false),
                    ("Counts until", show::day(of.until()), false),
                    ("Destination", of.destination.clone(), false),
                    ("End user, as notified", of.end_user.clone(), false),
                    ("Party of the register", of.party.as_ref().map(name).unwrap_or_default(), false),
                    ("Control-list entry", of.category.clone().unwrap_or_default(), false),
                    (
                        "Criteria",
                        of.criteria.iter().map(|one| one.name()).collect::<Vec<_>>().join("; "),
                        true,
                    ),
                    ("Goods", of.goods.clone(), true),
                    ("Grounds, as notified", of.grounds.clone(), true),
                ],
                tables: Vec::new(),
            },
            GuidanceContent::Quota(of) => ContentView {
                facts: vec![
                    ("Destination", of.destination.clone(), false),
                    ("Control-list entry", of.category.clone().unwrap_or_else(|| "all".to_owned()), false),
                    ("At most", of.limit.words(), false),
                    ("From", show::day(of.from), false),
                    ("Until", show::day(of.until), false),
                    ("On what ground", of.basis.clone(), true),
                ],
                tables: Vec::new(),
            },
            GuidanceContent::Agency(of) => of_agency(of, name(&of.party)),
            GuidanceContent::Routing(of) => of_routing(of, names),
            GuidanceContent::ControlList(of) => of_control_list(of),
            GuidanceContent::Recognition(of) => ContentView {
                facts: vec![("State", of.state.clone(), false)],
                tables: vec![ContentTable {
                    caption: "Stretches of days; a day in none of them is not known, and holds".to_owned(),
                    columns: vec!["From", "Until", "Government", "Which", "Shown by"],
                    rows: of
                        .stretches
                        .iter()
                        .map(|one| {
                            vec![
                                show::day(one.from),
                                one.until.map(show::day).unwrap_or_default(),
                                show::capital(one.status.name()),
                                one.government.clone(),
                                one.source.clone(),
                            ]
                        })
                        .collect(),
                }],
            },
            GuidanceContent::Indicator(of) => {
                let shown = of.figures.len().min(MOST);
                ContentView {
                    facts: vec![
                        ("Publisher", of.publisher.clone(), false),
                        ("A high value", show::capital(of.direction.name()), false),
                        ("Figures", of.figures.len().to_string(), false),
                    ],
                    tables: vec![ContentTable {
                        caption: match shown < of.figures.len() {
                            true => format!("The first {shown} figures; all of them stand in the export"),
                            false => "All figures".to_owned(),
                        },
                        columns: vec!["State", "Year", "Value"],
                        rows: of
                            .figures
                            .iter()
                            .take(shown)
                            .map(|figure| {
                                vec![figure.state.clone(), figure.year.to_string(), figure.value.clone()]
                            })
                            .collect(),
                    }],
                }
            }
        }
    }
}

fn of_control_list(of: &ControlList) -> ContentView {
    let shown = of.entries.len().min(MOST);
    let row =
        |one: &ControlEntry| vec![one.entry.clone(), one.title.clone(), one.text.clone().unwrap_or_default()];
    ContentView {
        facts: vec![
            ("Publisher", of.publisher.clone(), false),
            ("Applies from", show::day(of.applies_from), false),
            ("Entries", of.entries.len().to_string(), false),
        ],
        tables: vec![ContentTable {
            caption: match shown < of.entries.len() {
                true => format!("The first {shown} entries; all of them stand in the export"),
                false => "All entries".to_owned(),
            },
            columns: vec!["Entry", "Title", "Text"],
            rows: of.entries.iter().take(shown).map(row).collect(),
        }],
    }
}

fn of_agency(of: &Agency, name: String) -> ContentView {
    let days = show::counted(i64::from(of.answer_days), "working day", "working days");
    let confirms = if of.confirms { "A second person of it" } else { "Nobody: what one person says counts" };
    let holidays = of.calendar.holidays.iter();
    ContentView {
        facts: vec![
            ("Agency", name, false),
            ("Answers within", days, false),
            ("Opinions are confirmed by", confirms.to_owned(), false),
            ("Days of the week without work", week(&of.calendar.weekend), false),
            ("Holidays are on file up to", show::day(of.calendar.covers_until), false),
        ],
        tables: vec![ContentTable {
            caption: "Holidays".to_owned(),
            columns: vec!["Day", "Holiday"],
            rows: holidays.map(|(day, name)| vec![show::day(*day), name.clone()]).collect(),
        }],
    }
}

/// When a rule speaks, in words.
fn when(when: &When) -> String {
    let mut parts = Vec::new();
    let mut part = |what: &str, words: Vec<&str>| {
        if !words.is_empty() {
            parts.push(format!("{what} {}", words.join(" or ")));
        }
    };
    part("kind", when.kinds.iter().map(|one| one.name()).collect());
    part("destination", when.destinations.iter().map(String::as_str).collect());
    part("touches", when.touches.iter().map(String::as_str).collect());
    part("entry", when.categories.iter().map(String::as_str).collect());
    part("with a", when.roles.iter().map(|one| one.name()).collect());
    part("purpose", when.purposes.iter().map(|one| one.name()).collect());
    if let Some(from) = when.value_from {
        parts.push(format!("worth {from} or more, or in another currency"));
    }
    match parts.is_empty() {
        true => "Always".to_owned(),
        false => show::capital(&parts.join("; ")),
    }
}

fn case(case: &RoutedCase) -> String {
    let touches = match case.touches.is_empty() {
        true => String::new(),
        false => format!(" by way of {}", listed(&case.touches)),
    };
    let roles: Vec<&str> = case.roles.iter().map(|role| role.name()).collect();
    let roles = if roles.is_empty() { String::new() } else { format!(", with {}", roles.join(", ")) };
    show::capital(&format!(
        "{} of {} to {}{touches} for {}, {}{roles}",
        case.kind.name(),
        listed(&case.categories),
        case.destination,
        case.purpose.name(),
        case.value
    ))
}

fn of_routing(of: &Routing, names: &BTreeMap<String, String>) -> ContentView {
    let agencies = |agencies: &std::collections::BTreeSet<String>| {
        let named = agencies.iter().map(|agency| names.get(agency).unwrap_or(agency).clone());
        named.collect::<Vec<_>>().join(", ")
    };
    ContentView {
        facts: vec![
            ("Rules", of.rules.len().to_string(), false),
            ("Tests, all of which pass", of.tests.len().to_string(), false),
        ],
        tables: vec![
            ContentTable {
                caption: "Rules: each that speaks adds its agencies and flags".to_owned(),
                columns: vec!["Rule", "When", "Agencies", "Flags"],
                rows: of
                    .rules
                    .iter()
                    .map(|rule| {
                        let title = format!("{}: {}", rule.id, rule.title);
                        vec![title, when(&rule.when), agencies(&rule.agencies), listed(&rule.flags)]
                    })
                    .collect(),
            },
            ContentTable {
                caption: "Tests".to_owned(),
                columns: vec!["Test", "Case", "Agencies", "Flags"],
                rows: of
                    .tests
                    .iter()
                    .map(|test| {
                        let title = test.title.clone();
                        vec![title, case(&test.case), agencies(&test.agencies), listed(&test.flags)]
                    })
                    .collect(),
            },
        ],
    }
}

/// What an edition says, as rows.
#[derive(Default)]
pub(crate) struct OfContent {
    pub(crate) columns: &'static [&'static str],
    pub(crate) rows: Vec<Vec<Out>>,
}

impl OfContent {
    pub(crate) fn of(content: &GuidanceContent) -> OfContent {
        match content {
            GuidanceContent::StandingAssessment(of) => OfContent {
                columns: &["criterion", "risk", "evidence", "mitigation"],
                rows: of
                    .weighed
                    .iter()
                    .map(|(criterion, weighed)| {
                        let mitigation = weighed.mitigation.clone().unwrap_or_default();
                        vec![
                            text(criterion.word()),
                            text(weighed.risk.word()),
                            text(&weighed.evidence),
                            text(mitigation),
                        ]
                    })
                    .collect(),
            },
            GuidanceContent::Indicator(of) => OfContent {
                columns: &["state", "year", "value"],
                rows: of
                    .figures
                    .iter()
                    .map(|one| vec![text(&one.state), Out::Whole(i64::from(one.year)), text(&one.value)])
                    .collect(),
            },
            GuidanceContent::Recognition(of) => OfContent {
                columns: &["state", "from", "until", "status", "government", "source"],
                rows: of
                    .stretches
                    .iter()
                    .map(|one| {
                        vec![
                            text(&of.state),
                            Out::Date(one.from),
                            one.until.map_or(Out::Empty, Out::Date),
                            text(one.status.word()),
                            text(&one.government),
                            text(&one.source),
                        ]
                    })
                    .collect(),
            },
            GuidanceContent::ControlList(of) => OfContent {
                columns: &["entry", "title", "text"],
                rows: of
                    .entries
                    .iter()
                    .map(|one| {
                        vec![text(&one.entry), text(&one.title), text(one.text.clone().unwrap_or_default())]
                    })
                    .collect(),
            },
            GuidanceContent::Agency(of) => OfContent {
                columns: &["day", "holiday"],
                rows: of
                    .calendar
                    .holidays
                    .iter()
                    .map(|(day, name)| vec![Out::Date(*day), text(name)])
                    .collect(),
            },
            GuidanceContent::Routing(of) => OfContent {
                columns: &["rule", "title", "when", "agencies", "flags"],
                rows: of
                    .rules
                    .iter()
                    .map(|rule| {
                        vec![
                            text(&rule.id),
                            text(&rule.title),
                            text(when(&rule.when)),
                            text(listed(&rule.agencies)),
                            text(listed(&rule.flags)),
                        ]
                    })
                    .collect(),
            },
            GuidanceContent::Denial(of) => OfContent {
                columns: &["notified_by", "reference", "denied_on", "destination", "end_user", "goods"],
                rows: vec![vec![
                    text(&of.notified_by),
                    text(&of.reference),
                    Out::Date(of.denied_on),
                    text(&of.destination),
                    text(&of.end_user),
                    text(&of.goods),
                ]],
            },
            GuidanceContent::Quota(of) => OfContent {
                columns: &["destination", "category", "from", "until", "limit"],
                rows: vec![vec![
                    text(&of.destination),
                    text(of.category.clone().unwrap_or_default()),
                    Out::Date(of.from),
                    Out::Date(of.until),
                    text(of.limit.words()),
                ]],
            },
        }
    }
}
