import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import { raw, sh } from '../../program/sh.ts';
import { badArgs } from '../shared/args.ts';
import { choice, flag, text } from '../shared/params.ts';
import { endProcesses } from '../shared/process-end.ts';
import { type ProcessFilter, processSelect } from '../shared/process-list.ts';
import { type Process, processFields, readProcesses } from '../shared/process-rows.ts';

const pid = Type.Integer({ minimum: 1, maximum: 4_194_304 });
const pids = (description: string) =>
  Type.Union([pid, Type.Array(pid, { minItems: 1, maxItems: 1000 })], { description });

const params = Type.Object(
  {
    name: Type.Optional(text('Name of the program, the whole of it: `nginx`.')),
    pattern: Type.Optional(
      text('An extended regular expression that fits somewhere in the command line: `worker --queue=mail( |$)`.'),
    ),
    user: Type.Optional(
      Type.Union([Type.String({ pattern: '^[^-\\s][^\\s]*$' }), Type.Integer({ minimum: 0 })], {
        description: 'Whose rights they have: a name or a number.',
      }),
    ),
    pid: Type.Optional(pids('The number of one, or a list of numbers.')),
    ppid: Type.Optional(pids('The number of the process that started them, or a list of numbers.')),
    children: Type.Optional(flag('Those that fit, and everything they have started.')),
    state: Type.Optional(
      choice(
        ['listed', 'present', 'absent'],
        '`listed` tells what there is. `present` fails when nothing fits. `absent` ends all that fits.',
        'listed',
      ),
    ),
    timeout: Type.Optional(
      Type.Integer({
        description:
          'Seconds: how long `present` waits for a process to appear (0 when not said), and how much time `absent` leaves it to end by itself (10 when not said).',
        minimum: 0,
        maximum: 86_400,
      }),
    ),
    signal: Type.Optional(
      choice(['TERM', 'INT', 'QUIT', 'HUP', 'USR1', 'USR2', 'KILL'], 'How `absent` asks them to end.', 'TERM'),
    ),
    force: Type.Optional(flag('`absent` kills what has not ended in time; `false`: it fails then.', true)),
    sort: Type.Optional(
      choice(['pid', 'cpu', 'memory', 'started'], 'Order of the list: `cpu` and `memory` begin with the most.', 'pid'),
    ),
    limit: Type.Optional(Type.Integer({ description: 'At most so many of them are listed.', minimum: 1 })),
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

/** Processes: what there is, that something runs, that something does not. */
export const process = {
  name: 'process',
  on: 'host',
  summary: 'It is known which processes there are, some are there, or some have been ended.',
  params,
  result: {
    processes: 'The processes that fit; of those that were ended only `pid`, `name` and `command`.',
    ...processFields,
    pids: 'Their numbers.',
    count: 'How many have been found, whatever `limit` says.',
    killed: 'Numbers of those that did not end in time and were killed.',
  },
  examples: [
    { process: { sort: 'memory', limit: 5 }, register: 'top' },
    { process: { pattern: 'manage\\.py runworker', user: 'shop', state: 'absent', timeout: 30 } },
    { process: { name: 'postgres', state: 'present', timeout: 60 } },
    { process: { pid: 4711, children: true }, register: 'tree' },
  ],
  idempotent: true,
  resource(params): Resource {
    const { state = 'listed' } = params;
    refuse(params, state);
    const filter = filterOf(params);
    if (state === 'absent') return endProcesses(filter, params);
    return {
      kind: 'action',
      reads: true,
      run:
        state === 'listed'
          ? sh`${processSelect(filter, 'details')}\nplay_ps_select`
          : sh`${processSelect(filter, 'details')}\n${waitFor(params)}`,
      result: ({ stdout }) => listed(readProcesses(stdout), params),
    };
  },
} satisfies HostModule<typeof params>;

/** What would be overlooked, or would end far too much. */
function refuse(params: Params, state: NonNullable<Params['state']>): void {
  const { name, pattern, user, pid, ppid } = params;
  const meant = [name, pattern, user, pid, ppid].some((value) => value !== undefined);
  if (state !== 'listed' && !meant)
    throw badArgs('process', `state: ${state} needs to know which: one of name, pattern, user, pid, ppid`);
  for (const key of ['signal', 'force'] as const) {
    if (params[key] !== undefined && state !== 'absent') throw badArgs('process', `${key} is for state: absent`);
  }
  for (const key of ['sort', 'limit'] as const) {
    if (params[key] !== undefined && state === 'absent') throw badArgs('process', `${key} is not for state: absent`);
  }
  if (params.timeout !== undefined && state === 'listed')
    throw badArgs('process', 'timeout is for state: present and state: absent');
}

function filterOf({ name, pattern, user, pid, ppid, children }: Params): ProcessFilter {
  return {
    ...(name !== undefined && { name }),
    ...(pattern !== undefined && { pattern }),
    ...(user !== undefined && { user: String(user) }),
    ...(pid !== undefined && { pids: [pid].flat() }),
    ...(ppid !== undefined && { ppids: [ppid].flat() }),
    ...(children !== undefined && { children }),
  };
}

/** Looks until something is there. The clock is read each time, because a look takes its time itself. */
function waitFor(params: Params) {
  const { timeout = 0 } = params;
  const after = timeout > 0 ? ` after ${timeout} s` : '';
  const failure = `no process fits ${wordsOf(params)}${after}`;
  const loop = raw(`until play_ps_seen=$(play_ps_select) || play_ps_z=1; case $play_ps_seen in *"
"*) true ;; *) false ;; esac; do
if [ -n "$play_ps_z" ] || [ $(($(date +%s) - play_ps_from)) -ge "$play_ps_limit" ]; then break; fi
sleep 1
done`);
  return sh`play_ps_from=$(date +%s) play_ps_limit=${timeout} play_ps_z=
${loop}
case $play_ps_seen in
*"
"*) play_out "$play_ps_seen" ;;
*) if [ -z "$play_ps_z" ]; then printf '%s\\n' ${failure} >&2; fi; false ;;
esac`;
}

function wordsOf(params: Params): string {
  return (['name', 'pattern', 'user', 'pid', 'ppid'] as const)
    .flatMap((key) => (params[key] === undefined ? [] : [`${key} ${[params[key]].flat().join(', ')}`]))
    .join(' and ');
}

const orders: Record<NonNullable<Params['sort']>, (a: Process, b: Process) => number> = {
  pid: (a, b) => a.pid - b.pid,
  cpu: (a, b) => b.cpu_percent - a.cpu_percent,
  memory: (a, b) => b.rss - a.rss,
  started: (a, b) => a.started - b.started || a.pid - b.pid,
};

function listed(processes: Process[], { sort = 'pid', limit }: Params) {
  const list = processes.sort(orders[sort]).slice(0, limit);
  return { processes: list, pids: list.map(({ pid }) => pid), count: processes.length, killed: [] };
}
