"""Ask the hub about repositories, or fetch files of one, with the hub's own client.

    python hub.py ask REPOSITORY...
    python hub.py fetch REPOSITORY REVISION DIRECTORY FILE...

Started by coldstart in the Python environment of a node. It prints one JSON object per
line: one per repository, or one at the end of fetching. {"failed": ...} says what failed,
as a kind for which coldstart has a message. It runs with huggingface_hub 0.23 to 2.4, so
it knows errors by their names, which stayed the same when their modules moved.

The token comes from HF_TOKEN alone, never from a file of an earlier login.
"""
import json
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed

TOKEN = os.environ.get("HF_TOKEN") or False
AT_ONCE = 8  # files


def say(**what):
    print(json.dumps(what), flush=True)


def causes(error):
    """The error and its causes, the latest first."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def kind_of(error):
    """The kind of failure of one error; None if unknown."""
    names = {c.__name__ for c in type(error).__mro__}
    status = getattr(getattr(error, "response", None), "status_code", None)
    number = getattr(error, "errno", None)
    if "GatedRepoError" in names:
        return "gated"
    if "OfflineModeIsEnabled" in names:
        return "disabled"
    if names & {"RepositoryNotFoundError", "RevisionNotFoundError", "RemoteEntryNotFoundError"} or status == 404:
        return "missing"
    if status in (401, 403, 429):
        return {401: "token", 403: "forbidden", 429: "busy"}[status]
    if status is not None and status >= 500:
        return "server"
    if number in (28, 122):  # no space left, quota exceeded
        return "disk"
    if number in (13, 30):  # no permission, read-only
        return "unwritable"
    if "Consistency check failed" in str(error) or names & {"ChunkedEncodingError", "IncompleteRead", "RemoteProtocolError"}:
        return "cut"
    if names & {"ConnectionError", "Timeout", "TransportError", "NetworkError", "TimeoutException", "FileMetadataError"}:
        return "offline"
    return None


def failure(error):
    kind = next((kind for kind in map(kind_of, causes(error)) if kind), "other")
    said = [str(cause).strip() or type(cause).__name__ for cause in causes(error)]
    says = said[-1].splitlines()[0][:300]  # the first cause
    return {"kind": kind, "says": says.replace(TOKEN, "***") if TOKEN else says}


# Failures that concern every repository.
GENERAL = ("disabled", "token", "busy", "server", "offline", "client")


def ask(api, repository):
    found = {"repository": repository, "page": api.endpoint + "/" + repository}
    try:
        info = api.model_info(repository, files_metadata=True)
        found["revision"] = info.sha
        found["files"] = [{"name": f.rfilename, "size": f.size or 0} for f in info.siblings]
        if getattr(info, "gated", False) and hasattr(api, "auth_check"):
            api.auth_check(repository)
    except Exception as error:
        found["failure"] = failure(error)
    return found


def ask_all(api, repositories):
    for repository in repositories:
        found = ask(api, repository)
        if found.get("failure", {}).get("kind") in GENERAL:
            return say(failed=found["failure"])
        say(**found)


def remove_halves(directory):
    """Remove partial files that no client continues: newer clients give each attempt a
    new name. Those of older clients stay."""
    for folder, _, files in os.walk(os.path.join(directory, ".cache", "huggingface", "download")):
        for name in files:
            if re.fullmatch(r"[^.]+\.[^.]+\.[0-9a-f]{8}\.incomplete", name):
                os.unlink(os.path.join(folder, name))


def fetch(repository, revision, directory, *names):
    from huggingface_hub import hf_hub_download

    remove_halves(directory)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        files = [pool.submit(hf_hub_download, repository, name, revision=revision, local_dir=directory, token=TOKEN) for name in names]
        try:
            for file in as_completed(files):
                file.result()
        except Exception as error:
            say(failed=failure(error))
            os._exit(0)  # do not wait for the other files
    say(fetched=len(names))


def main():
    try:
        from huggingface_hub import HfApi
    except ImportError as error:
        return say(failed={"kind": "client", "says": str(error)})
    if sys.argv[1] == "ask":
        ask_all(HfApi(token=TOKEN), sys.argv[2:])
    else:
        fetch(*sys.argv[2:])


if __name__ == "__main__":
    main()
