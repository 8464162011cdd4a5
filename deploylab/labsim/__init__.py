"""The simulated lab: machines that speak IPMI and boot over HTTP, in a process of their own.

The site cannot tell them from hardware. Nothing here imports Django.
"""
