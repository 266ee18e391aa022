"""Which tags each post of a batch uses, as columns of numbers."""

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chorus.foldable import Settings
from chorus.kernel import KEY_BYTES, digest
from chorus.keys import Keys, Rows
from chorus.tags import fold_tags

# A post with more distinct tags is flooding; the first ones are read.
MOST_IN_A_POST: Final = 30


@dataclass(frozen=True)
class Uses:
    """One entry for each tag of each post: the post's place in the batch, the tag's in `tags`."""

    post: Rows
    tag: Rows
    spelling: Rows
    tags: Keys  # sorted, distinct
    spellings: Keys
    folded: list[str]
    written: list[str]
    crowded: int


def uses_in(observed: pa.Table, salt: bytes) -> Uses:
    """Return each tag of each post once, in its first spelling; `MOST_IN_A_POST` of a post."""
    lists = observed["tags"].combine_chunks()
    sizes = np.asarray(pc.fill_null(pc.list_value_length(lists), 0), np.int64)
    posts = np.repeat(np.arange(len(sizes)), sizes)
    encoded = pc.fill_null(lists.flatten(), "").dictionary_encode()
    written = encoded.dictionary
    folded = fold_tags(written)
    keys, spellings = digest(folded, salt), digest(written, salt)
    tags, first, tag_of = np.unique(keys, return_index=True, return_inverse=True)
    spelling = np.asarray(encoded.indices, np.int64)
    tag = tag_of[spelling] if len(spelling) else spelling
    # The same tag twice in a post counts once; the key 0 stands for what is no tag.
    once = np.unique(posts * max(len(tags), 1) + tag, return_index=True)[1]
    once = np.sort(once[tags[tag[once]] != 0])
    place = np.arange(len(once)) - np.searchsorted(posts[once], posts[once])
    once, over = once[place < MOST_IN_A_POST], once[place == MOST_IN_A_POST]
    used, tag = np.unique(tag[once], return_inverse=True)
    order = np.argsort(spellings)
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    names, spelt = folded.to_list(), written.to_pylist()
    return Uses(
        post=posts[once],
        tag=tag,
        spelling=back[spelling[once]],
        tags=tags[used],
        spellings=spellings[order],
        folded=[names[place] for place in first[used]],
        written=[spelt[place] for place in order],
        crowded=len(over),
    )


def salt_of(settings: Settings) -> bytes:
    """Return the key of the hashes of tags: another one for each incident."""
    return hashlib.sha256(b"chorus hashtags\0" + settings.key.encode()).digest()[:KEY_BYTES]
