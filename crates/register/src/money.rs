//! Money, quantities, and exact shares.
//!
//! Money is integer minor units with its ISO 4217 currency; quantities are
//! integer thousandths. No floating point is used anywhere in this crate.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ledger::{Fallible, Refusal};

/// An ISO 4217 currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// The United States dollar.
    pub const USD: Currency = Currency(iso_currency::Currency::USD);

    /// The alphabetic code.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Digits after the decimal point: 2 for USD, 0 for JPY, 3 for KWD.
    pub fn digits(self) -> u32 {
        self.0.exponent().map_or(0, u32::from)
    }

    /// The English name.
    pub fn name(&self) -> &str {
        self.0.name()
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Currency) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Currency {
    fn cmp(&self, other: &Currency) -> std::cmp::Ordering {
        self.code().cmp(other.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Currency, Refusal> {
        iso_currency::Currency::from_code(text.trim()).map(Currency).ok_or_else(|| {
            Refusal::new("currency.unknown", format!("{text:?} is not an ISO 4217 currency code."))
                .field("currency")
                .missing("a code of three capital letters, for example USD")
        })
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Currency, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// An amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    /// Minor units (cents for USD).
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// The largest amount of one line, in minor units: ten trillion dollars. With it,
/// 9,000 such lines still sum within 64 bits.
pub const MAX_AMOUNT: i64 = 1_000_000_000_000_000;

impl Money {
    /// An amount.
    pub fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }

    /// Reads a decimal string in a currency, for example `1250000.00`.
    ///
    /// # Errors
    /// `amount.malformed`, `amount.too_precise` or `amount.too_large`, naming the field.
    pub fn parse(field: &str, text: &str, currency: Currency) -> Fallible<Money> {
        let minor = parse_scaled(field, text, currency.digits(), "amount", MAX_AMOUNT)?;
        Ok(Money { minor, currency })
    }

    /// The amount with its decimals and nothing else: `10700000000.00`.
    pub fn decimal(self) -> String {
        decimal(self.minor, self.currency.digits())
    }

    /// The amount for people: `10,700,000,000.00`.
    pub fn grouped(self) -> String {
        group(&self.decimal())
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.grouped(), self.currency)
    }
}

/// The written form of [`Money`]: a decimal string and its currency.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    amount: String,
    currency: Currency,
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written { amount: self.decimal(), currency: self.currency }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        let written = Written::deserialize(deserializer)?;
        Money::parse("amount", &written.amount, written.currency).map_err(serde::de::Error::custom)
    }
}

/// A quantity in thousandths of its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Quantity(pub i64);

/// The largest quantity: a billion units.
const MAX_QUANTITY: i64 = 1_000_000_000_000;

impl Quantity {
    /// None.
    pub const ZERO: Quantity = Quantity(0);

    /// Whole units.
    pub fn whole(units: i64) -> Quantity {
        Quantity(units.saturating_mul(1000))
    }

    /// Reads a decimal string with up to three decimals.
    ///
    /// # Errors
    /// `quantity.malformed`, `quantity.too_precise`, `quantity.too_large` or `quantity.not_positive`.
    pub fn parse(field: &str, text: &str) -> Fallible<Quantity> {
        let thousandths = parse_scaled(field, text, 3, "quantity", MAX_QUANTITY)?;
        Quantity(thousandths).positive(field)
    }

    /// Itself, if above zero and no more than the register can read back.
    ///
    /// # Errors
    /// `quantity.not_positive` or `quantity.too_large`, naming the field.
    pub fn positive(self, field: &str) -> Fallible<Quantity> {
        if self.0 > MAX_QUANTITY {
            return Err(Refusal::new("quantity.too_large", format!("The quantity {self} is too large."))
                .field(field)
                .missing(format!("a quantity of at most {}", Quantity(MAX_QUANTITY))));
        }
        if self.0 > 0 {
            return Ok(self);
        }
        Err(Refusal::new("quantity.not_positive", format!("The quantity {self} is not above zero."))
            .field(field)
            .missing("a quantity above zero"))
    }
}

impl fmt::Display for Quantity {
    /// Without needless zeros: `12`, `0.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = decimal(self.0, 3);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Quantity, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_scaled("quantity", &text, 3, "quantity", MAX_QUANTITY)
            .map(Quantity)
            .map_err(serde::de::Error::custom)
    }
}

/// Units of quantity, by their UN/CEFACT Recommendation 20 codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // Named by `Unit::name`.
pub enum Unit {
    #[serde(rename = "C62")]
    Piece,
    #[serde(rename = "SET")]
    Set,
    #[serde(rename = "KT")]
    Kit,
    #[serde(rename = "KGM")]
    Kilogram,
    #[serde(rename = "TNE")]
    Tonne,
    #[serde(rename = "LTR")]
    Litre,
    #[serde(rename = "MTR")]
    Metre,
    #[serde(rename = "HUR")]
    Hour,
    #[serde(rename = "E48")]
    Service,
}

impl Unit {
    /// All units.
    pub const ALL: [Unit; 9] = [
        Unit::Piece,
        Unit::Set,
        Unit::Kit,
        Unit::Kilogram,
        Unit::Tonne,
        Unit::Litre,
        Unit::Metre,
        Unit::Hour,
        Unit::Service,
    ];

    /// The Recommendation 20 code.
    pub fn code(self) -> &'static str {
        match self {
            Unit::Piece => "C62",
            Unit::Set => "SET",
            Unit::Kit => "KT",
            Unit::Kilogram => "KGM",
            Unit::Tonne => "TNE",
            Unit::Litre => "LTR",
            Unit::Metre => "MTR",
            Unit::Hour => "HUR",
            Unit::Service => "E48",
        }
    }

    /// The word for people.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Piece => "piece",
            Unit::Set => "set",
            Unit::Kit => "kit",
            Unit::Kilogram => "kilogram",
            Unit::Tonne => "tonne",
            Unit::Litre => "litre",
            Unit::Metre => "metre",
            Unit::Hour => "hour",
            Unit::Service => "service unit",
        }
    }

    /// The word for so many of people: `1 set`, `0.5 tonnes`, `13 sets`.
    pub fn counted(self, quantity: Quantity) -> &'static str {
        if quantity == Quantity::whole(1) {
            return self.name();
        }
        match self {
            Unit::Piece => "pieces",
            Unit::Set => "sets",
            Unit::Kit => "kits",
            Unit::Kilogram => "kilograms",
            Unit::Tonne => "tonnes",
            Unit::Litre => "litres",
            Unit::Metre => "metres",
            Unit::Hour => "hours",
            Unit::Service => "service units",
        }
    }

    /// Whether it counts things that are whole: there is no half of a piece, a set or a kit.
    pub fn counts(self) -> bool {
        matches!(self, Unit::Piece | Unit::Set | Unit::Kit)
    }

    /// Refuses a part of what is counted whole.
    ///
    /// # Errors
    /// `quantity.not_whole`, naming the field.
    pub fn check_whole(self, field: &str, quantity: Quantity) -> Fallible<()> {
        if !self.counts() || quantity.0 % 1000 == 0 {
            return Ok(());
        }
        let things = self.counted(Quantity(0));
        Err(Refusal::new("quantity.not_whole", format!("{quantity} is no number of whole {things}."))
            .field(field)
            .missing(format!("a whole number of {things}")))
    }

    /// Reads a code or a name.
    ///
    /// # Errors
    /// `unit.unknown`, naming the field.
    pub fn parse(field: &str, text: &str) -> Fallible<Unit> {
        Unit::ALL
            .into_iter()
            .find(|u| {
                u.code().eq_ignore_ascii_case(text.trim()) || u.name().eq_ignore_ascii_case(text.trim())
            })
            .ok_or_else(|| {
                Refusal::new("unit.unknown", format!("{text:?} is not a unit of quantity."))
                    .field(field)
                    .missing("a UN/CEFACT Recommendation 20 code or its name, for example C62 or piece")
            })
    }
}

/// The price of a quantity, rounded half away from zero to the minor unit.
///
/// # Errors
/// `amount.too_large`.
pub fn price_of(quantity: Quantity, unit_price: i64) -> Fallible<i64> {
    let exact = i128::from(quantity.0) * i128::from(unit_price);
    let minor = i64::try_from(divide_rounded(exact, 1000)).unwrap_or(i64::MAX);
    check_amount("unit_price", minor)?;
    Ok(minor)
}

/// Refuses an amount that [`Money`] would not read back.
///
/// # Errors
/// `amount.too_large`, naming the field.
pub fn check_amount(field: &str, minor: i64) -> Fallible<()> {
    if minor.unsigned_abs() <= MAX_AMOUNT.unsigned_abs() {
        return Ok(());
    }
    Err(Refusal::new("amount.too_large", "The amount is more than one line may hold.")
        .field(field)
        .missing(format!("a value of at most {} minor units", group(&MAX_AMOUNT.to_string()))))
}

/// Division rounded once, half away from zero. The divisor is above zero.
pub fn divide_rounded(numerator: i128, divisor: i128) -> i128 {
    debug_assert!(divisor > 0);
    // For an odd divisor no half exists, and adding the half rounded down decides exactly.
    let half = divisor / 2;
    if numerator >= 0 { (numerator + half) / divisor } else { -((-numerator + half) / divisor) }
}

/// Division rounded once, half to the even neighbour. The divisor is above zero.
///
/// So amounts are converted and shares of them taken: over many of them the halves go up as often as down.
pub fn divide_half_even(numerator: i128, divisor: i128) -> i128 {
    debug_assert!(divisor > 0);
    let (quotient, rest) = (numerator.div_euclid(divisor), numerator.rem_euclid(divisor));
    // What is left against what is missing: neither can overflow.
    match rest.cmp(&(divisor - rest)) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + 1,
        std::cmp::Ordering::Equal => quotient + quotient.rem_euclid(2),
    }
}

/// A share as an exact fraction of integers; rounded once, when shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Part.
    pub part: i64,
    /// Whole, above zero.
    pub whole: i64,
}

impl Share {
    /// A share, or none where the whole is not above zero.
    pub fn of(part: i64, whole: i64) -> Option<Share> {
        (whole > 0).then_some(Share { part, whole })
    }

    /// Rounded to `digits` decimals after multiplying by `factor`, as scaled integer.
    pub fn scaled(self, factor: i64, digits: u32) -> i64 {
        let numerator = i128::from(self.part) * i128::from(factor) * 10_i128.pow(digits);
        let bound = if numerator < 0 { i64::MIN } else { i64::MAX };
        i64::try_from(divide_rounded(numerator, i128::from(self.whole))).unwrap_or(bound)
    }

    /// In per cent with one decimal: `78.9`.
    pub fn percent(self) -> Decimal {
        Decimal { scaled: self.scaled(100, 1), digits: 1 }
    }

    /// As a ratio with two decimals: `0.97`.
    pub fn ratio(self) -> Decimal {
        Decimal { scaled: self.scaled(1, 2), digits: 2 }
    }
}

/// A decimal number for display: `scaled` × 10^−`digits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal {
    /// The digits as an integer.
    pub scaled: i64,
    /// How many of them stand after the point.
    pub digits: u32,
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal(self.scaled, self.digits))
    }
}

impl Serialize for Decimal {
    /// As a JSON number with its decimals, through the shortest text that reads back the same.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number: serde_json::Number = self.to_string().parse().map_err(serde::ser::Error::custom)?;
        number.serialize(serializer)
    }
}

/// Digits with a decimal point: `decimal(-5, 2)` is `-0.05`.
pub fn decimal(scaled: i64, digits: u32) -> String {
    if digits == 0 {
        return scaled.to_string();
    }
    let unit = 10_u64.pow(digits);
    let magnitude = scaled.unsigned_abs();
    format!(
        "{}{}.{:0width$}",
        if scaled < 0 { "-" } else { "" },
        magnitude / unit,
        magnitude % unit,
        width = digits as usize
    )
}

/// Groups the integer digits of a decimal text by threes with commas.
pub fn group(text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |r| ("-", r));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(w, f)| (w, Some(f)));
    let mut out = String::from(sign);
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

pub(crate) fn parse_scaled(
    field: &str,
    text: &str,
    digits: u32,
    what: &'static str,
    most: i64,
) -> Fallible<i64> {
    let (malformed, precise, large) = match what {
        "amount" => ("amount.malformed", "amount.too_precise", "amount.too_large"),
        "rate" => ("rate.malformed", "rate.too_precise", "rate.too_large"),
        "factor" => ("factor.malformed", "factor.too_precise", "factor.too_large"),
        "percent" => ("percent.malformed", "percent.too_precise", "percent.too_large"),
        _ => ("quantity.malformed", "quantity.too_precise", "quantity.too_large"),
    };
    let trimmed = text.trim();
    let (negative, rest) = trimmed.strip_prefix('-').map_or((false, trimmed), |r| (true, r));
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let shaped = !whole.is_empty()
        && whole.bytes().all(|b| b.is_ascii_digit())
        && fraction.bytes().all(|b| b.is_ascii_digit())
        && !rest.ends_with('.');
    if !shaped {
        return Err(Refusal::new(malformed, format!("{text:?} is not a decimal number."))
            .field(field)
            .missing("digits with a point before the decimals and no other sign, for example 1250000.00"));
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > digits as usize {
        return Err(Refusal::new(precise, format!("{text:?} has more than {digits} decimals."))
            .field(field)
            .missing(format!("at most {digits} decimals")));
    }
    let too_large = || {
        Refusal::new(large, format!("{text:?} is larger than the register holds."))
            .field(field)
            .missing(format!("at most {}", group(&decimal(most, digits))))
    };
    let padded = format!("{whole}{fraction:0<width$}", width = digits as usize);
    let magnitude: i64 = padded.parse().map_err(|_| too_large())?;
    if magnitude > most {
        return Err(too_large());
    }
    Ok(if negative { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_go_to_the_even_neighbour() {
        for (numerator, expected) in
            [(5, 0), (15, 2), (25, 2), (35, 4), (-5, 0), (-15, -2), (-25, -2), (26, 3), (24, 2), (-26, -3)]
        {
            assert_eq!(divide_half_even(numerator, 10), expected, "{numerator}");
        }
    }

    proptest! {
        #[test]
        fn half_even_is_the_nearest(numerator in any::<i64>(), divisor in 1..=i64::MAX) {
            let (n, d) = (i128::from(numerator), i128::from(divisor));
            let rounded = divide_half_even(n, d);
            let twice = 2 * (n - rounded * d).abs();
            prop_assert!(twice < d || twice == d && rounded % 2 == 0);
        }

        #[test]
        fn amounts_read_back(minor in -MAX_AMOUNT..=MAX_AMOUNT) {
            let money = Money::new(minor, Currency::USD);
            prop_assert_eq!(Money::parse("amount", &money.decimal(), Currency::USD).unwrap(), money);
            prop_assert_eq!(money.grouped().replace(',', ""), money.decimal());
        }

        #[test]
        fn quantities_read_back(thousandths in 1..=MAX_QUANTITY) {
            let quantity = Quantity(thousandths);
            prop_assert_eq!(Quantity::parse("quantity", &quantity.to_string()).unwrap(), quantity);
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".*") {
            let _ = Money::parse("amount", &text, Currency::USD);
            let _ = Quantity::parse("quantity", &text);
            let _ = text.parse::<Currency>();
        }

        #[test]
        fn rounding_is_to_the_nearest_and_half_goes_away_from_zero(n in -1_000_000i128..1_000_000, d in 1i128..1000) {
            let rounded = divide_rounded(n, d);
            // |n/d − rounded| ≤ 1/2, in integers.
            let twice = (2 * (n - rounded * d)).abs();
            prop_assert!(twice <= d);
            if twice == d {
                prop_assert!(rounded.abs() * d > n.abs());
            }
        }
    }

    #[test]
    fn what_is_counted_is_whole() {
        for unit in Unit::ALL {
            assert!(unit.check_whole("quantity", Quantity::whole(13)).is_ok());
            let refused = unit.check_whole("quantity", Quantity(2_500)).err();
            assert_eq!(refused.map(|r| r.code), unit.counts().then_some("quantity.not_whole"), "{unit:?}");
            assert_eq!(unit.counted(Quantity::whole(1)), unit.name());
            assert_ne!(unit.counted(Quantity(500)), unit.name());
        }
    }

    #[test]
    fn exact_forms() {
        assert_eq!(Share::of(1_070_000_000_000, 1_356_000_000_000).unwrap().percent().to_string(), "78.9");
        assert_eq!(decimal(-5, 2), "-0.05");
        assert_eq!(group("-1234567.89"), "-1,234,567.89");
        assert_eq!(Quantity(500).to_string(), "0.5");
        assert_eq!(Quantity::whole(10).to_string(), "10");
        assert_eq!(serde_json::to_string(&Decimal { scaled: 789, digits: 1 }).unwrap(), "78.9");
        assert_eq!(Money::parse("a", "12", "JPY".parse().unwrap()).unwrap().minor, 12);
        assert_eq!(Money::parse("a", "1.234", "KWD".parse().unwrap()).unwrap().minor, 1234);
    }

    #[test]
    fn refusals_name_the_field() {
        assert_eq!("XYZ1".parse::<Currency>().unwrap_err().code, "currency.unknown");
        assert_eq!(Quantity::parse("quantity", "-3").unwrap_err().code, "quantity.not_positive");
        assert_eq!(Money::parse("price", "1.005", Currency::USD).unwrap_err().code, "amount.too_precise");
        assert_eq!(
            Money::parse("price", "1,000", Currency::USD).unwrap_err().field.as_deref(),
            Some("price")
        );
        assert_eq!(
            Money::parse("price", "99999999999999999999", Currency::USD).unwrap_err().code,
            "amount.too_large"
        );
    }
}
