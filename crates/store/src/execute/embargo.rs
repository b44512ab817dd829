//! What the rules of rule files and of the policy are given.

use std::collections::BTreeMap;

use entente_register::embargo::{
    EditionCommand, EditionFacts, POLICY_KEY, PolicyCommand, RuleFile, decide_edition, decide_policy,
};
use entente_register::ledger::{Context, Refusal, SubjectKind};
use entente_register::screening::marking;

use super::Batch;
use super::decide::{Decided, decided};
use super::states::is_possible;
use crate::error::{Fault, Outcome};
use crate::view::{NO_END, STANDING};

impl Batch {
    pub(super) async fn embargo(
        &mut self,
        context: &Context,
        id: String,
        command: EditionCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let is_open = context.actor.clearance.admits(&marking());
        if !is_open || (!is_possible(&id) && !matches!(command, EditionCommand::Propose(_))) {
            return Err(Refusal::not_found("embargo", &id).into());
        }
        let subject = SubjectKind::Embargo.subject(id);
        self.load(&subject).await?;
        self.check_version(&subject, expected)?;
        let mut others = self.rule_files().await?;
        others.remove(&subject.key);
        let state = self.states.rule_file(&subject.key);
        decided(decide_edition(state, &subject.key, &EditionFacts { others }, context, command)?)
    }

    pub(super) async fn policy(
        &mut self,
        context: &Context,
        command: PolicyCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        if !context.actor.clearance.admits(&marking()) {
            return Err(Refusal::not_found("policy", POLICY_KEY).into());
        }
        let subject = SubjectKind::Policy.subject(POLICY_KEY);
        self.load(&subject).await?;
        self.check_version(&subject, expected)?;
        let files = self.rule_files().await?;
        decided(decide_policy(self.states.policy(), &files, context, command)?)
    }

    /// All rule files of the register, as they stand.
    async fn rule_files(&mut self) -> Outcome<BTreeMap<String, RuleFile>> {
        const DOING: &str = "looking for rule files";
        // What this batch has done so far is part of what stands.
        let mut connection = self.transaction.connection();
        self.views.flush(&mut connection).await?;
        let sql = "SELECT number FROM embargo WHERE kind <> 'policy' AND known_to = $1 AND valid_to = $2 ORDER BY number";
        let mut ids = Vec::new();
        for row in connection.fetch(DOING, sql, &[STANDING.into(), NO_END.into()]).await? {
            ids.push(row.text(0)?);
        }
        let subjects = ids.iter().map(|id| SubjectKind::Embargo.subject(id)).collect();
        self.states.load_many(&mut connection, SubjectKind::Embargo, subjects).await?;
        let mut files = BTreeMap::new();
        for id in ids {
            let file = self.states.rule_file(&id);
            let file =
                file.ok_or_else(|| Fault::damaged(DOING, format!("the ledger holds no rule file {id}")))?;
            files.insert(id, file.clone());
        }
        Ok(files)
    }
}
