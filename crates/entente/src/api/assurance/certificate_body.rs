//! A certificate, as it is handed in.

use std::collections::BTreeSet;

use entente_register::ledger::{Fallible, parse_date};
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::transfer::certificate::{CertificateContent, CertificateLine};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::body::{Paper, at};
use crate::api::transfer::body::TransferPartyBody;

/// Goods that a certificate is for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CertificateLineBody {
    /// What.
    description: String,
    /// Control-list entry, as the authority classifies what the certificate describes.
    #[schema(examples("ML9.a"))]
    category: String,
    /// How much, a decimal string.
    quantity: String,
    /// UN/ECE code of the unit: `C62` for pieces.
    #[serde(default = "pieces")]
    unit: String,
    /// What all of it is worth, a decimal string; absent where the certificate does not say.
    #[serde(default)]
    value: Option<String>,
    /// ISO 4217 code of the value.
    #[serde(default)]
    currency: Option<String>,
}

fn pieces() -> String {
    "C62".to_owned()
}

/// What a certificate says.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CertificateBody {
    /// Number of the party that issued it.
    issuer: String,
    /// The state whose authority that is, ISO 3166-1 alpha-3; absent for an international organisation.
    #[serde(default)]
    state: Option<String>,
    /// The number under which the issuer registered it.
    register_number: String,
    /// When it was issued.
    #[schema(format = Date)]
    issued_on: String,
    /// Its last day, where it has one.
    #[serde(default)]
    #[schema(format = Date)]
    expires_on: Option<String>,
    /// Number of the party that exports.
    exporter: String,
    /// Number of the party that uses the goods.
    end_user: String,
    /// The state of final destination, ISO 3166-1 alpha-3.
    destination: String,
    /// Others on the way, by role.
    #[serde(default)]
    intermediaries: Vec<TransferPartyBody>,
    /// The contract that it names, as it names it.
    #[serde(default)]
    contract_number: Option<String>,
    /// Goods.
    lines: Vec<CertificateLineBody>,
    /// What they are for, in its words.
    end_use: String,
    /// `stated_use`, `no_reexport`, `no_diversion`, `delivery_verification`, `inspection`, `new_for_old`.
    undertakings: Vec<String>,
    /// Who signed.
    signatory: String,
    /// As what.
    position: String,
    /// Whether it bears the seal of its issuer.
    sealed: bool,
    /// The paper.
    document: Paper,
}

impl CertificateBody {
    /// As the register holds it.
    pub(super) fn read(self) -> Fallible<CertificateContent> {
        let parties = self.intermediaries.into_iter().enumerate();
        let undertakings = self.undertakings.iter().enumerate();
        Ok(CertificateContent {
            issuer: self.issuer,
            state: self.state,
            register_number: self.register_number,
            issued_on: parse_date("issued_on", &self.issued_on)?,
            expires_on: self.expires_on.map(|day| parse_date("expires_on", &day)).transpose()?,
            exporter: self.exporter,
            end_user: self.end_user,
            destination: self.destination,
            intermediaries: parties
                .map(|(place, one)| one.read("intermediaries", place))
                .collect::<Fallible<_>>()?,
            contract_number: self.contract_number,
            lines: self
                .lines
                .into_iter()
                .enumerate()
                .map(|(place, line)| line.read(place))
                .collect::<Fallible<_>>()?,
            end_use: self.end_use,
            undertakings: undertakings
                .map(|(place, word)| at(&format!("undertakings[{place}]"), word.parse()))
                .collect::<Fallible<BTreeSet<_>>>()?,
            signatory: self.signatory,
            position: self.position,
            sealed: self.sealed,
            document: self.document.read()?,
        })
    }
}

impl CertificateLineBody {
    fn read(self, place: usize) -> Fallible<CertificateLine> {
        let field = |name: &str| format!("lines[{place}].{name}");
        let value = match self.value {
            None => None,
            Some(value) => {
                let currency: Currency = at(&field("currency"), self.currency.unwrap_or_default().parse())?;
                Some(Money::parse(&field("value"), &value, currency)?)
            }
        };
        Ok(CertificateLine {
            description: self.description,
            category: self.category,
            quantity: Quantity::parse(&field("quantity"), &self.quantity)?,
            unit: Unit::parse(&field("unit"), &self.unit)?,
            value,
        })
    }
}
