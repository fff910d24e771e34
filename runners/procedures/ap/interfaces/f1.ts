import { F1AP_PORT, PROTOCOL } from '../../../interfaces/f1ap/codec.ts';
import { schema } from '../../../interfaces/f1ap/gen/f1ap-schema.js';
import type { F1apShape } from '../../../interfaces/f1ap/types.ts';
import type { ApInterface } from '../ap-interface.ts';

export const F1: ApInterface<F1apShape> = { name: 'f1', protocol: PROTOCOL, schema, usualPort: F1AP_PORT };
