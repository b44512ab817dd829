//! Embargo rules in the register: the files, what is in force of them, and whose measures bind.
//!
//! Which editions are read is a matter of what was known at the horizon, and of nothing else: from which day a rule holds
//! it says itself, so that a question about a year before the register is answered as well. The policy is a decision of the
//! commission with a day of its own, and is read as of the reader’s.

use entente_register::access::Reading;
use entente_register::embargo::{
    Edition, Judgement, OpenTerm, POLICY_KEY, Policy, PolicyState, Question, RuleFile, RuleSet, Span,
    judge_within, open_terms,
};
use entente_register::ledger::{Refusal, SubjectKind};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{HistoryRow, Reader, sql};
use crate::database::Connection;
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;
use crate::transfer::rule_set;
use crate::view::NO_END;

const DOING: &str = "reading embargo rules";

/// The rules that a register has in force, with what they come from.
///
/// All that stands in an edition in force is known to the register, whatever day the text says that it was known from: a
/// rule that was confirmed before its first day binds on that day, though nothing was recorded since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbargoRules {
    /// Every rule file, by its identifier, whether anything of it is in force or not.
    pub files: Vec<RuleFile>,
    /// The rules of those in force.
    pub rules: RuleSet,
    /// Whose measures bind.
    pub policy: Policy,
    /// How that was decided; none where nobody has decided anything, and the default holds.
    pub policy_state: Option<PolicyState>,
}

impl EmbargoRules {
    /// Files of which an edition waits for a second person.
    pub fn waiting(&self) -> impl Iterator<Item = &RuleFile> {
        self.files.iter().filter(|file| file.waiting().is_some())
    }

    /// Regimes that a binding body names and of which nothing is in force: while there is one, every question is held.
    pub fn missing_regimes(&self) -> impl Iterator<Item = &str> {
        let bodies = self.rules.bodies.values().filter(|body| self.policy.binds(&body.id));
        bodies.flat_map(|body| self.rules.missing_of(body))
    }

    /// Judges a question for every instant of a span and gives the gravest answer with its first instant. The question’s own
    /// “known at” is not asked: the reader’s horizon has chosen the editions.
    pub fn judge_within(&self, question: &Question, span: Span) -> (Timestamp, Judgement) {
        let question = Question { known_at: Timestamp::MAX, ..question.clone() };
        judge_within(&self.rules, &self.policy, &question, span)
    }
}

/// A rule file by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFileView {
    /// As it stands.
    pub file: RuleFile,
    /// Every edition that was proposed, the latest first; one that was in force and was replaced is `replaced`.
    pub editions: Vec<Edition>,
    /// What has happened to it, the latest last.
    pub history: Vec<HistoryRow>,
    /// Version of the subject.
    pub version: u32,
}

/// The policy by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyView {
    /// As it stands; none where nobody has decided anything.
    pub state: Option<PolicyState>,
    /// What has happened to it, the latest last.
    pub history: Vec<HistoryRow>,
    /// Version of the subject; 0 where there is none.
    pub version: u32,
}

impl Reader {
    /// All rule files, by their identifiers.
    ///
    /// # Errors
    /// `access.read` if the actor may not read them.
    pub async fn rule_files(&self) -> Outcome<Vec<RuleFile>> {
        self.check(Reading::Screening)?;
        let mut transaction = self.store.database.read().await?;
        Ok(self.select_rule_files(&mut transaction.connection(), "").await?)
    }

    /// The rule files of which an edition waits for a second person, by their identifiers.
    ///
    /// # Errors
    /// `access.read` if the actor may not read them.
    pub async fn waiting_rule_files(&self) -> Outcome<Vec<RuleFile>> {
        self.check(Reading::Screening)?;
        let mut transaction = self.store.database.read().await?;
        Ok(self.select_rule_files(&mut transaction.connection(), " AND e.state = 'proposed'").await?)
    }

    /// The rules that were in force by what was known, with the policy of the reader’s day: what a question is judged by.
    ///
    /// # Errors
    /// `access.read` if the actor may not read them. A fault where a text in force is not read by this program: then
    /// there are no rules, and nothing can be judged.
    pub async fn embargo_rules(&self) -> Outcome<EmbargoRules> {
        self.check(Reading::Screening)?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let files = self.select_rule_files(&mut connection, "").await?;
        let policy_state = self.select_policy(&mut connection).await?;
        let rules = rule_set(DOING, &files)?;
        Ok(EmbargoRules { policy: PolicyState::policy(policy_state.as_ref()), files, rules, policy_state })
    }

    /// A rule file with its editions and its history.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn rule_file(&self, id: &str) -> Outcome<RuleFileView> {
        self.check(Reading::Screening)?;
        let absent = || Refusal::not_found("rule file", id);
        if !is_possible(id) {
            return Err(absent().into());
        }
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let files = self.select_rule_files(&mut connection, "").await?;
        let file = files.into_iter().find(|file| file.id == id).ok_or_else(absent)?;
        let subject = SubjectKind::Embargo.subject(id);
        let events = self.events_of(&mut connection, &subject).await?;
        let mut state = None;
        let mut editions: Vec<Edition> = Vec::new();
        for event in &events {
            let Some(fact) = &event.fact else { continue };
            let what = (fact, event.reason.as_deref());
            RuleFile::apply(&mut state, &subject, event.occurred_on, &event.actor, what);
            let Some(RuleFile { latest, .. }) = &state else { continue };
            if editions.last().is_some_and(|last| last.number == latest.number) {
                editions.pop();
            }
            if latest.state == "in_force" {
                for former in editions.iter_mut().filter(|edition| edition.state == "in_force") {
                    former.state = "replaced";
                }
            }
            editions.push(latest.clone());
        }
        editions.reverse();
        Ok(RuleFileView {
            history: self.history(&events),
            version: self.version_of(&mut connection, &subject).await?,
            editions,
            file,
        })
    }

    /// The policy with its history.
    ///
    /// # Errors
    /// `access.read` if the actor may not read it.
    pub async fn embargo_policy(&self) -> Outcome<PolicyView> {
        self.check(Reading::Screening)?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let subject = SubjectKind::Policy.subject(POLICY_KEY);
        let events = self.events_of(&mut connection, &subject).await?;
        Ok(PolicyView {
            state: self.select_policy(&mut connection).await?,
            history: self.history(&events),
            version: self.version_of(&mut connection, &subject).await?,
        })
    }

    /// The first instant of the reader’s day, UTC.
    pub fn as_of_instant(&self) -> Timestamp {
        let start = self.as_of.to_zoned_datetime(TimeZone::UTC);
        start.map_or(self.known_at, |at| at.timestamp())
    }

    /// The terms of rules in force that are over on the reader’s day, or end within some days of it.
    pub fn open_terms(&self, rules: &RuleSet, within_days: u32) -> Vec<OpenTerm> {
        open_terms(rules, self.as_of_instant(), Timestamp::MAX, within_days)
    }

    async fn select_rule_files(
        &self,
        connection: &mut Connection<'_>,
        narrowed: &str,
    ) -> Result<Vec<RuleFile>, Fault> {
        let sql = format!(
            "SELECT e.content FROM embargo e WHERE e.kind <> 'policy' AND {} AND e.valid_to = $2 {}{narrowed} ORDER BY e.number",
            sql::known("e"),
            self.labels.filter("e.label")
        );
        let values = [self.horizon.sequence.into(), NO_END.into()];
        let rows = connection.fetch(DOING, &sql, &values).await?;
        rows.iter().map(|row| row.json(DOING, 0)).collect()
    }

    async fn select_policy(&self, connection: &mut Connection<'_>) -> Result<Option<PolicyState>, Fault> {
        let mut parameters = self.parameters();
        let number = parameters.add(POLICY_KEY);
        let sql = format!(
            "SELECT e.content FROM embargo e WHERE e.kind = 'policy' AND e.number = {number} AND {} {}",
            sql::stands("e"),
            self.labels.filter("e.label")
        );
        let row = connection.fetch_optional(DOING, &sql, parameters.values()).await?;
        row.map(|row| row.json(DOING, 0)).transpose()
    }
}
