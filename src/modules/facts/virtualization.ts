import type { FactGroup } from '../../model/fact.ts';
import type { Value } from '../../model/value.ts';
import { raw } from '../../program/sh.ts';
import { linesOf } from '../shared/fact-text.ts';

/** What firmware calls itself (the strings that systemd's virt.c knows, too) → what the machine runs on. */
const machines: [RegExp, string][] = [
  [/Amazon EC2/, 'amazon'],
  [/Google Compute Engine/, 'google'],
  [/VMware/, 'vmware'],
  [/VirtualBox|innotek/, 'oracle'],
  [/Microsoft Corporation Virtual Machine/, 'microsoft'],
  [/Parallels/, 'parallels'],
  [/\bXen\b/, 'xen'],
  [/KVM/, 'kvm'],
  [/QEMU/, 'qemu'],
];

/** Whether the host is a machine of its own. */
export const virtualization = {
  name: 'virtualization',
  summary: 'Whether the host is a container, a virtual machine or a machine of its own.',
  program: raw(`if [ -e /run/.containerenv ]; then echo container podman
elif [ -e /.dockerenv ]; then echo container docker
elif [ -r /run/systemd/container ]; then echo "container $(cat /run/systemd/container)"
elif [ -n "$(tr '\\000' '\\n' 2>/dev/null </proc/1/environ | sed -n 's/^container=//p')" ]; then echo "container $(tr '\\000' '\\n' </proc/1/environ | sed -n 's/^container=//p')"
elif [ -e /proc/vz ] && [ ! -e /proc/bc ]; then echo container openvz; fi 2>/dev/null
play_fact_m=
for play_fact_f in /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/product_name; do
play_x=
if [ -r "$play_fact_f" ]; then read -r play_x <"$play_fact_f"; fi
play_fact_m="$play_fact_m $play_x"
done
echo "machine$play_fact_m"
if [ -r /sys/hypervisor/type ]; then echo "hypervisor $(cat /sys/hypervisor/type)"; fi
if grep -q '^flags.* hypervisor' /proc/cpuinfo 2>/dev/null || [ "$(sysctl -n kern.hv_vmm_present 2>/dev/null)" = 1 ]; then echo flag; fi
true`),
  parse(text): Value {
    const lines = linesOf(text);
    const after = (word: string) =>
      lines
        .find((line) => line.startsWith(`${word} `))
        ?.slice(word.length + 1)
        .trim() ?? '';
    const container = /^[\w.-]*/.exec(after('container'))?.[0] ?? '';
    const known = machines.find(([name]) => name.test(after('machine')))?.[1];
    const machine = known ?? (after('hypervisor') || (lines.includes('flag') ? 'other' : ''));
    return { type: container || machine, container: container !== '' };
  },
  example: { type: 'kvm', container: false },
  fields: {
    'virtualization.type':
      'What it runs on: of containers `docker`, `podman`, `lxc`, `systemd-nspawn`; of virtual machines `kvm`, `qemu`, `vmware`, `oracle`, `microsoft`, `xen`, `amazon`, `google`, `parallels` or `other`; empty for a machine of its own.',
    'virtualization.container': 'Whether it is a container, with the kernel of another machine.',
  },
} satisfies FactGroup;
