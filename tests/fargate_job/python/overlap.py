"""Fifty starts at once, for each policy that has only one of them run: the others do what it says."""

import pathlib
import tempfile
from concurrent.futures import ThreadPoolExecutor

from common import free, lock, log, result, rows, sh, start, states

MANY = 50
AT_ONCE = ThreadPoolExecutor(MANY)
# A run says that it is there, and ends when the gate is open. Two at once find each other's folder.
SCRIPT = """
touch "$ROOM/here-$JOB_EXECUTION"
while [ ! -e "$ROOM/gate" ]; do sleep 0.05; done
mkdir "$ROOM/one" || exit 9
echo "$JOB_EXECUTION" >> "$ROOM/order"
rmdir "$ROOM/one"
"""


class Room:
    """Where the runs of a policy meet."""

    def __init__(self, policy):
        self.policy = policy
        self.path = pathlib.Path(tempfile.mkdtemp())

    def start(self, name):
        environment = {"ROOM": str(self.path)}
        return start(name, overlap=self.policy, command=sh(SCRIPT), environment=environment)

    def start_all(self):
        names = [f"{self.policy}-{i:02}" for i in range(MANY)]
        return list(AT_ONCE.map(self.start, names))

    def here(self):
        return sorted(one.name[5:] for one in self.path.glob("here-*"))

    def open(self):
        (self.path / "gate").touch()

    def order(self):
        return (self.path / "order").read_text().split()


def history(executions, count):
    """The rows of these runs, once there are so many."""
    while True:
        found = [one for one in rows() if one["execution"] in executions]
        if len(found) >= count:
            return found


def by(found, status):
    return [one for one in found if one["status"] == status]


room = Room("skip")
executions = room.start_all()
found = history(executions, MANY - 1)
assert len(by(found, "SKIPPED")) == MANY - 1, found
room.open()
found = history(executions, MANY)
[ran] = by(found, "SUCCEEDED")
assert room.order() == room.here() == [ran["name"]]
assert {one["heldBy"] for one in by(found, "SKIPPED")} == {ran["execution"]}
free()
log("skip")

room = Room("queue")
executions = room.start_all()
while int(lock().get("waiting", 0)) < MANY - 1:
    pass
while not room.here():
    pass
[first] = room.here()
queue = sorted((execution for execution in executions if not execution.endswith(first)),
               key=lambda one: (states.describe_execution(executionArn=one)["startDate"], one))
# One leaves the queue; the others must not notice.
states.stop_execution(executionArn=queue.pop(7))
room.open()
for execution in queue:
    assert result(execution)["status"] == "SUCCEEDED"
assert room.order() == [first] + [one.split(":")[-1] for one in queue], room.order()
free()
log("queue")

room = Room("replace")
executions = room.start_all()
found = history(executions, MANY - 1)
assert not by(found, "SUCCEEDED") and not by(found, "FAILED"), found
room.open()
found = history(executions, MANY)
[ran] = by(found, "SUCCEEDED")
assert room.order() == [ran["name"]]
assert ran["startedAt"] == max(one["startedAt"] for one in found)
assert {one["error"] for one in by(found, "ABORTED")} <= {"Job.Replaced"}
free()
log("replace")
