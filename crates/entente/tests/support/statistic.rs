//! Files of statistics as their publishers write them; every figure is invented.

/// SIPRI's table of exports, 2007 to 2012.
pub(crate) const EXPORTS: &str = "Volume of transfers of major arms\n\
    Figures are in millions of SIPRI trend-indicator values (TIVs).\n\
    \n\
    Source: SIPRI Arms Transfers Database (c) SIPRI.\n\
    Data generated: 13 Oct 2024 12:33:53 PM\n\
    \n\
    Exports by,2007,2008,2009,2010,2011,2012,2007-2012,Percentage\n\
    Northland,50,60,70,80,90,100,450,45%\n\
    Southland,40,40,40,40,40,40,240,24%\n\
    \"Islands, United\",,30,,50,20,100,200,20%\n\
    =Westland,10,,,0 ,,,10,1%\n\
    Total world export,101,130,111,170,151,241,904,100%\n";

/// SIPRI's trade register in Latin-1.
pub(crate) const DEALS: &[u8] = b"Source: SIPRI Arms Transfers Database (c) SIPRI.\n\
    Data generated: 13 Mar 2025 10:02:49 AM\n\
    Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description,Number delivered, ,Year(s) of delivery,status,Comments,SIPRI TIV per unit,SIPRI TIV for total order,SIPRI TIV of delivered weapons\n\
    Eastland,Northland,2005,?,12,,Mk-1,tank,12,,2008; 2009,New,\"\xa35 m deal; for the army\",0.5,6,6\n\
    Eastland,Southland,2009,,,,Mk-2,tank,1,?,2010,Second hand,,1,1,1\n";

/// Population, by the plain form of the World Bank: told by the world and India in 2000.
pub(crate) const POPULATION: &str = "Country Name,Country Code,Year,Value\n\
    India,IND,2000,1057000000\nWorld,WLD,2000,6150000000\n\
    Brazil,BRA,2012,200\nRussian Federation,RUS,2012,140\nIndia,IND,2012,1300\nChina,CHN,2012,1350\nSouth Africa,ZAF,2012,50\n\
    \"Egypt, Arab Rep.\",EGY,2012,90\nAll of BRICS,BRX,2012,99999\nWorld,WLD,2012,7000\n";
