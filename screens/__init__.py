"""What a supervisor sees and presses."""
