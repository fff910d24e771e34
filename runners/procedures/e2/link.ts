import type { E2apShape } from '../../interfaces/e2/types.ts';
import { E2 } from '../ap/interfaces/e2.ts';
import { ApLink, type ApLinkOptions } from '../ap/link.ts';

/** One association with a product on which E2AP is spoken. */
export class E2Link extends ApLink<E2apShape> {
  constructor(options: ApLinkOptions<E2apShape>) {
    super(E2, options);
  }
}
