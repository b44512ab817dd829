//! What the letters of other scripts are written as in Latin letters.
//!
//! Each line has a letter, or letters that sound together, and its writings in three grades with `|` between: those
//! of the standards in use, those that are usual as well, and those that occur. `-` is a letter that is not
//! written at all. A word is read by the longest line that fits; of Cyrillic and Arabic, letters of one line may also be
//! written one by one ([`super::Writings`]), so that a line hides nothing.
//!
//! Sources: Cyrillic by ICAO Doc 9303 part 3, GOST 7.79-2000, GOST R 52535.1 and BGN/PCGN, and, because a Russian
//! text writes foreign names as they sound, the practical transcription of Gilyarevskii and Starostin, Polivanov for
//! Japanese, Palladius for Chinese, Kontsevich for Korean, and what is usual for Polish, Hungarian, Dutch, Italian,
//! Albanian, Azerbaijani, Vietnamese and the languages of Scandinavia; Greek by ELOT 743; Arabic and Persian by BGN/PCGN,
//! ALA-LC and the habits of passports in the Maghreb (French) and the East (English); Hebrew by its Academy (2006) and as
//! passports write it; Hangul by the Revised Romanization and McCune-Reischauer; Devanagari by Hunter and IAST without
//! its marks; Han by pinyin and Wade-Giles, and, because Chinese writes foreign names by syllables, by the transcription
//! tables of Xinhua, where a sound that Mandarin does not have is written by the nearest that it has; Cantonese as the
//! government of Hong Kong writes it; Japanese by Hepburn and Kunrei.

mod cyrillic;
mod han;

pub(super) use cyrillic::CYRILLIC;
pub(super) use han::{CANTONESE, FOREIGN_HAN, HAN, JAPANESE, SOUNDS_OF_FOREIGN_HAN};

/// Greek.
pub(super) const GREEK: &str = "
α a |  | e
β v b |  |
γ g y gh | j |
δ d | dh th |
ε e | ai |
ζ z | s |
η i e | ee y |
θ th | t |
ι i | y e | j
κ k c | ck q |
λ l | ll |
μ m |  |
ν n |  |
ξ x ks | cs |
ο o |  | u
π p |  |
ρ r | rh |
σ s | ss z c |
ς s | z |
τ t | tt th |
υ y u i | v f |
φ f ph |  |
χ ch h kh | x |
ψ ps |  |
ω o |  | oh
μπ b mp | mb |
ντ d nt nd |  |
ου ou u | oo |
αι ai e ae |  |
ει ei i | e y |
οι oi i | oe |
αυ av au af |  |
ευ ev eu ef |  |
γκ g gk ng | nk |
γγ ng | gg |
γχ nch |  |
τσ ts | ch tz |
τζ tz j | dz g |
";

/// Arabic and Persian. Short vowels are not written: what they cost says the alignment.
pub(super) const ARABIC: &str = "
article - al el ash as an ad ar at az ul |  |
ا a | e i o u aa ah - |
أ a e | i o u |
إ i e | a y |
آ a aa | o |
ٱ a |  |
ب b p | bb |
پ p |  |
ت t | tt th |
ث th s | t |
ج j g | dj c zh ge gi jj | q ch
چ ch | c tch |
ح h | hh - |
خ kh h | ch x k j |
د d | dd t |
ذ dh d z | th |
ر r | rr |
ز z s | zz ts |
ژ zh j | z |
س s c | ss z | x
ش sh ch s | sch ss ç sz sc | x
ص s | ss |
ض d dh | z dd |
ط t | tt th d |
ظ z dh | d th |
ع a - | aa e i o u |
غ gh g | r h |
ف f v ph | w ff | p
ڤ v |  |
ق q k | g gh c kh ck |
ك k c | q g ck ch kk cc qu | x
ک k c | q g ck kk |
گ g |  |
ل l | ll |
م m | mm |
ن n | nn |
ه h |  |
ه. h a e eh ah | - at |
ة a | ah e at eh - | et
ۀ e |  |
و w u o v | ou oo au ow eu oe wu | ue y a
ي y i | e ee ei ai ie iy ey ay j ea | a ya
ی y i | e ee ei ai ie iy ey ay j | a
ى a | i y e ah |
ئ y - i e | a ie |
ؤ u o - | ou w |
ء - | a e i |
تش ch | c cs cz tch tsch tj |
كس x ks | cks xx |
غو gu gou go gw g | gh |
نغ ng | n |
وي wi ui oui ue oy oi | we vi |
او au ow aw ao | ou o |
دج j dj |  |
تز tz ts z | |
تس ts tz z c | zz |
";

/// Hebrew. Most vowels are not written.
pub(super) const HEBREW: &str = "
א a - | e i o u |
ב b v | bb |
ג g | gg |
ד d |  |
ה h a | - e ah eh |
ו v o u w | ou vv oo |
ז z | s |
ח ch h | kh |
ט t | tt |
י y i | e j ie ee ai ei |
כ k ch | c kh q |
ך k ch | kh |
ל l | ll |
מ m |  |
ם m |  |
נ n |  |
ן n |  |
ס s | ss c |
ע - a | e i o |
פ p f | ph pp |
ף f | ph |
צ ts tz z | s c |
ץ ts tz z | s |
ק k | c q ck |
ר r |  |
ש sh s | sch |
ת t | th |
";

/// Letters of Hangul as Unicode takes its syllables apart: first consonants, vowels, last consonants;
/// and family names of which custom writes an `l` or `r` that is not spoken.
pub(super) const HANGUL: &str = "
ᄀ g k | c gh kh |
ᄁ kk gg k g |  |
ᄂ n |  | r l
ᄃ d t |  |
ᄄ tt dd d t |  |
ᄅ r l | rh n |
ᄆ m |  |
ᄇ b p | v |
ᄈ pp bb p b |  |
ᄉ s sh |  |
ᄊ ss s | sh |
ᄋ - | y | r l
이 i yi lee ri rhee | ee li y ie | re
임 im lim rim yim | |
유 yu yoo you | ryu ryoo u |
우 u woo oo wu | uh ou |
오 o oh | | u
랴 ya rya lia | |
ᄌ j ch | z |
ᄍ jj tch ch j |  |
ᄎ ch |  |
ᄏ k |  |
ᄐ t |  |
ᄑ p | f |
ᄒ h |  |
ᅡ a | ah u ar |
ᅢ ae ai e | a |
ᅣ ya |  |
ᅤ yae |  |
ᅥ eo o | u eu er |
ᅦ e | ai ay ea |
ᅧ yeo yo | you yu yeu you yuh | u
ᅨ ye |  | e
ᅩ o | oh | u
ᅪ wa oa | hwa |
ᅫ wae |  |
ᅬ oe oi | oy we |
ᅭ yo |  | yoh
ᅮ u oo | woo ou wu uh |
ᅯ wo weo | won |
ᅰ we |  |
ᅱ wi ui | we |
ᅲ yu yoo | ryu | u
ᅳ eu u | oo ou |
ᅴ ui eui | ee i |
ᅵ i yi | ee y ie ih |
ᆨ k g | ck c | rk
ᆩ k |  |
ᆫ n |  |
ᆮ t d |  |
ᆯ l r | ll |
ᆷ m |  |
ᆸ p b |  |
ᆺ t s |  |
ᆼ ng | n |
ᆽ t j |  |
ᆾ t ch |  |
ᇀ t |  |
ᇂ h t - |  |
";

/// Devanagari. A consonant has an `a` of its own, which the alignment allows for.
pub(super) const DEVANAGARI: &str = "
अ a | u |
आ a aa |  |
इ i | e |
ई i ee | e y |
उ u | oo |
ऊ u oo |  |
ऋ ri r | ru |
ए e | ay ai |
ऐ ai ay | e ei |
ओ o | au |
औ au ou | o |
ा a aa |  | o
ि i | e y |
ी i ee | y e ie |
ु u | oo o |
ू u oo | o |
ृ ri r | ru |
े e | ay ai ey |
ै ai ay | e ei |
ो o | au oo |
ौ au ou | o aw |
ॉ o | a au |
् - |  |
ं n m | ng an |
ँ n - | m |
ः h - |  |
क k | c q |
ख kh | k |
ग g |  |
घ gh | g |
ङ ng n |  |
च ch c | chh |
छ chh ch | c |
ज j | z g |
झ jh j | z |
ञ n ny |  |
ट t | th |
ठ th t |  |
ड d | r dh |
ढ dh d | r rh |
ण n |  |
त t th |  |
थ th t |  |
द d dh | th |
ध dh d |  |
न n |  |
प p |  |
फ ph f | p |
ब b | v |
भ bh b |  |
म m |  |
य y | i j |
र r |  |
ल l |  |
ळ l |  |
व v w | o b |
श sh s |  |
ष sh s |  |
स s | sh c |
ह h |  |
क्ष ksh chh | x |
ज्ञ gy jn gn |  |
";
