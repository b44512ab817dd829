//! Random schedules, receipts, deliveries and annulments: every figure of money equals what a plain walk over
//! what was done gives, at any day and horizon, and opens to rows that sum to it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeMap;

use entente_register::brief::{FigureName, Known};
use entente_register::command::Command;
use entente_register::contract::delivery::{Counting, DeliveryCommand};
use entente_register::contract::line::contract_of;
use entente_register::money::{Currency, Money};
use entente_register::payment::{
    Allocation, DueRule, InstalmentChange, InstalmentCommand, InstalmentKind, Lender, NewInstalment,
    NewReceipt, ReceiptCommand,
};
use entente_store::reader::{BriefOptions, FigureValue, Page};
use entente_store::{Entropy, Error, VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan as _};
use support::*;

/// How something stands: since which step it is known, and until before which.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: usize,
    to: usize,
}

impl Span {
    fn since(from: usize) -> Span {
        Span { from, to: usize::MAX }
    }

    fn holds(self, at: usize) -> bool {
        self.from <= at && at < self.to
    }
}

#[derive(Debug)]
struct Instalment {
    span: Span,
    kind: InstalmentKind,
    due: DueRule,
    /// Amounts from a day on, with the step since which that is known.
    amounts: Vec<(usize, Date, i64)>,
    withdrawn: Option<(usize, Date)>,
}

#[derive(Debug)]
struct Receipt {
    span: Span,
    on: Date,
    value: i64,
    /// Step, instalment, amount.
    parts: Vec<(usize, String, i64)>,
}

#[derive(Debug)]
struct Delivery {
    span: Span,
    on: Date,
    amount: i64,
}

/// What was done, as it was done.
#[derive(Debug, Default)]
struct Model {
    contracts: Vec<String>,
    instalments: BTreeMap<String, Instalment>,
    receipts: BTreeMap<String, Receipt>,
    deliveries: BTreeMap<String, Delivery>,
    times: Vec<Timestamp>,
}

impl Model {
    fn amount(&self, one: &Instalment, at: usize, on: Date) -> Option<i64> {
        if !one.span.holds(at) || one.withdrawn.is_some_and(|(known, day)| known <= at && day <= on) {
            return None;
        }
        one.amounts.iter().rev().find(|(known, day, _)| *known <= at && *day <= on).map(|amount| amount.2)
    }

    fn due_on(&self, one: &Instalment, at: usize, on: Date) -> Option<Date> {
        let act = match &one.due {
            DueRule::Fixed { on } => Some(*on),
            DueRule::AfterSignature { .. } => Some(date(2012, 1, 15)),
            DueRule::AfterDelivery { delivery, .. } => {
                self.deliveries.get(delivery).filter(|d| d.span.holds(at) && d.on <= on).map(|d| d.on)
            }
            _ => None,
        };
        one.due.due_on(act)
    }

    fn paid(&self, instalment: &str, at: usize, on: Date) -> i64 {
        let standing = self.receipts.values().filter(|r| r.span.holds(at) && r.on <= on);
        standing
            .flat_map(|r| &r.parts)
            .filter(|(known, of, _)| *known <= at && of == instalment)
            .map(|part| part.2)
            .sum()
    }

    /// Received, overdue instalments and their open amount, delivered and unpaid, of which on credit.
    fn figures(&self, at: usize, on: Date) -> (i64, i64, i64, i64, i64) {
        let received = |contract: &str| -> i64 {
            let own = self.receipts.iter().filter(|(number, _)| contract_of(number) == contract);
            own.filter(|(_, r)| r.span.holds(at) && r.on <= on).map(|(_, r)| r.value).sum()
        };
        let (mut overdue, mut open_overdue, mut receivable, mut on_credit) = (0, 0, 0, 0);
        for contract in &self.contracts {
            let mut open: Vec<(bool, Option<Date>, &str, i64, InstalmentKind)> = Vec::new();
            let mut is_kept = self
                .receipts
                .iter()
                .any(|(n, r)| contract_of(n) == contract && r.span.holds(at) && r.on <= on);
            for (number, one) in self.instalments.iter().filter(|(n, _)| contract_of(n) == contract) {
                is_kept |= one.span.holds(at) && one.amounts[0].1 <= on;
                let Some(amount) = self.amount(one, at, on) else { continue };
                let rest = amount - self.paid(number, at, on);
                if rest <= 0 {
                    continue;
                }
                let due_on = self.due_on(one, at, on);
                if due_on.is_some_and(|due_on| due_on <= on) {
                    overdue += 1;
                    open_overdue += rest;
                }
                open.push((due_on.is_none(), due_on, number, rest, one.kind));
            }
            if !is_kept {
                continue;
            }
            let own = self.deliveries.iter().filter(|(number, _)| contract_of(number) == contract);
            let delivered: i64 =
                own.filter(|(_, d)| d.span.holds(at) && d.on <= on).map(|(_, d)| d.amount).sum();
            let mut left = (delivered - received(contract)).max(0);
            receivable += left;
            open.sort_by_key(|one| (one.0, one.1, one.2));
            for (_, _, _, rest, kind) in open {
                let part = left.min(rest);
                left -= part;
                on_credit += if kind == InstalmentKind::DeferredCredit { part } else { 0 };
            }
        }
        let all = self.contracts.iter().map(|contract| received(contract)).sum();
        (all, overdue, open_overdue, receivable, on_credit)
    }
}

struct Chance(Entropy);

impl Chance {
    fn below(&self, end: usize) -> usize {
        usize::try_from(u64::from_le_bytes(self.0.bytes()) % end.max(1) as u64).unwrap()
    }

    fn day(&self) -> Date {
        date(2012, 2, 1) + i64::try_from(self.below(230)).unwrap().days()
    }

    fn cents(&self) -> i64 {
        1 + i64::try_from(self.below(40_000)).unwrap()
    }

    fn one<T: Clone>(&self, all: Vec<T>) -> Option<T> {
        (!all.is_empty()).then(|| all[self.below(all.len())].clone())
    }
}

fn cents(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn draw(model: &Model, chance: &Chance) -> Option<Command> {
    let on = chance.day();
    let contract = chance.one(model.contracts.clone())?;
    let instalment = || chance.one(model.instalments.keys().cloned().collect());
    let receipt = || chance.one(model.receipts.keys().cloned().collect());
    let delivery = || chance.one(model.deliveries.keys().cloned().collect());
    let on_instalment = |number: String, command| Some(Command::Instalment { number, command });
    Some(match chance.below(20) {
        0..4 => {
            let credit = chance.below(3) == 0;
            let due = match chance.below(3) {
                0 => DueRule::Fixed { on: chance.day() },
                1 => DueRule::AfterSignature { days: 200 },
                _ => DueRule::AfterDelivery {
                    delivery: format!("{contract}.1.{}", 1 + chance.below(4)),
                    days: 10,
                },
            };
            let new = NewInstalment {
                reference: None,
                kind: if credit { InstalmentKind::DeferredCredit } else { InstalmentKind::OnDelivery },
                amount: cents(chance.cents()),
                due,
                lender: credit.then_some(Lender::State),
                bank: None,
                label: None,
                on,
                document: None,
            };
            on_instalment(contract, InstalmentCommand::Schedule(Box::new(new)))?
        }
        4..6 => {
            let change = InstalmentChange { amount: Some(cents(chance.cents())), ..Default::default() };
            let command =
                InstalmentCommand::Amend { on, change, document: paper("Amendment"), reason: "x".into() };
            on_instalment(instalment()?, command)?
        }
        6 => on_instalment(instalment()?, InstalmentCommand::Withdraw { on, reason: "x".into() })?,
        7 => on_instalment(instalment()?, InstalmentCommand::Annul { reason: "x".into() })?,
        8..12 => {
            let mut allocations = Vec::new();
            let mut amount = i64::try_from(chance.below(2)).unwrap() * chance.cents();
            for _ in 0..chance.below(3) {
                let part = 1 + chance.cents() / 4;
                allocations.push(Allocation { instalment: instalment()?, amount: cents(part) });
                amount += part;
            }
            let contract = allocations.first().map_or(contract, |a| contract_of(&a.instalment).to_owned());
            let new = NewReceipt {
                reference: None,
                on,
                amount: cents(amount.max(1)),
                basis: None,
                bank: None,
                document: paper("Advice"),
                allocations,
            };
            Command::Receipt { number: contract, command: ReceiptCommand::Record(Box::new(new)) }
        }
        12 => {
            let part = Allocation { instalment: instalment()?, amount: cents(1 + chance.cents() / 8) };
            Command::Receipt {
                number: receipt()?,
                command: ReceiptCommand::Allocate { allocations: vec![part] },
            }
        }
        13 => Command::Receipt { number: receipt()?, command: ReceiptCommand::Annul { reason: "x".into() } },
        14..18 => Command::Delivery {
            number: None,
            command: DeliveryCommand::HandOver {
                line: format!("{contract}.1"),
                reference: None,
                quantity: entente_register::money::Quantity::whole(
                    1 + i64::try_from(chance.below(3)).unwrap(),
                ),
                on,
                document: paper("Waybill"),
            },
        },
        18 => Command::Delivery {
            number: Some(delivery()?),
            command: DeliveryCommand::Annul { reason: "x".into() },
        },
        _ => return None,
    })
}

/// Notes in the model what was done.
fn note(model: &mut Model, step: usize, command: &Command, key: &str) {
    match command {
        Command::Instalment { command, .. } => match command {
            InstalmentCommand::Schedule(new) => {
                let one = Instalment {
                    span: Span::since(step),
                    kind: new.kind,
                    due: new.due.clone(),
                    amounts: vec![(step, new.on, new.amount.minor)],
                    withdrawn: None,
                };
                model.instalments.insert(key.into(), one);
            }
            InstalmentCommand::Amend { on, change, .. } => {
                let amount = change.amount.unwrap().minor;
                model.instalments.get_mut(key).unwrap().amounts.push((step, *on, amount));
            }
            InstalmentCommand::Withdraw { on, .. } => {
                model.instalments.get_mut(key).unwrap().withdrawn = Some((step, *on));
            }
            InstalmentCommand::Annul { .. } => model.instalments.get_mut(key).unwrap().span.to = step,
        },
        Command::Receipt { command, .. } => match command {
            ReceiptCommand::Record(new) => {
                let parts =
                    new.allocations.iter().map(|a| (step, a.instalment.clone(), a.amount.minor)).collect();
                let receipt = Receipt { span: Span::since(step), on: new.on, value: new.amount.minor, parts };
                model.receipts.insert(key.into(), receipt);
            }
            ReceiptCommand::Allocate { allocations } => {
                let parts = allocations.iter().map(|a| (step, a.instalment.clone(), a.amount.minor));
                model.receipts.get_mut(key).unwrap().parts.extend(parts);
            }
            ReceiptCommand::Annul { .. } => model.receipts.get_mut(key).unwrap().span.to = step,
        },
        Command::Delivery { command: DeliveryCommand::Annul { .. }, .. } => {
            model.deliveries.get_mut(key).unwrap().span.to = step;
        }
        _ => {}
    }
}

on_both! {
    async fn every_figure_of_money_is_what_was_done_and_opens_to_rows_that_sum_to_it(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let chance = Chance(Entropy::seeded(if database.is_postgres() { 31 } else { 32 }));
        let mut model = Model::default();
        for _ in 0..3 {
            model.contracts.push(register.contract("OFFICIAL").await);
        }
        let mut done = 0;
        for step in 0..260 {
            let now = instant("2012-10-01T00:00:00Z") + i64::try_from(step).unwrap().minutes();
            register.clock.set(now);
            model.times.push(now);
            let Some(command) = draw(&model, &chance) else { continue };
            match register.run(command.clone()).await {
                Ok(receipt) => {
                    done += 1;
                    note(&mut model, step, &command, &receipt.subject.key);
                    if let Command::Delivery { command: DeliveryCommand::HandOver { on, quantity, .. }, .. } = &command {
                        let key = receipt.subject.key;
                        register.accept(&key, *on).await.unwrap();
                        let delivery = Delivery { span: Span::since(step), on: *on, amount: quantity.0 * 10 };
                        model.deliveries.insert(key, delivery);
                    }
                }
                Err(Error::Refusal(_)) => {}
                Err(Error::Fault(fault)) => panic!("{fault}"),
            }
        }
        assert!(done > 90, "too little was done to tell anything: {done}");
        let options = BriefOptions { counting: Counting::TitlePassed, plan: None, currency: Currency::USD };
        let (mut unpaid, mut credit) = (0, 0);
        for step in [40, 90, 130, 180, 220, 259] {
            let known_at = model.times[step] + 1.second();
            for as_of in [date(2012, 3, 1), date(2012, 6, 15), date(2012, 8, 20), date(2012, 9, 30)] {
                let (received, overdue, open, receivable, on_credit) = model.figures(step, as_of);
                let reader = register.store.reader(&register.operator, Some(as_of), Some(known_at)).await.unwrap();
                let at = format!("as of {as_of} known at step {step}");
                for (name, value) in [
                    (FigureName::PaymentsReceived, FigureValue::Money(Known::Value(received))),
                    (FigureName::PaymentsOverdue, FigureValue::Count(overdue, "instalments", Some(open))),
                    (FigureName::PaymentsReceivable, FigureValue::Money(Known::Value(receivable))),
                    (FigureName::PaymentsOnCredit, FigureValue::Money(Known::Value(on_credit))),
                ] {
                    let figure = reader.figure(&options, &name, Page::first(3)).await.unwrap();
                    assert_eq!(figure.value, value, "{name} {at}");
                    match figure.value {
                        FigureValue::Money(Known::Value(minor)) => assert_eq!(figure.sources_sum, minor, "{name} {at}"),
                        FigureValue::Count(count, _, Some(minor)) => {
                            assert_eq!((figure.sources.total, figure.sources_sum), (count, minor), "{name} {at}");
                        }
                        other => panic!("{other:?}"),
                    }
                }
                let view = reader.payments(&options, Page::first(3)).await.unwrap();
                let brief = reader.brief(&options).await.unwrap();
                assert_eq!(view.figures, brief.payments, "{at}");
                assert_eq!(brief.payments.by_partner.iter().map(|row| row.receivable).sum::<i64>(), receivable, "{at}");
                assert_eq!(brief.payments.by_bank.iter().map(|row| row.exposure).sum::<i64>(), receivable, "{at}");
                unpaid += receivable;
                credit += on_credit;
            }
        }
        assert!(unpaid > 0 && credit > 0, "the history tells nothing of exposure");
        let deep = VerifyOptions { deep: true, ..Default::default() };
        assert_eq!(register.store.verify(&deep, silent()).await.unwrap().first_bad, None);
        register.store.rebuild(silent()).await.unwrap();
        assert_eq!(register.store.verify(&deep, silent()).await.unwrap().first_bad, None);
    }
}
