"""What `--json` promises, written down once more and apart: JSON Schema, one for each command."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
MAYBE: Schema = {"type": ["string", "null"]}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number", "minimum": 0}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
DOCUMENT: Schema = {"type": "string", "pattern": "^[0-9A-HJKMNP-TV-Z]{8,51}$"}
MAYBE_DOCUMENT: Schema = {"anyOf": [DOCUMENT, {"type": "null"}]}
CITATION: Schema = {"type": "string", "pattern": "^[0-9A-HJKMNP-TV-Z]{8,51}-[1-9][0-9]*$"}
DATE: Schema = {
    "anyOf": [{"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}, {"type": "null"}]
}
INSTANT: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"}
SPAN: Schema = {"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _object(**fields: Schema) -> Schema:
    """Exactly these fields: a new one is added here on purpose, never by accident."""
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


_EDITION = _object(label=TEXT, enacted=DATE, amended=DATE, in_force=DATE)
FACTS = _object(
    kind=MAYBE,
    court=MAYBE,
    docket=MAYBE,
    neutral_citation=MAYBE,
    parties=_list(TEXT),
    work=MAYBE,
    edition={"anyOf": [_EDITION, {"type": "null"}]},
)
_PASSAGE: dict[str, Schema] = {
    "citation": CITATION,
    "document_id": DOCUMENT,
    "passage_id": CITATION,
    "matter": TEXT,
    "title": TEXT,
    "date": DATE,
    "pin": TEXT,
    "page": {"type": ["integer", "null"], "minimum": 1},
    "start": COUNT,
    "end": COUNT,
    "text": TEXT,
    "highlights": _list(SPAN),
    "matched": _list(TEXT),
    "answer": {"anyOf": [SPAN, {"type": "null"}]},
    "value": {"anyOf": [SPAN, {"type": "null"}]},
}
_HIT = _object(
    rank={"type": "integer", "minimum": 1},
    score={"type": "number"},
    confidence=SHARE,
    evidence={"enum": ["words", "meaning"]},
    recognition={"type": ["integer", "null"]},
    also=_list(_object(citation=CITATION, title=TEXT, pin=TEXT)),
    **_PASSAGE,
)
_NEIGHBOUR = _object(citation=CITATION, start=COUNT, end=COUNT, text=TEXT)

DIFFERENCE = _object(start=COUNT, end=COUNT, quoted=TEXT, original=TEXT, marked={"type": "boolean"})
_TRUTH: Schema = {"type": ["boolean", "null"]}
_PLACE: Schema = {"type": ["integer", "null"], "minimum": 0}
_BESIDE = _object(text=TEXT, start=COUNT, end=COUNT, document=_TRUTH, pin=_TRUTH, agrees=_TRUTH)
CHECK = _object(
    quotation=TEXT,
    start=COUNT,
    end=COUNT,
    verdict={"enum": ["verbatim", "altered", "not found"]},
    other_script={"type": "boolean"},
    citation={"anyOf": [CITATION, {"type": "null"}]},
    document_id=MAYBE_DOCUMENT,
    title=MAYBE,
    pin=MAYBE,
    source=MAYBE,
    source_start=_PLACE,
    source_end=_PLACE,
    differences=_list(DIFFERENCE),
    matter=MAYBE,
    date=DATE,
    beside={"anyOf": [_BESIDE, {"type": "null"}]},
)
_WITHIN = _object(documents=_list(_object(id=DOCUMENT, title=TEXT)), words=_list(TEXT))
ASK = _object(
    question=TEXT,
    answered={"type": "boolean"},
    reason=MAYBE,
    took_ms=NUMBER,
    kind={"enum": ["question", "citation", "quotation", "greeting"]},
    within={"anyOf": [_WITHIN, {"type": "null"}]},
    quotation={"anyOf": [CHECK, {"type": "null"}]},
    hits=_list(_HIT),
)
SOURCE = _object(
    **_PASSAGE,
    confidence={"type": "null"},
    before=_list(_NEIGHBOUR),
    after=_list(_NEIGHBOUR),
    document=_object(
        id=DOCUMENT,
        title=TEXT,
        date=DATE,
        publisher=MAYBE,
        url=MAYBE,
        language=MAYBE,
        sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"},
        added=INSTANT,
        superseded_by=MAYBE_DOCUMENT,
        note=MAYBE,
        facts=FACTS,
    ),
    cite_as=_object(plain=TEXT, gb7714=TEXT, bluebook=TEXT, oscola=TEXT, hk=TEXT, tw=TEXT),
    references=_list(
        _object(start=COUNT, end=COUNT, citation={"anyOf": [CITATION, {"type": "null"}]})
    ),
)
DOCUMENTS = _object(
    id=DOCUMENT,
    title=TEXT,
    date=DATE,
    publisher=MAYBE,
    language=MAYBE,
    matters=_list(TEXT),
    path=MAYBE,
    added=INSTANT,
    passages=COUNT,
    superseded_by=MAYBE_DOCUMENT,
    note=MAYBE,
    facts=FACTS,
)
ADD = _object(
    path=TEXT,
    outcome={"enum": ["added", "unchanged", "replaced", "refused"]},
    reason=MAYBE,
    document_id=MAYBE_DOCUMENT,
    matter=TEXT,
    passages=COUNT,
    supersedes=MAYBE_DOCUMENT,
    attachments=_list({"$ref": "#"}),
)
_FIGURES: dict[str, Schema] = {
    "name": TEXT,
    "passages": COUNT,
    "queries": COUNT,
    "R@1": SHARE,
    "R@5": SHARE,
    "R@10": SHARE,
    "MRR@10": SHARE,
    "nDCG@10": SHARE,
    "refused": COUNT,
    "refusal_auc": SHARE,
    "qps": NUMBER,
    "p50_ms": NUMBER,
    "p95_ms": NUMBER,
    "index_seconds": NUMBER,
}
EVALUATE = _object(collections=_list(_object(**_FIGURES)))

_UNIT = _object(citation=CITATION, pin=TEXT, text=TEXT, start=COUNT)
_MAYBE_UNIT: Schema = {"anyOf": [_UNIT, {"type": "null"}]}
COMPARE = _object(
    kind={"enum": ["same", "changed", "added", "removed"]},
    before=_MAYBE_UNIT,
    after=_MAYBE_UNIT,
    differences=_list({"type": "array", "items": COUNT, "minItems": 4, "maxItems": 4}),
)
TIMELINE = _object(
    date={"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"},
    until=DATE,
    text=TEXT,
    citation=CITATION,
    document_id=DOCUMENT,
    title=TEXT,
    pin=TEXT,
    start=COUNT,
    end=COUNT,
)
EACH = _object(**ASK["properties"], without=_list(_object(id=DOCUMENT, title=TEXT)))


_VALIDATORS: dict[int, tuple[Schema, Draft202012Validator]] = {}


def validate(shape: object, schema: Schema) -> None:
    """Raise ValidationError unless `shape` is what `schema` says."""
    # jsonschema.validate judges the schema itself anew each time, which takes a fifth of a second.
    if id(schema) not in _VALIDATORS:
        Draft202012Validator.check_schema(schema)
        _VALIDATORS[id(schema)] = schema, Draft202012Validator(schema)
    _VALIDATORS[id(schema)][1].validate(shape)
