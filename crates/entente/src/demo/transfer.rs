//! The demonstration’s applications for transfers, all invented: one granted and drawn down, one granted on a condition, one
//! refused, one that waits for its second signature, one held by a party that may be listed and by a certificate that nobody
//! may have signed, one with a question open, and a draft. Those that were granted have their certificates.

use entente_register::access::Role;
use jiff::civil::{Date, date};

use super::calendar::at;
use super::party::{BANK, CARRIERS, MAKERS};
use super::script::{Act, Entry};

/// What is applied for, by the maker with the right to export its own goods.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// What it is about.
    pub(super) title: &'static str,
    /// Position of the partner that it goes to.
    pub(super) partner: usize,
    /// Position of another maker, where the goods are not its own.
    pub(super) maker: Option<usize>,
    /// Position of the carrier.
    pub(super) carrier: usize,
    /// Position of the bank.
    pub(super) bank: Option<usize>,
    /// Goods, control-list entry, pieces, price of one in whole dollars.
    pub(super) lines: &'static [(&'static str, &'static str, i64, i64)],
    /// What for.
    pub(super) end_use: &'static str,
}

/// The applications, in the order of their drafting.
pub(super) const WANTED: [Wanted; 7] = [
    Wanted {
        title: "Night sights and their chargers for the border troops",
        partner: 0,
        maker: None,
        carrier: CARRIERS.start + 3,
        bank: Some(BANK),
        lines: &[("Night sight NS-4", "ML5.b", 120, 4_800), ("Charger for night sight", "ML5.b", 40, 350)],
        end_use: "Equipment of two battalions of the border troops",
    },
    Wanted {
        title: "Field radios",
        partner: 1,
        maker: Some(MAKERS.start + 6),
        carrier: CARRIERS.start,
        bank: None,
        lines: &[("Field radio R-168", "ML11.a", 200, 2_900)],
        end_use: "Signals of a motorised brigade",
    },
    Wanted {
        title: "Test benches for helicopter sights",
        partner: 5,
        maker: Some(MAKERS.start + 7),
        carrier: CARRIERS.start + 3,
        bank: None,
        lines: &[("Test bench TB-2", "ML15.d", 4, 91_000)],
        end_use: "Repair shop of the air force at Manaus",
    },
    Wanted {
        title: "Thermal cameras for patrol boats",
        partner: 3,
        maker: None,
        carrier: CARRIERS.start,
        bank: Some(BANK),
        lines: &[("Thermal camera TC-11", "ML15.d", 16, 38_500), ("Mounting kit", "ML15.d", 16, 1_200)],
        end_use: "Patrol boats of the coast guard",
    },
    Wanted {
        title: "Control stations for unmanned aircraft",
        partner: 12,
        maker: Some(MAKERS.start + 8),
        carrier: CARRIERS.start + 3,
        bank: None,
        lines: &[("Control station CS-1", "ML10.c", 3, 212_000)],
        end_use: "Watch over the northern border",
    },
    Wanted {
        title: "Sights for training simulators",
        partner: 8,
        maker: None,
        carrier: CARRIERS.start,
        bank: None,
        lines: &[("Training sight", "ML14", 60, 1_450)],
        end_use: "Training centre of the ground forces",
    },
    Wanted {
        title: "Spare lenses",
        partner: 0,
        maker: None,
        carrier: CARRIERS.start,
        bank: None,
        lines: &[("Lens for night sight", "ML5.b", 300, 90)],
        end_use: "Repair of sights delivered before",
    },
];

/// What happens to an application, or to the licence that came of it.
#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    Draft,
    Submit,
    Ask(&'static str),
    Answer(&'static str),
    Establish,
    /// By when it is to be given.
    AskOpinion(Date),
    Approve,
    /// The condition.
    Proviso(&'static str),
    /// Why.
    Object(&'static str),
    /// How grave the risk of diversion is, with the evidence.
    Assess(Grave, &'static str),
    /// All lines are granted: until when, the condition with its day, and why.
    Grant(Date, Option<(&'static str, Date)>, &'static str),
    /// All lines are refused, and why.
    Refuse(&'static str),
    Countersign,
    /// Number of the declaration, line, and pieces.
    WriteOff(&'static str, u32, i64),
    /// The first condition is met.
    Meet,
    /// Who may sign certificates for the authority that the goods go to.
    Specimen(&'static str),
    ConfirmSpecimen,
    /// A certificate that this person signed.
    Certify(&'static str),
    AskIssuer,
    IssuerAnswers,
    Bind,
    /// Number of the declaration, and pieces that are confirmed.
    Verify(&'static str, i64),
    /// The day of the visit, and why.
    Inspect(Date, &'static str),
}

/// How grave a risk is, in the words of the worksheet.
#[derive(Debug, Clone, Copy)]
pub(super) enum Grave {
    Low,
    Medium,
    High,
}

/// An act of a day and an hour, by a role, about an application.
pub(super) type Turn = (Date, i64, Role, usize, What);

const fn day(month: i8, day: i8) -> Date {
    date(2012, month, day)
}

/// Who sign certificates for the authorities of four partners, all invented.
const SIGNATORIES: [&str; 4] = ["A. Signatory", "B. Signatory", "C. Signatory", "D. Signatory"];

/// All acts, in their order.
pub(super) const TURNS: [Turn; 70] = {
    use Role::{ConsultedAgency as Agency, Countersigner, Customs, Exporter, LicensingOfficer as Officer};
    use What::*;
    [
        (day(6, 25), 9, Exporter, 0, Draft),
        (day(6, 25), 10, Exporter, 0, Submit),
        (day(6, 26), 9, Officer, 0, Establish),
        (day(6, 26), 10, Officer, 0, AskOpinion(date(2012, 7, 4))),
        (day(6, 26), 11, Officer, 0, Specimen(SIGNATORIES[0])),
        (day(6, 26), 12, Officer, 0, Certify(SIGNATORIES[0])),
        (day(6, 26), 13, Officer, 0, AskIssuer),
        (day(6, 26), 14, Exporter, 1, Draft),
        (day(6, 26), 15, Exporter, 1, Submit),
        (day(6, 28), 9, Officer, 1, Establish),
        (day(6, 28), 10, Officer, 1, AskOpinion(date(2012, 7, 6))),
        (day(6, 28), 12, Countersigner, 0, ConfirmSpecimen),
        (day(6, 29), 11, Agency, 0, Approve),
        (day(6, 29), 15, Officer, 0, IssuerAnswers),
        (day(6, 29), 16, Officer, 0, Bind),
        (day(7, 2), 9, Officer, 0, Assess(Grave::Low, "Three deliveries since 2009, all verified")),
        (
            day(7, 2),
            11,
            Officer,
            0,
            Grant(date(2013, 7, 2), None, "Defence of the state; nothing stands against it"),
        ),
        (day(7, 3), 10, Countersigner, 0, Countersign),
        (
            day(7, 4),
            11,
            Agency,
            1,
            Object("Radios of the same series were found with another force last year"),
        ),
        (
            day(7, 5),
            9,
            Officer,
            1,
            Assess(Grave::High, "Two reports of radios of this series found elsewhere"),
        ),
        (
            day(7, 5),
            14,
            Officer,
            1,
            Refuse("The risk that they are diverted is high, and nothing lessens it"),
        ),
        (day(7, 6), 10, Countersigner, 1, Countersign),
        (day(7, 9), 15, Customs, 0, WriteOff("10702030/090712/0000114/1", 1, 60)),
        (day(7, 9), 16, Customs, 0, WriteOff("10702030/090712/0000114/2", 2, 20)),
        (day(7, 16), 15, Customs, 0, WriteOff("10702030/160712/0000131/1", 1, 30)),
        (day(8, 30), 11, Officer, 0, Verify("10702030/090712/0000114/1", 60)),
        (day(9, 3), 9, Exporter, 2, Draft),
        (day(9, 3), 10, Exporter, 2, Submit),
        (day(9, 5), 9, Officer, 2, Establish),
        (day(9, 5), 10, Officer, 2, AskOpinion(date(2012, 9, 19))),
        (day(9, 5), 11, Officer, 2, Specimen(SIGNATORIES[1])),
        (day(9, 5), 12, Officer, 2, Certify(SIGNATORIES[1])),
        (day(9, 5), 13, Officer, 2, AskIssuer),
        (day(9, 6), 10, Countersigner, 2, ConfirmSpecimen),
        (day(9, 10), 9, Exporter, 3, Draft),
        (day(9, 10), 10, Exporter, 3, Submit),
        (day(9, 11), 9, Exporter, 4, Draft),
        (day(9, 11), 10, Exporter, 4, Submit),
        (day(9, 12), 9, Officer, 3, Establish),
        (day(9, 12), 10, Officer, 3, AskOpinion(date(2012, 9, 26))),
        (day(9, 12), 11, Officer, 4, Establish),
        (day(9, 12), 12, Officer, 4, AskOpinion(date(2012, 10, 5))),
        (day(9, 12), 14, Officer, 3, Specimen(SIGNATORIES[2])),
        (day(9, 12), 15, Officer, 3, Certify(SIGNATORIES[2])),
        (day(9, 12), 16, Officer, 3, AskIssuer),
        (day(9, 13), 10, Officer, 3, Ask("Which boats are they for, and who repairs the cameras?")),
        (day(9, 13), 11, Countersigner, 3, ConfirmSpecimen),
        (day(9, 13), 14, Officer, 4, Specimen(SIGNATORIES[3])),
        // Whoever signed this one is not among those who may: it stands against the application.
        (day(9, 13), 15, Officer, 4, Certify("P. Unknown")),
        (day(9, 13), 16, Officer, 4, AskIssuer),
        (day(9, 14), 10, Countersigner, 4, ConfirmSpecimen),
        (day(9, 14), 11, Officer, 4, Bind),
        (day(9, 14), 15, Agency, 2, Proviso("The serial numbers are given before the first shipment")),
        (
            day(9, 18),
            12,
            Exporter,
            3,
            Answer("Boats of project 12418, hulls 3 to 10; the maker repairs them"),
        ),
        (day(9, 19), 9, Exporter, 5, Draft),
        (day(9, 19), 10, Exporter, 5, Submit),
        (day(9, 20), 10, Officer, 5, Ask("Which forces train at the centre?")),
        (day(9, 20), 11, Agency, 3, Approve),
        (day(9, 21), 10, Officer, 2, IssuerAnswers),
        (day(9, 21), 11, Officer, 2, Bind),
        (day(9, 24), 10, Officer, 3, IssuerAnswers),
        (day(9, 24), 11, Officer, 3, Bind),
        (day(9, 24), 14, Officer, 2, Assess(Grave::Low, "Repair shop seen in 2011")),
        (
            day(9, 25),
            9,
            Officer,
            2,
            Grant(
                date(2013, 9, 25),
                Some(("Serial numbers of the benches are given", date(2012, 12, 1))),
                "Defence of the state; the agency’s condition is taken over",
            ),
        ),
        (day(9, 25), 15, Countersigner, 2, Countersign),
        (day(9, 26), 10, Officer, 3, Assess(Grave::Medium, "Coast guard also serves civil ports")),
        (
            day(9, 27),
            10,
            Officer,
            3,
            Grant(date(2013, 9, 27), None, "Defence of the state; the use was made clear"),
        ),
        (day(9, 28), 9, Exporter, 6, Draft),
        (day(9, 28), 11, Officer, 2, Meet),
        (day(9, 28), 12, Officer, 0, Inspect(date(2012, 11, 12), "The first sights of this model abroad")),
    ]
};

/// When each comes into the register.
pub(super) fn entries() -> Vec<Entry> {
    let entry = |(place, (on, hour, ..)): (usize, &Turn)| Entry {
        recorded: at(*on, hour * 3_600 + 2),
        on: *on,
        act: Act::Transfer(place),
    };
    TURNS.iter().enumerate().map(entry).collect()
}
