//! Random histories: commands drawn from a seed, most of them sensible, some refused.

use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::line::{LineChange, LineCommand, NewLine};
use entente_register::contract::plan::{PlanCommand, PlanItem, PlanVersion};
use entente_register::contract::{
    Amendment, ClaimKind, ClaimSettlement, ContractCommand, NewClaim, NewContract,
};
use entente_register::ledger::SubjectKind;
use entente_register::money::{Currency, Quantity};
use entente_store::{Batch, Entropy, Error};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::*;

/// Draws commands.
pub(crate) struct History {
    entropy: Entropy,
    contracts: Vec<String>,
    lines: Vec<String>,
    deliveries: Vec<String>,
    plans: Vec<PlanVersion>,
    seconds: i64,
}

impl History {
    pub(crate) fn seeded(seed: u64) -> History {
        History {
            entropy: Entropy::seeded(seed),
            contracts: Vec::new(),
            lines: Vec::new(),
            deliveries: Vec::new(),
            plans: Vec::new(),
            seconds: 0,
        }
    }

    /// A number below `end`.
    pub(crate) fn below(&self, end: usize) -> usize {
        usize::try_from(u64::from_le_bytes(self.entropy.bytes()) % end.max(1) as u64).unwrap()
    }

    fn day(&self) -> Date {
        date(2012, 1, 10) + i64::try_from(self.below(260)).unwrap().days()
    }

    fn pick<T: Clone>(&self, from: &[T]) -> Option<T> {
        (!from.is_empty()).then(|| from[self.below(from.len())].clone())
    }

    /// The next command, if what it needs is there.
    fn command(&self) -> Option<Command> {
        let on = self.day();
        let document = || paper("Paper");
        let pieces = || Quantity::whole(1 + i64::try_from(self.below(6)).unwrap());
        let contract = |command| Some(Command::Contract { number: self.pick(&self.contracts), command });
        let delivery = |command| Some(Command::Delivery { number: self.pick(&self.deliveries), command });
        match self.below(40) {
            // Few contracts and lines, so that much happens to each.
            0..3 if self.contracts.len() < 20 => {
                let marking = ["OFFICIAL", "SECRET", "CONFIDENTIAL//REL BRA"][self.below(3)];
                let new = NewContract { on: date(2012, 1, 10), ..new_contract(marking) };
                Some(Command::Contract { number: None, command: ContractCommand::Open(new) })
            }
            3..6 if self.lines.len() < 70 => Some(Command::Line {
                number: self.pick(&self.contracts)?,
                command: LineCommand::Add(NewLine {
                    manufacturer: Some("P-P0001".into()),
                    document: Some(document()),
                    ..ten_pieces()
                }),
            }),
            6..9 => contract(ContractCommand::Sign { on: date(2012, 1, 15), document: document() }),
            9..12 => contract(ContractCommand::EnterIntoForce { on: date(2012, 1, 20), document: None }),
            12 => contract(ContractCommand::Suspend { on, reason: "x".into() }),
            13 => contract(ContractCommand::Resume { on, document: None }),
            14 => contract(ContractCommand::Complete { on, document: None }),
            15 => contract(ContractCommand::OpenClaim(Box::new(NewClaim::of(
                on,
                ClaimKind::Quality,
                "Below pressure",
            )))),
            16 => contract(ContractCommand::SettleClaim(Box::new(ClaimSettlement::of(
                1,
                date(2012, 9, 30),
                "Repaired",
            )))),
            17 => contract(ContractCommand::Amend {
                on,
                amendment: Amendment {
                    title: Some(format!("Boats {}", self.below(100))),
                    parties: (self.below(2) == 0).then(|| {
                        let mut parties = new_contract("OFFICIAL").parties;
                        parties.reverse();
                        parties
                    }),
                    document: document(),
                },
                reason: "agreed".into(),
            }),
            18..20 => Some(Command::Line {
                number: self.pick(&self.lines)?,
                command: LineCommand::Amend {
                    on,
                    change: LineChange {
                        quantity: Some(Quantity::whole(4 + i64::try_from(self.below(10)).unwrap())),
                        ..Default::default()
                    },
                    document: document(),
                    reason: "agreed".into(),
                },
            }),
            0..6 | 20..28 => Some(Command::Delivery {
                number: None,
                command: DeliveryCommand::HandOver {
                    line: self.pick(&self.lines)?,
                    reference: None,
                    quantity: pieces(),
                    on,
                    document: document(),
                },
            }),
            28..33 => delivery(DeliveryCommand::Accept { on, document: document() }),
            33..35 => delivery(DeliveryCommand::Return { on, reason: "x".into(), document: None }),
            35..37 => delivery(DeliveryCommand::Annul { reason: "typed twice".into() }),
            37 => Some(Command::Plan {
                version: None,
                command: PlanCommand::Draft { year: 2012, currency: Currency::USD },
            }),
            38 => {
                let item =
                    PlanItem { line: self.pick(&self.lines)?, planned_on: on, amount: "250.00".into() };
                let command = PlanCommand::AddItems { items: vec![item.clone(), item] };
                Some(Command::Plan { version: Some(self.pick(&self.plans)?), command })
            }
            _ => {
                let (on, manufacturer) = (date(2012, 9, 30), "P-P0001".to_owned());
                let command = match self.below(6) {
                    0 => PlanCommand::Propose { on, document: Some(document()) },
                    1 => PlanCommand::Agree { manufacturer, on, document: document() },
                    2 => PlanCommand::Object {
                        manufacturer,
                        items: Vec::new(),
                        on,
                        document: None,
                        reason: "late".into(),
                    },
                    3 => PlanCommand::Return { on, reason: "more to come".into() },
                    // Of one that was proposed, whatever was answered.
                    4 => PlanCommand::Approve { on, document: document(), reason: Some("in time".into()) },
                    _ => PlanCommand::Approve { on, document: document(), reason: None },
                };
                Some(Command::Plan { version: Some(self.pick(&self.plans)?), command })
            }
        }
    }

    /// Carries out one drawn command within a batch. Whether an event was written.
    pub(crate) async fn step(&mut self, register: &Register, batch: &mut Batch) -> bool {
        self.seconds += i64::try_from(self.below(5000)).unwrap();
        register.clock.set(instant("2012-09-30T13:00:00Z") + self.seconds.seconds());
        let Some(command) = self.command() else { return false };
        let approves = matches!(&command, Command::Plan { command: PlanCommand::Approve { .. }, .. });
        let actor = if approves { &register.chair } else { &register.operator };
        match batch.execute(actor, command).await {
            Ok(receipt) => {
                let key = receipt.subject.key;
                if receipt.version == 1 {
                    match receipt.subject.kind {
                        SubjectKind::Contract => self.contracts.push(key),
                        SubjectKind::Line => self.lines.push(key),
                        SubjectKind::Delivery => self.deliveries.push(key),
                        SubjectKind::Plan => self.plans.extend(PlanVersion::from_key(&key)),
                        _ => {}
                    }
                }
                true
            }
            Err(Error::Refusal(_)) => false,
            Err(Error::Fault(fault)) => panic!("{fault}"),
        }
    }

    /// Many batches of a few commands each. What a dropped batch made is forgotten.
    pub(crate) async fn run(&mut self, register: &Register, steps: usize) {
        let mut left = steps;
        while left > 0 {
            let kept = (self.contracts.len(), self.lines.len(), self.deliveries.len(), self.plans.len());
            let size = (1 + self.below(40)).min(left);
            let mut batch = register.store.batch().await.unwrap();
            for _ in 0..size {
                self.step(register, &mut batch).await;
            }
            left -= size;
            if self.below(8) == 0 {
                drop(batch);
                self.contracts.truncate(kept.0);
                self.lines.truncate(kept.1);
                self.deliveries.truncate(kept.2);
                self.plans.truncate(kept.3);
            } else {
                batch.commit().await.unwrap();
            }
        }
    }
}
