import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openScene, type Scene } from './scene.ts';

/* Parameter Store and Secrets Manager, as playbooks keep values in them. */

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({
    parameters: { '/shop/url': 'http://old', '/shop/pw': { value: 'sesame-4711', type: 'SecureString' } },
    secrets: { 'shop/db': '{"user":"shop","password":"open-4712"}' },
  });
});
afterAll(() => scene[Symbol.asyncDispose]());

describe('ssm_parameter', () => {
  const tasks = `
    - ssm_parameter: { name: /shop/url, value: 'http://new', description: where it is, tags: { app: shop, tier: web } }
      register: url
    - assert: { that: 'url.value == "http://new" && url.parameter_metadata.version == 2' }
  `;

  test('check mode tells what would change, and changes nothing', async () => {
    const story = await scene.run(tasks, ['--check', '--diff']);
    expect(story.exit, story.stdout).toBe(0);
    expect(story.told('web1', 'ssm_parameter')).toContain('-value: http://old');
    expect(story.told('web1', 'ssm_parameter')).toContain('+value: http://new');
    expect(scene.aws.count('ssm:PutParameter')).toBe(0);
  });

  test('a value is replaced once, with its words and tags', async () => {
    const [first, second] = await scene.twice(tasks);
    expect([first.exit, second.exit]).toEqual([0, 0]);
    expect(first.did('web1')[0]).toBe('changed ssm_parameter /shop/url');
    expect(second.did('web1')[0]).toBe('ok ssm_parameter /shop/url');
    expect(scene.aws.count('ssm:PutParameter')).toBe(1);
  });

  test('tags that are not said go, and only tags are touched', async () => {
    const before = scene.aws.count('ssm:PutParameter');
    const retag = `- ssm_parameter: { name: /shop/url, value: 'http://new', tags: { app: shop } }`;
    const [first, second] = await scene.twice(retag);
    expect([first.did('web1'), second.did('web1')]).toEqual([
      ['changed ssm_parameter /shop/url'],
      ['ok ssm_parameter /shop/url'],
    ]);
    expect(scene.aws.count('ssm:PutParameter')).toBe(before);
    expect(scene.aws.count('ssm:RemoveTagsFromResource')).toBe(1);
  });

  test('a new one is made with its tags and type', async () => {
    const [first, second] = await scene.twice(`
      - ssm_parameter: { name: /shop/hosts, value: 'a,b', string_type: StringList, tags: { app: shop } }
        register: names
      - assert: { that: 'names.parameter_metadata.type == "StringList"' }
    `);
    expect([first.exit, second.exit]).toEqual([0, 0]);
    expect([first, second].map((story) => story.did('web1')[0]?.split(' ')[0])).toEqual(['changed', 'ok']);
  });

  test('what was encrypted is used and never shown, whether read or written', async () => {
    const story = await scene.run(
      `
      - ssm_parameter: { name: /shop/pw, state: read }
        register: pw
      - copy: { content: '{{pw.value}}', dest: '{{place}}/pw' }
      - debug: { msg: 'it is {{pw.value}}' }
      - ssm_parameter: { name: /shop/pw, value: sesame-4713 }
      - ssm_parameter: { name: /shop/key, value: '{{key}}', string_type: SecureString }
        vars: { key: key-4714 }
      `,
      ['--diff', '-vv'],
    );
    expect(story.exit, story.stdout).toBe(0);
    expect(scene.stage.read('web1', 'pw')).toBe('sesame-4711');
    expect(story.stdout + JSON.stringify(story.events)).not.toMatch(/sesame-471[13]|key-4714/);
    expect(story.told('web1', 'debug')).toContain('it is ***');
    expect(scene.aws.calls.findLast(({ action }) => action === 'PutParameter')?.params).toMatchObject({
      Name: '/shop/key',
      Value: 'key-4714',
      Type: 'SecureString',
    });
  });

  test('one that is gone is gone, and reading it fails in words', async () => {
    const [first, second] = await scene.twice('- ssm_parameter: { name: /shop/hosts, state: absent }');
    expect([first.did('web1'), second.did('web1')].flat()).toEqual([
      'changed ssm_parameter /shop/hosts',
      'ok ssm_parameter /shop/hosts',
    ]);
    const story = await scene.run(`
      - ssm_parameter: { name: /shop/hosts, state: read }
        register: names
        ignore_errors: true
      - assert: { that: 'names.error.code == "ParameterNotFound"' }
    `);
    expect(story.exit, story.stdout).toBe(0);
    expect(story.told('web1', 'ssm_parameter')).toContain('ssm:GetParameter: ParameterNotFound');
  });

  test('a value that is there can stay', async () => {
    const story = await scene.run('- ssm_parameter: { name: /shop/url, value: other, overwrite_value: never }');
    expect(story.did('web1')).toEqual(['ok ssm_parameter /shop/url']);
  });
});

describe('secretsmanager_secret', () => {
  test('a secret is read as JSON and never shown', async () => {
    const story = await scene.run(
      `
      - secretsmanager_secret: { name: shop/db, state: read }
        register: db
      - copy: { content: '{{db.json.user}} {{db.json.password}}', dest: '{{place}}/db' }
      - debug: { var: db }
      `,
      ['-vv'],
    );
    expect(story.exit, story.stdout).toBe(0);
    expect(scene.stage.read('web1', 'db')).toBe('shop open-4712');
    expect(story.stdout + JSON.stringify(story.events)).not.toContain('open-4712');
  });

  test('the same JSON in another order is the same; another one is written', async () => {
    const same = `- secretsmanager_secret: { name: shop/db, json_secret: { password: open-4712, user: shop } }`;
    expect((await scene.run(same)).did('web1')).toEqual(['ok secretsmanager_secret shop/db']);
    const other = `- secretsmanager_secret: { name: shop/db, json_secret: { password: open-4799, user: shop }, description: the database, tags: { app: shop } }`;
    const check = await scene.run(other, ['--check', '--diff']);
    expect(check.told('web1', 'secretsmanager_secret')).toContain('not shown, because a secret is among them');
    expect(scene.aws.count('secretsmanager:PutSecretValue')).toBe(0);
    const [first, second] = await scene.twice(other);
    expect([first.did('web1'), second.did('web1')].flat()).toEqual([
      'changed secretsmanager_secret shop/db',
      'ok secretsmanager_secret shop/db',
    ]);
    expect(first.stdout + check.stdout).not.toContain('open-4799');
  });

  test('one is made, deleted, and brought back', async () => {
    const make = '- secretsmanager_secret: { name: shop/new, secret: fresh-4715, description: new }';
    const [made, again] = await scene.twice(make);
    expect([made.did('web1'), again.did('web1')].flat()).toEqual([
      'changed secretsmanager_secret shop/new',
      'ok secretsmanager_secret shop/new',
    ]);
    const remove = '- secretsmanager_secret: { name: shop/new, state: absent, recovery_window: 7 }';
    const [gone, still] = await scene.twice(remove);
    expect([gone.did('web1'), still.did('web1')].flat()).toEqual([
      'changed secretsmanager_secret shop/new',
      'ok secretsmanager_secret shop/new',
    ]);
    expect((await scene.run(make)).did('web1')).toEqual(['changed secretsmanager_secret shop/new']);
    expect(scene.aws.count('secretsmanager:RestoreSecret')).toBe(1);
    expect((await scene.run(make)).did('web1')).toEqual(['ok secretsmanager_secret shop/new']);
  });
});
