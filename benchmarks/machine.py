"""What was measured on: without it, a time says nothing."""

import os
import platform
from pathlib import Path

import numpy as np

from benchmarks.peers import versions

__all__ = ["machine"]


def machine() -> dict[str, str]:
    """Processor, cores, operating system, versions, by name."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    return {
        "CPU": _processor(),
        "cores": f"{os.cpu_count()}, one of them used",
        "OS": platform.platform(),
        "Python": platform.python_version(),
        "NumPy": f"{np.__version__} with {_blas()}",
        **versions(),
        "load": load,
    }


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def _blas() -> str:
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return f"{blas['name']} {blas['version']}"
