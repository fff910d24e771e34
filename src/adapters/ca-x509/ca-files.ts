import 'reflect-metadata';
import { chmod, link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { HarnessError } from '../../kernel/errors.ts';
import { keyFromPem, keyToPem, makeKeys, selfSigned, type SigningCa } from './certificates.ts';

/** One file, so that key and certificate come into being together or not at all. */
const FILE = 'runner-ca.pem';

export async function openCaFiles(dir: string, now: number): Promise<SigningCa> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, FILE);
  const found = (await read(path)) ?? (await create(dir, now));
  return parse(found, path);
}

async function read(path: string): Promise<string | null> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) await chmod(path, 0o600);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Whoever links first wins; the others read what the winner wrote. */
async function create(dir: string, now: number): Promise<string> {
  const keys = await makeKeys();
  const certificate = await selfSigned(keys, now);
  const text = `${certificate.toString('pem')}\n${await keyToPem(keys.privateKey)}\n`;
  const draft = join(dir, `.${FILE}.${randomUUID()}`);
  const path = join(dir, FILE);
  try {
    await writeDurably(draft, text);
    await link(draft, path).catch(ignoreExisting);
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(dir);
  return readFile(path, 'utf8');
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function ignoreExisting(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
}

async function parse(text: string, path: string): Promise<SigningCa> {
  try {
    const certificate = new x509.X509Certificate(block(text, 'CERTIFICATE'));
    return { certificate, key: await keyFromPem(block(text, 'PRIVATE KEY')) };
  } catch (cause) {
    throw new HarnessError('INPUT_INVALID', `${path} does not hold the certificate and key of a CA`, {
      cause,
    });
  }
}

function block(text: string, label: string): string {
  const start = text.indexOf(`-----BEGIN ${label}-----`);
  const tail = `-----END ${label}-----`;
  const end = text.indexOf(tail);
  if (start < 0 || end < start) throw new TypeError(`no ${label} block`);
  return text.slice(start, end + tail.length);
}
