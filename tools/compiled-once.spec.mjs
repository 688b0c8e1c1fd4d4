import vm from 'node:vm';
import { describe, expect, test } from '@jest/globals';

const context = () => vm.createContext({});

async function exportedBy(text, identifier) {
  const module = new vm.SourceTextModule(text, { context: context(), identifier });
  await module.link(() => {
    throw new Error('nothing is imported');
  });
  await module.evaluate();
  return module.namespace.value;
}

describe('a text that was compiled before', () => {
  test('is begun from what V8 made of it', () => {
    const text = 'return 41 + 1;';
    vm.compileFunction(text, [], { parsingContext: context() });
    const again = vm.compileFunction(text, [], { parsingContext: context() });
    // Undefined where no compiled code was handed in.
    expect(again.cachedDataRejected).toBe(false);
    expect(again()).toBe(42);
  });

  test('is run anew by each who loads it', async () => {
    const text = 'export const value = { count: 0 };';
    const first = await exportedBy(text, 'one');
    first.count = 1;
    expect((await exportedBy(text, 'one')).count).toBe(0);
  });

  test('stands for no other text, though it goes by the same name', async () => {
    expect([
      await exportedBy('export const value = 1;', 'a'),
      await exportedBy('export const value = 2;', 'a'),
    ]).toEqual([1, 2]);
  });
});
