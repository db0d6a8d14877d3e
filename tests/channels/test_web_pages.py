"""The page's files: headers on every answer, weight, media, words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.channels.web_pages import FOLDER, Pages
from tests.channels.web_kit import browser, build, serving

EVERYWHERE = (
    "/",
    "/vao/X",
    "/s/0123abcd/",
    "/s/0123abcd",
    "/s/0123abcd/history",
    "/trang/page.css",
    "/trang/nothing.css",
    "/media/android/1.png",
    "/media/nothing.png",
    "/nowhere",
)
ODD_MEDIA = (
    "/media/../secret.png",
    "/media/%2e%2e/secret.png",
    "/media/..%2fsecret.png",
    "/media/android/..%5c..%5csecret.png",
    "/media//etc/passwd",
    "/media/%2fetc%2fpasswd",
    "/media/android/link.png",
    "/media/android/guide.yaml",
    "/media/android",
    "/media/android/%00.png",
    "/media/" + "a" * 5000 + ".png",
)


@pytest.fixture
def guides(tmp_path: Path) -> Path:
    (tmp_path / "secret.png").write_bytes(b"secret")
    folder = tmp_path / "guides"
    (folder / "android").mkdir(parents=True)
    (folder / "android" / "1.png").write_bytes(b"\x89PNG picture")
    (folder / "android" / "1.mp3").write_bytes(b"0123456789")
    (folder / "android" / "guide.yaml").write_text("title: x")
    (folder / "android" / "link.png").symlink_to(tmp_path / "secret.png")
    return folder


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_every_answer_carries_the_strict_headers(guides: Path, path: str) -> None:
    async with serving(build(guides)) as base, browser(base) as phone:
        headers = (await phone.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "microphone=()" in headers["Permissions-Policy"]
        assert headers["Cache-Control"]


async def test_the_stream_carries_them_too(guides: Path) -> None:
    async with serving(build(guides)) as base, browser(base) as phone:
        stream = await phone.get(f"{await phone.enter()}events")
        assert "default-src 'none'" in stream.headers["Content-Security-Policy"]
        stream.close()


@pytest.mark.parametrize("path", ["/nowhere", "/media/nothing.png", "/trang/x.js", "/s/0123abcd/", "/s/nobody/"])
async def test_an_error_page_is_friendly_and_leads_back(guides: Path, path: str) -> None:
    async with serving(build(guides)) as base, browser(base) as phone:
        answer = await phone.get(path)
        assert answer.status in (401, 404)
        assert 'href="/">Về trang đầu' in await answer.text()


@pytest.mark.parametrize("path", ODD_MEDIA)
async def test_nothing_outside_the_guides_is_given(guides: Path, path: str) -> None:
    async with serving(build(guides)) as base:
        reader = await raw_get(base, path)
        assert b" 404 " in reader.split(b"\r\n")[0] or b" 400 " in reader.split(b"\r\n")[0]
        assert b"secret" not in reader
        assert b"root:" not in reader


async def raw_get(base: str, path: str) -> bytes:
    """Exactly these bytes: a client library would tidy the path first."""
    import asyncio

    host, port = base.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_a_picture_is_kept_and_a_voice_can_be_wound(guides: Path) -> None:
    async with serving(build(guides)) as base, browser(base) as phone:
        picture = await phone.get("/media/android/1.png?v=1")
        assert picture.content_type == "image/png"
        assert "immutable" in picture.headers["Cache-Control"]
        assert "immutable" not in (await phone.get("/media/android/1.png")).headers["Cache-Control"]
        part = await phone.get("/media/android/1.mp3", Range="bytes=2-4")
        assert (part.status, await part.read()) == (206, b"234")


async def test_all_of_the_page_is_small_and_from_here(guides: Path) -> None:
    async with serving(build(guides)) as base, browser(base) as phone:
        seat = await phone.enter()
        answer = await phone.get(seat)
        html = await answer.text()
        addresses = set(re.findall(r'(?:src|href)="(/trang/[^"]+)"', html))
        files = [await (await phone.get(address)).read() for address in addresses]
        assert len(html.encode()) + sum(map(len, files)) < 50_000
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", html + b"".join(files).decode("latin-1"))


async def test_versioned_files_are_kept_and_packed(guides: Path) -> None:
    async with serving(build(guides)) as base, browser(base) as phone:
        address = Pages("").address("chat.js")
        answer = await phone.get(address)
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "gzip"
        plain = await phone.get("/trang/chat.js?v=old", **{"Accept-Encoding": "identity"})
        assert plain.headers["Cache-Control"] == "no-cache"
        assert await plain.read() == await answer.read()


async def test_it_can_be_installed(guides: Path) -> None:
    async with serving(build(guides)) as base, browser(base) as phone:
        html = await (await phone.get("/")).text()
        found = re.search(r'rel="manifest" href="([^"]+)"', html)
        assert found
        manifest = await (await phone.get(found[1])).json(content_type="application/manifest+json")
        assert manifest["start_url"] == "/"
        for icon in manifest["icons"]:
            body = await (await phone.get(icon["src"])).read()
            size = int(icon["sizes"].partition("x")[0])
            assert int.from_bytes(body[16:20], "big") == int.from_bytes(body[20:24], "big") == size


def test_scripts_insert_text_only_and_speak_to_old_browsers() -> None:
    for file in sorted(FOLDER.glob("*.js")):
        source = file.read_text("utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", source), file.name
        assert not re.search(r"=>|`|\b(let|const|class|async|await|fetch)\b(?!')", without_comments(source)), file.name
        assert "Ngh" not in without_comments(source), "words belong to words.yaml"


def without_comments(source: str) -> str:
    return re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)


def test_every_word_is_used_and_every_used_word_is_there() -> None:
    sources = "".join(file.read_text("utf-8") for file in FOLDER.iterdir() if file.suffix in (".js", ".html"))
    sources += "".join(file.read_text("utf-8") for file in FOLDER.parent.glob("web*.py"))
    words = Pages("").words
    states = {"chat.sending", "chat.sent"}
    for part, entries in words.items():
        for name in entries:
            used = re.search(rf'words\.{part}\.{name}\b|words\.{name}\b|"{name}"', sources)
            assert used or f"{part}.{name}" in states, f"{part}.{name} is never said"
    for name in re.findall(r"\bwords\.(?!yaml)([a-z_]+)\b(?!\.)", sources):
        assert name in words["chat"] or name in words, f"{name} has no words"
