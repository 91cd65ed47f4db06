import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Action, Outcome, Sh } from '../../model/resource.ts';
import type { Fields } from '../../model/value.ts';
import { sh } from '../../program/sh.ts';
import { jobsFolder } from '../shared/background-job.ts';
import { chomp } from '../shared/text.ts';

const params = Type.Object(
  {
    jid: Type.String({ description: 'The `job_id` of the task that began it.', pattern: '^[0-9]+(\\.[0-9]+)*$' }),
    mode: Type.Optional(
      Type.Enum(['status', 'cleanup'], {
        description: '`status` when not said: how it stands. `cleanup`: what the host has kept of it is taken away.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** How a job stands that a task with `async` and `poll: 0` has begun. */
export const asyncStatus = {
  name: 'async_status',
  on: 'host',
  summary: 'What became of a job in the background is known.',
  params,
  result: {
    job_id: 'The job.',
    started: '`true`: there is such a job.',
    finished: 'Whether it has ended.',
    rc: 'Its exit status; null while it runs.',
    stdout: 'What it has printed so far, without the newlines at the end.',
    stderr: 'The same of standard error.',
  },
  examples: [
    { async_status: { jid: '{{upgrade.job_id}}' }, register: 'job' },
    { async_status: { jid: '{{upgrade.job_id}}' }, register: 'job', until: 'job.finished', retry: 30 },
    { async_status: { jid: '{{upgrade.job_id}}', mode: 'cleanup' } },
  ],
  idempotent: true,
  failsForGood: true,
  resource({ jid, mode = 'status' }): Action {
    const folder = sh`"$HOME"/${`${jobsFolder}/${jid}`}`;
    if (mode === 'cleanup') {
      const run = sh`rm -rf -- ${folder}`;
      return { kind: 'action', run, guard: sh`[ -e ${folder} ]`, result: () => fields({ jid, state: 'gone' }) };
    }
    return {
      kind: 'action',
      reads: true,
      run: look(folder, jid),
      result: (outcome) => fields({ jid, ...told(outcome) }),
    };
  },
} satisfies HostModule<typeof params>;

/** First how it stands, then what it has printed; ends as the job has ended. */
function look(folder: Sh, jid: string): Sh {
  return sh`play_as_j=${folder} play_as_z=0
if [ ! -d "$play_as_j" ]; then
echo gone
echo ${`there is no job ${jid} of this user on the host`} >&2
play_as_z=1
else
if [ -r "$play_as_j/rc" ]; then
read -r play_as_z <"$play_as_j/rc"
echo "finished $play_as_z"
elif [ -r "$play_as_j/pid" ] && ! kill -0 "$(cat "$play_as_j/pid")" 2>/dev/null && [ ! -r "$play_as_j/rc" ]; then
echo lost
echo "the job has been ended from outside, or the host has been restarted" >&2
play_as_z=1
else echo running; fi
if [ -r "$play_as_j/stdout" ]; then cat "$play_as_j/stdout"; fi
if [ -r "$play_as_j/stderr" ]; then cat "$play_as_j/stderr" >&2; fi
if [ -r "$play_as_j/late" ]; then echo "stopped after $(cat "$play_as_j/late") s (async)" >&2; fi
fi
(exit "$play_as_z")`;
}

interface Told {
  state: 'running' | 'finished' | 'lost' | 'gone';
  rc?: number;
  stdout?: string;
  stderr?: string;
}

function told({ stdout, stderr }: Outcome): Told {
  const [, state = 'gone', rc, rest = ''] = /^(running|finished|lost|gone)(?: (\d+))?\n([\s\S]*)$/.exec(stdout) ?? [];
  return {
    state: state as Told['state'],
    stdout: chomp(rest),
    stderr: chomp(stderr),
    ...(rc !== undefined && { rc: Number(rc) }),
  };
}

function fields({ jid, state, rc, stdout = '', stderr = '' }: Told & { jid: string }): Fields {
  return { job_id: jid, started: state !== 'gone', finished: state !== 'running', rc: rc ?? null, stdout, stderr };
}
