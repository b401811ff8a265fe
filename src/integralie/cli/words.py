"""The words of the command line, Dutch first and English complete, and the choice between them."""

from __future__ import annotations

import os
import sys

WORDS: dict[str, tuple[str, str]] = {
    "app": ("Integralië: van losse plannen naar één verklaard, bewezen en eerlijk verdeeld meerjarenprogramma.", "Integralië: from scattered plans to one explained, certified and fairly paid multi-year programme."),
    "study": ("De studie: één GeoPackage.", "The study: one GeoPackage."),
    "files": ("Bestanden: BGT- of KLIC-levering, plannenlijst, GeoPackage, GeoJSON of Shapefile.", "Files: a BGT or KLIC delivery, a list of plans, GeoPackage, GeoJSON or Shapefile."),
    "output": ("Waar het resultaat komt.", "Where the result goes."),
    "language": ("Taal: nl of en.", "Language: nl or en."),
    "debug": ("Toon bij een fout ook waar in het programma hij ontstond.", "On an error also show where in the program it arose."),
    "json": ("Schrijf het antwoord als JSON, voor een script.", "Write the answer as JSON, for a script."),
    "seconds": ("Hoe lang de programmering hoogstens mag rekenen.", "How long the programme may compute at most."),
    "only": ("Alleen deze stappen, bijvoorbeeld forecast,match.", "Only these steps, for example forecast,match."),
    "force": ("Ook stappen die nog kloppen opnieuw nemen.", "Also take steps again that are still right."),
    "mapping": ("TOML- of JSON-bestand dat uw kolommen aan de onze koppelt.", "TOML or JSON file that maps your columns to ours."),
    "crs": ("Coördinatenstelsel van bestanden die het zelf niet zeggen, bijv. EPSG:28992.", "Coordinates of files that do not say so themselves, e.g. EPSG:28992."),
    "first": ("Eerste jaar van het programma.", "First year of the programme."),
    "periods": ("Aantal jaren van het programma.", "Number of years of the programme."),
    "assume": ("Neem dit bouwjaar aan waar het onbekend is: 1965, of GEBIED=1965. Het blijft zichtbaar als aanname.", "Assume this year built where it is unknown: 1965, or AREA=1965. It stays visible as an assumption."),
    "id": ("Kenmerk van een werk, plan, opening, straat of andere rij.", "Id of a work, plan, opening, street or other row."),
    "size": ("small, town, city of een aantal straatvakken.", "small, town, city or a number of street sections."),
    "seed": ("Hetzelfde getal geeft dezelfde stad.", "The same number gives the same town."),
    "party": ("Kenmerk van de partij, bijvoorbeeld party:water.", "Id of the party, for example party:water."),
    "who": ("Wie besluit.", "Who decides."),
    "why": ("Waarom.", "Why."),
    "read": ("Leest bestanden tot een studie en telt wat erin staat.", "Reads files into a study and counts what is there."),
    "run": ("Neemt alle stappen die niet meer kloppen, in volgorde.", "Takes all steps that are stale, in order."),
    "demo": ("Maakt de stad Integralië, rekent alles door en schrijft het rapport.", "Makes the town of Integralië, computes everything and writes the report."),
    "serve": ("Opent de werkbank en de API van een studie in de browser, alleen op deze computer.", "Opens the workbench and the API of a study in the browser, on this computer only."),
    "openapi": ("Schrijft de beschrijving van de API (OpenAPI).", "Writes the description of the API (OpenAPI)."),
    "port": ("Poort op deze computer; 0 kiest een vrije.", "Port on this computer; 0 picks a free one."),
    "browser": ("Open de browser.", "Open the browser."),
    "background": ("Sta de achtergrondkaart van PDOK toe; zonder dit gaat er niets naar buiten.", "Allow the background map of PDOK; without this nothing goes out."),
    "serving-demo": ("Open de stad daarna in de browser; anders alleen op een terminal.", "Open the town in the browser afterwards; else only on a terminal."),
    "serving": ("De werkbank staat op {url}  (stop met Ctrl-C)", "The workbench is at {url}  (stop with Ctrl-C)"),
    "check": ("Bekijkt de gegevens en zegt wat eraan schort.", "Looks at the data and says what is amiss."),
    "forecast": ("Voorspelt welke werken eraan komen.", "Forecasts which works are coming."),
    "match": ("Zoekt koppelkansen en knelpunten.", "Finds opportunities and clashes."),
    "fit": ("Vertelt wat er in elke straat ligt en welke ruimte blijft.", "Tells what lies in each street and what room is left."),
    "programme": ("Geeft elk werk een jaar, met prijslijst als bewijs.", "Gives every work a year, with a price list as proof."),
    "phase": ("Legt de eerste jaren in kwartalen.", "Lays the first years in quarters."),
    "share": ("Verdeelt de kosten van elke opening.", "Shares the cost of each opening."),
    "score": ("Telt wat het programma waard is.", "Counts what the programme is worth."),
    "compare": ("Zet ieder voor zich naast allen samen.", "Puts each owner alone beside all together."),
    "explain": ("Legt uit waarom een rij is zoals zij is.", "Explains why a row is as it is."),
    "report": ("Schrijft het rapport: één HTML-bestand.", "Writes the report: one HTML file."),
    "section": ("Tekent een straat in dwarsprofiel: SVG, HTML met tabel, of DXF.", "Draws a street in cross-section: SVG, HTML with a table, or DXF."),
    "at": ("Meters vanaf het begin van het straatvak.", "Metres from the beginning of the street section."),
    "pair": ("Nu boven na de werken (HTML).", "Now over after the works (HTML)."),
    "siting": ("Zoekt plaatsen voor een transformatorhuisje.", "Looks for places for a transformer house."),
    "bundling": ("Vergelijkt aparte sleuven, één sleuf, kabelbank en goot.", "Compares separate trenches, one trench, a duct bank and a gutter."),
    "street": ("Kenmerk van het straatvak, bijvoorbeeld street:00041.", "Id of the street section, for example street:00041."),
    "hand-over": ("Schrijft wat de uitvoering nodig heeft.", "Writes what the crews need."),
    "check-certificate": ("Rekent los van de programmering na hoe goed het programma is.", "Checks, apart from the engine, how good the programme is."),
    "edit": ("Legt een wijziging of besluit vast: TABEL RIJ KOLOM WAARDE.", "Records a change or decision: TABLE ROW COLUMN VALUE."),
    "undo": ("Draait een wijziging terug.", "Takes an edit back."),
    "adopt": ("Stelt het programma vast (tot en met een jaar).", "Adopts the programme (up to and including a year)."),
    "until": ("Tot en met dit jaar.", "Up to and including this year."),
    "view": ("Schrijft de studie zoals een partij haar mag zien.", "Writes the study as a party may see it."),
    "figures": ("Toont de kengetallen met bron en status.", "Shows the figures with source and status."),
    "tables": ("Toont alle tabellen en kolommen.", "Shows all tables and columns."),
    "advance": ("Brengt een koppelkans of knelpunt verder: voorgesteld, in gesprek, afgesproken, gerealiseerd, afgewezen.", "Moves an opportunity or clash on: proposed, in_talks, agreed, realised, refused."),
    "judge": ("Legt vast wat een partij van een knelpunt vindt: clash of no_clash.", "Records what a party says of a clash: clash or no_clash."),
    "account": ("Telt de koppelkansen per stand, verwacht en gerealiseerd.", "Counts opportunities per status, expected and realised."),
    "owner": ("Wie het verder brengt, bijvoorbeeld party:roads.", "Who takes it further, for example party:roads."),
    "answer-by": ("Antwoord voor deze dag, bijvoorbeeld 2027-01-15.", "Answer by this day, for example 2027-01-15."),
    "realised": ("De besparing die achteraf is geboekt, in euro.", "The saving that was booked afterwards, in euros."),
    "account-year": ("Alleen wat in dit jaar zijn stand kreeg.", "Only what came to where it stands in this year."),
    "why-not": ("Zegt wat een ander jaar voor een werk zou kosten; zonder jaar: wat weglaten kost.", "Tells what another year would cost one work; without a year: what leaving it out costs."),
    "alternatives": ("Schrijft andere programma's die bijna evenveel kosten, elk als eigen studie.", "Writes other programmes that cost nearly the same, each as a study of its own."),
    "budget-curve": ("Zegt wat minder of meer geld van een partij doet: 90 tot 110 %.", "Tells what less or more money of one party does: 90 to 110 %."),
    "flexibility": ("Zegt wat een jaar speelruimte van elk werk waard is.", "Tells what a year of freedom of each work is worth."),
    "not-year": ("Het jaar waar u naar vraagt; leeg is buiten het programma.", "The year you ask about; empty is outside the programme."),
    "how-many": ("Hoeveel programma's.", "How many programmes."),
    "near": ("Hoeveel procent zij duurder mogen zijn.", "How many per cent dearer they may be."),
    "top": ("Hoeveel regels.", "How many lines."),
    "years": ("Hoeveel jaren in kwartalen.", "How many years in quarters."),
    "at-prices": ("verschil, met schaars geld en schaarse ploegen op hun prijs", "difference, with scarce money and crews at their prices"),
    "given-rest": ("verschil, als de rest blijft staan (leeg: past niet)", "difference, when the rest stays as it is (empty: does not fit)"),
    "not-allowed": ("{year} ligt buiten het venster van het werk of is niet toegestaan.", "{year} lies outside the window of the work or is not allowed."),
    "moves-along": ("  schuift mee: {work} naar {year}", "  moves along: {work} to {year}"),
    "no-other": ("Er is geen ander programma gevonden binnen {share} %; geef meer tijd (--seconds) of meer ruimte (--share).", "No other programme was found within {share} %; give more time (--seconds) or more room (--share)."),
    "error": ("Fout", "Error"),
    "written": ("Geschreven: {path}", "Written: {path}"),
    "nothing": ("Alles klopt nog; er is niets opnieuw genomen.", "Everything is still right; nothing was taken again."),
    "took": ("{verb:<11} {seconds:>6.1f} s  {rows}", "{verb:<11} {seconds:>6.1f} s  {rows}"),
    "bound": ("doelwaarde {objective}, ondergrens {bound}, kloof {gap} %", "objective {objective}, lower bound {bound}, gap {gap} %"),
    "proven": ("Bewezen: dit programma ligt hoogstens {gap} % boven het best mogelijke (doelwaarde {objective}, ondergrens {bound}).", "Proven: this programme lies at most {gap} % above the best possible one (objective {objective}, lower bound {bound})."),
    "unproven": ("Niet bewezen:", "Not proven:"),
    "total": ("Totaal: {seconds:.1f} s", "Total: {seconds:.1f} s"),
    "findings": ("{count} bevindingen ({errors} fouten, {warnings} waarschuwingen); ze staan in de tabel 'findings'.", "{count} findings ({errors} errors, {warnings} warnings); they stand in the table 'findings'."),
    "compared": ("Ieder voor zich tegenover allen samen, met hetzelfde rekenhart en dezelfde budgetten:", "Each owner alone against all together, with the same engine and the same budgets:"),
    "same-file": ("'{path}' is de studie zelf; geef de blik van een partij een eigen bestand.", "'{path}' is the study itself; give the view of a party a file of its own."),
    "saving": ("Samen scheelt tussen {low} en {high} contante waarde tegenover ieder voor zich, met hetzelfde rekenhart en dezelfde budgetten.", "Together saves between {low} and {high} of present value against each owner alone, with the same engine and the same budgets."),
    "bad-pair": ("'{text}' is geen jaar en geen GEBIED=jaar; schrijf bijvoorbeeld 1965.", "'{text}' is no year and no AREA=year; write for example 1965."),
    "unexpected": ("Er ging iets mis dat wij niet hadden voorzien ({error}); draai het nogmaals met --debug en meld de uitvoer.", "Something went wrong that we had not foreseen ({error}); run it again with --debug and report the output."),
}  # fmt: skip


def _chosen() -> str:
    """The language asked for on the command line, else in the environment, else Dutch."""
    asked = [b for a, b in zip(sys.argv, sys.argv[1:]) if a in ("--language", "-l")]
    asked += [a.split("=", 1)[1] for a in sys.argv if a.startswith("--language=")]
    asked.append(os.environ.get("INTEGRALIE_LANGUAGE", ""))
    return next((a for a in asked if a in ("nl", "en")), "nl")


LANGUAGE = _chosen()


def say(key: str, language: str | None = None, **values: object) -> str:
    """One text of the command line."""
    return WORDS[key][0 if (language or LANGUAGE) == "nl" else 1].format(**values)
