import type {
  DeleteParameterRequest,
  GetParameterRequest,
  GetParametersByPathRequest,
  GetParametersRequest,
  PutParameterRequest,
} from '@aws-sdk/client-ssm';
import type { Cloud } from '../cloud.ts';
import { AwsError, atMost, within } from '../errors.ts';
import { page } from '../pages.ts';
import type { AwsOptions, Call, Service } from '../types.ts';

interface Parameter {
  name: string;
  region: string;
  type: 'String' | 'StringList' | 'SecureString';
  version: number;
  value: string;
  changedAt: number;
}

export interface ParameterStore {
  service: Service;
  /** For `{{ssm:NAME}}` in a command. */
  resolve(name: string, region: string): string;
}

/** Parameter Store. Sources: the API reference of Systems Manager, page of each operation. */
export function parameterStore(cloud: Cloud, given: AwsOptions['parameters'] = {}): ParameterStore {
  const stored = new Map<string, Parameter[]>();
  const keyOf = (name: string, region: string): string => `${region} ${name}`;
  const put = (parameter: Parameter): void => {
    const key = keyOf(parameter.name, parameter.region);
    stored.set(key, [...(stored.get(key) ?? []), parameter]);
  };
  for (const [name, said] of Object.entries(given)) {
    const { value, type } = typeof said === 'string' ? { value: said, type: 'String' as const } : said;
    put({ name, region: cloud.region, type, version: 1, value, changedAt: Date.now() });
  }
  /** `name`, or `name:3` for a version. An ARN names a parameter too. */
  const find = (asked: string, region: string): Parameter | undefined => {
    const [name = '', version] = asked.replace(/^arn:aws:ssm:[^:]*:[^:]*:parameter/, '').split(':');
    const versions = stored.get(keyOf(name, region)) ?? [];
    return version === undefined ? versions.at(-1) : versions.find((each) => String(each.version) === version);
  };
  const view = (parameter: Parameter, decrypted = false): Record<string, unknown> => ({
    Name: parameter.name,
    Type: parameter.type,
    // A SecureString is the text of its ciphertext unless WithDecryption is set.
    Value:
      parameter.type === 'SecureString' && !decrypted
        ? `AQICA${Buffer.from(`sealed-${parameter.version}-${parameter.name}`).toString('base64')}`
        : parameter.value,
    Version: parameter.version,
    LastModifiedDate: parameter.changedAt / 1000,
    ARN: `arn:aws:ssm:${parameter.region}:${cloud.account}:parameter${parameter.name.startsWith('/') ? '' : '/'}${parameter.name}`,
    DataType: 'text',
  });
  const notFound = (): AwsError => new AwsError('ParameterNotFound', '');

  const service: Service = {
    GetParameter({ params, region }: Call<GetParameterRequest>) {
      const parameter = find(params.Name ?? '', region);
      if (!parameter) throw notFound();
      return { Parameter: view(parameter, params.WithDecryption) };
    },
    GetParameters({ params, region }: Call<GetParametersRequest>) {
      // "Names: minimum number of 1 item, maximum number of 10 items"; those that are not there are named, and that is no error.
      atMost(params.Names, 'names', 10);
      const names = params.Names ?? [];
      return {
        Parameters: names.flatMap((name) => {
          const parameter = find(name, region);
          return parameter ? [view(parameter, params.WithDecryption)] : [];
        }),
        InvalidParameters: names.filter((name) => !find(name, region)),
      };
    },
    GetParametersByPath({ params, region }: Call<GetParametersByPathRequest>) {
      const { Path = '', Recursive, WithDecryption, MaxResults, NextToken } = params;
      within(MaxResults, 'maxResults', [1, 10]);
      if (!Path.startsWith('/')) {
        throw new AwsError(
          'ValidationException',
          `The parameter doesn't meet the parameter name requirements: ${Path}`,
        );
      }
      const start = Path.endsWith('/') ? Path : `${Path}/`;
      const below = [...stored.values()].flatMap((versions) => {
        const latest = versions.at(-1);
        const rest =
          latest?.region === region && latest.name.startsWith(start) ? latest.name.slice(start.length) : undefined;
        return latest && rest !== undefined && (Recursive || !rest.includes('/')) ? [latest] : [];
      });
      const { items, next } = page(below, { size: MaxResults ?? 10, token: NextToken, faults: cloud.faults });
      return { Parameters: items.map((parameter) => view(parameter, WithDecryption)), NextToken: next };
    },
    PutParameter({ params, region }: Call<PutParameterRequest>) {
      const { Name: name = '', Value: value = '', Type, Overwrite = false } = params;
      const before = find(name, region);
      if (before && !Overwrite) {
        throw new AwsError(
          'ParameterAlreadyExists',
          'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
        );
      }
      const type = Type ?? before?.type;
      if (!type) throw new AwsError('ValidationException', 'A parameter type is required when you create a parameter.');
      // "Standard parameters have a content size limit of 4 KB" and advanced ones of 8 KB (Value).
      if (
        Buffer.byteLength(value) > (params.Tier === 'Advanced' || params.Tier === 'Intelligent-Tiering' ? 8192 : 4096)
      ) {
        throw new AwsError(
          'ValidationException',
          'Standard tier parameters support a maximum parameter value of 4096 characters.',
        );
      }
      const version = (before?.version ?? 0) + 1;
      put({ name, region, type, version, value, changedAt: Date.now() });
      return { Version: version, Tier: params.Tier ?? 'Standard' };
    },
    DeleteParameter({ params, region }: Call<DeleteParameterRequest>) {
      if (!stored.delete(keyOf(params.Name ?? '', region))) throw notFound();
      return {};
    },
  };

  return {
    service,
    resolve(name, region) {
      const parameter = find(name, region);
      if (!parameter) throw new AwsError('InvalidParameters', `Parameters are not found: [${name}]`);
      // "You can't reference a SecureString parameter" there ("Using Parameter Store parameters in Systems Manager").
      if (parameter.type === 'SecureString') {
        throw new AwsError('InvalidParameters', `SecureString parameters can't be used in this document: [${name}]`);
      }
      return parameter.value;
    },
  };
}
