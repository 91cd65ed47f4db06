import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../../../src/modules/host/wait_for.ts';
import { ProblemError, sentence } from '../../../src/problems/problem.ts';
import { act, shells } from '../live.ts';

type Params = Parameters<typeof waitFor.resource>[0];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'play-wait-others-'));
  // As systemd 252 answers.
  const systemctl = `#!/bin/sh
quiet= unit=
for word; do case $word in --quiet) quiet=1 ;; is-active | --) ;; *) unit=$word ;; esac; done
case $unit in up) state=active ;; starting) state=activating ;; broken) state=failed ;; *) state=inactive ;; esac
if [ -z "$quiet" ]; then echo $state; fi
[ $state = active ] || exit 3
`;
  await writeFile(join(folder, 'systemctl'), systemctl, { mode: 0o755 });
  // As that of FreeBSD 14 answers.
  const netstat = `#!/bin/sh
echo "tcp4       0      0 10.0.0.5.8080          10.0.0.9.51000         ESTABLISHED"
echo "tcp4       0      0 *.8081                 *.*                    LISTEN"
echo "tcp4       0      0 10.0.0.5.51000         10.0.0.9.8081          ESTABLISHED"
`;
  await writeFile(join(folder, 'netstat'), netstat, { mode: 0o755 });
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(Object.entries(shells))('wait_for under %s', (_, shell) => {
  const ends = async (params: Params, change = (text: string) => text) => {
    const resource = waitFor.resource({ timeout: 0, ...params });
    if (!('sh' in resource.run)) throw new Error('no shell');
    const changed = { ...resource, run: { sh: change(resource.run.sh) } };
    const { rc, stderr } = await act(shell, changed, { PATH: `${folder}:${process.env['PATH']}` });
    return rc === 0 ? 'ok' : stderr.trim();
  };

  it('looks at units', async () => {
    expect(await ends({ unit: 'up' })).toBe('ok');
    expect(await ends({ unit: 'up', state: 'stopped' })).toBe('unit up is still active after 0 s');
    expect(await ends({ unit: 'starting' })).toBe('unit starting is not active after 0 s');
    expect(await ends({ unit: 'starting', state: 'stopped' })).toBe('unit starting is still active after 0 s');
    expect(await ends({ unit: 'broken', state: 'absent' })).toBe('ok');
    expect(await ends({ unit: 'down', state: 'absent' })).toBe('ok');
    const without = (text: string) => text.replace('command -v systemctl', 'false');
    expect(await ends({ unit: 'up' }, without)).toBe('looking at a unit needs systemd on the host, and it has none');
  });

  it('looks at connections where there is no /proc', async () => {
    const without = (text: string) => text.replaceAll('/proc/net/tcp', '/no/such');
    expect(await ends({ port: 8080, state: 'drained' }, without)).toBe('port 8080 still has connections after 0 s');
    expect(await ends({ port: 8081, state: 'drained' }, without)).toBe('ok');
    expect(await ends({ port: 80, state: 'drained' }, without)).toBe('ok');
  });
});

describe('wait_for', () => {
  it.each<[Params]>([[{ state: 'drained' }], [{ state: 'drained', port: 1, host: 'db.example.com' }]])(
    'refuses %j',
    (params) => {
      const said = () => {
        try {
          return waitFor.resource(params);
        } catch (error) {
          return error instanceof ProblemError ? error.problems.map((one) => sentence(one).message).join() : error;
        }
      };
      expect(said()).toContain('state: drained is for a port of the host itself');
    },
  );
});
