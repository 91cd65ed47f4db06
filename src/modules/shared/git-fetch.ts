import type { Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { type Clone, isClone } from './git-look.ts';

/** Clones or fetches, and checks out what the remote said (`play_git_ask`). */
export function bringClone(clone: Clone): Sh {
  const { repo, dest, remote, bare } = clone;
  const existing = sh`if play_git -C ${dest} config --get ${`remote.${remote}.url`} >/dev/null
then play_git -C ${dest} config ${`remote.${remote}.url`} ${repo}
else play_git -C ${dest} remote add -- ${remote} ${repo}; fi || return`;
  return joinSh([
    raw('play_git_bring() {\nplay_git_ask || return'),
    sh`if ${isClone(clone)}; then
${existing}
play_git_n=
else
${freshClone(clone)}
${existing}
play_git_n=1
fi`,
    bare ? fetchAll(clone) : joinSh([fetchVersion(clone), checkout(clone)]),
    raw('}\nplay_git_bring'),
  ]);
}

function depthWords({ depth }: Clone): string[] {
  return depth === undefined ? [] : [`--depth=${depth}`];
}

/** A clone of a branch or tag can be a shallow one of only that; a commit is fetched afterwards. */
function freshClone(clone: Clone): Sh {
  const { repo, dest, remote, bare, singleBranch } = clone;
  const words = [
    ...depthWords(clone),
    ...(singleBranch ? ['--single-branch'] : []),
    ...(bare ? ['--bare', '--no-single-branch'] : ['--no-checkout', `--origin=${remote}`]),
  ];
  const begin = sh`play_git clone -q ${words}`;
  const at = sh`-- ${repo} ${dest} || return`;
  if (bare) return sh`${begin} ${at}`;
  return sh`case $play_git_k in
(commit) ${begin} ${at} ;;
(*) ${begin} --branch="$play_git_b" ${at} ;;
esac`;
}

/** All branches and tags, and the branch that the remote begins with. */
function fetchAll(clone: Clone): Sh {
  const { dest, remote, version } = clone;
  const refs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
  const fetch = sh`play_git -C ${dest} fetch -q ${depthWords(clone)} ${remote} ${refs}`;
  return version === 'HEAD'
    ? sh`${fetch} || return
if [ "$play_git_k" = branch ]; then play_git -C ${dest} symbolic-ref HEAD "refs/heads/$play_git_b"; fi`
    : fetch;
}

/** What the version needs; and, without limits, all else that is new. */
function fetchVersion(clone: Clone): Sh {
  const { dest, remote, depth, singleBranch } = clone;
  const fetch = sh`play_git -C ${dest} fetch -q --force ${depthWords(clone)} ${remote}`;
  const all =
    depth === undefined && !singleBranch ? [sh`play_git -C ${dest} fetch -q --force --tags ${remote} || return`] : [];
  // A commit that no branch leads to can be asked for by its whole id, if the remote allows it.
  return sh`case $play_git_n$play_git_k in
(branch) ${joinSh([...all, sh`${fetch} "+refs/heads/$play_git_b:"${`refs/remotes/${remote}/`}"$play_git_b" || return`])} ;;
(tag) ${joinSh([...all, sh`${fetch} "+refs/tags/$play_git_b:refs/tags/$play_git_b" || return`])} ;;
(*commit)
play_git -C ${dest} cat-file -e "$play_git_w^{commit}" 2>/dev/null || play_git -C ${dest} fetch -q --force --tags ${remote} || return
play_git -C ${dest} cat-file -e "$play_git_w^{commit}" 2>/dev/null || ${fetch} "$play_git_w" || return ;;
esac`;
}

/** Files that git does not know and that are in the way are lost only with `force`. A branch follows its remote one. */
function checkout({ dest, remote, force, recursive }: Clone): Sh {
  const submodules = sh`if [ -f ${`${dest}/.gitmodules`} ]; then
play_git -C ${dest} submodule -q sync --recursive && play_git -C ${dest} submodule -q update --init --recursive${raw(force ? ' --force' : '')}
fi`;
  return joinSh([
    sh`play_git_f=${raw(force ? '--force' : '')}
if [ -n "$play_git_n" ]; then play_git_f=--force; fi
case $play_git_k in
(branch) play_git -C ${dest} checkout -q $play_git_f --no-track -B "$play_git_b" ${`refs/remotes/${remote}/`}"$play_git_b" -- &&
play_git -C ${dest} config "branch.$play_git_b.remote" ${remote} &&
play_git -C ${dest} config "branch.$play_git_b.merge" "refs/heads/$play_git_b" || return ;;
(tag) play_git -C ${dest} checkout -q $play_git_f --detach "refs/tags/$play_git_b" -- || return ;;
(*) play_git -C ${dest} checkout -q $play_git_f --detach "$play_git_w" -- || return ;;
esac`,
    ...(recursive ? [submodules] : []),
  ]);
}
