"""The community app's rows of the permission table."""

from community.core.permissions import Level, declare

READ_SITE = declare("community.read", Level.ANONYMOUS, "public pages: home, archive")
USE_THEME = declare("community.theme", Level.ANONYMOUS, "one's own look of the site")
USE_ACCOUNT = declare("community.account", Level.MEMBER, "one's own account")
READ_OUTBOX = declare("community.outbox", Level.ANONYMOUS, "every mail, in the demo alone")
UNSUBSCRIBE = declare("community.unsubscribe", Level.ANONYMOUS, "the mails of a mail's reader")
READ_HEALTH = declare("community.health", Level.ANONYMOUS, "whether the site lives")
READ_SCHEMA = declare("community.schema", Level.ANONYMOUS, "the API's description")
READ_CHAPTERS = declare("chapters.read", Level.ANONYMOUS, "all")
JOIN_CHAPTERS = declare("chapters.join", Level.MEMBER, "one's own membership, and asking to lead")
RUN_CHAPTERS = declare("chapters.run", Level.ORGANIZER, "own chapters")
