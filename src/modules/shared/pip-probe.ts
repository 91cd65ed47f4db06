/**
 * Python that tells what of the asked is not so, with the very Python that pip belongs to: names and versions are compared by pip's own
 * rules (PEP 440, PEP 508), packages from elsewhere by where they came from (PEP 610). Prints `as asked` when nothing is to be done.
 * Its one argument is a PipQuestion as JSON. Status 10: there is no pip, or no requirements file.
 */
export const pipProbe = `import json, os, pathlib, re, subprocess, sys
asked = json.loads(sys.argv[1])
try:
    from importlib import metadata
    from pip._vendor.packaging.requirements import InvalidRequirement, Requirement
except ImportError:
    sys.stderr.write("%s has no pip, or is older than 3.8\\n" % sys.executable)
    sys.exit(10)
def canonical(name):
    return re.sub("[-_.]+", "-", name).lower()
there = {}
for found in metadata.distributions():
    if found.metadata["Name"]:
        there.setdefault(canonical(found.metadata["Name"]), found)
def origin(found):
    text = found.read_text("direct_url.json")
    return json.loads(text) if text else {}
def comes_from(word, editable):
    wheel = re.search(r"([^/]+?)-([^/-]+)-[^/]*[.]whl(#.*)?$", word)
    if wheel:
        # pip leaves the same version alone, wherever it came from.
        found = there.get(canonical(wheel.group(1)))
        return found is not None and found.version == wheel.group(2)
    vcs = re.match("(git|hg|svn|bzr)[+]([^#]*)", word)
    if vcs:
        url, last, revision = vcs.group(2), None, None
        if "@" in url.rsplit("/", 1)[-1]:
            url, revision = url.rsplit("@", 1)
    elif "://" in word:
        url, revision = word.split("#")[0], None
    else:
        url, revision = pathlib.Path(os.path.abspath(re.sub(r"\\[[^]]*\\]$", "", word))).as_uri(), None
    for found in there.values():
        data = origin(found)
        if data.get("url") != url:
            continue
        if vcs and data.get("vcs_info", {}).get("requested_revision") != revision:
            continue
        if editable and not data.get("dir_info", {}).get("editable"):
            continue
        return True
    return False
def wrong(word, editable=False):
    try:
        wanted = Requirement(word)
    except InvalidRequirement:
        return None if comes_from(word, editable) else "%s is not installed" % word
    if wanted.marker and not wanted.marker.evaluate():
        return None
    found = there.get(canonical(wanted.name))
    if found is None:
        return "%s absent" % wanted.name
    if wanted.url:
        return None if comes_from(wanted.url, editable) else "%s %s, from elsewhere" % (wanted.name, found.version)
    if not wanted.specifier.contains(found.version, prereleases=True):
        return "%s %s, not %s" % (wanted.name, found.version, wanted.specifier)
def lines(path):
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        sys.stderr.write("%s: %s\\n" % (path, error.strerror))
        sys.exit(10)
    for line in re.sub(r"\\\\\\r?\\n", " ", text).splitlines():
        line = re.sub(r"(^|\\s)#.*$", "", line).strip()
        more = re.match(r"(?:-r|--requirement)[ =]*(.+)", line)
        if more:
            for inner in lines(os.path.join(os.path.dirname(path), more.group(1).strip())):
                yield inner
        elif re.match(r"(-e|--editable)[ =]", line):
            yield re.sub(r"^(-e|--editable)[ =]+", "", line), True
        elif line and not line.startswith("-"):
            yield re.split(r"\\s--", line)[0].strip(), False
wanted = [(word, asked["editable"]) for word in asked["names"]]
if asked["requirements"]:
    wanted += list(lines(asked["requirements"]))
def newer():
    words = [part for word, editable in wanted for part in (["-e", word] if editable else [word])]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    run = subprocess.run(pip + ["install", "--dry-run", "--quiet", "--report", "-", "--upgrade"] + asked["extra"] + words,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    if run.returncode == 0:
        names = {canonical(re.split("[^A-Za-z0-9._-]", word)[0]) for word, _ in wanted}
        for item in json.loads(run.stdout[run.stdout.index("{"):])["install"]:
            data = item["metadata"]
            found = there.get(canonical(data["name"]))
            if canonical(data["name"]) in names and found is not None:
                yield "%s %s, there is %s" % (data["name"], found.version, data["version"])
    elif "no such option" in run.stderr:
        listed = json.loads(subprocess.check_output(pip + ["list", "--outdated", "--format=json"]))
        for item in listed:
            if any(canonical(item["name"]) == canonical(re.split("[^A-Za-z0-9._-]", word)[0]) for word, _ in wanted):
                yield "%s %s, there is %s" % (item["name"], item["version"], item["latest_version"])
    else:
        sys.stderr.write(run.stderr)
        sys.exit(1)
if asked["state"] == "absent":
    said = []
    for word, _ in wanted:
        name = re.split("[^A-Za-z0-9._-]", word)[0]
        if canonical(name) in there:
            said.append("%s %s" % (name, there[canonical(name)].version))
else:
    said = [text for text in (wrong(*one) for one in wanted) if text]
    if asked["state"] == "latest" and not said:
        said = list(newer())
print("\\n".join(said) or "as asked")
`;

/** What the script is asked. */
export interface PipQuestion {
  state: 'present' | 'latest' | 'absent';
  /** Names with or without versions, paths and addresses. */
  names: string[];
  requirements: string;
  editable: boolean;
  /** Further arguments of \`pip install\`. */
  extra: string[];
}
