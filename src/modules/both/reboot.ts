import { Type } from 'typebox';
import type { BothContext, BothModule, ControllerResult } from '../../model/module.ts';
import type { Action } from '../../model/resource.ts';
import { ProblemError } from '../../problems/problem.ts';
import { raw, sh } from '../../program/sh.ts';
import { text } from '../shared/params.ts';
import { sleep } from '../shared/sleep.ts';

const seconds = (description: string) => Type.Integer({ description, minimum: 0, maximum: 86_400 });

const params = Type.Object(
  {
    reboot_timeout: Type.Optional(seconds('Seconds until the host must be back; 600 when not said.')),
    pre_reboot_delay: Type.Optional(seconds('Seconds that the host waits before it goes down; 0 when not said.')),
    post_reboot_delay: Type.Optional(seconds('Seconds to wait once it is back; 0 when not said.')),
    test_command: Type.Optional(
      text('A command that says by its status that the host is ready; `true` when not said.'),
    ),
    reboot_command: Type.Optional(
      text(
        'The command that restarts the host; `shutdown`, `reboot` or `systemctl`, whatever there is, when not said.',
      ),
    ),
    msg: Type.Optional(text('What users who are logged in are told.')),
  },
  { additionalProperties: false },
);

/** A restart of the host. It is over when the host has another boot id and the test command succeeds. */
export const reboot = {
  name: 'reboot',
  on: 'both',
  summary: 'The host has been restarted, and is ready again.',
  params,
  result: { elapsed: 'Seconds that it took.', rebooted: '`true` when it was restarted.' },
  examples: [
    { reboot: {} },
    { reboot: { reboot_timeout: 300, test_command: 'systemctl is-system-running --wait' } },
    { reboot: { msg: 'kernel update' }, when: 'needs_reboot', vars: { needs_reboot: true } },
  ],
  idempotent: false,
  async run(given, context) {
    const before = await bootId(context);
    if (before === undefined)
      return {
        changed: false,
        failed: 'the host does not tell when it was started, so its restart could not be seen',
        fields: {},
      };
    if (context.check) return { changed: true, fields: { elapsed: 0, rebooted: false } };
    const started = Date.now();
    await context.visit([restart(given)]);
    const limit = started + ((given.pre_reboot_delay ?? 0) + (given.reboot_timeout ?? 600)) * 1000;
    const failed = await isBack({ before, test: given.test_command ?? 'true', limit, context });
    if (failed === undefined) await sleep((given.post_reboot_delay ?? 0) * 1000, context.signal);
    const elapsed = Math.round((Date.now() - started) / 1000);
    const result: ControllerResult = {
      changed: true,
      fields: { elapsed, rebooted: failed === undefined },
      message: `back after ${elapsed} s`,
    };
    return failed === undefined ? result : { ...result, failed };
  },
} satisfies BothModule<typeof params>;

/** The kernel's name for this boot, or on other systems the time of it. */
async function bootId({ visit }: BothContext): Promise<string | undefined> {
  const run = raw(
    `cat /proc/sys/kernel/random/boot_id 2>/dev/null || sysctl -n kern.boottime 2>/dev/null || uptime -s 2>/dev/null || :`,
  );
  const [answer] = await visit([{ kind: 'action', reads: true, run }]);
  const said = (answer?.stdout.toString('utf8') ?? '').trim();
  return said === '' ? undefined : said;
}

/** The order is given by a process of its own, a moment later: the session that it comes from ends with the host. */
function restart(given: { pre_reboot_delay?: number; reboot_command?: string; msg?: string }): Action {
  const { pre_reboot_delay: delay = 0, reboot_command: own, msg = 'restarted by play' } = given;
  const order = own ?? `shutdown -r now '${msg.replaceAll("'", `'\\''`)}' || systemctl reboot || reboot`;
  return {
    kind: 'action',
    run: sh`( trap '' HUP; sleep ${delay + 1}; eval ${order} ) </dev/null >/dev/null 2>&1 &`,
  };
}

/** Why the host is not back; undefined: it is. */
async function isBack(options: {
  before: string;
  test: string;
  limit: number;
  context: BothContext;
}): Promise<string | undefined> {
  const { before, test, limit, context } = options;
  let last = 'it has not gone down';
  for (let wait = 1_000; Date.now() < limit; wait = Math.min(wait * 1.5, 10_000)) {
    await sleep(Math.min(wait, Math.max(0, limit - Date.now())), context.signal);
    if (context.signal.aborted) return 'interrupted while waiting for the host';
    try {
      const now = await bootId(context);
      if (now === before) continue;
      const [ready] = await context.visit([{ kind: 'action', reads: true, run: sh`eval ${test} </dev/null` }], {
        mayFail: true,
      });
      if (!ready?.failure) return undefined;
      last = `${test}: ${ready.failure.message}`;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      last = error.message;
    }
  }
  return `the host is not back in time: ${last}`;
}
