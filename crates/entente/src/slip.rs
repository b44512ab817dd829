//! The parameters of a comparison of plans and of a what-if, for pages and the API alike.

use entente_register::contract::comparison::{Slip, Slipping};
use entente_register::contract::plan::PlanVersion;
use entente_register::ledger::{Fallible, Refusal};
use jiff::civil::Date;

/// The version to compare with.
pub(crate) fn with(text: Option<&str>) -> Fallible<PlanVersion> {
    let text = text.ok_or_else(|| {
        Refusal::new("parameter.missing", "It is not said with which version the plan is compared.")
            .field("with")
            .missing("another version of the same year, such as 2012:3")
    })?;
    text.parse()
}

/// The slip that is asked for, if one is: of what is planned after the reader's day. `what` is `partner:CODE` or
/// `manufacturer:NUMBER`.
pub(crate) fn slip(what: Option<&str>, months: Option<&str>, as_of: Date) -> Fallible<Option<Slip>> {
    let (Some(what), Some(months)) = (what, months) else {
        return match what.or(months) {
            None => Ok(None),
            Some(_) => {
                Err(Refusal::new("slip.incomplete", "A slip is of something, and by a number of months.")
                    .field(if what.is_none() { "what" } else { "months" })
                    .missing("what slips (partner:CODE or manufacturer:NUMBER), and months from 1 to 12"))
            }
        };
    };
    let what = match what.split_once(':') {
        Some(("partner", code)) if !code.is_empty() => Slipping::Partner(code.to_owned()),
        Some(("manufacturer", number)) if !number.is_empty() => Slipping::Manufacturer(number.to_owned()),
        _ => {
            return Err(Refusal::new("slip.what", "It is not understood what slips.")
                .field("what")
                .missing("partner:CODE or manufacturer:NUMBER"));
        }
    };
    let months = months.trim().parse().unwrap_or(0);
    Slip::new(what, months, as_of).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_named() {
        let day = jiff::civil::date(2012, 9, 30);
        let code = |what, months| slip(what, months, day).unwrap_err().code;
        assert_eq!(slip(None, None, day).unwrap(), None);
        assert_eq!(code(Some("partner:BRA"), None), "slip.incomplete");
        assert_eq!(code(None, Some("2")), "slip.incomplete");
        assert_eq!(code(Some("BRA"), Some("2")), "slip.what");
        assert_eq!(code(Some("partner:"), Some("2")), "slip.what");
        assert_eq!(code(Some("partner:BRA"), Some("two")), "slip.months");
        assert_eq!(code(Some("partner:BRA"), Some("999999999999")), "slip.months");
        let slip = slip(Some("manufacturer:O-P-0001"), Some("12"), day).unwrap().unwrap();
        assert_eq!((slip.what, slip.months), (Slipping::Manufacturer("O-P-0001".into()), 12));
        assert_eq!(with(None).unwrap_err().field.as_deref(), Some("with"));
        assert!(with(Some("2012")).is_err());
    }
}
