import { similar } from '../util/similar.ts';

const prefix = 'ansible_';

/** Settings of Ansible's that play takes, without `ansible_`. */
const taken =
  'host ssh_host port ssh_port user ssh_user password ssh_pass ssh_password ssh_private_key_file private_key_file connection become become_user become_method become_password become_pass shell_executable ssh_common_args ssh_extra_args ssh_args group_priority aws_ssm_instance_id aws_ssm_region aws_ssm_profile aws_ssm_bucket_name aws_ssm_bucket_sse_kms_key_id aws_ssm_tag_target aws_ssm_delivery_timeout'.split(
    ' ',
  );

/** Settings of Ansible's that mean nothing to play, and do no harm. */
const harmless = new Set(
  'shell_type ssh_executable scp_executable sftp_executable scp_extra_args sftp_extra_args scp_if_ssh sftp_batch_mode ssh_transfer_method ssh_pipelining pipelining ssh_retries ssh_timeout timeout ssh_use_tty ssh_host_key_checking host_key_checking control_path control_path_dir ssh_control_path remote_tmp remote_user become_exe become_flags module_compression async_dir no_target_syslog network_os hostname nodename fqdn domain os_family distribution system kernel architecture machine date_time env facts version check_mode diff_mode forks limit verbosity search_path role_name play_hosts play_name inventory_sources playbook_python config_file run_tags skip_tags index_var loop loop_var role_names parent_role_names dependent_role_names collection_name'.split(
    ' ',
  ),
);

/** The connection setting that a name is a typo of; undefined when it is a known one, or a variable of the author's. */
export function misspelt(name: string): string | undefined {
  if (!name.startsWith(prefix)) return undefined;
  const rest = name.slice(prefix.length);
  if (taken.includes(rest) || harmless.has(rest) || /_interpreter$|^(?:winrm|psrp|httpapi|netconf)_/.test(rest))
    return undefined;
  const near = similar(rest, taken);
  return near === undefined ? undefined : prefix + near;
}

/** Whether a setting is always text, so that digits of it must stay as they are written (`ansible_password=0012`). */
export function isTextSetting(name: string): boolean {
  return /^ansible_(?:ssh_|become_)?(?:host|user|pass|password)$|_args$|_file$/.test(name);
}
