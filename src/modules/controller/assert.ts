import { Type } from 'typebox';
import type { ControllerContext, ControllerModule } from '../../model/module.ts';
import type { Value } from '../../model/value.ts';
import { ProblemError } from '../../problems/problem.ts';
import { badArgs } from '../shared/args.ts';
import { namesIn } from '../shared/condition-names.ts';
import { text } from '../shared/params.ts';
import { shortValue } from '../shared/show-value.ts';

const condition = Type.Union([Type.String({ minLength: 1 }), Type.Boolean()]);

const params = Type.Object(
  {
    that: Type.Union([condition, Type.Array(condition, { minItems: 1 })], {
      description: 'A condition or a list of them, without braces. All must hold.',
    }),
    fail_msg: Type.Optional(text('What to say when one does not hold, before the condition and its values.')),
    success_msg: Type.Optional(text('What to say when all hold.')),
  },
  { additionalProperties: false },
);

/** Conditions that must hold for the host to go on. */
export const assert = {
  name: 'assert',
  on: 'controller',
  summary: 'All conditions hold.',
  params,
  result: {
    msg: 'What was said.',
    assertion: 'The first condition that does not hold; null when all do.',
    evaluated_to: 'What that condition gave; true when all hold.',
  },
  examples: [
    { assert: { that: 'facts.memory.total_mb >= 4096' } },
    {
      assert: {
        that: ['params.env in ["staging", "prod"]', 'groups.web.size() >= 2'],
        fail_msg: 'this is no place to deploy to',
      },
    },
    { assert: { that: 'health.json.version == params.version', success_msg: 'the new version serves' } },
  ],
  idempotent: true,
  pure: true,
  shorthand: 'that',
  conditions: ['that'],
  run(params, context) {
    const conditions = Array.isArray(params.that) ? params.that : [params.that];
    const failed: { text: string; value: Value }[] = [];
    for (const condition of conditions) {
      const text = String(condition);
      const value = typeof condition === 'boolean' ? condition : context.evaluate(condition);
      if (typeof value !== 'boolean') {
        throw badArgs('assert', `"${text}" gives ${shortValue(value)}, not true or false`, 'compare it: name == value');
      }
      if (!value) failed.push({ text, value });
    }
    const [first] = failed;
    if (first === undefined) {
      const msg = params.success_msg ?? (conditions.length === 1 ? 'the condition holds' : 'all conditions hold');
      return { changed: false, fields: { msg, assertion: null, evaluated_to: true }, message: msg };
    }
    const told = failed.map(({ text }) => explain(text, context)).join('\n');
    const msg = params.fail_msg ?? told;
    return {
      changed: false,
      failed: params.fail_msg === undefined ? told : `${params.fail_msg}\n${told}`,
      fields: { msg, assertion: first.text, evaluated_to: first.value },
    };
  },
} satisfies ControllerModule<typeof params>;

/** The condition with what its names stand for. */
function explain(text: string, context: ControllerContext): string {
  const values = namesIn(text).flatMap((name) => {
    const value = evaluateName(name, context);
    return value === undefined ? [] : [`  ${name} = ${shortValue(value)}`];
  });
  return [`does not hold: ${text}`, ...values].join('\n');
}

/** Undefined for what cannot be evaluated by itself, such as the variable of a macro. */
function evaluateName(name: string, context: ControllerContext): Value | undefined {
  try {
    return context.evaluate(name);
  } catch (error) {
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
}
