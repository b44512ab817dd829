//! Lines that are due as iCalendar (RFC 5545): an event of a whole day each.
//!
//! An event is found again by its UID, the number of the line, so that a calendar that takes the file in anew
//! moves what has moved. What bears a marking is confidential in the calendar’s words, and its marking is said.

use entente_register::label::{Label, Level};
use entente_store::reader::{DueLine, DueState};
use icalendar::{Calendar, Class, Component as _, Event, Property};
use jiff::Timestamp;
use jiff::civil::Date;

/// The calendar of these lines.
pub(crate) fn calendar(lines: &[DueLine], as_of: Date, known_at: Timestamp) -> String {
    let mut calendar = Calendar::empty();
    for (name, value) in [("VERSION", "2.0"), ("PRODID", "-//Entente//EN"), ("CALSCALE", "GREGORIAN")] {
        calendar.append_property(Property::new(name, value));
    }
    calendar.name("Deliveries due");
    let stamp = known_at.strftime("%Y%m%dT%H%M%SZ").to_string();
    for line in lines {
        calendar.push(event(line, as_of, &stamp));
    }
    calendar.done().to_string()
}

fn event(line: &DueLine, as_of: Date, stamp: &str) -> Event {
    let whole_day = |name: &str, day: Date| {
        Property::new(name, day.strftime("%Y%m%d").to_string()).add_parameter("VALUE", "DATE").done()
    };
    let state = match line.state {
        DueState::Overdue => "overdue",
        DueState::Open => "open",
        DueState::Delivered => "delivered",
        DueState::Ended => "contract ended",
    };
    let mut event = Event::new();
    event
        .uid(&format!("line-{}@entente", line.line))
        .summary(&format!("{} {}: {}", line.partner, line.line, line.description))
        .description(&format!(
            "{}\nContract {}\nQuantity {} {}, delivered {}\nValue {} {}\n{state} as of {as_of}\nMarking {}",
            line.title,
            line.contract,
            line.quantity,
            line.unit.counted(line.quantity),
            line.delivered,
            line.amount.decimal(),
            line.amount.currency,
            line.label,
        ))
        .class(class(&line.label))
        .append_property(Property::new("DTSTAMP", stamp))
        .append_property(Property::new("TRANSP", "TRANSPARENT"))
        .append_property(whole_day("DTSTART", line.due_on))
        // The end of a whole day is the day after it (section 3.6.1).
        .append_property(whole_day("DTEND", line.due_on.tomorrow().unwrap_or(line.due_on)));
    event.done()
}

/// Who a calendar may show it to (section 3.8.1.3): a server may give out what it says is public, so that what is open
/// to the house alone is not that.
fn class(label: &Label) -> Class {
    match label.level {
        _ if label.is_marked() => Class::Confidential,
        Level::Public => Class::Public,
        _ => Class::Private,
    }
}

#[cfg(test)]
mod tests {
    use entente_register::money::{Currency, Money, Quantity, Unit};
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_line_is_an_event_of_its_day() {
        let line = DueLine {
            line: "O-2012-0015.2".into(),
            contract: "O-2012-0015".into(),
            title: "Boats; and more, \\ much\nmore".into(),
            partner: "BRA".into(),
            partner_name: "Brazil".into(),
            description: "Катер BEGIN:VEVENT\r\nEND:VCALENDAR".into(),
            due_on: date(2012, 12, 31),
            signed_on: date(2012, 1, 1),
            completed_on: None,
            quantity: Quantity::whole(4),
            unit: Unit::Piece,
            delivered: Quantity::whole(1),
            amount: Money::new(4_000_000, Currency::USD),
            delivered_amount: 1_000_000,
            state: DueState::Open,
            label: "OFFICIAL".parse().unwrap(),
        };
        let text = calendar(&[line], date(2012, 9, 30), "2012-10-01T00:00:00Z".parse().unwrap());
        let read: Calendar = text.parse().unwrap();
        let events: Vec<&Event> = read.components.iter().filter_map(|one| one.as_event()).collect();
        assert_eq!(events.len(), 1, "{text}");
        let of = |name: &str| events[0].property_value(name).unwrap_or_default().to_owned();
        assert_eq!(of("UID"), "line-O-2012-0015.2@entente");
        assert_eq!((of("DTSTART"), of("DTEND")), ("20121231".into(), "20130101".into()));
        assert_eq!(of("DTSTAMP"), "20121001T000000Z");
        assert_eq!(of("CLASS"), "PRIVATE");
        for (label, word) in [("PUBLIC", Class::Public), ("SECRET", Class::Confidential)] {
            assert_eq!(class(&label.parse().unwrap()), word, "{label}");
        }
        assert!(text.contains("DTSTART;VALUE=DATE:20121231\r\n"), "{text}");
        // What people wrote cannot leave its line, and no line is longer than 75 octets.
        assert_eq!(text.matches("\r\nBEGIN:VEVENT\r\n").count(), 1, "{text}");
        assert_eq!(
            text.matches("END:VCALENDAR").count() - text.matches("\\nEND:VCALENDAR").count(),
            1,
            "{text}"
        );
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    }
}
