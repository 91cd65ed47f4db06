import { expect, test } from 'vitest';
import { createPace } from '../../src/ssh/paced.ts';

const signal = new AbortController().signal;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Works that end when told, and how many have run at once. */
function works() {
  const open: (() => void)[] = [];
  const counts = { now: 0, most: 0, done: 0 };
  const work = async (): Promise<void> => {
    counts.most = Math.max(counts.most, ++counts.now);
    await new Promise<void>((resolve) => open.push(resolve));
    counts.now--;
    counts.done++;
  };
  return { work, counts, next: () => open.shift()?.() };
}

test('32 handshakes are in flight at most, however many hosts there are', async () => {
  const pace = createPace();
  const { work, counts, next } = works();
  const all = Promise.all(Array.from({ length: 100 }, (_, i) => pace.run([`10.0.0.${i}:22`], signal, work)));
  while (counts.done < 100) {
    await turn();
    next();
  }
  await all;
  expect(counts.most).toBe(32);
});

test('8 of them to one address, and hosts elsewhere do not wait for those', async () => {
  const pace = createPace();
  const busy = works();
  const other = works();
  const all = Array.from({ length: 30 }, () => pace.run(['10.0.0.1:22'], signal, busy.work));
  all.push(pace.run(['10.0.0.2:22'], signal, other.work));
  await turn();
  expect([busy.counts.now, other.counts.now]).toEqual([8, 1]);
  other.next();
  while (busy.counts.done < 30) {
    await turn();
    busy.next();
  }
  await Promise.all(all);
  expect(busy.counts.most).toBe(8);
});

test('they start in the order they came', async () => {
  const pace = createPace({ total: 1, perAddress: 1 });
  const order: number[] = [];
  await Promise.all(
    [1, 2, 3, 4].map((i) =>
      pace.run([`h${i}`], signal, async () => {
        order.push(i);
        await turn();
      }),
    ),
  );
  expect(order).toEqual([1, 2, 3, 4]);
});

test('one that fails makes room as well', async () => {
  const pace = createPace({ total: 1, perAddress: 1 });
  const failing = pace.run(['h'], signal, () => Promise.reject(new Error('no')));
  const second = pace.run(['h'], signal, async () => 'yes');
  await expect(failing).rejects.toThrow('no');
  expect(await second).toBe('yes');
});

test('one that is cancelled while it waits never starts and takes no room', async () => {
  const pace = createPace({ total: 1, perAddress: 1 });
  const { work, next } = works();
  const first = pace.run(['h'], signal, work);
  const stop = new AbortController();
  const waiting = pace.run(['h'], stop.signal, () => Promise.reject(new Error('it ran')));
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
  await expect(pace.run(['h'], stop.signal, work)).rejects.toThrow('stopped');
  next();
  await first;
  expect(await pace.run(['h'], signal, async () => 'free')).toBe('free');
});
