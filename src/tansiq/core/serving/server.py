"""The one process: uvicorn in the main thread, jobs in threads beside it."""

import logging
import signal
from typing import Any

import uvicorn
from django.conf import settings

from tansiq.core import live
from tansiq.core.jobs import JobRunner
from tansiq.core.serving.handler import make_application
from tansiq.core.serving.static import Application, StaticFiles

logger = logging.getLogger("tansiq.serving")

# An open page never ends its stream by itself; without a bound the process would not stop.
GRACE_SECONDS = 2


class Server(uvicorn.Server):
    """Ends the event streams first when it is asked to stop."""

    async def shutdown(self, *arguments: Any, **named: Any) -> None:
        live.close_streams()
        await super().shutdown(*arguments, **named)


def serve(*, host: str, port: int) -> bool:
    """Answer requests until the process is asked to stop; return whether all ended in order."""
    handler = make_application()
    application: Application = handler if settings.WHITENOISE_AUTOREFRESH else StaticFiles(handler)
    server = Server(
        uvicorn.Config(
            application,
            host=host,
            port=port,
            log_config=None,
            # It would write addresses of people; our own line a request has none.
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=GRACE_SECONDS,
            timeout_keep_alive=30,
            proxy_headers=bool(settings.PROXIES),
            forwarded_allow_ips=",".join(settings.PROXIES),
        )
    )
    # uvicorn raises the signal again when it has stopped; jobs must still be ended then.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    jobs = JobRunner() if settings.JOBS == "thread" else None
    if jobs is not None:
        jobs.start()
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        handler.close()
        ended = jobs.stop(patience=0.5) if jobs is not None else True
    if not ended:
        logger.warning("A job was cut off; it will be started again.")
    return ended and server.started
