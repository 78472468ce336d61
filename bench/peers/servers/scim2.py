"""scim2-server with its own storage in memory and its own threaded server, as its command starts them.

Beside it, below /-/, what the bench asks outside the measurements; see control.ts. The people come as JSON from people.ts.
"""

import json
import sys
import threading
import time
import uuid
from wsgiref.simple_server import WSGIRequestHandler, make_server

from scim2_server.memory import InMemoryStorage
from scim2_server.testserver.application import BearerTokenApplication
from scim2_server.testserver.cli import ThreadingWSGIServer
from scim2_server.utils import load_default_provider

token = str(uuid.uuid4())
provider = load_default_provider()
storage = InMemoryStorage()
scim = BearerTokenApplication(storage, provider, bearer_tokens=[token])
types = {one.name: one for one in provider.resource_types}
ids = []


def created(name, body):
    with provider:
        model = provider.model_for(types[name]).model_validate(body)
        return storage.create(types[name], model).id


def fill(asked):
    ids[asked["from"] :] = [created("User", body) for body in asked["people"]]
    return ids[asked["from"] :]


def group(asked):
    members = [{"value": one, "type": "User"} for one in ids[: asked["size"]]]
    return created("Group", {"displayName": str(uuid.uuid4()), "members": members})


def members(asked):
    return len(storage.get(types["Group"], asked["id"]).members or [])


def settle(_):
    return {"applied": 0, "cpuMs": 0}


def cpu(_):
    return time.process_time() * 1000


def nothing(_):
    return None


answers = {
    "/-/fill": fill,
    "/-/group": group,
    "/-/members": members,
    "/-/settle": settle,
    "/-/cpu": cpu,
    "/-/record": nothing,
    "/-/bare": nothing,
}


def application(environ, start_response):
    answer = answers.get(environ["PATH_INFO"])
    if answer is None:
        return scim(environ, start_response)
    size = int(environ.get("CONTENT_LENGTH") or 0)
    asked = json.loads(environ["wsgi.input"].read(size) or b"{}")
    body = json.dumps(answer(asked)).encode()
    start_response("200 OK", [("content-type", "application/json")])
    return [body]


class PatientServer(ThreadingWSGIServer):
    """With room for the fifty connections of a race: its own five make the system drop the others."""

    request_queue_size = 128


class QuietHandler(WSGIRequestHandler):
    """Without a line on standard error for each request."""

    def log_message(self, *_):
        pass


with make_server(
    "127.0.0.1",
    0,
    application,
    server_class=PatientServer,
    handler_class=QuietHandler,
) as server:
    url = f"http://127.0.0.1:{server.server_port}"
    print(json.dumps({"url": url, "basePath": "/v2", "token": token}), flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # Its parent holds the other end.
    sys.stdin.read()
