import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs } from '../shared/args.ts';
import { containerApply } from '../shared/container-apply.ts';
import { containerFormat, type Setting, settingsOf } from '../shared/container-settings.ts';
import { dockerLook, whereDocker } from '../shared/docker.ts';
import { choice, flag, text } from '../shared/params.ts';

const scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);

const params = Type.Object(
  {
    name: Type.String({ description: 'The container.', pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$' }),
    image: Type.Optional(
      Type.String({
        description: 'The image: `nginx:1.27`. Needed to make a container.',
        pattern: '^[A-Za-z0-9][^\\s]*$',
      }),
    ),
    state: Type.Optional(
      choice(
        ['started', 'present', 'stopped', 'absent'],
        '`started` and `stopped` make the container, too. `present`: it exists, running or not. `absent`: stopped and removed; volumes stay.',
        'started',
      ),
    ),
    command: Type.Optional(
      Type.Union([Type.String(), Type.Array(Type.String())], {
        description: 'What runs in it, as text or as a list of words; what the image says when not said.',
      }),
    ),
    entrypoint: Type.Optional(
      Type.Array(Type.String(), { description: 'The program before the command, one word.', minItems: 1 }),
    ),
    env: Type.Optional(
      Type.Record(Type.String({ pattern: '^[^=\\s]+$' }), scalar, {
        description: 'Environment variables; others are left. Values stay out of diffs and command lines.',
      }),
    ),
    labels: Type.Optional(Type.Record(Type.String(), scalar, { description: 'Labels; others are left.' })),
    published_ports: Type.Optional(
      Type.Array(Type.Union([Type.String(), Type.Integer()]), {
        description:
          'Ports of the host that lead into the container: `8080:80`, `127.0.0.1:8080:80`, `53:53/udp`, `8000-8010:8000-8010`.',
      }),
    ),
    volumes: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Directories of the host or named volumes: `/srv/data:/data`, `cache:/var/cache:ro`.',
      }),
    ),
    networks: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: text('The network.'),
            aliases: Type.Optional(
              Type.Array(Type.String({ minLength: 1 }), { description: 'Further names of the container in it.' }),
            ),
            ipv4_address: Type.Optional(text('The address of the container in it.')),
          },
          { additionalProperties: false },
        ),
        { description: 'Networks that the container is in; a container that is there already also stays in others.' },
      ),
    ),
    network_mode: Type.Optional(text('`bridge`, `host`, `none`, `container:NAME` or a network.')),
    restart_policy: Type.Optional(
      choice(['no', 'on-failure', 'always', 'unless-stopped'], 'When docker starts the container again by itself.'),
    ),
    restart_retries: Type.Optional(Type.Integer({ description: 'How often, for `on-failure`.', minimum: 1 })),
    user: Type.Optional(text('User in the container: a name or a number, `:group` may follow.')),
    working_dir: Type.Optional(text('Directory in the container.')),
    hostname: Type.Optional(text('Name of the container for itself.')),
    privileged: Type.Optional(flag('Nearly all rights of the host.')),
    memory: Type.Optional(text('Limit of memory: `512m`, `2g`.')),
    pull: Type.Optional(
      choice(
        ['missing', 'always', 'never'],
        'When the image is fetched. `always` asks each time whether there is a newer one, but not in check mode.',
        'missing',
      ),
    ),
    recreate: Type.Optional(flag('Make a new container each time.')),
    restart: Type.Optional(flag('With `state: started`: restart a container that runs already, each time.')),
  },
  { additionalProperties: false },
);

/** A container by docker's own command line on the host. */
export const dockerContainer = {
  name: 'docker_container',
  on: 'host',
  summary:
    'A container runs with these settings, is stopped, or does not exist. Settings that are not said are not looked at. Not run on a real system.',
  params,
  result: { name: 'The container.', state: 'The state that was asked for.' },
  examples: [
    {
      docker_container: {
        name: 'web',
        image: 'nginx:1.27',
        published_ports: ['8080:80'],
        restart_policy: 'unless-stopped',
      },
    },
    {
      docker_container: {
        name: 'db',
        image: 'postgres:16',
        env: { POSTGRES_PASSWORD: '{{db_password}}' },
        volumes: ['db:/var/lib/postgresql/data'],
        networks: [{ name: 'shop', aliases: ['database'] }],
      },
    },
    { docker_container: { name: 'old', state: 'absent' } },
  ],
  idempotent: true,
  resource(params, { check }): Converge {
    const { name, state = 'started' } = params;
    const result = () => ({ name, state });
    if (state === 'absent') return { ...absent(name), result };
    checkParams(params);
    const { recreate = false, restart = false, pull = 'missing' } = params;
    const settings = settingsOf('docker_container', params);
    const named = settings.filter(({ lines }) => lines.length > 0);
    const [image, line] = [params.image === undefined ? [] : [`image ${params.image}`], runLine(state)];
    const needed = ['present', ...image, ...named.filter(({ mend }) => mend === undefined).map(titleOf)];
    const again = recreate ? ['recreated'] : restart ? ['restarted'] : [];
    const refresh = pull === 'always' && !check && params.image !== undefined ? params.image : undefined;
    return {
      kind: 'converge',
      probe: [{ sh: look({ params, settings: named, refresh, state }) }],
      expect: ['present', ...image, ...named.map(titleOf), ...line, ...again].join('\n'),
      apply: containerApply({ params, settings, needed, state, pull, recreate, restart }),
      // A container that has done its work at once is no failure.
      verify: 'apply',
      result,
    };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;
type State = Exclude<NonNullable<Params['state']>, 'absent'>;

function checkParams({ env = {}, restart_retries, restart_policy, restart, state = 'started' }: Params): void {
  const several = Object.entries(env).find(([, value]) => /[\n\r]/.test(String(value)));
  if (several) throw badArgs('docker_container', `env.${several[0]} holds several lines, which docker cannot be given`);
  if (restart_retries !== undefined && restart_policy !== 'on-failure')
    throw badArgs('docker_container', 'restart_retries is for restart_policy: on-failure');
  if (restart && state !== 'started') throw badArgs('docker_container', 'restart is for state: started');
}

function titleOf({ label, lines: [line = ''] }: Setting): string {
  return label ?? line;
}

function runLine(state: State): string[] {
  return state === 'present' ? [] : [state === 'started' ? 'running' : 'stopped'];
}

interface Look {
  params: Params;
  settings: Setting[];
  /** Image that is fetched first. */
  refresh: string | undefined;
  state: State;
}

/** Prints of the container what is asked for. The image is the one that its name stands for now. */
function look({ params: { name, image }, settings, refresh, state }: Look): Sh {
  return whereDocker(
    joinSh([
      dockerLook,
      raw('play_dk_see() {'),
      ...(refresh === undefined
        ? []
        : [sh`play_dk_e=$(docker pull -q ${refresh} 2>&1) || { printf '%s\\n' "$play_dk_e" >&2; return 1; }`]),
      ...(image === undefined ? [] : [sh`play_dk_look image '{{.Id}}' ${image} || return\nplay_dk_w=$play_dk_i`]),
      sh`play_dk_look container ${containerFormat} ${name} || return
if [ -z "$play_dk_i" ]; then echo absent; return; fi
echo present`,
      ...(image === undefined ? [] : [imageLine(image)]),
      ...settings.map(settingLine),
      ...(state === 'present' ? [] : [statusLine]),
      raw('}\nplay_dk_see'),
    ]),
  );
}

/** Where the host has no such image any more, its name decides. */
function imageLine(image: string): Sh {
  return sh`play_dk_x=\${play_dk_i#*"$play_nl"id }
if [ -n "$play_dk_w" ] && [ "$play_nl\${play_dk_x%%"$play_nl"*}$play_nl" = "$play_dk_w" ]; then echo ${`image ${image}`}
elif [ -z "$play_dk_w" ] && play_dk_has ${`image "${image}"`}; then echo ${`image ${image}`}
else echo "$(play_dk_line image) (\${play_dk_x%%"$play_nl"*})"; fi`;
}

function settingLine(setting: Setting): Sh {
  const found = joinSh(
    setting.lines.map((line) => sh`play_dk_has ${line}`),
    ' || ',
  );
  const other = setting.single === undefined ? raw('') : sh`\nelse play_dk_line ${setting.single}`;
  return sh`if ${found}; then printf '%s\\n' ${titleOf(setting)}${other}
fi`;
}

const statusLine = raw(`case $(play_dk_line status) in
('status running'|'status restarting') echo running ;;
('status paused') echo paused ;;
(*) echo stopped ;;
esac`);

function absent(name: string): Converge {
  const see = sh`if play_dk_look container '{{.Name}}' ${name}; then
if [ -n "$play_dk_i" ]; then echo present; else echo absent; fi
else false; fi`;
  return {
    kind: 'converge',
    probe: [{ sh: whereDocker(joinSh([dockerLook, see])) }],
    expect: 'absent',
    apply: sh`docker stop ${name} >/dev/null; docker rm -f ${name} >/dev/null`,
  };
}
