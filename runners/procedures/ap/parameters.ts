import type { ParameterSpec } from '../procedure.ts';

export const RESPONSE_TIME: ParameterSpec = {
  type: 'number',
  unit: 'ms',
  about: 'how long the product may take to answer',
};
export const TRIGGER_WITHIN: ParameterSpec = {
  type: 'number',
  unit: 'ms',
  about: 'how long the product may take to begin what it was made to begin',
};
export const SETTLE: ParameterSpec = {
  type: 'number',
  unit: 'ms',
  about: 'how long the tester waits for what should not come',
};
