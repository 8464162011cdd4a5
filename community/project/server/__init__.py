"""The one-command server: embedded services, the site's processes and their supervisor.

Plain Python: nothing here imports Django, so that starting and stopping stay quick and a mistake
in the settings is told by the process that made it.
"""
