"""Two short articles of our own, invented from end to end: one in Arabic, one full of composed characters."""

import unicodedata
from datetime import datetime
from pathlib import Path

from seeds.lines import OWN_VOICE, UNNAMED, Line

ARABIC = "001_water_in_the_orchard_quarter.ar.txt"
LANTERNS = "002_lantern_night.txt"
# Decomposed in the file, so that the marks are code points of their own.
_CAFE = unicodedata.normalize("NFD", "café")
_STAND = unicodedata.normalize("NFD", "Phở Quê Hương")


def arabic(folder: Path) -> Line:
    """Build the line of the Arabic article."""
    made = Line(
        file_name=ARABIC,
        text=(folder / ARABIC).read_bytes().decode(),
        at=datetime.fromisoformat("2026-01-19T07:30:00+00:00"),
        publisher="جريدة ساحل النور",
        published_at="2026-01-18",
        language="ar",
    )
    made.source("mayor", "organisation", "مكتب رئيس بلدية ساحل النور", "مكتب رئيس البلدية", "البلدية")
    made.source("company", "organisation", "شركة المياه", "الشركة", "the water company")
    made.source("committee", "organisation", "لجنة حي البستان", "لجنة الحي", "اللجنة")
    note = made.annotate
    note("ana", "headline", "denial", "الشركة تنفي", denial_type="flat")
    note("ana", "cut", "claim", "المياه انقطعت عن حي البستان 11 يومًا خلال شهر يناير", wording="paraphrase")
    note("ana", "homes", "claim", "أكثر من 4,200 منزل تأثرت بذلك", checkability="checkable")
    note("ana", "denied", "denial", "ونفت شركة المياه ذلك", denial_type="flat")
    note("ana", "pumps", "denial", "لم تتوقف المضخات يومًا واحدًا", denial_type="flat")
    note("ana", "drop", "claim", "وما حدث هو انخفاض مؤقت في الضغط", wording="verbatim")
    note(
        "ana",
        "scada",
        "evidence",
        "نظام المراقبة SCADA سجّل ضغطًا لا يقل عن 2.5 بار في جميع الخطوط",
        evidence_type="data",
        presence="asserted",
    )
    note(
        "ana",
        "meters",
        "evidence",
        "سجلات العدادات التي اطّلعت عليها لجنة الحي تُظهر قراءة تساوي صفرًا في 37 عدادًا بين 9 و14 يناير",
        evidence_type="data",
        presence="described",
    )
    note("ana", "tanks", "evidence", "صورًا التقطها السكان لخزانات فارغة", evidence_type="image")
    note("ana", "complete", "claim", "الانقطاع كان كاملًا")
    note("ana", "pipe", "claim", "السبب هو كسر في الأنبوب الرئيسي DN600")
    note("ana", "silent", "denial", "ورفضت الشركة التعليق على هذا القول", denial_type="no_comment")
    note("ana", "delay", "claim", "الشركة بتأخير الإصلاح عمدًا")
    note("ana", "no_proof", "claim", "لم يقدّم أي دليل على هذا الاتهام")
    note("ana", "pays", "claim", "«ستعوّض كل مشترك متضرر»", checkability="prediction", wording="verbatim")
    note("ben", "b-cut", "claim", "المياه انقطعت عن حي البستان 11 يومًا")
    made.link("cut", "speaker", "mayor", "مكتب رئيس بلدية ساحل النور", "قال مكتب رئيس بلدية ساحل النور")
    made.link("homes", "speaker", "mayor", "مكتب رئيس بلدية ساحل النور")
    made.link("denied", "speaker", "company", "شركة المياه")
    made.link("pumps", "speaker", "company", "شركة المياه", "وقالت")
    made.link("drop", "speaker", "company", "شركة المياه", "وقالت")
    made.link("scada", "speaker", "company", "الشركة", "وأضافت الشركة")
    made.link("meters", "speaker", OWN_VOICE)
    made.link("meters", "via", "committee", "لجنة الحي")
    made.link("complete", "speaker", "committee", "اللجنة", "وتقول اللجنة")
    made.link("tanks", "speaker", "committee", "اللجنة", "وتقول اللجنة")
    made.link("pipe", "speaker", UNNAMED, "مسؤول في وزارة المياه", "طلب عدم ذكر اسمه")
    made.link("delay", "speaker", "mayor", "مكتب رئيس البلدية", "واتهم مكتب رئيس البلدية")
    made.link("delay", "concerns", "company", "الشركة")
    made.link("no_proof", "speaker", OWN_VOICE)
    made.link("pays", "speaker", "company", "الشركة", "وكتبت الشركة")
    made.link("b-cut", "speaker", "mayor", "مكتب رئيس بلدية ساحل النور")
    made.relate("ana", "denied", "denies", "cut", manner="explicit")
    made.relate("ana", "pumps", "denies", "cut", manner="implied")
    made.relate("ana", "headline", "repeats", "denied", degree="same")
    made.relate("ana", "scada", "supports", "pumps", manner="explicit")
    made.relate("ana", "meters", "refutes", "pumps", manner="implied")
    made.relate("ana", "meters", "supports", "cut", manner="implied")
    made.relate("ana", "tanks", "supports", "complete", manner="explicit")
    made.relate("ana", "complete", "contradicts", "drop")
    made.relate("ana", "silent", "denies", "pipe", manner="implied")
    made.relate("ana", "no_proof", "about", "delay")
    return made


def lanterns(folder: Path) -> Line:
    """Build the line of the article with emoji families, flags, combining marks and astral letters."""
    made = Line(
        file_name=LANTERNS,
        text=(folder / LANTERNS).read_bytes().decode(),
        at=datetime.fromisoformat("2026-01-20T10:15:00+00:00"),
        byline="The night desk",
        published_at="2025-09-14T12:00Z",
        language="en",
    )
    made.source("office", "organisation", "The festival office", "festival office", "the office")
    made.source("cafes", "organisation", f"{_CAFE} owners’ association".capitalize(), "the association")
    made.source("stand", "organisation", unicodedata.normalize("NFC", _STAND), _STAND)
    made.source("fire", "organisation", "The fire service")
    note = made.annotate
    note("ana", "headline", "claim", "Lantern night 🏮 drew 9️⃣0️⃣ thousand people", checkability="checkable")
    note("ana", "drew", "claim", "lantern night on 13 September drew 90,000 people", said_on="2025-09-14")
    note(
        "ana",
        "largest",
        "claim",
        "“the largest crowd that this city has ever counted 👩‍👩‍👧‍👦🎉”",
        wording="verbatim",
    )
    note("ana", "nobody", "denial", "“Nobody counted anyone 🤷🏽‍♀️ at all,”", denial_type="flat")
    note(
        "ana",
        "every",
        "denial",
        [
            "The office denied that",
            "“Every gate had a counter 👍🏿, and every counter was read twice.”",
        ],
        denial_type="flat",
    )
    note(
        "ana",
        "photo",
        "evidence",
        "A photograph 📷 of the counter at gate 𝒜, published by the office, shows 31,407 at closing time",
        evidence_type="image",
        presence="described",
        directness="primary",
    )
    note("ana", "not_shown", "claim", "The photograph does not show gates ℬ and 𝒞")
    note("ana", "bowls", "claim", "it sold 2,300 bowls of soup, twice as many as last year")
    note("ana", "fifty", "claim", "“closer to 5️⃣0️⃣ thousand”", wording="mixed", checkability="checkable")
    note("ana", "closed", "claim", "the path along the river had to be closed for forty minutes")
    note("ana", "silent", "denial", "the festival office did not comment", denial_type="no_comment")
    note(
        "ben",
        "b-drew",
        "claim",
        "drew 90,000 people, “the largest crowd that this city has ever counted 👩‍👩‍👧‍👦🎉”",
    )
    note("ben", "b-flags", "claim", f"At a stand under the flags 🇻🇳🇨🇦, {_STAND}", unsure=True)
    made.link("headline", "speaker", "office", "the festival office")
    made.link("drew", "speaker", "office", "The festival office", "The festival office says that")
    made.link("largest", "speaker", "office", "The festival office")
    made.link("nobody", "speaker", "cafes", "the association", "the association wrote")
    made.link("every", "speaker", "office", "The office")
    made.link("photo", "speaker", "office", "the office", "published by the office")
    made.link("not_shown", "speaker", OWN_VOICE)
    made.link("bowls", "speaker", "stand", _STAND)
    made.link("fifty", "speaker", UNNAMED, "An organiser", "An organiser who asked not to be named")
    made.link("closed", "speaker", "fire", "The fire service", "The fire service 🧑🏽‍🚒 says")
    made.link("closed", "concerns", "office")
    made.link("b-drew", "speaker", "office", "The festival office")
    made.relate("ana", "headline", "repeats", "drew", degree="same")
    made.relate("ana", "nobody", "denies", "drew", manner="implied")
    made.relate("ana", "nobody", "denies", "largest", manner="explicit")
    made.relate("ana", "every", "denies", "nobody", manner="explicit")
    made.relate("ana", "photo", "supports", "drew", manner="implied")
    made.relate("ana", "not_shown", "about", "photo")
    made.relate("ana", "fifty", "contradicts", "drew")
    made.relate("ana", "silent", "denies", "closed", manner="implied")
    made.review("rita", "annotation", "drew", "approve")
    return made
