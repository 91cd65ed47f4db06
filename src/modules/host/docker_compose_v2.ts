import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { whereDocker } from '../shared/docker.ts';
import { choice, flag, text } from '../shared/params.ts';

const names = (description: string) => Type.Optional(Type.Array(Type.String({ minLength: 1 }), { description }));

const params = Type.Object(
  {
    project_src: text('The directory on the host with the Compose file.'),
    project_name: Type.Optional(
      Type.String({
        description: 'The name of the project; that of the directory when not said.',
        pattern: '^[a-z0-9][a-z0-9_-]*$',
      }),
    ),
    files: names('Compose files, relative to `project_src`; what Compose finds there when not said.'),
    env_files: names('Files with variables, relative to `project_src`.'),
    profiles: names('Profiles whose services take part.'),
    services: names('Only these services, and what they need.'),
    state: Type.Optional(
      choice(
        ['present', 'stopped', 'restarted', 'absent'],
        '`present`: all runs and is as the files say. `stopped`: it exists and does not run. `restarted`: the same as `present`, and restarted each time. `absent`: containers and networks are removed.',
        'present',
      ),
    ),
    pull: Type.Optional(
      choice(
        ['policy', 'missing', 'always', 'never'],
        'When images are fetched; `policy` is what the files say. `always` asks each time, but not in check mode.',
        'policy',
      ),
    ),
    build: Type.Optional(
      choice(
        ['policy', 'always', 'never'],
        'When images are built; `always` builds each time, but not in check mode.',
        'policy',
      ),
    ),
    recreate: Type.Optional(choice(['auto', 'always', 'never'], 'When containers are made anew.', 'auto')),
    remove_orphans: Type.Optional(flag('Remove containers of services that the files do not have any more.')),
    remove_volumes: Type.Optional(flag('With `state: absent`: remove the volumes, too.')),
    wait: Type.Optional(flag('Wait until the services run or are healthy.')),
    wait_timeout: Type.Optional(Type.Integer({ description: 'Seconds for that.', minimum: 1 })),
  },
  { additionalProperties: false },
);

/** A Compose project. Compose itself says what it would do. */
export const dockerComposeV2 = {
  name: 'docker_compose_v2',
  on: 'host',
  summary:
    'The services of a Compose project run as its files say, are stopped, or are gone. Needs Compose 2.18 or newer. Not run on a real system.',
  params,
  result: {
    state: 'The state that was asked for.',
    actions: 'What Compose did or would do: `Container shop-web-1 Recreate`.',
  },
  examples: [
    { docker_compose_v2: { project_src: '/srv/shop' } },
    {
      docker_compose_v2: { project_src: '/srv/shop', files: ['compose.yaml', 'prod.yaml'], pull: 'always', wait: true },
    },
    { docker_compose_v2: { project_src: '/srv/old', state: 'absent', remove_volumes: true } },
  ],
  idempotent: true,
  resource(params, { check }): Resource {
    const { state = 'present', wait, wait_timeout, remove_volumes, services = [] } = params;
    if (remove_volumes && state !== 'absent') throw badArgs('docker_compose_v2', 'remove_volumes is for state: absent');
    if (wait_timeout !== undefined && !wait) throw badArgs('docker_compose_v2', 'wait_timeout is for wait');
    if (state === 'absent' && services.length > 0)
      throw badArgs('docker_compose_v2', 'state: absent removes the whole project, so services is not for it');
    const begin = compose(params);
    const refresh = check ? [] : fetching(params);
    const plan = joinSh([begin, raw('play_dc_see() {'), ...refresh, planOf(params, check), raw('}\nplay_dc_see')]);
    return {
      kind: 'converge',
      probe: [{ sh: whereDocker(plan) }],
      expect: state === 'restarted' ? 'restarted' : 'up to date',
      apply: joinSh([begin, carryOut(params)]),
      // Compose has said whether it worked, and asking again takes seconds.
      verify: 'apply',
      result: ({ observed = '', changed }) => ({
        state,
        actions: changed ? observed.split('\n').filter((line) => / /.test(line) && line !== 'up to date') : [],
      }),
    };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

/** Defines `play_dc`: Compose with the options that say which project is meant. Paths of files are relative to the project. */
function compose(params: Params): Sh {
  const folder = hostPath('docker_compose_v2', 'project_src', params.project_src);
  const inFolder = (path: string): string => (path.startsWith('/') ? path : `${folder}/${path}`);
  const words = [
    '--ansi=never',
    `--project-directory=${folder}`,
    ...(params.project_name === undefined ? [] : [`--project-name=${params.project_name}`]),
    ...(params.files ?? []).map((file) => `--file=${inFolder(file)}`),
    ...(params.env_files ?? []).map((file) => `--env-file=${inFolder(file)}`),
    ...(params.profiles ?? []).map((profile) => `--profile=${profile}`),
  ];
  return sh`play_dc() { docker compose ${words} "$@"; }`;
}

/** Newer images have to be there before Compose can say whether containers are to be made anew. */
function fetching({ state = 'present', pull, build, services = [] }: Params): Sh[] {
  if (state === 'absent') return [];
  const quiet = (command: string[]): Sh =>
    sh`play_dc_o=$(play_dc ${[...command, ...services]} 2>&1) || { printf '%s\\n' "$play_dc_o" >&2; return 1; }`;
  return [
    ...(pull === 'always' ? [quiet(['pull', '--quiet', '--ignore-buildable'])] : []),
    ...(build === 'always' ? [quiet(['build', '--quiet'])] : []),
  ];
}

/**
 * Prints what Compose would do. In the foreground `up --dry-run` never does anything; with `--detach`, one version did (docker/compose 14029).
 */
function planOf(params: Params, check: boolean): Sh {
  const { state = 'present', services = [], build = 'policy' } = params;
  // What is built each time has been built by now, but for a check.
  const building = build === 'never' || (build === 'always' && !check) ? ['--no-build'] : [];
  const dry =
    state === 'absent'
      ? sh`--dry-run down ${downWords(params)}`
      : sh`--dry-run up ${[...(state === 'stopped' ? ['--no-start'] : []), ...building, ...upWords(params), ...services]}`;
  const running =
    state === 'stopped'
      ? sh`play_dc_o=$(play_dc ps --status=running --format='{{.Name}}' ${services}) || return
if [ -n "$play_dc_o" ]; then printf '%s\\n' "$play_dc_o" | sed 's/^/Container /; s/$/ Stopping/'; fi`
      : raw(':');
  const nothing = state === 'restarted' ? raw(':') : raw('if [ -z "$play_dc_a" ]; then echo "up to date"; fi');
  // A line: ` DRY-RUN MODE -  Container shop-web-1  Recreate`, perhaps after a mark.
  return sh`play_dc_o=$(play_dc ${dry} 2>&1) || { printf '%s\\n' "$play_dc_o" >&2; return 1; }
play_dc_a=$(printf '%s\\n' "$play_dc_o" | sed -n 's/^.*DRY-RUN MODE - *//p' | tr -s ' ' | sed 's/ $//' |
grep -E '^(Container|Network|Volume|Image) .* (Creating|Recreate|Starting|Restarting|Stopping|Killing|Removing)$')
play_dc_a=$play_dc_a$(${running})
if [ -n "$play_dc_a" ]; then printf '%s\\n' "$play_dc_a"; fi
${nothing}`;
}

function upWords({ recreate = 'auto', remove_orphans, pull = 'policy' }: Params): string[] {
  return [
    '--quiet-pull',
    ...(recreate === 'always' ? ['--force-recreate'] : recreate === 'never' ? ['--no-recreate'] : []),
    ...(remove_orphans ? ['--remove-orphans'] : []),
    ...(pull === 'policy' || pull === 'always' ? [] : [`--pull=${pull}`]),
  ];
}

function downWords({ remove_orphans, remove_volumes }: Params): string[] {
  return [...(remove_orphans ? ['--remove-orphans'] : []), ...(remove_volumes ? ['--volumes'] : [])];
}

function carryOut(params: Params): Sh {
  const { state = 'present', services = [], build = 'policy', wait, wait_timeout } = params;
  if (state === 'absent') return sh`play_dc down ${downWords(params)}`;
  const building = build === 'policy' ? [] : ['--no-build'];
  const waiting = [
    ...(wait ? ['--wait'] : []),
    ...(wait_timeout === undefined ? [] : [`--wait-timeout=${wait_timeout}`]),
  ];
  const up = [...building, ...upWords(params)];
  if (state === 'stopped') return sh`play_dc up --no-start ${up} ${services} && play_dc stop ${services}`;
  const start = sh`play_dc up --detach ${[...up, ...waiting]} ${services}`;
  return state === 'restarted' ? sh`${start} && play_dc restart ${services}` : start;
}
