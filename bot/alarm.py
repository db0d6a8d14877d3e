"""The alarm clock: wakes each job of `bot/jobs` at its hour. What a job does, it works out from the tables."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot import jobs
from storage.db import Database

log = logging.getLogger("camtay.jobs")


def known() -> dict[str, ModuleType]:
    """All jobs by name."""
    return {found.name: import_module(f"bot.jobs.{found.name}") for found in iter_modules(jobs.__path__)}


def start(db: Database, clock: Callable[[], datetime], zone: str) -> AsyncIOScheduler:
    """Set every job's alarm; a job that is late runs once, not as often as it was missed."""
    scheduler = AsyncIOScheduler(timezone=ZoneInfo(zone))
    for name, job in known().items():
        trigger = CronTrigger(**job.WHEN, timezone=ZoneInfo(zone))
        scheduler.add_job(_ring, trigger, (db, clock, name, job), id=name, coalesce=True, misfire_grace_time=None)
    scheduler.start()
    return scheduler


async def _ring(db: Database, clock: Callable[[], datetime], name: str, job: ModuleType) -> None:
    done = await db.run(job.run, clock())
    log.info("job.done", extra={"job": name, "rows": done})
