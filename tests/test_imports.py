"""The house: imports go one way, and rooms meet only in the pipeline."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "geo"
ROOMS = ("reading", "places", "control", "publish")


def floor(module: str) -> int:
    """Give how high a module stands: the ground floor 0, the rooms 1, the pipeline 2, what calls it 3."""
    name = module.split(".")[1] if "." in module else ""
    return {**dict.fromkeys(ROOMS, 1), "pipeline": 2, "cli": 3, "cli_data": 3, "cli_options": 3, "": 3}.get(name, 0)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "geo")
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").split(".")[0] == "geo":
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            pytest.fail(f"{path}: relative import; write the whole name, so that the direction can be read")


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_down_or_stay_in_the_room(path: Path) -> None:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    module = ".".join(part for part in parts if part != "__init__")
    for target in imported(path):
        if target.startswith("geo.__version__"):
            continue
        same_room = floor(module) == 1 and floor(target) == 1 and module.split(".")[1] == target.split(".")[1]
        same_floor = floor(module) == floor(target) and floor(module) != 1
        assert floor(target) < floor(module) or same_room or same_floor, f"{module} imports {target}"
