//! A register made by chance: commands of every sort, in an order and with dates that chance gives.

use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::line::{LineChange, LineCommand, NewLine};
use entente_register::contract::plan::{PlanCommand, PlanItem, PlanVersion};
use entente_register::contract::{ClaimKind, ClaimSettlement, ContractCommand, NewClaim, NewContract};
use entente_register::document::Document;
use entente_register::label::Clearance;
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::partner::PartnerCommand;
use entente_store::{Error, Receipt};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::support::{Register, actor, instant, label, new_contract};

/// Numbers that chance gave, used up one after the other.
pub(crate) struct Chance {
    numbers: Vec<u32>,
    place: usize,
}

impl Chance {
    pub(crate) fn new(numbers: Vec<u32>) -> Chance {
        Chance { numbers, place: 0 }
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let number = self.numbers.get(self.place).copied().unwrap_or(self.place as u32 * 7919);
        self.place += 1;
        number as usize % end
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() { None } else { Some(&of[self.below(of.len())]) }
    }

    pub(crate) fn goes_on(&self) -> bool {
        self.place < self.numbers.len()
    }

    /// A day of the years of the register.
    pub(crate) fn day(&mut self) -> Date {
        date(2009, 1, 1).checked_add((self.below(1900) as i64).days()).unwrap()
    }
}

pub(crate) const MARKINGS: [&str; 4] = ["OFFICIAL", "CONFIDENTIAL", "SECRET//NAVY", "OFFICIAL//REL BRA"];
pub(crate) const PARTNERS: [&str; 3] = ["BRA", "IND", "VNM"];

/// A paper of the day of the act that it stands behind: what is recorded has been written.
fn paper(title: &str, dated: Date) -> Document {
    Document { title: title.to_owned(), dated, ..crate::support::paper(title) }
}

/// What there is so far.
#[derive(Default)]
struct Made {
    contracts: Vec<String>,
    lines: Vec<String>,
    deliveries: Vec<String>,
    plans: Vec<PlanVersion>,
}

/// Fills a register. Refusals are part of life; faults are not.
pub(crate) async fn fill(register: &Register, chance: &mut Chance) {
    let clerk = actor("clerk", Role::ContractOfficer, Clearance::full());
    register.clock.set(instant("2009-03-01T08:00:00Z"));
    register.run(Command::Found { purpose: "register".into() }).await.unwrap();
    for code in PARTNERS {
        let command = PartnerCommand::Register { code: code.into(), name: format!("State {code}") };
        register.run(Command::Partner(command)).await.unwrap();
    }
    for code in ["BRICS", "CIS"] {
        let command = PartnerCommand::RegisterGroup { code: code.into(), name: code.into() };
        register.run(Command::Partner(command)).await.unwrap();
    }
    for (name, state) in [("Example Works", "RUS"), ("Ministry of Defence", "BRA")] {
        register.run(Command::Party(crate::support::party(name, state, "PUBLIC"))).await.unwrap();
    }
    let mut made = Made::default();
    let mut now = instant("2009-03-01T08:00:00Z");
    while chance.goes_on() {
        let pause = [0, 0, 1, 5, 11, 19][chance.below(6)];
        now = now.checked_add(SignedDuration::from_hours(24 * pause + 1)).unwrap();
        register.clock.set(now);
        step(register, &clerk, chance, now, &mut made).await;
    }
}

async fn give(register: &Register, actor: &Actor, command: Command) -> Option<Receipt> {
    match register.store.execute(actor, command).await {
        Ok(receipt) => Some(receipt),
        Err(Error::Refusal(_)) => None,
        Err(Error::Fault(fault)) => panic!("{fault}"),
    }
}

async fn step(register: &Register, clerk: &Actor, chance: &mut Chance, now: Timestamp, made: &mut Made) {
    let today = jiff::tz::TimeZone::UTC.to_datetime(now).date();
    let back =
        |chance: &mut Chance, most: usize| today.checked_sub((chance.below(most + 1) as i64).days()).unwrap();
    let about = |number: &String, command| Command::Contract { number: Some(number.clone()), command };
    match chance.below(32) {
        0..=3 => contract(register, clerk, chance, today, made).await,
        4..=11 => {
            let Some(line) = chance.one(&made.lines).cloned() else { return };
            let quantity = Quantity(500 * (1 + chance.below(12) as i64));
            let on = back(chance, 40);
            let document = paper("Waybill", on);
            let command = DeliveryCommand::HandOver { line, reference: None, quantity, on, document };
            let given = give(register, clerk, Command::Delivery { number: None, command }).await;
            let Some(delivery) = given.map(|receipt| receipt.subject.key) else { return };
            if chance.below(2) == 0 {
                let on = back(chance, 3);
                let command = DeliveryCommand::Accept { on, document: paper("Certificate", on) };
                give(register, clerk, Command::Delivery { number: Some(delivery.clone()), command }).await;
            }
            made.deliveries.push(delivery);
        }
        12..=19 => {
            let Some(delivery) = chance.one(&made.deliveries).cloned() else { return };
            let on = back(chance, 50);
            let command = match chance.below(10) {
                0 => DeliveryCommand::Return { on, reason: "Damaged".into(), document: None },
                1 => DeliveryCommand::Annul { reason: "Recorded twice".into() },
                _ => DeliveryCommand::Accept { on, document: paper("Certificate", on) },
            };
            give(register, clerk, Command::Delivery { number: Some(delivery), command }).await;
        }
        20..=22 => {
            let Some(line) = chance.one(&made.lines).cloned() else { return };
            let change = LineChange {
                quantity: (chance.below(2) == 0).then(|| Quantity(500 * (1 + chance.below(24) as i64))),
                unit_price: (chance.below(3) == 0)
                    .then(|| Money::new(1 + chance.below(100_000) as i64, Currency::USD)),
                due_on: (chance.below(2) == 0).then(|| chance.day()),
                basis: None,
            };
            let on = back(chance, 30);
            let document = paper("Amendment", on);
            let command = LineCommand::Amend { on, change, document, reason: "Agreed".into() };
            give(register, clerk, Command::Line { number: line, command }).await;
        }
        23..=25 => {
            let Some(number) = chance.one(&made.contracts).cloned() else { return };
            let on = back(chance, 20);
            let command = match chance.below(10) {
                8 | 9 => ContractCommand::Close { on, document: None },
                0 | 1 => ContractCommand::Suspend { on, reason: "Arrears".into() },
                2..=4 => ContractCommand::Resume { on, document: None },
                5 => ContractCommand::Terminate { on, reason: "Breach".into(), document: None },
                _ => ContractCommand::Complete { on, document: None },
            };
            give(register, clerk, about(&number, command)).await;
        }
        26 | 27 => {
            let Some(number) = chance.one(&made.contracts).cloned() else { return };
            let on = back(chance, 20);
            let command = if chance.below(2) == 0 {
                ContractCommand::OpenClaim(Box::new(NewClaim::of(on, ClaimKind::Damage, "Dented")))
            } else {
                ContractCommand::SettleClaim(Box::new(ClaimSettlement::of(1, on, "Repaired")))
            };
            give(register, clerk, about(&number, command)).await;
        }
        28..=30 => plan(register, clerk, chance, today, made).await,
        _ => {
            let group = chance.one(&["BRICS", "CIS"]).unwrap().to_string();
            let state = chance.one(&PARTNERS).unwrap().to_string();
            let on = back(chance, 90);
            let command = if chance.below(3) > 0 {
                PartnerCommand::Admit { group, state, on }
            } else {
                PartnerCommand::Leave { group, state, on }
            };
            give(register, &register.operator.clone(), Command::Partner(command)).await;
        }
    }
}

async fn contract(register: &Register, clerk: &Actor, chance: &mut Chance, today: Date, made: &mut Made) {
    let opened = today.checked_sub((20 + chance.below(30) as i64).days()).unwrap();
    let currency = if chance.below(6) == 0 { "EUR".parse().unwrap() } else { Currency::USD };
    let command = ContractCommand::Open(NewContract {
        partner: chance.one(&PARTNERS).unwrap().to_string(),
        currency,
        label: label(chance.one(&MARKINGS).unwrap()),
        on: opened,
        ..new_contract("OFFICIAL")
    });
    let Some(receipt) = give(register, clerk, Command::Contract { number: None, command }).await else {
        return;
    };
    let number = receipt.subject.key;
    for _ in 0..=chance.below(3) {
        let line = NewLine {
            reference: None,
            description: "Patrol boat".into(),
            quantity: Quantity(500 * (1 + chance.below(8) as i64)),
            unit: Unit::Tonne,
            unit_price: Money::new(1 + chance.below(1_000_000) as i64, currency),
            category: "ML9.a".into(),
            manufacturer: None,
            due_on: opened.checked_add((chance.below(700) as i64).days()).unwrap(),
            on: opened,
            document: None,
        };
        let command = Command::Line { number: number.clone(), command: LineCommand::Add(line) };
        made.lines.extend(give(register, clerk, command).await.map(|receipt| receipt.subject.key));
    }
    made.contracts.push(number.clone());
    let steps = chance.below(8);
    if steps > 0 {
        let on = opened.checked_add(5.days()).unwrap();
        let command = ContractCommand::Sign { on, document: paper("Contract", on) };
        give(register, clerk, Command::Contract { number: Some(number.clone()), command }).await;
    }
    if steps > 1 {
        let on = opened.checked_add(10.days()).unwrap();
        let command = ContractCommand::EnterIntoForce { on, document: None };
        give(register, clerk, Command::Contract { number: Some(number), command }).await;
    }
}

async fn plan(register: &Register, clerk: &Actor, chance: &mut Chance, today: Date, made: &mut Made) {
    match chance.below(3) {
        0 => {
            let command = PlanCommand::Draft { year: today.year(), currency: Currency::USD };
            let given = give(register, clerk, Command::Plan { version: None, command }).await;
            made.plans.extend(given.and_then(|receipt| PlanVersion::from_key(&receipt.subject.key)));
        }
        1 => {
            let Some(version) = made.plans.last().copied() else { return };
            let mut items = Vec::new();
            for _ in 0..=chance.below(6) {
                let Some(line) = chance.one(&made.lines).cloned() else { return };
                items.push(PlanItem {
                    line,
                    planned_on: date(version.year, 1 + chance.below(12) as i8, 1 + chance.below(28) as i8),
                    amount: Money::new(1 + chance.below(10_000_000) as i64, Currency::USD).decimal(),
                });
            }
            let command = PlanCommand::AddItems { items };
            give(register, clerk, Command::Plan { version: Some(version), command }).await;
        }
        _ => {
            let Some(version) = made.plans.last().copied() else { return };
            let on = today.checked_sub((chance.below(20) as i64).days()).unwrap();
            // Now and then it is proposed first, and approved whatever is answered.
            let reason = match chance.below(3) {
                0 => {
                    let propose = PlanCommand::Propose { on, document: None };
                    let propose = Command::Plan { version: Some(version), command: propose };
                    give(register, clerk, propose).await.map(|_| "in time".to_owned())
                }
                _ => None,
            };
            let command = PlanCommand::Approve { on, document: paper("Decision", on), reason };
            give(register, &register.chair.clone(), Command::Plan { version: Some(version), command }).await;
        }
    }
}
