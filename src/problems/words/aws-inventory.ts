import { quoted } from '../../util/quoted.ts';
import { didYouMean, words } from './entry.ts';

/** Inventory sources that ask AWS. */
export const awsInventoryWords = {
  E_AWS_INVENTORY_KEY: words<{ plugin: string; key: string; advice: string }>({
    exit: 2,
    say: (f) => `${f.plugin} does not take ${quoted(f.key)} here, as it does in Ansible`,
    hint: (f) => f.advice,
  }),
  E_AWS_INVENTORY_TEMPLATE: words<{ part: string }>({
    exit: 2,
    say: (f) => `${f.part} is taken as it is written here, and {{ }} is not filled in`,
    hint: () => 'write the value out; without them, the profile comes from AWS_PROFILE and the region from AWS_REGION',
  }),
  E_AWS_INVENTORY_HOSTNAME: words<{ plugin: string; name: string; known: string[]; similar?: string }>({
    exit: 2,
    say: (f) => `hosts of ${f.plugin} cannot be named after ${quoted(f.name)}`,
    hint: (f) => {
      if (f.name.includes('|')) return 'there are no filters here: take the | and what follows away';
      return didYouMean(f.similar) ?? `known are tag:NAME, ${f.known.join(', ')}`;
    },
  }),
  E_AWS_INVENTORY_TWICE: words<{ name: string; ids: string[] }>({
    exit: 2,
    say: (f) => {
      const more = f.ids.length > 3 ? ` and ${f.ids.length - 2} more` : '';
      return `${f.ids.length} instances would be called ${quoted(f.name)}: ${f.ids.slice(0, more === '' ? 3 : 2).join(', ')}${more}`;
    },
    hint: () => 'make the names differ, as with hostnames: [{ name: instance-id, prefix: "tag:Name" }]',
  }),
  E_AWS_INVENTORY_UNANSWERED: words<{
    file: string;
    failed: number;
    asked: number;
    profile?: string;
    keptFor?: number;
  }>({
    exit: 2,
    say: (f) => {
      if (f.asked === 0) return `${f.file} gives no hosts, because it is not known which regions to ask`;
      const which = f.failed === f.asked ? 'no region' : `only ${f.asked - f.failed} of ${f.asked} regions`;
      return `${f.file} gives no hosts, because ${which} gave an answer`;
    },
    hint: (f) => {
      const kept =
        f.keptFor === undefined
          ? ''
          : `an answer was kept ${ago(f.keptFor)}, and is not used: cache_timeout says how long one counts, unless --flush-cache is given`;
      const who = f.profile === undefined ? '' : `asked with the profile ${quoted(f.profile)}`;
      return [who, kept].filter((part) => part !== '').join('; ');
    },
  }),
  E_AWS_INVENTORY_CACHE: words<{ path: string; reason: string }>({
    exit: 2,
    say: (f) => `the answer of AWS cannot be kept in ${f.path}: ${f.reason}`,
    hint: () => 'set XDG_CACHE_HOME to a folder that can be written to, or take `cache` out of the inventory file',
  }),
};

/** `3 h ago`, for people. */
function ago(seconds: number): string {
  if (seconds < 120) return `${seconds} s ago`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min ago`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h ago` : `${Math.round(seconds / 86_400)} days ago`;
}
