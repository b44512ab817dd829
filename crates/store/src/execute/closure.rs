//! What the rules of a contract's terms, serial numbers, claims, completion and closing are given.

use entente_register::contract::closure::ClosureFacts;
use entente_register::contract::delivery::Delivery;
use entente_register::contract::line::contract_of;
use entente_register::contract::serial::{MOST_SERIALS, SerialFacts, folded, is_whole};
use entente_register::contract::terms::ContractTerms;
use entente_register::ledger::SubjectKind;
use entente_register::money::Quantity;

use super::Batch;
use super::states::is_possible;
use crate::database::Value;
use crate::error::Outcome;
use crate::view::{NO_END, STANDING};

const DOING: &str = "reading what a contract still asks for";

impl Batch {
    /// What stands in the way of a contract's completion.
    pub(super) async fn completion(&mut self, contract: &str, facts: &mut ClosureFacts) -> Outcome<()> {
        let terms = self.open_contract(contract)?.terms.clone();
        let mut connection = self.transaction.connection();
        self.views.flush(&mut connection).await?;
        let lines = connection
            .fetch(
                DOING,
                "SELECT l.number FROM line l JOIN line_sum s ON s.line = l.number WHERE l.contract = $1 AND l.known_to = $2 AND l.valid_to = $3 AND s.accepted < l.quantity ORDER BY l.position",
                &[contract.into(), STANDING.into(), NO_END.into()],
            )
            .await?;
        for row in lines {
            facts.open_lines.push(row.text(0)?);
        }
        // Acts that fell away are of no day.
        let last = connection
            .fetch_optional(
                DOING,
                "SELECT a.act_date FROM delivery_act a WHERE a.line IN (SELECT number FROM line WHERE contract = $1) GROUP BY a.delivery, a.counting, a.act_date HAVING SUM(a.sign) <> 0 ORDER BY a.act_date DESC LIMIT 1",
                &[contract.into()],
            )
            .await?;
        facts.last_act = last.map(|row| row.date(0)).transpose()?;
        for line in &terms.serialised {
            let rows = connection
                .fetch(
                    DOING,
                    "SELECT a.delivery, CAST(SUM(a.quantity) AS BIGINT), CAST((SELECT count(*) FROM serial_number n WHERE n.delivery = a.delivery AND n.known_to = $2) AS BIGINT) FROM delivery_act a WHERE a.line = $1 AND a.counting = 'title_passed' GROUP BY a.delivery HAVING SUM(a.sign) > 0 ORDER BY length(a.delivery), a.delivery",
                    &[line.into(), STANDING.into()],
                )
                .await?;
            for row in rows {
                let serials = usize::try_from(row.int(2)?).unwrap_or(0);
                if !is_whole(serials, Quantity(row.int(1)?)) {
                    facts.without_serials.push(row.text(0)?);
                }
            }
        }
        Ok(())
    }

    /// What stands in the way of a contract's closing.
    pub(super) async fn closing(&mut self, contract: &str, facts: &mut ClosureFacts) -> Outcome<()> {
        let terms = self.open_contract(contract)?.terms.clone();
        let mut connection = self.transaction.connection();
        self.views.flush(&mut connection).await?;
        let here = [contract.into(), STANDING.into(), NO_END.into()];
        let rows = connection
            .fetch(
                DOING,
                "SELECT kind, number FROM performance WHERE contract = $1 AND known_to = $2 AND valid_to = $3 AND state IN ('planned', 'open', 'proposed', 'approved', 'agreed') ORDER BY kind, length(number), number",
                &here,
            )
            .await?;
        for row in rows {
            let kept = match row.text_ref(0)? {
                "milestone" => &mut facts.milestones,
                "slippage" => &mut facts.slippages,
                "corrective" => &mut facts.corrective_plans,
                _ => &mut facts.offsets,
            };
            kept.push(row.text(1)?);
        }
        let unpaid = connection
            .fetch(
                DOING,
                "SELECT i.number FROM instalment i WHERE i.contract = $1 AND i.known_to = $2 AND i.valid_to = $3 AND i.state = 'scheduled' AND i.amount > (SELECT coalesce(sum(a.amount), 0) FROM allocation a WHERE a.instalment = i.number AND a.known_to = $2) ORDER BY length(i.number), i.number",
                &here,
            )
            .await?;
        facts.unpaid = Some(unpaid.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?);
        let penalties = connection
            .fetch(
                DOING,
                "SELECT number FROM penalty WHERE contract = $1 AND known_to = $2 AND valid_to = $3 AND state IN ('claimed', 'agreed') ORDER BY length(number), number",
                &here,
            )
            .await?;
        facts.penalties = Some(penalties.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?);
        let accepted = connection
            .fetch(
                DOING,
                "SELECT l.number, s.accepted_last FROM line l JOIN line_sum s ON s.line = l.number WHERE l.contract = $1 AND l.known_to = $2 AND l.valid_to = $3 AND s.accepted_last IS NOT NULL",
                &here,
            )
            .await?;
        for row in accepted {
            let ends_on = terms.warranty_ends_on(row.text_ref(0)?, row.date(1)?);
            facts.warranty_until = facts.warranty_until.max(ends_on);
        }
        Ok(())
    }

    /// The lines of a contract that its terms name and that are there, with whether they are counted in pieces.
    pub(super) async fn named_lines(
        &mut self,
        contract: &str,
        terms: &ContractTerms,
    ) -> Outcome<Vec<(String, bool)>> {
        let warranties = terms.warranties.iter().filter_map(|warranty| warranty.line.as_ref());
        let mut found = Vec::new();
        for line in warranties.chain(&terms.serialised) {
            if contract_of(line) != contract || !is_possible(line) {
                continue;
            }
            self.load(&SubjectKind::Line.subject(line)).await?;
            if let Some(state) = self.states.line(line) {
                found.push((line.clone(), state.unit.counts()));
            }
        }
        Ok(found)
    }

    /// The delivery of a contract that is named.
    pub(super) async fn named_delivery(
        &mut self,
        contract: &str,
        number: Option<&str>,
    ) -> Outcome<Option<Delivery>> {
        let Some(number) = number.filter(|number| contract_of(number) == contract && is_possible(number))
        else {
            return Ok(None);
        };
        self.load(&SubjectKind::Delivery.subject(number)).await?;
        Ok(self.states.delivery(number).cloned())
    }

    /// What the rule of serial numbers asks of a delivery that was loaded.
    pub(super) async fn serial_facts(&mut self, number: &str, serials: &[String]) -> Outcome<SerialFacts> {
        let mut facts = SerialFacts::default();
        let Some(line) = self.states.delivery(number).map(|delivery| delivery.line.clone()) else {
            return Ok(facts);
        };
        self.load(&SubjectKind::Line.subject(&line)).await?;
        facts.unit = self.states.line(&line).map(|line| line.unit);
        let mut connection = self.transaction.connection();
        self.views.flush(&mut connection).await?;
        let mut others = Vec::new();
        // What is too many or no serial number is refused by the rule.
        for some in serials.get(..serials.len().min(MOST_SERIALS)).unwrap_or_default().chunks(500) {
            let mut values: Vec<Value<'_>> = vec![line.as_str().into(), STANDING.into(), number.into()];
            let wanted = some.iter().map(|serial| folded(serial)).filter(|serial| is_possible(serial));
            values.extend(wanted.map(Into::into));
            if values.len() == 3 {
                continue;
            }
            let places: Vec<String> = (4..=values.len()).map(|place| format!("${place}")).collect();
            let sql = format!(
                "SELECT serial, delivery FROM serial_number WHERE line = $1 AND known_to = $2 AND delivery <> $3 AND folded IN ({}) ORDER BY folded, delivery",
                places.join(", ")
            );
            for row in connection.fetch(DOING, &sql, &values).await? {
                others.push((row.text(0)?, row.text(1)?));
            }
        }
        for (serial, other) in others {
            self.load(&SubjectKind::Delivery.subject(&other)).await?;
            // What was returned may come again.
            if self.states.delivery(&other).is_some_and(|other| other.state != "returned") {
                facts.taken = Some((serial, other));
                break;
            }
        }
        Ok(facts)
    }
}
