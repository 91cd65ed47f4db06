import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinStreams } from '../../src/execute/streams.ts';

/*
 * The two streams of a session arrive independently. Whatever their pieces and their order, what a step says on standard error is its own:
 * of one that ends by its probe, which marks no beginning, as of one that begins.
 */
const nonces = { marker: 'a'.repeat(32), become: 'b'.repeat(32) };
const mark = (text: string): string => `\x1e${nonces.marker} ${text}\n`;

/** Step 1 fails in its probe, step 2 begins and fails, step 3 is ok. */
const stdout = `${mark('R 7')}${mark('O 1')}seen\n${mark('E 1 failed 1 1')}${mark('B 2')}out\n${mark('E 2 failed 3 1')}${mark('E 3 ok 0 0')}`;
const stderr = `${mark('R 7')}why one\n${mark('E 1')}why two\n${mark('E 2')}`;

/** A text in pieces, cut at these places. */
function pieces(text: string, cuts: readonly number[]): Buffer[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % text.length), text.length])].sort((a, b) => a - b);
  return places.slice(1).map((end, i) => Buffer.from(text.slice(places[i], end), 'latin1'));
}

test('what a step says on standard error is its own, in whatever order the streams arrive', () => {
  const cuts = fc.array(fc.nat(400), { maxLength: 6 });
  fc.assert(
    fc.property(cuts, cuts, fc.infiniteStream(fc.boolean()), (outCuts, errCuts, turns) => {
      const said = new Map<number | undefined, string>();
      const ended: string[] = [];
      const streams = joinStreams({
        nonces,
        marker: () => undefined,
        sudoSays: () => undefined,
        steps: {
          began: () => undefined,
          payload: () => undefined,
          output(id, stream, chunk) {
            // What comes after its end is lost to whoever reads the step then.
            const late = ended.some((each) => each.startsWith(`${id} `)) ? 'late: ' : '';
            if (stream === 'stderr') said.set(id, (said.get(id) ?? '') + late + chunk.toString('latin1'));
          },
          ended: (id, status, rc) => void ended.push(`${id} ${status} ${rc}`),
        },
      });
      const [out, err] = [pieces(stdout, outCuts), pieces(stderr, errCuts)];
      while (out.length + err.length > 0) {
        const first = turns.next().value ? out : err;
        const chunk = first.shift();
        if (chunk) (first === out ? streams.stdout : streams.stderr)(chunk);
      }
      streams.finish();
      expect(ended).toEqual(['1 failed 1', '2 failed 3', '3 ok 0']);
      expect(Object.fromEntries(said)).toEqual({ 1: 'why one\n', 2: 'why two\n' });
    }),
    { numRuns: 2000 },
  );
});
