//! Commands of terms, serial numbers, slippages, corrective plans and offset obligations.

use std::sync::Arc;

use entente_register::access::Role;
use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::{ClaimKind, ClaimWindow, ContractCommand, ContractTerms, Warranty};
use entente_register::ledger::SubjectKind;
use entente_register::money::Money;
use entente_register::payment::Percent;
use entente_register::performance::{
    CorrectiveCommand, DelayCause, DelayReason, DelaySide, Multiplier, NewAction, OffsetCommand, OffsetKind,
    OffsetPhase, OffsetTerms, SlippageCommand, SlippageEnd, Thousandths, Transaction,
};
use entente_register::report::{ReportCommand, Reported};
use jiff::civil::Date;

use super::Clerk;
use crate::demo::calendar::{add, workday_from};
use crate::demo::course::{reporter, slip, waits};
use crate::demo::script::{Act, Attempt, Shipment};

/// Why lines slip, and in which words.
const REASONS: [(DelayCause, DelaySide, &str); 5] = [
    (DelayCause::Supply, DelaySide::Seller, "A supplier of the maker delivers its castings late"),
    (DelayCause::Production, DelaySide::Seller, "The maker’s line was converted later than planned"),
    (DelayCause::Quality, DelaySide::Seller, "The first lot did not pass its test and is worked over"),
    (DelayCause::BuyerInput, DelaySide::Buyer, "The end user’s equipment to be built in has not come"),
    (DelayCause::Transport, DelaySide::Neither, "The port of loading is closed to such goods until spring"),
];

impl Clerk<'_> {
    /// Which contract, and its number.
    fn numbered(&self, d: usize) -> String {
        self.contracts.get(&d).cloned().unwrap_or_default()
    }

    pub(super) fn course(&mut self, d: usize, act: Act, on: Date) {
        let contract = self.numbered(d);
        let at = |letter: char| format!("{contract}.{letter}1");
        match act {
            Act::AgreeTerms(_) => self.agree_terms(&contract, on),
            Act::FileReport(_) => self.file_report(d, on),
            Act::ReportSlippage(_) if reporter(&self.deals[d]).is_some() => {
                // What was reported becomes the fact, with the evidence that the report bears.
                let command = ReportCommand::Accept { on, document: None };
                let number = at('N');
                let subject = SubjectKind::Report.subject(number.clone());
                self.by_officer(subject, Command::Report { number, command });
            }
            Act::ReportSlippage(_) | Act::EndSlippage(_) => {
                let command = self.slippage(d, act, on);
                let new = matches!(act, Act::ReportSlippage(_));
                let number = if new { contract.clone() } else { at('S') };
                self.by_officer(
                    SubjectKind::Slippage.subject(at('S')),
                    Command::Slippage { number, command },
                );
            }
            Act::ProposeCorrective(_) => {
                let actions = [
                    ("A second shift until the line is even with its plan", 20),
                    ("Parts from another supplier", 35),
                ];
                let command = CorrectiveCommand::Propose {
                    on,
                    about: Some(SubjectKind::Slippage.subject(at('S')).to_string()),
                    claim: None,
                    goal: "The line delivered on the day that is expected now".to_owned(),
                    actions: actions
                        .map(|(what, after)| NewAction {
                            what: what.to_owned(),
                            responsible: "The maker’s director of production".to_owned(),
                            due_on: workday_from(add(on, after)),
                        })
                        .to_vec(),
                    document: None,
                };
                self.by_officer(
                    SubjectKind::Corrective.subject(at('C')),
                    Command::Corrective { number: contract.clone(), command },
                );
            }
            Act::ApproveCorrective(_) => {
                let command = CorrectiveCommand::Approve { on, document: None };
                let operator = Arc::clone(&self.actors.operator);
                let subject = SubjectKind::Corrective.subject(at('C'));
                self.execute(&operator, subject, Command::Corrective { number: at('C'), command });
            }
            _ => self.offset(d, act, on),
        }
    }

    /// The exporter or the maker reports that a line slips.
    fn file_report(&mut self, d: usize, on: Date) {
        let deal = &self.deals[d];
        let (Some(role), Some(slip)) = (reporter(deal), slip(deal).or_else(|| waits(deal))) else { return };
        let actor = match role {
            Role::Exporter => Arc::clone(&self.actors.exporter),
            _ => Arc::clone(&self.actors.maker),
        };
        let contract = self.numbered(d);
        let (cause, side, words) = REASONS[d % REASONS.len()];
        let document = Some(self.paper("Report of the maker", on, &self.about(d), words));
        let reported = Reported::Slips {
            on,
            line: self.lines.get(&(d, slip.item)).cloned().unwrap_or_default(),
            expected_on: slip.expected,
            delay: DelayReason { cause, side },
            description: words.to_owned(),
        };
        let note = Some("The new day is agreed with the works".to_owned());
        let command = ReportCommand::File { on, reported, note, document };
        let subject = SubjectKind::Report.subject(format!("{contract}.N1"));
        self.execute(&actor, subject, Command::Report { number: contract, command });
    }

    fn agree_terms(&mut self, contract: &str, on: Date) {
        let terms = ContractTerms {
            claim_windows: vec![
                ClaimWindow { kind: None, days: 365 },
                ClaimWindow { kind: Some(ClaimKind::Shortage), days: 90 },
            ],
            warranties: vec![Warranty { line: None, months: 18 }],
            serialised: Vec::new(),
            document: None,
        };
        let reason = "As the general conditions of delivery say".to_owned();
        let command = ContractCommand::AgreeTerms { on, terms, reason };
        let subject = SubjectKind::Contract.subject(contract);
        self.by_officer(subject, Command::Contract { number: Some(contract.to_owned()), command });
    }

    fn slippage(&mut self, d: usize, act: Act, on: Date) -> SlippageCommand {
        if let Act::EndSlippage(_) = act {
            return SlippageCommand::End { on, end: SlippageEnd::Delivered, document: None };
        }
        let slips = slip(&self.deals[d]);
        let (item, expected_on) = slips.map_or((0, on), |slip| (slip.item, slip.expected));
        let (cause, side, words) = REASONS[d % REASONS.len()];
        let document = Some(self.paper("Report of the maker", on, &self.about(d), words));
        SlippageCommand::Report {
            on,
            line: self.lines.get(&(d, item)).cloned().unwrap_or_default(),
            expected_on,
            delay: DelayReason { cause, side },
            description: words.to_owned(),
            document,
        }
    }

    fn offset(&mut self, d: usize, act: Act, on: Date) {
        let contract = self.numbered(d);
        let number = format!("{contract}.O1");
        let about = self.about(d);
        let currency = self.deals[d].currency;
        // Half a year’s work of one yard: a round sum that no other figure depends on.
        let required = Money::new(1_200_000_000, currency);
        // Each is above zero and small, so that it reads.
        let factor = |text: &str| Thousandths::parse("factor", text);
        let share = |text: &str| Percent::parse("share", text);
        let (actor, command) = match act {
            Act::AgreeOffset(_) => {
                let (Ok(one), Ok(five), Ok(part), Ok(whole)) =
                    (factor("1"), factor("5"), share("40"), share("100"))
                else {
                    return;
                };
                let terms = OffsetTerms {
                    title: "Industrial participation of the partner’s makers".to_owned(),
                    required,
                    percent: None,
                    multipliers: vec![
                        Multiplier { kind: OffsetKind::Subcontract, factor: one },
                        Multiplier { kind: OffsetKind::Training, factor: five },
                    ],
                    phases: vec![
                        OffsetPhase { by: add(on, 365), share: part },
                        OffsetPhase { by: add(on, 1_095), share: whole },
                    ],
                    penalty: None,
                    document: self.paper("Offset agreement", on, &about, "Annexed to the contract."),
                };
                (Arc::clone(&self.actors.officer), OffsetCommand::Agree { on, terms })
            }
            Act::ClaimOffset(_) => {
                let transaction = Transaction {
                    kind: OffsetKind::Subcontract,
                    description: "Hulls and cable harnesses made by yards of the partner".to_owned(),
                    value: Money::new(300_000_000, currency),
                };
                let document = self.paper("Act of work done", on, &about, "Accepted by the yards.");
                let command =
                    OffsetCommand::Claim { on, performed_on: on, transaction, plan: None, document };
                (Arc::clone(&self.actors.officer), command)
            }
            _ => {
                let document =
                    self.paper("Letter of credit given", on, &about, "The partner’s office counts it.");
                let command = OffsetCommand::Accept { on, claim: 1, credit: None, document };
                (Arc::clone(&self.actors.operator), command)
            }
        };
        let of = if matches!(act, Act::AgreeOffset(_)) { contract } else { number.clone() };
        self.execute(&actor, SubjectKind::Offset.subject(number), Command::Offset { number: of, command });
    }

    pub(super) fn record_serials(&mut self, of: Shipment, on: Date) {
        let number = self.deliveries.get(&(of, Attempt::Good)).cloned().unwrap_or_default();
        let quantity = self.deals[of.0].items[of.1].batches[of.2].quantity;
        // Numbers run through the shipments of a line.
        let before: i64 =
            self.deals[of.0].items[of.1].batches.iter().take(of.2).map(|batch| batch.quantity).sum();
        let command = DeliveryCommand::RecordSerials {
            on,
            serials: (1..=quantity)
                .map(|place| format!("D{:03}-{}-{:04}", of.0, of.1 + 1, before + place))
                .collect(),
            document: None,
            reason: None,
        };
        let subject = SubjectKind::Delivery.subject(number.clone());
        self.by_officer(subject, Command::Delivery { number: Some(number), command });
    }
}
