import type { Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';

/** A clone as it is to be. */
export interface Clone {
  repo: string;
  dest: string;
  version: string;
  remote: string;
  bare: boolean;
  depth?: number;
  singleBranch: boolean;
  recursive: boolean;
  force: boolean;
}

/** A command that succeeds where `dest` is a clone. */
export function isClone({ dest, bare }: Clone): Sh {
  return bare ? sh`[ -f ${`${dest}/HEAD`} ] && [ -d ${`${dest}/objects`} ]` : sh`[ -e ${`${dest}/.git`} ]`;
}

/** Defines `play_git_see`, which prints what there is; it fails where git does, or where there are changes that nobody allowed to lose. */
export function seeClone(clone: Clone): Sh {
  const { dest, version, remote, bare } = clone;
  const commit = bare ? `${version}^{commit}` : 'HEAD^{commit}';
  return joinSh([
    raw('play_git_see() {'),
    // Exit 1: the branch has no commit yet. Anything else is a complaint of git.
    sh`play_git_h=$(play_git -C ${dest} rev-parse -q --verify ${commit})
case $? in (0) ;; (1) play_git_h=none ;; (*) return 1 ;; esac
echo clone
printf '%s %s\\n' ${`remote ${remote}`} "$(play_git -C ${dest} config --get ${`remote.${remote}.url`})"
echo "head $play_git_h"`,
    bare ? behind(clone) : local(clone),
    raw('}'),
  ]);
}

/** Changes of files that git knows, and submodules that are not at the commit that is asked for. */
function local({ dest, force, recursive }: Clone): Sh {
  const found = force
    ? raw('echo "local modifications"')
    : sh`printf '%s\\n' ${`local modifications in ${dest}; force: true throws them away:`} "$play_git_c" >&2; return 1`;
  const submodules = sh`if [ -f ${`${dest}/.gitmodules`} ]; then
play_git_c=$(play_git -C ${dest} submodule status --recursive) || return 1
case $play_nl$play_git_c in (*"$play_nl"[-+U]*) echo "submodules differ" ;; esac
fi`;
  return joinSh([
    sh`play_git_c=$(play_git -C ${dest} status --porcelain --untracked-files=no --ignore-submodules=all) || return 1
if [ -n "$play_git_c" ]; then ${found}; fi`,
    ...(recursive ? [submodules] : []),
  ]);
}

/** A bare clone has every branch and tag of the remote; others are left. */
function behind({ repo, dest }: Clone): Sh {
  return sh`play_git_r=$(play_git ls-remote --heads --tags -- ${repo}) || return 1
play_git_l=$play_nl$(play_git -C ${dest} for-each-ref --format='%(objectname) %(refname)' refs/heads refs/tags)$play_nl
while read -r play_git_a play_git_b; do
case $play_git_b in (''|*'^{}') continue ;; esac
case $play_git_l in (*"$play_nl$play_git_a $play_git_b$play_nl"*) ;; (*) echo "behind in $play_git_b" ;; esac
done <<PLAY_REFS
$play_git_r
PLAY_REFS`;
}

/**
 * Defines `play_git_ask`, which asks the remote what the version is: play_git_k `branch`, `tag` or `commit`, play_git_b its name without
 * `refs/heads/` or `refs/tags/`, play_git_w its commit. A branch comes before a tag of the same name. A full commit id needs no asking.
 */
export function askRemote(clone: Clone): Sh {
  const { version } = clone;
  if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(version))
    return sh`play_git_ask() { play_git_k=commit play_git_w=${version}; }`;
  return version === 'HEAD' ? askHead(clone) : askNamed(clone);
}

function askHead({ repo }: Clone): Sh {
  return sh`play_git_ask() {
play_git_k= play_git_w=
play_git_r=$(play_git ls-remote --symref -- ${repo} HEAD) || return 1
while read -r play_git_x play_git_y play_git_z; do
case $play_git_x,$play_git_y,$play_git_z in
(ref:,refs/heads/*,HEAD) play_git_k=branch play_git_b=\${play_git_y#refs/heads/} ;;
(*,HEAD,) play_git_w=$play_git_x ;;
esac
done <<PLAY_REFS
$play_git_r
PLAY_REFS
if [ -z "$play_git_w" ]; then printf '%s\\n' ${`${repo} has no commit yet`} >&2; return 1; fi
if [ -z "$play_git_k" ]; then play_git_k=commit; fi
}`;
}

function askNamed({ repo, dest, version }: Clone): Sh {
  const [branch, tag] = [`refs/heads/${version}`, `refs/tags/${version}`];
  // The beginning of a commit id: the remote cannot be asked for it, the clone can.
  const short = /^[0-9a-f]{4,}$/.test(version)
    ? sh`play_git_k=commit play_git_w=$(play_git -C ${dest} rev-parse -q --verify ${`${version}^{commit}`} 2>/dev/null) || play_git_w=${version}`
    : sh`printf '%s\\n' ${`${repo} has no branch and no tag ${version}`} >&2; return 1`;
  return sh`play_git_ask() {
play_git_k= play_git_w=
play_git_r=$(play_git ls-remote -- ${[repo, branch, tag, `${tag}^{}`]}) || return 1
while read -r play_git_x play_git_y; do
case $play_git_k,$play_git_y in
(*,${branch}) play_git_k=branch play_git_w=$play_git_x ;;
(branch,*) ;;
(*,${`${tag}^{}`}) play_git_k=tag play_git_w=$play_git_x ;;
(,${tag}) play_git_k=tag play_git_w=$play_git_x ;;
esac
done <<PLAY_REFS
$play_git_r
PLAY_REFS
play_git_b=${version}
if [ -z "$play_git_k" ]; then ${short}; fi
}`;
}
