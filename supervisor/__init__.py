"""What a supervisor's work is: the rules, the collector and the command line."""

__version__ = "0.3.0"
