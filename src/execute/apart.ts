import type { PlannedPlay, PlannedTask } from '../plan/planned.ts';
import { isPure } from '../render/render-task.ts';

/** Tasks that wait for what they did, run elsewhere, one host after the other, or take time on the controller. */
export function standsAlone(planned: PlannedTask): boolean {
  const { retry, throttle, runOnce: once, loopControl } = planned.task;
  const { module } = planned;
  return (
    planned.until.length > 0 ||
    retry !== undefined ||
    throttle !== undefined ||
    once !== undefined ||
    loopControl.pause !== undefined ||
    loopControl.parallel !== undefined ||
    loopControl.stopOnError ||
    planned.delegateTo !== undefined ||
    !(module.on === 'host' || isPure(planned))
  );
}

/** Where one failure stops all, no host may be further than the others. */
export function meetsBefore({ play }: PlannedPlay, { task, module }: PlannedTask): boolean {
  return (
    task.barrier ||
    play.strategy === 'linear' ||
    play.anyErrorsFatal ||
    play.maxFailPercentage !== undefined ||
    module.name === 'exit' ||
    (module.name === 'meta' && task.args.value['action'] === 'end_play')
  );
}
