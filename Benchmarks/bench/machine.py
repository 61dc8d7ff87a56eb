"""What a figure was measured on, and with."""

import importlib.metadata
import os
import pathlib
import platform
import re
import subprocess


def output(*command: str) -> str | None:
    """What a command prints, or `None` where there is no such command."""
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return run.stdout.strip() or run.stderr.strip()


def first_line(*command: str) -> str | None:
    text = output(*command)
    return text.splitlines()[0] if text else None


def describe() -> dict[str, str]:
    """The machine."""
    processor = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    system = platform.freedesktop_os_release()
    return {
        "processor": f"{processor[1] if processor else platform.machine()}, {os.cpu_count()} cores",
        "memory": f"{memory / 2**30:.0f} GiB",
        "kernel": platform.release(),
        "system": system.get("PRETTY_NAME", "unknown"),
        "load": " ".join(f"{load:.1f}" for load in os.getloadavg()),
    }


def package_version(name: str) -> str | None:
    """The version of an installed Debian package."""
    return output("dpkg-query", "-W", "-f", "${Version}", name)


def module_version(name: str) -> str | None:
    """The version of a module in the Python that runs this."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
