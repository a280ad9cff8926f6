# What an environment has installed, as a line of JSON. Nothing of it is
# imported: importing torch alone takes seconds, and may start its GPU.
import ast
import json
import os
import sys


def release(package):
    try:
        from importlib import metadata

        return metadata.version(package)
    except Exception:
        return None


def literals(package, module):
    """The plain values that a module of a package sets, by name."""
    found = {}
    try:
        from importlib.util import find_spec

        directory = os.path.dirname(find_spec(package).origin)
        with open(os.path.join(directory, module), encoding="utf-8") as source:
            body = ast.parse(source.read()).body
    except Exception:
        return found
    for statement in body:
        targets = getattr(statement, "targets", [getattr(statement, "target", None)])
        for target in targets:
            if isinstance(target, ast.Name):
                try:
                    found[target.id] = ast.literal_eval(statement.value)
                except Exception:
                    pass
    return found


def text(value):
    return value if isinstance(value, str) else ""


torch = literals("torch", "version.py")
vllm = literals("vllm", "_version.py")
print(json.dumps({
    "python": "%d.%d.%d" % sys.version_info[:3],
    "pytorch": text(torch.get("__version__")) or text(release("torch")),
    "cuda": text(torch.get("cuda")),
    "vllm": text(release("vllm")) or text(vllm.get("__version__")),
}))
