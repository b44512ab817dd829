//! What Cyrillic is written as in Latin letters.

/// Cyrillic.
pub(in crate::letters) const CYRILLIC: &str = "
а a | ya ia ah | e o u agh ar
б b | bb p | v mp
в v w | u f vv ff | b bh mh
г g h | gh gu gg j q gue | kh sg
ґ g |  |
ѓ gj g |  |
ђ dj d | dz |
д d | dd t dh | nt sd dz
е e ye | ie je yo ae ai ee ea eh y eu ay | i a o oe io jo
ё e yo io yeo you | o eu oe jo ue oeu yu | u i
є ye e ie je |  |
ж zh j rz | g z zs ge sch dj dje | s r sj
з z s | ds c zz dh th | d gi
ѕ dz z |  |
и i | y e ee ij ih ie ea ji ey yi | j ei hi eigh igh oi
і i | y |
ї i yi ji |  |
ј j y i |  |
й y i j | ii il ll ill ille ly - igh | g hj lj dj
к k c | ck ch q qu g kk cc x cq que cqu cque | kh squ
ќ kj k c |  |
л l | ll hl | sl
љ lj l |  |
м m | mm n hm | sm
н n | nn ng m gn kn hn | sn
њ nj n |  |
о o | ou oh a au u aw oo eau aux eaux ault aud uo ough augh eo | ow wo ho oa aul
п p | b pp |
р r | rr rh re wr hr | rg
с s c | ss sh z sz ce sc th | ts x
т t | th tt te dt tth | d pt st
ћ c ch |  |
у u | ou oo w wu wh oe woo | v hu o
ў u w |  |
ф f ph | ff v pf | th gh wh
х kh h | ch x j hh | k g q
ц ts c | tz cz z tc tts cc | s t
ч ch | c cs tch tsch cz ts tj kj ci ce cci chi dsch zsch q tr | t tx j k ig
џ dz j |  |
ш sh | s sch ch sz sc sj rz ix ssi | x sk skj stj ski
щ shch sch sh szcz | sc | st
ъ - | ie y a u |
ы y | i ui iy eu | u e a
ь - | y i j e |
э e | a ae ay eh he ai oe eu | o
ю yu iu ju | u ue y eu ew iou you yuu giou ou | o yo lju hju gju
я ya ia ja | a ea ie lla | e you gia
ә a e |  |
ғ g gh |  |
қ q k | kh |
ң n ng |  |
ө o |  | u
ұ u |  |
ү u | y |
һ h |  |
дж j dzh dj | g c dg gi ge dge xh dsch | zh d
дз z dz | j ds ts |
дзи ji dzi | zi gi |
дзю ju dzyu | jiu |
дзя ja dzya |  |
дзё jo dzyo |  |
цз j ts dz | z |
цю qiu | ciu qio |
ци ci tsi qi | zi chi ti |
чж zh j |  |
дь d gy | dy di |
эй ei ey ay | ai a eigh ea oi oy |  |
оу ou ow o | oa oe aw |
юнь yun un | |
юань yuan uan | |
сюй xu sui | |
цюй qu | |
цюань quan | |
сюань xuan | |
ця qia | |
вэн wen weng ven | van | |
рж rzh rz | r rsh |
цц zz | cc tts |
ти ti chi | thi ty tee tti |
тя tya cha tia |  |
тю tyu chu tiu tu |  |
тё tyo cho |  |
си si shi | ci xi sy see |
ся sya sha xia sia |  |
сё syo sho | xio so |
сю syu shu xiu su xu | xio |
сюэ xue |  |
цу tsu cu | zu tzu tu |
кс ks x | xx cks cs kes ckx |
кв kv qu kw | cqu |
нь n | gn ni ny nj ne nh |
ль l | ll le lh il lj gli gl | sle
ой oi oy oj | oy eu au ooij |
ей ei ey ay | ai ej eigh e a ij | aeus eus
ёй ui uy | uij oi au ey |
ёр yor er | ir ur ear or |
ью yu ew | ugh eau |  |
ай ai ay y i | ei aj igh ail aill aaij | ygh
ау au ow | aw ou augh ough auw |
уа ua wa | oi oy wha | oua oui
уай uai wi whi | wei why wai wy wye |
уо wo wa | uo wal wha who |
уэ we ue whe | wa oui oi | u
уи ui wi whi | we wy whea wea |
уй ui uy | uj |
ий iy i y ii | ij yi ie ill | ius ios |
ый y yi | i yy iy |
ье ie ye e | le lle je |
ьо io yo o | gno llo nio gnau |
ьё yo io ieu jo | eu |
шт sht st | szt |
шп shp sp | szp  |
фу fu | hu phu
ций tsiy ciy | tius cius cii
дю dyu dju | du gyu diu
дя dya dja | gya dia
цюэ que
цзюэ jue
mac mak mac mc | mack
нн nn n | nd |
лл ll l | ld lh |
он on | | a o ont
ом om | | a
ём iom | | ia
ён ion yon | | ia
эр er | ir ur ear air aer |
ер er yer ier | ir ur ear aer |
куа kua qua | cua coi quoi koi |
куай kuai quai | qui quie que | quy why
куи kui qui | cui |
куэ kue que | cue coi |
куо kuo quo | qua cuo |
сс ss s | |
рр rr r | |
фф ff f | |
тт tt t | |
пп pp p | |
бб bb b | |
дд dd d | |
зз zz z | |
мм mm m | |
кк kk k | |
се se xie ce | sey |
чхве choi choe | choy |
ть t ty | ti ch |
юн yun yong iun jun | youn un |
ун un | oun ong | uen
тти tti tchi | cchi |
ттё ttyo tcho | ccho |
ттю ttyu tchu | cchu |
ття ttya tcha | ccha |
сси ssi | sshi si |
сся ssya | ssha sya |
ссю ssyu | sshu syu |
ссё ssyo | ssho syo |
кз kz x | |
тц tz z ts | |
";
