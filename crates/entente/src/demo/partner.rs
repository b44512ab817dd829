//! The demonstration's partner states and groups. States and groups are real;
//! what is said to have been delivered to them is invented.

use jiff::civil::{Date, date};

/// A partner state.
pub(super) struct Partner {
    /// ISO 3166-1 alpha-3.
    pub(super) code: &'static str,
    /// Name for people.
    pub(super) name: &'static str,
    /// Its part of the contracts, in relation to the others.
    pub(super) weight: u64,
    /// Of a hundred lines, those delivered late.
    pub(super) late: u64,
}

const fn partner(code: &'static str, name: &'static str, weight: u64, late: u64) -> Partner {
    Partner { code, name, weight, late }
}

/// The thirty partners.
pub(super) const PARTNERS: [Partner; 30] = [
    partner("IND", "India", 26, 21),
    partner("DZA", "Algeria", 13, 18),
    partner("CHN", "China", 12, 10),
    partner("VNM", "Viet Nam", 11, 13),
    partner("VEN", "Venezuela", 8, 35),
    partner("BRA", "Brazil", 6, 19),
    partner("MYS", "Malaysia", 5, 11),
    partner("IDN", "Indonesia", 5, 16),
    partner("KAZ", "Kazakhstan", 4, 10),
    partner("BLR", "Belarus", 4, 8),
    partner("AZE", "Azerbaijan", 4, 14),
    partner("EGY", "Egypt", 4, 22),
    partner("PER", "Peru", 3, 19),
    partner("UGA", "Uganda", 3, 24),
    partner("ARE", "United Arab Emirates", 3, 11),
    partner("ZAF", "South Africa", 2, 16),
    partner("ARM", "Armenia", 2, 10),
    partner("KWT", "Kuwait", 2, 13),
    partner("JOR", "Jordan", 2, 14),
    partner("MAR", "Morocco", 2, 14),
    partner("BGD", "Bangladesh", 2, 21),
    partner("MNG", "Mongolia", 2, 11),
    partner("UZB", "Uzbekistan", 2, 13),
    partner("AGO", "Angola", 2, 27),
    partner("ETH", "Ethiopia", 2, 26),
    partner("LKA", "Sri Lanka", 1, 18),
    partner("KGZ", "Kyrgyzstan", 1, 13),
    partner("TJK", "Tajikistan", 1, 13),
    partner("THA", "Thailand", 1, 10),
    partner("MEX", "Mexico", 1, 13),
];

/// A state joins a group, or leaves it.
pub(super) struct Change {
    /// Code of the group.
    pub(super) group: &'static str,
    /// The state.
    pub(super) state: &'static str,
    /// First day of the change.
    pub(super) on: Date,
    /// Whether it joins.
    pub(super) joins: bool,
}

/// The groups, by code and name.
pub(super) const GROUPS: [(&str, &str); 2] =
    [("BRICS", "BRICS"), ("CIS", "Commonwealth of Independent States")];

/// The changes of membership, in the order of their days. The home state is a
/// member of both groups and no partner of itself.
pub(super) fn changes() -> Vec<Change> {
    let joined = |group, state, on| Change { group, state, on, joins: true };
    let alma_ata = date(1991, 12, 21);
    let mut all: Vec<Change> = ["ARM", "AZE", "BLR", "KAZ", "KGZ", "MDA", "RUS", "TJK", "UZB"]
        .map(|state| joined("CIS", state, alma_ata))
        .into();
    all.push(joined("CIS", "GEO", date(1993, 12, 3)));
    all.extend(["BRA", "CHN", "IND", "RUS"].map(|state| joined("BRICS", state, date(2009, 6, 16))));
    all.push(Change { group: "CIS", state: "GEO", on: date(2009, 8, 18), joins: false });
    all.push(joined("BRICS", "ZAF", date(2011, 4, 14)));
    all
}
