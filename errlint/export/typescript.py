"""``--to typescript``: constants, union types and a type guard, for TypeScript 5 (``--strict``), without a dependency."""

from __future__ import annotations

from errlint.export.literals import comment, js
from errlint.export.python import enumerated, info
from errlint.export.reference import title
from errlint.model.catalog import Catalog

SHAPE = """export interface ErrorInfo {
  readonly id: string;
  /** null: the answer carries no code. */
  readonly code: string | number | null;
  /** The first of its statuses. */
  readonly status: number;
  /** As the catalog writes them: 404, "5XX", "any". */
  readonly statuses: readonly (number | string)[];
  readonly layer: string;
  readonly name: string;
  readonly category: string;
  /** The template, written in the dialect messageKind. */
  readonly message: string;
  readonly messageKind: string;
  readonly description: string;
  readonly resolution: string;
  readonly retry: string;
  readonly deprecated: boolean;
}
"""

TAIL = """
const codes: ReadonlySet<unknown> = new Set<unknown>(Object.values(ErrorCode));

/** Whether a value is a code that the catalog lists. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return codes.has(value);
}

/** The entries that an answer with this code may be, narrowed by its HTTP status and its layer. */
export function findErrors(code: string | number | null, status?: number, layer?: string): readonly ErrorInfo[] {
  return errors.filter(
    (info: ErrorInfo) =>
      info.code === code &&
      (layer === undefined || info.layer === layer) &&
      (status === undefined ||
        info.statuses.some((one) => one === status || one === "any" || one === `${Math.floor(status / 100)}XX`)),
  );
}
"""


def typescript_text(catalog: Catalog) -> str:
    """The module: ``ErrorCode`` (an object, and the union of its values), ``errors``, ``isErrorCode``, ``findErrors``."""
    told = comment(title(catalog))
    lines = [f"// The error codes of {told}. Written by errlint from the catalog: change that, not this file.", "", SHAPE]
    lines.append("export const ErrorCode = {")
    for member in enumerated(catalog.codes):
        lines += [f"  /** {member.told} */", f"  {member.name}: {js(member.value)},"]
    lines += ["} as const;", "", "export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];", ""]
    lines.append("export const errors = [")
    for code in catalog.codes:
        values = info(code)
        values["messageKind"] = values.pop("message_kind")
        lines.append(f"  {{ {', '.join(f'{name}: {js(value)}' for name, value in values.items())} }},")
    lines += ["] as const satisfies readonly ErrorInfo[];", "", 'export type ErrorId = (typeof errors)[number]["id"];']
    return "\n".join(lines) + "\n" + TAIL
