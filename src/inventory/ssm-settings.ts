import type { Inventory } from '../model/inventory.ts';
import type { SsmSettings } from '../model/transport.ts';
import { problem } from '../problems/problem.ts';
import { gotWords, type Reader, readSetting, type SettingContext } from './setting.ts';

const tagSetting = 'ansible_aws_ssm_tag_target';

/**
 * Reads what a host's variables say about reaching it through AWS Systems Manager. The instance id may stand by itself, as the address, or
 * be the host's name. The other settings have no short names: `region`, `bucket` and the like are what people call variables of their own.
 */
export function readSsm(context: SettingContext, address: string): SsmSettings {
  const read = <T>(names: readonly string[], reader: Reader<T>): T | undefined =>
    readSetting(context, names, reader)?.value;
  const said = read(['ansible_aws_ssm_instance_id', 'instance_id'], instanceId);
  if (said === undefined && !isInstance(address))
    context.problems.push(problem('E_TARGET_SSM_INSTANCE', { host: context.host, address }));
  const region = read(['ansible_aws_ssm_region'], word('the name of a region, such as eu-west-1'));
  const profile = read(['ansible_aws_ssm_profile'], word('the name of a profile'));
  const bucket = read(['ansible_aws_ssm_bucket_name'], bucketName);
  const kmsKey = read(['ansible_aws_ssm_bucket_sse_kms_key_id'], word('the id or ARN of a KMS key'));
  const tagTarget = read([tagSetting], tagName);
  const deliveryTimeout = read(['ansible_aws_ssm_delivery_timeout'], deliverySeconds);
  return {
    instance: said ?? address,
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(bucket !== undefined && { bucket }),
    ...(kmsKey !== undefined && { kmsKey }),
    ...(tagTarget !== undefined && { tagTarget }),
    ...(deliveryTimeout !== undefined && { deliveryTimeout }),
  };
}

/** Counts the hosts of an inventory that are said to carry a tag, as it is now. */
export function countTagged({ hosts }: Inventory): (tagTarget: string) => number {
  return (tagTarget) => {
    let count = 0;
    for (const { vars } of hosts.values()) if (vars.get(tagSetting)?.at(-1)?.value === tagTarget) count += 1;
    return count;
  };
}

/** Instance ids as the reference of SendCommand has them: `i-` or `mi-`, and 8 or 17 hexadecimal digits. */
function isInstance(text: string): boolean {
  return /^(?:i-(?:[0-9a-f]{8}|[0-9a-f]{17})|mi-[0-9a-f]{17})$/.test(text);
}

const instanceId: Reader<string> = (value) => {
  const wants = 'an instance id such as i-0123456789abcdef0';
  if (typeof value !== 'string') return { wants, got: gotWords(value) };
  return isInstance(value) ? { value } : { wants, got: 'is not one' };
};

function word(wants: string): Reader<string> {
  return (value) => {
    if (typeof value !== 'string') return { wants, got: gotWords(value) };
    return /^[\w.:/@+=-]+$/.test(value) ? { value } : { wants, got: 'is not one' };
  };
}

/** Names of buckets: the rules of the S3 user guide, "General purpose bucket naming rules". */
const bucketName: Reader<string> = (value) => {
  const wants = 'the name of an S3 bucket';
  if (typeof value !== 'string') return { wants, got: gotWords(value) };
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(value) ? { value } : { wants, got: 'is not one' };
};

const tagName: Reader<string> = (value) => {
  const wants = 'a tag and its value, as in tag:Role=web';
  if (typeof value !== 'string') return { wants, got: gotWords(value) };
  return /^tag:[^=]{1,128}=.{1,256}$/.test(value) ? { value } : { wants, got: 'is not that' };
};

const deliverySeconds: Reader<number> = (value) => {
  const wants = 'seconds from 30 to 2592000';
  if (typeof value !== 'number') return { wants, got: gotWords(value) };
  return Number.isInteger(value) && value >= 30 && value <= 2_592_000 ? { value } : { wants, got: `is ${value}` };
};
