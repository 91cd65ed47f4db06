import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { portListen } from '../../../src/modules/controller/port_listen.ts';
import { greeter } from '../../network/greeter.ts';
import { taskContext } from '../../network/task-context.ts';

let port: number;
greeter((given) => {
  port = given;
});

describe('port_listen', () => {
  const listen = async (params: object) =>
    portListen.run({ host: '127.0.0.1', port: 24_611, timeout: 5, ...params } as never, taskContext());

  /** Connects as soon as somebody listens. */
  const knock = (text: string): void => {
    const client = connect({ host: '127.0.0.1', port: 24_611 }, () => client.end(text));
    client.on('error', () => setTimeout(knock, 50, text));
  };

  test('waits for connections, and answers them', async () => {
    knock('one');
    knock('two');
    const { fields, failed } = await listen({ count: 2, reply: 'hello\n' });
    expect(failed).toBeUndefined();
    const said = (fields['connections'] as { data: string; address: string }[]).map(
      ({ data, address }) => `${address} ${data}`,
    );
    expect(said.sort()).toEqual(['127.0.0.1 one', '127.0.0.1 two']);
  });

  test('waits for datagrams', async () => {
    const client = createSocket('udp4');
    const timer = setInterval(() => client.send('ping', 24_611, '127.0.0.1'), 50);
    const { fields } = await listen({ protocol: 'udp' });
    clearInterval(timer);
    client.close();
    expect(fields).toMatchObject({ count: 1, connections: [{ data: 'ping', bytes: 4 }] });
  });

  test('fails when nobody comes, and where something listens already', async () => {
    expect((await listen({ timeout: 0.2 })).failed).toBe('port 24611: 0 of 1 came in 0.2 s');
    expect((await listen({ port })).failed).toBe(`127.0.0.1 port ${port}: something listens there already`);
  });

  test('listens to nobody in a check', async () => {
    expect(portListen.run({ port: 9 }, taskContext({ check: true }))).toMatchObject({ unknown: expect.any(String) });
  });
});
