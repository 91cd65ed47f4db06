import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event, Reporter } from '../../src/model/event.ts';
import { createReporter, reporterNames } from '../../src/reporters/create.ts';
import { diffLines } from '../../src/reporters/diff.ts';
import { jsonReporter } from '../../src/reporters/json.ts';
import { linesReporter } from '../../src/reporters/lines.ts';
import { outputLines } from '../../src/reporters/output-lines.ts';
import { streamLines } from '../../src/reporters/stream-lines.ts';
import { createStyle } from '../../src/reporters/style.ts';
import { tee } from '../../src/reporters/tee.ts';
import { duration, elapsed } from '../../src/reporters/times.ts';
import { recordedRun, written } from './recorded.ts';

const plain = createStyle({ color: 0, unicode: true });
const output = (data: Buffer): Event => ({
  type: 'step-output',
  t: 1,
  host: 'web1',
  step: '0/0',
  stream: 'stdout',
  data,
});

describe('every view', () => {
  it.each(reporterNames)('%s lets nothing from a host act on the terminal', async (name) => {
    const { options, text } = written({ verbose: true, diff: true });
    const view = createReporter(name, options);
    for (const event of recordedRun('hostile-output')) view.on(event);
    await view.close?.();
    const own = /\x1b\[(\?25[lh]|\?2026[lh]|\d*[AJK])|\r/g;
    expect(text().replace(own, '')).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    expect(text().length).toBeGreaterThan(100);
  });

  it.each(reporterNames)('%s lets the run go on when its reader is gone', async (name) => {
    const out = {
      write() {
        throw new Error('write EPIPE');
      },
    };
    const view = createReporter(name, written({ out }).options);
    for (const event of recordedRun('failure-with-hint')) view.on(event);
    await view.close?.();
  });

  it('has colours when asked, few of them', () => {
    const { options, text } = written({ color: 1, diff: true });
    const view = linesReporter(options);
    for (const event of recordedRun('changed-with-diff')) view.on(event);
    expect(text()).toContain('\x1b[33mchanged\x1b[39m  migrate database');
    expect(text()).toContain('\x1b[32m+  http2 on;\x1b[39m');
    expect(text()).toContain('\x1b[31m-  listen 80;\x1b[39m');
  });
});

describe('json', () => {
  it('gives back the exact bytes, whatever the chunks, and text as text', () => {
    const chunks = fc.array(fc.oneof(fc.uint8Array({ maxLength: 6 }), fc.string({ unit: 'grapheme', maxLength: 4 })));
    fc.assert(
      fc.property(chunks, (list) => {
        const { options, text } = written();
        const view = jsonReporter(options);
        const bytes = list.map((chunk) => Buffer.from(chunk));
        for (const data of bytes) view.on(output(data));
        const [end] = recordedRun('all-ok').filter((event) => event.type === 'step-end' && event.step === '0/0');
        if (end) view.on(end);
        const events = text()
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line));
        const back = events
          .filter(({ type }) => type === 'step-output')
          .map(({ data, encoding }) => Buffer.from(data, encoding ?? 'utf8'));
        expect(Buffer.concat(back)).toEqual(Buffer.concat(bytes));
        const isText = list.every((chunk) => typeof chunk === 'string' && !chunk.includes('\0'));
        if (isText) expect(text()).not.toContain('base64');
      }),
    );
  });

  it('takes NUL for a sign that this is no text: spelled out it would be six times as long', () => {
    const { options, text } = written();
    jsonReporter(options).on(output(Buffer.alloc(3)));
    expect(JSON.parse(text())).toMatchObject({ data: 'AAAA', encoding: 'base64' });
  });

  it('keeps a character whole that came in two chunks', () => {
    const { options, text } = written();
    const view = jsonReporter(options);
    for (const byte of Buffer.from('é€🚀')) view.on(output(Buffer.from([byte])));
    expect(text().match(/"data":"(.*?)"/g)).toEqual(['"data":"é"', '"data":"€"', '"data":"🚀"']);
  });
});

describe('lines of running output', () => {
  it('never loses or invents a byte, and keeps memory bounded', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (chunks) => {
        const streams = streamLines();
        const lines = [...chunks.flatMap((chunk) => streams.push('a', Buffer.from(chunk))), ...streams.end('a')];
        const whole = Buffer.concat(chunks).toString('latin1').replaceAll('\r\n', '\n');
        const text = lines.map((line) => line.toString('latin1')).join('\n');
        expect(text).toBe(whole.endsWith('\n') ? whole.slice(0, -1) : whole);
      }),
    );
    const endless = streamLines();
    const lines = endless.push('a', Buffer.from('€'.repeat(100_000)));
    expect(lines.length).toBeGreaterThan(30);
    expect(lines.every((line) => line.length <= 8192 && !line.toString().includes('\ufffd'))).toBe(true);
  });

  it('shows the end of a long output and says how much came before', () => {
    const text = Array.from({ length: 30 }, (_, i) => `line ${i}\n`).join('');
    const shown = outputLines(text, { style: plain, lines: 3 });
    expect(shown).toEqual(['│ … 27 lines before', '│ line 27', '│ line 28', '│ line 29']);
    expect(outputLines('x'.repeat(10_000_000), { style: plain, lines: 3 })[0]).toHaveLength(402);
    expect(outputLines('\n\n', { style: plain, lines: 3 })).toEqual([]);
  });

  it('cuts a diff that nobody would read', () => {
    const diff = `--- a\n+++ b\n@@ -1 +1,300 @@\n${'+new\n'.repeat(300)}`;
    const cut = diffLines(diff, { style: plain, all: false });
    expect(cut).toHaveLength(201);
    expect(cut.at(-1)).toBe('… 103 more lines');
    expect(diffLines(diff, { style: plain, all: true })).toHaveLength(303);
  });
});

it('tee gives every event to all and waits for all', async () => {
  const seen: string[] = [];
  const one = (name: string): Reporter => ({
    on: (event) => seen.push(`${name} ${event.type}`),
    close: async () => {
      seen.push(`${name} closed`);
    },
  });
  const both = tee(one('a'), one('b'), { on: () => undefined });
  for (const event of recordedRun('all-ok').slice(0, 1)) both.on(event);
  await both.close?.();
  expect(seen).toEqual(['a run-start', 'b run-start', 'a closed', 'b closed']);
});

it.each([
  [0, '0.00s', '0s'],
  [124, '0.12s', '0s'],
  [9_996, '10.0s', '9s'],
  [59_960, '1m00s', '59s'],
  [252_000, '4m12s', '4m12s'],
  [3_720_000, '1h02m', '1h02m'],
])('%d ms reads %s, and %s while it goes on', (ms, ended, running) => {
  expect(duration(ms)).toBe(ended);
  expect(elapsed(ms)).toBe(running);
});
