"""What can go wrong with sealed values. No message ever holds a sealed value or a key."""


class SealedError(Exception):
    """Something sealed can't be written, opened or asked for in this way."""


class MasterKeyError(SealedError):
    """The master key is missing, malformed, or not the one the keys were wrapped under."""


class KeyMissingError(SealedError):
    """The key of a case is not in the key store: destroyed, or the wrong store."""


class KeyDestroyedError(KeyMissingError):
    """The key of a case was destroyed on purpose: the case was disposed of."""


class KeyHeldError(SealedError):
    """A legal hold keeps a key from being destroyed."""


class CannotOpenError(SealedError):
    """A sealed value does not belong here: wrong key, moved from its place, or damaged."""
