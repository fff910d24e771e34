import type { ParameterSpec } from '../procedure.ts';

export const RESPONSE_TIME: ParameterSpec = {
  type: 'number',
  unit: 'ms',
  about: 'how long one request may take, from connecting to the whole response',
};

export const NOTIFICATION_WITHIN: ParameterSpec = {
  type: 'number',
  unit: 'ms',
  about: 'how long a notification may take after what causes it',
};

export const SETTLE: ParameterSpec = {
  type: 'number',
  unit: 'ms',
  about: 'how long the tester watches that nothing more comes',
};

export const TRIGGER_WITHIN: ParameterSpec = {
  type: 'number',
  unit: 'ms',
  about: 'how long the consumer has to send the request after it was triggered',
};
