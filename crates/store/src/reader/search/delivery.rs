//! Deliveries: a hundred to each line and without a text of their own, they are found by their whole number, or by
//! the whole of the one that others give them, or by the serial number of an item.

use std::collections::BTreeMap;

use entente_register::access::{Reading, may_read};
use entente_register::contract::delivery::Counting;
use entente_register::contract::serial::folded;
use entente_register::ledger::SubjectKind;
use entente_register::search::{Query, SearchField, SearchKind};

use super::{DOING, FoundKind, FoundRow, FoundText, MOST_FOUND};
use crate::database::Connection;
use crate::error::Fault;
use crate::reader::{Page, Reader, sql};

impl Reader {
    /// Deliveries with a number; `rows` says whether they are asked for beside how many there are.
    pub(super) async fn search_deliveries(
        &self,
        connection: &mut Connection<'_>,
        query: &Query,
        rows: bool,
        page: Page,
    ) -> Result<FoundKind, Fault> {
        let kind = SearchKind::Delivery;
        let Some(extent) = may_read(&self.actor, Reading::Contracts) else {
            return Ok(FoundKind::none(kind));
        };
        if query.typed().chars().any(char::is_control) {
            // No number holds such characters, and PostgreSQL takes no zero byte.
            return Ok(FoundKind::none(kind));
        }
        let references = self.handed_over_as(connection, query.typed()).await?;
        let sequences: Vec<i64> = references.keys().copied().collect();
        let mut found = Vec::new();
        for sequences in sequences.chunks(sql::LISTED) {
            let mut parameters = self.parameters();
            let contracts = self.open_contracts(extent, &mut parameters);
            let listed = parameters.list(sequences.iter().copied());
            let counting = parameters.add(Counting::HandedOver.word());
            let sql = format!(
                "SELECT a.delivery, l.description, a.partner, p.name, a.known_from, a.label, c.label FROM delivery_act a JOIN line l ON l.number = a.line JOIN contract c ON c.number = a.contract LEFT JOIN partner p ON p.code = a.partner WHERE a.known_from IN {listed} AND a.counting = {counting} AND a.act_date <= $2 {} AND {} AND {contracts} ORDER BY a.delivery",
                self.labels.filter("a.label"),
                sql::stands("l"),
            );
            found.extend(connection.fetch(DOING, &sql, parameters.values()).await?);
        }
        let mut result = FoundKind::counted(kind, i64::try_from(found.len()).unwrap_or(i64::MAX));
        let place = |n: i64| usize::try_from(n.min(MOST_FOUND)).unwrap_or(0);
        let (first, last) = (place(page.offset), place(page.offset + page.limit));
        for row in found.iter().take(last).skip(first).filter(|_| rows) {
            let (number, partner) = (row.text(0)?, row.text(2)?);
            let named =
                row.optional_text(3)?.map_or_else(|| partner.clone(), |name| format!("{name} ({partner})"));
            let reference = references.get(&row.int(4)?).cloned().flatten();
            result.rows.push(FoundRow {
                name: query.mark(row.text_ref(1)?),
                number: query.mark(&number),
                partner: Some((partner, query.mark(&named))),
                texts: reference
                    .map(|(field, text)| FoundText { field, text: query.mark(&text) })
                    .into_iter()
                    .collect(),
                exact: true,
                content: None,
                label: self.labels.join([row.int(5)?, row.int(6)?])?,
                subject: SubjectKind::Delivery.subject(number),
            });
        }
        Ok(result)
    }

    /// The events by which deliveries with a number were handed over, with the number that others give or that an item
    /// bears where it is that one. The handing over is the first event of a delivery, and its act bears the event's place.
    async fn handed_over_as(
        &self,
        connection: &mut Connection<'_>,
        typed: &str,
    ) -> Result<BTreeMap<i64, Option<(SearchField, String)>>, Fault> {
        let serial = folded(typed);
        let mut typed = vec![typed.to_owned(), typed.to_uppercase()];
        typed.dedup();
        let mut found = BTreeMap::new();
        // Two statements and not one: each is a look-up in an index, whatever the planner thinks of what it finds.
        let mut parameters = self.parameters();
        let subjects =
            parameters.list(typed.iter().map(|number| SubjectKind::Delivery.subject(number).to_string()));
        let sql = format!(
            "SELECT v.sequence FROM event v WHERE v.subject IN {subjects} AND v.version = 1 AND v.sequence <= $1 ORDER BY v.sequence"
        );
        for row in connection.fetch(DOING, &sql, parameters.values()).await? {
            found.insert(row.int(0)?, None);
        }
        let mut parameters = self.parameters();
        let references = parameters.list(typed);
        let sql = format!(
            "SELECT e.known_from, e.reference FROM external_reference e WHERE e.reference IN {references} AND e.scope >= 'delivery ' AND e.scope < 'delivery!' AND e.known_from <= $1 ORDER BY e.known_from"
        );
        for row in connection.fetch(DOING, &sql, parameters.values()).await? {
            found.insert(row.int(0)?, Some((SearchField::Reference, row.text(1)?)));
        }
        let mut parameters = self.parameters();
        let folded = parameters.add(serial);
        let sql = format!(
            "SELECT v.sequence, n.serial FROM serial_number n JOIN event v ON v.subject = 'delivery:' || n.delivery AND v.version = 1 AND v.sequence <= $1 WHERE n.folded = {folded} AND {} AND n.recorded_on <= $2 {} ORDER BY v.sequence",
            sql::known("n"),
            self.labels.filter("n.label"),
        );
        for row in connection.fetch(DOING, &sql, parameters.values()).await? {
            found.insert(row.int(0)?, Some((SearchField::Serial, row.text(1)?)));
        }
        Ok(found)
    }
}
