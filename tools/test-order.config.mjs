import TestSequencer from '@jest/test-sequencer';
import { inOrder } from './test-order.mjs';

/** What Jest asks for the order of the suites. */
export default class TestOrder extends TestSequencer {
  sort(tests) {
    const byPath = new Map(tests.map((test) => [test.path, test]));
    return inOrder([...byPath.keys()]).map((path) => byPath.get(path));
  }
}
