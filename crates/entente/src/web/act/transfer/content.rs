//! What is applied for, as it is filled in: what the fields start with, and how they are read.

use entente_register::document::Document;
use entente_register::embargo::{Class, Purpose};
use entente_register::ledger::{Fallible, Refusal};
use entente_register::money::Currency;
use entente_register::transfer::content::{
    Content, Request, StatedPurpose, TransferKind, TransferLine, TransferParty, TransferRole,
};
use entente_store::reader::ContractView;

use super::super::contract::units;
use super::super::field::{Choices, Field};
use super::super::filled::{Filled, MOST_ROWS};
use super::super::standing::Standing;
use super::application;
use crate::web::embargo::check::class_name;
use crate::web::show;

const YES_OR_NO: &[(&str, &str)] = &[("yes", "Yes"), ("no", "No")];

const PART: &[(&str, &str)] = &[("no", "The item itself"), ("yes", "A part of such an item")];

const PARTIES: &[Field] =
    &[Field::from("role", "As", roles), Field::party("party", "Number of the party", 60)];

const LINES: &[Field] = &[
    Field::text("description", "What", 300),
    Field::text("category", "Control-list entry", 20)
        .hint("As ML10.a or 9A012; Classification finds entries by words. Of what is uncontrolled: none."),
    Field::from("class", "Class", classes),
    Field::choice("part", "Of that class it is", PART),
    Field::choice("non_lethal", "Non-lethal", YES_OR_NO).hint("None chosen: not known."),
    Field::decimal("quantity", "Quantity"),
    Field::from("unit", "Unit", units),
    Field::decimal("unit_price", "Price of one unit"),
    Field::text("contract_line", "Line of the contract", 60),
];

// A draft may still lack what an application has once it is submitted.
pub(super) const KIND: Field = Field::from("kind", "What is to be done", kinds)
    .starting(|at| held(at, |content| content.kind.word().to_owned(), |_, _| "export".to_owned()));
pub(super) const REQUEST: Field = Field::from("request", "What is sought", requests)
    .hint("An advance opinion says before an offer whether a licence would be granted. A notice that none is needed is for goods on no list.")
    .starting(|at| {
        let started = own(at, |content| content.request.word().to_owned());
        if started.is_empty() { Request::Licence.word().to_owned() } else { started }
    });
pub(super) const ADVANCE_OPINION: Field =
    Field::text("advance_opinion", "Advance opinion that it rests on", 60)
        .optional()
        .hint("Number of the application by which it was given.")
        .starting(|at| own(at, |content| content.advance_opinion.clone().unwrap_or_default()));
pub(super) const TITLE: Field = Field::text("title", "What it is about", 200)
    .starting(|at| held(at, |content| content.title.clone(), |contract, _| contract.row.title.clone()));
pub(super) const APPLICANT: Field =
    Field::party("applicant", "Applicant", 60).hint("Number of the party that applies.").starting(|at| {
        let started = held(
            at,
            |content| content.applicant.clone(),
            |contract, own| match (own, contract.parties.iter().find(|party| party.role == "exporter")) {
                (Some(own), _) => own.to_owned(),
                (None, Some(exporter)) => exporter.party.clone(),
                (None, None) => String::new(),
            },
        );
        if started.is_empty() { at.own_party.clone().unwrap_or_default() } else { started }
    });
pub(super) const DESTINATION: Field = Field::text("destination", "State of destination", 3)
    .optional()
    .hint("ISO 3166-1, three letters: IND.")
    .starting(|at| {
        held(at, |content| content.destination.clone(), |contract, _| contract.row.partner.clone())
    });
pub(super) const ORIGIN: Field = Field::text("origin", "State of origin", 3)
    .optional()
    .hint("Where it is not one’s own; goods in transit always have one.")
    .starting(|at| own(at, |content| content.origin.clone().unwrap_or_default()));
pub(super) const ROUTE: Field = Field::text("route", "States on the way", 200)
    .optional()
    .hint("In their order, with commas between them.")
    .starting(|at| own(at, |content| content.route.join(", ")));
pub(super) const CONTRACT: Field = Field::text("contract", "Contract that it fulfils", 60)
    .optional()
    .hint("Its number in the register.")
    .starting(|at| {
        held(
            at,
            |content| content.contract.clone().unwrap_or_default(),
            |contract, _| contract.row.number.clone(),
        )
    });
pub(super) const BY_ROLE: Field = Field::rows("parties", "Party", PARTIES).filled(parties);
pub(super) const CURRENCY: Field = Field::text("currency", "Currency of all prices", 3).starting(|at| {
    let code = held(
        at,
        |content| content.currency().map(|one| one.code().to_owned()).unwrap_or_default(),
        |contract, _| contract.row.amount.currency.code().to_owned(),
    );
    if code.is_empty() { "USD".to_owned() } else { code }
});
pub(super) const BY_LINE: Field = Field::rows("lines", "Line", LINES).filled(lines);
pub(super) const PURPOSE: Field = Field::from("purpose", "Stated purpose", purposes)
    .starting(|at| own(at, |content| content.purpose.word().to_owned()));
pub(super) const END_USE: Field = Field::prose("end_use", "End use in words", 2000)
    .optional()
    .starting(|at| own(at, |content| content.end_use.clone()));
pub(super) const EXCEPTION: Field =
    Field::from("exception", "Exception to an embargo that is claimed", exceptions).optional().starting(
        |at| own(at, |content| content.exception.map(|one| one.word().to_owned()).unwrap_or_default()),
    );
pub(super) const RETURN_BY: Field = Field::day("return_by", "Comes back by")
    .optional()
    .hint("Of a temporary export alone.")
    .starting(|at| own(at, |content| content.return_by.map(|day| day.to_string()).unwrap_or_default()));

/// Reads what is applied for; `papers` are those that it has already.
pub(super) fn read(filled: &Filled, papers: &[Document]) -> Fallible<Content> {
    let currency: Currency = filled.read("currency")?;
    let parties = typed(filled, "parties", &["party"]).into_iter().map(|place| {
        let field = |name: &str| format!("parties[{place}].{name}");
        Ok(TransferParty { role: filled.read(&field("role"))?, party: filled.text(&field("party")) })
    });
    let lines = typed(filled, "lines", TYPED).into_iter().map(|place| line(filled, place, currency));
    let mut documents = papers.to_vec();
    if let Some(paper) = filled.paper_given()? {
        documents.push(paper);
    }
    Ok(Content {
        request: filled.read_given::<Request>("request")?.unwrap_or_default(),
        advance_opinion: filled.given("advance_opinion"),
        kind: filled.read("kind")?,
        title: filled.text("title"),
        applicant: filled.text("applicant"),
        origin: filled.given("origin").map(|code| code.to_uppercase()),
        destination: filled.text("destination").to_uppercase(),
        route: filled
            .get("route")
            .split(',')
            .map(|code| code.trim().to_uppercase())
            .filter(|code| !code.is_empty())
            .collect(),
        parties: parties.collect::<Fallible<_>>()?,
        lines: lines.collect::<Fallible<_>>()?,
        purpose: filled.read("purpose")?,
        end_use: filled.text("end_use"),
        exception: filled.read_given::<Purpose>("exception")?,
        contract: filled.given("contract"),
        return_by: filled.day_given("return_by")?,
        documents,
    })
}

/// The fields of a line that are typed, and not chosen.
const TYPED: &[&str] = &["description", "category", "quantity", "unit_price", "contract_line"];

/// The places of rows in which anything is typed: one in which something is chosen alone is none.
fn typed(filled: &Filled, rows: &str, names: &[&str]) -> Vec<usize> {
    let is_typed =
        |place: &usize| names.iter().any(|name| !filled.get(&format!("{rows}[{place}].{name}")).is_empty());
    filled.rows(rows).into_iter().filter(is_typed).collect()
}

fn line(filled: &Filled, place: usize, currency: Currency) -> Fallible<TransferLine> {
    let field = |name: &str| format!("lines[{place}].{name}");
    let class = field("class");
    let class = match filled.get(&class) {
        // What nobody has classified is held, and not passed.
        "" => Class::Unknown,
        word => Class::all().find(|one| one.word() == word).ok_or_else(|| {
            Refusal::new("transfer.class", format!("{word:?} is no class."))
                .field(class.clone())
                .missing("one of those to choose from")
        })?,
    };
    Ok(TransferLine {
        description: filled.text(&field("description")),
        category: filled.text(&field("category")),
        class,
        part: filled.get(&field("part")) == "yes",
        non_lethal: match filled.get(&field("non_lethal")) {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        quantity: filled.quantity(&field("quantity"))?,
        unit: filled.unit(&field("unit"))?,
        unit_price: filled.money(&field("unit_price"), currency)?,
        contract_line: filled.given(&field("contract_line")),
    })
}

/// Refuses to show in a form what it has no rows for: what was left out would be lost.
pub(super) fn fits(at: &Standing) -> Fallible<()> {
    let fits = application(at)
        .is_none_or(|this| this.content.lines.len().max(this.content.parties.len()) <= MOST_ROWS);
    match fits {
        true => Ok(()),
        false => Err(Refusal::new(
            "transfer.rows",
            format!("A form has {MOST_ROWS} rows, and the application more."),
        )
        .missing("the change through the interface for programs")),
    }
}

/// A value of the application that is changed, or of the contract that is applied for.
fn held(
    at: &Standing,
    of_application: fn(&Content) -> String,
    of_contract: fn(&ContractView, Option<&str>) -> String,
) -> String {
    match (application(at), at.contract()) {
        (Some(this), _) => of_application(&this.content),
        (None, Some(contract)) => of_contract(contract, at.own_party.as_deref()),
        (None, None) => String::new(),
    }
}

fn own(at: &Standing, of_application: fn(&Content) -> String) -> String {
    held(at, of_application, |_, _| String::new())
}

fn parties(at: &Standing) -> Choices {
    let named: Vec<(String, String)> = match (application(at), at.contract()) {
        (Some(this), _) => {
            let parties = this.content.parties.iter();
            parties.map(|one| (one.role.word().to_owned(), one.party.clone())).collect()
        }
        (None, Some(contract)) => contract
            .parties
            .iter()
            .filter(|one| one.role.parse::<TransferRole>().is_ok())
            .map(|one| (one.role.clone(), one.party.clone()))
            .collect(),
        (None, None) => vec![(TransferRole::EndUser.word().to_owned(), String::new())],
    };
    let row = |(place, (role, party)): (usize, (String, String))| {
        [(format!("parties[{place}].role"), role), (format!("parties[{place}].party"), party)]
    };
    named.into_iter().enumerate().flat_map(row).collect()
}

fn lines(at: &Standing) -> Choices {
    let mut started = Vec::new();
    let mut put = |place: usize, pairs: Vec<(&str, String)>| {
        started.extend(pairs.into_iter().map(|(name, value)| (format!("lines[{place}].{name}"), value)));
    };
    match (application(at), at.contract()) {
        (Some(this), _) => {
            for (place, line) in this.content.lines.iter().enumerate() {
                let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
                put(
                    place,
                    vec![
                        ("description", line.description.clone()),
                        ("category", line.category.clone()),
                        ("class", line.class.word().to_owned()),
                        ("part", yes(line.part)),
                        ("non_lethal", line.non_lethal.map(yes).unwrap_or_default()),
                        ("quantity", line.quantity.to_string()),
                        ("unit", line.unit.code().to_owned()),
                        ("unit_price", line.unit_price.decimal()),
                        ("contract_line", line.contract_line.clone().unwrap_or_default()),
                    ],
                );
            }
        }
        (None, Some(contract)) => {
            for (place, line) in contract.lines.iter().take(MOST_ROWS).enumerate() {
                put(
                    place,
                    vec![
                        ("description", line.description.clone()),
                        ("category", line.category.clone()),
                        ("quantity", line.quantity.to_string()),
                        ("unit", line.unit.code().to_owned()),
                        ("unit_price", line.unit_price.decimal()),
                        ("contract_line", line.number.clone()),
                    ],
                );
            }
        }
        (None, None) => {}
    }
    started
}

fn requests(_: &Standing) -> Choices {
    Request::ALL.iter().map(|one| (one.word().to_owned(), show::capital(one.name()))).collect()
}

fn kinds(_: &Standing) -> Choices {
    TransferKind::ALL.iter().map(|one| (one.word().to_owned(), show::capital(one.name()))).collect()
}

fn roles(_: &Standing) -> Choices {
    TransferRole::ALL.iter().map(|one| (one.word().to_owned(), show::capital(one.name()))).collect()
}

fn purposes(_: &Standing) -> Choices {
    StatedPurpose::ALL.iter().map(|one| (one.word().to_owned(), show::capital(one.name()))).collect()
}

fn exceptions(_: &Standing) -> Choices {
    Purpose::WORDS.iter().map(|word| ((*word).to_owned(), show::capital(word))).collect()
}

fn classes(_: &Standing) -> Choices {
    Class::all().map(|one| (one.word().to_owned(), class_name(one))).collect()
}
