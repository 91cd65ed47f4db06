import { describe, expect, it } from 'vitest';
import type { SecretStore } from '../../src/model/transport.ts';
import { createSecrets } from '../../src/secrets/registry.ts';

const source: SecretStore = { service: 'ssm', name: '/shop/key', region: 'eu-central-1' };

describe('the secrets that bytes hold', () => {
  it('come with the store that a host can read them from', () => {
    const secrets = createSecrets();
    secrets.addStored('correct-horse', { name: '/shop/key', source });
    secrets.add('typed-by-hand');
    expect(secrets.secretsIn(Buffer.from('nothing of it'))).toEqual([]);
    expect(secrets.secretsIn(Buffer.from('a correct-horse and what was typed-by-hand'))).toEqual([
      { value: 'correct-horse', source },
      { value: 'typed-by-hand' },
    ]);
  });

  it('are found in base64 and between other bytes', () => {
    const secrets = createSecrets();
    secrets.addStored('correct-horse', { name: '/shop/key', source });
    const packed = Buffer.from('x: correct-horse').toString('base64');
    expect(secrets.secretsIn(Buffer.concat([Buffer.from([0, 255]), Buffer.from(packed)]))).toEqual([
      { value: 'correct-horse', source },
    ]);
  });

  it('count once where a host reads the whole that they are part of, and by themselves elsewhere', () => {
    const secrets = createSecrets();
    const whole = '{"user":"shop-admin","password":"correct-horse"}';
    secrets.addStored(whole, { name: 'shop/db', source });
    secrets.addStored('shop-admin', { name: 'shop/db' });
    secrets.addStored('correct-horse', { name: 'shop/db' });
    expect(secrets.secretsIn(Buffer.from(`echo '${whole}'`))).toEqual([{ value: whole, source }]);
    expect(secrets.secretsIn(Buffer.from(`${whole} correct-horse`))).toEqual([
      { value: whole, source },
      { value: 'correct-horse' },
    ]);
  });

  it('have no store where they stand without the white space that a host would read with them', () => {
    const secrets = createSecrets();
    secrets.addStored('key-with-its-line-end\n', { name: '/shop/key', source });
    expect(secrets.secretsIn(Buffer.from('a key-with-its-line-end\n'))).toEqual([
      { value: 'key-with-its-line-end\n', source },
    ]);
    expect(secrets.secretsIn(Buffer.from('a key-with-its-line-end.'))).toEqual([{ value: 'key-with-its-line-end' }]);
  });
});
