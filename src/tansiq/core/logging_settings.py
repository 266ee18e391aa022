"""How the platform logs: one console, no paths, libraries that chatter turned down."""

from typing import Any


def logging_as(style: str) -> dict[str, Any]:
    """Return what Django calls LOGGING; `style` names the formatter, json or plain."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "tansiq.core.logs.JsonFormatter"},
            "plain": {"format": "%(levelname)s %(name)s %(message)s"},
        },
        "filters": {"without_path": {"()": "tansiq.core.logs.WithoutPath"}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "filters": ["without_path"],
                "formatter": style,
            },
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.request": {"level": "ERROR"},
            # It greets and says farewell; and warns of broken requests, with nothing of a person.
            "uvicorn": {"level": "WARNING"},
            # Two lines a job; what fails is written all the same.
            "django_tasks": {"level": "WARNING"},
            "django_tasks_db": {"level": "WARNING"},
        },
    }
