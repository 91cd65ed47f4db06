import { describe, expect, test } from 'vitest';
import { socket } from '../../../src/modules/both/socket.ts';
import { greeter } from '../../network/greeter.ts';
import { taskContext } from '../../network/task-context.ts';

let port: number;
greeter((given) => {
  port = given;
});

describe('socket', () => {
  const speak = (params: object, more = {}) =>
    socket.run({ host: '127.0.0.1', port, timeout: 1, ...params } as never, taskContext(more));

  test('reads until something fits', async () => {
    const { fields, changed } = await speak({ expect: '^SSH-(?P<version>[\\d.]+)-' });
    expect({ fields, changed }).toMatchObject({
      changed: false,
      fields: { groups: { version: '2.0' }, ended: 'enough' },
    });
  });

  test('fails when nothing does, and tells what came', async () => {
    expect((await speak({ send: 'x', expect: 'nope' })).failed).toBe(
      `127.0.0.1 port ${port}: nothing fits nope; what came back is "SSH-2.0-test\r\nx"`,
    );
  });

  test('keeps no more than it may', async () => {
    expect((await speak({ read: 'all', max_bytes: 3 })).fields).toMatchObject({ received: 'SSH', ended: 'full' });
  });

  test('sends nothing in a check', async () => {
    expect(await speak({ send: 'x' }, { check: true })).toMatchObject({ unknown: expect.any(String) });
    expect(await speak({}, { check: true })).toMatchObject({ fields: { bytes: 14 } });
  });

  test.each([
    [{ port: undefined }, 'one of port, path is needed'],
    [{ path: '/x' }, 'host and path exclude each other'],
    [{ protocol: 'udp', tls: true }, 'udp goes with neither tls nor path'],
    [{ send: 'x', send_hex: '00' }, 'send and send_hex exclude each other'],
  ])('refuses %j', async (params, words) => {
    await expect(speak(params)).rejects.toThrow(words);
  });

  test('finds no unix socket', async () => {
    expect((await speak({ host: undefined, port: undefined, path: '/nowhere/sock' })).failed).toBe(
      '/nowhere/sock: it is not there',
    );
  });
});
