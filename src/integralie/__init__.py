"""Integralië: from scattered plans to one explained, certified and fairly paid multi-year programme."""

__version__ = "0.1.0"
