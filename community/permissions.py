"""The community app's rows of the permission table."""

from community.core.permissions import Level, declare

READ_SITE = declare("community.read", Level.ANONYMOUS, "public pages: home, archive")
USE_THEME = declare("community.theme", Level.ANONYMOUS, "one's own look of the site")
USE_ACCOUNT = declare("community.account", Level.MEMBER, "one's own account")
READ_OUTBOX = declare("community.outbox", Level.ANONYMOUS, "every mail, in the demo alone")
UNSUBSCRIBE = declare("community.unsubscribe", Level.ANONYMOUS, "the mails of a mail's reader")
READ_HEALTH = declare("community.health", Level.ANONYMOUS, "whether the site lives")
READ_SCHEMA = declare("community.schema", Level.ANONYMOUS, "the API's description")
