# Addresses below /polls/ that are pages of their own.
RESERVED_SLUGS = frozenset({"new"})
