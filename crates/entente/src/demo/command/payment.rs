//! Commands of money: instalments, the completion of schedules, receipts.

use entente_register::command::Command;
use entente_register::ledger::SubjectKind;
use entente_register::money::Money;
use entente_register::payment::{
    Allocation, DueRule, InstalmentCommand, NewInstalment, NewReceipt, ReceiptCommand, ScheduleCommand,
};
use jiff::civil::Date;

use super::Clerk;
use crate::demo::money::After;
use crate::demo::party::BANK;

impl Clerk<'_> {
    pub(super) fn schedule_instalment(&mut self, d: usize, n: usize, on: Date) {
        let contract = self.contracts.get(&d).cloned().unwrap_or_default();
        let instalment = self.money[d].instalments[n].clone();
        let due = match instalment.after {
            After::Signature(days) => DueRule::AfterSignature { days },
            After::Line(line, days) => {
                DueRule::AfterLine { line: self.lines.get(&(d, line)).cloned().unwrap_or_default(), days }
            }
            After::Day(on) => DueRule::Fixed { on },
        };
        let new = NewInstalment {
            reference: None,
            kind: instalment.kind,
            amount: Money::new(instalment.amount, self.deals[d].currency),
            due,
            lender: instalment.lender,
            bank: instalment.lender.map(|_| self.parties[BANK].clone()),
            label: None,
            on,
            document: None,
        };
        let subject = SubjectKind::Instalment.subject(format!("{contract}.I{}", n + 1));
        let command = InstalmentCommand::Schedule(Box::new(new));
        self.by_officer(subject, Command::Instalment { number: contract, command });
    }

    pub(super) fn complete_schedule(&mut self, d: usize, on: Date) {
        let contract = self.contracts.get(&d).cloned().unwrap_or_default();
        let subject = SubjectKind::Schedule.subject(contract.clone());
        let command = ScheduleCommand::Complete { on };
        self.by_officer(subject, Command::Schedule { contract, command });
    }

    pub(super) fn receive(&mut self, d: usize, n: usize, on: Date) {
        let contract = self.contracts.get(&d).cloned().unwrap_or_default();
        let receipt = self.money[d].receipts[n];
        let amount = Money::new(receipt.amount, self.deals[d].currency);
        let instalment = format!("{contract}.I{}", receipt.instalment + 1);
        let mut about = self.about(d);
        about.push(("Instalment", instalment.clone()));
        about.push(("Amount", amount.to_string()));
        let document = self.paper("Bank advice", on, &about, "Credited to the exporter’s account.");
        let series = format!("{contract}.R");
        let number = format!("{series}{}", super::next(&mut self.series, &series));
        let new = NewReceipt {
            reference: None,
            on,
            amount,
            basis: None,
            bank: Some(self.parties[BANK].clone()),
            document,
            allocations: vec![Allocation { instalment, amount }],
        };
        let command = ReceiptCommand::Record(Box::new(new));
        let subject = SubjectKind::Receipt.subject(number);
        self.by_officer(subject, Command::Receipt { number: contract, command });
    }
}
