//! Opportunities: from the request to the decision, out of an offer to a contract, and what all of them sum to.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_register::access::{Actor, Role};
use entente_register::brief::{Brief, FigureName, Known};
use entente_register::command::Command;
use entente_register::contract::ContractCommand;
use entente_register::label::{Clearance, Level};
use entente_register::ledger::SubjectKind;
use entente_register::money::{Currency, Money, Quantity, Share, Unit};
use entente_register::opportunity::{
    AskedItem, ContractFromOffer, LossCause, NewOffer, NewOpportunity, OfferItem, OpportunityCommand,
    OpportunityKind, Recipient, ToContract, Verdict,
};
use entente_store::reader::{BriefOptions, FigureValue, OpportunityFilter, Page, Reader};
use entente_store::{Outcome, Receipt, Request, VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use support::*;

fn new(marking: &str, on: Date, deadline: Option<Date>) -> NewOpportunity {
    NewOpportunity {
        on,
        reference: None,
        title: "Patrol boats".into(),
        partner: "BRA".into(),
        kind: OpportunityKind::Tender,
        recipient: Recipient::Words("Navy of the partner".into()),
        exporter: "P-P0001".into(),
        items: vec![AskedItem {
            description: "Patrol boat".into(),
            category: "ML9.a".into(),
            quantity: Quantity::whole(4),
            unit: Unit::Piece,
        }],
        competitors: vec!["A yard elsewhere".into()],
        deadline,
        label: label(marking),
        document: None,
    }
}

fn register_one(new: NewOpportunity) -> Command {
    Command::Opportunity { number: None, command: OpportunityCommand::Register(Box::new(new)) }
}

fn act(number: &str, command: OpportunityCommand) -> Command {
    Command::Opportunity { number: Some(number.into()), command }
}

fn offer(on: Date, prices: &[i64], currency: Currency) -> OpportunityCommand {
    let items = prices.iter().enumerate().map(|(place, price)| OfferItem {
        description: format!("Boat {place}"),
        category: if place == 0 { "ML9.a".into() } else { "ML4".into() },
        quantity: Quantity::whole(2),
        unit: Unit::Piece,
        unit_price: Money::new(*price, currency),
        due_on: date(2014, 12, 31),
    });
    OpportunityCommand::Offer(Box::new(NewOffer {
        on,
        currency,
        items: items.collect(),
        valid_until: date(2013, 12, 31),
        terms: Some("Export credit".into()),
        credit: None,
        document: paper("Offer"),
    }))
}

fn from_offer(end_user: Option<&str>) -> ToContract {
    ToContract::New(ContractFromOffer {
        reference: "P/77".into(),
        title: None,
        end_user: end_user.map(str::to_owned),
    })
}

fn win(on: Date, contract: ToContract) -> OpportunityCommand {
    OpportunityCommand::Win { on, offer: None, contract, document: None }
}

const NUMBER: &str = "O-Q2012-0001";

on_both! {
async fn an_offer_becomes_a_contract_without_being_typed_anew(database: TestDatabase) {
    let register = Register::founded(&database).await;
    let made =
        register.run(register_one(new("OFFICIAL", date(2012, 3, 1), Some(date(2012, 4, 30))))).await.unwrap();
    assert_eq!(made.subject.key, NUMBER);
    let give = async |command| register.run(act(NUMBER, command)).await;
    assert_eq!(
        code(give(win(date(2012, 3, 2), from_offer(None))).await),
        "state",
        "what was not offered cannot be won"
    );
    give(OpportunityCommand::AskAdvice { on: date(2012, 3, 5), asked_of: "Ministry".into() }).await.unwrap();
    let again = OpportunityCommand::AskAdvice { on: date(2012, 3, 5), asked_of: "Another".into() };
    assert_eq!(code(give(again).await), "opportunity.advice_awaited");
    let advice = |on, verdict| OpportunityCommand::GiveAdvice {
        on,
        verdict,
        conditions: (verdict == Verdict::Conditional).then(|| "not to be passed on".into()),
        document: paper("Opinion"),
    };
    give(advice(date(2012, 3, 20), Verdict::Negative)).await.unwrap();
    let first = || offer(date(2012, 4, 2), &[10_000], Currency::USD);
    assert_eq!(code(give(first()).await), "opportunity.advice_negative");
    give(OpportunityCommand::AskAdvice { on: date(2012, 3, 25), asked_of: "Ministry".into() }).await.unwrap();
    give(advice(date(2012, 4, 1), Verdict::Conditional)).await.unwrap();
    give(first()).await.unwrap();
    give(offer(date(2012, 5, 2), &[9_001, 30_000], Currency::USD)).await.unwrap();
    let extend = |deadline| OpportunityCommand::Extend {
        on: date(2012, 5, 3),
        deadline,
        document: None,
        reason: None,
    };
    assert_eq!(code(give(extend(date(2012, 4, 30))).await), "opportunity.deadline");
    give(extend(date(2012, 6, 30))).await.unwrap();
    // The order of days, and a day that has not come.
    let lose = |on| OpportunityCommand::Lose {
        on,
        cause: LossCause::Price,
        competitor: None,
        remark: None,
        document: None,
    };
    assert_eq!(code(give(lose(date(2012, 5, 1))).await), "opportunity.order");
    assert_eq!(code(give(lose(date(2012, 10, 1))).await), "date.in_future");
    // The recipient is named in words only; an end user is a party.
    let won = date(2012, 7, 1);
    assert_eq!(code(give(win(won, from_offer(None))).await), "opportunity.end_user");
    assert_eq!(code(give(win(won, from_offer(Some("P-P0009")))).await), "not_found");
    assert_eq!(code(give(win(won, ToContract::Existing("O-2012-0009".into()))).await), "not_found");

    let request = Request {
        command: act(NUMBER, win(won, from_offer(Some("P-P0002")))),
        expected_version: Some(8),
        idempotency_key: Some("won".into()),
    };
    let receipt = register.store.execute(&register.operator, request.clone()).await.unwrap();
    assert_eq!((receipt.subject.key.as_str(), receipt.version), (NUMBER, 9));
    let repeated = register.store.execute(&register.operator, request).await.unwrap();
    assert_eq!((&repeated.subject, repeated.version, repeated.repeated), (&receipt.subject, 9, true));

    let reader = register.store.reader(&register.chair, None, None).await.unwrap();
    let view = reader.opportunity(NUMBER).await.unwrap();
    assert_eq!(view.opportunity.contract(), Some("O-2012-0001"));
    assert_eq!((view.opportunity.state, view.version), ("won", 9));
    let contract = reader.contract("O-2012-0001").await.unwrap();
    assert_eq!(
        (contract.row.state.as_str(), contract.row.amount),
        ("negotiating", Money::new(78_002, Currency::USD))
    );
    assert_eq!(contract.row.title, "Patrol boats");
    let lines: Vec<_> =
        contract.lines.iter().map(|line| (line.description.as_str(), line.amount.minor)).collect();
    assert_eq!(lines, [("Boat 0", 18_002), ("Boat 1", 60_000)]);
    assert_eq!(
        reader.opportunities_of("O-2012-0001").await.unwrap(),
        [(NUMBER.to_owned(), "Patrol boats".to_owned())]
    );
    // The contract goes on as any other, and the next line takes the next number.
    let sign = ContractCommand::Sign { on: date(2012, 8, 1), document: paper("Contract") };
    register.run(Command::Contract { number: Some("O-2012-0001".into()), command: sign }).await.unwrap();
    let add = entente_register::contract::line::LineCommand::Add(entente_register::contract::line::NewLine {
        document: Some(paper("Amendment")),
        ..ten_pieces()
    });
    let line = register.run(Command::Line { number: "O-2012-0001".into(), command: add }).await.unwrap();
    assert_eq!(line.subject, SubjectKind::Line.subject("O-2012-0001.3"));

    let odd = OpportunityFilter { words: Some("a\0b".into()), ..OpportunityFilter::default() };
    let found = register.store.reader(&register.chair, None, None).await.unwrap();
    assert_eq!(found.opportunities(&odd, Page::first(5)).await.unwrap().total, 0, "no text holds a zero byte");

    // As of an earlier day it stands as it stood.
    let then = register.store.reader(&register.chair, Some(date(2012, 4, 15)), None).await.unwrap();
    let view = then.opportunity(NUMBER).await.unwrap();
    assert_eq!((view.opportunity.state, view.opportunity.offers.len()), ("offered", 1));
    assert_eq!(view.opportunity.deadline, Some(date(2012, 4, 30)));
    let before = register.store.reader(&register.chair, Some(date(2012, 2, 15)), None).await.unwrap();
    assert_eq!(code(before.opportunity(NUMBER).await), "not_found");

    let options = VerifyOptions { deep: true, ..VerifyOptions::default() };
    let verified = register.store.verify(&options, silent()).await.unwrap();
    assert!(verified.ok(), "{verified:?}");
    register.store.close().await;
}
}

on_both! {
async fn what_is_marked_or_of_another_exporter_is_not_there(database: TestDatabase) {
    let register = Register::founded(&database).await;
    register.run(Command::Party(party("Second Works", "RUS", "PUBLIC"))).await.unwrap();
    for (marking, exporter) in [("OFFICIAL", "P-P0001"), ("SECRET", "P-P0001"), ("OFFICIAL", "P-P0003")] {
        let one = NewOpportunity {
            exporter: exporter.into(),
            ..new(marking, date(2012, 3, 1), Some(date(2012, 10, 10)))
        };
        register.run(register_one(one)).await.unwrap();
    }
    let numbers = async |actor: &Actor| -> Vec<String> {
        let reader = register.store.reader(actor, None, None).await.unwrap();
        let found = reader.opportunities(&OpportunityFilter::default(), Page::first(50)).await.unwrap();
        assert_eq!(found.total as usize, found.rows.len());
        found.rows.into_iter().map(|row| row.number).collect()
    };
    let official = actor("official", Role::Secretary, Clearance::of(Level::Official));
    assert_eq!(numbers(&official).await, ["O-Q2012-0001", "O-Q2012-0002"]);
    assert_eq!(numbers(&register.chair).await.len(), 3);
    let exporter = Actor {
        party: Some("P-P0003".into()),
        ..actor("works", Role::Exporter, Clearance::of(Level::Official))
    };
    assert_eq!(numbers(&exporter).await, ["O-Q2012-0002"]);
    let reader = register.store.reader(&exporter, None, None).await.unwrap();
    assert_eq!(code(reader.opportunity("O-Q2012-0001").await), "not_found");
    let customs = actor("customs", Role::Customs, Clearance::full());
    let reader = register.store.reader(&customs, None, None).await.unwrap();
    assert_eq!(code(reader.opportunity("O-Q2012-0001").await), "access.read");
    assert!(reader.opportunities_of("O-2012-0001").await.unwrap().is_empty());
    // Who may not see it may not change it, and is told no more than that it is not there.
    let officer = actor("officer", Role::ContractOfficer, Clearance::of(Level::Official));
    let ask = OpportunityCommand::AskAdvice { on: date(2012, 4, 1), asked_of: "Ministry".into() };
    assert_eq!(code(register.store.execute(&officer, act("S-Q2012-0001", ask)).await), "not_found");
    // A brief of official matters is marked by what it was gathered from.
    let brief = async |actor: &Actor| {
        let reader = register.store.reader(actor, None, None).await.unwrap();
        reader.brief(&BriefOptions::default()).await.unwrap()
    };
    assert_eq!(brief(&official).await.pipeline.open, 2);
    assert_eq!(brief(&register.chair).await.marking, Some(label("SECRET")));
    register.store.close().await;
}
}

/// Numbers by chance, the same in every run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

async fn try_one(register: &Register, command: Command) -> Option<Receipt> {
    let done: Outcome<Receipt> = register.run(command).await;
    match done {
        Ok(receipt) => Some(receipt),
        Err(entente_store::Error::Refusal(_)) => None,
        Err(fault) => panic!("{fault}"),
    }
}

async fn check(reader: &Reader, options: &BriefOptions, brief: &Brief) {
    for name in FigureName::all(brief) {
        if !name.to_string().contains("pipeline") && !name.to_string().ends_with(".opportunities") {
            continue;
        }
        let figure = reader.figure(options, &name, Page::first(500)).await.unwrap();
        let rows = &figure.sources.rows;
        let (total, sum) = (rows.len() as i64, rows.iter().map(|row| row.amount).sum::<i64>());
        assert_eq!((figure.sources.total, figure.sources_sum), (total, sum), "{name}");
        match figure.value {
            FigureValue::Money(Known::Value(value)) => assert_eq!(sum, value, "{name}"),
            FigureValue::Count(count, _, _) => assert_eq!(total, count, "{name}"),
            FigureValue::Number(share, _) if figure.operands.is_empty() => {
                let won = rows.iter().filter(|row| row.note == "won").count() as i64;
                assert_eq!(share.value().copied(), Share::of(won, total).map(Share::percent), "{name}");
            }
            FigureValue::Number(..) => assert_eq!(figure.operands.len(), 2, "{name}"),
            FigureValue::Money(Known::Unknown(why)) => panic!("{name}: {why}"),
        }
    }
}

on_both! {
async fn the_sum_of_the_sources_is_the_figure_of_the_pipeline(database: TestDatabase) {
    let register = Register::founded(&database).await;
    let mut draw = Draw(7);
    let mut numbers = Vec::new();
    let start = date(2012, 1, 1);
    let eur: Currency = "EUR".parse().unwrap();
    for step in 0..260_u64 {
        let on = start.checked_add(((step * 2 / 2).min(268) as i64).days()).unwrap();
        if numbers.is_empty() || draw.below(4) == 0 {
            let marking = ["OFFICIAL", "SECRET", "CONFIDENTIAL"][draw.below(3) as usize];
            let deadline = on.checked_add((draw.below(120) as i64).days()).unwrap();
            let partner = ["BRA", "IND"][draw.below(2) as usize];
            let one = NewOpportunity { partner: partner.into(), ..new(marking, on, Some(deadline)) };
            numbers.extend(try_one(&register, register_one(one)).await.map(|receipt| receipt.subject.key));
            continue;
        }
        let number = numbers[draw.below(numbers.len() as u64) as usize].clone();
        let currency = if draw.below(4) == 0 { eur } else { Currency::USD };
        let command = match draw.below(8) {
            0..=2 => offer(on, &[1 + draw.below(99_999) as i64, 1 + draw.below(777) as i64], currency),
            3 | 4 => OpportunityCommand::Estimate {
                on,
                probability: draw.below(101) as u8,
                signature_on: (draw.below(2) == 0).then(|| date(2013, 3, 31)),
                reason: "talks".into(),
            },
            5 => win(on, from_offer(Some("P-P0002"))),
            6 => OpportunityCommand::Lose {
                on,
                cause: LossCause::ALL[draw.below(8) as usize],
                competitor: None,
                remark: None,
                document: None,
            },
            _ => OpportunityCommand::Decline { on, reason: "no capacity".into(), document: None },
        };
        try_one(&register, act(&number, command)).await;
    }
    let mut decided = 0;
    for clearance in [Clearance::full(), Clearance::of(Level::Official), Clearance::of(Level::Confidential)] {
        let chair = actor("chair", Role::Chair, clearance);
        for as_of in [date(2012, 2, 1), date(2012, 5, 17), date(2012, 9, 30)] {
            for currency in [Currency::USD, eur] {
                let options = BriefOptions { currency, ..BriefOptions::default() };
                let reader = register.store.reader(&chair, Some(as_of), None).await.unwrap();
                let brief = reader.brief(&options).await.unwrap();
                check(&reader, &options, &brief).await;
                let pipeline = &brief.pipeline;
                assert_eq!(pipeline.by_partner.iter().map(|row| row.open).sum::<i64>(), pipeline.open);
                assert_eq!(
                    pipeline.by_partner.iter().map(|row| row.due_soon).sum::<i64>(),
                    pipeline.due_soon
                );
                assert_eq!(pipeline.deadlines.len() as i64, pipeline.due_soon);
                // What the analysis shows of the same days is the same.
                let period = (date(as_of.year(), 1, 1), as_of);
                let (analysis, _) = reader.opportunity_analysis(period).await.unwrap();
                assert_eq!((analysis.whole.won, analysis.whole.lost), (pipeline.won, pipeline.lost));
                assert_eq!(analysis.whole.win_pct.value(), pipeline.win_pct.value());
                assert_eq!(analysis.by_partner.iter().map(|row| row.open).sum::<i64>(), pipeline.open);
                let expected = analysis.intake.iter().filter(|row| row.currency == currency);
                assert_eq!(expected.map(|row| row.expected).sum::<i64>(), pipeline.expected_intake);
                let value = |rows: &[entente_register::opportunity::analysis::Rates]| -> i64 {
                    rows.iter()
                        .flat_map(|row| &row.by_value)
                        .filter(|v| v.currency == currency)
                        .map(|v| v.decided)
                        .sum()
                };
                assert_eq!(value(&analysis.by_partner), pipeline.decided_value);
                // The parts of the product groups sum to the whole as well.
                assert_eq!(value(&analysis.by_product), pipeline.decided_value);
                decided += pipeline.won + pipeline.lost;
            }
        }
    }
    assert!(decided > 60, "{decided}: the test tells nothing");
    let options = VerifyOptions { deep: true, ..VerifyOptions::default() };
    let verified = register.store.verify(&options, silent()).await.unwrap();
    assert!(verified.ok(), "{verified:?}");
    register.store.close().await;
}
}
