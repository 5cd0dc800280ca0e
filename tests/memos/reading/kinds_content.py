"""The words that invented memos are put together from. Nothing here is of a real plan."""

from __future__ import annotations

from tracker.domain.memo import TableKind

TITLES = (
    "Status på handleplan for ældres trivsel 2026",
    "Årlig opfølgning på strategien for et grønnere Nørreby",
    "Redegørelse for kommunens indsats mod ensomhed 2025",
    "Opfølgning på frivillighedspolitikken 2024-2027",
    "Handlingsplan for tilgængelighed – status ved udgangen af 2025",
    "Midtvejsstatus for Børn i bevægelse",
)
OFFICES = (
    "Kontor for Trivsel",
    "Center for Strategi",
    "Byrådssekretariatet",
    "Team Analyse og Udvikling",
    "Afdelingen for Plan og Sekretariat",
)
NAMES = (
    "Skoleforvaltningen",
    "Børne- og Familieforvaltningen",
    "By- og Kulturforvaltningen",
    "Ældre- og Handicapforvaltningen",
    "Klima- og Miljøforvaltningen",
    "Beskæftigelses- og Socialforvaltningen",
    "Kulturudvalget",
    "Magistratsafdelingen for Sundhed og Omsorg",
    "Borgmesterens Afdeling",
    "Center for Børn og Unge",
    "Teknik og Miljø",
    "Sociale Forhold og Beskæftigelse",
)
HEADERS = (
    ("Indsats", "Status"),
    ("Indsatser", "Status"),
    ("Initiativ", "Fremdrift"),
    ("Tiltag", "Opfølgning"),
    ("Aktivitet", "Status pr. 1. oktober"),
    ("Initiativer", "Status 2025"),
    ("Handling", "Hvad er der sket?"),
    ("Projekt", "Bemærkninger"),
    ("Delmål", "Resultater"),
)
CAPTIONS: dict[TableKind, str] = {
    "status": "Tabel 1. Indsatser i perioden 2024-26 under kommunens forvaltninger.",
    "unfunded": "Tabel 2. Ufinansierede indsatser, som afventer budgettet.",
    "new": "Tabel 3. Nye forslag til næste års plan.",
}
INTRO = (
    "Byrådet vedtog planen i foråret 2024 og bad om, at der hvert år gøres status over alle dens indsatser.",
    "Med dette notat orienteres udvalget om, hvor langt arbejdet er nået, og hvad der endnu mangler.",
    "I tabellen nedenfor ses de enkelte indsatser fordelt på forvaltninger.",
)
ACTIVITIES = (
    "Mentorordning",
    "Læseklub",
    "Fælles spisning",
    "Kursus i konflikthåndtering",
    "Digital guide",
    "Åben rådgivning",
    "Uddannelse af ambassadører",
    "Kampagne om god tone",
    "Støtte til foreningen Nordlys",
    "E-læring om inddragelse",
    "Undersøgelse af tilgængelighed",
    "Samarbejde med Ungdomscenter Havnen",
    "Støtte- og kontaktpersoner",
)
GROUPS = (
    "for nye elever på byens gymnasier og erhvervsskoler",
    "til ældre, der bor alene i Vestbyen",
    "for frivillige i idrætsforeninger",
    "målrettet ledere og medarbejdere på plejehjem",
    "for børn og unge i udsatte boligområder",
    "til borgere med funktionsnedsættelser (ung og voksen)",
    "på tværs af kommunens biblioteker",
)
PURPOSES = (
    "",
    "",
    " med henblik på at forebygge ensomhed",
    ", som skal styrke fællesskaber i lokalområdet",
    " i samarbejde med Foreningen Brobuen",
    " – anden fase",
    " mhp. at nedbringe sygefravær og styrke trivslen blandt medarbejdere, der arbejder om aftenen",
)
SENTENCES = (
    "Der er uddannet tolv mentorer, som hver mødes med to unge om ugen.",
    "Ordningen fortsætter i 2026 med de samme midler.",
    "Samtalerne blev holdt i foråret med deltagelse af ni klubber.",
    "Klubberne fortæller, at de unge gerne vil tale mere om trivsel og fællesskab.",
    "Kurset er gennemført for alle ledere, og evalueringen viser gode resultater.",
    "Hallerne har været åbne hver lørdag siden den 12. august 2025.",
    "Indsatsen er forsinket, fordi der ikke kunne findes egnede lokaler inden sommerferien.",
    "Den ventes at begynde i 1. kvartal 2026, når aftalen med boligforeningen er underskrevet.",
    "Forvaltningen har afsat 250.000 kr. til formålet, hvoraf ca. 180.000 kr. er brugt.",
    "Evalueringen forelægges udvalget den 3. marts 2026.",
    "Arbejdsgruppen har holdt fire møder og afleverer sine anbefalinger ultimo 2025.",
    "Deltagerne beskriver forløbet som ”lærerigt og nærværende”.",
    "Materialet ligger på kommunens hjemmeside og bliver hentet ca. 400 gange om måneden.",
    "Samarbejdet med de boligsociale helhedsplaner er udvidet til tre nye områder.",
    "Frivilligcentret har stået for rekrutteringen, mens kommunen har betalt transporten.",
    "Halvdelen af deltagerne er kommet i fritidsjob eller praktik efter forløbet.",
    "På baggrund af erfaringerne er vejledningen omskrevet og sendt til alle skoler.",
    "Der er fortsat behov for at nå de ældre, som sjældent kommer uden for hjemmet.",
    "I efteråret gennemføres en spørgeskemaundersøgelse blandt 1.200 medarbejdere.",
    "Resultaterne bruges i det videre arbejde med forebyggelse og sundhedsfremme.",
)
ITEMS = (
    "Undersøgelse af behovet i de enkelte afdelinger",
    "Rådgivning af forældre og pårørende",
    "Afprøvning på to biblioteker i foråret",
    "Kompetenceudvikling af medarbejderne",
    "Etablering af et netværk for frivillige koordinatorer",
    "Opsamling og formidling af resultaterne",
)
HEADINGS = ("Baggrund for indsatsen", "Det videre arbejde", "Erfaringer fra første år")
NOTES = (
    "Tallet er opgjort pr. 1. september og omfatter ikke vikarer.",
    "Se planens afsnit om frivillige.",
    "Opgørelsen bygger på kommunens egne registreringer fra 2024 og 2025.",
)
