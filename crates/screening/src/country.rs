//! Countries, however a list writes them.

/// Names that the standard does not have.
const ALSO: [(&str, &str); 40] = [
    ("russia", "ru"),
    ("iran", "ir"),
    ("islamic republic of iran", "ir"),
    ("syria", "sy"),
    ("syrian arab republic", "sy"),
    ("north korea", "kp"),
    ("dprk", "kp"),
    ("democratic people's republic of korea", "kp"),
    ("south korea", "kr"),
    ("republic of korea", "kr"),
    ("vietnam", "vn"),
    ("laos", "la"),
    ("bolivia", "bo"),
    ("venezuela", "ve"),
    ("tanzania", "tz"),
    ("moldova", "md"),
    ("taiwan", "tw"),
    ("palestine", "ps"),
    ("state of palestine", "ps"),
    ("democratic republic of the congo", "cd"),
    ("drc", "cd"),
    ("congo", "cg"),
    ("ivory coast", "ci"),
    ("cote d'ivoire", "ci"),
    ("united kingdom", "gb"),
    ("uk", "gb"),
    ("great britain", "gb"),
    ("united states", "us"),
    ("usa", "us"),
    ("united states of america", "us"),
    ("uae", "ae"),
    ("united arab emirates", "ae"),
    ("turkey", "tr"),
    ("turkiye", "tr"),
    ("czech republic", "cz"),
    ("macedonia", "mk"),
    ("swaziland", "sz"),
    ("burma", "mm"),
    ("kosovo", "xk"),
    ("russian federation", "ru"),
];

/// The code of a country, ISO 3166-1 alpha-2 in small letters, of its codes or English names.
pub fn code(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let short = match text.len() {
        2 => rust_iso3166::from_alpha2(&text.to_uppercase()).map(|country| country.alpha2.to_lowercase()),
        3 => rust_iso3166::from_alpha3(&text.to_uppercase()).map(|country| country.alpha2.to_lowercase()),
        _ => None,
    };
    short.or_else(|| ALSO.iter().find(|(name, _)| *name == text).map(|(_, code)| (*code).to_owned())).or_else(
        || {
            let named = rust_iso3166::ALL.iter().find(|country| country.name.to_lowercase() == text);
            named.map(|country| country.alpha2.to_lowercase())
        },
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn countries_are_known_by_codes_and_names() {
        for (text, code) in [
            ("af", "af"),
            ("AFG", "af"),
            ("Afghanistan", "af"),
            ("Russia", "ru"),
            ("DPRK", "kp"),
            ("Iraq", "iq"),
        ] {
            assert_eq!(super::code(text).as_deref(), Some(code), "{text}");
        }
        assert_eq!(super::code("Atlantis"), None);
    }
}
