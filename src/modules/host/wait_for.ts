import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Action, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { text } from '../shared/params.ts';
import { portCheck } from '../shared/port-check.ts';
import { drained, type Look, pidFile, running, unit } from '../shared/wait-checks.ts';

const seconds = (description: string, minimum: number) => Type.Integer({ description, minimum, maximum: 604_800 });

const params = Type.Object(
  {
    host: Type.Optional(
      Type.String({
        description: 'The machine whose port is looked at, as seen from the host; the host itself when not said.',
        pattern: '^[A-Za-z0-9_.:][A-Za-z0-9_.:%-]*$',
      }),
    ),
    port: Type.Optional(Type.Integer({ description: 'A TCP port.', minimum: 1, maximum: 65_535 })),
    path: Type.Optional(text('A file or directory on the host.')),
    unit: Type.Optional(
      Type.String({
        description: 'A unit of systemd, which is to be active: `nginx`, `backup.timer`.',
        pattern: '^[A-Za-z0-9_][A-Za-z0-9:_.@\\\\-]*$',
      }),
    ),
    pid_file: Type.Optional(text('A file that holds the number of a process, which is to run.')),
    pattern: Type.Optional(
      text('A process whose command line fits is to run: an extended regular expression, as in `process`.'),
    ),
    search_regex: Type.Optional(
      text(
        'What the file has to hold, or the port has to say first: an extended regular expression, matched line by line.',
      ),
    ),
    state: Type.Optional(
      Type.Enum(['started', 'stopped', 'present', 'absent', 'drained'], {
        description:
          '`started` or `present` (when not said): the port answers, the path exists, the unit is active or the process runs. `stopped` or `absent`: it does not any more. `drained`: no connection to the port of the host is left, on any of its addresses.',
      }),
    ),
    timeout: Type.Optional(
      seconds(
        'Seconds until the task fails; 300 when not said. Without anything to wait for it just takes that long.',
        0,
      ),
    ),
    delay: Type.Optional(seconds('Seconds before the first look; none when not said.', 0)),
    sleep: Type.Optional(seconds('Seconds between looks; 1 when not said.', 1)),
    connect_timeout: Type.Optional(seconds('Seconds that one connection may take; 5 when not said.', 1)),
    msg: Type.Optional(text('What to say when the time is up.')),
  },
  { additionalProperties: false },
);

/** Waits on the host. It only reads, so it runs in check mode too. */
export const waitFor = {
  name: 'wait_for',
  on: 'host',
  summary:
    'A port answers, a path exists, a unit is active or a process runs, or none of it any more; until then the task waits.',
  params,
  result: {
    elapsed: 'Seconds that were waited.',
    state: 'The state that was asked for.',
    port: 'The port; null when there was none.',
    path: 'The path; null when there was none.',
  },
  examples: [
    { wait_for: { port: 8080, timeout: 60 } },
    { wait_for: { host: 'db.example.com', port: 22, search_regex: '^SSH-2' } },
    { wait_for: { path: '/run/app.lock', state: 'absent', msg: 'the other job is still at work' } },
    { wait_for: { port: 8080, state: 'drained', timeout: 120 } },
    { wait_for: { unit: 'postgresql', timeout: 60 } },
    { wait_for: { pid_file: '/run/shop.pid', state: 'stopped' } },
  ],
  idempotent: true,
  exclusive: [['port', 'path', 'unit', 'pid_file', 'pattern']],
  resource(params): Action {
    const { state = 'started', path, port } = params;
    if (params.search_regex !== undefined && (isGone(state) || (path ?? port) === undefined))
      throw badArgs('wait_for', 'search_regex is for a port or a path that is to be there');
    if (state === 'drained' && (port === undefined || params.host !== undefined))
      throw badArgs('wait_for', 'state: drained is for a port of the host itself: it needs port, and no host');
    return {
      kind: 'action',
      reads: true,
      run: program(params, state),
      result: ({ stdout }) => ({
        elapsed: Number(/^waited (\d+) s$/m.exec(stdout)?.[1] ?? 0),
        state,
        port: port ?? null,
        path: path ?? null,
      }),
    };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;
type State = NonNullable<Params['state']>;

function isGone(state: State): boolean {
  return state === 'stopped' || state === 'absent' || state === 'drained';
}

/** Looks, sleeps, looks again. The clock is read each time, because a look may take seconds itself. */
function program(params: Params, state: State): Sh {
  const { timeout = 300, delay = 0, sleep = 1, msg } = params;
  const look = looking(params, state);
  if (!look) return sh`sleep ${timeout}\necho ${`waited ${timeout} s`}`;
  return joinSh([
    raw('play_wf_s=$(date +%s) play_wf_z=0'),
    ...(delay > 0 ? [sh`sleep ${delay}`] : []),
    ...look.tools,
    sh`until ${look.check}; do
play_wf_d=$(($(date +%s) - play_wf_s))
if [ "$play_wf_d" -ge ${timeout} ]; then play_wf_z=1; break; fi
sleep ${sleep}
done
echo "waited $(($(date +%s) - play_wf_s)) s"
if [ "$play_wf_z" = 1 ]; then printf '%s\\n' ${msg ?? `${look.failure} after ${timeout} s`} >&2; false; fi`,
    ...(look.tools.length > 0 ? [raw('fi')] : []),
  ]);
}

function looking(params: Params, state: State): Look | undefined {
  const { port, search_regex: regex } = params;
  const gone = isGone(state);
  if (port !== undefined && state === 'drained') return drained(port);
  if (params.unit !== undefined) return unit(params.unit, gone);
  if (params.pid_file !== undefined) return pidFile(hostPath('wait_for', 'pid_file', params.pid_file), gone);
  if (params.pattern !== undefined) return running(params.pattern, gone);
  if (port !== undefined) {
    const { host = '127.0.0.1', connect_timeout: connectTimeout = 5 } = params;
    const check = portCheck({ host, port, connectTimeout, ...(regex !== undefined && { regex }) });
    const missing = `looking at a port needs ${regex === undefined ? 'bash, nc' : 'bash'} or perl on the host, and it has none`;
    const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    return {
      tools: [check, sh`if [ -z "$play_wf_t" ]; then echo ${missing} >&2; false; else`],
      check: gone ? raw('! play_wf_port') : raw('play_wf_port'),
      failure: gone
        ? `${place} still answers`
        : regex === undefined
          ? `${place} does not answer`
          : `${place} does not say "${regex}"`,
    };
  }
  if (params.path === undefined) return undefined;
  const path = hostPath('wait_for', 'path', params.path);
  if (gone) return { tools: [], check: sh`[ ! -e ${path} ]`, failure: `${path} still exists` };
  if (regex === undefined) return { tools: [], check: sh`[ -e ${path} ]`, failure: `${path} does not exist` };
  const check = sh`grep -E -q -e ${regex} -- ${path} 2>/dev/null`;
  return { tools: [], check, failure: `${path} does not hold "${regex}"` };
}
