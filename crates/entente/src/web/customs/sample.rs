//! Sample data for the tests of the pages: runs and discrepancies with hostile words in every text.

use entente_register::customs::discrepancy::{
    Closing, Discrepancy, DiscrepancyClosed, DiscrepancyOpened, Origin, Settlement, Shipment,
};
use entente_register::customs::exchange::Exchange;
use entente_register::customs::run::{
    CustomsRun, JUDGED, LicenceRejected, RowJudged, RowOutcome, RunAnswered, RunContent, RunExported,
    UsageReceived,
};
use entente_register::document::Document;
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_store::reader::{CustomsView, DiscrepancyRow, DiscrepancyView, RunRow, RunView, Withheld};

use crate::web::sample::{HOSTILE, day, history, label};

fn paper() -> Document {
    Document { title: HOSTILE.to_owned(), dated: day("2012-09-01"), content: Some("ab".repeat(32)) }
}

pub(crate) fn overview() -> CustomsView {
    CustomsView {
        exchange: Some(Exchange { marking: label(), cleared: Some((day("2012-09-01"), HOSTILE.to_owned())) }),
        last_out: 7,
        last_in: 3,
        unanswered: 1,
        open: 2,
        history: history(),
        version: 1,
    }
}

pub(crate) fn run_rows() -> Vec<RunRow> {
    let row = |direction: &str, state: &str, taken| RunRow {
        key: format!("{}-7", direction.to_uppercase()),
        direction: direction.to_owned(),
        run: 7,
        on: day("2012-09-02"),
        by: HOSTILE.to_owned(),
        state: state.to_owned(),
        holds: 2,
        taken,
        label: label(),
    };
    vec![row("out", "sent", None), row("in", "judged", Some((1, 1)))]
}

fn judged(outcome: RowOutcome) -> RowJudged {
    RowJudged {
        row: 2,
        licence: "C-L2012-0001".to_owned(),
        line: 1,
        reference: HOSTILE.to_owned(),
        on: day("2012-09-01"),
        quantity: Quantity::whole(45),
        unit: Unit::Piece,
        value: Money::new(45_000, Currency::USD),
        delivery: Some("C-2012-0001.1.1".to_owned()),
        outcome,
    }
}

pub(crate) fn usage() -> CustomsRun {
    let refused = RowOutcome::Refused {
        code: HOSTILE.to_owned(),
        words: HOSTILE.to_owned(),
        discrepancy: "C-D2012-0001".to_owned(),
    };
    let received = UsageReceived {
        run: 7,
        made_at: HOSTILE.to_owned(),
        rows: vec![judged(RowOutcome::Accepted), judged(refused), judged(RowOutcome::OnRecord)],
        file: paper(),
        reply: paper(),
    };
    CustomsRun {
        key: "IN-7".to_owned(),
        label: label(),
        on: day("2012-09-02"),
        by: HOSTILE.to_owned(),
        state: JUDGED,
        content: RunContent::In(received),
    }
}

pub(crate) fn run_in() -> RunView {
    RunView { run: usage(), withheld: None, history: history(), version: 1 }
}

pub(crate) fn run_out() -> RunView {
    let exported = RunExported {
        run: 7,
        made_at: HOSTILE.to_owned(),
        from: 1,
        until: 9,
        marking: label(),
        licences: vec!["C-L2012-0001".to_owned(), "C-L2012-0002".to_owned()],
        file: paper(),
    };
    let rejected = LicenceRejected {
        licence: "C-L2012-0002".to_owned(),
        code: HOSTILE.to_owned(),
        words: HOSTILE.to_owned(),
        discrepancy: "C-D2012-0002".to_owned(),
    };
    let answered =
        RunAnswered { made_at: HOSTILE.to_owned(), accepted: 1, rejected: vec![rejected], file: paper() };
    RunView {
        run: CustomsRun {
            key: "OUT-7".to_owned(),
            label: label(),
            on: day("2012-09-02"),
            by: HOSTILE.to_owned(),
            state: "answered",
            content: RunContent::Out(exported, Some((day("2012-09-03"), answered))),
        },
        withheld: Some(vec![Withheld { licence: "S-L2012-0001".to_owned(), label: label() }]),
        history: history(),
        version: 2,
    }
}

fn discrepancy(origin: Origin) -> Discrepancy {
    let shipment = Shipment {
        line: 1,
        reference: HOSTILE.to_owned(),
        on: day("2012-09-01"),
        quantity: Quantity::whole(45),
        unit: Unit::Piece,
        value: Money::new(45_000, Currency::USD),
        delivery: Some(HOSTILE.to_owned()),
    };
    Discrepancy {
        number: "C-D2012-0001".to_owned(),
        label: label(),
        opened: DiscrepancyOpened {
            origin,
            run: 7,
            row: 3,
            licence: HOSTILE.to_owned(),
            shipment: (origin == Origin::Usage).then_some(shipment),
            code: HOSTILE.to_owned(),
            words: HOSTILE.to_owned(),
        },
        opened_on: day("2012-09-02"),
        state: "open",
        closing: None,
    }
}

pub(crate) fn discrepancy_row() -> DiscrepancyRow {
    DiscrepancyRow { discrepancy: discrepancy(Origin::Usage), licence_open: true }
}

pub(crate) fn open() -> DiscrepancyView {
    DiscrepancyView {
        discrepancy: discrepancy(Origin::Usage),
        licence_open: true,
        run_open: true,
        history: history(),
        version: 1,
    }
}

pub(crate) fn closed() -> DiscrepancyView {
    let closing = Closing {
        on: day("2012-09-04"),
        by: HOSTILE.to_owned(),
        reason: HOSTILE.to_owned(),
        closed: DiscrepancyClosed {
            document: paper(),
            settlement: Some(Settlement {
                licence: "C-L2012-0003".to_owned(),
                reference: HOSTILE.to_owned(),
            }),
        },
    };
    let this = discrepancy(Origin::Reply);
    DiscrepancyView {
        discrepancy: Discrepancy { state: "closed", closing: Some(closing), ..this },
        licence_open: false,
        run_open: false,
        history: history(),
        version: 2,
    }
}
