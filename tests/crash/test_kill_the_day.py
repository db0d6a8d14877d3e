"""SIGKILL while people call for help, report in one sentence and are reminded: no ask, event or reminder is doubled.

What stands in the tables afterwards is what stands there after the same day undisturbed.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
from random import Random
from typing import Any

from sqlalchemy import select

from bot.settings import HERE
from storage.db import Conn, Database
from storage.schema import chat, help_ask, help_request, occurrence, outbox, person, progress
from tests.crash import day

Rows = dict[str, Counter[tuple[Any, ...]]]
KILLS = 25


async def test_a_day_of_calls_reports_and_reminders_survives_every_kill(database_url: str) -> None:
    db = await Database.open(database_url)
    await db.run(day.furnish)
    await db.close()
    lives = live_and_die(database_url)
    assert lives > KILLS
    db = await Database.open(database_url)
    assert await db.run(written) == await undisturbed()
    await db.close()


def live_and_die(url: str) -> int:
    """Do the whole day, killed again and again; how many lives that took."""
    draw, works, lives = Random(6), len(day.works()), 0
    words = [sys.executable, "-m", "tests.crash.day", url]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE) as parent:
        assert parent.stdin
        assert parent.stdout
        done = -1
        while done < works - 1:
            lives += 1
            print(f"start {max(done, 0)}", file=parent.stdin, flush=True)  # the last one once more: a repeat
            rest = works if lives > KILLS else max(done, 0) + 1 + draw.randrange(4)
            while done < min(rest, works - 1):
                done = int(parent.stdout.readline())
            time.sleep(draw.uniform(0, 0.004))  # into the middle of the next one
            print("kill", file=parent.stdin, flush=True)
            while (line := parent.stdout.readline()) != "killed\n":
                done = int(line)
    return lives


async def undisturbed() -> Rows:
    """The same day when nothing goes wrong."""
    db, desk = await Database.open("sqlite://"), day.desk()
    await db.run(day.furnish)
    for work in day.works():
        await db.run(work, desk)
    rows = await db.run(written)
    await db.close()
    assert len(rows["asks"]) > day.PAIRS
    assert sum(rows["events"].values()) == 2 * day.PAIRS
    assert sum(rows["reminders"].values()) >= day.PAIRS
    return rows


def written(conn: Conn) -> Rows:
    """Calls, asks, events, occurrences and messages, numbers of rows left out: PostgreSQL skips some."""
    called = select(chat.c.key, help_request.c.state, help_request.c.round).join_from(help_request, chat)
    asked = (
        select(chat.c.key, person.c.code, help_ask.c.round, help_ask.c.asked_at)
        .select_from(help_ask.join(help_request).join(chat))
        .join(person, person.c.id == help_ask.c.person_id)
    )
    told = select(person.c.code, progress.c.what, progress.c.source, progress.c.told_at).join(
        person, person.c.id == progress.c.person_id
    )
    reminded = select(occurrence.c.job, occurrence.c.planned_for, occurrence.c.state, occurrence.c.subject)
    said = select(chat.c.key, outbox.c.rank, outbox.c.body).join(chat, chat.c.id == outbox.c.chat_id)
    return {
        "calls": Counter(map(tuple, conn.execute(called))),
        "asks": Counter(map(tuple, conn.execute(asked))),
        "events": Counter(map(tuple, conn.execute(told))),
        "reminders": Counter(map(tuple, conn.execute(reminded))),
        "said": Counter((key, rank, re.sub(r"\d+", "#", body["text"])) for key, rank, body in conn.execute(said)),
    }
