//! Embargo rules: what is in force, what waits for a second person, and one question judged by them.

pub(crate) mod policy;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::embargo::{Edition, EditionCommand, Finding, NewRuleFile, OpenTerm, Rule, RuleFile};
use entente_register::ledger::{Fallible, Refusal, SubjectKind};
use entente_store::reader::{EmbargoRules, RuleFileView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::change::{Change, Headers, ReceiptObject};
use crate::api::json::{Asked, Json, View};
use crate::api::object::HistoryObject;
use crate::app::App;
use crate::embargo::{ALL_THAT_STANDS, Answered, Asked as Question, bodies_first, day_of};
use crate::error::Answer;
use crate::session::Caller;

/// Days ahead for which terms are given where nobody says otherwise.
const WITHIN: u32 = 90;

/// An edition of a rule file.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "EmbargoEdition")]
pub(crate) struct EmbargoEditionObject {
    /// Its number within the file's editions.
    number: u32,
    /// `proposed`, `in_force`, `rejected`, `withdrawn` or `replaced`.
    state: &'static str,
    /// Name of the file as it was given.
    file: String,
    /// SHA-256 of the text.
    content: String,
    /// Identifiers of its rules.
    rules: BTreeSet<String>,
    /// The account that proposed it.
    proposed_by: String,
    /// When.
    #[schema(format = Date)]
    proposed_on: String,
    /// Why.
    reason: Option<String>,
    /// The account that confirmed, rejected or withdrew it.
    decided_by: Option<String>,
    /// When.
    #[schema(format = Date)]
    decided_on: Option<String>,
    /// Why, where there was more to say.
    decided_because: Option<String>,
    /// The whole text; of a file by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

impl EmbargoEditionObject {
    fn of(edition: &Edition, with_text: bool) -> EmbargoEditionObject {
        let decision = edition.decision.as_ref();
        let proposed = &edition.proposed;
        EmbargoEditionObject {
            number: edition.number,
            state: edition.state,
            file: proposed.file.clone(),
            content: proposed.content.clone(),
            rules: proposed.rules.clone(),
            proposed_by: edition.proposal.by.clone(),
            proposed_on: edition.proposal.on.to_string(),
            reason: edition.proposal.reason.clone(),
            decided_by: decision.map(|act| act.by.clone()),
            decided_on: decision.map(|act| act.on.to_string()),
            decided_because: decision.and_then(|act| act.reason.clone()),
            text: with_text.then(|| proposed.text.clone()),
        }
    }
}

/// A rule file: of a body or of a regime.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleFileRowObject {
    /// Identifier of the body or regime.
    id: String,
    /// `body` or `regime`.
    kind: &'static str,
    /// The body whose measures these are.
    body: String,
    /// The edition in force; none where none was confirmed.
    in_force: Option<EmbargoEditionObject>,
    /// The edition that waits for a second person.
    waiting: Option<EmbargoEditionObject>,
}

impl RuleFileRowObject {
    fn of(file: &RuleFile) -> RuleFileRowObject {
        RuleFileRowObject {
            id: file.id.clone(),
            kind: file.kind.word(),
            body: file.body.clone(),
            in_force: file.in_force.as_ref().map(|edition| EmbargoEditionObject::of(edition, false)),
            waiting: file.waiting().map(|edition| EmbargoEditionObject::of(edition, false)),
        }
    }
}

/// A term that is over, or ends soon.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "EmbargoTerm")]
pub(crate) struct EmbargoTermObject {
    rule: String,
    regime: String,
    /// As it is cited.
    citation: String,
    /// The last day for which it was decided.
    #[schema(format = Date)]
    last_day: String,
    /// Whether it is over: the rule applies as on that day, and renewal is to be confirmed.
    over: bool,
    /// What holds once it is over: `confirm` or `ends`.
    after: &'static str,
}

impl EmbargoTermObject {
    fn of(term: OpenTerm) -> EmbargoTermObject {
        EmbargoTermObject {
            rule: term.rule,
            regime: term.regime,
            citation: term.citation,
            last_day: term.last_day.to_string(),
            over: term.over,
            after: term.after.word(),
        }
    }
}

/// What is in force, and what waits.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "EmbargoStatus")]
pub(crate) struct EmbargoStatusObject {
    /// Bodies and regimes, bodies first.
    files: Vec<RuleFileRowObject>,
    /// Bodies whose measures bind.
    binding: Vec<String>,
    /// Whether measures bind that some states only claim to be in force.
    claims_bind: bool,
    /// Whether arms that a measure leaves out by its items are held for the national order.
    hold_beyond_scope: bool,
    /// Regimes that a binding body names and of which nothing is in force: while there is one, every question is held.
    missing: BTreeSet<String>,
    /// Terms that are over, or end within 90 days of the day.
    terms: Vec<EmbargoTermObject>,
}

impl EmbargoStatusObject {
    fn of(mut held: EmbargoRules, terms: Vec<OpenTerm>) -> EmbargoStatusObject {
        bodies_first(&mut held.files);
        EmbargoStatusObject {
            missing: held.missing_regimes().map(str::to_owned).collect(),
            files: held.files.iter().map(RuleFileRowObject::of).collect(),
            binding: held.policy.binding().map(str::to_owned).collect(),
            claims_bind: held.policy.claims_bind,
            hold_beyond_scope: held.policy.hold_beyond_scope,
            terms: terms.into_iter().map(EmbargoTermObject::of).collect(),
        }
    }
}

/// Embargo rules: the files, whose measures bind, and terms that are over or end soon.
#[utoipa::path(get, path = "/embargo", tag = "embargo", params(View), responses((status = 200, description = "What is in force by what was known, and what waits", body = EmbargoStatusObject)))]
pub(crate) async fn embargo_status(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let reader = caller.reader(&app, &asked.view).await?;
    let held = reader.embargo_rules().await?;
    let terms = reader.open_terms(&held.rules, WITHIN);
    asked.answer(&EmbargoStatusObject::of(held, terms))
}

/// A rule in force.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "EmbargoRule")]
pub(crate) struct EmbargoRuleObject {
    /// `in_force`, `confirm_renewal`, `confirm_end`, `ended` or `not_yet` on the day.
    standing: &'static str,
    /// The rule as it was known, with its times, target, items and exceptions.
    #[schema(value_type = Object)]
    rule: Rule,
}

impl EmbargoRuleObject {
    fn of(rule: &Rule, day: entente_register::embargo::Span) -> EmbargoRuleObject {
        let standing = rule.timing_within(day, ALL_THAT_STANDS).word();
        EmbargoRuleObject { standing, rule: rule.clone() }
    }
}

/// A rule file by itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "RuleFile")]
pub(crate) struct RuleFileObject {
    #[serde(flatten)]
    row: RuleFileRowObject,
    /// The rules of the edition in force, with how each stands on the day.
    rules: Vec<EmbargoRuleObject>,
    /// All editions, the latest first, each with its text.
    editions: Vec<EmbargoEditionObject>,
    /// What has happened to it.
    history: Vec<HistoryObject>,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
}

impl RuleFileObject {
    fn of(view: RuleFileView, rules: Vec<EmbargoRuleObject>) -> RuleFileObject {
        let subject = SubjectKind::Embargo.subject(&view.file.id).to_string();
        RuleFileObject {
            row: RuleFileRowObject::of(&view.file),
            rules,
            editions: view.editions.iter().map(|edition| EmbargoEditionObject::of(edition, true)).collect(),
            history: HistoryObject::all(view.history, &subject),
            version: view.version,
        }
    }
}

/// A body or regime: its rules, its editions with their texts, and what has happened to it.
#[utoipa::path(get, path = "/embargo/{id}", tag = "embargo", params(("id" = String, Path, description = "Identifier of the body or regime", example = "iran"), View), responses((status = 200, description = "The rule file", body = RuleFileObject)))]
pub(crate) async fn read_rule_file(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let reader = caller.reader(&app, &asked.view).await?;
    let view = reader.rule_file(&id).await?;
    let rules = reader.embargo_rules().await?.rules;
    let day = day_of("as_of", reader.as_of())?;
    let own = rules.rules.iter().filter(|rule| rule.regime == id);
    let rules = own.map(|rule| EmbargoRuleObject::of(rule, day)).collect();
    asked.answer(&RuleFileObject::of(view, rules))
}

/// A reason to hold that is no rule's.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "EmbargoHold")]
pub(crate) struct EmbargoHoldObject {
    /// `no_rules`, `regime_missing`, `not_covered`, `no_origin` or `beyond_scope`.
    code: &'static str,
    why: String,
    /// What would settle it.
    missing: String,
}

/// A question judged.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "EmbargoAnswer")]
pub(crate) struct EmbargoAnswerObject {
    /// `pass`, `vigilance`, `notify`, `approve`, `hold` or `blocked`: the gravest of what binds.
    outcome: &'static str,
    /// Reasons to hold that are no rule's.
    holds: Vec<EmbargoHoldObject>,
    /// What each rule says that bears on it: its bearing, outcome, citation, exception, dispute and certainty.
    #[schema(value_type = Vec<Object>)]
    findings: Vec<Finding>,
    /// What is missing, once each.
    missing: BTreeSet<String>,
    /// What else is to be known.
    notes: Vec<String>,
    /// What must be recorded before anyone decides.
    to_record: Vec<String>,
    /// The first instant of the gravest answer of the day.
    #[schema(format = DateTime)]
    at: String,
    /// Bodies whose measures bind.
    binding: Vec<String>,
    /// The editions on which it rests.
    editions: Vec<RuleFileRowObject>,
    /// Files of which an edition waits for a second person, and does not bind.
    waiting: Vec<String>,
}

impl EmbargoAnswerObject {
    fn of(answered: Answered) -> EmbargoAnswerObject {
        let editions = answered.files().map(RuleFileRowObject::of).collect();
        let missing = answered.judgement.missing();
        let Answered { question, judgement, held, .. } = answered;
        let holds = judgement.holds.into_iter();
        EmbargoAnswerObject {
            outcome: judgement.outcome.word(),
            holds: holds
                .map(|hold| EmbargoHoldObject { code: hold.code, why: hold.why, missing: hold.missing })
                .collect(),
            findings: judgement.findings,
            missing,
            notes: judgement.notes,
            to_record: judgement.to_record,
            at: question.at.to_string(),
            binding: held.policy.binding().map(str::to_owned).collect(),
            editions,
            waiting: held.waiting().map(|file| file.id.clone()).collect(),
        }
    }
}

/// The names of what is asked.
const NAMES: [&str; 14] = [
    "to",
    "from",
    "item",
    "part",
    "entries",
    "non_lethal",
    "end_user",
    "mission",
    "listed_by",
    "activity",
    "area",
    "outside",
    "purpose",
    "authorised",
];

/// `true`, `false`, or nobody has said.
fn either(asked: &Asked, name: &'static str) -> Fallible<Option<bool>> {
    match asked.other(name)? {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(other) => Err(Refusal::new("parameter.unknown", format!("{name} cannot be {other:?}."))
            .field(name)
            .missing("true or false, or nothing where nobody has said")),
    }
}

fn question(asked: &Asked) -> Fallible<Question> {
    let given = |name: &str| asked.other(name).map(|value| value.map(str::to_owned));
    let several = |name: &str| -> Fallible<Vec<String>> {
        let text = asked.other(name)?.unwrap_or_default();
        Ok(text.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect())
    };
    Ok(Question {
        to: given("to")?.unwrap_or_default(),
        from: given("from")?,
        item: given("item")?.unwrap_or_default(),
        part: either(asked, "part")?.unwrap_or(false),
        entries: several("entries")?,
        non_lethal: either(asked, "non_lethal")?,
        end_user: given("end_user")?.unwrap_or_default(),
        mission: given("mission")?,
        listed_by: given("listed_by")?,
        activity: given("activity")?.unwrap_or_default(),
        area: given("area")?,
        outside: several("outside")?,
        purpose: given("purpose")?,
        authorised: either(asked, "authorised")?,
    })
}

/// Judges a transfer by the rules in force, on the day of `as_of`, by what was known at `known_at`.
#[utoipa::path(get, path = "/embargo-check", tag = "embargo", params(View, ("to" = String, Query, description = "The state that the goods go to", example = "SSD"), ("item" = String, Query, description = "Class of the goods: a category of the UN Register, `small-arms`, `other-arms`, `dual-use`, `uncontrolled` or `unknown`", example = "II"), ("from" = Option<String>, Query, description = "The state that they leave, where it is not one's own"), ("part" = Option<bool>, Query, description = "They are a part of such an item"), ("entries" = Option<String>, Query, description = "Entries of control lists, with commas between"), ("non_lethal" = Option<bool>, Query, description = "Whether they are non-lethal; not known if absent"), ("end_user" = Option<String>, Query, description = "`government`, `armed_group`, `private`, `listed`, `mission` or `unknown`"), ("mission" = Option<String>, Query, description = "The mission, where the end user is one"), ("listed_by" = Option<String>, Query, description = "The regime on whose list the end user stands"), ("activity" = Option<String>, Query, description = "`supply`, `brokering`, `training`, `finance` or `transit`"), ("area" = Option<String>, Query, description = "The area of destination"), ("outside" = Option<String>, Query, description = "Areas that they do not go to, with commas between"), ("purpose" = Option<String>, Query, description = "What they are for"), ("authorised" = Option<bool>, Query, description = "Whether the government of the destination has authorised it")), responses((status = 200, description = "The gravest answer of the day", body = EmbargoAnswerObject)))]
pub(crate) async fn check_embargo(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&NAMES)?;
    let question = question(&asked)?;
    let reader = caller.reader(&app, &asked.view).await?;
    let answered = Answered::by(&reader, &question, day_of("as_of", reader.as_of())?).await?;
    asked.answer(&EmbargoAnswerObject::of(answered))
}

/// An edition to propose.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposeRules {
    /// Name of the file, for people and for faults.
    file: String,
    /// The whole text, TOML: one `[[body]]` alone, or one `[[regime]]` with its rules.
    text: String,
    /// Why: the resolution that changed something, or what became of a term.
    reason: String,
}

/// Proposes an edition of a rule file. It binds once another person confirms it.
#[utoipa::path(post, path = "/embargo/{id}/propose", tag = "embargo", params(("id" = String, Path, description = "Identifier of the body or regime"), Headers), request_body = ProposeRules, responses((status = 200, description = "Proposed", body = ReceiptObject)))]
pub(crate) async fn propose_rules(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    change: Change,
    Json(body): Json<ProposeRules>,
) -> Answer {
    let ProposeRules { file, text, reason } = body;
    let command = EditionCommand::Propose(NewRuleFile { file, text, reason });
    change.carry_out(&app, Command::Embargo { id, command }).await
}

/// What a person says of an edition that waits.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecideRules {
    /// `confirm` or `reject` what another person proposed, or `withdraw` what one proposed oneself.
    act: String,
    /// Of `confirm`: SHA-256 of the text that was read; another one that waits is refused.
    #[serde(default)]
    content: Option<String>,
    /// Why; of `confirm`, where there is more to say than was proposed.
    #[serde(default)]
    reason: Option<String>,
}

fn no_act(act: &str) -> Refusal {
    Refusal::new("embargo.act", format!("{act:?} is nothing that is done about what waits."))
        .field("act")
        .missing("confirm, reject or withdraw")
}

/// Decides about an edition that waits. Two people bring one into force: one proposes it, another confirms.
#[utoipa::path(post, path = "/embargo/{id}/decide", tag = "embargo", params(("id" = String, Path, description = "Identifier of the body or regime"), Headers), request_body = DecideRules, responses((status = 200, description = "Decided", body = ReceiptObject)))]
pub(crate) async fn decide_rules(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    change: Change,
    Json(body): Json<DecideRules>,
) -> Answer {
    // A reason that is not there is refused by the rule as an empty one.
    let reason = body.reason.clone().unwrap_or_default();
    let command = match body.act.as_str() {
        "confirm" => EditionCommand::Confirm { content: body.content, reason: body.reason },
        "reject" => EditionCommand::Reject { reason },
        "withdraw" => EditionCommand::Withdraw { reason },
        other => return Err(no_act(other).into()),
    };
    change.carry_out(&app, Command::Embargo { id, command }).await
}
