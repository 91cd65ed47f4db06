import type { HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import type { Value } from '../../model/value.ts';
import { badArgs } from '../shared/args.ts';
import { editFile } from '../shared/edit.ts';
import { valueEditing } from '../shared/edit-value.ts';
import { editYaml, yamlTools } from '../shared/edit-yaml.ts';
import { pointerSteps } from '../shared/json-pointer.ts';

/** One value of a YAML file that belongs to somebody else. */
export const yamlEdit = {
  name: 'yaml_edit',
  on: 'host',
  summary: 'A YAML file has this value at a place, or nothing there; comments and other lines stay as they are.',
  params: valueEditing,
  result: { msg: '`value set`, `value removed`, or empty when nothing was done.' },
  examples: [
    { yaml_edit: { path: '/etc/netdata/netdata.yml', pointer: '/web/port', value: 19999 } },
    { yaml_edit: { path: '/srv/shop/compose.yml', pointer: '/services/web/image', value: 'shop:1.4.0' } },
    { yaml_edit: { path: '/srv/shop/compose.yml', pointer: '/services/web/ports/-', value: '8443:443', backup: true } },
    { yaml_edit: { path: '/etc/shop/settings.yml', pointer: '/features/beta', state: 'absent' } },
  ],
  idempotent: true,
  async resource(params): Promise<Resource> {
    const present = params.state !== 'absent';
    const steps = pointerSteps('yaml_edit', params.pointer);
    // A copy, made of what JSON knows.
    const value = params.value === undefined ? undefined : (JSON.parse(JSON.stringify(params.value)) as Value);
    if (value === undefined && (present || steps.at(-1) === '-')) {
      throw badArgs(
        'yaml_edit',
        'value is missing',
        present ? 'null is a value, too' : '/- finds the element by its value',
      );
    }
    const wanted = { present, steps, ...(value !== undefined && { value }), create: params.create ?? false };
    const tools = await yamlTools();
    return editFile('yaml_edit', params, (text) => editYaml(text, wanted, tools));
  },
} satisfies HostModule<typeof valueEditing>;
