"""wheel.py FOLDER NAME VERSION…: packages with one module, as PEP 427 has them. With `--into`, the last is unpacked into the environment."""

import glob
import os
import sys
import zipfile

folder, name, *versions = [word for word in sys.argv[1:] if word != "--into"]
for version in versions:
    info = f"{name}-{version}.dist-info/"
    files = {
        f"{name}.py": f"version = {version!r}\n",
        f"{info}METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}WHEEL": "Wheel-Version: 1.0\nGenerator: play\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}INSTALLER": "pip\n",
    }
    files[f"{info}RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}RECORD"])
    path = f"{folder}/{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for member, text in files.items():
            wheel.writestr(member, text)
    if "--into" in sys.argv:
        [packages] = glob.glob(os.path.join(folder, "../venv/lib/python3*/site-packages"))
        zipfile.ZipFile(path).extractall(packages)
