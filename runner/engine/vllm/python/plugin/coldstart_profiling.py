"""Log phases of vLLM's start-up that it does not log itself, or not finely.

    INFO 02-09 16:10:58 [llm_engine.py:89] Init Tokenizer took 0.29 seconds
    INFO 02-09 16:11:00 [base_loader.py:44] Initializing Model took 0.14 seconds
    INFO 02-09 16:11:25 [gpu_worker.py:361] Graph capturing took 1.04 seconds

vLLM calls register() in each of its processes, as it does with every plugin in
the group vllm.general_plugins. The functions of those phases are then replaced
by timed ones, each in the module that calls it: at once where that module is
loaded already, else as soon as vLLM loads it. No module is loaded for it, no
file of vLLM is changed, and whatever goes wrong here is swallowed: a start-up
never fails because it is measured.

A release that logs a phase itself is left alone. One that lacks a function gets
one warning, from the first process of the start-up.
"""
import functools
import importlib.machinery
import logging
import os
import sys
import time

TOKENIZER = "Init Tokenizer took %.2f seconds"
MODEL = "Initializing Model took %.2f seconds"
CAPTURE = "Graph capturing took %.2f seconds"  # vLLM states whole seconds

# What is timed: the line, and the places where vLLM calls the function, each as
# module and name, a method's with its class. A function moves from release to release: of its places, oldest
# first, the first that a release has counts.
FUNCTIONS = (
    (
        TOKENIZER,
        (
            ("vllm.v1.engine.llm_engine", "init_tokenizer_from_configs"),  # up to 0.11
            ("vllm.v1.engine.llm_engine", "init_tokenizer_from_config"),  # 0.12
            ("vllm.v1.engine.llm_engine", "cached_tokenizer_from_config"),  # 0.13, 0.14
            ("vllm.renderers.hf", "cached_get_tokenizer"),  # 0.15 to 0.18, for most models
            ("vllm.renderers.registry", "cached_tokenizer_from_config"),  # from 0.19 on
        ),
    ),
    (MODEL, (("vllm.model_executor.model_loader.base_loader", "initialize_model"),)),
    (MODEL, (("vllm.model_executor.model_loader.tensorizer_loader", "initialize_model"),)),
    (MODEL, (("vllm.model_executor.model_loader.tensorizer_loader", "init_tensorizer_model"),)),
    (CAPTURE, (("vllm.v1.worker.gpu_model_runner", "GPUModelRunner.capture_model"),)),
)

# Set once a process has warned, and inherited by those that it starts.
WARNED = "COLDSTART_PROFILING_WARNED"

# Below vLLM's own logger, so that lines get its prefix, stamp and place.
logger = logging.getLogger("vllm.coldstart_profiling")


def guarded(function):
    """The function, but never failing."""

    @functools.wraps(function)
    def call(*args):
        try:
            return function(*args)
        except Exception as error:
            logger.debug("coldstart: profiling failed: %r", error)
            return None

    return call


@guarded
def register():
    """Have every phase timed that this release does not log itself."""
    lacking = []
    wanted = {}  # module to {name: line}
    for line, places in FUNCTIONS:
        module, name, text = find_place(places)
        if text is None:
            lacking.append("%s.%s" % (module, name))
        elif not said_by(text, line):
            wanted.setdefault(module, {})[name] = line
    if lacking and not os.environ.get(WARNED):
        os.environ[WARNED] = "1"
        logger.warning("coldstart: this vLLM has no %s; what it takes is not logged", ", ".join(lacking))
    watch(wanted)


def find_place(places):
    """The first place that this release has, with the text of its module; without
    one, the last place and None."""
    for module, name in places:
        text = source(module)
        if text is not None and name.split(".")[-1] in text:
            return module, name, text
    return module, name, None


def source(module):
    """The text of a module's file, found without loading anything: None where
    there is no such module."""
    names = module.split(".")
    paths = sys.modules[names[0]].__path__
    for end in range(2, len(names) + 1):
        spec = importlib.machinery.PathFinder.find_spec(".".join(names[:end]), paths)
        if spec is None:
            return None
        paths = spec.submodule_search_locations
    with open(spec.origin, encoding="utf-8", errors="replace") as file:
        return file.read()


def said_by(text, line):
    """Whether a module of that text logs the line itself, in whatever case."""
    return line.split("%")[0].lower() in text.lower()


def watch(wanted):
    """Time the functions of modules that are loaded, and of others when they
    are."""
    later = {}
    for module, names in wanted.items():
        if module in sys.modules:
            time_functions(sys.modules[module], names)
        else:
            later[module] = names
    if later:
        sys.meta_path.insert(0, Watcher(later))


class Watcher:
    """A finder of modules that finds none itself, but notices when one of the
    wanted is loaded. It stays: finders must not go while others are asked."""

    def __init__(self, wanted):
        self.wanted = wanted

    def find_spec(self, fullname, path=None, target=None):
        names = self.wanted.get(fullname)
        if names is None:
            return None
        spec = find(fullname, path, target)
        if spec is not None:
            follow(spec.loader, names)
        return spec


def find(fullname, path, target):
    """What the other finders find."""
    for finder in list(sys.meta_path):
        if not isinstance(finder, Watcher) and hasattr(finder, "find_spec"):
            spec = finder.find_spec(fullname, path, target)
            if spec is not None:
                return spec
    return None


@guarded
def follow(loader, names):
    """Have a module's loader time its functions once it has run the module."""
    load = loader.exec_module

    def exec_module(module):
        load(module)
        time_functions(module, names)

    loader.exec_module = exec_module  # on this module's own loader alone


@guarded
def time_functions(module, names):
    for name, line in names.items():
        *owners, last = name.split(".")
        owner = functools.reduce(lambda found, part: getattr(found, part, None), owners, module)
        function = getattr(owner, last, None)
        if callable(function) and not hasattr(function, "coldstart_line"):
            setattr(owner, last, timed(function, line))


def timed(function, line):
    """The function, but logging how long it took when it has returned. One that
    returns 0, as capturing does where it is off, has done nothing."""

    @functools.wraps(function)
    def call(*args, **kwargs):
        start = time.perf_counter()
        result = function(*args, **kwargs)
        if not (type(result) is int and result == 0):
            log(line, time.perf_counter() - start)
        return result

    call.coldstart_line = line
    return call


def log(line, seconds):
    try:
        # The place that the line shows is the call of the timed function.
        logger.info(line, seconds, stacklevel=3)
    except Exception:
        pass
