import { E1AP_PORT, PROTOCOL } from '../../../interfaces/e1ap/codec.ts';
import { schema } from '../../../interfaces/e1ap/gen/e1ap-schema.js';
import type { E1apShape } from '../../../interfaces/e1ap/types.ts';
import type { ApInterface } from '../ap-interface.ts';

export const E1: ApInterface<E1apShape> = { name: 'e1', protocol: PROTOCOL, schema, usualPort: E1AP_PORT };
