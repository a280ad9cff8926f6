"""Tests of the plugin and the launcher with fake vLLM packages, which have the layout of
vLLM's releases. Each test starts a new Python, as vLLM does for its processes.

    python3 -m unittest test_plugin
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import textwrap
import unittest

HERE = pathlib.Path(__file__).resolve().parent

# Every fake package loads plugins and logs as vLLM does.
COMMON = {
    "vllm/v1/worker/__init__.py": "",
    "vllm/v1/worker/gpu_model_runner.py": """
        import time
        class GPUModelRunner:
            def __init__(self, off=False): self.off = off
            def capture_model(self):
                if self.off: return 0
                time.sleep(0.02)
                return 1 << 28
        """,
    "vllm/__init__.py": """
        import logging, sys
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(levelname)s [%(filename)s:%(lineno)d] %(message)s"))
        logging.getLogger("vllm").addHandler(handler)
        logging.getLogger("vllm").setLevel("DEBUG")
        """,
    "vllm/plugins.py": """
        from importlib.metadata import entry_points
        def load_general_plugins():
            for plugin in entry_points(group="vllm.general_plugins"):
                plugin.load()()
        """,
    "vllm/v1/__init__.py": "",
    "vllm/v1/engine/__init__.py": "",
    "vllm/model_executor/__init__.py": "",
    "vllm/model_executor/model_loader/__init__.py": "",
    "vllm/model_executor/model_loader/utils.py": """
        def initialize_model(config, prefix=""):
            return "model of " + config + prefix
        """,
}

RELEASE_0_10 = {
    "vllm/tokenizers.py": """
        def init_tokenizer_from_configs(config):
            if config == "bad":
                raise ValueError("bad tokenizer")
            return "tokenizer of " + config
        """,
    "vllm/v1/engine/llm_engine.py": """
        from vllm.tokenizers import init_tokenizer_from_configs
        class LLMEngine:
            def __init__(self, config):
                self.tokenizer = init_tokenizer_from_configs(config)
        """,
    "vllm/model_executor/model_loader/base_loader.py": """
        from vllm.model_executor.model_loader.utils import initialize_model
        def load_model(config):
            return initialize_model(config, prefix=".")
        """,
    "vllm/model_executor/model_loader/tensorizer_loader.py": """
        from vllm.model_executor.model_loader.utils import initialize_model
        def init_tensorizer_model(config):
            return "tensorized model of " + config
        def load_model(config):
            return init_tensorizer_model(config)
        """,
}

def renamed(function):
    """The engine of a release that calls the function by another name."""
    name = "init_tokenizer_from_configs"
    return {file: RELEASE_0_10[file].replace(name, function) for file in ("vllm/tokenizers.py", "vllm/v1/engine/llm_engine.py")}


RELEASE_0_12 = dict(RELEASE_0_10, **renamed("init_tokenizer_from_config"))
RELEASE_0_13 = dict(RELEASE_0_10, **renamed("cached_tokenizer_from_config"))

# The engine makes a renderer, which makes the tokenizer.
RENDERED = {
    "vllm/v1/engine/llm_engine.py": """
        from vllm.renderers.registry import renderer_from_config
        class LLMEngine:
            def __init__(self, config):
                self.tokenizer = renderer_from_config(config)
        """,
    "vllm/renderers/__init__.py": "from .registry import renderer_from_config\n",
}
RELEASE_0_15 = dict(
    RELEASE_0_10,
    **RENDERED,
    **{
        "vllm/tokenizers.py": RELEASE_0_10["vllm/tokenizers.py"].replace("init_tokenizer_from_configs", "cached_get_tokenizer"),
        "vllm/renderers/registry.py": """
            def renderer_from_config(config):
                from vllm.renderers.hf import HfRenderer
                return HfRenderer.from_config(config)
            """,
        "vllm/renderers/hf.py": """
            from vllm.tokenizers import cached_get_tokenizer
            class HfRenderer:
                @classmethod
                def from_config(cls, config):
                    return cached_get_tokenizer(config)
            """,
    }
)
RELEASE_0_20 = dict(
    RELEASE_0_10,
    **RENDERED,
    **{
        "vllm/tokenizers.py": RELEASE_0_13["vllm/tokenizers.py"],
        "vllm/renderers/registry.py": """
            from vllm.tokenizers import cached_tokenizer_from_config
            def renderer_from_config(config):
                return cached_tokenizer_from_config(config)
            """,
        "vllm/renderers/hf.py": "",
    }
)

# Tokenizer and engine of an unknown future release.
RELEASE_TO_COME = dict(RELEASE_0_20, **{"vllm/renderers/registry.py": "from vllm.tokenizers import make as renderer_from_config\n", "vllm/tokenizers.py": "def make(config): return 'tokenizer of ' + config\n"})

# The loader logs the initialization itself.
RELEASE_0_32 = dict(
    RELEASE_0_20,
    **{
        "vllm/model_executor/model_loader/base_loader.py": """
            import logging
            from vllm.model_executor.model_loader.utils import initialize_model
            def load_model(config):
                model = initialize_model(config, prefix=".")
                logging.getLogger("vllm.base_loader").info("Initializing model took %.6f seconds", 0.5)
                return model
            """
    }
)

# An old release: no V1 engine, another loader.
RELEASE_0_8 = {"vllm/model_executor/model_loader/loader.py": ""}

START = """
import vllm
from vllm.plugins import load_general_plugins
load_general_plugins()
from vllm.v1.engine.llm_engine import LLMEngine
from vllm.model_executor.model_loader import base_loader
print(LLMEngine("x").tokenizer)
print(base_loader.load_model("x"))
"""


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def write(self, files):
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))

    def python(self, *arguments, **variables):
        """The output of a process that has the plugin by PYTHONPATH only."""
        environment = dict(os.environ, PYTHONPATH=os.pathsep.join([str(HERE / "plugin"), str(self.root)]))
        environment.pop("COLDSTART_PROFILING_WARNED", None)
        environment.update(variables)
        done = subprocess.run([sys.executable, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def start(self, release, script=START, **variables):
        self.write({**COMMON, **release})
        return self.python("-c", textwrap.dedent(script), **variables)


class Plugin(Case):
    def test_both_lines(self):
        out = self.start(RELEASE_0_10)
        self.assertRegex(out, r"INFO \[llm_engine\.py:5\] Init Tokenizer took 0\.\d\d seconds\ntokenizer of x\n")
        self.assertRegex(out, r"INFO \[base_loader\.py:4\] Initializing Model took 0\.\d\d seconds\nmodel of x\.\n")
        self.assertNotIn("WARNING", out)
        self.assertNotIn("failed", out)

    def test_modules_loaded_before(self):
        out = self.start(RELEASE_0_10, "import vllm.v1.engine.llm_engine, vllm.model_executor.model_loader.base_loader" + START)
        self.assertEqual(out.count("Init Tokenizer took"), 1, out)
        self.assertEqual(out.count("Initializing Model took"), 1, out)

    def test_registered_twice(self):
        out = self.start(RELEASE_0_10, START.replace("load_general_plugins()\n", "load_general_plugins()\nload_general_plugins()\n", 1))
        self.assertEqual(out.count("Init Tokenizer took"), 1, out)
        self.assertEqual(out.count("Initializing Model took"), 1, out)

    def test_tensorizer_has_its_own(self):
        out = self.start(
            RELEASE_0_10,
            """
            import vllm
            from vllm.plugins import load_general_plugins
            load_general_plugins()
            from vllm.model_executor.model_loader import tensorizer_loader
            print(tensorizer_loader.load_model("x"))
            """,
        )
        self.assertRegex(out, r"\[tensorizer_loader\.py:6\] Initializing Model took 0\.\d\d seconds\ntensorized model of x\n")

    def test_other_callers_are_not_timed(self):
        out = self.start(RELEASE_0_10, START + "from vllm.tokenizers import init_tokenizer_from_configs as f; f('y')\n")
        self.assertEqual(out.count("Init Tokenizer took"), 1, out)

    places = {
        "0.10": (RELEASE_0_10, "llm_engine"),
        "0.12": (RELEASE_0_12, "llm_engine"),
        "0.13": (RELEASE_0_13, "llm_engine"),
        "0.15": (RELEASE_0_15, "hf"),
        "0.20": (RELEASE_0_20, "registry"),
    }

    def test_places_of_the_tokenizer(self):
        for release, (files, place) in self.places.items():
            for before in ("", "import vllm.v1.engine.llm_engine\n"):
                with self.subTest(release, before=before):
                    self.setUp()
                    out = self.start(files, before + START)
                    self.assertRegex(out, r"INFO \[%s\.py:\d\] Init Tokenizer took 0\.\d\d seconds\ntokenizer of x\n" % place)
                    self.assertEqual(out.count("Init Tokenizer took"), 1, out)
                    self.assertNotIn("WARNING", out)

    def test_other_callers_of_the_tokenizer(self):
        """For example the engine's process, which does not share this one's cache."""
        out = self.start(RELEASE_0_20, START + "from vllm.tokenizers import cached_tokenizer_from_config as f; f('y')\n")
        self.assertEqual(out.count("Init Tokenizer took"), 1, out)

    def test_tokenizer_moved(self):
        out = self.start(RELEASE_TO_COME)
        self.assertEqual(out.count("WARNING"), 1, out)
        self.assertIn("this vLLM has no vllm.renderers.registry.cached_tokenizer_from_config; what it takes is not logged", out)
        self.assertEqual(out.count("Initializing Model took"), 1, out)
        self.assertNotIn("Init Tokenizer took", out)

    def test_logged_by_vllm_itself(self):
        out = self.start(RELEASE_0_32)
        self.assertEqual(out.lower().count("initializing model took"), 1, out)
        self.assertEqual(out.count("Init Tokenizer took"), 1, out)
        self.assertNotIn("WARNING", out)

    def test_capturing(self):
        """A method, in a module loaded before or after the plugin. Capturing that is off is
        not logged."""
        capture = "from vllm.v1.worker.gpu_model_runner import GPUModelRunner as R; R().capture_model(); R(off=True).capture_model()\n"
        for before in ("", "import vllm.v1.worker.gpu_model_runner\n"):
            with self.subTest(before):
                self.setUp()
                out = self.start(RELEASE_0_10, before + START + capture)
                self.assertRegex(out, r"INFO \[\S+:\d+\] Graph capturing took 0\.0\d seconds\n")
                self.assertEqual(out.count("Graph capturing took"), 1, out)

    def test_nothing_to_time(self):
        script = """
            import vllm
            from vllm.plugins import load_general_plugins
            load_general_plugins()
            import subprocess, sys
            print(subprocess.check_output([sys.executable, "-c", "import vllm; from vllm.plugins import load_general_plugins as l; l()"], text=True))
            """
        out = self.start(RELEASE_0_8, script)
        self.assertEqual(out.count("WARNING"), 1, "one warning per start-up:\n" + out)
        self.assertEqual(len(out.split()), len(out.splitlines()[0].split()), out)

    def test_loads_nothing(self):
        out = self.start(
            RELEASE_0_10,
            """
            import sys, vllm, importlib.metadata, importlib.machinery, functools, logging, os, time
            from vllm.plugins import load_general_plugins
            list(importlib.metadata.entry_points(group="vllm.general_plugins"))
            before = set(sys.modules)
            load_general_plugins()
            print(sorted(set(sys.modules) - before))
            """,
        )
        self.assertEqual(out, "['coldstart_profiling']\n")

    def test_failures_of_vllm_are_its_own(self):
        out = self.start(
            RELEASE_0_10,
            START + "try:\n    LLMEngine('bad')\nexcept ValueError as error:\n    print('raised', error)\n",
        )
        self.assertIn("raised bad tokenizer", out)
        self.assertEqual(out.count("Init Tokenizer took"), 1, out)

    def test_a_module_that_fails_to_load(self):
        broken = dict(RELEASE_0_10, **{"vllm/v1/engine/llm_engine.py": "init_tokenizer_from_configs = 1\nimport no_such_module\n"})
        out = self.start(
            broken,
            """
            import vllm
            from vllm.plugins import load_general_plugins
            load_general_plugins()
            try:
                import vllm.v1.engine.llm_engine
            except ModuleNotFoundError as error:
                print(error)
            """,
        )
        self.assertEqual(out, "No module named 'no_such_module'\n")

    def test_named_but_not_there(self):
        other = dict(RELEASE_0_10, **{"vllm/v1/engine/llm_engine.py": "# not init_tokenizer_from_configs\nclass LLMEngine:\n    def __init__(self, c): self.tokenizer = c\n"})
        out = self.start(other)
        self.assertNotIn("Init Tokenizer", out)
        self.assertNotIn("rror", out)

    def test_never_breaks_a_start(self):
        """vLLM starts, whatever fails in the plugin."""
        for part in ("find_place", "source", "said_by", "watch", "timed", "logger.info"):
            with self.subTest(part):
                sabotage = "import vllm, coldstart_profiling\ndef fail(*a, **k): raise RuntimeError\ncoldstart_profiling.%s = fail\n" % part
                out = self.start(RELEASE_0_10, sabotage + START)
                self.assertIn("tokenizer of x\n", out)
                self.assertIn("model of x.\n", out)

    def test_overhead(self):
        """Registering, and imports after it, take a negligible time."""
        out = self.start(
            RELEASE_0_10,
            """
            import sys, time, vllm, coldstart_profiling
            start = time.perf_counter()
            coldstart_profiling.register()
            print(time.perf_counter() - start)
            watcher = sys.meta_path[0]
            start = time.perf_counter()
            for i in range(10000):
                watcher.find_spec("other", None)
            print((time.perf_counter() - start) / 10000)
            """,
        )
        register, finding = map(float, out.split())
        print("register: %.2f ms, each import: %.2f µs" % (register * 1e3, finding * 1e6))
        self.assertLess(register, 0.1)
        self.assertLess(finding, 1e-4)


ENGINE = """
    import sys
    class EngineArgs:
        def __init__(self, model): self.model = model
        @staticmethod
        def add_cli_args(parser):
            parser.add_argument("--model")
            print("parser", type(parser).__module__)
            return parser
        @classmethod
        def from_cli_args(cls, args): return cls(args.model)
    class LLMEngine:
        @classmethod
        def from_engine_args(cls, args):
            print("engine of", args.model)
            return cls()
        def __del__(self): print("shut down")
    """
PARSER = "import argparse\nclass FlexibleArgumentParser(argparse.ArgumentParser): pass\n"


class Logging(Case):
    def test_names_the_process_where_records_do(self):
        code = """
            import logging, coldstart_logging
            handler = logging.StreamHandler(__import__("sys").stdout)
            handler.setFormatter(coldstart_logging.Formatter("%(levelname)s %(message)s"))
            logging.getLogger().addHandler(handler)
            logging.error("before")
            made = logging.getLogRecordFactory()
            def named(*args, **kwargs):
                record = made(*args, **kwargs)
                record.vllm_process_name = "Worker_TP1"
                return record
            logging.setLogRecordFactory(named)
            logging.error("after")
            """
        self.assertRegex(self.python("-c", textwrap.dedent(code)), r"^ERROR before\n\(Worker_TP1 pid=\d+\) ERROR after\n$")


class Launcher(Case):
    shapes = {
        "0.3.1": ("argparse", {"vllm/utils.py": ""}),
        "0.10.1.1": ("vllm.utils", {"vllm/utils.py": PARSER}),
        "0.32.0": ("vllm.utils.argparse_utils", {"vllm/utils/__init__.py": "", "vllm/utils/argparse_utils.py": PARSER}),
    }

    def test_every_shape(self):
        for release, (parser, files) in self.shapes.items():
            with self.subTest(release):
                self.setUp()
                self.write({"vllm/__init__.py": ENGINE, **files})
                out = self.python(str(HERE / "launcher.py"), "--model", "m")
                self.assertRegex(out, r"^parser %s\nengine of m\nimported \d+ modules\ninitialize_engine took 0\.\d\d seconds\nshut down\n$" % parser.replace(".", r"\."))

    sizes = (
        ("--cuda-graph-sizes", "1", "1"),
        ("--cudagraph-capture-sizes", "1", "1 2 4"),
        ("--cudagraph-capture-sizes", "24", "1 2 4 8 16 24"),
        ("--cudagraph-capture-sizes", "1 2 56", "1 2 56"),
    )

    def test_graph_sizes(self):
        """The argument of 0.10 is translated for releases with another one."""
        for argument, given, want in self.sizes:
            with self.subTest(argument, given=given):
                engine = textwrap.dedent(ENGINE).replace('parser.add_argument("--model")', 'parser.add_argument("--model"); parser.add_argument("%s", nargs="+", dest="sizes")' % argument)
                self.write({"vllm/__init__.py": engine.replace("cls(args.model)", "cls(' '.join([args.model, 'with', *args.sizes]))")})
                for words in (["--cuda-graph-sizes", *given.split(), "--model", "m"], ["--model", "m", "--cuda-graph-sizes", *given.split()]):
                    out = self.python(str(HERE / "launcher.py"), *words)
                    self.assertIn("engine of m with %s\n" % want, out)

    def test_import_is_logged(self):
        """Also with a release that sets up its logging later."""
        self.write({"vllm/__init__.py": "import logging\nlogging.getLogger('vllm.platforms').debug('detected platform')\n" + textwrap.dedent(ENGINE)})
        started = (str(HERE / "launcher.py"), "--model", "m")
        out = self.python(*started, VLLM_LOGGING_CONFIG_PATH=str(HERE.parents[1] / "local" / "logging.json"))
        self.assertRegex(out, r"^DEBUG \d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[__init__\.py:2\] detected platform\nparser ")
        for settings in ("", "none.json", str(HERE / "launcher.py")):
            with self.subTest(settings):
                out = self.python(*started, VLLM_LOGGING_CONFIG_PATH=settings)
                self.assertTrue(out.startswith("parser "), out)

    def test_spawned_processes_build_no_engine(self):
        self.write({"vllm/__init__.py": ENGINE})
        out = self.python("-c", "import runpy; runpy.run_path(%r, run_name='__mp_main__')" % str(HERE / "launcher.py"))
        self.assertEqual(out, "")


if __name__ == "__main__":
    unittest.main()
