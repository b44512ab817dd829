//! The lists of the Office of Foreign Assets Control: XML, advanced XML, and the CSV set.

pub(super) mod advanced;
pub(super) mod table;
pub(super) mod xml;

use crate::entity::Entity;

/// The schema of a kind of party.
fn schema(kind: &str) -> &'static str {
    match kind.to_lowercase().as_str() {
        "individual" => "Person",
        "vessel" => "Vessel",
        "aircraft" => "Airplane",
        _ => "Organization",
    }
}

/// The property that a kind of document, register entry or feature belongs to; none for what identifies nobody
/// (“Secondary sanctions risk:”, “Executive Order …”).
fn property(kind: &str) -> Option<&'static str> {
    const BY_WORD: [(&str, &str); 20] = [
        ("passport", "passportNumber"),
        ("pasaporte", "passportNumber"),
        ("gender", "gender"),
        ("tax ", "taxNumber"),
        ("v.a.t.", "taxNumber"),
        ("nit #", "taxNumber"),
        ("ruc #", "taxNumber"),
        ("r.f.c.", "taxNumber"),
        ("rif #", "taxNumber"),
        ("vessel registration", "imoNumber"),
        ("mmsi", "mmsi"),
        ("swift", "swiftBic"),
        ("digital currency address", "publicKey"),
        ("d-u-n-s", "dunsCode"),
        ("serial number", "serialNumber"),
        ("construction number", "serialNumber"),
        ("tail number", "registrationNumber"),
        ("registration", "registrationNumber"),
        ("unified social credit", "registrationNumber"),
        ("company number", "registrationNumber"),
    ];
    let kind = kind.trim().to_lowercase();
    if kind == "nationality of registration" {
        return Some("jurisdiction");
    }
    if let Some((_, property)) = BY_WORD.iter().find(|(word, _)| kind.contains(word)) {
        return Some(property);
    }
    let ends =
        ["number", "no.", "no", "#", " id", "ssn", "cedula", "d.n.i.", "c.u.r.p.", "c.u.i.t.", "license"];
    ends.iter().any(|end| kind.ends_with(end)).then_some("idNumber")
}

/// Adds an identifier by its kind.
fn identifier(entity: &mut Entity, kind: &str, number: &str) {
    match property(kind) {
        Some("gender") => entity.add("gender", &number.to_lowercase()),
        Some("imoNumber") => entity.add("imoNumber", number.trim_start_matches("IMO").trim()),
        Some(property) => entity.add(property, number),
        None => {}
    }
}

/// The property of a name: `a.k.a.`, `f.k.a.`, `n.k.a.` with or without points.
fn name_property(kind: &str, weak: bool) -> &'static str {
    match kind.replace('.', "").to_lowercase().as_str() {
        _ if weak => "weakAlias",
        "fka" => "previousName",
        "nka" | "name" => "name",
        _ => "alias",
    }
}

#[cfg(test)]
mod tests {
    use super::property;

    #[test]
    fn kinds_of_numbers_are_told_apart() {
        for (kind, expected) in [
            ("Passport", Some("passportNumber")),
            ("National ID No.", Some("idNumber")),
            ("Tax ID No.", Some("taxNumber")),
            ("NIT #", Some("taxNumber")),
            ("Registration ID", Some("registrationNumber")),
            ("Vessel Registration Identification", Some("imoNumber")),
            ("Aircraft Manufacturer's Serial Number (MSN)", Some("serialNumber")),
            ("Digital Currency Address - XBT", Some("publicKey")),
            ("Nationality of Registration", Some("jurisdiction")),
            ("Secondary sanctions risk:", None),
            ("Executive Order 13662 Directive Determination -", None),
            ("Website", None),
            ("Organization Established Date", None),
        ] {
            assert_eq!(property(kind), expected, "{kind}");
        }
    }
}
