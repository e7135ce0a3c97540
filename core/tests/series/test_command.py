"""``shirube gather``: what it writes, says, and returns."""

import json

from shirube.cli import run_command_line


def test_it_gathers_every_run_below_a_folder_and_says_what_was_written(write, fit, at, tmp_path, capsys):
    for place, position in enumerate((284.8, 284.9)):
        write(f"{place}", at(f"{place}.txt#1"), fit(((("p1", position, 1.1, 900.0),),)))
    out = tmp_path / "out"
    assert run_command_line(["gather", str(tmp_path / "runs"), "-o", str(out), "--no-figures", "--lang", "en"]) == 0
    assert f"Results of 2 of 2 spectra written to {out}" in capsys.readouterr().out
    assert sorted(path.name for path in out.iterdir()) == ["tables"]
    assert run_command_line(["gather", str(tmp_path / "runs"), "-o", str(out), "--no-figures"]) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert run_command_line(["gather", str(tmp_path / "runs"), "-o", str(out), "--overwrite", "--no-figures"]) == 0


def test_overwriting_takes_no_file_that_a_person_put_there(write, fit, at, tmp_path, capsys):
    write("a", at("a.txt#1"), fit(((("p1", 284.8, 1.1, 900.0),),)))
    out = tmp_path / "out"
    arguments = ["gather", str(tmp_path / "runs"), "-o", str(out), "--no-figures", "--overwrite", "--lang", "en"]
    assert run_command_line(arguments) == 0
    (out / "tables" / "mine.csv").write_text("mine", encoding="utf-8")
    assert run_command_line(arguments) == 2
    assert "holds what no gathering wrote (mine.csv)" in capsys.readouterr().err
    assert (out / "tables" / "mine.csv").read_text(encoding="utf-8") == "mine"


def test_an_item_that_could_not_be_read_makes_the_exit_code_1(write, fit, at, tmp_path, capsys):
    write("good", at("a.txt#1"), fit(((("p1", 284.8, 1.1, 900.0),),)))
    (write("bad", at("b.txt#1")) / "shirube.json").write_text("{}", encoding="utf-8")
    arguments = ["gather", str(tmp_path / "runs"), "-o", str(tmp_path / "out"), "--no-figures", "--json"]
    assert run_command_line(arguments) == 1
    said = capsys.readouterr()
    answer = json.loads(said.out)
    assert answer["schema"] == "shirube-gather/1"
    assert (answer["spectra"], answer["results"]) == (1, 1)
    assert [one["item"] for one in answer["missing"]] == ["bad"]
    assert "bad: " in said.err
    assert "tables/components_lines.csv" in answer["files"]
