import type { Procedure } from '../procedure.ts';
import { apiInput } from './api.ts';
import { oauthChecks } from './oauth.ts';
import { tlsProfile } from './tls.ts';
import { certificateProfile } from './x509.ts';

/** The procedures of the plan `api-security`. */
export const API_SECURITY_PROCEDURES: readonly Procedure[] = [
  tlsProfile,
  certificateProfile,
  oauthChecks,
  apiInput,
];
