//! What is known of end-user certificates and of incidents, out of the views. Commands and readers ask the same, each at its
//! own place in the ledger.

use std::collections::BTreeMap;

use entente_register::label::Label;
use entente_register::transfer::certificate::Certificate;
use entente_register::transfer::certificate::check::{Known, Other};
use entente_register::transfer::check::CheckFacts;
use entente_register::transfer::inspection::Inspection;
use entente_register::transfer::reexport::Reexport;
use entente_register::transfer::specimen::Specimens;

use crate::database::{Connection, Value};
use crate::error::Fault;
use crate::reader::sql;
use crate::transfer::{KeptRules, Place, check_facts};
use crate::view::NO_END;

const DOING: &str = "gathering what is known of certificates";

/// The certificates that serve an application, by end user, with what they are judged by.
pub(crate) async fn certificates_at(
    connection: &mut Connection<'_>,
    place: &Place<'_>,
    application: &str,
) -> Result<BTreeMap<String, Known>, Fault> {
    // One that was taken back serves it no more, and is shown where no other does.
    let sql = format!(
        "SELECT a.content, a.registered FROM assurance a WHERE a.kind = 'certificate' AND a.application = $3 AND {} ORDER BY CASE a.state WHEN 'bound' THEN 1 ELSE 0 END, a.number",
        sql::stands("a")
    );
    let values: [Value<'_>; 3] = [place.horizon.into(), place.as_of.to_string().into(), application.into()];
    let mut serving: BTreeMap<String, (Certificate, i64)> = BTreeMap::new();
    for row in connection.fetch(DOING, &sql, &values).await? {
        let certificate: Certificate = row.json(DOING, 0)?;
        let registered = row.int(1)?;
        serving.insert(certificate.content.end_user.clone(), (certificate, registered));
    }
    let mut known = BTreeMap::new();
    for (end_user, (certificate, registered)) in serving {
        let of = known_of(connection, place, certificate, registered).await?;
        known.insert(end_user, of);
    }
    Ok(known)
}

/// What a certificate is judged by: who may sign for its issuer, and what others share with it that no two may.
pub(crate) async fn known_of(
    connection: &mut Connection<'_>,
    place: &Place<'_>,
    certificate: Certificate,
    registered: i64,
) -> Result<Known, Fault> {
    let at: [Value<'_>; 2] = [place.horizon.into(), NO_END.into()];
    let latest = format!("{} AND a.valid_to = $2", sql::known("a"));
    let said = &certificate.content;
    let sql = format!(
        "SELECT a.content FROM assurance a WHERE a.kind = 'specimens' AND a.number = $3 AND {latest}"
    );
    let mut values = at.to_vec();
    values.push(said.issuer.clone().into());
    let row = connection.fetch_optional(DOING, &sql, &values).await?;
    let specimens: Option<Specimens> = row.map(|row| row.json(DOING, 0)).transpose()?;
    let mut values = at.to_vec();
    values.extend([
        Value::from(certificate.number.clone()),
        said.issuer.clone().into(),
        said.key().into(),
        said.document.content.clone().unwrap_or_default().into(),
    ]);
    let sql = format!(
        "SELECT a.content, a.registered FROM assurance a WHERE a.kind = 'certificate' AND a.number <> $3 AND ((a.issuer = $4 AND a.register_key = $5) OR a.document = $6) AND {latest} ORDER BY a.registered, a.number"
    );
    let mut others = Vec::new();
    for row in connection.fetch(DOING, &sql, &values).await? {
        others.push(Other { certificate: row.json(DOING, 0)?, earlier: row.int(1)? < registered });
    }
    Ok(Known { on: place.carried_on, certificate, specimens, others })
}

/// What inspections found at end users and nobody has closed, in words for readers of what bears a marking.
pub(crate) async fn incidents_at(
    connection: &mut Connection<'_>,
    place: &Place<'_>,
    (label, users): (&Label, Vec<&str>),
) -> Result<BTreeMap<String, Vec<String>>, Fault> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    if users.is_empty() {
        return Ok(found);
    }
    let places: Vec<String> = (0..users.len()).map(|place| format!("${}", place + 3)).collect();
    let mut values: Vec<Value<'_>> = vec![place.horizon.into(), place.as_of.to_string().into()];
    values.extend(users.iter().map(|user| Value::from((*user).to_owned())));
    let sql = format!(
        "SELECT a.content FROM assurance a WHERE a.kind = 'inspection' AND a.state = 'incident' AND {} AND a.end_user IN ({}) ORDER BY a.number",
        sql::stands("a"),
        places.join(", ")
    );
    for row in connection.fetch(DOING, &sql, &values).await? {
        let inspection: Inspection = row.json(DOING, 0)?;
        let words = inspection.words_to(label);
        found.entry(inspection.planned.end_user).or_default().push(words);
    }
    Ok(found)
}

/// What is known against a re-export: as against an application, and what was found at those who hold the goods.
pub(crate) async fn reexport_facts(
    connection: &mut Connection<'_>,
    kept: &KeptRules,
    place: &Place<'_>,
    reexport: &Reexport,
) -> Result<CheckFacts, Fault> {
    let mut facts = check_facts(connection, kept, place, &reexport.as_application()).await?;
    let holders = reexport.requested.holders.iter().map(String::as_str).collect();
    facts.incidents.extend(incidents_at(connection, place, (&reexport.label, holders)).await?);
    Ok(facts)
}
