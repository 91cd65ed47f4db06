import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { pcap } from '../../../src/modules/controller/pcap.ts';
import { taskContext } from '../../network/task-context.ts';

const root = mkdtempSync(join(tmpdir(), 'play-pcap-test-'));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'));
});
afterAll(() => rmSync(root, { recursive: true }));

const packet = (dport: number) => ({
  layers: [{ ip: { src: '10.0.0.1', dst: '10.0.0.2' } }, { udp: { dport } }],
  time: dport,
});
const run = (params: object, more = {}) =>
  pcap.run(params as never, taskContext({ localSource: (path) => (existsSync(path) ? path : undefined), ...more }));
const here = (name: string): string => join(folder, name);

describe('pcap', () => {
  test('writes, finds the same the second time, and something else the third', async () => {
    const write = (...ports: number[]) => run({ packets: ports.map(packet), dest: here('sub/a.pcap') });
    expect(await write(1, 2)).toMatchObject({
      changed: true,
      fields: { count: 2, bytes: 56, duration: 1, dest: here('sub/a.pcap') },
    });
    const { mtimeMs } = statSync(here('sub/a.pcap'));
    expect((await write(1, 2)).changed).toBe(false);
    expect(statSync(here('sub/a.pcap')).mtimeMs).toBe(mtimeMs);
    expect((await write(1, 3)).changed).toBe(true);
    expect(readdirSync(here('sub'))).toEqual(['a.pcap']);
  });

  test('writes nothing in a check, and says what would change', async () => {
    const job = { packets: [packet(1)], dest: here('a.pcapng') };
    expect((await run(job, { check: true })).changed).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
    await run(job);
    expect((await run(job, { check: true })).changed).toBe(false);
  });

  test('filters, counts and keeps as many rows as it may', async () => {
    await run({ packets: [1, 2, 3, 4, 5].map(packet), dest: here('a.pcap') });
    const { fields } = await run({
      src: here('a.pcap'),
      filter: 'dst portrange 2-5',
      count: 3,
      tables: ['packets'],
      limit: 2,
    });
    expect(fields).toMatchObject({ count: 3, first: 2, last: 4, packets: [{ dport: 2 }, { dport: 3 }] });
  });

  test('may write over what it reads, once that is read', async () => {
    await run({ packets: [1, 2, 3].map(packet), dest: here('a.pcap') });
    expect(await run({ src: here('a.pcap'), filter: 'port 2', dest: here('a.pcap') })).toMatchObject({ changed: true });
    expect((await run({ src: here('a.pcap') })).fields).toMatchObject({ count: 1 });
  });

  test('says what is wrong, and leaves nothing behind', async () => {
    writeFileSync(here('no.pcap'), 'this is no capture at all, not even a little bit');
    expect((await run({ src: here('no.pcap'), dest: here('out.pcap') })).failed).toBe(
      `${here('no.pcap')}: it is neither pcap nor pcapng`,
    );
    expect((await run({ packets: [packet(1)], filter: 'tpc', dest: here('out.pcap') })).failed).toBe(
      'filter: "tpc" is not an address; names are not looked up here',
    );
    const mixed = [packet(1), { layers: [{ ether: {} }, { arp: {} }] }];
    expect((await run({ packets: mixed, dest: here('out.pcap') })).failed).toBe(
      'packets of different links (101 and 1) do not go into one file',
    );
    expect(readdirSync(folder)).toEqual(['no.pcap']);
  });

  test.each([
    [{}, 'one of src, packets is needed'],
    [{ src: 'a', packets: [packet(1)] }, 'src and packets exclude each other'],
    [{ src: '/nowhere/a.pcap' }, 'there is no file /nowhere/a.pcap'],
    [{ packets: [{}] }, 'each packet has either layers or hex'],
  ])('refuses %j', async (params, words) => {
    await expect(run(params)).rejects.toThrow(words);
  });

  test('keeps the form of what it copies', async () => {
    await run({ packets: [packet(1)], dest: here('a.pcap') });
    const bytes = readFileSync(here('a.pcap'));
    bytes.writeUInt32LE(96, 16);
    writeFileSync(here('short.pcap'), bytes);
    await run({ src: here('short.pcap'), dest: here('copy.pcap') });
    expect(readFileSync(here('copy.pcap')).equals(bytes)).toBe(true);
  });
});
