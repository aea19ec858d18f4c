"""Serves moto on a free loopback port, and ends when the program that started it is gone.

Started by `Simulator`. The first line on standard output is the port. Standard input is a pipe whose other end the
parent holds: when it closes, however the parent ended, so does this process.

`GET /moto-api/lowtide/inventory` lists what moto's backends hold now. moto's own `/moto-api/data.json` lists what was
ever made, deleted or not, so it can't answer what a destroy left behind.
"""

import json
import os
import sys
import threading

from werkzeug.serving import make_server

from moto.core.base_backend import BackendDict, BaseBackend
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)

# What AWS gives to everybody; by the thousand, and never left behind.
GIVEN = ("AWSManagedPolicy",)
# How moto keeps things, and what it writes down about them.
NOT_THINGS = ("CaseInsensitiveDict", "Event")
# Of these everybody has one, named `default`.
GIVEN_DEFAULT = ("EventBus", "ScheduleGroup")
# Pages of answers of the tagging API that nobody has fetched yet: what they list is held, or gone, elsewhere.
NOT_HELD = ("resourcegroupstaggingapi",)
ID_ATTRIBUTES = ("id", "arn", "name", "resource_id", "allocation_id", "physical_resource_id")
STATE_ATTRIBUTES = ("status", "state", "_state")
DEPTH = 4


def plain(thing, names):
    """The first of the named attributes that is a plain text."""
    for name in names:
        try:
            value = getattr(thing, name, None)
        except Exception:  # a property of moto that fails on this object: the next name may do
            continue
        if isinstance(value, str) and value:
            return value
    return ""


def identity(thing, key):
    """How a reader tells this object from others: its own id, else the key it is kept under."""
    return plain(thing, ID_ATTRIBUTES) or str(key)


def state(thing, backend):
    """Its status, or that it outlived the VPC it belongs to."""
    if type(thing).__name__ == "NetworkAcl" and thing.default and thing.vpc_id not in backend.vpcs:
        return "default of a deleted VPC"
    return plain(thing, STATE_ATTRIBUTES)


def walk(value, key, depth):
    """Every moto object in a backend's lists and tables, with the key it is kept under."""
    if isinstance(value, BaseBackend) or depth == 0:
        return
    if isinstance(value, dict):
        for inner, item in list(value.items()):
            yield from walk(item, inner, depth - 1)
    elif isinstance(value, (list, set, tuple)):
        for place, item in enumerate(list(value)):
            yield from walk(item, place, depth - 1)
    elif type(value).__module__.startswith("moto.") and not isinstance(value, type):
        yield value, key


def inventory():
    """What every backend of every account and region holds."""
    found = []
    for service in list(BackendDict._instances):
        if service.service_name in NOT_HELD:
            continue
        for account, regions in list(service.items()):
            for region, backend in list(regions.items()):
                seen = set()
                for value in list(vars(backend).values()):
                    if not isinstance(value, (dict, list, set)):
                        continue
                    for thing, key in walk(value, "", DEPTH):
                        kind = type(thing).__name__
                        given = kind in GIVEN_DEFAULT and getattr(thing, "name", "") == "default"
                        if id(thing) in seen or kind in GIVEN + NOT_THINGS or given:
                            continue
                        seen.add(id(thing))
                        found.append(
                            {
                                "service": service.service_name,
                                "account": account,
                                "region": region,
                                "type": type(thing).__name__,
                                "id": identity(thing, key),
                                "state": state(thing, backend),
                            }
                        )
    return found


class Application(DomainDispatcherApplication):
    """moto's own application with one more page."""

    def __call__(self, environ, start_response):
        if environ.get("PATH_INFO") == "/moto-api/lowtide/inventory":
            body = json.dumps(inventory()).encode()
            start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
            return [body]
        return super().__call__(environ, start_response)


def end_with_parent():
    """Waits for the end of standard input, then ends the process at once."""
    while sys.stdin.buffer.read(1):
        pass
    os._exit(0)


def main():
    threading.Thread(target=end_with_parent, daemon=True).start()
    server = make_server(
        "127.0.0.1", 0, Application(create_backend_app), threaded=True, request_handler=MotoRequestHandler
    )
    os.environ["MOTO_PORT"] = str(server.port)
    print(server.port, flush=True)
    server.serve_forever()


main()
