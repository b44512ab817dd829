//! Lines: one item of a contract, its price, its category and its contractual date.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Contract;
use crate::document::{Document, text};
use crate::label::Label;
use crate::ledger::{Context, Fact, Fallible, NewEvent, Refusal, Subject, SubjectKind, check_year};
use crate::money::{Currency, Money, Quantity, Unit, check_amount, price_of};

/// Adds a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewLine {
    /// The number that the contract gives it, if it gives one; no two lines of a contract have the same.
    pub reference: Option<String>,
    /// What is sold.
    pub description: String,
    /// How much.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// Price of one unit.
    pub unit_price: Money,
    /// Control-list entry, for example `ML10.a` or `9A012`.
    pub category: String,
    /// Number of the party that makes it.
    pub manufacturer: Option<String>,
    /// Contractual date by which it is due in full.
    pub due_on: Date,
    /// When it was agreed.
    pub on: Date,
    /// The amendment that adds it, once the contract is signed.
    pub document: Option<Document>,
}

/// `line.added.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineAdded {
    /// The number that the contract gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// What is sold.
    pub description: String,
    /// How much.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// Price of one unit.
    pub unit_price: Money,
    /// Price of the whole line.
    pub amount: Money,
    /// Control-list entry.
    pub category: String,
    /// Number of the party that makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manufacturer: Option<String>,
    /// Contractual date.
    pub due_on: Date,
    /// The amendment that adds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `line.amended.v1`: the line as it stands from the event's date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineAmended {
    /// New quantity.
    pub quantity: Quantity,
    /// New price of one unit, for what is not yet handed over.
    pub unit_price: Money,
    /// New price of the whole line.
    pub amount: Money,
    /// New contractual date.
    pub due_on: Date,
    /// On what the new price stands, where it was revised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<PriceBasis>,
    /// The signed amendment.
    pub document: Document,
}

/// On what a new price stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceBasis {
    /// The contract's own formula of price revision, by indices of wages and materials.
    Formula,
    /// The contract's clause on its currency.
    CurrencyClause,
    /// Other goods or services than before.
    ChangeOfScope,
    /// Agreed anew between the parties.
    Negotiated,
}

impl PriceBasis {
    /// All of them.
    pub const ALL: [PriceBasis; 4] =
        [PriceBasis::Formula, PriceBasis::CurrencyClause, PriceBasis::ChangeOfScope, PriceBasis::Negotiated];

    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            PriceBasis::Formula => "formula",
            PriceBasis::CurrencyClause => "currency_clause",
            PriceBasis::ChangeOfScope => "change_of_scope",
            PriceBasis::Negotiated => "negotiated",
        }
    }
}

impl std::str::FromStr for PriceBasis {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<PriceBasis, Refusal> {
        PriceBasis::ALL.into_iter().find(|basis| basis.word() == text.trim()).ok_or_else(|| {
            let words: Vec<&str> = PriceBasis::ALL.iter().map(|basis| basis.word()).collect();
            Refusal::new("line.basis", format!("{text:?} is not a basis of a price."))
                .field("basis")
                .missing(format!("one of {}", words.join(", ")))
        })
    }
}

/// What an amendment changes; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LineChange {
    /// New quantity.
    pub quantity: Option<Quantity>,
    /// New price of one unit.
    pub unit_price: Option<Money>,
    /// New contractual date.
    pub due_on: Option<Date>,
    /// On what the new price stands, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<PriceBasis>,
}

/// A change of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum LineCommand {
    /// Adds it to its contract.
    Add(NewLine),
    /// Amends it from a day.
    Amend {
        /// The day of the amendment.
        on: Date,
        /// What changes.
        change: LineChange,
        /// The signed amendment.
        document: Document,
        /// Why.
        reason: String,
    },
}

/// Sums of a line's deliveries: what the fold does not carry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LineSums {
    /// How many deliveries it has had, those that fell away included.
    pub deliveries: i64,
    /// Quantity handed over and not returned.
    pub handed_over: Quantity,
    /// Its value in minor units.
    pub handed_over_amount: i64,
    /// Quantity accepted.
    pub accepted: Quantity,
    /// Its value in minor units.
    pub accepted_amount: i64,
}

/// What the rules need to know of the rest of the register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineFacts {
    /// The label of the manufacturer that is named, if the register holds it and the actor may see it.
    pub manufacturer: Option<Label>,
    /// Whether another line of the contract has the same reference.
    pub reference_taken: bool,
}

/// The state of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Number, `CONTRACT.n`.
    pub number: String,
    /// The number that the contract gives it.
    pub reference: Option<String>,
    /// How much.
    pub quantity: Quantity,
    /// Unit.
    pub unit: Unit,
    /// Price of one unit.
    pub unit_price: Money,
    /// Price of the whole line.
    pub amount: Money,
    /// Contractual date.
    pub due_on: Date,
    /// The day on which it was agreed.
    pub added_on: Date,
    /// The day of its last change.
    pub last_on: Date,
}

impl Line {
    /// Folds one fact.
    pub fn apply(state: &mut Option<Line>, subject: &Subject, on: Date, fact: &Fact) {
        match (fact, state) {
            (Fact::LineAdded(added), state) => {
                *state = Some(Line {
                    number: subject.key.clone(),
                    reference: added.reference.clone(),
                    quantity: added.quantity,
                    unit: added.unit,
                    unit_price: added.unit_price,
                    amount: added.amount,
                    due_on: added.due_on,
                    added_on: on,
                    last_on: on,
                });
            }
            (Fact::LineAmended(a), Some(line)) => {
                line.quantity = a.quantity;
                line.unit_price = a.unit_price;
                line.amount = a.amount;
                line.due_on = a.due_on;
                line.last_on = on;
            }
            _ => {}
        }
    }
}

/// The contract's number within a line's or a delivery's number.
pub fn contract_of(number: &str) -> &str {
    number.split_once('.').map_or(number, |(contract, _)| contract)
}

/// The line's number within a delivery's number: deliveries are numbered within their line.
pub fn line_of(delivery: &str) -> &str {
    delivery.rsplit_once('.').map_or(delivery, |(line, _)| line)
}

/// Decides a change of a line. `number` is its number, or the next one for a new line; `manufacturer` is
/// the label of the one named, if the register holds it and the actor may see it.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    state: Option<&Line>,
    sums: &LineSums,
    contract: &Contract,
    number: &str,
    facts: &LineFacts,
    context: &Context,
    command: LineCommand,
) -> Fallible<Vec<NewEvent>> {
    let event = |on, fact, reason| {
        Ok(vec![NewEvent {
            subject: SubjectKind::Line.subject(number),
            occurred_on: on,
            label: contract.label.clone(),
            fact,
            reason,
        }])
    };
    if !matches!(contract.state, "negotiating" | "signed" | "in_force" | "suspended") {
        return Err(Refusal::new("state", format!("Contract {} is {}.", contract.number, contract.state))
            .missing("a contract that is not completed or terminated"));
    }
    match (command, state) {
        (LineCommand::Add(new), _) => {
            context.not_in_future("on", new.on)?;
            text("line.description", "description", &new.description, 300)?;
            if let Some(reference) = &new.reference {
                check_reference("line", "line.reference", reference, facts.reference_taken)?;
            }
            check_category(&new.category)?;
            check_year("due_on", new.due_on)?;
            new.unit.check_whole("quantity", new.quantity.positive("quantity")?)?;
            check_price(&new.unit_price, contract.currency)?;
            let amount = price_of(new.quantity, new.unit_price.minor)?;
            if contract.state != "negotiating" && new.document.is_none() {
                return Err(Refusal::new(
                    "line.amendment",
                    format!("Contract {} is signed.", contract.number),
                )
                .field("document")
                .missing("the amendment that adds the line"));
            }
            if let Some(document) = &new.document {
                document.check(context)?;
            }
            if let Some(party) = &new.manufacturer {
                let Some(of_party) = &facts.manufacturer else {
                    return Err(Refusal::not_found("party", party).field("manufacturer"));
                };
                if !contract.label.dominates(of_party) {
                    return Err(Refusal::new(
                        "line.party_marking",
                        format!("Party {party} is marked {of_party}, the contract {}.", contract.label),
                    )
                    .field("manufacturer")
                    .missing("a party that every reader of the contract may know of"));
                }
            }
            let fact = Fact::LineAdded(LineAdded {
                reference: new.reference,
                description: new.description,
                quantity: new.quantity,
                unit: new.unit,
                unit_price: new.unit_price,
                amount: Money::new(amount, contract.currency),
                category: new.category,
                manufacturer: new.manufacturer,
                due_on: new.due_on,
                document: new.document,
            });
            event(new.on, fact, None)
        }
        (LineCommand::Amend { .. }, None) => Err(Refusal::not_found("line", number)),
        (LineCommand::Amend { on, change, document, reason }, Some(line)) => {
            context.not_in_future("on", on)?;
            text("line.reason", "reason", &reason, 1000)?;
            document.check(context)?;
            if on < line.last_on {
                return Err(Refusal::new(
                    "line.order",
                    format!("Line {number} changed last on {}; {on} is before it.", line.last_on),
                )
                .field("on")
                .missing(format!("a date from {}", line.last_on)));
            }
            if change.basis.is_some() && change.unit_price.is_none() {
                return Err(Refusal::new("line.basis", "A basis is named, and no new price.")
                    .field("unit_price")
                    .missing("the new price, or no basis"));
            }
            if change == LineChange::default() {
                return Err(Refusal::new("line.nothing_amended", "The amendment changes nothing.")
                    .missing("a new quantity, price or date"));
            }
            let quantity = change.quantity.unwrap_or(line.quantity).positive("quantity")?;
            // What stands in an older event as a part of a piece stays so until its quantity is amended.
            if change.quantity.is_some() {
                line.unit.check_whole("quantity", quantity)?;
            }
            let unit_price = change.unit_price.unwrap_or(line.unit_price);
            check_price(&unit_price, contract.currency)?;
            let due_on = change.due_on.unwrap_or(line.due_on);
            check_year("due_on", due_on)?;
            if quantity < sums.handed_over {
                return Err(Refusal::new(
                    "line.below_delivered",
                    format!(
                        "{} of line {number} are handed over; the quantity cannot fall to {quantity}.",
                        sums.handed_over
                    ),
                )
                .field("quantity")
                .missing(format!("a quantity of at least {}", sums.handed_over)));
            }
            // What is handed over keeps its price; the new price is for the rest.
            let rest = price_of(Quantity(quantity.0 - sums.handed_over.0), unit_price.minor)?;
            let amount = Money::new(sums.handed_over_amount.saturating_add(rest), contract.currency);
            // Each part is within bounds; an event that holds a larger sum could never be read again.
            check_amount("unit_price", amount.minor)?;
            let fact = Fact::LineAmended(LineAmended {
                quantity,
                unit_price,
                amount,
                due_on,
                basis: change.basis,
                document,
            });
            event(on, fact, Some(reason))
        }
    }
}

fn check_price(price: &Money, currency: Currency) -> Fallible<()> {
    if price.currency != currency {
        return Err(Refusal::new(
            "line.currency",
            format!("The price is in {}, the contract in {currency}.", price.currency),
        )
        .field("unit_price")
        .missing(format!("a price in {currency}")));
    }
    if price.minor <= 0 {
        return Err(Refusal::new("line.price", format!("The price {price} is not above zero."))
            .field("unit_price")
            .missing("a price above zero"));
    }
    check_amount("unit_price", price.minor)
}

/// Checks the number that others give a line or a delivery: it tells it from its like in the contract.
///
/// # Errors
/// The given code for what is no reference, and `reference.taken`.
pub fn check_reference(what: &str, code: &'static str, reference: &str, taken: bool) -> Fallible<()> {
    text(code, "reference", reference, 60)?;
    if reference.trim() != reference || reference.contains('\n') {
        return Err(Refusal::new(
            code,
            format!("The reference {reference:?} has blanks around it or a line break."),
        )
        .field("reference")
        .missing("a reference on one line, without blanks around it"));
    }
    if taken {
        return Err(Refusal::new(
            "reference.taken",
            format!("The contract has another {what} with the reference {reference}."),
        )
        .field("reference")
        .missing("a reference of its own"));
    }
    Ok(())
}

/// A Munitions List entry (`ML1` to `ML22`, with sub-entries) or a dual-use entry
/// (category 0 to 9, group A to E, three digits, with sub-entries), as the
/// Wassenaar lists number them. Against a dated edition it is checked elsewhere.
pub(crate) fn check_category(category: &str) -> Fallible<()> {
    let (base, rest) = category.split_once('.').map_or((category, None), |(b, r)| (b, Some(r)));
    let tail_ok = rest.is_none_or(|r| {
        !r.is_empty()
            && r.len() <= 20
            && r.split('.').all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_alphanumeric()))
    });
    let munitions = base
        .strip_prefix("ML")
        .filter(|n| !n.starts_with(['0', '+']))
        .and_then(|n| n.parse::<u8>().ok())
        .is_some_and(|n| (1..=22).contains(&n));
    let bytes = base.as_bytes();
    let dual_use = bytes.len() == 5
        && bytes[0].is_ascii_digit()
        && (b'A'..=b'E').contains(&bytes[1])
        && bytes[2..].iter().all(u8::is_ascii_digit);
    if (munitions || dual_use) && tail_ok {
        return Ok(());
    }
    Err(Refusal::new("line.category", format!("{category:?} is not a control-list entry."))
        .field("category")
        .missing("an entry such as ML10.a or 9A012"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Actor;
    use crate::label::{Clearance, Level};
    use crate::money::MAX_AMOUNT;
    use jiff::civil::date;

    fn context() -> Context {
        Context {
            actor: Actor::operator(Clearance::full()),
            now: "2012-09-30T12:00:00Z".parse().unwrap(),
            today: date(2012, 9, 30),
        }
    }

    fn contract() -> Contract {
        Contract {
            number: "O-2012-0001".into(),
            partner: "BRA".into(),
            parties: Vec::new(),
            title: "Patrol boats".into(),
            currency: Currency::USD,
            label: Label::of(Level::Official),
            state: "in_force",
            in_force_on: Some(date(2012, 1, 1)),
            last_on: date(2012, 1, 1),
            suspensions: Vec::new(),
            claims: Vec::new(),
            terms: crate::contract::ContractTerms::default(),
        }
    }

    fn document() -> Document {
        Document { title: "Amendment".into(), dated: date(2012, 1, 1), content: None }
    }

    fn asked(state: Option<&Line>, sums: &LineSums, command: LineCommand) -> Fallible<Vec<NewEvent>> {
        decide(state, sums, &contract(), "O-2012-0001.1", &LineFacts::default(), &context(), command)
    }

    fn new(quantity: Quantity, price: i64, due_on: Date) -> LineCommand {
        LineCommand::Add(NewLine {
            reference: None,
            description: "Patrol boat".into(),
            quantity,
            unit: Unit::Tonne,
            unit_price: Money::new(price, Currency::USD),
            category: "ML9.a".into(),
            manufacturer: None,
            due_on,
            on: date(2012, 1, 10),
            document: Some(document()),
        })
    }

    fn amend(change: LineChange) -> LineCommand {
        LineCommand::Amend { on: date(2012, 2, 1), change, document: document(), reason: "agreed".into() }
    }

    fn added(quantity: Quantity, price: i64) -> Line {
        let mut state = None;
        for event in asked(None, &LineSums::default(), new(quantity, price, date(2012, 6, 30))).unwrap() {
            Line::apply(&mut state, &event.subject, event.occurred_on, &event.fact);
        }
        state.unwrap()
    }

    /// What a rule lets pass must be readable for ever.
    fn is_readable(events: &[NewEvent]) {
        for event in events {
            let payload = event.fact.payload().unwrap();
            assert_eq!(Fact::decode(event.fact.kind(), &payload).as_ref(), Ok(&event.fact));
        }
    }

    #[test]
    fn a_part_of_a_piece_is_refused_where_it_is_written() {
        let sums = LineSums::default();
        let (half, due_on) = (Quantity(2_500), date(2012, 6, 30));
        let LineCommand::Add(weighed) = new(half, 100, due_on) else { return };
        let counted = NewLine { unit: Unit::Piece, ..weighed };
        let refused = asked(None, &sums, LineCommand::Add(counted)).unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), ("quantity.not_whole", Some("quantity")));
        let change = |quantity| LineChange { quantity, ..LineChange::default() };
        let sets = Line { unit: Unit::Set, ..added(Quantity::whole(3), 100) };
        let refused = asked(Some(&sets), &sums, amend(change(Some(half)))).unwrap_err();
        assert_eq!(refused.code, "quantity.not_whole");
        // What was written before stays as it is until its quantity is amended.
        let old = Line { unit: Unit::Set, ..added(half, 100) };
        let price = LineChange { unit_price: Some(Money::new(200, Currency::USD)), ..LineChange::default() };
        assert!(asked(Some(&old), &sums, amend(price)).is_ok());
    }

    #[test]
    fn a_paper_of_tomorrow_is_refused() {
        let mut tomorrow = document();
        tomorrow.dated = date(2012, 10, 1);
        let change = LineChange { due_on: Some(date(2013, 1, 1)), ..LineChange::default() };
        let command = LineCommand::Amend {
            on: date(2012, 9, 30),
            change,
            document: tomorrow,
            reason: "agreed".to_owned(),
        };
        let line = added(Quantity::whole(1), 100);
        let refused = asked(Some(&line), &LineSums::default(), command).unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), ("document.in_future", Some("document.dated")));
    }

    #[test]
    fn no_amendment_makes_a_line_larger_than_one_may_be() {
        let line = added(Quantity::whole(10), MAX_AMOUNT / 10);
        let nine = LineSums {
            deliveries: 9,
            handed_over: Quantity::whole(9),
            handed_over_amount: MAX_AMOUNT / 10 * 9,
            ..LineSums::default()
        };
        let price = |minor| LineChange {
            unit_price: Some(Money::new(minor, Currency::USD)),
            ..LineChange::default()
        };
        is_readable(&asked(Some(&line), &nine, amend(price(MAX_AMOUNT / 10))).unwrap());
        let refused = asked(Some(&line), &nine, amend(price(MAX_AMOUNT / 10 + 1))).unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), ("amount.too_large", Some("unit_price")));
        assert!(refused.missing.is_some());
    }

    #[test]
    fn no_price_and_no_quantity_passes_that_could_not_be_read_again() {
        let sums = LineSums::default();
        let due_on = date(2012, 6, 30);
        let code = |quantity, price| asked(None, &sums, new(quantity, price, due_on)).unwrap_err().code;
        assert_eq!(code(Quantity(1), MAX_AMOUNT + 1), "amount.too_large");
        assert_eq!(code(Quantity(1_000_000_000_001), 1), "quantity.too_large");
        for (quantity, price) in [(Quantity(1), MAX_AMOUNT), (Quantity(1_000_000_000_000), 1)] {
            is_readable(&asked(None, &sums, new(quantity, price, due_on)).unwrap());
        }
    }

    #[test]
    fn a_contractual_date_is_in_a_year_of_the_register() {
        let (sums, one) = (LineSums::default(), Quantity::whole(1));
        for due_on in [date(1899, 12, 31), date(3000, 1, 1), date(9999, 12, 31)] {
            let refused = asked(None, &sums, new(one, 100, due_on)).unwrap_err();
            assert_eq!((refused.code, refused.field.as_deref()), ("date.out_of_range", Some("due_on")));
            let change = LineChange { due_on: Some(due_on), ..LineChange::default() };
            assert_eq!(asked(Some(&added(one, 100)), &sums, amend(change)).unwrap_err(), refused);
        }
    }

    #[test]
    fn categories() {
        for good in ["ML1", "ML22.b.1", "ML10.a", "9A012", "0C001.a"] {
            assert!(check_category(good).is_ok(), "{good}");
        }
        for bad in ["ML0", "ML23", "ML01", "ML", "ML1.", "9F012", "9A12", "", "ML1..a", "９A012", "ML+1"] {
            assert_eq!(check_category(bad).unwrap_err().code, "line.category", "{bad}");
        }
    }
}
