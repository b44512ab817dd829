//! Money in and out: schedules, receipts in other currencies, penalties, and what all of it sums to.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_register::access::Role;
use entente_register::brief::{FigureName, Known};
use entente_register::command::Command;
use entente_register::contract::delivery::{Counting, DeliveryCommand};
use entente_register::label::{Clearance, Level};
use entente_register::money::{Currency, Money};
use entente_register::payment::{
    Allocation, Delay, DueRule, ExchangeRate, InstalmentChange, InstalmentCommand, InstalmentKind, Late,
    Lender, NewInstalment, NewReceipt, PenaltyCommand, PenaltyTerms, Percent, Period, Rate, RateBasis,
    RateCommand, ReceiptCommand, ScheduleCommand,
};
use entente_store::reader::{BriefOptions, FigureValue, Page, PaymentsView};
use entente_store::{Outcome, Receipt, Request, VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use jiff::civil::{Date, date};
use support::*;

const CONTRACT: &str = "O-2012-0001";

fn eur(units: i64) -> Money {
    Money::new(units * 100, "EUR".parse().unwrap())
}

fn instalment(kind: InstalmentKind, amount: Money, due: DueRule) -> NewInstalment {
    let lender = (kind == InstalmentKind::DeferredCredit).then_some(Lender::State);
    NewInstalment {
        reference: None,
        kind,
        amount,
        due,
        lender,
        bank: None,
        label: None,
        on: date(2012, 1, 15),
        document: None,
    }
}

fn receipt(on: Date, amount: Money, pays: &[(&str, i64)]) -> NewReceipt {
    NewReceipt {
        reference: None,
        on,
        amount,
        basis: None,
        bank: None,
        document: paper("Advice"),
        allocations: pays
            .iter()
            .map(|(instalment, units)| Allocation { instalment: (*instalment).into(), amount: usd(*units) })
            .collect(),
    }
}

fn on_instalment(number: &str, command: InstalmentCommand) -> Command {
    Command::Instalment { number: number.into(), command }
}

fn on_receipt(number: &str, command: ReceiptCommand) -> Command {
    Command::Receipt { number: number.into(), command }
}

fn on_schedule(command: ScheduleCommand) -> Command {
    Command::Schedule { contract: CONTRACT.into(), command }
}

impl Register {
    async fn schedule(&self, new: NewInstalment) -> Outcome<Receipt> {
        self.run(on_instalment(CONTRACT, InstalmentCommand::Schedule(Box::new(new)))).await
    }

    async fn receive(&self, new: NewReceipt) -> Outcome<Receipt> {
        self.run(on_receipt(CONTRACT, ReceiptCommand::Record(Box::new(new)))).await
    }

    /// A contract of 1,000.00 USD with three instalments: an advance, one with the first delivery, one on credit.
    async fn scheduled(&self) {
        self.contract("OFFICIAL").await;
        for new in [
            instalment(InstalmentKind::Advance, usd(200), DueRule::AfterSignature { days: 30 }),
            instalment(
                InstalmentKind::OnDelivery,
                usd(300),
                DueRule::AfterDelivery { delivery: format!("{CONTRACT}.1.1"), days: 10 },
            ),
            instalment(InstalmentKind::DeferredCredit, usd(500), DueRule::Fixed { on: date(2013, 6, 30) }),
        ] {
            self.schedule(new).await.unwrap();
        }
    }

    async fn money(&self, as_of: Date) -> PaymentsView {
        let reader = self.store.reader(&self.operator, Some(as_of), None).await.unwrap();
        reader.payments(&options(), Page::first(50)).await.unwrap()
    }
}

fn options() -> BriefOptions {
    BriefOptions { counting: Counting::TitlePassed, plan: None, currency: Currency::USD }
}

on_both! {
    async fn a_schedule_is_complete_when_it_sums_to_the_contract(database: TestDatabase) {
        let register = Register::founded(&database).await;
        register.scheduled().await;
        let extra = instalment(InstalmentKind::Retention, usd(1), DueRule::Fixed { on: date(2013, 1, 1) });
        let fourth = register.schedule(extra.clone()).await.unwrap().subject.key;
        assert_eq!(fourth, "O-2012-0001.I4");
        let complete = || on_schedule(ScheduleCommand::Complete { on: date(2012, 2, 1) });
        let refused = refusal(register.run(complete()).await);
        assert_eq!(refused.code, "schedule.mismatch");
        assert!(refused.message.contains("1,001.00 USD") && refused.message.contains("1,000.00 USD"), "{refused}");
        let annul = InstalmentCommand::Annul { reason: "typed twice".into() };
        register.run(on_instalment(&fourth, annul)).await.unwrap();
        register.run(complete()).await.unwrap();
        // From then on no instalment comes, goes or changes its amount.
        assert_eq!(code(register.schedule(extra.clone()).await), "schedule.complete");
        let amend = |change| InstalmentCommand::Amend {
            on: date(2012, 2, 1), change, document: paper("Amendment"), reason: "agreed".into(),
        };
        let dearer = InstalmentChange { amount: Some(usd(201)), ..InstalmentChange::default() };
        assert_eq!(code(register.run(on_instalment("O-2012-0001.I1", amend(dearer.clone()))).await), "schedule.complete");
        let later = InstalmentChange { due: Some(DueRule::Fixed { on: date(2012, 3, 1) }), ..InstalmentChange::default() };
        register.run(on_instalment("O-2012-0001.I1", amend(later))).await.unwrap();
        register.run(on_schedule(ScheduleCommand::Reopen { on: date(2012, 2, 2), reason: "dearer".into() })).await.unwrap();
        register.run(on_instalment("O-2012-0001.I1", amend(dearer))).await.unwrap();
        let reader = register.store.reader(&register.operator, Some(date(2012, 2, 1)), None).await.unwrap();
        let seen = reader.contract_payments(CONTRACT).await.unwrap();
        assert!(seen.schedule.complete, "as of the day before it was opened again");
        let reader = register.store.reader(&register.operator, Some(date(2012, 2, 2)), None).await.unwrap();
        let seen = reader.contract_payments(CONTRACT).await.unwrap();
        assert_eq!((seen.schedule.complete, seen.schedule.scheduled, seen.schedule.value), (false, 100_100, 100_000));
    }

    async fn an_instalment_is_due_once_its_act_has_happened(database: TestDatabase) {
        let register = Register::founded(&database).await;
        register.scheduled().await;
        let due = async |as_of: Date| {
            let reader = register.store.reader(&register.operator, Some(as_of), None).await.unwrap();
            let seen = reader.contract_payments(CONTRACT).await.unwrap();
            let mut all: Vec<_> = seen.instalments.iter().map(|one| (one.number.clone(), one.due_on)).collect();
            all.sort();
            all.into_iter().map(|one| one.1).collect::<Vec<_>>()
        };
        let (advance, credit) = (Some(date(2012, 2, 14)), Some(date(2013, 6, 30)));
        assert_eq!(due(date(2012, 9, 1)).await, [advance, None, credit]);
        let first = register.hand_over("O-2012-0001.1", 4, date(2012, 5, 1)).await.unwrap().subject.key;
        assert_eq!(due(date(2012, 9, 1)).await, [advance, None, credit]);
        register.accept(&first, date(2012, 5, 20)).await.unwrap();
        assert_eq!(due(date(2012, 9, 1)).await, [advance, Some(date(2012, 5, 30)), credit]);
        assert_eq!(due(date(2012, 5, 19)).await, [advance, None, credit]);
        assert_eq!(register.money(date(2012, 5, 29)).await.figures.overdue_instalments, 1);
        let view = register.money(date(2012, 5, 30)).await;
        assert_eq!((view.figures.overdue_instalments, view.figures.overdue_value), (2, 50_000));
        // An acceptance that never was makes nothing due.
        let annul = DeliveryCommand::Annul { reason: "typed twice".into() };
        register.run(Command::Delivery { number: Some(first), command: annul }).await.unwrap();
        assert_eq!(due(date(2012, 9, 1)).await, [advance, None, credit]);
    }

    async fn a_receipt_pays_no_more_than_it_holds_nor_than_is_open(database: TestDatabase) {
        let register = Register::founded(&database).await;
        register.scheduled().await;
        let on = date(2012, 3, 1);
        let of = |pays: &[(&str, i64)]| receipt(on, usd(250), pays);
        let refused = refusal(register.receive(of(&[("O-2012-0001.I1", 201)])).await);
        assert_eq!(refused.code, "receipt.beyond_instalment");
        assert!(refused.message.contains("O-2012-0001.I1") && refused.missing.unwrap().contains("200.00 USD"));
        let refused = refusal(register.receive(of(&[("O-2012-0001.I1", 200), ("O-2012-0001.I2", 51)])).await);
        assert_eq!(refused.code, "receipt.beyond_receipt");
        assert_eq!(code(register.receive(of(&[("O-2012-0001.I9", 1)])).await), "not_found");
        assert_eq!(code(register.receive(of(&[("O-2012-0001.I1", 1), ("O-2012-0001.I1", 1)])).await), "receipt.named_twice");
        let early = NewReceipt { on: date(2012, 1, 14), ..of(&[]) };
        assert_eq!(code(register.receive(early).await), "receipt.before_signature");
        let first = register.receive(of(&[("O-2012-0001.I1", 200)])).await.unwrap().subject.key;
        assert_eq!(first, "O-2012-0001.R1");
        // What is left pays later, and was paid when the money came in.
        let more = |units| on_receipt("O-2012-0001.R1", ReceiptCommand::Allocate {
            allocations: vec![Allocation { instalment: "O-2012-0001.I2".into(), amount: usd(units) }],
        });
        assert_eq!(code(register.run(more(51)).await), "receipt.beyond_receipt");
        register.run(more(50)).await.unwrap();
        assert_eq!(code(register.receive(of(&[("O-2012-0001.I2", 251)])).await), "receipt.beyond_instalment");
        let withdraw = InstalmentCommand::Withdraw { on: date(2012, 4, 1), reason: "x".into() };
        assert_eq!(code(register.run(on_instalment("O-2012-0001.I2", withdraw.clone())).await), "instalment.paid");
        let seen = register.money(date(2012, 3, 1)).await;
        assert_eq!((seen.figures.received, seen.figures.receipts), (25_000, 1));
        // An annulled receipt never was; what was known before stays.
        let known = register.store.reader(&register.operator, None, None).await.unwrap().known_at();
        register.clock.set(instant("2012-10-02T00:00:00Z"));
        register.run(on_receipt("O-2012-0001.R1", ReceiptCommand::Annul { reason: "another’s money".into() })).await.unwrap();
        assert_eq!(register.money(date(2012, 9, 1)).await.figures.received, 0);
        let before = register.store.reader(&register.operator, Some(date(2012, 9, 1)), Some(known)).await.unwrap();
        let before = before.contract_payments(CONTRACT).await.unwrap();
        assert_eq!(before.schedule.received, 25_000);
        let mut paid: Vec<_> = before.instalments.iter().map(|one| (one.number.as_str(), one.received)).collect();
        paid.sort_unstable();
        assert_eq!(paid.iter().map(|one| one.1).collect::<Vec<_>>(), [20_000, 5_000, 0]);
        register.run(on_instalment("O-2012-0001.I2", withdraw)).await.unwrap();
        assert_eq!(code(register.run(more(1)).await), "state");
    }

    async fn a_receipt_in_another_currency_is_counted_at_a_rate_that_it_states(database: TestDatabase) {
        let register = Register::founded(&database).await;
        register.scheduled().await;
        let of = |basis| NewReceipt { basis, ..receipt(date(2012, 5, 14), eur(100), &[("O-2012-0001.I1", 129)]) };
        let refused = refusal(register.receive(of(None)).await);
        assert_eq!((refused.code, refused.field.as_deref()), ("receipt.basis", Some("basis")));
        let refused = refusal(register.receive(of(Some(RateBasis::RateOfTheDay))).await);
        assert_eq!(refused.code, "rate.missing");
        assert_eq!(refused.message, "No rate of EUR and USD of 2012-05-14 is recorded.");
        let refused = refusal(register.receive(of(Some(RateBasis::ContractRate))).await);
        assert_eq!(refused.message, "Contract O-2012-0001 fixes no rate of EUR and USD.");
        let quoted = |rate: &str| ExchangeRate {
            from: "EUR".parse().unwrap(), units: 1, to: Currency::USD, rate: Rate::parse("rate", rate).unwrap(),
        };
        let record = |rate: &str, contract: Option<&str>| Command::Rate {
            number: None,
            command: RateCommand::Record {
                quoted: quoted(rate), on: date(2012, 5, 14), source: "Central bank".into(),
                contract: contract.map(str::to_owned), document: None,
            },
        };
        let rate = register.run(record("1.2905", None)).await.unwrap().subject;
        assert_eq!(rate.to_string(), "rate:EUR-USD-2012-05-14");
        assert_eq!(code(register.run(record("1.3", None)).await), "rate.recorded");
        register.run(record("1.4", Some(CONTRACT))).await.unwrap();
        assert_eq!(code(register.run(record("1.4", Some("O-2012-0099"))).await), "not_found");
        register.receive(of(Some(RateBasis::RateOfTheDay))).await.unwrap();
        let at_contract = NewReceipt { allocations: Vec::new(), ..of(Some(RateBasis::ContractRate)) };
        register.receive(at_contract).await.unwrap();
        // A correction restates the table; what was counted at the old rate states it still.
        let correct = RateCommand::Correct { quoted: quoted("1.2"), source: "Central bank".into(), document: None, reason: "misread".into() };
        register.run(Command::Rate { number: Some(rate.key), command: correct }).await.unwrap();
        let reader = register.store.reader(&register.operator, None, None).await.unwrap();
        let seen = reader.contract_payments(CONTRACT).await.unwrap();
        let values: Vec<_> = seen.receipts.iter().map(|one| (one.value.minor, one.unallocated())).collect();
        assert_eq!(values, [(12_905, 5), (14_000, 14_000)]);
        assert_eq!(seen.receipts[0].conversion.as_ref().unwrap().quoted, quoted("1.2905"));
        assert_eq!(seen.rates.len(), 1);
        let listed = reader.rates(&Default::default(), Page::first(50)).await.unwrap();
        assert_eq!(listed.rows.iter().map(|row| row.quoted.rate.to_string()).collect::<Vec<_>>(), ["1.2", "1.4"]);
    }

    async fn a_penalty_is_claimed_by_the_terms_and_goes_its_way(database: TestDatabase) {
        let register = Register::founded(&database).await;
        register.scheduled().await;
        let delivery = register.hand_over("O-2012-0001.1", 10, date(2012, 7, 1)).await.unwrap().subject.key;
        register.accept(&delivery, date(2012, 7, 20)).await.unwrap();
        let penalty = |number: &str, command| Command::Penalty { number: number.into(), command };
        let claim = |delay: Delay| penalty(CONTRACT, PenaltyCommand::Claim { delay, on: date(2012, 8, 1), amount: None, document: None });
        let late = || claim(Delay::Delivery("O-2012-0001.1.1".into()));
        assert_eq!(code(register.run(late()).await), "penalty.terms");
        let terms = PenaltyTerms {
            late: Late::Delivery, rate: Percent::parse("rate", "0.5").unwrap(), period: Period::FullWeek,
            cap: Some(Percent::parse("cap", "8").unwrap()), document: paper("Contract, article 12"),
        };
        register.run(on_schedule(ScheduleCommand::AgreePenalty { on: date(2012, 1, 15), terms })).await.unwrap();
        // Twenty days after the line's date are two full weeks: 1 % of 1,000.00.
        let number = register.run(late()).await.unwrap().subject.key;
        assert_eq!(number, "O-2012-0001.P1");
        assert_eq!(code(register.run(late()).await), "penalty.standing");
        assert_eq!(code(register.run(claim(Delay::Line("O-2012-0001.1".into()))).await), "penalty.not_late");
        let agree = |units| penalty(&number, PenaltyCommand::Agree { on: date(2012, 8, 10), amount: usd(units), document: paper("Minutes") });
        assert_eq!(code(register.run(agree(11)).await), "penalty.beyond_terms");
        register.run(agree(8)).await.unwrap();
        let seen = register.money(date(2012, 9, 1)).await;
        assert_eq!(seen.penalties.rows.iter().map(|row| (row.claim.proposed, row.amount, row.state.as_str())).collect::<Vec<_>>(), [(usd(10), usd(8), "agreed")]);
        assert_eq!(register.money(date(2012, 8, 5)).await.penalties.rows[0].state, "claimed");
        register.run(penalty(&number, PenaltyCommand::Settle { on: date(2012, 9, 2), document: paper("Credit note") })).await.unwrap();
        assert_eq!(register.money(date(2012, 9, 30)).await.penalties.total, 0);
        assert_eq!(code(register.run(agree(8)).await), "state");
    }

    async fn payments_bear_the_marking_of_their_contract(database: TestDatabase) {
        let register = Register::founded(&database).await;
        register.scheduled().await;
        // With sums hidden among those that are shown, the contract's value would tell them.
        let retention = instalment(InstalmentKind::Retention, usd(5), DueRule::Fixed { on: date(2012, 3, 1) });
        for marking in ["SECRET", "PUBLIC", "OFFICIAL//REL IND"] {
            let marked = NewInstalment { label: Some(label(marking)), ..retention.clone() };
            assert_eq!(code(register.schedule(marked).await), "payment.label", "{marking}");
        }
        let same = NewInstalment { label: Some(label("OFFICIAL")), ..retention };
        assert_eq!(register.schedule(same).await.unwrap().subject.key, "O-2012-0001.I4");
        let officer = actor("officer", Role::ContractOfficer, Clearance::of(Level::Public));
        let pay = |instalment: &str| Command::Receipt { number: CONTRACT.into(), command: ReceiptCommand::Record(Box::new(receipt(date(2012, 3, 2), usd(5), &[(instalment, 1)]))) };
        // Who may not see the contract is told alike of what is there and of what is not.
        let (hidden, absent) = (
            refusal(register.store.execute(&officer, pay("O-2012-0001.I1")).await),
            refusal(register.store.execute(&officer, pay("O-2012-0001.I9")).await),
        );
        assert_eq!((hidden.code, hidden.message), (absent.code, absent.message));
        let customs = actor("customs", Role::Customs, Clearance::full());
        let reader = register.store.reader(&customs, None, None).await.unwrap();
        assert_eq!(code(reader.contract_payments(CONTRACT).await), "access.read");
    }

    async fn of_two_who_pay_the_last_of_an_instalment_one_is_refused(database: TestDatabase) {
        let register = Register::founded(&database).await;
        register.scheduled().await;
        let pay = |n: u32| {
            let store = register.store.clone();
            let operator = register.operator.clone();
            tokio::spawn(async move {
                let new = receipt(date(2012, 3, 1), usd(150), &[("O-2012-0001.I1", 150)]);
                let command = on_receipt(CONTRACT, ReceiptCommand::Record(Box::new(new)));
                let key = Some(format!("receipt-{n}"));
                store.execute(&operator, Request { command, expected_version: None, idempotency_key: key }).await
            })
        };
        let (one, other) = tokio::join!(pay(1), pay(2));
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!(u32::from(one.is_ok()) + u32::from(other.is_ok()), 1);
        let refused = if one.is_ok() { refusal(other) } else { refusal(one) };
        assert_eq!(refused.code, "receipt.beyond_instalment");
    }

    async fn the_brief_has_a_block_of_money_and_each_figure_opens(database: TestDatabase) {
        let register = Register::founded(&database).await;
        register.scheduled().await;
        let delivery = register.hand_over("O-2012-0001.1", 6, date(2012, 5, 1)).await.unwrap().subject.key;
        register.accept(&delivery, date(2012, 5, 20)).await.unwrap();
        register.receive(receipt(date(2012, 3, 1), usd(150), &[("O-2012-0001.I1", 150)])).await.unwrap();
        let reader = register.store.reader(&register.operator, None, None).await.unwrap();
        let brief = reader.brief(&options()).await.unwrap();
        let money = &brief.payments;
        // 600 delivered, 150 received: 450 open, on the advance (50), the delivery (300) and the credit (100).
        assert_eq!((money.receivable, money.on_credit, money.overdue_value), (45_000, 10_000, 35_000));
        assert_eq!(brief.alerts.iter().filter(|alert| alert.instalment.is_some()).count(), 2);
        for (name, expected) in [
            ("payments.received", 15_000), ("payments.receivable", 45_000), ("payments.on_credit", 10_000),
            ("by_partner.BRA.receivable", 45_000), ("by_partner.IND.receivable", 0), ("by_bank.NONE.exposure", 45_000),
        ] {
            let name: FigureName = name.parse().unwrap();
            let Ok(opened) = reader.figure(&options(), &name, Page::first(50)).await else {
                assert_eq!(expected, 0, "{name}");
                continue;
            };
            assert_eq!(opened.value, FigureValue::Money(Known::Value(expected)), "{name}");
            assert_eq!(opened.sources_sum, expected, "{name}");
        }
        let options = VerifyOptions { deep: true, ..Default::default() };
        assert_eq!(register.store.verify(&options, silent()).await.unwrap().first_bad, None);
    }
}
