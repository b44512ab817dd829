//! What a record says.

use jiff::civil::{Date, Time};
use serde::{Serialize, Serializer};

use crate::Form;

/// A record of a session as it was published.
///
/// In JSON the first sixteen members are what programs rely on; those after them say more of the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// The number by which the site knows it.
    pub id: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// What stands at its head, before the transcript.
    pub lead: Option<String>,
    /// The day of the event, where it took place.
    pub date: Option<Date>,
    /// The hour of the event, where it took place, to the minute.
    #[serde(serialize_with = "minutes")]
    pub time: Option<Time>,
    /// Where it took place, as printed.
    pub place: Option<String>,
    /// The body that met, by its own name where an alias is known, otherwise as printed.
    pub body: Option<String>,
    /// What was said and what stands between, in order.
    pub blocks: Vec<Block>,
    /// Labels of speakers as printed, each once, in order of their first appearance.
    pub speakers: Vec<String>,
    /// How many photographs belong to it, by the page's own count where it gives one.
    pub photos: Option<u32>,
    /// Topics under which it is filed.
    pub topics: Vec<String>,
    /// Places and states under which it is filed.
    pub geography: Vec<String>,
    /// Persons under whom it is filed. Those linked in the text alone are [`Record::mentions`].
    pub persons: Vec<String>,
    /// Sections of the site in which it was published.
    pub sections: Vec<String>,
    /// The day of publication.
    pub publication_date: Option<Date>,
    /// The permanent address, as printed.
    pub direct_link: Option<String>,
    /// Other pages that it points to in cards.
    pub see_also: Vec<SeeAlso>,

    /// In which form it was read.
    pub form: Form,
    /// Its language, as the page says it (BCP 47), or by the month’s name where there is none.
    pub language: Option<String>,
    /// The body’s name as printed in the title, or else among the sections.
    pub body_as_printed: Option<String>,
    /// The hour of publication, to the minute.
    #[serde(serialize_with = "minutes")]
    pub publication_time: Option<Time>,
    /// The day of the last change, where the page says it.
    pub updated_date: Option<Date>,
    /// The hour of the last change, to the minute.
    #[serde(serialize_with = "minutes")]
    pub updated_time: Option<Time>,
    /// Labels that are of one speaker, as far as the labels themselves say so.
    pub people: Vec<Person>,
    /// What can be told of the photographs, each once, in order.
    pub photographs: Vec<Photograph>,
    /// How many persons more it is filed under, whom it does not name.
    pub persons_unnamed: u32,
    /// Persons linked in the text, in order of their first appearance.
    pub mentions: Vec<Mention>,
    /// What is not given, in words: the member, a colon, and why it is empty or not whole.
    pub missing: Vec<String>,
}

impl Record {
    /// A record of which nothing is known.
    pub(crate) fn empty(form: Form) -> Record {
        Record {
            id: None,
            title: None,
            lead: None,
            date: None,
            time: None,
            place: None,
            body: None,
            blocks: Vec::new(),
            speakers: Vec::new(),
            photos: None,
            topics: Vec::new(),
            geography: Vec::new(),
            persons: Vec::new(),
            sections: Vec::new(),
            publication_date: None,
            direct_link: None,
            see_also: Vec::new(),
            form,
            language: None,
            body_as_printed: None,
            publication_time: None,
            updated_date: None,
            updated_time: None,
            people: Vec::new(),
            photographs: Vec::new(),
            persons_unnamed: 0,
            mentions: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// Says of all that is empty that it is missing, before what was said of single members.
    pub(crate) fn say_missing(&mut self) {
        let absent = [
            ("id", self.id.is_none(), "no number of the record is given"),
            ("title", self.title.is_none(), "no title is given"),
            ("lead", self.lead.is_none(), "nothing stands at the head of the text"),
            ("date", self.date.is_none(), "no day is given that can be read"),
            ("time", self.time.is_none(), "no hour is given that can be read"),
            ("place", self.place.is_none(), "no place is given"),
            ("body", self.body.is_none(), "neither title nor sections name a body that met"),
            ("blocks", self.blocks.is_empty(), "there is no text"),
            ("speakers", self.speakers.is_empty(), "no speaker is printed: there is no transcript"),
            ("photos", self.photos.is_none(), "photographs are not counted"),
            ("topics", self.topics.is_empty(), "it is filed under none"),
            ("geography", self.geography.is_empty(), "it is filed under none"),
            ("persons", self.persons.is_empty() && self.persons_unnamed == 0, "it is filed under none"),
            ("sections", self.sections.is_empty(), "none is given"),
            ("publication_date", self.publication_date.is_none(), "no day is given that can be read"),
            ("direct_link", self.direct_link.is_none(), "none is given"),
        ];
        let mut missing: Vec<String> = absent
            .into_iter()
            .filter(|(_, absent, _)| *absent)
            .map(|(member, _, why)| format!("{member}: {why}"))
            .collect();
        if self.persons_unnamed > 0 {
            missing.push(format!("persons: {} more, who are not named", self.persons_unnamed));
        }
        missing.append(&mut self.missing);
        self.missing = missing;
    }
}

/// One paragraph of a record, or what stands in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Block {
    /// What it is.
    pub kind: Kind,
    /// Of a speech, its label as printed at its opening, without the colon; otherwise none.
    pub label: Option<String>,
    /// What it says. White space is single, an elision always reads `<…>`, and the paragraphs of a quote stand on lines.
    pub text: String,
    /// A speech: whether it goes on with the one before, under the label printed there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub continues: bool,
    /// What stands between label and colon, as `(retranslated)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Said by the speaker of the label.
    Speech,
    /// Written, and said by nobody: what stands before the transcript or after it.
    Paragraph,
    /// A remark between speeches, or a dividing line (`* * *`).
    Note,
    /// A part that was left out.
    Elision,
    /// A pull quote: a copy of words near by, no words more.
    Quote,
    /// A heading between paragraphs.
    Heading,
}

impl Kind {
    /// Its name, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Speech => "speech",
            Kind::Paragraph => "paragraph",
            Kind::Note => "note",
            Kind::Elision => "elision",
            Kind::Quote => "quote",
            Kind::Heading => "heading",
        }
    }
}

/// A page that the record points to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeeAlso {
    /// What it is called.
    pub title: String,
    /// Where it leads, as it stands in the page.
    pub link: Option<String>,
    /// Its day.
    pub date: Option<Date>,
}

/// A photograph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Photograph {
    /// Its number, from 1.
    pub number: u32,
    /// What is written beneath.
    pub caption: Option<String>,
    /// Where it is kept, as it stands in the page.
    pub source: Option<String>,
}

/// A speaker with the labels under which they speak.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The shortest label: the name, where a label without the post is printed.
    pub name: String,
    /// The labels, in order of appearance.
    pub labels: Vec<String>,
}

/// A person linked in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mention {
    /// As the text says it.
    pub printed: String,
    /// As the site files it, family name first.
    pub name: Option<String>,
    /// The post that the site gives.
    pub post: Option<String>,
}

/// A time as `HH:MM`.
#[allow(clippy::ref_option, reason = "the signature that serde asks for")]
fn minutes<S: Serializer>(time: &Option<Time>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        None => serializer.serialize_none(),
        Some(time) => serializer.collect_str(&time.strftime("%H:%M")),
    }
}
