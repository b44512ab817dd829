//! What is known of the model of FollowTheMoney: its schemas, which of them is a kind of which, and by which properties
//! one entity refers to another. Written from release 4.11.2 of the model (MIT licence).

/// The schemas, each with those of which it is a kind.
pub const SCHEMAS: [(&str, &[&str]); 71] = [
    ("Address", &["Thing"]),
    ("Airplane", &["Vehicle"]),
    ("Analyzable", &[]),
    ("Article", &["Document"]),
    ("Asset", &["Thing", "Value"]),
    ("Associate", &["Interval"]),
    ("Audio", &["Document"]),
    ("BankAccount", &["Asset"]),
    ("Call", &["Interval"]),
    ("CallForTenders", &["Thing", "Interval"]),
    ("Company", &["Organization", "Asset"]),
    ("Contract", &["Asset"]),
    ("ContractAward", &["Value", "Interest"]),
    ("Control", &["Interest"]),
    ("CourtCase", &["Thing"]),
    ("CourtCaseParty", &["Interest"]),
    ("CryptoWallet", &["Thing", "Value"]),
    ("Debt", &["Interval", "Value"]),
    ("Directorship", &["Interest"]),
    ("Document", &["Thing", "Analyzable"]),
    ("Documentation", &["Interest"]),
    ("EconomicActivity", &["Interval"]),
    ("Email", &["Folder", "PlainText", "HyperText"]),
    ("Employment", &["Interest"]),
    ("Event", &["Interval", "Analyzable", "Thing"]),
    ("Family", &["Interval"]),
    ("Folder", &["Document"]),
    ("HyperText", &["Document"]),
    ("Identification", &["Interval"]),
    ("Image", &["Document"]),
    ("Interest", &["Interval"]),
    ("Interval", &[]),
    ("LegalEntity", &["Thing"]),
    ("License", &["Contract"]),
    ("Membership", &["Interest"]),
    ("Mention", &[]),
    ("Message", &["Interval", "Folder", "PlainText", "HyperText"]),
    ("Note", &["Thing", "Analyzable"]),
    ("Occupancy", &["Interval"]),
    ("Organization", &["LegalEntity"]),
    ("Ownership", &["Interest"]),
    ("Package", &["Folder"]),
    ("Page", &[]),
    ("Pages", &["Document"]),
    ("Passport", &["Identification"]),
    ("Payment", &["Interval", "Value"]),
    ("Person", &["LegalEntity"]),
    ("PlainText", &["Document"]),
    ("Position", &["Thing"]),
    ("Project", &["Interval", "Thing", "Value"]),
    ("ProjectParticipant", &["Interest"]),
    ("PublicBody", &["Organization"]),
    ("RealEstate", &["Asset"]),
    ("Representation", &["Interest"]),
    ("Risk", &["Interval"]),
    ("Sanction", &["Interval"]),
    ("Security", &["Asset"]),
    ("Similar", &[]),
    ("Succession", &["Interest"]),
    ("Table", &["Document"]),
    ("TaxRoll", &["Interval"]),
    ("Territory", &["Thing"]),
    ("Thing", &[]),
    ("Trip", &["Event"]),
    ("UnknownLink", &["Interest"]),
    ("UserAccount", &["Thing"]),
    ("Value", &[]),
    ("Vehicle", &["Asset"]),
    ("Vessel", &["Vehicle"]),
    ("Video", &["Document"]),
    ("Workbook", &["Folder"]),
];

/// The schemas of which an example may be looked for.
pub const MATCHABLE: [&str; 15] = [
    "Address",
    "Airplane",
    "BankAccount",
    "Company",
    "CryptoWallet",
    "LegalEntity",
    "Organization",
    "Person",
    "Position",
    "PublicBody",
    "Security",
    "Territory",
    "UserAccount",
    "Vehicle",
    "Vessel",
];

/// Schema, property, and the name of the same link as it is seen from the other side.
pub const REFERENCES: [(&str, &str, &str); 94] = [
    ("Associate", "person", "associates"),
    ("Associate", "associate", "associations"),
    ("BankAccount", "bank", "bankAccounts"),
    ("Call", "caller", "callsMade"),
    ("Call", "receiver", "callsReceived"),
    ("CallForTenders", "authority", "callForTenders"),
    ("CallForTenders", "onBehalfOf", "delegatedCallForTenders"),
    ("CallForTenders", "tenderers", "callForTenders"),
    ("Contract", "authority", "contractAuthority"),
    ("Contract", "project", "contracts"),
    ("ContractAward", "supplier", "contractAwardSupplier"),
    ("ContractAward", "contract", "awards"),
    ("ContractAward", "callForTenders", "contractAwards"),
    ("Control", "controller", "controlledEntities"),
    ("Control", "controlled", "controllingEntities"),
    ("CourtCaseParty", "party", "courtCase"),
    ("CourtCaseParty", "case", "parties"),
    ("CryptoWallet", "holder", "cryptoWallets"),
    ("Debt", "debtor", "debtDebtor"),
    ("Debt", "creditor", "debtCreditor"),
    ("Directorship", "director", "directorshipDirector"),
    ("Directorship", "organization", "directorshipOrganization"),
    ("Document", "parent", "children"),
    ("Document", "ancestors", "descendants"),
    ("Documentation", "document", "relatedEntities"),
    ("Documentation", "entity", "documentedBy"),
    ("EconomicActivity", "contract", "economicActivityContract"),
    ("EconomicActivity", "declarant", "economicActivityDeclarant"),
    ("EconomicActivity", "sender", "economicActivitySender"),
    ("EconomicActivity", "receiver", "economicActivityReceiver"),
    ("EconomicActivity", "contractHolder", "economicActivityHolder"),
    ("EconomicActivity", "bankAccount", "contractBankAccount"),
    ("EconomicActivity", "bankRub", "rubBankAccount"),
    ("EconomicActivity", "bankForeign", "foreignBankAccount"),
    ("EconomicActivity", "transport", "declaredCustoms"),
    ("Email", "emitters", "emailsSent"),
    ("Email", "recipients", "emailsReceived"),
    ("Email", "inReplyToEmail", "responses"),
    ("Employment", "employer", "employees"),
    ("Employment", "employee", "employers"),
    ("Event", "organizer", "eventsOrganized"),
    ("Event", "involved", "eventsInvolved"),
    ("Family", "person", "familyPerson"),
    ("Family", "relative", "familyRelative"),
    ("Identification", "holder", "identification"),
    ("Image", "pictured", "images"),
    ("Interval", "proof", "provenIntervals"),
    ("LegalEntity", "parent", "subsidiaries"),
    ("Membership", "member", "membershipMember"),
    ("Membership", "organization", "membershipOrganization"),
    ("Mention", "document", "mentionedEntities"),
    ("Mention", "resolved", "mentionedBy"),
    ("Message", "sender", "messagesSent"),
    ("Message", "senderAccount", "messagesSent"),
    ("Message", "recipients", "messagesReceived"),
    ("Message", "recipientAccount", "messagesReceived"),
    ("Message", "inReplyToMessage", "responses"),
    ("Note", "entity", "noteEntities"),
    ("Occupancy", "holder", "positionOccupancies"),
    ("Occupancy", "post", "occupancies"),
    ("Ownership", "owner", "ownershipOwner"),
    ("Ownership", "asset", "ownershipAsset"),
    ("Page", "document", "pages"),
    ("Payment", "payer", "paymentPayer"),
    ("Payment", "payerAccount", "paymentPayerAccount"),
    ("Payment", "beneficiary", "paymentBeneficiary"),
    ("Payment", "beneficiaryAccount", "paymentBeneficiaryAccount"),
    ("Payment", "contract", "paymentContract"),
    ("Payment", "project", "payments"),
    ("Position", "organization", "positions"),
    ("ProjectParticipant", "project", "participants"),
    ("ProjectParticipant", "participant", "projectParticipation"),
    ("RealEstate", "parent", "subunits"),
    ("Representation", "agent", "agencyClient"),
    ("Representation", "client", "agentRepresentation"),
    ("Risk", "entity", "risks"),
    ("Sanction", "entity", "sanctions"),
    ("Security", "issuer", "securities"),
    ("Similar", "candidate", "candidateSimilars"),
    ("Similar", "match", "matchSimilars"),
    ("Succession", "predecessor", "successors"),
    ("Succession", "successor", "predecessors"),
    ("TaxRoll", "taxee", "taxRolls"),
    ("Territory", "partOf", "subdivisions"),
    ("Thing", "addressEntity", "things"),
    ("Thing", "proof", "proven"),
    ("Trip", "startLocation", "tripsDeparting"),
    ("Trip", "endLocation", "tripsIncoming"),
    ("Trip", "vehicle", "tripsInvolved"),
    ("UnknownLink", "subject", "unknownLinkTo"),
    ("UnknownLink", "object", "unknownLinkFrom"),
    ("UserAccount", "owner", "userAccounts"),
    ("Vehicle", "owner", "ownedVehicles"),
    ("Vehicle", "operator", "operatedVehicles"),
];

/// Topics for which an entity is on a list: those that the model calls risks.
pub const RISKS: [&str; 30] = [
    "corp.clone",
    "corp.disqual",
    "crime.boss",
    "crime.fin",
    "crime.fraud",
    "crime.terror",
    "crime.theft",
    "crime.traffick",
    "crime.war",
    "crime",
    "debarment",
    "export.control",
    "export.control.linked",
    "export.risk",
    "geo.risk",
    "invest.risk",
    "invest.ban",
    "poi",
    "mare.detained",
    "mare.shadow",
    "reg.action",
    "reg.warn",
    "role.oligarch",
    "role.pep",
    "role.rca",
    "sanction.control",
    "sanction.counter",
    "sanction.linked",
    "sanction",
    "wanted",
];

/// Whether there is such a schema.
pub fn is_schema(name: &str) -> bool {
    SCHEMAS.iter().any(|(schema, _)| *schema == name)
}

/// Whether an entity of a schema is one of another as well: a company is an organisation. A schema that the model does
/// not have is of itself alone.
pub fn is_a(schema: &str, other: &str) -> bool {
    if schema == other {
        return true;
    }
    let kinds = SCHEMAS.iter().find(|(name, _)| *name == schema).map_or(&[][..], |(_, kinds)| *kinds);
    kinds.iter().any(|kind| is_a(kind, other))
}

/// By which name a property of a schema that refers to another entity is seen from there; none where it refers to none.
pub fn reverse(schema: &str, property: &str) -> Option<&'static str> {
    let of = |(own, name, _): &&(&str, &str, &str)| *name == property && is_a(schema, own);
    REFERENCES.iter().find(of).map(|(_, _, reverse)| *reverse)
}

/// Whether a link has this name, from either side.
pub fn is_link(name: &str) -> bool {
    REFERENCES.iter().any(|(_, property, reverse)| *property == name || *reverse == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_knows_what_is_a_kind_of_what() {
        assert!(is_a("Company", "LegalEntity") && is_a("Company", "Asset") && is_a("Vessel", "Thing"));
        assert!(!is_a("Person", "Organization") && !is_a("Nothing", "Thing") && is_a("Nothing", "Nothing"));
        assert_eq!(reverse("Sanction", "entity"), Some("sanctions"));
        assert_eq!(reverse("Company", "parent"), Some("subsidiaries"));
        assert_eq!(reverse("Company", "name"), None);
        for (name, kinds) in SCHEMAS {
            assert!(kinds.iter().all(|kind| is_schema(kind)), "{name}");
        }
        assert!(MATCHABLE.iter().all(|name| is_schema(name)));
    }
}
