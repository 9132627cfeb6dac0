"""A line of the interchange format as an object, as the query of an export yields it."""

ARTICLE = "018f2f60-0000-7000-8000-00000000000"
TEXT = "A bridge\nThe mayor says it is safe.\nNobody else does.\n"


def spans_of(text, *words):
    """Return the first place of each of these words."""
    starts = [(text.index(one), one) for one in words]
    return [{"start": start, "end": start + len(one), "exact": one} for start, one in starts]


def annotation(number, spans, *, tag="claim", layer=1, note="", **attributes):
    """An annotation by number; its maker is ana in the first layer and ben in the second."""
    return {
        "id": f"018f2f60-0000-7000-8000-0000000001{number:02}",
        "layer": f"018f2f60-0000-7000-8000-00000000020{layer}",
        "tag": tag,
        "spans": spans,
        "note": note,
        "attributes": attributes,
        "created_by": {1: "ana", 2: "ben"}.get(layer, "rita"),
        "created_at": "2026-01-02T03:04:05Z",
        "updated_at": "2026-01-02T03:04:05Z",
        "status": "pending",
        "version": 1,
    }


def relation(number, subject, object_, *, kind="denies", layer=1, note="", **attributes):
    """A relation between two annotations of `annotation`, by number."""
    made = annotation(number, [], layer=layer, note=note, **attributes)
    ends = {
        name: f"018f2f60-0000-7000-8000-0000000001{end:02}"
        for name, end in (("subject", subject), ("object", object_))
    }
    return made | ends | {"id": f"018f2f60-0000-7000-8000-0000000003{number:02}", "kind": kind}


def document(
    *annotations, text=TEXT, title="A bridge", number=1, relations=(), owners=("ana", "ben"), **more
):
    """An article with a layer for each owner; None is the reference layer."""
    return {
        "format": 1,
        "project": {
            "slug": "water",
            "scheme": {
                "tags": [{"name": "claim"}, {"name": "denial"}],
                "relation_kinds": [
                    {
                        "name": "denies",
                        "symmetric": False,
                        "pairs": [["denial", "claim"], ["denial", "denial"]],
                    },
                    {"name": "contradicts", "symmetric": True, "pairs": [["claim", "claim"]]},
                ],
                "attributes": [
                    {"tag": None, "schema": {"properties": {"unsure": {"type": "boolean"}}}},
                    {
                        "tag": "claim",
                        "schema": {
                            "properties": {
                                "wording": {"type": "string", "enum": ["verbatim", "mixed"]},
                                "said_where": {"type": "string"},
                            }
                        },
                    },
                ],
            },
        },
        "article": {
            "id": f"{ARTICLE}{number}",
            "title": title,
            "url": "https://example.org/a",
            "publisher": "",
            "byline": "",
            "published_at": "",
            "language": "en",
            "direction": "ltr",
            "file_name": "",
            "text": text,
        },
        "layers": [
            {
                "id": f"018f2f60-0000-7000-8000-00000000020{nth}",
                "kind": "person" if owner else "reference",
                "owner": owner,
                "state": "in_progress",
                "submitted_at": None,
                "opened_at": None,
            }
            for nth, owner in enumerate(owners, 1)
        ],
        "annotations": list(annotations),
        "relations": list(relations),
        "sources": more.get("sources", []),
        "source_texts": [],
        "source_links": more.get("source_links", []),
        "reviews": [],
        "review_responses": [],
        "proposed_annotations": [],
        "reviewers": [],
        "threads": [],
    }


def full():
    """An article with one of everything that brat has a way to tell, and some that it has none for."""
    claim = annotation(
        1,
        spans_of(TEXT, "it is safe"),
        note="Who says\tso?\nThe mayor.",
        wording="mixed",
        unsure=True,
        said_where="on the bridge",
    )
    denial = annotation(2, spans_of(TEXT, "Nobody", "does"), tag="denial")
    over_lines = annotation(3, [{"start": 2, "end": 18, "exact": TEXT[2:18]}])
    other = annotation(4, spans_of(TEXT, "mayor"), layer=2, unsure=False)
    return document(
        claim,
        denial,
        over_lines,
        other,
        relations=[
            relation(1, 2, 1, note="See there.", manner="explicit"),
            relation(2, 1, 3, kind="contradicts"),
            relation(3, 2, 4),
            relation(4, 2, 99),
            relation(5, 4, 1, layer=2),
        ],
        sources=[{"id": "s1", "name": "Ann Mayor"}, {"id": "s2", "name": "The town"}],
        source_links=[
            {
                "annotation": claim["id"],
                "source": "s1",
                "role": "speaker",
                "as_named": "The mayor",
                "on_behalf_of": "s2",
                "stance": None,
                "quote": "",
                "locator": "",
                "url": "",
                "note": "on\nthe phone",
            }
        ],
    )
