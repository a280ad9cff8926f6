"""Log phases of vLLM's start-up that it does not log itself, or only in whole seconds.

    INFO 02-09 16:10:58 [llm_engine.py:89] Init Tokenizer took 0.29 seconds
    INFO 02-09 16:11:00 [base_loader.py:44] Initializing Model took 0.14 seconds
    INFO 02-09 16:11:25 [gpu_worker.py:361] Graph capturing took 1.04 seconds

vLLM calls register() in each of its processes, as for every plugin in the group
vllm.general_plugins. register() replaces the functions of those phases by timed ones, each
in the module that calls it: at once if that module is loaded, otherwise when vLLM loads
it. It loads no module and changes no file of vLLM, and it ignores its own errors: a
start-up never fails because it is measured.

Phases that a release logs itself are left alone. If a release lacks a function, the first
process of the start-up logs one warning.
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

# The line of each timed function, and the places where vLLM calls it: module and name, a
# method's with its class. Functions move between releases: the first place, oldest first,
# that a release has is used.
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

# Set by the process that has warned, and inherited by those that it starts.
WARNED = "COLDSTART_PROFILING_WARNED"

# Below vLLM's own logger, for its prefix, time stamp and source line.
logger = logging.getLogger("vllm.coldstart_profiling")


def guarded(function):
    """The function, but it never fails."""

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
    """Time every phase that this release does not log itself."""
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
    """The first place that this release has, with its module's text; otherwise the last
    place and None."""
    for module, name in places:
        text = source(module)
        if text is not None and name.split(".")[-1] in text:
            return module, name, text
    return module, name, None


def source(module):
    """The text of a module's file, without loading it; None if there is no such module."""
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
    """Whether a module with this text logs the line itself, in upper or lower case."""
    return line.split("%")[0].lower() in text.lower()


def watch(wanted):
    """Time the functions of loaded modules now, and those of others when they are loaded."""
    later = {}
    for module, names in wanted.items():
        if module in sys.modules:
            time_functions(sys.modules[module], names)
        else:
            later[module] = names
    if later:
        sys.meta_path.insert(0, Watcher(later))


class Watcher:
    """A finder of modules that finds none itself, but notices when a wanted module is
    loaded. It is never removed: the list of finders must not change during a search."""

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
    """The result of the other finders."""
    for finder in list(sys.meta_path):
        if not isinstance(finder, Watcher) and hasattr(finder, "find_spec"):
            spec = finder.find_spec(fullname, path, target)
            if spec is not None:
                return spec
    return None


@guarded
def follow(loader, names):
    """Make a module's loader time the functions after it has run the module."""
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
    """The function, but it logs how long it took. A function that returns 0 did nothing, as
    capturing that is off."""

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
        # The log line shows where the timed function is called.
        logger.info(line, seconds, stacklevel=3)
    except Exception:
        pass
