import { expect, test } from 'vitest';
import { plainFields, tagFields } from '../../../src/aws/inventory/fields.ts';

test('what AWS says has the names that Ansible gives it', () => {
  const record = {
    InstanceId: 'i-1',
    IPAddress: '10.0.0.1',
    Ipv6Address: undefined,
    NetworkInterfaces: [{ MacAddress: '0a', Ipv6Addresses: [{ Ipv6Address: 'fd00::1' }], Ebs: null }],
    EbsOptimized: false,
    AmiLaunchIndex: 0,
    TargetGroupARNs: ['arn:a'],
    LaunchTime: new Date('2026-01-02T03:04:05Z'),
    VpcId: 'vpc-1',
  };
  expect(plainFields(record)).toEqual({
    instance_id: 'i-1',
    ip_address: '10.0.0.1',
    network_interfaces: [{ mac_address: '0a', ipv6_addresses: [{ ipv6_address: 'fd00::1' }], ebs: null }],
    ebs_optimized: false,
    ami_launch_index: 0,
    target_group_arns: ['arn:a'],
    launch_time: '2026-01-02T03:04:05+00:00',
    vpc_id: 'vpc-1',
  });
});

test('tags keep their names as they are, also those that an object has anyway', () => {
  const tags = tagFields([{ Key: 'Cost Centre', Value: '7' }, { Key: '__proto__', Value: 'x' }, { Key: 'Spot' }]);
  expect(Object.entries(tags)).toEqual([
    ['Cost Centre', '7'],
    ['__proto__', 'x'],
    ['Spot', ''],
  ]);
});
