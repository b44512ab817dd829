//! Routing: which agencies are consulted about what, and what a case is flagged with. The rules are data with tests of
//! their own: an edition that fails one of them is refused.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::denial::overlaps;
use crate::contract::line::check_category;
use crate::document::text;
use crate::ledger::{Fallible, Refusal};
use crate::money::Money;
use crate::partner::check_state_code;
use crate::transfer::content::{Content, StatedPurpose, TransferKind, TransferRole};

/// Rules, and tests, at most.
const MOST: usize = 500;

/// When a rule speaks: all that is named must hold, and of a list one is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct When {
    /// Kinds of transfer.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub kinds: BTreeSet<TransferKind>,
    /// Destinations.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub destinations: BTreeSet<String>,
    /// States that the transfer touches: destination, origin or on the way.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub touches: BTreeSet<String>,
    /// Control-list entries of any line: `ML4` stands for `ML4.a` too.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub categories: BTreeSet<String>,
    /// Roles of which somebody is named.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub roles: BTreeSet<TransferRole>,
    /// Purposes.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub purposes: BTreeSet<StatedPurpose>,
    /// Value of the whole from which it speaks. In another currency it cannot be told, and the rule speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_from: Option<Money>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoutingRule {
    /// Its name within the file.
    pub id: String,
    /// What it is for, in words.
    pub title: String,
    /// Numbers of the parties of the agencies that are consulted.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub agencies: BTreeSet<String>,
    /// What the case is flagged with.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub flags: BTreeSet<String>,
    /// When it speaks; empty for always.
    #[serde(default)]
    pub when: When,
}

/// What of a transfer the rules look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoutedCase {
    /// What is to be done.
    pub kind: TransferKind,
    /// Where to.
    pub destination: String,
    /// Other states that it touches.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub touches: BTreeSet<String>,
    /// Control-list entries of its lines.
    pub categories: BTreeSet<String>,
    /// Roles of which somebody is named.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub roles: BTreeSet<TransferRole>,
    /// What for.
    pub purpose: StatedPurpose,
    /// What it is worth.
    pub value: Money,
}

/// A test of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoutingTest {
    /// What it shows.
    pub title: String,
    /// The agencies that are consulted.
    pub agencies: BTreeSet<String>,
    /// What it is flagged with.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub flags: BTreeSet<String>,
    /// The case.
    pub case: RoutedCase,
}

/// Who is consulted about what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Routing {
    /// The rules.
    pub rules: Vec<RoutingRule>,
    /// What shows that they do what is meant.
    pub tests: Vec<RoutingTest>,
}

/// What the rules say of a case: by agency, and by flag, the rules that speak.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routed {
    /// Agencies that are consulted.
    pub agencies: BTreeMap<String, Vec<String>>,
    /// What it is flagged with.
    pub flags: BTreeMap<String, Vec<String>>,
}

impl RoutedCase {
    /// What of an application the rules look at; none where it has no lines.
    pub fn of(content: &Content) -> Option<RoutedCase> {
        let currency = content.currency()?;
        let mut minor = 0_i64;
        for line in &content.lines {
            minor = minor.saturating_add(line.value().ok()?);
        }
        Some(RoutedCase {
            kind: content.kind,
            destination: content.destination.clone(),
            touches: content.states().skip(1).map(str::to_owned).collect(),
            categories: content.lines.iter().map(|line| line.category.clone()).collect(),
            roles: content.parties.iter().map(|party| party.role).collect(),
            purpose: content.purpose,
            value: Money::new(minor, currency),
        })
    }
}

impl When {
    fn speaks(&self, case: &RoutedCase) -> bool {
        let any = |is_empty: bool, holds: bool| is_empty || holds;
        let entry = |of: &String| {
            case.categories.iter().any(|category| {
                // What is only known to be ML4 may be ML4.a: the rule speaks.
                overlaps(of, category)
            })
        };
        let touches = |state: &String| *state == case.destination || case.touches.contains(state);
        any(self.kinds.is_empty(), self.kinds.contains(&case.kind))
            && any(self.destinations.is_empty(), self.destinations.contains(&case.destination))
            && any(self.touches.is_empty(), self.touches.iter().any(touches))
            && any(self.categories.is_empty(), self.categories.iter().any(entry))
            && any(self.roles.is_empty(), self.roles.intersection(&case.roles).next().is_some())
            && any(self.purposes.is_empty(), self.purposes.contains(&case.purpose))
            && self
                .value_from
                .is_none_or(|from| from.currency != case.value.currency || case.value.minor >= from.minor)
    }

    fn check(&self, field: &str) -> Fallible<()> {
        let states = self.destinations.iter().chain(&self.touches);
        states.into_iter().try_for_each(|state| check_state_code(field, state))?;
        self.categories.iter().try_for_each(|category| {
            check_category(category).map_err(|refusal| refusal.field(format!("{field}.categories")))
        })
    }
}

impl Routing {
    /// What the rules say of a case.
    pub fn route(&self, case: &RoutedCase) -> Routed {
        let mut routed = Routed::default();
        for rule in self.rules.iter().filter(|rule| rule.when.speaks(case)) {
            for agency in &rule.agencies {
                routed.agencies.entry(agency.clone()).or_default().push(rule.id.clone());
            }
            for flag in &rule.flags {
                routed.flags.entry(flag.clone()).or_default().push(rule.id.clone());
            }
        }
        routed
    }

    /// Whether it is whole, and does what its tests say.
    ///
    /// # Errors
    /// A refusal that names the rule or the test.
    pub fn check(&self) -> Fallible<()> {
        for (field, count) in [("rules", self.rules.len()), ("tests", self.tests.len())] {
            if count == 0 || count > MOST {
                return Err(Refusal::new("guidance.routing", format!("There are {count} {field}."))
                    .field(field)
                    .missing(format!("1 to {MOST}")));
            }
        }
        let mut ids = BTreeSet::new();
        for (place, rule) in self.rules.iter().enumerate() {
            let field = format!("rules[{place}]");
            text("guidance.rule", &format!("{field}.id"), &rule.id, 60)?;
            text("guidance.rule", &format!("{field}.title"), &rule.title, 300)?;
            if !ids.insert(rule.id.as_str()) {
                return Err(Refusal::new("guidance.routing", format!("Two rules are named {}.", rule.id))
                    .field(field)
                    .missing("a name of its own for each rule"));
            }
            if rule.agencies.is_empty() && rule.flags.is_empty() {
                return Err(Refusal::new("guidance.routing", format!("Rule {} does nothing.", rule.id))
                    .field(field)
                    .missing("an agency or a flag"));
            }
            for flag in &rule.flags {
                text("guidance.flag", &format!("{field}.flags"), flag, 60)?;
            }
            rule.when.check(&format!("{field}.when"))?;
        }
        for (place, test) in self.tests.iter().enumerate() {
            let field = format!("tests[{place}]");
            text("guidance.test", &format!("{field}.title"), &test.title, 300)?;
            let routed = self.route(&test.case);
            let agencies: BTreeSet<String> = routed.agencies.into_keys().collect();
            let flags: BTreeSet<String> = routed.flags.into_keys().collect();
            let listed = |names: &BTreeSet<String>| match names.is_empty() {
                true => "none".to_owned(),
                false => names.iter().cloned().collect::<Vec<_>>().join(", "),
            };
            for (what, is, meant) in [("agencies", &agencies, &test.agencies), ("flags", &flags, &test.flags)]
            {
                if is != meant {
                    return Err(Refusal::new(
                        "guidance.test",
                        format!(
                            "The test “{}” fails: the {what} would be {}, and it says {}.",
                            test.title,
                            listed(is),
                            listed(meant)
                        ),
                    )
                    .field(field)
                    .missing("rules that do what their tests say"));
                }
            }
        }
        // A rule that no test reaches is one of which nobody has shown what it does.
        let reached = |rule: &&RoutingRule| self.tests.iter().any(|test| rule.when.speaks(&test.case));
        match self.rules.iter().find(|rule| !reached(rule)) {
            None => Ok(()),
            Some(rule) => Err(Refusal::new("guidance.test", format!("No test reaches rule {}.", rule.id))
                .field("tests")
                .missing("a test of each rule")),
        }
    }
}
