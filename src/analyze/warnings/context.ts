import type { Inventory } from '../../model/inventory.ts';
import type { Sources } from '../../model/span.ts';
import type { Plan, PlannedPlay, PlannedReader } from '../../plan/planned.ts';

/** What looking for warnings needs. */
export interface WarningContext {
  plan: Plan;
  inventory: Inventory;
  sources: Sources;
  /** Whether `when` leaves it out on all hosts of the play, for sure. */
  isSkipped(play: PlannedPlay, planned: PlannedReader): boolean;
}
