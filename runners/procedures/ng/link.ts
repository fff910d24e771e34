import type { NgapShape } from '../../interfaces/ngap/types.ts';
import { NG } from '../ap/interfaces/ng.ts';
import { ApLink, type ApLinkOptions } from '../ap/link.ts';

/** One association with a product on which NGAP is spoken. */
export class NgLink extends ApLink<NgapShape> {
  constructor(options: ApLinkOptions<NgapShape>) {
    super(NG, options);
  }
}
