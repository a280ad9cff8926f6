"""A log formatter that tells which process printed a line, as vLLM's own does."""

import logging


class Formatter(logging.Formatter):
    """Names the process where vLLM's records have its name, as in 0.32.

    Earlier releases put the name before everything that a process prints.
    """

    def format(self, record):
        text = super().format(record)
        name = getattr(record, "vllm_process_name", None)
        return text if name is None else f"({name} pid={record.process}) {text}"
