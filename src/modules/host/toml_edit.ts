import type { HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import type { Value } from '../../model/value.ts';
import { badArgs } from '../shared/args.ts';
import { editFile } from '../shared/edit.ts';
import { editToml } from '../shared/edit-toml.ts';
import { valueEditing } from '../shared/edit-value.ts';
import { pointerSteps } from '../shared/json-pointer.ts';

/** One value of a TOML file that belongs to somebody else. */
export const tomlEdit = {
  name: 'toml_edit',
  on: 'host',
  summary: 'A TOML file has this value at a place, or nothing there; comments and other lines stay as they are.',
  params: valueEditing,
  result: { msg: '`value set`, `value removed`, or empty when nothing was done.' },
  examples: [
    { toml_edit: { path: '/etc/containerd/config.toml', pointer: '/oom_score', value: -999 } },
    { toml_edit: { path: '/srv/shop/Cargo.toml', pointer: '/dependencies/serde/version', value: '1.0.200' } },
    { toml_edit: { path: '/etc/shop/shop.toml', pointer: '/server/hosts/-', value: '192.0.2.7', backup: true } },
    { toml_edit: { path: '/etc/shop/shop.toml', pointer: '/features/beta', state: 'absent' } },
  ],
  idempotent: true,
  async resource(params): Promise<Resource> {
    const present = params.state !== 'absent';
    const steps = pointerSteps('toml_edit', params.pointer);
    const value = params.value === undefined ? undefined : (JSON.parse(JSON.stringify(params.value)) as Value);
    if (value === undefined && (present || steps.at(-1) === '-'))
      throw badArgs(
        'toml_edit',
        'value is missing',
        present ? 'what is to be there?' : '/- finds the element by its value',
      );
    if (hasNull(value)) throw badArgs('toml_edit', 'TOML has no null', 'state: absent takes a value out');
    const wanted = { present, steps, ...(value !== undefined && { value }), create: params.create ?? false };
    const tools = await import('smol-toml');
    return editFile('toml_edit', params, (text) => editToml(text, wanted, tools));
  },
} satisfies HostModule<typeof valueEditing>;

function hasNull(value: Value | undefined): boolean {
  if (value === null) return true;
  return typeof value === 'object' && Object.values(value).some(hasNull);
}
