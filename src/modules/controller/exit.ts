import { Type } from 'typebox';
import type { ControllerModule } from '../../model/module.ts';
import { badArgs } from '../shared/args.ts';

/** Codes of play itself end here (docs/exit-codes.md); from 126 on they are of shells. */
const [least, most] = [20, 125];

const params = Type.Object(
  {
    code: Type.Integer({
      minimum: 0,
      maximum: 255,
      description:
        'The exit code of play: 0, or one of 20 to 125. Those below are of play itself, and say for example that a task has failed; those above are of shells.',
    }),
    msg: Type.Optional(Type.String({ description: 'What to say.' })),
  },
  { additionalProperties: false },
);

/** The end of the run, for all hosts. */
export const exit = {
  name: 'exit',
  on: 'controller',
  pure: false,
  summary: 'The run has ended for all hosts, and play exits with a code.',
  params,
  result: {
    code: 'The code.',
    msg: 'What was said.',
  },
  examples: [
    { exit: 20, when: 'facts.os.id != "debian"' },
    { exit: { code: 0, msg: 'nothing to deploy' }, when: 'current.stdout == params.version' },
    { exit: { code: 42, msg: '{{failed.stdout}}' }, vars: { failed: { stdout: 'the queue is not empty' } } },
  ],
  idempotent: true,
  checkMode: true,
  shorthand: 'code',
  refuse,
  run({ code, msg = '' }, { check }) {
    refuse({ code });
    const told = msg || `exit code ${code}`;
    return {
      changed: false,
      fields: { code, msg },
      message: check ? `${told} (the real run would end here)` : told,
      steer: { exit: code },
    };
  },
} satisfies ControllerModule<typeof params>;

function refuse({ code }: { code: number }): void {
  if (code === 0 || (code >= least && code <= most)) return;
  const whose = code < least ? 'play itself' : 'shells';
  throw badArgs(
    'exit',
    `the code ${code} has a meaning of ${whose}`,
    `take 0, or one of ${least} to ${most}; when something is wrong: fail`,
  );
}
