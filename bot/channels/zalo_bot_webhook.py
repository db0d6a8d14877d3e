"""What Zalo's own trial of a webhook says, in words that help to mend it."""

from __future__ import annotations

import logging
import re

log = logging.getLogger(__name__)

MEANINGS = {
    "webhook.ok": "Zalo reached this machine",
    "webhook.http.403": "something in front of this machine refuses Zalo, such as a browser check at Cloudflare",
    "webhook.http.404": "the address leads elsewhere: compare PUBLIC_URL with the proxy's settings",
    "webhook.http.5xx": "the proxy answers but does not reach this program",
    "webhook.http.other": "something in front of this machine answers instead of it",
    "webhook.err.tls": "the certificate is not accepted: is it valid and complete?",
    "webhook.err.dns": "the name in PUBLIC_URL is not known to Zalo",
    "webhook.err.timeout": "this machine does not answer in time, or a firewall drops what comes from Zalo",
    "webhook.err.conn": "nothing listens at PUBLIC_URL",
    "webhook.err.proxy": "Zalo's own proxy could not get through",
    "webhook.err.blocked": "Zalo does not allow this address: it must be public and https",
    "webhook.err.unreachable": "no way leads from Zalo to this machine",
    "webhook.err.other": "Zalo could not reach this machine",
}
_OUTCOME = re.compile(r"webhook\.[a-z0-9_.]{1,40}")


def report(bot: str, result: object) -> None:
    """Log how the trial went. Zalo keeps the address whatever came of it, and older versions try nothing."""
    trial = result.get("verification") if isinstance(result, dict) else None
    if not isinstance(trial, dict):
        log.info("zalo_bot.webhook_set", extra={"bot": bot, "meaning": "Zalo did not say whether it works"})
        return
    found = trial.get("outcome")
    outcome = found if isinstance(found, str) and _OUTCOME.fullmatch(found) else ""
    meaning = MEANINGS.get(outcome, "Zalo says nothing that we know")
    details = {"bot": bot, "outcome": outcome, "meaning": meaning}
    if trial.get("ok") is True:
        log.info("zalo_bot.webhook_set", extra=details)
    else:
        log.error("zalo_bot.webhook_does_not_work", extra=details)
