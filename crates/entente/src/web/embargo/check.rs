//! One question, answered rule by rule. The form is of the address, so that the answer is a link.

use askama::Template;
use entente_register::embargo::{Activity, Bearing, Class, Finding, Outcome, Purpose};
use entente_register::screening::marking;

use super::{list, words};
use crate::embargo::{Answered, Asked, END_USERS, day_of};
use crate::error::{Answer, Failure};
use crate::web::frame::{Choice, Frame, Part};
use crate::web::screening::{Place, tabs};
use crate::web::search::Tab;
use crate::web::show;
use crate::web::sign_in::Fault;
use crate::web::visit::{Visit, one_of};
use crate::web::way::Way;

/// What a rule says, for people.
#[derive(Debug, Clone)]
pub(crate) struct FindingCells {
    pub(crate) outcome: String,
    /// Empty where it binds; otherwise why it decides nothing.
    pub(crate) bearing: &'static str,
    pub(crate) why: String,
    pub(crate) rule: String,
    pub(crate) href: String,
    pub(crate) citation: String,
    /// What else there is to say: label and words.
    pub(crate) facts: Vec<(&'static str, String)>,
}

/// An answer for people.
#[derive(Debug, Clone)]
pub(crate) struct AnswerView {
    pub(crate) outcome: String,
    /// Whether nothing passes.
    pub(crate) grave: bool,
    pub(crate) means: &'static str,
    pub(crate) asked: Vec<(&'static str, String)>,
    /// Reasons to hold that are no rule’s, each with what is missing.
    pub(crate) holds: Vec<(String, String)>,
    pub(crate) findings: Vec<FindingCells>,
    pub(crate) notes: Vec<String>,
    pub(crate) to_record: Vec<String>,
    /// The editions on which it rests: identifier, address, and who confirmed it.
    pub(crate) editions: Vec<(String, String, String)>,
    /// Files of which an edition waits, and does not bind.
    pub(crate) waiting: String,
}

/// The form as it was filled in.
#[derive(Debug, Clone, Default)]
pub(crate) struct CheckForm {
    pub(crate) to: String,
    pub(crate) from: String,
    pub(crate) items: Vec<Choice>,
    pub(crate) parts: Vec<Choice>,
    pub(crate) entries: String,
    pub(crate) lethal: Vec<Choice>,
    pub(crate) end_users: Vec<Choice>,
    pub(crate) mission: String,
    pub(crate) listed_by: String,
    pub(crate) activities: Vec<Choice>,
    pub(crate) area: String,
    pub(crate) outside: String,
    pub(crate) purposes: Vec<Choice>,
    pub(crate) authorised: Vec<Choice>,
    pub(crate) as_of: String,
    pub(crate) hidden: Vec<(String, String)>,
    /// The same page with nothing filled in.
    pub(crate) clear: String,
}

#[derive(Template)]
#[template(path = "embargo/check.html")]
pub(crate) struct CheckPage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) form: CheckForm,
    pub(crate) answer: Option<AnswerView>,
    pub(crate) fault: Option<Fault>,
}

/// `GET /embargo-check`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let tabs = tabs(&visit, &reader, Place::Embargoes).await?;
    let form = form(&visit, &reader.as_of().to_string());
    let titled = |title: &str| visit.frame(Part::Screening, title, &reader).marked(Some(&marking()));
    if visit.parameter("to").is_none() && visit.parameter("item").is_none() {
        let frame = titled("Ask about a transfer");
        return crate::web::page(&CheckPage { frame, tabs, form, answer: None, fault: None });
    }
    let day = day_of("as_of", reader.as_of())?;
    let answered = match asked(&visit) {
        Ok(asked) => Answered::by(&reader, &asked, day).await.map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    let answered = match answered {
        Ok(answered) => answered,
        Err(failure) => {
            let Some(refusal) = failure.refusal().filter(|refusal| !refusal.code.starts_with("access."))
            else {
                return Err(failure);
            };
            let field = field_of(refusal.field.as_deref());
            let fault = Fault::of(&failure, field);
            let frame = titled("Error: ask about a transfer");
            return crate::web::refused_page(&CheckPage { frame, tabs, form, answer: None, fault }, &failure);
        }
    };
    let answer = view(&answered, &visit.way());
    let frame = titled(&format!("{}: to {}", answer.outcome, answered.question.to));
    crate::web::page(&CheckPage { frame, tabs, form, answer: Some(answer), fault: None })
}

/// The field of the form that a refusal is about.
fn field_of(field: Option<&str>) -> &'static str {
    const FIELDS: [&str; 9] =
        ["to", "from", "item", "end_user", "mission", "listed_by", "activity", "purpose", "authorised"];
    FIELDS.into_iter().find(|own| Some(*own) == field).unwrap_or("area")
}

/// Yes, no, or nobody has said.
fn either(visit: &Visit, name: &'static str) -> Answer<Option<bool>> {
    one_of(name, visit.parameter(name), &[("yes", Some(true)), ("no", Some(false))], None)
}

fn asked(visit: &Visit) -> Answer<Asked> {
    let given = |name: &str| visit.parameter(name).map(str::to_owned);
    let upper = |name: &str| given(name).map(|word| word.to_uppercase());
    Ok(Asked {
        to: upper("to").unwrap_or_default(),
        from: upper("from"),
        item: given("item").unwrap_or_default(),
        part: visit.parameter("part") == Some("yes"),
        entries: visit.parameter("entries").map(words).unwrap_or_default(),
        non_lethal: either(visit, "non_lethal")?,
        end_user: given("end_user").unwrap_or_default(),
        mission: given("mission"),
        listed_by: given("listed_by"),
        activity: given("activity").unwrap_or_default(),
        area: given("area"),
        outside: given("outside")
            .map(|text| text.split(',').map(|name| name.trim().to_owned()).collect())
            .unwrap_or_default(),
        purpose: given("purpose"),
        authorised: either(visit, "authorised")?,
    })
}

fn form(visit: &Visit, as_of: &str) -> CheckForm {
    let given = |name: &str| visit.parameter(name).unwrap_or_default().to_owned();
    let choices = |name: &str, words: &[(&str, String)]| -> Vec<Choice> {
        let chosen = given(name);
        let choice = |(value, name): &(&str, String)| Choice {
            value: (*value).to_owned(),
            name: name.clone(),
            chosen: *value == chosen,
        };
        words.iter().map(choice).collect()
    };
    let spoken = |word: &str| show::capital(&word.replace(['_', '-'], " "));
    let classes: Vec<(&str, String)> = Class::all().map(|class| (class.word(), class_name(class))).collect();
    let end_users: Vec<(&str, String)> = END_USERS.iter().rev().map(|word| (*word, spoken(word))).collect();
    let activities: Vec<(&str, String)> = Activity::WORDS.iter().map(|word| (*word, spoken(word))).collect();
    let mut purposes = vec![("", "Not said".to_owned())];
    purposes.extend(Purpose::WORDS.iter().map(|word| (*word, spoken(word))));
    let said = [("", "Not said"), ("yes", "Yes"), ("no", "No")].map(|(word, name)| (word, name.to_owned()));
    let part = [("", "The item itself"), ("yes", "A part of such an item")]
        .map(|(word, name)| (word, name.to_owned()));
    CheckForm {
        to: given("to"),
        from: given("from"),
        items: choices("item", &classes),
        parts: choices("part", &part),
        entries: given("entries"),
        lethal: choices("non_lethal", &said),
        end_users: choices("end_user", &end_users),
        mission: given("mission"),
        listed_by: given("listed_by"),
        activities: choices("activity", &activities),
        area: given("area"),
        outside: given("outside"),
        purposes: choices("purpose", &purposes),
        authorised: choices("authorised", &said),
        as_of: as_of.to_owned(),
        hidden: visit.hidden().into_iter().filter(|(name, _)| name != "as_of").collect(),
        clear: visit.way().to("/embargo-check"),
    }
}

/// The name of a class for people.
pub(in crate::web) fn class_name(class: Class) -> String {
    match class {
        Class::Unroca(category) => format!("UN Register, category {}", category.word()),
        other => show::capital(&other.word().replace('-', " ")),
    }
}

/// What an outcome means for whoever decides.
fn means(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "No measure that binds stands against it.",
        Outcome::Vigilance => "It passes only with a recorded consideration of what the measure calls for.",
        Outcome::Notify => "Someone is to be told first.",
        Outcome::Approve => "Someone is to approve first.",
        Outcome::Hold => "It cannot be told, and nothing passes until it can.",
        Outcome::Blocked => "A measure forbids it.",
    }
}

/// Writes it for people.
pub(crate) fn view(answered: &Answered, way: &Way) -> AnswerView {
    let Answered { question, judgement, held, known_at } = answered;
    let mut asked = vec![
        ("What", question.item.words()),
        ("Activity", show::capital(question.activity.word())),
        ("To", question.to.clone()),
    ];
    asked.extend(question.from.clone().map(|from| ("From", from)));
    asked.push(("End user", show::capital(&question.end_user.word().replace('_', " "))));
    asked.push(("At", show::instant(question.at)));
    asked.push(("As known at", show::instant(*known_at)));
    asked.push(("Binding", held.policy.binding().collect::<Vec<_>>().join(", ")));
    let edition = |file: &entente_register::embargo::RuleFile| {
        let edition = file.in_force.as_ref()?;
        let by = edition.decision.as_ref().map(super::told).unwrap_or_default();
        let words =
            format!("edition {}, proposed by {}, confirmed by {by}", edition.number, edition.proposal.by);
        Some((file.id.clone(), way.to(&format!("/embargo/{}", file.id)), words))
    };
    let waiting = held.waiting().map(|file| file.id.clone());
    AnswerView {
        outcome: show::capital(judgement.outcome.word()),
        grave: judgement.outcome >= Outcome::Hold,
        means: means(judgement.outcome),
        asked,
        holds: judgement.holds.iter().map(|hold| (hold.why.clone(), hold.missing.clone())).collect(),
        findings: judgement.findings.iter().map(|finding| finding_cells(finding, way)).collect(),
        notes: judgement.notes.clone(),
        to_record: judgement.to_record.clone(),
        editions: answered.files().filter_map(edition).collect(),
        waiting: list(&waiting.collect()),
    }
}

fn finding_cells(finding: &Finding, way: &Way) -> FindingCells {
    let mut facts = Vec::new();
    if let Some(opened) = &finding.opening {
        facts.push(("Exception", format!("{}: {} ({})", opened.kind.word(), opened.words, opened.citation)));
        facts.extend(opened.by.clone().map(|by| ("By", by)));
        if let Some(days) = opened.days {
            let working = if opened.working_days { "working day" } else { "day" };
            facts.push(("Days", show::counted(i64::from(days), working, &format!("{working}s"))));
        }
    }
    facts.extend(finding.missing.iter().map(|fact| ("Missing", fact.what.clone())));
    if let Some(last_day) = finding.confirm_renewal {
        facts.push((
            "Term",
            format!("ended on {}; renewal to be confirmed, applies as on that day", show::day(last_day)),
        ));
    }
    if !finding.disputed_by.is_empty() {
        facts.push(("Disputed", format!("by {}", list(&finding.disputed_by))));
    }
    if !finding.claimed_by.is_empty() {
        facts.push(("Claimed", format!("by {} alone", list(&finding.claimed_by))));
    }
    facts.extend(finding.otherwise.clone().map(|otherwise| ("Otherwise", otherwise)));
    if !finding.note.is_empty() {
        facts.push(("Note", finding.note.clone()));
    }
    facts.push(("Certainty", finding.certainty.word().to_owned()));
    facts.push(("Source", format!("{} (compared {})", finding.source, show::day(finding.verified_on))));
    FindingCells {
        outcome: show::capital(finding.outcome.word()),
        bearing: match finding.bearing {
            Bearing::Binding => "",
            Bearing::Advisory => "shown: its body does not bind by policy",
            Bearing::Claimed => "shown: some states alone claim that it is in force",
        },
        why: finding.why.clone(),
        rule: finding.rule.clone(),
        href: way.to(&format!("/embargo/{}", finding.regime)),
        citation: format!("{} {}", finding.body, finding.citation()),
        facts,
    }
}
