import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ProblemError, sentence } from '../../src/problems/problem.ts';
import { type Direction, type Fault, startProxy } from '../rig/proxy.ts';
import { type Rig, startSshd } from '../rig/sshd.ts';
import { talk } from '../transports/talk.ts';
import { reach } from './reachable.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startSshd({ accounts: { app: {} } });
});
afterAll(() => rig?.stop());

const deadlines = { banner: 800, kex: 800, auth: 800, channel: 800 };

/** Breaks one connection after so many bytes, and says how it ended for the user. */
async function cut(count: number, fault: Fault, direction: Direction): Promise<string> {
  await using proxy = await startProxy({ target: { host: rig.addresses[0] ?? '', port: rig.port } });
  proxy.afterBytes(count, fault, direction);
  try {
    const connection = await reach(rig, {
      target: { address: '127.0.0.1', port: proxy.port },
      options: { hostKeys: { files: [join(rig.dir, `kh-${proxy.port}`)], acceptNew: true } },
      settings: { deadlines, keepalive: { interval: 200, count: 3 } },
    });
    try {
      const { end, stdout } = await talk(connection, 'echo start; sleep 0.01; echo end');
      if (end.kind === 'lost') return 'lost';
      return stdout.toString() === 'start\nend\n' && end.kind === 'exit' && end.code === 0 ? 'whole' : 'wrong';
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (!(error instanceof ProblemError) || !error.problems[0]) throw error;
    return `exit ${sentence(error.problems[0]).exit}`;
  }
}

/** From before the first byte to behind the last of a short session. */
const places = Array.from({ length: 21 }, (_, i) => 1 + i * 190);

test.each<[Fault, Direction]>([
  ['reset', 'down'],
  ['fin', 'down'],
  ['flip', 'down'],
  ['flip', 'up'],
  ['freeze', 'up'],
])(
  'a %s anywhere on the way %s gives a problem or a lost pipe, never a wrong result',
  async (fault, direction) => {
    const ends: Record<string, number> = {};
    for (let i = 0; i < places.length; i += 3) {
      for (const end of await Promise.all(places.slice(i, i + 3).map((count) => cut(count, fault, direction))))
        ends[end] = (ends[end] ?? 0) + 1;
    }
    // Unreachable while connecting, unknown afterwards, whole when nothing was left to break.
    expect(Object.keys(ends).filter((end) => !['exit 4', 'exit 5', 'lost', 'whole'].includes(end))).toEqual([]);
    expect(ends['exit 4']).toBeGreaterThan(5);
  },
  120_000,
);
