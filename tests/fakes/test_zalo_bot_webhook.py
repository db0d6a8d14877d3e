"""The fake Zalo tries a webhook, keeps it whatever comes of that, and delivers in all shapes seen."""

from __future__ import annotations

import pytest

from tests.fakes.zalo_bot_kit import SECRET, api, ask, listener, refused


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, "ok"), (403, "http.403"), (404, "http.404"), (500, "http.5xx"), (301, "http.other")],
)
async def test_a_webhook_is_tried_with_an_empty_post_and_kept_whatever_comes(status: int, outcome: str) -> None:
    async with api() as (fake, http), listener([status]) as (url, got):
        _, answer = await ask(http, "setWebhook", url=url, secret_token=SECRET)
        verification = answer["result"]["verification"]
        assert (verification["status_code"], verification["outcome"]) == (status, f"webhook.{outcome}")
        assert verification["ok"] == (status == 200)
        [(headers, body)] = got
        assert body is None
        assert "X-Bot-Api-Secret-Token" not in headers
        assert fake.bots[0].webhook["url"] == url


async def test_a_webhook_that_is_not_there_is_kept_too() -> None:
    async with api() as (fake, http):
        _, answer = await ask(http, "setWebhook", url="https://127.0.0.1:1/h", secret_token=SECRET)
        assert answer["result"]["verification"]["outcome"] == "webhook.err.conn"
        assert fake.bots[0].webhook


async def test_a_webhook_shuts_out_polling_until_it_is_deleted() -> None:
    async with api(longest_poll=0.01, verifies=False) as (fake, http):
        fake.bots[0].say("Lan", "a")
        _, answer = await ask(http, "setWebhook", url="https://127.0.0.1:1/h", secret_token=SECRET)
        assert "verification" not in answer["result"]
        assert (await ask(http, "getUpdates"))[1]["error_code"] == 408
        _, info = await ask(http, "getWebhookInfo")
        assert set(info["result"]) == {"url", "updated_at"}
        _, answer = await ask(http, "deleteWebhook")
        assert answer["result"]["url"] == ""
        assert (await ask(http, "getUpdates"))[1]["ok"] is True


async def test_no_webhook_is_not_found_or_empty() -> None:
    async with api() as (fake, http):
        assert (await ask(http, "getWebhookInfo"))[1] == refused(404, "Not Found")
        fake.modes.no_webhook_is_404 = False
        assert (await ask(http, "getWebhookInfo"))[1]["result"] == {"url": "", "updated_at": 0}


async def test_a_webhook_can_be_tested_a_few_times_a_day() -> None:
    async with api(webhook_tests=2) as (_, http), listener([]) as (url, _):
        await ask(http, "setWebhook", url=url, secret_token=SECRET)
        answers = [(await ask(http, "testWebhook"))[1] for _ in range(3)]
        assert [answer.get("result", {}).get("outcome") for answer in answers] == ["webhook.ok", "webhook.ok", None]
        assert answers[2]["error_code"] == 426


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("photo_key", ["photo", "photo_url"])
@pytest.mark.parametrize("named", [False, True])
async def test_deliveries_have_the_shapes_of_both_worlds(wrapped: bool, photo_key: str, named: bool) -> None:
    async with (
        api(wrapped=wrapped, photo_key=photo_key, named=named) as (fake, http),
        listener([]) as (url, got),
    ):
        await ask(http, "setWebhook", url=url, secret_token=SECRET)
        fake.bots[0].photo("Lan")
        await fake.until(lambda: fake.pusher.pushes)
        headers, body = got[1]
        assert (headers["X-Bot-Api-Secret-Token"], headers["User-Agent"]) == (SECRET, "Java/1.8.0_192")
        update = body["result"] if wrapped else body
        assert update["event_name"] == "message.image.received"
        assert photo_key in update["message"]
        assert ("display_name" in update["message"]["from"]) == named
        assert update["message"]["date"] > 10**12


async def test_deliveries_can_come_twice_late_and_backwards() -> None:
    async with api(redeliver=1) as (fake, http), listener([200, 500]) as (url, got):
        await ask(http, "setWebhook", url=url, secret_token=SECRET)
        bot = fake.bots[0]
        first = bot.say("Lan", "a")
        await fake.until(lambda: len(fake.pusher.pushes) == 2)
        fake.pusher.held = []
        second, third = bot.unsupported("Lan"), bot.sticker("Lan")
        bot.inject({"event_name": "user.follow", "message": {}})
        fake.pusher.release(backwards=True)
        await fake.until(lambda: len(fake.pusher.pushes) == 5)
        assert fake.pusher.pushes == [(first, 500), (first, 200), ("", 200), (third, 200), (second, 200)]
        assert got[3][1]["event_name"] == "user.follow"
