// What Node is told to start for a service.

/**
 * It never runs code that something newer was compiled for: what the compiler wrote does the same, only later.
 * @param {string} name
 * @param {string} entry a file of `dist/bundle`
 */
export const starting = (name, entry) => `import { areUnchanged } from '../tools/bundle/unchanged.mjs';
const isCurrent = areUnchanged(\`\${import.meta.dirname}/${name}.json\`);
await import(isCurrent ? './bundle/${entry}' : '../services/${name}/dist/main.js');
`;

/** In an image nothing is compiled any more, and copies have times of their own. */
export const startingSealed = (entry) => `import './bundle/${entry}';\n`;
