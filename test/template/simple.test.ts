import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../src/template/parse.ts';
import { scan } from '../../src/template/scan.ts';

describe('text whose mustaches are only names', () => {
  const piece = fc.oneof(
    fc.constantFrom('{{a}}', '{{ a.b }}', '{{{a.b.c}}}', '{', '}', '\\{{x}}', '\\\\', '\n', '\r\n', ' ', '{{vars.x}}'),
    fc.string({ maxLength: 5 }),
  );

  it('gives the tree that the parser gives', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const source = pieces.join('');
        const place = (start: number, end: number) => ({ file: 'x', start, end });
        const scanned = scan(source, { place, expressions: undefined });
        fc.pre(scanned.problems.length === 0 && scanned.simple !== undefined);
        const options = { source, place };
        const parsed = parse({ ...options, scanned: { ...scanned, simple: undefined } });
        expect(parsed.problems).toEqual([]);
        expect(merged(scanned.simple ?? [])).toEqual(merged(parsed.nodes));
      }),
      { numRuns: 1000 },
    );
  });
});

/** Neighbouring texts as one, and only what rendering looks at. */
function merged(nodes: ReturnType<typeof parse>['nodes']): unknown[] {
  const all: unknown[] = [];
  for (const node of nodes) {
    const last = all.at(-1);
    if (node.kind === 'text' && typeof last === 'string') all[all.length - 1] = last + node.text;
    else all.push(node.kind === 'text' ? node.text : node.kind === 'value' ? [node.operand, node.raw] : node);
  }
  return all;
}
