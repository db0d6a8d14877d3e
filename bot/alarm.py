"""The alarm clock: wakes each job of `bot/jobs` at its hour. What a job does, it works out from the tables."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from importlib import import_module
from inspect import signature
from pkgutil import iter_modules
from types import ModuleType

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot import jobs
from bot.alert import alert
from bot.desk import Desk
from storage.db import Busy, Closed, Conn, Database

log = logging.getLogger("camtay.jobs")


def known() -> dict[str, ModuleType]:
    """All jobs by name."""
    return {found.name: import_module(f"bot.jobs.{found.name}") for found in iter_modules(jobs.__path__)}


def work(job: ModuleType, desk: Desk) -> Callable[[Conn, datetime], object]:
    """What the job does, as a plain function of the database and the time; one that speaks has the desk to hand."""
    run: Callable[[Conn, datetime], object] = job.run
    return partial(job.run, desk=desk) if "desk" in signature(job.run).parameters else run


def start(db: Database, clock: Callable[[], datetime], desk: Desk, wake: Callable[[], None]) -> AsyncIOScheduler:
    """Set every job's alarm; a job that is late runs once, not as often as it was missed.

    `wake` is called after each: there may be something new to send.
    """
    scheduler = AsyncIOScheduler(timezone=desk.zone)
    ring = partial(_ring, db, clock, desk, wake)
    for name, job in known().items():
        trigger = CronTrigger(**job.WHEN, timezone=desk.zone)
        scheduler.add_job(ring, trigger, (name, job), id=name, coalesce=True, misfire_grace_time=None)
    scheduler.start()
    return scheduler


async def _ring(
    db: Database, clock: Callable[[], datetime], desk: Desk, wake: Callable[[], None], name: str, job: ModuleType
) -> None:
    """Run it; what fails was undone, is told, and is tried again when it is due next."""
    try:
        done = await db.run(work(job, desk), clock())
        log.info("job.done", extra={"job": name, "rows": done})
    except (Busy, Closed) as error:
        log.warning("job.put_off", extra={"job": name, "why": str(error)})
    except Exception:  # whatever a job stumbles over, the alarm clock goes on
        log.exception("job.failed", extra={"job": name})
        with suppress(Busy, Closed):
            await db.run(alert, f"job:{name}", "alert.job_failed", clock(), desk, job=name)
    wake()
