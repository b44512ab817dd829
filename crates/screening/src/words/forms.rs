//! Legal forms of companies and their abbreviations, brought to families: two abbreviations of one form are the same,
//! forms of one family may stand for each other in translation, and forms of different families are different
//! companies (a GmbH is not the AG of the same name).

use std::sync::LazyLock;

use rustc_hash::FxHashMap as HashMap;

use crate::spelling::spelled;

/// Forms that may stand for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// Capital in shares that are or may be traded: AG, S.A., JSC, PLC.
    Stock,
    /// Members liable with their shares alone: GmbH, LLC, OOO, S.R.L.
    Limited,
    /// Says only that it is a company: Co., Corp., Inc., Ltd in many laws.
    Any,
    /// Of one person.
    Sole,
    /// Partnerships.
    Partnership,
    /// No company: foundation, association, non-profit.
    NonProfit,
    /// Of the state.
    State,
}

use Family::{Any, Limited, NonProfit, Partnership, Sole, State, Stock};

/// Each a sequence of words, longest first where one begins another.
pub const FORMS: &[(&[&str], Family)] = &[
    (&["obshchestvo", "s", "ogranichennoi", "otvetstvennostyu"], Limited),
    (&["tovarystvo", "z", "obmezhenoyu", "vidpovidalnistyu"], Limited),
    (&["tovarishchestvo", "s", "ogranichennoi", "otvetstvennostyu"], Limited),
    (&["publichnoe", "aktsionernoe", "obshchestvo"], Stock),
    (&["otkrytoe", "aktsionernoe", "obshchestvo"], Stock),
    (&["zakrytoe", "aktsionernoe", "obshchestvo"], Stock),
    (&["aktsionernoe", "obshchestvo"], Stock),
    (&["aktsionerne", "tovarystvo"], Stock),
    (&["federalnoe", "gosudarstvennoe", "unitarnoe", "predpriyatie"], State),
    (&["gosudarstvennoe", "unitarnoe", "predpriyatie"], State),
    (&["federal", "state", "unitary", "enterprise"], State),
    (&["avtonomnaya", "nekommercheskaya", "organizatsiya"], NonProfit),
    (&["autonomous", "non", "profit", "organization"], NonProfit),
    (&["societatea", "cu", "raspundere", "limitata"], Limited),
    (&["sociedad", "de", "responsabilidad", "limitada"], Limited),
    (&["societa", "a", "responsabilita", "limitata"], Limited),
    (&["societe", "a", "responsabilite", "limitee"], Limited),
    (&["gesellschaft", "mit", "beschrankter", "haftung"], Limited),
    (&["spolka", "z", "ograniczona", "odpowiedzialnoscia"], Limited),
    (&["spolecnost", "s", "rucenim", "omezenym"], Limited),
    (&["limited", "liability", "company"], Limited),
    (&["limited", "liability", "partnership"], Partnership),
    (&["public", "joint", "stock", "company"], Stock),
    (&["open", "joint", "stock", "company"], Stock),
    (&["closed", "joint", "stock", "company"], Stock),
    (&["private", "joint", "stock", "company"], Stock),
    (&["joint", "stock", "company"], Stock),
    (&["joint", "stock", "compan"], Stock),
    (&["public", "limited", "company"], Stock),
    (&["sociedad", "anonima"], Stock),
    (&["sociedade", "anonima"], Stock),
    (&["societe", "anonyme"], Stock),
    (&["societa", "per", "azioni"], Stock),
    (&["naamloze", "vennootschap"], Stock),
    (&["besloten", "vennootschap"], Limited),
    (&["anonim", "shirketi"], Stock),
    (&["anonim", "sirketi"], Stock),
    (&["limited", "shirketi"], Limited),
    (&["limited", "sirketi"], Limited),
    (&["perseroan", "terbatas"], Limited),
    (&["kabushiki", "kaisha"], Stock),
    (&["aktiengesellschaft"], Stock),
    (&["aktiebolag"], Stock),
    (&["aktieselskab"], Stock),
    (&["osakeyhtio"], Stock),
    (&["private", "limited"], Any),
    (&["pvt", "ltd"], Any),
    (&["pte", "ltd"], Any),
    (&["pty", "ltd"], Any),
    (&["co", "ltd"], Any),
    (&["company", "limited"], Any),
    (&["sp", "z", "o", "o"], Limited),
    (&["spol", "s", "r", "o"], Limited),
    (&["sp", "zoo"], Limited),
    (&["gmbh", "co", "kg"], Partnership),
    (&["sdn", "bhd"], Limited),
    (&["free", "zone", "establishment"], Any),
    (&["free", "zone", "company"], Any),
    (&["s", "a", "r", "l"], Limited),
    (&["s", "r", "l"], Limited),
    (&["s", "p", "a"], Stock),
    (&["o", "o", "o"], Limited),
    (&["s", "r", "o"], Limited),
    (&["d", "o", "o"], Limited),
    (&["l", "l", "c"], Limited),
    (&["l", "t", "d"], Any),
    (&["g", "m", "b", "h"], Limited),
    (&["p", "j", "s", "c"], Stock),
    (&["o", "j", "s", "c"], Stock),
    (&["j", "s", "c"], Stock),
    (&["k", "k"], Stock),
    (&["b", "v"], Limited),
    (&["n", "v"], Stock),
    (&["a", "s"], Stock),
    (&["a", "o"], Stock),
    (&["s", "a"], Stock),
    (&["a", "g"], Stock),
    (&["a", "b"], Stock),
    (&["ag"], Stock),
    (&["sa"], Stock),
    (&["spa"], Stock),
    (&["plc"], Stock),
    (&["pjsc"], Stock),
    (&["ojsc"], Stock),
    (&["cjsc"], Stock),
    (&["jsc"], Stock),
    (&["pao"], Stock),
    (&["oao"], Stock),
    (&["zao"], Stock),
    (&["ao"], Stock),
    (&["pat"], Stock),
    (&["prat"], Stock),
    (&["nv"], Stock),
    (&["ab"], Stock),
    (&["asa"], Stock),
    (&["oyj"], Stock),
    (&["kk"], Stock),
    (&["se"], Stock),
    (&["tbk"], Stock),
    (&["psc"], Stock),
    (&["saog"], Stock),
    (&["llc"], Limited),
    (&["ooo"], Limited),
    (&["tov"], Limited),
    (&["too"], Limited),
    (&["gmbh"], Limited),
    (&["mbh"], Limited),
    (&["sarl"], Limited),
    (&["srl"], Limited),
    (&["sl"], Limited),
    (&["ltda"], Limited),
    (&["lda"], Limited),
    (&["eurl"], Limited),
    (&["sro"], Limited),
    (&["doo"], Limited),
    (&["ood"], Limited),
    (&["eood"], Limited),
    (&["bv"], Limited),
    (&["kft"], Limited),
    (&["zrt"], Stock),
    (&["uab"], Limited),
    (&["sia"], Limited),
    (&["aps"], Limited),
    (&["wll"], Limited),
    (&["spc"], Limited),
    (&["fze"], Any),
    (&["fzco"], Any),
    (&["fzc"], Any),
    (&["fz"], Any),
    (&["dmcc"], Any),
    (&["est"], Any),
    (&["establishment"], Any),
    (&["ltd"], Any),
    (&["limited"], Any),
    (&["limted"], Any),
    (&["pvt"], Any),
    (&["pte"], Any),
    (&["pty"], Any),
    (&["inc"], Any),
    (&["incorporated"], Any),
    (&["corp"], Any),
    (&["corporation"], Any),
    (&["korporatsiya"], Any),
    (&["co"], Any),
    (&["company"], Any),
    (&["kompaniya"], Any),
    (&["compagnie"], Any),
    (&["compania"], Any),
    (&["shirket"], Any),
    (&["sherkat"], Any),
    (&["sharikat"], Any),
    (&["llp"], Partnership),
    (&["lp"], Partnership),
    (&["kg"], Partnership),
    (&["ohg"], Partnership),
    (&["ano"], NonProfit),
    (&["ev"], NonProfit),
    (&["fgup"], State),
    (&["fgau"], State),
    (&["gup"], State),
    (&["fsue"], State),
    (&["ip"], Sole),
];

/// The words of a form, and its family.
type Form = (&'static [&'static str], Family);

/// The forms by the first letter, in their order.
static BY_FIRST: LazyLock<HashMap<u8, Vec<Form>>> = LazyLock::new(|| {
    let mut by_first: HashMap<u8, Vec<Form>> = HashMap::default();
    for (form, family) in FORMS {
        if let Some(first) = form.first().and_then(|word| word.bytes().next()) {
            by_first.entry(first).or_default().push((form, *family));
        }
    }
    by_first
});

/// The form that begins at the front of some words: how many words it has, and its family. In long words of forms
/// a slip is forgiven.
pub fn form_at(words: &[&str]) -> Option<(usize, Family)> {
    let same = |form: &str, word: &str| form == word || form.len() > 9 && spelled(form, word) > 0.85;
    // A slip in the first letter of all is not forgiven: so most forms are passed over at once.
    let first = words.first().and_then(|word| word.bytes().next());
    let forms = first.and_then(|first| BY_FIRST.get(&first));
    forms
        .into_iter()
        .flatten()
        .filter(|(form, _)| words.len() >= form.len() && form.iter().zip(words).all(|(a, b)| same(a, b)))
        .max_by_key(|(form, _)| form.len())
        .map(|(form, family)| (form.len(), *family))
}

impl Family {
    /// Whether two forms may be of one company: the same, or one that says nothing.
    pub fn agrees(self, other: Family) -> bool {
        self == other || self == Any || other == Any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_form_is_found() {
        assert_eq!(form_at(&["open", "joint", "stock", "company", "gazprom"]), Some((4, Stock)));
        assert_eq!(form_at(&["gazprom"]), None);
        assert!(!Stock.agrees(Limited) && Any.agrees(Stock) && Limited.agrees(Any));
    }
}
