"""The bots we compare with: python-telegram-bot as its own documentation shows it, echoing what it hears.

    python -m benchmarks.stock --api http://127.0.0.1:9001 --port 9002 [--database /tmp/x.db]

Its own webhook server (tornado) and HTTP client (httpx), as they come: updates side by side made it slower here.
With `--database` each update is one aiosqlite transaction with synchronous=FULL before it is answered.
"""

from __future__ import annotations

import argparse

import aiosqlite
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from benchmarks.peer import SECRET, TOKEN


def build(api: str, database: str | None) -> Application:  # type: ignore[type-arg]  # its six parameters say nothing here
    builder = Application.builder().token(TOKEN).base_url(f"{api}/bot")
    holder: dict[str, aiosqlite.Connection] = {}

    async def opened(application: object) -> None:
        if database:
            holder["db"] = db = await aiosqlite.connect(database)
            await db.execute("pragma journal_mode=wal")
            await db.execute("pragma synchronous=full")
            await db.execute("create table seen (id integer primary key, chat integer, text text)")
            await db.commit()

    async def closed(application: object) -> None:
        if database:
            await holder["db"].close()

    async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        assert update.message.text is not None
        if database:
            await holder["db"].execute("insert into seen values (?, ?, ?)", (update.update_id, 1, update.message.text))
            await holder["db"].commit()
        await update.message.reply_text(update.message.text)

    application = builder.post_init(opened).post_shutdown(closed).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    return application


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--api", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database")
    words = parser.parse_args()
    build(words.api, words.database).run_webhook(
        listen="127.0.0.1",
        port=words.port,
        url_path="hook",
        secret_token=SECRET,
        webhook_url=f"http://127.0.0.1:{words.port}/hook",
    )
