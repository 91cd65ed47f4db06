import type { HostModule } from '../../model/module.ts';
import type { AuthorCode, Outcome, Resource } from '../../model/resource.ts';
import type { Fields } from '../../model/value.ts';
import { quote } from '../../program/sh.ts';

/** Where jobs are kept on a host, in the home of their user. */
export const jobsFolder = '.play-jobs';

/** What `register` holds of a job that has begun. */
const startedResult = {
  job_id: 'What `async_status` wants to be told.',
  started: '`true`: the job is on its way.',
  finished: '`false`: see `async_status`.',
  results_file: 'The folder of the job on the host.',
};

/** The same module, of which the task only begins the work: it goes on after the task, and after the session. */
export function inBackground(module: HostModule, limit: number): HostModule {
  return {
    ...module,
    result: startedResult,
    async resource(params, context) {
      const resource = await module.resource(params as never, context);
      return started(resource, limit);
    },
  };
}

function started(resource: Resource, limit: number): Resource {
  if (resource.kind !== 'action' || 'sh' in resource.run) throw new Error('only author code runs in the background');
  const { argv, text, assign, executable = '/bin/sh', options = [], args = [], stdin = '', env, cwd } = resource.run;
  const values = Object.entries(assign ?? {}).map(([name, value]) => `${name}=${quote(value)};`);
  const run: AuthorCode = {
    text: launcher,
    // Not in the arguments, which every user of the host can see.
    assign: {
      play_text: text === undefined ? '' : `${values.join('')}${text}\n`,
      play_in: stdin,
      play_run: runner,
      play_folder: jobsFolder,
      play_limit: String(Math.max(1, Math.ceil(limit / 1000))),
    },
    args: argv ?? [executable, ...options, '', ...args],
    env,
    ...(cwd !== undefined && { cwd }),
  };
  return { ...resource, run, result: startedFields };
}

function startedFields({ stdout }: Outcome): Fields {
  const [, id = '', folder = ''] = /^job (\S+) in (.*)$/m.exec(stdout) ?? [];
  return { job_id: id, started: id !== '', finished: false, results_file: folder };
}

/** Lays the job down in a folder that only its user can look into, and lets it go. The first empty argument stands for the file of the text. */
const launcher = `umask 077
play_home=$HOME/$play_folder
mkdir -p -- "$play_home" && chmod 700 "$play_home" || exit 1
play_bg_n=0
until play_bg_id=$(date +%s).$$.$play_bg_n && mkdir -- "$play_home/$play_bg_id" 2>/dev/null; do
  play_bg_n=$((play_bg_n + 1))
  if [ "$play_bg_n" -gt 99 ]; then echo "no folder can be made in $play_home" >&2; exit 1; fi
done
play_bg_dir=$play_home/$play_bg_id
printf '%s' "$play_text" >"$play_bg_dir/text" && printf '%s' "$play_in" >"$play_bg_dir/in" && printf '%s' "$play_run" >"$play_bg_dir/run" || exit 1
play_first=1
for play_arg do
  if [ "$play_first" = 1 ]; then set --; play_first=; fi
  if [ -z "$play_arg" ] && [ -n "$play_text" ]; then play_arg=$play_bg_dir/text play_text=; fi
  set -- "$@" "$play_arg"
done
unset PLAY_STEP
if command -v setsid >/dev/null 2>&1; then play_new=setsid; else play_new=nohup; fi
$play_new /bin/sh "$play_bg_dir/run" "$play_bg_dir" "$play_limit" "$@" </dev/null >/dev/null 2>&1 &
echo "job $play_bg_id in $play_bg_dir"
`;

/** Runs beside the job: keeps its output, its end and its time. */
const runner = `dir=$1 limit=$2
shift 2
trap '' HUP
umask 077
echo $$ >"$dir/pid"
umask 022
"$@" <"$dir/in" >"$dir/stdout" 2>"$dir/stderr" &
job=$!
(
  n=0
  while [ "$n" -lt "$limit" ]; do
    sleep 1
    n=$((n + 1))
    kill -0 "$job" 2>/dev/null || exit 0
  done
  echo "$limit" >"$dir/late"
  kill -TERM "$job"
  sleep 5
  kill -KILL "$job"
) >/dev/null 2>&1 &
wait "$job"
echo $? >"$dir/rc.new"
mv "$dir/rc.new" "$dir/rc"
`;
