import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import { furnished } from './furnished.js';
import type { TestPlatform } from './platform.js';

describeWithServers('what scalpstorm tells of comparisons', (servers) => {
  let platform: TestPlatform;

  beforeAll(async () => {
    ({ platform } = await furnished(servers));
  });
  afterAll(() => platform.close());

  it('every difference, page by page or all of them', async () => {
    const { stdout } = await platform.run(['reconciliation', 'differences', '--limit', '2']);
    expect(stdout).toContain('taken over from the venue: canceled');
    const all = await platform.json(['reconciliation', 'differences', '--all']);
    expect(all).toMatchObject({ data: [{ id: '3' }, { id: '2' }, { id: '1' }] });
  });

  it('what each account may do, and a dry run that ends with what differs', async () => {
    expect((await platform.run(['reconciliation'])).stdout).toMatch(/demo\ttrading\tclosed/);
    const dry = await platform.run(['reconcile', '--dry-run']);
    expect(dry).toMatchObject({
      stdout: expect.stringContaining('canceled'),
      stderr: expect.stringContaining('BOOKS_DIFFER'),
    });
  });

  it('an order that nobody placed here is adopted after a question', async () => {
    expect((await platform.run(['reconciliation', 'external-orders'])).stdout).toContain('4711');
    expect(await platform.run(['reconciliation', 'adopt', '1'])).toMatchObject({ code: 2 });
    expect(await platform.json(['reconciliation', 'adopt', '1', '--yes'])).toMatchObject({ decision: 'adopt' });
  });
});
