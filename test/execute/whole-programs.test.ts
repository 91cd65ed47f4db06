import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createLocalTransport } from '../../src/transports/local.ts';
import { file, line, liveHost, statuses, text } from './live.ts';
import { wholePrograms } from './whole.ts';

const base = mkdtempSync(join(tmpdir(), 'play-whole-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const here = (name: string): string => join(base, name);
const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };

describe('a transport that takes a program whole', () => {
  test('gets all tasks of a segment in one, and a list that is right already too', async () => {
    const transport = wholePrograms(createLocalTransport({ env }));
    await using host = liveHost({ transport });
    const steps = Array.from({ length: 100 }, (_, i) => (i % 2 ? text(`echo ${i}`) : file(here(`f${i}`), `${i}\n`)));
    const ran = await host.run(steps);
    expect(new Set(statuses(ran))).toEqual(new Set(['changed']));
    expect(transport.programs).toHaveLength(1);
    const again = await host.run(steps);
    expect(statuses(again).filter((status) => status === 'ok')).toHaveLength(50);
    expect(transport.programs).toHaveLength(2);
  });

  test('is sent a second one behind files that are read to be edited', async () => {
    const transport = wholePrograms(createLocalTransport({ env }));
    await using host = liveHost({ transport });
    writeFileSync(here('conf'), 'a\n');
    expect(statuses(await host.run([line(here('conf'), 'b'), line(here('conf'), 'c'), text('true')]))).toEqual([
      'changed',
      'changed',
      'changed',
    ]);
    expect(readFileSync(here('conf'), 'utf8')).toBe('a\nb\nc\n');
    expect(transport.programs).toHaveLength(2);
  });

  test('gets the same bytes for hosts that are to do the same, so that they can be sent together', async () => {
    const nonces = { marker: 'a'.repeat(32), become: 'b'.repeat(32), kill: 'c'.repeat(32) };
    const programs: Buffer[][] = [];
    // One after the other: both are this machine, where equal names of directories would meet.
    for (const name of ['one', 'two']) {
      const transport = wholePrograms(createLocalTransport({ env }));
      const target = { name, transport: 'local', address: 'localhost', shell: '/bin/sh' } as const;
      await using host = liveHost({ transport, target, nonces });
      await host.run([text('echo same'), file(here('same'), 'same\n')]);
      await host.run([text('echo again')]);
      programs.push(transport.programs);
    }
    expect(programs[0]).toHaveLength(2);
    expect(programs[0]).toEqual(programs[1]);
  });

  test('hears by the status that a task has failed, and what comes after it is not run', async () => {
    const ends: unknown[] = [];
    const inner = wholePrograms(createLocalTransport({ env }));
    const transport: typeof inner = {
      ...inner,
      async connect(target, options) {
        const connection = await inner.connect(target, options);
        return {
          ...connection,
          async open(command, sink) {
            const pipe = await connection.open(command, sink);
            void pipe.ended.then((end) => ends.push(end));
            return pipe;
          },
        };
      },
    };
    await using host = liveHost({ transport });
    expect(statuses(await host.run([text('true'), text('exit 3', { ignoreErrors: true })]))).toEqual([
      'changed',
      'failed',
    ]);
    expect(statuses(await host.run([text('exit 3'), text(`echo on >'${here('on')}'`)]))).toEqual(['failed', undefined]);
    expect(ends).toMatchObject([
      { kind: 'exit', code: 0 },
      { kind: 'exit', code: 1 },
    ]);
  });

  test('other users take part in it', async () => {
    await using host = liveHost({ whole: true });
    const ran = await host.run([
      text('id -un'),
      text('id -un', { user: 'nobody' }),
      text('id -un', { user: 'nobody', becomePassword: 'nobody asks for it' }),
      text('id -un'),
    ]);
    expect(ran.steps.map((step) => step?.stdout.trim())).toEqual(['root', 'nobody', 'nobody', 'root']);
  });
});
