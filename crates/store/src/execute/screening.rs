//! What the rules of lists, runs and cases are given.

use std::collections::BTreeSet;

use entente_register::ledger::{Context, Refusal, SubjectKind};
use entente_register::screening::{
    CaseCommand, ListCommand, Run, RunFacts, Standing, check_name, decide_case, decide_list, decide_run,
};

use super::Batch;
use super::decide::{Decided, decided};
use crate::error::Outcome;
use crate::view::{NO_END, STANDING, case_series};

impl Batch {
    pub(super) async fn list(
        &mut self,
        context: &Context,
        name: String,
        command: ListCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        check_name(&name)?;
        let subject = SubjectKind::List.subject(name);
        self.load(&subject).await?;
        self.check_version(&subject, expected)?;
        match command {
            ListCommand::Screen(run) => {
                let facts = self.run_facts(context, &subject.key, &run).await?;
                decided(decide_run(self.states.list(&subject.key), &subject.key, &facts, context, *run)?)
            }
            other => decided(decide_list(self.states.list(&subject.key), &subject.key, context, other)?),
        }
    }

    pub(super) async fn case(
        &mut self,
        context: &Context,
        number: String,
        command: CaseCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let subject = SubjectKind::Case.subject(number);
        self.load(&subject).await?;
        let open = self.states.case(&subject.key).filter(|case| context.actor.clearance.admits(&case.label));
        let case = open.cloned().ok_or_else(|| Refusal::not_found("case", &subject.key))?;
        self.check_version(&subject, expected)?;
        self.load(&SubjectKind::List.subject(&case.list)).await?;
        let standing = self.states.list(&case.list).map_or(Standing::Binding, |list| list.policy.standing);
        decided(decide_case(&case, standing, context, command)?)
    }

    /// What the register holds of all that a run names.
    async fn run_facts(&mut self, context: &Context, name: &str, run: &Run) -> Outcome<RunFacts> {
        let mut facts = RunFacts { head: self.appender.head().sequence, ..RunFacts::default() };
        let parties: BTreeSet<&str> = run.found.iter().map(|found| found.party.as_str()).collect();
        let subjects = parties.iter().map(|party| SubjectKind::Party.subject(*party)).collect();
        self.states.load_many(&mut self.transaction.connection(), SubjectKind::Party, subjects).await?;
        for party in parties {
            if let Some(label) = self.find_party(&context.actor, party).await? {
                let last = self.next(&case_series(party)).await? - 1;
                facts.parties.insert(party.to_owned(), (label, last));
            }
        }
        let cases = run.judged.iter().map(|judged| SubjectKind::Case.subject(&judged.case)).collect();
        self.states.load_many(&mut self.transaction.connection(), SubjectKind::Case, cases).await?;
        for judged in &run.judged {
            if let Some(case) = self.states.case(&judged.case) {
                facts.cases.insert(judged.case.clone(), case.clone());
            }
        }
        // What this batch has done so far is part of what stands.
        let mut connection = self.transaction.connection();
        self.views.flush(&mut connection).await?;
        let sql = "SELECT party, entry FROM screening WHERE kind = 'case' AND list = $1 AND known_to = $2 AND valid_to = $3 AND state <> 'withdrawn'";
        let values = [name.into(), STANDING.into(), NO_END.into()];
        for row in connection.fetch("reading the cases of a list", sql, &values).await? {
            facts.live.insert((row.text(0)?, row.text(1)?));
        }
        Ok(facts)
    }
}
