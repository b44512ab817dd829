//! The columns of the tables of a book.

mod performance;

pub(super) use performance::{CLAIMS, CORRECTIVE, CREDITS, MILESTONES, OFFSETS};

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in the first row, in lower case with low lines.
    pub name: &'static str,
    /// Whether a file must have it, and every row a value in it.
    pub is_required: bool,
    /// What stands in it.
    pub what: &'static str,
    /// A value as an example.
    pub example: &'static str,
}

const fn must(name: &'static str, what: &'static str, example: &'static str) -> Column {
    Column { name, is_required: true, what, example }
}

const fn may(name: &'static str, what: &'static str, example: &'static str) -> Column {
    Column { name, is_required: false, what, example }
}

/// What a column says that tells the order in which acts were entered.
const ENTRY: &str = "place in the order of entry; exports write it, others leave it empty";

/// Columns of the table `partners`.
pub(super) const PARTNERS: &[Column] =
    &[must("code", "ISO 3166-1 alpha-3 code of the state", "BRA"), must("name", "its name", "Brazil")];

/// Columns of the table `groups`.
pub(super) const GROUPS: &[Column] = &[
    must("code", "short code of the group", "BRICS"),
    must("name", "its name", "BRICS"),
    may("state", "a member, ISO 3166-1 alpha-3", "BRA"),
    may("admitted_on", "first day of membership", "2009-06-16"),
    may("left_on", "first day without it", ""),
];

/// Columns of the table `parties`.
pub(super) const PARTIES: &[Column] = &[
    must("name", "full name", "Ministry of Defence of Brazil"),
    must("kind", "state_authority, company or person", "state_authority"),
    must("state", "state of establishment, ISO 3166-1 alpha-3", "BRA"),
    may("marking", "marking; without one OFFICIAL", "OFFICIAL"),
];

/// Columns of the table `contracts`.
pub(super) const CONTRACTS: &[Column] = &[
    must("reference", "the number that the parties use; it tells the contract from all others", "P/2012-17"),
    must("title", "what it is about", "Patrol boats"),
    must("partner", "partner state, ISO 3166-1 alpha-3", "BRA"),
    must("currency", "currency of all its prices, ISO 4217", "USD"),
    may("marking", "marking; without one OFFICIAL", "OFFICIAL"),
    must("opened_on", "when negotiation began", "2011-11-02"),
    must("exporter", "names of parties, with a semicolon between several", "Example Works"),
    must("end_user", "names of parties, with a semicolon between several", "Ministry of Defence of Brazil"),
    may("consignee", "names of parties", ""),
    may("broker", "names of parties", ""),
    may("carrier", "names of parties", ""),
    may("manufacturer", "names of parties", ""),
    may("bank", "names of parties", ""),
    may("signed_on", "day of signature", "2012-01-15"),
    may("signed_document", "title of the signed contract", "Contract P/2012-17"),
    may("in_force_on", "day of entry into force", "2012-02-01"),
    may("in_force_document", "title of the paper behind it", "Notice of entry into force"),
    may("suspended_on", "day from which it is suspended", ""),
    may("suspended_reason", "why", ""),
    may("completed_on", "day of completion", ""),
    may("completed_document", "title of the paper behind it", ""),
    may("terminated_on", "day of termination", ""),
    may("terminated_reason", "why", ""),
    may("terminated_document", "title of the paper behind it", ""),
    may("closed_on", "day from which nothing is owed under it by anybody", ""),
    may("closed_document", "title of the paper behind it", ""),
];

/// Columns of the table `lines`.
pub(super) const LINES: &[Column] = &[
    must("contract", "reference of the contract", "P/2012-17"),
    must("line", "number of the line in the contract; it tells the line from its others", "1"),
    must("description", "what is delivered", "Patrol boat"),
    must("quantity", "how much", "10"),
    must("unit", "UN/CEFACT Recommendation 20 code or its name", "C62"),
    must("unit_price", "price of one unit", "1,250,000.00"),
    must("category", "control-list entry", "ML9.a"),
    may("manufacturer", "name of the party that makes it", ""),
    must("due_on", "contractual date", "2012-06-30"),
    must("agreed_on", "day from which it is so: of the line, or of its amendment", "2011-11-02"),
    may("document", "title of the amendment; needed once the contract is signed", ""),
    may("reason", "why it was amended", ""),
    may("entry", ENTRY, ""),
];

/// Columns of the table `plan`.
pub(super) const PLAN: &[Column] = &[
    must("year", "year of the plan", "2012"),
    must("version", "version of the year's plan, from 1", "1"),
    must("currency", "currency of its amounts, ISO 4217", "USD"),
    may("approved_on", "day of approval; without one the version stays a draft", "2011-12-20"),
    may("approved_document", "title of the decision", "Decision 14"),
    may("contract", "reference of the contract; empty for a version that was discarded", "P/2012-17"),
    may("line", "number of the line in the contract", "1"),
    may("planned_on", "day for which it is planned", "2012-05-31"),
    may("amount", "value planned", "6,250,000.00"),
];

/// Columns of the table `deliveries`.
pub(super) const DELIVERIES: &[Column] = &[
    must("contract", "reference of the contract", "P/2012-17"),
    must("line", "number of the line in the contract", "1"),
    must(
        "delivery",
        "number of the delivery; it tells the delivery from all others of the contract",
        "W-1044",
    ),
    must("quantity", "how much", "2"),
    must("handed_over_on", "day of hand-over to the carrier", "2012-05-01"),
    must("handed_over_document", "title of the bill of lading or waybill", "Waybill W-1044"),
    may("accepted_on", "day of acceptance", "2012-05-20"),
    may("accepted_document", "title of the acceptance certificate", "Certificate 9/2012"),
    may("returned_on", "day on which it was returned", ""),
    may("returned_reason", "why", ""),
    may("entry", ENTRY, ""),
    may("accepted_entry", "the same of the acceptance", ""),
    may("returned_entry", "the same of the return", ""),
];

/// Columns of the table `rates`.
pub(super) const RATES: &[Column] = &[
    must("rated_on", "day for which it holds", "2012-05-14"),
    must("from", "currency that is priced, ISO 4217", "EUR"),
    may("units", "for how many units of it: 1 if empty, or 10, 100 and so on", "1"),
    must("to", "currency of the price, ISO 4217", "USD"),
    must("rate", "the price", "1.2905"),
    must("source", "who publishes it, or the clause that fixes it", "European Central Bank"),
    may("contract", "reference of the contract that fixes it; empty for a rate of the day", ""),
];

/// Columns of the table `instalments`.
pub(super) const INSTALMENTS: &[Column] = &[
    must("contract", "reference of the contract", "P/2012-17"),
    must("instalment", "number of the instalment in the contract; it tells it from its others", "1"),
    must("kind", "advance, milestone, on_delivery, deferred_credit or retention", "advance"),
    must("amount", "how much, in the contract's currency; on credit the principal alone", "2,500,000.00"),
    must(
        "due_rule",
        "fixed, after_signature, after_milestone, after_delivery or after_line",
        "after_signature",
    ),
    may("due_on", "day that is fixed, or of the milestone", ""),
    may("due_days", "days after the act", "30"),
    may("due_after", "the milestone's name, or the number of the delivery or line in the contract", ""),
    may("lender", "bank or state, of an instalment on credit", ""),
    may("bank", "name of the party that pays, lends or guarantees as a bank", ""),
    may("marking", "marking; the contract's if empty", ""),
    must("agreed_on", "day from which it is so: of the instalment, or of its amendment", "2012-01-15"),
    may("document", "title of the paper; needed for an amendment", ""),
    may("reason", "why it was amended", ""),
    may("withdrawn_on", "day from which it is not to be paid any more", ""),
    may("withdrawn_reason", "why", ""),
];

/// Columns of the table `receipts`.
pub(super) const RECEIPTS: &[Column] = &[
    must("contract", "reference of the contract", "P/2012-17"),
    must("receipt", "number of the receipt; it tells it from all others of the contract", "TT 88123"),
    must("received_on", "day on which the money came in", "2012-02-14"),
    must("amount", "how much came in", "2,500,000.00"),
    must("currency", "its currency, ISO 4217", "USD"),
    may("basis", "contract_rate or rate_of_the_day, where it is not the contract's currency", ""),
    may("value", "its value in the contract's currency, to be compared with what the rate gives", ""),
    may("bank", "name of the party that paid or passed it on as a bank", ""),
    must("document", "title of the bank's advice", "Advice 88123"),
    may("instalment", "number of an instalment that it pays; a row for each", "1"),
    may("allocated", "how much of it, in the contract's currency", "2,500,000.00"),
];

/// Columns of the table `schedules`.
pub(super) const SCHEDULES: &[Column] = &[
    must("contract", "reference of the contract", "P/2012-17"),
    may("completed_on", "day on which the schedule was declared complete", "2012-01-15"),
    may("late", "what is late: delivery or payment", "delivery"),
    may("rate_pct", "per cent of the value for one period", "0.5"),
    may("period", "day, full_week or started_week", "full_week"),
    may("cap_pct", "per cent of the value that is not exceeded", "8"),
    may("agreed_on", "from when it is so", "2012-01-15"),
    may("document", "title of the contract or amendment that says so", "Contract P/2012-17"),
];

/// Columns of the table `penalties`.
pub(super) const PENALTIES: &[Column] = &[
    must("contract", "reference of the contract", "P/2012-17"),
    must("late", "what is late: delivery, line or instalment", "delivery"),
    must("of", "its number in the contract", "W-1044"),
    must(
        "claimed_on",
        "day of the claim; with what is late it tells the penalty from all others",
        "2012-08-20",
    ),
    must("value", "what is late is worth this, in the contract's currency", "2,500,000.00"),
    must("due_on", "day on which it was due", "2012-06-30"),
    may("done_on", "day on which it came; without one the delay runs to the day of the claim", "2012-08-15"),
    must("rate_pct", "per cent of the value for one period, as it was when this was claimed", "0.5"),
    must("period", "day, full_week or started_week", "full_week"),
    may("cap_pct", "per cent of the value that is not exceeded", "8"),
    must("amount", "what is claimed: what these give, or less", "75,000.00"),
    may("document", "title of the letter of claim", "Letter 118"),
    may("agreed_on", "day on which an amount was agreed", ""),
    may("agreed_amount", "that amount", ""),
    may("agreed_document", "title of the agreement or award", ""),
    may("ended_on", "day on which it was settled or waived", ""),
    may("end", "which of the two: settled or waived", ""),
    may("ended_document", "title of the paper behind it; needed where it was settled", ""),
    may("ended_reason", "why it was waived", ""),
];

/// Columns of the table `suspensions`.
pub(super) const SUSPENSIONS: &[Column] = &[
    must("contract", "reference of the contract", "P/2012-17"),
    must("suspended_on", "day from which it was suspended", "2012-03-01"),
    must("reason", "why", "Inspection of the yard"),
    must("resumed_on", "day from which it was in force again", "2012-04-02"),
    may("resumed_document", "title of the paper behind it", "Protocol 3"),
    may("entry", ENTRY, ""),
    may("resumed_entry", "the same of the day from which it was in force again", ""),
];

/// Columns of the table `slippages`.
pub(super) const SLIPPAGES: &[Column] = &[
    must("contract", "reference of the contract", "P/2012-17"),
    must("line", "number of the line in the contract", "1"),
    must("slippage", "number of the slippage in the contract; it tells it from its others", "S1"),
    must("reported_on", "day of the report, or of its revision", "2012-04-10"),
    must("expected_on", "day on which the line is expected", "2012-08-31"),
    must(
        "cause",
        "design, production, supply, quality, licence, transport, payment, buyer_input, acceptance, restriction, force_majeure or other",
        "production",
    ),
    must("side", "on whose side the cause lies: seller, buyer or neither", "seller"),
    may("description", "in words; needed in the first row of a slippage", "Hull 4 is behind by two months"),
    may("document", "title of the paper behind it", ""),
    may("reason", "why it was revised; needed in every further row of the same slippage", ""),
    may("ended_on", "day on which it ended", ""),
    may("end", "how: delivered, made_good, date_amended or fell_away", ""),
    may("ended_document", "title of the paper behind it", ""),
    may("entry", ENTRY, ""),
    may("ended_entry", "the same of its end", ""),
];

/// Columns of the table `terms`.
pub(super) const TERMS: &[Column] = &[
    must("contract", "reference of the contract", "P/2012-17"),
    must(
        "agreed_on",
        "day from which it is so; all rows of a contract and a day are its terms as a whole",
        "2012-01-15",
    ),
    may(
        "term",
        "claim_window, warranty or serial_numbers; empty, where what was agreed before falls away",
        "claim_window",
    ),
    may(
        "of",
        "of a claim window the kind of the claim, else the number of the line; empty for all others",
        "shortage",
    ),
    may("length", "days of the claim window or months of the warranty, from the acceptance", "90"),
    must("reason", "why it is so", "As the general conditions of delivery say"),
    may("document", "title of the paper that says so; needed once the contract is signed", ""),
    may("entry", ENTRY, ""),
];

/// Columns of the table `serials`.
pub(super) const SERIALS: &[Column] = &[
    must("contract", "reference of the contract", "P/2012-17"),
    must("delivery", "number of the delivery in the contract", "W-1044"),
    must(
        "recorded_on",
        "day of the record; all rows of a delivery and a day are its serial numbers as a whole",
        "2012-05-10",
    ),
    must("serial", "serial number, as it stands on the item; a row for each item", "PB-0001"),
    may("document", "title of the list that was handed over, or the protocol of the inspection", ""),
    may("reason", "why they were recorded again; needed for every record after the first", ""),
    may("entry", ENTRY, ""),
];

/// Columns of the table `opportunities`.
pub(super) const OPPORTUNITIES: &[Column] = &[
    must("opportunity", "the number that those who ask use; it tells it from all others", "T-114/2012"),
    must("title", "what it is about", "Coastal radars"),
    must("partner", "partner state, ISO 3166-1 alpha-3", "BRA"),
    must("kind", "request, tender or own_initiative", "tender"),
    may("recipient", "name of the party that is to receive the goods", "Ministry of Defence of Brazil"),
    may("recipient_words", "the same in words, where it is no party of the register", ""),
    must("exporter", "name of the party that offers", "Example Works"),
    may("competitors", "who else offers, with a semicolon between several", ""),
    must("received_on", "day on which it was received, or begun", "2012-02-10"),
    may("deadline", "by when it is to be answered; a request and a tender have one", "2012-05-31"),
    may("document", "title of the request or the invitation", "Invitation T-114/2012"),
    may("marking", "marking; without one OFFICIAL", "OFFICIAL"),
    may("outcome", "how it ended: won, lost, declined or withdrawn", ""),
    may("ended_on", "day on which it ended", ""),
    may("contract", "reference of the contract, of one that was won", ""),
    may("offer", "version of the offer by which it was won", ""),
    may(
        "cause",
        "why it was lost: price, terms, delivery_time, performance, political, competitor_relation, cancelled_by_recipient or no_decision",
        "",
    ),
    may("competitor", "to whom it was lost", ""),
    may("reason", "why it was declined or withdrawn; more about a loss", ""),
    may("ended_document", "title of the paper behind it", ""),
    may("entry", ENTRY, ""),
    may("ended_entry", "the same of its end", ""),
];

/// Columns of the table `requests`.
pub(super) const REQUESTS: &[Column] = &[
    must("opportunity", "number of the opportunity", "T-114/2012"),
    must("description", "what is asked for", "Coastal radar"),
    must("category", "control-list entry", "ML5.b"),
    must("quantity", "how much", "6"),
    must("unit", "UN/CEFACT Recommendation 20 code or its name", "C62"),
];

/// Columns of the table `deadlines`.
pub(super) const DEADLINES: &[Column] = &[
    must("opportunity", "number of the opportunity", "T-114/2012"),
    must("extended_on", "day on which it was extended", "2012-05-02"),
    must("deadline", "the new day by which it is to be answered", "2012-06-30"),
    may("document", "title of the paper that says so", "Notice 2 to tenderers"),
    may("reason", "why", ""),
    may("entry", ENTRY, ""),
];

/// Columns of the table `estimates`.
pub(super) const ESTIMATES: &[Column] = &[
    must("opportunity", "number of the opportunity", "T-114/2012"),
    must("estimated_on", "day of the estimate", "2012-03-01"),
    must("probability", "whole per cent, 0 to 100", "40"),
    may("signature_on", "day on which a contract is expected to be signed", "2012-11-30"),
    must("reason", "why", "Two others offer"),
    may("entry", ENTRY, ""),
];

/// Columns of the table `opinions`.
pub(super) const OPINIONS: &[Column] = &[
    must("opportunity", "number of the opportunity", "T-114/2012"),
    must("asked_on", "day on which the advance opinion was asked for", "2012-02-20"),
    must("asked_of", "of whom", "Ministry of Foreign Affairs"),
    may("given_on", "day on which it was given", "2012-03-15"),
    may("verdict", "positive, conditional or negative", "positive"),
    may("conditions", "the conditions of a conditional opinion", ""),
    may("document", "title of the opinion", "Letter 311"),
    may("entry", ENTRY, ""),
    may("given_entry", "the same of the answer", ""),
];

/// Columns of the table `offers`.
pub(super) const OFFERS: &[Column] = &[
    must("opportunity", "number of the opportunity", "T-114/2012"),
    must("version", "version of the offer, from 1; a row for each item", "1"),
    must("submitted_on", "day on which it was submitted", "2012-05-20"),
    must("valid_until", "last day on which it binds", "2012-12-31"),
    must("currency", "currency of its prices, ISO 4217", "USD"),
    must("description", "what is offered", "Coastal radar"),
    must("category", "control-list entry", "ML5.b"),
    must("quantity", "how much", "6"),
    must("unit", "UN/CEFACT Recommendation 20 code or its name", "C62"),
    must("unit_price", "price of one unit", "4,200,000.00"),
    must("due_on", "by when it would be delivered in full", "2014-06-30"),
    may("terms", "terms of payment and credit, in words", ""),
    may("credit_pct", "per cent of the price on credit", "60"),
    may("down_payment_pct", "per cent of the price that is paid down", "15"),
    may("credit_years", "years over which the credit is repaid", "5"),
    may("interest_pct", "interest, per cent a year; empty for none", ""),
    must("document", "title of the offer", "Offer 1 to T-114/2012"),
    may("entry", ENTRY, ""),
];
