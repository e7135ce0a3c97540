"""What several of these tests need."""

import tomllib

import pytest


@pytest.fixture(scope="session")
def installed():
    """Return the function that installs a project without pip."""
    return _installed


def _installed(project, folder):
    """Leave what pip would leave of a project: its package, and the entry points of its pyproject.toml."""
    about = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = folder / f"{about['name'].replace('-', '_')}-{about['version']}.dist-info"
    info.mkdir(parents=True)
    head = f"Metadata-Version: 2.1\nName: {about['name']}\nVersion: {about['version']}\n"
    (info / "METADATA").write_text(head, encoding="utf-8")
    points = about["entry-points"].items()
    text = "".join(f"[{group}]\n" + "".join(f"{a} = {b}\n" for a, b in named.items()) for group, named in points)
    (info / "entry_points.txt").write_text(text, encoding="utf-8")
    (project / "src").rename(folder / "src")
    for package in (folder / "src").iterdir():
        package.rename(folder / package.name)
    return folder
