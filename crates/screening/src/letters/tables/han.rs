//! What Han is written as in Latin letters, by the language that reads it.

/// Pinyin and Wade-Giles of a name that is Chinese, by its first and last sounds: `b-` begins a syllable, `-n` ends
/// one.
pub(in crate::letters) const HAN: &str = "
b- b p | |
p- p | |
m- m | |
f- f | |
d- d t | |
t- t | |
n- n | |
l- l | |
g- g k | |
k- k | |
h- h | |
j- j ch | |
q- q ch | |
x- x hs | |
zh- zh ch | |
ch- ch | |
sh- sh | |
r- r j | |
z- z ts tz | |
c- c ts tz | |
s- s ss sz | |
w- w | |
y- y i - | |
a a | |
o o u | |
e e o eh | |
i i ih ee | |
u u oo o | |
v u yu | |
-n n | |
-ng ng | |
er er erh | |
";

/// Pinyin of a name that Chinese writes by its sound, by its first and last sounds: `b-` begins a syllable, `-n` ends one.
pub(in crate::letters) const FOREIGN_HAN: &str = "
b- b p | v bb |
p- p b | f ph pp |
m- m | mm |
f- f v ph | w h ff pf gh th |
d- d t | th dd dh |
t- t d | th tt ght dt ct pt |
n- n | nn m gn kn ng | l r rr
l- l r | ll rr rh hl hr wr rl | n
g- g k | gu gh c gg j q ch | h
k- k c | q g ck ch x kh qu kk cc ct que cque ckh | h
h- h kh | ch j g x w hu r wh | f -
j- j g k | ck kk gi dj c ch ky ts z dz gy d y q gu t dg dge tch xh | zh
q- q ch c | ck ts k tj tsch cz ci cs t dg dge ge g tch xh z tz | zz j
x- x sh s hs h | c ch sch z ss sy th ci sc sz kh ti | k g ts
zh- zh j ch | dr tr z g dj dge ge dz tz tch xh zs | ts
ch- ch c tr | cz ts sh z tch tsch cs xh | j
sh- sh s | sch ch c x z ss sz th sj skj | h
r- r j | l zh rh rr g y z |
z- z ts tz | tts s c dz zz ds z sz | j x th
c- c ts z | s tz tts zz cz ths tr | th
s- s c z th | ss sc x ts ths ps sz zs | sh
w- w v u | o wh hu b gu ou f oi | l
y- y i j | e g ie ye hy hi ll il gn - | l
a a ar | e o u ah ha er al au aw ay aa | -
o. o e er ur ir | u a au or ar ou w wo oe eu aw al eau aux aud - |
o o or | u a au ow oh ou w wo aw al eau aux ault aud eaux | e -
e e er - | a o u i ur ir | or
i. i e y ee ie ey | ea a u ih ii ir igh eigh j ij ji | o
u. u w o oo ou | oe v ue ew | e a
ui ui we wi ue u i e | ey ai ee y oe ie ay uy ei | o -
ei e i ei ai ay y a ij ej | ey ee ea ie u eigh o er ya | -
ie e ie i je ye | a ea ia ee y eu o er | -
i i e y ie ey - | ee ea a u ih ii ir igh eigh j ij ji | o
u u o w - | ou oo oe v | e a
v u y | eu yu ue ew iu | i
-n n | m nn nd nt mp mb ne ng gn mn gne hn | -
-ng ng n | m nc nk mb mp nn nd | -
er r l er | el ar or ur re le al il ol ll rr ul ir hr lle | - rt rd lt ld
ao ao o au | u ow aw ou a al or ar oa oh ho eau aux ault aud eaux augh ough | -
ai. ai e a ay i | ae y igh ie ei ea eye al el ij aj ej | -
ai ai e ay i | ae y igh a ie ei ea eye al ij aj ej | -
burg burg berg borg | bor bur ber |
x x ks cks xx cs | kes kas kus kis kos cus cas cos ques xs xes xis xi xe xy ksi kz chs ct cz | gs
mac mac mc ma | mack mai my mei mi mag mak m |
ou o u ou | ow au eu oo or er |
";

/// Characters that write a foreign name by another sound than the one that they are read with first.
pub(in crate::letters) const SOUNDS_OF_FOREIGN_HAN: [(&str, &str); 26] = [
    ("什", "shi"),
    ("塞", "se"),
    ("柏", "bo"),
    ("茜", "xi"),
    ("噶", "ga"),
    ("呂吕", "lv"),
    ("佛", "fo"),
    ("俄", "e"),
    ("聖圣", "san"),
    ("臣", "sen"),
    ("喬乔", "jao"),
    ("瓊琼", "jong"),
    ("亞亚", "ia"),
    ("華华", "wa"),
    ("惠", "wei"),
    ("懷怀", "wai"),
    ("雲", "wen"),
    ("域", "wi k"),
    ("堡", "burg"),
    ("科柯", "kuo"),
    ("戈歌", "guo"),
    ("卜", "bu"),
    ("倫伦", "len"),
    ("連连蓮莲", "lin"),
    ("蒙", "mong"),
    ("勒", "le"),
];

/// Jyutping without its tones, by first consonants, vowels and last consonants, as the government of Hong Kong and usage
/// write it.
pub(in crate::letters) const CANTONESE: &str = "
b- p b | |
p- p | |
m- m | |
f- f | |
d- t d | |
t- t | |
n- n | l |
l- l | |
g- k g | |
k- k | |
ng- ng | n - |
h- h | |
gw- kw gw | k g |
kw- kw | k |
w- w | v |
z- ch ts tz | j z c | s
c- ch ts | c tz q | s
s- s sh | sz x |
j- y | j i - |
aa a | ar ah |
a a u | o |
e e | eh ae |
i i | ee z e y ze |
o o | aw or |
u u oo | |
oe eu | u oe |
eo u eu | o |
yu u yu ue | oo y |
aai ai | aai y ie |
ai ai | ei y ay |
aau au | aau ao |
au au ow | aw ao ou |
ei ei i ee | ay e y |
iu iu | ew yu eu |
oi oi | oy ui |
ou o ou | oe ow u oo |
ui ui | oi ooi |
eoi ui | oi eui oy |
eu eu | ew |
-m m | |
-n n | |
-ng ng | |
-p p | |
-t t | |
-k k | c |
m m | ng |
ng ng | |
";

/// Romaji, as Hepburn and Kunrei write it. A line with `-` is of a consonant within a word, which may be voiced there.
pub(in crate::letters) const JAPANESE: &str = "
k k | c |
s s | |
sh sh | s sy |
t t | |
ts ts | t |
ch ch | t ty |
n n | nn m |
h h | |
f f | h |
m m | |
y y | i |
r r | l |
w w | |
g g | |
z z | dz |
j j | z zy dj |
d d | |
b b | |
p p | |
a a | |
i i | |
u u | |
e e | |
o o | |
ou o ou oh | oo |
oo o oh oo | |
uu u uu | |
aa a aa | |
ii i ii | |
ei ei e | |
-k k | g kk gg |
-s s | z |
-sh sh | j s z |
-t t | d tt |
-ts ts | z dz |
-ch ch | j |
-h h | b p |
-f f | b p |
";
