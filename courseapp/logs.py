"""JSON lines on standard output, one per happening. No names, addresses, links or query strings ever."""

from __future__ import annotations

import logging
import sys
import traceback

import structlog
from structlog.typing import Processor


def stack(problem: BaseException) -> str:
    """Where it went wrong, without the message: databases put whole rows into theirs."""
    return "".join(traceback.format_tb(problem.__traceback__)[-8:])


def configure(*, quiet: bool = False) -> None:
    """Send structlog and the standard library's loggers to the same JSON lines."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING if quiet else logging.INFO)
