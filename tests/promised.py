"""What errlint promises of its own data: its schemas, each compiled once, for hundreds of tests hold something to them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema
import jsonschema_rs

from errlint import resources


@cache
def _validator(name: str) -> jsonschema_rs.Draft202012Validator:
    schema = json.loads(resources.schema_text(f"{name}.schema.json"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema_rs.Draft202012Validator(schema)


def kept(name: str, data: Any) -> None:
    """Holds data to the schema of a name, like ``report``.

    Raises:
        jsonschema_rs.ValidationError: where the promise is broken.
    """
    _validator(name).validate(data)
