"""The key ring: encryption of fields, keyed hashes for look-up, and keys derived by purpose.

The ring is a file of mode 0600 in the instance folder, never in the database, and belongs to
the backup. The newest key encrypts; every key still on the ring decrypts.
"""

from __future__ import annotations

import base64
import fcntl
import hmac
import json
import os
import secrets
from hashlib import sha256
from itertools import count
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from nacl.bindings import sodium_pad, sodium_unpad

NONCE_BYTES = 12
EVERYBODY = "field"
BLOCK_BYTES = 1024
RING = "keyring.json"


class UnreadableSecret(Exception):
    """Stored bytes that no key on the ring opens, or that were moved to another column."""


class Keyring:
    """Keys by id; `current` names the one that encrypts. `path` is the file they come from."""

    def __init__(self, keys: dict[str, bytes], current: str, path: Path | None = None):
        self._keys = keys
        self._current = current
        self._path = path
        self._derived: dict[tuple[str, str], bytes] = {}

    @property
    def current(self) -> str:
        """The id of the key that encrypts."""
        return self._current

    def is_current(self, stored: bytes) -> bool:
        """Whether these bytes were encrypted under the key that encrypts now."""
        return stored[1 : 1 + stored[0]] == self._current.encode()

    def _look_again(self) -> None:
        """Read the file anew: another process may have written under a key added since."""
        if self._path is not None:
            self._keys, self._current = _read(self._path)

    def key(self, purpose: str, key_id: str | None = None) -> bytes:
        """A 32-byte key for one purpose, derived (HKDF-SHA256) so that purposes never share one."""
        wanted = (key_id or self._current, purpose)
        if wanted not in self._derived:
            if wanted[0] not in self._keys:
                self._look_again()
            if wanted[0] not in self._keys:
                raise UnreadableSecret(f"no key {wanted[0]} on the ring")
            hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
            self._derived[wanted] = hkdf.derive(self._keys[wanted[0]])
        return self._derived[wanted]

    def encrypt(self, purpose: str, plain: bytes, holder: str = EVERYBODY) -> bytes:
        """AES-256-GCM; key id and purpose are authenticated with the content."""
        label = self._current.encode()
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self.key(holder)).encrypt(nonce, plain, label + b"|" + purpose.encode())
        return bytes([len(label)]) + label + nonce + sealed

    def decrypt(self, purpose: str, stored: bytes, holder: str = EVERYBODY) -> bytes:
        """Raises UnreadableSecret where the key is gone or the bytes belong elsewhere."""
        label = stored[1 : 1 + stored[0]]
        nonce = stored[1 + len(label) : 1 + len(label) + NONCE_BYTES]
        sealed = stored[1 + len(label) + NONCE_BYTES :]
        try:
            key = self.key(holder, label.decode())
            return AESGCM(key).decrypt(nonce, sealed, label + b"|" + purpose.encode())
        except InvalidTag as error:
            raise UnreadableSecret(purpose) from error

    def lasting_key(self, purpose: str) -> bytes:
        """A key that rotation leaves alone: derived from the oldest key on the ring."""
        return self.key(purpose, next(iter(self._keys)))

    def lookup_hash(self, purpose: str, text: str) -> bytes:
        """A keyed hash for exact look-up of an encrypted value."""
        return hmac.digest(self.lasting_key(f"lookup:{purpose}"), text.encode(), sha256)


class Vault:
    """What one organisation keeps under a data key of its own, derived from the ring."""

    def __init__(self, ring: Keyring, organisation_id: UUID):
        self._ring = ring
        self._holder = f"organisation:{organisation_id}"

    def lock(self, purpose: str, plain: bytes, block: int = BLOCK_BYTES) -> bytes:
        """Encrypted for this organisation and this purpose alone.

        Filled up to whole blocks of bytes: a text that its owner uses again and again would be
        known by its length.
        """
        return self._ring.encrypt(purpose, sodium_pad(plain, block), self._holder)

    def unlock(self, purpose: str, stored: bytes, block: int = BLOCK_BYTES) -> bytes:
        """What was locked with blocks of this size.

        Raises UnreadableSecret where it is another organisation's, or of another purpose.
        """
        return sodium_unpad(self._ring.decrypt(purpose, stored, self._holder), block)


def load_or_make(path: Path) -> Keyring:
    """The ring in this file; a fresh one with a single key where there is none yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = {"current": "k1", "keys": {"k1": base64.b64encode(os.urandom(32)).decode()}}
        _write_privately(path, json.dumps(fresh))
    return Keyring(*_read(path), path)


def _read(path: Path) -> tuple[dict[str, bytes], str]:
    stored = json.loads(path.read_text())
    keys = {name: base64.b64decode(text) for name, text in stored["keys"].items()}
    return keys, stored["current"]


def add_key(path: Path) -> str:
    """Put a fresh key on the ring in this file and let it encrypt from now on; returns its id.

    The keys before it stay, in their order: they decrypt, and the oldest makes the keyed hashes.
    """
    with path.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        stored = json.loads(path.read_text())
        name = next(each for n in count(1) if (each := f"k{n}") not in stored["keys"])
        stored["keys"][name] = base64.b64encode(os.urandom(32)).decode()
        os.replace(_written(path, json.dumps(stored | {"current": name})), path)
    return name


def secret_key(path: Path) -> str:
    """The session-signing secret in this file; made once."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_privately(path, secrets.token_urlsafe(48))
    return path.read_text()


def _written(path: Path, text: str) -> Path:
    """A private file beside this one, on the disk when this returns."""
    partial = path.with_suffix(f".{os.getpid()}.part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return partial


def _write_privately(path: Path, text: str) -> None:
    partial = _written(path, text)
    try:
        os.link(partial, path)
    except FileExistsError:
        pass  # another process made it a moment ago: theirs is the ring
    finally:
        partial.unlink()


def keyring() -> Keyring:
    """The ring of the running application."""
    return current_app.extensions["keyring"]


def vault(organisation_id: UUID) -> Vault:
    """The organisation's vault in the running application."""
    return Vault(keyring(), organisation_id)
