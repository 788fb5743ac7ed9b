"""What the console asks of each duty, one small protocol a duty."""
