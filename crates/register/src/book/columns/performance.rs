//! The columns of the tables that say how contracts are performed beside deliveries and payments.

use super::{Column, ENTRY, may, must};

/// Columns of the table `claims`.
pub(in crate::book) const CLAIMS: &[Column] = &[
    must("contract", "reference of the contract", "P/2012-17"),
    must("claim", "number of the claim in the contract, from 1", "1"),
    must("kind", "shortage, overage, damage, wrong_item, quality or documentation", "damage"),
    must("description", "in words", "Two radios damaged in transit"),
    must("opened_on", "when it was raised", "2012-06-02"),
    may("warranty", "yes, where it is raised under warranty", ""),
    may("delivery", "number of the delivery that it is of, in the contract", "W-1044"),
    may("quantity", "how much of the delivery", "2"),
    may("amount", "what is asked for in money, in the currency of the contract", ""),
    may("document", "title of the recipient’s report", "Discrepancy report 1"),
    may("answered_on", "when the seller answered", ""),
    may("accepted", "yes or no: whether the seller accepts it", ""),
    may("answer", "what the seller says", ""),
    may("answer_document", "title of the paper behind the answer", ""),
    may("settled_on", "when it was settled", "2012-08-30"),
    may("settlement", "replaced, repaired, credited, rejected or withdrawn", "replaced"),
    may("outcome", "how it was settled, in words", "Both were replaced"),
    may("credited", "what was credited, in the currency of the contract", ""),
    may("replacement", "number of the delivery by which it was made good", ""),
    may("settled_document", "title of the paper behind the settlement", ""),
    may("entry", ENTRY, ""),
    may("answered_entry", ENTRY, ""),
    may("settled_entry", ENTRY, ""),
];

/// Columns of the table `milestones`.
pub(in crate::book) const MILESTONES: &[Column] = &[
    must("contract", "reference of the contract", "P/2012-17"),
    must("milestone", "number of the milestone in the contract; it tells it from its others", "M1"),
    must(
        "act",
        "planned, in the first row of a milestone; then amended, forecast, reached or cancelled, a row each",
        "planned",
    ),
    must("act_on", "day of the act", "2012-01-15"),
    may(
        "kind",
        "of one that is planned: entry_into_force, advance_received, factory_acceptance, first_article, training_completed, end_of_warranty or other",
        "factory_acceptance",
    ),
    may("name", "what it is called; needed where its kind is other", "Sea trials of hull 1"),
    may("line", "number of the line that it is of", "1"),
    may("instalment", "number of the instalment that it releases", ""),
    may("planned_on", "day by which it is to be reached, of one that is planned or amended", "2012-05-01"),
    may("expected_on", "day on which it is expected, of a forecast", ""),
    may(
        "cause",
        "why it is expected late: design, production, supply, quality, licence, transport, payment, buyer_input, acceptance, restriction, force_majeure or other",
        "",
    ),
    may("side", "on whose side the cause lies: seller, buyer or neither", ""),
    may("document", "title of the paper; needed where it was amended or reached", ""),
    may("reason", "why it was amended, is expected then, or was cancelled", ""),
];

/// Columns of the table `corrective`.
pub(in crate::book) const CORRECTIVE: &[Column] = &[
    must("contract", "reference of the contract", "P/2012-17"),
    must("plan", "number of the corrective plan in the contract; it tells it from its others", "C1"),
    must(
        "act",
        "proposed, in a row for each action that the plan begins with; then approved, finished, moved, dropped, closed or withdrawn, a row each",
        "proposed",
    ),
    must("act_on", "day of the act", "2012-06-10"),
    may("about", "of one that is proposed: contract, line, slippage, milestone or claim", "line"),
    may("about_number", "number of what it is about, in the contract", "1"),
    may("goal", "of one that is proposed: what is to be reached", "Delivery within the quarter"),
    may("action", "number of the action, from 1", "1"),
    may("what", "of an action that is proposed: what is to be done", "A second shift"),
    may("responsible", "who answers for it: a post or a body", "Director of the works"),
    may("due_on", "by when it is to be done, of an action that is proposed or moved", "2012-08-01"),
    may("effective", "of a plan that is closed: yes or no, whether it helped", ""),
    may(
        "reason",
        "what shows that an action is done, why it was moved or dropped, how it is known whether the plan helped, or why it was withdrawn",
        "",
    ),
    may("document", "title of the paper behind it", ""),
];

/// Columns of the table `offsets`.
pub(in crate::book) const OFFSETS: &[Column] = &[
    must("contract", "reference of the contract", "P/2012-17"),
    must("offset", "number of the offset obligation in the contract; it tells it from its others", "O1"),
    must(
        "agreed_on",
        "day from which it is so; all rows of an obligation and a day are what was agreed as a whole",
        "2012-02-01",
    ),
    must("title", "what it is called", "Offset of the patrol boats"),
    must("required", "credit that is owed, in the currency of the contract", "3,000,000.00"),
    may("percent", "share of the contract’s value that this is, where it was agreed as one", ""),
    may("penalty", "what a shortfall costs, in per cent of it", "5"),
    may(
        "kind",
        "a kind of transaction that counts: subcontract, co_production, licensed_production, technology_transfer, training, investment, credit, purchase or other",
        "training",
    ),
    may("factor", "by what the value of such transactions is multiplied", "2.5"),
    may("by", "a day by which some of it is owed", "2013-12-31"),
    may("share", "per cent of the whole that is owed by then; the last one is 100", "100"),
    must("document", "title of the agreement", "Offset agreement 4"),
    may("reason", "why it was amended", ""),
    may("entry", ENTRY, ""),
];

/// Columns of the table `credits`.
pub(in crate::book) const CREDITS: &[Column] = &[
    must("contract", "reference of the contract", "P/2012-17"),
    must("offset", "number of the offset obligation in the contract", "O1"),
    must(
        "act",
        "planned, dropped, claimed, accepted or rejected, of a transaction; discharged or released, of the obligation",
        "claimed",
    ),
    must("act_on", "day of the act", "2012-09-01"),
    may("number", "number of the planned transaction or of the claim, each from 1 in its obligation", "1"),
    may("kind", "of one that is planned or claimed: a kind that the obligation names", "training"),
    may("description", "what is done, and for whom", "Ten engineers trained"),
    may("value", "value of the transaction, in the currency of the contract", "200,000.00"),
    may("performed_on", "day on which it was done, or is expected to be", "2012-08-20"),
    may("plan", "of a claim: number of the planned transaction that it carries out", ""),
    may("credit", "of one that is accepted: the credit, where it is not all that was claimed", ""),
    may("document", "title of the paper; needed unless it is planned, dropped or rejected", "Certificate 3"),
    may("reason", "why it was dropped, rejected or released", ""),
    may("entry", ENTRY, ""),
];
