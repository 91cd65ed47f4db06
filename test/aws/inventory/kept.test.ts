import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createAskAws } from '../../../src/aws/inventory/kept.ts';
import type { AwsAnswer, AwsQuestion } from '../../../src/aws/inventory/question.ts';
import { ProblemError, problem } from '../../../src/problems/problem.ts';
import { inFolder } from '../../inventory/rig.ts';

const question: AwsQuestion = {
  plugin: 'aws_ec2',
  regions: ['eu-west-1'],
  include: [{}],
  exclude: [],
  passesDenied: false,
  tags: false,
};
const unreachable: AwsAnswer = {
  faults: [
    { problem: problem('E_AWS_UNREACHABLE', { call: 'ec2:DescribeInstances', detail: 'x' }), regions: ['eu-west-1'] },
  ],
  asked: 1,
};

/** A user with a home, whose clock and AWS the story moves. */
function user(home: string) {
  const world = { clock: 1_000_000, env: {} as Record<string, string>, asked: 0, down: false, flush: false };
  const ask = (asked: Partial<AwsQuestion> = {}, seconds: number | undefined = 60): Promise<AwsAnswer> =>
    createAskAws({
      env: world.env,
      home,
      now: () => world.clock,
      flush: world.flush,
      ask: async () => {
        world.asked += 1;
        return world.down
          ? unreachable
          : { instances: [{ id: `i-${world.asked}`, region: 'eu-west-1', fields: { n: world.asked } }] };
      },
    })({ ...question, ...asked }, seconds);
  const ids = async (...how: Parameters<typeof ask>): Promise<string[]> => {
    const answer = await ask(...how);
    return 'instances' in answer ? answer.instances.map(({ id }) => id) : ['no answer'];
  };
  return { world, ask, ids, folder: join(home, '.cache/play/inventory') };
}

describe('an answer of AWS that is kept', () => {
  test('counts until its time is over, and then AWS is asked again', async () => {
    await inFolder({}, async (home) => {
      const { world, ids } = user(home);
      expect(await ids()).toEqual(['i-1']);
      world.clock += 59_999;
      expect(await ids()).toEqual(['i-1']);
      world.clock += 1;
      expect(await ids()).toEqual(['i-2']);
      expect(await ids()).toEqual(['i-2']);
      expect(world.asked).toBe(2);
    });
  });

  test('can be read by its user only, and no half of one is left', async () => {
    await inFolder({}, async (home) => {
      const { ids, folder } = user(home);
      await ids();
      const names = readdirSync(folder);
      expect(names).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.json$/)]);
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      expect(statSync(join(folder, names[0] ?? '')).mode & 0o777).toBe(0o600);
    });
  });

  test('is passed over with --flush-cache, and replaced', async () => {
    await inFolder({}, async (home) => {
      const { world, ids } = user(home);
      await ids();
      world.flush = true;
      expect(await ids()).toEqual(['i-2']);
      world.flush = false;
      expect(await ids()).toEqual(['i-2']);
    });
  });

  test('is for one question, one identity and one place', async () => {
    await inFolder({ '.aws/config': '[profile shop]\nregion = eu-west-1\n' }, async (home) => {
      const { world, ids } = user(home);
      const first = await ids();
      const others: (() => unknown)[] = [
        () => Object.assign(world.env, { AWS_PROFILE: 'shop' }),
        () => Object.assign(world.env, { AWS_ACCESS_KEY_ID: 'AKIAOTHER' }),
        () => Object.assign(world.env, { AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:1' }),
        () => Object.assign(world.env, { AWS_REGION: 'eu-west-2' }),
        () => writeFileSync(join(home, '.aws/config'), '[profile shop]\nrole_arn = arn:aws:iam::1:role/other\n'),
      ];
      const seen = new Set(first);
      for (const other of others) {
        await other();
        for (const id of await ids()) seen.add(id);
      }
      for (const changed of [
        { profile: 'shop' },
        { regions: ['eu-west-1', 'eu-west-2'] },
        { include: [{ 'tag:Role': ['web'] }] },
        { exclude: [{}] },
        { plugin: 'aws_ssm' as const },
        { passesDenied: true },
      ])
        for (const id of await ids(changed)) seen.add(id);
      expect(world.asked).toBe(12);
      expect(seen.size).toBe(12);
    });
  });

  test('is not used for what has become of it when AWS cannot be reached, but told of', async () => {
    await inFolder({}, async (home) => {
      const { world, ask } = user(home);
      world.down = true;
      expect(await ask()).toEqual(unreachable);
      world.down = false;
      await ask();
      world.down = true;
      world.clock += 7_200_000;
      expect(await ask()).toEqual({ ...unreachable, keptFor: 7200 });
    });
  });

  test('does not count when it is from the future or nothing that was written', async () => {
    await inFolder({}, async (home) => {
      const { world, ids, folder } = user(home);
      await ids();
      world.clock -= 1;
      expect(await ids()).toEqual(['i-2']);
      const [name = ''] = readdirSync(folder);
      writeFileSync(join(folder, name), readFileSync(join(folder, name), 'utf8').slice(0, 20));
      expect(await ids()).toEqual(['i-3']);
    });
  });

  test('is neither read nor written unless the file says so', async () => {
    await inFolder({}, async (home) => {
      const { world, ask, folder } = user(home);
      await createAskAws({ env: {}, home, now: () => 0, flush: false, ask: async () => unreachable })(question);
      expect(() => readdirSync(folder)).toThrow();
      await ask();
      world.clock += 1;
      const silent = createAskAws({
        env: {},
        home,
        now: () => world.clock,
        flush: false,
        ask: async () => unreachable,
      });
      expect(await silent(question)).toEqual(unreachable);
    });
  });

  test('goes where XDG_CACHE_HOME says, and that it cannot be written is said', async () => {
    await inFolder({ file: '' }, async (home) => {
      const { world, ask } = user(home);
      world.env = { XDG_CACHE_HOME: join(home, 'elsewhere') };
      await ask();
      expect(readdirSync(join(home, 'elsewhere/play/inventory'))).toHaveLength(1);
      world.env = { XDG_CACHE_HOME: join(home, 'file') };
      const told = await ask().catch((error: unknown) => error);
      expect(told).toBeInstanceOf(ProblemError);
      expect((told as ProblemError).message).toBe(
        `the answer of AWS cannot be kept in ${home}/file/play/inventory: a part of its path is no folder`,
      );
    });
  });
});
