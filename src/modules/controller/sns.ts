import { Type } from 'typebox';
import { messageAttributes } from '../../aws/tasks/message-attributes.ts';
import type { Service } from '../../aws/tasks/service.ts';
import type { ControllerModule } from '../../model/module.ts';
import { badArgs } from '../shared/args.ts';
import { accountParams, faultFields, withAws } from '../shared/aws-account.ts';
import { attributeMap } from '../shared/aws-messages.ts';
import { choice, text } from '../shared/params.ts';

const params = Type.Object(
  {
    topic: text('The topic: its name or its ARN.'),
    msg: Type.Union([text('The message.'), Type.Record(Type.String(), Type.Unknown())], {
      description: 'The message: a text, or a mapping that is sent as JSON.',
    }),
    subject: Type.Optional(Type.String({ description: 'Subject, for mails.', minLength: 1, maxLength: 100 })),
    message_structure: Type.Optional(
      choice(
        ['string', 'json'],
        'With `json`, `msg` is a mapping with a text for each way of delivery, and `default`.',
        'string',
      ),
    ),
    message_attributes: Type.Optional(attributeMap),
    message_group_id: Type.Optional(text('The group in which a FIFO topic keeps the order.')),
    message_deduplication_id: Type.Optional(text('Two messages with the same are one for a FIFO topic.')),
    ...accountParams,
  },
  { additionalProperties: false },
);

/** A message to a topic. */
export const sns = {
  name: 'sns',
  on: 'controller',
  pure: false,
  summary: 'A message has been published to a topic of SNS. Not run on a real system.',
  params,
  result: {
    message_id: 'What SNS calls it.',
    sequence_number: 'Its number in a FIFO topic.',
    sns_arn: 'The ARN of the topic.',
    ...faultFields,
  },
  examples: [
    {
      sns: { topic: 'deployments', subject: 'shop {{params.version}}', msg: 'is out on {{host.name}}' },
      run_once: true,
    },
    {
      sns: {
        topic: 'arn:aws:sns:eu-central-1:123456789012:alarms',
        msg: { default: 'disk full', sms: 'disk full', email: 'The disk is full.' },
        message_structure: 'json',
      },
    },
    { sns: { topic: 'events', msg: { kind: 'deployed' }, message_attributes: { stage: 'prod', size: 3 } } },
  ],
  idempotent: false,
  checkMode: true,
  telling: 'subject',
  run(given, context) {
    const { msg, message_structure: structure = 'string' } = given;
    if (structure === 'json' && (typeof msg === 'string' || msg['default'] === undefined))
      throw badArgs('sns', 'with message_structure: json, msg is a mapping that has default');
    return withAws('sns', given, context, async (open) => {
      const service = open('sns');
      const arn = await topicArn(service, given.topic);
      if (arn === undefined)
        return {
          changed: false,
          fields: {},
          failed: `there is no topic ${given.topic} in this region`,
          ...(context.check && { mayBeEarly: true as const }),
        };
      if (context.check)
        return { changed: true, fields: { sns_arn: arn }, isForecast: true, message: `would be published to ${arn}` };
      const sent = await service.call<{ MessageId: string; SequenceNumber?: string }>('Publish', {
        TopicArn: arn,
        Message: typeof msg === 'string' ? msg : JSON.stringify(msg),
        Subject: given.subject,
        ...(structure === 'json' && { MessageStructure: 'json' }),
        MessageAttributes: messageAttributes(given.message_attributes),
        MessageGroupId: given.message_group_id,
        MessageDeduplicationId: given.message_deduplication_id,
      });
      return {
        changed: true,
        fields: {
          message_id: sent.MessageId,
          sns_arn: arn,
          ...(sent.SequenceNumber !== undefined && { sequence_number: sent.SequenceNumber }),
        },
        message: `${sent.MessageId} to ${arn}`,
      };
    });
  },
} satisfies ControllerModule<typeof params>;

/** SNS cannot be asked for a name: all topics are read until it is met. */
async function topicArn(service: Service, topic: string): Promise<string | undefined> {
  if (topic.startsWith('arn:')) return topic;
  for await (const { Topics = [] } of service.pages<{ Topics?: { TopicArn?: string }[] }>('ListTopics', {})) {
    const found = Topics.find(({ TopicArn }) => TopicArn?.endsWith(`:${topic}`));
    if (found?.TopicArn !== undefined) return found.TopicArn;
  }
  return undefined;
}
