//! The files of partners and of parties.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::money::{Currency, Money};
use entente_store::reader::BookSums;
use serde::Serialize;
use utoipa::ToSchema;

use super::json::{Asked, View};
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// Contracts in one state.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StateSumObject {
    state: String,
    contracts: i64,
    /// The value of their lines, a decimal string.
    amount: String,
}

/// What contracts sum to, in one currency.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BookSumsObject {
    currency: &'static str,
    states: Vec<StateSumObject>,
    /// Lines under contracts signed and not ended that still owe something.
    open_lines: i64,
    /// Of these, those whose day has passed.
    overdue_lines: i64,
    /// The value that they still owe, a decimal string.
    owed: String,
    /// Other currencies in which there are contracts.
    other_currencies: Vec<&'static str>,
}

impl BookSumsObject {
    fn of(sums: &BookSums, currency: Currency) -> BookSumsObject {
        let decimal = |minor| Money::new(minor, currency).decimal();
        BookSumsObject {
            currency: currency.code(),
            states: sums
                .states
                .iter()
                .map(|one| StateSumObject {
                    state: one.state.clone(),
                    contracts: one.contracts,
                    amount: decimal(one.amount),
                })
                .collect(),
            open_lines: sums.open_lines,
            overdue_lines: sums.overdue_lines,
            owed: decimal(sums.owed),
            other_currencies: sums.other_currencies.iter().map(|one| one.code()).collect(),
        }
    }
}

/// Deliveries of a year.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct YearSumObject {
    year: i16,
    /// Delivered in it up to the day, a decimal string.
    amount: String,
    deliveries: i64,
}

/// A group of states.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupNameObject {
    code: String,
    name: String,
}

/// The file of a partner.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartnerFileObject {
    code: String,
    name: String,
    /// Groups of which it is a member on the day.
    groups: Vec<GroupNameObject>,
    sums: BookSumsObject,
    /// Deliveries by year; null for those who see their own business alone.
    years: Option<Vec<YearSumObject>>,
    marking: Option<String>,
}

/// Where we stand with a partner: contracts by state, what is owed, deliveries by year.
#[utoipa::path(get, path = "/partners/{code}", tag = "partners", params(("code" = String, Path, description = "Code of the partner", example = "BRA"), View), responses((status = 200, description = "The file", body = PartnerFileObject)))]
pub(crate) async fn read_partner(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let file = caller.reader(&app, &asked.view).await?.partner_file(&code, &asked.view.options()).await?;
    let years = file.years.as_ref().map(|years| {
        years
            .iter()
            .map(|one| YearSumObject {
                year: one.year,
                amount: Money::new(one.amount, file.currency).decimal(),
                deliveries: one.deliveries,
            })
            .collect()
    });
    asked.answer(&PartnerFileObject {
        sums: BookSumsObject::of(&file.sums, file.currency),
        years,
        marking: file.marking.as_ref().map(ToString::to_string),
        groups: file.groups.into_iter().map(|(code, name)| GroupNameObject { code, name }).collect(),
        code: file.code,
        name: file.name,
    })
}

/// In how many contracts a party stands in a role.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleSumObject {
    role: String,
    contracts: i64,
}

/// The file of a party.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartyFileObject {
    number: String,
    name: String,
    /// `state_authority`, `company` or `person`.
    kind: String,
    state: String,
    roles: Vec<RoleSumObject>,
    /// Of the contracts in which it stands; the open lines are those of the goods that it makes.
    sums: BookSumsObject,
    marking: Option<String>,
}

/// In which contracts a party stands, and what it still owes of what it makes.
#[utoipa::path(get, path = "/parties/{number}", tag = "partners", params(("number" = String, Path, description = "Number of the party", example = "O-P0001"), View), responses((status = 200, description = "The file", body = PartyFileObject)))]
pub(crate) async fn read_party(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let file = caller.reader(&app, &asked.view).await?.party_file(&number, &asked.view.options()).await?;
    asked.answer(&PartyFileObject {
        sums: BookSumsObject::of(&file.sums, file.currency),
        roles: file.roles.into_iter().map(|(role, contracts)| RoleSumObject { role, contracts }).collect(),
        marking: file.marking.as_ref().map(ToString::to_string),
        number: file.number,
        name: file.name,
        kind: file.kind,
        state: file.state,
    })
}
