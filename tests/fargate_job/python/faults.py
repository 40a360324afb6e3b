"""What ECS does to a job: Spot, no capacity, no image, no memory, no patience; told apart by name."""

import os
import subprocess

from common import ended, log, outputs, result, row, sh, start


def fault(*words):
    command = [os.environ["FOOTWORK"], "local", "fault", *words]
    subprocess.run(command, check=True, capture_output=True)


def failure(name, **given):
    found = ended(start(name, **given))
    fault("clear")
    assert found["status"] == "FAILED", found
    return found


# Twice interrupted on Spot, then on demand; no attempt is lost.
fault("add", "ecs:spot", "--times", "2")
output = result(start("spot", command=["true"], spot=True))
fault("clear")
assert (output["attempts"], output["spotInterruptions"]) == (3, 2), output
log("spot")

# Waits for capacity longer than it may, and does not come back for more.
fault("add", "ecs:capacity", "--delay", "5000")
found = failure("capacity", command=["true"])
assert found["error"] == "Job.Capacity", found
assert "had not started after 600 s" in found["cause"], found
log("capacity")

fault("add", "ecs:pull")
assert failure("pull", command=["true"])["error"] == "Job.ImagePull"
fault("add", "ecs:memory")
assert failure("memory", command=["sleep", "5"])["error"] == "Job.OutOfMemory"
fault("add", "ecs:start")
assert failure("start", command=["true"])["error"] == "Job.StartFailed"
log("start")

# A start that is throttled is tried again, and costs no attempt.
fault("add", "ecs:RunTask", "--throttle", "--times", "2")
output = result(start("throttled", command=["true"]))
fault("clear")
assert output["attempts"] == 1, output
