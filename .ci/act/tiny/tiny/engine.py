"""An engine that starts in no time, and prints what vLLM 0.10.1.1 does.

tiny-engine [--weights SECONDS] [--broken] --model DIR …
"""
import argparse
import datetime
import time


def say(text):
    now = datetime.datetime.now()
    print(f"INFO {now:%m-%d %H:%M:%S}.{now.microsecond // 1000:03d} [tiny.py:1] {text}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--weights", type=float)
    parser.add_argument("--broken", action="store_true")
    options, _ = parser.parse_known_args()
    say("No plugins for group vllm.platform_plugins found.")
    say("Automatically detected platform cpu.")
    from tiny import model

    say("Available plugins for group vllm.general_plugins:")
    say("Chunked prefill is enabled with max_num_batched_tokens=8192.")
    say("Initializing a V1 LLM engine (v0.10.1.1) with config: model='tiny'")
    say("Waiting for init message from front-end.")
    say("Starting to load model tiny...")
    if options.broken:
        raise ValueError("there is no such model")
    begun = time.perf_counter()
    time.sleep(model.WEIGHTS if options.weights is None else options.weights)
    took = time.perf_counter() - begun
    say(f"Loading weights took {took:.2f} seconds")
    say(f"Model loading took 6.0 GiB and {took:.6f} seconds")
    say("Memory profiling takes 0.01 seconds")
    say("Graph capturing finished in 0 secs, took 0.01 GiB")
    say("init engine (profile, create kv cache, warmup model) took 0.02 seconds")


if __name__ == "__main__":
    main()
