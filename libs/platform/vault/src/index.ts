export { MasterKeys } from './master-keys.js';
export { SealedBoxes, sealFor } from './sealed-box.js';
export { Vault } from './vault.js';
export { VaultFault, type VaultFaultCode } from './vault-fault.js';
