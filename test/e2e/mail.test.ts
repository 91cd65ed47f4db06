import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Certificates, type MailServer, makeCertificates, startMailServer } from '../mail/server.ts';
import { createDesk, type Desk } from '../rig/cli.ts';

/* The module as a playbook uses it: files beside the playbook, templates, results, check mode. */

describe('mail', () => {
  let desk: Desk;
  let server: MailServer;
  let certificates: Certificates;
  beforeAll(async () => {
    certificates = makeCertificates();
    [desk, server] = await Promise.all([createDesk(), startMailServer({ certificates, login: true })]);
    copyFileSync(certificates.ca, desk.file('files/ca.pem', ''));
    desk.file('templates/report.txt.hbs', 'on {{host.name}}: {{df.stdout}}\n');
    desk.file('templates/report.html.hbs', '<b>{{html_escape df.stdout}}</b><img src="cid:load.svg">');
    desk.file('files/load.svg', '<svg/>');
    desk.file(
      'site.yml',
      `- hosts: localhost
  tasks:
    - { command: echo '93% & more', register: df, check_mode: false }
    - copy: { content: 'a,b', dest: '${join(desk.dir, 'table.csv')}' }
    - mail:
        host: localhost
        port: ${server.port}
        secure: starttls
        ca: ca.pem
        username: ann
        password: pass word
        from: Play <play@example.com>
        to: ops@example.com
        subject: '{{host.name}} is nearly full'
        template: report.txt.hbs
        html_template: report.html.hbs
        inline: load.svg
        attach: table.csv
      register: sent
    - assert: { that: 'sent.changed && sent.accepted == ["ops@example.com"]' }
`,
    );
  });
  afterAll(async () => {
    certificates?.remove();
    await Promise.all([desk, server].map((each) => each?.[Symbol.asyncDispose]()));
  });

  test('check mode shows it, with a file that is not there yet', async () => {
    const { exit, stdout } = await desk.play(['site.yml', '--check', '-o', 'lines']);
    expect(exit).toBe(0);
    expect(stdout).toContain('would change  mail localhost is nearly full');
    expect(stdout).toContain('on localhost: 93% & more');
    expect(stdout).toContain('<b>93% &amp; more</b>');
    expect(stdout).toContain('inline: load.svg as cid:load.svg (6 B)');
    expect(stdout).toContain('attached: table.csv, which is not there yet');
    expect(server.received).toEqual([]);
  });

  test('it is sent, by TLS and with a login', async () => {
    const { exit, stdout } = await desk.play(['site.yml', '-o', 'lines']);
    expect(stdout).toContain('to ops@example.com');
    expect(exit).toBe(0);
    const [got] = server.received;
    expect(got).toMatchObject({ from: 'play@example.com', tls: true, user: 'ann' });
    const raw = got!.raw.toString();
    expect(raw).toContain('Subject: localhost is nearly full');
    expect(raw).toContain('on localhost: 93% & more');
    expect(raw).toMatch(/Content-Id: <load.svg>/i);
    expect(raw).toContain(Buffer.from('a,b').toString('base64'));
  });

  test('a template that is not there is found before the run', async () => {
    desk.file(
      'bad.yml',
      '- hosts: localhost\n  tasks:\n    - mail: { from: a@x.io, to: b@x.io, subject: x, template: no.hbs }\n',
    );
    const { exit, stderr } = await desk.play(['bad.yml']);
    expect([exit, stderr]).toEqual([2, expect.stringContaining('no such file: no.hbs')]);
  });

  test('more than one host: one mail each, or one for all with run_once', async () => {
    const play = (more: string) =>
      `- hosts: all\n  connection: local\n  tasks:\n    - mail: { host: localhost, port: ${server.port}, ca: ca.pem, username: ann, password: pass word, from: a@x.io, to: '{{host.name}}@x.io', subject: hi }\n${more}`;
    server.received.length = 0;
    desk.file('all.yml', play(''));
    expect((await desk.play(['all.yml', '-i', 'h1,h2,h3'])).exit).toBe(0);
    expect(server.received.map(({ to }) => to[0]).sort()).toEqual(['h1@x.io', 'h2@x.io', 'h3@x.io']);
    desk.file('all.yml', play('      run_once: true\n'));
    await desk.play(['all.yml', '-i', 'h1,h2,h3']);
    expect(server.received).toHaveLength(4);
  });
});
