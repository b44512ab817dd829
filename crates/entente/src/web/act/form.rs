//! The page of a form, drawn from the description of its act.

use std::collections::BTreeMap;

use askama::Template;
use entente_register::ledger::Refusal;

use super::Act;
use super::field::{Field, Kind};
use super::filled::{Filled, MOST_ROWS};
use super::standing::Standing;
use crate::web::frame::{Choice, Frame};
use crate::web::show;

/// What was refused, above the form and beside its field.
#[derive(Debug, Clone)]
pub(crate) struct Slip {
    pub(crate) message: String,
    pub(crate) missing: String,
    /// Identifier of the field on the page; that of the form where it is about no field.
    pub(crate) field: String,
}

/// A field as it is drawn.
#[derive(Debug, Clone)]
pub(crate) struct FieldCells {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) hint: String,
    /// `date`, `text`, `decimal`, `long`, `choice` or `file`.
    pub(crate) kind: &'static str,
    pub(crate) most: usize,
    pub(crate) required: bool,
    pub(crate) value: String,
    pub(crate) choices: Vec<Choice>,
    /// Whether parties of the register are suggested for it.
    pub(crate) is_party: bool,
    /// Identifiers of what describes it; empty where nothing does.
    pub(crate) described: String,
    pub(crate) slip: Option<Slip>,
}

/// Fields that belong together.
#[derive(Debug, Clone)]
pub(crate) struct GroupCells {
    /// Empty where they are the form's own.
    pub(crate) legend: String,
    pub(crate) hint: String,
    pub(crate) rows: bool,
    pub(crate) fields: Vec<FieldCells>,
}

/// Everything on the page.
#[derive(Debug, Clone)]
pub(crate) struct ActView {
    pub(crate) name: &'static str,
    pub(crate) lede: &'static str,
    pub(crate) facts: Vec<(&'static str, String)>,
    /// Where the form is sent.
    pub(crate) action: String,
    pub(crate) csrf: String,
    /// The version that is seen.
    pub(crate) seen: u32,
    /// The key by which it is carried out once.
    pub(crate) once: String,
    pub(crate) groups: Vec<GroupCells>,
    /// Parties that are suggested where one is named: number and name.
    pub(crate) parties: Vec<(String, String)>,
    /// What fields started with, by the names under which the form says so: by these it is told what its sender changed.
    pub(crate) was: Vec<(String, String)>,
    /// Whether there can be more rows.
    pub(crate) more: bool,
    /// The page that it was reached from, and its name.
    pub(crate) back: String,
    pub(crate) back_name: String,
}

#[derive(Template)]
#[template(path = "act/page.html")]
pub(crate) struct ActPage {
    pub(crate) frame: Frame,
    pub(crate) view: ActView,
    pub(crate) slip: Option<Slip>,
}

/// Identifier of a field on the page.
fn id(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// What rules name otherwise than forms do: what belongs together by its whole, or a part by itself.
const KNOWN_AS: [(&str, &str); 11] = [
    ("parties", "exporter"),
    ("credit", "credit.share"),
    ("years", "credit.years"),
    ("delay", "number"),
    ("days", "due_days"),
    ("delivery", "due_after"),
    ("line", "due_after"),
    ("milestone", "due_after"),
    ("rate", "rate_pct"),
    ("cap", "cap_pct"),
    // The form itself says by this name which version was seen.
    ("seen", "serials"),
];

/// A refusal beside the field that it names; at the form as a whole where it names none of it.
pub(super) fn slip(act: &Act, refusal: &Refusal) -> Slip {
    let named = refusal.field.as_deref().unwrap_or_default();
    let known = KNOWN_AS.iter().find(|(own, _)| *own == named).map(|(_, field)| *field);
    let field = [Some(named), known].into_iter().flatten().find_map(|named| place(act, named, refusal.code));
    Slip {
        message: refusal.message.clone(),
        missing: refusal.missing.clone().unwrap_or_default(),
        field: id(&field.unwrap_or_else(|| "act".to_owned())),
    }
}

/// The field of the form that a name means.
fn place(act: &Act, named: &str, code: &str) -> Option<String> {
    let own = |field: &Field| match field.kind {
        Kind::Paper => match (named, code) {
            ("document.title" | "document.dated", _) => Some(named.to_owned()),
            (
                "document" | "document.content",
                "document.media_type" | "document.empty" | "document.too_large" | "body.too_large",
            ) => Some("document.file".to_owned()),
            ("document" | "document.content", _) => Some("document.title".to_owned()),
            _ => None,
        },
        Kind::Each(_, fields) => {
            let rest = named.strip_prefix(field.name).filter(|rest| !rest.is_empty())?;
            if fields.iter().any(|one| rest.ends_with(&format!(".{}", one.name))) {
                return Some(named.to_owned());
            }
            // The rule names the one as a whole, and by its code the part that is wanting.
            let part = code.rsplit('.').next().unwrap_or_default();
            let part = fields.iter().find(|one| one.name == part).or(fields.first())?;
            Some(format!("{named}.{}", part.name))
        }
        Kind::Rows(fields) => {
            let part = named.strip_prefix(field.name).and_then(|rest| rest.split_once("]."));
            if part.is_some_and(|(_, part)| fields.iter().any(|field| field.name == part)) {
                return Some(named.to_owned());
            }
            // The rule looks at all rows together, or at one as a whole, and says in words what it means.
            let row = match named.strip_prefix(field.name)? {
                "" => "[0]",
                row if row.starts_with('[') && row.ends_with(']') => row,
                _ => return None,
            };
            fields.first().map(|first| format!("{}{row}.{}", field.name, first.name))
        }
        _ => (field.name == named).then(|| named.to_owned()),
    };
    act.fields.iter().find_map(own)
}

/// What the fields of an act start with, by their names.
pub(super) fn started(act: &Act, at: &Standing) -> Vec<(String, String)> {
    let mut started = Vec::new();
    for field in act.fields {
        started.extend(field.value.map(|value| (field.name.to_owned(), value(at))));
        started.extend(field.filled.map(|filled| filled(at)).unwrap_or_default());
    }
    started
}

/// Of what the fields of a form are drawn.
struct Drawing<'a> {
    at: &'a Standing,
    filled: Option<&'a Filled>,
    slip: Option<&'a Slip>,
    started: BTreeMap<String, String>,
}

/// The fields of an act, with what was filled in or what they start with; of rows, so many more than are filled in.
pub(super) fn groups(
    act: &Act,
    at: &Standing,
    filled: Option<&Filled>,
    slip: Option<&Slip>,
    more: usize,
) -> Vec<GroupCells> {
    let drawing = Drawing { at, filled, slip, started: started(act, at).into_iter().collect() };
    let own = |legend: &str, hint: &str, rows: bool| GroupCells {
        legend: legend.to_owned(),
        hint: hint.to_owned(),
        rows,
        fields: Vec::new(),
    };
    let mut groups = vec![own("", "", false)];
    for field in act.fields {
        match field.kind {
            Kind::Paper => {
                let fields = paper(field, &drawing);
                groups.push(GroupCells { fields, ..own(field.label, field.hint, false) });
                groups.push(own("", "", false));
            }
            Kind::Rows(fields) => {
                for place in 0..drawing.rows(field.name, more) {
                    let cells = fields.iter().map(|one| {
                        let name = format!("{}[{place}].{}", field.name, one.name);
                        // A row that nothing stands in is none; one that something stands in is checked once sent.
                        let one = Field { required: false, ..*one };
                        cells(&name, &one, &drawing)
                    });
                    let legend = format!("{} {}", field.label, place + 1);
                    groups.push(GroupCells { fields: cells.collect(), ..own(&legend, field.hint, true) });
                }
                groups.push(own("", "", false));
            }
            Kind::Each(each, fields) => {
                for (key, legend) in each(at) {
                    let name = |one: &Field| format!("{}{key}.{}", field.name, one.name);
                    let cells = fields.iter().map(|one| cells(&name(one), one, &drawing));
                    groups.push(GroupCells { fields: cells.collect(), ..own(&legend, field.hint, true) });
                }
                groups.push(own("", "", false));
            }
            _ => {
                let cells = cells(field.name, field, &drawing);
                if let Some(group) = groups.last_mut() {
                    group.fields.push(cells);
                }
            }
        }
    }
    groups.retain(|group| !group.fields.is_empty());
    groups
}

impl Drawing<'_> {
    /// How many rows a field has: so many more than are filled in.
    fn rows(&self, name: &str, more: usize) -> usize {
        let last = match self.filled {
            Some(filled) => filled.rows(name).last().copied(),
            None => {
                let mut started = Filled::default();
                self.started.iter().for_each(|(name, value)| started.add(name, value));
                started.rows(name).last().copied()
            }
        };
        (last.map_or(0, |place| place + 1) + more).min(MOST_ROWS)
    }
}

fn cells(name: &str, field: &Field, drawing: &Drawing<'_>) -> FieldCells {
    let &Drawing { at, filled, slip, .. } = drawing;
    let started = drawing.started.get(name).cloned();
    let value = match filled {
        Some(filled) => filled.get(name).to_owned(),
        // A part of something that was started has no start of its own; any other field has its own.
        None => match (&started, field.value) {
            (Some(started), _) => started.clone(),
            (None, Some(value)) => value(at),
            (None, None) => String::new(),
        },
    };
    let choices = match field.kind {
        Kind::Choice(words) => {
            words.iter().map(|(word, name)| ((*word).to_owned(), (*name).to_owned())).collect()
        }
        Kind::From(choices) => choices(at),
        _ => Vec::new(),
    };
    let (kind, most) = match field.kind {
        // As text where it was typed wrong: a field for dates would not show what was typed.
        Kind::Day if value.is_empty() || value.parse::<jiff::civil::Date>().is_ok() => ("date", 0),
        Kind::Day => ("text", 10),
        Kind::Text(most) | Kind::Party(most) => ("text", most),
        Kind::Decimal => ("decimal", 40),
        Kind::Long => ("long", 1000),
        Kind::Prose(most) => ("long", most),
        Kind::Whole(most) => ("whole", most),
        Kind::Choice(_) | Kind::From(_) => ("choice", 0),
        Kind::Paper | Kind::Rows(_) | Kind::Each(..) => ("text", 200),
    };
    let mut drawn = FieldCells {
        is_party: matches!(field.kind, Kind::Party(_)),
        id: id(name),
        name: name.to_owned(),
        label: field.label.to_owned(),
        hint: field.hint.to_owned(),
        kind,
        most,
        required: field.required,
        choices: chosen(
            choices,
            &value,
            ("", if field.required || name.contains('[') { "Choose" } else { "None" }),
        ),
        value,
        described: String::new(),
        slip: None,
    };
    if let Some(filled) = filled {
        let now = started.unwrap_or_default();
        if filled.was_before(name, &now).is_some() && drawn.value != now {
            let said = match now.as_str() {
                "" => "nothing".to_owned(),
                _ if kind == "whole" => "another text".to_owned(),
                now => format!("“{now}”"),
            };
            drawn.hint = format!("{} The register now has {said} here.", drawn.hint).trim().to_owned();
        }
    }
    drawn.slip = slip.filter(|slip| slip.field == drawn.id).cloned();
    drawn.described = described(&drawn);
    drawn
}

fn described(field: &FieldCells) -> String {
    let parts = [(field.slip.is_some(), "slip"), (!field.hint.is_empty(), "hint")];
    let parts = parts.iter().filter(|(is, _)| *is).map(|(_, part)| format!("{}-{part}", field.id));
    parts.collect::<Vec<_>>().join(" ")
}

fn chosen(choices: Vec<(String, String)>, value: &str, none: (&str, &str)) -> Vec<Choice> {
    if choices.is_empty() {
        return Vec::new();
    }
    std::iter::once((none.0.to_owned(), none.1.to_owned()))
        .chain(choices)
        .map(|(own, name)| Choice { chosen: own == value, value: own, name })
        .collect()
}

/// The paper behind an act: what it is and its date; and its file, or one that is there, or neither.
fn paper(field: &Field, drawing: &Drawing<'_>) -> Vec<FieldCells> {
    let &Drawing { at, filled, .. } = drawing;
    let part = |part: Field| cells(part.name, &part, drawing);
    let mut there: Vec<(String, String)> = at
        .papers
        .iter()
        .filter_map(|one| Some((one.content.clone()?, format!("{}, {}", one.title, show::day(one.dated)))))
        .collect();
    // A file that was sent with a form that was refused is kept, and need not be sent again.
    if let Some(filled) = filled
        && let Some(content) = filled.given("document.content")
        && !there.iter().any(|(own, _)| *own == content)
    {
        let name = filled.given("document.name").unwrap_or_else(|| content.chars().take(16).collect());
        there.insert(0, (content, format!("{name}, sent before")));
    }
    // Of a paper that may be left out, the date may not, once it is named.
    let dated = |own: &Field| match Field::day("document.dated", "Its date") {
        date if own.required => date,
        date => date.hint("Needed where the paper is named."),
    };
    let required = |field: Field, own: &Field| Field { required: own.required, ..field };
    let mut parts = vec![
        part(required(Field::text("document.title", "What it is", 200), field)),
        part(required(dated(field), field)),
    ];
    let mut file = part(
        Field::text("document.file", "Its file", 0)
            .optional()
            .hint("PDF, image, office document, XML, CSV or plain text, at most 20 MiB. None where the paper is held elsewhere."),
    );
    file.kind = "file";
    parts.push(file);
    if !there.is_empty() {
        let mut content =
            part(Field::choice("document.content", "Or a document that the register holds", &[]).optional());
        content.choices = chosen(there, &content.value, ("", "None"));
        parts.push(content);
    }
    parts
}
