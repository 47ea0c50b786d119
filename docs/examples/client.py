#!/usr/bin/env python3
"""A client of Parley in Python, written from docs/protocol.md alone. Only the standard library, by long polling.

    PARLEY_JOIN=anyone npm start -- --data build/trial  # in one terminal: a server that takes whoever comes
    python3 docs/examples/client.py http://127.0.0.1:7275

It signs two people up, lets them talk, loses an answer and sends again, and comes back where it was.
"""

import base64
import json
import os
import random
import sys
import time
import urllib.error
import urllib.request


# Codes after which nothing is certain, or nothing was done: the same again.
SAME = {"rate_limited", "overloaded", "unavailable", "storage_full", "unknown_outcome", "internal"}


def new_key():
    return base64.urlsafe_b64encode(os.urandom(16)).rstrip(b"=").decode()


class Refused(Exception):
    """The server's answer, when what was asked was not done."""

    def __init__(self, error):
        super().__init__(f"{error['code']}: {error['message']}")
        self.code = error["code"]


def request(server, method, path, body=None, token=None):
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(server + path, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as failed:
        raise Refused(json.load(failed)["error"]) from None


class Client:
    """One device. `state` is all that it keeps; written to a file it survives the process."""

    def __init__(self, server, session, state=None):
        self.server, self.token, self.user = server, session["token"], session["user"]["user"]
        self.state = state or {"position": None, "held": {}, "logs": {}}

    def call(self, type, **fields):
        [reply] = request(self.server, "POST", "/api/commands", [{"id": 1, "type": type, **fields}], self.token)
        if "error" in reply:
            raise Refused(reply["error"])
        return reply["result"]

    def start(self):
        """Says hello. A device without a position lists its conversations and begins at the head of its feed."""
        welcome = self.call("hello", protocol=1, position=self.state["position"], client="client.py")
        if self.state["position"] is None:
            after, position = None, None
            while position is None or after is not None:
                page = self.call("conversations", after=after, limit=50)
                position = position or {"epoch": page["epoch"], "seq": page["feedHead"]}
                for summary in page["conversations"]:
                    self.state["held"][summary["id"]] = summary["head"]
                after = page["next"]
            self.state["position"] = position
        return welcome

    def send(self, conversation, text, key=None, base=None):
        """Repeats with the same key until it is decided. Key and base belong together: keep both to send again."""
        base = self.state["held"].get(conversation, 0) if base is None else base
        draft = {"kind": "message", "key": key or new_key(), "baseSeq": base, "body": {"v": 1, "text": text}}
        for tries in range(8):
            try:
                [result] = self.call("send", conversation=conversation, drafts=[draft])["results"]
                if "seq" in result:
                    return result
                if "notUpTo" in result:
                    draft["baseSeq"] = result["notUpTo"]
                elif result["code"] not in SAME:
                    raise Refused({"code": result["code"], "message": "refused for good"})
            except Refused as refused:
                if refused.code not in SAME:
                    raise
            except OSError:
                pass  # No answer.
            time.sleep(random.random() * min(60, 0.1 * 2**tries))
        raise TimeoutError(f"{draft['key']} is still open; send it again with base {draft['baseSeq']}")

    def poll(self, wait_ms):
        """Waits for the feed, fetches what it points at, and only then moves the position. Returns the new entries."""
        at = self.state["position"]
        path = f"/api/poll?epoch={at['epoch']}&seq={at['seq']}&wait={wait_ms}"
        news = []
        for frame in request(self.server, "GET", path, token=self.token):
            if frame["type"] == "resync":
                self.state["position"] = None
                self.start()
            elif frame["type"] == "feed":
                for pointer in frame["entries"]:
                    if pointer["kind"] == "joined":
                        self.state["held"].setdefault(pointer["conversation"], pointer["since"] - 1)
                    elif pointer["kind"] == "advance":
                        news += self.fetch(pointer["conversation"], pointer["to"])
                self.state["position"] = {"epoch": frame["epoch"], "seq": frame["to"]}
        return news

    def fetch(self, conversation, to):
        held, new = self.state["held"].get(conversation, 0), []
        while held < to:
            run = {"conversation": conversation, "after": held, "to": to}
            answer = self.call("read", ranges=[run], limit=200)
            if answer["gone"]:
                break
            new += answer["slices"][0]["entries"]
            held = answer["slices"][0]["to"]
        self.state["held"][conversation] = held
        self.state["logs"].setdefault(conversation, []).extend(new)
        return new


def sign_up(server, name):
    who = {"name": name, "displayName": name.title(), "password": "correct horse battery", "device": "client.py"}
    return request(server, "POST", "/api/accounts", who)


def texts(entries):
    return [entry["body"]["text"] for entry in entries if entry["kind"] == "message" and entry["body"]]


def main(server):
    suffix = base64.b32encode(os.urandom(5)).decode().lower()
    mara_session, theo_session = sign_up(server, f"mara-{suffix}"), sign_up(server, f"theo-{suffix}")
    mara, theo = Client(server, mara_session), Client(server, theo_session)
    mara.start(), theo.start()

    chat = mara.call("create", create={"kind": "direct", "user": theo.user})["conversation"]
    mara.state["held"][chat["id"]] = chat["head"]
    key, base = new_key(), chat["head"]
    first = mara.send(chat["id"], "Hello from Python", key, base)
    again = mara.send(chat["id"], "Hello from Python", key, base)
    assert first == again, "the same key is the same message"
    print(f"sent once, answered twice: seq {again['seq']}")

    heard = []
    while "Hello from Python" not in texts(heard):
        heard += theo.poll(20_000)
    print(f"theo read {texts(heard)} at {theo.state['position']}")

    kept = json.loads(json.dumps(theo.state))  # Theo's process ends here …
    for n in range(3):
        mara.send(chat["id"], f"while you were away {n}")
    theo = Client(server, theo_session, kept)  # … and comes back.
    theo.start()
    missed = []
    while len(texts(missed)) < 3:
        missed += theo.poll(20_000)
    print(f"theo came back and read {texts(missed)}")
    seqs = [entry["seq"] for entry in theo.state["logs"][chat["id"]]]
    assert seqs == list(range(1, len(seqs) + 1)), "each entry once, none missing"
    theo.call("mark", conversation=chat["id"], read=seqs[-1])
    marks = {mark["user"]: mark for mark in mara.call("marks", conversation=chat["id"])["marks"]}
    print(f"mara sees that theo has read up to {marks[theo.user]['read']}")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:7275")
