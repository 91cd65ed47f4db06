import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecrets } from '../../src/secrets/registry.ts';

const canary = `p4ss "w'örd" $x/<&>+!`;

/** Real programs and rules that write a text in another form. */
const forms: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  JSON: (text) => JSON.stringify(text),
  'JSON in JSON': (text) => JSON.stringify(JSON.stringify(text)),
  encodeURIComponent: encodeURIComponent,
  'a form': (text) => String(new URLSearchParams({ text })),
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 for addresses': (text) => Buffer.from(text).toString('base64url'),
  'base64 behind one byte': (text) => Buffer.from(`x${text}y`).toString('base64'),
  'base64 behind two bytes': (text) => Buffer.from(`xy${text}`).toString('base64'),
  'base64 as a header': (text) => Buffer.from(`admin:${text}`).toString('base64'),
  hex: (text) => Buffer.from(text).toString('hex'),
  'printf %q of bash': (text) =>
    execFileSync('bash', ['-c', 'LC_ALL=C.UTF-8; printf %q "$1"', 'bash', text], { encoding: 'utf8' }),
  'set -x of bash': (text) =>
    execFileSync('bash', ['-c', 'set -x; : "$1"', 'bash', text], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }) || `'${text.replaceAll("'", "'\\''")}'`,
  'a shell in single quotes': (text) => `'${text.replaceAll("'", "'\\''")}'`,
  XML: (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  HTML: (text) =>
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;'),
};

describe('what is masked', () => {
  it.each(Object.entries(forms))('a secret written as %s', (_, write) => {
    const secrets = createSecrets();
    secrets.add(canary);
    const shown = secrets.mask(`before ${write(canary)} after`);
    expect(shown).toMatch(/^before .*\*\*\*.* after$/s);
    expect(shown).not.toContain(write(canary).slice(4, -4));
  });

  it('every form of any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 6, maxLength: 60 }),
        fc.constantFrom(...Object.keys(forms)),
        (raw, name) => {
          const text = raw.trim();
          fc.pre(text.length >= 6 && !/[\0\n\r\t]/.test(text) && !/bash/.test(name));
          const secrets = createSecrets();
          secrets.add(text);
          expect(secrets.mask(`<${forms[name]!(text)}>`)).toContain('***');
        },
      ),
    );
  });

  it('each line of a longer secret, and the whole in lines of base64', () => {
    const key = Array.from({ length: 6 }, (_, i) => `line ${i} of a private key ${'x'.repeat(20)}`).join('\n');
    const secrets = createSecrets();
    secrets.add(`${key}\n`);
    expect(secrets.mask(`web1 | ${key.split('\n')[3]}\n`)).toBe('web1 | ***\n');
    const wrapped = execFileSync('base64', { input: key, encoding: 'utf8' });
    expect(secrets.mask(wrapped).replaceAll('*', '').trim().length).toBeLessThan(8);
  });

  it('what is left of a secret that was cut off', () => {
    const secrets = createSecrets();
    secrets.add('a-token-of-forty-characters-or-thereabouts');
    expect(secrets.mask('item=a-token-of-forty-char…')).toBe('item=***…');
    expect(secrets.mask('wanted a-token-of-for')).toBe('wanted ***');
    expect(secrets.mask('a-token-of-forty\n[play: 9 bytes left out here]\nrest')).toBe(
      '***\n[play: 9 bytes left out here]\nrest',
    );
    expect(secrets.mask('said: a-token')).toBe('said: a-token');
  });

  it('fields of values, and their names', () => {
    const secrets = createSecrets();
    secrets.add({ user: { pin: 123456, password: 'hunter22' } });
    const value = { list: ['x', 'my hunter22'], hunter22: 1, pin: 123456, other: 7 };
    expect(secrets.maskValue(value)).toEqual({ list: ['x', 'my ***'], '***': 1, pin: '***', other: 7 });
    const plain = { a: [1, 'b'] };
    expect(secrets.maskValue(plain)).toBe(plain);
  });

  it('not what is too short, which is said', () => {
    const secrets = createSecrets();
    secrets.add({ pin: '123', code: 'a' });
    expect(secrets.mask('a 123')).toBe('a 123');
    expect(secrets.tooShort()).toEqual(['pin', 'code']);
    expect(secrets.isEmpty()).toBe(true);
  });
});

describe('what is made of secrets', () => {
  const derive = (result: string, source: string, inputs: string[]): string => {
    const secrets = createSecrets();
    secrets.add('hunter22');
    secrets.derive(result, source, () => inputs);
    return secrets.mask(`<${result}>`);
  };

  it.each([
    ['HUNTER22', 'upper', '<***>'],
    ['hunter', 'substring', '<***>'],
    ['hunter22HUNTER22', 'both', '<***>'],
    ['postgres://app:hunter22@db', 'urls + "postgres://app:" + "@db"', '<postgres://app:***@db>'],
    ['{"port":8080,"password":"hunter22"}', 'json {"port": 8080, "password"', '<{"port":8080,"password":"***"}>'],
  ])('%s', (result, source, shown) => {
    expect(derive(result, source, ['hunter22'])).toBe(shown);
  });

  it('nothing is learnt where no secret was read', () => {
    expect(derive('HELLO', 'upper', ['hello'])).toBe('<HELLO>');
  });
});
