"""National and local coordination on preventing, preparing for and responding to attacks."""

__version__ = "0.1.0"
