import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const argon2Async = promisify(argon2);

/** Cost of one hash. `memory` in KiB. */
export interface PasswordCost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane. */
export const passwordCost: PasswordCost = { memory: 19_456, passes: 2, parallelism: 1 };

const saltBytes = 16;
const tagBytes = 32;
/** Bytes; a longer password would only cost memory and time. */
const passwordBytesMax = 1_024;
/** Nothing that we ever wrote asks for more; a stored hash must not be able to exhaust the process. */
const costMax: PasswordCost = { memory: 1_048_576, passes: 16, parallelism: 16 };

/** One field after another, as in the PHC string format; base64 without padding. */
const phc = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{22,128})$/;

/** The password as a PHC string, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. Runs on another thread. */
export async function hashPassword(password: string, cost: PasswordCost = passwordCost): Promise<string> {
  const salt = randomBytes(saltBytes);
  const tag = await derive(bytesOf(password), { salt, cost, tagLength: tagBytes });
  const { memory, passes, parallelism } = cost;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

/** False for a wrong password and for a stored text that is no hash of ours. Compares in constant time. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const parsed = parse(stored);
  if (parsed === null || Buffer.byteLength(password) > passwordBytesMax) return false;
  const { salt, cost, tag } = parsed;
  const derived = await derive(Buffer.from(password.normalize('NFKC')), { salt, cost, tagLength: tag.length });
  return timingSafeEqual(derived, tag);
}

let decoy: Promise<string> | undefined;

/** Takes as long as a check of a real password: for user names that do not exist, so that nobody can tell by the time. */
export async function verifyNothing(password: string): Promise<false> {
  decoy ??= hashPassword(randomBytes(saltBytes).toString('hex'));
  await verifyPassword(password, await decoy);
  return false;
}

function bytesOf(password: string): Buffer {
  // The same password typed on another keyboard may arrive composed differently (NIST SP 800-63B, 5.1.1.2).
  const bytes = Buffer.from(password.normalize('NFKC'));
  if (bytes.length > passwordBytesMax) throw new RangeError(`a password has at most ${passwordBytesMax} bytes`);
  return bytes;
}

interface Derivation {
  readonly salt: Buffer;
  readonly cost: PasswordCost;
  readonly tagLength: number;
}

function derive(message: Buffer, { salt, cost, tagLength }: Derivation): Promise<Buffer> {
  return argon2Async('argon2id', { message, nonce: salt, tagLength, ...cost });
}

function parse(stored: string): { readonly cost: PasswordCost; readonly salt: Buffer; readonly tag: Buffer } | null {
  const match = phc.exec(stored);
  if (match === null) return null;
  const [, memory = '', passes = '', parallelism = '', salt = '', tag = ''] = match;
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const legal =
    cost.parallelism >= 1 &&
    cost.passes >= 1 &&
    cost.memory >= 8 * cost.parallelism &&
    cost.memory <= costMax.memory &&
    cost.passes <= costMax.passes &&
    cost.parallelism <= costMax.parallelism;
  return legal ? { cost, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') } : null;
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
