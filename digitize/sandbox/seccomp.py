# SPDX-License-Identifier: Apache-2.0
"""seccomp: no sockets, no new processes, no programs, no signals to others, no change of owner or mode.

Landlock does not see sockets of every family, ``chmod`` or ``kill``; this filter does. A list of what is denied, because
the libraries that run inside use most of what is harmless.

Source: seccomp(2), bpf(2); call numbers from the kernel's tables for x86-64 and for the generic ABI (64-bit Arm).
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from digitize.sandbox import kernel

_KILL, _ALLOW, _ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
_DENY = _ERRNO | errno.EPERM
_PRETEND = _ERRNO | 0
_ABSENT = _ERRNO | errno.ENOSYS

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCH, _ARG0 = 0, 4, 16
_CLONE_THREAD = 0x00010000
_X32 = 0x40000000

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# Newer calls carry one number everywhere.
_DENIED_EVERYWHERE = (
    424, 425, 426, 427, 434, 438, 428, 429, 430, 431, 432, 433, 442, 440, 448, 463, 466, 469,
)  # fmt: skip
# pidfd_send_signal, io_uring_*, pidfd_open, pidfd_getfd, open_tree..fspick, mount_setattr, process_madvise,
# process_mrelease, setxattrat, removexattrat, file_setattr

_DENIED = {
    # socket kill-likes: tkill rt_sigqueueinfo rt_tgsigqueueinfo; ptrace process_vm_readv/writev; fork vfork execve execveat;
    # setsid setpgid; mount umount2 pivot_root chroot unshare setns; bpf perf_event_open userfaultfd; keys; open_by_handle_at;
    # modules, kexec, reboot, swap, time; chown family; xattr family; mknod; personality; shm and message queues of System V; setpriority
    "x86_64": (
        41, 200, 129, 297, 101, 310, 311, 57, 58, 59, 322, 112, 109, 165, 166, 155, 161, 272, 308, 321, 298, 323, 248, 249, 250, 304,
        175, 313, 176, 246, 320, 169, 167, 168, 227, 164, 305, 159, 92, 93, 94, 260, 188, 189, 190, 197, 198, 199, 133, 259, 135, 29, 68, 141,
    ),
    "aarch64": (
        198, 130, 138, 240, 117, 270, 271, 221, 281, 157, 154, 40, 39, 41, 51, 97, 268, 280, 241, 282, 217, 218, 219, 265,
        105, 273, 106, 104, 294, 142, 224, 225, 112, 170, 266, 171, 55, 54, 5, 6, 7, 14, 15, 16, 33, 92, 194, 186, 140,
    ),
}  # fmt: skip
# chmod, fchmod, fchmodat, fchmodat2, utime family: copying helpers call them without need, so they are told it is done.
_PRETENDED = {"x86_64": (90, 91, 268, 132, 235, 261, 280, 452), "aarch64": (52, 53, 88, 452)}
_OWN_PID = {"x86_64": (62, 234), "aarch64": (129, 131)}  # kill, tgkill
_OWN_OR_ZERO = {"x86_64": (302, 144, 203, 314), "aarch64": (261, 119, 122, 274)}  # prlimit64, scheduling
# A step with programs may fork and start one (Landlock says which), but not out of memory: fork, vfork, execve; memfd_create.
_STARTING = {"x86_64": (57, 58, 59), "aarch64": (221,)}
_FROM_MEMORY = {"x86_64": (319,), "aarch64": (279,)}
# CLONE_NEWNS…NEWNET, CLONE_PTRACE, CLONE_PARENT: no namespaces, no tracing, no child that is not ours.
_CLONE_ESCAPES = 0x7E02A000
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435


def _op(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    """Write one instruction of the kernel's filter machine."""
    return struct.pack("=HBBI", code, yes, no, value)


def program(machine: str, pid: int, *, programs: bool = False) -> bytes:
    """Write the filter for a machine and for the process that it will bind.

    Parameters
    ----------
    machine
        ``x86_64`` or ``aarch64``.
    pid
        The only process to which signals may go.
    programs
        Whether processes may be made and programs started.
    """
    ops = [_op(_LOAD, _ARCH), _op(_EQUAL, _AUDIT_ARCH[machine], 1, 0), _op(_RETURN, _KILL), _op(_LOAD, _NUMBER)]
    if machine == "x86_64":
        ops += [_op(_AT_LEAST, _X32, 0, 1), _op(_RETURN, _KILL)]
    allowed = _STARTING[machine] if programs else ()
    denied = (*_DENIED[machine], *_DENIED_EVERYWHERE, *(_FROM_MEMORY[machine] if programs else ()))
    ops += _answers(tuple(number for number in denied if number not in allowed), _DENY)
    ops += _answers(_PRETENDED[machine], _PRETEND)
    # glibc falls back to clone, whose flags can be read here; those of clone3 lie in memory, where a filter cannot look.
    ops += _answers((_CLONE3,), _ABSENT)
    asked, first, second = (_CLONE_ESCAPES, _DENY, _ALLOW) if programs else (_CLONE_THREAD, _ALLOW, _DENY)
    ops += [
        _op(_EQUAL, _CLONE[machine], 0, 4),
        _op(_LOAD, _ARG0),
        _op(_ANY_BIT, asked, 1, 0),
        _op(_RETURN, second),
        _op(_RETURN, first),
    ]
    for number in _OWN_PID[machine]:
        ops += [_op(_EQUAL, number, 0, 4), _op(_LOAD, _ARG0), _op(_EQUAL, pid, 1, 0), _op(_RETURN, _DENY), _op(_RETURN, _ALLOW)]
    for number in _OWN_OR_ZERO[machine]:
        ops += [
            _op(_EQUAL, number, 0, 5),
            _op(_LOAD, _ARG0),
            _op(_EQUAL, 0, 2, 0),
            _op(_EQUAL, pid, 1, 0),
            _op(_RETURN, _DENY),
            _op(_RETURN, _ALLOW),
        ]
    return b"".join([*ops, _op(_RETURN, _ALLOW)])


def _answers(numbers: tuple[int, ...], answer: int) -> list[bytes]:
    """Write: each of these calls gets this answer."""
    return [part for number in numbers for part in (_op(_EQUAL, number, 0, 1), _op(_RETURN, answer))]


def offered() -> bool:
    """Say whether there is a filter for this machine."""
    return kernel.LINUX and kernel.MACHINE in _AUDIT_ARCH and struct.calcsize("P") == 8


def restrict(*, programs: bool = False) -> list[str]:
    """Put the filter on this process, for good; needs no-new-privileges set.

    Returns
    -------
    ``seccomp`` where it is in force, else nothing.
    """
    if not offered():
        return []
    code = program(kernel.MACHINE, os.getpid(), programs=programs)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer)))
    try:
        kernel.prctl(kernel.PR_SET_SECCOMP, 2, ctypes.cast(header, ctypes.c_void_p))
    except OSError:
        return []
    return ["seccomp"]
