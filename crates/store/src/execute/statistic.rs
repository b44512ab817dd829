//! What the rule of statistics is given.

use entente_register::ledger::{Context, SubjectKind};
use entente_register::market::{Series, StatisticCommand, edition};

use super::Batch;
use super::decide::{Decided, decided};
use crate::error::Outcome;

impl Batch {
    pub(super) async fn statistic(
        &mut self,
        context: &Context,
        series: Series,
        command: StatisticCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let subject = SubjectKind::Statistic.subject(series.word());
        self.load(&subject).await?;
        self.check_version(&subject, expected)?;
        decided(edition::decide(self.states.statistic(&subject.key), series, context, command)?)
    }
}
