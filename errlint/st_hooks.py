"""errlint as a check of Schemathesis, for people who already run ``st run``.

``SCHEMATHESIS_HOOKS=errlint.st_hooks`` or ``hooks = "errlint.st_hooks"`` in schemathesis.toml switches it on::

    [checks.ErrlintContract]
    catalog = "errors.yaml"      # or a list, or "builtin:eventml"; else that of the nearest errlint.toml, if any
    stimuli = false              # do not add errlint's own requests to the examples phase
    fail_on = "warning"          # which findings are failures; default: error
    select = ["COD"]             # only these rules
    ignore = ["HTP004"]          # not these
    config = "ci/errlint.toml"   # this config, whatever else is nearest
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import schemathesis
from schemathesis.errors import FailureGroup

from errlint.errors import ErrlintError
from errlint.st.contract import Contract
from errlint.st.failure import crashed, failure

_running: list[Contract] = []
"""The contract of the run that goes on, for the hook: it has no way to the check. Empty where the check is off."""


@schemathesis.check
class ErrlintContract:
    """Every answer, held against the catalog and the rules of errlint."""

    def __init__(
        self,
        catalog: str | Sequence[str] = (),
        stimuli: bool = True,
        fail_on: str | None = None,
        select: str | Sequence[str] = (),
        ignore: str | Sequence[str] = (),
        config: str | None = None,
    ) -> None:
        try:
            self._contract = Contract(catalog, config=config, select=select, ignore=ignore, fail_on=fail_on, stimuli=stimuli)
        except ErrlintError as error:
            raise ValueError(error.line()) from None  # one line of Schemathesis' own, exit code 2
        self._crashed = False
        _running[:] = [self._contract]

    def after_response(self, ctx: Any, response: Any, case: Any) -> bool | None:
        """Raises a failure for each finding about an answer; True says that there was nothing to judge."""
        if self._crashed:
            return True
        try:
            told = self._contract.judge(response, case)
        except Exception as error:  # whatever it is, the user's run must not end with a traceback of ours
            self._crashed = True
            raise crashed(error, case.operation.label) from None
        _say(self._contract)
        if told:
            failures = [failure(one, case.operation.label) for one in told]
            raise failures[0] if len(failures) == 1 else FailureGroup(failures)
        return None


@schemathesis.hook
def before_add_examples(context: Any, examples: list[Any]) -> None:
    """Adds errlint's own requests to an operation's examples."""
    for contract in _running:
        if contract.stimuli:
            try:
                examples.extend(contract.examples(context.operation))
            except Exception as error:  # as above
                contract.stimuli = False
                contract.note = f"its own requests are left out: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
            _say(contract)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Keeps configured credentials out of the requests that are about credentials."""
    for contract in _running:
        exactly = contract.exactly(case)
        if exactly is not None:
            kwargs["auth"] = exactly


def _say(contract: Contract) -> None:
    """Says once what a user should know of the run."""
    if contract.note:
        sys.stderr.write(f"errlint: {contract.note}\n")
        contract.note = ""
