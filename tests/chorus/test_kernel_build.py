"""The library is made when it is missing, never when it is stale, and never in another's way."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chorus import kernel
from chorus.kernel import build

SOURCE = Path(build.__file__).parents[2]
LITTLE = '__attribute__((visibility("default"))) int chorus_answer(void) { return 1; }\n'
needs_a_compiler = pytest.mark.skipif(
    not any(shutil.which(name) for name in ("cc", "gcc", "clang")), reason="no C compiler here"
)


@pytest.fixture
def sources(tmp_path):
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "little.c").write_text(LITTLE)
    return folder


def python(code, **environment):
    environment = {"PYTHONPATH": str(SOURCE), "HOME": "/nowhere"} | environment
    return subprocess.run(  # noqa: S603 -- ourselves
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )


@needs_a_compiler
def test_the_compiler_has_nothing_to_remark(tmp_path):
    assert build.build(tmp_path, flags=("-Werror",)).exists()


@needs_a_compiler
def test_a_library_is_made_once_and_then_found(sources):
    made = build.find_or_build(sources, folders=[sources])
    before = made.stat().st_mtime_ns

    assert build.find_or_build(sources, folders=[sources]) == made
    assert made.stat().st_mtime_ns == before


@needs_a_compiler
def test_a_library_of_other_sources_is_not_used_and_goes(sources):
    stale = build.find_or_build(sources, folders=[sources])

    (sources / "little.c").write_text(LITTLE.replace("1;", "2;"))
    made = build.find_or_build(sources, folders=[sources])

    assert made != stale
    assert list(sources.glob(build.PATTERN)) == [made]


@needs_a_compiler
def test_a_header_counts_as_source_too(sources):
    before = build.library_name(sources)

    (sources / "little.h").write_text("")

    assert build.library_name(sources) != before


@needs_a_compiler
def test_a_folder_that_cannot_be_written_gives_way_to_the_next(sources, tmp_path):
    # A file where a folder should be cannot be written by anybody, root included.
    blocked = tmp_path / "blocked"
    blocked.write_text("")

    made = build.find_or_build(sources, folders=[blocked / "cache", tmp_path / "cache"])

    assert made.parent == tmp_path / "cache"
    assert made.parent.stat().st_mode & 0o077 == 0


@needs_a_compiler
def test_a_library_that_anybody_could_have_put_there_is_not_loaded(sources, tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / build.library_name(sources)).write_bytes(b"planted")
    shared.chmod(0o777)

    assert build.find_or_build(sources, folders=[shared, tmp_path]).parent == tmp_path


@needs_a_compiler
def test_two_builders_at_once_do_not_harm_each_other(sources):
    code = (
        "import ctypes, sys\n"
        "from pathlib import Path\n"
        f"sys.path.insert(0, {str(Path(build.__file__).parent)!r})\n"
        "import build\n"
        f"folder = Path({str(sources)!r})\n"
        "for _ in range(5):\n"
        "    print(ctypes.CDLL(str(build.build(folder, sources=folder))).chorus_answer())\n"
    )
    builders = [
        subprocess.Popen(  # noqa: S603 -- ourselves
            [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]

    answers = [builder.communicate()[0].split() for builder in builders]

    assert answers == [["1"] * 5, ["1"] * 5]
    assert [path.name for path in sources.iterdir() if path.suffix != ".c"] == [
        build.library_name(sources)
    ]


@needs_a_compiler
def test_sources_the_compiler_refuses_leave_no_half_made_library(sources):
    (sources / "little.c").write_text("this is not C\n")

    with pytest.raises(build.CannotBuildError, match=r"refused the kernel: .*little\.c.*error"):
        build.find_or_build(sources, folders=[sources])

    assert [path.name for path in sources.iterdir()] == ["little.c"]


def test_without_a_compiler_the_sentence_says_what_to_install(sources, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CC", raising=False)

    with pytest.raises(build.CannotBuildError, match="install gcc or clang"):
        build.find_or_build(sources, folders=[sources])


def test_without_a_compiler_plain_python_answers_after_one_warning(tmp_path):
    package = tmp_path / "chorus"
    shutil.copytree(SOURCE / "chorus", package, ignore=shutil.ignore_patterns("_kernel-*"))
    code = (
        "from chorus import kernel\n"
        "print(kernel.__file__)\n"
        "print(kernel.digest(['ana', None], bytes(range(16))).tolist())\n"
        "print(kernel.scan_lines(b'a\\n').verdicts.tolist())\n"
    )

    done = python(code, PATH="", PYTHONPATH=str(tmp_path), XDG_CACHE_HOME=str(tmp_path / "cache"))

    where, digests, verdicts = done.stdout.split("\n", 2)
    assert where.startswith(str(tmp_path))
    assert digests == str(kernel.digest(["ana", None], bytes(range(16))).tolist())
    assert verdicts.strip() == "[0]"
    assert done.stderr.count("SlowKernelWarning: No C compiler was found") == 1


@needs_a_compiler
def test_the_command_says_where_the_library_is():
    done = subprocess.run(
        [sys.executable, "-m", "chorus.kernel.build"],
        env={"PYTHONPATH": str(SOURCE), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert Path(done.stdout.strip()).name == build.library_name()
    assert done.stderr == ""
