//! Objects that reads of the link and of its breaks give out.

use entente_register::money::Quantity;
use entente_register::transfer::link::{Edge, NodeName, Row};
use entente_store::reader::{BreakRow, LinkFocus, LinkView};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

/// Where a break is to be mended.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MendedAtObject {
    /// `line`, `delivery`, `licence`, `certificate` or `inspection`.
    pub(crate) kind: &'static str,
    pub(crate) number: String,
}

/// A break in the chain from the contract to the inspection, or that it cannot be told whether there is one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BreakObject {
    /// What is broken, for example `verified_less_than_delivered`.
    pub(crate) kind: &'static str,
    /// Why it cannot be told: `units`, `service`, `incoming`, `line_not_named` or `not_seen`; absent where it is broken.
    pub(crate) untold: Option<&'static str>,
    /// The same in a sentence.
    pub(crate) words: String,
    pub(crate) mended_at: MendedAtObject,
    /// Number of the contract.
    pub(crate) contract: Option<String>,
    /// Number of the line of the contract.
    pub(crate) contract_line: Option<String>,
    /// Number of the delivery.
    pub(crate) delivery: Option<String>,
    /// Number of the licence.
    pub(crate) licence: Option<String>,
    /// Number of the line of the licence.
    pub(crate) licence_line: Option<u32>,
    /// Reference of the write-off.
    pub(crate) write_off: Option<String>,
    /// Number of the certificate.
    pub(crate) certificate: Option<String>,
    /// Number of the inspection.
    pub(crate) inspection: Option<String>,
    /// Number of the holder of the licence.
    pub(crate) holder: Option<String>,
    /// Code of the partner; of a licence without a contract, of the state of destination.
    pub(crate) partner: String,
    pub(crate) partner_name: String,
    /// How much there should be.
    pub(crate) wanted: Option<String>,
    /// How much there is.
    pub(crate) found: Option<String>,
    /// By how much both disagree.
    pub(crate) difference: Option<String>,
    /// UN/CEFACT Recommendation 20 code of the unit.
    pub(crate) unit: Option<String>,
    /// The day on which it turns: a hand-over, the last day of verification, the day by which a line is due.
    #[schema(format = Date)]
    pub(crate) on: String,
    /// The first day on which it stands; absent of what a line still owes.
    #[schema(format = Date)]
    pub(crate) since: Option<String>,
    /// Marking.
    pub(crate) label: String,
}

/// The columns of a table of breaks.
pub(crate) const BREAK_COLUMNS: [&str; 23] = [
    "kind",
    "untold",
    "words",
    "mended_at",
    "mended_at_number",
    "contract",
    "contract_line",
    "delivery",
    "licence",
    "licence_line",
    "write_off",
    "certificate",
    "inspection",
    "holder",
    "partner",
    "partner_name",
    "wanted",
    "found",
    "difference",
    "unit",
    "on",
    "since",
    "label",
];

impl BreakObject {
    pub(crate) fn of(row: &BreakRow) -> BreakObject {
        let broken = row.broken.clone();
        let place = broken.place();
        BreakObject {
            kind: broken.kind.word(),
            untold: broken.untold.map(|untold| untold.word()),
            words: broken.words(),
            mended_at: MendedAtObject { kind: place.word(), number: place.number().to_owned() },
            contract: row.contract.clone(),
            wanted: broken.wanted.map(|quantity| quantity.to_string()),
            found: broken.found.map(|quantity| quantity.to_string()),
            difference: broken.difference().map(|quantity| quantity.to_string()),
            contract_line: broken.contract_line,
            delivery: broken.delivery,
            licence: broken.licence,
            licence_line: broken.licence_line,
            write_off: broken.reference,
            certificate: broken.certificate,
            inspection: broken.inspection,
            holder: row.holder.clone(),
            partner: row.partner.clone(),
            partner_name: row.partner_name.clone(),
            unit: broken.unit,
            on: broken.on.to_string(),
            since: row.since.map(|day| day.to_string()),
            label: row.label.to_string(),
        }
    }
}

/// What an edge joins.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NodeObject {
    /// `contract_line`, `delivery`, `application_line`, `licence_line`, `write_off`, `verification`, `certificate` or
    /// `inspection`.
    kind: &'static str,
    /// Number of what it opens into.
    number: String,
    /// Its line, or the reference of the write-off.
    part: Option<String>,
}

impl NodeObject {
    fn of(name: NodeName) -> NodeObject {
        let (kind, number, part) = match name {
            NodeName::Line(number) => ("contract_line", number, None),
            NodeName::Delivery(number) => ("delivery", number, None),
            NodeName::ApplicationLine { application, line } => {
                ("application_line", application, Some(line.to_string()))
            }
            NodeName::LicenceLine { licence, line } => ("licence_line", licence, Some(line.to_string())),
            NodeName::WriteOff { licence, reference } => ("write_off", licence, Some(reference)),
            NodeName::Verification { licence, reference } => ("verification", licence, Some(reference)),
            NodeName::Certificate(number) => ("certificate", number, None),
            NodeName::Inspection(number) => ("inspection", number, None),
        };
        NodeObject { kind, number, part }
    }
}

/// One link.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EdgeObject {
    from: NodeObject,
    to: NodeObject,
    /// How much of the one is of the other, where it is counted.
    quantity: Option<String>,
}

/// One row of the chain as it is read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChainRowObject {
    /// How deep it stands: under the next row above that is less deep.
    level: u8,
    /// `contract_line`, `application`, `licence`, `certificate`, `write_off`, `delivery` or `inspection`.
    kind: &'static str,
    number: String,
    /// Its line, or the reference of a write-off.
    part: Option<String>,
    title: String,
    /// UN/CEFACT Recommendation 20 code of the unit of its quantities.
    unit: Option<&'static str>,
    contracted: Option<String>,
    applied: Option<String>,
    licensed: Option<String>,
    written_off: Option<String>,
    delivered: Option<String>,
    verified: Option<String>,
    /// Items that an inspection saw, or that a paper accounts for.
    seen: Option<u32>,
    /// Items that were to be seen.
    to_be_seen: Option<u32>,
    /// Its day: of a shipment, a hand-over, a visit; the last day of a licence or certificate; that by which a line is due.
    #[schema(format = Date)]
    on: Option<String>,
    /// By when it is to be verified.
    #[schema(format = Date)]
    due_on: Option<String>,
    /// The delivery that a write-off names.
    delivery: Option<String>,
}

impl ChainRowObject {
    fn of(row: Row) -> ChainRowObject {
        let quantity = |quantity: Option<Quantity>| quantity.map(|one| one.to_string());
        let day = |day: Option<Date>| day.map(|day| day.to_string());
        let sums = row.sums;
        ChainRowObject {
            level: row.level,
            kind: row.kind.word(),
            number: row.number,
            part: Some(row.part).filter(|part| !part.is_empty()),
            title: row.title,
            unit: row.unit.map(|unit| unit.code()),
            contracted: quantity(sums.contracted),
            applied: quantity(sums.applied),
            licensed: quantity(sums.licensed),
            written_off: quantity(sums.written_off),
            delivered: quantity(sums.delivered),
            verified: quantity(sums.verified),
            seen: sums.inspected.map(|(seen, _)| seen),
            to_be_seen: sums.inspected.map(|(_, expected)| expected),
            on: day(row.on),
            due_on: day(row.due_on),
            delivery: row.delivery,
        }
    }
}

/// All that hangs together with one thing, and what is broken of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkObject {
    /// Of what: `contract`, `line`, `delivery`, `application`, `licence`, `certificate` or `inspection`.
    kind: &'static str,
    number: String,
    /// Whether something may be hidden from the caller: then all this is of what is open to it.
    partial: bool,
    /// The chain as it is read.
    rows: Vec<ChainRowObject>,
    /// The same as links.
    edges: Vec<EdgeObject>,
    /// The first fifty breaks, and of what it cannot be told.
    breaks: Vec<BreakObject>,
    /// How many there are in all.
    breaks_total: i64,
    /// The marking of all of it.
    label: Option<String>,
}

impl LinkObject {
    pub(crate) fn of(focus: &LinkFocus, view: LinkView, as_of: Date) -> LinkObject {
        let edge = |edge: Edge| EdgeObject {
            from: NodeObject::of(edge.from),
            to: NodeObject::of(edge.to),
            quantity: edge.quantity.map(|quantity| quantity.to_string()),
        };
        LinkObject {
            kind: focus.word(),
            number: focus.number().to_owned(),
            partial: view.partial,
            edges: view.graph.edges(as_of).into_iter().map(edge).collect(),
            rows: view.rows.into_iter().map(ChainRowObject::of).collect(),
            breaks: view.breaks.rows.iter().map(BreakObject::of).collect(),
            breaks_total: view.breaks.total,
            label: view.label.map(|label| label.to_string()),
        }
    }
}
