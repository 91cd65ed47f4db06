import { type Static, Type } from 'typebox';
import type { Service } from '../../aws/tasks/service.ts';
import type { ControllerModule, ControllerResult } from '../../model/module.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { accountParams, faultFields, withAws } from '../shared/aws-account.ts';
import { type Instance, instanceChoice, instancesOf } from '../shared/aws-instances.ts';
import { choice, flag } from '../shared/params.ts';
import { stateDiff } from '../shared/state-diff.ts';

const params = Type.Object(
  {
    ...instanceChoice,
    state: choice(
      ['running', 'started', 'stopped', 'restarted', 'rebooted', 'terminated'],
      'What they shall be; `started` is `running`. `restarted` stops and starts them, `rebooted` reboots them: both do so each time.',
    ),
    wait: Type.Optional(flag('Wait until they are.', true)),
    wait_timeout: Type.Optional(
      Type.Integer({ description: 'Seconds until the task fails.', minimum: 1, default: 600 }),
    ),
    ...accountParams,
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;
type State = Params['state'];

const rules = { name: 'ec2_instance', requireOne: [['instance_ids', 'filters']] };

/** Instances that are there already; making new ones is for tools that keep a plan of what they have made. */
export const ec2Instance = {
  name: 'ec2_instance',
  on: 'controller',
  pure: false,
  summary:
    'Instances of EC2 that are there run, are stopped, have been restarted or are gone. Not run on a real system.',
  params,
  result: {
    instances: 'The instances that are meant, as `ec2_instance_info` gives them.',
    instance_ids: 'Their ids.',
    changed_ids: 'The ids of those that were changed.',
    ...faultFields,
  },
  examples: [
    { ec2_instance: { filters: { 'tag:role': 'batch' }, state: 'stopped' }, run_once: true },
    { ec2_instance: { instance_ids: ['i-0123456789abcdef0'], state: 'running', region: 'eu-central-1' } },
    { ec2_instance: { filters: { 'tag:Name': 'web-1' }, state: 'rebooted', wait: false } },
  ],
  idempotent: true,
  checkMode: true,
  requireOne: rules.requireOne,
  foreignParams: Object.fromEntries(
    ['image_id', 'image', 'instance_type', 'launch_template', 'exact_count', 'count'].map((name) => [
      name,
      'instances are not made here: aws with operation: RunInstances does, or a tool such as OpenTofu',
    ]),
  ),
  run(given, context) {
    checkArgs(rules, given);
    // Filters whose values are all left out would mean every instance of the region.
    if (given.instance_ids === undefined && Object.keys(given.filters ?? {}).length === 0)
      throw badArgs('ec2_instance', 'filters is empty, which would mean all instances', 'name a tag or their ids');
    return withAws('ec2_instance', given, context, async (open) => {
      const ec2 = open('ec2');
      const found = await instancesOf(ec2, given);
      if (found.length === 0 && given.state !== 'terminated')
        return {
          changed: false,
          fields: { instances: [], instance_ids: [], changed_ids: [] },
          failed: 'there are no such instances',
          ...(context.check && { mayBeEarly: true as const }),
        };
      const { state } = given;
      const changing = found.filter((each) => isOther(each.state, state));
      const stuck = changing.find((each) => each.state === 'terminated' || each.state === 'shutting-down');
      if (stuck)
        return { changed: false, fields: {}, failed: `${stuck.id} is ${stuck.state} and cannot be ${state} any more` };
      const ids = changing.map(({ id }) => id);
      if (!context.check) await brought(ec2, { found, changing, given });
      const now = context.check || ids.length === 0 ? found : await instancesOf(ec2, given);
      return { ...told(now, ids), diff: await diffOf(changing, state) } satisfies ControllerResult;
    });
  },
} satisfies ControllerModule<typeof params>;

/** Whether something is to be done. What is on its way there is only waited for. */
function isOther(now: string, state: State): boolean {
  if (state === 'restarted' || state === 'rebooted') return true;
  if (state === 'stopped') return now !== 'stopped' && now !== 'stopping';
  if (state === 'terminated') return now !== 'terminated' && now !== 'shutting-down';
  return now !== 'running' && now !== 'pending';
}

async function brought(
  ec2: Service,
  { found, changing, given }: { found: Instance[]; changing: Instance[]; given: Params },
): Promise<void> {
  const { state, wait = true, wait_timeout: timeout = 600 } = given;
  const all = found.map(({ id }) => id);
  const ids = changing.map(({ id }) => id);
  const ask = (operation: string, InstanceIds: string[]) =>
    InstanceIds.length > 0 ? ec2.call(operation, { InstanceIds }) : undefined;
  const until = (waiter: string, InstanceIds: string[]) =>
    InstanceIds.length > 0 ? ec2.wait(waiter, { InstanceIds }, { timeout, delay: 3 }) : undefined;
  if (state === 'stopped' || state === 'restarted') {
    await ask('StopInstances', state === 'stopped' ? ids : changing.filter(isUp).map(({ id }) => id));
    if (wait || state === 'restarted') await until('InstanceStopped', all);
  }
  if (state === 'running' || state === 'started' || state === 'restarted') {
    const stopping = changing.filter((each) => each.state === 'stopping').map(({ id }) => id);
    if (state !== 'restarted') await until('InstanceStopped', stopping);
    await ask('StartInstances', ids);
    if (wait) await until('InstanceRunning', all);
  }
  if (state === 'rebooted') {
    await ask('RebootInstances', ids);
    if (wait) await until('InstanceStatusOk', all);
  }
  if (state === 'terminated') {
    await ask('TerminateInstances', ids);
    if (wait) await until('InstanceTerminated', all);
  }
}

function isUp({ state }: Instance): boolean {
  return state === 'running' || state === 'pending';
}

function told(now: Instance[], changed: string[]): ControllerResult {
  return {
    changed: changed.length > 0,
    fields: {
      instances: now.map(({ fields }) => fields),
      instance_ids: now.map(({ id }) => id),
      changed_ids: changed,
    },
    message: now.map(({ id, state }) => `${id} ${state}`).join('\n'),
  };
}

function diffOf(changing: Instance[], state: State): Promise<string> {
  const word = state === 'started' ? 'running' : state;
  return stateDiff(
    'instances',
    Object.fromEntries(changing.map((each) => [each.id, each.state])),
    Object.fromEntries(changing.map(({ id }) => [id, word])),
  );
}
