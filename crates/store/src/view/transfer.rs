//! Applications and licences: a row for each stretch of days in which one stands as it does; and the agencies that were
//! asked about an application.

use entente_register::ledger::{Fact, SubjectKind};
use entente_register::transfer::application::Application;
use entente_register::transfer::licence::Licence;
use entente_register::transfer::precedent::{decided, head};
use jiff::civil::Date;

use super::buffer::Buffer;
use super::folded::Folded;
use super::{absent, content_of, state_of};
use crate::database::{Connection, Value};
use crate::error::Fault;
use crate::ledger::Recorded;

const DOING: &str = "writing applications and licences";

/// The tables `transfer`, `transfer_agency` and `precedent`.
pub(super) struct Transfers {
    rows: Folded,
    agencies: Buffer,
    precedents: Buffer,
}

impl Default for Transfers {
    fn default() -> Transfers {
        Transfers {
            rows: Folded::new(
                DOING,
                ("transfer", "application or licence"),
                (
                    "kind, label, applicant, application",
                    "state, title, destination, contract, submitted_on, decided_on, due_on, valid_until, content",
                ),
                "INSERT INTO transfer (number, valid_from, valid_to, known_from, known_to, kind, label, applicant, application, state, title, destination, contract, submitted_on, decided_on, due_on, valid_until, content)",
            ),
            agencies: Buffer::inserting(
                DOING,
                "INSERT INTO transfer_agency (number, agency, known_from, asked_on)",
                "",
            ),
            precedents: Buffer::inserting(
                DOING,
                "INSERT INTO precedent (application, known_from, category, end_user, decided_on, destination, head, label, is_granted, is_refused)",
                "",
            ),
        }
    }
}

impl Transfers {
    /// Changes the tables by one event of an application or a licence.
    pub(super) async fn apply(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        label: i64,
    ) -> Result<(), Fault> {
        let event = &recorded.event;
        let key = event.subject.key.as_str();
        let before = self.rows.before(connection, recorded).await?;
        let before = before.as_deref();
        let by = (recorded.actor.as_str(), &event.label);
        let kind: Value<'static> = event.subject.kind.word().into();
        let (kept, changed) = match event.subject.kind {
            SubjectKind::Licence => {
                let mut state: Option<Licence> =
                    before.map(|content| state_of(DOING, content)).transpose()?;
                Licence::fold(&mut state, &event.subject, event.occurred_on, by, &event.fact);
                let licence = state.ok_or_else(|| absent("licence", key))?;
                let content = content_of(DOING, &licence)?;
                // One that was closed before deliveries were verified waits for nobody.
                let due_on = licence.verification_due_on().filter(|_| licence.state != "closed");
                let issued = licence.issued;
                let title = issued.lines.first().map(|line| line.description.clone());
                (
                    [kind, label.into(), issued.holder.into(), issued.application.into()],
                    vec![
                        licence.state.into(),
                        title.unwrap_or_default().into(),
                        issued.destination.into(),
                        Value::from(None::<String>),
                        day(None),
                        day(Some(licence.issued_on)),
                        day(due_on),
                        day(Some(issued.valid_until)),
                        content.into(),
                    ],
                )
            }
            _ => {
                if let Fact::ApplicationOpinionAsked(asked) = &event.fact {
                    self.agencies.insert(vec![
                        key.to_owned().into(),
                        asked.agency.clone().into(),
                        recorded.sequence.into(),
                        event.occurred_on.into(),
                    ]);
                }
                let mut state: Option<Application> =
                    before.map(|content| state_of(DOING, content)).transpose()?;
                Application::fold(&mut state, &event.subject, event.occurred_on, by, &event.fact);
                let application = state.ok_or_else(|| absent("application", key))?;
                if matches!(
                    event.fact,
                    Fact::ApplicationGranted(_) | Fact::ApplicationAffirmed(_) | Fact::ApplicationRefused(_)
                ) {
                    self.note_precedents(recorded, &application, label);
                }
                let content = content_of(DOING, &application)?;
                let due_on = application.opinion_due_on();
                let of = application.content;
                (
                    [kind, label.into(), of.applicant.into(), None::<String>.into()],
                    vec![
                        application.state.into(),
                        of.title.into(),
                        of.destination.into(),
                        of.contract.into(),
                        day(application.submitted_on),
                        day(application.decisions.last().map(|decision| decision.on)),
                        day(due_on),
                        day(None),
                        content.into(),
                    ],
                )
            }
        };
        self.rows.put(connection, recorded, kept, changed).await
    }

    /// What a decision says of goods of each entry for each end user.
    fn note_precedents(&mut self, recorded: &Recorded, application: &Application, label: i64) {
        let Some(decision) = application.decisions.last() else { return };
        for one in decided(&application.number, &application.content, decision) {
            self.precedents.insert(vec![
                one.application.into(),
                recorded.sequence.into(),
                one.category.clone().into(),
                one.end_user.into(),
                one.on.to_string().into(),
                one.destination.into(),
                head(&one.category).to_ascii_uppercase().into(),
                label.into(),
                i64::from(one.is_granted).into(),
                i64::from(one.is_refused).into(),
            ]);
        }
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.rows.gathered() + self.agencies.len() + self.precedents.len()
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.rows.flush(connection).await?;
        self.agencies.flush(connection).await?;
        self.precedents.flush(connection).await
    }
}

fn day(on: Option<Date>) -> Value<'static> {
    on.map(|on| on.to_string()).into()
}
