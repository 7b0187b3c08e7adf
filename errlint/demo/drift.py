"""A document that has drifted from the contract, and the faults that the demo's service has."""

from __future__ import annotations

from errlint.demo.document import conforming_text

#: Faults that the demo switches on in the running service; no two meet in one answer.
DEMO_FAULTS = ("undocumented-code", "code-under-wrong-status", "server-error", "leaked-token", "dropped-connection")

#: What drifted -> (text of the conforming document, the text in its place).
DRIFTS: dict[str, tuple[str, str]] = {
    "an enum holds a code that is not documented": ("enum: [ML_1101]}", "enum: [ML_1101, ML_1105]}"),
    "a code stands under another status": ("enum: [ML_1502]}", "enum: [ML_1502, ML_1501]}"),
    "an example writes its code in lower case": ("{code: ML_1301, message", "{code: ml_1301, message"),
    "an example contradicts its status": (
        "{code: ML_1002, message: A model with this name already exists for this tenant, http: 409}",
        "{code: ML_1002, message: A model with this name already exists for this tenant, http: 400}",
    ),
    "an example holds a placeholder": (
        "{code: ML_1201, message: Inference endpoint does not exist, http: 404}",
        '{code: ML_1201, message: "Inference endpoint %s does not exist", http: 404}',
    ),
    "a response allows any code": ("code: {type: string, enum: [ML_1103]}", "code: {type: string}"),
    "an operation declares no error": (
        """                  items: {type: array, items: {$ref: '#/components/schemas/Experiment'}}
                  total: {type: integer, minimum: 0}
        '400': {$ref: '#/components/responses/InvalidQuery'}
        '401': {$ref: '#/components/responses/Unauthorized'}
        '500': {$ref: '#/components/responses/ServerError'}
""",
        """                  items: {type: array, items: {$ref: '#/components/schemas/Experiment'}}
                  total: {type: integer, minimum: 0}
""",
    ),
}


def drifted_document() -> str:
    """The conforming document with every drift of DRIFTS in it, as YAML text."""
    text = conforming_text()
    for what, (old, new) in DRIFTS.items():
        if text.count(old) != 1:
            raise AssertionError(f"{what}: the document holds the text {text.count(old)} times, not once")
        text = text.replace(old, new)
    return text
