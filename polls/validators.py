# Addresses below /polls/ that are pages of their own.
RESERVED_SLUGS = frozenset({"new"})
# Those below /elections/.
RESERVED_ELECTION_SLUGS = frozenset({"new", "vote", "feed"})
