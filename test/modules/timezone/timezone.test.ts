import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timezone } from '../../../src/modules/host/timezone.ts';
import { converge, golden, shells } from '../live.ts';
import { type Namespace, openNamespace } from '../namespace.ts';

it('compiles', async () => {
  await expect(golden('timezone', timezone.resource({ name: 'Europe/Berlin' }))).toMatchFileSnapshot(
    'golden/plain.txt',
  );
});

describe.each(Object.entries(shells))('timezone under %s', (_, command) => {
  let space: Namespace;
  beforeAll(() => {
    space = openNamespace();
  });
  afterAll(() => space.close());
  const ends = async (name: string) => {
    const { status, before, stderr } = await converge(space.shell(command), timezone.resource({ name }));
    return `${status}: ${before.replace('\n', ', ')}${stderr}`;
  };
  const now = () => space.run('readlink /etc/localtime; cat /etc/timezone 2>/dev/null || echo none; date +%Z');

  it('is set once', async () => {
    space.run('ln -sfn ../usr/share/zoneinfo/Etc/UTC /etc/localtime; echo Etc/UTC >/etc/timezone');
    expect(await ends('Etc/UTC')).toBe('ok: zone Etc/UTC');
    expect(await ends('Asia/Tokyo')).toBe('changed: zone Etc/UTC, /etc/timezone says Etc/UTC');
    expect(now()).toBe('/usr/share/zoneinfo/Asia/Tokyo\nAsia/Tokyo\nJST');
    expect(await ends('Asia/Tokyo')).toBe('ok: zone Asia/Tokyo');
  });

  it('is told to the file of Debian too, which is not made where there is none', async () => {
    space.run('ln -sfn /usr/share/zoneinfo/Asia/Tokyo /etc/localtime; echo Etc/UTC >/etc/timezone');
    expect(await ends('Asia/Tokyo')).toBe('changed: zone Asia/Tokyo, /etc/timezone says Etc/UTC');
    space.run('rm /etc/timezone');
    expect(await ends('Asia/Tokyo')).toBe('ok: zone Asia/Tokyo');
    expect(await ends('Etc/GMT+5')).toBe('changed: zone Asia/Tokyo');
    expect(now()).toBe('/usr/share/zoneinfo/Etc/GMT+5\nnone\n-05');
  });

  it('may be a copy of the zone, or of another, or missing', async () => {
    space.run('rm -f /etc/localtime; cp /usr/share/zoneinfo/Asia/Tokyo /etc/localtime');
    expect(await ends('Asia/Tokyo')).toBe('ok: zone Asia/Tokyo');
    expect(await ends('Europe/Berlin')).toBe('changed: zone of a file of its own');
    space.run('rm /etc/localtime');
    expect(await ends('Europe/Berlin')).toBe('changed: zone not set');
    expect(now()).toBe('/usr/share/zoneinfo/Europe/Berlin\nnone\nCET');
  });

  it('has to be known', async () => {
    expect(await ends('Mars/Olympus')).toBe(
      'cannot tell: there is no zone Mars/Olympus on this host; the package tzdata has them\n',
    );
  });
});
