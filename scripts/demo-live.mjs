// Shows the live view without hosts: plays a recorded run at its own pace, or a made-up one.
//   node scripts/demo-live.mjs failure-with-hint     a file of test/reporters/runs
//   node scripts/demo-live.mjs 100                   that many hosts
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { root } from './sources.mjs';

const [asked = '100', view = 'live', speed = '1'] = process.argv.slice(2);
const outfile = join(root, 'node_modules', '.cache', `demo-live-${process.pid}.mjs`);
await build({
  entryPoints: [join(root, 'src/reporters/create.ts')],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
});
const { createReporter } = await import(outfile);
rmSync(outfile);

const { stdout } = process;
const reporter = createReporter(view, {
  out: stdout,
  width: () => stdout.columns ?? 80,
  height: () => stdout.rows ?? 24,
  color: stdout.isTTY ? 2 : 0,
  verbose: false,
  diff: true,
  now: Date.now,
});
process.on('SIGINT', () => {
  reporter.restore?.();
  process.exit(130);
});

const events = /^\d+$/.test(asked) ? madeUp(Number(asked)) : recorded(asked);
const begin = Date.now();
for (const event of events) {
  const t = begin + (event.t - events[0].t) / Number(speed);
  if (t > Date.now()) await sleep(t - Date.now());
  reporter.on({ ...event, t });
}
await reporter.close?.();

function recorded(name) {
  const lines = readFileSync(join(root, 'test/reporters/runs', `${name}.jsonl`), 'utf8').trimEnd();
  return lines.split('\n').map((line) => {
    const { encoding, ...event } = JSON.parse(line);
    return event.type === 'step-output' ? { ...event, data: Buffer.from(event.data, encoding ?? 'utf8') } : event;
  });
}

function madeUp(count) {
  const hosts = Array.from({ length: count }, (_, i) => `web${String(i + 1).padStart(3, '0')}.example.com`);
  const tasks = ['packages', 'release directory', 'download the release', 'configuration', 'shop is running'];
  const made = [
    {
      t: 0,
      type: 'run-start',
      run: 'demo',
      playbook: 'deploy.yml',
      name: 'Deploy the shop',
      hosts,
      check: false,
      diff: true,
      argv: [],
    },
    { t: 1, type: 'play-start', play: 0, name: 'web tier', hosts, tasks: tasks.length },
  ];
  for (const [i, host] of hosts.entries()) made.push(...story(host, i, tasks));
  made.sort((a, b) => a.t - b.t);
  const ms = made.at(-1).t;
  return [...made, { t: ms, type: 'run-end', exit: 3, ms, counts: {}, interrupted: false }];
}

function story(host, i, tasks) {
  const made = [];
  let t = 50 + i * 30;
  made.push({ t, type: 'host-connecting', host });
  t += 150 + (i % 7) * 60;
  if (i % 41 === 40) {
    const failure = {
      code: 'E_CONNECT_REFUSED',
      message: 'nothing listens on 10.0.0.9:22 (refused)',
      hint: 'is sshd running there?',
    };
    return [...made, { t, type: 'host-unreachable', host, failure }];
  }
  made.push({ t, type: 'host-connected', host, ms: 150 });
  for (const [n, task] of tasks.entries()) {
    const ref = { host, step: `0/${n}`, task, module: n === 2 ? 'shell' : 'file' };
    const ms = n === 2 ? (i === 3 ? 24_000 : 2500 + ((i * 37) % 40) * 60) : 150 + ((i * 13 + n * 7) % 20) * 40;
    made.push({ t, type: 'step-start', ...ref });
    for (let part = 1; n === 2 && i !== 3 && part < 10; part++) {
      const data = Buffer.from(`\r${'#'.repeat(part * 3)} ${part * 10}% of shop-1.10.0.tar.gz`);
      made.push({ t: t + (ms * part) / 10, type: 'step-output', host, step: ref.step, stream: 'stdout', data });
    }
    t += ms;
    const failed = n === 2 && i % 23 === 22;
    const failure = { code: 'E_EXIT', message: 'exited with 22', hint: 'see its whole output: play show --output' };
    const stderr = 'curl: (22) The requested URL returned error: 404\n';
    made.push({
      t,
      type: 'step-end',
      status: failed ? 'failed' : (i + n) % 3 ? 'ok' : 'changed',
      ms,
      ...ref,
      ...(failed && { failure, stderr, source: 'deploy.yml:31:7' }),
    });
    if (failed) break;
  }
  return [...made, { t, type: 'host-end', host, counts: {} }];
}
