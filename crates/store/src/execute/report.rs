//! What the rules of reports are given; an accepted report carries out the act that it reports.

use entente_register::access::{Extent, Reading, may_command, may_read};
use entente_register::contract::line::contract_of;
use entente_register::ledger::{Context, Refusal, SubjectKind};
use entente_register::report::{self, ReportCommand, ReportFiled};

use super::Batch;
use super::decide::{Decided, decided};
use super::states::is_possible;
use crate::error::{Error, Outcome};

impl Batch {
    pub(super) async fn report(
        &mut self,
        context: &Context,
        number: String,
        command: ReportCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let of = contract_of(&number).to_owned();
        let command = match command {
            ReportCommand::File { on, reported, note, document } => {
                self.see_new(&context.actor, &number).await?;
                let Some(party) = context.actor.party.clone() else {
                    return Err(Refusal::new("report.party", "The account acts for no party.")
                        .missing("an account of the exporter or the manufacturer")
                        .into());
                };
                let about = reported.about();
                let mut exists = false;
                if contract_of(&about.key) == of && is_possible(&about.key) {
                    self.load(&about).await?;
                    exists = self.states.version(&about) > 0;
                }
                let subject = self.next_performed(SubjectKind::Report, &of, 'N', expected).await?;
                let filed = ReportFiled { party, reported, note, document };
                let contract = self.open_contract(&of)?;
                return decided(report::file(contract, &subject.key, exists, context, (on, filed))?);
            }
            other => other,
        };
        let subject = SubjectKind::Report.subject(number);
        self.find_performed(&context.actor, &subject, expected).await?;
        let absent = || Refusal::not_found("report", &subject.key);
        let state = self.states.report(&subject.key).cloned().ok_or_else(absent)?;
        let own = context.actor.party.as_ref() == Some(&state.filed.party);
        // Whoever reads only their own business knows of no report of another party.
        if may_read(&context.actor, Reading::Contracts) == Some(Extent::Own) && !own {
            return Err(absent().into());
        }
        match command {
            ReportCommand::Accept { on, document } => {
                let evidence = report::evidence(&state, own, context, on, document)?;
                let act = state.filed.reported.act(evidence.clone());
                may_command(&context.actor, act.kind())?;
                // Boxed: the act is decided as it would be by itself.
                let done = match Box::pin(self.decide(context, act, None)).await {
                    Err(Error::Refusal(refusal)) => return Err(of_report(refusal).into()),
                    done => done?,
                };
                let mut events = done.events;
                let contract = self.open_contract(&of)?;
                events.extend(report::accept(&state, contract, on, &done.subject, evidence)?);
                Ok(Decided { subject, events, stands: None })
            }
            other => decided(report::end(&state, self.open_contract(&of)?, own, context, other)?),
        }
    }
}

/// What the act lacks is not a field of the acceptance: the report stays as it was filed.
fn of_report(refusal: Refusal) -> Refusal {
    let field = refusal.field.as_ref().map(|field| format!("reported.{field}"));
    Refusal { field, ..refusal }
}
