import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Outcome, Sh } from '../../model/resource.ts';
import type { Fields } from '../../model/value.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { bringClone } from '../shared/git-fetch.ts';
import { askRemote, type Clone, isClone, seeClone } from '../shared/git-look.ts';
import { gitProgram, whereGit } from '../shared/git-program.ts';
import { flag, text } from '../shared/params.ts';

const params = Type.Object(
  {
    repo: text('Address of the repository: a URL, `user@host:path`, or an absolute path on the host.'),
    dest: text('The directory of the clone; directories above it are made.'),
    version: Type.Optional(
      Type.String({
        description: 'A branch, a tag or a commit id; `HEAD` is the branch that the repository begins with.',
        pattern: '^[^-\\s~^:?*\\[\\\\][^\\s~^:?*\\[\\\\]*$',
        default: 'HEAD',
      }),
    ),
    depth: Type.Optional(Type.Integer({ description: 'Fetch only so many of the last commits.', minimum: 1 })),
    single_branch: Type.Optional(flag('Fetch only what leads to `version`.')),
    force: Type.Optional(
      flag(
        'Throw away changes of files in the clone. Without it, such changes are a failure. Files that git does not know stay.',
      ),
    ),
    update: Type.Optional(flag('`false`: leave a clone alone that is there already.', true)),
    clone: Type.Optional(flag('`false`: do nothing when there is no clone yet.', true)),
    recursive: Type.Optional(flag('Bring submodules to the commits that the repository names.', true)),
    bare: Type.Optional(flag('A repository without files, with all branches and tags of the remote.')),
    remote: Type.Optional(
      Type.String({
        description: 'The name of the remote.',
        pattern: '^[A-Za-z0-9_][A-Za-z0-9_./-]*$',
        default: 'origin',
      }),
    ),
    key_file: Type.Optional(text('A private key on the host for SSH; only this one is offered.')),
    accept_newhostkey: Type.Optional(flag('Trust the host key of the repository when it is seen for the first time.')),
    executable: Type.Optional(text('The git program; the one in PATH when not said.', 'git')),
  },
  { additionalProperties: false },
);

/** A clone whose HEAD is what the remote calls the version. */
export const git = {
  name: 'git',
  on: 'host',
  summary: 'A directory is a clone of a repository, at this version.',
  params,
  result: {
    before: 'The commit before; null when there was no clone.',
    after: 'The commit after.',
    remote_url_changed: 'Whether the clone had another address of the repository.',
  },
  examples: [
    { git: { repo: 'https://git.example.com/shop.git', dest: '/srv/shop', version: 'v1.4.0' } },
    {
      git: {
        repo: 'git@git.example.com:shop.git',
        dest: '/srv/shop',
        version: 'main',
        key_file: '/root/.ssh/deploy',
        accept_newhostkey: true,
      },
    },
    { git: { repo: 'https://git.example.com/docs.git', dest: '/srv/docs', depth: 1, force: true } },
  ],
  idempotent: true,
  resource(params): Converge {
    const { executable = 'git' } = params;
    const clone = cloneOf(params);
    const start = startOf(params, executable);
    const tools = joinSh([start, seeClone(clone), askRemote(clone)]);
    const look = sh`if ${isClone(clone)}; then play_git_see; else echo 'no clone'; fi`;
    return {
      kind: 'converge',
      probe: [{ sh: whereGit(executable, joinSh([tools, look])) }],
      expect: joinSh([tools, wanted(clone, params)]),
      apply: joinSh([start, askRemote(clone), bringClone(clone)]),
      // A branch may move between the question and the fetch: what is newer is right, too.
      verify: 'apply',
      result: (outcome) => commits(outcome, clone),
    };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

function cloneOf(params: Params): Clone {
  const { version = 'HEAD', remote = 'origin', bare = false, depth, single_branch = false } = params;
  if (bare && single_branch) throw badArgs('git', 'a bare clone has all branches, so single_branch is not for it');
  return {
    repo: address(params.repo),
    dest: hostPath('git', 'dest', params.dest),
    version,
    remote,
    bare,
    ...(depth !== undefined && { depth }),
    singleBranch: single_branch,
    recursive: !bare && (params.recursive ?? true),
    force: params.force ?? false,
  };
}

/** git would take a relative path from wherever it stands: here for the clone, in the clone afterwards. */
function address(repo: string): string {
  const path = hostPath('git', 'repo', repo);
  if (path.startsWith('/') || /^[^/]+:/.test(path)) return repo;
  throw badArgs('git', `repo "${repo}" is a relative path`, 'write a URL, user@host:path or an absolute path');
}

function startOf({ key_file, accept_newhostkey }: Params, executable: string): Sh {
  return gitProgram({
    executable,
    ...(key_file !== undefined && { keyFile: hostPath('git', 'key_file', key_file) }),
    ...(accept_newhostkey !== undefined && { acceptNewHostKey: accept_newhostkey }),
  });
}

/** What is there, where it is to be left alone; else a clone with nothing of its own, at the commit that the remote names. */
function wanted(clone: Clone, { update = true, clone: mayClone = true }: Params): Sh {
  const asked = sh`play_git_ask && printf '%s\\n' clone ${`remote ${clone.remote} ${clone.repo}`} "head $play_git_w"`;
  return joinSh([
    sh`if ${isClone(clone)}; then`,
    update ? asked : raw('play_git_see'),
    raw('else'),
    mayClone ? asked : raw("echo 'no clone'"),
    raw('fi'),
  ]);
}

function commits({ observed = '', expected = observed, changed }: Outcome, { remote, repo }: Clone): Fields {
  const head = (seen: string): string | null => /^head (.*)$/m.exec(seen)?.[1] ?? null;
  const known = observed.startsWith('clone');
  return {
    before: head(observed),
    after: head(changed ? expected : observed),
    remote_url_changed: changed && known && !observed.includes(`\nremote ${remote} ${repo}\n`),
  };
}
