"""Planted findings: each scenario is one function that writes events and states what follows."""
