"""The seed article, "Iranian troops running drone strikes from Crimea": ana's layer, ben's, rita's decisions.

Ana's spans are written as offsets with the words that must stand there; ben's are looked up by their words.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from seeds.lines import OWN_VOICE, UNNAMED, Line

FILE_NAME = "000_5caf563cd8491224.txt"

# key, tag, spans, first and last words of each span, attributes
ANA: tuple[tuple[str, str, list[tuple[int, int]], str, dict[str, Any]], ...] = (
    ("C0", "claim", [(0, 48)], "Iranian … Crimea", {}),
    ("C1", "claim", [(54, 149)], "Iranian … strikes", {"wording": "mixed"}),
    ("C2", "claim", [(303, 360)], "the … Crimea", {"wording": "verbatim"}),
    ("C3", "claim", [(366, 410)], "it’s … piloting", {"wording": "verbatim"}),
    ("C4", "claim", [(443, 527)], "only … Russia", {"wording": "mixed"}),
    ("E1", "evidence", [(271, 294)], "The … have", {"presence": "asserted"}),
    ("R1", "claim", [(228, 268)], "without … claim", {}),
    ("R2", "claim", [(529, 583)], "He … from", {}),
    ("C5", "claim", [(615, 655)], "Iran … Russia", {}),
    ("C6", "claim", [(663, 749)], "has … Ukraine", {}),
    (
        "E2",
        "evidence",
        [(751, 787), (846, 898)],
        "Images … drones their … model",
        {"evidence_type": "image", "presence": "described"},
    ),
    ("C7", "claim", [(815, 838)], "they … Iran", {}),
    ("C8", "claim", [(946, 1005)], "Russia … vehicles", {}),
    ("C9", "claim", [(1007, 1048)], "opting … Iran", {}),
    ("C10", "claim", [(1065, 1084)], "supplying … enemy", {"distance": "distances"}),
    ("C11", "claim", [(1163, 1224)], "they … systems", {"checkability": "opinion"}),
    ("C12", "claim", [(1233, 1305)], "their … side", {"distance": "distances"}),
    ("D1", "denial", [(1358, 1420)], "all … origin", {"denial_type": "flat"}),
    ("D2", "denial", [(1439, 1467)], "denied … weapons", {"denial_type": "flat"}),
    (
        "E3",
        "evidence",
        [(1469, 1566)],
        "the … Thursday",
        {"evidence_type": "event", "presence": "described"},
    ),
    ("C13", "claim", [(1582, 1628)], "backing … Ukraine", {"distance": "distances"}),
    ("C14", "claim", [(1654, 1712)], "the … exports", {}),
    ("C15", "claim", [(1733, 1885)], "the … country", {}),
    ("C16", "claim", [(1896, 1950)], "the … Amini", {}),
    ("C17", "claim", [(1982, 2014)], "“holding … accountable”", {"checkability": "opinion"}),
    ("C18", "claim", [(2028, 2074)], "the … rights", {"checkability": "opinion"}),
    ("C19", "claim", [(2095, 2153)], "both … demonstrations", {}),
    ("E4", "evidence", [(2155, 2269)], "whose … US", {"presence": "asserted", "unsure": True}),
)

NOTES = {
    "R1": "About the claim, not evidence: these words say that evidence is missing.",
    "D2": "The article does not say to whom, nor when.",
    "C14": "No answer to this in the article.",
    "E4": "Not put forward as proof in so many words.",
}

# annotation, source, as named, cue, on behalf of
SPEAKERS: tuple[tuple[str, str, str, str | tuple[int, int] | None, str | None], ...] = (
    ("C0", "us", "US", "– US", None),
    ("C1", "kirby", "John Kirby", "told reporters on Thursday", "nsc"),
    ("C2", "kirby", "Kirby", "Kirby elaborated", None),
    ("C3", "kirby", "Kirby", "Kirby elaborated", None),
    ("C4", "kirby", "Kirby", "adding that", None),
    ("E1", "kirby", "Kirby", "Kirby elaborated", None),
    ("R1", OWN_VOICE, "", None, None),
    ("R2", OWN_VOICE, "", None, None),
    ("C5", "us", "US", "has repeatedly accused", None),
    ("C6", OWN_VOICE, "", None, None),
    ("E2", UNNAMED, "", "have been held up as proof", None),
    ("C7", UNNAMED, "", "have been held up as proof", None),
    ("C8", "zelensky", "Vladimir Zelensky", "claimed", "ukraine"),
    ("C9", OWN_VOICE, "", None, None),
    ("C10", "zelensky", "Vladimir Zelensky", None, None),
    ("C11", "ukraine", "Kiev", "arguing that", None),
    ("C12", "ukraine", "Kiev", "arguing that", None),
    ("D1", "peskov", "Dmitry Peskov", "has insisted", "kremlin"),
    ("D2", "iran", "Iran", None, None),
    ("E3", OWN_VOICE, "", None, None),
    ("C13", "eu", "EU", None, None),
    ("C14", "us", "US", "has also accused", None),
    ("C15", OWN_VOICE, "", None, None),
    ("C16", OWN_VOICE, "", None, None),
    ("C17", "us", "Washington", "claims to be", None),
    ("C18", "us", "Washington", "believes", None),
    ("C19", "iran", "Tehran", "Tehran has accused", None),
    ("E4", OWN_VOICE, "", None, None),
)

CONCERNS = (
    ("C0", "iran", "Iranian troops", 1),
    ("C1", "iran", "Iranian troops", 1),
    ("C1", "russia", "Russian", 2),
    ("C5", "iran", "Iran", 1),
    ("C6", "russia", "Russia", 1),
    ("C13", "shahed", "Shahed Aviation Industries", 1),
    ("C14", "iran", "the country", 1),
    ("C19", "us", "US", 1),
    ("C19", "israel", "Israel", 2),
)

EXPLICIT, IMPLIED = {"manner": "explicit"}, {"manner": "implied"}
SAME, MORE_SPECIFIC = {"degree": "same"}, {"degree": "more_specific"}
RELATIONS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("C0", "contradicts", "C3", {}),
    ("E1", "supports", "C2", EXPLICIT),
    ("E1", "supports", "C3", EXPLICIT),
    ("R1", "about", "C1", {}),
    ("R2", "about", "E1", {}),
    ("E2", "supports", "C7", EXPLICIT),
    ("E2", "supports", "C5", IMPLIED),
    ("C8", "repeats", "C5", MORE_SPECIFIC),
    ("C10", "repeats", "C5", SAME),
    ("C12", "repeats", "C5", SAME),
    ("D1", "denies", "C7", EXPLICIT),
    ("D1", "denies", "C5", IMPLIED),
    ("D1", "denies", "C8", IMPLIED),
    ("D2", "denies", "C5", EXPLICIT),
    ("D2", "denies", "C8", IMPLIED),
    ("D2", "denies", "C10", IMPLIED),
    ("D2", "denies", "C12", IMPLIED),
    ("E3", "context", "C13", {}),
    ("C18", "contradicts", "C19", {}),
    ("E4", "supports", "C19", IMPLIED),
)


def line(folder: Path) -> Line:
    """Build the article's line of the interchange format."""
    text = (folder / FILE_NAME).read_bytes().decode()
    made = Line(
        file_name=FILE_NAME,
        text=text,
        at=datetime.fromisoformat("2026-01-12T09:00:00+00:00"),
        published_at="2022-10",
        language="en",
    )
    _sources(made)
    _ana(made)
    _documents(made)
    _ben(made)
    _rita(made)
    return made


def _sources(made: Line) -> None:
    made.source("us", "organisation", "United States", "US", "Washington")
    made.source(
        "nsc",
        "organisation",
        "US National Security Council",
        description="The body of the White House, not the Security Council of the United Nations.",
    )
    made.source(
        "kirby",
        "person",
        "John Kirby",
        "Kirby",
        description="Spokesman of the US National Security Council, as the article has it.",
    )
    made.source("iran", "organisation", "Iran", "Tehran")
    made.source("russia", "organisation", "Russia")
    made.source("ukraine", "organisation", "Ukraine", "Kiev", "Kyiv")
    made.source(
        "zelensky", "person", "Volodymyr Zelensky", "Vladimir Zelensky", description="President of Ukraine."
    )
    made.source("kremlin", "organisation", "Kremlin")
    made.source("peskov", "person", "Dmitry Peskov", description="Spokesman of the Kremlin.")
    made.source("eu", "organisation", "European Union", "EU")
    made.source("shahed", "organisation", "Shahed Aviation Industries")
    made.source("israel", "organisation", "Israel")
    made.source(
        "resolution",
        "document",
        "Security Council resolution 2231 (2015)",
        "S/RES/2231 (2015)",
        description="Adopted on 20 July 2015; it endorses the nuclear agreement with Iran.",
        url="https://undocs.org/S/RES/2231(2015)",
    )
    made.source(
        "un_page",
        "document",
        "Resolution 2231 (2015): Arms-related transfers",
        description="A page of the United Nations on what the resolution says of arms.",
        url="http://www.un.org/en/sc/2231/restrictions-arms.shtml",
    )


def _ana(made: Line) -> None:
    for key, tag, spans, words, attributes in ANA:
        ends = [made.text[start:end].split() for start, end in spans]
        if " ".join(f"{pieces[0]} … {pieces[-1]}" for pieces in ends) != words:
            raise LookupError(f"{key}: not {words!r} at {spans}")
        made.annotate("ana", key, tag, list(spans), NOTES.get(key, ""), **attributes)
    for key, source, as_named, cue, on_behalf_of in SPEAKERS:
        made.link(key, "speaker", source, as_named, cue, on_behalf_of)
    for key, source, as_named, position in CONCERNS:
        made.link(key, "concerns", source, as_named, position=position)
    for subject, kind, object_, attributes in RELATIONS:
        made.relate("ana", subject, kind, object_, **attributes)


def _documents(made: Line) -> None:
    """Evidence from outside the article, found by the desk; the quotations are those of the pages named."""
    made.link(
        "C14",
        "document",
        "resolution",
        stance="context",
        url="https://undocs.org/S/RES/2231(2015)",
        locator="Annex B, paragraph 6 (b)",
        accessed_at="2026-01-12",
    )
    made.link(
        "C14",
        "document",
        "un_page",
        position=2,
        stance="context",
        url="http://www.un.org/en/sc/2231/restrictions-arms.shtml",
        quote="These restrictions on arms-related transfers shall apply until the date five years after the "
        "JCPOA Adoption Day (18 October 2015)",
        locator="How long will the restrictions on arms-related transfers apply?",
        accessed_at="2026-01-12",
    )


def _ben(made: Line) -> None:
    annotate = made.annotate
    annotate(
        "ben", "b-C0", "claim", "Iranian troops running drone strikes from Crimea – US", "With who says it."
    )
    annotate("ben", "b-C1", "claim", (54, 149), wording="mixed")
    annotate("ben", "b-C2", "claim", "the Iranians have put trainers and tech support in Crimea")
    annotate("ben", "b-C3", "claim", "it’s the Russians who are doing the piloting", wording="verbatim")
    annotate("ben", "b-C4", "claim", "“a relatively small number” of Iranian personnel", wording="mixed")
    annotate("ben", "b-E1", "claim", "The information we have", "That there is information.", unsure=True)
    annotate("ben", "b-C5", "claim", "Iran of selling suicide drones to Russia", checkability="checkable")
    annotate(
        "ben",
        "b-E2",
        "evidence",
        "Images of the crashed Geran-2 drones",
        evidence_type="image",
        presence="shown",
    )
    annotate("ben", "b-C7", "claim", "they originated in Iran")
    annotate("ben", "b-C8", "claim", "Russia has bought as many as 2,400 of the unmanned vehicles")
    annotate(
        "ben",
        "b-D1",
        "denial",
        "has insisted all of the weapons being used in Ukraine are Russian in origin",
        denial_type="flat",
    )
    annotate("ben", "b-D2", "denial", "denied supplying the weapons", denial_type="non_denial")
    annotate("ben", "b-C14", "claim", "violating a 2015 UN embargo on arms exports")
    annotate("ben", "b-C19", "claim", (2095, 2153))
    annotate(
        "ben",
        "b-own",
        "claim",
        "a long-time employee of US government outlet Voice of Persia living in the US",
        "Can be looked up: who leads, and where this person works.",
    )
    made.link("b-C0", "speaker", "us", "US", "– US")
    made.link("b-C1", "speaker", "kirby", "John Kirby", "told reporters on Thursday", "nsc")
    made.link("b-C3", "speaker", "kirby", "Kirby", "Kirby elaborated", "nsc")
    made.link("b-C5", "speaker", "us", "US", "has repeatedly accused")
    made.link("b-C7", "speaker", OWN_VOICE)
    made.link("b-C8", "speaker", "zelensky", "Ukrainian President Vladimir Zelensky", "claimed")
    made.link("b-D1", "speaker", "peskov", "Kremlin spokesman Dmitry Peskov", "has insisted", "kremlin")
    made.link("b-D2", "speaker", "iran", "Iran")
    made.link("b-D2", "via", UNNAMED)
    made.link("b-C19", "speaker", "iran", "Tehran", "Tehran has accused")
    made.relate("ben", "b-C3", "contradicts", "b-C0")
    made.relate("ben", "b-E2", "supports", "b-C7", manner="explicit")
    made.relate("ben", "b-C8", "repeats", "b-C5", degree="same")
    made.relate("ben", "b-D1", "denies", "b-C7", manner="explicit")
    made.relate("ben", "b-D2", "denies", "b-C5", manner="explicit")


def _rita(made: Line) -> None:
    review = made.review
    review("rita", "annotation", "C0", "approve")
    review("rita", "annotation", "C1", "approve")
    review("rita", "annotation", "C2", "approve")
    review("rita", "annotation", "D1", "approve")
    review(
        "rita",
        "annotation",
        "C4",
        "change",
        "wrong_extent",
        "Start at the quotation mark: “only” is how the reporter puts it.",
    )
    review(
        "rita",
        "annotation",
        "E4",
        "reject",
        "not_evidence",
        "Nobody puts this forward for what Tehran says. Tag it as a claim of the article’s own.",
    )
    review(
        "rita",
        "annotation",
        "E1",
        "ask",
        note="Is there anything here that one could examine, beyond his word that it exists?",
    )
    review("rita", "relation", ("D1", "denies", "C7"), "approve")
    review(
        "rita",
        "source_link",
        ("C10", "speaker", "zelensky"),
        "change",
        "wrong_speaker",
        "Add that he speaks for Ukraine, as you did two lines up.",
    )
