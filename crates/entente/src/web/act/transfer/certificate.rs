//! Acts of certificates: registered as they were handed in, asked about, bound to what they serve, taken back.

use std::collections::BTreeSet;

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::ledger::{Fallible, SubjectKind};
use entente_register::money::Currency;
use entente_register::transfer::certificate::{
    Certificate, CertificateCommand, CertificateContent, CertificateLine, MACHINE, NewCertificate,
    Undertaking,
};
use entente_register::transfer::content::TransferParty;

use super::super::Act;
use super::super::contract::units;
use super::super::field::{Choices, Field};
use super::super::filled::Filled;
use super::super::standing::{Standing, Stands};
use super::application;

const OF: Option<SubjectKind> = Some(SubjectKind::Certificate);

const YES_OR_NO: &[(&str, &str)] = &[("yes", "Yes"), ("no", "No")];

const CHANNELS: &[(&str, &str)] = &[
    ("issuer", "The issuing authority"),
    ("their_embassy", "The embassy of its state"),
    ("own_embassy", "The own embassy there"),
];

const ANSWERS: &[(&str, &str)] =
    &[("authentic", "Authentic"), ("not_authentic", "Not authentic"), ("unknown", "It cannot be told")];

const LINES: &[Field] = &[
    Field::text("description", "What", 300),
    Field::text("category", "Control-list entry", 20),
    Field::decimal("quantity", "Quantity"),
    Field::from("unit", "Unit", units),
    Field::decimal("value", "Worth of all of it").hint("Where the certificate says so."),
];

const INTERMEDIARIES: &[Field] = &[
    Field::choice(
        "role",
        "As",
        &[("consignee", "Consignee"), ("broker", "Broker"), ("carrier", "Carrier"), ("bank", "Bank")],
    ),
    Field::party("party", "Number of the party", 60),
];

const UNDERTAKEN: &[Field] = &[Field::choice("given", "Undertaken", YES_OR_NO)];

const REGISTERED: &[Field] = &[
    Field::on("Registered on"),
    Field::party("issuer", "Issued by", 60).hint("Number of the party that issued it."),
    Field::text("state", "State of the issuer", 3)
        .optional()
        .hint("ISO 3166-1, three letters; empty for an international organisation.")
        .starting(|at| own(at, |content| content.destination.clone())),
    Field::text("register_number", "Its number", 100)
        .hint("The number under which the issuer registered it."),
    Field::day("issued_on", "Issued on"),
    Field::day("expires_on", "Expires on").optional(),
    Field::party("exporter", "Exporter", 60).starting(|at| own(at, |content| content.applicant.clone())),
    Field::party("end_user", "End user", 60).starting(|at| {
        own(at, |content| content.end_users().into_iter().next().unwrap_or_default().to_owned())
    }),
    Field::text("destination", "Final destination", 3)
        .hint("ISO 3166-1, three letters: IND.")
        .starting(|at| own(at, |content| content.destination.clone())),
    Field::rows("intermediaries", "Intermediary", INTERMEDIARIES),
    Field::text("contract_number", "Contract", 100).optional().hint("As the certificate names it."),
    Field::text("currency", "Currency of what it is worth", 3).optional().starting(|at| {
        own(at, |content| content.currency().map(|one| one.code().to_owned()).unwrap_or_default())
    }),
    Field::rows("lines", "Goods", LINES).filled(lines),
    Field::prose("end_use", "End use, in its words", 2000),
    Field::each("undertakings", "Undertaking", undertakings, UNDERTAKEN),
    Field::text("signatory", "Signed by", 200),
    Field::text("position", "As", 200),
    Field::choice("sealed", "It bears the seal of its issuer", YES_OR_NO),
    Field::text("label", "Marking", 120).starting(|at| match &at.label {
        Some(label) => label.to_string(),
        None => "OFFICIAL".to_owned(),
    }),
    Field::paper("The certificate"),
];

const LEDE: &str = "As it was handed in, also where it lacks something or looks false: what stands against it is found by its checks, and a forgery that is on record is found again.";

pub(in crate::web::act) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::CertificateRegister,
        of: None,
        word: "register-certificate",
        name: "Register a certificate",
        lede: LEDE,
        makes_new: true,
        possible: |_| Ok(()),
        fields: REGISTERED,
        read: |_, filled| registered(filled),
    },
    Act {
        kind: CommandKind::CertificateRegister,
        of: Some(SubjectKind::Application),
        word: "register-certificate",
        name: "Register its certificate",
        lede: LEDE,
        makes_new: true,
        possible: |_| Ok(()),
        fields: REGISTERED,
        read: |_, filled| registered(filled),
    },
    Act {
        kind: CommandKind::CertificateAsk,
        of: OF,
        word: "ask",
        name: "Ask whether it is authentic",
        lede: "Of the authority that issued it, or through an embassy. Until it is answered the certificate carries nothing.",
        makes_new: false,
        possible: |at| may(at, "ask"),
        fields: &[
            Field::on("Asked on"),
            Field::choice("channel", "Through", CHANNELS),
            Field::text("to", "Who is asked", 200).hint("By name: Embassy of India."),
            Field::paper("The letter"),
        ],
        read: |at, filled| {
            let command = CertificateCommand::Ask {
                on: filled.on()?,
                channel: filled.read("channel")?,
                to: filled.text("to"),
                document: filled.paper()?,
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::CertificateAnswer,
        of: OF,
        word: "answer",
        name: "Record the answer",
        lede: "That it is not authentic stands, whatever is said later.",
        makes_new: false,
        possible: |at| {
            may(at, "answer")?;
            super::some(&awaited(at), "No inquiry awaits an answer.", "an inquiry that awaits an answer")
        },
        fields: &[
            Field::from("inquiry", "Inquiry", awaited).starting(|at| super::only(&awaited(at))),
            Field::on("Answered on"),
            Field::choice("answer", "The answer", ANSWERS),
            Field::paper("The answer"),
        ],
        read: |at, filled| {
            let command = CertificateCommand::Answer {
                on: filled.on()?,
                inquiry: filled.whole("inquiry")?,
                answer: filled.read("answer")?,
                document: filled.paper()?,
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::CertificateBind,
        of: OF,
        word: "bind",
        name: "Bind to an application",
        lede: "It serves this application and no other.",
        makes_new: false,
        possible: |at| may(at, "bind"),
        fields: &[
            Field::on("Bound on"),
            Field::text("application", "Application", 60).hint("Its number: O-T2026-0001."),
        ],
        read: |at, filled| {
            let application = filled.text("application");
            Ok(about(at, CertificateCommand::Bind { on: filled.on()?, application }))
        },
    },
    Act {
        kind: CommandKind::CertificateRelease,
        of: OF,
        word: "release",
        name: "Release from its application",
        lede: "Where the application was not granted, it may serve another.",
        makes_new: false,
        possible: |at| may(at, "release"),
        fields: &[Field::on("Released on"), Field::reason()],
        read: |at, filled| {
            let reason = filled.text("reason");
            Ok(about(at, CertificateCommand::Release { on: filled.on()?, reason }))
        },
    },
    Act {
        kind: CommandKind::CertificateVoid,
        of: OF,
        word: "void",
        name: "Void",
        lede: "It was recorded in error: its number counts as used no more. What its issuer disowned is not voided.",
        makes_new: false,
        possible: |at| may(at, "void"),
        fields: &[Field::on("Voided on"), Field::reason()],
        read: |at, filled| {
            let reason = filled.text("reason");
            Ok(about(at, CertificateCommand::Void { on: filled.on()?, reason }))
        },
    },
    Act {
        kind: CommandKind::CertificateRevoke,
        of: OF,
        word: "revoke",
        name: "Record that it was taken back",
        lede: "By its issuer. Nothing goes under it any more, and its number stays used.",
        makes_new: false,
        possible: |at| may(at, "revoke"),
        fields: &[Field::on("Taken back on"), Field::reason(), Field::paper("The paper")],
        read: |at, filled| {
            let command = CertificateCommand::Revoke {
                on: filled.on()?,
                reason: filled.text("reason"),
                document: filled.paper()?,
            };
            Ok(about(at, command))
        },
    },
];

fn certificate(at: &Standing) -> Option<&Certificate> {
    if let Stands::Certificate(view) = &at.stands { Some(&view.certificate) } else { None }
}

fn about(at: &Standing, command: CertificateCommand) -> Command {
    Command::Certificate { number: at.key(), command }
}

fn may(at: &Standing, step: &str) -> Fallible<()> {
    MACHINE.next(&at.state, step).map(drop)
}

/// What the application says, where the form stands on its page.
fn own(at: &Standing, of: impl Fn(&entente_register::transfer::content::Content) -> String) -> String {
    application(at).map(|this| of(&this.content)).unwrap_or_default()
}

/// Goods start as those that are applied for.
fn lines(at: &Standing) -> Choices {
    let Some(this) = application(at) else { return Vec::new() };
    let mut started = Vec::new();
    for (place, line) in this.content.lines.iter().enumerate() {
        let mut field = |name: &str, value: String| started.push((format!("lines[{place}].{name}"), value));
        field("description", line.description.clone());
        field("category", line.category.clone());
        field("quantity", line.quantity.to_string());
        field("unit", line.unit.code().to_owned());
    }
    started
}

fn undertakings(_: &Standing) -> Choices {
    let needed = |one: &Undertaking| if Undertaking::NEEDED.contains(one) { " (needed)" } else { "" };
    Undertaking::ALL
        .iter()
        .map(|one| (format!(".{}", one.word()), format!("{}{}", one.name(), needed(one))))
        .collect()
}

/// Inquiries that await an answer.
fn awaited(at: &Standing) -> Choices {
    let inquiry = certificate(at).and_then(Certificate::awaited);
    inquiry
        .map(|one| (one.number.to_string(), format!("{}. {}", one.number, one.asked.to)))
        .into_iter()
        .collect()
}

fn registered(filled: &Filled) -> Fallible<Command> {
    let lines = filled.rows("lines").into_iter().filter(|place| {
        // A row of which the unit alone is chosen is none.
        let is_filled = |name: &&str| !filled.get(&format!("lines[{place}].{name}")).is_empty();
        ["description", "category", "quantity", "value"].iter().any(is_filled)
    });
    let lines = lines.map(|place| {
        let field = |name: &str| format!("lines[{place}].{name}");
        let value = match filled.given(&field("value")) {
            None => None,
            Some(_) => Some(filled.money(&field("value"), filled.read::<Currency>("currency")?)?),
        };
        Ok(CertificateLine {
            description: filled.text(&field("description")),
            category: filled.text(&field("category")),
            quantity: filled.quantity(&field("quantity"))?,
            unit: filled.unit(&field("unit"))?,
            value,
        })
    });
    let intermediaries = filled
        .rows("intermediaries")
        .into_iter()
        .filter(|place| !filled.get(&format!("intermediaries[{place}].party")).is_empty());
    let intermediaries = intermediaries.map(|place| {
        let field = |name: &str| format!("intermediaries[{place}].{name}");
        Ok(TransferParty { role: filled.read(&field("role"))?, party: filled.text(&field("party")) })
    });
    let given = |one: &&Undertaking| filled.get(&format!("undertakings.{}.given", one.word())) == "yes";
    let content = CertificateContent {
        issuer: filled.text("issuer"),
        state: filled.given("state").map(|code| code.to_uppercase()),
        register_number: filled.text("register_number"),
        issued_on: filled.day("issued_on")?,
        expires_on: filled.day_given("expires_on")?,
        exporter: filled.text("exporter"),
        end_user: filled.text("end_user"),
        destination: filled.text("destination").to_uppercase(),
        intermediaries: intermediaries.collect::<Fallible<_>>()?,
        contract_number: filled.given("contract_number"),
        lines: lines.collect::<Fallible<_>>()?,
        end_use: filled.text("end_use"),
        undertakings: Undertaking::ALL.iter().filter(given).copied().collect::<BTreeSet<_>>(),
        signatory: filled.text("signatory"),
        position: filled.text("position"),
        sealed: filled.get("sealed") == "yes",
        document: filled.paper()?,
    };
    let new = NewCertificate { on: filled.on()?, label: filled.read("label")?, content: Box::new(content) };
    Ok(Command::Certify(new))
}
