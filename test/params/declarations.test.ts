import { expect, test } from 'vitest';
import type { Sources } from '../../src/model/span.ts';
import { readDeclarations } from '../../src/params/declarations.ts';
import { readYaml } from '../../src/parse/yaml.ts';
import { printProblems } from '../../src/problems/frame.ts';

/* `npx vitest run -u test/params` writes the screen anew; read what changed. */
test('bad declarations are told all at once, each at its place', async () => {
  const text = `a: string
b: { type: strnig }
c: { type: password2 }
d: { typ: string }
e: { type: enum }
f: { enum: [] }
g: { enum: [x, y], default: z }
h: { type: int, default: '1.5' }
i: { required: true, default: 1 }
j: { pattern: '(' }
k: { type: int, min: 5, max: 1 }
l: { min: many }
m: { confirm: true }
n: { prompt: [1] }
o: { help: 3 }
p: { required: 'yes' }
q: { type: size, default: 10X }
r: { type: duration, default: soon }
s: { type: list, default: a }
t: { type: map, default: [] }
u: { type: bool, default: 'no' }
v-w: { type: string }
x: { type: secret, default: abc, pattern: '[0-9]+' }
y: { env: '' }
z: { pattern: '[a-z]+', default: A1 }
aa: { type: boolean }
bb: { type: path, default: 5 }
`;
  const sources: Sources = new Map();
  const { root } = readYaml({ file: 'site.yml', text, sources });
  const { problems } = readDeclarations(root as Parameters<typeof readDeclarations>[0]);
  const screen = printProblems(problems, { sources, width: 100, color: false });
  await expect(screen).toMatchFileSnapshot('golden/declarations.txt');
  expect(problems).toHaveLength(27);
  expect(screen).not.toContain('abc');
});
