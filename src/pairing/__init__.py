"""Paired assistance (结对帮扶): who is responsible for which household, under quotas, with proof."""

__version__ = "0.1.0"
