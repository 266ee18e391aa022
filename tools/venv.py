"""Make the virtual environment from a hashed lock file, with nothing but Python itself.

Usage: python3 tools/venv.py requirements.lock

A second call with the same lock file returns at once. Written so that an older Python, too, can
read it and say what to do.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def main(lock):
    if sys.version_info < OLDEST:
        use_a_newer_python()
    wanted = fingerprint(lock)
    stamp = VENV / f"{lock.name}.stamp"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Preparing .venv from {lock.name}; the first time this takes a minute or two.")
    sys.stdout.flush()
    make_the_environment()
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run([*pip, "--require-hashes", "-r", str(lock)])
    make_ourselves_known()
    build_the_kernel()
    stamp.write_text(wanted)


def use_a_newer_python():
    """Start again with the newest Python that is installed under another name."""
    for name in ("python3.13", "python3.12", "python3.11"):
        path = shutil.which(name)
        # A version manager may list a Python that it does not hand out here.
        if path and subprocess.run([path, "-c", ""], check=False).returncode == 0:  # noqa: S603 -- our own
            os.execv(path, [path, *sys.argv])  # noqa: S606 -- itself, with another Python
    have = ".".join(map(str, sys.version_info[:2]))
    sys.exit(
        f"Tansiq needs Python 3.11 or newer; this is {have}. Install python3.11 or newer, "
        "or say where it is: make PYTHON=/path/to/python3.11"
    )


def make_the_environment():
    if PYTHON.exists() and answer_of("import sys; print(*sys.version_info[:2])") == version(
        "{} {}"
    ):
        return
    shutil.rmtree(str(VENV), ignore_errors=True)
    try:
        import ensurepip  # noqa: F401, PLC0415 -- only to see whether it is there
        import venv  # noqa: F401, PLC0415 -- only to see whether it is there
    except ImportError:
        sys.exit(
            "This Python cannot make virtual environments. Install the missing piece; "
            f"on Debian and Ubuntu: apt-get install python{version('{}.{}')}-venv"
        )
    run([sys.executable, "-m", "venv", str(VENV)])


def make_ourselves_known():
    """Let the environment find our source, and give it the commands `tansiq` and `chorus`."""
    packages = Path(answer_of("import sysconfig; print(sysconfig.get_path('purelib'))"))
    (packages / "tansiq-source.pth").write_text(f"{ROOT / 'src'}\n")
    for name in ("tansiq", "chorus"):
        command = VENV / "bin" / name
        command.write_text(f'#!/bin/sh\nexec "{PYTHON}" -m {name} "$@"\n')
        command.chmod(0o755)


def build_the_kernel():
    """Compile what the listening library has in C; without a compiler it says so and goes on."""
    kernel = ROOT / "src" / "chorus" / "kernel" / "build.py"
    subprocess.run([str(PYTHON), str(kernel)], stdout=subprocess.DEVNULL, check=False)  # noqa: S603 -- our own


def fingerprint(lock):
    """Return what must be the same for the environment to be left alone."""
    text = lock.read_bytes() + Path(__file__).read_bytes() + str(ROOT).encode()
    return hashlib.sha256(text).hexdigest() + version(" {}.{}")


def version(form):
    return form.format(*sys.version_info[:2])


def answer_of(code):
    answer = subprocess.run([str(PYTHON), "-c", code], stdout=subprocess.PIPE, check=False)  # noqa: S603 -- our own
    return answer.stdout.decode().strip()


def run(command):
    if subprocess.run(command, check=False).returncode:  # noqa: S603 -- our own
        sys.exit(f"This step failed: {' '.join(command)}")


if __name__ == "__main__":
    main(ROOT / sys.argv[1])
