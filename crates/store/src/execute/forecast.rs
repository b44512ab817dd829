//! What the rule of a published forecast is given: the register's own brief, worked out behind the lock.

use entente_register::forecast::{ForecastCommand, check_day, decide, marking};
use entente_register::ledger::{Context, SubjectKind};

use super::Batch;
use super::decide::{Decided, decided};
use crate::error::Outcome;
use crate::reader::{BriefOptions, Reader};
use crate::view::forecast_series;

impl Batch {
    pub(super) async fn forecast(
        &mut self,
        context: &Context,
        command: ForecastCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let ForecastCommand::Publish(of) = &command;
        check_day(context, of.as_of)?;
        // What this batch has done so far is part of what the forecast is worked out from.
        self.flush().await?;
        let mut connection = self.transaction.connection();
        let reader =
            Reader::open_on(&self.store, &mut connection, &context.actor, Some(of.as_of), None).await?;
        let options = BriefOptions { counting: of.counting, plan: None, currency: of.currency };
        let brief = reader.brief_on(&mut connection, &options).await?;
        let same = reader.same_forecast(&mut connection, of, &brief.conventions.scope).await?;
        let series = forecast_series(&marking(&brief), of.as_of.year());
        let next = self.next(&series).await?;
        let subject = SubjectKind::Forecast.subject(format!("{series}-{next:04}"));
        self.begin(&subject, expected)?;
        decided(decide(&subject.key, &brief, same.as_deref(), context, command)?)
    }
}
