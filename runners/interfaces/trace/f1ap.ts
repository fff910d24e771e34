import { CODEC, F1AP_PORT, F1AP_PPID } from '../f1ap/codec.ts';
import { schema } from '../f1ap/gen/f1ap-schema.js';
import { applicationProtocol } from './application-protocol.ts';

export const F1AP = applicationProtocol({
  name: 'F1AP',
  ppid: F1AP_PPID,
  port: F1AP_PORT,
  schema,
  codec: CODEC,
});
