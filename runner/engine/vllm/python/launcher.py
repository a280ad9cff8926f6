"""Build vLLM's LLMEngine once, and print how long that took.

    python launcher.py --model MODEL [engine arguments]

Started by coldstart in the Python environment that is measured. The arguments
are vLLM's own, and what is timed is turning them into an engine; imports are
not. It runs with every release from 0.3.1 on, so it uses nothing that moved in
between but the parser of arguments, and one argument.
"""
import gc
import os
import sys
import time


def set_up_logging():
    """Apply vLLM's own log settings before it is imported. Up to 0.30 it does so
    itself; later releases wait until they have a configuration, and what they do
    until then would not be logged."""
    settings = os.environ.get("VLLM_LOGGING_CONFIG_PATH")
    if settings:
        import json
        import logging.config

        try:
            with open(settings, encoding="utf-8") as file:
                logging.config.dictConfig(json.load(file))
        except Exception:
            pass  # vLLM says what is wrong with them


def argument_parser():
    """vLLM's own parser, where the release has one. It moved once."""
    import argparse
    import importlib

    for place in ("vllm.utils.argparse_utils", "vllm.utils"):
        try:
            return importlib.import_module(place).FlexibleArgumentParser()
        except (ImportError, AttributeError):
            pass
    return argparse.ArgumentParser()  # up to 0.5.0


def in_its_words(words, known):
    """The arguments as the release has them. One has changed: --cuda-graph-sizes,
    which lists sizes or names the largest, is --cudagraph-capture-sizes from 0.13 on,
    which lists them."""
    if "--cuda-graph-sizes" not in words or "--cuda-graph-sizes" in known:
        return words
    at = words.index("--cuda-graph-sizes")
    end = at + 1
    while end < len(words) and words[end].isdigit():
        end += 1
    sizes = words[at + 1 : end]
    if len(sizes) == 1:  # what 0.10 makes of it
        sizes = ["1", "2", "4"] + [str(size) for size in range(8, int(sizes[0]) + 1, 8)]
    return words[:at] + ["--cudagraph-capture-sizes"] + sizes + words[end:]


def main():
    set_up_logging()
    from vllm import EngineArgs, LLMEngine

    parser = EngineArgs.add_cli_args(argument_parser())
    known = {word for action in parser._actions for word in action.option_strings}
    arguments = parser.parse_args(in_its_words(sys.argv[1:], known))
    start = time.perf_counter()
    engine = LLMEngine.from_engine_args(EngineArgs.from_cli_args(arguments))
    seconds = time.perf_counter() - start
    print("initialize_engine took %.2f seconds" % seconds, flush=True)
    del engine
    gc.collect()


# A process that vLLM spawns imports this file under another name, and must not build
# an engine of its own.
if __name__ == "__main__":
    main()
