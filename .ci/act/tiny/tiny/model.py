"""What the engine imports. A release takes this long to load its weights, seconds."""
WEIGHTS = 0.3
