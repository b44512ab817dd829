//! What the demonstration's contracts are about. No product is a real one.

use entente_register::money::Unit;

/// A sort of goods.
pub(super) struct Good {
    /// What a line says of it.
    pub(super) description: &'static str,
    /// Its unit.
    pub(super) unit: Unit,
    /// Control-list entry: the Wassenaar munitions list or dual-use list.
    pub(super) category: &'static str,
    /// Price of one, in thousands of dollars, from and to.
    pub(super) price: (i64, i64),
    /// How many a line orders, from and to.
    pub(super) quantity: (i64, i64),
}

/// What a contract is about.
pub(super) struct Family {
    /// For its title.
    pub(super) title: &'static str,
    /// Its compartment, where it has one.
    pub(super) compartment: Option<&'static str>,
    /// What its lines order, the principal goods first.
    pub(super) goods: &'static [Good],
}

const fn good(
    description: &'static str,
    unit: Unit,
    category: &'static str,
    price: (i64, i64),
    quantity: (i64, i64),
) -> Good {
    Good { description, unit, category, price, quantity }
}

/// The families.
pub(super) const FAMILIES: [Family; 9] = [
    Family {
        title: "transport helicopters",
        compartment: Some("AVIATION"),
        goods: &[
            good("Medium transport helicopter", Unit::Piece, "ML10.a", (12_000, 17_000), (6, 18)),
            good("Helicopter engine", Unit::Piece, "ML10.d", (900, 1_600), (12, 48)),
            good("Set of spare parts for helicopters", Unit::Set, "ML10.a", (2_500, 6_000), (4, 10)),
            good("Helicopter crew simulator", Unit::Piece, "ML14", (8_000, 14_000), (2, 4)),
            good("Training of helicopter crews", Unit::Hour, "ML22.a", (4, 9), (1_200, 4_000)),
        ],
    },
    Family {
        title: "combat training aircraft",
        compartment: Some("AVIATION"),
        goods: &[
            good("Combat training aircraft", Unit::Piece, "ML10.a", (13_000, 18_000), (6, 16)),
            good("Aircraft engine", Unit::Piece, "ML10.d", (2_800, 4_300), (8, 24)),
            good("Set of ground equipment for aircraft", Unit::Set, "ML10.f", (1_500, 3_500), (4, 12)),
            good("Flight simulator", Unit::Piece, "ML14", (9_000, 15_000), (2, 4)),
        ],
    },
    Family {
        title: "patrol boats",
        compartment: Some("NAVY"),
        goods: &[
            good("Coastal patrol boat", Unit::Piece, "ML9.a", (24_000, 40_000), (3, 6)),
            good("Marine diesel engine", Unit::Piece, "ML9.b", (1_300, 2_400), (8, 24)),
            good("Navigation radar for ships", Unit::Piece, "ML5.b", (2_500, 4_800), (5, 14)),
            good("Set of spare parts for ships", Unit::Set, "ML9.a", (2_000, 5_000), (4, 10)),
        ],
    },
    Family {
        title: "air surveillance and defence",
        compartment: None,
        goods: &[
            good("Short-range air-defence system", Unit::Set, "ML4.b", (16_000, 26_000), (4, 10)),
            good("Surveillance radar station", Unit::Piece, "ML5.b", (8_000, 14_000), (4, 10)),
            good("Command vehicle", Unit::Piece, "ML6.a", (2_600, 4_400), (6, 16)),
            good("Set of spare parts for radar stations", Unit::Set, "ML5.b", (1_800, 4_200), (4, 12)),
        ],
    },
    Family {
        title: "armoured vehicles",
        compartment: None,
        goods: &[
            good("Armoured personnel carrier", Unit::Piece, "ML6.a", (1_000, 1_700), (40, 120)),
            good("Recovery vehicle", Unit::Piece, "ML6.a", (1_500, 2_200), (8, 30)),
            good("Field ambulance", Unit::Piece, "ML6.b", (300, 500), (30, 90)),
            good("Diesel engine for vehicles", Unit::Piece, "ML6.a", (120, 210), (60, 180)),
        ],
    },
    Family {
        title: "field communications",
        compartment: None,
        goods: &[
            good("Mobile command post", Unit::Piece, "ML11.a", (3_500, 7_000), (5, 14)),
            good("Field radio station", Unit::Piece, "5A001.h", (60, 130), (120, 500)),
            good("Encryption unit", Unit::Piece, "5A002.a", (30, 70), (150, 500)),
            good("Satellite terminal", Unit::Piece, "5A001", (180, 320), (40, 140)),
        ],
    },
    Family {
        title: "optical and thermal instruments",
        compartment: None,
        goods: &[
            good("Thermal imager", Unit::Piece, "6A003.b", (60, 110), (150, 500)),
            good("Night-vision set", Unit::Set, "ML15.d", (15, 35), (300, 900)),
            good("Laser range finder", Unit::Piece, "6A005", (40, 80), (100, 400)),
        ],
    },
    Family {
        title: "reconnaissance drones",
        compartment: None,
        goods: &[
            good("Reconnaissance drone system", Unit::Set, "ML10.c", (5_000, 9_000), (4, 12)),
            good("Ground control station", Unit::Piece, "9A012.b", (1_400, 2_600), (6, 16)),
            good("Inertial measurement unit", Unit::Piece, "7A003", (90, 170), (60, 160)),
        ],
    },
    Family {
        title: "overhaul and modernisation",
        compartment: None,
        goods: &[
            good("Overhaul of transport helicopters", Unit::Service, "ML22.a", (2_800, 5_200), (6, 20)),
            good("Modernisation set for aircraft", Unit::Set, "ML10.a", (3_200, 6_200), (6, 18)),
            good("Set of spare parts and tools", Unit::Set, "ML10.a", (1_600, 4_000), (5, 16)),
            good("Repair workshop on a vehicle", Unit::Piece, "ML17", (800, 1_500), (10, 30)),
        ],
    },
];
