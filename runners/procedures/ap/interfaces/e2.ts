import { PROTOCOL } from '../../../interfaces/e2/codec.ts';
import { schema } from '../../../interfaces/e2/gen/e2ap-schema.js';
import { E2_PORT } from '../../../interfaces/e2/port.ts';
import type { E2apShape } from '../../../interfaces/e2/types.ts';
import type { ApInterface } from '../ap-interface.ts';

export const E2: ApInterface<E2apShape> = { name: 'e2', protocol: PROTOCOL, schema, usualPort: E2_PORT };
