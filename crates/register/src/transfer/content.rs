//! What is applied for.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::contract::line::check_category;
use crate::document::{Document, text};
use crate::embargo::{Activity, Class, Purpose};
use crate::ledger::{Context, Fallible, Refusal, check_year};
use crate::money::{Currency, Money, Quantity, Unit, check_amount, price_of};
use crate::partner::check_state_code;
use crate::payment::schedule::words;
use crate::transfer::guidance::denial::overlaps;

/// Lines at most.
pub const MOST_LINES: usize = 500;

/// Parties, and states on the way, at most.
const MOST_NAMED: usize = 50;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferKind {
    /// Goods leave for good.
    Export,
    /// Goods come in.
    Import,
    /// Goods of others pass through.
    Transit,
    /// A transfer between other states is brought about.
    Brokering,
    /// Goods leave and come back.
    Temporary,
    /// Technology is passed on, on paper, by wire or by word.
    Technology,
    /// Training, technical assistance, repair.
    Service,
}

words! { TransferKind, "a kind of transfer", "transfer.kind",
    Export = "export", "export";
    Import = "import", "import";
    Transit = "transit", "transit";
    Brokering = "brokering", "brokering";
    Temporary = "temporary", "temporary export";
    Technology = "technology", "transfer of technology";
    Service = "service", "service";
}

impl TransferKind {
    /// The activity by which embargo rules are asked.
    pub fn activity(self) -> Activity {
        match self {
            TransferKind::Export
            | TransferKind::Import
            | TransferKind::Temporary
            | TransferKind::Technology => Activity::Supply,
            TransferKind::Transit => Activity::Transit,
            TransferKind::Brokering => Activity::Brokering,
            TransferKind::Service => Activity::Training,
        }
    }
}

/// What the applicant seeks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// A licence.
    #[default]
    Licence,
    /// Whether a licence would be granted, before anything is offered: an opinion binds while it is valid, and nothing goes
    /// on it.
    AdvanceOpinion,
    /// That no licence is needed, as what goes is on no list.
    ZeroNotice,
}

words! { Request, "what is sought", "transfer.request",
    Licence = "licence", "licence";
    AdvanceOpinion = "advance_opinion", "advance opinion";
    ZeroNotice = "zero_notice", "notice that no licence is needed";
}

impl Request {
    /// Whether it is a licence.
    pub fn is_licence(&self) -> bool {
        *self == Request::Licence
    }
}

/// The entry of goods that are on no list.
pub const ON_NO_LIST: &str = "none";

/// In which role a party stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferRole {
    /// Who uses the goods.
    EndUser,
    /// Who uses what they are built into.
    UltimateEndUser,
    /// Who receives them.
    Consignee,
    /// Who brings it about.
    Broker,
    /// Who carries.
    Carrier,
    /// Who makes the goods.
    Manufacturer,
    /// Who pays or guarantees.
    Bank,
}

words! { TransferRole, "a role in a transfer", "transfer.role",
    EndUser = "end_user", "end user";
    UltimateEndUser = "ultimate_end_user", "ultimate end user";
    Consignee = "consignee", "consignee";
    Broker = "broker", "broker";
    Carrier = "carrier", "carrier";
    Manufacturer = "manufacturer", "manufacturer";
    Bank = "bank", "bank";
}

impl TransferRole {
    /// Whether a party in this role uses the goods, or what they are built into.
    pub fn uses(self) -> bool {
        matches!(self, TransferRole::EndUser | TransferRole::UltimateEndUser)
    }
}

/// A party in its role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferParty {
    /// Its role.
    pub role: TransferRole,
    /// Number of the party.
    pub party: String,
}

/// What the goods are for, as it is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatedPurpose {
    /// The defence of the state that receives them.
    Defence,
    /// An operation under a mandate of the United Nations.
    MandatedOperation,
    /// Police and other forces of order.
    Police,
    /// A use without arms: industry, science, sport, collections.
    Civil,
    /// Any other, which the words say.
    Other,
}

words! { StatedPurpose, "a purpose", "transfer.purpose",
    Defence = "defence", "defence of the state";
    MandatedOperation = "mandated_operation", "operation under a mandate";
    Police = "police", "police";
    Civil = "civil", "civil use";
    Other = "other", "other";
}

/// One line of what is applied for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferLine {
    /// What.
    pub description: String,
    /// Control-list entry; [`ON_NO_LIST`] for what is uncontrolled.
    pub category: String,
    /// What it is by the classes that embargo rules know.
    pub class: Class,
    /// Whether it is a part of such an item, and not the item.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub part: bool,
    /// Whether it is non-lethal; none where nobody has said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub non_lethal: Option<bool>,
    /// How much.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// Price of one unit.
    pub unit_price: Money,
    /// Number of the line of a contract that it fulfils.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract_line: Option<String>,
}

impl TransferLine {
    /// What it is worth, in minor units.
    ///
    /// # Errors
    /// Where it is beyond what the register holds.
    pub fn value(&self) -> Fallible<i64> {
        price_of(self.quantity, self.unit_price.minor)
    }
}

/// What is applied for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// What is sought.
    #[serde(default, skip_serializing_if = "Request::is_licence")]
    pub request: Request,
    /// What is to be done.
    pub kind: TransferKind,
    /// What it is about.
    pub title: String,
    /// Number of the party that applies.
    pub applicant: String,
    /// The state that the goods leave, ISO 3166-1 alpha-3; none for one’s own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// The state that they go to.
    pub destination: String,
    /// States on the way, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub route: Vec<String>,
    /// Parties by role.
    pub parties: Vec<TransferParty>,
    /// What is transferred.
    pub lines: Vec<TransferLine>,
    /// What for.
    pub purpose: StatedPurpose,
    /// The same in words.
    pub end_use: String,
    /// What for, by the words of exceptions to embargoes; none where none is claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<Purpose>,
    /// Number of the contract that it fulfils.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// Number of the application by which an advance opinion was given on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advance_opinion: Option<String>,
    /// By when the goods come back, of a temporary export.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_by: Option<Date>,
    /// The papers that come with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
}

impl Content {
    /// Its currency: that of its lines. The lines are checked to have one.
    pub fn currency(&self) -> Option<Currency> {
        self.lines.first().map(|line| line.unit_price.currency)
    }

    /// All parties that are named, the applicant included, once each.
    pub fn named(&self) -> BTreeSet<&str> {
        let others = self.parties.iter().map(|party| party.party.as_str());
        others.chain(std::iter::once(self.applicant.as_str())).collect()
    }

    /// The parties in a role.
    pub fn in_role(&self, role: TransferRole) -> impl Iterator<Item = &str> {
        self.parties.iter().filter(move |party| party.role == role).map(|party| party.party.as_str())
    }

    /// The parties that use the goods, or what they are built into, once each.
    pub fn end_users(&self) -> BTreeSet<&str> {
        let users = self.parties.iter().filter(|party| party.role.uses());
        users.map(|party| party.party.as_str()).collect()
    }

    /// All states that it touches, the destination first.
    pub fn states(&self) -> impl Iterator<Item = &str> {
        let own = std::iter::once(self.destination.as_str());
        own.chain(self.origin.as_deref()).chain(self.route.iter().map(String::as_str))
    }

    /// In what it goes beyond another, on which an opinion was given, in words.
    pub fn beyond(&self, opined: &Content) -> Vec<&'static str> {
        let within = |line: &TransferLine| {
            opined.lines.iter().any(|of| {
                overlaps(&of.category, &line.category)
                    && (of.class, of.unit) == (line.class, line.unit)
                    && line.quantity <= of.quantity
            })
        };
        let others = |content: &Content| -> BTreeSet<TransferParty> {
            content.parties.iter().filter(|party| !party.role.uses()).cloned().collect()
        };
        [
            ("the kind of transfer", self.kind != opined.kind),
            ("the destination", self.destination != opined.destination),
            ("the end users", !self.end_users().is_subset(&opined.end_users())),
            ("other parties", !others(self).is_subset(&others(opined))),
            ("the route", !self.route.iter().all(|state| opined.route.contains(state))),
            ("the purpose", self.purpose != opined.purpose),
            ("the goods or their quantities", !self.lines.iter().all(within)),
        ]
        .into_iter()
        .filter_map(|(what, is)| is.then_some(what))
        .collect()
    }

    /// Checks what can be told from the content alone.
    ///
    /// # Errors
    /// A refusal that names the field and what is missing.
    pub fn check(&self, context: &Context) -> Fallible<()> {
        text("transfer.title", "title", &self.title, 200)?;
        text("transfer.end_use", "end_use", &self.end_use, 2000)?;
        for (field, state) in std::iter::once(("destination", self.destination.as_str()))
            .chain(self.origin.as_deref().map(|state| ("origin", state)))
            .chain(self.route.iter().map(|state| ("route", state.as_str())))
        {
            check_state_code(field, state)?;
        }
        many("route", self.route.len(), 0, MOST_NAMED)?;
        many("parties", self.parties.len(), 1, MOST_NAMED)?;
        many("lines", self.lines.len(), 1, MOST_LINES)?;
        self.check_roles()?;
        if self.advance_opinion.is_some() && self.request != Request::Licence {
            return Err(Refusal::new(
                "transfer.advance_opinion",
                "Only a licence rests on an advance opinion.",
            )
            .field("advance_opinion")
            .missing("none, or an application for a licence"));
        }
        self.check_lines()?;
        self.check_return(context)?;
        if self.kind == TransferKind::Transit && self.origin.is_none() {
            return Err(Refusal::new("transfer.origin", "Goods in transit come from another state.")
                .field("origin")
                .missing("the state that they come from"));
        }
        self.documents.iter().try_for_each(|document| document.check(context))
    }

    fn check_roles(&self) -> Fallible<()> {
        let distinct: BTreeSet<&TransferParty> = self.parties.iter().collect();
        if distinct.len() < self.parties.len() {
            return Err(Refusal::new("transfer.parties", "A party is named twice in the same role.")
                .field("parties")
                .missing("each party once in each role"));
        }
        let needed = match self.kind {
            TransferKind::Brokering => [TransferRole::EndUser, TransferRole::Broker],
            _ => [TransferRole::EndUser, TransferRole::EndUser],
        };
        for role in needed {
            if self.in_role(role).next().is_none() {
                return Err(Refusal::new("transfer.role", format!("Nobody is named as {}.", role.name()))
                    .field("parties")
                    .missing(format!("the {}", role.name())));
            }
        }
        Ok(())
    }

    fn check_lines(&self) -> Fallible<()> {
        let mut sum = 0_i64;
        for (place, line) in self.lines.iter().enumerate() {
            let at = |field: &str| format!("lines[{place}].{field}");
            let of_line = |refusal: Refusal| {
                let field = refusal.field.clone().unwrap_or_default();
                refusal.field(at(&field))
            };
            text("transfer.description", "description", &line.description, 300).map_err(of_line)?;
            if (line.class, line.category.as_str()) != (Class::Uncontrolled, ON_NO_LIST) {
                check_category(&line.category).map_err(of_line)?;
            }
            line.unit
                .check_whole("quantity", line.quantity.positive("quantity").map_err(of_line)?)
                .map_err(of_line)?;
            if Some(line.unit_price.currency) != self.currency() || line.unit_price.minor <= 0 {
                let currency = self.currency().map(Currency::code).unwrap_or_default();
                return Err(Refusal::new(
                    "transfer.price",
                    format!("The price {} is not above zero in {currency}.", line.unit_price),
                )
                .field(at("unit_price"))
                .missing("a price above zero, in the currency of the first line"));
            }
            sum = sum.saturating_add(line.value().map_err(of_line)?);
        }
        check_amount("lines", sum)
    }

    fn check_return(&self, context: &Context) -> Fallible<()> {
        match (self.kind, self.return_by) {
            (TransferKind::Temporary, None) => {
                Err(Refusal::new("transfer.return", "Goods that leave for a time have a day of return.")
                    .field("return_by")
                    .missing("the day by which they come back"))
            }
            (TransferKind::Temporary, Some(by)) => {
                check_year("return_by", by)?;
                if by > context.today {
                    return Ok(());
                }
                Err(Refusal::new("transfer.return", format!("{by} is not after today, {}.", context.today))
                    .field("return_by")
                    .missing(format!("a date after {}", context.today)))
            }
            (_, Some(_)) => {
                Err(Refusal::new("transfer.return", format!("A {} does not come back.", self.kind.name()))
                    .field("return_by")
                    .missing("no day of return, or a temporary export"))
            }
            (_, None) => Ok(()),
        }
    }
}

fn many(field: &'static str, count: usize, least: usize, most: usize) -> Fallible<()> {
    if (least..=most).contains(&count) {
        return Ok(());
    }
    Err(Refusal::new("transfer.count", format!("There are {count} {field}."))
        .field(field)
        .missing(format!("{least} to {most}")))
}
