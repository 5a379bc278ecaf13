"""The browser keeps who one is, where no script of a page can read it."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

from tests.conformance.peer import WITHIN, Peer, fresh


def ask(url: str, method: str, body: object = None, **headers: str) -> tuple[int, str]:
    """The status, and the cookie that is set."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "wss" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=WITHIN)
    content = {"Content-Type": "application/json"} if body is not None else {}
    connection.request(method, "/api/keep", None if body is None else json.dumps(body), content | headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.getheader("set-cookie") or ""


def keep(url: str, secret: str) -> dict[str, str]:
    """Hand a secret over; what the browser sends with its next connections."""
    status, cookie = ask(url, "POST", {"secret": secret})
    assert status == 204
    return {"Cookie": f"theirs=1; {cookie.split(';')[0]}"}


def test_no_script_and_no_other_page_gets_the_cookie(url: str) -> None:
    _, cookie = ask(url, "POST", {"secret": "abc"})

    name, *attributes = cookie.split("; ")
    assert name.endswith("=abc")
    assert {"HttpOnly", "SameSite=Strict"} <= set(attributes)
    tls = url.startswith("wss")
    assert ("Secure" in attributes) == name.startswith("__Host-") == tls
    assert ("Path=/" if tls else "Path=/ws") in attributes


def test_a_page_by_https_behind_a_proxy_gets_a_cookie_for_https_alone(url: str) -> None:
    host = urlsplit(url).netloc
    status, cookie = ask(url, "POST", {"secret": "abc"}, Origin=f"https://{host}")

    name, *attributes = cookie.split("; ")
    assert status == 204
    assert name.startswith("__Host-")
    assert {"Secure", "Path=/"} <= set(attributes)


def test_a_cookie_that_a_neighbouring_site_may_have_set_counts_for_nothing_by_https(url: str) -> None:
    ann = Peer(url)
    ann.greet(fresh("Ann"))
    host = urlsplit(url).netloc
    _, cookie = ask(url, "POST", {"secret": ann.session}, Origin=f"https://{host}")
    mine = cookie.split(";")[0]
    theirs = {"Cookie": mine.removeprefix("__Host-"), "Origin": f"https://{host}"}

    assert Peer(url, headers=theirs).refused("unauthorised", "hello", kept=True)
    done = Peer(url, headers={"Cookie": mine, "Origin": f"https://{host}"}).done("hello", kept=True)
    assert done["you"]["name"] == ann.name


def test_a_guest_comes_back_by_the_cookie(url: str) -> None:
    ann, garden = Peer(url), fresh("garden")
    ann.greet(fresh("Ann"))
    ann.done("join", room=garden)
    seq = ann.post(garden, "hello", nonce="n1")
    cookie = keep(url, ann.session)
    ann.socket.close(1001)

    again = Peer(url, headers=cookie)
    done = again.done("hello", name=ann.name, kept=True)

    assert done["you"]["name"] == ann.name
    assert done["session"] == ann.session
    again.done("join", room=garden)
    assert again.post(garden, "hello", nonce="n1") == seq


def test_an_account_comes_back_by_the_cookie_and_not_after_it_was_forgotten(url: str) -> None:
    ann = Peer(url)
    ann.greet(fresh("Ann"))
    token = ann.done("register", name=ann.name, password="correct horse")["token"]
    cookie = keep(url, token)

    again = Peer(url, headers=cookie)
    assert again.done("hello", kept=True)["you"] == {"name": ann.name, "role": "member", "guest": False}

    status, gone = ask(url, "DELETE")
    assert status == 204
    assert "Max-Age=0" in gone.split("; ")
    Peer(url, headers={"Cookie": gone.split(";")[0]}).refused("unauthorised", "hello", kept=True)


def test_a_request_without_the_marker_does_not_resume(url: str) -> None:
    ann = Peer(url)
    ann.greet(fresh("Ann"))
    cookie = keep(url, ann.session)
    bo = fresh("Bo")

    assert Peer(url, headers=cookie).done("hello", name=bo)["you"]["name"] == bo


@pytest.mark.parametrize(
    "body", [{"secret": ""}, {"secret": "a; b"}, {"secret": "a\r\nb"}, {"secret": "a" * 201}, {}, 7]
)
def test_an_invalid_secret_is_not_stored(url: str, body: object) -> None:
    status, cookie = ask(url, "POST", body)

    assert (status, cookie) == (400, "")


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_page_of_another_origin_changes_nothing(url: str, method: str) -> None:
    body = {"secret": "abc"} if method == "POST" else None
    for origin in ("https://evil.example", "null"):
        assert ask(url, method, body, Origin=origin) == (403, "")
