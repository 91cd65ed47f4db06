import { Type } from 'typebox';
import type { ControllerModule } from '../../model/module.ts';
import type { Value } from '../../model/value.ts';
import { checkArgs } from '../shared/args.ts';
import { showValue } from '../shared/show-value.ts';

const params = Type.Object(
  {
    msg: Type.Optional(Type.Unknown({ description: 'What to show: text, or any value.' })),
    var: Type.Optional(
      Type.String({ description: 'A name or an expression whose value is shown, without braces.', minLength: 1 }),
    ),
  },
  { additionalProperties: false },
);

/** Something for people to read while a playbook runs. */
export const debug = {
  name: 'debug',
  on: 'controller',
  summary: 'A text or a value has been shown.',
  params,
  result: { msg: 'What was shown.' },
  examples: [
    { debug: 'deploying {{params.version}} to {{host.name}}' },
    { debug: { var: 'health.json.version' } },
    { debug: { msg: '{{= groups.web.size() }} web servers' } },
  ],
  idempotent: true,
  pure: true,
  shorthand: 'msg',
  expressions: ['var'],
  exclusive: [['msg', 'var']],
  requireOne: [['msg', 'var']],
  run(params, context) {
    checkArgs(debug, params);
    if (params.var === undefined) {
      const msg = params.msg as Value;
      return { changed: false, fields: { msg }, message: showValue(msg) };
    }
    const value = context.evaluate(params.var);
    return { changed: false, fields: { msg: value }, message: `${params.var}: ${showValue(value)}` };
  },
} satisfies ControllerModule<typeof params>;
