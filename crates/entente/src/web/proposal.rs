//! What becomes of a plan between draft and approval: who answered what, and the forms that take it further.

use axum::extract::Path;
use axum::response::Response;
use entente_register::access::{Actor, CommandKind, may_command};
use entente_register::command::Command;
use entente_register::contract::plan::{
    MACHINE, PlanAnswer, PlanCommand, PlanPlace, PlanVersion, answers_for_own,
};
use entente_register::contract::stability::{Course, Step};
use entente_register::document::Document;
use entente_register::ledger::{Fallible, Refusal, SubjectKind, parse_date};
use entente_register::money::Currency;
use entente_store::reader::{MakerRow, PlanView};
use serde::Deserialize;

use super::frame::Choice;
use super::history::Paper;
use super::plan::version_page;
use super::show;
use super::sign_in::Fault;
use super::visit::Visit;
use super::way::Way;
use crate::error::{Answer, Failure};
use crate::parameters::ViewParameters;
use crate::session::SignedForm;

/// Longest list of items in the form of an objection: more than any manufacturer would type.
const LONGEST_LIST: usize = 20_000;

/// What a manufacturer makes of a version, and what it answered.
#[derive(Debug, Clone)]
pub(crate) struct MakerCells {
    pub(crate) name: String,
    /// Empty where no manufacturer is named.
    pub(crate) number: String,
    pub(crate) items: String,
    pub(crate) amount: String,
    /// `Agreed`, `Objected`, `Not answered` or that none is open to the reader; empty of a version that was not proposed.
    pub(crate) answer: &'static str,
    pub(crate) on: String,
    pub(crate) paper: Option<Paper>,
    pub(crate) reason: String,
    /// What it objects to: the name of the line and day, and the way to the line.
    pub(crate) objects_to: Vec<(String, String)>,
}

/// The stability from one version to another.
#[derive(Debug, Clone)]
pub(crate) struct StepCells {
    pub(crate) name: String,
    /// The way to the comparison of the two, which opens it.
    pub(crate) href: String,
    /// Empty where neither plans anything.
    pub(crate) share: String,
    pub(crate) kept: String,
    pub(crate) earlier: String,
    pub(crate) later: String,
}

/// The stability of a year's plan.
#[derive(Debug, Clone)]
pub(crate) struct CourseCells {
    pub(crate) steps: Vec<StepCells>,
    pub(crate) whole: StepCells,
}

/// The forms that take a version further, as far as the person may and the version stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Forms {
    pub(crate) action: String,
    pub(crate) csrf: String,
    pub(crate) may_propose: bool,
    /// The manufacturers that may be answered for; none where nothing may be answered.
    pub(crate) answering: Vec<Choice>,
    pub(crate) may_return: bool,
    pub(crate) may_approve: bool,
    /// Whether an approval goes over a manufacturer that has not agreed.
    pub(crate) goes_over: bool,
    /// What was typed, where it was refused.
    pub(crate) typed: PlanForm,
}

impl Forms {
    /// Whether there is any.
    pub(crate) fn any(&self) -> bool {
        self.may_propose || !self.answering.is_empty() || self.may_return || self.may_approve
    }

    /// What was typed into a field of a step; the day is today if none was.
    pub(crate) fn value(&self, step: &str, field: &str) -> &str {
        let typed = &self.typed;
        if typed.step != step {
            return if field == "on" { &typed.today } else { "" };
        }
        match field {
            "on" => &typed.on,
            "title" => &typed.title,
            "dated" => &typed.dated,
            "items" => &typed.items,
            _ => &typed.reason,
        }
    }
}

/// What a form of a version sends: a step, and what it takes.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct PlanForm {
    step: String,
    on: String,
    #[serde(default)]
    manufacturer: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    dated: String,
    #[serde(default)]
    items: String,
    #[serde(default)]
    reason: String,
    /// The register's own day, for a form in which nothing was typed.
    #[serde(skip)]
    today: String,
}

impl PlanForm {
    fn command(&self) -> Fallible<PlanCommand> {
        let on = parse_date("on", self.on.trim())?;
        let manufacturer = || self.manufacturer.trim().to_owned();
        let reason = || self.reason.trim().to_owned();
        match self.step.as_str() {
            "propose" => Ok(PlanCommand::Propose { on, document: self.paper()? }),
            "agree" => Ok(PlanCommand::Agree { manufacturer: manufacturer(), on, document: self.needed()? }),
            "object" => Ok(PlanCommand::Object {
                manufacturer: manufacturer(),
                items: self.places()?,
                on,
                document: self.paper()?,
                reason: reason(),
            }),
            "return" => Ok(PlanCommand::Return { on, reason: reason() }),
            "approve" => Ok(PlanCommand::Approve {
                on,
                document: self.needed()?,
                reason: Some(reason()).filter(|reason| !reason.is_empty()),
            }),
            _ => Err(Refusal::new("plan.step", "It is not said what is to be done with the plan.")
                .field("step")
                .missing("one of propose, agree, object, return, approve")),
        }
    }

    /// The paper, if one is named.
    fn paper(&self) -> Fallible<Option<Document>> {
        let (title, dated) = (self.title.trim(), self.dated.trim());
        if title.is_empty() && dated.is_empty() {
            return Ok(None);
        }
        let dated = parse_date("document.dated", dated)?;
        Ok(Some(Document { title: title.to_owned(), dated, content: None }))
    }

    fn needed(&self) -> Fallible<Document> {
        self.paper()?.ok_or_else(|| {
            Refusal::new("document.title", "No document is named.")
                .field("document")
                .missing("the title of the document and its date")
        })
    }

    /// One item to a line of the field.
    fn places(&self) -> Fallible<Vec<PlanPlace>> {
        if self.items.len() > LONGEST_LIST {
            return Err(Refusal::new("plan.place", "The list of items is too long.")
                .field("items")
                .missing("no items, which means all, or fewer of them"));
        }
        self.items.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::parse).collect()
    }

    /// The identifier of the field that a refusal is about.
    fn field(&self, refusal: &Refusal) -> &'static str {
        let about = match refusal.field.as_deref() {
            Some("document" | "document.title") => 1,
            Some("document.dated") => 2,
            Some("reason") => 3,
            Some("items") => 4,
            Some("manufacturer") => 5,
            _ => 0,
        };
        let of: [&'static str; 6] = match self.step.as_str() {
            "agree" => ["agree-on", "agree-title", "agree-dated", "agree-on", "agree-on", "agree-maker"],
            "object" => {
                ["object-on", "object-title", "object-dated", "object-reason", "object-items", "object-maker"]
            }
            "return" => ["return-on", "return-on", "return-on", "return-reason", "return-on", "return-on"],
            "approve" => {
                ["approve-on", "approve-title", "approve-dated", "approve-reason", "approve-on", "approve-on"]
            }
            _ => ["propose-on", "propose-title", "propose-dated", "propose-on", "propose-on", "propose-on"],
        };
        of[about]
    }
}

/// `POST /plans/{version}`: takes a version a step further, and shows it as it is then.
pub(super) async fn step(
    visit: Visit,
    Path(version): Path<String>,
    SignedForm { signed, form }: SignedForm<PlanForm>,
) -> Answer<Response> {
    let version: PlanVersion = version.parse()?;
    let done = async {
        let command = Command::Plan { version: Some(version), command: form.command()? };
        Ok::<_, Failure>(visit.app.store.execute(signed.actor(), command).await?)
    };
    let Err(failure) = done.await else {
        // Whatever view the page was read in, what was done is of today.
        let today = ViewParameters { as_of: Some(visit.app.store.today()), known_at: None, ..visit.view };
        return Err(Failure::Elsewhere(Way::of(&today).to(&format!("/plans/{version}"))));
    };
    let Some(field) = failure.refusal().map(|refusal| form.field(refusal)) else { return Err(failure) };
    let Some(fault) = Fault::of(&failure, field) else { return Err(failure) };
    let page = version_page(&visit, version, Some((fault, form))).await?;
    super::refused_page(&page, &failure)
}

/// The forms of a version for a person.
pub(super) fn forms(
    plan: &PlanView,
    actor: &Actor,
    (action, csrf, today): (String, String, String),
    typed: Option<PlanForm>,
) -> Forms {
    let may = |kind| may_command(actor, kind).is_ok();
    let (is_draft, is_proposed) = (plan.row.state == MACHINE.initial, plan.row.state == "proposed");
    let typed = PlanForm { today, ..typed.unwrap_or_default() };
    let asked = plan.makers.iter().filter_map(|maker| Some((maker.number.as_ref()?, maker)));
    let answering = asked
        .clone()
        .filter(|(number, _)| {
            is_proposed
                && may(CommandKind::PlanAgree)
                && (!answers_for_own(actor) || actor.party.as_ref() == Some(*number))
        })
        .map(|(number, maker)| Choice {
            value: number.clone(),
            name: maker.name.clone().unwrap_or_else(|| number.clone()),
            chosen: typed.manufacturer == *number,
        })
        .collect();
    let has_agreed = |maker: &MakerRow| maker.answer.as_ref().is_some_and(|a| a.answer == PlanAnswer::Agreed);
    Forms {
        action,
        csrf,
        may_propose: is_draft && plan.row.items > 0 && may(CommandKind::PlanPropose),
        answering,
        may_return: is_proposed && may(CommandKind::PlanReturn),
        may_approve: (is_draft || is_proposed) && plan.row.items > 0 && may(CommandKind::PlanApprove),
        goes_over: is_proposed && asked.clone().any(|(_, maker)| !has_agreed(maker)),
        typed,
    }
}

/// Writes who makes what for people. An answer bears its own marking: whoever may not see all is told that none is open
/// to him, never that there is none.
pub(super) fn makers(plan: &PlanView, sees_all: bool, way: &Way) -> Vec<MakerCells> {
    let (currency, key) = (plan.row.amount.currency, plan.row.version.key());
    plan.makers
        .iter()
        .map(|maker| {
            let number = maker.number.clone().unwrap_or_default();
            let answer = maker.answer.as_ref();
            let named = maker.name.clone().or_else(|| maker.number.clone());
            MakerCells {
                name: named.unwrap_or_else(|| "No manufacturer is named".to_owned()),
                items: show::count(maker.items),
                amount: show::exact(maker.amount, currency),
                answer: match (answer.map(|answer| answer.answer), plan.proposed_on) {
                    (Some(PlanAnswer::Agreed), _) => "Agreed",
                    (Some(PlanAnswer::Objected), _) => "Objected",
                    (None, Some(_)) if !number.is_empty() && sees_all => "Not answered",
                    (None, Some(_)) if !number.is_empty() => "No answer is open to you",
                    (None, _) => "",
                },
                on: answer.map(|answer| show::day(answer.on)).unwrap_or_default(),
                paper: answer
                    .and_then(|answer| answer.document.as_ref())
                    .map(|document| Paper::of(document, SubjectKind::Plan, &key, way)),
                reason: answer.and_then(|answer| answer.reason.clone()).unwrap_or_default(),
                objects_to: answer
                    .iter()
                    .flat_map(|answer| &answer.items)
                    .map(|place| {
                        let name = format!("{}, {}", place.line, show::day(place.planned_on));
                        (name, way.to(&format!("/lines/{}", place.line)))
                    })
                    .collect(),
                number,
            }
        })
        .collect()
}

/// Writes the stability of a year's plan for people; none where there are fewer than two approved versions.
pub(super) fn course(course: &Course, currency: Currency, way: &Way) -> Option<CourseCells> {
    let step = |step: &Step| StepCells {
        name: format!("From version {} to version {}", step.from.version, step.to.version),
        href: way.with(&format!("/plans/{}/compare", step.from), &[("with", &step.to.to_string())]),
        share: step.stability.share().map(|share| show::percent(share.percent())).unwrap_or_default(),
        kept: show::exact(step.stability.kept, currency),
        earlier: show::exact(step.stability.earlier, currency),
        later: show::exact(step.stability.later, currency),
    };
    let whole = course.whole.as_ref()?;
    Some(CourseCells { steps: course.steps.iter().map(step).collect(), whole: step(whole) })
}
