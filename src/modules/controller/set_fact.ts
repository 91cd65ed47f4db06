import { Type } from 'typebox';
import type { ControllerModule } from '../../model/module.ts';
import type { Fields } from '../../model/value.ts';
import { badArgs } from '../shared/args.ts';
import { shortValue } from '../shared/show-value.ts';

const params = Type.Record(Type.String(), Type.Unknown(), {
  description: 'Names and their values. A value that is exactly one `{{x}}` keeps its type.',
  minProperties: 1,
});

/** Names that every scope has and that no variable may take (Scope in model/scope.ts). */
const taken = new Set(['params', 'facts', 'host', 'hosts', 'groups', 'env', 'item', 'index', 'run', 'stdin', 'vars']);

/** Variables of the host, from this task on. */
export const setFact = {
  name: 'set_fact',
  on: 'controller',
  summary: 'Variables have these values for the rest of the run, on this host.',
  params,
  result: {},
  examples: [
    { set_fact: { release: '{{app}}/releases/{{params.version}}' } },
    { set_fact: { workers: '{{= facts.cpus * 2 }}' } },
    { set_fact: { previous: '{{current.stat.lnk_target}}', rollback: true } },
  ],
  idempotent: true,
  pure: true,
  run(params) {
    const facts = params as Fields;
    for (const name of Object.keys(facts)) {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        throw badArgs('set_fact', `"${name}" cannot be the name of a variable`, 'letters, digits and _ make a name');
      }
      if (taken.has(name)) throw badArgs('set_fact', `${name} is a name of play's own`, 'take another name');
    }
    const message = Object.entries(facts).map(([name, value]) => `${name} = ${shortValue(value)}`);
    return { changed: false, fields: {}, facts, message: message.join('\n') };
  },
} satisfies ControllerModule<typeof params>;
