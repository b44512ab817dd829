//! What is applied for, as it is handed in.

use entente_register::embargo::Class;
use entente_register::ledger::{Fallible, Refusal, parse_date};
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::transfer::content::{Content, TransferLine, TransferParty};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::body::{Paper, at};

/// A party in its role.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferPartyBody {
    /// `end_user`, `ultimate_end_user`, `consignee`, `broker`, `carrier`, `manufacturer` or `bank`.
    role: String,
    /// Number of the party.
    party: String,
}

impl TransferPartyBody {
    /// The party of a place among those of a field.
    pub(in crate::api) fn read(self, field: &str, place: usize) -> Fallible<TransferParty> {
        let role = at(&format!("{field}[{place}].role"), self.role.parse())?;
        Ok(TransferParty { role, party: self.party })
    }
}

/// One line of what is applied for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferLineBody {
    /// What.
    description: String,
    /// Control-list entry.
    #[schema(examples("ML9.a"))]
    category: String,
    /// A category of the UN Register, `I` to `VII`, or `small-arms`, `other-arms`, `dual-use`, `uncontrolled` or
    /// `unknown`.
    #[schema(examples("II"))]
    class: String,
    /// Whether it is a part of such an item, and not the item.
    #[serde(default)]
    part: bool,
    /// Whether it is non-lethal; absent where nobody has said.
    #[serde(default)]
    non_lethal: Option<bool>,
    /// How much, a decimal string.
    quantity: String,
    /// UN/ECE code of the unit: `C62` for pieces.
    #[serde(default = "pieces")]
    unit: String,
    /// Price of one unit, a decimal string in the currency of the application.
    unit_price: String,
    /// Number of the line of a contract that it fulfils.
    #[serde(default)]
    contract_line: Option<String>,
}

fn pieces() -> String {
    "C62".to_owned()
}

/// What is applied for. A draft may leave out what an application needs before it is submitted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferContent {
    /// What is sought: `licence` if absent; `advance_opinion` before an offer, or `zero_notice`: that no licence is needed.
    #[serde(default)]
    request: Option<String>,
    /// `export`, `import`, `transit`, `brokering`, `temporary`, `technology` or `service`.
    kind: String,
    /// What it is about.
    title: String,
    /// Number of the party that applies.
    applicant: String,
    /// The state that the goods leave, ISO 3166-1 alpha-3; absent for one’s own.
    #[serde(default)]
    origin: Option<String>,
    /// The state that they go to.
    #[serde(default)]
    destination: String,
    /// States on the way, in their order.
    #[serde(default)]
    route: Vec<String>,
    /// Parties by role.
    #[serde(default)]
    parties: Vec<TransferPartyBody>,
    /// ISO 4217 code of all prices; where there are lines.
    #[serde(default)]
    currency: Option<String>,
    /// What is transferred.
    #[serde(default)]
    lines: Vec<TransferLineBody>,
    /// What for: `defence`, `mandated_operation`, `police`, `civil` or `other`.
    purpose: String,
    /// The same in words.
    #[serde(default)]
    end_use: String,
    /// The purpose by the words of exceptions to embargoes, for example `humanitarian_or_protective`; absent where none
    /// is claimed.
    #[serde(default)]
    exception: Option<String>,
    /// Number of the contract that it fulfils.
    #[serde(default)]
    contract: Option<String>,
    /// Number of the application by which an advance opinion was given on it.
    #[serde(default)]
    advance_opinion: Option<String>,
    /// By when the goods come back, of a temporary export.
    #[serde(default)]
    #[schema(format = Date)]
    return_by: Option<String>,
    /// The papers that come with it.
    #[serde(default)]
    documents: Vec<Paper>,
}

impl TransferContent {
    /// As the register holds it.
    pub(super) fn read(self) -> Fallible<Content> {
        let currency: Option<Currency> = at("currency", self.currency.map(|code| code.parse()).transpose())?;
        let parties = self.parties.into_iter().enumerate().map(|(place, one)| one.read("parties", place));
        let lines = self.lines.into_iter().enumerate().map(|(place, line)| line.read(place, currency));
        Ok(Content {
            request: at("request", self.request.map(|word| word.parse()).transpose())?.unwrap_or_default(),
            advance_opinion: self.advance_opinion,
            kind: at("kind", self.kind.parse())?,
            title: self.title,
            applicant: self.applicant,
            origin: self.origin,
            destination: self.destination,
            route: self.route,
            parties: parties.collect::<Fallible<_>>()?,
            lines: lines.collect::<Fallible<_>>()?,
            purpose: at("purpose", self.purpose.parse())?,
            end_use: self.end_use,
            exception: at("exception", self.exception.map(|word| word.parse()).transpose())?,
            contract: self.contract,
            return_by: self.return_by.map(|day| parse_date("return_by", &day)).transpose()?,
            documents: self.documents.into_iter().map(Paper::read).collect::<Fallible<_>>()?,
        })
    }
}

impl TransferLineBody {
    fn read(self, place: usize, currency: Option<Currency>) -> Fallible<TransferLine> {
        let field = |name: &str| format!("lines[{place}].{name}");
        let Some(currency) = currency else {
            return Err(Refusal::new("transfer.currency", "The prices have no currency.")
                .field("currency")
                .missing("the ISO 4217 code of all prices"));
        };
        let class = Class::all().find(|class| class.word() == self.class).ok_or_else(|| {
            let words: Vec<&str> = Class::all().map(Class::word).collect();
            Refusal::new("embargo.item", format!("{:?} is no class of goods.", self.class))
                .field(field("class"))
                .missing(format!("one of {}", words.join(", ")))
        })?;
        Ok(TransferLine {
            description: self.description,
            category: self.category,
            class,
            part: self.part,
            non_lethal: self.non_lethal,
            quantity: Quantity::parse(&field("quantity"), &self.quantity)?,
            unit: Unit::parse(&field("unit"), &self.unit)?,
            unit_price: Money::parse(&field("unit_price"), &self.unit_price, currency)?,
            contract_line: self.contract_line,
        })
    }
}
