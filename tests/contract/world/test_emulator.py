"""An emulator comes up, answers for its region, and leaves nothing when it goes."""

import asyncio
import os
import signal
import socket
from pathlib import Path

import pytest
from tests.contract.world.worlds import T

from landbridge.model.errors import Refused
from landbridge.rehearse.emulator import ministack
from landbridge.rehearse.emulator.ministack import Emulator, os_session, session_members


def emulator(folder: Path) -> Emulator:
    """An emulator that has not started."""
    return Emulator(T, folder / "state", folder / "emulator.log", "http://127.0.0.1:1")


def taken(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def exists(pid: int) -> bool:
    """Whether there is such a process, even one that only waits to be reaped."""
    return Path(f"/proc/{pid}").exists()


def environment(pid: int) -> dict[str, str]:
    """What the process was started with."""
    lines = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
    return dict(line.split("=", 1) for line in lines if line)


def test_it_starts_answers_and_stops_without_a_trace(tmp_path: Path) -> None:
    """Processes, port and folder are gone; the log stays; stopping again is harmless."""

    async def run() -> None:
        made = emulator(tmp_path)
        await made.start()
        assert (len(made.pids()), taken(made.port)) == (2, True)
        pids = made.pids()
        await made.stop()
        await made.stop()
        assert (made.pids(), taken(made.port)) == ((), False)
        assert not any(exists(pid) for pid in pids)

    asyncio.run(run())
    assert [path.name for path in tmp_path.iterdir()] == ["emulator.log"]


def test_its_environment_is_scrubbed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the host's reaches the functions, and AWS is their own region's door."""
    monkeypatch.setenv("AWS_PROFILE", "the-operators-own")

    async def run() -> dict[str, str]:
        made = emulator(tmp_path)
        await made.start()
        child = next(pid for pid in made.pids() if pid != min(made.pids()))
        found = environment(child)
        await made.stop()
        return found

    found = asyncio.run(run())
    assert "AWS_PROFILE" not in found
    assert (found["AWS_ENDPOINT_URL"], found["AWS_REGION"]) == ("http://127.0.0.1:1", T)
    assert found["TMPDIR"].startswith(str(tmp_path))


def test_a_port_somebody_else_took_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The emulator comes up on another one."""
    real = ministack.free_port

    async def run() -> None:
        made = emulator(tmp_path)
        with socket.socket() as squatter:
            squatter.bind(("127.0.0.1", 0))
            squatter.listen()
            ports = iter([squatter.getsockname()[1], real()])
            monkeypatch.setattr(ministack, "free_port", lambda: next(ports))
            await made.start()
            assert made.port != squatter.getsockname()[1]
        await made.stop()

    asyncio.run(run())


def test_an_emulator_that_never_comes_up_is_refused_with_its_log(tmp_path: Path) -> None:
    """The sentence names the file to read, and stopping cleans up."""

    async def run() -> str:
        made = emulator(tmp_path)
        made.ready_seconds = 0.05
        with pytest.raises(Refused) as refused:
            await made.start()
        await made.stop()
        assert made.pids() == ()
        return str(refused.value)

    assert "emulator.log" in asyncio.run(run())


def test_an_emulator_deaf_to_sigterm_is_killed_with_its_children(tmp_path: Path) -> None:
    """The lifeline is cut, and the launcher kills the whole group."""

    async def run() -> None:
        made = emulator(tmp_path)
        made.grace_seconds = 0.5
        await made.start()
        pids = made.pids()
        os.kill(max(pids), signal.SIGSTOP)
        await made.stop()
        assert not any(exists(pid) for pid in pids)

    asyncio.run(run())


def test_a_frozen_launcher_does_not_save_the_emulator(tmp_path: Path) -> None:
    """When even the launcher does not react, everything in its session is killed."""

    async def run() -> None:
        made = emulator(tmp_path)
        made.grace_seconds = 0.3
        await made.start()
        pids = made.pids()
        os.kill(min(pids), signal.SIGSTOP)
        await made.stop()
        assert session_members(min(pids)) == ()

    asyncio.run(run())


def test_a_process_that_is_gone_has_no_session() -> None:
    """Neither has one that never was."""
    assert os_session(2**22 + 1) is None
