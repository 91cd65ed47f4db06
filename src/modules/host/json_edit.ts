import type { HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import type { Value } from '../../model/value.ts';
import { badArgs } from '../shared/args.ts';
import { editFile } from '../shared/edit.ts';
import { editJson } from '../shared/edit-json.ts';
import { valueEditing } from '../shared/edit-value.ts';
import { pointerSteps } from '../shared/json-pointer.ts';

/** One value of a JSON file that belongs to somebody else. */
export const jsonEdit = {
  name: 'json_edit',
  on: 'host',
  summary: 'A JSON file has this value at a place, or nothing there; everything else stays as it is written.',
  params: valueEditing,
  result: { msg: '`value set`, `value removed`, or empty when nothing was done.' },
  examples: [
    {
      json_edit: { path: '/etc/docker/daemon.json', pointer: '/log-driver', value: 'journald', create: true },
    },
    { json_edit: { path: '/etc/docker/daemon.json', pointer: '/insecure-registries/-', value: 'registry:5000' } },
    { json_edit: { path: '/srv/app/settings.json', pointer: '/features/beta', state: 'absent', backup: true } },
    { json_edit: { path: '/srv/app/settings.json', pointer: '/cache', value: { size: 64, unit: 'MiB' } } },
  ],
  idempotent: true,
  resource(params): Resource {
    const present = params.state !== 'absent';
    const steps = pointerSteps('json_edit', params.pointer);
    // A copy, made of what JSON knows.
    const value = params.value === undefined ? undefined : (JSON.parse(JSON.stringify(params.value)) as Value);
    if (value === undefined && (present || steps.at(-1) === '-')) {
      throw badArgs(
        'json_edit',
        'value is missing',
        present ? 'null is a value, too' : '/- finds the element by its value',
      );
    }
    const wanted = { present, steps, ...(value !== undefined && { value }), create: params.create ?? false };
    return editFile('json_edit', params, (text) => editJson(text, wanted));
  },
} satisfies HostModule<typeof valueEditing>;
