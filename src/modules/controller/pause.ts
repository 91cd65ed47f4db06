import { Type } from 'typebox';
import type { ControllerContext, ControllerModule, ControllerResult } from '../../model/module.ts';
import { checkArgs } from '../shared/args.ts';
import { flag, text } from '../shared/params.ts';
import { sleep } from '../shared/sleep.ts';

const params = Type.Object(
  {
    seconds: Type.Optional(Type.Number({ description: 'How long to wait.', minimum: 0 })),
    minutes: Type.Optional(Type.Number({ description: 'How long to wait.', minimum: 0 })),
    prompt: Type.Optional(text('What to ask; without a time the answer is waited for.')),
    echo: Type.Optional(flag('Show what is typed.', true)),
  },
  { additionalProperties: false },
);

/** Waits for a time, or for a person. */
export const pause = {
  name: 'pause',
  on: 'controller',
  summary: 'A time has passed, or a person has answered.',
  params,
  result: {
    user_input: 'What was typed; empty after a wait.',
    delta: 'How long it took, in whole seconds.',
  },
  examples: [
    { pause: { seconds: 30 } },
    { pause: { prompt: 'Look at the canary, then press Enter' } },
    { pause: { prompt: 'One-time code', echo: false }, register: 'code' },
  ],
  idempotent: true,
  pure: false,
  exclusive: [['seconds', 'minutes']],
  async run(params, context) {
    checkArgs(pause, params);
    const started = Date.now();
    const seconds = params.seconds ?? (params.minutes === undefined ? undefined : params.minutes * 60);
    if (seconds !== undefined) return wait(seconds, params.prompt, context);
    const question = params.prompt ?? 'Press Enter to go on';
    const answer = await context.ask(question, { echo: params.echo ?? true });
    return done(answer, started);
  },
} satisfies ControllerModule<typeof params>;

/** A wait has no effect that a dry run could show, so it is left out there. */
async function wait(
  seconds: number,
  prompt: string | undefined,
  context: ControllerContext,
): Promise<ControllerResult> {
  const started = Date.now();
  const message = [
    ...(prompt === undefined ? [] : [prompt]),
    `${context.check ? 'would wait' : 'waited'} ${seconds} s`,
  ];
  const whole = context.check || (await sleep(seconds * 1000, context.signal));
  const result = { ...done('', started), message: message.join('\n') };
  return whole ? result : { ...done('', started), failed: 'interrupted while waiting' };
}

function done(answer: string, started: number): ControllerResult {
  return { changed: false, fields: { user_input: answer, delta: Math.round((Date.now() - started) / 1000) } };
}
