"""Brings events to the engine and carries alerts away; knows files, sockets and the clock."""
