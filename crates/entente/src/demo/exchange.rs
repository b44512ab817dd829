//! What happens in the demonstration after a licence was signed: files go to customs and come back, with a row that the
//! register does not take; and a recipient asks to pass on a part of what it received. All of it is invented.

use entente_register::access::Role;
use entente_register::customs::format::{FileKind, sealed};
use jiff::civil::{Date, date};

use super::calendar::at;
use super::script::{Act, Entry};

/// Position of the partner to which the goods are passed on.
pub(super) const NEXT_USER: usize = 25;

/// What happens.
#[derive(Debug, Clone, Copy)]
pub(super) enum Turn {
    /// The first run of licence data leaves.
    Export,
    /// Customs have taken it.
    Reply,
    /// The first run of usage data comes.
    Usage,
    /// A recipient asks to pass goods on.
    Request,
    /// Who is to use them is established.
    Establish,
    /// Rights of third parties were considered.
    Rights,
    /// Consent is proposed.
    Propose,
    Countersign,
}

const TURNS: [(Date, i64, Role, Turn); 8] = {
    use Role::{Countersigner, Customs, LicensingOfficer as Officer};
    [
        (date(2012, 7, 4), 16, Officer, Turn::Export),
        (date(2012, 7, 5), 9, Customs, Turn::Reply),
        (date(2012, 7, 17), 16, Customs, Turn::Usage),
        (date(2012, 9, 24), 15, Officer, Turn::Request),
        (date(2012, 9, 25), 11, Officer, Turn::Establish),
        (date(2012, 9, 25), 12, Officer, Turn::Rights),
        (date(2012, 9, 26), 12, Officer, Turn::Propose),
        (date(2012, 9, 27), 11, Countersigner, Turn::Countersign),
    ]
};

/// When each comes into the register.
pub(super) fn entries() -> Vec<Entry> {
    let entry = |(place, (on, hour, ..)): (usize, &(Date, i64, Role, Turn))| Entry {
        recorded: at(*on, hour * 3_600 + 4),
        on: *on,
        act: Act::Exchange(place),
    };
    TURNS.iter().enumerate().map(entry).collect()
}

/// Who acts then, and what happens.
pub(super) fn turn(place: usize) -> Option<(Date, Role, Turn)> {
    TURNS.get(place).map(|(on, _, role, turn)| (*on, *role, *turn))
}

fn record(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

/// What customs answer to the first run: they took the only licence of it.
pub(super) fn reply(licence: &str) -> String {
    sealed(
        FileKind::LicenceReply,
        1,
        "2012-07-05T06:30:00Z",
        &[record(&["licence", licence, "accepted", "", ""])],
    )
}

/// What went under a licence by another office: a part of the first line, and of the second more than is left.
pub(super) fn usage(licence: &str) -> String {
    let row = |line: &str, item: &str, quantity: &str, value: &str| {
        let day = "2012-07-16";
        let declaration = "10702030/160712/0000140";
        record(&["usage", licence, line, declaration, item, day, quantity, "C62", value, "USD", ""])
    };
    let rows = [row("1", "1", "10", "48000"), row("2", "2", "25", "8750")];
    sealed(FileKind::UsageData, 1, "2012-07-17T12:00:00Z", &rows)
}
