import { randomInt } from 'node:crypto';

const ATTEMPTS = 32;

/**
 * Opens something on an address of this machine that nobody else has. Where the port is always the same, two on one machine need two
 * addresses, of which 127.0.0.0/8 has enough.
 *
 * @param isTaken whether it failed because somebody else has the port there; any other error, and the last of these, is thrown
 */
export async function onOwnLoopback<Opened>(
  open: (host: string) => Promise<Opened>,
  isTaken: (error: unknown) => boolean,
): Promise<Opened> {
  for (let attempt = 1; ; attempt += 1) {
    const host = `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;
    try {
      return await open(host);
    } catch (error) {
      if (!isTaken(error) || attempt === ATTEMPTS) throw error;
    }
  }
}
