import { Type } from 'typebox';
import { levels } from '../../model/log.ts';
import type { ControllerModule } from '../../model/module.ts';
import type { Fields } from '../../model/value.ts';
import { choice, text } from '../shared/params.ts';
import { shortValue } from '../shared/show-value.ts';

const params = Type.Object(
  {
    msg: text('What to say.'),
    level: Type.Optional(choice([...levels], 'How grave it is. `debug` is shown only with `-v`.', 'info')),
    fields: Type.Optional(
      Type.Record(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_.-]*$' }), Type.Unknown(), {
        description: 'Values that come with it, by name, for programs that read the log.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** A record for the log of the run. */
export const log = {
  name: 'log',
  on: 'controller',
  pure: true,
  summary: 'Something has been said for the log of the run.',
  params,
  result: { msg: 'What was said.', level: 'How grave it is.' },
  examples: [
    { log: 'deploying {{params.version}}' },
    { log: { level: 'warning', msg: 'disk of {{host.name}} is nearly full', fields: { used_percent: 93 } } },
    {
      log: { level: 'error', msg: 'no answer', fields: { status: '{{health.status}}' } },
      when: 'health.status != 200',
      vars: { health: { status: 503 } },
    },
  ],
  idempotent: true,
  telling: 'msg',
  shorthand: 'msg',
  run({ msg, level = 'info', fields = {} }) {
    const values = fields as Fields;
    const pairs = Object.entries(values).map(([name, value]) => `${name}=${shortValue(value, 200)}`);
    const message = [level === 'info' ? msg : `${level}: ${msg}`, ...pairs].join(' ');
    return { changed: false, fields: { msg, level }, log: { level, text: msg, fields: values }, message };
  },
} satisfies ControllerModule<typeof params>;
