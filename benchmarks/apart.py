"""What is measured in a process of its own, which is told what to do in JSON and says so what came out."""

import json
import subprocess
import sys
from typing import Any

__all__ = ["apart"]


def apart(module: str, task: dict[str, Any], what: str) -> Any:
    """What ``python -m`` this module prints, as data.

    Raises:
        RuntimeError: it fails; the message says ``what`` did.
    """
    done = subprocess.run(
        [sys.executable, "-m", module], input=json.dumps(task), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{what} failed: {done.stderr.strip().splitlines()[-1:]}")
    return json.loads(done.stdout)
