import { describe, expect, test } from 'vitest';
import {
  addressesOf,
  addressFromHost,
  allowedOf,
  comers,
  targetsFromHost,
  targetsOf,
} from '../../src/network/allow.ts';
import { portNumbers } from '../../src/network/port-numbers.ts';

const inventory = {
  host: { name: 'here', address: 'here', groups: [], vars: { ansible_connection: 'local' } },
  hosts: { web1: { name: 'web1', address: '192.0.2.7', groups: [], vars: {} } },
};
const allowed = (...allow: string[]) => allowedOf({ ...inventory, allow });

describe('who may be asked', () => {
  test.each([
    ['192.0.2.7', []],
    ['127.0.0.1', []],
    ['127.1.2.3', []],
    ['::1', []],
    ['198.51.100.9', ['198.51.100.0/24']],
    ['2001:db8::5', ['2001:db8::/64']],
    ['198.51.100.9', ['198.51.100.9']],
  ])('%s with allow %j', async (name, allow) => {
    expect(await addressesOf(name, allowed(...allow))).toEqual([name]);
  });

  test('a name that is allowed, or whose addresses all are', async () => {
    expect(await addressesOf('localhost', allowed())).toContain('127.0.0.1');
    const others = allowedOf({ host: null, hosts: {}, allow: ['127.0.0.0/8', '::1'] });
    expect(await addressesOf('localhost', others)).toContain('127.0.0.1');
  });
});

describe('a name of the inventory', () => {
  const hosts = {
    db1: { name: 'db1', address: '192.0.2.8', groups: [], vars: {} },
    far: { name: 'far', address: 'far.internal', groups: [], vars: {} },
  };
  const known = allowedOf({ host: null, hosts, allow: ['extern.example', '10.0.0.0/8'] });

  test('is what the inventory reaches by it, and needs no name server', async () => {
    expect(await addressesOf('db1', known)).toEqual(['192.0.2.8']);
    expect(await addressesOf('DB1', known)).toEqual(['192.0.2.8']);
    expect(await targetsOf(['db1'], known)).toEqual([{ name: 'db1', address: '192.0.2.8' }]);
  });

  test.each([
    ['db1', '192.0.2.8'],
    ['far', 'far.internal'],
    ['extern.example', 'extern.example'],
    ['localhost', 'localhost'],
    ['127.0.0.7', '127.0.0.7'],
    ['10.1.2.3', '10.1.2.3'],
  ])('%s is %s for the host that asks', async (name, address) => {
    expect(await addressFromHost(name, known)).toBe(address);
  });

  test.each(['192.0.2.9', '::2', '1270.0.0.1', 'localhost.evil.invalid'])('%s is refused there', async (name) => {
    await expect(addressFromHost(name, known)).rejects.toThrow(/neither a host of the inventory|: the name/);
  });

  test('stands beside networks', async () => {
    const found = await targetsFromHost(['10.0.0.0/30', 'db1'], known);
    expect(found.map(({ address }) => address)).toEqual(['10.0.0.1', '10.0.0.2', '192.0.2.8']);
    await expect(targetsFromHost(['11.0.0.0/30'], known)).rejects.toThrow(
      'neither a host of the inventory nor allowed',
    );
  });
});

describe('who may not', () => {
  test.each([
    ['192.0.2.8', []],
    ['198.51.100.9', ['198.51.100.0/29']],
    ['2001:db8:1::5', ['2001:db8::/64']],
    ['169.254.169.254', ['10.0.0.0/8']],
    ['8.8.8.8', ['dns.example.com']],
  ])('%s with allow %j', async (name, allow) => {
    await expect(addressesOf(name, allowed(...allow))).rejects.toThrow(
      `${name} is neither a host of the inventory nor allowed; if it is meant to be asked: allow: ['${name}']`,
    );
  });

  test('a name with an address that is not', async () => {
    const none = allowedOf({ host: null, hosts: {}, allow: ['10.0.0.0/8'] });
    await expect(addressesOf('localhost', none)).rejects.toThrow(
      'localhost is neither a host of the inventory nor allowed',
    );
  });

  test('a name that has no address', async () => {
    await expect(addressesOf('nowhere.invalid', allowed('nowhere.invalid'))).rejects.toThrow(/^nowhere\.invalid: /);
  });

  test('what is no network', () => {
    expect(() => allowed('10.0.0.0/33')).toThrow('allow: "10.0.0.0/33" is not a network like 10.0.0.0/24');
  });
});

describe('networks', () => {
  test('are all their addresses but the ends', async () => {
    const targets = await targetsOf(['198.51.100.0/30', '192.0.2.7'], allowed('198.51.100.0/24'));
    expect(targets.map(({ address }) => address)).toEqual(['198.51.100.1', '198.51.100.2', '192.0.2.7']);
  });

  test('must be allowed as a whole', async () => {
    await expect(targetsOf(['198.51.100.0/24'], allowed('198.51.100.0/25'))).rejects.toThrow(
      '198.51.100.0/24 is neither',
    );
  });

  test('may not be too many', async () => {
    await expect(targetsOf(['10.0.0.0/8'], allowed('10.0.0.0/8'))).rejects.toThrow(
      '10.0.0.0/8 has more than 65536 addresses',
    );
  });
});

test('whoever comes from elsewhere does not count', async () => {
  const counts = await comers(allowed('198.51.100.0/24', 'localhost'));
  expect(['127.0.0.1', '192.0.2.7', '198.51.100.77', '203.0.113.1', 'x'].map(counts)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test.each([
  [80, [80]],
  ['80', [80]],
  ['22,80,8000-8002', [22, 80, 8000, 8001, 8002]],
  [
    [443, '80', '79-81'],
    [443, 80, 79, 81],
  ],
])('ports %j', (given, ports) => {
  expect(portNumbers(given)).toEqual(ports);
});

test.each(['0', '65536', '80-79', 'http', '1-70000', ''])('no ports: %j', (given) => {
  expect(() => portNumbers(given)).toThrow(`"${given}" is not a port from 1 to 65535, or a range like 8000-8010`);
});
