"""The streams read by httpx-sse: whatever texts are in them, across reconnects, it gives exactly the
events that the history tells.

`make test` runs it with MILEPOST_SERVER naming the server's binary. It ends with 0 when all holds,
else with an AssertionError that shows what does not.
"""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unicodedata

import httpx
import httpx_sse

TEXTS = pathlib.Path(__file__).with_name("hostile.json")
READY = re.compile(r"^milepost-server listening on (http://127\.0\.0\.1:\d+)$")


@contextlib.contextmanager
def running_server():
    """The real server, on a port and a directory of its own; gives a client of it."""
    binary = os.environ.get("MILEPOST_SERVER")
    if not binary:
        sys.exit("MILEPOST_SERVER must name the milepost-server binary")
    with tempfile.TemporaryDirectory(prefix="milepost-httpx-") as directory:
        command = [binary, "--listen", "127.0.0.1:0", "--data-dir", directory]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                match = READY.match(process.stdout.readline().rstrip("\n"))
                if match is None:
                    sys.exit("the server ended before it was ready; what it said is above")
                with httpx.Client(base_url=match.group(1), timeout=60) as client:
                    yield client
            finally:
                process.kill()


def texts():
    for entry in json.loads(TEXTS.read_text(encoding="utf-8")):
        yield entry["name"], entry["text"] * entry.get("times", 1)


def post(client, path, body):
    answer = client.post(path, json=body)
    assert answer.is_success, f"{path} answered {answer.status_code}: {answer.text}"
    return answer.json()


def live(client, kind, text):
    """Lives through two attempts of a task whose texts are all `text`; gives its id."""
    # Names refuse control characters, and have at most 128 others.
    plain = text and not any(unicodedata.category(one) == "Cc" for one in text)
    name = text[:100] if plain else "data: 😀"
    labels = {name.replace("=", ""): name}
    task = post(client, "/api/v1/tasks", {"kind": kind, "input": text, "labels": labels})
    path = f"/api/v1/tasks/{task['id']}"
    want = {"worker": name, "kinds": [kind], "wait_seconds": 20, "lease_seconds": 600}

    lease = post(client, "/api/v1/leases", want)["leases"][0]["token"]
    progress = {"percent": 10, "message": text[:4096], "stage": text[:128]}
    post(client, f"{path}/report", {"lease": lease, "progress": progress})
    logs = [{"level": level, "text": text} for level in ("debug", "error")]
    post(client, f"{path}/report", {"lease": lease, "logs": [*logs, {"text": f"{text}\n{text}"}]})
    error = {"type": "boom", "title": text, "detail": text * 2}
    post(client, f"{path}/fail", {"lease": lease, "error": error, "retry_after_seconds": 0})

    lease = post(client, "/api/v1/leases", want)["leases"][0]["token"]
    if len(text) % 2 == 0:
        post(client, f"{path}/complete", {"lease": lease, "output": {"text": text, text: [text]}})
    else:
        post(client, f"{path}/fail", {"lease": lease, "error": error, "retryable": False})
    return task["id"]


def history(client, path, **query):
    """All events, page by page, in the form of `read`."""
    events, after = [], {}
    while True:
        page = client.get(path, params={**query, **after, "limit": 1000}).raise_for_status().json()
        if not page["items"]:
            return [(event["cursor"], event["type"], event) for event in events]
        events += page["items"]
        after = {"after": page["cursor"]}


def connection(client, path, last, **query):
    """One connection's events, behind `last` where that is known."""
    headers = {} if last is None else {"Last-Event-ID": last}
    with httpx_sse.connect_sse(client, "GET", path, params=query, headers=headers) as source:
        if source.response.status_code != 204:
            yield from source.iter_sse()


def read(client, path, leave_after, **query):
    """A stream to its end, left and resumed after each of so many events of `leave_after`."""
    events, last = [], None
    for most in [*leave_after, None]:
        for count, event in enumerate(connection(client, path, last, **query), start=1):
            last = event.id or last
            # By WHATWG HTML 9.2.6 a block without data is no event; httpx-sse gives it all the same,
            # so that its reader hears of ids and of `retry`.
            if event.data == "" or event.event.startswith("stream."):
                continue
            events.append((event.id, event.event, event.data))
            if count == most:
                break
    return events


def parsed(events):
    return [(cursor, kind, json.loads(data)) for cursor, kind, data in events]


def same(got, expected, what):
    assert len(got) == len(expected), f"{what}: {len(got)} events, {len(expected)} expected"
    for one, other in zip(got, expected, strict=True):
        assert one == other, f"{what}: read {one!r}\nbut the history tells {other!r}"


def main():
    with running_server() as client:
        ids = {name: live(client, "python", text) for name, text in texts()}
        for name, task in ids.items():
            path = f"/api/v1/tasks/{task}"
            got = parsed(read(client, f"{path}/events", [1, 2, 1], **{"from": "start"}))
            same(got, history(client, f"{path}/history"), f"the task of {name}")

        query = {"kind": "python", "from": "start", "max_seconds": 3}
        got = parsed(read(client, "/api/v1/events", [1, 7, 40], **query))
        same(got, history(client, "/api/v1/history", kind="python"), "the stream of all tasks")

        client.post("/start_task/python").raise_for_status()
        got = read(client, "/sse_progress/python", [5, 30])
        assert [data for _, _, data in got] == [*map(str, range(101)), "DONE"], got
        assert {kind for _, kind, _ in got} == {"message"}, got
    print(f"httpx-sse {httpx_sse.__version__} reads {len(ids)} hostile texts as they are")


if __name__ == "__main__":
    began = time.monotonic()
    main()
    print(f"in {time.monotonic() - began:.1f} s")
