import type { Steer } from '../model/module.ts';
import { runHandlers } from './handlers.ts';
import type { Walk } from './walk.ts';

/** Does what a task says about the run itself. */
export async function steer(walk: Walk, what: Steer): Promise<void> {
  if (typeof what === 'object') {
    walk.batch.ended = true;
    walk.run.asked.exit ??= what.exit;
    return;
  }
  switch (what) {
    case 'flush_handlers':
      return runHandlers(walk);
    case 'end_host':
      walk.host.state = 'ended';
      return;
    case 'end_play':
      walk.batch.ended = true;
      return;
    case 'reset_connection':
      return walk.host.link.close();
  }
}
