"""Runs the programs of rows, each in a folder and a namespace of its own, and prints what they left in `answer`.

Reads {"server": text or null, "rows": [{"dir", "python", "args", "stdin", "env"}]} and prints [{"answer"} or {"failed": text}].
"""

import io
import json
import os
import sys
import traceback

FIRST_ENV = dict(os.environ)


def answer_of(row, server):
    os.chdir(row["dir"])
    os.environ.clear()
    os.environ.update(FIRST_ENV | row["env"])
    sys.argv = ["program.py", *row["args"]]
    sys.stdin = io.TextIOWrapper(io.BytesIO(row["stdin"].encode()))
    # A module that reads the names of its caller finds these here.
    space = {"__name__": "__main__", "server": server}
    try:
        exec(compile(row["python"], "row", "exec"), space)
    except SystemExit as ended:
        if ended.code:
            return {"failed": f"SystemExit: {ended.code}"}
    except BaseException:
        return {"failed": traceback.format_exc(limit=-2)}
    if "answer" not in space:
        return {"failed": "it leaves nothing in `answer`"}
    try:
        json.dumps(space["answer"], allow_nan=False)
    except (TypeError, ValueError) as refused:
        return {"failed": f"its answer is no JSON: {refused}"}
    return {"answer": space["answer"]}


given = json.load(sys.stdin)
printed = os.dup(1)
# What programs print is not the answer.
os.dup2(2, 1)
answers = [answer_of(row, given["server"]) for row in given["rows"]]
os.chdir("/")
with os.fdopen(printed, "w") as out:
    json.dump(answers, out)
