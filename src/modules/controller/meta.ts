import Type from 'typebox';
import type { ControllerModule } from '../../model/module.ts';

const params = Type.Object(
  {
    action: Type.Enum(['flush_handlers', 'end_host', 'end_play', 'reset_connection', 'noop'], {
      description:
        '`flush_handlers` runs the notified handlers now; `end_host` ends the play for this host, `end_play` for all; `reset_connection` connects anew, so that new groups of the user count.',
    }),
  },
  { additionalProperties: false },
);

/** The module `meta`. */
export const meta = {
  name: 'meta',
  on: 'controller',
  pure: false,
  summary: 'The run itself goes on in another way.',
  params,
  shorthand: 'action',
  result: {},
  examples: [
    { meta: 'flush_handlers' },
    { meta: 'end_host', when: 'facts.os.family != "debian"' },
    { meta: { action: 'reset_connection' } },
  ],
  idempotent: true,
  run: ({ action }) => ({
    changed: false,
    fields: {},
    message: action.replace('_', ' '),
    ...(action !== 'noop' && { steer: action }),
  }),
} satisfies ControllerModule<typeof params>;
