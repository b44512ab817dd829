//! The audit of transfers: every decision that granted anything, judged again by the rules in force on its day, as they
//! were known then and as they are known now.

use std::collections::BTreeMap;
use std::sync::Arc;

use entente_register::access::Reading;
use entente_register::embargo::{Policy, PolicyState};
use entente_register::label::Label;
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::transfer::application::{Application, Decision};
use entente_register::transfer::audit::{left_against, questions_of};
use entente_register::transfer::check::Check;
use jiff::civil::Date;

use crate::database::Connection;
use crate::error::{Error, Fault, Outcome};
use crate::execute::is_possible;
use crate::reader::Reader;
use crate::transfer::{KeptRules, Rules, judge_all, rules_at, span_of};
use crate::view::NO_END;

const DOING: &str = "auditing transfers";

/// Applications read by one statement.
const AT_ONCE: i64 = 2_000;

/// By which knowledge a decision is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ViolationKnown {
    /// By what was known when it was signed.
    Then,
    /// By what is known now.
    Now,
}

impl ViolationKnown {
    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            ViolationKnown::Then => "then",
            ViolationKnown::Now => "now",
        }
    }
}

/// A rule that stands against what was granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Number of the licence.
    pub licence: String,
    /// Number of the application.
    pub application: String,
    /// The day of the decision.
    pub decided_on: Date,
    /// By which knowledge.
    pub known: ViolationKnown,
    /// What stands against it.
    pub check: Check,
}

/// What an audit found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TransferAudit {
    /// Decisions that granted something.
    pub licences: u64,
    /// What stands against them, by application.
    pub violations: Vec<Violation>,
}

/// One decision, judged again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedAgain {
    /// As it was signed, with the checks on which it rests.
    pub decision: Decision,
    /// Entry of the ledger by which it was signed.
    pub sequence: i64,
    /// The editions of the rules, as known then and as known now.
    pub editions: (String, String),
    /// What stands against it by what was known then.
    pub then: Vec<Check>,
    /// What stands against it by what is known now.
    pub now: Vec<Check>,
    /// Who may know of it.
    pub label: Label,
}

/// What is read of a decision.
struct Granted {
    sequence: i64,
    application: Application,
}

/// A policy with the stretch in which it stands.
struct PolicyRow {
    known: (i64, i64),
    valid: (String, String),
    state: PolicyState,
}

impl Reader {
    /// Judges every licence that the actor may see again. `progress` is told how many are done.
    ///
    /// # Errors
    /// `access.read` if the actor may not read applications and licences in full; a fault where a text of rules in force at
    /// some time is not read by this program.
    pub async fn audit_transfers(&self, progress: &(dyn Fn(u64) + Sync)) -> Outcome<TransferAudit> {
        for reading in [Reading::Applications, Reading::Licences] {
            if self.check(reading)? != entente_register::access::Extent::All {
                return Err(Refusal::new("access.read", "An audit reads all applications.")
                    .missing("a role that reads the applications of everybody")
                    .into());
            }
        }
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let changes = self.changes_of_rules(&mut connection).await?;
        let policies = self.policies(&mut connection).await?;
        // Most changes of a rule file are proposals, which change nothing of what is in force.
        let kept = KeptRules::default();
        let mut known: BTreeMap<i64, Arc<Rules>> = BTreeMap::new();
        for sequence in changes.iter().copied().chain([self.horizon.sequence]) {
            let rules = rules_at(&mut connection, &kept, sequence).await?;
            known.insert(sequence, rules);
        }
        let mut audit = TransferAudit::default();
        let mut after = String::new();
        loop {
            let some = self.granted_after(&mut connection, &after, None).await?;
            let Some(last) = some.last() else { break };
            after.clone_from(&last.application.number);
            audit.licences += u64::try_from(some.len()).unwrap_or(0);
            let (known, policies, horizon) = (&known, &policies, self.horizon.sequence);
            let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
            let share = some.len().div_ceil(threads).max(1);
            let found = std::thread::scope(|scope| {
                let workers: Vec<_> = some
                    .chunks(share)
                    .map(|chunk| {
                        scope.spawn(move || {
                            let judged = chunk.iter().map(|one| judge(one, known, policies, horizon));
                            judged.collect::<Result<Vec<_>, Fault>>()
                        })
                    })
                    .collect();
                let join = |worker: std::thread::ScopedJoinHandle<'_, _>| {
                    worker.join().unwrap_or_else(|_| Err(Fault::internal(DOING, "a thread has failed")))
                };
                workers.into_iter().map(join).collect::<Result<Vec<_>, Fault>>()
            })?;
            audit.violations.extend(found.into_iter().flatten().flatten());
            progress(audit.licences);
        }
        drop(transaction);
        self.log("transfers/audit", None).await.map_err(Error::from)?;
        Ok(audit)
    }

    /// Judges one decision again.
    ///
    /// # Errors
    /// `access.read` if the actor may not read applications in full; `not_found` where it is not open to the actor, or nothing
    /// was granted.
    pub async fn judge_again(&self, application: &str) -> Outcome<JudgedAgain> {
        if self.check(Reading::Applications)? != entente_register::access::Extent::All {
            return Err(Refusal::new(
                "access.read",
                "A decision is judged again by whoever reads all of it.",
            )
            .missing("a role that reads the applications of everybody")
            .into());
        }
        let absent = || Refusal::not_found("application", application);
        if !is_possible(application) {
            return Err(absent().into());
        }
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let found = self.granted_after(&mut connection, "", Some(application)).await?;
        let granted = found.into_iter().next().ok_or_else(absent)?;
        let policies = self.policies(&mut connection).await?;
        let kept = KeptRules::default();
        let mut known: BTreeMap<i64, Arc<Rules>> = BTreeMap::new();
        for sequence in [granted.sequence, self.horizon.sequence] {
            known.insert(sequence, rules_at(&mut connection, &kept, sequence).await?);
        }
        let violations = judge(&granted, &known, &policies, self.horizon.sequence)?;
        drop(transaction);
        let subject = SubjectKind::Application.subject(application).to_string();
        self.log(format!("{subject}/audit"), Some(&granted.application.label)).await?;
        let edition =
            |sequence: i64| known.get(&sequence).map(|rules| rules.edition.clone()).unwrap_or_default();
        let left = |of: ViolationKnown| -> Vec<Check> {
            let of_it = violations.iter().filter(|violation| violation.known == of);
            of_it.map(|violation| violation.check.clone()).collect()
        };
        let decision = granted.application.decisions.last().cloned().ok_or_else(absent)?;
        Ok(JudgedAgain {
            editions: (edition(granted.sequence), edition(self.horizon.sequence)),
            then: left(ViolationKnown::Then),
            now: left(ViolationKnown::Now),
            sequence: granted.sequence,
            label: granted.application.label,
            decision,
        })
    }

    /// Sequences at which rule files changed.
    async fn changes_of_rules(&self, connection: &mut Connection<'_>) -> Result<Vec<i64>, Fault> {
        let sql = "SELECT DISTINCT known_from FROM embargo WHERE kind <> 'policy' AND known_from <= $1 ORDER BY known_from";
        let rows = connection.fetch(DOING, sql, &[self.horizon.sequence.into()]).await?;
        rows.iter().map(|row| row.int(0)).collect()
    }

    async fn policies(&self, connection: &mut Connection<'_>) -> Result<Vec<PolicyRow>, Fault> {
        let sql = "SELECT known_from, known_to, valid_from, valid_to, content FROM embargo WHERE kind = 'policy' AND known_from <= $1 ORDER BY known_from, valid_from";
        let rows = connection.fetch(DOING, sql, &[self.horizon.sequence.into()]).await?;
        rows.iter()
            .map(|row| {
                Ok(PolicyRow {
                    known: (row.int(0)?, row.int(1)?),
                    valid: (row.text(2)?, row.text(3)?),
                    state: row.json(DOING, 4)?,
                })
            })
            .collect()
    }

    /// Applications as their decision left them: what is put on record afterwards, before a shipment, settles nothing of it.
    async fn granted_after(
        &self,
        connection: &mut Connection<'_>,
        after: &str,
        only: Option<&str>,
    ) -> Result<Vec<Granted>, Fault> {
        let which = if only.is_some() { "t.number = $3" } else { "t.number > $3" };
        let sql = format!(
            "SELECT t.known_from, t.content FROM transfer t WHERE t.kind = 'application' AND t.state = 'granted' AND t.known_from <= $1 AND t.valid_to = $2 AND {which} AND t.known_from = (SELECT min(g.known_from) FROM transfer g WHERE g.number = t.number AND g.state = 'granted') {} ORDER BY t.number LIMIT $4",
            self.labels.filter("t.label")
        );
        let which = only.unwrap_or(after);
        let values = [self.horizon.sequence.into(), NO_END.into(), which.into(), AT_ONCE.into()];
        let rows = connection.fetch(DOING, &sql, &values).await?;
        let granted = |row: &crate::database::Row| {
            Ok(Granted { sequence: row.int(0)?, application: row.json(DOING, 1)? })
        };
        rows.iter().map(granted).collect()
    }
}

/// Judges one decision, by what was known then and by what is known now.
fn judge(
    granted: &Granted,
    known: &BTreeMap<i64, Arc<Rules>>,
    policies: &[PolicyRow],
    horizon: i64,
) -> Result<Vec<Violation>, Fault> {
    let application = &granted.application;
    let Some(decision) = application.decisions.last() else { return Ok(Vec::new()) };
    let span = span_of((decision.on, decision.on))?;
    let mut found = Vec::new();
    for (known_at, place) in [(ViolationKnown::Then, granted.sequence), (ViolationKnown::Now, horizon)] {
        let rules = known.range(..=place).next_back().map(|(_, rules)| rules);
        let policy = policy_on(policies, place, decision.on);
        let judgements = match rules {
            Some(rules) => judge_all(&rules.set, &policy, questions_of(application, span.from), span),
            None => BTreeMap::new(),
        };
        let edition = rules.map(|rules| rules.edition.clone()).unwrap_or_default();
        found.extend(left_against(application, decision, judgements, edition).into_iter().map(|check| {
            Violation {
                licence: decision.licence.clone().unwrap_or_default(),
                application: application.number.clone(),
                decided_on: decision.on,
                known: known_at,
                check,
            }
        }));
    }
    Ok(found)
}

fn policy_on(policies: &[PolicyRow], place: i64, day: Date) -> Policy {
    let day = day.to_string();
    let row = policies
        .iter()
        .find(|row| row.known.0 <= place && place < row.known.1 && row.valid.0 <= day && day < row.valid.1);
    PolicyState::policy(row.map(|row| &row.state))
}
