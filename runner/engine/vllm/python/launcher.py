"""Build vLLM's LLMEngine once, and print how long that took.

    python launcher.py --model MODEL [engine arguments]

Started by coldstart in the Python environment that is measured. The arguments
are vLLM's own, and what is timed is turning them into an engine; imports are
not. It runs with every release from 0.3.1 on, so it uses nothing that moved in
between but the parser of arguments.
"""
import gc
import os
import time


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


def main():
    # The paper's way: workers start afresh instead of as a copy of this process.
    os.environ.setdefault("VLLM_WORKER_MULTIPROC_METHOD", "spawn")
    from vllm import EngineArgs, LLMEngine

    arguments = EngineArgs.add_cli_args(argument_parser()).parse_args()
    start = time.perf_counter()
    engine = LLMEngine.from_engine_args(EngineArgs.from_cli_args(arguments))
    seconds = time.perf_counter() - start
    print("initialize_engine took %.2f seconds" % seconds, flush=True)
    del engine
    gc.collect()


# Processes that vLLM starts import this file under another name, and must not
# build engines of their own.
if __name__ == "__main__":
    main()
