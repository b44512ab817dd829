//! The facts of a brief, worked out from the events alone by the plainest way: everything is read, nothing is indexed.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::brief::{
    Conventions, Delivered, Facts, GroupFacts, LineCount, OpenLine, Outstanding, PlanFacts, Planned, Slip,
    StateCount,
};
use entente_register::contract::delivery::Counting;
use entente_register::contract::plan::PlanVersion;
use entente_register::contract::state_after;
use entente_register::label::{Clearance, Label};
use entente_register::ledger::Fact;
use entente_register::money::Currency;
use entente_store::reader::{BriefOptions, EventRow};
use jiff::Timestamp;
use jiff::civil::{Date, date};

#[derive(Default)]
struct Contract {
    partner: String,
    currency: String,
    titles: Vec<(Date, String)>,
    states: Vec<(Date, &'static str)>,
    signed_on: Option<Date>,
    claims: Vec<(Date, Option<Date>)>,
}

struct Line {
    contract: String,
    description: String,
    /// From a day: quantity, amount, contractual date.
    so: Vec<(Date, i64, i64, Date)>,
    /// Day, quantity, amount, sign: by counting rule.
    acts: BTreeMap<Counting, Vec<(Date, i64, i64, i64)>>,
}

/// The value that holds on a day, of changes in order.
fn on<T>(changes: &[T], from: impl Fn(&T) -> Date, day: Date) -> Option<&T> {
    changes.iter().rev().find(|change| from(change) <= day)
}

impl Contract {
    fn state(&self, day: Date) -> &'static str {
        on(&self.states, |s| s.0, day).map_or("", |s| s.1)
    }
}

impl Line {
    fn delivered(&self, counting: Counting, day: Date) -> (i64, i64) {
        let acts = self.acts.get(&counting).into_iter().flatten().filter(|a| a.0 <= day);
        acts.fold((0, 0), |sum, act| (sum.0 + act.1, sum.1 + act.2))
    }

    fn quantity(&self, day: Date) -> i64 {
        on(&self.so, |s| s.0, day).unwrap_or(&self.so[0]).1
    }

    fn is_full(&self, counting: Counting, day: Date) -> bool {
        self.acts.contains_key(&counting) && self.delivered(counting, day).0 >= self.quantity(day)
    }

    /// Since when it has been full, on a day on which it is.
    fn full_since(&self, counting: Counting, day: Date) -> Option<Date> {
        let mut days: BTreeSet<Date> = self.so.iter().skip(1).map(|s| s.0).collect();
        days.extend(self.acts.get(&counting).into_iter().flatten().map(|a| a.0));
        let mut since = None;
        for change in days.into_iter().filter(|d| *d <= day).rev() {
            if !self.is_full(counting, change) {
                break;
            }
            since = Some(change);
        }
        since.filter(|_| self.is_full(counting, day))
    }
}

fn same_date(as_of: Date, year: i16) -> Date {
    Date::new(year, as_of.month(), as_of.day()).unwrap_or(date(year, 2, 28))
}

/// Which, when it was approved, and its items: day, partner, amount.
type Plan = (PlanVersion, Option<Date>, Vec<(Date, String, i64)>);

/// From a day a state is a member, or is not.
type Membership = (Date, String, bool);

/// Everything that the actor may see of what is known.
pub(crate) struct Register {
    contracts: BTreeMap<String, Contract>,
    lines: BTreeMap<String, Line>,
    plans: Vec<Plan>,
    names: BTreeMap<String, String>,
    groups: BTreeMap<String, (String, Vec<Membership>)>,
}

impl Register {
    pub(crate) fn known(events: &[EventRow], known_at: Timestamp, clearance: &Clearance) -> Register {
        let mut register = Register {
            contracts: BTreeMap::new(),
            lines: BTreeMap::new(),
            plans: Vec::new(),
            names: BTreeMap::new(),
            groups: BTreeMap::new(),
        };
        let mut labels: BTreeMap<String, Label> = BTreeMap::new();
        let mut accepted: BTreeMap<String, Date> = BTreeMap::new();
        for event in events.iter().filter(|e| e.recorded_at <= known_at) {
            let fact = Fact::decode(&event.kind, event.payload.as_ref().unwrap().as_bytes()).unwrap();
            let (kind, key) = event.subject.split_once(':').unwrap();
            let key = key.to_owned();
            let day = event.occurred_on;
            if kind == "contract" {
                labels.insert(key.clone(), event.label.clone());
            }
            let of = |number: &str| number.split('.').next().unwrap().to_owned();
            let hidden = match kind {
                "contract" | "line" | "delivery" => !clearance.admits(&labels[&of(&key)]),
                _ => false,
            };
            if hidden {
                continue;
            }
            match fact {
                Fact::PartnerRegistered(p) => {
                    register.names.insert(key, p.name);
                }
                Fact::GroupRegistered(g) => {
                    register.groups.insert(key, (g.name, Vec::new()));
                }
                Fact::GroupMemberAdmitted(m) => {
                    register.groups.get_mut(&key).unwrap().1.push((day, m.state, true))
                }
                Fact::GroupMemberLeft(m) => {
                    register.groups.get_mut(&key).unwrap().1.push((day, m.state, false))
                }
                Fact::ContractOpened(c) => {
                    let contract = Contract {
                        partner: c.partner,
                        currency: c.currency.code().to_owned(),
                        titles: vec![(day, c.title)],
                        states: vec![(day, "negotiating")],
                        ..Contract::default()
                    };
                    register.contracts.insert(key, contract);
                }
                Fact::ClaimRaised(_) => register.contracts.get_mut(&key).unwrap().claims.push((day, None)),
                Fact::ClaimEnded(ended) => {
                    let claims = &mut register.contracts.get_mut(&key).unwrap().claims;
                    claims[ended.claim as usize - 1].1 = Some(day);
                }
                Fact::LineAdded(l) => {
                    let line = Line {
                        contract: of(&key),
                        description: l.description,
                        so: vec![(day, l.quantity.0, l.amount.minor, l.due_on)],
                        acts: BTreeMap::new(),
                    };
                    register.lines.insert(key, line);
                }
                Fact::LineAmended(l) => {
                    let line = register.lines.get_mut(&key).unwrap();
                    line.so.push((day, l.quantity.0, l.amount.minor, l.due_on));
                }
                Fact::DeliveryHandedOver(d) => {
                    register.act(&d.line, Counting::HandedOver, (day, d.quantity.0, d.amount.minor, 1))
                }
                Fact::DeliveryAccepted(d) => {
                    accepted.insert(key, day);
                    register.act(&d.line, Counting::TitlePassed, (day, d.quantity.0, d.amount.minor, 1));
                }
                Fact::DeliveryReturned(d) => {
                    register.act(&d.line, Counting::HandedOver, (day, -d.quantity.0, -d.amount.minor, -1))
                }
                Fact::DeliveryAnnulled(d) => {
                    let gone = |on| (on, -d.quantity.0, -d.amount.minor, -1);
                    register.act(&d.line, Counting::HandedOver, gone(d.handed_over_on));
                    if let Some(on) = accepted.get(&key) {
                        register.act(&d.line, Counting::TitlePassed, gone(*on));
                    }
                }
                Fact::PlanDrafted(_) => {
                    register.plans.push((PlanVersion::from_key(&key).unwrap(), None, Vec::new()))
                }
                Fact::PlanItemsAdded(added) => {
                    let version = PlanVersion::from_key(&key).unwrap();
                    for item in added.items {
                        if let Some(line) = register.lines.get(&item.line) {
                            let partner = register.contracts[&line.contract].partner.clone();
                            let amount: i64 = item.amount.replace('.', "").parse().unwrap();
                            let plan = register.plans.iter_mut().find(|p| p.0 == version).unwrap();
                            plan.2.push((item.planned_on, partner, amount));
                        }
                    }
                }
                Fact::PlanApproved(_) | Fact::PlanProposalApproved(_) => {
                    let version = PlanVersion::from_key(&key).unwrap();
                    // The latest approved stands last.
                    let place = register.plans.iter().position(|p| p.0 == version).unwrap();
                    let mut plan = register.plans.remove(place);
                    plan.1 = Some(day);
                    register.plans.push(plan);
                }
                // No figure of these registers is made of them. Whatever is new must be placed.
                Fact::LedgerFounded(_) | Fact::PartyRegistered(_) | Fact::PlanProposed(_) => {}
                Fact::EmbargoProposed(_)
                | Fact::EmbargoConfirmed(_)
                | Fact::EmbargoRejected(_)
                | Fact::EmbargoWithdrawn(_)
                | Fact::PolicyProposed(_)
                | Fact::PolicyConfirmed(_)
                | Fact::PolicyRejected(_)
                | Fact::PolicyWithdrawn(_) => {}
                fact => {
                    let state = state_after(&fact);
                    assert!(state.is_some(), "{} is not reckoned with", event.kind);
                    if let (Some(state), Some(contract)) = (state, register.contracts.get_mut(&key)) {
                        // What is closed was completed or terminated before, and counts as it did.
                        if state != "closed" {
                            contract.states.push((day, state));
                        }
                        if state == "signed" {
                            contract.signed_on = Some(day);
                        }
                    }
                }
            }
        }
        register
    }

    fn act(&mut self, line: &str, counting: Counting, act: (Date, i64, i64, i64)) {
        self.lines.get_mut(line).unwrap().acts.entry(counting).or_default().push(act);
    }

    pub(crate) fn facts(
        &self,
        as_of: Date,
        known_at: Timestamp,
        options: &BriefOptions,
        scope: String,
    ) -> Facts {
        let currency = options.currency.code();
        let year = as_of.year();
        let counting = options.counting;
        let month_day = |day: Date| (day.month(), day.day());
        let mut sums: BTreeMap<(i16, i8, String), [i64; 4]> = BTreeMap::new();
        let mut twelve = 0;
        for line in self.lines.values() {
            let contract = &self.contracts[&line.contract];
            if contract.currency != currency {
                continue;
            }
            for (day, _, amount, sign) in line.acts.get(&counting).into_iter().flatten() {
                if *day > as_of {
                    continue;
                }
                let sum = sums.entry((day.year(), day.month(), contract.partner.clone())).or_default();
                sum[0] += amount;
                sum[2] += sign;
                if month_day(*day) <= month_day(as_of) {
                    sum[1] += amount;
                    sum[3] += sign;
                }
                if *day > same_date(as_of, year - 1) {
                    twelve += amount;
                }
            }
        }
        let delivered: Vec<Delivered> = sums
            .into_iter()
            .filter(|(_, s)| *s != [0; 4])
            .map(|((year, month, partner), [amount, to_date, count, count_to_date])| Delivered {
                year,
                month,
                partner,
                amount,
                to_date,
                count,
                count_to_date,
            })
            .collect();

        let priced = |line: &&Line| self.contracts[&line.contract].currency == currency;
        let owing = |state: &str| matches!(state, "signed" | "in_force" | "suspended");
        let binding = |state: &str| owing(state) || state == "completed";
        let owed = |line: &Line, day: Date, due_by: Option<Date>| -> Option<(i64, i64, Date)> {
            let (_, _, amount, due) = *on(&line.so, |s| s.0, day)?;
            let open = owing(self.contracts[&line.contract].state(day)) && !line.is_full(counting, day);
            (open && due_by.is_none_or(|by| due <= by))
                .then(|| (amount, line.delivered(counting, day).1, due))
        };
        let mut open_lines = Vec::new();
        for (number, line) in self.lines.iter().filter(|(_, line)| priced(line)) {
            let contract = &self.contracts[&line.contract];
            if let Some((amount, delivered, due_on)) = owed(line, as_of, None) {
                open_lines.push(OpenLine {
                    line: number.clone(),
                    contract: line.contract.clone(),
                    partner: contract.partner.clone(),
                    description: line.description.clone(),
                    due_on,
                    amount,
                    delivered,
                    contract_state: contract.state(as_of).to_owned(),
                });
            }
        }
        let mut line_counts: BTreeMap<i16, LineCount> = BTreeMap::new();
        for line in self.lines.values().filter(priced) {
            let Some((_, _, _, due)) = on(&line.so, |s| s.0, as_of) else { continue };
            if *due > as_of || !binding(self.contracts[&line.contract].state(as_of)) {
                continue;
            }
            let count =
                line_counts.entry(due.year()).or_insert(LineCount { year: due.year(), due: 0, on_time: 0 });
            count.due += 1;
            count.on_time += i64::from(line.full_since(counting, as_of).is_some_and(|since| since <= *due));
        }
        let earlier: BTreeSet<i16> = delivered
            .iter()
            .map(|d| d.year)
            .chain(line_counts.keys().copied())
            .filter(|y| *y < year)
            .collect();
        let (mut outstanding, mut slips) = (Vec::new(), Vec::new());
        for year in earlier {
            let (day, end) = (same_date(as_of, year), date(year, 12, 31));
            let mut by_partner: BTreeMap<&str, i64> = BTreeMap::new();
            let mut slipped: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
            for line in self.lines.values().filter(priced) {
                let contract = &self.contracts[&line.contract];
                if let Some((amount, delivered, _)) = owed(line, day, Some(end)) {
                    *by_partner.entry(&contract.partner).or_default() += amount - delivered;
                }
                if let Some((_, _, _, due)) = on(&line.so, |s| s.0, end)
                    && due.year() == year
                    && binding(contract.state(end))
                {
                    let count = slipped.entry(&contract.partner).or_default();
                    count.0 += 1;
                    count.1 += i64::from(!line.is_full(counting, end));
                }
            }
            outstanding.extend(by_partner.into_iter().map(|(partner, amount)| Outstanding {
                year,
                partner: partner.to_owned(),
                amount,
            }));
            slips.extend(slipped.into_iter().map(|(partner, (due, slipped))| Slip {
                year,
                partner: partner.to_owned(),
                due,
                slipped,
            }));
        }

        let mut chosen: BTreeMap<i16, PlanFacts> = BTreeMap::new();
        let mut frozen: Vec<_> = self.plans.iter().filter_map(|p| Some((p.1?, p))).collect();
        frozen.sort_by_key(|(approved_on, _)| *approved_on);
        for (approved_on, (version, _, items)) in frozen {
            if version.year > year || approved_on > same_date(as_of, version.year) || currency != "USD" {
                continue;
            }
            let mut sums: BTreeMap<(i8, String), (i64, i64)> = BTreeMap::new();
            for (day, partner, amount) in items {
                let sum = sums.entry((day.month(), partner.clone())).or_default();
                sum.0 += amount;
                sum.1 += if month_day(*day) <= month_day(as_of) { *amount } else { 0 };
            }
            let items = sums
                .into_iter()
                .map(|((month, partner), (amount, to_date))| Planned { month, partner, amount, to_date })
                .collect();
            chosen.insert(version.year, PlanFacts { version: *version, approved_on, items });
        }
        let plan_missing = (!chosen.contains_key(&year))
            .then(|| format!("no plan for {year} in {currency} was approved by {as_of} and is known"));

        let at = |contract: &Contract| contract.states[0].0 <= as_of;
        let signed: Vec<i64> = self
            .contracts
            .iter()
            .filter(|(_, c)| {
                c.currency == currency && c.signed_on.is_some_and(|on| on <= as_of && on.year() == year)
            })
            .map(|(number, _)| {
                let lines = self.lines.values().filter(|l| l.contract == *number);
                lines.filter_map(|l| on(&l.so, |s| s.0, as_of)).map(|s| s.2).sum()
            })
            .collect();
        let currencies: BTreeSet<Currency> = self
            .contracts
            .values()
            .filter(|c| at(c))
            .map(|c| c.currency.parse().unwrap())
            .filter(|c: &Currency| c.code() != currency)
            .collect();
        Facts {
            conventions: Conventions {
                as_of,
                known_at,
                counting,
                plan: None,
                currency: options.currency,
                scope,
                other_currencies: currencies.into_iter().collect(),
            },
            delivered,
            delivered_twelve_months: twelve,
            plans: chosen.into_values().collect(),
            plan_missing,
            open_lines,
            line_counts: line_counts.into_values().collect(),
            outstanding,
            slips,
            contracts: self
                .contracts
                .iter()
                .filter(|(_, c)| c.currency == currency && matches!(c.state(as_of), "in_force" | "suspended"))
                .map(|(number, c)| StateCount {
                    contract: number.clone(),
                    partner: c.partner.clone(),
                    title: on(&c.titles, |t| t.0, as_of).unwrap().1.clone(),
                    state: c.state(as_of).to_owned(),
                    slippages: 0,
                    open_claims: c
                        .claims
                        .iter()
                        .filter(|(opened, settled)| *opened <= as_of && settled.is_none_or(|on| on > as_of))
                        .count() as i64,
                })
                .collect(),
            signed: signed.iter().sum(),
            signed_count: signed.len() as i64,
            partners: self.names.clone(),
            groups: self
                .groups
                .iter()
                .map(|(code, (name, changes))| {
                    let mut members: BTreeMap<&str, bool> = BTreeMap::new();
                    for (_, state, is_member) in changes.iter().filter(|(day, _, _)| *day <= as_of) {
                        members.insert(state, *is_member);
                    }
                    GroupFacts {
                        code: code.clone(),
                        name: name.clone(),
                        members: members
                            .into_iter()
                            .filter(|(_, is_member)| *is_member)
                            .map(|(state, _)| state.to_owned())
                            .collect(),
                    }
                })
                .collect(),
            // These histories know no money; `tests/payment.rs` does.
            payments: entente_register::brief::PaymentFacts::default(),
            opportunities: Vec::new(),
        }
    }
}
