"""Builds the package's wheel (PEP 517), with nothing but Python."""
import os
import re
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    with open(os.path.join(HERE, "pyproject.toml")) as file:
        version = re.search('^version = "(.*)"', file.read(), re.MULTILINE)[1]
    info = f"tiny-{version}.dist-info"
    files = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: backend\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\ntiny-engine = tiny.engine:main\n"
        "[vllm.general_plugins]\ntiny = tiny.model:register\n",
    }
    for name in sorted(os.listdir(os.path.join(HERE, "tiny"))):
        if name.endswith(".py"):
            with open(os.path.join(HERE, "tiny", name)) as file:
                files[f"tiny/{name}"] = file.read()
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    wheel = f"tiny-{version}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, wheel), "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return wheel
