import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { decode, encode } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Certificates, type MailServer, makeCertificates, startMailServer } from '../mail/server.ts';
import { type Played, play } from '../rig/cli.ts';
import { must } from '../rig/run.ts';
import { type Rig, startSshd } from '../rig/sshd.ts';

/* Three jobs that people write Python for, as playbooks over three hosts: an incident report, an analysis of logs, a check of the network. */
vi.setConfig({ testTimeout: 120_000 });
const folder = join(import.meta.dirname, '../../playbooks');
let rig: Rig;
let home: string;
beforeAll(async () => {
  rig = await startSshd({ hosts: 3, accounts: { ops: { sudo: 'nopasswd' } } });
  home = rig.accounts['ops']?.home ?? '';
}, 60_000);
afterAll(() => rig?.stop(), 60_000);

const out = (name: string): string => join(rig.dir, 'out', name);

/** Runs a playbook on all three, with variables for each. */
async function job(book: string, args: readonly string[], of: (index: number) => object = () => ({})): Promise<Played> {
  const entry = (name: string, index: number): [string, object] => [
    name,
    { address: rig.addresses[index], ...of(index) },
  ];
  const vars = { user: rig.accounts['ops']?.name, port: rig.port, key: rig.key };
  const all = { vars, hosts: Object.fromEntries(rig.names.map(entry)) };
  writeFileSync(join(rig.dir, 'hosts.json'), JSON.stringify({ all }));
  return play(
    [
      ...[join(folder, book), '-i', join(rig.dir, 'hosts.json'), '--known-hosts', await rig.knownHostsFile()],
      ...['--folder', out(''), '-o', 'lines', ...args],
    ],
    { cwd: rig.dir, timeout: 100_000 },
  );
}

describe('incident report', () => {
  let server: MailServer;
  beforeAll(async () => {
    server = await startMailServer();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());
  const report = (...args: string[]): Promise<Played> =>
    job('incident-report.yml', [
      '--to',
      'ops@example.org',
      '--smtp',
      '127.0.0.1',
      '--smtp-port',
      `${server.port}`,
      ...args,
    ]);

  test('what is above its threshold on any host is a page, a table and a mail', async () => {
    const { exit, stdout, stderr } = await report('--disk', '0', '--memory', '0', '--load', '1e9');
    expect({ exit, stderr }, stdout).toEqual({ exit: 0, stderr: '' });
    expect(server.received).toHaveLength(1);
    const mail = server.received[0]?.raw.toString('utf8') ?? '';
    expect(server.received[0]?.to).toEqual(['ops@example.org']);
    expect(mail).toContain('Subject: 3 findings on 3 machines');
    expect(mail).toMatch(new RegExp(`^${rig.names[0]}: disk [\\d.]+ \\(threshold 0\\)`, 'm'));
    expect(mail).toContain('filename=machines.csv');
    const page = readFileSync(out('incident.html'), 'utf8');
    for (const name of rig.names) expect(page).toContain(`<tr><td>${name}</td><td>disk</td>`);
    const [header, ...rows] = readFileSync(out('machines.csv'), 'utf8').trim().split('\n');
    expect(header).toBe('host,os,up_days,cpus,memory_left,fullest,failed_units,errors,load_per_cpu');
    expect(rows.map((row) => row.split(',')[0])).toEqual(rig.names);
  });

  test('where all is well nobody gets a mail', async () => {
    server.received.length = 0;
    const { exit, stdout } = await report('--disk', '100', '--memory', '0', '--load', '1e9');
    expect(exit, stdout).toBe(0);
    expect(server.received).toEqual([]);
    expect(readFileSync(out('incident.html'), 'utf8')).toContain('Nothing is above its threshold.');
  });
});

describe('log analysis', () => {
  /** Of each host, more than a million of all. */
  const count = 345_600;
  /** One line of nginx: minute `i` of a day, each tenth of the orders of host 1 broken. */
  const line = (host: number, i: number): string => {
    const path = ['/', '/login', '/api/orders'][i % 3];
    const status = host === 1 && path === '/api/orders' && i % 30 === 2 ? 500 : 200;
    const time = `${String(Math.floor(i / 60) % 24).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}:00`;
    return `192.0.2.${i % 250} - - [01/Mar/2026:${time} +0000] "GET ${path}?id=${i} HTTP/1.1" ${status} ${100 + (i % 7)} "-" "Mozilla/5.0 \\x22x\\x22" ${(i % 10) / 10}`;
  };
  const analyse = (): Promise<Played> =>
    job('log-analysis.yml', [], (index) => ({ access_log: join(home, `${rig.names[index]}/access.log`) }));
  beforeAll(() => {
    rig.names.forEach((name, host) => {
      mkdirSync(join(home, name), { recursive: true });
      const lines = Array.from({ length: count }, (_, i) => line(host, i));
      writeFileSync(join(home, name, 'access.log'), `${lines.join('\n')}\nnot a line of nginx\n`);
    });
  });

  test('the logs of all hosts are summed up, drawn and kept', async () => {
    const { exit, stdout, stderr } = await analyse();
    expect({ exit, stderr }, stdout).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatch(/\/api\/orders +345600 +11520 +138240 +3.33\n/);
    expect(stdout).toMatch(/\/login +345600 +0 +138240 +0\n/);
    const sums = 'SELECT count(*), sum(requests), sum(errors), sum(bytes) FROM hourly';
    const bytes = 3 * Array.from({ length: count }, (_, i) => 100 + (i % 7)).reduce((sum, each) => sum + each, 0);
    expect(await must('sqlite3', [out('history.db'), sums])).toBe(`216|${3 * count}|11520|${bytes}\n`);
    expect(readFileSync(out('requests.svg'), 'utf8')).toContain('Requests by hour');
    expect(readFileSync(out('errors.svg'), 'utf8')).toContain('/api/orders');
  });

  test('a second time nothing has changed', async () => {
    const { exit, stdout } = await analyse();
    expect(exit, stdout).toBe(0);
    expect(stdout).toMatch(/done · 3 hosts · nothing changed/);
  });
});

describe('network check', () => {
  let dns: Socket;
  let certificates: Certificates;
  const servers: Server[] = [];
  let tlsPort = 0;
  beforeAll(async () => {
    dns = createSocket('udp4', (asked, from) => {
      const { id, questions = [] } = decode(asked);
      const index = rig.names.findIndex((name) => `${name}.example.org` === questions[0]?.name);
      const data = rig.addresses[index];
      const answers = data === undefined ? [] : [{ type: 'A' as const, name: questions[0]?.name ?? '', ttl: 60, data }];
      dns.send(encode({ type: 'response', id: id ?? 0, questions, answers }), from.port, from.address);
    });
    dns.bind(0, '127.0.0.1');
    await once(dns, 'listening');
    certificates = makeCertificates();
    const files = { cert: readFileSync(certificates.cert), key: readFileSync(certificates.key) };
    for (const host of rig.addresses) {
      const server = createServer(files, (socket) => socket.end()).listen({ port: tlsPort, host });
      await once(server, 'listening');
      const address = server.address();
      if (typeof address === 'object') tlsPort = address?.port ?? 0;
      servers.push(server);
    }
  });
  afterAll(() => {
    dns?.close();
    for (const server of servers) server.close();
    certificates?.remove();
  });
  const check = (...args: string[]): Promise<Played> =>
    job(
      'network-check.yml',
      ['--resolver', '127.0.0.1', '--resolver-port', String(dns.address().port), ...args],
      (index) => ({ dns_name: `${rig.names[index]}.example.org`, tls_port: tlsPort, interface: 'lo' }),
    );

  test('names, ports, certificates, latency, and a capture that proves it', async () => {
    const { exit, stdout, stderr } = await check('--ports', `${rig.port},${tlsPort}`, '--days', '1');
    expect({ exit, stderr }, stdout).toEqual({ exit: 0, stderr: '' });
    for (const [index, name] of rig.names.entries())
      expect(stdout).toMatch(new RegExp(`${name} +${rig.addresses[index]} +yes +1 `));
    const seen = await must('tshark', [
      '-r',
      out(`${rig.names[1]}.pcap`),
      '-T',
      'fields',
      '-e',
      'ip.dst',
      '-e',
      'tcp.dstport',
    ]);
    expect(seen).toContain(`${rig.addresses[1]}\t${tlsPort}`);
  });

  test('what is wrong is said of each host', async () => {
    servers[2]?.close();
    const { exit, stdout } = await check('--ports', `${tlsPort}`, '--days', '30');
    expect(exit).toBe(3);
    expect(stdout).toContain(
      `wrong at ${rig.names[0]}: certificate; ${rig.names[1]}: certificate; ${rig.names[2]}: ports`,
    );
  });
});
