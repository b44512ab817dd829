//! What is to be reached under a contract, what slips, what is done about it and what is owed beside: a row for each stretch of days in which it stands as it does.
//!
//! Readers ask for all of one contract, so only what they narrow by stands in columns; the whole of it is the
//! JSON of its folded state, as the rule has it.

use serde::Serialize;

use entente_register::contract::line::contract_of;
use entente_register::ledger::{Fact, SubjectKind};
use entente_register::performance::{CorrectivePlan, DelayReason, Milestone, OffsetObligation, Slippage};
use entente_register::report::Report;

use super::folded::Folded;
use super::payment::take_back;
use super::{absent, content_of, state_of};
use crate::database::Connection;
use crate::error::Fault;
use crate::ledger::Recorded;

const DOING: &str = "writing the performance of contracts";

/// The table `performance`.
pub(super) struct Performances {
    rows: Folded,
}

impl Default for Performances {
    fn default() -> Performances {
        Performances {
            rows: Folded::new(
                DOING,
                ("performance", "subject"),
                ("kind, contract, label", "about, state, cause, side, days, content"),
                "INSERT INTO performance (number, valid_from, valid_to, known_from, known_to, kind, contract, label, about, state, cause, side, days, content)",
            ),
        }
    }
}

/// What a folded state leaves in the columns of a row.
struct Columns {
    /// What it is about, where that can be asked for: `KIND:NUMBER`.
    about: Option<String>,
    state: &'static str,
    late: Option<Late>,
    content: String,
}

/// Why a slippage holds its line back, on whose side, and by how many days.
struct Late {
    delay: DelayReason,
    days: i64,
}

impl Performances {
    /// Changes the table by one event of a contract's performance.
    pub(super) async fn apply(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        label: i64,
    ) -> Result<(), Fault> {
        let event = &recorded.event;
        let key = event.subject.key.as_str();
        let before = self.rows.before(connection, recorded).await?;
        if let Fact::MilestoneAnnulled(_)
        | Fact::SlippageAnnulled(_)
        | Fact::CorrectiveAnnulled(_)
        | Fact::OffsetAnnulled(_) = &event.fact
        {
            return take_back(connection, recorded, "performance").await;
        }
        let columns = fold(recorded, before.as_deref())?.ok_or_else(|| absent("subject", key))?;
        let late = columns.late;
        let changed = vec![
            columns.about.into(),
            columns.state.into(),
            late.as_ref().map(|late| late.delay.cause.word().to_owned()).into(),
            late.as_ref().map(|late| late.delay.side.word().to_owned()).into(),
            late.as_ref().map(|late| late.days).into(),
            columns.content.into(),
        ];
        let kept = [event.subject.kind.word().into(), contract_of(key).to_owned().into(), label.into()];
        self.rows.put(connection, recorded, kept, changed).await
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.rows.gathered()
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.rows.flush(connection).await
    }
}

/// Folds an event into what stood before it.
fn fold(recorded: &Recorded, before: Option<&str>) -> Result<Option<Columns>, Fault> {
    let event = &recorded.event;
    let (subject, on, label) = (&event.subject, event.occurred_on, &event.label);
    let what = (&event.fact, event.reason.as_deref());
    match subject.kind {
        SubjectKind::Milestone => {
            let mut state: Option<Milestone> = before.map(|content| state_of(DOING, content)).transpose()?;
            Milestone::apply(&mut state, subject, on, label, what);
            let about = |state: &Milestone| {
                let released = state.instalment.as_ref()?;
                Some(SubjectKind::Instalment.subject(released).to_string())
            };
            state.map(|state| columns(about(&state), state.state, &state)).transpose()
        }
        SubjectKind::Slippage => {
            let mut state: Option<Slippage> = before.map(|content| state_of(DOING, content)).transpose()?;
            Slippage::apply(&mut state, subject, on, label, what.0);
            let about = |state: &Slippage| Some(SubjectKind::Line.subject(&state.line).to_string());
            let Some(state) = state else { return Ok(None) };
            let late = Late { delay: state.delay, days: state.days() };
            let columns = columns(about(&state), state.state, &state)?;
            Ok(Some(Columns { late: Some(late), ..columns }))
        }
        SubjectKind::Corrective => {
            let mut state: Option<CorrectivePlan> =
                before.map(|content| state_of(DOING, content)).transpose()?;
            CorrectivePlan::apply(&mut state, subject, on, label, what);
            state.map(|state| columns(Some(state.about.clone()), state.state, &state)).transpose()
        }
        SubjectKind::Report => {
            let mut state: Option<Report> = before.map(|content| state_of(DOING, content)).transpose()?;
            Report::apply(&mut state, subject, on, label, what);
            let about = |state: &Report| Some(SubjectKind::Party.subject(&state.filed.party).to_string());
            state.map(|state| columns(about(&state), state.state, &state)).transpose()
        }
        SubjectKind::Offset => {
            let mut state: Option<OffsetObligation> =
                before.map(|content| state_of(DOING, content)).transpose()?;
            OffsetObligation::apply(&mut state, subject, on, label, what);
            state.map(|state| columns(None, state.state, &state)).transpose()
        }
        _ => Ok(None),
    }
}

fn columns<T: Serialize>(about: Option<String>, state: &'static str, whole: &T) -> Result<Columns, Fault> {
    Ok(Columns { about, state, late: None, content: content_of(DOING, whole)? })
}
