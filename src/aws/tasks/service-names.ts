/**
 * Services that boto3 and the command line tool call otherwise than the packages of the SDK: their name → the package's
 * (names of https://docs.aws.amazon.com/cli/latest/reference/ and of the packages `@aws-sdk/client-…`).
 */
const otherwise: Readonly<Record<string, string>> = {
  apigateway: 'api-gateway',
  'application-autoscaling': 'application-auto-scaling',
  autoscaling: 'auto-scaling',
  ce: 'cost-explorer',
  'cognito-idp': 'cognito-identity-provider',
  config: 'config-service',
  configservice: 'config-service',
  cur: 'cost-and-usage-report-service',
  directconnect: 'direct-connect',
  dms: 'database-migration-service',
  ds: 'directory-service',
  dynamodbstreams: 'dynamodb-streams',
  elasticbeanstalk: 'elastic-beanstalk',
  elb: 'elastic-load-balancing',
  elbv2: 'elastic-load-balancing-v2',
  es: 'elasticsearch-service',
  events: 'eventbridge',
  globalaccelerator: 'global-accelerator',
  'iot-data': 'iot-data-plane',
  logs: 'cloudwatch-logs',
  monitoring: 'cloudwatch',
  resourcegroupstaggingapi: 'resource-groups-tagging-api',
  route53: 'route-53',
  route53domains: 'route-53-domains',
  s3api: 's3',
  s3control: 's3-control',
  secretsmanager: 'secrets-manager',
  servicecatalog: 'service-catalog',
  stepfunctions: 'sfn',
  storagegateway: 'storage-gateway',
};

/** Those that are asked for most, to guess what a name that is none was meant to be. */
const usual =
  'account acm apigatewayv2 appconfig athena backup batch budgets cloudcontrol cloudformation cloudfront cloudtrail cloudwatch codeartifact codebuild codecommit codedeploy codepipeline cognito-identity dynamodb ebs ec2 ecr ecr-public ecs efs eks elasticache emr firehose fsx glue guardduty iam identitystore imagebuilder inspector2 iot kafka kinesis kms lakeformation lambda lightsail mq network-firewall opensearch organizations pipes pricing ram rds rds-data redshift redshift-data resource-groups route53resolver s3 sagemaker scheduler schemas securityhub service-quotas servicediscovery ses sesv2 shield sns sqs ssm sso sso-admin sts support synthetics textract timestream-query timestream-write transfer translate wafv2 workspaces xray'.split(
    ' ',
  );

/** Names of services that people know. */
export const knownServices: readonly string[] = [...usual, ...Object.keys(otherwise), ...Object.values(otherwise)];

/** The package of a service, called as by boto3, the command line tool or the SDK: `secretsmanager` → `@aws-sdk/client-secrets-manager`. */
export function packageOf(service: string): string {
  const name = service.toLowerCase().replaceAll('_', '-');
  return `@aws-sdk/client-${otherwise[name] ?? name}`;
}
