"""Build vLLM's LLMEngine once, and print how long that took and how many modules this
process has imported by then.

    python launcher.py --model MODEL [engine arguments]

Started by coldstart in the Python environment that is measured. The arguments are
vLLM's own. The time from the arguments to the engine is measured, without imports. It
runs with every release since 0.3.1; of what changed since then it uses only the
argument parser and one argument.
"""
import gc
import os
import sys
import time


def set_up_logging():
    """Apply vLLM's own log settings before importing it. Up to 0.30 vLLM does so itself;
    later releases wait for their configuration, and log nothing until then."""
    settings = os.environ.get("VLLM_LOGGING_CONFIG_PATH")
    if settings:
        import json
        import logging.config

        try:
            with open(settings, encoding="utf-8") as file:
                logging.config.dictConfig(json.load(file))
        except Exception:
            pass  # vLLM reports the error


def argument_parser():
    """vLLM's own parser, if the release has one. It moved once."""
    import argparse
    import importlib

    for place in ("vllm.utils.argparse_utils", "vllm.utils"):
        try:
            return importlib.import_module(place).FlexibleArgumentParser()
        except (ImportError, AttributeError):
            pass
    return argparse.ArgumentParser()  # up to 0.5.0


def translated(words, known):
    """The arguments as the release has them. One changed: --cuda-graph-sizes, which takes a
    list of sizes or the largest size, is --cudagraph-capture-sizes since 0.13, which takes
    only a list."""
    if "--cuda-graph-sizes" not in words or "--cuda-graph-sizes" in known:
        return words
    at = words.index("--cuda-graph-sizes")
    end = at + 1
    while end < len(words) and words[end].isdigit():
        end += 1
    sizes = words[at + 1 : end]
    if len(sizes) == 1:  # as 0.10 expands it
        sizes = ["1", "2", "4"] + [str(size) for size in range(8, int(sizes[0]) + 1, 8)]
    return words[:at] + ["--cudagraph-capture-sizes"] + sizes + words[end:]


def main():
    set_up_logging()
    from vllm import EngineArgs, LLMEngine

    parser = EngineArgs.add_cli_args(argument_parser())
    known = {word for action in parser._actions for word in action.option_strings}
    arguments = parser.parse_args(translated(sys.argv[1:], known))
    start = time.perf_counter()
    engine = LLMEngine.from_engine_args(EngineArgs.from_cli_args(arguments))
    seconds = time.perf_counter() - start
    print("imported %d modules" % len(sys.modules), flush=True)
    print("initialize_engine took %.2f seconds" % seconds, flush=True)
    del engine
    gc.collect()


# Processes that vLLM spawns import this file under another name, and must not build an
# engine.
if __name__ == "__main__":
    main()
