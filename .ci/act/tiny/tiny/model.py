"""What the engine imports. A release takes this long to load its weights, seconds."""
WEIGHTS = 0.3


def register():
    """What vLLM itself calls in its plugins, once it has imported them."""
