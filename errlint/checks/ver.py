"""The rules about two versions of a contract, VER001 to VER011: importing this module registers them."""

from errlint.checks import ver_codes, ver_entries, ver_meaning, ver_shapes, ver_version

__all__ = ["ver_codes", "ver_entries", "ver_meaning", "ver_shapes", "ver_version"]
