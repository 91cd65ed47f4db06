const credentials =
  'keep keys out of files: set AWS_PROFILE or `profile`, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment';
const profile = 'name the profile with `profile`';

/** Keys of Ansible's aws_ec2 that play does not have, and what to do instead. */
export const leftOut: Readonly<Record<string, string>> = {
  access_key: credentials,
  aws_access_key: credentials,
  aws_access_key_id: credentials,
  secret_key: credentials,
  aws_secret_key: credentials,
  aws_secret_access_key: credentials,
  session_token: credentials,
  aws_security_token: credentials,
  aws_session_token: credentials,
  aws_profile: profile,
  boto_profile: profile,
  assume_role_arn: 'make a profile with role_arn and source_profile in ~/.aws/config, and name it with `profile`',
  iam_role_arn: 'make a profile with role_arn and source_profile in ~/.aws/config, and name it with `profile`',
  region: 'list the regions to look in: regions: [eu-west-1]',
  endpoint_url: 'set AWS_ENDPOINT_URL, or endpoint_url of the profile in ~/.aws/config',
  aws_ca_bundle: 'set NODE_EXTRA_CA_CERTS to the file',
  allow_duplicated_hosts:
    'each instance is one host: take one name in `hostnames`, and make groups of the others with keyed_groups',
  use_ssm_inventory: 'put a second source beside this one: plugin: aws_ssm',
  use_contrib_script_compatible_sanitization: 'characters that a group name cannot have become "_": leave it out',
  use_contrib_script_compatible_ec2_tag_keys: 'write tags["Name"] instead of ec2_tag_Name',
  include_extra_api_calls: 'leave it out: Ansible has taken it away too',
};
