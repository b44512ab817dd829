//! Requests with a key: the same request is carried out once, and another one with its key is refused.

use entente_register::access::Actor;
use entente_register::command::Command;
use entente_register::customs::CustomsCommand;
use entente_register::ledger::{Digest, Refusal, Subject, SubjectKind, parse_instant};
use entente_register::partner::PartnerCommand;

use super::{Batch, Receipt};
use crate::error::{Fault, Outcome};

/// Longest key of a request.
const LONGEST_KEY: usize = 200;

/// A caller's key, and what was asked by it.
pub(super) struct RequestKey {
    /// The key.
    pub(super) text: String,
    /// The digest of the command and of the version that was seen.
    pub(super) digest: Digest,
}

impl RequestKey {
    pub(super) fn of(text: String, command: &Command, expected_version: Option<u32>) -> Outcome<RequestKey> {
        if text.is_empty() || text.len() > LONGEST_KEY || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Refusal::new("idempotency.malformed", "The key of the request cannot be used.")
                .field("idempotency_key")
                .missing(format!("1 to {LONGEST_KEY} printable ASCII characters without spaces"))
                .into());
        }
        let digest =
            command.digest(expected_version).map_err(|e| Fault::internal("writing what is asked", e))?;
        Ok(RequestKey { text, digest })
    }
}

impl Batch {
    /// The receipt of an earlier request with the same key.
    pub(super) async fn find_repeated(
        &mut self,
        actor: &Actor,
        key: &RequestKey,
        command: &Command,
    ) -> Outcome<Option<Receipt>> {
        let (receipt, same) = match self.keys.get(&(actor.account.clone(), key.text.clone())) {
            Some((receipt, digest)) => (receipt.clone(), *digest == key.digest),
            None => match self.find_recorded(actor, &key.text).await? {
                Some((receipt, Some(digest))) => (receipt, digest == key.digest),
                // Before version 2 of the schema only the event was kept: what it is about must agree.
                Some((receipt, None)) => {
                    let same = is_about(command, &receipt.subject);
                    (receipt, same)
                }
                None => return Ok(None),
            },
        };
        if !same {
            return Err(Refusal::new(
                "idempotency.reused",
                format!("The key {:?} was given with another request.", key.text),
            )
            .field("idempotency_key")
            .missing("a key of its own for each request")
            .into());
        }
        Ok(Some(Receipt { repeated: true, ..receipt }))
    }

    async fn find_recorded(
        &mut self,
        actor: &Actor,
        key: &str,
    ) -> Outcome<Option<(Receipt, Option<Digest>)>> {
        let doing = "looking for an earlier request";
        let row = self
            .transaction
            .connection()
            .fetch_optional(
                doing,
                "SELECT e.subject, e.version, e.sequence, e.recorded_at, r.digest FROM event e LEFT JOIN request r ON r.sequence = e.sequence WHERE e.actor = $1 AND e.idempotency_key = $2",
                &[actor.account.as_str().into(), key.into()],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        let damaged = |refusal: Refusal| Fault::damaged(doing, refusal.message);
        let receipt = Receipt {
            subject: row.text_ref(0)?.parse().map_err(damaged)?,
            version: row.version(1)?,
            sequence: row.int(2)?,
            recorded_at: parse_instant("recorded_at", row.text_ref(3)?).map_err(damaged)?,
            repeated: true,
        };
        let digest = match row.is_null(4) {
            true => None,
            false => Some(
                row.bytes_ref(4)?
                    .try_into()
                    .map_err(|_| Fault::damaged(doing, "a digest is not 32 bytes"))?,
            ),
        };
        Ok(Some((receipt, digest)))
    }
}

/// Whether a command is about a subject: of its kind, and of its number where the command names one.
fn is_about(command: &Command, subject: &Subject) -> bool {
    use SubjectKind as K;
    let (kind, key) = match command {
        Command::Found { .. } => (K::Ledger, None),
        Command::Account { account, .. } => (K::Account, Some(account.clone())),
        Command::Partner(PartnerCommand::Register { code, .. }) => (K::Partner, Some(code.clone())),
        Command::Partner(
            PartnerCommand::RegisterGroup { code: group, .. }
            | PartnerCommand::Admit { group, .. }
            | PartnerCommand::Leave { group, .. }
            | PartnerCommand::SetMembership { group, .. },
        ) => (K::Group, Some(group.clone())),
        Command::Party(_) => (K::Party, None),
        Command::Contract { number, .. } => (K::Contract, number.clone()),
        Command::Line { number, command } => {
            use entente_register::contract::line::{LineCommand, contract_of};
            match command {
                LineCommand::Add(_) => return subject.kind == K::Line && contract_of(&subject.key) == number,
                LineCommand::Amend { .. } => (K::Line, Some(number.clone())),
            }
        }
        Command::Plan { version, .. } => (K::Plan, version.map(|version| version.key())),
        Command::Delivery { number, .. } => (K::Delivery, number.clone()),
        // These came with version 3 of the views, and every request since version 2 of the schema has its digest.
        Command::Schedule { contract, .. } => (K::Schedule, Some(contract.clone())),
        Command::Instalment { .. } => (K::Instalment, None),
        Command::Receipt { .. } => (K::Receipt, None),
        Command::Penalty { .. } => (K::Penalty, None),
        Command::Rate { .. } => (K::Rate, None),
        Command::Opportunity { number, .. } => (K::Opportunity, number.clone()),
        Command::Forecast(_) => (K::Forecast, None),
        Command::Milestone { .. } => (K::Milestone, None),
        Command::Slippage { .. } => (K::Slippage, None),
        Command::Corrective { .. } => (K::Corrective, None),
        Command::Offset { .. } => (K::Offset, None),
        Command::Report { .. } => (K::Report, None),
        Command::List { name, .. } => (K::List, Some(name.clone())),
        Command::Case { number, .. } => (K::Case, Some(number.clone())),
        Command::Embargo { id, .. } => (K::Embargo, Some(id.clone())),
        Command::Policy(_) => (K::Policy, None),
        Command::Draft(_) => (K::Application, None),
        Command::Application { number, .. } => (K::Application, Some(number.clone())),
        Command::Licence { number, .. } => (K::Licence, Some(number.clone())),
        Command::Certify(_) => (K::Certificate, None),
        Command::Certificate { number, .. } => (K::Certificate, Some(number.clone())),
        Command::Specimens { authority, .. } => (K::Specimens, Some(authority.clone())),
        Command::Guide(_) => (K::Guidance, None),
        Command::Guidance { number, .. } => (K::Guidance, Some(number.clone())),
        Command::Inspect(_) => (K::Inspection, None),
        Command::Inspection { number, .. } => (K::Inspection, Some(number.clone())),
        Command::AskReexport(_) => (K::Reexport, None),
        Command::Reexport { number, .. } => (K::Reexport, Some(number.clone())),
        Command::Customs(CustomsCommand::Clear { .. }) => (K::Exchange, None),
        Command::Customs(_) => (K::CustomsRun, None),
        Command::Discrepancy { number, .. } => (K::Discrepancy, Some(number.clone())),
        Command::Statistic { series, .. } => (K::Statistic, Some(series.word().to_owned())),
    };
    subject.kind == kind && key.is_none_or(|key| key == subject.key)
}
