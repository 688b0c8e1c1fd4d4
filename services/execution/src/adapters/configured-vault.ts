import { readFileSync } from 'node:fs';
import { ConfigError } from '@scalpstorm/config';
import { MasterKeys, SealedBoxes, Vault, VaultFault } from '@scalpstorm/vault';
import type { ExecutionEnv } from '../config.js';
import type { AccountVault } from '../ports/venue-account-settings.js';

/** Null: no master key was configured, so users cannot bring accounts. @throws ConfigError; never with a key */
export function configuredVault(config: ExecutionEnv): AccountVault | null {
  const file = config.VAULT_MASTER_KEYS_FILE;
  const given = config.VAULT_MASTER_KEYS ?? (file === undefined ? undefined : contentOf(file));
  if (given === undefined) return null;
  const variable = config.VAULT_MASTER_KEYS === undefined ? 'VAULT_MASTER_KEYS_FILE' : 'VAULT_MASTER_KEYS';
  try {
    const keys = MasterKeys.parse(given);
    return { vault: new Vault(keys), boxes: new SealedBoxes(keys) };
  } catch (error) {
    if (error instanceof VaultFault) throw wrong(variable, 'cannot be used', error.message);
    throw error;
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw wrong('VAULT_MASTER_KEYS_FILE', 'cannot be read', 'a file that this process may read');
  }
}

const wrong = (variable: string, fault: string, expected: string): ConfigError =>
  new ConfigError([{ variable, fault, expected, example: '' }]);
