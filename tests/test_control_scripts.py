"""The scripts that time and score control run."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"


def run(*arguments: object) -> str:
    return subprocess.run([sys.executable, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def test_the_bench_prints_a_row_for_a_size() -> None:
    places, dates, events, *_ = run(SCRIPTS / "bench-control", 300, 3).split()
    assert (places, dates, events) == ("300", "3", "6")


def test_the_evaluation_prints_accuracy_and_reliability(tmp_path: Path) -> None:
    rows = [f"p{k},{36 + (k % 20) / 40},{33 + k // 20 / 40},{'a' if k % 20 < 10 else 'b'}" for k in range(400)]
    table = tmp_path / "places.csv"
    table.write_text("\n".join(["name,lon,lat,holder", *rows]), encoding="utf-8")
    out = run(SCRIPTS / "evaluate-control", table, "--countries", "SY", "--seeds", 1)
    assert out.count("hidden, near the front: nearest") == 3
    best = float(out.split("ours ")[1].split()[0])
    assert best == pytest.approx(1.0, abs=0.15)
