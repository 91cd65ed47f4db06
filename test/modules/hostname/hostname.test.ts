import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostname } from '../../../src/modules/host/hostname.ts';
import { converge, golden, probe, shells } from '../live.ts';
import { type Namespace, openNamespace } from '../namespace.ts';

it('compiles', async () => {
  await expect(golden('hostname', hostname.resource({ name: 'db1.example.com' }))).toMatchFileSnapshot(
    'golden/plain.txt',
  );
});

describe.each(Object.entries(shells))('hostname under %s', (_, command) => {
  let space: Namespace;
  let shell: string[];
  beforeAll(() => {
    space = openNamespace();
    shell = space.shell(command);
  });
  afterAll(() => space.close());
  const ends = async (name: string) => {
    const { status, before, stderr } = await converge(shell, hostname.resource({ name }));
    return `${status}: ${before.replace('\n', ', ')}${stderr}`;
  };

  it('gets its name now and for the next start, once', async () => {
    space.run('hostname old; echo old >/etc/hostname');
    expect(await ends('web1')).toBe('changed: now old, at start old');
    expect(space.run('uname -n; cat /etc/hostname')).toBe('web1\nweb1');
    expect(await ends('web1')).toBe('ok: now web1, at start web1');
  });

  it('changes what is wrong: the name of now, or the one of the next start', async () => {
    space.run('hostname other; echo web2 >/etc/hostname');
    expect(await ends('web2')).toBe('changed: now other, at start web2');
    space.run('rm /etc/hostname');
    expect(await ends('web2')).toBe('changed: now web2, at start not set');
    expect(space.run('uname -n; cat /etc/hostname')).toBe('web2\nweb2');
  });

  it('passes over comments, and takes a name with its domain', async () => {
    space.run('hostname db1.example.com; printf "# ours\\n\\n  # again\\ndb1.example.com\\n" >/etc/hostname');
    expect(await ends('db1.example.com')).toBe('ok: now db1.example.com, at start db1.example.com');
    expect((await probe(shell, hostname.resource({ name: 'x' }))).stdout).toContain('now db1.example.com');
  });

  it('is left to hostnamectl where systemd runs', async () => {
    space.run(
      'mount -t tmpfs play /run && mkdir -p /run/systemd/system /run/bin && printf \'#!/bin/sh\\necho "$@" >/run/asked\\nhostname "$3"; echo "$3" >/etc/hostname\\n\' >/run/bin/hostnamectl && chmod +x /run/bin/hostnamectl',
    );
    const env = { PATH: `/run/bin:${process.env['PATH']}` };
    expect((await converge(shell, hostname.resource({ name: 'web4' }), env)).status).toBe('changed');
    expect(space.run('cat /run/asked; uname -n')).toBe('--no-ask-password set-hostname web4\nweb4');
  });
});
