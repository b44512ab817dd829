//! Transfers: what is applied for, what is known against it, who decides, and what is then drawn down.
//!
//! An application is for one transfer with its lines. Before anyone decides, [`check`] gathers what stands against it:
//! screening, embargo rules, the end user. A decision is proposed by one person and countersigned by another; an edit in
//! between voids it. What is granted is a [`licence`], of which every shipment is written off exactly.
//!
//! | module | what |
//! |---|---|
//! | [`content`] | what is applied for: kind, parties by role, lines, route, end use |
//! | [`check`] | the automatic checks as a table: what was looked at, what came of it, by which source and edition |
//! | [`question`] | what is asked of the embargo rules about each line |
//! | [`opinion`] | what agencies say of each line, and what follows where they disagree |
//! | [`application`] | the application through its states, and what may be done about it |
//! | [`licence`] | what was granted: validity, conditions, quantities and values, and the write-offs against them; by when each delivery is verified |
//! | [`certificate`] | what the state that receives undertakes, whether it is authentic, and that it is used once |
//! | [`specimen`] | who may sign certificates for an authority, from when until when |
//! | [`inspection`] | what was seen of the goods afterwards, and what follows where something is missing |
//! | [`reexport`] | whether what was delivered may be passed on: what binds, how much is left, and consent by two people |
//! | [`ledger`] | the events of both, with what of them is seen by whom |
//! | [`guidance`] | what it is weighed by besides: standing assessments, denials of others, quotas, agencies and routing |
//! | [`red_flag`] | what of an application is to be looked at twice |
//! | [`link`] | the line of a contract, licence, certificate, delivery, verification and inspection as one graph, and the breaks in it |
//! | [`notice`] | what of all this wants somebody’s attention, by kind |
//! | [`notification`] | what other states may be told of what was refused |
//! | [`annual`] | what a year’s licences and write-offs come to, for those to whom a state reports |
//! | [`audit`] | what stands against a decision that was taken, judged again |

pub mod annual;
pub mod application;
pub mod audit;
pub mod certificate;
pub mod check;
pub mod classify;
pub mod content;
pub mod guidance;
pub mod inspection;
pub mod ledger;
pub mod licence;
pub mod link;
pub mod notice;
pub mod notification;
pub mod opinion;
pub mod precedent;
pub mod question;
pub mod red_flag;
pub mod reexport;
pub mod specimen;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

use crate::ledger::{Context, Fallible, Refusal, check_year};

/// What was decided to happen: a fact with its day and reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided<F> {
    /// The day.
    pub on: Date,
    /// What happens.
    pub fact: F,
    /// Why, where a reason is asked for.
    pub reason: Option<String>,
}

/// Refuses an act that is dated after today, or before the last one of its subject.
fn in_order(context: &Context, what: (&str, &str, Date), on: Date) -> Fallible<()> {
    crate::performance::in_order(context, "transfer.order", what, on)
}

/// The longest time for which something is granted or consented to, in years.
const LONGEST_YEARS: i32 = 5;

/// Whether a decision of a day may be valid from a day to a day.
fn check_span(code: &'static str, on: Date, (from, until): (Date, Date)) -> Fallible<()> {
    check_year("valid_from", from)?;
    check_year("valid_until", until)?;
    if from < on {
        return Err(Refusal::new(code, format!("{from} is before the decision of {on}."))
            .field("valid_from")
            .missing(format!("a date from {on}")));
    }
    let longest = from.checked_add(jiff::Span::new().years(LONGEST_YEARS)).unwrap_or(Date::MAX);
    if until < from || until > longest {
        return Err(Refusal::new(code, format!("{until} is not between {from} and {longest}."))
            .field("valid_until")
            .missing(format!("a date from {from} to {longest}")));
    }
    Ok(())
}

/// Refuses the second signature of the account that gave the first; `said` is what it did.
fn another_person(first: &str, account: &str, said: &str) -> Fallible<()> {
    if first != account {
        return Ok(());
    }
    Err(Refusal::new("transfer.two_people", said).missing("another person: two people decide on a transfer"))
}
