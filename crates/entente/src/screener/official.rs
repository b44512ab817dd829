//! Where the publishers of lists keep them. These are data: a publisher that moves is followed by
//! `entente lists source`, and here with the next release.

/// A list that its publisher keeps at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Official {
    /// The name by which it is known here; an operator may give the list another.
    pub name: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// The form in which it is kept there.
    pub form: &'static str,
    /// Where.
    pub address: &'static str,
}

/// The lists.
pub const OFFICIAL: [Official; 5] = [
    Official {
        name: "un",
        title: "Consolidated List of the United Nations Security Council",
        form: "un",
        address: "https://scsanctions.un.org/resources/xml/en/consolidated.xml",
    },
    Official {
        name: "ofac_sdn",
        title: "Specially Designated Nationals and Blocked Persons, OFAC, United States",
        form: "ofac_xml",
        address: "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/SDN.XML",
    },
    Official {
        name: "ofac_consolidated",
        title: "Consolidated list beside the SDN list, OFAC, United States",
        form: "ofac_xml",
        address: "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/CONSOLIDATED.XML",
    },
    Official {
        name: "eu",
        title: "Consolidated list of financial sanctions of the European Union",
        form: "eu",
        // The token is the publisher's own for everybody who asks without an account.
        address: "https://webgate.ec.europa.eu/fsd/fsf/public/files/xmlFullSanctionsList_1_1/content?token=dG9rZW4tMjAxNw",
    },
    Official {
        name: "uk",
        title: "UK Sanctions List",
        form: "uk_xml",
        address: "https://sanctionslist.fcdo.gov.uk/docs/UK-Sanctions-List.xml",
    },
];

/// The official list that a list of the register is: by its name, or by the form of its edition where one list alone is
/// kept in that form.
pub fn official(name: &str, form: Option<&str>) -> Option<&'static Official> {
    let by_name = OFFICIAL.iter().find(|official| official.name == name);
    // A list of that name with an edition of another form is another list.
    let by_name = by_name.filter(|official| form.is_none_or(|form| form == official.form));
    by_name.or_else(|| {
        let mut alike = OFFICIAL.iter().filter(|official| Some(official.form) == form);
        alike.next().filter(|_| alike.next().is_none())
    })
}

#[cfg(test)]
mod tests {
    use entente_register::screening::{check_address, check_name};
    use entente_screening::lists::Form;

    use super::*;
    use crate::screener::edition::word;

    #[test]
    fn official_lists_are_named_and_addressed_as_the_register_takes_it() {
        for one in OFFICIAL {
            check_name(one.name).unwrap();
            check_address(one.address).unwrap();
            assert!(Form::ALL.into_iter().any(|form| word(form) == one.form), "{}", one.form);
        }
    }

    #[test]
    fn a_list_is_official_by_its_name_or_by_a_form_that_is_one_lists_alone() {
        let name = |name, form| official(name, form).map(|official| official.name);
        assert_eq!(name("un", None), Some("un"));
        assert_eq!(name("security_council", Some("un")), Some("un"));
        assert_eq!(name("ofac", Some("ofac_xml")), None);
        assert_eq!(name("ofac_sdn", Some("ofac_xml")), Some("ofac_sdn"));
        assert_eq!(name("un", Some("csv")), None);
        assert_eq!(name("own", Some("csv")), None);
    }
}
