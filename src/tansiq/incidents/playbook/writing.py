"""A playbook as YAML, always written in the same way: what did not change gives the same lines."""

from typing import Any

import yaml

from tansiq.incidents.playbook.document import Document
from tansiq.incidents.playbook.schema import plain_of

_WIDTH = 100


class _Dumper(yaml.SafeDumper):
    """Short lists of keys on one line, a blank line between sections."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002 -- the library's own signature
        super().increase_indent(flow, indentless=False)


class _Keys(list[Any]):
    """A list that fits on one line."""


def _write_keys(dumper: yaml.SafeDumper, keys: _Keys) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", keys, flow_style=True)


_Dumper.add_representer(_Keys, _write_keys)


def write_playbook(document: Document) -> str:
    """Return the YAML file of a playbook; `read_playbook` gives the same document back."""
    plain = plain_of(document)
    chunks = []
    head = {name: value for name, value in plain.items() if not isinstance(value, list)}
    chunks.append(_dumped(head))
    chunks += [_dumped({name: plain[name]}) for name in plain if name not in head]
    return "\n".join(chunks)


def _dumped(data: Any) -> str:
    text: str = yaml.dump(
        _with_keys(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH
    )
    return text


def _with_keys(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _with_keys(value) for name, value in data.items()}
    if isinstance(data, list):
        if all(isinstance(one, str) for one in data):
            return _Keys(data)
        return [_with_keys(one) for one in data]
    return data
