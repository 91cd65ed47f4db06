import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge } from '../../model/resource.ts';
import { accountName } from '../shared/accounts.ts';
import { badArgs, checkArgs, hostPath } from '../shared/args.ts';
import { type CronTable, type CronWork, cronApply, cronLine, cronProbe } from '../shared/crontab.ts';
import { choice, flag, text } from '../shared/params.ts';

const when = (description: string) =>
  Type.Union([Type.String({ pattern: '^\\S+$' }), Type.Integer({ minimum: 0 })], {
    description: `${description}; \`*\` when not said.`,
  });

const params = Type.Object(
  {
    name: text('What the job is called: the comment above its line. With `env` the name of the variable.'),
    job: Type.Optional(
      text('The command; a `%` in it needs a backslash before it, or cron ends it there. With `env` the value.'),
    ),
    state: Type.Optional(choice(['present', 'absent'], 'Whether the job is to be there.', 'present')),
    minute: Type.Optional(when('Minutes (`0`, `*/5`, `0,30`)')),
    hour: Type.Optional(when('Hours (`4`, `9-17`)')),
    day: Type.Optional(when('Days of the month')),
    month: Type.Optional(when('Months')),
    weekday: Type.Optional(when('Days of the week, 0 is Sunday')),
    special_time: Type.Optional(
      choice(
        ['reboot', 'hourly', 'daily', 'weekly', 'monthly', 'annually', 'yearly'],
        'A time by its name, instead of the fields.',
      ),
    ),
    disabled: Type.Optional(flag('The line is there, but as a comment.')),
    user: Type.Optional(
      text('Whose crontab it is, the user of the task when not said. With `cron_file` the user that the job runs as.'),
    ),
    cron_file: Type.Optional(
      text(
        'A file instead of a crontab, in `/etc/cron.d` when the path is relative. Cron passes over names with a dot there. The file goes when nothing is left in it.',
      ),
    ),
    env: Type.Optional(flag('Manage a variable of the crontab instead of a job.')),
    insertafter: Type.Optional(text('With `env`: a new variable goes after this one, not on top.')),
    insertbefore: Type.Optional(text('With `env`: a new variable goes before this one.')),
  },
  { additionalProperties: false },
);

/** Jobs of cron, told apart by a comment above each line. */
export const cron = {
  name: 'cron',
  on: 'host',
  summary: 'A crontab has this job, or this variable, or does not.',
  params,
  result: {
    name: 'The job.',
    state: 'The state that was asked for.',
    line: 'The line as it stands in the crontab; empty when there is none.',
    cron_file: 'The file; empty for the crontab of a user.',
  },
  examples: [
    { cron: { name: 'backup', minute: 15, hour: 3, job: '/usr/local/bin/backup' } },
    { cron: { name: 'warm up', special_time: 'reboot', job: '/srv/shop/warm-up', user: 'shop' } },
    { cron: { name: 'PATH', env: true, job: '/usr/local/bin:/usr/bin:/bin', user: 'shop' } },
    { cron: { name: 'tidy', cron_file: 'shop', user: 'root', minute: '*/10', job: '/srv/shop/tidy' } },
    { cron: { name: 'old report', state: 'absent' } },
  ],
  idempotent: true,
  exclusive: [
    ['insertafter', 'insertbefore'],
    ...['minute', 'hour', 'day', 'month', 'weekday'].map((field) => ['special_time', field]),
  ],
  resource(params): Converge {
    checkArgs(cron, params);
    const work = workOf(params);
    return {
      kind: 'converge',
      probe: [{ sh: cronProbe(work) }],
      expect: cronLine(work),
      apply: cronApply(work),
      ...('file' in work.table && { only: work.table.file }),
      result: () => ({
        name: params.name,
        state: params.state ?? 'present',
        line: work.line ?? '',
        cron_file: 'file' in work.table ? work.table.file : '',
      }),
    };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

function workOf(params: Params): CronWork {
  const { name, state = 'present', env = false, insertafter, insertbefore } = params;
  if (/[\r\n\0]/.test(name)) throw badArgs('cron', 'name is one line');
  if (env && !/^[^\s="']+$/.test(name)) throw badArgs('cron', `"${name}" cannot be the name of a variable`);
  const beside = insertafter ?? insertbefore;
  if (beside !== undefined && !env) throw badArgs('cron', 'insertafter and insertbefore are for env: true');
  return {
    name,
    variable: env,
    table: tableOf(params),
    ...(state === 'present' && { line: env ? `${name}="${commandOf(params)}"` : jobLine(params) }),
    ...(beside !== undefined && { beside: { name: beside, where: insertafter === undefined ? 'before' : 'after' } }),
  };
}

function tableOf({ cron_file, user }: Params): CronTable {
  if (cron_file === undefined) return { user: user === undefined ? undefined : accountName('cron', 'user', user) };
  const file = cron_file.startsWith('/') ? hostPath('cron', 'cron_file', cron_file) : `/etc/cron.d/${cron_file}`;
  if (file === '/etc/crontab') throw badArgs('cron', 'cron_file is not for /etc/crontab', 'take a file of its own');
  return { file };
}

function jobLine(params: Params): string {
  const { minute = '*', hour = '*', day = '*', month = '*', weekday = '*', special_time, disabled, cron_file } = params;
  const time = special_time === undefined ? [minute, hour, day, month, weekday].join(' ') : `@${special_time}`;
  if (cron_file !== undefined && params.user === undefined) {
    throw badArgs('cron', 'cron_file needs user', 'user: says who the job runs as');
  }
  const user = cron_file === undefined ? '' : `${accountName('cron', 'user', params.user ?? '')} `;
  return `${disabled ? '#' : ''}${time} ${user}${commandOf(params)}`;
}

function commandOf({ job, env }: Params): string {
  const command = job?.replace(/^[\r\n]+|[\r\n]+$/g, '');
  if (command === undefined || command === '') throw badArgs('cron', 'job is missing', 'state: absent needs none');
  if (/[\r\n\0]/.test(command))
    throw badArgs('cron', `${env ? 'a value' : 'a job'} is one line`, 'put it into a script');
  return command;
}
