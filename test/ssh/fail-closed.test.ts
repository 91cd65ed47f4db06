import ssh2 from 'ssh2';
import { describe, expect, test } from 'vitest';
import { failClosed } from '../../src/ssh/fail-closed.ts';
import { startLoneServer } from './lone-server.ts';

/** Connects with a judge that gives any value at all, and says whether the login came to be. */
async function getsIn(judge: () => unknown): Promise<boolean> {
  await using server = await startLoneServer();
  const client = new ssh2.Client();
  const verifier = failClosed(judge as () => Promise<boolean>);
  const isIn = await new Promise<boolean>((resolve) => {
    client.on('error', () => resolve(false));
    client.on('close', () => resolve(false));
    client.once('ready', () => resolve(true));
    client.connect({ host: '127.0.0.1', port: server.port, username: 'x', hostVerifier: verifier });
  });
  client.end();
  expect(server.attempts.length > 0).toBe(isIn);
  return isIn;
}

describe('a host key passes only when the verdict is true', () => {
  const never: [string, () => unknown][] = [
    ['false', () => false],
    ['undefined', () => undefined],
    ['null', () => null],
    ['0', () => 0],
    ['an empty string', () => ''],
    ['NaN', () => Number.NaN],
    ['1', () => 1],
    ['"true"', () => 'true'],
    ['an object', () => ({})],
    ['a Boolean object', () => Object(true)],
    ['an error as a value', () => new Error('unsure')],
    ['a function', () => () => true],
    ['a promise of false', async () => false],
    ['a promise of nothing', async () => {}],
    ['a promise of an error', async () => new Error('unsure')],
    [
      'a thrown error',
      () => {
        throw new Error('broken');
      },
    ],
    ['a rejected promise', () => Promise.reject(new Error('broken'))],
    ['a promise rejected with true', () => Promise.reject(true)],
  ];
  test.each(never)('not for %s', async (_, judge) => {
    expect(await getsIn(judge)).toBe(false);
  });

  test.each([
    ['true', () => true],
    ['a promise of true', async () => true],
  ])('for %s', async (_, judge) => {
    expect(await getsIn(judge)).toBe(true);
  });
});

describe('a later key exchange of the same connection', () => {
  const key = Buffer.from('a key');
  const ask = (verifier: ReturnType<typeof failClosed>, shown: Buffer): Promise<boolean> =>
    new Promise((resolve) => {
      expect(verifier(shown, resolve)).toBeUndefined();
    });

  test('is judged by the first key, without asking again', async () => {
    let asked = 0;
    const verifier = failClosed(async () => {
      asked++;
      return true;
    });
    expect(await ask(verifier, key)).toBe(true);
    expect(await ask(verifier, Buffer.from('a key'))).toBe(true);
    expect(await ask(verifier, Buffer.from('another key'))).toBe(false);
    expect(asked).toBe(1);
  });

  test('does not pass when the first key did not', async () => {
    const verifier = failClosed(async () => false);
    expect(await ask(verifier, key)).toBe(false);
    expect(await ask(verifier, key)).toBe(false);
  });

  test('does nothing when the connection has gone meanwhile', async () => {
    const verifier = failClosed(async () => true);
    verifier(key, () => {
      throw new Error('Instance unusable after fatal error');
    });
    await new Promise((resolve) => setTimeout(resolve, 10));
  });
});
