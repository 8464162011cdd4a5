"""Ballots as a sheet and back, and `manage.py recount` of such a file, without a database."""

import json

import pytest
from django.core.management import CommandError, call_command

from polls.tally.election import canonical_bytes, count_election
from polls.tally.sheets import ballots_csv, read_ballots_csv
from tests.polls.tally.elections import ballot, candidate, cumulative, rankings, rules

NAMES = [candidate(2, "Bob", "HP"), candidate(10, "Cy, Jr."), candidate(1, "=Ada", "=cmd()")]


def test_a_cumulative_sheet():
    told = rules("cumulative", NAMES, asks_employer=True, whole_votes=False)
    two = ballot(2, {"allocations": {"10": "0.50", "2": "3"}}, "=cmd()")
    one = ballot(1, {"allocations": {}}, "hp")
    text = ballots_csv(told, [two, one])
    assert text == (
        'election,ballot,employer,1 =Ada,2 Bob,"10 Cy, Jr."\n'
        "board,00000000-0000-0000-0000-000000000001,hp,,,\n"
        "board,00000000-0000-0000-0000-000000000002,'=cmd(),,3,0.5\n"
    )  # fmt: skip
    again = read_ballots_csv(text, told)
    assert [row["employer"] for row in again] == ["hp", "=cmd()"]
    assert again[1]["choices"] == {"allocations": {"2": "3", "10": "0.5"}}


def test_sheets_of_the_other_methods():
    told = rules("approval", {1: "A", 2: "B"})
    text = ballots_csv(told, [ballot(1, {"approved": [2]})])
    assert text.splitlines() == ["election,ballot,1 A,2 B", f"board,{ballot(1, {})['id']},,1"]
    names = {1: "A", 2: "B", 3: "C", 4: "D"}
    text = ballots_csv(rules("schulze", names), rankings([[3], [1, 4], [2]]))
    assert text.splitlines()[1].endswith(",2,3,1,2")
    text = ballots_csv(rules("stv", names), rankings([3, 1]))
    assert text.splitlines()[1].endswith(",2,,1,")


def _refused(told, line, said):
    header = ballots_csv(told, [])
    with pytest.raises(ValueError, match=said):
        read_ballots_csv(f"{header}{line}\n", told)


def test_what_is_refused_names_its_line():
    told = rules("cumulative", {1: "A", 2: "B"})
    _refused(told, "board,x,9,", r"^Line 2: The ballot gives 9 votes of 8\.$")
    _refused(told, "board,x,-1,", r"^Line 2: '-1' is no number of votes")
    _refused(told, "board,x,1.5,", "Line 2: 1.5 is no whole number")
    _refused(told, "board,x,1", "Line 2: there are 3 cells, and should be 4")
    _refused(told, "board,x,1,\nboard,x,1,", "Line 3: the ballot has no id, or one that was there")
    _refused(told, "other,x,1,", "Line 2: the ballot is of 'other', not of 'board'")
    _refused(told, 'board,x,"1', "Line 2: unexpected end of data")
    with pytest.raises(ValueError, match="Line 1: the columns are not those of this election"):
        read_ballots_csv("", told)
    with pytest.raises(ValueError, match="Line 1: the columns"):
        read_ballots_csv(ballots_csv(rules("cumulative", {1: "A", 3: "B"}), []), told)
    asked = rules("cumulative", {1: "A"}, asks_employer=True)
    _refused(asked, "board,x,ibm,1", "Line 2: 'ibm' is no candidate's company")
    _refused(rules("approval", {1: "A"}), "board,x,2", "an approval is a 1")
    _refused(rules("stv", {1: "A", 2: "B"}), "board,x,1,1", "the same place")
    _refused(rules("stv", {1: "A", 2: "B"}), "board,x,1,3", "without a gap")
    _refused(rules("schulze", {1: "A", 2: "B"}), "board,x,1,²", "no place in a ranking")


def test_a_file_is_recounted_to_the_same_bytes(tmp_path, capsysbinary):
    told = rules("cumulative", NAMES, whole_votes=False, seats=2)
    ballots = cumulative({1: 3, 2: "0.25"}, {10: 8}, {})
    path, beside = tmp_path / "ballots.csv", tmp_path / "rules.json"
    path.write_text(ballots_csv(told, ballots))
    with pytest.raises(CommandError, match=r"no file .*rules\.json"):
        call_command("recount", str(path), "--rules", str(beside))
    beside.write_text(json.dumps(told))
    call_command("recount", str(path))
    elsewhere = beside.rename(tmp_path / "other.json")
    call_command("recount", str(path), "--rules", str(elsewhere))
    once = canonical_bytes(count_election(told, ballots))
    assert capsysbinary.readouterr().out == once + once


def test_a_file_that_cannot_be_recounted_says_why(tmp_path):
    told = rules("cumulative", {1: "A"})
    path, beside = tmp_path / "ballots.csv", tmp_path / "rules.json"
    path.write_text(ballots_csv(told, []) + "board,x,9\n")
    beside.write_text(json.dumps(told))
    with pytest.raises(CommandError, match=r"Line 2: The ballot gives 9 votes of 8\."):
        call_command("recount", str(path))
    del told["seats"]
    beside.write_text(json.dumps(told))
    path.write_text(ballots_csv(told, []))
    with pytest.raises(CommandError, match="no election's rules: no 'seats'"):
        call_command("recount", str(path))
    with pytest.raises(CommandError, match="no file"):
        call_command("recount", str(tmp_path / "none.csv"))
