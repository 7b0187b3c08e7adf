"""Rules and schemas are found in a checkout, in an installed wheel and in a zipped one."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from errlint import resources

ROOT = Path(resources.__file__).parent.parent
SHOW = (
    "from errlint import resources as r; print(sorted(f.name for f in r.rules().iterdir()), "
    "r.text(r.schemas() / 'x.schema.json'))"
)


def package(root: Path) -> Path:
    """A package with nothing but its resources module."""
    folder = root / "errlint"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "resources.py").write_bytes(Path(resources.__file__).read_bytes())
    return folder


def data(root: Path) -> None:
    for name, file in (("rules", "R1.yaml"), ("schemas", "x.schema.json")):
        (root / name).mkdir(parents=True)
        (root / name / file).write_text("{}", encoding="utf-8")


def run(place: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(place)!r}); {SHOW}"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def test_the_checkout_has_them() -> None:
    names = {file.name for file in (resources.schemas() / "envelopes").iterdir()}
    assert "eventml.schema.json" in names
    assert (resources.rules() / "catalogs" / "eventml.yaml").is_file()


def test_text_is_utf8() -> None:
    assert resources.text(resources.schemas() / "catalog.schema.json").startswith('{\n  "$schema"')


def test_an_installed_package_has_its_own(tmp_path: Path) -> None:
    data(package(tmp_path) / "_data")
    assert run(tmp_path) == (0, "['R1.yaml'] {}")


def test_a_zipped_package_has_its_own(tmp_path: Path) -> None:
    folder = package(tmp_path / "flat")
    data(folder / "_data")
    with zipfile.ZipFile(tmp_path / "errlint.whl", "w") as archive:
        for file in sorted((tmp_path / "flat").rglob("*")):
            archive.write(file, file.relative_to(tmp_path / "flat").as_posix())
    assert run(tmp_path / "errlint.whl") == (0, "['R1.yaml'] {}")


@pytest.mark.parametrize(
    ("project", "found"),
    [
        ('[project]\nname = "errlint"\n', True),
        ("[build-system]\nrequires = []\n\n[project]\nname = 'errlint'  # ours\n", True),
        ('[project]\nname = "shop"\n[tool.errlint]\n', False),
        ('[project]\nname = "shop"\n[tool.x]\nname = "errlint"\n', False),
        ("", False),
    ],
)
def test_folders_beside_the_package_count_only_in_its_own_checkout(tmp_path: Path, project: str, found: bool) -> None:
    package(tmp_path)
    data(tmp_path)
    (tmp_path / "pyproject.toml").write_text(project, encoding="utf-8")
    code, said = run(tmp_path)
    expected = "['R1.yaml'] {}" if found else "FileNotFoundError: errlint is installed without its rules: install it again"
    assert (code == 0, said) == (found, expected)


def test_importing_it_loads_little() -> None:
    program = (
        "import sys, errlint.resources; print([m for m in ('importlib.resources', 'zipfile', 'json') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
