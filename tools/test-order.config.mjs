import { readFileSync } from 'node:fs';
import TestSequencer from '@jest/test-sequencer';
import { tellTogether, together } from './suites-together.mjs';
import { inOrder, runsAlone } from './test-order.mjs';

/** What Jest asks for the order of the suites. It is given those that lead others; these bring the others with them. */
export default class TestOrder extends TestSequencer {
  sort(tests) {
    const byPath = new Map(tests.map((test) => [test.path, test]));
    const lists = together(inOrder([...byPath.keys()]), {
      isAlone: runsAlone,
      textOf: (path) => readFileSync(path, 'utf8'),
    });
    tellTogether(lists);
    return lists.map(([leader]) => byPath.get(leader));
  }
}
