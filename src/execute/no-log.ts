import type { StepDetail } from '../model/event.ts';

/** What stands for everything that a task with `no_log` gives. */
export const HIDDEN = 'hidden (no_log)';

/** The end of a step whose task says `no_log`: how it ended, and nothing that it read or printed. */
export function withoutWords({ rc, failure, ignored, attempts, foreignOutput }: StepDetail): StepDetail {
  return {
    ...(rc !== undefined && { rc }),
    ...(failure && {
      failure: {
        code: failure.code,
        message: `failed; why is ${HIDDEN}`,
        hint: 'take no_log away to see what it says; secrets are masked without it',
      },
    }),
    ...(ignored !== undefined && { ignored }),
    ...(attempts !== undefined && { attempts }),
    ...(foreignOutput !== undefined && { foreignOutput }),
  };
}
