"""The lab's rows of the permission table."""

from community.core.permissions import Level, declare

READ_LAB = declare("lab.read", Level.ANONYMOUS, "nodes and their states without addresses")
READ_BLUEPRINTS = declare("lab.blueprints", Level.ANONYMOUS, "every blueprint")
RESERVE = declare("lab.reserve", Level.PARTICIPANT, "one's own reservations; organizers all")
READ_RESERVATIONS = declare("lab.reservations", Level.MEMBER, "one's own; organizers all")
POWER = declare("lab.power", Level.PARTICIPANT, "nodes of one's active reservation")
READ_DEPLOYMENTS = declare("lab.deployments", Level.ANONYMOUS, "public ones; own; organizers all")
DEPLOY = declare("lab.deploy", Level.PARTICIPANT, "onto one's active reservation")
BOOT = declare("lab.boot", Level.ANONYMOUS, "a node whose boot is awaited, from the lab's network")
