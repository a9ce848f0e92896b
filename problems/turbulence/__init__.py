"""Flows that make many scales out of one."""
