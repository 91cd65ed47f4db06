import { createServer, type IncomingMessage, type Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { authorize, type Identity, signatureOf } from './auth.ts';
import type { Cloud } from './cloud.ts';
import { AwsError } from './errors.ts';
import { strikes } from './faults.ts';
import { metadata } from './small/metadata.ts';
import type { Answer, Call, LoggedCall, Service } from './types.ts';
import { failure, success } from './wire/answer.ts';
import { type Addressed, address, type Request, readRequest } from './wire/request.ts';

export interface FrontOptions {
  cloud: Cloud;
  services: Record<string, Service>;
  identities: Map<string, Identity>;
}

/** The one door of all services: who is asked, who asks, what goes wrong on purpose, and the log. */
export function front({ cloud, services, identities }: FrontOptions): Server {
  const striking = strikes(cloud.faults);

  const answer = async (request: Request): Promise<Answer | 'reset'> => {
    const aboutInstance = metadata(request, cloud, identities);
    if (aboutInstance) return aboutInstance;
    const signed = signatureOf(request);
    let addressed: Addressed = { protocol: 's3', service: 's3', action: '', params: {} };
    let logged: LoggedCall | undefined;
    try {
      addressed = address(request);
      const { service, action, params } = addressed;
      const accessKeyId = signed?.accessKeyId ?? '';
      const call: Call = {
        service,
        action,
        params,
        region: signed?.region ?? cloud.region,
        accessKeyId,
        at: new Date(),
      };
      logged = call;
      cloud.calls.push(logged);
      const breakage = striking.check(call);
      if (breakage === 'reset') return 'reset';
      if (breakage !== undefined) {
        throw new AwsError('InternalServerError', 'An error occurred on the server side.', breakage);
      }
      authorize(call, { request, signed, identities, cloud });
      const operation = services[service]?.[action];
      if (!operation) throw new AwsError('UnknownOperationException', `test aws: ${service}:${action} is not modelled`);
      return success(addressed, await operation(call as unknown as Call<never>));
    } catch (error) {
      const refusal = error instanceof AwsError ? error : new AwsError('InternalFailure', `test aws: ${error}`, 500);
      if (logged) logged.error = refusal.code;
      return failure(addressed, refusal);
    }
  };

  const serve = async (message: IncomingMessage): Promise<Answer | 'reset'> => {
    const request = await readRequest(message);
    if (cloud.faults.latency) await wait(cloud.faults.latency);
    return answer(request);
  };
  return createServer((message, response) => {
    void serve(message).then(
      (said) => {
        if (said === 'reset') {
          message.socket.resetAndDestroy();
          return;
        }
        response.writeHead(said.status, said.headers);
        response.end(message.method === 'HEAD' ? undefined : said.body);
      },
      // The client has gone in the middle of its request.
      () => message.socket.destroy(),
    );
  });
}
