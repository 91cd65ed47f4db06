import { afterAll, beforeAll } from 'vitest';
import { type Rig, startSshd } from '../rig/sshd.ts';
import { reach } from '../ssh/reachable.ts';
import { conformance } from './conformance.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startSshd({ accounts: { app: {} } });
});
afterAll(() => rig?.stop());

conformance('ssh', async () => ({
  connect: () => reach(rig),
  cut: () => rig.dropSessions(),
  afterCut: { kind: 'lost' },
}));
