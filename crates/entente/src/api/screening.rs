//! Lists of those under measures, cases, and how a party is screened.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal, SubjectKind};
use entente_register::screening::{CaseCommand, EditionInForce, Held, ListCommand, ListPolicy, MACHINE};
use entente_store::reader::{CaseFilter, CaseRow, CaseView, ListRow, ListView, Listing, PartyScreening};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::change::{Change, Headers, ReceiptObject};
use super::json::{Asked, Json, List, Rows, View};
use super::object::HistoryObject;
use crate::app::App;
use crate::error::Answer;
use crate::screener::{ENGINE, threshold};
use crate::session::Caller;

/// Why a list clears nobody.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldObject {
    /// `missing`, `undated`, `stale` or `not_screened`.
    code: &'static str,
    /// In words: which list, why, and what to do.
    reason: String,
}

impl HeldObject {
    fn of(held: Held) -> HeldObject {
        HeldObject { code: held.code, reason: held.reason }
    }
}

/// An edition of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EditionObject {
    /// The hash of its bytes, SHA-256.
    edition: String,
    /// In which form it was read.
    form: String,
    /// How many entries it has.
    entries: u32,
    /// The date that the publisher gave it.
    #[schema(format = Date)]
    dated: Option<String>,
    /// The last day of which it is known that it was the publisher's latest.
    #[schema(format = Date)]
    current_on: Option<String>,
    /// From where it came.
    source: String,
    /// When it came into force.
    #[schema(format = Date)]
    loaded_on: String,
    /// The account that loaded it.
    loaded_by: String,
}

impl EditionObject {
    fn of(edition: EditionInForce) -> EditionObject {
        EditionObject {
            edition: edition.content().to_owned(),
            loaded_on: edition.loaded_on.to_string(),
            loaded_by: edition.loaded_by,
            form: edition.loaded.form,
            entries: edition.loaded.entries,
            dated: edition.loaded.dated.map(|day| day.to_string()),
            current_on: edition.loaded.current_on.map(|day| day.to_string()),
            source: edition.loaded.source,
        }
    }
}

/// A list as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListRowObject {
    /// Its name.
    name: String,
    /// `binding` or `advisory`.
    standing: &'static str,
    /// Days for which an edition may be relied on.
    max_age_days: u32,
    /// Whether the policy was set, or is the default.
    policy_set: bool,
    /// The edition in force.
    edition: Option<EditionObject>,
    /// Up to which entry of the ledger the parties were compared with it.
    screened_through: Option<i64>,
    /// Why it clears nobody; none where it may be relied on.
    held: Option<HeldObject>,
}

impl ListRowObject {
    fn of(row: ListRow) -> ListRowObject {
        let ListRow { list, held } = row;
        ListRowObject {
            standing: list.policy.standing.word(),
            max_age_days: list.policy.max_age_days,
            policy_set: list.policy_set.is_some(),
            screened_through: list.screened_through(ENGINE, threshold()),
            edition: list.edition.map(EditionObject::of),
            held: held.map(HeldObject::of),
            name: list.name,
        }
    }
}

/// A list with its editions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "ScreeningList")]
pub(crate) struct ListObject {
    #[serde(flatten)]
    row: ListRowObject,
    /// All editions, the latest first.
    editions: Vec<EditionObject>,
    /// What has happened to it, the latest first.
    history: Vec<HistoryObject>,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
}

impl ListObject {
    fn of(view: ListView) -> ListObject {
        let subject = SubjectKind::List.subject(&view.row.list.name).to_string();
        ListObject {
            row: ListRowObject::of(view.row),
            editions: view.editions.into_iter().map(|row| EditionObject::of(row.edition)).collect(),
            history: HistoryObject::all(view.history.rows, &subject),
            version: view.version,
        }
    }
}

/// What raised or lowered a score.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HitReasonObject {
    /// Which: `name`, `birth_date`, `country`.
    feature: String,
    /// By how much, in ten-thousandths; of the name, the likeness itself.
    score: i32,
    /// In words.
    detail: String,
    /// The party's value.
    query: String,
    /// The entry's value.
    candidate: String,
}

/// A case in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseRowObject {
    /// Number.
    number: String,
    /// `open`, `clearance_proposed`, `cleared`, `confirmed`, `escalated`, `acknowledged` or `withdrawn`.
    state: &'static str,
    /// Whether nothing is asked of anybody any more.
    settled: bool,
    /// Number of the party.
    party: String,
    /// Its name.
    party_name: String,
    /// Name of the list.
    list: String,
    /// What a hit on the list asks for: `binding` or `advisory`.
    standing: &'static str,
    /// Identifier of the entry.
    entry: String,
    /// The entry's name for people.
    caption: String,
    /// How alike both are, in ten-thousandths.
    score: u32,
    /// Why, the name first.
    reasons: Vec<HitReasonObject>,
    /// The edition by which they were compared.
    edition: String,
    /// The engine by which they were compared.
    engine: String,
    /// When it was opened.
    #[schema(format = Date)]
    opened_on: String,
    /// Who proposed to clear it.
    proposed_by: Option<String>,
    /// Who decided last, the program itself where a run did.
    last_by: String,
    /// Why.
    last_reason: String,
    /// Marking.
    label: String,
}

impl CaseRowObject {
    fn of(row: CaseRow) -> CaseRowObject {
        let CaseRow { case, party_name, standing, settled } = row;
        CaseRowObject {
            state: case.state,
            settled,
            party_name,
            standing: standing.word(),
            caption: case.hit.caption,
            score: case.hit.score,
            reasons: case
                .hit
                .reasons
                .into_iter()
                .map(|reason| HitReasonObject {
                    feature: reason.feature,
                    score: reason.score,
                    detail: reason.detail,
                    query: reason.query,
                    candidate: reason.candidate,
                })
                .collect(),
            edition: case.hit.edition,
            engine: case.hit.engine,
            opened_on: case.opened_on.to_string(),
            proposed_by: case.proposed.map(|act| act.by),
            last_by: case.last.by,
            last_reason: case.last.reason,
            label: case.label.to_string(),
            party: case.party,
            list: case.list,
            entry: case.entry,
            number: case.number,
        }
    }
}

/// A case with what has happened to it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Case")]
pub(crate) struct CaseObject {
    #[serde(flatten)]
    row: CaseRowObject,
    /// What has happened to it, the latest last.
    history: Vec<HistoryObject>,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
}

impl CaseObject {
    fn of(view: CaseView) -> CaseObject {
        let subject = SubjectKind::Case.subject(&view.row.case.number).to_string();
        CaseObject {
            row: CaseRowObject::of(view.row),
            history: HistoryObject::all(view.history, &subject),
            version: view.version,
        }
    }
}

/// How a party stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "PartyScreening")]
pub(crate) struct PartyScreeningObject {
    /// Number of the party.
    party: String,
    /// Its name.
    name: String,
    /// Whether every list could be asked, and nothing is asked of anybody.
    clear: bool,
    /// Why nothing clears it, list by list.
    held: Vec<HeldObject>,
    /// Its cases, those of which something is asked first.
    cases: Vec<CaseRowObject>,
}

impl PartyScreeningObject {
    fn of(screening: PartyScreening) -> PartyScreeningObject {
        PartyScreeningObject {
            clear: screening.is_clear(),
            party: screening.party.number,
            name: screening.party.name,
            held: screening.held.into_iter().map(HeldObject::of).collect(),
            cases: screening.cases.into_iter().map(CaseRowObject::of).collect(),
        }
    }
}

/// Lists of those under measures, by name: what is in force, and whether it may be relied on.
#[utoipa::path(get, path = "/lists", tag = "screening", params(View), responses((status = 200, description = "All lists", body = Vec<ListRowObject>)))]
pub(crate) async fn list_lists(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let lists = caller.reader(&app, &asked.view).await?.lists().await?;
    asked.answer(&lists.into_iter().map(ListRowObject::of).collect::<Vec<_>>())
}

/// A list with its editions and what has happened to it.
#[utoipa::path(get, path = "/lists/{name}", tag = "screening", params(("name" = String, Path, description = "Name of the list", example = "un"), View, Rows), responses((status = 200, description = "The list; offset and limit are of its history", body = ListObject)))]
pub(crate) async fn read_list(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let view = caller.reader(&app, &asked.view).await?.list(&name, asked.page).await?;
    asked.answer(&ListObject::of(view))
}

/// A policy to set.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetPolicy {
    /// `binding` or `advisory`.
    standing: String,
    /// Days for which an edition may be relied on.
    max_age_days: u32,
    /// Why.
    reason: String,
}

/// Sets what a list asks for, and how old its edition may be.
#[utoipa::path(post, path = "/lists/{name}/policy", tag = "screening", params(("name" = String, Path, description = "Name of the list"), Headers), request_body = SetPolicy, responses((status = 200, description = "Set", body = ReceiptObject)))]
pub(crate) async fn set_list_policy(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    change: Change,
    Json(body): Json<SetPolicy>,
) -> Answer {
    let policy = ListPolicy { standing: body.standing.parse()?, max_age_days: body.max_age_days };
    let command = ListCommand::SetPolicy { policy, reason: body.reason };
    change.carry_out(&app, Command::List { name, command }).await
}

/// The state of a filter.
fn check_state(state: &str) -> Fallible<String> {
    if MACHINE.states().contains(&state) {
        return Ok(state.to_owned());
    }
    Err(Refusal::new("parameter.unknown", format!("{state:?} is no state of a case."))
        .field("state")
        .missing(format!("one of {}, or waiting", MACHINE.states().join(", "))))
}

/// Cases, those of which something is asked and the best hits before the others.
#[utoipa::path(get, path = "/cases", tag = "screening", params(View, Rows, ("state" = Option<String>, Query, description = "Only this state; `waiting` for those of which something is still asked"), ("list" = Option<String>, Query, description = "Only of this list"), ("party" = Option<String>, Query, description = "Only of this party")), responses((status = 200, description = "A page of cases", body = List<CaseRowObject>)))]
pub(crate) async fn list_cases(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["state", "list", "party"])?;
    let state = asked.other("state")?;
    let filter = CaseFilter {
        waiting: state == Some("waiting"),
        state: state.filter(|state| *state != "waiting").map(check_state).transpose()?,
        list: asked.other("list")?.map(str::to_owned),
        party: asked.other("party")?.map(str::to_owned),
        ..CaseFilter::default()
    };
    let found = caller.reader(&app, &asked.view).await?.cases(&filter, asked.page).await?;
    let rows = found.rows.into_iter().map(CaseRowObject::of).collect();
    asked.list(Listing { rows, total: found.total, page: found.page })
}

/// A case with what has happened to it.
#[utoipa::path(get, path = "/cases/{number}", tag = "screening", params(("number" = String, Path, description = "Number of the case", example = "O-P0003.H1"), View), responses((status = 200, description = "The case", body = CaseObject)))]
pub(crate) async fn read_case(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let view = caller.reader(&app, &asked.view).await?.case(&number).await?;
    asked.answer(&CaseObject::of(view))
}

/// How a party stands: whether every list could be asked, and what is still asked of people.
#[utoipa::path(get, path = "/parties/{number}/screening", tag = "screening", params(("number" = String, Path, description = "Number of the party", example = "O-P0003"), View), responses((status = 200, description = "How the party stands", body = PartyScreeningObject)))]
pub(crate) async fn read_party_screening(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let reader = caller.reader(&app, &asked.view).await?;
    let screening = reader.party_screening(&number, ENGINE, threshold()).await?;
    asked.answer(&PartyScreeningObject::of(screening))
}

/// What a person does about a case.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecideCase {
    /// `propose` a clearance, `clear` or `refuse` what another person proposed, `confirm` that it is the listed party,
    /// `escalate`, `acknowledge` a hit on an advisory list, or `reopen`.
    act: String,
    /// Why; of `clear`, where there is more to say than was proposed.
    #[serde(default)]
    reason: Option<String>,
}

/// Decides about a case. A clearance takes two people: one proposes it, another clears.
#[utoipa::path(post, path = "/cases/{number}/decide", tag = "screening", params(("number" = String, Path, description = "Number of the case"), Headers), request_body = DecideCase, responses((status = 200, description = "Decided", body = ReceiptObject)))]
pub(crate) async fn decide_case(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<DecideCase>,
) -> Answer {
    // A reason that is not there is refused by the rule as an empty one.
    let reason = body.reason.clone().unwrap_or_default();
    let command = match body.act.as_str() {
        "propose" => CaseCommand::Propose { reason },
        "clear" => CaseCommand::Clear { reason: body.reason },
        "refuse" => CaseCommand::Refuse { reason },
        "confirm" => CaseCommand::Confirm { reason },
        "escalate" => CaseCommand::Escalate { reason },
        "acknowledge" => CaseCommand::Acknowledge { reason },
        "reopen" => CaseCommand::Reopen { reason },
        other => {
            return Err(Refusal::new("case.act", format!("{other:?} is nothing that is done about a case."))
                .field("act")
                .missing("propose, clear, refuse, confirm, escalate, acknowledge or reopen")
                .into());
        }
    };
    change.carry_out(&app, Command::Case { number, command }).await
}
