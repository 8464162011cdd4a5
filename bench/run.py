"""Runs every benchmark, one after the other, and writes docs/benchmarks.md; run by script/bench."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg

from bench.common import ROOT
from bench.election_held import WIDTH

ALL = ("pages", "rsvp", "vote", "reservations", "live", "brainstorm", "election", "lab")
TARGET = ROOT / "docs" / "benchmarks.md"
TEXT = """# Benchmarks

Made by `script/bench`. The ratios compare our code with the least that could do the same work, in
the same run on the same machine; the other figures are facts of one machine ({cores} cores, Python
{python}, PostgreSQL {postgres} with `fsync` off but for the last table, clients and servers sharing
the cores; the load
average was {load} before the run and {load_after} after it, and about 2 of that is the run itself).

| what | ours | the bare thing | ratio |
|---|---|---|---|
| a meetup's page, {connections} connections: requests a second | {page_rate} | {bare_rate} | \
{rate_ratio} |
| the same: CPU of the web process a request | {page_cpu} ms | {bare_cpu} ms | {cpu_ratio} |
| a poll's result, {connections} connections: requests a second | {result_rate} | \
{bare_result_rate} | {result_rate_ratio} |
| the same: CPU of the web process a request | {result_cpu} ms | {bare_result_cpu} ms | \
{result_cpu_ratio} |
| a whole RSVP (page, answer, mail queued), {connections} connections: flows a second | \
{rsvp_rate} | {bare_rsvp_rate} | {rsvp_rate_ratio} |
| the same: CPU of the web process a flow | {rsvp_cpu} ms | {bare_rsvp_cpu} ms | {rsvp_cpu_ratio} |
| the same: p50 / p99 | {rsvp_p50} / {rsvp_p99} ms | {bare_rsvp_p50} / {bare_rsvp_p99} ms | |
| a whole vote (ballot's page of twelve options, ballot), {connections} connections: flows a \
second | {vote_rate} | {bare_vote_rate} | {vote_rate_ratio} |
| the same: CPU of the web process a flow | {vote_cpu} ms | {bare_vote_cpu} ms | {vote_cpu_ratio} |
| the same: p50 / p99 | {vote_p50} / {vote_p99} ms | {bare_vote_p50} / {bare_vote_p99} ms | |
| 16 writers want one node: p50 / p99 | {one_p50} / {one_p99} ms | {bare_one_p50} / \
{bare_one_p99} ms | {one_ratio} (p50) |
| 16 writers want 6 of 20 nodes: p50 / p99 | {six_p50} / {six_p99} ms | {bare_six_p50} / \
{bare_six_p99} ms | {six_ratio} (p50) |
| live stream, {readers} readers: CPU of the server a message delivered | {live_cpu} µs | \
{bare_live_cpu} µs | {live_ratio} |
| the same: p50 / p99 from writing to a reader | {live_p50} / {live_p99} ms | {bare_live_p50} / \
{bare_live_p99} ms | |
| a brainstorm, {room} clients, {cards_per_s} cards a second: p50 / p95 from posting to \
the others' screens | {card_p50} / {card_p95} ms | {bare_card_p50} / {bare_card_p95} ms | \
{card_ratio} (p95) |
| the same: CPU of the web process a card | {card_cpu} ms | {bare_card_cpu} ms | {card_cpu_ratio} |
| counting an election: {election_ballots} ballots, {election_candidates} candidates, the cap and \
all what-ifs | {election_count} ms | {election_bare} ms | {election_ratio} |
| the same ballots read from their sheet and counted | {election_recount} ms | | |
| an election's ballots over HTTP, {held_width} connections: ballots a second | {held_rate} | \
{held_bare_rate} | {held_rate_ratio} |
| the same: p50 / p95 | {held_p50} / {held_p95} ms | | |

| a whole election of {held_voters} voters and {held_ballots} ballots | |
|---|---|
| opening: roll fixed, a link queued for each | {held_open} s, {held_statements} statements |
| the links handed over, one after the other | {held_mails} s |
| the tick that closes it, with the mails about the result | {held_tick} s |
| of it sealing | {held_seal} s |
| of it the count | {held_count} s |

| the whole server, {nodes} simulated nodes | |
|---|---|
| first start, with database and demo season | {first_start} s |
| second start | {second_start} s |
| `inspect` on {nodes} nodes, from the request to the end | {inspect} s |
| `trace` of {lines} lines on {nodes} nodes | {trace_s} s, {lines_per_s} lines a second |

What the bare things are:

- **page**: a Django view without middleware or template that runs the page's {queries} queries (for
  strangers: one, for the version of the page kept) and answers with a word, through the same server
  ({bytes} bytes against {bare_bytes}). A poll's result is kept alike ({result_bytes} bytes).
- **RSVP**: a plain Django site with its own session, account and CSRF middleware: a page with a
  form, and an answer that locks the event's row, inserts one row and counts on. No mail, no
  waitlist, no dietary note. Ours runs {rsvp_statements} SQL statements in all, page and answer.
- **vote**: the same plain site: twelve options in a form, and one row a voter written or replaced.
  It knows no electorate, no turnout and no log, and checks nothing of the ballot. Ours runs
  {vote_statements} SQL statements in all.
- **reservations**: the same locks and inserts through psycopg. It checks nothing of the wish,
  writes no audit entry, and who comes too late is not told what is in the way or when it would
  work.
  One winner for one node and three for 6 of 20 in every round; deadlocks: {deadlocks}.
- **live**: `websockets.broadcast()` of the same frames, without a database, rights or places in the
  stream. {rate_of_live} Every reader of both got every event once and in order.
- **brainstorm**: an ASGI application that inserts one row through psycopg and sends it to every
  socket. It asks for no key, numbers nothing, and forgets who missed it. Every screen of both got
  every card once.
- **election**: the votes of each candidate added up as `Decimal`, in the same process. It checks no
  ballot, makes no receipt, and knows no cap, no tie, no STV and no Schulze.
- **ballots over HTTP**: the same rows inserted through psycopg, one transaction each, as many at
  once; no HTTP, no link, no lock, no trigger. In the same run every receipt was found in the list,
  there were as many ballots as voters marked, and the recount gave the published bytes.
"""


def result_of(name: str, arguments: list[str]) -> Any:
    """The last line of a benchmark's output."""
    command = [sys.executable, "-P", "-m", f"bench.{name}", *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])[name]


def postgres_version() -> str:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        number = connection.info.server_version
    return f"{number // 10000}.{number % 10000}"


def brainstorm_figures(found: dict[str, Any]) -> dict[str, Any]:
    """What the page says of the brainstorm."""
    ours, bare = found["ours"], found["bare"]
    return {
        "room": found["clients"],
        "cards_per_s": f"{found['rate']:g}",
        "card_p50": ours["p50_ms"],
        "card_p95": ours["p95_ms"],
        "bare_card_p50": bare["p50_ms"],
        "bare_card_p95": bare["p95_ms"],
        "card_ratio": found["p95_ratio"],
        "card_cpu": ours["cpu_ms_per_card"],
        "bare_card_cpu": bare["cpu_ms_per_card"],
        "card_cpu_ratio": found["cpu_ratio"],
    }


def election_figures(found: dict[str, Any]) -> dict[str, Any]:
    """What the page says of an election's count."""
    return {
        "election_ballots": f"{found['ballots']:,}",
        "election_candidates": found["candidates"],
        "election_count": round(found["count_s"] * 1000),
        "election_bare": round(found["bare_s"] * 1000),
        "election_ratio": found["ratio"],
        "election_recount": round(found["recount_s"] * 1000),
    } | held_figures(found["held"])


def held_figures(held: dict[str, Any]) -> dict[str, Any]:
    """What the page says of a whole election."""
    return {
        "held_width": WIDTH,
        "held_voters": f"{held['voters']:,}",
        "held_ballots": f"{held['ballots']:,}",
        "held_rate": round(held["ballots_per_s"]),
        "held_bare_rate": round(held["bare_per_s"]),
        "held_rate_ratio": held["rate_ratio"],
        "held_p50": held["p50_ms"],
        "held_p95": held["p95_ms"],
        "held_open": held["open_s"],
        "held_statements": held["open_statements"],
        "held_mails": held["mails_s"],
        "held_tick": held["close_seal_count_s"],
        "held_seal": held["seal_s"],
        "held_count": held["count_s"],
    }


def flow_figures(name: str, flow: dict[str, Any]) -> dict[str, Any]:
    """What the page says of a page and its form."""
    figures = {
        "rate_ratio": flow["rate_ratio"],
        "cpu_ratio": flow["cpu_ratio"],
        "statements": flow["statements"],
    }
    found = {f"{name}_{word}": figure for word, figure in figures.items()}
    for prefix, side in ((name, flow["ours"]), (f"bare_{name}", flow["bare"])):
        found |= {
            f"{prefix}_rate": side["flows_per_s"],
            f"{prefix}_cpu": round(side["cpu_ms"], 1),
            f"{prefix}_p50": side["p50_ms"],
            f"{prefix}_p99": side["p99_ms"],
        }
    return found


def page_figures(pages: dict[str, Any]) -> dict[str, Any]:
    """What the page says of the pages kept for strangers."""
    meetup, result = pages["meetup"], pages["result"]
    return {
        "connections": meetup["connections"],
        "page_rate": round(meetup["ours"]["requests_per_s"]),
        "bare_rate": round(meetup["bare"]["requests_per_s"]),
        "rate_ratio": meetup["rate_ratio"],
        "page_cpu": round(meetup["ours"]["cpu_ms"], 1),
        "bare_cpu": round(meetup["bare"]["cpu_ms"], 1),
        "cpu_ratio": meetup["cpu_ratio"],
        "queries": meetup["queries"],
        "bytes": meetup["ours"]["bytes"],
        "bare_bytes": meetup["bare"]["bytes"],
        "result_rate": round(result["ours"]["requests_per_s"]),
        "bare_result_rate": round(result["bare"]["requests_per_s"]),
        "result_rate_ratio": result["rate_ratio"],
        "result_cpu": round(result["ours"]["cpu_ms"], 1),
        "bare_result_cpu": round(result["bare"]["cpu_ms"], 1),
        "result_cpu_ratio": result["cpu_ratio"],
        "result_bytes": result["ours"]["bytes"],
    }


def page(found: dict[str, Any]) -> str:
    """The text of docs/benchmarks.md."""
    live, lab = found["live"], found["lab"]
    one, six = found["reservations"]["one_node"], found["reservations"]["six_of_twenty"]
    return TEXT.format(
        cores=os.cpu_count(),
        load=found["load"],
        load_after=round(os.getloadavg()[0], 1),
        python=platform.python_version(),
        postgres=postgres_version(),
        **page_figures(found["pages"]),
        **flow_figures("rsvp", found["rsvp"]),
        **flow_figures("vote", found["vote"]),
        one_p50=one["ours"]["p50_ms"],
        one_p99=one["ours"]["p99_ms"],
        bare_one_p50=one["bare"]["p50_ms"],
        bare_one_p99=one["bare"]["p99_ms"],
        one_ratio=round(one["ours"]["p50_ms"] / one["bare"]["p50_ms"], 1),
        six_p50=six["ours"]["p50_ms"],
        six_p99=six["ours"]["p99_ms"],
        bare_six_p50=six["bare"]["p50_ms"],
        bare_six_p99=six["bare"]["p99_ms"],
        six_ratio=round(six["ours"]["p50_ms"] / six["bare"]["p50_ms"], 1),
        deadlocks=found["reservations"]["deadlocks"],
        readers=live["readers"],
        live_cpu=live["ours"]["cpu_us_per_message"],
        bare_live_cpu=live["bare"]["cpu_us_per_message"],
        live_ratio=live["cpu_ratio"],
        live_p50=live["ours"]["p50_ms"],
        live_p99=live["ours"]["p99_ms"],
        bare_live_p50=live["bare"]["p50_ms"],
        bare_live_p99=live["bare"]["p99_ms"],
        rate_of_live=live["what"],
        **brainstorm_figures(found["brainstorm"]),
        **election_figures(found["election"]),
        nodes=lab["nodes"],
        first_start=lab["first_start_s"],
        second_start=lab["second_start_s"],
        inspect=lab["inspect_s"],
        lines=f"{lab['trace']['lines']:,}",
        trace_s=lab["trace"]["seconds"],
        lines_per_s=f"{lab['trace']['lines_per_s']:,}",
    )


def main(names: list[str]) -> None:
    """Run all and write the page, or run those named and only print."""
    found = {"load": round(os.getloadavg()[0], 1)}
    found |= {name: result_of(name, []) for name in names or ALL}
    if names:
        print(json.dumps(found, indent=2))
        return
    Path(TARGET).write_text(page(found), encoding="utf-8")
    print(f"Written: {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
