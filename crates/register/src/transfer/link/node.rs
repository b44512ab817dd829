//! What is linked: each with its own days, so that the graph can be asked as of any.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::money::{Quantity, Unit};
use crate::transfer::application::Application;
use crate::transfer::certificate::Certificate;
use crate::transfer::certificate::check::{Demand, demand};
use crate::transfer::check::CheckKind;
use crate::transfer::content::TransferRole;
use crate::transfer::inspection::{Inspection, VisitOutcome};
use crate::transfer::licence::Licence;

/// A line of a contract, as it stands on the day that is asked of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineNode {
    /// Number, `CONTRACT.n`.
    pub number: String,
    /// Number of the contract.
    pub contract: String,
    /// What.
    pub description: String,
    /// Control-list entry.
    pub category: String,
    /// How much was ordered.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// How much is handed over and not returned.
    pub delivered: Quantity,
    /// By when it is due in full.
    pub due_on: Date,
    /// Whether goods are still owed under the contract.
    pub owing: bool,
    /// Whether its exporter is of the partner state.
    pub incoming: bool,
}

/// A delivery that was handed over. One that was recorded in error is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryNode {
    /// Number, `LINE.n`.
    pub number: String,
    /// Number of the line.
    pub line: String,
    /// How much.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// When it was handed over.
    pub handed_over_on: Date,
    /// When it was returned.
    pub returned_on: Option<Date>,
}

impl DeliveryNode {
    /// Whether it stands on a day.
    pub fn stands_on(&self, day: Date) -> bool {
        self.handed_over_on <= day && self.returned_on.is_none_or(|on| day < on)
    }
}

/// A line of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationLine {
    /// Its number, from 1.
    pub number: u32,
    /// What.
    pub description: String,
    /// How much is applied for.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// Number of the line of a contract.
    pub contract_line: Option<String>,
}

/// Whether a transfer needs the certificate of its end users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demanded {
    /// It does.
    Needed,
    /// It goes without one, and it stands on record why, or did not have to when it was granted.
    Excused,
    /// It goes without one once it stands on record why, and it does not.
    Unexcused,
    /// None is needed.
    None,
}

/// An application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationNode {
    /// Number.
    pub number: String,
    /// State of its machine, as it is seen.
    pub state: String,
    /// Number of the contract.
    pub contract: Option<String>,
    /// Its lines.
    pub lines: Vec<ApplicationLine>,
    /// End users by role.
    pub end_users: BTreeMap<TransferRole, BTreeSet<String>>,
    /// By end user, whether it needs a certificate.
    pub demanded: BTreeMap<String, Demanded>,
}

impl ApplicationNode {
    /// Of an application.
    pub fn of(this: &Application) -> ApplicationNode {
        let content = &this.content;
        // What was granted before certificates were asked for rests on no record, and none can be made any more.
        let asked_for = this.state != "granted"
            || this
                .decisions
                .iter()
                .any(|decision| decision.checks.iter().any(|check| check.kind == CheckKind::Certificate));
        let mut end_users: BTreeMap<TransferRole, BTreeSet<String>> = BTreeMap::new();
        let mut demanded = BTreeMap::new();
        for party in content.parties.iter().filter(|party| party.role.uses()) {
            end_users.entry(party.role).or_default().insert(party.party.clone());
            let key = format!("{}:{}", CheckKind::Certificate.word(), party.party);
            let of = match demand(content) {
                Demand::None => Demanded::None,
                Demand::Needed => Demanded::Needed,
                Demand::Considered if this.on_record.contains_key(&key) || !asked_for => Demanded::Excused,
                Demand::Considered => Demanded::Unexcused,
            };
            demanded.insert(party.party.clone(), of);
        }
        ApplicationNode {
            number: this.number.clone(),
            state: this.state.to_owned(),
            contract: content.contract.clone(),
            lines: (1..)
                .zip(&content.lines)
                .map(|(number, line)| ApplicationLine {
                    number,
                    description: line.description.clone(),
                    quantity: line.quantity,
                    unit: line.unit,
                    contract_line: line.contract_line.clone(),
                })
                .collect(),
            end_users,
            demanded,
        }
    }

    /// The line of a contract that a line of it is for.
    pub fn contract_line(&self, number: u32) -> Option<&str> {
        self.lines.iter().find(|line| line.number == number)?.contract_line.as_deref()
    }
}

/// A line of a licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicensedLine {
    /// Its number: that of the line of the application.
    pub number: u32,
    /// What.
    pub description: String,
    /// Control-list entry.
    pub category: String,
    /// How much was granted.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// Number of the line of a contract that it is for.
    pub contract_line: Option<String>,
}

/// A shipment that was written off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipped {
    /// Reference of the write-off.
    pub reference: String,
    /// Number of the line of the licence.
    pub line: u32,
    /// When.
    pub on: Date,
    /// How much.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// The delivery that it names.
    pub delivery: Option<String>,
    /// By when its receipt is to be confirmed; none where nobody abroad could.
    pub due_on: Option<Date>,
    /// What was confirmed, and when.
    pub verified: Vec<(Date, Quantity)>,
}

impl Shipped {
    /// How much was confirmed by a day.
    pub fn verified_by(&self, day: Date) -> Quantity {
        let by = self.verified.iter().filter(|(on, _)| *on <= day);
        Quantity(by.fold(0, |sum, (_, quantity)| sum.saturating_add(quantity.0)))
    }
}

/// A licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenceNode {
    /// Number.
    pub number: String,
    /// Number of its application.
    pub application: String,
    /// Number of the contract that it is for.
    pub contract: Option<String>,
    /// When it was issued.
    pub issued_on: Date,
    /// The last day of its validity.
    pub valid_until: Date,
    /// Its states, each from which day on, in their order.
    pub states: Vec<(Date, String)>,
    /// What may go.
    pub lines: Vec<LicensedLine>,
    /// What went.
    pub shipped: Vec<Shipped>,
}

impl LicenceNode {
    /// Of a licence as all of it is known, its application, and the days from which it was in each state.
    pub fn of(
        this: &Licence,
        application: Option<&ApplicationNode>,
        states: Vec<(Date, String)>,
    ) -> LicenceNode {
        let issued = &this.issued;
        let due: BTreeMap<String, Date> =
            this.verifications().into_iter().map(|one| (one.reference, one.due_on)).collect();
        let unit = |line: u32| issued.lines.iter().find(|own| own.number == line).map(|own| own.unit);
        LicenceNode {
            number: this.number.clone(),
            application: issued.application.clone(),
            contract: application.and_then(|application| application.contract.clone()),
            issued_on: this.issued_on,
            valid_until: issued.valid_until,
            states,
            lines: issued
                .lines
                .iter()
                .map(|line| LicensedLine {
                    number: line.number,
                    description: line.description.clone(),
                    category: line.category.clone(),
                    quantity: line.quantity,
                    unit: line.unit,
                    contract_line: application
                        .and_then(|application| application.contract_line(line.number))
                        .map(str::to_owned),
                })
                .collect(),
            shipped: this
                .written_off
                .values()
                .filter_map(|(on, written)| {
                    let verified = this.verified.get(&written.reference).into_iter().flatten();
                    Some(Shipped {
                        reference: written.reference.clone(),
                        line: written.line,
                        on: *on,
                        quantity: written.quantity,
                        unit: unit(written.line)?,
                        delivery: written.delivery.clone(),
                        due_on: due.get(&written.reference).copied(),
                        verified: verified.map(|one| (one.on, one.quantity)).collect(),
                    })
                })
                .collect(),
        }
    }

    /// Its state on a day; none before it was issued.
    pub fn state_on(&self, day: Date) -> Option<&str> {
        self.states.iter().rev().find(|(from, _)| *from <= day).map(|(_, state)| state.as_str())
    }

    /// What was written off of a line by a day.
    pub fn written_off_by(&self, line: u32, day: Date) -> Quantity {
        let by = self.shipped.iter().filter(|one| one.line == line && one.on <= day);
        Quantity(by.fold(0, |sum, one| sum.saturating_add(one.quantity.0)))
    }

    /// What is left of a line on a day, whatever its state.
    pub fn left_on(&self, line: &LicensedLine, day: Date) -> Quantity {
        Quantity(line.quantity.0.saturating_sub(self.written_off_by(line.number, day).0).max(0))
    }

    /// Whether something may still go under it, if perhaps not on this day.
    pub fn is_open_on(&self, day: Date) -> bool {
        let runs = matches!(self.state_on(day), Some("issued" | "suspended")) && day <= self.valid_until;
        runs && self.lines.iter().any(|line| self.left_on(line, day) > Quantity::ZERO)
    }
}

/// A certificate that serves an application, or did until its issuer took it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateNode {
    /// Number.
    pub number: String,
    /// Number of the application.
    pub application: Option<String>,
    /// Number of the end user.
    pub end_user: String,
    /// Goods: control-list entry, unit and quantity.
    pub lines: Vec<(String, Unit, Quantity)>,
    /// When it was registered.
    pub registered_on: Date,
    /// Its last day.
    pub expires_on: Option<Date>,
    /// When its issuer took it back.
    pub revoked_on: Option<Date>,
    /// When its issuer said that it is not authentic.
    pub refuted_on: Option<Date>,
}

impl CertificateNode {
    /// Of a certificate as all of it is known; none of one that was recorded in error.
    pub fn of(this: &Certificate) -> Option<CertificateNode> {
        use crate::transfer::certificate::Authenticity;
        if this.state == "voided" {
            return None;
        }
        let answers = this.inquiries.iter().filter_map(|inquiry| inquiry.answered.as_ref());
        let refuted = answers.filter(|(_, answer)| answer.answer == Authenticity::NotAuthentic);
        let said = &this.content;
        Some(CertificateNode {
            number: this.number.clone(),
            application: this.application.clone(),
            end_user: said.end_user.clone(),
            lines: said.lines.iter().map(|line| (line.category.clone(), line.unit, line.quantity)).collect(),
            registered_on: this.registered_on,
            expires_on: said.expires_on,
            // Nothing follows its taking back.
            revoked_on: (this.state == "revoked").then_some(this.last_on),
            refuted_on: refuted.map(|(on, _)| *on).min(),
        })
    }

    /// Whether its issuer had disowned it by a day.
    pub fn is_disowned_by(&self, day: Date) -> bool {
        self.revoked_on.is_some_and(|on| on <= day) || self.refuted_on.is_some_and(|on| on <= day)
    }
}

/// An inspection of what went under a licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectionNode {
    /// Number.
    pub number: String,
    /// Number of the licence.
    pub licence: String,
    /// The day of the visit, once there was one.
    pub visited_on: Option<Date>,
    /// How many items were to be seen.
    pub expected: u32,
    /// How many of them were seen, or accounted for by a paper.
    pub seen: u32,
    /// Whether access was refused.
    pub refused: bool,
    /// Whether what was found is an incident.
    pub incident: bool,
    /// When the incident was closed.
    pub closed_on: Option<Date>,
}

impl InspectionNode {
    /// Of an inspection as all of it is known; none of one that was cancelled.
    pub fn of(this: &Inspection) -> Option<InspectionNode> {
        if this.state == "cancelled" {
            return None;
        }
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let visit = this.visit.as_ref();
        let expected = visit.map_or(0, |visit| visit.visited.expected.len());
        let missing = visit.map_or(0, |visit| visit.visited.missing().len());
        let is_unseen = visit.is_some_and(|visit| {
            matches!(visit.visited.outcome, VisitOutcome::Unable | VisitOutcome::AccessRefused)
        });
        Some(InspectionNode {
            number: this.number.clone(),
            licence: this.planned.licence.clone(),
            visited_on: visit.map(|visit| visit.on),
            expected: count(expected),
            seen: if is_unseen { 0 } else { count(expected.saturating_sub(missing)) },
            refused: visit.is_some_and(|visit| visit.visited.outcome == VisitOutcome::AccessRefused),
            incident: matches!(this.state, "incident" | "closed"),
            closed_on: this.closed.as_ref().map(|closing| closing.on),
        })
    }
}

/// Anything that is linked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // Each is named by what it holds.
pub enum Node {
    Line(LineNode),
    Delivery(DeliveryNode),
    Application(ApplicationNode),
    Licence(LicenceNode),
    Certificate(CertificateNode),
    Inspection(InspectionNode),
}
